"""More visits that fell out together than one message holds: which they are, told from the days and a place in them.

Nothing is kept of it: a page is worked out again when it is turned, and what was given another day is not on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.actions import Action, ActionError
from handlers.turn import Turn
from storage import people, visits
from storage.people import Person
from storage.visits import Visit


@dataclass(frozen=True, slots=True)
class Batch:
    """What fell out of an ILD's plan from one day to another, and has nothing in its place yet: more than one message
    holds, and more than a button could name. ``after`` is the last visit of the page before."""

    ild: Person
    first: date
    last: date
    after: int = 0

    def args(self) -> dict[str, str | int]:
        return {
            "ild": self.ild.id,
            "first": self.first.toordinal(),
            "last": self.last.toordinal(),
            "after": self.after,
        }


def read_batch(turn: Turn, action: Action) -> Batch:
    ild = people.get_people(turn.tx, [action.number("ild")], on=turn.today).get(action.number("ild"))
    try:
        first, last = (date.fromordinal(action.number(key)) for key in ("first", "last"))
    except ValueError:
        raise ActionError(f"{action.name} needs days") from None
    if ild is None:
        raise ActionError(f"{action.name} needs an ILD")
    return Batch(ild, first, last, action.number("after"))


def all_out(turn: Turn, batch: Batch) -> list[Visit]:
    """All of the batch, in order, whichever page shows them: they are planned anew together."""
    ids = [school.id for school in people.schools_on(turn.tx, turn.today, ild_id=batch.ild.id)]
    found = visits.between(turn.tx, batch.first, batch.last, school_ids=ids)
    open_ones = [v for v in found if v.status == "cancelled" and not visits.is_made_good(turn.tx, v.id)]
    return sorted(open_ones, key=in_order)


def on_page(turn: Turn, batch: Batch, out: Sequence[Visit]) -> list[Visit]:
    """The visits from the page's first on, those of later pages too."""
    before = visits.get(turn.tx, batch.after) if batch.after else None
    return [visit for visit in out if before is None or in_order(visit) > in_order(before)]


def in_order(visit: Visit) -> tuple[date, str, str, int]:
    return visit.day, visit.half, visit.school, visit.id
