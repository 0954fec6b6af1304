"""A published calendar that the district subscribes to: taken, asked about, broken, gone, mended."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from bot.calendar_reading import feed_job
from bot.services.fetching import Copy, Fault, FetchError, Validators
from handlers.calendars.calendar_feeds import subscribe
from handlers.district import load_district
from protocols.cadence.calendar_edits import CalendarEdit
from protocols.cadence.calendar_files import read_calendar_file
from storage import calendar
from storage.database import Store
from storage.tables import AuditRow, CalendarFeedRow, VisitRow
from tests.chat import ZONE, Chat, Speaker
from tests.conversations.test_calendar import planned
from tests.district import email

ADDRESS = "https://sycamore.example/private-5f3a/district.ics"
YEAR = [
    ("20260831", "20260901", "First Day of School"),
    ("20270618", "20270619", "Last Day of School"),
]
DAYS = [
    ("20261225", "20261226", "No school"),
    ("20270115", "20270116", "Staff day"),
    ("20270215", "20270220", "February break"),
    ("20270405", "20270410", "Spring break"),
    ("20270531", "20270601", "Memorial Day"),
]


def ics(*events: tuple[str, str, str], stamp: str = "20261201T000000Z") -> bytes:
    body = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\nDTSTAMP:{stamp}\r\nDTSTART;VALUE=DATE:{starts}\r\n"
        f"DTEND;VALUE=DATE:{ends}\r\nSUMMARY:{title}\r\nEND:VEVENT\r\n"
        for number, (starts, ends, title) in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n".encode()


class Host:
    """What the other side answers: a copy, a fault, or "not changed"."""

    def __init__(self) -> None:
        self.answer: bytes | FetchError | None = ics(*YEAR, *DAYS)
        self.asked: list[tuple[str, Validators]] = []

    def fetch(self, address: str, known: Validators) -> Copy | None:
        self.asked.append((address, known))
        if isinstance(self.answer, FetchError):
            raise self.answer
        return Copy(self.answer, Validators(f'"v{len(self.asked)}"')) if self.answer is not None else None


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-12-01 13:00")


@pytest.fixture
def ana(chat: Chat) -> Speaker:
    return chat.person(email("ana.whitefeather"))


@pytest.fixture
def host() -> Host:
    return Host()


def tick(chat: Chat, host: Host, *, hours: float = 0) -> int:
    chat.wait(hours=hours)
    return feed_job(host.fetch)(chat.store, chat.now)


def is_school_day(store: Store, day: date) -> bool:
    with store.read() as tx:
        return load_district(tx).calendar.is_school_day(day)


def subscribed(chat: Chat, ana: Speaker, host: Host) -> None:
    ana.says(f"calendar {ADDRESS}")
    tick(chat, host)
    ana.collect()
    ana.presses("Put in force")


def news(ana: Speaker) -> str:
    """What came since this person's last look."""
    before = len(ana.seen)
    ana.collect()
    ana._since = before
    return ana.last_words()


def test_the_first_copy_is_shown_before_it_counts(chat: Chat, store: Store, ana: Speaker, host: Host) -> None:
    ana.says(f"calendar {ADDRESS}")
    ana.sees("I read the calendar at sycamore.example in a minute")
    assert tick(chat, host) == 1
    assert "School years: 2026-27. Days that differ: 5" in news(ana)
    assert is_school_day(store, date(2027, 2, 16))
    ana.presses("Put in force")
    ana.sees("In force: the calendar at sycamore.example")
    assert not is_school_day(store, date(2027, 2, 16))
    assert "private-5f3a" not in ana.everything()
    ana.says("calendar")
    ana.sees("From sycamore.example.", "Read every hour", "[Read it now]", "[Stop reading it]")


def test_it_is_asked_at_most_every_hour_and_politely(chat: Chat, ana: Speaker, host: Host) -> None:
    subscribed(chat, ana, host)
    assert tick(chat, host, hours=0.5) == 0
    host.answer = None
    assert tick(chat, host, hours=0.5) == 1
    assert host.asked[-1] == (ADDRESS, Validators('"v1"'))
    assert news(ana) == ""


def test_the_same_calendar_with_new_stamps_is_nothing_new(
    chat: Chat, store: Store, ana: Speaker, host: Host
) -> None:
    subscribed(chat, ana, host)
    host.answer = ics(*YEAR, *DAYS, stamp="20261201T180000Z")
    tick(chat, host, hours=1)
    assert news(ana) == ""
    with store.read() as tx:
        assert len(tx.exec(select(AuditRow).where(AuditRow.action == "calendar.taken")).all()) == 1


def test_a_small_addition_is_taken_and_told(chat: Chat, store: Store, ana: Speaker, host: Host) -> None:
    subscribed(chat, ana, host)
    visit = planned(store, "Lincoln Middle", date(2026, 12, 10))
    host.answer = ics(*YEAR, *DAYS, ("20261210", "20261211", "Staff development day"))
    tick(chat, host, hours=1)
    said = news(ana)
    assert "has changed. It is in force." in said
    assert "1 visit falls out" in said
    assert not is_school_day(store, date(2026, 12, 10))
    with store.read() as tx:
        assert tx.get_one(VisitRow, visit).status == "cancelled"
    imani = chat.person(email("imani.brooks"))
    assert "The school calendar has changed (sycamore.example)" in news(imani)


@pytest.mark.parametrize(
    ("newest", "why"),
    [
        pytest.param([*YEAR, *DAYS[:-2]], "takes away 46% of its days", id="days gone"),
        pytest.param(
            [YEAR[0], ("20270611", "20270612", "Last Day of School"), *DAYS],
            "makes the school year 2026-27 shorter",
            id="the year ends sooner",
        ),
        pytest.param(
            [*YEAR, *DAYS, ("20270301", "20270313", "No school")],
            "closes 10 school days",
            id="two weeks closed",
        ),
    ],
)
def test_what_takes_much_waits_for_a_yes(
    chat: Chat, store: Store, ana: Speaker, host: Host, newest: list[tuple[str, str, str]], why: str
) -> None:
    subscribed(chat, ana, host)
    with store.read() as tx:
        before = load_district(tx).calendar
    host.answer = ics(*newest)
    tick(chat, host, hours=1)
    assert why in news(ana)
    with store.read() as tx:
        assert load_district(tx).calendar == before
    tick(chat, host, hours=1)
    assert news(ana) == ""  # the same copy is asked about once
    ana.presses("Put in force")
    ana.sees("In force")
    with store.read() as tx:
        assert load_district(tx).calendar != before


def test_what_was_left_is_not_asked_again_and_a_newer_copy_replaces_it(
    chat: Chat, store: Store, ana: Speaker, host: Host
) -> None:
    subscribed(chat, ana, host)
    host.answer = ics(*YEAR, *DAYS[:2])
    tick(chat, host, hours=1)
    news(ana)
    ana.presses("Leave it")
    tick(chat, host, hours=1)
    assert news(ana) == ""
    assert not is_school_day(store, date(2027, 4, 6))
    chat.move_to("2026-12-02 09:00")
    host.answer = ics(*YEAR, *DAYS[:1])
    tick(chat, host)
    assert "takes away" in news(ana)
    host.answer = ics(*YEAR, *DAYS[:3])
    tick(chat, host, hours=1)
    assert "takes away" in news(ana)
    del ana.seen[-1]  # what is pressed is the older card
    ana.presses("Put in force")
    ana.sees("a newer one came")


def test_days_that_are_over_stay_when_a_feed_drops_them(
    chat: Chat, store: Store, ana: Speaker, host: Host
) -> None:
    subscribed(chat, ana, host)
    chat.move_to("2027-03-01 13:00")
    host.answer = ics(*YEAR, *DAYS[3:])
    tick(chat, host)
    assert not is_school_day(store, date(2027, 2, 16))


GONE = FetchError("sycamore.example has no calendar at that address.", Fault.GONE)
LATER = FetchError("sycamore.example takes too long to answer. Try again later.")


@pytest.mark.parametrize(
    ("answer", "readings", "says"),
    [
        pytest.param(GONE, 1, "has no calendar at that address", id="gone is told at once"),
        pytest.param(LATER, 3, "takes too long", id="slow is told when it lasts"),
        pytest.param(b"<html>", 1, "The last good copy stays in force", id="no calendar"),
        pytest.param(
            ics(*YEAR, *DAYS).removesuffix(b"END:VEVENT\r\nEND:VCALENDAR\r\n"), 1, "cut off", id="cut off"
        ),
        pytest.param(b"", 1, "empty", id="empty"),
    ],
)
def test_a_fault_is_told_once_and_once_that_it_is_over(
    chat: Chat,
    store: Store,
    ana: Speaker,
    host: Host,
    answer: bytes | FetchError,
    readings: int,
    says: str,
) -> None:
    subscribed(chat, ana, host)
    host.answer = answer
    for reading in range(readings):
        assert tick(chat, host, hours=1) == 1
        assert ("can't read" in news(ana)) is (reading == readings - 1)
    ana.sees("sycamore.example", says)
    tick(chat, host, hours=25)
    chat.move_to("2026-12-04 13:00")
    assert news(ana) == ""
    assert not is_school_day(store, date(2027, 2, 16))
    host.answer = ics(*YEAR, *DAYS)
    tick(chat, host, hours=25)
    chat.move_to("2026-12-07 13:00")
    assert "can be read again" in news(ana)
    tick(chat, host, hours=1)
    assert news(ana) == ""


def test_a_host_that_asks_to_wait_is_left_alone(chat: Chat, ana: Speaker, host: Host) -> None:
    subscribed(chat, ana, host)
    host.answer = FetchError("sycamore.example answers 429.", wait=timedelta(hours=6))
    assert tick(chat, host, hours=1) == 1
    assert tick(chat, host, hours=5) == 0
    assert tick(chat, host, hours=1) == 1


def test_a_new_address_takes_the_place_of_one_that_is_gone(
    chat: Chat, store: Store, ana: Speaker, host: Host
) -> None:
    subscribed(chat, ana, host)
    host.answer = GONE
    tick(chat, host, hours=1)
    ana.says("calendar webcal://sycamore.example/private-77/district.ics")
    host.answer = ics(*YEAR, *DAYS)
    tick(chat, host)
    with store.read() as tx:
        (row,) = tx.exec(select(CalendarFeedRow)).all()
    assert row.address == "https://sycamore.example/private-77/district.ics"
    assert not is_school_day(store, date(2027, 2, 16))


def test_a_feed_that_is_no_longer_read_leaves_what_it_said(
    chat: Chat, store: Store, ana: Speaker, host: Host
) -> None:
    subscribed(chat, ana, host)
    ana.says("calendar")
    ana.presses("Stop reading it")
    ana.sees("I no longer read the calendar at sycamore.example")
    assert tick(chat, host, hours=2) == 0
    assert not is_school_day(store, date(2027, 2, 16))
    ana.presses("Read it now")
    ana.sees("no longer read")


def test_what_the_administrator_said_is_not_undone_by_the_feed(
    chat: Chat, store: Store, ana: Speaker, host: Host
) -> None:
    subscribed(chat, ana, host)
    ana.says("school on 15 January after all")
    ana.presses("Put in force")
    host.answer = ics(*YEAR, *DAYS, ("20261210", "20261211", "Staff day"))
    tick(chat, host, hours=1)
    assert is_school_day(store, date(2027, 1, 15))
    assert not is_school_day(store, date(2026, 12, 10))


def test_two_clocks_read_it_once(chat: Chat, ana: Speaker, host: Host) -> None:
    subscribed(chat, ana, host)
    chat.wait(hours=1)
    job = feed_job(host.fetch)
    assert job(chat.store, chat.now) + job(chat.store, chat.now) == 1


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("https://me:secret@sycamore.example/a.ics", "user name or password"),
        ("https:///a.ics", "names no host"),
    ],
)
def test_an_address_that_is_none_says_why(ana: Speaker, address: str, says: str) -> None:
    ana.says(f"calendar {address}")
    ana.sees(says)
    ana.does_not_see("secret")


def test_only_the_administrator_subscribes(chat: Chat, host: Host) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says(f"calendar {ADDRESS}")
    assert tick(chat, host) == 0


def test_an_imported_address_is_read_again_in_an_hour(
    chat: Chat, store: Store, ana: Speaker, host: Host
) -> None:
    read = read_calendar_file("sycamore.example", ics(*YEAR, *DAYS), zone=ZONE)
    edit = CalendarEdit(read.closures, read.years, read.terms)
    with store.begin() as tx:
        source = subscribe(tx, ADDRESS, edit, etag='"v0"', modified="", now=chat.now)
        calendar.take_calendar(tx, edit, source=source, confirmed=False)
    assert not is_school_day(store, date(2027, 2, 16))
    assert tick(chat, host) == 0
    assert tick(chat, host, hours=1) == 1
    assert host.asked == [(ADDRESS, Validators('"v0"'))]
    assert news(ana) == ""
