"""A chart as a PNG: made to be read on a phone, in a message, by anybody.

Drawn 400 points wide at twice the density. Bars lie on their side, so that long names have room and thirty schools
grow downwards instead of shrinking. Figures stand at their bars and points; nothing has to be matched by colour
alone: colours are those of Okabe and Ito (2008, told apart by colour-blind people) and each
series also has its own hatching or marker. The alternative text comes from the card, not from here.

Only matplotlib's object interface is used: no pyplot, no shared state, so that threads can draw at once. The same
chart gives the same bytes.
"""

import io
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator

from bot.render.prose import NOTHING, clean, figure, shorten
from handlers.cards import Chart, ChartKind

_WIDTH = 4.0  # inches; 100 points of a screen each
_DENSITY = 200
_TALLEST = 60_000  # pixels that the PNG writer can hold; a picture of a thousand bars is drawn less dense
_FONT = "DejaVu Sans"  # comes with matplotlib, so that every machine draws the same
_INK = "#1f2933"
_FAINT = "#66717e"
_RULE = "#d5dbe1"
_PAPER = "#ffffff"
_GOAL = "#a33b00"
# Okabe and Ito's palette without its black and its yellow, which is too pale on white.
_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
# From orange to blue, which colour-blind people tell apart; the steps below the middle are hatched as well.
_BELOW, _MIDDLE, _ABOVE = ("#b34d00", "#f0a35e"), "#d5dbe1", ("#9ecae8", "#0072b2")
_HATCHES = ("", "////", "....", "xxxx", "\\\\\\\\", "----")
_MARKERS = ("o", "s", "^", "D", "v", "P")
_LINES = ("-", (0, (5, 2)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)), (0, (3, 1, 1, 1)), (0, (8, 3)))
_GOAL_LINE = (0, (4, 2))
_KEY_LINE = 0.2  # inches
_NAME_WIDTH = 21  # letters of a label before it wraps
_SMALL, _NORMAL, _LARGE = 8.0, 9.0, 11.5


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where things stand, in inches from the edges: the figure is as tall as its parts."""

    figure: Figure
    axes: Axes
    height: float
    top: float


def draw(chart: Chart) -> bytes:
    """The chart as a PNG, 800 pixels wide. Where there is no figure to show, a picture that says so."""
    names = [_line(series.name) for series in chart.series]
    rows = [_row(series.values, len(chart.labels)) for series in chart.series]
    if not any(value is not None for row in rows for value in row):
        return _nothing(chart)
    labels = [_line(label) for label in chart.labels]
    match chart.kind:
        case ChartKind.BARS | ChartKind.PAIRED_BARS:
            return _bars(chart, labels, names, rows)
        case ChartKind.LINE:
            return _lines(chart, labels, names, rows)
        case ChartKind.DIVERGING:
            return _diverging(chart, labels, names, rows)


def _row(values: tuple[float | None, ...], length: int) -> list[float | None]:
    """As many values as there are labels; what is missing or no number is not known."""
    known = [value if value is not None and math.isfinite(value) else None for value in values[:length]]
    return known + [None] * (length - len(known))


def _bars(chart: Chart, labels: list[str], names: list[str], rows: list[list[float | None]]) -> bytes:
    wrapped = [_wrapped(label, _NAME_WIDTH, lines=3) for label in labels]
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
                    color=_COLOURS[at % len(_COLOURS)],
                    hatch=_HATCHES[at % len(_HATCHES)],
                    edgecolor=_PAPER if _HATCHES[at % len(_HATCHES)] else _COLOURS[at % len(_COLOURS)],
                    linewidth=0,
                )
            look = {"color": _FAINT, "fontstyle": "italic"} if value is None else {"color": _INK}
            said = "not known" if value is None else figure(value)
            _note(axes, said, (max(value or 0, 0), place + shift), (4, 0), va="center", **look)
    low, high = min(0.0, *known), max(0.0, chart.goal or 0.0, *known)
    axes.set_xlim(low, high if high > low else 1.0)
    axes.set_ylim(sum(heights), 0)
    axes.set_yticks(places, wrapped)
    for label in axes.get_yticklabels():
        _shrink(label, left - 0.16, frame)
    axes.axvline(0, color=_FAINT, linewidth=0.8)
    axes.spines["bottom"].set_visible(False)
    axes.xaxis.set_visible(False)
    if goal := _goal(chart):
        axes.axvline(goal[0], color=_GOAL, linewidth=1.2, linestyle=_GOAL_LINE)
        start, end = axes.get_xlim()
        side = "right" if (goal[0] - start) / (end - start) > 0.5 else "left"
        _note(axes, goal[1], (goal[0], 0), (0, 4), ha=side, va="bottom", color=_GOAL)
    _key(frame, names if key else [], is_line=False)
    _unit(chart, frame)
    return _png(frame)


def _diverging(chart: Chart, labels: list[str], names: list[str], rows: list[list[float | None]]) -> bytes:
    """One bar a label, its steps side by side; what is below the middle of the scale lies left of the line."""
    wrapped = [_wrapped(label, _NAME_WIDTH, lines=3) for label in labels]
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
            look: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": _PAPER, "linewidth": 0.6}
            axes.barh(place, size, left=end, height=0.26, **look)
            if size >= 0.15 * sum(sizes):
                _note(
                    axes,
                    figure(round(size)),
                    (end + size / 2, place),
                    (0, 0),
                    ha="center",
                    va="center",
                    color=_INK,
                )
            end += size
    axes.set_xlim(-(reach or 1.0), reach or 1.0)
    axes.set_ylim(sum(heights), 0)
    axes.set_yticks(places, wrapped)
    for label in axes.get_yticklabels():
        _shrink(label, left - 0.16, frame)
    axes.axvline(0, color=_FAINT, linewidth=0.8, linestyle=_GOAL_LINE)
    axes.spines["bottom"].set_visible(False)
    axes.xaxis.set_visible(False)
    _key(frame, names, is_line=False, looks=looks)
    _unit(chart, frame)
    return _png(frame)


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
        colour = _COLOURS[at % len(_COLOURS)]
        axes.plot(
            range(len(row)),
            [math.nan if value is None else value for value in row],
            color=colour,
            linestyle=_LINES[at % len(_LINES)],
            linewidth=2,
            marker=_MARKERS[at % len(_MARKERS)],
            markersize=5,
            markevery=math.ceil(len(labels) / 12),
            markeredgecolor=_PAPER,
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
    axes.grid(axis="y", color=_RULE, linewidth=0.8)
    axes.set_axisbelow(True)
    if goal:
        axes.axhline(goal[0], color=_GOAL, linewidth=1.2, linestyle=_GOAL_LINE)
    _key(frame, [] if is_alone else names, is_line=True, goal=goal[1] if goal else "")
    _unit(chart, frame)
    return _png(frame)


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
        said, place, xytext=shift, textcoords="offset points", fontsize=_SMALL, zorder=9, **look
    )
    note.set_path_effects([withStroke(linewidth=2.5, foreground=_PAPER)])
    _say(note)


def _goal(chart: Chart) -> tuple[float, str] | None:
    """The line to reach and what stands at it."""
    if chart.goal is None or not math.isfinite(chart.goal):
        return None
    return chart.goal, shorten(_line(chart.goal_label), 40) or f"goal {figure(chart.goal)}"


def _frame(
    chart: Chart, *, body: float, left: float, right: float, below: float, key: int, is_goal_above: bool
) -> _Frame:
    """A figure just tall enough for title, key, body and axis, with the title written. All in inches."""
    title = _wrapped(_line(chart.title), 40, lines=4)
    top = 0.22 + 0.21 * (title.count("\n") + 1) * bool(title)
    room = 0.24 if is_goal_above and _goal(chart) else 0.12
    height = top + _KEY_LINE * key + room + body + below
    drawn = Figure(figsize=(_WIDTH, height), dpi=_DENSITY, facecolor=_PAPER)
    FigureCanvasAgg(drawn)
    place = (left / _WIDTH, below / height, (_WIDTH - left - right) / _WIDTH, body / height)
    axes = drawn.add_axes(place, facecolor=_PAPER)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_RULE)
    axes.tick_params(length=0, labelsize=_SMALL, labelcolor=_INK, labelfontfamily=_FONT, pad=5)
    frame = _Frame(drawn, axes, height, top)
    _shrink(
        _write(frame, title, 0.16, height - 0.16, size=_LARGE, weight="bold", va="top"), _WIDTH - 0.3, frame
    )
    return frame


def _key(
    frame: _Frame,
    names: list[str],
    *,
    is_line: bool,
    goal: str = "",
    looks: Sequence[tuple[str, str]] = tuple(zip(_COLOURS, _HATCHES, strict=True)),
) -> None:
    """One line a series, with its colour and its hatching or marker, between the title and the chart."""
    for at, name in enumerate([*names, goal] if goal else names):
        y = frame.height - frame.top - _KEY_LINE * at - 0.08
        place = (0.16 / _WIDTH, (y - 0.05) / frame.height, 0.34 / _WIDTH, 0.1 / frame.height)
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
                "markeredgecolor": _PAPER,
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
                edgecolor=_PAPER if hatch else colour,
                linewidth=0,
            )
        written = _write(frame, shorten(name, 60), 0.58, y, size=_SMALL, va="center")
        _shrink(written, _WIDTH - 0.7, frame)


def _unit(chart: Chart, frame: _Frame) -> None:
    written = _write(
        frame, shorten(_line(chart.unit), 80), 0.16, 0.12, size=_SMALL, colour=_FAINT, va="bottom"
    )
    _shrink(written, _WIDTH - 0.3, frame)


def _nothing(chart: Chart) -> bytes:
    frame = _frame(chart, body=0.7, left=0.16, right=0.16, below=0.1, key=0, is_goal_above=False)
    frame.axes.set_axis_off()
    _write(frame, NOTHING, _WIDTH / 2, 0.5, size=_NORMAL, colour=_FAINT, va="center", ha="center")
    return _png(frame)


def _write(
    frame: _Frame,
    words: str,
    x: float,
    y: float,
    *,
    size: float,
    va: str,
    ha: str = "left",
    weight: str = "normal",
    colour: str = _INK,
) -> Text:
    """Words at a place in inches from the lower left corner."""
    look: dict[str, Any] = {"fontsize": size, "fontweight": weight, "color": colour, "va": va, "ha": ha}
    text = frame.figure.text(x / _WIDTH, y / frame.height, words, linespacing=1.25, **look)
    _say(text)
    return text


def _shrink(text: Text, room: float, frame: _Frame) -> None:
    """Set the text smaller where wide letters make it wider than its room (inches)."""
    _say(text)
    wide = text.get_window_extent(dpi=_DENSITY).width / _DENSITY
    if wide > room:
        text.set_fontsize(float(text.get_fontsize()) * room / wide)


def _say(text: Text) -> None:
    """Fix the font and take dollar signs as dollar signs, not as mathematics."""
    text.set_fontfamily(_FONT)
    text.set_parse_math(False)


def _png(frame: _Frame) -> bytes:
    for label in (*frame.axes.get_xticklabels(), *frame.axes.get_yticklabels()):
        _say(label)
    out = io.BytesIO()
    frame.figure.savefig(
        out, format="png", dpi=min(_DENSITY, _TALLEST / frame.height), metadata={"Software": None}
    )
    return out.getvalue()


def _line(text: str) -> str:
    return drawable(clean(text).replace("\n", " ").strip())


def _wrapped(text: str, width: int, lines: int = 2) -> str:
    """The text on at most so many lines; a name longer than that ends with an ellipsis."""
    return "\n".join(textwrap.wrap(text, width, max_lines=lines, placeholder=" …", break_long_words=True))


def _thinned(labels: list[str]) -> list[int]:
    """Which labels under a line have room: all, or the first and every so many."""
    widest = max(min(len(label), 12) for label in labels)
    room = max(int(46 / (widest + 2)), 1)
    step = math.ceil(len(labels) / room)
    return list(range(0, len(labels), step))


def drawable(text: str) -> str:
    """The text with a box for what the font cannot draw (emoji, some scripts); the alternative text has it all."""
    glyphs = _glyphs()
    return "".join(
        letter if letter == " " or ord(letter) in glyphs else "\u25a1"
        for letter in text
        if letter != "\ufe0f"
    )


@cache
def _glyphs() -> frozenset[int]:
    return frozenset(get_font(findfont(FontProperties(family=_FONT))).get_charmap())
