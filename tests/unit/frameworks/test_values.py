"""A framework as a value: its version, its JSON, and which look-for people mean."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.frameworks.files import packaged
from protocols.frameworks.offers import Offer, levels, offers
from protocols.frameworks.values import Area, Framework, Level, LookFor, Practice

TALK = Area(
    "talk",
    "Talk",
    (
        Practice(
            "reasons",
            "Students give reasons",
            (
                LookFor("because", "Students say why without being asked."),
                LookFor("evidence", "Students point to the line or number their claim rests on."),
            ),
        ),
        Practice(
            "voices", "Many voices are heard", (LookFor("new_voices", "Somebody speaks for the first time."),)
        ),
    ),
)
FEEDBACK = Area(
    "feedback",
    "Feedback",
    (
        Practice(
            "used",
            "Feedback is used",
            (
                LookFor("revises", "Students change their work because of feedback."),
                LookFor("2.1", "It is read aloud."),
            ),
        ),
    ),
)
SMALL = Framework(
    "small",
    "Small",
    "Written for this test",
    (TALK, FEEDBACK),
    (Level("no", "Not seen", "Looked for."), Level("yes", "Seen", "More than once.")),
)


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        pytest.param("because", ["because"], id="a key"),
        pytest.param("Because ", ["because"], id="a key in capitals"),
        pytest.param("1.1.2", ["evidence"], id="a number"),
        pytest.param("#1.1.2", ["evidence"], id="a number with a mark"),
        pytest.param("1.1", ["because", "evidence"], id="a practice's number"),
        pytest.param("1", ["because", "evidence", "new_voices"], id="an area's number"),
        pytest.param("2.1", ["2.1"], id="a key that looks like a number"),
        pytest.param("7.7.7", [], id="a number that is none"),
        pytest.param("999999", [], id="a large number"),
        pytest.param("reasons", ["because", "evidence"], id="a practice's key"),
        pytest.param("many voices are heard", ["new_voices"], id="a practice's title"),
        pytest.param("TALK", ["because", "evidence", "new_voices"], id="an area's title"),
        pytest.param("students say why without being asked", ["because"], id="all its words"),
        pytest.param("say why", ["because"], id="some of its words"),
        pytest.param("point numb", ["evidence"], id="begun words"),
        pytest.param("voices", ["new_voices"], id="a word of its practice"),
        pytest.param("chnage there work", ["revises"], id="misspelt"),
        pytest.param("pointing to numbers", ["evidence"], id="other endings"),
        pytest.param("the boiler", [], id="something else"),
        pytest.param("", [], id="nothing"),
        pytest.param(" ?! ", [], id="marks alone"),
    ],
)
def test_words_find_the_look_for_that_is_meant(words: str, keys: list[str]) -> None:
    assert [look_for.key for look_for in SMALL.find(words)] == keys


@given(st.text(max_size=60))
def test_finding_takes_any_words(words: str) -> None:
    assert set(packaged().find(words)) <= set(packaged().look_fors)


@pytest.mark.parametrize("look_for", packaged().look_fors, ids=lambda one: one.key)
def test_each_packaged_look_for_is_found_by_its_key_its_number_and_its_words(look_for: LookFor) -> None:
    framework = packaged()
    number = next(".".join(map(str, place)) for place, one in framework.numbered() if one == look_for)
    for words in (look_for.key, number, look_for.text, look_for.text.upper()):
        assert framework.find(words) == (look_for,)


def test_the_version_changes_with_any_word_and_with_nothing_else() -> None:
    assert SMALL.version == Framework.from_json(SMALL.to_json()).version
    assert len(SMALL.version) == 12
    others = [
        replace(SMALL, title="Other"),
        replace(SMALL, areas=(FEEDBACK, TALK)),
        replace(SMALL, scale=(replace(SMALL.scale[0], meaning="Looked for twice."), SMALL.scale[1])),
    ]
    assert len({SMALL.version, *(other.version for other in others)}) == 4


def test_json_is_read_back_and_anything_else_is_refused() -> None:
    assert Framework.from_json(SMALL.to_json()) == SMALL
    with pytest.raises(ValueError, match="title"):
        Framework.from_json('{"key": "x"}')


def test_a_look_for_knows_its_practice_and_a_practice_its_area() -> None:
    assert SMALL.look_for("revises").text == "Students change their work because of feedback."
    assert SMALL.practice_of("revises").key == "used"
    assert SMALL.area_of("used") == FEEDBACK
    assert SMALL.level("yes").label == "Seen"
    for missing in (
        SMALL.look_for,
        SMALL.practice_of,
        SMALL.area_of,
        SMALL.area,
        SMALL.practice,
        SMALL.level,
    ):
        with pytest.raises(KeyError):
            missing("nothing")


def test_a_run_is_offered_every_look_for_with_where_it_belongs_and_the_levels() -> None:
    assert offers(SMALL)[2] == Offer(
        "new_voices", "Somebody speaks for the first time.", "Talk", "Many voices are heard"
    )
    assert [offer.key for offer in offers(SMALL)] == [look_for.key for look_for in SMALL.look_fors]
    assert levels(SMALL) == SMALL.scale
