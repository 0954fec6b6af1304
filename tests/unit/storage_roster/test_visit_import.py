"""Visits out of a file are written once."""

from datetime import UTC, date, datetime

from sqlmodel import select

from protocols.roster.visits import read_visits_csv
from storage.database import Store
from storage.roster import load_roster
from storage.tables import VisitRow
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
