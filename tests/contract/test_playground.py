"""The playground over plain HTTP, as a browser without JavaScript uses it."""

import asyncio
import http.client
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from aiohttp import web
from sqlmodel import select

from bot.bootstrap import Parts, Running
from bot.playground.opening import open_playground
from bot.server import make_app
from bot.settings import Settings
from handlers.cards import Card, Chart, ChartKind, Download, Series, Text, plain
from handlers.district import load_district
from handlers.post import tell_now, tell_when_open
from storage import people
from storage.database import Store
from storage.tables import ChatLineRow, MessageRow, OriginalRow, PersonRow
from tests import papers
from tests.contract.page_rules import Form, Page
from tests.district import NOW, email, fill


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Browser:
    """A browser that knows no JavaScript. It follows redirects as browsers do."""

    def __init__(self, port: int, parts: Parts) -> None:
        self.port = port
        self.parts = parts
        self.store = parts.store
        self.place = f"127.0.0.1:{port}"

    def ask(self, method: str, path: str, body: str | bytes = "", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Host": self.place, **{key.replace("_", "-"): value for key, value in headers.items()}}
        if method == "POST":
            sent = {"Content-Type": "application/x-www-form-urlencoded"} | sent
        connection.request(method, path, body.encode() if isinstance(body, str) else body, sent)
        got = connection.getresponse()
        answer = Answer(got.status, dict(got.getheaders()), got.read())
        connection.close()
        return answer

    def open(self, path: str) -> Page:
        answer = self.ask("GET", path.partition("#")[0])
        if answer.status == 303:
            return self.open(answer.headers["Location"])
        assert answer.status == 200, answer.text
        page = Page(answer.text)
        assert page.faults == []
        return page

    def send(self, form: Form, button: str, **filled: str) -> Page:
        """Press a button of a form, following the redirect to the page."""
        assert form.method == "post"
        pairs = [(name, value) for name, value in form.pairs if name not in filled] + list(filled.items())
        pressed = next(pair for words, pair in form.buttons.items() if words.startswith(button))
        body = urlencode(pairs + [pressed] * bool(pressed[0]))
        answer = self.ask("POST", form.action, body, Origin=f"http://{self.place}")
        assert answer.status == 303, answer.text
        return self.open(answer.headers["Location"])

    def id_of(self, name: str) -> int:
        with self.store.read() as tx:
            found = people.find_by_email(tx, email(name), on=NOW.date())
        assert found is not None
        return found.id

    def person(self, name: str) -> Page:
        return self.open(f"/?as={self.id_of(name)}")

    def says(self, name: str, text: str) -> Page:
        return self.send(self.person(name).form("Send"), "Send", say=text)

    def uploads(self, form: Form, name: str, data: bytes, text: str = "") -> Page:
        """Send the form with a file chosen in it, as its page says that it is sent."""
        fields = [(key, value) for key, value in form.pairs if key not in ("say", "file")] + [("say", text)]
        parts = [f'name="{key}"\r\n\r\n{value}'.encode() for key, value in fields]
        parts.append(
            f'name="file"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode()
            + data
        )
        edge = b"----------------edge"
        body = b"".join(
            b"--" + edge + b"\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts
        )
        kind = f"multipart/form-data; boundary={edge.decode()}"
        answer = self.ask(
            "POST", form.action, body + b"--" + edge + b"--\r\n",
            Origin=f"http://{self.place}", Content_Type=kind,
        )  # fmt: skip
        assert answer.status == 303, answer.text
        return self.open(answer.headers["Location"])

    def now(self) -> datetime:
        return self.parts.now()

    def lines(self) -> list[str]:
        with self.store.read() as tx:
            return [row.text for row in tx.exec(select(ChatLineRow))]


def _fill(store: Store) -> None:
    with store.begin() as tx:
        fill(tx)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'playground.sqlite'}", port=0)
    parts = open_playground(settings, fill=_fill, starts_at=NOW)
    loop = asyncio.new_event_loop()
    running = Running(parts, is_listening=True, is_clock=False)
    runner = web.AppRunner(make_app(parts), access_log=None)

    async def start() -> int:
        await runner.setup()
        await running.start()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return int(runner.addresses[0][1])

    async def stop() -> None:
        await runner.cleanup()
        await running.stop()

    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    port = asyncio.run_coroutine_threadsafe(start(), loop).result(30)
    yield Browser(port, parts)
    asyncio.run_coroutine_threadsafe(stop(), loop).result(30)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(30)
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


def tell(browser: Browser, name: str, card: Card, *, is_held: bool = False) -> None:
    with browser.store.begin() as tx:
        person = people.get_person(tx, browser.id_of(name), on=NOW.date())
        if is_held:
            tell_when_open(
                tx, load_district(tx), person, card, kind="note", period=repr(card), now=browser.now()
            )
        else:
            tell_now(tx, person.id, card, kind="note", period=repr(card), now=browser.now())


def test_the_first_page_is_an_ilds_and_offers_everybody(browser: Browser) -> None:
    page = browser.open("/")
    assert "Imani Brooks ILD · North Network, 3 schools" in page.words
    for name in ("Tomás Rivera", "Mei Tanaka", "Ruth Castellanos", "Dev Patel", "Ana Whitefeather"):
        assert name in page.words


def test_words_are_answered_on_the_next_page(browser: Browser) -> None:
    page = browser.says("imani.brooks", "help")
    assert "What you can write here" in page.words


def test_a_suggestion_is_sent_by_pressing_it(browser: Browser) -> None:
    page = browser.person("imani.brooks")
    assert "This week" in browser.send(page.form("my week"), "my week").words


def test_nobody_is_first_offered_to_export_their_data(browser: Browser) -> None:
    assert "export my data" not in browser.person("imani.brooks").words


def test_a_button_of_a_card_is_pressed_and_shown_as_pressed(browser: Browser) -> None:
    page = browser.says("imani.brooks", "my week")
    page = browser.send(page.form("Hold"), "Hold")
    assert "pressed: Hold Tue 1 Dec" in page.words
    assert "Held:" in page.words


def test_what_was_filled_in_beside_a_button_stays_readable(browser: Browser) -> None:
    browser.says("imani.brooks", "plan lincoln middle Thu 3 Dec 8:30")
    page = browser.says("imani.brooks", "cancel lincoln middle")
    form = page.form("Cancel the visit")
    browser.send(form, "Cancel the visit", **{"field-by": "principal", "field-reason": "flu in the office"})
    assert any("flu in the office" in line for line in browser.lines())


def test_a_message_that_a_press_changes_changes_where_it_stands_and_is_where_one_lands(
    browser: Browser,
) -> None:
    page = browser.says("imani.brooks", "help")
    browser.says("imani.brooks", "thanks")
    page = browser.send(page.form("All of them"), "All of them")
    assert "All of them" not in page.words
    assert "pressed:" not in page.words
    assert browser.lines() == ["help", "thanks"]
    address = f"/?as={browser.id_of('imani.brooks')}&changed=1"
    text = browser.ask("GET", address).text
    assert 'data-changed="message-1"' in text
    assert text.index('id="message-1"') < text.index('id="newest"') < text.index('id="line-2"')


def test_a_form_sent_twice_is_one_event(browser: Browser) -> None:
    form = browser.person("imani.brooks").form("Send")
    for _ in range(3):
        browser.send(form, "Send", say="help")
    assert browser.lines() == ["help"]
    with browser.store.read() as tx:
        assert len(tx.exec(select(MessageRow).where(MessageRow.kind == "reply")).all()) == 1


def test_the_same_words_from_a_new_page_are_a_new_event(browser: Browser) -> None:
    browser.says("imani.brooks", "help")
    browser.says("imani.brooks", "help")
    assert browser.lines() == ["help", "help"]


def test_a_clock_form_sent_twice_moves_it_once(browser: Browser) -> None:
    form = browser.person("imani.brooks").form("An hour on")
    browser.send(form, "An hour on")
    browser.send(form, "An hour on")
    assert browser.now() == NOW + timedelta(hours=1)


def test_the_clock_stands_still_until_it_is_moved(browser: Browser) -> None:
    browser.says("imani.brooks", "help")
    assert browser.now() == NOW


def test_the_clock_never_goes_back(browser: Browser) -> None:
    form = browser.person("imani.brooks").form("Go there")
    page = browser.send(form, "Go there", to="2026-11-23T08:00")
    assert "The clock only goes forward" in page.words
    assert browser.now() == NOW


@pytest.mark.parametrize(
    ("to", "said"),
    [
        pytest.param("", "I need a day and a time", id="nothing"),
        pytest.param("tomorrow", "I need a day and a time", id="words"),
        pytest.param("2026-13-40T99:00", "I need a day and a time", id="no such day"),
        pytest.param("2026-11-30", "I need a day and a time", id="a day alone"),
        pytest.param("9999-12-30T23:59", "more than 31 days ahead", id="the end of time"),
        pytest.param("2027-11-30T06:00", "more than 31 days ahead", id="a year ahead"),
    ],
)
def test_a_moment_that_cannot_be_is_refused_in_words(browser: Browser, to: str, said: str) -> None:
    page = browser.send(browser.person("imani.brooks").form("Go there"), "Go there", to=to)
    assert said in page.words
    assert browser.now() == NOW


def test_moving_the_clock_sends_what_was_held_back(browser: Browser) -> None:
    tell(browser, "mei.tanaka", plain("The bus contract was renewed."), is_held=True)
    page = browser.person("mei.tanaka")
    assert "The bus contract was renewed. Goes Tue 24 Nov, 12:00. Tuesday morning is protected" in page.words
    for _ in range(3):
        page = browser.send(page.form("An hour on"), "An hour on")
    assert "1 other message" in page.words
    assert "Nothing waits." in page.words
    assert browser.now() == NOW + timedelta(hours=3)


def test_unread_messages_are_counted_until_the_page_is_opened(browser: Browser) -> None:
    browser.says("imani.brooks", "help")  # so that the sender has looked
    tell(browser, "mei.tanaka", plain("One."))
    tell(browser, "mei.tanaka", plain("Two."))
    page = browser.says("imani.brooks", "help")
    assert "Mei Tanaka Roosevelt High 2 unread" in page.words
    assert "(2 new) Mei Tanaka" in browser.person("mei.tanaka").words
    assert "unread" not in browser.person("imani.brooks").words


def test_markup_in_names_and_words_is_only_words(browser: Browser) -> None:
    with browser.store.begin() as tx:
        row = tx.get_one(PersonRow, browser.id_of("mei.tanaka"))
        row.given_name, row.family_name = "<img src=x>", "\"'&amp;<b>"
        tx.add(row)
    attack = "</textarea></p><script>alert(1)</script><a href='javascript:x'>&lt;"
    page = browser.says("mei.tanaka", attack)
    assert attack in page.words
    assert "<script>" not in page.html.replace('<script src="/playground.js" defer>', "")
    assert "<img src=x>" in page.words


def test_charts_and_files_are_at_the_addresses_of_the_server(browser: Browser) -> None:
    chart = Chart(
        ChartKind.BARS, "Visits", ("Oct", "Nov"), (Series("Visits", (3, 4)),), "visits", "Three, then four."
    )
    tell(
        browser, "ruth.castellanos", Card("Visits", (chart, Download("visits.csv", "CSV", "school,visits\n")))
    )
    page = browser.says("ruth.castellanos", "help")
    sources = [named["src"] for tag, named in page.tags if tag == "img"]
    files = [named["href"] for tag, named in page.tags if "download" in named]
    assert browser.ask("GET", sources[0]).body.startswith(b"\x89PNG")
    assert b"school,visits" in browser.ask("GET", files[0]).body


def test_a_memo_of_200_kilobytes_is_taken_and_folded(browser: Browser) -> None:
    memo = "Submit the seat counts — all of them — by Fri 11 Dec.\r\n" * 3_600
    browser.says("dev.patel", memo)
    assert browser.lines()[0] == memo.replace("\r\n", "\n").strip()
    page = browser.person("dev.patel")
    assert "The rest (" in page.words


def test_a_form_too_large_to_read_is_refused_in_words(browser: Browser) -> None:
    form = browser.person("dev.patel").form("Send")
    assert "too large to read at once" in browser.send(form, "Send", say="é" * 1_000_000).words
    assert browser.lines() == []


def kept(browser: Browser) -> list[bytes]:
    with browser.store.read() as tx:
        return list(tx.exec(select(OriginalRow.content)))


def test_a_memo_is_handed_in_as_a_file_and_sending_the_form_twice_is_once(browser: Browser) -> None:
    form, data = browser.person("dev.patel").form("Send"), papers.pdf()
    page = browser.uploads(form, "lead.pdf", data)
    assert "Lead testing of drinking water" in page.words
    assert browser.lines() == ["File: lead.pdf"]
    browser.uploads(form, "lead.pdf", data)
    assert (browser.lines(), kept(browser)) == (["File: lead.pdf"], [data])


def test_the_file_is_given_back_as_it_came(browser: Browser) -> None:
    data = papers.page()
    page = browser.uploads(browser.person("imani.brooks").form("Send"), "the 100% memo?.html", data)
    page = browser.send(page.form("Original"), "Original")
    address = next(
        n["href"] for tag, n in page.tags if tag == "a" and n.get("href", "").startswith("/files/")
    )
    answer = browser.ask("GET", address)
    assert (answer.status, answer.body) == (200, data)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith(
        "attachment; filename*=UTF-8''the%20100%25%20memo%3F.html"
    )
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_whoever_may_see_the_memo_no_longer_cannot_open_its_file(browser: Browser) -> None:
    page = browser.uploads(browser.person("imani.brooks").form("Send"), "lead.pdf", papers.pdf())
    page = browser.send(page.form("Original"), "Original")
    address = next(
        n["href"] for tag, n in page.tags if tag == "a" and n.get("href", "").startswith("/files/")
    )
    with browser.store.begin() as tx:
        tx.get_one(PersonRow, browser.id_of("imani.brooks")).active = False
    assert browser.ask("GET", address).status == 410


def test_an_upload_that_cannot_be_read_is_kept_and_told(browser: Browser) -> None:
    page = browser.uploads(browser.person("dev.patel").form("Send"), "scan.pdf", papers.scan(), "memo")
    assert "I can't read scan.pdf. Its pages are pictures" in page.words
    assert kept(browser) == [papers.scan()]


def test_the_control_for_files_has_a_label_and_needs_no_script(browser: Browser) -> None:
    page = browser.person("dev.patel")
    [control] = [n for tag, n in page.tags if tag == "input" and n.get("type") == "file"]
    assert any(tag == "label" and n.get("for") == control["id"] for tag, n in page.tags)
    assert any(tag == "form" and n.get("enctype") == "multipart/form-data" for tag, n in page.tags)


def test_nothing_written_is_answered_in_words(browser: Browser) -> None:
    form = browser.person("dev.patel").form("Send")
    assert "Write something first" in browser.send(form, "Send", say=" \r\n ").words


def test_earlier_messages_are_a_link_away(browser: Browser) -> None:
    for number in range(40):
        tell(browser, "mei.tanaka", plain(f"Message number {number}."))
    browser.says("mei.tanaka", "help")
    page = browser.person("mei.tanaka")
    assert "Message number 5." not in page.words
    more = next(n["href"] for tag, n in page.tags if tag == "a" and "show=" in n["href"])
    assert "Message number 5." in browser.open(more).words


@pytest.mark.parametrize(
    ("who", "name"),
    [
        pytest.param("mei", "Mei Tanaka", id="part of a name"),
        pytest.param("Roosevelt High", "Mei Tanaka", id="a school"),
        pytest.param("dev.patel@district.example", "Dev Patel", id="an e-mail address"),
    ],
)
def test_somebody_is_found_by(browser: Browser, who: str, name: str) -> None:
    page = browser.open("/?" + urlencode({"who": who}))
    assert f"Chat of {name} with Throughline" in page.html


def test_nobody_found_says_so_and_stays(browser: Browser) -> None:
    page = browser.open("/?" + urlencode({"who": "zzz", "as": browser.id_of("dev.patel")}))
    assert "I know nobody by that name here" in page.words
    assert "Chat of Dev Patel" in page.html


@pytest.mark.parametrize("who", ["0", "9999", "x", "-1", "1 or 1", "9" * 40])
def test_a_person_who_is_not_there_is_a_page_in_words(browser: Browser, who: str) -> None:
    answer = browser.ask("GET", "/?" + urlencode({"as": who}))
    page = Page(answer.text)
    assert answer.status == 404
    assert page.faults == []
    assert "There is no such person here." in page.words


@pytest.mark.parametrize("path", ["/say", "/press", "/clock"])
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "https://elsewhere.example"}, id="a foreign page"),
        pytest.param({"Origin": "null"}, id="a page that hides where it is"),
        pytest.param({"Origin": "http://127.0.0.1:1"}, id="another server of this machine"),
        pytest.param({"Sec_Fetch_Site": "cross-site"}, id="the browser says cross-site"),
        pytest.param({"Sec_Fetch_Site": "same-site"}, id="the browser says same-site"),
        pytest.param({"Host": "rebound.example:3978"}, id="a foreign name for this machine"),
        pytest.param({"Host": "127.0.0.1.evil.example"}, id="a name that begins like this machine"),
    ],
)
def test_what_comes_from_elsewhere_is_refused(browser: Browser, path: str, headers: dict[str, str]) -> None:
    body = urlencode({"as": browser.id_of("dev.patel"), "key": "k", "say": "help", "jump": "hour"})
    assert browser.ask("POST", path, body, **headers).status == 403
    assert browser.lines() == []
    assert browser.now() == NOW


def test_a_foreign_name_sees_nothing(browser: Browser) -> None:
    answer = browser.ask("GET", "/?as=1", Host="rebound.example")
    assert answer.status == 403
    assert "Imani" not in answer.text


def test_every_answer_forbids_scripts_and_frames_from_elsewhere(browser: Browser) -> None:
    for path in ("/", "/?as=1", "/?as=99", "/playground.css", "/playground.js", "/playground.svg"):
        policy = browser.ask("GET", path).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy


def test_the_style_sheet_and_script_ask_for_nothing_elsewhere(browser: Browser) -> None:
    for path in ("/playground.css", "/playground.js"):
        assert not re.search(r"https?:|url\(|@import", browser.ask("GET", path).text)


def test_a_card_of_an_old_version_does_not_break_the_page(browser: Browser) -> None:
    person = browser.id_of("dev.patel")
    body = urlencode({"as": person, "key": "k", "message": "999", "action": "no such line"})
    answer = browser.ask("POST", "/press", body)
    assert "That button is from an older version of mine." in browser.open(answer.headers["Location"]).words


def test_a_card_without_words_is_still_a_page(browser: Browser) -> None:
    tell(browser, "dev.patel", Card("", (Text(""),)))
    browser.says("dev.patel", "help")
    browser.person("dev.patel")


def test_the_address_of_a_calendar_stays_out_of_the_chat_and_is_read_beside_the_page(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_read = threading.Event()

    def read(store: Store, _now: datetime) -> int:
        is_read.set()
        return 0

    monkeypatch.setattr("bot.playground.pages.read_own_calendars", read)
    secret = "https://calendar.example/ical/private-0123456789/basic.ics"
    page = browser.says("grace.lindqvist", f"connect my calendar {secret}")
    assert "Connected: your calendar at calendar.example" in page.words
    assert "connect my calendar https://calendar.example/…" in page.words
    assert not any("private-" in line for line in browser.lines())
    assert is_read.wait(30)


def test_a_feed_is_at_the_address_that_the_chat_gives_out(browser: Browser) -> None:
    page = browser.says("grace.lindqvist", "my feed")
    found = re.search(r"http://127\.0\.0\.1:\d+(/calendar/[\w-]+\.ics)", page.words)
    assert found
    answer = browser.ask("GET", found[1])
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.text.startswith("BEGIN:VCALENDAR")
