"""The figures of visits called off: how many of them were made good on another day, and which were not."""

from collections.abc import Callable

from handlers.answers.insight_work import Figures, Work, add_up, month_of, say_spread, term_of
from protocols.insight.measures import Share
from protocols.insight.query import Grouping
from storage import insight
from storage.insight import Cancelled

MOST_NAMED = 5
"""Visits named in a sentence; all of them stand in the rows, by school."""


def made_good(work: Work) -> Figures:
    rows = sorted(insight.count_cancelled(work.turn.tx, work.cut), key=lambda row: row.day)
    good, whole, planned = (
        sum(row.made_good for row in rows),
        sum(row.visits for row in rows),
        sum(row.rebooked for row in rows),
    )
    group_of = _group_of(work)
    called_off = add_up((group_of(row), row.visits) for row in rows)
    held = add_up((group_of(row), row.made_good) for row in rows)
    shares = {name: Share(held[name] or 0, count or 0).value for name, count in called_off.items()}
    is_over_time = work.query.by in (Grouping.MONTH, Grouping.TERM)
    return Figures(
        Share(good, whole).value,
        # What is left to make good comes first.
        shares if is_over_time else dict(sorted(shares.items(), key=lambda pair: (pair[1] or 0, pair[0]))),
        "share",
        of=whole,
        detail=_not_yet(rows, group_of),
        detail_name="not_made_good_of",
        notes=(
            *((f"{planned} more have a new day that is still to come.",) if planned else ()),
            *_say_not_yet(work, rows),
            *_spread(work, rows),
        ),
    )


def cause_of(row: Cancelled) -> str:
    """Who or what called a visit off, as an answer names it."""
    return "ILD" if row.by == "ild" else row.by.replace("_", " ").capitalize()


def _group_of(work: Work) -> Callable[[Cancelled], str]:
    places = work.by_id
    match work.query.by:
        case Grouping.KIND:
            return lambda row: row.kind
        case Grouping.ILD:
            return lambda row: work.ild_name(row.ild_id)
        case Grouping.MONTH:
            return lambda row: month_of(row.day)
        case Grouping.TERM:
            term = term_of(work)
            return lambda row: term(row.day)
        case Grouping.SCHOOL | Grouping.NETWORK | Grouping.LEVEL | Grouping.TIER | Grouping.EXPERIENCE:
            return lambda row: work.label(places[row.school_id])
        case _:
            return cause_of


def _not_yet(rows: list[Cancelled], group_of: Callable[[Cancelled], str]) -> dict[str, str]:
    """Group -> the days of its visits that were not made good."""
    days: dict[str, list[str]] = {}
    for row in rows:
        if row.visits > row.made_good:
            days.setdefault(group_of(row), []).append(row.day.isoformat())
    return {name: " ".join(dict.fromkeys(some)) for name, some in days.items()}


def _say_not_yet(work: Work, rows: list[Cancelled]) -> tuple[str, ...]:
    places = work.by_id
    left = [row for row in rows if row.visits > row.made_good + row.rebooked]
    if not left:
        return ()
    named = [f"{places[row.school_id].name} ({row.day.day} {row.day:%b})" for row in left[:MOST_NAMED]]
    more = len(left) - MOST_NAMED
    return (f"Not made up: {', '.join(named)}" + (f" and {more} more." if more > 0 else "."),)


def _spread(work: Work, rows: list[Cancelled]) -> tuple[str, ...]:
    called_off = add_up((str(row.school_id), row.visits) for row in rows)
    held = add_up((str(row.school_id), row.made_good) for row in rows)
    shares = (Share(held[school] or 0, count or 0).value for school, count in called_off.items())
    return say_spread(shares, "school", unit="share")
