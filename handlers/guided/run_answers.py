"""What a person's words and filled fields become in a run: a note, a choice of three, a next step, "done"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.cards import Card, Text
from handlers.errors import UserError
from handlers.guided import run_ends
from handlers.guided.run_cards import asked_card
from handlers.guided.run_coach import weigh
from handlers.guided.run_fields import Values
from handlers.guided.run_moves import play, store
from handlers.guided.run_seats import Seat
from handlers.guided.run_time import rest
from handlers.guided.second_looks import NO_SECOND_LOOK, SecondLooks
from handlers.turn import Cards, Turn
from protocols.cadence.moments import MomentFault
from protocols.guided import lines, moves
from protocols.guided.engine import decide
from protocols.guided.history import follow
from protocols.guided.moves import Move, MoveRefused, Reason
from protocols.guided.prompts import Manner, Prompt
from protocols.guided.refusals import explain
from protocols.guided.state import closes_for_all
from protocols.guided.steps import Step, StepKind

FINISH_WORDS = re.compile(
    r"(?:i'?m |we'?re |all )?(?:done|finished)|no|nope|no more|nothing (?:else|more)"
    r"|that(?:'s| is)(?: all| it)?(?: for today)?|go on|continue|next|keep it|leave it(?: as it is)?"
    r"|(?:(?:it|that)(?:'s| is) )?enough(?: for (?:now|today)| to (?:go on|decide|study(?: it)?))?",
    re.IGNORECASE,
)
REST_WORDS = re.compile(
    r"(?:nothing|no news)(?: (?:new|more|else))?(?: (?:yet|so far|for now|now|today))?|not (?:yet|now|today)",
    re.IGNORECASE,
)
"""Of a step that comes back by itself: it stays open, and nothing is written now."""
KEEP_WORDS = re.compile(r"keep(?: it| that)?(?: as (?:it is|(?:my |an )?impression))?", re.IGNORECASE)
_SAYS_WHEN = (Manner.REVEAL, Manner.TALK, Manner.LEAD)
_FIELDS = ("room", "look_for", "who", "by_when", "evidence")


@dataclass(frozen=True, slots=True)
class Given:
    """An answer before the engine sees it. ``version`` only where it came from a button."""

    text: str
    data: dict[str, str]
    step: str = ""
    version: int | None = None
    is_rewrite: bool = False


def say(turn: Turn, seat: Seat, text: str) -> Cards:
    """Words typed in reply to what this side is asked."""
    prompt = seat.asked()
    assert isinstance(prompt, Prompt)  # the caller asked
    words = " ".join(text.split()).rstrip(".!")
    step = seat.run.protocol.step(prompt.step)
    if prompt.manner is Manner.CHALLENGE and KEEP_WORDS.fullmatch(words):
        return play(turn, seat, lambda _s: [moves.KeepAsImpression(seat.key, prompt.step)])
    if prompt.manner is Manner.CHOOSE:
        places = lines.read_choice(text, len(prompt.options))
        if places is not None:
            return play(turn, seat, lambda _s: [moves.Choose(seat.key, prompt.step, places)])
    if prompt.manner is Manner.LEAD and not FINISH_WORDS.fullmatch(words):
        raise UserError(
            "The others write now, so I did not keep that. Say “next” when it is time to go on.",
            card=asked_card(seat, turn.today),
        )
    if prompt.manner is Manner.ASK and prompt.may_rest and REST_WORDS.fullmatch(words):
        return rest(turn, seat, prompt.step, None)
    closes = closes_for_all(seat.run.protocol, seat.run.state, step, seat.key)
    may_end = step.takes_many or prompt.is_revisited or closes or prompt.manner in _SAYS_WHEN
    if may_end and prompt.manner is not Manner.CHALLENGE and FINISH_WORDS.fullmatch(words):
        return play(turn, seat, lambda _s: [moves.Finish(seat.key, prompt.step)])
    match step.kind:
        case StepKind.NOTES:
            return _say_note(turn, seat, step, text)
        case StepKind.NEXT_STEPS:
            return _say_next_step(turn, seat, prompt, text)
        case _:
            return give(turn, seat, Given(text, {}))


def give(turn: Turn, seat: Seat, given: Given) -> Cards:
    """Put an answer to the engine: from typed words to the step that is asked, from a button to the button's step."""

    def moves_for(fresh: Seat) -> Sequence[Move]:
        read_here = _moves_for(fresh, given, NO_SECOND_LOOK)
        if turn.looks is NO_SECOND_LOOK:
            return read_here
        _foresee(turn, fresh, read_here)
        return _moves_for(fresh, given, turn.looks)

    return play(turn, seat, moves_for, values={"text": given.text, **given.data})


def _moves_for(fresh: Seat, given: Given, looks: SecondLooks) -> Sequence[Move]:
    key = given.step or fresh.asked().step
    step = fresh.run.protocol.step(key)
    held = fresh.run.state.held.get(fresh.key)
    room = given.data.get("room", "")
    is_elsewhere = held and held.data.get("room") and room not in ("", held.data["room"])
    may_be_challenged = not given.is_rewrite and (held is None or is_elsewhere)
    data = weigh(fresh, step, given.text, given.data, looks if may_be_challenged else NO_SECOND_LOOK)
    kind = moves.Rewrite if given.is_rewrite else moves.Answer
    answer = kind(fresh.key, key, given.text, data, given.version)
    if is_elsewhere and not given.is_rewrite:
        # A note on another classroom is no rewrite: what was asked about stands as an impression.
        return [moves.KeepAsImpression(fresh.key, key, given.version), answer]
    return [answer]


def _foresee(turn: Turn, fresh: Seat, made: Sequence[Move]) -> None:
    """Raises ``MoveRefused`` where the moves will be refused: words that are not kept are put to no second reader."""
    state = fresh.run.state
    for move in made:
        added = decide(fresh.run.protocol, state, move, at=turn.now)
        state = follow(fresh.run.protocol, state, added)


def press(turn: Turn, seat: Seat, step: str, version: int, values: Values, *, is_rewrite: bool) -> Cards:
    """A form sent with its button."""
    text = values.get("text", "")
    data = {key: values[key].strip() for key in _FIELDS if values.get(key, "").strip()}
    kind = seat.run.protocol.step(step).kind
    if picks := values.get("picks", ""):
        text = "\n".join(filter(None, (picks, text)))
    if kind is StepKind.NOTES:
        line = lines.read_note(text)
        if line.room:  # the number may stand in the words as well; what was typed with the note counts
            text, data = line.text, {**data, "room": line.room}
        if "look_for" in values:  # an empty field says that the note is about something else
            data["look_for"] = values["look_for"].strip()
    if kind is StepKind.NEXT_STEPS and not is_rewrite:
        read = _read_step(turn, seat, text)
        text = read.what or text
        data = {**_data_of(read), **data}
    return give(turn, seat, Given(text, data, step, version, is_rewrite))


def save(turn: Turn, seat: Seat, entry: int, version: int | None, text: str, values: Values) -> moves.Edit:
    """The move that gives an entry new words."""
    known = seat.run.state.entry(entry)
    if known is None:
        raise _refused(turn, seat, MoveRefused(Reason.NO_SUCH_ENTRY))
    step = seat.run.protocol.step(known.step)
    data = {key: values[key].strip() for key in _FIELDS if key in values}
    if step.kind is StepKind.NOTES and (line := lines.read_note(text)).room:
        text, data = line.text, {**data, "room": line.room}
    weighed = weigh(seat, step, text, {**known.data, **data})
    kept = {key: value for key, value in weighed.items() if key in (*_FIELDS, "verdict", "names")}
    return moves.Edit(seat.key, known.step, entry, text, kept, version)


def _say_note(turn: Turn, seat: Seat, step: Step, text: str) -> Cards:
    if lines.count_rooms(text) > 1:
        raise UserError(
            "Those are several classrooms in one message. Send them one by one, so that each note stands on its own."
        )
    line = lines.read_note(text)
    data = {"room": line.room} if line.room else {}
    if line.look_for is not None:
        tags = seat.run.state.live(step.tags) if step.tags else ()
        if not 1 <= line.look_for <= len(tags):
            raise _refused(turn, seat, MoveRefused(Reason.UNKNOWN_LOOK_FOR), {"text": line.text, **data})
        data["look_for"] = str(tags[line.look_for - 1].number)
    return give(turn, seat, Given(line.text, data))


def _say_next_step(turn: Turn, seat: Seat, prompt: Prompt, text: str) -> Cards:
    """A whole next step in a line, or the form with what was understood and what is missing."""
    held = seat.run.state.held.get(seat.key)
    read = _read_step(turn, seat, text)
    data = _data_of(read)
    if held is None and len(data) < 3:
        return [ask_missing(turn, seat, prompt, read)]
    return give(turn, seat, Given(read.what or text, data))


def ask_missing(turn: Turn, seat: Seat, prompt: Prompt, read: lines.NextStepLine) -> Card:
    """The form, filled with what was understood; a next step that lacks something is not kept yet."""
    data = _data_of(read)
    missing = ",".join(key for key in ("who", "by_when", "evidence") if key not in data)
    sentence = explain(
        MoveRefused(Reason.NEXT_STEP_INCOMPLETE, missing=missing), seat.run.protocol, seat.names
    )
    other = seat.others_named if len(seat.others) == 1 else seat.names[seat.key]
    example = f"{other} gives three feedback notes by Fri, evidence: the notes"
    hint = Text(f"Fill it in here, or write it whole, such as: {example}.", quiet=True)
    return asked_card(seat, turn.today, before=(Text(sentence), hint), values={"text": read.what, **data})


def _read_step(turn: Turn, seat: Seat, text: str) -> lines.NextStepLine:
    seats = {str(key): seat.people[key].name for key in seat.run.state.seats}
    try:
        return lines.read_next_step(text, turn.local, seats, writer=seat.key)
    except MomentFault as fault:
        card = asked_card(seat, turn.today, before=(Text(str(fault)),), values={"text": text})
        raise UserError(str(fault), card=card) from None


def _data_of(read: lines.NextStepLine) -> dict[str, str]:
    data = {
        "who": read.who,
        "by_when": read.by_when.isoformat() if read.by_when else "",
        "evidence": read.evidence,
    }
    return {key: value for key, value in data.items() if value}


def _refused(turn: Turn, seat: Seat, refused: MoveRefused, values: Values | None = None) -> UserError:
    sentence = explain(refused, seat.run.protocol, seat.names)
    return UserError(sentence, card=asked_card(seat, turn.today, before=(Text(sentence),), values=values))


def add_late(turn: Turn, seat: Seat, step: Step, text: str) -> Cards | None:
    """A next step after the end. None where the words hold no whole one."""
    read = _read_step(turn, seat, text)
    data = _data_of(read)
    if len(data) < 3:
        return None
    weighed = weigh(seat, step, read.what, data)
    by_when = date.fromisoformat(data["by_when"])
    move = moves.AddNextStep(seat.key, step.key, data["who"], read.what, by_when, data["evidence"], weighed)
    after = store(turn, seat, lambda _s: [move])
    run_ends.keep_up(turn, after, len(after.run.state.entries))
    text = f"{seat.others_named} had closed it a moment before; your next step is kept all the same."
    return [Card("", (Text(text),))]
