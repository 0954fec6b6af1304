"""Which schools a passage is for, as tags: ``all``, levels, kinds of school, newcomers.

A school that is left out by mistake never hears of its duty, so a group is taken for the audience only where the
words say so: not where it is excepted, written to, or heard from ("send the file to the high school").
"""

import re
from collections.abc import Mapping

ALL = "all"
LEVELS = ("early_childhood", "elementary", "middle", "high", "k8")
KINDS = ("title_i", "charter", "alternative", "special_education", "bilingual")
NEWCOMERS = "new_principals"

_LEVEL_WORDS: Mapping[str, str] = {
    "early_childhood": r"early\s+(?:childhood|learning|education)|pre-?k|preschool|nursery",
    "elementary": r"elementary|(?<!post-)primary",
    "middle": r"middle|intermediate|junior\s+high",
    "high": r"(?<!junior\s)high|secondary|post-primary",
    "k8": r"K\s?[-–]\s?8|K8",
}
_OTHER_WORDS: Mapping[str, str] = {
    "title_i": r"Title\s+(?:I|1|One)(?!\s*[-,]?\s*(?:X|V|I))\s+(?:schools?|funds?|funding|principals?|sites?)",
    "charter": r"charter\s+schools?(?!\s+(?:act|law))",
    "alternative": r"alternative\s+(?:schools?|provision)",
    "special_education": r"special\s+(?:education\s+)?schools?",
    "bilingual": r"(?:bilingual|dual[- ]language)\s+(?:schools?|sites?)",
    NEWCOMERS: (
        r"(?:new|first-year|newly\s+appointed)\s+(?:principals?|heads?\s+of\s+school|head\s?teachers?|"
        r"school\s+leaders?)"
    ),
}
_LEVEL = "|".join(_LEVEL_WORDS.values())
_PLACE = r"(?:schools?|principals?|head\s?teachers?|sites?|campus(?:es)?|cent(?:er|re)s?|programs?)"
_AND = r"\s*(?:,|/|&|\band\b|\bor\b)\s*(?:(?:and|or)\s+)?"
_LEVELLED = re.compile(
    rf"(?i)\b(?:{_LEVEL})(?:(?:\s+schools?)?{_AND}(?:{_LEVEL}))*"
    rf"(?:\s+{_PLACE}\b(?!\s+(?:diploma|annex|credit|transcript|graduat))|(?<!high)\s+level\b)"
)
_TAGS: Mapping[str, re.Pattern[str]] = {
    tag: re.compile(rf"(?i)(?<![\w-])(?:{words})(?![\w-])")
    for tag, words in {**_LEVEL_WORDS, **_OTHER_WORDS}.items()
}
_NOT_ADDRESSED = re.compile(
    r"(?i)(?:\b(?:except|excluding|other\s+than|not|from|with|by)|"
    r"(?<!applies)(?<!apply)(?<!applicable)(?<!open)(?<!available)(?<!addressed)(?<!limited)\s+to)\s+"
    r"(?:for\s+)?(?:(?:the|all|any|each|their|its|your|a|an|other|feeder|receiving|sending|local|nearest)\s+)*$"
)
_EVERYONE = re.compile(
    r"(?i)\b(?:all|every|each|no|any)\s+(?:district\s+|public\s+)?(?:schools?|principals?|heads?\s+of\s+school|"
    r"sites?|school\s+leaders?)\b"
)
_GROUP = (
    rf"(?:(?:{_LEVEL})(?:\s+(?:level|{_PLACE}))*|{'|'.join(_OTHER_WORDS.values())}|"
    r"(?:all|every)\s+(?:schools?|principals?|heads?\s+of\s+school|sites?|school\s+leaders?)|everyone)"
)
_ONLY_GROUPS = re.compile(
    rf"(?i)[\s#*_]*(?:(?:for|to|attention|note\s+(?:to|for)|in|at)\s+)?(?:(?:all|our|the)\s+)?"
    rf"(?P<groups>{_GROUP}(?:{_AND}(?:for\s+)?(?:all\s+)?{_GROUP})*)(?:\s+only)?"
    r"(?:\s*\([^()\n]{1,30}\))?(?:\s+only)?[\s*_]*(?P<colon>:?)[\s*_]*"
)
_NAMES_SCHOOLS = re.compile(
    rf"(?i)\b(?:{_PLACE}|leaders?|heads?|level|elementary|secondary|everyone|provision)\b|\bK\s?[-–]?\s?8\b"
)


def audience_of(passage: str) -> tuple[str, ...]:
    """Tags the passage itself names, or ``all`` where it says "all schools"; empty where it names none."""
    label = _ONLY_GROUPS.match(passage)
    if label and label["colon"] and _NAMES_SCHOOLS.search(label["groups"]):
        return _tags_in(label["groups"])
    addressed = " ; ".join(
        m[0]
        for pattern in (_LEVELLED, *(_TAGS[tag] for tag in _OTHER_WORDS))
        for m in pattern.finditer(passage)
        if not _NOT_ADDRESSED.search(passage[max(0, m.start() - 40) : m.start()])
    )
    if addressed:
        return _tags_in(addressed)
    return (ALL,) if _EVERYONE.search(passage) and not _LEVELLED.search(passage) else ()


def groups_named(words: str) -> tuple[str, ...]:
    """Tags of the groups of schools named anywhere in a few words, even bare: "(elementary)"; empty for none."""
    return tuple(tag for tag, pattern in _TAGS.items() if pattern.search(words))


def headed_audience(line: str) -> tuple[str, ...]:
    """Tags of a line that names an audience and nothing else ("HIGH SCHOOLS", "For new principals:"); else empty.

    A bare "High" or "Primary" may rank or describe anything, so it does not count.
    """
    heading = _ONLY_GROUPS.fullmatch(line)
    is_set_apart = heading and (heading["colon"] or _is_title(line))
    if not heading or not is_set_apart or not _NAMES_SCHOOLS.search(heading["groups"]):
        return ()
    return _tags_in(heading["groups"])


def _is_title(line: str) -> bool:
    """Capitals, or a capital at the start: a line of small letters goes on from the one above."""
    first = next((c for c in line if c.isalpha()), "")
    return first.isupper()


def _tags_in(words: str) -> tuple[str, ...]:
    found = tuple(tag for tag, pattern in _TAGS.items() if pattern.search(words))
    return found or (ALL,)
