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
    "read_note_as",
    "read_statement",
]

#: A note of at most this many words is quoted whole.
_SHORT_NOTE = 8
#: Longest quotation in a question, in characters.
_LONGEST_QUOTE = 70
#: A note of at most this many characters is quoted whole where its judging words alone lack a subject, as `were
#: delighted` does.
_LONGEST_WHOLE = 100
#: Most phrases given as reasons.
_MOST_REASONS = 3
#: A reason that pulls less than this share of the strongest one is not shown.
_WEAKEST_REASON = 0.2
#: Groups of words that weigh, and of words for what can be seen, heard or counted.
_WEIGHS = frozenset(
    {
        "praise",
        "blame",
        "trait",
        "mental",
        "inference",
        "deontic",
        "generaliser",
        "intensity",
        "idiom",
        "construct",
        "vague",
    }
)
_OBSERVED = frozenset({"action", "speechverb", "object", "number", "timeword"})
_OPENERS = frozenset({"and", "but", "so", "because", "then", "&", "while"})
_TRAILING = frozenset({"with", "had", "has", "really", "not", "still", "worked", "handled"})
_WISHES = frozenset(
    {"should", "shouldn't", "should've", "need", "needs", "could", "must", "ought", "would", "might"}
)
_ALWAYS = frozenset({"always", "never", "often", "constantly", "usually", "rarely", "seldom", "frequently"})
_SUBJECTS = {
    "teacher": frozenset(
        {
            "teacher",
            "teacher's",
            "instructor",
            "co-teacher",
            "para",
            "aide",
            "sub",
            "substitute",
            "mr",
            "mrs",
            "ms",
        }
    ),
    "school": frozenset(
        {
            "school",
            "school's",
            "building",
            "principal",
            "principal's",
            "staff",
            "teachers",
            "plc",
            "leadership",
            "families",
            "parents",
            "department",
            "morale",
            "team",
            "faculty",
            "campus",
            "administration",
            "meeting",
        }
    ),
    "student": frozenset({"student", "student's", "boy", "girl", "child", "pupil", "kid"}),
    "students": frozenset(
        {
            "students",
            "students'",
            "kids",
            "children",
            "class",
            "boys",
            "girls",
            "scholars",
            "groups",
            "group",
            "learners",
            "pairs",
            "pupils",
            "graders",
            "everyone",
            "nobody",
            "engagement",
        }
    ),
    "task": frozenset(
        {
            "task",
            "tasks",
            "rigor",
            "objective",
            "target",
            "questions",
            "questioning",
            "worksheet",
            "assignment",
            "standard",
            "text",
            "expectations",
            "demand",
        }
    ),
    "room": frozenset(
        {"room", "classroom", "space", "walls", "lesson", "energy", "culture", "environment", "climate"}
    ),
}
_NOTHING_WRITTEN = "There are no words here yet. What did you see or hear: who was doing what?"


class Verdict(StrEnum):
    EVIDENCE = "evidence"
    JUDGEMENT = "judgement"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class NoteReading:
    """How a note was read. `because` holds the note's own words that decided, as written; `question` is None for
    evidence alone; `names` says whom the note seems to name, if anybody; `judges` is how probable it is, from 0 to 1,
    that the note judges at all."""

    text: str
    verdict: Verdict
    because: tuple[str, ...]
    question: str | None
    names: Literal["teacher", "student"] | None
    judges: float


def read_note(text: str) -> NoteReading:
    """Read one note. Takes any text and never raises; only the first 2,000 characters are weighed."""
    return _read(text, None)


def read_note_as(text: str, verdict: Verdict) -> NoteReading:
    """The note with a verdict that somebody else came to: its own words that speak for that one, and the question."""
    return _read(text, verdict)


def _read(text: str, verdict: Verdict | None) -> NoteReading:
    weights = load_weights()
    weighed = weigh_clauses(text, weights)
    names = find_named(text)
    if not weighed:
        return NoteReading(text, Verdict.JUDGEMENT, (), _NOTHING_WRITTEN, names, 1.0)
    shares = weigh_note(weighed, weights)
    judges = 1.0 - shares["evidence"]
    if verdict is None and judges < weights.challenge_from:
        verdict = Verdict.EVIDENCE
    elif verdict is None:
        verdict = Verdict.JUDGEMENT if shares["judgement"] >= shares["mixed"] else Verdict.MIXED
    judging = max(weighed, key=lambda item: item.judges)
    plainest = min(weighed, key=lambda item: item.judges)
    match verdict:
        case Verdict.EVIDENCE:
            because = _find_reasons(text, plainest, weights, judges=False)
            question = None
        case Verdict.JUDGEMENT:
            because = _find_reasons(text, judging, weights, judges=True)
            question = _ask(text, weighed, judging.clause, because)
        case Verdict.MIXED:
            because = _find_reasons(text, judging, weights, judges=True)
            question = _ask(text, weighed, judging.clause, because)
            if plainest is not judging:
                because += _find_reasons(text, plainest, weights, judges=False)[:1]
    return NoteReading(text, verdict, because, question, names, judges)


def _find_reasons(text: str, weighed: WeighedClause, weights: Weights, *, judges: bool) -> tuple[str, ...]:
    """The clause's words that pulled most towards the verdict, joined where they stand side by side, in order of
    reading."""
    pulls: dict[int, float] = defaultdict(float)
    sign = 1.0 if judges else -1.0
    for mark in weighed.marks:
        for index in mark.at:
            pulls[index] += sign * weights.clause.get(mark.feature, 0.0)
    for mark in weighed.marks:
        if len(mark.at) > 1 and mark.feature in _WEIGHS | _OBSERVED | {"speech+quote"}:
            # A phrase is shown whole or not at all, and what was said with who said it.
            strongest_word = max(pulls[index] for index in mark.at)
            pulls.update(dict.fromkeys(mark.at, strongest_word))
    tokens = weighed.clause.tokens
    pulling = {index: pull for index, pull in pulls.items() if pull > 0}
    shown = _find_telling(weighed, judges=judges)
    telling = {index: pull for index, pull in pulling.items() if index in shown}
    chosen_from = (
        telling or dict.fromkeys(shown, 1.0) or pulling or dict.fromkeys(range(min(3, len(tokens))), 1.0)
    )
    floor = _WEAKEST_REASON * max(chosen_from.values())
    runs: list[list[int]] = []
    for index in sorted(index for index, pull in chosen_from.items() if pull >= floor):
        if runs and index == runs[-1][-1] + 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    strongest = sorted(runs, key=lambda run: -max(chosen_from[index] for index in run))[:_MOST_REASONS]
    return tuple(text[tokens[run[0]].start : tokens[run[-1]].end] for run in sorted(strongest))


def _find_telling(weighed: WeighedClause, *, judges: bool) -> set[int]:
    """Positions that can be shown as reasons: words and phrases that weigh, for a judgement; things seen or heard,
    for evidence."""
    wanted = _WEIGHS if judges else _OBSERVED
    tokens = weighed.clause.tokens
    found = {index for mark in weighed.marks if mark.feature in wanted for index in mark.at}
    for index, token in enumerate(tokens):
        if token.kind is not TokenKind.WORD:
            if not judges:
                found.add(index)
        elif judges and len(token.word) > 3 and not groups_of(token.word):
            found.add(index)
    return found


def _ask(text: str, weighed: tuple[WeighedClause, ...], clause: Clause, because: tuple[str, ...]) -> str:
    """The one question: the writer's words, and what to look for, fitted to whom or what they are about."""
    words = [token.word for token in clause.tokens]
    return f'You wrote "{_quote(text, clause, because)}". {_probe(words, clause, weighed)}'


def _probe(words: list[str], clause: Clause, weighed: tuple[WeighedClause, ...]) -> str:
    if _is_counted(clause):
        return "How did you count that: what did you see or hear each time?"
    if any(word in _WISHES for word in words):
        return "What did you see or hear that makes you wish for that: who was doing what?"
    if any(word in _ALWAYS for word in words):
        return "When did you last see or hear it, and what exactly was done or said?"
    everything = [token.word for item in weighed for token in item.clause.tokens]
    for told in (words, everything):
        match _find_subject(told):
            case "teacher":
                return "What did you see or hear the teacher do or say, and what did students do then?"
            case "school":
                return "Where did you see or hear that: in which room or meeting, and who did or said what?"
            case "student":
                return "What did you see the student do, or hear the student say, that tells you so?"
            case "students":
                return (
                    "What did you see students do, or hear them say, that tells you so: how many, and where?"
                )
            case "task":
                return "What did you see on the page or hear asked, and what did students do or say with it?"
            case "room":
                return "What did you see or hear in the room that tells you so: who was doing what?"
    return "What did you see or hear that tells you so: who was doing what, or saying what?"


def _is_counted(clause: Clause) -> bool:
    kinds = [token.kind for token in clause.tokens]
    following = [token.word for token in clause.tokens[1:]] + [""]
    return TokenKind.PERCENT in kinds or any(
        kind is TokenKind.NUMBER and (after in {"of", "out", "in"} or "student" in groups_of(after))
        for kind, after in zip(kinds, following, strict=True)
    )


def _find_subject(words: list[str]) -> str | None:
    """Whom or what the words are about, by the first noun that says so."""
    for word in words:
        for subject, nouns in _SUBJECTS.items():
            if word in nouns:
                return subject
    return None


def _quote(text: str, clause: Clause, because: tuple[str, ...]) -> str:
    """The writer's words to put in the question: a short note whole, else the judging clause, else the deciding
    words."""
    whole = text.strip().rstrip(".!?;, ")
    if whole and len(whole) <= _LONGEST_QUOTE and len(whole.split()) <= _SHORT_NOTE and "\n" not in whole:
        return whole
    first = next((token for token in clause.tokens if token.word not in _OPENERS), clause.tokens[0])
    says_who = len(clause.tokens) > 2 and not (
        groups_of(first.word) & {"copula", "negation"} or first.word in _TRAILING
    )
    if not says_who and len(whole) <= _LONGEST_WHOLE and "\n" not in whole:
        return whole
    said = text[first.start : clause.end]
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
