"""The ledger's arithmetic: minutes are lost once, and its lines are what the measures count."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.insight.ledger import Line, Taking, add_up, split
from protocols.insight.measures import ProtectedRow, protected_kept, protected_lost
from protocols.insight.query import Period

DAY = date(2026, 12, 1)
HR = Taking(60, "HR", "staffing")


@pytest.mark.parametrize(
    ("takings", "rows"),
    [
        pytest.param([], [ProtectedRow(DAY, 270)], id="nothing taken"),
        pytest.param(
            [HR], [ProtectedRow(DAY, 60, 60, "HR", "staffing"), ProtectedRow(DAY, 210)], id="an hour taken"
        ),
        pytest.param(
            [Taking(270, "HR", "board")], [ProtectedRow(DAY, 270, 270, "HR", "board")], id="all of it"
        ),
        pytest.param(
            [Taking(240, "HR", "board"), Taking(60, "IT", "other")],
            [ProtectedRow(DAY, 240, 240, "HR", "board"), ProtectedRow(DAY, 30, 30, "IT", "other")],
            id="the second takes what is left",
        ),
        pytest.param(
            [Taking(300, "HR", "board"), HR],
            [ProtectedRow(DAY, 270, 270, "HR", "board")],
            id="nothing is left to take",
        ),
    ],
)
def test_a_half_day_is_split_by_who_took_it(takings: list[Taking], rows: list[ProtectedRow]) -> None:
    assert split(DAY, 270, takings) == rows


def test_a_line_without_protected_time_has_no_share() -> None:
    assert Line().share_kept is None
    assert Line(100, 10, 15).share_kept == 0.75


TAKINGS = st.lists(
    st.builds(
        Taking,
        st.integers(0, 300),
        st.sampled_from(["HR", "IT"]),
        st.sampled_from(["safety", "board", "other"]),
    ),
    max_size=4,
)


@given(st.lists(st.tuples(st.integers(0, 400), TAKINGS), max_size=6))
def test_the_ledger_and_the_measures_are_one_definition(halves: list[tuple[int, list[Taking]]]) -> None:
    rows = [row for minutes, takings in halves for row in split(DAY, minutes, takings)]
    line = add_up(rows)
    period = Period(DAY, DAY)
    kept = protected_kept(rows, period)
    lost = protected_lost(rows, period, key=lambda row: row.reason == "safety")
    assert (line.kept, line.protected) == (kept.part, kept.whole)
    assert (line.emergencies, line.taken) == (lost.get(True, 0), lost.get(False, 0))
    assert line.protected == sum(minutes for minutes, _takings in halves)
