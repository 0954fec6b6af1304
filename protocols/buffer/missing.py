"""Attachments that a memo names and that did not come with it: nobody can fill in a form that they do not have."""

import re
from collections.abc import Sequence

from protocols.buffer.attachments import attachments_named

LEAST_WORDS = 40
"""An attachment that stands in the text itself has so many words under its heading; a line of a list has none."""
MOST_NAMED = 4
_PLAIN = frozenset({"the", "attached", "enclosed", "accompanying", "a", "an", "your", "our", "of", "for"})


def missing_attachments(text: str, came: Sequence[str]) -> tuple[str, ...]:
    """What the text says comes with it and is not among ``came``, the names of the files that did.

    Files seldom bear the name that the memo has for them; so where as many came as are named, none is missing.
    """
    named = [name for name in attachments_named(text) if not _stands_in(name, text)]
    if len(came) >= len(named):
        return ()
    files = [_words(name) for name in came]
    return tuple(name for name in named if not any(_is(name, file) for file in files))


def say_missing(text: str, came: Sequence[str]) -> str | None:
    """The sentence about them, or None."""
    names = [f"“{name}”" for name in missing_attachments(text, came)]
    if not names:
        return None
    if len(names) > MOST_NAMED:
        return f"It names {len(names)} attachments that did not come with it. Ask the office for them."
    last = names.pop()
    listed = f"{', '.join(names)} and {last}" if names else last
    return f"It names {listed}, which did not come with it. Ask the office for {'them' if names else 'it'}."


def _is(name: str, file: frozenset[str]) -> bool:
    own = _words(name) - _PLAIN
    return bool(own) and own <= file


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z0-9])", " ", name).lower()))


def _stands_in(name: str, text: str) -> bool:
    """Whether the attachment is a part of the text: a line that begins with its name, and much under it."""
    if " " not in name:
        return False
    heads = list(re.finditer(rf"(?im)^[^\w\n]*{re.escape(name)}\b[^\n]*$", text))
    return any(len(text[head.end() :].split()) >= LEAST_WORDS for head in heads)
