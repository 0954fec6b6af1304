"""Reading a district's roster: OneRoster 1.1 or 1.2, or School Data Sync v2.1, with one assignments.csv of our own.

The whole is checked before anything is handed on: either a ``Roster`` without contradictions or ``RosterFaults`` with
everything that is wrong. Nothing here touches a database.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from protocols.roster.assignments import COLUMNS, read_assignments
from protocols.roster.directory import Directory, Orgs, read_orgs, read_people, read_terms
from protocols.roster.faults import Findings
from protocols.roster.register import Register
from protocols.roster.sheet import Sheet, read_sheet
from protocols.roster.values import (
    HeldRole,
    PrincipalCandidate,
    Roster,
    RosterPerson,
    RosterRole,
    RosterSchool,
)

_REQUIRED = {
    "orgs.csv": ("sourcedId", "name", "type"),
    "users.csv": ("sourcedId", "givenName", "familyName"),
    "roles.csv": ("userSourcedId", "orgSourcedId", "role"),
    "academicSessions.csv": ("sourcedId", "title", "type", "startDate", "endDate"),
    "manifest.csv": ("propertyName", "value"),
    "assignments.csv": COLUMNS,
}
"""The files that are read and the columns each must have. All others (classes, enrolments) are passed over."""

_NAMES = {name.lower(): name for name in _REQUIRED}


def read_roster(files: Mapping[str, bytes], *, known: Roster | None = None) -> Roster:
    """The roster in these files (name, with or without folders, to content).

    ``known`` is the roster so far. With it assignments.csv and academicSessions.csv may come alone: schools and people
    are then the known ones. Raises ``RosterFaults`` and nothing else, whatever the bytes: all faults of the files as
    files (encoding, quoting, columns) or, where there are none, all faults of what they say.
    """
    findings = Findings()
    sheets = _sheets(files, findings)
    if not findings:
        _check_whole(sheets, known, findings)
    findings.raise_if_any()
    orgs, directory = _directory(sheets, known, findings)
    terms = None
    if "academicSessions.csv" in sheets:
        terms = read_terms(sheets["academicSessions.csv"], findings)
    register = Register(
        orgs.schools, directory.kept, directory.others, directory.refused, directory.unreachable
    )
    assignments = None
    if "assignments.csv" in sheets:
        assignments = read_assignments(sheets["assignments.csv"], register, findings)
    findings.raise_if_any()
    return Roster(
        schools=tuple(sorted(orgs.schools.values(), key=lambda school: school.sourced_id)),
        people=tuple(sorted(register.people.values(), key=lambda person: person.sourced_id)),
        assignments=assignments,
        terms=terms,
        dropped=tuple(sorted(directory.dropped.items())),
        notes=tuple(findings.notes),
        candidates=_candidates(orgs.schools, directory),
    )


def _sheets(files: Mapping[str, bytes], findings: Findings) -> dict[str, Sheet]:
    sheets: dict[str, Sheet] = {}
    seen: set[str] = set()
    for path in sorted(files):
        name = _NAMES.get(PurePosixPath(path.replace("\\", "/")).name.lower())
        if name is None:
            continue
        if name in seen:
            findings.add(name, 0, "", "is there twice.", "Give one file of each name.")
            continue
        seen.add(name)
        if name == "academicSessions.csv" and not files[path].strip():
            continue
        sheet = read_sheet(name, files[path], required=_REQUIRED[name], findings=findings)
        if sheet is not None:
            sheets[name] = sheet
    return sheets


def _check_whole(sheets: Mapping[str, Sheet], known: Roster | None, findings: Findings) -> None:
    is_addition = known is not None and {"assignments.csv", "academicSessions.csv"} & set(sheets)
    directory = {"orgs.csv", "users.csv", "roles.csv"} & set(sheets)
    if not directory and is_addition:
        return
    for name in ("orgs.csv", "users.csv"):
        if name not in sheets:
            findings.add(name, 0, "", "is missing.", "Export orgs.csv and users.csv together.")
    users = sheets.get("users.csv")
    if users is not None and not users.has("role") and "roles.csv" not in sheets:
        hint = "OneRoster 1.2 and School Data Sync have it; OneRoster 1.1 has a column role in users.csv instead."
        findings.add("roles.csv", 0, "", "is missing.", hint)
    manifest = sheets.get("manifest.csv")
    for row in manifest.rows if manifest else ():
        if row.get("propertyName").lower().startswith("file.") and row.get("value").lower() == "delta":
            what = f"{row.get('propertyName')} is a delta, which names only what changed."
            findings.add("manifest.csv", row.line, "value", what, "Export everything (bulk).")


def _directory(
    sheets: Mapping[str, Sheet], known: Roster | None, findings: Findings
) -> tuple[Orgs, Directory]:
    if "orgs.csv" not in sheets:
        assert known is not None  # _check_whole has seen to it
        schools = {school.sourced_id: school for school in known.schools}
        return Orgs(schools), Directory({person.sourced_id: person for person in _with_posts(known)})
    orgs = read_orgs(sheets["orgs.csv"], findings)
    return orgs, read_people(sheets["users.csv"], sheets.get("roles.csv"), orgs, findings)


def _candidates(schools: Mapping[str, RosterSchool], directory: Directory) -> tuple[PrincipalCandidate, ...]:
    found = []
    for person in directory.kept.values():
        orgs = {held.org_id for held in person.roles if held.role is RosterRole.ADMINISTRATOR}
        if len(orgs) == 1 and orgs <= schools.keys():
            found.append(PrincipalCandidate(orgs.pop(), person.sourced_id))
    return tuple(sorted(found, key=lambda candidate: (candidate.school_id, candidate.person_id)))


def _with_posts(known: Roster) -> list[RosterPerson]:
    """The known people with the schools they lead as recorded, so that an empty ``principal`` keeps who is there."""
    posts: dict[str, list[HeldRole]] = {}
    for assignment in known.assignments or ():
        if assignment.principal_id is not None:
            post = HeldRole(RosterRole.PRINCIPAL, assignment.school_id, assignment.starts, assignment.ends)
            posts.setdefault(assignment.principal_id, []).append(post)
    return [replace(person, roles=tuple(posts.get(person.sourced_id, ()))) for person in known.people]
