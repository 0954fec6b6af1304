"""Ways between schools out of a CSV: all of it, or nothing and the place of each fault."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.roster.faults import RosterFaults
from protocols.roster.travel import read_travel_csv
from protocols.roster.values import Roster, RosterSchool

KNOWN = Roster(
    schools=(
        RosterSchool("S1", "Birch Elementary", identifier="0101"),
        RosterSchool("S2", "Cedar Middle"),
        RosterSchool("S3", "Dogwood High"),
        RosterSchool("S4", "Dogwood High"),
    )
)


def read(text: str) -> dict[tuple[str, str], int]:
    return dict(read_travel_csv(text.encode(), known=KNOWN).minutes)


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        pytest.param("from,to,minutes\nS1,S2,12\n", {("S1", "S2"): 12}, id="by sourcedId"),
        pytest.param("From,To,Minutes\nbirch elementary,Cedar Middle,12\n", {("S1", "S2"): 12}, id="by name"),
        pytest.param(
            "minutes;to;from\n9;S2;0101\n", {("S1", "S2"): 9}, id="by identifier, columns in any order"
        ),
        pytest.param(
            "from,to,minutes\nS1,S2,12\nS2,S1,20\n", {("S1", "S2"): 12, ("S2", "S1"): 20}, id="there and back"
        ),
    ],
)
def test_ways_are_read(text: str, ways: dict[tuple[str, str], int]) -> None:
    assert read(text) == ways


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        pytest.param("S9,S2,10", "from", "'S9'", id="an unknown school"),
        pytest.param("S1,Cedar Midle,10", "to", "Did you mean 'Cedar Middle'?", id="a misspelt school"),
        pytest.param(
            "S1,Dogwood High,10", "to", "Write the sourcedId: S3 or S4.", id="a name of two schools"
        ),
        pytest.param(",S2,10", "from", "is empty", id="no school"),
        pytest.param("S1,S1,10", "to", "the school it goes from", id="from a school to itself"),
        pytest.param("S1,S2,10", "to", "line 2", id="the same way twice"),
        pytest.param("S2,S1,soon", "minutes", "'soon'", id="minutes in words"),
        pytest.param("S2,S1,0", "minutes", "1 to 180", id="no minutes"),
        pytest.param("S2,S1,181", "minutes", "1 to 180", id="hours"),
        pytest.param("S2,S1,²", "minutes", "1 to 180", id="a digit that is no number"),
        pytest.param("S2,S1,", "minutes", "is empty", id="nothing"),
    ],
)
def test_a_bad_row_is_named_by_line_and_column(row: str, column: str, words: str) -> None:
    with pytest.raises(RosterFaults) as caught:
        read(f"from,to,minutes\nS1,S2,12\n{row}\n")
    (fault,) = caught.value.faults
    assert (fault.file, fault.line, fault.column) == ("travel.csv", 3, column)
    assert words in str(fault)


def test_a_missing_column_is_a_fault() -> None:
    with pytest.raises(RosterFaults, match="column minutes: is missing"):
        read("from,to\nS1,S2\n")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_ways_or_faults(data: bytes) -> None:
    for start in (b"", b"from,to,minutes\n", b"from,to,minutes\nS1,S2,"):
        with suppress(RosterFaults):
            ways = read_travel_csv(start + data, known=KNOWN).minutes
            assert all(one != other and 1 <= minutes <= 180 for (one, other), minutes in ways.items())
