"""The address of one's own feed: made, shown once, replaced, ended.

Whoever has the address reads the feed, so only a mark of it is kept (``storage/busy.py``), and the message that shows
it is blanked an hour after it was written: neither the database nor a backup holds it for longer.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.calendars.own_feed import make_space
from handlers.card_codec import encode_card
from handlers.cards import Button, Buttons, Card, Emphasis, Text, plain
from handlers.district import base_url
from handlers.errors import UserError
from handlers.permissions import Right, Subject, require
from handlers.post import tell_now
from handlers.turn import Cards, Command, Turn, Values
from protocols.cadence.moments import say_day
from storage import busy, outbox, record
from storage.database import Store
from storage.people import Role

SHOWN_FOR = timedelta(hours=1)
_SETTLED = timedelta(days=1)
"""So old is what no process of version 0.1.0, still running during a deployment, has just published."""
_OWNERS = frozenset({Role.ILD, Role.PRINCIPAL})
_BUTTONS = Buttons(
    (
        Button("New address", act("own_calendar.renew")),
        Button("Stop publishing", act("own_calendar.stop"), Emphasis.DANGER),
    )
)


def _show(turn: Turn, _match: re.Match[str]) -> Cards:
    """The address of the person's feed, made and shown the first time it is asked for."""
    _require(turn)
    base = _base(turn)
    known = busy.feed_of(turn.tx, turn.person.id)
    if known is not None:
        since = say_day(known.made_at.astimezone(turn.zone).date(), turn.today)
        return [
            Card(
                "",
                (
                    Text(
                        f"Your feed is published. I wrote you its address on {since} and keep only a mark of it."
                    ),
                    Text("“New address” makes another; the old one then shows nothing.", quiet=True),
                    _BUTTONS,
                ),
            )
        ]
    return _publish(
        turn, base, "feed.published", "Your visits, protected time and deadlines, for your own calendar:"
    )


def _renew_words(turn: Turn, _match: re.Match[str]) -> Cards:
    return _renew(turn)


def _press_renew(turn: Turn, _action: Action, _values: Values) -> Cards:
    return _renew(turn)


def _renew(turn: Turn) -> Cards:
    _require(turn)
    base = _base(turn)
    busy.unpublish(turn.tx, turn.person.id)
    return _publish(turn, base, "feed.renewed", "The old address shows nothing any more. The new one:")


def _publish(turn: Turn, base: str, action: str, lead: str) -> Cards:
    """Published under a new token. The message that shows it is put by itself, to be known when it is blanked."""
    make_space(turn.tx)
    token = record.new_token()
    if not busy.publish(turn.tx, turn.person.id, token=token, at=turn.now):
        raise UserError("Your feed was published a moment ago. Ask once more: my feed.")
    audit_trail.write(turn, action, f"feed:{turn.person.id}")
    tell_now(
        turn.tx,
        turn.person.id,
        _feed_card(base, token, lead),
        kind="feed_address",
        period=turn.key,
        now=turn.now,
        subject=f"feed:{turn.person.id}",
        place=turn.pressed.place if turn.pressed else None,
    )
    return []


def blank_feeds(store: Store, now: datetime) -> int:
    """Take addresses of feeds out of the messages that showed them, and out of rows of version 0.1.0; how many."""
    blank = encode_card(plain("An address of your feed was shown here. “my feed” says how it stands."))
    with store.begin() as tx:
        marked = busy.mark_tokens(tx, before=now - _SETTLED)
        return marked + outbox.blank(tx, "feed_address", before=now - SHOWN_FOR, card=blank)


def _press_stop(turn: Turn, _action: Action, _values: Values) -> Cards:
    return _stop(turn)


def _stop(turn: Turn) -> Cards:
    _require(turn)
    busy.unpublish(turn.tx, turn.person.id)
    audit_trail.write(turn, "feed.ended", f"feed:{turn.person.id}")
    return [plain("Your feed is no longer published. “my feed” gives you a new address.")]


def _base(turn: Turn) -> str:
    if not turn.is_private:
        raise UserError("Ask me in our direct message: whoever has the address can read your feed.")
    base = base_url(turn.tx)
    if not base:
        raise UserError(
            "I have no public address yet, so I can't publish a feed. Ask your administrator to set BASE_URL."
        )
    return base


def _feed_card(base: str, token: str, lead: str) -> Card:
    how = (
        "Copy it now: I show it once. Google: Other calendars, From URL. Outlook: Add calendar, Subscribe from web. "
        "Apple: File, New Calendar Subscription. It says where and when, never what was said. Whoever has the address "
        "can read it."
    )
    return Card("", (Text(lead), Text(f"{base}/calendar/{token}.ics"), Text(how, quiet=True), _BUTTONS))


def _require(turn: Turn) -> None:
    subject = Subject(owner_ids=frozenset({turn.person.id}))
    require(turn.person, Right.PUBLISH_FEED, subject, object=f"feed:{turn.person.id}")


COMMANDS = (
    Command(
        re.compile(r"(?:show )?my feed", re.IGNORECASE),
        _show,
        example="my feed",
        what="Your visits, protected time and deadlines as a calendar to subscribe to.",
        roles=_OWNERS,
    ),
    Command(
        re.compile(r"new feed address", re.IGNORECASE),
        _renew_words,
        example="new feed address",
        what="Give your feed another address; the old one shows nothing any more.",
        roles=_OWNERS,
    ),
)
ACTIONS: Mapping[str, Callable[[Turn, Action, Values], Cards]] = {
    "own_calendar.renew": _press_renew,
    "own_calendar.stop": _press_stop,
}
"""Named after the topic that they once were a part of: buttons stay in people's chats."""
