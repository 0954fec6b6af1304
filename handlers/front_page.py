"""The home that a platform keeps for each person (Slack's Home tab): what stands on it, and when it is made anew.

Made anew when its person opens it, after anything was said to or done by them, and once a day, for days go by on it.
Whoever is not in the roster any more finds it empty.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from handlers import home
from handlers.card_codec import encode_card
from handlers.cards import Card, Chart, Download, Text
from handlers.district import District, load_district, zone_of
from handlers.turn import Turn
from protocols.cadence.moments import say_time
from storage import homes, people
from storage.database import Store, Tx
from storage.people import Person
from storage.tables import HomeRow

RENEWED_AT = time(5)
"""In the person's own zone: before the day begins."""
NOBODYS = Card(
    "", (Text("I don't know you any more. Your district's administrator can add you to the roster."),)
)


@dataclass(frozen=True, slots=True)
class Page:
    """A home as it should stand now. ``tokens`` are of its pictures and files by position; ``is_last``: its person has
    gone, and nothing will follow."""

    card: Card
    tokens: dict[int, str]
    is_last: bool = False


def compose(tx: Tx, row: HomeRow, *, now: datetime) -> Page:
    """What this home should show at the aware instant ``now``. Changes nothing but the addresses of its pictures."""
    assert row.id is not None
    person = people.get_person(tx, row.person_id, on=now.date())
    if not person.active:
        return Page(NOBODYS, {}, is_last=True)
    district = load_district(tx)
    turn = Turn(tx=tx, person=person, now=now, district=district, key=f"home:{row.id}")
    card = home.home(turn)
    if row.answered_at is not None and _day(row.answered_at, person, district) == turn.today:
        at = say_time(row.answered_at.astimezone(turn.zone).time())
        note = Text(f"What you pressed here is answered under Messages ({at}).", quiet=True)
        card = Card(card.title, (note, *card.blocks))
    files = {
        position: encode_card(Card("", (block,)))
        for position, block in enumerate(card.blocks)
        if isinstance(block, Chart | Download)
    }
    return Page(card, homes.attach(tx, row.id, files))


def renew_homes(store: Store, now: datetime) -> int:
    """Mark the homes that still show an earlier day, from the morning on."""
    count = 0
    with store.begin() as tx:
        district = load_district(tx)
        rows = homes.published_before(tx, now)
        found = people.get_people(tx, {row.person_id for row in rows}, on=now.date())
        for row in rows:
            person = found[row.person_id]
            local = now.astimezone(zone_of(person, district))
            assert row.published_at is not None
            if local.time() >= RENEWED_AT and _day(row.published_at, person, district) < local.date():
                homes.touch(tx, person.id, at=now)
                count += 1
    return count


def _day(at: datetime, person: Person, district: District) -> date:
    return at.astimezone(zone_of(person, district)).date()
