"""How a turn comes by a second reading of a note without waiting for it.

A turn is a transaction, and a transaction waits for nobody: on SQLite everybody else would wait with it. So a turn
that finds a note worth a second look breaks off (``LookWanted``) and leaves no trace; whoever began it asks the second
reader outside any transaction and begins the turn again with the opinion in its hands. An event asks once at most.
"""

from collections.abc import Callable
from dataclasses import dataclass

from protocols.guided.second_opinion import Look, Opinion

Advise = Callable[[Look], Opinion | None]
"""Asks the second reader; None where it has nothing to say. May take seconds, and never raises."""


class LookWanted(Exception):
    """The turn needs a second look first."""

    def __init__(self, look: Look) -> None:
        super().__init__("a second look is wanted")  # the words of the note stay out of every traceback
        self.look = look


@dataclass(frozen=True, slots=True)
class SecondLooks:
    """``may_ask``: somebody can be asked and was not yet. ``look`` and ``opinion`` are what was asked and said."""

    may_ask: bool = False
    look: Look | None = None
    opinion: Opinion | None = None

    def at(self, look: Look) -> Opinion | None:
        """The opinion on this note, if there is one. Raises ``LookWanted`` where it can still be had."""
        if self.may_ask:
            raise LookWanted(look)
        return self.opinion if look == self.look else None


NO_SECOND_LOOK = SecondLooks()
