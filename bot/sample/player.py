"""Plays scenes through the front desk, as people would have: what the sample district remembers really happened.

Words and presses go through ``handlers.reception``, answers through the outbox; both sides stand in the
playground's chats afterwards. A label that no longer exists stops the play with its name, so a scene cannot rot.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.sample.people import ZONE
from handlers.card_codec import decode_card
from handlers.cards import Button, Card, Field, buttons_of
from handlers.clock import run_due
from handlers.reception import Inbound, Pressed, Said, Sender, receive
from storage import outbox, people, places, playground
from storage.database import Store

SENDER = "sample"
BATCH = 200


class BrokenSceneError(Exception):
    """A scene asks for something the bot did not offer."""


class Player:
    """The district's people, acting at moments one names (local time, ISO)."""

    def __init__(self, store: Store, *, first: int = 0) -> None:
        """``first``: where to count from, for whoever goes on where another player stopped."""
        self.store = store
        self.now = datetime.min.replace(tzinfo=UTC)
        self._count = first

    def at(self, moment: str) -> None:
        """Go on at this local time: the clock's work is done and what is due is delivered."""
        self.go_to(moment)
        run_due(self.store, self.now)
        self._deliver()

    def go_to(self, moment: str) -> None:
        """Go on at this local time where the clock has nothing of interest to do: it is left for the next ``at``."""
        self.now = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)

    def say(self, email: str, text: str) -> None:
        """Somebody writes."""
        self._act(email, Said(text), text, is_press=False)

    def press(self, email: str, label: str, **values: str) -> None:
        """Somebody presses the newest button whose label begins so, with fields filled in."""
        button, fields, place = self._find(email, label)
        filled = {field.name: field.value for field in fields} | values
        pressed = Pressed(button.action.encode(), filled, message=str(place))
        self._act(email, pressed, button.label, is_press=True)

    def _act(self, email: str, what: Said | Pressed, shown: str, *, is_press: bool) -> None:
        self._count += 1
        with self.store.begin() as tx:
            person = people.find_by_email(tx, email, on=self.now.date())
            if person is None:
                raise BrokenSceneError(f"nobody has the address {email}")
            line = playground.write_line(tx, person_id=person.id, text=shown, at=self.now, is_press=is_press)
        sender = Sender(playground.PLATFORM, playground.PLATFORM, str(person.id), email=email)
        key = f"{SENDER}:{self._count}"
        received = receive(self.store, Inbound((key,), sender, what), now=self.now)
        self._deliver()
        with self.store.begin() as tx:
            if is_press and playground.changed_place(tx, person.id, key) is not None:
                playground.forget_line(tx, line)
        if received.outcome != "done":
            raise BrokenSceneError(f"{email}: {shown!r} was {received.outcome}:\n{self._last(person.id)}")

    def _deliver(self) -> None:
        while True:
            with self.store.begin() as tx:
                rows = outbox.claim(tx, sender=SENDER, now=self.now, limit=BATCH)
                for row in rows:
                    assert row.id is not None
                    reference = {"parts": [str(places.place_of(row))]}
                    outbox.mark_sent(
                        tx, row.id, at=self.now, platform=playground.PLATFORM, reference=reference
                    )
            if not rows:
                return

    def _find(self, email: str, label: str) -> tuple[Button, list[Field], int]:
        for place, card in self._seen(email):
            for button in buttons_of(card):
                if button.label.casefold().startswith(label.casefold()):
                    return button, [block for block in card.blocks if isinstance(block, Field)], place
        raise BrokenSceneError(f"{email} has no button {label!r}")

    def _seen(self, email: str) -> list[tuple[int, Card]]:
        """The person's last messages, the newest first: where each stands, and what it says now."""
        with self.store.read() as tx:
            person = people.find_by_email(tx, email, on=self.now.date())
            rows = playground.messages_to(tx, person.id, limit=12) if person else []
        return [(row.place, decode_card(row.card)) for row in rows]

    def _last(self, person_id: int) -> str:
        with self.store.read() as tx:
            rows = playground.messages_to(tx, person_id, limit=1)
        return rows[0].card if rows else ""
