"""An office's RSS or Atom feed: followed, read, changed, broken, dead, mended, stopped."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

import pytest
from sqlmodel import select

from bot.fetched_memos import feed_job
from bot.services.fetching import Copy, Fault, FetchError, Validators
from protocols.buffer.feed_entries import read_feed
from protocols.documents.reading import read_document
from storage.database import Store
from storage.tables import AuditRow, MandateRow, MemoFeedRow, OriginalRow
from tests.chat import Chat, Speaker
from tests.district import email

ADDRESS = "https://sycamore.example/facilities/feed.xml"
TUESDAY = "2026-12-01 13:00"
KEYS = "Schools must return the key list to the Office of Facilities by Friday, December 11, 2026."
BOILERS = "Principals must let the boiler inspectors in on Thursday, December 10, 2026, before eight in the morning."
OLD = "Schools must report broken windows by October 9, 2026."
LONG = " It concerns every building of the district and every room in it that has a lock of its own." * 4


def item(name: str, body: str, *, day: str | None = "2026-11-30", link: str = "", title: str = "") -> str:
    at = format_datetime(datetime.fromisoformat(f"{day}T15:00:00").replace(tzinfo=UTC)) if day else ""
    return (
        f"<item><guid>{name}</guid><title>{escape(title or name)}</title>"
        + (f"<link>{link}</link>" if link else "")
        + (f"<pubDate>{at}</pubDate>" if at else "")
        + f"<description>{escape(f'<p>{body}</p>')}</description></item>"
    )


def listed(number: int) -> str:
    return f"Schools must return list {number} by December {number % 28 + 1}, 2026."


def rss(*items: str) -> bytes:
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Facilities news</title>'
    return f"{head}{''.join(items)}</channel></rss>".encode()


class Host:
    """A feed's host, and what it was asked for."""

    def __init__(self, *items: str) -> None:
        self.answer: bytes | FetchError | None = rss(*items)
        self.pages: dict[str, bytes] = {}
        self.asked: list[Validators] = []

    def fetch(self, address: str, known: Validators) -> Copy | None:
        assert address == ADDRESS
        self.asked.append(known)
        if isinstance(self.answer, FetchError):
            raise self.answer
        return Copy(self.answer, Validators(f'"v{len(self.asked)}"')) if self.answer is not None else None

    def fetch_page(self, address: str, known: Validators) -> Copy | None:
        if address not in self.pages:
            raise FetchError("sycamore.example has no page at that address.", Fault.GONE)
        return Copy(self.pages[address], media_type="text/html", address=address)


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at=TUESDAY)


@pytest.fixture
def ana(chat: Chat) -> Speaker:
    return chat.person(email("ana.whitefeather"))


@pytest.fixture
def host() -> Host:
    return Host(item("keys", KEYS + LONG), item("windows", OLD + LONG, day="2026-10-01"))


def tick(chat: Chat, host: Host, **wait: float) -> int:
    chat.wait(**wait)
    job = feed_job(read_document, read_feed, fetch=host.fetch, fetch_linked=host.fetch_page)
    return job(chat.store, chat.now)


def news(speaker: Speaker) -> str:
    """What has reached somebody since they last looked."""
    speaker.collect()
    speaker._since = getattr(speaker, "_looked", 0)
    said = speaker.last_words()
    speaker._looked = len(speaker.seen)  # type: ignore[attr-defined]  # a test's own mark
    return said


def memos(store: Store) -> list[MandateRow]:
    with store.read() as tx:
        return list(tx.exec(select(MandateRow).order_by(MandateRow.id)))  # type: ignore[arg-type]  # a column


def follow(chat: Chat, who: Speaker, host: Host) -> None:
    who.says(f"follow feed {ADDRESS} as Facilities")
    who.sees("I read the feed at sycamore.example in a minute", "memos of Facilities", "last two weeks")
    assert tick(chat, host) == 1
    news(who)


def test_on_following_only_the_entries_of_two_weeks_come_in(
    chat: Chat, store: Store, ana: Speaker, host: Host
) -> None:
    ana.says(f"follow feed {ADDRESS} as Facilities")
    tick(chat, host)
    said = news(ana)
    assert "Facilities news" in said
    assert "2 entries; 1 of the last two weeks comes in" in said
    (memo,) = memos(store)
    assert (memo.source, memo.unit, memo.memo_date.isoformat()) == ("feed", "Facilities", "2026-11-30")
    assert KEYS in memo.text
    imani = chat.person(email("imani.brooks"))
    imani.says("triage")
    imani.sees("key list", "by Fri 11 Dec")


def test_a_new_entry_is_a_memo_and_an_unchanged_one_is_none(
    chat: Chat, store: Store, ana: Speaker, host: Host
) -> None:
    follow(chat, ana, host)
    host.answer = rss(item("boilers", BOILERS + LONG, day="2026-12-01"), item("keys", f"  {KEYS}  {LONG}"))
    assert tick(chat, host, hours=2) == 1
    assert [memo.title for memo in memos(store)] == ["keys", "boilers"]
    assert host.asked[1] == Validators('"v1"')


def test_an_entry_that_changed_is_a_new_version(chat: Chat, store: Store, ana: Speaker, host: Host) -> None:
    follow(chat, ana, host)
    host.answer = rss(item("keys", KEYS.replace("December 11", "December 18") + LONG))
    tick(chat, host, hours=2)
    assert ["December 18" in memo.text for memo in memos(store)] == [False, True]
    with store.read() as tx:
        refs = [one.source_ref or "" for one in tx.exec(select(OriginalRow))]
    assert len({ref.split(":")[1] for ref in refs}) == 1
    assert len(set(refs)) == 2


def test_an_entry_that_was_reworded_takes_its_own_place(
    chat: Chat, store: Store, ana: Speaker, host: Host
) -> None:
    """Its words alone would not say so: another title, a day moved, and nothing of a correction."""
    follow(chat, ana, host)
    moved = KEYS.replace("Friday, December 11", "Friday, December 18") + LONG
    host.answer = rss(item("keys", moved, day="2026-12-01", title="All about locks"))
    tick(chat, host, hours=2)
    first, second = memos(store)
    assert (second.supersedes_id, second.version) == (first.id, 2)
    imani = chat.person(email("imani.brooks"))
    imani.says("triage")
    imani.sees("by Fri 18 Dec")
    imani.does_not_see("by Fri 11 Dec")


def test_an_entry_whose_demand_is_gone_is_asked_about_and_both_stand(
    chat: Chat, store: Store, ana: Speaker, host: Host
) -> None:
    follow(chat, ana, host)
    host.answer = rss(item("keys", BOILERS + LONG))
    tick(chat, host, hours=2)
    assert [memo.supersedes_id for memo in memos(store)] == [None, None]
    chat.move_to("2026-12-02 13:00")
    ana.collect()
    assert "replace" in ana.everything().casefold()


def test_an_old_entry_whose_words_change_comes_in(chat: Chat, store: Store, ana: Speaker, host: Host) -> None:
    follow(chat, ana, host)
    moved = OLD.replace("October 9", "December 9")
    host.answer = rss(item("windows", moved + LONG, day="2026-10-01"))
    tick(chat, host, hours=2)
    assert "December 9" in memos(store)[-1].text


@pytest.mark.parametrize("day", ["2026-09-01", None], ids=["old", "without a date"])
def test_a_feed_of_hundreds_brings_no_avalanche(
    chat: Chat, store: Store, ana: Speaker, day: str | None
) -> None:
    host = Host(
        *(
            item(f"e{n}", f"Schools must return list {n} by December {n % 28 + 1}, 2026.", day=day)
            for n in range(300)
        )
    )
    follow(chat, ana, host)
    assert memos(store) == []


def test_more_than_one_reading_holds_are_taken_one_after_the_other(
    chat: Chat, store: Store, ana: Speaker
) -> None:
    host = Host(
        *(
            item(f"e{n}", f"Schools must return list {n} by December {n % 28 + 1}, 2026.{LONG}")
            for n in range(45)
        )
    )
    follow(chat, ana, host)
    assert len(memos(store)) == 20
    assert [tick(chat, host, minutes=1) for _ in range(3)] == [1, 1, 0]
    assert len(memos(store)) == 45


def test_an_entry_that_only_announces_a_page_is_read_with_it(chat: Chat, store: Store, ana: Speaker) -> None:
    link = "https://sycamore.example/keys"
    teaser = "Keys must be counted by December 4, 2026. New rules for keys, read more..."
    host = Host(item("Keys", teaser, link=link))
    host.pages[link] = f"<main><h1>Keys</h1><p>{KEYS}</p></main>".encode()
    follow(chat, ana, host)
    (memo,) = memos(store)
    assert KEYS in memo.text
    assert "counted by December 4" in memo.text
    with store.read() as tx:
        kept = {one.content for one in tx.exec(select(OriginalRow))}
    assert host.pages[link] in kept


def test_an_entry_whose_page_is_gone_is_read_alone_and_that_is_said(
    chat: Chat, store: Store, ana: Speaker
) -> None:
    ana.says(f"follow feed {ADDRESS} as Facilities")
    tick(chat, Host(item("Keys", KEYS, link="https://sycamore.example/gone")))
    assert KEYS in memos(store)[0].text
    said = news(ana)
    assert "Part of “Keys”, from the feed at sycamore.example, could not be read." in said
    assert "has no page at that address" in said


def test_the_files_that_hang_on_an_entry_are_part_of_its_memo(chat: Chat, store: Store, ana: Speaker) -> None:
    address = "https://sycamore.example/files/keys.txt?v=2"
    sound = '<enclosure url="https://sycamore.example/a.mp3" type="audio/mpeg" length="9"/>'
    hung = f'<enclosure url="{address}" type="text/plain" length="90"/>'
    host = Host(item("Keys", "See the file.").replace("</item>", f"{hung}{sound}</item>"))
    host.pages[address] = KEYS.encode()
    follow(chat, ana, host)
    (memo,) = memos(store)
    assert KEYS in memo.text
    with store.read() as tx:
        kept = {one.name: one.content for one in tx.exec(select(OriginalRow))}
    assert kept["keys.txt"] == KEYS.encode()
    assert news(ana) == ""


def test_news_that_ask_nothing_are_no_memos_and_nobody_hears_of_them(
    chat: Chat, store: Store, ana: Speaker
) -> None:
    follow(
        chat, ana, Host(item("soup", "The cafeteria was lovely this week and everybody enjoyed it." + LONG))
    )
    assert memos(store) == []
    assert news(ana) == ""
    with store.read() as tx:
        assert tx.exec(select(OriginalRow)).one().why.startswith("I read all of it")


GONE = FetchError("sycamore.example has no feed at that address.", Fault.GONE)
LATER = FetchError("sycamore.example takes too long to answer. Try again later.")


@pytest.mark.parametrize(
    ("answer", "readings", "says"),
    [
        pytest.param(GONE, 1, "has no feed at that address", id="gone is told at once"),
        pytest.param(LATER, 3, "takes too long", id="slow is told when it lasts"),
        pytest.param(b"<html><body>Moved</body></html>", 1, "not an RSS or Atom feed", id="no feed"),
        pytest.param(b"", 1, "not an RSS or Atom feed", id="empty"),
        pytest.param(b"<?xml version='1.0'?><rss version='2.0'><chan", 1, "broken or cut off", id="cut off"),
    ],
)
def test_a_dead_feed_is_told_once_and_once_that_it_lives(
    chat: Chat, store: Store, ana: Speaker, host: Host, answer: bytes | FetchError, readings: int, says: str
) -> None:
    follow(chat, ana, host)
    chat.move_to("2026-12-02 12:00")
    host.answer = answer
    for reading in range(readings):
        assert tick(chat, host, hours=2) == 1
        chat.move_to(f"2026-12-0{3 + reading} 12:30")
        assert ("can't read the feed" in news(ana)) is (reading == readings - 1), reading
    assert says in ana.everything()
    tick(chat, host, hours=25)
    chat.move_to("2026-12-09 13:00")
    assert news(ana) == ""
    assert len(memos(store)) == 1
    host.answer = rss(item("boilers", BOILERS + LONG, day="2026-12-02"))
    tick(chat, host, hours=25)
    chat.move_to("2026-12-11 13:00")
    assert "can be read again" in news(ana)
    assert len(memos(store)) == 2


def test_the_first_reading_that_fails_is_told_at_once(chat: Chat, ana: Speaker, host: Host) -> None:
    ana.says(f"follow feed {ADDRESS} as Facilities")
    host.answer = LATER
    tick(chat, host)
    assert "takes too long" in news(ana)


def test_a_failing_feed_is_asked_less_and_less_often(chat: Chat, ana: Speaker, host: Host) -> None:
    follow(chat, ana, host)
    host.answer = LATER
    chat.wait(hours=1)
    asked = 0
    for _minute in range(4 * 24 * 60 // 15):
        asked += tick(chat, host, minutes=15)
    assert 5 <= asked <= 12


def test_a_host_that_asks_to_wait_is_left_alone(chat: Chat, ana: Speaker, host: Host) -> None:
    follow(chat, ana, host)
    host.answer = FetchError("sycamore.example answers 429.", wait=timedelta(hours=6))
    assert tick(chat, host, hours=2) == 1
    assert tick(chat, host, hours=5) == 0
    assert tick(chat, host, hours=2) == 1


def test_what_has_not_changed_is_asked_for_politely(chat: Chat, ana: Speaker, host: Host) -> None:
    follow(chat, ana, host)
    host.answer = None
    assert tick(chat, host, hours=2) == 1
    assert host.asked[-1] == Validators('"v1"')
    assert news(ana) == ""


def test_two_clocks_read_it_once(chat: Chat, ana: Speaker, host: Host) -> None:
    ana.says(f"follow feed {ADDRESS} as Facilities")
    job = feed_job(read_document, read_feed, fetch=host.fetch)
    assert job(chat.store, chat.now) + job(chat.store, chat.now) == 1


# ---------------------------------------------------------------- who may


def test_a_unit_follows_for_its_own_office_and_sees_its_own_feeds(
    chat: Chat, ana: Speaker, host: Host
) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says(f"follow feed {ADDRESS} as Facilities")
    dev.sees("for your own office, Human Resources")
    follow(chat, ana, host)
    dev.says("feeds")
    dev.sees("No feed is followed")
    dev.says("stop feed 1")
    dev.sees("That feed is not followed")
    dev.says("follow feed https://sycamore.example/hr.xml")
    dev.sees("memos of Human Resources")
    dev.says("feeds")
    dev.sees("sycamore.example, memos of Human Resources", "Not read yet")
    dev.does_not_see("Facilities")
    ana.says("feeds")
    ana.sees("Facilities news", "Read last on Tue 1 Dec", "Human Resources")


def test_a_stopped_feed_is_not_read_and_what_it_brought_stays(
    chat: Chat, store: Store, ana: Speaker, host: Host
) -> None:
    follow(chat, ana, host)
    ana.says("feeds")
    ana.presses("Stop")
    ana.sees("I no longer follow the feed at sycamore.example")
    assert tick(chat, host, hours=2) == 0
    assert len(memos(store)) == 1
    ana.says("stop feed 1")
    ana.sees("That feed is not followed")
    ana.says(f"follow feed {ADDRESS} as Facilities")
    assert tick(chat, host) == 1
    assert len(memos(store)) == 1  # known from before
    with store.read() as tx:
        assert len(tx.exec(select(MemoFeedRow)).all()) == 1
        actions = [row.action for row in tx.exec(select(AuditRow)) if "feed" in row.action]
    assert actions == ["memo_feed.followed", "memo_feed.stopped", "memo_feed.followed"]


def test_a_feed_is_followed_once(chat: Chat, ana: Speaker, host: Host) -> None:
    follow(chat, ana, host)
    ana.says(f"follow feed {ADDRESS} as Facilities")
    ana.sees("followed already")


@pytest.mark.parametrize("name", ["imani.brooks", "mei.tanaka", "ruth.castellanos"])
def test_nobody_else_follows_feeds(chat: Chat, store: Store, name: str) -> None:
    who = chat.person(email(name))
    who.says(f"follow feed {ADDRESS} as Facilities")
    with store.read() as tx:
        assert tx.exec(select(MemoFeedRow)).all() == []


def test_memos_of_an_office_with_staff_are_theirs(chat: Chat, store: Store, ana: Speaker, host: Host) -> None:
    ana.says(f"follow feed {ADDRESS} as human resources")
    tick(chat, host)
    dev = chat.person(email("dev.patel"))
    (memo,) = memos(store)
    assert (memo.unit, memo.sender_id) == ("Human Resources", dev.id)
