"""Which day each way of writing one means, and what is no date at all."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.buffer.dates import find_dates
from protocols.buffer.demands import Precision
from protocols.buffer.written_dates import Order

MEMO_DATE = date(2026, 9, 1)


def days(text: str, memo_date: date = MEMO_DATE) -> list[tuple[str, str]]:
    return [
        (text[d.start : d.end], d.iso.isoformat()) for d in find_dates(text, memo_date=memo_date) if d.iso
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("MEMO NO. 12\nMarch 21, 2027", "2027-03-21", id="a number on the line before"),
        pytest.param("• 10/11: Survey due in elementary schools", "2026-10-11", id="numbers that open a row"),
        pytest.param("by October 31, 2026.", "2026-10-31", id="American, written out"),
        pytest.param("by Oct. 31st", "2026-10-31", id="American, short, no year: the next one"),
        pytest.param("by OCTOBER 31", "2026-10-31", id="in capitals"),
        pytest.param("on Friday, January 8, 2027", "2027-01-08", id="with its weekday"),
        pytest.param("by 31 October 2026", "2026-10-31", id="British"),
        pytest.param("by the 31st of October", "2026-10-31", id="British, spoken"),
        pytest.param("on 31-Oct-2026", "2026-10-31", id="with hyphens"),
        pytest.param("by 10/31/2026", "2026-10-31", id="American numbers"),
        pytest.param("by 10/31/26", "2026-10-31", id="American numbers, short year"),
        pytest.param("by 31/10/2026", "2026-10-31", id="thirty-one can only be a day"),
        pytest.param("pupils: by 3/11/2026", "2026-11-03", id="a British memo puts the day first"),
        pytest.param("pupils: call 555-301-4477 by 3/11/2026", "2026-03-11", id="pupils in an American memo"),
        pytest.param("Sign-up opened on 2 March.", "2026-03-02", id="what opened has passed"),
        pytest.param("See the bulletin of 2 March.", "2026-03-02", id="the day of an earlier paper"),
        pytest.param("The deadline is tomorrow.", "2026-09-02", id="a deadline that is tomorrow"),
        pytest.param("due 10/31", "2026-10-31", id="numbers without a year, after a cue"),
        pytest.param("by 2026-10-31T17:00", "2026-10-31", id="ISO with a time"),
        pytest.param("by March 3", "2027-03-03", id="a month that has passed means next year"),
        pytest.param("by September 1", "2026-09-01", id="the memo's own day counts"),
        pytest.param("before the end of October", "2026-10-31", id="end of a month"),
        pytest.param("the last day of February 2028", "2028-02-29", id="end of February in a leap year"),
        pytest.param("the second Friday in October", "2026-10-09", id="second Friday"),
        pytest.param("the third Monday in January", "2027-01-18", id="third Monday, next year"),
        pytest.param("the last Monday of May, 2027", "2027-05-31", id="last Monday"),
        pytest.param("the day before Thanksgiving", "2026-11-25", id="day before a holiday"),
        pytest.param("the Wednesday before Labor Day", "2026-09-02", id="weekday before a holiday"),
        pytest.param("the Friday preceding the third Monday in February", "2027-02-12", id="rule upon rule"),
        pytest.param("ten (10) days before November 20, 2026", "2026-11-10", id="counted back from a day"),
        pytest.param("two weeks prior to 20 November", "2026-11-06", id="weeks counted back"),
        pytest.param("no later than Veterans Day", "2026-11-11", id="a holiday as deadline"),
        pytest.param("by Juneteenth", "2027-06-19", id="a younger holiday"),
        pytest.param("on Good Friday", "2027-03-26", id="a moving feast"),
        pytest.param("by this Friday", "2026-09-04", id="this Friday, from the memo's date"),
        pytest.param("by COB Thursday", "2026-09-03", id="close of business in short"),
        pytest.param("by 2 p.m. this Friday", "2026-09-04", id="a time of day before the weekday"),
        pytest.param("by noon on Thursday", "2026-09-03", id="noon on a weekday"),
        pytest.param("closes this Friday", "2026-09-04", id="this Friday without a preposition"),
        pytest.param("by Friday the 11th", "2026-09-11", id="a weekday and its number"),
        pytest.param("on Friday of next week", "2026-09-11", id="a weekday of next week"),
        pytest.param("by the 15th", "2026-09-15", id="a number alone, later in the month"),
        pytest.param("on or before the 9th inst.", "2026-09-09", id="inst.: of this month"),
        pytest.param("by the 1st of next month", "2026-10-01", id="a day of next month"),
        pytest.param("by the end of the month", "2026-09-30", id="the end of the memo's month"),
        pytest.param("by the end of this week", "2026-09-04", id="the end of the memo's week"),
        pytest.param("by the last Friday of the month", "2026-09-25", id="a weekday of the memo's month"),
        pytest.param("within 14 days of the date of this letter", "2026-09-15", id="counted from the letter"),
        pytest.param("by 9 October ’26", "2026-10-09", id="a year of two digits"),
        pytest.param("by Oct 9, '26", "2026-10-09", id="a year of two digits, American"),
        pytest.param("Friday 09/10/2026", "2026-10-09", id="a weekday tells which number is the day"),
        pytest.param("Friday 09/04/2026", "2026-09-04", id="a weekday tells that the month comes first"),
        pytest.param("by 5/5/2027", "2027-05-05", id="the same either way"),
        pytest.param("by close of business on Thursday", "2026-09-03", id="close of business on a weekday"),
        pytest.param("by tomorrow", "2026-09-02", id="tomorrow"),
        pytest.param("It was announced on 22 August", "2026-08-22", id="past tense means the last one"),
        pytest.param("As said in the August 24 edition", "2026-08-24", id="a paper's date is past"),
        pytest.param("Friday, 28 August", "2026-08-28", id="the weekday tells the year"),
    ],
)
def test_a_way_of_writing_a_day(text: str, expected: str | None) -> None:
    assert [iso for _, iso in days(text)] == ([expected] if expected else [])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("by February 31, 2027", id="31 February"),
        pytest.param("by 31 June", id="31 June"),
        pytest.param("by 13/13/2026", id="month thirteen"),
        pytest.param("February 29 and 30, 2027", id="29 February sharing a common year"),
        pytest.param("February 29, 2027", id="29 February in a common year"),
        pytest.param("the fifth Monday in February 2027", id="a fifth Monday that is none"),
        pytest.param("the 2026-27 school year", id="a school year"),
        pytest.param("school year 2026/27", id="a school year with a slash"),
        pytest.param("Education Code 48904.3 and 5 CCR 641", id="statutes"),
        pytest.param("Section 22-7-409", id="a numbered section"),
        pytest.param("call 617-555-0142 or (555) 301-4477", id="telephone numbers"),
        pytest.param("in 1/2 of the classrooms, 24/7", id="fractions"),
        pytest.param("students may 5 times", id="the verb may"),
        pytest.param("they march 3 by 3", id="the verb march"),
        pytest.param("in October", id="a bare month"),
        pytest.param("until February 2027", id="a month with a year"),
        pytest.param("by next Friday", id="next Friday, on which people differ"),
        pytest.param("by Tuesday", id="the weekday of the memo itself"),
        pytest.param("by 3/11/2026", id="March or November, and nothing tells"),
        pytest.param("due 4/5", id="April or May, and nothing tells"),
        pytest.param("by the 15th of each month", id="a day of every month"),
        pytest.param("the first Monday of every month", id="a weekday of every month"),
        pytest.param("before winter break", id="a break the memo does not date"),
        pytest.param("the last school day before half term", id="a school day the calendar must tell"),
        pytest.param("the first school day in October", id="a school day of a month"),
        pytest.param("the school day before October 12, 2026", id="the school day before a day"),
        pytest.param("two school days before October 12, 2026", id="school days before a day"),
        pytest.param("by the 2nd grade teachers", id="a grade"),
        pytest.param("on the 3rd floor", id="a floor"),
        pytest.param("by Friday the 12th", id="a weekday and a number that do not meet"),
        pytest.param("every Friday and on Mondays", id="weekdays that repeat"),
        pytest.param("within ten school days of receipt", id="a term without a start"),
        pytest.param("the last day of school in June", id="a day the calendar must tell"),
        pytest.param("before Thanksgiving break", id="a break is not its holiday"),
        pytest.param("Grades 3-8 March on", id="grades before a month"),
        pytest.param("12.31.4.2", id="a version"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_single_day(text: str) -> None:
    assert days(text) == []


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("March 3-14", date(2027, 3, 3), date(2027, 3, 14)),
        ("15-19 February 2027", date(2027, 2, 15), date(2027, 2, 19)),
        ("October 7 through 11, 2026", date(2026, 10, 7), date(2026, 10, 11)),
    ],
)
def test_a_stretch_of_days_keeps_both_ends_and_names_no_single_day(
    text: str, first: date, last: date
) -> None:
    (found,) = find_dates(text, memo_date=MEMO_DATE)
    assert (found.precision, found.iso, found.first, found.last) == (Precision.RANGE, None, first, last)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("between June 30 and August 31, 2027", ["2027-06-30", "2027-08-31"]),
        ("from 25/09/2026 to 03/10/2026", ["2026-09-25", "2026-10-03"]),
        ("On December 3, 4:00-6:00, we meet", ["2026-12-03"]),
        ("December 20 – January 3, 2027", ["2026-12-20", "2027-01-03"]),
        ("October 7, 14 and 21, 2026", ["2026-10-07", "2026-10-14", "2026-10-21"]),
        ("13 and 14 April 2027", ["2027-04-13", "2027-04-14"]),
        ("September 30, December 31, March 31", ["2026-09-30", "2026-12-31", "2027-03-31"]),
        ("on October 7 and 12 teachers come", ["2026-10-07"]),
        ("February 29 and March 1, 2027", ["2027-03-01"]),
        ("each day before October 31", ["2026-10-31"]),
        ("in the ten days before October 31", ["2026-10-31"]),
        ("within ten days after October 3, 2026", ["2026-10-13"]),
    ],
)
def test_days_in_a_row_share_month_and_year(text: str, expected: list[str]) -> None:
    assert [iso for _, iso in days(text)] == expected


def test_a_table_without_years_means_the_days_that_the_text_gave_a_year() -> None:
    text = "Apply by October 31, 2026.\n\nSummary\nOctober 31   Applications"
    assert [iso for _, iso in days(text, date(2026, 11, 15))] == ["2026-10-31", "2026-10-31"]


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31)))
def test_every_day_is_read_back_however_it_is_written(day: date) -> None:
    for words in (
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day} {day:%B} {day.year}",
        day.isoformat(),
        f"{day:%A}, {day:%b} {day.day}, {day.year}",
    ):
        assert [iso for _, iso in days(f"Return it by {words}.", date(2026, 9, 1))] == [day.isoformat()]


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31)), st.integers(0, 364))
def test_a_day_without_a_year_is_the_next_one(memo_date: date, ahead: int) -> None:
    day = date.fromordinal(memo_date.toordinal() + ahead)
    if (day.month, day.day) == (2, 29):
        return
    assert [iso for _, iso in days(f"Return it by {day:%B} {day.day}.", memo_date)] == [day.isoformat()]


@given(st.text())
def test_any_text_yields_ordered_dates_that_do_not_overlap(text: str) -> None:
    found = find_dates(text, memo_date=MEMO_DATE)
    ends = [0, *(d.end for d in found)]
    assert all(end <= d.start < d.end <= len(text) for end, d in zip(ends, found, strict=False))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from 1 October to 30 June", ["2026-10-01", "2027-06-30"]),
        ("from 1 August to 31 July", ["2027-08-01", "2028-07-31"]),
        ("from October 1 until June 30, 2027", ["2026-10-01", "2027-06-30"]),
    ],
)
def test_the_end_of_a_stretch_comes_after_its_beginning(text: str, expected: list[str]) -> None:
    assert [iso for _, iso in days(text)] == expected


@pytest.mark.parametrize("text", ["on Monday of each week", "by Friday of every month"])
def test_a_day_of_every_week_is_no_one_day(text: str) -> None:
    assert days(text) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("by 3/11/2026", "11 March or 3 November"),
        ("by next Friday", '"next Friday"'),
        ("by Tuesday", "that day or a week later"),
        ("before winter break", "the school calendar"),
    ],
)
def test_a_time_that_leaves_a_doubt_says_which(text: str, says: str) -> None:
    (found,) = find_dates(text, memo_date=MEMO_DATE)
    assert found.iso is None
    assert says in found.basis


@pytest.mark.parametrize(("order", "day"), [(Order.DAY, date(2026, 11, 3)), (Order.MONTH, date(2026, 3, 11))])
def test_a_part_of_a_memo_is_read_in_the_order_of_the_whole(order: Order, day: date) -> None:
    (found,) = find_dates("by 3/11/2026", memo_date=MEMO_DATE, order=order)
    assert found.iso == day
