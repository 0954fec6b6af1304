"""A large invented district to measure on: 1,600 schools, 80 ILDs, ten years, 640,000 visits and what came of them.

``make`` fills a SQLite file; ``copy_to`` carries the same rows to PostgreSQL.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Integer, insert
from sqlmodel import SQLModel

from handlers.district import put_district
from protocols.cadence.calendar import Closure, ClosureKind, Half
from protocols.cadence.protected import ProtectedRule
from storage import calendar
from storage.database import Store, Tx
from storage.people import Role
from storage.tables import AssignmentRow, PersonRow, RoleRow, SchoolRow, VisitRow
from tests.bench import large_centre

SCHOOLS = 1600
ILDS = 80
VISITS = 640_000
FIRST_YEAR = 2016
TODAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
LEVELS = ("elementary", "elementary", "middle", "high", "k8")
CADENCES = (5, 10, 15, 20)
KINDS = ("walkthrough", "walkthrough", "coaching", "inquiry")
CANCELLERS = ("ild", "ild", "principal", "central_office", "weather")
WITNESSES = ("principal", "principal", "principal", "calendar", None)
EXECUTIVE = "executive@large.example"


TREES = (
    "Alder", "Ash", "Aspen", "Beech", "Birch", "Buckeye", "Catalpa", "Cedar", "Cherry", "Chestnut", "Cypress",
    "Dogwood", "Elder", "Elm", "Fir", "Hazel", "Hemlock", "Hickory", "Holly", "Hornbeam", "Juniper", "Larch", "Laurel",
    "Linden", "Locust", "Magnolia", "Maple", "Mulberry", "Oak", "Olive", "Pear", "Pecan", "Pine", "Plum", "Poplar",
    "Rowan", "Spruce", "Sumac", "Sycamore", "Walnut",
)  # fmt: skip
PLACES = (
    "Bay", "Bend", "Bluff", "Bridge", "Brook", "Canyon", "Cliff", "Corner", "Cove", "Creek", "Crossing", "Dale",
    "Falls", "Field", "Ford", "Forge", "Garden", "Glen", "Grove", "Harbor", "Heights", "Hill", "Hollow", "Island",
    "Lake", "Landing", "Meadow", "Mill", "Orchard", "Park", "Point", "Pond", "Prairie", "Ridge", "Shore", "Spring",
    "Terrace", "Trail", "Valley", "View",
)  # fmt: skip


def name_of(school: int) -> str:
    """A name as schools have: with numbers in their names, half of all questions would name one by accident."""
    return f"{TREES[school % len(TREES)]} {PLACES[school // len(TREES) % len(PLACES)]}"


SYLLABLES = ("ka", "lo", "mi", "ne", "ru", "sa", "ti", "vo", "ze", "ba")


def given_of(ild: int) -> str:
    """A first name that is nobody else's."""
    return (SYLLABLES[ild % 10] + SYLLABLES[ild // 10 % 10] + "n").title()


def make(folder: Path, *, schools: int = SCHOOLS, visits: int = VISITS) -> Store:
    """The district in a SQLite file of its own; about half a minute for the full size."""
    store = Store(f"sqlite:///{folder / f'large-{schools}.sqlite'}")
    store.migrate()
    with store.begin() as tx, roomy(tx.connection()):
        _put_calendar(tx)
        _put_people(tx, schools)
        _put_visits(tx, schools, visits)
        large_centre.put(tx, schools=schools, today=TODAY, now=NOW)
    return store


@contextmanager
def roomy(here: Connection) -> Iterator[None]:
    """With room for all that is written meanwhile; else SQLite's small cache is read and written a thousand times."""
    if here.dialect.name != "sqlite":
        yield
        return
    usual = here.exec_driver_sql("PRAGMA cache_size").scalar_one()
    here.exec_driver_sql("PRAGMA cache_size=-1000000")
    yield
    here.exec_driver_sql(f"PRAGMA cache_size={usual}")


def copy_to(store: Store, target: Store) -> None:
    """The same rows in an empty, migrated PostgreSQL database."""
    with (
        store.read() as tx,
        psycopg.connect(target.engine.url.set(drivername="postgresql").render_as_string()) as to,
    ):
        to.execute("SET session_replication_role = replica")
        for table in SQLModel.metadata.sorted_tables:
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            rows = tx.connection().exec_driver_sql(f'SELECT {columns} FROM "{table.name}"')
            to.execute(f'DELETE FROM "{table.name}"'.encode())
            with to.cursor().copy(f'COPY "{table.name}" ({columns}) FROM STDIN'.encode()) as copying:
                for row in rows:
                    copying.write_row(row)
            if "id" in table.columns and isinstance(table.columns["id"].type, Integer):
                to.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), coalesce(max(id), 1)) "
                    f'FROM "{table.name}"'.encode()
                )
    with psycopg.connect(
        target.engine.url.set(drivername="postgresql").render_as_string(), autocommit=True
    ) as to:
        to.execute("VACUUM ANALYZE")


def _put_calendar(tx: Tx) -> None:
    put_district(tx, name="Large", zone="America/New_York")
    for year in range(FIRST_YEAR, 2027):
        starts, ends = date(year, 9, 1), date(year + 1, 6, 20)
        calendar.put_period(tx, kind="year", label=f"{year}-{year + 1 - 2000}", starts=starts, ends=ends)
        calendar.put_period(tx, kind="term", label=f"Fall {year}", starts=starts, ends=date(year + 1, 1, 29))
        calendar.put_period(
            tx, kind="term", label=f"Spring {year + 1}", starts=date(year + 1, 2, 1), ends=ends
        )
        winter = Closure(date(year, 12, 23), date(year + 1, 1, 2), ClosureKind.HOLIDAY, "Winter break")
        calendar.put_closure(tx, winter, source="bench", uid=str(year))
    for weekday, half in ((1, Half.AM), (1, Half.PM), (2, Half.AM), (3, Half.AM), (3, Half.PM)):
        calendar.put_rule(tx, ProtectedRule(weekday, half, "all", date(FIRST_YEAR, 9, 1)))


def _put_people(tx: Tx, schools: int) -> None:
    begins = date(FIRST_YEAR, 9, 1)
    ilds = max(1, schools * ILDS // SCHOOLS)
    rows: list[dict[str, Any]] = [{"id": 1, "email": EXECUTIVE, "given_name": "Nia", "family_name": "Okonjo"}]
    rows += [
        {"id": 2 + i, "email": f"ild{i}@large.example", "given_name": given_of(i), "family_name": "Okafor"}
        for i in range(ilds)
    ]
    first_principal = 2 + ilds
    rows += [
        {
            "id": first_principal + i,
            "email": f"p{i}@large.example",
            "given_name": f"Pat{i}",
            "family_name": f"Roy{i}",
        }
        for i in range(schools)
    ]
    tx.execute(insert(PersonRow), [{"active": True, **row} for row in rows])
    tx.execute(insert(RoleRow), [{"person_id": 1, "role": Role.EXECUTIVE, "starts": begins}])
    tx.execute(
        insert(SchoolRow),
        [
            {
                "id": i + 1,
                "sourced_id": f"S{i}",
                "name": name_of(i),
                "level": LEVELS[i % 5],
                "focus": "",
                "active": True,
            }
            for i in range(schools)
        ],
    )
    tx.execute(
        insert(AssignmentRow),
        [
            {
                "school_id": i + 1,
                "ild_id": 2 + i * ilds // schools,
                "principal_id": first_principal + i,
                "network": f"Network {i * ilds // schools + 1}",
                "starts": begins,
                "cadence_days": CADENCES[i % 4],
            }
            for i in range(schools)
        ],
    )


def _put_visits(tx: Tx, schools: int, visits: int) -> None:
    chance = random.Random(640)
    first, last = date(FIRST_YEAR, 9, 1).toordinal(), TODAY.toordinal()
    days = [
        day
        for day in range(first, last + 1)
        if date.fromordinal(day).weekday() < 5 and date.fromordinal(day).month not in (7, 8)
    ]
    ilds = max(1, schools * ILDS // SCHOOLS)
    here = tx.connection()
    one = VisitRow(school_id=0, ild_id=0, day=0, half="am", kind="", status="", created_at=NOW)
    usual: dict[str, Any] = one.model_dump(exclude={"id"})
    batch: list[tuple[Any, ...]] = []
    for number in range(visits):
        school = chance.randrange(schools)
        is_cancelled = chance.random() < 0.1
        values = usual | {
            "school_id": school + 1,
            "ild_id": 2 + school * ilds // schools,
            "day": chance.choice(days),
            "half": "am",
            "minutes": 60,
            "kind": chance.choice(KINDS),
            "status": "cancelled" if is_cancelled else "held",
            "cancelled_by": chance.choice(CANCELLERS) if is_cancelled else None,
            "confirmed_by": None if is_cancelled else chance.choice(WITNESSES),
            "because": "",
            "led_to_next_step": not is_cancelled and chance.random() < 0.7,
            "useful": chance.randrange(1, 5) if not is_cancelled and chance.random() < 0.3 else None,
            "version": 1,
            "created_at": f"{NOW:%Y-%m-%d %H:%M:%S.000000}",
        }
        batch.append(tuple(values.values()))
        if len(batch) == 20_000 or number == visits - 1:
            # Past the mapper, which would take longer than all the rest.
            marks = ", ".join("?" * len(values))
            here.exec_driver_sql(f"INSERT INTO visit ({', '.join(values)}) VALUES ({marks})", batch)
            batch.clear()
