"""A protocol as a value: a fixed order of steps that protects a hard conversation.

Words. A *protocol* is a list of *steps*; a *run* is one protocol between named people. Who takes part sits in a
*seat*: a role, and a number where several people have the same role. A step belongs to one or more roles, whose
people do it at the same time (or in *turns*) and each in their own chat; the next step opens when all of them have
finished or skipped it. An *entry* is one answer within a step. Everything that differs between districts (words,
timings, how many entries) is data in ``library/*.yaml``; ``catalog`` reads and checks it.

Values here are plain and frozen, and go to JSON and back, so that a run keeps the version it began with.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import NewType

from pydantic import TypeAdapter

MANY = 200
"""The most entries any step takes: far above a day's notes, and low enough that a run stays readable."""

SeatKey = NewType("SeatKey", str)
"""The name of a seat within a run: ``visitor``, and ``visitor-2`` where there are more of that role."""


class Role(StrEnum):
    """What one does in a run. Who sits there is the caller's to know; the protocol speaks of roles only."""

    HOST = "host"  # whose school or question it is
    VISITOR = "visitor"  # who comes to see and to ask
    FACILITATOR = "facilitator"  # keeps the order and the time
    PRESENTER = "presenter"  # brings a dilemma or a piece of work of their own
    PEER = "peer"  # thinks along as an equal
    OBSERVER = "observer"  # reads along what is shared; is asked nothing, unless a step says so


def seat_key(role: Role, number: int = 1) -> SeatKey:
    """The seat ``number`` (from 1) of a role."""
    return SeatKey(role.value if number == 1 else f"{role.value}-{number}")


@lru_cache(maxsize=1024)  # a run asks for it again and again, of as many seats as it has
def role_of(seat: SeatKey) -> Role:
    """The role of a seat. Raises ``ValueError`` where the key names none."""
    return Role(seat.partition("-")[0])


def join_names(names: Sequence[str]) -> str:
    """ "Grace", "Grace and Imani", "Grace, Imani and Tomas" """
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""


class Pool(StrEnum):
    """From whom a role's seats are filled when a run begins."""

    PRINCIPAL = "principal"  # the school's principal
    ILD = "ild"  # the school's ILD; without a school, whoever begins
    SUPERVISOR = "supervisor"  # whoever leads the ILD
    PRINCIPALS = "principals"  # principals of one network, and their ILD
    ILDS = "ilds"  # ILDs among themselves
    ANYONE = "anyone"  # whoever is invited


@dataclass(frozen=True, slots=True)
class Part:
    """A role in a protocol: what its people are called when no name is known, where they come from, how many."""

    called: str
    pool: Pool
    at_least: int = 1
    at_most: int = 1


class StepKind(StrEnum):
    """What is done in a step, and so what an entry of it holds."""

    TEXT = "text"  # an answer in one's own words; one entry a message
    LIST = "list"  # a few short answers; one entry a line
    NOTES = "notes"  # what was seen and heard, with the classroom's number and perhaps a look-for
    CHOICE = "choice"  # one of the options
    FIGURES = "figures"  # numbers with what they count, which are then laid against each other
    TALK = "talk"  # something is said or done; nothing need be written
    REVEAL = "reveal"  # entries of earlier steps side by side; nothing is written
    COMMITMENT = "commitment"  # what the writer will do differently
    NEXT_STEPS = "next_steps"  # who does what, by when, and what evidence will be looked at


class Visibility(StrEnum):
    """When the others see what one wrote."""

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

    EACH = "each"  # everybody finishes for themselves; counts are per seat
    ANY = "any"  # the first to finish closes it for all; counts are over all seats
    LEAD = "lead"  # whoever leads closes it for all, or all have finished; counts are per seat


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice. ``again`` names an earlier step: choosing it starts a new round from there."""

    key: str
    label: str
    again: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something a list may be filled from: a look-for of the district's framework. ``group`` heads it."""

    key: str
    text: str
    group: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A branch: the step is asked only where one of ``options`` was chosen in the earlier choice ``step``."""

    step: str
    options: tuple[str, ...]


class Source(StrEnum):
    """What of the district's teaching and learning framework a step draws on; filled in when a run begins."""

    NONE = "none"
    LOOK_FORS = "look_fors"  # of a list: the look-fors one may pick
    SCALE = "scale"  # of a choice: the levels of intensity


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Texts may hold ``{host}``, ``{visitor}`` and the like, which become people's names when it is asked.

    ``min_entries`` and ``max_entries`` count per seat, or over all seats where ``closing`` is ANY. ``minutes`` is
    how long the step is meant to take; with ``is_timed`` whoever leads is told when it runs out. ``listens`` are
    the roles who read along and do not answer; with ``in_turns`` the people of a step are asked one after another.
    ``tags`` is the list step whose entries a note may be tagged with; ``reveals`` the earlier steps a reveal shows.
    ``per`` asks once for each entry of an earlier list (``{item}``); ``repeats`` does so for a whole block of
    neighbouring steps, one round for each. ``when`` is a branch. ``every`` is a number of school days after which
    a step left open comes back by itself. ``ahead`` is by how many days before the meeting it is to be done.
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
    is_timed: bool = False
    listens: tuple[Role, ...] = ()
    in_turns: bool = False
    options: tuple[Option, ...] = ()
    offers: tuple[Offer, ...] = ()
    source: Source = Source.NONE
    reveals: tuple[str, ...] = ()
    tags: str = ""
    per: str = ""
    repeats: str = ""
    when: Condition | None = None
    every: int | None = None
    ahead: int | None = None

    @property
    def takes_many(self) -> bool:
        """True where the step stays open after an entry until somebody says it is finished."""
        return self.max_entries > 1 or bool(self.per)

    @property
    def is_written(self) -> bool:
        """Whether anything is written in it."""
        return self.kind not in (StepKind.REVEAL, StepKind.TALK)

    def option(self, key: str) -> Option:
        """The option ``key`` of a choice. Raises ``KeyError`` where there is none of that name."""
        for option in self.options:
            if option.key == key:
                return option
        raise KeyError(key)


def lowered(title: str) -> str:
    """A title inside a sentence: "cycle of inquiry", "quarterly cycle of an ILD"; "ATLAS" stays as it is."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


@dataclass(frozen=True, slots=True)
class Protocol:
    """A guided conversation. ``parts`` are its roles, in the order in which they are named to people.

    ``source`` names the published work the protocol rests on; ``leads`` is the role that keeps the time and may
    close a step for all. ``counts_as`` is the kind of visit it is; "" where it is none.
    """

    key: str
    title: str
    purpose: str
    source: str
    parts: Mapping[Role, Part]
    steps: tuple[Step, ...]
    leads: Role | None = None
    counts_as: str = ""

    @property
    def roles(self) -> Mapping[Role, str]:
        """What each role is called when no name is known ("the principal")."""
        return {role: part.called for role, part in self.parts.items()}

    @property
    def minutes(self) -> int:
        """How long its steps are meant to take together; those of people who need not be there are not counted."""
        return sum(step.minutes or 0 for step in self.steps if self.is_for_all_runs(step))

    def is_for_all_runs(self, step: Step) -> bool:
        """Whether somebody who is always there is asked the step; an observer may come or not."""
        return any(self.parts[role].at_least for role in step.who)

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
