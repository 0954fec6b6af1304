"""A run on paper: everything its reader may see, in the order of the conversation.

What is on the page is decided here, by the rules of ``summary``: another person's private entry is never on it, nor
what has not been revealed yet. What is the reader's alone is marked, because paper gets passed on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from itertools import groupby

from protocols.cadence.moments import say_day, say_time
from protocols.guided.comparison import Comparison, Contrast
from protocols.guided.print.page import Cell, Line, Page, Phase, Section, Table
from protocols.guided.state import Entry, Promise, RunState, Skipped, Status
from protocols.guided.steps import Protocol, Role, SeatKey, Step, StepKind, Visibility, join_names, role_of
from protocols.guided.summary import Summary, may_see, summary
from protocols.guided.tags import Tag, practice_of, tag_of

_MOST_COLUMNS = 3
"""The most people who have a column each; more stand below one another."""


@dataclass(frozen=True, slots=True)
class Printing:
    """What a page needs to know besides the run.

    ``names`` are the people in the seats, ``written_by`` the writer of an entry (by its number) where somebody else
    sat there then; what such an entry held in private is not shown. ``school`` is "" where the run is about its
    people's own practice. ``came_of`` says in words what became of a promise of last time (by its place from 0),
    ``kept`` what became of a next step of this run (by its entry's number). ``today`` is a day in ``zone``.
    """

    names: Mapping[SeatKey, str]
    zone: tzinfo
    today: date
    school: str = ""
    written_by: Mapping[int, str] | None = None
    came_of: Mapping[int, str] | None = None
    kept: Mapping[int, str] | None = None


def make_page(protocol: Protocol, state: RunState, printing: Printing, *, viewer: SeatKey | None) -> Page:
    """The page for ``viewer``; with None, what all who took part may see."""
    return _Maker(protocol, state, printing, viewer).page()


class _Maker:
    """One page in the making: what its parts share."""

    def __init__(
        self, protocol: Protocol, state: RunState, printing: Printing, viewer: SeatKey | None
    ) -> None:
        self.protocol, self.state, self.printing, self.viewer = protocol, state, printing, viewer
        self.found = self._withheld(summary(protocol, state, viewer=viewer))
        self.seen = {entry.number for section in self.found.sections for entry in section.entries}

    def page(self) -> Page:
        phases = [
            Phase("From last time", tuple(self._promises())),
            *(
                Phase(_capital(title), tuple(section for step in steps for section in self._of_step(step)))
                for title, steps in groupby(self.protocol.steps, key=lambda step: step.phase)
            ),
            Phase("Left out, and why", tuple(self._skipped())),
        ]
        title = (
            f"{self.protocol.title}, {self.printing.school}" if self.printing.school else self.protocol.title
        )
        return Page(
            title=title,
            facts=tuple(self._facts()),
            phases=tuple(phase for phase in phases if phase.sections),
            footer=self._footer(),
        )

    def _withheld(self, found: Summary) -> Summary:
        """The summary without what somebody else wrote in private while they sat in the viewer's seat."""
        former = self.printing.written_by or {}
        sections = (
            replace(
                section,
                entries=tuple(
                    entry
                    for entry in section.entries
                    if entry.number not in former or may_see(self.protocol, self.state, entry, None)
                ),
            )
            for section in found.sections
        )
        return replace(found, sections=tuple(section for section in sections if section.entries))

    def _facts(self) -> Iterator[tuple[str, str]]:
        state = self.state
        yield "Between", self._between()
        if state.started_at is not None:
            began = f"{self._full_day(state.started_at)}, {self._time(state.started_at)}"
            yield "When", f"{began}{self._until(state.started_at)}"
        match state.status:
            case Status.ENDED:
                yield "State", "Complete"
            case Status.ABANDONED:
                yield "State", f"Stopped: {state.closing_reason}" if state.closing_reason else "Stopped"
            case Status.PAUSED:
                yield "State", "Paused, not complete"
            case _:
                yield "State", "Under way, not complete"

    def _between(self) -> str:
        """ "Amara (the host principal); Jun (the facilitator); Grace and Wen (the visitors)" """
        of_role: dict[Role, list[str]] = {}
        for seat in self.state.seats:
            of_role.setdefault(role_of(seat), []).append(self._call(seat))
        said = [f"{join_names(names)} ({self.protocol.roles[role]})" for role, names in of_role.items()]
        return "; ".join(said) if any(len(names) > 1 for names in of_role.values()) else join_names(said)

    def _until(self, start: datetime) -> str:
        end = self.state.ended_at
        if end is None:
            return ""
        is_same_day = self._local(start).date() == self._local(end).date()
        return f" to {'' if is_same_day else f'{self._full_day(end)}, '}{self._time(end)}"

    def _footer(self) -> str:
        day = self._year(self.printing.today)
        if self.viewer is None:
            return f"Printed {day}. It holds what everybody who took part may see."
        marked = " What is marked private or unseen is yours alone: look before you pass it on."
        has_own = any(self._own_mark(entry) for section in self.found.sections for entry in section.entries)
        return f"Printed for {self._call(self.viewer)}, {day}.{marked if has_own else ''}"

    def _promises(self) -> Iterator[Section]:
        came_of = self.printing.came_of or {}
        rows = [
            (
                Line(self._who(promise)),
                Line(promise.what),
                Line(self._day_words(promise.by_when)),
                Line(promise.evidence),
                Line(came_of.get(place, "")),
            )
            for place, promise in enumerate(self.state.promises)
        ]
        if rows:
            columns = ("Who", "What", "By when", "Evidence", "What came of it")
            yield Section("What was promised", tables=(_filled(columns, rows),))

    def _of_step(self, step: Step) -> Iterator[Section]:
        """What one step has for the page. Entries that a reveal lays side by side stand there and nowhere else."""
        if step.kind is StepKind.REVEAL:
            if tables := tuple(self._tables(step)):
                yield Section(step.title, tables=tables)
            return
        shown_there = {
            entry.number
            for other in self.protocol.steps
            if step.key in other.reveals
            for entry in self._compared(other)
        }
        entries = [entry for entry in self.found.entries(step.key) if entry.number not in shown_there]
        if not entries:
            return
        if step.kind is StepKind.NEXT_STEPS:
            yield Section(step.title, tables=(self._next_steps(entries),))
        else:
            yield _one_writer(Section(step.title, tuple(self._line(entry) for entry in entries)))

    def _next_steps(self, entries: Sequence[Entry]) -> Table:
        kept = self.printing.kept or {}
        columns = ("Who", "What", "By when", "Evidence we will look at", "What came of it")
        rows = [
            (
                Line(self._named(entry.data["who"])),
                Line(entry.text, marks=self._marks(entry)),
                Line(self._day_words(entry.data["by_when"])),
                Line(entry.data["evidence"]),
                Line(kept.get(entry.number, "")),
            )
            for entry in entries
        ]
        return _filled(columns, rows)

    def _compared(self, reveal: Step) -> Iterator[Entry]:
        """The entries that the tables of a reveal hold. Two figures out of many stay in their list as well."""
        for comparison in self._comparisons(reveal):
            for entries in comparison.sides.values():
                yield from entries
        for contrast in self._contrasts(reveal):
            if contrast.topic:
                yield from (*contrast.left, *contrast.right)

    def _comparisons(self, reveal: Step) -> Iterator[Comparison]:
        for comparison in self.found.comparisons:
            sides = {seat: self._allowed(entries, reveal) for seat, entries in comparison.sides.items()}
            if any(sides.values()):
                yield replace(comparison, sides=sides)

    def _contrasts(self, reveal: Step) -> Iterator[Contrast]:
        for contrast in self.found.contrasts:
            left, right = self._allowed(contrast.left, reveal), self._allowed(contrast.right, reveal)
            if left or right:
                yield replace(contrast, left=left, right=right)

    def _allowed(self, entries: Iterable[Entry], reveal: Step) -> tuple[Entry, ...]:
        """Those of a reveal's entries that the viewer may see: a further round is not revealed with the first."""
        return tuple(entry for entry in entries if entry.number in self.seen and entry.step in reveal.reveals)

    def _tables(self, reveal: Step) -> Iterator[Table]:
        comparisons = dict.fromkeys(comparison.topic for comparison in self._comparisons(reveal))
        for topic in comparisons:
            yield self._comparison(topic, [c for c in self._comparisons(reveal) if c.topic == topic])
        for contrast in self._contrasts(reveal):
            sides = (
                tuple(self._line(entry) for entry in contrast.left),
                tuple(self._line(entry) for entry in contrast.right),
            )
            columns = (
                (contrast.left_title, contrast.right_title) if contrast.topic else ("One figure", "The other")
            )
            bare = tuple(tuple(replace(line, place="") for line in side) for side in sides)
            yield Table(columns, (bare,), contrast.topic or "What fits least together")

    def _comparison(self, topic: str, comparisons: Sequence[Comparison]) -> Table:
        """One topic: a column each for a few people, a row each for many; by classroom where there are any."""
        seats = tuple(dict.fromkeys(seat for comparison in comparisons for seat in comparison.sides))
        rooms = ("Classroom",) if any(comparison.room for comparison in comparisons) else ()
        if len(seats) <= _MOST_COLUMNS:
            columns = (*rooms, *map(self._call, seats))
            rows = [
                (*self._room(rooms, c), *(self._cell(c.sides.get(seat, ())) for seat in seats))
                for c in comparisons
            ]
        else:
            columns = (*rooms, "Who", "What")
            rows = [
                (*self._room(rooms, c), (Line(self._call(seat)),), self._cell(entries))
                for c in comparisons
                for seat, entries in c.sides.items()
                if entries
            ]
        return Table(columns, tuple(rows), self._caption(topic, comparisons))

    def _caption(self, topic: str, comparisons: Sequence[Comparison]) -> str:
        """Notes without a look-for are headed by their step's name, which says little beside those that have one."""
        if not any(comparison.is_look_for for comparison in comparisons):
            return f"{topic}, without a look-for" if self._has_look_fors() else topic
        entries = (entry for c in comparisons for side in c.sides.values() for entry in side)
        return str(next(filter(None, map(self._tag, entries)), topic))

    def _has_look_fors(self) -> bool:
        return any(comparison.is_look_for for comparison in self.found.comparisons)

    def _room(self, rooms: tuple[str, ...], comparison: Comparison) -> tuple[Cell, ...]:
        return ((Line(comparison.room or "All"),),) if rooms else ()

    def _cell(self, entries: Iterable[Entry]) -> Cell:
        lines = tuple(
            Line(self._text(entry), marks=self._marks(entry, is_in_table=True)) for entry in entries
        )
        return lines or (Line("", marks=("nothing written",)),)

    def _line(self, entry: Entry) -> Line:
        place = ""
        if room := entry.data.get("room"):
            place = f"Room {room}"
        elif about := entry.data.get("of") or entry.data.get("lap"):
            place = self._item(about)
        return Line(self._text(entry), self._writer(entry), place, self._marks(entry))

    def _tag(self, entry: Entry) -> Tag | None:
        return tag_of(self.protocol, self.state, entry, self.viewer)

    def _item(self, number: str) -> str:
        """The words of an entry that another is about; "" where the viewer may not see it."""
        item = self.state.entry(int(number))
        return item.text if item and may_see(self.protocol, self.state, item, self.viewer) else ""

    def _text(self, entry: Entry) -> str:
        step = self.protocol.step(entry.step)
        return next((option.label for option in step.options if option.key == entry.text), entry.text)

    def _marks(self, entry: Entry, *, is_in_table: bool = False) -> tuple[str, ...]:
        marks = self._pass_marks(entry)
        if is_in_table and entry.number in (self.printing.written_by or {}):
            marks.append(f"written by {self._writer(entry)}")
        if practice := practice_of(self.protocol, entry):
            marks.append(f"practice: {practice}")
        if not is_in_table and "look_for" in entry.data and (tag := self._tag(entry)):
            marks.append(f"look-for: {tag}")
        if entry.is_impression:
            marks.append("kept as an impression")
        if entry.history:
            last = entry.history[-1]
            by = "" if last.replaced_by == entry.seat else f" by {self._call(last.replaced_by)}"
            marks.append(f"changed on {self._short_day(last.replaced_at)}{by}")
        if own := self._own_mark(entry):
            marks.append(own)
        return tuple(marks)

    def _pass_marks(self, entry: Entry) -> list[str]:
        """The round and the day, where the step was gone through in more than one."""
        passes = self.found.entries(entry.step)
        marks = [f"round {entry.round}"] if len({other.round for other in passes}) > 1 else []
        if len({self._local(other.at).date() for other in passes}) > 1:
            marks.append(self._short_day(entry.at))
        return marks

    def _own_mark(self, entry: Entry) -> str:
        """What only its writer sees is marked, because paper gets passed on."""
        if may_see(self.protocol, self.state, entry, None):
            return ""
        is_private = self.protocol.step(entry.step).visibility is Visibility.PRIVATE
        return "private, only you see it" if is_private else "unseen by the others so far"

    def _skipped(self) -> Iterator[Section]:
        lines = tuple(self._skip(skip) for skip in self.found.skipped if self._may_know(skip))
        if lines:
            yield Section("", lines)

    def _skip(self, skip: Skipped) -> Line:
        marks = (f"round {skip.round}",) if skip.round > 1 else ()
        return Line(skip.reason, self._call(skip.seat), self.protocol.step(skip.step).title, marks)

    def _may_know(self, skip: Skipped) -> bool:
        """Why somebody wrote nothing in private is as much their own as what they would have written."""
        return skip.seat == self.viewer or self.protocol.step(skip.step).visibility is not Visibility.PRIVATE

    def _writer(self, entry: Entry) -> str:
        return (self.printing.written_by or {}).get(entry.number) or self._call(entry.seat)

    def _call(self, seat: SeatKey) -> str:
        return self.printing.names.get(seat) or self._role(seat)

    def _role(self, seat: SeatKey) -> str:
        return self.protocol.roles[role_of(seat)]

    def _who(self, promise: Promise) -> str:
        return self._named(promise.who or promise.by or "")

    def _named(self, who: str) -> str:
        return self.printing.names.get(SeatKey(who), who)

    def _day_words(self, iso: str) -> str:
        return say_day(date.fromisoformat(iso), self.printing.today) if iso else ""

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self.printing.zone)

    def _time(self, at: datetime) -> str:
        return say_time(self._local(at).time())

    def _short_day(self, at: datetime) -> str:
        return say_day(self._local(at).date(), self.printing.today)

    def _full_day(self, at: datetime) -> str:
        return self._year(self._local(at).date())

    def _year(self, day: date) -> str:
        """With the year: paper lies about for longer than a message."""
        return f"{say_day(day, day)} {day.year}"


def _one_writer(section: Section) -> Section:
    """Several lines by one person, with the name told once."""
    writers = {line.who for line in section.lines}
    if len(section.lines) < 2 or len(writers) > 1:
        return section
    return replace(section, by=writers.pop(), lines=tuple(replace(line, who="") for line in section.lines))


def _filled(columns: Sequence[str], rows: Sequence[Sequence[Line]]) -> Table:
    """A table of one line a cell, without the columns in which nothing stands."""
    places = [place for place in range(len(columns)) if any(row[place].text for row in rows)]
    return Table(
        tuple(columns[place] for place in places),
        tuple(tuple((row[place],) if row[place].text else () for place in places) for row in rows),
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
