"""What is asked about visits and protected time and none of the measures answers: it is asked back, never answered
with the nearest measure.

A question names a measure and may still ask for something else: how many visits lie ahead, on Mondays, by council
members, of more than an hour. Each rule is a pattern of the plain line with the measures it concerns.
"""

import re
from collections.abc import Collection

from protocols.insight.query import Measure, Role

_PROTECTED = frozenset({Measure.PROTECTED_KEPT, Measure.PROTECTED_LOST})
_PER_WEEK = frozenset({Measure.MINUTES_ASKED, Measure.TIME_IN_SCHOOLS})
_IN_TIME = _PROTECTED | _PER_WEEK
_ALL = frozenset(Measure)
_CANCELLED = frozenset({Measure.CANCELLED, Measure.MADE_GOOD})
_ASKED_OF_SCHOOLS = frozenset({Measure.MANDATES, Measure.MINUTES_ASKED, Measure.TAKEN_OFF})
_HELD = _ALL - _PROTECTED - _CANCELLED - _ASKED_OF_SCHOOLS - {Measure.CYCLES}
_GAPS = frozenset({Measure.LONGEST_GAP, Measure.NOT_VISITED})
_OF_VISITS = _HELD | _CANCELLED

_OTHERS = (
    r"(?:board|council|committee|cabinet|trustees?|superintendents?|boss|chiefs?|staff|teams?|executives?|"
    r"administrators?|departments?|offices?|units?|members?)(?: members?)?"
)

# The measures a rule concerns, its pattern, and what is said where the words found are not it.
_RULES: tuple[tuple[Collection[Measure], str, str | None], ...] = (
    (
        _HELD,
        r"\b(?:planned|planning|scheduled|upcoming|booked|on the (?:calendar|books)|will|going to|"
        r"next visit|coming up|due for|forecast\w*|predict\w*|would it take|should (?:i|we|she|he|"
        r"they) visit|"
        r"(?:schools?|which|who|that|principals?) needs? (?:a )?visit\w*|tomorrow)\b",
        "what is still planned",
    ),
    (
        _OF_VISITS,
        r"^(?:please |can you |could you |would you |i (?:want|need|would like) (?:you )?to )*"
        r"(?:schedule|plan|book|set up|arrange|move|cancel|call off|remind(?: me)? to|confirm)\b|"
        r"^(?:please |can you |could you |would you |i (?:want|need|would like) (?:you )?to )*(?:add|create|log|record|"
        r"enter|delete|remove|mark|note|push|shift|swap|start|open|request) "
        r"(?:an?|the|my|this|that|our|another|1) (?:\w+ )?(?:visit|<k\d+>)(?! (?:counts?|numbers?|totals?))",
        "what is to be arranged",
    ),
    (
        {Measure.VISITS},
        r"\b(?:are|is|visits?|have) left\b(?! out)|\bstill (?:have|need|got|want) to\b|"
        r"\b(?:left|remaining) (?:to|this|for)\b|\bto go\b|\byet to (?:do|make|hold)\b",
        "what is still to do",
    ),
    (_ALL - _PROTECTED, r"\b(?<!good )(?:mornings?|afternoons?|evenings?|half ?days?)\b", None),
    (_ALL, r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days\b|\bweekends?\b|\bweekdays?\b", None),
    (_ALL - _IN_TIME, r"\b\d+ (?:minutes?|hours?)\b|\ban hour\b|\bhalf (?:an|a) (?:hour|day)\b", None),
    (_ALL - _IN_TIME - _GAPS, r"\bhow long\b", None),
    (
        _ALL,
        r"\bhow long (?:is|was|were|are|do|did|does|has) (?:an? |the |their |her |his |our |"
        r"each |my )?(?:average |typical )?(?:visits?|<k\d+>)|\b(?:length|duration) of\b|\baverage length\b|"
        r"\b(?:longest|shortest|longer|shorter|quickest) (?:visits?|<k\d+>)",
        None,
    ),
    (
        _ALL - _PER_WEEK,
        r"\b(?:week by week|by week|each week|every week|per week|(?:which|what|best|busiest) weeks?)\b|"
        r"\b(?:bi|tri)?weekly\b",
        None,
    ),
    (
        _ALL,
        r"\b(?:per day|by day|by the day|each day|every day|hour of|time of day|(?:which|what) days?|"
        r"days? of the week|(?:best|right|good) (?:time|day) to)\b|\bvisits? (?:per|a) (?:week|day)\b",
        None,
    ),
    (_ALL - _CANCELLED, r"\b(?:re ?scheduled|rebooked|made (?:good|up))\b", None),
    (
        _ALL,
        r"\b(?:attendance|overdue)\b|\bhow much did .*\bcost\b|"
        r"\bcosts? of\b|\bvisits? costs?\b",
        None,
    ),
    (
        _ALL,
        r"\bwhen (?:was|were|did|is|will|has|have|does|do|should)\b|\blast visit(?:ed)?\b|"
        r"\b(?:1st|2nd|3rd|4th|\d+th|first|second|third) (?:visits?|<k\d+>)",
        None,
    ),
    (
        _ALL,
        r"\b(?:percent(?:age)?|share|proportion|fraction) of (?:all |the |our |my |<\w+> )*schools\b|"
        r"\bschools (?:with|that (?:had|got|have)) "
        r"(?:visits? in (?:every|each)|at least|only|exactly|just|more|fewer|less) ",
        None,
    ),
    (
        _ALL - {Measure.CANCELLED},
        r"\b(?:only|just|at least|at most|more than|less than|exactly|not even|even) (?:once|twice)\b|"
        r"\btwice\b",
        None,
    ),
    (
        _ALL,
        r"\b(?:high|low|higher|highest|lower|lowest|greater|greatest|most) ?needs?\b|"
        r"\b(?:the|that|an?) other (?:ild|director|supervisor|school|network|one)\b|"
        r"\b(?:new|newer|newest|old|older|oldest|experienced|veteran|senior) (?:schools?|buildings?|ilds?|"
        r"directors?|supervisors?)\b",
        None,
    ),
    (
        _ALL,
        r"\b(?:everything|things|it all|all this) (?:\w+ )?on (?:track|schedule|target|pace|time)\b|"
        r"\b(?:last|this|past|next|previous) (?:week|month|quarter|semester|term|year)\b",
        None,
    ),
    (_OF_VISITS, r"\b(?:before|after|during|outside) (?:school|class|lunch|work|hours|the day)\b", None),
    (
        _OF_VISITS,
        rf"\b{_OTHERS} (?:has |have |had |ever |also )*(?:visits?|visited|come|came|went|go|gone|been|"
        rf"attend\w*)\b|"
        rf"\bvisits?(?: \w+)? (?:by|from) (?:\w+ )?{_OTHERS}\b|"
        rf"\b(?:did|have|has|do|does) (?:any |the |our |other )*{_OTHERS} (?:\w+ )?(?:visit|make|made|pay|"
        rf"paid|"
        rf"do|come|go|hold|held)|\bhow many (?:people|persons|members|staff|participants|guests)\b|"
        r"\bhow many (?:\w+ )?(?:principals|ilds|directors|supervisors)(?: \w+){0,2}? (?:came?|coming|went|attend\w*|"
        r"show\w* up|join\w*|participat\w*|took part|were (?:at|there|in))\b",
        "visits by others than ILDs",
    ),
    (_ALL, r"\boutside (?:of )?(?:his|her|their|my|our|the|own)(?: own)? (?:network|schools?)\b", None),
    (
        {Measure.MINUTES_ASKED},
        r"(?:<i\d+>|\b(?:i|she|he|ilds?|directors?|supervisors?)) (?:\w+ )?(?:work|dr[io]ve|travel)\w*",
        None,
    ),
    (
        _OF_VISITS - {Measure.NEXT_STEPS},
        r"\bonly (?:where|when|if|while)\b|"
        r"(?:\bvisits?|<k\d+>(?: visits?)?)(?: <p\d+>)? (?:where|when|while|whose|during which|in which|at which|"
        r"to which|for which|with whom|because|so that)\b(?! <[ps]\d+>| (?:schools?|months?|networks?|semesters?)\b)",
        None,
    ),
    (
        _GAPS | {Measure.VISITS},
        r"\b(?:not|never|no|nobody|none)(?: \S+){0,2} (?:not|never|unvisited|unseen|skipped|missed|neglected|"
        r"overlooked|forgotten|without)\b|\bnot (?:have|had|get|got|gotten|receive|received) no\b",
        "one “not” beside another",
    ),
    (
        _ALL,
        r"\b(?:not|except(?:ing)?(?: for)?|excluding|other than|apart from|aside from|besides|minus|(?<=\S )but)"
        r"(?: (?:the|for|ones|1s|those|that|were|was|in|on|of|all))* <p\d+>",
        "a time that is left out",
    ),
    (
        _ALL,
        r"\b(?:is|are|do|does|did|was|were)\b.*\b(?:related|correlated|linked|connected|tied) (?:to|with)\b",
        "how one figure bears on another",
    ),
    (
        _ALL - {Measure.NEXT_STEPS},
        r"\blead(?:s|ing)? to (?:better|more|higher|fewer|lower|less)\b",
        "how one figure bears on another",
    ),
    (
        _GAPS,
        r"<k\d+>.*\b(?:but|and|yet) (?:no|not|without|never|0)(?: \w+)? <k\d+>",
        "one kind without another",
    ),
    (
        {Measure.CANCELLED, Measure.MANDATES, Measure.VISITS},
        r"\b(?:share|percent\w*|proportion|portion|fraction) (?:of|on) (?:\S+ )*(?:visits?|<k\d+>|mandates?)",
        None,
    ),
    (
        _ALL,
        r"\b(?:send|forward|e ?mail|mail|text|share|cc) (?:it|this|that|them|these|those|the \w+) (?:to|with) "
        r"(?!me\b|us\b)|\b(?:send|forward|share) (?!me\b|us\b)(?:\S+ )*(?:to|with) <i\d+>$",
        "what is to be arranged",
    ),
    (_ALL, r"\b(?:2nd|3rd|next) (?:longest|biggest|largest|most|least|highest|lowest|worst|best)\b", None),
    (_ALL, r"\blike <[sni]\d+>|\b(?:schools?|which|who)\b.*\bboth <p\d+>", None),
    (
        {Measure.NOT_VISITED},
        r"\bvisits? (?:that |which )?(?:did|do|does|were|was|are|have|had|is) not\b",
        None,
    ),
    (
        _OF_VISITS,
        r"\bhow many (?:\S+ )?(?:visits?|<k\d+>) (?:can|could|might|must)\b(?! (?:you|we see))",
        None,
    ),
    (
        {Measure.NOT_VISITED},
        r"\benough\b|\b(?:ilds?|directors?|supervisors?) (?:with|without|who had|having) (?:no |any |a )?visits?\b",
        None,
    ),
    (_ALL, r"\b(?:around|near|close to|toward|towards) <p\d+>", None),
    (_OF_VISITS, r"\b(?:each other|one another)\b", None),
    ({Measure.CANCELLED}, r"\bnot (?:been |being )?(?:cancel\w+|called off|postponed)\b", None),
    (
        {Measure.CANCELLED},
        r"\b(?:un|re)cancel\w*|\b(?:made|given|put) (?:back|again)\b",
        None,
    ),
    (
        {Measure.MANDATES, Measure.MINUTES_ASKED},
        r"\b(?:due|done|completed?|finished|fulfilled|closed|open|outstanding|late|merged|dropped|declined|"
        r"answered|"
        r"returned|on time|met)\b|\boff (?:the |our |their |my |principals )?plates?\b",
        None,
    ),
    (
        {Measure.NEXT_STEPS},
        r"\b(?:steps?|actions?|items?) (?:\S+ ){0,3}?(?:completed?|done|finished|carried out|kept|met|"
        r"overdue|late|"
        r"open|outstanding|looked at|closed|followed)\b|"
        r"\b(?:open|overdue|outstanding|late|completed?|unfinished|old|missed) (?:next |action )?(?:steps?|"
        r"items?)\b",
        None,
    ),
    (
        {Measure.LONGEST_GAP},
        r"\b(?:shortest|shorter|smallest|minimum|median|average|mean|typical|usual) (?:\w+ )?(?:gaps?|time|"
        r"interval|"
        r"stretch)\b|"
        r"\bgaps? (?:of |that (?:is|was|are|were) |which (?:is|was) )?(?:under|below|less than|shorter than|"
        r"fewer than|"
        r"at most|up to|no more than|within)\b",
        None,
    ),
    (
        _ALL,
        r"^(?:and |so |um )*(?:what (?:does|do|is|are) (?:\S+ ){1,5}(?:mean|stand for)\b|"
        r"what (?:is|are) (?:an? )?(?:cadences?|intervals?|evenness|mandates?|protected time|blackout\w*|"
        r"tiers?|<k\d+>)$|"
        r"what (?:is|are|was) (?:the |our |my |their )*(?:goals?|targets?|definition|policy)\b|"
        r"how (?:do|does|did|is|are) (?:\S+ ){0,3}(?:calculat\w+|comput\w+|defin\w+|work(?:ed out)?)\b)|"
        r"\bgoals?$",
        "what a word means",
    ),
)
_COMPILED = tuple((measures, re.compile(pattern), said) for measures, pattern, said in _RULES)
_BY_ASKER = re.compile(
    r"\b(?:did|have|had|do|am|was|have not|did not) i (?:\w+ )?(?:visit\w*|ma[dk]e|do|done|go|gone|be|been|"
    r"hold|held|"
    r"see|saw|seen|get|gotten|got|coach\w*|cancel\w*|spen[dt]|lose|lost|keep|kept|miss\w*)\b|"
    r"\bi (?:have |had |only |just |ever |never |not )*(?:visited|made|been|done|held|seen|cancelled|lost|"
    r"missed|spent|"
    r"coached)\b|\b(?:by|from|without) me\b|"
    r"\bmy (?:own )?(?:visits?|<k\d+>|protected|blackout|intervals?|cadence|calendar|time)(?!\w)"
)


def uncovered(line: str, measure: Measure, role: Role) -> str | None:
    """The words of a line that ask for what the measure does not answer, or what they ask for; None where all is."""

    for measures, pattern, said in _COMPILED:
        if measure in measures and (found := pattern.search(line)):
            return said or found[0].strip()
    if role is Role.EXECUTIVE and measure is not Measure.USEFULNESS and (found := _BY_ASKER.search(line)):
        return found[0]
    return None
