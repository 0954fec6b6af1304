"""Reading a large calendar: ten thousand events take ten times what a thousand take, and not a hundred."""

from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from protocols.cadence.calendar_files import read_calendar_file
from tests.bench.timing import compare, print_head, print_row

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


def main() -> None:
    large, small = feed(10_000), feed(1_000)
    print_head("A calendar file, in milliseconds", "10,000", "1,000")
    read = partial(read_calendar_file, "feed.ics", zone=EAST)
    print_row("events read", compare(lambda: read(large), lambda: read(small), rounds=3))
