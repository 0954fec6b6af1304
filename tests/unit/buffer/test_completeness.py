"""Every demand is told, decided by somebody, or waits; whatever is none of these is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.buffer.completeness import Asked, unaccounted

ONE = Asked(1, 7)


@pytest.mark.parametrize(
    ("told", "decided", "queued", "is_lost"),
    [
        pytest.param({ONE}, {}, set(), False, id="told"),
        pytest.param(set(), {ONE: 3}, set(), False, id="decided by a named person"),
        pytest.param(set(), {ONE: None}, set(), True, id="decided by nobody"),
        pytest.param(set(), {}, {ONE}, False, id="on a desk"),
        pytest.param(set(), {}, set(), True, id="nowhere"),
        pytest.param({Asked(1, 8)}, {Asked(1, 8): 3}, {Asked(1, 8)}, True, id="only with another ILD"),
        pytest.param({Asked(2, 7)}, {}, set(), True, id="another demand"),
    ],
)
def test_what_counts(
    told: set[Asked], decided: dict[Asked, int | None], queued: set[Asked], is_lost: bool
) -> None:
    assert unaccounted([ONE, ONE], told=told, decided=decided, queued=queued) == ([ONE] if is_lost else [])


ASKED = st.builds(Asked, st.integers(1, 6), st.integers(1, 3))


@given(st.lists(ASKED), st.sets(ASKED), st.dictionaries(ASKED, st.integers(1, 9)), st.sets(ASKED))
def test_each_is_in_one_of_the_three_places_or_named(
    asked: list[Asked], told: set[Asked], decided: dict[Asked, int], queued: set[Asked]
) -> None:
    lost = unaccounted(asked, told=told, decided=decided, queued=queued)
    assert set(lost) | told | set(decided) | queued >= set(asked)
    assert not set(lost) & (told | set(decided) | queued)
    assert len(lost) == len(set(lost))
