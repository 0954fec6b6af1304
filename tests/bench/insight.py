"""Story E on 640,000 visits: each question as asked in chat, against the same figure in hand-written SQL.

``python -m tests.bench.insight`` prints milliseconds and ratios. The question's time includes understanding the
words, the permission of every school, the figures, the chart as data, the CSV and the audit row.
"""

import tempfile
from datetime import date
from pathlib import Path

from sqlalchemy import text

from handlers.answers import insight
from handlers.district import load_district
from handlers.turn import Turn
from storage import people
from storage.database import Store
from tests.bench import large
from tests.bench.timing import compare, print_head, print_row

SINCE = date(2026, 9, 1).toordinal()
UNTIL = large.TODAY.toordinal()
QUESTIONS = (
    (
        "visits since September by ILD",
        "SELECT ild_id, count(*) FROM visit WHERE status = 'held' AND day BETWEEN :since AND :until GROUP BY ild_id",
    ),
    (
        "visits since September by school",
        "SELECT school_id, count(*) FROM visit WHERE status = 'held' AND day BETWEEN :since AND :until "
        "GROUP BY school_id",
    ),
    (
        "schools not visited for three weeks",
        "SELECT school_id, max(day) FROM visit WHERE status = 'held' AND day <= :until "
        "GROUP BY school_id HAVING max(day) <= :until - 21",
    ),
    (
        "visits this semester against last semester",
        "SELECT sum(day >= :since), sum(day < :since) FROM visit "
        "WHERE status = 'held' AND day BETWEEN :since - 212 AND :until",
    ),
    (
        "share of intervals kept this school year",
        "SELECT school_id, day, day - lag(day) OVER (PARTITION BY school_id ORDER BY day) FROM visit "
        "WHERE status = 'held' AND day BETWEEN :since AND :until",
    ),
    (
        "visits cancelled since September and why",
        "SELECT cancelled_by, count(*) FROM visit WHERE status = 'cancelled' AND day BETWEEN :since AND :until "
        "GROUP BY cancelled_by",
    ),
)


def ask(store: Store, question: str) -> None:
    with store.begin() as tx:
        person = people.find_by_email(tx, large.EXECUTIVE, on=large.TODAY)
        assert person is not None
        turn = Turn(tx=tx, person=person, now=large.NOW, district=load_district(tx), key="bench")
        found = insight.ask(turn, question, context=None)
        assert "understood" in found, found


def query(store: Store, statement: str) -> None:
    with store.read() as tx:
        tx.execute(text(statement), {"since": SINCE, "until": UNTIL}).all()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = large.make(Path(folder))
        print_head("Story E on 640,000 visits (SQLite), milliseconds", "asked", "bare SQL")
        for question, statement in QUESTIONS:
            ratio = compare(
                lambda question=question: ask(store, question),
                lambda statement=statement: query(store, statement),
                rounds=7,
            )
            print_row(question, ratio)
        store.close()


if __name__ == "__main__":
    main()
