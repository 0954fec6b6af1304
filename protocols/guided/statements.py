"""Problems of practice, aims, rationales and next steps: good, or weak with the one fault to mend first.

What a good one is follows the cycle of inquiry (Honig et al. 2010) and the aim statement of improvement networks:
a *problem of practice* is specific, about the principal's own leadership and tied to teaching and learning, and not
an action already chosen; an *aim* says what, for whom, how much and by when; a *rationale* says why this strategy
should act on that cause; a *next step* says who does what by when, and leaves something that one could look at.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class StatementKind(StrEnum):
    PROBLEM_OF_PRACTICE = "problem_of_practice"
    AIM = "aim"
    RATIONALE = "rationale"
    NEXT_STEP = "next_step"


class Fault(StrEnum):
    TOO_BROAD = "too_broad"
    ABOUT_OTHERS = "about_others"
    SOLUTION_IN_DISGUISE = "solution_in_disguise"
    NO_MEASURE = "no_measure"
    NO_DATE = "no_date"
    NO_WHO = "no_who"
    DOES_NOT_JOIN = "does_not_join"
    NOT_CHECKABLE = "not_checkable"


@dataclass(frozen=True, slots=True)
class StatementReading:
    """How a statement was read; `fault` and `question` are None for a good one."""

    text: str
    verdict: Literal["good", "weak"]
    fault: Fault | None
    question: str | None


_QUESTIONS = {
    Fault.TOO_BROAD: "Which part of it shows in your own week: in which rooms, with which teachers?",
    Fault.ABOUT_OTHERS: "What is your own part in this: what do you do, or not yet do, that could change it?",
    Fault.SOLUTION_IN_DISGUISE: "That is something to do. Which problem should it solve, and what have you seen of it?",
    Fault.NO_MEASURE: "How much, and counted how: what number would tell us it worked?",
    Fault.NO_DATE: "By when shall we look?",
    Fault.NO_WHO: "Who is it for, or who does it?",
    Fault.DOES_NOT_JOIN: "Why should this act on that cause: what happens in between?",
    Fault.NOT_CHECKABLE: "What will be there to look at when it is done: a paper, a count, something said?",
}
#: Longest quotation in a question, in characters.
_LONGEST_QUOTE = 70


def read_statement(text: str, kind: StatementKind) -> StatementReading:
    """Read one statement of a kind. Takes any text and never raises; names the fault worth mending first."""
    low = re.sub(r"\s+", " ", text.replace("’", "'")).strip().lower()
    match kind:
        case StatementKind.PROBLEM_OF_PRACTICE:
            fault = _fault_of_problem(low)
        case StatementKind.AIM:
            fault = _fault_of_aim(low)
        case StatementKind.RATIONALE:
            fault = _fault_of_rationale(low)
        case StatementKind.NEXT_STEP:
            fault = _fault_of_next_step(low)
    if fault is None:
        return StatementReading(text, "good", None, None)
    quoted = _shorten(text)
    opening = f'You wrote "{quoted}". ' if quoted else ""
    return StatementReading(text, "weak", fault, opening + _QUESTIONS[fault])


def _shorten(text: str) -> str:
    lines = text.strip().splitlines()
    said = lines[0].rstrip(".!?;, ") if lines else ""
    return said if len(said) <= _LONGEST_QUOTE else said[:_LONGEST_QUOTE].rsplit(" ", 1)[0]


def _words(pattern: str) -> re.Pattern[str]:
    """Any of the given words or short patterns (blanks in the source separate them, `_` stands for a blank), as
    whole words."""
    return re.compile(rf"\b(?:{'|'.join(part.replace('_', ' ') for part in pattern.split())})\b")


# --- Dates and measures -------------------------------------------------------------------------------------------

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|mon|tues?|wed|thu(?:rs)?|fri)"
_OCCASION = (
    r"(?:20\d\d|winter|spring|summer|fall|autumn|semester|trimester|quarter|term|year|month|weeks?|break|tomorrow|"
    r"thanksgiving|"
    r"christmas|visit|meeting|plc|walkthrough|debrief|conferences?|testing|benchmark)"
)
_BEFORE_DATE = r"(?:by|before|until|on|in|at|after|this|next|end of|starting)"
_DATE = re.compile(
    rf"\b{_BEFORE_DATE}\b(?:(?!\bby\b|%)[^.;]){{0,25}}?\b(?:{_MONTH}|{_DAY}|{_OCCASION})\b"
    rf"|\b(?:{_DAY}|tomorrow|tonight|today)\b|\b{_MONTH}\.? \d{{1,2}}\b|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b"
    r"|\b\d{1,2}/\d{1,2}\b|\b20\d\d-\d\d-\d\d\b"
    r"|\b(?:within|in|over|every|for) (?:the next )?(?:\w+ )?(?:days?|weeks?|months?)\b"
    r"|\b(?:daily|weekly|each week|every week|each day)\b|\bon the \d{1,2}(?:st|nd|rd|th)\b"
)
_MEASURE = _words(
    r"\d+\S* percent half twice double all every each a_third two_thirds none one two three four five six seven "
    r"eight nine "
    r"ten eleven twelve twenty thirty forty fifty"
)
#: An aim that counts what adults will hold or buy says nothing about what should come of it.
_ACTIVITY = re.compile(
    r"\b(?:hold|host|conduct|offer|provide|run|attend|launch|purchase|buy|create|schedule|deliver|"
    r"organi[sz]e) (?:\S+ ){0,4}?"
    r"(?:sessions?|trainings?|workshops?|meetings?|pd|plcs?|programs?|committees?|clubs?|nights?|events?|curriculum)\b"
)
_FOR_WHOM = _words(
    r"students? pupils? kids? child(?:ren)? scholars learners \S*graders? grades? class(?:es|"
    r"rooms?)? teachers? teams? staff "
    r"readers? writers? famil(?:y|ies) parents freshm[ae]n sophomores juniors seniors kindergart\w+ ells? principals? "
    r"departments? schools? plcs? attendance cohorts? subgroups? lessons? rooms? counselors? coach(?:es)? leaders? "
    r"aides? "
    r"algebra geometry biology chemistry i we my"
)


def _fault_of_aim(low: str) -> Fault | None:
    if not _MEASURE.search(_DATE.sub(" ", low)) or _ACTIVITY.search(low):
        return Fault.NO_MEASURE
    if not _FOR_WHOM.search(low):
        return Fault.NO_WHO
    return None if _DATE.search(low) else Fault.NO_DATE


# --- Next steps ---------------------------------------------------------------------------------------------------

#: Verbs that leave something to look at.
_LEAVES = (
    r"(?:bring|write|send|visit|observe|record|sort|draft|post|collect|film|script|sit|count|list|schedule|co-teach|"
    r"teach|"
    r"print|e-?mail|annotate|score|submit|tally|upload)(?:s|es|ing)?"
)
_DOES = re.compile(
    rf"\b(?:{_LEAVES}|(?:share|model|meet|rehearse|give|hand|show|read|mark|compare|review|choose|pick|invite|ask|"
    rf"plan|present|"
    r"lead|return|debrief|watch|use|add|move|call|hold|note|put|set|practi[cs]e|try out|complete|create|revise|"
    r"rewrite|make|"
    r"swap|join|pilot|finish|deliver|analy[sz]e|identify|prepare|cut|replace|test|open|tell|walk|run|start|name|"
    r"label|build)"
    r"(?:s|es|ing)?)\b"
)
_LEAVES_BEHIND = re.compile(rf"\b{_LEAVES}\b")
_VAGUE = _words(
    r"keep_an_eye think_about reflect_on consider be_more try_to try_harder work_on focus_on continue keep_(?:up|"
    r"doing|working) "
    r"support encourage promote foster improve increase be_(?:aware|mindful|intentional|"
    r"better) look_into touch_base check_in "
    r"follow_up circle_back do_better pay_(?:more_)?attention strengthen build_(?:a_)?(?:culture|relationships|"
    r"capacity|trust|community|confidence) "
    r"emphasi[sz]e ensure make_sure get_better understand learn_(?:more_)?about explore talk_(?:more_)?about "
    r"monitor address "
    r"push raise remember"
)
_LEAD_IN = rf"(?:(?:{_BEFORE_DATE}|every|each|within|during)\b[^,]{{0,40}},? )?"
_DOER = re.compile(
    rf"^{_LEAD_IN}(?:i|we|you|he|she|they|both|(?:the|my|our|each|all|every) \w+|principals?|ap|teachers?|coach|ild|"
    rf"grade \d)\b"
    r"|\b(?:i|we|you|they|she|he)(?:'ll)?\b|\b\w+ (?:will|is going to|are going to)\b"
    rf"|^{_LEAD_IN}[a-z]\w+ (?:and \w+ )?(?:brings|sends|visits|writes|posts|shares|drafts|records|collects|models|"
    rf"meets)\b"
    r"|\b(?:owner|who|responsible): ?\w+|\(\w+(?: \w+){0,2}\)$|\b\w+ does (?:it|this|that)\b"
)
#: Something is done, and nobody does it.
_PASSIVE = re.compile(
    r"^(?:\S+ ){1,6}?(?:to be|be|gets?|is|are) (?:\w+ly )?"
    r"(?:\w+ed|sent|written|brought|given|shown|kept|read|seen|taught|made|held)\b"
    r"(?!.*\bby (?:the|my|our|me|us|him|her|a|each|mr|ms|mrs|coach|ap|principal|teachers)\b)"
)
#: A word to the person who reads it, about the work at hand: they do it, and they do it now. Errands (`bring`,
#: `send`, `visit`) are left out, since they need an owner and a day.
_TOLD_TO = re.compile(
    r"^(?:(?:next time|in|on|at|for|when|after|before|as|with|under|to) ?[^,]{0,45},\s)?"
    r"(?:(?:please|also|then|now|first|try to|go back and|start by|begin by) )*"
    r"(?P<verb>"
    r"add|answer|anchor|ask|back up|call on|change|check|choose|circle|cite|combine|compare|"
    r"connect|count|cross|cut|define|delete|describe|divide|draw|end|erase|estimate|explain|"
    r"find|give|group|hand|highlight|identify|include|join|label|let|line up|link|list|mark|"
    r"measure|model|move|name|number|open|pause|pick|place|plot|point|practi[cs]e|put|quote|"
    r"read|redo|reread|remove|repeat|rephrase|replace|restate|reverse|revise|rewrite|round|"
    r"say|set|shorten|show|solve|sort|spell|split|stand|start|state|stop|subtract|substitute|"
    r"sum|support|swap|take|tell|test|trade|turn|underline|use|wait|walk|write"
    r") "
)
#: Somebody is the subject of the sentence.
_DOES_ITSELF = re.compile(rf"^{_LEAD_IN}(?:i|we|you|he|she|they|i'll|we'll)\b")
#: Aims of a person, not deeds; and a school's work, where a step needs an owner and a day.
_WISHFUL = _words(
    r"engagement rigor culture climate expectations your_best effort better_job attitude relationships trust ways "
    r"strategies instruction best_practices? achievement outcomes success regularly consistently as_needed teachers "
    r"staff principals? school famil(?:y|ies) parents meetings? plcs? teams?"
)
#: More of something is no deed.
_MERELY_MORE = re.compile(
    r"\b(?:better|more|stronger|clearer|deeper|harder|higher|further|careful|attention)\b"
)


def _fault_of_next_step(low: str) -> Fault | None:
    undated = _DATE.sub(" ", low)
    if _tells_reader_what_to_do(low):
        return None
    if _PASSIVE.search(undated) and not _VAGUE.search(undated) and not _DOES_ITSELF.search(low):
        return Fault.NO_WHO
    if not _DOES.search(undated) or (_TOLD_TO.match(low) and _asks_for_more(low)):
        return Fault.NOT_CHECKABLE
    if _VAGUE.search(undated) and not _LEAVES_BEHIND.search(undated):
        return Fault.NOT_CHECKABLE
    if not _DOER.search(low):
        return Fault.NO_WHO
    return None if _DATE.search(low) else Fault.NO_DATE


def _tells_reader_what_to_do(low: str) -> bool:
    """Feedback that one could act on, and see whether it was acted on: `name the source of each claim`."""
    told = _TOLD_TO.match(low)
    if not told or len(low.split()) < 5 or _VAGUE.search(low[: told.start("verb")]):
        return False
    return not _asks_for_more(low) and not _WISHFUL.search(low)


def _asks_for_more(low: str) -> bool:
    short = len(low.split()) < 9
    return bool(short and _MERELY_MORE.search(low) and not _LEAVES_BEHIND.search(low))


# --- Problems of practice -----------------------------------------------------------------------------------------

_TOPIC = (
    r"(?:engagement|achievement|culture|climate|instruction|math|reading|literacy|rigor|equity|communication|"
    r"attendance|"
    r"behaviou?r|discipline|data|morale|scores|leadership|teaching|learning|management|differentiation|performance|"
    r"gaps?|"
    r"outcomes|proficiency|trust|collaboration|expectations)"
)
#: A topic, with at most a verdict on it.
_BROAD = re.compile(
    rf"^(?:\w+ ){{0,4}}?{_TOPIC}(?: (?:is|are|remains?|needs?) (?:an? |very |too )*"
    r"(?:low|poor|weak|bad|issue|problem|declining|down|improvement|inconsistent|work))?"
    r"(?: (?:in|at|across|throughout) (?:the |our |my )?(?:whole )?\w+)?\.?$"
)
_SOLUTION = re.compile(
    r"^(?:we|i|teachers|students|all \w+|(?:the|our|my) \w+) (?:really |just |also )?"
    r"(?:needs? (?:to (?!be |become |improve |know |understand |do better|get better|raise |"
    r"work on )|a |an |more |new |another |better |additional |"
    r"extra |training)"
    r"|should|must|lacks? (?:an? |new |money|funding|training|devices)|(?:do not|don't|doesn't) have (?:an? |"
    r"enough |any )"
    r"|will\b|(?:want|plan|am going|are going) to (?!be |become |improve |know |understand |do better)|could use)"
    r"|^(?:implement|adopt|buy|purchase|hire|train|introduce|launch|create|install|roll out|provide|add|start|use|"
    r"offer|"
    r"schedule|require|develop|establish|set up|get)\b"
    r"|\bthere is no (?:\w+ ){0,2}(?:coach|program|curriculum|training|software|schedule|time|money|budget)\b"
    r"|\b(?:lack of|no|without) (?:an? )?(?:new )?(?:curriculum|program|software|coach|training|devices|funding|"
    r"tutors?)\b"
)
_POSSESSED_OTHERS = _words(
    r"(?:our|my)_(?:\w+_)?(?:students?|kids|teachers?|parents|families|staff|school|scores|community|district)"
)
_OWN = _words(r"i i'm i've my me myself we we've our principal leadership")
_OTHERS = _words(
    r"parents? families teachers? students? kids staff district central_office homes? community they them poverty "
    r"union phones "
    r"social_media colleagues substitutes aides"
)
_BLAMES = re.compile(
    r"\b(?:teachers?|students?|parents?|families|staff|they|kids) (?:just )?(?:don't|do not|won't|will not|can't|"
    r"cannot|refuse|"
    r"are (?:not|too|resistant|lazy)|lack|never|aren't|should|need)\b"
)
#: What the leader does or leaves undone.
_OWN_DEED = re.compile(
    r"\b(?:i|we) (?:(?:have |do |am |are )?(?:not|never|rarely|seldom|only|often|usually|mostly|"
    r"always) )?(?:yet )?(?:don't|haven't|"
    r"give|gave|spend|visit|leave|avoid|tell|say|write|ask|look|let|fix|rate|rated|accept|cancel|send|talk|know|"
    r"praise|set|do)\b"
    r"|\bmy (?:feedback|visits?|questions?|notes?|debriefs?|observations?|schedule|calendar|meetings?|coaching|"
    r"walkthroughs?)\b"
)
_TEACHING = _words(
    r"feedback debriefs? discussions? questions? questioning writing reading fractions? math literacy conferences? "
    r"observations? walkthroughs? plcs? meetings? exit_tickets? student_work tasks? lessons? look-fors? planning "
    r"schedule data "
    r"teams? visits? coaching notes? evidence rubrics? ratings? evaluations? texts? talk grades? \S*graders? "
    r"departments? "
    r"vocabulary reasoning interventions? teachers? classrooms? expectations instruction science history"
)


def _fault_of_problem(low: str) -> Fault | None:
    size = len(low.split())
    if _BROAD.search(low):
        return Fault.TOO_BROAD
    if _SOLUTION.search(low):
        return Fault.SOLUTION_IN_DISGUISE
    if size < 6:
        return Fault.TOO_BROAD
    if not _OWN.search(_POSSESSED_OTHERS.sub(" ", low)):
        return Fault.ABOUT_OTHERS if _OTHERS.search(low) else Fault.TOO_BROAD
    if _BLAMES.search(low) and not _OWN_DEED.search(low):
        return Fault.ABOUT_OTHERS
    return None if size >= 10 and _TEACHING.search(low) else Fault.TOO_BROAD


# --- Rationales ---------------------------------------------------------------------------------------------------

_JOINS = re.compile(
    r"\b(?:because|since|so that|so \w+ can|so (?:(?!we\b|i\b)\w+ )?(?:can|will|they|students|teachers)|therefore|"
    r"in order to|lets? (?:the |our |each |every )?\w+|helps? \w+|should (?:lead|reach|bring|let|help|mean|make|give)|"
    r"that way|as a result|"
    r"(?:which|this) (?:will|should|means|lets|gives|makes|helps)|leads? to|gives? \w+|by \w+ing|when .{5,200}?,|"
    r"then|enabl\w+|"
    r"allow\w+|thereby|if .{5,200}?,)"
)
_IF_THEN = re.compile(r"if (?P<cause>.+?)(?:, then |, | then )(?P<effect>.+)")
_ACTOR = _words(
    r"i we principals? leaders? coach(?:es)? central ilds? teachers? (?:the|our|my|each)_(?:team|coach|leadership|"
    r"principal|"
    r"teachers?|department|\w+_team|\w+_teachers?)"
)
_LINK = _words(r"then so_that because so which and_(?:students|teachers|they)")
_AUTHORITY = re.compile(
    r"\bbest practice\b|\bresearch (?:says|shows)\b|\b(?:it|that|this) (?:works|worked) (?:elsewhere|well|at)\b"
    r"|\bbecause (?:it is|it's|that's|this is) (?:a )?(?:good|important|required|proven|what)\b"
    r"|\bthe district (?:wants|requires|says)\b|\bis the future\b"
)


def _fault_of_rationale(low: str) -> Fault | None:
    size = len(low.split())
    if size < 10 or not _JOINS.search(low) or _AUTHORITY.search(low):
        return Fault.DOES_NOT_JOIN
    chain = _IF_THEN.match(low)
    if chain is None:
        return None
    # A theory of action needs an actor of ours, an effect on the next, and a step in between.
    joined = (
        _ACTOR.match(chain["cause"])
        and len(chain["effect"].split()) >= 4
        and _LINK.search(low)
        and size >= 14
    )
    return None if joined else Fault.DOES_NOT_JOIN
