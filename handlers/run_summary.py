"""The summary of a run for those who took part: next steps first, the rest one press away."""

from datetime import date

from handlers.actions import act
from handlers.cards import Block, Button, Buttons, Card, Item, Items, Text
from handlers.run_cards import due_and_evidence, said, side_by_side, who_of
from handlers.run_seats import Seat
from handlers.turn import Turn
from protocols.cadence.moments import say_day
from protocols.guided.steps import Role, StepKind
from protocols.guided.summary import NextStep, Summary, summary

USEFUL = {1: "Not", 2: "A little", 3: "Quite", 4: "Very"}
"""What a principal may answer to "how useful was this visit?"."""


def summary_card(turn: Turn, seat: Seat, *, viewer: Role | None, is_full: bool = False) -> Card:
    """What it came to. ``viewer`` None: as all who took part may see it."""
    found = summary(seat.run.protocol, seat.run.state, viewer=viewer)
    today = turn.today
    day = say_day(seat.run.started_at.astimezone(turn.zone).date(), today)
    blocks: list[Block] = []
    if found.next_steps:
        items = tuple(
            Item(
                step.what,
                lead=f"{who_of(seat, step.who)}:",
                detail=due_and_evidence(
                    {"by_when": step.by_when.isoformat(), "evidence": step.evidence}, today
                ),
            )
            for step in found.next_steps
        )
        blocks.append(Items(items, title="Next steps"))
    differently = tuple(
        Item(entry.text, lead=f"{seat.call(role)}:")
        for role, entries in found.commitments.items()
        for entry in entries
    )
    if differently:
        blocks.append(Items(differently, title="Differently from now on"))
    if is_full:
        blocks += _everything(seat, found, today)
    else:
        blocks.append(Text(_counted(found)))
    if found.skipped:
        skipped = tuple(
            Item(skip.reason, lead=f"{seat.call(skip.role)}: {seat.run.protocol.step(skip.step).title}")
            for skip in found.skipped
        )
        blocks.append(Items(skipped, title="Left out, and why"))
    buttons = [] if is_full else [Button("All that was written", act("run.summary", run=seat.run.id, full=1))]
    if viewer is not None:
        buttons.append(Button("Edit my answers", act("run.edit_list", run=seat.run.id)))
    if buttons:
        blocks.append(Buttons(tuple(buttons)))
    return Card(f"{seat.title}, {day}", tuple(blocks))


def rating_card(seat: Seat) -> Card:
    """One question to the host, on one press."""
    buttons = tuple(Button(label, act("run.useful", run=seat.run.id, n=n)) for n, label in USEFUL.items())
    text = "How useful was this visit for your own work? Your answer is only counted together with others'."
    return Card("", (Text(text), Buttons(buttons)))


def say_promise(seat: Seat, step: NextStep, today: date) -> str:
    """ "Grace: give three notes. By Fri 11 Dec. To look at: the notes" """
    data = {"by_when": step.by_when.isoformat(), "evidence": step.evidence}
    return f"{who_of(seat, step.who)}: {step.what}. {due_and_evidence(data, today)}"


def _everything(seat: Seat, found: Summary, today: date) -> list[Block]:
    blocks: list[Block] = []
    shown = (StepKind.NEXT_STEPS, StepKind.COMMITMENT)
    revealed = {key for step in seat.run.protocol.steps for key in step.reveals}
    for section in found.sections:
        if section.kind in shown or section.step in revealed:
            continue
        items = tuple(
            Item(
                said(seat, entry, today),
                lead=f"{seat.call(entry.role)}:",
                detail="an impression" if entry.is_impression else "",
            )
            for entry in section.entries
        )
        blocks.append(Items(items, title=section.title))
    return [*blocks, *side_by_side(seat, found.comparisons)]


def _counted(found: Summary) -> str:
    notes = sum(len(section.entries) for section in found.sections if section.kind is StepKind.NOTES)
    impressions = len(found.impressions)
    parts = [f"{notes} classroom note{'' if notes == 1 else 's'}"] if notes else []
    if impressions:
        parts.append(f"{impressions} kept as an impression")
    return f"{', '.join(parts)}." if parts else "All that was written is kept for you both."
