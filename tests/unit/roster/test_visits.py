"""Visits out of a CSV."""

from datetime import date

import pytest

from protocols.roster.faults import RosterFaults
from protocols.roster.values import Roster, RosterPerson, RosterSchool
from protocols.roster.visits import VisitRecord, VisitStatus, read_visits_csv
from tests.computing import in_time

KNOWN = Roster(
    schools=(RosterSchool("S1", "Birch Elementary"), RosterSchool("S2", "Cedar Middle")),
    people=(RosterPerson("I1", "amara@maple.example", "Amara", "Nwosu"),),
)
TODAY = date(2026, 11, 10)
HEADING = "school,ild,date,kind,minutes,status,cancelled_by,reason\n"


def read(rows: str) -> tuple[VisitRecord, ...]:
    return read_visits_csv((HEADING + rows).encode(), known=KNOWN, today=TODAY)


def test_held_and_cancelled_visits_are_read() -> None:
    rows = "S1,I1,2026-10-05,learning walk,45,held,,\n"
    rows += "Cedar Middle,amara@maple.example,10/6/2026,,,Canceled,weather,Snow\n"
    assert read(rows) == (
        VisitRecord("S1", "I1", date(2026, 10, 5), "walkthrough", 45, VisitStatus.HELD, None, ""),
        VisitRecord("S2", "I1", date(2026, 10, 6), "other", None, VisitStatus.CANCELLED, "weather", "Snow"),
    )


def test_a_file_of_commas_alone_is_refused_in_a_sentence() -> None:
    with pytest.raises(RosterFaults, match="holds commas and blanks only"):
        read_visits_csv(b",,,\n , ,\n", known=KNOWN, today=TODAY)


def test_a_heading_of_a_hundred_thousand_columns_is_refused_without_comparing_each_with_each() -> None:
    with in_time(5), pytest.raises(RosterFaults, match="is there twice"):
        read_visits_csv(
            (",".join(["school", "ild", "date"] * 30_000) + "\n").encode(), known=KNOWN, today=TODAY
        )


def test_school_ild_and_date_are_enough() -> None:
    visits = read_visits_csv(b"School,ILD,Date\nS1,I1,2026-10-05\n", known=KNOWN, today=TODAY)
    assert visits[0].status is VisitStatus.HELD


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        pytest.param("S9,I1,2026-10-05,,,held,,", "school", "'S9'", id="an unknown school"),
        pytest.param("S1,I9,2026-10-05,,,held,,", "ild", "'I9'", id="an unknown ILD"),
        pytest.param("S1,,2026-10-05,,,held,,", "ild", "is empty", id="no ILD"),
        pytest.param("S1,I1,October,,,held,,", "date", "'October'", id="a day that is none"),
        pytest.param("S1,I1,2026-11-11,,,held,,", "date", "Wed 11 Nov 2026", id="a held visit to come"),
        pytest.param("S1,I1,2026-10-05,party,,held,,", "kind", "walkthrough", id="an unknown kind"),
        pytest.param("S1,I1,2026-10-05,,soon,held,,", "minutes", "'soon'", id="minutes in words"),
        pytest.param("S1,I1,2026-10-05,,0,held,,", "minutes", "1 to 600", id="no minutes"),
        pytest.param("S1,I1,2026-10-05,,,planned,,", "status", "held, cancelled", id="a planned visit"),
        pytest.param(
            "S1,I1,2026-10-05,,,cancelled,aliens,", "cancelled_by", "weather", id="an unknown canceller"
        ),
        pytest.param("S1,I1,2026-10-05,,,held,ild,", "cancelled_by", "was held", id="held and cancelled"),
        pytest.param("S1,I1,2026-10-04,,,held,,", "date", "line 2", id="the same visit twice"),
    ],
)
def test_a_bad_row_is_named_by_line_and_column(row: str, column: str, words: str) -> None:
    with pytest.raises(RosterFaults) as caught:
        read(f"S1,I1,2026-10-04,,,held,,\n{row}\n")
    (fault,) = caught.value.faults
    assert (fault.line, fault.column) == (3, column)
    assert words in str(fault)


def test_a_missing_column_is_a_fault() -> None:
    with pytest.raises(RosterFaults, match="column ild: is missing"):
        read_visits_csv(b"school,date\nS1,2026-10-05\n", known=KNOWN, today=TODAY)
