"""Protocols from YAML: read, checked, and refused with file, line and reason where something is wrong.

The packaged protocols are in ``library/``; a district's own come as text. A file is refused as a whole and with
all its faults at once, so that whoever writes one mends it in one go. The keys of a file:

    key, title, purpose, source     source: the published work it rests on
    leads: facilitator              the role that keeps the time and may close a step for all (optional)
    counts_as: walkthrough          the kind of visit it is, if it is one (optional)
    roles:                          each role that takes part
      host: {called: the principal, from: principal, min: 1, max: 1}
                                    called when no name is known; from: principal, ild, supervisor, principals,
                                    ilds, anyone; min and max people (1 where left out)
    steps:                          in order; one step opens when the one before is done
      - key, title, phase           phase groups steps for the reader (before, during, after)
        kind                        text, list, notes, choice, figures, talk, reveal, commitment, next_steps
        who: [host, visitor]        who does it, at the same time
        turns: true                 one after another instead
        ask                         what is asked: one text for all, or one a role
        wait                        what the others read meanwhile, by role (optional)
        more, help, too_many        asked from the second entry on (of a reveal: after where to start); small print;
                                    a list over its limit
        min, max                    how many entries; for lists, notes, figures and next steps max may be left out
        closing: each | any | lead  whether everybody finishes for themselves, one for all, or whoever leads for all
        visibility                  shared, together (revealed when all have written), private
        challenge                   none, evidence, next_step, problem_of_practice, aim, rationale
        required: true              cannot be skipped; all others can, with a reason
        minutes, timed              how long it is meant to take; timed: true tells whoever leads when it runs out
        listens                     roles who listen without answering
        options                     of a choice: key, label, and again (an earlier step: one more round)
        framework: look_fors|scale  a list offers the framework's look-fors; a choice its levels of intensity
        reveals, tags               earlier steps shown side by side; the list a note may be tagged from
        per: look_fors              asked once for each entry of that earlier list; {item} is the entry
        repeats: classrooms         this step and its neighbours with the same key are one round for each entry
        when: {decision: [adapt]}   a branch: asked only where one of these was chosen in that earlier choice
        every: 10                   left open, it comes back by itself after so many school days
        ahead: 14                   to be done so many days before the meeting
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

import yaml

from protocols.guided.step_checks import MANY_KINDS, check_blocks, check_step
from protocols.guided.steps import (
    MANY,
    Challenge,
    Closing,
    Condition,
    Option,
    Part,
    Pool,
    Protocol,
    Role,
    Source,
    Step,
    StepKind,
    Visibility,
)
from protocols.guided.yaml_reader import Fault, NotYamlError, Reader, compose

MAX_FILE = 200_000
"""The longest file read, in characters: a protocol is a few pages, whatever is longer is something else."""

MOST_PEOPLE = 40
"""The most people of one role: a network's visiting group, and some."""

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_BLANK = re.compile(r"\{([^{}]*)\}")
_PROTOCOL_KEYS = ("key", "title", "purpose", "source", "roles", "steps")
_STEP_KEYS = (
    *(
        "key",
        "title",
        "phase",
        "kind",
        "who",
        "turns",
        "ask",
        "wait",
        "more",
        "help",
        "too_many",
        "min",
        "max",
    ),
    *(
        "closing",
        "visibility",
        "challenge",
        "required",
        "minutes",
        "timed",
        "listens",
        "options",
        "framework",
    ),
    *("reveals", "tags", "per", "repeats", "when", "every", "ahead"),
)


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
        root = compose(text)
    except NotYamlError as error:
        raise ProtocolRefused(name, [Fault(error.line, error.reason)]) from None
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
    found = reader.mapping(root, (*_PROTOCOL_KEYS, "leads", "counts_as"), required=_PROTOCOL_KEYS)
    parts = {
        role: _read_part(reader, node)
        for name, node in reader.mapping(found.get("roles"), tuple(Role), required=()).items()
        if (role := Role(name))
    }
    if not parts:
        reader.fault(found.get("roles", root), "at least one role is needed")
    leads = _read_leads(reader, found.get("leads"), tuple(parts))
    steps: list[Step] = []
    nodes: list[yaml.Node] = []
    for node in reader.items(found.get("steps")):
        step = _read_step(reader, node, tuple(parts), steps, leads)
        if any(step.key == earlier.key for earlier in steps):
            reader.fault(node, f"a step {step.key!r} stands above already")
        steps.append(step)
        nodes.append(node)
    if StepKind.NEXT_STEPS not in {step.kind for step in steps}:
        reader.fault(
            found.get("steps", root), "a protocol ends in action: at least one step of kind next_steps"
        )
    check_blocks(reader, nodes, steps)
    return Protocol(
        key=_read_key(reader, found.get("key")),
        title=reader.text(found.get("title")),
        purpose=reader.text(found.get("purpose")),
        source=reader.text(found.get("source")),
        parts=parts,
        steps=tuple(steps),
        leads=leads,
        counts_as=_read_key(reader, found.get("counts_as")),
    )


def _read_part(reader: Reader, node: yaml.Node) -> Part:
    found = reader.mapping(node, ("called", "from", "min", "max"), required=("called", "from"))
    part = Part(
        called=reader.text(found.get("called")),
        pool=reader.word(found.get("from"), Pool, Pool.ANYONE),
        at_least=reader.number(found.get("min"), 1, low=0, high=MOST_PEOPLE),
        at_most=reader.number(found.get("max"), 1, low=1, high=MOST_PEOPLE),
    )
    if part.at_most < part.at_least:
        reader.fault(node, f"max {part.at_most} is less than min {part.at_least}")
    return part


def _read_leads(reader: Reader, node: yaml.Node | None, roles: tuple[Role, ...]) -> Role | None:
    name = reader.text(node)
    role = next((role for role in roles if role == name), None)
    if node is not None and name and role is None:
        reader.fault(node, f"leads: there is no role {name!r} here")
    return role


def _read_key(reader: Reader, node: yaml.Node | None) -> str:
    key = reader.text(node)
    if node is not None and key and not _KEY.fullmatch(key):
        reader.fault(node, f"{key!r} is no key: small letters, digits and _ only, a letter first")
    return key


def _read_step(
    reader: Reader, node: yaml.Node, roles: tuple[Role, ...], earlier: Sequence[Step], leads: Role | None
) -> Step:
    found = reader.mapping(node, _STEP_KEYS, required=("key", "title", "phase", "kind", "who", "ask"))
    faults_before = len(reader.faults)
    kind = reader.word(found.get("kind"), StepKind, StepKind.TEXT)
    who = reader.words(found.get("who"), roles)
    per = reader.text(found.get("per"))
    repeats = reader.text(found.get("repeats"))
    blanks = (*roles, "item") if per or repeats else roles
    most = MANY if kind in MANY_KINDS or per else 1
    step = Step(
        key=_read_key(reader, found.get("key")),
        title=reader.text(found.get("title")),
        phase=reader.text(found.get("phase")),
        kind=kind,
        who=who,
        ask=_read_by_role(reader, found.get("ask"), who, blanks),
        wait=_read_by_role(reader, found.get("wait"), tuple(r for r in roles if r not in who), blanks),
        more=_read_template(reader, found.get("more"), blanks),
        help=_read_template(reader, found.get("help"), blanks),
        too_many=_read_template(reader, found.get("too_many"), (*roles, "count", "max")),
        min_entries=reader.number(found.get("min"), 1, low=0, high=MANY),
        max_entries=reader.number(found.get("max"), most, low=1, high=MANY),
        closing=reader.word(found.get("closing"), Closing, Closing.EACH),
        visibility=reader.word(found.get("visibility"), Visibility, Visibility.SHARED),
        challenge=reader.word(found.get("challenge"), Challenge, Challenge.NONE),
        is_required=reader.flag(found.get("required")),
        minutes=reader.number(found.get("minutes"), 0, low=1, high=600) or None,
        is_timed=reader.flag(found.get("timed")),
        in_turns=reader.flag(found.get("turns")),
        source=reader.word(found.get("framework"), Source, Source.NONE),
        per=per,
        repeats=repeats,
        when=_read_when(reader, found.get("when"), earlier),
        every=reader.number(found.get("every"), 0, low=1, high=100) or None,
        ahead=reader.number(found.get("ahead"), 0, low=1, high=100) or None,
        listens=reader.words(found.get("listens"), roles),
        options=_read_options(reader, found.get("options"), earlier),
        reveals=reader.words(found.get("reveals"), tuple(s.key for s in earlier), what="earlier step"),
        tags=reader.text(found.get("tags")),
    )
    if len(reader.faults) == faults_before:
        check_step(reader, found, node, step, earlier, leads)
    return step


def _read_when(reader: Reader, node: yaml.Node | None, earlier: Sequence[Step]) -> Condition | None:
    if node is None:
        return None
    choices = {step.key: step for step in earlier if step.kind is StepKind.CHOICE and not step.per}
    found = reader.mapping(node, tuple(choices), required=())
    if len(found) != 1:
        reader.fault(node, "when: name one earlier choice and the options that lead here")
        return None
    ((key, value),) = found.items()
    options = reader.words(value, tuple(option.key for option in choices[key].options), what="option")
    return Condition(key, options) if options else None


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
    reader: Reader, node: yaml.Node | None, wanted: tuple[Role, ...], blanks: Sequence[str]
) -> dict[Role, str]:
    """One text for all of ``wanted``, or a text for each; a role left out is refused where the key is given."""
    if node is None:
        return {}
    if isinstance(node, yaml.ScalarNode):
        return dict.fromkeys(wanted, _read_template(reader, node, blanks))
    found = reader.mapping(node, wanted, required=wanted)
    return {Role(name): _read_template(reader, value, blanks) for name, value in found.items()}
