"""Texts of a protocol with people's names and numbers put into their blanks."""

import re
from collections.abc import Mapping

from protocols.guided.steps import Protocol, SeatKey, join_names, role_of

_BLANK = re.compile(r"\{(\w+)\}")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_QUOTED = 140  # characters of a note that a question repeats; the whole note is in ``quote``


def blanks(protocol: Protocol, names: Mapping[SeatKey, str]) -> dict[str, str]:
    """What ``{host}`` and the like become: all people of the role, or what the protocol calls it."""
    found: dict[str, str] = {}
    for role, called in protocol.roles.items():
        people = [name for seat, name in names.items() if role_of(seat) is role]
        found[role.value] = join_names(people) or called
    return found


def fill(template: str, names: Mapping[str, str], **more: str) -> str:
    """The template with ``{host}`` and the like replaced. A blank at the start of a sentence gets a capital."""
    words = {**names, **more}

    def word(match: re.Match[str]) -> str:
        found = words.get(match[1], match[0])
        before = template[: match.start()]
        return _capital(found) if not before or before.endswith((". ", "? ")) else found

    return _BLANK.sub(word, template)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED else f"{line[:_QUOTED].rsplit(' ', 1)[0]} …"


def say_number_of(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)
