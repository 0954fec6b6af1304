"""Visits fall out together, and the coming weeks are repaired: one message, agreed visits stay."""

from datetime import date

import pytest
from sqlmodel import select

from handlers.actions import act
from handlers.cadence.visit_repair import repair_closed_days
from handlers.cards import buttons_of
from protocols.cadence.calendar import Closure, ClosureKind
from storage import calendar
from storage.database import Store
from storage.tables import VisitRow
from tests.chat import Chat, Speaker
from tests.conversations.test_visits import add_held
from tests.district import email


@pytest.fixture
def chat(store: Store) -> Chat:
    for school in ("Roosevelt High", "Lincoln Middle", "Lincoln Elementary"):
        add_held(store, school, date(2026, 11, 24))
    return Chat(store, at="2026-11-30 10:00")


def plan_three(imani: Speaker) -> None:
    for words in (
        "plan roosevelt thu 8:30",
        "plan lincoln middle fri 9:00",
        "plan lincoln elementary 15 dec 8:30",
    ):
        imani.says(words)


def standing(store: Store) -> dict[str, list[tuple[str, date]]]:
    """Status -> (cancelled by, day) in order."""
    found: dict[str, list[tuple[str, date]]] = {}
    with store.read() as tx:
        for row in tx.exec(select(VisitRow).where(VisitRow.status != "held").order_by(VisitRow.day)):
            found.setdefault(row.status, []).append((row.cancelled_by or "", date.fromordinal(row.day)))
    return found


def test_an_ild_who_is_away_gets_one_proposal_and_holds_it(chat: Chat, store: Store, imani: Speaker) -> None:
    plan_three(imani)
    imani.says("I am away 3 to 4 Dec")
    imani.sees(
        "Noted: away Thu 3 Dec to Fri 4 Dec",
        "2 visits fall out; nothing else moves",
        "Roosevelt High, Thu 3 Dec 8:30, falls out",
        "Instead: ",
        "[Hold these]",
        "[Choose myself]",
    )
    imani.does_not_see("Lincoln Elementary")
    before = standing(store)
    assert [by for by, _ in before["cancelled"]] == ["ild", "ild"]
    assert before["planned"] == [("", date(2026, 12, 15))]
    imani.presses("Hold these")
    imani.sees("Held: Roosevelt High", "Lincoln Middle")
    after = standing(store)
    assert len(after["planned"]) == 3
    assert ("", date(2026, 12, 15)) in after["planned"]
    days = [day for _, day in after["planned"]]
    assert len(set(days)) == 3
    assert not {date(2026, 12, 3), date(2026, 12, 4)} & set(days)
    with store.read() as tx:
        rows = tx.exec(select(VisitRow).where(VisitRow.status == "cancelled")).all()
    assert all(row.made_good_by for row in rows)
    imani.presses("Hold these")
    imani.sees("settled already")
    chat.person(email("mei.tanaka")).sees("Thu 3 Dec 8:30 is off. Away.")


def test_nothing_is_planned_on_days_that_somebody_is_away(chat: Chat, imani: Speaker) -> None:
    imani.says("I am away until 10 Dec")
    imani.sees("No visit falls out, and none will be planned then")
    imani.says("plan")
    imani.does_not_see("Thu 3 Dec", "Tue 8 Dec", "Thu 10 Dec")


def test_a_principal_who_is_ill_lets_the_ild_know_with_a_proposal(
    chat: Chat, store: Store, imani: Speaker
) -> None:
    plan_three(imani)
    mei = chat.person(email("mei.tanaka"))
    mei.says("I'm ill Thursday")
    mei.sees("Noted: ill Thu 3 Dec", "Roosevelt High Thu 3 Dec 8:30: off", "Imani Brooks gets a proposal")
    chat.move_to("2026-11-30 12:30")
    imani.collect()
    told = imani.everything()
    assert told.count("Mei Tanaka is ill Thu 3 Dec") == 1
    imani.presses("Hold these")
    imani.sees("Held: Roosevelt High")
    assert [by for by, _ in standing(store)["cancelled"]] == ["principal"]


def test_the_half_day_of_a_principal_who_is_ill_is_offered_where_it_is_needed(
    chat: Chat, store: Store, imani: Speaker
) -> None:
    imani.says("plan roosevelt thu 10 dec 8:30")
    mei = chat.person(email("mei.tanaka"))
    mei.says("I'm ill Thursday 10 Dec")
    mei.sees("Noted: ill Thu 10 Dec")
    chat.move_to("2026-11-30 12:30")
    imani.collect()
    assert "Thu 10 Dec 8:30 is free now. Lincoln Middle would gain most" in imani.everything()
    imani.presses("Hold it for Lincoln Middle")
    imani.sees("Held: Lincoln Middle, Thu 10 Dec 8:30")


def test_choosing_oneself_shows_the_free_half_days(chat: Chat, imani: Speaker) -> None:
    plan_three(imani)
    imani.says("I am sick on Thursday")
    imani.presses("Choose myself")
    imani.sees("The next slot for Roosevelt High is", "[Hold ")
    imani.does_not_see("[Hold Thu 3 Dec")


def test_a_proposal_that_is_old_is_shown_anew(chat: Chat, imani: Speaker) -> None:
    plan_three(imani)
    imani.says("I am ill on Thursday")
    for words in (
        "plan lincoln middle tue 8 dec 8:30",
        "plan lincoln middle 10 dec 8:30",
        "plan lincoln middle 15 dec 9:00",
    ):
        imani.says(words)
    imani.presses("Hold these")
    imani.sees("The plan has changed since")


def test_a_snow_day_this_morning_is_repaired_in_one_message(chat: Chat, store: Store, imani: Speaker) -> None:
    plan_three(imani)
    assert repair_closed_days(store, chat.now) == 0
    chat.move_to("2026-12-03 06:10")
    with store.begin() as tx:
        snow = Closure(date(2026, 12, 3), date(2026, 12, 4), ClosureKind.SNOW, "Ice storm")
        calendar.put_closure(tx, snow, source="tests", uid="ice")
    assert repair_closed_days(store, chat.now) == 2
    assert repair_closed_days(store, chat.now) == 0
    chat.move_to("2026-12-07 10:00")
    imani.collect()
    assert imani.everything().count("No school: Ice storm") == 1
    assert [by for by, _ in standing(store)["cancelled"]] == ["weather", "weather"]
    imani.presses("Hold these")
    imani.sees("Held: Roosevelt High")
    chat.person(email("mei.tanaka")).sees("is off. Ice storm")


def test_two_visits_swap_and_both_principals_know(chat: Chat, store: Store, imani: Speaker) -> None:
    plan_three(imani)
    imani.says("swap roosevelt and lincoln elementary")
    imani.sees(
        "Swapped: Roosevelt High Tue 15 Dec 8:30",
        "school days over its rhythm",
        "Lincoln Elementary Thu 3 Dec 8:30",
    )
    assert [day for _, day in standing(store)["planned"]] == [
        date(2026, 12, 3),
        date(2026, 12, 4),
        date(2026, 12, 15),
    ]
    chat.move_to("2026-11-30 12:30")
    chat.person(email("mei.tanaka")).sees("moves from Thu 3 Dec 8:30 to Tue 15 Dec 8:30")
    chat.person(email("farid.haddad")).sees("moves from Tue 15 Dec 8:30 to Thu 3 Dec 8:30")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("swap roosevelt and roosevelt", "same school twice"),
        ("I am away 5 to 3 Dec", "is before"),
        ("I am away 30 to 31 Feb", "There is no day"),
        ("I am away blurb", "I can't read"),
    ],
)
def test_what_cannot_be_read_changes_nothing(
    chat: Chat, store: Store, imani: Speaker, words: str, answer: str
) -> None:
    plan_three(imani)
    imani.says(words)
    imani.sees(answer)
    assert "cancelled" not in standing(store)


def test_a_walkthrough_that_has_begun_on_a_day_without_school_takes_place(chat: Chat, store: Store) -> None:
    chat.move_to("2026-12-05 10:00")  # a Saturday: an open day, say
    imani = chat.person(email("imani.brooks"))
    imani.says("walkthrough lincoln middle")
    assert repair_closed_days(store, chat.now) == 0
    with store.read() as tx:
        assert [
            row.status for row in tx.exec(select(VisitRow)) if row.day == date(2026, 12, 5).toordinal()
        ] == ["planned"]


def plan_ten(imani: Speaker) -> None:
    """A visit each morning and afternoon of five school days."""
    for day in ("7 dec", "8 dec", "9 dec", "10 dec", "11 dec"):
        imani.says(f"plan roosevelt {day} 8:30")
        imani.says(f"plan lincoln middle {day} 13:00")


def test_more_than_eight_are_turned_over_and_each_page_is_held(
    chat: Chat, store: Store, imani: Speaker
) -> None:
    plan_ten(imani)
    imani.says("I am away 7 to 11 Dec")
    imani.sees(
        "10 visits fall out; nothing else moves. The first 8:",
        "Roosevelt High, Mon 7 Dec 8:30, falls out",
        "Lincoln Middle, Thu 10 Dec 13:00, falls out",
        "[Hold these]",
        "[The other 2]",
    )
    imani.does_not_see("Fri 11 Dec 8:30, falls out")
    imani.presses("The other 2")
    imani.sees(
        "The last 2:", "Roosevelt High, Fri 11 Dec 8:30, falls out", "Lincoln Middle, Fri 11 Dec 13:00"
    )
    imani.does_not_see("Mon 7 Dec", "[The other")
    first = next(button for card in imani.seen for button in buttons_of(card) if button.label == "Hold these")
    imani.presses_action(first.action)
    imani.sees("Held: ")
    held = len(standing(store)["planned"])
    assert held > 0
    imani.presses_action(first.action)  # what was held is on no page any more
    assert len(standing(store)["planned"]) == held
    assert len({(day, by) for by, day in standing(store)["planned"]}) == held


def test_pages_are_for_the_ild_whose_they_are(chat: Chat, imani: Speaker, tomas: Speaker) -> None:
    plan_ten(imani)
    imani.says("I am away 7 to 11 Dec")
    imani.collect()
    other = next(
        button for card in imani.seen for button in buttons_of(card) if button.label == "The other 2"
    )
    tomas.presses_action(other.action)
    tomas.sees("You are neither there")
    tomas.does_not_see("Roosevelt")
    imani.presses_action(act("repair.more", ild=imani.id, first=-5, last=3, after=0))
    imani.sees("from an older version")


def test_a_snow_week_of_many_visits_is_one_message(chat: Chat, store: Store, imani: Speaker) -> None:
    plan_ten(imani)
    with store.begin() as tx:
        snow = Closure(date(2026, 12, 7), date(2026, 12, 11), ClosureKind.SNOW, "Ice storm")
        calendar.put_closure(tx, snow, source="tests", uid="ice")
    assert repair_closed_days(store, chat.now) == 10
    chat.move_to("2026-12-14 10:00")
    imani.collect()
    assert imani.everything().count("No school: Ice storm") == 1
    imani.sees("[The other 2]")


def test_what_is_not_answered_yet_is_said_and_asked_about_once_more(
    chat: Chat, store: Store, imani: Speaker
) -> None:
    mei, farid = chat.person(email("mei.tanaka")), chat.person(email("farid.haddad"))
    plan_three(imani)
    imani.says("plan")
    imani.sees("Not answered yet: Roosevelt High Thu 3 Dec 8:30 and Lincoln Middle Fri 4 Dec 9:00.")
    imani.does_not_see("[Ask again]")  # they have not had a day
    chat.move_to("2026-12-01 14:00")
    mei.presses("That suits me")
    imani.says("I am ill on Friday")
    imani.sees(
        "Lincoln Middle, Fri 4 Dec 9:00, falls out", "Not answered yet: Lincoln Elementary Tue 15 Dec 8:30."
    )
    imani.presses("Ask again")
    imani.sees("Asked again: Farid Haddad.")
    farid.sees("Imani Brooks asks again.", "Lincoln Elementary on Tue 15 Dec 8:30: does it suit you?")
    told = len(farid.seen)
    imani.says("plan")
    imani.sees("Not answered yet: Lincoln Elementary")
    imani.does_not_see("[Ask again]")
    imani.presses("Ask again")
    imani.sees("were asked again already")
    farid.collect()
    assert len(farid.seen) == told
    farid.presses("That suits me")
    imani.says("plan")
    imani.does_not_see("Not answered yet")


def test_nobody_asks_for_another_network(chat: Chat, imani: Speaker, tomas: Speaker) -> None:
    plan_three(imani)
    chat.move_to("2026-12-01 14:00")
    tomas.presses_action(act("visit.ask_again", ild=imani.id))
    tomas.sees("You are neither there")
