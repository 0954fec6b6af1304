"""The outside of a memo: its own date, its office, and whether a paste is one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.buffer.letterhead import fingerprint_of, looks_like_memo, read_letterhead
from protocols.buffer.written_dates import Order, order_in

TODAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param(
            "To: Principals\nDate: November 20, 2026\n\nPlease", date(2026, 11, 20), id="a date line"
        ),
        pytest.param("DATE:     11/20/2026\nSchools must", date(2026, 11, 20), id="in figures"),
        pytest.param(
            "Sent: Tue, 24 Nov 2026 16:12\nSubject: Keys", date(2026, 11, 24), id="an e-mail's sent line"
        ),
        pytest.param(
            "Facilities Notice 12            24 November 2026\nBoilers", date(2026, 11, 24), id="at the edge"
        ),
        pytest.param("Office of Keys\nNovember 5, 2026\n1. Keys", date(2026, 11, 5), id="a line of its own"),
        pytest.param("Date: November 20\nSchools must", None, id="without a year it could be any"),
        pytest.param(
            "Schools must report by December 4, 2026.", None, id="a deadline is not the memo's date"
        ),
        pytest.param("Date: March 3, 2029\nSchools must", None, id="years ahead is a slip"),
        pytest.param("Date: to be announced\nSchools must", None, id="no date in the date line"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_memos_own_date(text: str, day: date | None) -> None:
    assert read_letterhead(text, today=TODAY).day == day


@pytest.mark.parametrize(
    ("text", "office"),
    [
        pytest.param("From: Office of Assessment\nDate: x", "Office of Assessment", id="as written"),
        pytest.param(
            "From: Human Resources <hr@district.example>\nTo: all", "Human Resources", id="without address"
        ),
        pytest.param("From: hr@district.example\nTo: all", None, id="an address alone names nobody"),
        pytest.param("Schools must act.", None, id="none"),
    ],
)
def test_the_office_that_signs(text: str, office: str | None) -> None:
    assert read_letterhead(text, today=TODAY).office == office


@pytest.mark.parametrize(
    ("text", "is_memo"),
    [
        pytest.param(
            "To: Principals\nSubject: Keys\nPlease return them.", True, id="two lines of a letterhead"
        ),
        pytest.param(" ".join(["word"] * 60), True, id="sixty words"),
        pytest.param("visits since September by ILD", False, id="a question"),
        pytest.param("Date: tomorrow", False, id="one such line alone"),
    ],
)
def test_what_is_taken_for_a_memo_when_pasted(text: str, is_memo: bool) -> None:
    assert looks_like_memo(text) is is_memo


@given(st.text(max_size=300))
def test_any_text_has_a_letterhead_and_a_fingerprint(text: str) -> None:
    read_letterhead(text, today=TODAY)
    assert fingerprint_of(text) == fingerprint_of(f"  {text}\n")


def test_the_fingerprint_knows_a_changed_digit() -> None:
    assert fingerprint_of("Due December 4.") != fingerprint_of("Due December 5.")
    assert fingerprint_of("Due “December 4”.") == fingerprint_of('DUE  "december 4"')


@pytest.mark.parametrize(
    ("text", "zone", "day"),
    [
        ("Date: 09/11/2026\nThe superintendent asks", "Europe/Dublin", date(2026, 9, 11)),
        ("Date: 09/11/2026\nHeadteachers must", "America/Chicago", date(2026, 11, 9)),
        ("Date: 09/11/2026\nSchools must", "America/Chicago", date(2026, 9, 11)),
        ("Date: 09/11/2026\nSchools must", "Europe/Dublin", date(2026, 11, 9)),
        ("Date: 09/11/2026\nSchools must", "America/Toronto", None),
    ],
    ids=[
        "the memo's words first",
        "the memo's words first, British",
        "a US district",
        "an Irish one",
        "either",
    ],
)
def test_a_date_in_figures_is_read_as_the_memo_and_then_the_district_write_it(
    text: str, zone: str, day: date | None
) -> None:
    assert read_letterhead(text, today=TODAY, habit=order_in(zone)).day == day


def test_a_zone_where_both_ways_are_in_use_settles_nothing() -> None:
    assert order_in("America/Toronto") is Order.UNKNOWN
    assert order_in("UTC") is Order.UNKNOWN
