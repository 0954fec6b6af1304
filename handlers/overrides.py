"""Overrides: taking protected time on purpose, in the open.

Only an executive may, with a kind of reason and a sentence. Both are kept, everyone who loses time reads them, and
the minutes are counted against the office that asked.
"""

from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Emphasis, Field, FieldKind, Option, Quote, Text
from handlers.errors import UserError
from handlers.meeting_state import load, require_requester, settle
from handlers.meeting_times import Request, displaced, nearest, refusal, request_of, say_starts
from handlers.permissions import Right, require
from handlers.post import tell_when_open
from handlers.turn import Cards, Turn, Values
from protocols.cadence import protected, protected_overrides
from protocols.cadence.calendar import Half
from protocols.cadence.day_minutes import minutes_into_day
from protocols.cadence.protected_overrides import OverrideReason
from storage import meetings, people, visits
from storage.people import Role
from storage.tables import MeetingRow

REASONS = {
    OverrideReason.SAFETY: "Safety of students or staff",
    OverrideReason.LEGAL: "A legal duty with a date",
    OverrideReason.STATE: "The state requires it then",
    OverrideReason.BOARD: "The board requires it then",
    OverrideReason.STAFFING: "Staffing that cannot wait",
    OverrideReason.OTHER: "Another reason",
}


def ask_override(turn: Turn, action: Action, _values: Values) -> Cards:
    meeting = load(turn, action)
    require_requester(turn, meeting)
    executives = people.people_with_role(turn.tx, Role.EXECUTIVE, on=turn.today)
    if not executives:
        raise UserError(
            "No executive is in the roster, so nobody can decide this. Take one of the free times."
        )
    settle(turn, meeting, state="asked")
    request = request_of(turn, meeting)
    for person in executives:
        tell_when_open(
            turn.tx,
            turn.district,
            person,
            _override_card(turn, meeting, request, asker=turn.person.name),
            kind="override",
            period=f"{meeting.id}",
            now=turn.now,
            subject=f"meeting:{meeting.id}",
        )
    names = " or ".join(person.name for person in executives[:3])
    return [
        Card("", (Text(f"Asked. {names} decides, and gives a reason that everyone concerned will read."),))
    ]


def open_form(turn: Turn, action: Action, _values: Values) -> Cards:
    meeting = load(turn, action)
    require(turn.person, Right.OVERRIDE, object=f"meeting:{meeting.id}")
    return [_override_card(turn, meeting, request_of(turn, meeting), asker=None)]


def _override_card(turn: Turn, meeting: MeetingRow, request: Request, *, asker: str | None) -> Card:
    """The form an executive fills in. ``meeting`` is as it is after whatever change this turn made."""
    refused = refusal(turn, request)
    when = request.start.say(turn.today)
    window = refused.rule.window if refused else "That time"
    cost = refused.cost.say() if refused else f"{len(request.who.people)} people x {request.minutes} minutes"
    who = f"{asker}, {meeting.office}, asks" if asker else "You ask"
    text = (
        f"{who} for {when} with {request.who.count} about {meeting.topic}. "
        f"{window} belongs to schools. Cost: {cost}."
    )
    version = meeting.version
    return Card(
        "Override of protected time",
        (
            Text(text),
            Field(
                "reason",
                "Why it cannot be at another time",
                FieldKind.CHOICE,
                options=tuple(Option(reason.value, label) for reason, label in REASONS.items()),
                required=True,
            ),
            Field("sentence", "In one sentence, for those who lose the time", FieldKind.LINE, required=True),
            Buttons(
                (
                    Button(
                        "Override",
                        act("meeting.override", meeting=meeting.id or 0, v=version),
                        Emphasis.DANGER,
                    ),
                    Button(
                        "Keep it protected",
                        act("meeting.keep", meeting=meeting.id or 0, v=version),
                        Emphasis.PRIMARY,
                    ),
                )
            ),
        ),
    )


def override(turn: Turn, action: Action, values: Values) -> Cards:
    meeting = load(turn, action)
    require(turn.person, Right.OVERRIDE, object=f"meeting:{meeting.id}")
    request = request_of(turn, meeting)
    refused = refusal(turn, request)
    if refused is None:
        raise UserError(
            "That time is no longer protected, so it needs no override. Ask for the meeting again."
        )
    try:
        taken = protected_overrides.override(
            refused, OverrideReason(values.get("reason", "")), values.get("sentence", "")
        )
    except protected_overrides.OverrideFault as fault:
        raise UserError(str(fault)) from None
    except ValueError:
        raise UserError("Choose the kind of reason, then press Override again.") from None
    pushed_out = displaced(turn, request)
    settle(
        turn,
        meeting,
        state="overridden",
        reason_class=taken.reason.value,
        reason=taken.sentence,
    )
    meetings.add_losses(
        turn.tx,
        meeting_id=meeting.id or 0,
        day=meeting.day,
        minutes_by_half=_protected_minutes(turn, request),
        people=[(person.id, request.who.networks.get(person.id)) for person in request.who.people],
        office=meeting.office,
        reason_class=taken.reason.value,
    )
    _tell_losers(turn, meeting, request, taken, pushed_out)
    term = turn.district.calendar.term_of(meeting.day)
    start, end = (term.starts, term.ends) if term else (meeting.day, meeting.day)
    count = meetings.count_overrides(turn.tx, office=meeting.office, start=start, end=end)
    text = (
        f"Recorded: {request.start.say(turn.today)}, {taken.cost.say()}. Everyone concerned reads your reason. "
        f"{meeting.office} has now taken protected time {_times(count)} this term."
    )
    return [Card("", (Text(text),))]


def _protected_minutes(turn: Turn, request: Request) -> dict[str, int]:
    """How many of the meeting's minutes fall in each protected half."""
    start = minutes_into_day(request.start.at)
    end = start + request.minutes
    spans = {Half.AM: (0, protected.NOON), Half.PM: (protected.NOON, 24 * 60)}
    found: dict[str, int] = {}
    for half, (begins, ends) in spans.items():
        minutes = min(end, ends) - max(start, begins)
        rule = protected.rule_for(
            request.start.day, half, turn.district.rules, turn.district.calendar, request.who.audience
        )
        if minutes > 0 and rule:
            found[half.value] = minutes
    return found


def _tell_losers(
    turn: Turn,
    meeting: MeetingRow,
    request: Request,
    taken: protected_overrides.Override,
    pushed_out: list[visits.Visit],
) -> None:
    when = request.start.say(turn.today)
    affected = {person.id: person for person in request.who.people}
    requester = people.get_person(turn.tx, meeting.requester_id, on=turn.today)
    theirs = people.schools_on(turn.tx, turn.today, ids=list(request.who.school_ids))
    ilds = {school.ild_id for school in theirs if school.ild_id} | {visit.ild_id for visit in pushed_out}
    affected |= people.get_people(turn.tx, ilds, on=turn.today)
    affected.setdefault(requester.id, requester)
    affected.pop(turn.person.id, None)
    for person in affected.values():
        mine = [
            visit
            for visit in pushed_out
            if visit.ild_id == person.id or visit.school_id in _schools(turn, person.id)
        ]
        blocks: list[Text | Quote] = [
            Text(
                f"{when}, {meeting.minutes} minutes, about {meeting.topic}, asked for by {meeting.office}.",
                lead="A meeting takes protected time.",
            ),
            Quote(taken.sentence, f"{turn.person.name}: {REASONS[taken.reason].lower()}"),
        ]
        if mine:
            schools = ", ".join(visit.school for visit in mine)
            blocks.append(
                Text(
                    f"Your visit that half-day has to move: {schools}. Write “my week” for the next free slots."
                )
            )
        tell_when_open(
            turn.tx,
            turn.district,
            person,
            Card("", tuple(blocks)),
            kind="override-notice",
            period=f"{meeting.id}",
            now=turn.now,
            subject=f"meeting:{meeting.id}",
        )


def _schools(turn: Turn, person_id: int) -> set[int]:
    return {school.id for school in people.schools_on(turn.tx, turn.today, principal_id=person_id)}


def keep(turn: Turn, action: Action, _values: Values) -> Cards:
    meeting = load(turn, action)
    require(turn.person, Right.OVERRIDE, object=f"meeting:{meeting.id}")
    settle(turn, meeting, state="withdrawn")
    if meeting.requester_id != turn.person.id:
        requester = people.get_person(turn.tx, meeting.requester_id, on=turn.today)
        request = request_of(turn, meeting)
        free = nearest(turn, request)
        when = request.start.say(turn.today)
        text = (
            f"{when} stays with schools. Free for all of them: {say_starts(turn, free)}. Ask again for one."
        )
        tell_when_open(
            turn.tx,
            turn.district,
            requester,
            Card("", (Text(text),)),
            kind="override-answer",
            period=f"{meeting.id}",
            now=turn.now,
            subject=f"meeting:{meeting.id}",
        )
    return [Card("", (Text("It stays protected. Whoever asked gets the free times."),))]


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
