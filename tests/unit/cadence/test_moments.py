"""Days and times as people type them."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.calendar import Half
from protocols.cadence.moments import (
    MomentFault,
    find_minutes,
    find_moment,
    read_moment,
    say_day,
    say_time,
)

NOW = datetime(2026, 11, 25, 10, 0)  # a Wednesday  # noqa: DTZ001  # local wall time, as the reader sees it
TUE, THU, TUE8 = date(2026, 12, 1), date(2026, 11, 26), date(2026, 12, 8)


@pytest.mark.parametrize(
    ("text", "day", "at"),
    [
        ("Tue 9:00", TUE, time(9)),
        ("tue 9am", TUE, time(9)),
        ("Tue 9", TUE, time(9)),
        ("tuesday 9 o'clock", TUE, time(9)),
        ("9am on Tue", TUE, time(9)),
        ("at 9 tomorrow", THU, time(9)),
        ("tomorrow 13:30", THU, time(13, 30)),
        ("Dec 8 at 9", TUE8, time(9)),
        ("8 Dec 9:00", TUE8, time(9)),
        ("8th of December at noon", TUE8, time(12)),
        ("Tue, December 8th, 2026 at 9:30 a.m.", TUE8, time(9, 30)),
        ("Tue 8 Dec 9:00", TUE8, time(9)),
        ("2026-12-08 09:00", TUE8, time(9)),
        ("2026-12-08T09:00", TUE8, time(9)),
        ("12/8 9:00", TUE8, time(9)),
        ("12/8/26 2pm", TUE8, time(14)),
        ("next Monday 2pm", date(2026, 11, 30), time(14)),
        ("Tuesday next week at 10", TUE, time(10)),
        ("in two weeks", date(2026, 12, 9), None),
        ("the day after tomorrow", date(2026, 11, 27), None),
        ("wed 11", date(2026, 11, 25), time(11)),
        ("wed 9:00", date(2026, 12, 2), time(9)),
        ("Tue 2:30", TUE, time(14, 30)),
        ("Tue 02:30", TUE, time(2, 30)),
        ("Tue 7:30", TUE, time(7, 30)),
        ("Tue 6:30", TUE, time(18, 30)),
        ("tue 1330", TUE, time(13, 30)),
        ("12am Tue", TUE, time(0)),
        ("Tue afternoon at 2", TUE, time(14)),
        ("may 5 10:00", date(2027, 5, 5), time(10)),
        ("thu 45 minutes at 10", THU, time(10)),
        ("a week from Tuesday", TUE8, None),
        ("12-08-2026 9:00", TUE8, time(9)),
        ("2026/12/08 9:00", TUE8, time(9)),
        ("_Tue 9:00_", TUE, time(9)),
        ("tue 9 30", TUE, None),
        ("Feb 29", date(2028, 2, 29), None),
    ],
)
def test_a_moment_is_read_as_people_write_it(text, day, at):
    moment = read_moment(text, NOW)
    assert (moment.day, moment.at) == (day, at)


@pytest.mark.parametrize(
    ("text", "day", "half"),
    [
        ("thu morning", THU, Half.AM),
        ("tomorrow afternoon", THU, Half.PM),
        ("Thu am", THU, Half.AM),
        ("this afternoon", date(2026, 11, 25), Half.PM),
        ("the morning of Dec 8", TUE8, Half.AM),
        ("Tuesday in the afternoon", TUE, Half.PM),
        ("wed morning", date(2026, 11, 25), Half.AM),
    ],
)
def test_a_half_day_is_kept_as_a_half(text, day, half):
    moment = read_moment(text, NOW)
    assert (moment.day, moment.at, moment.half) == (day, None, half)


@pytest.mark.parametrize(
    ("text", "read", "minutes"),
    [
        ("meeting with principals Tue 9:00 about substitutes", "Tue 9:00", None),
        ("meeting with principals about substitutes tue 9-10am", "tue 9-10am", 60),
        ("Tue 9:00-10:30 budget", "Tue 9:00-10:30", 90),
        ("hold Thu from 1 to 3pm for budget", "Thu from 1 to 3pm", 120),
        ("monday's memo tue 9", "tue 9", None),
        ("meet 24 principals Thu at 10 about 3 schools", "Thu at 10", None),
        ("move lincoln to Thu 10 Dec 13:00", "Thu 10 Dec 13:00", None),
        ("call principals Tue 5 schools are late", "Tue", None),
    ],
)
def test_a_moment_is_found_in_a_sentence(text, read, minutes):
    moment = find_moment(text, NOW)
    assert text[moment.start : moment.end] == read
    assert moment.minutes == minutes


@pytest.mark.parametrize(
    "text", ["hello", "the students sat with 5 teachers", "we may 3 times", "monitor marches", ""]
)
def test_what_names_no_time_is_none(text):
    assert find_moment(text, NOW) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("blah", "Write it like Tue 9:00", id="unreadable"),
        pytest.param("2026-11-24 9:00", "Tue 24 Nov is past", id="a past date"),
        pytest.param("Nov 1", "Sun 1 Nov is past", id="a past day of this autumn"),
        pytest.param("this Monday", "is past", id="this week's Monday on a Wednesday"),
        pytest.param("today 9:00", "9:00 today is past", id="a time that is over"),
        pytest.param("today 10:00", "10:00 today is past", id="this very minute"),
        pytest.param("Feb 30 9:00", "There is no day", id="a day that does not exist"),
        pytest.param("13/8 9:00", "the month comes first", id="day and month swapped"),
        pytest.param("Tue 25:00", "There is no time", id="hour 25"),
        pytest.param("tue 10:75", "There is no time", id="minute 75"),
        pytest.param("Mon 8 Dec 9:00", "8 Dec is a Tue, not a Mon", id="weekday and date disagree"),
        pytest.param("Tue 8", "Do you mean Tue 8:00 or Tue 8 Dec", id="hour or day of the month"),
        pytest.param("Tue 9:00, not Wed 10:00", "I see two times", id="two moments"),
        pytest.param("Tue and Thu 9:00", "I see two days, Tue and Thu 9:00", id="two days, one time"),
        pytest.param("Tue or Wed", "I see two days", id="two days"),
        pytest.param("every Tuesday 9:00", "one day at a time", id="a repeated time"),
        pytest.param("meeting at 9", "Which day", id="a time without a day"),
        pytest.param("Tue 10:00-9:00", "before it starts", id="an end before the start"),
    ],
)
def test_what_is_unclear_is_asked_and_never_guessed(text, says):
    with pytest.raises(MomentFault, match=says):
        read_moment(text, NOW)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45 min", 45), ("for an hour", 60), ("1.5 hours", 90), ("1h30", 90), ("half an hour", 30), ("two hours", 120),
        ("an hour and a half", 90), ("1 h 15 min", 75), ("60-minute", 60), ("visited lincoln 45 min, maths", 45),
        ("three quarters of an hour", 45), ("no length here", None), ("Tue 9:00", None), ("0 min", None),
    ],
)  # fmt: skip
def test_lengths_are_read(text, minutes):
    assert find_minutes(text) == minutes


@pytest.mark.parametrize(
    ("day", "today", "said"),
    [
        (date(2026, 12, 8), date(2026, 11, 25), "Tue 8 Dec"),
        (date(2027, 5, 4), date(2026, 11, 25), "Tue 4 May"),
        (date(2027, 9, 7), date(2026, 11, 25), "Tue 7 Sep 2027"),
        (date(2026, 5, 5), date(2026, 11, 25), "Tue 5 May 2026"),
        (date(2026, 9, 8), date(2027, 6, 1), "Tue 8 Sep"),
    ],
)
def test_the_year_is_said_only_outside_the_school_year(day, today, said):
    assert say_day(day, today) == said


@given(
    st.dates(date(2026, 11, 26), date(2027, 6, 30)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_what_the_bot_says_it_can_read(day, at):
    written = f"{say_day(day, NOW.date())} {at.hour:02d}:{at.minute:02d}"
    moment = read_moment(written, NOW)
    assert (moment.day, moment.at, moment.start, moment.end) == (day, at, 0, len(written))


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_nothing_else(text):
    try:
        moment = find_moment(text, NOW)
    except MomentFault:
        return
    assert moment is None or moment.day >= NOW.date()


@given(
    st.lists(
        st.sampled_from(
            [
                "Tue",
                "9",
                "9:00",
                "at",
                "Dec",
                "8",
                "next",
                "morning",
                "-",
                "10am",
                "for",
                "an hour",
                "12/8",
                "sat",
                ",",
            ]
        ),
        max_size=7,
    )
)
def test_any_mixture_of_time_words_is_read_or_refused(words):
    try:
        moment = find_moment(" ".join(words), NOW)
    except MomentFault:
        return
    assert moment is None or moment.day >= NOW.date()


def test_a_text_of_nothing_but_days_costs_its_length():
    assert find_moment("sat Tue " * 3000, NOW).day == TUE


def test_times_are_said_without_a_leading_zero():
    assert (say_time(time(9)), say_time(time(13, 5))) == ("9:00", "13:05")
