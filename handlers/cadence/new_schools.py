"""A school that is new in a network: its ILD reads who leads it, its rhythm, and holds a first visit with one press.

However it came into the roster (a file, a sync, by hand), it is new when no network had it before. A network that had
no school before is being set up, and its ILD knows her own schools; so nothing is said of it, nor of a district's very
first roster. A school that changes networks is handed over, which is told elsewhere.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from handlers.cadence import planning
from handlers.cadence.visit_places import offer_buttons
from handlers.cards import Card, Item, Items, Text
from handlers.district import District, load_district, zone_of
from handlers.post import tell_when_open
from handlers.turn import Turn
from handlers.week import LOOK_AHEAD
from protocols.cadence.intervals import say_cadence
from protocols.cadence.visits import Offer
from storage import people, record
from storage.database import Store, Tx
from storage.people import Person, School

KNOWN = "known_schools"
"""The setting that says which schools each network has had: network -> ids."""
OFFERED = 2


def tell_new_schools(store: Store, now: datetime) -> int:
    """Tell each ILD of the schools that are new in her network, in one message; how many schools are.

    One without an ILD is told of once it has one.
    """
    with store.read() as tx:
        if not _unknown(_schools(tx, now), _known(tx)):
            return 0
    with store.begin() as tx:
        schools, known = _schools(tx, now), _known(tx)
        new = [school for school in _unknown(schools, known) if school.network in known]
        told = _tell_all(tx, [school for school in new if school.ild_id is not None], now)
        waiting = {school.id for school in new if school.ild_id is None}
        kept = {network: set(ids) for network, ids in known.items()}
        for school in schools:
            if school.id not in waiting:
                kept.setdefault(school.network, set()).add(school.id)
        record.put_setting(tx, KNOWN, {network: sorted(ids) for network, ids in kept.items()})
    return told


def _schools(tx: Tx, now: datetime) -> list[School]:
    return people.schools_on(tx, now.astimezone(load_district(tx).zone).date())


def _known(tx: Tx) -> dict[str, list[int]]:
    return record.get_setting(tx, KNOWN) or {}


def _unknown(schools: Sequence[School], known: Mapping[str, Sequence[int]]) -> list[School]:
    """The schools that no network had before."""
    everywhere = {school_id for ids in known.values() for school_id in ids}
    return [school for school in schools if school.id not in everywhere]


def _tell_all(tx: Tx, new: Sequence[School], now: datetime) -> int:
    by_ild: dict[int, list[School]] = defaultdict(list)
    for school in new:
        by_ild[school.ild_id or 0].append(school)
    district = load_district(tx)
    for ild in people.get_people(tx, by_ild, on=now.astimezone(district.zone).date()).values():
        card = _card(tx, district, ild, by_ild[ild.id], now)
        period = ".".join(str(school.id) for school in by_ild[ild.id])
        tell_when_open(tx, district, ild, card, kind="new_school", period=period, now=now)
    return len(new)


def _card(tx: Tx, district: District, ild: Person, new: Sequence[School], now: datetime) -> Card:
    today = now.astimezone(zone_of(ild, district)).date()
    turn = Turn(tx=tx, person=ild, now=now, district=district, key=f"new_schools:{today}")
    network = planning.load_network(tx, ild, today, until=today + LOOK_AHEAD)
    led = people.get_people(tx, {one.principal_id for one in new if one.principal_id}, on=today)
    items = []
    offered: list[Offer] = []
    for school in sorted(new, key=lambda one: one.name):
        offers = planning.offers_for(tx, district, network, school, today, count=OFFERED, offered=offered)
        offered.extend(offers)
        principal = led.get(school.principal_id or 0)
        who = f"{principal.name} leads it" if principal else "Nobody leads it in the roster yet"
        items.append(
            Item(
                f"{who}. To be seen {say_cadence(school.cadence_days)}.",
                lead=school.name,
                detail="" if offers else "I see no free protected half-day in the next six weeks.",
                buttons=offer_buttons(turn, school, offers),
            )
        )
    lead = "A school is" if len(items) == 1 else f"{len(items)} schools are"
    return Card(
        "",
        (Text(f"{lead} new in your network. The first free half-days:"), Items(tuple(items))),
    )
