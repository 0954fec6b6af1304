"""A policy of protected time as people write it, as tables."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.calendar import Half
from protocols.cadence.protected_words import Days, Policy, PolicyFault, read_policy, week_of

TODAY = date(2026, 11, 30)  # a Monday
AM, PM = Half.AM, Half.PM
MON, TUE, WED, THU, FRI = range(5)


@pytest.mark.parametrize(
    ("words", "windows"),
    [
        ("Tuesday morning", [(TUE, AM)]),
        ("tue am", [(TUE, AM)]),
        ("Tuesday and Thursday mornings", [(TUE, AM), (THU, AM)]),
        ("Tuesday morning and Wed pm, Fri afternoons", [(TUE, AM), (WED, PM), (FRI, PM)]),
        ("Mondays, Tuesdays & Fridays in the afternoon", [(MON, PM), (TUE, PM), (FRI, PM)]),
        ("Tuesday all day", [(TUE, AM), (TUE, PM)]),
        ("Tuesday morning and afternoon", [(TUE, AM), (TUE, PM)]),
        ("mornings", [(day, AM) for day in range(5)]),
        ("every morning", [(day, AM) for day in range(5)]),
        ("Monday to Thursday mornings", [(MON, AM), (TUE, AM), (WED, AM), (THU, AM)]),
        ("Sunday to Tuesday mornings", [(MON, AM), (TUE, AM)]),
        ("Sun-Sat afternoons", [(day, PM) for day in range(5)]),
        ("Thursday to Monday mornings", [(MON, AM), (THU, AM), (FRI, AM)]),
    ],
)
def test_half_days_of_every_week(words: str, windows: list[tuple[int, Half]]) -> None:
    assert read_policy(words, TODAY) == Policy(windows=tuple(windows))


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("Wednesday 12 May morning", [Days(date(2027, 5, 12), date(2027, 5, 12), AM)]),
        ("12 May", [Days(date(2027, 5, 12), date(2027, 5, 12))]),
        ("12 May all day", [Days(date(2027, 5, 12), date(2027, 5, 12))]),
        ("May 12 in the afternoon", [Days(date(2027, 5, 12), date(2027, 5, 12), PM)]),
        ("this morning", [Days(TODAY, TODAY, AM)]),
        ("tomorrow afternoon", [Days(date(2026, 12, 1), date(2026, 12, 1), PM)]),
        ("next Tuesday morning", [Days(date(2026, 12, 8), date(2026, 12, 8), AM)]),
        (
            "12 and 19 May mornings",
            [Days(date(2027, 5, 12), date(2027, 5, 12), AM), Days(date(2027, 5, 19), date(2027, 5, 19), AM)],
        ),
        (
            "Wednesday, 12 May morning and Friday, 14 May afternoon",
            [Days(date(2027, 5, 12), date(2027, 5, 12), AM), Days(date(2027, 5, 14), date(2027, 5, 14), PM)],
        ),
        ("from 22 to 26 June", [Days(date(2027, 6, 22), date(2027, 6, 26))]),
        ("22 June to 26 June mornings", [Days(date(2027, 6, 22), date(2027, 6, 26), AM)]),
        ("next week", [Days(date(2026, 12, 7), date(2026, 12, 11))]),
        ("this week", [Days(date(2026, 11, 30), date(2026, 12, 4))]),
        ("the last week of May", [Days(date(2027, 5, 24), date(2027, 5, 28))]),
        ("the last week of June", [Days(date(2027, 6, 28), date(2027, 7, 2))]),
        ("the first week of June", [Days(date(2027, 5, 31), date(2027, 6, 4))]),
        ("the week of 6 June", [Days(date(2027, 6, 7), date(2027, 6, 11))]),
        ("the week of 7 June", [Days(date(2027, 6, 7), date(2027, 6, 11))]),
        ("the week of 12 June", [Days(date(2027, 6, 7), date(2027, 6, 11))]),
    ],
)
def test_days_by_date(words: str, days: list[Days]) -> None:
    assert read_policy(words, TODAY) == Policy(days=tuple(days))


def test_a_week_that_starts_on_sunday_and_one_that_starts_on_monday_are_the_same_school_days() -> None:
    sunday = date(2026, 12, 6)
    assert {week_of(sunday + timedelta(days=offset)) for offset in range(7)} == {
        (date(2026, 12, 7), date(2026, 12, 11))
    }


@pytest.mark.parametrize(
    ("words", "whom", "starts", "ends", "reason"),
    [
        ("Tuesday morning for North Network", "North Network", None, None, ""),
        ("Tuesday morning for the ILDs because visits come first.", "ILDs", None, None, "visits come first"),
        ("Tuesday morning from 4 January", "", date(2027, 1, 4), None, ""),
        ("Tuesday morning from 4 January on", "", date(2027, 1, 4), None, ""),
        ("Tuesday morning until 11 June", "", None, date(2027, 6, 11), ""),
        (
            "Tuesday morning for North Network from 4 January to 11 June because of the new curriculum",
            "North Network",
            date(2027, 1, 4),
            date(2027, 6, 11),
            "the new curriculum",
        ),
        (
            "Tuesday morning from 4 January until 11 June for principals",
            "principals",
            date(2027, 1, 4),
            date(2027, 6, 11),
            "",
        ),
        ("Tuesday morning starting 4 January until 1 December", "", date(2027, 1, 4), date(2027, 12, 1), ""),
    ],
)
def test_for_whom_from_when_to_when_and_why(
    words: str, whom: str, starts: date | None, ends: date | None, reason: str
) -> None:
    read = read_policy(words, TODAY)
    assert (read.whom, read.starts, read.ends, read.reason) == (whom, starts, ends, reason)
    assert read.windows == ((TUE, AM),)


@pytest.mark.parametrize(
    ("words", "exceptions"),
    [
        ("Tuesday morning except 11 May", [Days(date(2027, 5, 11), date(2027, 5, 11))]),
        (
            "Tuesday morning except for 11 May and 18 May",
            [Days(date(2027, 5, 11), date(2027, 5, 11)), Days(date(2027, 5, 18), date(2027, 5, 18))],
        ),
        ("Tuesday morning, except the last week of May", [Days(date(2027, 5, 24), date(2027, 5, 28))]),
        ("Tuesday morning except from 22 June to 26 June", [Days(date(2027, 6, 22), date(2027, 6, 26))]),
        (
            "Tuesday morning except the week of 6 June for principals from 4 January because it is exam week",
            [Days(date(2027, 6, 7), date(2027, 6, 11))],
        ),
    ],
)
def test_exceptions(words: str, exceptions: list[Days]) -> None:
    assert read_policy(words, TODAY).exceptions == tuple(exceptions)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("Tuesday", "Which half of Tuesday?"),
        ("Tuesday and Wednesday morning, Friday", "Which half of Friday?"),
        ("Saturday morning", "no school on Saturday"),
        ("xyzzy", "can't read “xyzzy”"),
        ("Tuesday 12 May morning", "12 May is a Wed, not a Tue"),
        ("Tuesday morning from whenever", "as a day"),
        ("Tuesday morning from 4 January 2027 to 1 December 2026", "past"),
        ("26 June 2027 to 22 June 2027", "past"),
        ("Tuesday morning from 3 November", "past"),
        ("", "Which half-days?"),
        ("from and", "Which half-days?"),
    ],
)
def test_what_is_not_certain_is_asked(words: str, answer: str) -> None:
    with pytest.raises(PolicyFault, match=answer):
        read_policy(words, TODAY)


def check_read(text: str) -> None:
    """It names days, or is asked about in a sentence; nothing else is raised."""
    try:
        read = read_policy(text, TODAY)
    except PolicyFault as fault:
        said = str(fault)
    else:
        said = "days" if read.windows or read.days else ""
    assert said


@given(st.text(max_size=120))
def test_any_text_is_read_or_asked_about(text: str) -> None:
    check_read(text)


WORDS = """tuesday thursdays sunday mornings afternoon all_day and , for from to until except because 12_may june
the_last_week_of next this 4_january"""


@given(st.lists(st.sampled_from(WORDS.split()), max_size=14))
def test_any_order_of_known_words_names_days_or_is_asked_about(words: list[str]) -> None:
    check_read(" ".join(words).replace("_", " "))
