"""A protocol as a value: a fixed order of steps that protects a hard conversation.

Words. A *protocol* is a list of *steps*; a *run* is one protocol between named people. A step belongs to one or
more *roles*, who do it at the same time and each in their own chat; the next step opens when all of them have
finished or skipped it. An *entry* is one answer within a step. Everything that differs between districts (words,
timings, how many entries) is data in ``library/*.yaml``; ``catalog`` reads and checks it.

Values here are plain and frozen, and go to JSON and back, so that a run keeps the version it began with.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import TypeAdapter

MANY = 200
"""The most entries any step takes: far above a day's notes, and low enough that a run stays readable."""


class Role(StrEnum):
    """A seat in a run. Who sits in it is the caller's to know; the protocol speaks of seats only."""

    HOST = "host"  # whose school or question it is: the principal
    VISITOR = "visitor"  # who comes to see and to ask: the ILD


class StepKind(StrEnum):
    """What is done in a step, and so what an entry of it holds."""

    TEXT = "text"  # an answer in one's own words; one entry a message
    LIST = "list"  # a few short answers; one entry a line
    NOTES = "notes"  # what was seen and heard, with the classroom's number and perhaps a look-for
    CHOICE = "choice"  # one of the options
    REVEAL = "reveal"  # both sides' entries of earlier steps, side by side; nothing is written
    COMMITMENT = "commitment"  # what the writer will do differently
    NEXT_STEPS = "next_steps"  # who does what, by when, and what evidence will be looked at


class Visibility(StrEnum):
    """When the other role sees what one wrote."""

    SHARED = "shared"  # at once
    TOGETHER = "together"  # when a reveal step shows it; without one, when all its roles have finished
    PRIVATE = "private"  # never


class Challenge(StrEnum):
    """Which question a text is put to once. The verdict on a text comes from the caller."""

    NONE = "none"
    EVIDENCE = "evidence"
    NEXT_STEP = "next_step"
    PROBLEM_OF_PRACTICE = "problem_of_practice"
    AIM = "aim"
    RATIONALE = "rationale"


class Closing(StrEnum):
    """Who ends a step that takes several entries."""

    EACH = "each"  # every role finishes for itself; counts are per role
    ANY = "any"  # the first to finish closes it for all; counts are over all roles


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice. ``again`` names an earlier step: choosing it starts a new round from there."""

    key: str
    label: str
    again: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Texts may hold ``{host}`` and ``{visitor}``, which become people's names when it is asked.

    ``min_entries`` and ``max_entries`` count per role, or over all roles where ``closing`` is ANY. ``minutes`` is
    how long the step is meant to take. ``listens`` are the roles who read along and do not answer. ``tags`` is
    the list step whose entries a note may be tagged with; ``reveals`` the earlier steps a reveal step shows.
    ``more`` is asked from the second entry on (of a reveal: after where to start), ``too_many`` when a list grows
    too long (``{count}``, ``{max}``).
    """

    key: str
    title: str
    phase: str
    kind: StepKind
    who: tuple[Role, ...]
    ask: Mapping[Role, str]
    wait: Mapping[Role, str] = field(default_factory=dict)
    more: str = ""
    help: str = ""
    too_many: str = ""
    min_entries: int = 1
    max_entries: int = 1
    closing: Closing = Closing.EACH
    visibility: Visibility = Visibility.SHARED
    challenge: Challenge = Challenge.NONE
    is_required: bool = False
    minutes: int | None = None
    listens: tuple[Role, ...] = ()
    options: tuple[Option, ...] = ()
    reveals: tuple[str, ...] = ()
    tags: str = ""

    @property
    def takes_many(self) -> bool:
        """True where the step stays open after an entry until somebody says it is finished."""
        return self.max_entries > 1

    def option(self, key: str) -> Option:
        """The option ``key`` of a choice. Raises ``KeyError`` where there is none of that name."""
        for option in self.options:
            if option.key == key:
                return option
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class Protocol:
    """A guided conversation. ``roles`` says what each seat is called when no name is known ("the principal").

    ``source`` names the published work the protocol rests on.
    """

    key: str
    title: str
    purpose: str
    source: str
    roles: Mapping[Role, str]
    steps: tuple[Step, ...]

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits that change with any word of the protocol, not with its layout in a file."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:12]

    def step(self, key: str) -> Step:
        """The step ``key``. Raises ``KeyError`` where the protocol has none of that name."""
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(key)

    def position(self, key: str) -> int:
        """Where the step stands, from 0. Raises ``KeyError`` where there is none of that name."""
        return self.steps.index(self.step(key))

    def to_json(self) -> str:
        """One line of JSON that ``from_json`` reads back to an equal value."""
        return _PROTOCOL.dump_json(self, exclude_defaults=True).decode()

    @staticmethod
    def from_json(text: str) -> "Protocol":
        """The protocol that ``to_json`` wrote. Raises ``ValueError`` where the text is none."""
        return _PROTOCOL.validate_json(text)


_PROTOCOL: TypeAdapter[Protocol] = TypeAdapter(Protocol)
