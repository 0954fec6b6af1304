"""Days away: nothing unasked comes, it ends by itself, and whoever has a visit in that time is told kindly.

What piles up goes inside one message on return (``handlers/courtesy/bundling.py``).
"""

import dataclasses
import re
from datetime import timedelta

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cadence.visit_changes import say_visit, visit_buttons
from handlers.cards import Block, Button, Buttons, Card, Item, Items, Text, plain
from handlers.errors import UserError
from handlers.post import tell_when_open
from handlers.turn import Cards, Turn, Values
from protocols.cadence.courtesy import Wishes
from protocols.cadence.courtesy_words import CourtesyFault, read_away
from protocols.cadence.moments import say_day
from protocols.cadence.sending import Away
from storage import courtesy, outbox, people, visits
from storage.visits import Visit

BACK = Button("I am back", act("courtesy.back"))


def away_ahead(turn: Turn, wishes: Wishes) -> Away | None:
    """The person's days away, unless they are over."""
    return wishes.away if wishes.away is not None and wishes.away.ends >= turn.today else None


def say_span(turn: Turn, away: Away) -> str:
    """ "until Mon 3 May", "Mon 21 Dec to Mon 4 Jan" """
    until = say_day(away.ends, turn.today)
    return f"until {until}" if away.starts <= turn.today else f"{say_day(away.starts, turn.today)} to {until}"


def away_words(turn: Turn, match: re.Match[str]) -> Cards:
    try:
        away = read_away(match["rest"], turn.local)
    except CourtesyFault as fault:
        raise UserError(str(fault)) from None
    wishes = dataclasses.replace(courtesy.wishes_of(turn.tx, turn.person.id), away=away)
    courtesy.save_wishes(turn.tx, turn.person.id, wishes)
    about = f"person:{turn.person.id}"
    audit_trail.write(turn, "courtesy.away", about, start=away.starts.isoformat(), end=away.ends.isoformat())
    outbox.release_away(
        turn.tx, turn.person.id, now=turn.now
    )  # the last look holds it again, for as long as now said
    planned = _planned_in(turn, away)
    told = _tell_others(turn, away, planned)
    blocks: list[Block] = [
        Text(
            f"You are away {say_span(turn, away)}, that day included. Nothing comes unasked; what piles up is one "
            "message when you are back. Only an emergency passes."
        )
    ]
    if planned:
        who = f" {' and '.join(told)} {'gets' if len(told) == 1 else 'get'} a note." if told else ""
        items = tuple(
            Item(
                say_visit(visit, turn.today),
                lead=visit.school,
                buttons=visit_buttons(turn, visit.id, visit.version),
            )
            for visit in planned
        )
        blocks.append(Items(items, title=f"Planned in that time.{who}"))
    blocks.append(Buttons((BACK,)))
    return [Card("", tuple(blocks))]


def back_words(turn: Turn, _match: re.Match[str]) -> Cards | None:
    wishes = courtesy.wishes_of(turn.tx, turn.person.id)
    return press_back(turn, BACK.action, {}) if away_ahead(turn, wishes) else None


def press_back(turn: Turn, _action: Action, _values: Values) -> Cards:
    """The days away end now. What was held back comes with the next open half-hour."""
    wishes = courtesy.wishes_of(turn.tx, turn.person.id)
    away = away_ahead(turn, wishes)
    if away is None:
        return [plain("You are not away, so nothing is held back for that.")]
    yesterday = turn.today - timedelta(days=1)
    ends = Away(away.starts, yesterday) if away.starts <= yesterday else None
    courtesy.save_wishes(turn.tx, turn.person.id, dataclasses.replace(wishes, away=ends))
    audit_trail.write(turn, "courtesy.back", f"person:{turn.person.id}")
    waiting = outbox.release_away(turn.tx, turn.person.id, now=turn.now)
    if away.starts > turn.today:
        return [plain("Noted: you are not going away.")]
    said = (
        f" {_count(waiting)} waited for you; they come as one in your next open half-hour." if waiting else ""
    )
    return [plain(f"Welcome back.{said}")]


def _planned_in(turn: Turn, away: Away) -> list[Visit]:
    """The visits planned for these days that this person makes or receives, in order."""
    led = [school.id for school in people.schools_on(turn.tx, turn.today, principal_id=turn.person.id)]
    own = visits.planned(turn.tx, away.starts, away.ends, ild_id=turn.person.id)
    own += visits.planned(turn.tx, away.starts, away.ends, school_ids=led) if led else []
    return sorted({visit.id: visit for visit in own}.values(), key=lambda visit: (visit.day, visit.half))


def _tell_others(turn: Turn, away: Away, planned: list[Visit]) -> list[str]:
    """Let the other side of each visit know; their names, each once."""
    names: dict[str, None] = {}
    for visit in planned:
        school = people.school_on(turn.tx, visit.school_id, turn.today)
        sides = {visit.ild_id, school.principal_id if school else None} - {turn.person.id, None}
        known = people.get_people(turn.tx, {side for side in sides if side is not None}, on=turn.today)
        for other in known.values():
            text = (
                f"{turn.person.name} is away {say_span(turn, away)}. Your visit at {visit.school} on "
                f"{say_visit(visit, turn.today)} falls into that time. Another day keeps the rhythm."
            )
            tell_when_open(
                turn.tx,
                turn.district,
                other,
                Card("", (Text(text), Buttons(visit_buttons(turn, visit.id, visit.version)))),
                kind="visit_away",
                period=f"{visit.id}:{turn.person.id}:{away.starts}:{away.ends}",
                now=turn.now,
                subject=f"visit:{visit.id}",
            )
            names[other.name] = None
    return list(names)


def _count(number: int) -> str:
    return "1 message" if number == 1 else f"{number} messages"
