"""Words that say how a question is to be set out or cut down, and changed nothing in what was understood.

"Except in network 5", "each of the weekly ones", "most", "compared to spring": such a word is never without meaning.
Where the query holds nothing that it could have asked for, it was not understood, and the question is asked back.
"""

import re

from protocols.insight.query import Heard, Measure

_LEFT_OUT = re.compile(
    r"\b(?:except(?:ing)?|exclud\w*|exclusive|minus|apart from|aside from|other than|besides|leaving (?:out|"
    r"aside)|"
    r"but not|not (?:counting|including)|without (?:counting|including)|ignoring|disregarding|"
    r"setting aside)\b"
)
_AGAINST = re.compile(
    r"\b(?:vs|versus|compared?|comparing|comparison|differ(?:s|ent|ence)?|(?<!rather )(?<!other )than|"
    r"stack(?:s|ed)? up|grow\w*|grew|increas\w*|decreas\w*|declin\w*|improv\w*|higher|lower)\b"
    r"(?! (?:\S+ )?(?:\d|an?\b|once|usual|goals?|targets?|percent|expected|planned|every))"
)
_EXTREME = re.compile(
    r"\b(?<!at )(?:most|least|fewest|highest|lowest|best|worst|top|bottom|busiest)\b"
    r"(?! (?:recent|of (?:the|our|my) time|likely|"
    r"important|current|up to date|regards|way))"
)
_ONE_BY_ONE = re.compile(
    r"\b(?:each|apiece|respectively|separately|individually|per)\b(?! (?:week|other|time|visit|day|<k|"
    r"request|se\b))"
)
_SET_OUT_BY = re.compile(
    r"(?<!seen )(?<!visited )(?<!made )(?<!done )(?<!led )(?<!held )(?<!run )(?<!sent )(?<!asked )(?<!cancelled )"
    r"(?<!canceled )(?<!taken )(?<!lost )(?<!stop )(?<!stopped )(?<!stopping )"
    r"(?<!come )(?<!came )(?<!coming )(?<!drop )"
    r"(?<!dropped )(?<!been )(?<!swing )(?<!swung )(?<!go )(?<!went )(?<!conducted )(?<!completed )(?<!issued )"
    r"\bby (?!any|us\b|now\b|then\b|the way|me\b|my\b|his\b|her\b|their\b|our\b|an?\b|the (?:central|"
    r"district|end)|"
    r"ilds?\b|directors?\b|supervisors?\b|central|district|no|some|mistake|chance|hand|far|myself|herself|"
    r"himself|yesterday|today|late|early|much|how)[a-z]+"
)
_LISTS = {Measure.NOT_VISITED, Measure.LONGEST_GAP, Measure.INTERVALS_KEPT, Measure.EVENNESS}


def left_over(line: str, heard: Heard) -> str | None:
    """The first such word of the line that nothing in the query answers to; None where each has its part."""

    if found := _LEFT_OUT.search(line):
        return found[0]
    if heard.by is not None or heard.compare is not None:
        return None
    are_groups = any(len(names) > 1 for names in heard.filters.values())
    if not are_groups and (found := _AGAINST.search(line)):
        return found[0]
    if heard.measure not in _LISTS and (found := _EXTREME.search(line)):
        return found[0]
    if heard.measure not in _LISTS and (found := _ONE_BY_ONE.search(line)):
        return found[0]
    found = _SET_OUT_BY.search(line)
    return found[0] if found else None
