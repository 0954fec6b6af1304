"""Conversation tests read like a chat: say, press, see.

    chat = Chat(store, at="2026-11-24 09:00")
    denise = chat.person("denise@district.example")
    denise.says("walkthrough lincoln")
    denise.sees("Which Lincoln?")
    denise.presses("Lincoln Middle")

Everything goes through ``handlers.reception`` and the outbox, as on a real platform; only the sending is left out.
A message that is changed in place is seen once more where it stands: ``sees`` is about what came or changed last,
``screen`` about the chat as it looks now, where one presses what is there, or, as a second click, what was there.
``chat.person(..., platform="slack")`` or ``"teams"`` writes from an account of that platform. Every card that reaches a
person is drawn on every renderer: one that some platform cannot show, or not all of, fails the test.
"""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.sent_files import SentFiles
from handlers.actions import Action
from handlers.card_codec import decode_card, encode_card
from handlers.cards import Button, Card, Field, buttons_of
from handlers.district import load_district
from handlers.intake.sent_files import SentFile
from handlers.outgoing import Drop, Later, recheck
from handlers.reception import Inbound, Pressed, Received, Said, Sender, receive
from protocols.documents.reading import read_document
from storage import outbox, people, places
from storage.database import Store, Tx
from storage.tables import MessageRow
from tests.contract.every_renderer import assert_good_everywhere

ZONE = ZoneInfo("America/New_York")


class Chat:
    """A district's chats at one moment; the clock stands still until it is moved."""

    def __init__(self, store: Store, *, at: str, is_courteous: bool = False) -> None:
        """``is_courteous``: each message is looked at once more before it is sent, as the real sender does."""
        self.store = store
        self.is_courteous = is_courteous
        self.now = datetime.fromisoformat(at).replace(tzinfo=ZONE).astimezone(UTC)
        self.events = 0

    def person(self, email: str, *, platform: str = "test") -> "Speaker":
        """Somebody of the district, writing from an account of the platform."""
        with self.store.read() as tx:
            found = people.find_by_email(tx, email, on=self.now.astimezone(ZONE).date())
        assert found is not None, f"nobody has the address {email}"
        return Speaker(self, email, found.id, platform=platform)

    def wait(self, **spans: float) -> None:
        """Let time pass: ``wait(days=2)``."""
        self.now += timedelta(**spans)

    def move_to(self, at: str) -> None:
        self.now = datetime.fromisoformat(at).replace(tzinfo=ZONE).astimezone(UTC)


@dataclass
class Speaker:
    """One person's side of the chat. ``seen`` are the cards that reached them, oldest first, changed ones once more.

    ``platform`` may be changed on the way: the person goes on from another device.
    """

    chat: Chat
    email: str
    id: int
    seen: list[Card] = field(default_factory=list)
    platform: str = "test"

    def says(
        self, text: str, *, is_command: bool = False, key: str | None = None, under: int | None = None
    ) -> Received:
        """``under``: in the thread of the message at that place."""
        thread = "" if under is None else str(under)
        return self._send(Said(text, is_command=is_command, thread=thread), key)

    def shares(self, *files: tuple[str, bytes], text: str = "", media_type: str = "") -> Received:
        """Files, each by its name, with words beside them; fetched, kept and read as a real platform's are."""
        held = {f"test:{self.email}:{self.chat.events}:{name}": (name, data) for name, data in files}

        async def fetch(file: SentFile) -> bytes:
            return held[file.reference][1]

        sent = tuple(
            SentFile(one, name, media_type, len(data), "there") for one, (name, data) in held.items()
        )
        bringing = SentFiles(
            self.chat.store, {self.platform: fetch}, now=lambda: self.chat.now, read=read_document
        )
        return self._send(Said(text, files=sent), None, bringing)

    def presses(self, label: str, *, key: str | None = None, **values: str) -> Received:
        """Press the newest button whose label begins so; fields beside it keep their value unless given."""
        place, card, button = self._find_button(label)
        filled = {f.name: f.value for f in card.blocks if isinstance(f, Field)} | values
        unknown = values.keys() - {f.name for f in card.blocks if isinstance(f, Field)}
        assert not unknown, f"the card has no field {unknown}"
        return self._send(Pressed(button.action.encode(), filled, message=str(place)), key)

    def presses_again(self, place: int, button: Button) -> Received:
        """Press a button that the message at that place once had: a second click, a screen that is behind."""
        return self._send(Pressed(button.action.encode(), message=str(place)), None)

    def presses_action(self, action: Action, **values: str) -> Received:
        """Press a button that need not be on any card of this person's: an old one, or somebody else's."""
        return self._send(Pressed(action.encode(), values), None)

    def sees(self, *expected: str) -> None:
        """What came last (all cards since this person's last move) contains each of these, whatever its case."""
        said = self.last_words()
        for words in expected:
            assert words.casefold() in said.casefold(), (
                f"{words!r} is not in what {self.email} last saw:\n{said}"
            )

    def does_not_see(self, *unexpected: str) -> None:
        said = self.last_words()
        for words in unexpected:
            assert words.casefold() not in said.casefold(), (
                f"{words!r} is in what {self.email} last saw:\n{said}"
            )

    def last_words(self) -> str:
        self.collect()
        return "\n".join(words_of(card) for card in self.seen[self._since :])

    def everything(self) -> str:
        """All this person was ever shown."""
        self.collect()
        return "\n".join(words_of(card) for card in self.seen)

    def shows(self, *expected: str) -> None:
        """The chat as it looks now contains each of these, whatever its case."""
        for words in expected:
            assert words.casefold() in self.screen().casefold(), (
                f"{words!r} is not on {self.email}'s screen:\n{self.screen()}"
            )

    def does_not_show(self, *unexpected: str) -> None:
        for words in unexpected:
            assert words.casefold() not in self.screen().casefold(), (
                f"{words!r} is on {self.email}'s screen:\n{self.screen()}"
            )

    def screen(self) -> str:
        """The chat as it looks now, oldest message first, each as it was changed last."""
        return "\n\n".join(words_of(card) for card in self.messages().values())

    def messages(self) -> dict[int, Card]:
        """What is on the screen now, by place, in the order in which the places were opened."""
        self.collect()
        return {place: self.seen[at] for place, at in sorted(self._newest.items())}

    _since: int = 0
    _place_of: dict[int, int] = field(default_factory=dict)  # by position in ``seen``
    _newest: dict[int, int] = field(
        default_factory=dict
    )  # by place: the position in ``seen`` of its last state

    def collect(self) -> list[Card]:
        """Deliver what is due to this person, as a sender would; the new cards."""
        before = len(self.seen)
        with self.chat.store.begin() as tx:
            while rows := outbox.claim(tx, sender="test", now=self.chat.now, limit=1, recipient_id=self.id):
                for row in rows:
                    if self.chat.is_courteous and not self._may_go(tx, row):
                        continue
                    self._show(places.place_of(row), self._deliver(tx, row))
        return self.seen[before:]

    def _show(self, place: int, card: Card) -> None:
        self._place_of[len(self.seen)] = place
        self._newest[place] = len(self.seen)
        self.seen.append(card)

    def _may_go(self, tx: Tx, row: MessageRow) -> bool:
        assert row.id is not None
        match recheck(tx, load_district(tx), row, now=self.chat.now):
            case Drop(why=why):
                outbox.drop(tx, row.id, why=why)
            case Later(at=at, waits_for=waits_for, expires_at=expires_at):
                assert at > self.chat.now, "a message that waits for now would wait for ever"
                outbox.mark_unsent(
                    tx, row.id, not_before=at, counts=False, waits_for=waits_for, expires_at=expires_at
                )
            case _:
                return True
        return False

    def _deliver(self, tx: Tx, row: MessageRow) -> Card:
        assert row.id is not None
        reference = {"parts": [str(places.place_of(row))]}
        outbox.mark_sent(tx, row.id, at=self.chat.now, platform=self.platform, reference=reference)
        card = decode_card(row.card)
        assert_good_everywhere(card)
        return card

    def _send(self, what: Said | Pressed, key: str | None, bringing: SentFiles | None = None) -> Received:
        self.collect()
        self._since = len(self.seen)
        self.chat.events += 1
        sender = Sender(self.platform, "T", self.email, email=self.email)
        inbound = Inbound((key or f"test:{self.chat.events}",), sender, what)
        files = asyncio.run(bringing.bring(inbound)) if bringing else None
        received = receive(self.chat.store, inbound, now=self.chat.now, files=files)
        self.collect()
        return received

    def _find_button(self, label: str) -> tuple[int, Card, Button]:
        """Of what came or changed last and has such a button: its place (0 for a card that a test put into ``seen``),
        the card, the button. Where no message has it any more, the one that had it last: a second click, or a screen
        that is behind."""
        self.collect()
        newest_first = list(enumerate(self.seen))[::-1]
        is_now = [at == self._newest.get(self._place_of.get(at, 0), at) for at, _card in newest_first]
        for wanted in (True, False):
            for (at, card), now in zip(newest_first, is_now, strict=True):
                for button in buttons_of(card) if now is wanted else ():
                    if button.label.casefold().startswith(label.casefold()):
                        return self._place_of.get(at, 0), card, button
        raise AssertionError(f"no button {label!r} for {self.email}; last words:\n{self.last_words()}")


def words_of(card: Card) -> str:
    """Everything the card says, in order, as one text."""

    def walk(value: object) -> list[str]:
        if isinstance(value, dict):
            if "action" in value and "label" in value:
                return [f"[{value['label']}]"]
            return [
                text for key, part in value.items() if key not in ("block", "refresh") for text in walk(part)
            ]
        if isinstance(value, list):
            return [text for part in value for text in walk(part)]
        return [str(value)] if value not in (None, "", False, True) else []

    return " \n".join(walk(json.loads(encode_card(card))))
