"""One's own calendar: connected in one's own chat, read by the clock, heeded, and let go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from bot.own_calendars import read_own_calendars
from bot.services.busy_apart import Wanted
from bot.services.fetching import Copy, Fault, FetchError, Validators
from handlers.reception import Inbound, Said, Sender, receive
from protocols.cadence.busy_files import BusyTimes, read_busy
from storage import record
from storage.database import Store
from storage.tables import AuditRow, BusyStretchRow, MessageRow, OwnCalendarRow, PersonRow, SchoolRow
from tests.chat import Chat, Speaker
from tests.district import email
from tests.unit.cadence.busy_texts import calendar, event

TUESDAY = "2026-12-01 12:30"
SECRET = "https://calendar.example/ical/grace/private-0123456789abcdef/basic.ics"


def read_here(data: bytes, wanted: Wanted) -> BusyTimes:
    """``read_apart`` without the other process."""
    return read_busy(
        data,
        zone=ZoneInfo(wanted.zone),
        first=date.fromisoformat(wanted.first),
        last=date.fromisoformat(wanted.last),
        emails=wanted.emails,
        keeps_titles=wanted.keeps_titles,
    )


def meeting(day: str, start: str, end: str, *more: str, uid: str = "1") -> str:
    return event(
        f";TZID=America/New_York:{day}T{start}00", f";TZID=America/New_York:{day}T{end}00", *more, uid=uid
    )


THURSDAY_MORNING = meeting("20261203", "0800", "1100", "SUMMARY:Dentist")


@dataclass
class Host:
    """Whoever publishes the calendar; counts what it is asked."""

    data: bytes = field(default_factory=lambda: calendar(THURSDAY_MORNING))
    fault: FetchError | None = None
    asked: list[tuple[str, Validators]] = field(default_factory=list)
    etag: str = '"1"'

    def fetch(self, address: str, known: Validators) -> Copy | None:
        self.asked.append((address, known))
        if self.fault is not None:
            raise self.fault
        return None if known.etag == self.etag else Copy(self.data, Validators(self.etag))


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at=TUESDAY)


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture
def read(chat: Chat, store: Store, host: Host) -> Callable[[], int]:
    """The clock's work, once, at the chat's time."""
    return lambda: read_own_calendars(store, chat.now, fetch=host.fetch, read=read_here)


@pytest.fixture
def grace(chat: Chat) -> Speaker:
    return chat.person(email("grace.lindqvist"))


def stretches(store: Store) -> list[tuple[int, int, str]]:
    with store.read() as tx:
        return [(row.starts, row.ends, row.title) for row in tx.exec(select(BusyStretchRow))]


def row(store: Store) -> OwnCalendarRow:
    with store.read() as tx:
        return tx.exec(select(OwnCalendarRow)).one()


def test_a_calendar_is_connected_and_read_and_its_owner_told(
    grace: Speaker, chat: Chat, store: Store, host: Host, read: Callable[[], int]
) -> None:
    grace.says(f"connect my calendar {SECRET}")
    grace.sees("Connected: your calendar at calendar.example", "not what with")
    assert read() == 1
    assert grace.collect()
    grace.sees("I have read your calendar at calendar.example: 1 busy time up to", "“my calendar”")
    assert stretches(store) == [(480, 660, "")]
    grace.says("my calendar")
    grace.sees("Your calendar at calendar.example.", "Last read Tue 1 Dec 12:30: 1 busy time")
    grace.sees("Thu 3 Dec 8:00 to 11:00", "Busy")
    grace.does_not_see("Dentist")


def test_the_address_stands_nowhere_but_in_its_row(
    grace: Speaker, store: Store, host: Host, read: Callable[[], int], caplog: pytest.LogCaptureFixture
) -> None:
    grace.says(f"connect my calendar {SECRET}")
    host.fault = FetchError("calendar.example answers 500, not a calendar. Try again later.")
    read()
    grace.says("my calendar")
    assert "private-" not in grace.everything()
    assert "private-" not in caplog.text
    with store.read() as tx:
        assert not any("private-" in message.card for message in tx.exec(select(MessageRow)))
        assert not any("private-" in str(line.detail) for line in tx.exec(select(AuditRow)))
        assert record.kept_inbound(tx) == []
    assert row(store).address == SECRET


def test_how_to_find_the_address_is_three_lines_and_the_next_words_are_it(
    grace: Speaker, store: Store
) -> None:
    grace.says("my calendar")
    grace.sees(
        "No calendar of yours is connected", "Google", "Outlook", "Apple", "connect my calendar https://"
    )
    grace.says("connect my calendar")
    grace.sees("Send me your calendar's private address", "Google")
    grace.says(SECRET.replace("https", "webcal"))
    grace.sees("Connected: your calendar at calendar.example")
    assert row(store).address == SECRET


def test_an_address_alone_is_understood(grace: Speaker) -> None:
    grace.says(SECRET)
    grace.sees("Connected: your calendar at calendar.example")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("connect my calendar ftp://calendar.example/a.ics", "begins with https:// or webcal://"),
        ("connect my calendar calendar.example/a.ics", "begins with https:// or webcal://"),
        ("connect my calendar https://grace:secret@calendar.example/a.ics", "user name or password"),
        ("connect my calendar https:///a.ics", "names no host"),
    ],
)
def test_what_is_no_address_of_a_calendar_is_said_with_what_to_do(
    grace: Speaker, store: Store, words: str, answer: str
) -> None:
    grace.says(words)
    grace.sees(answer)
    with store.read() as tx:
        assert tx.exec(select(OwnCalendarRow)).first() is None


def test_in_a_channel_the_address_is_not_taken(grace: Speaker, chat: Chat, store: Store) -> None:
    sender = Sender("test", "T", grace.email, email=grace.email)
    inbound = Inbound(("channel:1",), sender, Said(f"connect my calendar {SECRET}", is_private=False))
    receive(store, inbound, now=chat.now)
    assert grace.collect()
    grace.sees("in a channel, where others can read it", "make a new private address")
    with store.read() as tx:
        assert tx.exec(select(OwnCalendarRow)).first() is None


@pytest.mark.parametrize("name", ["ruth.castellanos", "dev.patel", "ana.whitefeather"])
def test_it_is_for_those_who_visit_and_are_visited(chat: Chat, store: Store, name: str) -> None:
    somebody = chat.person(email(name))
    for words in (f"connect my calendar {SECRET}", "my calendar", "my feed"):
        somebody.says(words)
        somebody.sees("That is for ILDs and principals")
    with store.read() as tx:
        assert tx.exec(select(OwnCalendarRow)).first() is None


# ---------------------------------------------------------------- reading again


def test_it_is_read_again_after_an_hour_and_not_before_and_politely(
    grace: Speaker, chat: Chat, host: Host, read: Callable[[], int], store: Store
) -> None:
    grace.says(f"connect my calendar {SECRET}")
    assert read() == 1
    chat.wait(minutes=45)
    assert read() == 0
    chat.wait(minutes=45)
    assert read() == 1
    assert [known.etag for _, known in host.asked] == ["", '"1"']
    assert stretches(store) == [(480, 660, "")]


def test_the_same_words_under_a_new_name_are_not_worked_out_again(
    grace: Speaker, chat: Chat, host: Host, store: Store
) -> None:
    times: list[bytes] = []

    def counting(data: bytes, wanted: Wanted) -> BusyTimes:
        times.append(data)
        return read_here(data, wanted)

    grace.says(f"connect my calendar {SECRET}")
    for stamp in range(3):
        host.etag = f'"{stamp}"'
        host.data = calendar(meeting("20261203", "0800", "1100", f"DTSTAMP:2026120{stamp}T000000Z"))
        assert read_own_calendars(store, chat.now, fetch=host.fetch, read=counting) == 1
        chat.wait(hours=2)
    assert len(times) == 1


def test_a_series_is_followed_further_though_nothing_changes(
    grace: Speaker, chat: Chat, host: Host, read: Callable[[], int], store: Store
) -> None:
    host.data = calendar(meeting("20261203", "0800", "1100", "RRULE:FREQ=WEEKLY"))
    grace.says(f"connect my calendar {SECRET}")
    read()
    reaches = row(store).reaches
    chat.wait(days=20)
    assert read() == 1
    assert host.asked[-1][1] == Validators()
    assert row(store).reaches == (reaches or date.min) + timedelta(days=20)


def test_whoever_moves_to_another_zone_is_read_anew(
    grace: Speaker, chat: Chat, host: Host, read: Callable[[], int], store: Store
) -> None:
    grace.says(f"connect my calendar {SECRET}")
    read()
    with store.begin() as tx:
        tx.get_one(PersonRow, grace.id).zone = "America/Denver"
    chat.wait(hours=2)
    assert read() == 1
    assert stretches(store) == [(360, 540, "")]


# ---------------------------------------------------------------- when it breaks


def test_a_calendar_that_breaks_keeps_its_last_copy_and_its_owner_is_told_once(
    grace: Speaker, chat: Chat, host: Host, read: Callable[[], int], store: Store
) -> None:
    grace.says(f"connect my calendar {SECRET}")
    read()
    grace.collect()
    host.fault = FetchError("calendar.example has no calendar at that address. Copy it again.", Fault.GONE)
    for _ in range(4):
        chat.wait(days=1)
        assert read() == 0
    assert stretches(store) == [(480, 660, "")]
    told = [one for one in grace.collect() if "any more" in str(one)]
    assert len(told) == 1
    assert "Until then I plan by what I read on Tue 1 Dec" in str(told[0])
    grace.says("my calendar")
    grace.sees("has no calendar at that address", "plan by what I have")


def test_a_short_outage_is_nobodys_news(
    grace: Speaker, chat: Chat, host: Host, read: Callable[[], int], store: Store
) -> None:
    grace.says(f"connect my calendar {SECRET}")
    read()
    grace.collect()
    host.fault = FetchError("calendar.example takes too long to answer. Try again later.")
    for _ in range(2):
        chat.wait(hours=5)
        read()
    host.fault = None
    chat.wait(hours=5)
    assert read() == 1
    chat.wait(days=1)
    assert grace.collect() == []
    assert (row(store).state, row(store).failures) == ("good", 0)


def test_it_backs_off_and_hears_who_asks_to_wait(
    grace: Speaker, chat: Chat, host: Host, read: Callable[[], int], store: Store
) -> None:
    grace.says(f"connect my calendar {SECRET}")
    host.fault = FetchError("busy", wait=timedelta(hours=7))
    read()
    assert row(store).due_at - chat.now >= timedelta(hours=7)
    host.fault = FetchError("busy")
    pauses = []
    for _ in range(8):
        chat.now = row(store).due_at
        read()
        pauses.append(row(store).due_at - chat.now)
    assert pauses == sorted(pauses)
    assert timedelta(days=1) <= pauses[-1] < timedelta(days=1, hours=1)


def test_a_first_reading_that_fails_is_told_at_once(
    grace: Speaker, host: Host, read: Callable[[], int]
) -> None:
    grace.says(f"connect my calendar {SECRET}")
    host.data = b"<html>Sign in"
    read()
    assert grace.collect()
    grace.sees("I could not read your calendar.", "This is not a calendar")


def test_of_two_processes_one_reads(grace: Speaker, chat: Chat, store: Store, host: Host) -> None:
    grace.says(f"connect my calendar {SECRET}")
    inner: list[int] = []

    def fetch(address: str, known: Validators) -> Copy | None:
        inner.append(read_own_calendars(store, chat.now, fetch=host.fetch, read=read_here))
        return host.fetch(address, known)

    assert read_own_calendars(store, chat.now, fetch=fetch, read=read_here) == 1
    assert inner == [0]
    assert len(host.asked) == 1


def test_what_was_disconnected_while_it_was_read_is_not_kept(
    grace: Speaker, chat: Chat, store: Store, host: Host
) -> None:
    grace.says(f"connect my calendar {SECRET}")

    def fetch(address: str, known: Validators) -> Copy | None:
        grace.says("disconnect my calendar")
        return host.fetch(address, known)

    assert read_own_calendars(store, chat.now, fetch=fetch, read=read_here) == 0
    assert stretches(store) == []


def test_of_whoever_leaves_everything_is_forgotten(
    grace: Speaker, chat: Chat, store: Store, host: Host, read: Callable[[], int]
) -> None:
    grace.says(f"connect my calendar {SECRET}")
    read()
    with store.begin() as tx:
        tx.get_one(PersonRow, grace.id).active = False
    chat.wait(hours=5)
    assert read() == 0
    assert len(host.asked) == 1
    assert stretches(store) == []
    with store.read() as tx:
        assert tx.exec(select(OwnCalendarRow)).first() is None


# ---------------------------------------------------------------- titles, and the end


def test_titles_are_kept_on_request_and_forgotten_on_request(
    grace: Speaker, chat: Chat, store: Store, read: Callable[[], int]
) -> None:
    grace.says(f"connect my calendar {SECRET}")
    read()
    grace.says("keep titles")
    grace.sees("Only you can see them")
    assert read() == 0
    chat.wait(minutes=30)
    assert read() == 1
    assert stretches(store) == [(480, 660, "Dentist")]
    grace.says("my calendar")
    grace.sees("Dentist")
    grace.presses("Keep no titles")
    grace.sees("Forgotten")
    assert stretches(store) == [(480, 660, "")]


def test_disconnecting_forgets_the_address_and_all_that_was_read(
    grace: Speaker, store: Store, read: Callable[[], int]
) -> None:
    grace.says(f"connect my calendar {SECRET}")
    read()
    grace.says("my calendar")
    grace.presses("Disconnect")
    grace.sees("Disconnected")
    assert stretches(store) == []
    grace.says("disconnect my calendar")
    grace.sees("No calendar of yours is connected")


# ---------------------------------------------------------------- what it is for


def test_the_plan_goes_round_the_principals_calendar_and_the_ilds_own(
    grace: Speaker, chat: Chat, host: Host, read: Callable[[], int]
) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("plan")
    before = imani.last_words()
    assert "Thu 3 Dec 8:30" in before
    imani.says(f"connect my calendar {SECRET}")
    read()
    imani.says("plan")
    imani.does_not_see("[Thu 3 Dec 8:30", "Thu 3 Dec 8:30, Lincoln", "Thu 3 Dec 8:30, Roosevelt")
    imani.sees("Tue 8 Dec 8:30", "Gone round: Thu 3 Dec 8:30 for", "Imani Brooks's calendar is taken then")


def test_a_plan_says_whose_calendar_it_went_round_and_not_what_for(
    grace: Speaker, chat: Chat, host: Host, read: Callable[[], int]
) -> None:
    imani = chat.person(email("imani.brooks"))
    host.data = calendar(meeting("20261201", "0800", "1100", "SUMMARY:Dentist", "RRULE:FREQ=DAILY;COUNT=20"))
    grace.says(f"connect my calendar {SECRET}")
    read()
    imani.says("plan")
    imani.sees("Gone round:", "for Lincoln Middle, Grace Lindqvist's calendar is taken then")
    imani.does_not_see("Dentist", "8:30, Lincoln Middle")


def test_offers_leave_out_the_half_days_that_are_taken_and_say_so_without_what_with(
    grace: Speaker, chat: Chat, read: Callable[[], int]
) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("plan lincoln middle tue 8 dec 8:30")
    grace.says(f"connect my calendar {SECRET}")
    read()
    imani.says("cancel lincoln middle")
    imani.presses("Cancel the visit", by="ild", reason="A hearing moved")
    imani.sees("Hold Thu 10 Dec 8:30", "Left out: Thu 3 Dec 8:30, Grace Lindqvist's calendar is taken then.")
    imani.does_not_see("Hold Thu 3 Dec 8:30", "Dentist")


def test_a_school_of_another_zone_is_visited_by_its_own_clock(
    grace: Speaker, chat: Chat, host: Host, store: Store, read: Callable[[], int]
) -> None:
    with store.begin() as tx:
        tx.get_one(PersonRow, grace.id).zone = "America/Chicago"
        tx.exec(select(SchoolRow).where(SchoolRow.name == "Lincoln Middle")).one().zone = "America/Chicago"
    host.data = calendar(
        event(":20261203T150000Z", ":20261203T153000Z")
    )  # 9:00 in Chicago, 10:00 in New York
    grace.says(f"connect my calendar {SECRET}")
    read()
    imani = chat.person(email("imani.brooks"))
    imani.says("plan lincoln middle tue 8 dec 8:30")
    imani.says("cancel lincoln middle")
    imani.presses("Cancel the visit", by="ild", reason="A hearing moved")
    imani.sees("Left out: Thu 3 Dec 8:30, Grace Lindqvist's calendar is taken then.")


def test_a_visit_in_a_taken_time_is_held_and_said(
    grace: Speaker, chat: Chat, read: Callable[[], int]
) -> None:
    grace.says(f"connect my calendar {SECRET}")
    read()
    imani = chat.person(email("imani.brooks"))
    imani.says("plan lincoln middle thu 3 dec 10:30")
    imani.sees("Held: Lincoln Middle, Thu 3 Dec 10:30", "Grace Lindqvist's calendar is taken then.", "[Move]")
    imani.says("move lincoln middle to thu 3 dec 11:00")
    imani.sees("Moved")
    imani.does_not_see("taken then")


def test_a_meeting_is_offered_where_nobodys_calendar_is_taken(
    grace: Speaker, chat: Chat, host: Host, read: Callable[[], int]
) -> None:
    host.data = calendar(meeting("20261202", "1300", "1500", "SUMMARY:Dentist"))
    grace.says(f"connect my calendar {SECRET}")
    read()
    dev = chat.person(email("dev.patel"))
    dev.says("meeting with Lincoln Middle Wed 2 Dec 13:30 about substitutes")
    dev.sees("Wed 2 Dec 13:30 is taken", "Grace Lindqvist's calendar is taken then", "[Take Wed 2 Dec 12:00]")
    dev.does_not_see("Dentist")
    dev.says("meeting with principals Wed 2 Dec 13:30 about substitutes")
    dev.sees("somebody invited has a visit, a meeting or something of their own then")
    dev.does_not_see("Grace")


def test_a_calendar_of_another_zone_is_heeded_on_the_districts_clock(
    grace: Speaker, chat: Chat, host: Host, store: Store, read: Callable[[], int]
) -> None:
    with store.begin() as tx:
        tx.get_one(PersonRow, grace.id).zone = "America/Denver"
    host.data = calendar(event(":20261202T180000Z", ":20261202T190000Z"))  # 13:00 to 14:00 in New York
    grace.says(f"connect my calendar {SECRET}")
    read()
    assert stretches(store) == [(660, 720, "")]
    dev = chat.person(email("dev.patel"))
    dev.says("meeting with Lincoln Middle Wed 2 Dec 13:30 about substitutes")
    dev.sees("Grace Lindqvist's calendar is taken then")
