"""What a button brings back: a name and small arguments, in one short line of text.

The line is what a platform stores in a button's value (``run.answer?run=12&step=3&v=7``). It holds ids and
versions only, so that a button pressed a week late can be recognised as old; it never holds what people wrote.
Slack allows 2,000 characters in a button's value, 150 in an option's; ``MAX_LENGTH`` keeps an action under both.
"""

import hashlib
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

MAX_LENGTH = 150
LARGEST = 2**31 - 1
_NAME = re.compile(r"[a-z_]+(\.[a-z_]+)+")


class ActionError(ValueError):
    """The line is not an action of ours: damaged, forged, or from a version that never was."""


@dataclass(frozen=True, slots=True)
class Action:
    """``name`` is ``topic.verb``; the topic says which handler module answers. Arguments are short strings."""

    name: str
    args: dict[str, str] = field(default_factory=dict)

    @property
    def topic(self) -> str:
        return self.name.partition(".")[0]

    def number(self, key: str) -> int:
        """The integer argument ``key``. Raises ``ActionError`` where it is missing, no whole number, or no id of ours:
        beyond ``LARGEST`` a database fails instead of finding nothing."""
        try:
            number = int(self.args[key])
        except (KeyError, ValueError):
            raise ActionError(f"{self.name} needs a whole number {key!r}") from None
        if abs(number) > LARGEST:
            raise ActionError(f"{self.name} has too large a number {key!r}")
        return number

    def encode(self) -> str:
        """The line for a button. Raises ``ActionError`` where it would be too long or the name is malformed."""
        if not _NAME.fullmatch(self.name):
            raise ActionError(f"not an action name: {self.name!r}")
        line = f"{self.name}?{urlencode(self.args)}" if self.args else self.name
        if len(line) > MAX_LENGTH:
            raise ActionError(f"action of {len(line)} characters, {MAX_LENGTH} allowed: {self.name}")
        return line


def act(name: str, **args: str | int) -> Action:
    """``act("visit.cancel", visit=12)``: the short way to write an action."""
    return Action(name, {key: str(value) for key, value in args.items()})


def key_of(name: str) -> str:
    """What a button carries of something that is known by its name alone, as networks and units are.

    Twelve characters, however long the name; its place in a list would be its neighbour's after a change of the roster.
    """
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def decode(line: str) -> Action:
    """The action that ``encode`` wrote. Raises ``ActionError`` for anything else."""
    if len(line) > MAX_LENGTH:
        raise ActionError("the button's text is too long to be ours")
    name, _, query = line.partition("?")
    if not _NAME.fullmatch(name):
        raise ActionError("the button's text is not one of ours")
    pairs = parse_qsl(query, keep_blank_values=True)
    if len({key for key, _ in pairs}) != len(pairs):
        raise ActionError("the button's text says one thing twice")
    return Action(name, dict(pairs))
