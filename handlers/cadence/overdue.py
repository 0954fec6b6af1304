"""Overdue schools, brought up by the bot without being asked: once each, in working hours, with the slot that helps."""

from datetime import datetime, time

from handlers.cadence import planning
from handlers.cadence.planning import Network
from handlers.cadence.visit_places import offer_buttons
from handlers.cards import Card, Item, Items, Text
from handlers.district import District, load_district, zone_of
from handlers.post import tell_when_open
from handlers.turn import Turn
from handlers.week import LOOK_AHEAD, say_standing_of
from protocols.cadence.intervals import Standing
from protocols.cadence.visits import Offer
from storage import people, record
from storage.database import Store, Tx
from storage.people import Person, Role, School

FROM = time(7)
"""Local time of day at which overdue schools are looked for."""


def bring_up_overdue(store: Store, now: datetime) -> int:
    """Tell each ILD of schools that have newly gone over their target; how many schools were brought up.

    An episode is a school and its last visit: it is brought up once, however often the clock runs. A school
    with a visit planned already is not brought up; there is nothing to mend.
    """
    with store.read() as tx:
        district = load_district(tx)
        local = now.astimezone(district.zone)
        if local.time() < FROM or not district.calendar.is_school_day(local.date()):
            return 0
        if record.get_setting(tx, "overdue") == {"day": local.date().isoformat()}:
            return 0
        ilds = people.people_with_role(tx, Role.ILD, on=local.date())
    count = 0
    for ild in ilds:
        with store.begin() as tx:
            count += _bring_up(tx, district, ild, now)
    with store.begin() as tx:
        record.put_setting(tx, "overdue", {"day": local.date().isoformat()})
    return count


def _bring_up(tx: Tx, district: District, ild: Person, now: datetime) -> int:
    today = now.astimezone(zone_of(ild, district)).date()
    network = planning.load_network(tx, ild, today, until=today + LOOK_AHEAD)
    planned = {visit.school_id for visit in network.planned}
    new = [
        (school, stands)
        for school, stands in planning.by_need(network, district, today)
        if stands.is_overdue
        and school.id not in planned
        and record.note_once(tx, kind="overdue", object=f"{school.id}:{stands.last or 'never'}", at=now)
    ]
    if new:
        turn = Turn(tx=tx, person=ild, now=now, district=district, key=f"overdue:{today}")
        tell_when_open(
            tx, district, ild, _card(turn, network, new), kind="overdue", period=today.isoformat(), now=now
        )
    return len(new)


def _card(turn: Turn, network: Network, new: list[tuple[School, Standing]]) -> Card:
    items = []
    offered: list[Offer] = []
    for school, stands in new:
        offers = planning.offers_for(
            turn.tx, turn.district, network, school, turn.today, count=1, offered=offered
        )
        offered.extend(offers)
        items.append(
            Item(
                say_standing_of(stands, turn.today),
                lead=school.name,
                buttons=offer_buttons(turn, school, offers),
            )
        )
    lead = "One school is" if len(new) == 1 else f"{len(new)} schools are"
    blocks = (
        Text(f"{lead} past their rhythm." if len(new) > 1 else f"{lead} past its rhythm."),
        Items(tuple(items)),
    )
    return Card("", blocks)
