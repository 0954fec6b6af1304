"""A person at the playground: the real ``throughline demo`` process, a real browser, and the stories played in it.

The browser tests and the pictures under ``docs/screens`` share this. Everything is done as a person does it: people
are chosen in the switch, words typed, buttons pressed by their names, the clock moved by its buttons.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, Locator, Page, Playwright, ViewportSize, expect

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
)
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
MISSING = (
    "NOT TESTED IN A BROWSER: no Chromium found. Install one and run again, for instance "
    "`apt-get install chromium`, `brew install --cask chromium` or `playwright install chromium`."
)
OPENS_WITHIN = 90.0
"""Seconds for the playground to make its district; a slow machine needs twenty."""
PATIENCE = 240_000
"""Milliseconds for one page: a week of the clock is a few hundred steps."""
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}


class NoBrowserError(Exception):
    """There is no browser that could be driven here; the text says what to install."""


def open_browser(playwright: Playwright) -> Browser:
    """A headless Chromium: one found on PATH, else playwright's own. Raises ``NoBrowserError``."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    path = found or playwright.chromium.executable_path
    if not Path(path).exists():
        raise NoBrowserError(MISSING)
    return playwright.chromium.launch(executable_path=path, args=list(SWITCHES))


@contextmanager
def open_playground(folder: Path) -> Iterator[str]:
    """Run ``throughline demo`` in ``folder``, with its own home and database; gives the address."""
    port = _free_port()
    kept = {
        key: value for key, value in os.environ.items() if key in ("PATH", "LANG", "SYSTEMROOT", "TMPDIR")
    }
    root = Path(__file__).resolve().parents[2]
    environment = kept | {
        "HOME": str(folder),
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{folder / 'playground.sqlite'}",
        "PYTHONPATH": str(root),
    }
    log = folder / "playground.log"
    with log.open("w", encoding="utf-8") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo"],
            cwd=folder,
            env=environment,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_ready(port, process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + OPENS_WITHIN
    while time.monotonic() < ends:
        if process.poll() is not None:
            break
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the playground did not open:\n{log.read_text(encoding='utf-8')}")


@dataclass
class Seat:
    """Somebody at the playground's page, being one person after another."""

    page: Page
    address: str

    def be(self, name: str) -> None:
        """Choose a person in the switch."""
        switch = self.page.get_by_role("link", name=re.compile("^Switch person"))
        if switch.is_visible():
            switch.click()
        self.page.locator("#people").get_by_role("link", name=re.compile(f"^{re.escape(name)}")).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(name)

    def say(self, words: str) -> None:
        """Write into the composer and press Send."""
        self.page.get_by_label(re.compile("^Write to Throughline as")).fill(words)
        self._leaving(self.page.locator(".writing").get_by_role("button", name="Send"))

    def press(self, label: str, *, within: str = "", **fields: str) -> None:
        """Press the newest button of that name, having filled in fields by their labels (underscores are spaces).

        ``within`` narrows it to the item, or the card where it has none, with these words.
        """
        button = self.button(label, within=within)
        card = button.locator("xpath=ancestor::article")
        for name, value in fields.items():
            card.get_by_label(re.compile(name.replace("_", " "), re.IGNORECASE)).last.fill(value)
        self._leaving(button)

    def tick(self, *labels: str) -> None:
        """Tick boxes, or choose radio buttons, of the newest card that has them."""
        for label in labels:
            self.page.locator(".log .card").get_by_label(label, exact=True).last.check()

    def button(self, label: str, *, within: str = "") -> Locator:
        place = self.page.locator(".log .card")
        if within:
            place = self.page.locator(".log .card .items > li, .log .card:not(:has(.items))").filter(
                has_text=within
            )
        return place.get_by_role("button", name=re.compile(f"^{re.escape(label)}")).last

    def move(self, jump: str) -> None:
        """Press one of the clock's buttons: "An hour on", "A day on", "Next school morning", "Next Monday"."""
        chip = self.page.get_by_role("link", name=re.compile("^Clock:"))
        if chip.is_visible():
            chip.click()
        button = self.page.locator("#clock").get_by_role("button", name=re.compile(f"^{re.escape(jump)}"))
        self._leaving(button)

    @property
    def clock(self) -> str:
        """Where the clock stands, as it is shown: "6:00 Mon 15 Mar 2027, New York"."""
        return " ".join((self.page.locator("#clock .time").first.text_content() or "").split())

    @property
    def newest(self) -> Locator:
        """The newest card of the chat."""
        return self.page.locator(".log .card").last

    @property
    def answer(self) -> Locator:
        """The card that answers a press: the message that it changed, or the newest."""
        changed = self.page.locator("body").get_attribute("data-changed")
        return self.page.locator(f'[id="{changed}"] .card').last if changed else self.newest

    def cards(self, words: str) -> Locator:
        """The cards whose title or text has these words."""
        return self.page.locator(".log .card").filter(has_text=words)

    def _leaving(self, button: Locator) -> None:
        with self.page.expect_navigation(timeout=PATIENCE):
            button.click()


def sit_down(
    browser: Browser, address: str, *, is_phone: bool = False, is_dark: bool = False, has_script: bool = True
) -> Seat:
    """A fresh browser window on the playground."""
    context = browser.new_context(
        viewport=PHONE if is_phone else DESK,
        device_scale_factor=2 if is_phone else 1,
        is_mobile=is_phone,
        has_touch=is_phone,
        color_scheme="dark" if is_dark else "light",
        java_script_enabled=has_script,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(address)
    return Seat(page, address)
