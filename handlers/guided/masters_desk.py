"""The desk at which a protocol is adapted: whose it is, what holds now, and the one way to change the draft.

An ILD adapts her own copy, the administrator the district's. Buttons and awaited words name the version of the
protocol they were shown with, so that "step 3" is the step that was seen; an old one changes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Item, Items, Text
from handlers.errors import StaleError, UserError
from handlers.permissions import Right, Subject, may, require
from handlers.turn import Cards, Turn
from protocols.guided.adapting import AdaptationRefused
from protocols.guided.differences import differences
from protocols.guided.steps import Protocol, Role, Step, join_names
from storage import masters, record
from storage.masters import Master

DISTRICT, OWN = "district", "own"


@dataclass(frozen=True, slots=True)
class Desk:
    """``held`` is what a change starts from: the draft, or what is ``in_force`` for the owner (None: a new one)."""

    key: str
    owner_id: int | None
    held: Protocol
    in_force: Protocol | None
    draft: Master | None
    current: Master | None

    @property
    def whose(self) -> str:
        return DISTRICT if self.owner_id is None else OWN

    def act(self, verb: str, **args: str | int) -> Action:
        """A button's action about the protocol as it is held now."""
        return act(f"master.{verb}", key=self.key, of=self.whose, v=self.held.version, **args)

    def step(self, number: int) -> Step:
        """The step shown under that number, from 1. Raises ``UserError`` where there is none."""
        if not 1 <= number <= len(self.held.steps):
            raise UserError(f"It has steps 1 to {len(self.held.steps)}. Which one do you mean?")
        return self.held.steps[number - 1]


def require_any(turn: Turn, *, object: str = "masters") -> None:
    """Pass whoever may adapt protocols at all."""
    if not may(turn.person, Right.MANAGE_PROTOCOLS):
        require(turn.person, Right.ADAPT_PROTOCOL, object=object)


def usual_side(turn: Turn) -> str:
    """Whose protocols the person adapts where they do not say: an ILD her own."""
    return OWN if may(turn.person, Right.ADAPT_PROTOCOL) else DISTRICT


def owner_of(turn: Turn, whose: str, *, object: str) -> int | None:
    """The owner behind ``whose``; None: the district. Raises ``NotAllowedError``."""
    if whose == DISTRICT:
        require(turn.person, Right.MANAGE_PROTOCOLS, object=object)
        return None
    owner_id = turn.person.id
    require(turn.person, Right.ADAPT_PROTOCOL, Subject(owner_ids=frozenset({owner_id})), object=object)
    return owner_id


def open_desk(turn: Turn, key: str, whose: str) -> Desk:
    """Raises ``UserError`` where there is no such protocol, ``NotAllowedError`` where it is not theirs to adapt."""
    require_any(turn)
    owner_id = owner_of(turn, whose, object="masters")
    draft = masters.draft(turn.tx, key, owner_id)
    in_force = masters.available(turn.tx, owner_id).get(key)
    held = draft.protocol if draft else in_force
    if held is None:
        raise UserError("There is no such protocol any more. Write “adapt” to see those there are.")
    return Desk(key, owner_id, held, in_force, draft, masters.current(turn.tx, key, owner_id))


def at_desk(turn: Turn, args: Mapping[str, Any], run: Callable[[Desk], Cards]) -> Cards:
    """What a button or awaited words ask for; where the protocol has changed since, how it stands instead."""
    desk = open_desk(turn, str(args.get("key", "")), str(args.get("of", OWN)))
    if args.get("v") != desk.held.version:
        opening = Text("It has changed since that was shown, so I changed nothing. This is how it stands.")
        return [desk_card(turn, desk, opening=opening)]
    return run(desk)


def change(turn: Turn, desk: Desk, what: str, apply: Callable[[Protocol], Protocol]) -> Cards:
    """Change the draft, beginning one where there is none; what came of it. Raises ``UserError`` where refused."""
    try:
        after = apply(desk.held)
    except AdaptationRefused as refused:
        raise UserError(str(refused)) from None
    if after == desk.held:
        return [desk_card(turn, desk, opening=Text("That is how it stands already."))]
    keep(turn, desk, after, what)
    said = " ".join(differences(desk.held, after))
    return [desk_card(turn, open_desk(turn, desk.key, desk.whose), opening=Text(said))]


def keep(turn: Turn, desk: Desk, after: Protocol, what: str) -> None:
    """Write the draft down. Raises ``StaleError`` where somebody changed it in the same moment."""
    saved = masters.save_draft(
        turn.tx, desk.held, after, owner_id=desk.owner_id, by=turn.person.id, at=turn.now
    )
    if not saved:
        raise StaleError("Somebody changed it in the same moment. Write “adapt” to see how it stands.")
    note(turn, desk, "master.changed", what=what)


def note(turn: Turn, desk: Desk, action: str, **detail: str | int) -> None:
    """The audit row of whatever is done to a master."""
    audit_trail.write(turn, action, f"master:{desk.key}", of=desk.whose, **detail)


# ---------------------------------------------------------------- cards


def desk_card(turn: Turn, desk: Desk, *, opening: Text | None = None) -> Card:
    """The steps with their minutes and what can be done; words like "drop step 2" are about it from now on."""
    record.expect(
        turn.tx, turn.person.id, "master", at=turn.now, key=desk.key, of=desk.whose, v=desk.held.version
    )
    items = tuple(
        Item(
            step_facts(desk.held, step),
            lead=f"{number}. {step.title}",
            buttons=(Button("Change", desk.act("step", n=number)),),
        )
        for number, step in enumerate(desk.held.steps, 1)
    )
    blocks: list[Block] = [opening] if opening else []
    blocks += [Text(_standing(desk)), Items(items), Buttons(_desk_buttons(turn, desk))]
    hint = (
        "Or write it: “rename step 2 to …”, “reword step 2: …”, “step 2 takes 10 minutes”, “drop step 2”, "
        "“add a step after 2: …”, “move step 2 after 4”."
    )
    blocks.append(Text(hint, quiet=True))
    return Card(desk.held.title, tuple(blocks))


def _standing(desk: Desk) -> str:
    whose = "The district's" if desk.owner_id is None else "Yours"
    minutes = f"{len(desk.held.steps)} steps, {desk.held.minutes} minutes."
    if desk.draft is not None:
        count = len(differences(desk.in_force, desk.held)) if desk.in_force else 0
        number = "1 change" if count == 1 else f"{count} changes"
        what = f"with {number}" if desk.in_force else "of a new protocol"
        return f"{whose}, a draft {what}. {minutes} It counts for new runs once you put it in force."
    if desk.current is not None:
        return f"{whose}, in force. {minutes}" + (
            " Other ILDs may take it." if desk.current.is_shared else ""
        )
    of = "the district's" if desk.owner_id is None else "your own"
    return f"{minutes} Nothing is changed yet; the first change makes a draft of {of}."


def _desk_buttons(turn: Turn, desk: Desk) -> tuple[Button, ...]:
    buttons = [Button("Add a step", desk.act("add")), Button("Preview", desk.act("preview"))]
    if desk.draft is not None:
        buttons.append(Button("Put in force", desk.act("force"), Emphasis.PRIMARY))
        buttons.append(Button("Throw the draft away", desk.act("discard")))
    elif desk.current is not None:
        buttons.append(Button("Go back", desk.act("back", id=desk.current.id)))
        if desk.owner_id is not None:
            label = "Stop sharing" if desk.current.is_shared else "Share"
            buttons.append(Button(label, desk.act("share", id=desk.current.id)))
    if masters.history(turn.tx, desk.key, desk.owner_id):
        buttons.append(Button("Earlier ones", desk.act("history")))
    return tuple(buttons)


def step_facts(protocol: Protocol, step: Step) -> str:
    """ "3 minutes, the principal" """
    who = join_names([protocol.roles[role] for role in step.who])
    return ", ".join(filter(None, (say_minutes(step.minutes), who)))


def say_minutes(minutes: int | None) -> str:
    return "" if minutes is None else "1 minute" if minutes == 1 else f"{minutes} minutes"


def find_role(protocol: Protocol, words: str) -> Role:
    """The role called so ("visitor", "the principal"). Raises ``UserError`` where the protocol has none."""
    said = words.casefold().removeprefix("the ").strip()
    for role, called in protocol.roles.items():
        if said in (role.value, called.casefold().removeprefix("the ")):
            return role
    raise UserError(
        f"Nobody in it is called “{words}”. There are {join_names(list(protocol.roles.values()))}."
    )
