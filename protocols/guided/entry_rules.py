"""What a text and its data must be to become an entry of a run.

Nothing refused here is stored, so a note that names a teacher or a student leaves no trace. Classrooms are known
by number only: notes are about teaching, and nothing in a run rates a teacher by name.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from protocols.guided.figures import read_figures
from protocols.guided.moves import MoveRefused, Reason
from protocols.guided.state import RunState, lap_item
from protocols.guided.steps import SeatKey, Step, StepKind

MAX_LENGTH = 3000
"""The longest text of one entry, in characters: a page and a half, and what one message of either platform holds."""

PLACE_DATA = ("room", "look_for", "who", "by_when", "evidence")
KEPT_DATA = (*PLACE_DATA, "verdict", "of", "lap", "offer")
HELD_DATA = (*KEPT_DATA, "question", "fault", "because")
JUDGED = ("judgement", "mixed", "weak")
_ROOM = re.compile(r"[A-Z]{0,2}[- ]?\d{1,4}[A-Z]?")
_ROOM_IN_WORDS = re.compile(r"\b[A-Z]{0,2}-?\d{1,4}[A-Z]?\b")
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def checked_text(text: str, data: Mapping[str, str]) -> str:
    """The text without control characters and outer blanks. Refuses none, too much, and names."""
    words = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not words:
        raise MoveRefused(Reason.EMPTY)
    if len(words) > MAX_LENGTH:
        raise MoveRefused(Reason.TOO_LONG, length=len(words), max=MAX_LENGTH)
    match data.get("names"):
        case "teacher":
            raise MoveRefused(Reason.NAMES_TEACHER)
        case "student":
            raise MoveRefused(Reason.NAMES_STUDENT)
    return words


def note_data(state: RunState, step: Step, seat: SeatKey, data: Mapping[str, str]) -> dict[str, str]:
    """A note's classroom and its look-for, checked.

    Where no classroom is given it is the one this lap is about, else that of the writer's note before.
    """
    room = data.get("room", "").strip().upper() or room_now(state, step, seat)
    if not room:
        raise MoveRefused(Reason.ROOM_MISSING)
    if not _ROOM.fullmatch(room):
        raise MoveRefused(Reason.ROOM_NOT_A_NUMBER)
    checked = {**data, "room": room}
    if data.get("look_for"):
        known = {str(entry.number) for entry in state.live(step.tags)} if step.tags else set()
        if data["look_for"] not in known and not _was_tagged(state, step, data["look_for"]):
            raise MoveRefused(Reason.UNKNOWN_LOOK_FOR)
    return checked


def room_now(state: RunState, step: Step, seat: SeatKey) -> str:
    """The classroom a note is about that names none: that of this lap, else that of the note before; "" for none."""
    item = lap_item(state, step, seat)
    if item and (number := _ROOM_IN_WORDS.search(item.text.upper())):
        return number[0]
    rooms = [entry.data["room"] for entry in state.live(step.key, seat)]
    return rooms[-1] if rooms and not item else ""


def _was_tagged(state: RunState, step: Step, look_for: str) -> bool:
    """A look-for that was dropped later still stands on the notes that bear it."""
    return any(entry.data.get("look_for") == look_for for entry in state.live(step.key))


def check_next_step(data: Mapping[str, str], *, at: datetime | None) -> None:
    """Refuses a next step without who, by when or evidence, or due before ``at`` (None: any day will do)."""
    missing = [key for key in ("who", "by_when", "evidence") if not data.get(key, "").strip()]
    if missing:
        raise MoveRefused(Reason.NEXT_STEP_INCOMPLETE, missing=",".join(missing))
    try:
        due = datetime.strptime(data["by_when"].strip(), "%Y-%m-%d").date()  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        raise MoveRefused(Reason.NEXT_STEP_DATE) from None
    # The writer's day may be one behind the day of ``at``, which is kept in UTC.
    if at is not None and due < at.date() - timedelta(days=1):
        raise MoveRefused(Reason.NEXT_STEP_PAST)


def new_lines(text: str, have: Sequence[str]) -> tuple[str, ...]:
    """The lines of a list answer without bullets and numbers, less those already said."""
    seen = {_folded(words) for words in have}
    lines = []
    for line in text.split("\n"):
        words = _BULLET.sub("", line).strip()
        if words and _folded(words) not in seen:
            seen.add(_folded(words))
            lines.append(words)
    return tuple(lines)


def line_data(step: Step, line: str) -> tuple[str, dict[str, str]]:
    """A line of a list with the look-for of the framework that it picks (by its key or words). Refuses a figure
    without a number."""
    if step.kind is StepKind.FIGURES and not read_figures(line):
        raise MoveRefused(Reason.NO_FIGURE)
    for offer in step.offers:
        if _folded(line) in (_folded(offer.key), _folded(offer.text)):
            return offer.text, {"offer": offer.key}
    return line, {}


def is_same(words: str, others: str) -> bool:
    """Whether two lines say the same, apart from case, blanks and a full stop."""
    return _folded(words) == _folded(others)


def chosen_option(step: Step, text: str) -> str:
    """The key of the option that was meant: its key, its label or its number in the list."""
    for place, option in enumerate(step.options, 1):
        if _folded(text) in (_folded(option.key), _folded(option.label), str(place)):
            return option.key
    raise MoveRefused(Reason.NOT_AN_OPTION, options=",".join(option.key for option in step.options))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")


def only(keys: Sequence[str], data: Mapping[str, str]) -> dict[str, str]:
    """The part of ``data`` under ``keys`` that says something."""
    return {key: data[key].strip() for key in keys if data.get(key, "").strip()}
