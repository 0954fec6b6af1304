"""A turn: one person, one moment, one transaction. Every handler gets it first and answers with cards."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from re import Match, Pattern
from typing import Any
from zoneinfo import ZoneInfo

from handlers.actions import Action
from handlers.card_codec import decode_card
from handlers.cards import Card
from handlers.district import District, zone_of
from handlers.guided.second_looks import NO_SECOND_LOOK, SecondLooks
from storage.database import Tx
from storage.people import Person, Role

Cards = Sequence[Card]
"""What the bot answers the person whose turn it is, in order."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The message that was pressed, as it was put last. ``place`` is where it stands (``storage/places.py``)."""

    place: int
    body: str
    thread: str = ""

    @property
    def card(self) -> Card:
        return decode_card(self.body)


@dataclass(frozen=True, slots=True)
class Window:
    """A window of its own that a platform has opened for a form (Slack's modal). ``name`` is the platform's for it,
    ``origin`` the place of the message from which it was opened, ``body`` the card in it (empty: nothing yet).

    ``is_sent``: the form in it was sent, so it closes unless there is something to say in it.
    """

    name: str
    origin: int | None = None
    body: str = ""
    is_sent: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """``now`` is aware UTC; ``key`` names the event and makes its answers unique in the outbox.

    ``looks`` is what a second reader of notes said before this turn; a district that has none has no looks.
    ``is_private``: nobody but the person reads what they wrote. ``written_by`` is whose words they are, where the
    person sends somebody else's on. ``pressed`` is the message whose button was pressed, where it is known; ``thread``
    the one (``run:12``) in which the person pressed or wrote, empty outside of threads.
    ``window`` is where the answer is shown, where it is not the chat.
    """

    tx: Tx
    person: Person
    now: datetime
    district: District
    key: str
    looks: SecondLooks = NO_SECOND_LOOK
    is_private: bool = True
    written_by: Person | None = None
    pressed: Shown | None = None
    thread: str = ""
    window: Window | None = None

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.person, self.district)

    @property
    def local(self) -> datetime:
        """The moment as the person's clock shows it (aware)."""
        return self.now.astimezone(self.zone)

    @property
    def today(self) -> date:
        return self.local.date()

    @property
    def office(self) -> str:
        """For which office the person sends a memo or asks for a meeting."""
        return office_of(self.person)


def office_of(person: Person) -> str:
    """For which office a person sends a memo or asks for a meeting."""
    if person.unit:
        return person.unit
    return "Executive office" if Role.EXECUTIVE in person.roles else "Instructional leadership"


@dataclass(frozen=True, slots=True)
class Command:
    """Words that ask for something. ``pattern`` must match all of what was typed (spaces folded, case ignored).

    ``run`` may answer None: "on a closer look this is not for me", and the next reading is tried; that is how an
    answer that happens to begin with a command's word still reaches the conversation it belongs to. ``example`` and
    ``what`` are its line in the help, shown to ``roles`` only (empty: everybody). ``is_verbatim``: the pattern gets
    the words as typed, lines kept and of any length (a pasted memo).
    """

    pattern: Pattern[str]
    run: Callable[[Turn, Match[str]], Cards | None]
    example: str
    what: str
    roles: frozenset[Role] = frozenset()
    is_verbatim: bool = False


Values = Mapping[str, str]
"""What was filled in, by field name."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One module's share of the conversation: its commands, its buttons, and what it makes of an awaited answer.

    ``answer`` gets the arguments it left with ``record.expect`` and the words as typed; None: not for me.
    ``still_true`` is asked before an unasked message of this topic is sent (``subject`` "topic:id"): None means
    send, a sentence means drop it and why.

    ``in_place`` are actions whose first answer is the new state of the message that was pressed. ``in_place_alone`` are
    so where that message is about one thing; in a list, whose other lines are still wanted, the answer comes below.
    """

    name: str
    commands: tuple[Command, ...] = ()
    actions: Mapping[str, Callable[[Turn, Action, Values], Cards]] = field(default_factory=dict)
    answer: Callable[[Turn, Mapping[str, Any], str], Cards | None] | None = None
    still_true: Callable[[Tx, str, datetime], str | None] | None = None
    in_place: frozenset[str] = frozenset()
    in_place_alone: frozenset[str] = frozenset()
