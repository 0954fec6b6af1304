"""The conversation of a guided run: begin, answer, go back, skip, pause, resume, edit, stop.

Words work at any time and from any chat of the person; which run they mean is asked where several are open. All
state is in the run's events and in what the person is awaited to say, so nothing is lost between two messages.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from handlers.actions import Action
from handlers.answers import insight
from handlers.guided import run_answers
from handlers.guided.run_cards import asked_card
from handlers.guided.run_edits import (
    press_edit,
    press_edit_form,
    press_edit_list,
    press_summary,
    press_tag,
    press_useful,
    save,
)
from handlers.guided.run_moves import expect, play, pressed_seat
from handlers.guided.run_pages import press_page
from handlers.guided.run_screen import run_of_thread
from handlers.guided.run_seat_moves import (
    INVITE,
    invite_words,
    leave_words,
    press_decline,
    press_invite,
    press_join,
)
from handlers.guided.run_seats import Seat, may_sit, school_of, take_seat
from handlers.guided.run_standing import press_look
from handlers.guided.run_starts import (
    SPOKEN,
    list_words,
    press_begin,
    press_start,
    start_by_title,
    start_words,
)
from handlers.guided.run_time import MORE, more_minutes, press_extend, press_offers, press_rest, time_left
from handlers.guided.run_waiting import hand_back, hand_back_unasked, press_say, waiting_seat
from handlers.guided.run_words import (
    press_skip,
    press_stop,
    press_stop_form,
    press_word,
    resume,
    skip_step,
    word,
)
from handlers.permissions import Right, may
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.guided import moves
from protocols.guided.entry_rules import MAX_LENGTH
from protocols.guided.prompts import Prompt, Waiting
from protocols.guided.state import Status
from protocols.guided.steps import StepKind
from storage import record, runs
from storage.database import Tx
from storage.people import Role as Post

FEWEST_WORDS = 3
"""Fewer, out of the blue, are a command mistyped rather than something for a run."""
LATE = timedelta(hours=1)
"""So long after the other side closed a run, a next step that was being typed is still taken."""

# ---------------------------------------------------------------- answers


def answer(turn: Turn, args: Mapping[str, Any], text: str) -> Cards | None:
    """The awaited words. None where the run asks nothing of this person now, so that others may read them."""
    seat = _own_seat(turn, args)
    if seat is None:
        return None
    if "edit" in args:
        return save(turn, seat, int(args["edit"]), None, text, {})
    if "skip" in args:
        return skip_step(turn, seat, text)
    asked = seat.asked()
    if isinstance(asked, Waiting):
        return _late_next_step(turn, seat, args, text)
    if len(text) > MAX_LENGTH and may(turn.person, Right.SEND_MANDATE):
        return None  # nobody writes a note of two pages; an ILD may well paste a memo
    return run_answers.say(turn, seat, text)


def read_in_thread(turn: Turn, text: str) -> Cards | None:
    """Words written in the thread of a run are for that run, whatever else was asked meanwhile; None outside of one."""
    run_id = run_of_thread(turn.thread)
    if run_id is None:
        return None
    awaited = record.expectation_of(turn.tx, turn.person.id)
    is_same = awaited is not None and awaited.topic == "run" and awaited.args.get("run") == run_id
    args = awaited.args if awaited is not None and is_same else {"run": run_id}
    found = answer(turn, args, text)
    if found is not None:
        return found
    seat = _own_seat(turn, args)
    asked = seat.asked() if seat is not None and not seat.run.state.is_over else None
    if seat is not None and isinstance(asked, Waiting):
        raise hand_back(turn, seat, asked, text)
    return None


def read_while_waiting(turn: Turn, text: str) -> Cards | None:
    """Words of somebody whose run waits, listens or is paused: handed back, with the way on.

    Of somebody who was asked nothing in it lately, only what is no question to the bot either.
    """
    awaited = record.expectation_of(turn.tx, turn.person.id)
    seat = _own_seat(turn, awaited.args) if awaited is not None and awaited.topic == "run" else None
    if seat is not None and not seat.run.state.is_over:
        asked = seat.asked()
        if isinstance(asked, Waiting):
            raise hand_back(turn, seat, asked, text)
        return None
    is_for_run = len(text.split()) >= FEWEST_WORDS and len(text) <= MAX_LENGTH
    if not is_for_run or insight.is_nearly_question(turn, text):
        return None
    idle = waiting_seat(turn)
    if idle is not None:
        raise hand_back_unasked(turn, idle, text)
    return None


def _own_seat(turn: Turn, args: Mapping[str, Any]) -> Seat | None:
    """The seat that the awaited words are for; None where the person has left the school since."""
    run = runs.get(turn.tx, int(args["run"]))
    key = run.seat_of(turn.person.id) if run else None
    if run is None or key is None or not may_sit(turn, run, school_of(turn, run), key):
        record.expect_nothing(turn.tx, turn.person.id)
        return None
    return take_seat(turn, run.id)


def _late_next_step(turn: Turn, seat: Seat, args: Mapping[str, Any], text: str) -> Cards | None:
    """A next step typed while the other side closed the run is still taken: it is a promise all the same."""
    step = next((s for s in seat.run.protocol.steps if s.key == args.get("step")), None)
    if seat.run.state.is_over:
        record.expect_nothing(turn.tx, turn.person.id)
    ended = seat.run.state.ended_at
    if seat.run.state.status is not Status.ENDED or ended is None or turn.now - ended > LATE:
        return None
    if step is None or step.kind is not StepKind.NEXT_STEPS:
        return None
    return run_answers.add_late(turn, seat, step, text)


# ---------------------------------------------------------------- buttons of a step


def _press_answer(turn: Turn, action: Action, values: Values) -> Cards:
    seat, step, version = pressed_seat(turn, action)
    is_rewrite = action.name == "run.rewrite"
    return run_answers.press(turn, seat, step, version, values, is_rewrite=is_rewrite)


def _press_pick(turn: Turn, action: Action, _values: Values) -> Cards:
    seat, step, version = pressed_seat(turn, action)
    option = action.args.get("option", "")
    return play(turn, seat, lambda s: [moves.Answer(s.key, step, option, {}, version)])


def _press_choose(turn: Turn, action: Action, values: Values) -> Cards:
    seat, step, version = pressed_seat(turn, action)
    keep = tuple(int(place) for place in values.get("keep", "").split() if place.isdigit())
    return play(turn, seat, lambda s: [moves.Choose(s.key, step, keep, version)])


def _press_simple(turn: Turn, action: Action, _values: Values) -> Cards:
    seat, step, version = pressed_seat(turn, action)
    kinds: dict[str, Callable[[Seat], moves.Move]] = {
        "run.keep": lambda s: moves.KeepAsImpression(s.key, step, version),
        "run.finish": lambda s: moves.Finish(s.key, step, version),
        "run.back": lambda s: moves.Back(s.key, step, version),
        "run.pause": lambda s: moves.Pause(s.key, version),
    }
    return play(turn, seat, lambda s: [kinds[action.name](s)])


def _press_resume(turn: Turn, action: Action, _values: Values) -> Cards:
    return resume(turn, take_seat(turn, action.number("run")))


def _press_here(turn: Turn, action: Action, _values: Values) -> Cards:
    seat = take_seat(turn, action.number("run"))
    if isinstance(seat.asked(), Prompt):
        expect(turn, seat)
    return [asked_card(seat, turn.today)]


# ---------------------------------------------------------------- the clock's question


def still_true(tx: Tx, subject: str, _now: datetime) -> str | None:
    """A reminder is dropped when the run has gone on or ended since it was queued; a check-in only when it ended."""
    number, _, kind = subject.partition(":")[2].partition(":")
    if number.isdigit() and (runs.is_open(tx, int(number)) if kind else runs.is_waiting(tx, int(number))):
        return None
    return "the run has gone on since"


_START = re.compile(
    r"(?:(?:start|begin|open|do|new)\s+)?(?:(?:a|an|the|my)\s+)?"
    rf"(?P<kind>{SPOKEN})"
    r"(?:\s+(?:at|with|in|for|of|to))?(?:\s+(?P<school>.+))?",
    re.IGNORECASE,
)


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


_BOTH = frozenset({Post.ILD, Post.PRINCIPAL})
_TAKING_PART = _BOTH | {Post.EXECUTIVE}
"""Whoever supervises an ILD sits in the ILD's own cycle."""

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
            _pattern(r"(?:begin|start)\s+(?:(?:a|an|the)\s+)?(?P<words>.+)"),
            start_by_title,
            example="",
            what="",
        ),
        Command(
            _pattern(r"(?:the |all )?(?:protocols?|tools)"),
            list_words,
            example="protocols",
            what="See what can be begun: inquiry, coaching visit, modeling, consultancy and more.",
            roles=_BOTH,
        ),
        Command(
            _pattern(r"resume(?: (?:it|the (?:walkthrough|inquiry)))?"),
            word("resume"),
            example="resume",
            what="Go on where a walkthrough or inquiry was left, days later too.",
            roles=_TAKING_PART,
        ),
        Command(_pattern(r"(?:go )?back"), word("back"), example="", what=""),
        Command(
            _pattern(r"skip(?: (?:this|it))?(?:,? because (?P<reason>.+))?"),
            word("skip"),
            example="",
            what="",
        ),
        Command(_pattern(r"pause"), word("pause"), example="", what=""),
        Command(
            INVITE,
            invite_words,
            example="invite farid to my inquiry",
            what="Ask a colleague to think along; they see what is shared.",
            roles=_BOTH,
        ),
        Command(_pattern(r"leave(?: (?:it|the .+))?"), leave_words, example="", what=""),
        Command(
            _pattern(r"(?:export|print)(?: (?:it|this|the .+|my .+))?"),
            word("page"),
            example="print",
            what="Get a walkthrough or inquiry as a page to print or keep.",
            roles=_TAKING_PART,
        ),
        Command(MORE, more_minutes, example="", what=""),
        Command(
            _pattern(r"(?:how much )?time(?: is)? left\??|the time\??"),
            time_left,
            example="time left",
            what="See how long the present step may still take.",
            roles=_TAKING_PART,
        ),
        Command(_pattern(r"(?:i'm |we're )?done"), word("finish"), example="", what=""),
        Command(
            _pattern(r"edit(?: (?:my )?answers?)?"),
            word("edit"),
            example="edit",
            what="Change an answer of yours, also after the end.",
            roles=_TAKING_PART,
        ),
        Command(
            _pattern(r"where (?:are we|were we|am i)\??"),
            word("where"),
            example="where are we",
            what="See how the walkthrough stands.",
            roles=_TAKING_PART,
        ),
        Command(
            _pattern(r"stop|abandon|stop (?:it|the walkthrough|the inquiry)"),
            word("stop"),
            example="",
            what="",
        ),
    ),
    actions={
        "run.start": press_start,
        "run.begin": press_begin,
        "run.word": press_word,
        "run.answer": _press_answer,
        "run.rewrite": _press_answer,
        "run.say": press_say,
        "run.pick": _press_pick,
        "run.choose": _press_choose,
        "run.keep": _press_simple,
        "run.finish": _press_simple,
        "run.extend": press_extend,
        "run.rest": press_rest,
        "run.offers": press_offers,
        "run.page": press_page,
        "run.invite": press_invite,
        "run.join": press_join,
        "run.decline": press_decline,
        "run.back": _press_simple,
        "run.pause": _press_simple,
        "run.tag": press_tag,
        "run.useful": press_useful,
        "run.resume": _press_resume,
        "run.here": _press_here,
        "run.look": press_look,
        "run.skip_form": press_skip,
        "run.skip": press_skip,
        "run.stop_form": press_stop_form,
        "run.stop": press_stop,
        "run.edit_list": press_edit_list,
        "run.edit_form": press_edit_form,
        "run.edit": press_edit,
        "run.summary": press_summary,
    },
    answer=answer,
    still_true=still_true,
)
