"""Every protocol of the library, played by people who do what they like, and then printed for each of them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from protocols.guided.print.html import to_html
from protocols.guided.print.markdown import to_markdown
from protocols.guided.print.record import Printing, make_page
from protocols.guided.state import Promise, RunState
from protocols.guided.steps import SeatKey, StepKind, Visibility
from protocols.guided.summary import visible
from tests.examples import tried
from tests.unit.guided_engine.table import BOUND, Table
from tests.unit.guided_engine.test_invariants_library import (
    Act,
    add_next_step,
    edit,
    extend_or_rest,
    go_on,
    go_on_together,
    keep,
    people_change,
    say_done,
    send_lines,
    skip,
)
from tests.unit.guided_engine.unusual import UNUSUAL

EVERY = {**BOUND, UNUSUAL.key: UNUSUAL}
ACTS = (
    *(go_on, go_on_together, go_on_together, say_done, skip, send_lines, keep, edit),
    *(add_next_step, extend_or_rest, people_change),
)
PLAYS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 11), st.integers(0, 99)), min_size=5, max_size=25
)
EMPTY_TAGS = ("meta", "br")
MARKUP = "<i>*_`[x](y)| & \"q\" 'p'</i>"
"""What is no markup wherever it stands: in a name, a school, a promise or a reason."""


class Reader(HTMLParser):
    """A file as a strict reader takes it: every tag is closed where it was opened; its headings, cells and texts."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.count: Counter[str] = Counter()
        self.levels: list[int] = []
        self.texts: dict[str, list[str]] = {}
        self.language = ""
        self.rows: list[int] = []
        self.feed(file)
        self.close()
        assert not self.open, self.open
        assert not self.rawdata, self.rawdata

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), (tag, names)
        self.count[tag] += 1
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.levels.append(int(tag[1]))
        match tag:
            case "html":
                self.language = dict(attrs)["lang"] or ""
            case "br":
                self.handle_data("\n")
            case "tr":
                self.rows.append(0)
            case "td" | "th":
                self.rows[-1] += 1
            case "table":
                self.rows = []
        if tag not in EMPTY_TAGS:
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag == "table":
            assert len(set(self.rows)) == 1, self.rows

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.texts[tag][-1] += data

    @property
    def body(self) -> str:
        (text,) = self.texts["body"]
        return text


def printing(table: Table) -> Printing:
    """With markup in everything that is not an entry, and what became of the next steps."""
    made = [entry.number for entry in table.state.entries if entry.data.get("by_when")]
    return Printing(
        names={seat: f"{seat} {MARKUP}" for seat in table.state.seats},
        zone=ZoneInfo("America/Chicago"),
        today=(table.now + timedelta(days=1)).date(),
        school=f"School {MARKUP}",
        came_of={0: f"came {MARKUP}"},
        kept=dict.fromkeys(made, f"kept {MARKUP}"),
    )


def pages(table: Table) -> Iterator[tuple[SeatKey | None, str, str]]:
    """Each seat's page, and that for all, as the text a reader sees: of the HTML and of the Markdown."""
    for seat in (*table.state.seats, None):
        page = make_page(table.protocol, table.state, printing(table), viewer=seat)
        reader = Reader(to_html(page))
        check_html(reader, table)
        yield seat, reader.body, text_of(to_markdown(page))


def check_html(reader: Reader, table: Table) -> None:
    assert reader.language == "en"
    assert reader.texts["title"] == reader.texts["h1"] == [f"{table.protocol.title}, School {MARKUP}"]
    assert reader.levels[0] == 1
    assert reader.levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(reader.levels))
    assert all(text.strip() for tag in ("h2", "h3", "th", "caption") for text in reader.texts.get(tag, ()))
    assert {"html", "head", "title", "body", "main", "h1"} <= {t for t, n in reader.count.items() if n == 1}
    assert not {"i", "a", "img", "script"} & set(reader.count)


def text_of(markdown: str) -> str:
    """What a reader of the rendered Markdown sees; every heading and table of it is ours."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = reader.parse(markdown)
    assert next(t.tag for t in tokens if t.type == "heading_open") == "h1"
    assert not {t.type for t in tokens} & {"fence", "code_block", "html_block", "blockquote_open"}
    inline = [child for token in tokens for child in (token.children or [])]
    assert not {t.type for t in inline} & {"link_open", "image", "code_inline", "s_open"}
    assert {t.content for t in inline if t.type == "html_inline"} <= {"<br>"}
    return "".join("\n" if t.type == "html_inline" else t.content for t in inline)


def words_of(table: Table, state: RunState, seat: SeatKey | None) -> list[str]:
    """Every entry a reader may see, as it reads: a choice by its label."""
    found = []
    for entry in visible(table.protocol, state, seat):
        step = table.protocol.step(entry.step)
        is_choice = step.kind is StepKind.CHOICE
        found.append(step.option(entry.text).label if is_choice else entry.text)
    return found


def withheld_from(table: Table, seat: SeatKey | None) -> list[str]:
    """The words of entries that this reader may not see, now or in a former wording."""
    seen = {entry.number for entry in visible(table.protocol, table.state, seat)}
    return [
        text
        for entry in table.state.entries
        if entry.number not in seen and not entry.is_withdrawn
        for text in (entry.text, *(revision.text for revision in entry.history))
        if "<" in text and table.protocol.step(entry.step).visibility is not Visibility.SHARED
    ]


def check_printed(table: Table) -> None:
    for seat, html, markdown in pages(table):
        for text in words_of(table, table.state, seat):
            assert text in html, (seat, text)
            assert text in markdown, (seat, text)
        for text in withheld_from(table, seat):
            assert text not in html, (seat, text)
            assert text not in markdown, (seat, text)


@pytest.mark.parametrize("key", sorted(EVERY))
@pytest.mark.parametrize("is_full", [False, True], ids=["as few as may be", "more of each"])
@tried(4, deadline=None, suppress_health_check=list(HealthCheck))
@given(turns=st.integers(0, 20), acts=PLAYS)
def test_a_run_prints_well_with_all_its_reader_may_see_and_nothing_else(
    key: str, is_full: bool, turns: int, acts: Sequence[tuple[Act, int, int]]
) -> None:
    table = Table(EVERY[key], is_full=is_full)
    promises = tuple(
        Promise(f"promised {MARKUP} {number}", table.state.seats[0], "host", "2026-11-20", MARKUP)
        for number in range(2)
    )
    table.state = replace(table.state, promises=promises)
    for _ in range(turns):
        go_on_together(table, 0, 1)
    for act, who, pick in acts:
        act(table, who, pick)
    check_printed(table)  # as it stands on the way
    table.finish()
    check_printed(table)
