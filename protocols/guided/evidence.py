"""The evidence coach: was it seen, or was it thought?

A note is *evidence* when it says what somebody did, said or made so that another visitor could have seen it too;
*judgement* when it praises, blames, infers a state of mind, generalises or prescribes; *mixed* when it does both.
A note that judges is met with one question that quotes the writer's own words and asks what was seen or heard. The
practice is the walkthrough debrief's "what makes you say that? what did the teacher or students do or say?"
(Honig et al. 2010). Nothing here blocks: the writer may keep the note as an impression.
"""

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from protocols.guided.coach.clauses import Clause, TokenKind
from protocols.guided.coach.lexicon import groups_of
from protocols.guided.coach.model import WeighedClause, Weights, load_weights, weigh_clauses, weigh_note
from protocols.guided.names import find_named
from protocols.guided.statements import Fault, StatementKind, StatementReading, read_statement

__all__ = [
    "Fault",
    "NoteReading",
    "StatementKind",
    "StatementReading",
    "Verdict",
    "read_note",
    "read_statement",
]

#: A note of at most this many words is quoted whole.
_SHORT_NOTE = 8
#: Longest quotation in a question, in characters.
_LONGEST_QUOTE = 70
#: Most phrases given as reasons.
_MOST_REASONS = 3
#: Groups of words that say whom a clause is about, not what it says.
_ABOUT = frozenset({"student", "teacher", "room", "school", "self", "other", "copula", "evalnoun"})
_NOTHING_WRITTEN = "There are no words here yet. What did you see or hear: who was doing what?"


class Verdict(StrEnum):
    EVIDENCE = "evidence"
    JUDGEMENT = "judgement"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class NoteReading:
    """How a note was read. `because` holds the note's own words that decided, as written; `question` is None for evidence alone;
    `names` says whom the note seems to name, if anybody."""

    text: str
    verdict: Verdict
    because: tuple[str, ...]
    question: str | None
    names: Literal["teacher", "student"] | None


def read_note(text: str) -> NoteReading:
    """Read one note. Takes any text and never raises; only the first 2,000 characters are weighed."""
    weights = load_weights()
    weighed = weigh_clauses(text, weights)
    names = find_named(text)
    if not weighed:
        return NoteReading(text, Verdict.JUDGEMENT, (), _NOTHING_WRITTEN, names)
    shares = weigh_note(weighed, weights)
    if 1.0 - shares["evidence"] < weights.challenge_from:
        verdict = Verdict.EVIDENCE
    else:
        verdict = Verdict.JUDGEMENT if shares["judgement"] >= shares["mixed"] else Verdict.MIXED
    judging = max(weighed, key=lambda item: item.judges)
    plainest = min(weighed, key=lambda item: item.judges)
    match verdict:
        case Verdict.EVIDENCE:
            because = _find_reasons(text, plainest, weights, judges=False)
            question = None
        case Verdict.JUDGEMENT:
            because = _find_reasons(text, judging, weights, judges=True)
            question = _ask(text, judging.clause, because)
        case Verdict.MIXED:
            because = _find_reasons(text, judging, weights, judges=True)
            question = _ask(text, judging.clause, because)
            if plainest is not judging:
                because += _find_reasons(text, plainest, weights, judges=False)[:1]
    return NoteReading(text, verdict, because, question, names)


def _find_reasons(text: str, weighed: WeighedClause, weights: Weights, *, judges: bool) -> tuple[str, ...]:
    """The clause's words that pulled most towards the verdict, joined where they stand side by side, in order of reading."""
    pulls: dict[int, float] = defaultdict(float)
    sign = 1.0 if judges else -1.0
    for mark in weighed.marks:
        for index in mark.at:
            pulls[index] += sign * weights.clause.get(mark.feature, 0.0) / len(mark.at)
    tokens = weighed.clause.tokens
    telling = {
        index: pull
        for index, pull in pulls.items()
        if pull > 0 and _tells(tokens[index].word, tokens[index].kind)
    }
    if not telling:
        telling = {index: pull for index, pull in pulls.items() if pull > 0} or dict.fromkeys(
            range(min(3, len(tokens))), 1.0
        )
    floor = 0.35 * max(telling.values())
    chosen = sorted(index for index, pull in telling.items() if pull >= floor)
    runs: list[list[int]] = []
    for index in chosen:
        if runs and index == runs[-1][-1] + 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    strongest = sorted(runs, key=lambda run: -max(telling[index] for index in run))[:_MOST_REASONS]
    return tuple(text[tokens[run[0]].start : tokens[run[-1]].end] for run in sorted(strongest))


def _tells(word: str, kind: TokenKind) -> bool:
    if kind is not TokenKind.WORD:
        return kind not in {TokenKind.COMMA, TokenKind.COLON}
    groups = groups_of(word)
    return bool(groups - _ABOUT) or (not groups and len(word) > 3)


def _ask(text: str, clause: Clause, because: tuple[str, ...]) -> str:
    quote = _quote(text, clause, because)
    groups = frozenset().union(*(groups_of(token.word) for token in clause.tokens))
    words = " ".join(token.word for token in clause.tokens)
    counted = any(token.kind in {TokenKind.PERCENT, TokenKind.NUMBER} for token in clause.tokens)
    if "deontic" in groups and any(
        cue in words for cue in ("should", "need", "could", "must", "ought", "would")
    ):
        return (
            f'You wrote "{quote}". What did you see or hear that makes you wish for that: who was doing what?'
        )
    if counted:
        return f'You wrote "{quote}". What did you count, and what were those people doing or saying?'
    if "generaliser" in groups and any(
        cue in words for cue in ("always", "never", "often", "constantly", "usually")
    ):
        return f'You wrote "{quote}". When did you last see or hear it, and what exactly was done or said?'
    return f'You wrote "{quote}". {_probe(groups, words)}'


def _probe(groups: frozenset[str], words: str) -> str:
    first = words.split(" ", 1)[0]
    teacher = "teacher" in groups and first not in {"students", "kids"}
    if (
        teacher
        and "student" in groups
        and groups_of(first) & {"student"}
        and "teacher" not in groups_of(first)
    ):
        teacher = False
    match groups:
        case _ if "school" in groups and not groups & {"student"} and "teacher" not in words:
            return "Where did you see or hear that: in which room or meeting, and who did or said what?"
        case _ if teacher:
            return "What did you see or hear the teacher do or say, and what did students do then?"
        case _ if "student" in groups and "mental" in groups:
            return "What did you see them do, or hear them say, that tells you so?"
        case _ if "student" in groups:
            return "What did you see or hear students do or say: how many, and with what in front of them?"
        case _ if "room" in groups:
            return "What did you see or hear in the room that tells you so: who was doing what?"
        case _ if "other" in groups:
            return "What did you see or hear that tells you so: what was done or said, and when?"
    return "What did you see or hear that tells you so: who was doing what, or saying what?"


def _quote(text: str, clause: Clause, because: tuple[str, ...]) -> str:
    """The writer's words to put in the question: a short note whole, else the judging clause, else the deciding words."""
    whole = text.strip().rstrip(".!?;, ")
    if whole and len(whole) <= _LONGEST_QUOTE and len(whole.split()) <= _SHORT_NOTE and "\n" not in whole:
        return whole
    said = text[clause.start : clause.end]
    if len(said) <= _LONGEST_QUOTE and "\n" not in said:
        return said
    if because:
        start = text.index(because[0], clause.start)
        end = text.index(because[-1], start) + len(because[-1])
        if end - start <= _LONGEST_QUOTE and "\n" not in text[start:end]:
            return text[start:end]
        if len(because[0]) <= _LONGEST_QUOTE and "\n" not in because[0]:
            return because[0]
    return said.splitlines()[0][:_LONGEST_QUOTE].rsplit(" ", 1)[0]
