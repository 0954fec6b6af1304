"""Membership in a list of ids that is sent as one value."""

import pytest
from sqlalchemy import Table, insert, not_, select

from storage.among import among, among_given
from storage.database import Store
from storage.tables import PersonRow
from storage.tables.columns import table_of

PERSON: Table = table_of(PersonRow)
FIRST = 5000


@pytest.fixture
def five(store: Store) -> Store:
    with store.begin() as tx:
        rows = [
            {"id": FIRST + n, "email": f"a{n}@b.c", "given_name": "A", "family_name": "B"} for n in range(5)
        ]
        tx.execute(insert(PERSON), [{"active": True, **row} for row in rows])
    return store


@pytest.mark.parametrize(
    ("ids", "found"),
    [([], []), ([1], [1]), ([3, 1, 1], [1, 3]), ([4, 70], [4]), (range(1000), [0, 1, 2, 3, 4])],
)
def test_those_of_the_list_are_found_beside_other_conditions_and_the_others_with_not(
    five: Store, ids: list[int], found: list[int]
) -> None:
    wanted = [FIRST + n for n in ids]
    here = PERSON.c.id.between(FIRST, FIRST + 4)
    with five.read() as tx:
        inside = select(PERSON.c.id).where(among(PERSON.c.id, wanted), here, PERSON.c.active)
        outside = select(PERSON.c.id).where(not_(among(PERSON.c.id, wanted)), here, PERSON.c.active)
        given = select(PERSON.c.id).where(among_given(PERSON.c.id, "ids"), here)
        assert sorted(tx.execute(inside).scalars()) == [FIRST + n for n in found]
        assert sorted(tx.execute(outside).scalars()) == [FIRST + n for n in range(5) if n not in found]
        assert sorted(tx.execute(given, {"ids": wanted}).scalars()) == [FIRST + n for n in found]


def test_on_sqlite_the_rows_are_found_by_their_index(five: Store) -> None:
    query = select(PERSON.c.given_name).where(among(PERSON.c.id, [FIRST, FIRST + 1]), PERSON.c.active)
    with five.read() as tx:
        sql = str(query.compile(five.engine, compile_kwargs={"render_postcompile": True}))
        plan = tx.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", ("[5000, 5001]",)).all()
    assert any(str(row[-1]).startswith("SEARCH person USING INTEGER PRIMARY KEY") for row in plan), plan
