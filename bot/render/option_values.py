"""A field's values as every platform takes them and returns them unchanged.

Slack escapes ``& < >`` and takes no blank value; Teams joins several chosen ones by commas; ours are joined by line
ends. A value that has none of these goes as it is, any other as ``=`` and its percent code.
"""

import re
from urllib.parse import quote, unquote

_SPECIAL = re.compile("[&<>,\n\r]")


def encode_value(value: str) -> str:
    """The value as an option carries it; never blank."""
    return "=" + quote(value) if not value.strip() or value[0] == "=" or _SPECIAL.search(value) else value


def decode_value(coded: str) -> str:
    """The value that ``encode_value`` was given."""
    return unquote(coded[1:]) if coded.startswith("=") else coded
