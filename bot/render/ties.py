"""Who works with whom, as a PNG: schools in the middle, the centre's parties at both sides, a line for each tie.

Parties that work with one group of schools alone (an ILD with her network) stand at the left beside it, the others at
the right. What goes both ways is a thick, full line, what goes one way a thin, broken one, so that nothing hangs on
colour; a school without any tie has a broken box. The schools stand group by group, by name.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path

from bot.render.paper import (
    COLOURS,
    DENSITY,
    FAINT,
    INK,
    LARGE,
    PAPER,
    SMALL,
    WIDTH,
    Frame,
    in_lines,
    one_line,
    png,
    shrink,
    write,
)
from bot.render.prose import shorten
from handlers.cards import Chart

_LEFT, _MIDDLE, _RIGHT = (
    (0.12, 0.92),
    (1.42, 2.58),
    (3.08, 3.88),
)  # from and to of each column's boxes, in inches
_ROW, _BOX, _PARTY, _HEAD = 0.25, 0.2, 0.36, 0.22
_BOTH, _ONE = COLOURS[0], COLOURS[5]
_BROKEN = (0, (3, 2))
_Row = Sequence[float | None]


def draw(chart: Chart, labels: list[str], names: list[str], rows: Sequence[_Row]) -> bytes:
    """The picture, 800 pixels wide. A value of 2 or more is a tie both ways, another one a tie one way."""
    groups = [one_line(group) for group in chart.groups[: len(labels)]]
    groups += [""] * (len(labels) - len(groups))
    order = sorted(range(len(labels)), key=lambda at: (groups[at], labels[at]))
    title = in_lines(one_line(chart.title), 40, lines=4)
    top = 0.3 + 0.21 * (title.count("\n") + 1) * bool(title) + 0.42  # the title, and the key below it
    heads = len({group for group in groups if group})
    sides = _sides(rows, groups)
    body = max(_ROW * len(labels) + _HEAD * heads, (_PARTY + 0.12) * max(len(sides[0]), len(sides[1])), _ROW)
    height = top + body + 0.3
    drawn = Figure(figsize=(WIDTH, height), dpi=DENSITY, facecolor=PAPER)
    FigureCanvasAgg(drawn)
    axes = drawn.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(0, height)
    frame = Frame(drawn, axes, height, top)
    shrink(write(frame, title, 0.16, height - 0.16, size=LARGE, weight="bold", va="top"), WIDTH - 0.3, frame)
    _key(frame, height - top + 0.3)
    schools = _schools(frame, order, labels, groups, rows, height - top)
    for side, (start, end), edge in ((sides[0], _LEFT, _MIDDLE[0]), (sides[1], _RIGHT, _MIDDLE[1])):
        for party, y in _places(side, rows, schools, height - top, body):
            inner = end if side is sides[0] else start
            for school, value in enumerate(rows[party][: len(labels)]):
                if value is not None:
                    _tie(frame, (inner, y), (edge, schools[school]), is_both=value >= 2)
            _box(frame, (start, end), y, names[party], height=_PARTY, is_party=True)
    unit = write(frame, shorten(one_line(chart.unit), 80), 0.16, 0.1, size=SMALL, colour=FAINT, va="bottom")
    shrink(unit, WIDTH - 0.3, frame)
    return png(frame)


def _sides(rows: Sequence[_Row], groups: list[str]) -> tuple[list[int], list[int]]:
    """The parties at the left and at the right. Without groups all stand at the right."""
    left: list[int] = []
    right: list[int] = []
    for party, row in enumerate(rows):
        reached = {group for group, value in zip(groups, row, strict=False) if value is not None}
        is_local = len(reached) == 1 and len(set(groups)) > 1
        (left if is_local else right).append(party)
    return left, right


def _schools(
    frame: Frame, order: list[int], labels: list[str], groups: list[str], rows: Sequence[_Row], top: float
) -> dict[int, float]:
    """Write the middle column; the height at which each school stands."""
    places: dict[int, float] = {}
    y = top
    for group, members in groupby(order, key=lambda at: groups[at]):
        if group:
            y -= _HEAD
            middle = sum(_MIDDLE) / 2
            head = write(
                frame,
                shorten(group, 40),
                middle,
                y + 0.05,
                size=SMALL,
                va="bottom",
                ha="center",
                weight="bold",
            )
            shrink(head, _MIDDLE[1] - _MIDDLE[0], frame)
        for at in members:
            y -= _ROW
            places[at] = y + _ROW / 2
            is_tied = any(at < len(row) and row[at] is not None for row in rows)
            _box(frame, _MIDDLE, places[at], labels[at], height=_BOX, is_broken=not is_tied)
    return places


def _places(
    side: list[int], rows: Sequence[_Row], schools: dict[int, float], top: float, body: float
) -> list[tuple[int, float]]:
    """The parties of a side with their heights: each as near to the middle of its schools as the others let it."""

    def middle(party: int) -> float:
        known = [schools[at] for at, value in enumerate(rows[party]) if value is not None and at in schools]
        return sum(known) / len(known) if known else top - body

    wanted = sorted(((middle(party), party) for party in side), reverse=True)
    step = _PARTY + 0.12
    found: list[tuple[int, float]] = []
    ceiling = top - _PARTY / 2
    for below, (y, party) in zip(range(len(wanted) - 1, -1, -1), wanted, strict=True):
        floor = top - body + _PARTY / 2 + below * step
        place = max(min(y, ceiling), floor)
        found.append((party, place))
        ceiling = place - step
    return found


def _tie(frame: Frame, start: tuple[float, float], end: tuple[float, float], *, is_both: bool) -> None:
    """A line that leaves and arrives level, so that many of them stay apart."""
    middle = (start[0] + end[0]) / 2
    path = Path([start, (middle, start[1]), (middle, end[1]), end], [Path.MOVETO] + [Path.CURVE4] * 3)
    frame.axes.add_patch(PathPatch(path, **_look(is_both=is_both)))


def _look(*, is_both: bool) -> dict[str, Any]:
    look: dict[str, Any] = {"facecolor": "none", "zorder": 2 if is_both else 1}
    if is_both:
        return look | {"edgecolor": _BOTH, "linewidth": 1.7}
    return look | {"edgecolor": _ONE, "linewidth": 0.8, "linestyle": _BROKEN}


def _box(
    frame: Frame,
    across: tuple[float, float],
    y: float,
    name: str,
    *,
    height: float,
    is_party: bool = False,
    is_broken: bool = False,
) -> None:
    start, end = across
    box = FancyBboxPatch(
        (start, y - height / 2),
        end - start,
        height,
        boxstyle="round,pad=0,rounding_size=0.04",
        facecolor="#edf1f5" if is_party else PAPER,
        edgecolor=INK if is_party else FAINT,
        linewidth=0.9,
        linestyle=_BROKEN if is_broken else "-",
        zorder=3,
    )
    frame.axes.add_patch(box)
    said = in_lines(name, 14 if is_party else 26, lines=2 if is_party else 1)
    text = write(frame, said, (start + end) / 2, y, size=SMALL - 1, va="center", ha="center")
    text.set_zorder(4)
    shrink(text, end - start - 0.08, frame)


def _key(frame: Frame, y: float) -> None:
    for x, said, is_both in ((0.16, "both sides began something", True), (2.4, "one side did", False)):
        _tie(frame, (x, y), (x + 0.34, y), is_both=is_both)
        write(frame, said, x + 0.42, y, size=SMALL, va="center")
