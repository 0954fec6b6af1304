"""The log holds ids, never content, and one line is one line."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot import journal

NOTE = "what a principal wrote"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    journal.set_up("INFO", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def test_an_exceptions_words_stay_out_of_the_log(lines: io.StringIO) -> None:
    try:
        raise ValueError(NOTE)
    except ValueError:
        logging.getLogger("bot.test").exception("message %d failed", 7)
    (line,) = lines.getvalue().splitlines()
    read = json.loads(line)
    assert (read["text"], read["error"], read["level"]) == ("message 7 failed", "ValueError", "error")
    assert NOTE not in line


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_a_line_end_in_a_value_forges_no_second_line(lines: io.StringIO, end: str) -> None:
    logging.getLogger("bot.test").info("person %s", f'x{end}{{"level": "error"}}')
    assert len(lines.getvalue().splitlines()) == 1


def test_a_value_sends_a_terminal_no_command(lines: io.StringIO) -> None:
    logging.getLogger("bot.test").info("person %s", "\x1b[2J\x9b31m\x07\u202e")
    assert lines.getvalue().rstrip("\n").isprintable()


def test_others_loggers_say_no_more_than_warnings(lines: io.StringIO) -> None:
    for name in ("slack_sdk.web", "slack_bolt.AsyncApp", "aiohttp.access"):
        logging.getLogger(name).info("a whole request body")
    assert lines.getvalue() == ""
