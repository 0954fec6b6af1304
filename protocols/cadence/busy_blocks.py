"""The few lines of a personal calendar that say when its owner is busy.

A calendar file holds far more than is needed: descriptions, guests, reminders, ten years of the past. All of that is
passed over line by line, before anything is parsed: it is nobody's business here, and most of the time it costs.
What cannot matter to the days asked for goes as well, and so does what would take for ever to work out.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

MOST_EVENTS = 50_000
MOST_OCCURRENCES = 60_000
DEEPEST = 8
LONGEST_LINE = 20_000
MOST_ZONES = 100
LONGEST_ZONE = 20_000
LONGEST_SPAN = timedelta(days=400)
"""Nothing that lasts longer is an appointment."""
LONGEST_REPEATED = timedelta(days=31)
MOST_WORK, MOST_WORK_OF_ONE = 4_000_000, 600_000
"""Of following repetitions, in steps of one day; a second is about half a million of them."""

_KEPT = frozenset(
    {
        *("UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE"),
        *("STATUS", "TRANSP", "CLASS", "X-MICROSOFT-CDO-BUSYSTATUS"),
    }
)
_TIMED = frozenset(["DTSTART", "DTEND", "RDATE", "EXDATE", "RECURRENCE-ID"])
DECLINED = "X-DECLINED"
_TOO_OFTEN = re.compile("SECONDLY|MINUTELY|HOURLY|BYHOUR|BYMINUTE|BYSECOND")
_EIGHT_DIGITS = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
_STEP = {"DAILY": (1, 1.0), "WEEKLY": (7, 1.5), "MONTHLY": (30, 6.0), "YEARLY": (365, 60.0)}
"""Days from one step of a repetition to the next, and what a step costs."""
_YEAR_9999 = date(9999, 12, 31)


class BusyFault(ValueError):
    """A calendar that cannot be used; the text is a sentence that says why."""


@dataclass(slots=True)
class Block:
    """One event: its lines by name, and those lines as they stand."""

    lines: list[str] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=dict)

    def first(self, name: str) -> str:
        return self.values.get(name, [""])[0]

    @property
    def uid(self) -> str:
        return self.first("UID")


@dataclass(frozen=True, slots=True)
class Blocks:
    """The events that may matter, the zones they name, and how many events were left out unread."""

    events: tuple[Block, ...]
    zones: tuple[str, ...]
    left_out: int


def find_blocks(
    text: str, *, first: date, last: date, emails: frozenset[str] = frozenset(), keeps_titles: bool = False
) -> Blocks:
    """The events of an iCalendar text that may touch the days from ``first`` to ``last``. Raises ``BusyFault``."""
    events, zones = _sort_lines(text, emails, keeps_titles)
    names = _name_zones(zones)
    kept: list[Block] = []
    left_out = 0
    work = occurrences = 0.0
    for block in events:
        if not _may_touch(block, first, last):
            continue
        cost, often = _cost(block, first, last)
        if cost > MOST_WORK_OF_ONE or any(len(line) > LONGEST_LINE for line in block.lines):
            left_out += 1
            continue
        work, occurrences = work + cost, occurrences + often
        if work > MOST_WORK or occurrences > MOST_OCCURRENCES:
            raise BusyFault(
                "This calendar repeats so much that I can't work it out. Connect one with fewer repeated entries."
            )
        block.lines = [_rename(line, names) for line in block.lines]
        kept.append(block)
    return Blocks(tuple(kept), tuple(_zone_block(zone, names) for zone in zones), left_out)


def _sort_lines(
    text: str, emails: frozenset[str], keeps_titles: bool
) -> tuple[list[Block], list[tuple[str, str]]]:
    """Events and zones (name, text), with the nesting checked. What is inside an event (an alarm) is passed over."""
    unfolded = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n ", "").replace("\n\t", "")
    kept = _KEPT | {"SUMMARY"} if keeps_titles else _KEPT
    open_blocks: list[str] = []
    events: list[Block] = []
    zones: list[tuple[str, str]] = []
    zone_lines: list[str] = []
    for line in unfolded.split("\n"):
        key, colon, value = line.partition(":")
        name = key.partition(";")[0].strip().upper()
        if not colon:
            continue
        if name == "BEGIN":
            open_blocks.append(value.strip().upper())
            if len(open_blocks) > DEEPEST:
                raise BusyFault("This file is nested as no calendar is. Copy the calendar's address again.")
            if open_blocks[1:] == ["VEVENT"]:
                events.append(Block())
                if len(events) > MOST_EVENTS:
                    raise BusyFault(
                        f"This calendar has more than {MOST_EVENTS:,} entries. Connect one without its past years."
                    )
            elif open_blocks[1:] == ["VTIMEZONE"]:
                zone_lines = []
        elif name == "END":
            if not open_blocks or open_blocks[-1] != value.strip().upper():
                raise BusyFault("This calendar is damaged: its parts do not close. I'll try again later.")
            if open_blocks[1:] == ["VTIMEZONE"] and len(zones) < MOST_ZONES:
                zones.extend(_zone(zone_lines))
            open_blocks.pop()
            if "VTIMEZONE" in open_blocks[1:2]:
                zone_lines.append(line)
            continue
        elif open_blocks[1:] == ["VEVENT"]:
            _keep(events[-1], name, line, value, kept, emails)
        if "VTIMEZONE" in open_blocks[1:2] and line.strip().upper() != "BEGIN:VTIMEZONE":
            zone_lines.append(line)
    if open_blocks:
        raise BusyFault("This calendar is cut off. I'll try again later.")
    return events, zones


def _keep(
    event: Block, name: str, line: str, value: str, kept: frozenset[str], emails: frozenset[str]
) -> None:
    if name == "ATTENDEE":
        folded = line.casefold()
        if "partstat=declined" in folded and any(f"mailto:{email}" in folded for email in emails):
            event.lines.append(f"{DECLINED}:TRUE")
    elif name in kept:
        event.lines.append(line)
        said = line.rpartition(":")[2] if name in _TIMED else value  # a zone's name may hold a colon
        event.values.setdefault(name, []).append(said.strip())


# ---------------------------------------------------------------- zones


def _zone(lines: list[str]) -> Iterator[tuple[str, str]]:
    body = "\n".join(lines)
    name = next((line.partition(":")[2].strip() for line in lines if line.upper().startswith("TZID")), "")
    if name and len(body) <= LONGEST_ZONE and not _TOO_OFTEN.search(body.upper()):
        yield name, body


def _name_zones(zones: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What each zone of the file is called from here on: the name of the zone database where it has one, else a name
    made of its rules, for two people's "Customized Time Zone" are not the same."""
    names: dict[str, str] = {}
    for name, body in zones:
        place = re.search(r"^X-LIC-LOCATION:(.+)$", body, re.MULTILINE)
        known = known_zone(name) or (known_zone(place[1].strip()) if place else None)
        names[name] = known or f"Zone-{sha256(body.encode()).hexdigest()[:16]}"
    return names


def known_zone(name: str) -> str | None:
    """The zone database's name for this one, Windows' names and vendors' prefixes understood; None for others."""
    cleaned = name.strip().strip('"').strip("/")
    cleaned = WINDOWS_TO_OLSON.get(cleaned, cleaned)
    parts = cleaned.split("/")
    for start in range(len(parts)):
        candidate = "/".join(parts[start:])
        try:
            return ZoneInfo(candidate).key
        except (ValueError, OSError, LookupError, RecursionError):  # a name of a thousand parts
            continue
    return None


def _zone_block(zone: tuple[str, str], names: Mapping[str, str]) -> str:
    name, body = zone
    lines = [line for line in body.split("\n") if not line.upper().startswith("TZID")]
    return "\n".join(["BEGIN:VTIMEZONE", f"TZID:{names[name]}", *lines, "END:VTIMEZONE"])


def _rename(line: str, names: Mapping[str, str]) -> str:
    """The line with its zone under the name that ``_name_zones`` gave it. A colon in an unquoted name is forgiven."""
    key = re.match(r"[\w-]+", line)
    place = line.upper().find(";TZID=")
    if key is None or key[0].upper() not in _TIMED or place < 0:
        return line
    rest = line[place + 6 :]
    for name in sorted(names, key=len, reverse=True):
        for written in (f'"{name}"', name):
            if rest.startswith(written) and rest[len(written) :][:1] in (":", ";"):
                return f"{line[:place]};TZID={names[name]}{rest[len(written) :]}"
    named = re.match(r'"([^"]*)"|([^:;]*)', rest)
    if named is not None and (known := known_zone(named[1] or named[2] or "")):
        return f"{line[:place]};TZID={known}{rest[named.end() :]}"
    return line


# ---------------------------------------------------------------- what matters, and what it costs


def _may_touch(block: Block, first: date, last: date) -> bool:
    """False only where the event surely lies outside the days. A margin of two days covers every zone."""
    margin = timedelta(days=2)
    start = _day(block.first("DTSTART"))
    if start is None:
        return True  # what cannot be told is told by the parser
    end = _day(block.first("DTEND"))
    if "DURATION" in block.values and end is None:
        end = start + LONGEST_SPAN
    is_long = end is not None and end - start > LONGEST_SPAN
    length = max((end or start) - start, timedelta()) if not is_long else LONGEST_SPAN
    if start > last + margin:
        return "RDATE" in block.values
    if "RRULE" in block.values or "RDATE" in block.values:
        untils = [_until(rule) for rule in block.values.get("RRULE", ())]
        is_over = all(until is not None and _later(until, length + margin) < first for until in untils)
        return "RDATE" in block.values or not is_over
    return _later(start, length + margin) >= first


def _cost(block: Block, first: date, last: date) -> tuple[float, float]:
    """What following the event's repetitions costs, and about how many occurrences it has in the days asked for.
    Infinite for what is never worked out: repeated within a day, begun before 1900, damaged."""
    found = [_cost_of(rule, block, first, last) for rule in block.values.get("RRULE", ())]
    rdates = sum(value.count(",") + 1 for value in block.values.get("RDATE", ()))
    return sum(cost for cost, _ in found) + rdates, sum(often for _, often in found) + rdates + 1


def _cost_of(rule: str, block: Block, first: date, last: date) -> tuple[float, float]:
    parts = _parts(rule)
    start, end = _day(block.first("DTSTART")), _day(block.first("DTEND"))
    step = _STEP.get(parts.get("FREQ", ""))
    interval = int(parts.get("INTERVAL", "1")) if parts.get("INTERVAL", "1").isdecimal() else 0
    is_damaged = start is None or step is None or not 0 < interval < 100_000
    if is_damaged or _TOO_OFTEN.search(rule.upper()) or start is None or step is None or start.year < 1900:
        return float("inf"), 0
    if end is not None and end - start > LONGEST_REPEATED:
        return float("inf"), 0
    days, weight = step
    until = min(_until(rule) or last, last) if _comes_round(parts, interval) else _YEAR_9999
    steps = max(0, (until - start).days) / (days * interval)
    in_window = ((last - first).days + 1) / (days * interval)
    a_step = parts.get("BYDAY", "").count(",") + 1
    if parts["FREQ"] in ("MONTHLY", "YEARLY"):
        a_step *= 5 + parts.get("BYMONTHDAY", "").count(",")
    return steps * weight, max(1.0, in_window) * min(a_step, days)


def _comes_round(parts: Mapping[str, str], interval: int) -> bool:
    """Whether the rule surely has another occurrence some day. One that has none (30 February) is looked for up to the
    year 9999, so it is counted with that."""
    by = {key for key in parts if key.startswith("BY")}
    positions = [abs(int(one)) for one in re.findall(r"\d+", parts.get("BYSETPOS", ""))]
    ordinals = [int(one) for one in re.findall(r"\d+", parts.get("BYDAY", ""))]
    if not by:
        return True
    if not by <= {"BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"} or (
        parts["FREQ"] == "DAILY" and interval > 1
    ):
        return False
    if ordinals and (parts["FREQ"] in ("DAILY", "WEEKLY") or max(ordinals) > 4 or min(ordinals) < 1):
        return False
    if "BYSETPOS" in by and (by & {"BYMONTHDAY"} or ordinals or not positions or max(positions) > 4):
        return False
    if "BYSETPOS" in by and parts["FREQ"] in ("DAILY", "WEEKLY"):
        return False
    months = [int(one) for one in re.findall(r"\d+", parts.get("BYMONTH", ""))] or list(range(1, 13))
    month_days = [int(one) for one in re.findall(r"\d+", parts.get("BYMONTHDAY", ""))]
    if any(not 1 <= month <= 12 for month in months) or by >= {"BYDAY", "BYMONTHDAY"}:
        return False
    if "BYMONTH" in by and parts["FREQ"] != "YEARLY" and interval > 1:
        return False
    if month_days:
        if interval > 1 and max(month_days) > 28:
            return False
        return any(1 <= day <= monthrange(2028, month)[1] for month in months for day in month_days)
    return True


def _parts(rule: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in rule.upper().replace(" ", "").split(";"))
    return {key: value for key, _, value in pairs if key}


def _until(rule: str) -> date | None:
    return _day(_parts(rule).get("UNTIL", ""))


def _day(value: str) -> date | None:
    found = _EIGHT_DIGITS.search(value.partition("T")[0])
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _later(day: date, span: timedelta) -> date:
    return day + span if day < _YEAR_9999 - span else _YEAR_9999
