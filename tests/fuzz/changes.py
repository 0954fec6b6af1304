"""Changes to a sample that keep its structure: what a broken program, a careless hand or an enemy would send.

Each takes bytes and a source of chance and gives bytes. They know lines and words, cells, JSON, packed files and PDF
objects, so that what comes out gets past the first look of a reader, where plain noise ends.
"""

import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

Change = Callable[[bytes, random.Random], bytes]

LONGEST = 200_000
"""Bytes of what comes out; larger ones are a matter of limits, which have tests of their own."""
NASTY = (
    "", " ", "\t", "\n", "\r", "\r\n\r\n", "\x00", "\x1b[31m", "\u2028", "\u202e", "\ufeff", "\ud800",
    "\U0010ffff", "İ", "ß", "²", "٣", "½", "0", "-1", "1e999", "nan", "9" * 30, "9" * 5000, "2026-02-30",
    "0000-00-00", "9999-12-31", "24:00", "99:99", "=1+1", "@SUM(A1)", "'", '"', '"""', "''", "\\",
    "../../etc/passwd", "%00", "%s%n", "{}", "{0}", "<b>", "<!channel>", "<!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
    "&#0;", "&amp;", "]]>", "--", "/*", ";", ",", ":", "|", "(" * 50, "[" * 3000, "{" * 3000, "a" * 3000,
    "a " * 1500, " " * 3000, "1 " * 1500, "1/" * 1500, "- " * 1500, ",a" * 1500, "!!python/object:os.system",
    "&a [*a]", "*a", "? ", "|\n", ">-\n",
)  # fmt: skip
_SHAPES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    0.5,
    10**40,
    "",
    "words",
    [],
    {},
    [None],
    [[]],
    {"id": None},
    [{}],
)
_WORD = re.compile(r"\w+|[^\w\s]|\s+")


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode()


def of_bytes(data: bytes, chance: random.Random) -> bytes:
    """A few bytes other, gone, doubled or cut off."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        if not out:
            return bytes(chance.randrange(256) for _ in range(chance.randrange(40)))
        at = chance.randrange(len(out))
        end = min(len(out), at + chance.choice((1, 2, 4, 16, 64)))
        match chance.randrange(5):
            case 0:
                out[at] = chance.randrange(256)
            case 1:
                del out[at:end]
            case 2:
                out[at:at] = out[at:end] * chance.choice((1, 2, 50))
            case 3:
                out[at:end] = chance.choice((b"\x00", b"\xff", b"\x80", b"\xfe\xff"))
            case _:
                del out[at:]
    return bytes(out[:LONGEST])


def of_text(words: Sequence[str] = ()) -> Change:
    """Words and lines changed; ``words`` are those that mean something to the reader."""

    def change(data: bytes, chance: random.Random) -> bytes:
        text = _decode(data)
        for _ in range(chance.choice((1, 1, 2, 3, 6))):
            text = _changed(text, chance, words)
        return _encode(text[:LONGEST])

    return change


def _changed(text: str, chance: random.Random, words: Sequence[str]) -> str:
    by_line = chance.random() < 0.4
    parts = text.splitlines(keepends=True) if by_line else _WORD.findall(text)
    new = chance.choice(words) if words and chance.random() < 0.6 else chance.choice(NASTY)
    if not parts:
        return new
    at = chance.randrange(len(parts))
    match chance.randrange(7):
        case 0:
            parts[at] = new
        case 1:
            parts.insert(at, new + ("\n" if by_line else ""))
        case 2:
            del parts[at : at + chance.choice((1, 1, 2, 5))]
        case 3:
            parts[at:at] = parts[at : at + chance.choice((1, 2, 5))] * chance.choice((1, 2, 3, 300))
        case 4:
            other = chance.randrange(len(parts))
            parts[at], parts[other] = parts[other], parts[at]
        case 5:
            del parts[at:]
        case _:
            parts[at] = parts[at].swapcase() if chance.random() < 0.3 else parts[at] + new
    return "".join(parts)


def of_cells(words: Sequence[str] = ()) -> Change:
    """A table's cells, columns and rows; half of the time as plain text."""

    def change(data: bytes, chance: random.Random) -> bytes:
        lines = _decode(data).splitlines()
        if not lines or chance.random() < 0.5:
            return of_text(words)(data, chance)
        rows = [line.split(",") for line in lines]
        row = chance.choice(rows)
        at = chance.randrange(len(row))
        match chance.randrange(5):
            case 0:
                row[at] = chance.choice((*words, *NASTY))
            case 1:
                row[at] = f'"{row[at]}{chance.choice(NASTY)}"'
            case 2:
                del row[at]
            case 3:
                for one in rows:
                    one.insert(min(at, len(one)), chance.choice(one))
            case _:
                row[at] = chance.choice(chance.choice(rows))
        return _encode("\n".join(",".join(one) for one in rows)[:LONGEST])

    return change


def of_json(words: Sequence[str] = ()) -> Change:
    """A value somewhere in it of another shape, gone, moved, or its words changed."""

    def change(data: bytes, chance: random.Random) -> bytes:
        try:
            value = json.loads(data)
        except (ValueError, RecursionError):
            return of_text(words)(data, chance)
        for _ in range(chance.choice((1, 1, 2, 3))):
            value = _reshaped(value, chance, words)
        return _encode(json.dumps(value, ensure_ascii=False))[:LONGEST]

    return change


def _reshaped(value: Any, chance: random.Random, words: Sequence[str]) -> Any:
    if isinstance(value, dict) and value and chance.random() < 0.85:
        key = chance.choice(sorted(value, key=str))
        match chance.randrange(8):
            case 0:
                return {name: one for name, one in value.items() if name != key}
            case 1:
                return value | {chance.choice((*words, *NASTY, *value)): value[key]}
            case _:
                return value | {key: _reshaped(value[key], chance, words)}
    if isinstance(value, list) and value and chance.random() < 0.85:
        at = chance.randrange(len(value))
        match chance.randrange(6):
            case 0:
                return value[:at] + value[at + 1 :]
            case 1:
                return value + [value[at]] * chance.choice((1, 2, 50))
            case _:
                return [*value[:at], _reshaped(value[at], chance, words), *value[at + 1 :]]
    if isinstance(value, str) and chance.random() < 0.7:
        return _changed(value, chance, words)
    return chance.choice(_SHAPES)


def of_packed(part: Change) -> Change:
    """One file of a packed one changed, gone or twice; sometimes the package itself."""

    def change(data: bytes, chance: random.Random) -> bytes:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                files = {name: packed.read(name) for name in packed.namelist()}
        except Exception:  # noqa: BLE001 - a package that an earlier change broke
            return of_bytes(data, chance)
        if not files or chance.random() < 0.15:
            return of_bytes(data, chance)
        name = chance.choice(sorted(files))
        match chance.randrange(8):
            case 0:
                del files[name]
            case 1:
                files[chance.choice(sorted(files))] = files[name]
            case _:
                files[name] = part(files[name], chance)
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in files.items():
                packed.writestr(name, content)
        return whole.getvalue()

    return change


_TAG = re.compile(r"<[^>]*>|[^<]+")


def of_markup(data: bytes, chance: random.Random) -> bytes:
    """Elements doubled, nested, gone, unclosed; attributes and words changed."""
    text = _decode(data)
    parts = _TAG.findall(text)
    if not parts or chance.random() < 0.3:
        return of_text(("<", ">", "/>", "&lt;", "<table>", "<![CDATA["))(data, chance)
    at = chance.randrange(len(parts))
    end = min(len(parts), at + chance.choice((1, 2, 5, 20)))
    match chance.randrange(6):
        case 0:
            del parts[at:end]
        case 1:
            parts[at:at] = parts[at:end] * chance.choice((1, 3, 200))
        case 2:
            parts[at] = _changed(parts[at], chance, ())
        case 3:
            other = chance.randrange(len(parts))
            parts[at], parts[other] = parts[other], parts[at]
        case 4:
            parts.insert(at, chance.choice(parts))
        case _:
            parts[at] = re.sub(
                r'"[^"]*"', f'"{chance.choice(("", "-1", "9" * 12, "x"))}"', parts[at], count=1
            )
    return _encode("".join(parts)[:LONGEST])


def of_pdf(data: bytes, chance: random.Random) -> bytes:
    """Numbers, names and references in a PDF's objects changed; its streams are left to chance."""
    pieces = re.split(rb"(\d+(?:\.\d+)?|/\w+|<<|>>|\bobj\b|\bendobj\b|\bstream\b)", data)
    if len(pieces) < 3 or chance.random() < 0.3:
        return of_bytes(data, chance)
    for _ in range(chance.choice((1, 2, 4))):
        at = chance.randrange(1, len(pieces), 2)
        pieces[at] = chance.choice(
            (b"0", b"-1", b"1", b"99999999999", b"/X", b"<<", b"", chance.choice(pieces[1::2]))
        )
    return b"".join(pieces)[:LONGEST]


def any_of(*changes: Change) -> Change:
    """One of them each time."""
    return lambda data, chance: chance.choice(changes)(data, chance)
