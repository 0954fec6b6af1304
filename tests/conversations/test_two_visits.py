"""Two visits in one half-day: the ways are told, the ILD chooses, the plan pairs what would be late, times fit."""

from datetime import date

import pytest
from sqlmodel import select

from protocols.cadence.busy import BusyStretch
from storage import busy, travel
from storage.database import Store
from storage.tables import AuditRow, TravelRow, VisitRow
from tests.chat import Chat, Speaker
from tests.conversations.test_visits import add_held, person_id, school_id
from tests.district import NOW, email

LINCOLN_TO_ROOSEVELT = "from lincoln middle to roosevelt 12 min"


@pytest.fixture
def chat(store: Store) -> Chat:
    """A Monday; Lincoln Middle and Roosevelt are both due on Thursday, the last half-day before they break."""
    add_held(store, "Lincoln Middle", date(2026, 11, 16))
    add_held(store, "Roosevelt High", date(2026, 11, 16))
    add_held(store, "Lincoln Elementary", date(2026, 12, 1))
    return Chat(store, at="2026-12-01 12:30")


@pytest.fixture
def ana(chat: Chat) -> Speaker:
    return chat.person(email("ana.whitefeather"))


def planned(store: Store) -> list[tuple[str, str, int, int]]:
    """(school, day, start in minutes, length) of planned visits in order of time."""
    with store.read() as tx:
        rows = tx.exec(select(VisitRow).where(VisitRow.status == "planned")).all()
    names = {
        school_id(store, name): name for name in ("Lincoln Middle", "Roosevelt High", "Lincoln Elementary")
    }
    return sorted(
        (
            (names[row.school_id], date.fromordinal(row.day).isoformat(), row.starts or 0, row.minutes or 0)
            for row in rows
        ),
        key=lambda one: one[1:],
    )


def test_with_one_visit_a_half_day_one_school_is_late(chat: Chat, imani: Speaker) -> None:
    imani.says("plan")
    imani.sees("Thu 3 Dec 8:30", "over (every two weeks)")
    imani.does_not_see("minutes from")


def test_an_ild_who_wants_two_is_planned_the_pair_with_its_way_and_holds_it(
    chat: Chat, store: Store, imani: Speaker
) -> None:
    imani.says(LINCOLN_TO_ROOSEVELT)
    imani.sees("Lincoln Middle to Roosevelt High: 12 minutes, and back.")
    imani.says("two visits a half-day")
    imani.sees("Where one visit a half-day would break a rhythm", "45 minutes each")
    imani.does_not_see("I know no such way")
    imani.says("plan")
    imani.sees(
        "Thu 3 Dec 8:30, ",
        "Thu 3 Dec 9:30, ",
        "12 minutes from ",
        "a half-day of its own would come too late",
    )
    imani.does_not_see("over (every two weeks)")
    imani.presses("Hold all")
    imani.sees("Held: ")
    assert [one[1:] for one in planned(store)][:2] == [("2026-12-03", 510, 45), ("2026-12-03", 570, 45)]
    imani.says("my week")
    imani.sees("Thu 3 Dec 8:30", "Thu 3 Dec 9:30", "12 minutes from ")
    assert imani.last_words().count("12 minutes from") == 1


def test_each_of_a_pair_is_held_by_its_own_button(chat: Chat, store: Store, imani: Speaker) -> None:
    for words in (LINCOLN_TO_ROOSEVELT, "two visits a half-day", "plan"):
        imani.says(words)
    first, second, *_later = [
        button
        for card in imani.seen
        for block in card.blocks
        for item in getattr(block, "items", ())
        for button in item.buttons
    ]
    imani.presses_action(first.action)
    imani.presses_action(second.action)
    imani.sees("Thu 3 Dec 9:30, for 45 minutes, 12 minutes from")
    assert [one[1:] for one in planned(store)] == [("2026-12-03", 510, 45), ("2026-12-03", 570, 45)]


def test_the_plan_pairs_nobody_whose_calendar_takes_the_rest_of_the_half_day(
    chat: Chat, store: Store, imani: Speaker
) -> None:
    with store.begin() as tx:
        mei = person_id(store, "mei.tanaka")
        busy.connect(tx, mei, address="https://calendar.example/1.ics", host="calendar.example", at=NOW)
        busy.put_stretches(tx, mei, [BusyStretch(date(2026, 12, 3), 660, 700)])
    for words in (LINCOLN_TO_ROOSEVELT, "two visits a half-day", "plan"):
        imani.says(words)
    imani.does_not_see("minutes from")


def test_a_visit_by_hand_that_leaves_no_time_for_the_way_is_refused_with_the_nearest_start(
    chat: Chat, store: Store, imani: Speaker
) -> None:
    imani.says(LINCOLN_TO_ROOSEVELT)
    imani.says("plan lincoln middle thu 8:30")
    imani.says("plan roosevelt thu 9:00")
    imani.sees(
        "Thu 3 Dec you are at Lincoln Middle from 8:30 to 9:30, and it is 12 minutes between them.",
        "The nearest start that works is 9:45.",
        "[Hold Thu 3 Dec 9:45]",
    )
    assert len(planned(store)) == 1
    imani.presses("Hold Thu 3 Dec 9:45")
    imani.sees("Held: Roosevelt High, Thu 3 Dec 9:45, for 45 minutes, 12 minutes from Lincoln Middle")
    assert planned(store) == [
        ("Lincoln Middle", "2026-12-03", 510, 60),
        ("Roosevelt High", "2026-12-03", 585, 45),
    ]


@pytest.mark.parametrize("words", ["visit roosevelt thu 10:15", "plan roosevelt thu 10:15"])
def test_a_visit_by_hand_that_fits_needs_no_more(
    chat: Chat, store: Store, imani: Speaker, words: str
) -> None:
    imani.says(LINCOLN_TO_ROOSEVELT)
    imani.says("plan lincoln middle thu 8:30")
    imani.says(words)
    imani.sees("Held: Roosevelt High, Thu 3 Dec 10:15")
    assert len(planned(store)) == 2


def test_a_visit_is_moved_beside_another_only_where_it_fits(chat: Chat, store: Store, imani: Speaker) -> None:
    for words in (LINCOLN_TO_ROOSEVELT, "plan lincoln middle thu 8:30", "plan roosevelt tue 8 dec 8:30"):
        imani.says(words)
    imani.says("move roosevelt to thu 9:15")
    imani.sees("The nearest start that works is 9:45.", "[Move to Thu 3 Dec 9:45]")
    imani.presses("Move to Thu 3 Dec 9:45")
    imani.sees("Moved: Roosevelt High, now Thu 3 Dec 9:45, for 45 minutes, 12 minutes from Lincoln Middle")
    assert planned(store)[1] == ("Roosevelt High", "2026-12-03", 585, 45)


def test_a_way_that_nobody_has_told_makes_no_room(chat: Chat, store: Store, imani: Speaker) -> None:
    imani.says("two visits a half-day")
    imani.sees("I know no such way between your schools yet")
    imani.says("plan lincoln middle thu 8:30")
    imani.says("plan roosevelt thu 10:30")
    imani.sees(
        "there is another visit already, Lincoln Middle from 8:30 to 9:30, and I don't know the way",
        "from Lincoln Middle to Roosevelt High 15 min",
        "Free for Roosevelt High",
    )
    assert len(planned(store)) == 1


def test_nobody_is_in_two_places_across_noon(chat: Chat, store: Store, imani: Speaker) -> None:
    imani.says("plan lincoln middle thu 11:45")
    imani.says("plan roosevelt thu 12:30")
    imani.sees("you are at Lincoln Middle from 11:45 to 12:45", "The nearest start that works is 12:45.")
    assert len(planned(store)) == 1


def test_a_principal_learns_nothing_of_other_schools(chat: Chat, store: Store, imani: Speaker) -> None:
    imani.says(LINCOLN_TO_ROOSEVELT)
    imani.says("plan lincoln middle thu 8:30")
    mei = chat.person(email("mei.tanaka"))
    mei.says("plan thu 10:30")
    mei.sees("there is another visit already")
    mei.does_not_see("Lincoln")
    imani.says("two visits a half-day")
    mei.says("plan thu 9:00")
    mei.sees("there is another visit already", "The nearest start that works is 9:45.")
    mei.does_not_see("Lincoln")
    mei.presses("Hold Thu 3 Dec 9:45")
    mei.sees("Held: Roosevelt High, Thu 3 Dec 9:45")
    mei.does_not_see("Lincoln")


def test_a_cancelled_visit_is_offered_beside_another_where_nothing_else_keeps_its_rhythm(
    chat: Chat, store: Store, imani: Speaker
) -> None:
    for words in (LINCOLN_TO_ROOSEVELT, "two visits a half-day"):
        imani.says(words)
    for words in ("plan lincoln middle thu 8:30", "plan roosevelt fri 8:30", "cancel roosevelt"):
        imani.says(words)
    imani.presses("Cancel the visit", by="central_office", reason="A hearing")
    imani.sees(
        "Thu 3 Dec 9:45", "Lincoln Middle is in that half-day too, 12 minutes away", "[Hold Thu 3 Dec 9:45]"
    )
    imani.presses("Hold Thu 3 Dec 9:45")
    imani.sees("Held: Roosevelt High, Thu 3 Dec 9:45")


def test_visits_that_fall_out_are_repaired_in_pairs(chat: Chat, store: Store, imani: Speaker) -> None:
    for words in (
        LINCOLN_TO_ROOSEVELT,
        "two visits a half-day",
        "plan lincoln middle wed 8:30",
        "plan roosevelt wed 13:00",
    ):
        imani.says(words)
    imani.says("I am ill on Wednesday")
    imani.sees("Instead: Thu 3 Dec 8:30", "Instead: Thu 3 Dec 9:30", "12 minutes from")
    imani.presses("Hold these")
    imani.sees("Held: ", "Thu 3 Dec 8:30", "Thu 3 Dec 9:30")
    assert [one[1:] for one in planned(store)] == [("2026-12-03", 510, 45), ("2026-12-03", 570, 45)]


def test_two_visits_swap_only_where_the_ways_allow_it(chat: Chat, store: Store, imani: Speaker) -> None:
    for words in (
        LINCOLN_TO_ROOSEVELT,
        "from lincoln elementary to lincoln middle 90 min",
        "plan lincoln middle thu 8:30",
        "plan roosevelt thu 9:45",
        "plan lincoln elementary tue 8 dec 8:30",
    ):
        imani.says(words)
    before = planned(store)
    imani.says("swap roosevelt and lincoln elementary")
    imani.sees("Lincoln Elementary can't stand on Thu 3 Dec 9:45", "no time for the way")
    assert planned(store) == before
    imani.says("swap roosevelt and lincoln middle")
    imani.sees("Swapped: Roosevelt High Thu 3 Dec 8:30")


# ---------------------------------------------------------------- the ways


def test_the_ways_are_shown_told_and_forgotten(chat: Chat, store: Store, ana: Speaker) -> None:
    ana.says("travel")
    ana.sees("No way between your schools is known yet")
    ana.says("from harbor to juniper 20 minutes")
    ana.sees("Harbor Elementary to Juniper K-8: 20 minutes, and back")
    ana.says("from juniper to harbor 35 min")
    ana.sees("35 minutes; back it is 20 minutes. I put two visits in a half-day up to 30 minutes apart.")
    ana.says(LINCOLN_TO_ROOSEVELT)
    ana.says("travel")
    ana.sees("Harbor Elementary", "Juniper K-8", "20", "35", "Roosevelt High and back", "12")
    ana.says("from harbor to juniper unknown")
    ana.sees("the way is forgotten")
    with store.read() as tx:
        assert [row.minutes for row in tx.exec(select(TravelRow))] == [12]
        actions = [row.action for row in tx.exec(select(AuditRow)).all()]
    assert actions.count("travel.changed") == 4


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("from roosevelt to roosevelt 5 min", "same school twice"),
        ("from roosevelt to lincoln middle 0 min", "From 1 to 180 minutes"),
        ("from roosevelt to lincoln middle 999 min", "From 1 to 180 minutes"),
        ("from roosevelt to lincoln 15 min", "Which one: "),
        ("from roosevelt to harbor 15 min", "by an ILD for her own schools"),
    ],
)
def test_a_way_that_cannot_be_is_not_taken(
    chat: Chat, store: Store, imani: Speaker, words: str, answer: str
) -> None:
    imani.says(words)
    imani.sees(answer)
    with store.read() as tx:
        assert tx.exec(select(TravelRow)).all() == []


def test_an_ild_sees_the_ways_of_her_own_schools_only(chat: Chat, imani: Speaker, ana: Speaker) -> None:
    ana.says("from harbor to juniper 20 minutes")
    imani.says("travel")
    imani.does_not_see("Harbor", "Juniper")
    imani.says(LINCOLN_TO_ROOSEVELT)
    imani.says("travel")
    imani.sees("Roosevelt High and back", "A half-day holds one of your visits")
    imani.does_not_see("Harbor")


@pytest.mark.parametrize("who", ["grace.lindqvist", "ruth.castellanos", "dev.patel"])
def test_nobody_else_tells_ways_or_chooses(chat: Chat, store: Store, who: str) -> None:
    speaker = chat.person(email(who))
    for words in (LINCOLN_TO_ROOSEVELT, "two visits a half-day", "travel"):
        speaker.says(words)
    with store.read() as tx:
        assert tx.exec(select(TravelRow)).all() == []
        assert not travel.takes_two(tx, person_id(store, who))


def test_the_choice_is_taken_back_and_what_is_agreed_stays(chat: Chat, store: Store, imani: Speaker) -> None:
    for words in (LINCOLN_TO_ROOSEVELT, "two visits a half-day", "plan"):
        imani.says(words)
    imani.presses("Hold all")
    imani.says("one visit a half-day")
    imani.sees("What is agreed stays as it is")
    assert [one[1:3] for one in planned(store)][:2] == [("2026-12-03", 510), ("2026-12-03", 570)]
    imani.says("plan")
    imani.does_not_see("the agreed visit cannot be held")


def test_the_years_check_counts_the_places_that_two_in_a_half_day_give(
    chat: Chat, store: Store, imani: Speaker
) -> None:
    imani.says("check the year")
    imani.does_not_see("shared by two schools")
    imani.says(LINCOLN_TO_ROOSEVELT)
    imani.says("two visits a half-day")
    imani.says("check the year")
    imani.sees("of them shared by two schools")
