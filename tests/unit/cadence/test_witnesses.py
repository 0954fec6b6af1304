"""Who says that a visit took place, and what is to be settled."""

from datetime import UTC, datetime, timedelta

import pytest

from protocols.cadence.witnesses import Difference, Rests, Witness, Word, best, difference

AT = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
YES, NO = True, False
P, C, I, ILD = Witness.PRINCIPAL, Witness.CALENDAR, Witness.IMPORTED, Witness.ILD  # noqa: E741  # a table's shorthand


def said(*words: tuple[Witness, bool]) -> list[Word]:
    return [Word(witness, yes, AT + timedelta(hours=place)) for place, (witness, yes) in enumerate(words)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], None),
        ([(C, YES)], C),
        ([(C, YES), (P, YES)], P),
        ([(C, YES), (P, NO)], C),
        ([(P, NO)], None),
        ([(I, YES)], I),
        ([(I, YES), (C, YES)], C),
        ([(ILD, YES)], None),
    ],
)
def test_which_witness_a_visit_rests_on(words: list[tuple[Witness, bool]], expected: Witness | None) -> None:
    assert best(said(*words)) == expected


@pytest.mark.parametrize(
    ("status", "is_past", "words", "expected"),
    [
        ("planned", False, [], None),
        ("planned", True, [], Difference.OPEN),
        ("planned", True, [(C, YES)], Difference.SEEN),
        ("planned", True, [(P, NO)], Difference.NOT_HELD),
        ("planned", True, [(C, YES), (P, NO)], Difference.NOT_HELD),
        ("held", True, [], None),
        ("held", True, [(P, YES)], None),
        ("held", True, [(P, NO)], Difference.DENIED),
        ("held", True, [(P, NO), (ILD, YES)], None),
        ("held", True, [(ILD, YES), (P, NO)], Difference.DENIED),
        ("cancelled", True, [], None),
        ("cancelled", True, [(P, NO)], None),
        ("cancelled", True, [(P, YES)], Difference.CANCELLED),
        ("cancelled", True, [(P, YES), (ILD, NO)], None),
        ("withdrawn", True, [(P, NO)], None),
    ],
)
def test_what_is_to_be_settled(
    status: str, is_past: bool, words: list[tuple[Witness, bool]], expected: Difference | None
) -> None:
    assert difference(status, said(*words), is_past=is_past) == expected


@pytest.mark.parametrize(
    ("rests", "text"),
    [
        (
            Rests(principal=30, calendar=8, log=4),
            "30 confirmed by principals, 8 by calendars, 4 by the bot's log only.",
        ),
        (Rests(calendar=8), "8 confirmed by calendars."),
        (Rests(imported=3, log=1), "3 confirmed by an import, 1 by the bot's log only."),
        (
            Rests(log=2, denied=1),
            "2 by the bot's log only. A principal says of one of them that it did not take place.",
        ),
        (Rests(), ""),
    ],
)
def test_figures_say_what_they_rest_on(rests: Rests, text: str) -> None:
    assert rests.say() == text
