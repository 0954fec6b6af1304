"""What one passage asks, of whom and how firmly: an instruction, a binding verb, or mere news.

Each function reads the passage with its days blotted out, so that "May 31" is no permission, and answers None
where it asks nothing.
"""

import re
from dataclasses import dataclass
from datetime import date
from itertools import islice

from protocols.buffer.actors import SCHOOL_SIDE, addressee_of, agent_of, parties_in, subject_of
from protocols.buffer.audience import audience_of
from protocols.buffer.bindings import Force, announces, forces_in, main_clause_at
from protocols.buffer.demands import Binding, DateMention, DateRole
from protocols.buffer.due_days import day_of
from protocols.buffer.imperatives import instruction_at, joins_a_verb

LONGEST_SUBJECT = 50
"""Characters in which a plain sentence names who does what it says."""
LONGEST_ROW = 260
"""A passage of more characters that only names a deadline is prose, no row of a table."""


@dataclass(frozen=True, slots=True)
class Call:
    """What one passage turned out to ask."""

    binding: Binding
    actor: str
    for_school: bool
    is_relief: bool = False
    is_instruction: bool = False


def relieve(words: str) -> Call | None:
    """ "No action is required" is worth telling only where it says for whom, or who does it instead."""
    doers = [party for _, party in parties_in(words) if party not in SCHOOL_SIDE]
    if doers:
        return Call(Binding.INFO, doers[0], False)
    is_addressed = audience_of(words) or subject_of(words) in SCHOOL_SIDE
    return Call(Binding.INFO, "school", True) if is_addressed else None


def instruct_behind(words: str, *, has_deadline: bool) -> Call | None:
    """What a sentence asks behind its news: "Cards will be turned off 11 June - reconcile all charges by then." """
    is_aside = len(_DASH.findall(words)) > 1
    for turn in islice(_TURN.finditer(words), 4):
        if is_aside and turn[0].lstrip()[0] != ";":
            continue
        at = instruction_at(words[turn.end() :])
        if at is not None:
            return instruct(words[turn.end() :], at, None, has_deadline=has_deadline)
    return None


def read_row(words: str) -> Call | None:
    """What a row of a table asks: work done by a day, with the school's side in a cell of its own."""
    duty = _ROW_DUTY.match(words)
    doer = addressee_of(duty["who"]) if duty else None
    if duty and doer in SCHOOL_SIDE and not _PASSIVE_ROW.match(duty["does"]):
        return Call(Binding.MUST, doer or "school", True, is_instruction=True)
    cells = [cell.strip() for cell in _CELLS.split(words)]
    if len(cells) < 2 or not any(_ONLY_A_DAY.fullmatch(cell) for cell in cells):
        return None
    doers = [party for cell in cells if (party := addressee_of(cell)) and len(cell.split()) <= 4]
    who = doers[0] if doers else "school"
    if not any(_DONE.search(cell) for cell in cells) or who not in SCHOOL_SIDE:
        return None
    return Call(Binding.MUST, who, True, is_instruction=True)


def tell(words: str, times: tuple[DateMention, ...], *, has_deadline: bool, memo_date: date) -> Call | None:
    """A passage without any verb of force: a row "October 31 Deadline for ...", or news with a day.

    A day to act by is never passed over, even where nothing else says that the sentence asks.
    """
    announced = announces(words)
    row = None
    if has_deadline and len(words) < LONGEST_ROW:
        row = _DEADLINE_ROW.search(words) or _OPENS_WITH_DAY.match(words)
    if row and not (announced and announced.end() < row.start()):
        actor = subject_of(words) or "school"
        return Call(Binding.MUST, actor if actor in SCHOOL_SIDE else "school", True)
    if not any(t.role is not DateRole.OTHER and day_of(t) is not None for t in times):
        return None
    if len(_WORD.findall(words)) < 3 or _EVERY_YEAR.search(words):
        return None
    if announced is None and has_deadline:
        # "Each school nominates two teachers by 30 October", "I need your numbers by Friday".
        first = parties_in(words[:LONGEST_SUBJECT])
        actor = first[0][1] if first else "school"
        needs = _NEEDED.search(words)
        return Call(Binding.MUST, "school" if needs else actor, bool(needs) or actor in SCHOOL_SIDE)
    if announced is None and not _IS_SENTENCE.search(words):
        return None
    if announced is None and not any(
        t.role in _HAPPENS and (day_of(t) or date.min) >= memo_date for t in times
    ):
        return None
    before = words[: announced.start()] if announced else words[:LONGEST_SUBJECT]
    actor = subject_of(before) or "district"
    return Call(Binding.INFO, "district" if actor in SCHOOL_SIDE - {"school"} else actor, False)


def instruct(words: str, at: int, lead: Call | None, *, has_deadline: bool) -> Call:
    """What an instruction asks: as firmly as the line that leads it, else a must; advice and pointers less."""
    if _AWARE.match(words[at:]):
        return Call(Binding.INFO, "school", True)
    binding = lead.binding if lead else Binding.MUST
    opening = words[:at].lower()
    if _PLEASE.search(opening) and not has_deadline and lead is None:
        binding = Binding.SHOULD
    forces = forces_in(words[at:])
    if (
        _SOFT_OPENING.search(opening)
        or _SOFT.search(words[at:])
        or (forces and forces[0].binding is Binding.SHOULD)
    ):
        binding = Binding.SHOULD
    if (
        re.match(r"(?i)(?:read|refer\s+to|see|view|visit)\b", words[at:])
        and lead is None
        and not has_deadline
        and not joins_a_verb(words[at:])
    ):
        binding = Binding.INFO
    if lead:
        return Call(binding, lead.actor, lead.for_school, is_instruction=True)
    label = words[:at].rpartition(":")[0]
    addressed = (addressee_of(label) if label else None) or "school"
    if addressed in ("parent", "visitor"):
        # "Legal guardians: check ..." names the topic; the memo speaks to schools.
        addressed = "school"
    return Call(binding, addressed, addressed in SCHOOL_SIDE, is_instruction=True)


def bind(words: str, force: Force, *, last_actor: str | None, has_deadline: bool) -> Call | None:
    """What the binding words ``force`` ask, and of whom; None where they tell what happens rather than what to do.

    A polite request with a last day ("please send it by Friday") is a duty, as an instruction with one is.
    """
    binding = force.binding
    if has_deadline and words[force.start : force.end].lower().startswith("please"):
        binding = Binding.MUST
    if force.is_asking:
        reach = 14 if words[: force.end].lower().endswith("deadline for") else 60
        asked = parties_in(words[force.end : force.end + reach])
        if not asked and "responsibility" in words[force.start : force.end].lower():
            return None
        named: str | None = asked[0][1] if asked else "school"
        if _DOING.match(words[force.end :]):
            # "We suggest updating your parent board" is said to the reader.
            named = "school"
    else:
        # In "No staff shall ..." and "it is your responsibility" the binding words hold the subject.
        is_within = bool(_HOLDS_SUBJECT.match(words[force.start : force.end]))
        clause = main_clause_at(words) if force.needs_actor else 0
        clause = clause if clause < force.start else 0
        named = subject_of(words[clause : force.end if is_within else force.start])
    if "later than" in words[force.start : force.end].lower():
        # The term stands behind the object; who acts stands before the verb.
        verb = _FIRST_VERB.search(words[: force.start])
        named = (subject_of(words[: verb.start()]) if verb else None) or named
    is_free = named is None and force.is_passive and binding is Binding.MAY
    if (
        force.needs_actor
        and not is_free
        and not _may_act(
            named, words[: force.start].lower(), words[force.start : force.end].lower(), last_actor
        )
    ):
        return None
    subject = named
    if force.is_passive:
        understood = named if named not in ("parent", "student", "visitor") else None
        if binding is not Binding.MAY and understood in SCHOOL_SIDE and _PAID.match(words[force.end :]):
            understood = "district"
        named = agent_of(words[force.end :]) or understood
    # What must be done by nobody named is the last one's spoken to, if that is the school's side; else a duty
    # of the school would pass for a visitor's.
    last = last_actor if force.is_passive or force.needs_actor else None
    if force.is_passive and subject == "student" and last not in SCHOOL_SIDE:
        last = "school"
    actor = named or (last if last not in ("parent", "visitor", "vendor") else None) or "school"
    if (
        binding is Binding.SHOULD
        and actor not in SCHOOL_SIDE
        and "expected" in words[force.start : force.end]
    ):
        binding = Binding.INFO
    return Call(binding, actor, actor in SCHOOL_SIDE, force.is_relief)


def _may_act(named: str | None, before: str, verb: str, last_actor: str | None) -> bool:
    """Whether "can", "will" and the like say what a party may do, rather than what happens to be so."""
    if named == "school" and _YOUR_THING.search(before):
        return False
    if named is None:
        refers_back = verb.startswith("may") or before.endswith("they ")
        return last_actor is not None and refers_back
    if named in ("student", "parent"):
        return bool(_PERMITTED.search(verb))
    if named in ("state", "district") and verb.startswith("can"):
        # "Our team can walk you through it" is an offer.
        return False
    return named in SCHOOL_SIDE or (named in _GRANTED and verb.startswith(("may", "can")))


def takes_items(lead: str, item: str) -> bool:
    """Whether a leading line ("Principals must:") needs a verb from each of its items, so that any item is asked."""
    return needs_items(lead) and not re.match(r"(?i)\W*\w+ing\b", item)


def needs_items(lead: str) -> bool:
    """Whether a leading line says nothing without its list: "Principals must:"."""
    return bool(_OPEN.search(lead))


def describes_items(lead: str) -> bool:
    """A list under "Examples include:" or "Students will learn how to:" tells, it does not ask."""
    return bool(_DESCRIBING.search(lead))


_HAPPENS = (DateRole.EVENT, DateRole.EFFECTIVE)
_IS_SENTENCE = re.compile(r"[a-z][^|]*[a-z0-9)][.!]$")
_DOING = re.compile(r"(?i)\s+(?:that\s+you\b|not\s+)?\w+ing\b")
_ROW_DUTY = re.compile(
    r"(?i)\W*0{3,}\s*[:–—|-]\s*(?P<who>(?:(?:all|each|every|the)\s+)?(?:[\w’'/-]+\s+){1,3}?)(?P<does>[a-z]{3,})\s"
)
_NEEDED = re.compile(r"(?i)\b(?:i|we|our\s+\w+)\s+(?:also\s+|still\s+|will\s+)?needs?\b")
_TURN = re.compile(r"(?:;|\s[-–—])\s+(?=[a-z])")
_DASH = re.compile(r"\s[-–—]\s")
_PASSIVE_ROW = re.compile(
    r"(?i)(?:will|are|is|was|were|who|that|off|only|and|or|for|in|at|with|on|to|meeting|training|day|begin|return\s+to)\b|\w+ed\b"
)
_CELLS = re.compile(r"\s*\|\s*|\t+|\s{3,}")
_ONLY_A_DAY = re.compile(
    r"(?i)(?:by|before|on|due|no\s+later\s+than)?\W*0{5,}[\W\d]*(?:a\.?m\.?|p\.?m\.?|noon|cob|eod)?\W*"
)
_DONE = re.compile(
    r"(?i)\b(?:due|completed?|submitted|submit|returned?|held|signed|entered|enter|updated?|filed|verified|verify|certified|certify|"
    r"approved|finali[sz]ed|uploaded|posted|conducted|administered|confirmed|reported|turned\s+in|closed\s+out|reconciled|"
    r"ordered|registered|acknowledged)\b"
)
_HOLDS_SUBJECT = re.compile(r"(?i)(?:no|only)\s|.*\byour\b")
_OPEN = re.compile(
    r"(?i)\b(?:must|shall|should|may|can|will|whereby|(?:ensure|sure|so|such)\s+that|(?:required|asked|needs?|have|has|expected|directed|"
    r"encouraged|able|permitted|allowed|reminded|are|sure)\s+to)(?:\s+not)?\s*:$"
)
_YOUR_THING = re.compile(
    r"\byour\s+(?!school|board|team|staff|principal|office|district|designee)(?:[\w’-]+\s+){1,3}$"
)
_PAID = re.compile(r"(?i)\s*be\s+(?:paid|compensated|reimbursed|credited|given\s+(?:\w+\s+)?credits?)\b")
_FIRST_VERB = re.compile(r"(?i)\b(?:will|shall|must|should|are|is|has|have)\b")
_PERMITTED = re.compile(
    r"\bmay\s+(?:\w+\s+)?(?:request|choose|apply|opt|appeal|ask|decline|refuse|withdraw|submit|attend|bring|"
    r"visit|be\s+excused)\b"
)
_GRANTED = frozenset({"state", "trust_or_LA", "visitor", "applicant", "superintendent", "district", "other"})
_WORD = re.compile(r"[^\W\d_]{2,}")
_EVERY_YEAR = re.compile(r"(?i)\b(?:each|every)\s+(?:\w+\s+)?year\b")
_OPENS_WITH_DAY = re.compile(r"\W*0{3,}\s*[:–—-]")
_DEADLINE_ROW = re.compile(
    r"(?i)\bdeadlines?\b|\bdue\b|\bsubmit|\blast\s+day\b|\bclosing\b|\bno(?:t)?\s+later\s+than\b|\breturn(?:ed)?\b"
)
_DESCRIBING = re.compile(
    r"(?i)\b(?:examples?|benefits?|includ(?:e|es|ing)|such\s+as|learn|how\s+to|helps?|can\s+be\s+used|"
    r"available\s+to|supports?\s+schools|based\s+on|"
    r"we\s+will|will\s+provide|provided\s+for|provided\s+to|students\s+will|the\s+office\s+will|topics?|"
    r"purpose|goals?)\b[^.]{0,60}:$"
)
_PLEASE = re.compile(r"\bplease\b|\bkindly\b")
_AWARE = re.compile(r"(?i)(?:please\s+)?be\s+(?:aware|mindful|advised)\b")
_SOFT_OPENING = re.compile(
    r"(?i)\b(?:if\s+(?:at\s+all\s+)?possible|where(?:ver)?\s+possible|ideally|as\s+far\s+as\s+possible)\b"
)
_SOFT = re.compile(r"(?i)\bwe\s+(?:strongly\s+)?recommend\b|^(?:consider|try)\b")
