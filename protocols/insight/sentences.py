"""Which sentences of a message put the question, and which only tell what led to it.

"We have a retreat on Friday. How many visits were there since Labor Day?" asks about no Friday, and neither greetings
nor thanks ask for anything.
"""

import re

from protocols.insight.measure_words import measures_in
from protocols.insight.refusals import asks_content
from protocols.insight.span_words import DAYS
from protocols.insight.wording import is_word

_OPENING = (
    r"^(?:(?:and|but|so|ok|okay|well|please|thanks|thank you|also|um|uh|hey|hi|hello|now|then|<p\d+>|"
    r"in <\w+>) )*"
    r"(?:is|are|am|was|were|do|does|did|has|have|had|can|could|would|will|should|show|give|tell|list|"
    r"compare|break|split|count|pull|let|send|get|need|just|only|same|i (?:need|want|would like|wonder|"
    r"am (?:looking|"
    r"wondering)))\b"
)
_QUESTION = re.compile(
    r"\bhow (?:many|much|often|is|are|do|does|did|has|have|well|long|even|evenly|useful)\b|\b(?:which|what|"
    r"who|whose|whom|why)\b|" + _OPENING
)
_TELLS = re.compile(
    r"^(?:(?:and|but|so|well|hi|hello|hey|ok|okay|um|uh|good morning|good afternoon|folks|look) )*"
    r"(?:i|we|you|it|he|she|they|there|this|that|these|those|my|our|your|the|an?|some\w*|every\w*|nobody|"
    r"people|parents|"
    r"principals|<[a-z]\d+>|[a-z]+) (?:\S+ )*?"
    r"(?:am|is|are|was|were|have|has|had|do|did|feels?|felt|hears?|heard|keeps?|thinks?|thought|wants?|"
    r"would|got|gets?|asked|"
    r"asks?|said|says?|told|promised|seems?|looks?|needs?|mentioned|wonders?|believes?|worry|worries)\b"
)

_KIND = re.compile(r"\b(?:walkthroughs?|coaching|inquir(?:y|ies)|network meetings?)\b")
"""Visits by their kind, which are no marks yet where periods are looked for."""
_COURTESY = re.compile(
    r"(?:(?:many|ok|okay) )?(?:thanks|thank you|thx|sorry|cheers|best|regards|kind regards|appreciate|no rush|no hurry|"
    r"whenever|please and thank|take your time|yours|sincerely)\b"
)
_CUTS_DOWN = re.compile(
    r"(?:(?:and|but|so|or|please|actually|oh|well|now) )*(?:only|just|except|not|no|but|without|with|excluding|"
    r"leave|leaving|ignore|ignoring|i (?:mean|meant|only|just)|those|the|ones|where|when|which|that|by|per|in|at|of|"
    r"for|from|if|including|include|especially|specifically|particularly|limit|drop|skip)\b"
)


def told_length(line: str) -> int:
    """How many characters at the start of the line only tell, where what follows names what is asked for; else 0."""

    sentences = line.split(" . ")
    told = next((index for index, sentence in enumerate(sentences) if _QUESTION.search(sentence)), None)
    if told is None:
        told = next((index for index, sentence in enumerate(sentences) if not _TELLS.match(sentence)), 0)
    asked = " . ".join(sentences[told:])
    names_figure = measures_in(asked, has_days=False, has_named_period=False) or _KIND.search(asked)
    if not told or not names_figure:
        return 0
    return len(line) - len(asked)


def asking_part(line: str) -> str:
    """The sentences that ask, or name what is asked about; the rest is greeting, thanks and reasons for asking."""

    told = told_length(line)
    before = [sentence for sentence in _split(line[:told]) if re.search(r"<[a-oq-z]\d+>", sentence)]
    sentences = _split(line[told:])
    asking = [
        sentence
        for place, sentence in enumerate(sentences)
        if (place > 0 and not _only_tells(sentence))
        or measures_in(sentence, has_days=False, has_named_period=False)
        or re.search(r"<[a-z]\d+>|<o>|\bwhy\b|\bwho\b|\b(?:by|per|each|which)\b", sentence)
        or DAYS.search(sentence)
        or asks_content(sentence)
    ]
    return " . ".join([*before, *(asking or [sentence for sentence in sentences if sentence])])


def _only_tells(sentence: str) -> bool:
    """Whether a sentence after the question cuts nothing of it down: it gives thanks, or tells what led to it."""

    if not sentence or _COURTESY.match(sentence):
        return True
    if _CUTS_DOWN.match(sentence):
        return False
    return bool(_TELLS.match(sentence)) or all(is_word(word) for word in sentence.split())


def asked_part(line: str) -> str:
    """The line without what it only tells."""

    return line[told_length(line) :]


def _split(text: str) -> list[str]:
    return [sentence.strip().removesuffix(" .").strip(" .") for sentence in text.split(" . ")]
