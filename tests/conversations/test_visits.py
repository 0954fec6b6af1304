"""Story D: the rhythm of visits, and what happens when one falls out."""

from datetime import date

import pytest
from sqlmodel import select

from handlers.cadence.overdue import bring_up_overdue
from protocols.cadence.calendar import Half
from storage import people, promises, visits
from storage.database import Store
from storage.tables import SchoolRow, VisitRow
from tests.chat import Chat
from tests.district import NOW, email

TUESDAY = "2026-12-01 10:00"


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at=TUESDAY)


def school_id(store: Store, name: str) -> int:
    with store.read() as tx:
        found = tx.exec(select(SchoolRow.id).where(SchoolRow.name == name)).one()
    assert found is not None
    return found


def person_id(store: Store, name: str) -> int:
    with store.read() as tx:
        found = people.find_by_email(tx, email(name), on=date(2026, 12, 1))
    assert found is not None
    return found.id


def add_held(store: Store, school: str, day: date, ild: str = "imani.brooks") -> None:
    with store.begin() as tx:
        visits.record_held(
            tx,
            school_id=school_id(store, school),
            ild_id=person_id(store, ild),
            day=day,
            half=Half.AM,
            kind="walkthrough",
            minutes=60,
            at=NOW,
        )


def statuses(store: Store) -> list[str]:
    with store.read() as tx:
        return list(tx.exec(select(VisitRow.status).order_by(VisitRow.id)))


def test_my_week_puts_the_school_furthest_behind_first(chat: Chat, store: Store) -> None:
    add_held(store, "Roosevelt High", date(2026, 10, 20))
    add_held(store, "Lincoln Middle", date(2026, 11, 23))
    add_held(store, "Lincoln Elementary", date(2026, 11, 4))
    imani = chat.person(email("imani.brooks"))
    imani.says("my week")
    imani.sees(
        "Behind their rhythm",
        "Roosevelt High",
        "over",
        "[Hold Thu 3 Dec 8:30]",
        "on rhythm",
        "of 10 school days",
    )
    words = imani.last_words()
    assert words.index("Roosevelt High") < words.index("Lincoln Elementary")


def test_a_slot_is_held_on_one_press_and_the_principal_knows(chat: Chat, store: Store) -> None:
    add_held(store, "Roosevelt High", date(2026, 10, 20))
    add_held(store, "Lincoln Middle", date(2026, 11, 30))
    add_held(store, "Lincoln Elementary", date(2026, 11, 30))
    imani, mei = chat.person(email("imani.brooks")), chat.person(email("mei.tanaka"))
    imani.says("my week")
    imani.presses("Hold Thu 3 Dec 8:30")
    imani.sees("Held: Roosevelt High, Thu 3 Dec 8:30", "Mei Tanaka gets a note")
    assert mei.collect() == []  # Tuesday morning is protected: nobody asked for this message there
    chat.move_to("2026-12-01 12:30")
    mei.sees("Imani Brooks plans a visit to Roosevelt High on Thu 3 Dec 8:30")
    imani.presses("Hold Thu 3 Dec 8:30")
    imani.sees("Already held")
    assert statuses(store).count("planned") == 1


def test_a_cancellation_asks_who_and_why_and_offers_what_keeps_the_interval(chat: Chat, store: Store) -> None:
    add_held(store, "Roosevelt High", date(2026, 11, 24))
    imani = chat.person(email("imani.brooks"))
    imani.says("plan roosevelt thu 8:30")
    imani.sees("Held: Roosevelt High, Thu 3 Dec 8:30")
    imani.says("cancel roosevelt")
    imani.sees("Who cancels it, and why?")
    imani.presses("Cancel the visit", by="central_office", reason="Budget hearing moved to that morning")
    imani.sees("Cancelled.", "The next slot for Roosevelt High is", "Keeps it at", "[Hold Tue 8 Dec 8:30]")
    chat.move_to("2026-12-01 12:30")
    chat.person(email("mei.tanaka")).sees("Thu 3 Dec 8:30 is off. A central office: Budget hearing moved")
    imani.presses("Hold Tue 8 Dec 8:30")
    with store.read() as tx:
        cancelled = tx.exec(select(VisitRow).where(VisitRow.status == "cancelled")).one()
        stands_in = tx.exec(select(VisitRow.id).where(VisitRow.status == "planned")).one()
    assert (cancelled.cancelled_by, cancelled.made_good_by) == ("central_office", stands_in)


@pytest.mark.parametrize(
    ("by", "reason", "answer"), [("", "no time", "Who cancels it?"), ("ild", "  ", "Say why in a few words")]
)
def test_a_cancellation_without_who_or_why_changes_nothing(
    chat: Chat, store: Store, by: str, reason: str, answer: str
) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("plan roosevelt thu 8:30")
    imani.says("cancel roosevelt")
    imani.presses("Cancel the visit", by=by, reason=reason)
    imani.sees(answer)
    assert "cancelled" not in statuses(store)


def test_a_visit_moves_in_words_and_by_form(chat: Chat) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("plan roosevelt thu 8:30")
    imani.says("move roosevelt to fri 13:00")
    imani.sees("Moved: Roosevelt High, now Fri 4 Dec 13:00")
    imani.says("my week")
    imani.presses("Move")
    imani.presses("Move it", day="2026-12-07", at="09:00")
    imani.sees("Moved: Roosevelt High, now Mon 7 Dec 9:00")


def test_an_old_button_says_how_the_visit_stands(chat: Chat) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("plan roosevelt thu 8:30")
    _place, card, button = imani._find_button("Cancel")
    imani.says("move roosevelt to fri 13:00")
    from handlers.reception import Pressed

    imani._send(Pressed(button.action.encode(), {}), None)
    imani.sees("settled before", "Roosevelt High is planned for Fri 4 Dec 13:00")
    assert card.blocks


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("plan roosevelt 24 dec 9:00", "no school day (Winter break)"),
        ("plan roosevelt sat 9:00", "no school day"),
        ("plan roosevelt 2 nov 9:00", "past"),
        ("plan linkoln thu 9:00", "Which one: Lincoln"),
        ("plan atlantis thu 9:00", "I know no school called"),
        ("plan harbor thu 9:00", "nothing was changed"),
        ("move roosevelt to fri 9:00", "No visit to Roosevelt High is planned"),
    ],
)
def test_what_cannot_be_planned_is_answered_with_what_to_do(
    chat: Chat, store: Store, words: str, answer: str
) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says(words)
    imani.sees(answer)
    assert statuses(store) == []


def test_no_half_day_holds_two_visits_of_one_ild(chat: Chat, store: Store) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("plan roosevelt thu 8:30")
    imani.says("plan lincoln middle thu 9:30")
    imani.sees("there is another visit already", "Free for Lincoln Middle")
    assert statuses(store) == ["planned"]


def test_a_principal_plans_at_the_own_school_and_the_ild_knows(chat: Chat) -> None:
    chat.move_to("2026-11-30 10:00")
    mei, imani = chat.person(email("mei.tanaka")), chat.person(email("imani.brooks"))
    mei.says("plan thu 8:30")
    mei.sees("Held: Roosevelt High, Thu 3 Dec 8:30")
    imani.sees("Mei Tanaka plans a visit to Roosevelt High")


def test_the_plan_for_two_weeks_is_held_at_once(chat: Chat, store: Store) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("plan")
    imani.sees("A plan for the next two weeks", "[Hold all")
    imani.presses("Hold all")
    imani.sees("Held: ")
    assert set(statuses(store)) == {"planned"}
    imani.presses("Hold all")
    imani.sees("The plan has changed since")


def test_opening_a_visit_shows_what_both_promised(chat: Chat, store: Store) -> None:
    with store.begin() as tx:
        for owner, what in (
            ("mei.tanaka", "Three feedback notes"),
            ("imani.brooks", "The reading specialist"),
        ):
            promises.add(
                tx,
                run_id=None,
                visit_id=None,
                school_id=school_id(store, "Roosevelt High"),
                owner_id=person_id(store, owner),
                what=what,
                by_when=date(2026, 12, 4),
                evidence="the notes",
                at=NOW,
            )
    imani = chat.person(email("imani.brooks"))
    imani.says("plan roosevelt thu 8:30")
    imani.says("my week")
    imani.sees("Mei Tanaka promised: Three feedback notes", "You promised: The reading specialist")
    imani.presses("Open")
    imani.sees("Promised last time", "[Start the walkthrough]")
    imani.presses("Kept")
    imani.sees("Kept: Three feedback notes")


def test_a_visit_to_a_school_without_promises_says_nothing_of_them(chat: Chat) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("plan roosevelt thu 8:30")
    imani.says("my week")
    assert not [line for line in imani.last_words().splitlines() if line.strip() == "."]


def test_an_unplanned_visit_is_counted_once(chat: Chat, store: Store) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("visited roosevelt 45 min, coaching")
    imani.sees("Counted: Roosevelt High", "45 minutes")
    imani.says("visited roosevelt 45 min")
    imani.sees("counted already")
    assert statuses(store) == ["held"]


def test_overdue_schools_are_brought_up_once_in_working_hours(chat: Chat, store: Store) -> None:
    add_held(store, "Roosevelt High", date(2026, 11, 10))
    add_held(store, "Lincoln Middle", date(2026, 11, 30))
    add_held(store, "Lincoln Elementary", date(2026, 11, 30))
    imani = chat.person(email("imani.brooks"))
    chat.move_to("2026-12-02 06:00")
    assert bring_up_overdue(store, chat.now) == 0
    chat.move_to("2026-12-02 09:00")
    bring_up_overdue(store, chat.now)
    imani.sees("One school is past its rhythm", "Roosevelt High", "13 school days", "[Hold Thu 3 Dec 8:30]")
    seen = len(imani.seen)
    for at in ("2026-12-02 09:01", "2026-12-03 13:00", "2026-12-04 09:00"):
        chat.move_to(at)
        bring_up_overdue(store, chat.now)
    imani.collect()
    assert len(imani.seen) == seen


def test_two_overdue_schools_are_not_offered_the_same_half_day(chat: Chat) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("my week")
    holds = [line for line in imani.last_words().splitlines() if line.startswith("[Hold ")]
    assert len(holds) == len(set(holds)) == 3


def test_a_half_day_that_is_over_is_not_open(chat: Chat) -> None:
    chat.move_to("2026-12-03 13:00")
    imani = chat.person(email("imani.brooks"))
    imani.says("my week")
    imani.sees("No protected half-day is left this week")


def test_a_cancelled_visit_with_nothing_in_its_place_is_brought_up(chat: Chat, store: Store) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("plan roosevelt thu 8:30")
    imani.says("cancel roosevelt")
    imani.presses("Cancel the visit", by="weather", reason="Ice on the roads")
    imani.says("my week")
    imani.sees("Cancelled and not made good", "Roosevelt High", "[Find a slot]")
    imani.presses("Find a slot")
    imani.presses("Hold")
    imani.says("my week")
    imani.does_not_see("not made good")


def test_a_visit_that_was_planned_is_counted_once(chat: Chat, store: Store) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("plan roosevelt thu 8:30")
    chat.move_to("2026-12-03 11:00")
    imani.says("visited roosevelt 50 min")
    imani.sees("Counted: Roosevelt High")
    assert statuses(store) == ["held"]


def test_an_unplanned_visit_of_another_day_and_what_it_was_about(chat: Chat, store: Store) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("visited roosevelt last Tuesday 45 min, coaching, maths")
    imani.sees("Counted:", "Roosevelt High, Tue 24 Nov, coaching visit, 45 minutes", "About: maths")
    with store.read() as tx:
        row = tx.exec(select(VisitRow)).one()
    assert (row.day, row.kind, row.minutes, row.because) == (
        date(2026, 11, 24).toordinal(),
        "coaching",
        45,
        "maths",
    )
    imani.says("visited roosevelt on 24 Nov")
    imani.sees("counted already")


def test_a_visit_counted_by_mistake_is_taken_back_with_one_press(chat: Chat, store: Store) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("visited roosevelt 45 min")
    imani.presses("Undo")
    imani.sees("Taken back: Roosevelt High", "counts nowhere")
    assert statuses(store) == ["withdrawn"]
    imani.presses("Undo")
    imani.sees("settled before", "taken back")
    imani.says("visited roosevelt 50 min")
    imani.sees("Counted:")
    assert statuses(store) == ["withdrawn", "held"]


def test_undo_leaves_a_planned_visit_as_it_was_planned(chat: Chat, store: Store) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("plan roosevelt thu 8:30")
    chat.move_to("2026-12-03 11:00")
    imani.says("visited roosevelt 50 min")
    imani.sees("It was planned, so it counts as that one")
    imani.presses("Undo")
    imani.sees("It is planned as before")
    with store.read() as tx:
        row = tx.exec(select(VisitRow)).one()
    assert (row.status, row.minutes) == ("planned", 60)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("visited harbor 45 min", "nothing was changed"),
        ("visited atlantis", "I know no school called"),
        ("visited roosevelt 12/24/2026", "still to come"),
        ("visited 45 min", "Which school?"),
        ("visited roosevelt 900 min", "longer than a school day"),
        ("visited lincoln", "Which one: Lincoln"),
    ],
)
def test_a_visit_that_cannot_be_counted_is_answered_with_what_to_do(
    chat: Chat, store: Store, words: str, answer: str
) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says(words)
    imani.sees(answer)
    assert statuses(store) == []


def test_a_visit_on_a_holiday_is_counted_and_doubted(chat: Chat) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("visited roosevelt 26 Nov")
    imani.sees("Counted:", "That was no school day", "[Undo]")
