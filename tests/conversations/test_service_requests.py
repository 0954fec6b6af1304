"""A principal asks a unit for something: number, owner, promised day, clock, and "it is mended"."""

import pytest
from sqlmodel import select

from handlers.actions import act
from handlers.centre.request_news import bring_up_unanswered, watch_requests
from storage import people
from storage.database import Store
from storage.people import Role
from storage.tables import AuditRow, ServiceRequestRow, ServiceStepRow
from tests.chat import Chat, Speaker
from tests.district import LAST_YEAR_STARTS, email

TUESDAY = "2026-11-24 14:00"
ROOF = "the gym roof leaks onto the stage, since Friday"


@pytest.fixture
def chat(store: Store) -> Chat:
    with store.begin() as tx:
        for name, unit in (("Lena Voss", "Facilities"), ("Omar Diallo", "Facilities")):
            address = f"{name.lower().replace(' ', '.')}@district.example"
            person = people.add_person(tx, email=address, name=name, on=LAST_YEAR_STARTS)
            people.grant_role(tx, person.id, Role.UNIT, unit=unit, on=LAST_YEAR_STARTS)
    return Chat(store, at=TUESDAY)


@pytest.fixture
def lena(chat: Chat) -> Speaker:
    return chat.person(email("lena.voss"))


@pytest.fixture
def omar(chat: Chat) -> Speaker:
    return chat.person(email("omar.diallo"))


@pytest.fixture
def dev(chat: Chat) -> Speaker:
    return chat.person(email("dev.patel"))


def newest(store: Store) -> ServiceRequestRow:
    with store.read() as tx:
        row = list(tx.exec(select(ServiceRequestRow).order_by(ServiceRequestRow.id)))[-1]  # type: ignore[arg-type]
        tx.expunge(row)
        return row


def promise(unit: Speaker, day: str) -> None:
    unit.presses("Take it")
    unit.presses("Promise it", day=day)


def test_from_the_leak_to_it_is_mended(
    chat: Chat, store: Store, grace: Speaker, lena: Speaker, omar: Speaker
) -> None:
    grace.says(f"ask facilities: {ROOF}")
    grace.sees("It is request 1", "2 people of Facilities are told", "3 school days", ROOF)
    for one in (lena, omar):
        one.sees("Grace Lindqvist asks your unit for something", "Lincoln Middle to Facilities.", ROOF)
    promise(lena, "2026-12-08")
    lena.sees("It is with you", "Lena Voss has it and promises Tue 8 Dec")
    grace.sees("Lena Voss, Facilities, has your request and promises Tue 8 Dec")
    chat.move_to("2026-12-08 15:00")
    lena.says("service requests")
    lena.sees("Facilities: 1 request open, 0 not answered", "1, Lincoln Middle:")
    lena.presses("Open")
    lena.presses("Done")
    lena.presses("It is done", words="A new seam, tried with a hose.")
    grace.sees("says that it is done. Is it mended?", "A new seam, tried with a hose.", "[It is mended]")
    grace.presses("It is mended")
    grace.sees("Good. The unit is told.", "The principal says it is mended")
    lena.sees("Grace Lindqvist says it is mended.")
    assert newest(store).state == "mended"
    lena.says("service requests")
    lena.sees("No school waits for Facilities")


def test_what_is_not_mended_is_reopened_with_a_new_clock(
    chat: Chat, store: Store, grace: Speaker, lena: Speaker
) -> None:
    grace.says(f"ask facilities: {ROOF}")
    lena.presses("Done")
    lena.presses("It is done")
    chat.move_to("2026-12-02 15:00")
    grace.presses("Reopen")
    grace.presses("Reopen")
    grace.sees("Say it in a line")
    grace.presses("Reopen", words="It still drips over the piano.")
    grace.sees("It is open again, and the unit is told")
    lena.sees("says it is not mended, and reopened it", "It still drips over the piano.")
    row = newest(store)
    assert (row.state, row.reopened, row.clock_from) == ("new", 1, chat.now)


def test_the_unit_asks_back_and_the_school_replies(grace: Speaker, lena: Speaker) -> None:
    grace.says(f"ask facilities: {ROOF}")
    lena.presses("Ask the school")
    lena.presses("Ask the school", words="Which side of the stage?")
    grace.sees("Lena Voss, Facilities, asks you something", "Which side of the stage?")
    grace.presses("Reply")
    grace.presses("Reply", words="The left one, seen from the hall.")
    lena.sees("Grace Lindqvist replied", "The left one", "[Promise a day]")


def test_a_decline_needs_its_reason_and_the_principal_reads_it(grace: Speaker, lena: Speaker) -> None:
    grace.says(f"ask facilities: {ROOF}")
    lena.presses("Decline")
    lena.presses("Decline")
    lena.sees("Say it in a line")
    lena.presses("Decline", words="The roof is under warranty: call the builder, we pay.")
    grace.sees("Facilities declined your request", "under warranty", "[Reopen]")


def test_it_is_handed_on_and_named_and_the_first_unit_is_out_of_it(
    chat: Chat, store: Store, grace: Speaker, lena: Speaker, omar: Speaker, dev: Speaker
) -> None:
    grace.says("ask hr: our custodian's post has been empty for a month")
    dev.presses("Hand it on")
    dev.presses("Hand it on", unit="Facilities", words="The post is theirs.")
    dev.sees("It is with Facilities now")
    grace.sees("Human Resources handed your request on to Facilities")
    lena.sees("Human Resources handed this on to you", "The post is theirs.")
    dev.says("request 1")
    dev.sees("There is no such request of yours")
    dev.does_not_see("custodian")
    lena.presses("Name somebody")
    lena.presses("Give it to them", who=str(omar.id))
    lena.sees("Omar Diallo is told")
    omar.sees("Lena Voss asks you to see to this")
    assert newest(store).state == "new"  # to name somebody is no answer
    assert newest(store).owner_id == omar.id


def test_what_nobody_answers_goes_to_head_and_ild_once(
    chat: Chat, store: Store, grace: Speaker, imani: Speaker, lena: Speaker, omar: Speaker, tomas: Speaker
) -> None:
    ana = chat.person(email("ana.whitefeather"))
    ana.says("head of facilities is omar.diallo@district.example")
    ana.sees("Omar Diallo heads Facilities")
    grace.says(f"ask facilities: {ROOF}")
    grace.sees("Omar Diallo is told and has 3 school days")
    chat.move_to("2026-12-02 13:30")  # Thanksgiving took three days of the clock
    assert bring_up_unanswered(store, chat.now) == 0
    chat.move_to("2026-12-02 14:30")
    assert bring_up_unanswered(store, chat.now) == 1
    assert bring_up_unanswered(store, chat.now) == 0
    for one in (omar, imani):
        one.sees("Nobody of Facilities has answered this for 3 school days", ROOF)
    assert lena.collect() == tomas.collect() == []
    omar.says("request 1")
    omar.sees("Brought to the head of Facilities and the ILD on Wed 2 Dec")
    chat.move_to("2026-12-09 14:30")
    assert bring_up_unanswered(store, chat.now) == 0


def test_what_was_answered_in_time_is_not_brought_up(
    chat: Chat, store: Store, grace: Speaker, lena: Speaker
) -> None:
    chat.person(email("ana.whitefeather")).says("service clock: 1 school day")
    grace.says(f"ask facilities: {ROOF}")
    promise(lena, "2026-12-08")
    chat.move_to("2026-12-07 14:30")
    assert bring_up_unanswered(store, chat.now) == 0


def test_to_hand_it_on_does_not_begin_the_clock_anew(
    chat: Chat, store: Store, grace: Speaker, imani: Speaker, lena: Speaker, dev: Speaker
) -> None:
    grace.says(f"ask facilities: {ROOF}")
    for unit, other in ((lena, "Human Resources"), (dev, "Facilities"), (lena, "Human Resources")):
        chat.wait(minutes=30)
        unit.says("request 1")
        unit.presses("Hand it on")
        unit.presses("Hand it on", unit=other)
    chat.move_to("2026-12-02 14:30")
    assert bring_up_unanswered(store, chat.now) == 1
    imani.sees("Nobody of Human Resources has answered this for 3 school days")
    dev.sees("Nobody of Human Resources has answered this")
    chat.wait(minutes=30)
    dev.says("request 1")
    dev.presses("Hand it on")
    dev.presses("Hand it on", unit="Facilities")
    assert bring_up_unanswered(store, chat.now) == 0


def test_a_promised_day_that_passes_is_brought_up_once_with_whoever_promised(
    chat: Chat, store: Store, grace: Speaker, imani: Speaker, lena: Speaker, omar: Speaker
) -> None:
    grace.says(f"ask facilities: {ROOF}")
    promise(lena, "2026-12-04")
    for one in (grace, imani, omar):
        one.collect()
    chat.move_to("2026-12-04 15:00")
    assert watch_requests(store, chat.now) == 0
    chat.move_to("2026-12-07 10:00")
    assert [watch_requests(store, chat.now) for _tick in range(2)] == [1, 0]
    lena.sees("The day that was promised has passed", "promises Fri 4 Dec, which has passed")
    assert grace.collect() == imani.collect() == omar.collect() == []
    lena.presses("Promise another day")
    lena.presses("Promise it", day="2026-12-09")
    grace.sees("promises Wed 9 Dec")
    chat.move_to("2026-12-10 14:00")
    assert watch_requests(store, chat.now) == 1


def test_who_may_read_it_and_who_may_not(
    chat: Chat, store: Store, grace: Speaker, imani: Speaker, tomas: Speaker, dev: Speaker
) -> None:
    grace.says(f"ask facilities: {ROOF}")
    imani.says("service requests")
    imani.sees("Your schools: 1 request open, 1 not answered", "Lincoln Middle to Facilities", "the gym roof")
    imani.presses("Open")
    imani.sees(ROOF)
    imani.does_not_see("[Take it]", "[Decline]", "[Not needed any more]")
    strangers = [
        tomas,
        dev,
        *(chat.person(email(n)) for n in ("farid.haddad", "ruth.castellanos", "ana.whitefeather")),
    ]
    for stranger in strangers:
        for words in ("service requests", "request 1"):
            stranger.says(words)
        for step in ("promise", "decline", "confirm", "reopen", "withdraw"):
            stranger.presses_action(act("service.form", id=1, v=1, step=step))
            stranger.presses_action(act("service.put", id=1, v=1, step=step), words="no", day="2026-12-08")
        stranger.presses_action(act("service.open", id=1))
        assert "onto the stage" not in stranger.everything()
    assert newest(store).version == 1
    with store.read() as tx:
        assert list(tx.exec(select(ServiceStepRow))) == []


def test_an_old_button_shows_how_it_stands_now(grace: Speaker, lena: Speaker, omar: Speaker) -> None:
    grace.says(f"ask facilities: {ROOF}")
    omar.collect()
    promise(lena, "2026-12-08")
    omar.presses("Take it")
    omar.sees("It has moved on", "Lena Voss has it and promises Tue 8 Dec")


def test_a_day_that_has_passed_is_no_promise(grace: Speaker, lena: Speaker) -> None:
    grace.says(f"ask facilities: {ROOF}")
    promise(lena, "2026-11-23")
    lena.sees("That day has passed")
    lena.presses("Promise it", day="2026-12-08")
    lena.sees("promises Tue 8 Dec")


def test_an_unknown_unit_and_the_form(grace: Speaker) -> None:
    grace.says("ask plumbing: the tap in room 4 drips")
    grace.sees("I know no unit called “plumbing”", "the tap in room 4 drips", "[Send it]")
    grace.presses("Send it", unit="Facilities")
    grace.sees("It is request 1", "the tap in room 4 drips")


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("ask facilities to mend the tap in room 4", "to mend the tap in room 4"),
        ("Please ask the Facilities team about the boiler", "about the boiler"),
        ("ask human resources: when does the new clerk start?", "Lincoln Middle to Human Resources."),
        ("service request", "[Send it]"),
    ],
)
def test_ways_to_say_it(grace: Speaker, words: str, seen: str) -> None:
    grace.says(words)
    grace.sees(seen)


@pytest.mark.parametrize(
    "words",
    [
        "ask visits since September by month",
        "ask how many visits were held: all year",
        "ask my ILD: what now",
    ],
)
def test_other_things_that_are_asked_are_no_requests(store: Store, grace: Speaker, words: str) -> None:
    grace.says(words)
    with store.read() as tx:
        assert list(tx.exec(select(ServiceRequestRow))) == []
    grace.does_not_see("I know no unit")


def test_a_students_name_is_not_kept_and_a_colleagues_may_be(store: Store, grace: Speaker) -> None:
    grace.says("ask facilities: the student Dalia fell on the broken stair")
    grace.sees("seems to name a student")
    grace.says("ask human resources: Ms. Ferrante's contract is not signed")
    grace.sees("It is request 1")


def test_the_log_has_ids_and_no_words(store: Store, grace: Speaker, lena: Speaker) -> None:
    grace.says(f"ask facilities: {ROOF}")
    promise(lena, "2026-12-08")
    with store.read() as tx:
        rows = [row for row in tx.exec(select(AuditRow)) if row.object == "service_request:1"]
    assert [row.action for row in rows] == ["service_request.asked", "service_request.promise"]
    assert "roof" not in str([row.detail for row in rows])
