"""Words that work at any time in a run: back, skip, pause, resume, done, edit, where are we, stop."""

import re
from collections.abc import Callable

from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Emphasis, Field, Text
from handlers.errors import UserError
from handlers.guided.run_cards import asked_card
from handlers.guided.run_coach import weigh
from handlers.guided.run_edits import edit_list
from handlers.guided.run_moves import expect, play, pressed_seat, refusal
from handlers.guided.run_pages import page_of
from handlers.guided.run_screen import run_of_thread
from handlers.guided.run_seats import Seat, may_sit, school_of, take_seat
from handlers.guided.run_standing import where_card
from handlers.turn import Cards, Turn, Values
from protocols.cadence.moments import say_day
from protocols.guided import moves
from protocols.guided.moves import MoveRefused, Reason
from protocols.guided.prompts import Prompt
from protocols.guided.state import Status
from protocols.guided.steps import lowered
from storage import people, record, runs
from storage.people import Role as Post
from storage.runs import RunLine

_NOTHING = {
    "resume": "Nothing of yours is open. Write “walkthrough” to begin one.",
    "where": "Nothing of yours is open. Write “walkthrough” to begin one.",
    "page": "You have taken part in nothing yet that could be printed.",
    "edit": "You have written nothing in a walkthrough or inquiry yet.",
}


def word(verb: str) -> Callable[[Turn, re.Match[str]], Cards | None]:
    """A word for the run at hand; None where the person is in no run or is answering something else."""

    def run(turn: Turn, match: re.Match[str]) -> Cards | None:
        awaited = record.expectation_of(turn.tx, turn.person.id)
        threaded = run_of_thread(turn.thread)
        is_elsewhere = threaded is None and awaited is not None and awaited.topic != "run"
        lines = _candidates(turn, verb)
        if not lines and verb in _NOTHING and turn.person.roles & {Post.ILD, Post.PRINCIPAL}:
            return [Card("", (Text(_NOTHING[verb]),))]
        if not lines or (is_elsewhere and verb in ("finish", "back")):
            return None
        reason = (match.groupdict().get("reason") or "").strip()
        here = threaded or (awaited.args.get("run") if awaited and awaited.topic == "run" else None)
        if (verb != "resume" or threaded) and any(line.id == here for line in lines):
            lines = [line for line in lines if line.id == here]
        if len(lines) > 1:
            return [_which(turn, lines, verb)]
        return _do(turn, take_seat(turn, lines[0].id), verb, reason)

    return run


def _candidates(turn: Turn, verb: str) -> list[RunLine]:
    going = [line for line in runs.going(turn.tx, turn.person.id) if _reaches(turn, line)]
    if verb == "resume" and any(line.state == "paused" for line in going):
        return [line for line in going if line.state == "paused"]
    ended = runs.ended(turn.tx, turn.person.id) if verb in ("edit", "page") else []
    return [*going, *[line for line in ended if _reaches(turn, line)][:1]]


def _reaches(turn: Turn, line: RunLine) -> bool:
    run = runs.get(turn.tx, line.id)
    key = run.seat_of(turn.person.id) if run else None
    return run is not None and key is not None and may_sit(turn, run, school_of(turn, run), key)


def _which(turn: Turn, lines: list[RunLine], verb: str) -> Card:
    schools = {school.id: school for school in people.schools_on(turn.tx, turn.today)}
    buttons = tuple(
        Button(
            ", ".join(
                filter(
                    None,
                    (
                        schools[line.school_id].name if line.school_id in schools else "",
                        lowered(line.title),
                        say_day(line.moved_at.astimezone(turn.zone).date(), turn.today),
                    ),
                )
            ),
            act("run.word", run=line.id, word=verb),
        )
        for line in lines
    )
    return Card("", (Text("Which one?"), Buttons(buttons)))


def press_word(turn: Turn, action: Action, _values: Values) -> Cards:
    return _do(turn, take_seat(turn, action.number("run")), action.args.get("word", ""), "")


def _do(turn: Turn, seat: Seat, verb: str, reason: str) -> Cards:
    asked = seat.asked()
    match verb:
        case "back":
            return play(turn, seat, lambda s: [moves.Back(s.key, s.asked().step)])
        case "skip":
            return skip_step(turn, seat, reason)
        case "pause":
            return play(turn, seat, lambda s: [moves.Pause(s.key)])
        case "resume":
            return resume(turn, seat)
        case "finish":
            return play(turn, seat, lambda s: [moves.Finish(s.key, s.asked().step)])
        case "edit":
            return [edit_list(turn, seat)]
        case "where":
            if isinstance(asked, Prompt):
                expect(turn, seat)
            return [where_card(seat, turn.today)]
        case "page":
            return [page_of(turn, seat.run.id)]
        case "stop":
            return [_stop_form(seat)]
        case _:
            raise UserError("I don't know that word. Write “where are we” to see how it stands.")


def resume(turn: Turn, seat: Seat) -> Cards:
    """Go on where it stands: after a pause for both, else with what this side is asked."""
    if seat.run.state.status is Status.PAUSED:
        return play(turn, seat, lambda s: [moves.Resume(s.key)])
    if seat.run.state.is_over:
        return [asked_card(seat, turn.today)]
    expect(turn, seat)
    return [where_card(seat, turn.today)]


# ---------------------------------------------------------------- skip and stop


def skip_step(turn: Turn, seat: Seat, reason: str, *, version: int | None = None) -> Cards:
    asked = seat.asked()
    if isinstance(asked, Prompt) and not reason:
        step = seat.run.protocol.step(asked.step)
        if step.is_required:
            raise refusal(turn, seat, MoveRefused(Reason.REQUIRED, step=step.key), {})
        expect(turn, seat, skip=step.key)
        buttons = (
            Button(
                "Skip it",
                act("run.skip", run=seat.run.id, step=asked.step, v=asked.version),
                Emphasis.PRIMARY,
            ),
            Button("Answer it after all", act("run.here", run=seat.run.id)),
        )
        text = f"Leave out “{step.title}”: why? A few words; they stand in the summary."
        return [Card("", (Text(text), Field("reason", "Why"), Buttons(buttons)))]

    def skip(fresh: Seat) -> list[moves.Move]:
        step = fresh.run.protocol.step(fresh.asked().step)
        data = {k: v for k, v in weigh(fresh, step, reason, {}).items() if k == "names"}
        return [moves.Skip(fresh.key, step.key, reason, data, version)]

    return play(turn, seat, skip)


def press_skip(turn: Turn, action: Action, values: Values) -> Cards:
    seat, step, version = pressed_seat(turn, action)
    asked = seat.asked()
    if asked.step != step:
        raise refusal(turn, seat, MoveRefused(Reason.STALE, step=seat.run.state.step), {})
    if action.name == "run.skip" and not values.get("reason", "").strip():
        raise UserError("A few words on why, and it is done: no time, not at this school, said before.")
    return skip_step(
        turn, seat, values.get("reason", "").strip() if action.name == "run.skip" else "", version=version
    )


def _stop_form(seat: Seat) -> Card:
    other = seat.others_named
    text = (
        f"Stop the {seat.title} for good? The visit then does not count. To go on another day, say “pause” instead. "
        f"{other} {'is' if len(seat.others) == 1 else 'are'} told that you stopped, not why."
    )
    buttons = (
        Button("Stop it", act("run.stop", run=seat.run.id), Emphasis.DANGER),
        Button("Go on", act("run.resume", run=seat.run.id)),
    )
    return Card("", (Text(text), Field("reason", "Why, in a few words"), Buttons(buttons)))


def press_stop_form(turn: Turn, action: Action, _values: Values) -> Cards:
    return [_stop_form(take_seat(turn, action.number("run")))]


def press_stop(turn: Turn, action: Action, values: Values) -> Cards:
    seat = take_seat(turn, action.number("run"))
    reason = values.get("reason", "").strip()
    if not reason:
        raise UserError("A few words on why, and it is done. Nothing was stopped yet.")
    return play(turn, seat, lambda s: [moves.Abandon(s.key, reason)])
