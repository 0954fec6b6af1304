"""Making a move in a run: decided on the fresh state, stored with its events, told to the other side.

Two people write at once. Whoever comes second decides again on the new state, in the same transaction: an answer is
not lost because the other one wrote in between; a button of one's own step that has become old is refused.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Text
from handlers.errors import StaleError, UserError
from handlers.guided import run_ends
from handlers.guided.run_cards import asked_card, words_back
from handlers.guided.run_coach import names_somebody
from handlers.guided.run_entries import news, said
from handlers.guided.run_fields import Values
from handlers.guided.run_review import review
from handlers.guided.run_screen import settle, settle_closed, show_standing, thread_of
from handlers.guided.run_seats import Seat, seat_at, take_seat
from handlers.post import tell_now
from handlers.turn import Cards, Turn
from protocols.guided.engine import decide
from protocols.guided.events import Event
from protocols.guided.history import follow
from protocols.guided.moves import Move, MoveRefused, Reason
from protocols.guided.prompts import Manner, Prompt, Waiting
from protocols.guided.refusals import explain
from protocols.guided.state import Status, ends_at
from protocols.guided.steps import StepKind
from storage import record, runs
from storage.runs import Run

TRIES = 4
EXPECTATION_KEPT = timedelta(hours=12)
"""So long an unanswered question of another conversation keeps its claim on what a person types next."""

MovesFor = Callable[[Seat], Sequence[Move]]


def play(turn: Turn, seat: Seat, moves_for: MovesFor, *, values: Values | None = None) -> Cards:
    """Make the moves and answer with what this side is asked next. ``values`` are offered back where refused."""
    return answer(turn, *make(turn, seat, moves_for, values=values))


def store(turn: Turn, seat: Seat, moves_for: MovesFor, *, values: Values | None = None) -> Seat:
    """Decide and write; the seat as it is afterwards. Raises ``UserError`` or ``StaleError`` where refused."""
    return make(turn, seat, moves_for, values=values)[1]


def make(turn: Turn, seat: Seat, moves_for: MovesFor, *, values: Values | None = None) -> tuple[Seat, Seat]:
    """Decide and write, in one's own seat; the seat just before and as it is afterwards.

    Raises ``UserError`` or ``StaleError`` where refused.
    """
    before, after = add(
        turn,
        seat.run,
        lambda run: moves_for(_seat_in(turn, seat, run)),
        lambda run, refused: refusal(turn, _seat_in(turn, seat, run), refused, values or {}),
    )
    return _seat_in(turn, seat, before), _seat_in(turn, seat, after)


def add(
    turn: Turn,
    run: Run,
    moves_for: Callable[[Run], Sequence[Move]],
    refuse: Callable[[Run, MoveRefused], UserError],
) -> tuple[Run, Run]:
    """Decide and write in a run, also for somebody who has no seat in it yet; the run just before and afterwards.

    ``moves_for`` is asked again with the newer run where somebody else wrote in the same moment. ``refuse`` makes of
    a refusal what is said. Raises that, or ``UserError`` where others keep on being first.
    """
    for _ in range(TRIES):
        state = run.state
        events: list[Event] = []
        try:
            for move in moves_for(run):
                added = decide(run.protocol, state, move, at=turn.now)
                state = follow(run.protocol, state, added)
                events += added
        except MoveRefused as refused:
            raise refuse(run, refused) from None
        try:
            runs.append(turn.tx, run, events, state, person_id=turn.person.id, at=turn.now)
        except runs.RunMovedOnError:
            run = _again(turn, run.id)
            continue
        return run, _again(turn, run.id)
    raise UserError("You both wrote in the same moment. Nothing was kept of this one; send it again.")


def _seat_in(turn: Turn, seat: Seat, run: Run) -> Seat:
    """The seat in a newer run. Raises ``UserError`` where somebody else sits there by now."""
    if run.people == seat.run.people:
        return seat.after(run)
    if run.people[seat.key] != turn.person.id:
        raise UserError(explain(MoveRefused(Reason.NOT_TAKING_PART), run.protocol))
    return seat_at(turn, run, seat.school, seat.key)


def answer(turn: Turn, before: Seat, after: Seat) -> Cards:
    """What follows from a move: the end, the word to the other side, what this side is asked next."""
    was, now = before.run.state.status, after.run.state.status
    answered = settle(turn, before, after)
    for seat in (after, *after.others):
        show_standing(turn, seat)
    if now is Status.ENDED and was is not Status.ENDED:
        return [*answered, *in_thread(after, run_ends.conclude(turn, after))]
    if now is Status.ABANDONED and was is not Status.ABANDONED:
        return [*answered, *in_thread(after, run_ends.abandon(turn, after))]
    lead = _lead(turn, was, now)
    tell_others(turn, before, after, lead, is_asked_again=bool(lead))
    expect(turn, after)
    blocks = [
        *_kept_step(turn, before, after),
        *news(before, after, turn.today),
        *review(turn, before, after),
    ]
    if now is Status.PAUSED:
        run_ends.count_meeting(turn, after)
        step = after.run.protocol.step(after.run.state.step).title
        text = f"Paused at “{step}”. Say “resume” on any day and it goes on from here."
        resume = Button("Resume", act("run.resume", run=after.run.id))
        return [*answered, *in_thread(after, [Card("", (*blocks, Text(text), Buttons((resume,))))])]
    asked = asked_card(after, turn.today, before=blocks, lead="Noted." if _is_noted(before, after) else "")
    return [*answered, *in_thread(after, [asked])]


def in_thread(seat: Seat, cards: Cards) -> list[Card]:
    """The run's cards in its thread, where it has one."""
    return [replace(card, thread=thread_of(seat.run)) for card in cards]


def _is_noted(before: Seat, after: Seat) -> bool:
    """Whether a classroom note was kept and the next one is asked for."""
    step = before.asked().step
    kept = (len(seat.run.state.live(step, seat.key)) for seat in (before, after))
    is_notes = after.run.protocol.step(step).kind is StepKind.NOTES
    return is_notes and after.asked().step == step and next(kept) < next(kept)


def _kept_step(turn: Turn, before: Seat, after: Seat) -> list[Block]:
    """The next step just kept, as it was understood: one reads what one promised."""
    known = len(before.run.state.entries)
    new = [entry for entry in after.run.state.entries[known:] if entry.seat == after.key]
    kinds = {step.key: step.kind for step in after.run.protocol.steps}
    return [
        Text(said(after, entry, turn.today), lead="Noted.")
        for entry in new
        if kinds[entry.step] is StepKind.NEXT_STEPS
    ]


def expect(turn: Turn, seat: Seat, **more: object) -> None:
    """The person's next plain words belong to this run."""
    args = {"run": seat.run.id, "step": seat.asked().step, **more}
    record.expect(turn.tx, seat.person.id, "run", at=turn.now, **args)


def tell(turn: Turn, seat: Seat, card: Card) -> None:
    """Say something to the person in a seat, at once: a run is what protected time is for."""
    period = f"{seat.run.id}:{seat.run.state.version}:{turn.key}"
    tell_now(
        turn.tx,
        seat.person.id,
        card,
        kind="run",
        period=period,
        now=turn.now,
        subject=f"run:{seat.run.id}",
        thread=thread_of(seat.run),
    )


def ask_other(turn: Turn, seat: Seat, blocks: Sequence[Block]) -> None:
    """Put this seat's question to its person, and await their words unless they are answering something else."""
    card = asked_card(seat, turn.today, before=blocks)
    if isinstance(seat.asked(), Prompt):
        if _is_free(turn, seat):
            expect(turn, seat)
        else:
            here = Button("Answer here", act("run.here", run=seat.run.id))
            text = Text("You are in the middle of something else. When you are ready:", quiet=True)
            card = Card(card.title, (*card.blocks, text, Buttons((here,))))
    tell(turn, seat, card)


def pressed_seat(turn: Turn, action: Action) -> tuple[Seat, str, int]:
    """The seat, the step and the version that a button of a step is about."""
    seat = take_seat(turn, action.number("run"))
    step = action.args.get("step", "")
    if step not in {known.key for known in seat.run.protocol.steps}:
        raise refusal(turn, seat, MoveRefused(Reason.STALE, step=seat.run.state.step), {})
    return seat, step, action.number("v")


def refusal(turn: Turn, seat: Seat, refused: MoveRefused, values: Values) -> UserError:
    """The sentence, with the question and what was filled in under it, so that nothing is typed twice.

    Words that seem to name somebody are not offered again: a card is kept, and the name with it.
    """
    if names_somebody(seat, values.get("text", "")) is not None:
        values = {key: value for key, value in values.items() if key != "text"}
    ends = ends_at(seat.run.protocol, seat.run.state)
    until = f"{ends.astimezone(seat.zone):%H:%M}" if ends else ""
    sentence = explain(refused, seat.run.protocol, seat.names, until=until)
    if any(entry.text == values.get("text", "").strip() for entry in seat.run.state.entries):
        values = {}  # pressed twice: the words are in, and offering them again would have them kept twice
    asked, text = seat.asked(), values.get("text", "")
    if refused.reason in (Reason.NOT_YOUR_TURN, Reason.PAUSED) and isinstance(asked, Waiting):
        sentence = asked.text
    is_asked = isinstance(asked, Prompt) and asked.manner is not Manner.REVEAL
    if text.strip() and not is_asked and not seat.run.state.is_over:
        card = words_back(seat, text, sentence)
    else:
        before = (Text(sentence),) if isinstance(asked, Prompt) or sentence != asked.text else ()
        card = asked_card(seat, turn.today, before=before, values=values)
    if refused.reason in (Reason.STALE, Reason.EXTENDED_ALREADY):
        return StaleError(sentence, card=card)
    return UserError(sentence, card=card)


def _again(turn: Turn, run_id: int) -> Run:
    run = runs.get(turn.tx, run_id)
    assert run is not None  # runs are never removed
    return run


def _lead(turn: Turn, was: Status, now: Status) -> tuple[Block, ...]:
    name = turn.person.given_name
    match was, now:
        case Status.RUNNING, Status.PAUSED:
            return (Text(f"{name} paused. Nothing is lost."),)
        case Status.PAUSED, Status.RUNNING:
            return (Text(f"{name} resumed, and it goes on where it stood."),)
        case _:
            return ()


def tell_others(
    turn: Turn, before: Seat, after: Seat, lead: Sequence[Block], *, is_asked_again: bool = False
) -> None:
    """Tell everybody else what changed for them, ``lead`` first; with ``is_asked_again`` also what they are asked."""
    now = {other.key: other for other in after.others}
    for was in before.others:
        if was.key in now:
            _tell_other(turn, was, now[was.key], lead, is_asked_again=is_asked_again)


def _tell_other(
    turn: Turn, before: Seat, after: Seat, lead: Sequence[Block], *, is_asked_again: bool
) -> None:
    """Tell one other side where something changed for them: a new question, words to read along, a pause."""
    blocks = [*lead, *news(before, after, turn.today), *review(turn, before, after)]
    old, new = before.asked(), after.asked()
    match new:
        case Prompt():
            is_new = not isinstance(old, Prompt) or _place(old) != _place(new)
        case Waiting():
            is_over = isinstance(old, Prompt)  # somebody else closed what this one was still asked
            is_live = new.is_listening or (new.is_told and (new.ends_at is not None or is_over))
            is_new = is_live and (old.step != new.step or before.run.state.laps != after.run.state.laps)
    settle_closed(turn, before, after)
    if is_new or is_asked_again:
        ask_other(turn, after, blocks)
    elif blocks:
        tell(turn, after, Card("", tuple(blocks)))


def _place(prompt: Prompt) -> tuple[str, int, int | None, bool]:
    """What makes a question a new one: its step, round and classroom, and whether one leads or writes."""
    item = prompt.item if prompt.manner is not Manner.LEAD else None
    return prompt.step, prompt.round, item.number if item else None, prompt.manner is Manner.LEAD


def _is_free(turn: Turn, seat: Seat) -> bool:
    """Whether the person's next words may be taken for this run: nothing else was asked of them lately."""
    awaited = record.expectation_of(turn.tx, seat.person.id)
    if awaited is None or (awaited.topic == "run" and awaited.args.get("run") == seat.run.id):
        return True
    return turn.now - awaited.since > EXPECTATION_KEPT
