"""An expression of time as it was found in a memo, and which stretches of the text are already read."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from protocols.buffer.demands import Precision


@dataclass(frozen=True, slots=True)
class FoundDate:
    """One expression of time: where it stands, how exact it is, and the days it means (None where unknown)."""

    start: int
    end: int
    precision: Precision
    iso: date | None = None
    first: date | None = None
    last: date | None = None
    basis: str = ""


class Taken:
    """Which stretches are already read; kept in buckets so that a long memo stays linear."""

    _SIZE = 256

    def __init__(self) -> None:
        self._buckets: dict[int, list[tuple[int, int]]] = defaultdict(list)

    def add(self, start: int, end: int) -> bool:
        """Claim a stretch; False (and nothing claimed) where it overlaps one already claimed."""
        buckets = range(start // self._SIZE, end // self._SIZE + 1)
        if any(start < e and s < end for b in buckets for s, e in self._buckets.get(b, ())):
            return False
        for b in buckets:
            self._buckets[b].append((start, end))
        return True
