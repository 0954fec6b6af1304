"""Lead through, not around: an office asks, the ILD or a first responder answers, and the clock is seen."""

import pytest
from sqlmodel import col, select

from handlers.actions import act
from handlers.protected_time.lead_answers import remind_requests
from storage.database import Store
from storage.tables import AuditRow, MessageRow, SchoolRow, UnitRequestRow
from tests.chat import Chat, Speaker
from tests.district import email

MONDAY = "2026-11-30 10:00"
ASK = "ask principal Grace about the boiler survey"


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at=MONDAY)


@pytest.fixture
def dev(chat: Chat) -> Speaker:
    return chat.person(email("dev.patel"))


@pytest.fixture
def ana(chat: Chat) -> Speaker:
    return chat.person(email("ana.whitefeather"))


def requests(store: Store) -> list[UnitRequestRow]:
    with store.read() as tx:
        return list(tx.exec(select(UnitRequestRow).order_by(col(UnitRequestRow.id))))


def test_what_an_office_asks_a_principal_goes_to_her_ild_with_a_clock(
    dev: Speaker, imani: Speaker, grace: Speaker
) -> None:
    dev.says(ASK)
    dev.sees("asked through their ILD", "Imani Brooks, for Lincoln Middle, answers by Wed 2 Dec 10:00")
    imani.sees(
        "Dev Patel, Human Resources, asks", "Lincoln Middle", "the boiler survey", "Answer by Wed 2 Dec 10:00"
    )
    imani.sees(
        "[Answer]", "[Pass it on in the digest]", "[Ask the principal myself]", "[Decline with a reason]"
    )
    assert grace.collect() == []


@pytest.mark.parametrize(
    ("words", "schools"),
    [
        ("ask principal grace about buses", 1),
        ("ask the principal of Lincoln Middle about buses", 1),
        ("ask principal Mei Tanaka: which bus comes late?", 1),
        ("message to principals of north network: buses change on Monday", 3),
        ("message to principals about buses", 5),
        ("ask principals of elementary schools about buses", 2),
    ],
)
def test_whom_it_is_for(dev: Speaker, store: Store, words: str, schools: int) -> None:
    dev.says(words)
    assert sum(len(row.school_ids) for row in requests(store)) == schools


def test_several_principals_are_one_request_to_each_ild(dev: Speaker, imani: Speaker, tomas: Speaker) -> None:
    dev.says("message to principals: please send me your bus lists")
    dev.sees("Imani Brooks, for 3 schools", "Tomás Rivera, for 2 schools")
    imani.sees("Lincoln Elementary, Lincoln Middle, Roosevelt High")
    tomas.sees("Harbor Elementary, Juniper K-8")


def test_the_ilds_answer_goes_straight_to_who_asked(dev: Speaker, imani: Speaker) -> None:
    dev.says(ASK)
    imani.presses("Answer")
    imani.says("The survey was done in October; the sheet is with facilities.")
    imani.sees("Dev Patel has your answer")
    dev.sees("Imani Brooks answers what you asked about Lincoln Middle", "done in October")
    dev.says("my requests")
    dev.sees("the boiler survey", "answered", "done in October")
    imani.says("requests")
    imani.sees("No office waits for an answer from you")


def test_a_request_is_declined_with_a_reason(dev: Speaker, imani: Speaker) -> None:
    dev.says(ASK)
    imani.presses("Decline with a reason")
    imani.says("Three surveys this month are enough for one school.")
    dev.sees("Imani Brooks declines", "Three surveys this month are enough")
    dev.says("my requests")
    dev.sees("declined")


def test_the_ild_asks_the_principal_herself_and_the_clock_starts_once_more(
    chat: Chat, dev: Speaker, imani: Speaker
) -> None:
    dev.says(ASK)
    chat.wait(days=1, hours=3)
    imani.presses("Ask the principal myself")
    imani.sees("expects an answer by Thu 3 Dec 13:00")
    dev.sees("Imani Brooks asks at Lincoln Middle herself and answers by Thu 3 Dec 13:00")
    imani.says("requests")
    imani.presses("Answer")
    imani.says("Grace says it is done.")
    dev.sees("Grace says it is done.")


def test_what_is_passed_on_stands_in_the_digest_of_that_school_only(
    dev: Speaker, imani: Speaker, store: Store
) -> None:
    dev.says("ask principal Grace about who signs for the new boiler")
    imani.presses("Pass it on in the digest")
    imani.sees("It stands in your principals' next digest")
    dev.sees("passes on what you asked")
    imani.says("preview")
    imani.sees("who signs for the new boiler", "Lincoln Middle")


def test_a_first_responder_answers_about_a_subject(
    chat: Chat, dev: Speaker, ana: Speaker, imani: Speaker
) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ana.says("first responder for boilers is Ruth Castellanos")
    ana.sees("Ruth Castellanos answers units first about boilers, for the whole district")
    dev.says(ASK)
    dev.sees("Ruth Castellanos, for Lincoln Middle, answers by")
    assert imani.collect() == []
    ruth.sees("about boilers", "[Answer]", "[Give it to the ILD]")
    ruth.does_not_see("Pass it on in the digest")
    ruth.presses("Give it to the ILD")
    imani.sees("Ruth Castellanos gives this to you", "[Pass it on in the digest]")


def test_an_ilds_first_responder_goes_before_the_districts(
    chat: Chat, dev: Speaker, ana: Speaker, imani: Speaker, tomas: Speaker
) -> None:
    ana.says("first responder for bus lists is ruth.castellanos@district.example")
    imani.says("first responder for bus lists is Ana Whitefeather")
    imani.sees("for North Network")
    dev.says("message to principals: please send your bus list")
    dev.sees("Ana Whitefeather, for 3 schools", "Ruth Castellanos, for 2 schools")
    imani.says("no first responder for bus lists")
    dev.says("ask principal Grace about the bus list")
    dev.sees("Ruth Castellanos, for Lincoln Middle")
    tomas.says("no first responder for bus lists")
    tomas.sees("Nobody is named for bus lists")


def test_nobody_makes_a_principal_a_first_responder_or_names_one_without_the_right(
    dev: Speaker, ana: Speaker, grace: Speaker
) -> None:
    ana.says("first responder for buses is grace.lindqvist@district.example")
    ana.sees("I know nobody called")
    dev.says("first responder for buses is Dev Patel")
    dev.sees("That is for")
    grace.says("ask principal Mei about the boiler")
    grace.does_not_see("answers by")


def test_one_reminder_then_it_is_shown_as_unanswered_to_ild_and_office(
    chat: Chat, dev: Speaker, imani: Speaker, store: Store
) -> None:
    dev.says(ASK)
    imani.collect()
    assert remind_requests(store, chat.now) == 0
    chat.move_to("2026-12-01 12:00")  # half of two school days has gone
    assert remind_requests(store, chat.now) == 1
    assert remind_requests(store, chat.now) == 0
    assert "This is the one reminder" in "".join(str(card) for card in imani.collect())
    chat.move_to("2026-12-02 10:30")
    assert remind_requests(store, chat.now) == 2
    assert remind_requests(store, chat.now) == 0
    dev.sees("Unanswered: Imani Brooks had until Wed 2 Dec 10:00")
    imani.says("requests")
    imani.sees("It has been unanswered since Wed 2 Dec 10:00")
    dev.says("my requests")
    dev.sees("unanswered since Wed 2 Dec 10:00")


def test_the_clock_stands_still_over_a_break_and_in_protected_time_nobody_is_reminded(
    chat: Chat, dev: Speaker, imani: Speaker, store: Store
) -> None:
    chat.move_to("2026-11-24 15:00")  # the day before a break
    dev.says(ASK)
    dev.sees("answers by Tue 1 Dec 15:00")
    imani.collect()
    chat.move_to("2026-12-01 11:00")
    assert remind_requests(store, chat.now) == 1
    assert imani.collect() == []
    chat.move_to("2026-12-01 12:00")
    assert len(imani.collect()) == 1


def test_a_reminder_is_dropped_once_there_is_an_answer(
    chat: Chat, dev: Speaker, imani: Speaker, store: Store
) -> None:
    from handlers.district import load_district
    from handlers.outgoing import Drop, recheck

    dev.says(ASK)
    imani.presses("Answer")
    chat.move_to("2026-12-01 11:00")
    remind_requests(store, chat.now)
    imani.says("It was done in October.")
    with store.read() as tx:
        rows = tx.exec(
            select(MessageRow).where(MessageRow.kind == "unit-request", MessageRow.state == "queued")
        )
        for row in rows:
            verdict = recheck(tx, load_district(tx), row, now=chat.now)
            assert verdict == Drop("the request has been settled")


def test_the_administrator_sets_the_clock(dev: Speaker, ana: Speaker) -> None:
    ana.says("answer clock: 1 school day")
    ana.sees("1 school day from now on")
    dev.says(ASK)
    dev.sees("answers by Tue 1 Dec 10:00")
    ana.says("answer clock: 90 days")
    ana.sees("Choose 1 to 20")


def test_an_old_button_and_somebody_elses_are_refused(dev: Speaker, imani: Speaker, tomas: Speaker) -> None:
    dev.says(ASK)
    tomas.presses_action(act("lead.digest", request=1, v=1))
    tomas.sees("was given to somebody else")
    imani.presses("Pass it on in the digest")
    imani.presses("Pass it on in the digest")
    imani.sees("That was settled before", "passed on in the weekly digest")


def test_an_office_sees_only_its_own_requests(chat: Chat, dev: Speaker, ana: Speaker) -> None:
    ana.says("ask principal Grace about the roster")
    dev.says("my requests")
    dev.sees("You have asked nothing yet")
    dev.says("requests")
    dev.sees("No office waits for an answer from you")


def test_a_school_without_an_ild_is_said_so(chat: Chat, dev: Speaker, store: Store) -> None:
    dev.says("ask principal nobody about buses")
    dev.sees("don't know whom")
    assert requests(store) == []


def test_the_log_holds_ids_never_the_question(dev: Speaker, imani: Speaker, store: Store) -> None:
    dev.says(ASK)
    imani.presses("Pass it on in the digest")
    with store.read() as tx:
        rows = list(tx.exec(select(AuditRow).where(col(AuditRow.object).startswith("unit_request"))))
        assert tx.exec(select(SchoolRow.id)).first()
    assert [row.action for row in rows] == ["unit_request.asked", "unit_request.in_digest"]
    assert not any("boiler" in str(row.detail) for row in rows)
