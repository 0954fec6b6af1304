"""The neutral card: what the bot says, as plain data.

A handler answers with cards; a renderer (``bot/render``) turns a card into Block Kit, HTML or plain text. A card
never holds markup: every string is plain text and escaping is the renderer's business, so text that people typed
can stand in any field. Nothing here knows a platform's limits; a renderer pages or splits what is too long and
never cuts in silence.

The vocabulary is closed (``Block``), so that each renderer is one exhaustive ``match`` that ends in
``assert_never``. To add a word, add it here and to every renderer; mypy names the places.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from handlers.actions import Action


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. ``lead`` is said first and stands out (bold); ``quiet`` is small print. ``is_fault``: it says what
    is wrong with what was just pressed or filled in, beside the place where it was."""

    text: str
    lead: str = ""
    quiet: bool = False
    is_fault: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's or some document's own words, set apart from the bot's. ``source`` says whose."""

    text: str
    source: str = ""


class Emphasis(StrEnum):
    NORMAL = "normal"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. ``action`` is what comes back; it carries ids and versions, never content.

    A button in a card that has fields brings the values of all of them with it.
    """

    label: str
    action: Action
    emphasis: Emphasis = Emphasis.NORMAL


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of buttons. More than fit in a row wrap or continue in a second row."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list that has its own buttons: a demand, a school, a visit."""

    text: str
    lead: str = ""
    detail: str = ""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list. ``title`` heads it; ``numbered`` shows 1., 2., 3. so that people can answer "2"."""

    items: tuple[Item, ...]
    title: str = ""
    numbered: bool = False


class FieldKind(StrEnum):
    LINE = "line"
    LONG = "long"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: ``value`` comes back, ``label`` is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """Something to fill in. The value comes back under ``name`` with whichever button is pressed.

    CHOICES come back as a list joined by newlines; DATE as YYYY-MM-DD; TIME as HH:MM.
    ``is_kept`` False: what is filled in may stand nowhere with the person's name, so no message repeats it.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.LINE
    value: str = ""
    options: tuple[Option, ...] = ()
    hint: str = ""
    required: bool = False
    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of short texts under column titles; the first column names the row. ``caption`` says what it shows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


class ChartKind(StrEnum):
    BARS = "bars"  # one bar a label
    PAIRED_BARS = "paired_bars"  # two or more series side by side
    LINE = "line"  # over time
    DIVERGING = "diverging"  # steps of a scale, left and right of its middle; a series a step, lowest first
    TIES = "ties"  # a label and a series, who are tied: 1 one way, 2 both ways, None not at all


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures, as many as the chart has labels. ``None`` is "not known", never zero."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture as data; drawing it (PNG) is the renderer's. ``alternative`` says in a sentence what it shows.

    ``goal`` draws a line to reach, labelled ``goal_label``. ``unit`` is the axis title ("visits"). ``groups`` names for
    each label what it belongs to, where they are to stand together.
    """

    kind: ChartKind
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    alternative: str
    goal: float | None = None
    goal_label: str = ""
    groups: tuple[str, ...] = ()


ZIP = "application/zip"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Download:
    """A file to take along; the renderer gives it an address. ``content`` is a small text file (CSV), or for a
    ``WORKBOOK`` the JSON of its table (``bot/render/workbook.py``), which becomes one; with an ``original_id`` the file
    is that original instead, with a ``person_id`` all that is kept about that person as a ``ZIP``, put together when it
    is opened. The addresses of both open for a while only."""

    name: str
    label: str
    content: str
    media_type: str = "text/csv"
    original_id: int | None = None
    person_id: int | None = None

    @property
    def is_opened_late(self) -> bool:
        """Whether its bytes are not in the card, but looked up when somebody opens it who still may."""
        return self.original_id is not None or self.person_id is not None


Block = Text | Quote | Buttons | Items | Field | Table | Chart | Download


@dataclass(frozen=True, slots=True)
class Card:
    """One message. ``title`` heads it and, with the texts, is the fallback for notifications and screen readers.

    ``in_place``: it is the new state of the message that was pressed, and is shown where that one is; an answer to
    words, which press nothing, is a message of its own all the same. ``thread`` names the conversation of several
    messages that it belongs to ("run:12"): they are gathered where a platform has threads.

    ``refresh`` asks for "what this looks like now". A platform may send it by itself whenever somebody looks at the
    card, so it must be a pure read; one that cannot leaves it out.
    """

    title: str
    blocks: tuple[Block, ...] = field(default=())
    refresh: Action | None = None
    in_place: bool = False
    thread: str = ""


def plain(text: str, *, lead: str = "") -> Card:
    """A card of one paragraph and no heading."""
    return Card(title="", blocks=(Text(text, lead=lead),))


def merged(cards: Sequence[Card]) -> Card:
    """Several cards as one, for where only one can be shown: the titles of those after the first head their part."""
    first, *others = cards
    blocks: list[Block] = list(first.blocks)
    for card in others:
        blocks += [Text("", lead=card.title)] if card.title else []
        blocks += card.blocks
    return Card(first.title, tuple(blocks))


def is_form(card: Card) -> bool:
    """Whether there is something to fill in."""
    return any(isinstance(block, Field) for block in card.blocks)


def buttons_of(card: Card) -> list[Button]:
    """All buttons of a card, in the order they are shown, those of list lines included."""
    found: list[Button] = []
    for block in card.blocks:
        match block:
            case Buttons(buttons=buttons):
                found.extend(buttons)
            case Items(items=items):
                found.extend(button for item in items for button in item.buttons)
            case _:
                pass
    return found


def is_list(card: Card) -> bool:
    """Whether the card has several lines with buttons: each is about a thing of its own."""
    lines = [item for block in card.blocks if isinstance(block, Items) for item in block.items]
    return sum(bool(item.buttons) for item in lines) > 1
