"""Reading a stranger's calendar in a process of its own (``apart``).

``protocols.cadence.busy_files`` refuses what it can tell is meant to take for ever; what it cannot tell ends after a
minute.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.services.apart import TooMuchError, answer_apart, run_apart
from protocols.cadence.busy import BusyStretch
from protocols.cadence.busy_files import BusyFault, BusyTimes, read_busy

SECONDS = 60.0
_MODULE = "bot.services.busy_apart"
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
    try:
        answer = run_apart(_MODULE, asdict(wanted), data, seconds=seconds)
    except TooMuchError:
        raise BusyFault(_TOO_MUCH) from None
    if "fault" in answer:
        raise BusyFault(answer["fault"])
    stretches = (
        BusyStretch(date.fromisoformat(day), starts, ends, title)
        for day, starts, ends, title in answer["stretches"]
    )
    return BusyTimes(tuple(stretches), answer["left_out"])


def _read(asked: dict[str, Any], data: bytes) -> dict[str, Any]:
    wanted = Wanted(**asked)
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
        return {"fault": str(fault)}
    rows = [(one.day.isoformat(), one.starts, one.ends, one.title) for one in found.stretches]
    return {"stretches": rows, "left_out": found.left_out}


if __name__ == "__main__":
    answer_apart(_read)
