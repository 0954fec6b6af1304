"""What a translation must not touch is taken out and put back, or there is no translation."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.buffer.fixed_words import hold, keep_marks, put_back, read_language

SENTENCE = (
    "Send Form HR-22 to evaluation@district.example by Friday, December 11, 2026 at 3:30 p.m.; "
    "it takes 20 minutes and costs $1,250.50."
)


def test_days_times_numbers_amounts_forms_and_addresses_are_held() -> None:
    text, held = hold(SENTENCE)
    assert not re.search(r"\d", re.sub(r"\[\[\d+\]\]", "", text))
    assert {"Form HR-22", "evaluation@district.example", "$1,250.50"} <= set(held)
    assert any("December 11, 2026" in part for part in held)
    assert put_back(text, held, original=SENTENCE) == SENTENCE


@pytest.mark.parametrize(
    ("translated", "expected"),
    [
        pytest.param(
            "Envíe [[0]] antes del [[1]].", "Envíe Form A antes del December 9, 2026.", id="as it should be"
        ),
        pytest.param(
            "Antes del [[1]] envíe [ [0] ].",
            "Antes del December 9, 2026 envíe Form A.",
            id="in another order",
        ),
        pytest.param("Envíe [[0]].", None, id="a day is missing"),
        pytest.param("Envíe [[0]] antes del [[1]] o del [[1]].", None, id="a day twice"),
        pytest.param("Envíe [[0]] antes del [[2]].", None, id="a mark that never was"),
        pytest.param("Envíe [[0]] antes del [[1]], 10 copias.", None, id="a number of its own"),
        pytest.param("Envíe [[0]] antes del 9 de diciembre de 2026.", None, id="the day in its own words"),
        pytest.param("", None, id="nothing"),
        pytest.param("[[0]] [[1]] " + "muy " * 90, None, id="far too long"),
    ],
)
def test_a_translation_that_touched_what_is_fixed_is_none(translated: str, expected: str | None) -> None:
    original = "Send Form A by December 9, 2026."
    _text, held = hold(original)
    assert put_back(translated, held, original=original) == expected


@given(
    st.text(max_size=120),
    st.sampled_from(["", " by December 9, 2026", " 12 of 24", " $5", " [[0]]", " Form B-7"]),
)
def test_every_figure_of_a_translation_stood_in_the_original(before: str, after: str) -> None:
    original = before + after
    text, held = hold(original)
    back = put_back(text, held, original=original)
    if back is not None:
        assert sorted(re.findall(r"\d", back)) == sorted(re.findall(r"\d", original))
    for changed in (text.replace("[[0]]", "", 1), text + " [[0]]", text + " 7"):
        if changed != text and held:
            assert put_back(changed, held, original=original) is None


@pytest.mark.parametrize(
    ("words", "code"),
    [("Spanish", "es"), ("español", "es"), ("ZH", "zh"), ("english", "en"), ("Klingon", None)],
)
def test_a_language_by_its_name_or_code(words: str, code: str | None) -> None:
    assert read_language(words) == code


def test_names_are_held_too_and_a_template_is_checked_by_its_own_marks() -> None:
    held_text, held = hold("Questions: Ms. Ito, ext. 4410.", ["Ms. Ito, ext. 4410"])
    assert (held_text, held) == ("Questions: [[0]].", ("Ms. Ito, ext. 4410",))
    kept = put_back("Preguntas: [[ 0 ]].", keep_marks(held_text), original=held_text)
    assert kept == "Preguntas: [[0]]."
    assert put_back("Preguntas.", keep_marks(held_text), original=held_text) is None
