"""The paper that pictures are drawn on: its size and colours, its font, and words at a place in inches.

Only matplotlib's object interface is used: no pyplot, no shared state, so that threads can draw at once. The same
picture gives the same bytes.
"""

import io
import textwrap
from dataclasses import dataclass
from functools import cache
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.text import Text

from bot.render.prose import clean

WIDTH = 4.0  # inches; 100 points of a screen each
DENSITY = 200
TALLEST = 60_000  # pixels that the PNG writer can hold; a picture of a thousand bars is drawn less dense
FONT = "DejaVu Sans"  # comes with matplotlib, so that every machine draws the same
INK = "#1f2933"
FAINT = "#66717e"
RULE = "#d5dbe1"
PAPER = "#ffffff"
# Okabe and Ito's palette without its black and its yellow, which is too pale on white.
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
SMALL, NORMAL, LARGE = 9.0, 9.8, 12.0


@dataclass(frozen=True, slots=True)
class Frame:
    """Where things stand, in inches from the edges: the figure is as tall as its parts."""

    figure: Figure
    axes: Axes
    height: float
    top: float


def write(
    frame: Frame,
    words: str,
    x: float,
    y: float,
    *,
    size: float,
    va: str,
    ha: str = "left",
    weight: str = "normal",
    colour: str = INK,
) -> Text:
    """Words at a place in inches from the lower left corner."""
    look: dict[str, Any] = {"fontsize": size, "fontweight": weight, "color": colour, "va": va, "ha": ha}
    text = frame.figure.text(x / WIDTH, y / frame.height, words, linespacing=1.25, **look)
    say(text)
    return text


def shrink(text: Text, room: float, frame: Frame) -> None:
    """Set the text smaller where wide letters make it wider than its room (inches)."""
    say(text)
    wide = text.get_window_extent(dpi=DENSITY).width / DENSITY
    if wide > room:
        text.set_fontsize(float(text.get_fontsize()) * room / wide)


def say(text: Text) -> None:
    """Fix the font and take dollar signs as dollar signs, not as mathematics."""
    text.set_fontfamily(FONT)
    text.set_parse_math(False)


def png(frame: Frame) -> bytes:
    for label in (*frame.axes.get_xticklabels(), *frame.axes.get_yticklabels()):
        say(label)
    out = io.BytesIO()
    frame.figure.savefig(
        out, format="png", dpi=min(DENSITY, TALLEST / frame.height), metadata={"Software": None}
    )
    return out.getvalue()


def one_line(text: str) -> str:
    return drawable(clean(text).replace("\n", " ").strip())


def in_lines(text: str, width: int, lines: int = 2) -> str:
    """The text on at most so many lines; a name longer than that ends with an ellipsis."""
    return "\n".join(textwrap.wrap(text, width, max_lines=lines, placeholder=" …", break_long_words=True))


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
    return frozenset(get_font(findfont(FontProperties(family=FONT))).get_charmap())
