"""What is wrong with a file, said so that the person who made it can mend it: file, line, column, and what to do.

Faults are collected, never raised one by one: whoever mends a roster of 1,600 schools wants the whole list.
"""

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 20
"""Faults printed in full; the first ones usually explain the rest."""

KEPT = 1_000
"""Faults kept at all. A file of a million broken rows is counted, not remembered."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend. ``line`` counts from 1, 0 where the whole file is meant; ``column`` is its heading."""

    file: str
    line: int
    column: str
    what: str
    hint: str = ""

    def __str__(self) -> str:
        place = self.file + (f", line {self.line}" if self.line else "")
        place += f", column {self.column}" if self.column else ""
        return f"{place}: {self.what}" + (f" {self.hint}" if self.hint else "")


class RosterFaults(Exception):
    """Why a file was not taken. ``faults`` in the order of files and lines; ``total`` counts those not kept too."""

    def __init__(self, faults: Iterable[Fault], *, total: int | None = None) -> None:
        self.faults = tuple(faults)
        self.total = len(self.faults) if total is None else total
        super().__init__(str(self))

    def __str__(self) -> str:
        count = "One thing is" if self.total == 1 else f"{self.total:,} things are"
        lines = [f"{count} to be mended first. Nothing was changed.", *map(str, self.faults[:SHOWN])]
        if self.total > SHOWN:
            lines.append(f"And {self.total - SHOWN:,} more.")
        return "\n".join(lines)


class Findings:
    """Faults and remarks gathered while reading."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._total = 0
        self.notes: list[str] = []

    def __len__(self) -> int:
        return self._total

    def add(self, file: str, line: int, column: str, what: str, hint: str = "") -> None:
        """Remember a fault; beyond ``KEPT`` only count it."""
        self._total += 1
        if len(self._faults) < KEPT:
            self._faults.append(Fault(file, line, column, what, hint))

    def raise_if_any(self) -> None:
        """Raise ``RosterFaults`` with everything found so far, by file as first met, then line."""
        if not self._faults:
            return
        files = {fault.file: None for fault in self._faults}
        order = {file: place for place, file in enumerate(files)}
        faults = sorted(self._faults, key=lambda fault: (order[fault.file], fault.line))
        raise RosterFaults(faults, total=self._total)
