"""What a new roster changes. Deterministic, and the same file twice changes nothing.

History stays true. A school that is missing is closed, a person who is missing is deactivated, an assignment that is
missing ends: nothing that has begun is deleted. For assignments the past is what was recorded:

- a row with the same people, rhythm and network as a recorded assignment is that assignment, and may move its end;
- a recorded assignment that no row continues ends the day before the row that follows it begins, but at the latest
  yesterday; what it covered up to then stays its own, even if a row claims the same days (an ILD exchanged in place,
  without a new first day, takes over today);
- days nobody was recorded for are filled from the file; an assignment that has not begun yet is simply withdrawn.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Generic, TypeVar

from protocols.roster.values import Roster, RosterAssignment, RosterPerson, RosterSchool, RosterTerm

REMOVAL_LIMIT = 0.05
"""More than this share of the schools, people or assignments gone is more likely an accident than a reform."""

T = TypeVar("T")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change(Generic[T]):
    before: T
    after: T


@dataclass(frozen=True, slots=True)
class Changes(Generic[T]):
    """What becomes of one kind of thing. ``removed`` is closed, deactivated or, if it has not begun, withdrawn."""

    added: tuple[T, ...] = ()
    changed: tuple[Change[T], ...] = ()
    removed: tuple[T, ...] = ()
    unchanged: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class RosterChanges:
    """What a new roster changes. ``removal_share`` is the largest share of one kind that it would end."""

    schools: Changes[RosterSchool]
    people: Changes[RosterPerson]
    assignments: Changes[RosterAssignment]
    terms: Changes[RosterTerm]
    removal_share: float

    @property
    def needs_yes(self) -> bool:
        return self.removal_share > REMOVAL_LIMIT

    @property
    def is_empty(self) -> bool:
        return all(part.is_empty for part in (self.schools, self.people, self.assignments, self.terms))


def compare(current: Roster, new: Roster, *, today: date) -> RosterChanges:
    """What ``new`` changes in ``current``: the open schools, active people, all assignments and terms recorded.

    Where ``new`` says nothing about assignments they stay, except at schools that close and for people who leave.
    """
    schools = _changes(
        {school.sourced_id: school for school in current.schools},
        {school.sourced_id: school for school in new.schools},
    )
    people = _changes(
        {person.sourced_id: person for person in current.people},
        {person.sourced_id: person for person in new.people},
    )
    recorded = current.assignments or ()
    wanted = new.assignments if new.assignments is not None else _remaining(recorded, new)
    assignments = _assignments(recorded, wanted, today)
    terms = _terms(current.terms or (), new.terms, today)
    shares = (
        _share(len(schools.removed), len(current.schools)),
        _share(len(people.removed), len(current.people)),
        _share(*_abandoned(recorded, wanted, today)),
    )
    return RosterChanges(schools, people, assignments, terms, removal_share=max(shares))


def _changes(before: Mapping[str, T], after: Mapping[str, T]) -> Changes[T]:
    both = [key for key in sorted(after) if key in before]
    changed = tuple(Change(before[key], after[key]) for key in both if before[key] != after[key])
    return Changes(
        added=tuple(after[key] for key in sorted(after) if key not in before),
        changed=changed,
        removed=tuple(before[key] for key in sorted(before) if key not in after),
        unchanged=len(both) - len(changed),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _remaining(recorded: Iterable[RosterAssignment], new: Roster) -> list[RosterAssignment]:
    """The recorded assignments without schools that closed, ILDs who left, principals who left."""
    schools = {school.sourced_id for school in new.schools}
    people = {person.sourced_id for person in new.people}
    return [
        item if item.principal_id is None or item.principal_id in people else replace(item, principal_id=None)
        for item in recorded
        if item.school_id in schools and item.ild_id in people
    ]


def _abandoned(
    recorded: Iterable[RosterAssignment], wanted: Iterable[RosterAssignment], today: date
) -> tuple[int, int]:
    """How many schools have a running assignment and no row at all any more, of how many with a running one."""
    running = {item.school_id for item in recorded if item.starts <= today <= item.last_day}
    return len(running - {item.school_id for item in wanted}), len(running)


def _terms(
    recorded: Iterable[RosterTerm], new: Iterable[RosterTerm] | None, today: date
) -> Changes[RosterTerm]:
    """Terms that are over stay whatever the file says; one still to end goes where the file's overlap it.

    A year or term may also come from the calendar, and a roster that does not speak of it takes nothing away. One
    is known by title and first day.
    """
    before = {_term_key(term): term for term in recorded}
    if new is None:
        return Changes(unchanged=len(before))
    named = tuple(new)
    after = {
        key: term
        for key, term in before.items()
        if term.ends < today or not any(_is_in_the_way(term, other) for other in named)
    }
    after |= {_term_key(term): term for term in named}
    return _changes(before, after)


def _is_in_the_way(term: RosterTerm, other: RosterTerm) -> bool:
    return term.kind == other.kind and term.starts <= other.ends and other.starts <= term.ends


def _term_key(term: RosterTerm) -> str:
    return f"{term.kind} {term.starts} {term.title}"


# ---------------------------------------------------------------- assignments


def _assignments(
    recorded: Iterable[RosterAssignment], wanted: Iterable[RosterAssignment], today: date
) -> Changes[RosterAssignment]:
    before, rows = _by_school(recorded), _by_school(wanted)
    added: list[RosterAssignment] = []
    changed: list[Change[RosterAssignment]] = []
    removed: list[RosterAssignment] = []
    unchanged = 0
    for school_id in sorted(before.keys() | rows.keys()):
        now = {item.starts: item for item in before[school_id]}
        then = {item.starts: item for item in _desired(before[school_id], rows[school_id], today)}
        added += [item for starts, item in then.items() if starts not in now]
        removed += [item for starts, item in now.items() if starts not in then]
        pairs = [Change(item, then[starts]) for starts, item in now.items() if starts in then]
        changed += [pair for pair in pairs if pair.before != pair.after]
        unchanged += sum(pair.before == pair.after for pair in pairs)
    return Changes(tuple(added), tuple(changed), tuple(removed), unchanged)


def _by_school(items: Iterable[RosterAssignment]) -> defaultdict[str, list[RosterAssignment]]:
    found: defaultdict[str, list[RosterAssignment]] = defaultdict(list)
    for item in sorted(items, key=lambda item: item.starts):
        found[item.school_id].append(item)
    return found


def _desired(
    recorded: list[RosterAssignment], rows: list[RosterAssignment], today: date
) -> list[RosterAssignment]:
    """One school's assignments as they should be, by first day."""
    kept: list[RosterAssignment] = []
    continued: set[date] = set()
    for item in recorded:
        if item.starts >= today:
            continue
        if any(_is_continued_by(item, row) for row in rows):
            continued.add(item.starts)
        else:
            kept.append(_ended(item, rows, today))
    pieces = [piece for row in rows for piece in _pieces(row, kept, continued)]
    return sorted([*kept, *pieces], key=lambda item: item.starts)


def _is_continued_by(item: RosterAssignment, row: RosterAssignment) -> bool:
    return _content(item) == _content(row) and row.starts <= item.starts <= row.last_day


def _content(item: RosterAssignment) -> tuple[str, str | None, int, str]:
    return item.ild_id, item.principal_id, item.cadence_days, item.network


def _ended(item: RosterAssignment, rows: list[RosterAssignment], today: date) -> RosterAssignment:
    """A recorded assignment that no row continues, with its last day. One that is over stays as it is."""
    if item.last_day < today:
        return item
    following = [row.starts for row in rows if row.starts > item.starts]
    return replace(item, ends=min([today, *following]) - _DAY)


def _pieces(
    row: RosterAssignment, kept: Iterable[RosterAssignment], continued: Iterable[date]
) -> list[RosterAssignment]:
    """A row without the days that stay others', cut where assignments it continues were begun."""
    cuts = {row.starts}
    taken: list[tuple[date, date]] = []
    for item in kept:
        if item.starts <= row.last_day and item.last_day >= row.starts:
            taken.append((item.starts, item.last_day))
            cuts.add(item.last_day + _DAY)
    cuts |= {starts for starts in continued if row.starts <= starts <= row.last_day}
    begins = sorted(
        cut
        for cut in cuts
        if row.starts <= cut <= row.last_day and not any(first <= cut <= last for first, last in taken)
    )
    pieces = []
    for begin in begins:
        stops = [first - _DAY for first, _ in taken if first > begin]
        stops += [other - _DAY for other in begins if other > begin]
        last = min([row.last_day, *stops])
        pieces.append(replace(row, starts=begin, ends=None if last == date.max else last))
    return pieces
