"""A memo that stands on the web: its address is enough."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.fetched_memos import page_job
from bot.services.fetching import Copy, Fault, FetchError, Validators
from handlers.intake import pages
from protocols.documents.reading import read_document
from storage.database import Store
from storage.tables import MandateRow, OriginalRow, PageRow
from tests.chat import Chat, Speaker
from tests.conversations.mandate_texts import SEAT_COUNTS
from tests.district import email

ADDRESS = "https://sycamore.example/memos/seat-counts?id=7"
PAGE = """<!doctype html><html><head><title>Seat counts</title><script>track()</script></head><body>
<nav><a href="/">Home</a> <a href="/jobs">Apply for a job by November 30, 2026</a></nav>
<main><h1>Seat counts for science testing</h1>
<p>Middle schools must send seat counts for grade 8 science to the Office of Assessment by Monday,
December 14, 2026.</p></main><footer>Schools must not copy this page.</footer></body></html>"""


class Web:
    """What the world's hosts answer, and what they were asked for."""

    def __init__(self, answer: bytes | FetchError) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def fetch(self, address: str, known: Validators) -> Copy | None:
        self.asked.append(address)
        if isinstance(self.answer, FetchError):
            raise self.answer
        return Copy(self.answer, media_type="text/html", address=address)


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-11-24 14:00")


@pytest.fixture
def dev(chat: Chat) -> Speaker:
    return chat.person(email("dev.patel"))


@pytest.fixture
def web() -> Web:
    return Web(PAGE.encode())


def tick(chat: Chat, web: Web, **wait: float) -> int:
    chat.wait(**wait)
    return page_job(read_document, fetch=web.fetch)(chat.store, chat.now)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(f"memo {ADDRESS}", id="after the word memo"),
        pytest.param(f"Memo: <{ADDRESS}>", id="in brackets"),
        pytest.param(f"memo\n{ADDRESS}", id="on a line of its own"),
        pytest.param(f"  {ADDRESS}\n", id="the address alone"),
    ],
)
def test_an_address_is_fetched_and_read_like_a_memo_that_was_pasted(
    chat: Chat, store: Store, dev: Speaker, web: Web, words: str
) -> None:
    dev.says(words)
    dev.sees("I fetch that page from sycamore.example")
    assert tick(chat, web) == 1
    dev.sees("Seat counts for science testing", "by Mon 14 Dec", "It asks 1 thing of schools", "[Original]")
    assert web.asked == [ADDRESS]
    with store.read() as tx:
        memo, original = tx.exec(select(MandateRow)).one(), tx.exec(select(OriginalRow)).one()
    assert (memo.source, memo.unit, memo.original_id) == ("web", "Human Resources", original.id)
    assert (original.content, original.state, original.name) == (PAGE.encode(), "read", "seat-counts")
    assert "Apply for a job" not in memo.text
    assert tick(chat, web, hours=3) == 0


def test_the_word_memo_first_and_the_address_then(chat: Chat, dev: Speaker, web: Web) -> None:
    dev.says("memo")
    dev.says(ADDRESS)
    tick(chat, web)
    dev.sees("Seat counts for science testing")


def test_a_memo_with_an_address_in_it_is_no_address(chat: Chat, store: Store, dev: Speaker, web: Web) -> None:
    dev.says(f"memo Schools must fill in {ADDRESS} by December 4, 2026.")
    dev.sees("It asks 1 thing of schools")
    assert tick(chat, web) == 0


def test_the_same_memo_on_the_web_and_pasted_is_one(chat: Chat, store: Store, dev: Speaker) -> None:
    dev.says("memo\n" + SEAT_COUNTS)
    dev.says(ADDRESS)
    tick(chat, Web(SEAT_COUNTS.encode()))
    dev.sees("I have this one already")
    with store.read() as tx:
        assert len(tx.exec(select(MandateRow)).all()) == 1
        assert {one.mandate_id for one in tx.exec(select(OriginalRow))} == {1}


def test_an_address_named_twice_is_fetched_once(chat: Chat, dev: Speaker, web: Web) -> None:
    dev.says(ADDRESS)
    dev.says(f"memo {ADDRESS}")
    assert tick(chat, web) == 1


def test_what_a_principal_names_is_not_fetched(chat: Chat, web: Web) -> None:
    mei = chat.person(email("mei.tanaka"))
    mei.says(f"memo {ADDRESS}")
    mei.says(ADDRESS)
    assert tick(chat, web) == 0


LATER = FetchError("sycamore.example takes too long to answer. Try again later.")
GONE = FetchError("sycamore.example has no page at that address.", Fault.GONE)


def test_a_page_that_is_gone_is_said_at_once_with_what_to_do(chat: Chat, dev: Speaker, web: Web) -> None:
    dev.says(ADDRESS)
    web.answer = GONE
    tick(chat, web)
    dev.sees("I could not fetch that page.", "has no page at that address", "paste its words here")
    assert tick(chat, web, hours=1) == 0


def test_a_slow_host_is_asked_three_times_before_anybody_hears_of_it(
    chat: Chat, store: Store, dev: Speaker, web: Web
) -> None:
    dev.says(ADDRESS)
    web.answer = LATER
    tick(chat, web)
    tick(chat, web, minutes=1)
    dev.does_not_see("could not")
    assert tick(chat, web, minutes=1) == 0
    tick(chat, web, minutes=5)
    dev.sees("takes too long to answer")
    assert tick(chat, web, hours=5) == 0
    assert len(web.asked) == 3


def test_a_slow_host_that_answers_in_the_end_is_read(chat: Chat, dev: Speaker, web: Web) -> None:
    dev.says(ADDRESS)
    web.answer = LATER
    tick(chat, web)
    web.answer = PAGE.encode()
    tick(chat, web, minutes=2)
    dev.sees("by Mon 14 Dec")


@pytest.mark.parametrize(
    ("answer", "says", "state"),
    [
        pytest.param(b"", "nothing in it", "unreadable", id="empty"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(60), "picture", "unreadable", id="a picture"),
        pytest.param(
            b"<p>The soup was lovely this week.</p>", "found nothing that it asks", "read", id="asks nothing"
        ),
    ],
)
def test_what_is_no_memo_is_said_and_kept(
    chat: Chat, store: Store, dev: Speaker, answer: bytes, says: str, state: str
) -> None:
    dev.says(ADDRESS)
    tick(chat, Web(answer))
    dev.sees("The page at sycamore.example.", says)
    with store.read() as tx:
        original = tx.exec(select(OriginalRow)).one()
    assert (original.content, original.state) == (answer, state)


def test_two_clocks_fetch_a_page_once(chat: Chat, dev: Speaker, web: Web) -> None:
    dev.says(ADDRESS)
    job = page_job(read_document, fetch=web.fetch)
    assert job(chat.store, chat.now) + job(chat.store, chat.now) == 1


def _die(_data: bytes) -> object:
    raise KeyboardInterrupt


def test_a_process_that_dies_while_it_reads_loses_nothing(
    chat: Chat, store: Store, dev: Speaker, web: Web
) -> None:
    dev.says(ADDRESS)
    dies: Callable[..., object] = page_job(_die, fetch=web.fetch)  # type: ignore[arg-type]  # it never answers
    with pytest.raises(KeyboardInterrupt):
        dies(store, chat.now)
    with store.read() as tx:
        assert tx.exec(select(OriginalRow)).one().state == "kept"
    assert tick(chat, web, minutes=5) == 1
    dev.sees("by Mon 14 Dec")
    with store.read() as tx:
        assert len(tx.exec(select(OriginalRow)).all()) == 1


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("https://me:secret@sycamore.example/a", "user name or password"),
        ("https:///a", "names no host"),
    ],
)
def test_an_address_that_is_none_says_why(dev: Speaker, address: str, says: str) -> None:
    dev.says(f"memo {address}")
    dev.sees(says)
    dev.does_not_see("secret")


def test_the_calendar_of_somebody_is_not_taken_for_a_memo(
    chat: Chat, store: Store, dev: Speaker, web: Web
) -> None:
    dev.says("https://calendar.example/private-1/basic.ics")
    assert tick(chat, web) == 0
    with store.read() as tx:
        assert tx.exec(select(PageRow)).all() == []


def test_a_page_nobody_got_to_is_fetched_when_its_lease_is_over(chat: Chat, dev: Speaker, web: Web) -> None:
    dev.says(ADDRESS)
    assert len(pages.take_due(chat.store, chat.now, limit=5)) == 1
    assert tick(chat, web) == 0
    chat.now += timedelta(minutes=5)
    assert tick(chat, web) == 1
