"""A note cut into tokens and clauses. Quotations are one token each: what somebody *said* judges nothing.

Offsets are characters of the text given, so every clause and word can be quoted exactly as it was written.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from protocols.guided.coach.lexicon import groups_of, load_shorthand

#: A note longer than this is read to here: a note is a few lines, and the time to read one stays bounded.
LONGEST_NOTE = 2_000


class TokenKind(StrEnum):
    WORD = "word"
    NUMBER = "number"
    PERCENT = "percent"
    TIME = "time"
    QUOTE = "quote"
    STOP = "stop"  # . ; ! ? dash, new line: always ends a clause
    COMMA = "comma"
    COLON = "colon"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the note. `word` is lower case with phone shorthand written out (`sts` -> `students`)."""

    kind: TokenKind
    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """One statement within a note: its tokens, without the punctuation round it."""

    tokens: tuple[Token, ...]

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end


_QUOTE = r"“[^”\n]*”|\"[^\"\n]*\"|‘[^’\n]+’(?!\w)|(?<![\w'])'(?=\S)(?:[^'\n]|(?<=\w)'(?=\w))*\S'(?!\w)"
_TOKEN = re.compile(
    rf"(?P<quote>{_QUOTE})"
    r"|(?P<time>\b\d{1,2}:\d{2}(?:\s?[ap]\.?m\b\.?)?|\b\d{1,2}\s?[ap]\.?m\b\.?|"
    r"\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b(?=\s(?:at|,)))"
    r"|(?P<percent>\d+(?:\.\d+)?\s?%|\b\d+(?:\.\d+)?\s(?:percent|per cent|pct)\b)"
    r"|(?P<number>\b\d+(?:[.,]\d+)*(?:/\d+)?)"
    r"|(?P<word>w/o?(?=\s)|b/c\b|\b[aApP]\.m\.|\b(?:[Mm]r|[Mm]rs|[Mm]s|[Dd]r)\.|[^\W\d_]+(?:['’\-&][^\W\d_]+)*\+?)"
    r"|(?P<comma>,|\s/\s)|(?P<colon>:)|(?P<stop>[.;!?…\n•|]+|\s[-–]{1,2}\s|—|-->|->)"
)
_OPENERS = frozenset(
    [
        "but",
        "because",
        "which",
        "so",
        "although",
        "though",
        "whereas",
        "yet",
        "however",
        "therefore",
        "showing",
        "demonstrating",
        "indicating",
        "suggesting",
        "making",
        "allowing",
        "meaning",
        "proving",
        "since",
        "hence",
        "thus",
        "while",
        "whose",
    ]
)
_SUBJECTS = frozenset(
    [
        "he",
        "she",
        "they",
        "i",
        "we",
        "you",
        "it",
        "this",
        "that",
        "there",
        "the",
        "a",
        "an",
        "his",
        "her",
        "their",
        "one",
        "two",
        "three",
        "some",
        "many",
        "most",
        "all",
    ]
)
_LEADING = frozenset(
    [
        "in",
        "at",
        "on",
        "during",
        "after",
        "before",
        "by",
        "with",
        "from",
        "for",
        "throughout",
        "as",
        "when",
        "while",
        "upon",
        "since",
        "per",
    ]
)
_AUXILIARIES = frozenset(
    {"had", "has", "have", "was", "were", "is", "are", "did", "does", "really", "still", "worked", "learned"}
)
_VERBAL = frozenset({"action", "interpretive", "speechverb", "copula", "deontic", "inference", "negation"})


def read_tokens(text: str) -> tuple[Token, ...]:
    """The note's tokens in order."""
    shorthand = load_shorthand()
    tokens = []
    for match in _TOKEN.finditer(text[:LONGEST_NOTE]):
        kind = TokenKind(match.lastgroup or "word")
        word = match.group().lower().replace("’", "'")
        if kind is TokenKind.WORD:
            word = shorthand.get(word, word.rstrip(".") if word not in {"a.m.", "p.m."} else word)
        tokens.append(Token(kind, word, *match.span()))
    return tuple(tokens)


def split_clauses(text: str) -> tuple[Clause, ...]:
    """The note's clauses in order; none for a note without words.

    Cuts are made at full stops, semicolons, dashes, colons, before words that open a comment (`which`, `because`,
    `so`), and at commas and `and` where a new statement follows. A fragment too short to say anything joins its
    neighbour.
    """
    pieces: list[list[Token]] = [[]]
    tokens = read_tokens(text)
    for index, token in enumerate(tokens):
        rest = tokens[index + 1 :]
        match token.kind:
            case TokenKind.STOP:
                pieces.append([])
            case TokenKind.COLON:
                if rest and rest[0].kind is not TokenKind.QUOTE:
                    pieces.append([])
            case TokenKind.COMMA:
                if not _introduces_quote(pieces[-1], rest) and _opens_statement(rest):
                    pieces.append([])
            case TokenKind.WORD if _cuts_before(token, pieces[-1], rest):
                pieces.append([token])
            case _:
                pieces[-1].append(token)
    return tuple(Clause(tuple(piece)) for piece in _join_fragments(pieces))


def _introduces_quote(current: list[Token], rest: tuple[Token, ...]) -> bool:
    """`She said, "..."` is one statement."""
    return bool(current and rest) and rest[0].kind is TokenKind.QUOTE


def _opens_statement(rest: tuple[Token, ...]) -> bool:
    ahead = []
    for token in rest:
        if token.kind in {TokenKind.STOP, TokenKind.COMMA, TokenKind.COLON}:
            break
        ahead.append(token)
    if len(ahead) == 1:
        return _weighs(ahead[0])
    return any(token.kind is TokenKind.WORD for token in ahead)


def _cuts_before(token: Token, current: list[Token], rest: tuple[Token, ...]) -> bool:
    after_quote = bool(current) and current[-1].kind is TokenKind.QUOTE
    if not rest or (len(current) < 2 and not after_quote):
        return False
    following = rest[0]
    if token.word == "so":
        return following.word in _SUBJECTS or bool(groups_of(following.word) & {"student", "teacher", "self"})
    if token.word in _OPENERS:
        return True
    if token.word == "who" and any(_weighs(earlier) for earlier in current):
        return bool(groups_of(following.word) & _VERBAL)  # `a caring teacher who greeted each child`
    if token.word == "with" and len(current) > 2:
        return any(_weighs(after) for after in rest[:2])  # `chanted the facts with wonderful energy`
    if token.word in {"and", "&", "then"}:
        if following.kind is TokenKind.NUMBER:
            return len(rest) > 2
        if following.word == "that" and any(token.word == "that" for token in current):
            return False  # `said that it rained and that she was late`: still what was said
        groups = groups_of(following.word)
        if following.word in _SUBJECTS or groups & (_VERBAL | {"student", "teacher", "number"}):
            return True
        if following.word in _AUXILIARIES or following.word.endswith("ly"):
            return len(rest) > 2
        return following.word.endswith("ed") and len(current) > 3
    return False


def _join_fragments(pieces: list[list[Token]]) -> list[list[Token]]:
    joined: list[list[Token]] = []
    carried: list[Token] = []
    for piece in pieces:
        piece = carried + piece
        carried = []
        if not piece:
            continue
        if _is_lead_in(piece):
            carried = piece
        elif (
            joined and len(piece) < 2 and piece[0].kind is not TokenKind.QUOTE and not _weighs(piece[0])
        ) or (joined and all(token.kind is TokenKind.QUOTE for token in piece)):
            joined[-1].extend(piece)
        else:
            joined.append(piece)
    if carried:
        if joined:
            joined[-1].extend(carried)
        else:
            joined.append(carried)
    return joined


def _is_lead_in(piece: list[Token]) -> bool:
    if len(piece) == 1:
        return piece[0].kind in {TokenKind.TIME, TokenKind.NUMBER} or not _weighs(piece[0])
    return piece[0].word in _LEADING and len(piece) <= 4 and not any(_weighs(token) for token in piece)


def _weighs(token: Token) -> bool:
    return bool(
        groups_of(token.word) & {"praise", "blame", "trait", "mental", "deontic", "inference", "idiom"}
    )
