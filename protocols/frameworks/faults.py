"""Why a framework's file is refused: everything that is wrong with it at once, each with its place."""

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 20
"""Faults said in full; the first ones usually explain the rest."""
LONGEST_REASON = 240


@dataclass(frozen=True, slots=True)
class FrameworkFault:
    """``line`` counts from 1, ``column`` is a heading of a CSV file ("" where the whole line is meant, or in YAML)."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        place = f"line {self.line}" + (f", column {self.column}" if self.column else "")
        reason = self.reason
        if len(reason) > LONGEST_REASON:
            reason = reason[:LONGEST_REASON].rstrip() + "…"
        return f"{place}: {reason}"


class FrameworkRefused(ValueError):
    """A file is no framework. ``faults`` are in the order of the lines; nothing of the file is used."""

    def __init__(self, name: str, faults: Iterable[FrameworkFault]) -> None:
        self.name = name
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        lines = [f"{name}, {fault}" for fault in self.faults[:SHOWN]]
        if len(self.faults) > SHOWN:
            lines.append(f"And {len(self.faults) - SHOWN:,} more.")
        super().__init__("\n".join(lines))
