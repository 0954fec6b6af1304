"""The ILD's desk: what waits, one demand at a time, with a suggestion and its reason; five minutes a week.

Her decisions are for her own schools only. She may pass a demand on (reworded through the gate, with a line of her
own, as "do not drop"), take it off the plate, do it herself, or hold it; nothing leaves without her.
"""

import re
from datetime import timedelta

from handlers import triage_forms
from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Item, Items, Quote, Text
from handlers.errors import StaleError, UserError
from handlers.mandate_cards import original_button, say_demand, say_due
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
)
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.buffer.digest import Decision
from protocols.buffer.headlines import shorten
from protocols.cadence.moments import say_day
from storage import mandates, record
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
    """What waits, the most pressing first; ``before`` says what was just done."""
    waiting = queue_of(turn)
    if only_memo is not None:
        waiting = [one for one in waiting if one.memo.id == only_memo] or waiting
    if not waiting:
        return [_nothing_waits(turn, before)]
    return [_desk_card(turn, waiting[0], len(waiting), before, mark_of(queue_of(turn)))]


def _nothing_waits(turn: Turn, before: tuple[Block, ...]) -> Card:
    held = held_by(turn)
    buttons = [Button("Preview Monday's digest", act("digest.preview"))]
    text = "Nothing waits for your decision."
    if held:
        count = f"{len(held)} demands are" if len(held) > 1 else "1 demand is"
        text += f" {count} on hold."
        buttons.append(Button("See what is on hold", act("triage.held")))
    return Card("", (*before, Text(text), Buttons(tuple(buttons))))


def _desk_card(turn: Turn, one: Waiting, count: int, before: tuple[Block, ...], mark: str) -> Card:
    """One demand: what, its sentence, the suggestion and why, and the ways to decide."""
    facts = f"{say_demand(one.demand, turn.today)} {_say_schools(one)}"
    reason = f"{one.suggestion.because}{_too_late_for_monday(turn, one)}"
    blocks: list[Block] = [
        *before,
        Text(facts, lead=one.demand.headline),
        Quote(one.demand.quote, source=f"{one.memo.unit}: {one.memo.title}"),
        Text(reason, lead=f"I would {_infinitive(one.suggestion.decision)}."),
        Buttons(_decisions(one)),
        Buttons(_details(one)),
    ]
    if count > 1:
        label = f"Take all {count} suggestions"
        blocks.append(Text(f"{count - 1} more after this one.", quiet=True))
        blocks.append(Buttons((Button(label, act("triage.all", of=mark)),)))
    return Card("", tuple(blocks))


def _decisions(one: Waiting) -> tuple[Button, ...]:
    """The suggested one first and standing out."""
    order = sorted(Decision, key=lambda decision: decision is not one.suggestion.decision)
    return tuple(
        Button(
            LABELS[decision],
            act("triage.decide", demand=one.id, v=one.version, to=decision.value),
            Emphasis.PRIMARY if decision is one.suggestion.decision else Emphasis.NORMAL,
        )
        for decision in order
    )


def _details(one: Waiting) -> tuple[Button, ...]:
    where = {"demand": one.id, "v": one.version}
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


def _say_schools(one: Waiting) -> str:
    names = [school.school.name for school in one.schools]
    if len(names) > MOST_SCHOOLS:
        return f"{len(names)} of your schools."
    return f"Of yours: {', '.join(names)}."


def _too_late_for_monday(turn: Turn, one: Waiting) -> str:
    """A day that comes before the next digest must not wait for it in silence."""
    monday = next_week(turn)
    if one.demand.due is None or not turn.today <= one.demand.due < monday or not one.demand.for_school:
        return ""
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
    return open_queue(turn, before=_done(one, decision))


def _done(one: Waiting, decision: Decision) -> tuple[Block, ...]:
    """What was done, with the way back; for what is off the plate, the way to say who has it now."""
    again = {"demand": one.id, "v": one.version + 1}
    buttons = [Button("Change it", act("triage.reopen", **again))]
    if decision is Decision.OFF_PLATE:
        buttons.append(Button("Say who does it", act("triage.taker", **again)))
    return (Text(f"{DECIDED[decision]}: {one.demand.headline}"), Buttons(tuple(buttons)))


def _reopen(turn: Turn, action: Action, _values: Values) -> Cards:
    """Show a decided demand again, to decide otherwise."""
    one = load(turn, action)
    check_open(turn, one)
    return [_desk_card(turn, one, 1, (), "")]


def _mark(turn: Turn, action: Action, _values: Values) -> Cards:
    """Do not drop: passed on, and standing above the others. Pressed on a marked one, it is an ordinary one again."""
    one = load(turn, action)
    check_open(turn, one, action)
    if one.triage is not None and one.triage.do_not_drop:
        decide(turn, one, Decision.PASS_ON, do_not_drop=False)
        return open_queue(turn, before=(Text(f"No longer “do not drop”: {one.demand.headline}"),))
    if one.demand.binding == "info":
        raise UserError(
            "It is for information and asks nothing, so there is nothing to drop. Pass it on as it is."
        )
    check_scarce(turn, one)
    decide(turn, one, Decision.PASS_ON, do_not_drop=True)
    return open_queue(turn, before=(Text(f"Do not drop: {one.demand.headline}"),))


def _all(turn: Turn, action: Action, _values: Values) -> Cards:
    if mark_of(queue_of(turn)) != action.args.get("of"):
        raise StaleError("Something has come or was decided since. Write “triage” to see what waits now.")
    return accept_all(turn)


def accept_all(turn: Turn) -> Cards:
    """Decide everything that waits as suggested; what became of it, counted."""
    waiting = queue_of(turn)
    if not waiting:
        return [_nothing_waits(turn, ())]
    counts = dict.fromkeys(Decision, 0)
    for one in waiting:
        decide(turn, one, one.suggestion.decision)
        counts[one.suggestion.decision] += 1
    said = ", ".join(f"{count} {_participle(decision)}" for decision, count in counts.items() if count)
    preview = Buttons((Button("Preview Monday's digest", act("digest.preview"), Emphasis.PRIMARY),))
    return [
        Card("", (Text(f"{said}. You can change each until Monday.", lead="Done as suggested:"), preview))
    ]


def _participle(decision: Decision) -> str:
    return {
        Decision.PASS_ON: "passed on",
        Decision.OFF_PLATE: "off the plate",
        Decision.SELF: "for you to do",
        Decision.HOLD: "on hold",
    }[decision]


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
    record.audit(
        turn.tx, at=turn.now, actor_id=turn.person.id, action="task.done", object=f"demand:{triage.demand_id}"
    )
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
