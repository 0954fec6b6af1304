"""A person's chat as the page shows it: what they wrote, what was said to them, with days and "new" between."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.render import html
from bot.render.prose import clean, shorten
from handlers.actions import ActionError, decode
from handlers.card_codec import decode_card
from handlers.cards import Card, Chart, Download, Field, FieldKind, Items, buttons_of
from protocols.cadence.moments import say_day, say_time
from storage import attachments, playground
from storage.database import Tx
from storage.playground import Line, Message
from storage.tables import MessageRow

PAGE = 24
"""Entries shown at first: a morning's work; earlier ones are one press away."""
MOST = 2_000
LONG_LINE = 500
MANY_ROWS = 8
"""So many characters or rows of one's own are shown before the rest folds: who pasted a memo knows it."""


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
    tx: Tx,
    person_id: int,
    *,
    show: int,
    unread: int,
    hidden: Mapping[str, str],
    zone: ZoneInfo,
    today: date,
    changed: int = 0,
) -> Transcript:
    """The person's last ``show`` entries; the last ``unread`` messages among them are new. ``changed`` is the place
    that the person has just changed and stays at, 0 for none."""
    messages = playground.messages_to(tx, person_id, limit=show + 1)
    if changed and show < MOST and all(message.place != changed for message in messages[:show]):
        show = MOST
        messages = playground.messages_to(tx, person_id, limit=show + 1)
    lines = playground.lines_of(tx, person_id, limit=show + 1)
    new_ids = playground.newest_ids(tx, person_id, limit=unread)
    everything: list[Message | Line] = sorted([*messages, *lines], key=_place)
    shown = everything[-show:]
    last_own = max((at for at, one in enumerate(shown) if isinstance(one, Line)), default=-1)
    first_new = next(
        (
            at
            for at, one in enumerate(shown)
            if at > last_own and not isinstance(one, Line) and one.id in new_ids
        ),
        None,
    )
    # An answer is read from what it answers to; the mark "new" is for what nobody here asked for.
    is_answer = first_new is not None and first_new == last_own + 1
    is_talk = first_new is None and last_own >= 0 and shown[last_own].at == shown[-1].at
    landing = last_own if is_answer or is_talk else first_new if first_new is not None else len(shown) - 1
    entries = tuple(
        _entry(
            tx,
            one,
            shown[at - 1] if at else None,
            is_first_new=at == first_new and at > 0 and not is_answer,
            hidden=hidden,
            zone=zone,
            today=today,
        )
        for at, one in enumerate(shown)
    )
    newest = entries[landing].anchor if entries else ""
    if any(entry.anchor == f"message-{changed}" for entry in entries):
        newest = f"message-{changed}"
    return Transcript(entries, has_earlier=len(everything) > len(shown), newest=newest)


def _entry(
    tx: Tx,
    one: Message | Line,
    before: Message | Line | None,
    *,
    is_first_new: bool,
    hidden: Mapping[str, str],
    zone: ZoneInfo,
    today: date,
) -> Entry:
    at = one.at.astimezone(zone)
    is_own = isinstance(one, Line)
    is_first_of_day = before is None or before.at.astimezone(zone).date() != at.date()
    is_next = before is not None and isinstance(before, Line) is is_own and before.at == one.at
    text, rest = _folded(one.text) if isinstance(one, Line) else ("", "")
    return Entry(
        anchor=f"line-{one.id}" if isinstance(one, Line) else f"message-{one.place}",
        is_own=is_own,
        is_press=isinstance(one, Line) and one.is_press,
        time=say_time(at.time()),
        day=say_day(at.date(), today),
        is_first_of_day=is_first_of_day,
        is_first_new=is_first_new,
        is_first_of_turn=is_first_of_day or is_first_new or not is_next,
        body="" if isinstance(one, Line) else _card(tx, one, hidden),
        text=text,
        rest=rest,
    )


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
        if isinstance(field, Field)
        and field.is_kept
        and (said := _say_value(field, values.get(field.name, "")))
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


def _place(one: Message | Line) -> tuple[datetime, int, int, int]:
    match one:
        case Line():
            return (one.at, one.after_message, 1, one.id)
        case _:
            return (one.at, one.place, 0, 0)


def _folded(text: str) -> tuple[str, str]:
    rows = text.split("\n")
    if len(text) <= LONG_LINE and len(rows) <= MANY_ROWS:
        return text, ""
    end = min(LONG_LINE, len("\n".join(rows[:MANY_ROWS])))
    space = max(text.rfind(" ", end // 2, end + 1), text.rfind("\n", end // 2, end + 1))
    cut = space if space > 0 else end
    return text[:cut], text[cut:].lstrip()


def _card(tx: Tx, message: Message, hidden: Mapping[str, str]) -> Markup:
    card = decode_card(message.card)
    tokens = attachments.attachments_of(tx, message.id)
    token_of = {
        card.blocks[position]: token for position, token in tokens.items() if position < len(card.blocks)
    }

    def chart_address(block: Chart) -> str:
        return f"/charts/{token_of[block]}.png"

    def download_address(block: Download) -> str:
        return f"/files/{token_of[block]}/{quote(block.name, safe='')}"

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
    for item in (item for block in card.blocks if isinstance(block, Items) for item in block.items):
        for button in item.buttons:
            if button.action == wanted and item.lead:
                return f"{button.label} ({item.lead})"
    return next((button.label for button in buttons_of(card) if button.action == wanted), "(a button)")


def _say_value(field: Field, value: str) -> str:
    if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        names = {option.value: option.label for option in field.options}
        return ", ".join(names.get(one, one) for one in value.split("\n") if one)
    return value.strip()
