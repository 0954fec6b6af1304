"""Reading a stranger's feed in a process of its own (``apart``)."""

from typing import Any

from bot.services.apart import TooMuchError, answer_apart, run_apart
from protocols.buffer.feed_entries import FeedEntry, FeedFault, MemoFeed, read_feed

SECONDS = 20.0
_MODULE = "bot.services.feed_apart"
_TOO_MUCH = "That feed takes longer to read than I can spare. Ask for one with the newest entries only."


def read_feed_apart(data: bytes, *, seconds: float = SECONDS) -> MemoFeed:
    """``read_feed`` in another process. Raises ``FeedFault``, also where it takes too long or too much."""
    try:
        answer = run_apart(_MODULE, {}, data, seconds=seconds)
    except TooMuchError:
        raise FeedFault(_TOO_MUCH) from None
    if "fault" in answer:
        raise FeedFault(answer["fault"])
    return MemoFeed(answer["title"], tuple(FeedEntry.from_json(one) for one in answer["entries"]))


def _read(_wanted: dict[str, Any], data: bytes) -> dict[str, Any]:
    try:
        feed = read_feed(data)
    except FeedFault as fault:
        return {"fault": str(fault)}
    return {"title": feed.title, "entries": [entry.to_json() for entry in feed.entries]}


if __name__ == "__main__":
    answer_apart(_read)
