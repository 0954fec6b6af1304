"""How long a demand takes a school, honestly rough: the memo's own figure where it gives one, else a table
by kind of work.

The figures are working assumptions for one school's time per demand, to be shown as "about"; they are ours,
not measured, and each estimate says which line of the table it rests on.
"""

import re
from collections.abc import Sequence

from protocols.buffer.demands import Binding
from protocols.buffer.numerals import PATTERN, value_of

_NUMBER = rf"(?:\d{{1,3}}|{PATTERN}|half\s+an?|an?)"
_UNIT = r"(?:minutes?|mins?|hours?|hrs?)\b"
SPAN = rf"(?:{_NUMBER}\s*(?:-|–|to|and)\s*)?{_NUMBER}[\s-]*{_UNIT}"
"""A pattern for "20 minutes", "ten to fifteen minutes", "half an hour", to be used without regard to case."""
_TIME = rf"(?:{_NUMBER}\s*(?:-|–|to|and)\s*)?(?P<n>{_NUMBER})[\s-]*(?P<unit>{_UNIT})"
_STATED = re.compile(
    rf"(?i)\b(?:takes?|taking|lasts?|lasting|allow|plan\s+(?:on|for)|set\s+aside|requires?|need|approximately|about)\s+(?:\w+\s+){{0,4}}?{_TIME}"
)
_IN_BRACKETS = re.compile(rf"(?i)\((?:about|approximately|approx\.|ca\.)?\s*{_TIME}\s*\)")
_TABLE: Sequence[tuple[re.Pattern[str], int, str]] = tuple(
    (re.compile(pattern, re.IGNORECASE), minutes, work)
    for pattern, minutes, work in (
        (
            r"\b(?:develop|write|draft|create|prepare|establish|design)\b.{0,60}\b(?:plan|compact|policy|"
            r"process|procedure|program|protocol|handbook|budget)\b",
            120,
            "writing a plan",
        ),
        (
            r"\b(?:developed|reviewed|approved)\s+by\s+(?:a|the)\b.{0,40}\b(?:committee|council|team)\b",
            90,
            "a committee's work",
        ),
        (r"\b(?:train|training|professional\s+development|workshop)\b", 60, "a training"),
        (r"\b(?:drill|evacuat\w+|lockdown)\b", 30, "a drill"),
        (
            r"\b(?:hold|conduct|convene|schedule|meet)\w*\b.{0,50}\b(?:meetings?|conferences?|hearings?|interviews?|"
            r"conversations?|observations?)\s+(?:\w+\s+)?(?:with|for|of)\s+(?:each|every|all)\b|"
            r"\bmeet\s+(?:\w+\s+){0,2}(?:with\s+)?(?:each|every)\b",
            120,
            "several meetings",
        ),
        (
            r"\b(?:hold|conduct|convene|schedule|attend|host|meet)\w*\b.{0,50}\b(?:meetings?|conferences?|"
            r"assembl\w+|hearings?|sessions?|interviews?|orientation)\b",
            60,
            "a meeting",
        ),
        (r"\b(?:webinars?|meetings?)\b", 60, "a meeting"),
        (r"\b(?:inventory|audit|inspect\w*|screen\w*|administer)\b", 45, "an inspection or count"),
        (
            r"\b(?:report|survey|data|roster|counts?|enter|upload|verify|update|"
            r"reconcile)\b.{0,60}\b(?:submit|complete|system|portal|by|in)\b",
            30,
            "entering or reporting data",
        ),
        (
            r"\b(?:form|application|survey|questionnaire|checklist|request|declaration|certification|"
            r"template|log)\b",
            20,
            "filling in a form",
        ),
        (r"\b(?:submit|complet|apply|register|order|file|enrol)\w*\b", 20, "filling in a form"),
        (
            r"\b(?:letter|notify|notif\w+|inform|tell|send|distribut\w+|share|email|e-mail|forward|remind|"
            r"mail)\b",
            15,
            "a message to families or staff",
        ),
        (
            r"\b(?:post|display|hang)\w*\b|\bplaced?\s+(?:an?|all|copies|each|it|one|posters?|signs?|the|them|these|this)\b",
            10,
            "putting up a notice",
        ),
        (r"\b(?:sign|approve|review|check|confirm|read|acknowledge)\w*\b", 10, "a check and a signature"),
        (r"\b(?:call|report|contact|refer)\w*\b", 10, "a call, when it happens"),
    )
)
_FORBIDS = re.compile(
    r"(?i)\b(?:must|shall|may|can|should|do)\s*not\b|\bno\s+(?!later\b|sooner\b|earlier\b|fewer\b|less\b|more\b|longer\b)\w+|\bprohibited\b|\bnever\b"
)


_DOES_INSTEAD = re.compile(
    r"(?i);\s*(?:\w+\s+){0,2}?(?:write|call|send|submit|use|ask|tell|report|contact|notify|enter)\b|\binstead\b"
)


def say_minutes(minutes: int) -> str:
    """ "50 minutes", "1 hour 10 minutes", "5 hours 20 minutes": rounded, for no estimate is better than that.

    To five minutes from a quarter of an hour on, to ten from an hour and a half on.
    """
    step = 10 if minutes >= 90 else 5 if minutes > 15 else 1
    hours, rest = divmod((minutes + step // 2) // step * step, 60)
    said = [f"{hours} hour{'s' if hours > 1 else ''}"] if hours else []
    if rest or not hours:
        said.append(f"{rest} minute{'' if rest == 1 else 's'}")
    return " ".join(said)


def estimate_minutes(quote: str, *, binding: Binding, for_school: bool) -> tuple[int, str]:
    """Minutes of one school's time and what the figure rests on; another party's duty costs the school two."""
    if not for_school:
        return 2, "reading it; others do the work"
    if binding is Binding.INFO:
        return 2, "reading it"
    stated = stated_minutes(quote)
    if stated is not None:
        return stated
    work_left = quote
    if _FORBIDS.search(quote):
        instead = _DOES_INSTEAD.search(quote)
        if instead is None:
            return 3, "knowing the rule"
        if instead[0].startswith(";"):
            # "Do not hold the meeting; write to the desk instead": the meeting takes no time.
            work_left = quote[instead.start() :]
    for pattern, minutes, work in _TABLE:
        if pattern.search(work_left):
            if binding is Binding.MAY:
                return min(minutes, 20), f"{work}, if you choose it"
            return minutes, work
    return (3, "knowing the rule") if binding is Binding.MAY else (10, "a short task")


def stated_minutes(text: str) -> tuple[int, str] | None:
    """The memo's own figure; of a span ("10 to 15 minutes") the longer one."""
    found = _STATED.search(text) or _IN_BRACKETS.search(text)
    if found is None:
        return None
    words = found["n"].lower()
    number = 0.5 if words.startswith("half") else 1 if words in ("a", "an") else value_of(words) or 0
    minutes = round(number * (60 if found["unit"].lower().startswith("h") else 1))
    return (minutes, f'the memo says "{" ".join(found[0].split())}"') if 1 <= minutes <= 600 else None
