"""The schedule: what it says of each kind, within which bounds a district changes it, and that its page is current."""

from pathlib import Path

import pytest

from protocols.keeping.page import write_page
from protocols.keeping.schedule import (
    REPEATED,
    SCHEDULE,
    Kind,
    TermFault,
    check_change,
    cutoff,
    days_of,
    read_days,
    read_kind,
    say_days,
)
from tests.district import NOW

PAGE = Path(__file__).parent.parent.parent.parent / "docs" / "retention.md"


def test_every_kind_has_its_term_and_says_why() -> None:
    assert set(SCHEDULE) == set(Kind)
    for kind, term in SCHEDULE.items():
        assert all((term.what, term.since, term.goes, term.stays, term.why)), kind
        assert (term.fewest is None) == (term.most is None), kind
        if term.fewest is not None and term.most is not None:
            assert term.days is not None, kind
            assert term.fewest <= term.days <= term.most, kind


def test_the_page_of_the_schedule_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == write_page(), "run make retention"


@pytest.mark.parametrize(
    ("kind", "days", "refused"),
    [
        (Kind.COACHING, 365, ""),
        (Kind.COACHING, 364, "Coaching can be kept from 1 year to 7 years"),
        (Kind.COACHING, 2556, "1 year to 7 years"),
        (Kind.MESSAGES, 90, ""),
        (Kind.MESSAGES, 1095, ""),
        (Kind.MESSAGES, 1460, "can't be kept longer than coaching: 3 years"),
        (Kind.MEMOS, 100, "not for the district to change"),
        (Kind.ARRIVALS, 7, "not for the district to change"),
    ],
)
def test_a_term_is_changed_within_its_bounds(kind: Kind, days: int, refused: str) -> None:
    if not refused:
        check_change(kind, days, {})
        assert days_of(kind, {kind.value: days}) == days
        return
    with pytest.raises(TermFault, match=refused):
        check_change(kind, days, {})


@pytest.mark.parametrize("kind", REPEATED)
def test_no_message_outlives_the_record_it_repeats(kind: Kind) -> None:
    changes = {Kind.MESSAGES.value: 1095, kind.value: 400}
    assert days_of(Kind.MESSAGES, changes) == 400


def test_a_number_that_a_newer_version_would_refuse_is_bent_into_the_bounds() -> None:
    assert days_of(Kind.AUDIT, {Kind.AUDIT.value: 1}) == SCHEDULE[Kind.AUDIT].fewest


def test_what_is_kept_for_good_has_no_cutoff() -> None:
    assert cutoff(Kind.MEMOS, {}, NOW) is None
    before = cutoff(Kind.BUSY, {}, NOW)
    assert before is not None
    assert (NOW - before).days == 30


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("messages", Kind.MESSAGES),
        ("the Audit  log", Kind.AUDIT),
        ("digest answer", Kind.DIGEST_WORDS),
        ("cats", None),
    ],
)
def test_kinds_by_their_words(words: str, kind: Kind | None) -> None:
    assert read_kind(words) is kind


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [(2, "years", "2 years"), (1, "year", "1 year"), (6, "months", "180 days"), (1, "day", "1 day")],
)
def test_spans_in_words(number: int, unit: str, said: str) -> None:
    assert say_days(read_days(number, unit)) == said
