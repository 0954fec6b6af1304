"""How an item stands to a school's focus: what is said, and that only shared plain words suggest anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.buffer.focus import Fit, say_focus, stem, suggest_focus

FOCUS = "students explain their thinking in mathematics"


@pytest.mark.parametrize(
    ("fit", "line", "said"),
    [
        (Fit.HELPS, "", f"Helps your focus ({FOCUS})."),
        (
            Fit.HELPS,
            "use the visits you have planned",
            f"Helps your focus ({FOCUS}): use the visits you have planned.",
        ),
        (Fit.COMPETES, "let the clerk do it", f"Competes with your focus ({FOCUS}): let the clerk do it."),
        (Fit.NEUTRAL, "", ""),
        (Fit.NEUTRAL, "Ten minutes, then back to the visits.", "Ten minutes, then back to the visits."),
    ],
)
def test_what_is_said(fit: Fit, line: str, said: str) -> None:
    assert say_focus(fit, FOCUS, line) == said


@pytest.mark.parametrize(
    ("focus", "demand", "because"),
    [
        pytest.param(
            FOCUS,
            "Principals should note where pupils are explaining mathematical thinking.",
            "Both speak of “explain” and “thinking”.",
            id="two words, whatever their endings",
        ),
        pytest.param(FOCUS, "Mathematics teachers must explain absences.", "Both speak of “explain” and “mathematics”.",
                     id="by words, not by sense: the ILD decides"),
        pytest.param(FOCUS, "Schools must return the key list.", None, id="nothing shared"),
        pytest.param(FOCUS, "Teachers must explain absences.", None, id="one word is too few"),
        pytest.param("students and teachers learn in school", "Students and teachers must learn the fire drill.", None,
                     id="words of every memo do not count"),
        pytest.param("", "Schools must explain their thinking.", None, id="no focus"),
    ],
)  # fmt: skip
def test_a_suggestion_needs_shared_plain_words_and_names_them(
    focus: str, demand: str, because: str | None
) -> None:
    hint = suggest_focus(focus, demand)
    assert (hint.because if hint else None) == because
    assert hint is None or hint.fit is Fit.HELPS


@given(st.text())
def test_nothing_is_suggested_without_a_focus_and_no_text_breaks_it(text: str) -> None:
    assert suggest_focus("", text) is None
    suggest_focus(text, text)


@pytest.mark.parametrize(
    "words", ["explain explains explained explaining", "survey surveys", "policy policies"]
)
def test_one_stem_for_the_forms_of_a_word(words: str) -> None:
    assert len({stem(word) for word in words.split()}) == 1
