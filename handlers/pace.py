"""How much one account may have the bot do in a minute: one that was taken over, or that a program writes with, must
not keep the others waiting.

What is beyond it is not done and says so: once in the minute, or as often as a form is sent, for its window still
holds what was typed. Administrators hear of it once a day. What counts is the wall's time and not the district's: a
clock that stands still fills no minute.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers import audit_trail
from handlers.cards import Card, Download, plain
from handlers.district import load_district
from handlers.errors import UserError
from handlers.post import tell_when_open
from handlers.turn import Turn
from storage import pace, people
from storage.database import Tx
from storage.people import Role

log = logging.getLogger(__name__)

FILE = 10
"""A file costs as much as so many messages: it is fetched, kept and read apart, or written."""
CHARACTERS = 20_000
"""Words of this length cost as much as one message more."""


@dataclass(frozen=True, slots=True)
class Pace:
    """At most so much in the minute that ``at`` (aware, of the wall's clock) falls into."""

    most: int
    at: datetime


def cost_of(text: str = "", *, files: int = 0) -> int:
    """What words or a press cost, in messages."""
    return 1 + len(text) // CHARACTERS + FILE * files


def may_bring(tx: Tx, person_id: int, cost: int, limit: Pace | None) -> bool:
    """Whether an event's files are worth fetching, or it will be refused in its turn anyway."""
    return limit is None or pace.has_room(tx, person_id, cost, most=limit.most, at=limit.at)


def is_within(turn: Turn, cost: int, limit: Pace | None) -> bool:
    """Count what is to be done; False where it is too much."""
    return limit is None or pace.take(turn.tx, turn.person.id, cost, most=limit.most, at=limit.at)


def count_answers(turn: Turn, answers: Sequence[Card], limit: Pace | None) -> None:
    """Files that were handed over cost more than the words that asked for them."""
    files = sum(isinstance(block, Download) for card in answers for block in card.blocks)
    if limit is not None and files:
        pace.add(turn.tx, turn.person.id, FILE * files)


def too_much(turn: Turn, limit: Pace | None) -> UserError | None:
    """What to say to what was too much; None where it was said in this minute and nothing typed hangs on it."""
    assert limit is not None  # without one nothing is too much
    is_first = pace.tell_once(turn.tx, turn.person.id, at=limit.at)
    if is_first:
        log.warning("person %d is beyond what is done in a minute", turn.person.id)
        audit_trail.write(turn, "pace.exceeded", f"person:{turn.person.id}", most=limit.most)
        _tell_administrators(turn, limit)
    if not is_first and turn.window is None:
        return None
    return UserError(
        f"I do up to {limit.most} things a minute for one person, and that was more. This one is not done, and what "
        "follows in this minute will not be either: send it again after it. If somebody else wrote as you, tell your "
        "administrator."
    )


def _tell_administrators(turn: Turn, limit: Pace) -> None:
    district, today = load_district(turn.tx), turn.now.astimezone(turn.district.zone).date()
    card = plain(
        f"{turn.person.name}'s account sent me more than {limit.most} things within a minute, so I left the rest "
        "undone. If nobody meant to, have the account looked at: sign it out in Slack or Teams and change its password."
    )
    for keeper in people.people_with_role(turn.tx, Role.ADMINISTRATOR, on=today):
        tell_when_open(
            turn.tx,
            district,
            keeper,
            card,
            kind="too_much",
            period=f"{turn.person.id}:{today.isoformat()}",
            now=turn.now,
        )
