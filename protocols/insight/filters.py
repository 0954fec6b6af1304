"""Finding what a question filters by: kinds of visit, levels, need tiers, experience; and what it leaves out.

They become marks in the line: `<k>`, `<l>`, `<t>` and `<e>`; what `state_words` finds goes before.
"""

import re
from collections.abc import Mapping

from protocols.insight.query import EXPERIENCES, KINDS, LEVELS, TIERS
from protocols.insight.state_words import mark_states
from protocols.insight.wording import Marks

_KIND_WORDS = (
    (
        r"(?:learning |classroom )?walk ?throughs?|walkthrus?|learning walks?|(?:classroom |"
        r"school )walks|instructional rounds?|walks",
        "walkthrough",
    ),
    (r"(?:cycles? of inquiry|inquiry|inquiries|pdsa)(?: (?:cycles?|work))?", "inquiry"),
    (r"coaching|coached|1 on 1 coaching|coaching conversations?", "coaching"),
    (
        r"(?:principal )?network (?:meetings?|mtgs?|gatherings?|sessions?)|principals? meetings",
        "network_meeting",
    ),
    (
        r"other(?= kinds? of visits?)|(?<=kind )other|(?:visits? of )?(?:the )?other kinds?(?= <| visits?)",
        "other",
    ),
)
_KIND_TAIL = r"(?: (?=visits?|sessions?|meetings?|ones))?"
_LEVEL_WORDS = (
    (r"(?:elementar(?:y|ies|ys)|elems?|es|grade schools|primary schools?)", "elementary"),
    (r"(?:middle|middles|ms|junior high|jr high)", "middle"),
    (r"(?:high|highs)", "high"),
    (r"(?:k8s?)", "k8"),
)
_LEVEL_TAIL = r"(?: (?:schools?|level))?"
_TIER = r"(?P<tier>weekly|biweekly|triweekly|monthly)"
_TIER_TAIL = (
    r"(?: (?:need|cadence|tiers?|rhythm|target|visit))*(?: (?:schools?|tiers?|need|principals|"
    r"ones|group|cadence|target|rhythm))"
)
_NEW = r"(?:new|newer|newest|1st year|first year|rookie|novice|beginning|newly (?:appointed|hired)|brand new)"
_OLD = r"(?:experienced|veteran|seasoned|long ?serving|longtime|tenured|established|more experienced)"
_FIRST_YEAR = (
    r"principals? (?:who are |that are )?"
    r"(?:in (?:their|his|her) (?:very )?1st year|new to the (?:job|role|post))"
)
_EXPERIENCE_NOUN = r"(?: (?:principals?|leaders?|heads?|ones|folks))"
_EXCLUDE = (
    r"(?:leaving (?:out|aside)|leave (?:out|aside)|left out|excluding|exclude|exclusive of|"
    r"except(?:ing)?(?: for)?|"
    r"not (?:counting|including)|do not count|without (?:counting|including)|apart from|"
    r"not (?:made|held|done|led|run|conducted) by|aside from|other than|but not|minus|besides|"
    r"outside(?: of)?|ignoring|ignore|disregarding|setting aside|"
    r"(?<!<i\d> )(?<!are )(?<!is )(?<!was )(?<!were )(?<!been )not (?:in|at)|that (?:are|were|is|"
    r"was) not|which (?:are|were) not|"
    r"(?:all|every|each|any|everyone|everything|anything|anyone)(?: (?:the )?\w+)?(?: \w+)? but(?: "
    r"for)?|(?<!have )(?<!has )(?<!had )(?<!get )(?<!got )(?<!with )non)"
)
_MARKED = r"<[klnsiet]\d+>"
_VISIT_NOUN = r"\b(?:visits?|visited|how many|how often|drop ins?|count|number|total)\b"


def find_filters(marks: Marks) -> None:
    """Mark kinds of visit, levels, need tiers and experience."""

    mark_states(marks)
    for pattern, kind in _KIND_WORDS:
        _mark(marks, rf"\b(?:{pattern})\b{_KIND_TAIL}", "k", kind)
    _mark_new_and_old(marks)
    for pattern, level in _LEVEL_WORDS:
        _mark_level(marks, pattern, level)
    for found in re.finditer(
        rf"\b{_TIER}{_TIER_TAIL}\b|\btiers? {_TIER.replace('tier>', 'tier2>')}\b|"
        rf"\bon an? {_TIER.replace('tier>', 'tier3>')}(?: (?:cadence|rhythm|schedule|basis|target))?\b",
        marks.line,
    ):
        word = found["tier"] or found["tier2"] or found["tier3"]
        is_any = re.search(r"\b(?:every|each|any|no|which|what|per|a|an) $", found.string[: found.start()])
        singular = bool(re.search(r" (?:school|one)$", found[0])) and not is_any
        marks.line = marks.line.replace(found[0], f"{word} @{'one' if singular else 'tier'}", 1)
    if "@" in marks.line:
        for tier in TIERS:
            _mark(marks, rf"\b{tier} @one\b", "t", f"{tier}!")
            _mark(marks, rf"\b{tier}(?: @tier)?\b", "t", tier)


def _mark(marks: Marks, pattern: str, letter: str, value: str) -> None:
    position = 0
    while found := re.compile(pattern).search(marks.line, position):
        kept = " " if found[0].endswith(" ") else ""
        position = marks.put(found.start(), found.end() - len(kept), letter, value)


def _mark_level(marks: Marks, pattern: str, level: str) -> None:
    """ "high" alone is a level only beside another level, or in front of schools; "the high school" is one school."""

    bare = {
        "high": r"\b(?:high schools?|highs|hs|high level|high(?= principals?| buildings)|(?<=> vs )high|"
        r"(?<=> and )high|(?<=> or )high|(?<=> versus )high|high(?= (?:vs|versus|and|or|"
        r"against) (?:elem|middle|<l|k8)))"
    }
    words = bare.get(level) or rf"\b{pattern}{_LEVEL_TAIL}"
    position = 0
    while found := re.compile(
        rf"(?P<the>(?:the|our|my|that|1|<[in]\d+>) )?(?P<level>{words})\b(?P<after>"
        rf"(?: (?:one|campus|building)\b)?)"
    ).search(marks.line, position):
        is_one = (
            bool(found["the"])
            and not found["level"].endswith(" level")
            and (
                found["level"].endswith(" school")
                or found["after"].strip() != ""
                or (level == "k8" and not found["level"].endswith("s"))
                or (found["level"][-1] != "s" and bool(re.match(r"$| <p| \.", marks.line[found.end() :])))
            )
            and not re.match(
                r" (?:schools|level|principals|visits|average|ones|vs|versus)\b", marks.line[found.end() :]
            )
        )
        position = marks.put(found.start("level"), found.end("after"), "l", f"{level}!" if is_one else level)


def _mark_new_and_old(marks: Marks) -> None:
    _mark(marks, rf"\b{_FIRST_YEAR}\b", "e", "new")
    join = r" (?:and|or|vs|versus|against|to|with|than|from|compared (?:to|with)|as opposed to) "
    join += r"(?:with |for |of |at )?(?:the )?"
    rest = r"(?:(?:all )?(?:the )?(?:others|rest|other (?:ones|principals))|every(?:one|body) else)"
    both = (
        rf"(?:(?:{_NEW}{_EXPERIENCE_NOUN}|{_OLD}{_EXPERIENCE_NOUN}|veterans){join}{rest}|"
        rf"{_NEW}{_EXPERIENCE_NOUN}?{join}(?:{_OLD}{_EXPERIENCE_NOUN}?|{_OLD}s)|"
        rf"(?:{_OLD}{_EXPERIENCE_NOUN}?|{_OLD}s){join}{_NEW}{_EXPERIENCE_NOUN}?)"
    )
    _mark(marks, rf"\b(?:{both})\b", "e", "both")
    _mark(marks, rf"\b(?:{_OLD}{_EXPERIENCE_NOUN}|veterans)\b", "e", "experienced")
    _mark(marks, rf"\b(?:{_NEW}{_EXPERIENCE_NOUN}|rookies|newbies|newcomers)\b", "e", "new")


def exclude(
    marks: Marks, everything: Mapping[str, tuple[str, ...]], *, has_context: bool
) -> dict[str, tuple[str, ...]]:
    """What is left out, written as the rest: "leaving out the <k>" gives all the other kinds. Takes the words away.

    Where nothing says what is counted, visits are; unless the question before (`has_context`) says it.
    """

    keys = {
        "k": "kind",
        "l": "level",
        "n": "network",
        "s": "school",
        "i": "ild",
        "t": "tier",
        "e": "experience",
    }
    kept: dict[str, tuple[str, ...]] = {}
    marks.line = re.sub(
        rf"\b(?:every|any|each|all) (?:kinds?|types?)(?: of visits?)?(?= {_EXCLUDE})", "visits", marks.line
    )
    marks.line = re.sub(r"\b(visits(?: <p\d+>)?) without (?=<k\d+>)", r"\1 excluding ", marks.line)
    noun = r"(?: (?:visits?|schools?|ones|meetings?))?"
    listed = (
        r"(?: (?:the|an?|any|all|those|in|at|for|by|with|from|of))* ?"
        rf"(?P<marks><(?P<letter>[klnsiet])\d+>{noun}"
        rf"(?:(?: (?:and|or|nor)(?: the)? {_MARKED}|(?: the)? <(?P=letter)\d+>){noun})*)"
    )
    pattern = re.compile(rf"\b{_EXCLUDE}{listed}")
    without = re.compile(
        rf"^(?:and |but )?without(?P<marks0> <[klnsi]\d+>)$|^(?:and |but )?without <k\d+>|"
        rf"^(?:and |but )?no <k\d+>$|\bwithout(?: the| any of the)(?P<marks> {_MARKED})(?= |$)|"
        rf"\bnot (?:the )?(?P<marks2>{_MARKED})$|"
        rf"(?<=\bvisits )without (?P<marks3><k\d+>)"
    )
    while found := pattern.search(marks.line) or without.search(marks.line):
        for mark in re.findall(_MARKED, found[0]):
            key = keys[mark[1]]
            value = marks.values[mark]
            names = getattr(value, "schools", None) or (str(value).rstrip("!"),)
            rest = kept.get(key) or everything[key]
            kept[key] = tuple(name for name in rest if name not in names)
        others = f"{marks.line[: found.start()]}{marks.line[found.end() :]}"
        visits = "" if has_context or re.search(_VISIT_NOUN, others) else " visits "
        marks.line = re.sub(
            r" +", " ", f"{marks.line[: found.start()]}{visits}{marks.line[found.end() :]}"
        ).strip()
    return {key: names for key, names in kept.items() if names}


ALL = {"kind": KINDS, "level": LEVELS, "tier": TIERS, "experience": EXPERIENCES}
