"""Legal holds: what may not be let go, whoever asks, until the hold is released.

A hold names people, schools, or neither (everything), and perhaps a period. A record bears on people and schools and
has a day. Where a record says too little (no day, nobody) it is kept rather than let go.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Bearing:
    """Whom and what a record is about, as far as it says; ``day`` None: it has none."""

    people: frozenset[int] = frozenset()
    schools: frozenset[int] = frozenset()
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """``people`` and ``schools`` both empty: everything. ``starts`` and ``ends`` are days, both included."""

    id: int
    people: frozenset[int]
    schools: frozenset[int]
    starts: date | None
    ends: date | None

    @property
    def is_of_everything(self) -> bool:
        return not self.people and not self.schools

    def covers(self, record: Bearing) -> bool:
        """Whether the record may not go because of this hold."""
        if record.day is not None:
            if self.starts is not None and record.day < self.starts:
                return False
            if self.ends is not None and record.day > self.ends:
                return False
        if self.is_of_everything or not (record.people or record.schools):
            return True
        return bool(self.people & record.people or self.schools & record.schools)


def is_held(holds: Iterable[Hold], record: Bearing) -> bool:
    """Whether any of the holds covers the record."""
    return any(hold.covers(record) for hold in holds)
