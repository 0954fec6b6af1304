"""Play the stories in the playground and take their pictures: ``python -m tests.browser.take_screens FOLDER``.

A phone's pictures have twice its size, and all have few colours, so that a page that shows them stays light.
"""

import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.stories import NoBrowserError, Seat, open_browser, open_playground, sit_down

COLOURS = 128
LARGEST = 250_000
"""Bytes of a picture; a larger one is a mistake."""
KEPT = ("coordinator and one backup", "conference with each", "bell times", "family notification")
"""What the ILD passes on, by words of its sentence; the rest she takes off the plate."""


_TO_ITS_TOP = """async card => {
  const pictures = [...document.querySelectorAll(".log img")];
  for (const one of pictures) one.loading = "eager";
  await Promise.all(pictures.map(one => one.decode()));
  card.closest("li").scrollIntoView({block: "start"});
}"""
"""A picture that comes late would push the card away."""


@dataclass(frozen=True, slots=True)
class Studio:
    """One playground. The scenes are played in ``desk``; for each picture a window is opened and closed again."""

    browser: Browser
    address: str
    desk: Seat
    folder: Path

    def take(
        self,
        name: str,
        person: str,
        *,
        is_phone: bool = False,
        is_dark: bool = False,
        at: str = "",
        press: str = "",
    ) -> None:
        """Photograph what ``person`` sees where the page opens, or from the last match of ``at`` (CSS) on.

        ``press`` names a link to follow first.
        """
        seat = sit_down(self.browser, self.address, is_phone=is_phone, is_dark=is_dark)
        seat.be(person)
        if press:
            seat.page.get_by_role("link", name=press).click()
        if at:
            seat.page.locator(at).last.evaluate(_TO_ITS_TOP)
        taken = seat.page.screenshot(animations="disabled", caret="hide")
        seat.page.context.close()
        picture = Image.open(io.BytesIO(taken)).convert("RGB")
        few = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        path = self.folder / f"{name}.png"
        few.save(path, optimize=True)
        size = path.stat().st_size
        if size > LARGEST:
            raise RuntimeError(f"{path.name} has {size:,} bytes; up to {LARGEST:,} are kept")
        sys.stderr.write(f"{path}: {size // 1000} kB\n")


def take_all(browser: Browser, address: str, folder: Path) -> None:
    studio = Studio(browser, address, sit_down(browser, address), folder)
    homes(studio)
    protected_time(studio)
    my_week(studio)
    walkthrough(studio)
    executive(studio)
    digest(studio)


HOMES = {
    "ild": "Imani Brooks",
    "principal": "Grace Lindqvist",
    "executive": "Ruth Castellanos",
    "unit": "Dev Patel",
    "administrator": "Ana Whitefeather",
}


def homes(studio: Studio) -> None:
    """Each role's first screen of the day."""
    for role, name in HOMES.items():
        studio.desk.be(name)
        studio.desk.say("home")
        studio.take(f"home-{role}", name, is_phone=True, at=".log .card")


def protected_time(studio: Studio) -> None:
    """Story C."""
    desk = studio.desk
    desk.be("Dev Patel")
    desk.say("meeting with principals Tue 9:00 about substitutes")
    studio.take("meeting-refused", "Dev Patel")


def my_week(studio: Studio) -> None:
    """Story D."""
    desk = studio.desk
    desk.be("Imani Brooks")
    desk.say("my week")
    studio.take("my-week", "Imani Brooks", is_phone=True)
    desk.say("cancel Cedar Grove")
    desk.tick("The principal")
    desk.press("Cancel the visit", Why="a state monitor comes that day")
    studio.take("visit-cancelled", "Imani Brooks", is_phone=True, is_dark=True)


def walkthrough(studio: Studio) -> None:
    """Story A."""
    desk = studio.desk
    desk.be("Imani Brooks")
    desk.say("walkthrough roosevelt high")
    desk.be("Mei Tanaka")
    desk.say("Students write in every subject, and teachers read it.")
    desk.say("The writing rarely gives a reason.")
    desk.say("students give reasons in writing\nstudents revise after feedback")
    desk.say("that is all")
    desk.be("Imani Brooks")
    desk.say("204 #1: strong engagement, the students were on task")
    studio.take("walkthrough-challenge", "Imani Brooks", is_phone=True, at=".log .card")
    desk.press("Rewrite", What_you_saw="six of 24 students wrote a sentence with because")
    desk.say("118 #2: two students rewrote a paragraph after the teacher's question")
    desk.be("Mei Tanaka")
    desk.say("204 #1: nine students wrote because or since in their lab report")
    desk.say("118 #2: one student read the comment aloud and crossed out a sentence")
    desk.say("done")
    desk.be("Imani Brooks")
    desk.say("done")
    desk.say("In room 204 students gave a reason in writing without being asked.")
    desk.say("done")
    desk.say("I counted six students in room 204 and you counted nine. What did we each count?")
    desk.say("done")
    studio.take("walkthrough-side-by-side", "Mei Tanaka", at=".log .card")
    desk.be("Mei Tanaka")
    desk.press("Go on")
    desk.be("Imani Brooks")
    desk.press("Go on")
    desk.be("Mei Tanaka")
    desk.say("I will read five lab reports a week for one sentence with a reason.")
    desk.be("Imani Brooks")
    desk.say("I will ask what you counted before I say what I counted.")
    desk.say(
        "Mei shows three teachers a paragraph that gives reasons by Fri 19 Mar, evidence: the three paragraphs"
    )
    desk.press("That is all")
    summary = '.log .card:has-text("All that was written")'
    studio.take("walkthrough-summary", "Mei Tanaka", is_phone=True, is_dark=True, at=summary)


def executive(studio: Studio) -> None:
    """Story E."""
    desk = studio.desk
    desk.be("Ruth Castellanos")
    desk.say("protected time kept this month and who took it")
    desk.say("visits since September by month")
    studio.take("executive-answer", "Ruth Castellanos", at=".log .card")


def digest(studio: Studio) -> None:
    """Story B, with the memos that wait in the sample district."""
    desk = studio.desk
    desk.be("Imani Brooks")
    desk.say("triage")
    studio.take("triage", "Imani Brooks", is_phone=True)
    desk.press("Do not drop")
    while desk.newest.get_by_role("button", name="Take off the plate").count():
        sentence = desk.newest.locator("blockquote").inner_text()
        desk.press("Pass on" if any(words in sentence for words in KEPT) else "Take off the plate")
    desk.move("A day on")
    desk.be("Dev Patel")
    desk.say("memo Schools must return the key list by March 26, 2027.")
    studio.take("clock", "Imani Brooks", is_phone=True, press="Clock:")
    desk.be("Imani Brooks")
    desk.move("A day on")
    desk.say("my line: The seat counts today, please. The conferences can wait until Wednesday.")
    desk.say("preview")
    studio.take("preview", "Imani Brooks", is_dark=True)
    desk.move("Next Monday")
    desk.move("An hour on")
    studio.take("digest", "Grace Lindqvist", is_phone=True, at='.log .card:has-text("Your week")')
    desk.be("Grace Lindqvist")
    desk.press("Done")
    desk.be("Imani Brooks")
    desk.say("who has done what")
    studio.take("who-has-done-what", "Imani Brooks")


def main(folder: str) -> int:
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as place:
        try:
            browser = open_browser(playwright)
        except NoBrowserError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        with open_playground(Path(place)) as address:
            take_all(browser, address, target)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
