"""The figures for whoever watches, and that the page which explains them knows every one."""

import re
from datetime import timedelta
from pathlib import Path

from bot.metrics import Metrics
from handlers.card_codec import encode_card
from handlers.cards import plain
from handlers.clock import note_tick
from storage import outbox, people
from storage.database import Store
from tests.district import NOW, email

PAGE = (Path(__file__).parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")


def figures(store: Store) -> dict[str, float]:
    text = Metrics(store, now=lambda: NOW).text().decode()
    rows = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in rows}


def test_every_figure_is_explained_and_none_that_is_not_there(store: Store) -> None:
    note_tick(store, NOW)
    names = set(re.findall(r"^# TYPE (\S+)", Metrics(store, now=lambda: NOW).text().decode(), re.MULTILINE))
    explained = set(re.findall(r"^\| `(throughline_\w+)(?:\{[\w,]+\})?` \|", PAGE, re.MULTILINE))
    assert explained == names


def test_the_last_tick_is_the_same_in_every_process(store: Store) -> None:
    assert "throughline_last_tick_seconds" not in figures(store)
    note_tick(store, NOW)
    assert figures(store)["throughline_last_tick_seconds"] == NOW.timestamp()


def test_the_oldest_waiting_message_counts_from_when_it_was_due(store: Store) -> None:
    assert figures(store)["throughline_oldest_waiting_seconds"] == 0
    with store.begin() as tx:
        person = people.find_by_email(tx, email("imani.brooks"), on=NOW.date())
        assert person is not None
        for number, due in enumerate(
            (NOW - timedelta(minutes=20), NOW - timedelta(minutes=5), NOW + timedelta(hours=1))
        ):
            card = encode_card(plain("Hello."))
            outbox.put(
                tx, recipient_id=person.id, kind="test", period=str(number), card=card, asked=True,
                not_before=due, created_at=NOW,
            )  # fmt: skip
    found = figures(store)
    assert found["throughline_oldest_waiting_seconds"] == 20 * 60
    assert found["throughline_waiting"] == 2
