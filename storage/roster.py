"""The roster as rows: what is recorded, and applying a new one, all or nothing, in the caller's transaction.

People made by hand (without a sourcedId) are not the roster's to change. Somebody who comes back under a new
sourcedId with the same address and name is the same person. An address may pass to somebody else once its owner has
left. When an assignment changes, visits planned from today on go to whoever accompanies the school on their day;
where a school closes they are cancelled by the central office.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from sqlmodel import col, select

from protocols.roster.comparing import Changes, RosterChanges, compare
from protocols.roster.report import RemovalNotConfirmedError, RosterReport
from protocols.roster.values import (
    Level,
    Roster,
    RosterAssignment,
    RosterPerson,
    RosterSchool,
    RosterTerm,
    TermKind,
)
from storage.database import Tx
from storage.record import audit
from storage.tables import AssignmentRow, PeriodRow, PersonRow, SchoolRow, VisitRow

T = TypeVar("T")

SCHOOL_CLOSED = "The school has closed."


def load_roster(tx: Tx, *, with_past: bool = False) -> Roster:
    """What is recorded: open schools, active people, all assignments and terms.

    ``with_past`` adds closed schools and people who left, who may be named where history is imported.
    """
    schools = [row for row in tx.exec(select(SchoolRow)) if row.active or with_past]
    people = [row for row in tx.exec(select(PersonRow)) if row.active or with_past]
    school_keys = dict(tx.exec(select(SchoolRow.id, SchoolRow.sourced_id)).all())
    person_keys = {
        row_id: person_key(row_id, key) for row_id, key in tx.exec(select(PersonRow.id, PersonRow.sourced_id))
    }
    assignments = [
        RosterAssignment(
            school_keys[row.school_id],
            person_keys[row.ild_id] if row.ild_id is not None else "",
            person_keys[row.principal_id] if row.principal_id is not None else None,
            row.starts,
            row.ends,
            row.cadence_days,
            row.network,
        )
        for row in tx.exec(select(AssignmentRow))
    ]
    return Roster(
        schools=tuple(
            RosterSchool(row.sourced_id, row.name, Level(row.level) if row.level else None) for row in schools
        ),
        people=tuple(
            RosterPerson(person_key(row.id, row.sourced_id), row.email, row.given_name, row.family_name)
            for row in people
        ),
        assignments=tuple(assignments),
        terms=tuple(
            RosterTerm(row.label, TermKind(row.kind), row.starts, row.ends)
            for row in tx.exec(select(PeriodRow))
        ),
    )


def apply_roster(
    tx: Tx, roster: Roster, *, now: datetime, today: date, confirmed: bool, actor_id: int | None = None
) -> RosterReport:
    """Make the database say what the roster says; write only what changed. ``today`` is the district's day.

    Raises ``RemovalNotConfirmedError`` where more than a twentieth would go and it is not ``confirmed``.
    """
    _recognise(tx, roster)
    current = load_roster(tx)
    roster = _completed(roster, current)
    changes = compare(current, roster, today=today)
    if changes.needs_yes and not confirmed:
        raise RemovalNotConfirmedError(changes)
    _write_schools(tx, changes.schools)
    _write_people(tx, changes.people)
    _write_assignments(tx, changes.assignments)
    _write_terms(tx, changes.terms)
    tx.flush()
    touched = {item.school_id for item in _all_after(changes.assignments)}
    handed_over = _hand_over_visits(tx, touched, today)
    cancelled = _cancel_visits(tx, [school.sourced_id for school in changes.schools.removed], today)
    _audit(tx, changes, now=now, actor_id=actor_id)
    names = {school.sourced_id: school.name for school in (*current.schools, *roster.schools)}
    names |= {person.sourced_id: person.name for person in (*current.people, *roster.people)}
    led = {item.school_id for item in roster.assignments or () if item.principal_id}
    return RosterReport(
        changes,
        names=names,
        dropped=roster.dropped,
        notes=roster.notes,
        candidates=tuple(
            (names[found.school_id], names[found.person_id])
            for found in roster.candidates
            if found.school_id not in led
        ),
        handed_over=handed_over,
        cancelled=cancelled,
    )


def person_key(row_id: int | None, sourced_id: str | None) -> str:
    """The sourcedId, or for people made by hand one that no file can hold."""
    return sourced_id or f"#\n{row_id}"


def _is_by_hand(key: str) -> bool:
    return key.startswith("#\n")


def _completed(roster: Roster, current: Roster) -> Roster:
    """The roster with what files do not say: people made by hand, levels set by hand."""
    levels = {school.sourced_id: school.level for school in current.schools}
    schools = tuple(
        school if school.level else replace(school, level=levels.get(school.sourced_id))
        for school in roster.schools
    )
    named = {person.sourced_id for person in roster.people}
    by_hand = [p for p in current.people if _is_by_hand(p.sourced_id) and p.sourced_id not in named]
    return replace(roster, schools=schools, people=(*roster.people, *by_hand))


def _recognise(tx: Tx, roster: Roster) -> None:
    """Give a person who is known by address and name the sourcedId that the roster has now."""
    rows = {row.email: row for row in tx.exec(select(PersonRow))}
    known = {row.sourced_id for row in rows.values()}
    named = {person.sourced_id for person in roster.people}
    for person in roster.people:
        row = rows.get(person.email)
        if (
            row is None
            or person.sourced_id in known
            or row.sourced_id in named
            or _is_by_hand(person.sourced_id)
        ):
            continue
        is_same_name = person.name.casefold() == f"{row.given_name} {row.family_name}".casefold()
        if row.sourced_id is None or is_same_name:
            row.sourced_id = person.sourced_id
            tx.add(row)
    tx.flush()


# ---------------------------------------------------------------- writing


def _write_schools(tx: Tx, changes: Changes[RosterSchool]) -> None:
    rows = {row.sourced_id: row for row in tx.exec(select(SchoolRow))}
    for school in _all_after(changes):
        row = rows.get(school.sourced_id) or SchoolRow(sourced_id=school.sourced_id, name=school.name)
        row.name, row.level, row.active = school.name, school.level, True
        tx.add(row)
    for school in changes.removed:
        rows[school.sourced_id].active = False
        tx.add(rows[school.sourced_id])
    tx.flush()


def _write_people(tx: Tx, changes: Changes[RosterPerson]) -> None:
    rows = {person_key(row.id, row.sourced_id): row for row in tx.exec(select(PersonRow))}
    by_email = {row.email: row for row in rows.values()}
    for person in changes.removed:
        rows[person.sourced_id].active = False
    written = list(_all_after(changes))
    for person in written:  # addresses first become free, so that two people may exchange theirs
        for row in (by_email.get(person.email), rows.get(person.sourced_id)):
            if row is not None and row.email != f"former-{row.id}@invalid":
                row.email = f"former-{row.id}@invalid"
    tx.flush()
    for person in written:
        row = rows.get(person.sourced_id) or PersonRow(
            sourced_id=person.sourced_id, email=person.email, given_name="", family_name=""
        )
        row.email, row.given_name, row.family_name, row.active = (
            person.email,
            person.given,
            person.family,
            True,
        )
        tx.add(row)
    tx.flush()


def _write_assignments(tx: Tx, changes: Changes[RosterAssignment]) -> None:
    schools = dict(tx.exec(select(SchoolRow.sourced_id, SchoolRow.id)).all())
    people = {person_key(row.id, row.sourced_id): row for row in tx.exec(select(PersonRow))}
    rows = {(row.school_id, row.starts): row for row in tx.exec(select(AssignmentRow))}
    for item in changes.removed:
        tx.delete(rows.pop((_found(schools[item.school_id]), item.starts)))
    tx.flush()
    for item in _all_after(changes):
        school_id = _found(schools[item.school_id])
        row = rows.get((school_id, item.starts)) or AssignmentRow(
            school_id=school_id, starts=item.starts, network=item.network, cadence_days=item.cadence_days
        )
        row.ild_id = people[item.ild_id].id if item.ild_id else None
        row.principal_id = people[item.principal_id].id if item.principal_id else None
        row.ends, row.network, row.cadence_days = item.ends, item.network, item.cadence_days
        rows[school_id, item.starts] = row
        tx.add(row)
    tx.flush()
    _note_newcomers(tx, changes.added, people, list(rows.values()))


def _note_newcomers(
    tx: Tx,
    added: Iterable[RosterAssignment],
    people: dict[str, PersonRow],
    rows: list[AssignmentRow],
) -> None:
    """A principal who follows another and led no school before is new since that day."""
    first_days: dict[int, date] = {}
    led_before: dict[int, list[AssignmentRow]] = {}
    for row in sorted(rows, key=lambda row: row.starts):
        if row.principal_id is not None:
            first_days.setdefault(row.principal_id, row.starts)
        led_before.setdefault(row.school_id, []).append(row)
    schools = dict(tx.exec(select(SchoolRow.sourced_id, SchoolRow.id)).all())
    for item in added:
        person = people.get(item.principal_id or "")
        if person is None or person.id is None or first_days.get(person.id) != item.starts:
            continue
        before = led_before[_found(schools[item.school_id])]
        if any(row.starts < item.starts and row.principal_id not in (None, person.id) for row in before):
            person.since = item.starts
            tx.add(person)


def _write_terms(tx: Tx, changes: Changes[RosterTerm]) -> None:
    rows = {(row.kind, row.label, row.starts): row for row in tx.exec(select(PeriodRow))}
    for term in changes.removed:
        tx.delete(rows.pop((term.kind, term.title, term.starts)))
    for term in _all_after(changes):
        row = rows.get((term.kind, term.title, term.starts)) or PeriodRow(
            kind=term.kind, label=term.title, starts=term.starts, ends=term.ends
        )
        row.ends = term.ends
        tx.add(row)
    tx.flush()


def _planned_visits(tx: Tx, schools: Iterable[str], today: date) -> list[VisitRow]:
    wanted = set(schools)
    keys = dict(tx.exec(select(SchoolRow.id, SchoolRow.sourced_id)).all())
    planned = tx.exec(select(VisitRow).where(VisitRow.status == "planned", VisitRow.day >= today.toordinal()))
    return [visit for visit in planned if keys[visit.school_id] in wanted]


def _hand_over_visits(tx: Tx, schools: Iterable[str], today: date) -> int:
    visits = _planned_visits(tx, schools, today)
    if not visits:
        return 0
    query = select(AssignmentRow).where(
        col(AssignmentRow.school_id).in_({visit.school_id for visit in visits})
    )
    assignments = list(tx.exec(query))
    count = 0
    for visit in visits:
        day = date.fromordinal(visit.day)
        held_by = next(
            (
                row.ild_id
                for row in assignments
                if row.school_id == visit.school_id and row.starts <= day <= (row.ends or date.max)
            ),
            None,
        )
        if held_by is not None and held_by != visit.ild_id:
            visit.ild_id, visit.version = held_by, visit.version + 1
            tx.add(visit)
            count += 1
    return count


def _cancel_visits(tx: Tx, schools: Iterable[str], today: date) -> int:
    visits = _planned_visits(tx, schools, today)
    for visit in visits:
        visit.status, visit.version = "cancelled", visit.version + 1
        visit.cancelled_by, visit.cancel_reason = "central_office", SCHOOL_CLOSED
        tx.add(visit)
    return len(visits)


def _all_after(changes: Changes[T]) -> Iterable[T]:
    return (*changes.added, *(change.after for change in changes.changed))


def _found(row_id: int | None) -> int:
    assert row_id is not None  # it has been flushed
    return row_id


def _audit(tx: Tx, changes: RosterChanges, *, now: datetime, actor_id: int | None) -> None:
    """One row a kind and way of change, with the ids of what changed."""
    kinds: dict[str, dict[str, list[str]]] = {
        "school": _ids_by_way(changes.schools, lambda school: school.sourced_id),
        "person": _ids_by_way(changes.people, lambda person: person.sourced_id),
        "assignment": _ids_by_way(changes.assignments, lambda item: f"{item.school_id} {item.starts}"),
        "term": _ids_by_way(changes.terms, lambda term: term.title),
    }
    for kind, ways in kinds.items():
        for way, ids in ways.items():
            if ids:
                audit(tx, at=now, actor_id=actor_id, action=f"roster_{kind}_{way}", object="roster", ids=ids)


def _ids_by_way(changes: Changes[T], id_of: Callable[[T], str]) -> dict[str, list[str]]:
    return {
        "added": [id_of(item) for item in changes.added],
        "changed": [id_of(change.after) for change in changes.changed],
        "removed": [id_of(item) for item in changes.removed],
    }
