"""The bot's icon, drawn: a line that goes through three visits and on.

Teams wants two: 192 x 192 in colour, whose middle must hold the picture because a client may cut it to a circle, and
32 x 32 in white alone on nothing, which clients tint.
"""

from io import BytesIO

from PIL import Image, ImageDraw

GROUND = "#1d3a4a"
_FINER = 8  # drawn larger, then made smaller, so that edges are smooth
# From the left to the right, up: parts of the side. The last one is the visit to come, an open ring.
_VISITS = ((0.27, 0.66), (0.49, 0.52), (0.73, 0.36))


def colour_icon(size: int = 192) -> bytes:
    """A PNG of ``size`` pixels a side in the bot's colours, without transparency."""
    picture = Image.new("RGB", (size, size), GROUND)
    picture.paste("#ffffff", mask=_drawn(size, line=0.045, dot=0.062))
    return _png(picture)


def outline_icon(size: int = 32) -> bytes:
    """A PNG of ``size`` pixels a side: white, and else transparent."""
    picture = Image.new("RGBA", (size, size), "#ffffff")
    picture.putalpha(_drawn(size, line=0.075, dot=0.1, spread=1.55))
    return _png(picture)


def _drawn(size: int, *, line: float, dot: float, spread: float = 1.0) -> Image.Image:
    """How much of each pixel is drawn, 0 to 255. ``line`` and ``dot`` are a width and a radius in parts of the side;
    ``spread`` draws the visits further apart."""
    side = size * _FINER
    mask = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(mask)
    points = [tuple(side * (0.5 + (part - 0.5) * spread) for part in visit) for visit in _VISITS]
    radius = side * dot
    pen.line(points, fill=255, width=round(side * line), joint="curve")
    for x, y in points:
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    x, y = points[-1]
    inner = radius * 0.5
    pen.ellipse((x - inner, y - inner, x + inner, y + inner), fill=0)
    return mask.resize((size, size), Image.Resampling.LANCZOS)


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, format="PNG", optimize=True)
    return out.getvalue()
