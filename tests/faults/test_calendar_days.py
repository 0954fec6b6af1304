"""The clock's work by ``throughline tick``: a district that changes its zone, and a machine that was down for days."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text
from sqlmodel import select

from storage.database import Store
from storage.tables import DigestRow
from tests.faults import stories
from tests.faults.conftest import Injected
from tests.faults.invariants import Expected, faults
from tests.faults.platforms import Slack, slack_names
from tests.faults.processes import Machine
from tests.faults.test_inbound import USERS

READERS = 3
MOST_AT_ONCE = 4
"""Messages that nobody asked for, to one person, after days without a clock: more would be a flood."""

Tick = Callable[..., Awaitable[None]]


def ticking(machine: Machine, store: Store, scene: Callable[[Slack, Tick], Awaitable[None]]) -> None:
    """A district in which a week's items are decided; ``tick`` runs the command as of a wall time."""
    *events, _monday = stories.week(store)
    assert events
    with store.begin() as tx:  # what was said so far was said somewhere else
        tx.execute(text("UPDATE message SET state = 'dropped', why = 'elsewhere' WHERE state = 'queued'"))
        tx.execute(text("DELETE FROM account"))
    before = count_messages(store)

    async def play() -> None:
        slack = Slack(dict(USERS))
        await slack.start()
        machine.environment |= slack_names(slack) | {"DATABASE_URL": store.url}

        async def tick(at: str, **names: str) -> None:
            process = machine.start("tick", "--at", at, **names)
            assert await asyncio.to_thread(process.wait) == 0, process.said()

        await scene(slack, tick)
        assert faults(store.url, expected=Expected(may_wait=True)) == []
        assert count_messages(store) > before
        await slack.stop()

    asyncio.run(play())


def count_messages(store: Store) -> int:
    with store.read() as tx:
        return int(tx.execute(text("SELECT count(*) FROM message")).scalar_one())


def digests(store: Store) -> list[tuple[int, bool]]:
    with store.read() as tx:
        return sorted((row.principal_id, row.is_late) for row in tx.exec(select(DigestRow)))


@pytest.mark.fault(
    14, "the district moves to another zone on the morning of its digest, and back (processes)"
)
def test_a_change_of_zone_gives_nobody_a_second_digest(
    machine: Machine, injected: Injected, store: Store
) -> None:
    async def scene(slack: Slack, tick: Tick) -> None:
        await tick("2026-11-30T06:31")
        there = digests(store)
        assert len(there) == READERS
        for zone in ("America/Chicago", "Pacific/Honolulu", "America/New_York"):
            await tick("2026-11-30T06:31", DISTRICT_TIMEZONE=zone)
            await tick("2026-11-30T12:31", DISTRICT_TIMEZONE=zone)
            injected.count()
            assert digests(store) == there
        assert all(count == 1 for count in Counter(shown.name for shown in slack.shown()).values())

    ticking(machine, store, scene)


@pytest.mark.long
@pytest.mark.fault(15, "no clock from Friday to Tuesday (processes)")
def test_after_a_long_weekend_without_a_clock_each_gets_one_late_digest_and_no_flood(
    machine: Machine, injected: Injected, store: Store
) -> None:
    async def scene(slack: Slack, tick: Tick) -> None:
        await tick("2026-11-27T15:00")
        before = Counter(shown.who for shown in slack.shown())
        injected.count()
        await tick("2026-12-01T13:05")
        await tick("2026-12-01T13:06")
        late = digests(store)
        assert len({person for person, _is_late in late}) == len(late) <= READERS
        assert all(is_late for _person, is_late in late)
        came = Counter(shown.who for shown in slack.shown()) - before
        assert came, "nobody heard anything"
        assert max(came.values()) <= MOST_AT_ONCE, came
        await tick("2026-12-01T13:07")
        assert Counter(shown.who for shown in slack.shown()) - before == came

    ticking(machine, store, scene)
