"""The conversation about visits: plan, move, cancel, "did it take place".

A cancellation asks who and why, because harm comes from drift and drift comes from somewhere (Honig and others
2010); it offers the next half-days that keep the school's rhythm.
"""

import hashlib
import re
from datetime import timedelta

from handlers import week
from handlers.actions import Action, act
from handlers.cadence import planning
from handlers.cadence.unanswered import press_ask_again, unanswered_blocks
from handlers.cadence.visit_changes import (
    audit,
    half_and_start,
    hold,
    load,
    move,
    network_of,
    next_visit,
    offer_slots,
    press_agree,
    say_standing,
    say_visit,
    school_in,
    school_of,
    start_of,
    tell_other,
)
from handlers.cadence.visit_places import iso, place_args, say_slot
from handlers.cadence.visit_times import day_in, half_in, start_in
from handlers.cadence.visited import log_form, press_log, press_uncount, visited_words
from handlers.cards import Button, Buttons, Card, Emphasis, Field, FieldKind, Item, Items, Option, Text
from handlers.errors import StaleError, UserError
from handlers.memory.promise_outcomes import press_promise
from handlers.permissions import Right
from handlers.schools import find_school, match_schools, my_schools
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.cadence.moments import Moment, MomentFault, find_moment, read_moment
from protocols.cadence.visits import PlannedVisit
from storage import people, record, visits
from storage.people import Role, School
from storage.visits import Visit

CANCELLED_BY = {
    "ild": "The ILD",
    "principal": "The principal",
    "central_office": "A central office",
    "weather": "Weather or an emergency",
    "other": "Somebody else",
}
LONGEST_REASON = 300
PROPOSAL_AHEAD = timedelta(days=14)
MOST_WARNINGS = 3


# ---------------------------------------------------------------- words


def plan_words(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "plan lincoln thu 8:30": hold a visit at a time one names."""
    words = match["rest"]
    moment = _moment(turn, words)
    if moment is None:
        return None
    own = people.schools_on(turn.tx, turn.today, principal_id=turn.person.id)
    if not _without(words, moment) and len(own) == 1:
        return hold(turn, own[0], moment.day, *half_and_start(moment))
    school = find_school(
        turn, _without(words, moment), Right.PLAN_VISIT, lambda s: act("visit.offers", school=s.id)
    )
    return hold(turn, school, moment.day, *half_and_start(moment))


def visit_words(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "visit lincoln thu 8:30": the same, where it cannot be an answer or a question."""
    if record.expectation_of(turn.tx, turn.person.id) is not None:
        return None
    moment = _moment(turn, match["rest"])
    if moment is None or not match_schools(_without(match["rest"], moment), my_schools(turn)):
        return None
    return plan_words(turn, match)


def plan_all(turn: Turn, _match: re.Match[str]) -> Cards:
    """ "plan": the planner's proposal for the coming two weeks, each visit with its reason."""
    if Role.ILD not in turn.person.roles:
        return [Card("", (Text("Which day suits you? Write it like: plan Thu 8:30. Your ILD gets a note."),))]
    proposed, warnings = _proposal(turn)
    network = planning.load_network(turn.tx, turn.person, turn.today, until=turn.today + PROPOSAL_AHEAD)
    unanswered = unanswered_blocks(turn, network)
    if not proposed:
        lines = " ".join(warnings) or "Nobody is due in the next two weeks that is not planned already."
        return [Card("", (Text(lines), *unanswered))]
    items = tuple(
        Item(
            visit.because,
            lead=f"{say_slot(visit.day, visit.at, turn.today)}, {school.name}",
            buttons=(Button("Hold", act("visit.hold", school=school.id, **place_args(visit))),),
        )
        for visit, school in proposed
    )
    hold_all = Button(f"Hold all {len(items)}", act("visit.hold_all", of=_mark(proposed)), Emphasis.PRIMARY)
    notes = tuple(Text(warning, quiet=True) for warning in warnings[:MOST_WARNINGS])
    return [Card("A plan for the next two weeks", (Items(items), *notes, Buttons((hold_all,)), *unanswered))]


def press_hold_all(turn: Turn, action: Action, _values: Values) -> Cards:
    """Hold every proposed visit; refused where the proposal has changed since it was shown."""
    proposed, _warnings = _proposal(turn)
    if _mark(proposed) != action.args.get("of"):
        raise StaleError("The plan has changed since. Write “plan” to see it as it is now.")
    for visit, school in proposed:
        hold(turn, school, visit.day, visit.half, visit.at, minutes=visit.minutes)
    return [
        Card("", (Text(f"Held: {len(proposed)} visits. The principals get a note. “my week” shows them."),))
    ]


def _proposal(turn: Turn) -> tuple[list[tuple[PlannedVisit, School]], tuple[str, ...]]:
    """The visits the planner would add in the coming two weeks, with their schools, and its warnings."""
    start, end = turn.today + timedelta(days=1), turn.today + PROPOSAL_AHEAD
    network = planning.load_network(turn.tx, turn.person, turn.today, until=end)
    plan = planning.plan_visits(turn.tx, turn.district, [turn.person], today=turn.today, start=start, end=end)
    schools = {network.name_of(school): school for school in network.schools}
    return [(v, schools[v.school]) for v in plan.visits if not v.is_fixed], plan.warnings


def _mark(proposed: list[tuple[PlannedVisit, School]]) -> str:
    """A short mark of a proposal, to tell whether a button still means the plan that was shown."""
    lines = "\n".join(f"{visit.day} {visit.half} {visit.at} {school.id}" for visit, school in proposed)
    return hashlib.sha256(lines.encode()).hexdigest()[:12]


def move_words(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "move lincoln to fri 9:00"."""
    words = match["rest"]
    name, _, when = re.sub(r"\b(the )?visit( to| at)?\b", " ", words).rpartition(" to ")
    if not name:
        raise UserError("Move it to when? Write it like: move lincoln to Fri 9:00.")
    school = find_school(turn, name, Right.PLAN_VISIT, lambda s: act("visit.offers", school=s.id))
    visit = next_visit(turn, school)
    try:
        moment = read_moment(when, turn.local)
    except MomentFault as fault:
        raise UserError(str(fault)) from None
    return move(turn, visit, moment.day, *half_and_start(moment))


def cancel_words(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "cancel lincoln": asks by whom and why before anything happens."""
    words = re.sub(r"\b(the |my )?(visit|walkthrough)( to| at| with)?\b", " ", match["rest"]).strip()
    if not match_schools(words, my_schools(turn)) and not match_schools(
        words, people.schools_on(turn.tx, turn.today)
    ):
        return None
    school = find_school(turn, words, Right.PLAN_VISIT, lambda s: act("visit.cancel_next", school=s.id))
    return [_cancel_form(turn, next_visit(turn, school))]


# ---------------------------------------------------------------- buttons


def press_hold(turn: Turn, action: Action, _values: Values) -> Cards:
    """Hold a half-day that was offered."""
    school = school_in(turn, action)
    half = half_in(action)
    instead = action.number("instead") if "instead" in action.args else None
    minutes = action.number("minutes") if "minutes" in action.args else None
    start = start_in(action, half)
    return hold(turn, school, day_in(action), half, start, stands_in_for=instead, minutes=minutes)


def press_offers(turn: Turn, action: Action, _values: Values) -> Cards:
    return offer_slots(turn, school_in(turn, action))


def press_move_form(turn: Turn, action: Action, _values: Values) -> Cards:
    visit = load(turn, action)
    school = school_of(turn, visit)
    network = network_of(turn, school)
    offers = planning.offers_for(turn.tx, turn.district, network, school, turn.today)
    buttons = tuple(
        Button(
            f"Move to {say_slot(offer.slot.day, offer.at, turn.today)}",
            act("visit.move", visit=visit.id, v=visit.version, **place_args(offer)),
        )
        for offer in offers
    )
    return [
        Card(
            "",
            (
                Text(f"{visit.school} is planned for {say_visit(visit, turn.today)}. When instead?"),
                Buttons(buttons),
                Field("day", "Another day", FieldKind.DATE, value=iso(visit.day)),
                Field("at", "Time", FieldKind.TIME, value=start_of(visit).strftime("%H:%M")),
                Field("why", "Why (if you like to say)", FieldKind.LINE),
                Buttons(
                    (Button("Move it", act("visit.move", visit=visit.id, v=visit.version), Emphasis.PRIMARY),)
                ),
            ),
        )
    ]


def press_move(turn: Turn, action: Action, values: Values) -> Cards:
    visit = load(turn, action)
    if "day" in action.args:
        half = half_in(action)
        return move(turn, visit, day_in(action), half, start_in(action, half), why=values.get("why", ""))
    try:
        moment = read_moment(f"{values.get('day', '')} {values.get('at', '')}", turn.local)
    except MomentFault as fault:
        raise UserError(str(fault)) from None
    return move(turn, visit, moment.day, *half_and_start(moment), why=values.get("why", ""))


def press_cancel_form(turn: Turn, action: Action, _values: Values) -> Cards:
    return [_cancel_form(turn, load(turn, action))]


def press_cancel_next(turn: Turn, action: Action, _values: Values) -> Cards:
    return [_cancel_form(turn, next_visit(turn, school_in(turn, action)))]


def press_cancel(turn: Turn, action: Action, values: Values) -> Cards:
    visit = load(turn, action)
    school = school_of(turn, visit)
    by, reason = values.get("by", ""), " ".join(values.get("reason", "").split()).rstrip(".")
    if by not in CANCELLED_BY:
        raise UserError("Who cancels it? Choose one, then press Cancel the visit again.")
    if not reason or len(reason) > LONGEST_REASON:
        raise UserError("Say why in a few words. It is how we see what keeps taking visits away.")
    if not visits.cancel(turn.tx, visit.id, version=visit.version, by=by, reason=reason):
        raise StaleError(f"That visit was changed a moment ago. {say_standing(turn, visit.id)}")
    audit(turn, "visit.cancelled", visit.id, by=by)
    tell_other(
        turn,
        school,
        visit.id,
        "cancelled",
        f"The visit to {school.name} on {say_visit(visit, turn.today)} is off. {CANCELLED_BY[by]}: {reason}.",
        freed=visit,
    )
    return offer_slots(turn, school, cancelled=visit)


def press_held(turn: Turn, action: Action, _values: Values) -> Cards:
    visit = load(turn, action)
    if visit.day > turn.today:
        raise UserError(
            f"That visit is planned for {say_visit(visit, turn.today)}; it can't have taken place yet."
        )
    if not visits.mark_held(turn.tx, visit.id, version=visit.version, minutes=visit.minutes):
        raise StaleError(f"That visit was changed a moment ago. {say_standing(turn, visit.id)}")
    audit(turn, "visit.held", visit.id)
    return [Card("", (Text(f"Counted: {visit.school}, {say_visit(visit, turn.today)}."),))]


# ---------------------------------------------------------------- forms and words


def _cancel_form(turn: Turn, visit: Visit) -> Card:
    options = tuple(Option(value, label) for value, label in CANCELLED_BY.items())
    return Card(
        "",
        (
            Text(f"{visit.school}, {say_visit(visit, turn.today)}. Who cancels it, and why?"),
            Field("by", "Who cancels", FieldKind.CHOICE, options=options, required=True),
            Field("reason", "Why", FieldKind.LINE, required=True),
            Buttons(
                (
                    Button(
                        "Cancel the visit",
                        act("visit.cancel", visit=visit.id, v=visit.version),
                        Emphasis.DANGER,
                    ),
                    Button("Move it instead", act("visit.move_form", visit=visit.id, v=visit.version)),
                )
            ),
        ),
    )


def _moment(turn: Turn, words: str) -> Moment | None:
    try:
        return find_moment(words, turn.local)
    except MomentFault as fault:
        raise UserError(str(fault)) from None


def _without(words: str, moment: Moment) -> str:
    rest = words[: moment.start] + " " + words[moment.end :]
    return re.sub(r"\b(a |the )?(visit|walkthrough)( to| at| with)?\b|\b(on|at|for)\s*$", " ", rest).strip()


VISITORS = frozenset({Role.ILD, Role.PRINCIPAL})

TOPIC = Topic(
    name="visit",
    commands=(
        Command(
            re.compile(r"(?:show )?(?:my|this) week|next visit|what is planned", re.IGNORECASE),
            lambda turn, _match: week.my_week(turn),
            example="my week",
            what="Who is due, what is planned, what was promised.",
            roles=VISITORS,
        ),
        Command(
            re.compile(r"plan(?: my| the)?(?: visits| weeks?)?", re.IGNORECASE),
            plan_all,
            example="plan",
            what="A plan for the next two weeks that keeps every rhythm.",
            roles=VISITORS,
        ),
        Command(
            re.compile(r"plan (?:a visit (?:to|at|for) )?(?P<rest>.+)", re.IGNORECASE),
            plan_words,
            example="plan Lincoln Thu 8:30",
            what="Hold a visit at a time you name.",
            roles=VISITORS,
        ),
        Command(
            re.compile(r"visit (?P<rest>.+)", re.IGNORECASE),
            visit_words,
            example="",
            what="",
            roles=VISITORS,
        ),
        Command(
            re.compile(r"move (?!step \d)(?P<rest>.+)", re.IGNORECASE),
            move_words,
            example="move Lincoln to Fri 9:00",
            what="Give a planned visit another time.",
            roles=VISITORS,
        ),
        Command(
            re.compile(r"cancel (?P<rest>.+)", re.IGNORECASE),
            cancel_words,
            example="cancel Lincoln",
            what="Cancel a visit and see the next slot that keeps the rhythm.",
            roles=VISITORS,
        ),
        Command(
            re.compile(r"visited|log (?:a )?visit", re.IGNORECASE),
            lambda turn, _match: log_form(turn),
            example="log a visit",
            what="Count a visit nobody had planned, in a form.",
            roles=VISITORS,
        ),
        Command(
            re.compile(r"visited (?P<rest>.+)", re.IGNORECASE),
            visited_words,
            example="visited Lincoln 45 min, coaching",
            what="Count a visit nobody had planned.",
            roles=VISITORS,
        ),
    ),
    actions={
        "visit.hold": press_hold,
        "visit.hold_all": press_hold_all,
        "visit.offers": press_offers,
        "visit.open": week.press_open,
        "visit.promise": press_promise,
        "visit.agree": press_agree,
        "visit.ask_again": press_ask_again,
        "visit.move_form": press_move_form,
        "visit.move": press_move,
        "visit.cancel_form": press_cancel_form,
        "visit.cancel_next": press_cancel_next,
        "visit.cancel": press_cancel,
        "visit.held": press_held,
        "visit.uncount": press_uncount,
        "visit.log_form": log_form,
        "visit.log": press_log,
    },
    in_place=frozenset({"visit.move", "visit.cancel", "visit.cancel_next"}),
    in_place_alone=frozenset(
        {
            "visit.hold",
            "visit.hold_all",
            "visit.offers",
            "visit.agree",
            "visit.ask_again",
            "visit.move_form",
            "visit.cancel_form",
            "visit.held",
            "visit.uncount",
        }
    ),
)
