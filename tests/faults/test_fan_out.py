"""Sending to many, by the real processes, which are killed, stopped, doubled and fed with every fault of a platform."""

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from storage.database import Store
from tests.contract import fake_slack, fake_teams
from tests.faults.conftest import Injected
from tests.faults.crowd import crowd, is_over, members, states, tell
from tests.faults.invariants import Expected, faults
from tests.faults.platforms import Slack, Teams, slack_names, teams_names, until
from tests.faults.processes import Machine

TESTS = Expected(kinds=("test",))
HELD_AT_ONCE = 8

Scene = Callable[[Slack, Store], Awaitable[None]]


def on_slack(machine: Machine, people: int, scene: Scene) -> None:
    """A crowd on Slack, its database in the machine's folder and in its settings."""

    async def play() -> None:
        store = crowd(machine.folder, people)
        slack = Slack(members(people))
        await slack.start()
        machine.environment |= slack_names(slack) | {"DATABASE_URL": store.url}
        try:
            await scene(slack, store)
        finally:
            for process in machine.started:
                if process.code() is None:
                    await asyncio.to_thread(process.kill)
            await slack.stop()
            store.close()

    asyncio.run(play())


async def ended(code: Callable[[], int]) -> int:
    return await asyncio.to_thread(code)


@pytest.mark.fault(1, "fan-out to 1,600, killed at random steps over and over, Slack (processes)")
def test_killed_again_and_again_a_fan_out_reaches_everybody_once(
    machine: Machine, injected: Injected, kills: int
) -> None:
    times = max(kills // 3, 2)
    people = min(1_600, 24 * times)
    chance = random.Random(kills)

    async def scene(slack: Slack, store: Store) -> None:
        tell(store)
        for _ in range(times):
            before = states(store).get("sent", 0)
            # A start takes some forty steps; a message some ten, of which several are under way at once.
            process = machine.start("web", die_at=chance.randint(20, 20 + 10 * people // times))
            await until(lambda one=process: one.code() is not None or is_over(store), process)
            if process.code() is None:
                break
            assert process.code() == -signal.SIGKILL, process.said()
            injected.count(kind=process.step_of_death())
            left = states(store)
            assert left.get("claimed", 0) + left.get("unknown", 0) <= HELD_AT_ONCE, left
            assert left.get("sent", 0) >= before
        last = machine.start("web")
        await until(lambda: is_over(store), last)
        assert await ended(last.stop) == 0
        assert states(store) == {"sent": people}
        assert faults(store.url, slack.shown(), TESTS) == []
        kinds = sorted({one for one in injected.kinds})
        injected.figures = f"{people:,} people; killed at: {', '.join(kinds)}"

    on_slack(machine, people, scene)


@pytest.mark.fault(1, "killed while Slack takes its time over what it was given, another sender beside it (processes)")
def test_what_the_platform_has_not_shown_yet_is_not_sent_again_by_the_next_sender(
    machine: Machine, injected: Injected
) -> None:
    """A look-up that comes before the message does would find nothing."""

    async def scene(slack: Slack, store: Store) -> None:
        slack.takes = 0.7
        patient = {"bot.dispatching:SETTLE": 2.0}
        other = machine.start("web", patience=patient)
        for number in range(3):
            tell(store, first=number)
            dying = machine.start("web", patience=patient)
            began = slack.count("chat.postMessage")
            await until(lambda: slack.count("chat.postMessage") > began + 10, dying, other)
            dying.kill()
            injected.count()
            await until(lambda: is_over(store), other)
        assert faults(store.url, slack.shown(), TESTS) == []

    on_slack(machine, 30, scene)
