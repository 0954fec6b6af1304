"""What else a demand says: authority, forms, contact, delegation, consequence, attachments, days by school."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.buffer.attachments import attachments_named, forms_named
from protocols.buffer.demands import Demand
from protocols.buffer.facets import Authority, DayFor, Facets
from protocols.buffer.reading import read_memo

MEMO_DATE = date(2026, 9, 1)


def first(text: str) -> Demand:
    return read_memo(text, memo_date=MEMO_DATE).demands[0]


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        ("State law requires schools to post the notice.", Authority.LAW),
        ("Records must be kept for three years. (Education Code 49069)", Authority.LAW),
        ("Under the Open Doors Act of 2019, schools must post the notice.", Authority.LAW),
        ("Staff are required by federal law to report it.", Authority.LAW),
        ("The state requires schools to report suspensions.", Authority.STATE),
        ("Schools are required by the Ministry to report suspensions.", Authority.STATE),
        ("Under Board Policy JICDA, principals must hold a hearing.", Authority.BOARD),
        ("Under Article 18 of the agreement, teachers must be told by May 1.", Authority.BOARD),
        ("This office requires each school to send a roster.", Authority.OFFICE),
        ("We ask schools to send a roster.", Authority.OFFICE),
        ("Schools must send a roster.", None),
    ],
)
def test_on_whose_word_it_rests(text: str, authority: Authority | None) -> None:
    assert first(text).facets.authority is authority


@pytest.mark.parametrize(
    ("passage", "forms"),
    [
        ("File Form TS-4 within three days.", ("Form TS-4",)),
        ("Enter the counts in StaffLink and sign.", ("StaffLink",)),
        ("Complete the Coordinator Form by Friday.", ("Coordinator Form",)),
        ("Submit Culture Survey results.", ("Culture Survey",)),
        ("Return the attached pro forma.", ("attached pro forma",)),
        ("Use form TC2 or Form B.", ("form TC2", "Form B")),
        ("Form teams of three and plan a visit.", ()),
        ("Schools must send a roster.", ()),
    ],
)
def test_the_forms_and_systems_to_use(passage: str, forms: tuple[str, ...]) -> None:
    assert forms_named(passage) == forms


@pytest.mark.parametrize(
    ("text", "attachments"),
    [
        ("Sign it (Attachment 2). See also Attachment 2.", ("Attachment 2",)),
        ("Attachments 2 and 3 and Appendix A.", ("Attachment 2", "Attachment 3", "Appendix A")),
        ("Complete the return at Annex B.", ("Annex B",)),
        ("Check it against the attached spreadsheet.", ("attached spreadsheet",)),
        ("The revised bell schedule is attached.", ("the revised bell schedule",)),
        ("Enclosure: Sample letter to families", ("Sample letter to families",)),
        ("Become attached to your work. An appendix will follow.", ()),
        ("", ()),
    ],
)
def test_the_attachments_a_memo_names(text: str, attachments: tuple[str, ...]) -> None:
    assert attachments_named(text) == attachments


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Submit the count by May 1. Your clerk may do this.", "Your clerk may do this"),
        ("Submit the count by May 1. Delegation to a clerk is fine.", "Delegation to a clerk is fine"),
        (
            "Ratings must be entered by May 1 and may not be delegated.",
            "Ratings must be entered by May 1 and may not be delegated",
        ),
        ("The principal or designee shall sign.", "The principal or designee shall sign"),
        ("Submit the count by May 1. Your clerk is welcome.", ""),
    ],
)
def test_who_may_do_it_instead(text: str, words: str) -> None:
    assert first(text).facets.delegation == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Schools must file by May 1. Late reports will be returned.",
            "Late reports will be returned.",
        ),
        ("Schools must file by May 1, or they will be billed if not.", "or they will be billed if not."),
        ("Schools must file by May 1. Reports will be returned in June.", ""),
    ],
)
def test_what_follows_if_it_is_not_done(text: str, words: str) -> None:
    assert first(text).facets.consequence == words


def test_the_contact_of_a_sentence_is_its_own() -> None:
    assert first("Send the name to meals@lake.example by May 1.").facets.contact == "meals@lake.example"
    assert first("Call the duty desk at 555-880-1414 before you enter.").facets.contact == "555-880-1414"
    assert first("Call the duty desk before you enter.").facets.contact == ""


@pytest.mark.parametrize(
    ("text", "days"),
    [
        (
            "Return books by June 4 (high schools: May 28).",
            (DayFor(("all",), date(2027, 6, 4)), DayFor(("high",), date(2027, 5, 28))),
        ),
        (
            "Rosters are due October 5 (elementary), October 7 (middle) and October 9 (high).",
            (
                DayFor(("elementary",), date(2026, 10, 5)),
                DayFor(("middle",), date(2026, 10, 7)),
                DayFor(("high",), date(2026, 10, 9)),
            ),
        ),
        (
            "Submit by 5 October for primary schools and 12 October for post-primary schools.",
            (DayFor(("elementary",), date(2026, 10, 5)), DayFor(("high",), date(2026, 10, 12))),
        ),
        (
            "Elementary schools must return it by May 3; middle schools by May 10.",
            (DayFor(("elementary",), date(2027, 5, 3)), DayFor(("middle",), date(2027, 5, 10))),
        ),
        ("Return it by May 3 and confirm by May 10.", ()),
        ("High schools must return it by May 3.", ()),
    ],
)
def test_which_of_several_days_is_for_which_schools(text: str, days: tuple[DayFor, ...]) -> None:
    assert first(text).facets.days_for == days


def test_facets_are_the_same_after_they_were_kept() -> None:
    facets = first(
        "State law requires high schools to file Form VH-7 by May 3 (Attachment 2) and middle schools by May 10."
    ).facets
    assert facets.authority is Authority.LAW
    assert Facets.from_json(facets.to_json()) == facets
    assert Facets.from_json({}) == Facets()


@given(st.text())
def test_any_text_has_names_that_stand_in_it(text: str) -> None:
    for name in forms_named(text):
        assert all(word in text for word in name.split())
    assert len(set(attachments_named(text))) == len(attachments_named(text))
