"""School calendars from files. All calendars here are invented."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.calendar import ClosureKind, SchoolYear
from protocols.cadence.calendar_files import CalendarFault, CalendarFile, read_calendar_file

EAST = ZoneInfo("America/New_York")


def ics(*events: str) -> bytes:
    body = "".join(
        f"BEGIN:VEVENT\nUID:{number}\n{event.strip()}\nEND:VEVENT\n" for number, event in enumerate(events)
    )
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Riverbend//EN\n{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def read(data: bytes, name: str = "riverbend.ics") -> CalendarFile:
    return read_calendar_file(name, data, zone=EAST)


def spans(found: CalendarFile) -> list[tuple[str, str]]:
    return [(event.starts.isoformat(), event.ends.isoformat()) for event in found.events]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        pytest.param(
            "DTSTART;VALUE=DATE:20261125\nDTEND;VALUE=DATE:20261128\nSUMMARY:Fall break",
            [("2026-11-25", "2026-11-27")],
            id="exclusive_dtend",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20261125\nSUMMARY:Fall break",
            [("2026-11-25", "2026-11-25")],
            id="no_dtend_is_one_day",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20261125\nDURATION:P3D\nSUMMARY:Fall break",
            [("2026-11-25", "2026-11-27")],
            id="a_duration_in_days",
        ),
        pytest.param(
            "DTSTART:20261125T080000\nDTEND:20261125T150000\nSUMMARY:No school",
            [("2026-11-25", "2026-11-25")],
            id="a_floating_time_is_local",
        ),
        pytest.param(
            "DTSTART:20261125T010000Z\nDTEND:20261125T030000Z\nSUMMARY:No school",
            [("2026-11-24", "2026-11-24")],
            id="utc_counts_on_the_district_day",
        ),
        pytest.param(
            "DTSTART;TZID=America/Los_Angeles:20261125T220000\n"
            "DTEND;TZID=America/Los_Angeles:20261125T230000\nSUMMARY:No school",
            [("2026-11-26", "2026-11-26")],
            id="another_zone_counts_on_the_district_day",
        ),
        pytest.param(
            "DTSTART:20261125T000000\nDTEND:20261126T000000\nSUMMARY:No school",
            [("2026-11-25", "2026-11-25")],
            id="ending_at_midnight_is_not_the_next_day",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20261007\nDTEND;VALUE=DATE:20261008\nSUMMARY:Early release\n"
            "RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;VALUE=DATE:20261014",
            [("2026-10-07", "2026-10-07"), ("2026-10-21", "2026-10-21"), ("2026-10-28", "2026-10-28")],
            id="a_recurrence_without_its_exception",
        ),
        pytest.param(
            "DTSTART:20261101T130000\nDTEND:20261101T140000\nSUMMARY:Early release\n"
            "RRULE:FREQ=DAILY;UNTIL=20261103T235959",
            [("2026-11-01", "2026-11-01"), ("2026-11-02", "2026-11-02"), ("2026-11-03", "2026-11-03")],
            id="a_recurrence_over_the_change_of_the_clock",
        ),
    ],
)
def test_days_of_an_event(event, expected):
    assert spans(read(ics(event))) == expected


def test_folded_lines_and_escaped_commas_are_put_together():
    event = "DTSTART;VALUE=DATE:20261125\nSUMMARY:Staff learning day: high schools\\, K-8 sch\n ools and centers\n"
    assert read(ics(event)).events[0].title == "Staff learning day: high schools, K-8 schools and centers"


def test_a_cancelled_event_is_left_out():
    kept = "DTSTART;VALUE=DATE:20261125\nSUMMARY:Fall break"
    found = read(ics(kept, "DTSTART;VALUE=DATE:20261202\nSTATUS:CANCELLED\nSUMMARY:No school"))
    assert spans(found) == [("2026-11-25", "2026-11-25")]


def test_a_moved_instance_of_a_recurrence_is_where_it_was_moved_to():
    data = ics(
        "DTSTART;VALUE=DATE:20261007\nSUMMARY:Early release\nRRULE:FREQ=WEEKLY;COUNT=2",
        "DTSTART;VALUE=DATE:20261015\nRECURRENCE-ID;VALUE=DATE:20261014\nSUMMARY:Early release",
    ).replace(b"UID:1", b"UID:0")
    assert [start for start, _ in spans(read(data))] == ["2026-10-07", "2026-10-15"]


def test_an_endless_recurrence_is_followed_for_a_year_and_a_bit():
    found = read(ics("DTSTART;VALUE=DATE:20260902\nSUMMARY:Early release\nRRULE:FREQ=WEEKLY"))
    assert 55 <= len(found.events) <= 60


def test_overlapping_breaks_close_each_day_once():
    found = read(
        ics(
            "DTSTART;VALUE=DATE:20260901\nSUMMARY:First day of school",
            "DTSTART;VALUE=DATE:20270610\nSUMMARY:Last day of school",
            "DTSTART;VALUE=DATE:20261221\nDTEND;VALUE=DATE:20270102\nSUMMARY:Winter break",
            "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227\nSUMMARY:District closed",
        )
    )
    calendar = found.to_calendar()
    assert calendar.add_school_days(date(2026, 12, 18), 1) == date(2027, 1, 4)


CSV = """start,end_inclusive,title,category,note
2026-09-01,2026-09-01,First Day of School,Key dates,
2026-11-25,2026-11-27,"Fall break, all schools",Closed,
2027-01-25,2027-01-25,Second Semester Begins,Key dates,
2027-03-01,2027-03-05,State testing window,Testing,
2027-06-10,2027-06-10,Last Day of School,Key dates,
"""


def test_a_table_gives_closures_a_year_and_terms():
    found = read(CSV.encode(), "riverbend.csv")
    assert [closure.kind for closure in found.closures] == [ClosureKind.HOLIDAY, ClosureKind.TESTING]
    assert found.years == (SchoolYear("2026-27", date(2026, 9, 1), date(2027, 6, 10)),)
    assert [(term.label, term.starts, term.ends) for term in found.terms] == [
        ("Semester 1", date(2026, 9, 1), date(2027, 1, 24)),
        ("Semester 2", date(2027, 1, 25), date(2027, 6, 10)),
    ]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xef\xbb\xbf" + CSV.encode(), id="a byte order mark"),
        pytest.param(CSV.replace("\n", "\r\n").encode(), id="Windows line ends"),
        pytest.param(
            CSV.replace("start,end_inclusive", "Start Date,End Date").encode(), id="other column names"
        ),
        pytest.param(CSV.replace("2026-09-01", "9/1/2026").encode(), id="American dates"),
        pytest.param((CSV + ",,,,\n\n").encode(), id="empty rows at the end"),
        pytest.param(
            CSV.replace("2026-09-01,2026-09-01", "2026-09-01,").encode(), id="an empty end is one day"
        ),
        pytest.param(CSV.replace("Fall break", "Congé, fall break").encode("latin-1"), id="Latin-1"),
    ],
)
def test_tables_are_read_as_offices_save_them(data):
    calendar = read(data, "riverbend.csv").to_calendar()
    assert calendar.years[0].starts == date(2026, 9, 1)
    assert not calendar.is_school_day(date(2026, 11, 26))


GOOD = "DTSTART;VALUE=DATE:20261125\nSUMMARY:Fall break"


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        pytest.param(b"", None, "empty", id="nothing"),
        pytest.param(b"hello\n", 1, "column start", id="no calendar at all"),
        pytest.param(b"start,title\n", None, "no event", id="a header alone"),
        pytest.param(b"start,title\n2026-13-01,Recess\n", 2, "is not a date", id="a month 13"),
        pytest.param(b"start,title\n2026-12-01,\n", 2, "title is missing", id="no title"),
        pytest.param(
            b"start,end,title\n2026-12-02,2026-12-01,Recess\n", 2, "before it starts", id="end before start"
        ),
        pytest.param(
            b"start,end,title\n2026-12-02,2027-12-01,Recess\n", 2, "Check its end", id="a break of a year"
        ),
        pytest.param(ics(), None, "no event", id="an empty calendar"),
        pytest.param(
            ics(GOOD).removesuffix(b"END:VEVENT\r\nEND:VCALENDAR\r\n"), 4, "cut off", id="a file cut off"
        ),
        pytest.param(ics(GOOD, "DTSTART;VALUE=DATE:2026\nSUMMARY:x"), 9, "DTSTART", id="a broken date"),
        pytest.param(ics(GOOD, "SUMMARY:x"), 9, "no DTSTART", id="an event without a date"),
        pytest.param(ics(GOOD + "\nRRULE:FREQ=SOMETIMES"), 4, "RRULE", id="a broken recurrence"),
        pytest.param(
            ics(GOOD + "\nRRULE:FREQ=SECONDLY"), 4, "more than once a day", id="an event every second"
        ),
        pytest.param(ics(GOOD + "\nDTSTART;VALUE=DATE:20261126"), 4, "DTSTART of", id="two starts"),
        pytest.param(ics("DTSTART:PT3H\nSUMMARY:x"), 4, "DTSTART of", id="a length in place of a start"),
        pytest.param(ics("DTSTART;VALUE=DATE:00010101\nSUMMARY:x"), None, "worked out", id="the year 1"),
        pytest.param(ics(GOOD + "\nnonsense"), 8, "not a line of a calendar", id="a line that is none"),
        pytest.param(
            b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\n", 2, "does not close", id="an end without a beginning"
        ),
    ],
)
def test_a_fault_names_the_file_the_line_and_what_is_wrong(data, line, says):
    with pytest.raises(CalendarFault, match=says) as caught:
        read(data, "riverbend.ics")
    assert caught.value.line == line
    assert str(caught.value).startswith("riverbend.ics")


def test_a_calendar_without_a_first_and_last_day_asks_for_them():
    found = read(ics(GOOD))
    with pytest.raises(CalendarFault, match="First Day of School"):
        found.to_calendar()
    year = SchoolYear("2026-27", date(2026, 9, 1), date(2027, 6, 10))
    assert found.to_calendar((year,)).is_school_day(date(2026, 11, 24))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    try:
        read(data)
    except CalendarFault as fault:
        message = str(fault)
        assert message  # both outcomes are fine; only other exceptions are not


@given(st.integers(0, len(ics(GOOD, GOOD, GOOD))))
def test_a_calendar_cut_anywhere_is_read_whole_or_refused(length):
    whole = ics(GOOD, GOOD, GOOD)
    try:
        found = read(whole[:length])
    except CalendarFault:
        return
    assert len(found.events) == len(read(whole).events)
