"""The changes themselves: a form for each, and the words that do the same at once ("step 4 takes 20 minutes")."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from handlers.actions import Action
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Field, FieldKind, Option, Quote, Text
from handlers.errors import UserError
from handlers.guided.masters_desk import (
    Desk,
    at_desk,
    change,
    desk_card,
    find_role,
    open_desk,
    owner_of,
    require_any,
    step_facts,
    usual_side,
)
from handlers.turn import Cards, Turn, Values
from protocols.guided.adapting import (
    Wording,
    add_step,
    drop_step,
    move_step,
    rename_protocol,
    rename_step,
    retime_step,
    reword_step,
    why_kept,
)
from protocols.guided.steps import Protocol, Role, Step, StepKind
from storage import masters, record

WAITS = timedelta(hours=2)
"""So long after a form plain words are taken for what it asks; later they were meant for something else."""
WORDS_IN_TITLE = 5
_KINDS = {
    "step": StepKind.TEXT,
    "question": StepKind.TEXT,
    "list": StepKind.LIST,
    "talk": StepKind.TALK,
    "commitment": StepKind.COMMITMENT,
}
_KIND_OPTIONS = (
    Option("question", "A question, answered in one's own words"),
    Option("list", "A short list, one a line"),
    Option("talk", "Something said aloud; nothing is written"),
    Option("commitment", "What each will do differently"),
)

# ---------------------------------------------------------------- one step


def press_step(turn: Turn, action: Action, _values: Values) -> Cards:
    """A step with all it says, and what can be changed about it."""
    return at_desk(turn, action.args, lambda desk: [_step_card(desk, action.number("n"))])


def _step_card(desk: Desk, number: int) -> Card:
    step = desk.step(number)
    kept = why_kept(desk.held, step.key)
    buttons = [
        Button("Rename", desk.act("form", n=number, what="rename")),
        Button("Reword", desk.act("form", n=number, what="reword")),
        Button("Time", desk.act("form", n=number, what="time")),
    ]
    if not kept:
        buttons.append(Button("Drop", desk.act("drop", n=number), Emphasis.DANGER))
    buttons += [
        Button("Add a step after it", desk.act("add", n=number)),
        Button("All steps", desk.act("desk")),
    ]
    blocks: list[Block] = [Text(step_facts(desk.held, step), quiet=True)]
    blocks += [Quote(text, source=_reads(desk.held, roles)) for text, roles in same_texts(step.ask)]
    if step.more:
        blocks.append(Quote(step.more, source="to go on"))
    if step.help:
        blocks.append(Quote(step.help, source="small print"))
    if kept:
        blocks.append(Text(kept, quiet=True))
    blocks.append(Buttons(tuple(buttons)))
    return Card(f"{number}. {step.title}", tuple(blocks))


def same_texts(texts: Mapping[Role, str]) -> list[tuple[str, list[Role]]]:
    """Each text with the roles who read it."""
    found: dict[str, list[Role]] = {}
    for role, text in texts.items():
        found.setdefault(text, []).append(role)
    return list(found.items())


def _reads(protocol: Protocol, roles: list[Role]) -> str:
    return " and ".join(protocol.roles[role] for role in roles)


def press_form(turn: Turn, action: Action, _values: Values) -> Cards:
    """Ask for a new title, new words or another time; an answer in plain words will do."""
    return at_desk(
        turn, action.args, lambda desk: _form(turn, desk, action.number("n"), action.args.get("what", ""))
    )


def _form(turn: Turn, desk: Desk, number: int, what: str) -> Cards:
    step = desk.step(number)
    save = Button("Save", desk.act("save", n=number, what=what), Emphasis.PRIMARY)
    fields: list[Block]
    match what:
        case "rename":
            ask = f"What shall “{step.title}” be called?"
            fields = [Field("title", "Title", value=step.title, required=True)]
        case "time":
            ask = f"How many minutes for “{step.title}”?"
            fields = [Field("minutes", "Minutes", value=str(step.minutes or ""), required=True)]
        case "reword":
            ask = f"What shall “{step.title}” say? {_names_sentence(desk.held)}"
            fields = _reword_fields(desk.held, step)
        case _:
            raise UserError("That I can't change. Write “adapt” to see what I can.")
    _await(turn, desk, n=number, ask=what)
    return [Card("", (Text(ask), *fields, Buttons((save, Button("Back", desk.act("step", n=number))))))]


def _reword_fields(protocol: Protocol, step: Step) -> list[Block]:
    fields: list[Block] = [
        Field(
            f"ask_{roles[0].value}",
            f"To {_reads(protocol, roles)}",
            FieldKind.LONG,
            value=text,
            required=True,
        )
        for text, roles in same_texts(step.ask)
    ]
    for wording, label in ((Wording.MORE, "To go on"), (Wording.HELP, "Small print")):
        if text := getattr(step, wording.value):
            fields.append(Field(wording.value, label, FieldKind.LONG, value=text))
    return fields


def _names_sentence(protocol: Protocol) -> str:
    names = ", ".join(f"{{{role.value}}}" for role in protocol.parts)
    return f"{names} become names."


def _await(turn: Turn, desk: Desk, **more: Any) -> None:
    record.expect(
        turn.tx,
        turn.person.id,
        "master",
        at=turn.now,
        key=desk.key,
        of=desk.whose,
        v=desk.held.version,
        **more,
    )


def press_save(turn: Turn, action: Action, values: Values) -> Cards:
    """What was filled into a form of one step."""

    def save(desk: Desk) -> Cards:
        step = desk.step(action.number("n"))
        match action.args.get("what"):
            case "rename":
                return _rename(turn, desk, step, values.get("title", ""))
            case "time":
                return _retime(turn, desk, step, values.get("minutes", ""))
            case _:
                return change(turn, desk, "reword", lambda held: _reworded(held, step, values))

    return at_desk(turn, action.args, save)


def _reworded(protocol: Protocol, step: Step, values: Values) -> Protocol:
    for text, roles in same_texts(step.ask):
        new = values.get(f"ask_{roles[0].value}", text)
        for role in roles if new != text else ():
            protocol = reword_step(protocol, step.key, new, role=role)
    for wording in (Wording.MORE, Wording.HELP):
        if new := values.get(wording.value, "").strip():
            protocol = reword_step(protocol, step.key, new, wording=wording)
    return protocol


def press_drop(turn: Turn, action: Action, _values: Values) -> Cards:
    """Leave a step out of the draft."""
    return at_desk(turn, action.args, lambda desk: _drop(turn, desk, desk.step(action.number("n"))))


def _rename(turn: Turn, desk: Desk, step: Step, title: str) -> Cards:
    return change(turn, desk, "rename", lambda held: rename_step(held, step.key, title))


def _retime(turn: Turn, desk: Desk, step: Step, words: str) -> Cards:
    found = re.search(r"\d{1,4}", words)
    if found is None:
        raise UserError(f"How many minutes for “{step.title}”? A number from 1 to 600 will do.")
    return change(turn, desk, "time", lambda held: retime_step(held, step.key, int(found[0])))


def _drop(turn: Turn, desk: Desk, step: Step) -> Cards:
    return change(turn, desk, "drop", lambda held: drop_step(held, step.key))


# ---------------------------------------------------------------- one more step


def press_add(turn: Turn, action: Action, _values: Values) -> Cards:
    """The form of a new step; behind a step where the button names one, else before the next steps."""

    def form(desk: Desk) -> Cards:
        after = action.number("n") if "n" in action.args else _usual_place(desk.held)
        places = (
            Option("0", "At the beginning"),
            *(Option(str(n), f"After {n}. {step.title}") for n, step in enumerate(desk.held.steps, 1)),
        )
        roles = tuple(Option(role.value, called) for role, called in desk.held.roles.items())
        blocks: tuple[Block, ...] = (
            Text(f"One more step. {_names_sentence(desk.held)}"),
            Field("title", "Title", required=True),
            Field("ask", "What it asks", FieldKind.LONG, required=True),
            Field("after", "Where", FieldKind.CHOICE, value=str(after), options=places),
            Field("kind", "What is done", FieldKind.CHOICE, value="question", options=_KIND_OPTIONS),
            Field("who", "Who is asked", FieldKind.CHOICES, options=roles, hint="Empty: everybody"),
            Field("minutes", "Minutes"),
            Buttons(
                (Button("Add it", desk.act("added"), Emphasis.PRIMARY), Button("Back", desk.act("desk")))
            ),
        )
        return [Card("", blocks)]

    return at_desk(turn, action.args, form)


def _usual_place(protocol: Protocol) -> int:
    return next(n for n, step in enumerate(protocol.steps) if step.kind is StepKind.NEXT_STEPS)


def press_added(turn: Turn, action: Action, values: Values) -> Cards:
    """What was filled into that form."""

    def add(desk: Desk) -> Cards:
        who = [find_role(desk.held, words) for words in values.get("who", "").split("\n") if words]
        minutes = re.search(r"\d{1,4}", values.get("minutes", ""))
        return _add(
            turn,
            desk,
            title=values.get("title", ""),
            ask=values.get("ask", ""),
            after=int(values["after"]) if values.get("after", "").isdecimal() else _usual_place(desk.held),
            kind=values.get("kind", "question"),
            who=who,
            minutes=int(minutes[0]) if minutes else None,
        )

    return at_desk(turn, action.args, add)


def _add(
    turn: Turn,
    desk: Desk,
    *,
    title: str,
    ask: str,
    after: int,
    kind: str,
    who: list[Role],
    minutes: int | None,
) -> Cards:
    behind = desk.step(after).key if after else ""
    return change(
        turn,
        desk,
        "add",
        lambda held: add_step(
            held, title, ask, after=behind, who=who, kind=_KINDS.get(kind, StepKind.TEXT), minutes=minutes
        ),
    )


# ---------------------------------------------------------------- in words


def awaited(turn: Turn, args: Mapping[str, Any], text: str) -> Cards | None:
    """Plain words after a form of one step; None where none is open or it was long ago."""
    expected = record.expectation_of(turn.tx, turn.person.id)
    what = args.get("ask")
    if expected is None or what is None or turn.now - expected.since > WAITS:
        return None

    def run(desk: Desk) -> Cards:
        step = desk.step(int(args["n"]))
        match what:
            case "rename":
                return _rename(turn, desk, step, text)
            case "time":
                return _retime(turn, desk, step, text)
            case _:
                return change(turn, desk, "reword", lambda held: reword_step(held, step.key, text))

    return at_desk(turn, args, run)


def in_words(
    run: Callable[[Turn, Desk, re.Match[str]], Cards],
) -> Callable[[Turn, re.Match[str]], Cards | None]:
    """A change in words is about the protocol that was opened last; None where something else is being answered."""

    def read(turn: Turn, match: re.Match[str]) -> Cards | None:
        expected = record.expectation_of(turn.tx, turn.person.id)
        if expected is not None and expected.topic == "master":
            return at_desk(turn, expected.args, lambda desk: run(turn, desk, match))
        if expected is not None:
            return None
        require_any(turn)
        whose = usual_side(turn)
        drafts = masters.drafts(turn.tx, owner_of(turn, whose, object="masters"))
        if not drafts:
            raise UserError("Of which protocol? Write “adapt walkthrough” first, then this.")
        return run(turn, open_desk(turn, drafts[0].key, whose), match)

    return read


def rename_words(turn: Turn, desk: Desk, match: re.Match[str]) -> Cards:
    """ "rename step 3 to What we look for" """
    return _rename(turn, desk, desk.step(int(match["n"])), _unquoted(match["text"]))


def reword_words(turn: Turn, desk: Desk, match: re.Match[str]) -> Cards:
    """ "reword step 3 for the visitor: ..." """
    step = desk.step(int(match["n"]))
    role = find_role(desk.held, match["role"]) if match["role"] else None
    text = _unquoted(match["text"])
    return change(turn, desk, "reword", lambda held: reword_step(held, step.key, text, role=role))


def retime_words(turn: Turn, desk: Desk, match: re.Match[str]) -> Cards:
    """ "step 4 takes 20 minutes" """
    return _retime(turn, desk, desk.step(int(match["n"])), match["minutes"])


def drop_words(turn: Turn, desk: Desk, match: re.Match[str]) -> Cards:
    """ "drop step 2" """
    return _drop(turn, desk, desk.step(int(match["n"])))


def move_words(turn: Turn, desk: Desk, match: re.Match[str]) -> Cards:
    """ "move step 2 after 4" """
    step = desk.step(int(match["n"]))
    after = desk.step(int(match["to"])).key if match["to"] else ""
    return change(turn, desk, "move", lambda held: move_step(held, step.key, after=after))


def title_words(turn: Turn, desk: Desk, match: re.Match[str]) -> Cards:
    """ "call the protocol Learning walk" """
    title = _unquoted(match["text"])
    return change(turn, desk, "title", lambda held: rename_protocol(held, title))


def add_words(turn: Turn, desk: Desk, match: re.Match[str]) -> Cards:
    """ "add a step after 3 for the visitor: A question: What surprised you? (5 min)" """
    text = _unquoted(match["text"])
    minutes = re.search(r"\s*\((\d{1,3}) ?min(?:utes)?\.?\)$", text)
    text = text[: minutes.start()] if minutes else text
    title, colon, ask = text.partition(": ")
    if not colon or len(title.split()) > WORDS_IN_TITLE:
        title, ask = " ".join(re.findall(r"[\w’'-]+", text)[:WORDS_IN_TITLE]), text
    return _add(
        turn,
        desk,
        title=title,
        ask=ask,
        after=int(match["n"]) if match["n"] else 0,
        kind=match["kind"].lower(),
        who=[find_role(desk.held, match["role"])] if match["role"] else [],
        minutes=int(minutes[1]) if minutes else None,
    )


def press_desk(turn: Turn, action: Action, _values: Values) -> Cards:
    """Back to all steps."""
    return at_desk(turn, action.args, lambda desk: [desk_card(turn, desk)])


def _unquoted(text: str) -> str:
    return text.strip().strip("“”\"'").strip()
