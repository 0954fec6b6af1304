"""Still on? The school day before a visit the principal is asked, and a half-day that falls out is used."""

from datetime import date

import pytest

from handlers.actions import act
from handlers.cadence.still_on import ask_still_on
from handlers.clock import run_due
from handlers.courtesy.readers import received_by
from handlers.district import load_district
from storage import people, runs, visits
from storage.database import Store
from storage.visits import Visit
from tests.chat import Chat, Speaker
from tests.conversations.test_visits import add_held
from tests.district import email


@pytest.fixture
def chat(store: Store) -> Chat:
    add_held(store, "Roosevelt High", date(2026, 11, 23))
    add_held(store, "Lincoln Middle", date(2026, 11, 19))
    add_held(store, "Lincoln Elementary", date(2026, 11, 24))
    return Chat(store, at="2026-11-30 14:00", is_courteous=True)


@pytest.fixture
def mei(chat: Chat) -> Speaker:
    return chat.person(email("mei.tanaka"))


def all_visits(store: Store) -> list[Visit]:
    with store.read() as tx:
        return visits.planned(tx, date(2026, 11, 30), date(2027, 1, 31))


def asked(chat: Chat, at: str) -> int:
    chat.move_to(at)
    return ask_still_on(chat.store, chat.now)


def test_the_day_before_she_is_asked_once_and_says_yes(
    chat: Chat, store: Store, imani: Speaker, mei: Speaker
) -> None:
    imani.says("plan roosevelt fri 9:00")
    assert asked(chat, "2026-12-02 14:00") == 0
    assert asked(chat, "2026-12-03 06:30") == 0
    assert asked(chat, "2026-12-03 07:10") == 1
    assert asked(chat, "2026-12-03 07:20") == 0
    assert asked(chat, "2026-12-03 11:10") == 0
    mei.collect()
    assert "Still on?" not in mei.everything()  # Thursday mornings are protected
    chat.move_to("2026-12-03 12:30")
    mei.sees(
        "Still on?",
        "Imani Brooks's visit to Roosevelt High, Fri 4 Dec 9:00",
        "[Yes]",
        "[Another time]",
        "[It falls out]",
    )
    mei.presses("Yes")
    mei.sees("Good: Roosevelt High, Fri 4 Dec 9:00.")
    (visit,) = all_visits(store)
    assert visit.is_agreed
    assert mei.everything().count("Still on?") == 1


@pytest.mark.parametrize(
    ("put", "agreed", "at"),
    [
        pytest.param("2026-12-03 10:00", None, "2026-12-03 14:00", id="put down four hours ago"),
        pytest.param("2026-11-30 14:00", "2026-12-02 13:00", "2026-12-03 14:00", id="said yes yesterday"),
        pytest.param("2026-11-30 14:00", "2026-12-01 13:00", "2026-12-03 14:00", id="yes two days ago"),
        pytest.param("2026-11-30 14:00", None, "2026-12-02 14:00", id="two school days before"),
        pytest.param("2026-11-30 14:00", None, "2026-12-04 07:30", id="on the day itself"),
    ],
)
def test_when_nobody_is_asked(
    chat: Chat, imani: Speaker, mei: Speaker, put: str, agreed: str | None, at: str
) -> None:
    chat.move_to(put)
    imani.says("plan roosevelt fri 9:00")
    if agreed:
        chat.move_to(agreed)
        mei.presses("That suits me")
    assert asked(chat, at) == 0


def test_a_yes_of_last_week_is_asked_again_and_a_monday_on_friday(
    chat: Chat, imani: Speaker, mei: Speaker
) -> None:
    imani.says("plan roosevelt mon 7 dec 9:00")
    mei.presses("That suits me")
    assert asked(chat, "2026-12-03 14:00") == 0
    assert asked(chat, "2026-12-04 14:00") == 1
    assert asked(chat, "2026-12-05 14:00") == 0
    mei.sees("Mon 7 Dec 9:00")


def test_the_question_goes_by_her_own_clock(chat: Chat, store: Store, imani: Speaker, mei: Speaker) -> None:
    imani.says("plan roosevelt fri 13:00")
    with store.begin() as tx:
        people.set_zone(tx, mei.id, "America/Los_Angeles")
    assert asked(chat, "2026-12-03 09:10") == 0  # six in the morning there
    assert asked(chat, "2026-12-03 10:10") == 1


@pytest.mark.parametrize("change", ["cancelled", "moved", "begun"])
def test_a_question_that_waits_is_dropped_when_the_visit_changes(
    chat: Chat, store: Store, imani: Speaker, mei: Speaker, change: str
) -> None:
    imani.says("plan roosevelt fri 9:00")
    assert asked(chat, "2026-12-03 07:10") == 1
    (visit,) = all_visits(store)
    with store.begin() as tx:
        if change == "cancelled":
            visits.cancel(tx, visit.id, version=visit.version, by="ild", reason="Ill")
        elif change == "moved":
            visits.move(
                tx,
                visit.id,
                version=visit.version,
                day=date(2026, 12, 10),
                half=visit.half,
                starts=None,
                at=chat.now,
            )
    if change == "begun":
        imani.says("walkthrough roosevelt")
        with store.begin() as tx:
            (line, *_) = runs.going(tx, imani.id)
            runs.link_visit(tx, line.id, visit.id)
    chat.move_to("2026-12-03 12:30")
    mei.collect()
    assert "Still on?" not in mei.everything()


def test_it_is_dropped_when_the_visit_has_begun_by_the_clock(
    chat: Chat, imani: Speaker, mei: Speaker
) -> None:
    imani.says("plan roosevelt fri 9:00")
    assert asked(chat, "2026-12-03 14:00") == 1
    chat.move_to("2026-12-04 09:00")
    mei.collect()
    assert "Still on?" not in mei.everything()


def test_a_moved_visit_is_another_one_and_an_old_button_says_where_it_stands(
    chat: Chat, store: Store, imani: Speaker, mei: Speaker
) -> None:
    imani.says("plan roosevelt fri 9:00")
    assert asked(chat, "2026-12-03 14:00") == 1
    mei.collect()
    imani.says("move roosevelt to tue 8 dec 9:00")
    mei.presses_action(act("still_on.yes", visit=all_visits(store)[0].id, v=1))
    mei.sees("That was settled before. Roosevelt High is planned for Tue 8 Dec 9:00.")
    assert asked(chat, "2026-12-07 14:00") == 1
    mei.sees("Tue 8 Dec 9:00")


def test_several_visits_of_one_day_are_one_question(chat: Chat, imani: Speaker, mei: Speaker) -> None:
    imani.says("plan roosevelt fri 9:00")
    imani.says("plan roosevelt fri 13:00")
    assert asked(chat, "2026-12-03 14:00") == 2
    mei.collect()
    assert mei.everything().count("Still on?") == 1
    mei.sees("Fri 4 Dec 9:00", "Fri 4 Dec 13:00")


@pytest.mark.parametrize("words", ["no still-on questions", "stop reminding me about still-on"])
def test_a_principal_who_wants_no_such_question_gets_none(
    chat: Chat, imani: Speaker, mei: Speaker, words: str
) -> None:
    mei.says(words)
    mei.sees("I won't bring it up any more: the day before a visit, whether it is still on")
    imani.says("plan roosevelt fri 9:00")
    asked(chat, "2026-12-03 14:00")
    mei.collect()
    assert "Still on?" not in mei.everything()
    mei.says("my settings")
    mei.sees("whether it is still on: off")


def test_a_principal_who_put_it_down_herself_is_asked_and_says_yes(
    chat: Chat, store: Store, mei: Speaker
) -> None:
    mei.says("plan fri 9:00")
    assert asked(chat, "2026-12-03 14:00") == 1
    mei.presses("Yes")
    mei.sees("Good: Roosevelt High")
    assert not all_visits(store)[0].is_agreed  # that is for the ILD to say


def test_what_falls_out_is_told_with_the_school_that_gains_most(
    chat: Chat, store: Store, imani: Speaker, mei: Speaker
) -> None:
    imani.says("plan roosevelt fri 9:15")
    asked(chat, "2026-12-03 14:00")
    mei.presses("It falls out")
    mei.presses("Cancel the visit", by="principal", reason="Accreditation visit")
    before = len(imani.seen)
    new = imani.collect()
    assert len(new) == 1, imani.everything()
    assert len(imani.seen) == before + 1
    imani.sees(
        "The visit to Roosevelt High on Fri 4 Dec 9:15 is off. The principal: Accreditation visit.",
        "Fri 4 Dec 9:15 is free now. Lincoln Middle would gain most: 8 of 10 school days by then.",
        "[Hold it for Lincoln Middle]",
    )
    imani.presses("Hold it for Lincoln Middle")
    imani.sees("Held: Lincoln Middle, Fri 4 Dec 9:15.")
    (visit,) = all_visits(store)
    assert (visit.school, visit.day, visit.starts) == ("Lincoln Middle", date(2026, 12, 4), 9 * 60 + 15)
    imani.presses("Hold it for Lincoln Middle")
    imani.sees("Already held")


def test_another_time_says_why_and_frees_the_half_day(
    chat: Chat, store: Store, imani: Speaker, mei: Speaker
) -> None:
    imani.says("plan roosevelt fri 9:00")
    asked(chat, "2026-12-03 14:00")
    mei.presses("Another time")
    mei.presses("Move to", why="The boiler is out that morning")
    imani.sees(
        "The visit to Roosevelt High moves from Fri 4 Dec 9:00 to",
        "The boiler is out that morning",
        "[That suits me]",
        "Fri 4 Dec 9:00 is free now. Lincoln Middle would gain most",
    )
    (visit,) = all_visits(store)
    assert visit.move_reason == "The boiler is out that morning"
    imani.says("my week")
    imani.sees("Moved: The boiler is out that morning.")


def test_nothing_is_offered_where_nobody_needs_it_or_it_is_today(
    chat: Chat, imani: Speaker, mei: Speaker
) -> None:
    imani.says("plan lincoln middle thu 8:30")
    imani.says("plan lincoln elementary thu 13:00")
    imani.says("plan roosevelt fri 9:00")
    asked(chat, "2026-12-03 14:00")
    mei.presses("It falls out")
    mei.presses("Cancel the visit", by="principal", reason="Ill")
    imani.sees("is off")
    imani.does_not_see("is free now")


def test_the_clock_asks(chat: Chat, imani: Speaker) -> None:
    imani.says("plan roosevelt fri 9:00")
    chat.move_to("2026-12-03 14:00")
    assert run_due(chat.store, chat.now)["still_on"] == 1


def test_it_counts_as_one_of_the_reminders_she_wants_only_once_a_day(
    chat: Chat, store: Store, imani: Speaker, mei: Speaker
) -> None:
    mei.says("remind me daily")
    imani.says("plan roosevelt fri 9:00")
    assert asked(chat, "2026-12-03 14:00") == 1
    mei.sees("Still on?")
    with store.read() as tx:
        reader = people.get_person(tx, mei.id, on=date(2026, 12, 3))
        assert received_by(tx, load_district(tx), reader, chat.now).reminders_today == 1
