"""A unit's weekly note: what it asked, what that costs schools, what became of it, and what came back.

On the last school day of a week, in working hours, to everybody of the unit, in numbers: never which school did
what, or asked. An ILD who declines something does so with her name and a reason, which stand there. Nothing to tell:
no note.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta

from handlers.cards import Block, Card, Item, Items, Text
from handlers.digest import done_by_school
from handlers.district import load_district
from handlers.networks import all_networks, concerned
from handlers.permissions import Right, Subject, may
from handlers.post import tell_when_open
from handlers.turn import Turn
from handlers.units import people_of
from protocols.buffer.effort import say_minutes
from protocols.buffer.headlines import end_sentence
from protocols.guided.steps import join_names
from storage import demand_changes, people, record, unit_notes
from storage.database import Store, Tx
from storage.people import Person, Role
from storage.tables import DemandRow, MandateRow

TOLD_AT = time(12)
WEEK = timedelta(days=7)
LOOKS_BACK = timedelta(days=42)
"""What became of requests is told for so long."""
MOST_LISTED = 6
KIND = "unit_note"

Asked = tuple[DemandRow, MandateRow]


def send_unit_notes(store: Store, now: datetime) -> int:
    """Tell each unit once a week; how many notes."""
    with store.read() as tx:
        district = load_district(tx)
        local = now.astimezone(district.zone)
        monday = local.date() - timedelta(days=local.weekday())
        rest = district.calendar.school_days(local.date(), monday + timedelta(days=6))
        if local.time() < TOLD_AT or rest != (local.date(),):
            return 0
        staff = [p.id for p in people.people_with_role(tx, Role.UNIT, on=local.date()) if p.unit]
    count = 0
    for person_id in staff:
        with store.begin() as tx:
            if not record.note_once(tx, kind=KIND, object=f"{person_id}:{monday.isoformat()}", at=now):
                continue
            person = people.get_person(tx, person_id, on=local.date())
            turn = Turn(tx=tx, person=person, now=now, district=district, key=f"{KIND}:{person_id}")
            blocks = _note(turn, person)
            if blocks:
                tell_when_open(
                    tx,
                    district,
                    person,
                    Card("Your week with the schools", tuple(blocks)),
                    kind="unit_note",
                    period=monday.isoformat(),
                    now=now,
                )
                count += 1
    return count


def _note(turn: Turn, person: Person) -> list[Block]:
    unit = person.unit or ""
    ids = {one.id for one in people_of(turn, unit)} | {person.id}
    since = turn.now - WEEK
    recent = standing_requests(turn, unit, ids)
    keys = [demand.id or 0 for demand, _memo in recent]
    this_week = [(demand, memo) for demand, memo in recent if memo.received_at >= since]
    declined = unit_notes.declined(turn.tx, keys, since=since)
    stood_in = unit_notes.stood_in(turn.tx, unit, since=since)
    back = _came_back(turn, unit, keys, since)
    if not (this_week or declined or stood_in or back or _moved(turn, recent)):
        return []
    blocks: list[Block] = []
    if this_week:
        blocks.append(Text(say_cost(turn, this_week), lead="You asked this week:"))
    became = [
        Item(done_by_school.say_counts(turn, demand), lead=demand.headline)
        for demand, memo in recent[-MOST_LISTED:]
        if may(turn.person, Right.SEE_DONE_COUNTS, Subject(owner_ids=frozenset({memo.sender_id, *ids})))
    ]
    if became:
        blocks.append(Items(tuple(became), title="What became of it"))
    if back:
        blocks.append(Text(back, lead="What came back:"))
    if declined:
        names = people.get_people(turn.tx, {t.ild_id for t, _d in declined}, on=turn.today)
        items = tuple(
            Item(end_sentence(t.reason), lead=f"{names[t.ild_id].name} declined “{d.headline}”.")
            for t, d in declined
        )
        blocks.append(Items(items, title="Declined, with the reason"))
    if stood_in:
        what = "; ".join(dict.fromkeys(f"“{demand.headline}”" for _triage, demand in stood_in))
        times = "once" if len(stood_in) == 1 else f"{len(stood_in)} times"
        blocks.append(Text(f"{times}: {what}.", lead="An ILD stood in for you"))
    return blocks


def standing_requests(turn: Turn, unit: str, ids: Collection[int]) -> list[Asked]:
    """What the unit, or these people of it, asked of schools lately and still ask, oldest first."""
    return _standing(turn.tx, unit_notes.asked_by(turn.tx, unit, ids, since=turn.now - LOOKS_BACK))


def _standing(tx: Tx, rows: Sequence[Asked]) -> list[Asked]:
    """Without what a corrected memo has replaced."""
    over = {key for key, ild_id in demand_changes.over(tx, [d.id or 0 for d, _m in rows]) if ild_id is None}
    return [(demand, memo) for demand, memo in rows if demand.id not in over]


def say_cost(turn: Turn, rows: Sequence[Asked]) -> str:
    """ "3 things, about 50 hours for all schools together." """
    schools = [one for network in all_networks(turn.tx, turn.today) for one in network.schools]
    minutes = sum(demand.minutes * len(concerned(demand, schools)) for demand, _memo in rows)
    things = "1 thing" if len(rows) == 1 else f"{len(rows)} things"
    total = f", about {say_minutes(minutes)} for all schools together" if minutes else ""
    return f"{things}{total}."


def _came_back(turn: Turn, unit: str, keys: Sequence[int], since: datetime) -> str:
    parts = []
    count = unit_notes.questions(turn.tx, keys, since=since)
    if count:
        parts.append("1 question of a principal" if count == 1 else f"{count} questions of principals")
    rows = unit_notes.challenges(turn.tx, unit, since=since)
    waiting = sum(row.state == "open" for row in rows)
    if rows:
        asked = "1 question of an ILD" if len(rows) == 1 else f"{len(rows)} questions of ILDs"
        parts.append(
            f"{asked}, {waiting} of them waiting for you (write “my questions”)"
            if waiting
            else f"{asked}, answered"
        )
    return f"{join_names(parts)}." if parts else ""


def _moved(turn: Turn, recent: Sequence[Asked]) -> bool:
    """Whether anybody did, delegated or was given any of it this week."""
    return unit_notes.any_change(turn.tx, [demand.id or 0 for demand, _memo in recent], since=turn.now - WEEK)
