"""What a calendar's lines mean."""

import pytest

from protocols.cadence.calendar import ClosureKind
from protocols.cadence.closure_words import guess_kind, is_first_day, is_last_day, term_edge

HOLIDAY, STAFF, SNOW = ClosureKind.HOLIDAY, ClosureKind.STAFF_DAY, ClosureKind.SNOW
TESTING, PARTIAL, EARLY = ClosureKind.TESTING, ClosureKind.PARTIAL, ClosureKind.EARLY_RELEASE


@pytest.mark.parametrize(
    ("title", "category", "note", "kind"),
    [
        ("Founders' Day", "Schools Closed", "", HOLIDAY),
        ("Spring Recess", "", "", HOLIDAY),
        ("Fall break", "", "", HOLIDAY),
        ("Labor Day", "", "", HOLIDAY),
        ("Student holiday", "", "", HOLIDAY),
        ("NO SCHOOL - County fair", "", "", HOLIDAY),
        ("Professional Development", "", "", STAFF),
        ("Teacher workday (no school for students)", "", "", STAFF),
        ("Institute Day", "", "", STAFF),
        ("Superintendent's Conference Day", "", "", STAFF),
        ("Family conferences", "", "No classes that day.", STAFF),
        ("Snow day", "", "", SNOW),
        ("Closed for severe weather", "", "", SNOW),
        ("State testing window, grades 3-8", "", "", TESTING),
        ("Benchmark assessment window", "", "", TESTING),
        ("Final exams", "", "", TESTING),
        ("Early dismissal", "", "", EARLY),
        ("Early release: professional development", "", "", EARLY),
        ("Family conferences", "", "Students are dismissed two hours early.", EARLY),
        ("Half-day for students", "", "", EARLY),
        ("Staff learning day", "", "No school for high schools; all other students attend.", PARTIAL),
        ("Remote instruction", "", "", PARTIAL),
        ("Elementary schools only: no classes", "", "", PARTIAL),
        ("Evening family conferences", "", "", None),
        ("Board meeting", "", "", None),
        ("Holiday concert", "", "", None),
        ("Weather make-up day", "", "", None),
        ("Heritage Day (schools open)", "", "", None),
        ("Breakfast with the principal", "", "", None),
        ("Report cards before winter break", "", "", None),
        ("First Day of School", "", "", None),
    ],
)
def test_what_a_line_does_to_the_school_day(title, category, note, kind):
    assert guess_kind(title, category, note) is kind


@pytest.mark.parametrize(
    ("title", "first", "last"),
    [
        ("First Day of School", True, False),
        ("First day for students", True, False),
        ("Classes begin", True, False),
        ("Last Day of School for Students", False, True),
        ("School year ends", False, True),
        ("First day for teachers", False, False),
        ("First day of school after winter break", False, False),
        ("Last day of first semester", False, False),
        ("Last day of school before recess", False, False),
        ("Summer school begins", False, False),
    ],
)
def test_the_edges_of_a_school_year(title, first, last):
    assert (is_first_day(title), is_last_day(title)) == (first, last)


@pytest.mark.parametrize(
    ("title", "edge"),
    [
        ("Spring Semester Begins", ("semester", 2, True)),
        ("End of Quarter 1", ("quarter", 1, False)),
        ("2nd trimester starts", ("trimester", 2, True)),
        ("Last day of first semester", ("semester", 1, False)),
        ("Third quarter", None),
        ("Quarterly report", None),
    ],
)
def test_the_edges_of_terms(title, edge):
    assert term_edge(title) == edge
