"""Schools, people and terms out of OneRoster 1.1 and 1.2 and Microsoft School Data Sync v2.1 files.

OneRoster 1.1 writes a person's role and organisations into users.csv and knows no principals; 1.2 and School Data
Sync write one row a role into roles.csv. Rows marked ``tobedeleted`` or ``inactive`` and disabled users count as
gone: what refers to them is passed over, what refers to nothing at all is a fault.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from protocols.roster.faults import Findings
from protocols.roster.sheet import Row, Sheet
from protocols.roster.values import HeldRole, RosterPerson, RosterSchool, RosterTerm, TermKind
from protocols.roster.words import dropped_as, level_of, read_day, read_email, read_role

_GONE = ("tobedeleted", "inactive")
_NEVER = ("students", "families")
_LEVEL_COLUMNS = (
    "level",
    "schoolLevel",
    "metadata.level",
    "metadata.schoolLevel",
    "ext_level",
    "ext_schoolLevel",
)
_GRADE_COLUMNS = (
    "grades",
    "gradeRange",
    "metadata.grades",
    "metadata.gradeRange",
    "ext_grades",
    "ext_gradeRange",
)
_YEARS = ("schoolyear", "year")


@dataclass(slots=True)
class Orgs:
    """All organisations of a file: the open schools, the names of the rest, the ids of those that are gone."""

    schools: dict[str, RosterSchool] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def knows(self, org_id: str) -> bool:
        return org_id in self.names or org_id in self.gone


@dataclass(slots=True)
class Directory:
    """People by what may become of them.

    ``kept`` are on the roster. ``others`` (teachers, people without a role) join it only where an assignment names
    them. ``refused`` may never be named: id to what they are. ``unreachable`` have no e-mail address.
    """

    kept: dict[str, RosterPerson] = field(default_factory=dict)
    others: dict[str, RosterPerson] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unreachable: set[str] = field(default_factory=set)
    dropped: Counter[str] = field(default_factory=Counter)


def read_orgs(sheet: Sheet, findings: Findings) -> Orgs:
    """The organisations of orgs.csv; parents that do not exist are faults."""
    orgs = Orgs()
    parents: dict[str, tuple[Row, str]] = {}
    for row, org_id in _identified(sheet, findings):
        if _is_gone(row):
            orgs.gone.add(org_id)
            continue
        name = row.get("name")
        if not name:
            findings.add(sheet.file, row.line, "name", f"{org_id} has no name.", "Give it one.")
        orgs.names[org_id] = name
        if parent := row.get_id("parentSourcedId"):
            parents[org_id] = row, parent
        if row.get("type").lower() == "school":
            orgs.schools[org_id] = _school(row, org_id, name)
    for org_id, (row, parent) in parents.items():
        if not orgs.knows(parent):
            what = f"{orgs.names[org_id]} belongs to {parent}, which is not in the file."
            findings.add(
                sheet.file, row.line, "parentSourcedId", what, "Add that organisation or empty the cell."
            )
        elif org_id in orgs.schools and parent in orgs.names and parent not in orgs.schools:
            orgs.schools[org_id] = replace(orgs.schools[org_id], area=orgs.names[parent])
    if not orgs.schools and not len(findings):
        findings.add(sheet.file, 0, "type", "holds no school that is open.", "Schools have the type school.")
    return orgs


def _school(row: Row, org_id: str, name: str) -> RosterSchool:
    stated = next((value for column in _LEVEL_COLUMNS if (value := row.get(column))), "")
    grades = next((value for column in _GRADE_COLUMNS if (value := row.get(column))), "")
    level = level_of(stated=stated, grades=grades, name=name)
    return RosterSchool(org_id, name, level, identifier=row.get_id("identifier"))


@dataclass(slots=True)
class _Roles:
    """The roles of one person: those that are kept, and every word used."""

    held: list[HeldRole] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


def read_people(users: Sheet, roles: Sheet | None, orgs: Orgs, findings: Findings) -> Directory:
    """Who is in users.csv, with the roles of roles.csv or, in OneRoster 1.1, of users.csv itself."""
    directory = Directory()
    by_user: defaultdict[str, _Roles] = defaultdict(_Roles)
    if roles is not None:
        _read_roles(roles, orgs, by_user, findings)
    emails: dict[str, int] = {}
    known: set[str] = set()
    for row, user_id in _identified(users, findings):
        known.add(user_id)
        if roles is None:
            _read_own_role(users.file, row, orgs, by_user[user_id], findings)
        if _is_gone(row) or row.get("enabledUser").lower() in ("false", "0", "no"):
            directory.dropped["people who left"] += 1
            continue
        _sort_in(users.file, row, user_id, by_user.get(user_id, _Roles()), directory, emails, findings)
    if roles is not None:
        _find_orphans(roles, known, findings)
    return directory


def _sort_in(
    file: str,
    row: Row,
    user_id: str,
    roles: _Roles,
    directory: Directory,
    emails: dict[str, int],
    findings: Findings,
) -> None:
    kind = dropped_as(roles.words) if roles.words else "people without a role"
    if not roles.held and kind in _NEVER:
        directory.refused[user_id] = kind
        directory.dropped[kind] += 1
        return
    written = row.get_id("email")
    email = read_email(written) or read_email(row.get_id("username"))
    if not roles.held:
        directory.dropped[kind] += 1
        if email:
            directory.others[user_id] = _person(row, user_id, email, roles)
        else:
            directory.unreachable.add(user_id)
        return
    if written and not read_email(written):
        what = f"{written!r} is not an e-mail address."
        findings.add(file, row.line, "email", what, "It looks like name@district.org.")
    elif email is None:
        directory.unreachable.add(user_id)
        directory.dropped["people without an e-mail address"] += 1
    elif email in emails:
        what = f"{email} is also in line {emails[email]}."
        findings.add(
            file, row.line, "email", what, "One address belongs to one person; correct one, or remove a row."
        )
    else:
        emails[email] = row.line
        person = _person(row, user_id, email, roles)
        if not person.name:
            findings.add(file, row.line, "familyName", f"{user_id} has no name.", "Give the person one.")
        directory.kept[user_id] = person


def _person(row: Row, user_id: str, email: str, roles: _Roles) -> RosterPerson:
    given = row.get("preferredGivenName") or row.get("preferredFirstName") or row.get("givenName")
    family = row.get("preferredFamilyName") or row.get("preferredLastName") or row.get("familyName")
    held = sorted(
        set(roles.held), key=lambda held: (held.role, held.org_id, str(held.starts), str(held.ends))
    )
    return RosterPerson(user_id, email, given, family, tuple(held))


def _read_roles(sheet: Sheet, orgs: Orgs, by_user: dict[str, _Roles], findings: Findings) -> None:
    for row in sheet.rows:
        if _is_gone(row):
            continue
        word, org_id = row.get("role"), row.get_id("orgSourcedId")
        roles = by_user[row.get_id("userSourcedId")]
        roles.words.append(word)
        role = read_role(word)
        if role is None or org_id in orgs.gone:
            continue
        if not orgs.knows(org_id):
            what = f"{org_id or 'an empty value'} is no organisation of orgs.csv."
            findings.add(sheet.file, row.line, "orgSourcedId", what, "Add it there or correct this row.")
            continue
        days = []
        for names in (("beginDate", "roleStartDate"), ("endDate", "roleEndDate")):
            column = next((name for name in names if sheet.has(name)), names[0])
            text = row.get_id(column)
            days.append(read_day(text) if text else None)
            if text and days[-1] is None:
                findings.add(
                    sheet.file, row.line, column, f"{text!r} is not a day.", "Write it like 2026-09-03."
                )
        roles.held.append(HeldRole(role, org_id, *days))


def _find_orphans(sheet: Sheet, known: set[str], findings: Findings) -> None:
    for row in sheet.rows:
        user_id = row.get_id("userSourcedId")
        if user_id not in known and not _is_gone(row):
            what = f"{user_id or 'an empty value'} is nobody in users.csv."
            findings.add(
                sheet.file, row.line, "userSourcedId", what, "Add the person there or remove this row."
            )


def _read_own_role(file: str, row: Row, orgs: Orgs, roles: _Roles, findings: Findings) -> None:
    word = row.get("role")
    if word:
        roles.words.append(word)
    role = read_role(word)
    if role is None:
        return
    for org_id in row.get_ids("orgSourcedIds"):
        if org_id in orgs.names:
            roles.held.append(HeldRole(role, org_id))
        elif org_id not in orgs.gone and not _is_gone(row):
            what = f"{org_id} is no organisation of orgs.csv."
            findings.add(file, row.line, "orgSourcedIds", what, "Add it there or correct this row.")


def read_terms(sheet: Sheet, findings: Findings) -> tuple[RosterTerm, ...]:
    """School years, terms and quarters of academicSessions.csv, by first day.

    A day is in one term only: where there are semesters, shorter terms inside them are quarters, as grading periods
    always are.
    """
    types = {row.get("type").lower() for row in sheet.rows if not _is_gone(row)}
    quarters = {"gradingperiod", "term"} if "semester" in types else {"gradingperiod"}
    terms = []
    for row, session_id in _identified(sheet, findings):
        if _is_gone(row):
            continue
        days = {}
        for column in ("startDate", "endDate"):
            text = row.get_id(column)
            days[column] = read_day(text)
            if days[column] is None:
                what = f"{text!r} is not a day." if text else f"{session_id} has no such day."
                findings.add(sheet.file, row.line, column, what, "Write it like 2026-09-03.")
        starts, ends = days["startDate"], days["endDate"]
        if starts is None or ends is None:
            continue
        if ends < starts:
            findings.add(sheet.file, row.line, "endDate", "is before startDate.", "Correct one of the two.")
        type_ = row.get("type").lower().replace(" ", "")
        kind = TermKind.YEAR if type_ in _YEARS else TermKind.QUARTER if type_ in quarters else TermKind.TERM
        terms.append(RosterTerm(row.get("title") or session_id, kind, starts, ends))
    return tuple(sorted(set(terms), key=lambda term: (term.starts, term.kind != TermKind.YEAR, term.title)))


def _identified(sheet: Sheet, findings: Findings) -> Iterator[tuple[Row, str]]:
    """Rows with their id, each id once."""
    lines: dict[str, int] = {}
    for row in sheet.rows:
        row_id = row.get_id("sourcedId")
        if not row_id:
            findings.add(sheet.file, row.line, "sourcedId", "is empty.", "Every row needs its id.")
        elif row_id in lines:
            what = f"{row_id} is also in line {lines[row_id]}."
            findings.add(
                sheet.file, row.line, "sourcedId", what, "Remove one of the rows or give it its own id."
            )
        else:
            lines[row_id] = row.line
            yield row, row_id


def _is_gone(row: Row) -> bool:
    return row.get("status").lower().replace(" ", "") in _GONE
