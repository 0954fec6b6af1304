"""What a keyboard and a screen reader find on the page, asked of the browser itself."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.stories import PHONE, Seat, open_playground, sit_down

pytestmark = pytest.mark.browser

PLACES = {"RootWebArea", "generic"}
"""Roles of what only a jump leads to: the page and the marks one lands at. All else that takes the focus has a name."""
MEMO = """From: Office of Assessment
Date: March 10, 2027
Re: Device lists

Schools must return the device list by March 24, 2027."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One playground for all tests of this module: they look, and change little."""
    with open_playground(tmp_path_factory.mktemp("playground")) as opened:
        yield opened


@pytest.fixture
def seat(browser: Browser, address: str) -> Seat:
    return sit_down(browser, address)


def controls(page: Page) -> list[tuple[str, str]]:
    """(role, name) of everything that takes the focus, from the accessibility tree."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    found = []
    for node in nodes:
        states = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
        if not node["ignored"] and states.get("focusable"):
            found.append((node["role"]["value"], node.get("name", {}).get("value", "").strip()))
    return found


def _a_memo(seat: Seat) -> None:
    seat.be("Marguerite Oyelaran")
    seat.say(MEMO)


def _a_form(seat: Seat) -> None:
    seat.be("Tomás Rivera")
    seat.say("triage")
    seat.press("Edit wording")


def _times_to_choose(seat: Seat) -> None:
    seat.be("Stefan Kowalczyk")
    seat.say("meeting with principals Tue 9:00 about boilers")


def _a_chart(seat: Seat) -> None:
    seat.be("Ruth Castellanos")
    seat.say("visits since September by ILD")


def _a_cancellation(seat: Seat) -> None:
    seat.be("Imani Brooks")
    seat.say("cancel Lincoln Middle")


def _a_digest(seat: Seat) -> None:
    seat.be("Farid Haddad")
    seat.press("More")
    seat.press("Remind me")


@pytest.mark.parametrize(
    "show",
    [
        pytest.param(_a_memo, id="a memo with its demands"),
        pytest.param(_a_form, id="a form to edit a wording"),
        pytest.param(_times_to_choose, id="a refusal with other times"),
        pytest.param(_a_chart, id="a chart with its figures and a download"),
        pytest.param(_a_cancellation, id="a cancellation that asks who and why"),
        pytest.param(_a_digest, id="a digest and a reminder's day"),
    ],
)
def test_every_control_has_a_name(seat: Seat, show: Callable[[Seat], None]) -> None:
    show(seat)
    for summary in seat.page.locator("summary").all():
        summary.click()
    found = controls(seat.page)
    assert [role for role, name in found if role not in PLACES and not name] == []
    assert {"button", "link", "textbox"} <= {role for role, _ in found}


def test_skip_links_lead_past_the_people_to_writing(seat: Seat) -> None:
    seat.page.goto(seat.page.url.partition("#")[0])
    names = []
    for _ in range(2):
        seat.page.keyboard.press("Tab")
        names.append(seat.page.evaluate("document.activeElement.textContent"))
    assert names == ["Skip to the newest message", "Skip to writing"]
    seat.page.keyboard.press("Enter")
    expect(seat.page.get_by_role("textbox", name="Write to Throughline as")).to_be_focused()


def test_one_writes_sends_and_goes_on_writing_by_keyboard_alone(seat: Seat) -> None:
    seat.be("Peter Novak")
    box = seat.page.get_by_role("textbox", name="Write to Throughline as Peter Novak")
    _tab_to(seat.page, "say")
    seat.page.keyboard.type("protected")
    seat.page.keyboard.press("Shift+Enter")
    expect(box).to_have_value("protected\n")
    seat.page.keyboard.press("Backspace")
    seat.page.keyboard.type(" time")
    with seat.page.expect_navigation():
        seat.page.keyboard.press("Enter")
    expect(seat.newest).to_contain_text("Protected time")
    expect(box).to_be_focused()
    expect(box).to_have_value("")


def test_a_button_is_reached_and_pressed_by_keyboard_and_the_focus_is_seen(seat: Seat) -> None:
    seat.be("Lakshmi Raman")
    seat.page.get_by_role("link", name="Skip to the newest message").focus()
    seat.page.keyboard.press("Enter")
    for _ in range(12):
        seat.page.keyboard.press("Tab")
        if seat.page.evaluate("document.activeElement.matches('.log .button')"):
            break
    else:
        pytest.fail("no button of the newest message is reached within twelve presses of Tab")
    outline = seat.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline not in ("", "none")
    pressed = seat.page.evaluate("document.activeElement.textContent")
    assert pressed == "Done"
    with seat.page.expect_navigation():
        seat.page.keyboard.press("Enter")
    expect(seat.page.locator(".entry.bot").filter(has_text="Not done after all").last).to_be_visible()
    seat.page.keyboard.press("Tab")
    here = seat.page.evaluate("document.activeElement.closest('.entry')?.textContent ?? ''")
    assert "Not done after all" in here, "Tab does not go on from what was pressed"


def test_nothing_on_a_phone_scrolls_sideways(browser: Browser, address: str) -> None:
    seat = sit_down(browser, address, is_phone=True)
    for show in (_a_memo, _a_form, _times_to_choose, _a_chart, _a_cancellation, _a_digest):
        show(seat)
        assert seat.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], show.__name__


def _tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the element of that id has the focus."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == wanted:
            return
    pytest.fail(f"#{wanted} is not reached by Tab")
