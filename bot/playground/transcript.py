"""A person's chat as the page shows it: what they wrote, what was said to them, with days and "new" between."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.render import html
from bot.render.prose import clean, shorten
from handlers.actions import ActionError, decode
from handlers.card_codec import decode_card
from handlers.cards import Button, Buttons, Card, Chart, Download, Field, FieldKind, Items
from protocols.cadence.moments import say_day, say_time
from storage import outbox, playground
from storage.database import Tx
from storage.playground import Line
from storage.tables import MessageRow

PAGE = 24
"""Entries shown at first: a morning's work; earlier ones are one press away."""
MOST = 2_000
LONG_LINE = 700
"""Characters of one's own line before it folds: a pasted memo is known to who pasted it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the chat. ``body`` is a card; ``text`` a line, ``rest`` what of it is folded away."""

    anchor: str
    is_own: bool
    is_press: bool
    time: str
    day: str
    is_first_of_day: bool
    is_first_new: bool
    is_first_of_turn: bool
    body: str = ""
    text: str = ""
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Transcript:
    """The last entries, oldest first. ``newest`` is the anchor to land at: where what is new begins."""

    entries: tuple[Entry, ...]
    has_earlier: bool
    newest: str


def load_transcript(
    tx: Tx, person_id: int, *, show: int, unread: int, hidden: Mapping[str, str], zone: ZoneInfo, today: date
) -> Transcript:
    """The person's last ``show`` entries; the last ``unread`` messages among them are new."""
    messages = playground.messages_to(tx, person_id, limit=show + 1)
    lines = playground.lines_of(tx, person_id, limit=show + 1)
    new_ids = {message.id for message in messages[:unread]}
    everything: list[MessageRow | Line] = sorted([*messages, *lines], key=_place)
    shown = everything[-show:]
    entries: list[Entry] = []
    is_new_marked = False
    newest = ""
    for number, one in enumerate(shown):
        before = shown[number - 1] if number else None
        at = _at(one).astimezone(zone)
        is_own = isinstance(one, Line)
        is_new = not isinstance(one, Line) and one.id in new_ids
        is_first_new = is_new and not is_new_marked
        anchor = f"line-{one.id}" if isinstance(one, Line) else f"message-{one.id}"
        if is_first_new:
            # An answer is read from what it answers to; the mark "new" is for what nobody asked for here.
            newest = entries[-1].anchor if isinstance(before, Line) else anchor
        is_new_marked = is_new_marked or is_new
        day = say_day(at.date(), today)
        starts_day = before is None or _at(before).astimezone(zone).date() != at.date()
        text, rest = _folded(one.text) if isinstance(one, Line) else ("", "")
        entries.append(
            Entry(
                anchor=anchor,
                is_own=is_own,
                is_press=isinstance(one, Line) and one.is_press,
                time=say_time(at.time()),
                day=day,
                is_first_of_day=starts_day,
                is_first_new=is_first_new and not isinstance(before, Line) and before is not None,
                is_first_of_turn=starts_day or before is None or isinstance(before, Line) is not is_own,
                body="" if isinstance(one, Line) else _card(tx, one, hidden),
                text=text,
                rest=rest,
            )
        )
    if not newest and entries:
        last_own = next((entry.anchor for entry in reversed(entries) if entry.is_own), "")
        newest = last_own or entries[-1].anchor
    return Transcript(tuple(entries), has_earlier=len(everything) > len(shown), newest=newest)


def say_press(tx: Tx, person_id: int, message_id: int, line: str, values: Mapping[str, str]) -> str:
    """What pressing a button looks like in the chat: its label, and what was filled in beside it."""
    message = tx.get(MessageRow, message_id)
    if message is None or message.recipient_id != person_id:
        return "(a button)"
    card = decode_card(message.card)
    label = _label(card, line)
    filled = [
        f"{field.label}: {said}"
        for field in card.blocks
        if isinstance(field, Field) and (said := _say_value(field, values.get(field.name, "")))
    ]
    return "\n".join([label, *filled])


def headline(card: Card, limit: int = 90) -> str:
    """The first words of a card, for a list of messages."""
    said = card.title
    for block in card.blocks:
        if said.strip():
            break
        match block:
            case Items(title=title, items=items):
                said = title or (f"{items[0].lead} {items[0].text}" if items else "")
            case Chart(title=title):
                said = title
            case _:
                said = f"{getattr(block, 'lead', '')} {getattr(block, 'text', '')}".strip()
    return shorten(" ".join(clean(said).split()), limit) or "A message"


def _place(one: MessageRow | Line) -> tuple[datetime, int, int, int]:
    match one:
        case Line():
            return (one.at, one.after_message, 1, one.id)
        case _:
            return (_at(one), one.id or 0, 0, 0)


def _at(one: MessageRow | Line) -> datetime:
    if isinstance(one, Line):
        return one.at
    return one.sent_at or one.not_before


def _folded(text: str) -> tuple[str, str]:
    if len(text) <= LONG_LINE:
        return text, ""
    cut = text.rfind(" ", LONG_LINE // 2, LONG_LINE)
    cut = cut if cut > 0 else LONG_LINE
    return text[:cut], text[cut:].lstrip()


def _card(tx: Tx, message: MessageRow, hidden: Mapping[str, str]) -> Markup:
    assert message.id is not None
    card = decode_card(message.card)
    tokens = outbox.attachments_of(tx, message.id)
    token_of = {
        card.blocks[position]: token for position, token in tokens.items() if position < len(card.blocks)
    }

    def chart_address(block: Chart) -> str:
        return f"/charts/{token_of[block]}.png"

    def download_address(block: Download) -> str:
        return f"/files/{token_of[block]}/{block.name}"

    return html.render(
        card,
        form_target="/press",
        hidden={**hidden, "message": str(message.id)},
        chart_address=chart_address,
        download_address=download_address,
        key=f"card-{message.id}",
    )


def _label(card: Card, line: str) -> str:
    try:
        wanted = decode(line)
    except ActionError:
        return "(a button)"
    buttons: list[Button] = []
    for block in card.blocks:
        if isinstance(block, Buttons):
            buttons += block.buttons
        elif isinstance(block, Items):
            for item in block.items:
                for button in item.buttons:
                    if button.action == wanted and item.lead:
                        return f"{button.label} ({item.lead})"
                buttons += item.buttons
    return next((button.label for button in buttons if button.action == wanted), "(a button)")


def _say_value(field: Field, value: str) -> str:
    if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        names = {option.value: option.label for option in field.options}
        return ", ".join(names.get(one, one) for one in value.split("\n") if one)
    return value.strip()
