"""What a note is evidence of: one of the run's look-fors, and the practice of the framework that it was picked from.

A look-for in somebody's own words belongs to no practice, and nothing is guessed: it has none until one is picked.
"""

from dataclasses import dataclass

from protocols.guided.state import Entry, RunState
from protocols.guided.steps import Protocol, SeatKey, Step
from protocols.guided.summary import may_see


@dataclass(frozen=True, slots=True)
class Tag:
    """``practice`` is "" where the look-for is not the framework's."""

    look_for: str
    practice: str = ""

    def __str__(self) -> str:
        """ "Students say why (Students give reasons)" """
        return f"{self.look_for} ({self.practice})" if self.practice else self.look_for


def sole_look_for(state: RunState, step: Step) -> dict[str, str]:
    """The data of a note that can be about one look-for only, because the run has no other; else nothing."""
    look_fors = state.live(step.tags) if step.tags else ()
    return {"look_for": str(look_fors[0].number)} if len(look_fors) == 1 else {}


def tag_of(protocol: Protocol, state: RunState, entry: Entry, viewer: SeatKey | None) -> Tag | None:
    """What ``entry``, a note or a rating, is about, as far as ``viewer`` may see it (None: all who took part).

    None where it is about no look-for; a look-for that was dropped later still stands on the notes that bear it.
    """
    number = entry.data.get("look_for") or entry.data.get("of")
    look_for = state.entry(int(number)) if number else None
    if look_for is None or not may_see(protocol, state, look_for, viewer):
        return None
    return Tag(look_for.text, practice_of(protocol, look_for))


def practice_of(protocol: Protocol, look_for: Entry) -> str:
    """The title of the practice that an entry of a list was picked from; "" for one in somebody's own words."""
    key = look_for.data.get("offer")
    offers = protocol.step(look_for.step).offers if key else ()
    return next((offer.group for offer in offers if offer.key == key), "")
