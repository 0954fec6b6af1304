"""Changing a protocol a step at a time: rename, reword, re-time, drop, add and move.

Each change takes a protocol and gives a new one, or raises ``AdaptationRefused`` with a sentence for whoever asked.
A changed protocol is held to the same rules as a file, by being written as one and read again, so that nothing is
adapted in chat that a file would be refused for. What makes a conversation more than a talk cannot be taken away:
the required steps that hold evidence, and the next steps.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from protocols.guided.catalog import ProtocolRefused, parse
from protocols.guided.steps import Challenge, Closing, Protocol, Role, Step, StepKind
from protocols.guided.yaml_reader import Fault
from protocols.guided.yaml_writer import to_yaml

MOST_MINUTES = 600
LONGEST_TITLE = 60
LONGEST_TEXT = 1_000
MOST_STEPS = 40
ADDED_KINDS = (StepKind.TEXT, StepKind.LIST, StepKind.TALK, StepKind.COMMITMENT)
"""What a step added by hand may be; the others need keys that only a file can give."""

_BLANK = re.compile(r"\{([^{}]*)\}")
_EVIDENCE_KINDS = (StepKind.NOTES, StepKind.FIGURES)


class AdaptationRefused(ValueError):
    """The change is none we can make; ``str`` of it is a sentence that says why, or what to do instead."""


class Wording(StrEnum):
    """Which of a step's texts is meant."""

    ASK = "ask"
    MORE = "more"
    HELP = "help"


def holds_evidence(step: Step) -> bool:
    """Whether a protocol would lose its evidence with the step."""
    return step.is_required and (step.kind in _EVIDENCE_KINDS or step.challenge is Challenge.EVIDENCE)


def why_kept(protocol: Protocol, key: str) -> str:
    """The sentence that says why the step cannot be dropped; "" where it can."""
    step = _find(protocol, key)
    if step.kind is StepKind.NEXT_STEPS:
        return f"“{step.title}” stays: a conversation here ends in who does what, by when."
    if holds_evidence(step):
        return f"“{step.title}” stays: it holds the evidence that the conversation rests on."
    user = next((other for other in protocol.steps if other.key != key and key in needs(other)), None)
    if user is not None:
        return f"“{step.title}” stays: “{user.title}” builds on it. Drop that one first, or reword this one."
    return ""


def needs(step: Step) -> tuple[str, ...]:
    """The keys of the earlier steps that the step draws on or returns to."""
    again = (option.again for option in step.options)
    when = step.when.step if step.when else ""
    return tuple(key for key in (*step.reveals, step.tags, step.per, step.repeats, when, *again) if key)


# ---------------------------------------------------------------- changes


def rename_protocol(protocol: Protocol, title: str) -> Protocol:
    """The protocol under another title; its key, and so what starts it, stays."""
    return _checked(replace(protocol, title=_clean(title, LONGEST_TITLE, "title")))


def rename_step(protocol: Protocol, key: str, title: str) -> Protocol:
    """The protocol with another title for one step."""
    title = _clean(title, LONGEST_TITLE, "title")
    return _with(protocol, replace(_find(protocol, key), title=title))


def reword_step(
    protocol: Protocol, key: str, text: str, *, role: Role | None = None, wording: Wording = Wording.ASK
) -> Protocol:
    """The protocol with other words in one step: what it asks of ``role`` (None: of all), or what it says on."""
    step = _find(protocol, key)
    text = _clean(text, LONGEST_TEXT, "text")
    known = [*(part.value for part in protocol.parts), *(["item"] if step.per or step.repeats else [])]
    if unknown := [blank for blank in _BLANK.findall(text) if blank not in known]:
        names = ", ".join(f"{{{name}}}" for name in known)
        raise AdaptationRefused(f"I don't know {{{unknown[0]}}} here. Names you can use: {names}.")
    if wording is Wording.MORE:
        return _with(protocol, replace(step, more=text))
    if wording is Wording.HELP:
        return _with(protocol, replace(step, help=text))
    if role is not None and role not in step.who:
        asked = " and ".join(protocol.parts[one].called for one in step.who)
        raise AdaptationRefused(f"“{step.title}” is asked of {asked} only.")
    ask = {one: text if role in (None, one) else said for one, said in step.ask.items()}
    return _with(protocol, replace(step, ask=ask))


def retime_step(protocol: Protocol, key: str, minutes: int) -> Protocol:
    """The protocol with another length for one step, in minutes."""
    step = _find(protocol, key)
    if not 1 <= minutes <= MOST_MINUTES:
        raise AdaptationRefused(f"A step takes 1 to {MOST_MINUTES} minutes. How many for “{step.title}”?")
    return _with(protocol, replace(step, minutes=minutes))


def drop_step(protocol: Protocol, key: str) -> Protocol:
    """The protocol without the step. Refused for evidence, next steps, and what other steps build on."""
    if why := why_kept(protocol, key):
        raise AdaptationRefused(why)
    return _checked(replace(protocol, steps=tuple(step for step in protocol.steps if step.key != key)))


def add_step(
    protocol: Protocol,
    title: str,
    ask: str,
    *,
    after: str,
    who: Sequence[Role] = (),
    kind: StepKind = StepKind.TEXT,
    minutes: int | None = None,
) -> Protocol:
    """The protocol with one more step behind the step ``after`` ("": at the beginning).

    ``who`` are the roles it is asked of; none: all that the protocol's steps ask something of, and of something
    said aloud whoever leads. It belongs to the phase, and where it stands inside one to the round and the branch,
    of its neighbours. Where a role has several people, whoever leads may close it, so that nobody is waited for.
    """
    if kind not in ADDED_KINDS:
        raise AdaptationRefused(
            f"A step of that kind ({kind}) needs a file; in chat I add a question or a talk."
        )
    if kind is StepKind.TALK and protocol.leads is None:
        raise AdaptationRefused(
            "Nobody leads this protocol, so nobody could close a talk. Add a question instead."
        )
    if len(protocol.steps) >= MOST_STEPS:
        raise AdaptationRefused(f"It has {MOST_STEPS} steps already. Drop one before adding another.")
    place = protocol.position(_find(protocol, after).key) + 1 if after else 0
    before, behind = protocol.steps[max(place - 1, 0)], protocol.steps[min(place, len(protocol.steps) - 1)]
    title = _clean(title, LONGEST_TITLE, "title")
    roles = tuple(who) or _asked_roles(protocol, kind)
    is_led = protocol.leads is not None and any(protocol.parts[role].at_most > 1 for role in roles)
    is_inside = 0 < place < len(protocol.steps)
    step = Step(
        key=_free_key(protocol, title),
        title=title,
        phase=before.phase,
        kind=kind,
        who=roles,
        ask=dict.fromkeys(roles, _clean(ask, LONGEST_TEXT, "text")),
        max_entries=10 if kind is StepKind.LIST else 1,
        closing=Closing.LEAD if is_led or kind is StepKind.TALK else Closing.EACH,
        minutes=minutes,
        repeats=before.repeats if is_inside and before.repeats == behind.repeats else "",
        when=before.when if is_inside and before.when == behind.when else None,
    )
    return _checked(replace(protocol, steps=(*protocol.steps[:place], step, *protocol.steps[place:])))


def move_step(protocol: Protocol, key: str, *, after: str) -> Protocol:
    """The protocol with the step behind the step ``after`` ("": at the beginning), in the phase of that one."""
    step = _find(protocol, key)
    if after == key:
        return protocol
    left = [other for other in protocol.steps if other.key != key]
    place = left.index(_find(protocol, after)) + 1 if after else 0
    for other in left[:place]:
        if key in needs(other):
            raise AdaptationRefused(f"“{other.title}” builds on “{step.title}”, so that comes first.")
    for other in left[place:]:
        if other.key in needs(step):
            raise AdaptationRefused(f"“{step.title}” builds on “{other.title}”, so it comes after that.")
    moved = replace(step, phase=left[max(place - 1, 0)].phase) if left else step
    return _checked(replace(protocol, steps=(*left[:place], moved, *left[place:])))


def check_replacement(before: Protocol, after: Protocol, *, text: str, name: str) -> None:
    """Hold a file to what a change in chat is held to: the evidence of the protocol it replaces stays in it.

    ``text`` is the file, ``name`` what it is called. Raises ``ProtocolRefused``.
    """
    kept = {step.key: step for step in after.steps}
    faults = [
        Fault(
            _line_of(text, step.key if step.key in kept else "steps"),
            f"the step {step.key!r} ({step.title}) holds the evidence and stays: kind {step.kind}, required: true",
        )
        for step in before.steps
        if holds_evidence(step)
        and not (step.key in kept and kept[step.key].kind is step.kind and holds_evidence(kept[step.key]))
    ]
    if faults:
        raise ProtocolRefused(name, faults)


def _line_of(text: str, word: str) -> int:
    """The line (from 1) where a step's key, or a key of the file, is given."""
    pattern = re.compile(rf"\s*(?:-\s*\{{?\s*)?(?:key:\s*)?[\"']?{re.escape(word)}[\"']?\s*[:,]?\s*(?:#.*)?")
    lines = text.splitlines()
    return next((number for number, line in enumerate(lines, 1) if pattern.fullmatch(line)), 1)


# ---------------------------------------------------------------- parts


def _find(protocol: Protocol, key: str) -> Step:
    try:
        return protocol.step(key)
    except KeyError:
        raise AdaptationRefused("That step is not in it any more.") from None


def _with(protocol: Protocol, step: Step) -> Protocol:
    steps = tuple(step if other.key == step.key else other for other in protocol.steps)
    return _checked(replace(protocol, steps=steps))


def _checked(protocol: Protocol) -> Protocol:
    """The protocol as its file would be read. Raises ``AdaptationRefused`` with the first fault of the file."""
    try:
        return parse(to_yaml(protocol), name=protocol.key)
    except ProtocolRefused as refused:
        reason = refused.faults[0].reason
        raise AdaptationRefused(f"That would not work: {reason}.") from None


def _clean(text: str, longest: int, what: str) -> str:
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if not words:
        raise AdaptationRefused(f"The {what} would be empty. Write at least a word.")
    if len(words) > longest:
        raise AdaptationRefused(
            f"That {what} has {len(words)} characters; up to {longest} can be read at a glance."
        )
    return words


def _asked_roles(protocol: Protocol, kind: StepKind) -> tuple[Role, ...]:
    if kind is StepKind.TALK and protocol.leads is not None:
        return (protocol.leads,)
    asked = {role for step in protocol.steps for role in step.who}
    return tuple(role for role in protocol.parts if role in asked and role is not Role.OBSERVER)


def _free_key(protocol: Protocol, title: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:30]
    stem = stem if stem[:1].isalpha() else f"step_{stem}".rstrip("_")
    taken = {step.key for step in protocol.steps}
    return next(key for key in (stem, *(f"{stem}_{n}" for n in range(2, MOST_STEPS + 3))) if key not in taken)
