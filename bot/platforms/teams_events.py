"""What was said, pressed or changed, from the activities that Teams sends. Pure: dicts in, values out.

None means "not for the bot": channels it merely sits in, edits, deletions, reactions, other bots. Accounts go by the
person's id in Entra (``aadObjectId``), which is one and the same in every chat and for every app; the id that Teams has
for them (``29:…``) is good for this bot only, and kept with their address.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.platforms.teams_files import sent_files
from bot.platforms.teams_words import Words, read_plain, read_rich
from bot.render.adaptive_card import read_action, read_values
from handlers.account_news import AccountLost
from handlers.actions import ActionError
from handlers.reception import Arrived, Inbound, Pressed, Said, Sender

NAME = "teams"
CHANNEL = "msteams"
MEMO_COMMAND = "send_to_buffer"
MEMO_WORD = "memo"
"""The word that says: what follows is a memo, whatever it looks like."""


class Scope(StrEnum):
    """Where something was said: to the bot alone, or where others read it."""

    PERSONAL = "personal"
    GROUP = "groupChat"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an activity came from, and who is there. ``bot`` and ``mri`` are Teams' ids of the bot and the person."""

    service_url: str
    conversation: str
    scope: Scope
    tenant: str
    bot: str
    user: str
    mri: str

    @property
    def is_personal(self) -> bool:
        return self.scope is Scope.PERSONAL

    @property
    def address(self) -> dict[str, str]:
        """What is remembered of it with the person's account: all that is needed to write to them later."""
        kept = {"service_url": self.service_url, "bot": self.bot, "mri": self.mri}
        return {**kept, "conversation": self.conversation} if self.is_personal else kept

    @property
    def sender(self) -> Sender:
        return Sender(NAME, self.tenant, self.user, address=self.address)


def place_of(sender: Sender) -> Place:
    """The place again, from what is remembered with an event. What was written in a group comes back without it."""
    known = sender.address
    conversation = known.get("conversation", "")
    scope = Scope.PERSONAL if conversation else Scope.GROUP
    return Place(
        known["service_url"], conversation, scope, sender.workspace, known["bot"], sender.user, known["mri"]
    )


@dataclass(frozen=True, slots=True)
class Heard:
    """An event for the front desk."""

    inbound: Inbound
    place: Place


class ShapeError(ValueError):
    """An activity without what every one of Teams' has. The text says what, and holds nothing of it."""


def read_place(activity: dict[str, Any]) -> Place:
    """Where an activity came from. Raises ``ShapeError`` where it does not say so."""
    conversation, sender, bot = (_part(activity, name) for name in ("conversation", "from", "recipient"))
    found = {
        "serviceUrl": activity.get("serviceUrl"),
        "conversation.id": conversation.get("id"),
        "from.id": sender.get("id"),
        "recipient.id": bot.get("id"),
        "type": activity.get("type"),
    }
    for name, value in found.items():
        if not isinstance(value, str) or not value or len(value) > 1_000:
            raise ShapeError(f"{name} is missing")
    if activity.get("type") in ("message", "invoke") and not _text(activity.get("id")):
        raise ShapeError("id is missing")
    kind = _text(conversation.get("conversationType")) or Scope.PERSONAL
    return Place(
        service_url=_text(found["serviceUrl"]),
        conversation=_text(found["conversation.id"]),
        scope=Scope(kind) if kind in set(Scope) else Scope.GROUP,
        tenant=tenant_of(activity),
        bot=_text(found["recipient.id"]),
        user=_text(sender.get("aadObjectId")) or _text(found["from.id"]),
        mri=_text(found["from.id"]),
    )


def tenant_of(activity: dict[str, Any]) -> str:
    """The organisation that it came from; the SDK's own reading of it looks under another name and finds none."""
    tenant = _part(_part(activity, "channelData"), "tenant").get("id")
    return _text(tenant) or _text(_part(activity, "conversation").get("tenantId"))


def key_of(activity: dict[str, Any], place: Place) -> str:
    """The name under which an activity is acted on once: Teams sends it again after 15 seconds without an answer."""
    name = _text(activity.get("id")) or f"{activity.get('type')}:{activity.get('timestamp')}"
    return f"{NAME}:{place.tenant}:{place.conversation}:{name}"[:500]


def heard_message(activity: dict[str, Any], place: Place) -> Heard | None:
    """Words, files, or a button of a client that knows no Action.Execute."""
    if _text(_part(activity, "from").get("role")) == "bot" or place.mri.startswith("28:"):
        return None
    value = activity.get("value")
    if isinstance(value, dict) and value:
        return heard_press(activity, place, value)
    mentions = _mentions(activity, place.bot)
    if not place.is_personal and not mentions:
        return None
    said = replace(_said(activity, place, mentions), is_private=place.is_personal)
    return Heard(Inbound((key_of(activity, place),), place.sender, said), place)


def heard_press(activity: dict[str, Any], place: Place, data: dict[str, Any]) -> Heard:
    """A button, with what was filled in beside it. What is no button of ours is left to the front desk to refuse."""
    try:
        line = read_action(data).encode()
    except ActionError:
        line = ""
    pressed = Pressed(line, read_values(data), message=_text(activity.get("replyToId")))
    return Heard(Inbound((key_of(activity, place),), place.sender, pressed), place)


def heard_memo(activity: dict[str, Any], place: Place, value: dict[str, Any]) -> Heard | None:
    """ "Send to the buffer", on any message: its text is a memo of whoever wrote it."""
    message = value.get("messagePayload")
    if value.get("commandId") != MEMO_COMMAND or not isinstance(message, dict):
        return None
    body = _part(message, "body")
    content = _text(body.get("content"))
    rich = read_rich(content) if body.get("contentType") == "html" else None
    words = (rich or Words(read_plain(content))).together
    author = _text(_part(_part(message, "from"), "user").get("id"))
    said = Said(f"{MEMO_WORD}\n{words}", written_by=author if author != place.user else "")
    return Heard(Inbound((key_of(activity, place),), place.sender, said), place)


def heard_installation(activity: dict[str, Any], place: Place) -> Heard | None:
    """Somebody has added the app for themselves, or removed it."""
    action = _text(activity.get("action"))
    if not place.is_personal or place.mri.startswith("28:"):
        return None
    keys: tuple[str, ...] = (key_of(activity, place),)
    if action.startswith("remove") or is_ours(activity, "membersRemoved", place):
        news = AccountLost("the app was removed in Teams")
        return Heard(Inbound(keys, replace(place.sender, address={}), news), place)
    if action.startswith("add") or is_ours(activity, "membersAdded", place):
        if minute := _text(activity.get("timestamp"))[:16]:
            # Teams says it twice, as an installation and as a conversation that changed.
            keys = (*keys, f"teams:arrived:{place.tenant}:{place.user}:{minute}")
        return Heard(Inbound(keys, place.sender, Arrived(_text(activity.get("type")))), place)
    return None


def is_ours(activity: dict[str, Any], name: str, place: Place) -> bool:
    """Whether the bot itself is among those that ``membersAdded`` or ``membersRemoved`` names."""
    named = activity.get(name)
    return isinstance(named, list) and any(
        isinstance(one, dict) and one.get("id") == place.bot for one in named
    )


def team_of(activity: dict[str, Any]) -> str:
    """The team it is about, if it is about one."""
    return _text(_part(_part(activity, "channelData"), "team").get("id"))


def _said(activity: dict[str, Any], place: Place, called: frozenset[str]) -> Said:
    listed = activity.get("attachments")
    attachments = [one for one in (listed if isinstance(listed, list) else []) if isinstance(one, dict)]
    pages = [_text(one.get("content")) for one in attachments if one.get("contentType") == "text/html"]
    rich = read_rich(pages[0], called=called) if pages else None
    words = rich if rich and rich.together else Words(read_plain(_text(activity.get("text")), called=called))
    if words.sent_on and not words.own:
        words = replace(words, own=MEMO_WORD)  # sent on without a word of one's own
    return Said(words.together, files=sent_files(attachments, key_of(activity, place)))


def _mentions(activity: dict[str, Any], bot: str) -> frozenset[str]:
    """The names under which the bot is called in a message."""
    found = set()
    entities = activity.get("entities")
    for one in entities if isinstance(entities, list) else []:
        if (
            isinstance(one, dict)
            and one.get("type") == "mention"
            and _part(one, "mentioned").get("id") == bot
        ):
            found |= {read_plain(_text(one.get("text"))), _text(_part(one, "mentioned").get("name"))}
    return frozenset(name for name in found if name)


def _part(value: dict[str, Any], name: str) -> dict[str, Any]:
    part = value.get(name)
    return part if isinstance(part, dict) else {}


def _text(value: object) -> str:
    """The text, without halves of letters that a broken client has cut: no database keeps those."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""
