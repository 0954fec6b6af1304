"""Slack's requests, black box: who is let in, acknowledged, heard once and answered."""

import asyncio
import copy
import json
import logging
import threading
from typing import Any

import pytest
from pydantic import SecretStr
from sqlmodel import select

from handlers import topics
from handlers.turn import Cards, Turn
from storage.database import Store
from storage.tables import InboundRow
from tests.contract.fake_slack import FakeSlack, Fault
from tests.contract.slack_bench import Bench, payload, play


def _inbound(bench: Bench) -> int:
    with bench.parts.store.read() as tx:
        return len(tx.exec(select(InboundRow)).all())


@pytest.mark.parametrize(
    ("how", "change"),
    [
        pytest.param({"secret": "another"}, None, id="signed with another secret"),
        pytest.param({"age": 301}, None, id="replayed after five minutes"),
        pytest.param({"age": -301}, None, id="from more than five minutes ahead"),
        pytest.param({"signed": b"{}"}, None, id="signed for another body"),
        pytest.param({}, "cut", id="cut off on the way"),
        pytest.param({"headers": {"X-Slack-Signature": ""}}, None, id="without a signature"),
        pytest.param({"headers": {"X-Slack-Signature": "v0=ü"}}, None, id="with letters no signature has"),
        pytest.param({"headers": {"X-Slack-Request-Timestamp": "soon"}}, None, id="with a time that is none"),
        pytest.param({"headers": {"X-Slack-Request-Timestamp": "9" * 400}}, None, id="with an endless time"),
    ],
)
def test_a_request_that_is_not_slacks_is_refused_and_does_nothing(
    store: Store, how: dict[str, Any], change: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(bench: Bench) -> None:
        body = json.dumps(payload("message_im")).encode()
        if change == "cut":
            how["signed"], body = body, body[: len(body) // 2]
        response = await bench.post(body, "application/json", **how)
        assert response.status == 401
        await bench.settle()
        assert _inbound(bench) == 0
        assert bench.slack.ledger == []

    caplog.set_level(logging.DEBUG, "throughline")
    play(store, scene)
    assert "help" not in caplog.text


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"[1, 2]", id="a list"),
        pytest.param(b'{"type": "event_callback", "event": ', id="half a JSON"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(b'{"type": "event_callback", "event": "help"}', id="an event that is a word"),
        pytest.param(b'{"type": "event_callback"}', id="an event callback without event"),
        pytest.param(b"null", id="null"),
    ],
)
def test_a_signed_request_that_makes_no_sense_is_refused_without_a_trace(store: Store, body: bytes) -> None:
    async def scene(bench: Bench) -> None:
        response = await bench.post(body, "application/json")
        assert 400 <= response.status < 500
        assert "Traceback" not in await response.text()
        await bench.settle()
        assert bench.slack.ledger == []

    play(store, scene)


def test_a_direct_message_is_acknowledged_and_answered_in_the_direct_message(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        response = await bench.event(payload("message_im"))
        assert response.status == 200
        await bench.settle()
        (answer,) = bench.slack.ledger
        assert answer.channel == "D0IMANI"
        assert "What you can write here" in answer.text
        assert answer.metadata is not None
        assert answer.metadata["event_type"] == "throughline"

    play(store, scene)


def test_the_acknowledgement_does_not_wait_for_the_work(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def slow(turn: Turn, text: str) -> Cards | None:
        gate.wait(20)
        return None

    async def scene(bench: Bench) -> None:
        event = payload("message_im")
        event["event"]["text"] = "something that takes long"
        assert (await bench.event(event)).status == 200
        assert bench.slack.ledger == []
        gate.set()
        await bench.settle()
        assert len(bench.slack.ledger) == 1

    monkeypatch.setattr(topics, "READINGS", (slow,))
    play(store, scene)


def test_a_message_delivered_eleven_times_under_different_ids_is_answered_once(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        for number in range(11):
            event = payload("message_im") | {"event_id": f"Ev{number:07d}"}
            retry = (
                {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"} if number else {}
            )
            assert (await bench.event(event, headers=retry)).status == 200
        await bench.settle()
        assert len(bench.slack.ledger) == 1

    play(store, scene)


def test_eleven_deliveries_at_the_same_moment_are_answered_once(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        events = [payload("message_im") | {"event_id": f"Ev{number:07d}"} for number in range(11)]
        responses = await asyncio.gather(*(bench.event(event) for event in events))
        assert {one.status for one in responses} == {200}
        await bench.settle()
        assert len(bench.slack.ledger) == 1

    play(store, scene)


def test_a_mention_in_a_channel_is_answered_in_the_direct_message(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await bench.event(payload("app_mention"))
        await bench.settle()
        assert [one.channel for one in bench.slack.ledger] == ["D0IMANI"]

    play(store, scene)


def test_a_secret_written_in_a_channel_is_not_taken(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        mention = payload("app_mention")
        mention["event"]["text"] = (
            "<@U0THROUGH> connect my calendar <https://calendar.example/private-1/a.ics>"
        )
        await bench.event(mention)
        await bench.settle()
        assert [one.channel for one in bench.slack.ledger] == ["D0IMANI"]
        assert "in a channel, where others can read it" in str(bench.slack.ledger[0])
        assert "private-1" not in str(bench.slack.ledger[0])

    play(store, scene)


@pytest.mark.parametrize("name", ["message_changed", "message_from_bot"])
def test_edits_and_the_bots_own_words_are_passed_over(store: Store, name: str) -> None:
    async def scene(bench: Bench) -> None:
        assert (await bench.event(payload(name))).status == 200
        await bench.settle()
        assert bench.slack.ledger == []
        assert _inbound(bench) == 0

    play(store, scene)


def test_a_slash_command_is_acknowledged_silently_and_answered(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        response = await bench.command(payload("slash_command"))
        told = json.loads(await response.text())
        assert (response.status, told["response_type"]) == (
            200,
            "ephemeral",
        )  # nobody in the channel reads it
        assert "direct message" in told["text"]
        at_home = payload("slash_command") | {"channel_id": "D0IMANI", "trigger_id": "2.1.a"}
        assert await (await bench.command(at_home)).text() == ""
        await bench.command(payload("slash_command"))
        await bench.settle()
        assert len(bench.words("U0IMANI")) == 2

    play(store, scene)


def test_a_button_delivered_twice_is_answered_once(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        for _ in range(2):
            assert (await bench.interact(payload("block_actions"))).status == 200
        await bench.settle()
        assert len(bench.words("U0IMANI")) == 1

    play(store, scene)


@pytest.mark.parametrize("value", ["nobody.knows?x=1", "DROP TABLE person", "x" * 1999, "help.open?a=1&a=2"])
def test_a_button_that_is_none_of_ours_gets_a_kind_sentence(store: Store, value: str) -> None:
    async def scene(bench: Bench) -> None:
        action = payload("block_actions")
        action["actions"][0]["value"] = value
        await bench.interact(action)
        await bench.settle()
        assert ["older version" in one for one in bench.words("U0IMANI")] == [True]

    play(store, scene)


def test_a_message_sent_to_the_buffer_reaches_the_readings_as_a_memo(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def reading(turn: Turn, text: str) -> Cards | None:
        read.append(text)
        return []

    async def scene(bench: Bench) -> None:
        await bench.interact(payload("shortcut"))
        await bench.settle()

    monkeypatch.setattr(topics, "TOPICS", ())
    monkeypatch.setattr(topics, "READINGS", (reading,))
    play(store, scene)
    assert read == [
        "memo\nPrincipals must return the seat count by Friday, December 4. Questions: hr@district.example"
    ]


def test_a_stranger_is_told_whom_to_ask_once_and_nothing_else(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        event = payload("message_im")
        event["event"] |= {"user": "U0STRANGER", "channel": "D0STRANGER"}
        for number in range(3):
            await bench.event(event | {"event_id": f"Ev{number}"})
        await bench.settle()
        (said,) = bench.words("U0STRANGER")
        assert "administrator" in said
        assert bench.states() == {}

    play(store, scene)


def test_a_guest_of_another_workspace_is_not_taken_for_the_person_whose_address_they_show(
    store: Store,
) -> None:
    async def scene(bench: Bench) -> None:
        bench.slack._user = lambda user: {  # type: ignore[method-assign]  # a fake of a fake
            "id": user,
            "team_id": "T0ELSEWHERE",
            "profile": {"email": bench.slack.members[user]},
        }
        await bench.event(payload("message_im"))
        await bench.settle()
        (said,) = bench.words("U0IMANI")
        assert "don't know you" in said

    play(store, scene)


def test_an_account_is_looked_up_once_and_then_known(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        for number in range(3):
            event = copy.deepcopy(payload("message_im"))
            event["event"]["event_ts"] = f"1764000000.00{number}"
            await bench.event(event | {"event_id": f"Ev{number}"})
            await bench.settle()
        assert bench.slack.count("users.info") == 1
        assert len(bench.words("U0IMANI")) == 3

    play(store, scene)


def test_slacks_address_check_is_answered(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        response = await bench.event({"type": "url_verification", "challenge": "abc", "token": "invented"})
        assert response.status == 200
        assert "abc" in await response.text()

    play(store, scene)


def test_a_body_larger_than_slack_sends_is_refused(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        response = await bench.post(b"x" * 1_048_577, "application/json")
        assert response.status == 413

    play(store, scene)


def test_with_an_app_token_events_come_by_socket_and_are_acknowledged(store: Store) -> None:
    slack = FakeSlack(envelopes=[payload("message_im"), payload("message_im") | {"event_id": "Ev9"}])

    async def scene(bench: Bench) -> None:
        async with asyncio.timeout(20):
            while len(slack.acknowledged) < 2:
                await asyncio.sleep(0.01)
        await bench.settle()
        # Each once, in whatever order: events are written down side by side.
        assert sorted(slack.acknowledged) == ["envelope-0", "envelope-1"]
        assert len(bench.words("U0IMANI")) == 1
        assert (await bench.event(payload("message_im"))).status == 404

    play(
        store,
        scene,
        slack=slack,
        slack_app_token=SecretStr("xapp-invented"),
        slack_signing_secret=None,
    )


def test_a_socket_that_does_not_open_is_tried_again(store: Store) -> None:
    slack = FakeSlack(envelopes=[payload("message_im")])
    slack.faults["apps.connections.open"].append(Fault(status=500))

    async def scene(bench: Bench) -> None:
        async with asyncio.timeout(20):
            while not slack.acknowledged:
                await asyncio.sleep(0.01)
        await bench.settle()
        assert len(bench.words("U0IMANI")) == 1

    play(store, scene, slack=slack, slack_app_token=SecretStr("xapp-invented"))
