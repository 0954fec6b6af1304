"""What makes the owner of a calendar busy, as Google, Outlook and Apple write it; and what files cannot do to us."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from protocols.cadence import busy_blocks, busy_files
from protocols.cadence.busy import BusyStretch
from protocols.cadence.busy_files import BusyFault, BusyTimes, read_busy
from tests.examples import tried
from tests.unit.cadence.busy_texts import WINDOWS_EASTERN, calendar, event

NEW_YORK = ZoneInfo("America/New_York")
FIRST, LAST = date(2026, 11, 30), date(2027, 6, 18)
TUESDAY = date(2026, 12, 1)
NINE = ":20261201T140000Z", ":20261201T150000Z"
"""Nine to ten in New York."""


def read(data: bytes, **more: object) -> BusyTimes:
    options = {"zone": NEW_YORK, "first": FIRST, "last": LAST} | more
    return read_busy(data, **options)  # type: ignore[arg-type]  # a test's shorthand


def spans(data: bytes, **more: object) -> list[tuple[str, int, int]]:
    found = read(data, **more)
    assert found.left_out == 0
    return [(f"{one.day:%m-%d}", one.starts, one.ends) for one in found.stretches]


MORNING = [("12-01", 540, 600)]

TIMES = {
    "in UTC": event(*NINE),
    "in a zone": event(";TZID=America/New_York:20261201T090000", ";TZID=America/New_York:20261201T100000"),
    "in another zone": event(";TZID=America/Denver:20261201T070000", ";TZID=America/Denver:20261201T080000"),
    "floating: the owner's": event(":20261201T090000", ":20261201T100000"),
    "in Windows' zone without its rules": event(
        ";TZID=Eastern Standard Time:20261201T090000", ";TZID=Eastern Standard Time:20261201T100000"
    ),
    "in a zone with a vendor before it": event(
        ";TZID=/vendor.example/America/New_York:20261201T090000",
        ";TZID=/vendor.example/America/New_York:20261201T100000",
    ),
    "in a zone nobody knows: the owner's": event(
        ";TZID=Nowhere:20261201T090000", ";TZID=Nowhere:20261201T100000"
    ),
    "start and end in two zones": event(
        ";TZID=America/New_York:20261201T090000", ";TZID=America/Denver:20261201T080000"
    ),
    "with a duration": "UID:1\nDTSTART:20261201T140000Z\nDURATION:PT1H",
    "folded": "UID:1\nDTSTART;TZID=America/New\n _York:20261201T090000\nDTEND:2026120\n 1T150000Z",
}  # fmt: skip


@pytest.mark.parametrize("text", TIMES.values(), ids=TIMES.keys())
def test_a_time_counts_on_the_owners_clock(text: str) -> None:
    assert spans(calendar(text)) == MORNING


@pytest.mark.parametrize(
    "name", ["Eastern Standard Time", "Customized Time Zone", "(UTC-05:00) Eastern Time (US & Canada)"]
)
@pytest.mark.parametrize("quote", ["", '"'])
def test_outlooks_own_zones_are_read_by_name_or_by_their_rules(name: str, quote: str) -> None:
    zones = WINDOWS_EASTERN.format(name=name)
    written = f";TZID={quote}{name}{quote}"
    text = event(
        f"{written}:20261201T090000", f"{written}:20261201T100000", "RRULE:FREQ=WEEKLY;UNTIL=20270316T130000Z"
    )
    found = spans(calendar(text, zones=zones))
    assert found[0] == ("12-01", 540, 600)
    assert found[-1] == ("03-16", 540, 600)  # after the clocks went forward
    assert {(starts, ends) for _, starts, ends in found} == {(540, 600)}


def test_two_peoples_customized_zones_are_not_the_same() -> None:
    """The library remembers a zone by its name for the life of the process."""
    text = event(";TZID=Customized Time Zone:20261201T090000", ";TZID=Customized Time Zone:20261201T100000")
    eastern = WINDOWS_EASTERN.format(name="Customized Time Zone")
    mountain = eastern.replace("-0400", "-0600").replace("-0500", "-0700")
    assert spans(calendar(text, zones=eastern)) == MORNING
    assert spans(calendar(text, zones=mountain)) == [("12-01", 660, 720)]
    assert spans(calendar(text, zones=eastern)) == MORNING


STATUS = {
    "nothing said": ((), True),
    "opaque": (("TRANSP:OPAQUE",), True),
    "transparent": (("TRANSP:TRANSPARENT",), False),
    "tentative": (("STATUS:TENTATIVE",), True),
    "cancelled": (("STATUS:CANCELLED",), False),
    "Outlook: free": (("TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"), False),
    "Outlook: elsewhere": (("X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE",), False),
    "Outlook: tentative": (("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE",), True),
    "Outlook: busy": (("TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY"), True),
    "Outlook: away": (("X-MICROSOFT-CDO-BUSYSTATUS:OOF",), True),
    "Outlook: a word to come": (("X-MICROSOFT-CDO-BUSYSTATUS:SOMETHING",), True),
    "declined by the owner": (("ATTENDEE;CN=Grace;PARTSTAT=DECLINED:mailto:Grace@District.example",), False),
    "declined by another": (("ATTENDEE;PARTSTAT=DECLINED:mailto:farid@district.example",), True),
    "accepted by the owner": (("ATTENDEE;PARTSTAT=ACCEPTED:mailto:grace@district.example",), True),
    "not answered by the owner": (("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:grace@district.example",), True),
}
GRACE = ("grace@district.example",)


@pytest.mark.parametrize(("lines", "is_busy"), STATUS.values(), ids=STATUS.keys())
def test_what_makes_a_timed_event_busy(lines: tuple[str, ...], is_busy: bool) -> None:
    assert bool(spans(calendar(event(*NINE, *lines)), emails=GRACE)) is is_busy


@pytest.mark.parametrize(
    ("lines", "is_busy"),
    [
        ((), False),
        (("TRANSP:TRANSPARENT",), False),
        (("TRANSP:OPAQUE",), True),
        (("X-MICROSOFT-CDO-BUSYSTATUS:FREE", "TRANSP:OPAQUE"), False),
        (("X-MICROSOFT-CDO-BUSYSTATUS:OOF",), True),
        (("TRANSP:OPAQUE", "STATUS:CANCELLED"), False),
    ],
)
def test_whole_days_are_busy_only_where_they_say_so(lines: tuple[str, ...], is_busy: bool) -> None:
    text = event(";VALUE=DATE:20261201", ";VALUE=DATE:20261203", *lines)
    assert spans(calendar(text)) == ([("12-01", 0, 1440), ("12-02", 0, 1440)] if is_busy else [])


@pytest.mark.parametrize(
    "text",
    [
        event(":20261201T140000Z", ":20261201T140000Z"),
        "UID:1\nDTSTART:20261201T140000Z",
        event(":20261128T140000Z", ":20261128T150000Z"),
        event(":20270619T140000Z", ":20270619T150000Z"),
        event(":20200101T000000Z", ":20300101T000000Z"),
    ],
    ids=["no length", "no end", "before", "after", "ten years long"],
)
def test_what_takes_no_time_of_these_days_is_not_busy(text: str) -> None:
    assert spans(calendar(text)) == []


def test_a_night_is_cut_at_midnight_and_at_the_window() -> None:
    text = event(":20261130T030000Z", ":20261201T070000Z")  # from Sunday evening, before the window
    assert spans(calendar(text)) == [("11-30", 0, 1440), ("12-01", 0, 120)]


def test_a_calendar_called_by_an_address_is_its_owners() -> None:
    text = calendar(event(*NINE, "ATTENDEE;PARTSTAT=DECLINED:mailto:grace.l@mail.example"))
    assert spans(text, emails=GRACE) == MORNING
    named = text.replace(b"VERSION:2.0", b"VERSION:2.0\r\nX-WR-CALNAME:Grace.L@mail.example")
    assert spans(named, emails=GRACE) == []


# ---------------------------------------------------------------- repetition

SERIES = (
    ";TZID=America/New_York:20261103T090000",
    ";TZID=America/New_York:20261103T100000",
    "RRULE:FREQ=WEEKLY;COUNT=8",
)
"""Tuesdays at nine, from 3 November to 22 December."""


def test_a_series_is_followed_into_the_days_asked_for() -> None:
    assert [day for day, *_ in spans(calendar(event(*SERIES)))] == ["12-01", "12-08", "12-15", "12-22"]


def test_exceptions_moved_and_cancelled_occurrences() -> None:
    found = spans(
        calendar(
            event(*SERIES, "EXDATE;TZID=America/New_York:20261208T090000", "RDATE:20261203T140000Z"),
            event(
                ";TZID=America/New_York:20261216T130000",
                ";TZID=America/New_York:20261216T133000",
                "RECURRENCE-ID;TZID=America/New_York:20261215T090000",
            ),
            event(
                ";TZID=America/New_York:20261222T090000",
                ";TZID=America/New_York:20261222T100000",
                "RECURRENCE-ID;TZID=America/New_York:20261222T090000",
                "STATUS:CANCELLED",
            ),
        )
    )
    assert found == [("12-01", 540, 600), ("12-03", 540, 600), ("12-16", 780, 810)]


def test_one_occurrence_declined_leaves_the_others() -> None:
    declined = event(
        ";TZID=America/New_York:20261208T090000",
        ";TZID=America/New_York:20261208T100000",
        "RECURRENCE-ID:20261208T140000Z",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:grace@district.example",
    )
    found = spans(calendar(event(*SERIES), declined), emails=GRACE)
    assert [day for day, *_ in found] == ["12-01", "12-15", "12-22"]


def test_an_occurrence_moved_in_from_outside_counts() -> None:
    moved = event(
        ":20261202T140000Z", ":20261202T150000Z", "RECURRENCE-ID;TZID=America/New_York:20261110T090000"
    )
    assert ("12-02", 540, 600) in spans(calendar(event(*SERIES), moved))


def test_a_series_keeps_its_local_hour_over_the_change_of_the_clocks() -> None:
    series = event(
        ";TZID=America/New_York:20270308T090000",
        ";TZID=America/New_York:20270308T100000",
        "RRULE:FREQ=WEEKLY;COUNT=2",
    )
    assert spans(calendar(series)) == [("03-08", 540, 600), ("03-15", 540, 600)]


def test_a_series_of_arizona_moves_on_the_owners_clock() -> None:
    series = event(
        ";TZID=America/Phoenix:20270308T090000", ";TZID=America/Phoenix:20270308T100000", "RRULE:FREQ=WEEKLY;COUNT=2"
    )  # fmt: skip
    assert spans(calendar(series)) == [("03-08", 660, 720), ("03-15", 720, 780)]


def test_a_week_that_starts_on_sunday_is_counted_so() -> None:
    series = event(
        ":20261201T140000Z", ":20261201T150000Z", "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;WKST=SU;COUNT=4"
    )
    assert [day for day, *_ in spans(calendar(series))] == ["12-01", "12-13", "12-15", "12-27"]


# ---------------------------------------------------------------- privacy


def test_no_title_is_kept_unless_the_owner_allows_it() -> None:
    text = calendar(
        event(*NINE, "SUMMARY:Dentist\\, again", uid="1"),
        event(":20261201T143000Z", ":20261201T160000Z", "SUMMARY:Secret", "CLASS:PRIVATE", uid="2"),
    )
    assert read(text).stretches == (BusyStretch(TUESDAY, 540, 660),)
    assert read(text, keeps_titles=True).stretches == (
        BusyStretch(TUESDAY, 540, 600, "Dentist, again"),
        BusyStretch(TUESDAY, 570, 660, ""),
    )


def test_the_bots_own_events_are_not_busy() -> None:
    text = calendar(event(*NINE, uid="visit-12@throughline"))
    assert spans(text) == []
    assert spans(text, own_uids="") == MORNING


# ---------------------------------------------------------------- files that mean harm, or are damaged

HOSTILE = {
    "every second": "RRULE:FREQ=SECONDLY",
    "every minute of some": "RRULE:FREQ=DAILY;BYMINUTE=0,1,2,3",
    "from the year one": "RRULE:FREQ=DAILY",
    "never, and for ever": "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "never, by position": "RRULE:FREQ=DAILY;BYDAY=MO;BYSETPOS=7",
    "no step": "RRULE:FREQ=WEEKLY;INTERVAL=0",
    "no frequency": "RRULE:COUNT=3",
    "a rule of nonsense": "RRULE:FREQ=WEEKLY;BYDAY=XX",
    "a step too long to say": "RRULE:FREQ=DAILY;INTERVAL=99999999999999999999",
    "a line too long": "RRULE:FREQ=WEEKLY\nEXDATE:" + ",".join(["20261208T140000Z"] * 5_000),
}


@pytest.mark.parametrize(("name", "line"), HOSTILE.items(), ids=HOSTILE.keys())
def test_an_event_that_cannot_be_worked_out_is_left_out_alone(name: str, line: str) -> None:
    start = ":00010101T090000Z" if "year one" in name else ":20261103T140000Z"
    end = ":00010101T100000Z" if "year one" in name else ":20261103T150000Z"
    found = read(calendar(event(start, end, line, uid="bad"), event(*NINE, uid="good")))
    assert found == BusyTimes((BusyStretch(TUESDAY, 540, 600),), left_out=1)


def test_a_count_without_end_is_bounded_by_the_days_asked_for() -> None:
    found = spans(
        calendar(event(":20261201T140000Z", ":20261201T150000Z", "RRULE:FREQ=DAILY;COUNT=999999999"))
    )
    assert len(found) == (LAST - TUESDAY).days + 1


def daily(year: str, uid: str) -> str:
    return event(f":{year}1103T140000Z", f":{year}1103T150000Z", "RRULE:FREQ=DAILY", uid=uid)


DAMAGED = {
    "empty": (b"", "not a calendar"),
    "a page": (b"<html>", "not a calendar"),
    "cut off": (calendar(event(*NINE))[: -len("END:VCALENDAR\r\n")], "cut off"),
    "crossed": (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\nEND:VEVENT\r\n", "do not close"),
    "nested": (b"BEGIN:VCALENDAR\r\n" * 50 + b"END:VCALENDAR\r\n" * 50, "nested"),
    "too large": (b"BEGIN:VCALENDAR\r\n" + b"X" * busy_files.MAX_BYTES, "larger than"),
    "too many": (calendar(*["UID:1"] * (busy_blocks.MOST_EVENTS + 1)), "more than 50,000"),
    "too often": (calendar(*[daily("2026", str(n)) for n in range(400)]), "repeats so much"),
    "too long a way": (calendar(*[daily("1900", str(n)) for n in range(100)]), "repeats so much"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "words"), DAMAGED.values(), ids=DAMAGED.keys())
def test_a_file_that_cannot_be_trusted_is_refused_whole(data: bytes, words: str) -> None:
    with pytest.raises(BusyFault, match=words):
        read(data)


def test_an_event_that_breaks_the_library_breaks_alone() -> None:
    bad = "UID:bad\nDTSTART:20261201T990000Z\nDTEND:20261201T150000Z"
    swapped = event(":20261103T140000Z", ":20261103T150000Z", "RRULE:FREQ=WEEKLY;UNTIL=notadate", uid="odd")
    found = read(calendar(bad, swapped, event(*NINE, uid="good")))
    assert BusyStretch(TUESDAY, 540, 600) in found.stretches
    assert found.left_out >= 1


def test_ten_thousand_events_of_the_past_cost_nothing_and_change_nothing() -> None:
    months = [f":2016{month:02}05T1" for month in range(1, 13)]
    past = [event(f"{months[n % 12]}40000Z", f"{months[n % 12]}50000Z", uid=str(n)) for n in range(10_000)]
    parsed: list[int] = []
    original = busy_files._expand

    def counting(events: list[busy_blocks.Block], *more: object) -> object:
        parsed.append(len(events))
        return original(events, *more)  # type: ignore[arg-type]  # a test's shorthand

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(busy_files, "_expand", counting)
        assert spans(calendar(*past, event(*NINE, uid="now"))) == MORNING
    assert parsed == [1]


REAL = calendar(
    event(*SERIES, "EXDATE;TZID=America/New_York:20261208T090000", "SUMMARY:x", uid="a"),
    event(
        ";TZID=Eastern Standard Time:20261216T130000",
        ";TZID=Eastern Standard Time:20261216T133000",
        "RECURRENCE-ID;TZID=America/New_York:20261215T090000",
        uid="a",
    ),
    event(";VALUE=DATE:20261218", ";VALUE=DATE:20261221", "TRANSP:OPAQUE", "RRULE:FREQ=MONTHLY;BYDAY=3FR", uid="b"),
    "UID:c\nDTSTART:20261201T140000\nDURATION:PT45M\nRRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=1",
    zones=WINDOWS_EASTERN.format(name="Eastern Standard Time"),
)  # fmt: skip
PIECES = [
    *(
        b":",
        b";",
        b"=",
        b"\r\n",
        b"00",
        b"99",
        b"Z",
        b"T",
        b"RRULE",
        b"VALUE=DATE",
        b"-",
        b"\xff",
        b"UNTIL=1",
    ),
    *(b"COUNT=0", b"INTERVAL=", b"BYDAY=-1MO", b"END:VEVENT\r\n", b"+9999"),
]


@tried(150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, len(REAL)), st.integers(0, 12), st.sampled_from(PIECES)), min_size=1, max_size=4)
)  # fmt: skip
def test_a_damaged_file_is_read_or_refused_and_nothing_else(cuts: list[tuple[int, int, bytes]]) -> None:
    data = bytearray(REAL)
    for place, length, piece in cuts:
        data[place : place + length] = piece
    found, fault = attempt(bytes(data))
    assert (found is None) == fault.endswith(".")
    if found is not None:
        assert list(found.stretches) == sorted(found.stretches)
        assert all(FIRST <= one.day <= LAST for one in found.stretches)


def attempt(data: bytes) -> tuple[BusyTimes | None, str]:
    """What was read, or the sentence that refuses it; any other error is the test's."""
    try:
        return read(data), ""
    except BusyFault as fault:
        return None, str(fault)


@tried(100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_refused_with_a_sentence(data: bytes) -> None:
    assert attempt(data)[1].endswith(".")
