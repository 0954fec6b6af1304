"""What was written in a run, in lines and lists: an entry, both sides' notes, a prediction beside its result."""

from collections.abc import Sequence
from datetime import date

from handlers.cards import Block, Item, Items, Quote
from handlers.run_fields import Values
from handlers.run_seats import Seat
from protocols.cadence.moments import say_day
from protocols.guided.comparison import Comparison, Contrast
from protocols.guided.state import Entry, Promise
from protocols.guided.steps import Closing, Role, SeatKey, StepKind


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


def laid_against(contrasts: Sequence[Contrast]) -> list[Block]:
    """A prediction beside its result; of figures the two that contradict each other most."""
    blocks: list[Block] = []
    for contrast in contrasts:
        items: list[Item] = []
        for title, entries in ((contrast.left_title, contrast.left), (contrast.right_title, contrast.right)):
            lead = f"{title}:" if contrast.topic else ""
            items += [Item(entry.text, lead=lead) for entry in entries]
            if not entries:
                items.append(Item("nothing written", lead=lead))
        blocks.append(Items(tuple(items), title=contrast.topic or "Both are true"))
    return blocks


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
        leads = after.run.protocol.leads if step.closing is Closing.LEAD else None
        reads = (*step.who, *step.listens, Role.OBSERVER, leads)
        takes_part = after.role in reads
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
