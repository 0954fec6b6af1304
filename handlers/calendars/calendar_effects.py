"""What a change of the school calendar does, before it is in force and when it comes into force.

Before: school days, protected half-days, visits that fall on it, rhythms that break. When it comes into force the
visits that cannot be held are off, and those concerned are told: today's at once, later ones in their open time.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from handlers.cadence import planning
from handlers.cadence.visit_changes import say_visit, start_of
from handlers.cadence.visit_repair import tell_ild
from handlers.cards import Block, Card, Item, Items, Text
from handlers.district import District
from handlers.post import tell_when_open
from handlers.turn import Turn
from protocols.cadence.calendar import VISIT_MINUTES, SchoolCalendar
from protocols.cadence.calendar_edits import Difference, compare
from protocols.cadence.intervals import standing
from protocols.cadence.moments import say_day
from storage import calendar, called_off, people, record, visits
from storage.database import Tx
from storage.people import Person, School
from storage.visits import Visit

LOOK_BACK = timedelta(days=60)
"""A snow day may be written down later; visits of that day that nobody settled fall out with it."""
LOOK_AHEAD = timedelta(days=400)
TODAY_ONLY = timedelta(hours=12)
MOST_LISTED = 8


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would do. ``broken`` names the schools whose rhythm it breaks, with the school days over."""

    before: SchoolCalendar
    after: SchoolCalendar
    difference: Difference
    fallen: tuple[Visit, ...]
    broken: tuple[tuple[str, int], ...]


def foresee(
    tx: Tx, district: District, put: Callable[[Tx], object], *, now: datetime, scopes: Collection[str] = ()
) -> Effect:
    """What ``put`` would do to the calendar; it is tried and taken back.

    ``scopes``: whose own closures are looked at besides the district's.
    """
    today = now.astimezone(district.zone).date()
    before = district.calendar
    with tx.begin_nested() as trial:
        put(tx)
        after = calendar.load_calendar(tx)
        trial.rollback()
    difference = compare(before, after, district.rules, since=today - LOOK_BACK, scopes=scopes)
    schools = {school.id: school for school in people.schools_on(tx, today)}
    planned = visits.planned(tx, today - LOOK_BACK, today + LOOK_AHEAD, school_ids=list(schools))
    fallen = tuple(v for v in planned if _falls(v, schools[v.school_id], before, after))
    changed = replace(district, calendar=after)
    return Effect(before, after, difference, fallen, _broken(tx, changed, before, fallen, schools, today))


def _falls(visit: Visit, school: School, before: SchoolCalendar, after: SchoolCalendar) -> bool:
    concerns, starts = planning.concerns_of(school), start_of(visit)
    minutes = visit.minutes or VISIT_MINUTES
    return before.takes_visit(visit.day, starts, minutes, concerns=concerns) and not after.takes_visit(
        visit.day, starts, minutes, concerns=concerns
    )


def _broken(
    tx: Tx,
    changed: District,
    before: SchoolCalendar,
    fallen: Collection[Visit],
    schools: dict[int, School],
    today: date,
) -> tuple[tuple[str, int], ...]:
    """The schools whose visit falls out and that keep their rhythm neither by another planned visit nor by the best
    free half-day, though they would have kept it."""
    ids = {visit.id for visit in fallen}
    late: dict[str, int] = {}
    for visit in fallen:
        school = schools[visit.school_id]
        network = _network_without(tx, school, ids, today)
        if network is None:
            continue
        last = [network.last[school.id]] if school.id in network.last else []
        was = standing(last, target=network.targets[school.id], calendar=before, today=visit.day)
        following = next((v.day for v in network.planned if v.school_id == school.id), None)
        if following is not None:
            over = standing(
                last, target=network.targets[school.id], calendar=changed.calendar, today=following
            ).over_by
        else:
            offers = planning.offers_for(tx, changed, network, school, today, count=1)
            over = offers[0].over_by if offers else was.target
        if over > was.over_by:
            late[school.name] = over
    return tuple(late.items())


def _network_without(tx: Tx, school: School, fallen: Collection[int], today: date) -> planning.Network | None:
    if school.ild_id is None:
        return None
    ild = people.get_person(tx, school.ild_id, on=today)
    network = planning.load_network(tx, ild, today, until=today + LOOK_AHEAD)
    return replace(network, planned=tuple(v for v in network.planned if v.id not in fallen))


def effect_blocks(effect: Effect, today: date) -> list[Block]:
    """The effect in a few lines, for whoever decides."""
    difference = effect.difference
    lines = []
    if difference.lost:
        lines.append(
            Item(
                _say_days(difference.lost, today), lead=f"{_count(len(difference.lost), 'school day')} fewer"
            )
        )
    if difference.won:
        lines.append(
            Item(_say_days(difference.won, today), lead=f"{_count(len(difference.won), 'school day')} more")
        )
    for halves, word in ((difference.halves_lost, "lost to"), (difference.halves_won, "more for")):
        if halves:
            said = ", ".join(f"{say_day(day, today)} {half.word}" for day, half in halves[:3])
            rest = f" and {len(halves) - 3} more" if len(halves) > 3 else ""
            lines.append(Item(said + rest, lead=f"{_count(len(halves), 'protected half-day')} {word} visits"))
    blocks: list[Block] = [Items(tuple(lines))] if lines else []
    if effect.fallen:
        shown = tuple(
            Item(f"{say_visit(visit, today)}, {visit.ild}", lead=visit.school)
            for visit in effect.fallen[:MOST_LISTED]
        )
        is_one = len(effect.fallen) == 1
        blocks.append(
            Items(shown, title=f"{_count(len(effect.fallen), 'visit')} {'falls' if is_one else 'fall'} out")
        )
        if len(effect.fallen) > MOST_LISTED:
            blocks.append(Text(f"And {len(effect.fallen) - MOST_LISTED} more visits.", quiet=True))
    else:
        blocks.append(Text("No planned visit falls on it."))
    if effect.broken:
        named = ", ".join(f"{name} ({_count(over, 'school day')})" for name, over in effect.broken)
        blocks.append(Text(f"Over their rhythm by the best half-day that is free: {named}."))
    elif effect.fallen:
        blocks.append(Text("Every rhythm can still be kept: there is a half-day for each of them."))
    return blocks


def _say_days(days: Collection[date], today: date) -> str:
    said = [say_day(day, today) for day in sorted(days)]
    return ", ".join(said) if len(said) <= 4 else f"{said[0]} to {said[-1]}"


def call_off(
    tx: Tx,
    district: District,
    effect: Effect,
    *,
    why: str,
    by: str,
    actor_id: int | None,
    now: datetime,
    key: str,
) -> int:
    """The visits that cannot be held are off, and their ILDs and principals know; how many people are told.

    ``by`` is who takes them away, as a cancellation has it; ``key`` names the change. ``district`` is the one from
    before; the half-days offered are those of the calendar after.
    """
    changed = replace(district, calendar=effect.after)
    off = []
    for visit in effect.fallen:
        if visits.cancel(tx, visit.id, version=visit.version, by=by, reason=why):
            record.audit(
                tx, at=now, actor_id=actor_id, action="visit.cancelled", object=f"visit:{visit.id}", by=by
            )
            off.append(visit)
    called_off.mark(tx, [visit.id for visit in off])
    today = now.astimezone(district.zone).date()
    schools = {school.id: school for school in people.schools_on(tx, today)}
    by_ild: dict[int, list[Visit]] = {}
    by_principal: dict[int, list[Visit]] = {}
    for visit in off:
        school = schools[visit.school_id]
        for concerned, person_id in ((by_ild, school.ild_id), (by_principal, school.principal_id)):
            if person_id is not None:
                concerned.setdefault(person_id, []).append(visit)
    for person in people.get_people(tx, {*by_ild, *by_principal}, on=today).values():
        turn = Turn(tx=tx, person=person, now=now, district=changed, key=f"calendar:{key}")
        if own := by_ild.get(person.id):
            is_today, lifetime = _haste(own, today)
            kind = "visit_today" if is_today else "repair"
            tell_ild(turn, person, own, f"{why}.", kind=kind, lifetime=lifetime)
        if hosted := by_principal.get(person.id):
            _tell_principal(turn, hosted, why, key)
    return len(by_ild.keys() | by_principal.keys())


def _haste(off: Collection[Visit], today: date) -> tuple[bool, timedelta | None]:
    """Whether it is said at once, for somebody may be on the way, and how long it is worth saying."""
    is_today = any(visit.day == today for visit in off)
    return is_today, TODAY_ONLY if is_today else None


def _tell_principal(turn: Turn, off: Collection[Visit], why: str, key: str) -> None:
    """One message a principal, with a sentence for each visit."""
    items = tuple(
        Item(
            f"{say_visit(visit, turn.today)} is off.",
            lead=visit.school,
            detail=f"{visit.ild} sees the next free half-days.",
        )
        for visit in off
    )
    is_today, lifetime = _haste(off, turn.today)
    tell_when_open(
        turn.tx,
        turn.district,
        turn.person,
        Card("", (Text(f"{why}."), Items(items))),
        kind="visit_today" if is_today else "calendar",
        period=f"calendar:{key}",
        now=turn.now,
        lifetime=lifetime,
    )


def tell_administrators(tx: Tx, district: District, card: Card, *, period: str, now: datetime) -> int:
    """Say something about the calendar to those who keep it, in their open time; how many there are."""
    today = now.astimezone(district.zone).date()
    keepers: list[Person] = people.people_with_role(tx, people.Role.ADMINISTRATOR, on=today)
    for person in keepers:
        tell_when_open(tx, district, person, card, kind="calendar", period=period, now=now)
    return len(keepers)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
