"""The review that opens the last part of a meeting: what came of the promises of last time."""

from handlers.actions import act
from handlers.cards import Block, Button, Item, Items
from handlers.guided.run_entries import due_and_evidence
from handlers.guided.run_seats import Seat
from handlers.memory.thread_state import open_promises
from handlers.turn import Turn
from protocols.guided.prompts import Manner, Prompt
from protocols.guided.steps import StepKind
from storage import people


def review(turn: Turn, before: Seat, after: Seat) -> list[Block]:
    """The school's open promises with what came of them to press, as the next steps open; nothing at other times.

    They are the principal's and the ILD's; whoever else takes part is not shown them.
    """
    old, new = before.asked(), after.asked()
    is_opening = (
        isinstance(new, Prompt)
        and new.kind is StepKind.NEXT_STEPS
        and new.manner is Manner.ASK
        and not (isinstance(old, Prompt) and old.step == new.step)
    )
    if not is_opening or after.school is None:
        return []
    rows = open_promises(turn, [after.school], reader=after.person)
    owners = people.get_people(turn.tx, {row.owner_id for row in rows}, on=turn.today)
    items = tuple(
        Item(
            row.what,
            lead="You:" if row.owner_id == after.person.id else f"{owners[row.owner_id].given_name}:",
            detail=due_and_evidence(
                {"by_when": row.by_when.isoformat(), "evidence": row.evidence}, turn.today
            ),
            buttons=(
                Button("Kept", act("visit.promise", promise=row.id or 0, state="kept")),
                Button("Dropped", act("visit.promise", promise=row.id or 0, state="dropped")),
            ),
        )
        for row in rows
    )
    return [Items(items, title="First, what came of last time")] if items else []
