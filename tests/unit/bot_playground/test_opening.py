"""Opening the playground: on loopback only, never beside a real platform, never on a real district's database."""

import socket
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.playground.clock import PlaygroundClock
from bot.playground.opening import (
    DEMO_DATABASE,
    NotAPlaygroundError,
    begin_again,
    demo_settings,
    open_playground,
    require_port,
)
from bot.settings import Settings, SettingsError
from handlers.cards import plain
from handlers.post import tell_now
from storage import doubts, outbox, people
from storage.database import Store
from storage.people import Role
from tests.district import NOW, fill, make_store


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def settings(folder: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{folder / 'test.sqlite'}")


def fill_district(store: Store) -> None:
    with store.begin() as tx:
        fill(tx)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "throughline.example"])
def test_it_listens_on_this_machine_only(host: str) -> None:
    with pytest.raises(SettingsError, match="HOST is"):
        demo_settings(Settings(host=host))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_it_starts_on_loopback(host: str) -> None:
    assert demo_settings(Settings(host=host)).host == host


def test_it_does_not_start_beside_slack() -> None:
    with pytest.raises(SettingsError, match="together with SLACK_"):
        demo_settings(Settings(slack_bot_token=SecretStr("xoxb-1")))


def test_it_does_not_start_beside_teams() -> None:
    with pytest.raises(SettingsError, match="together with MICROSOFT_"):
        demo_settings(Settings(microsoft_app_id="1"))


def test_it_has_a_file_of_its_own() -> None:
    assert demo_settings(Settings()).database_url == DEMO_DATABASE


def test_a_database_that_was_named_is_used(tmp_path: Path) -> None:
    assert demo_settings(settings(tmp_path)).database_url == settings(tmp_path).database_url


def test_an_empty_database_is_filled_once(tmp_path: Path) -> None:
    filled = []
    for _ in range(2):
        parts = open_playground(
            settings(tmp_path), fill=lambda store: (filled.append(1), fill_district(store)), starts_at=NOW
        )
        assert parts.now() == NOW
        parts.inbox.close()
        parts.store.close()
    assert filled == [1]


def test_a_district_that_was_cut_short_is_made_again(tmp_path: Path) -> None:
    def break_off(store: Store) -> None:
        fill_district(store)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_playground(settings(tmp_path), fill=break_off, starts_at=NOW)
    filled: list[Store] = []
    parts = open_playground(settings(tmp_path), fill=filled.append, starts_at=NOW)
    assert len(filled) == 1
    with parts.store.read() as tx:
        assert people.is_empty(tx)  # nothing of the first attempt is left
    parts.inbox.close()
    parts.store.close()


def test_a_real_districts_database_is_left_alone(tmp_path: Path) -> None:
    make_store(tmp_path).close()
    with pytest.raises(NotAPlaygroundError, match="not the playground's"):
        open_playground(settings(tmp_path), fill=fill_district, starts_at=NOW)


def test_beginning_again_does_not_remove_a_real_districts_database(tmp_path: Path) -> None:
    make_store(tmp_path).close()
    with pytest.raises(NotAPlaygroundError, match="not the playground's"):
        begin_again(settings(tmp_path))
    assert (tmp_path / "test.sqlite").exists()


def test_beginning_again_removes_the_playgrounds_own(tmp_path: Path) -> None:
    parts = open_playground(settings(tmp_path), fill=fill_district, starts_at=NOW)
    parts.inbox.close()
    parts.store.close()
    begin_again(settings(tmp_path))
    assert list(tmp_path.iterdir()) == []
    begin_again(settings(tmp_path))  # nothing there is as good


def test_a_server_cannot_be_begun_again() -> None:
    with pytest.raises(NotAPlaygroundError, match="by hand"):
        begin_again(Settings(database_url="postgresql://localhost/district"))


def test_a_taken_port_is_said_in_words() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(NotAPlaygroundError, match="is taken"):
            require_port(Settings(port=other.getsockname()[1]))


def test_what_a_killed_playground_was_sending_is_sent_after_all(tmp_path: Path) -> None:
    parts = open_playground(settings(tmp_path), fill=fill_district, starts_at=NOW)
    with parts.store.begin() as tx:
        reader = people.people_with_role(tx, Role.UNIT, on=NOW.date())[0]
        tell_now(tx, reader.id, plain("Half sent."), kind="note", period="1", now=NOW)
        outbox.claim(tx, sender="killed", now=NOW, limit=1)
    parts.inbox.close()
    parts.store.close()
    parts = open_playground(settings(tmp_path), fill=fill_district, starts_at=NOW + timedelta(days=1))
    with parts.store.read() as tx:
        assert [row.state for row in doubts.in_doubt(tx, now=PlaygroundClock(parts.store).now())] == [
            "unknown"
        ]
    parts.inbox.close()
    parts.store.close()
