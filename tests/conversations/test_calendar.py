"""The school calendar in chat: a snow day this morning, half-days, testing, school after all, the next year."""

import re
from datetime import date

import pytest
from sqlmodel import select

from handlers.cadence.visit_repair import repair_closed_days
from handlers.calendars.calendar_feeds import tell_calendar_ends
from handlers.district import load_district
from protocols.cadence.calendar import Half
from storage import visits
from storage.database import Store
from storage.tables import AuditRow, VisitRow
from tests.chat import Chat, Speaker
from tests.conversations.test_visits import person_id, school_id
from tests.district import NOW, email

TUESDAY = "2026-12-01 06:45"


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at=TUESDAY)


@pytest.fixture
def ana(chat: Chat) -> Speaker:
    return chat.person(email("ana.whitefeather"))


def planned(store: Store, school: str, day: date, *, half: Half = Half.AM, ild: str = "imani.brooks") -> int:
    with store.begin() as tx:
        return visits.plan(
            tx,
            school_id=school_id(store, school),
            ild_id=person_id(store, ild),
            day=day,
            half=half,
            starts=510 if half is Half.AM else 780,
            minutes=60,
            at=NOW,
        )


def status_of(store: Store, visit_id: int) -> tuple[str, str | None]:
    with store.read() as tx:
        row = tx.get_one(VisitRow, visit_id)
        return row.status, row.cancelled_by


def is_school_day(store: Store, day: date) -> bool:
    with store.read() as tx:
        return load_district(tx).calendar.is_school_day(day)


def test_a_snow_day_this_morning_is_one_press(chat: Chat, store: Store, ana: Speaker) -> None:
    visit = planned(store, "Lincoln Middle", date(2026, 12, 1))
    imani, grace = chat.person(email("imani.brooks")), chat.person(email("grace.lindqvist"))
    ana.says("snow day")
    ana.sees("Snow day, Tue 1 Dec", "1 school day fewer", "1 protected half-day lost", "Lincoln Middle")
    assert is_school_day(store, date(2026, 12, 1))
    ana.presses("Put in force")
    ana.sees("In force: Snow day, Tue 1 Dec", "1 visit off", "2 people know", "reopen today")
    assert not is_school_day(store, date(2026, 12, 1))
    assert status_of(store, visit) == ("cancelled", "weather")
    imani.sees(
        "Snow day, Tue 1 Dec", "Lincoln Middle, Tue 1 Dec 8:30, falls out", "Instead: ", "[Hold these]"
    )
    grace.sees("Snow day", "is off", "Imani Brooks sees the next free half-days")
    imani.presses("Hold these")
    imani.sees("Held: Lincoln Middle")
    with store.read() as tx:
        assert tx.get_one(VisitRow, visit).made_good_by is not None


def test_a_closure_is_one_plan_for_the_ild_and_a_sentence_for_each_principal(
    chat: Chat, store: Store, ana: Speaker
) -> None:
    planned(store, "Lincoln Middle", date(2026, 12, 3))
    planned(store, "Roosevelt High", date(2026, 12, 4))
    imani, grace = chat.person(email("imani.brooks")), chat.person(email("grace.lindqvist"))
    ana.says("closed 3 to 4 December because of the flood")
    ana.presses("Put in force")
    ana.sees("2 visits off", "3 people know")
    chat.move_to("2026-12-02 13:00")
    imani.sees("the flood", "2 visits fall out", "Lincoln Middle, Thu 3 Dec", "Roosevelt High, Fri 4 Dec")
    instead = re.findall(r"Instead: (\w+ \d+ \w+ [\d:]+)", imani.last_words())
    assert len(set(instead)) == 2
    grace.sees("the flood", "Thu 3 Dec 8:30 is off", "Imani Brooks sees the next free half-days")
    grace.does_not_see("Roosevelt High")
    assert repair_closed_days(store, chat.now) == 0
    imani.presses("Hold these")
    imani.sees("Held: Lincoln Middle", "Roosevelt High")
    imani.presses("Hold these")
    imani.sees("settled already")


def test_nothing_is_changed_before_the_press_or_when_it_is_left(
    chat: Chat, store: Store, ana: Speaker
) -> None:
    visit = planned(store, "Lincoln Middle", date(2026, 12, 3))
    ana.says("closed 3 to 4 December because of the flood")
    ana.sees("Schools closed: the flood, Thu 3 Dec to Fri 4 Dec", "2 school days fewer", "1 visit falls out")
    ana.presses("Leave it")
    ana.sees("Nothing was changed")
    assert is_school_day(store, date(2026, 12, 3))
    assert status_of(store, visit)[0] == "planned"
    ana.presses("Put in force")
    ana.sees("was left")
    assert is_school_day(store, date(2026, 12, 3))


def test_the_button_counts_once(store: Store, ana: Speaker) -> None:
    ana.says("staff day 29 January")
    ana.presses("Put in force")
    ana.presses("Put in force")
    ana.sees("put in force already")
    with store.read() as tx:
        rows = tx.exec(select(AuditRow).where(AuditRow.action == "calendar.changed")).all()
    assert len(rows) == 1


def test_later_visits_are_told_in_open_time(chat: Chat, store: Store, ana: Speaker) -> None:
    planned(store, "Lincoln Middle", date(2026, 12, 10))
    imani = chat.person(email("imani.brooks"))
    ana.says("staff day 10 December")
    ana.presses("Put in force")
    imani.collect()
    assert "Staff day" not in imani.everything()  # before seven, and a protected morning
    chat.move_to("2026-12-01 13:00")
    imani.collect()
    assert "Staff day, Thu 10 Dec" in imani.everything()


def test_an_early_release_keeps_the_morning(chat: Chat, store: Store, ana: Speaker) -> None:
    morning = planned(store, "Lincoln Middle", date(2026, 12, 4))
    afternoon = planned(store, "Roosevelt High", date(2026, 12, 4), half=Half.PM)
    ana.says("early release Friday at 12:30")
    ana.sees("students go at 12:30", "Roosevelt High", "1 visit falls out")
    ana.presses("Put in force")
    assert is_school_day(store, date(2026, 12, 4))
    assert status_of(store, morning)[0] == "planned"
    assert status_of(store, afternoon) == ("cancelled", "central_office")
    imani = chat.person(email("imani.brooks"))
    imani.says("plan Roosevelt Fri 13:00")
    imani.sees("No visits on Fri 4 Dec 13:00: Early release (students go at 12:30). Choose another time")
    imani.says("plan Roosevelt Fri 11:00")
    imani.sees("another visit already")


def test_a_late_start_takes_visits_once_students_are_there(chat: Chat, store: Store, ana: Speaker) -> None:
    ana.says("late start Monday 10:00")
    ana.presses("Put in force")
    imani = chat.person(email("imani.brooks"))
    imani.says("plan Roosevelt Mon 9:00")
    imani.sees("students come at 10:00")
    imani.says("plan Roosevelt Mon 10:30")
    imani.sees("Held: Roosevelt High, Mon 7 Dec 10:30")


def test_testing_takes_no_visits_and_counts_as_school(chat: Chat, store: Store, ana: Speaker) -> None:
    ana.says("testing 3 to 14 May")
    ana.sees("Testing, Mon 3 May to Fri 14 May", "4 protected half-days lost")
    ana.does_not_see("school days fewer")
    ana.presses("Put in force")
    assert is_school_day(store, date(2027, 5, 4))


def test_school_after_all(chat: Chat, store: Store, ana: Speaker) -> None:
    ana.says("school on 23 December after all")
    ana.sees("School after all, Wed 23 Dec", "1 school day more")
    ana.presses("Put in force")
    assert is_school_day(store, date(2026, 12, 23))
    ana.says("snow day 23 December")
    ana.presses("Put in force")
    assert not is_school_day(store, date(2026, 12, 23))
    ana.says("reopen 23 December")
    ana.presses("Put in force")
    assert is_school_day(store, date(2026, 12, 23))


def test_a_longer_closure_keeps_its_other_days_when_one_reopens(store: Store, ana: Speaker) -> None:
    ana.says("closed 14 to 18 December because of elections")
    ana.presses("Put in force")
    ana.says("reopen 16 December")
    ana.presses("Put in force")
    days = [date(2026, 12, day) for day in range(14, 19)]
    assert [is_school_day(store, day) for day in days] == [False, False, True, False, False]


def test_one_school_alone(chat: Chat, store: Store, ana: Speaker) -> None:
    lincoln = planned(store, "Lincoln Middle", date(2026, 12, 3))
    harbor = planned(store, "Harbor Elementary", date(2026, 12, 3), ild="tomas.rivera")
    ana.says("closed 3 December at Lincoln Middle only because of a flood")
    ana.sees("Lincoln Middle only", "1 visit falls out")
    ana.does_not_see("school day fewer")
    ana.presses("Put in force")
    assert status_of(store, lincoln)[0] == "cancelled"
    assert status_of(store, harbor)[0] == "planned"
    assert is_school_day(store, date(2026, 12, 3))
    imani = chat.person(email("imani.brooks"))
    imani.says("plan Lincoln Middle Thu 8:30")
    imani.sees("No visits on Thu 3 Dec: Schools closed: a flood")
    imani.says("plan Roosevelt Thu 8:30")
    imani.sees("Held: Roosevelt High")


def test_a_level_alone(chat: Chat, ana: Speaker) -> None:
    ana.says("early release for high schools Friday at 12:30")
    ana.sees("high schools only")
    ana.presses("Put in force")
    imani = chat.person(email("imani.brooks"))
    imani.says("plan Roosevelt Fri 13:00")
    imani.sees("students go at 12:30")
    imani.says("plan Lincoln Middle Fri 13:00")
    imani.sees("Held: Lincoln Middle")


def test_a_rhythm_that_breaks_is_said_before(store: Store, ana: Speaker) -> None:
    with store.begin() as tx:
        visits.record_held(
            tx,
            school_id=school_id(store, "Juniper K-8"),
            ild_id=person_id(store, "tomas.rivera"),
            day=date(2026, 11, 24),
            half=Half.AM,
            kind="walkthrough",
            minutes=60,
            at=NOW,
        )
    planned(store, "Juniper K-8", date(2026, 12, 4), ild="tomas.rivera")
    ana.says("testing 2 to 11 December")
    ana.sees("Over their rhythm", "Juniper K-8 (")


def test_the_next_school_year(chat: Chat, store: Store, ana: Speaker) -> None:
    ana.says("school year 2027-28 from 7 September to 23 June")
    ana.sees("School year 2027-28, Tue 7 Sep 2027 to Fri 23 Jun 2028", "school days more")
    ana.presses("Put in force")
    assert is_school_day(store, date(2028, 6, 23))
    ana.says("school year 2026-27 from 31 August to 25 June")
    ana.sees("5 school days more")
    ana.presses("Put in force")
    with store.read() as tx:
        years = load_district(tx).calendar.years
    assert [year.label for year in years] == ["2025-26", "2026-27", "2027-28"]


def test_what_comes_next_and_who_says_so(chat: Chat, ana: Speaker) -> None:
    ana.says("staff day 29 January because of report cards")
    ana.presses("Put in force")
    ana.says("calendar")
    ana.sees(
        "School year 2026-27 runs to Fri 18 Jun", "Winter break", "Staff day: report cards", "Said in chat"
    )
    grace = chat.person(email("grace.lindqvist"))
    grace.says("calendar")
    grace.sees("Winter break", "Staff day: report cards")
    grace.does_not_see("Said in chat")


@pytest.mark.parametrize("words", ["snow day", "reopen tomorrow", "late start Monday 10:00"])
def test_only_the_administrator_changes_it(chat: Chat, store: Store, words: str) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says(words)
    imani.sees("is for administrators")
    assert is_school_day(store, date(2026, 12, 1))


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("snow day Saturday", "is a weekend. There is no school anyway"),
        ("reopen 5 December", "Schools are open from Monday to Friday"),
        ("reopen tomorrow", "an ordinary school day already"),
        ("closed 24 December", "no school on Thu 24 Dec anyway: Winter break"),
        ("closed 12 July", "in no school year I know"),
        ("closed 3 December at Hogwarts because of owls", "which schools"),
        ("closed 3 December at Lincoln because of owls", "Which of them: "),
        ("closed 31 February", "no day"),
        ("late start Monday", "When does school begin"),
        ("calendar https://", "not understand"),
    ],
)
def test_what_cannot_be_done_says_why(ana: Speaker, words: str, answer: str) -> None:
    ana.says(words)
    ana.sees(answer)


def test_the_administrator_is_told_once_that_the_calendar_ends(
    chat: Chat, store: Store, ana: Speaker
) -> None:
    assert tell_calendar_ends(store, chat.now) == 0
    chat.move_to("2027-05-20 10:00")
    assert tell_calendar_ends(store, chat.now) == 1
    chat.wait(hours=5)
    assert tell_calendar_ends(store, chat.now) == 0
    ana.collect()
    assert "ends on Fri 18 Jun" in ana.everything()
    assert "school year 2027-28 from 7 September to 24 June" in ana.everything()
    ana.says("calendar")
    ana.sees("no school year after it is known")
    ana.says("school year 2027-28 from 7 September to 24 June")
    ana.presses("Put in force")
    ana.says("calendar")
    ana.does_not_see("no school year after it is known")
