"""What an ILD held comes back by itself: on its day she gets one message about everything that is back."""

from collections.abc import Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.actions import act
from handlers.cards import Button, Buttons, Card, Emphasis, Item, Items, Text
from handlers.deciding.triage_state import Waiting, queue_of
from handlers.district import load_district
from handlers.intake.mandate_cards import say_due
from handlers.post import tell_when_open
from handlers.turn import Turn
from storage import mandates, people, record
from storage.database import Store, Tx
from storage.people import Person
from storage.tables import TriageRow

NOTED = "held_back"
MOST_LISTED = 5


def bring_back_held(store: Store, now: datetime) -> int:
    """Tell each ILD once of what she held until a day that has come; how many demands."""
    with store.read() as tx:
        zone = load_district(tx).zone
        today = now.astimezone(zone).date()
        rows = [row for row in mandates.held_until(tx, today) if _is_new(tx, row, zone)]
    held: dict[int, list[TriageRow]] = {}
    for row in rows:
        held.setdefault(row.ild_id, []).append(row)
    count = 0
    for ild_id, some in held.items():
        with store.begin() as tx:
            ild = people.get_person(tx, ild_id, on=today)
            noted = [row.id for row in some if record.note_once(tx, kind=NOTED, object=_key(row), at=now)]
            count += _bring_back(tx, ild, {row_id for row_id in noted if row_id is not None}, now)
    return count


def _key(row: TriageRow) -> str:
    return f"{row.id}:{row.version}"


def _is_new(tx: Tx, row: TriageRow, zone: ZoneInfo) -> bool:
    """Held on an earlier day, and not brought up yet: what was put back today by a press is known."""
    is_earlier = row.hold_until is not None and row.decided_at.astimezone(zone).date() < row.hold_until
    return is_earlier and not record.is_noted(tx, kind=NOTED, object=_key(row))


def _bring_back(tx: Tx, ild: Person, triage_ids: Collection[int], now: datetime) -> int:
    district = load_district(tx)
    turn = Turn(tx=tx, person=ild, now=now, district=district, key=f"held:{now.date()}")
    # Only what is still for a school of hers.
    back = [one for one in queue_of(turn) if one.triage is not None and one.triage.id in triage_ids]
    if not back or not ild.active:
        return 0
    count = "1 demand that you held is" if len(back) == 1 else f"{len(back)} demands that you held are"
    blocks = (
        Text(f"{count} back on your desk."),
        Items(_items(turn, back)),
        Buttons((Button("Decide", act("triage.open"), Emphasis.PRIMARY),)),
    )
    period = f"{turn.today.isoformat()}:{min(one.id for one in back)}"
    tell_when_open(tx, district, ild, Card("", blocks), kind="held_back", period=period, now=now)
    return len(back)


def _items(turn: Turn, back: Sequence[Waiting]) -> tuple[Item, ...]:
    shown = [Item(say_due(one.demand, turn.today), lead=one.demand.headline) for one in back[:MOST_LISTED]]
    if len(back) > MOST_LISTED:
        shown.append(Item(f"And {len(back) - MOST_LISTED} more."))
    return tuple(shown)
