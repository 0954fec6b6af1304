"""The policy of protected time in chat: what a change would do, and putting it in force."""

import pytest
from sqlmodel import select

from handlers.actions import act
from storage import calendar
from storage.database import Store
from storage.tables import AuditRow, PersonRow
from tests.chat import Chat, Speaker
from tests.district import email


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-11-30 10:00")


@pytest.fixture
def ana(chat: Chat) -> Speaker:
    return chat.person(email("ana.whitefeather"))


@pytest.fixture
def dev(chat: Chat) -> Speaker:
    return chat.person(email("dev.patel"))


def test_anybody_can_see_which_half_days_are_protected(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says("protected time")
    dev.sees("Tuesday morning", "Thursday morning", "for everybody")


def test_a_newly_protected_half_day_refuses_meetings_at_once(chat: Chat) -> None:
    ana, dev = chat.person(email("ana.whitefeather")), chat.person(email("dev.patel"))
    ana.says("protect Wednesday afternoon because visits come first")
    ana.sees("Wednesday afternoon is protected from today on", "Put in force")
    ana.presses("Put in force")
    dev.says("meeting with principals Wed 13:00 about buses")
    dev.sees("Wednesday afternoon belongs to schools", "visits come first")
    ana.says("open wed afternoon")
    ana.sees("is open from today on")
    ana.presses("Put in force")
    dev.says("meeting with principals Wed 13:00 about buses")
    dev.sees("is free for 5 principals")


def test_one_network_can_have_its_own(chat: Chat) -> None:
    ana, dev = chat.person(email("ana.whitefeather")), chat.person(email("dev.patel"))
    ana.says("protect fri morning for South Network")
    ana.presses("Put in force")
    dev.says("meeting with north network Fri 9:00 about buses")
    dev.sees("is free for 3 principals")
    dev.says("meeting with south network Fri 9:00 about buses")
    dev.sees("Friday morning belongs to schools")


@pytest.mark.parametrize("network", ["North", "network North", "the north network", "North Network"])
def test_a_network_is_known_with_or_without_the_word(ana: Speaker, network: str) -> None:
    ana.says(f"protect Friday mornings for {network}")
    ana.sees("North Network")


def test_only_the_administrator_changes_protected_time(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says("protect Wednesday afternoon")
    dev.sees("is for administrators")
    dev.says("protected time")
    dev.does_not_see("Wednesday")


def test_a_change_shows_what_it_would_do_and_does_nothing_before_the_press(
    ana: Speaker, dev: Speaker
) -> None:
    ana.says(
        "protect Tuesday and Thursday afternoons for North Network from 4 January to 11 June because visits come first"
    )
    ana.sees(
        "Tuesday afternoon and Thursday afternoon are protected from Mon 4 Jan to Fri 11 Jun, for North Network",
        "North Network: 2 half-days a week now, 4 then (40% of the school week)",
        "46 half-days become protected",
        "544 hours a person in 2026-27",
        "184 more than now",
        "Nothing is different until you press",
    )
    dev.says("protected time")
    dev.does_not_see("North Network")
    ana.presses("Put in force")
    ana.sees("In force.", "Thursday afternoon are protected from Mon 4 Jan to Fri 11 Jun")
    dev.says("meeting with north network Tue 12 Jan 13:00 about buses")
    dev.sees("It is protected from Mon 4 Jan on, for North Network: visits come first")
    dev.says("protected time")
    dev.sees(
        "North Network from Mon 4 Jan", "from Mon 4 Jan to Fri 11 Jun, for North Network: visits come first"
    )


def test_leave_it_leaves_it(ana: Speaker, store: Store) -> None:
    ana.says("protect Friday mornings")
    ana.presses("Leave it")
    ana.sees("Left as it was")
    with store.read() as tx:
        assert len(calendar.load_rules(tx)) == 2
    ana.presses("Put in force")
    ana.sees("Already settled", "was left as it was")


def test_a_press_after_the_policy_has_changed_is_refused(ana: Speaker, store: Store) -> None:
    ana.says("protect Friday mornings")
    ana.says("protect Wednesday mornings")
    ana.presses("Put in force")
    change = act("protected.put", change=1, v=1)
    ana.presses_action(change)
    ana.sees("have changed since I showed you this", "protect Friday mornings")
    with store.read() as tx:
        assert sorted(rule.weekday for rule in calendar.load_rules(tx)) == [1, 2, 3]


def test_a_press_on_another_day_is_refused(chat: Chat, ana: Speaker) -> None:
    ana.says("protect Friday mornings")
    chat.wait(days=1)
    ana.presses("Put in force")
    ana.sees("have changed since I showed you this")


def test_the_button_is_the_administrators(ana: Speaker, dev: Speaker) -> None:
    ana.says("protect Friday mornings")
    dev.presses_action(act("protected.put", change=1, v=1))
    dev.sees("kept by the administrator")


def test_an_exception_opens_one_day_and_tells_which_visits_lose_protection(
    chat: Chat, ana: Speaker, dev: Speaker
) -> None:
    chat.person(email("imani.brooks")).says("plan Lincoln Middle Tue 8 Dec 8:30")
    ana.says("open Tuesday 8 December morning because of the board hearing")
    ana.sees(
        "Tue 8 Dec morning is open for everybody, because of the board hearing",
        "Everybody: 2 half-days a week as before (20% of the school week)",
        "1 half-day becomes open",
        "1 planned visit loses its protection",
        "Lincoln Middle",
    )
    dev.says("meeting with principals Tue 8 Dec 10:00 about the hearing")
    dev.sees("Tuesday morning belongs to schools")
    ana.presses("Put in force")
    dev.says("meeting with south network Tue 8 Dec 10:00 about the hearing")
    dev.sees("is free for 2 principals")
    dev.says("meeting with south network Tue 15 Dec 10:00 about the hearing")
    dev.sees("Tuesday morning belongs to schools")
    dev.says("protected time")
    dev.sees("Open all the same", "Tue 8 Dec morning")


def test_an_exception_is_taken_back_by_protecting_the_day(ana: Speaker, dev: Speaker) -> None:
    ana.says("open Tuesday 8 December morning because of the board hearing")
    ana.presses("Put in force")
    ana.says("protect Tuesday 8 December morning")
    ana.sees("Tue 8 Dec morning is protected again; the exception goes")
    ana.presses("Put in force")
    dev.says("meeting with principals Tue 8 Dec 10:00 about the hearing")
    dev.sees("Tuesday morning belongs to schools")


def test_exceptions_can_stand_in_the_rules_own_sentence(ana: Speaker, dev: Speaker) -> None:
    ana.says("protect Wednesday mornings except the last week of May")
    ana.sees("Wednesday morning is protected from today on")
    ana.says("protect Wednesday mornings for South Network except the second week of December")
    ana.sees("Wed 9 Dec morning is open for South Network")
    ana.presses("Put in force")
    dev.says("meeting with south network Wed 9 Dec 9:00 about buses")
    dev.sees("is free for 2 principals")
    dev.says("meeting with south network Wed 16 Dec 9:00 about buses")
    dev.sees("Wednesday morning belongs to schools")


def test_a_booked_meeting_that_falls_in_it_is_named_and_stays(ana: Speaker, dev: Speaker) -> None:
    dev.says("meeting with principals Wed 13:00 about buses")
    dev.presses("Book it")
    ana.says("protect Wednesday afternoons")
    ana.sees("1 booked meeting falls in it and stays booked", "Wed 2 Dec 13:00", "buses", "Human Resources")


def test_the_past_is_never_rewritten(chat: Chat, ana: Speaker, store: Store) -> None:
    chat.move_to("2026-12-01 14:00")  # a Tuesday afternoon; its protected morning is over
    ana.says("open Tuesday morning")
    ana.sees("Tuesday morning is open from Wed 2 Dec on")
    ana.presses("Put in force")
    with store.read() as tx:
        tuesday = next(rule for rule in calendar.load_rules(tx) if rule.weekday == 1)
    assert tuesday.ends is not None
    assert tuesday.ends.isoformat() == "2026-12-01"
    ana.says("protect Tuesday morning from 3 November")
    ana.sees("is past")


def test_a_change_is_in_the_audit_log_with_counts_only(ana: Speaker, store: Store) -> None:
    ana.says("protect Friday mornings because of a secret plan")
    ana.presses("Put in force")
    with store.read() as tx:
        row = tx.exec(select(AuditRow).where(AuditRow.action == "protected_time.changed")).one()
    assert row.detail == {"rules": 1, "ends": 0, "openings": 0}


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("protect Tuesday morning", "protected already"),
        ("open Monday morning", "is not protected"),
        ("open Tuesday morning for North Network", "is protected for everybody. Say until when"),
        ("protect Friday morning for the pirates", "don't know whom"),
        ("protect Tuesday", "Which half of Tuesday?"),
        ("protect Sunday morning", "no school on Sunday"),
        ("open Friday 4 December morning", "Nothing is protected then"),
        ("protect Wednesday 8 December morning", "is a Tue, not a Wed"),
    ],
)
def test_what_cannot_be_done_says_why(ana: Speaker, words: str, answer: str) -> None:
    ana.says(words)
    ana.sees(answer)


def test_a_meeting_is_refused_by_the_clock_of_those_it_calls(chat: Chat, dev: Speaker, store: Store) -> None:
    """An ILD and her colleagues in the East, a principal in the Central zone: 12:30 there is 11:30 here."""
    with store.begin() as tx:
        peter = tx.exec(select(PersonRow).where(PersonRow.email == email("peter.novak"))).one()
        peter.zone = "America/Chicago"
        tx.add(peter)
    dev.says("meeting with north network Tue 12:30 about buses")
    dev.sees("is free for 3 principals")
    dev.says("meeting with Juniper Tue 12:30 about buses")
    dev.sees("Tuesday morning belongs to schools", "[Take Tue 1 Dec 13:00]")
    dev.presses("Take Tue 1 Dec 13:00")
    chat.person(email("peter.novak")).sees("Tue 1 Dec 12:00")


@pytest.mark.parametrize("platform", ["slack", "playground"])
def test_the_week_and_a_change_can_be_drawn_where_people_read_them(
    chat: Chat, ana: Speaker, platform: str
) -> None:
    ana.platform = platform
    ana.says("open Tuesday 8 December morning because of the board hearing")
    ana.presses("Put in force")
    ana.says("protected time")
    ana.sees("Morning", "everybody", "open", "Tue 8 Dec morning")
