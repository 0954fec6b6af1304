"""A memo that stands on the web: somebody names its address, it is fetched and read like one that was pasted.

waiting  --fetched--> done       whoever named it sees what it asks, or why it cannot be read
waiting  --failed--> waiting     for a reason that often passes: tried again within minutes
waiting  --failed--> given_up    for good, or too often: whoever named it hears what to do

The fetching is ``bot``'s, between two transactions. Everybody who may send memos may name a page; it must be one that
is open to everybody, for it is fetched as nobody in particular.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers import audit_trail
from handlers.cards import plain
from handlers.district import load_district
from handlers.errors import UserError
from handlers.intake import mandates
from handlers.intake.arrivals import is_open, turn_of
from handlers.permissions import Right, may, require
from handlers.post import tell_now
from handlers.turn import Cards, Command, Topic, Turn
from protocols.cadence.feed_addresses import PAGE, AddressFault, lone_page, read_address
from protocols.documents.document import Document, DocumentFault
from storage import originals, pages, people
from storage.database import Store, Tx
from storage.originals import Arrival, Original, Source
from storage.tables import PageRow

LEASE = timedelta(minutes=5)
"""So long a process that began to fetch is given; then another may."""
AGAIN = (timedelta(minutes=1), timedelta(minutes=5))
"""After the first and the second failure for a reason that often passes. The third is told."""


@dataclass(frozen=True, slots=True)
class DuePage:
    """A page to be fetched now."""

    id: int
    address: str


# ---------------------------------------------------------------- chat


def read_lone_address(turn: Turn, text: str) -> Cards | None:
    """An address and nothing else, from somebody who may send memos, is that of a memo."""
    address = lone_page(text)
    if address is None or not may(turn.person, Right.SEND_MANDATE):
        return None
    return _ask_for(turn, address)


def _said(turn: Turn, match: re.Match[str]) -> Cards:
    return _ask_for(turn, match["address"])


def _ask_for(turn: Turn, address: str) -> Cards:
    """Note a page that is to be fetched. Raises ``UserError`` for what is no address."""
    require(turn.person, Right.SEND_MANDATE, object="page")
    try:
        read = read_address(address, PAGE)
    except AddressFault as fault:
        raise UserError(str(fault)) from None
    page_id = pages.add(
        turn.tx, address=read.url, host=read.host, person_id=turn.person.id, unit=turn.office, at=turn.now
    )
    audit_trail.write(turn, "page.asked", f"page:{page_id}")
    return [plain(f"I fetch that page from {read.host} and show you what it asks, in a minute or so.")]


# ---------------------------------------------------------------- the clock


def take_due(store: Store, now: datetime, *, limit: int) -> list[DuePage]:
    """The pages to be fetched now; each is reserved, so that of several clocks one fetches it."""
    with store.read() as tx:  # asked every few seconds, so that it must not wait for whoever writes
        if not pages.due(tx, now=now, limit=1):
            return []
    with store.begin() as tx:
        return [
            DuePage(row.id or 0, row.address)
            for row in pages.due(tx, now=now, limit=limit)
            if pages.take_turn(tx, row.id or 0, was=row.next_at, next_at=now + LEASE)
        ]


def keep_copy(
    store: Store, page_id: int, data: bytes, *, address: str, media_type: str, now: datetime
) -> Original | None:
    """The page came: it is kept as it is. None where nobody waits for it any more, or it was read already."""
    with store.begin() as tx:
        row = pages.get(tx, page_id)
        if row is None or row.state != "waiting":
            return None
        original = originals.receive_original(
            tx,
            Arrival(
                data,
                Source.WEB,
                now,
                source_ref=f"{page_id}:{row.address}",
                name=name_of(address),
                media_type=media_type,
                unit=row.unit,
                sender_id=row.person_id,
            ),
        )
        if is_open(original):
            return original
        row.state = "done"
        tx.add(row)
        return None


def take_words(tx: Tx, original: Original, read: Document | DocumentFault, *, now: datetime) -> None:
    """The page's words: a memo, shown to whoever named the page."""
    row = pages.get(tx, int((original.source_ref or "0").partition(":")[0]))
    if row is None or row.id is None:
        return
    row.state = "done"
    tx.add(row)
    lead = f"The page at {row.host}."
    district = load_district(tx)
    person = people.get_person(tx, row.person_id, on=now.astimezone(district.zone).date())
    if isinstance(read, DocumentFault):
        originals.mark_unreadable(tx, original.id, why=str(read), at=now)
        cards: Cards = [plain(f"{read} I keep it as it came.", lead=lead)]
    else:
        turn = turn_of(tx, district, person, key=f"page:{row.id}", now=now)
        try:
            with tx.begin_nested():
                cards = mandates.receive(turn, read.text, original=original, notes=read.notes)
        except UserError as error:
            originals.mark_read(tx, original.id, mandate_id=None, at=now, why=error.sentence)
            cards = [plain(error.sentence, lead=lead)]
    for number, card in enumerate(cards):
        tell_now(tx, person.id, card, kind="page", period=f"{row.id}:{number}", now=now)


def take_fault(
    store: Store, page_id: int, why: str, *, is_lasting: bool, wait: timedelta | None, now: datetime
) -> None:
    """The page cannot be had. ``is_lasting``: trying again will not help; ``wait`` is what the other side asks for."""
    with store.begin() as tx:
        row = pages.get(tx, page_id)
        if row is None or row.state != "waiting":
            return
        tx.add(row)
        row.failures += 1
        if not is_lasting and row.failures <= len(AGAIN):
            row.next_at = now + max(AGAIN[row.failures - 1], min(wait or AGAIN[0], LEASE))
            return
        row.state = "given_up"
        _tell_given_up(tx, row, why, now)


def _tell_given_up(tx: Tx, row: PageRow, why: str, now: datetime) -> None:
    text = f"{why} Or open the page yourself, and paste its words here or send it as a file."
    card = plain(text, lead="I could not fetch that page.")
    tell_now(tx, row.person_id, card, kind="page", period=f"{row.id}:fault", now=now)


def name_of(address: str) -> str:
    """What a page is called as a file: the last part of its address, without what follows a question mark."""
    path = re.sub(r"[?#].*", "", re.sub(r"^\w+://[^/]*", "", address)).rstrip("/")
    return re.sub(r"[^\w.() -]", "_", path.rpartition("/")[2])[-120:] or "page.html"


TOPIC = Topic(
    name="pages",
    commands=(
        Command(
            re.compile(r"(?:new |a )?memo\b[:.]? <?(?P<address>https?://[^\s<>|\"]+)>?", re.IGNORECASE),
            _said,
            example="memo https://…",
            what="Fetch a memo that stands on the web, a page or a file; its address alone will do, too.",
            roles=mandates.SENDERS,
        ),
    ),
)
