"""The other ways to decide: who does it instead, standing in, holding until a day, merging, declining with a reason.

Each is a short form behind "Other ways"; each decision is an ILD's, by name, with its audit row. A unit that is named
to do something is told, and says so where it can't.
"""

from datetime import date

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Emphasis, Field, FieldKind, Option, Quote, Text, plain
from handlers.deciding import desk
from handlers.deciding.triage_forms import back_button, saved, where_of
from handlers.deciding.triage_state import (
    Waiting,
    check_open,
    decide,
    hold_day_of,
    load,
    load_demand,
    merge_targets,
    say_decision,
    scope_of,
)
from handlers.digest.digest_building import was_on_plate
from handlers.errors import StaleError, UserError
from handlers.intake.mandate_cards import say_due
from handlers.permissions import Right, require
from handlers.post import tell_when_open
from handlers.turn import Cards, Turn, Values
from handlers.units import people_of, unit_of, units_of
from protocols.buffer.digest import UNSETTLED, Decision
from protocols.buffer.headlines import end_sentence, shorten
from protocols.buffer.holding import last_hold_day
from protocols.buffer.merging import likeness
from protocols.cadence.moments import MomentFault, read_moment, say_day
from storage import mandates, people

LONGEST_NAME = 80
LONGEST_REASON = 400
MOST_TARGETS = 20
OFFERED = 60
"""From so much likeness on (of 100) the likest is chosen beforehand; else she chooses."""
CENTRAL = "Answered centrally"


def ways(turn: Turn, action: Action, _values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    return [desk.ways_card(turn, one, scope_of(action).get("memo"))]


# ---------------------------------------------------------------- somebody else does it


def open_taker(turn: Turn, action: Action, _values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    units = units_of(turn)
    own = unit_of(turn, one.memo, units=units)
    options = (
        Option("central", "Answered centrally, once for all schools"),
        Option("self", "I do it myself"),
        *(Option(f"unit:{unit}", unit) for unit in units),
    )
    value = f"unit:{own}" if own else ""
    text = (
        "Principals read it under “taken off your plate”. A unit that you choose is told."
        if was_on_plate(one.demand)
        else "It was never on a principal's plate, so this is only for you. A unit that you choose is told."
    )
    return [
        Card(
            "",
            (
                Text(text, lead=one.demand.headline),
                Field("by", "Who does it instead", FieldKind.CHOICE, value=value, options=options),
                Field(
                    "taker", "Or somebody else", FieldKind.LINE, hint="A person or an office, in a few words"
                ),
                Buttons(
                    (
                        Button("Save", act("triage.save_taker", **where_of(one, action)), Emphasis.PRIMARY),
                        back_button(one, action),
                    )
                ),
            ),
        )
    ]


def save_taker(turn: Turn, action: Action, values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    taker = " ".join(values.get("taker", "").split())
    by = values.get("by", "")
    if len(taker) > LONGEST_NAME or not (taker or by):
        raise UserError("Choose who does it, or name the person or office in a few words.")
    if not taker and by == "self":
        decide(turn, one, Decision.SELF)
        return saved(one, action, f"Yours to do: {one.demand.headline}")
    unit = "" if taker or by == "central" else by.removeprefix("unit:")
    if unit and unit not in units_of(turn):
        raise UserError("That unit is not in the roster any more. Choose another, or name somebody.")
    decide(turn, one, Decision.OFF_PLATE, taken_by=taker or unit or CENTRAL, unit=unit)
    if unit:
        _tell_unit(turn, one, unit)
    who = f"{taker or unit} does it" if taker or unit else CENTRAL
    told = f" {unit} gets a note." if unit else ""
    return saved(one, action, f"{who}: {end_sentence(one.demand.headline)}{told}")


def _tell_unit(turn: Turn, one: Waiting, unit: str) -> None:
    names = [school.school.name for school in one.schools]
    schools = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    due = say_due(one.demand, turn.today)
    text = f"names {unit} to do this in place of {schools}{f', {due}' if due else ''}."
    where = {"demand": one.id, "ild": turn.person.id, "v": one.version + 1}
    card = Card(
        "",
        (
            Text(text, lead=turn.person.name),
            Quote(one.demand.quote, source=f"{one.memo.unit}: {one.memo.title}"),
            Buttons((Button("We can't", act("triage.cannot", **where)),)),
        ),
    )
    for person in people_of(turn, unit):
        tell_when_open(
            turn.tx,
            turn.district,
            person,
            card,
            kind="unit_takes",
            period=f"{one.id}:{turn.person.id}:{one.version + 1}",
            now=turn.now,
            subject=f"triage:takes:{one.id}:{turn.person.id}:{one.version + 1}",
        )


def cannot(turn: Turn, action: Action, _values: Values) -> Cards:
    """The unit says that it can't: the demand is back on the ILD's desk, and she is told."""
    demand_id, ild_id = action.number("demand"), action.number("ild")
    row = mandates.triage_of(turn.tx, demand_id, ild_id)
    if row is None or not row.unit or row.unit != turn.person.unit or row.decision != Decision.OFF_PLATE:
        raise UserError("That is not asked of your office any more. You have nothing to do.")
    if row.version != action.number("v"):
        raise StaleError(f"The ILD has decided otherwise since: {say_decision(row)}.")
    found = mandates.find_demand(turn.tx, demand_id)
    assert found is not None
    demand, _memo = found
    mandates.put_triage(
        turn.tx,
        demand_id=demand_id,
        ild_id=ild_id,
        version=row.version,
        by=turn.person.id,
        at=turn.now,
        decision=Decision.HOLD.value,
        hold_until=turn.today,
        taken_by="",
        unit="",
    )
    audit_trail.write(turn, "triage.refused_by_unit", f"demand:{demand_id}", ild=ild_id)
    ild = people.get_person(turn.tx, ild_id, on=turn.today)
    open_it = Button("Decide", act("triage.open"), Emphasis.PRIMARY)
    text = f"can't do “{demand.headline}”. It is back on your desk."
    card = Card("", (Text(text, lead=f"{turn.person.name}, {turn.person.unit},"), Buttons((open_it,))))
    tell_when_open(
        turn.tx,
        turn.district,
        ild,
        card,
        kind="unit_takes",
        period=f"{demand_id}:{row.version}:no",
        now=turn.now,
    )
    return [plain(f"{ild.name} is told, and decides otherwise.")]


# ---------------------------------------------------------------- stand in


def stand_in_form(turn: Turn, action: Action, _values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    units = units_of(turn)
    if not units:
        raise UserError("There is no unit in the roster yet. Press I'll do it instead.")
    own = unit_of(turn, one.memo, units=units)
    text = "Which unit should do it and does not? It is on your list, and counts in that unit's weekly note."
    options = tuple(Option(unit, unit) for unit in units)
    field = Field("unit", "You stand in for", FieldKind.CHOICE, value=own, options=options, required=True)
    save = Button("Stand in", act("triage.save_stand_in", **where_of(one, action)), Emphasis.PRIMARY)
    return [
        Card("", (Text(text, lead=one.demand.headline), field, Buttons((save, back_button(one, action)))))
    ]


def save_stand_in(turn: Turn, action: Action, values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    unit = values.get("unit", "")
    if unit not in units_of(turn):
        raise UserError("Choose the unit that you stand in for, then press Stand in.")
    decide(turn, one, Decision.STAND_IN, unit=unit)
    return saved(one, action, f"You stand in for {unit}: {one.demand.headline}")


# ---------------------------------------------------------------- hold


def hold_form(turn: Turn, action: Action, _values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    back = one.triage.hold_until if one.triage and one.triage.hold_until else None
    value = (back or hold_day_of(one, turn.today)).isoformat()
    last = last_hold_day(one.demand.due, turn.today)
    due = say_due(one.demand, turn.today)
    limit = f" Its own day: {due}; the last day to hold it is {say_day(last, turn.today)}." if due else ""
    text = f"It comes back to your desk by itself.{limit}"
    field = Field("day", "Until", FieldKind.DATE, value=value, required=True)
    save = Button("Hold it", act("triage.save_hold", **where_of(one, action)), Emphasis.PRIMARY)
    return [
        Card("", (Text(text, lead=one.demand.headline), field, Buttons((save, back_button(one, action)))))
    ]


def save_hold(turn: Turn, action: Action, values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    day = _day(turn, one, values.get("day", ""))
    decide(turn, one, Decision.HOLD, hold_until=day)
    return saved(one, action, f"Held until {say_day(day, turn.today)}: {one.demand.headline}")


def _day(turn: Turn, one: Waiting, words: str) -> date:
    if not words.strip():
        raise UserError("Until which day? Choose one, then press Hold it.")
    try:
        day = read_moment(words, turn.local).day
    except MomentFault as fault:
        raise UserError(str(fault)) from None
    last = last_hold_day(one.demand.due, turn.today)
    if day <= turn.today:
        raise UserError("Choose a day after today; until then it waits here anyway.")
    if day > last:
        raise UserError(
            f"The last day to hold it is {say_day(last, turn.today)}, so that nothing is late. Choose a day up to that."
        )
    return day


# ---------------------------------------------------------------- merge


def merge_form(turn: Turn, action: Action, _values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    targets = merge_targets(turn, one)
    if not targets:
        raise UserError(
            "Nothing else waits for its schools or goes out to them, so there is nothing to merge it with."
        )
    options = tuple(
        Option(str(demand.id), shorten(f"{memo.unit}: {demand.headline}", 72))
        for demand, memo in targets[:MOST_TARGETS]
    )
    text = (
        "With which? Principals read one item that names both offices and has the earlier deadline. Both stay on "
        "record, and the other is passed on with it."
    )
    likest = targets[0][0]
    value = str(likest.id) if likeness(one.demand.quote, likest.quote) >= OFFERED else ""
    field = Field("into", "Merge with", FieldKind.CHOICE, value=value, options=options, required=True)
    save = Button("Merge them", act("triage.save_merge", **where_of(one, action)), Emphasis.PRIMARY)
    return [
        Card("", (Text(text, lead=one.demand.headline), field, Buttons((save, back_button(one, action)))))
    ]


def save_merge(turn: Turn, action: Action, values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    wanted = values.get("into", "")
    if wanted not in {str(demand.id) for demand, _memo in merge_targets(turn, one)}:
        raise UserError("Choose what to merge it with, then press Merge them.")
    said = merge(turn, one, int(wanted))
    return saved(one, action, said)


def merge(turn: Turn, one: Waiting, into: int) -> str:
    """Merge a demand into another, which is passed on where it was not; what was done, in a sentence."""
    target = load_demand(turn, into)
    check_open(turn, target)
    if target.triage is None or target.triage.decision in UNSETTLED:
        decide(turn, target, Decision.PASS_ON)
    elif target.triage.decision != Decision.PASS_ON:
        raise UserError(f"“{target.demand.headline}” is decided otherwise: {say_decision(target.triage)}.")
    decide(turn, one, Decision.MERGE, merged_into=into)
    first, other = sorted((target.demand, one.demand), key=lambda demand: demand.due or date.max)
    due = f", {say_due(first, turn.today)}" if first.due else ""
    offices = " and ".join(dict.fromkeys((target.memo.unit, one.memo.unit)))
    return f"One item now, for {offices}{due}: “{first.headline}”, with “{other.headline}” beside it."


# ---------------------------------------------------------------- decline


def decline_form(turn: Turn, action: Action, _values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    text = f"Why not? The reason is kept, and {one.memo.unit} reads it in its weekly note with your name."
    field = Field(
        "reason", "The reason", FieldKind.LONG, required=True, hint=f"Up to {LONGEST_REASON} characters"
    )
    save = Button("Decline it", act("triage.save_decline", **where_of(one, action)), Emphasis.DANGER)
    return [
        Card("", (Text(text, lead=one.demand.headline), field, Buttons((save, back_button(one, action)))))
    ]


def save_decline(turn: Turn, action: Action, values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    require(turn.person, Right.TRIAGE, object=f"demand:{one.id}")
    reason = " ".join(values.get("reason", "").split())
    if not 3 <= len(reason) <= LONGEST_REASON:
        raise UserError(f"Give the reason in up to {LONGEST_REASON} characters; {one.memo.unit} reads it.")
    decide(turn, one, Decision.DECLINE, reason=reason)
    return saved(one, action, f"Declined: {end_sentence(one.demand.headline)} {one.memo.unit} reads why.")
