"""Imports that are killed at any step, begun again, or handed half a file: all of it once, or nothing."""

import random
import signal
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from storage.database import Store
from tests.faults.conftest import Injected
from tests.faults.invariants import Expected, faults
from tests.faults.processes import COUNT_STEPS, Machine, Process

SCHOOLS = 60
FIRST_DAY = date(2026, 9, 8)
TABLES = ("school", "person", "role", "assignment", "period", "visit", "audit")
TIMES = ("at", "created_at", "put_at", "moved_at")


def write_roster(folder: Path, *, schools: int = SCHOOLS, cut: bool = False) -> Path:
    """A roster in OneRoster's files, with an ILD for each twelve schools."""
    folder.mkdir(exist_ok=True)
    ilds = range(1 + (SCHOOLS - 1) // 12)
    numbers = range(schools)
    people = [f"I{n},Ida,Ild {n},ild{n}@maple.example" for n in ilds]
    people += [f"P{n},Pat,Principal {n},p{n}@maple.example" for n in numbers]
    roles = [f"I{n},D1,districtAdministrator" for n in ilds] + [f"P{n},S{n},principal" for n in numbers]
    rows = [f"S{n},I{n // 12},P{n},2026-08-15,,weekly,Network {n // 12}" for n in numbers]
    files = {
        "orgs.csv": [
            "sourcedId,status,name,type,parentSourcedId",
            "D1,active,Maple County,district,",
            *(f"S{n},active,School {n},school,D1" for n in numbers),
        ],
        "users.csv": ["sourcedId,givenName,familyName,email", *people],
        "roles.csv": ["userSourcedId,orgSourcedId,role", *roles],
        "academicSessions.csv": [
            "sourcedId,title,type,startDate,endDate",
            "Y,2026-27,schoolYear,2026-09-03,2027-06-25",
        ],
        "assignments.csv": ["school,ild,principal,from,to,cadence,network", *rows],
    }
    for name, lines in files.items():
        text = "\n".join(lines) + "\n"
        (folder / name).write_text(text[: len(text) * 2 // 3] if cut and name == "assignments.csv" else text)
    return folder


def write_visits(folder: Path) -> tuple[Path, list[tuple[str, date]]]:
    """Three visits of each school in a file; and what must be there after it."""
    there = [
        (f"School {n}", FIRST_DAY + timedelta(days=7 * week + n % 4))
        for n in range(SCHOOLS)
        for week in range(3)
    ]
    lines = ["school,ild,date,kind,minutes,status,cancelled_by,reason"]
    lines += [
        f"S{name.split()[1]},ild{int(name.split()[1]) // 12}@maple.example,{day},walkthrough,60,held,,"
        for name, day in there
    ]
    (file := folder / "visits.csv").write_text("\n".join(lines) + "\n")
    return file, there


def kept(file: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row but for the moment at which it was written."""
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        return {
            table: [
                {name: row[name] for name in row.keys() if name not in TIMES}  # noqa: SIM118 - a Row is no dict
                for row in connection.execute(f"SELECT * FROM {table}")
            ]
            for table in TABLES
        }


@cache
def _empty() -> Path:
    """A database as ``migrate`` leaves it."""
    file = Path(mkdtemp(prefix="empty-")) / "empty.sqlite"
    store = Store(f"sqlite:///{file}")
    store.migrate()
    store.close()
    return file


class Imports:
    """A database, a command that takes a file into it, and what it leaves when nothing disturbs it."""

    def __init__(self, machine: Machine, start: Path | None, *command: str) -> None:
        self.machine = machine
        self.start = start or _empty()
        self.command = command
        self.unbroken = self.fresh("unbroken")
        self.before = kept(self.unbroken)
        counted = self.run(self.unbroken, die_at=COUNT_STEPS)
        assert counted.code() == 0, counted.said()
        self.steps = counted.steps()
        self.after = kept(self.unbroken)
        assert self.after != self.before

    def fresh(self, name: str) -> Path:
        file = self.machine.folder / f"{self.command[0]}-{name}.sqlite"
        file.write_bytes(self.start.read_bytes())
        return file

    def run(self, file: Path, **how: Any) -> Process:
        return self.machine.run("import", *self.command, DATABASE_URL=f"sqlite:///{file}", **how)

    def kill(self, times: int, injected: Injected) -> list[Path]:
        """Kill it at that many random steps, each in a district of its own, and run it to its end."""
        chance = random.Random(times)
        files = []
        for number in range(times):
            file = self.fresh(f"killed-{number}")
            killed = self.run(file, die_at=chance.randint(1, self.steps))
            assert killed.code() == -signal.SIGKILL, killed.said()
            injected.count(kind=killed.step_of_death())
            assert kept(file) in (self.before, self.after), "half of it was written"
            again = self.run(file)
            assert again.code() == 0, again.said()
            assert kept(file) == self.after
            files.append(file)
        injected.figures = f"each at one of {self.steps} steps"
        return files


@pytest.mark.long
@pytest.mark.fault(20, "`import roster` killed at random steps and run again (processes)")
def test_a_roster_import_killed_anywhere_is_there_wholly_or_not_at_all(
    machine: Machine, injected: Injected, kills: int, tmp_path: Path
) -> None:
    imports = Imports(machine, None, "roster", str(write_roster(tmp_path / "roster")))
    for file in imports.kill(max(kills // 10, 1), injected):
        assert faults(f"sqlite:///{file}") == []


@pytest.mark.fault(20, "`import visits` killed at random steps and run again (processes)")
def test_a_visit_import_killed_anywhere_loses_no_visit_and_counts_none_twice(
    machine: Machine, injected: Injected, kills: int, tmp_path: Path
) -> None:
    roster = Imports(machine, None, "roster", str(write_roster(tmp_path / "roster")))
    file, there = write_visits(tmp_path)
    imports = Imports(machine, roster.unbroken, "visits", str(file))
    for killed in imports.kill(max(kills // 10, 1), injected):
        assert faults(f"sqlite:///{killed}", expected=Expected(visits=there)) == []


@pytest.mark.long
@pytest.mark.fault(20, "a file cut in its middle, then nine rows in ten gone (processes)")
def test_half_a_file_and_a_tenth_of_the_rows_change_nothing(
    machine: Machine, injected: Injected, tmp_path: Path
) -> None:
    imports = Imports(machine, None, "roster", str(write_roster(tmp_path / "roster")))
    for how in ({"cut": True}, {"schools": SCHOOLS // 10}):
        write_roster(tmp_path / "roster", **how)
        refused = imports.run(imports.unbroken)
        assert refused.code() == 1, refused.said()
        assert kept(imports.unbroken) == imports.after
        injected.count()
    assert "--yes" in refused.said()
    assert (
        imports.machine.run(
            "import",
            "roster",
            str(tmp_path / "roster"),
            "--yes",
            DATABASE_URL=f"sqlite:///{imports.unbroken}",
        ).code()
        == 0
    )
    assert kept(imports.unbroken) != imports.after
