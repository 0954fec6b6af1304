"""Rules of the house that a reader should be able to rely on: short files, one clock, logs without content."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import Settings

ROOT = Path(__file__).parent.parent.parent
FLOORS = ("bot", "handlers", "storage", "protocols")
LONGEST_FILE = 400
LONG_FOR_A_REASON = {
    "storage/migrations/versions/0001_the_first_tables.py": "generated from the tables",
}
SAYS_NOTHING = re.compile(r"(utils?|helpers?|types|managers?|misc|common|base_service)\.py")
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter", "localtime", "gmtime"}
CLOCK_OWNERS = {"datetime", "date", "time", "dt"}
LOG_METHODS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
LOGGABLE = re.compile(
    r"type\(\w+(\.orig)?\)\.__name__"  # what kind of error, not its text
    r"|(\w+\.)*(\w*_)?(id|name|key|code|count|number|frames)"
    r"|inbound\.keys\[0\]|len\(\w+\)"
    r"|why"  # a platform's or the database's own word, never a person's
    r"|error"  # only ActionError's, checked below
)


def modules(*floors: str) -> list[Path]:
    return [path for floor in floors for path in sorted((ROOT / floor).rglob("*.py"))]


def named(paths: list[Path]) -> dict[str, Path]:
    return {path.relative_to(ROOT).as_posix(): path for path in paths}


def calls(path: Path) -> Iterator[ast.Call]:
    yield from (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))


@pytest.mark.parametrize("name", named(modules(*FLOORS)))
def test_a_file_is_short_enough_to_know_or_says_why_not(name: str) -> None:
    lines = len((ROOT / name).read_text().splitlines())
    assert (lines > LONGEST_FILE) == (name in LONG_FOR_A_REASON), f"{name} has {lines} lines"


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [name for name, path in named(modules(*FLOORS)).items() if SAYS_NOTHING.fullmatch(path.name)] == []


def test_only_bot_reads_the_clock() -> None:
    found = [
        f"{name}:{call.lineno}"
        for name, path in named(modules("handlers", "storage", "protocols")).items()
        for call in calls(path)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in CLOCKS
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in CLOCK_OWNERS
    ]
    assert found == []


def log_calls(*floors: str) -> Iterator[tuple[str, ast.Call]]:
    for name, path in named(modules(*floors)).items():
        for call in calls(path):
            match call.func:
                case ast.Attribute(value=ast.Name(id="log" | "logging" | "logger"), attr=attr) if (
                    attr in LOG_METHODS
                ):
                    yield f"{name}:{call.lineno}", call


def test_a_line_of_the_log_has_a_fixed_text() -> None:
    """So that what varies is in its arguments, where the next test looks at it; and no traceback is attached."""
    for place, call in log_calls(*FLOORS):
        attr = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        text = call.args[1 if attr == "log" else 0]
        assert isinstance(text, ast.Constant), place
        assert attr != "exception", place
        assert not call.keywords, place


def test_conversations_and_storage_log_ids_and_kinds_never_what_people_wrote() -> None:
    for place, call in log_calls("handlers", "storage"):
        for argument in call.args[1:]:
            assert LOGGABLE.fullmatch(ast.unparse(argument)), f"{place} logs {ast.unparse(argument)}"


def test_nothing_prints() -> None:
    found = [
        f"{name}:{call.lineno}"
        for name, path in named(modules("handlers", "storage")).items()
        for call in calls(path)
        if isinstance(call.func, ast.Name) and call.func.id == "print"
    ]
    assert found == []


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"`{name.upper()}`" in (ROOT / "README.md").read_text()
