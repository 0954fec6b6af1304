"""Reading a large calendar: ten thousand events take ten times what a thousand take, and not a hundred."""

from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from protocols.cadence.calendar_files import read_calendar_file
from tests.bench.ground import Ground
from tests.bench.tables import Column, Report
from tests.bench.timing import compare

EAST = ZoneInfo("America/New_York")
FIRST = date(2024, 9, 1)


def feed(count: int) -> bytes:
    """A feed of so many timed events over two and a half years, each tenth of them weekly."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for number in range(count):
        day = FIRST + timedelta(days=number % 900)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{number}@riverbend.example",
            f"DTSTART;TZID=America/New_York:{day:%Y%m%d}T090000",
            f"DTEND;TZID=America/New_York:{day:%Y%m%d}T100000",
            f"SUMMARY:Event {number}",
            *(["RRULE:FREQ=WEEKLY;COUNT=4"] if number % 10 == 0 else []),
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR"]).encode()


def run(report: Report, _ground: Ground) -> None:
    large, small = feed(10_000), feed(1_000)
    table = report.ratios("A calendar file read", Column("10,000 events"), Column("1,000 events"))
    read = partial(read_calendar_file, "feed.ics", zone=EAST)
    table.ratio("a feed as iCalendar", compare(lambda: read(large), lambda: read(small), rounds=3))
