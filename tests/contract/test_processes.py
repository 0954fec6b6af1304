"""The real processes, stopped and killed while they send: nothing twice, nothing lost, order kept."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from handlers.card_codec import encode_card
from handlers.cards import plain
from storage import outbox
from storage.database import Store
from storage.tables import MessageRow, PersonRow
from tests.contract.fake_slack import FakeSlack
from tests.district import PEOPLE, email
from tests.faults.processes import Machine, Process

EACH = 3


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with Machine(tmp_path) as machine:
        yield machine


def _fill(store: Store, *, due: datetime | None = None) -> None:
    now = datetime.now(UTC)
    with store.begin() as tx:
        for person in tx.exec(select(PersonRow)).all():
            for number in range(EACH):
                assert person.id is not None
                outbox.put(
                    tx,
                    recipient_id=person.id,
                    kind="test",
                    period=str(number),
                    card=encode_card(plain(f"number {number}")),
                    asked=True,
                    not_before=due or now,
                    created_at=now,
                )


def _start(machine: Machine, slack: FakeSlack, *command: str) -> Process:
    machine.environment |= {
        "DATABASE_URL": f"sqlite:///{machine.folder / 'test.sqlite'}",
        "SLACK_BOT_TOKEN": "xoxb-invented",
        "SLACK_SIGNING_SECRET": "invented",
        "SLACK_API_URL": slack.url,
    }
    return machine.start(*(command or ("web",)))


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_so():
            await asyncio.sleep(0.02)


def _states(store: Store) -> dict[str, int]:
    with store.read() as tx:
        return outbox.count_by_state(tx)


def _is_all_sent(store: Store) -> bool:
    """Of these messages; by the hour of the day the clock may have some of its own to say beside them."""
    with store.read() as tx:
        states = tx.exec(select(MessageRow.state).where(MessageRow.kind == "test")).all()
    return states == ["sent"] * EACH * len(PEOPLE)


def _check_ledger(slack: FakeSlack) -> None:
    expected = [f"number {number}" for number in range(EACH)]
    for user in slack.members:
        said = [one.text for one in slack.said_to(user)]
        assert [text for text in said if text.startswith("number ")] == expected


def test_a_stop_in_the_middle_ends_well_and_the_next_process_goes_on(store: Store, machine: Machine) -> None:
    async def scene() -> None:
        slack = FakeSlack({f"U{number}": email(person[0]) for number, person in enumerate(PEOPLE)})
        await slack.start()
        _fill(store)
        process = _start(machine, slack)
        try:
            await _until(lambda: len(slack.ledger) > 5)
            assert await asyncio.to_thread(process.stop) == 0
            assert "claimed" not in _states(store)
            assert "queued" in _states(store)
            process = _start(machine, slack)
            await _until(lambda: _is_all_sent(store))
            _check_ledger(slack)
        finally:
            await _end(machine, slack)

    asyncio.run(scene())


def test_a_kill_in_the_middle_loses_and_repeats_nothing_with_another_sender_beside_it(
    store: Store, machine: Machine
) -> None:
    async def scene() -> None:
        slack = FakeSlack({f"U{number}": email(person[0]) for number, person in enumerate(PEOPLE)})
        await slack.start()
        _fill(store)
        killed, _other = _start(machine, slack), _start(machine, slack)
        try:
            await _until(lambda: len(slack.ledger) > 5)
            await asyncio.to_thread(killed.kill)
            await _until(lambda: _is_all_sent(store))
            _check_ledger(slack)
        finally:
            await _end(machine, slack)

    asyncio.run(scene())


def test_a_tick_of_next_week_killed_half_way_and_run_again_says_everything_once(
    store: Store, machine: Machine
) -> None:
    async def scene() -> None:
        slack = FakeSlack({f"U{number}": email(person[0]) for number, person in enumerate(PEOPLE)})
        await slack.start()
        due = datetime.now(UTC) + timedelta(days=7)
        _fill(store, due=due)
        tick = ("tick", "--at", (due + timedelta(seconds=1)).isoformat())
        _served, killed = _start(machine, slack), _start(machine, slack, *tick)
        try:
            await _until(lambda: len(slack.ledger) > 5)
            await asyncio.to_thread(killed.kill)
            again = _start(machine, slack, *tick)
            assert await asyncio.to_thread(again.wait) == 0
            assert _is_all_sent(store)
            _check_ledger(slack)
        finally:
            await _end(machine, slack)

    asyncio.run(scene())


async def _end(machine: Machine, slack: FakeSlack) -> None:
    for process in machine.started:
        await asyncio.to_thread(process.kill)
    await slack.stop()
