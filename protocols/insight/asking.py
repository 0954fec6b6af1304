"""What a line of plain words asks: its measure, what it is set out by, its filters, and what it must not be told.

Works on a line in which names and periods have become marks (`<s>` school, `<i>` ILD, `<n>` network, `<p>` period);
kinds of visit, levels, need tiers and experience become `<k>`, `<l>`, `<t>` and `<e>` here.
"""

import re
from functools import cache

from protocols.insight.query import EXPERIENCES, KINDS, LEVELS, TIERS, Grouping, Measure
from protocols.insight.wording import Marks, domain, filler

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
    (r"(?:elementar(?:y|ies)|elems?|grade schools|primary schools?)", "elementary"),
    (r"(?:middle|middles|junior high|jr high)", "middle"),
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
_EXPERIENCE_NOUN = r"(?: (?:principals?|leaders?|heads?|ones|folks))"
_EXCLUDE = (
    r"(?:leaving (?:out|aside)|leave (?:out|aside)|left out|excluding|exclude|exclusive of|"
    r"except(?:ing)?(?: for)?|"
    r"not (?:counting|including)|do not count|without (?:counting|including)|apart from|"
    r"aside from|other than|but not|minus|besides|"
    r"outside(?: of)?|ignoring|ignore|disregarding|setting aside|"
    r"(?<!are )(?<!is )(?<!was )(?<!were )(?<!been )not (?:in|at)|that (?:are|were|is|"
    r"was) not|which (?:are|were) not|"
    r"(?:all|every|each|any|everyone|everything|anything|anyone)(?: (?:the )?\w+)?(?: \w+)? but(?: "
    r"for)?|(?<!have )(?<!has )(?<!had )(?<!get )(?<!got )(?<!with )non)"
)
_MARKED = r"<[klnsiet]\d+>"
_VISIT_NOUN = r"\b(?:visits?|visited|how many|how often|drop ins?|count|number|total)\b"


def find_filters(marks: Marks) -> None:
    """Mark kinds of visit, levels, need tiers and experience."""

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
        singular = bool(re.search(r" (?:school|one)$", found[0]))
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
        "high": r"\b(?:high schools?|highs|high level|high(?= principals?| buildings)|(?<=> vs )high|"
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
    join = r" (?:and|or|vs|versus|against|to|with|than|from|compared (?:to|with)|as opposed to) (?:the )?"
    both = (
        rf"(?:{_NEW}{_EXPERIENCE_NOUN}?{join}(?:{_OLD}{_EXPERIENCE_NOUN}?|{_OLD}s)|"
        rf"(?:{_OLD}{_EXPERIENCE_NOUN}?|{_OLD}s){join}{_NEW}{_EXPERIENCE_NOUN}?)"
    )
    _mark(marks, rf"\b(?:{both})\b", "e", "both")
    _mark(marks, rf"\b(?:{_OLD}{_EXPERIENCE_NOUN}|veterans)\b", "e", "experienced")
    _mark(marks, rf"\b(?:{_NEW}{_EXPERIENCE_NOUN}|rookies|newbies|newcomers)\b", "e", "new")


def exclude(marks: Marks, everything: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """What is left out, written as the rest: "leaving out the <k>" gives all the other kinds. Takes the words away."""

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
    listed = (
        rf"(?: (?:the|any|all|those))* ?(?P<marks>{_MARKED}(?: (?:visits?|schools?|ones|"
        rf"meetings?))?(?:(?: (?:and|or|nor))?(?: the)? {_MARKED}(?: (?:visits?|ones))?)*)"
    )
    pattern = re.compile(rf"\b{_EXCLUDE}{listed}")
    without = re.compile(
        rf"^(?:and |but )?without(?P<marks0> <k\d+>)|^(?:and |but )?no <k\d+>$|\bwithout(?: the|"
        rf" any of the)(?P<marks> {_MARKED})(?= |$)|\bnot (?:the )?(?P<marks2>{_MARKED})$|"
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
        visits = "" if re.search(_VISIT_NOUN, others) else " visits "
        marks.line = re.sub(
            r" +", " ", f"{marks.line[: found.start()]}{visits}{marks.line[found.end() :]}"
        ).strip()
    return {key: names for key, names in kept.items() if names}


ALL = {"kind": KINDS, "level": LEVELS, "tier": TIERS, "experience": EXPERIENCES}

_CONTENT = re.compile(
    r"\b(?:talk(?:ed|ing|s)? (?:about|over|through)|(?:did|do|they|we|to) talk\b|discuss\w*|"
    r"convers(?:ations?|ed)(?! visits?)\b|chat(?:ted)?|"
    r"(?:was|were|been|being|got|get|is|have|has|they|he|she|principals?|>) said|"
    r"what .*\b(?:say|says|said|tell|told)\b|quot(?:e|es|ed)|(?:say|says|said) (?:anything|"
    r"something|about|why|how|what)|(?:think|thinks|thought) (?:of|about)|opinions?|(?:go|goes|gone|"
    r"went) (?:so |very |really )?(?:well|badly|ok|okay|fine|poorly|down|over|wrong)|"
    r"write (?:about|down|up)|saying|how (?:did|does|do) (?:\S+ ){1,4}do (?:on|in|at|during) |"
    r"(?<=> )(?:results?|outcomes?)|visit (?:results|outcomes)|(?:results?|outcomes?) (?:of|from) (?:the |that "
    r"|her |his |our )?(?:<k|visit)|gist of|"
    r"wrote|write ups?|writeups?|(?:did|was|were|been|he|she|they|i|>) writ(?:e|ten)|written|"
    r"notes?|transcripts?|comments?|commented|"
    r"reflections?|look ?fors?|evidence|debriefs?|debriefed|findings|observ(?:e|ed|ing|"
    r"ation notes)|takeaways?|take aways?|topics?|agendas?|"
    r"c(?:a|o)me up (?:in|at|during)|(?:issues|things|what) c(?:a|o)me up|what c(?:a|"
    r"o)me (?:up|out)|b(?:ring|rought) up|complain\w*|concerns?|concerned|feedback|"
    r"impressions?|"
    r"problems? of practice|advi[cs]ed?|recommend\w*|suggest\w*|prais\w*|critici\w*|summar(?:y|"
    r"ies|ize) (?:of|what|the)|"
    r"promis\w+|commit(?:ted|ment|ments)\b|strengths?|weakness\w*|challenges?|warm|"
    r"conclu\w+|decid\w+|decision\w*|rubrics?|(?:classroom|lesson|teacher|teaching|"
    r"instruction\w*) (?:ratings?|scores?|quality|practice)|rated|rate the (?:teach|lesson|"
    r"instruct|class)\w*|"
    r"(?:teachers?|teaching|lessons?|instruction|classrooms?)|(?:saw|see|notice|noticed|learn|"
    r"learned|find out|found out) (?:in|at|during|about) (?:the |that |her |his )?(?:visits?|"
    r"<k|<s|class)|"
    r"what (?:did|does|do|has|have|is|was|were) .*\b(?:see|notice|noticed|learn|learned|find|"
    r"found|working on|focus\w*|about)$|"
    r"how (?:did|was) (?:the|that|her|his|my|our|it|last|this|<)(?: \S+){0,6} (?:go|going|"
    r"went)|how (?:well )?(?:did|was) (?:the|that|her|his) (?:last |<k\d+> )?(?:visit|<k\d+>)|"
    r"what happened (?:in|at|during|on|when|there|with)|what (?:went|is going) (?:on|wrong|"
    r"well)|working on\b|focus(?:ed|ing|es)? (?:of|on|at|in)|what (?:was|were|is) (?:the |"
    r"that |her |his |last |my )?(?:\S+ ){0,3}about|upset|happy|unhappy|mood|attitude)"
)
_CONTENT_STEPS = re.compile(
    r"\b(?:(?:what|which)(?: (?:are|were|was|is|the|my|our|his|her|their|some|of|kind of|specific|exact|"
    r"all))* (?:next|action|agreed|follow up) (?:steps?|actions?|items?)(?! (?:rate|share|"
    r"count|percentage))|"
    r"what (?:\S+ )*(?:was|were|has been|have been|did|got) (?:\S+ ){0,3}agreed?|agreed? (?:on|"
    r"to|upon)\b|what (?:was|were|did \S+) agreed?|"
    r"(?:show|list|read|give|tell|send|share|see)(?: me| us)?(?: all)?(?: of)?(?: the| their|"
    r" her| his| those| these)? (?:next|action) steps?(?! (?:by|per|rate|share|count|percent))"
    r"|"
    r"(?:details?|text|wording|content|contents|substance) of)\b"
)
_USEFUL = re.compile(
    r"\b(?:usefulness|useful|useless|of use|worth (?:it|their|my|our|the|his|her)|worthwhile|"
    r"helpful|helpfulness|valuable|"
    r"satisf\w+|(?:un)?happy with|(?:find|found) (?:the |our )?(?:visits?|<k\d+>)|like (?:the|our|"
    r"their) (?:visits?|<k\d+>)|value (?:the|our|their|of) (?:visits?|<k\d+>)|"
    r"(?:principals?|their|visits?|<\w+> |>) (?:visit )?(?:ratings?|scores?)|ratings?|scores?|"
    r"rate (?:the|our|their|his|her|denise|us|visits?|<)\S*|pulse|survey\w*|anonymous\w*)\b"
)
_ANONYMOUS_TEXT = re.compile(r"\b(?:comments?|commented|wrote|written|feedback|said|say|notes?)\b")


def asks_content(line: str) -> bool:
    """Whether the line asks for something said, written, rated or agreed in a visit.

    That a next step was agreed is a count; which one, is content. How principals rate the visits is asked of them as
    usefulness, and only their words about it are content.
    """

    line = re.sub(
        r"\b(?:would you say|let us say|i would say|to say|say that|they say|say hello|tell me|"
        r"good (?:notes?))\b",
        "",
        line,
    )
    if _USEFUL.search(line) and not re.search(
        r"\b(?:teach\w*|lesson\w*|classroom\w*|instruction\w*|rubric\w*)\b", line
    ):
        return bool(_ANONYMOUS_TEXT.search(line))
    return bool(_CONTENT.search(line) or _CONTENT_STEPS.search(line))


_PROTECTED = (
    r"\b(?:protected|blackouts?|black outs?|blacked out|no meeting (?:time|days?|mornings?)|"
    r"sacred time|safeguarded|ring ?fenced|override[sn]?|overrode|overridden)\b"
)
_LOST = (
    r"\b(?:los[et]|losing|loses|loss|losses|took|takes?|taken|taking|ate|eats?|eaten|eating|"
    r"used up|interrupt\w*|broke|broken|breaks|breach\w*|violat\w*|overrid\w*|override\w*|"
    r"overrode|st(?:ole|olen|eal|eals|ealing)|invad\w*|cut into|cuts into|cost|intru\w*|"
    r"encroach\w*|given up|gave up|gave away|given away|grab\w*|hijack\w*|swallow\w*|"
    r"raid\w*|infring\w*|ignor\w*|disrespect\w*|disrupt\w*|(?:book|schedul)\w+ over|"
    r"put \S+ (?:over|into)|meetings? (?:in|during|on|over|into)|consum\w*|wast\w*|missing|"
    r"gone|claim\w*|claw\w*|chip\w*|burn\w*|fall|fell|slip\w*|sacrific\w*)\b"
)
_NOT_KEPT = (
    r"\b(?:not (?:been |being |was |were )?(?:kept|honored|honoured|respected|protected|held|"
    r"observed)|unprotected)\b"
)
_NEXT = (
    r"\b(?:next steps?|action steps?|action items?|follow ups?|followups?|follow through|"
    r"agreed steps?|agreed actions?|agreements?)\b"
)
_VISIT = (
    r"\b(?:visits?|visited|visiting|visitors?|been (?:to|at|in|out|by)|be at|c(?:o|a)me? (?:to|"
    r"by|out|see|over)|coming (?:to|by|out)|"
    r"seen|saw|see (?:us|me|them|<s)|seeing (?:us|<s)|stop(?:ped)? (?:by|in|at)|stops|"
    r"drop(?:ped)? (?:by|in|ins)|drop ins?|went to|gone to|go to|get to|got to|gets to|"
    r"getting to|show(?:ed|n|s)? up|"
    r"turn(?:ed)? up|check(?:ed)? (?:in|ins)|trips?|times (?:has|have|did|was|were)|at (?:my|"
    r"our) school|out to|swing by|swung by|appear\w*|reach(?:ed|ing)?|"
    r"attention|touch ?points?|contacts?|made it (?:to|out)|make it (?:to|out)|"
    r"spen[dt] (?:a )?time|on campus|observations?|rounds)\b"
)
_NEVER = (
    r"\b(?:not|never|no(?: \w+)?(?= visits?| <k)|unvisited|unseen|without (?:a |any |1 |even |"
    r"so much as |having |being |an |single )*(?=visits?|<k|visited|being|seen|anyone|anybody|"
    r"someone)|"
    r"zero|0(?= visits)|nobody|no one|none|nor|lack(?:s|ed|ing)?|miss(?:ed|ing|es)?|skip\w*|"
    r"neglect\w*|forg[eo]t\w*|overlook\w*|left out|going without|gone without|went without|"
    r"go without|missed out|"
    r"yet to|still (?:need|waiting|due|owe|owed)|waiting (?:for|on)|fail\w*|nothing)\b"
)
_GAP = (
    r"\b(?:(?:longest|biggest|largest|widest|greatest|maximum|max|worst|"
    r"long)(?: \w+){0,3} (?:gap|gaps|stretch|stretches|time|wait|interval|period|break|pause|"
    r"spell|drought|without|between)|"
    r"(?:longest|biggest|largest|widest)(?: \S+){0,4} (?:went|gone|go|going|been|goes|have|has|"
    r"had|waited|wait)|gaps?|(?:went|gone|go|waited|wait|waiting) (?:the )?longest|"
    r"time (?:between|without)|days between|weeks between|stretch(?:es)? (?:between|without|"
    r"with)|how long (?:\S+ ){1,6}(?:go|went|gone|without|between|wait|waited|since))\b"
)
_HELD_AND_CANCELLED = (
    r"\bvisits? and (?:the )?cancel\w*|\bcancellations? and visits?\b|"
    r"\bheld and (?:\w+ ){0,3}cancel"
)
_MEASURES: tuple[tuple[Measure, str], ...] = (
    (
        Measure.TIME_IN_SCHOOLS,
        r"\b(?:(?:time|hours?|days?|share|percent(?:age)?) (?:\S+ ){0,7}?(?:in|at|inside|out in|"
        r"on) (?:the |their |her |his |my |our )?(?:schools?|campus\w*|buildings?|the field|"
        r"field)\b(?! (?:meetings?|time))|"
        r"(?:in|inside) (?:the |their |her |his |my |our )?(?:schools|buildings|field)(?: time)?|"
        r"(?:spen[dt]|spending) (?:\S+ ){0,4}(?:in|at|inside|on) (?:the |their |her |his |my |"
        r"our )?(?:schools?|buildings?|campus\w*|field|<[sln])|school time|field time|"
        r"time (?:\S+ ){0,5}(?:spen[dt]|spends|spending) (?:\S+ )?(?:in|at) (?:<s|schools?|<n)|"
        r"out of the office|out in schools)",
    ),
    (
        Measure.MINUTES_ASKED,
        r"\bhow many (?:minutes|hours)\b|\b(?:minutes?|hours?|workload|burden|(?:how much|amount of|"
        r"the) (?:of \S+ )?(?:\S+ )?time|time)\b(?=.*\b(?:ask\w*|demand\w*|request\w*|require\w*|"
        r"mandates?|paperwork|claim\w*|cost\w*|expect\w*|burden\w*|impos\w*|tak\w+ up|put on|"
        r"plac\w*|load\w*|want\w*|need\w*|compliance|tasks?|directives?|memos?|principals?)\b)"
        r"|\b(?:workload|burden)\b|\b(?:asked|asking|demand\w*|requir\w*|took|cost|costing|"
        r"request\w*) (?:\S+ ){0,6}(?:minutes?|hours?|time)\b",
    ),
    (
        Measure.MANDATES,
        r"\b(?:mandates?|mandated|directives?|demands?|memos?|requirements?|compliance (?:items?|"
        r"requests?|tasks?)|requests? (?:from|by|sent|of)|orders from)\b",
    ),
    (Measure.USEFULNESS, _USEFUL.pattern),
    (Measure.NEXT_STEPS, _NEXT),
    (
        Measure.CANCELLED,
        r"\b(?:cancel\w*|called off|call off|calling off|calls off|scrapped|scratched|axed|"
        r"fell through|fall through|no shows?|did not (?:happen|take place)|(?:were|was) not held|"
        r"never happened|bailed|backed out|postpon\w*|scrubbed|dropped(?! (?:by|in))|nixed|"
        r"pulled out)\b",
    ),
    (
        Measure.EVENNESS,
        r"\b(?:even(?:ly|ness)|even (?:are|is|were|was|has|have|our|the|my|distribution|spread|"
        r"split|across)|(?:how|as|more|less) even|uneven\w*|fair\w*|unfair\w*|equit\w*|inequit\w*|"
        r"equal\w*|unequal\w*|spread(?:ing)?|balanc\w*|imbalanc\w*|unbalanc\w*|distribut\w*|"
        r"lopsided|skew\w*|same (?:few )?schools|favo\w+|concentrat\w*|gini)\b",
    ),
    (
        Measure.INTERVALS_KEPT,
        r"\b(?:intervals?|cadences?|rhythms?|on (?:schedule|track|target|pace|time)|(?:within|"
        r"meet\w*|hit\w*|met|keep\w* to|kept to|reach\w*|inside) (?:their |the |her |his |our |my "
        r"|its )?(?:visit )?(?:targets?|schedule)|visit targets?|often enough|as often as|"
        r"behind schedule|kept (?:up )?(?:with|on)|needs? tier target)\b",
    ),
    (Measure.LONGEST_GAP, _GAP),
)


def measures_in(line: str, *, has_days: bool, has_named_period: bool) -> list[Measure]:
    """The measures that the line speaks of, the one asked for first; more than one only where two are asked for.

    `has_days`: a number of days or weeks was said; `has_named_period`: so was a period with a name. A stretch without
    a visit that may lie anywhere in a named period is a gap; one up to today is not visited.
    """

    if re.search(_PROTECTED, line):
        is_lost = re.search(
            rf"{_LOST}|{_NOT_KEPT}|\b(?:who|which|what) (?:office|department|unit)", line
        ) or re.search(
            r"\b(?:why|reasons?|whose|what for|override\w*|offices?|departments?|units?|to blame|blame|"
            r"culprit)\b",
            line,
        )
        kept = re.search(
            r"\b(?:kept|keep|keeping|held|hold|honor\w*|honour\w*|surviv\w*|preserv\w*|intact|"
            r"respect\w*|safe|stayed|remain\w*|observed)\b",
            line,
        )
        if is_lost and kept and not re.search(_NOT_KEPT, line):
            lost_words = re.search(
                r"\b(?:los[et]|losing|took|takes|taken|ate|eaten|stole|stolen|overrid\w*|override\w*|over|"
                r"into|why|who|which|what (?:office|unit|department))\b",
                line,
            )
            if lost_words and re.search(
                r"\b(?:kept|surviv\w*|honor\w*|intact) (?:and|or|vs|versus)(?: \w+)? (?:los[et]|took|taken|"
                r"who)",
                line,
            ):
                return [Measure.PROTECTED_KEPT, Measure.PROTECTED_LOST]
            return [Measure.PROTECTED_LOST if lost_words else Measure.PROTECTED_KEPT]
        return [Measure.PROTECTED_LOST if is_lost else Measure.PROTECTED_KEPT]
    found = [measure for measure, pattern in _MEASURES if re.search(pattern, line)]
    visited = bool(re.search(rf"{_VISIT}|<k\d+>", line))
    if Measure.MINUTES_ASKED in found and Measure.MANDATES in found:
        found.remove(Measure.MANDATES)
    if Measure.LONGEST_GAP in found:
        is_now = has_days and not has_named_period and not re.search(r"\b(?:gaps?|longest|between)\b", line)
        return [Measure.NOT_VISITED if is_now else Measure.LONGEST_GAP]
    if Measure.TIME_IN_SCHOOLS in found and Measure.MINUTES_ASKED in found:
        found.remove(Measure.MINUTES_ASKED)
    for strong in (
        Measure.NEXT_STEPS,
        Measure.CANCELLED,
        Measure.USEFULNESS,
        Measure.EVENNESS,
        Measure.INTERVALS_KEPT,
    ):
        if strong in found:
            if strong is Measure.CANCELLED and re.search(_HELD_AND_CANCELLED, line):
                return [Measure.VISITS, Measure.CANCELLED]
            others = {Measure.TIME_IN_SCHOOLS, Measure.MINUTES_ASKED}
            return [measure for measure in found if measure not in others or measure is strong]
    if found:
        return found
    never = re.search(_NEVER, line) and not re.search(
        r"\b(?:not sure|do not know|if not|whether or not|or not|no rush|no hurry|no problem)\b", line
    )
    if never and (
        visited
        or re.search(
            r"\b(?:skip\w*|miss(?:ed|ing)?|neglect\w*|forgot\w*|overlook\w*|unvisited|without)\b", line
        )
    ):
        is_anywhere = has_days and has_named_period and re.search(r"\b(?:went|gone|go|without)\b", line)
        return [Measure.LONGEST_GAP if is_anywhere else Measure.NOT_VISITED]
    if re.search(
        r"\b(?:every|all)(?: of)?(?: the| my| our)? (?:schools?|principals?|<l\d+>|"
        r"<t\d+>)(?: \S+){0,4} (?:been |gotten |got |get |had |received |have |has )*(?:visited|"
        r"seen|a visit|(?:a )?<k\d+>|1 visit)",
        line,
    ) and re.search(r"^(?:\S+ ){0,4}?(?:has|have|did|was|were|is|are|do|does)\b", line):
        return [Measure.NOT_VISITED]
    return [Measure.VISITS] if visited else []


_NOUNS: tuple[tuple[Grouping, str], ...] = (
    (Grouping.MONTH, r"months?"),
    (Grouping.TERM, r"(?:terms?|semesters?)"),
    (Grouping.OFFICE, r"(?:(?:central )?offices?|departments?|depts?|(?:central )?units?|divisions?|teams?)"),
    (Grouping.REASON, r"(?:reasons?|causes?|excuses?)"),
    (
        Grouping.TIER,
        r"(?:(?:need |cadence |visit |support )?(?:tiers?)|needs?|levels? of need|need levels?|"
        r"(?:target )?cadences?)",
    ),
    (
        Grouping.EXPERIENCE,
        r"(?:(?:principal )?experience|experience levels?|(?:principal )?tenure|<e\d+>(?: principals?)?)",
    ),
    (Grouping.KIND, r"(?:kinds?|types?|sorts?)(?: of visits?| of visit)?|visit (?:kinds?|types?)"),
    (
        Grouping.LEVEL,
        r"(?:school |grade )?(?:levels?|types? of schools?|bands?|span)|school types?|kinds? of schools?",
    ),
    (
        Grouping.ILD,
        r"(?:ilds?|directors?|supervisors?|instructional leadership directors?|network leads?|"
        r"network leaders?|coaches|coach|persons?)",
    ),
    (Grouping.NETWORK, r"networks?"),
    (Grouping.SCHOOL, r"(?:schools?|campus(?:es)?|buildings?|sites?|principals?)"),
)
_PER = (
    r"(?:per|by(?: the)?|each|every|for each(?: of (?:the|our|my))?|for every|each of (?:the|"
    r"our|my)(?: \d+)?|across(?: the| our| all)?|among(?: the| our| my)?|between(?: the)?|"
    r"(?:broken|break|split|set|sort|sorted|group|grouped|divided|separated?|"
    r"laid)(?: \w+){0,3} (?:by|into|out by)|in each(?: of (?:the|our|my))?|for all(?: the| our|"
    r" my)?|"
    r"(?:from|in|at) (?:each|every))(?: of)?(?: the| our| my)?(?: \d+)?(?: single| individual| different)?"
)
_WHICH = r"(?:which|what)(?: of (?:the|our|my|her|his|their))?(?: \d+)?"


def speaks_of_loss(line: str) -> bool:
    """Whether the line speaks of something being taken, as a follow-up to a question about protected time may."""

    return bool(re.search(_LOST, line))


def groupings_in(line: str, measure: Measure | None) -> list[Grouping]:
    """What the line asks to be set out by, in the order of the words."""

    line = re.sub(r"\bat least\b", "", line)
    line = re.sub(
        r"\b(by|per|each) (\w+) and (?=(?:months?|networks?|ilds?|schools?|levels?|tiers?|kinds?|"
        r"offices?|semesters?)\b)",
        r"\1 \2 and \1 ",
        line,
    )
    found: list[tuple[int, Grouping]] = []
    taken: set[int] = set()
    for grouping, noun in _NOUNS:
        nouns = f"(?:{noun})"
        patterns = [rf"\b{_PER} {nouns}\b", rf"\b{nouns} (?:by|for|to) {nouns}\b"]
        patterns.append(rf"\b{_WHICH} {nouns}\b")
        for pattern in patterns:
            for match in re.finditer(pattern, line):
                end = match.end()
                if end not in taken:
                    taken.add(end)
                    found.append((match.start(), grouping))
    if re.search(
        r"\bmonthly(?: \S+)? (?:trend|totals?|breakdown|counts?|figures?|numbers?|split|series|"
        r"view)\b|\bmonthly$|\btrend\b",
        line,
    ):
        found.append((0, Grouping.MONTH))
    if re.search(r"\bhow many schools\b", line) and measure is Measure.VISITS:
        found.append((0, Grouping.SCHOOL))
    if re.search(
        r"\b(?:why|what for|for what reasons?|for which reasons?|reasons?|what caused|what (?:took|"
        r"ate|cost|cut|broke|interrupted|disrupted)|how come|"
        r"explanations?|because of what)\b",
        line,
    ):
        found.append((999, Grouping.REASON))
    if re.search(r"\b(?:who|whose|whom)\b", line):
        who = _who(line, measure)
        if who:
            found.append((0, who))
    if re.search(
        r"\b(?:top|bottom|rank|ranked|best|worst|(?:most|least|fewest)(?: \w+)?)(?: the| our| my|"
        r" all)?(?: \d+)? (?:visited )?schools\b|\bschools (?:ranked|by number)\b",
        line,
    ):
        found.append((0, Grouping.SCHOOL))
    elif re.search(r"\bmost schools\b", line):
        found = [one for one in found if one[1] is not Grouping.SCHOOL]
    ordered: list[Grouping] = []
    for _, grouping in sorted(found, key=lambda one: one[0]):
        if grouping not in ordered:
            ordered.append(grouping)
    return ordered


def _who(line: str, measure: Measure | None) -> Grouping | None:
    match measure:
        case Measure.PROTECTED_LOST | Measure.MANDATES | Measure.MINUTES_ASKED:
            return Grouping.OFFICE
        case Measure.LONGEST_GAP:
            return Grouping.SCHOOL
        case Measure.NOT_VISITED:
            return None
        case Measure.VISITS if re.search(
            r"\bwho (?:all )?(?:(?:was|were|is|are|has been|have been|had been)(?: \w+)? (?:visited|seen)|"
            r"(?:got|gets|received|had|has had|has gotten)(?: \w+)? (?:visited|seen|visits?|the|a|most|"
            r"<k\d+>|more|fewer|least))"
            r"(?= |$)",
            line,
        ):
            return Grouping.SCHOOL
        case None:
            return None
        case _:
            return Grouping.ILD


_ORDER = re.compile(
    r"\b(?:rank\w*|best|worst|most|least|fewest|lowest|highest|top|bottom|leader ?boards?|"
    r"league|better|worse|strongest|weakest|slowest|fastest|laz\w+|hardest|"
    r"1st place|last place|ahead|behind|outperform\w*|underperform\w*|lead(?:s|ing)|trail\w*|"
    r"lag\w*|sort(?:ed)? (?:from|high|low|desc|asc|by (?:number|count|visits))|"
    r"order(?:ed)? (?:by|from)|in order|busiest|poorest|slack\w*|"
    r"stars?|winners?|winning|losers?|number (?:1|one)|order (?:the |our |all )?(?:ilds|"
    r"directors|supervisors)|standings|more|fewer|less|compete|competition|"
    r"beat\w*|biggest|smallest|largest|longest|good|bad|great|effective|productive|evenest|"
    r"high to low|low to high|score ?card|grade the|rate the|excel\w*|struggl\w*|champion|"
    r"fall\w* short|doing well|poorly|dedicated|diligent|active)\b"
)
_ILD_NOUN = re.compile(
    r"\b(?:ilds?|directors?|supervisors?|leadership directors?|network (?:leads?|leaders?))\b"
)


def asks_ranking(line: str, *, groupings: list[Grouping], ilds_named: int) -> bool:
    """Whether the line asks which ILDs do more, less, better or worse than others."""

    line = re.sub(
        r"\bat (?:least|most)\b|\bmost recent\w*|\bmore than (?=\d)|\b(?:fewer|less) than (?=\d)|"
        r"\bgood (?:morning|afternoon|evening|day)\b|\bonce more\b|\btop of\b|\bbest regards\b|"
        r"\bmore info\w*",
        "",
        line,
    )
    if not _ORDER.search(line):
        return False
    if Grouping.ILD in groupings and groupings[0] is Grouping.ILD:
        return True
    if ilds_named > 1:
        return True
    asks_school = groupings and groupings[0] in {
        Grouping.SCHOOL,
        Grouping.OFFICE,
        Grouping.NETWORK,
        Grouping.KIND,
        Grouping.REASON,
        Grouping.MONTH,
    }
    return bool(_ILD_NOUN.search(line)) and not asks_school


_ENDINGS = ("s", "d", "ed", "es", "ing", "ly", "er", "ers")


def is_word(word: str) -> bool:
    """Whether a word is known: as one that asks for something, or as one that says nothing about what is asked.

    The usual endings count as known with the word, whether the last letter is dropped or doubled before them or not.
    """

    known = _known()
    if word in known or f"{word}s" in known:
        return True
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if (
            stem != word
            and len(stem) > 2
            and (stem in known or f"{stem}e" in known or (stem[-1] == stem[-2] and stem[:-1] in known))
        ):
            return True
    return False


@cache
def _known() -> frozenset[str]:
    return filler() | frozenset(domain())
