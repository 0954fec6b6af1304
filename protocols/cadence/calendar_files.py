"""Reading a district's calendar from an iCalendar or CSV file.

iCalendar (RFC 5545): folded lines, escaped commas, exclusive DTEND, all-day and timed events, recurrences with
exceptions and moved instances, cancelled events (left out). Timed events count on the local days they touch.
CSV: a header with a start and a title; the end is included, because that is how people fill in a table.
The whole file is read or none of it: a fault names the file, the line and what to do.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from protocols.cadence.calendar import Closure, ClosureKind, SchoolCalendar, SchoolYear, Term
from protocols.cadence.closure_words import guess_kind, guess_time, is_first_day, is_last_day, term_edge

LONGEST_YEAR = timedelta(days=330)
HORIZON = timedelta(days=800)
LONGEST_EVENT = timedelta(days=120)

# What icalendar, dateutil and recurring_ical_events raise on broken input, seen by feeding them mutated files.
LIBRARY_FAULTS = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    OSError,
    RecursionError,
)

_TOO_OFTEN = re.compile("SECONDLY|MINUTELY|HOURLY|BYHOUR|BYMINUTE|BYSECOND")

_COLUMNS = {
    "start": ("start", "start_date", "starts", "date", "from", "begin"),
    "end": ("end_inclusive", "end", "end_date", "ends", "to", "until"),
    "title": ("title", "name", "event", "summary", "description", "subject"),
    "category": ("category", "type", "kind", "categories"),
    "note": ("note", "notes", "comment", "comments", "details"),
}
_DATE_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d %b %Y", "%b %d, %Y", "%B %d, %Y")


class CalendarFault(ValueError):
    """A calendar file that cannot be used: `file`, `line` (None for the whole file) and `what` is wrong."""

    def __init__(self, file: str, line: int | None, what: str) -> None:
        super().__init__(f"{file}, line {line}: {what}" if line else f"{file}: {what}")
        self.file, self.line, self.what = file, line, what


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One entry, on local days, both ends included. `kind` is a guess from its words, None for no closure; `at` the
    time at which students come or go, where its words name one."""

    starts: date
    ends: date
    title: str
    kind: ClosureKind | None = None
    category: str = ""
    note: str = ""
    at: time | None = None


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """What a file says: its events in order, and the school years and terms that could be recognised."""

    name: str
    events: tuple[CalendarEvent, ...]
    years: tuple[SchoolYear, ...]
    terms: tuple[Term, ...]

    @property
    def closures(self) -> tuple[Closure, ...]:
        return tuple(
            Closure(event.starts, event.ends, event.kind, event.title, event.at)
            for event in self.events
            if event.kind
        )

    def to_calendar(self, years: tuple[SchoolYear, ...] = ()) -> SchoolCalendar:
        """The calendar of the file, with `years` in place of its own if given.

        Raises `CalendarFault` when the file names no first and last day of school and none are given.
        """
        if not (years or self.years):
            raise CalendarFault(
                self.name,
                None,
                'I see no first and last day of school. Add entries "First Day of School" and "Last Day of School".',
            )
        return SchoolCalendar(years or self.years, self.terms, self.closures)


def read_calendar_file(name: str, data: bytes, *, zone: ZoneInfo) -> CalendarFile:
    """Read an .ics or .csv file; which of them it is, its first words tell.

    `zone` is the district's: an event with a time in another zone counts on the district's day.
    Raises `CalendarFault`.
    """
    text = _decode(data)
    if not text.strip():
        raise CalendarFault(name, None, "The file is empty.")
    is_ics = text.lstrip().upper().startswith("BEGIN:VCALENDAR")
    events = _read_ics(name, text, zone) if is_ics else _read_csv(name, text)
    if not events:
        raise CalendarFault(name, None, "There is no event in it.")
    ordered = tuple(sorted(set(events), key=lambda event: (event.starts, event.ends, event.title)))
    years = find_years(ordered)
    return CalendarFile(name, ordered, years, find_terms(ordered, years))


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def find_years(events: Iterable[CalendarEvent]) -> tuple[SchoolYear, ...]:
    """School years from "First Day of School" and "Last Day of School": the earliest first day before each last."""
    events = tuple(events)
    firsts = [event.starts for event in events if is_first_day(event.title)]
    lasts = [event.ends for event in events if is_last_day(event.title)]
    latest: dict[date, date] = {}
    for last in lasts:
        starts = min((day for day in firsts if day < last and last - day <= LONGEST_YEAR), default=None)
        if starts:
            latest[starts] = max(last, latest.get(starts, last))
    return tuple(
        SchoolYear(f"{starts.year}-{ends.year % 100:02d}", starts, ends)
        for starts, ends in sorted(latest.items())
    )


def find_terms(events: Iterable[CalendarEvent], years: Iterable[SchoolYear]) -> tuple[Term, ...]:
    """Terms from "Spring Semester Begins" or "End of Quarter 1"; the longest kind of term named is used.

    The first term begins with the year, the last ends with it.
    """
    events = tuple(events)
    terms: list[Term] = []
    for year in years:
        starts: dict[str, dict[int, date]] = {}
        for event in events:
            edge = term_edge(event.title)
            if edge is None or not year.starts <= event.starts <= year.ends:
                continue
            unit, number, begins = edge
            day = event.starts if begins else event.ends + timedelta(days=1)
            starts.setdefault(unit, {})[number if begins else number + 1] = day
        longest = next((kind for kind in ("semester", "term", "trimester", "quarter") if kind in starts), "")
        if not longest:
            continue
        edges = {1: year.starts} | {
            n: day for n, day in starts[longest].items() if n > 1 and day <= year.ends
        }
        numbers = sorted(edges)
        for index, number in enumerate(numbers):
            is_last = index + 1 == len(numbers)
            ends = year.ends if is_last else edges[numbers[index + 1]] - timedelta(days=1)
            if edges[number] <= ends:
                terms.append(Term(f"{longest.capitalize()} {number}", edges[number], ends))
    return tuple(terms)


def _read_csv(name: str, text: str) -> list[CalendarEvent]:
    rows = csv.DictReader(io.StringIO(text, newline=""))
    events = []
    try:
        columns = _find_columns(name, rows.fieldnames or ())
        for row in rows:
            cells = {
                key: (row.get(column) or "").strip() for key, column in columns.items() if column is not None
            }
            if not any(cells.values()):
                continue
            line = rows.line_num
            if not cells["title"]:
                raise CalendarFault(name, line, "The title is missing.")
            starts = _read_date(name, line, columns["start"] or "", cells["start"])
            end_text = cells.get("end") or cells["start"]
            ends = _read_date(name, line, columns["end"] or "", end_text)
            events.append(_event(name, line, starts, ends, cells))
    except csv.Error as error:
        raise CalendarFault(name, rows.line_num, f"This is not a table I can read ({error}).") from error
    return events


def _find_columns(name: str, header: Iterable[str]) -> dict[str, str | None]:
    known = {re.sub(r"[\s-]+", "_", column.strip().lower()): column for column in header if column}
    columns = {
        key: next((known[alias] for alias in aliases if alias in known), None)
        for key, aliases in _COLUMNS.items()
    }
    for key in ("start", "title"):
        if columns[key] is None:
            raise CalendarFault(
                name,
                1,
                f"I need a column {key}; the usual ones are start, end_inclusive, title, category, note.",
            )
    return columns


def _read_date(name: str, line: int, column: str, text: str) -> date:
    for pattern in _DATE_FORMATS:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007  # a calendar date has no zone
        except ValueError:
            continue
    raise CalendarFault(name, line, f'"{text}" in column {column} is not a date. Write it like 2026-12-08.')


def _event(name: str, line: int | None, starts: date, ends: date, cells: Mapping[str, str]) -> CalendarEvent:
    title = cells["title"]
    if ends < starts:
        raise CalendarFault(name, line, f'"{title}" ends on {ends}, before it starts on {starts}.')
    category, note = cells.get("category", ""), cells.get("note", "")
    kind = guess_kind(title, category, note)
    if kind is not None and ends - starts > LONGEST_EVENT:
        raise CalendarFault(
            name, line, f'"{title}" would close schools for {(ends - starts).days + 1} days. Check its end.'
        )
    return CalendarEvent(starts, ends, title, kind, category, note, guess_time(kind, title, note))


def _read_ics(name: str, text: str, zone: ZoneInfo) -> list[CalendarEvent]:
    lines = _event_lines(name, text)
    try:
        calendars = icalendar.Calendar.from_ical(text, multiple=True)
    except LIBRARY_FAULTS as error:
        raise CalendarFault(
            name, None, f"This is not a calendar I can read ({_first_line(error)})."
        ) from error
    components = [
        part
        for calendar in calendars
        for part in calendar.walk("VEVENT")
        if isinstance(part, icalendar.Event)
    ]
    for component, line in zip(components, lines, strict=False):
        if fault := _find_fault(component):
            raise CalendarFault(name, line, fault)
    if not components:
        return []
    try:
        first, last = _span(components, zone)
        found = [
            event
            for calendar in calendars
            for event in recurring_ical_events.of(calendar).between(first, last)
        ]
    except LIBRARY_FAULTS as error:
        what = f"A repeated event cannot be worked out ({_first_line(error)})."
        raise CalendarFault(name, None, what) from error
    by_uid = {str(c.get("UID", "")): line for c, line in zip(components, lines, strict=False)}
    return [
        _ics_event(name, by_uid.get(str(component.get("UID", ""))), component, zone)
        for component in found
        if str(component.get("STATUS", "")).upper() != "CANCELLED"
    ]


def _first_line(error: Exception) -> str:
    if isinstance(
        error, (OSError, RecursionError)
    ):  # their words are a path of this machine, and none of the file's
        return "it names a zone that there is not"
    return next(iter(str(error).splitlines()), type(error).__name__).strip()[:120]


def _find_fault(component: icalendar.Event) -> str | None:
    """What keeps one event from being used, None if nothing does."""
    if component.errors:
        what, why = component.errors[0]
        return f"{what} of this event cannot be read ({why})."
    if "DTSTART" not in component:
        return "This event has no DTSTART."
    for key, kind in (("DTSTART", date), ("DTEND", date), ("DURATION", timedelta)):
        if key in component and not isinstance(getattr(component[key], "dt", None), kind):
            return f"{key} of this event cannot be read."
    rule = component.get("RRULE")
    if rule is not None and _TOO_OFTEN.search(str(rule)):
        return "This event repeats more than once a day."
    return None


def _event_lines(name: str, text: str) -> list[int]:
    """The line of each BEGIN:VEVENT, in order. Raises where the blocks do not close or a line is no property."""
    found: list[int] = []
    blocks: list[tuple[str, int]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line[0] in " \t":
            continue
        key, colon, value = line.partition(":")
        if not colon:
            raise CalendarFault(name, number, f'"{line[:40]}" is not a line of a calendar.')
        key, value = key.strip().upper(), value.strip().upper()
        if key == "BEGIN":
            blocks.append((value, number))
            if value == "VEVENT":
                found.append(number)
        elif key == "END" and (not blocks or blocks.pop()[0] != value):
            raise CalendarFault(name, number, f"END:{value} does not close what was begun.")
    if blocks:
        value, number = blocks[-1]
        raise CalendarFault(name, number, f"BEGIN:{value} is never closed; the file looks cut off.")
    return found


def _span(components: Iterable[icalendar.Event], zone: ZoneInfo) -> tuple[date, date]:
    """From before the first event to after the last end; an endless recurrence is followed for 400 days.

    A day of margin on both sides, because an event of another zone may lie on another day there.
    """
    starts, ends = [], []
    for component in components:
        begin, end = _local_days(component, zone)
        starts.append(begin)
        ends.append(end)
    first = min(starts)
    last = max(max(ends), first + timedelta(days=400))
    return first - timedelta(days=1), min(last, max(starts) + HORIZON) + timedelta(days=2)


def _local_days(component: Any, zone: ZoneInfo) -> tuple[date, date]:
    """First and last local day of an event. DTEND is exclusive, so midnight belongs to the day before."""
    start = component["DTSTART"].dt
    if "DTEND" in component:
        end = component["DTEND"].dt
    elif "DURATION" in component:
        end = start + component["DURATION"].dt
    else:
        end = start
    first, _ = _local(start, zone)
    last, at = _local(end, zone)
    if at == time(0) and last > first:
        last -= timedelta(days=1)
    return first, max(first, last)


def _local(value: date | datetime, zone: ZoneInfo) -> tuple[date, time]:
    if not isinstance(value, datetime):
        return value, time(0)
    local = value.astimezone(zone) if value.tzinfo else value
    return local.date(), local.time()


def _ics_event(name: str, line: int | None, component: Any, zone: ZoneInfo) -> CalendarEvent:
    starts, ends = _local_days(component, zone)
    categories = component.get("CATEGORIES", [])
    groups = categories if isinstance(categories, list) else [categories]
    cells = {
        "title": str(component.get("SUMMARY", "")).strip() or "Without a title",
        "category": ", ".join(str(word) for group in groups for word in group.cats),
        "note": str(component.get("DESCRIPTION", "")).strip(),
    }
    return _event(name, line, starts, ends, cells)
