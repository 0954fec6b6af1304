"""Meetings asked of principals or ILDs: refused in protected time, with three times that are free instead.

A unit writes "meeting with principals Tue 9:00 about substitutes". Open time is booked on one press; protected time
is refused with the rule, the cost and the nearest allowed times. An executive may take it all the same, with a
reason that is recorded, told to everyone who loses the time, and counted against the office that asked.
"""

import re
from dataclasses import replace

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Emphasis, Text
from handlers.district import load_district, zone_of
from handlers.errors import StaleError, UserError
from handlers.permissions import Right, may, require
from handlers.post import tell_when_open
from handlers.protected_time import overrides
from handlers.protected_time.invitees import find_invitees
from handlers.protected_time.meeting_state import load, require_requester, settle
from handlers.protected_time.meeting_times import (
    USUAL_MINUTES,
    Request,
    clash,
    nearest,
    refusal,
    request_of,
    say_starts,
)
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.cadence.day_minutes import minutes_into_day
from protocols.cadence.moments import MomentFault, find_minutes, find_moment, say_day
from protocols.cadence.protected_times import Refusal, Start
from storage import meetings, record
from storage.people import Role
from storage.tables import MeetingRow

LONGEST_TOPIC = 200

# ---------------------------------------------------------------- asking


def _ask(turn: Turn, match: re.Match[str]) -> Cards:
    require(turn.person, Right.ASK_MEETING, object="meeting")
    return _consider(turn, _read_request(turn, match["rest"]))


def _read_request(turn: Turn, rest: str) -> Request:
    """From "principals Tue 9:00 for 45 min about substitutes". Raises ``UserError`` with what to write."""
    rest, _, topic = rest.partition(" about ")
    topic = topic.strip().rstrip(".")
    try:
        moment = find_moment(rest, turn.local)
    except MomentFault as fault:
        raise UserError(str(fault)) from None
    if moment is None or moment.at is None:
        raise UserError(
            "When shall it start? Write it like: meeting with principals Tue 13:00 about substitutes."
        )
    if not topic:
        raise UserError("What is it about? Those invited decide better when they know. End with: about …")
    if len(topic) > LONGEST_TOPIC:
        raise UserError(
            f"Keep what it is about under {LONGEST_TOPIC} characters; the rest belongs in a note."
        )
    words = (rest[: moment.start] + " " + rest[moment.end :]).strip()
    minutes = moment.minutes or find_minutes(words) or USUAL_MINUTES
    who = find_invitees(turn, words)
    return Request(who, Start(moment.day, moment.at), minutes, topic, turn.zone)


def _consider(turn: Turn, request: Request) -> Cards:
    refused = refusal(turn, request)
    taken = None if refused else clash(turn, request)
    meeting_id = meetings.add(
        turn.tx,
        requester_id=turn.person.id,
        office=turn.office,
        topic=request.topic,
        audience=request.who.key,
        day=request.start.day,
        starts=minutes_into_day(request.start.at),
        minutes=request.minutes,
        zone=request.zone.key,
        state="refused" if refused else "asked",
        at=turn.now,
    )
    state = "refused" if refused else "asked"
    audit_trail.write(
        turn,
        f"meeting.{state}",
        f"meeting:{meeting_id}",
        people=len(request.who.people),
        minutes=request.minutes,
    )
    if refused:
        return [_refused_card(turn, request, refused, meeting_id)]
    when = request.start.say(turn.today)
    if taken:
        free = nearest(turn, request)
        text = f"{when} is taken: {taken}. Free for all of them: {say_starts(turn, free)}."
        return [Card("", (Text(text), Buttons(_take_buttons(turn, meeting_id, free))))]
    text = f"{when}, {request.minutes} minutes, is free for {request.who.count}. Shall I tell them?"
    book = Button("Book it", act("meeting.book", meeting=meeting_id, v=1), Emphasis.PRIMARY)
    return [Card("", (Text(text, lead="Open time."), Buttons((book, _withdraw(meeting_id, 1)))))]


def _refused_card(turn: Turn, request: Request, refused: Refusal, meeting_id: int) -> Card:
    rule = refused.rule
    first = say_day(rule.starts, turn.today)
    began = (
        f"It has been protected since {first}"
        if rule.starts <= turn.today
        else f"It is protected from {first} on"
    )
    if rule.starts == rule.ends:
        began = f"It is protected on {first}"
    rule_text = f"{began}, for {rule.whom}" + (f": {rule.reason}." if rule.reason else ".")
    cost = f"Asked for: {refused.cost.say()}."
    blocks: list[Text | Buttons] = [Text(f"{rule_text} {cost}", lead=f"{rule.window} belongs to schools.")]
    if refused.nearest:
        blocks.append(Text(f"Free for all of them: {say_starts(turn, refused.nearest)}."))
    else:
        blocks.append(
            Text("No half-hour is free for all of them in the next three months. A note reaches them sooner.")
        )
    blocks.append(Buttons(_take_buttons(turn, meeting_id, refused.nearest)))
    if may(turn.person, Right.OVERRIDE):
        override = Button("Take it all the same", act("meeting.override_form", meeting=meeting_id, v=1))
    else:
        override = Button("Ask for an override", act("meeting.ask_override", meeting=meeting_id, v=1))
    safety = Button("It is about safety", act("meeting.ask_override", meeting=meeting_id, v=1, safety=1))
    note = Button("Send it as a note instead", act("meeting.note", meeting=meeting_id, v=1))
    is_asked = not may(turn.person, Right.OVERRIDE)
    blocks.append(Buttons((note, override, safety) if is_asked else (note, override)))
    return Card("", tuple(blocks))


def _take_buttons(turn: Turn, meeting_id: int, starts: tuple[Start, ...]) -> tuple[Button, ...]:
    return tuple(
        Button(
            f"Take {start.say(turn.today)}",
            act(
                "meeting.take",
                meeting=meeting_id,
                v=1,
                day=start.day.isoformat(),
                at=start.at.strftime("%H%M"),
            ),
        )
        for start in starts
    )


def _withdraw(meeting_id: int, version: int) -> Button:
    return Button("Not now", act("meeting.withdraw", meeting=meeting_id, v=version))


# ---------------------------------------------------------------- deciding


def _alone(turn: Turn) -> Turn:
    """The turn with nobody beside it who books or protects time, and with the rules as they are then."""
    meetings.hold_time(turn.tx)
    return replace(turn, district=load_district(turn.tx))


def _take(turn: Turn, action: Action, _values: Values) -> Cards:
    turn = _alone(turn)
    meeting = load(turn, action)
    require_requester(turn, meeting)
    try:
        moment = find_moment(
            f"{action.args['day']} {action.args['at'][:2]}:{action.args['at'][2:]}", turn.local
        )
    except (MomentFault, KeyError):
        moment = None
    if moment is None or moment.at is None:
        raise UserError("That time has passed. Ask for the meeting again and I'll look for free times.")
    meeting.day, meeting.starts = moment.day, minutes_into_day(moment.at)
    return _book(turn, meeting)


def _book_pressed(turn: Turn, action: Action, _values: Values) -> Cards:
    turn = _alone(turn)
    meeting = load(turn, action)
    require_requester(turn, meeting)
    return _book(turn, meeting)


def _book(turn: Turn, meeting: MeetingRow) -> Cards:
    """Book open time; the rules are asked again, for what was free a day ago may be protected or taken by now."""
    request = request_of(turn, meeting)
    if refusal(turn, request) or clash(turn, request):
        free = nearest(turn, request)
        text = f"That time is no longer free. Free for all of them: {say_starts(turn, free)}."
        raise StaleError(
            "",
            card=Card("", (Text(text), Buttons(_take_buttons(turn, meeting.id or 0, free)))),
        )
    settle(turn, meeting, state="booked", day=meeting.day, starts=meeting.starts)
    when = request.start.say(turn.today)
    for person in request.who.people:
        asker = f"Asked for by {turn.person.name}, {meeting.office}."
        theirs = request.start_for(zone_of(person, turn.district)).say(turn.today)
        text = f"{theirs}, {meeting.minutes} minutes, about {meeting.topic}. {asker}"
        tell_when_open(
            turn.tx,
            turn.district,
            person,
            Card("", (Text(text, lead="Meeting"),)),
            kind="meeting",
            period=f"{meeting.id}:booked",
            now=turn.now,
            subject=f"meeting:{meeting.id}",
        )
    return [
        Card(
            "",
            (
                Text(
                    f"Booked for {when}. {request.who.count.capitalize()} will read it outside protected time."
                ),
            ),
        )
    ]


def _withdrawn(turn: Turn, action: Action, _values: Values) -> Cards:
    meeting = load(turn, action)
    require_requester(turn, meeting)
    settle(turn, meeting, state="withdrawn")
    return [Card("", (Text("Withdrawn. Nobody was told."),))]


def _note(turn: Turn, action: Action, _values: Values) -> Cards:
    meeting = load(turn, action)
    require_requester(turn, meeting)
    settle(turn, meeting, state="note")
    record.expect(turn.tx, turn.person.id, "mandates", at=turn.now)
    text = (
        "Good: that costs nobody a morning. Send me the text in your next message. "
        "Say who should do what by when, and how long it takes; it reaches principals in Monday's digest."
    )
    return [Card("", (Text(text),))]


TOPIC = Topic(
    name="meeting",
    commands=(
        Command(
            re.compile(r"(?:a |call a |schedule a )?meeting with (?P<rest>.+)", re.IGNORECASE),
            _ask,
            example="meeting with principals Tue 13:00 about substitutes",
            what="Find a time that leaves protected mornings alone.",
            roles=frozenset({Role.UNIT, Role.EXECUTIVE, Role.ADMINISTRATOR, Role.ILD}),
        ),
    ),
    actions={
        "meeting.book": _book_pressed,
        "meeting.take": _take,
        "meeting.withdraw": _withdrawn,
        "meeting.note": _note,
        "meeting.ask_override": overrides.ask_override,
        "meeting.override_form": overrides.open_form,
        "meeting.override": overrides.override,
        "meeting.second": overrides.second,
        "meeting.keep": overrides.keep,
    },
    in_place=frozenset({"meeting.book", "meeting.override"}),
    in_place_alone=frozenset(
        {"meeting.take", "meeting.withdraw", "meeting.note", "meeting.second", "meeting.keep"}
    ),
)
