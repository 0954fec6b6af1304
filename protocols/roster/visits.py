"""Visits kept elsewhere so far, from a CSV: ``school, ild, date`` and, if known, ``kind, minutes, status,
cancelled_by, reason``.

Checked like a roster, whole before anything is taken. A visit that was planned but not held is not a
visit, so a status is either held or cancelled; without one the visit was held.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from protocols.roster.faults import Findings
from protocols.roster.register import Register, read_day_of, say_day
from protocols.roster.sheet import Row, Sheet, read_sheet
from protocols.roster.values import Roster

T = TypeVar("T")

MINUTES_LIMIT = 600
"""Ten hours: longer than a school day, so a slip."""

_KINDS = {
    "walkthrough": "walkthrough",
    "learning walk": "walkthrough",
    "inquiry": "inquiry",
    "cycle of inquiry": "inquiry",
    "coaching": "coaching",
    "network meeting": "network_meeting",
    "other": "other",
    "": "other",
}
_CANCELLERS = {
    "ild": "ild",
    "principal": "principal",
    "school": "principal",
    "central office": "central_office",
    "district": "central_office",
    "weather": "weather",
    "other": "other",
    "": None,
}


class VisitStatus(StrEnum):
    HELD = "held"
    CANCELLED = "cancelled"


_STATUSES = {"": VisitStatus.HELD, "held": VisitStatus.HELD, "cancelled": VisitStatus.CANCELLED}
_STATUSES |= {"canceled": VisitStatus.CANCELLED}


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """One visit of the file, its school and ILD by sourcedId. ``minutes`` None: not known."""

    school_id: str
    ild_id: str
    day: date
    kind: str
    minutes: int | None
    status: VisitStatus
    cancelled_by: str | None
    reason: str


def read_visits_csv(
    data: bytes, *, known: Roster, today: date, file: str = "visits.csv"
) -> tuple[VisitRecord, ...]:
    """The visits in a file, in its order.

    ``known`` holds the schools and people that may be named; give closed schools and people who left too, since
    visits are history. Raises ``RosterFaults`` with every row that names nobody, lies in the future, is there twice
    or cannot be read.
    """
    findings = Findings()
    sheet = read_sheet(file, data, required=("school", "ild", "date"), findings=findings)
    findings.raise_if_any()
    assert sheet is not None  # else there was a fault
    register = Register(
        {school.sourced_id: school for school in known.schools},
        {person.sourced_id: person for person in known.people},
    )
    lines: dict[tuple[str, str, date, str], int] = {}
    visits = []
    for row in sheet.rows:
        visit = _visit(sheet, row, register, today, findings)
        if visit is None:
            continue
        key = visit.school_id, visit.ild_id, visit.day, visit.kind
        if key in lines:
            what = f"is the same visit as line {lines[key]}."
            findings.add(
                file, row.line, "date", what, "Remove one of the rows, or give them different kinds."
            )
        lines.setdefault(key, row.line)
        visits.append(visit)
    findings.raise_if_any()
    return tuple(visits)


def _visit(sheet: Sheet, row: Row, register: Register, today: date, findings: Findings) -> VisitRecord | None:
    before = len(findings)
    school = register.find_school(sheet, row, findings)
    ild = register.find_person(sheet, row, "ild", findings)
    day = read_day_of(sheet, row, "date", findings, is_required=True)
    kind = _one_of(sheet, row, "kind", _KINDS, findings)
    status = _one_of(sheet, row, "status", _STATUSES, findings) or VisitStatus.HELD
    cancelled_by = _one_of(sheet, row, "cancelled_by", _CANCELLERS, findings)
    minutes = _minutes(sheet, row, findings)
    if day and day > today and status is VisitStatus.HELD:
        what = f"{say_day(day)} is still to come, so it cannot have been held."
        findings.add(sheet.file, row.line, "date", what, "Correct the day, or plan the visit in the bot.")
    if cancelled_by and status is VisitStatus.HELD:
        what = "names who cancelled a visit that was held."
        findings.add(
            sheet.file, row.line, "cancelled_by", what, "Write cancelled as the status, or empty this cell."
        )
    if len(findings) > before or school is None or ild is None or day is None or kind is None:
        return None
    reason = row.get("reason")
    return VisitRecord(school.sourced_id, ild.sourced_id, day, kind, minutes, status, cancelled_by, reason)


def _one_of(sheet: Sheet, row: Row, column: str, words: Mapping[str, T], findings: Findings) -> T | None:
    text = row.get(column)
    folded = " ".join(text.lower().replace("_", " ").replace("-", " ").split())
    if folded in words:
        return words[folded]
    choices = ", ".join(word for word in words if word)
    findings.add(sheet.file, row.line, column, f"{text!r} is not known.", f"Write one of: {choices}.")
    return None


def _minutes(sheet: Sheet, row: Row, findings: Findings) -> int | None:
    text = row.get_id("minutes")
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) <= MINUTES_LIMIT:
        return int(text)
    what = f"{text!r} is no number of minutes from 1 to {MINUTES_LIMIT}."
    findings.add(sheet.file, row.line, "minutes", what, "Write whole minutes, or leave it empty.")
    return None
