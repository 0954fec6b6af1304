"""What a person's words mean after what they asked before, and the words that mean it again another day.

A question and those that follow on it ("visits in October", "and in network 2?", "by school") are kept as the words
they were, so that "this month" is another month when it is asked again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.answers.insight_scope import Ground
from handlers.turn import Turn
from protocols.insight.query import Meaning, context_from_json
from protocols.insight.understanding import understand
from storage import questions
from storage.questions import Asked


@dataclass(frozen=True, slots=True)
class Heard:
    """What was meant, and in which words: of a question that follows on others, theirs come first."""

    meaning: Meaning
    words: tuple[str, ...]


def hear(turn: Turn, ground: Ground, text: str, *, follows: bool = True, after: Asked | None = None) -> Heard:
    """What the words mean. ``after`` is the question they follow on, by default the person's last; without
    ``follows`` they follow on none."""
    before = after or (questions.last_question(turn.tx, turn.person.id) if follows else None)
    alone = understand(text, vocabulary=ground.vocabulary, asker=ground.asker, today=turn.today)
    if before is None:
        return Heard(alone, (text,))
    meaning = understand(
        text,
        vocabulary=ground.vocabulary,
        asker=ground.asker,
        today=turn.today,
        context=context_from_json(before.understood),
    )
    if meaning == alone:
        return Heard(meaning, (text,))
    # "by school", then "by month": the shortest way there is kept, so that a chain does not grow with every press.
    for length in range(1, len(before.words)):
        shorter = (*before.words[:length], text)
        if reread(ground, shorter, today=turn.today).meaning == meaning:
            return Heard(meaning, shorter)
    return Heard(meaning, (*before.words, text))


def reread(ground: Ground, words: Sequence[str], *, today: date) -> Heard:
    """The same words, as of another day."""
    meaning: Meaning | None = None
    for text in words:
        meaning = understand(
            text, vocabulary=ground.vocabulary, asker=ground.asker, today=today, context=meaning
        )
    assert meaning is not None  # no question is kept without its words
    return Heard(meaning, tuple(words))
