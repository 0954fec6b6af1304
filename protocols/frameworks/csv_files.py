"""A framework from a CSV file, as a spreadsheet saves it.

One row for each look-for, one row for each level of the scale; the two may also stand side by side. Headings in any
letter case, with blanks or strokes; commas, semicolons or tabs between the values:

    area,practice,look_for,level,meaning
    Talk,Students give reasons,Students say why without being asked.,,
    ,,A student asks another one why.,,
    ,,,Not seen,I looked for it and neither saw nor heard it.

An empty area or practice is the one above. ``area_code``, ``practice_code``, ``look_for_code`` and ``level_code``
hold keys of the district's own; ``framework`` and ``source`` a title and who wrote it, in any one row. All other
columns are passed over (``ignored_columns``).
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from protocols.frameworks.building import MAX_FILE, Draft, FrameworkDraft, Place, build, clean, following
from protocols.frameworks.faults import FrameworkFault, FrameworkRefused
from protocols.frameworks.values import Framework
from protocols.roster.sheet import fold

_COLUMNS: dict[str, tuple[str, ...]] = {
    "area": ("area", "domain", "strand"),
    "area_code": ("areacode", "areakey", "domaincode"),
    "practice": ("practice", "component", "element"),
    "practice_code": ("practicecode", "practicekey", "componentcode"),
    "look_for": ("lookfor", "lookfors", "indicator"),
    "look_for_code": ("lookforcode", "lookforkey", "code", "key"),
    "level": ("level", "levels"),
    "level_code": ("levelcode", "levelkey"),
    "meaning": ("meaning", "levelmeaning"),
    "framework": ("framework", "title"),
    "source": ("source",),
}
"""What each column may be called, folded."""

_NEEDED = ("area", "practice", "look_for", "level", "meaning")
MOST_ROWS = 1_000
"""More than twice the rows of the largest framework: enough to name each fault of one, and no more."""


def parse_csv(text: str, *, name: str) -> Framework:
    """The framework in ``text``; ``name`` is the file's: for the message, and for a title where no row has one.

    Raises ``FrameworkRefused``.
    """
    if len(text) > MAX_FILE:
        raise FrameworkRefused(name, [FrameworkFault(1, "", f"longer than {MAX_FILE:,} characters")])
    sheet = _Sheet(name)
    records = _records(sheet, clean(text.removeprefix("\ufeff")))
    _read_heading(sheet, *next(records, (1, [])))
    draft = FrameworkDraft(title="", place=Place(1), scale_place=Place(1, sheet.called.get("level", "level")))
    if sheet.faults:
        raise FrameworkRefused(name, sheet.faults)
    _read_rows(sheet, records, draft)
    draft.title = draft.title or PurePath(name).stem.replace("_", " ").strip().capitalize() or "Framework"
    framework, more = build(draft)
    faults = sheet.faults + following(sheet.faults, more)
    if faults:
        raise FrameworkRefused(name, faults)
    return framework


def ignored_columns(text: str) -> tuple[str, ...]:
    """The headings of a CSV file that say nothing here, as the file writes them."""
    known = {alias for aliases in _COLUMNS.values() for alias in aliases}
    _line, heading = next(_records(_Sheet(""), clean(text.removeprefix("\ufeff"))), (1, []))
    return tuple(" ".join(one.split()) for one in heading if one.strip() and fold(one.strip()) not in known)


@dataclass(slots=True)
class _Sheet:
    """``places`` is where each known column stands, ``called`` what the file calls it, ``width`` the columns in all."""

    name: str
    places: dict[str, int] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)
    width: int = 0
    faults: list[FrameworkFault] = field(default_factory=list)

    def fault(self, line: int, column: str, reason: str) -> None:
        self.faults.append(FrameworkFault(line, self.called.get(column, column), reason))

    def cells(self, values: Sequence[str]) -> dict[str, str]:
        """The values by column; a row may stop before its empty last cells."""
        return {
            column: " ".join(values[place].split()) if place < len(values) else ""
            for column, place in self.places.items()
        }


def _records(sheet: _Sheet, text: str) -> Iterator[tuple[int, list[str]]]:
    """The line and values of each row that says something. Stops at a fault of quoting: all after it is guesswork."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    count = 0
    while True:
        line = lines.line_num + 1
        try:
            values = next(lines)
        except StopIteration:
            return
        except csv.Error:
            reason = (
                'a quotation mark that is not closed, or stands inside a value; write it twice ("") there'
            )
            sheet.fault(line, "", reason)
            return
        if any(value.strip() for value in values):
            count += 1
            if count > MOST_ROWS:
                sheet.fault(line, "", f"more than {MOST_ROWS:,} rows")
                return
            yield line, values


def _delimiter(text: str) -> str:
    """Whichever of comma, semicolon and tab the heading has most of."""
    heading = text.lstrip().partition("\n")[0]
    return max((",", ";", "\t"), key=heading.count)


def _read_heading(sheet: _Sheet, line: int, heading: Sequence[str]) -> None:
    folded = [fold(one.strip()) for one in heading]
    sheet.width = len(heading)
    for column, aliases in _COLUMNS.items():
        found = [place for place, one in enumerate(folded) if one in aliases]
        if found:
            sheet.places[column] = found[0]
            sheet.called[column] = " ".join(heading[found[0]].split())
        if len(found) > 1:
            twice = " ".join(heading[found[1]].split())
            sheet.fault(line, column, f"is there twice, the second time as {twice!r}; keep one of the two")
    if not sheet.faults:  # where the heading could not be read, nothing is known to be missing
        for column in _NEEDED:
            if column not in sheet.places:
                sheet.fault(line, column, "this column is missing")


def _read_rows(sheet: _Sheet, records: Iterator[tuple[int, list[str]]], draft: FrameworkDraft) -> None:
    area: Draft | None = None
    practice: Draft | None = None
    for line, values in records:
        if len(values) > sheet.width:
            reason = f"{len(values)} values for {sheet.width} columns; put quotation marks round one with a comma in it"
            sheet.fault(line, "", reason)
            continue
        row = sheet.cells(values)
        draft.title = draft.title or row.get("framework", "")
        draft.source = draft.source or row.get("source", "")
        if row["area"]:
            before, area = area, _one_of(sheet, draft.areas, line, row, "area")
            practice = practice if area is before else None
        if row["practice"] and area is not None:
            practice = _one_of(sheet, area.under, line, row, "practice")
        _read_level(sheet, line, row, draft)
        if row["look_for"]:
            if area is None or practice is None:
                missing = "area" if area is None else "practice"
                sheet.fault(line, missing, f"this look-for has no {missing}, and there is none above it")
                continue
            look_for = Draft(
                row["look_for"],
                Place(line, sheet.called["look_for"]),
                key=row.get("look_for_code", "").casefold(),
            )
            practice.under.append(look_for)
        elif row["area"] or row["practice"]:
            sheet.fault(line, "look_for", "is empty; each row of a practice names one look-for")


def _one_of(sheet: _Sheet, known: list[Draft], line: int, row: dict[str, str], column: str) -> Draft:
    """The area or practice of a row: one that rows above have named, or a new one."""
    code = row.get(f"{column}_code", "").casefold()
    found = next((one for one in known if one.title.casefold() == row[column].casefold()), None)
    if found is None:
        found = Draft(row[column], Place(line, sheet.called[column]), key=code)
        known.append(found)
    elif code and code != found.key:
        reason = f"{found.title!r} has the code {found.key!r} in line {found.place.line}, {code!r} here"
        sheet.fault(line, f"{column}_code", reason)
    return found


def _read_level(sheet: _Sheet, line: int, row: dict[str, str], draft: FrameworkDraft) -> None:
    if row["level"]:
        place = Place(line, sheet.called["level"])
        code = row.get("level_code", "").casefold()
        draft.scale.append(Draft(row["level"], place, key=code, meaning=row["meaning"]))
        if not row["meaning"]:
            sheet.fault(line, "meaning", f"{row['level']!r} needs one, in words that two people can check")
    elif row["meaning"]:
        sheet.fault(line, "level", "this meaning has no level")
