"""The feed a person subscribes to: made in chat, revoked in chat, and never more in it than where and when."""

import re
from datetime import date

import icalendar
import pytest
from sqlmodel import select

from handlers.calendars.own_feed import read_feed
from handlers.calendars.publishing import blank_feeds
from handlers.district import put_base_url
from handlers.reception import Inbound, Said, Sender, receive
from storage import busy, promises
from storage.database import Store
from storage.tables import FeedRow, MessageRow, PersonRow, SchoolRow
from tests.chat import Chat, Speaker
from tests.district import email

TUESDAY = "2026-12-01 12:30"
BASE = "https://throughline.example"


@pytest.fixture
def chat(store: Store) -> Chat:
    with store.begin() as tx:
        put_base_url(tx, BASE)
    return Chat(store, at=TUESDAY)


def token_in(speaker: Speaker) -> str:
    found = re.search(rf"{BASE}/calendar/([\w-]+)\.ics", speaker.last_words())
    assert found, speaker.last_words()
    return found[1]


def feed_of(chat: Chat, speaker: Speaker) -> list[icalendar.Event]:
    """Under an address that is as new as the look at it."""
    speaker.says("new feed address")
    data = read_feed(chat.store, token_in(speaker), chat.now)
    assert data is not None
    found = icalendar.Calendar.from_ical(data).walk("VEVENT")
    return [one for one in found if isinstance(one, icalendar.Event)]


def titled(chat: Chat, speaker: Speaker, title: str) -> list[icalendar.Event]:
    return [event for event in feed_of(chat, speaker) if str(event["SUMMARY"]).startswith(title)]


def test_a_visit_is_in_the_feeds_of_both_and_moves_and_ends_with_the_same_name(chat: Chat) -> None:
    imani, grace = chat.person(email("imani.brooks")), chat.person(email("grace.lindqvist"))
    imani.says("plan lincoln middle thu 8:30")
    (mine,), (hers,) = titled(chat, imani, "Visit"), titled(chat, grace, "Visit")
    assert mine["UID"] == hers["UID"]
    assert mine["DTSTART"].dt.isoformat() == "2026-12-03T13:30:00+00:00"
    assert (str(mine["SUMMARY"]), mine["SEQUENCE"], mine["STATUS"]) == (
        "Visit: Lincoln Middle",
        0,
        "CONFIRMED",
    )
    chat.wait(hours=1)
    imani.says("move lincoln middle to fri 4 dec 9:00")
    (moved,) = titled(chat, grace, "Visit")
    assert (moved["UID"], moved["SEQUENCE"]) == (mine["UID"], 1)
    assert moved["DTSTART"].dt.isoformat() == "2026-12-04T14:00:00+00:00"
    assert moved["LAST-MODIFIED"].dt > mine["LAST-MODIFIED"].dt
    imani.says("cancel lincoln middle")
    imani.presses("Cancel the visit", by="ild", reason="A private matter of the principal")
    (cancelled,) = titled(chat, grace, "Visit")
    assert (cancelled["UID"], cancelled["SEQUENCE"], cancelled["STATUS"]) == (mine["UID"], 2, "CANCELLED")
    assert "private matter" not in str(cancelled)


def test_another_networks_visits_are_not_in_it(chat: Chat) -> None:
    chat.person(email("imani.brooks")).says("plan lincoln middle thu 8:30")
    assert titled(chat, chat.person(email("tomas.rivera")), "Visit") == []
    assert titled(chat, chat.person(email("farid.haddad")), "Visit") == []


def test_protected_time_is_there_on_school_days_and_takes_no_time(chat: Chat) -> None:
    found = titled(chat, chat.person(email("grace.lindqvist")), "Protected")
    days = [event["DTSTART"].dt.date() for event in found]
    assert days[:2] == [date(2026, 12, 1), date(2026, 12, 3)]
    assert date(2026, 12, 24) not in days  # winter break
    assert {event["TRANSP"] for event in found} == {"TRANSPARENT"}


def test_a_promise_is_a_day_and_a_school_and_none_of_its_words(chat: Chat, store: Store) -> None:
    grace = chat.person(email("grace.lindqvist"))
    with store.begin() as tx:
        school = tx.exec(select(SchoolRow.id).where(SchoolRow.name == "Lincoln Middle")).one()
        promises.add(
            tx,
            run_id=None,
            visit_id=None,
            school_id=school or 0,
            owner_id=grace.id,
            what="Talk to a teacher about her tone",
            by_when=date(2026, 12, 10),
            evidence="What she says",
            at=chat.now,
        )
    (due,) = titled(chat, grace, "Promise")
    assert (str(due["SUMMARY"]), due["DTSTART"].dt) == ("Promise due: Lincoln Middle", date(2026, 12, 10))
    assert "tone" not in due.to_ical().decode()
    assert titled(chat, chat.person(email("imani.brooks")), "Promise") == []


def test_the_same_day_makes_the_same_bytes(chat: Chat) -> None:
    grace = chat.person(email("grace.lindqvist"))
    grace.says("my feed")
    token = token_in(grace)
    first = read_feed(chat.store, token, chat.now)
    chat.wait(hours=3)
    assert read_feed(chat.store, token, chat.now) == first


def test_my_feed_has_one_address_until_it_is_renewed(chat: Chat) -> None:
    grace = chat.person(email("grace.lindqvist"))
    grace.says("my feed")
    grace.sees("Your visits, protected time and deadlines", "I show it once", "Google", "Outlook", "Apple")
    old = token_in(grace)
    grace.says("my feed")
    grace.sees("Your feed is published", "wrote you its address on Tue 1 Dec", "New address")
    assert read_feed(chat.store, old, chat.now) is not None
    grace.presses("New address")
    grace.sees("The old address shows nothing any more")
    new = token_in(grace)
    assert new != old
    assert read_feed(chat.store, old, chat.now) is None
    assert read_feed(chat.store, new, chat.now) is not None
    grace.presses("Stop publishing")
    grace.sees("no longer published")
    assert read_feed(chat.store, new, chat.now) is None


def test_only_a_mark_of_the_address_is_kept_and_the_mark_is_no_address(chat: Chat, store: Store) -> None:
    grace = chat.person(email("grace.lindqvist"))
    grace.says("my feed")
    token = token_in(grace)
    with store.read() as tx:
        kept = tx.get_one(FeedRow, grace.id).token
    assert kept.startswith(busy.MARK)
    assert token not in kept
    assert read_feed(store, kept, chat.now) is None


def test_within_an_hour_or_so_no_message_has_the_address_any_more(chat: Chat, store: Store) -> None:
    grace = chat.person(email("grace.lindqvist"))
    grace.says("my feed")
    token = token_in(grace)
    chat.wait(minutes=30)
    assert blank_feeds(store, chat.now) == 0
    chat.wait(minutes=31)
    assert blank_feeds(store, chat.now) == 1
    assert blank_feeds(store, chat.now) == 0
    with store.read() as tx:
        assert not any(token in message.card for message in tx.exec(select(MessageRow)))
    assert read_feed(store, token, chat.now) is not None


def test_the_address_of_an_older_version_works_on_and_becomes_a_mark(chat: Chat, store: Store) -> None:
    grace = chat.person(email("grace.lindqvist"))
    with store.begin() as tx:
        tx.add(FeedRow(person_id=grace.id, token="an-address-of-0-1-0", made_at=chat.now))
    assert read_feed(store, "an-address-of-0-1-0", chat.now) is not None
    assert blank_feeds(store, chat.now) == 0  # an older process may still look for it
    chat.wait(days=1, minutes=1)
    assert blank_feeds(store, chat.now) == 1
    with store.read() as tx:
        assert tx.get_one(FeedRow, grace.id).token.startswith(busy.MARK)
    assert read_feed(store, "an-address-of-0-1-0", chat.now) is not None
    grace.says("my feed")
    grace.sees("Your feed is published", "New address")


def test_of_whoever_has_left_nothing_is_published(chat: Chat, store: Store) -> None:
    grace = chat.person(email("grace.lindqvist"))
    grace.says("my feed")
    token = token_in(grace)
    with store.begin() as tx:
        tx.get_one(PersonRow, grace.id).active = False
    assert read_feed(store, token, chat.now) is None


def test_without_a_public_address_it_says_what_is_missing(chat: Chat, store: Store) -> None:
    with store.begin() as tx:
        put_base_url(tx, "")
    grace = chat.person(email("grace.lindqvist"))
    grace.says("my feed")
    grace.sees("no public address yet", "BASE_URL")
    with store.read() as tx:
        assert tx.exec(select(FeedRow)).first() is None


def test_in_a_channel_the_address_is_not_given(chat: Chat) -> None:
    grace = chat.person(email("grace.lindqvist"))
    sender = Sender("test", "T", grace.email, email=grace.email)
    receive(chat.store, Inbound(("c:1",), sender, Said("my feed", is_private=False)), now=chat.now)
    assert grace.collect()
    grace.sees("Ask me in our direct message")
