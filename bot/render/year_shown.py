"""What the picture of a school year shows, and what is said in its place. Drawing it is ``bot/render/year.py``'s."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from ``starts`` to ``ends``, both included, and what stands at them."""

    starts: date
    ends: date
    label: str


@dataclass(frozen=True, slots=True)
class YearRow:
    """One school: its rhythm in words, the days of its visits, its gaps over target, and two figures at the end."""

    name: str
    rhythm: str
    held: tuple[date, ...]
    fallen_out: tuple[date, ...]
    late: tuple[Stretch, ...]
    kept: str
    longest: str


@dataclass(frozen=True, slots=True)
class YearPicture:
    """A year to be drawn. ``lost`` are days on which a protected half-day went to a meeting."""

    title: str
    subtitle: str
    starts: date
    ends: date
    rows: tuple[YearRow, ...]
    closed: tuple[Stretch, ...]
    lost: tuple[date, ...]
    snow: tuple[date, ...]


def alternative_of(rows: Sequence[YearRow], sentence: str) -> str:
    """What the picture shows, in words: the whole, then each school in a line."""
    lines = [
        f"{row.name}, {row.rhythm}: {len(row.held)} visits, {len(row.fallen_out)} fell out, {row.kept} of intervals "
        f"kept, longest gap {row.longest}."
        for row in rows
    ]
    return "\n".join([sentence, *lines])
