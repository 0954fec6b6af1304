"""Why a memo asks what it asks, in its own words: the sentence beside a demand that gives the reason.

A reason is quoted whole or not at all. It is looked for only where it can hardly belong to something else: in the
sentences of the same block, or (where the memo asks the school one thing only) anywhere under the same heading.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from protocols.buffer.demands import Demand
from protocols.buffer.headlines import shorten
from protocols.buffer.passages import Kind, Passage, split_passages

LONGEST_REASON = 180
"""Characters; a longer one is an argument, and stands in the original."""
_GAP = re.compile(r"\n[ \t]*\n")
_INSIDE = (
    r"because|so\s+that|in\s+order\s+(?:to|for|that)|to\s+ensure|to\s+make\s+sure|pursuant\s+to|"
    r"as\s+required\s+by|(?:is|are)\s+(?:required|needed|necessary|used)\s+(?:by|to|for|under)|"
    r"(?:the\s+)?(?:state\s+|federal\s+)?law\s+requires|without\s+(?:it|them|this|these)"
)
_VERBS = "helps?|allows?|enables?|lets?|ensures?|supports?|protects?|decides?|determines?|means"
_BEGINS = (
    rf"^(?:this|these|it|they)\s+(?:{_VERBS})|^the\s+(?:purpose|reason|aim|goal)\s+(?:of|for|is)|"
    rf"^(?:the|these|those)\s+(?:[\w-]+\s+){{1,3}}(?:{_VERBS.replace('s?', 's')})"
)
_CUE = re.compile(rf"(?i)\b(?:{_INSIDE})\b|(?:{_BEGINS})\b")
_LABEL = re.compile(
    r"(?i)^(?:why(?:\s+(?:it\s+matters|we\s+ask|now))?|reason|purpose|rationale)\s*:\s*(?=[^\W\d_])"
)
"""Before words that are the reason because the memo calls them so."""
_CLAUSE = re.compile(
    r"(?i)\b(?:because|so\s+that|in\s+order\s+(?:to|for|that)|to\s+ensure|to\s+make\s+sure|pursuant\s+to|"
    r"as\s+required\s+by)\b[^.;:()]{8,}"
)
_WHOLE = re.compile(r"""^[“"'‘(]?[A-Z0-9].*[.!?][”"'’)]?$""", re.DOTALL)


def reason_for(text: str, demand: Demand, others: Sequence[Demand] = (), *, wording: str = "") -> str:
    """The memo's words that say why this demand is made; empty where none surely do.

    What a form has as its why is the why, whatever words it uses. Where the demand's own sentence says so, the clause,
    unless ``wording``, beside which it will stand, has it already. ``others`` are the memo's other demands: their
    sentences are theirs.
    """
    if demand.facets.why:
        return _opening(demand.facets.why)
    if _CUE.search(demand.quote):
        clause = _CLAUSE.search(" ".join(demand.quote.split()))
        said = clause[0].strip(" ,") if clause else ""
        is_told = not wording or " ".join(said.split()[:2]).casefold() in wording.casefold()
        return "" if is_told or len(said) > LONGEST_REASON else said
    passages = _passages(text)
    own = next((n for n, one in enumerate(passages) if one.start <= demand.start < one.end), None)
    if own is None:
        return ""
    asked = [one for one in (demand, *others) if one.for_school]
    reach = _section if len(asked) <= 1 else _block
    taken = [(one.start, one.end) for one in (demand, *others)]
    for number in reach(passages, own, text):
        passage = passages[number]
        said = " ".join(passage.text.split())
        if (
            passage.kind in (Kind.SENTENCE, Kind.BULLET)
            and len(said) <= LONGEST_REASON
            and _WHOLE.match(said)
            and (_CUE.search(said) or _LABEL.match(said))
            and not any(start < passage.end and passage.start < end for start, end in taken)
        ):
            return _LABEL.sub("", said)
    return ""


def _opening(why: str) -> str:
    """As many whole sentences as a reason may be long; of one that is longer, its beginning."""
    said = ""
    for sentence in split_passages(why):
        longer = why[: sentence.end].strip()
        if len(longer) > LONGEST_REASON:
            break
        said = longer
    return said or shorten(why, LONGEST_REASON)


@lru_cache(maxsize=64)
def _passages(text: str) -> tuple[Passage, ...]:
    """A memo is asked about once for each of its demands."""
    return tuple(split_passages(text))


def _block(passages: Sequence[Passage], own: int, text: str) -> list[int]:
    """The sentences right after it and right before it, as long as no blank line or list mark comes between."""
    found = []
    for step in (1, -1):
        number = own
        while 0 <= number + step < len(passages):
            first, second = sorted((number, number + step))
            between = text[passages[first].end : passages[second].start]
            if _GAP.search(between) or passages[second].marker or passages[second].is_first:
                break
            number += step
            found.append(number)
    return found


def _section(passages: Sequence[Passage], own: int, text: str) -> list[int]:
    near = [n for n, one in enumerate(passages) if n != own and one.section == passages[own].section]
    return [*_block(passages, own, text), *sorted(near, key=lambda n: abs(n - own))]
