"""What an ILD took on herself, for her schools or standing in for a unit, until it is done."""

from datetime import timedelta

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Button, Card, Emphasis, Item, Items, Text
from handlers.errors import StaleError, UserError
from handlers.intake.mandate_cards import original_button, say_due
from handlers.turn import Cards, Turn, Values
from protocols.buffer.digest import Decision
from protocols.buffer.headlines import shorten
from storage import mandates
from storage.tables import TriageRow

TASKS_KEPT = timedelta(days=14)


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
            ", ".join(filter(None, (say_due(demand, turn.today), memo.unit, _say_unit(triage)))),
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


def task_done(turn: Turn, action: Action, _values: Values) -> Cards:
    triage = mandates.get_triage(turn.tx, action.number("triage"))
    if triage is None or triage.ild_id != turn.person.id:
        raise UserError("That task is not on your list. Write “my tasks” to see it.")
    if not mandates.finish_own(turn.tx, action.number("triage"), at=turn.now):
        raise StaleError("That one is done already. Write “my tasks” to see what is open.")
    audit_trail.write(turn, "task.done", f"demand:{triage.demand_id}")
    return my_tasks(turn)


def _say_unit(triage: TriageRow) -> str:
    return f"standing in for {triage.unit}" if triage.decision == Decision.STAND_IN else ""
