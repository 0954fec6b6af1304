"""Whether a visit can take place beside what an ILD has planned that day: its time, and the way between the schools.

By hand an ILD may put two visits into one half-day wherever both fit with the way between them; a principal may where
the ILD wants two in a half-day. Where a principal is refused, no other school is named: whom else she sees is hers.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from handlers.actions import act
from handlers.cadence import planning
from handlers.cadence.planning import Network
from handlers.cadence.visit_places import iso, offer_buttons, say_slot
from handlers.cards import Button, Buttons, Card, Emphasis, Text
from handlers.errors import UserError
from handlers.turn import Turn
from protocols.cadence.calendar import VISIT_MINUTES
from protocols.cadence.day_minutes import minutes_into_day, time_of_day
from protocols.cadence.moments import say_day, say_time
from protocols.cadence.protected import half_at
from protocols.cadence.travel import PAIRED_MINUTES, Clash, Stay, clash, nearest_start, usual_stay
from storage.people import School
from storage.visits import Visit

OFFERED = 3


@dataclass(frozen=True, slots=True)
class NoRoom:
    """Why a visit cannot be then, in a sentence or two, and the nearest start of its half-day that can."""

    why: str
    nearest: time | None


def stay_of(network: Network, visit: Visit) -> Stay:
    """The visit as a part of its day, at the usual hour and for the usual time where it has none of its own."""
    return usual_stay(visit.half, network.name_visited(visit), visit.starts, visit.minutes or VISIT_MINUTES)


def clash_of(network: Network, visit: Visit) -> Clash | None:
    """What of the network's plan keeps a planned visit from taking place at its time."""
    return clash(stay_of(network, visit), _others(network, visit.day, {visit.id}), network.travel)


def find_room(
    turn: Turn,
    network: Network,
    school: School,
    day: date,
    start: time,
    *,
    minutes: int = VISIT_MINUTES,
    apart_from: Collection[int] = (),
) -> int | NoRoom:
    """For how many minutes the visit can be planned then: fewer where it shares its half-day; or why it cannot."""
    others = _others(network, day, apart_from)
    stay = Stay(minutes_into_day(start), minutes, network.name_of(school))
    is_shared = any(other.half is stay.half for other in others)
    if is_shared:
        stay = Stay(stay.starts, min(minutes, PAIRED_MINUTES), stay.school)
    may_share = turn.person.id == network.ild.id or network.takes_two
    met = clash(stay, others, network.travel)
    if met is None and (may_share or not is_shared):
        return stay.minutes
    nearest = None
    if may_share or not is_shared:
        nearest = nearest_start(
            stay, others, network.travel, is_possible=_possible(turn, school, day, stay.minutes)
        )
    return NoRoom(_say(turn, network, stay, day, met), None if nearest is None else time_of_day(nearest))


def require_room(
    turn: Turn,
    network: Network,
    school: School,
    day: date,
    start: time,
    *,
    minutes: int,
    moving: Visit | None = None,
) -> int:
    """For how long the visit can be then; where it cannot be, the nearest start and free half-days are a press away."""
    apart_from = () if moving is None else (moving.id,)
    found = find_room(turn, network, school, day, start, minutes=minutes, apart_from=apart_from)
    if isinstance(found, int):
        return found
    buttons = offer_buttons(
        turn, school, planning.offers_for(turn.tx, turn.district, network, school, turn.today)
    )
    if found.nearest is None:
        raise UserError("", card=Card("", (Text(f"{found.why} Free for {school.name}:"), Buttons(buttons))))
    place: dict[str, str | int] = {
        "day": iso(day),
        "half": half_at(found.nearest),
        "at": minutes_into_day(found.nearest),
    }
    when = say_slot(day, found.nearest, turn.today)
    nearest = (
        Button(f"Hold {when}", act("visit.hold", school=school.id, **place), Emphasis.PRIMARY)
        if moving is None
        else Button(
            f"Move to {when}",
            act("visit.move", visit=moving.id, v=moving.version, **place),
            Emphasis.PRIMARY,
        )
    )
    text = f"{found.why} The nearest start that works is {say_time(found.nearest)}."
    raise UserError("", card=Card("", (Text(text), Buttons((nearest, *buttons[: OFFERED - 1])))))


def say_way(network: Network, visit: Visit) -> str:
    """ "12 minutes from Lincoln Middle." where an earlier visit shares the half-day and the way is known."""
    own = stay_of(network, visit)
    before = [one for one in _others(network, visit.day, {visit.id}) if one.half is own.half and one < own]
    way = network.travel.between(before[-1].school, own.school) if before else None
    return f"{say_minutes(way)} from {before[-1].school}." if way else ""


def say_minutes(minutes: int) -> str:
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def _others(network: Network, day: date, apart_from: Collection[int]) -> list[Stay]:
    return sorted(stay_of(network, v) for v in network.planned if v.day == day and v.id not in apart_from)


def _possible(turn: Turn, school: School, day: date, minutes: int) -> Callable[[int], bool]:
    """Whether a visit can start then for all but other visits: school is as usual, and the moment has not passed."""
    zone = ZoneInfo(school.zone) if school.zone else turn.district.zone
    concerns = planning.concerns_of(school)

    def is_possible(start: int) -> bool:
        at = time_of_day(start)
        is_past = datetime.combine(day, at, tzinfo=zone).astimezone(UTC) < turn.now
        return not is_past and turn.district.calendar.takes_visit(day, at, minutes, concerns=concerns)

    return is_possible


def _say(turn: Turn, network: Network, stay: Stay, day: date, met: Clash | None) -> str:
    when = f"{say_day(day, turn.today)}, {stay.half.word}"
    if met is None or turn.person.id != network.ild.id:
        return f"{when}: there is another visit already."
    other = met.other
    there = f"{other.school} from {say_time(other.at)} to {say_time(time_of_day(other.ends))}"
    if met.way is None and other.half is stay.half:
        return (
            f"{when}: there is another visit already, {there}, and I don't know the way. Two fit where it is short: "
            f"from {other.school} to {stay.school} 15 min."
        )
    way = f", and it is {say_minutes(met.way)} between them" if met.way else ""
    return f"{say_day(day, turn.today)} you are at {there}{way}."
