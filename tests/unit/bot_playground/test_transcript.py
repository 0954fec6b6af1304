"""A person's chat in the order it was seen, and where the page lands in it."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.playground.transcript import Transcript, headline, load_transcript, say_press
from handlers.actions import act
from handlers.cards import (
    Button,
    Buttons,
    Card,
    Chart,
    ChartKind,
    Field,
    FieldKind,
    Item,
    Items,
    Option,
    Text,
    plain,
)
from handlers.post import tell_now
from storage import outbox, people, playground
from storage.database import Store, Tx
from storage.people import Role
from tests.district import NOW, make_store

ZONE = ZoneInfo("America/New_York")
LATER = NOW + timedelta(hours=3)
NEXT_DAY = NOW + timedelta(days=1)


class Desk:
    """Says and sends at given moments, as the playground would."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx
        self.person_id = people.people_with_role(tx, Role.UNIT, on=NOW.date())[0].id

    def write(self, text: str, at: datetime, *, is_press: bool = False) -> None:
        playground.write_line(self.tx, person_id=self.person_id, text=text, at=at, is_press=is_press)
        self.tx.flush()

    def queue(self, text: str) -> int:
        found = tell_now(self.tx, self.person_id, plain(text), kind="note", period=text, now=NOW)
        assert found is not None
        return found

    def send(self, message: int, at: datetime) -> None:
        outbox.claim(self.tx, sender="test", now=at, limit=9)
        outbox.mark_sent(self.tx, message, at=at, platform="playground", reference={})

    def say(self, text: str, at: datetime) -> None:
        self.send(self.queue(text), at)

    def load(self, *, show: int = 50, unread: int = 0) -> Transcript:
        return load_transcript(
            self.tx, self.person_id, show=show, unread=unread, hidden={}, zone=ZONE, today=NOW.date()
        )

    def order(self) -> list[str]:
        return [entry.text or _words(entry.body) for entry in self.load().entries]


def _words(body: str) -> str:
    return body.split('<p class="text" dir="auto">')[1].split("</p>")[0]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path)


def test_lines_stand_between_what_was_seen_before_and_what_answers_them(store: Store) -> None:
    with store.begin() as tx:
        desk = Desk(tx)
        desk.write("first", NOW)
        desk.say("answer one", NOW)
        desk.write("second", NOW)
        desk.say("answer two", NOW)
        assert desk.order() == ["first", "answer one", "second", "answer two"]


def test_what_was_held_back_stands_where_it_came(store: Store) -> None:
    with store.begin() as tx:
        desk = Desk(tx)
        held = desk.queue("held")
        desk.tx.get_one(outbox.MessageRow, held).not_before = LATER
        desk.write("question", NOW)
        desk.say("answer", NOW)
        desk.send(held, LATER)
        desk.write("after", LATER)
        assert desk.order() == ["question", "answer", "held", "after"]


def test_the_page_lands_at_what_was_asked_when_it_is_answered(store: Store) -> None:
    with store.begin() as tx:
        desk = Desk(tx)
        desk.say("old", NOW)
        desk.write("question", NOW)
        desk.say("answer", NOW)
        desk.say("and more", NOW)
        said = desk.load(unread=2)
        assert said.newest == said.entries[1].anchor
        assert not any(entry.is_first_new for entry in said.entries)


def test_the_page_lands_at_the_first_new_message_nobody_here_asked_for(store: Store) -> None:
    with store.begin() as tx:
        desk = Desk(tx)
        desk.write("question", NOW)
        desk.say("answer", NOW)
        desk.say("new one", NEXT_DAY)
        desk.say("new two", NEXT_DAY)
        said = desk.load(unread=2)
        assert said.newest == said.entries[2].anchor
        assert [entry.is_first_new for entry in said.entries] == [False, False, True, False]
        assert [entry.is_first_of_day for entry in said.entries] == [True, False, True, False]


def test_with_nothing_new_the_page_lands_at_the_last_talk_or_what_came_after_it(store: Store) -> None:
    with store.begin() as tx:
        desk = Desk(tx)
        desk.write("question", NOW)
        desk.say("answer", NOW)
        said = desk.load()
        assert said.newest == said.entries[0].anchor
        desk.say("a note", NEXT_DAY)
        said = desk.load()
        assert said.newest == said.entries[2].anchor


def test_an_empty_chat_has_nowhere_to_land(store: Store) -> None:
    with store.begin() as tx:
        assert Desk(tx).load() == Transcript((), has_earlier=False, newest="")


def test_only_the_last_entries_are_shown(store: Store) -> None:
    with store.begin() as tx:
        desk = Desk(tx)
        for number in range(6):
            desk.say(f"message {number}", NOW)
        said = desk.load(show=4)
        assert len(said.entries) == 4
        assert said.has_earlier
        assert not desk.load(show=6).has_earlier


@pytest.mark.parametrize("text", ["word " * 500, "x" * 5_000, "\n".join(str(n) for n in range(400))])
def test_a_long_line_folds_and_loses_nothing(store: Store, text: str) -> None:
    with store.begin() as tx:
        desk = Desk(tx)
        desk.write(text, NOW)
        (entry,) = desk.load().entries
        assert len(entry.text) <= 500
        assert entry.rest
        assert "".join((entry.text + entry.rest).split()) == "".join(text.split())


FORM = Card(
    "",
    (
        Field("why", "Why", FieldKind.LINE),
        Field("mark", "Your mark", FieldKind.LINE, is_kept=False),
        Field("who", "Who", FieldKind.CHOICES, options=(Option("1", "Mei"), Option("2", "Farid"))),
        Items((Item("due Friday", lead="Seat counts", buttons=(Button("Done", act("x.done", id=1)),)),)),
        Buttons((Button("Cancel it", act("x.cancel", id=1)),)),
    ),
)


@pytest.mark.parametrize(
    ("line", "values", "said"),
    [
        pytest.param("x.cancel?id=1", {}, "Cancel it", id="its label"),
        pytest.param("x.done?id=1", {}, "Done (Seat counts)", id="its label and its item"),
        pytest.param("x.cancel?id=1", {"why": "flu"}, "Cancel it\nWhy: flu", id="what was written"),
        pytest.param("x.cancel?id=1", {"who": "1\n2"}, "Cancel it\nWho: Mei, Farid", id="what was chosen"),
        pytest.param("x.cancel?id=1", {"mark": "5"}, "Cancel it", id="without what may not be kept"),
        pytest.param("x.cancel?id=2", {}, "(a button)", id="a button that is not in the card"),
        pytest.param("<b>", {}, "(a button)", id="no button's line at all"),
    ],
)
def test_a_press_shows_as(store: Store, line: str, values: dict[str, str], said: str) -> None:
    with store.begin() as tx:
        desk = Desk(tx)
        message = tell_now(tx, desk.person_id, FORM, kind="note", period="1", now=NOW)
        assert message is not None
        assert say_press(tx, desk.person_id, message, line, values) == said


def test_a_press_of_somebody_elses_message_tells_nothing(store: Store) -> None:
    with store.begin() as tx:
        desk = Desk(tx)
        message = tell_now(tx, desk.person_id, FORM, kind="note", period="1", now=NOW)
        assert message is not None
        assert say_press(tx, desk.person_id + 1, message, "x.cancel?id=1", {}) == "(a button)"


CHART = Chart(ChartKind.BARS, "Visits by month", (), (), "visits", "None.")


@pytest.mark.parametrize(
    ("card", "said"),
    [
        (Card("Your week", (Text("Three things."),)), "Your week"),
        (Card("", (Text("things.", lead="Three"),)), "Three things."),
        (Card("", (Buttons(()), Items((Item("11 over", lead="Adams"),)))), "Adams 11 over"),
        (Card("", (Items((), title="Planned"),)), "Planned"),
        (Card("", (CHART,)), "Visits by month"),
        (Card(""), "A message"),
        (plain("a\n\nb   c"), "a b c"),
        (plain("word " * 60), ("word " * 17).strip() + "…"),
    ],
)
def test_a_headline_is_the_first_words(card: Card, said: str) -> None:
    assert headline(card) == said
