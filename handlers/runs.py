"""The conversation of a guided run: begin, answer, go back, skip, pause, resume, edit, stop.

Words work at any time and from any chat of the person; which run they mean is asked where several are open. All
state is in the run's events and in what the person is awaited to say, so nothing is lost between two messages.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from handlers import run_answers, run_ends
from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Emphasis, Field, Item, Items, Text
from handlers.errors import UserError
from handlers.permissions import Right, may
from handlers.run_cards import asked_card, entry_fields, said, where_card
from handlers.run_coach import weigh
from handlers.run_moves import answer as settle
from handlers.run_moves import expect, play, refusal, store
from handlers.run_seats import Seat, reader_seat, take_seat
from handlers.run_starts import press_start, start_words
from handlers.run_summary import summary_card
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.cadence.moments import say_day
from protocols.guided import moves
from protocols.guided.catalog import library
from protocols.guided.entry_rules import MAX_LENGTH
from protocols.guided.moves import MoveRefused, Reason
from protocols.guided.prompts import Prompt, Waiting
from protocols.guided.refusals import explain
from protocols.guided.state import Entry, Status
from protocols.guided.steps import StepKind
from storage import people, record, runs
from storage.database import Tx
from storage.people import Role as Post
from storage.runs import RunLine

# ---------------------------------------------------------------- words that work at any time


def _word(verb: str) -> Callable[[Turn, re.Match[str]], Cards | None]:
    """A word for the run at hand; None where the person is in no run or is answering something else."""

    def run(turn: Turn, match: re.Match[str]) -> Cards | None:
        awaited = record.expectation_of(turn.tx, turn.person.id)
        is_elsewhere = awaited is not None and awaited.topic != "run"
        lines = _candidates(turn, verb)
        if not lines or (is_elsewhere and verb in ("finish", "back")):
            return None
        reason = (match.groupdict().get("reason") or "").strip()
        here = awaited.args.get("run") if awaited and awaited.topic == "run" else None
        if verb != "resume" and any(line.id == here for line in lines):
            lines = [line for line in lines if line.id == here]
        if len(lines) > 1:
            return [_which(turn, lines, verb)]
        return _do(turn, take_seat(turn, lines[0].id), verb, reason)

    return run


def _candidates(turn: Turn, verb: str) -> list[RunLine]:
    going = runs.going(turn.tx, turn.person.id)
    if verb == "resume" and any(line.state == "paused" for line in going):
        return [line for line in going if line.state == "paused"]
    return [*going, *runs.ended(turn.tx, turn.person.id, limit=1)] if verb == "edit" else going


def _which(turn: Turn, lines: list[RunLine], verb: str) -> Card:
    schools = {school.id: school for school in people.schools_on(turn.tx, turn.today)}
    buttons = tuple(
        Button(
            f"{schools[line.school_id].name}, {library()[line.protocol_key].title.lower()}, "
            f"{say_day(line.moved_at.astimezone(turn.zone).date(), turn.today)}",
            act("run.word", run=line.id, word=verb),
        )
        for line in lines
        if line.school_id in schools
    )
    return Card("", (Text("Which one?"), Buttons(buttons)))


def _press_word(turn: Turn, action: Action, _values: Values) -> Cards:
    return _do(turn, take_seat(turn, action.number("run")), action.args.get("word", ""), "")


def _do(turn: Turn, seat: Seat, verb: str, reason: str) -> Cards:
    asked = seat.asked()
    match verb:
        case "back":
            return play(turn, seat, lambda s: [moves.Back(s.role, s.asked().step)])
        case "skip":
            return _skip(turn, seat, reason)
        case "pause":
            return play(turn, seat, lambda s: [moves.Pause(s.role)])
        case "resume":
            return _resume(turn, seat)
        case "finish":
            return play(turn, seat, lambda s: [moves.Finish(s.role, s.asked().step)])
        case "edit":
            return [_edit_list(turn, seat)]
        case "where":
            if isinstance(asked, Prompt):
                expect(turn, seat)
            return [where_card(seat, turn.today)]
        case "stop":
            return [_stop_form(seat)]
        case _:
            raise UserError("I don't know that word. Write “where are we” to see how it stands.")


def _resume(turn: Turn, seat: Seat) -> Cards:
    """Go on where it stands: after a pause for both, else with what this side is asked."""
    if seat.run.state.status is Status.PAUSED:
        return play(turn, seat, lambda s: [moves.Resume(s.role)])
    if seat.run.state.is_over:
        return [asked_card(seat, turn.today)]
    expect(turn, seat)
    return [where_card(seat, turn.today)]


# ---------------------------------------------------------------- answers


def answer(turn: Turn, args: Mapping[str, Any], text: str) -> Cards | None:
    """The awaited words. None where the run asks nothing of this person now, so that others may read them."""
    if runs.get(turn.tx, int(args["run"])) is None:
        return None
    seat = take_seat(turn, int(args["run"]))
    if "edit" in args:
        return _save(turn, seat, int(args["edit"]), None, text, {})
    if "skip" in args:
        return _skip(turn, seat, text)
    asked = seat.asked()
    if isinstance(asked, Waiting):
        if asked.is_listening:
            raise _listening(turn, seat, asked)
        return _late_next_step(turn, seat, args, text)
    if len(text) > MAX_LENGTH and may(turn.person, Right.SEND_MANDATE):
        return None  # nobody writes a note of two pages; an ILD may well paste a memo
    return run_answers.say(turn, seat, text)


def read_while_waiting(turn: Turn, _text: str) -> Cards | None:
    """The last reading: words of somebody whose run waits or is paused get told so, with the way on."""
    awaited = record.expectation_of(turn.tx, turn.person.id)
    if awaited is None or awaited.topic != "run":
        return None
    seat = take_seat(turn, int(awaited.args["run"]))
    asked = seat.asked()
    if seat.run.state.is_over or isinstance(asked, Prompt):
        return None
    reason = Reason.PAUSED if seat.run.state.status is Status.PAUSED else Reason.NOT_YOUR_TURN
    step = seat.run.protocol.step(asked.step)
    if reason is Reason.NOT_YOUR_TURN and seat.role in step.who:
        reason = Reason.DONE_HERE
    roles = ",".join(asked.roles)
    raise refusal(turn, seat, MoveRefused(reason, roles=roles), {})


def _listening(turn: Turn, seat: Seat, asked: Waiting) -> UserError:
    refused = MoveRefused(Reason.LISTENING, roles=",".join(asked.roles))
    return UserError(explain(refused, seat.run.protocol, seat.names))


def _late_next_step(turn: Turn, seat: Seat, args: Mapping[str, Any], text: str) -> Cards | None:
    """A next step typed while the other side closed the run is still taken: it is a promise all the same."""
    step = next((s for s in seat.run.protocol.steps if s.key == args.get("step")), None)
    if seat.run.state.status is not Status.ENDED or step is None or step.kind is not StepKind.NEXT_STEPS:
        return None
    record.expect_nothing(turn.tx, turn.person.id)
    return run_answers.add_late(turn, seat, step, text)


# ---------------------------------------------------------------- buttons of a step


def _seat_of(turn: Turn, action: Action) -> tuple[Seat, str, int]:
    seat = take_seat(turn, action.number("run"))
    step = action.args.get("step", "")
    if step not in {known.key for known in seat.run.protocol.steps}:
        raise refusal(turn, seat, MoveRefused(Reason.STALE, step=seat.run.state.step), {})
    return seat, step, action.number("v")


def _press_answer(turn: Turn, action: Action, values: Values) -> Cards:
    seat, step, version = _seat_of(turn, action)
    is_rewrite = action.name == "run.rewrite"
    return run_answers.press(turn, seat, step, version, values, is_rewrite=is_rewrite)


def _press_pick(turn: Turn, action: Action, _values: Values) -> Cards:
    seat, step, version = _seat_of(turn, action)
    option = action.args.get("option", "")
    return play(turn, seat, lambda s: [moves.Answer(s.role, step, option, {}, version)])


def _press_choose(turn: Turn, action: Action, values: Values) -> Cards:
    seat, step, version = _seat_of(turn, action)
    keep = tuple(int(place) for place in values.get("keep", "").split() if place.isdigit())
    return play(turn, seat, lambda s: [moves.Choose(s.role, step, keep, version)])


def _press_simple(turn: Turn, action: Action, _values: Values) -> Cards:
    seat, step, version = _seat_of(turn, action)
    kinds: dict[str, Callable[[Seat], moves.Move]] = {
        "run.keep": lambda s: moves.KeepAsImpression(s.role, step, version),
        "run.finish": lambda s: moves.Finish(s.role, step, version),
        "run.back": lambda s: moves.Back(s.role, step, version),
        "run.pause": lambda s: moves.Pause(s.role, version),
    }
    return play(turn, seat, lambda s: [kinds[action.name](s)])


def _press_tag(turn: Turn, action: Action, _values: Values) -> Cards:
    """Put a note under a look-for."""
    seat = take_seat(turn, action.number("run"))
    entry = _entry(turn, seat, action)
    tag = action.args.get("tag", "")
    edit = moves.Edit(seat.role, entry.step, entry.number, entry.text, {"look_for": tag}, action.number("v"))
    after = store(turn, seat, lambda _s: [edit])
    if after.run.state.is_over:
        return [asked_card(after, turn.today)]
    return settle(turn, seat, after)


def _press_resume(turn: Turn, action: Action, _values: Values) -> Cards:
    return _resume(turn, take_seat(turn, action.number("run")))


def _press_here(turn: Turn, action: Action, _values: Values) -> Cards:
    seat = take_seat(turn, action.number("run"))
    if isinstance(seat.asked(), Prompt):
        expect(turn, seat)
    return [asked_card(seat, turn.today)]


# ---------------------------------------------------------------- skip and stop


def _skip(turn: Turn, seat: Seat, reason: str, *, version: int | None = None) -> Cards:
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
        return [moves.Skip(fresh.role, step.key, reason, data, version)]

    return play(turn, seat, skip)


def _press_skip(turn: Turn, action: Action, values: Values) -> Cards:
    seat, step, version = _seat_of(turn, action)
    asked = seat.asked()
    if asked.step != step:
        raise refusal(turn, seat, MoveRefused(Reason.STALE, step=seat.run.state.step), {})
    if action.name == "run.skip" and not values.get("reason", "").strip():
        raise UserError("A few words on why, and it is done: no time, not at this school, said before.")
    return _skip(
        turn, seat, values.get("reason", "").strip() if action.name == "run.skip" else "", version=version
    )


def _stop_form(seat: Seat) -> Card:
    other = seat.names[seat.opposite.role]
    text = (
        f"Stop the {seat.title} for good? The visit then does not count. To go on another day, say “pause” instead. "
        f"{other} is told that you stopped, not why."
    )
    buttons = (
        Button("Stop it", act("run.stop", run=seat.run.id), Emphasis.DANGER),
        Button("Go on", act("run.resume", run=seat.run.id)),
    )
    return Card("", (Text(text), Field("reason", "Why, in a few words"), Buttons(buttons)))


def _press_stop_form(turn: Turn, action: Action, _values: Values) -> Cards:
    return [_stop_form(take_seat(turn, action.number("run")))]


def _press_stop(turn: Turn, action: Action, values: Values) -> Cards:
    seat = take_seat(turn, action.number("run"))
    reason = values.get("reason", "").strip()
    if not reason:
        raise UserError("A few words on why, and it is done. Nothing was stopped yet.")
    return play(turn, seat, lambda s: [moves.Abandon(s.role, reason)])


# ---------------------------------------------------------------- edit and read


def _edit_list(turn: Turn, seat: Seat) -> Card:
    """Own answers and the next steps, each with its button."""
    items = []
    for entry in seat.sees():
        step = seat.run.protocol.step(entry.step)
        if entry.role is not seat.role and step.kind is not StepKind.NEXT_STEPS:
            continue
        edit = act("run.edit_form", run=seat.run.id, e=entry.number, v=seat.run.state.version)
        items.append(Item(said(seat, entry, turn.today), lead=step.title, buttons=(Button("Edit", edit),)))
    if not items:
        return Card("", (Text("You have written nothing here yet."),))
    return Card(f"Your answers, {seat.title}", (Items(tuple(items)),))


def _press_edit_list(turn: Turn, action: Action, _values: Values) -> Cards:
    return [_edit_list(turn, take_seat(turn, action.number("run")))]


def _press_edit_form(turn: Turn, action: Action, _values: Values) -> Cards:
    seat = take_seat(turn, action.number("run"))
    entry = _entry(turn, seat, action)
    step = seat.run.protocol.step(entry.step)
    expect(turn, seat, edit=entry.number)
    save = act("run.edit", run=seat.run.id, e=entry.number, v=seat.run.state.version)
    fields = entry_fields(seat, step, entry.text, entry.data)
    former = [Text(f"Before: {old.text}", quiet=True) for old in entry.history[-3:] if old.text != entry.text]
    ask = Text(
        "Change it here, or send the new words as your next message. The former words stay in the history."
    )
    return [Card(step.title, (ask, *former, *fields, Buttons((Button("Save", save, Emphasis.PRIMARY),))))]


def _press_edit(turn: Turn, action: Action, values: Values) -> Cards:
    seat = take_seat(turn, action.number("run"))
    entry = _entry(turn, seat, action)
    return _save(turn, seat, entry.number, action.number("v"), values.get("text", ""), values)


def _save(turn: Turn, seat: Seat, entry: int, version: int | None, text: str, values: Values) -> Cards:
    values = {key: value for key, value in values.items() if key != "text"}
    after = store(turn, seat, lambda s: [run_answers.save(turn, s, entry, version, text, values)])
    changed = after.run.state.entry(entry)
    assert changed is not None  # it was just written
    run_ends.audit(turn, after, "run.answer_edited", entry=entry)
    confirmed = Text(f"Changed: {said(after, changed, turn.today)}")
    if after.run.state.is_over:
        record.expect_nothing(turn.tx, turn.person.id)
        if after.run.state.status is Status.ENDED:
            run_ends.keep_up(turn, after, entry)
        summary = Button("Summary", act("run.summary", run=after.run.id))
        return [Card("", (confirmed, Buttons((summary,))))]
    cards = settle(turn, seat, after)
    return [Card("", (confirmed,)), *cards]


def _entry(turn: Turn, seat: Seat, action: Action) -> Entry:
    entry = seat.run.state.entry(action.number("e"))
    if entry is None or entry.is_withdrawn or entry not in seat.sees():
        raise refusal(turn, seat, MoveRefused(Reason.NO_SUCH_ENTRY), {})
    return entry


def _press_summary(turn: Turn, action: Action, _values: Values) -> Cards:
    seat, viewer = reader_seat(turn, action.number("run"))
    if viewer is None:
        run_ends.audit(turn, seat, "run.read")
    return [summary_card(turn, seat, viewer=viewer, is_full="full" in action.args)]


# ---------------------------------------------------------------- the clock's question


def still_true(tx: Tx, subject: str, _now: datetime) -> str | None:
    """A reminder is dropped when the run has gone on or ended since it was queued."""
    number = subject.partition(":")[2]
    if number.isdigit() and runs.is_waiting(tx, int(number)):
        return None
    return "the run has gone on since"


_START = re.compile(
    r"(?:(?:start|begin|open|do|new)\s+)?(?:(?:a|an|the|my)\s+)?"
    r"(?P<kind>walk-?\s?through|learning walk|cycle of inquiry|inquiry)"
    r"(?:\s+(?:at|with|in|for|of|to))?(?:\s+(?P<school>.+))?",
    re.IGNORECASE,
)


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


_BOTH = frozenset({Post.ILD, Post.PRINCIPAL})

TOPIC = Topic(
    name="run",
    commands=(
        Command(
            _START,
            start_words,
            example="walkthrough lincoln",
            what="Walk classrooms together, step by step, and agree on what comes next.",
            roles=_BOTH,
        ),
        Command(_START, start_words, example="", what=""),
        Command(
            _pattern(r"resume(?: (?:it|the (?:walkthrough|inquiry)))?"),
            _word("resume"),
            example="resume",
            what="Go on where a walkthrough or inquiry was left, days later too.",
            roles=_BOTH,
        ),
        Command(_pattern(r"(?:go )?back"), _word("back"), example="", what=""),
        Command(
            _pattern(r"skip(?: (?:this|it))?(?:,? because (?P<reason>.+))?"),
            _word("skip"),
            example="",
            what="",
        ),
        Command(_pattern(r"pause"), _word("pause"), example="", what=""),
        Command(_pattern(r"(?:i'm |we're )?done"), _word("finish"), example="", what=""),
        Command(
            _pattern(r"edit(?: (?:my )?answers?)?"),
            _word("edit"),
            example="edit",
            what="Change an answer of yours, also after the end.",
            roles=_BOTH,
        ),
        Command(
            _pattern(r"where (?:are we|were we|am i)\??"),
            _word("where"),
            example="where are we",
            what="See how the walkthrough stands.",
            roles=_BOTH,
        ),
        Command(
            _pattern(r"stop|abandon|stop (?:it|the walkthrough|the inquiry)"),
            _word("stop"),
            example="",
            what="",
        ),
    ),
    actions={
        "run.start": press_start,
        "run.word": _press_word,
        "run.answer": _press_answer,
        "run.rewrite": _press_answer,
        "run.pick": _press_pick,
        "run.choose": _press_choose,
        "run.keep": _press_simple,
        "run.finish": _press_simple,
        "run.back": _press_simple,
        "run.pause": _press_simple,
        "run.tag": _press_tag,
        "run.resume": _press_resume,
        "run.here": _press_here,
        "run.skip_form": _press_skip,
        "run.skip": _press_skip,
        "run.stop_form": _press_stop_form,
        "run.stop": _press_stop,
        "run.edit_list": _press_edit_list,
        "run.edit_form": _press_edit_form,
        "run.edit": _press_edit,
        "run.summary": _press_summary,
    },
    answer=answer,
    still_true=still_true,
)
