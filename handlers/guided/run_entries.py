"""What was written in a run, in lines and lists: an entry, both sides' notes, a prediction beside its result."""

from collections.abc import Sequence
from datetime import date

from handlers.cards import Block, Item, Items, Quote
from handlers.guided.run_fields import Values
from handlers.guided.run_seats import Seat
from protocols.cadence.moments import say_day
from protocols.guided.comparison import Comparison, Contrast
from protocols.guided.state import Entry, seats_of
from protocols.guided.steps import Closing, Role, SeatKey, Step, StepKind
from protocols.guided.tags import practice_of


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


def said_by(seat: Seat, entry: Entry, today: date) -> Item:
    """An entry with who wrote it; a next step says itself who does it."""
    is_step = seat.run.protocol.step(entry.step).kind is StepKind.NEXT_STEPS
    return Item(said(seat, entry, today), lead="" if is_step else f"{seat.call_writer(entry)}:")


def said_alone(seat: Seat, entry: Entry) -> str:
    """An entry whose classroom is told already: of a choice the option's label."""
    step = seat.run.protocol.step(entry.step)
    return step.option(entry.text).label if step.kind is StepKind.CHOICE else entry.text


def practice_said(seat: Seat, look_for: Entry) -> str:
    """ "Practice: Students give reasons"; "" for what was not picked from the framework."""
    practice = practice_of(seat.run.protocol, look_for)
    return f"Practice: {practice}" if practice else ""


def due_and_evidence(data: Values, today: date) -> str:
    """ "By Fri 11 Dec. To look at: the three notes" """
    due = say_day(date.fromisoformat(data["by_when"]), today)
    return f"By {due}. To look at: {data['evidence']}"


def who_of(seat: Seat, who: str) -> str:
    """The person in a seat, or the name as it was written."""
    return seat.call(SeatKey(who)) if who in seat.people else who


def laid_against(seat: Seat, contrasts: Sequence[Contrast]) -> list[Block]:
    """A prediction beside its result, with who wrote it; of figures the two that contradict each other most."""
    blocks: list[Block] = []
    for contrast in contrasts:
        items: list[Item] = []
        for title, entries in ((contrast.left_title, contrast.left), (contrast.right_title, contrast.right)):
            for entry in sorted(entries, key=lambda entry: entry.seat != seat.key):
                writer = seat.call_writer(entry)
                lead = f"{title}, {'you' if writer == 'You' else writer}:" if contrast.topic else f"{writer}:"
                items.append(Item(entry.text, lead=lead))
            if not entries:
                items.append(Item("nothing written", lead=f"{title}:"))
        blocks.append(Items(tuple(items), title=contrast.topic or "These two fit least together"))
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
    """What others have written since, as far as this side reads along.

    At once where one or two write; where a group does, all of it together as the step closes, so that nobody's phone
    rings for every sentence that is said aloud anyway. Notes wait for the reveal, which shows them in their order; a
    commitment shows when all have written.
    """
    known = {(entry.number, entry.text, tuple(entry.data.items())) for entry in before.sees()}
    protocol = after.run.protocol
    revealed = {key for step in protocol.steps for key in step.reveals}
    closed = _closed(before, after)
    blocks: list[Block] = []
    gathered: list[Item] = []
    for entry in after.sees():
        step = protocol.step(entry.step)
        leads = protocol.leads if step.closing is Closing.LEAD else None
        is_told = (
            step.is_timed and step.key == closed and after.role in step.wait
        )  # it was said to them aloud
        takes_part = is_told or after.role in (*step.who, *step.listens, Role.OBSERVER, leads)
        if entry.seat == after.key or not takes_part or step.key in revealed:
            continue
        is_new = (entry.number, entry.text, tuple(entry.data.items())) not in known
        if not _is_gathered(after, step):
            if is_new:
                source = f"{after.call_writer(entry)}, {step.title[:1].lower()}{step.title[1:]}"
                blocks.append(Quote(said(after, entry, today), source=source))
        elif step.key == closed and entry.round == after.run.state.round_of(step.key):
            gathered.append(said_by(after, entry, today))
        elif is_new and step.key != after.run.state.step:  # new words for what was read already
            blocks.append(Quote(said(after, entry, today), source=after.call_writer(entry)))
    if gathered and closed:
        blocks.append(Items(tuple(gathered), title=protocol.step(closed).title))
    return blocks


def _closed(before: Seat, after: Seat) -> str:
    """The step that closed in between; "" where the same one is open."""
    return before.run.state.step if before.run.state.step != after.run.state.step else ""


def _is_gathered(seat: Seat, step: Step) -> bool:
    """Whether what is written in the step is read when it closes: a group writes, and somebody closes it for all.

    Whoever leads reads along where no clock says when to go on.
    """
    is_groups = step.closing is Closing.LEAD and len(seats_of(seat.run.state, step)) > 1
    is_needed = seat.role is seat.run.protocol.leads and not step.is_timed
    return is_groups and not is_needed
