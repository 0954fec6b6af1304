"""What each role is asked now, in words; or why it waits, and for whom."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from protocols.guided.state import (
    Entry,
    Held,
    HeldKind,
    Promise,
    RunState,
    Status,
    asked_step,
    counted,
    waited_for,
)
from protocols.guided.steps import Challenge, Option, Protocol, Role, Step, StepKind
from protocols.guided.summary import Comparison, compare, start_here

_BLANK = re.compile(r"\{(\w+)\}")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_QUOTED = 140  # characters of a note that a question repeats; the whole note is in ``quote``

_CHALLENGES = {
    Challenge.EVIDENCE: "What did you see or hear that tells you so: who was doing what, or saying what?",
    Challenge.NEXT_STEP: "How would both of you see that it was done, and by when?",
    Challenge.PROBLEM_OF_PRACTICE: "Which part of it is in your own hands, and small enough to move in some weeks?",
    Challenge.AIM: "For whom, how much, and by when?",
    Challenge.RATIONALE: "Why should this act on that cause?",
}
_TOO_MANY = "That is {count}, and {max} fit here. Which {max} shall we keep?"


class Manner(StrEnum):
    """What kind of question it is, and so which buttons belong under it."""

    ASK = "ask"
    CHALLENGE = "challenge"  # Rewrite, Keep as my impression
    CHOOSE = "choose"  # ``options`` are the places to choose from
    REVEAL = "reveal"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What one role is asked. ``version`` goes on every button made from it.

    ``entries`` are what this role (or, where counts are shared, everybody) has written in the step so far;
    ``quote`` is the text a challenge is about; ``opened_at`` with ``minutes`` tells how much time is left;
    ``listens`` are the roles who now read along; ``promises`` are set on the first step only. For notes, ``tags``
    are the look-fors to choose from (the entry's number and text) and ``room`` is that of the note before.
    """

    role: Role
    step: str
    version: int
    manner: Manner
    kind: StepKind
    title: str
    phase: str
    text: str
    number: int
    total: int
    help: str = ""
    quote: str = ""
    options: tuple[Option, ...] = ()
    entries: tuple[Entry, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    promises: tuple[Promise, ...] = ()
    tags: tuple[Option, ...] = ()
    room: str = ""
    round: int = 1
    listens: tuple[Role, ...] = ()
    minutes: int | None = None
    opened_at: datetime | None = None
    may_finish: bool = False
    may_skip: bool = False
    may_go_back: bool = False
    is_revisited: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing is asked of this role. ``text`` says why; ``roles`` are those waited for, if it is for people."""

    role: Role
    step: str
    version: int
    text: str
    roles: tuple[Role, ...] = ()
    is_listening: bool = False
    may_go_back: bool = False


def prompts(
    protocol: Protocol, state: RunState, names: Mapping[Role, str] | None = None
) -> dict[Role, Prompt | Waiting]:
    """For each role of the protocol what it is asked, or why it waits.

    ``names`` are the people in the seats; a seat without a name is called as the protocol calls it.
    """
    known = {**protocol.roles, **(names or {})}
    found: dict[Role, Prompt | Waiting] = {}
    for role in protocol.roles:
        step = asked_step(protocol, state, role)
        found[role] = (
            _prompt(protocol, state, role, step, known) if step else _wait(protocol, state, role, known)
        )
    return found


def _prompt(protocol: Protocol, state: RunState, role: Role, step: Step, names: Mapping[Role, str]) -> Prompt:
    held = state.held.get(role)
    entries = counted(state, step, role)
    is_revisited = state.revisiting.get(role) == step.key
    comparisons = compare(protocol, state, step.reveals)
    is_first = protocol.position(step.key) == 0
    return Prompt(
        role=role,
        step=step.key,
        version=state.version,
        manner=_manner(step, held),
        kind=step.kind,
        title=step.title,
        phase=step.phase,
        text=_text(step, held, entries, role, names, comparisons, is_revisited=is_revisited),
        number=protocol.position(step.key) + 1,
        total=len(protocol.steps),
        help=fill(step.help, names),
        quote=held.texts[0] if held and held.kind is HeldKind.CHALLENGED else "",
        options=_places(held, entries) if held and held.kind is HeldKind.OVERFULL else step.options,
        entries=entries,
        comparisons=comparisons,
        promises=state.promises if is_first else (),
        tags=tuple(Option(str(e.number), e.text) for e in state.live(step.tags)) if step.tags else (),
        room=entries[-1].data.get("room", "") if entries else "",
        round=state.round_of(step.key),
        listens=step.listens,
        minutes=step.minutes,
        opened_at=state.opened_at,
        may_finish=held is None
        and (is_revisited or step.kind is StepKind.REVEAL or len(entries) >= step.min_entries),
        may_skip=held is None and not step.is_required and (step.key, role) not in state.done,
        may_go_back=_may_go_back(protocol, state, role, before=step.key)
        and not (held and held.kind is HeldKind.OVERFULL),
        is_revisited=is_revisited,
    )


def _wait(protocol: Protocol, state: RunState, role: Role, names: Mapping[Role, str]) -> Waiting:
    roles: tuple[Role, ...] = ()
    is_listening = False
    may_go_back = False
    match state.status:
        case Status.ENDED:
            text = f"{protocol.title} is complete. You can still edit what you wrote."
        case Status.ABANDONED:
            text = f"{protocol.title} was stopped. What you wrote is kept."
        case Status.PAUSED:
            who = (
                "you" if state.paused_by is role else names[state.paused_by] if state.paused_by else "someone"
            )
            text = f"Paused by {who}. Say “resume” and it goes on where it stands."
        case _:
            step = protocol.step(state.step)
            roles = waited_for(protocol, state)
            is_listening = role in step.listens
            may_go_back = _may_go_back(protocol, state, role)
            people = " and ".join(names[other] for other in roles)
            default = f"{'You are done here. ' if role in step.who else ''}Waiting for {people}."
            text = fill(step.wait.get(role, ""), names) or default
    return Waiting(role, state.step, state.version, text, roles, is_listening, may_go_back)


def _may_go_back(protocol: Protocol, state: RunState, role: Role, *, before: str = "") -> bool:
    steps = protocol.steps[: protocol.position(before)] if before else protocol.steps
    return any((step.key, role) in state.done for step in steps)


def _manner(step: Step, held: Held | None) -> Manner:
    if held:
        return Manner.CHALLENGE if held.kind is HeldKind.CHALLENGED else Manner.CHOOSE
    return Manner.REVEAL if step.kind is StepKind.REVEAL else Manner.ASK


def _text(
    step: Step,
    held: Held | None,
    entries: tuple[Entry, ...],
    role: Role,
    names: Mapping[Role, str],
    comparisons: tuple[Comparison, ...],
    *,
    is_revisited: bool,
) -> str:
    if held and held.kind is HeldKind.CHALLENGED:
        return (
            held.data.get("question")
            or f'You wrote "{_excerpt(held.texts[0])}". {_CHALLENGES[step.challenge]}'
        )
    if held:
        count = len(entries) + len(held.texts)
        blanks = {"count": _number(count), "max": _number(step.max_entries)}
        return fill(step.too_many or _TOO_MANY, names, **blanks)
    if step.kind is StepKind.REVEAL and (where := start_here(comparisons, role, names)):
        return f"{where} {fill(step.more or step.ask[role], names)}"
    if entries and step.more and not is_revisited:
        return fill(step.more, names)
    return fill(step.ask[role], names)


def _places(held: Held, entries: tuple[Entry, ...]) -> tuple[Option, ...]:
    offered = (*(entry.text for entry in entries), *held.texts)
    return tuple(Option(str(place), text) for place, text in enumerate(offered, 1))


def fill(template: str, names: Mapping[Role, str], **blanks: str) -> str:
    """The template with ``{host}`` and the like replaced. A blank at the start of a sentence gets a capital."""
    words = {**{role.value: name for role, name in names.items()}, **blanks}

    def word(match: re.Match[str]) -> str:
        found = words.get(match[1], match[0])
        before = template[: match.start()]
        return _capital(found) if not before or before.endswith((". ", "? ")) else found

    return _BLANK.sub(word, template)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED else f"{line[:_QUOTED].rsplit(' ', 1)[0]} …"


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)
