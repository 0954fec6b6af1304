"""Stretches of days that have no name of their own: before and after a day, halves, school days, the clock change."""

import pytest

from protocols.insight.query import Asker, Heard, Query, Role
from protocols.insight.understanding import understand
from tests.eval.questions import OWN, load_vocabulary

VOCABULARY, TODAY = load_vocabulary(OWN / "context_fall.json")


def asked(text: str) -> Query | None:
    meaning = understand(text, vocabulary=VOCABULARY, asker=Asker(Role.EXECUTIVE), today=TODAY)
    return meaning if isinstance(meaning, Query) else None


@pytest.mark.parametrize(
    ("stretch", "first", "last"),
    [
        ("since the time change", "2026-11-01", "2026-11-19"),
        ("since daylight saving time ended", "2026-11-01", "2026-11-19"),
        ("since we turned the clocks back", "2026-11-01", "2026-11-19"),
        ("since the clocks went forward", "2026-03-08", "2026-11-19"),
        ("the week before halloween", "2026-10-19", "2026-10-25"),
        ("the week after labor day", "2026-09-14", "2026-09-20"),
        ("the week before thanksgiving last year", "2025-11-17", "2025-11-23"),
        ("in the 3 weeks leading up to halloween", "2026-10-10", "2026-10-30"),
        ("the 10 days after columbus day", "2026-10-13", "2026-10-22"),
        ("in the first half of october", "2026-10-01", "2026-10-15"),
        ("in the back half of october", "2026-10-16", "2026-10-31"),
        ("in the 2nd half of last year", "2026-01-26", "2026-06-12"),
        ("since mid september", "2026-09-15", "2026-11-19"),
        ("over the last ten school days", "2026-11-06", "2026-11-19"),
        ("between the fifth and the sixteenth of october", "2026-10-05", "2026-10-16"),
        ("on or after november 2", "2026-11-02", "2026-11-19"),
        ("in the final week of october", "2026-10-25", "2026-10-31"),
        ("over the past year", "2025-11-20", "2026-11-19"),
        ("in the past school year", "2025-08-27", "2026-06-12"),
        ("last year", "2025-08-27", "2026-06-12"),
        ("in the 25-26 school year", "2025-08-27", "2026-06-12"),
        ("since the school year began", "2026-08-26", "2026-11-19"),
    ],
)
def test_a_stretch_has_its_days(stretch, first, last):
    query = asked(f"how many visits {stretch}")

    assert query
    assert (query.from_.isoformat(), query.to.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "stretch",
    [
        "the week before the strike",
        "11/30 to 12/4",
        "in the first half of the strike",
        "in mid october",
        "on dec 2",
    ],
)
def test_a_stretch_that_may_be_another_is_asked_back(stretch):
    assert asked(f"how many visits {stretch}") is None


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        ("has usefulness improved since last semester", "2026-01-26"),
        ("did cancellations go up since last month", "2026-10-01"),
        ("are visits up from last year", "2025-08-27"),
        ("has time in schools gotten better since last spring", "2026-01-26"),
        ("visits sept and oct, separately", "2026-09-01"),
    ],
)
def test_what_has_changed_since_a_period_is_held_against_it(text, earlier):
    query = asked(text)

    assert query
    compare = Heard.of(query).compare
    assert compare
    assert compare.start.isoformat() == earlier
    assert compare.end < query.from_
