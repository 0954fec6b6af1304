"""A chart as a PNG: made to be read on a phone, in a message, by anybody.

Drawn 400 points wide at twice the density. Bars lie on their side, so that long names have room and thirty schools
grow downwards instead of shrinking. Figures stand at their bars and points; nothing has to be matched by colour
alone: colours are those of Okabe and Ito (2008, told apart by colour-blind people) and each
series also has its own hatching or marker. The alternative text comes from the card, not from here.

Only matplotlib's object interface is used: no pyplot, no shared state, so that threads can draw at once. The same
chart gives the same bytes.
"""

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from bot.render import ties
from bot.render.paper import (
    COLOURS,
    DENSITY,
    FAINT,
    FONT,
    INK,
    LARGE,
    NORMAL,
    PAPER,
    RULE,
    SMALL,
    WIDTH,
    Frame,
    in_lines,
    one_line,
    png,
    say,
    shrink,
    write,
)
from bot.render.prose import NOTHING, figure, shorten
from handlers.cards import Chart, ChartKind

_GOAL = "#a33b00"
# From orange to blue, which colour-blind people tell apart; the steps below the middle are hatched as well.
_BELOW, _MIDDLE, _ABOVE = ("#b34d00", "#f0a35e"), "#d5dbe1", ("#9ecae8", "#0072b2")
_HATCHES = ("", "////", "....", "xxxx", "\\\\\\\\", "----")
_MARKERS = ("o", "s", "^", "D", "v", "P")
_LINES = ("-", (0, (5, 2)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)), (0, (3, 1, 1, 1)), (0, (8, 3)))
_GOAL_LINE = (0, (4, 2))
_KEY_LINE = 0.2  # inches
_NAME_WIDTH = 21  # letters of a label before it wraps


def draw(chart: Chart) -> bytes:
    """The chart as a PNG, 800 pixels wide. Where there is no figure to show, a picture that says so."""
    names = [one_line(series.name) for series in chart.series]
    rows = [_row(series.values, len(chart.labels)) for series in chart.series]
    if not any(value is not None for row in rows for value in row):
        return _nothing(chart)
    labels = [one_line(label) for label in chart.labels]
    match chart.kind:
        case ChartKind.BARS | ChartKind.PAIRED_BARS:
            return _bars(chart, labels, names, rows)
        case ChartKind.LINE:
            return _lines(chart, labels, names, rows)
        case ChartKind.DIVERGING:
            return _diverging(chart, labels, names, rows)
        case ChartKind.TIES:
            return ties.draw(chart, labels, names, rows)


def _row(values: tuple[float | None, ...], length: int) -> list[float | None]:
    """As many values as there are labels; what is missing or no number is not known."""
    known = [value if value is not None and math.isfinite(value) else None for value in values[:length]]
    return known + [None] * (length - len(known))


def _bars(chart: Chart, labels: list[str], names: list[str], rows: list[list[float | None]]) -> bytes:
    wrapped = [in_lines(label, _NAME_WIDTH, lines=3) for label in labels]
    thickness = 0.2 if len(rows) == 1 else 0.16
    heights = [max(thickness * len(rows), 0.15 * (label.count("\n") + 1)) + 0.12 for label in wrapped]
    left = min(1.72, 0.26 + 0.08 * max(len(line) for label in wrapped for line in label.split("\n")))
    key = len(rows) if len(rows) > 1 else 0
    frame = _frame(chart, body=sum(heights), left=left, right=0.62, below=0.42, key=key, is_goal_above=True)
    axes = frame.axes
    places = [end - height / 2 for end, height in zip(accumulate(heights), heights, strict=True)]
    known = [value for row in rows for value in row if value is not None]
    for at, row in enumerate(rows):
        shift = (at - (len(rows) - 1) / 2) * thickness
        for place, value in zip(places, row, strict=True):
            if value is not None:
                axes.barh(
                    place + shift,
                    value,
                    height=thickness * 0.86,
                    color=COLOURS[at % len(COLOURS)],
                    hatch=_HATCHES[at % len(_HATCHES)],
                    edgecolor=PAPER if _HATCHES[at % len(_HATCHES)] else COLOURS[at % len(COLOURS)],
                    linewidth=0,
                )
            look = {"color": FAINT, "fontstyle": "italic"} if value is None else {"color": INK}
            said = "not known" if value is None else figure(value)
            _note(axes, said, (max(value or 0, 0), place + shift), (4, 0), va="center", **look)
    low, high = min(0.0, *known), max(0.0, chart.goal or 0.0, *known)
    axes.set_xlim(low, high if high > low else 1.0)
    axes.set_ylim(sum(heights), 0)
    axes.set_yticks(places, wrapped)
    for label in axes.get_yticklabels():
        shrink(label, left - 0.16, frame)
    axes.axvline(0, color=FAINT, linewidth=0.8)
    axes.spines["bottom"].set_visible(False)
    axes.xaxis.set_visible(False)
    if goal := _goal(chart):
        axes.axvline(goal[0], color=_GOAL, linewidth=1.2, linestyle=_GOAL_LINE)
        start, end = axes.get_xlim()
        side = "right" if (goal[0] - start) / (end - start) > 0.5 else "left"
        _note(axes, goal[1], (goal[0], 0), (0, 4), ha=side, va="bottom", color=_GOAL)
    _key(frame, names if key else [], is_line=False)
    _unit(chart, frame)
    return png(frame)


def _diverging(chart: Chart, labels: list[str], names: list[str], rows: list[list[float | None]]) -> bytes:
    """One bar a label, its steps side by side; what is below the middle of the scale lies left of the line."""
    wrapped = [in_lines(label, _NAME_WIDTH, lines=3) for label in labels]
    heights = [max(0.3, 0.15 * (label.count("\n") + 1)) + 0.14 for label in wrapped]
    left = min(1.72, 0.26 + 0.08 * max(len(line) for label in wrapped for line in label.split("\n")))
    frame = _frame(
        chart, body=sum(heights), left=left, right=0.2, below=0.42, key=len(rows), is_goal_above=False
    )
    axes, looks = frame.axes, _scale(len(rows))
    places = [end - height / 2 for end, height in zip(accumulate(heights), heights, strict=True)]
    reach = 0.0
    for at, place in enumerate(places):
        sizes = [max(row[at] or 0.0, 0.0) for row in rows]
        half = len(sizes) // 2
        end = -(sum(sizes[:half]) + (sizes[half] / 2 if len(sizes) % 2 else 0.0))
        reach = max(reach, -end, sum(sizes) + end)
        for size, (colour, hatch) in zip(sizes, looks, strict=True):
            look: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": PAPER, "linewidth": 0.6}
            axes.barh(place, size, left=end, height=0.26, **look)
            if size >= 0.15 * sum(sizes):
                _note(
                    axes,
                    figure(round(size)),
                    (end + size / 2, place),
                    (0, 0),
                    ha="center",
                    va="center",
                    color=INK,
                )
            end += size
    axes.set_xlim(-(reach or 1.0), reach or 1.0)
    axes.set_ylim(sum(heights), 0)
    axes.set_yticks(places, wrapped)
    for label in axes.get_yticklabels():
        shrink(label, left - 0.16, frame)
    axes.axvline(0, color=FAINT, linewidth=0.8, linestyle=_GOAL_LINE)
    axes.spines["bottom"].set_visible(False)
    axes.xaxis.set_visible(False)
    _key(frame, names, is_line=False, looks=looks)
    _unit(chart, frame)
    return png(frame)


def _scale(steps: int) -> list[tuple[str, str]]:
    """Colour and hatching of each step, the strongest at both ends."""
    half, has_middle = steps // 2, steps % 2
    below = [(_BELOW[min(at, 1)], "////") for at in range(half)]
    above = [(_ABOVE[max(1 - at, 0)], "") for at in range(half)][::-1]
    return [*below, *([(_MIDDLE, "")] if has_middle else []), *above]


def _lines(chart: Chart, labels: list[str], names: list[str], rows: list[list[float | None]]) -> bytes:
    is_alone = len(rows) == 1
    goal = _goal(chart)
    key = (0 if is_alone else len(rows)) + bool(goal)
    frame = _frame(chart, body=2.1, left=0.5, right=0.3, below=0.5, key=key, is_goal_above=False)
    axes = frame.axes
    known = [value for row in rows for value in row if value is not None]
    low, high = min(0.0, *known), max([*known, chart.goal or 0.0])
    for at, row in enumerate(rows):
        colour = COLOURS[at % len(COLOURS)]
        axes.plot(
            range(len(row)),
            [math.nan if value is None else value for value in row],
            color=colour,
            linestyle=_LINES[at % len(_LINES)],
            linewidth=2,
            marker=_MARKERS[at % len(_MARKERS)],
            markersize=5,
            markevery=math.ceil(len(labels) / 12),
            markeredgecolor=PAPER,
            markeredgewidth=0.6,
            clip_on=False,
        )
        if is_alone:
            _say_ends(axes, row, colour)
    axes.set_ylim(low, high * 1.08 if high else 1.0)
    axes.set_xlim(-0.2, max(len(labels) - 0.8, 0.2))
    shown = _thinned(labels)
    axes.set_xticks(shown, [shorten(labels[at], 12) for at in shown])
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=all(float(value).is_integer() for value in known)))
    axes.yaxis.set_major_formatter(lambda value, _: figure(value))
    axes.grid(axis="y", color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)
    if goal:
        axes.axhline(goal[0], color=_GOAL, linewidth=1.2, linestyle=_GOAL_LINE)
    _key(frame, [] if is_alone else names, is_line=True, goal=goal[1] if goal else "")
    _unit(chart, frame)
    return png(frame)


def _say_ends(axes: Axes, row: list[float | None], colour: str) -> None:
    """The figures of a single line: all where few, else first, highest, lowest and last."""
    known = [(at, value) for at, value in enumerate(row) if value is not None]
    if len(known) > 8:
        by_value = sorted(known, key=lambda pair: pair[1])
        known = sorted({known[0], known[-1], by_value[0], by_value[-1]})
    for at, value in known:
        _note(axes, figure(value), (at, value), (0, 7), ha="center", color=colour, fontweight="bold")


def _note(axes: Axes, said: str, place: tuple[float, float], shift: tuple[float, float], **look: Any) -> None:
    """A few letters beside a place of the chart, with paper round them so that a line behind does not strike them."""
    note = axes.annotate(
        said, place, xytext=shift, textcoords="offset points", fontsize=SMALL, zorder=9, **look
    )
    note.set_path_effects([withStroke(linewidth=4, foreground=PAPER)])
    say(note)


def _goal(chart: Chart) -> tuple[float, str] | None:
    """The line to reach and what stands at it."""
    if chart.goal is None or not math.isfinite(chart.goal):
        return None
    return chart.goal, shorten(one_line(chart.goal_label), 40) or f"goal {figure(chart.goal)}"


def _frame(
    chart: Chart, *, body: float, left: float, right: float, below: float, key: int, is_goal_above: bool
) -> Frame:
    """A figure just tall enough for title, key, body and axis, with the title written. All in inches."""
    title = in_lines(one_line(chart.title), 40, lines=4)
    top = 0.22 + 0.21 * (title.count("\n") + 1) * bool(title)
    room = 0.24 if is_goal_above and _goal(chart) else 0.12
    height = top + _KEY_LINE * key + room + body + below
    drawn = Figure(figsize=(WIDTH, height), dpi=DENSITY, facecolor=PAPER)
    FigureCanvasAgg(drawn)
    place = (left / WIDTH, below / height, (WIDTH - left - right) / WIDTH, body / height)
    axes = drawn.add_axes(place, facecolor=PAPER)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(RULE)
    axes.tick_params(length=0, labelsize=SMALL, labelcolor=INK, labelfontfamily=FONT, pad=5)
    frame = Frame(drawn, axes, height, top)
    shrink(write(frame, title, 0.16, height - 0.16, size=LARGE, weight="bold", va="top"), WIDTH - 0.3, frame)
    return frame


def _key(
    frame: Frame,
    names: list[str],
    *,
    is_line: bool,
    goal: str = "",
    looks: Sequence[tuple[str, str]] = tuple(zip(COLOURS, _HATCHES, strict=True)),
) -> None:
    """One line a series, with its colour and its hatching or marker, between the title and the chart."""
    for at, name in enumerate([*names, goal] if goal else names):
        y = frame.height - frame.top - _KEY_LINE * at - 0.08
        place = (0.16 / WIDTH, (y - 0.05) / frame.height, 0.34 / WIDTH, 0.1 / frame.height)
        axes = frame.figure.add_axes(place)
        axes.set_axis_off()
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        colour, hatch = looks[at % len(looks)]
        if at == len(names):
            axes.plot([0, 1], [0.5, 0.5], color=_GOAL, linestyle=_GOAL_LINE, linewidth=1.2)
        elif is_line:
            marker: dict[str, Any] = {
                "marker": _MARKERS[at % len(_MARKERS)],
                "markersize": 5,
                "markeredgecolor": PAPER,
            }
            axes.plot([0, 1], [0.5, 0.5], color=colour, linestyle=_LINES[at % len(_LINES)], linewidth=2)
            axes.plot([0.5], [0.5], color=colour, markeredgewidth=0.6, **marker)
        else:
            axes.barh(
                0.5,
                1,
                height=1,
                color=colour,
                hatch=hatch,
                edgecolor=PAPER if hatch else colour,
                linewidth=0,
            )
        written = write(frame, shorten(name, 60), 0.58, y, size=SMALL, va="center")
        shrink(written, WIDTH - 0.7, frame)


def _unit(chart: Chart, frame: Frame) -> None:
    written = write(
        frame, shorten(one_line(chart.unit), 80), 0.16, 0.12, size=SMALL, colour=FAINT, va="bottom"
    )
    shrink(written, WIDTH - 0.3, frame)


def _nothing(chart: Chart) -> bytes:
    frame = _frame(chart, body=0.7, left=0.16, right=0.16, below=0.1, key=0, is_goal_above=False)
    frame.axes.set_axis_off()
    write(frame, NOTHING, WIDTH / 2, 0.5, size=NORMAL, colour=FAINT, va="center", ha="center")
    return png(frame)


def _thinned(labels: list[str]) -> list[int]:
    """Which labels under a line have room: all, or the first and every so many."""
    widest = max(min(len(label), 12) for label in labels)
    room = max(int(46 / (widest + 2)), 1)
    step = math.ceil(len(labels) / room)
    return list(range(0, len(labels), step))
