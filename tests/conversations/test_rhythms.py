"""How often a school is seen: the ILD changes it with a reason, the principal hears of it, the year is checked."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from handlers.actions import act
from handlers.cadence.planning import plan_visits
from handlers.cadence.year_check import tell_year_checks
from handlers.district import load_district
from protocols.cadence.busy import BusyStretch
from protocols.cadence.calendar import Half
from protocols.cadence.protected import ProtectedRule
from protocols.cadence.targets import Change
from storage import busy, calendar, people, record, targets
from storage.database import Store
from storage.tables import AssignmentRow, AuditRow, TargetRow
from tests.chat import Chat, Speaker
from tests.conversations.test_visits import add_held, person_id, school_id
from tests.district import NOW, email

WEEKLY = "rhythm lincoln middle weekly until 30 January because Grace is new"


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-11-30 10:00")


@pytest.fixture
def ruth(chat: Chat) -> Speaker:
    return chat.person(email("ruth.castellanos"))


def rows(store: Store) -> list[tuple[int | None, date, date | None, str]]:
    with store.read() as tx:
        return [(row.days, row.starts, row.ends, row.because) for row in tx.exec(select(TargetRow))]


def cadence(store: Store, school: str, on: date) -> int:
    with store.read() as tx:
        found = people.school_on(tx, school_id(store, school), on)
    assert found is not None
    return found.cadence_days


def test_a_change_shows_what_it_does_before_it_is_in_force(chat: Chat, store: Store, imani: Speaker) -> None:
    imani.says(WEEKLY)
    imani.sees(
        "Lincoln Middle: every week from today until Sat 30 Jan, then every two weeks. Now it is every two weeks.",
        "4 visits more",
        "Half-days to spare in your network",
        "Grace is new",
    )
    assert rows(store) == []
    imani.presses("Leave it")
    imani.sees("Left as it is: Lincoln Middle, every two weeks")
    assert rows(store) == []


def test_a_change_holds_for_its_days_and_the_principal_reads_why(
    chat: Chat, store: Store, imani: Speaker, grace: Speaker
) -> None:
    imani.says(WEEKLY)
    imani.presses("Put in force")
    imani.sees(
        "In force: Lincoln Middle, every week from today until Sat 30 Jan", "Grace Lindqvist gets a note"
    )
    assert rows(store) == [(5, date(2026, 11, 30), date(2027, 1, 30), "Grace is new")]
    assert [
        cadence(store, "Lincoln Middle", on)
        for on in (date(2026, 11, 29), date(2027, 1, 30), date(2027, 1, 31))
    ] == [
        10,
        5,
        10,
    ]
    grace.sees(
        "Imani Brooks would like to see you at Lincoln Middle every week", "Grace is new", "tell your ILD"
    )
    with store.read() as tx:
        written = [row for row in tx.exec(select(AuditRow)) if row.action == "rhythm.set"]
    assert [(row.actor_id, row.detail["days"]) for row in written] == [(person_id(store, "imani.brooks"), 5)]
    assert "Grace" not in str(written[0].detail)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("lincoln middle weekly because Grace is new", "Lincoln Middle: every week"),
        ("Lincoln Middle every 7 school days because Grace is new", "Lincoln Middle: every 7 school days"),
        ("lincoln middle every three weeks from 11 January, because of the inquiry", "Lincoln Middle"),
    ],
)
def test_the_word_rhythm_may_be_left_out(imani: Speaker, store: Store, words: str, says: str) -> None:
    imani.says(words)
    imani.sees(says, "Put in force")
    assert rows(store) == []


@pytest.mark.parametrize(
    "words", ["stonebridge weekly because", "the bus comes every week", "every two weeks"]
)
def test_words_about_no_school_of_hers_are_no_rhythm(imani: Speaker, store: Store, words: str) -> None:
    imani.says(words)
    assert "Put in force" not in imani.last_words()
    assert rows(store) == []


def test_the_past_is_measured_by_what_held_then(chat: Chat, store: Store, imani: Speaker) -> None:
    for day in (date(2026, 11, 2), date(2026, 11, 16), date(2026, 11, 30)):
        add_held(store, "Lincoln Middle", day)
    imani.says("share of intervals kept at lincoln middle since November 3")
    before = imani.last_words()
    assert "100" in before
    imani.says(WEEKLY)
    imani.presses("Put in force")
    imani.says("share of intervals kept at lincoln middle since November 3")
    assert imani.last_words() == before


def test_a_school_made_weekly_is_not_late_on_that_day(chat: Chat, store: Store, imani: Speaker) -> None:
    add_held(store, "Lincoln Middle", date(2026, 11, 17))
    imani.says(WEEKLY)
    imani.presses("Put in force")
    imani.says("my week")
    assert "Lincoln Middle: " not in imani.last_words().partition("On rhythm")[0].partition("Behind")[2]


def test_the_list_says_each_schools_rhythm_since_when_and_why(
    chat: Chat, store: Store, imani: Speaker, grace: Speaker, ruth: Speaker
) -> None:
    imani.says(WEEKLY)
    imani.presses("Put in force")
    imani.says("rhythm lincoln elementary back to every three weeks from March")
    imani.sees("Lincoln Elementary is at that rhythm already: every three weeks. Nothing was changed.")
    imani.says("rhythm")
    imani.sees(
        "Every week until Sat 30 Jan, since Mon 30 Nov. From Sun 31 Jan: every two weeks.",
        "Imani Brooks: Grace is new",
        "Lincoln Elementary",
        "As in the roster.",
    )
    imani.does_not_see("Harbor")
    grace.says("rhythm")
    grace.sees("Lincoln Middle", "Every week until Sat 30 Jan", "Grace is new")
    grace.does_not_see("Roosevelt")
    ruth.says("rhythm")
    ruth.sees("Rhythms that differ from the roster", "Lincoln Middle", "Imani Brooks: Grace is new")
    ruth.does_not_see("Roosevelt", "Harbor")
    ruth.says("rhythm harbor")
    ruth.sees("The rhythm of Harbor Elementary", "Every month", "As in the roster.")


def test_a_later_change_goes_back_from_a_day_on(chat: Chat, store: Store, imani: Speaker) -> None:
    imani.says("rhythm lincoln middle weekly because Grace is new")
    imani.presses("Put in force")
    chat.wait(days=7)
    imani.says("rhythm lincoln middle back to normal from March because it goes well")
    imani.sees("every two weeks from Mon 1 Mar", "Now it is every week")
    imani.presses("Put in force")
    assert [cadence(store, "Lincoln Middle", on) for on in (date(2027, 2, 28), date(2027, 3, 1))] == [5, 10]
    imani.says("rhythm lincoln middle")
    imani.sees(
        "From Mon 1 Mar", "it goes well", "Mon 30 Nov to Sun 28 Feb", "Grace is new", "Until Sun 29 Nov"
    )


def test_without_a_reason_nothing_changes(chat: Chat, store: Store, imani: Speaker) -> None:
    imani.says("rhythm lincoln middle weekly")
    imani.presses("Put in force")
    imani.sees("Say in a few words why")
    assert rows(store) == []
    imani.presses("Put in force", because="Grace is new")
    imani.sees("In force")


def test_a_name_that_fits_two_schools_is_asked_and_the_reason_goes_along(
    chat: Chat, store: Store, imani: Speaker
) -> None:
    imani.says("rhythm lincoln weekly until 30 January because Grace is new")
    imani.sees("Which one", "[Lincoln Elementary]", "[Lincoln Middle]")
    imani.presses("Lincoln Middle")
    imani.sees("every week from today", "Grace is new")
    imani.presses("Put in force")
    assert rows(store) == [(5, date(2026, 11, 30), date(2027, 1, 30), "Grace is new")]


def test_a_card_from_before_another_change_does_nothing(chat: Chat, store: Store, imani: Speaker) -> None:
    imani.says(WEEKLY)
    old = imani.seen[-1]
    imani.presses("Put in force")
    imani.seen.append(old)
    imani.presses("Put in force")
    imani.sees("was changed since")
    assert len(rows(store)) == 1


def test_a_button_pressed_days_later_begins_that_day(chat: Chat, store: Store, imani: Speaker) -> None:
    imani.says(WEEKLY)
    chat.wait(days=3)
    imani.presses("Put in force")
    assert [starts for _days, starts, _ends, _why in rows(store)] == [date(2026, 12, 3)]
    imani.says("rhythm roosevelt weekly until 10 December because of the new team")
    chat.wait(days=14)
    imani.presses("Put in force")
    imani.sees("would be over by now")
    assert len(rows(store)) == 1


@pytest.mark.parametrize(
    ("who", "words", "answer"),
    [
        ("tomas.rivera", WEEKLY, "is set by its ILD"),
        ("ruth.castellanos", WEEKLY, "is set by its ILD"),
        ("grace.lindqvist", WEEKLY, "is set by its ILD"),
        ("tomas.rivera", "rhythm lincoln middle", "another network's school"),
        ("dev.patel", "rhythm", "That is for"),
        ("imani.brooks", "rhythm lincoln middle weekly until 3 November", "past"),
        ("imani.brooks", "rhythm lincoln middle until Friday", "I see no rhythm"),
    ],
)
def test_who_may_not_and_what_cannot_be_is_said_kindly(
    chat: Chat, store: Store, who: str, words: str, answer: str
) -> None:
    speaker = chat.person(email(who))
    speaker.says(words)
    speaker.sees(answer)
    assert rows(store) == []


def test_a_button_of_a_school_that_is_gone_is_answered(ruth: Speaker) -> None:
    ruth.presses_action(act("rhythm.show", school=-1))
    ruth.sees("That school is not here any more")


def test_an_import_of_the_roster_keeps_what_the_ild_set(chat: Chat, store: Store, imani: Speaker) -> None:
    imani.says(WEEKLY)
    imani.presses("Put in force")
    with store.begin() as tx:
        number = school_id(store, "Lincoln Middle")
        row = tx.exec(select(AssignmentRow).where(AssignmentRow.school_id == number)).one()
        row.ends = date(2026, 12, 6)
        tx.add(row)
        tx.add(
            AssignmentRow(
                school_id=number,
                ild_id=row.ild_id,
                principal_id=row.principal_id,
                network=row.network,
                starts=date(2026, 12, 7),
                cadence_days=20,
            )
        )
    assert [cadence(store, "Lincoln Middle", on) for on in (date(2026, 12, 8), date(2027, 2, 1))] == [5, 20]
    with store.read() as tx:
        held = targets.load(tx, [number])[number]
    assert [span.days for span in held.spans] == [10, 5, 20]


# ---------------------------------------------------------------- the year


def all_weekly(store: Store) -> None:
    with store.begin() as tx:
        for school in ("Lincoln Middle", "Lincoln Elementary", "Roosevelt High"):
            change = Change(5, date(2026, 11, 30), None, "all are new")
            ild = person_id(store, "imani.brooks")
            targets.put(tx, school_id(store, school), change, set_by=ild, at=NOW)


def test_an_ild_reads_whether_the_year_can_be_kept(chat: Chat, store: Store, imani: Speaker) -> None:
    all_weekly(store)
    imani.says("can we keep this?")
    imani.sees(
        "Can this be kept? Mon 30 Nov to Fri 18 Jun",
        "Not as it is",
        "3 schools: the rhythms ask for",
        "at 12 % cancelled",
        "there is no half-day for visits",
        "Any one of these would do it",
        "A second visit in a half-day, twice a week.",
        "Protect 2 more half-days a week (Monday morning, Tuesday afternoon)",
        "These 3 schools every two weeks: Lincoln Elementary, Lincoln Middle and Roosevelt High.",
        "to spare",
    )


def test_a_roomy_year_is_said_with_its_slack(chat: Chat, store: Store, imani: Speaker) -> None:
    with store.begin() as tx:
        for weekday in (0, 2, 4):
            calendar.put_rule(tx, ProtectedRule(weekday, Half.AM, "all", date(2026, 11, 30)))
    for school in ("Lincoln Middle", "Lincoln Elementary", "Roosevelt High"):
        add_held(store, school, date(2026, 11, 24))
    imani.says("check the year")
    imani.sees("Yes, with", "half-days to spare", "intervals are kept")
    imani.does_not_see("would do it")


def test_a_half_day_that_the_ilds_own_calendar_takes_is_no_place(
    chat: Chat, store: Store, imani: Speaker
) -> None:
    def places() -> str:
        imani.says("check the year")
        return imani.last_words().partition("There are ")[2].partition(".")[0]

    assert places() == "53 half-days"
    with store.begin() as tx:
        ild = person_id(store, "imani.brooks")
        busy.connect(tx, ild, address="https://calendar.example/1.ics", host="calendar.example", at=NOW)
        taken = [BusyStretch(date(2026, 12, 1), 480, 660), BusyStretch(date(2026, 12, 2), 480, 660)]
        busy.put_stretches(tx, ild, taken)
    assert places() == "52 half-days"


def test_a_plan_for_later_uses_the_rhythm_that_holds_then(chat: Chat, store: Store) -> None:
    change = Change(5, date(2027, 1, 11), None, "Grace is new")
    with store.begin() as tx:
        ild = person_id(store, "imani.brooks")
        targets.put(tx, school_id(store, "Lincoln Middle"), change, set_by=ild, at=NOW)
    with store.read() as tx:
        district = load_district(tx)
        imani = people.get_person(tx, person_id(store, "imani.brooks"), on=date(2026, 11, 30))
        loads = [
            plan_visits(
                tx, district, [imani], today=date(2026, 11, 30), start=start, end=start + timedelta(days=13)
            ).load
            for start in (date(2026, 11, 30), date(2027, 1, 11))
        ]
    assert loads[1] > loads[0]


def test_a_school_made_quicker_is_planned_before_it_is_due_and_not_called_late(
    chat: Chat, store: Store, imani: Speaker
) -> None:
    for school, day in (("Lincoln Middle", 17), ("Roosevelt High", 24), ("Lincoln Elementary", 24)):
        add_held(store, school, date(2026, 11, day))
    with store.begin() as tx:
        ild = person_id(store, "imani.brooks")
        change = Change(5, date(2026, 11, 30), None, "Grace is new")
        targets.put(tx, school_id(store, "Lincoln Middle"), change, set_by=ild, at=NOW)
    imani.says("plan")
    imani.sees("Lincoln Middle", "since the last visit")
    imani.does_not_see("over")


def test_a_change_that_is_too_much_says_so_and_what_would_make_it_good(
    chat: Chat, store: Store, imani: Speaker
) -> None:
    all_weekly(store)
    imani.says("rhythm roosevelt every 3 school days because of the new team")
    imani.sees("half-days are missing in your network", "It could be made good:")


def test_an_executive_sees_networks_by_load_in_the_order_of_their_names(chat: Chat, ruth: Speaker) -> None:
    ruth.says("check the year")
    ruth.sees("North Network", "South Network", "Half-days to spare", "%", "not people")
    ruth.does_not_see("Imani", "Tomás", "Lincoln")
    said = ruth.last_words()
    assert said.index("North Network") < said.index("South Network")


@pytest.mark.parametrize("who", ["dev.patel", "grace.lindqvist", "ana.whitefeather"])
def test_nobody_else_checks_the_year(chat: Chat, who: str) -> None:
    speaker = chat.person(email(who))
    speaker.says("check the year")
    speaker.does_not_see("to spare")


def test_each_ild_is_told_once_at_the_start_of_a_year(store: Store) -> None:
    chat = Chat(store, at="2026-08-31 06:00")
    imani, tomas = chat.person(email("imani.brooks")), chat.person(email("tomas.rivera"))
    assert tell_year_checks(store, chat.now) == 0
    chat.move_to("2026-08-31 09:00")
    assert tell_year_checks(store, chat.now) == 2
    assert tell_year_checks(store, chat.now) == 0
    chat.move_to("2026-09-01 13:00")
    assert tell_year_checks(store, chat.now) == 0
    imani.sees("Can this be kept? Mon 31 Aug to Fri 18 Jun")
    tomas.sees("Can this be kept?")
    chat.move_to("2026-11-30 09:00")
    with store.begin() as tx:
        record.put_setting(tx, "year_check", {})
    assert tell_year_checks(store, chat.now) == 0
