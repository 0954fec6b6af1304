"""How much one account may have the bot do in a minute: beyond it nothing is done, and it is said once."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from bot.sent_files import SentFiles
from handlers.cards import Download
from handlers.intake.sent_files import SentFile
from handlers.pace import CHARACTERS, FILE, Pace, cost_of
from handlers.reception import Inbound, Pressed, Received, Said, Sender, cost_of_event, receive
from protocols.documents.reading import read_document
from storage import pace
from storage.database import Store
from storage.tables import AuditRow, KeptInboundRow, MandateRow, MessageRow, PaceRow, VisitRow
from tests.chat import Chat, Speaker
from tests.district import email

AT = "2026-11-24 14:00"
MINUTE = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
FULL = "that was more"


@dataclass
class Hurried:
    """A person whose account writes faster than people do. The wall's clock is moved apart from the district's."""

    chat: Chat
    speaker: Speaker
    most: int = 5
    wall: datetime = MINUTE
    number: int = 0

    def sends(self, what: Said | Pressed) -> Received:
        self.number += 1
        self.speaker._since = len(self.speaker.seen)
        inbound = Inbound(
            (f"hurried:{self.number}",), Sender("test", "T", self.speaker.email, self.speaker.email), what
        )
        return receive(self.chat.store, inbound, now=self.chat.now, pace=Pace(self.most, self.wall))

    def says(self, text: str) -> str:
        """The outcome."""
        return self.sends(Said(text)).outcome


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at=AT)


@pytest.fixture
def imani(chat: Chat) -> Hurried:
    return Hurried(chat, chat.person(email("imani.brooks")))


def answers(chat: Chat, speaker: Speaker) -> int:
    with chat.store.read() as tx:
        return len(tx.exec(select(MessageRow.id).where(MessageRow.recipient_id == speaker.id)).all())


def test_beyond_it_nothing_is_done_and_it_is_said_once(chat: Chat, imani: Hurried) -> None:
    assert [imani.says("help") for _ in range(5)] == ["done"] * 5
    assert imani.says("plan lincoln middle thu 3 dec 8:30") == "refused"
    imani.speaker.sees(
        "up to 5 things a minute", FULL, "not done", "send it again", "tell your administrator"
    )
    before = answers(chat, imani.speaker)
    assert [imani.says("plan lincoln middle thu 3 dec 8:30") for _ in range(20)] == ["refused"] * 20
    assert answers(chat, imani.speaker) == before
    with chat.store.read() as tx:
        assert tx.exec(select(VisitRow).where(VisitRow.starts == 510)).all() == []


def test_after_the_minute_it_goes_on_and_a_repeat_of_what_was_refused_stays_refused(
    chat: Chat, imani: Hurried
) -> None:
    for _ in range(7):
        imani.says("help")
    imani.number -= 1  # the platform delivers the last one again
    imani.wall += timedelta(minutes=1)
    assert imani.says("help") == "repeat"
    assert imani.says("plan lincoln middle thu 3 dec 8:30") == "done"
    imani.speaker.sees("Lincoln Middle")


def test_each_full_minute_is_said_anew_and_to_administrators_once_a_day(chat: Chat, imani: Hurried) -> None:
    for _ in range(3):
        for _ in range(8):
            imani.says("help")
        imani.wall += timedelta(minutes=1)
    assert imani.speaker.everything().count(FULL) == 3
    ana = chat.person(email("ana.whitefeather"))
    chat.move_to("2026-11-25 12:30")
    assert ana.everything().count("Imani Brooks's account sent me more than 5 things within a minute") == 1
    with chat.store.read() as tx:
        rows = tx.exec(select(AuditRow).where(AuditRow.action == "pace.exceeded")).all()
    assert [(row.actor_id, row.object) for row in rows] == [
        (imani.speaker.id, f"person:{imani.speaker.id}")
    ] * 3


def test_others_are_not_kept_from_anything(chat: Chat, imani: Hurried) -> None:
    tomas = Hurried(chat, chat.person(email("tomas.rivera")), number=1_000)
    for _ in range(9):
        imani.says("help")
    assert tomas.says("help") == "done"


def test_what_is_refused_for_another_reason_counts_too(chat: Chat, imani: Hurried) -> None:
    """Or an account could try for ever what it may not."""
    assert [imani.says("plan lincoln middle thu 26 nov 8:30") for _ in range(5)] == ["refused"] * 5
    imani.says("help")
    imani.speaker.sees(FULL)


def test_nothing_that_was_refused_waits_to_be_done_after_a_restart(chat: Chat, imani: Hurried) -> None:
    for _ in range(9):
        imani.says("help")
    with chat.store.read() as tx:
        assert tx.exec(select(KeptInboundRow)).all() == []


def test_a_clock_that_was_put_back_does_not_keep_somebody_out(chat: Chat, imani: Hurried) -> None:
    for _ in range(9):
        imani.says("help")
    imani.wall -= timedelta(days=400)
    assert imani.says("help") == "done"


def test_without_a_limit_nothing_is_counted(chat: Chat, imani: Hurried) -> None:
    for _ in range(9):
        imani.speaker.says("help")
    with chat.store.read() as tx:
        assert tx.exec(select(PaceRow)).all() == []


@pytest.mark.parametrize(
    ("what", "cost"),
    [
        (Said("help"), 1),
        (Said("x" * CHARACTERS), 2),
        (Said("x" * 400_000), 21),
        (Said("", files=(SentFile("a"), SentFile("b"))), 1 + 2 * FILE),
        (Pressed("help.open"), 1),
        (Pressed("mandates.paste", {"text": "x" * 3 * CHARACTERS}), 4),
    ],
)
def test_what_takes_longer_counts_as_more(what: Said | Pressed, cost: int) -> None:
    assert cost_of_event(what) == cost


def test_the_longest_memo_is_read_however_low_the_limit_is(chat: Chat) -> None:
    dev = Hurried(chat, chat.person(email("dev.patel")), most=2)
    text = "To: Principals\nFrom: Human Resources\nSubject: Seats\n\nPrincipals must return the count by December 4.\n"
    assert cost_of(text + " " * 390_000) > dev.most
    assert dev.says(f"memo: {text}{' ' * 390_000}.") == "done"
    with chat.store.read() as tx:
        assert len(tx.exec(select(MandateRow)).all()) == 1
    assert dev.says("help") == "refused"


def test_files_beyond_it_are_not_even_fetched_and_can_be_sent_again(chat: Chat) -> None:
    dev = Hurried(chat, chat.person(email("dev.patel")), most=2 * FILE)
    fetched = []

    async def fetch(file: SentFile) -> bytes:
        fetched.append(file.reference)
        return b"Principals must return the count of seats by December 4."

    files = SentFiles(chat.store, {"test": fetch}, now=lambda: chat.now, read=read_document)

    def send(name: str) -> Received:
        dev.number += 1
        dev.speaker._since = len(dev.speaker.seen)
        said = Said("", files=(SentFile(name, f"{name}.txt", "text/plain", 60, "there"),))
        sender = Sender("test", "T", dev.speaker.email, dev.speaker.email)
        inbound, limit = Inbound((f"file:{dev.number}",), sender, said), Pace(dev.most, dev.wall)
        read = asyncio.run(files.bring(inbound, pace=limit))
        return receive(chat.store, inbound, now=chat.now, files=read, pace=limit)

    assert [send("one").outcome, send("two").outcome] == ["done", "refused"]
    dev.speaker.sees(FULL)
    assert fetched == ["one"]
    dev.wall += timedelta(minutes=1)
    assert send("two").outcome == "done"
    assert fetched == ["one", "two"]


def test_a_file_that_is_handed_over_counts_as_one_that_is_sent(chat: Chat) -> None:
    ruth = Hurried(chat, chat.person(email("ruth.castellanos")), most=100)
    ruth.says("how many visits by school since september as a file")
    with chat.store.read() as tx:
        row = tx.get_one(PaceRow, ruth.speaker.id)
    blocks = [block for card in ruth.speaker.collect() for block in card.blocks]
    files = sum(isinstance(block, Download) for block in blocks)
    assert files
    assert row.count == 1 + FILE * files


def test_an_only_administrator_hears_of_their_own_account(chat: Chat) -> None:
    ana = Hurried(chat, chat.person(email("ana.whitefeather")), most=1)
    ana.says("help")
    assert ana.says("help") == "refused"
    chat.move_to("2026-11-25 12:30")
    assert "Ana Whitefeather's account sent me more" in ana.speaker.everything()


def test_two_at_once_do_not_get_more_than_one(store: Store, chat: Chat) -> None:
    """What the second process sees is what the first has counted."""
    someone = chat.person(email("imani.brooks")).id
    with store.begin() as tx:
        assert pace.take(tx, someone, 3, most=4, at=MINUTE)
    with store.begin() as tx:
        assert not pace.take(tx, someone, 3, most=4, at=MINUTE)
        assert pace.take(tx, someone, 1, most=4, at=MINUTE)
    with store.read() as tx:
        assert not pace.has_room(tx, someone, 1, most=4, at=MINUTE)
        assert pace.has_room(tx, someone, 1, most=4, at=MINUTE + pace.SPAN)
