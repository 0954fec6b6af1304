"""Where the answers to an event are put: in place of the message that was pressed, in its thread, or below."""

from handlers.post import tell_now
from handlers.turn import Cards, Shown, Turn
from storage import places
from storage.database import Tx


def pressed_message(tx: Tx, person_id: int, *, platform: str, reference: str) -> Shown | None:
    """The person's message that the platform calls so, as it was put last; None where it is not known."""
    row = places.find_shown(tx, person_id, platform=platform, reference=reference)
    if row is None:
        return None
    place = places.place_of(row)
    newest = places.newest_state(tx, place) or row
    return Shown(place, newest.card, row.thread)


def thread_of(tx: Tx, person_id: int, *, platform: str, reference: str) -> str:
    """Which conversation the words belong to that were written under the message that the platform calls so."""
    row = places.find_shown(tx, person_id, platform=platform, reference=reference)
    return row.thread if row else ""


def put_answers(turn: Turn, cards: Cards) -> None:
    """Queue the cards for the person. One of them takes the place of what was pressed; the others come below it."""
    place = turn.pressed.place if turn.pressed else None
    for number, card in enumerate(cards):
        here, place = (place, None) if card.in_place else (None, place)
        tell_now(
            turn.tx,
            turn.person.id,
            card,
            kind="reply",
            period=f"{turn.key}:{number}",
            now=turn.now,
            place=here,
            thread=turn.thread,
        )
