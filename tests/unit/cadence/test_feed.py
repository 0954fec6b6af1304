"""The feed's text: what calendar programs are particular about."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.busy import BusyStretch
from protocols.cadence.busy_files import read_busy
from protocols.cadence.feed import Entry, write_feed

NEW_YORK = ZoneInfo("America/New_York")
CHANGED = datetime(2026, 11, 30, 15, 4, 5, 678, tzinfo=UTC)
VISIT = Entry(
    "visit-1-x@throughline",
    "Visit: Lincoln Middle",
    datetime(2026, 12, 3, 8, 30, tzinfo=NEW_YORK),
    CHANGED,
    minutes=60,
    place="Lincoln Middle",
    is_busy=True,
)
DUE = Entry("promise-1-x@throughline", "Promise due", date(2026, 12, 4), CHANGED)


def events(*entries: Entry) -> list[icalendar.Event]:
    found = icalendar.Calendar.from_ical(write_feed("Throughline", entries)).walk("VEVENT")
    return [one for one in found if isinstance(one, icalendar.Event)]


def test_what_every_program_asks_of_a_feed_is_in_it() -> None:
    text = write_feed("Throughline, Grace", [VISIT]).decode()
    for line in (
        "VERSION:2.0",
        "PRODID:-//Throughline//Calendar of visits//EN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Throughline\\, Grace",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "UID:visit-1-x@throughline",
        "DTSTAMP:20261130T150405Z",
        "LAST-MODIFIED:20261130T150405Z",
        "SEQUENCE:0",
        "DTSTART:20261203T133000Z",
        "DTEND:20261203T143000Z",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
    ):
        assert f"\r\n{line}\r\n" in text, line
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")


def test_the_same_entries_make_the_same_bytes_in_whatever_order_they_come() -> None:
    assert write_feed("x", [VISIT, DUE]) == write_feed("x", [DUE, VISIT])


def test_a_whole_day_is_a_date_and_takes_nobodys_time() -> None:
    (event,) = events(DUE)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 12, 4), date(2026, 12, 5))
    assert event["TRANSP"] == "TRANSPARENT"
    assert b"DTSTART;VALUE=DATE:20261204\r\n" in write_feed("x", [DUE])


def test_a_cancelled_visit_stays_marked_and_takes_no_time() -> None:
    (event,) = events(replace(VISIT, is_cancelled=True, sequence=2))
    assert (event["STATUS"], event["SEQUENCE"], event["TRANSP"]) == ("CANCELLED", 2, "TRANSPARENT")


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        pytest.param(date(2027, 3, 12), "13:30", id="before spring"),
        pytest.param(date(2027, 3, 15), "12:30", id="after spring"),
        pytest.param(date(2026, 10, 30), "12:30", id="before autumn"),
        pytest.param(date(2026, 11, 2), "13:30", id="after autumn"),
    ],
)
def test_half_past_eight_stays_half_past_eight_when_the_clocks_change(day: date, clock: str) -> None:
    (event,) = events(replace(VISIT, starts=datetime(day.year, day.month, day.day, 8, 30, tzinfo=NEW_YORK)))
    start = event["DTSTART"].dt
    assert f"{start:%H:%M}" == clock
    assert start.astimezone(NEW_YORK).hour == 8


def test_an_entry_without_a_zone_or_a_length_is_refused() -> None:
    with pytest.raises(ValueError, match="visit-1"):
        replace(VISIT, starts=datetime(2026, 12, 3, 8, 30))  # noqa: DTZ001 - that is the case
    with pytest.raises(ValueError, match="visit-1"):
        replace(VISIT, minutes=0)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_any_name_survives_and_no_line_is_longer_than_75_octets(name: str) -> None:
    entry = replace(VISIT, title=f"Visit: {name}", place=name)
    data = write_feed(name, [entry])
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    (event,) = events(entry)
    assert str(event["SUMMARY"]) == f"Visit: {name}"


def test_our_own_reader_reads_it_back_as_the_visits_hours() -> None:
    cancelled = replace(VISIT, uid="visit-2", starts=VISIT.starts + timedelta(days=1), is_cancelled=True)
    data = write_feed("x", [VISIT, DUE, cancelled])

    def read(own_uids: str) -> tuple[BusyStretch, ...]:
        first, last = date(2026, 11, 30), date(2026, 12, 31)
        return read_busy(data, zone=NEW_YORK, first=first, last=last, own_uids=own_uids).stretches

    assert read("") == (BusyStretch(date(2026, 12, 3), 510, 570),)
    assert read("@throughline") == ()
