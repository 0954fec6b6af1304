"""What must not be told: what was said or written in a visit, and which ILD does better than another."""

import re

from protocols.insight.measure_words import USEFUL
from protocols.insight.query import Grouping

_CONTENT = re.compile(
    r"\b(?:talk(?:ed|ing|s)? (?:about|over|through)|(?:did|do|they|we|to) talk\b|discuss\w*|"
    r"convers(?:ations?|ed)(?! visits?)\b|chat(?:ted)?|"
    r"(?:was|were|been|being|got|get|is|have|has|they|he|she|principals?|>) said|"
    r"what .*\b(?:say|says|said|tell|told)\b|quot(?:e|es|ed)|(?:say|says|said) (?:anything|"
    r"something|about|why|how|what)|(?:think|thinks|thought) (?:of|about)|opinions?|(?:go|goes|gone|"
    r"went) (?:so |very |really )?(?:well|badly|ok|okay|fine|poorly|down|over|wrong)|"
    r"write (?:about|down|up)|saying|how (?:did|does|do) (?:\S+ ){1,4}do (?:on|in|at|during) |"
    r"(?<=> )(?:results?|outcomes?)|visit (?:results|outcomes)|(?:results?|outcomes?) (?:of|from) (?:the |"
    r"that "
    r"|her |his |our )?(?:<k|visit)|gist of|"
    r"wrote|write ups?|writeups?|(?:did|was|were|been|he|she|they|i|>) writ(?:e|ten)|written|"
    r"notes?|transcripts?|remarks?|comments?|commented|"
    r"reflections?|look ?fors|lookfor|(?:the|an?|our|his|her|my|which|what|each|did|they|we|she|he|to|"
    r"principals?) look for|evidence|debriefs?|debriefed|findings|observ(?:e|ed|ing|"
    r"ation notes)|takeaways?|take aways?|topics?|agendas?|"
    r"c(?:a|o)me up (?:in|at|during)|(?:issues|things|what) c(?:a|o)me up|what c(?:a|"
    r"o)me (?:up|out)|b(?:ring|rought) up|complain\w*|concerns?|concerned|feedback|"
    r"impressions?|who (?:said|says|say|told|wrote|writes|mentioned)|"
    r"what c(?:a|o)me of (?:it|that|this|them|those|the)|"
    r"problems? of practice|advi[cs]ed?|recommend\w*|suggest\w*|prais\w*|critici\w*|summar(?:y|"
    r"ies|ize) (?:of|what|the)|"
    r"promis\w+|commit(?:s|ted|ting|ment|ments)?\b|strengths?|weakness\w*|challenges?|warm|"
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
    r"what (?:did|do|have|has) (?:they|she|he|we|you|<i\d+>) (?:see|find|notice|learn|hear|observe)\b|"
    r"mention(?:s|ed|ing)?|photos?|highlights|strateg(?:y|ies)|struggl\w+ with|"
    r"(?<!you )(?<!me )(?<!some )(?<!please )help with|"
    r"(?:what|anything|whatever) (?:was|were|is|has been|got) (?:recorded|noted|logged|captured|typed|"
    r"put down|raised|"
    r"covered|shared|brought)|"
    r"^(?:(?:please|can you|could you|so|and) )*about (?:the|that|her|his|their|my|our|<i\d+>) (?:last |"
    r"latest |recent )?"
    r"(?:visit\b|<k\d+>|debrief)(?! (?:rates?|counts?|numbers?|figures?))|"
    r"(?<=> )logs?\b|(?:visit|debrief) logs?\b|"
    r"what (?:is|are|was|were|does|do|did) (?:\S+ ){1,8}(?:on|about)$|"
    r"reveal\w*|"
    r"what happened (?:in|at|during|on|when|there|with)|what (?:went|is going) (?:on|wrong|"
    r"well)|working on\b|focus(?:ed|ing|es)? (?:of|on|at|in)|what (?:was|were|is) (?:the |"
    r"that |her |his |last |my )?(?:\S+ ){0,3}about|upset|happy|unhappy|mood|attitude)"
)
_CONTENT_STEPS = re.compile(
    r"\b(?:(?:what|which)(?: (?:are|were|was|is|the|my|our|his|her|their|some|of|kind of|specific|exact|"
    r"all))* (?:next|action|agreed|follow up) (?:steps?|actions?|items?)(?! (?:rate|share|"
    r"count|percentage))|"
    r"what (?:\S+ )*(?:was|were|has been|have been|did|got) (?:\S+ ){0,3}agreed?|agreed? (?:on|"
    r"to|upon)\b|what (?:they|we|she|he|i|you|principals?|<\w+>) (?:\S+ ){0,2}agreed\b|what (?:was|were|"
    r"did \S+) agreed?|"
    r"(?:show|list|read|give|tell|send|share(?! of)|see)(?: me| us)?(?: all)?(?: of)?(?: the| their|"
    r" her| his| those| these)? (?:next|action) steps?(?! (?:by|per|rate|share|count|percent))"
    r"|"
    r"(?:details?|text|wording|content|contents|substance) of|"
    r"(?:next|action) (?:steps?|actions?|items?)(?: \S+){0,4}? (?:what|which)(?: 1s| ones)? (?:are|were|was|is)"
    r"(?: they| those| these| it)?)\b"
)
_BARE_STEPS = re.compile(r"\b(?:next|action) (?:steps?|items?)\b")
_ONE_VISIT = re.compile(r"\b(?:last|latest|most recent) (?:<k\d+>|visit\b|debrief|meeting)")
_COUNT = re.compile(
    r"\b(?:how (?:many|often|much)|share|percent\w*|proportion|portion|fraction|rate|rates|number|count|"
    r"total|ratio|"
    r"end(?:s|ed|ing)?|led|lead\w*|result\w*|produc\w*|with|without|by|per|each|visits?|did|does|do|get|got|"
    r"had|"
    r"have|has|are|were|was|compar\w*|vs|versus)\b"
)
_ANONYMOUS_TEXT = re.compile(
    r"\b(?:comments?|commented|wrote|written|write|writing|feedback|said|say|notes?|words)\b"
)
_OF_ONE_VISIT = re.compile(
    r"\b(?:tell (?:me|us)|hear|read|know|details?) (?:more |all |something )?(?:about|of|on) "
    r"(?:the|that|this|her|his|their) (?:last |latest |recent )?"
    r"(?:visit|<k\d+>)(?! (?:counts?|numbers?|figures?|frequency))(?= |$)"
)
"""One visit is told about, many are counted."""


def asks_content(line: str) -> bool:
    """Whether the line asks for something said, written, rated or agreed in a visit.

    That a next step was agreed is a count; which one, is content. How principals rate the visits is asked of them as
    usefulness, and only their words about it are content.
    """

    if _OF_ONE_VISIT.search(line):
        return True
    line = re.sub(
        r"\bteachers? (?:\w+ )?(?:absen\w*|quit|hired|resign\w*|retir\w*|vacanc\w*|turnover|on leave)\b",
        "",
        line,
    )
    line = re.sub(r"\b(did|does|do|has|have|had|can) (<i\d+>|i|we|she|he|they) logs?\b", r"\1 \2 make", line)
    line = re.sub(r"\b(?:(?:have|need|want|trying|help me|help us) to|must|can|me|us) decide\b", "", line)
    line = re.sub(
        r"\b(?:would you say|let us say|what if (?:i|we) (?:say|said)|what if|say (?=\d)|i would say|to say|"
        r"(?<!who )say that|(?<!did )(?<!do )they say|say hello|tell me|good (?:notes?))\b",
        "",
        line,
    ).strip()
    if re.search(USEFUL, line) and not re.search(
        r"\b(?:teach\w*|lesson\w*|classroom\w*|instruction\w*|rubric\w*)\b", line
    ):
        return bool(_ANONYMOUS_TEXT.search(line))
    return bool(_CONTENT.search(line) or _CONTENT_STEPS.search(line) or _asks_for_steps(line))


def _asks_for_steps(line: str) -> bool:
    """Whether next steps themselves are asked for: those of one visit, or of a school without a word of counting."""

    if not _BARE_STEPS.search(line):
        return False
    return bool(_ONE_VISIT.search(line) or ("<s" in line and not _COUNT.search(line)))


_ORDER = re.compile(
    r"\b(?:rank\w*|classif\w*|best|worst|most|least|fewest|lowest|highest|top|bottom|leader ?boards?|"
    r"league|better|worse|strongest|weakest|slowest|fastest|laz\w+|hardest|"
    r"1st place|last place|ahead|behind|outperform\w*|underperform\w*|lead(?:s|ing)|trail\w*|"
    r"lag\w*|sort(?:ed)? (?:from|high|low|desc|asc|by (?:number|count|visits)| (?:worst|best|lowest|"
    r"highest)|(?:worst|best|lowest|highest|most) first)|"
    r"order(?:ed)? (?:by|from|them|those|these|it)|sort (?:them|those|these|it)|in order|busiest|poorest|"
    r"slack\w*|slip\w*|dragging|coast\w+|carr(?:y|ies|ying) the|"
    r"stars?|winners?|winning|losers?|number (?:1|one)|order (?:the |our |all )?(?:ilds|"
    r"directors|supervisors)|standings|more|fewer|less|compete|competition|"
    r"beat\w*|biggest|smallest|largest|longest|good|bad|great|effective|productive|evenest|"
    r"high to low|low to high|descending|ascending|score ?card|grade the|rate the|"
    r"score the|percentiles?|sorted(?= *$| \.)|too (?:few|many|little|much)|"
    r"(?:above|below|under|over|reach\w*|exceed\w*) (?:the )?(?:average|median|mean)|excel\w*|struggl\w*|"
    r"champion|"
    r"fall\w* short|doing well|poorly|dedicated|diligent|active)\b"
)
_PLACING = re.compile(
    r"\b(?:what|which) (?:place|position|spot|rank)\b|"
    r"\bwhere (?:does|do|did|is|are)(?: \S+){1,3} (?:rank|stand|place)\b|\bstack\w* up\b|\bpercentiles?\b"
)
"""One of them set among the others."""
_WHO_LAGS = re.compile(
    r"^(?:so |and )?who (?:is|are|has been|have been) (?:\w+ )?(?:behind|ahead|lagging|trailing|slacking|"
    r"(?:doing|performing) (?:the )?(?:least|most|best|worst))\b|"
    r"\b(?:who|which (?:one|ild|director|supervisor)s?) (?:is|are|comes?|came|was|were) (?:in )?"
    r"(?:the )?(?:1st|2nd|3rd|last)\b"
)
_THAN_OTHERS = re.compile(
    r"\b(?:than|to|against|with|of) (?:all )?(?:the )?(?:others?|rest|anyone|anybody|every ?one|every ?body|average|"
    r"peers|colleagues)\b"
)
_GOOD_AT = re.compile(
    r"\b(?:best|worst|good|bad|better|worse|great|poor|strongest|weakest) at (?:\w+ )?\w+ing\b"
)
_PERSONNEL = re.compile(
    r"\b(?:evaluat\w+|apprais\w+|(?:annual|yearly|formal|contract|performance|salary|year end|mid ?year|her|his|their) "
    r"reviews?|write (?:\S+ )?(?:her|him|them|<i\d+>) up|writ(?:e|ing)(?: an?)? write ?up|"
    r"(?:fire|firing|dismiss|replace|demote|terminate|discipline|renew|promote|reassign|remove|keep|let) "
    r"(?:her|him|them|<i\d+>)(?: go\b| on\b|(?= \.|$))|(?:fired|dismissed|demoted|terminated|"
    r"disciplin\w+|renewal|probation|merit pay|bonus\w*|pip)|(?:improvement|performance) plan|"
    r"on an? (?:plan|pip))(?!\w)"
)
"""What an employer decides about one of them; coaching is no ground for it."""
_ILD_NOUN = re.compile(
    r"\b(?:ilds?|directors?|supervisors?|leadership directors?|network (?:leads?|leaders?))\b"
)


def asks_ranking(line: str, *, groupings: list[Grouping], ilds_named: int) -> bool:
    """Whether the line asks which ILDs do more, less, better or worse than others."""

    if (Grouping.ILD in groupings or _ILD_NOUN.search(line)) and re.search(
        r"\b(?:awards?|prizes?|bonus\w*|promot\w+|recogni\w+|reward\w*)\b", line
    ):
        return True
    if Grouping.ILD in groupings and re.search(rf"{_ILD_NOUN.pattern} should\b", line):
        return True
    if Grouping.ILD in groupings and re.search(
        r"\bshould (?!i\b|we\b)|\b(?:fire|let go|dismiss|promote|praise|replace|reward|worry|worried|"
        r"trust)\w*\b",
        line,
    ):
        return True
    if (ilds_named or Grouping.ILD in groupings or _ILD_NOUN.search(line)) and _PERSONNEL.search(line):
        return True
    line = re.sub(
        r"\bma(?:de|ke|king) (?:\w+ )?good\b|"
        r"\bat (?:least|most)\b|\bmost recent\w*|\bmore than (?=\d)|\b(?:fewer|less) than (?=\d)|"
        r"\bgood (?:morning|afternoon|evening|day)\b|\bonce more\b|\btop of\b|\bbest regards\b|"
        r"\bmore info\w*",
        "",
        line,
    )
    if not asks_of_schools(groupings) and _GOOD_AT.search(line):
        return True
    if _WHO_LAGS.search(line) or (ilds_named and _PLACING.search(line)):
        return True
    if not _ORDER.search(line):
        return False
    if re.search(
        rf"\b(?:put|list|line|rank|sort|order|place|grade)\b(?: \S+){{0,4}} {_ILD_NOUN.pattern[2:]}", line
    ):
        return True
    if Grouping.ILD in groupings and groupings[0] is Grouping.ILD:
        return True
    if ilds_named > 1 or (ilds_named and _THAN_OTHERS.search(line)):
        return True
    return bool(_ILD_NOUN.search(line)) and not asks_of_schools(groupings)


def asks_of_schools(groupings: list[Grouping]) -> bool:
    """Whether what is put in an order is no person: schools, networks, offices, kinds, reasons or months."""

    return bool(groupings) and groupings[0] in {
        Grouping.SCHOOL,
        Grouping.OFFICE,
        Grouping.NETWORK,
        Grouping.KIND,
        Grouping.REASON,
        Grouping.MONTH,
    }
