"""From figures to an answer: the number first, what was counted over what period, what is missing, a picture, files."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from handlers.answers.insight_figures import figures
from handlers.answers.insight_files import files_of
from handlers.answers.insight_goal import goal_of
from handlers.answers.insight_scope import Ground
from handlers.answers.insight_work import Figures
from handlers.cards import Chart, ChartKind, Download, Series
from handlers.turn import Turn
from protocols.insight.definitions import DEFINITIONS
from protocols.insight.description import describe
from protocols.insight.query import Grouping, Measure, Period, Query

MOST_NAMED = 5
"""Groups named in the sentence; all of them are in the chart and the CSV."""
MOST_BARS = 30

ALWAYS_GROUPED = (
    Measure.CANCELLED,
    Measure.MADE_GOOD,
    Measure.PROTECTED_LOST,
    Measure.TAKEN_OFF,
    Measure.CYCLES,
)
"""Measures that stand in groups also where none were asked for: by cause, office or phase."""
OVER_TIME = (Grouping.MONTH, Grouping.TERM)


@dataclass(frozen=True)
class Answer:
    """What is said, shown and taken along. ``rows`` are the groups with their values, as JSON wants them.

    A program and the first screen of the day want no files and some no picture: each is made when it is asked for.
    """

    query: Query
    headline: str
    notes: tuple[str, ...]
    counted: str
    missing: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    draw: Callable[[], Chart | None]

    @cached_property
    def chart(self) -> Chart | None:
        return self.draw()

    @cached_property
    def downloads(self) -> tuple[Download, ...]:
        return files_of(self.rows, self.counted, self.missing)

    def to_json(self, question: str) -> dict[str, Any]:
        """The shape of ``throughline ask --json``."""
        return {
            "question": question,
            "understood": self.query.to_json(),
            "answer": " ".join((self.headline, *self.notes)),
            "counted": self.counted,
            "definition": DEFINITIONS[self.query.measure].counts,
            "missing": "; ".join(self.missing) or None,
            "rows": list(self.rows),
        }


def answer(turn: Turn, ground: Ground, query: Query) -> Answer:
    """Answer a query. Raises ``SmallGroupError`` where too few people stand behind it."""
    now = _by_name(query, figures(turn, ground, query, Period(query.from_, query.to)))
    earlier = None
    if query.compare_from and query.compare_to:
        earlier = figures(turn, ground, query, Period(query.compare_from, query.compare_to))
    goal = goal_of(turn.tx) if query.measure is Measure.TIME_IN_SCHOOLS else None
    counted = describe(query, today=turn.today)
    names = _names(query, now, earlier)
    notes = (
        *_comparison(turn, query, now, earlier),
        *_leading(query, now),
        *now.notes,
        *_say_goal(now, goal),
    )
    return Answer(
        query=query,
        headline=_headline(query, now),
        notes=notes,
        counted=counted,
        missing=now.missing,
        rows=_rows(query, names, now, earlier),
        draw=lambda: _chart(query, names, now, earlier, counted, goal=goal),
    )


# ---------------------------------------------------------------- words


def _headline(query: Query, now: Figures) -> str:
    total = now.total
    match query.measure:
        case Measure.VISITS:
            return f"{_count(total, 'visit')}."
        case Measure.NOT_VISITED if not total:
            return f"Every one of {_count(now.of, 'school')} was visited."
        case Measure.NOT_VISITED:
            span = f" for {query.days} days or more" if query.days else ""
            return f"{_count(total, 'school')} of {now.of:g} not visited{span}."
        case Measure.LONGEST_GAP if query.days:
            return f"{_count(total, 'school')} of {now.of:g} went {query.days} days or more without a visit."
        case Measure.LONGEST_GAP if total is None:
            return "There is no school to look at."
        case Measure.LONGEST_GAP:
            return f"The longest gap is {_count(total, 'day')}."
        case Measure.CANCELLED:
            return f"{_count(total, 'visit')} cancelled."
        case Measure.PROTECTED_LOST:
            return f"{_hours(total)} of principals' protected time were taken."
        case Measure.MANDATES:
            return f"{_count(total, 'mandate')}."
        case Measure.MINUTES_ASKED:
            return f"{_count(total, 'minute')} asked of principals."
        case Measure.TAKEN_OFF:
            return f"{_count(total, 'demand')} taken off principals' plates."
        case Measure.CYCLES:
            return f"{_count(total, 'cycle')} of inquiry open."
        case Measure.MADE_GOOD if not now.of:
            return "No visit was called off in that time."
        case Measure.USEFULNESS:
            return f"About {total:g} of 4." if total is not None else "Nobody has rated a visit in that time."
        case _ if total is None:
            return "There is nothing to count in that time."
        case Measure.INTERVALS_KEPT:
            return f"{total:.0%} of {now.of:g} intervals were within the school's rhythm."
        case Measure.EVENNESS:
            return f"Evenness {total:.2f} over {_count(now.of, 'school')}."
        case Measure.TIME_IN_SCHOOLS:
            return f"{total:.0%} of working time was spent in schools."
        case Measure.PROTECTED_KEPT:
            return f"{total:.1%} of protected time was kept."
        case Measure.MADE_GOOD:
            return f"{total:.0%} of {_count(now.of, 'cancelled visit')} made good on another day."
        case Measure.NEXT_STEPS:
            return f"{total:.0%} of {now.of:g} visits ended in a next step."


def _leading(query: Query, now: Figures) -> tuple[str, ...]:
    """The groups one would name aloud: the first few, with their values."""
    is_list = query.measure in (Measure.NOT_VISITED, Measure.LONGEST_GAP)
    if (
        not now.groups
        or (query.by is None and not is_list and query.measure not in ALWAYS_GROUPED)
        or (query.by in OVER_TIME and len(now.groups) > MOST_NAMED)
    ):
        return ()
    said = [f"{name} {_say(query, now, name)}" for name in list(now.groups)[:MOST_NAMED]]
    more = len(now.groups) - MOST_NAMED
    named = ", ".join(said) + (f" and {more} more." if more > 0 else ".")
    return (named[:1].upper() + named[1:],)


def _say(query: Query, now: Figures, name: str) -> str:
    value = now.groups[name]
    if query.measure is Measure.NOT_VISITED and now.unit != "schools":
        return "(never)" if value is None else f"({value:g} days)"
    if value is None:
        return "(not known)"
    if now.unit == "share":
        return f"{value:.0%}"
    if now.unit == "evenness":
        return f"{value:.2f}"
    if now.unit == "minutes" and query.measure is Measure.PROTECTED_LOST:
        return _hours(value)
    return f"{value:g}"


def _comparison(turn: Turn, query: Query, now: Figures, earlier: Figures | None) -> tuple[str, ...]:
    """The earlier figure; counts also by school week, for a term that has just begun is short."""
    if earlier is None or query.compare_from is None or query.compare_to is None:
        return ()
    if earlier.total is None or now.total is None:
        return ("The earlier period has nothing to set it against.",)
    if query.measure in (Measure.EVENNESS, Measure.USEFULNESS):
        return (f"Earlier: {earlier.total:.{1 if query.measure is Measure.USEFULNESS else 2}f}.",)
    if now.unit == "share":
        points = (now.total - earlier.total) * 100
        return (f"Earlier: {earlier.total:.0%} ({points:+.0f} points since).",)
    if now.unit not in ("visits", "mandates", "demands", "minutes"):
        return (f"Earlier: {earlier.total:g}.",)
    calendar = turn.district.calendar
    weeks = calendar.count_school_days(query.from_, query.to) / 5
    weeks_before = calendar.count_school_days(query.compare_from, query.compare_to) / 5
    if not weeks or not weeks_before:
        return (f"Earlier: {earlier.total:g}.",)
    rate, rate_before = now.total / weeks, earlier.total / weeks_before
    change = f", {(rate - rate_before) / rate_before:+.0%}" if rate_before else ""
    return (f"Earlier: {earlier.total:g}. By school week: {rate:.1f} now, {rate_before:.1f} then{change}.",)


def _say_goal(now: Figures, goal: float | None) -> tuple[str, ...]:
    """How far the whole is from the goal; who reaches it is in the chart and said of nobody."""
    if goal is None or now.total is None:
        return ()
    points = round((now.total - goal) * 100)
    side = "reached" if points >= 0 else f"{-points} points below it"
    return (f"Goal {goal:.0%}: {side}.",)


def _count(number: float | None, noun: str) -> str:
    value = number or 0
    return f"{value:,g} {noun}" + ("" if value == 1 else "s")


def _hours(minutes: float | None) -> str:
    return f"{(minutes or 0) / 60:,.1f} hours".replace(".0 hours", " hours")


def _by_name(query: Query, found: Figures) -> Figures:
    """ILDs stand in the order of their names, never of their figures: a mirror, and no league table."""
    if query.by is not Grouping.ILD:
        return found
    return replace(found, groups=dict(sorted(found.groups.items())))


# ---------------------------------------------------------------- rows, picture, file


def _names(query: Query, now: Figures, earlier: Figures | None) -> list[str]:
    """The groups of both periods. Months and terms of two periods differ, so those are only the present one's."""
    names = list(now.groups)
    if earlier is not None and query.by is not None and query.by not in OVER_TIME:
        names += [name for name in earlier.groups if name not in now.groups]
    return names


def _rows(
    query: Query, names: list[str], now: Figures, earlier: Figures | None
) -> tuple[dict[str, Any], ...]:
    if earlier is not None and (query.by is None or query.by in OVER_TIME):
        periods = (
            (_span(query.compare_from, query.compare_to), earlier),
            (_span(query.from_, query.to), now),
        )
        return tuple({"name": span, "value": _round(figure.total)} for span, figure in periods)
    rows = []
    for name in names:
        row: dict[str, Any] = {"name": name, "value": _round(now.groups.get(name))}
        if name in now.detail:
            row[now.detail_name] = now.detail[name]
        if earlier is not None:
            row["earlier"] = _round(earlier.groups.get(name))
        rows.append(row)
    return tuple(rows)


def _chart(
    query: Query, names: list[str], now: Figures, earlier: Figures | None, counted: str, *, goal: float | None
) -> Chart | None:
    scale, unit = _scale(query, now)
    title = counted[:1].upper() + counted[1:]
    if earlier is not None and (query.by is None or query.by in OVER_TIME):
        labels: tuple[str, ...] = (_span(query.compare_from, query.compare_to), _span(query.from_, query.to))
        values = (_scaled(earlier.total, scale), _scaled(now.total, scale))
        series: tuple[Series, ...] = (Series(unit, values),)
        kind = ChartKind.BARS
    elif not names:
        return None
    else:
        shown = names[:MOST_BARS]
        labels = tuple(shown)
        series = (Series("now", tuple(_scaled(now.groups.get(name), scale) for name in shown)),)
        kind = (
            ChartKind.LINE if query.by is None and len(shown) > 2 and _is_over_time(query) else ChartKind.BARS
        )
        if earlier is not None:
            before = Series("earlier", tuple(_scaled(earlier.groups.get(name), scale) for name in shown))
            series, kind = (before, *series), ChartKind.PAIRED_BARS
    return Chart(
        kind=kind,
        title=title,
        labels=labels,
        series=series,
        unit=unit,
        alternative=_alternative(title, labels, series, unit),
        goal=goal * scale if goal is not None else None,
        goal_label=f"goal {goal:.0%}" if goal is not None else "",
    )


def _scale(query: Query, now: Figures) -> tuple[float, str]:
    """How the picture shows the values: shares in per cent, protected time in hours."""
    if now.unit == "share":
        return 100, "%"
    if query.measure is Measure.PROTECTED_LOST:
        return 1 / 60, "hours"
    if query.measure is Measure.USEFULNESS:
        return 1, "points of 4"
    if now.unit == "evenness":
        return 1, "evenness, where 1 is perfectly even"
    return 1, now.unit


def _is_over_time(query: Query) -> bool:
    return query.measure in (Measure.VISITS, Measure.PROTECTED_KEPT, Measure.MINUTES_ASKED)


def _alternative(title: str, labels: tuple[str, ...], series: tuple[Series, ...], unit: str) -> str:
    """The picture in a sentence, for those who do not see it."""
    said = []
    for position, label in enumerate(labels[:12]):
        values = [(one.name, one.values[position]) for one in series]
        shown = [
            ("not known" if value is None else f"{value:g}", f" {name}" if len(values) > 1 else "")
            for name, value in values
        ]
        words = " and ".join(f"{value}{name}" for value, name in shown)
        said.append(f"{label}: {words}")
    more = f"; and {len(labels) - 12} more" if len(labels) > 12 else ""
    return f"{title}, in {unit}. {'; '.join(said)}{more}."


def _span(start: Any, end: Any) -> str:
    return f"{start.day} {start:%b %Y} to {end.day} {end:%b %Y}"


def _scaled(value: float | None, scale: float) -> float | None:
    """As one reads it in a picture: per cent and hours with one digit more at most."""
    return None if value is None else round(value * scale, 2 if scale == 1 else 1)


def _round(value: float | None) -> float | None:
    if value is None:
        return None
    return int(value) if float(value).is_integer() else round(value, 4)
