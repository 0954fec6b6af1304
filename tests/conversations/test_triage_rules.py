"""Rules an ILD makes in words: what they decide, how they are said, undone and ended."""

import pytest
from sqlmodel import col, select

from handlers.actions import act
from handlers.digest.digest_preview import remind_previews
from handlers.digest.digest_sending import send_digests
from storage.database import Store
from storage.tables import AuditRow, BufferRuleRow, TriageRow
from tests.chat import Chat, Speaker
from tests.district import email

TUESDAY = "2026-11-24 14:00"
ENROLMENT = "memo Schools must return the enrollment forms by December 11, 2026."
SURVEY = (
    "memo From: Office of Facilities\nTo: Principals\nDate: November 23, 2026\nSubject: Boiler survey\n\n"
    "Schools should return the boiler survey by December 18, 2026."
)


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at=TUESDAY)


@pytest.fixture
def dev(chat: Chat) -> Speaker:
    return chat.person(email("dev.patel"))


def triage(store: Store) -> list[TriageRow]:
    with store.read() as tx:
        return list(tx.exec(select(TriageRow).order_by(col(TriageRow.id))))


def test_a_rule_decides_in_her_name_for_her_own_schools_only(
    chat: Chat, store: Store, dev: Speaker, imani: Speaker, tomas: Speaker, grace: Speaker
) -> None:
    imani.says("enrolment forms: always to my clerk")
    imani.sees("A rule from now on.", "Enrolment forms: to my clerk", "you can undo it", "[End this rule]")
    dev.says(ENROLMENT)
    dev.sees("1 ILD gets a note")
    (row,) = triage(store)
    assert (row.ild_id, row.decided_by, row.decision) == (imani.id, imani.id, "off_plate")
    assert (row.taken_by, row.rule_id) == ("Imani Brooks's clerk", 1)
    imani.says("triage")
    imani.sees("Nothing waits for your decision")
    tomas.says("triage")
    tomas.sees("enrollment forms", "[Pass on]")
    dev.says("memo Payroll will send the list on December 2, 2026.")
    imani.says("pass on all suggested")
    chat.move_to("2026-11-30 06:30")
    send_digests(store, chat.now)
    grace.sees("Taken off your plate this week", "Imani Brooks's clerk: Return the enrollment forms")
    with store.read() as tx:
        decided = next(a for a in tx.exec(select(AuditRow)) if a.action == "triage.decided")
    assert (decided.actor_id, decided.detail["rule_id"]) == (imani.id, 1)


def test_what_it_did_is_one_line_in_the_overview_and_can_be_undone(
    chat: Chat, store: Store, dev: Speaker, imani: Speaker
) -> None:
    imani.says("always take surveys from Facilities off the plate")
    dev.says(SURVEY)
    imani.says("preview")
    imani.sees(
        "Your rules decided 1 in the past week: Surveys from Facilities: off the plate (1).", "[See them]"
    )
    chat.move_to("2026-12-04 13:00")
    dev.says(SURVEY.replace("boiler", "window"))
    assert remind_previews(store, chat.now) == 2
    imani.sees("Your rules decided 1 in the past week")
    imani.presses("See what rules decided")
    imani.sees("window survey", "by “always take surveys from Facilities off the plate”", "[Undo]")
    imani.presses("Undo")
    imani.sees("Back on your desk: Return the window survey")
    imani.presses("Decide")
    imani.sees("[Pass on]", "window survey")
    imani.says("triage")
    imani.sees("window survey")
    imani.says("my rules")
    imani.sees("It decided nothing in the past week")


def test_a_must_with_a_deadline_stays_on_her_desk_unless_somebody_does_it(
    store: Store, dev: Speaker, imani: Speaker
) -> None:
    imani.says("always take forms off the plate")
    imani.sees("What is required by a deadline stays on your desk: the rule does not say who does it instead")
    dev.says(ENROLMENT)
    assert triage(store) == []
    imani.says("triage")
    imani.sees("enrollment forms")
    imani.says("forms: always to the registrar")
    imani.sees("It fits 1 demand that waits now", "[Decide it so]")
    imani.presses("Decide it so")
    imani.sees("Decided by your rule: 1.", "[Undo]")
    assert [(row.decision, row.taken_by) for row in triage(store)] == [("off_plate", "the registrar")]


def test_rules_are_listed_and_ended(store: Store, dev: Speaker, imani: Speaker, tomas: Speaker) -> None:
    imani.says("my rules")
    imani.sees("You have no rules. Write one in words")
    imani.says("bus changes: always pass on")
    imani.says("always do room plans myself")
    imani.says("bus changes: always pass on")
    imani.sees("You have that rule already")
    imani.says("my rules")
    imani.sees("Bus changes: passed on", "Room plans: yours to do", "Since Tue 24 Nov")
    imani.says("end rule 3")
    imani.sees("You have 2 rules")
    imani.says("end rule 1")
    imani.sees("Ended: Bus changes: passed on")
    dev.says("memo Schools must post the bus changes by December 4, 2026.")
    assert triage(store) == []
    tomas.presses_action(act("rules.end", rule=2))
    tomas.sees("That rule was made by another ILD")
    tomas.presses_action(act("rules.apply", rule=2))
    tomas.sees("That rule was made by another ILD")
    tomas.says("my rules")
    tomas.does_not_see("Room plans")
    imani.presses_action(act("rules.end", rule=2))
    imani.sees("Ended: Room plans: yours to do")
    imani.presses_action(act("rules.end", rule=2))
    imani.sees("has ended already")
    with store.read() as tx:
        assert all(row.ended_at is not None for row in tx.exec(select(BufferRuleRow)))


def test_a_rule_about_everything_is_refused_and_other_words_are_no_rule(imani: Speaker, store: Store) -> None:
    imani.says("always pass on everything")
    imani.sees("That would fit everything")
    imani.says("The clerk is always late with the forms.")
    imani.does_not_see("A rule from now on")
    with store.read() as tx:
        assert tx.exec(select(BufferRuleRow)).first() is None


def test_somebodys_answer_that_sounds_like_a_rule_is_an_answer(
    imani: Speaker, chat: Chat, store: Store, dev: Speaker
) -> None:
    imani.says("walkthrough lincoln middle")
    imani.says("Table 2: always to the front of the room")
    with store.read() as tx:
        assert tx.exec(select(BufferRuleRow)).first() is None


def test_only_ilds_make_rules(dev: Speaker, grace: Speaker, store: Store) -> None:
    for somebody in (dev, grace):
        somebody.says("surveys: always off the plate")
    with store.read() as tx:
        assert tx.exec(select(BufferRuleRow)).first() is None


def test_an_undo_needs_a_rule_that_decided(dev: Speaker, imani: Speaker) -> None:
    dev.says(ENROLMENT)
    imani.says("triage")
    imani.presses("Pass on")
    imani.presses_action(act("rules.undo", demand=1, v=1))
    imani.sees("No rule has decided that")
