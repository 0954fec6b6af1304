"""Visits of the coming two weeks that their principals have not answered yet: named, and asked about once more.

Asking again is once for each version of a visit, and not before the principal has had a day to answer.
"""

from collections import defaultdict
from datetime import timedelta

from handlers.actions import Action, act
from handlers.cadence.planning import Network, load_network
from handlers.cadence.visit_changes import answer_buttons, audit, say_visit
from handlers.cards import Block, Button, Buttons, Card, Text, plain
from handlers.errors import StaleError
from handlers.permissions import Right, Subject, require
from handlers.post import tell_when_open
from handlers.turn import Cards, Turn, Values
from protocols.guided.steps import join_names
from storage import people, record
from storage.people import School
from storage.visits import Visit

AHEAD = timedelta(days=14)
TIME_TO_ANSWER = timedelta(hours=24)
MOST_NAMED = 5
ASKED = "asked_again"


def _unanswered(turn: Turn, network: Network) -> list[tuple[Visit, School]]:
    """Those that somebody put to a school's principal and that are not agreed, in order of time."""
    schools = {school.id: school for school in network.schools}
    return [
        (visit, school)
        for visit in network.planned
        if visit.day <= turn.today + AHEAD
        and (school := schools.get(visit.school_id)) is not None
        and school.principal_id is not None
        and visit.put_by not in (None, school.principal_id)
        and not visit.is_agreed
    ]


def _may_be_asked(turn: Turn, visit: Visit) -> bool:
    has_had_time = turn.now - (visit.put_at or visit.created_at or turn.now) >= TIME_TO_ANSWER
    return has_had_time and not record.is_noted(turn.tx, kind=ASKED, object=_name(visit))


def _name(visit: Visit) -> str:
    return f"visit:{visit.id}:{visit.version}"


def unanswered_blocks(turn: Turn, network: Network) -> tuple[Block, ...]:
    """One line with their names, and a button where somebody may be asked again; nothing where all is agreed."""
    waiting = [visit for visit, _school in _unanswered(turn, network)]
    if not waiting:
        return ()
    named = [f"{visit.school} {say_visit(visit, turn.today)}" for visit in waiting[:MOST_NAMED]]
    if more := len(waiting) - MOST_NAMED if len(waiting) > MOST_NAMED else 0:
        named.append(f"{more} more")
    line = Text(f"Not answered yet: {join_names(named)}.", quiet=True)
    if not any(_may_be_asked(turn, visit) for visit in waiting):
        return (line,)
    return line, Buttons((Button("Ask again", act("visit.ask_again", ild=network.ild.id)),))


def press_ask_again(turn: Turn, action: Action, _values: Values) -> Cards:
    """Put to their principals once more what they have not answered: one message each, in their open time."""
    ild_id = action.number("ild")
    ild = people.get_people(turn.tx, [ild_id], on=turn.today).get(ild_id)
    network = load_network(turn.tx, ild, turn.today, until=turn.today + AHEAD) if ild else None
    asked: dict[int, list[Visit]] = defaultdict(list)
    for visit, school in _unanswered(turn, network) if network else ():
        require(turn.person, Right.PLAN_VISIT, Subject(school=school), object=f"visit:{visit.id}")
        if _may_be_asked(turn, visit) and school.principal_id is not None:
            record.note_once(turn.tx, kind=ASKED, object=_name(visit), at=turn.now)
            audit(turn, "visit.asked_again", visit.id)
            asked[school.principal_id].append(visit)
    if not asked:
        raise StaleError("They have answered, or were asked again already. “my week” shows where it stands.")
    known = people.get_people(turn.tx, asked, on=turn.today)
    for principal_id, waiting in asked.items():
        blocks: list[Block] = []
        for visit in waiting:
            text = f"The visit to {visit.school} on {say_visit(visit, turn.today)}: does it suit you?"
            blocks += [
                Text(text, lead="" if blocks else f"{turn.person.name} asks again."),
                Buttons(answer_buttons(turn, visit)),
            ]
        tell_when_open(
            turn.tx,
            turn.district,
            known[principal_id],
            Card("", tuple(blocks)),
            kind="visit",
            period=f"again:{'.'.join(f'{visit.id}-{visit.version}' for visit in waiting)}",
            now=turn.now,
            subject=f"visit:{waiting[0].id}" if len(waiting) == 1 else "",
        )
    return [plain(f"Asked again: {join_names([known[one].name for one in asked])}.")]
