"""Letting go of what has had its time: one part for each table, a window of rows at a time.

A part reads its table in the order of its key, a window after the last one it read, and says of each row when its term
began, and whom and what it bears on. So a pass that was broken off goes on where it stopped, no window reads more than
so many rows, and no writer waits for more than one. Rows whose term has not begun (open, unsettled, unsent) have no
``began`` and stay.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from protocols.keeping.holds import Bearing, Hold, is_held
from protocols.keeping.schedule import Kind
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that may be let go. ``made`` is when it came to be, by which a pass knows that all that follows is too
    young (None: the order of the table says nothing about it); ``began`` when its term began, None: not yet."""

    key: int
    made: datetime | None
    began: datetime | None
    bearing: Bearing


@dataclass(frozen=True, slots=True)
class Part:
    """A table's share of a kind. ``read`` gives up to ``limit`` candidates after a key, in order; ``let_go`` lets the
    words, the row or the file of these keys go, and answers how many it did something to."""

    name: str
    kind: Kind
    read: Callable[[Tx, int, int], Sequence[Candidate]]
    let_go: Callable[[Tx, Collection[int], datetime], int]


@dataclass(frozen=True, slots=True)
class Window:
    """What was found in one window: what may go, how far it was read, and whether nothing old enough follows."""

    keys: tuple[int, ...]
    after: int
    is_last: bool


def look(tx: Tx, part: Part, *, after: int, before: datetime, holds: Sequence[Hold], limit: int) -> Window:
    """The next window of a part: the rows whose term began before then, and which nothing holds."""
    found = part.read(tx, after, limit)
    keys = tuple(
        one.key
        for one in found
        if one.began is not None and one.began < before and not is_held(holds, one.bearing)
    )
    if not found:
        return Window(keys, after, is_last=True)
    last = found[-1]
    is_last = len(found) < limit or (last.made is not None and last.made >= before)
    if not is_last:
        return Window(keys, last.key, is_last=False)
    # The next pass begins at the first row that is too young for this one.
    young = next((one.key for one in found if one.made is None or one.made >= before), last.key + 1)
    return Window(keys, young - 1, is_last=True)
