"""What an override does: visits fall out with a make-up slot proposed at once, minutes are counted, people are told.

A displaced visit is cancelled by the central office and keeps the override that took its time; a visit held through
one of the proposed slots makes it good.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from handlers import audit_trail
from handlers.cadence import planning
from handlers.cadence.visit_changes import network_of, say_visit
from handlers.cadence.visit_places import offer_buttons, say_slot
from handlers.cards import Block, Card, Item, Items, Quote, Text
from handlers.district import zone_of
from handlers.errors import UserError
from handlers.post import open_instant, tell_now, tell_when_open
from handlers.protected_time.meeting_times import Request, displaced
from handlers.turn import Turn
from protocols.cadence.calendar import Half
from protocols.cadence.day_minutes import minutes_into_day
from protocols.cadence.protected import NOON, SCHOOL_CLOSES, SCHOOL_OPENS, Audience, halves_touched, rule_for
from protocols.cadence.protected_overrides import Override
from protocols.cadence.visits import Offer
from storage import meetings, people, visits
from storage.people import Person, School
from storage.tables import MeetingRow
from storage.visits import Visit

OFFERED = 3


@dataclass(frozen=True, slots=True)
class Displaced:
    """A visit that an override pushes out, and the half-days that would make it good, best first."""

    visit: Visit
    school: School
    offers: tuple[Offer, ...]

    def say(self, turn: Turn) -> str:
        """ "Lincoln Middle, Tue 1 Dec 8:30, falls out; proposed instead: Thu 3 Dec 8:30." """
        out = f"{self.visit.school}, {say_visit(self.visit, turn.today)}, falls out"
        if not self.offers:
            return f"{out}; no protected half-day is free for it in the next six weeks."
        first = self.offers[0]
        return f"{out}; proposed instead: {say_slot(first.slot.day, first.at, turn.today)}."


def push_out(turn: Turn, meeting: MeetingRow, request: Request) -> list[Displaced]:
    """Cancel the visits in the meeting's half-day and find each a make-up slot, no half-day for two of them."""
    out = displaced(turn, request)
    for visit in out:
        visits.cancel(
            turn.tx,
            visit.id,
            version=visit.version,
            by="central_office",
            reason=f"A meeting of {meeting.office} took protected time: {meeting.topic}",
            displaced_by=meeting.id,
        )
        audit_trail.write(
            turn, "visit.cancelled", f"visit:{visit.id}", by="central_office", meeting=meeting.id
        )
    taken = {(request.start.day, half) for half in halves_touched(request.start.at, request.minutes)}
    offered: list[Offer] = []
    found = []
    for visit in out:
        school = people.school_on(turn.tx, visit.school_id, turn.today)
        if school is None:
            continue
        offers = _offers(turn, school, taken, offered)
        offered += offers[:1]
        found.append(Displaced(visit, school, offers))
    return found


def _offers(
    turn: Turn, school: School, taken: Collection[tuple[object, Half]], offered: Collection[Offer]
) -> tuple[Offer, ...]:
    """Free half-days for the school's visit, without those of the meeting itself."""
    try:
        network = network_of(turn, school)
    except UserError:  # nobody carries the school at present
        return ()
    more = OFFERED + len(taken)
    offers = planning.offers_for(
        turn.tx, turn.district, network, school, turn.today, count=more, offered=offered
    )
    return tuple(offer for offer in offers if (offer.slot.day, offer.slot.half) not in taken)[:OFFERED]


def count_losses(turn: Turn, meeting: MeetingRow, request: Request, taken: Override) -> None:
    """Write down the protected minutes of school hours that each person loses, by their own clock and rules."""
    role = "ild" if request.who.key == "ilds" else "principal"
    lost = []
    for person in request.who.people:
        network = request.who.networks.get(person.id)
        minutes = _minutes_lost(turn, request, person, Audience.of(network=network, role=role))
        lost.append((person.id, network, minutes))
    meetings.add_losses(
        turn.tx,
        meeting_id=meeting.id or 0,
        day=meeting.day,
        people=lost,
        office=meeting.office,
        reason_class=taken.reason.value,
    )


def _minutes_lost(turn: Turn, request: Request, person: Person, audience: Audience) -> dict[str, int]:
    start = request.start_for(zone_of(person, turn.district))
    begins = minutes_into_day(start.at)
    found: dict[str, int] = {}
    for half, opens, closes in ((Half.AM, SCHOOL_OPENS, NOON), (Half.PM, NOON, SCHOOL_CLOSES)):
        minutes = min(begins + request.minutes, closes) - max(begins, opens)
        if minutes > 0 and rule_for(start.day, half, turn.district.rules, turn.district.calendar, audience):
            found[half.value] = minutes
    return found


def tell_affected(
    turn: Turn,
    meeting: MeetingRow,
    request: Request,
    taken: Override,
    pushed_out: list[Displaced],
    *,
    why: str,
    counted: str,
) -> None:
    """Tell everybody whose time or visit it is, with the reason, the budget and the make-up slots to hold."""
    requester = people.get_person(turn.tx, meeting.requester_id, on=turn.today)
    affected = {person.id: person for person in request.who.people}
    theirs = people.schools_on(turn.tx, turn.today, ids=list(request.who.school_ids))
    ilds = {school.ild_id for school in theirs if school.ild_id}
    sides = {one.visit.ild_id for one in pushed_out} | {
        one.school.principal_id for one in pushed_out if one.school.principal_id
    }
    affected |= people.get_people(turn.tx, ilds | sides, on=turn.today)
    affected.setdefault(requester.id, requester)
    affected.pop(turn.person.id, None)
    for person in affected.values():
        if not person.active:
            continue
        mine = [one for one in pushed_out if person.id in (one.visit.ild_id, one.school.principal_id)]
        card = _notice(turn, meeting, request, taken, mine, person, why=why, counted=counted)
        tell(
            turn,
            person,
            card,
            meeting,
            request,
            kind="override-notice",
            is_emergency=taken.reason.is_emergency,
        )


def _notice(
    turn: Turn,
    meeting: MeetingRow,
    request: Request,
    taken: Override,
    mine: list[Displaced],
    person: Person,
    *,
    why: str,
    counted: str,
) -> Card:
    when = request.start_for(zone_of(person, turn.district)).say(turn.today)
    lead = (
        "An emergency takes protected time."
        if taken.reason.is_emergency
        else "A meeting takes protected time."
    )
    blocks: list[Block] = [
        Text(
            f"{when}, {meeting.minutes} minutes, about {meeting.topic}, asked for by {meeting.office}.",
            lead=lead,
        ),
        Quote(taken.sentence, why),
        Text(counted, quiet=True),
    ]
    if mine:
        items = tuple(
            Item(
                f"{say_visit(one.visit, turn.today)} falls out."
                if one.offers
                else f"{say_visit(one.visit, turn.today)} falls out. I see no free half-day in the next six weeks.",
                lead=one.visit.school,
                buttons=offer_buttons(turn, one.school, one.offers, one.visit),
            )
            for one in mine
        )
        blocks.append(Items(items, title="To make it good, hold one of these"))
    return Card("", tuple(blocks))


def tell(
    turn: Turn,
    person: Person,
    card: Card,
    meeting: MeetingRow,
    request: Request,
    *,
    kind: str,
    is_emergency: bool,
) -> None:
    """Say it in the person's open time; at once where it is an emergency, or would come after the meeting begins."""
    period, subject = f"{meeting.id}:{meeting.version}", f"meeting:{meeting.id}"
    if is_emergency or _comes_too_late(turn, person, request.begins):
        tell_now(turn.tx, person.id, card, kind=kind, period=period, now=turn.now, subject=subject)
    else:
        tell_when_open(
            turn.tx, turn.district, person, card, kind=kind, period=period, now=turn.now, subject=subject
        )


def _comes_too_late(turn: Turn, person: Person, begins: datetime) -> bool:
    return open_instant(turn.tx, turn.district, person, turn.now) >= begins
