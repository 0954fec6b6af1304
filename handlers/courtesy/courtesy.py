"""Being left in peace: one's hours, quiet hours, zone, reminders and days away, and what the bot sent unasked.

What is asked for here holds for everything that nobody asked for (``protocols/cadence/courtesy.py``); what becomes of
a message because of it is decided when it is sent (``handlers/outgoing.py``).
"""

import dataclasses
import re

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Item, Items, Text, plain
from handlers.courtesy.away import BACK, away_ahead, away_words, back_words, press_back, say_span
from handlers.courtesy.my_messages import my_messages, press_snooze
from handlers.courtesy.readers import received_by
from handlers.errors import UserError
from handlers.permissions import Right, require
from handlers.turn import Cards, Command, Turn, Values
from handlers.turn import Topic as ChatTopic
from protocols.cadence.courtesy import (
    LARGEST_BUDGET,
    Rate,
    Topic,
    Wishes,
    hours_of,
    less,
    minutes_open,
    more,
)
from protocols.cadence.courtesy_words import CourtesyFault, read_hours, read_topic, read_zone
from protocols.cadence.moments import say_time
from protocols.cadence.sending import WORKING_HOURS, Hours
from storage import courtesy, people
from storage.people import Role

FEWEST_OPEN = 60
"""Minutes of a day that must stay open: with less, nothing would ever reach the person."""

SAY_RATE = {
    Rate.ONCE: "each thing once, as it comes",
    Rate.DAILY: "gathered, at most one message a day",
    Rate.WEEKLY: "gathered, at most one message a week",
    Rate.NEVER: "none",
}
SAY_TOPIC = {
    Topic.PROMISES: "what came of promises",
    Topic.OVERDUE: "schools past their rhythm",
    Topic.PRODUCTS: "what was promised and is due",
    Topic.CHECK_INS: "conversations that stand still, and check-ins",
    Topic.VISITS: "whether a visit took place",
    Topic.DEADLINES: "what is due soon and still open",
    Topic.STILL_ON: "the day before a visit, whether it is still on",
}


# ---------------------------------------------------------------- one card


def my_settings(turn: Turn) -> Cards:
    """All of it on one card, each line with its buttons."""
    wishes = courtesy.wishes_of(turn.tx, turn.person.id)
    own_zone = turn.person.zone or ""
    items = [
        Item(
            f"{_say_hours(hours_of(wishes, WORKING_HOURS))}{'' if wishes.working else ', as everybody'}.",
            lead="Working hours:",
            detail="" if wishes.working else "To change them, write: my hours 8 to 16:30",
            buttons=_only(wishes.working, Button("As everybody", act("courtesy.reset", what="hours"))),
        ),
        Item(
            f"{_say_hours(wishes.quiet)}." if wishes.quiet else "none.",
            lead="Quiet hours:",
            detail="" if wishes.quiet else "To set some, write: quiet from 18 to 7",
            buttons=_only(wishes.quiet, Button("None", act("courtesy.reset", what="quiet"))),
        ),
        Item(
            f"{turn.zone.key}{'' if own_zone else ', as the district'}.",
            lead="Time zone:",
            detail="" if own_zone else "To change it, write: my zone Chicago",
            buttons=_only(own_zone, Button("As the district", act("courtesy.reset", what="zone"))),
        ),
        Item(f"{SAY_RATE[wishes.rate]}.", lead="Reminders:", buttons=_rate_buttons(wishes.rate)),
        *(_topic_item(topic, wishes) for topic in _topics_for(turn)),
        _away_item(turn, wishes),
        Item(
            f"{_count_line(turn)}.",
            lead="Messages nobody asked for:",
            buttons=(Button("Show them", act("courtesy.messages")),),
        ),
    ]
    return [Card("Your settings", (Items(tuple(items)),))]


def _only(condition: object, button: Button) -> tuple[Button, ...]:
    return (button,) if condition else ()


def _rate_buttons(rate: Rate) -> tuple[Button, ...]:
    buttons = []
    if more(rate) is not rate:
        buttons.append(Button("More", act("courtesy.rate", to=more(rate))))
    if less(rate) is not rate:
        buttons.append(Button("Less", act("courtesy.rate", to=less(rate))))
    if rate is not Rate.NEVER and less(rate) is not Rate.NEVER:
        buttons.append(Button("Never", act("courtesy.rate", to=Rate.NEVER)))
    return tuple(buttons)


def _topics_for(turn: Turn) -> list[Topic]:
    roles = turn.person.roles
    found = [Topic.PROMISES, Topic.PRODUCTS, Topic.CHECK_INS] if roles & {Role.ILD, Role.PRINCIPAL} else []
    if Role.ILD in roles:
        found.append(Topic.OVERDUE)
    if Role.PRINCIPAL in roles:
        found += [Topic.VISITS, Topic.STILL_ON, Topic.DEADLINES]
    return found


def _topic_item(topic: Topic, wishes: Wishes) -> Item:
    is_off = topic in wishes.muted
    button = Button("Turn on" if is_off else "Turn off", act("courtesy.topic", topic=topic, on=int(is_off)))
    return Item(
        f"{SAY_TOPIC[topic]}: {'off' if is_off else 'on'}.",
        lead=f"About {topic.value}:",
        buttons=(button,),
    )


def _away_item(turn: Turn, wishes: Wishes) -> Item:
    away = away_ahead(turn, wishes)
    if away is None:
        return Item("no days set.", lead="Away:", detail="To be left alone, write: away until 3 May")
    return Item(f"{say_span(turn, away)}.", lead="Away:", buttons=(BACK,))


def _count_line(turn: Turn) -> str:
    received = received_by(turn.tx, turn.district, turn.person, turn.now)
    return f"{received.this_week} of {courtesy.budget(turn.tx)} this week"


# ---------------------------------------------------------------- hours, zone


def hours_words(turn: Turn, match: re.Match[str]) -> Cards:
    working = _read_hours(match["rest"], over_midnight=False)
    return _save_hours(
        turn, dataclasses.replace(courtesy.wishes_of(turn.tx, turn.person.id), working=working)
    )


def quiet_words(turn: Turn, match: re.Match[str]) -> Cards:
    quiet = _read_hours(match["rest"], over_midnight=True)
    return _save_hours(turn, dataclasses.replace(courtesy.wishes_of(turn.tx, turn.person.id), quiet=quiet))


def _read_hours(words: str, *, over_midnight: bool) -> Hours:
    try:
        return read_hours(words, over_midnight=over_midnight)
    except CourtesyFault as fault:
        raise UserError(str(fault)) from None


def _save_hours(turn: Turn, wishes: Wishes) -> Cards:
    working = hours_of(wishes, WORKING_HOURS)
    if minutes_open(working, wishes.quiet) < FEWEST_OPEN:
        raise UserError(
            f"With working hours {_say_hours(working)} that leaves less than an hour in which a message could reach "
            "you. Write other hours, or: away until 3 May."
        )
    _save(turn, wishes, "hours")
    quiet = f", quiet {_say_hours(wishes.quiet)}" if wishes.quiet else ""
    return [
        plain(
            f"Noted: {_say_hours(working)}{quiet}. What you ask for is answered at any hour; the rest waits."
        )
    ]


def no_quiet(turn: Turn, _match: re.Match[str]) -> Cards:
    return _reset(turn, "quiet")


def zone_words(turn: Turn, match: re.Match[str]) -> Cards:
    try:
        zone = read_zone(match["rest"])
    except CourtesyFault as fault:
        raise UserError(str(fault)) from None
    people.set_zone(turn.tx, turn.person.id, zone)
    audit_trail.write(turn, "courtesy.zone", f"person:{turn.person.id}")
    there = people.get_person(turn.tx, turn.person.id, on=turn.today)
    local = dataclasses.replace(turn, person=there).local
    return [plain(f"Noted: {zone}, where it is {say_time(local.time())} now. I tell you times of there.")]


def press_reset(turn: Turn, action: Action, _values: Values) -> Cards:
    return _reset(turn, action.args.get("what", ""))


def _reset(turn: Turn, what: str) -> Cards:
    wishes = courtesy.wishes_of(turn.tx, turn.person.id)
    match what:
        case "hours":
            _save(turn, dataclasses.replace(wishes, working=None), "hours")
        case "quiet":
            _save(turn, dataclasses.replace(wishes, quiet=None), "hours")
        case "zone":
            people.set_zone(turn.tx, turn.person.id, None)
            turn = dataclasses.replace(turn, person=dataclasses.replace(turn.person, zone=None))
        case _:
            raise UserError("Write “my settings” to see what can be changed.")
    return my_settings(turn)


# ---------------------------------------------------------------- reminders


def rate_words(turn: Turn, match: re.Match[str]) -> Cards:
    now = courtesy.wishes_of(turn.tx, turn.person.id).rate
    word = match["rate"].casefold()
    return _set_rate(turn, less(now) if word == "less" else more(now) if word == "more" else Rate(word))


def reminders_switch(turn: Turn, match: re.Match[str]) -> Cards:
    """ "reminders off", "reminders on"."""
    return _set_rate(turn, Rate.ONCE if match["state"].casefold() == "on" else Rate.NEVER)


def press_rate(turn: Turn, action: Action, _values: Values) -> Cards:
    try:
        rate = Rate(action.args.get("to", ""))
    except ValueError:
        raise UserError("Write: remind me once, daily, weekly or never.") from None
    return _set_rate(turn, rate)


def _set_rate(turn: Turn, rate: Rate) -> Cards:
    wishes = dataclasses.replace(courtesy.wishes_of(turn.tx, turn.person.id), rate=rate)
    _save(turn, wishes, "rate", rate=rate.value)
    still = " “my week” shows what is open whenever you ask." if rate is Rate.NEVER else ""
    card = Card("", (Text(f"{SAY_RATE[rate]}.{still}", lead="Reminders:"), Buttons(_rate_buttons(rate))))
    return [card]


def _topic_words(turn: Turn, words: str, *, is_on: bool) -> Cards:
    try:
        return _set_topic(turn, read_topic(words), is_on=is_on)
    except CourtesyFault as fault:
        raise UserError(str(fault)) from None


def press_topic(turn: Turn, action: Action, _values: Values) -> Cards:
    try:
        topic = Topic(action.args.get("topic", ""))
    except ValueError:
        raise UserError("Write “my settings” to see what I remind you of.") from None
    return _set_topic(turn, topic, is_on=action.number("on") == 1)


def _set_topic(turn: Turn, topic: Topic, *, is_on: bool) -> Cards:
    wishes = courtesy.wishes_of(turn.tx, turn.person.id)
    muted = wishes.muted - {topic} if is_on else wishes.muted | {topic}
    wishes = dataclasses.replace(wishes, muted=muted)
    _save(turn, wishes, "topic", topic=topic.value, on=is_on)
    said = "I bring it up again" if is_on else "I won't bring it up any more"
    button = _topic_item(topic, wishes).buttons
    return [Card("", (Text(f"{said}: {SAY_TOPIC[topic]}."), Buttons(button)))]


def budget_words(turn: Turn, match: re.Match[str]) -> Cards:
    """ "message budget 10": the administrator's."""
    require(turn.person, Right.SET_COURTESY, object="message_budget")
    number = int(match["number"])
    if not 1 <= number <= LARGEST_BUDGET:
        raise UserError(f"Write a number from 1 to {LARGEST_BUDGET}.")
    courtesy.put_budget(turn.tx, number)
    audit_trail.write(turn, "courtesy.budget", "message_budget", a_week=number)
    said = f"From now on nobody gets more than {number} messages a week that they did not ask for."
    exempt = (
        "The digest, emergencies, questions of colleagues and visits that change on the same day always pass."
    )
    return [plain(f"{said} {exempt}")]


def _say_hours(hours: Hours) -> str:
    return f"{say_time(hours.starts)} to {say_time(hours.ends)}"


def _save(turn: Turn, wishes: Wishes, what: str, **detail: object) -> None:
    courtesy.save_wishes(turn.tx, turn.person.id, wishes)
    audit_trail.write(turn, f"courtesy.{what}", f"person:{turn.person.id}", **detail)


TOPIC = ChatTopic(
    name="courtesy",
    commands=(
        Command(
            re.compile(r"(?:show )?(?:my )?settings", re.IGNORECASE),
            lambda turn, _match: my_settings(turn),
            example="my settings",
            what="Your hours, zone, reminders and days away.",
        ),
        Command(
            re.compile(r"(?:show )?my messages", re.IGNORECASE),
            lambda turn, _match: my_messages(turn),
            example="my messages",
            what="What I sent you unasked this week, and what waits.",
        ),
        Command(
            re.compile(r"my (?:working )?hours(?: are)?:? (?P<rest>.*\d.*)", re.IGNORECASE),
            hours_words,
            example="my hours 8 to 16:30",
            what="When you may be disturbed.",
        ),
        Command(
            re.compile(r"(?:no quiet(?: hours)?|quiet(?: hours)? off)", re.IGNORECASE),
            no_quiet,
            example="",
            what="",
        ),
        Command(
            re.compile(r"(?:my )?quiet(?: hours)?(?: are)?:? (?P<rest>(?:from )?\d.*)", re.IGNORECASE),
            quiet_words,
            example="quiet from 18 to 7",
            what="Hours in which nothing comes unasked.",
        ),
        Command(
            re.compile(r"my (?:time ?)?zone(?: is)?:? (?P<rest>.+)", re.IGNORECASE),
            zone_words,
            example="my zone Chicago",
            what="Where you are, if not where the district is.",
        ),
        Command(
            re.compile(r"remind me (?P<rate>less|more|never|once|daily|weekly)", re.IGNORECASE),
            rate_words,
            example="remind me less",
            what="Fewer reminders: as they come, daily, weekly, never.",
        ),
        Command(
            re.compile(r"reminders (?P<state>on|off)", re.IGNORECASE), reminders_switch, example="", what=""
        ),
        Command(
            re.compile(
                r"(?:stop reminding me (?:about|of) (?P<topic>.+)|no (?P<no>.+) (?:reminders|questions)"
                r"|(?P<off>.+) (?:reminders|questions) off)",
                re.IGNORECASE,
            ),
            lambda turn, match: _topic_words(
                turn, match["topic"] or match["no"] or match["off"], is_on=False
            ),
            example="stop reminding me about products",
            what="Also promises, overdue, check-ins, visits, still-on; “remind me about products” turns it on.",
        ),
        Command(
            re.compile(
                r"(?:remind me (?:about|of) (?P<topic>.+?)(?: again)?|(?P<on>.+) (?:reminders|questions) on)",
                re.I,
            ),
            lambda turn, match: _topic_words(turn, match["topic"] or match["on"], is_on=True),
            example="",
            what="",
        ),
        Command(
            re.compile(
                r"(?:i(?:'m|’m| am) )?(?:away|on vacation|vacation|on leave)(?P<rest> .*\w.*)", re.IGNORECASE
            ),
            away_words,
            example="away until 3 May",
            what="Nothing comes unasked; it ends by itself.",
        ),
        Command(re.compile(r"i(?:'m|’m| am) back(?: again)?", re.I), back_words, example="", what=""),
        Command(
            re.compile(r"message budget:? (?P<number>\d{1,3})(?: a week)?", re.IGNORECASE),
            budget_words,
            example="message budget 7",
            what="How many messages a week may reach somebody unasked.",
            roles=frozenset({Role.ADMINISTRATOR}),
        ),
    ),
    actions={
        "courtesy.settings": lambda turn, _action, _values: my_settings(turn),
        "courtesy.messages": lambda turn, _action, _values: my_messages(turn),
        "courtesy.reset": press_reset,
        "courtesy.rate": press_rate,
        "courtesy.topic": press_topic,
        "courtesy.back": press_back,
        "courtesy.snooze": press_snooze,
    },
    in_place=frozenset({"courtesy.reset", "courtesy.rate", "courtesy.topic"}),
    in_place_alone=frozenset({"courtesy.settings", "courtesy.messages", "courtesy.back", "courtesy.snooze"}),
)
