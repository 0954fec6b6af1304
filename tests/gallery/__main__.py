"""Screens as pictures, drawn by renderers that are not ours: ``python -m tests.gallery FOLDER [NAME…]``.

Teams by Microsoft's ``adaptivecards``, Slack by ``slack-blocks-to-jsx``, the web by the playground's own page. The main
screens are shown on a phone and on a desk, each in light and dark, side by side in one picture; the many answers on a
phone in light and on a desk in the dark. With names, only those that begin so are drawn. Needs Node with npm and a
Chromium; where one is missing it says so, loudly, and draws nothing. The packages go into ``build/gallery``.
"""

import io
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PIL import Image, ImageColor
from playwright.sync_api import Browser, Page, Route, sync_playwright

from bot.render import adaptive_card, block_kit, html
from bot.render import chart as drawing
from bot.render.icon import colour_icon
from bot.sample import fill_sample
from handlers.cards import Card, Chart, Download
from storage.database import Store
from tests.browser.stories import NoBrowserError, open_browser
from tests.gallery import answers, scenes

HERE = Path(__file__).parent
PAGE_CSS = HERE.parents[1] / "bot" / "playground" / "page.css"
CACHE = HERE.parents[1] / "build" / "gallery"
PICTURES = "https://gallery.example"
PHONE, DESK = 360, 640
"""Pixels of a phone's chat, and of one on a desk."""
ALL_PANES = ((PHONE, False), (PHONE, True), (DESK, False), (DESK, True))
TWO_PANES = ((PHONE, False), (DESK, True))
"""Width, and whether it is dark."""
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


def main(folder: str, only: Sequence[str] = ()) -> int:
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
        parts = play(store)
        store.close()
        panes = {name: part.panes for part in parts for name in part.screens}
        screens = {name: shown for part in parts for name, shown in part.screens.items()}
        drawn = [name for name in screens if not only or name.startswith(tuple(only))]
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
            for name in drawn:
                path = target / f"{name}-{renderer}.png"
                _take(browser, path, partial(pages, name), charts, panes[name])
        browser.close()
        (target / "README.md").write_text(_index(parts), encoding="utf-8")
    return 0


@dataclass(frozen=True, slots=True)
class Part:
    """Screens that belong together, by the name of their picture; ``about`` says what they are."""

    title: str
    about: str
    screens: Screens
    panes: Sequence[tuple[int, bool]]


def play(store: Store) -> list[Part]:
    """Play the sample district's stories, and keep the screens. ``store`` is empty and migrated."""
    fill_sample(store)
    stage = scenes.Stage(store)
    parts = []
    for title, about, played, panes in (
        (
            "Answers",
            "What an executive asks, and what is refused, asked back or too small a group.",
            (answers.questions, answers.subscription),
            TWO_PANES,
        ),
        (
            "The centre in the mirror",
            "Requests to units, scorecards, the pulse, the theory of action, who works with whom.",
            (answers.units, answers.pulse, answers.theory_and_ties),
            TWO_PANES,
        ),
        (
            "The main screens",
            "On a phone and on a desk, each in light and dark.",
            (
                scenes.first_words,
                scenes.week,
                scenes.executive,
                scenes.meeting,
                scenes.walkthrough,
                scenes.digest,
            ),
            ALL_PANES,
        ),
        ("Answers after the digest", "What was asked of principals.", (answers.later_questions,), TWO_PANES),
    ):
        stage.shown = {}
        for scene in played:
            scene(stage)
        parts.append(Part(title, about, stage.shown, panes))
    return parts


def _index(parts: Sequence[Part]) -> str:
    lines = [
        "# Gallery",
        "",
        "Screens of the sample district, made by `make gallery`. Teams is drawn by `adaptivecards`, Slack by",
        "`slack-blocks-to-jsx`, the web by the playground's page. Where not said otherwise, a picture shows a phone in",
        "light and a desk in the dark.",
    ]
    for part in parts:
        lines += ["", f"## {part.title}", "", part.about, ""]
        for name in part.screens:
            title = name.replace("-", " ").capitalize().replace(" ild", " ILD")
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


def _take(
    browser: Browser,
    path: Path,
    page_of: Callable[[bool], str],
    charts: Mapping[str, bytes],
    wanted: Sequence[tuple[int, bool]],
) -> None:
    """One picture of a screen: a pane for each width, light or dark."""
    panes = []
    for width, is_dark in wanted:
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
    sys.exit(main(sys.argv[1], sys.argv[2:]))
