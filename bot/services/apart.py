"""Reading what strangers send in a process of its own, with a clock and a ceiling.

Readers refuse what they can tell is meant to take for ever. What they cannot tell ends here: the process is stopped
when its time is over, may not take more memory than it is given, and may crash; the bot goes on. Two run at a time.

A module that reads calls ``run_apart`` with its own name; run as a program, it calls ``answer_apart``. Between the two
go a line of JSON, the bytes behind it, and one JSON answer.
"""

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

MEMORY = 1_000_000_000
"""Bytes, libraries included."""
_AT_ONCE = BoundedSemaphore(2)
_ROOT = Path(__file__).parent.parent.parent


class TooMuchError(Exception):
    """The reader was stopped, or crashed: what it read takes more time or memory than it was given."""


def run_apart(
    module: str,
    wanted: Mapping[str, Any],
    data: bytes,
    *,
    seconds: float,
    patience: float | None = None,
    memory: int = MEMORY,
) -> dict[str, Any]:
    """What ``answer_apart`` answers in a process that runs ``module``. Raises ``TooMuchError``.

    ``seconds`` of computing are what it gets; ``patience`` is how long it is waited for by the clock, which on a busy
    machine is longer (by default the same).
    """
    head = json.dumps({"wanted": dict(wanted), "seconds": seconds, "memory": memory}).encode()
    with _AT_ONCE:
        try:
            done = subprocess.run(
                [sys.executable, "-m", module],
                input=head + b"\n" + data,
                capture_output=True,
                timeout=patience or seconds,
                cwd=_ROOT,
                check=False,
            )
            answer = json.loads(done.stdout) if done.returncode == 0 else None
        except (subprocess.TimeoutExpired, ValueError):
            answer = None
    if not isinstance(answer, dict):
        raise TooMuchError
    return answer


def answer_apart(work: Callable[[dict[str, Any], bytes], Mapping[str, Any]]) -> None:
    """The other process: what is wanted and the bytes on standard input, the answer of ``work`` on standard output."""
    head, _, data = sys.stdin.buffer.read().partition(b"\n")
    asked = json.loads(head)
    _limit(int(asked["memory"]), float(asked["seconds"]))
    sys.stdout.write(json.dumps(work(asked["wanted"], data)))


def _limit(memory: int, seconds: float) -> None:
    """Where the system can: a ceiling of memory and of computing time."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
