"""Protocols as files: what is read, and what is refused with line and reason."""

import os
import re
from contextlib import suppress
from itertools import pairwise

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from protocols.guided.catalog import MAX_FILE, ProtocolRefused, library, parse, parse_all
from protocols.guided.steps import Protocol, Role, StepKind

SMALL = """\
key: small
title: Small
purpose: To try.
source: Written for this test
roles:
  host: {called: the principal, from: principal}
  visitor: {called: the visitor, from: ild}
steps:
  - key: aims
    title: Aims
    phase: before
    kind: list
    who: [host]
    ask: Which aims, {host}?
    max: 3
  - key: notes
    title: Notes
    phase: during
    kind: notes
    who: [host, visitor]
    ask: What do you see?
    visibility: together
    tags: aims
  - key: compare
    title: Compare
    phase: after
    kind: reveal
    who: [host, visitor]
    ask: Compare.
    reveals: [notes]
  - key: next_steps
    title: Next steps
    phase: after
    kind: next_steps
    who: [host, visitor]
    ask: Who does what?
    required: true
"""


def changed(old: str, new: str) -> str:
    assert SMALL.count(old) >= 1
    return SMALL.replace(old, new, 1)


def test_the_small_protocol_is_read() -> None:
    protocol = parse(SMALL, name="small.yaml")
    assert [step.kind for step in protocol.steps] == [
        StepKind.LIST,
        StepKind.NOTES,
        StepKind.REVEAL,
        StepKind.NEXT_STEPS,
    ]
    assert protocol.step("aims").ask == {Role.HOST: "Which aims, {host}?"}
    assert protocol.step("notes").takes_many


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        pytest.param("", 1, "empty", id="an empty file"),
        pytest.param("- a\n- b\n", 1, "expected keys", id="a list instead of keys"),
        pytest.param("key: [a\n", 2, "not valid YAML", id="broken YAML"),
        pytest.param("key: \x07\n", 1, "not readable", id="control characters"),
        pytest.param("[" * 5000, 1, "not readable", id="nested without end"),
        pytest.param("x" * (MAX_FILE + 1), 1, "longer than", id="a file too long"),
        pytest.param(
            changed("source: Written for this test\n", ""), 1, "'source' is missing", id="no source"
        ),
        pytest.param(changed("Written for this test", '""'), 4, "found nothing", id="an empty source"),
        pytest.param(changed("key: small", "key: Small One"), 1, "is no key", id="a key with blanks"),
        pytest.param(changed("  visitor: {", "  guest: {"), 7, "unknown key 'guest'", id="an unknown seat"),
        pytest.param(
            changed("kind: list", "kind: lists"), 12, "expected one of text, list", id="unknown kind"
        ),
        pytest.param(
            changed("max: 3", "maximum: 3"), 15, "did you mean 'max'?", id="an unknown key of a step"
        ),
        pytest.param(changed("max: 3", "max: 3\n    max: 4"), 16, "given twice", id="a key given twice"),
        pytest.param(changed("max: 3", "max: three"), 15, "whole number", id="a number in words"),
        pytest.param(changed("max: 3", "max: " + "9" * 5000), 15, "whole number", id="an enormous number"),
        pytest.param(changed("max: 3", "min: 4\n    max: 3"), 16, "less than min", id="max under min"),
        pytest.param(changed("max: 3", "max: 1"), 15, "takes more than one", id="a list of one"),
        pytest.param(changed("who: [host]", "who: [coach]"), 13, "no role 'coach'", id="an unknown role"),
        pytest.param(changed("who: [host]", "who: []"), 13, "at least one role", id="nobody does the step"),
        pytest.param(
            changed("{host}?", "{principal}?"), 14, "{principal} is not known", id="an unknown blank"
        ),
        pytest.param(changed("ask: What do you see?", "ask:\n      host: What?"), 22, "'visitor' is missing"),
        pytest.param(changed("- key: notes", "- key: aims"), 16, "stands above already", id="a step twice"),
        pytest.param(
            changed("[notes]", "[next_steps]"), 30, "no earlier step", id="revealing what comes later"
        ),
        pytest.param(
            changed("    reveals: [notes]\n", ""), 24, "names the earlier steps", id="reveals nothing"
        ),
        pytest.param(changed("together", "private"), 30, "never revealed", id="revealing what is private"),
        pytest.param(
            changed("tags: aims", "tags: compare"), 23, "from an earlier list", id="tags from no list"
        ),
        pytest.param(
            changed("max: 3", "max: 3\n    visibility: private"),
            24,
            "'aims' is private",
            id="tags that are private",
        ),
        pytest.param(changed("    required: true\n", ""), 31, "required: true", id="next steps left out"),
        pytest.param(changed("required: true", "required: yes"), 37, "true or false", id="yes for true"),
        pytest.param(
            changed("required: true", "listens: [host]\n    required: true"), 37, "write and listen"
        ),
        pytest.param(SMALL[: SMALL.index("  - key: next")], 9, "ends in action", id="no next steps at all"),
        pytest.param(
            changed("    tags: aims", "    closing: any"), 23, "seen by all", id="closed by any, unseen"
        ),
        pytest.param(changed("kind: list", "kind: choice"), 9, "two or more options", id="choice of nothing"),
        pytest.param(changed("max: 3", "challenge: evidence"), 15, "not challenged", id="a challenged list"),
        pytest.param(changed("from: ild", "from: mars"), 7, "expected one of", id="a pool nobody is in"),
        pytest.param(changed("from: ild", "from: ild, min: 3, max: 2"), 7, "less than min", id="no seats"),
        pytest.param(
            changed("key: small", "key: small\nleads: chair"), 2, "no role 'chair'", id="nobody leads"
        ),
        pytest.param(changed("max: 3", "per: aims"), 15, "no earlier list", id="asked for each of itself"),
        pytest.param(changed("tags: aims", "per: aims"), 23, "a text or a choice", id="notes for each entry"),
        pytest.param(changed("tags: aims", "repeats: rooms"), 23, "no earlier list", id="repeats no list"),
        pytest.param(changed("max: 3", "timed: true"), 15, "needs minutes", id="timed without minutes"),
        pytest.param(changed("max: 3", "closing: lead"), 15, "needs a role that leads", id="nobody to close"),
        pytest.param(changed("max: 3", "when: {aims: [a]}"), 15, "unknown key 'aims'", id="no such branch"),
        pytest.param(
            changed("tags: aims", "framework: look_fors"), 23, "only a list", id="notes from a framework"
        ),
        pytest.param("a: &a [*a]\n", 1, "inside what it stands for", id="an alias to itself"),
        pytest.param('key: "\\U00110000"\n', 1, "not readable", id="an escape that is no letter"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_reason(text: str, line: int, reason: str) -> None:
    with pytest.raises(ProtocolRefused) as refused:
        parse(text, name="small.yaml")
    faults = [(fault.line, fault.reason) for fault in refused.value.faults]
    assert any(at == line and reason in why for at, why in faults), faults
    assert str(refused.value).startswith("small.yaml, line ")


def test_aliases_in_aliases_cost_nothing() -> None:
    """A list of lists of lists by reference: a file of a page that would be a hundred million steps."""
    lists = (f"{word}: &{word} [{', '.join([f'*{before}'] * 100)}]" for before, word in pairwise("abcde"))
    text = "\n".join(["a: &a [x]", *lists])
    with pytest.raises(ProtocolRefused, match="repeat more than they may"):
        parse(text, name="bomb.yaml")


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system", "!!python/name:os.system", "!!python/object/new:list"]
)
def test_a_tag_makes_nothing_of_a_text(tag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr(os, "system", ran.append)
    with pytest.raises(ProtocolRefused):
        parse(changed("source: Written for this test", f"source: {tag} ['echo']"), name="small.yaml")
    with suppress(ProtocolRefused):
        parse(changed("source: Written", f"source: {tag} Written"), name="small.yaml")
    assert ran == []


def test_an_alias_that_saves_a_few_words_is_read() -> None:
    assert parse(changed("max: 3", "max: &three 3"), name="b").version == parse(SMALL, name="a").version


def test_all_faults_of_a_file_are_told_at_once() -> None:
    text = changed("max: 3", "max: three").replace("required: true", "required: maybe")
    with pytest.raises(ProtocolRefused) as refused:
        parse(text, name="small.yaml")
    assert [fault.line for fault in refused.value.faults] == [15, 37]


def test_two_files_with_one_key_are_refused() -> None:
    with pytest.raises(ProtocolRefused, match=r"b\.yaml, line 1: 'small' is already in a\.yaml"):
        parse_all({"a.yaml": SMALL, "b.yaml": SMALL})


def test_the_version_changes_with_the_words_and_not_with_the_layout() -> None:
    protocol = parse(SMALL, name="a")
    assert parse("# a comment\n" + SMALL, name="b").version == protocol.version
    assert parse(changed("What do you see?", "What did you see?"), name="c").version != protocol.version


@pytest.mark.parametrize("key", sorted(library()))
def test_a_packaged_protocol_goes_to_json_and_back(key: str) -> None:
    protocol = library()[key]
    assert Protocol.from_json(protocol.to_json()) == protocol
    assert protocol.source


@pytest.mark.parametrize("key", sorted(library()))
def test_a_packaged_protocol_speaks_in_the_voice(key: str) -> None:
    for step in library()[key].steps:
        for text in (*step.ask.values(), *step.wait.values(), step.more, step.help, step.too_many):
            assert not re.search(r"!|please note", text, re.IGNORECASE), text
            assert len(text) < 260, text


@given(st.text(max_size=200) | st.recursive(st.text(), st.lists, max_leaves=5).map(yaml.safe_dump))
def test_any_text_is_a_protocol_or_is_refused(text: str) -> None:
    with pytest.raises(ProtocolRefused):
        parse(text, name="any")


@given(st.integers(0, len(SMALL)), st.integers(0, len(SMALL)), st.text("{}[]:-\n &*!|>'\"ab0", max_size=4))
def test_a_damaged_file_is_read_or_refused_and_never_breaks(start: int, end: int, put: str) -> None:
    with suppress(ProtocolRefused):
        protocol = parse(SMALL[:start] + put + SMALL[end:], name="damaged")
        assert Protocol.from_json(protocol.to_json()) == protocol
