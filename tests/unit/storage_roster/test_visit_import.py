"""Visits out of a file are written once."""

from datetime import UTC, date, datetime

from sqlmodel import select

from protocols.roster.visits import read_visits_csv
from storage.database import Store
from storage.roster import load_roster
from storage.tables import PersonRow, SchoolRow, VisitRow
from storage.visit_import import VisitImport, add_visits

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
DATA = b"""school,ild,date,kind,minutes,status,cancelled_by,reason
Lincoln Middle,imani.brooks@district.example,2019-10-05,walkthrough,45,held,,
Roosevelt High,imani.brooks@district.example,2019-10-06,,,cancelled,weather,Snow
"""


def test_a_file_of_visits_taken_in_twice_is_there_once(store: Store) -> None:
    def take_in() -> VisitImport:
        with store.begin() as tx:
            known = load_roster(tx, with_past=True)
            return add_visits(tx, read_visits_csv(DATA, known=known, today=date(2026, 11, 24)), now=NOW)

    assert take_in() == VisitImport(added=2, already_there=0)
    assert take_in() == VisitImport(added=0, already_there=2)
    with store.read() as tx:
        query = select(VisitRow).where(VisitRow.day < date(2020, 1, 1).toordinal()).order_by(VisitRow.day)
        rows = [(row.status, row.minutes, row.cancelled_by) for row in tx.exec(query)]
    assert rows == [("held", 45, None), ("cancelled", None, "weather")]


def put_visit(store: Store, **values: object) -> None:
    with store.begin() as tx:
        school = tx.exec(select(SchoolRow.id).where(SchoolRow.name == "Lincoln Middle")).one()
        ild = tx.exec(select(PersonRow.id).where(PersonRow.email == "imani.brooks@district.example")).one()
        tx.add(
            VisitRow(
                school_id=school, ild_id=ild, day=date(2019, 10, 5).toordinal(), half="am", created_at=NOW,
                **values,
            )
        )  # fmt: skip


def take(store: Store, rows: str) -> VisitImport:
    data = f"school,ild,date,kind,minutes,status\n{rows}".encode()
    with store.begin() as tx:
        known = load_roster(tx, with_past=True)
        return add_visits(tx, read_visits_csv(data, known=known, today=date(2026, 11, 24)), now=NOW)


def there(store: Store) -> list[tuple[str, str, int | None, str | None]]:
    with store.read() as tx:
        rows = tx.exec(
            select(VisitRow).where(VisitRow.day < date(2020, 1, 1).toordinal()).order_by(VisitRow.id)
        )
        return [(row.status, row.kind, row.minutes, row.confirmed_by) for row in rows]


LINE = "Lincoln Middle,imani.brooks@district.example,2019-10-05"


def test_a_held_visit_out_of_a_file_rests_on_the_import(store: Store) -> None:
    take(store, f"{LINE},coaching,45,held\n")
    assert there(store) == [("held", "coaching", 45, "imported")]


def test_a_visit_that_was_cancelled_here_and_held_by_the_file_is_not_lost(store: Store) -> None:
    put_visit(store, kind="walkthrough", status="cancelled")
    assert take(store, f"{LINE},walkthrough,45,held\n") == VisitImport(1, 0)
    assert [status for status, *_ in there(store)] == ["cancelled", "held"]


def test_a_planned_visit_that_the_file_knows_as_held_is_held_by_it(store: Store) -> None:
    put_visit(store, kind="walkthrough", status="planned", minutes=60)
    assert take(store, f"{LINE},coaching,45,held\n") == VisitImport(1, 0)
    assert take(store, f"{LINE},coaching,45,held\n") == VisitImport(0, 1)
    assert there(store) == [("held", "coaching", 45, "imported")]


def test_a_visit_of_the_same_day_that_says_no_more_than_other_is_the_same(store: Store) -> None:
    put_visit(store, kind="walkthrough", status="held")
    assert take(store, f"{LINE},,50,held\n") == VisitImport(0, 1)
    assert there(store) == [("held", "walkthrough", 50, None)]


def test_two_lines_of_a_day_stay_two(store: Store) -> None:
    put_visit(store, kind="walkthrough", status="held", minutes=30)
    rows = f"{LINE},,50,held\n{LINE},walkthrough,30,held\n{LINE},coaching,20,held\n"
    first = take(store, rows)
    assert first.added + first.already_there == 3
    assert take(store, rows) == VisitImport(0, 3)


def test_a_visit_that_was_taken_back_does_not_stand_in_the_way(store: Store) -> None:
    put_visit(store, kind="walkthrough", status="withdrawn")
    assert take(store, f"{LINE},walkthrough,45,held\n") == VisitImport(1, 0)
