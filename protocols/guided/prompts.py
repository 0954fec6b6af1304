"""What each seat is asked now, in words; or why it waits, and for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from protocols.guided.comparison import Comparison, Contrast, compare, contrasts, start_here
from protocols.guided.entry_rules import room_now
from protocols.guided.state import (
    Entry,
    Held,
    HeldKind,
    Promise,
    RunState,
    Status,
    asked_step,
    closes_for_all,
    counted,
    ends_at,
    is_enough_for_all,
    is_passed_over,
    lap_item,
    leading_seats,
    led_step,
    own,
    place_of,
    seats_of,
    unanswered,
    waited_for,
)
from protocols.guided.steps import (
    Challenge,
    Offer,
    Option,
    Protocol,
    Role,
    SeatKey,
    Step,
    StepKind,
    join_names,
    role_of,
)
from protocols.guided.summary import may_see
from protocols.guided.wording import blanks, excerpt, fill, say_number_of

_NAMED = 4  # so many people are named, more are "the others"

_CHALLENGES = {
    Challenge.EVIDENCE: "What did you see or hear that tells you so: who was doing what, or saying what?",
    Challenge.NEXT_STEP: "How would both of you see that it was done, and by when?",
    Challenge.PROBLEM_OF_PRACTICE: "Which part of it is in your own hands, and small enough to move in some weeks?",
    Challenge.AIM: "For whom, how much, and by when?",
    Challenge.RATIONALE: "Why should this act on that cause?",
}
_TOO_MANY = "That is {count}, and {max} fit here. Which {max} shall we keep?"


class Manner(StrEnum):
    """What kind of question it is, and so which buttons belong under it."""

    ASK = "ask"
    CHALLENGE = "challenge"  # Rewrite, Keep as my impression
    CHOOSE = "choose"  # ``options`` are the places to choose from
    REVEAL = "reveal"
    TALK = "talk"  # nothing is written; somebody says when it is over
    LEAD = "lead"  # others write, and this seat closes the step for them


@dataclass(frozen=True, slots=True)
class Prompt:
    """What one seat is asked. ``version`` goes on every button made from it.

    ``entries`` are what this seat (or, where counts are shared, everybody) has written in the step so far;
    ``quote`` is the text a challenge is about; ``ends_at`` is when the time is up, of a timed step; ``listens`` are
    the roles who now read along; ``promises`` are set on the first step only. ``item`` is the entry of a list that
    this one question is about. ``offers`` are what a list may be filled from. ``rests_until`` is the day on which a
    step comes back by itself, ``may_rest`` whether it may be left for now. For notes, ``tags`` are the look-fors to
    choose from (the entry's number and text) and ``room`` is that of the note before.
    """

    seat: SeatKey
    step: str
    version: int
    manner: Manner
    kind: StepKind
    title: str
    phase: str
    text: str
    number: int
    total: int
    help: str = ""
    quote: str = ""
    options: tuple[Option, ...] = ()
    entries: tuple[Entry, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    contrasts: tuple[Contrast, ...] = ()
    offers: tuple[Offer, ...] = ()
    item: Entry | None = None
    promises: tuple[Promise, ...] = ()
    tags: tuple[Option, ...] = ()
    room: str = ""
    round: int = 1
    listens: tuple[Role, ...] = ()
    minutes: int | None = None
    ends_at: datetime | None = None
    is_leading: bool = False
    rests_until: date | None = None
    may_rest: bool = False
    may_finish: bool = False
    may_skip: bool = False
    may_go_back: bool = False
    is_revisited: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing is asked of this seat. ``text`` says why; ``seats`` are those waited for, if it is for people.

    ``is_told`` says that the protocol has words for those who wait here, which they are told as the step opens.
    """

    seat: SeatKey
    step: str
    version: int
    text: str
    seats: tuple[SeatKey, ...] = ()
    is_listening: bool = False
    is_told: bool = False
    ends_at: datetime | None = None
    may_go_back: bool = False


def prompts(
    protocol: Protocol, state: RunState, names: Mapping[SeatKey, str] | None = None
) -> dict[SeatKey, Prompt | Waiting]:
    """For each seat of the run what it is asked, or why it waits.

    ``names`` are the people in the seats; a seat without a name is called as the protocol calls it.
    """
    return {seat: shown_to(protocol, state, seat, names) for seat in state.seats}


def shown_to(
    protocol: Protocol, state: RunState, seat: SeatKey, names: Mapping[SeatKey, str] | None = None
) -> Prompt | Waiting:
    """What one seat is asked, or why it waits."""
    known = {**{each: protocol.roles[role_of(each)] for each in state.seats}, **(names or {})}
    if step := asked_step(protocol, state, seat):
        return _prompt(protocol, state, seat, step, known)
    if led := led_step(protocol, state, seat):
        return _lead(protocol, state, seat, led, known)
    return _wait(protocol, state, seat, known)


def _prompt(
    protocol: Protocol, state: RunState, seat: SeatKey, step: Step, names: Mapping[SeatKey, str]
) -> Prompt:
    held = state.held.get(seat)
    entries = counted(state, step, seat)
    is_revisited = state.revisiting.get(seat) == step.key
    lap = lap_item(state, step, seat)
    about = lap if step.kind is StepKind.REVEAL else None
    comparisons = compare(protocol, state, step.reveals, about=about)
    asked_for = _item(state, step, seat, held)
    places = _places(held, own(state, step, seat)) if held and held.kind is HeldKind.OVERFULL else ()
    item = asked_for or lap
    is_first = protocol.position(step.key) == 0
    least = len(entries) + len(unanswered(state, step, seat)) if step.per else step.min_entries
    is_leading = seat in leading_seats(protocol, state)
    is_open = state.step == step.key
    if closes_for_all(protocol, state, step, seat):
        may_finish = is_enough_for_all(state, step)
    else:
        may_finish = is_revisited or not step.is_written or len(entries) >= least
        may_finish = may_finish and not (step.per and not entries)
    return Prompt(
        seat=seat,
        step=step.key,
        version=state.version,
        manner=_manner(step, held),
        kind=step.kind,
        title=step.title,
        phase=step.phase,
        text=_text(
            protocol,
            step,
            held,
            entries,
            seat,
            names,
            comparisons,
            item=item,
            is_asked_for_one=asked_for is not None,
            count=len(places),
            is_revisited=is_revisited,
        ),
        number=place_of(protocol, state, step.key)[0],
        total=place_of(protocol, state, step.key)[1],
        help=fill(step.help, blanks(protocol, names), item=item.text if item else ""),
        quote=held.texts[0] if held and held.kind is HeldKind.CHALLENGED else "",
        options=places or step.options,
        entries=entries,
        comparisons=comparisons,
        contrasts=contrasts(protocol, state, step.reveals),
        offers=step.offers,
        item=item,
        promises=state.promises if is_first else (),
        tags=tuple(Option(str(e.number), e.text) for e in state.live(step.tags)) if step.tags else (),
        room=_room(state, step, seat, entries),
        round=state.round_of(step.key),
        listens=step.listens,
        minutes=step.minutes,
        ends_at=ends_at(protocol, state) if is_open else None,
        is_leading=is_leading and is_open,
        rests_until=state.rests.get(step.key),
        may_rest=held is None and step.every is not None and is_open and (step.key, seat) not in state.done,
        may_finish=held is None and may_finish,
        may_skip=held is None and not step.is_required and (step.key, seat) not in state.done,
        may_go_back=_may_go_back(protocol, state, seat, before=step.key)
        and not (held and held.kind is HeldKind.OVERFULL),
        is_revisited=is_revisited,
    )


def _room(state: RunState, step: Step, seat: SeatKey, entries: tuple[Entry, ...]) -> str:
    """The classroom of the note before, or the one this lap is about."""
    if step.kind is not StepKind.NOTES:
        return ""
    return entries[-1].data.get("room", "") if entries else room_now(state, step, seat)


def _lead(
    protocol: Protocol, state: RunState, seat: SeatKey, step: Step, names: Mapping[SeatKey, str]
) -> Prompt:
    """What whoever leads sees while others write: who it is, what came so far, and the way on."""
    seats = seats_of(state, step)
    entries = tuple(
        entry
        for entry in state.live(step.key)
        if (not step.repeats or _is_of_lap(state, step, entry)) and may_see(protocol, state, entry, seat)
    )
    text = fill(step.wait.get(role_of(seat), ""), blanks(protocol, names)) or _who_write(
        [names[each] for each in seats if each != seat]
    )
    return Prompt(
        seat=seat,
        step=step.key,
        version=state.version,
        manner=Manner.LEAD,
        kind=step.kind,
        title=step.title,
        phase=step.phase,
        text=text,
        number=place_of(protocol, state, step.key)[0],
        total=place_of(protocol, state, step.key)[1],
        entries=entries,
        round=state.round_of(step.key),
        listens=step.listens,
        minutes=step.minutes,
        ends_at=ends_at(protocol, state),
        is_leading=True,
        may_finish=is_enough_for_all(state, step),
        may_go_back=_may_go_back(protocol, state, seat),
    )


def _who_write(people: Sequence[str]) -> str:
    writing = (
        "The others write"
        if len(people) > _NAMED
        else f"{join_names(people)} {'write' if len(people) > 1 else 'writes'}"
    )
    return f"{writing} now. Go on for all when those who are there have written."


def _is_of_lap(state: RunState, step: Step, entry: Entry) -> bool:
    item = lap_item(state, step, entry.seat)
    return item is not None and entry.data.get("lap") == str(item.number)


def _item(state: RunState, step: Step, seat: SeatKey, held: Held | None) -> Entry | None:
    """The entry of the list that a step which is asked for each of them is at."""
    if held is not None and held.data.get("of"):
        return state.entry(int(held.data["of"]))
    left = unanswered(state, step, seat)
    return left[0] if left else None


def _wait(protocol: Protocol, state: RunState, seat: SeatKey, names: Mapping[SeatKey, str]) -> Waiting:
    seats: tuple[SeatKey, ...] = ()
    is_listening = False
    may_go_back = False
    words = ""
    match state.status:
        case Status.ENDED:
            text = f"{protocol.title} is complete. You can still edit what you wrote."
        case Status.ABANDONED:
            text = f"{protocol.title} was stopped. What you wrote is kept."
        case Status.PAUSED:
            by = state.paused_by
            who = "you" if by == seat else names.get(by, "someone") if by else "someone"
            text = f"Paused by {who}. Say “resume” and it goes on where it stands."
        case _:
            step = protocol.step(state.step)
            seats = waited_for(protocol, state)
            is_listening = role_of(seat) in step.listens
            may_go_back = _may_go_back(protocol, state, seat)
            people = join_names([names[other] for other in (seats[:1] if step.in_turns else seats)])
            is_done = (step.key, seat) in state.done
            default = f"{'You are done here. ' if is_done else ''}Waiting for {people}."
            if step.in_turns and seat in seats:
                default = f"{people} first, then you."
            item = lap_item(state, step, seat)
            words = fill(
                step.wait.get(role_of(seat), ""), blanks(protocol, names), item=item.text if item else ""
            )
            text = words or default
    return Waiting(
        seat,
        state.step,
        state.version,
        text,
        seats,
        is_listening,
        bool(words),
        ends_at(protocol, state),
        may_go_back,
    )


def _may_go_back(protocol: Protocol, state: RunState, seat: SeatKey, *, before: str = "") -> bool:
    steps = protocol.steps[: protocol.position(before)] if before else protocol.steps
    return any((step.key, seat) in state.done and not is_passed_over(state, step) for step in steps)


def _manner(step: Step, held: Held | None) -> Manner:
    if held:
        return Manner.CHALLENGE if held.kind is HeldKind.CHALLENGED else Manner.CHOOSE
    match step.kind:
        case StepKind.REVEAL:
            return Manner.REVEAL
        case StepKind.TALK:
            return Manner.TALK
        case _:
            return Manner.ASK


def _text(
    protocol: Protocol,
    step: Step,
    held: Held | None,
    entries: tuple[Entry, ...],
    seat: SeatKey,
    names: Mapping[SeatKey, str],
    comparisons: tuple[Comparison, ...],
    *,
    item: Entry | None,
    is_asked_for_one: bool,
    count: int,
    is_revisited: bool,
) -> str:
    words = blanks(protocol, names)
    about = item.text if item else ""
    ask = fill(step.ask[role_of(seat)], words, item=about)
    if held and held.kind is HeldKind.CHALLENGED:
        return (
            held.data.get("question")
            or f'You wrote "{excerpt(held.texts[0])}". {_CHALLENGES[step.challenge]}'
        )
    if held:
        numbers = {"count": say_number_of(count), "max": say_number_of(step.max_entries)}
        return fill(step.too_many or _TOO_MANY, words, **numbers)
    # Whoever has left wrote too, and is called by the role where no name is given.
    writers = {other: protocol.roles[role_of(other)] for each in comparisons for other in each.sides}
    if step.kind is StepKind.REVEAL and (where := start_here(comparisons, seat, {**writers, **names})):
        return f"{where} {fill(step.more, words, item=about) if step.more else ask}"
    if step.per and is_revisited and not is_asked_for_one:
        return "You have answered all of these. Edit one of them, or leave it as it is."
    if entries and step.more and not is_revisited and not step.per:
        return fill(step.more, words, item=about)
    return ask


def _places(held: Held, entries: tuple[Entry, ...]) -> tuple[Option, ...]:
    offered = (*(entry.text for entry in entries), *held.texts)
    return tuple(Option(str(place), text) for place, text in enumerate(offered, 1))
