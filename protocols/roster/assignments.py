"""assignments.csv: which ILD accompanies which principal at which school, from when to when, how often.

One row an assignment: ``school, ild, principal, from, to, cadence`` and, if wanted, ``network``. A school is named by
sourcedId, identifier or name, a person by sourcedId or e-mail address. ``to`` is the last day, empty while it goes
on; an empty ``principal`` is a vacancy unless the roster names exactly one principal of the school for those days.
One school has one ILD and one principal at a time (DOMAIN.md, People), so two rows of a school may not overlap.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from rapidfuzz import fuzz, process

from protocols.roster.faults import Findings
from protocols.roster.sheet import Row, Sheet
from protocols.roster.values import RosterAssignment, RosterPerson, RosterRole, RosterSchool
from protocols.roster.words import read_cadence, read_day

COLUMNS = ("school", "ild", "principal", "from", "to", "cadence")
_SUGGESTIONS = 50
"""Close names are looked for in the first faults only: a file with a wrong column has one in every row."""
_CLOSE = 75


@dataclass(slots=True)
class Register:
    """Schools and people that rows may name. ``others`` are found too, and are on the roster once named."""

    schools: dict[str, RosterSchool]
    people: dict[str, RosterPerson]
    others: dict[str, RosterPerson] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unreachable: set[str] = field(default_factory=set)
    _by_word: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _by_email: dict[str, RosterPerson] = field(default_factory=dict)
    _suggested: int = 0

    def __post_init__(self) -> None:
        for school in self.schools.values():
            for word in {_fold(school.identifier), _fold(school.name)} - {""}:
                self._by_word[word].append(school.sourced_id)
        for person in (*self.others.values(), *self.people.values()):
            self._by_email[person.email] = person

    def find_school(self, sheet: Sheet, row: Row, findings: Findings) -> RosterSchool | None:
        """The school a row names; where there is none, or more than one, a fault."""
        text = row.get_id("school")
        if school := self.schools.get(text):
            return school
        found = self._by_word.get(_fold(text), [])
        if len(found) == 1:
            return self.schools[found[0]]
        if not text:
            findings.add(sheet.file, row.line, "school", "is empty.", "Name the school.")
        elif found:
            what = f"{len(found)} schools are called {text!r}."
            findings.add(
                sheet.file, row.line, "school", what, f"Write the sourcedId: {' or '.join(sorted(found))}."
            )
        else:
            what = f"no open school is called {text!r}."
            findings.add(sheet.file, row.line, "school", what, self._suggest(text))
        return None

    def find_person(self, sheet: Sheet, row: Row, column: str, findings: Findings) -> RosterPerson | None:
        """The person a row names in a column; where there is none a fault."""
        text = row.get_id(column)
        person = self.people.get(text) or self.others.get(text) or self._by_email.get(text.lower())
        if person is not None:
            self.people.setdefault(person.sourced_id, person)
            return person
        if text in self.refused:
            what = f"{text} is listed among {self.refused[text]}."
            hint = "Correct the role in the student information system."
        elif text in self.unreachable:
            what, hint = (
                f"{text} has no e-mail address.",
                "Add it to users.csv; the bot reaches people by it.",
            )
        else:
            what = f"{text!r} is nobody active in users.csv."
            hint = "Write the sourcedId or the e-mail address."
        findings.add(sheet.file, row.line, column, what, hint)
        return None

    def _suggest(self, text: str) -> str:
        self._suggested += 1
        if self._suggested <= _SUGGESTIONS:
            names = [school.name for school in self.schools.values()]
            best = process.extractOne(text, names, scorer=fuzz.WRatio, score_cutoff=_CLOSE)
            if best is not None:
                return f"Did you mean {best[0]!r}?"
        return "Write its sourcedId, identifier or exact name."


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
    ild = principal = None
    if row.get_id("ild"):
        ild = register.find_person(sheet, row, "ild", findings)
    else:
        findings.add(sheet.file, row.line, "ild", "is empty.", "Name the ILD, or remove the row.")
    if row.get_id("principal"):
        principal = register.find_person(sheet, row, "principal", findings)
    starts = _day(sheet, row, "from", findings)
    ends = _day(sheet, row, "to", findings)
    if starts and ends and ends < starts:
        what = f"ends {_say(ends)}, before it starts {_say(starts)}."
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


def _day(sheet: Sheet, row: Row, column: str, findings: Findings) -> date | None:
    text = row.get_id(column)
    day = read_day(text)
    if day is None and (text or column == "from"):
        what = f"{text!r} is not a day." if text else "is empty."
        findings.add(sheet.file, row.line, column, what, "Write it like 2026-09-03.")
    return day


def _sole_lead(leads: list[tuple[str, date, date]], starts: date, ends: date | None) -> str | None:
    people = {person for person, since, until in leads if since <= (ends or date.max) and until >= starts}
    return people.pop() if len(people) == 1 else None


def _find_overlaps(
    file: str, school: str, rows: list[tuple[RosterAssignment, int]], findings: Findings
) -> None:
    ordered = sorted(rows, key=lambda pair: (pair[0].starts, pair[1]))
    for (earlier, above), (later, line) in zip(ordered, ordered[1:], strict=False):
        if earlier.last_day < later.starts:
            continue
        if (earlier.starts, earlier.ends) == (later.starts, later.ends):
            what, hint = f"{school} has the same days in line {above}.", "Keep one of the two rows."
        else:
            what = f"{school} already has an assignment on {_say(later.starts)}, in line {above}."
            hint = "Let the earlier one end the day before."
        findings.add(file, line, "from", what, hint)


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _say(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"
