"""The main screens as pictures, drawn by renderers that are not ours: ``python -m tests.gallery FOLDER``.

Teams by Microsoft's ``adaptivecards``, Slack by ``slack-blocks-to-jsx``, the web by the playground's own page; each on
a phone and on a desk, in light and dark, side by side in one picture. Needs Node with npm and a Chromium; where one
is missing it says so, loudly, and draws nothing. The packages go into ``build/gallery``.
"""

import io
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PIL import Image, ImageColor
from playwright.sync_api import Browser, Page, Route, sync_playwright

from bot.render import adaptive_card, block_kit, html
from bot.render import chart as drawing
from bot.render.icon import colour_icon
from handlers.cards import Card, Chart, Download
from storage.database import Store
from tests.browser.stories import NoBrowserError, open_browser
from tests.gallery.scenes import main_screens

HERE = Path(__file__).parent
PAGE_CSS = HERE.parents[1] / "bot" / "playground" / "page.css"
CACHE = HERE.parents[1] / "build" / "gallery"
PICTURES = "https://gallery.example"
WIDTHS = (360, 640)
"""Pixels of a phone's chat, and of one on a desk."""
COLOURS = 48
GAP = 16
MARGIN = ImageColor.getrgb("#8a8f98")
SKIPPED = (
    "GALLERY SKIPPED: no {missing} found, so nothing was drawn. Install it and run `make gallery` again."
)

RENDERERS = {"teams": "Teams", "slack": "Slack", "web": "Playground"}

Screens = Mapping[str, tuple[Card, ...]]
Pages = Callable[[str, bool], str]
"""The page of a screen, by its name and whether it is dark."""


def main(folder: str) -> int:
    if missing := next((name for name in ("node", "npm") if shutil.which(name) is None), None):
        return _skip(missing)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as place:
        try:
            browser = open_browser(playwright)
        except NoBrowserError:
            return _skip("Chromium")
        _install()
        store = Store(f"sqlite:///{Path(place) / 'gallery.sqlite'}")
        store.migrate()
        screens = main_screens(store)
        store.close()
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        charts = {
            _address(name, part, position): drawing.draw(block)
            for name, cards in screens.items()
            for part, card in enumerate(cards)
            for position, block in enumerate(card.blocks)
            if isinstance(block, Chart)
        }
        for renderer, pages in (
            ("teams", _teams(screens)),
            ("slack", _slack(screens)),
            ("web", _web(screens)),
        ):
            for name in screens:
                _take(browser, target / f"{name}-{renderer}.png", partial(pages, name), charts)
        browser.close()
        (target / "README.md").write_text(_index(list(screens)), encoding="utf-8")
    return 0


def _index(names: list[str]) -> str:
    lines = [
        "# Gallery",
        "",
        "The main screens in the sample district, made by `make gallery`: on a phone and on a desk, each in light and",
        "dark. Teams is drawn by `adaptivecards`, Slack by `slack-blocks-to-jsx`, the web by the playground's page.",
        "",
    ]
    for name in names:
        title = name.replace("-", " ").capitalize()
        shown = " · ".join(f"[{where}]({name}-{key}.png)" for key, where in RENDERERS.items())
        lines.append(f"- {title}: {shown}")
    return "\n".join(lines) + "\n"


def _skip(missing: str) -> int:
    line = SKIPPED.format(missing=missing)
    sys.stderr.write(f"{'=' * len(line)}\n{line}\n{'=' * len(line)}\n")
    return 0


def _install() -> None:
    """The packages of the lock file, once."""
    CACHE.mkdir(parents=True, exist_ok=True)
    lock = (HERE / "package-lock.json").read_bytes()
    kept = CACHE / "package-lock.json"
    if kept.exists() and kept.read_bytes() == lock and (CACHE / "node_modules").exists():
        return
    shutil.copy(HERE / "package.json", CACHE)
    kept.write_bytes(lock)
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=CACHE, check=True, stdout=sys.stderr
    )


def _address(name: str, part: int, position: int) -> str:
    return f"{PICTURES}/{name}/{part}/{position}.png"


def _addresses(name: str, part: int, card: Card) -> dict[int, str]:
    return {
        position: _address(name, part, position)
        for position, block in enumerate(card.blocks)
        if isinstance(block, Chart | Download)
    }


def _teams(screens: Screens) -> Pages:
    scripts = [
        (CACHE / "node_modules" / path).read_text(encoding="utf-8")
        for path in ("markdown-it/dist/markdown-it.min.js", "adaptivecards/dist/adaptivecards.min.js")
    ]
    css, draw = (HERE / "teams.css").read_text(), (HERE / "teams.js").read_text()

    def page(name: str, is_dark: bool) -> str:
        cards = [
            message
            for part, card in enumerate(screens[name])
            for message in adaptive_card.render(card, pictures=_addresses(name, part, card))
        ]
        given = f"const isDark = {json.dumps(is_dark)}; const cards = {_in_script(cards)};"
        code = "".join(f"<script>{script}</script>" for script in (*scripts, f"{given}\n{draw}"))
        return _page(css, code)

    return page


def _slack(screens: Screens) -> Pages:
    shutil.copy(HERE / "slack.mjs", CACHE)
    messages = {name: _blocks(name, cards) for name, cards in screens.items()}
    done = subprocess.run(
        ["node", "slack.mjs"],
        cwd=CACHE,
        input=json.dumps(messages),
        capture_output=True,
        text=True,
        check=True,
    )
    drawn = json.loads(done.stdout)
    css = (CACHE / "node_modules" / "slack-blocks-to-jsx" / "dist" / "style.css").read_text(encoding="utf-8")
    css += (HERE / "slack.css").read_text()
    return lambda name, is_dark: _page(css, drawn[name]["dark" if is_dark else "light"])


def _blocks(name: str, cards: tuple[Card, ...]) -> list[list[dict[str, object]]]:
    found = []
    for part, card in enumerate(cards):
        by_block = {repr(card.blocks[at]): address for at, address in _addresses(name, part, card).items()}
        find = lambda block, known=by_block: known[repr(block)]  # noqa: E731
        found += [one.blocks for one in block_kit.render(card, chart_address=find, download_address=find)]
    return found


def _web(screens: Screens) -> Pages:
    def page(name: str, _is_dark: bool) -> str:
        shown = []
        for part, card in enumerate(screens[name]):
            by_block = {
                repr(card.blocks[at]): address for at, address in _addresses(name, part, card).items()
            }
            find = lambda block, known=by_block: known[repr(block)]  # noqa: E731
            made = html.render(card, form_target="#", hidden={}, chart_address=find, download_address=find)
            shown.append(f'<li class="theirs">{made}</li>')
        return _page(PAGE_CSS.read_text() + "body{padding:12px}", f'<ol class="log">{"".join(shown)}</ol>')

    return page


def _in_script(value: object) -> str:
    return json.dumps(value).replace("<", "\\u003c")


def _page(css: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><style>{css}</style><body>{body}</body></html>'
    )


def _take(browser: Browser, path: Path, page_of: Callable[[bool], str], charts: Mapping[str, bytes]) -> None:
    """One picture: a phone in light and dark, then a desk in light and dark."""
    panes = []
    for width in WIDTHS:
        for is_dark in (False, True):
            page = browser.new_page(
                viewport={"width": width, "height": 200}, color_scheme="dark" if is_dark else "light"
            )
            page.route("**/*", lambda route: _answer(route, charts))
            page.set_content(page_of(is_dark), wait_until="load")
            _ready(page)
            panes.append(Image.open(io.BytesIO(page.screenshot(full_page=True, animations="disabled"))))
            page.close()
    whole = Image.new(
        "RGB",
        (sum(pane.width for pane in panes) + GAP * (len(panes) + 1), max(p.height for p in panes) + 2 * GAP),
        MARGIN,
    )
    left = GAP
    for pane in panes:
        whole.paste(pane, (left, GAP))
        left += pane.width + GAP
    few = whole.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    sys.stderr.write(f"{path}: {path.stat().st_size // 1000} kB\n")


def _ready(page: Page) -> None:
    page.evaluate("Promise.all([...document.images].map(one => one.decode().catch(() => null)))")


def _answer(route: Route, charts: Mapping[str, bytes]) -> None:
    """Pictures come from here; nothing is asked of the network."""
    data = charts.get(route.request.url) or (
        colour_icon() if route.request.url.endswith("/icon.png") else None
    )
    if data is None:
        route.abort()
    else:
        route.fulfill(body=data, content_type="image/png")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
