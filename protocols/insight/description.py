"""A query in words: what was counted, over what period, so that every answer says what it answers."""

from collections.abc import Sequence
from datetime import date

from protocols.insight.definitions import DEFINITIONS
from protocols.insight.query import Filters, Grouping, Heard, Measure, Query

_GROUPINGS = {
    Grouping.ILD: "by ILD",
    Grouping.TERM: "by semester",
    Grouping.TIER: "by need tier",
    Grouping.KIND: "by kind of visit",
    Grouping.EXPERIENCE: "by experience",
}
_KINDS = {
    "walkthrough": "walkthroughs",
    "inquiry": "inquiry visits",
    "coaching": "coaching visits",
    "network_meeting": "network meetings",
    "other": "other kinds of visits",
}


def describe(query: Query, *, today: date | None = None) -> str:
    """What was counted over what period: "visits held, by ILD, 1 Sep to 18 Nov".

    Years are written where a day is not in the year of `today` (of the query's last day, without it). What this
    writes is understood again as the same query.
    """

    this_year = (today or query.to).year
    parts = [*_what(query, query.measure), _period(query, this_year)]
    if query.compare_from and query.compare_to:
        parts[-1] += f" against {_days(query.compare_from, query.compare_to, this_year)}"
    return ", ".join(parts)


def describe_heard(heard: Heard, *, today: date) -> str:
    """As much of a question as was understood, in the same words; empty where that is nothing."""
    parts = _what(heard, heard.measure)
    if heard.period:
        parts.append(_days(heard.period.start, heard.period.end, today.year))
    return ", ".join(parts)


def _what(asked: Query | Heard, measure: Measure | None) -> list[str]:
    """What is counted, how it is set out, and where."""
    parts = [_measure(measure, asked.filters, asked.days)] if measure else []
    if asked.by:
        parts.append(_GROUPINGS.get(asked.by, f"by {asked.by}"))
    if where := _filters(asked.filters):
        parts.append(where)
    return parts


def _measure(measure: Measure, filters: Filters, days: int | None) -> str:
    words = DEFINITIONS[measure].name
    kinds = filters.get("kind", ())
    named = listed([_KINDS[kind] for kind in kinds if kind in _KINDS])
    if measure is Measure.VISITS and kinds:
        words = f"{named} held"
    elif measure is Measure.NOT_VISITED and kinds:
        words = f"schools not visited for {named}"
    elif kinds:
        words = f"{words} ({named})"
    if measure is Measure.NOT_VISITED and days:
        return f"{words} for {_count(days)}"
    if measure is Measure.LONGEST_GAP and days:
        return f"gaps of {_count(days)} or more between visits"
    return words


def _count(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def _filters(filters: Filters) -> str:
    parts = []
    for key, pattern in (
        ("experience", "{} principals"),
        ("tier", "{} schools"),
        ("level", "{} schools"),
        ("school", "{}"),
        ("ild", "{}"),
        ("network", "{}"),
    ):
        if names := filters.get(key):
            written = ["K-8" if name == "k8" else name for name in names]
            parts.append(pattern.format(listed(written)))
    return ", ".join(parts)


def _period(query: Query, this_year: int) -> str:
    if query.measure is Measure.NOT_VISITED and query.days:
        return f"as of {_day(query.to, this_year)}"
    return _days(query.from_, query.to, this_year)


def _days(start: date, end: date, this_year: int) -> str:
    if start == end:
        return _day(start, this_year)
    return f"{_day(start, this_year)} to {_day(end, this_year)}"


def _day(day: date, this_year: int) -> str:
    year = f" {day.year}" if day.year != this_year else ""
    return f"{day.day} {day:%b}{year}"


def listed(words: Sequence[str]) -> str:
    """Their words as one says them: a, b and c."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
