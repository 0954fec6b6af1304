"""The ILD's desk: what waits, one demand at a time, with a suggestion and its reason; five minutes a week.

Her decisions are for her own schools only. She may pass a demand on (reworded through the gate, with a line of her
own, as "do not drop"), take it off the plate, or hold it; the other ways are one press further
(``handlers/deciding/triage_ways.py``). Nothing leaves without her, unless she made a rule.
"""

import re
from collections import Counter
from datetime import datetime

from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Item, Items, Text
from handlers.deciding import focus_ties, own_tasks, triage_forms, triage_ways, week_budget
from handlers.deciding.desk import desk_card
from handlers.deciding.plain_lines import use_line
from handlers.deciding.triage_state import (
    DECIDED,
    Waiting,
    check_open,
    check_scarce,
    decide,
    held_by,
    load,
    load_demand,
    mark_of,
    queue_of,
    scope_of,
)
from handlers.digest.digest_building import is_to_know, was_on_plate
from handlers.errors import StaleError, UserError
from handlers.intake.mandate_cards import say_demand
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.buffer.digest import Decision
from protocols.cadence.moments import say_day
from storage import deciding, mandates
from storage.database import Tx
from storage.people import Role

PRESSED = frozenset({Decision.PASS_ON, Decision.OFF_PLATE, Decision.SELF, Decision.HOLD, Decision.MERGE})
"""Decisions that one press takes; the others ask something first."""


def open_queue(turn: Turn, *, before: tuple[Block, ...] = (), only_memo: int | None = None) -> Cards:
    """What waits, the most pressing first; ``before`` says what was just done.

    With ``only_memo`` what waits of that memo, and at its end the way to the others.
    """
    waiting = queue_of(turn)
    mine = _of(waiting, only_memo)
    if mine:
        return [desk_card(turn, mine[0], mine, before, only_memo)]
    if waiting:
        said = (*before, Text(f"That memo is decided. {_say_others(len(waiting))}"))
        return [Card("", (*said, Buttons((_go_on(), _preview()))))]
    return [_nothing_waits(turn, before)]


def _of(waiting: list[Waiting], memo_id: int | None) -> list[Waiting]:
    return [one for one in waiting if memo_id is None or one.memo.id == memo_id]


def _say_others(count: int) -> str:
    return "1 more waits from another memo." if count == 1 else f"{count} more wait from other memos."


def _go_on() -> Button:
    return Button("Go on", act("triage.open"), Emphasis.PRIMARY)


def _preview(emphasis: Emphasis = Emphasis.NORMAL) -> Button:
    return Button("Preview Monday's digest", act("digest.preview"), emphasis)


def _nothing_waits(turn: Turn, before: tuple[Block, ...]) -> Card:
    held = held_by(turn)
    buttons = [_preview()]
    text = "Nothing waits for your decision."
    if held:
        count = f"{len(held)} demands are" if len(held) > 1 else "1 demand is"
        text += f" {count} on hold."
        buttons.append(Button("See what is on hold", act("triage.held")))
    return Card("", (*before, Text(text), Buttons(tuple(buttons))))


# ---------------------------------------------------------------- deciding


def _decide(turn: Turn, action: Action, _values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    try:
        decision = Decision(action.args.get("to", ""))
    except ValueError:
        raise UserError("That button is damaged. Write “triage” to see what waits.") from None
    if decision not in PRESSED:
        raise UserError("That way needs a word more. Press Other ways, and choose it there.")
    left = _take_along(turn, one) if decision is Decision.SELF else _left_alone(turn, one)
    if decision is Decision.MERGE:
        done = Text(triage_ways.merge(turn, one, action.number("into")))
    else:
        decide(turn, one, decision)
        done = Text(f"{DECIDED[decision]}{_until(turn, one, decision)}: {one.demand.headline}{left}")
    scope = scope_of(action)
    before = (done, Buttons(_after(one, decision, scope)), *week_budget.say_over(turn, one, decision))
    return open_queue(turn, before=before, only_memo=scope.get("memo"))


def _until(turn: Turn, one: Waiting, decision: Decision) -> str:
    row = mandates.triage_of(turn.tx, one.id, turn.person.id)
    if decision is Decision.HOLD and row is not None and row.hold_until is not None:
        return f" until {say_day(row.hold_until, turn.today)}"
    return ""


def _take_along(turn: Turn, one: Waiting) -> str:
    """She does what was merged into it as well: it was one item for them, so it is one errand for her."""
    names = []
    left = deciding.merged_into(turn.tx, one.id, turn.person.id)
    seen = {one.id}
    while left:
        demand = left.pop(0)
        if demand.id in seen:
            continue
        seen.add(demand.id or 0)
        decide(turn, load_demand(turn, demand.id or 0), Decision.SELF)
        names.append(f"“{demand.headline}”")
        left += deciding.merged_into(turn.tx, demand.id or 0, turn.person.id)
    return f". With it, what was merged into it: {'; '.join(names)}." if names else ""


def _left_alone(turn: Turn, one: Waiting) -> str:
    """What was merged into it is read on its own again once it is not passed on."""
    merged = deciding.merged_into(turn.tx, one.id, turn.person.id)
    if not merged:
        return ""
    names = "; ".join(f"“{demand.headline}”" for demand in merged)
    return f". What was merged into it goes on its own where it does not: {names}."


def _after(one: Waiting, decision: Decision, scope: dict[str, int]) -> tuple[Button, ...]:
    """The way back; for what is held, another day; for what is off their plate, who has it now."""
    again = {"demand": one.id, "v": one.version + 1, **scope}
    buttons = [Button("Change it", act("triage.reopen", **again))]
    if decision is Decision.HOLD:
        buttons.append(Button("Until another day", act("triage.hold", **again)))
    if decision is Decision.OFF_PLATE and was_on_plate(one.demand):
        buttons.append(Button("Say who does it", act("triage.taker", **again)))
    return tuple(buttons)


def _plain(turn: Turn, action: Action, _values: Values) -> Cards:
    """Pass it on in the language model's words."""
    one = load(turn, action)
    said = Text(f"Passed on as: {use_line(turn, one, action)}")
    return open_queue(turn, before=(said,), only_memo=scope_of(action).get("memo"))


def _reopen(turn: Turn, action: Action, _values: Values) -> Cards:
    """Show a decided demand again, to decide otherwise."""
    one = load(turn, action)
    check_open(turn, one)
    return [desk_card(turn, one, [one], only_memo=scope_of(action).get("memo"))]


def _back(turn: Turn, action: Action, _values: Values) -> Cards:
    """Out of a form or a list of ways, to the demand among those that wait with it."""
    one = load(turn, action)
    check_open(turn, one)
    memo_id = scope_of(action).get("memo")
    return [desk_card(turn, one, _of(queue_of(turn), memo_id), only_memo=memo_id)]


def _mark(turn: Turn, action: Action, _values: Values) -> Cards:
    """Do not drop: passed on, and standing above the others. Pressed on a marked one, it is an ordinary one again."""
    one = load(turn, action)
    check_open(turn, one, action)
    memo_id = scope_of(action).get("memo")
    if one.triage is not None and one.triage.do_not_drop:
        decide(turn, one, Decision.PASS_ON, do_not_drop=False)
        said = Text(f"No longer “do not drop”: {one.demand.headline}")
        return open_queue(turn, before=(said,), only_memo=memo_id)
    if not one.demand.for_school:
        raise UserError("Others do it, so principals have nothing to drop. Pass it on as it is.")
    if one.demand.binding == "info":
        raise UserError(
            "It is for information and asks nothing, so there is nothing to drop. Pass it on as it is."
        )
    check_scarce(turn, one)
    decide(turn, one, Decision.PASS_ON, do_not_drop=True)
    said = Text(f"Do not drop: {one.demand.headline}")
    return open_queue(turn, before=(said,), only_memo=memo_id)


def _all(turn: Turn, action: Action, _values: Values) -> Cards:
    memo_id = scope_of(action).get("memo")
    if mark_of(_of(queue_of(turn), memo_id)) != action.args.get("of"):
        raise StaleError("Something has come or was decided since. Write “triage” to see what waits now.")
    return accept_all(turn, only_memo=memo_id)


def accept_all(turn: Turn, *, only_memo: int | None = None) -> Cards:
    """Decide everything that waits (of one memo) as suggested; what became of it, counted."""
    waiting = queue_of(turn)
    mine = _of(waiting, only_memo)
    if not mine:
        return open_queue(turn, only_memo=only_memo)
    for one in mine:
        decide(turn, one, one.suggestion.decision, merged_into=one.suggestion.into)
    counts = Counter(_outcome(one) for one in mine)
    said = ", ".join(f"{counts[name]} {name}" for name in OUTCOMES if counts[name])
    blocks: list[Block] = [Text(f"{said}. You can change each until Monday.", lead="Done as suggested:")]
    blocks += week_budget.say_all_over(turn)
    others = len(waiting) - len(mine)
    if others:
        blocks += [Text(_say_others(others)), Buttons((_go_on(), _preview()))]
    else:
        blocks.append(Buttons((_preview(Emphasis.PRIMARY),)))
    return [Card("", tuple(blocks))]


OUTCOMES = ("to do", "good to know", "merged", "off the plate", "on hold")


def _outcome(one: Waiting) -> str:
    match one.suggestion.decision:
        case Decision.PASS_ON:
            return "good to know" if is_to_know(one.demand) else "to do"
        case Decision.MERGE:
            return "merged"
        case Decision.HOLD:
            return "on hold"
        case _:
            return "off the plate"


def _held(turn: Turn, _action: Action, _values: Values) -> Cards:
    held = held_by(turn)
    if not held:
        return [Card("", (Text("Nothing is on hold."),))]
    items = tuple(
        Item(
            say_demand(one.demand, turn.today),
            lead=one.demand.headline,
            detail=_say_wait(turn, one),
            buttons=(Button("Decide", act("triage.reopen", demand=one.id, v=one.version)),),
        )
        for one in held[:8]
    )
    more = (Text(f"And {len(held) - 8} more, with later days.", quiet=True),) if len(held) > 8 else ()
    return [Card("On hold", (Items(items), *more))]


def _say_wait(turn: Turn, one: Waiting) -> str:
    """Until when it is held, or what its unit was asked and until when the answer is awaited."""
    if one.challenge is not None and one.triage is not None and one.triage.decision == Decision.CHALLENGE:
        due = say_day(one.challenge.due_at.astimezone(turn.zone).date(), turn.today)
        return f"You asked {one.challenge.unit}: “{one.challenge.question}” An answer is due by {due}."
    if one.triage is not None and one.triage.hold_until is not None:
        return f"Back on your desk {say_day(one.triage.hold_until, turn.today)}."
    return ""


def _still_true(tx: Tx, subject: str, _now: datetime) -> str | None:
    """A note to a unit is of no use once the ILD has decided otherwise."""
    if subject.split(":")[1] != "takes":
        return None
    _topic, _what, demand_id, ild_id, version = subject.split(":")
    row = mandates.triage_of(tx, int(demand_id), int(ild_id))
    return None if row is not None and row.version == int(version) else "the ILD has decided otherwise"


def _open_memo(turn: Turn, action: Action, _values: Values) -> Cards:
    return open_queue(turn, only_memo=action.number("memo"))


ILDS = frozenset({Role.ILD})

TOPIC = Topic(
    name="triage",
    commands=(
        Command(
            re.compile(r"triage|(?:show )?(?:my )?(?:memos|buffer|desk|queue)|what waits\??", re.IGNORECASE),
            lambda turn, _match: open_queue(turn),
            example="triage",
            what="Decide what of the memos reaches your schools.",
            roles=ILDS,
        ),
        Command(
            re.compile(r"(?:pass on|accept|take) all(?: (?:the )?(?:suggested|suggestions))?", re.IGNORECASE),
            lambda turn, _match: accept_all(turn),
            example="pass on all suggested",
            what="Decide everything that waits as I suggest it.",
            roles=ILDS,
        ),
        Command(
            re.compile(r"(?:show )?my (?:tasks|to-?dos?)", re.IGNORECASE),
            lambda turn, _match: own_tasks.my_tasks(turn),
            example="my tasks",
            what="What you took on yourself.",
            roles=ILDS,
        ),
    ),
    actions={
        "triage.open": lambda turn, _action, _values: open_queue(turn),
        "triage.memo": _open_memo,
        "triage.decide": _decide,
        "triage.reopen": _reopen,
        "triage.back": _back,
        "triage.plain": _plain,
        "triage.mark": _mark,
        "triage.all": _all,
        "triage.held": _held,
        "triage.edit": triage_forms.open_edit,
        "triage.save": triage_forms.save_wording,
        "triage.note": triage_forms.open_note,
        "triage.save_note": triage_forms.save_note,
        "triage.ways": triage_ways.ways,
        "triage.taker": triage_ways.open_taker,
        "triage.save_taker": triage_ways.save_taker,
        "triage.cannot": triage_ways.cannot,
        "triage.stand_in": triage_ways.stand_in_form,
        "triage.save_stand_in": triage_ways.save_stand_in,
        "triage.hold": triage_ways.hold_form,
        "triage.save_hold": triage_ways.save_hold,
        "triage.merge": triage_ways.merge_form,
        "triage.save_merge": triage_ways.save_merge,
        "triage.decline": triage_ways.decline_form,
        "triage.save_decline": triage_ways.save_decline,
        "triage.focus": focus_ties.open_form,
        "triage.save_focus": focus_ties.save,
        "triage.task_done": own_tasks.task_done,
    },
    still_true=_still_true,
    in_place=frozenset(
        {
            "triage.decide",
            "triage.plain",
            "triage.mark",
            "triage.all",
            "triage.edit",
            "triage.save",
            "triage.note",
            "triage.save_note",
            "triage.ways",
            "triage.taker",
            "triage.save_taker",
            "triage.stand_in",
            "triage.save_stand_in",
            "triage.hold",
            "triage.save_hold",
            "triage.merge",
            "triage.save_merge",
            "triage.decline",
            "triage.save_decline",
            "triage.focus",
            "triage.save_focus",
            "triage.back",
        }
    ),
    in_place_alone=frozenset({"triage.open", "triage.memo", "triage.reopen", "triage.held"}),
)
