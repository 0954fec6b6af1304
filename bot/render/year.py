"""A school year as a PNG: a line for each school, its visits, its gaps over target, and what took the time.

Nothing has to be told by colour alone: a visit is a disc, one that fell out a cross, a gap over target a hatched bar
with the school days over written on it, a closed stretch a grey band with its name, a lost half-day a triangle and a
snow day a star. Drawn with matplotlib's object interface, so that threads can draw at once; the same year gives the
same bytes.
"""

import io
from datetime import date, timedelta
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from bot.render.paper import drawable
from bot.render.year_shown import Stretch, YearPicture, YearRow

_WIDTH = 13.0  # inches
_ROW = 0.36
_ABOVE, _BELOW, _LEFT, _RIGHT = 1.3, 0.86, 2.75, 1.75
_DENSITY = 150
_FONT = "DejaVu Sans"  # comes with matplotlib, so that every machine draws the same
_INK, _FAINT, _RULE, _PAPER, _CLOSED = "#1f2933", "#66717e", "#d5dbe1", "#ffffff", "#edf0f3"
# Okabe and Ito (2008): told apart by colour-blind people.
_HELD, _OUT, _LATE, _LOST, _SNOW = "#0072b2", "#d55e00", "#e69f00", "#a33b00", "#56789a"
_NAMED = 5  # days: a closed stretch so long has room for its name below


def draw_year(year: YearPicture) -> bytes:
    """The year as a PNG, 1,950 pixels wide and as tall as it has schools."""
    body = _ROW * (len(year.rows) + 1)
    height = _ABOVE + body + _BELOW
    figure = Figure(figsize=(_WIDTH, height), dpi=_DENSITY, facecolor=_PAPER)
    FigureCanvasAgg(figure)
    place = (_LEFT / _WIDTH, _BELOW / height, (_WIDTH - _LEFT - _RIGHT) / _WIDTH, body / height)
    axes = figure.add_axes(place, facecolor=_PAPER)
    _frame(axes, year)
    named = [one for one in year.closed if (one.ends - one.starts).days + 1 >= _NAMED]
    for stretch in year.closed:
        _closed(axes, stretch)
    for at, stretch in enumerate(
        named
    ):  # in two lines in turn, so that neighbours do not run into each other
        middle = (_at(stretch.starts) + _at(stretch.ends)) / 2
        y = len(year.rows) + 0.62 + 0.4 * (at % 2)
        _say(axes, middle, y, stretch.label, size=7.5, color=_FAINT, ha="center", va="top")
    for at, row in enumerate(year.rows):
        _row(axes, row, at, year)
    _lost(axes, year)
    write: dict[str, Any] = {"fontfamily": _FONT, "parse_math": False}
    figure.text(
        0.3 / _WIDTH,
        1 - 0.24 / height,
        drawable(year.title),
        size=15,
        weight="bold",
        color=_INK,
        va="top",
        **write,
    )
    figure.text(
        0.3 / _WIDTH, 1 - 0.58 / height, drawable(year.subtitle), size=9.5, color=_FAINT, va="top", **write
    )
    _key(figure, year)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=_DENSITY, metadata={"Software": None})
    return out.getvalue()


def _at(day: date) -> float:
    """The middle of the day on the axis."""
    return day.toordinal() + 0.5


def _say(axes: Axes, x: float, y: float, text: str, **look: Any) -> None:
    axes.text(x, y, drawable(text), fontfamily=_FONT, parse_math=False, clip_on=False, **look)


def _frame(axes: Axes, year: YearPicture) -> None:
    axes.set_xlim(_at(year.starts) - 1, _at(year.ends) + 1)
    axes.set_ylim(len(year.rows) + 0.5, -0.5)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.set_yticks([])
    months = [day for day in _days(year.starts, year.ends) if day.day == 1 or day == year.starts]
    axes.set_xticks([])
    for number, day in enumerate(months):
        following = months[number + 1] if number + 1 < len(months) else year.ends + timedelta(days=1)
        if day.day == 1:
            axes.axvline(_at(day) - 0.5, color=_RULE, linewidth=0.8, zorder=1)
        if (following - day).days > 12:
            _say(axes, _at(day), -0.62, f"{day:%b}", size=9, color=_INK, va="bottom", ha="left")


def _days(starts: date, ends: date) -> list[date]:
    return [starts + timedelta(days=count) for count in range((ends - starts).days + 1)]


def _closed(axes: Axes, stretch: Stretch) -> None:
    axes.axvspan(_at(stretch.starts) - 0.5, _at(stretch.ends) + 0.5, color=_CLOSED, linewidth=0, zorder=0)


def _row(axes: Axes, row: YearRow, at: int, year: YearPicture) -> None:
    first, last = _at(year.starts), _at(year.ends)
    axes.plot([first, last], [at, at], color=_RULE, linewidth=0.8, zorder=1, solid_capstyle="butt")
    for stretch in row.late:
        start, end = _at(stretch.starts) - 0.5, _at(stretch.ends)
        axes.barh(
            at,
            end - start,
            left=start,
            height=0.5,
            color="#fbe6bf",
            edgecolor=_LATE,
            hatch="//////",
            linewidth=0.6,
            zorder=3,
        )
    axes.plot(
        [_at(day) for day in row.fallen_out],
        [at] * len(row.fallen_out),
        linestyle="none",
        marker="x",
        markersize=5.5,
        markeredgewidth=1.4,
        color=_OUT,
        zorder=5,
    )
    axes.plot(
        [_at(day) for day in row.held],
        [at] * len(row.held),
        linestyle="none",
        marker="o",
        markersize=6,
        color=_HELD,
        markeredgecolor=_PAPER,
        markeredgewidth=0.7,
        zorder=6,
    )
    for stretch in row.late:
        _say(
            axes,
            (_at(stretch.starts) + _at(stretch.ends)) / 2 - 0.5,
            at - 0.31,
            stretch.label,
            size=6.5,
            color=_LOST,
            ha="center",
            va="bottom",
            zorder=7,
        )
    _say(axes, first - 2, at - 0.13, row.name, size=9.5, color=_INK, ha="right", va="center")
    _say(axes, first - 2, at + 0.23, row.rhythm, size=7, color=_FAINT, ha="right", va="center")
    _say(axes, last + 4, at, row.kept, size=9.5, color=_INK, ha="left", va="center")
    _say(axes, last + 33, at, row.longest, size=9.5, color=_INK, ha="left", va="center")


def _lost(axes: Axes, year: YearPicture) -> None:
    last, bottom = _at(year.ends), len(year.rows)
    _say(axes, last + 4, -0.62, "kept", size=8, color=_FAINT, ha="left", va="bottom")
    _say(axes, last + 33, -0.62, "longest gap", size=8, color=_FAINT, ha="left", va="bottom")
    if not (year.lost or year.snow):
        return
    name = "Time lost"
    _say(axes, _at(year.starts) - 2, bottom, name, size=9.5, color=_INK, ha="right", va="center")
    axes.plot(
        [_at(day) for day in year.lost],
        [bottom] * len(year.lost),
        linestyle="none",
        marker="v",
        markersize=5.5,
        color=_LOST,
        markeredgecolor=_PAPER,
        markeredgewidth=0.5,
        zorder=4,
    )
    for day in year.snow:
        axes.axvline(_at(day), color=_SNOW, linewidth=1, linestyle=(0, (1, 2)), zorder=1)
        axes.plot([_at(day)], [bottom], linestyle="none", marker="*", markersize=9, color=_SNOW, zorder=4)


def _key(figure: Figure, year: YearPicture) -> None:
    def mark(marker: str, colour: str, words: str, size: float = 6.5) -> Line2D:
        return Line2D([], [], linestyle="none", marker=marker, markersize=size, color=colour, label=words)

    entries: list[Any] = [
        mark("o", _HELD, "visit held"),
        mark("x", _OUT, "visit fell out"),
        Patch(
            facecolor="#fbe6bf",
            edgecolor=_LATE,
            hatch="//////",
            label="over the target, by so many school days",
        ),
        Patch(facecolor=_CLOSED, label="no school, or testing"),
    ]
    if year.lost:
        entries.append(mark("v", _LOST, "protected half-day lost"))
    if year.snow:
        entries.append(mark("*", _SNOW, "snow day", 9))
    figure.legend(
        handles=entries,
        loc="lower left",
        bbox_to_anchor=(0.2 / _WIDTH, 0.08 / figure.get_figheight()),
        ncols=len(entries),
        frameon=False,
        prop={"family": _FONT, "size": 8.5},
        labelcolor=_INK,
        handletextpad=0.5,
        columnspacing=1.6,
    )
