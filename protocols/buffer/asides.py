"""Sentences that ask nothing themselves, but say of the demand before them how long it takes or who may do it.

"It takes about 20 minutes and your secretary may complete it." Such an aside is folded into its demand: read as a
demand of its own it would be counted, timed and ticked off twice. Whatever says more, names a day, or hangs on a
condition is no aside, for then something would be lost.
"""

import re
from dataclasses import dataclass

from protocols.buffer.effort import SPAN, stated_minutes


@dataclass(frozen=True, slots=True)
class Aside:
    """``minutes`` with their basis, None where it names none; ``delegation`` who may do it, in the memo's words."""

    minutes: tuple[int, str] | None
    delegation: str


def _thing(group: str) -> str:
    return rf"(?:the|this|each|that)\s+(?:[\w-]+\s+){{0,2}}?(?P<{group}>[\w-]+)"


def _it(group: str) -> str:
    return rf"(?:it|this|that|these|them|{_thing(group)})"


_ABOUT = (
    r"(?:(?:only|just|about|around|roughly|approximately|some|under|up\s+to|at\s+most|less\s+than|an?\s+estimated|"
    r"(?:no|not)\s+more\s+than)\s+){0,2}"
)
_TAIL = (
    r"(?:\s*,?\s*(?:of\s+(?:your|their|her|his)\s+time|of\s+work|to\s+(?:do|complete|finish|submit|enter|fill\s+(?:in|out))"
    r"(?:\s+(?:it|this|them))?|(?:for|per|a|each)\s+(?:school|person|class|room)|for\s+(?:it|this)|each|in\s+all|"
    r"altogether|or\s+(?:so|less)|at\s+most|online)\b){0,2}"
)
_TIME = re.compile(
    rf"(?i)(?:(?:it|this|that|each|all\s+(?:of\s+)?this|(?:completing|doing|filling\s+(?:in|out))\s+(?:it|this)|"
    rf"{_thing('timed')})\s+)?"
    r"(?:(?:will|should|may|might|usually|normally|generally|only)\s+){0,2}"
    rf"(?:takes?|requires?|needs?)\s+(?:(?:you|them|most\s+(?:schools|people)|your\s+(?:[\w-]+\s+)?[\w-]+)\s+)??{_ABOUT}{SPAN}{_TAIL}"
    rf"|(?:please\s+)?(?:allow|plan\s+(?:on|for)|plan|set\s+aside|expect|(?:estimated\s+)?time(?:\s+(?:needed|required))?:)\s+"
    rf"(?:it\s+to\s+take\s+)?{_ABOUT}{SPAN}{_TAIL}"
)
_WHO = (
    r"(?:(?:your|the|an?|any|another|one\s+of\s+your)(?:\s+(?!(?:can|may|could|not|and|but|so)\b)[\w’'-]+){1,6}|(?:some|any)(?:one|body)"
    r"(?:\s+else)?(?:\s+(?:in|at|from)\s+(?:your|the)\s+\w+)?)"
)
_MAY = r"(?:can|may|could|cannot|must\s+not)(?:\s+(?:not|also|just\s+as\s+well))?"
_DO = (
    r"(?:do|complete|handle|submit|enter|sign|finish|prepare|take\s+(?:care\s+of|on)|fill\s+(?:in|out)|send)"
)
_DONE = r"(?:done|completed|handled|submitted|entered|signed|finished|prepared|filled\s+(?:in|out)|sent(?:\s+in)?)"
_FOR = (
    r"(?:\s+(?:for\s+(?:you|her|him)|instead|too|as\s+well|on\s+(?:your|her|his|their)\s+behalf|"
    r"in\s+(?:your|her|his|their)\s+(?:place|absence)|if\s+you\s+(?:like|wish|prefer)))?"
)
_WHO_MAY = re.compile(
    rf"(?i)(?:{_WHO}\s+{_MAY}\s+(?:{_DO}\s+{_it('it_one')}|fill\s+{_it('it_two')}\s+(?:in|out)){_FOR}"
    rf"|{_it('it_three')}\s+{_MAY}\s+be\s+(?:delegated(?:\s+to\s+{_WHO})?|{_DONE}\s+by\s+{_WHO}){_FOR}"
    rf"|you\s+{_MAY}\s+delegate\s+{_it('it_four')}(?:\s+to\s+{_WHO})?"
    rf"|(?:please\s+)?(?:do\s+not|don['’]t)\s+delegate\s+{_it('it_five')})\b"
)
_GOES_ON = re.compile(r"(?i)\s*(?:[,;:.–—-]+\s*(?:and|but|so|which)?|\s(?:and|but|so))\s+")
_END = re.compile(r"[\s.;!)]*$")
_PAPERS = frozenset(
    re.findall(
        r"[a-z]+",
        """
    form forms survey report return count counts task work request questionnaire application checklist template review
    process entry update module thing submission
    """,
    )
)
"""What a memo calls the thing it asks for, even where the demand has another word."""


def read_aside(sentence: str, asked: str) -> Aside | None:
    """What the sentence says of the demand ``asked``; None where it says anything else beside it."""
    words = " ".join(sentence.split()).replace("(", ", ").replace(")", "").strip(" ,")
    place, delegation, is_any = 0, "", False
    while not _END.match(words, place):
        if is_any:
            joint = _GOES_ON.match(words, place)
            if joint is None:
                return None
            place = joint.end()
        found = _TIME.match(words, place) or _WHO_MAY.match(words, place)
        if found is None or not _is_of(found, asked):
            return None
        if found.re is _WHO_MAY:
            delegation = delegation or f"{found[0][:1].upper()}{found[0][1:]}"
        place, is_any = found.end(), True
    return Aside(stated_minutes(words), delegation) if is_any else None


def _is_of(found: re.Match[str], asked: str) -> bool:
    """Whether what is timed or handed on ("the form takes", "may sign the report") is what was asked."""
    known = {*_PAPERS, *re.findall(r"[\w-]+", asked.lower())}
    return all(word.lower() in known for word in found.groupdict().values() if word)
