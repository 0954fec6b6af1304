"""The cards of a guided run: what one is asked, what one reads along, both sides' notes, where it stands.

Short, for a phone in a corridor: the question, a field, the buttons that make sense now. Every button carries run,
step and version, so that an old one is known as old.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from handlers.actions import Action, act
from handlers.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Emphasis,
    Field,
    FieldKind,
    Item,
    Items,
    Option,
    Quote,
    Text,
)
from handlers.guided.run_entries import laid_against, said, said_by, side_by_side
from handlers.guided.run_fields import Values, entry_fields, rewrite_fields
from handlers.guided.run_seats import Seat
from protocols.cadence.moments import say_day
from protocols.guided.prompts import Manner, Prompt, Waiting
from protocols.guided.state import Entry, Status, is_passed_over
from protocols.guided.steps import Challenge, Closing, Role, Step, StepKind
from protocols.guided.summary import summary

LONGEST_LABEL = 40
"""Characters of a look-for on a button: one line on a phone; the whole of it stands in the list."""


def asked_card(
    seat: Seat,
    today: date,
    *,
    before: Sequence[Block] = (),
    lead: str = "",
    values: Values | None = None,
) -> Card:
    """What this side is asked now, or why it waits. ``before`` comes first, ``lead`` opens the question;
    ``values`` fill the fields."""
    asked = seat.asked()
    match asked:
        case Prompt():
            card = _prompt_card(seat, asked, today, before, lead, values or {})
        case Waiting():
            card = _waiting_card(seat, asked, today, before)
    if before or values:  # somebody's news, or a draft: looking again would take it away
        return card
    return replace(card, refresh=act("run.look", run=seat.run.id, step=asked.step, v=asked.version))


def _prompt_card(
    seat: Seat, prompt: Prompt, today: date, before: Sequence[Block], lead: str, values: Values
) -> Card:
    blocks: list[Block] = [Text(_place(seat, prompt, today), quiet=True), *before]
    if not (prompt.entries or prompt.is_revisited or prompt.manner in _AMIDST):
        went_before = _what_went_before(seat, prompt.step, today)
        blocks.extend(_last_round(seat, prompt))
        blocks.extend([*went_before, *_looked_for(seat, prompt, went_before)])
    if tagging := _tagging(seat, prompt, lead):
        blocks.extend(tagging)
        lead = ""
    blocks.append(Text(prompt.text, lead=lead))
    if prompt.help and not prompt.entries and prompt.manner is Manner.ASK:
        blocks.append(Text(prompt.help, quiet=True))
    blocks.extend(_so_far(seat, prompt, today))
    if prompt.manner is Manner.REVEAL:
        blocks.extend(laid_against(seat, prompt.contrasts))
        blocks.extend(side_by_side(seat, prompt.comparisons))
    blocks.extend(_fields(seat, prompt, values))
    blocks.append(Buttons(_buttons(seat, prompt)))
    return Card(prompt.title, tuple(blocks))


def _waiting_card(seat: Seat, waiting: Waiting, today: date, before: Sequence[Block]) -> Card:
    blocks: list[Block] = [*before, Text(waiting.text)]
    if waiting.is_told and waiting.ends_at is not None:  # in the meeting itself, not while others prepare it
        blocks[len(before) : len(before)] = _what_went_before(seat, waiting.step, today)
        blocks.extend(_read_along(seat, waiting.step))
    match seat.run.state.status:
        case Status.PAUSED:
            blocks.append(Buttons((Button("Resume", act("run.resume", run=seat.run.id)),)))
        case Status.ENDED:
            blocks.append(Buttons((Button("Summary", act("run.summary", run=seat.run.id)),)))
        case Status.RUNNING if waiting.may_go_back and not waiting.is_listening:
            blocks.append(Buttons((_button("Back", "back", seat, waiting),)))
        case _:
            pass
    return Card("", tuple(blocks))


def _read_along(seat: Seat, key: str) -> list[Block]:
    """What a reveal shows, for an observer, who reads it with those who talk about it."""
    protocol = seat.run.protocol
    if seat.role is not Role.OBSERVER or protocol.step(key).kind is not StepKind.REVEAL:
        return []
    found = summary(protocol, seat.run.state, viewer=seat.key)
    return [*laid_against(seat, found.contrasts), *side_by_side(seat, found.comparisons)]


def words_back(seat: Seat, text: str, sentence: str) -> Card:
    """What was typed at the wrong moment, handed back to be sent when it is asked for. Nothing of it is kept."""
    run = seat.run.id
    blocks: list[Block] = [Text(f"{sentence} Your words wait here until then.")]
    blocks.append(Field("text", "Your words", FieldKind.LONG, value=text))
    buttons = [Button("Send it now", act("run.say", run=run), Emphasis.PRIMARY)]
    match seat.asked():
        case Waiting() if seat.run.state.status is Status.PAUSED:
            buttons.append(Button("Resume", act("run.resume", run=run)))
        case Waiting(is_listening=False, may_go_back=True) as waiting:
            buttons.append(_button("Back", "back", seat, waiting))
        case Prompt() as prompt if prompt.may_finish:
            buttons.append(_button("Go on", "finish", seat, prompt))
        case _:
            pass
    return Card("", (*blocks, Buttons(tuple(buttons))))


_AMIDST = (Manner.CHOOSE, Manner.CHALLENGE, Manner.REVEAL)


def _what_went_before(seat: Seat, key: str, today: date) -> list[Block]:
    """What others wrote in the steps just before, in which this side had no part: shown once, on opening."""
    protocol, state = seat.run.protocol, seat.run.state
    if state.lap_of(protocol.step(key)) > 1:
        return []
    sees = seat.sees()
    blocks: list[Block] = []
    for step in reversed(protocol.steps[: protocol.position(key)]):
        if is_passed_over(state, step):
            continue
        is_led = step.closing is Closing.LEAD and seat.role is protocol.leads
        was_told = step.is_timed and seat.role in step.wait
        if seat.role in (*step.who, *step.listens) or is_led or was_told:
            break
        items = tuple(
            Item(said(seat, entry, today))
            for entry in sees
            if entry.step == step.key and entry.round == state.round_of(step.key)
        )
        if items:
            blocks.insert(0, Items(items, title=step.title, numbered=step.kind is StepKind.LIST))
    return blocks


def _last_round(seat: Seat, prompt: Prompt) -> list[Block]:
    """What this side answered the round before, so that it can be changed and need not be remembered."""
    step = seat.run.protocol.step(prompt.step)
    if prompt.round < 2 or step.kind is not StepKind.TEXT or step.takes_many:
        return []
    before = [e for e in seat.run.state.entries if e.step == step.key and e.seat == seat.key]
    said_then = [e for e in before if e.round < prompt.round and not e.is_withdrawn]
    if not said_then:
        return []
    return [
        Quote(said_then[-1].text, source=f"You, round {said_then[-1].round}"),
        Text("Say what changes this time and what stays.", quiet=True),
    ]


def _looked_for(seat: Seat, prompt: Prompt, shown: Sequence[Block]) -> list[Block]:
    """The look-fors, which one has to have at hand now, unless they are shown already."""
    protocol = seat.run.protocol
    tagged = protocol.step(prompt.step).tags
    title = protocol.step(tagged).title if tagged else ""
    if (
        not prompt.tags
        or prompt.manner is not Manner.ASK
        or title in {b.title for b in shown if isinstance(b, Items)}
    ):
        return []
    return [Items(tuple(Item(tag.label) for tag in prompt.tags), title=title, numbered=True)]


def _fields(seat: Seat, prompt: Prompt, values: Values) -> list[Block]:
    held = seat.run.state.held.get(seat.key)
    data = {**(held.data if held else {}), **values}
    step = seat.run.protocol.step(prompt.step)
    mine = _mine(prompt)
    # A step of one answer, looked at again, is changed in place: its words stand in the field.
    again = mine[-1].text if prompt.is_revisited and mine and not step.takes_many else ""
    text = values.get("text", prompt.quote or again)
    if prompt.manner is Manner.CHOOSE:
        options = tuple(Option(option.key, option.label) for option in prompt.options)
        return [Field("keep", "Keep these", FieldKind.CHOICES, options=options)]
    if prompt.manner is Manner.CHALLENGE:
        return rewrite_fields(seat, step, text, data)
    if prompt.manner is Manner.LEAD:
        return []
    return entry_fields(seat, step, text, data, room=prompt.room)


def _mine(prompt: Prompt) -> tuple[Entry, ...]:
    return tuple(entry for entry in prompt.entries if entry.seat == prompt.seat)


def _so_far(seat: Seat, prompt: Prompt, today: date) -> list[Block]:
    """Of a step looked at again, what this side has written there; of one that is led, what has come so far."""
    if prompt.manner is Manner.LEAD:
        came = [entry for entry in seat.sees() if entry in prompt.entries]
        items = tuple(said_by(seat, entry, today) for entry in came)
        return [Items(items, title="So far")] if items else []
    mine = _mine(prompt)
    if not (prompt.is_revisited and mine and seat.run.protocol.step(prompt.step).takes_many):
        return []
    return [Items(tuple(Item(said(seat, entry, today)) for entry in mine), title="So far")]


def _tagging(seat: Seat, prompt: Prompt, lead: str) -> list[Block]:
    """One press puts the note just typed under a look-for, so that the debrief can lay both sides beside each other."""
    if not prompt.entries or prompt.manner is not Manner.ASK or prompt.is_revisited:
        return []
    if len(prompt.tags) < 2:  # a note is about the only one, unless its writer has said that it is not
        return []
    last = prompt.entries[-1]
    if last.data.get("look_for"):
        return []
    buttons = tuple(
        Button(
            f"{place}. {_short(tag.label)}",
            act("run.tag", run=seat.run.id, e=last.number, tag=tag.key, v=prompt.version),
        )
        for place, tag in enumerate(prompt.tags, 1)
    )
    return [
        Text(f"The note on room {last.data['room']}: which look-for does it show?", lead=lead),
        Buttons(buttons),
    ]


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_LABEL else f"{words[:LONGEST_LABEL].rsplit(' ', 1)[0]} …"


_SEND = {
    StepKind.NOTES: "Log it",
    StepKind.NEXT_STEPS: "Add it",
}
_FINISH = {
    StepKind.NOTES: "Done with classrooms",
    StepKind.NEXT_STEPS: "That is all",
    StepKind.REVEAL: "Go on",
    StepKind.TALK: "Go on",
}


def _buttons(seat: Seat, prompt: Prompt) -> tuple[Button, ...]:
    step = seat.run.protocol.step(prompt.step)
    found: list[Button] = []
    match prompt.manner:
        case Manner.CHOOSE:
            return (_button("Keep these", "choose", seat, prompt, Emphasis.PRIMARY),)
        case Manner.CHALLENGE:
            keep = "Keep as my impression" if step.challenge is Challenge.EVIDENCE else "Keep it as it is"
            return (
                _button("Rewrite", "rewrite", seat, prompt, Emphasis.PRIMARY),
                _button(keep, "keep", seat, prompt),
            )
        case Manner.REVEAL | Manner.TALK | Manner.LEAD:
            pass
        case Manner.ASK if step.kind is StepKind.CHOICE:
            found += [
                _button(option.label, "pick", seat, prompt, option=option.key) for option in step.options
            ]
        case Manner.ASK:
            found.append(_button(_SEND.get(step.kind, "Send"), "answer", seat, prompt, Emphasis.PRIMARY))
            if prompt.offers:
                found.append(_button("From the framework", "offers", seat, prompt))
    if prompt.may_finish or prompt.manner is Manner.LEAD:
        label = "Leave it as it is" if prompt.is_revisited else _finish_label(step, prompt)
        found.append(_button(label, "finish", seat, prompt))
    if prompt.is_leading and prompt.ends_at is not None:
        found.append(_button("5 more minutes", "extend", seat, prompt, minutes="5"))
    if prompt.may_rest:
        label = "Nothing more for now" if prompt.entries else "Nothing new yet"
        found.append(_button(label, "rest", seat, prompt))
    if prompt.may_skip and not prompt.may_finish:
        found.append(_button("Skip", "skip_form", seat, prompt))
    if prompt.may_go_back:
        found.append(_button("Back", "back", seat, prompt))
    found.append(_button("Pause", "pause", seat, prompt))
    return tuple(found)


def _finish_label(step: Step, prompt: Prompt) -> str:
    if prompt.manner is Manner.LEAD:
        return "Go on"
    if prompt.is_leading and step.closing is Closing.LEAD:
        return "Go on for all"
    if step.repeats and step.kind is StepKind.NOTES:
        return "Done in this classroom"
    return "Enough to go on" if step.every else _FINISH.get(step.kind, "Go on")


def _button(
    label: str,
    verb: str,
    seat: Seat,
    shown: Prompt | Waiting,
    emphasis: Emphasis = Emphasis.NORMAL,
    **more: str,
) -> Button:
    action = act(f"run.{verb}", run=seat.run.id, step=shown.step, v=shown.version, **more)
    return Button(label, action, emphasis)


def _place(seat: Seat, prompt: Prompt, today: date) -> str:
    """ "Lincoln Middle walkthrough, step 4 of 9, about 30 min"; until when, where somebody keeps the time."""
    minutes = f", about {prompt.minutes} min" if prompt.minutes and prompt.manner is Manner.ASK else ""
    if prompt.ends_at is not None:
        minutes = f", until {prompt.ends_at.astimezone(seat.zone):%H:%M}"
    again = f", round {prompt.round}" if prompt.round > 1 else ""
    item = prompt.item if seat.run.protocol.step(prompt.step).repeats else None
    lap = ""
    if item and prompt.manner is not Manner.LEAD:
        lap = f", room {item.text}" if item.text[:1].isdigit() else f", {item.text}"
    title = f"{seat.title[:1].upper()}{seat.title[1:]}"
    return f"{title}, step {prompt.number} of {prompt.total}{again}{lap}{minutes}{_due(seat, prompt, today)}"


def _due(seat: Seat, prompt: Prompt, today: date) -> str:
    """By when a step that prepares a meeting is to be done, or when one comes back by itself."""
    step, meets_on = seat.run.protocol.step(prompt.step), seat.run.state.meets_on
    if step.ahead and meets_on:
        return f", by {say_day(max(meets_on - timedelta(days=step.ahead), today), today)}"
    if prompt.rests_until:
        return f", comes back {say_day(prompt.rests_until, today)}"
    return ""


def stop_button(run_id: int) -> Button:
    return Button("Stop it", Action("run.stop_form", {"run": str(run_id)}))
