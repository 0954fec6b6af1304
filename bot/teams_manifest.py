"""The app package for Teams: a manifest and two icons in a zip, to upload in the Teams admin centre.

Teams knows the app by the id of the bot's registration. Written by the schema of version 1.25: newer ones add nothing
that the bot uses, and Teams takes older ones.
"""

import json
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.platforms.teams_events import MEMO_COMMAND
from bot.render.icon import GROUND, colour_icon, outline_icon
from handlers import router, topics

SCHEMA_VERSION = "1.25"
_SCHEMA = f"https://developer.microsoft.com/json-schemas/teams/v{SCHEMA_VERSION}/MicrosoftTeams.schema.json"
COLOUR, OUTLINE = "color.png", "outline.png"
_MANIFEST = "manifest.json"
LONGEST_NAME = 32
"""Letters of a publisher's name."""
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # a zip's oldest: the same package is the same bytes

PERSONAL = (
    "home",
    "my week",
    "my digest",
    "protocols",
    "where are we",
    "triage",
    "memo",
    "questions",
    "my settings",
    "help",
)
"""Words that Teams offers while one writes to the bot; at most ten, each of which works as it stands."""
SHARED = ("my week", "questions", "help")
"""The same where others read along: what is answered in the writer's own chat."""

_SHORT = "School visits, protected time, and what the district asks of schools"
_FULL = (
    "For instructional leadership directors, their principals and the offices around them.\n\n"
    "Walk classrooms together step by step, each in their own chat, and agree on what comes next. See who is due for a "
    "visit, and hold the half-days that belong to schools. Hand over a memo: it lists what is asked, of whom and by "
    "when; an ILD decides what of it reaches principals, who read it once a week. Ask in plain words how visits and "
    "protected time stand.\n\n"
    "What is written in a visit stays with those who took part, unless its principal passes it on. Write “help” to "
    "begin."
)


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who offers the app, as people read it in Teams. ``site`` is an https page about it, its privacy and its terms."""

    name: str
    site: str


def teams_manifest(*, app_id: str, base_url: str, version: str, publisher: Publisher) -> dict[str, Any]:
    """The manifest as Teams takes it (JSON). ``app_id`` is the bot's; ``base_url`` its public https address."""
    return {
        "$schema": _SCHEMA,
        "manifestVersion": SCHEMA_VERSION,
        "version": version,
        "id": app_id,
        "developer": {
            "name": publisher.name,
            "websiteUrl": publisher.site,
            "privacyUrl": publisher.site,
            "termsOfUseUrl": publisher.site,
        },
        "name": {"short": "Throughline", "full": "Throughline for instructional leadership"},
        "description": {"short": _SHORT, "full": _FULL},
        "icons": {"color": COLOUR, "outline": OUTLINE},
        "accentColor": GROUND,
        "defaultInstallScope": "personal",
        "defaultGroupCapability": {"team": "bot", "groupchat": "bot"},
        "bots": [
            {
                "botId": app_id,
                "scopes": ["personal", "team", "groupChat"],
                "isNotificationOnly": False,
                "supportsCalling": False,
                "supportsVideo": False,
                "supportsFiles": True,
                "commandLists": [
                    {"scopes": ["personal"], "commands": [_command(words) for words in PERSONAL]},
                    {"scopes": ["team", "groupChat"], "commands": [_command(words) for words in SHARED]},
                ],
            }
        ],
        "composeExtensions": [
            {
                "botId": app_id,
                "commands": [
                    {
                        "id": MEMO_COMMAND,
                        "type": "action",
                        "context": ["message"],
                        "title": "Send to the buffer",
                        "description": "List what this memo asks of schools",
                        "fetchTask": True,
                    }
                ],
            }
        ],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [urlsplit(base_url).hostname],
    }


def package(manifest: dict[str, Any]) -> bytes:
    """The zip to upload. The same manifest gives the same bytes."""
    files = {
        _MANIFEST: json.dumps(manifest, ensure_ascii=False, indent=2).encode(),
        COLOUR: colour_icon(),
        OUTLINE: outline_icon(),
    }
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, data in files.items():
            entry = ZipInfo(name, _FIRST_DAY)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, ZIP_DEFLATED)
    return out.getvalue()


def _command(words: str) -> dict[str, str]:
    """The command as help describes it: one description for both."""
    commands = (command for topic in (*router.OWN, *topics.TOPICS) for command in topic.commands)
    return {"title": words, "description": next(one.what for one in commands if one.example == words)}
