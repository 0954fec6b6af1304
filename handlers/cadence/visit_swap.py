"""Two planned visits change places: "swap lincoln and roosevelt"."""

import re
from dataclasses import replace

from handlers.actions import Action, act
from handlers.cadence.visit_changes import (
    audit,
    network_of,
    next_visit,
    require_slot,
    say_visit,
    start_of,
    tell_other,
)
from handlers.cadence.visit_clashes import clash_of
from handlers.cadence.visit_places import iso
from handlers.cards import Card, plain
from handlers.errors import UserError
from handlers.permissions import Right
from handlers.schools import find_school, match_schools
from handlers.turn import Cards, Command, Turn
from protocols.cadence.day_minutes import minutes_into_day
from protocols.cadence.moments import say_time
from storage import people, visits
from storage.people import Role, School
from storage.visits import Visit


def swap_words(turn: Turn, match: re.Match[str]) -> Cards | None:
    """The next visits of two schools change places; what that does to the rhythms is said."""
    names = (match["one"], match["other"])
    if not all(match_schools(name, people.schools_on(turn.tx, turn.today)) for name in names):
        return None
    one, other = (find_school(turn, name, Right.PLAN_VISIT, _choose) for name in names)
    if one.id == other.id:
        raise UserError("That is the same school twice. Which two visits shall change places?")
    first, second = next_visit(turn, one), next_visit(turn, other)
    if first.ild_id != second.ild_id:
        raise UserError("These two have different ILDs, so one visit can't stand in the other's half-day.")
    for school, place in ((one, second), (other, first)):
        require_slot(turn, school, place.day, start_of(place))
    _require_ways(turn, one, first, second)
    for visit, place in ((first, second), (second, first)):
        start = minutes_into_day(start_of(place))
        visits.move(
            turn.tx,
            visit.id,
            version=visit.version,
            day=place.day,
            half=place.half,
            starts=start,
            at=turn.now,
            minutes=place.minutes,
            put_by=turn.person.id,
        )
        audit(turn, "visit.moved", visit.id, day=iso(place.day))
    return [_said(turn, ((one, first, second), (other, second, first)))]


def _require_ways(turn: Turn, school: School, first: Visit, second: Visit) -> None:
    """Refuse where a visit beside one of the two could not be reached in time any more."""
    network = network_of(turn, school)
    swapped = {
        visit.id: replace(visit, school_id=other.school_id, school=other.school)
        for visit, other in ((first, second), (second, first))
    }
    after = replace(network, planned=tuple(swapped.get(visit.id, visit) for visit in network.planned))
    for visit in (first, second):
        met = clash_of(after, swapped[visit.id])
        if met is not None and clash_of(network, visit) is None:
            raise UserError(
                f"{swapped[visit.id].school} can't stand on {say_visit(visit, turn.today)}: beside "
                f"{met.other.school} at {say_time(met.other.at)} there is no time for the way. Move one instead."
            )


def _choose(school: School) -> Action:
    return act("visit.offers", school=school.id)


def _said(turn: Turn, moved: tuple[tuple[School, Visit, Visit], ...]) -> Card:
    sentences = []
    calendar = turn.district.calendar
    lasts = visits.last_held(turn.tx, [school.id for school, _, _ in moved], until=turn.today)
    for school, before, place in moved:
        when = say_visit(place, turn.today)
        sentence = f"The visit to {school.name} moves from {say_visit(before, turn.today)} to {when}."
        tell_other(turn, school, before.id, f"swapped:{before.version}", sentence)
        last = lasts.get(school.id)
        days = calendar.school_days_since(last, place.day) if last else 0
        over = days - school.cadence_days
        late = f", {over} school day{'' if over == 1 else 's'} over its rhythm" if over > 0 else ""
        sentences.append(f"{school.name} {when}{late}")
    return plain(f"Swapped: {'; '.join(sentences)}. Both principals get a note.")


SWAP = Command(
    re.compile(r"swap (?P<one>.+?) (?:and|with|for) (?P<other>.+)", re.IGNORECASE),
    swap_words,
    example="swap Lincoln Middle and Roosevelt",
    what="Two planned visits change places.",
    roles=frozenset({Role.ILD}),
)
