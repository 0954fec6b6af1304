"""Over every sentence of the labelled memos: no edit that changes what is asked passes the gate, our own words do."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.buffer.attachments import forms_named
from protocols.buffer.dates import find_dates
from protocols.buffer.demands import Demand, Precision
from protocols.buffer.faithfulness import check_faithful
from protocols.buffer.reading import read_memo
from tests.eval.labelled import FOLDER, load


class Sentence(NamedTuple):
    """A demand with its memo and the memo's day."""

    memo: str
    day: date
    demand: Demand

    @property
    def quote(self) -> str:
        return self.demand.quote

    def passes(self, wording: str) -> bool:
        return check_faithful(wording, self.memo, self.demand, memo_date=self.day) == ()


def sentences() -> Iterator[Sentence]:
    for path in sorted(FOLDER.glob("*.txt")):
        for memo in load(path):
            yield from _of(memo)


def _of(memo: dict[str, Any]) -> Iterator[Sentence]:
    day = date.fromisoformat(memo["ref_date"])
    reading = read_memo(memo["text"], memo_date=day)
    for demand in reading.demands:
        yield Sentence(memo["text"], day, demand)


ALL = list(sentences())


def passing(edits: Iterator[tuple[Sentence, str]]) -> list[str]:
    """The edits that got through, each with its sentence."""
    return [
        f"{one.quote!r} passed as {edit!r}" for one, edit in edits if edit != one.quote and one.passes(edit)
    ]


def replaced(pattern: str, by: str) -> Iterator[tuple[Sentence, str]]:
    """Each single replacement of the pattern in each sentence."""
    for one in ALL:
        for m in re.finditer(pattern, one.quote):
            yield one, one.quote[: m.start()] + m.expand(by) + one.quote[m.end() :]


def test_there_are_enough_sentences_to_tell() -> None:
    assert len(ALL) > 300


@pytest.mark.parametrize(
    ("pattern", "by"),
    [
        (
            r"(?i)^(?:(?:all|each|every)\s)?(?:schools?|principals?)\s(?:must|shall)\s(?=[a-z])(?!be\b|not\b|have\b)",
            "",
        ),
        (r"\bmust\b", "shall"),
        (r"\bare required to\b", "must"),
        (r"(?i)\b(?:no|not) later than\b", "by"),
        (r"(?i)\bcannot\b", "can not"),
        (r"\bEach school\b", "Every school"),
        (r"\s+", " "),
        (r"'", "’"),
    ],
)
def test_the_same_said_otherwise_passes(pattern: str, by: str) -> None:
    told = [(one, edit) for one, edit in replaced(pattern, by) if edit != one.quote]
    assert told or by == " "
    assert [f"{one.quote!r} refused as {edit!r}" for one, edit in told if not one.passes(edit)] == []


def test_the_same_day_written_otherwise_passes() -> None:
    refused = []
    for one in ALL:
        for found in find_dates(one.quote, memo_date=one.day):
            is_listed = re.match(r"\s(?:and|&)\s\d", one.quote[found.end :])
            if found.iso is None or found.precision is not Precision.DAY or is_listed:
                continue
            for words in (
                f"{found.iso:%A}, {found.iso:%B} {found.iso.day}, {found.iso.year}",
                found.iso.isoformat(),
            ):
                edit = one.quote[: found.start] + words + one.quote[found.end :]
                if not one.passes(edit):
                    refused.append(f"{one.quote!r} refused as {edit!r}")
    assert refused == []


def test_no_changed_digit_passes() -> None:
    def edits() -> Iterator[tuple[Sentence, str]]:
        for one in ALL:
            for m in re.finditer(r"\d", one.quote):
                for step in (1, 4, 9):
                    digit = str((int(m[0]) + step) % 10)
                    yield one, one.quote[: m.start()] + digit + one.quote[m.end() :]

    assert passing(edits()) == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?i)\bnot\s",
        r"(?i)\bunless\b[^.;]*",
        r"(?i)\bunless\s",
        r"(?i)\bexcept\b[^.;,]*",
        r"(?i)\bonly\s",
        r"(?i)\bif\b[^.;,]*,",
        r"(?i)\bno\s(?!later)",
        r"(?i)\bnever\s",
        r"(?i)\bat\sleast\s",
        r"(?i)\bwithout\s[^.;,]*",
    ],
)
def test_no_dropped_restriction_passes(pattern: str) -> None:
    assert passing(replaced(pattern, "")) == []


def test_no_added_not_passes() -> None:
    assert passing(replaced(r"(?i)\b(must|shall|should|may|can|will)\s(?!not)", r"\1 not ")) == []


@pytest.mark.parametrize(
    ("pattern", "by"),
    [
        (r"(?i)\b(?:must|shall)\b", "may"),
        (r"(?i)\b(?:must|shall)\b", "should"),
        (r"(?i)\b(?:may|can)\b(?!\snot)(?!not)", "must"),
        (r"(?i)\bshould\b", "must"),
        (r"(?i)\bshould\b", "may"),
        (r"(?i)\b(?:is|are)\srequired\sto\b", "may"),
        (r"(?i)\b(?:is|are)\sencouraged\sto\b", "must"),
        (r"(?i)\bbefore\b", "after"),
        (r"(?i)\bafter\b", "before"),
        (r"(?i)\bby\b(?=\s(?:\w+,?\s)?(?:\d|[A-Z][a-z]{2,8}\.?\s\d))", "after"),
        (r"(?i)\bat\sleast\b", "at most"),
        (r"(?i)\bor\b(?!\sbefore)", "and"),
    ],
)
def test_no_other_force_or_limit_passes(pattern: str, by: str) -> None:
    assert passing(replaced(pattern, by)) == []


def test_no_shifted_day_passes() -> None:
    def edits() -> Iterator[tuple[Sentence, str]]:
        for one in ALL:
            for found in find_dates(one.quote, memo_date=one.day):
                if found.iso is None:
                    continue
                for step in (1, 7, -1, 30, 365):
                    day = found.iso + timedelta(days=step)
                    for words in (f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%B}"):
                        if step != 365 or "," in words:
                            yield one, one.quote[: found.start] + words + one.quote[found.end :]

    assert passing(edits()) == []


LEVELS = ("Elementary", "Middle", "High", "Title I", "Charter")


def test_no_swapped_or_dropped_audience_passes() -> None:
    def edits() -> Iterator[tuple[Sentence, str]]:
        for one in ALL:
            for m in re.finditer(r"\b(?:elementary|middle|high)(?=\s+school)", one.quote, re.IGNORECASE):
                for level in LEVELS:
                    if level.lower() != m[0].lower():
                        yield one, one.quote[: m.start()] + level + one.quote[m.end() :]
                yield one, one.quote[: m.start()] + "all" + one.quote[m.end() :]

    assert passing(edits()) == []


def test_no_changed_name_of_a_form_or_address_passes() -> None:
    def edits() -> Iterator[tuple[Sentence, str]]:
        for one in ALL:
            for name in forms_named(one.quote):
                if name[0].isupper() and name in one.quote:
                    head, _, tail = name.rpartition(" ")
                    for other in (
                        f"{head} Zeta {tail}".strip() if head else "ZetaWorks",
                        name[:1] + "ZX" + name[3:],
                    ):
                        yield one, one.quote.replace(name, other)
            for address in re.findall(r"[\w.]+@[\w.]+\w", one.quote):
                yield one, one.quote.replace(address, "x" + address)

    assert passing(edits()) == []


def test_no_changed_amount_passes() -> None:
    def edits() -> Iterator[tuple[Sentence, str]]:
        for one in ALL:
            for m in re.finditer(r"\$[\d,.]*\d|\d+\s(?:percent|per\scent)|\d+%", one.quote):
                yield one, one.quote[: m.start()] + m[0].replace("$", "$1") + one.quote[m.end() :]
                yield one, one.quote[: m.start()] + "1" + m[0].lstrip("$") + one.quote[m.end() :]

    assert passing(edits()) == []


@given(st.sampled_from(ALL), st.data())
def test_words_of_another_sentence_do_not_pass_for_its_day(one: Sentence, data: st.DataObject) -> None:
    """Whatever day is put in place of the sentence's own is found out, however it is written."""
    found = [d for d in find_dates(one.quote, memo_date=one.day) if d.iso is not None]
    if not found:
        return
    mention = data.draw(st.sampled_from(found))
    other = data.draw(st.dates(min_value=date(2024, 1, 1), max_value=date(2030, 12, 31)))
    if other == mention.iso:
        return
    words = data.draw(
        st.sampled_from(
            [
                f"{other:%B} {other.day}, {other.year}",
                other.isoformat(),
                f"{other.day} {other:%b} {other.year}",
            ]
        )
    )
    assert not one.passes(one.quote[: mention.start] + words + one.quote[mention.end :])


@given(st.sampled_from(ALL), st.text(max_size=80))
def test_any_wording_is_judged_without_a_crash(one: Sentence, wording: str) -> None:
    check_faithful(wording, one.memo, one.demand, memo_date=one.day)
