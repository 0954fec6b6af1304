"""Whatever is typed in chat, by whoever: it is done or refused in words, and is never a bug."""

import json
import tempfile
from functools import cache
from pathlib import Path

from handlers import router, topics
from handlers.reception import Said
from tests.chat import Chat
from tests.district import email, make_store
from tests.warm_stores import WarmStores

SPEAKERS = ("imani.brooks", "grace.lindqvist", "dev.patel", "ana.whitefeather", "ruth.castellanos")
MOST_LINES = 4
COMMAND_WORDS = tuple(
    dict.fromkeys(
        command.example
        for topic in (*topics.TOPICS, *router.OWN)
        for command in topic.commands
        if command.example
    )
)
"""The examples that the help gives, which all work."""


@cache
def _district() -> tuple[Path, WarmStores]:
    folder = Path(tempfile.mkdtemp(prefix="throughline-fuzz-"))
    make_store(folder).close()
    return folder, WarmStores()


def say_all(data: bytes) -> None:
    """A JSON list of lines, each said by everybody in a district of its own."""
    try:
        lines = json.loads(data)
    except (ValueError, RecursionError):
        lines = [data.decode("utf-8", "replace")]
    if not isinstance(lines, list):
        lines = [lines]
    folder, stores = _district()
    store = stores.sqlite(folder / "test.sqlite", folder / "copy.sqlite")
    try:
        chat = Chat(store, at="2026-11-24 09:00")
        for name in SPEAKERS:
            speaker = chat.person(email(name))
            for line in lines[:MOST_LINES]:
                text = str(line).encode("utf-8", "replace").decode()[:20_000]
                received = speaker._send(Said(text), None)
                assert received.outcome in ("done", "refused"), (
                    f"{name} says {text[:200]!r}: {received.outcome}"
                )
            speaker.last_words()  # every card that came is drawn on every renderer
    finally:
        store.close()
