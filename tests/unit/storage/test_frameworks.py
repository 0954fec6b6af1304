"""The framework in force, and those that were: kept, because runs refer to them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from protocols.frameworks.files import packaged
from storage import frameworks
from storage.database import Store
from storage.tables import FrameworkRow

NOW = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
OURS = replace(packaged(), key="ours", title="Our framework")
NEXT = replace(OURS, title="Our framework, second edition")


def test_the_packaged_one_is_in_force_until_the_district_has_its_own(store: Store) -> None:
    with store.begin() as tx:
        assert frameworks.in_force(tx) == packaged()
        assert frameworks.save(tx, OURS, at=NOW, by=None)
        assert frameworks.in_force(tx) == OURS


def test_the_same_one_again_changes_nothing(store: Store) -> None:
    with store.begin() as tx:
        assert not frameworks.save(tx, packaged(), at=NOW, by=None)
        assert frameworks.save(tx, OURS, at=NOW, by=None)
        assert not frameworks.save(tx, OURS, at=NOW + timedelta(days=1), by=None)
        (row,) = tx.exec(select(FrameworkRow))
        assert row.loaded_at == NOW


def test_one_is_in_force_and_the_others_are_found_by_their_version(store: Store) -> None:
    with store.begin() as tx:
        for framework in (OURS, NEXT):
            frameworks.save(tx, framework, at=NOW, by=None)
        assert [row.title for row in tx.exec(select(FrameworkRow)) if row.is_current] == [NEXT.title]
        assert [frameworks.get_version(tx, one.version) for one in (OURS, NEXT, packaged())] == [
            OURS,
            NEXT,
            packaged(),
        ]
        assert frameworks.get_version(tx, "0" * 12) is None


def test_one_can_go_back_to_an_earlier_one_and_to_the_packaged_one(store: Store) -> None:
    with store.begin() as tx:
        for framework in (OURS, NEXT, OURS):
            assert frameworks.save(tx, framework, at=NOW, by=None)
        assert frameworks.in_force(tx) == OURS
        assert frameworks.save(tx, packaged(), at=NOW, by=None)
        assert frameworks.in_force(tx) == packaged()
        assert frameworks.get_version(tx, NEXT.version) == NEXT
        assert len(tx.exec(select(FrameworkRow)).all()) == 2
