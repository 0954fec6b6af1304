"""Before the digests of a week go: is every demand told, decided by a named person, or on a desk?

What is none of these is brought up on the last school day of the week, once: to its ILD, who decides, and to the
administrators where a school has no ILD at all. How the check went stands in the audit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers.actions import act
from handlers.cards import Block, Button, Card, Item, Items, Text
from handlers.deciding.triage_state import WAITS
from handlers.digest.digest_building import coming_week, plan_week, readers_on, sections_of
from handlers.district import District, load_district
from handlers.intake.mandate_cards import original_button, say_demand
from handlers.networks import SchoolOf, all_networks, concerned, profile_of
from handlers.post import tell_when_open
from protocols.buffer.completeness import Asked, unaccounted
from protocols.buffer.digest import TAKEN, Decision
from storage import demand_changes, digests, mandates, memo_search, people, record
from storage.database import Store, Tx
from storage.people import Person, Role
from storage.tables import DemandRow, MandateRow

LOOKS_BACK = timedelta(days=200)
"""Memos older than this were looked at every week since they came."""
CHECKED_AT = time(9)
MOST_SHOWN = 8
SETTING = "demands_checked"

Row = tuple[DemandRow, MandateRow]


@dataclass(frozen=True, slots=True)
class Checked:
    """``asked`` demands were looked at; ``slipped`` of them are nowhere, and stand here."""

    asked: int
    slipped: Sequence[tuple[Asked, Row]]


def check_demands(store: Store, now: datetime) -> int:
    """On the last school day of the week, bring up what has slipped through; how many demands were brought up."""
    with store.read() as tx:
        district = load_district(tx)
        local = now.astimezone(district.zone)
        monday = local.date() - timedelta(days=local.weekday())
        rest = district.calendar.school_days(local.date(), monday + timedelta(days=6))
        if local.time() < CHECKED_AT or rest != (local.date(),):
            return 0
        if record.get_setting(tx, SETTING) == {"week": monday.isoformat()}:
            return 0
        checked = look(tx, district, now)
    count = 0
    with store.begin() as tx:
        fresh: dict[int | None, list[Row]] = {}
        for one, row in checked.slipped:
            if record.note_once(tx, kind="slipped", object=f"{one.demand}:{one.ild}", at=now):
                fresh.setdefault(one.ild, []).append(row)
        for ild_id, rows in fresh.items():
            count += len(rows)
            for person in _readers(tx, ild_id, local.date()):
                tell_when_open(
                    tx,
                    district,
                    person,
                    _card(rows, local.date(), has_ild=ild_id is not None),
                    kind="slipped",
                    period=monday.isoformat(),
                    now=now,
                )
        record.audit(
            tx,
            at=now,
            actor_id=None,
            action="demands.checked",
            object=f"week:{monday.isoformat()}",
            asked=checked.asked,
            slipped=len(checked.slipped),
        )
        record.put_setting(tx, SETTING, {"week": monday.isoformat()})
    return count


def look(tx: Tx, district: District, now: datetime) -> Checked:
    """Each demand of the last half year with each ILD whose schools it is for."""
    today = now.astimezone(district.zone).date()
    rows = {demand.id or 0: (demand, memo) for demand, memo in mandates.received_since(tx, now - LOOKS_BACK)}
    networks = all_networks(tx, today)
    asked, told, queued = set[Asked](), set[Asked](), set[Asked]()
    decided: dict[Asked, int | None] = {}
    coming = coming_week(now.astimezone(district.zone), district.calendar)
    led: dict[int, set[int]] = {}
    for network in networks:
        ild = network.ild.id
        led[ild] = {one.school.id for one in network.schools}
        mine = {key for key, (demand, _memo) in rows.items() if concerned(demand, network.schools)}
        asked |= {Asked(key, ild) for key in mine}
        for key, triage in memo_search.triage_by(tx, mine, ild).items():
            if triage.decision in TAKEN or (triage.week is not None and triage.week > coming):
                decided[Asked(key, ild)] = triage.decided_by
            elif triage.decision == Decision.CHALLENGE:
                queued.add(Asked(key, ild))
        waiting = mandates.undecided(tx, ild, since=now - WAITS, today=today)
        queued |= {Asked(demand.id or 0, ild) for demand, _memo, _triage in waiting}
    for school_id, key in digests.given(tx, rows, {school for some in led.values() for school in some}):
        told |= {Asked(key, ild) for ild, schools in led.items() if school_id in schools}
    for one in plan_week(tx, readers_on(tx, today), coming):
        keys = {item.key for _section, item in sections_of(one.plan)}
        keys |= {item.key for some in one.merged.values() for item in some}
        told |= {Asked(key, one.reader.ild.id) for key in keys}
    for key, ild_id in demand_changes.over(tx, rows):
        ended = [network.ild.id for network in networks if ild_id in (None, network.ild.id)]
        decided.update({Asked(key, ild): rows[key][1].sender_id for ild in ended})
    asked |= {
        Asked(key, None)
        for key, (demand, _memo) in rows.items()
        if concerned(demand, _without_ild(tx, today))
    }
    slipped = unaccounted(asked, told=told, decided=decided, queued=queued)
    return Checked(len(asked), [(one, rows[one.demand]) for one in slipped])


def _without_ild(tx: Tx, today: date) -> list[SchoolOf]:
    schools = [school for school in people.schools_on(tx, today) if school.ild_id is None]
    return [SchoolOf(school, None, profile_of(school, None, today)) for school in schools]


def _readers(tx: Tx, ild_id: int | None, today: date) -> list[Person]:
    if ild_id is None:
        return people.people_with_role(tx, Role.ADMINISTRATOR, on=today)
    return [people.get_person(tx, ild_id, on=today)]


def _card(rows: Sequence[Row], today: date, *, has_ild: bool) -> Card:
    items = []
    for demand, memo in rows[:MOST_SHOWN]:
        decide = (Button("Decide", act("triage.reopen", demand=demand.id or 0, v=0)),) if has_ild else ()
        text = f"{memo.unit}. {say_demand(demand, today)}"
        items.append(Item(text, lead=demand.headline, buttons=(*decide, original_button(memo, demand))))
    count = "1 demand was" if len(rows) == 1 else f"{len(rows)} demands were"
    whose = "schools that have no ILD; please name one" if not has_ild else "your schools"
    said = f"{count} asked of {whose}, and neither told, nor decided, nor on your desk."
    blocks: list[Block] = [Text(said), Items(tuple(items))]
    if len(rows) > MOST_SHOWN:
        blocks.append(
            Text(f"{len(rows) - MOST_SHOWN} more. Write find and a few words to see them.", quiet=True)
        )
    return Card("Nothing should get lost", tuple(blocks))
