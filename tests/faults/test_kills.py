"""Killed at any step and begun again, a conversation or a clock job leaves what an unbroken one leaves.

Whatever was acknowledged may be repeated by the platform, and is, from the first event on: so equality of every
row of every table with an undisturbed run says at once that nothing was lost, nothing was done twice, no visit
counts twice and every change has its audit row (kills in the enqueue transaction, repeated events).
``make faults`` kills more often than ``make test`` has patience for.
"""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from handlers.digest.digest_sending import send_digests
from storage.database import Store
from tests.faults import stories
from tests.faults.conftest import Injected
from tests.faults.killing import contents, copy_of, count_steps, run_killed, run_together
from tests.faults.stories import Event

STORIES: dict[str, Callable[[Store], list[Event]]] = {
    "a walkthrough": stories.walkthrough,
    "a week": stories.week,
}


def play(events: list[Event]) -> Callable[[Store], None]:
    def work(store: Store) -> None:
        for event in events:
            event.play(store)

    return work


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.fault(
    1, 2, "conversations killed at random steps, again while begun anew, and all repeated (a fork)"
)
def test_killed_anywhere_and_repeated_a_conversation_ends_as_if_nothing_had_been(
    story: str, store: Store, district_file: Path, tmp_path: Path, kills: int, injected: Injected
) -> None:
    kills = max(kills // 10, 2)
    work = play(STORIES[story](store))
    unbroken = copy_of(district_file, tmp_path, "unbroken")
    steps = count_steps(unbroken, work)
    expected = contents(unbroken)
    chance = random.Random(f"{story} {kills}")
    for number in range(kills):
        url = copy_of(district_file, tmp_path, f"killed-{number}")
        at_step = chance.randint(1, steps)
        assert run_killed(url, work, at_step=at_step)
        injected.count()
        # The next process may be killed as well.
        injected.count(int(run_killed(url, work, at_step=chance.randint(1, steps))))
        work_to_the_end = Store(url)
        work(work_to_the_end)
        work_to_the_end.close()
        assert contents(url) == expected, f"killed at step {at_step} of {steps}"


@pytest.mark.fault(9, "two processes that get all events of a walkthrough at once (forks)")
def test_two_processes_that_get_the_same_events_at_once_do_each_once(
    store: Store, district_file: Path, tmp_path: Path, injected: Injected
) -> None:
    """Slack sends an event again when its answer is late, and another process may take the repeat."""
    work = play(stories.walkthrough(store))
    unbroken, shared = (copy_of(district_file, tmp_path, name) for name in ("unbroken", "shared"))
    count_steps(unbroken, work)
    run_together(shared, work, count=2)
    injected.count()
    assert contents(shared) == contents(unbroken)


def digests(at: Event) -> Callable[[Store], None]:
    def work(store: Store) -> None:
        send_digests(store, at.at)

    return work


@pytest.fixture
def before_monday(store: Store, district_file: Path, tmp_path: Path) -> tuple[Path, Event]:
    """A district on Monday morning with a week's items decided, and the tick that is due."""
    *events, tick = stories.week(store)
    url = copy_of(district_file, tmp_path, "monday")
    count_steps(url, play(events))
    return Path(url.removeprefix("sqlite:///")), tick


@pytest.mark.fault(2, "the digest job killed at random steps and run again (a fork)")
def test_the_digest_job_killed_anywhere_gives_each_principal_one(
    before_monday: tuple[Path, Event], tmp_path: Path, kills: int, injected: Injected
) -> None:
    kills = max(kills // 4, 3)
    monday, tick = before_monday
    work = digests(tick)
    unbroken = copy_of(monday, tmp_path, "unbroken")
    steps = count_steps(unbroken, work)
    expected = contents(unbroken)
    assert len(expected["digest"]) == 3
    chance = random.Random(kills)
    for number in range(kills):
        url = copy_of(monday, tmp_path, f"killed-{number}")
        at_step = chance.randint(1, steps)
        assert run_killed(url, work, at_step=at_step)
        injected.count()
        count_steps(url, work)
        assert contents(url) == expected, f"killed at step {at_step} of {steps}"


@pytest.mark.fault(4, "three clocks that queue the digests at once (forks)")
def test_two_clocks_at_once_give_each_principal_one(
    before_monday: tuple[Path, Event], tmp_path: Path, injected: Injected
) -> None:
    monday, tick = before_monday
    unbroken, shared = (copy_of(monday, tmp_path, name) for name in ("unbroken", "shared"))
    count_steps(unbroken, digests(tick))
    run_together(shared, digests(tick), count=3)
    injected.count(3)
    assert contents(shared) == contents(unbroken)
