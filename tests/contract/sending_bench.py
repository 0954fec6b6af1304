"""What the benches of all platforms share: clocks that stand still until moved, and messages to send."""

import asyncio
from datetime import datetime, timedelta

from bot.bootstrap import Parts
from handlers.card_codec import encode_card
from handlers.cards import Card, plain
from storage import outbox
from storage.database import Tx
from storage.people import find_by_email
from storage.tables import MessageRow
from tests.district import NOW, email


class Clocks:
    """Wall and forward-only time, moved by hand. Sleeping moves them, so nobody waits."""

    def __init__(self) -> None:
        self.wall = NOW
        self.ticks = 1_000.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.ticks

    def move(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.ticks += seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.move(seconds)
        await asyncio.sleep(0)


class Sending:
    """A bench whose bot has messages to send."""

    parts: Parts
    clocks: Clocks

    def queue(
        self, name: str, text: str, *, period: str = "", asked: bool = True, card: Card | None = None
    ) -> int:
        now = self.clocks.wall
        said = card or plain(text)
        with self.parts.store.begin() as tx:
            person = find_by_email(tx, email(name), on=now.date())
            assert person is not None
            found = outbox.put(
                tx,
                recipient_id=person.id,
                kind="test",
                period=period or text,
                card=encode_card(said),
                asked=asked,
                not_before=now,
                created_at=now,
            )
            assert found is not None
            self.on_queued(tx, found, said)
        return found

    def on_queued(self, tx: Tx, message_id: int, card: Card) -> None:
        """What else belongs to a message that was queued."""

    def message(self, message_id: int) -> MessageRow:
        with self.parts.store.read() as tx:
            return tx.get_one(MessageRow, message_id)

    def states(self) -> dict[str, int]:
        with self.parts.store.read() as tx:
            return outbox.count_by_state(tx)
