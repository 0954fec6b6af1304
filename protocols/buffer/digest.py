"""From triaged demands to one principal's message of the week: what it holds, for whom, in which order.

The rules are the buffer's (Honig and others 2010): take things off the plate, rank what stays, tell it once
a week. A principal sees only what concerns their school; "do not drop" stays scarce, or it becomes the
"urgent" stamp that everything carries after two weeks.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from protocols.buffer.actors import SCHOOL_SIDE, SOMEBODY_ELSE, say_party
from protocols.buffer.audience import ALL, KINDS, LEVELS, NETWORK, NEWCOMERS, network_key
from protocols.buffer.demands import Binding, DateRole, Demand
from protocols.buffer.facets import DayFor

MOST_DO_NOT_DROP = 3
"""So many items a week may carry "do not drop"; the rest of those marked stand under "do"."""

PRESSING_DAYS = 14
"""A must within so many days is suggested to be passed on at once."""

NEWS_DAYS = 21
"""What others do concerns a school's week when it happens within so many days; before that it is only noise."""

_RELIEF = re.compile(
    r"(?i)\b(?:do|does|need|needs|is|are|will)\s+not\s+(?:need|have\s+to|be\s+required|required|be)\b|\bneed\s+not\b|"
    r"\b(?:don|doesn|needn)['’]t\b"
)
_FORBIDDEN = re.compile(
    r"(?i)\b(?:must|shall|should|may|can)\s*not\b|^(?:please\s+)?(?:do\s+not|never)\b|"
    r"^no\s+[\w’' -]{2,60}?\b(?:may|shall|must|should|can|will)\b"
)
_BESIDES = re.compile(
    r"(?i)^(?:if|when|where|before|after)\b|;|\s[–—-]\s|"
    r"\b(?:must|shall|should)\s+(?!not\b)[a-z]|"
    r"\b(?:instead|unless|until|but|(?:and|then|or)\s+(?:must|shall|should|please|submit|send))\b"
)


class Decision(StrEnum):
    """What the ILD does with a demand.

    ``SELF``: she does it herself; ``STAND_IN``: she does it, and a unit should have; ``HOLD``: not yet; ``MERGE``: it
    is read with another; ``CHALLENGE``: the unit was asked first; ``DECLINE``: nobody does it, for a reason.
    """

    PASS_ON = "pass_on"
    OFF_PLATE = "off_plate"
    SELF = "self"
    HOLD = "hold"
    STAND_IN = "stand_in"
    MERGE = "merge"
    CHALLENGE = "challenge"
    DECLINE = "decline"


TAKEN = frozenset({Decision.OFF_PLATE, Decision.SELF, Decision.STAND_IN, Decision.DECLINE})
"""What a principal has no more to do with."""
OWN_TASKS = frozenset({Decision.SELF, Decision.STAND_IN})
"""What an ILD has taken on herself."""
UNSETTLED = frozenset({Decision.HOLD, Decision.CHALLENGE})
"""What waits, and comes back to her desk by itself."""


@dataclass(frozen=True, slots=True)
class SchoolProfile:
    """What decides whether a demand concerns a school.

    ``level`` is one of ``audience.LEVELS`` and ``kind`` one of ``audience.KINDS``; an empty one is unknown, and what is
    unknown excludes nothing, for a demand too many is better than one lost.
    """

    name: str
    level: str = ""
    kind: str = ""
    network: str = ""
    is_new_principal: bool = False


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One triaged demand as it will be read. ``wording`` has passed the gate; ``note`` is the ILD's own line.

    ``due_role`` says how to read ``due``: done by a deadline, happening on an event's day, in force from an
    effective day. ``source`` is the office that asks; ``why`` the memo's own words with the reason; ``besides`` what
    else it answers and what its office said when asked; ``focus`` how it stands to the school's own focus; ``decide``
    what is the principal's to decide.
    """

    key: int
    what: str
    wording: str
    due: date | None
    minutes: int
    binding: Binding
    decision: Decision
    note: str = ""
    taken_by: str | None = None
    do_not_drop: bool = False
    contact: str | None = None
    audience: tuple[str, ...] = (ALL,)
    due_role: DateRole = DateRole.DEADLINE
    is_rule: bool = False
    source: str = ""
    besides: str = ""
    focus: str = ""
    decide: str = ""
    why: str = ""

    @property
    def is_choice(self) -> bool:
        """Something to decide: a choice that ends on a day, or what the district leaves to principals."""
        ends = self.binding is Binding.MAY and self.due is not None and self.due_role is DateRole.DEADLINE
        return not self.do_not_drop and (ends or bool(self.decide)) and self.binding is not Binding.INFO

    @property
    def asks_nothing(self) -> bool:
        """News, a choice or a rule: good to know, with nothing to tick off, unless the ILD made it a "do not drop"."""
        is_known = self.is_rule or (self.binding is Binding.MAY and not self.is_choice)
        return self.binding is Binding.INFO or (is_known and not self.do_not_drop)


@dataclass(frozen=True, slots=True)
class DigestPlan:
    """One principal's week. ``off_plate`` holds what others took, ``minutes_saved`` what that would have cost."""

    week: date
    do_not_drop: tuple[DigestItem, ...]
    do: tuple[DigestItem, ...]
    decide: tuple[DigestItem, ...]
    know: tuple[DigestItem, ...]
    off_plate: tuple[DigestItem, ...]
    minutes_total: int
    minutes_saved: int

    @property
    def is_empty(self) -> bool:
        """Nothing to do and nothing to know: no digest. What was only taken off the plate is no reason to write."""
        return not (self.do_not_drop or self.do or self.decide or self.know)

    @property
    def things(self) -> int:
        return len(self.do_not_drop) + len(self.do) + len(self.decide)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A decision proposed to the ILD, and why in one sentence; she decides. ``into``: the demand to merge it into."""

    decision: Decision
    because: str
    into: int | None = None


_SPANS = {
    "k8": {"k8", "elementary", "middle"},
    "6-12": {"middle", "high"},
    "k12": {"elementary", "middle", "high", "k8"},
}


def concerns(audience: tuple[str, ...], school: SchoolProfile) -> bool:
    """Whether a demand for this audience is for this school.

    Tags of one sort are alternatives (elementary or middle), different sorts must all fit (Title I and new principals).
    ``all`` asks nothing further; ``network:NAME`` and ``school:NAME`` name one; an unknown tag excludes nobody.
    """
    if audience in ((), ("all",)):
        return True
    levels = {tag for tag in audience if tag in LEVELS}
    kinds = {tag for tag in audience if tag in KINDS}
    networks = {network_key(tag.removeprefix(NETWORK)) for tag in audience if tag.startswith(NETWORK)}
    names = {tag.partition(":")[2].casefold() for tag in audience if tag.startswith("school:")}
    own_levels = _SPANS.get(school.level, {school.level})
    return (
        (not levels or not school.level or bool(levels & own_levels))
        and (not kinds or not school.kind or school.kind in kinds)
        and (not networks or not school.network or network_key(school.network) in networks)
        and (not names or school.name.casefold() in names)
        and (NEWCOMERS not in audience or school.is_new_principal)
    )


def day_for(days: Sequence[DayFor], due: date | None, school: SchoolProfile) -> date | None:
    """The school's own day where a sentence names several ("October 5 (elementary), October 7 (middle)"), else ``due``.

    A day for its kind of school wins over the day for all others; where two may be meant, the earlier.
    """
    own = [one.day for one in days if one.audience != (ALL,) and concerns(one.audience, school)]
    rest = [one.day for one in days if one.audience == (ALL,)]
    known = own if school.level or not rest else [*own, *rest]
    return min(known or rest, default=due)


def compose(items: Iterable[DigestItem], *, week: date, school: SchoolProfile) -> DigestPlan:
    """The digest of the week that starts on ``week`` for one school.

    Deadline first, then the more binding, then the shorter. At most ``MOST_DO_NOT_DROP`` items are "do not drop": the
    earliest, the others follow at once under "do". What is the principal's to decide stands by itself; other choices
    and rules are for knowing. What is held or asked about appears nowhere; what was merged is folded before
    (``protocols.buffer.merging``).
    """
    mine = sorted((item for item in items if concerns(item.audience, school)), key=_urgency)
    passed = [item for item in mine if item.decision is Decision.PASS_ON]
    tasks = [item for item in passed if not item.asks_nothing]
    work = [item for item in tasks if not item.is_choice]
    marked = [item for item in work if item.do_not_drop]
    kept, over = marked[:MOST_DO_NOT_DROP], marked[MOST_DO_NOT_DROP:]
    do = sorted((item for item in work if not item.do_not_drop or item in over), key=_urgency)
    taken = tuple(item for item in mine if item.decision in TAKEN)
    return DigestPlan(
        week=week,
        do_not_drop=tuple(kept),
        do=tuple(do),
        decide=tuple(item for item in tasks if item.is_choice),
        know=tuple(item for item in passed if item.asks_nothing),
        off_plate=taken,
        minutes_total=sum(item.minutes for item in tasks),
        minutes_saved=sum(item.minutes for item in taken),
    )


def _urgency(item: DigestItem) -> tuple[date, int, int, int]:
    return (item.due or date.max, item.binding.rank, item.minutes, item.key)


def suggest(demand: Demand, today: date) -> Suggestion:
    """What an ILD might do with a demand, and why.

    Only a plain reason is ever given: whose duty it is, how binding, how near. Nothing is suggested away that binds the
    school's side; what asks nothing of it is passed on only where it concerns the weeks ahead or says what a school may
    leave out.
    """
    if not demand.for_school:
        if demand.due is not None and demand.due >= today and demand.binding is Binding.INFO:
            return _news(demand.due, today, "and others do it")
        party = SOMEBODY_ELSE if demand.actor in SCHOOL_SIDE else say_party(demand.actor)
        return Suggestion(Decision.OFF_PLATE, f"It asks {party}, not the school.")
    if demand.due is not None and demand.due < today and demand.due_role is DateRole.DEADLINE:
        return Suggestion(
            Decision.HOLD,
            f"Its day, {_spoken(demand.due)}, has passed; ask the office before you pass it on.",
        )
    match demand.binding:
        case Binding.INFO:
            if _RELIEF.search(demand.quote):
                return Suggestion(Decision.PASS_ON, LEAVES_OUT)
            if demand.due is not None and demand.due >= today:
                return _news(demand.due, today, "and asks nothing")
            return Suggestion(Decision.OFF_PLATE, "It asks nothing and names no day ahead.")
        case Binding.MAY:
            if _RELIEF.search(demand.quote):
                return Suggestion(Decision.PASS_ON, LEAVES_OUT)
            if demand.due is not None:
                return Suggestion(
                    Decision.PASS_ON, f"A choice that ends {_spoken(demand.due)}; the school decides."
                )
            return Suggestion(Decision.OFF_PLATE, "A choice, not a duty, and it has no day.")
        case Binding.SHOULD:
            if demand.due is not None:
                return Suggestion(Decision.PASS_ON, f"Asked for {_when(demand)}, though not required.")
            return Suggestion(Decision.HOLD, "Advice without a day; it can wait for a quiet week.")
        case Binding.MUST:
            if demand.due is None:
                return Suggestion(Decision.PASS_ON, "Required of the school; the memo names no day.")
            near = demand.due - today <= timedelta(days=PRESSING_DAYS)
            how = "and close" if near else "with time to plan it"
            return Suggestion(Decision.PASS_ON, f"Required {_when(demand)}, {how}.")


LEAVES_OUT = "Good to know: it says what they may leave out."


def is_rule(demand: Demand) -> bool:
    """Whether a sentence only forbids, without a day or anything else to do: to be known, never to be ticked off."""
    found = _FORBIDDEN.search(demand.quote)
    if found is None or demand.due is not None or demand.due_words:
        return False
    return not _BESIDES.search(demand.quote[: found.start()] + demand.quote[found.end() :])


def _news(day: date, today: date, also: str) -> Suggestion:
    if day < today + timedelta(days=7 - today.weekday()):
        return Suggestion(Decision.OFF_PLATE, f"It happens {_spoken(day)}, before the next digest, {also}.")
    if day - today <= timedelta(days=NEWS_DAYS):
        return Suggestion(Decision.PASS_ON, f"Good to know: it happens {_spoken(day)}, {also}.")
    return Suggestion(Decision.HOLD, f"It happens {_spoken(day)}, {also}; tell them nearer the day.")


def _when(demand: Demand) -> str:
    """ "By" only where the memo sets a deadline; else the day is when it happens."""
    assert demand.due is not None
    return f"{'by' if demand.due_role is DateRole.DEADLINE else 'on'} {_spoken(demand.due)}"


def _spoken(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"
