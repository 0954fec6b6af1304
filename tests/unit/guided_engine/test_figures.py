"""Which figures a line of a data conversation tells, in which unit."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.guided.figures import read_figures

SHARES = [
    ("100 % of teachers rated effective", 100),
    ("57% of students proficient", 57),
    ("57 percent met the standard in ELA", 57),
    ("57.5 per cent of students", 57.5),
    ("fifteen percent of the staff is new", 15),
    ("one hundred percent effective", 100),
    ("57 % of 100 teachers", 57),
    ("~60% turned in homework", 60),
    ("Chronic absenteeism: 28%", 28),
    ("Attendance 91.4 %", 91.4),
    ("D/F rate, 9th grade: 19 %", 19),
    ("teacher talk took 80% of the time", 80),
    ("0 % ineffective", 0),
    ("12 of 40 students revised their work", 30),
    ("12 of the 40 students I asked", 30),
    ("12 (of 40) students", 30),
    ("12 out of 1,200 students", 1),
    ("12 students out of 40 revised", 30),
    ("Of our 40 students, 12 passed", 30),
    ("9 out of 10 teachers say feedback helps", 90),
    ("seven of twelve teachers", 58.3),
    ("2 of my 3 APs visit weekly", 66.7),
    ("Teacher talked for 31 of 45 minutes", 68.9),
    ("In 3 out of 5 rooms the objective was posted", 60),
    ("for every 10 questions, 8 were recall", 80),
    ("5-year graduation rate 84 %", 84),
    ("DOK 1: 80% of tasks", 80),
    ("'25-'26: 57 % proficient", 57),
    ("1 in 4 students chronically absent", 25),
    ("one in four kids is chronically absent", 25),
    ("18/24 students turned it in", 75),
    ("students on task: 12/40", 30),
    ("11/12 parents signed", 91.7),
    ("3/4 of students finished", 75),
    ("three quarters of classrooms had a posted objective", 75),
    ("two thirds of 8th graders failed a course", 66.7),
    ("two-thirds of lessons", 66.7),
    ("a third of students", 33.3),
    ("one quarter of the 36 lessons", 25),
    ("half of our teachers got feedback", 50),
    ("more than half the class", 50),
    ("½ of the notes", 50),
    ("all 12 teachers rated effective", 100),
    ("Every one of the 9 ELA teachers", 100),
    ("none of the 14 lessons asked for evidence", 0),
    ("every teacher rated effective", 100),
    ("in 2025 every student", 100),
    ("nobody revised", 0),
    ("No student could say why", 0),
    ("no new teacher was rated below effective", 0),
    ("40-50 % on grade level", 45),
    ("40% to 50% on grade level", 45),
    ("between 40 and 50 percent proficient", 45),
    ("attendance rose from 88 to 93 %", 93),
    ("proficiency went from 51% to 57%", 57),
    ("57% proficient (up from 51%)", 57),
    ("3rd grade 40 %", 40),
    ("Algebra 1 pass rate 63%", 63),
    ("Algebra 1: 18 of 60 failing", 30),
    ("Room 204: 8 of 24 students wrote", 33.3),
    ("period 4: 9 of 27 wrote a full answer", 33.3),
    ("45 of 60 at level 3 or 4", 75),
    ("On 10/3, 57 % were present", 57),
    ("57 % as of October 12", 57),
    ("10:30, half of the class off task", 50),
]
COUNTS = [
    ("14 suspensions since September", 14, "suspension"),
    ("14 out-of-school suspensions", 14, "suspension"),
    ("Suspensions this fall: 14", 14, "suspension"),
    ("Suspensions in grade 3: 14", 14, "suspension"),
    ("SUSPENSIONS 14", 14, "suspension"),
    ("1 suspension", 1, "suspension"),
    ("suspensions: 14 in 2025", 14, "suspension"),
    ("from 20 to 14 suspensions", 14, "suspension"),
    ("no suspensions", 0, "suspension"),
    ("zero suspensions this month", 0, "suspension"),
    ("14 suspensions in 5 weeks", 14, "suspension"),
    ("3 visits to math classes", 3, "visit"),
    ("64 lesson visits since 10/3", 64, "visit"),
    ("3-5 visits", 4, "visit"),
    ("between 3 and 5 visits", 4, "visit"),
    ("3 visits a week", 3, "visit per week"),
    ("Visits per week: 3", 3, "visit per week"),
    ("Longest time between two visits: 23 school days", 23, "day"),
    ("3-5 visits per teacher", 4, "visit per teacher"),
    ("12 students absent", 12, "student"),
    ("40 students enrolled", 40, "student"),
    ("1,240 kids", 1240, "student"),
    ("2000 students", 2000, "student"),
    ("in 2025, 24 students", 24, "student"),
    ("6 chronically absent 9th graders", 6, "student"),
    ("30 of 24 students", 30, "student"),
    ("In October 12 students were suspended", 12, "student"),
    ("grades 3, 4 and 5: 212 children", 212, "student"),
    ("Tier 2: 46 students", 46, "student"),
    ("each day 5 kids leave early", 5, "student"),
    ("At 10:30 am, 6 students were off task", 6, "student"),
    ("October 12 staff meeting, 31 teachers came", 31, "teacher"),
    ("1 new teacher", 1, "teacher"),
    ("one teacher left in May", 1, "teacher"),
    ("PS 57 has 12 teachers", 12, "teacher"),
    ("2026-10-03: 22 absences", 22, "absence"),
    ("Week 6: 17 missing assignments", 17, "assignment"),
    ("7th period: 12 tardies", 12, "tardy"),
    ("forty-two tardies", 42, "tardy"),
    ("two hundred tardies", 200, "tardy"),
    ("a dozen parent complaints", 12, "complaint"),
    ("call 555-201-4471 about 4 families", 4, "family"),
    ("Rm 12, 14 and 16: 3 lessons", 3, "lesson"),
    ("Q1: 34 Fs", 34, "f"),
    ("Enrollment: 640", 640, "enrollment"),
    ("42 staff", 42, "staff"),
    ("visited twice this month", 2, "time"),
    ("3x a week", 3, "time per week"),
    ("-3 points since last year", -3, "point"),
    ("down 4 points since spring", -4, "point"),
    ("200+ students", 200, "student"),
    ("10 or more absences", 10, "absence"),
    ("6 one-on-ones", 6, "one-on-one"),
    (".8 years of growth", 0.8, "year"),
    ("October: 14", 14, ""),
    ("This week: 14", 14, ""),
    ("3-day suspensions: 14", 14, "suspension"),
    ("588", 588, ""),
    ("12 absent", 12, ""),
    ("SAT average 1012", 1012, ""),
]
OTHER_UNITS = [
    ("5 percentage points below the district", 5, "percentage point"),
    ("down 4 percentage points", -4, "percentage point"),
    ("6 percent points", 6, "percentage point"),
    ("up 12 percent over last year", 12, "% change"),
    ("5 % fewer referrals", -5, "% change"),
    ("−4 % since spring", -4, "% change"),
    ("$1,200 for subs", 1200, "$"),
    ("3,500 dollars for subs", 3500, "$"),
    ("$45k in Title I", 45000, "$"),
    ("subs cost $120 a day", 120, "$ per day"),
    ("45-minute block", 45, "minute"),
    ("students talked 14 min.", 14, "minute"),
    ("I was in classrooms 6 hours last week", 360, "minute"),
    ("8-10 hours of testing", 540, "minute"),
    ("2½ hours", 150, "minute"),
    ("Wait time 3 seconds", 0.05, "minute"),
    ("half an hour", 30, "minute"),
    ("Hours a week in schools: 6", 360, "minute per week"),
    ("6 hours a week in schools", 360, "minute per week"),
    ("90 minutes of literacy a day", 90, "minute per day"),
    ("2 hours 15 minutes a week in classrooms", 135, "minute per week"),
    ("3.4 on a scale of 4", 3.4, "level"),
    ("3.4 out of 4", 3.4, "level"),
    ("2.6/4 on discussion techniques", 2.6, "level"),
    ("level 2.1 in questioning", 2.1, "level"),
    ("level 2 in questioning", 2, "level"),
    ("rated 3 out of 4", 3, "level"),
    ("gave myself a 3 out of 4", 3, "level"),
    ("My ratings average 3.6", 3.6, "level"),
    ("3.2 on a 5-point scale", 3.2, "level of 5"),
]
SEVERAL = [
    ("57 % of students, 92 % of teachers", [(57, "%"), (92, "%")]),
    ("100% effective; 38% proficient", [(100, "%"), (38, "%")]),
    ("42 staff, 3 vacancies", [(42, "staff"), (3, "vacancy")]),
    ("14 suspensions, 9 of 14 in 9th grade", [(14, "suspension"), (64.3, "%")]),
    ("57 % in 2025, 51 % in 2024", [(57, "%"), (51, "%")]),
    ("12 of 40 students (30 %)", [(30, "%")]),
]
NONE = [
    "",
    "many students",
    "10:30",
    "10/3",
    "2026-10-03",
    "Oct 3",
    "October 12, 2026",
    "the 12th of May",
    "at 9 am",
    "555-0123",
    "(212) 555-0123",
    "grade 3",
    "grade 3-5 reading",
    "3rd grade",
    "room 12",
    "period 4",
    "week 6",
    "Algebra 1",
    "see #4",
    "24/7",
    "student-teacher ratio 24:1",
    "twice as many boys as girls",
    "3 times as many referrals",
    "one of the goals",
    "this one again",
    "not every teacher",
    "every other week",
    "1.5x growth",
    "almost all students",
    "no time at all",
    "MAP growth, 48th percentile",
]


@pytest.mark.parametrize(("line", "percent"), SHARES)
def test_a_part_of_a_whole_is_a_share_however_it_is_written(line: str, percent: float) -> None:
    assert [(figure.value, figure.unit) for figure in read_figures(line)] == [(percent, "%")]


@pytest.mark.parametrize(("line", "value", "unit"), [*COUNTS, *OTHER_UNITS])
def test_any_other_figure_says_what_it_is_of(line: str, value: float, unit: str) -> None:
    assert [(figure.value, figure.unit) for figure in read_figures(line)] == [(value, unit)]


@pytest.mark.parametrize(("line", "figures"), SEVERAL)
def test_a_line_may_tell_several(line: str, figures: list[tuple[float, str]]) -> None:
    assert [(figure.value, figure.unit) for figure in read_figures(line)] == figures


@pytest.mark.parametrize("line", NONE)
def test_times_dates_labels_and_multiples_are_no_figures(line: str) -> None:
    assert read_figures(line) == ()


_PIECES = re.findall(
    r"\S+",
    "12 of in out 40 3/4 % percent - – , . : $ students visits one half third thirds a an the from to between and "
    "10:30 Oct 2025 grade level 2.1 twice hours minutes points no all ½ x 1,2 \0",
)
_LIKE_A_LINE = st.lists(st.sampled_from(_PIECES), max_size=14).map(" ".join)


@given(st.one_of(st.text(max_size=80), _LIKE_A_LINE, _LIKE_A_LINE.map(lambda line: line.replace(" ", ""))))
def test_any_line_can_be_read(line: str) -> None:
    figures = read_figures(line)
    assert len(set(figures)) == len(figures)
    assert all(0 <= figure.value <= 10**9 for figure in figures if figure.unit == "%")
    assert all(abs(figure.value) < float("inf") for figure in figures)


@given(
    st.integers(0, 999), st.integers(1, 999), st.sampled_from(["{} of {}", "{} out of {}", "{} of the {}"])
)
def test_n_of_m_is_a_share_of_the_whole_or_else_a_count(part: int, whole: int, form: str) -> None:
    (figure,) = read_figures(f"{form.format(part, whole)} students")
    if part > whole:
        assert (figure.value, figure.unit) == (part, "student")
    else:
        assert figure.unit == "%"
        assert figure.value == pytest.approx(100 * part / whole, abs=0.0501)


@given(
    st.floats(0, 100).map(lambda value: round(value, 1)),
    st.sampled_from(["%", " %", " percent", " per cent"]),
)
def test_a_percentage_is_read_as_it_stands(value: float, sign: str) -> None:
    (figure,) = read_figures(f"about {value:g}{sign} of lessons")
    assert (figure.value, figure.unit) == (value, "%")


@given(
    st.integers(2, 9999).filter(lambda number: not 1900 <= number < 2100),
    st.sampled_from(["student", "visit", "referral", "class", "family", "lesson plan"]),
    st.sampled_from(["{} {}", "We had {} {} since Oct 3", "Room 12: {} {}", "{} {} in 2025"]),
)
def test_a_count_keeps_its_number_and_its_thing(number: int, thing: str, form: str) -> None:
    plural = {"class": "classes", "family": "families"}.get(thing, f"{thing}s")
    (figure,) = read_figures(form.format(f"{number:,}", plural))
    assert (figure.value, figure.unit) == (number, thing.split(" ")[-1])
