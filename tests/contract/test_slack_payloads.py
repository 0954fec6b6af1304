"""Every kind of payload that Slack sends: signed, acknowledged, and heard as what it is."""

import copy
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from handlers.account_news import AccountFound, AccountLost
from handlers.reception import HomeOpened, Inbound, Pressed, Said
from storage.database import Store
from tests.contract.slack_bench import PAYLOADS, Bench, payload, play

HEARD: dict[str, Any] = {
    "app_home_opened": HomeOpened(1),
    "app_mention": Said("help", is_private=False),
    "app_uninstalled": AccountLost("app_uninstalled"),
    "block_actions": Pressed("help.open", message="1764000000.000500"),
    "block_actions_home": Pressed("help.open", is_at_home=True),
    "global_shortcut": Pressed("visit.log_form", window="V0MODAL1"),
    "message_changed": None,
    "message_from_bot": None,
    "message_im": Said("help"),
    "shortcut": Said,
    "shortcut_with_file": Said,
    "slash_command": Said("help", is_command=True),
    "team_join": AccountFound("oluchi.eze@district.example"),
    "tokens_revoked": AccountLost("tokens_revoked"),
    "user_change": AccountLost("account_inactive"),
    "view_submission": Pressed("visit.log", message="view:V0MODAL1", window="V0MODAL1", is_sent=True),
}
"""What each is heard as; a class where its words are another test's business, None where it is nobody's."""


def body_of(name: str, read: dict[str, Any]) -> tuple[bytes, str]:
    """As Slack sends it: events as JSON, commands as a form, everything pressed as a form with JSON in it."""
    if read.get("type") == "event_callback":
        return json.dumps(read).encode(), "application/json"
    form = read if name == "slash_command" else {"payload": json.dumps(read)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def heard_by(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> list[Inbound]:
    """What the front desk is given from now on."""
    heard: list[Inbound] = []
    take = bench.parts.inbox._keep

    async def keep(inbound: Inbound) -> None:
        heard.append(inbound)
        await take(inbound)

    monkeypatch.setattr(bench.parts.inbox, "_keep", keep)
    return heard


def test_there_is_one_of_each() -> None:
    assert {path.stem for path in PAYLOADS.glob("*.json")} == set(HEARD)


@pytest.mark.parametrize("name", sorted(HEARD))
def test_it_is_heard_as_what_it_is_and_once(store: Store, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    async def scene(bench: Bench) -> None:
        heard = heard_by(bench, monkeypatch)
        body, kind = body_of(name, payload(name))
        for _ in range(2):  # Slack repeats what it is not sure of
            assert (await bench.post(body, kind)).status == 200
        await bench.settle()
        expected = HEARD[name]
        if expected is None:
            assert heard == []
            return
        first, again = heard
        assert first.keys == again.keys
        assert all(key.startswith("slack:") for key in first.keys)
        if isinstance(expected, type):
            assert isinstance(first.what, expected)
        else:
            assert first.what == expected
        said = len(bench.slack.ledger)
        await bench.post(body, kind)
        await bench.settle()
        assert len(bench.slack.ledger) == said

    play(store, scene)


@pytest.mark.parametrize("name", sorted(HEARD))
def test_unsigned_stale_or_cut_short_it_does_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    async def scene(bench: Bench) -> None:
        heard = heard_by(bench, monkeypatch)
        body, kind = body_of(name, payload(name))
        assert (await bench.post(body, kind, secret="another")).status == 401
        assert (await bench.post(body, kind, age=301)).status == 401
        assert (await bench.post(body[: len(body) // 2], kind)).status in (
            200,
            400,
            404,
        )  # signed, and half of it
        await bench.settle()
        assert heard == []
        assert bench.slack.ledger == []

    play(store, scene)


@pytest.mark.parametrize("name", sorted(HEARD))
def test_with_any_part_missing_or_of_another_shape_nothing_breaks(store: Store, name: str) -> None:
    """Each value in it once taken away, once a word, once a number, once nothing: no trace, no bare 500."""

    async def scene(bench: Bench) -> None:
        for path in paths(payload(name)):
            for value in (GONE, "words", 7, None, [], {}):
                body, kind = body_of(name, changed(payload(name), path, value))
                response = await bench.post(body, kind)
                assert response.status in (200, 400, 404), (path, value)
        await bench.parts.inbox.drain()

    play(store, scene)


GONE = object()


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        found = [path for key, one in value.items() for path in paths(one, (*at, key))]
    elif isinstance(value, list):
        found = [path for key, one in enumerate(value) for path in paths(one, (*at, key))]
    else:
        found = []
    return [at, *found] if at else found


def changed(read: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    copied = copy.deepcopy(read)
    place: Any = copied
    for key in path[:-1]:
        place = place[key]
    if value is GONE:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return copied


def test_slacks_look_at_the_certificate_is_answered_and_does_nothing(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        url = bench.url + "/slack/events"
        async with bench.http.post(url, data=b"ssl_check=1&token=invented", headers=headers) as response:
            assert (response.status, await response.text()) == (200, "")
        async with bench.http.post(url, data=b"command=/ild&text=ssl_check=1", headers=headers) as response:
            assert response.status == 401
        await bench.settle()
        assert bench.slack.ledger == []

    play(store, scene)
