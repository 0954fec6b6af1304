"""Overrides: taking protected time on purpose, in the open.

Only an executive may, with a kind of reason and a sentence. Both are kept, everyone who loses time reads them, and
the minutes are counted against the office that asked.

How a request moves on::

    refused --ask--> asked --override--> overridden            within the office's budget, or an emergency
                           --override--> to_second --second--> overridden      the budget has run out
                           --keep--> withdrawn  <--keep--

Safety is an emergency: it passes at once whatever the budget, messages about it do not wait, and it is counted apart.
"""

from collections.abc import Sequence
from dataclasses import replace

from handlers.actions import Action, act
from handlers.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Emphasis,
    Field,
    FieldKind,
    Option,
    Quote,
    Text,
    plain,
)
from handlers.district import zone_of
from handlers.errors import NotAllowedError, StaleError, UserError
from handlers.permissions import Right, require
from handlers.post import tell_when_open
from handlers.protected_time.meeting_state import load, require_requester, settle
from handlers.protected_time.meeting_times import Request, nearest, refusal, request_of, say_starts
from handlers.protected_time.override_budget import beyond, budget_of, emergencies_of, seconders
from handlers.protected_time.override_effects import count_losses, push_out, tell, tell_affected
from handlers.turn import Cards, Turn, Values
from protocols.cadence import protected_overrides
from protocols.cadence.protected_overrides import Budget, Override, OverrideReason, Standing
from protocols.cadence.protected_times import Start
from storage import meetings, people
from storage.people import Person, Role
from storage.tables import MeetingRow

REASONS = {
    OverrideReason.SAFETY: "Safety of students or staff, now",
    OverrideReason.LEGAL: "A legal duty with a date",
    OverrideReason.STATE: "The state requires it then",
    OverrideReason.BOARD: "The board requires it then",
    OverrideReason.STAFFING: "Staffing that cannot wait",
    OverrideReason.OTHER: "Another reason",
}


def ask_override(turn: Turn, action: Action, _values: Values) -> Cards:
    """Ask the executives; about safety they are asked at once, in protected time too."""
    meeting = load(turn, action)
    require_requester(turn, meeting)
    executives = people.people_with_role(turn.tx, Role.EXECUTIVE, on=turn.today)
    if not executives:
        raise UserError(
            "No executive is in the roster, so nobody can decide this. Take one of the free times."
        )
    settle(turn, meeting, state="asked")
    request = request_of(turn, meeting)
    is_safety = "safety" in action.args
    for person in executives:
        card = _form(turn, meeting, request, asker=turn.person.name, reader=person, is_safety=is_safety)
        tell(turn, person, card, meeting, request, kind="override", is_emergency=is_safety)
    names = " or ".join(person.name for person in executives[:3])
    at_once = " They have it at once." if is_safety else ""
    return [plain(f"Asked. {names} decides, and gives a reason that everyone concerned will read.{at_once}")]


def open_form(turn: Turn, action: Action, _values: Values) -> Cards:
    meeting = load(turn, action)
    require(turn.person, Right.OVERRIDE, object=f"meeting:{meeting.id}")
    return [_form(turn, meeting, request_of(turn, meeting), asker=None, reader=turn.person)]


def _form(
    turn: Turn,
    meeting: MeetingRow,
    request: Request,
    *,
    asker: str | None,
    reader: Person,
    is_safety: bool = False,
) -> Card:
    """The form an executive fills in. ``meeting`` is as it is after whatever change this turn made."""
    budget = budget_of(turn, meeting.office, meeting.day)
    options = tuple(Option(reason.value, label) for reason, label in REASONS.items())
    return Card(
        "Override of protected time",
        (
            Text(_request_text(turn, meeting, request, asker=asker, reader=reader)),
            Text(_budget_text(turn, budget)),
            Field(
                "reason",
                "Why it cannot be at another time",
                FieldKind.CHOICE,
                value=OverrideReason.SAFETY.value if is_safety else "",
                options=options,
                required=True,
            ),
            Field("sentence", "In one sentence, for those who lose the time", FieldKind.LINE, required=True),
            _decide_buttons(meeting, "meeting.override", "Override"),
        ),
    )


def _request_text(
    turn: Turn, meeting: MeetingRow, request: Request, *, asker: str | None, reader: Person
) -> str:
    refused = refusal(turn, request)
    when = request.start_for(zone_of(reader, turn.district)).say(turn.today)
    window = refused.rule.window if refused else "That time"
    cost = refused.cost.say() if refused else f"{len(request.who.people)} people x {request.minutes} minutes"
    who = f"{asker}, {meeting.office}, asks" if asker else "You ask"
    return (
        f"{who} for {when} with {request.who.count} about {meeting.topic}. "
        f"{window} belongs to schools. Cost: {cost}."
    )


def _budget_text(turn: Turn, budget: Budget) -> str:
    left = f"{budget.office} has taken {budget.say()}."
    if not budget.has_run_out:
        return left
    named = beyond(turn)
    who = f"only {named.name} can decide" if named else "another executive must second it"
    return f"{left} The budget has run out: {who}. Safety passes all the same."


def _decide_buttons(meeting: MeetingRow, action: str, label: str) -> Buttons:
    args = {"meeting": meeting.id or 0, "v": meeting.version}
    return Buttons(
        (
            Button(label, act(action, **args), Emphasis.DANGER),
            Button("Keep it protected", act("meeting.keep", **args), Emphasis.PRIMARY),
        )
    )


def override(turn: Turn, action: Action, values: Values) -> Cards:
    """An executive's decision, with a kind of reason and a sentence."""
    meeting = load(turn, action)
    require(turn.person, Right.OVERRIDE, object=f"meeting:{meeting.id}")
    _check_undecided(meeting, "refused", "asked")
    request = request_of(turn, meeting)
    taken = _read(turn, request, values.get("reason", ""), values.get("sentence", ""))
    meetings.hold_budget(turn.tx, meeting.office)
    budget = budget_of(turn, meeting.office, meeting.day)
    named = beyond(turn)
    stands = protected_overrides.standing(
        taken.reason, budget, by=turn.person.id, beyond=named.id if named else None
    )
    if stands is Standing.NEEDS_SECOND:
        return _ask_to_second(turn, meeting, request, taken, budget)
    settle(turn, meeting, state="overridden", reason_class=taken.reason.value, reason=taken.sentence)
    return _carry_out(
        turn, meeting, request, taken, why=f"{turn.person.name}: {REASONS[taken.reason].lower()}"
    )


def _check_undecided(meeting: MeetingRow, *states: str) -> None:
    if meeting.state not in states:
        raise StaleError("That is settled another way by now. Ask for the meeting again if it still matters.")


def _read(turn: Turn, request: Request, reason: str, sentence: str) -> Override:
    refused = refusal(turn, request)
    if refused is None:
        raise UserError(
            "That time is no longer protected, so it needs no override. Ask for the meeting again."
        )
    if request.begins <= turn.now:
        raise UserError("That time has begun or passed. Ask for the meeting again.")
    try:
        return protected_overrides.override(refused, OverrideReason(reason), sentence)
    except protected_overrides.OverrideFault as fault:
        raise UserError(str(fault)) from None
    except ValueError:
        raise UserError("Choose the kind of reason, then press Override again.") from None


def _ask_to_second(
    turn: Turn, meeting: MeetingRow, request: Request, taken: Override, budget: Budget
) -> Cards:
    others = seconders(turn, apart_from=turn.person.id)
    if not others:
        raise UserError(
            f"{budget.office} has taken {budget.say()}. The budget has run out, and no other executive is in the "
            "roster to second it. Take one of the free times; the administrator sets the budget."
        )
    settle(turn, meeting, state="to_second", reason_class=taken.reason.value, reason=taken.sentence)
    requester = people.get_person(turn.tx, meeting.requester_id, on=turn.today)
    for person in others:
        card = Card(
            "Second an override",
            (
                Text(_request_text(turn, meeting, request, asker=requester.name, reader=person)),
                Quote(taken.sentence, f"{turn.person.name}: {REASONS[taken.reason].lower()}"),
                Text(f"{budget.office} has taken {budget.say()}, so it needs you as well."),
                _decide_buttons(meeting, "meeting.second", "Second it"),
            ),
        )
        tell(turn, person, card, meeting, request, kind="override-second", is_emergency=False)
    names = " or ".join(person.name for person in others[:3])
    return [
        plain(
            f"{budget.office} has taken {budget.say()}: the budget has run out. {names} was asked to second it; "
            "until then it stays protected."
        )
    ]


def second(turn: Turn, action: Action, _values: Values) -> Cards:
    """The second executive, where the budget has run out."""
    meeting = load(turn, action)
    require(turn.person, Right.OVERRIDE, object=f"meeting:{meeting.id}")
    _check_undecided(meeting, "to_second")
    first = people.get_person(turn.tx, meeting.decided_by or 0, on=turn.today)
    if turn.person not in seconders(turn, apart_from=first.id):
        named = beyond(turn)
        who = f"{named.name} seconds it" if named and named.id != first.id else "Another executive seconds it"
        raise NotAllowedError(
            f"{who}, because the budget has run out. I have changed nothing.",
            right=Right.OVERRIDE,
            object=f"meeting:{meeting.id}",
        )
    request = request_of(turn, meeting)
    taken = _read(turn, request, meeting.reason_class or "", meeting.reason or "")
    settle(turn, meeting, state="overridden", decided_by=first.id, seconded_by=turn.person.id)
    why = f"{first.name}, seconded by {turn.person.name}: {REASONS[taken.reason].lower()}"
    return _carry_out(turn, meeting, request, taken, why=why)


def _carry_out(turn: Turn, meeting: MeetingRow, request: Request, taken: Override, *, why: str) -> Cards:
    """Everything that follows from an override that stands; ``meeting`` is overridden already and so counts."""
    pushed_out = push_out(turn, meeting, request)
    count_losses(turn, meeting, request, taken)
    if taken.reason.is_emergency:
        number, span = emergencies_of(turn, meeting.office, meeting.day)
        counted = f"Emergencies are counted apart: {number} of {meeting.office} {span.called}."
    else:
        budget = budget_of(turn, meeting.office, meeting.day)
        counted = f"{meeting.office} has now taken protected time: {budget.say()}."
    tell_affected(turn, meeting, request, taken, pushed_out, why=why, counted=counted)
    when = request.start_for(turn.zone).say(turn.today)
    at_once = " at once" if taken.reason.is_emergency else ""
    cost = replace(taken.cost, visits=0).say()  # the visits stand below, one by one
    text = f"Recorded: {when}, {cost}. Everyone concerned reads your reason{at_once}. {counted}"
    blocks: list[Block] = [Text(text)]
    blocks += [Text(one.say(turn)) for one in pushed_out]
    return [Card("", tuple(blocks))]


def keep(turn: Turn, action: Action, _values: Values) -> Cards:
    """It stays protected; whoever asked, and a first executive who wanted it, read so."""
    meeting = load(turn, action)
    require(turn.person, Right.OVERRIDE, object=f"meeting:{meeting.id}")
    _check_undecided(meeting, "refused", "asked", "to_second")
    first = meeting.decided_by if meeting.state == "to_second" else None
    settle(turn, meeting, state="withdrawn")
    request = request_of(turn, meeting)
    when = request.start.say(turn.today)
    free = nearest(turn, request)
    wanted = {meeting.requester_id, first or meeting.requester_id} - {turn.person.id}
    for person in people.get_people(turn.tx, wanted, on=turn.today).values():
        tell_when_open(
            turn.tx,
            turn.district,
            person,
            plain(f"{when} stays with schools. {_free(turn, free)} Ask again for one."),
            kind="override-answer",
            period=f"{meeting.id}",
            now=turn.now,
            subject=f"meeting:{meeting.id}",
        )
    return [plain("It stays protected. Whoever asked gets the free times.")]


def _free(turn: Turn, free: Sequence[Start]) -> str:
    return (
        f"Free for all of them: {say_starts(turn, tuple(free))}."
        if free
        else "No half-hour is free for all of them."
    )
