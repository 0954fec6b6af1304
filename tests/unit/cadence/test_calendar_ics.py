"""iCalendar as calendar programs write it, case by case; all calendars here are invented."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.calendar import Closure, ClosureKind
from protocols.cadence.calendar_files import CalendarFault, CalendarFile, read_calendar_file
from tests.examples import tried

EAST = ZoneInfo("America/New_York")

OUTLOOK_ZONE = """
BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:-0700
TZOFFSETTO:-0800
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:-0800
TZOFFSETTO:-0700
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def event(uid: str, *lines: str, title: str = "No school") -> str:
    body = "\n".join(lines)
    return f"BEGIN:VEVENT\nUID:{uid}\n{body}\nSUMMARY:{title}\nEND:VEVENT\n"


def calendar(*parts: str) -> bytes:
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Riverbend//EN\n{''.join(parts)}END:VCALENDAR\n"
    return text.replace("\n\n", "\n").replace("\n", "\r\n").encode()


def read(data: bytes, zone: ZoneInfo = EAST) -> CalendarFile:
    return read_calendar_file("riverbend.ics", data, zone=zone)


def days(found: CalendarFile) -> list[str]:
    return [
        one.starts.isoformat() if one.starts == one.ends else f"{one.starts} to {one.ends}"
        for one in found.events
    ]


WEEKLY = ("DTSTART;VALUE=DATE:20261007", "RRULE:FREQ=WEEKLY;COUNT=4")  # 7, 14, 21, 28 October

FILES = {
    "weekly with an exception": (
        calendar(event("a", *WEEKLY, "EXDATE;VALUE=DATE:20261014")),
        ["2026-10-07", "2026-10-21", "2026-10-28"],
    ),
    "two exceptions in one line": (
        calendar(event("a", *WEEKLY, "EXDATE;VALUE=DATE:20261014,20261021")),
        ["2026-10-07", "2026-10-28"],
    ),
    "two lines of exceptions": (
        calendar(event("a", *WEEKLY, "EXDATE;VALUE=DATE:20261014", "EXDATE;VALUE=DATE:20261028")),
        ["2026-10-07", "2026-10-21"],
    ),
    "an extra day besides the rule": (
        calendar(event("a", *WEEKLY, "RDATE;VALUE=DATE:20261102")),
        ["2026-10-07", "2026-10-14", "2026-10-21", "2026-10-28", "2026-11-02"],
    ),
    "extra days without a rule": (
        calendar(event("a", "DTSTART;VALUE=DATE:20261007", "RDATE;VALUE=DATE:20261102,20261204")),
        ["2026-10-07", "2026-11-02", "2026-12-04"],
    ),
    "one instance moved": (
        calendar(
            event("a", *WEEKLY),
            event("a", "DTSTART;VALUE=DATE:20261016", "RECURRENCE-ID;VALUE=DATE:20261014"),
        ),
        ["2026-10-07", "2026-10-16", "2026-10-21", "2026-10-28"],
    ),
    "one instance cancelled": (
        calendar(
            event("a", *WEEKLY),
            event(
                "a", "DTSTART;VALUE=DATE:20261014", "RECURRENCE-ID;VALUE=DATE:20261014", "STATUS:CANCELLED"
            ),
        ),
        ["2026-10-07", "2026-10-21", "2026-10-28"],
    ),
    "the moved instance stands before its rule": (
        calendar(
            event("a", "DTSTART;VALUE=DATE:20261016", "RECURRENCE-ID;VALUE=DATE:20261014"),
            event("a", *WEEKLY),
        ),
        ["2026-10-07", "2026-10-16", "2026-10-21", "2026-10-28"],
    ),
    "a newer version of the same instance": (
        calendar(
            event("a", *WEEKLY),
            event("a", "SEQUENCE:1", "DTSTART;VALUE=DATE:20261015", "RECURRENCE-ID;VALUE=DATE:20261014"),
            event("a", "SEQUENCE:2", "DTSTART;VALUE=DATE:20261016", "RECURRENCE-ID;VALUE=DATE:20261014"),
        ),
        ["2026-10-07", "2026-10-16", "2026-10-21", "2026-10-28"],
    ),
    "a moved instance whose rule is not in the file": (
        calendar(event("a", "DTSTART;VALUE=DATE:20261016", "RECURRENCE-ID;VALUE=DATE:20261014")),
        ["2026-10-16"],
    ),
    "the whole series cancelled": (
        calendar(event("a", *WEEKLY, "STATUS:CANCELLED"), event("b", "DTSTART;VALUE=DATE:20261201")),
        ["2026-12-01"],
    ),
    "cancelled in small letters": (
        calendar(
            event("a", "DTSTART;VALUE=DATE:20261007", "STATUS:cancelled"),
            event("b", "DTSTART;VALUE=DATE:20261201"),
        ),
        ["2026-12-01"],
    ),
    "the same event twice": (
        calendar(
            event("a", "DTSTART;VALUE=DATE:20261201"),
            event("a", "DTSTART;VALUE=DATE:20261201"),
        ),
        ["2026-12-01"],
    ),
    "until the end of a day in UTC": (
        calendar(
            event(
                "a",
                "DTSTART;TZID=America/New_York:20261007T090000",
                "RRULE:FREQ=WEEKLY;UNTIL=20261021T130000Z",
            )
        ),
        ["2026-10-07", "2026-10-14", "2026-10-21"],
    ),
    "weeks that start on Sunday": (
        calendar(
            event(
                "a",
                "DTSTART;VALUE=DATE:20261004",
                "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;COUNT=4;WKST=SU",
            )
        ),
        ["2026-10-04", "2026-10-05", "2026-10-18", "2026-10-19"],
    ),
    "the same weeks if they start on Monday": (
        calendar(
            event(
                "a",
                "DTSTART;VALUE=DATE:20261004",
                "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;COUNT=4;WKST=MO",
            )
        ),
        ["2026-10-04", "2026-10-12", "2026-10-18", "2026-10-26"],
    ),
    "the third Monday of January, every year": (
        calendar(event("a", "DTSTART;VALUE=DATE:20260119", "RRULE:FREQ=YEARLY;BYMONTH=1;BYDAY=3MO;COUNT=2")),
        ["2026-01-19", "2027-01-18"],
    ),
    "Outlook's own zone, spelled out in the file": (
        calendar(
            OUTLOOK_ZONE,
            event(
                "a",
                "DTSTART;TZID=Customized Time Zone:20261201T220000",
                "DTEND;TZID=Customized Time Zone:20261201T230000",
            ),
        ),
        ["2026-12-02"],
    ),
    "Outlook's name of a zone, not spelled out": (
        calendar(
            event(
                "a",
                "DTSTART;TZID=Pacific Standard Time:20261201T220000",
                "DTEND;TZID=Pacific Standard Time:20261201T230000",
            )
        ),
        ["2026-12-02"],
    ),
    "a zone in quotes": (
        calendar(event("a", 'DTSTART;TZID="America/Los_Angeles":20261201T220000')),
        ["2026-12-02"],
    ),
    "Outlook's whole day, midnight to midnight": (
        calendar(
            event(
                "a",
                "DTSTART;TZID=America/New_York:20261225T000000",
                "DTEND;TZID=America/New_York:20261226T000000",
                "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
            )
        ),
        ["2026-12-25"],
    ),
    "a floating time": (
        calendar(event("a", "DTSTART:20261201T230000", "DTEND:20261202T010000")),
        ["2026-12-01 to 2026-12-02"],
    ),
    "a day that ends before it starts by a slip of the program": (
        calendar(event("a", "DTSTART;VALUE=DATE:20261225", "DTEND;VALUE=DATE:20261225")),
        ["2026-12-25"],
    ),
    "the night the clocks go back": (
        calendar(
            event(
                "a",
                "DTSTART;TZID=America/New_York:20261101T013000",
                "DTEND;TZID=America/New_York:20261101T023000",
            )
        ),
        ["2026-11-01"],
    ),
    "a time that does not exist in spring": (
        calendar(event("a", "DTSTART;TZID=America/New_York:20270314T023000", "DURATION:PT30M")),
        ["2027-03-14"],
    ),
    "a weekly time over the change of the clock, in another zone": (
        calendar(
            event(
                "a",
                "DTSTART;TZID=America/Los_Angeles:20261030T213000",
                "DURATION:PT30M",
                "RRULE:FREQ=WEEKLY;COUNT=2",
            )
        ),
        ["2026-10-31", "2026-11-07"],
    ),
    "alarms, tasks and journals beside it": (
        calendar(
            "BEGIN:VTODO\nUID:t\nSUMMARY:No school\nEND:VTODO\n",
            "BEGIN:VJOURNAL\nUID:j\nDTSTART;VALUE=DATE:20261001\nSUMMARY:x\nEND:VJOURNAL\n",
            event(
                "a",
                "DTSTART;VALUE=DATE:20261201",
                "BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:x\nTRIGGER:-PT15M\nEND:VALARM",
            ),
        ),
        ["2026-12-01"],
    ),
    "a title without words": (
        calendar("BEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:20261201\nEND:VEVENT\n"),
        ["2026-12-01"],
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_the_days_of_a_file(name: str) -> None:
    data, expected = FILES[name]
    assert days(read(data)) == expected


def test_two_calendars_in_one_file_are_both_read() -> None:
    one = calendar(event("a", "DTSTART;VALUE=DATE:20261201"))
    two = calendar(event("b", "DTSTART;VALUE=DATE:20261202"))
    assert days(read(one + two)) == ["2026-12-01", "2026-12-02"]


@pytest.mark.parametrize(
    ("title", "note", "at"),
    [
        ("Early release, 12:30 pm", "", time(12, 30)),
        ("Early dismissal", "Students are dismissed at 11:45 a.m. sharp.", time(11, 45)),
        ("Early release at noon", "", time(12)),
        ("Early release", "", None),
        ("Early release: elementary 12:30, high 1:15 pm", "", None),
        ("Late start 10:00", "", time(10)),
        ("Two-hour delay", "", None),
        ("No school until 10:00", "", None),
    ],
)
def test_the_time_at_which_students_come_or_go(title: str, note: str, at: time | None) -> None:
    lines = ["DTSTART;VALUE=DATE:20261216", *([f"DESCRIPTION:{note}"] if note else [])]
    (found,) = read(calendar(event("a", *lines, title=title))).events
    assert found.at == at


def test_a_weekly_early_release_with_exceptions_keeps_its_time() -> None:
    data = calendar(event("a", *WEEKLY, "EXDATE;VALUE=DATE:20261014", title="Early release 12:30 pm"))
    assert read(data).closures == tuple(
        Closure(
            date(2026, 10, day),
            date(2026, 10, day),
            ClosureKind.EARLY_RELEASE,
            "Early release 12:30 pm",
            time(12, 30),
        )
        for day in (7, 21, 28)
    )


def test_ten_thousand_events_are_all_there() -> None:
    """How long it takes is measured in ``make bench``."""
    parts = [
        event(
            str(number),
            f"DTSTART;VALUE=DATE:2026{1 + number % 12:02d}{1 + number % 28:02d}",
            title=f"Day {number}",
        )
        for number in range(10_000)
    ]
    assert len(read(calendar(*parts)).events) == 10_000


LINES = sorted({line for data, _ in FILES.values() for line in data.split(b"\r\n")})


@tried(150, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_a_mutated_file_is_read_or_refused(name: str, data: st.DataObject) -> None:
    lines = FILES[name][0].split(b"\r\n")
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.integers(0, 3)):
            case 0:
                lines[place] = data.draw(st.sampled_from(LINES))
            case 1:
                lines.insert(place, data.draw(st.sampled_from(LINES)))
            case 2:
                del lines[place]
                lines = lines or [b""]
            case _:
                line = bytearray(lines[place])
                if line:
                    line[data.draw(st.integers(0, len(line) - 1))] = data.draw(st.integers(32, 255))
                lines[place] = bytes(line)
    try:
        said = days(read(b"\r\n".join(lines)))
    except CalendarFault as fault:
        said = [fault.what]
    assert said[0]
