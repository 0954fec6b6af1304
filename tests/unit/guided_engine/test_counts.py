"""What a note counted, and where two people's notes differ in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.guided.counts import Count, differing_counts, find_counts, say_counts


@pytest.mark.parametrize(
    ("note", "counts"),
    [
        ("nine students wrote because in their report", [Count(9, "student")]),
        ("six of 24 students wrote a sentence", [Count(6, "student")]),
        ("18 out of 22 raised their hands", [Count(18, "student")]),
        ("One child read aloud", [Count(1, "student")]),
        ("no student asked why", [Count(0, "student")]),
        ("nobody spoke", [Count(0)]),
        ("In room 204 two pairs talked", [Count(2, "pair")]),
        ("in 10 minutes four girls spoke", [Count(4, "student")]),
        (
            "the teacher asked nine questions, eight went to two students",
            [Count(9, "question"), Count(2, "student")],
        ),
        ("at 9:40 three boys slept", [Count(3, "student")]),
        ("one of them spoke", [Count(1)]),
        ("five responses and two classes", [Count(5, "response"), Count(2, "class")]),
        ("40% of students wrote", []),
        ("3/4 of them wrote", []),
        ("this one student again", []),
        ("no time for questions", []),
        ("students wrote", []),
    ],
)
def test_a_note_counts_people_and_things_not_rooms_minutes_or_shares(note: str, counts: list[Count]) -> None:
    assert list(find_counts(note)) == counts


@pytest.mark.parametrize(
    ("mine", "theirs", "sentence"),
    [
        (["nine students wrote"], ["six of 24 students wrote"], "you counted nine students, Imani six"),
        (["four asked why"], ["no student asked why"], "you counted four, Imani none"),
        (["no student asked"], ["14 students asked"], "you counted none, Imani 14 students"),
        (["One student asked"], ["two children asked"], "you counted one student, Imani two"),
        (["they wrote", "three pairs talked"], ["five pairs talked"], "you counted three pairs, Imani five"),
        (["nine students wrote"], ["nine students wrote a line"], None),
        (["nine questions were asked"], ["two students spoke"], None),
        (["they wrote"], ["two students wrote"], None),
        ([], ["two students wrote"], None),
    ],
    ids=[
        "students on both sides",
        "one does not say of what",
        "none of mine",
        "one, and children are students",
        "the first note that counts",
        "they agree",
        "different things",
        "one counted nothing",
        "one wrote nothing",
    ],
)
def test_only_counts_of_the_same_thing_are_set_against_each_other(
    mine: list[str], theirs: list[str], sentence: str | None
) -> None:
    found = differing_counts(mine, theirs)
    assert (say_counts(found[0], "Imani", found[1]) if found else None) == sentence


@given(st.text(), st.text())
def test_any_two_texts_are_compared_alike_from_both_sides(mine: str, theirs: str) -> None:
    found, mirrored = differing_counts([mine], [theirs]), differing_counts([theirs], [mine])
    assert found is None or mirrored is None or found[0].number != found[1].number
