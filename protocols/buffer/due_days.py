"""The one day that matters for a demand, out of all the times its sentence names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from protocols.buffer.demands import DateMention, DateRole, DayCalendar, Precision
from protocols.buffer.school_terms import school_day_of

LIST_GAP = 6
"""Characters between two days of one list: ", and "."""


@dataclass(frozen=True, slots=True)
class Due:
    """``day`` and what kind of day it is, how it was found, the memo's words, and further days named beside it."""

    day: date | None = None
    role: DateRole | None = None
    basis: str = ""
    words: str = ""
    more: tuple[date, ...] = ()


def due_of(times: Sequence[DateMention], *, memo_date: date, calendar: DayCalendar | None) -> Due:
    """The first deadline among ``times``, else the first event, else the day something takes effect.

    A deadline without a day ("within ten school days of receipt") is counted from ``memo_date`` where ``calendar`` is
    given and the words allow it; else it keeps its words and has no day.
    """
    for role in (DateRole.DEADLINE, DateRole.EVENT, DateRole.EFFECTIVE):
        mine = [mention for mention in times if mention.role is role]
        dated = [(day, mention) for mention in mine if (day := day_of(mention)) is not None]
        if dated:
            first, mention = dated[_next_of_list(dated, memo_date)]
            how = f": {mention.basis}" if mention.basis else ""
            return Due(first, role, _quoted(mention) + how, mention.text, _others(first, dated))
        if mine and role is DateRole.DEADLINE:
            counted, how = (
                (None, "") if calendar is None else school_day_of(mine[0].text, memo_date, calendar)
            )
            how = how or mine[0].basis or "the memo names no day"
            return Due(counted, role, f"{_quoted(mine[0])}: {how}", mine[0].text)
    return Due()


def _next_of_list(dated: Sequence[tuple[date, DateMention]], memo_date: date) -> int:
    """Where "September 30, December 31, March 31" opens a sentence's days: the first of them still to come."""
    run = [0]
    for number in range(1, len(dated)):
        if dated[number][1].start - dated[number - 1][1].end > LIST_GAP:
            break
        run.append(number)
    ahead = [number for number in run if dated[number][0] >= memo_date]
    return min(ahead, key=lambda number: dated[number][0]) if ahead else 0


def _others(first: date, dated: Sequence[tuple[date, DateMention]]) -> tuple[date, ...]:
    return tuple(dict.fromkeys(day for day, _ in dated if day != first))


def day_of(mention: DateMention) -> date | None:
    """The day to act by: the named day, a range's last (its first if it happens), "until February" its last.

    A month alone has none.
    """
    if mention.iso is not None:
        return mention.iso
    if mention.precision is Precision.RANGE:
        return mention.last if mention.role is DateRole.DEADLINE else mention.first
    if mention.precision is Precision.COARSE and mention.role is DateRole.DEADLINE and mention.basis:
        return mention.last
    return None


def _quoted(mention: DateMention) -> str:
    return f'"{" ".join(mention.text.split())}"'
