"""Sending over Slack, black box: each message once, in order, whatever Slack does."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from bot.dispatching import SETTLE
from handlers.actions import act
from handlers.cards import Button, Card, Chart, ChartKind, Item, Items, Series
from storage import doubts
from storage.backup import back_up, restore
from storage.database import Store
from storage.tables import MessageRow, PersonRow
from tests.contract.fake_slack import Fault
from tests.contract.slack_bench import Bench, play


def test_a_message_accepted_whose_answer_was_lost_is_there_once(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        bench.slack.faults["chat.postMessage"].append(Fault(drop=True))
        message = bench.queue("imani.brooks", "one")
        await bench.settle()
        assert bench.message(message).state == "unknown"
        bench.clocks.move(SETTLE.total_seconds() + 1)
        await bench.settle()
        assert bench.message(message).state == "sent"
        assert bench.words("U0IMANI") == ["one"]

    play(store, scene)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_message_slack_failed_over_is_looked_up_and_then_sent_once(store: Store, status: int) -> None:
    async def scene(bench: Bench) -> None:
        bench.slack.faults["chat.postMessage"].append(Fault(status=status))
        message = bench.queue("imani.brooks", "one")
        await bench.settle()
        assert bench.words("U0IMANI") == []
        bench.clocks.move(SETTLE.total_seconds() + 1)
        await bench.settle()
        assert bench.slack.count("conversations.history") == 1
        assert bench.message(message).state == "sent"
        assert bench.words("U0IMANI") == ["one"]

    play(store, scene)


def test_nothing_overtakes_a_message_in_doubt(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        bench.slack.faults["chat.postMessage"].append(Fault(status=502, channel="D0IMANI"))
        bench.queue("imani.brooks", "one")
        bench.queue("imani.brooks", "two")
        bench.queue("grace.lindqvist", "other")
        await bench.settle()
        assert bench.words("U0IMANI") == []
        assert bench.words("U0GRACE") == ["other"]
        bench.clocks.move(SETTLE.total_seconds() + 1)
        await bench.settle()
        assert bench.words("U0IMANI") == ["one", "two"]

    play(store, scene)


@pytest.mark.parametrize(
    ("retry_after", "least"),
    [
        pytest.param("7", 7, id="seconds"),
        pytest.param("3600", 3600, id="an hour"),
        pytest.param("Tue, 24 Nov 2026 14:00:30 GMT", 29, id="a date"),
        pytest.param(None, 1, id="nothing"),
        pytest.param("soon", 1, id="a word"),
    ],
)
def test_a_rate_limit_pauses_everything_as_long_as_slack_says(
    store: Store, retry_after: str | None, least: int
) -> None:
    async def scene(bench: Bench) -> None:
        bench.slack.faults["chat.postMessage"].append(Fault(429, "ratelimited", retry_after))
        message = bench.queue("imani.brooks", "one")
        await bench.settle()
        bench.queue("grace.lindqvist", "other")
        bench.clocks.move(least - 1)
        await bench.settle()
        assert bench.slack.ledger == []
        assert bench.message(message).attempts == 0
        bench.clocks.move(10 + least)
        await bench.settle()
        assert bench.words("U0IMANI") == ["one"]
        assert bench.words("U0GRACE") == ["other"]

    play(store, scene)


def test_a_storm_of_rate_limits_loses_nothing_and_keeps_each_persons_order(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        names = {"imani.brooks": "U0IMANI", "grace.lindqvist": "U0GRACE", "mei.tanaka": "U0MEI"}
        for number in range(10):
            for name in names:
                bench.queue(name, f"{name} {number}")
        for _ in range(60):
            if bench.slack.count("chat.postMessage") % 3 == 2:
                bench.slack.faults["chat.postMessage"].append(Fault(429, "ratelimited", "2"))
            await bench.settle()
            bench.clocks.move(5)
        for name, user in names.items():
            assert bench.words(user) == [f"{name} {number}" for number in range(10)]
        assert bench.states() == {"sent": 30}

    play(store, scene)


@pytest.mark.parametrize("error", ["account_inactive", "channel_not_found", "user_not_found", "is_archived"])
def test_somebody_who_cannot_be_reached_is_listed_and_the_others_go_on(store: Store, error: str) -> None:
    async def scene(bench: Bench) -> None:
        bench.slack.faults["chat.postMessage"].append(Fault(error=error, channel="D0IMANI"))
        gone = bench.queue("imani.brooks", "one")
        bench.queue("grace.lindqvist", "other")
        await bench.settle()
        assert (bench.message(gone).state, bench.message(gone).why) == ("failed", error)
        assert bench.words("U0GRACE") == ["other"]

    play(store, scene)


def test_somebody_without_an_account_is_listed(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        message = bench.queue("oluchi.eze", "one")
        await bench.settle()
        assert (bench.message(message).state, bench.message(message).why) == (
            "failed",
            "no account on any platform",
        )

    play(store, scene)


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked"])
def test_a_revoked_token_stops_everything_keeps_the_queue_and_raises_one_alarm(
    store: Store, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(bench: Bench) -> None:
        for name in ("imani.brooks", "grace.lindqvist", "mei.tanaka", "farid.haddad"):
            bench.queue(name, f"to {name}")
        bench.slack.always = {"chat.postMessage": Fault(error=error), "auth.test": Fault(error=error)}
        for _ in range(5):
            await bench.settle()
            bench.clocks.move(61)
        assert bench.states() == {"queued": 4}
        assert bench.slack.count("chat.postMessage") <= 4
        assert len([one for one in caplog.records if one.levelno == logging.CRITICAL]) == 1
        bench.slack.always = {}
        bench.clocks.move(61)
        await bench.settle()
        assert bench.states() == {"sent": 4}

    play(store, scene)


def test_a_slack_that_cannot_be_reached_keeps_the_queue(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        message = bench.queue("imani.brooks", "one")
        url = bench.parts.platforms["slack"].calls.client  # type: ignore[attr-defined]  # the Slack platform's
        url.base_url, kept = "http://127.0.0.1:9/api/", url.base_url
        await bench.settle()
        assert bench.message(message).state == "queued"
        url.base_url = kept
        bench.clocks.move(120)
        await bench.settle()
        assert bench.words("U0IMANI") == ["one"]

    play(store, scene)


def test_a_sender_that_died_holding_a_message_leaves_it_to_be_looked_up(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        sent = bench.queue("imani.brooks", "accepted before the kill")
        lost = bench.queue("grace.lindqvist", "never sent")
        await bench.settle()
        with bench.parts.store.begin() as tx:
            for message in (
                sent,
                lost,
            ):  # as if the process had died before it could write down what came of them
                row = tx.get_one(MessageRow, message)
                row.state, row.claimed_by, row.platform_ref = "claimed", "dead", {}
                row.lease_until = bench.clocks.wall + timedelta(seconds=60)
                tx.add(row)
        bench.slack.ledger = [one for one in bench.slack.ledger if one.text != "never sent"]
        await bench.settle()
        assert bench.states() == {"claimed": 2}
        bench.clocks.move(61)
        await bench.settle()
        assert bench.states() == {"unknown": 2}  # Slack may still be at work on them
        bench.clocks.move(31)
        await bench.settle()
        await bench.settle()
        assert bench.states() == {"sent": 2}
        assert bench.words("U0IMANI") == ["accepted before the kill"]
        assert bench.words("U0GRACE") == ["never sent"]

    play(store, scene)


def test_a_card_of_several_messages_goes_on_after_the_parts_that_are_there(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        items = tuple(
            Item(f"Demand {n}", detail="x" * 900, buttons=(Button("Open", act("demand.open", id=n)),))
            for n in range(40)
        )
        bench.slack.faults["chat.postMessage"].append(Fault(drop=True, part=1))
        message = bench.queue("imani.brooks", "", period="long", card=Card("Long", (Items(items),)))
        await bench.settle()
        assert bench.message(message).state == "unknown"
        bench.clocks.move(SETTLE.total_seconds() + 1)
        await bench.settle()
        assert bench.message(message).state == "sent"
        parts = [one.metadata["event_payload"]["part"] for one in bench.slack.ledger if one.metadata]
        assert parts == list(range(len(parts)))
        assert len(parts) > 2
        shown = [button["value"] for one in bench.slack.ledger for button in one.buttons]
        assert shown == [f"demand.open?id={n}" for n in range(40)]

    play(store, scene)


def test_a_chart_is_put_into_words_where_slack_cannot_fetch_it(store: Store) -> None:
    chart = Chart(
        ChartKind.BARS, "Visits", ("Adams",), (Series("held", (3.0,)),), "visits", "Adams had 3 visits."
    )

    async def scene(bench: Bench) -> None:
        bench.queue("imani.brooks", "", period="chart", card=Card("", (chart,)))
        await bench.settle()
        (said,) = bench.words("U0IMANI")
        assert "Adams had 3 visits." in said

    play(store, scene, base_url="http://127.0.0.1:3978")


def test_an_unasked_message_waits_for_the_end_of_protected_time(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        # The bench's moment is a protected Tuesday morning, 9:00 in the district.
        held = bench.queue("imani.brooks", "unasked", asked=False)
        bench.queue("imani.brooks", "asked")
        await bench.settle()
        assert bench.words("U0IMANI") == ["asked"]
        assert bench.message(held).state == "queued"
        bench.clocks.move(4 * 3600)
        await bench.settle()
        assert bench.words("U0IMANI") == ["asked", "unasked"]

    play(store, scene)


def test_somebody_who_left_meanwhile_is_not_written_to(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        message = bench.queue("imani.brooks", "one")
        with bench.parts.store.begin() as tx:
            row = tx.get_one(PersonRow, bench.message(message).recipient_id)
            row.active = False
            tx.add(row)
        await bench.settle()
        assert bench.message(message).state == "dropped"
        assert bench.slack.ledger == []

    play(store, scene)


def test_after_a_backup_was_put_back_nothing_of_the_gap_is_sent_again(store: Store, tmp_path: Path) -> None:
    async def scene(bench: Bench) -> None:
        bench.clocks.move(4 * 3600)  # out of protected time
        before = bench.queue("imani.brooks", "waiting when the backup was taken", asked=False)
        back_up(tmp_path / "test.sqlite", tmp_path / "backup.sqlite")
        bench.queue("grace.lindqvist", "digest of the gap", asked=False)
        await bench.settle()
        assert bench.states() == {"sent": 2}
        bench.parts.store.close()
        restore(tmp_path / "backup.sqlite", tmp_path / "test.sqlite", now=bench.clocks.wall)
        with bench.parts.store.begin() as tx:
            assert doubts.doubt_restored(tx, now=bench.clocks.wall) == 1
        bench.queue("grace.lindqvist", "digest of the gap", asked=False)
        bench.queue("grace.lindqvist", "a new one", asked=False)
        for _ in range(6):
            bench.clocks.move(10)
            await bench.settle()
        assert bench.states() == {"sent": 3}
        assert bench.message(before).state == "sent"
        assert bench.words("U0IMANI") == ["waiting when the backup was taken"]
        assert bench.words("U0GRACE") == ["digest of the gap", "a new one"]

    play(store, scene)


def test_the_first_message_to_somebody_takes_one_call(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        first, second = bench.queue("imani.brooks", "one"), bench.queue("imani.brooks", "two")
        await bench.settle()
        assert [bench.message(one).state for one in (first, second)] == ["sent", "sent"]
        assert [one.channel for one in bench.slack.ledger] == ["D0IMANI", "D0IMANI"]
        assert bench.slack.count("conversations.open") == 0
        assert bench.slack.count("chat.postMessage") == 2

    play(store, scene)
