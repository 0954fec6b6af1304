"""A week of messages to 13,000 people by one process: what it keeps in memory stays what it was."""

import pytest

from storage.database import Store
from tests.faults.conftest import Injected
from tests.faults.crowd import is_over, tell
from tests.faults.invariants import faults
from tests.faults.platforms import Slack, until
from tests.faults.processes import Machine
from tests.faults.test_fan_out import TESTS, on_slack

PEOPLE, DAYS = 13_000, 7
WARM_DAYS = 2
"""After so many days whatever is kept once is kept."""


@pytest.mark.long
@pytest.mark.fault(28, "13,000 people written to over seven rounds by one process (processes)")
def test_memory_stays_flat_over_a_week(machine: Machine, injected: Injected) -> None:
    async def scene(slack: Slack, store: Store) -> None:
        process = machine.start("web")
        each_day: list[int] = []
        for day in range(DAYS):
            injected.count(tell(store, words=f"day {day}", share=(day, DAYS)))
            await until(lambda: is_over(store), process, patience=600)
            each_day.append(process.memory())
        megabytes = [f"{one / 1e6:.0f}" for one in each_day]
        injected.figures = f"after each round: {', '.join(megabytes)} MB"
        assert max(each_day[WARM_DAYS:]) <= each_day[WARM_DAYS - 1] * 1.1, megabytes
        assert faults(store.url, slack.shown(), TESTS) == []

    on_slack(machine, PEOPLE, scene)
