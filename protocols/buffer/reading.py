"""Read a memo: its demands with who, how binding and by when, its dates, its contact, and one line that
says it all.

Rules alone, no model and no network: the passage is cut (``passages``), what it asks is found (``calls``, from
``bindings`` and ``imperatives``), its party (``actors``), its day (``dates``, ``date_roles``, ``due_days``) and its
schools (``audience``, ``sections``). A list item inherits force, deadline and schools from the line that leads it
("Schools must, by 3 May:"). Linear in the length of the memo; any text is accepted, also an empty one.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from protocols.buffer.asides import read_aside
from protocols.buffer.audience import ALL, audience_of, headed_audience, known_audience, means_readers
from protocols.buffer.bindings import (
    asks_nothing_of,
    forces_in,
    is_no_demand,
)
from protocols.buffer.calls import (
    Call,
    bind,
    describes_items,
    instruct,
    instruct_behind,
    read_row,
    relieve,
    takes_items,
    tell,
)
from protocols.buffer.contacts import find_contact
from protocols.buffer.date_roles import mention_dates, settle_rows
from protocols.buffer.dates import find_dates
from protocols.buffer.demands import Binding, DateMention, DateRole, DayCalendar, Demand, Precision, Reading
from protocols.buffer.due_days import due_of
from protocols.buffer.effort import estimate_minutes, stated_minutes
from protocols.buffer.facet_reading import add_facets
from protocols.buffer.headlines import one_line_of, title_of
from protocols.buffer.imperatives import instruction_at
from protocols.buffer.passages import Kind, Passage, split_passages
from protocols.buffer.sections import audiences_above, headings_above
from protocols.buffer.tied_days import tie_days
from protocols.buffer.written_dates import Order, settled_order


def read_memo(
    text: str,
    *,
    memo_date: date,
    calendar: DayCalendar | None = None,
    habit: Order = Order.UNKNOWN,
    networks: Collection[str] | None = None,
) -> Reading:
    """Everything the memo asks of anyone, in its order.

    ``memo_date`` is the memo's own date: days without a year are the next such day on or after it. ``calendar`` lets
    "within ten school days of receipt" become a day, counted from ``memo_date``; without it such a term stays in
    ``due_words`` and ``due`` is None. ``habit`` is how the district writes 3/11 where the memo itself does not tell.
    ``networks`` are the district's: what looks like the name of another ("the Wi-Fi network") then narrows nothing.
    """
    passages = split_passages(text)
    headings = headings_above(passages)
    found = find_dates(text, memo_date=memo_date, order=settled_order(text, habit))
    spans = [(p.start, p.end, heading) for p, heading in zip(passages, headings, strict=True)]
    mentions = mention_dates(text, found, spans, memo_date=memo_date)
    reader = _Reader(passages, settle_rows(mentions, spans), memo_date, calendar)
    demands = add_facets(text, tie_days(reader.demands(), reader.leads), passages, mentions)
    if networks is not None:
        demands = [replace(one, audience=known_audience(one.audience, networks)) for one in demands]
    dates = settle_rows([replace(m, role=reader.roles.get(m.start, m.role)) for m in mentions], spans)
    title = title_of(passages)
    return Reading(title, one_line_of(title, demands, passages), find_contact(text), tuple(demands), dates)


NEAR_DAY = 250
"""Characters within which "that date" still means a day named before."""


class _Reader:
    """Walks the passages once, remembering who was last spoken to and what each leading line asked."""

    def __init__(
        self,
        passages: Sequence[Passage],
        dates: Sequence[DateMention],
        memo_date: date,
        calendar: DayCalendar | None,
    ) -> None:
        self._passages = passages
        self._dates = dates
        self._memo_date = memo_date
        self._calendar = calendar
        self._next_date = 0
        self.leads: list[int | None] = []
        """For each demand the number of the demand that leads its list, by which it may get its day."""
        self._demand_at: dict[int, int] = {}
        self.roles: dict[int, DateRole] = {}
        """Roles that turned out otherwise once it was known who acts: by where the date starts."""
        self._calls: dict[int, Call] = {}
        self._times: dict[int, tuple[DateMention, ...]] = {}
        self._last_actor: str | None = None
        self._section = -1
        self._block = 0
        self._asked_in = (0, 0)
        """Passage and block of the last demand, with the asides that were folded into it."""
        self._audiences = audiences_above(passages)
        self._addressed = _addressed(passages)

    def demands(self) -> list[Demand]:
        demands: list[Demand] = []
        for index, passage in enumerate(self._passages):
            times = self._dates_within(passage)
            self._times[index] = times
            if passage.section != self._section:
                self._section, self._last_actor = passage.section, None
            if demands and self._is_deadline_of(demands[-1], passage, times):
                due = due_of(times, memo_date=self._memo_date, calendar=self._calendar)
                demands[-1] = replace(
                    demands[-1],
                    due=due.day,
                    due_role=due.role,
                    due_basis=due.basis + ", given on a line of its own",
                    due_words=due.words,
                    more_dates=due.more,
                )
                continue
            self._block += passage.is_first
            if demands and self._take_aside(demands, index, passage):
                continue
            for clause in _clauses(passage, times):
                mine = tuple(t for t in times if clause.start <= t.start < clause.end)
                call = self._call(clause, mine)
                if call is None:
                    continue
                self._calls[index] = call
                if call.binding is not Binding.INFO:
                    self._last_actor = call.actor
                self.leads.append(self._demand_at.get(passage.lead) if passage.lead is not None else None)
                self._demand_at[index] = len(demands)
                self._asked_in = (index, self._block)
                demands.append(self._demand(clause, call, mine, self._audiences[index]))
        return demands

    def _take_aside(self, demands: list[Demand], index: int, passage: Passage) -> bool:
        """Give the demand before what the passage says of it; whether the passage says nothing else."""
        asked, (at, block) = demands[-1], self._asked_in
        if not _asks_school(asked):
            return False
        is_own_line = passage.kind is Kind.SENTENCE and not passage.marker and passage.lead is None
        is_beneath = index == at + 1 and is_own_line and self._passages[at].lead is None
        aside = read_aside(passage.text, asked.quote) if block == self._block or is_beneath else None
        if aside is None and not (_is_behind(asked, passage) and _OF_IT.search(passage.text)):
            return False
        told = aside.minutes if aside else stated_minutes(passage.text)
        if told and not stated_minutes(asked.quote):
            asked = replace(asked, minutes=told[0], minutes_basis=told[1])
        if aside and aside.delegation and not asked.facets.delegation:
            asked = replace(asked, facets=replace(asked.facets, delegation=aside.delegation))
        demands[-1] = asked
        if aside:
            self._asked_in = (index, self._block)
        return aside is not None

    def _day_referred_to(self, passage: Passage) -> DateMention | None:
        """The day that "by that date" means: the last one named just before, as what the sentence makes of it."""
        found = _THAT_DAY.search(passage.text)
        before = [m for m in self._dates if m.end <= passage.start and m.iso][-1:] if found else []
        if not found or not before or passage.start - before[0].end > NEAR_DAY:
            return None
        cue = found["cue"].lower()
        role = (
            DateRole.EFFECTIVE
            if cue in ("as of", "from")
            else DateRole.EVENT
            if cue == "on"
            else DateRole.DEADLINE
        )
        return replace(before[0], role=role, basis="the day named just before")

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

    def _call(self, passage: Passage, times: tuple[DateMention, ...]) -> Call | None:
        words = _masked(passage, times)
        if passage.kind in (Kind.HEADING, Kind.FIELD) or is_no_demand(words):
            return None
        if asks_nothing_of(words):
            return relieve(words)
        deadline = any(t.role is DateRole.DEADLINE and t.precision is Precision.DAY for t in times)
        lead = self._calls.get(passage.lead) if passage.lead is not None else None
        at = instruction_at(words)
        only_tells = (
            lead is None and passage.lead is not None and describes_items(self._passages[passage.lead].text)
        )
        if at is not None and not only_tells:
            return instruct(words, at, lead, has_deadline=deadline)
        for force in forces_in(words):
            call = bind(words, force, last_actor=self._last_actor, has_deadline=deadline)
            if call is not None:
                return call
        if (
            lead is not None
            and passage.lead is not None
            and takes_items(self._passages[passage.lead].text, words)
        ):
            # "Principals must:" needs a verb from each of its items, so whatever stands there is one.
            return lead
        return (
            instruct_behind(words, has_deadline=deadline)
            or read_row(words)
            or tell(words, times, has_deadline=deadline, memo_date=self._memo_date)
        )

    def _demand(
        self,
        passage: Passage,
        call: Call,
        times: tuple[DateMention, ...],
        inherited_audience: tuple[str, ...],
    ) -> Demand:
        inherited = False
        if passage.lead is not None and not any(t.role is not DateRole.OTHER for t in times):
            leading = tuple(t for t in self._times.get(passage.lead, ()) if t.role is DateRole.DEADLINE)
            times, inherited = leading or times, bool(leading)
        referred = None if times else self._day_referred_to(passage)
        if referred:
            times, inherited = (referred,), True
        settled = _times_for(call, times, passage, self._memo_date)
        if not inherited:
            # A time that does not bear on this demand keeps its own role.
            kept = {t.start: t.role for t in settled}
            changed = (t for t in times if kept.get(t.start, t.role) is not t.role)
            self.roles |= {t.start: kept[t.start] for t in changed if t.role is not DateRole.EFFECTIVE}
            if call.binding is Binding.INFO and not call.for_school:
                # "Payroll will mail the forms by 6 November": the day others set themselves asks nothing.
                own = (t for t in times if t.role is DateRole.DEADLINE)
                self.roles |= {t.start: DateRole.EVENT for t in own if _is_others_day(passage, t)}
        times = settled
        due = due_of(times, memo_date=self._memo_date, calendar=self._calendar)
        basis = due.basis
        if inherited and basis and not referred:
            basis += ", given in the line above the list"
        minutes, minutes_basis = estimate_minutes(
            passage.text, binding=call.binding, for_school=call.for_school
        )
        own_audience = () if means_readers(passage.text) else audience_of(passage.text)
        return Demand(
            start=passage.start,
            end=passage.end,
            quote=passage.text,
            actor=call.actor,
            for_school=call.for_school,
            binding=call.binding,
            due=due.day,
            due_basis=basis,
            audience=own_audience or inherited_audience or self._addressed or (ALL,),
            minutes=minutes,
            minutes_basis=minutes_basis,
            due_role=due.role,
            due_words=due.words,
            more_dates=due.more,
            conditions=tuple(" ".join(m[0].split()) for m in _CONDITIONS.finditer(passage.text)),
        )


_OF_IT = re.compile(
    r"(?i)^(?:this|it|that|each|the\s+\w+(?:\s+\w+)?\s+takes?)\b|\b(?:do|complete)\s+(?:this|it|that)\b"
)
"""How a sentence begins, or goes on, that says how long the thing before it takes."""


def _is_behind(demand: Demand, passage: Passage) -> bool:
    """Whether the sentence stands right behind the demand's, in the same paragraph."""
    return not passage.is_first and 0 <= passage.start - demand.end < 4


def _asks_school(demand: Demand) -> bool:
    return demand.for_school and demand.binding is not Binding.INFO


def _addressed(passages: Sequence[Passage]) -> tuple[str, ...]:
    """The schools that the head of the memo names: its "To:" line and title, not the headings of its sections."""
    head = [
        p.text
        for p in passages[:6]
        if p.kind is Kind.FIELD or (p.kind is Kind.HEADING and not headed_audience(p.text))
    ]
    return audience_of(" ".join(head)[:600])


def _times_for(
    call: Call, times: tuple[DateMention, ...], passage: Passage, memo_date: date
) -> tuple[DateMention, ...]:
    """The days that bear on a call. A permission ends or happens on a day, a relief has none.

    What a duty's day takes effect from ("from 1 March schools must ...") counts where it lies ahead and no other is
    named; ``due_role`` then says so, for read as a day to be done by it would be a deadline made up. Where others open
    and close something, its last day is no deadline but the end of what happens.
    """
    match call.binding:
        case Binding.MAY if call.is_relief:
            return ()
        case Binding.MAY:
            turn = _BUT.search(passage.text)
            end = passage.start + turn.start() if turn else passage.end
            return tuple(
                t
                for t in times
                if t.role is DateRole.DEADLINE or (t.role is DateRole.EVENT and t.start < end)
            )
        case Binding.INFO if call.for_school or all(t.role is DateRole.DEADLINE for t in times):
            return times
        case Binding.INFO:
            ends = any(t.role is DateRole.DEADLINE for t in times)
            happens = (DateRole.DEADLINE, DateRole.EFFECTIVE) if ends else ()
            return tuple(replace(t, role=DateRole.EVENT) if t.role in happens else t for t in times)
        case _:
            return tuple(_at_its_end(t, passage, call) for t in times if _is_ahead(t, memo_date))


def _is_others_day(passage: Passage, time: DateMention) -> bool:
    return bool(_OTHERS_DAY.search(passage.text[: time.start - passage.start]))


def _is_ahead(time: DateMention, memo_date: date) -> bool:
    return time.role is not DateRole.EFFECTIVE or (time.last or time.iso or date.min) >= memo_date


def _at_its_end(time: DateMention, passage: Passage, call: Call) -> DateMention:
    """A day in brackets behind an instruction ("Confirm your program (Nov. 6).") is its last, not what it tells of."""
    before, after = passage.text[: time.start - passage.start], passage.text[time.end - passage.start :]
    is_apart = before.rstrip().endswith(("(", "|")) and not after.strip(" ).;|")
    opens_row = len(before) < 3 and _ROW_GOES_ON.match(after)
    is_bare = (
        call.is_instruction
        and time.role is DateRole.EVENT
        and time.precision is Precision.DAY
        and bool(is_apart or opens_row)
    )
    return replace(time, role=DateRole.DEADLINE) if is_bare else time


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


_BARE_DEADLINE = re.compile(
    r"(?i)\W*(?:(?:final\s+)?deadline|due(?:\s+date)?|by\s+when|when|return\s+by|submit\s+by|respond\s+by|"
    r"reply\s+by)\s*(?:is\b)?\W*"
    r"(?:(?:by|on|at|close|of|business|noon|no|later|than|\d{1,2}(?::\d\d)?\s*[ap]\.?m\.?|[(),.]|0{3,}(?!0))\s*)+$"
)
_ROW_GOES_ON = re.compile(r"\s*[:–—|-]\s")
_THAT_DAY = re.compile(
    r"(?i)\b(?P<cue>by|before|until|on|as\s+of|from)\s+(?:that|this|the\s+same|said)\s+(?:date|day|deadline)\b"
)
_BUT = re.compile(r"(?i)[,;]\s*(?:but|however|though|although)\b|;\s")
_OTHERS_DAY = re.compile(r"(?i)\bwill\b(?![^.;]*\b(?:closes?|ends?|expires?|deadline|due)\b)")
_CONDITIONS = re.compile(
    r"(?i)\b(?:if|unless|except|provided\s+that|in\s+case|whenever|when)\b[^,.;:]{3,160}"
)
