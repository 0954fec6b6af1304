"""The measures that a line of plain words speaks of.

Names, periods and filters are marks in the line by then (`<s>` school, `<i>` ILD, `<k>` kind of visit, ...).
"""

import re

from protocols.insight.query import Measure
from protocols.insight.state_words import CYCLE, OFF_PLATE

USEFUL = (
    r"\b(?:usefulness|useful|useless|of use|worth (?:it|their|my|our|the|his|her)|worthwhile|"
    r"helpful|helpfulness|valuable|(?:good|great|bad|poor|best|better) (?:use|value)(?: of| for)?|"
    r"wast(?:e|es|ing) (?:of )?(?:their |my |our |his |her )?time|"
    r"satisf\w+|(?:un)?happy with|(?:find|found) (?:the |our )?(?:visits?|<k\d+>)|(?:dis)?like[ds]? (?:the|"
    r"our|my|"
    r"his|her|these|those|being|their) (?:visits?|visited|coaching|<k\d+>)|enjoy\w* (?:\S+ )?(?:visits?|"
    r"<k\d+>)|value (?:the|our|their|of) (?:visits?|<k\d+>)|"
    r"(?:principals?|their|visits?|<\w+> |>) (?:visit )?(?:ratings?|scores?)|"
    r"(?<!reading )(?<!math )(?<!test )(?<!exam )(?<!student )(?<!teacher )(?<!state )"
    r"(?<!evenness )(?<!interval )(?<!intervals )(?:ratings?|scores?)|"
    r"(?<!step )(?<!steps )(?<!target )(?<!interval )(?<!kept )rated? (?:the|our|my|their|his|her|us|me|"
    r"visits?|<i\d+>)\S*|pulse|survey\w*|anonymous\w*)(?!\w)"
)
_PROTECTED = (
    r"\b(?:protected|blackouts?|black outs?|blacked out|no meeting (?:time|days?|mornings?)|"
    r"protect(?:s|ing)? (?:more |less |enough |much |any |our |my |the |their |that |its )*(?:time|days?|"
    r"mornings?)|"
    r"sacred time|safeguarded|ring ?fenced|override[sn]?|overrode|overridden)\b"
)
_LOST = (
    r"\b(?:pull(?:ed|ing|s)? (?:\S+ )?(?:out|away|from|into)|los[et]|losing|loses|loss|losses|took|takes?|"
    r"taken|taking|ate|eats?|eaten|eating|"
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
    r"agreed steps?|agreed actions?|agreements?|agree(?:s|d|ing)? to do (?:something|anything))\b"
)
_ASKED_OF_SCHOOLS = r"(?:mandates?|directives?|demands?|memos?)"
_AND = r"(?: \S+)? (?:and|or|vs|plus) (?:how many |the |our )?"
_VISITS_AND_MANDATES = rf"\bvisits?{_AND}{_ASKED_OF_SCHOOLS}\b|\b{_ASKED_OF_SCHOOLS}{_AND}(?:visits?|<k\d+>)"
_FIGURES = (
    r"(?:time in schools|visits?|mandates?|next steps?|intervals?|cancellations?|walkthroughs?|"
    r"minutes asked|usefulness|<k\d+>)"
)
_PROTECTED_AND = (
    rf"{_PROTECTED}(?: time)?(?: \w+)?{_AND}{_FIGURES}(?! (?:in|during|over) (?:it|them))|"
    rf"\b{_FIGURES}{_AND}{_PROTECTED}"
)
"""Two figures at once, which are asked back."""
_VISIT = (
    r"\b(?:visits?|visited|visiting|visitors?|been (?:to|at|in|out|by)|not been(?= <p|$)|been(?= <p)|be at|"
    r"c(?:o|a)me? (?:to|"
    r"by|out|see|over)|coming (?:to|by|out)|"
    r"seen|saw|see (?:us|me|them|<s\d+>)|seeing (?:us|<s\d+>)|stop(?:ped)? (?:by|in|at)|stops|"
    r"drop(?:ped)? (?:by|in|ins)|drop ins?|went to|gone to|go to|get to|got to|gets to|"
    r"getting to|show(?:ed|n|s)? up|"
    r"turn(?:ed)? up|check(?:ed)? (?:in|ins)|trips?|times (?:has|have|did|was|were)|at (?:my|"
    r"our) school|out to|swing by|swung by|appear\w*|reach(?:ed|ing)?|"
    r"attention|touch ?points?|contacts?|made it (?:to|out)|make it (?:to|out)|"
    r"(?:anything|something|anyone|nothing) held (?:at|in)|set foot|foot in|(?:anyone|anybody|someone|"
    r"somebody) (?:out|over|in|there|here|by|around)|"
    r"spen[dt] (?:a )?time|on campus|observations?|rounds)(?!\w)"
)
_NEVER = (
    r"(?:\bwithout (?:a |any |1 |even |so much as |having |being |an |single |the )*(?=<[ks]\d)|"
    r"\bwithout (?=(?:me|us|her|him|them|you)\b|<i)|"
    r"\b(?:not|never|no(?: \w+)?(?= visits?| <k)|unvisited|unseen|without (?:a |any |1 |even |"
    r"so much as |having |being |an |single )*(?=visits?|<k|visited|being|seen|anyone|anybody|"
    r"someone)|"
    r"zero|0(?= visits| <k)|nobody|no one|none|nor|lack(?:s|ed|ing)?|miss(?:ed|ing|es)?|skip\w*|"
    r"neglect\w*|forg[eo]t\w*|overlook\w*|left out|going without|gone without|went without|"
    r"go without|missed out|"
    r"yet to|still (?:need|waiting|due|owe|owed)|waiting (?:for|on)|fail\w* to|nothing)\b)"
)
_GAP = (
    r"\b(?:(?:longest|biggest|largest|widest|greatest|maximum|max|worst|"
    r"long)(?: \w+){0,3} (?:gap|gaps|stretch|stretches|time|wait|interval|period|break|pause|"
    r"spell|drought|without|between)|"
    r"(?:longest|biggest|largest|widest)(?: \S+){0,4} (?:went|gone|go|going|been|goes|have|has|"
    r"had|waited|wait)|gaps?|(?:went|gone|go|waited|wait|waiting) (?:the )?longest|"
    r"time (?:between|without)|days between|weeks between|stretch(?:es)? (?:between|without|"
    r"with)|wait(?:ed|ing)? (?:\w+ ){0,3}\d+ (?:days|weeks|months)|how long (?:\S+ ){1,6}(?:go|went|gone|"
    r"without|between|wait|waited|since))\b"
)
_HELD_AND_CANCELLED = (
    r"\bvisits? and (?:the )?cancel\w*|\bcancellations? and visits?\b|"
    r"\bheld and (?:\w+ ){0,3}cancel"
)
_MADE_GOOD = (
    r"\b(?:ma(?:de|ke|kes|king) (?:them |it |those |that |these )?(?:good|up)\b(?! of)|re ?scheduled|"
    r"re ?booked|"
    r"caught up|replaced)\b"
)
_ALSO_MADE_GOOD = rf"\band (?:if|whether|how many|were|was|are)(?: \w+){{0,4}} {_MADE_GOOD[2:]}"
_MEASURES: tuple[tuple[Measure, str], ...] = (
    (
        Measure.TIME_IN_SCHOOLS,
        r"\b(?:(?:time|hours?|days?|share|percent(?:age)?) (?:\S+ ){0,7}?(?:in|at|inside|out in|"
        r"on) (?:the |their |her |his |my |our )?(?:schools?|campus\w*|buildings?|the field|"
        r"field)\b(?! (?:meetings?|time))|"
        r"(?:in|inside) (?:the |their |her |his |my |our )?(?:schools|buildings|field)(?: time)?|"
        r"(?:spen[dt]|spending|pass(?:es|ed|ing)?) (?:\S+ ){0,4}(?:in|at|inside|on) (?:the |their |her |"
        r"his |my |"
        r"our )?(?:schools?|buildings?|campus\w*|field|<[sln])|school time|field time|"
        r"time (?:\S+ ){0,5}(?:spen[dt]|spends|spending) (?:\S+ )?(?:in|at) (?:<s|schools?|<n)|"
        r"presence (?:in|at|inside)|out of the office|out in schools)",
    ),
    (
        Measure.MINUTES_ASKED,
        r"\bhow many (?:minutes|hours)\b|\b(?:minutes?|hours?|workload|burden|(?:how much|amount of|"
        r"the) (?:of \S+ )?(?:\S+ )?time|time)\b(?=.*\b(?:ask\w*|demand\w*|request\w*|require\w*|"
        r"mandates?|paperwork|claim\w*|cost\w*|expect\w*|burden\w*|impos\w*|tak\w+ up|put on|"
        r"plac\w*|load\w*|want\w*|need\w*|compliance|tasks?|directives?|memos?|principals?)\b)"
        r"|\b(?:workload|burden)\b|\b(?:asks?|asked|asking|demand\w*|requir\w*|took|cost|costing|"
        r"request\w*) (?:\S+ ){0,6}(?:minutes?|hours?|time)\b",
    ),
    (
        Measure.MANDATES,
        r"\b(?:mandates?|mandated|asks(?= (?:came|come|from|by|went|were|sent))|(?:many|of|number of) asks|"
        r"directives?|demands?|memos?|requirements?|compliance (?:items?|"
        r"requests?|tasks?)|requests? (?:from|by|sent|of)|orders from)\b",
    ),
    (Measure.USEFULNESS, USEFUL),
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
        r"\b(?:intervals?|cadences?|rhythms?|on (?:schedule|track|target|pace|time(?! in\b| at\b| spent\b))|(?:within|"
        r"meet\w*|hit\w*|met|keep\w* to|kept to|reach\w*|inside) (?:their |the |her |his |our |my "
        r"|its )?(?:visit )?(?:targets?|schedule)|visit targets?|often enough|as often as|"
        r"behind schedule|(?:visit )?(?:schedules?|calendar|plan) (?:was |were |is |been |being )?(?:kept|"
        r"followed|met)|"
        r"kept (?:up )?(?:with|on)|(?:keep|keeping|kept|stick|sticking|stuck) to (?:it|them)|needs? tier target)\b",
    ),
    (Measure.LONGEST_GAP, _GAP),
)


def measures_in(line: str, *, has_days: bool, has_named_period: bool) -> list[Measure]:
    """The measures that the line speaks of, the one asked for first; more than one only where two are asked for.

    `has_days`: a number of days or weeks was said; `has_named_period`: so was a period with a name. A stretch without
    a visit that may lie anywhere in a named period is a gap; one up to today is not visited.
    """

    if re.search(_PROTECTED_AND, line):
        return [Measure.PROTECTED_KEPT, Measure.VISITS]
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
                r"into|why|who|what (?:office|unit|department))\b",
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
    if re.search(rf"<{CYCLE}\d+>", line):
        return [Measure.CYCLES]
    if re.search(rf"<{OFF_PLATE}\d+>", line):
        return [Measure.TAKEN_OFF]
    found = [measure for measure, pattern in _MEASURES if re.search(pattern, line)]
    visited = bool(re.search(rf"{_VISIT}|<k\d+>", line))
    if Measure.MINUTES_ASKED in found and Measure.MANDATES in found:
        found.remove(Measure.MANDATES)
    if Measure.LONGEST_GAP in found and Measure.CANCELLED in found and re.search(r"\band\b", line):
        return [Measure.LONGEST_GAP, Measure.CANCELLED]
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
            if strong is Measure.CANCELLED and re.search(_MADE_GOOD, line):
                # How many were made good is said of the cancelled ones anyway, where both are asked.
                return [strong if re.search(_ALSO_MADE_GOOD, line) else Measure.MADE_GOOD]
            others = {Measure.TIME_IN_SCHOOLS, Measure.MINUTES_ASKED}
            return [measure for measure in found if measure not in others or measure is strong]
    if Measure.MANDATES in found and re.search(_VISITS_AND_MANDATES, line):
        return [Measure.VISITS, *found]
    if found:
        return found
    never = re.search(_NEVER, line) and not re.search(
        r"\b(?:not sure|do not know|if not|whether or not|or not|not too much|not only|not just|"
        r"can not (?:find|remember|"
        r"recall|tell|see)|do not (?:mind|have (?:to|time|the)|remember|recall|want|need)|no (?:rush|hurry|"
        r"problem|pressure|"
        r"idea|clue))\b",
        line,
    )
    if never and (
        visited
        or re.search(
            r"\b(?:skip\w*|miss(?:ed|ing)?|neglect\w*|forgot\w*|overlook\w*|unvisited|without)\b|"
            r"\bnot (?:been )?to <s|\b(?:who|which|schools?|principals?|any ?one|"
            r"any ?body) (?:\w+ ){0,3}left out",
            line,
        )
    ):
        is_anywhere = has_days and has_named_period and re.search(r"\b(?:went|gone|go|without)\b", line)
        return [Measure.LONGEST_GAP if is_anywhere else Measure.NOT_VISITED]
    if re.search(r"\bcoverage\b", line):
        return [Measure.NOT_VISITED]
    if re.search(
        r"\b(?:every|all)(?: of)?(?: the| my| our)? (?:schools?|principals?|<l\d+>|"
        r"<t\d+>)(?: \S+){0,4} (?:been |gotten |got |get |had |received |have |has )*(?:visited|"
        r"seen|(?:a|its|their|any|enough) visits?|(?:a )?<k\d+>|1 visit)",
        line,
    ) and re.search(r"^(?:\S+ ){0,4}?(?:has|have|did|was|were|is|are|do|does)\b", line):
        return [Measure.NOT_VISITED]
    return [Measure.VISITS] if visited else []


def speaks_of_stand_ins(line: str) -> bool:
    """Whether the line speaks of visits being made good, as a follow-up to a question about cancelled ones may."""

    return bool(re.search(_MADE_GOOD, line))


def speaks_of_loss(line: str) -> bool:
    """Whether the line speaks of something being taken, as a follow-up to a question about protected time may."""

    return bool(re.search(_LOST, line))
