"""Who says that a visit took place, and what to settle where they differ.

Words
    log        the bot's own: a conversation that was held, or "visited lincoln"; a visit that is held by it
    calendar   a connected calendar of the ILD or the principal that was taken at the time of the visit
    principal  one tap: did it take place
    imported   a file of visits that were kept elsewhere
    ild        her word where the others differ; it never takes the place of the principal's

A calendar can only say yes: that nothing stands in it proves nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Witness(StrEnum):
    PRINCIPAL = "principal"
    CALENDAR = "calendar"
    IMPORTED = "imported"
    ILD = "ild"


CONFIRMING = (Witness.PRINCIPAL, Witness.CALENDAR, Witness.IMPORTED)
"""Best first: what a figure rests on where several confirm a visit."""


@dataclass(frozen=True, slots=True)
class Word:
    """What one witness says, and when. ``words``: the sentence with which an ILD settled it."""

    witness: Witness
    took_place: bool
    at: datetime
    words: str = ""


class Difference(StrEnum):
    DENIED = "denied"  # the log has it as held, the principal says that it did not take place
    NOT_HELD = "not_held"  # planned, and the principal says that it did not take place
    SEEN = "seen"  # planned, and a calendar says that it did
    CANCELLED = "cancelled"  # cancelled, and the principal says that it did take place
    OPEN = "open"  # planned, its day has passed, and nobody has said anything


def best(words: Iterable[Word]) -> Witness | None:
    """The best witness that confirms the visit beside the log; None where only the log has it."""
    confirming = {word.witness for word in words if word.took_place}
    return next((witness for witness in CONFIRMING if witness in confirming), None)


def difference(status: str, words: Iterable[Word], *, is_past: bool) -> Difference | None:
    """What is to be settled about a visit (``planned``, ``held`` or ``cancelled``); None where nothing is.

    Once the ILD has settled it, it comes up again only where the principal says something new after that.
    """
    said = {word.witness: word for word in words}
    principal, ild = said.get(Witness.PRINCIPAL), said.get(Witness.ILD)
    if principal is not None and ild is not None and ild.at >= principal.at and status != "planned":
        return None
    match status:
        case "held":
            return Difference.DENIED if principal is not None and not principal.took_place else None
        case "cancelled":
            return Difference.CANCELLED if principal is not None and principal.took_place else None
        case "planned" if is_past:
            if principal is not None and not principal.took_place:
                return Difference.NOT_HELD
            return Difference.SEEN if Witness.CALENDAR in said else Difference.OPEN
        case _:
            return None


@dataclass(frozen=True, slots=True)
class Rests:
    """How many visits rest on which witness; ``denied`` are those of them that a principal says did not take place."""

    principal: int = 0
    calendar: int = 0
    imported: int = 0
    log: int = 0
    denied: int = 0

    def say(self) -> str:
        """ "30 confirmed by principals, 8 by calendars, 4 by the bot's log only." """
        parts: list[str] = []
        for count, who in (
            (self.principal, "by principals"),
            (self.calendar, "by calendars"),
            (self.imported, "by an import"),
        ):
            if count:
                parts.append(f"{count} {'' if parts else 'confirmed '}{who}")
        if self.log:
            parts.append(f"{self.log} by the bot's log only")
        text = f"{', '.join(parts)}." if parts else ""
        if self.denied:
            of = "one of them" if self.denied == 1 else f"{self.denied} of them"
            text += f" A principal says of {of} that it did not take place."
        return text.strip()
