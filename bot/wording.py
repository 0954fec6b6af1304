"""The clock's work with words: plainer lines by the language model, translations by a service or the model.

Apart from the other work of a tick, for it waits for somebody else's machine; without either there is none.
"""

from collections.abc import Callable
from functools import partial

from bot.services.language_model import LanguageModel
from bot.services.translation import ModelTranslator, Translator
from handlers.clock import Job
from handlers.deciding.plain_lines import write_lines
from handlers.digest.languages import translate_waiting
from protocols.buffer.demands import Demand
from protocols.buffer.fixed_words import LANGUAGES
from protocols.buffer.plain_lines import SCHEMA, SYSTEM, read_line, user_words


def plain_writer(model: LanguageModel) -> Callable[[Demand], str | None]:
    """Asks the model for a plainer line. None: it gave no answer. An answer that is no line is an empty one."""

    def write(demand: Demand) -> str | None:
        answer = model.ask(SYSTEM, user_words(demand), SCHEMA)
        return None if answer is None else read_line(answer) or ""

    return write


def word_jobs(model: LanguageModel | None, translator: Translator | None) -> tuple[tuple[str, Job], ...]:
    """What a tick does with words; empty where there is neither a model nor a service."""
    jobs: list[tuple[str, Job]] = []
    if model is not None:
        jobs.append(("plain_lines", partial(write_lines, write=plain_writer(model))))
    translate = translator or (ModelTranslator(model, LANGUAGES) if model else None)
    if translate is not None:
        jobs.append(("translations", partial(translate_waiting, translate=translate)))
    return tuple(jobs)
