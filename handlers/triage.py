"""The ILD's desk: what waits, one demand at a time, with a suggestion and its reason; five minutes a week.

Her decisions are for her own schools only. She may pass a demand on (reworded through the gate, with a line of her
own, as "do not drop"), take it off the plate, do it herself, or hold it; nothing leaves without her.
"""

import re
from collections import Counter
from datetime import timedelta

from handlers import audit_trail, triage_forms
from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Item, Items, Quote, Text
from handlers.digest_building import early_ahead, is_to_know, was_on_plate
from handlers.errors import StaleError, UserError
from handlers.mandate_cards import original_button, say_demand, say_due, say_short
from handlers.networks import network_of_ild
from handlers.plain_lines import suggested_line, use_line
from handlers.triage_state import (
    DECIDED,
    Waiting,
    check_open,
    check_scarce,
    decide,
    held_by,
    load,
    mark_of,
    next_week,
    queue_of,
    scope_of,
)
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.buffer.digest import Decision
from protocols.buffer.headlines import shorten
from protocols.cadence.moments import say_day
from storage import mandates
from storage.people import Role

LABELS = {
    Decision.PASS_ON: "Pass on",
    Decision.OFF_PLATE: "Take off the plate",
    Decision.SELF: "I'll do it",
    Decision.HOLD: "Hold",
}
MOST_SCHOOLS = 3
"""Schools named one by one; more are counted."""
TASKS_KEPT = timedelta(days=14)


def open_queue(turn: Turn, *, before: tuple[Block, ...] = (), only_memo: int | None = None) -> Cards:
    """What waits, the most pressing first; ``before`` says what was just done.

    With ``only_memo`` what waits of that memo, and at its end the way to the others.
    """
    waiting = queue_of(turn)
    mine = _of(waiting, only_memo)
    if mine:
        return [_desk_card(turn, mine[0], mine, before, only_memo)]
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


def _desk_card(
    turn: Turn,
    one: Waiting,
    mine: list[Waiting],
    before: tuple[Block, ...] = (),
    only_memo: int | None = None,
) -> Card:
    """One demand: the facts, its sentence, the suggestion and why, and the ways to decide.

    ``mine`` are those that wait with it: at her desk, or of the memo that she is deciding about.
    """
    where: dict[str, int] = {"demand": one.id, "v": one.version}
    if only_memo is not None:
        where["memo"] = only_memo
    reason = f"{one.suggestion.because}{_too_late_for_monday(turn, one)}"
    blocks: list[Block] = [
        *before,
        Text(_say_schools(turn, one), lead=say_short(one.demand, turn.today)),
        Quote(one.demand.quote, source=f"{one.memo.unit}: {one.memo.title}"),
        Text(reason, lead=f"I would {_infinitive(one.suggestion.decision)}."),
        *suggested_line(turn, one, where),
        Buttons(_decisions(one, where)),
        Buttons(_details(one, where)),
    ]
    if len(mine) > 1:
        scope = {} if only_memo is None else {"memo": only_memo}
        which = "after this one" if only_memo is None else "of this memo"
        take_all = act("triage.all", of=mark_of(mine), **scope)
        blocks.append(Text(f"{len(mine) - 1} more {which}.", quiet=True))
        blocks.append(Buttons((Button(f"Take all {len(mine)} suggestions", take_all),)))
    return Card("", tuple(blocks))


def _decisions(one: Waiting, where: dict[str, int]) -> tuple[Button, ...]:
    """The suggested one first and standing out."""
    order = sorted(LABELS, key=lambda decision: decision is not one.suggestion.decision)
    return tuple(
        Button(
            LABELS[decision],
            act("triage.decide", **where, to=decision.value),
            Emphasis.PRIMARY if decision is one.suggestion.decision else Emphasis.NORMAL,
        )
        for decision in order
    )


def _details(one: Waiting, where: dict[str, int]) -> tuple[Button, ...]:
    return (
        Button("Edit wording", act("triage.edit", **where)),
        Button("Add my line", act("triage.note", **where)),
        Button("Do not drop", act("triage.mark", **where)),
        original_button(one.memo, one.demand),
    )


def _infinitive(decision: Decision) -> str:
    return {
        Decision.PASS_ON: "pass it on",
        Decision.OFF_PLATE: "take it off the plate",
        Decision.SELF: "do it myself",
        Decision.HOLD: "hold it",
    }[decision]


def _say_schools(turn: Turn, one: Waiting) -> str:
    names = [school.school.name for school in one.schools]
    if len(names) > MOST_SCHOOLS:
        is_all = len(names) == len(network_of_ild(turn.tx, turn.person.id, turn.today))
        return f"All {len(names)} of your schools." if is_all else f"{len(names)} of your schools."
    return f"Of yours: {', '.join(names)}."


def _too_late_for_monday(turn: Turn, one: Waiting) -> str:
    """A day that comes before the next digest must not wait for it in silence."""
    monday = next_week(turn)
    due = one.demand.due
    if due is None or not turn.today <= due < monday or not one.demand.for_school:
        return ""
    early = early_ahead(turn.local, turn.district.calendar)
    if early is not None and due >= early:
        return f" It goes out early, on {say_day(early, turn.today)}, for its day is in the break."
    return f" Its day comes before Monday's digest ({say_day(monday, turn.today)}), so tell them yourself."


# ---------------------------------------------------------------- deciding


def _decide(turn: Turn, action: Action, _values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    try:
        decision = Decision(action.args.get("to", ""))
    except ValueError:
        raise UserError("That button is damaged. Write “triage” to see what waits.") from None
    decide(turn, one, decision)
    scope = scope_of(action)
    return open_queue(turn, before=_done(one, decision, scope), only_memo=scope.get("memo"))


def _done(one: Waiting, decision: Decision, scope: dict[str, int]) -> tuple[Block, ...]:
    """What was done, with the way back; for what is off their plate, the way to say who has it now."""
    again = {"demand": one.id, "v": one.version + 1, **scope}
    buttons = [Button("Change it", act("triage.reopen", **again))]
    if decision is Decision.OFF_PLATE and was_on_plate(one.demand):
        buttons.append(Button("Say who does it", act("triage.taker", **again)))
    return (Text(f"{DECIDED[decision]}: {one.demand.headline}"), Buttons(tuple(buttons)))


def _plain(turn: Turn, action: Action, _values: Values) -> Cards:
    """Pass it on in the language model's words."""
    one = load(turn, action)
    said = Text(f"Passed on as: {use_line(turn, one, action)}")
    return open_queue(turn, before=(said,), only_memo=scope_of(action).get("memo"))


def _reopen(turn: Turn, action: Action, _values: Values) -> Cards:
    """Show a decided demand again, to decide otherwise."""
    one = load(turn, action)
    check_open(turn, one)
    return [_desk_card(turn, one, [one], only_memo=scope_of(action).get("memo"))]


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
        decide(turn, one, one.suggestion.decision)
    counts = Counter(_outcome(one) for one in mine)
    said = ", ".join(f"{counts[name]} {name}" for name in OUTCOMES if counts[name])
    blocks: list[Block] = [Text(f"{said}. You can change each until Monday.", lead="Done as suggested:")]
    others = len(waiting) - len(mine)
    if others:
        blocks += [Text(_say_others(others)), Buttons((_go_on(), _preview()))]
    else:
        blocks.append(Buttons((_preview(Emphasis.PRIMARY),)))
    return [Card("", tuple(blocks))]


OUTCOMES = ("to do", "good to know", "off the plate", "on hold")


def _outcome(one: Waiting) -> str:
    match one.suggestion.decision:
        case Decision.PASS_ON:
            return "good to know" if is_to_know(one.demand) else "to do"
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
            buttons=(Button("Decide", act("triage.reopen", demand=one.id, v=one.version)),),
        )
        for one in held[:8]
    )
    more = (Text(f"And {len(held) - 8} more, with later days.", quiet=True),) if len(held) > 8 else ()
    return [Card("On hold", (Items(items), *more))]


def _open_memo(turn: Turn, action: Action, _values: Values) -> Cards:
    return open_queue(turn, only_memo=action.number("memo"))


# ---------------------------------------------------------------- her own tasks


def my_tasks(turn: Turn) -> Cards:
    """What the ILD took on herself, with its day."""
    since = turn.now - TASKS_KEPT
    rows = mandates.taken_on(turn.tx, turn.person.id, done_since=since)
    waiting = [(triage, demand, memo) for triage, demand, memo in rows if triage.done_at is None]
    if not waiting:
        done = f" {len(rows)} done in the past two weeks." if rows else ""
        return [Card("", (Text(f"You have taken nothing on yourself that is still open.{done}"),))]
    items = tuple(
        Item(
            ", ".join(filter(None, (say_due(demand, turn.today), memo.unit))),
            lead=demand.headline,
            detail=f"“{shorten(demand.quote, 200)}”",
            buttons=(
                Button("Done", act("triage.task_done", triage=triage.id or 0), Emphasis.PRIMARY),
                original_button(memo, demand),
            ),
        )
        for triage, demand, memo in waiting[:8]
    )
    return [Card(f"Yours to do: {len(waiting)}", (Items(items),))]


def _task_done(turn: Turn, action: Action, _values: Values) -> Cards:
    triage = mandates.get_triage(turn.tx, action.number("triage"))
    if triage is None or triage.ild_id != turn.person.id:
        raise UserError("That task is not on your list. Write “my tasks” to see it.")
    if not mandates.finish_own(turn.tx, action.number("triage"), at=turn.now):
        raise StaleError("That one is done already. Write “my tasks” to see what is open.")
    audit_trail.write(turn, "task.done", f"demand:{triage.demand_id}")
    return my_tasks(turn)


ILDS = frozenset({Role.ILD})

TOPIC = Topic(
    name="triage",
    commands=(
        Command(
            re.compile(r"triage|(?:show )?(?:my )?(?:memos|buffer)|what waits\??", re.IGNORECASE),
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
            lambda turn, _match: my_tasks(turn),
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
        "triage.plain": _plain,
        "triage.mark": _mark,
        "triage.all": _all,
        "triage.held": _held,
        "triage.edit": triage_forms.open_edit,
        "triage.save": triage_forms.save_wording,
        "triage.note": triage_forms.open_note,
        "triage.save_note": triage_forms.save_note,
        "triage.taker": triage_forms.open_taker,
        "triage.save_taker": triage_forms.save_taker,
        "triage.task_done": _task_done,
    },
)
