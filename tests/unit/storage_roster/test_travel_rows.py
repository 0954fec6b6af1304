"""Ways between schools as rows."""

import pytest

from protocols.roster.travel import Ways
from storage import travel
from storage.database import Store
from storage.travel import TravelImport
from tests.conversations.test_visits import person_id, school_id
from tests.district import NOW

LINCOLN, ROOSEVELT, HARBOR = "s-Lincoln Middle", "s-Roosevelt High", "s-Harbor Elementary"


def take(store: Store, ways: dict[tuple[str, str], int]) -> TravelImport:
    with store.begin() as tx:
        return travel.take_in(tx, Ways(ways), now=NOW)


def test_a_file_is_laid_over_what_is_there(store: Store) -> None:
    assert take(store, {(LINCOLN, ROOSEVELT): 12, (HARBOR, LINCOLN): 30}) == TravelImport(2, 0, 0)
    assert take(store, {(LINCOLN, ROOSEVELT): 15, (ROOSEVELT, LINCOLN): 20}) == TravelImport(1, 1, 0)
    assert take(store, {(LINCOLN, ROOSEVELT): 15}) == TravelImport(0, 0, 1)
    lincoln, roosevelt = school_id(store, "Lincoln Middle"), school_id(store, "Roosevelt High")
    with store.read() as tx:
        assert travel.of(tx, [lincoln, roosevelt]) == {(lincoln, roosevelt): 15, (roosevelt, lincoln): 20}
        assert travel.count(tx) == 3


def test_a_school_that_is_not_there_stops_it(store: Store) -> None:
    with pytest.raises(KeyError):
        take(store, {(LINCOLN, "s-nowhere"): 12})


def test_a_way_is_forgotten_in_both_directions(store: Store) -> None:
    take(store, {(LINCOLN, ROOSEVELT): 12, (ROOSEVELT, LINCOLN): 20, (HARBOR, LINCOLN): 30})
    pair = school_id(store, "Roosevelt High"), school_id(store, "Lincoln Middle")
    with store.begin() as tx:
        assert travel.forget(tx, *pair)
        assert not travel.forget(tx, *pair)
        assert travel.count(tx) == 1


def test_one_visit_a_half_day_unless_the_ild_wants_two(store: Store) -> None:
    imani, tomas = person_id(store, "imani.brooks"), person_id(store, "tomas.rivera")
    with store.begin() as tx:
        assert not travel.takes_two(tx, imani)
        travel.choose(tx, imani, two=True)
        assert (travel.takes_two(tx, imani), travel.takes_two(tx, tomas)) == (True, False)
        travel.choose(tx, imani, two=False)
        assert not travel.takes_two(tx, imani)
