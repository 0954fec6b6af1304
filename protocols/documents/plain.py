"""Plain text, in whichever encoding it came."""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16's, which it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNASSIGNED = frozenset(b"\x81\x8d\x8f\x90\x9d")
_WESTERN = "".join(bytes([n]).decode("latin-1" if n in _UNASSIGNED else "cp1252") for n in range(256))
SAMPLE = 4000
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_BLANKS = str.maketrans(
    {"\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u200b": "", "\ufeff": "", "\u2060": ""}
)
_FEW_CONTROLS = 0.02
"""The share of control characters up to which bytes are taken for text with slips in it."""


def decode(data: bytes) -> str | None:
    """The text of the bytes, or None where they are no text.

    With a mark at its front, as the mark says; else UTF-16 where every other byte is empty, UTF-8 where it fits, and
    Windows' Western letters (Latin-1 and a few more) where it does not.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(data[len(mark) :].decode(encoding, "replace"))
    wide = _wide_encoding(data)
    if wide is not None:
        return _checked(data.decode(wide, "replace"))
    try:
        return _checked(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _checked(_decode_western(data))


def _decode_western(data: bytes) -> str:
    """As Windows' Western letters, and the five bytes that it has none for as Latin-1 has them: one letter a byte."""
    return codecs.charmap_decode(data, "strict", _WESTERN)[0]


def _wide_encoding(data: bytes) -> str | None:
    sample = data[:SAMPLE]
    if len(sample) < 4 or b"\x00" not in sample:
        return None
    evens, odds = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odds > 0.4 * half and evens < 0.1 * half:
        return "utf-16-le"
    if evens > 0.4 * half and odds < 0.1 * half:
        return "utf-16-be"
    return None


def _checked(text: str) -> str | None:
    sample = text[:SAMPLE]
    return None if len(_CONTROLS.findall(sample)) > _FEW_CONTROLS * max(len(sample), 50) else text


def tidy(text: str) -> str:
    """Without what no memo needs: other line ends, page breaks, control characters, blanks that are not one."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"\n?\f\n?", "\n", text).translate(_BLANKS)
    text = _CONTROLS.sub("", text).replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = "\n".join(line.rstrip(" \t") for line in text.split("\n"))  # a pattern would try every blank anew
    return re.sub(r"\n{3,}", "\n\n", text).lstrip("\n").rstrip()


def read_plain(data: bytes) -> str | None:
    """A text file's words, or None where it is no text."""
    text = decode(data)
    return None if text is None else tidy(text)


def front_of(data: bytes, size: int) -> bytes:
    """The first ``size`` bytes or a few less, so that no letter is cut in two."""
    head = data[:size]
    if len(data) <= size:
        return head
    end = next((end for end in range(len(head), len(head) - 4, -1) if head[end - 1] < 0x80), len(head))
    return head[: end - end % 4] if b"\x00" in head else head[:end]
