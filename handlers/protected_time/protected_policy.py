"""The policy of protected time in chat: which half-days belong to schools, for whom, from when to when.

Everybody may ask; only the administrator changes it. A change is written as a sentence and first shows what it
would do; nothing is different before *Put in force* is pressed. A button is refused once the policy has changed
since, a meeting was booked in that time, or the day it was shown on is over: what comes into force is what was read.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TypeVar

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Item, Items, Table, Text, plain
from handlers.errors import StaleError, UserError
from handlers.permissions import Right, require
from handlers.protected_time.protected_effect import caught_by, effect_lines
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.cadence.calendar import Half
from protocols.cadence.moments import say_day
from protocols.cadence.protected import Opening, ProtectedRule
from protocols.cadence.protected_changes import Change, Rules, after, to_open, to_protect
from protocols.cadence.protected_words import PolicyFault, read_policy
from protocols.guided.steps import join_names
from storage import calendar, meetings, people
from storage.people import Role
from storage.tables import MeetingRow, PolicyChangeRow

ROLE_WORDS = {
    "ild": Role.ILD,
    "director": Role.ILD,
    "principal": Role.PRINCIPAL,
    "executive": Role.EXECUTIVE,
    "administrator": Role.ADMINISTRATOR,
    "unit": Role.UNIT,
}
SHORT_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
MOST_LISTED = 12
T = TypeVar("T")
LONGEST_WORDS = 400

# ---------------------------------------------------------------- showing


def _show(turn: Turn, _match: re.Match[str]) -> Cards:
    policy = calendar.load_policy(turn.tx)
    rules = [rule for rule in policy.weekly if rule.ends is None or rule.ends >= turn.today]
    weekly = [rule for rule in rules if rule.starts != rule.ends]
    single = [rule for rule in rules if rule.starts == rule.ends]
    openings = [one for one in policy.openings if one.ends >= turn.today]
    if not rules:
        return [plain("No half-day is protected yet. The administrator can write: protect Tuesday morning.")]
    blocks: list[Block] = []
    if weekly:
        blocks.append(_week_table(weekly, turn.today))
    blocks.append(Items(tuple(_rule_item(rule, turn.today) for rule in (*weekly, *single)[:MOST_LISTED])))
    if openings:
        items = tuple(_opening_item(one, turn.today) for one in openings[:MOST_LISTED])
        blocks.append(Items(items, title="Open all the same"))
    more = max(0, len(rules) - MOST_LISTED) + max(0, len(openings) - MOST_LISTED)
    if more:
        blocks.append(Text(f"{more} more lie further ahead.", quiet=True))
    blocks.append(Text("Visits and protocols run then. Meetings, requests and digests wait.", quiet=True))
    return [Card("Protected time", tuple(blocks))]


def _week_table(rules: list[ProtectedRule], today: date) -> Table:
    """An ordinary week, one row a half: whose it is, in words, so that no colour is needed to read it."""
    rows = []
    for half in Half:
        cells = []
        for weekday in range(len(SHORT_DAYS)):
            here = [rule for rule in rules if (rule.weekday, rule.half) == (weekday, half)]
            whom = dict.fromkeys(
                rule.whom if rule.starts <= today else f"{rule.whom} from {say_day(rule.starts, today)}"
                for rule in here
            )
            cells.append(", ".join(whom) or "open")
        rows.append((half.word.capitalize(), *cells))
    return Table(("", *SHORT_DAYS), tuple(rows), caption="An ordinary week: whose half-days are protected")


def _rule_item(rule: ProtectedRule, today: date) -> Item:
    reason = f": {rule.reason}" if rule.reason else ""
    if rule.starts == rule.ends:
        return Item(f"for {rule.whom}{reason}", lead=f"{say_day(rule.starts, today)} {rule.half.word}")
    began = "since" if rule.starts <= today else "from"
    until = f" to {say_day(rule.ends, today)}" if rule.ends else ""
    return Item(f"{began} {say_day(rule.starts, today)}{until}, for {rule.whom}{reason}", lead=rule.window)


def _opening_item(opening: Opening, today: date) -> Item:
    reason = f": {opening.reason}" if opening.reason else ""
    return Item(f"for {opening.whom}{reason}", lead=say_days(opening, today))


def say_days(opening: Opening, today: date) -> str:
    """ "Tue 12 May morning", "Mon 22 Jun to Fri 26 Jun" """
    half = f" {opening.half.word}" if opening.half else ""
    first = say_day(opening.starts, today)
    if opening.starts == opening.ends:
        return f"{first}{half}"
    return f"{first} to {say_day(opening.ends, today)}{half and f', {half.strip()}s'}"


# ---------------------------------------------------------------- changing


def _change_words(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "protect …" or "open …": what it would do, with *Put in force* and *Leave it*."""
    words = match[0]
    if match["verb"].casefold() == "open" and not _names_time(match["rest"]):
        return None
    require(turn.person, Right.MANAGE_CALENDAR, object="protected_time")
    if len(words) > LONGEST_WORDS:
        raise UserError(f"Keep the sentence under {LONGEST_WORDS} characters; people read the reason.")
    policy = calendar.load_policy(turn.tx)
    change = _read(turn, words, policy, turn.local)
    seen = _seen(policy, caught_by(turn, policy, change))
    change_id = calendar.show_change(turn.tx, author_id=turn.person.id, words=words, seen=seen, at=turn.now)
    return [_preview(turn, policy, change, change_id)]


def _names_time(rest: str) -> bool:
    return bool(
        re.search(
            r"\b(?:mornings?|afternoons?|[ap]m|weeks?|days?|\w+day|\d{1,2}|tomorrow|today)\b",
            rest,
            re.IGNORECASE,
        )
    )


def _read(turn: Turn, words: str, policy: Rules, now: datetime) -> Change:
    verb, _, rest = words.strip().partition(" ")
    try:
        read = read_policy(rest, now.date())
        scope = _scope(turn, read.whom)
        turn_into = to_open if verb.casefold() == "open" else to_protect
        return turn_into(read, scope, policy, turn.district.calendar, now.replace(tzinfo=None))
    except PolicyFault as fault:
        raise UserError(str(fault)) from None


_NETWORK = re.compile(r"\bnetworks?\b")
"""The word that people leave out or put before the name: "North", "network North"."""


def _scope(turn: Turn, whom: str) -> str:
    named = re.sub(r"^(?:all|the)\s+", "", whom.strip().casefold())
    if named in ("", "everybody", "everyone", "all", "district", "whole district"):
        return "all"
    networks = {school.network for school in people.schools_on(turn.tx, turn.today)}
    bare = _NETWORK.sub(" ", named).strip()
    found = [
        network for network in networks if bare and _NETWORK.sub(" ", network.casefold()).strip() == bare
    ]
    if found:
        return f"network:{found[0]}"
    role = ROLE_WORDS.get(named.rstrip("s"))
    if role is not None:
        return f"role:{role}"
    known = ", ".join(sorted(networks))
    raise UserError(
        f"I don't know whom “{whom}” means. Write everybody, ILDs, principals, or a network: {known}."
    )


def _preview(turn: Turn, policy: Rules, change: Change, change_id: int) -> Card:
    blocks: list[Block] = [Text(line) for line in _what(change, turn.today)]
    blocks += effect_lines(turn, policy, change)
    blocks.append(
        Buttons(
            (
                Button("Put in force", act("protected.put", change=change_id, v=1), Emphasis.PRIMARY),
                Button("Leave it", act("protected.leave", change=change_id, v=1)),
            )
        )
    )
    blocks.append(
        Text("Nothing is different until you press. Days that are past stay as they were.", quiet=True)
    )
    return Card("This is what it would do", tuple(blocks))


def _what(change: Change, today: date) -> list[str]:
    """The change in sentences; what begins and ends alike is said in one."""
    lines: list[str] = []
    for rules in _alike(change.rules, lambda rule: (_span(rule, today), rule.scope, rule.reason)):
        first = rules[0]
        why = f", because {first.reason}" if first.reason else ""
        if first.starts == first.ends:
            named = join_names([f"{say_day(rule.starts, today)} {rule.half.word}" for rule in rules])
            lines.append(f"{named} {_be(rules)} protected for {first.whom}{why}.")
        else:
            named = join_names([rule.window for rule in rules])
            lines.append(f"{named} {_be(rules)} protected {_span(first, today)}, for {first.whom}{why}.")
    for ends in _alike(change.ends, lambda end: (end.opens, end.scope)):
        began = "today" if ends[0].opens == today else say_day(ends[0].opens, today)
        gone = [ProtectedRule(end.weekday, end.half, end.scope, end.opens) for end in ends]
        named = join_names([rule.window for rule in gone])
        lines.append(f"{named} {_be(ends)} open from {began} on, for {gone[0].whom}.")
    for openings in _alike(change.openings, lambda one: (one.scope, one.reason)):
        why = f", because of {openings[0].reason}" if openings[0].reason else ""
        days = [say_days(one, today) for one in openings[:MOST_LISTED]]
        if len(openings) > MOST_LISTED:
            days.append(f"{len(openings) - MOST_LISTED} more half-days")
        lines.append(f"{join_names(days)} {_be(openings)} open for {openings[0].whom}{why}.")
    for closed in change.closes[:MOST_LISTED]:
        half = f" {closed.half.word}" if closed.half else ""
        lines.append(f"{say_day(closed.starts, today)}{half} is protected again; the exception goes.")
    return lines


def _span(rule: ProtectedRule, today: date) -> str:
    """ "from today on", "from Mon 4 Jan to Fri 11 Jun"; for a single day nothing."""
    if rule.starts == rule.ends:
        return ""
    began = "from today" if rule.starts == today else f"from {say_day(rule.starts, today)}"
    return began + (f" to {say_day(rule.ends, today)}" if rule.ends else " on")


def _alike(things: Sequence[T], key: Callable[[T], object]) -> list[list[T]]:
    """The things in groups of the same key, in the order they first come."""
    groups: dict[object, list[T]] = {}
    for thing in things:
        groups.setdefault(key(thing), []).append(thing)
    return list(groups.values())


def _be(things: Sequence[object]) -> str:
    return "is" if len(things) == 1 else "are"


def _put_in_force(turn: Turn, action: Action, _values: Values) -> Cards:
    meetings.hold_time(turn.tx)
    row = _load(turn, action)
    policy = calendar.load_policy(turn.tx)
    shown = row.created_at.astimezone(turn.zone)
    mark, _, known = row.seen.partition(" ")
    if mark != _mark(policy) or shown.date() != turn.today:
        raise StaleError(
            f"The protected half-days or the day have changed since I showed you this. Write it again: {row.words}"
        )
    # Read as of now: a morning that has ended since it was shown stays what it was.
    change = _read(turn, row.words, policy, turn.local)
    if {str(one.id) for one in caught_by(turn, policy, change)} - set(known.split(",")):
        raise StaleError(
            f"A meeting has been booked in that time since I showed you this. Write it again to see it: {row.words}"
        )
    _settle(turn, row, "in_force")
    calendar.put_policy(turn.tx, after(policy, change))
    _audit(turn, row, rules=len(change.rules), ends=len(change.ends), openings=len(change.openings))
    return [Card("", (Text(" ".join(_what(change, turn.today)), lead="In force."),))]


def _leave(turn: Turn, action: Action, _values: Values) -> Cards:
    row = _load(turn, action)
    _settle(turn, row, "left")
    return [plain("Left as it was. “protected time” shows what is in force.")]


def _load(turn: Turn, action: Action) -> PolicyChangeRow:
    row = calendar.get_change(turn.tx, action.number("change"))
    require(turn.person, Right.MANAGE_CALENDAR, object=f"policy_change:{action.number('change')}")
    if row is None:
        raise UserError("I can't find that change any more. Write it again.")
    if row.version != action.number("v"):
        state = "is in force already" if row.state == "in_force" else "was left as it was"
        raise StaleError(f"Already settled: “{row.words}” {state}.")
    return row


def _settle(turn: Turn, row: PolicyChangeRow, state: str) -> None:
    if not calendar.settle_change(turn.tx, row.id or 0, version=row.version, state=state):
        raise StaleError(
            "Somebody settled this a moment ago. Write “protected time” to see what is in force."
        )


def _audit(turn: Turn, row: PolicyChangeRow, **detail: int) -> None:
    audit_trail.write(turn, "protected_time.changed", f"policy_change:{row.id}", **detail)


def _mark(policy: Rules) -> str:
    """A short mark of the whole policy, to tell whether a button still means what was shown."""
    lines = sorted(f"{rule.weekday}{rule.half}{rule.scope}{rule.starts}{rule.ends}" for rule in policy.weekly)
    lines += sorted(f"{one.starts}{one.ends}{one.half}{one.scope}" for one in policy.openings)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _seen(policy: Rules, caught: Sequence[MeetingRow]) -> str:
    """The mark of the policy and the booked meetings that were named."""
    return f"{_mark(policy)} {','.join(str(one.id) for one in caught)}"


_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})

TOPIC = Topic(
    name="protected",
    commands=(
        Command(
            re.compile(r"(?:show )?(?:protected time|blackout(?: days?| windows?)?)", re.IGNORECASE),
            _show,
            example="protected time",
            what="Which half-days belong to schools.",
        ),
        Command(
            re.compile(r"(?P<verb>protect) (?P<rest>.+)", re.IGNORECASE),
            _change_words,
            example="protect Tuesday morning because visits come first",
            what="Protect half-days, for whom and from when you say; you see first what it would do.",
            roles=_ADMINISTRATORS,
        ),
        Command(
            re.compile(r"(?P<verb>open) (?P<rest>.+)", re.IGNORECASE),
            _change_words,
            example="open Tuesday morning",
            what="Stop protecting a half-day; with a date, only on that day.",
            roles=_ADMINISTRATORS,
        ),
    ),
    actions={"protected.put": _put_in_force, "protected.leave": _leave},
    in_place=frozenset({"protected.put", "protected.leave"}),
)
