"""What a person's published feed holds: their visits, their protected time, what they have promised or must hand in.

It lies in other companies' calendars, so it says where and when, and nothing of what a visit is about: "Visit: Lincoln
Middle", "Promise due: Lincoln Middle". A memo's demand is named by the memo's own headline.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.district import District, audience_of, load_district, zone_of
from handlers.permissions import Right, Subject, may
from protocols.cadence.busy_files import OWN_UIDS
from protocols.cadence.calendar import Half
from protocols.cadence.day_minutes import time_of_day
from protocols.cadence.feed import Entry, write_feed
from protocols.cadence.protected import NOON, SCHOOL_CLOSES, SCHOOL_OPENS, protected_halves
from protocols.cadence.visits import VISIT_STARTS
from storage import busy, digests, people, promises, record, visits
from storage.database import Store, Tx
from storage.people import Person, Role, School
from storage.visits import Visit

BACK, AHEAD = timedelta(days=60), timedelta(days=200)
USUAL_MINUTES = 60
_SPACE = "feed_space"


def read_feed(store: Store, token: str, now: datetime) -> bytes | None:
    """The feed published under a token; None where there is none, or its owner has left or no longer visits."""
    with store.read() as tx:
        published = busy.published(tx, token)
        if published is None:
            return None
        district = load_district(tx)
        person = people.get_person(tx, published.person_id, on=now.astimezone(district.zone).date())
        if not may(person, Right.PUBLISH_FEED, Subject(owner_ids=frozenset({person.id}))):
            return None
        return _write(tx, district, person, now, published.made_at)


def make_space(tx: Tx) -> str:
    """What this deployment's identifiers have in them, so that no other district's are the same."""
    known = record.get_setting(tx, _SPACE)
    if known is None:
        known = {"id": record.new_token()[:10]}
        record.put_setting(tx, _SPACE, known)
    return str(known["id"])


def _write(tx: Tx, district: District, person: Person, now: datetime, made_at: datetime) -> bytes:
    today = now.astimezone(zone_of(person, district)).date()
    space = str((record.get_setting(tx, _SPACE) or {}).get("id", ""))
    entries = [
        *_visits(tx, district, person, today, made_at),
        *_protected(tx, district, person, today, made_at),
        *_promises(tx, person, today),
        *_handed_in(tx, person, today),
    ]
    named = [_with_space(entry, space) for entry in entries]
    return write_feed(f"Throughline, {person.name}", named)


def _with_space(entry: Entry, space: str) -> Entry:
    return replace(entry, uid=f"{entry.uid}-{space}{OWN_UIDS}")


def _visits(tx: Tx, district: District, person: Person, today: date, made_at: datetime) -> Iterator[Entry]:
    """Visits of the person and to the person's schools; held and cancelled ones too, for they were in the calendar."""
    start, end = today - BACK, today + AHEAD
    found: dict[int, Visit] = {}
    if Role.ILD in person.roles:
        found |= {one.id: one for one in visits.between(tx, start, end, ild_id=person.id)}
    led = people.schools_on(tx, today, principal_id=person.id)
    if led:
        ids = [school.id for school in led]
        found |= {one.id: one for one in visits.between(tx, start, end, school_ids=ids)}
    schools = _schools(tx, today, {visit.school_id for visit in found.values()})
    changes = record.changes_of(tx, [f"visit:{number}" for number in found])
    for visit in found.values():
        school = schools.get(visit.school_id)
        zone = ZoneInfo(school.zone) if school is not None and school.zone else district.zone
        at = time_of_day(visit.starts) if visit.starts is not None else VISIT_STARTS[visit.half]
        yield Entry(
            uid=f"visit-{visit.id}",
            title=f"Visit: {visit.school}",
            starts=datetime.combine(visit.day, at, tzinfo=zone),
            minutes=visit.minutes or USUAL_MINUTES,
            changed=changes.get(f"visit:{visit.id}") or visit.created_at or made_at,
            sequence=visit.version - 1,
            place=visit.school,
            is_busy=True,
            is_cancelled=visit.status == "cancelled",
        )


def _protected(tx: Tx, district: District, person: Person, today: date, made_at: datetime) -> Iterator[Entry]:
    """Protected half-days that concern the person; a whole day is one entry. Not taken: visits are what it is for."""
    audience = audience_of(tx, person, district.noon(today))
    by_day: dict[date, list[Half]] = {}
    for day, half in protected_halves(today, today + AHEAD, district.rules, district.calendar, audience):
        by_day.setdefault(day, []).append(half)
    zone = zone_of(person, district)
    for day, halves in by_day.items():
        opens = SCHOOL_OPENS if Half.AM in halves else NOON
        closes = SCHOOL_CLOSES if Half.PM in halves else NOON
        yield Entry(
            uid=f"protected-{person.id}-{day.isoformat()}",
            title="Protected time: schools",
            starts=datetime.combine(day, time_of_day(opens), tzinfo=zone),
            minutes=closes - opens,
            changed=made_at,
        )


def _promises(tx: Tx, person: Person, today: date) -> Iterator[Entry]:
    own = promises.open_of(tx, person.id, today - BACK, today + AHEAD)
    schools = _schools(tx, today, {row.school_id for row in own})
    changes = record.changes_of(tx, [f"promise:{row.id}" for row in own])
    for row in own:
        school = schools.get(row.school_id)
        changed = max(row.created_at, changes.get(f"promise:{row.id}", row.created_at))
        yield Entry(
            uid=f"promise-{row.id}",
            title=f"Promise due: {school.name}" if school else "Promise due",
            starts=row.by_when,
            changed=changed,
            # Nobody counts its changes; the seconds until the last one rise with each.
            sequence=int((changed - row.created_at).total_seconds()),
        )


def _handed_in(tx: Tx, person: Person, today: date) -> Iterator[Entry]:
    """What digests ask of the person by a day, as long as it is open. An item keeps its name when its day moves."""
    seen: set[int | None] = set()
    for item, demand, memo in digests.open_before(tx, person.id, date.max):
        day = item.own_day or demand.due
        if day is None or not today - BACK <= day <= today + AHEAD or demand.id in seen:
            continue
        seen.add(demand.id)
        yield Entry(
            uid=f"item-{item.id}",
            title=f"Due: {demand.headline.rstrip('.')}",
            starts=day,
            changed=item.changed_at or memo.received_at,
            sequence=item.version - 1,
        )


def _schools(tx: Tx, today: date, ids: Iterable[int]) -> dict[int, School]:
    wanted = list(ids)
    return {school.id: school for school in people.schools_on(tx, today, ids=wanted)} if wanted else {}
