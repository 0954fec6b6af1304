"""What a clause looks like to the model: which kinds of words it holds and how they stand to each other.

A feature is a name with a strength. `Mark` keeps the tokens that gave rise to it, so that the coach can say which words
decided. Words after a verb of speaking (`said it was boring`) are marked apart: a reported opinion is a fact about
who spoke.
"""

from collections import defaultdict
from dataclasses import dataclass

from protocols.guided.coach.clauses import Clause, Token, TokenKind
from protocols.guided.coach.lexicon import LONGEST_PHRASE, groups_of, stem

#: Counts above this say no more than this.
_MOST = 2.0
_REPORTED = frozenset(
    {
        "praise",
        "blame",
        "trait",
        "mental",
        "inference",
        "deontic",
        "generaliser",
        "intensity",
        "construct",
        "idiom",
    }
)
_WEIGHING = ("praise", "blame", "trait", "mental", "construct")
_SUFFIXES = (
    "ful",
    "less",
    "ive",
    "ous",
    "able",
    "ible",
    "ic",
    "al",
    "ent",
    "ant",
    "ness",
    "ment",
    "tion",
    "ity",
    "ship",
    "ly",
    "ing",
    "ed",
    "y",
)
#: What follows these is somebody's own (`said the lesson was dull`) ...
_SAYING = frozenset(
    {
        "said",
        "say",
        "says",
        "saying",
        "stated",
        "states",
        "told",
        "tells",
        "heard",
        "answered",
        "replied",
        "whispered",
        "yelled",
        "shouted",
        "announced",
        "reported",
        "commented",
        "called",
    }
)
#: ... and what follows these only from a word that hands it on (`asked if it was fair`; not `asked good questions`).
_RELAYING = frozenset(
    {
        "wrote",
        "write",
        "writes",
        "written",
        "reads",
        "read",
        "asked",
        "asks",
        "ask",
        "asking",
        "explained",
        "explains",
        "state",
        "describes",
        "described",
    }
)
_HANDS_ON = frozenset({"that", "if", "whether", "why", "how", "what", "which", "who", "as"})


@dataclass(frozen=True, slots=True)
class Mark:
    """One feature seen at some tokens of a clause (positions in `Clause.tokens`)."""

    feature: str
    at: tuple[int, ...]


def find_marks(clause: Clause) -> tuple[Mark, ...]:
    """Every feature of the clause with where it was seen, in a fixed order."""
    marks: list[Mark] = []
    tokens = clause.tokens
    groups, lengths = _group_tokens(tokens)
    reported = _reported_from(tokens)
    for index, token in enumerate(tokens):
        told = "told:" if index > reported else ""
        match token.kind:
            case TokenKind.WORD:
                names = groups[index]
                for name in sorted(names):
                    at = tuple(range(index, index + lengths[index]))
                    marks.append(Mark(f"{told if name in _REPORTED else ''}{name}", at))
                marks.append(Mark(f"{told}w:{stem(token.word)}", (index,)))
                if not names:
                    marks.extend(Mark(f"ends:{end}", (index,)) for end in _SUFFIXES if _ends(token.word, end))
                if index + 1 < len(tokens):
                    marks.append(
                        Mark(f"b:{stem(token.word)} {_short(tokens[index + 1])}", (index, index + 1))
                    )
            case _:
                marks.append(Mark(f"kind:{token.kind}", (index,)))
    marks.extend(_find_pairs(tokens, groups, reported))
    marks.extend(_find_shape(tokens, groups, reported))
    return tuple(marks)


def measure(marks: tuple[Mark, ...]) -> dict[str, float]:
    """Feature strengths of a clause: how often each was seen, at most twice."""
    strengths: dict[str, float] = defaultdict(float)
    for mark in marks:
        strengths[mark.feature] = min(_MOST, strengths[mark.feature] + 1.0)
    return dict(strengths)


def _group_tokens(tokens: tuple[Token, ...]) -> tuple[list[frozenset[str]], list[int]]:
    """The groups that begin at each token, and how many tokens the word or phrase there covers."""
    groups: list[frozenset[str]] = [
        groups_of(token.word) if token.kind is TokenKind.WORD else frozenset() for token in tokens
    ]
    lengths = [1] * len(tokens)
    index = 0
    while index < len(tokens):
        for length in range(min(LONGEST_PHRASE, len(tokens) - index), 1, -1):
            found = groups_of(" ".join(token.word for token in tokens[index : index + length]))
            if found:
                # Inside a phrase the words no longer speak for themselves: `pay attention` is not about paying.
                for inner in range(index, index + length):
                    groups[inner] = found if inner == index else frozenset()
                lengths[index] = length
                index += length - 1
                break
        index += 1
    return groups, lengths


def _reported_from(tokens: tuple[Token, ...]) -> int:
    """Position of the word after which words are somebody's own; past the end where there is none."""
    for index, token in enumerate(tokens[:-1]):
        if token.word in _SAYING and "speechverb" in groups_of(token.word):
            return index
        if token.word in _RELAYING:
            for ahead in range(index + 1, min(index + 5, len(tokens))):
                following = tokens[ahead]
                if following.word in _HANDS_ON or following.kind in {TokenKind.QUOTE, TokenKind.COLON}:
                    return ahead
    return len(tokens)


def _find_pairs(tokens: tuple[Token, ...], groups: list[frozenset[str]], reported: int) -> list[Mark]:
    marks = []
    for index, names in enumerate(groups):
        counted = "number" in names or tokens[index].kind in {TokenKind.NUMBER, TokenKind.PERCENT}
        for ahead in range(index + 1, min(index + 4, len(tokens))):
            later = groups[ahead]
            weighing = [name for name in _WEIGHING if name in later] if ahead <= reported else []
            at = (index, ahead)
            for name in weighing:
                for first in (
                    "copula",
                    "intensity",
                    "negation",
                    "vague",
                    "praise",
                    "blame",
                    "inference",
                    "generaliser",
                ):
                    if first in names:
                        marks.append(Mark(f"{first}+{name}", at))
                if counted:
                    marks.append(Mark(f"count+{name}", at))
            if counted and ahead == index + 1:
                marks.extend(
                    Mark(f"count+{name}", at) for name in ("student", "object", "timeword") if name in later
                )
            if counted and tokens[index + 1].word in {"of", "out"}:
                marks.append(Mark("count of", at))
            if "negation" in names and "action" in later:
                marks.append(Mark("negation+action", at))
            if "action" in names and "object" in later:
                marks.append(Mark("action+object", at))
            if (
                names & {"praise", "blame", "trait"}
                and later & {"evalnoun", "construct"}
                and index <= reported
            ):
                marks.append(Mark("weigh+noun", at))
            if (
                names & {"student", "teacher"}
                and ahead == index + 1
                and tokens[ahead].kind is TokenKind.QUOTE
            ):
                marks.append(Mark("speaker+quote", at))
            if "speechverb" in names and tokens[ahead].kind is TokenKind.QUOTE:
                marks.append(Mark("speech+quote", at))
            if names & {"copula"} and tokens[ahead].word[-3:] == "ing" and later & {"action"}:
                marks.append(Mark("is doing", at))
    return marks


def _find_shape(tokens: tuple[Token, ...], groups: list[frozenset[str]], reported: int) -> list[Mark]:
    plain = [names for index, names in enumerate(groups) if index <= reported]
    held = frozenset().union(*plain) if plain else frozenset()
    shape = []
    weighs = held & {"praise", "blame", "trait", "mental", "deontic", "inference", "idiom"}
    acts = bool(held & {"action", "speechverb"})
    counts = "number" in held or any(token.kind in {TokenKind.NUMBER, TokenKind.TIME} for token in tokens)
    if weighs and not acts:
        shape.append("weighs, nobody acts")
    if weighs and acts:
        shape.append("weighs, somebody acts")
    if acts and not weighs:
        shape.append("acts, no weighing")
    if "object" in held and not weighs:
        shape.append("things, no weighing")
    if counts and not weighs:
        shape.append("counts, no weighing")
    if counts and weighs:
        shape.append("counts, weighing")
    if not held & {"action", "speechverb", "copula", "interpretive"}:
        shape.append("no verb")
    if not weighs and not acts and "construct" in held:
        shape.append("construct alone")
    first = groups[0]
    for name in (
        "action",
        "praise",
        "blame",
        "student",
        "teacher",
        "self",
        "other",
        "vague",
        "construct",
        "object",
        "number",
        "mental",
    ):
        if name in first:
            shape.append(f"first:{name}")
    size = len(tokens)
    shape.append(
        "size:1-2" if size < 3 else "size:3-4" if size < 5 else "size:5-8" if size < 9 else "size:9+"
    )
    return [Mark(name, ()) for name in shape]


def _ends(word: str, ending: str) -> bool:
    return len(word) > len(ending) + 2 and word.endswith(ending)


def _short(token: Token) -> str:
    return stem(token.word) if token.kind is TokenKind.WORD else f"<{token.kind}>"
