"""Reading a stranger's calendar in a process of its own, with a clock and a ceiling.

``protocols.cadence.busy_files`` refuses what it can tell is meant to take for ever. What it cannot tell ends here: the
process is stopped after a minute, and may not take more memory than a gigabyte; the bot goes on. Two run at a time.
"""

import contextlib
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any
from zoneinfo import ZoneInfo

from protocols.cadence.busy import BusyStretch
from protocols.cadence.busy_files import BusyFault, BusyTimes, read_busy

SECONDS = 60.0
MEMORY = 1_000_000_000
_AT_ONCE = BoundedSemaphore(2)
_ROOT = Path(__file__).parent.parent.parent
_TOO_MUCH = "This calendar takes longer to work out than I can spare. Connect one with fewer repeated or past entries."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a calendar; see ``read_busy``."""

    zone: str
    first: str
    last: str
    emails: Sequence[str] = ()
    keeps_titles: bool = False

    @classmethod
    def of(
        cls, zone: ZoneInfo, first: date, last: date, *, emails: Sequence[str], keeps_titles: bool
    ) -> "Wanted":
        return cls(zone.key, first.isoformat(), last.isoformat(), emails, keeps_titles)


def read_apart(data: bytes, wanted: Wanted, *, seconds: float = SECONDS) -> BusyTimes:
    """``read_busy`` in another process. Raises ``BusyFault``, also where it takes too long or too much."""
    head = json.dumps(asdict(wanted)).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__],
            input=head + b"\n" + data,
            capture_output=True,
            timeout=seconds,
            cwd=_ROOT,
            check=False,
        )
        answer: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {"fault": _TOO_MUCH}
    except (subprocess.TimeoutExpired, ValueError):
        answer = {"fault": _TOO_MUCH}
    if "fault" in answer:
        raise BusyFault(answer["fault"])
    stretches = (
        BusyStretch(date.fromisoformat(day), starts, ends, title)
        for day, starts, ends, title in answer["stretches"]
    )
    return BusyTimes(tuple(stretches), answer["left_out"])


def main() -> None:
    """The other process: what is wanted and the file on standard input, the answer on standard output."""
    _limit()
    head, _, data = sys.stdin.buffer.read().partition(b"\n")
    wanted = Wanted(**json.loads(head))
    try:
        found = read_busy(
            data,
            zone=ZoneInfo(wanted.zone),
            first=date.fromisoformat(wanted.first),
            last=date.fromisoformat(wanted.last),
            emails=wanted.emails,
            keeps_titles=wanted.keeps_titles,
        )
    except BusyFault as fault:
        answer: dict[str, Any] = {"fault": str(fault)}
    else:
        rows = [(one.day.isoformat(), one.starts, one.ends, one.title) for one in found.stretches]
        answer = {"stretches": rows, "left_out": found.left_out}
    sys.stdout.write(json.dumps(answer))


def _limit() -> None:
    """Where the system can: a ceiling of memory and of computing time."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (int(SECONDS), int(SECONDS)))


if __name__ == "__main__":
    main()
