"""What was said or pressed, from the payloads of Slack's events, commands and buttons. Pure: dicts in, values out.

None means "not for the bot": its own messages, other bots', edits and deletions, channels it merely sits in.
"""

from dataclasses import dataclass, replace
from typing import Any

from bot.platforms.slack_files import sent_files
from bot.platforms.slack_windows import VIEW
from bot.platforms.slack_words import read_text
from bot.render.block_kit import read_action, read_values
from bot.render.block_kit_views import SENDING, read_turning
from handlers.actions import ActionError, act
from handlers.reception import HomeOpened, Inbound, Pressed, Said, Sender

MEMO_SHORTCUT = "send_to_buffer"
GLOBAL_SHORTCUTS = {
    "whats_next": act("home.open"),
    "log_visit": act("visit.log_form"),
    "paste_memo": act("memo.form"),
}
"""What each does, as the button that it stands for; all of them open a window."""
MEMO_WORD = "memo"
"""The word that says: what follows is a memo, whatever it looks like."""

_WORDS = frozenset({None, "file_share", "thread_broadcast", "me_message"})
"""Subtypes of a message that are somebody saying something."""


_NESTED = ("user", "team", "channel", "message", "state", "enterprise", "view", "container")
"""What is an object where it is there at all."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An event for the front desk; ``channel`` is the direct message it came from, if it did; ``is_at_home``: whoever
    has no outbox is answered on their Home tab."""

    inbound: Inbound
    channel: str | None = None
    is_at_home: bool = False


def is_readable(body: object) -> bool:
    """Whether a request has the shape of one of Slack's, as far as it is looked at here."""
    if not isinstance(body, dict) or not body:
        return False
    if body.get("type") == "event_callback" and not isinstance(body.get("event"), dict):
        return False
    nested = (body.get(name) for name in _NESTED)
    actions = body.get("actions", [])
    return (
        all(one is None or isinstance(one, dict) for one in nested)
        and isinstance(actions, list)
        and all(isinstance(one, dict) for one in actions)
    )


def heard_event(body: dict[str, Any], *, bot_user: str | None) -> Heard | None:
    """A direct message to the bot, or a mention of it elsewhere (answered in the writer's direct message)."""
    event = body.get("event") or {}
    kind, user = event.get("type"), event.get("user")
    is_direct = kind == "message" and event.get("channel_type") == "im"
    if not (is_direct or kind == "app_mention") or not user or user == bot_user:
        return None
    if event.get("bot_id") or event.get("subtype") not in _WORDS or event.get("hidden"):
        return None
    team, channel = team_of(body), str(event.get("channel", ""))
    stamp = event.get("event_ts") or event.get("ts")
    keys = [f"slack:{team}:{channel}:{stamp}:{kind}"]
    if body.get("event_id"):
        keys.append(f"slack:{body['event_id']}")
    address = {"channel": channel} if is_direct else {}
    thread = str(event.get("thread_ts") or "") if is_direct else ""
    said = replace(_said(event, team, bot_user), is_private=is_direct, thread=thread)
    inbound = Inbound(tuple(keys), Sender("slack", team, str(user), address=address), said)
    return Heard(inbound, channel if is_direct else None)


def heard_command(body: dict[str, Any]) -> Heard | None:
    """``/ild`` and what follows it."""
    user, trigger = body.get("user_id"), body.get("trigger_id")
    if not user or not trigger:
        return None
    sender = Sender("slack", team_of(body), str(user))
    text = str(body.get("text") or "").strip()  # the manifest asks for it as typed, unescaped
    return Heard(Inbound((f"slack:command:{trigger}",), sender, Said(text, is_command=True)))


def heard_action(body: dict[str, Any]) -> Heard | None:
    """A button, with what was filled in beside it. Menus and links without a value say nothing."""
    actions, user = body.get("actions") or [], (body.get("user") or {}).get("id")
    if not actions or not user or actions[0].get("type") != "button" or not actions[0].get("value"):
        return None
    action, team = actions[0], team_of(body)
    view = body.get("view") or {}
    is_at_home = view.get("type") == "home"
    key = f"slack:action:{team}:{user}:{action.get('action_ts')}:{action.get('action_id')}"
    page = read_turning(str(action.get("action_id"))) if is_at_home else None
    if page is not None:
        return Heard(Inbound((key,), Sender("slack", team, str(user)), HomeOpened(page)), is_at_home=True)
    try:
        line = read_action(action["value"]).encode()
    except ActionError:
        line = action["value"]  # the front desk has the sentence for it
    channel = (body.get("channel") or {}).get("id")
    state = view.get("state") if view else body.get("state")
    stamp = str(
        (body.get("container") or {}).get("message_ts") or (body.get("message") or {}).get("ts") or ""
    )
    window = str(view.get("id") or "") if view.get("type") == "modal" else ""
    pressed = Pressed(
        line,
        read_values(state),
        is_at_home=is_at_home,
        message=VIEW + window if window else stamp,
        window=window,
    )
    inbound = Inbound((key,), Sender("slack", team, str(user)), pressed)
    is_direct = isinstance(channel, str) and channel.startswith("D")
    return Heard(inbound, channel if is_direct else None)


def heard_form(body: dict[str, Any]) -> Heard | None:
    """A form that was sent from a window: its main button, with what was filled in."""
    view, user = body.get("view") or {}, (body.get("user") or {}).get("id")
    if not user or not view.get("id") or view.get("callback_id") != SENDING:
        return None
    team, window = team_of(body), str(view["id"])
    # A form that came back with a fault is sent again from the same view; each time has a trigger of its own.
    key = f"slack:form:{team}:{user}:{window}:{body.get('trigger_id') or view.get('hash')}"
    pressed = Pressed(
        str(view.get("private_metadata") or ""),
        read_values(view.get("state")),
        message=VIEW + window,
        window=window,
        is_sent=True,
    )
    return Heard(Inbound((key,), Sender("slack", team, str(user)), pressed))


def heard_global(body: dict[str, Any]) -> Heard | None:
    """A global shortcut: the button that it stands for."""
    user, action = (body.get("user") or {}).get("id"), GLOBAL_SHORTCUTS.get(str(body.get("callback_id")))
    if not user or action is None:
        return None
    team = team_of(body)
    key = f"slack:shortcut:{team}:{user}:{body.get('action_ts') or body.get('trigger_id')}"
    return Heard(Inbound((key,), Sender("slack", team, str(user)), Pressed(action.encode())))


def heard_shortcut(body: dict[str, Any], *, bot_user: str | None) -> Heard | None:
    """ "Send to the buffer", on any message: its text and its files are a memo of whoever wrote it."""
    user = (body.get("user") or {}).get("id")
    if body.get("callback_id") != MEMO_SHORTCUT or not user:
        return None
    message, team = body.get("message") or {}, team_of(body)
    said = _said({**message, "text": f"{MEMO_WORD}\n{message.get('text') or ''}"}, team, bot_user)
    said = replace(said, written_by=_author_of(message, str(user)))
    key = f"slack:shortcut:{team}:{user}:{body.get('action_ts') or body.get('trigger_id')}"
    return Heard(Inbound((key,), Sender("slack", team, str(user)), said))


def _said(message: dict[str, Any], team: str, bot_user: str | None) -> Said:
    """The words of a message and, under them, of the messages that were forwarded in it.

    Slack hands a forwarded message over as an attachment; a link's preview is one too, and is nobody's words. A
    message forwarded without a word of one's own is a memo.
    """
    attached = [one for one in message.get("attachments") or [] if isinstance(one, dict)]
    shared = [one for one in attached if one.get("is_share") or one.get("is_msg_unfurl")]
    own, *others = (read_text(str(one.get("text") or ""), bot_user=bot_user) for one in (message, *shared))
    is_sent_on = not own and any(others)
    if is_sent_on:
        own = MEMO_WORD
    author = str(shared[0].get("author_id") or "") if is_sent_on and len(shared) == 1 else ""
    files = dict.fromkeys(file for one in (message, *shared) for file in sent_files(one, team))
    return Said("\n".join(text for text in (own, *others) if text), files=tuple(files), written_by=author)


def _author_of(message: dict[str, Any], user: str) -> str:
    """Who wrote the message, unless it was a program, or whoever sends it on."""
    author = message.get("user")
    return str(author) if author and author != user and not message.get("bot_id") else ""


def team_of(body: dict[str, Any]) -> str:
    """The workspace; of an installation for a whole organisation (Enterprise Grid) the organisation, where a person has
    one account for all of its workspaces."""
    granted = body.get("authorizations") or [body]
    one = granted[0] if isinstance(granted, list) and isinstance(granted[0], dict) else body
    if str(one.get("is_enterprise_install")).casefold() == "true":
        organisation = one.get("enterprise_id") or (body.get("enterprise") or {}).get("id")
        if organisation:
            return str(organisation)
    team = body.get("team_id") or (body.get("team") or {}).get("id")
    return str(team or (body.get("enterprise") or {}).get("id") or "")
