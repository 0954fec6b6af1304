"""Sending over Teams, black box: each message once, in order, whatever Teams does."""

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest

from bot.dispatching import SETTLE
from bot.platforms import teams_calls
from handlers.actions import act
from handlers.cards import Button, Card, Chart, ChartKind, Download, Item, Items, Series
from storage import doubts
from storage.backup import back_up, restore
from storage.database import Store
from storage.people import link_account
from tests.contract.fake_teams import Fault, Posted, chat_of
from tests.contract.teams_bench import Bench, aad, play

NAMES = ("imani.brooks", "grace.lindqvist", "mei.tanaka")


async def met(bench: Bench, *names: str) -> None:
    """The people have written once, so the bot knows where; the ledger begins after that."""
    for name in names or NAMES:
        await bench.says(name, "help")
    bench.teams.ledger.clear()
    bench.teams.calls.clear()
    bench.clocks.move(60)


def test_a_message_goes_to_the_conversation_that_was_remembered(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await met(bench)
        message = bench.queue("imani.brooks", "one")
        await bench.settle()
        assert bench.words("imani.brooks") == ["one"]
        assert bench.message(message).state == "sent"
        assert bench.message(message).platform_ref["parts"] == [bench.teams.ledger[0].id]
        assert bench.teams.calls == ["post"]

    play(store, scene)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault(drop=True), id="the answer is lost"),
        pytest.param(Fault(status=500), id="500"),
        pytest.param(Fault(status=503), id="503"),
    ],
)
def test_a_message_in_doubt_is_reported_and_never_sent_again(store: Store, fault: Fault) -> None:
    async def scene(bench: Bench) -> None:
        await met(bench)
        bench.teams.faults["post"].append(fault)
        message = bench.queue("imani.brooks", "one")
        bench.queue("imani.brooks", "two")
        await bench.settle()
        assert bench.message(message).state == "unknown"
        assert "two" not in bench.words("imani.brooks")
        for _ in range(5):
            bench.clocks.move(SETTLE.total_seconds() + 1)
            await bench.settle()
        row = bench.message(message)
        assert (row.state, row.why) == (
            "failed",
            "perhaps sent; cannot be looked up: Teams does not say what it has",
        )
        assert bench.words("imani.brooks") == (["one", "two"] if fault.drop else ["two"])

    play(store, scene)


def test_an_answer_that_takes_too_long_leaves_the_message_in_doubt(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teams_calls, "TIMEOUT_SECONDS", 1.0)

    async def scene(bench: Bench) -> None:
        await met(bench, "imani.brooks")
        bench.teams.faults["post"].append(Fault(is_slow=True))
        message = bench.queue("imani.brooks", "one")
        await bench.settle()
        assert (bench.message(message).state, bench.message(message).why) == ("unknown", "TimeoutError")
        assert bench.words("imani.brooks") == ["one"]

    play(store, scene)


@pytest.mark.parametrize("status", [412, 429, 502, 504])
def test_what_microsoft_asks_to_repeat_is_repeated_after_a_while(store: Store, status: int) -> None:
    async def scene(bench: Bench) -> None:
        await met(bench)
        bench.teams.faults["post"].append(Fault(status=status))
        message = bench.queue("imani.brooks", "one")
        await bench.settle()
        bench.queue("grace.lindqvist", "other")
        await bench.settle()
        assert bench.teams.ledger == []
        assert bench.message(message).attempts == 0
        bench.clocks.move(10)
        await bench.settle()
        assert bench.words("imani.brooks") == ["one"]
        assert bench.words("grace.lindqvist") == ["other"]

    play(store, scene)


@pytest.mark.parametrize(
    ("retry_after", "least"),
    [
        pytest.param("7", 7, id="seconds"),
        pytest.param("3600", 3600, id="an hour"),
        pytest.param("Tue, 24 Nov 2026 14:01:30 GMT", 29, id="a date"),
        pytest.param("soon", 1, id="a word"),
    ],
)
def test_a_rate_limit_pauses_everything_as_long_as_teams_says(
    store: Store, retry_after: str, least: int
) -> None:
    async def scene(bench: Bench) -> None:
        await met(bench)
        bench.teams.faults["post"].append(Fault(429, "Throttled", retry_after))
        bench.queue("imani.brooks", "one")
        await bench.settle()
        bench.queue("grace.lindqvist", "other")
        bench.clocks.move(least - 1)
        await bench.settle()
        assert bench.teams.ledger == []
        bench.clocks.move(10 + least)
        await bench.settle()
        assert bench.words("imani.brooks") == ["one"]
        assert bench.words("grace.lindqvist") == ["other"]

    play(store, scene)


def test_an_hour_of_refusals_loses_nothing_keeps_the_order_and_asks_ever_less_often(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await met(bench)
        bench.teams.always["post"] = Fault(429, "Throttled")
        for number in range(5):
            for name in NAMES:
                bench.queue(name, f"{name} {number}")
        for _ in range(360):
            bench.clocks.move(10)
            await bench.settle()
        assert bench.teams.ledger == []
        asked = bench.teams.count("post")
        assert 30 < asked < 200
        bench.teams.always.clear()
        for _ in range(20):
            bench.clocks.move(10)
            await bench.settle()
        for name in NAMES:
            assert bench.words(name) == [f"{name} {number}" for number in range(5)]

    play(store, scene)


def test_no_conversation_and_no_second_gets_more_than_teams_allows(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await met(bench)
        at: list[tuple[float, str]] = []
        bench.teams.on_post = lambda chat: at.append((bench.clocks.monotonic(), chat))
        for number in range(40):
            for name in NAMES:
                bench.queue(name, f"{number}")
        await bench.settle()
        assert len(at) == 120
        for within, most in ((1, 7), (2, 8), (30, 60)):
            for name in NAMES:
                mine = [when for when, chat in at if chat == chat_of(aad(name))]
                assert max(sum(when <= one < when + within for one in mine) for when in mine) <= most
        assert max(sum(when <= one < when + 1 for one, _ in at) for when, _ in at) <= 50

    play(store, scene)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("MessageWritesBlocked", "has blocked or removed the bot in Teams (MessageWritesBlocked)"),
        ("BotDisabledByAdmin", "may not use the bot: an administrator of Teams has switched it off"),
        ("MessageSizeTooBig", "MessageSizeTooBig"),
    ],
)
def test_somebody_who_cannot_be_reached_is_listed_and_the_others_go_on(
    store: Store, code: str, why: str
) -> None:
    async def scene(bench: Bench) -> None:
        await met(bench)
        bench.teams.faults["post"].append(Fault(403, code, user="aad-imani"))
        gone = bench.queue("imani.brooks", "one")
        bench.queue("grace.lindqvist", "other")
        await bench.settle()
        assert bench.message(gone).state == "failed"
        assert bench.message(gone).why.startswith(why)
        assert bench.words("grace.lindqvist") == ["other"]

    play(store, scene)


def test_the_connectors_innermost_word_is_the_one_that_is_shown(store: Store) -> None:
    inner = '{"errorCode":209,"message":"{\\"subCode\\":\\"MessageWritesBlocked\\",\\"details\\":\\"x\\"}"}'

    async def scene(bench: Bench) -> None:
        await met(bench)
        quoted = inner.replace("\\", "\\\\").replace('"', '\\"')
        body = f'{{"error":{{"code":"Forbidden","message":"{quoted}"}}}}'
        bench.teams.faults["post"].append(Fault(403, body=body))
        gone = bench.queue("imani.brooks", "one")
        await bench.settle()
        assert bench.message(gone).why == "has blocked or removed the bot in Teams (MessageWritesBlocked)"

    play(store, scene)


def test_somebody_who_never_added_the_bot_is_listed_as_such(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        message = bench.queue("imani.brooks", "one")
        await bench.settle()
        row = bench.message(message)
        assert (row.state, row.why) == ("failed", "has not added the bot in Teams yet")
        await bench.says("ana.whitefeather", "undelivered")
        assert "has not added the bot in Teams yet" in str(bench.teams.ledger[-1].card)

    play(store, scene)


def test_whoever_is_in_a_team_of_the_bot_can_be_written_to_first(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        assert (await bench.activity(bench.payload("conversation_update_team_added"))).status == 200
        bench.queue("grace.lindqvist", "one")
        bench.queue("peter.novak", "two")
        await bench.settle()
        assert bench.words("grace.lindqvist") == ["one"]
        assert bench.words("peter.novak") == ["two"]
        assert bench.teams.count("create") == 2
        accounts = [one async for one in bench.parts.platforms["teams"].accounts()]
        assert len(accounts) == len(bench.teams.members)
        assert (await bench.activity(bench.payload("conversation_update_team_removed"))).status == 200
        bench.clocks.move(4_000)
        message = bench.queue("mei.tanaka", "three")
        await bench.settle()
        assert bench.message(message).why == "has not added the bot in Teams yet"

    play(store, scene)


def test_a_member_of_a_team_who_has_not_added_the_bot_is_listed_and_found_once_they_have(
    store: Store,
) -> None:
    async def scene(bench: Bench) -> None:
        await bench.activity(bench.payload("conversation_update_team_added"))
        bench.teams.installed = set()
        message = bench.queue("grace.lindqvist", "one")
        await bench.settle()
        why = "has not added the bot in Teams yet (BotNotInConversationRoster)"
        assert bench.message(message).why == why
        bench.teams.installed.add("aad-grace")
        bench.queue("grace.lindqvist", "two")
        await bench.settle()
        assert bench.words("grace.lindqvist") == ["two"]

    play(store, scene)


def test_a_conversation_that_is_gone_is_opened_anew(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await met(bench, "imani.brooks")
        with bench.parts.store.begin() as tx:
            place = {"platform": "teams", "workspace": bench.parts.settings.microsoft_app_tenant_id or ""}
            address = {"conversation": "a:an-old-one", "service_url": bench.teams.service_url}
            link_account(tx, person_id=1, **place, user="aad-imani", address=address, at=bench.clocks.wall)
        bench.teams.faults["post"].append(Fault(404, "ConversationNotFound"))
        bench.queue("imani.brooks", "one")
        await bench.settle()
        assert bench.words("imani.brooks") == ["one"]
        assert bench.teams.count("create") == 1

    play(store, scene)


def test_a_token_that_is_refused_is_replaced_once(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await met(bench)
        bench.teams.tokens.clear()
        bench.queue("imani.brooks", "one")
        await bench.settle()
        assert bench.words("imani.brooks") == ["one"]
        assert bench.teams.calls == ["post", "token", "post"]

    play(store, scene)


def test_a_token_is_asked_for_once_and_again_before_it_ends(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await met(bench)
        for _ in range(3):
            bench.queue("imani.brooks", f"at {bench.clocks.monotonic()}")
            await bench.settle()
            bench.clocks.move(1_700)
        assert bench.teams.count("token") == 1
        assert len(bench.words("imani.brooks")) == 3

    play(store, scene)


@pytest.mark.parametrize(
    "fault", [Fault(401, "invalid_client"), Fault(400, "unauthorized_client")], ids=["401", "400"]
)
def test_refused_credentials_stop_everything_keep_the_queue_and_raise_one_alarm(
    store: Store, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(bench: Bench) -> None:
        await met(bench)
        bench.teams.always["token"] = fault
        bench.teams.tokens.clear()
        for name in NAMES:
            bench.queue(name, f"to {name}")
        for _ in range(5):
            await bench.settle()
            bench.clocks.move(61)
        assert bench.teams.ledger == []
        assert len([one for one in caplog.records if one.levelno == logging.CRITICAL]) == 1
        bench.teams.always.clear()
        bench.clocks.move(61)
        await bench.settle()
        assert sorted(one.text for one in bench.teams.ledger) == sorted(f"to {name}" for name in NAMES)

    play(store, scene)


def test_a_teams_that_cannot_be_reached_keeps_the_queue(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await met(bench)
        with bench.parts.store.begin() as tx:
            place = {"platform": "teams", "workspace": bench.parts.settings.microsoft_app_tenant_id or ""}
            address = {"service_url": "http://127.0.0.1:9/teams/"}
            link_account(tx, person_id=1, **place, user="aad-imani", address=address, at=bench.clocks.wall)
        message = bench.queue("imani.brooks", "one")
        await bench.settle()
        assert bench.message(message).state == "queued"
        await bench.says("imani.brooks", "help")  # comes from where Teams is now
        bench.clocks.move(120)
        await bench.settle()
        assert bench.words("imani.brooks")[0] == "one"

    play(store, scene)


def test_an_address_that_is_no_platforms_is_never_called(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await met(bench)
        with bench.parts.store.begin() as tx:
            place = {"platform": "teams", "workspace": bench.parts.settings.microsoft_app_tenant_id or ""}
            address = {"service_url": "http://169.254.169.254/latest/"}
            link_account(tx, person_id=1, **place, user="aad-imani", address=address, at=bench.clocks.wall)
        message = bench.queue("imani.brooks", "one")
        await bench.settle()
        assert bench.message(message).why == "not a service address"

    play(store, scene)


def test_a_card_of_several_messages_goes_on_after_the_parts_that_are_there(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await met(bench)
        items = tuple(
            Item(f"Demand {n}", detail="x" * 900, buttons=(Button("Open", act("demand.open", id=n)),))
            for n in range(60)
        )
        message = bench.queue("imani.brooks", "", period="long", card=Card("Long", (Items(items),)))
        seen: list[str] = []

        def second_fails(chat: str) -> None:
            seen.append(chat)
            if len(seen) == 2:
                bench.teams.faults["post"].append(Fault(429, "Throttled", "1"))

        bench.teams.on_post = second_fails
        await bench.settle()
        assert bench.message(message).state == "queued"
        bench.clocks.move(10)
        await bench.settle()
        assert bench.message(message).state == "sent"
        shown = [button["data"]["action"] for one in bench.teams.ledger for button in one.buttons]
        assert shown == [f"demand.open?id={n}" for n in range(60)]
        assert len(bench.message(message).platform_ref["parts"]) == len(bench.teams.ledger) > 2

    play(store, scene)


CHART = Chart(
    ChartKind.BARS, "Visits", ("Adams",), (Series("held", (3.0,)),), "visits", "Adams had 3 visits."
)


@pytest.mark.parametrize(
    ("base_url", "begins"),
    [
        ("https://bot.district.org", "https://bot.district.org/charts/"),
        ("http://127.0.0.1:3978", "data:image/png;base64,"),
        (None, "data:image/png;base64,"),
    ],
)
def test_a_picture_has_an_address_or_is_in_the_card(store: Store, base_url: str | None, begins: str) -> None:
    async def scene(bench: Bench) -> None:
        await met(bench)
        bench.queue("imani.brooks", "", period="chart", card=Card("", (CHART,)))
        await bench.settle()
        (posted,) = bench.teams.ledger
        said = str(posted.card)
        assert "Adams had 3 visits." in said
        (image,) = [one for one in posted.card["body"] if one["type"] == "Image"]
        assert image["url"].startswith(begins)

    play(store, scene, base_url=base_url)


def test_a_file_has_an_address_where_there_is_one(store: Store) -> None:
    file = Download("visits.csv", "CSV", "a,b\n", "text/csv")

    async def scene(bench: Bench) -> None:
        await met(bench)
        bench.queue("imani.brooks", "", period="file", card=Card("", (file,)))
        await bench.settle()
        assert "https://bot.district.org/files/" in str(bench.teams.ledger[0].card)

    play(store, scene, base_url="https://bot.district.org")


def test_after_a_backup_was_put_back_what_waits_is_sent(store: Store, tmp_path: Path) -> None:
    async def scene(bench: Bench) -> None:
        await met(bench)
        bench.clocks.move(4 * 3600)  # out of protected time
        waiting = bench.queue("imani.brooks", "waiting when the backup was taken", asked=False)
        back_up(tmp_path / "test.sqlite", tmp_path / "backup.sqlite")
        bench.parts.store.close()
        restore(tmp_path / "backup.sqlite", tmp_path / "test.sqlite", now=bench.clocks.wall)
        with bench.parts.store.begin() as tx:
            assert doubts.doubt_restored(tx, now=bench.clocks.wall) == 1
        new = bench.queue("grace.lindqvist", "a new one", asked=False)
        for _ in range(6):
            bench.clocks.move(10)
            await bench.settle()
        assert bench.message(waiting).state == "sent"
        assert bench.message(new).state == "sent"
        assert bench.words("grace.lindqvist") == ["a new one"]

    play(store, scene)


def test_a_team_whose_members_cannot_be_listed_now_leaves_the_message_waiting(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await bench.activity(bench.payload("conversation_update_team_added"))
        bench.teams.faults["paged"].append(Fault(503))
        message = bench.queue("grace.lindqvist", "one")
        await bench.settle()
        assert bench.message(message).state == "queued"
        bench.clocks.move(120)
        await bench.settle()
        assert bench.words("grace.lindqvist") == ["one"]
        assert bench.teams.count("paged") > 1

    play(store, scene)


FILE = Download("visits.csv", "CSV", "school,visits\nAdams,3\n", "text/csv")


async def asked(bench: Bench) -> Posted:
    """Somebody is asked whether a file may go into their OneDrive."""
    await met(bench, "imani.brooks")
    bench.queue("imani.brooks", "", period="file", card=Card("Figures", (FILE,)))
    await bench.settle()
    card, question = bench.teams.ledger
    assert "CSV: below." in str(card.card)
    return question


def consent(bench: Bench, question: Posted, *, accept: bool = True, **info: str) -> dict[str, Any]:
    (attachment,) = question.activity["attachments"]
    activity = bench.payload("invoke_file_consent", replyToId=question.id)
    value = activity["value"]
    value["action"] = "accept" if accept else "decline"
    value["context"] = attachment["content"]["acceptContext" if accept else "declineContext"]
    value["uploadInfo"] |= {"uploadUrl": f"{bench.teams.origin}/uploads/visits.csv", **info}
    return activity


async def handed_over(bench: Bench, answers: int) -> None:
    async with asyncio.timeout(20):
        while len(bench.teams.ledger) + len(bench.teams.deleted) < answers:
            await asyncio.sleep(0.01)


def test_without_an_address_a_file_goes_into_the_readers_onedrive_if_they_like(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        question = await asked(bench)
        assert (
            question.activity["attachments"][0]["content"]["sizeInBytes"] == 25
        )  # with the mark that says UTF-8
        assert (await bench.activity(consent(bench, question))).status == 200
        await handed_over(bench, 3)
        async with asyncio.timeout(20):
            while not bench.teams.deleted:
                await asyncio.sleep(0.01)
        assert bench.teams.uploads == {"visits.csv": b"\xef\xbb\xbfschool,visits\nAdams,3\n"}
        (info,) = bench.teams.ledger[-1].activity["attachments"]
        assert info["contentType"] == "application/vnd.microsoft.teams.card.file.info"
        assert bench.teams.deleted == [question.id]

    play(store, scene)


def test_whoever_does_not_want_the_file_is_not_asked_again(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        question = await asked(bench)
        await bench.activity(consent(bench, question, accept=False))
        await handed_over(bench, 2)
        async with asyncio.timeout(20):
            while not bench.teams.deleted:
                await asyncio.sleep(0.01)
        assert bench.teams.uploads == {}

    play(store, scene)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("https://elsewhere.example/upload", 0),
        ("http://169.254.169.254/upload", 0),
        ("", 500),
    ],
)
def test_a_file_that_does_not_get_there_is_said_so_and_can_be_agreed_to_again(
    store: Store, address: str, status: int
) -> None:
    async def scene(bench: Bench) -> None:
        question = await asked(bench)
        if status:
            bench.teams.faults["upload"].append(Fault(status))
        await bench.activity(consent(bench, question, **({"uploadUrl": address} if address else {})))
        await handed_over(bench, 3)
        assert "did not get there" in bench.teams.ledger[-1].text
        assert bench.teams.deleted == []
        assert bench.teams.count("upload") == bool(status)

    play(store, scene)


def test_a_token_that_nobody_gave_out_opens_nothing(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        question = await asked(bench)
        activity = consent(bench, question)
        activity["value"]["context"] = {"file": "invented"}
        await bench.activity(activity)
        await handed_over(bench, 3)
        assert bench.teams.uploads == {}
        for wrong in ({}, {"context": {"file": 7}}, {"action": "accept", "context": {"file": "x"}}):
            assert (await bench.activity(activity | {"value": wrong})).status == 400

    play(store, scene)
