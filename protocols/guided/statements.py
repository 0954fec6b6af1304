"""Problems of practice, aims, rationales and next steps: good, or weak with the one fault to mend first.

What a good one is follows the cycle of inquiry (Honig et al. 2010) and the aim statement of improvement networks:
a *problem of practice* is specific, about the principal's own leadership and tied to teaching and learning, and not an action
already chosen; an *aim* says what, for whom, how much and by when; a *rationale* says why this strategy should act on that
cause; a *next step* says who does what by when, and leaves something that one could look at.
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
    Fault.TOO_BROAD: "Which part of it shows in your own week, in which rooms or with which teachers?",
    Fault.ABOUT_OTHERS: "What in your own leadership is part of this: what do you do, or not yet do, that could change it?",
    Fault.SOLUTION_IN_DISGUISE: "That is something to do. What is the problem it should solve, and what have you seen of it?",
    Fault.NO_MEASURE: "How much, counted how? What number would tell us it worked?",
    Fault.NO_DATE: "By when shall we look?",
    Fault.NO_WHO: "Who is it about, and who does it?",
    Fault.DOES_NOT_JOIN: "Why should this act on that cause: what happens in between?",
    Fault.NOT_CHECKABLE: "What will be there to look at when it is done?",
}


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


_MONTH = r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sun)(?:day)?s?"
_DATE = re.compile(
    rf"\b(?:by|before|until|on|in|at|after|this|next|until|through|end of|starting)\b[^.;]{{0,25}}?\b(?:{_MONTH}|{_DAY}|20\d\d|winter|spring|summer|fall|autumn|"
    r"semester|trimester|quarter|term|year|month|weeks?|break|tomorrow|thanksgiving|christmas|half-term|visit|meeting|plc|walkthrough|debrief|conference|conferences|testing|assessment|benchmark|eoy|moy|boy)\b"
    rf"|\b(?:{_DAY}|tomorrow|tonight|today)\b|\b(?:{_MONTH})\.? \d{{1,2}}\b|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTH})\b|\b\d{{1,2}}/\d{{1,2}}\b|\b20\d\d-\d\d-\d\d\b"
    r"|\b(?:within|in|over|every|for) (?:the next )?(?:\w+ )?(?:days?|weeks?|months?|school days?|minutes)\b|\b(?:daily|weekly|each week|every week|each day)\b"
)
_NUMBER_WORD = r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|half|twice|double|all|every|each|a third|two-thirds|none|no more than"
_MEASURE = re.compile(rf"\d|\b(?:percent|{_NUMBER_WORD})\b")
_BASELINE_OR_LEVEL = re.compile(
    r"\d+(?:\.\d+)? ?%|percent|\bfrom \d|\bto \d|\b\d+ (?:of|out of)\b|\b(?:score|rate|proficien|points?|level|fewer|at least|at most|no more than|half|every|each|all)\b|\d"
)
_ACTIVITY = re.compile(
    r"\b(?:hold|host|conduct|offer|provide|run|attend|implement|launch|purchase|buy|create|schedule|deliver|organi[sz]e|have) (?:\w+[ -]){0,4}?"
    r"(?:sessions?|trainings?|workshops?|meetings?|pd|plcs?|professional[- ](?:learning|development)|program|programme|committee|club|nights?|events?|curriculum)\b"
)
_LEARNERS = re.compile(
    r"\b(?:students?|pupils?|kids?|children|scholars|learners|graders?|grades?|classes|classrooms?|teachers?|teams?|staff|readers?|families|parents|freshm[ae]n|sophomores|juniors|seniors|"
    r"kindergart\w+|ells?|principals?|departments?|schools?|plcs?|i|we|our|my|us|chronic|attendance|cohort|subgroup|lessons?|rooms?|counselors?|coach(?:es)?|leaders?|aides?)\b"
)


def _fault_of_aim(low: str) -> Fault | None:
    if not _MEASURE.search(re.sub(_DATE, " ", low)) or _ACTIVITY.search(low):
        return Fault.NO_MEASURE
    if not _LEARNERS.search(low):
        return Fault.NO_WHO
    if not _DATE.search(low):
        return Fault.NO_DATE
    if not _BASELINE_OR_LEVEL.search(low):
        return Fault.NO_MEASURE
    return None


_VAGUE_STEP = re.compile(
    r"\b(?:keep an eye|think about|reflect on|consider|be more|try (?:to|harder)|work on|focus on|continue|keep (?:up|doing|working|pushing)|support|encourage|promote|foster|improve|increase|be (?:aware|mindful|intentional|better)|"
    r"look into|touch base|check in|follow up|circle back|do better|pay (?:more )?attention|strengthen|build (?:a )?(?:culture|relationships|capacity)|emphasi[sz]e|stay|ensure|make sure|communicate (?:more|better)|get better|understand|learn (?:more )?about|explore|"
    r"talk (?:more )?about|monitor|address|push|raise (?:the )?(?:bar|expectations|rigor)|remember|see how|help (?:her|him|them|teachers|students) (?:with|to))\b"
)
_PRODUCT = re.compile(
    r"\b(?:bring|write|send|visit|observe|record|sort|draft|post|collect|share|film|script|model|meet|sit|count|list|schedule|teach|co-teach|rehearse|print|email|e-mail|give|hand|show|read|annotate|score|mark|compare|review|choose|pick|invite|ask|plan|present|lead|"
    r"return|submit|tally|debrief|watch|use|add|move|call|hold|note|put|set|practice|practise|try out|complete|create|revise|rewrite|make|swap|join|pilot|upload|finish|deliver|analy[sz]e|identify|prepare|cut|replace|test|open|tell|walk|run|start|name|label|build)(?:s|es|ing)?\b"
)
_STEP_WHO = re.compile(
    r"^(?:(?:by|on|before|next|this|in|at|after|every|each|within|during)\b[^,]{0,40},? )?(?:i|i'll|we|we'll|you|you'll|he|she|they|the \w+|my \w+|our \w+|both|each \w+|all \w+|every \w+|\w+ (?:team|department|teachers?|coach|principal|ap)|principal|ap|teachers?|coach|ild|"
    r"grade \d|\d\w* grade|[a-z]\w+(?: and [a-z]\w+)?(?='ll| will| to | brings?| sends?| visits?| writes?| posts?| shares?| drafts?| and i ))\b|\b(?:i|we|i'll|we'll|you|they|she|he) (?:will|'ll|am|are|is|to)?|\b\w+ (?:will|is going to|are going to)\b|\((?:\w+ ?){1,3}\)$|\b(?:owner|who|responsible): ?\w+"
)


def _fault_of_next_step(low: str) -> Fault | None:
    product = _PRODUCT.search(low)
    if not low or not product or (_VAGUE_STEP.search(low) and not _is_concrete(low)):
        return Fault.NOT_CHECKABLE
    if not _STEP_WHO.search(low):
        return Fault.NO_WHO
    if not _DATE.search(low):
        return Fault.NO_DATE
    return None


def _is_concrete(low: str) -> bool:
    """A vague verb is forgiven where the step leaves something behind: a count, a paper, a visit."""
    strong = re.search(
        r"\b(?:bring|write|send|visit|observe|sort|draft|post|collect|film|script|record|tally|count|submit|email|annotate|list|schedule|teach)(?:s|es|ing)?\b",
        low,
    )
    return bool(strong and (re.search(r"\d", low) or _DATE.search(low)))


_TARGET = re.compile(
    r"\b(?:feedback|debrief|discussions?|questions?|questioning|writing|reading|fractions?|math|literacy|conferences?|observations?|walkthroughs?|plc|plcs|meetings?|exit tickets?|student work|tasks?|lessons?|look-fors?|planning|schedule|data|teams?|visits?|"
    r"coaching|notes?|evidence|rubrics?|ratings?|evaluations?|assignments?|texts?|talk|grade|grades|graders?|departments?|multilingual|english learners|attendance|vocabulary|problem solving|reasoning|independent|interventions?|minutes|teachers?|classrooms?|expectations?|instruction)\b"
)
_OWN = re.compile(
    r"\b(?:i|i'm|i've|my|me|myself|we|our|us|we're|we've|as a leader|as principal|leadership team|principal|leadership)\b"
)
_OTHERS = re.compile(
    r"\b(?:parents?|families|teachers?|students?|kids|staff|district|central office|home|homes|community|they|them|these|poverty|neighbou?rhood|the union|society|phones|social media|veterans?|colleagues|substitutes|aides)\b"
)
_SOLUTION = re.compile(
    r"^(?:we|i|our \w+|teachers|the school|my \w+|students)?,? ?(?:all )?(?:need(?:s)? (?:to (?:buy|hire|implement|adopt|purchase|start|get|have|create|use|install|roll out|schedule|train|introduce|offer|add)|a |an |more |new |another |better |additional |extra |training)|should|must|lacks? (?:a|an|new|money|funding|training on|devices|chromebooks)|don't have (?:a|an|enough|any) |do not have (?:a|an|enough|any) "
    r"|will|want to|plan to|are going to|am going to|could use)|^(?:implement|adopt|buy|purchase|hire|train|introduce|launch|create|install|roll out|provide|add|start|use|offer|schedule|require|increase|develop|build|establish|set up|get|improve)\b|\bthere is no (?:coach|program|curriculum|training|software|schedule|time|money|budget)\b|\b(?:lack of|no|without) (?:a )?(?:new )?(?:curriculum|program|software|coach|training|devices|chromebooks|funding|pd|interventionist|budget|tutors?)\b"
)
_BROAD = re.compile(
    r"^(?:(?:our|my|the|we (?:have|struggle with)|i (?:struggle with|want|need)|student|school|poor|low|lack of|improving|better|more|weak|there is|too little)\s)*(?:\w+\s){0,2}?(?:engagement|achievement|culture|climate|instruction|math|reading|literacy|rigor|equity|communication|attendance|behaviou?r|discipline|"
    r"data|morale|test scores|scores|leadership|teaching|learning|classroom management|differentiation|performance|gaps?|outcomes|proficiency|trust|collaboration|time management|expectations)(?: (?:is|are|remains?|needs?) (?:a |very |too )?(?:low|poor|weak|bad|an issue|a problem|problem|declining|down|improvement|inconsistent|work))?\.?$"
)


def _fault_of_problem(low: str) -> Fault | None:
    if _SOLUTION.search(low):
        return Fault.SOLUTION_IN_DISGUISE
    own = bool(
        _OWN.search(
            re.sub(
                r"\b(?:our|my) (?:students?|kids|teachers?|parents|families|staff|school|scores|community|district)\b",
                "",
                low,
            )
        )
    )
    if len(low.split()) < 6 or _BROAD.search(low):
        return Fault.TOO_BROAD
    if not own:
        return Fault.ABOUT_OTHERS if _OTHERS.search(low) else Fault.TOO_BROAD
    blames = re.search(
        r"\b(?:teachers?|students?|parents?|families|staff|they|kids)\b (?:just )?(?:don't|do not|won't|can't|refuse|are (?:not|too|resistant|lazy)|lack|never|aren't|should|need)",
        low,
    )
    acts = re.search(r"\b(?:i|we|my|i've|i'm|we've)\b(?: \w+)? (?:\w+)", low)
    if blames and not re.search(
        r"\b(?:i|we) (?:\w+ )?(?:don't|do not|have not|haven't|give|gave|spend|visit|rarely|never|only|seldom|leave|avoid|tell|say|write|ask|look|let|fix|rate|am|rated|accept|cancel|send|talk)",
        low,
    ):
        return Fault.ABOUT_OTHERS
    if not acts or not _TARGET.search(low) or len(low.split()) < 8:
        return Fault.TOO_BROAD
    return None


_JOIN = re.compile(
    r"\b(?:because|since|so that|so (?:\w+ )?(?:can|will|they|students|teachers|we|i)|therefore|in order to|which (?:will|means|lets|gives|makes|helps|should)|as a result|this (?:will|should|lets|gives|makes|means)|that way|"
    r"leads? to|by \w+ing|if .{5,200}?(?:,|then)|when .{5,200}?,|then|enabl\w+|allow\w+|thereby|until)\b"
)
_STOP_WORDS = frozenset(
    [
        "the",
        "a",
        "an",
        "and",
        "or",
        "of",
        "to",
        "in",
        "on",
        "for",
        "with",
        "that",
        "this",
        "is",
        "are",
        "be",
        "will",
        "can",
        "they",
        "we",
        "i",
        "our",
        "my",
        "their",
        "it",
        "if",
        "then",
        "so",
        "by",
        "as",
        "because",
        "when",
        "more",
        "not",
        "do",
        "have",
        "has",
        "from",
        "at",
        "students",
        "teachers",
        "student",
        "teacher",
        "school",
        "learn",
        "teach",
        "ready",
        "come",
    ]
)


def _fault_of_rationale(low: str) -> Fault | None:
    if not _JOIN.search(low) or len(low.split()) < 10:
        return Fault.DOES_NOT_JOIN
    conditional = re.match(r"if (?P<cause>.+?)(?:, then|, | then )(?P<rest>.+)", low)
    if conditional:
        cause = conditional["cause"]
        acts = re.match(
            r"(?:i|we|principals?|the principal|leaders?|our (?:team|leadership)|the (?:team|coach|leadership)|coach(?:es)?|central|ilds?|teachers?|my \w+|each \w+)\b",
            cause,
        )
        links = len(
            re.findall(
                r"\bthen\b|\bso that\b|\bbecause\b|\band (?:so )?(?:students|teachers|they)\b|, so\b|\bwhich\b|\bso\b",
                low,
            )
        )
        if not acts or len(conditional["rest"].split()) < 4 or links < 1 or len(low.split()) < 14:
            return Fault.DOES_NOT_JOIN
    if re.search(
        r"\b(?:because (?:it is|it's|that's|this is) (?:a )?(?:best practice|good|important|required|research|proven|what)|research (?:says|shows)|best practice|(?:it|that|this) (?:works|worked) (?:elsewhere|well|at)|the district (?:wants|requires|says))\b",
        low,
    ):
        return Fault.DOES_NOT_JOIN
    return None


def _shorten(text: str) -> str:
    words = " ".join(text.split()).rstrip(".!?;, ")
    if len(words) <= 70:
        return words
    return words[:70].rsplit(" ", 1)[0]
