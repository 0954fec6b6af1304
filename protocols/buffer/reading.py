"""Read a memo: its demands with who, how binding and by when, its dates, its contact, and one line that
says it all.

Rules alone, no model and no network: the passage is cut (``passages``), its force found (``bindings``,
``imperatives``), its party (``actors``), its day (``dates``, ``date_roles``). A list item inherits force
and deadline from the line that leads it ("Schools must, by 3 May:"). Linear in the length of the memo; any
text is accepted, also an empty one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from protocols.buffer.actors import SCHOOL_SIDE, agent_of, parties_in, subject_of
from protocols.buffer.audience import ALL, audience_of
from protocols.buffer.bindings import Force, announces, forces_in, is_no_demand
from protocols.buffer.contacts import find_contact
from protocols.buffer.date_roles import mention_dates
from protocols.buffer.dates import find_dates
from protocols.buffer.demands import Binding, DateMention, DateRole, DayCalendar, Demand, Precision, Reading
from protocols.buffer.effort import estimate_minutes
from protocols.buffer.headlines import one_line_of, title_of
from protocols.buffer.imperatives import instruction_at
from protocols.buffer.numerals import value_of
from protocols.buffer.passages import Kind, Passage, split_passages


def read_memo(text: str, *, memo_date: date, calendar: DayCalendar | None = None) -> Reading:
    """Everything the memo asks of anyone, in its order.

    ``memo_date`` is the memo's own date: days without a year are the next such day on or after it. ``calendar`` lets
    "within ten school days of receipt" become a day, counted from ``memo_date``; without it such a term stays in
    ``due_words`` and ``due`` is None.
    """
    passages = split_passages(text)
    headings = _headings(passages)
    found = find_dates(text, memo_date=memo_date)
    spans = [(p.start, p.end, heading) for p, heading in zip(passages, headings, strict=True)]
    dates = mention_dates(text, found, spans, memo_date=memo_date)
    demands = _Reader(passages, headings, dates, memo_date, calendar).demands()
    title = title_of(passages)
    return Reading(title, one_line_of(title, demands, passages), find_contact(text), tuple(demands), dates)


def _headings(passages: Sequence[Passage]) -> list[str]:
    """What stands above each passage and says what its dates are: the line that leads the list, or the heading."""
    above: list[str] = []
    heading = ""
    for passage in passages:
        if passage.kind is Kind.HEADING:
            heading = passage.text
        above.append(passages[passage.lead].text if passage.lead is not None else heading)
    return above


@dataclass(frozen=True, slots=True)
class _Call:
    """What one passage turned out to ask."""

    binding: Binding
    actor: str
    for_school: bool


class _Reader:
    """Walks the passages once, remembering who was last spoken to and what each leading line asked."""

    def __init__(
        self,
        passages: Sequence[Passage],
        headings: Sequence[str],
        dates: Sequence[DateMention],
        memo_date: date,
        calendar: DayCalendar | None,
    ) -> None:
        self._passages = passages
        self._headings = headings
        self._dates = dates
        self._memo_date = memo_date
        self._calendar = calendar
        self._next_date = 0
        self._calls: dict[int, _Call] = {}
        self._times: dict[int, tuple[DateMention, ...]] = {}
        self._last_actor: str | None = None
        self._section = -1
        self._audience: tuple[str, ...] = ()

    def demands(self) -> list[Demand]:
        demands: list[Demand] = []
        opening = [p.text for p in self._passages[:6] if p.kind is not Kind.SENTENCE]
        self._audience = audience_of(" ".join(opening)[:600])
        for index, passage in enumerate(self._passages):
            times = self._dates_within(passage)
            self._times[index] = times
            if passage.section != self._section:
                self._section, self._last_actor = passage.section, None
            if demands and self._is_deadline_of(demands[-1], passage, times):
                due, role, basis, words, more = self._due(times)
                basis += ", given on a line of its own"
                demands[-1] = replace(
                    demands[-1], due=due, due_role=role, due_basis=basis, due_words=words, more_dates=more
                )
                continue
            for clause in _clauses(passage, times):
                mine = tuple(t for t in times if clause.start <= t.start < clause.end)
                call = self._call(clause, mine)
                if call is None:
                    continue
                self._calls[index] = call
                if call.binding is not Binding.INFO:
                    self._last_actor = call.actor
                demands.append(self._demand(clause, call, mine))
        return demands

    def _is_deadline_of(self, demand: Demand, passage: Passage, times: tuple[DateMention, ...]) -> bool:
        """A line that only says "Deadline: Friday, October 23" belongs to what was asked just before it."""
        near = passage.start - demand.end < 300
        is_bare = bool(_BARE_DEADLINE.match(_masked(passage, times)))
        return is_bare and near and bool(times) and demand.due is None and demand.for_school

    def _dates_within(self, passage: Passage) -> tuple[DateMention, ...]:
        inside: list[DateMention] = []
        while self._next_date < len(self._dates) and self._dates[self._next_date].start < passage.end:
            mention = self._dates[self._next_date]
            if mention.start >= passage.start:
                inside.append(mention)
            self._next_date += 1
        return tuple(inside)

    def _call(self, passage: Passage, times: tuple[DateMention, ...]) -> _Call | None:
        words = _masked(passage, times)
        if passage.kind in (Kind.HEADING, Kind.FIELD) or is_no_demand(words):
            return None
        deadline = any(t.role is DateRole.DEADLINE and t.precision is Precision.DAY for t in times)
        lead = self._calls.get(passage.lead) if passage.lead is not None else None
        at = instruction_at(words)
        only_tells = lead is None and self._lead_describes(passage)
        if at is not None and not only_tells:
            return self._instruction(words, at, lead, has_deadline=deadline)
        for force in forces_in(words):
            call = self._modal(words, force)
            if call is not None:
                return call
        return self._told(words, times, has_deadline=deadline)

    def _told(self, words: str, times: tuple[DateMention, ...], *, has_deadline: bool) -> _Call | None:
        """A passage without any verb of force: a row "October 31 Deadline for ...", or news with a day.

        A day to act by is never passed over, even where nothing else says that the sentence asks.
        """
        if has_deadline and _DEADLINE_ROW.search(words) and len(words) < 260:
            actor = subject_of(words) or "school"
            return _Call(Binding.MUST, actor if actor in SCHOOL_SIDE else "school", True)
        if not any(t.role is not DateRole.OTHER and _due_day(t) is not None for t in times):
            return None
        if len(_WORD.findall(words)) < 4 or _EVERY_YEAR.search(words):
            return None
        announced = announces(words)
        if announced is None:
            return _Call(Binding.INFO, subject_of(words) or "school", True) if has_deadline else None
        actor = subject_of(words[: announced.start()]) or "district"
        return _Call(Binding.INFO, "district" if actor in SCHOOL_SIDE - {"school"} else actor, False)

    def _lead_describes(self, passage: Passage) -> bool:
        """A list under "Examples include:" or "Students will learn how to:" tells, it does not ask."""
        return passage.lead is not None and bool(_DESCRIBING.search(self._passages[passage.lead].text))

    def _instruction(self, words: str, at: int, lead: _Call | None, *, has_deadline: bool) -> _Call:
        if _AWARE.match(words[at:]):
            return _Call(Binding.INFO, "school", True)
        binding = lead.binding if lead else Binding.MUST
        opening = words[:at].lower()
        if _PLEASE.search(opening) and not has_deadline and lead is None:
            binding = Binding.SHOULD
        forces = forces_in(words[at:])
        if _SOFT.search(words[at:]) or (forces and forces[0].binding is Binding.SHOULD):
            binding = Binding.SHOULD
        if (
            re.match(r"(?i)(?:read|refer\s+to|see|view|visit)\b", words[at:])
            and lead is None
            and not has_deadline
        ):
            binding = Binding.INFO
        if lead:
            return _Call(binding, lead.actor, lead.for_school)
        label = words[:at].rpartition(":")[0]
        addressed = (subject_of(label) if label else None) or "school"
        return _Call(binding, addressed, addressed in SCHOOL_SIDE)

    def _modal(self, words: str, force: Force) -> _Call | None:
        if force.is_asking:
            reach = 14 if words[: force.end].lower().endswith("deadline for") else 60
            asked = parties_in(words[force.end : force.end + reach])
            named: str | None = asked[0][1] if asked else "school"
        else:
            # In "No staff shall ..." and "it is your responsibility" the binding words hold the subject.
            is_within = bool(_HOLDS_SUBJECT.match(words[force.start : force.end]))
            named = subject_of(words[: force.end if is_within else force.start])
        if "later than" in words[force.start : force.end].lower():
            # The term stands behind the object; who acts stands before the verb.
            verb = _FIRST_VERB.search(words[: force.start])
            named = (subject_of(words[: verb.start()]) if verb else None) or named
        if force.needs_actor and not self._may_act(
            named, words[: force.start].lower(), words[force.start : force.end].lower()
        ):
            return None
        if force.is_passive:
            understood = named if named not in ("parent", "student", "visitor") else None
            named = agent_of(words[force.end :]) or understood
        actor = named or (self._last_actor if force.is_passive or force.needs_actor else None) or "school"
        binding = force.binding
        if (
            binding is Binding.SHOULD
            and actor not in SCHOOL_SIDE
            and "expected" in words[force.start : force.end]
        ):
            binding = Binding.INFO
        return _Call(binding, actor, actor in SCHOOL_SIDE)

    def _may_act(self, named: str | None, before: str, verb: str) -> bool:
        """Whether "can", "will" and the like say what a party may do, rather than what happens to be so."""
        if named is None:
            refers_back = verb.startswith("may") or before.endswith("they ")
            return self._last_actor is not None and refers_back
        if named in ("student", "parent"):
            return bool(_PERMITTED.search(verb))
        return named in SCHOOL_SIDE or (named in _GRANTED and verb.startswith(("may", "can")))

    def _demand(self, passage: Passage, call: _Call, times: tuple[DateMention, ...]) -> Demand:
        inherited = False
        if passage.lead is not None and not any(t.role is not DateRole.OTHER for t in times):
            leading = tuple(t for t in self._times.get(passage.lead, ()) if t.role is DateRole.DEADLINE)
            times, inherited = leading or times, bool(leading)
        if call.binding is Binding.MAY:
            times = tuple(t for t in times if t.role is DateRole.DEADLINE)
        elif call.binding is not Binding.INFO:
            # "From 1 March schools must ..." is no day to be done by; read as one it would be a deadline made up.
            times = tuple(t for t in times if t.role is not DateRole.EFFECTIVE)
        due, role, basis, words, more = self._due(times)
        if inherited and basis:
            basis += ", given in the line above the list"
        minutes, minutes_basis = estimate_minutes(
            passage.text, binding=call.binding, for_school=call.for_school
        )
        return Demand(
            start=passage.start,
            end=passage.end,
            quote=passage.text,
            actor=call.actor,
            for_school=call.for_school,
            binding=call.binding,
            due=due,
            due_basis=basis,
            audience=audience_of(passage.text) or self._audience or (ALL,),
            minutes=minutes,
            minutes_basis=minutes_basis,
            due_role=role,
            due_words=words,
            more_dates=more,
            conditions=tuple(" ".join(m[0].split()) for m in _CONDITIONS.finditer(passage.text)),
        )

    def _due(
        self, times: tuple[DateMention, ...]
    ) -> tuple[date | None, DateRole | None, str, str, tuple[date, ...]]:
        for role in (DateRole.DEADLINE, DateRole.EVENT, DateRole.EFFECTIVE):
            mine = [t for t in times if t.role is role]
            days = [day for t in mine if (day := _due_day(t)) is not None]
            if days:
                mention = next(t for t in mine if _due_day(t) == days[0])
                basis = f'"{" ".join(mention.text.split())}"' + (
                    f": {mention.basis}" if mention.basis else ""
                )
                return days[0], role, basis, mention.text, tuple(days[1:])
            if mine and role is DateRole.DEADLINE:
                mention = mine[0]
                counted = self._count_school_days(mention)
                words = " ".join(mention.text.split())
                if counted is not None:
                    return counted, role, f'"{words}": counted from the memo\'s date', mention.text, ()
                return None, role, f'"{words}": the memo names no day', mention.text, ()
        return None, None, "", "", ()

    def _count_school_days(self, mention: DateMention) -> date | None:
        """ "Within ten school days of receipt" counts from the memo's date; any other starting point is unknown."""
        term = _SCHOOL_TERM.match(mention.text)
        if term is None or self._calendar is None:
            return None
        count = value_of(term["count"]) or 0
        day = self._memo_date
        for _ in range(400):
            if count <= 0:
                return day if day != self._memo_date else None
            day += timedelta(days=1)
            count -= self._calendar.is_school_day(day)
        return None


def _clauses(passage: Passage, times: tuple[DateMention, ...]) -> list[Passage]:
    """The passage, or its two halves where a semicolon parts two things that each bind."""
    words = _masked(passage, times)
    at = words.find("; ")
    if at < 0 or "; " in words[at + 2 :] or not (forces_in(words[:at]) and forces_in(words[at + 2 :])):
        return [passage]
    middle = passage.start + at
    return [
        replace(passage, end=middle, text=passage.text[:at]),
        replace(passage, start=middle + 2, text=passage.text[at + 2 :], marker=""),
    ]


def _masked(passage: Passage, times: tuple[DateMention, ...]) -> str:
    """The passage with its days blotted out, so that "May 31" is not taken for a permission."""
    words = passage.text
    for time in times:
        if time.precision is not Precision.RELATIVE:
            start, end = time.start - passage.start, min(time.end, passage.end) - passage.start
            words = words[:start] + "0" * (end - start) + words[end:]
    return words


_SCHOOL_TERM = re.compile(
    r"(?i)within\s+(?P<count>(?:\d{1,3}|[a-z-]+)(?:\s*\(\d{1,3}\))?)\s+(?:school|instructional)\s+days?\s+"
    r"(?:of|after|from|following)\s+(?:the\s+)?(?:receipt|receiving|date\s+of\s+this|this\s+(?:memo|notice|"
    r"letter|circular))"
)
_HOLDS_SUBJECT = re.compile(r"(?i)(?:no|only)\s|.*\byour\b")
_FIRST_VERB = re.compile(r"(?i)\b(?:will|shall|must|should|are|is|has|have)\b")
_PERMITTED = re.compile(
    r"\bmay\s+(?:\w+\s+)?(?:request|choose|apply|opt|appeal|ask|decline|refuse|withdraw|submit|attend|bring|"
    r"visit|be\s+excused)\b"
)
_GRANTED = frozenset({"state", "trust_or_LA", "visitor", "applicant", "superintendent", "district", "other"})
_WORD = re.compile(r"[^\W\d_]{2,}")
_EVERY_YEAR = re.compile(r"(?i)\b(?:each|every)\s+(?:\w+\s+)?year\b")
_BARE_DEADLINE = re.compile(
    r"(?i)\W*(?:(?:final\s+)?deadline|due(?:\s+date)?|by\s+when|when|return\s+by|submit\s+by|respond\s+by|"
    r"reply\s+by)\s*(?:is\b)?\W*"
    r"(?:(?:by|on|at|close|of|business|noon|no|later|than|\d{1,2}(?::\d\d)?\s*[ap]\.?m\.?|[(),.]|0{3,}(?!0))\s*)+$"
)
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
_SOFT = re.compile(r"(?i)\bwe\s+(?:strongly\s+)?recommend\b|^(?:consider|try)\b")
_CONDITIONS = re.compile(
    r"(?i)\b(?:if|unless|except|provided\s+that|in\s+case|whenever|when)\b[^,.;:]{3,160}"
)


def _due_day(mention: DateMention) -> date | None:
    """The day to act by: the named day, the last of a range, of "until February" the last; a bare month has none."""
    if mention.iso is not None:
        return mention.iso
    if mention.precision is Precision.RANGE:
        return mention.last
    if mention.precision is Precision.COARSE and mention.role is DateRole.DEADLINE and mention.basis:
        return mention.last
    return None
