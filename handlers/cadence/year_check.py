"""``check the year``: can this promise be kept at all, with how much slack, and if not, which few changes would do.

An ILD asks for her own network and is told once at the start of a school year; an executive sees every network by its
load and what is left over. Networks stand in the order of their names: an ILD's load is no measure of the ILD.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time

from handlers.cadence import planning
from handlers.cadence.planning import EVERY_HALF, Network, load_network
from handlers.calendars.busy_times import halves_taken
from handlers.cards import Block, Card, Item, Items, Table, Text
from handlers.district import District, audience_of, load_district, zone_of
from handlers.errors import UserError
from handlers.networks import all_networks
from handlers.permissions import Right, require
from handlers.post import tell_when_open
from handlers.turn import Cards, Turn
from protocols.cadence.calendar import Half, SchoolYear
from protocols.cadence.feasibility import (
    CANCELLED,
    Check,
    Promise,
    Span,
    Stretch,
    Verdict,
    check,
    count,
    second_places,
)
from protocols.cadence.feasibility_ways import Slower, Way, ways
from protocols.cadence.intervals import say_cadence
from protocols.cadence.moments import say_day
from protocols.cadence.protected import protected_halves
from storage import people, record
from storage.database import Store, Tx
from storage.people import Person, Role

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
FROM = time(7)
FIRST_DAYS = 15
"""School days: so long after its first day a school year is at its start."""
EVERY_PLACE = 10
"""Half-days of a week."""
MOST_NAMED = 6
"""Schools named in one line; of more, the number is said."""
TIMES = {1: "once", 2: "twice", 3: "three times", 4: "four times", 5: "five times"}


def check_words(turn: Turn, _match: re.Match[str]) -> Cards:
    """ "check the year", "can we keep this": the ILD's own network, and for an executive every one."""
    require(turn.person, Right.CHECK_YEAR, object="year")
    year = _year(turn.district, turn.today)
    cards = []
    if people.schools_on(turn.tx, turn.today, ild_id=turn.person.id):
        cards.append(network_card(turn.tx, turn.district, turn.person, turn.today, year))
    if Role.EXECUTIVE in turn.person.roles:
        cards.append(_networks_card(turn, year))
    if not cards:
        raise UserError("You carry no school in the roster, so there is nothing to check.")
    return cards


def _year(district: District, today: date) -> SchoolYear:
    """The school year that runs or comes next."""
    ahead = [year for year in district.calendar.years if year.ends >= today]
    if not ahead:
        raise UserError(
            "The calendar ends before today, so I can't check. Ask your administrator to bring in the new one."
        )
    return min(ahead, key=lambda year: year.starts)


def span_of(tx: Tx, district: District, network: Network, today: date, year: SchoolYear) -> Span:
    """What the ILD's promise rests on, from today or the year's first day to its end.

    Half-days that her own calendar takes are no places; those of a principal's are none for that school.
    """
    start, calendar = max(today, year.starts), district.calendar
    audience = audience_of(tx, network.ild, district.noon(start))
    rules = district.rules or EVERY_HALF
    taken = {
        place
        for place in protected_halves(start, year.ends, rules, calendar, audience)
        if calendar.is_visit_day(*place)
    }
    led = {one.principal_id for one in network.schools if one.principal_id}
    known = people.get_people(tx, led, on=today)
    busy = halves_taken(tx, district, {network.ild.id} | led, start, year.ends)
    away = busy.get(network.ild.id, frozenset())
    return Span(
        start,
        year.ends,
        calendar,
        places=tuple(sorted(taken - away)),
        promises=tuple(
            Promise(
                network.name_of(school),
                network.targets[school.id],
                network.last.get(school.id),
                is_new=school.principal_id in known and known[school.principal_id].is_new(today),
                busy=busy.get(school.principal_id or 0, frozenset())
                | calendar.closed_halves(planning.concerns_of(school)),
            )
            for school in network.schools
        ),
        open_places=tuple(
            (day, half)
            for day in calendar.school_days(start, year.ends)
            for half in Half
            if calendar.is_visit_day(day, half) and (day, half) not in taken | away
        ),
        doubled=EVERY_PLACE if network.takes_two and network.travel.minutes else 0,
        travel=network.travel if network.travel.minutes else None,
    )


# ---------------------------------------------------------------- one network


def network_card(tx: Tx, district: District, ild: Person, today: date, year: SchoolYear) -> Card:
    """The check of one ILD's network, with the changes that would make it possible."""
    span = span_of(tx, district, load_network(tx, ild, today, until=year.ends), today, year)
    found = check(span)
    blocks: list[Block] = [
        Text(say_count(span, found), lead=LEADS[found.verdict].format(abs(found.count.slack)))
    ]
    if found.rehearsal is not None and found.verdict is not Verdict.SHORT:
        blocks.append(Text(_say_rehearsal(found)))
    blocks.extend(Text(_say_stretch(one, len(span.promises), today)) for one in found.stretches)
    if possible := ways(span):
        items = tuple(Item(_say_after(way), lead=say_way(way)) for way in possible)
        blocks.append(Items(items, title="Any one of these would do it", numbered=True))
        blocks.append(Text(_say_how(span, possible), quiet=True))
    title = f"Can this be kept? {say_day(span.start, today)} to {say_day(span.end, today)}"
    return Card(title, tuple(blocks))


def _say_how(span: Span, possible: Sequence[Way]) -> str:
    """What to write, and to whom it belongs, for the changes that were named."""
    how = (
        "Protected half-days are set by the administrator. A rhythm: rhythm NAME every three weeks because …"
    )
    if any(way.doubled for way in possible):
        how += ". Second visits: two visits a half-day"
        if span.travel is None:
            how += ", once I know the ways between schools: from NAME to NAME 15 min"
    return how


LEADS = {
    Verdict.KEPT: "Yes, with {} half-days to spare.",
    Verdict.TIGHT: "By count yes, with {} half-days to spare, but not every interval.",
    Verdict.SHORT: "Not as it is: {} half-days are missing.",
}


def say_count(span: Span, found: Check) -> str:
    """The arithmetic in one sentence or two."""
    counted = found.count
    share = f"{float(CANCELLED):.0%}".replace("%", " %")
    schools = _number(len(span.promises), "school")
    return (
        f"{schools}: the rhythms ask for {_number(counted.visits, 'visit')}, and at {share} cancelled "
        f"{counted.spare} more are booked again. There are {_number(counted.places, 'half-day')}{_say_second(span)}."
    )


def _say_second(span: Span) -> str:
    second = len(second_places(span))
    return f", {second} of them shared by two schools" if second else ""


def _say_rehearsal(found: Check) -> str:
    assert found.rehearsal is not None
    run = found.rehearsal
    if not run.broken:
        return f"Planned through to the end, without cancellations, all {run.intervals} intervals are kept."
    return (
        f"Planned through to the end, without cancellations, {run.intervals - run.broken} of {run.intervals} "
        f"intervals are kept; the worst is {run.school}, {_number(run.worst, 'school day')} over."
    )


def _say_stretch(stretch: Stretch, schools: int, today: date) -> str:
    whom = "no school's rhythm" if len(stretch.schools) == schools else _names(stretch.schools)
    verb = "can be kept" if len(stretch.schools) == schools else "cannot be kept"
    return (
        f"Between {say_day(stretch.after, today)} and {say_day(stretch.until, today)} there is no half-day for "
        f"visits ({_number(stretch.days, 'school day')}): {whom} {verb} then, whatever one does."
    )


def say_way(way: Way) -> str:
    """ "Protect one more half-day a week (Wednesday morning)" """
    parts = []
    if way.windows:
        named = ", ".join(f"{DAYS[weekday]} {half.word}" for weekday, half in way.windows)
        many = "one more half-day" if len(way.windows) == 1 else f"{len(way.windows)} more half-days"
        parts.append(f"protect {many} a week ({named})")
    if way.doubled:
        parts.append(f"a second visit in a half-day, {TIMES[way.doubled]} a week")
    parts.extend(_say_slower(way.slower))
    if way.given:
        parts.append(f"{_number(len(way.given), 'school')} to another ILD ({_names(way.given)})")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _say_slower(slower: Sequence[Slower]) -> list[str]:
    """One part a rhythm: "these 4 schools every three weeks: Adams, Baker, Cole, Dunbar"."""
    found = []
    for days in sorted({one.after for one in slower}):
        names = [one.school for one in slower if one.after == days]
        whom = names[0] if len(names) == 1 else f"these {len(names)} schools"
        named = "" if len(names) == 1 else f": {_names(names)}"
        found.append(f"{whom} {say_cadence(days)}{named}")
    return found


def _say_after(way: Way) -> str:
    run = way.after.rehearsal
    kept = f", and {run.intervals - run.broken} of {run.intervals} intervals kept" if run else ""
    return f"Then {_number(way.after.count.slack, 'half-day')} to spare{kept}."


def _names(names: Sequence[str]) -> str:
    if len(names) > MOST_NAMED:
        return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


# ---------------------------------------------------------------- every network


def _networks_card(turn: Turn, year: SchoolYear) -> Card:
    """Load and slack by network, counted without a rehearsal; in the order of the networks' names."""
    rows: dict[str, list[int]] = {}
    for one in all_networks(turn.tx, turn.today):
        network = planning.load_network(turn.tx, one.ild, turn.today, until=year.ends)
        counted = count(span_of(turn.tx, turn.district, network, turn.today, year))
        name = network.schools[0].network
        known = rows.setdefault(name, [0, 0, 0, 0])
        for position, number in enumerate(
            (len(network.schools), counted.places, counted.visits, counted.slack)
        ):
            known[position] += number
    short = [name for name, row in rows.items() if row[3] < 0]
    table = Table(
        ("Network", "Schools", "Load", "Half-days to spare"),
        tuple(
            (name, str(schools), f"{visits / max(1, places):.0%}".replace("%", " %"), str(slack))
            for name, (schools, places, visits, slack) in sorted(rows.items())
        ),
        caption="Load: visits that the rhythms ask for, of the half-days there are. To spare: after cancellations.",
    )
    lead = (
        "Every network can keep its promise."
        if not short
        else f"Not every promise can be kept: {_names(sorted(short))}."
    )
    note = "It compares what was promised with the time there is, not people. What would help is shown to each ILD."
    start = max(turn.today, year.starts)
    title = f"Can the rhythms be kept? {say_day(start, turn.today)} to {say_day(year.ends, turn.today)}"
    return Card(title, (Text("", lead=lead), table, Text(note, quiet=True)))


# ---------------------------------------------------------------- at the start of a year


def tell_year_checks(store: Store, now: datetime) -> int:
    """Tell each ILD, once at the start of a school year, whether its promise can be kept; how many were told."""
    with store.read() as tx:
        district = load_district(tx)
        local = now.astimezone(district.zone)
        year = district.calendar.year_of(local.date())
        if year is None or local.time() < FROM or not district.calendar.is_school_day(local.date()):
            return 0
        if district.calendar.count_school_days(year.starts, local.date()) > FIRST_DAYS:
            return 0
        if record.get_setting(tx, "year_check") == {"day": local.date().isoformat()}:
            return 0
        ilds = [one.ild for one in all_networks(tx, local.date())]
    told = 0
    for ild in ilds:
        with store.begin() as tx:
            if record.note_once(tx, kind="year_check", object=f"{ild.id}:{year.label}", at=now):
                today = now.astimezone(zone_of(ild, district)).date()
                card = network_card(tx, district, ild, today, year)
                tell_when_open(tx, district, ild, card, kind="year_check", period=year.label, now=now)
                told += 1
    with store.begin() as tx:
        record.put_setting(tx, "year_check", {"day": local.date().isoformat()})
    return told
