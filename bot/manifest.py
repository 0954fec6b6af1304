"""The app manifest to paste into Slack (api.slack.com/apps, "From a manifest"): names, scopes, events, addresses.

With a public address Slack posts to it; without one the app asks for Socket Mode, which needs none.
"""

from dataclasses import dataclass
from typing import Any

from bot.platforms.slack_events import MEMO_SHORTCUT

COMMAND = "/ild"
_SHORTCUTS = (
    ("whats_next", "What's next", "What is waiting for me, and my week"),
    ("log_visit", "Log a visit", "Count a visit nobody had planned"),
    ("paste_memo", "Send to the buffer", "Paste a memo; see what it asks of schools"),
)


@dataclass(frozen=True, slots=True)
class Scope:
    """A right that the app asks for: why, in words for the administrator who grants it, and what needs it."""

    why: str
    methods: tuple[str, ...] = ()
    events: tuple[str, ...] = ()


SCOPES = {
    "app_mentions:read": Scope(
        "Notices when somebody mentions it in a channel, and answers them in their direct message. It reads nothing "
        "else in channels.",
        events=("app_mention",),
    ),
    "chat:write": Scope(
        "Writes to people in their direct message with it, and changes or removes its own messages there.",
        methods=("chat.postMessage", "chat.update", "chat.delete"),
    ),
    "commands": Scope("The command /ild and the shortcuts."),
    "files:read": Scope("Reads memos that people share with it as files.", methods=("files.info",)),
    "files:write": Scope(
        "Shows charts and hands over files, where it has no public address from which Slack could fetch them.",
        methods=("files.getUploadURLExternal", "files.completeUploadExternal"),
    ),
    "im:history": Scope(
        "Reads what people write to it in their direct message, and looks up there whether a message of its own "
        "arrived after a connection broke.",
        methods=("conversations.history", "conversations.replies"),
        events=("message.im",),
    ),
    "im:write": Scope("Opens the direct message with somebody.", methods=("conversations.open",)),
    "users:read": Scope(
        "Lists the workspace's members, to know who of the roster is here and who has left.",
        methods=("users.info", "users.list"),
        events=("team_join", "user_change"),
    ),
    "users:read.email": Scope(
        "Sees members' e-mail addresses, by which it knows who of the roster they are.",
        methods=("users.lookupByEmail",),
    ),
}
FREE_METHODS = (
    "auth.teams.list",
    "auth.test",
    "views.open",
    "views.publish",
    "views.update",
)
"""What any app may call: who it is, the Home tab, and forms in windows."""
FREE_EVENTS = {
    "app_home_opened": (
        "Somebody opened the Home tab, which is then made for them, or the chat, where somebody new is welcomed once."
    ),
    "app_uninstalled": "The app was removed: nothing is sent until it is back.",
    "tokens_revoked": "Its token was taken back: the same.",
}


def _events() -> list[str]:
    return sorted([*FREE_EVENTS, *(event for scope in SCOPES.values() for event in scope.events)])


def explain() -> list[tuple[str, str]]:
    """Every right and every event that the manifest asks for, with why, in the words of the README."""
    return [*((name, scope.why) for name, scope in SCOPES.items()), *FREE_EVENTS.items()]


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
            "event_subscriptions": {
                **address,
                "bot_events": sorted(
                    [*FREE_EVENTS, *(name for scope in SCOPES.values() for name in scope.events)]
                ),
            },
            "interactivity": {"is_enabled": True, **address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": base_url is None,
            "token_rotation_enabled": False,
        },
    }
