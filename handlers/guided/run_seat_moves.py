"""The people of a run change: somebody is invited and joins, leaves, or hands a seat over.

Whose question it is decides who reads along: only the host (or presenter) invites. Who joins sees what is shared,
never what was private; who takes a seat over sees what its former holder shared.
"""

import re

from rapidfuzz import fuzz

from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Emphasis, Text
from handlers.errors import StaleError, UserError
from handlers.guided import run_ends
from handlers.guided.run_cards import asked_card
from handlers.guided.run_moves import add, expect, in_thread, make, tell, tell_others
from handlers.guided.run_people import pool_of
from handlers.guided.run_seats import Seat, school_of, seat_at, take_seat
from handlers.permissions import Right, Subject, require
from handlers.post import tell_now
from handlers.turn import Cards, Turn, Values
from protocols.guided import moves
from protocols.guided.moves import Move, MoveRefused
from protocols.guided.refusals import explain
from protocols.guided.steps import Pool, Protocol, Role, SeatKey, role_of, seat_key
from storage import people, record, runs
from storage.people import Person
from storage.runs import Run

_NOTHING_LEFT = "That conversation is over, so there is nothing to hand over."
NEAR = 80
"""From so much likeness on (0 to 100) a name is taken for the person's."""
INVITE = re.compile(
    r"invite\s+(?P<who>.+?)(?:\s+(?:to|into)\s+(?:the\s+|my\s+)?(?P<what>.+?))?", re.IGNORECASE
)
_OWNERS = (Role.HOST, Role.PRESENTER)
_MEANT_FOR = {
    Pool.PRINCIPALS: "a principal of the network",
    Pool.ILDS: "an ILD",
    Pool.ANYONE: "a principal of the network or an ILD",
}
_INVITED = tuple(_MEANT_FOR)


def invite_words(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "invite Farid to my inquiry". None where the person has no run that anybody could join.

    Of several runs only those are meant in which that person can be invited.
    """
    what = (match["what"] or "").casefold()
    open_runs = [
        run
        for line in runs.going(turn.tx, turn.person.id)
        if (not what or any(word in line.title.casefold() for word in what.split()))
        and (run := runs.get(turn.tx, line.id))
        and free_seats(run)
    ]
    if not open_runs:
        return None
    meant: list[tuple[Seat, Person]] = []
    why_not: list[UserError] = []
    for run in open_runs:
        try:
            seat = take_seat(turn, run.id)
            person = _find(turn, seat, match["who"])
            _check_invited(turn, seat, person)
            meant.append((seat, person))
        except UserError as error:
            why_not.append(error)
    if not meant:
        raise why_not[0]
    if len(meant) == 1:
        return _invite(turn, *meant[0])
    buttons = tuple(
        Button(seat.title, act("run.invite", run=seat.run.id, person=person.id)) for seat, person in meant
    )
    return [Card("", (Text("To which one?"), Buttons(buttons)))]


def press_invite(turn: Turn, action: Action, _values: Values) -> Cards:
    person = people.get_people(turn.tx, {action.number("person")}, on=turn.today).get(action.number("person"))
    if person is None:
        raise UserError("I can't find that person any more.")
    seat = take_seat(turn, action.number("run"))
    _check_invited(turn, seat, person)
    return _invite(turn, seat, person)


def free_seats(run: Run) -> list[SeatKey]:
    """Further seats that somebody may be invited to, the next one of each role that has room."""
    if run.state.is_over:
        return []
    return [
        _next_seat(run, role)
        for role, part in run.protocol.parts.items()
        if part.pool in _INVITED and sum(role_of(seat) is role for seat in run.state.seats) < part.at_most
    ]


def _seat_for(turn: Turn, run: Run, person: Person) -> SeatKey | None:
    """The free seat that this person may take; None where no free seat is for people like them."""
    school = school_of(turn, run)
    for key in free_seats(run):
        pool = pool_of(turn, run.protocol.parts[role_of(key)].pool, school)
        if person.id in {candidate.id for candidate in pool}:
            return key
    return None


def _next_seat(run: Run, role: Role) -> SeatKey:
    """A seat nobody has ever had: what somebody wrote who has left stays theirs."""
    number = 1
    while seat_key(role, number) in run.people:
        number += 1
    return seat_key(role, number)


def _check_invited(turn: Turn, seat: Seat, person: Person) -> None:
    """Raises ``UserError`` where somebody else invites here, or the person has a seat or may not take one."""
    owners = [key for key in seat.run.state.seats if role_of(key) in _OWNERS]
    if owners and seat.key not in owners:
        raise UserError(f"It is {seat.names[owners[0]]}'s question, so {seat.names[owners[0]]} invites.")
    if person.id in seat.run.sitting.values():
        raise UserError(f"{person.name} takes part already.")
    free = free_seats(seat.run)
    if not free:
        raise UserError("There is no seat free for another person here.")
    if _seat_for(turn, seat.run, person) is None:
        meant = " or ".join(_MEANT_FOR[seat.run.protocol.parts[role_of(key)].pool] for key in free)
        raise UserError(f"{person.name} can't be invited to this one: the free seat is for {meant}.")


def _invite(turn: Turn, seat: Seat, person: Person) -> Cards:
    """Ask the person; that they may be asked has been checked."""
    record.note_once(turn.tx, kind="run_invited", object=f"{seat.run.id}:{person.id}", at=turn.now)
    run_ends.audit(turn, seat, "run.invited", person=person.id)
    text = (
        f"{turn.person.name} invites you to think along in the {seat.title}. "
        "You would read what is shared in it, and add what you see."
    )
    buttons = (
        Button("Join", act("run.join", run=seat.run.id), Emphasis.PRIMARY),
        Button("Not now", act("run.decline", run=seat.run.id)),
    )
    tell_now(
        turn.tx,
        person.id,
        Card("", (Text(text), Buttons(buttons))),
        kind="run_invite",
        period=f"{seat.run.id}:{turn.key}",
        now=turn.now,
    )
    return [Card("", (Text(f"Asked {person.name}. You'll hear either way."),))]


def press_join(turn: Turn, action: Action, _values: Values) -> Cards:
    """The invited person takes a seat."""
    run = _invited(turn, action)

    def join(fresh: Run) -> list[Move]:
        _check_open(turn, fresh)
        key = _seat_for(turn, fresh, turn.person)
        if key is None and free_seats(fresh):
            raise UserError("There is no seat for you in it any more.")
        if key is None:
            raise UserError("Every seat is taken by now.")
        return [moves.Join(key)]

    before, after = add(turn, run, join, _refuse)
    key = next(seat for seat in after.state.seats if seat not in before.state.seats)
    runs.seat(turn.tx, run.id, key, turn.person.id, at=turn.now)
    seat = take_seat(turn, run.id)
    run_ends.audit(turn, seat, "run.joined")
    for other in seat.others:
        tell(turn, other, Card("", (Text(f"{turn.person.name} has joined the {seat.title}."),)))
    expect(turn, seat)
    return in_thread(seat, [asked_card(seat, turn.today)])


def press_decline(turn: Turn, action: Action, _values: Values) -> Cards:
    run = _invited(turn, action)
    host = next((run.people[key] for key in run.state.seats if role_of(key) in _OWNERS), None)
    if host is not None:
        text = f"{turn.person.name} can't think along just now."
        card = Card("", (Text(text),))
        tell_now(turn.tx, host, card, kind="run_declined", period=f"{run.id}:{turn.key}", now=turn.now)
    return [Card("", (Text("Good. I have passed that on."),))]


def _invited(turn: Turn, action: Action) -> Run:
    run = runs.get(turn.tx, action.number("run"))
    is_invited = record.is_noted(
        turn.tx, kind="run_invited", object=f"{action.number('run')}:{turn.person.id}"
    )
    if run is None or not is_invited:
        require(turn.person, Right.TAKE_PART, Subject(), object=f"run:{action.number('run')}")
        raise UserError("That invitation is not open any more.")
    _check_open(turn, run)
    return run


def _check_open(turn: Turn, run: Run) -> None:
    """Raises ``UserError`` where the one invited has joined already, or it is over."""
    if turn.person.id in run.sitting.values():
        card = asked_card(take_seat(turn, run.id), turn.today, before=[Text("You take part already.")])
        raise StaleError("You take part already.", card=card)
    if run.state.is_over:
        raise UserError("That conversation is over.")


def _refuse(run: Run, refused: MoveRefused) -> UserError:
    return UserError(explain(refused, run.protocol))


def leave_words(turn: Turn, _match: re.Match[str]) -> Cards | None:
    """ "leave": gives up a seat that can be done without. None where the person has none."""
    for line in runs.going(turn.tx, turn.person.id):
        run = runs.get(turn.tx, line.id)
        key = run.seat_of(turn.person.id) if run else None
        if run is None or key is None or not _may_leave(run.protocol, run, key):
            continue
        seat = take_seat(turn, run.id)
        before, after = make(turn, seat, lambda s: [moves.Leave(s.key)])
        runs.unseat(turn.tx, run.id, key, at=turn.now)
        record.expect_nothing(turn.tx, turn.person.id)
        run_ends.audit(turn, seat, "run.left")
        left = Text(f"{turn.person.name} has left the {seat.title}. What was written stays.")
        if after.run.state.is_over:  # nobody else was waited for
            for other in after.others:
                tell(turn, other, Card("", (left,)))
            run_ends.conclude(turn, after)
        else:
            tell_others(turn, before, after, (left,))
        return [Card("", (Text(f"You have left the {seat.title}. What you wrote stays with the others."),))]
    return None


def _may_leave(protocol: Protocol, run: Run, key: SeatKey) -> bool:
    taken = [seat for seat in run.state.seats if role_of(seat) is role_of(key)]
    return len(taken) > protocol.parts[role_of(key)].at_least


def hand_over(turn: Turn, run_id: int, key: SeatKey, person: Person) -> None:
    """From now on ``person`` sits there. The caller has asked whether this is allowed; both sides are told."""
    run = runs.get(turn.tx, run_id)
    if run is None:
        raise UserError(_NOTHING_LEFT)

    def pass_on(fresh: Run) -> list[Move]:
        if fresh.state.is_over or key not in fresh.state.seats:
            raise UserError(_NOTHING_LEFT)
        if person.id in fresh.sitting.values():
            raise UserError(f"{person.name} takes part in it already.")
        return [moves.HandOver(key)]

    add(turn, run, pass_on, _refuse)
    runs.seat(turn.tx, run_id, key, person.id, at=turn.now)
    fresh = runs.get(turn.tx, run_id)
    assert fresh is not None  # it was just written
    seat = seat_at(turn, fresh, school_of(turn, fresh), key)
    run_ends.audit(turn, seat, "run.handed_over", to=person.id)
    text = Text(f"From now on you take part in the {seat.title}. It goes on where it stood.")
    here = Buttons((Button("Go on", act("run.resume", run=run_id), Emphasis.PRIMARY),))
    tell(turn, seat, Card("", (text, here)))
    for other in seat.others:
        tell(turn, other, Card("", (Text(f"{person.name} goes on with you in the {seat.title}."),)))


def _find(turn: Turn, seat: Seat, words: str) -> Person:
    """Somebody who may be invited, by a name as people write it. Raises ``UserError`` where nobody is near."""
    parts = seat.run.protocol.parts
    pools = [pool_of(turn, parts[role_of(key)].pool, seat.school) for key in free_seats(seat.run)]
    pool = {person.id: person for people_of in pools for person in people_of}.values()
    wanted = words.strip().casefold()
    near = [
        person
        for person in pool
        if person.id != turn.person.id
        and max(
            fuzz.ratio(wanted, person.name.casefold()),
            fuzz.ratio(wanted, person.given_name.casefold()),
            fuzz.ratio(wanted, person.family_name.casefold()),
        )
        >= NEAR
    ]
    if len(near) == 1:
        return near[0]
    if near:
        raise UserError(f"Which one: {', '.join(person.name for person in near)}? Write the whole name.")
    raise UserError(f"I know nobody like “{words}” whom you could invite. Write the whole name.")
