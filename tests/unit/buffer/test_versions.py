"""The same memo again: what two readings differ in, demand by demand, and what the newer one is to the older."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.buffer.reading import read_memo
from protocols.buffer.versions import Changed, Difference, Verdict, Version, What, compare, judge
from tests.conversations.mandate_texts import CONFERENCES, SEAT_COUNTS

SENT = date(2026, 11, 20)
HR = "Office of Human Resources"
HOLD = (
    "Principals must hold a conference with each non-tenured teacher no later than Friday, December 11, 2026."
)
WEEKLY = """To: Principals
From: Office of Human Resources
Subject: Attendance review

Principals must send the attendance review to their payroll clerk by {due}.
Principals must check the substitute hours of the week by {due}.
"""


def read(text: str, day: date = SENT, unit: str = HR) -> Version:
    reading = read_memo(text, memo_date=day, calendar=None)
    return Version(reading.title, unit, day, reading.demands, text)


FIRST = read(CONFERENCES)
LATER = date(2026, 11, 24)


def edited(*edits: tuple[str, str], day: date = LATER) -> Version:
    text = CONFERENCES
    for was, now in edits:
        assert was in text
        text = text.replace(was, now)
    return read(text, day)


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        pytest.param(
            [("Friday, December 11", "Wednesday, December 16")],
            [(What.DUE, date(2026, 12, 11), date(2026, 12, 16))],
            id="one day moved",
        ),
        pytest.param([("Form HR-22", "Form HR-23")], [(What.AMOUNT, "22", "23")], id="another form"),
        pytest.param(
            [("Principals must upload", "Middle school principals must upload")],
            [
                (What.AUDIENCE, "all", "middle"),
                (
                    What.WORDS,
                    "Principals must upload the signed Form HR-22 by December 18, 2026.",
                    "Middle school principals must upload the signed Form HR-22 by December 18, 2026.",
                ),
            ],
            id="for some schools only",
        ),
        pytest.param(
            [("Principals must hold", "Principals may hold")],
            [(What.BINDING, "must", "may"), (What.WORDS, HOLD, HOLD.replace("must", "may"))],
            id="no longer binding",
        ),
        pytest.param(
            [("must upload", "must not upload")],
            [
                (
                    What.WORDS,
                    "Principals must upload the signed Form HR-22 by December 18, 2026.",
                    "Principals must not upload the signed Form HR-22 by December 18, 2026.",
                )
            ],
            id="a not",
        ),
        pytest.param([("Principals must upload the", "Please, principals must upload")], [], id="courtesies"),
        pytest.param(
            [
                ("SYCAMORE UNIFIED SCHOOL DISTRICT", "Sycamore USD"),
                ("November 20", "November 23"),
                ("Questions: evaluation desk", "With thanks, the evaluation desk"),
            ],
            [],
            id="letterhead, date line and signature",
        ),
    ],
)
def test_exactly_what_was_changed_is_found(
    edits: list[tuple[str, str]], expected: list[tuple[object, ...]]
) -> None:
    found = compare(FIRST, edited(*edits))
    differences = [(d.what, d.was, d.now) for one in found.changed for d in one.differences]
    assert differences == expected
    assert (found.new, found.withdrawn) == ((), ())


def test_what_came_and_what_is_gone_is_found() -> None:
    found = compare(
        FIRST, edited(("2. Principals must upload the signed", "2. Teachers must keep a copy of the"))
    )
    assert [FIRST.demands[n].quote for n in found.withdrawn] == [
        "Principals must upload the signed Form HR-22 by December 18, 2026."
    ]
    assert len(found.new) == 1


MOVED = edited(("Friday, December 11", "Wednesday, December 16"))
NOTICE = read(
    "The deadline for holding conferences with non-tenured teachers in our memo of November 20 is extended from "
    "December 11 to December 18, 2026.",
    LATER,
)
NEXT_MONTH = read(
    CONFERENCES.replace("December 2, 2026", "January 4, 2027")
    .replace("Friday, December 11, 2026", "Friday, January 15, 2027")
    .replace("December 18, 2026", "January 22, 2027"),
    date(2026, 12, 21),
)
WEEK_ONE = read(WEEKLY.format(due="October 9, 2026"), date(2026, 10, 5))
WEEK_TWO = read(WEEKLY.format(due="October 16, 2026"), date(2026, 10, 12))


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        pytest.param(FIRST, FIRST, Verdict.SAME, id="itself"),
        pytest.param(FIRST, replace(FIRST, day=LATER), Verdict.SAME, id="sent once more"),
        pytest.param(FIRST, MOVED, Verdict.REVISED, id="the same with another day, some days later"),
        pytest.param(
            FIRST,
            replace(MOVED, title="REVISED: conferences", day=date(2026, 12, 14)),
            Verdict.REVISED,
            id="it says so itself, after the day has passed",
        ),
        pytest.param(
            FIRST, replace(MOVED, title="Conferences of spring"), Verdict.UNSURE, id="another title"
        ),
        pytest.param(FIRST, NEXT_MONTH, Verdict.REPEATED, id="next month's"),
        pytest.param(WEEK_ONE, WEEK_TWO, Verdict.REPEATED, id="next week's"),
        pytest.param(
            FIRST, replace(NEXT_MONTH, day=date(2026, 12, 12)), Verdict.UNSURE, id="a day is still ahead"
        ),
        pytest.param(
            FIRST,
            edited(
                (
                    "2. Principals must upload the signed Form HR-22 by December 18, 2026. "
                    "Paper copies will not be accepted.",
                    "",
                )
            ),
            Verdict.UNSURE,
            id="something is gone",
        ),
        pytest.param(FIRST, NOTICE, Verdict.UNSURE, id="a notice of one change"),
        pytest.param(
            FIRST, replace(NOTICE, unit="Facilities"), Verdict.OTHER, id="another office's notice of change"
        ),
        pytest.param(
            FIRST, read(SEAT_COUNTS, LATER, "Office of Assessment"), Verdict.OTHER, id="another memo"
        ),
        pytest.param(
            read("Schools must return the survey by December 4, 2026.", SENT, "Payroll"),
            replace(
                read("Schools must return the survey by December 4, 2026.", SENT, "Transport"), title="Buses"
            ),
            Verdict.OTHER,
            id="two offices that ask alike",
        ),
    ],
)
def test_a_memo_is_judged_beside_an_earlier_one(old: Version, new: Version, verdict: Verdict) -> None:
    assert judge(old, new)[0] is verdict


def test_a_notice_moves_what_it_names_and_withdraws_nothing() -> None:
    _verdict, found = judge(FIRST, NOTICE)
    assert found.is_notice
    assert found.changed == (Changed(0, 0, (Difference(What.DUE, date(2026, 12, 11), date(2026, 12, 18)),)),)
    assert found.withdrawn == ()


def test_what_is_asked_again_without_a_day_is_no_old_memo() -> None:
    undated = read("Schools must send the roster within ten days of receipt.")
    assert judge(undated, replace(undated, day=SENT + timedelta(days=30)))[0] is Verdict.REPEATED


SENTENCES = (
    "Principals must hold a conference with each new teacher by {}.",
    "Schools must return the key list by {}.",
    "Elementary schools should check the device list by {}.",
    "Every school must send two names to the transport desk by {}.",
)
DAYS = st.dates(date(2026, 12, 1), date(2027, 6, 30))


def memo_of(days: list[date]) -> str:
    return "\n\n".join(
        sentence.format(f"{day:%B} {day.day}, {day.year}")
        for sentence, day in zip(SENTENCES, days, strict=True)
    )


@given(st.lists(DAYS, min_size=4, max_size=4))
def test_a_memo_against_itself_differs_in_nothing(days: list[date]) -> None:
    memo = read(memo_of(days))
    assert judge(memo, memo)[0] is Verdict.SAME


@given(st.lists(DAYS, min_size=4, max_size=4), st.sampled_from(["  ", "\t", " \t "]), st.booleans())
def test_spacing_is_no_difference(days: list[date], gap: str, is_wide: bool) -> None:
    text = memo_of(days)
    spaced = text.replace(" must ", f" must{gap}") + ("\n\n\n" if is_wide else "")
    assert compare(read(text), read(spaced)).is_nothing


@given(st.lists(DAYS, min_size=4, max_size=4), st.integers(0, 3), DAYS)
def test_one_moved_day_is_one_difference(days: list[date], at: int, day: date) -> None:
    moved = [*days[:at], day, *days[at + 1 :]]
    found = compare(read(memo_of(days)), read(memo_of(moved)))
    expected = (Changed(at, at, (Difference(What.DUE, days[at], day),)),) if day != days[at] else ()
    assert (found.changed, found.new, found.withdrawn) == (expected, (), ())
