"""A CSV file as districts really have them, made into rows that know their line.

Taken without a word: a byte order mark, CRLF, UTF-8, UTF-16, Windows-1252, headings in any letter case or with
blanks, semicolons or tabs for commas, quoted line breaks, blank lines. Refused with a place: NUL bytes, an unclosed
quote, a row that stops in the middle, values beyond the last heading, missing or doubled headings. (RFC 4180.)
"""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from protocols.roster.faults import Findings

FIELD_LIMIT = 100_000
"""Characters of one value. More is a quote that was never closed."""

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_BREAKS = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Row:
    """One record. ``line`` is where it begins, counted from 1; ``cells`` are by folded heading."""

    line: int
    cells: dict[str, str]

    def get(self, column: str) -> str:
        """The value as words: trimmed, inner blanks and line breaks made single, control characters dropped."""
        return _tidy(self.cells.get(fold(column), ""))

    def get_id(self, column: str) -> str:
        """The value as an id, date or address: also without the apostrophe a spreadsheet puts before text."""
        return self.get(column).lstrip("'’‘").strip()

    def get_ids(self, column: str) -> tuple[str, ...]:
        """A list of ids: OneRoster writes several as one quoted value with commas."""
        parts = (_tidy(part).lstrip("'’‘").strip() for part in self.cells.get(fold(column), "").split(","))
        return tuple(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's rows and its headings, folded."""

    file: str
    columns: frozenset[str]
    rows: tuple[Row, ...]

    def has(self, column: str) -> bool:
        return fold(column) in self.columns


def fold(heading: str) -> str:
    """A heading without letter case, blanks and strokes: ``Sourced ID`` and ``sourced_id`` are ``sourcedid``."""
    return re.sub(r"[\s_\-'\"]+", "", heading).lower()


def read_sheet(file: str, data: bytes, *, required: Collection[str], findings: Findings) -> Sheet | None:
    """The rows of a file, or None where nothing can be relied on; what is wrong goes to ``findings``."""
    text = _decode(file, data, findings)
    if text is None:
        return None
    if "\0" in text:
        line = len(_BREAKS.findall(text, 0, text.index("\0"))) + 1
        findings.add(file, line, "", "holds NUL bytes, so it is damaged.", "Export it again.")
        return None
    if not text.strip():
        findings.add(file, 0, "", "is empty.", "Export it again.")
        return None
    records = _records(file, text, findings)
    heading = next(records, None)
    if heading is None:
        if len(findings) == 0:  # else it says already why there is none
            findings.add(file, 0, "", "holds commas and blanks only.", "Export it again.")
        return None
    columns = _columns(file, *heading, required=required, findings=findings)
    if columns is None:
        return None
    rows = [_row(file, columns, line, values, findings=findings) for line, values in records]
    return Sheet(file, frozenset(columns), tuple(row for row in rows if row is not None))


def _decode(file: str, data: bytes, findings: Findings) -> str | None:
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None) or _guess_utf16(data)
    try:
        return data.decode(encoding or "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        lenient = data.decode("utf-8", errors="replace")
        broken = lenient.count("\ufffd")
        is_mostly_utf8 = sum(char > "\x7f" for char in lenient) > 2 * broken
        if encoding or is_mostly_utf8:
            findings.add(
                file,
                data.count(b"\n", 0, error.start) + 1,
                "",
                "holds bytes that are no text: the file is cut off, or two encodings were mixed.",
                "Export it again as CSV UTF-8.",
            )
            return None
    findings.notes.append(f"{file} is not UTF-8; it was read as Windows-1252. Check a name with an accent.")
    return data.decode("cp1252", errors="ignore")  # five bytes mean nothing there


def _guess_utf16(data: bytes) -> str | None:
    """UTF-16 without its mark: a Latin heading has a zero in every other byte."""
    head = data[:64]
    if len(head) < 8:
        return None
    if not any(head[0::2]) and all(head[1::2]):
        return "utf-16-be"
    if not any(head[1::2]) and all(head[0::2]):
        return "utf-16-le"
    return None


def _records(file: str, text: str, findings: Findings) -> Iterator[tuple[int, list[str]]]:
    """The line and values of each record; stops with a fault where quoting breaks, since all after it is guesswork."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error:
            findings.add(
                file,
                line,
                "",
                "has a quotation mark that is not closed or stands inside a value; nothing after it can be read.",
                'Write a quote inside a value twice (""), or export the file again if it stops halfway.',
            )
            return
        if any(len(value) > FIELD_LIMIT for value in values):
            findings.add(
                file,
                line,
                "",
                f"has a value of more than {FIELD_LIMIT:,} characters.",
                "Close its quotation mark.",
            )
            return
        if any(value.strip() for value in values):
            yield line, values


def _delimiter(text: str) -> str:
    heading = text.lstrip("\r\n ").splitlines()[0]
    if "," in heading:
        return ","
    return next((mark for mark in (";", "\t") if mark in heading), ",")


def _columns(
    file: str, line: int, heading: list[str], *, required: Collection[str], findings: Findings
) -> list[str] | None:
    columns = [fold(_tidy(name)) for name in heading]
    while columns and not columns[-1]:
        columns.pop()
    doubled = sorted(name for name, times in Counter(columns).items() if name and times > 1)
    for name in doubled:
        shown = heading[columns.index(name)].strip()
        findings.add(file, line, shown, "is there twice.", "Keep one of the two columns.")
    missing = [name for name in required if fold(name) not in columns]
    for name in missing:
        findings.add(file, line, name, "is missing.", f"Add the heading {name} and its values.")
    return None if doubled or missing else columns


def _row(file: str, columns: list[str], line: int, values: list[str], *, findings: Findings) -> Row | None:
    width = len(columns)
    if any(value.strip() for value in values[width:]):
        what = f"has {len(values)} values for {width} columns."
        findings.add(file, line, "", what, "Put quotation marks round a value with a comma in it.")
        return None
    if len(values) < width:
        what = f"has {len(values)} of {width} values."
        hint = "Keep a comma for every empty value; if the file stops here, export or copy it again."
        findings.add(file, line, "", what, hint)
        return None
    return Row(line, dict(zip(columns, values, strict=False)))


def _tidy(text: str) -> str:
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text else text.strip()
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf"))
