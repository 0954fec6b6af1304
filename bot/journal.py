"""The log: one JSON object a line on standard error, with ids and never content.

An exception is written as its type and the places it passed; its message is left out, because it may hold what
somebody wrote. JSON in plain ASCII also keeps line ends of every kind in a value from forging a second line, and
control sequences from a terminal that shows it.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import TextIO

_QUIET = (
    "aiohttp.access",
    "alembic",
    "apscheduler",
    "slack_bolt",
    "slack_sdk",
    "matplotlib",
    "asyncio",
    "httpx",
    "httpcore",
)
"""Others' loggers: warnings only. Below that they tell what passes through them."""


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "text": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["frames"] = "".join(traceback.format_tb(record.exc_info[2]))
        return json.dumps(line)


def set_up(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send this process's log to ``stream`` (default: standard error), from ``level`` on."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
