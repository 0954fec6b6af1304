"""Story B in a real browser against the real process: from a memo to one digest on Monday, and what comes back."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.stories import Seat, sit_down

pytestmark = pytest.mark.browser

MEMO = """SYCAMORE VALLEY UNIFIED SCHOOL DISTRICT
Office of Human Resources

TO:       All Principals
FROM:     Office of Human Resources
DATE:     March 10, 2027
RE:       Spring staffing

1. Principals must sign the absence report by Friday, March 19, 2027.
2. High schools must send the list of spring coaches to Human Resources by March 22, 2027.
3. Schools must return the badge inventory by March 24, 2027.

Questions: Dev Patel, extension 4402
"""
REPORT = "Principals must sign the absence report by Friday, March 19, 2027."
COACHES = "High schools must send the list of spring coaches to Human Resources by March 22, 2027."
BADGES = "Schools must return the badge inventory by March 24, 2027."
HER_WORDS = "You must sign the absence report by Friday, March 19, 2027; your secretary has it."
HER_LINE = "Read the first one today; the rest can wait until Wednesday."


@pytest.mark.parametrize(
    ("is_phone", "has_script"),
    [
        pytest.param(False, True, id="at a desk"),
        pytest.param(True, False, id="on a phone without JavaScript"),
    ],
)
def test_a_memo_becomes_one_digest_that_is_done(
    browser: Browser, address: str, is_phone: bool, has_script: bool
) -> None:
    seat = sit_down(browser, address, is_phone=is_phone, has_script=has_script)
    assert seat.clock == "13:30 Wed 10 Mar 2027, New York"
    _paste_the_memo(seat)
    _decide_what_passes(seat)
    _preview_on_friday(seat)
    _wait_for_monday(seat)
    _read_and_do(seat)
    _see_who_has_done_what(seat)
    _go_on_a_week(seat)


def _paste_the_memo(seat: Seat) -> None:
    seat.be("Dev Patel")
    seat.say(MEMO)
    listed = seat.cards("Spring staffing")
    expect(listed).to_have_count(1)
    expect(listed.locator("ol > li, ul > li")).to_have_count(3)
    for sentence in (REPORT, COACHES, BADGES):
        expect(listed).to_contain_text(sentence)
    expect(listed).to_contain_text("by Fri 19 Mar")


def _decide_what_passes(seat: Seat) -> None:
    """In one place: the memo's note becomes the desk, and each decision brings the memo's next request."""
    seat.be("Imani Brooks")
    expect(seat.newest).to_contain_text("A new memo. Office of Human Resources: Spring staffing.")

    seat.press("Decide")
    expect(seat.answer.locator("blockquote")).to_have_text(REPORT)
    seat.press("Edit wording")
    seat.press("Save and pass on", What_the_principal_reads=HER_WORDS.replace("19", "26"))
    expect(seat.answer).to_contain_text("Not saved yet")
    seat.press("Save and pass on", What_the_principal_reads=HER_WORDS)

    seat.press("Next")
    expect(seat.answer.locator("blockquote")).to_have_text(COACHES)
    seat.press("Pass on")
    expect(seat.answer.locator("blockquote")).to_have_text(BADGES)
    seat.press("Take off the plate")
    seat.press("Say who does it")
    seat.press("Save", Or_somebody_else="Facilities")
    expect(seat.answer).to_contain_text("Facilities does it")


def _preview_on_friday(seat: Seat) -> None:
    seat.move("A day on")
    seat.move("A day on")
    assert seat.clock.startswith("13:30 Fri 12 Mar")
    expect(seat.newest).to_contain_text("Ready for Mon 15 Mar")
    seat.say(f"my line: {HER_LINE}")
    seat.say("preview")
    expect(seat.newest).to_contain_text(HER_LINE)
    expect(seat.newest).to_contain_text("spring coaches")


def _wait_for_monday(seat: Seat) -> None:
    seat.move("Next Monday")
    assert seat.clock.startswith("6:00 Mon 15 Mar")
    seat.be("Grace Lindqvist")
    expect(seat.cards("Week of Mon 15 Mar").or_(seat.cards("absence report"))).to_have_count(0)
    seat.move("An hour on")
    assert seat.clock.startswith("7:00 Mon 15 Mar")


def _read_and_do(seat: Seat) -> None:
    """Grace leads a middle school: the high schools' list is no business of hers."""
    digest = seat.cards("absence report")
    expect(digest).to_have_count(1)
    expect(digest.get_by_role("heading", level=2)).to_contain_text("Your week, Lincoln Middle: 1 thing")
    expect(digest).to_contain_text(HER_LINE)
    expect(digest).to_contain_text(re.compile("Taken off your plate this week:.*Facilities"))
    expect(digest).not_to_contain_text("coaches")
    expect(digest.locator("xpath=ancestor::li").locator("time")).to_have_text("6:30")

    seat.press("Original", within="absence report")
    expect(seat.newest).to_contain_text("Questions: Dev Patel, extension 4402")
    expect(seat.newest).to_contain_text(REPORT)
    seat.press("Done", within="absence report")
    expect(seat.answer).to_contain_text("Nothing is left this week")

    seat.be("Mei Tanaka")
    expect(seat.newest).to_contain_text("Your week, Roosevelt High: 2 things")
    expect(seat.newest).to_contain_text("coaches")
    seat.be("Amina Warsame")  # the other network, whose ILD has decided nothing
    expect(seat.cards("absence report")).to_have_count(0)


def _see_who_has_done_what(seat: Seat) -> None:
    seat.be("Imani Brooks")
    seat.say("who has done what")
    expect(seat.newest.locator("li").filter(has_text="absence report")).to_contain_text("Done 1 of 12")
    expect(seat.newest.locator("li").filter(has_text="coaches")).to_contain_text(
        "Open: Roosevelt High, Westbrook High"
    )


def _go_on_a_week(seat: Seat) -> None:
    """Nothing new was decided, so the Monday after brings no digest, and this week's came once."""
    seat.be("Grace Lindqvist")
    seat.move("An hour on")
    seat.move("Next Monday")
    seat.move("An hour on")
    assert seat.clock.startswith("7:00 Mon 22 Mar")
    # Last week's and this week's.
    expect(seat.cards("Your week").filter(has_text="Facilities")).to_have_count(2)
    expect(seat.cards("Your week").filter(has_text="absence report")).to_have_count(1)
