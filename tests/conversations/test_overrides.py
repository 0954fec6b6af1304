"""Overrides: a budget that runs out in the open, a second executive, emergencies, and a make-up slot at once."""

import pytest
from sqlmodel import col, select

from handlers.actions import act
from storage import people, record
from storage.database import Store
from storage.people import Role
from storage.tables import AuditRow, MeetingRow, MessageRow, ProtectedLossRow, VisitRow
from tests.chat import Chat, Speaker
from tests.district import email

MONDAY = "2026-11-30 10:00"
SENTENCE = "Drivers strike on Friday and routes change for every school."


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at=MONDAY)


@pytest.fixture
def dev(chat: Chat) -> Speaker:
    return chat.person(email("dev.patel"))


@pytest.fixture
def ruth(chat: Chat) -> Speaker:
    return chat.person(email("ruth.castellanos"))


@pytest.fixture
def ana(chat: Chat) -> Speaker:
    return chat.person(email("ana.whitefeather"))


def make_executive(chat: Chat, name: str = "ana.whitefeather") -> Speaker:
    """One more executive beside Ruth."""
    with chat.store.begin() as tx:
        person = people.find_by_email(tx, email(name), on=chat.now.date())
        assert person is not None
        people.grant_role(tx, person.id, Role.EXECUTIVE, unit=None, on=chat.now.date())
    return chat.person(email(name))


def take(dev: Speaker, ruth: Speaker, day: str, *, reason: str = "staffing") -> None:
    dev.says(f"meeting with principals {day} 9:00 about the strike plan")
    dev.presses("Ask for an override")
    ruth.presses("Override", reason=reason, sentence=SENTENCE)


def states(store: Store) -> list[str]:
    with store.read() as tx:
        return list(tx.exec(select(MeetingRow.state).order_by(col(MeetingRow.id))))


# ---------------------------------------------------------------- the budget


def test_each_notice_says_how_much_of_the_budget_is_gone(chat: Chat, dev: Speaker, ruth: Speaker) -> None:
    mei = chat.person(email("mei.tanaka"))
    take(dev, ruth, "Tue 1 Dec")
    mei.sees("takes protected time", SENTENCE, "1 of 3 this term")
    take(dev, ruth, "Thu 3 Dec")
    ruth.sees("2 of 3 this term")
    mei.collect()
    assert "2 of 3 this term" in mei.everything()


def test_everybody_can_see_the_budgets(dev: Speaker, ruth: Speaker) -> None:
    take(dev, ruth, "Tue 1 Dec")
    dev.says("overrides")
    dev.sees("Human Resources", "1 of 3", "another executive must second it")


def test_the_administrator_sets_the_budget(dev: Speaker, ruth: Speaker, ana: Speaker) -> None:
    ana.says("overrides: 4 a term for each office")
    ana.sees("4 a term for each office")
    ana.says("overrides: 1 a term for human resources")
    ana.sees("1 a term for Human Resources")
    take(dev, ruth, "Tue 1 Dec")
    ruth.sees("1 of 1 this term")
    ana.says("overrides: 1 a term for Pirates")
    ana.sees("I don't know an office", "Human Resources")
    dev.says("overrides: 9 a term for Human Resources")
    dev.sees("is for administrators")


def test_beyond_the_budget_another_executive_seconds_and_everybody_reads_both_names(
    chat: Chat, dev: Speaker, ruth: Speaker, ana: Speaker, store: Store
) -> None:
    ana.says("overrides: 1 a term for each office")
    second = make_executive(chat)
    take(dev, ruth, "Tue 1 Dec")
    take(dev, ruth, "Thu 3 Dec")
    ruth.sees(
        "the budget has run out", "Ana Whitefeather was asked to second it", "until then it stays protected"
    )
    assert states(store) == ["overridden", "to_second"]
    second.sees("Second an override", SENTENCE, "1 of 1 this term", "so it needs you as well")
    second.presses("Second it")
    second.sees("Recorded", "2 this term, 1 more than the 1 it has")
    assert states(store) == ["overridden", "overridden"]
    chat.person(email("mei.tanaka")).sees("Ruth Castellanos, seconded by Ana Whitefeather")
    with store.read() as tx:
        last = tx.exec(select(MeetingRow).order_by(col(MeetingRow.id).desc())).first()
    assert last is not None
    assert (last.decided_by, last.seconded_by) == (ruth.id, second.id)


def test_nobody_seconds_their_own_override(
    chat: Chat, dev: Speaker, ruth: Speaker, ana: Speaker, store: Store
) -> None:
    ana.says("overrides: 0 a term for each office")
    make_executive(chat)
    take(dev, ruth, "Tue 1 Dec")
    ruth.presses_action(act("meeting.second", meeting=1, v=3))
    ruth.sees("Another executive seconds it")
    dev.presses_action(act("meeting.second", meeting=1, v=3))
    dev.sees("Only an executive may take protected time")
    assert states(store) == ["to_second"]


def test_an_override_that_is_not_seconded_stays_with_schools_and_both_read_so(
    chat: Chat, dev: Speaker, ruth: Speaker, ana: Speaker, store: Store
) -> None:
    ana.says("overrides: 0 a term for each office")
    second = make_executive(chat)
    take(dev, ruth, "Tue 1 Dec")
    second.presses("Keep it protected")
    ruth.sees("Tue 1 Dec 9:00 stays with schools")
    dev.sees("Tue 1 Dec 9:00 stays with schools", "Free for all of them")
    second.presses("Second it")
    second.sees("Already settled")
    assert states(store) == ["withdrawn"]


def test_without_a_second_executive_a_budget_that_has_run_out_is_the_end(
    dev: Speaker, ruth: Speaker, ana: Speaker, store: Store
) -> None:
    ana.says("overrides: 0 a term for each office")
    take(dev, ruth, "Tue 1 Dec")
    ruth.sees("The budget has run out, and no other executive is in the roster")
    assert states(store) == ["asked"]


def test_whoever_is_named_for_it_decides_beyond_the_budget_alone(
    chat: Chat, dev: Speaker, ruth: Speaker, ana: Speaker, store: Store
) -> None:
    ana.says("overrides: 0 a term for each office")
    ana.says("overrides beyond the budget: Dev Patel")
    ana.sees("It has to be an executive: Ruth Castellanos")
    ana.says("overrides beyond the budget: Ruth Castellanos")
    ana.sees("When a budget has run out, Ruth Castellanos decides")
    other = make_executive(chat)
    dev.says("meeting with principals Tue 1 Dec 9:00 about the strike plan")
    dev.presses("Ask for an override")
    other.sees("only Ruth Castellanos can decide")
    ruth.presses("Override", reason="staffing", sentence=SENTENCE)
    ruth.sees("Recorded", "1 this term, 1 more than the 0 it has")
    assert states(store) == ["overridden"]


def test_a_budget_is_for_a_term(chat: Chat, dev: Speaker, ruth: Speaker) -> None:
    take(dev, ruth, "Tue 1 Dec")
    chat.move_to("2027-02-01 10:00")
    take(dev, ruth, "Tue 9 Feb")
    ruth.sees("1 of 3 this term")


# ---------------------------------------------------------------- emergencies


def test_safety_passes_at_once_without_a_budget_and_is_told_in_protected_time(
    chat: Chat, dev: Speaker, ruth: Speaker, ana: Speaker, store: Store
) -> None:
    ana.says("overrides: 0 a term for each office")
    chat.move_to("2026-12-01 08:00")  # Tuesday morning, protected
    dev.says("meeting with principals Tue 1 Dec 9:00 about the gas leak")
    dev.presses("It is about safety")
    dev.sees("They have it at once")
    ruth.sees("about the gas leak")
    ruth.presses("Override", sentence="Gas was smelt in two schools this morning.")
    ruth.sees(
        "Everyone concerned reads your reason at once", "Emergencies are counted apart: 1 of Human Resources"
    )
    mei = chat.person(email("mei.tanaka"))
    mei.sees("An emergency takes protected time", "Gas was smelt", "counted apart")
    with store.read() as tx:
        assert set(tx.exec(select(ProtectedLossRow.reason_class))) == {"safety"}
    dev.says("overrides")
    dev.sees("0 of 0")


def test_an_ordinary_override_waits_for_open_time(chat: Chat, dev: Speaker, ruth: Speaker) -> None:
    chat.move_to("2026-12-01 08:00")  # Tuesday morning, protected
    dev.says("meeting with principals Thu 3 Dec 9:00 about the strike plan")
    dev.presses("Ask for an override")
    assert ruth.collect() == []
    chat.move_to("2026-12-01 12:00")
    ruth.presses("Override", reason="board", sentence=SENTENCE)
    chat.person(email("mei.tanaka")).sees("takes protected time")


def test_a_notice_that_would_come_after_its_meeting_does_not_wait(
    chat: Chat, dev: Speaker, ruth: Speaker
) -> None:
    chat.move_to("2026-12-01 08:00")  # Tuesday morning, protected
    dev.says("meeting with principals Tue 1 Dec 10:00 about the strike plan")
    dev.presses("Ask for an override")
    ruth.presses("Override", reason="board", sentence=SENTENCE)
    chat.person(email("mei.tanaka")).sees("takes protected time", SENTENCE)


# ---------------------------------------------------------------- visits fall out and are made good


def test_a_displaced_visit_falls_out_with_a_make_up_slot_and_is_made_good_when_that_is_held(
    chat: Chat, dev: Speaker, ruth: Speaker, store: Store
) -> None:
    imani, grace = chat.person(email("imani.brooks")), chat.person(email("grace.lindqvist"))
    imani.says("plan Lincoln Middle Tue 1 Dec 8:30")
    dev.says("meeting with principals Tue 1 Dec 9:00 about the strike plan")
    dev.sees("1 visit would move")
    dev.presses("Ask for an override")
    ruth.presses("Override", reason="staffing", sentence=SENTENCE)
    ruth.sees("Lincoln Middle, Tue 1 Dec 8:30, falls out; proposed instead: Thu 3 Dec 8:30")
    grace.sees("Tue 1 Dec 8:30 falls out", "[Hold Thu 3 Dec 8:30]")
    imani.sees("Tue 1 Dec 8:30 falls out", "[Hold Thu 3 Dec 8:30]")
    imani.does_not_see("[Hold Tue 1 Dec 8:30]")
    imani.presses("Hold Thu 3 Dec 8:30")
    with store.read() as tx:
        out, instead = tx.exec(select(VisitRow).order_by(col(VisitRow.id))).all()
    assert (out.status, out.cancelled_by, out.displaced_by) == ("cancelled", "central_office", 1)
    assert out.made_good_by == instead.id
    chat.move_to("2026-12-03 11:00")
    imani.says("visited Lincoln Middle 60 min")
    with store.read() as tx:
        assert tx.get_one(VisitRow, instead.id).status == "held"


def test_two_displaced_visits_of_one_ild_are_offered_different_half_days(
    chat: Chat, dev: Speaker, ruth: Speaker, store: Store
) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("plan Lincoln Middle Tue 1 Dec 8:30")
    imani.says("plan Roosevelt Thu 3 Dec 8:30")
    dev.says("meeting with principals Tue 1 Dec 9:00 about the strike plan")
    dev.presses("Ask for an override")
    ruth.presses("Override", reason="staffing", sentence=SENTENCE)
    ruth.sees("Lincoln Middle, Tue 1 Dec 8:30, falls out; proposed instead: Tue 8 Dec 8:30")
    with store.read() as tx:
        kept = tx.exec(select(VisitRow).where(VisitRow.status == "planned")).all()
    assert len(kept) == 1


def test_a_visit_that_has_begun_is_not_pushed_out(
    chat: Chat, dev: Speaker, ruth: Speaker, store: Store
) -> None:
    chat.person(email("imani.brooks")).says("plan Lincoln Middle Tue 1 Dec 8:30")
    chat.move_to("2026-12-01 09:00")
    dev.says("meeting with principals Tue 1 Dec 11:00 about the gas leak")
    dev.presses("It is about safety")
    ruth.presses("Override", sentence="Gas was smelt in two schools this morning.")
    with store.read() as tx:
        assert tx.exec(select(VisitRow.status)).one() == "planned"


def test_only_those_lose_protected_time_for_whom_it_was_protected(
    chat: Chat, dev: Speaker, ruth: Speaker, ana: Speaker, store: Store
) -> None:
    ana.says("protect Friday morning for South Network")
    ana.presses("Put in force")
    dev.says("meeting with principals Fri 4 Dec 9:00 about buses")
    dev.presses("Ask for an override")
    ruth.presses("Override", reason="other", sentence=SENTENCE)
    with store.read() as tx:
        losses = tx.exec(select(ProtectedLossRow.network)).all()
    assert losses == ["South Network", "South Network"]


def test_the_log_has_classes_and_ids_never_the_sentence(dev: Speaker, ruth: Speaker, store: Store) -> None:
    take(dev, ruth, "Tue 1 Dec")
    with store.read() as tx:
        details = [str(row.detail) for row in tx.exec(select(AuditRow))]
        kinds = set(tx.exec(select(MessageRow.kind)))
        assert record.get_setting(tx, "override_budget") is None
    assert not any("strike" in detail for detail in details)
    assert {"override", "override-notice"} <= kinds
