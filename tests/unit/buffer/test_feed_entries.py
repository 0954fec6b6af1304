"""RSS and Atom as hosts really write them: entries, what counts as changed, what comes in, what is broken."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from protocols.buffer.feed_entries import (
    BEFORE,
    FeedEntry,
    FeedFault,
    choose_fresh,
    read_feed,
    with_teaser,
)
from tests.examples import tried
from tests.fuzz.__main__ import FOUND

KEYS = "Schools must return the key list by Friday, December 11, 2026."
RSS = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Facilities &amp; more</title>
<item><guid>keys</guid><title>Key &amp; lock lists</title><link>https://x.example/keys</link>
<pubDate>Mon, 23 Nov 2026 23:30:00 -0500</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>{KEYS}</p><script>steal()</script>
<table><tr><td>Lincoln</td><td>Dec 4</td></tr></table>]]></content:encoded>
</item></channel></rss>""".encode()
ATOM = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Assessment</title><id>urn:x</id><updated>2026-11-24T10:00:00Z</updated>
<entry><id>urn:x:1</id><title type="html">Seat &lt;b&gt;counts&lt;/b&gt;</title><updated>2026-11-24T10:00:00Z</updated>
<link href="https://x.example/1"/><content type="html">&lt;p&gt;{KEYS}&lt;/p&gt;</content></entry></feed>""".encode()
RDF = f"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://x.example"><title>Old</title></channel>
<item rdf:about="https://x.example/1"><title>Keys</title><link>https://x.example/1</link><dc:date>2026-11-20</dc:date>
<description>{KEYS}</description></item></rdf:RDF>""".encode()


def test_rss_with_the_whole_text_beside_its_first_lines() -> None:
    feed = read_feed(RSS)
    (entry,) = feed.entries
    assert feed.title == "Facilities & more"
    assert (entry.title, entry.link) == ("Key & lock lists", "https://x.example/keys")
    assert entry.published == datetime(2026, 11, 24, 4, 30, tzinfo=UTC)
    assert KEYS in entry.page
    assert "<td>Lincoln</td>" in entry.page
    assert "steal" not in entry.page
    assert "<p>Subject: Key &amp; lock lists</p>" in entry.page


@pytest.mark.parametrize(
    ("data", "title", "day"),
    [(ATOM, "Seat counts", "2026-11-24"), (RDF, "Keys", "2026-11-20")],
    ids=["atom", "rdf"],
)
def test_the_other_kinds(data: bytes, title: str, day: str) -> None:
    (entry,) = read_feed(data).entries
    assert entry.title == title
    assert entry.published is not None
    assert entry.published.date().isoformat() == day
    assert KEYS in entry.page
    assert FeedEntry.from_json(entry.to_json()) == entry


def rss(items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>".encode()


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        pytest.param("<p>Return the keys</p>", "<div>Return  the\n keys</div>", True, id="other markup"),
        pytest.param("Return the keys by May 4", "Return the keys by May 5", False, id="another day"),
        pytest.param("Return the keys", "Do not return the keys", False, id="a not"),
    ],
)
def test_an_entry_has_changed_when_its_words_have(first: str, second: str, is_same: bool) -> None:
    def of(body: str) -> FeedEntry:
        item = f"<item><guid>1</guid><title>K</title><description><![CDATA[{body}]]></description></item>"
        return read_feed(rss(item)).entries[0]

    assert of(first).key == of(second).key
    assert (of(first).fingerprint == of(second).fingerprint) is is_same


def test_documents_that_hang_on_an_entry_and_no_sound_or_pictures() -> None:
    hung = "".join(
        f'<enclosure url="https://x/{name}" type="{kind}"/>'
        for name, kind in (
            ("a.pdf", "application/pdf"),
            ("b.PDF?x=1", ""),
            ("c", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            ("d.mp3", "audio/mpeg"),
            ("e.jpg", "image/jpeg"),
            ("a.pdf", "application/pdf"),
        )
    )
    (one,) = read_feed(rss(f"<item><guid>1</guid><link>https://x/1</link>{hung}</item>")).entries
    assert one.files == ("https://x/a.pdf", "https://x/b.PDF?x=1", "https://x/c")
    assert one.leads_to == one.files
    assert FeedEntry.from_json(one.to_json()) == one


@pytest.mark.parametrize(
    ("item", "other"),
    [
        pytest.param(
            "<item><link>https://x/1</link><title>a</title></item>",
            "<item><link>https://x/2</link><title>a</title></item>",
            id="by its link, where it has no id",
        ),
        pytest.param(
            "<item><title>a</title><description>one</description></item>",
            "<item><title>a</title><description>two</description></item>",
            id="by its words, where it has neither",
        ),
    ],
)
def test_an_entry_is_told_from_another(item: str, other: str) -> None:
    assert len(read_feed(rss(item + other)).entries) == 2
    assert len(read_feed(rss(item + item)).entries) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<html><body>404</body></html>",
        b"BEGIN:VCALENDAR",
        b"\x00\xff\xfe" * 9,
        b"%PDF-1.7",
        RSS[:90],
        b"<rss version='2.0'><channel>" + b"<item>" * 3 + b"&bomb;",
    ],
    ids=["empty", "words", "a page", "a calendar", "bytes", "a pdf", "cut off", "broken"],
)
def test_what_is_no_feed_is_said(data: bytes) -> None:
    with pytest.raises(FeedFault, match=r"\.$"):
        read_feed(data)


def test_of_a_feed_cut_off_later_the_entries_before_are_read() -> None:
    whole = rss("".join(f"<item><guid>{n}</guid><title>t{n}</title></item>" for n in range(5)))
    assert 3 <= len(read_feed(whole[:-60]).entries) < 5


def test_a_feed_never_reaches_into_files_or_the_network() -> None:
    stolen = (
        b"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
        b"<rss version='2.0'><channel><item><title>&x;</title><description>y</description></item></channel></rss>"
    )
    try:
        entries = read_feed(stolen).entries
    except FeedFault:
        return
    assert not any("root:" in entry.title + entry.page for entry in entries)


def test_an_address_or_a_path_in_place_of_a_feed_is_not_opened() -> None:
    for data in (b"/etc/passwd", b"file:///etc/passwd", b"http://127.0.0.1:1/feed"):
        with pytest.raises(FeedFault):
            read_feed(data)


@tried(60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, len(RSS) - 1), st.sampled_from([RSS, ATOM, RDF]))
@example(b"\x80", 30, RSS)
@example(b"\x00", 30, RSS)
def test_a_damaged_feed_is_a_feed_or_a_sentence(noise: bytes, at: int, whole: bytes) -> None:
    at = min(at, len(whole))
    try:
        feed = read_feed(whole[:at] + noise + whole[at + len(noise) :])
    except FeedFault:
        return
    assert all(FeedEntry.from_json(one.to_json()) == one for one in feed.entries)


# ---------------------------------------------------------------- what comes in

SINCE = datetime(2026, 12, 1, 12, tzinfo=UTC)


def entry(key: str, *, days: float | None = 1, words: str = "a") -> FeedEntry:
    at = None if days is None else SINCE - timedelta(days=days)
    return FeedEntry(key, words, key, "", at, "", False)


@pytest.mark.parametrize(
    ("one", "known", "is_first", "becomes"),
    [
        pytest.param(entry("x"), {}, True, "take", id="new and recent"),
        pytest.param(entry("x", days=13.9), {}, True, "take", id="within two weeks"),
        pytest.param(entry("x", days=14.1), {}, True, "leave", id="older"),
        pytest.param(entry("x", days=None), {}, True, "leave", id="undated, at first"),
        pytest.param(entry("x", days=None), {}, False, "take", id="undated, later"),
        pytest.param(entry("x", days=40), {}, False, "leave", id="an archive that turns up later"),
        pytest.param(entry("x", days=-3), {}, False, "take", id="dated ahead"),
        pytest.param(entry("x"), {"x": "a"}, False, "", id="known"),
        pytest.param(entry("x"), {"x": "b"}, False, "take", id="changed"),
        pytest.param(entry("x", days=90), {"x": "b"}, False, "take", id="old and changed"),
    ],
)
def test_what_of_a_copy_comes_in(one: FeedEntry, known: dict[str, str], is_first: bool, becomes: str) -> None:
    fresh = choose_fresh([one], known, since=SINCE, is_first=is_first, most=5)
    assert (list(fresh.take), list(fresh.leave)) == (
        [one] if becomes == "take" else [],
        [one] if becomes == "leave" else [],
    )


def test_what_is_over_the_most_is_found_by_the_next_reading() -> None:
    entries = [entry(f"e{n}") for n in range(7)]
    known: dict[str, str] = {}
    rounds = []
    while True:
        fresh = choose_fresh(entries, known, since=SINCE, is_first=not known, most=3)
        if not (fresh.take or fresh.leave):
            break
        rounds.append(len(fresh.take))
        known |= {one.key: one.fingerprint for one in (*fresh.take, *fresh.leave)}
    assert rounds == [3, 3, 1]
    assert timedelta(days=14) == BEFORE


@pytest.mark.parametrize(
    ("teaser", "page", "text"),
    [
        pytest.param("Return the keys …", "Keys\n\nReturn the keys by May 4.", None, id="its first words"),
        pytest.param("RETURN  the keys. Read more", "Return the keys.", None, id="whatever its capitals"),
        pytest.param(
            "Keys\nReturn them by May 4.", "Keys\n\nHow to.", "Return them by May 4.\n\nKeys\n\nHow to.",
            id="what the page does not say",
        ),
        pytest.param("", "Keys", None, id="nothing"),
    ],
)  # fmt: skip
def test_a_teaser_is_kept_where_the_page_does_not_say_it(teaser: str, page: str, text: str | None) -> None:
    assert with_teaser(teaser, page) == (page if text is None else text)


def test_of_an_entry_that_was_not_cleaned_only_the_words_are_kept() -> None:
    """In this broken feed the parser leaves what it takes out of others."""
    pages = [
        entry.page for entry in read_feed((FOUND / "feed" / "992c0894299cd6e3.bin").read_bytes()).entries
    ]
    assert any("Schools must return the key list" in page for page in pages)
    assert not any("<script" in page.casefold() for page in pages)
