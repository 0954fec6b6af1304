"""Which schools a passage is for, as tags: ``all``, levels, kinds of school, newcomers, ``network:`` and its name.

A school that is left out by mistake never hears of its duty, so a group is taken for the audience only where the
words say so: not where it is excepted, written to, or heard from ("send the file to the high school").
"""

import re
from collections.abc import Collection, Iterator, Mapping

from protocols.buffer.numerals import value_of

ALL = "all"
LEVELS = ("early_childhood", "elementary", "middle", "high", "k8")
KINDS = ("title_i", "charter", "alternative", "special_education", "bilingual")
NEWCOMERS = "new_principals"
NETWORK = "network:"
"""What a tag begins with that names a network; its ``network_key`` follows."""

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
_READERS = re.compile(
    r"(?i)\b(?:all|every|each|no|any)\s+(?:principals?|heads?\s+of\s+school|head\s?teachers?|school\s+leaders?)\b"
    r"(?!\s+(?:in|of|at|across|throughout)\s+(?:(?:the|our|this)\s+)?(?:district|county|city|state|all|every|each)\b)"
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


_NAME = (
    r"(?-i:(?!(?:All|The|Our|Each|Every|These|Those|Your|Any|This|That|Both|No|For|To|In|Of|New|And|Or|ALL|THE|FOR|TO|"
    rf"IN|OF|AND|OR)\b)[A-Z](?:[\w'’-]*\w)?(?:\s+(?!(?i:networks?|{_PLACE}|{_LEVEL}|must|shall|should|may|will)\b)"
    r"[A-Z](?:[\w'’-]*\w)?)?|\d{1,2}[A-Z]?)(?![\w-])"
)
"""What a network is called, beside the word itself: "3", "North", "North Shore"."""
_NAMES = rf"{_NAME}(?:{_AND}{_NAME})*"
_OF_NETWORKS = rf"(?:(?:{_LEVEL})(?:\s+school)?\s+)?{_PLACE}"
_BY_NETWORK = (
    rf"networks?\s+(?P<before>{_NAMES})(?:['’]s?)?\s+{_OF_NETWORKS}|"
    rf"(?P<behind>{_NAMES})\s+networks?(?:['’]s?)?\s+{_OF_NETWORKS}|"
    rf"{_PLACE}(?:\s+(?:in|of|from|within)\s+(?:the\s+)?|\s*[,(–-]\s*)(?:networks?\s+(?P<within>{_NAMES})|(?P<of>{_NAMES})\s+networks?)"
)
_NETWORKED = re.compile(rf"(?i)(?<![\w-])(?:{_BY_NETWORK})\b")
_NETWORK_LABEL = re.compile(
    rf"(?i)[\s#*_]*(?:(?:for|to|attention)\s+)?(?:all\s+)?(?:{_BY_NETWORK}|networks?\s+(?P<label>{_NAMES})|"
    rf"(?P<name>{_NAMES})\s+networks?)(?:\s+only)?[\s*_]*(?P<colon>:?)[\s*_]*"
)


def network_key(name: str) -> str:
    """What two ways of writing a network's name have in common: "North Network", "NORTH"; "Network Three", "3"."""
    words = [
        word
        for word in re.split(r"[\s:,]+", name.casefold())
        if word not in ("", "network", "networks", "the")
    ]
    plain = " ".join(words)
    number = value_of(plain) if plain else None
    return str(number) if number is not None else plain


def known_audience(tags: tuple[str, ...], networks: Collection[str]) -> tuple[str, ...]:
    """The tags without networks that the district has not: what looked like one names something else.

    Where nothing is left it is for all schools, for a demand too many is better than one lost.
    """
    known = {network_key(name) for name in networks}
    kept = tuple(
        tag for tag in tags if not tag.startswith(NETWORK) or network_key(tag.removeprefix(NETWORK)) in known
    )
    return kept or (ALL,)


def _networks_named(found: re.Match[str]) -> tuple[str, ...]:
    names = next((words for group, words in found.groupdict().items() if words and group != "colon"), "")
    parts = (network_key(name) for name in re.split(rf"(?i){_AND}", names))
    return tuple(dict.fromkeys(NETWORK + part for part in parts if part))


def _networks_in(passage: str) -> Iterator[str]:
    """Tags of the networks whose schools the words address, in a label before a colon or anywhere."""
    label = _NETWORK_LABEL.match(passage)
    if label and label["colon"]:
        yield from _networks_named(label)
        return
    for found in _NETWORKED.finditer(passage):
        if not _NOT_ADDRESSED.search(passage[max(0, found.start() - 40) : found.start()]):
            yield from _networks_named(found)


def audience_of(passage: str) -> tuple[str, ...]:
    """Tags the passage itself names, or ``all`` where it says "all schools"; empty where it names none."""
    label = _ONLY_GROUPS.match(passage)
    if label and label["colon"] and _NAMES_SCHOOLS.search(label["groups"]):
        return _tags_in(label["groups"])
    networks = tuple(dict.fromkeys(_networks_in(passage)))
    addressed = " ; ".join(
        m[0]
        for pattern in (_LEVELLED, *(_TAGS[tag] for tag in _OTHER_WORDS))
        for m in pattern.finditer(passage)
        if not _NOT_ADDRESSED.search(passage[max(0, m.start() - 40) : m.start()])
    )
    if addressed:
        return (*_tags_in(addressed), *networks)
    if networks:
        return networks
    return (ALL,) if _EVERYONE.search(passage) and not _LEVELLED.search(passage) else ()


def means_readers(passage: str) -> bool:
    """Whether "each principal" or the like is all that says whom the passage is for: in a memo or under a heading for
    some schools, these are the principals of those."""
    return audience_of(passage) == (ALL,) and audience_of(_READERS.sub("", passage)) == ()


def groups_named(words: str) -> tuple[str, ...]:
    """Tags of the groups of schools named anywhere in a few words, even bare: "(elementary)", "(Network 2)"."""
    label = _NETWORK_LABEL.fullmatch(words.strip(" ,;"))
    networks = _networks_named(label) if label else ()
    return (*(tag for tag, pattern in _TAGS.items() if pattern.search(words)), *networks)


def headed_audience(line: str) -> tuple[str, ...]:
    """Tags of a line that names an audience and nothing else ("HIGH SCHOOLS", "For new principals:"); else empty.

    A bare "High" or "Primary" may rank or describe anything, so it does not count.
    """
    network = _NETWORK_LABEL.fullmatch(line)
    if network and (network["colon"] or (_is_title(line) and (network["label"] or "0")[0].isdigit())):
        if network["name"] and not network["colon"]:
            return ()
        levels = (tag for tag in LEVELS if _TAGS[tag].search(line))
        return (*levels, *_networks_named(network))
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
