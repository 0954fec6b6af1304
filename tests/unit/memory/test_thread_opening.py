"""What a visit opens with: three lines at most, in the reader's own words."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.memory.thread import (
    Inquiry,
    Line,
    Promised,
    Proposal,
    ProposalKind,
    Session,
    Thread,
    excerpt,
    opening,
)

TODAY = date(2027, 2, 9)
GRACE, IMANI = 1, 2
LAST = Session(date(2027, 2, 2), "walkthrough", is_walkthrough=True)
NOTES = Promised(
    1, GRACE, "Grace", "Three feedback notes.", date(2027, 2, 5), "the notes", "open", "", date(2027, 2, 2)
)
HELP = replace(
    NOTES, id=2, owner_id=IMANI, owner="Imani", what="The reading specialist", by_when=date(2027, 2, 8)
)
CYCLE = Inquiry(7, "Cycle of inquiry", "Feedback comes late", "", 2, date(2027, 3, 9), date(2026, 11, 3))
FOCUS = Proposal(1, ProposalKind.FOCUS, "student talk", None, GRACE, "Grace")
VISIT = Proposal(2, ProposalKind.VISIT, "", date(2027, 2, 11), GRACE, "Grace")
EMPTY = Thread("Lincoln Middle", "")


@pytest.mark.parametrize(
    ("thread", "lines"),
    [
        pytest.param(EMPTY, [], id="nothing is known, nothing is said"),
        pytest.param(
            replace(EMPTY, focus="Student talk."), ["Focus: Student talk."], id="the focus is one sentence"
        ),
        pytest.param(
            replace(EMPTY, focus="Student talk", proposals=(FOCUS,)),
            ["Focus: Student talk. Grace proposes “student talk”."],
            id="what the principal proposes stands beside the focus",
        ),
        pytest.param(
            replace(EMPTY, proposals=(VISIT,)),
            ["For today: Grace asked for a visit."],
            id="without a focus it is for today",
        ),
        pytest.param(
            replace(EMPTY, proposals=(replace(VISIT, text="two new classes"),)),
            ["For today: Grace asked for a visit: “two new classes”."],
            id="why she asked is quoted",
        ),
        pytest.param(
            replace(EMPTY, sessions=(LAST,)),
            ["Last time (Tue 2 Feb, walkthrough): no next step was agreed."],
            id="a visit without a next step is said to be one",
        ),
        pytest.param(
            replace(EMPTY, sessions=(LAST,), promises=(HELP, NOTES)),
            [
                "Last time (Tue 2 Feb, walkthrough): Grace promised “Three feedback notes” by Fri 5 Feb; "
                "you promised “The reading specialist” by Mon 8 Feb."
            ],
            id="both sides' promises, the one due first first",
        ),
        pytest.param(
            replace(
                EMPTY, promises=(replace(NOTES, outcome="ready since Wed 3 Feb"), HELP, replace(HELP, id=3))
            ),
            [
                "Promised: Grace promised “Three feedback notes” by Fri 5 Feb (ready since Wed 3 Feb); "
                "you promised “The reading specialist” by Mon 8 Feb; 1 more open."
            ],
            id="more than two are counted",
        ),
        pytest.param(
            replace(
                EMPTY, sessions=(LAST,), promises=(replace(NOTES, state="kept", outcome="Two of three."),)
            ),
            ["Last time (Tue 2 Feb, walkthrough): “Three feedback notes” was kept. Two of three."],
            id="where nothing is open, what came of the last one",
        ),
        pytest.param(
            replace(EMPTY, sessions=(LAST,), promises=(replace(NOTES, state="dropped"),)),
            ["Last time (Tue 2 Feb, walkthrough): all that was promised is settled."],
            id="settled without a word",
        ),
        pytest.param(
            replace(EMPTY, sessions=(LAST,), closed_before=date(2027, 2, 8)),
            ["Last time (Tue 2 Feb, walkthrough): before you came."],
            id="a new ILD is not told what was not agreed before her",
        ),
        pytest.param(
            replace(EMPTY, inquiries=(CYCLE, CYCLE)),
            ["Inquiry: “Feedback comes late”, round 2, next check-in Tue 9 Mar; 1 more open."],
            id="where the inquiry stands",
        ),
        pytest.param(
            replace(EMPTY, inquiries=(replace(CYCLE, problem="", check_in=None, round=1),)),
            ["Inquiry: round 1."],
            id="an inquiry that has only begun",
        ),
    ],
)
def test_it_opens_with_what_is_known(thread: Thread, lines: list[str]) -> None:
    assert [said(line) for line in opening(thread, reader_id=IMANI, today=TODAY)] == lines


def test_the_principal_is_you_where_she_reads() -> None:
    thread = replace(EMPTY, sessions=(LAST,), promises=(NOTES, HELP), proposals=(FOCUS, VISIT))
    lines = [said(line) for line in opening(thread, reader_id=GRACE, today=TODAY)]
    assert lines == [
        "For today: You propose “student talk”. You asked for a visit.",
        "Last time (Tue 2 Feb, walkthrough): You promised “Three feedback notes” by Fri 5 Feb; "
        "Imani promised “The reading specialist” by Mon 8 Feb.",
    ]


@given(
    focus=st.text(max_size=400),
    what=st.lists(st.text(min_size=1, max_size=400), max_size=6),
    problem=st.text(max_size=400),
)
def test_it_is_three_short_lines_whatever_was_written(focus: str, what: list[str], problem: str) -> None:
    thread = replace(
        EMPTY,
        focus=focus,
        sessions=(LAST,),
        promises=tuple(replace(NOTES, id=number, what=text) for number, text in enumerate(what)),
        inquiries=(replace(CYCLE, problem=problem),),
        proposals=(replace(FOCUS, text=problem), VISIT),
    )
    lines = opening(thread, reader_id=IMANI, today=TODAY)
    assert len(lines) <= 3
    assert all(len(line.text) < 400 and "\n" not in line.text for line in lines)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Three notes.", "Three notes"),
        ("one\n two   six", "one two six"),
        ("abcd " * 4, "abcd abcd …"),
        ("abcdefghijklmnop", "abcdefghijkl …"),
    ],
)
def test_an_excerpt_is_one_line_cut_between_words(text: str, short: str) -> None:
    assert excerpt(text, 12) == short


def said(line: Line) -> str:
    return f"{line.lead} {line.text}"
