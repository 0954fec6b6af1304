"""The record of what a person did in a turn, and of what executives looked at."""

from enum import StrEnum
from typing import Any

from handlers.turn import Turn
from storage import record
from storage.people import Role

LOOKED, FIGURES = "figures.seen", "figures"
"""Action and object of a look at figures that are no answer to a question."""


class Shown(StrEnum):
    """Cards with figures in which people or offices stand, besides the answers to questions."""

    TIES = "ties"  # network: one, or none for the district
    LEDGER = "ledger"  # of protected time
    PULSE = "pulse"  # about: an ILD's or a unit's result, or that of all ILDs
    SCORECARD = "scorecard"  # unit: one, or none for all
    THEORY = "theory"  # the district's, with the figures that it is held against


def write(turn: Turn, action: str, object: str, **detail: Any) -> None:
    """Write down that the person of the turn did ``action`` to ``object`` (``visit:12``), at its moment.

    ``detail`` is that of ``record.audit``: never content.
    """
    record.audit(turn.tx, at=turn.now, actor_id=turn.person.id, action=action, object=object, **detail)


def looked(turn: Turn, shown: Shown, **where: str | None) -> None:
    """Write down what an executive was shown, so that those who stand in it can see that. Others see their own."""
    if Role.EXECUTIVE in turn.person.roles:
        write(turn, LOOKED, FIGURES, shown=shown, **where)
