"""Whatever comes in over Slack: a clear sentence, nothing half-written, nobody else's data."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from storage.tables import InboundRow, MandateRow, MessageRow
from tests.contract.slack_bench import payload
from tests.conversations.mandate_texts import SEAT_COUNTS
from tests.slack_stories.workspace import Workspace, tell


def test_an_unknown_person_is_told_whom_to_ask_and_leaves_nothing(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        stranger = slack.stranger()
        await stranger.says("walkthrough lincoln")
        stranger.sees("I don't know you yet", "administrator")
        stranger.never_saw("Lincoln Middle", "Grace", "Imani")
        await stranger.commands("visits since September by ILD")
        stranger.sees("I don't know you yet")
        await stranger.forwards(SEAT_COUNTS)
        with slack.parts.store.read() as tx:
            for table in (MandateRow, MessageRow):
                assert tx.exec(select(table)).all() == []

    tell(tmp_path, scene)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("walktrough lincoln", "Did you mean"),
        ("frobnicate the gizmo", "I did not understand that"),
        ("", "What you can write here"),
        ("   \n  ", "What you can write here"),
        ("\u200b\u200b", "I did not understand that"),
        ("walkthrough xanadu", "I know no school called"),
        ("resume", "Nothing of yours is open"),
        ("(" * 400, "I did not understand that"),
        ("'; DROP TABLE person; --", "I did not understand that"),
        ("{{7*7}} %s %n ${x}", "I did not understand that"),
    ],
)
def test_words_that_make_no_sense_get_a_way_on(tmp_path: Path, words: str, answer: str) -> None:
    async def scene(slack: Workspace) -> None:
        imani = slack.member("imani.brooks")
        await imani.says(words)
        imani.sees(answer)
        await imani.commands(words)
        imani.sees(answer)

    tell(tmp_path, scene)


@pytest.mark.parametrize(
    ("how", "cut"),
    [
        pytest.param({"secret": "another"}, False, id="forged"),
        pytest.param({"age": 301}, False, id="stale"),
        pytest.param({}, True, id="truncated"),
    ],
)
def test_a_forged_stale_or_truncated_request_changes_nothing(
    tmp_path: Path, how: dict[str, Any], cut: bool
) -> None:
    async def scene(slack: Workspace) -> None:
        event = payload("message_im")
        event["event"]["text"] = "walkthrough lincoln middle"
        body = json.dumps(event).encode()
        signed = body
        if cut:
            body = body[: len(body) // 2]
        response = await slack.bench.post(body, "application/json", signed=signed, **how)
        assert response.status == 401
        await slack.bench.settle()
        assert slack.slack.ledger == []
        with slack.parts.store.read() as tx:
            assert tx.exec(select(InboundRow)).all() == []

    tell(tmp_path, scene)


@pytest.mark.parametrize(
    "state",
    [
        pytest.param("none", id="no state"),
        pytest.param({"values": []}, id="values that are a list"),
        pytest.param({"values": {"field-x": {"a": None}}}, id="a field of nobody's"),
    ],
)
def test_a_press_with_a_broken_form_is_an_empty_form_or_refused(tmp_path: Path, state: Any) -> None:
    async def scene(slack: Workspace) -> None:
        imani = slack.member("imani.brooks")
        await imani.says("plan roosevelt thu 8:30")
        await imani.says("cancel roosevelt")
        _posted, button = imani.button("Cancel the visit")
        body = payload("block_actions") | {"state": state}
        body["actions"][0]["value"] = button["value"]
        response = await slack.bench.interact(body)
        assert response.status in (200, 400)
        await slack.bench.settle()
        imani.sees("Who cancels")

    tell(tmp_path, scene)


def test_another_persons_button_shows_nothing(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        imani, tomas = slack.member("imani.brooks"), slack.member("tomas.rivera")
        await imani.commands("walkthrough lincoln middle")
        grace = slack.member("grace.lindqvist")
        await grace.says("Students talk to each other about their work.")
        for posted in list(grace.messages):
            for button in posted.buttons:
                await tomas.presses_in(posted, button)
        tomas.never_saw("talk to each other")
        for name in ("ruth.castellanos", "farid.haddad"):
            other = slack.member(name)
            await other.presses_in(*grace.button("Back"))
            other.never_saw("talk to each other")

    tell(tmp_path, scene)


FORWARDED = {
    "is_share": True,
    "is_msg_unfurl": True,
    "text": "Schools must return the key list by December 4, 2026.",
    "author_name": "Dev Patel",
    "footer": "Posted in #north-network",
}


def test_a_message_forwarded_to_the_bot_is_a_memo(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        dev = slack.member("dev.patel")
        await dev.sends("", attachments=[FORWARDED])
        await slack.bench.settle()
        dev.sees("It asks 1 thing of schools", "by Fri 4 Dec")

    tell(tmp_path, scene)


def test_a_links_preview_is_nobodys_words(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        imani = slack.member("imani.brooks")
        await imani.sends(
            "my week", attachments=[{"text": "Schools must return it.", "from_url": "https://x.y"}]
        )
        await slack.bench.settle()
        imani.sees("This week")

    tell(tmp_path, scene)


@pytest.mark.parametrize(
    ("name", "words", "answer"),
    [
        ("mei.tanaka", "memo", "That is for"),
        ("mei.tanaka", "triage", "That is for ILDs"),
        ("dev.patel", "my digest", "That is for principals"),
        ("ruth.castellanos", "triage", "That is for ILDs"),
    ],
)
def test_a_command_of_other_roles_says_whose_it_is(
    tmp_path: Path, name: str, words: str, answer: str
) -> None:
    async def scene(slack: Workspace) -> None:
        who = slack.member(name)
        await who.commands(words)
        who.sees(answer)

    tell(tmp_path, scene)
