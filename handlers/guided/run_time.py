"""The clock of a conversation: more time, resting until a step comes back by itself, and what the clock says unasked.

Everything it needs is in the run's events and its row, so it goes on after a restart where it was.
"""

import re
from datetime import date, datetime, timedelta

from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Emphasis, Field, FieldKind, Option, Text
from handlers.district import District, load_district
from handlers.guided.run_moves import pressed_seat, refusal, store
from handlers.guided.run_screen import thread_of
from handlers.guided.run_seats import Seat, take_seat
from handlers.guided.run_standing import where_card
from handlers.post import tell_now, tell_when_open
from handlers.turn import Cards, Turn, Values
from protocols.cadence.moments import say_day
from protocols.guided import moves
from protocols.guided.engine import call
from protocols.guided.history import follow
from protocols.guided.moves import MoveRefused, Reason
from protocols.guided.prompts import Manner, Prompt, shown_to
from protocols.guided.state import ends_at, leading_seats, seats_of
from protocols.guided.steps import lowered, role_of
from protocols.guided.wording import blanks, fill
from storage import people, record, runs
from storage.database import Store, Tx
from storage.runs import Run

LIFETIME = timedelta(minutes=30)
"""A word about the time that comes later than this is only noise."""
CALL_LIFETIME = timedelta(days=7)
_NUMBERS = {"a few": 5, "two": 2, "three": 3, "five": 5, "ten": 10, "fifteen": 15}
MORE = re.compile(
    rf"(?:please )?(?:give (?:us|them|me) |we need )?(?P<count>\d{{1,2}}|{'|'.join(_NUMBERS)}) more min(?:ute)?s?",
    re.IGNORECASE,
)


def more_minutes(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "five more minutes", from whoever leads. None where no run of theirs is timed now."""
    count = match["count"].casefold()
    minutes = int(count) if count.isdigit() else _NUMBERS[count]
    for line in runs.going(turn.tx, turn.person.id):
        run = runs.get(turn.tx, line.id)
        if (
            run
            and ends_at(run.protocol, run.state)
            and run.seat_of(turn.person.id) in leading_seats(run.protocol, run.state)
        ):
            seat = take_seat(turn, line.id)
            return _extend(turn, seat, seat.run.state.step, minutes, None)
    return None


def press_extend(turn: Turn, action: Action, _values: Values) -> Cards:
    seat, step, version = pressed_seat(turn, action)
    return _extend(turn, seat, step, action.number("minutes"), version)


def _extend(turn: Turn, seat: Seat, key: str, minutes: int, version: int | None) -> Cards:
    """More time for step ``key``; by a press (with its ``version``) once, in words as often as they are said."""
    after = store(turn, seat, lambda s: [moves.Extend(s.key, key, minutes, version)])
    ends = ends_at(after.run.protocol, after.run.state)
    assert ends is not None  # only a timed step is extended
    step = after.run.protocol.step(after.run.state.step).title
    until = f"{ends.astimezone(turn.zone):%H:%M}"
    for other in after.others:
        text = f"{turn.person.given_name} gives “{step}” {minutes} more minutes, until {until}."
        tell_now(
            turn.tx,
            other.person.id,
            Card("", (Text(text),)),
            kind="run_time",
            period=f"{seat.run.id}:{after.run.state.version}",
            now=turn.now,
            lifetime=LIFETIME,
            subject=f"run:{seat.run.id}",
            thread=thread_of(seat.run),
        )
    return [Card("", (Text(f"{minutes} more minutes, until {until}."),))]


def press_rest(turn: Turn, action: Action, _values: Values) -> Cards:
    """Nothing more for now: the step comes back after so many school days."""
    seat, step, version = pressed_seat(turn, action)
    return rest(turn, seat, step, version)


def rest(turn: Turn, seat: Seat, step: str, version: int | None) -> Cards:
    """Leave a step open until it comes back; by a press (with its ``version``) or in words."""
    every = seat.run.protocol.step(step).every
    if every is None:
        raise refusal(turn, seat, MoveRefused(Reason.DOES_NOT_RETURN), {})
    until = turn.district.calendar.add_school_days(turn.today, every) or turn.today + timedelta(days=every)
    store(turn, seat, lambda s: [moves.Rest(s.key, step, until, version)])
    record.expect_nothing(turn.tx, turn.person.id)
    text = (
        f"Good. I'll bring it up again {say_day(until, turn.today)}. "
        "Before that, write “resume” whenever there is something to add."
    )
    return [Card("", (Text(text), Buttons((Button("Write it now", act("run.resume", run=seat.run.id)),))))]


def press_offers(turn: Turn, action: Action, values: Values) -> Cards:
    """The framework's look-fors: first the practice, then those of it that one ticks."""
    seat, step, version = pressed_seat(turn, action)
    offers = seat.run.protocol.step(step).offers
    groups = list(dict.fromkeys(offer.group for offer in offers))
    args: dict[str, str | int] = {"run": seat.run.id, "step": step, "v": version}
    place = values.get("practice", "")
    if not place.isdigit() or not 0 < int(place) <= len(groups):
        options = tuple(Option(str(number), group) for number, group in enumerate(groups, 1))
        field = Field("practice", "Practice", FieldKind.CHOICE, options=options)
        show = Button("Show its look-fors", act("run.offers", **args), Emphasis.PRIMARY)
        return [Card("From the framework", (field, Buttons((show,))))]
    group = groups[int(place) - 1]
    options = tuple(Option(offer.key, offer.text) for offer in offers if offer.group == group)
    picks = Field("picks", "Look-fors", FieldKind.CHOICES, options=options)
    buttons = (
        Button("Add these", act("run.answer", **args), Emphasis.PRIMARY),
        Button("Another practice", act("run.offers", **args)),
    )
    return [Card(group, (picks, Buttons(buttons)))]


def time_left(turn: Turn, _match: re.Match[str]) -> Cards | None:
    """ "time left": how it stands, with until when. None where the person is in no run that is timed."""
    for line in runs.going(turn.tx, turn.person.id):
        run = runs.get(turn.tx, line.id)
        ends = ends_at(run.protocol, run.state) if run else None
        if run is None or ends is None:
            continue
        seat = take_seat(turn, line.id)
        minutes = round((ends - turn.now).total_seconds() / 60)
        step = run.protocol.step(run.state.step).title
        left = f"{minutes} min left" if minutes > 0 else "The time is up"
        card = where_card(seat, turn.today)
        return [Card(card.title, (Text(f"{left} for “{step}”."), *card.blocks))]
    return None


# ---------------------------------------------------------------- the clock


def tell_time(store: Store, now: datetime) -> int:
    """Tell whoever leads that two minutes are left, and that the time is up; how many runs."""
    with store.read() as tx:
        due = runs.ticking(tx, now)
    count = 0
    for run_id in due:
        with store.begin() as tx:
            run = runs.get(tx, run_id)
            if run is not None and runs.tick_on(tx, run, now):
                count += _say_time(tx, run, now)
    return count


def _say_time(tx: Tx, run: Run, now: datetime) -> bool:
    ends = ends_at(run.protocol, run.state)
    if ends is None or now - ends > LIFETIME:
        return False
    step = run.protocol.step(run.state.step)
    is_up = now >= ends
    text = f"The time for “{step.title}” is up." if is_up else f"Two minutes left for “{step.title}”."
    for seat in leading_seats(run.protocol, run.state):
        shown = shown_to(run.protocol, run.state, seat)
        args: dict[str, str | int] = {"run": run.id, "step": step.key, "v": shown.version}
        buttons = [Button("5 more minutes", act("run.extend", minutes=5, **args))]
        if is_up and isinstance(shown, Prompt) and (shown.may_finish or shown.manner is Manner.LEAD):
            buttons.insert(0, Button("Go on", act("run.finish", **args), Emphasis.PRIMARY))
        tell_now(
            tx,
            run.people[seat],
            Card("", (Text(text), Buttons(tuple(buttons)))),
            kind="run_time",
            period=f"{run.id}:{step.key}:{ends.isoformat()}:{'up' if is_up else 'soon'}",
            now=now,
            lifetime=LIFETIME,
            subject=f"run:{run.id}",
            thread=thread_of(run),
        )
    return True


def call_back(store: Store, now: datetime) -> int:
    """Bring up each step whose day has come, once, to all who gather evidence in it; how many runs."""
    with store.read() as tx:
        district = load_district(tx)
        due = runs.resting(tx, now.astimezone(district.zone).date())
    count = 0
    for run_id in due:
        with store.begin() as tx:
            count += _call(tx, run_id, now)
    return count


def rest_on(tx: Tx, district: District, run: Run, *, since: date) -> None:
    """Set the day on which the open step, one that comes back by itself, does so."""
    every = run.protocol.step(run.state.step).every
    assert every is not None  # the caller asked
    until = district.calendar.add_school_days(since, every) or since + timedelta(days=every)
    runs.rest_until(tx, run.id, until)


def _call(tx: Tx, run_id: int, now: datetime) -> bool:
    run = runs.get(tx, run_id)
    events = call(run.protocol, run.state, at=now) if run else ()
    if run is None or not events:
        return False
    state = follow(run.protocol, run.state, events)
    try:
        runs.append(tx, run, events, state, person_id=None, at=now)
    except runs.RunMovedOnError:
        return False  # the next tick looks again
    district = load_district(tx)
    today = now.astimezone(district.zone).date()
    school = people.school_on(tx, run.school_id, today) if run.school_id else None
    step = run.protocol.step(state.step)
    rest_on(tx, district, run, since=today)  # unanswered, it comes once more
    name = f"{school.name} {lowered(run.protocol.title)}" if school else run.protocol.title
    seats = seats_of(state, step)
    known = people.get_people(tx, {run.people[seat] for seat in seats}, on=today)
    for seat in seats:
        names = {s: known[run.people[s]].given_name for s in seats}
        ask = fill(step.ask[role_of(seat)], blanks(run.protocol, names))
        text = f"{name}: time for “{step.title}” again. {ask}"
        button = Button("Write it now", act("run.resume", run=run.id), Emphasis.PRIMARY)
        tell_when_open(
            tx,
            district,
            known[run.people[seat]],
            Card("", (Text(text), Buttons((button,)))),
            kind="run_call",
            period=f"{run.id}:{state.step}:{state.calls.get(state.step, 0)}:{state.round_of(state.step)}",
            now=now,
            lifetime=CALL_LIFETIME,
            subject=f"run:{run.id}:called",
        )
    return True
