"""What a memo asks: found sentence by sentence, with party, binding and day."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.buffer.demands import Binding, DateRole, Demand, Reading
from protocols.buffer.headlines import HEADLINE_LENGTH, headline
from protocols.buffer.reading import read_memo
from tests.examples import tried

MEMOS = Path(__file__).parents[2] / "data" / "memos"
DATED = {
    "weekly_bulletin": date(2026, 10, 12),
    "state_notice": date(2026, 1, 12),
    "academy_trust_letter": date(2027, 1, 4),
    "facilities_notice": date(2026, 11, 2),
}


def read(name: str) -> tuple[str, Reading]:
    text = (MEMOS / f"{name}.txt").read_text(encoding="utf-8")
    return text, read_memo(text, memo_date=DATED[name])


def only(text: str, memo_date: date = date(2026, 9, 1)) -> Demand:
    (demand,) = read_memo(text, memo_date=memo_date).demands
    return demand


def quoted(reading: Reading, words: str) -> Demand:
    (demand,) = [d for d in reading.demands if words in d.quote]
    return demand


@pytest.mark.parametrize(
    ("sentence", "binding", "actor", "for_school"),
    [
        ("Principals must submit the roster.", "must", "principal", True),
        ("The principal or designee shall call 911.", "must", "principal", True),
        ("Every school is required to keep a log.", "must", "school", True),
        ("You will need to provide evidence.", "must", "school", True),
        ("No changes may be made without written permission.", "must", "school", True),
        ("No school may change its schedule without permission.", "must", "school", True),
        ("Only trained staff may open the cabinet.", "must", "staff", True),
        ("Principals are directed to file a statement.", "must", "principal", True),
        ("Fax or mail one copy to the office.", "must", "school", True),
        ("Middle school principals: confirm your coordinator.", "must", "principal", True),
        ("It is the responsibility of each school to correct errors.", "must", "school", True),
        ("The deadline for families to appeal is April 26.", "must", "parent", False),
        ("Teachers should refrain from giving tests that day.", "should", "teacher", True),
        ("We expect schools to share the letter.", "should", "school", True),
        ("Please share the letter with families.", "should", "school", True),
        ("Submit the form to the records office.", "must", "school", True),
        ("If a device fails, email the help desk.", "must", "school", True),
        ("Do not highlight receipts.", "must", "school", True),
        ("Schools may order one device for each pupil.", "may", "school", True),
        ("It's up to your school to decide who attends.", "may", "school", True),
        ("Principals are not required to return scratch paper.", "may", "principal", True),
        ("The district shall provide insurance.", "must", "district", False),
        ("The Superintendent or principal shall mail a notice.", "must", "principal", True),
        ("The owner of the pool shall show a certificate.", "must", "vendor", False),
        ("Applicants must file two letters.", "must", "applicant", False),
        ("State law requires each school district to report suspensions.", "must", "district", False),
        ("The plan must be approved by the Superintendent.", "must", "superintendent", False),
        ("The service will close on 23 June 2027.", "info", "district", False),
        ("Heads of schools are, therefore, advised to lock the annex.", "should", "principal", True),
        ("Principals are also expected to keep a copy.", "should", "principal", True),
        ("Late sign-up for clubs is discouraged.", "should", "school", True),
        ("Drills will be arranged by the building principal.", "must", "principal", True),
        ("School heads are given authority to choose the day.", "may", "principal", True),
        ("If you have a scanner, feel free to send the form by e-mail.", "may", "school", True),
        ("Your head custodian may do this.", "may", "staff", True),
        ("The office is advising all school managers to clean the rooms.", "should", "school", True),
        ("The ministry wishes to advise head teachers to keep the doors open.", "should", "principal", True),
        ("Schools are no longer required to close on that day.", "may", "school", True),
        ("Nor may a school keep uncollected refunds.", "must", "school", True),
        ("It is preferable to print a new form.", "should", "school", True),
        ("If you have nothing to declare, report $0.00.", "must", "school", True),
        ("Pupils from other countries need to be referred to the office.", "must", "school", True),
        ("Legal guardians: check the certificate.", "must", "school", True),
        ("Items marked green require you to bring the form.", "must", "school", True),
        ("Check on orders for new desks.", "must", "school", True),
        ("Last day to enter the fall counts", "must", "school", True),
        ("Your board must consult families first.", "must", "school", True),
        ("Teachers shall be paid for the extra hour.", "must", "district", False),
        ("Payroll makes the change and you do not need to do anything.", "info", "district", False),
        ("Schools do not need to send anything.", "info", "school", True),
        ("The county is encouraging schools to keep a garden.", "should", "school", True),
        (
            "We know this is late, but it is essential that all schools test on the same day.",
            "must",
            "school",
            True,
        ),
        ("Visitors will not be allowed in the testing rooms.", "must", "school", True),
        ("Review with staff the rules for pick-up.", "must", "school", True),
        ("Read over and update the handbook.", "must", "school", True),
        ("Indicate a title for each item.", "must", "school", True),
        ("Middle schools were inspected in the fall; no action is required.", "info", "school", True),
    ],
)
def test_who_has_to_do_it_and_how_binding_it_is(
    sentence: str, binding: str, actor: str, for_school: bool
) -> None:
    demand = only(sentence)
    assert (demand.binding, demand.actor, demand.for_school) == (binding, actor, for_school)
    assert demand.quote == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "This circular will remain in effect unless rescinded or superseded by a subsequent version.",
        "For more information about this circular, contact: the Records Office.",
        "The handbook tells families what they must bring.",
        "You may find it easier to copy the password.",
        "The lights may turn on and off during this time.",
        "You should get an alert when it is done.",
        "Acceptance of the offer shall not affect any other right.",
        "All academies should have received a letter.",
        "The compact is a written commitment of the whole school.",
        "The portal is back up; no action is required.",
        "You will be notified when your designee is able to collect them.",
        "Continue to Plan for Summer in the City",
        "Thank you for all that you do.",
        "Questions about this notice should be directed to Mei Lindqvist.",
        "IMPORTANT DATES",
        "What devices should be used for",
        "Do you need to comply with this rule?",
        "If you have any difficulty with the form, please call Hana Osei at 555-0119.",
        "Please do not hesitate to contact the records office.",
        "Your choice will decide the layout of the report.",
        "The page holds tips that principals can use in meetings.",
        "The deadline for the spring count has not changed.",
        "Issue 204",
        "This is necessary to ensure the safety of all.",
        "Cheques not cashed in a year are considered unclaimed.",
        "Download the form here",
        "The note is about questions you may face when enrolling pupils.",
        "Paper copies will not be accepted.",
        "Click on the link below for a list of tasks.",
        "Read the full notice for more information.",
        "You will then receive an invitation.",
    ],
)
def test_a_sentence_that_asks_nothing_is_no_demand(sentence: str) -> None:
    assert read_memo(sentence, memo_date=date(2026, 9, 1)).demands == ()


@pytest.mark.parametrize(
    ("sentence", "due", "role"),
    [
        ("Submit the form by October 31, 2026.", date(2026, 10, 31), DateRole.DEADLINE),
        (
            "Schools shall, NOT LATER THAN the second Friday in October, certify.",
            date(2026, 10, 9),
            DateRole.DEADLINE,
        ),
        ("Return it by the close of business on Friday, October 9.", date(2026, 10, 9), DateRole.DEADLINE),
        ("Principals must apply before the end of October.", date(2026, 10, 31), DateRole.DEADLINE),
        ("Schools can order devices until February 2027.", date(2027, 2, 28), DateRole.DEADLINE),
        ("The last day to nominate candidates is May 1.", date(2027, 5, 1), DateRole.DEADLINE),
        ("October 31 Deadline for submitting the compact", date(2026, 10, 31), DateRole.DEADLINE),
        ("All schools will dismiss early the day before Thanksgiving.", date(2026, 11, 25), DateRole.EVENT),
        ("From 1 March 2027, schools must use the new form.", date(2027, 3, 1), DateRole.EFFECTIVE),
        ("The portal will be closed from 1 March 2027.", date(2027, 3, 1), DateRole.EFFECTIVE),
        ("Schools must keep the record adopted on 4 May 2019.", None, None),
        ("Grades do not have to be entered before 4 June 2027.", None, None),
        ("Schools must not begin the count before 4 June 2027.", date(2027, 6, 4), DateRole.EFFECTIVE),
        ("A child must be five years of age on or before September 1, 2026.", None, None),
        ("The fast begins at sundown on Friday, March 5.", date(2027, 3, 5), DateRole.EVENT),
        ("Aug 29 - Send the tuition dates to the office", date(2027, 8, 29), DateRole.DEADLINE),
        (
            "Grades are due by the end of the working day for teachers on April 6.",
            date(2027, 4, 6),
            DateRole.DEADLINE,
        ),
        (
            "All schools must wait until Monday, March 22, to give the test.",
            date(2027, 3, 22),
            DateRole.EVENT,
        ),
        ("Return the forms by October 7, October 14, and October 21.", date(2026, 10, 7), DateRole.DEADLINE),
        (
            "The due date set in the guide for this report is June 4, 2027.",
            date(2027, 6, 4),
            DateRole.DEADLINE,
        ),
        (
            "The deadline for key lists in our memo of October 2 is extended from October 9 to October 16, 2026.",
            date(2026, 10, 16),
            DateRole.DEADLINE,
        ),
        (
            "The testing window opens on Monday, May 3 and closes on Friday, May 14, 2027.",
            date(2027, 5, 3),
            DateRole.EVENT,
        ),
    ],
)
def test_the_day_of_a_demand_and_what_kind_of_day_it_is(
    sentence: str, due: date | None, role: DateRole | None
) -> None:
    demand = only(sentence)
    assert (demand.due, demand.due_role) == (due, role)


def test_a_list_takes_force_and_day_from_the_line_that_leads_it() -> None:
    text = "Schools should, by 9 October 2026:\n• check the roster\n• send corrections to the office\n"
    reading = read_memo(text, memo_date=date(2026, 9, 1))
    assert [(d.binding, d.due) for d in reading.demands] == [(Binding.SHOULD, date(2026, 10, 9))] * 3


def test_every_item_under_an_open_must_is_asked_whatever_its_verb() -> None:
    text = "Principals must:\n• greet each bus\n• unlock the side gate\nThank you.\n"
    demands = read_memo(text, memo_date=date(2026, 9, 1)).demands
    assert [(d.quote, d.binding) for d in demands[1:]] == [
        ("greet each bus", Binding.MUST),
        ("unlock the side gate", Binding.MUST),
    ]


def test_each_row_of_a_schedule_is_due_on_its_day() -> None:
    text = (
        "The office must receive these papers according to the schedule below:\n"
        "• February 26: textbook orders\n• March 26: purchase requisitions\n"
    )
    demands = read_memo(text, memo_date=date(2027, 2, 1)).demands
    assert [(d.due, d.due_role) for d in demands[1:]] == [
        (date(2027, 2, 26), DateRole.DEADLINE),
        (date(2027, 3, 26), DateRole.DEADLINE),
    ]


def test_a_duty_of_nobody_named_is_not_left_to_the_visitor_named_before() -> None:
    text = "A visitor must carry a badge. The badge must be returned at the door."
    assert read_memo(text, memo_date=date(2026, 9, 1)).demands[1].for_school


def test_wide_blanks_between_sentences_still_part_them() -> None:
    text = "The board meets on October 15.    Please send your list by September 25."
    demands = read_memo(text, memo_date=date(2026, 9, 1)).demands
    assert demands[-1].quote == "Please send your list by September 25."


def test_principals_will_with_a_colon_asks_for_each_item() -> None:
    text = "Principals will:\n• approve only short trips\n• not approve trips by boat\n"
    demands = read_memo(text, memo_date=date(2026, 9, 1)).demands
    assert [(d.actor, d.binding) for d in demands] == [("principal", Binding.MUST)] * 3


def test_every_day_of_a_list_is_one_to_act_by() -> None:
    demand = only("Return the forms by October 7, October 14, and October 21.")
    assert demand.more_dates == (date(2026, 10, 14), date(2026, 10, 21))


def test_what_happens_over_some_days_has_its_last_day_too() -> None:
    demand = only("The testing window opens on Monday, May 3 and closes on Friday, May 14, 2027.")
    assert demand.more_dates == (date(2027, 5, 14),)


def test_a_list_that_only_gives_examples_asks_nothing() -> None:
    text = "Examples include:\n• review the plan with families\n• share results at a meeting\n"
    assert read_memo(text, memo_date=date(2026, 9, 1)).demands == ()


def test_a_deadline_on_a_line_of_its_own_belongs_to_what_was_asked_before_it() -> None:
    _, reading = read("weekly_bulletin")
    demand = quoted(reading, "Verify the emergency contact list")
    assert demand.due == date(2026, 10, 23)
    assert "line of its own" in demand.due_basis


def test_marks_of_mail_and_markdown_do_not_hide_a_demand() -> None:
    reading = read_memo("> Submit the roster to us.\n> **Deadline:** October 9\n", memo_date=date(2026, 9, 1))
    assert [(d.quote, d.due) for d in reading.demands] == [("Submit the roster to us.", date(2026, 10, 9))]


def test_a_semicolon_parts_what_may_from_what_must() -> None:
    _, reading = read("state_notice")
    assert quoted(reading, "not required to return").binding is Binding.MAY
    assert quoted(reading, "must be shredded").binding is Binding.MUST


def test_a_hard_wrapped_sentence_is_one_demand_with_its_line_break() -> None:
    _, reading = read("state_notice")
    demand = quoted(reading, "NOT LATER")
    assert "\n" in demand.quote
    assert demand.due == date(2026, 2, 13)


def test_an_impossible_day_is_never_a_date() -> None:
    text, reading = read("state_notice")
    assert "June 31" in text
    assert all(m.iso != date(2026, 6, 30) and m.iso != date(2026, 7, 1) for m in reading.dates)


def test_a_term_without_a_start_keeps_its_words_and_names_no_day() -> None:
    demand = only("Schools must answer within ten school days of receipt of this notice.")
    assert (demand.due, demand.due_words) == (None, "within ten school days of receipt of this notice")


def test_school_days_are_counted_from_the_memo_where_a_calendar_is_given() -> None:
    class Weekdays:
        def is_school_day(self, day: date) -> bool:
            return day.weekday() < 5 and day != date(2026, 9, 7)

    text = "Schools must answer within ten school days of receipt of this notice."
    (demand,) = read_memo(text, memo_date=date(2026, 9, 1), calendar=Weekdays()).demands
    assert demand.due == date(2026, 9, 16)
    assert "counted from the memo's date" in demand.due_basis


def test_may_as_a_month_is_no_permission() -> None:
    assert only("May 31 Deadline for school councils to approve the plan").binding is Binding.MUST


def test_the_reader_finds_title_line_and_contact() -> None:
    _, reading = read("state_notice")
    assert reading.title == "Spring Assessment Security Agreements"
    _, reading = read("weekly_bulletin")
    assert (
        reading.contact == "Amina Okafor, Office of School Support, 555-301-4477, support@maplecounty.example"
    )
    _, reading = read("academy_trust_letter")
    assert reading.one_line.startswith("Please return your autumn attendance data by Friday 15 January")


@pytest.mark.parametrize(
    ("head", "title"),
    [
        pytest.param(
            "OFFICE OF READING      Administrative Regulation Notice 5.3\n\nBook counts: how and when\n",
            "Book counts: how and when",
            id="a subject below the letterhead",
        ),
        pytest.param(
            "Facilities Notice 2027-05\n4 March 2027\n\nWinter damage\n", "Winter damage", id="below a number"
        ),
        pytest.param("Office of Reading\n", "Office of Reading", id="letterhead alone"),
    ],
)
def test_the_title_is_the_subject_and_not_the_letterhead(head: str, title: str) -> None:
    assert read_memo(head, memo_date=date(2027, 3, 4)).title == title


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        ("First, count the books.", "Count the books"),
        ("Secondly, count the books.", "Count the books"),
        ("Finally: count the books.", "Count the books"),
        ("Step 3: count the books.", "Count the books"),
        ("First-year teachers must count the books.", "First-year teachers must count the books"),
        ("Next week, schools must count the books.", "Next week, schools must count the books"),
    ],
)
def test_a_headline_does_not_count_its_demand_among_others(sentence: str, line: str) -> None:
    reading = read_memo(sentence, memo_date=date(2026, 9, 1))
    assert headline(reading.demands[0], reading) == line
    assert reading.one_line == line + "."


@pytest.mark.parametrize(
    ("words", "audience"),
    [
        ("Middle school principals: confirm", ("middle",)),
        ("High schools need to submit two copies", ("high",)),
        ("Each school must complete one bus evacuation drill", ("all",)),
        ("All primary schools must also complete", ("elementary",)),
    ],
)
def test_a_demand_names_the_schools_it_is_for(words: str, audience: tuple[str, ...]) -> None:
    demands = [d for name in DATED for d in read(name)[1].demands if words in d.quote]
    assert [d.audience for d in demands] == [audience]


@pytest.mark.parametrize(
    ("line", "contact"),
    [
        ("Questions: Dev Patel, ext. 4410", "Dev Patel, ext. 4410"),
        ("Questions: please contact the transport desk at 512-555-0142.", "transport desk, 512-555-0142"),
        ("Questions to: routes@lake.example", "routes@lake.example"),
        ("Late lists go back. Questions: Dev Patel, ext. 4410", "Dev Patel, ext. 4410"),
    ],
)
def test_who_answers_questions_is_the_contact(line: str, contact: str) -> None:
    text = f"Schools must send the roster by December 11, 2026.\n\n{line}"
    assert read_memo(text, memo_date=date(2026, 11, 23)).contact == contact


def test_minutes_are_the_memos_own_where_it_states_them() -> None:
    demand = only("Complete the survey, which takes about 25 minutes.")
    assert demand.minutes == 25
    assert demand.minutes_basis.startswith("the memo says")


def test_the_json_has_the_fixed_keys() -> None:
    _, reading = read("facilities_notice")
    printed = json.loads(json.dumps(reading.to_json()))
    assert set(printed) == {"title", "one_line", "contact", "demands", "dates"}
    assert {"start", "end", "quote", "actor", "for_school", "binding", "due", "audience", "minutes"} <= set(
        printed["demands"][0]
    )
    assert {"start", "end", "text", "iso", "role"} <= set(printed["dates"][0])


@pytest.mark.parametrize("name", sorted(DATED))
def test_quotes_and_dates_are_the_memos_own_characters(name: str) -> None:
    text, reading = read(name)
    assert reading.demands
    assert all(text[d.start : d.end] == d.quote for d in reading.demands)
    assert all(text[m.start : m.end] == m.text for m in reading.dates)


@pytest.mark.parametrize("name", sorted(DATED))
def test_no_deadline_of_the_memo_is_lost(name: str) -> None:
    _, reading = read(name)
    tied = {day for d in reading.demands for day in (d.due, *d.more_dates)}
    assert {m.iso for m in reading.dates if m.role is DateRole.DEADLINE and m.iso} <= tied


@pytest.mark.parametrize("name", sorted(DATED))
def test_a_headline_is_short_and_whole_words_of_the_sentence(name: str) -> None:
    _, reading = read(name)
    for demand in reading.demands:
        line = headline(demand, reading)
        assert 0 < len(line) <= HEADLINE_LENGTH
        source = " ".join(demand.quote.split()).casefold()
        assert line.rstrip("…").casefold().removeprefix("do not ") in source
        assert all(word in source.split() for word in line.casefold().rstrip("…").split()[1:-1])


@given(st.text(max_size=600))
@tried(200)
def test_any_text_is_read_without_harm(text: str) -> None:
    reading = read_memo(text, memo_date=date(2026, 9, 1))
    assert all(text[d.start : d.end] == d.quote for d in reading.demands)
    assert reading.title
    assert reading.one_line
    json.dumps(reading.to_json())


_PIECES = [
    "Principals must ", "if ", "not ", "by ", "May ", "31 ", "October ", ", ", ". ", "\n", "• ", ":", "; ", "(a) ",
    "within ten days of ", "the day before ", "Thanksgiving ", "2026 ", "12/", "schools ", "|", "\t", "1. ",
    "\u202e", "\x00",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(_PIECES), max_size=60),
    st.dates(date(1, 1, 1) + timedelta(400), date(9990, 1, 1)),
)
def test_shuffled_pieces_of_memos_in_any_year_are_read_without_harm(
    pieces: list[str], memo_date: date
) -> None:
    text = "".join(pieces)
    reading = read_memo(text, memo_date=memo_date)
    for demand in reading.demands:
        assert text[demand.start : demand.end] == demand.quote
        assert len(headline(demand, reading)) <= HEADLINE_LENGTH


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param(" \n\t\r\n ", 0, id="blanks only"),
        pytest.param("\x00\x01\x02\xff" * 50, 0, id="binary noise"),
        pytest.param("●●● *** --- ???", 0, id="no words"),
        pytest.param("\u202eيجب على المدارس إرسال النموذج\u202c", 0, id="right to left"),
        pytest.param("a" * 200_000, 0, id="one endless word"),
        pytest.param("must " * 40_000, None, id="one endless sentence"),
        pytest.param("October 31, " * 15_000, 0, id="nothing but dates"),
        pytest.param("(" * 100_000, 0, id="nothing but brackets"),
        pytest.param(
            "Sign it.\nDeadline: " + "1/1/2027 " * 3 + "0" * 900 + "x", 1, id="zeros after a deadline"
        ),
        pytest.param("If " * 60_000, 0, id="nothing but conditions"),
    ],
)
def test_odd_and_huge_texts_are_read_to_the_end(text: str, asked: int | None) -> None:
    demands = read_memo(text, memo_date=date(2026, 9, 1)).demands
    assert asked is None or len(demands) == asked
