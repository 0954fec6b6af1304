"""What is kept of the roster and the calendar is never older than the transaction that asks."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
from sqlalchemy import delete, insert, update
from sqlmodel import select

from handlers.district import load_district
from protocols.cadence.calendar import Closure, ClosureKind
from storage import calendar, people, record
from storage.database import Store, Tx
from storage.edition import Kept, current
from storage.tables import AssignmentRow, OpeningRow, PeriodRow, PersonRow, SchoolRow
from tests.district import NOW

DAY = date(2026, 11, 24)


class Names:
    """School names as they are kept, and how often they were read anew."""

    def __init__(self) -> None:
        self.kept: Kept[list[str]] = Kept()
        self.times_read = 0

    def of(self, tx: Tx) -> list[str]:
        return self.kept.get(tx, "names", lambda: self._read(tx))

    def _read(self, tx: Tx) -> list[str]:
        self.times_read += 1
        return sorted(tx.exec(select(SchoolRow.name)))


@pytest.fixture
def names() -> Names:
    return Names()


def edition_of(store: Store) -> str | None:
    with store.read() as tx:
        return current(tx)


def test_what_is_kept_is_read_once_for_many_transactions(store: Store, names: Names) -> None:
    for _ in range(3):
        with store.begin() as tx:
            record.audit(tx, at=NOW, actor_id=None, action="looked", object="school:1")
            assert len(names.of(tx)) == 5
    assert names.times_read == 1


def rename_by_row(tx: Tx) -> None:
    school = tx.exec(select(SchoolRow).where(SchoolRow.name == "Juniper K-8")).one()
    school.name = "Juniper"


def rename_by_statement(tx: Tx) -> None:
    tx.execute(update(SchoolRow).where(SchoolRow.name == "Juniper K-8").values(name="Juniper"))  # type: ignore[arg-type]  # a comparison


@pytest.mark.parametrize("rename", [rename_by_row, rename_by_statement])
def test_a_change_by_another_process_counts_from_its_commit_on(
    store: Store, names: Names, rename: Callable[[Tx], None]
) -> None:
    other = Store(store.url)
    with store.read() as tx:
        assert "Juniper K-8" in names.of(tx)
    with other.begin() as tx:
        rename(tx)
    with store.read() as tx:
        assert "Juniper" in names.of(tx)
    other.close()


def test_a_transaction_sees_its_own_change_at_once_and_leaves_nothing_where_it_fails(
    store: Store, names: Names
) -> None:
    def rename_and_fail() -> None:
        with store.begin() as tx:
            assert "Juniper K-8" in names.of(tx)
            rename_by_row(tx)
            assert "Juniper" in names.of(tx)
            raise RuntimeError

    before = edition_of(store)
    with pytest.raises(RuntimeError):
        rename_and_fail()
    assert edition_of(store) == before
    with store.read() as tx:
        assert "Juniper K-8" in names.of(tx)


def test_a_change_within_a_savepoint_that_is_given_up_is_not_kept(store: Store, names: Names) -> None:
    with store.begin() as tx:
        savepoint = tx.begin_nested()
        rename_by_row(tx)
        tx.flush()
        savepoint.rollback()
        assert "Juniper K-8" in names.of(tx)
    with store.read() as tx:
        assert "Juniper K-8" in names.of(tx)


WINTER = Closure(date(2027, 2, 8), date(2027, 2, 8), ClosureKind.SNOW, "Snow")
CHANGES: dict[str, Callable[[Tx], object]] = {
    "a person's name": lambda tx: tx.execute(update(PersonRow).values(family_name="Quill")),
    "a new person": lambda tx: people.add_person(tx, email="new@district.example", name="Nia Quill", on=DAY),
    "an assignment that ends": lambda tx: tx.execute(update(AssignmentRow).values(ends=DAY)),
    "an assignment that goes": lambda tx: tx.delete(tx.exec(select(AssignmentRow)).first()),
    "a snow day": lambda tx: calendar.put_closure(tx, WINTER, source="tests", uid="snow"),
    "a term that goes": lambda tx: tx.execute(delete(PeriodRow).where(PeriodRow.kind == "term")),  # type: ignore[arg-type]  # a comparison
    "an exception": lambda tx: tx.execute(insert(OpeningRow), [{"starts": DAY, "ends": DAY, "scope": "all"}]),
    "a focus": lambda tx: people.set_focus(tx, 1, "writing"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_every_change_of_roster_and_calendar_is_a_new_edition(
    store: Store, change: Callable[[Tx], object]
) -> None:
    before = edition_of(store)
    with store.begin() as tx:
        change(tx)
    assert before is not None
    assert edition_of(store) != before


def test_other_work_is_none(store: Store) -> None:
    before = edition_of(store)
    with store.begin() as tx:
        record.put_setting(tx, "anything", {"is": "else"})
        record.audit(tx, at=NOW, actor_id=None, action="looked", object="school:1")
    assert edition_of(store) == before


def test_the_district_knows_a_snow_day_in_the_transaction_that_declares_it(store: Store) -> None:
    with store.begin() as tx:
        assert load_district(tx).calendar.is_school_day(WINTER.starts)
        calendar.put_closure(tx, WINTER, source="tests", uid="snow")
        assert not load_district(tx).calendar.is_school_day(WINTER.starts)
    with store.read() as tx:
        first, second = load_district(tx), load_district(tx)
        assert not first.calendar.is_school_day(WINTER.starts)
        assert first.calendar is second.calendar


def test_no_more_is_kept_than_was_said(store: Store) -> None:
    kept: Kept[int] = Kept(most=2)
    with store.read() as tx:
        for key in (1, 2, 3):
            assert kept.get(tx, key, partial(int, key)) == key
        assert kept.get(tx, 3, lambda: 30) == 3
        assert kept.get(tx, 1, lambda: 10) == 10
