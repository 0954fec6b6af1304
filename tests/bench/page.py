"""``docs/benchmarks.md``: what a whole run of the benchmarks found, headed by what it was measured on."""

import os
import platform
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.tables import Report, Section, Table

ROOT = Path(__file__).parent.parent.parent
INTRO = """# Benchmarks

Made by `make bench`, which writes this page at the end of a whole run; `python -m tests.bench NAME…` measures one and
writes nothing. Times are medians in milliseconds of the wall's clock, unless a column says otherwise. What counts is
the ratio to a baseline that met the same machine in the same run: milliseconds differ from one machine to the next.
The district is invented: 1,600 schools with 80 ILDs, ten years, 640,000 visits, two million messages. PostgreSQL runs
on the same machine, so it shares the processors with whoever asks it."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What was measured on, and how busy it was before the first figure."""

    began: datetime
    system: str
    cores: int
    load: float
    commit: str

    def __str__(self) -> str:
        busy = (
            f"load {self.load:.1f} at the start: busy with other work, so read the ratios alone"
            if self.load > self.cores / 4
            else f"load {self.load:.1f} at the start"
        )
        return f"{self.began:%Y-%m-%d %H:%M} UTC, commit {self.commit}, {self.system}, {self.cores} cores, {busy}"


def this_machine() -> Machine:
    return Machine(
        began=datetime.now(UTC),
        system=f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}",
        cores=os.cpu_count() or 1,
        load=os.getloadavg()[0],
        commit=_commit(),
    )


def _commit() -> str:
    """The commit in short; with a plus where files differ from it, and unknown outside a checkout."""
    try:
        ran = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--exclude=*"],
            cwd=ROOT, capture_output=True, text=True, check=True, timeout=30,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return ran.stdout.strip()


def page(machine: Machine, report: Report, *, minutes: float) -> str:
    """The whole page as Markdown."""
    return "\n".join(_lines(machine, report, minutes)) + "\n"


def _lines(machine: Machine, report: Report, minutes: float) -> Iterator[str]:
    yield INTRO
    yield f"\n{machine}; {minutes:.0f} minutes in all."
    aims = [aim for section in report.sections for table in section.tables for aim in table.aims]
    if aims:
        yield "\n## What was aimed at\n"
        for aim in aims:
            missed = f"**missed** by {len(aim.missed)}: {'; '.join(aim.missed)}" if aim.missed else "met"
            yield f"- {_escaped(aim.says)}: {_escaped(missed)}."
    for section in report.sections:
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    yield f"\n## {section.title}\n"
    yield section.about
    for table in section.tables:
        yield from _table(table)
    for words in section.missing:
        yield f"\n{words}"
    if section.failed:
        yield f"\n**Not measured to its end:** {section.failed}."


def _table(table: Table) -> Iterator[str]:
    yield f"\n### {table.title}\n"
    yield "| |" + "".join(f" {_escaped(one.head)} |" for one in table.columns)
    yield "|---|" + "---:|" * len(table.columns)
    for name, values in table.rows:
        cells = "".join(
            f" {_escaped(one.write(value))} |" for one, value in zip(table.columns, values, strict=True)
        )
        yield f"| {_escaped(name)} |{cells}"
    explained = [f"*{_escaped(one.head)}*: {one.means}" for one in table.columns if one.means]
    if explained:
        yield f"\n{'; '.join(explained)}."
    for note in table.notes:
        yield f"\n{note}"


def _escaped(words: str) -> str:
    """So that a bar does not end a cell, nor a line break its row."""
    return " ".join(words.replace("|", "\\|").split())
