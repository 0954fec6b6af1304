"""What an average hides: when a school is drifting, and when that is mended."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.calendar import SchoolCalendar, SchoolYear, Term
from protocols.cadence.drift import Drift, DriftKind, Past, find_drifts, is_mended, terms_of
from protocols.cadence.targets import Change, Target, lay, steady

FALL, SPRING = date(2026, 8, 31), date(2027, 1, 25)
CALENDAR = SchoolCalendar(
    (SchoolYear("2026-27", FALL, date(2027, 6, 18)),),
    (Term("Fall", FALL, date(2027, 1, 22)), Term("Spring", SPRING, date(2027, 6, 18))),
)
TODAY = date(2027, 4, 5)
"""A Monday, fifty school days into the spring; the fall had a hundred and five."""


def every(weeks: int, start: date, end: date, what: str = "walkthrough") -> tuple[tuple[date, str], ...]:
    days = range(0, (end - start).days + 1, 7 * weeks)
    return tuple((start + timedelta(days=offset), what) for offset in days)


STEADY = every(2, FALL, TODAY)
AUTUMN = every(2, FALL, date(2027, 1, 22))
INQUIRY = (date(2026, 10, 5),)


def past(school: int, held: tuple[tuple[date, str], ...] = STEADY, **rest: object) -> Past:
    return Past(school, **{"targets": steady(10), "held": held, "inquiries": INQUIRY, **rest})  # type: ignore[arg-type]  # one field a test


def others(count: int = 3) -> list[Past]:
    return [past(number + 100) for number in range(count)]


def kinds(*pasts: Past, today: date = TODAY) -> list[tuple[int, DriftKind]]:
    return [(one.school, one.kind) for one in find_drifts(pasts, CALENDAR, today)]


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        pytest.param(past(1), [], id="a school on its rhythm does not drift"),
        pytest.param(
            past(1, (*AUTUMN, *every(3, date(2027, 1, 25), TODAY))), [], id="four visits of five are no drift"
        ),
        pytest.param(
            past(1, (*AUTUMN, (date(2027, 2, 1), "walkthrough"), (date(2027, 3, 29), "walkthrough"))),
            [DriftKind.FALLING],
            id="two visits of five this term, all of them last term",
        ),
        pytest.param(
            past(1, (*AUTUMN, (date(2027, 2, 1), "walkthrough"))),
            [DriftKind.FORGOTTEN],
            id="an experienced principal with the longest gap, and not said twice",
        ),
        pytest.param(
            past(1, (*AUTUMN, (date(2027, 2, 1), "walkthrough")), is_experienced=False),
            [DriftKind.FALLING],
            id="a new principal is not forgotten, it falls",
        ),
        pytest.param(
            past(
                1,
                (*AUTUMN, (date(2027, 2, 1), "walkthrough"), (date(2027, 3, 29), "walkthrough")),
                targets=lay((Target(10, FALL),), [Change(25, SPRING)]),
            ),
            [],
            id="a rhythm made slower for a reason is no drift",
        ),
        pytest.param(
            past(1, fell=(date(2026, 10, 1), date(2026, 11, 3))), [], id="two cancellations are chance"
        ),
        pytest.param(
            past(
                1,
                every(4, FALL, TODAY),
                targets=steady(20),
                fell=tuple(day for day, _ in every(4, date(2026, 9, 14), TODAY)),
            ),
            [DriftKind.CANCELLED],
            id="half of what is planned falls out, elsewhere nothing",
        ),
        pytest.param(past(1, inquiries=()), [DriftKind.NO_INQUIRY], id="walkthroughs only"),
        pytest.param(
            past(1, inquiries=(date(2026, 3, 1),)), [DriftKind.NO_INQUIRY], id="an inquiry of long ago"
        ),
        pytest.param(
            past(1, (*STEADY, (date(2026, 10, 6), "inquiry")), inquiries=()),
            [],
            id="a visit for an inquiry counts",
        ),
        pytest.param(
            past(
                1,
                every(2, date(2027, 2, 8), TODAY),
                inquiries=(),
                targets=lay((Target(10, date(2027, 2, 1)),), []),
            ),
            [],
            id="a school taken over lately has no past to fall from",
        ),
    ],
)
def test_what_is_a_drift(own: Past, expected: list[DriftKind]) -> None:
    assert [kind for school, kind in kinds(own, *others()) if school == 1] == expected


def test_the_numbers_say_what_they_are_of() -> None:
    fell = tuple(day for day, _ in every(4, date(2026, 9, 14), TODAY))
    found = find_drifts(
        [
            past(1, (*AUTUMN, (date(2027, 2, 1), "walkthrough"), (date(2027, 3, 29), "walkthrough"))),
            past(2, every(4, FALL, TODAY), targets=steady(20), fell=fell),
            past(3, (*AUTUMN, (date(2027, 2, 1), "walkthrough")), inquiries=()),
            *others(),
        ],
        CALENDAR,
        TODAY,
    )
    assert found == (
        Drift(3, DriftKind.FORGOTTEN, date(2027, 2, 1), date(2027, 2, 1), TODAY, 45, 10, 5, 0),
        Drift(1, DriftKind.FALLING, SPRING, SPRING, TODAY, 2, 5, 11, 10),
        Drift(2, DriftKind.CANCELLED, date(2026, 9, 14), FALL, TODAY, 8, 16, 0, found[2].other_whole),
        Drift(3, DriftKind.NO_INQUIRY, FALL, FALL, TODAY, 12, 12),
    )


def test_where_all_are_late_nobody_is_forgotten() -> None:
    late = [past(number, AUTUMN) for number in (2, 3)]
    assert DriftKind.FORGOTTEN not in [kind for _school, kind in kinds(past(1, AUTUMN[:-1]), *late)]


def test_the_first_weeks_of_a_term_and_the_holidays_say_nothing() -> None:
    assert kinds(past(1, AUTUMN[:-2]), *others(), today=date(2027, 2, 1)) == [(1, DriftKind.FORGOTTEN)]
    assert kinds(past(1, (), is_experienced=False), *others(), today=date(2027, 2, 1)) == []
    assert find_drifts([past(1)], CALENDAR, date(2027, 7, 1)) == ()
    assert terms_of(CALENDAR, date(2026, 9, 30)) is not None
    assert terms_of(SchoolCalendar(CALENDAR.years), TODAY) is None


FOUND = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("kind", "held", "inquiries", "mended"),
    [
        pytest.param(DriftKind.FALLING, (date(2027, 3, 29),), (), True, id="a visit, and within its rhythm"),
        pytest.param(DriftKind.FALLING, (date(2027, 3, 2),), (), False, id="a visit, and late again"),
        pytest.param(DriftKind.FORGOTTEN, (date(2027, 2, 22),), (), False, id="a visit before it was found"),
        pytest.param(DriftKind.FORGOTTEN, (date(2027, 4, 1),), (), True, id="the forgotten one is seen"),
        pytest.param(DriftKind.CANCELLED, (date(2027, 3, 2),), (), True, id="a visit that did not fall out"),
        pytest.param(DriftKind.CANCELLED, (), (), False, id="none yet"),
        pytest.param(DriftKind.NO_INQUIRY, (date(2027, 4, 1),), (), False, id="one more walkthrough"),
        pytest.param(DriftKind.NO_INQUIRY, (), (date(2027, 3, 8),), True, id="an inquiry was begun"),
    ],
)
def test_when_a_drift_is_mended(
    kind: DriftKind, held: tuple[date, ...], inquiries: tuple[date, ...], mended: bool
) -> None:
    own = past(1, tuple((day, "walkthrough") for day in held), inquiries=inquiries)
    assert is_mended(kind, own, CALENDAR, found_on=FOUND, today=TODAY) is mended


def test_what_was_mended_is_not_held_against_the_school_again() -> None:
    fell = tuple(day for day, _ in every(4, date(2026, 9, 14), TODAY))
    often = past(1, every(4, FALL, TODAY), targets=steady(20), fell=fell)
    again = past(1, every(4, FALL, TODAY), targets=steady(20), fell=fell, mended={DriftKind.CANCELLED: FOUND})
    assert kinds(often, *others()) == [(1, DriftKind.CANCELLED)]
    assert kinds(again, *others()) == []


@given(st.lists(st.sets(st.integers(0, 218), max_size=30), min_size=1, max_size=6), st.integers(0, 218))
def test_a_school_is_named_once_a_kind_and_never_on_account_of_what_is_to_come(
    networks: list[set[int]], when: int
) -> None:
    today = FALL + timedelta(days=when)
    pasts = [
        past(number, tuple((FALL + timedelta(days=offset), "walkthrough") for offset in sorted(offsets)))
        for number, offsets in enumerate(networks)
    ]
    so_far = [past(one.school, tuple((day, what) for day, what in one.held if day <= today)) for one in pasts]
    found = find_drifts(pasts, CALENDAR, today)
    assert found == find_drifts(so_far, CALENDAR, today)
    assert len({(one.school, one.kind) for one in found}) == len(found)
    assert all(one.since <= today for one in found)
