"""Every released version's district, with conversations under way, is taken over by this version and goes on."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.sample.player import Player
from handlers.card_codec import decode_card
from handlers.cards import Card, buttons_of
from handlers.clock import run_due
from handlers.reception import Inbound, Pressed, Sender, receive
from storage import people, playground
from storage.database import Store
from tests.chat import words_of
from tests.releases.keeping import FOLDER, load
from tests.releases.scenes import ANDRE, CARMEN, DARNELL, HANA, IMANI, QUESTION, TOMAS

RELEASES = sorted(FOLDER.glob("*.jsonl.gz"))
LATER = 20_000
"""Where the numbers of new events begin, beyond all that the scenes have used."""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database without any table."""
    if request.param == "postgres":
        store = Store(request.getfixturevalue("postgres_server").empty())
    else:
        store = Store(f"sqlite:///{tmp_path / 'old.sqlite'}")
    yield store
    store.close()


def test_a_release_is_kept() -> None:
    assert RELEASES


@pytest.mark.parametrize("release", RELEASES, ids=lambda file: file.name)
def test_no_row_is_lost(release: Path, empty: Store) -> None:
    counts = load(release, empty)
    empty.migrate()
    assert empty.is_current()
    assert empty.check() is None
    with empty.read() as tx:
        after = {name: tx.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in counts}
    assert after.pop("setting") >= counts.pop("setting")  # facts of the deployment; an upgrade may note one
    assert after == counts


@pytest.mark.parametrize("release", RELEASES, ids=lambda file: file.name)
def test_what_was_under_way_goes_on(release: Path, empty: Store) -> None:
    load(release, empty)
    empty.migrate()
    player = Player(empty, first=LATER)
    player.at("2027-03-10 15:10")

    player.press(DARNELL, "Done with classrooms")
    player.press(IMANI, "Done with classrooms")
    player.say(IMANI, "In room 9 students turned to a partner before they wrote.")
    player.say(IMANI, "done")
    player.say(IMANI, "Room 9: two students answered six of seven questions. Who else was ready?")
    player.say(IMANI, "done")
    # Notes from before the upgrade are compared with each other.
    assert "Room 9: you counted five students, Imani two." in last_words(player, DARNELL)

    player.press(CARMEN, "Go on")
    assert "Waiting for Imani" in last_words(player, CARMEN)
    player.say(HANA, "In each note I quote one student word for word, with two teachers first.")
    assert "step 2 of 14" not in last_words(player, HANA, cards=1)
    player.press(IMANI, "Go on")
    assert QUESTION in last_words(player, TOMAS)


@pytest.mark.parametrize("release", RELEASES, ids=lambda file: file.name)
def test_old_buttons_still_answer(release: Path, empty: Store) -> None:
    """Each button that stands on a screen does its work or says kindly why not; none runs into a fault of ours."""
    load(release, empty)
    empty.migrate()
    now = datetime(2027, 3, 10, 20, 30, tzinfo=UTC)
    pressed = 0
    for email in (IMANI, TOMAS, DARNELL, CARMEN, HANA, ANDRE):
        for place, card in screen(empty, email):
            for number, button in enumerate(buttons_of(card)):
                key = f"{email}:{place}:{number}"
                sender = Sender(
                    playground.PLATFORM, playground.PLATFORM, str(person_id(empty, email)), email=email
                )
                press = Pressed(button.action.encode(), message=str(place))
                received = receive(empty, Inbound((key,), sender, press), now=now)
                assert received.outcome in ("done", "refused"), (
                    f"{email}: {button.label} was {received.outcome}"
                )
                pressed += 1
    assert pressed > 30


@pytest.mark.parametrize("release", RELEASES, ids=lambda file: file.name)
def test_the_clock_goes_on(release: Path, empty: Store) -> None:
    """From Wednesday to the digest of Monday no piece of the clock's work fails, and each principal gets one."""
    load(release, empty)
    empty.migrate()
    player = Player(empty, first=LATER)
    player.at("2027-03-12 10:00")
    for ild in (IMANI, TOMAS):
        player.say(ild, "triage")
        player.press(ild, "Take all")
    for moment in ("2027-03-12 17:00", "2027-03-15 06:30", "2027-03-15 08:00"):
        player.at(moment)
        assert run_due(empty, player.now)["failed"] == 0
    with empty.read() as tx:
        digests = tx.execute(
            text("SELECT school_id, count(*) FROM digest WHERE week = '2027-03-15' GROUP BY school_id")
        )
        assert [count for _, count in digests] == [1] * 24


def person_id(store: Store, email: str) -> int:
    with store.read() as tx:
        person = people.find_by_email(tx, email, on=datetime(2027, 3, 10, tzinfo=UTC).date())
    assert person is not None
    return person.id


def screen(store: Store, email: str, *, cards: int = 8) -> list[tuple[int, Card]]:
    with store.read() as tx:
        rows = playground.messages_to(tx, person_id(store, email), limit=cards)
    return [(row.place, decode_card(row.card)) for row in rows]


def last_words(player: Player, email: str, *, cards: int = 6) -> str:
    return "\n".join(words_of(card) for _, card in screen(player.store, email, cards=cards))
