"""Sending to many, by the real processes, which are killed, stopped, doubled and fed with every fault of a platform."""

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import people
from storage.database import Store
from tests.contract import fake_slack, fake_teams
from tests.district import NOW
from tests.faults.conftest import Injected
from tests.faults.crowd import crowd, is_over, members, states, tell
from tests.faults.invariants import Expected, faults
from tests.faults.platforms import Slack, Teams, slack_names, teams_names, until
from tests.faults.processes import Machine
from tests.slack_stories.workspace import wall_time

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


def come_to_work(machine: Machine) -> float:
    """Give the machine a clock on which it is a morning without protected time; by how many seconds it is ahead."""
    ahead = (wall_time("2026-12-02 10:30") - datetime.now(UTC)).total_seconds()
    machine.clock = machine.folder / "clock"
    machine.clock.write_text(str(ahead))
    return ahead


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
        slack.lists_members = False  # who is who is found one by one: a start takes no more steps than these
        tell(store)
        for _ in range(times):
            before = states(store)
            # A start takes some hundred steps; a message some twenty, of which several are under way at once.
            process = machine.start("web", die_at=chance.randint(60, 160 + 20 * people // times))
            await until(lambda one=process: one.code() is not None or is_over(store), process)
            if process.code() is None:
                break
            assert process.code() == -signal.SIGKILL, process.said()
            injected.count(kind=process.step_of_death())
            left = states(store)
            new = sum(left.get(state, 0) - before.get(state, 0) for state in ("claimed", "unknown"))
            assert new <= HELD_AT_ONCE, (before, left)
            assert left.get("sent", 0) >= before.get("sent", 0)
        last = machine.start("web")
        await until(lambda: is_over(store), last)
        assert await ended(last.stop) == 0
        assert states(store) == {"sent": people}
        assert faults(store.url, slack.shown(), TESTS) == []
        injected.figures = f"{people:,} people; killed at: {', '.join(sorted(set(injected.kinds)))}"

    on_slack(machine, people, scene)


@pytest.mark.long
@pytest.mark.fault(
    1, "killed while Slack takes its time over what it was given, another sender beside it (processes)"
)
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
            await until(lambda began=began: slack.count("chat.postMessage") > began + 10, dying, other)
            dying.kill()
            injected.count()
            await until(lambda: is_over(store), other)
        assert faults(store.url, slack.shown(), TESTS) == []

    on_slack(machine, 30, scene)


@pytest.mark.long
@pytest.mark.fault(3, "stopped while the platform keeps answers back, then while all goes well (processes)")
def test_a_stop_ends_within_its_ten_seconds_and_the_next_process_goes_on(
    machine: Machine, injected: Injected
) -> None:
    async def scene(slack: Slack, store: Store) -> None:
        tell(store)
        for hangs in (60.0, 0.0):
            slack.answers_after = hangs
            process = machine.start("web", patience={"bot.delivery:LAST_WORDS_SECONDS": 2.0})
            began, doubted = len(slack.ledger), states(store).get("unknown", 0)
            await until(lambda began=began: len(slack.ledger) >= began + HELD_AT_ONCE, process)
            assert await ended(process.stop) == 0
            injected.count()
            left = states(store)
            assert "claimed" not in left, "a lease is left behind"
            assert left["queued"] > 0
            # Those of the process before may not have been looked up yet.
            assert (left.get("unknown", 0) > doubted) == (hangs > 0), left
        slack.answers_after = 0.0
        last = machine.start("web")
        await until(lambda: is_over(store), last)
        assert faults(store.url, slack.shown(), TESTS) == []

    on_slack(machine, 120, scene)


@pytest.mark.long
@pytest.mark.fault(4, "three processes with a sender and a clock each, on one SQLite file (processes)")
def test_three_at_once_share_the_work(machine: Machine, injected: Injected) -> None:
    async def scene(slack: Slack, store: Store) -> None:
        tell(store, each=2)
        several = [machine.start("web"), machine.start("web"), machine.start("clock")]
        injected.count(len(several))
        await until(lambda: is_over(store), *several)
        assert [await ended(one.stop) for one in several] == [0, 0, 0]
        assert faults(store.url, slack.shown(), TESTS) == []

    on_slack(machine, 150, scene)


@pytest.mark.long
@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(fake_slack.Fault(drop=True), id="dropped"),
        pytest.param(fake_slack.Fault(status=502), id="502"),
        pytest.param(fake_slack.Fault(status=504), id="504"),
        pytest.param(None, id="no answer"),
    ],
)
@pytest.mark.fault(5, "every third post to Slack dropped, 502, 504 or without an answer (processes)")
def test_slack_fails_every_third_time(
    machine: Machine, injected: Injected, kind: fake_slack.Fault | None
) -> None:
    async def scene(slack: Slack, store: Store) -> None:
        slack.fault_of = lambda number: kind if number % 3 == 0 else None
        slack.answers_after = 0.0 if kind else 2.0
        tell(store)
        short = {"bot.platforms.slack_calls:TIMEOUT_SECONDS": 1.0}
        process = machine.start("web", patience={} if kind else short)
        if kind is None:
            await until(lambda: len(slack.ledger) >= 16, process)
            injected.count(16)
            slack.answers_after = 0.0
        await until(lambda: is_over(store), process)
        injected.count(sum(slack.injected.values()))
        assert states(store) == {"sent": 40}
        assert faults(store.url, slack.shown(), TESTS) == []

    on_slack(machine, 40, scene)


@pytest.mark.long
@pytest.mark.fault(5, "every fourth post to Teams dropped after it was taken (processes)")
def test_what_teams_took_without_saying_so_is_listed_and_not_sent_again(
    machine: Machine, injected: Injected
) -> None:
    async def scene() -> None:
        store = crowd(machine.folder, 40)
        teams = Teams(members={user.lower(): address for user, address in members(40).items()})
        await teams.start()
        teams.fault_of = lambda number: fake_teams.Fault(drop=True) if number % 4 == 0 else None
        machine.environment |= teams_names(teams) | {"DATABASE_URL": store.url}
        link_to_teams(store, teams)
        tell(store)
        process = machine.start("web")
        await until(lambda: is_over(store), process)
        injected.count(sum(teams.injected.values()))
        told = states(store)
        assert told == {"sent": 30, "failed": 10}, told
        assert faults(store.url, teams.shown(), TESTS) == []
        await ended(process.kill)
        await teams.stop()
        store.close()

    asyncio.run(scene())


def link_to_teams(store: Store, teams: Teams) -> None:
    """Everybody has written to the bot in Teams once, so it knows where they are."""
    with store.begin() as tx:
        for user, email in teams.members.items():
            person = people.find_by_email(tx, email, on=NOW.date())
            assert person is not None
            people.link_account(
                tx,
                person_id=person.id,
                platform="teams",
                workspace=fake_teams.TENANT,
                user=user,
                address={
                    "service_url": teams.service_url,
                    "conversation": fake_teams.chat_of(user),
                    "bot": fake_teams.BOT,
                    "mri": f"29:{user}",
                },
                at=NOW,
            )


LIMITS = {
    "a second": "1",
    "none said": None,
    "a date": "Fri, 20 Nov 2026 10:00:00 GMT",  # past: at once
    "nonsense": "soon",
}


@pytest.mark.long
@pytest.mark.parametrize("after", LIMITS.values(), ids=LIMITS)
@pytest.mark.fault(6, "every third call 429, with each form of Retry-After (processes)")
def test_a_storm_of_rate_limits(machine: Machine, injected: Injected, after: str | None) -> None:
    async def scene(slack: Slack, store: Store) -> None:
        limit = fake_slack.Fault(status=429, error="ratelimited", retry_after=after)
        slack.fault_of = lambda number: limit if number % 3 == 0 and number < 16 else None
        tell(store, each=3)
        process = machine.start("web")
        await until(lambda: is_over(store), process)
        injected.count(slack.injected["ratelimited"])
        with store.read() as tx:
            attempts = tx.execute(text("SELECT max(attempts) FROM message WHERE kind = 'test'")).scalar_one()
        assert attempts == 1, "a rate limit was counted against a message"
        for user in slack.members:
            said = [one.text for one in slack.said_to(user)]
            assert said == sorted(said), "out of order"
        assert faults(store.url, slack.shown(), TESTS) == []

    on_slack(machine, 12, scene)


@pytest.mark.long
@pytest.mark.fault(6, "an hour's Retry-After while messages lose their use (processes)")
def test_an_hour_of_silence_raises_an_alarm_about_what_comes_too_late(
    machine: Machine, injected: Injected
) -> None:
    async def scene(slack: Slack, store: Store) -> None:
        slack.always["chat.postMessage"] = fake_slack.Fault(
            status=429, error="ratelimited", retry_after="3600"
        )
        tell(store, lasts=timedelta(minutes=10))
        process = machine.start("web")
        await until(lambda: "will come too late" in process.said(), process)
        injected.count(slack.injected["ratelimited"])
        assert "test" not in states(store)
        assert states(store).get("queued", 0) + states(store).get("claimed", 0) == 20
        assert slack.count("chat.postMessage") <= HELD_AT_ONCE, "it went on asking"
        assert await ended(process.stop) == 0
        assert '"level": "error"' in process.said()

    on_slack(machine, 20, scene)


@pytest.mark.long
@pytest.mark.fault(7, "accounts that are gone, channels that are gone, users nobody knows (processes)")
def test_those_who_cannot_be_reached_are_listed_and_the_others_go_on(
    machine: Machine, injected: Injected
) -> None:
    async def scene(slack: Slack, store: Store) -> None:
        for number, error in enumerate(
            ("channel_not_found", "is_archived", "cannot_dm_bot", "user_not_found")
        ):
            fault = fake_slack.Fault(error=error, channel=fake_slack.channel_of(f"U{number:06d}"))
            slack.faults["chat.postMessage"].extend([fault] * 3)
        del slack.members["U000009"]
        tell(store)
        process = machine.start("web")
        await until(lambda: is_over(store), process)
        injected.count(sum(slack.injected.values()) + 1)
        told = states(store)
        assert told == {"sent": 25, "failed": 5}, told
        assert faults(store.url, slack.shown(), TESTS) == []

    on_slack(machine, 30, scene)


@pytest.mark.long
@pytest.mark.fault(8, "the token is revoked in the middle of a fan-out and works again later (processes)")
def test_a_revoked_token_stops_at_once_and_says_so_once(machine: Machine, injected: Injected) -> None:
    async def scene(slack: Slack, store: Store) -> None:
        tell(store)
        process = machine.start("web")
        await until(lambda: len(slack.ledger) > 20, process)
        revoked = fake_slack.Fault(error="token_revoked")
        for method in ("chat.postMessage", "auth.test", "users.lookupByEmail"):
            slack.always[method] = revoked
        await until(lambda: "no longer accepts" in process.said(), process)
        calls, said = slack.count("chat.postMessage"), len(slack.ledger)
        probes = slack.count("auth.test")
        await until(lambda: slack.count("auth.test") >= probes + 2, process)
        injected.count(slack.injected["token_revoked"])
        assert slack.count("chat.postMessage") <= calls + HELD_AT_ONCE
        assert len(slack.ledger) == said
        assert process.said().count("no longer accepts") == 1
        slack.always.clear()
        await until(lambda: is_over(store), process)
        assert states(store) == {"sent": 150}
        assert faults(store.url, slack.shown(), TESTS) == []

    on_slack(machine, 150, scene)


@pytest.mark.parametrize(
    "jumps",
    [
        pytest.param([0, 3_600, 0], id="an hour on and back", marks=pytest.mark.long),
        pytest.param([0, -3_600], id="an hour back", marks=pytest.mark.long),
        pytest.param([0, 86_400, 0], id="a day on and back", marks=pytest.mark.long),
        pytest.param([3 * 3_600], id="three hours ahead all the time"),
        pytest.param([0, -1_760_000_000, 0], id="back to 1970", marks=pytest.mark.long),
    ],
)
@pytest.mark.fault(13, "the clock jumps in the middle of a fan-out whose answers get lost (processes)")
def test_the_clock_jumps_while_much_is_under_way(
    machine: Machine, injected: Injected, jumps: list[int]
) -> None:
    async def scene(slack: Slack, store: Store) -> None:
        slack.fault_of = lambda number: fake_slack.Fault(drop=True) if number % 3 == 0 else None
        slack.takes = 0.2
        machine.clock = machine.folder / "clock"
        set_clock(machine.clock, jumps[0])
        tell(store, due=datetime.now(UTC) - timedelta(hours=2), ahead=jumps[0])
        process = machine.start("web")
        injected.count(int(jumps[0] != 0))
        for before_it, jump in pairwise(jumps):
            before = len(slack.ledger)
            more = 8 if before_it > -86_400 else 0  # in 1970 nothing is due
            await until(lambda least=before + more: len(slack.ledger) >= least or is_over(store), process)
            assert not is_over(store), "all was sent before the clock could jump"
            set_clock(machine.clock, jump)
            injected.count()
            await asyncio.sleep(0.5)  # some sending at that time, if it dares to
        set_clock(machine.clock, max(jumps[-1], 0))
        await until(lambda: is_over(store), process)
        assert faults(store.url, slack.shown(), TESTS) == []

    on_slack(machine, 90, scene)


def set_clock(file: Path, ahead: int) -> None:
    (new := file.with_suffix(".new")).write_text(str(ahead))
    new.rename(file)


@pytest.mark.long
@pytest.mark.fault(25, "people leave, and are away, between queueing and sending (processes)")
def test_it_is_looked_at_again_when_it_is_sent(machine: Machine, injected: Injected) -> None:
    async def scene(slack: Slack, store: Store) -> None:
        ahead = come_to_work(machine)
        tell(store, asked=False, ahead=ahead, due=datetime.now(UTC) + timedelta(seconds=ahead + 8))
        process = machine.start("web")
        await until(lambda: "Listening" in process.said(), process)
        with store.begin() as tx:
            gone = tx.execute(text("UPDATE person SET active = false WHERE email LIKE 'reader1%'"))
            injected.count(gone.rowcount)  # type: ignore[attr-defined]  # a cursor's
        leavers = {one for one in slack.members.values() if one.startswith("reader1")}
        assert not slack.ledger, "they left too late"
        await until(lambda: is_over(store), process)
        assert states(store) == {"sent": 20 - len(leavers), "dropped": len(leavers)}
        assert not {one.who for one in slack.shown()} & leavers
        assert faults(store.url, slack.shown(), TESTS) == []

    on_slack(machine, 20, scene)
