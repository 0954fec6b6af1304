"""Evidence, judgement or both: the coach on notes it was not trained on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.guided.evidence import Verdict, read_note

SEEN = [
    ("an action without a number", "A girl folded her paper into a fan and waved it at her partner."),
    (
        "praise inside a quotation",
        'The teacher told the back table, "That was an excellent, thoughtful answer."',
    ),
    ("blame inside a quotation", "The coach said 'lazy effort today' to the relay team."),
    ("a wall text that praises", 'The paper sign over the sink says "Brilliant minds wash hands".'),
    ("a feeling somebody told", "The boy told me he was bored and opened a comic book."),
    ("a count", "Nine of 21 students had written the date."),
    ("nothing happened", "No one at the round table picked up a marker."),
    ("first person, seen", "I asked two girls what the graph showed, and both pointed at the tallest bar."),
    ("typed on a phone", "sts in prs w/ cards, T at back table writing"),
    ("two facts in a row", "The bell rang. Students put their chairs on the tables."),
    ("behaviour", "Throws his shoe when told to line up."),
    ("a care note", "Drank half the juice and pushed the cup away."),
]
THOUGHT = [
    ("praise", "A wonderful lesson with strong rapport."),
    ("blame", "The closing was sloppy and rushed."),
    ("a percentage that judges", "95% of the class was totally engaged."),
    ("a rating", "I would give her questioning a solid 4."),
    ("jargon", "High DOK tasks with effective scaffolding."),
    ("first person, thought", "I felt the students were not challenged at all."),
    ("typed on a phone", "gd pacing, kids into it"),
    ("advice", "The teacher should let students talk more."),
    ("a state of mind", "The boys seemed bored and frustrated."),
    ("a motive", "He shouted because he wanted attention."),
    ("a trait", "She is a lazy and rude student."),
    ("always", "These kids never listen."),
    ("mastery nobody can see", "Almost all students understood the concept."),
]
BOTH = [
    ("a fact, then a verdict", "The teacher asked eight questions, which is excellent practice."),
    ("a verdict, then the fact", "Students were disengaged; four had their hoods up and heads down."),
    ("a fact, then a conclusion", "Students raised their thumbs, so they clearly understood."),
    ("two sentences", "Six students left their pages blank. The task was too hard and boring."),
    ("typed on a phone", "T sat at desk 15 min - poor mgmt"),
]


@pytest.mark.parametrize("text", [text for _, text in SEEN], ids=[name for name, _ in SEEN])
def test_what_was_seen_or_heard_is_evidence_and_is_not_questioned(text: str) -> None:
    reading = read_note(text)
    assert reading.verdict is Verdict.EVIDENCE
    assert reading.question is None


@pytest.mark.parametrize("text", [text for _, text in THOUGHT], ids=[name for name, _ in THOUGHT])
def test_what_was_thought_is_questioned(text: str) -> None:
    reading = read_note(text)
    # `He shouted because ...` holds a fact too; what counts is that the thought is met with a question.
    assert reading.verdict is not Verdict.EVIDENCE
    assert reading.question is not None
    assert "see" in reading.question or "hear" in reading.question


@pytest.mark.parametrize("text", [text for _, text in BOTH], ids=[name for name, _ in BOTH])
def test_a_note_that_does_both_is_mixed(text: str) -> None:
    assert read_note(text).verdict is Verdict.MIXED


@pytest.mark.parametrize(
    ("text", "asks_about"),
    [
        ("The teacher has poor classroom management.", "the teacher do or say"),
        ("Students were confused.", "students do, or hear them say"),
        ("The girl was upset.", "the student do, or hear the student say"),
        ("The principal lacks vision.", "in which room or meeting"),
        ("The room feels chaotic.", "in the room"),
        ("About 80% of students were engaged.", "How did you count that"),
        ("She should plan better.", "makes you wish for that"),
        ("You never listen.", "When did you last see or hear it"),
        ("Awful.", "who was doing what"),
    ],
)
def test_the_question_fits_whom_the_note_is_about(text: str, asks_about: str) -> None:
    question = read_note(text).question
    assert question is not None
    assert asks_about in question


def test_the_question_quotes_a_short_note_whole() -> None:
    assert 'You wrote "Strong engagement in room 3".' in (
        read_note("Strong engagement in room 3.").question or ""
    )


def test_the_question_to_a_long_mixed_note_quotes_its_judging_part_alone() -> None:
    question = read_note(
        "Students cut out the shapes, glued them on the poster and hung it by the door, which was a wonderful activity."
    ).question
    assert question is not None
    assert "wonderful" in question
    assert "glued" not in question


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The lesson was boring.", "boring"),
        ("Kids were totally off task.", "off task"),
        ("The teacher should talk less.", "should"),
        ('A boy said, "I lost my pencil."', '"I lost my pencil."'),
    ],
)
def test_the_reasons_hold_the_word_that_decided(text: str, word: str) -> None:
    assert any(word in reason for reason in read_note(text).because)


@pytest.mark.parametrize("text", ["", "   ", "...", "!?\n\n—"])
def test_a_note_without_words_is_asked_for_words(text: str) -> None:
    reading = read_note(text)
    assert reading.because == ()
    assert reading.question is not None
    assert "no words" in reading.question


_WORDS = st.sampled_from(
    [
        "students",
        "T",
        "great",
        "said",
        '"wow',
        'ok"',
        "'",
        "was",
        "bored",
        ",",
        ";",
        "and",
        "so",
        "12%",
        "9:05",
        "\n",
        "“",
        "”",
        "-",
        "é",
    ]
)


@given(st.one_of(st.text(max_size=300), st.lists(_WORDS, max_size=40).map(" ".join)))
def test_any_text_is_read_and_quoted_as_written(text: str) -> None:
    reading = read_note(text)
    assert (reading.question is None) == (reading.verdict is Verdict.EVIDENCE)
    assert all(reason in text for reason in reading.because)
    if reading.question is not None and reading.because:
        quoted = reading.question.removeprefix('You wrote "').rsplit('". ', 1)[0]
        assert quoted in text


@given(st.text(alphabet="ab .,\"'“”‘’\n", max_size=4_000))
def test_quotation_marks_without_end_do_no_harm(text: str) -> None:
    assert read_note(text).text == text
