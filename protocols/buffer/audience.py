"""Which schools a passage is for, as tags: ``all``, levels, kinds of school, newcomers."""

import re
from collections.abc import Mapping

ALL = "all"
LEVELS = ("early_childhood", "elementary", "middle", "high", "k8")
KINDS = ("title_i", "charter", "alternative", "special_education", "bilingual")
NEWCOMERS = "new_principals"

_PLACE = r"\s+(?:schools?|level|principals?|sites?|campuses)\b"
_TAGS: Mapping[str, re.Pattern[str]] = {
    tag: re.compile(pattern, re.IGNORECASE)
    for tag, pattern in {
        "early_childhood": (
            r"\b(?:early\s+(?:childhood|learning|education)\s+(?:centers?|centres?|schools?|programs?|sites?)|"
            r"(?:pre-?k|preschool|nursery)\s+(?:schools?|sites?|programs?))\b"
        ),
        "elementary": (
            r"\b(?:elementary|primary)(?:\s*(?:,|and|or|&|/)\s*(?:middle|secondary|high|intermediate|K-?8))*"
            + _PLACE
        ),
        "middle": (
            r"\b(?:middle|intermediate|junior\s+high)(?:\s*(?:,|and|or|&|/)\s*(?:secondary|high|K-?8))*"
            + _PLACE
        ),
        "high": (
            r"\b(?<!junior\s)(?:high|secondary)"
            + _PLACE
            + r"(?!\s+(?:diploma|annex|credit|transcript|graduat))"
        ),
        "k8": r"\bK-?8\s+(?:schools?|principals?|sites?)\b",
        "title_i": (
            r"\bTitle\s+(?:I|1|One)\b(?!\s*[-,]?\s*(?:X|V|I))(?:\s+(?:schools?|funds?|funding|principals?))"
        ),
        "charter": r"\bcharter\s+schools?\b(?!\s+(?:act|law))",
        "alternative": r"\balternative\s+(?:schools?|provision)\b",
        "special_education": r"\bspecial\s+(?:education\s+)?schools?\b",
        "bilingual": r"\b(?:bilingual|dual[- ]language)\s+(?:schools?|sites?)\b",
        NEWCOMERS: (
            r"\b(?:new|first-year|newly\s+appointed)\s+(?:principals?|heads?\s+of\s+school|school\s+leaders?)\b"
        ),
    }.items()
}
_EXCLUDED = re.compile(r"(?i)\b(?:except|excluding|other\s+than|not)\s+(?:for\s+)?(?:the\s+)?$")


def audience_of(passage: str) -> tuple[str, ...]:
    """Tags the passage itself names; empty where it names none. A group named after "except" is not the audience."""
    return tuple(
        tag
        for tag, pattern in _TAGS.items()
        if (m := pattern.search(passage))
        and not _EXCLUDED.search(passage[max(0, m.start() - 24) : m.start()])
    )
