"""What a process holds of the machine's memory while it does the largest things.

Each thing in a process of its own that has loaded what the web process loads, so that what is left of one does not
count for another. The figures are the kernel's: resident memory, and the most of it there was at any time.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from handlers.district import put_district
from protocols.roster.reading import read_roster
from storage.database import Store
from storage.roster import apply_roster, load_roster
from tests.bench import digests, insight, large
from tests.bench.ground import Ground
from tests.bench.insight_sql import ALL
from tests.bench.tables import Column, Report

STATUS = Path("/proc/self/status")
NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Held:
    """Megabytes before, after, and the most there was."""

    before: float
    after: float
    most: float


def megabytes(name: str) -> float:
    """A figure of this process as the kernel has it."""
    line = next(one for one in STATUS.read_text().splitlines() if one.startswith(f"{name}:"))
    return int(line.split()[1]) * 1024 / 1e6


def _held(work: Callable[[Store], None], url: str) -> Held:
    """In the child: what the work takes."""
    import bot.server  # noqa: F401 - what the web process loads, in the child alone

    store = Store(url)
    with store.read() as tx:
        load_roster(tx)
    before = megabytes("VmRSS")
    work(store)
    held = Held(before, megabytes("VmRSS"), megabytes("VmHWM"))
    store.close()
    return held


def hold(work: Callable[[Store], None], url: str) -> Held:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_held, work, url).result()


def nothing(_store: Store) -> None:
    """As it is before anybody has written."""


def questions(store: Store) -> None:
    for asked in ALL:
        insight.ask(store, asked.question)


def questions_again(store: Store) -> None:
    for _ in range(5):
        questions(store)


def take_in(store: Store) -> None:
    """A roster of 1,600 schools into an empty district."""
    with store.read() as tx:
        known = load_roster(tx)
    roster = read_roster(roster_files(), known=known)
    with store.begin() as tx:
        apply_roster(tx, roster, now=NOW, today=NOW.date(), confirmed=False)


def roster_files(schools: int = large.SCHOOLS) -> dict[str, bytes]:
    """A OneRoster of so many schools, as it would be exported."""
    numbers, ilds = range(schools), range(large.ILDS)
    lines = {
        "orgs.csv": [
            "sourcedId,status,name,type,parentSourcedId",
            "D1,active,Large,district,",
            *(f"S{n},active,{large.name_of(n)},school,D1" for n in numbers),
        ],
        "users.csv": [
            "sourcedId,givenName,familyName,email",
            *(f"I{n},{large.given_of(n)},Okafor,ild{n}@large.example" for n in ilds),
            *(f"P{n},Pat{n},Roy{n},p{n}@large.example" for n in numbers),
        ],
        "roles.csv": [
            "userSourcedId,orgSourcedId,role",
            *(f"I{n},D1,districtAdministrator" for n in ilds),
            *(f"P{n},S{n},principal" for n in numbers),
        ],
        "academicSessions.csv": [
            "sourcedId,title,type,startDate,endDate",
            "Y,2026-27,schoolYear,2026-09-03,2027-06-25",
        ],
        "assignments.csv": [
            "school,ild,principal,from,to,cadence,network",
            *(
                f"S{n},I{n * large.ILDS // schools},P{n},2026-09-01,,weekly,Network {n * large.ILDS // schools + 1}"
                for n in numbers
            ),
        ],
    }
    return {name: ("\n".join(some) + "\n").encode() for name, some in lines.items()}


def empty_district(folder: Path) -> Store:
    store = Store(f"sqlite:///{folder / 'empty.sqlite'}")
    store.migrate()
    with store.begin() as tx:
        put_district(tx, name="Large", zone="America/New_York")
    return store


def run(report: Report, ground: Ground) -> None:
    if not STATUS.exists():
        report.missing("Not measured here: this machine has no /proc, which says what a process holds.")
        return
    table = report.table(
        "Resident memory of a process in megabytes",
        Column(
            "before", "with everything loaded that the web process loads, and the roster read once", ",.0f"
        ),
        Column("after", form=",.0f"),
        Column("the most", "at any time, the loading included", ",.0f"),
    )

    def row(name: str, work: Callable[[Store], None], store: Store) -> None:
        held = hold(work, store.url)
        table.row(name, held.before, held.after, held.most)

    with_years = ground.sqlite()
    row("nothing yet", nothing, with_years)
    row(f"the {len(ALL)} questions of executives, once", questions, with_years)
    row("the same, five times", questions_again, with_years)
    with_years.close()
    to_tell = digests.make(ground.folder())
    row(f"{large.SCHOOLS:,} digests built and queued", digests.build, to_tell)
    to_tell.close()
    empty = empty_district(ground.folder())
    row(f"a roster of {large.SCHOOLS:,} schools taken in", take_in, empty)
    empty.close()
