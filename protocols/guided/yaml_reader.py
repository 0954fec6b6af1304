"""Values out of a YAML tree, with every fault kept beside its line instead of stopping at the first.

Each method returns something usable even where the node is missing or wrong, and notes the fault, so that one
reading finds all of them; whoever reads looks at ``faults`` at the end and throws the value away if there are any.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

import yaml

_Word = TypeVar("_Word", bound=StrEnum)
_Name = TypeVar("_Name", bound=str)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and in which line (from 1) of the file."""

    line: int
    reason: str


class NotYamlError(ValueError):
    """The text is no YAML, or YAML that no careful hand wrote; the text says why, ``line`` (from 1) where."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


def compose(text: str) -> yaml.Node | None:
    """The tree of a YAML text; None where it holds nothing. Only nodes: no value is made of any tag.

    An alias (``*name``) stands for what its anchor holds; where aliases of lists of aliases would make the tree larger
    than the text could spell out, they are refused, and so is an anchor inside itself. Raises ``NotYamlError``.
    """
    try:
        root: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
        if root is not None and _count(root, {}) > len(text):
            raise NotYamlError(1, "aliases (*name) repeat more than they may; write it out")
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise NotYamlError(line, f"not valid YAML: {error.problem}") from None
    except NotYamlError:
        raise
    except (yaml.YAMLError, RecursionError, ValueError):  # ValueError: an escape that stands for no letter
        raise NotYamlError(1, "not readable as YAML text") from None
    return root


def _count(node: yaml.Node, known: dict[int, int]) -> int:
    """How many nodes there are under this one, each as often as it is named. Raises ``NotYamlError`` for a ring."""
    if id(node) not in known:
        known[id(node)] = -1
        if isinstance(node, yaml.MappingNode):
            inside = [one for pair in node.value for one in pair]
        else:
            inside = node.value if isinstance(node, yaml.SequenceNode) else []
        known[id(node)] = 1 + sum(_count(one, known) for one in inside)
    found = known[id(node)]
    if found < 0:
        raise NotYamlError(node.start_mark.line + 1, "an alias (*name) stands inside what it stands for")
    return found


class Reader:
    """Reads nodes of one file and collects its faults. A node of None is a key that was left out."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, node: yaml.Node, reason: str) -> None:
        """Notes what is wrong at ``node``. The first fault of a line is enough: the next often follows from it."""
        line = node.start_mark.line + 1
        if all(line != fault.line for fault in self.faults):
            self.faults.append(Fault(line, reason))

    def mapping(
        self, node: yaml.Node | None, allowed: Sequence[str], *, required: Sequence[str]
    ) -> dict[str, yaml.Node]:
        """The values under known keys. Unknown, doubled and missing keys are faults."""
        if node is None:
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, f"expected keys ({', '.join(allowed)}), found {_named(node)}")
            return {}
        found: dict[str, yaml.Node] = {}
        for key_node, value in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else _named(key_node)
            if key not in allowed:
                self.fault(key_node, f"unknown key {key!r}{_hint(key, allowed)}")
            elif key in found:
                self.fault(key_node, f"{key!r} is given twice")
            else:
                found[key] = value
        for key in required:
            if key not in found:
                self.fault(node, f"{str(key)!r} is missing")
        return found

    def items(self, node: yaml.Node | None) -> Sequence[yaml.Node]:
        """The members of a list."""
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self.fault(node, f"expected a list, found {_named(node)}")
            return ()
        members: Sequence[yaml.Node] = node.value
        return members

    def text(self, node: yaml.Node | None) -> str:
        """Words, with line breaks and runs of blanks made one blank. An empty text is a fault."""
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self.fault(node, f"expected words, found {_named(node)}")
            return ""
        words = " ".join(node.value.split())
        if not words or node.tag == "tag:yaml.org,2002:null":
            self.fault(node, "expected words, found nothing")
        return words

    def number(self, node: yaml.Node | None, default: int, *, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        if node is None:
            return default
        is_number = isinstance(node, yaml.ScalarNode) and node.value.isdecimal() and len(node.value) < 10
        if is_number and low <= int(node.value) <= high:
            return int(node.value)
        self.fault(node, f"expected a whole number from {low} to {high}, found {_named(node)}")
        return default

    def flag(self, node: yaml.Node | None) -> bool:
        """``true`` or ``false``; false where it is left out."""
        if node is None:
            return False
        if isinstance(node, yaml.ScalarNode) and node.value in ("true", "false"):
            return bool(node.value == "true")
        self.fault(node, f"expected true or false, found {_named(node)}")
        return False

    def word(self, node: yaml.Node | None, words: type[_Word], default: _Word) -> _Word:
        """One of a fixed set of words."""
        if node is None:
            return default
        try:
            return words(node.value)
        except ValueError:
            self.fault(node, f"expected one of {', '.join(words)}, found {_named(node)}")
            return default

    def words(
        self, node: yaml.Node | None, known: Sequence[_Name], *, what: str = "role"
    ) -> tuple[_Name, ...]:
        """A list of names, each known and none twice."""
        found: list[_Name] = []
        for item in self.items(node):
            name = next((name for name in known if name == item.value), None)
            if name is None:
                self.fault(item, f"there is no {what} {_named(item)}")
            elif name in found:
                self.fault(item, f"{_named(item)} is named twice")
            else:
                found.append(name)
        return tuple(found)


def _named(node: yaml.Node) -> str:
    match node:
        case yaml.ScalarNode():
            return repr(node.value)
        case yaml.SequenceNode():
            return "a list"
        case _:
            return "keys"


def _hint(key: str, allowed: Sequence[str]) -> str:
    near = get_close_matches(key, allowed, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
