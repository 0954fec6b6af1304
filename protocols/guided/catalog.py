"""Protocols from YAML: read, checked, and refused with file, line and reason where something is wrong.

The packaged protocols are in ``library/``; a district's own come as text. A file is refused as a whole and with
all its faults at once, so that whoever writes one mends it in one go. The keys of a file:

    key, title, purpose, source     source: the published work it rests on
    roles: {host: the principal}    each seat, and what it is called when no name is known
    steps:                          in order; one step opens when the one before is done
      - key, title, phase           phase groups steps for the reader (before, during, after)
        kind                        text, list, notes, choice, reveal, commitment, next_steps
        who: [host, visitor]        who does it, at the same time
        ask                         what is asked: one text for all, or one a role
        wait                        what the others read meanwhile, by role (optional)
        more, help, too_many        asked from the second entry on (of a reveal: after where to start); small print;
                                    a list over its limit
        min, max                    how many entries; for lists, notes and next steps max may be left out
        closing: each | any         whether each role finishes for itself or one for all
        visibility                  shared, together (revealed when all have written), private
        challenge                   none, evidence, next_step, problem_of_practice, aim, rationale
        required: true              cannot be skipped; all others can, with a reason
        minutes, listens            how long it is meant to take; roles who listen without answering
        options                     of a choice: key, label, and again (an earlier step: one more round)
        reveals, tags               earlier steps shown side by side; the list a note may be tagged from
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

import yaml

from protocols.guided.steps import (
    MANY,
    Challenge,
    Closing,
    Option,
    Protocol,
    Role,
    Step,
    StepKind,
    Visibility,
)
from protocols.guided.yaml_reader import Fault, Reader

MAX_FILE = 200_000
"""The longest file read, in characters: a protocol is a few pages, whatever is longer is something else."""

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_BLANK = re.compile(r"\{([^{}]*)\}")
_PROTOCOL_KEYS = ("key", "title", "purpose", "source", "roles", "steps")
_STEP_KEYS = (
    *("key", "title", "phase", "kind", "who", "ask", "wait", "more", "help", "too_many", "min", "max"),
    *("closing", "visibility", "challenge", "required", "minutes", "listens", "options", "reveals", "tags"),
)
_MANY_KINDS = (StepKind.LIST, StepKind.NOTES, StepKind.NEXT_STEPS)
_WRITTEN_KINDS = (StepKind.TEXT, StepKind.NOTES, StepKind.COMMITMENT, StepKind.NEXT_STEPS)


class ProtocolRefused(ValueError):
    """A file is no protocol we can run. ``faults`` are in the order of the lines."""

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        self.name = name
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        super().__init__("\n".join(f"{name}, line {fault.line}: {fault.reason}" for fault in self.faults))


@cache
def library() -> Mapping[str, Protocol]:
    """The packaged protocols by key."""
    folder = resources.files("protocols.guided") / "library"
    files = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir() if _is_yaml(file.name)}
    return parse_all(files)


def parse_all(files: Mapping[str, str]) -> Mapping[str, Protocol]:
    """The protocols of several files (name to text) by key, in the order of the names.

    Raises ``ProtocolRefused`` for the first file that is wrong, or that has a key another file has.
    """
    found: dict[str, Protocol] = {}
    origin: dict[str, str] = {}
    for name in sorted(files):
        protocol = parse(files[name], name=name)
        if protocol.key in found:
            raise ProtocolRefused(name, [Fault(1, f"{protocol.key!r} is already in {origin[protocol.key]}")])
        found[protocol.key], origin[protocol.key] = protocol, name
    return found


def parse(text: str, *, name: str) -> Protocol:
    """The protocol in ``text``; ``name`` is the file's, for the message. Raises ``ProtocolRefused``."""
    if len(text) > MAX_FILE:
        raise ProtocolRefused(name, [Fault(1, f"longer than {MAX_FILE} characters")])
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ProtocolRefused(name, [Fault(line, f"not valid YAML: {error.problem}")]) from None
    except (yaml.YAMLError, RecursionError):
        raise ProtocolRefused(name, [Fault(1, "not readable as YAML text")]) from None
    if root is None:
        raise ProtocolRefused(name, [Fault(1, "the file is empty")])
    reader = Reader()
    protocol = _read_protocol(reader, root)
    if reader.faults:
        raise ProtocolRefused(name, reader.faults)
    return protocol


def _is_yaml(name: str) -> bool:
    return name.endswith((".yaml", ".yml"))


def _read_protocol(reader: Reader, root: yaml.Node) -> Protocol:
    found = reader.mapping(root, _PROTOCOL_KEYS, required=_PROTOCOL_KEYS)
    roles = {
        role: reader.text(node)
        for name, node in reader.mapping(found.get("roles"), tuple(Role), required=()).items()
        if (role := Role(name))
    }
    if not roles:
        reader.fault(found.get("roles", root), "at least one role is needed")
    steps: list[Step] = []
    for node in reader.items(found.get("steps")):
        step = _read_step(reader, node, tuple(roles), steps)
        if any(step.key == earlier.key for earlier in steps):
            reader.fault(node, f"a step {step.key!r} stands above already")
        steps.append(step)
    if StepKind.NEXT_STEPS not in {step.kind for step in steps}:
        reader.fault(
            found.get("steps", root), "a protocol ends in action: at least one step of kind next_steps"
        )
    return Protocol(
        key=_read_key(reader, found.get("key")),
        title=reader.text(found.get("title")),
        purpose=reader.text(found.get("purpose")),
        source=reader.text(found.get("source")),
        roles=roles,
        steps=tuple(steps),
    )


def _read_key(reader: Reader, node: yaml.Node | None) -> str:
    key = reader.text(node)
    if node is not None and key and not _KEY.fullmatch(key):
        reader.fault(node, f"{key!r} is no key: small letters, digits and _ only, a letter first")
    return key


def _read_step(reader: Reader, node: yaml.Node, roles: tuple[Role, ...], earlier: Sequence[Step]) -> Step:
    found = reader.mapping(node, _STEP_KEYS, required=("key", "title", "phase", "kind", "who", "ask"))
    faults_before = len(reader.faults)
    kind = reader.word(found.get("kind"), StepKind, StepKind.TEXT)
    who = reader.words(found.get("who"), roles)
    step = Step(
        key=_read_key(reader, found.get("key")),
        title=reader.text(found.get("title")),
        phase=reader.text(found.get("phase")),
        kind=kind,
        who=who,
        ask=_read_by_role(reader, found.get("ask"), who, roles),
        wait=_read_by_role(reader, found.get("wait"), tuple(r for r in roles if r not in who), roles),
        more=_read_template(reader, found.get("more"), roles),
        help=_read_template(reader, found.get("help"), roles),
        too_many=_read_template(reader, found.get("too_many"), (*roles, "count", "max")),
        min_entries=reader.number(found.get("min"), 1, low=1, high=MANY),
        max_entries=reader.number(found.get("max"), MANY if kind in _MANY_KINDS else 1, low=1, high=MANY),
        closing=reader.word(found.get("closing"), Closing, Closing.EACH),
        visibility=reader.word(found.get("visibility"), Visibility, Visibility.SHARED),
        challenge=reader.word(found.get("challenge"), Challenge, Challenge.NONE),
        is_required=reader.flag(found.get("required")),
        minutes=reader.number(found.get("minutes"), 0, low=1, high=600) or None,
        listens=reader.words(found.get("listens"), roles),
        options=_read_options(reader, found.get("options"), earlier),
        reveals=reader.words(found.get("reveals"), tuple(s.key for s in earlier), what="earlier step"),
        tags=reader.text(found.get("tags")),
    )
    if len(reader.faults) == faults_before:
        _check_step(reader, found, node, step, earlier)
    return step


def _read_options(reader: Reader, node: yaml.Node | None, earlier: Sequence[Step]) -> tuple[Option, ...]:
    options: list[Option] = []
    for item in reader.items(node):
        found = reader.mapping(item, ("key", "label", "again"), required=("key", "label"))
        again = reader.text(found.get("again"))
        if again and again not in (step.key for step in earlier):
            reader.fault(found["again"], f"again: there is no earlier step {again!r}")
        option = Option(_read_key(reader, found.get("key")), reader.text(found.get("label")), again)
        if option.key in (other.key for other in options):
            reader.fault(item, f"an option {option.key!r} stands above already")
        options.append(option)
    return tuple(options)


def _read_template(reader: Reader, node: yaml.Node | None, blanks: Sequence[str]) -> str:
    text = reader.text(node)
    for blank in _BLANK.findall(text):
        if node is not None and blank not in blanks:
            known = ", ".join(f"{{{name}}}" for name in blanks)
            reader.fault(node, f"{{{blank}}} is not known here; known are {known}")
    return text


def _read_by_role(
    reader: Reader, node: yaml.Node | None, wanted: tuple[Role, ...], roles: tuple[Role, ...]
) -> dict[Role, str]:
    """One text for all of ``wanted``, or a text for each; a role left out is refused where the key is given."""
    if node is None:
        return {}
    if isinstance(node, yaml.ScalarNode):
        return dict.fromkeys(wanted, _read_template(reader, node, roles))
    found = reader.mapping(node, wanted, required=wanted)
    return {Role(name): _read_template(reader, value, roles) for name, value in found.items()}


def _check_step(
    reader: Reader, found: Mapping[str, yaml.Node], node: yaml.Node, step: Step, earlier: Sequence[Step]
) -> None:
    """What no single key shows: whether the keys of a step agree with one another and with the steps before."""

    def refuse(key: str, reason: str) -> None:
        reader.fault(found.get(key, node), reason)

    if not step.who and "who" in found:
        refuse("who", "at least one role does a step")
    if step.max_entries < step.min_entries:
        refuse("max", f"max {step.max_entries} is less than min {step.min_entries}")
    if step.kind in _MANY_KINDS and step.max_entries == 1:
        refuse("max", f"a step of kind {step.kind} takes more than one entry; use text for a single one")
    if step.kind in (StepKind.CHOICE, StepKind.REVEAL, StepKind.COMMITMENT) and step.takes_many:
        refuse("max", f"a step of kind {step.kind} takes one entry")
    if step.kind is StepKind.NEXT_STEPS and not step.is_required:
        refuse("required", "next steps cannot be left out: set required: true")
    if (step.kind is StepKind.CHOICE) != bool(step.options) or len(step.options) == 1:
        refuse("options", "a choice, and only a choice, has two or more options")
    if (step.kind is StepKind.REVEAL) != bool(step.reveals):
        refuse("reveals", "a reveal, and only a reveal, names the earlier steps it shows")
    if step.challenge is not Challenge.NONE and step.kind not in _WRITTEN_KINDS:
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
