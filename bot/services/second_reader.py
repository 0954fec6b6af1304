"""The second reader of notes, played by the language model. What it is asked, and what of its answer counts, is the
practice's own: ``protocols/guided/second_opinion.py``."""

from collections.abc import Callable

from bot.services.language_model import LanguageModel
from protocols.guided.second_opinion import (
    SCHEMA,
    SYSTEM,
    Look,
    Opinion,
    outcomes_of,
    read_opinion,
    user_words,
)


class SecondReader:
    """Gives an opinion on a note, or none. Blocks while the model answers; never raises."""

    def __init__(self, model: LanguageModel, *, count: Callable[[str], None] = lambda outcome: None) -> None:
        self._model = model
        self._count = count

    def __call__(self, look: Look) -> Opinion | None:
        answer = self._model.ask(SYSTEM, user_words(look), SCHEMA)
        opinion = read_opinion(answer) if answer is not None else None
        if opinion is not None:
            for outcome in outcomes_of(look, opinion):
                self._count(outcome.value)
        return opinion
