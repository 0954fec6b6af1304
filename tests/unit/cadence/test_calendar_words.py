"""What administrators write about the school calendar, and what it means."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.calendar import Closure, ClosureKind, SchoolYear, Term
from protocols.cadence.calendar_words import (
    CLOSING_WORDS,
    PERIOD_WORDS,
    REOPENING_WORDS,
    TIMED_WORDS,
    WordsFault,
    read_calendar_words,
)

TODAY = date(2026, 12, 1)  # a Tuesday
SNOW, HOLIDAY, STAFF, TESTING = (
    ClosureKind.SNOW,
    ClosureKind.HOLIDAY,
    ClosureKind.STAFF_DAY,
    ClosureKind.TESTING,
)


def is_about_calendar(words: str) -> bool:
    """Whether one of the patterns by which the chat finds its command matches all of the words."""
    return any(one.fullmatch(words) for one in (CLOSING_WORDS, TIMED_WORDS, REOPENING_WORDS, PERIOD_WORDS))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("words", "starts", "ends", "kind", "title"),
    [
        ("snow day", "2026-12-01", "2026-12-01", SNOW, "Snow day"),
        ("Snow day today.", "2026-12-01", "2026-12-01", SNOW, "Snow day"),
        ("it's a snow day", "2026-12-01", "2026-12-01", SNOW, "Snow day"),
        ("snow day tomorrow", "2026-12-02", "2026-12-02", SNOW, "Snow day"),
        ("snow day yesterday", "2026-11-30", "2026-11-30", SNOW, "Snow day"),
        (
            "closed today because the heating failed",
            "2026-12-01",
            "2026-12-01",
            SNOW,
            "Schools closed: the heating failed",
        ),
        (
            "closed 3 to 5 December because of the flood",
            "2026-12-03",
            "2026-12-05",
            SNOW,
            "Schools closed: the flood",
        ),
        (
            "closed Dec 21-23 because of elections",
            "2026-12-21",
            "2026-12-23",
            HOLIDAY,
            "Schools closed: elections",
        ),
        ("no school 24 and 25 March", "2027-03-24", "2027-03-25", HOLIDAY, "Schools closed"),
        (
            "closed 30 December to 2 January due to renovation",
            "2026-12-30",
            "2027-01-02",
            HOLIDAY,
            "Schools closed: renovation",
        ),
        ("schools closed Thursday and Friday", "2026-12-03", "2026-12-04", HOLIDAY, "Schools closed"),
        ("staff day 29 January", "2027-01-29", "2027-01-29", STAFF, "Staff day"),
        ("PD day on Fri 29 Jan", "2027-01-29", "2027-01-29", STAFF, "Staff day"),
        ("testing 3 to 14 May", "2027-05-03", "2027-05-14", TESTING, "Testing"),
        ("testing May 3 to May 14, 2027", "2027-05-03", "2027-05-14", TESTING, "Testing"),
        ("state testing 2027-05-03 to 2027-05-14", "2027-05-03", "2027-05-14", TESTING, "Testing"),
        ("holiday 5/31: Memorial Day", "2027-05-31", "2027-05-31", HOLIDAY, "Holiday: Memorial Day"),
    ],
)
def test_days_without_school(words: str, starts: str, ends: str, kind: ClosureKind, title: str) -> None:
    found = read_calendar_words(words, TODAY)
    assert found is not None
    assert found.closures == (Closure(day(starts), day(ends), kind, title),)


@pytest.mark.parametrize(
    ("words", "on", "kind", "at"),
    [
        ("early release Friday at 12:30", "2026-12-04", ClosureKind.EARLY_RELEASE, time(12, 30)),
        ("early release Friday 1 pm", "2026-12-04", ClosureKind.EARLY_RELEASE, time(13)),
        ("early dismissal 16 December at noon", "2026-12-16", ClosureKind.EARLY_RELEASE, time(12)),
        ("half day 23 December", "2026-12-23", ClosureKind.EARLY_RELEASE, None),
        ("late start Monday 10:00", "2026-12-07", ClosureKind.LATE_START, time(10)),
        ("delayed opening tomorrow at 10", "2026-12-02", ClosureKind.LATE_START, time(10)),
        ("late start today until 9:30 because of ice", "2026-12-01", ClosureKind.LATE_START, time(9, 30)),
    ],
)
def test_times_of_day(words: str, on: str, kind: ClosureKind, at: time | None) -> None:
    found = read_calendar_words(words, TODAY)
    assert found is not None
    (closure,) = found.closures
    assert (closure.starts, closure.ends, closure.kind, closure.at) == (day(on), day(on), kind, at)


@pytest.mark.parametrize(
    ("words", "whom"),
    [
        ("closed at Lincoln Middle tomorrow because of a flood", "Lincoln Middle"),
        ("closed tomorrow at Lincoln Middle only because of a flood", "Lincoln Middle"),
        ("staff day for North Network on 29 January", "North Network"),
        ("early release for high schools Friday at 12:30", "high schools"),
        ("early release Friday at 12:30 for high schools", "high schools"),
        ("closed tomorrow because of a flood at the office", ""),
    ],
)
def test_whose_closure_it_is(words: str, whom: str) -> None:
    found = read_calendar_words(words, TODAY)
    assert found is not None
    assert found.whom == whom


@pytest.mark.parametrize(
    ("words", "starts", "ends"),
    [
        ("school on 12 June after all", "2027-06-12", "2027-06-12"),
        ("there is school on 21 and 22 December after all", "2026-12-21", "2026-12-22"),
        ("reopen tomorrow", "2026-12-02", "2026-12-02"),
        ("reopen schools on Dec 21-23", "2026-12-21", "2026-12-23"),
        ("school as usual on Friday", "2026-12-04", "2026-12-04"),
    ],
)
def test_school_after_all(words: str, starts: str, ends: str) -> None:
    found = read_calendar_words(words, TODAY)
    assert found is not None
    assert found.closures == (Closure(day(starts), day(ends), ClosureKind.AS_USUAL, "School after all"),)


@pytest.mark.parametrize(
    ("words", "label", "starts", "ends"),
    [
        ("school year 2027-28 from 7 September to 24 June", "2027-28", "2027-09-07", "2028-06-24"),
        ("school year 2027/2028 from Sep 7 to June 24", "2027-28", "2027-09-07", "2028-06-24"),
        ("school year from 7 September 2027 to 24 June 2028", "2027-28", "2027-09-07", "2028-06-24"),
        ("school year 2026-27 from 31 August to 25 June", "2026-27", "2026-08-31", "2027-06-25"),
    ],
)
def test_school_years(words: str, label: str, starts: str, ends: str) -> None:
    found = read_calendar_words(words, TODAY)
    assert found is not None
    assert found.years == (SchoolYear(label, day(starts), day(ends)),)


def test_a_term() -> None:
    found = read_calendar_words("term Spring 2027 from 25 January to 18 June", TODAY)
    assert found is not None
    assert found.terms == (Term("Spring 2027", date(2027, 1, 25), date(2027, 6, 18)),)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("closed 31 February", "no day"),
        ("closed 5 to 3 December", "before it begins"),
        ("closed Fri 3 December", "is a Thu"),
        ("testing 3 December to 30 October", "days long"),
        ("closed 3 to tomorrow", "Which month"),
        ("no school Monday and Wednesday", "next to each other"),
        ("late start Monday", "When does school begin"),
        ("early release Friday at 25:00", "no time"),
        ("school year 2027-28 from 7 September 2027 to 24 June 2029", "longer than any"),
        ("school year 2027-28 from 7 September 2026 to 24 June 2027", "does not begin"),
    ],
)
def test_what_cannot_be_used_says_what_to_write(words: str, says: str) -> None:
    assert is_about_calendar(words)
    with pytest.raises(WordsFault, match=says):
        read_calendar_words(words, TODAY)


@pytest.mark.parametrize(
    "words",
    [
        "closed questions were dominant in room 3",
        "testing what students know about fractions",
        "early release of the results",
        "school",
        "break",
        "the snow day was fun",
        "calendar",
        "reopen the discussion on rubrics",
    ],
)
def test_other_sentences_are_left_alone(words: str) -> None:
    assert not is_about_calendar(words)
    assert read_calendar_words(words, TODAY) is None


@given(st.text(max_size=120) | st.text("closed snowdayearlrti 0123456789:-/toandDecMay", max_size=60))
def test_any_words_are_read_or_refused(words: str) -> None:
    try:
        is_read = read_calendar_words(words, TODAY) is not None
    except WordsFault:
        is_read = True  # a refusal is an answer, too
    assert is_read == is_about_calendar(words)
