"""The flow of a protocol as an SVG: one column to read from top to bottom on a phone, on a screen and on paper.

At the left stand the number and the minutes of each step, in the middle its box in the band of its phase, at the
right what is not straight: an arrow back, a bracket around what is repeated, a loop where a step comes back. A branch
is dashed. All of it also stands there in words, and the whole once more as the description for screen readers, so
that nothing hangs on a colour or a line. The paper is white in the dark too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from bot.render.letters import wrap
from bot.render.prose import clean
from protocols.guided.flow import Bend, BendKind, Box, Flow, Phase, say_bend, say_time, write_out
from protocols.guided.steps import StepKind

WIDTH = 400
_LEFT, _RIGHT = 58, 362  # of a box
_RAIL = 29  # where the numbers stand
_INSET = 40  # from a box's edge to its text
_TEXT = _RIGHT - _LEFT - _INSET - 12
_LANE, _LANES = 11, 2  # between two bends; as many fit beside each other
_INK, _SOFT, _RULE, _BAND, _PAPER = "#1f2933", "#4a5663", "#5b6b7b", "#edf1f5", "#ffffff"
_ACCENT = "#0b5a8a"

_GLYPHS = {
    StepKind.TEXT: "M3 14.5l.7-3.4 8.6-8.6 2.7 2.7-8.6 8.6zM10.8 4l2.7 2.7",
    StepKind.LIST: "M6.5 4h9M6.5 9h9M6.5 14h9M2.5 4h.6M2.5 9h.6M2.5 14h.6",
    StepKind.NOTES: "M3 2.5h12v13H3zM6 6h6M6 9h6M6 12h3.5",
    StepKind.CHOICE: "M9 1.8L16.2 9 9 16.2 1.8 9zM9 6v3.4M9 12v.4",
    StepKind.FIGURES: "M2 16h14M4.5 16V9M9 16V3.5M13.5 16v-5",
    StepKind.TALK: "M2 3h14v9H8.5L5 15.5V12H2zM5.5 6.3h7M5.5 8.8h4.5",
    StepKind.REVEAL: "M2 3h6v12H2zM10 3h6v12h-6zM4 6.5h2M4 9h2M12 6.5h2M12 9h2",
    StepKind.COMMITMENT: "M9 2a7 7 0 1 1-.01 0M6 9.2l2.2 2.2L12.3 7",
    StepKind.NEXT_STEPS: "M2 9h12.5M10 4.2L14.8 9 10 13.8",
}


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text and how it is set; ``height`` is from its top to the next line's."""

    text: str
    size: float
    height: float
    colour: str = _INK
    is_bold: bool = False
    is_slanted: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a box stands, from ``top`` to ``bottom``."""

    box: Box
    lines: tuple[_Line, ...]
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def draw(flow: Flow) -> str:
    """The picture, as the text of an SVG file; ``WIDTH`` units wide and as tall as it needs to be."""
    head, y = _head(flow)
    bands: list[str] = []
    places: list[_Place] = []
    for phase in flow.phases:
        band, here, y = _band(flow, phase, y)
        bands.append(band)
        places += here
    foot, height = _foot(flow, y)
    body = (
        *head,
        *bands,
        *_rail(places),
        *(part for place in places for part in _box(place)),
        *_bends(flow.bends, places),
        *foot,
    )
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}"'
            f' height="{height:g}" role="img" aria-labelledby="title description" lang="en"'
            ' font-family="Helvetica Neue, Helvetica, Arial, sans-serif">',
            f'<title id="title">{_safe(f"{flow.title}: how it goes")}</title>',
            f'<desc id="description">{_safe(chr(10).join(write_out(flow)))}</desc>',
            f'<rect width="{WIDTH}" height="{height:g}" rx="10" fill="{_PAPER}"/>',
            *body,
            "</svg>\n",
        )
    )


def _head(flow: Flow) -> tuple[list[str], float]:
    wide = WIDTH - 32
    parts, y = _texts(_set(flow.title, wide, 21, 27, is_bold=True), 16, 14)
    purpose, y = _texts(_set(flow.purpose, wide, 13.5, 19), 16, y + 2)
    facts = [
        *_set(f"Who: {'; '.join(flow.people)}.", wide, 12.5, 18, colour=_SOFT),
        *(_set(f"Leads: {flow.leads}.", wide, 12.5, 18, colour=_SOFT) if flow.leads else ()),
        *_set(f"Time: {say_time(flow.time)}.", wide, 12.5, 18, colour=_SOFT),
    ]
    words, y = _texts(facts, 16, y + 6)
    return [*parts, *purpose, *words], y + 12


def _foot(flow: Flow, y: float) -> tuple[list[str], float]:
    parts, end = _texts(_set(f"After {flow.source}.", WIDTH - 32, 11, 15, colour=_SOFT), 16, y)
    return parts, round(end + 14)


def _band(flow: Flow, phase: Phase, y: float) -> tuple[str, list[_Place], float]:
    """The band of a phase with its title, and where its boxes stand."""
    most = "up to " if phase.time.has_branches else ""
    time = f" · {most}{phase.time.minutes} min" if phase.time.minutes else ""
    title = _set(f"{phase.title[:1].upper()}{phase.title[1:]}{time}", _RIGHT - _LEFT, 13, 18, is_bold=True)
    words, inner = _texts([_recolour(line) for line in title], _LEFT, y + 8)
    inner += 6
    places = []
    for box in phase.boxes:
        lines = tuple(_box_lines(flow, box))
        height = max(20 + sum(line.height for line in lines), 24 + 13 * len(_minutes(box)) + 14)
        places.append(_Place(box, lines, inner, inner + height))
        inner += height + 12
    bottom = inner
    band = f'<rect x="6" y="{y:g}" width="{WIDTH - 12}" height="{bottom - y:g}" rx="8" fill="{_BAND}"/>'
    return "\n".join((band, *words)), places, bottom + 8


def _box_lines(flow: Flow, box: Box) -> Iterator[_Line]:
    for bend in flow.bends:
        if bend.kind is BendKind.BLOCK and bend.first == box.number:
            yield from _set(say_bend(bend), _TEXT, 12, 16, colour=_ACCENT, is_slanted=True)
    if box.condition:
        yield from _set(_capital(box.condition), _TEXT, 12, 16, colour=_ACCENT, is_slanted=True)
    yield from _set(box.title, _TEXT, 15, 20, is_bold=True)
    yield from _set(f"{_capital(box.people)}: {box.does}", _TEXT, 13, 17.5)
    for option in box.options:
        yield from _set(f"– {option}", _TEXT, 12.5, 17)
    if box.silent:
        yield from _set(f"Silent: {box.silent}", _TEXT, 13, 17.5, is_bold=True)
    marks = "\u00a0· ".join(filter(None, (*box.marks, box.comes_back)))
    yield from _set(_capital(marks), _TEXT, 12, 16, colour=_SOFT)


def _box(place: _Place) -> Iterator[str]:
    box = place.box
    dashed = ' stroke-dasharray="5 3"' if box.condition else ""
    yield (
        f'<rect x="{_LEFT}" y="{place.top:g}" width="{_RIGHT - _LEFT}" height="{place.bottom - place.top:g}" rx="6"'
        f' fill="{_PAPER}" stroke="{_RULE}" stroke-width="1.2"{dashed}/>'
    )
    yield (
        f'<path transform="translate({_LEFT + 11} {place.top + 11:g})" d="{_GLYPHS[box.kind]}" fill="none"'
        f' stroke="{_ACCENT}" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/>'
    )
    parts, _ = _texts(place.lines, _LEFT + _INSET, place.top + 10)
    yield from parts
    if box.comes_back:
        x, y = _RIGHT, place.middle
        yield _line(f"M{x} {y - 10:g}c13 -3 13 22 1 20")
        yield _arrow(x, y + 10, toward=-1)


def _rail(places: list[_Place]) -> Iterator[str]:
    """The numbers at the left with the minutes under them, joined by a line that points onwards."""
    for place, following in zip(places, [*places[1:], None], strict=True):
        middle = place.top + 18
        dashed = ' stroke-dasharray="4 2.5"' if place.box.condition else ""
        if following:
            start = middle + 15 + 13 * len(_minutes(place.box))
            yield _line(f"M{_RAIL} {start:g}V{following.top + 1:g}")
            yield f'<path d="M{_RAIL - 4} {following.top - 4:g}l4 5 4 -5" {_STROKE}/>'
        yield (
            f'<circle cx="{_RAIL}" cy="{middle:g}" r="12" fill="{_PAPER}" stroke="{_RULE}" stroke-width="1.2"{dashed}/>'
        )
        yield _centred(str(place.box.number), middle + 4.5, 12.5)
        for row, words in enumerate(_minutes(place.box)):
            yield _centred(words, middle + 26 + 13 * row, 11.5)


def _minutes(box: Box) -> tuple[str, ...]:
    if not box.minutes:
        return ()
    return (f"{box.minutes} min", *(("each",) if box.is_each_round else ()))


def _bends(bends: Iterable[Bend], places: list[_Place]) -> Iterator[str]:
    """The arrows back and the brackets, each in the innermost lane that is free there."""
    taken: list[tuple[int, Bend]] = []
    for bend in sorted(bends, key=lambda one: one.last - one.first):
        lane = next(
            (lane for lane in range(_LANES) if not any(lane == at and _meet(bend, b) for at, b in taken)),
            _LANES - 1,
        )
        taken.append((lane, bend))
        x = _RIGHT + 16 + _LANE * lane
        first, last = places[bend.first - 1], places[bend.last - 1]
        if bend.kind is BendKind.BLOCK:
            yield _line(f"M{_RIGHT + 5} {first.top:g}H{x}V{last.bottom:g}H{_RIGHT + 5}", width=2)
        else:
            start = last.middle if first is not last else last.bottom - 14
            end = first.top + 20
            yield _line(
                f"M{_RIGHT} {start:g}H{x - 5}q5 0 5 -5V{end + 5:g}q0 -5 -5 -5H{_RIGHT + 1}", width=1.6
            )
            yield _arrow(_RIGHT, end, toward=-1)


def _meet(one: Bend, other: Bend) -> bool:
    return one.first <= other.last and other.first <= one.last


_STROKE = f'fill="none" stroke="{_RULE}" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"'


def _line(path: str, *, width: float = 1.2) -> str:
    return f'<path d="{path}" fill="none" stroke="{_RULE}" stroke-width="{width:g}"/>'


def _arrow(x: float, y: float, *, toward: int) -> str:
    """A head whose point is at (x, y); ``toward`` -1 points left, 1 right."""
    return f'<path d="M{x - 6 * toward:g} {y - 4:g}L{x:g} {y:g}l{-6 * toward} 4" {_STROKE}/>'


def _centred(words: str, y: float, size: float) -> str:
    return (
        f'<text x="{_RAIL}" y="{y:g}" font-size="{size:g}" font-weight="700" text-anchor="middle" fill="{_INK}">'
        f"{_safe(words)}</text>"
    )


def _set(
    text: str,
    width: float,
    size: float,
    height: float,
    *,
    colour: str = _INK,
    is_bold: bool = False,
    is_slanted: bool = False,
) -> list[_Line]:
    lines = wrap(clean(text), width, size, is_bold=is_bold)
    return [_Line(line, size, height, colour, is_bold, is_slanted) for line in lines]


def _texts(lines: Iterable[_Line], x: float, y: float) -> tuple[list[str], float]:
    """The lines below one another from ``y`` on, and where the next would begin."""
    parts = []
    for line in lines:
        bold = ' font-weight="700"' if line.is_bold else ""
        slanted = ' font-style="italic"' if line.is_slanted else ""
        base = y + (line.height + line.size * 0.7) / 2
        parts.append(
            f'<text x="{x:g}" y="{base:.4g}" font-size="{line.size:g}" fill="{line.colour}"{bold}{slanted}>'
            f"{_safe(line.text)}</text>"
        )
        y += line.height
    return parts, y


def _recolour(line: _Line) -> _Line:
    return _Line(line.text, line.size, line.height, _ACCENT, line.is_bold)


def _safe(text: str) -> str:
    return escape(clean(text))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
