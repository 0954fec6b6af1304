"""A framework from a YAML file. Its keys (``key`` may be left out everywhere and is then made from the words):

title, source          what it is called; who wrote it and what it rests on (optional)
areas:
  - title: Talk
    practices:
      - title: Students give reasons
        look_fors:
          - Students say why without being asked.
          - {key: asks_why, text: A student asks another one why.}
scale:                 2 to 6 levels, the least first
  - {level: Not seen, meaning: I looked for it and neither saw nor heard it.}
"""

from collections.abc import Sequence

import yaml

from protocols.frameworks.building import (
    MAX_FILE,
    MOST_AREAS,
    MOST_LEVELS,
    MOST_LOOK_FORS,
    MOST_PRACTICES,
    Draft,
    FrameworkDraft,
    Place,
    build,
    clean,
    following,
)
from protocols.frameworks.faults import FrameworkFault, FrameworkRefused
from protocols.frameworks.values import Framework
from protocols.guided.yaml_reader import NotYamlError, Reader, compose

MOST_KEYS = 30
"""Of one mapping. More is a file of something else, and not worth a hundred faults."""


def parse_yaml(text: str, *, name: str) -> Framework:
    """The framework in ``text``; ``name`` is the file's, for the message. Raises ``FrameworkRefused``."""
    if len(text) > MAX_FILE:
        raise FrameworkRefused(name, [FrameworkFault(1, "", f"longer than {MAX_FILE:,} characters")])
    try:
        root = compose(clean(text.removeprefix("\ufeff")))
    except NotYamlError as error:
        raise FrameworkRefused(name, [FrameworkFault(error.line, "", error.reason)]) from None
    if root is None:
        raise FrameworkRefused(name, [FrameworkFault(1, "", "the file is empty")])
    reader = Reader()
    draft = _read_framework(reader, root)
    faults = [FrameworkFault(fault.line, "", fault.reason) for fault in reader.faults]
    framework, more = build(draft)
    faults += following(faults, more)
    if faults:
        raise FrameworkRefused(name, faults)
    return framework


def _read_framework(reader: Reader, root: yaml.Node) -> FrameworkDraft:
    allowed = ("key", "title", "source", "areas", "scale")
    found = _mapping(reader, root, allowed, required=("title", "areas", "scale"))
    return FrameworkDraft(
        title=reader.text(found.get("title")),
        place=Place(1),
        key=_key(reader, found),
        source=reader.text(found.get("source")),
        areas=[_read_area(reader, node) for node in _items(reader, found.get("areas"), MOST_AREAS, "areas")],
        scale=[
            _read_level(reader, node) for node in _items(reader, found.get("scale"), MOST_LEVELS, "levels")
        ],
        scale_place=_place(found["scale"]) if "scale" in found else None,
    )


def _read_area(reader: Reader, node: yaml.Node) -> Draft:
    found = _mapping(reader, node, ("key", "title", "practices"), required=("title", "practices"))
    practices = _items(reader, found.get("practices"), MOST_PRACTICES, "practices")
    return Draft(
        title=reader.text(found.get("title")),
        place=_place(node),
        key=_key(reader, found),
        under=[_read_practice(reader, one) for one in practices],
    )


def _read_practice(reader: Reader, node: yaml.Node) -> Draft:
    found = _mapping(reader, node, ("key", "title", "look_fors"), required=("title", "look_fors"))
    look_fors = _items(reader, found.get("look_fors"), MOST_LOOK_FORS, "look-fors")
    return Draft(
        title=reader.text(found.get("title")),
        place=_place(node),
        key=_key(reader, found),
        under=[_read_look_for(reader, one) for one in look_fors],
    )


def _read_look_for(reader: Reader, node: yaml.Node) -> Draft:
    if not isinstance(node, yaml.MappingNode):
        return Draft(reader.text(node), _place(node))
    named = [one.value for one, _value in node.value if isinstance(one, yaml.ScalarNode)]
    if not {"key", "text"} & set(named):
        reader.fault(node, "words with a colon in them need quotation marks round them")
        return Draft("", _place(node))
    found = _mapping(reader, node, ("key", "text"), required=("text",))
    return Draft(reader.text(found.get("text")), _place(node), key=_key(reader, found))


def _read_level(reader: Reader, node: yaml.Node) -> Draft:
    found = _mapping(reader, node, ("key", "level", "meaning"), required=("level", "meaning"))
    return Draft(
        title=reader.text(found.get("level")),
        place=_place(node),
        key=_key(reader, found),
        meaning=reader.text(found.get("meaning")),
    )


def _key(reader: Reader, found: dict[str, yaml.Node]) -> str:
    return reader.text(found.get("key")).casefold()


def _mapping(
    reader: Reader, node: yaml.Node, allowed: Sequence[str], *, required: Sequence[str]
) -> dict[str, yaml.Node]:
    if isinstance(node, yaml.MappingNode) and len(node.value) > MOST_KEYS:
        reader.fault(node, f"{len(node.value)} keys here; known are {', '.join(allowed)}")
        return {}
    return reader.mapping(node, allowed, required=required)


def _items(reader: Reader, node: yaml.Node | None, most: int, what: str) -> Sequence[yaml.Node]:
    """The members of a list that has no more than it may. Counted before they are read: aliases can repeat a list in
    a list in a list."""
    found = reader.items(node)
    if node is not None and len(found) > most:
        reader.fault(node, f"{len(found)} {what} here; {most} at most")
    return found[:most]


def _place(node: yaml.Node) -> Place:
    return Place(node.start_mark.line + 1)
