"""When the clock ticks. *What* a tick does is in ``handlers/clock.py``, *whether* something is due in ``protocols``.

Ticks live in memory and carry nothing; missed ones are made up for by the next (``coalesce``), a slow one is not
overtaken (``max_instances=1``), a late one is not dropped (APScheduler's own grace time is one second). All in UTC:
a local cron skips an hour in spring and repeats one in autumn, so local time is asked of the database instead.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tick:
    """Something done again and again. ``is_first_at_once``: also as soon as the process starts."""

    name: str
    trigger: BaseTrigger
    run: Callable[[], Awaitable[None]]
    is_first_at_once: bool = True


def every_minute() -> BaseTrigger:
    return CronTrigger(second=0, timezone=UTC)


HEARTBEAT_SECONDS = 10


def every_heartbeat() -> BaseTrigger:
    """So often the elected clock shows that it lives, and the others ask whether it still does."""
    return IntervalTrigger(seconds=HEARTBEAT_SECONDS, timezone=UTC)


def every_few_seconds() -> BaseTrigger:
    """For what somebody waits for in the chat."""
    return CronTrigger(second="*/5", timezone=UTC)


def every_night() -> BaseTrigger:
    """At 08:10 UTC: before dawn from Maine to Hawaii."""
    return CronTrigger(hour=8, minute=10, timezone=UTC)


def start_scheduler(ticks: tuple[Tick, ...]) -> AsyncIOScheduler:
    """Start ticking in the running event loop."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    for tick in ticks:
        scheduler.add_job(
            _guarded(tick),
            tick.trigger,
            id=tick.name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            **({"next_run_time": datetime.now(UTC)} if tick.is_first_at_once else {}),
        )
    scheduler.start()
    return scheduler


def _guarded(tick: Tick) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        try:
            await tick.run()
        except Exception as error:  # noqa: BLE001 - the next tick tries again; the clock must not stop
            log.error("tick %s failed: %s", tick.name, type(error).__name__)

    return run
