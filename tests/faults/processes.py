"""The real processes, started by the dozen: ``web``, ``clock``, ``tick``, the imports.

One process imports the bot and then only forks, as ``tests/forked_bot.py`` does; a command runs in a child of it from
where a new ``python -m bot`` is once it has imported, with its own environment, folder and log. Nothing of the product
is replaced. What a child may be asked for besides:

* ``patience``: other values for named constants of the product (``bot.dispatching:SETTLE``), seconds where they are
  times; else each case would wait half a minute for a look-up, an hour for a quota;
* ``clock``: a file that says by how many seconds this machine's clock is off, now;
* ``die_at``: ``SIGKILL`` at that step, counted over statements, commits and calls to a platform, where the child writes
  nothing more than the kind of the step.
"""

import atexit
import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parent.parent.parent
PATIENCE_SECONDS = 120.0
COUNT_STEPS = 10**9
"""A ``die_at`` that is never reached; the process says at its end how many steps it took."""

SHORT: Mapping[str, float] = {
    "bot.dispatching:SETTLE": 1.0,
    "bot.commands.running:SETTLE": 1.0,
    "bot.dispatching:LOOK_UP_AGAIN": 1.0,
    "bot.dispatching:LONGEST_REPEAT": 1.0,
    "bot.delivery:LOOK_UP_SECONDS": 0.5,
    "bot.commands.running:LOOK_UP_SECONDS": 0.5,
    "bot.delivery:POLL_SECONDS": 0.2,
    "bot.delivery:PROBE_SECONDS": 1.0,
    "bot.delivery:LONGEST_BACK_OFF": 2.0,
    "bot.platforms.slack_posting:MESSAGES_A_SECOND": 2_000.0,
    "bot.platforms.slack_posting:BURST": 1_000.0,
}
"""Half minutes as seconds, and a platform without a pace: what the cases share unless they are about just that."""

FAST = "100000"
"""Of one person in a minute: people in tests write faster than people do."""


@dataclass
class Process:
    """A command that runs, or has run, under this number."""

    pid: int
    log: Path
    _status: Path
    out: Path
    _code: int | None = None

    def send(self, number: signal.Signals) -> None:
        if self.code() is None:
            os.kill(self.pid, number)

    def kill(self) -> int:
        """The one that gives no last word; its exit status is ``-9``."""
        self.send(signal.SIGKILL)
        return self.wait()

    def stop(self) -> int:
        """As a deploy ends it; its exit status."""
        self.send(signal.SIGTERM)
        return self.wait()

    def code(self) -> int | None:
        """Its exit status; None while it runs."""
        if self._code is None and self._status.exists():
            said = self._status.read_text()
            self._code = int(said) if said else None
        return self._code

    def wait(self, patience: float = PATIENCE_SECONDS) -> int:
        until = time.monotonic() + patience
        while self.code() is None:
            assert time.monotonic() < until, f"still running:\n{self.said()[-3_000:]}"
            time.sleep(0.005)
        assert self._code is not None
        return self._code

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def memory(self) -> int:
        """Bytes of memory that it keeps now."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def steps(self) -> int:
        """How many steps it took to its end, where it was told to count them (``die_at`` beyond the last)."""
        return int(self.said().rpartition("steps: ")[2].split()[0])

    def step_of_death(self) -> str:
        """The kind of the step at which it was told to die; empty where it did not come to it."""
        last = self.said().rpartition("dies at ")[2]
        return last.strip() if self.code() == -signal.SIGKILL else ""


@dataclass
class Machine:
    """Starts processes in a folder; a context that leaves none behind."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    patience: Mapping[str, float] = field(default_factory=lambda: SHORT)
    clock: Path | None = None
    started: list[Process] = field(default_factory=list)

    def __enter__(self) -> "Machine":
        self._numbers = count(1)
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.processes"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return self

    def __exit__(self, *_error: object) -> None:
        for process in self.started:
            if process.code() is None:
                process.kill()
        self._parent.communicate()  # its input ends, and so does it

    def start(
        self, *arguments: str, die_at: int = 0, patience: Mapping[str, float] | None = None, **names: str
    ) -> Process:
        """Start ``throughline`` with these arguments; ``names`` are settings besides the machine's."""
        number = next(self._numbers)
        log, status, out = (self.folder / f"{number}.{kind}" for kind in ("log", "status", "out"))
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TZ")}
        asked = {
            "arguments": arguments,
            "folder": str(self.folder),
            "environment": kept | {"PORT": "0", "MOST_PER_MINUTE": FAST} | self.environment | names,
            "log": str(log),
            "out": str(out),
            "status": str(status),
            "patience": dict(self.patience) | dict(patience or {}),
            "clock": str(self.clock) if self.clock else None,
            "die_at": die_at,
        }
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(json.dumps(asked) + "\n")
        self._parent.stdin.flush()
        process = Process(int(self._parent.stdout.readline()), log, status, out)
        self.started.append(process)
        return process

    def run(self, *arguments: str, **how: Any) -> Process:
        """Start a command and wait for its end."""
        process = self.start(*arguments, **how)
        process.wait()
        return process


# -------------------------------------------------------------------- in the parent of all


def _serve() -> None:
    """Fork for each line asked, and write down how each child ended."""
    from bot.__main__ import main
    from bot.platforms import slack, teams  # noqa: F401 - loaded before there are children

    states: dict[int, Path] = {}
    ended: dict[int, int] = {}

    def reap(*_signal: object) -> None:
        while True:
            try:
                pid, state = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            ended[pid] = os.waitstatus_to_exitcode(state)
            note()

    def note() -> None:
        for pid in [one for one in ended if one in states]:
            part = states[pid].with_suffix(".part")
            part.write_text(str(ended.pop(pid)))
            part.rename(states.pop(pid))

    signal.signal(signal.SIGCHLD, reap)
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _become(asked)
            main()
            return
        states[child] = Path(asked["status"])
        note()  # it may have ended already
        print(child, flush=True)  # noqa: T201


def _become(asked: dict[str, Any]) -> None:
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    for number, name in ((0, os.devnull), (1, asked["out"]), (2, asked["log"])):
        opened = os.open(name, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.modules["__main__"].__package__ = "bot"
    sys.argv = ["__main__.py", *asked["arguments"]]
    for place, value in asked["patience"].items():
        _set(place, value)
    if asked["clock"]:
        _shift_clock(Path(asked["clock"]))
    if asked["die_at"]:
        _die_at(asked["die_at"])


def _set(place: str, value: float) -> None:
    """Give a constant another value of its own type."""
    from datetime import timedelta

    module_name, _, name = place.partition(":")
    module: ModuleType = import_module(module_name)
    known = getattr(module, name)
    setattr(module, name, timedelta(seconds=value) if isinstance(known, timedelta) else type(known)(value))


def _shift_clock(file: Path) -> None:
    """Everything that asks the machine for the time gets the shifted one; what only goes forward does not jump."""
    from datetime import datetime, timedelta

    from bot import bootstrap

    real = bootstrap.utc_now

    def shifted() -> datetime:
        return real() + timedelta(seconds=float(file.read_text() or 0))

    for module in list(sys.modules.values()):
        if getattr(module, "utc_now", None) is real:
            module.utc_now = shifted
    known = bootstrap.assemble.__kwdefaults__
    assert known is not None
    known.update(now=shifted, wall=shifted)


def _die_at(last: int) -> None:
    from sqlalchemy import Engine, event
    from sqlalchemy.pool import Pool

    from bot.platforms.slack_calls import SlackCalls

    steps, taken = count(1), [0]
    atexit.register(lambda: os.write(2, f"\nsteps: {taken[0]}\n".encode()))

    def step(kind: str) -> None:
        taken[0] = next(steps)
        if taken[0] == last:
            os.write(2, f"\ndies at {kind}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", lambda *_what: step("a statement"))
    event.listen(Engine, "commit", lambda *_what: step("a commit about to begin"))
    # There is no event after a commit: the pool's is the next thing that happens.
    event.listen(Pool, "checkin", lambda *_what: step("a commit just made"))
    run = SlackCalls.run

    async def watched(self: SlackCalls, call: Any) -> Any:
        try:
            step("a call about to be made")
        finally:
            answer = await run(self, call)
        step("an answer just come")
        return answer

    SlackCalls.run = watched  # type: ignore[method-assign]


if __name__ == "__main__":
    _serve()
