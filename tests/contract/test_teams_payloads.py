"""Every kind of activity that Teams sends: signed, acknowledged, and heard as what it is."""

import json
from typing import Any

import pytest

from handlers.account_news import AccountLost
from handlers.reception import Arrived, Inbound, Pressed, Said
from storage.database import Store
from tests.contract.teams_bench import PAYLOADS, Bench, play
from tests.contract.test_slack_payloads import GONE, changed, paths

MEMO = "All principals must confirm seat counts for 8th-grade testing by Fri 11 Dec."
HEARD: dict[str, Any] = {
    "conversation_update_member_added": None,
    "conversation_update_personal": Arrived("conversationUpdate"),
    "conversation_update_team_added": None,
    "conversation_update_team_removed": None,
    "installation_added": Arrived("installationUpdate"),
    "installation_removed": AccountLost("the app was removed in Teams"),
    "invoke_action": Pressed("help.open", message="1764000000000"),
    "invoke_file_consent": None,
    "invoke_message_action": Said(f"memo\n{MEMO}", written_by="aad-dev"),
    "invoke_message_action_submitted": Said(f"memo\n{MEMO}", written_by="aad-dev"),
    "invoke_refresh": None,
    "message_channel_mention": Said("help", is_private=False),
    "message_deleted": None,
    "message_edited": None,
    "message_forwarded": Said("memo\nBy Fri 4 Dec principals must confirm seats."),
    "message_group_mention": Said("log visit with Grace", is_private=False),
    "message_html": Said("Please do two things:\n\n• Report seats\n• Send dates & rooms 🙂"),
    "message_personal": Said("help"),
    "message_reaction": None,
    "message_reply": Said("Lincoln Middle"),
    "message_submit": Pressed("help.open", message="1764000000000"),
    "message_with_file": Said,
    "message_with_picture": Said,
    "typing": None,
}
"""What each is heard as; a class where its files are another test's business, None where it is nobody's."""
ANSWERS = (200, 400, 401, 501)


def heard_by(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> list[Inbound]:
    """What the front desk is given from now on."""
    heard: list[Inbound] = []
    keep = bench.parts.inbox._keep

    async def noted(inbound: Inbound) -> None:
        heard.append(inbound)
        await keep(inbound)

    monkeypatch.setattr(bench.parts.inbox, "_keep", noted)
    return heard


def test_there_is_one_of_each() -> None:
    assert {path.stem for path in PAYLOADS.glob("*.json")} == set(HEARD)


@pytest.mark.parametrize("name", sorted(HEARD))
def test_it_is_heard_as_what_it_is_and_once(store: Store, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    async def scene(bench: Bench) -> None:
        heard = heard_by(bench, monkeypatch)
        activity = bench.payload(name)
        for _ in range(2):  # Teams repeats what was not answered in time
            assert (await bench.activity(activity)).status == (400 if name == "invoke_file_consent" else 200)
        await bench.settle()
        expected = HEARD[name]
        if expected is None:
            assert heard == []
            return
        first, again = heard
        assert first.keys == again.keys
        assert first.sender.user == "aad-imani"
        if isinstance(expected, type):
            assert isinstance(first.what, expected)
            assert first.what.files
        else:
            assert first.what == expected
        said = len(bench.teams.ledger)
        await bench.activity(activity)
        await bench.settle()
        assert len(bench.teams.ledger) == said

    play(store, scene)


@pytest.mark.parametrize("name", sorted(HEARD))
def test_unsigned_or_cut_short_it_does_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    async def scene(bench: Bench) -> None:
        heard = heard_by(bench, monkeypatch)
        body = json.dumps(bench.payload(name)).encode()
        assert (await bench.post(body, token="")).status == 401
        assert (await bench.post(body, token=bench.teams.sign(exp=1))).status == 401
        assert (await bench.post(body[: len(body) // 2])).status == 400
        await bench.settle()
        assert heard == []
        assert bench.teams.ledger == []

    play(store, scene)


@pytest.mark.parametrize("name", sorted(HEARD))
def test_with_any_part_missing_or_a_number_nothing_breaks(store: Store, name: str) -> None:
    """No trace, no bare 500. Other shapes: ``test_teams_events.py``, which needs no server for them."""

    async def scene(bench: Bench) -> None:
        token = bench.teams.sign()
        for path in paths(bench.payload(name)):
            for value in (GONE, 7):
                activity = changed(bench.payload(name), path, value)
                response = await bench.activity(activity, token=token)
                assert response.status in ANSWERS, (path, value)
        await bench.parts.inbox.drain()

    play(store, scene)
