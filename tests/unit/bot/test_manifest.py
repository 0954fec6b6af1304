"""The app manifest names what the bot uses, and nothing more."""

from bot.manifest import slack_manifest


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
    (shortcut,) = manifest["features"]["shortcuts"]
    assert len(shortcut["name"]) <= 24
    assert len(shortcut["description"]) <= 150
