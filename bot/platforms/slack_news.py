"""What Slack tells without anybody having written: homes opened, members gone or new, the app removed. Pure."""

from collections.abc import Callable
from typing import Any

from handlers.account_news import AccountFound, AccountLost, News
from handlers.reception import Arrived, HomeOpened, Inbound, Sender

NEWS = ("app_uninstalled", "tokens_revoked", "user_change", "team_join")
"""Events about accounts; ``app_home_opened`` is apart, for there a person does something."""

MemberEmail = Callable[[dict[str, Any]], str | None]


def heard_home(body: dict[str, Any], team: str) -> Inbound | None:
    """Somebody opened the Home tab, or the Messages tab, which is the chat."""
    event = body.get("event") or {}
    user, channel = event.get("user"), event.get("channel")
    what: HomeOpened | Arrived
    match event.get("tab"):
        case "home":
            what = HomeOpened(1)
        case "messages":
            what = Arrived("app_home_opened")
        case _:
            return None
    if not user:
        return None
    address = {"channel": channel} if isinstance(channel, str) and channel.startswith("D") else {}
    keys = _keys(body, team, f"{user}:{event.get('event_ts')}:app_home_opened")
    return Inbound(keys, Sender("slack", team, str(user), address=address), what)


def heard_news(body: dict[str, Any], team: str, member_email: MemberEmail) -> Inbound | None:
    """What became of accounts. ``member_email`` answers for members of our own workspace only.

    A ``user_change`` comes with every new status line; only a member who was deactivated is news. One who is back is
    found when they write, or at night.
    """
    event = body.get("event") or {}
    kind, user = str(event.get("type")), event.get("user")
    news: News | None = None
    who = ""
    match kind:
        case "app_uninstalled":
            news = AccountLost(kind)
        case "tokens_revoked" if (event.get("tokens") or {}).get("bot"):
            news = AccountLost(kind)
        case "user_change" if isinstance(user, dict) and user.get("deleted"):
            news, who = AccountLost("account_inactive"), str(user.get("id") or "")
        case "team_join" if isinstance(user, dict) and (email := member_email(user)):
            news, who = AccountFound(email), str(user.get("id") or "")
    if news is None or (isinstance(user, dict) and not who):
        return None
    stamp = event.get("event_ts") or body.get("event_time")
    return Inbound(_keys(body, team, f"{who}:{stamp}:{kind}"), Sender("slack", team, who), news)


def _keys(body: dict[str, Any], team: str, name: str) -> tuple[str, ...]:
    key = f"slack:{team}:{name}"
    return (key, f"slack:{body['event_id']}") if body.get("event_id") else (key,)
