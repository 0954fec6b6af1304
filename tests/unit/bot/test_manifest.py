"""The app manifest names what the bot uses, and nothing more, and every right in it is explained."""

import re
from pathlib import Path

import pytest

from bot.manifest import FREE_EVENTS, FREE_METHODS, SCOPES, explain, slack_manifest
from bot.platforms.slack_events import GLOBAL_SHORTCUTS, MEMO_SHORTCUT
from bot.platforms.slack_news import NEWS

ROOT = Path(__file__).parents[3]
CALLED = re.compile(r"client\.([a-z]+(?:_[A-Za-z]+)+)\b")


def used_methods() -> set[str]:
    """Slack's names of the methods that the code calls through the SDK's client."""
    code = "".join(path.read_text() for path in (ROOT / "bot" / "platforms").glob("slack*.py"))
    return {name.replace("_", ".") for name in CALLED.findall(code)}


def test_with_an_address_slack_posts_to_it() -> None:
    manifest = slack_manifest("https://bot.example.org")
    address = "https://bot.example.org/slack/events"
    assert manifest["settings"]["event_subscriptions"]["request_url"] == address
    assert manifest["settings"]["interactivity"]["request_url"] == address
    assert manifest["features"]["slash_commands"][0]["url"] == address
    assert manifest["settings"]["socket_mode_enabled"] is False


def test_without_one_it_asks_for_a_socket() -> None:
    manifest = slack_manifest(None)
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in manifest["settings"]["event_subscriptions"]


def test_it_stays_within_slacks_lengths() -> None:
    manifest = slack_manifest(None)
    assert len(manifest["display_information"]["name"]) <= 35
    assert len(manifest["display_information"]["description"]) <= 140
    shortcuts = manifest["features"]["shortcuts"]
    assert len(shortcuts) <= 10
    for shortcut in shortcuts:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150


def test_every_shortcut_does_something_and_what_does_something_is_a_shortcut() -> None:
    shortcuts = slack_manifest(None)["features"]["shortcuts"]
    by_kind = {
        kind: {one["callback_id"] for one in shortcuts if one["type"] == kind}
        for kind in ("message", "global")
    }
    assert by_kind == {"message": {MEMO_SHORTCUT}, "global": set(GLOBAL_SHORTCUTS)}


def test_every_method_the_code_calls_has_its_right_and_no_right_is_asked_for_without_use() -> None:
    granted = {method for scope in SCOPES.values() for method in scope.methods} | set(FREE_METHODS)
    assert used_methods() == granted
    unused = [
        name for name, scope in SCOPES.items() if not (scope.methods or scope.events) and name != "commands"
    ]
    assert unused == []


def test_every_event_subscribed_to_is_heard() -> None:
    events = slack_manifest(None)["settings"]["event_subscriptions"]["bot_events"]
    assert set(events) == {*NEWS, "app_home_opened", "app_mention", "message.im"}
    assert len(events) == len(set(events))


def test_the_scopes_are_those_explained() -> None:
    assert slack_manifest(None)["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert [name for name, _why in explain()] == [*SCOPES, *FREE_EVENTS]


@pytest.mark.parametrize(("name", "why"), explain())
def test_the_readme_says_why_each_is_asked_for(name: str, why: str) -> None:
    assert f"| `{name}` | {why} |" in (ROOT / "README.md").read_text()
