"""The app manifest to paste into Slack (api.slack.com/apps, "From a manifest"): names, scopes, events, addresses.

With a public address Slack posts to it; without one the app asks for Socket Mode, which needs none.
"""

from typing import Any

from bot.platforms.slack_events import MEMO_SHORTCUT

COMMAND = "/ild"
_SHORTCUTS = (
    ("whats_next", "What's next", "What is waiting for me, and my week"),
    ("log_visit", "Log a visit", "Count a visit nobody had planned"),
    ("paste_memo", "Send to the buffer", "Paste a memo; see what it asks of schools"),
)
EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "message.im",
    "team_join",
    "tokens_revoked",
    "user_change",
)
SCOPES = (
    "app_mentions:read",
    "chat:write",
    "commands",
    "files:read",  # memos that people share as files
    "files:write",  # charts and files, where Slack cannot fetch them from the bot
    "im:history",  # what people write to the bot, and looking up whether a message arrived
    "im:write",
    "users:read",
    "users:read.email",  # who is who in the roster
)


def slack_manifest(base_url: str | None) -> dict[str, Any]:
    """The manifest as Slack takes it (JSON). ``base_url`` None: Socket Mode."""
    address = {"request_url": f"{base_url}/slack/events"} if base_url else {}
    command = {
        "command": COMMAND,
        "description": "Visits, mandates and protected time",
        "usage_hint": "help",
        "should_escape": False,
    }
    if base_url:
        command["url"] = f"{base_url}/slack/events"
    return {
        "display_information": {
            "name": "Throughline",
            "description": "Instructional leadership: visits, mandates, protected time",
            "background_color": "#1d3a4a",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Throughline", "always_online": True},
            "slash_commands": [command],
            "shortcuts": [
                {
                    "name": "Send to the buffer",
                    "type": "message",
                    "callback_id": MEMO_SHORTCUT,
                    "description": "List what this memo asks of schools",
                },
                *(
                    {"name": name, "type": "global", "callback_id": id, "description": description}
                    for id, name, description in _SHORTCUTS
                ),
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**address, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": base_url is None,
            "token_rotation_enabled": False,
        },
    }
