"""The questions of executives on ten years of a large district, each beside the same figures in hand-written SQL.

Milliseconds from the words to the answer, how many of them are the database's own, those of the hand-written
statements, and how many times these the answer takes; first that both say the same. An answer's time has the
understanding of the words, the rights, the chart as data and the audit row in it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import event, text

from handlers.answers import insight
from handlers.district import load_district
from handlers.turn import Turn
from protocols.cadence.calendar import Half
from protocols.cadence.protected import MINUTES_OF, Audience, protected_halves
from storage import people
from storage.database import Store, Tx
from tests.bench import large
from tests.bench.ground import Ground
from tests.bench.insight_sql import ALL, Asked
from tests.bench.tables import Column, Report
from tests.bench.timing import medians

FIRST, LAST = date(2026, 9, 1), large.TODAY
ROUNDS = 5
MOST_TIMES, MOST_MILLISECONDS = 1.5, 200


def ask(store: Store, question: str) -> dict[str, Any]:
    """The answer as a program gets it."""
    with store.begin() as tx:
        person = people.find_by_email(tx, large.EXECUTIVE, on=large.TODAY)
        assert person is not None
        turn = Turn(tx=tx, person=person, now=large.NOW, district=load_district(tx), key="bench")
        found = insight.ask(turn, question, context=None)
        assert "understood" in found, found
        return found


def put_ruler(store: Store) -> None:
    """A table of days, as whoever writes reports by hand keeps one: month, term, school days so far, protected
    minutes of all principals together."""
    with store.begin() as tx:
        tx.execute(text("CREATE TABLE ruler (day integer PRIMARY KEY, position integer, month text, term text, "
                        "protected integer)"))  # fmt: skip
        tx.execute(
            text("INSERT INTO ruler VALUES (:day, :position, :month, :term, :protected)"), list(_days(tx))
        )


def _days(tx: Tx) -> Iterator[dict[str, Any]]:
    district = load_district(tx)
    calendar = district.calendar
    begins, ends = date(large.FIRST_YEAR, 7, 1), date(2027, 7, 1)
    audience = Audience.of(network="Network 1", role="principal")
    minutes: dict[date, int] = {}
    for day, half in protected_halves(begins, ends, district.rules, calendar, audience):
        minutes[day] = minutes.get(day, 0) + MINUTES_OF[Half(half)]
    for ordinal in range(begins.toordinal(), ends.toordinal()):
        day = date.fromordinal(ordinal)
        term = calendar.term_of(day)
        yield {
            "day": ordinal,
            "position": calendar.position(day),
            "month": f"{day:%b %Y}",
            "term": term.label if term else "between terms",
            "protected": minutes.get(day, 0),
        }


def query(store: Store, asked: Asked) -> list[list[tuple[Any, ...]]]:
    """The rows of each hand-written statement."""
    values = {
        "since": FIRST.toordinal(), "until": LAST.toordinal(), "first": FIRST, "last": LAST,
        "before": date(2026, 2, 1).toordinal(), "before_until": date(2026, 6, 20).toordinal(),
        "ever": date(2016, 9, 1).toordinal(), "days": _school_days(store),
    }  # fmt: skip
    with store.read() as tx:
        found = []
        for statement in asked.statements:
            own = {name: value for name, value in values.items() if f":{name}" in statement}
            found.append([tuple(row) for row in tx.connection().execute(text(statement), own)])
        return found


_COUNTED: dict[str, int] = {}


def _school_days(store: Store) -> int:
    if store.url not in _COUNTED:
        with store.read() as tx:
            _COUNTED[store.url] = load_district(tx).calendar.count_school_days(FIRST, LAST)
    return _COUNTED[store.url]


def differs(store: Store, asked: Asked) -> str:
    """What the answer says otherwise than the hand-written statement; empty where both say the same."""
    if not asked.gives_groups:
        return ""
    rows = ask(store, asked.question)["rows"]
    ours = {row["name"].casefold(): round(row["value"] or 0, 3) for row in rows}
    theirs = {str(name).casefold(): round(float(value or 0), 3) for name, value in query(store, asked)[0]}
    ours, theirs = ({name: value for name, value in one.items() if value} for one in (ours, theirs))
    wrong = [name for name in {*ours, *theirs} if abs(ours.get(name, 0) - theirs.get(name, 0)) > 0.0011]
    return ", ".join(f"{name}: {ours.get(name)} and not {theirs.get(name)}" for name in sorted(wrong)[:3])


@contextmanager
def heard(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are sent meanwhile, with their values."""
    sent: list[tuple[str, Any]] = []

    def listen(_c: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            sent.append((statement, values))

    event.listen(store.engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        event.remove(store.engine, "before_cursor_execute", listen)


def database_time(store: Store, question: str) -> Callable[[], None]:
    """Sends what an answer sends, through the bare driver."""
    with heard(store) as sent:
        ask(store, question)
    raw = store.engine.raw_connection()

    def send() -> None:
        cursor = raw.cursor()
        for statement, values in sent:
            cursor.execute(statement, values)
            cursor.fetchall()
        cursor.close()
        raw.rollback()

    return send


def measure(store: Store, asked: Asked) -> list[float]:
    """Medians in milliseconds: asked, the database's own part, by hand. They take turns."""
    return medians(
        lambda: ask(store, asked.question),
        database_time(store, asked.question),
        lambda: query(store, asked),
        rounds=ROUNDS,
    )


def show(report: Report, store: Store, where: str) -> None:
    """The table of one database."""
    put_ruler(store)
    table = report.table(
        f"Executives' questions on ten years of visits ({where})",
        Column("asked", "from the words to the answer: rights, witnesses, chart and audit row included"),
        Column("database", "how much of it the database takes for the same statements"),
        Column("by hand", "the same figures in hand-written SQL"),
        Column("times", "the first over the third", ",.2f"),
    )
    slow, many_times, wrong = [], [], []
    for asked in ALL:
        if says := differs(store, asked):
            wrong.append(f"{asked.question} ({says})")
        whole, database, by_hand = measure(store, asked)
        table.row(asked.question, whole, database, by_hand, whole / by_hand)
        if whole > MOST_MILLISECONDS:
            slow.append(asked.question)
        if whole / by_hand > MOST_TIMES:
            many_times.append(asked.question)
    table.aim(f"an answer within {MOST_MILLISECONDS} ms ({where})", slow)
    table.aim(f"an answer within {MOST_TIMES} times hand-written SQL ({where})", many_times)
    table.aim(f"an answer says what hand-written SQL says ({where})", wrong)


def run(report: Report, ground: Ground) -> None:
    for where, store in ground.districts(report):
        show(report, store, where)
