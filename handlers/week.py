"""``my week``: one screen that says what matters now and the next step to take.

The ILD sees every school by how far it is behind its target, what is planned and what was promised; the principal
the next visit and both sides' promises.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from handlers.actions import Action, act
from handlers.cadence import planning
from handlers.cadence.planning import Network
from handlers.cadence.visit_changes import (
    answer_buttons,
    say_agreed,
    say_visit,
    school_of,
    visit_buttons,
)
from handlers.cadence.visit_changes import load as load_visit
from handlers.cadence.visit_clashes import say_way
from handlers.cadence.visit_places import offer_buttons
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Item, Items, Text
from handlers.centre.request_counts import open_at, say_open
from handlers.district import audience_of
from handlers.memory.promise_outcomes import promise_buttons
from handlers.memory.thread_state import open_promises
from handlers.permissions import Right, Subject, may, require
from handlers.turn import Cards, Turn, Values
from protocols.cadence.intervals import Standing
from protocols.cadence.moments import say_day
from protocols.cadence.protected import half_at, protected_halves
from protocols.cadence.visits import Offer
from storage import people, visits
from storage.people import Person, Role, School
from storage.tables import PromiseRow
from storage.visits import Visit

LOOK_AHEAD = timedelta(days=200)
MOST_BEHIND = 5
"""Schools shown with a free slot each; the rest of those behind are named in a line."""
PLANNED_AHEAD = timedelta(days=14)
LOST_BEHIND = timedelta(days=60)
"""So long a cancelled visit that nothing stands in for is brought up."""


def my_week(turn: Turn) -> Cards:
    """What this person should know this week, by role."""
    cards: list[Card] = []
    if Role.ILD in turn.person.roles:
        cards.append(_ild_week(turn))
    for school in people.schools_on(turn.tx, turn.today, principal_id=turn.person.id):
        cards.append(_school_week(turn, school))
    return cards or [Card("", (Text("Nothing is waiting for you here. Write “help” to see what I can do."),))]


def _ild_week(turn: Turn) -> Card:
    network = planning.load_network(turn.tx, turn.person, turn.today, until=turn.today + LOOK_AHEAD)
    monday, sunday = week_of(turn.today)
    this_week = [visit for visit in network.planned if visit.day <= sunday]
    blocks: list[Block] = [Text(say_open_halves(turn, network, this_week, monday, sunday))]
    unsettled = visits.planned(
        turn.tx, turn.today - LOOK_AHEAD, turn.today - timedelta(days=1), ild_id=turn.person.id
    )
    if unsettled:
        blocks.append(_unsettled(turn, unsettled))
    ranked = planning.by_need(network, turn.district, turn.today)
    next_visits = {visit.school_id: visit for visit in reversed(network.planned)}
    behind = [(school, stands) for school, stands in ranked if stands.is_overdue]
    if behind:
        blocks.append(_behind(turn, network, behind, next_visits))
    own = [school.id for school in network.schools]
    blocks += _service(turn, own)
    lost = visits.not_made_good(turn.tx, own, since=turn.today - LOST_BEHIND)
    if lost:
        blocks.append(_not_made_good(turn, lost))
    soon = [v for v in network.planned if v.day <= turn.today + PLANNED_AHEAD]
    promised = _by_school(open_promises(turn, network.schools))
    if soon:
        items = tuple(
            _planned_item(turn, network, visit, promised.get(visit.school_id, [])) for visit in soon
        )
        blocks.append(Items(items, title="Planned"))
    rest = [(school, stands) for school, stands in ranked if not stands.is_overdue]
    if rest:
        blocks.append(_on_rhythm(rest, next_visits, turn.today))
    title = f"This week: {_count(len(this_week), 'visit')}"
    return Card(title, tuple(blocks))


def say_open_halves(
    turn: Turn, network: Network, this_week: Sequence[Visit], monday: date, sunday: date
) -> str:
    """ "2 protected half-days still open: Tue morning, Thu morning." """
    audience = audience_of(turn.tx, network.ild, turn.now)
    now = (turn.today, half_at(turn.local.time()))
    halves = [
        (day, half)
        for day, half in protected_halves(
            monday, sunday, turn.district.rules, turn.district.calendar, audience
        )
        if (day, half) >= now
    ]
    taken = {(visit.day, visit.half) for visit in this_week}
    open_halves = [slot for slot in halves if slot not in taken]
    if not turn.district.calendar.school_days(monday, sunday):
        return "No school this week."
    if not halves:
        return "No protected half-day is left this week."
    if not open_halves:
        return "Every protected half-day that is left this week has a visit."
    named = ", ".join(f"{say_day(day, turn.today)} {half.word}" for day, half in open_halves[:3])
    return f"{_count(len(open_halves), 'protected half-day')} still open" + (f": {named}." if named else ".")


def _behind(
    turn: Turn, network: Network, behind: Sequence[tuple[School, Standing]], next_visits: dict[int, Visit]
) -> Items:
    items = []
    offered: list[Offer] = []
    for position, (school, stands) in enumerate(behind):
        visit = next_visits.get(school.id)
        detail = ""
        buttons: tuple[Button, ...] = ()
        if visit is not None:
            detail = f"Planned for {say_visit(visit, turn.today)}."
        elif position < MOST_BEHIND:
            offers = planning.offers_for(
                turn.tx, turn.district, network, school, turn.today, count=1, offered=offered
            )
            offered.extend(offers)
            buttons = offer_buttons(turn, school, offers)
        items.append(
            Item(say_standing_of(stands, turn.today), lead=school.name, detail=detail, buttons=buttons)
        )
    return Items(tuple(items), title="Behind their rhythm")


def _not_made_good(turn: Turn, lost: Sequence[Visit]) -> Items:
    items = tuple(
        Item(
            f"{say_visit(visit, turn.today)} fell out, and nothing stands in for it.",
            lead=visit.school,
            buttons=(Button("Find a slot", act("visit.offers", school=visit.school_id)),),
        )
        for visit in lost
    )
    return Items(items, title="Cancelled and not made good")


def _planned_item(turn: Turn, network: Network, visit: Visit, promised: Sequence[PromiseRow]) -> Item:
    moved = f"Moved: {visit.move_reason.rstrip('.')}." if visit.move_reason else ""
    detail = " ".join(filter(None, (moved, say_way(network, visit), _promise_line(turn, promised))))
    buttons = (
        Button("Open", act("visit.open", visit=visit.id, v=visit.version), Emphasis.PRIMARY),
        *visit_buttons(turn, visit.id, visit.version),
    )
    when = f"{say_visit(visit, turn.today)}, {say_kind(visit.kind)}{say_agreed(turn, visit)}"
    return Item(when, lead=visit.school, detail=detail, buttons=buttons)


def _unsettled(turn: Turn, unsettled: Sequence[Visit]) -> Items:
    items = tuple(
        Item(
            f"{say_visit(visit, turn.today)}. Did it take place?",
            lead=visit.school,
            buttons=(
                Button("It did", act("visit.held", visit=visit.id, v=visit.version), Emphasis.PRIMARY),
                Button("It did not", act("visit.cancel_form", visit=visit.id, v=visit.version)),
            ),
        )
        for visit in unsettled
    )
    return Items(items, title="To settle")


def _on_rhythm(rest: Sequence[tuple[School, Standing]], next_visits: dict[int, Visit], today: date) -> Items:
    items = []
    for school, stands in rest:
        visit = next_visits.get(school.id)
        planned = f", next {say_visit(visit, today)}" if visit else ""
        items.append(Item(f"{stands.days_since} of {stands.target} school days{planned}", lead=school.name))
    return Items(tuple(items), title=f"{_count(len(rest), 'school')} on rhythm")


def _school_week(turn: Turn, school: School) -> Card:
    planned = visits.planned(turn.tx, turn.today, turn.today + LOOK_AHEAD, school_ids=[school.id])
    blocks: list[Block] = []
    if planned:
        visit = planned[0]
        when = f"{say_visit(visit, turn.today)}, {say_kind(visit.kind)}, with {visit.ild}{say_agreed(turn, visit)}."
        blocks.append(Text(when, lead="Next visit:"))
        is_asked = visit.put_by not in (None, turn.person.id) and not visit.is_agreed
        blocks.append(
            Buttons(answer_buttons(turn, visit) if is_asked else visit_buttons(turn, visit.id, visit.version))
        )
    else:
        blocks.append(Text("No visit is planned. You can ask for one: plan Thu 8:30."))
    blocks.extend(_promises_block(turn, open_promises(turn, [school])))
    blocks += _service(turn, [school.id])
    return Card(school.name, tuple(blocks))


def _service(turn: Turn, school_ids: Sequence[int]) -> list[Block]:
    """What the schools asked of units and wait for."""
    rows = open_at(turn, school_ids) if may(turn.person, Right.SEE_SERVICE_REQUEST) else []
    if not rows:
        return []
    see = Button("Service requests", act("service.list"))
    return [Text(say_open(turn, rows)), Buttons((see,))]


def press_open(turn: Turn, action: Action, _values: Values) -> Cards:
    """Open a planned visit: what was promised last time, by both, and the way into the walkthrough."""
    visit = load_visit(turn, action)
    school = school_of(turn, visit)
    require(turn.person, Right.SEE_RUN, Subject(school=school), object=f"school:{school.id}")
    blocks: list[Block] = [Text(f"{say_visit(visit, turn.today)}, {say_kind(visit.kind)}.")]
    blocks.extend(_promises_block(turn, open_promises(turn, [school])))
    start = Button(
        "Start the walkthrough", act("run.start", school=school.id, visit=visit.id), Emphasis.PRIMARY
    )
    blocks.append(Buttons((start, *visit_buttons(turn, visit.id, visit.version))))
    return [Card(school.name, tuple(blocks))]


def _promises_block(turn: Turn, rows: Sequence[PromiseRow]) -> list[Block]:
    if not rows:
        return []
    owners = people.get_people(turn.tx, {row.owner_id for row in rows}, on=turn.today)
    items = tuple(
        Item(
            row.what,
            lead=f"{_who(turn, owners.get(row.owner_id))}:",
            detail=f"By {say_day(row.by_when, turn.today)}. To look at: {row.evidence}",
            buttons=promise_buttons(row.id or 0),
        )
        for row in rows
    )
    return [Items(items, title="Promised last time")]


def _promise_line(turn: Turn, rows: Sequence[PromiseRow]) -> str:
    if not rows:
        return ""
    owners = people.get_people(turn.tx, {row.owner_id for row in rows}, on=turn.today)
    said = [f"{_who(turn, owners.get(row.owner_id))} promised: {row.what}" for row in rows[:3]]
    more = [f"and {len(rows) - 3} more"] if len(rows) > 3 else []
    return ". ".join(said + more) + "."


def _who(turn: Turn, owner: Person | None) -> str:
    if owner is None:
        return "Somebody"
    return "You" if owner.id == turn.person.id else owner.name


def _by_school(rows: Sequence[PromiseRow]) -> dict[int, list[PromiseRow]]:
    found: dict[int, list[PromiseRow]] = {}
    for row in rows:
        found.setdefault(row.school_id, []).append(row)
    return found


def say_standing_of(stands: Standing, today: date) -> str:
    """ "17 school days since your last visit, 7 over." """
    since = "since the last visit" if stands.last else "without a visit this school year"
    last = f" ({say_day(stands.last, today)})" if stands.last else ""
    return f"{_count(stands.days_since, 'school day')} {since}{last}, {stands.over_by} over."


def say_kind(kind: str) -> str:
    return {"network_meeting": "network meeting", "coaching": "coaching visit", "other": "visit"}.get(
        kind, kind
    )


def week_of(today: date) -> tuple[date, date]:
    """Monday and Sunday of the week one thinks of: from Saturday on, the coming one."""
    monday = today - timedelta(days=today.weekday())
    if today.weekday() >= 5:
        monday += timedelta(days=7)
    return monday, monday + timedelta(days=6)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
