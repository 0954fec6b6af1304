"""How rosters write days, rhythms, addresses and levels."""

from datetime import date

import pytest

from protocols.roster.values import Level
from protocols.roster.words import level_of, read_cadence, read_day, read_email, read_role


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("weekly", 5),
        ("Weekly", 5),
        ("every week", 5),
        ("1 week", 5),
        ("biweekly", 10),
        ("bi-weekly", 10),
        ("every two weeks", 10),
        ("every 2 weeks", 10),
        ("three weeks", 15),
        ("every three weeks", 15),
        ("3 weeks", 15),
        ("monthly", 20),
        ("4 weeks", 20),
        ("12 school days", 12),
        ("every 7 school days", 7),
        ("8 days", 8),
        ("15", 15),
        ("0 school days", None),
        ("999 school days", None),
        ("often", None),
        ("", None),
        ("every two", None),
    ],
)
def test_a_rhythm_is_a_number_of_school_days(text: str, days: int | None) -> None:
    assert read_cadence(text) == days


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-09-03", date(2026, 9, 3)),
        ("2026-09-03T00:00:00.000Z", date(2026, 9, 3)),
        ("9/3/2026", date(2026, 9, 3)),
        ("09/03/26", date(2026, 9, 3)),
        ("2026-13-01", None),
        ("30/9/2026", None),
        ("3062-09-03", None),
        ("²026-09-03", None),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_a_day_is_iso_or_american(text: str, day: date | None) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("Mina.Rao@Maple.Example", "mina.rao@maple.example"),
        ("o'neill+x@k12.maple.example", "o'neill+x@k12.maple.example"),
        ("mina", None),
        ("mina@maple", None),
        ("mina@@maple.example", None),
        ("mina@maple.example,rao@maple.example", None),
        ("mina@maple..example", None),
        ("<b>@maple.example", None),
    ],
)
def test_an_address_is_lower_case_or_refused(text: str, email: str | None) -> None:
    assert read_email(text) == email


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("Birch Elementary", Level.ELEMENTARY),
        ("Highland Elementary School", Level.ELEMENTARY),
        ("P.S. 900 Ida Vance", Level.ELEMENTARY),
        ("PS 77", Level.ELEMENTARY),
        ("Middle Creek High School", Level.HIGH),
        ("Highland Middle", Level.MIDDLE),
        ("Ash Junior High", Level.MIDDLE),
        ("J.H.S. 901 Ash", Level.MIDDLE),
        ("M.S. 902", Level.MIDDLE),
        ("P.S./I.S. 903", Level.K8),
        ("Oak K-8", Level.K8),
        ("Fir PreK-8 School", Level.K8),
        ("The High School for Water", Level.HIGH),
        ("High Bridge Academy of Arts", None),
        ("Elm Academy", None),
    ],
)
def test_a_level_is_told_from_a_name(name: str, level: Level | None) -> None:
    assert level_of(stated="", grades="", name=name) == level


@pytest.mark.parametrize(
    ("grades", "level"),
    [
        ("KG,01,02,03,04,05", Level.ELEMENTARY),
        ("PK-5", Level.ELEMENTARY),
        ("06,07,08", Level.MIDDLE),
        ("9-12", Level.HIGH),
        ("K-8", Level.K8),
        ("6-12", None),
        ("K-12", None),
        ("", None),
    ],
)
def test_a_level_is_told_from_grades(grades: str, level: Level | None) -> None:
    assert level_of(stated="", grades=grades, name="Elm Academy") == level


def test_a_stated_level_comes_before_grades_and_name() -> None:
    assert level_of(stated="High School", grades="K-5", name="Birch Elementary") == Level.HIGH


@pytest.mark.parametrize("word", ["student", "guardian", "teacher", "ext:learner", ""])
def test_students_families_teachers_and_unknown_roles_are_not_kept(word: str) -> None:
    assert read_role(word) is None
