"""Bot Framework's SDK is at its end, so one module knows it."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_only_one_module_knows_the_sdk() -> None:
    knowing = [
        path.relative_to(ROOT).as_posix()
        for folder in ("bot", "handlers", "storage", "protocols")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"^\s*(?:from|import) (?:botbuilder|botframework)", path.read_text(), re.MULTILINE)
    ]
    assert knowing == ["bot/platforms/teams.py"]
