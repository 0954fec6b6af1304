"""Text that a page can hold: line ends as ``\\n``, and nothing that no paper shows."""

import re

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_HALVES = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without control characters and without marks that turn the reading direction of what follows.

    Half characters, left over from a cut text, become the sign for an unknown one, so that it can be stored as UTF-8.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _HALVES.sub("\ufffd", _UNSEEN.sub("", lines))
