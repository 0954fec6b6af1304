"""Density and reciprocity of the ties between schools and the centre."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from protocols.centre.ties import Contact, Kind, Side, weave

START, END = date(2026, 9, 1), date(2026, 12, 18)
POSSIBLE = [(school, party) for school in (1, 2, 3) for party in ("ILD", "Facilities")]


def contact(school: int, party: str, side: Side, *, day: date = START, kind: Kind = Kind.VISIT) -> Contact:
    return Contact(school, party, day, kind, side)


def test_a_tie_is_possible_there_and_both_ways() -> None:
    web = weave(
        [
            contact(1, "ILD", Side.CENTRE),
            contact(1, "ILD", Side.SCHOOL, day=END, kind=Kind.PROMISE),
            contact(2, "ILD", Side.CENTRE),
            contact(2, "ILD", Side.CENTRE),
            contact(1, "Facilities", Side.SCHOOL, kind=Kind.SERVICE_REQUEST),
        ],
        POSSIBLE,
        start=START,
        end=END,
    )
    assert (web.density.part, web.density.whole) == (3, 6)
    assert (web.reciprocity.part, web.reciprocity.whole) == (1, 3)
    assert web.two_way == {(1, "ILD")}
    assert web.alone() == {3}
    assert web.counted == {Kind.VISIT: 3, Kind.PROMISE: 1, Kind.SERVICE_REQUEST: 1}
    assert (web.between(["Facilities"]).density.part, web.between(["Facilities"]).density.whole) == (1, 3)


def test_what_lies_outside_the_term_or_is_of_nobody_known_makes_no_tie() -> None:
    day = timedelta(days=1)
    found = [
        contact(1, "ILD", Side.CENTRE, day=START - day),
        contact(1, "ILD", Side.CENTRE, day=END + day),
        contact(9, "ILD", Side.CENTRE),
        contact(1, "Budget", Side.CENTRE),
    ]
    assert not weave(found, POSSIBLE, start=START, end=END).ties


def test_without_ties_reciprocity_is_not_known_and_without_schools_neither_is_density() -> None:
    web = weave([], POSSIBLE, start=START, end=END)
    assert web.density.value == 0
    assert web.reciprocity.value is None
    assert weave([], [], start=START, end=END).density.value is None


@given(
    st.lists(
        st.builds(
            Contact,
            st.integers(1, 4),
            st.sampled_from(["ILD", "Facilities", "Budget"]),
            st.dates(START - timedelta(days=9), END + timedelta(days=9)),
            st.sampled_from(Kind),
            st.sampled_from(Side),
        ),
        max_size=40,
    )
)
def test_shares_stay_within_bounds_and_more_contacts_never_make_fewer_ties(found: list[Contact]) -> None:
    web = weave(found, POSSIBLE, start=START, end=END)
    assert web.ties <= web.possible
    assert not web.one_way & web.two_way
    fewer = weave(found[1:], POSSIBLE, start=START, end=END)
    assert fewer.ties <= web.ties
    assert fewer.two_way <= web.two_way


def test_each_kind_is_said_of_one_and_of_several() -> None:
    assert Kind.VISIT.say(1) == "1 visit"
    for kind in Kind:
        assert kind.say(1) != kind.say(2).replace("2", "1", 1)
