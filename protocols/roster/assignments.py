"""assignments.csv: which ILD accompanies which principal at which school, from when to when, how often.

One row an assignment: ``school, ild, principal, from, to, cadence`` and, if wanted, ``network``. A school is named by
sourcedId, identifier or name, a person by sourcedId or e-mail address. ``to`` is the last day, empty while it goes
on; an empty ``principal`` is a vacancy unless the roster names exactly one principal of the school for those days.
One school has one ILD and one principal at a time, so two rows of a school may not overlap.
"""

from collections import defaultdict
from datetime import date
from itertools import pairwise

from protocols.roster.faults import Findings
from protocols.roster.register import Register, read_day_of, say_day
from protocols.roster.sheet import Row, Sheet
from protocols.roster.values import RosterAssignment, RosterRole
from protocols.roster.words import read_cadence

COLUMNS = ("school", "ild", "principal", "from", "to", "cadence")


def read_assignments(sheet: Sheet, register: Register, findings: Findings) -> tuple[RosterAssignment, ...]:
    """The assignments of a file, by school and first day. People named join ``register.people``."""
    by_school: defaultdict[str, list[tuple[RosterAssignment, int]]] = defaultdict(list)
    leads: defaultdict[str, list[tuple[str, date, date]]] = defaultdict(list)
    for person in register.people.values():
        for held in person.roles:
            if held.role is RosterRole.PRINCIPAL:
                days = held.starts or date.min, held.ends or date.max
                leads[held.org_id].append((person.sourced_id, *days))
    for row in sheet.rows:
        assignment = _assignment(sheet, row, register, leads, findings)
        if assignment is not None:
            by_school[assignment.school_id].append((assignment, row.line))
    for school_id, rows in by_school.items():
        _find_overlaps(sheet.file, register.schools[school_id].name, rows, findings)
    found = (assignment for rows in by_school.values() for assignment, _ in rows)
    return tuple(sorted(found, key=lambda assignment: (assignment.school_id, assignment.starts)))


def _assignment(
    sheet: Sheet,
    row: Row,
    register: Register,
    leads: dict[str, list[tuple[str, date, date]]],
    findings: Findings,
) -> RosterAssignment | None:
    before = len(findings)
    school = register.find_school(sheet, row, findings)
    ild = register.find_person(sheet, row, "ild", findings)
    principal = None
    if row.get_id("principal"):
        principal = register.find_person(sheet, row, "principal", findings)
    starts = read_day_of(sheet, row, "from", findings, is_required=True)
    ends = read_day_of(sheet, row, "to", findings, is_required=False)
    if starts and ends and ends < starts:
        what = f"ends {say_day(ends)}, before it starts {say_day(starts)}."
        findings.add(sheet.file, row.line, "to", what, "Correct one of the two days.")
    cadence = read_cadence(row.get("cadence"))
    if cadence is None:
        what = f"{row.get('cadence')!r} is no rhythm." if row.get("cadence") else "is empty."
        hint = "Write weekly, biweekly, three weeks, monthly or a number of school days."
        findings.add(sheet.file, row.line, "cadence", what, hint)
    if len(findings) > before or school is None or ild is None or starts is None or cadence is None:
        return None
    principal_id = principal.sourced_id if principal else _sole_lead(leads[school.sourced_id], starts, ends)
    network = row.get("network") or f"Schools of {ild.name}"
    return RosterAssignment(school.sourced_id, ild.sourced_id, principal_id, starts, ends, cadence, network)


def _sole_lead(leads: list[tuple[str, date, date]], starts: date, ends: date | None) -> str | None:
    people = {person for person, since, until in leads if since <= (ends or date.max) and until >= starts}
    return people.pop() if len(people) == 1 else None


def _find_overlaps(
    file: str, school: str, rows: list[tuple[RosterAssignment, int]], findings: Findings
) -> None:
    ordered = sorted(rows, key=lambda pair: (pair[0].starts, pair[1]))
    for (earlier, above), (later, line) in pairwise(ordered):
        if earlier.last_day < later.starts:
            continue
        if (earlier.starts, earlier.ends) == (later.starts, later.ends):
            what, hint = f"{school} has the same days in line {above}.", "Keep one of the two rows."
        else:
            what = f"{school} already has an assignment on {say_day(later.starts)}, in line {above}."
            hint = "Let the earlier one end the day before."
        findings.add(file, line, "from", what, hint)
