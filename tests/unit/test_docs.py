"""The project's writing is true: what README and CONTRIBUTING name exists, and what exists is named there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from bot.__main__ import app
from bot.settings import Settings
from handlers.topics import TOPICS

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
each_page = pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])

GLOSSARY = """
walkthrough, look-for, evidence, warm feedback, questions and challenges, debrief, next step, problem of practice, cycle
of inquiry, rationale, product, protected time, blackout window, override, cadence, interval, drift, network, host,
mandate, demand, digest, translate, triage, binding, bridge, buffer, exemption, theory of action, service request,
scorecard, pulse
"""
WORDS = [" ".join(word.split()) for word in GLOSSARY.split(",")]
"""The words of the practice: the same in chat, code, tables and README."""

ELSEWHERE = {
    "a path of one machine": r"(?<![\w.])/(?:work|root|home|tmp|opt|usr|Users|mnt)\b",
    "a path outside the project": r"\.\./",
    "who wrote it, and with what": r"(?i)\b(?:sessions?|assistants?|copilot|chatbots?|helpers?)\b",
    "a list of work": r"(?i)\b(?:issues?|tickets?|todo|fixme)\b|(?<!\w)#\d+(?!:)\b",
    "a place that packages come from": r"(?i)\bpypi\b|pythonhosted|npmjs|registry\.",
    "an exclamation mark": r"(?<=\w)!(?!\w)",
}


def section(text: str, title: str) -> str:
    """What stands under a heading, up to the next of the same rank."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"there is no heading “{title}”"
    return found[1]


def first_cells(text: str) -> list[str]:
    """The first cell of each row of the tables in a text, without the heads."""
    rows = [line for line in text.splitlines() if line.startswith("|")]
    cells = [row.split("|")[1].strip() for row in rows]
    heads = {place - 1 for place, cell in enumerate(cells) if set(cell) == {"-"}}
    return [cell for place, cell in enumerate(cells) if place not in heads and set(cell) != {"-"}]


def shell_commands() -> Iterator[str]:
    """Every command of the terminal, a group's commands with the group's name before them."""
    for name, command in typer.main.get_command(app).commands.items():
        yield from [f"{name} {one}" for one in getattr(command, "commands", ())] or [name]


def targets() -> set[str]:
    """The targets of the Makefile that do something."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):(?!=)", makefile, re.MULTILINE))


def test_the_settings_table_has_every_setting_and_nothing_else() -> None:
    names = [cell.strip("`") for cell in first_cells(section(README, "Settings"))]
    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)


def test_the_settings_table_says_the_defaults() -> None:
    rows = [line.split("|") for line in section(README, "Settings").splitlines() if line.startswith("| `")]
    said = {row[1].strip(" `").lower(): row[2].strip(" `") for row in rows}
    for name, field in Settings.model_fields.items():
        if name != "district_timezone":  # it falls back where nothing is remembered in the database either
            assert said[name] == ("none" if field.default is None else str(field.default)), name


def test_every_command_of_the_terminal_is_in_the_readme() -> None:
    named = first_cells(section(README, "Commands"))
    missing = [one for one in shell_commands() if not any(f"`throughline {one}" in cell for cell in named)]
    assert missing == []


def test_the_readme_names_no_command_of_the_terminal_that_does_not_exist() -> None:
    known = {one.split()[0] for one in shell_commands()}
    named = set(
        re.findall(r"(?m)(?:^|`|throughline\.example\.org )throughline ([a-z]+)", README + CONTRIBUTING)
    )
    assert named - known == set()


def test_every_example_of_the_help_is_in_the_readme() -> None:
    table = section(README, "What one can write")
    examples = [command.example for topic in TOPICS for command in topic.commands if command.example]
    assert [one for one in examples if f"`{one}`" not in table] == []


def test_every_target_of_the_makefile_is_in_the_writing() -> None:
    assert [one for one in sorted(targets()) if f"`make {one}" not in README + CONTRIBUTING] == []


def test_the_writing_names_no_target_that_does_not_exist() -> None:
    code = re.findall(r"`[^`\n]*`|^```.*?^```", README + CONTRIBUTING, re.MULTILINE | re.DOTALL)
    named = {found for one in code for found in re.findall(r"\bmake ([a-z]+)(?![\w@.])", one)}
    assert named - targets() == set()


def test_both_commands_stand_on_the_first_screen() -> None:
    first = "\n".join(README.splitlines()[:40])
    assert "make demo" in first
    assert "make test" in first


def test_every_path_in_the_recipes_exists() -> None:
    paths = re.findall(r"`((?:\.?[\w-]+/)+[\w.-]*|[\w-]+\.(?:md|toml|lock))`", CONTRIBUTING)
    assert len(paths) > 30
    generated = {".venv/bin/throughline"}
    assert [one for one in paths if one not in generated and not (ROOT / one).exists()] == []


def test_names_in_the_recipes_are_in_the_files_they_are_said_to_be_in() -> None:
    said = re.findall(r"`(\w+)` (?:in|of) `([\w/]+\.py)`", CONTRIBUTING)
    assert said
    assert [
        (name, file) for name, file in said if name not in (ROOT / file).read_text(encoding="utf-8")
    ] == []


@pytest.mark.parametrize("word", WORDS)
def test_the_glossary_explains(word: str) -> None:
    glossary = section(README, "Words").casefold()
    rows = [line.split("|") for line in glossary.splitlines() if line.startswith("|")]
    assert any(word == row[1].strip() or (word in row[2] and "also called" in row[2]) for row in rows)


@each_page
def test_relative_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", text):
        link = target[0] or target[1]
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), link
        if anchor:
            titles = re.findall(r"^#+ (.+)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
            assert anchor in slugs, link


@each_page
@pytest.mark.parametrize("what", ELSEWHERE)
def test_the_writing_speaks_of_the_product_alone(page: Path, what: str) -> None:
    found = re.search(ELSEWHERE[what], page.read_text(encoding="utf-8"))
    assert found is None, f"{what}: {found[0]!r}"


def test_the_licence_is_the_one_that_the_package_names() -> None:
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in licence
    assert "The Throughline authors" in licence
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
