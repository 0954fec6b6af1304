"""Words that a line's end has cut in two are made whole; words that are written with a hyphen keep it.

Which of the two a hyphen at a line's end is, the rest of the text mostly says: it has the word elsewhere. Where it
does not, the common compounds of school prose are known by their halves, and everything else was cut by a printer.
"""

import re

_CUT = re.compile(r"(?P<left>[^\W\d_]{2,})[-\u2010]$")
_NEXT = re.compile(r"(?P<right>[a-z\u00df-\u00ff]{2,})")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_ANY_CUT = re.compile(r"(?m)[^\W\d_]{2}[-\u2010]$")
_OPEN = re.compile(r"(?:\d|\b[^\W\d_]|\b[A-Z][a-z]*)[-\u2010\u2013]$")
_SOFT = "\u00ad"
_LONGEST_WORD, _LONGEST_LINE = 60, 2_000
"""Characters looked at, so that a text of nothing but cut words does not take for ever."""

_NEVER_A_SYLLABLE = frozenset({"self", "cross", "follow", "evidence", "research", "anti"})
_OFTEN_FIRST = """
after all before closed co college community computer county data day district drop e early end english face family
federal fifth first five four fourth full grade half hands health high hour job large late long low mid month multi
non off on one open paper parent part peer pick post pre principal project pull push read real school second set short
sign single six small start state student teacher third three time two web week well work write year
"""
_OFTEN_LAST = """
age aged and based by centered day days driven end ended focused free hand hour language learner learners led level
line long made minute month months of off old on out owned person point ready related risk run scale school site size
specific term the time to up week weeks wide year years
"""
_FIRST, _LAST = frozenset(_OFTEN_FIRST.split()), frozenset(_OFTEN_LAST.split())


def words_of(text: str) -> frozenset[str]:
    """The words a text has, in small letters; those with a hyphen whole."""
    return frozenset(word.lower().replace("\u2010", "-") for word in _WORD.findall(text))


def join_pair(before: str, after: str, words: frozenset[str]) -> str:
    """Two lines of one paragraph as one. ``words`` are those of the text they are from."""
    if before.endswith(_SOFT):
        return before[:-1] + after
    cut, begun = _CUT.search(before[-_LONGEST_WORD:]), _NEXT.match(after)
    if cut is not None and begun is not None:
        return (before if _keeps_hyphen(cut["left"], begun["right"], words) else before[:-1]) + after
    # "K-" / "12", "Pre-" / "K", "2026-" / "27": the hyphen is the word's own.
    if _OPEN.search(before[-_LONGEST_WORD:]) and after[:1].isalnum():
        return before + after
    return f"{before} {after}"


def heal(text: str) -> str:
    """The text with the words whole that its line ends have cut; the second half goes up to the first."""
    if _SOFT in text:
        text = re.sub(_SOFT + r"\n?", "", text)
    if not _ANY_CUT.search(text):
        return text
    words = words_of(text)
    healed: list[str] = []
    for line in text.split("\n"):
        is_short = bool(healed) and len(healed[-1]) < _LONGEST_LINE
        cut = _CUT.search(healed[-1][-_LONGEST_WORD:]) if is_short else None
        begun = _NEXT.match(line.lstrip()) if cut else None
        if cut is None or begun is None:
            healed.append(line)
            continue
        moved, _, left = line.lstrip().partition(" ")
        first = healed[-1] if _keeps_hyphen(cut["left"], begun["right"], words) else healed[-1][:-1]
        healed[-1] = first + moved
        if left:
            healed.append(left)
    return "\n".join(healed)


def _keeps_hyphen(left: str, right: str, words: frozenset[str]) -> bool:
    left, right = left.lower(), right.lower()
    if left + right in words:
        return False
    if f"{left}-{right}" in words:
        return True
    return left in _NEVER_A_SYLLABLE or right in _LAST or (left in _FIRST and right in words)
