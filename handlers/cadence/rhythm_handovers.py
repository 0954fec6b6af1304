"""A school passes to another ILD in mid-year, and what was promised it goes on.

Its rhythm with the reason, the interval that runs and the visits that are planned belong to the school, not to the ILD
who leaves; only what was said between two people needs the principal's word (``handlers/memory/handovers.py``). The
new ILD reads on one card what she takes over; a planned visit that meets another of hers is put to her, never dropped.
The principal reads that the planned visits stand.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta

from handlers.cadence import planning
from handlers.cadence.planning import Network
from handlers.cadence.visit_changes import say_visit, visit_buttons
from handlers.cadence.visit_clashes import clash_of
from handlers.cadence.visit_places import offer_buttons
from handlers.cards import Block, Button, Card, Item, Items, Text, plain
from handlers.district import District, load_district, zone_of
from handlers.memory.handovers import LOOK_BACK
from handlers.post import tell_when_open
from handlers.turn import Turn
from handlers.week import LOOK_AHEAD
from protocols.cadence.intervals import Standing
from protocols.cadence.moments import say_day
from protocols.cadence.target_words import say_target
from storage import handovers, people, record, visits
from storage.database import Store, Tx
from storage.people import Person, School

KIND = "rhythm_handover"


def hand_rhythms_over(store: Store, now: datetime) -> int:
    """Tell new ILDs which promises come with the schools they were given these days; how many schools that were."""
    with store.read() as tx:
        district = load_district(tx)
        today = now.astimezone(district.zone).date()
        new = _newly_given(tx, handovers.begun_since(tx, today - LOOK_BACK, today), today)
    count = 0
    for ild_id in sorted(new):
        with store.begin() as tx:
            count += _hand_over(tx, district, ild_id, new[ild_id], today, now)
    return count


def _newly_given(tx: Tx, school_ids: list[int], today: date) -> dict[int, list[tuple[int, int, date]]]:
    """ILD -> (school, its ILD before, since when), for schools whose new ILD has not been told yet."""
    found: defaultdict[int, list[tuple[int, int, date]]] = defaultdict(list)
    for school_id in school_ids:
        tenure = handovers.tenure(tx, school_id, today)
        school = people.school_on(tx, school_id, today)
        if tenure is None or school is None or school.ild_id is None or tenure.ild_before is None:
            continue
        is_new = tenure.ild_since >= today - LOOK_BACK
        if is_new and not record.is_noted(tx, kind=KIND, object=_mark(school_id, tenure.ild_since)):
            found[school.ild_id].append((school_id, tenure.ild_before, tenure.ild_since))
    return dict(found)


def _mark(school_id: int, since: date) -> str:
    return f"{school_id}:{since}"


def _hand_over(
    tx: Tx, district: District, ild_id: int, given: list[tuple[int, int, date]], today: date, now: datetime
) -> int:
    ild = people.get_people(tx, [ild_id], on=today).get(ild_id)
    given = [one for one in given if record.note_once(tx, kind=KIND, object=_mark(one[0], one[2]), at=now)]
    if ild is None or not ild.active or not given:
        return 0
    for school_id, before, since in given:
        _take_visits(tx, school_id, ild_id, before, max(since, today), now)
    here = now.astimezone(zone_of(ild, district)).date()
    network = planning.load_network(tx, ild, here, until=here + LOOK_AHEAD)
    turn = Turn(tx=tx, person=ild, now=now, district=district, key=f"{KIND}:{here}")
    leaving = people.get_people(tx, {before for _school, before, _since in given}, on=today)
    schools = {school.id: school for school in network.schools}
    items = [
        _item(turn, network, schools[school_id], leaving.get(before))
        for school_id, before, _since in given
        if school_id in schools
    ]
    lead = "A school comes" if len(items) == 1 else f"{len(items)} schools come"
    text = (
        f"{lead} to you. The rhythm, its reason and what is planned come along; nothing starts from nought."
    )
    blocks: tuple[Block, ...] = (Text(text), Items(tuple(items)))
    period = ",".join(_mark(school_id, since) for school_id, _before, since in given)
    tell_when_open(tx, district, ild, Card("", blocks), kind="rhythm_handover", period=period[:200], now=now)
    for school_id, before, since in given:
        if school_id in schools:
            _tell_principal(turn, network, schools[school_id], ild, leaving.get(before), since)
    return len(given)


def _take_visits(tx: Tx, school_id: int, ild_id: int, before: int, since: date, now: datetime) -> None:
    """Planned visits that are still the leaving ILD's."""
    for visit in visits.planned(tx, since, since + LOOK_AHEAD, school_ids=[school_id]):
        if visit.ild_id != ild_id and visits.hand_over(tx, visit.id, version=visit.version, ild_id=ild_id):
            record.audit(
                tx, at=now, actor_id=None, action="visit.handed_over", object=f"visit:{visit.id}", ild=before
            )


def _item(turn: Turn, network: Network, school: School, leaving: Person | None) -> Item:
    """The rhythm and why, how far its interval has run, what is planned, and where that meets another visit."""
    target = network.targets[school.id].on(turn.today)
    rhythm = say_target(target, turn.today) if target else "no rhythm"
    why = f" ({target.because})" if target and target.because else ""
    stands = planning.standing_of(network, school, turn.district, turn.today)
    planned = [visit for visit in network.planned if visit.school_id == school.id]
    clashing = [(visit, met) for visit in planned if (met := clash_of(network, visit))]
    text = f"From {leaving.name}: {rhythm}{why}." if leaving else f"{rhythm[:1].upper()}{rhythm[1:]}{why}."
    detail = _say_standing(stands, turn.today)
    buttons: tuple[Button, ...] = ()
    if planned:
        detail += f" Planned: {', '.join(say_visit(visit, turn.today) for visit in planned)}."
    else:
        offers = planning.offers_for(turn.tx, turn.district, network, school, turn.today, count=1)
        buttons = offer_buttons(turn, school, offers)
        detail += " Nothing is planned."
    for visit, met in clashing:
        detail += (
            f" On {say_day(visit.day, turn.today)} you are at {met.other.school} in that half-day: move one."
        )
        buttons = (*buttons, *visit_buttons(turn, visit.id, visit.version))
    return Item(text, lead=school.name, detail=detail, buttons=buttons)


def _say_standing(stands: Standing, today: date) -> str:
    days = f"{stands.days_since} school day" + ("" if stands.days_since == 1 else "s")
    late = f", {stands.over_by} over" if stands.over_by else f" of {stands.allowed}"
    last = f"since the last visit ({say_day(stands.last, today)})" if stands.last else "without a visit"
    return f"{days}{late} {last}."


def _tell_principal(
    turn: Turn, network: Network, school: School, ild: Person, leaving: Person | None, since: date
) -> None:
    """The visits that were agreed stand, with the new ILD; the rhythm stays."""
    principal = people.get_people(turn.tx, [school.principal_id or 0], on=turn.today).get(
        school.principal_id or 0
    )
    planned = [visit for visit in network.planned if visit.school_id == school.id]
    if principal is None or not planned:
        return
    who = f"{ild.name} follows {leaving.name}" if leaving else f"{ild.name} comes"
    when = ", ".join(say_visit(visit, turn.today) for visit in planned)
    target = network.targets[school.id].on(turn.today)
    rhythm = f" The rhythm stays: {say_target(target, turn.today)}." if target else ""
    text = f"{who} as ILD of {school.name}. What is planned stands: {when}.{rhythm}"
    tell_when_open(
        turn.tx,
        turn.district,
        principal,
        plain(text),
        kind="rhythm_handover",
        period=_mark(school.id, since),
        now=turn.now,
        lifetime=timedelta(days=7),
    )
