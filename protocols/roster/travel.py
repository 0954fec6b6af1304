"""Ways between schools from a CSV: ``from, to, minutes``, the schools by name, identifier or sourcedId.

Checked like a roster, whole before anything is taken. A way stands for both directions unless the file, or somebody
in chat, tells the way back too.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from protocols.cadence.travel import LONGEST_WAY
from protocols.roster.faults import Findings
from protocols.roster.register import Register
from protocols.roster.sheet import Row, Sheet, read_sheet
from protocols.roster.values import Roster


@dataclass(frozen=True, slots=True)
class Ways:
    """Minutes from one school to another, by sourcedId, in the order of the file."""

    minutes: Mapping[tuple[str, str], int]


def read_travel_csv(data: bytes, *, known: Roster, file: str = "travel.csv") -> Ways:
    """The ways in a file. Raises ``RosterFaults`` with every row that names no school or the same one twice, is there
    twice, or tells no whole minutes from 1 to ``LONGEST_WAY``."""
    findings = Findings()
    sheet = read_sheet(file, data, required=("from", "to", "minutes"), findings=findings)
    findings.raise_if_any()
    assert sheet is not None  # else there was a fault
    register = Register({school.sourced_id: school for school in known.schools}, {})
    lines: dict[tuple[str, str], int] = {}
    ways: dict[tuple[str, str], int] = {}
    for row in sheet.rows:
        one = register.find_school(sheet, row, findings, column="from")
        other = register.find_school(sheet, row, findings, column="to")
        minutes = _minutes(sheet, row, findings)
        if one is None or other is None or minutes is None:
            continue
        pair = one.sourced_id, other.sourced_id
        if one is other:
            findings.add(file, row.line, "to", "is the school it goes from.", "Name another school.")
        elif pair in lines:
            what = f"is the same way as line {lines[pair]}."
            findings.add(file, row.line, "to", what, "Remove one of the rows.")
        lines.setdefault(pair, row.line)
        ways[pair] = minutes
    findings.raise_if_any()
    return Ways(ways)


def _minutes(sheet: Sheet, row: Row, findings: Findings) -> int | None:
    text = row.get_id("minutes")
    if text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= LONGEST_WAY:
        return int(text)
    what = f"{text!r} is no number of minutes from 1 to {LONGEST_WAY}." if text else "is empty."
    findings.add(sheet.file, row.line, "minutes", what, "Write whole minutes, door to door.")
    return None
