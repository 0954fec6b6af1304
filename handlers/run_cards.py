"""The cards of a guided run: what one is asked, what one reads along, both sides' notes, where it stands.

Short, for a phone in a corridor: the question, a field, the buttons that make sense now. Every button carries run,
step and version, so that an old one is known as old.
"""

from collections.abc import Sequence
from datetime import date

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
from handlers.run_fields import Values, entry_fields, rewrite_fields
from handlers.run_seats import Seat
from protocols.cadence.moments import say_day
from protocols.guided.comparison import Comparison
from protocols.guided.prompts import Manner, Prompt, Waiting
from protocols.guided.state import Entry, Promise, Status
from protocols.guided.steps import Challenge, Role, SeatKey, StepKind, role_of

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
    match seat.asked():
        case Prompt() as prompt:
            return _prompt_card(seat, prompt, today, before, lead, values or {})
        case Waiting() as waiting:
            return _waiting_card(seat, waiting, before)


def _prompt_card(
    seat: Seat, prompt: Prompt, today: date, before: Sequence[Block], lead: str, values: Values
) -> Card:
    blocks: list[Block] = [Text(_place(seat, prompt), quiet=True), *before]
    blocks.extend(_what_went_before(seat, prompt, today))
    if tagging := _tagging(seat, prompt, lead):
        blocks.extend(tagging)
        lead = ""
    blocks.append(Text(prompt.text, lead=lead))
    if prompt.help and not prompt.entries and prompt.manner is Manner.ASK:
        blocks.append(Text(prompt.help, quiet=True))
    blocks.extend(_so_far(seat, prompt, today))
    if prompt.manner is Manner.REVEAL:
        blocks.extend(side_by_side(seat, prompt.comparisons))
    blocks.extend(_fields(seat, prompt, values))
    blocks.append(Buttons(_buttons(seat, prompt)))
    return Card(prompt.title, tuple(blocks))


def _waiting_card(seat: Seat, waiting: Waiting, before: Sequence[Block]) -> Card:
    blocks: list[Block] = [*before, Text(waiting.text)]
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


def _what_went_before(seat: Seat, prompt: Prompt, today: date) -> list[Block]:
    """What the other side wrote in the steps just before, in which this one had no part: shown once, on opening."""
    if prompt.entries or prompt.is_revisited or prompt.manner is not Manner.ASK:
        return []
    protocol = seat.run.protocol
    sees = seat.sees()
    blocks: list[Block] = []
    for step in reversed(protocol.steps[: protocol.position(prompt.step)]):
        if seat.role in step.who or seat.role in step.listens:
            break
        items = tuple(
            Item(said(seat, entry, today))
            for entry in sees
            if entry.step == step.key and entry.round == seat.run.state.round_of(step.key)
        )
        if items:
            blocks.insert(0, Items(items, title=step.title, numbered=step.kind is StepKind.LIST))
    tagged = protocol.step(prompt.step).tags
    if prompt.tags and tagged and seat.role in protocol.step(tagged).who:
        blocks.append(
            Items(
                tuple(Item(tag.label) for tag in prompt.tags),
                title=protocol.step(tagged).title,
                numbered=True,
            )
        )
    return blocks


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
        return rewrite_fields(step, text, data)
    return entry_fields(seat, step, text, data, room=prompt.room)


def _mine(prompt: Prompt) -> tuple[Entry, ...]:
    return tuple(entry for entry in prompt.entries if entry.seat == prompt.seat)


def _so_far(seat: Seat, prompt: Prompt, today: date) -> list[Block]:
    """Of a step looked at again, what this side has written there."""
    mine = _mine(prompt)
    if not (prompt.is_revisited and mine and seat.run.protocol.step(prompt.step).takes_many):
        return []
    return [Items(tuple(Item(said(seat, entry, today)) for entry in mine), title="So far")]


def _tagging(seat: Seat, prompt: Prompt, lead: str) -> list[Block]:
    """One press puts the note just typed under a look-for, so that the debrief can lay both sides beside each other."""
    if not prompt.tags or not prompt.entries or prompt.manner is not Manner.ASK or prompt.is_revisited:
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
        case Manner.REVEAL:
            pass
        case Manner.ASK if step.kind is StepKind.CHOICE:
            found += [
                _button(option.label, "pick", seat, prompt, option=option.key) for option in step.options
            ]
        case Manner.ASK:
            found.append(_button(_SEND.get(step.kind, "Send"), "answer", seat, prompt, Emphasis.PRIMARY))
    if prompt.may_finish:
        label = "Leave it as it is" if prompt.is_revisited else _FINISH.get(step.kind, "Go on")
        found.append(_button(label, "finish", seat, prompt))
    if prompt.may_skip and not prompt.may_finish:
        found.append(_button("Skip", "skip_form", seat, prompt))
    if prompt.may_go_back:
        found.append(_button("Back", "back", seat, prompt))
    found.append(_button("Pause", "pause", seat, prompt))
    return tuple(found)


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


def _place(seat: Seat, prompt: Prompt) -> str:
    minutes = f", about {prompt.minutes} min" if prompt.minutes and prompt.manner is Manner.ASK else ""
    again = f", round {prompt.round}" if prompt.round > 1 else ""
    return f"{seat.title}, step {prompt.number} of {prompt.total}{again}{minutes}"


# ---------------------------------------------------------------- what was written


def said(seat: Seat, entry: Entry, today: date) -> str:
    """An entry in one line: a choice by its label, a next step with who and by when, a note with its room."""
    step = seat.run.protocol.step(entry.step)
    match step.kind:
        case StepKind.CHOICE:
            return step.option(entry.text).label
        case StepKind.NOTES:
            return f"Room {entry.data['room']}: {entry.text}"
        case StepKind.NEXT_STEPS:
            return f"{who_of(seat, entry.data['who'])}: {entry.text}. {due_and_evidence(entry.data, today)}"
        case _:
            return entry.text


def said_alone(seat: Seat, entry: Entry) -> str:
    """An entry whose classroom is told already: of a choice the option's label."""
    step = seat.run.protocol.step(entry.step)
    return step.option(entry.text).label if step.kind is StepKind.CHOICE else entry.text


def due_and_evidence(data: Values, today: date) -> str:
    """ "By Fri 11 Dec. To look at: the three notes" """
    due = say_day(date.fromisoformat(data["by_when"]), today)
    return f"By {due}. To look at: {data['evidence']}"


def who_of(seat: Seat, who: str) -> str:
    """The person in a seat, or the name as it was written."""
    return seat.call(SeatKey(who)) if who in seat.people else who


def side_by_side(seat: Seat, comparisons: Sequence[Comparison]) -> list[Block]:
    """Both sides' notes, one list for each look-for and classroom; a side without a note is named too."""
    blocks: list[Block] = []
    has_look_fors = any(comparison.is_look_for for comparison in comparisons)
    for comparison in comparisons:
        topic = comparison.topic if comparison.is_look_for or not has_look_fors else "Other notes"
        named = f"room {comparison.room}" if comparison.room[:1].isdigit() else comparison.room
        where = f", {named}" if named else ""
        items: list[Item] = []
        for key in sorted(comparison.sides, key=lambda other: other != seat.key):
            entries = comparison.sides[key]
            items += [
                Item(
                    said_alone(seat, entry),
                    lead=f"{seat.call_writer(entry)}:",
                    detail="an impression" if entry.is_impression else "",
                )
                for entry in entries
            ] or [Item("no note", lead=f"{seat.call(key)}:")]
        blocks.append(Items(tuple(items), title=f"{topic}{where}"))
    return blocks


def news(before: Seat, after: Seat, today: date) -> list[Block]:
    """What the other side has written since, as far as this side reads along at once.

    Notes wait for the reveal, which shows them in their order; a commitment shows when both have written.
    """
    known = {(entry.number, entry.text, tuple(entry.data.items())) for entry in before.sees()}
    revealed = {key for step in after.run.protocol.steps for key in step.reveals}
    blocks: list[Block] = []
    for entry in after.sees():
        step = after.run.protocol.step(entry.step)
        takes_part = after.role in (*step.who, *step.listens, Role.OBSERVER)
        is_new = (entry.number, entry.text, tuple(entry.data.items())) not in known
        if entry.seat != after.key and is_new and takes_part and step.key not in revealed:
            source = f"{after.call_writer(entry)}, {step.title[:1].lower()}{step.title[1:]}"
            blocks.append(Quote(said(after, entry, today), source=source))
    return blocks


def promised_items(seat: Seat, promised: Sequence[Promise], today: date) -> list[Block]:
    """What was promised last time, by both."""
    if not promised:
        return []
    items = tuple(
        Item(
            promise.what,
            lead=f"{seat.call(promise.by) if promise.by and promise.by in seat.people else promise.who}:",
            detail=due_and_evidence({"by_when": promise.by_when, "evidence": promise.evidence}, today)
            if promise.by_when
            else "",
        )
        for promise in promised
    )
    return [Items(items, title="Promised last time")]


def where_card(seat: Seat, today: date) -> Card:
    """Where the run stands, for both sides, and the way on."""
    state, protocol = seat.run.state, seat.run.protocol
    if state.is_over:
        return asked_card(seat, today)
    step = protocol.step(state.step)
    lines = []
    for key in sorted(state.seats, key=lambda other: other != seat.key):
        role = role_of(key)
        count = len(state.live(step.key, key)) if role in step.who and step.takes_many else None
        doing = _DOING.get(step.kind, "writing")
        if (step.key, key) in state.done:
            doing = "done here"
        if role not in step.who:
            doing = "listening" if role in step.listens else "waiting"
        written = f", {count} so far" if count else ""
        lines.append(f"{seat.call(key)}: {doing}{written}")
    place = f"{seat.title}, step {protocol.position(step.key) + 1} of {len(protocol.steps)}. "
    is_asked = isinstance(seat.asked(), Prompt)  # whose card says the place itself
    text = Text(f"{'' if is_asked else place}{'; '.join(lines)}.", lead=f"{step.title}.")
    return asked_card(seat, today, before=(text,))


_DOING = {StepKind.REVEAL: "reading", StepKind.TALK: "talking"}


def stop_button(run_id: int) -> Button:
    return Button("Stop it", Action("run.stop_form", {"run": str(run_id)}))
