"""Story E: how often schools are visited, who may ask, and what is never answered."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from handlers.actions import act, key_of
from handlers.answers import insight
from handlers.cards import Card, Chart, Download
from handlers.district import load_district
from handlers.turn import Turn
from protocols.cadence.calendar import Half
from protocols.insight.query import Query
from storage import people, visits
from storage.database import Store
from storage.people import Role
from storage.tables import AssignmentRow, AuditRow, MeetingRow, PromiseRow, ProtectedLossRow, SchoolRow
from tests.chat import Chat, Speaker
from tests.district import NOW, email
from tests.played import Played

WEDNESDAY = "2026-11-18 10:00"
TODAY = date(2026, 11, 18)


@pytest.fixture
def chat(store: Store, played: Played) -> Chat:
    return played(store, ten_weeks_of_visits)


def ten_weeks_of_visits(store: Store) -> Chat:
    """Ten weeks of visits: Lincoln Middle every two weeks, Roosevelt High not since October, others now and then."""
    with store.begin() as tx:
        schools = {school.name: school for school in people.schools_on(tx, TODAY)}
        for name, days in {
            "Lincoln Middle": (
                "2026-09-10",
                "2026-09-24",
                "2026-10-08",
                "2026-10-22",
                "2026-11-05",
                "2026-11-12",
            ),
            "Roosevelt High": ("2026-09-15", "2026-10-05"),
            "Lincoln Elementary": ("2026-10-13",),
            "Harbor Elementary": ("2026-09-22", "2026-10-20", "2026-11-17"),
            "Juniper K-8": ("2026-11-10",),
        }.items():
            for day in days:
                visits.record_held(
                    tx,
                    school_id=schools[name].id,
                    ild_id=schools[name].ild_id or 0,
                    day=date.fromisoformat(day),
                    half=Half.AM,
                    kind="walkthrough",
                    minutes=60,
                    at=NOW,
                )
        executive = people.find_by_email(tx, email("ruth.castellanos"), on=TODAY)
        meeting = MeetingRow(
            requester_id=executive.id if executive else 0,
            office="Budget",
            topic="budget",
            audience="principals",
            day=date(2026, 11, 10),
            starts=540,
            minutes=90,
            state="overridden",
            created_at=NOW,
        )
        tx.add(meeting)
        tx.flush()
        for school in schools.values():
            tx.add(
                ProtectedLossRow(
                    day=date(2026, 11, 10).toordinal(),
                    half="am",
                    minutes=90,
                    person_id=school.principal_id or 0,
                    network=school.network,
                    office="Budget",
                    reason_class="board",
                    meeting_id=meeting.id,
                )
            )
    return Chat(store, at=WEDNESDAY)


def last_card(speaker: Speaker) -> Card:
    speaker.collect()
    return speaker.seen[-1]


def block(card: Card, kind: type) -> object:
    return next(each for each in card.blocks if isinstance(each, kind))


def test_visits_since_september_by_ild(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("visits since September by ILD")
    ruth.sees(
        "13 visits", "Imani Brooks 9, Tomás Rivera 4", "In 5 of 5 schools", "From 1 to 6 a school, median 2"
    )
    ruth.sees("Counted: visits held, by ILD, 1 Sep to 18 Nov", "I don't show what was said in visits")
    chart, file = block(last_card(ruth), Chart), block(last_card(ruth), Download)
    assert isinstance(chart, Chart)
    assert (chart.labels, chart.series[0].values) == (("Imani Brooks", "Tomás Rivera"), (9, 4))
    assert "Imani Brooks: 9" in chart.alternative
    assert isinstance(file, Download)
    assert "Imani Brooks,9" in file.content


def test_ilds_stand_in_the_order_of_their_names_and_not_of_their_figures(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("visits from 9 Nov to 17 Nov by ILD")
    ruth.sees("Imani Brooks 1, Tomás Rivera 2")
    ruth.says("share of time in schools since September")
    chart = block(last_card(ruth), Chart)
    assert isinstance(chart, Chart)
    assert chart.labels == ("Imani Brooks", "Tomás Rivera")


def test_schools_not_visited_for_three_weeks_the_longest_first(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("schools not visited for three weeks")
    ruth.sees(
        "2 schools of 5 not visited for 21 days or more",
        "Roosevelt High (44 days), Lincoln Elementary (36 days)",
    )


def test_this_semester_against_the_last_is_set_by_school_week(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("visits this semester against last semester")
    ruth.sees("13 visits", "Earlier: 0", "By school week")


def test_protected_time_kept_this_month_and_who_took_it(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("protected time kept this month")
    ruth.sees("93.3% of protected time was kept", "Taken by Budget (7.5 h)")
    ruth.says("and who took it?")
    ruth.sees("7.5 hours of principals' protected time were taken", "Budget 7.5 hours")


def test_a_follow_up_keeps_the_question_and_buttons_set_it_out_anew(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("visits in October")
    ruth.sees("5 visits")
    ruth.says("and in South Network?")
    ruth.sees("1 visit.", "South Network")
    ruth.presses("By school")
    ruth.sees("Harbor Elementary 1, Juniper K-8 0")


def test_every_question_on_a_button_is_understood(chat: Chat, store: Store) -> None:
    for name, role in (
        ("ruth.castellanos", Role.EXECUTIVE),
        ("imani.brooks", Role.ILD),
        ("mei.tanaka", Role.PRINCIPAL),
    ):
        speaker = chat.person(email(name))
        for question in insight.QUICK[role].values():
            with store.begin() as tx:
                turn = Turn(
                    tx=tx,
                    person=people.get_person(tx, speaker.id, on=TODAY),
                    now=chat.now,
                    district=load_district(tx),
                    key="test",
                )
                found = insight.ask(turn, question, context=None)
            assert "understood" in found, (name, question, found)
        speaker.says("questions")
        speaker.sees("Questions you can ask")


def test_a_principal_gets_the_own_school_and_no_other(chat: Chat) -> None:
    mei = chat.person(email("mei.tanaka"))
    mei.says("how many visits have we had since September?")
    mei.sees("2 visits", "Roosevelt High")
    mei.says("how many visits did Lincoln Middle have since September?")
    mei.sees("not yours to see", "[Show what I can]")
    mei.does_not_see("6 visits")


def test_an_ild_gets_her_own_network_and_no_other(chat: Chat) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("visits since September by school")
    imani.sees("9 visits", "Lincoln Middle 6")
    imani.does_not_see("Harbor")
    imani.says("how many visits has Tomás made?")
    imani.sees("not yours to see")


@pytest.mark.parametrize(
    ("question", "answer", "why"),
    [
        (
            "what did Mei Tanaka say in the last walkthrough?",
            "stays between the principal and their ILD",
            "content",
        ),
        ("who is the best ILD?", "I don't rank ILDs", "ranking"),
    ],
)
def test_a_refusal_is_kind_and_audited(
    chat: Chat, store: Store, question: str, answer: str, why: str
) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says(question)
    ruth.sees(answer, "[Show what I can]")
    with store.read() as tx:
        rows = list(tx.exec(select(AuditRow).where(AuditRow.action == "refused")))
    assert [(row.actor_id, row.detail) for row in rows] == [(ruth.id, {"why": why})]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "visits at Hogwarts in October",
            "I understood “visits held, 1 Oct to 31 Oct”, but got stuck at “hogwarts”.",
        ),
        (
            "how many visits by council members since October",
            "I understood “visits held, 1 Oct to 18 Nov”, but got stuck at visits by others than ILDs.",
        ),
        (
            "visits at Lincoln in October",
            "but not which school. Did you mean “visits held, Lincoln Elementary",
        ),
        ("how many visits and how many mandates", "I understood “visits held”, but not all of it."),
        ("what about October?", "I understood “1 Oct to 31 Oct”, but not what to count."),
        ("which number is it?", "I can count visits, gaps and protected time. Did you mean “"),
    ],
)
def test_what_was_not_understood_is_asked_back_with_what_was(chat: Chat, question: str, said: str) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says(question)
    ruth.sees(said, "Did you mean “")


def test_what_an_executive_looked_at_is_on_record(chat: Chat, store: Store) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("visits since September by ILD")
    with store.read() as tx:
        row = tx.exec(select(AuditRow).where(AuditRow.action == "question.answered")).one()
    assert Query.from_json(row.detail["understood"]).by == "ild"


def test_unseen_schools_are_counted_by_network(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("schools not visited for three weeks")
    ruth.presses("By network")
    ruth.sees("2 schools of 5", "North Network 2, South Network 0")


def test_a_month_is_shown_by_week(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("visits in October")
    chart = block(last_card(ruth), Chart)
    assert isinstance(chart, Chart)
    assert chart.labels == ("28 Sep", "5 Oct", "12 Oct", "19 Oct", "26 Oct")


def test_an_ilds_unseen_schools_are_her_own(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("which of Imani Brooks' schools were not visited for three weeks")
    ruth.sees("2 schools of 3 not visited")


def test_a_unit_gets_no_figures(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says("visits since September by ILD")
    dev.does_not_see("13 visits")


def test_a_cell_that_a_spreadsheet_would_run_is_made_text(chat: Chat, store: Store) -> None:
    with store.begin() as tx:
        school = tx.exec(select(SchoolRow).where(SchoolRow.name == "Juniper K-8")).one()
        school.name = "=HYPERLINK(1)"
        tx.add(school)
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("visits since September by school")
    file = block(last_card(ruth), Download)
    assert isinstance(file, Download)
    assert "'=HYPERLINK(1)" in file.content


def test_visits_nobody_settled_are_said_to_be_missing(chat: Chat, store: Store) -> None:
    with store.begin() as tx:
        school = people.schools_on(tx, TODAY)[0]
        day = TODAY - timedelta(days=5)
        visits.plan(tx, school_id=school.id, ild_id=school.ild_id or 0, day=day, half=Half.PM, at=NOW)
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("visits since September by ILD")
    ruth.sees("Missing: 1 planned visit of which")


def test_thanks_are_answered_and_not_taken_for_a_question(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("visits since September by ILD")
    for words in ("thanks", "Great, thank you!", "ok"):
        ruth.says(words)
        ruth.sees("You are welcome")
        ruth.does_not_see("13 visits")


def test_every_answer_says_how_it_is_spread(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    for question, *said in (
        ("what share of intervals was kept since September", "a school, median"),
        ("protected time kept this month", "93% for each school"),
        ("protected time lost this month by office", "1.5 hours for each school"),
        ("how evenly are visits spread since September", "of what its rhythm asks, median"),
        ("share of time in schools since September", "an ILD, median"),
        (
            "schools not visited for three weeks",
            "From 36 to 44 days a school seen before, median 40 days",
        ),
    ):
        ruth.says(question)
        ruth.sees(*said)


def test_the_longest_gap_says_what_is_open_now_and_what_was_the_longest_ever(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("longest gap between visits in October")
    ruth.sees(
        "Open now: Roosevelt High, 44 days since its last visit",
        "Longest ever between two visits: Harbor Elementary, 28 days (22 Sep 2026 to 20 Oct 2026)",
    )


def test_next_steps_and_mandates_say_what_became_of_them(chat: Chat, store: Store) -> None:
    with store.begin() as tx:
        school = people.schools_on(tx, TODAY)[0]
        for day, looked in ((date(2026, 10, 1), NOW), (date(2026, 10, 8), None)):
            tx.add(
                PromiseRow(
                    school_id=school.id,
                    owner_id=school.principal_id or 0,
                    what="Three notes",
                    by_when=day,
                    evidence="the notes",
                    looked_at=looked,
                    created_at=NOW,
                )
            )
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("share of visits with a next step since September")
    ruth.sees(
        "0% of 13 visits ended in a next step", "1 of 2 next steps that fell due then were looked at again"
    )
    ruth.does_not_see("Three notes", "the notes")
    ruth.says("mandates sent this month")
    ruth.sees("No digest went out then")


def test_a_kind_of_visit_may_begin_a_question(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("walkthrough visits since September by ILD")
    ruth.sees("13 visits", "walkthroughs held, by ILD")


def test_the_follow_up_keeps_the_question_by_button_and_by_word(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("visits since September by ILD")
    ruth.presses("And in North Network?")
    ruth.sees("9 visits", "North Network", "1 Sep to 18 Nov")
    ruth.presses("And in South Network?")
    ruth.sees("4 visits", "South Network")


def test_a_button_asks_of_its_own_network_after_another_was_added(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("visits since September by ILD")
    with chat.store.begin() as tx:  # comes before North by name
        row = tx.exec(select(AssignmentRow).where(AssignmentRow.network == "South Network")).first()
        assert row is not None
        row.network = "Lake Network"
        tx.add(row)
    ruth.presses("And in North Network?")
    ruth.sees("9 visits", "North Network")
    ruth.presses_action(act("insight.network", network=key_of("West Network"), question=1))
    ruth.sees("I don't have that network any more")
    ruth.presses_action(act("insight.quick", q="weather"))
    ruth.sees("older version")


def test_the_goal_for_time_in_schools_is_set_by_an_executive(chat: Chat) -> None:
    ruth, imani = chat.person(email("ruth.castellanos")), chat.person(email("imani.brooks"))
    ruth.says("share of time in schools since September by ILD")
    ruth.sees("Goal 50%", "points below it")
    ruth.says("goal for time in schools 63 %")
    ruth.sees("is 63% now")
    ruth.says("share of time in schools since September by ILD")
    chart = block(last_card(ruth), Chart)
    assert isinstance(chart, Chart)
    assert (chart.goal, chart.goal_label) == (63, "goal 63%")
    imani.says("goal for time in schools")
    imani.sees("63%", "50, 63 and 70%")
    imani.says("goal for time in schools 10 %")
    imani.sees("for administrators and executives")
    ruth.says("goal for time in schools 130 %")
    ruth.sees("from 1 to 100%")
