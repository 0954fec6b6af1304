"""What an ILD held comes back by itself: on its day she gets one message about everything that is back."""

from collections.abc import Sequence
from datetime import datetime

from handlers.actions import act
from handlers.cards import Button, Buttons, Card, Emphasis, Item, Items, Text
from handlers.district import load_district
from handlers.mandate_cards import say_due
from handlers.post import tell_when_open
from handlers.triage_state import Waiting, queue_of
from handlers.turn import Turn
from protocols.buffer.digest import Decision
from storage import mandates, people, record
from storage.database import Store, Tx
from storage.people import Person

NOTED = "held_back"
MOST_LISTED = 5


def bring_back_held(store: Store, now: datetime) -> int:
    """Tell each ILD once of what she held until a day that has come; how many demands."""
    with store.read() as tx:
        today = now.astimezone(load_district(tx).zone).date()
        ild_ids = mandates.holders(tx, until=today)
    count = 0
    for ild_id in ild_ids:
        with store.begin() as tx:
            count += _bring_back(tx, people.get_person(tx, ild_id, on=today), now)
    return count


def _bring_back(tx: Tx, ild: Person, now: datetime) -> int:
    district = load_district(tx)
    turn = Turn(tx=tx, person=ild, now=now, district=district, key=f"held:{now.date()}")
    back = [one for one in queue_of(turn) if _is_new(turn, one)]
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


def _is_new(turn: Turn, one: Waiting) -> bool:
    """Held on an earlier day, and not brought up yet: what she put back herself today she knows of."""
    row = one.triage
    if row is None or row.decision != Decision.HOLD or row.hold_until is None:
        return False
    if row.decided_at.astimezone(turn.zone).date() >= row.hold_until:
        return False
    return record.note_once(turn.tx, kind=NOTED, object=f"{row.id}:{row.version}", at=turn.now)


def _items(turn: Turn, back: Sequence[Waiting]) -> tuple[Item, ...]:
    shown = [Item(say_due(one.demand, turn.today), lead=one.demand.headline) for one in back[:MOST_LISTED]]
    if len(back) > MOST_LISTED:
        shown.append(Item(f"And {len(back) - MOST_LISTED} more."))
    return tuple(shown)
