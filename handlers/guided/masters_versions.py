"""What becomes of a draft: preview, in force, back again, earlier versions, and sharing with other ILDs."""

from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Item, Items, Text
from handlers.errors import StaleError, UserError
from handlers.guided.masters_desk import (
    OWN,
    Desk,
    at_desk,
    desk_card,
    keep,
    note,
    open_desk,
    require_any,
    say_minutes,
    usual_side,
)
from handlers.guided.masters_edits import same_texts
from handlers.turn import Cards, Turn, Values
from protocols.cadence.moments import say_day
from protocols.guided.differences import differences
from protocols.guided.steps import Protocol, Step
from protocols.guided.wording import blanks, fill
from storage import masters, people, record
from storage.masters import Master

MOST_VERSIONS = 10
"""Earlier versions shown, newest first."""

# ---------------------------------------------------------------- preview


def press_preview(turn: Turn, action: Action, _values: Values) -> Cards:
    """Every question as each role will read it, headed by what differs from what is in force."""
    return at_desk(turn, action.args, lambda desk: [preview_card(desk)])


def preview_card(desk: Desk) -> Card:
    found = differences(desk.in_force, desk.held) if desk.in_force else ()
    blocks: list[Block] = []
    if desk.in_force is None:
        blocks.append(Text("A new protocol. Once it is in force, it is begun from “protocols”."))
    elif found:
        blocks.append(Items(tuple(map(Item, found)), title="What differs from what is in force"))
    else:
        blocks.append(Text("Nothing differs from what is in force."))
    blocks.append(Items(_read_aloud(desk.held), title="What each will read"))
    buttons = [Button("Back to the steps", desk.act("desk"))]
    if desk.draft is not None:
        buttons.insert(0, Button("Put in force", desk.act("force"), Emphasis.PRIMARY))
    blocks.append(Buttons(tuple(buttons)))
    return Card(f"Preview: {desk.held.title}", tuple(blocks))


def _read_aloud(protocol: Protocol) -> tuple[Item, ...]:
    return tuple(
        Item(
            "\n".join(_lines(protocol, step)),
            lead=f"{number}. {step.title}",
            detail=say_minutes(step.minutes),
        )
        for number, step in enumerate(protocol.steps, 1)
    )


def _lines(protocol: Protocol, step: Step) -> list[str]:
    names = {**blanks(protocol, {}), "item": "…"}
    lines = []
    for texts, lead in ((step.ask, "To"), (step.wait, "Meanwhile, to")):
        for text, roles in same_texts(texts):
            who = " and ".join(protocol.roles[role] for role in roles)
            lines.append(f"{lead} {who}: “{fill(text, names)}”")
    if step.more:
        lines.append(f"To go on: “{fill(step.more, names)}”")
    if step.help:
        lines.append(f"Small print: “{fill(step.help, names)}”")
    return lines


# ---------------------------------------------------------------- in force, and back


def press_force(turn: Turn, action: Action, _values: Values) -> Cards:
    """The draft counts for runs begun from now on."""

    def force(desk: Desk) -> Cards:
        if desk.draft is None:
            return [desk_card(turn, desk, opening=Text("That is in force already."))]
        if desk.held == desk.in_force:
            raise UserError("Nothing differs from what is in force. Change a step, or throw the draft away.")
        if not masters.put_in_force(turn.tx, desk.draft.id, body=desk.held, at=turn.now):
            raise StaleError("Somebody changed it in the same moment. Write “adapt” to see how it stands.")
        note(turn, desk, "master.in_force", master=desk.draft.id)
        whose = "new runs of the district" if desk.owner_id is None else "new runs at your schools"
        opening = Text(f"In force for {whose}. Those that have begun keep the version they began with.")
        return [_at_rest(turn, desk, opening)]

    return at_desk(turn, action.args, force)


def press_discard(turn: Turn, action: Action, _values: Values) -> Cards:
    """The draft is gone; what is in force stays."""

    def discard(desk: Desk) -> Cards:
        if masters.discard_draft(turn.tx, desk.key, desk.owner_id):
            note(turn, desk, "master.discarded")
        if desk.in_force is None:
            return [Card("", (Text("The draft is gone. Write “adapt” to see the protocols there are."),))]
        return [_at_rest(turn, desk, Text("The draft is gone; what is in force stays."))]

    return at_desk(turn, action.args, discard)


def press_back(turn: Turn, action: Action, _values: Values) -> Cards:
    """The version before is in force again."""

    def back(desk: Desk) -> Cards:
        before = masters.previous(turn.tx, desk.key, desk.owner_id)
        if before is None:
            raise UserError("There is nothing before it: this protocol came with the district's own file.")
        held = desk.current
        if held is None or held.id != action.number("id") or not masters.go_back(turn.tx, held.id):
            raise StaleError("That is not in force any more. Write “adapt” to see how it stands.")
        note(turn, desk, "master.back", master=held.id)
        said = " ".join(differences(held.protocol, before)) or "Nothing differs in its words."
        return [_at_rest(turn, desk, Text(f"The one before is in force again, for new runs. {said}"))]

    return at_desk(turn, action.args, back)


def _at_rest(turn: Turn, desk: Desk, opening: Text) -> Card:
    return desk_card(turn, open_desk(turn, desk.key, desk.whose), opening=opening)


def press_history(turn: Turn, action: Action, _values: Values) -> Cards:
    """The versions that were in force, each to be taken again as a draft."""

    def show(desk: Desk) -> Cards:
        items = tuple(
            Item(_when(turn, one), buttons=(Button("Take it again", desk.act("again", id=one.id)),))
            for one in masters.history(turn.tx, desk.key, desk.owner_id)[:MOST_VERSIONS]
        )
        back = Buttons((Button("All steps", desk.act("desk")),))
        return [Card(f"{desk.held.title}: earlier ones", (Items(items), back))]

    return at_desk(turn, action.args, show)


def _when(turn: Turn, one: Master) -> str:
    day = say_day(one.made_at.astimezone(turn.zone).date(), turn.today)
    whence = f", from {one.file}" if one.file else ""
    state = ", in force" if one.state == "in_force" else ""
    count = len(one.protocol.steps)
    return f"{day}{whence}: {count} steps, {one.protocol.minutes} minutes{state}"


def press_again(turn: Turn, action: Action, _values: Values) -> Cards:
    """An earlier version of the owner's becomes the draft."""

    def again(desk: Desk) -> Cards:
        one = masters.get(turn.tx, action.number("id"))
        if one is None or (one.key, one.owner_id) != (desk.key, desk.owner_id):
            raise UserError("That version is not one of these. Write “adapt” to see them.")
        return _take(turn, desk, one)

    return at_desk(turn, action.args, again)


# ---------------------------------------------------------------- sharing


def press_share(turn: Turn, action: Action, _values: Values) -> Cards:
    """Other ILDs may take the version in force, or no longer."""

    def share(desk: Desk) -> Cards:
        held = desk.current
        if desk.owner_id is None or held is None or held.id != action.number("id"):
            raise StaleError("That is not in force any more. Write “adapt” to see how it stands.")
        if masters.share(turn.tx, held.id, is_shared=not held.is_shared):
            note(turn, desk, "master.unshared" if held.is_shared else "master.shared", master=held.id)
        said = (
            "It is yours alone again. Whoever took it keeps their copy."
            if held.is_shared
            else "Shared. Other ILDs find it under “shared protocols” and may take a copy."
        )
        return [_at_rest(turn, desk, Text(said))]

    return at_desk(turn, action.args, share)


def shared_cards(turn: Turn) -> Cards:
    """ "shared protocols": what other ILDs share, and what differs in it from what one has."""
    require_any(turn)
    shared = [one for one in masters.shared(turn.tx) if one.owner_id != turn.person.id]
    if not shared:
        return [Card("", (Text("Nobody shares a protocol yet. Yours you share under “adapt”."),))]
    owners = people.get_people(turn.tx, {one.owner_id for one in shared if one.owner_id}, on=turn.today)
    items = tuple(
        Item(
            _against_own(turn, one),
            lead=one.protocol.title,
            detail=f"from {owners[one.owner_id].name}" if one.owner_id else "",
            buttons=(Button("Take a copy", act("master.take", id=one.id)),),
        )
        for one in shared
    )
    return [Card("Shared protocols", (Items(items),))]


def _against_own(turn: Turn, one: Master) -> str:
    owner_id = turn.person.id if usual_side(turn) == OWN else None
    try:
        own = masters.in_force(turn.tx, one.key, owner_id)
    except KeyError:
        return one.protocol.purpose
    return " ".join(differences(own, one.protocol)) or "The same as what you have."


def press_take(turn: Turn, action: Action, _values: Values) -> Cards:
    """A copy of what another ILD shares, as a draft of one's own."""
    require_any(turn)
    one = masters.get(turn.tx, action.number("id"))
    if one is None or not one.is_shared or one.state != "in_force":
        raise StaleError("That is not shared any more. Write “shared protocols” to see what is.")
    return _take(turn, open_desk(turn, one.key, usual_side(turn)), one)


def _take(turn: Turn, desk: Desk, one: Master) -> Cards:
    if desk.draft is not None:
        raise UserError(
            "You have a draft of it. Put that in force or throw it away first, so that nothing is lost.",
            buttons=(Button("Open the draft", desk.act("desk")),),
        )
    if one.protocol == desk.held:
        return [desk_card(turn, desk, opening=Text("That is what is in force already."))]
    keep(turn, desk, one.protocol, "take")
    record.expect_nothing(turn.tx, turn.person.id)
    return [preview_card(open_desk(turn, desk.key, desk.whose))]
