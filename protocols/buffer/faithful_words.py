"""The words of a sentence that must not get lost or change: how binding it is, "not", "only", "unless", "before"."""

import re
from collections.abc import Mapping, Sequence

from protocols.buffer.discrepancies import Discrepancy, Fault

_BINDING_WORDS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "must": r"\b(?:must|shall|required|requires?|mandatory|obligatory|compulsory|have\s+to|has\s+to|needs?\s+to|"
        r"obliged|mandated|"
        r"mandates?|imperative|responsible|will|is\s+to|are\s+to|due|deadline)\b",
        "should": r"\b(?:should|recommend(?:ed|s)?|encouraged?|urged?|advised?|expected|ought|expects?|please)\b",
        "may": r"\b(?:may|can|could|might|optional(?:ly)?|voluntary|allowed|permitted|entitled|option|welcome|"
        r"invited|able|if\s+you\s+(?:like|wish|want))\b",
    }.items()
}
_CAN_NOT = re.compile(r"(?i)\bcan\s+not\b")
_STRONG = re.compile(
    r"(?i)\b(?:must|shall|required|mandatory|obligatory|compulsory|have\s+to|has\s+to|needs?\s+to)\b"
)


def compare_binding(said: str, quote: str) -> list[Discrepancy]:
    """A wording may drop the binding word for a plain instruction, but not put another in its place."""
    said, quote = _CAN_NOT.sub("cannot", said), _CAN_NOT.sub("cannot", quote)
    faults: list[Discrepancy] = []
    in_quote = {name: pattern.search(quote) for name, pattern in _BINDING_WORDS.items()}
    for name, pattern in _BINDING_WORDS.items():
        match = (_STRONG if name == "must" else pattern).search(said)
        if match is None or in_quote[name]:
            continue
        instead = next((m[0] for m in in_quote.values() if m), None)
        faults.append(Discrepancy(Fault.BINDING, match[0], instead))
    weak_in_quote = in_quote["may"] or in_quote["should"]
    if weak_in_quote and not in_quote["must"] and not any(p.search(said) for p in _BINDING_WORDS.values()):
        # "You may order" said as "Order" turns a choice into an instruction.
        faults.append(Discrepancy(Fault.BINDING, None, weak_in_quote[0]))
    if not faults:
        faults.extend(_swapped(said, quote))
    return faults


def _swapped(said: str, quote: str) -> list[Discrepancy]:
    """One binding word put in another's place in a sentence that holds both kinds."""
    patterns = {**_BINDING_WORDS, "must": _STRONG}
    mine = {name: pattern.findall(said) for name, pattern in patterns.items()}
    own = {name: pattern.findall(quote) for name, pattern in patterns.items()}
    more = [name for name in patterns if len(mine[name]) > len(own[name])]
    fewer = [name for name in patterns if len(mine[name]) < len(own[name])]
    if more and fewer:
        return [Discrepancy(Fault.BINDING, mine[more[0]][-1], own[fewer[0]][0])]
    return []


_LIMITS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "deadline": r"\b(?:no|not)\s+later\s+than\b|\bon\s+or\s+before\b|\bby\s+no\s+later\s+than\b",
        "most": r"\b(?:no|not)\s+(?:more|longer|greater)\s+than\b|\bat\s+most\b|\bup\s+to\b|\bmaximum\b",
        "least": r"\b(?:no|not)\s+(?:less|fewer|smaller)\s+than\b|\bat\s+least\b|\bminimum\b",
        "not_only": r"\bnot\s+only\b",
    }.items()
}
_NEGATIVE = re.compile(
    r"(?i)\b(?:not|no|never|none|neither|nor|cannot|nobody|nothing|without|prohibit(?:s|ed)?|forbid(?:s|"
    r"den)?|refrain|avoid|stop|cease)\b|n't\b"
)
_RESTRICTIONS: Mapping[str, re.Pattern[str]] = {
    "only": re.compile(r"(?i)\b(?:only|solely|exclusively)\b"),
    "unless": re.compile(
        r"(?i)\b(?:unless|except(?:ing|ed|ions?)?|excluding|excluded|exclude|other\s+than|exempt(?:ed|"
        r"ion)?)\b"
    ),
    "if": re.compile(
        r"(?i)\b(?:if|whenever|in\s+case|provided\s+that|in\s+the\s+event|should\s+(?:a|an|the|any)\b)"
    ),
}


_BARE_LIMIT = re.compile(r"(?i)\b(?:later|earlier|sooner|more|fewer|less|longer|greater)\s+than\b")
_EXCHANGED: Sequence[tuple[re.Pattern[str], re.Pattern[str]]] = (
    (
        re.compile(r"(?i)\b(?:before|prior\s+to|ahead\s+of|in\s+advance|by|until|till|within)\b"),
        re.compile(r"(?i)\b(?:after|following|once|upon|since|from|afterwards)\b"),
    ),
    (re.compile(r"(?i)\bor\b"), re.compile(r"(?i)\band\b|&")),
)
"""Words of which one in the other's place turns the sense: a day's two sides, and one or all of several."""


def _compare_bare_limits(said: str, quote: str) -> list[Discrepancy]:
    """ "Later than" without its "not": looked for once the whole limits are taken out."""
    mine, own = _BARE_LIMIT.search(said), _BARE_LIMIT.search(quote)
    if bool(mine) == bool(own):
        return []
    return [Discrepancy(Fault.CONDITION, mine[0] if mine else None, own[0] if own else None)]


def _compare_sides(said: str, quote: str) -> list[Discrepancy]:
    faults: list[Discrepancy] = []
    for pair in _EXCHANGED:
        for one, other in (pair, pair[::-1]):
            came, stood = one.findall(said), one.findall(quote)
            left, was = other.findall(said), other.findall(quote)
            if len(came) > len(stood) and len(left) < len(was):
                faults.append(Discrepancy(Fault.CONDITION, came[-1], was[-1]))
    return faults


def compare_restrictions(said: str, quote: str) -> list[Discrepancy]:
    faults = _compare_sides(said, quote)
    for name, pattern in _LIMITS.items():
        mine, own = pattern.search(said), pattern.search(quote)
        if name != "deadline" and bool(mine) != bool(own):
            faults.append(Discrepancy(Fault.CONDITION, mine[0] if mine else None, own[0] if own else None))
        said, quote = pattern.sub(" ", said), pattern.sub(" ", quote)
    faults.extend(_compare_bare_limits(said, quote))
    mine_not, own_not = _NEGATIVE.findall(said), _NEGATIVE.findall(quote)
    if len(mine_not) != len(own_not):
        lost = own_not[0] if len(own_not) > len(mine_not) else None
        added = mine_not[0] if len(mine_not) > len(own_not) else None
        faults.append(Discrepancy(Fault.NEGATION, added, lost))
    for pattern in _RESTRICTIONS.values():
        mine, own = pattern.search(said), pattern.search(quote)
        is_fewer = len(pattern.findall(said)) < len(pattern.findall(quote))
        if bool(mine) != bool(own) or (is_fewer and pattern is not _RESTRICTIONS["if"]):
            faults.append(Discrepancy(Fault.CONDITION, mine[0] if mine else None, own[0] if own else None))
    return faults
