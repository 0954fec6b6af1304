"""One thread for a principal and a school: focus, sessions, promises by both sides, the open inquiry.

A visit opens with three lines of it and not a report: what the work is about, what was promised last time, where
the inquiry stands. Support helps where it is consistent over the whole year and starts from the principal's own
question (Honig, Copland, Rainey, Lorton and Newton 2010), so what the principal proposed stands in the first line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from protocols.cadence.moments import say_day

LONGEST_QUOTE = 90
"""Characters of somebody's words in one line; the whole of them is one press away."""
MOST_PROMISES = 2
"""Promises told in the opening; the rest is counted."""


class Part(StrEnum):
    """What a principal may hand over to a new ILD, each part for itself."""

    FOCUS = "focus"
    PROMISES = "promises"
    INQUIRY = "inquiry"
    WALKTHROUGHS = "walkthroughs"


class ProposalKind(StrEnum):
    VISIT = "visit"
    FOCUS = "focus"


@dataclass(frozen=True, slots=True)
class Promised:
    """A next step. ``state`` is open, kept or dropped; ``outcome`` what came of it, in somebody's words."""

    id: int
    owner_id: int
    owner: str
    what: str
    by_when: date
    evidence: str
    state: str
    outcome: str
    made_on: date

    @property
    def is_open(self) -> bool:
        return self.state == "open"


@dataclass(frozen=True, slots=True)
class Session:
    """A visit held or a conversation that came to its end. ``belongs_to`` is the inquiry's problem, ``apart`` why it
    belongs to none; both are only asked of walkthroughs."""

    day: date
    what: str
    run_id: int | None = None
    minutes: int | None = None
    is_walkthrough: bool = False
    belongs_to: str = ""
    apart: str = ""

    @property
    def is_loose(self) -> bool:
        """A walkthrough of which nobody has said what it belongs to."""
        return self.is_walkthrough and not self.belongs_to and not self.apart


@dataclass(frozen=True, slots=True)
class Inquiry:
    """An open cycle of inquiry. ``check_in`` is the day on which it comes back by itself."""

    run_id: int
    title: str
    problem: str
    strategy: str
    round: int
    check_in: date | None
    started_on: date


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the principal asks for: a visit or a focus, not answered yet or since the last session."""

    id: int
    kind: ProposalKind
    text: str
    day: date | None
    by_id: int
    by: str


@dataclass(frozen=True, slots=True)
class Observation:
    """One piece of evidence that all who took part may see. ``about`` is the look-for it bears, with its practice."""

    day: date
    by: str
    text: str
    run_id: int
    about: str = ""


@dataclass(frozen=True, slots=True)
class Thread:
    """What one reader may see of it, the latest first in each list. ``evidence_count`` counts more than is shown;
    ``closed_before`` is the day before which the reader sees only what was handed over, None where all of it."""

    school: str
    focus: str
    sessions: tuple[Session, ...] = ()
    promises: tuple[Promised, ...] = ()
    inquiries: tuple[Inquiry, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    evidence: tuple[Observation, ...] = ()
    evidence_count: int = 0
    closed_before: date | None = None

    @property
    def open_promises(self) -> tuple[Promised, ...]:
        """The one due first first."""
        return tuple(sorted((p for p in self.promises if p.is_open), key=lambda p: (p.by_when, p.id)))


@dataclass(frozen=True, slots=True)
class Line:
    """``lead`` stands out, ``text`` follows it."""

    lead: str
    text: str


def opening(thread: Thread, *, reader_id: int, today: date) -> tuple[Line, ...]:
    """At most three lines with which a visit opens, as ``reader_id`` is told them; none where nothing is known."""
    lines = (_about(thread, reader_id), _last_time(thread, reader_id, today), _inquiry(thread, today))
    return tuple(line for line in lines if line is not None)


def _about(thread: Thread, reader_id: int) -> Line | None:
    parts = [_sentence(excerpt(thread.focus))] if thread.focus else []
    for proposal in thread.proposals:
        mine = proposal.by_id == reader_id
        match proposal.kind:
            case ProposalKind.FOCUS:
                parts.append(f"{_who('propose', proposal.by, mine)} “{excerpt(proposal.text)}”.")
            case ProposalKind.VISIT if proposal.text:
                who = "You" if mine else proposal.by
                parts.append(f"{who} asked for a visit: “{excerpt(proposal.text)}”.")
            case ProposalKind.VISIT:
                parts.append(f"{'You' if mine else proposal.by} asked for a visit.")
    if not parts:
        return None
    return Line("Focus:" if thread.focus else "For today:", " ".join(parts))


def _last_time(thread: Thread, reader_id: int, today: date) -> Line | None:
    last = thread.sessions[0] if thread.sessions else None
    promised = thread.open_promises
    if last is None and not promised:
        return None
    lead = f"Last time ({say_day(last.day, today)}, {last.what}):" if last else "Promised:"
    if promised:
        return Line(lead, say_promises(promised, reader_id=reader_id, today=today))
    settled = next((p for p in thread.promises if p.outcome and not p.is_open), None)
    if settled is not None:
        return Line(
            lead, f"“{excerpt(settled.what)}” was {settled.state}. {_sentence(excerpt(settled.outcome))}"
        )
    if last is not None and thread.closed_before and last.day < thread.closed_before:
        return Line(lead, "before you came.")
    text = "all that was promised is settled." if thread.promises else "no next step was agreed."
    return Line(lead, text)


def say_promises(promised: Sequence[Promised], *, reader_id: int, today: date) -> str:
    """ "Grace promised “three feedback notes” by Fri 11 Dec; you promised “the reading specialist” by Mon 14 Dec." """
    said = []
    for promise in promised[:MOST_PROMISES]:
        who = "you" if promise.owner_id == reader_id else promise.owner
        ready = f" ({_bare(promise.outcome)})" if promise.outcome else ""
        said.append(f"{who} promised “{excerpt(promise.what)}” by {say_day(promise.by_when, today)}{ready}")
    if len(promised) > MOST_PROMISES:
        said.append(f"{len(promised) - MOST_PROMISES} more open")
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}."


def _inquiry(thread: Thread, today: date) -> Line | None:
    if not thread.inquiries:
        return None
    first, *others = thread.inquiries
    about = f"“{excerpt(first.problem)}”, " if first.problem else ""
    check = f", next check-in {say_day(first.check_in, today)}" if first.check_in else ""
    more = f"; {len(others)} more open" if others else ""
    return Line("Inquiry:", f"{about}round {first.round}{check}{more}.")


def excerpt(text: str, longest: int = LONGEST_QUOTE) -> str:
    """The words in one line, cut between words where they are longer, without a full stop at the end."""
    line = _bare(" ".join(text.split()))
    return line if len(line) <= longest else f"{line[:longest].rsplit(' ', 1)[0]} …"


def _bare(text: str) -> str:
    return text.strip().rstrip(".").rstrip()


def _sentence(text: str) -> str:
    return text if text.endswith(("…", "?", "!", ":")) else f"{text}."


def _who(verb: str, name: str, is_mine: bool) -> str:
    return f"You {verb}" if is_mine else f"{name} {verb}s"
