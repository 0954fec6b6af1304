"""The second reader in the assembled bot: off without settings; with them asked, counted, and in nobody's way."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.bootstrap import INBOX_THREADS, Parts, assemble
from bot.services.language_model import AT_ONCE, LanguageModel
from bot.services.second_reader import SecondReader
from bot.settings import Settings
from handlers.cards import Card
from handlers.reception import Inbound, Said, Sender
from protocols.guided.evidence import Verdict
from protocols.guided.second_opinion import Look, Opinion
from storage import runs
from storage.database import Store
from tests.conversations.test_walkthrough import Two
from tests.district import email
from tests.model_server import Reply, model_server, says

LOOK = Look("students worked quietly", Verdict.JUDGEMENT, is_unsure=True)


async def ignore(_card: Card) -> None:
    return


def settings(base_url: str | None) -> Settings:
    model = {"llm_base_url": base_url, "llm_model": "small"} if base_url else {}
    return Settings.model_validate(model)


async def write(parts: Parts, text: str) -> None:
    sender = Sender("slack", "T", "U1", email=email("imani.brooks"))
    task = await parts.inbox.take(Inbound(("test:note",), sender, Said(text)), ignore)
    assert await task == "done"


@pytest.mark.parametrize("has_model", [True, False])
def test_a_note_is_put_to_the_model_of_the_settings_and_to_nobody_without_them(
    store: Store, has_model: bool
) -> None:
    two = Two(store)
    two.prepare()
    with model_server(says({"verdict": "evidence", "question": ""})) as server:
        parts = assemble(
            settings(server.base_url if has_model else None),
            store=store,
            platforms=[],
            now=lambda: two.chat.now,
        )
        asyncio.run(write(parts, "12: students worked quietly"))
        parts.inbox.close()
        if parts.model is not None:
            parts.model.close()
    with store.read() as tx:
        run = runs.get(tx, 1)
    assert run is not None
    kept = [entry.text for entry in run.state.live("notes")]
    figures = parts.metrics.text().decode()
    if has_model:
        assert (kept, server.notes) == (["students worked quietly"], ["students worked quietly"])
        assert 'throughline_language_model_total{outcome="answered"} 1.0' in figures
        assert 'throughline_second_opinions_total{outcome="withdrawn"} 1.0' in figures
    else:
        assert (kept, server.asked) == ([], []), "the coach asks, as it always did"
        assert "throughline_language_model_total{" not in figures


def test_those_who_may_wait_for_the_model_have_threads_of_their_own(store: Store) -> None:
    threads = []
    for base_url in (None, "http://127.0.0.1:1/v1"):
        parts = assemble(settings(base_url), store=store, platforms=[], now=lambda: datetime.now(UTC))
        threads.append(parts.inbox._pool._max_workers)
        parts.inbox.close()
        if parts.model is not None:
            parts.model.close()
    assert threads == [INBOX_THREADS[True], INBOX_THREADS[True] + AT_ONCE]


@pytest.mark.parametrize(
    ("reply", "opinion", "counted"),
    [
        (
            says({"verdict": "evidence", "question": ""}),
            Opinion(Verdict.EVIDENCE, ""),
            ["answered", "withdrawn"],
        ),
        (
            says({"verdict": "mixed", "question": "Lazy?"}),
            Opinion(Verdict.MIXED, "Lazy?"),
            ["answered", "agreed", "question_refused"],
        ),
        (says({"verdict": "lazy", "question": ""}), None, ["nonsense"]),
        (Reply(status=500), None, ["refused"]),
    ],
    ids=["evidence", "a bad question", "another word", "an error"],
)
def test_what_came_of_it_is_counted(reply: Reply, opinion: Opinion | None, counted: list[str]) -> None:
    outcomes: list[str] = []
    with model_server(reply) as server:
        model = LanguageModel(server.base_url, "small", patience=30.0, count=outcomes.append)
        assert SecondReader(model, count=outcomes.append)(LOOK) == opinion
        model.close()
    assert outcomes == counted
