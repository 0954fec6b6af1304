"""What no single key of a protocol file shows: whether the keys of a step agree with one another and with the steps
before it."""

from collections.abc import Mapping, Sequence

import yaml

from protocols.guided.steps import Challenge, Closing, Role, Source, Step, StepKind, Visibility
from protocols.guided.yaml_reader import Reader

MANY_KINDS = (StepKind.LIST, StepKind.NOTES, StepKind.FIGURES, StepKind.NEXT_STEPS)
_SINGLE_KINDS = (StepKind.CHOICE, StepKind.TALK, StepKind.REVEAL, StepKind.COMMITMENT)
_CHALLENGED_KINDS = (StepKind.TEXT, StepKind.NOTES, StepKind.COMMITMENT, StepKind.NEXT_STEPS)


def check_step(
    reader: Reader,
    found: Mapping[str, yaml.Node],
    node: yaml.Node,
    step: Step,
    earlier: Sequence[Step],
    leads: Role | None,
) -> None:
    """Note every fault of ``step`` whose keys were each read without one."""

    def refuse(key: str, reason: str) -> None:
        reader.fault(found.get(key, node), reason)

    if not step.who and "who" in found:
        refuse("who", "at least one role does a step")
    if step.max_entries < step.min_entries:
        refuse("max", f"max {step.max_entries} is less than min {step.min_entries}")
    if step.kind in MANY_KINDS and step.max_entries == 1:
        refuse("max", f"a step of kind {step.kind} takes more than one entry; use text for a single one")
    if step.kind in _SINGLE_KINDS and step.max_entries > 1 and not step.per:
        refuse("max", f"a step of kind {step.kind} takes one entry")
    if step.kind is StepKind.NEXT_STEPS and not step.is_required:
        refuse("required", "next steps cannot be left out: set required: true")
    has_options = bool(step.options) or step.source is Source.SCALE
    if (step.kind is StepKind.CHOICE) != has_options or len(step.options) == 1:
        refuse("options", "a choice, and only a choice, has two or more options, or framework: scale")
    if step.source is Source.LOOK_FORS and step.kind is not StepKind.LIST:
        refuse("framework", "only a list is filled from the framework's look-fors")
    if (step.kind is StepKind.REVEAL) != bool(step.reveals):
        refuse("reveals", "a reveal, and only a reveal, names the earlier steps it shows")
    if step.challenge is not Challenge.NONE and step.kind not in _CHALLENGED_KINDS:
        refuse("challenge", f"a step of kind {step.kind} is not challenged")
    if set(step.listens) & set(step.who):
        refuse("listens", "a role cannot write and listen in the same step")
    if step.closing is Closing.ANY and step.visibility is not Visibility.SHARED:
        refuse(
            "closing",
            "what one role may finish for all is seen by all: closing: any needs visibility: shared",
        )
    hidden = [s.key for s in earlier if s.key in step.reveals and s.visibility is Visibility.PRIVATE]
    if hidden:
        refuse("reveals", f"{hidden[0]!r} is private and is never revealed")
    lists = [other.key for other in earlier if other.kind is StepKind.LIST]
    if step.tags and (step.kind is not StepKind.NOTES or step.tags not in lists):
        refuse("tags", f"tags: only notes have them, from an earlier list; {step.tags!r} is none")
    for key in ("per", "repeats"):
        if (name := getattr(step, key)) and name not in lists:
            refuse(key, f"{key}: there is no earlier list {name!r}")
    private = [other.key for other in earlier if other.visibility is Visibility.PRIVATE]
    for key in ("tags", "per", "repeats"):
        if (name := getattr(step, key)) in private:
            refuse(key, f"{key}: {name!r} is private, and everybody who is asked here would read it")
    if step.per and step.kind not in (StepKind.TEXT, StepKind.CHOICE):
        refuse("per", "only a text or a choice is asked for each entry of a list")
    if step.is_timed and (step.minutes is None or leads is None):
        refuse("timed", "a timed step needs minutes, and the protocol somebody who leads")
    if step.closing is Closing.LEAD and leads is None:
        refuse("closing", "closing: lead needs a role that leads; name it at the top of the file")
    if step.every is not None and not step.takes_many:
        refuse("every", "a step that comes back by itself takes more than one entry: set max")


def check_blocks(reader: Reader, nodes: Sequence[yaml.Node], steps: Sequence[Step]) -> None:
    """Steps repeated for the same list stand next to each other, and none of them begins a round of its own."""
    left: set[str] = set()
    before = ""
    for node, step in zip(nodes, steps, strict=True):
        if before and step.repeats != before:
            left.add(before)
        if step.repeats in left:
            reader.fault(node, f"repeats: the steps for each of {step.repeats!r} stand next to each other")
        if step.repeats and any(option.again for option in step.options):
            reader.fault(node, "a step that is repeated for each entry of a list cannot begin a round again")
        before = step.repeats
