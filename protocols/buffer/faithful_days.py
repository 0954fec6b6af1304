"""The days of a wording against those of its sentence and memo, by value and by side: "by" is not "after"."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from protocols.buffer.dates import find_dates
from protocols.buffer.demands import DateRole, Demand
from protocols.buffer.discrepancies import Discrepancy, Fault
from protocols.buffer.found_dates import FoundDate
from protocols.buffer.written_dates import Order

DEFAULT_YEAR_START = date(2000, 1, 1)
"""From where days without a year are counted where nothing settles their year."""


def plain(text: str) -> str:
    """One line with straight quotes, so that typography is no difference."""
    table = str.maketrans(
        {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " ", "\u2011": "-"}
    )
    return " ".join(text.translate(table).split())


def days_in(text: str, anchor: date, order: Order) -> tuple[FoundDate, ...]:
    """The times in a part of a memo; ``order`` is the whole memo's."""
    return find_dates(text, memo_date=anchor, order=order)


def blotted(text: str, days: Sequence[FoundDate]) -> str:
    for day in days:
        if day.first is not None:
            text = text[: day.start] + " " * (day.end - day.start) + text[day.end :]
    return text


_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_WEEKDAY = re.compile(r"(?i)\b(mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|nes|r|rs|rsday|urday)?\b")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class _Day:
    """A day by value: with its year only where it is written or settled."""

    first: date
    last: date
    has_year: bool
    weekday: str | None
    text: str
    is_after: bool = False

    def means(self, other: "_Day", *, year_matters: bool) -> bool:
        """Whether both are the same day; ``year_matters`` where even a missing year was settled for certain."""
        same = (self.first.month, self.first.day, self.last.month, self.last.day) == (
            other.first.month,
            other.first.day,
            other.last.month,
            other.last.day,
        )
        if not same:
            return False
        if self.has_year and (other.has_year or year_matters):
            return self.first.year == other.first.year
        return True


_AFTER = re.compile(
    r"(?i)\b(?:after|from|since|starting|beginning|as\s+of|not\s+before|no\s+earlier\s+than|effective)\s+"
    r"(?:(?:the|on|noon|midnight|close\s+of\s+business(?:\s+on)?)\s+)*(?:\w+day,?\s+)?$"
)
"""What puts a day at the beginning of something rather than at its end."""
_NUMERIC = re.compile(r"\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?")


def _day_values(text: str, days: Iterable[FoundDate]) -> list[_Day]:
    values = []
    for day in days:
        if day.first is None or day.last is None:
            continue
        words = text[day.start : day.end]
        weekday = _WEEKDAY.search(words)
        has_year = bool(_YEAR.search(words)) or bool(re.search(r"\d[/.-]\d{1,2}[/.-]\d\d", words))
        # "The second Friday in October" names a weekday as its rule, not as a claim about a date.
        named = weekday[1].lower() if weekday and re.search(r"\d", words) else None
        is_after = bool(_AFTER.search(text[max(0, day.start - 40) : day.start]))
        values.append(_Day(day.first, day.last, has_year, named, words, is_after))
    return values


def compare_days(
    said: str,
    said_days: Sequence[FoundDate],
    quote_days: Sequence[FoundDate],
    memo: str,
    demand: Demand,
    anchor: date,
    order: Order,
) -> list[Discrepancy]:
    """Each day of the wording is the sentence's, the demand's or at least the memo's, and none of its own is lost."""
    is_settled = anchor != DEFAULT_YEAR_START
    mine = _day_values(said, said_days)
    own = _day_values(plain(demand.quote), quote_days)
    due = (
        _Day(demand.due, demand.due, True, None, demand.due_words or demand.due.isoformat())
        if demand.due
        else None
    )
    allowed = [*own, *([due] if due else [])]
    elsewhere: list[_Day] | None = None
    faults = _open_days(said, said_days, plain(demand.quote), quote_days, memo)
    claimed: set[int] = set()
    for day in mine:
        matches = [n for n, other in enumerate(allowed) if day.means(other, year_matters=is_settled)]
        claimed.update(matches)
        if not matches:
            if elsewhere is None:
                elsewhere = _day_values(memo, days_in(memo, anchor, order))
            if any(day.means(other, year_matters=is_settled) for other in elsewhere):
                continue
            nearest = min(allowed, key=lambda other: abs((other.first - day.first).days), default=None)
            faults.append(Discrepancy(Fault.DATE, day.text, nearest.text if nearest else None))
            if nearest:
                claimed.add(allowed.index(nearest))
        elif _turns_side(day, [allowed[n] for n in matches if n < len(own)], demand):
            faults.append(Discrepancy(Fault.DATE, day.text, allowed[matches[0]].text))
        elif day.weekday is not None:
            true = _true_weekday([allowed[n] for n in matches], day)
            if true and true != day.weekday:
                faults.append(Discrepancy(Fault.DATE, day.text, allowed[matches[0]].text))
    for number, day in enumerate(own):
        same_as_due = due is not None and number not in claimed and day.means(due, year_matters=is_settled)
        if number not in claimed and not (same_as_due and len(own) in claimed):
            faults.append(Discrepancy(Fault.DATE, None, day.text))
    if (
        due
        and demand.due_role is DateRole.DEADLINE
        and mine
        and not own
        and len(own) not in claimed
        and not faults
    ):
        faults.append(Discrepancy(Fault.DATE, mine[0].text, due.text))
    return faults


def _turns_side(day: _Day, same: Sequence[_Day], demand: Demand) -> bool:
    """Whether "by" became "after", or the other way round; a day not in the sentence is its last one."""
    if not same:
        return day.is_after and demand.due_role is DateRole.DEADLINE
    return all(day.is_after != other.is_after for other in same)


def _open_days(
    said: str, said_days: Sequence[FoundDate], quote: str, quote_days: Sequence[FoundDate], memo: str
) -> list[Discrepancy]:
    """3/11, where nothing tells which of two days it is, must stand as the memo writes it."""
    mine = [
        said[d.start : d.end] for d in said_days if d.first is None and _NUMERIC.search(said[d.start : d.end])
    ]
    own = [
        quote[d.start : d.end]
        for d in quote_days
        if d.first is None and _NUMERIC.search(quote[d.start : d.end])
    ]
    lost = [words for words in own if words not in said]
    new = [words for words in mine if words not in quote and (lost or words not in memo)]
    changed = [Discrepancy(Fault.DATE, words, lost[0] if lost else None) for words in new]
    return changed or [Discrepancy(Fault.DATE, None, words) for words in lost]


def _true_weekday(matches: Sequence[_Day], day: _Day) -> str | None:
    """The weekday the memo gives, or the calendar does where the year is certain."""
    for match in matches:
        if match.weekday:
            return match.weekday
        if match.has_year:
            return _WEEKDAYS[match.first.weekday()]
    return _WEEKDAYS[day.first.weekday()] if day.has_year else None
