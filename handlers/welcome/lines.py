"""One line of somebody's home screen: what it is, how much it presses, and the one press that leads there."""

from dataclasses import dataclass
from enum import IntEnum

from handlers.actions import Action, act
from handlers.cards import Button, Emphasis, Item

PLACES = {
    "areas": "what principals decide",
    "calendar": "calendar",
    "desk": "triage",
    "digest": "my digest",
    "done": "who has done what",
    "drift": "drift",
    "ledger": "ledger",
    "mails": "unknown mails",
    "memo": "memo",
    "messages": "my messages",
    "overrides": "overrides",
    "plan": "plan",
    "preview": "preview",
    "protected": "protected time",
    "protocols": "protocols",
    "questions": "my questions",
    "figures": "questions",
    "requests": "requests",
    "resume": "resume",
    "asked": "my requests",
    "scorecards": "scorecards",
    "send": "send a request",
    "service": "service requests",
    "settings": "my settings",
    "settle": "to settle",
    "thread": "my thread",
    "undelivered": "undelivered",
    "week": "my week",
}
"""What a button may ask for in one's place: its name on the button, and the words it stands for. A press does what
writing them would do, permissions and all."""


class Need(IntEnum):
    """How much a line presses; the smaller the number, the higher it stands."""

    WAITING = 0  # somebody waits for this person, or a day has passed
    SOON = 1  # it has a day in the next days
    BEHIND = 2  # it slips, and nobody asks
    AHEAD = 3  # what comes
    FIGURE = 4  # how it stands


@dataclass(frozen=True, slots=True)
class Line:
    """``lead`` names the thing, ``text`` says what there is to know about it."""

    need: Need
    lead: str
    text: str
    button: Button

    @property
    def item(self) -> Item:
        return Item(self.text, lead=self.lead, buttons=(self.button,))


def goes(label: str, place: str, *, stands_out: bool = False) -> Button:
    """A button that does what the place's words would do."""
    assert place in PLACES, place
    return Button(label, act("home.go", to=place), Emphasis.PRIMARY if stands_out else Emphasis.NORMAL)


def words_of(action: Action) -> str | None:
    """The words a button of ``goes`` stands for; None where no such place is known (any more)."""
    return PLACES.get(action.args.get("to", ""))


def count(number: int, noun: str, plural: str = "") -> str:
    """ "1 visit", "3 visits" """
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"
