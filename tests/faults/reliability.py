"""``docs/reliability.md``, made by the run: each fault with what was done, how often, and what came of it.

A pytest plugin; ``make faults`` loads it. What a case did is in its report: the row and the words of its mark, and how
often ``injected`` counted.
"""

import os
import platform
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.faults.rows import ELSEWHERE, ROWS

HEAD = """# Reliability

Made by `make faults`: each fault is injected into the bot from outside, then a checker that shares no code with it
compares the platform's ledger with the database. Five things hold after each:

1. nobody gets the same message twice;
2. whatever was to be said was said once and in time, or stands on the list of what failed or is in doubt;
3. no meeting is booked into protected time;
4. no visit is lost, and none counts twice;
5. every change of state has its audit row.

"Processes" are the real commands (`web`, `clock`, `tick`, `import`, `backup`, `restore`) with a fake Slack or Teams on
loopback. Waiting times of half a minute are shortened to a second there, nothing else is. "Server" is the real web
server and sender in the test's own process; "conversation" and "table" are what no process adds to. "Times" counts
faults that were injected, and for tests elsewhere their cases.
"""


@dataclass
class Case:
    """What was done, how often, and whether it held every time. ``notes`` are figures worth telling."""

    does: str
    times: int = 0
    failed: int = 0
    skipped: int = 0
    notes: list[str] = field(default_factory=list)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--reliability", type=Path, default=None, help="where to write what came of the faults")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--reliability") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Report(config.getoption("--reliability")), "reliability-report")


class _Report:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._began = datetime.now(UTC)
        self._cases: dict[int, dict[str, Case]] = defaultdict(dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        said = dict(report.user_properties)
        is_end = report.when == "teardown"  # then the count is known, and that it is one
        if "fault" in said:
            for row in said["fault"]:
                self._note(row, said["does"], report, int(said.get("injected", 0)) if is_end else 0)
                if is_end and said.get("figures"):
                    self._cases[row][said["does"]].notes.append(said["figures"])
        for row, proofs in ELSEWHERE.items():
            for proof in proofs:
                if report.nodeid.startswith(proof.test) and "fault" not in said:
                    self._note(row, proof.does, report, int(report.when == "call"))

    def _note(self, row: int, does: str, report: pytest.TestReport, times: int) -> None:
        case = self._cases[row].setdefault(does, Case(does))
        case.times += times
        case.failed += report.failed
        case.skipped += report.skipped

    def pytest_sessionfinish(self) -> None:
        self._file.write_text("\n".join(self._lines()) + "\n")

    def _lines(self) -> Iterator[str]:
        took = (datetime.now(UTC) - self._began).total_seconds() / 60
        cases = [case for found in self._cases.values() for case in found.values()]
        yield HEAD
        yield (
            f"{self._began:%Y-%m-%d %H:%M} UTC, {platform.system()} {platform.machine()}, {os.cpu_count()} cores,"
            f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}:"
            f" {sum(one.times for one in cases):,} faults in {took:.0f} minutes,"
            f" {sum(bool(one.failed) for one in cases)} of {len(cases)} kinds with a failure."
        )
        yield ""
        yield "| # | Fault | What was done | Times | Result |"
        yield "|---:|---|---|---:|---|"
        for number, row in ROWS.items():
            found = list(self._cases[number].values()) or [Case("nothing in this run")]
            for position, case in enumerate(found):
                head = f"{number} | {row.fault}" if position == 0 else " | "
                notes = f" ({'; '.join(dict.fromkeys(case.notes))})" if case.notes else ""
                yield f"| {head} | {case.does}{notes} | {case.times:,} | {_result(case)} |"
        yield ""
        yield "## What is right, and what is known to be weak"
        yield ""
        for number, row in ROWS.items():
            yield f"{number}. {row.behaviour}." + (f" **Weak:** {row.weak}" if row.weak else "")


def _result(case: Case) -> str:
    if case.failed:
        return f"**failed** ({case.failed})"
    if case.skipped and not case.times:
        return "skipped here"
    return "held" if case.times else "not run"
