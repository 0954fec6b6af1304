"""The ledger of protected time: what was kept, what was taken by whom and why, emergencies apart.

It rests on the rows that the measures `protected_kept` and `protected_lost` count, so that the ledger and an answer
to a question can never differ. What was kept is protected time less everything taken, emergencies included; they have
a column of their own because nobody could have planned them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from protocols.insight.measures import ProtectedRow

EMERGENCY = "safety"
"""The reason class of emergencies."""


@dataclass(frozen=True, slots=True)
class Taking:
    """Minutes of one person's half-day that an office took."""

    minutes: int
    office: str
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the ledger, in minutes of principals' time."""

    protected: int = 0
    taken: int = 0
    emergencies: int = 0

    @property
    def kept(self) -> int:
        return self.protected - self.taken - self.emergencies

    @property
    def share_kept(self) -> float | None:
        """None where nothing was protected."""
        return self.kept / self.protected if self.protected else None


def split(day: date, minutes: int, takings: Iterable[Taking]) -> list[ProtectedRow]:
    """One person's protected half-day as rows, one for each taking and one for what is left; `minutes` in all.

    Takings beyond the half-day's minutes take nothing more: two meetings in one hour cost that hour once.
    """
    left = minutes
    rows = []
    for taking in takings:
        lost = min(taking.minutes, left)
        if lost > 0:
            rows.append(ProtectedRow(day, lost, lost, taking.office, taking.reason))
            left -= lost
    return [*rows, ProtectedRow(day, left)] if left or not rows else rows


def add_up(rows: Iterable[ProtectedRow]) -> Line:
    """All rows as one line."""
    protected = taken = emergencies = 0
    for row in rows:
        protected += row.minutes
        lost = min(row.lost_minutes, row.minutes)
        if row.reason == EMERGENCY:
            emergencies += lost
        else:
            taken += lost
    return Line(protected, taken, emergencies)


def lines_by(
    rows: Sequence[tuple[str, ProtectedRow]], key: Callable[[str, ProtectedRow], str | None]
) -> dict[str, Line]:
    """The ledger by a key of (label, row), in the order the keys first come; rows without a key are left out."""
    grouped: dict[str, list[ProtectedRow]] = {}
    for label, row in rows:
        name = key(label, row)
        if name is not None:
            grouped.setdefault(name, []).append(row)
    return {name: add_up(some) for name, some in grouped.items()}
