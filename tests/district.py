"""A small invented district for tests: two networks, five schools, protected Tuesday and Thursday mornings."""

from datetime import UTC, date, datetime
from pathlib import Path

from handlers.district import put_district
from handlers.welcome import first_contact
from protocols.cadence.calendar import Closure, ClosureKind, Half
from protocols.cadence.protected import ProtectedRule
from storage import calendar
from storage.database import Store, Tx
from storage.people import Role
from storage.tables import AssignmentRow, PersonRow, RoleRow, SchoolRow

YEAR_STARTS = date(2026, 8, 31)
LAST_YEAR_STARTS = date(2025, 9, 2)
NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)

PEOPLE = (
    ("imani.brooks", "Imani", "Brooks", Role.ILD, None),
    ("tomas.rivera", "Tomás", "Rivera", Role.ILD, None),
    ("grace.lindqvist", "Grace", "Lindqvist", Role.PRINCIPAL, None),
    ("farid.haddad", "Farid", "Haddad", Role.PRINCIPAL, None),
    ("mei.tanaka", "Mei", "Tanaka", Role.PRINCIPAL, None),
    ("oluchi.eze", "Oluchi", "Eze", Role.PRINCIPAL, None),
    ("peter.novak", "Peter", "Novak", Role.PRINCIPAL, None),
    ("ruth.castellanos", "Ruth", "Castellanos", Role.EXECUTIVE, None),
    ("dev.patel", "Dev", "Patel", Role.UNIT, "Human Resources"),
    ("ana.whitefeather", "Ana", "Whitefeather", Role.ADMINISTRATOR, None),
)
SCHOOLS = (  # name, level, network, ILD, principal, cadence in school days
    ("Lincoln Middle", "middle", "North Network", "imani.brooks", "grace.lindqvist", 10),
    ("Lincoln Elementary", "elementary", "North Network", "imani.brooks", "farid.haddad", 15),
    ("Roosevelt High", "high", "North Network", "imani.brooks", "mei.tanaka", 10),
    ("Harbor Elementary", "elementary", "South Network", "tomas.rivera", "oluchi.eze", 20),
    ("Juniper K-8", "k8", "South Network", "tomas.rivera", "peter.novak", 5),
)


def email(name: str) -> str:
    return f"{name}@district.example"


def make_store(folder: Path) -> Store:
    """A migrated, filled SQLite store in the folder."""
    store = Store(f"sqlite:///{folder / 'test.sqlite'}")
    store.migrate()
    with store.begin() as tx:
        fill(tx)
    return store


def fill(tx: Tx) -> None:
    """Write the district into an empty store; all of its people have met the bot before."""
    put_district(tx, name="Sycamore Unified", zone="America/New_York")
    for label, starts, ends in (
        ("2025-26", LAST_YEAR_STARTS, date(2026, 6, 19)),
        ("2026-27", YEAR_STARTS, date(2027, 6, 18)),
    ):
        calendar.put_period(tx, kind="year", label=label, starts=starts, ends=ends)
    for label, starts, ends in (
        ("Fall 2025", LAST_YEAR_STARTS, date(2026, 1, 23)),
        ("Spring 2026", date(2026, 1, 26), date(2026, 6, 19)),
        ("Fall 2026", YEAR_STARTS, date(2027, 1, 22)),
        ("Spring 2027", date(2027, 1, 25), date(2027, 6, 18)),
    ):
        calendar.put_period(tx, kind="term", label=label, starts=starts, ends=ends)
    for uid, kind, title, starts, ends in (
        ("labor", ClosureKind.HOLIDAY, "Labor Day", date(2026, 9, 7), date(2026, 9, 7)),
        ("thanks", ClosureKind.HOLIDAY, "Thanksgiving break", date(2026, 11, 25), date(2026, 11, 27)),
        ("winter", ClosureKind.HOLIDAY, "Winter break", date(2026, 12, 23), date(2027, 1, 1)),
        ("state", ClosureKind.TESTING, "State testing", date(2027, 4, 12), date(2027, 4, 16)),
    ):
        calendar.put_closure(tx, Closure(starts, ends, kind, title), source="tests", uid=uid)
    for weekday in (1, 3):
        calendar.put_rule(
            tx, ProtectedRule(weekday, Half.AM, "all", LAST_YEAR_STARTS, None, "visits to schools")
        )
    ids: dict[str, int] = {}
    for name, given, family, role, unit in PEOPLE:
        row = PersonRow(email=email(name), given_name=given, family_name=family, sourced_id=f"p-{name}")
        tx.add(row)
        tx.flush()
        assert row.id is not None
        ids[name] = row.id
        first_contact.note_met(tx, row.id, at=NOW)
        tx.add(RoleRow(person_id=row.id, role=role, unit=unit, starts=LAST_YEAR_STARTS))
    for name, level, network, ild, principal, cadence in SCHOOLS:
        school = SchoolRow(sourced_id=f"s-{name}", name=name, level=level)
        tx.add(school)
        tx.flush()
        assert school.id is not None
        tx.add(
            AssignmentRow(
                school_id=school.id,
                ild_id=ids[ild],
                principal_id=ids[principal],
                network=network,
                starts=LAST_YEAR_STARTS,
                cadence_days=cadence,
            )
        )
