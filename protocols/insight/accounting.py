"""Whether every word of a question has its part in the query that was understood.

Many words mean something only beside a measure: "cost" speaks of protected time that was lost, and in "cost per visit"
of nothing that is counted here. So once the query stands, each word of the part that asks must be one that its measure
is asked with, one of what it is set out by, held against or cut down to, or one that says nothing anywhere. A word left
over is asked about: an answer that passes over it would answer another question.
"""

import re
from collections.abc import Mapping

from protocols.insight.query import Grouping, Heard, Measure
from protocols.insight.span_words import DAYS
from protocols.insight.wording import is_among, listed

_VISITS = ("held", "visits")
_PARTS: Mapping[Measure, tuple[str, ...]] = {
    Measure.VISITS: _VISITS,
    Measure.NOT_VISITED: (*_VISITS, "never", "gap"),
    Measure.LONGEST_GAP: (*_VISITS, "never", "gap"),
    Measure.INTERVALS_KEPT: (*_VISITS, "rhythm", "shares"),
    Measure.EVENNESS: (*_VISITS, "even"),
    Measure.TIME_IN_SCHOOLS: (*_VISITS, "time", "shares"),
    Measure.CANCELLED: (*_VISITS, "cancelled"),
    Measure.MADE_GOOD: (*_VISITS, "cancelled", "shares"),
    Measure.NEXT_STEPS: (*_VISITS, "steps", "shares"),
    Measure.USEFULNESS: (*_VISITS, "useful", "shares"),
    Measure.PROTECTED_KEPT: ("held", "protected", "shares"),
    Measure.PROTECTED_LOST: ("held", "protected", "offices", "shares"),
    Measure.MANDATES: ("asked", "offices", "held"),
    Measure.MINUTES_ASKED: ("asked", "offices", "held"),
    Measure.TAKEN_OFF: ("asked", "offices"),
    Measure.CYCLES: (),
}
_LISTS = {Measure.NOT_VISITED, Measure.LONGEST_GAP, Measure.INTERVALS_KEPT, Measure.EVENNESS}
_SUBJECTS = frozenset(
    (
        "school", "schools", "campus", "campuses", "building", "buildings", "site", "sites", "principal", "principals",
        "ild", "ilds", "director", "directors", "supervisor", "supervisors", "network", "networks", "leader", "leaders",
    )
)  # fmt: skip
_BOARD = (
    r"(?:board|cabinet|council|committee|superintendent|boss|chief|executives?|retreat|conference|workshop|hearing|"
    r"testimony|newsletter|report|review|presentation|deck|slides?|memo|meeting|members?|trustees?|people|team|staff)"
)
_ASIDE = (
    # For whom, and to what end one asks.
    rf"\b(?:for|before|to) (?:(?:i|we) (?:go|meet|present|report|talk) (?:in|into|to|with|before)? ?)?"
    rf"(?:(?:the|my|our|an?|this|that|tonights?|tomorrows?|todays?) (?:\w+ )?)?{_BOARD}(?: {_BOARD})*"
    r"(?: (?:here|tonight|today|tomorrow))?\b",
    rf"^(?:and |so |now )*(?:an?|the|our|my|1|one|some|few)?(?: of the| of our)? ?(?:\w+ )?{_BOARD}(?: {_BOARD})*"
    r" (?:\w+ )?(?:wants?|needs?|asks?|asked|asking|wonders?|would like|wondering)(?: me| us)?(?: to (?:know|see))?\b",
    r"^(?:and |so )*i (?:have|have got) (?:the|a|my|our) \w+ on the (?:line|phone)\b",
    r"\b(?:have|get|got|had) (?:\w+ )?ready\b",
    # Greetings, thanks and courtesies.
    r"^(?:(?:good|nice|great|excellent|perfect|wonderful|lovely|super|cool) )+(?:morning|afternoon|evening|day)?\b",
    r"\bfail(?:s|ed)?(?= to )|\b(?:more|longer)(?= than (?:\d|an?\b|one\b))|\b(?:or|and) (?:more|longer)\b",
    r"^(?:(?:please|can you|could you|would you|i need you to) )*"
    r"(?:(?:send|present|report|prepare)(?: (?:me|us|over|along|out))?|share(?: with)? (?:me|us|the|all|our))\b",
    r"^(?:a )?quick (?:question|one|check|ask)\b|\b(?:quickly|real quick)\b|\bhow come\b|\b(?:again|too)$|^again\b|"
    r"\b(?:trying|interested|curious) (?=to|in|about|how|if|whether)|\blooking back\b",
    r"\bif (?:it|that) is not too much(?: \w+)?\b|\bno (?:rush|hurry|problem|pressure|worries)\b|\bnot sure\b|"
    r"\b(?:if|or|whether or) not\b|\bdo not (?:know|mind|remember|recall)\b|\bno (?:idea|clue)\b|"
    r"\bcan not (?:find|remember|recall|tell|see|figure)(?: out)?\b",
    r"\b(?:when|if|whenever) you (?:have|get|find)(?: got)?(?: an?| the| some)? (?:time|chance|minute|moment|2nd|"
    r"second|sec)\b",
    r"\bat your (?:earliest )?convenience\b|\bto refresh my memory\b|\b(?:help|remind|let) (?:me|us)\b|"
    r"\bis it true that\b|\bwhat is the story (?:with|on|at)\b",
    r"\bin (?:general|total|all|particular|the end|full|detail|fact|short)\b|\bas (?:well|a whole)\b|\bexcuse me\b|"
    r"\bat (?:all|the moment|this point)\b|\bfor the most part\b|\bon the whole\b|\bby the way\b|"
    r"\bto be (?:honest|clear|exact|precise|sure|fair)\b|\b(?:new|next|another|last|1st|one more|different) question\b|"
    r"\bin (?:those|these|that|the same) (?:days?|weeks?|months?|period|time)\b|"
    r"\b(?:for|in|over|during) the (?:period|time|stretch|span)(?= <p| from)",
    # Putting right what was said before.
    r"^(?:(?:no|not that|sorry|oops|wait|typo) )+(?:i (?:mean|meant) )?|\bi meant?\b",
    r"\bsame (?:thing|question|one|as before|again)?\b|\bwas it (?:any )?(?:better|worse|different)\b|"
    r"^make (?:it|that)\b|^(?:now )?name\b",
    r"^(?:(?:now|please|can you|could you) )*(?:narrow|limit|restrict|extend|stretch|widen|zoom|drill)"
    r"(?: (?:it|that|this))?(?: (?:down|in|out))?(?= (?:to|on|into|by)\b|$)|\bat (?:any|some) (?:point|time)\b",
    # How it is to look.
    r"\b(?:district|network) wide\b|<\w+> (?:alone|only)\b|\b(?:visits?|<k\d+>) wise\b|\bin terms of\b|"
    r"\bin (?:the )?(?:days|weeks|months?)(?= <p)|\bthe days(?= <p)|\bfor the month(?= <p)|<p\d+> (?:one|month)\b|"
    r"\bbetween(?= <)|\bpast the(?= \d)|\b(?:set|break|lay|split) (?:that |this |it )?(?:out|up|down)?\b(?= by)",
)
_SAID_ASIDE = tuple(re.compile(pattern) for pattern in _ASIDE)
_NUMBERS = re.compile(
    r"\b(?:at least|more than|over|under|fewer than|less than|minimum of|even)? ?(?:\d+|one|once)(?:st|nd|rd|th)?"
    r"(?: percent| hours?| minutes?| or more| plus)*\b"
)


def unused(asked: str, heard: Heard) -> str | None:
    """The first word of the part that asks which has no part in what was heard; None where each has one.

    `heard` must have a measure.
    """

    assert heard.measure is not None
    known = _words_of(heard)
    for pattern in _SAID_ASIDE:
        asked = pattern.sub(" ", asked)
    asked = re.sub(r"<\w+>", " ", _NUMBERS.sub(" ", DAYS.sub(" ", asked)))
    said = listed("filler") | {"."}
    return next((word for word in asked.split() if word not in said and not is_among(word, known)), None)


def _words_of(heard: Heard) -> frozenset[str]:
    assert heard.measure is not None
    parts = ["amounts", *_PARTS[heard.measure]]
    is_set_out = heard.by is not None or heard.compare is not None
    is_set_out = is_set_out or any(len(names) > 1 for names in heard.filters.values())
    if is_set_out:
        parts += ["against"]
    if is_set_out or heard.measure in _LISTS:
        parts += ["extremes"]
    if heard.by is not None:
        parts += ["groups"]
    if heard.by is Grouping.REASON:
        parts += ["reasons"]
    if heard.by is Grouping.OFFICE:
        parts += ["offices"]
    return frozenset().union(_SUBJECTS, *(listed(part) for part in parts))
