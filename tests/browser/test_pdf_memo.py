"""A memo as a PDF, with a table of days, in a real browser: from the file to a principal's "done"."""

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from tests import papers
from tests.browser.stories import Seat, sit_down

pytestmark = pytest.mark.browser

HEAD = (
    "TO: All Principals",
    "FROM: Office of Facilities",
    "DATE: March 10, 2027",
    "SUBJECT: Lead testing of drinking water",
)
REPORT = "Principals must return the list of outlets by Friday, March 19, 2027."
TABLE = (
    ("School type", "What schools must return", "Deadline"),
    ("Middle schools", "Signed floor plan", "March 22, 2027"),
    ("High schools", "Name of the key holder", "March 24, 2027"),
)
MEMO = papers.pdf(head=HEAD, paragraphs=(papers.OPENING, REPORT, papers.CLOSING), table=TABLE)


@pytest.mark.parametrize(
    ("is_phone", "has_script"),
    [
        pytest.param(False, True, id="at a desk"),
        pytest.param(True, False, id="on a phone without JavaScript"),
    ],
)
def test_a_pdf_becomes_what_a_principal_has_done(
    browser: Browser, address: str, is_phone: bool, has_script: bool
) -> None:
    seat = sit_down(browser, address, is_phone=is_phone, has_script=has_script)
    seat.be("Dev Patel")
    _hand_in(seat)
    seat.be("Imani Brooks")
    expect(seat.newest).to_contain_text("A new memo. Office of Facilities: Lead testing of drinking water.")
    seat.press("Decide")
    expect(seat.answer.locator("blockquote")).to_have_text(REPORT)
    seat.press("Pass on")

    seat.move("A day on")
    seat.move("A day on")
    seat.move("Next Monday")
    seat.move("An hour on")
    seat.be("Grace Lindqvist")
    digest = seat.cards("list of outlets")
    expect(digest).to_have_count(1)
    expect(digest).to_contain_text("Fri 19 Mar")
    seat.press("Original", within="list of outlets")
    expect(seat.newest).to_contain_text("Middle schools | Signed floor plan | March 22, 2027")
    _take_the_file(seat)
    seat.press("Done", within="list of outlets")
    expect(seat.answer).to_contain_text("Nothing is left this week")


def _hand_in(seat: Seat) -> None:
    """Chosen with the keyboard's own control, sent with the form's own button."""
    control = seat.page.get_by_label("A memo as a file")
    control.focus()
    expect(control).to_be_focused()
    control.set_input_files(FilePayload(name="lead.pdf", mimeType="application/pdf", buffer=MEMO))
    with seat.page.expect_navigation():
        seat.page.locator(".writing").get_by_role("button", name="Send").click()
    listed = seat.cards("Lead testing of drinking water")
    expect(listed).to_have_count(1)
    expect(listed).to_contain_text(REPORT)
    for day in ("by Fri 19 Mar", "by Mon 22 Mar", "by Wed 24 Mar"):
        expect(listed).to_contain_text(day)


def _take_the_file(seat: Seat) -> None:
    with seat.page.expect_download() as taken:
        seat.newest.get_by_role("link", name="The file as it came").click()
    assert taken.value.suggested_filename == "lead.pdf"
    assert taken.value.path().read_bytes() == MEMO
