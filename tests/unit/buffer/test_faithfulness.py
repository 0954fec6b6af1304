"""The gate lets the memo's own words pass and nothing that was changed."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.buffer.demands import Demand
from protocols.buffer.discrepancies import Fault
from protocols.buffer.faithfulness import check_faithful
from protocols.buffer.reading import read_memo

MEMO_DATE = date(2026, 9, 1)
MEMO = """SUBJECT: Seat counts

Middle schools must submit Form TS-4 with 15 copies by December 11, 2026, unless the roster has not changed.
Principals may not schedule meetings before 9:00 a.m. on October 7 without two weeks' notice.
Schools should keep at least $250 for supplies and no more than 12 keys.
Schools may order spare keys from the "Key Desk" until May 3, 2027.
"""
READING = read_memo(MEMO, memo_date=MEMO_DATE)


def demand(words: str) -> Demand:
    (found,) = [d for d in READING.demands if words in d.quote]
    return found


def faults(wording: str, about: str) -> set[Fault]:
    return {d.fault for d in check_faithful(wording, MEMO, demand(about), memo_date=MEMO_DATE)}


@pytest.mark.parametrize(
    ("about", "wording"),
    [
        (
            "Form TS-4",
            "Middle schools: submit Form TS-4 with 15 copies by Fri 11 Dec, unless the roster has not changed.",
        ),
        (
            "Form TS-4",
            "By 12/11/2026 middle schools must submit Form TS-4, fifteen copies, unless the roster hasn't changed.",
        ),
        (
            "Form TS-4",
            "Form TS-4 (15 copies), due 2026-12-11, middle schools; except where your roster did not change.",
        ),
        (
            "Principals may not",
            "On 7 October you may not schedule meetings before 9:00 a.m. without two weeks' notice.",
        ),
        ("$250", "You should keep at least $250.00 for supplies and not more than twelve keys."),
        ("spare keys", 'You can order spare keys from the "Key Desk" until 3 May.'),
    ],
)
def test_the_same_said_otherwise_passes(about: str, wording: str) -> None:
    assert check_faithful(wording, MEMO, demand(about), memo_date=MEMO_DATE) == ()


@pytest.mark.parametrize(
    ("about", "wording", "fault"),
    [
        pytest.param(
            "Form TS-4",
            "Middle schools: submit Form TS-4, 15 copies, by Sat 12 Dec, unless it has not changed.",
            Fault.DATE,
            id="a day later",
        ),
        pytest.param(
            "Form TS-4",
            "Middle schools: submit Form TS-4, 15 copies, by Thu 11 Dec, unless it has not changed.",
            Fault.DATE,
            id="a wrong weekday",
        ),
        pytest.param(
            "Form TS-4",
            "Middle schools: submit Form TS-4, 15 copies, by December 11, 2027, unless it has not changed.",
            Fault.DATE,
            id="another year",
        ),
        pytest.param(
            "Form TS-4",
            "Middle schools: submit Form TS-4, 15 copies, unless it has not changed.",
            Fault.DATE,
            id="the deadline lost",
        ),
        pytest.param(
            "Form TS-4",
            "Middle schools: submit Form TS-4, 15 copies, by October 7, unless it has not changed.",
            Fault.DATE,
            id="another demand's day",
        ),
        pytest.param(
            "Form TS-4",
            "Middle schools: submit Form TS-4, 12 copies, by 11 Dec, unless it has not changed.",
            Fault.NUMBER,
            id="another demand's number",
        ),
        pytest.param(
            "Form TS-4",
            "Middle schools: submit Form TS-4 by 11 Dec, unless it has not changed.",
            Fault.NUMBER,
            id="a number lost",
        ),
        pytest.param(
            "Form TS-4",
            "Middle schools: submit Form TS-4, 15 copies, by 11 Dec, unless it has changed.",
            Fault.NEGATION,
            id="a not lost",
        ),
        pytest.param(
            "Form TS-4",
            "Middle schools: submit Form TS-4, 15 copies, by 11 Dec.",
            Fault.CONDITION,
            id="an unless lost",
        ),
        pytest.param(
            "Form TS-4",
            "Submit Form TS-4, 15 copies, by 11 Dec, unless it has not changed.",
            Fault.AUDIENCE,
            id="for whom, lost",
        ),
        pytest.param(
            "Form TS-4",
            "High schools: submit Form TS-4, 15 copies, by 11 Dec, unless it has not changed.",
            Fault.AUDIENCE,
            id="for other schools",
        ),
        pytest.param(
            "Form TS-4",
            "Middle schools: submit Form TS-5, 15 copies, by 11 Dec, unless it has not changed.",
            Fault.NAME,
            id="another form",
        ),
        pytest.param(
            "Form TS-4",
            "Middle schools may submit Form TS-4, 15 copies, by 11 Dec, unless it has not changed.",
            Fault.BINDING,
            id="must made may",
        ),
        pytest.param(
            "spare keys",
            'You must order spare keys from the "Key Desk" until 3 May.',
            Fault.BINDING,
            id="may made must",
        ),
        pytest.param(
            "spare keys",
            'Order spare keys from the "Key Desk" until 3 May.',
            Fault.BINDING,
            id="a choice made an instruction",
        ),
        pytest.param(
            "spare keys",
            'You may order spare keys from the "Lock Desk" until 3 May.',
            Fault.NAME,
            id="another desk",
        ),
        pytest.param(
            "$250",
            "You should keep at least $25 for supplies and no more than 12 keys.",
            Fault.NUMBER,
            id="another amount",
        ),
        pytest.param(
            "$250",
            "You should keep $250 for supplies and no more than 12 keys.",
            Fault.CONDITION,
            id="at least, lost",
        ),
        pytest.param(
            "Principals may not",
            "On 7 October you may schedule meetings before 9:00 a.m. without two weeks' notice.",
            Fault.NEGATION,
            id="may not made may",
        ),
        pytest.param(
            "Principals may not",
            "On 7 October you may not schedule meetings before 8:00 a.m. without two weeks' notice.",
            Fault.NUMBER,
            id="another hour",
        ),
        pytest.param("Principals may not", "", Fault.CONDITION, id="no words at all"),
    ],
)
def test_what_the_memo_does_not_say_is_stopped(about: str, wording: str, fault: Fault) -> None:
    assert fault in faults(wording, about)


def test_the_message_shows_both_sides() -> None:
    wording = (
        "Middle schools must submit Form TS-4 with 15 copies by 12 Dec, unless the roster has not changed."
    )
    (found,) = check_faithful(wording, MEMO, demand("Form TS-4"), memo_date=MEMO_DATE)
    assert found.message == 'You wrote "12 Dec"; the memo says "December 11, 2026".'


def test_must_and_may_in_one_sentence_cannot_change_places() -> None:
    text = "Schools shall send a notice that families may decline."
    (asked,) = read_memo(text, memo_date=MEMO_DATE).demands
    assert check_faithful("Schools may send a notice that families may decline.", text, asked) != ()
    assert check_faithful("Schools must send a notice that families must decline.", text, asked) != ()
    assert check_faithful("Schools must send a notice that families may decline.", text, asked) == ()


def test_a_rule_in_the_memo_and_its_day_in_the_wording_are_the_same_day() -> None:
    text = "Principals must apply before the end of October."
    (asked,) = read_memo(text, memo_date=MEMO_DATE).demands
    assert check_faithful("Principals must apply by Sat 31 Oct.", text, asked) == ()
    assert check_faithful("Principals must apply by Fri 30 Oct.", text, asked) != ()


quotes = st.sampled_from(READING.demands)


@given(quotes)
def test_the_quote_itself_always_passes(asked: Demand) -> None:
    assert check_faithful(asked.quote, MEMO, asked) == ()
    assert check_faithful(" ".join(asked.quote.split()), MEMO, asked, memo_date=MEMO_DATE) == ()


@given(quotes, st.data())
def test_a_changed_digit_never_passes(asked: Demand, data: st.DataObject) -> None:
    places = [m.start() for m in re.finditer(r"\d", asked.quote)]
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != asked.quote[place]]))
    changed = asked.quote[:place] + digit + asked.quote[place + 1 :]
    assert check_faithful(changed, MEMO, asked, memo_date=MEMO_DATE) != ()


@given(quotes, st.sampled_from(["not", "unless", "no", "without", "least"]))
def test_a_dropped_word_of_restriction_never_passes(asked: Demand, word: str) -> None:
    changed = re.sub(rf"\b{word} ", "", asked.quote, count=1)
    if changed != asked.quote:
        assert check_faithful(changed, MEMO, asked, memo_date=MEMO_DATE) != ()


@given(st.integers(min_value=-400, max_value=400).filter(bool), st.booleans())
def test_a_shifted_date_never_passes(shift: int, with_year: bool) -> None:
    asked = demand("Form TS-4")
    day = date(2026, 12, 11) + timedelta(days=shift)
    if not with_year and (day.month, day.day) == (12, 11):
        return
    words = f"{day:%B} {day.day}, {day.year}" if with_year else f"{day:%a} {day.day} {day:%b}"
    changed = asked.quote.replace("December 11, 2026", words)
    assert check_faithful(changed, MEMO, asked, memo_date=MEMO_DATE) != ()


@given(st.text(max_size=300))
def test_any_wording_is_judged_without_harm(wording: str) -> None:
    for found in check_faithful(wording, MEMO, demand("Form TS-4"), memo_date=MEMO_DATE):
        assert found.message.endswith(".")
