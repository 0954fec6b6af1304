"""Where the answers to an event are put: in place of the message that was pressed, in its thread, or below."""

from dataclasses import dataclass, field, replace

from handlers.cards import Card, is_form, merged, plain
from handlers.post import tell_now
from handlers.turn import Cards, Shown, Turn, Values, Window
from storage import places
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button's line of text, and what was filled in beside it.

    ``message`` is the platform's name of the message it was pressed in; empty where the platform does not say.
    ``is_at_home``: it stood on their home. ``window`` is the platform's name of a window in which the answer is to be
    shown. ``is_sent``: a form was sent from a window, and the platform itself shows a refusal there.
    """

    line: str
    values: Values = field(default_factory=dict)
    is_at_home: bool = False
    message: str = ""
    window: str = ""
    is_sent: bool = False


def thread_of(tx: Tx, person_id: int, *, platform: str, reference: str) -> str:
    """Which conversation the words belong to that were written under the message that the platform calls so."""
    row = places.find_shown(tx, person_id, platform=platform, reference=reference)
    return row.thread if row else ""


def pressed_turn(turn: Turn, what: Pressed, *, platform: str) -> Turn:
    """The turn with the message that was pressed and, where the answer is to be shown in a window, with that."""
    row = places.find_shown(turn.tx, turn.person.id, platform=platform, reference=what.message)
    is_inside = row is not None and bool(row.window)
    name = what.window or (row.window if row is not None else "")
    pressed = None
    if row is not None:
        place = row.origin_id if is_inside else places.place_of(row)
        pressed = _shown(turn.tx, place) if place else None
    turn = replace(turn, pressed=pressed, thread=pressed.thread if pressed else "")
    if not name:
        return turn
    body = row.card if row is not None and is_inside else ""
    window = Window(name, pressed.place if pressed else None, body, is_sent=what.is_sent)
    return replace(turn, window=window)


def put_answers(turn: Turn, cards: Cards, *, is_refusal: bool) -> Card | None:
    """Queue the cards for the person. One of them takes the place of what was pressed; the others come below it.

    Where a window is open they are shown in it, as one. Of a form that was sent from a window, a refusal is answered as
    a card and not queued: its platform shows it beside what was typed, which is still there. A form that follows is
    both: shown at once, and queued lest it be lost.
    """
    window = turn.window
    if window is not None and window.is_sent and is_refusal:
        return merged(cards)
    if window is not None and (not window.is_sent or (len(cards) == 1 and is_form(cards[0]))):
        card = merged(cards) if cards else plain("That is done.")
        _put(turn, 0, card, place=window.origin, window=window.name)
        return card if window.is_sent else None
    place = turn.pressed.place if turn.pressed else None
    for number, card in enumerate(cards):
        here, place = (place, None) if card.in_place else (None, place)
        _put(turn, number, card, place=here, thread=card.thread or turn.thread)
    return None


def _put(
    turn: Turn, number: int, card: Card, *, place: int | None, thread: str = "", window: str = ""
) -> None:
    tell_now(
        turn.tx,
        turn.person.id,
        card,
        kind="reply",
        period=f"{turn.key}:{number}",
        now=turn.now,
        place=place,
        thread=thread,
        window=window,
    )


def _shown(tx: Tx, place: int) -> Shown | None:
    newest = places.newest_state(tx, place)
    return Shown(place, newest.card, newest.thread) if newest is not None else None
