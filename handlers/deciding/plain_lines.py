"""Plainer lines for the ILD's desk, written by the language model between two transactions and checked before kept.

They are suggestions: she reads the memo's sentence, the line beside it, and presses if she likes it. Nothing waits for
the model; without one, or where it is slow or talks nonsense, the desk is as it always is.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Quote
from handlers.deciding.triage_state import Waiting, check_open, decide, starting_wording
from handlers.district import load_district
from handlers.errors import StaleError
from handlers.turn import Turn
from protocols.buffer.demands import Demand
from protocols.buffer.digest import Decision
from protocols.buffer.plain_lines import may_stand
from storage import languages
from storage.database import Store
from storage.mandates import demand_of

log = logging.getLogger(__name__)

AT_ONCE = 5
"""Demands of one tick: with a slow model a memo of twenty takes four minutes, and nobody waits."""
STILL_NEW = timedelta(days=30)

Write = Callable[[Demand], str | None]
"""Asks the model for a line; None where it has none. May take seconds, and never raises."""


def write_lines(store: Store, now: datetime, *, write: Write) -> int:
    """Have lines written for new demands; how many passed. The model is asked outside any transaction."""
    with store.read() as tx:
        today = now.astimezone(load_district(tx).zone).date()
        waiting = languages.without_line(tx, since=now - STILL_NEW, today=today, limit=AT_ONCE)
    count = 0
    for row, memo in waiting:
        demand = demand_of(row)
        line = write(demand)
        if line is None:  # slow, resting, gone or confused: later ticks try again
            continue
        passed = may_stand(line, demand, memo_date=memo.memo_date)
        with store.begin() as tx:
            languages.keep_line(tx, row.id or 0, line if passed else "", at=now)
        count += passed
    if waiting:
        log.info("plain lines: %d of %d passed", count, len(waiting))
    return count


def suggested_line(turn: Turn, one: Waiting, where: dict[str, int]) -> list[Block]:
    """The model's line for a demand on the desk, with a button that takes it; nothing where it has none."""
    line = languages.line_for(turn.tx, one.id)
    if not line or line == starting_wording(one):
        return []
    use = Button("Use this wording", act("triage.plain", **where))
    return [Quote(line, source="Plainer, by the language model; checked against the memo"), Buttons((use,))]


def use_line(turn: Turn, one: Waiting, action: Action) -> str:
    """Pass it on in the model's words, which are checked once more; the words."""
    check_open(turn, one, action)
    line = languages.line_for(turn.tx, one.id)
    if not line or not may_stand(line, demand_of(one.demand), memo_date=one.memo.memo_date):
        raise StaleError("That wording is not offered any more. Write “triage” to see what waits.")
    decide(turn, one, Decision.PASS_ON, wording=line)
    return line
