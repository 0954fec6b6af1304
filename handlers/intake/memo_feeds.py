"""Feeds of memos: an office publishes them as RSS or Atom, and each entry comes in like a memo that was pasted.

Followed in the chat by an administrator, or by a unit for its own office. The last state that was good stays: what
came in is in. A fault is told once to whoever followed the feed, and once that it is over; meanwhile it is asked for
less and less often, at least once a day.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Item, Items, Text, plain
from handlers.district import District, load_district, zone_of
from handlers.errors import StaleError, UserError
from handlers.intake import arrivals
from handlers.intake.arrivals import is_open, name_unit
from handlers.intake.pages import name_of
from handlers.permissions import Right, Subject, may, require
from handlers.post import tell_now, tell_when_open
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.buffer.feed_entries import FeedEntry, MemoFeed, choose_fresh
from protocols.cadence.feed_addresses import PAGE, AddressFault, read_address
from protocols.cadence.moments import say_day
from protocols.cadence.polling import next_reading
from protocols.documents.document import Document, DocumentFault
from storage import memo_feeds, originals, people
from storage.database import Store, Tx
from storage.originals import Arrival, Original, Source
from storage.people import Role
from storage.tables import MemoFeedRow

LEASE = timedelta(minutes=10)
MOST_AT_ONCE = 20
"""Entries of one reading; the others come with the next, a minute later."""
MOST_FEEDS = 100
TOLD_FROM = 3
"""So many readings in a row may fail for a reason that often passes before anybody is told."""
_JUST_NOW = timedelta(minutes=30)
_FOLLOWERS = frozenset({Role.ADMINISTRATOR, Role.UNIT})


@dataclass(frozen=True, slots=True)
class DueFeed:
    """A feed to be read now, and what the other side called the last copy."""

    id: int
    address: str
    etag: str
    modified: str
    digest: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry that was kept and is to be read."""

    original: Original
    entry: FeedEntry


# ---------------------------------------------------------------- the clock


def take_due(store: Store, now: datetime, *, limit: int) -> list[DueFeed]:
    """The feeds to be read now; each is reserved, so that of several clocks one reads it."""
    with store.read() as tx:  # asked every few seconds, so that it must not wait for whoever writes
        if not memo_feeds.due(tx, now=now, limit=1):
            return []
    with store.begin() as tx:
        return [
            DueFeed(row.id or 0, row.address, row.etag, row.modified, row.digest)
            for row in memo_feeds.due(tx, now=now, limit=limit)
            if memo_feeds.take_turn(tx, row.id or 0, was=row.next_at, next_at=now + LEASE)
        ]


def digest_of(data: bytes) -> str:
    """Recognises a copy that is the same, letter by letter."""
    return hashlib.sha256(data).hexdigest()


def keep_entries(
    store: Store, feed_id: int, feed: MemoFeed, *, digest: str, etag: str, modified: str, now: datetime
) -> Sequence[Waiting]:
    """A copy came: what is new of it is kept, entry by entry, before anything reads it."""
    with store.begin() as tx:
        row = memo_feeds.get(tx, feed_id)
        if row is None or not row.active:
            return []
        district = load_district(tx)
        known = memo_feeds.fingerprints(tx, feed_id)
        fresh = choose_fresh(feed.entries, known, since=row.since, is_first=not known, most=MOST_AT_ONCE)
        memo_feeds.note_entries(
            tx, feed_id, ((one.key, one.fingerprint) for one in (*fresh.take, *fresh.leave)), at=now
        )
        kept = [Waiting(_keep(tx, row, entry, now), entry) for entry in fresh.take]
        row.title = feed.title or row.title
        if row.read_at is None:
            _tell_first(tx, district, row, feed, len(fresh.take), now)
        _note_good(tx, district, row, now)
        if len(fresh.take) < MOST_AT_ONCE:
            row.etag, row.modified, row.digest = etag, modified, digest
        else:  # there may be more of the same copy
            row.etag, row.modified, row.digest, row.next_at = "", "", "", now
        tx.add(row)
        return [one for one in kept if is_open(one.original)]


def _keep(tx: Tx, row: MemoFeedRow, entry: FeedEntry, now: datetime) -> Original:
    arrival = Arrival(
        entry.page.encode(),
        Source.FEED,
        now,
        source_ref=f"{row.id}:{entry.key}:{entry.fingerprint}",
        name=f"{entry.title[:80] or 'entry'}.html",
        media_type="text/html; charset=utf-8",
        unit=row.unit,
        sender_id=row.person_id,
    )
    return originals.receive_original(tx, arrival)


def keep_linked(
    store: Store, entry: Original, data: bytes, *, address: str, media_type: str, now: datetime
) -> None:
    """A page or file that an entry leads to, kept beside it."""
    mark = hashlib.sha256(address.encode()).hexdigest()[:16]
    with store.begin() as tx:
        page = originals.receive_original(
            tx,
            Arrival(
                data,
                Source.FEED,
                now,
                source_ref=f"{entry.source_ref}:{mark}",
                name=name_of(address),
                media_type=media_type,
                unit=entry.unit,
                sender_id=entry.sender_id,
            ),
        )
        if is_open(page):
            originals.mark_read(
                tx, page.id, mandate_id=None, at=now, why="It was read with the entry that leads to it."
            )


def take_unchanged(store: Store, feed_id: int, *, now: datetime) -> None:
    """There is nothing new."""
    with store.begin() as tx:
        row = memo_feeds.get(tx, feed_id)
        if row is not None and row.active:
            _note_good(tx, load_district(tx), row, now)


def take_fault(
    store: Store, feed_id: int, why: str, *, is_lasting: bool, wait: timedelta | None, now: datetime
) -> None:
    """The feed cannot be had, or is none. ``is_lasting``: it will not mend by itself."""
    with store.begin() as tx:
        row = memo_feeds.get(tx, feed_id)
        if row is None or not row.active:
            return
        district = load_district(tx)
        row.failures, row.fault = row.failures + 1, why
        pause = max(row.failures, TOLD_FROM + 3) if is_lasting else row.failures
        row.next_at = next_reading(now, zone=district.zone, key=row.id or 0, failures=pause, wait=wait)
        is_first = row.read_at is None
        if not row.is_fault_told and (is_lasting or is_first or row.failures >= TOLD_FROM):
            row.is_fault_told = True
            _tell_fault(tx, district, row, why, now)
        tx.add(row)


def take_words(tx: Tx, original: Original, read: Document | DocumentFault, *, now: datetime) -> None:
    """An entry's words: a memo, if they ask for something; most news do not. Whoever follows the feed must look
    themselves at what no reader makes words of."""
    settled = arrivals.settle(tx, original, read, now=now)
    row = memo_feeds.get(tx, int((original.source_ref or "0").partition(":")[0]))
    said = settled.why if settled.is_unreadable else " ".join(settled.notes)
    if row is None or not said:
        return
    text = f"{said} Look at it there, and paste its words here if it asks for something."
    lead = f"Part of “{original.name.removesuffix('.html')}”, from the feed at {row.host}, could not be read."
    _tell(tx, load_district(tx), row, plain(text, lead=lead), period=f"unread:{original.id}", now=now)


def _note_good(tx: Tx, district: District, row: MemoFeedRow, now: datetime) -> None:
    if row.is_fault_told:
        text = plain(f"The feed at {row.host} can be read again. What it brought meanwhile comes in now.")
        _tell(tx, district, row, text, period=f"mended:{row.id}:{now:%Y%m%d%H%M}", now=now)
    row.failures, row.fault, row.is_fault_told, row.read_at = 0, "", False, now
    row.next_at = next_reading(now, zone=district.zone, key=row.id or 0)
    tx.add(row)


def _tell_first(
    tx: Tx, district: District, row: MemoFeedRow, feed: MemoFeed, taken: int, now: datetime
) -> None:
    count = len(feed.entries)
    held = "no entry yet" if not count else "1 entry" if count == 1 else f"{count} entries"
    comes = {0: "none is of the last two weeks, so none comes in", 1: "1 of the last two weeks comes in"}.get(
        taken, f"{taken} of the last two weeks come in"
    )
    said = (
        f"I have read {_say_title(row)}: {held}; {comes}. "
        if count
        else f"I have read {_say_title(row)}: {held}. "
    )
    text = f"{said}From now on I look every hour. Each new entry goes to the ILDs as a memo of {row.unit}."
    _tell(tx, district, row, plain(text), period=f"first:{row.id}:{now:%Y%m%d%H%M}", now=now)


def _tell_fault(tx: Tx, district: District, row: MemoFeedRow, why: str, now: datetime) -> None:
    stays = "What it brought so far is kept, and I keep trying." if row.read_at else "I keep trying."
    buttons = Buttons((Button("Stop following it", act("memo_feeds.stop", feed=row.id or 0)),))
    lead = f"I can't read the feed at {row.host}."
    card = Card("", (Text(f"{why} {stays}", lead=lead), buttons))
    _tell(tx, district, row, card, period=f"fault:{row.id}:{now:%Y%m%d%H%M}", now=now)


def _tell(tx: Tx, district: District, row: MemoFeedRow, card: Card, *, period: str, now: datetime) -> None:
    """At once to whoever followed the feed a moment ago and waits; else when they may be disturbed."""
    if now - row.since < _JUST_NOW:
        tell_now(tx, row.person_id, card, kind="memo_feed_first", period=period, now=now)
        return
    today = now.astimezone(district.zone).date()
    person = people.get_person(tx, row.person_id, on=today)
    heirs = [person] if person.active else people.people_with_role(tx, Role.ADMINISTRATOR, on=today)
    for one in heirs:
        tell_when_open(tx, district, one, card, kind="memo_feed", period=period, now=now)


def _say_title(row: MemoFeedRow) -> str:
    return f"the feed “{row.title}” at {row.host}" if row.title else f"the feed at {row.host}"


# ---------------------------------------------------------------- chat


def _follow(turn: Turn, match: re.Match[str]) -> Cards:
    require(turn.person, Right.FOLLOW_FEED, object="memo_feed")
    try:
        address = read_address(match["address"], PAGE)
    except AddressFault as fault:
        raise UserError(str(fault)) from None
    unit = _unit(turn, match["unit"])
    if len(memo_feeds.followed(turn.tx)) >= MOST_FEEDS:
        raise UserError(f"I follow {MOST_FEEDS} feeds already. Stop one first: feeds.")
    row = memo_feeds.add(
        turn.tx, address=address.url, host=address.host, unit=unit, person_id=turn.person.id, at=turn.now
    )
    if row is None:
        raise UserError("That feed is followed already. “feeds” shows which ones are.")
    row.since = turn.now
    turn.tx.add(row)
    audit_trail.write(turn, "memo_feed.followed", f"memo_feed:{row.id}")
    return [
        plain(
            f"I read the feed at {address.host} in a minute and tell you what I found. Its entries come in as memos of "
            f"{unit}; of the older ones only those of the last two weeks."
        )
    ]


def _unit(turn: Turn, words: str | None) -> str:
    """Whose the memos are. A unit's staff follow for their own office, an administrator for any."""
    if words is None:
        if turn.person.unit is None:
            raise UserError("Say whose memos they are: follow feed https://… as Facilities.")
        return turn.person.unit
    unit = name_unit(turn.tx, words, now=turn.now)
    if Role.ADMINISTRATOR not in turn.person.roles and unit.casefold() != (turn.person.unit or "").casefold():
        raise UserError(
            f"You can follow a feed for your own office, {turn.person.unit}. Ask an administrator for others."
        )
    return unit


def _list(turn: Turn, _match: re.Match[str]) -> Cards:
    require(turn.person, Right.FOLLOW_FEED, object="memo_feed")
    rows = [row for row in memo_feeds.followed(turn.tx) if _is_theirs(turn, row)]
    if not rows:
        return [plain("No feed is followed. To follow one, write: follow feed https://… as Facilities.")]
    items = tuple(
        Item(
            _say_state(turn, row),
            lead=f"{row.id}. {row.title or row.host}",
            detail=f"{row.host}, memos of {row.unit}",
            buttons=(Button("Stop", act("memo_feeds.stop", feed=row.id or 0)),),
        )
        for row in rows
    )
    return [Card("Feeds of memos", (Items(items),))]


def _say_state(turn: Turn, row: MemoFeedRow) -> str:
    if row.fault:
        return row.fault
    if row.read_at is None:
        return "Not read yet; it is in a minute."
    zone = zone_of(turn.person, turn.district)
    return f"Read last on {say_day(row.read_at.astimezone(zone).date(), turn.today)}."


def _stop_words(turn: Turn, match: re.Match[str]) -> Cards:
    return _stop(turn, int(match["number"]))


def _press_stop(turn: Turn, action: Action, _values: Values) -> Cards:
    return _stop(turn, action.number("feed"))


def _stop(turn: Turn, feed_id: int) -> Cards:
    require(turn.person, Right.FOLLOW_FEED, object="memo_feed")
    row = memo_feeds.get(turn.tx, feed_id)
    if row is None or not row.active or not _is_theirs(turn, row):
        raise StaleError("That feed is not followed. “feeds” shows which ones are.")
    row.active = False
    turn.tx.add(row)
    audit_trail.write(turn, "memo_feed.stopped", f"memo_feed:{row.id}")
    return [plain(f"I no longer follow the feed at {row.host}. What it brought so far stays.")]


def _is_theirs(turn: Turn, row: MemoFeedRow) -> bool:
    """One's own feeds, those of one's own office, and for an administrator all."""
    owners = {row.person_id}
    if turn.person.unit and turn.person.unit.casefold() == row.unit.casefold():
        owners.add(turn.person.id)
    return may(turn.person, Right.FOLLOW_FEED, Subject(owner_ids=frozenset(owners)))


TOPIC = Topic(
    name="memo_feeds",
    commands=(
        Command(
            re.compile(
                r"follow (?:the )?feed <?(?P<address>\S+?)>?(?: (?:as|for) (?P<unit>.+))?", re.IGNORECASE
            ),
            _follow,
            example="follow feed https://… as Facilities",
            what="Take in an office's RSS or Atom feed: each entry is a memo.",
            roles=_FOLLOWERS,
        ),
        Command(
            re.compile(r"(?:show |my )?feeds", re.IGNORECASE),
            _list,
            example="feeds",
            what="The feeds that are followed, and how reading them goes.",
            roles=_FOLLOWERS,
        ),
        Command(
            re.compile(
                r"(?:stop|unfollow)(?: following)?(?: the)? feed #?(?P<number>\d{1,9})", re.IGNORECASE
            ),
            _stop_words,
            example="stop feed 2",
            what="Follow a feed no longer.",
            roles=_FOLLOWERS,
        ),
    ),
    actions={"memo_feeds.stop": _press_stop},
    in_place_alone=frozenset({"memo_feeds.stop"}),
)
