"""Find the facets of a demand in its sentence and in the one behind it.

Everything here is in the memo's own words or says nothing: an empty facet means that the memo does not tell.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from protocols.buffer.asides import read_aside
from protocols.buffer.attachments import attachments_named, forms_named
from protocols.buffer.audience import ALL, groups_named
from protocols.buffer.contacts import contact_in
from protocols.buffer.demands import Binding, DateMention, DateRole, Demand
from protocols.buffer.facets import Authority, DayFor, Facets
from protocols.buffer.passages import Kind, Passage

CITED_WITHIN = 170
"""Characters behind a sentence in which a citation in brackets still belongs to it."""
LONGEST_WORDS = 160
NEAR = 40
"""Characters between a sentence and the one that goes on about it."""


_AUTHORITIES: Sequence[tuple[Authority, re.Pattern[str]]] = (
    (
        Authority.LAW,
        re.compile(
            r"\b(?:(?:Education|Penal|Government|Health(?:\s+and\s+Safety)?|Labor|Administrative|Revised|General)\s+(?:Code|Statutes?|"
            r"Laws?)\b[^.;,()]{0,40}|\d+\s+(?:CFR|C\.F\.R\.|USC|U\.S\.C\.|CCR)\s*§?\s*[\d.]*|§+\s*[\d.-]+|"
            r"(?:(?:state|federal|State|Federal)\s+(?:and\s+(?:federal|state)\s+)?)?(?:laws?|statutes?|regulations?)\s+(?:now\s+|also\s+)?"
            r"(?:requires?|mandates?|provides?|prohibits?)|(?:required|mandated|prohibited)\s+by\s+(?:state\s+|federal\s+)?(?:law|"
            r"statute|regulation|IRS\s+regulation)|by\s+law|statutory|"
            r"(?:[A-Z]\w+\s+){1,5}Act(?:\s+(?:of\s+)?\d{4})?|Public\s+Act\s+[\d-]+|Section\s+\d[\d.-]*(?:\s+of\s+the\s+[A-Z]\w+(?:\s+[A-Z]\w+)*)?|"
            r"IDEA|FERPA|Title\s+IX|Education\s+Law)\b"
        ),
    ),
    (
        Authority.STATE,
        re.compile(
            r"\b(?:(?:[Tt]he\s+)?[Ss]tate(?:\s+(?:Department|Board|Superintendent)[\w\s]{0,30})?\s+(?:requires?|mandates?|expects?|asks)|"
            r"(?:required|mandated|requested)\s+by\s+the\s+(?:[Ss]tate|[Mm]inist(?:ry|er)|Department|Commissioner|DfE)|"
            r"(?:Department\s+(?:of|for)\s+Education|DfE|[Mm]inistry|Commissioner)(?:\s+\w+)?\s+(?:requires?|expects?|mandates?|asks)|"
            r"[Ss]tate\s+(?:requirement|mandate|board\s+rule|assessment\s+rules))\b"
        ),
    ),
    (
        Authority.BOARD,
        re.compile(
            r"\b(?:[Bb]oard\s+[Pp]olic(?:y|ies)(?:\s+[A-Z\d][\w.-]*)?|[Pp]olicy\s+[A-Z]{2,}[\w-]*|(?:School\s+)?Board(?:\s+of\s+Education)?\s+"
            r"(?:requires?|adopted|directs?|resolved)|School\s+Committee\s+\w+s|[Bb]oard\s+(?:resolution|regulation)\s*[\w.-]*|"
            r"it\s+is\s+(?:the\s+)?(?:[\w'’]+\s+){0,5}policy|(?:collective\s+bargaining\s+)?[Aa]greement\s+requires|Article\s+\d+(?:\s+of\s+the\s+[Aa]greement)?)"
        ),
    ),
    (
        Authority.OFFICE,
        re.compile(
            r"(?i)\b(?:(?:this|our)\s+(?:office|department|team|unit)\s+(?:\w+\s+)?(?:asks?|requires?|expects?|prefers?|needs?)|"
            r"(?:we|i)\s+(?:also\s+)?(?:ask|require|need|expect|would\s+like|prefer)|(?:our|the\s+office['’]s)\s+(?:practice|procedure)|"
            r"as\s+(?:in\s+past\s+years|we\s+have\s+always\s+done))\b"
        ),
    ),
)
_CITATION = re.compile(r"\s*\((?P<cited>[^()]{3,160})\)")
_DELEGATION = re.compile(
    r"(?i)(?:\bdelegat(?:e|ed|ion)\b|\bmay\s+(?:not\s+)?(?:sign|do\s+(?:this|it)|act|attend|submit)\s+(?:in\s+(?:her|his|their|your|"
    r"the\s+principal['’]s)\s+(?:place|absence)|instead|on\s+(?:your|her|his|their|the\s+principal['’]s)\s+behalf|for\s+(?:you|her|him))|"
    r"\b(?:must|only|shall)\b[^.;]{0,60}\bin\s+person\b|\byour\s+(?:[\w-]+\s+){1,3}(?:may|can)\s+(?:do|complete|sign|handle|submit|enter)\b|\bby\s+someone\s+else\b|"
    r"\bor\s+(?:(?:his/her|their|your|a|the)\s+)?designees?\b|\bdesignees?\b|\bon\s+(?:your|the\s+principal['’]s)\s+behalf\b|"
    r"\bmust\s+be\s+(?:done|signed|completed)\s+by\s+the\s+principal\b)"
)
_JOINED = re.compile(r",\s+(?:and|but)\s+")
_CONSEQUENCE = re.compile(
    r"(?i)(?:\bfailure\s+to\b|\botherwise\b|\bor\s+(?:they|it|you|we|the\s+school)\s+(?:will|may)\b|"
    r"\b(?:will|may|shall|can|could)\s+(?:result\s+in|lead\s+to|be\s+(?:charged|billed|assessed|returned|rejected|withheld|denied|forfeited|"
    r"reported|delayed|assigned|disabled|locked|cancelled|canceled|referred|refused|suspended|removed))\b|"
    r"\b(?:is|are)\s+(?:charged\s+back|forfeited|returned|rejected|not\s+paid)\b|\bwill\s+not\s+be\s+(?:accepted|considered|processed|paid|"
    r"reimbursed|approved|honou?red|reviewed)\b|\bcannot\s+be\s+(?:accepted|considered|processed|paid|reimbursed)\b|\blos(?:e|s)\b|"
    r"\bin\s+jeopardy\b|\bpenalt(?:y|ies)\b|\bsurcharge\b|\bat\s+risk\s+of\b|\bineligible\b|\bsubject\s+to\s+(?:disciplin|audit|a\s+fine)\w*)"
)
_WHO_FAILS = re.compile(
    r"(?i)\b(?:late|fail(?:ure|s|ed)?|after\s+(?:that|this|the)\s+(?:date|deadline|closing)|do(?:es)?\s+not|not\s+\w+ed|without|missed|"
    r"incomplete|lack(?:s|ing)?|unless|otherwise|if\s+(?:not|no)|received\s+after|submitted\s+after|missing)\b"
)


def add_facets(
    text: str, demands: Sequence[Demand], passages: Sequence[Passage], times: Sequence[DateMention]
) -> list[Demand]:
    """The same demands, each with its facets; who may do it is kept where a sentence further on has said so."""
    asking = {demand.start for demand in demands}
    starts = [passage.start for passage in passages]
    moments = [time.start for time in times]
    found: list[Demand] = []
    for demand in demands:
        after = bisect_right(starts, demand.start)
        behind = passages[after] if after < len(passages) else None
        is_its = behind is not None and behind.start not in asking and behind.start - demand.end < NEAR
        following = behind.text if behind is not None and is_its and behind.kind is Kind.SENTENCE else ""
        mine = times[bisect_left(moments, demand.start) : bisect_left(moments, demand.end)]
        facets = facets_of(text, demand.start, demand.end, following, mine)
        if demand.binding is not Binding.MUST and not _consequence(demand.quote):
            facets = replace(facets, consequence="")
        if demand.facets.delegation and not _delegation(demand.quote):
            facets = replace(facets, delegation=demand.facets.delegation)
        found.append(
            replace(demand, facets=facets, audience=_all_with_a_day(demand.audience, facets.days_for))
        )
    return found


def _all_with_a_day(audience: tuple[str, ...], days: Sequence[DayFor]) -> tuple[str, ...]:
    """The audience with every group that the sentence has a day for: "Elementary: by May 4; middle schools: by May 7"
    is for both, whatever its label says."""
    if audience == (ALL,) or not days:
        return audience
    named = [tag for one in days for tag in one.audience]
    if ALL in named:  # a day for all others
        return tuple(tag for tag in audience if tag not in named) or (ALL,)
    return tuple(dict.fromkeys((*audience, *named)))


def facets_of(text: str, start: int, end: int, following: str, times: Sequence[DateMention]) -> Facets:
    """The facets of the sentence ``text[start:end]``; ``following`` is the next sentence where that asks nothing.

    What follows if it is not done, and who may do it instead, often stand in the sentence behind it.
    """
    passage = text[start:end]
    cited = _CITATION.match(text, end, min(len(text), end + CITED_WITHIN))
    authority, words = _authority(passage, cited["cited"] if cited else "")
    return Facets(
        authority=authority,
        authority_words=words,
        forms=forms_named(passage),
        contact=contact_in(passage),
        delegation=_delegation(passage) or _delegation(following),
        consequence=_consequence(passage) or _consequence(following),
        attachments=attachments_named(passage),
        days_for=days_for(text, start, end, times),
    )


def _authority(passage: str, cited: str) -> tuple[Authority | None, str]:
    for authority, pattern in _AUTHORITIES:
        for words in (passage, cited):
            found = pattern.search(words)
            if found:
                return authority, _short(cited if words is cited else found[0])
    return None, ""


def _delegation(words: str) -> str:
    # Cut first: one expression for both would look ahead from every letter.
    found = next((part for part in re.split("[.;]", words) if _DELEGATION.search(part)), None)
    if found is None:
        return ""
    for part in (found, _JOINED.split(found)[-1]):
        # "..., and it takes 20 minutes and your clerk may do it": only who may.
        aside = read_aside(part, words)
        if aside and aside.delegation:
            return aside.delegation
    return _short(found)


def delegation_beside(wording: str, facets: Facets) -> str:
    """Who may do it instead, to stand beside a wording; empty where that says so itself."""
    return "" if _DELEGATION.search(wording) else facets.delegation


def _consequence(words: str) -> str:
    """The sentence, or the half of it, that says what happens to those who do not do it."""
    for half in re.split(r";\s+|,\s+(?=or\b|otherwise\b)|\s[–—]\s", words):
        if _CONSEQUENCE.search(half) and _WHO_FAILS.search(half):
            return _short(half)
    return ""


def _short(words: str) -> str:
    plain = " ".join(words.split()).strip(" ,;")
    return plain if len(plain) <= LONGEST_WORDS else plain[: LONGEST_WORDS - 1].rsplit(" ", 1)[0] + "…"


def days_for(text: str, start: int, end: int, times: Sequence[DateMention]) -> tuple[DayFor, ...]:
    """Which of a sentence's days is for which schools: "October 5 (elementary), October 7 (middle)".

    Empty where it names one day, or no schools beside any; a day without schools of its own is for all others.
    """
    dated = [t for t in times if t.iso is not None and t.role in (DateRole.DEADLINE, DateRole.EVENT)]
    dated = [t for t in dated if start <= t.start < end]
    if len(dated) < 2:
        return ()
    found: list[DayFor] = []
    edge = start
    for number, mention in enumerate(dated):
        stop = dated[number + 1].start if number + 1 < len(dated) else end
        behind = _BEHIND.match(text[mention.end : stop])
        before = text[edge : mention.start]
        groups = groups_named(behind["groups"]) if behind else ()
        if groups and behind:
            edge = mention.end + behind.end()
        else:
            groups, edge = groups_named(before), mention.end
        if mention.iso is not None:
            found.append(DayFor(groups or (ALL,), mention.iso))
    return tuple(found) if any(one.audience != (ALL,) for one in found) else ()


_BEHIND = re.compile(
    r"\s*(?:,\s*)?(?:\((?:for\s+)?|for\s+)(?P<groups>[^():;,.]{3,40}?)(?:\)|(?=\s+(?:and|by)\s|[,;.]|\s*$))"
)
