"""The page as HTML and as Markdown: whatever people typed stays text."""

from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from protocols.guided.print.html import to_html
from protocols.guided.print.markdown import to_markdown
from protocols.guided.print.page import Line, Page, Phase, Section, Table
from protocols.guided.print.plain import clean
from protocols.guided.print.record import make_page
from tests.unit.guided_print.stories import HOST_SEAT, PRINTING, walkthrough

HOSTILE = [
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "&lt;b&gt; &amp; &#x41;",
    "]]> <!-- x -->",
    "[here](https://example.org)",
    "![x](https://example.org/x.png)",
    "<https://example.org>",
    "https://example.org and www.example.org",
    "# not a heading",
    "- not a list",
    "+ nor this",
    "1. nor that",
    "2) nor this one",
    "> not a quote",
    "```\nnot code\n```",
    "    not code either",
    "a | b | c",
    "*not* __bold__ ~~gone~~ `code`",
    "one\n\ntwo\n---\nthree\n===",
    "ends with a backslash \\",
    "\\",
    "[x]: https://example.org",
    "$$x^2$$ @amara #12",
    "a\u202eb\x00c\ud800",
]
TEXT = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=60), st.text("<>&\"'`*_[]()!|\\#-+.1 \n~@:/", max_size=30)
)


def page(text: str) -> Page:
    """A page on which ``text`` stands in every place."""
    line = Line(text, text, text, (text,))
    table = Table((text, text), (((line,), (line, line)), ((), (line,))), text)
    return Page(text, ((text, text),), (Phase(text, (Section(text, (line,), (table,), text),)),), text)


class Tags(HTMLParser):
    """The tags of a file with their attributes' names, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.values: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.texts.append("\n")
            return
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.values += [value or "" for name, value in attrs if name != "data-label"]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


PLAIN = Tags(to_html(page("plain")))


@given(TEXT)
def test_no_text_becomes_a_tag_or_an_attribute_of_the_html(text: str) -> None:
    found = Tags(to_html(page(text)))
    expected = PLAIN
    if not text:  # an empty heading, who, place or caption is left out
        assert {tag for tag, _ in found.tags} <= {tag for tag, _ in expected.tags}
        return
    assert found.tags == expected.tags
    assert found.values == expected.values
    assert clean(text) in "".join(found.texts)


def test_the_html_runs_nothing_and_fetches_nothing() -> None:
    chat = walkthrough()
    text = to_html(make_page(chat.protocol, chat.state, PRINTING, viewer=HOST_SEAT))
    found = Tags(text)
    tags = {tag for tag, _ in found.tags}
    assert not tags & {"script", "img", "link", "iframe", "form", "a", "object"}
    assert not {name for _, names in found.tags for name in names} & {"src", "href", "style"}
    assert "default-src 'none'" in text
    assert "url(" not in text
    assert "@import" not in text


def test_the_html_has_headings_in_order_a_language_and_heads_of_columns() -> None:
    chat = walkthrough()
    text = to_html(make_page(chat.protocol, chat.state, PRINTING, viewer=HOST_SEAT))
    found = Tags(text)
    levels = [int(tag[1]) for tag, _ in found.tags if tag in ("h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert '<html lang="en">' in text
    assert text.count('<th scope="col"') == sum(tag == "th" for tag, _ in found.tags) > 0


def parsed(text: str) -> list[Token]:
    """Every token of a Markdown file, as GitHub's dialect reads it, inline ones in their places."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = []
    for token in reader.parse(text):
        tokens += [token, *(token.children or ())]
    return tokens


def shape(tokens: list[Token]) -> list[str]:
    """The markup alone: what is text or a line end within it says nothing."""
    return [t.type for t in tokens if t.type not in ("text", "text_special", "html_inline", "inline")]


@given(TEXT)
def test_no_text_becomes_markup_of_the_markdown(text: str) -> None:
    if not clean(text).strip():
        return
    tokens = parsed(to_markdown(page(text)))
    assert shape(tokens) == shape(parsed(to_markdown(page("plain"))))
    assert {token.content for token in tokens if token.type == "html_inline"} <= {"<br>"}
    said = "".join(t.content if t.type != "html_inline" else "\n" for t in tokens if not t.children)
    wanted = "\n".join(" ".join(line.split()) for line in clean(text).strip().split("\n"))
    assert wanted in said


@pytest.mark.parametrize(
    "text", ["https://example.org", "see www.example.org", "MAILTO:a", "ftp://example.org"]
)
def test_an_address_does_not_become_a_link_by_itself(text: str) -> None:
    for start in ("http:", "https:", "www.", "mailto:", "ftp:"):
        assert start not in to_markdown(page(text)).casefold()


def test_markdown_reads_well_without_being_rendered() -> None:
    chat = walkthrough()
    text = to_markdown(make_page(chat.protocol, chat.state, PRINTING, viewer=HOST_SEAT))
    assert "- **Amara Diallo:** Teachers plan together every Tuesday. *(changed on Thu 3 Dec)*" in text
    assert "| Jun Okafor | Send the sentence starters | Fri 4 Dec | the page in use |" in text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a\x00b\x1bc", "abc"),
        ("\u202eturned\u2066", "turned"),
        ("half \ud800", "half \ufffd"),
        ("ça va, नमस्ते, שלום", "ça va, नमस्ते, שלום"),
    ],
)
def test_what_no_paper_shows_is_taken_out(text: str, kept: str) -> None:
    assert clean(text) == kept
