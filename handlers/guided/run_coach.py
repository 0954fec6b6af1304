"""What the coach makes of a text before it becomes an entry: its verdict, its one question, and whom it names."""

import re
from typing import Literal

from handlers.guided.run_seats import Seat
from handlers.guided.second_looks import NO_SECOND_LOOK, SecondLooks
from protocols.guided.evidence import Fault, NoteReading, StatementKind, read_note, read_statement
from protocols.guided.names import find_named
from protocols.guided.second_opinion import A_NAME, Look, look_at, settle
from protocols.guided.steps import Challenge, Step

_KINDS = {
    Challenge.PROBLEM_OF_PRACTICE: StatementKind.PROBLEM_OF_PRACTICE,
    Challenge.AIM: StatementKind.AIM,
    Challenge.RATIONALE: StatementKind.RATIONALE,
}


def weigh(
    seat: Seat, step: Step, text: str, data: dict[str, str], looks: SecondLooks = NO_SECOND_LOOK
) -> dict[str, str]:
    """``data`` with what the coach adds: ``verdict``, ``question``, ``fault`` and ``names``.

    ``looks`` is given where the note may be challenged now. Raises ``LookWanted`` where a second look comes first.
    """
    found = dict(data)
    if named := names_somebody(seat, f"{text} {data.get('evidence', '')}".strip()):
        found["names"] = named
    match step.challenge:
        case Challenge.NONE:
            pass
        case Challenge.EVIDENCE:
            note = read_note(_claims(text))
            look = None if named else _second_look(seat, note)
            if look is not None:
                note = settle(note, look, looks.at(look))
            found["verdict"] = note.verdict.value
            found["question"] = note.question or ""
        case Challenge.NEXT_STEP:
            found |= _weigh_next_step(text, data)
        case kind:
            statement = read_statement(text, _KINDS[kind])
            found["verdict"] = statement.verdict
            found["fault"] = statement.fault.value if statement.fault else ""
            found["question"] = statement.question or ""
    return found


def names_somebody(seat: Seat, text: str) -> Literal["teacher", "student"] | None:
    """Whether the words seem to name a teacher or student; the two people of the run and their school may be named."""
    return find_named(_without_known_names(seat, text))


def _second_look(seat: Seat, note: NoteReading) -> Look | None:
    """What a second reader may be asked about a note. None where a name known here is in it after all, in whatever
    case: one that is a word as well ("grace", "will") cannot be told from the word."""
    words = _without_known_names(seat, note.text, instead=A_NAME)
    names = {part for person in seat.known.values() for part in _words_of(person.name) if len(part) > 1}
    if seat.school:  # by its first word: "middle" and "high" say nothing
        names |= set(_words_of(seat.school.name)[:1])
    return None if names.intersection(_words_of(words)) else look_at(note, words)


def _words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _claims(text: str) -> str:
    """What a text says; a question that goes with it claims nothing. The whole text where it only asks."""
    sentences = re.split(r"(?<=[.?!])\s+", text)
    said = [sentence for sentence in sentences if not sentence.rstrip().endswith("?")]
    return " ".join(said) or text


def _weigh_next_step(text: str, data: dict[str, str]) -> dict[str, str]:
    """Who and by when have fields of their own; what is left to ask is whether anybody could check it."""
    whole = f"I will {text} by {data.get('by_when', '')}. We look at {data.get('evidence', '')}."
    reading = read_statement(whole, StatementKind.NEXT_STEP)
    if reading.fault is not Fault.NOT_CHECKABLE:
        return {"verdict": "good"}
    question = f"You wrote “{text}”. What will be there to look at when it is done?"
    return {"verdict": "weak", "fault": reading.fault.value, "question": question}


def _without_known_names(seat: Seat, text: str, *, instead: str = "we") -> str:
    """The two people of the run and their school may be named; nobody else."""
    names = {seat.school.name, *seat.school.name.split()} if seat.school else set()
    for person in seat.people.values():
        names |= {person.name, person.given_name, person.family_name}
    longest_first = "|".join(
        re.escape(name) for name in sorted(names, key=len, reverse=True) if len(name) > 1
    )
    return re.sub(rf"\b(?:{longest_first})\b(?:['’]s)?", instead, text)
