"""What principals decide: the administrator's words, which demands touch it, and what is said under an item."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.buffer.principals_decide import Area, AreaFault, read_area, say_area, touched

SCHEDULE = Area("schedule", "the order of the day", "1,080 hours a year", "your ILD, two weeks ahead")
DRESS = Area("dress code", ask="the board office")


@pytest.mark.parametrize(
    ("words", "area"),
    [
        (
            "Schedule; theirs: the order of the day; fixed: 1,080 hours a year; ask: your ILD, two weeks ahead",
            SCHEDULE,
        ),
        ("schedule; ask your ILD", Area("schedule", ask="your ILD")),
        ("dress  code ; ask: the board office.", DRESS),
    ],
)
def test_an_area_in_words(words: str, area: Area) -> None:
    assert read_area(words) == area


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Name what they decide"),
        ("schedule", "Say how a principal asks"),
        ("schedule; ask: your ILD; whatever", "I can't place “whatever”"),
        ("schedule; ask: " + "x" * 300, "under 200 characters"),
    ],
)
def test_words_that_make_no_area_say_what_to_write(words: str, said: str) -> None:
    with pytest.raises(AreaFault, match=said):
        read_area(words)


@pytest.mark.parametrize(
    ("sentence", "areas"),
    [
        ("Schools must submit their master schedule by December 4.", ["schedule"]),
        ("Principals must keep the bell timetable.", ["schedule"]),
        ("Schools must follow the dress code.", ["dress code"]),
        ("Schools must follow the code of conduct.", []),
        ("Schools must return the key list.", []),
    ],
)
def test_a_demand_touches_what_it_names(sentence: str, areas: list[str]) -> None:
    assert [area.area for area in touched(sentence, [DRESS, SCHEDULE])] == areas


def test_what_is_said_under_an_item() -> None:
    assert say_area(SCHEDULE) == (
        "Schedule: yours is the order of the day. Fixed: 1,080 hours a year. For an exemption, ask your ILD, two weeks "
        "ahead."
    )
    assert say_area(DRESS) == "Dress code: this is yours to decide. For an exemption, ask the board office."


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    touched(text, [SCHEDULE, DRESS])
    try:
        read_area(text)
    except AreaFault:
        return
