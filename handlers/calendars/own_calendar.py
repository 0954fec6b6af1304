"""One's own calendar: connect it by its private address, see what is kept of it, let it go; and one's own feed.

The address is a secret, so it is taken only where nobody else reads it, and shown to nobody afterwards, its owner
included. What is kept is when the owner is busy; titles only where they say so, and only for their own eyes.
"""

import re
from collections.abc import Mapping
from typing import Any

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.calendars import publishing
from handlers.calendars.own_calendar_reading import say_count, say_kept, still_failing
from handlers.cards import Block, Button, Buttons, Card, Item, Items, Text, plain
from handlers.errors import UserError
from handlers.permissions import Right, Subject, require
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.cadence.busy import BusyStretch, in_zone
from protocols.cadence.day_minutes import minutes_into_day, time_of_day
from protocols.cadence.feed_addresses import AddressFault, find_address, read_address
from protocols.cadence.moments import say_day, say_time
from storage import busy, record
from storage.people import Role
from storage.tables import OwnCalendarRow

OWNERS = frozenset({Role.ILD, Role.PRINCIPAL})
SHOWN = 3
"""Busy times shown to the owner: enough to see that it is the right calendar."""
_TOPIC = "own_calendar"

HOW_TO = (
    "Google, on a computer: Settings, your calendar, Integrate calendar, Secret address in iCal format.",
    "Outlook on the web: Settings, Calendar, Shared calendars, Publish a calendar, Can view when I'm busy, ICS link.",
    "Apple: iCloud.com, the calendar's share button, Public Calendar, and its webcal:// link.",
)
_SEND = "Then send it to me here, and only here: connect my calendar https://…"


# ---------------------------------------------------------------- the calendar that is read


def _connect_words(turn: Turn, match: re.Match[str]) -> Cards:
    _require(turn, Right.CONNECT_CALENDAR)
    address = find_address(match.group(0))
    if address is not None:
        return _connect(turn, address)
    said = match.groupdict().get("rest") or ""
    if said.strip() and said.strip() not in ("…", "..."):
        raise UserError("A calendar's address begins with https:// or webcal://. Copy it again, whole.")
    record.expect(turn.tx, turn.person.id, _TOPIC, at=turn.now)
    return [_how_to("Send me your calendar's private address. Where to find it:")]


def _answer(turn: Turn, _args: Mapping[str, Any], text: str) -> Cards | None:
    """The address that was asked for; other words are not for here."""
    address = find_address(text)
    if address is None or len(text.split()) > 1:
        return None
    _require(turn, Right.CONNECT_CALENDAR)
    record.expect_nothing(turn.tx, turn.person.id)
    return _connect(turn, address)


def _connect(turn: Turn, address: str) -> Cards:
    if not turn.is_private:
        raise UserError(
            "That was in a channel, where others can read it, so I did not take it. Delete it there, make a new "
            "private address, and send me that one in our direct message."
        )
    try:
        found = read_address(address)
    except AddressFault as fault:
        raise UserError(str(fault)) from None
    before = busy.calendar_of(turn.tx, turn.person.id)
    busy.connect(turn.tx, turn.person.id, address=found.url, host=found.host, at=turn.now)
    audit_trail.write(
        turn, "own_calendar.connected", f"own_calendar:{turn.person.id}", instead=before is not None
    )
    text = (
        f"Connected: your calendar at {found.host}. I read it in a minute or two and tell you. {say_kept(False)} "
        "Its address is kept for reading alone and shown to nobody; delete your message if others use this screen."
    )
    return [Card("", (Text(text), Buttons((_disconnect_button(),))))]


def _show_words(turn: Turn, _match: re.Match[str]) -> Cards:
    return _show(turn)


def _show(turn: Turn) -> Cards:
    """How the connection stands, what is kept, and how to end it; for somebody without one, how to make it."""
    _require(turn, Right.CONNECT_CALENDAR)
    row = busy.calendar_of(turn.tx, turn.person.id)
    if row is None:
        return [
            _how_to(
                "No calendar of yours is connected, so I plan without it. To connect it, copy its private address:"
            )
        ]
    blocks: list[Block] = [Text(_say_state(turn, row), lead=f"Your calendar at {row.host}.")]
    if row.state == "failing":
        blocks.append(Text(f"{row.fault} Until it can be read again I plan by what I have."))
    if row.left_out:
        blocks.append(
            Text(
                f"{row.left_out:,} {'entry' if row.left_out == 1 else 'entries'} could not be read, and "
                f"{'is' if row.left_out == 1 else 'are'} left out.",
                quiet=True,
            )
        )
    coming = _coming(turn)
    if coming:
        items = tuple(Item(one.title or "Busy", lead=_say_stretch(turn, one)) for one in coming[:SHOWN])
        blocks.append(Items(items, title="Next"))
    blocks.append(Text(f"{say_kept(row.keeps_titles)} Others learn only that you are taken."))
    titles = (
        Button("Keep no titles", act("own_calendar.titles", keep=0))
        if row.keeps_titles
        else Button("Keep titles", act("own_calendar.titles", keep=1))
    )
    blocks.append(Buttons((titles, _disconnect_button())))
    return [Card("", tuple(blocks))]


def _say_state(turn: Turn, row: OwnCalendarRow) -> str:
    if row.read_at is None:
        return (
            "I have not been able to read it yet."
            if row.state == "failing"
            else "I read it in a minute or two."
        )
    local = row.read_at.astimezone(turn.zone)
    count = say_count(len(_coming(turn)))
    until = f" up to {say_day(row.reaches, turn.today)}" if row.reaches else ""
    return f"Last read {say_day(local.date(), turn.today)} {say_time(local.time())}: {count}{until}."


def _coming(turn: Turn) -> tuple[BusyStretch, ...]:
    """What is still to come of the person's busy times, on their own clock."""
    row = busy.calendar_of(turn.tx, turn.person.id)
    until = row.reaches if row is not None and row.reaches else turn.today
    own = busy.stretches_of(turn.tx, [turn.person.id], turn.today, until, fallback=turn.zone)
    if turn.person.id not in own:
        return ()
    known = own[turn.person.id]
    now = minutes_into_day(turn.local.time())
    return tuple(
        one
        for one in in_zone(known.stretches, known.zone, turn.zone)
        if (one.day, one.ends) > (turn.today, now)
    )


def _say_stretch(turn: Turn, stretch: BusyStretch) -> str:
    day = say_day(stretch.day, turn.today)
    if (stretch.starts, stretch.ends) == (0, 24 * 60):
        return f"{day}, all day"
    until = "midnight" if stretch.ends == 24 * 60 else say_time(time_of_day(stretch.ends))
    return f"{day} {say_time(time_of_day(stretch.starts))} to {until}"


def _titles_words(turn: Turn, match: re.Match[str]) -> Cards:
    return _set_titles(turn, keep=not match["no"])


def _press_titles(turn: Turn, action: Action, _values: Values) -> Cards:
    return _set_titles(turn, keep=action.number("keep") == 1)


def _set_titles(turn: Turn, *, keep: bool) -> Cards:
    _require(turn, Right.CONNECT_CALENDAR)
    row = busy.calendar_of(turn.tx, turn.person.id)
    if row is None:
        return _show(turn)
    if row.keeps_titles is not keep:
        busy.keep_titles(turn.tx, turn.person.id, keep=keep, at=turn.now)
        audit_trail.write(turn, "own_calendar.titles", f"own_calendar:{turn.person.id}", keep=keep)
    if keep:
        return [plain("From the next reading on I keep titles too. Only you can see them: “my calendar”.")]
    return [plain("Forgotten. I keep when you are busy, and no titles.")]


def _disconnect_words(turn: Turn, _match: re.Match[str]) -> Cards:
    return _disconnect(turn)


def _press_disconnect(turn: Turn, _action: Action, _values: Values) -> Cards:
    return _disconnect(turn)


def _disconnect(turn: Turn) -> Cards:
    _require(turn, Right.CONNECT_CALENDAR)
    if not busy.disconnect(turn.tx, turn.person.id):
        return [plain("No calendar of yours is connected. “my calendar” says how to connect one.")]
    audit_trail.write(turn, "own_calendar.disconnected", f"own_calendar:{turn.person.id}")
    return [
        plain(
            "Disconnected. Its address and all that I read of it are forgotten; visits already planned stay."
        )
    ]


# ---------------------------------------------------------------- small things


def _require(turn: Turn, right: Right) -> None:
    subject = Subject(owner_ids=frozenset({turn.person.id}))
    require(turn.person, right, subject, object=f"{_TOPIC}:{turn.person.id}")


def _how_to(lead: str) -> Card:
    return Card("", (Text(lead), Items(tuple(Item(line) for line in HOW_TO)), Text(_SEND)))


def _disconnect_button() -> Button:
    return Button("Disconnect", act("own_calendar.disconnect"))


TOPIC = Topic(
    name=_TOPIC,
    commands=(
        Command(
            re.compile(r"(?:show )?my (?:own )?calendar", re.IGNORECASE),
            _show_words,
            example="my calendar",
            what="Connect your own calendar, so that I plan round it; see what I keep of it.",
            roles=OWNERS,
        ),
        Command(
            re.compile(
                r"(?:connect|link|add) my (?:own )?calendar(?:\b(?P<rest>.*))?|(?:webcals?|https?)://\S+\.ics(?:\?\S*)?",
                re.IGNORECASE,
            ),
            _connect_words,
            example="connect my calendar https://…",
            what="Only in our direct message: the address is a secret.",
            roles=OWNERS,
        ),
        Command(
            re.compile(r"(?:disconnect|forget|remove) my (?:own )?calendar", re.IGNORECASE),
            _disconnect_words,
            example="disconnect my calendar",
            what="Forget its address and all that was read.",
            roles=OWNERS,
        ),
        Command(
            re.compile(r"keep (?P<no>no )?titles", re.IGNORECASE),
            _titles_words,
            example="keep titles",
            what="Keep what your calendar's entries are called, for your eyes only; or: keep no titles.",
            roles=OWNERS,
        ),
        *publishing.COMMANDS,
    ),
    actions={
        "own_calendar.titles": _press_titles,
        "own_calendar.disconnect": _press_disconnect,
        **publishing.ACTIONS,
    },
    answer=_answer,
    still_true=still_failing,
    in_place_alone=frozenset({"own_calendar.titles", "own_calendar.disconnect", *publishing.ACTIONS}),
)
