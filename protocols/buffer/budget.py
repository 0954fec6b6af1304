"""The minutes budget of a week: which items compete for it, and which moves keep every deadline.

A principal has so many minutes a week for all offices together. Over that, nothing is ever dropped in silence: an ILD
moves an item to a later week where its day allows, merges it, or does it herself; what she leaves as it is goes out,
and the digest says that the week holds more than it should.

A *week* is its Monday, the day of its digest. Minutes are a principal's own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

USUAL_BUDGET = 120
"""Minutes a week for all offices together, where a district has not said otherwise."""
LEAST_BUDGET, MOST_BUDGET = 10, 600
LEAD_DAYS = 3
"""So many days a principal has at least between the digest and an item's day, when it is moved: told on Monday, due on
Thursday or later."""
MOST_WEEKS = 4
"""How far ahead an item may be moved; what has no day may not wander through a year."""


@dataclass(frozen=True, slots=True)
class Load:
    """An item of a week: ``due`` the earliest day that anything in it has, ``week`` the Monday it is told on.

    ``is_running``: it has a time that is no day ("within ten school days of receipt"), which may run already.
    """

    key: int
    minutes: int
    due: date | None
    week: date
    do_not_drop: bool = False
    is_running: bool = False


def over_by(items: Iterable[Load], budget: int) -> int:
    """By how many minutes the items exceed the budget; 0 where they do not."""
    return max(0, sum(item.minutes for item in items) - budget)


def latest_week(due: date | None, week: date) -> date:
    """The last Monday to which an item told in ``week`` may be moved; ``week`` itself where it has to stay."""
    furthest = week + timedelta(weeks=MOST_WEEKS)
    if due is None:
        return furthest
    last_day = due - timedelta(days=LEAD_DAYS)
    return max(week, min(furthest, last_day - timedelta(days=last_day.weekday())))


def weeks_for(item: Load, weeks: Sequence[date]) -> list[date]:
    """Those of the weeks (Mondays on which a digest goes) to which the item may be moved, the nearest first."""
    if item.do_not_drop or item.is_running:
        return []
    last = latest_week(item.due, item.week)
    return sorted(week for week in weeks if item.week < week <= last)


def competing(items: Sequence[Load], budget: int, weeks: Sequence[date]) -> list[Load]:
    """The items that could give way, the best candidate first: those with the latest day, then the longest.

    Empty within the budget. "Do not drop" never gives way, nor does an item that takes no time.
    """
    if not over_by(items, budget):
        return []
    able = [item for item in items if item.minutes and not item.do_not_drop]
    return sorted(
        able, key=lambda item: (-len(weeks_for(item, weeks)), -_days(item), -item.minutes, item.key)
    )


def plan_moves(
    items: Sequence[Load], budget: int, weeks: Sequence[date], held: dict[date, int]
) -> list[tuple[int, date]]:
    """Moves (key, week) after which the first week fits the budget, or as near to it as deadlines let it come.

    ``items`` are those of one week; ``held`` are the minutes that later weeks hold already. An item goes to the nearest
    week that has room for it; no week is filled beyond the budget, no item is moved past its day, and none is lost:
    what cannot be moved stays.
    """
    later = dict(held)
    moves: list[tuple[int, date]] = []
    left = over_by(items, budget)
    for item in competing(items, budget, weeks):
        if left <= 0:
            break
        target = next((w for w in weeks_for(item, weeks) if later.get(w, 0) + item.minutes <= budget), None)
        if target is not None:
            later[target] = later.get(target, 0) + item.minutes
            moves.append((item.key, target))
            left -= item.minutes
    return _needed(moves, {item.key: item.minutes for item in items}, spare=-left)


def _needed(
    moves: Sequence[tuple[int, date]], minutes: Mapping[int, int], *, spare: int
) -> list[tuple[int, date]]:
    """Without the moves that a later, longer one has made needless: ``spare`` minutes of room are left over."""
    dropped = set()
    for key, _week in sorted(moves, key=lambda move: minutes[move[0]]):
        if minutes[key] <= spare:
            spare -= minutes[key]
            dropped.add(key)
    return [move for move in moves if move[0] not in dropped]


def nearest_lighter(held: dict[date, int], minutes: int, budget: int) -> date | None:
    """The first of the weeks that has room for so many minutes more; None where none has."""
    return next((week for week in sorted(held) if held[week] + minutes <= budget), None)


def _days(item: Load) -> int:
    return (item.due or date.max).toordinal()
