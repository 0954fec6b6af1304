"""Drift: the ILD reads it first, with the slot that mends it; the executive later, and the ILD knows when."""

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from handlers.cadence.drift import check_drift
from protocols.cadence.calendar import Half
from storage import visits
from storage.database import Store
from storage.tables import AssignmentRow, DriftRow
from tests.chat import Chat, Speaker, words_of
from tests.conversations.test_visits import add_held, person_id, school_id
from tests.district import NOW, email
from tests.played import Played

MONDAY = "2027-03-15 13:00"
ROSE, MIDDLE, ELEMENTARY = "Roosevelt High", "Lincoln Middle", "Lincoln Elementary"


@pytest.fixture
def chat(store: Store, played: Played) -> Chat:
    return played(store, a_spring)


def a_spring(store: Store) -> Chat:
    """A Monday in the spring. All were seen every two weeks; Roosevelt twice only since the winter."""
    for school in (ROSE, MIDDLE, ELEMENTARY):
        day = date(2026, 9, 1)
        while day <= date(2027, 3, 10):
            if school != ROSE or day < date(2027, 1, 20) or day in (date(2027, 2, 2), date(2027, 3, 2)):
                add_held(store, school, day)
            day += timedelta(days=14)
    return Chat(store, at=MONDAY)


@pytest.fixture
def ruth(chat: Chat) -> Speaker:
    return chat.person(email("ruth.castellanos"))


def begin_inquiries(store: Store) -> None:
    """So that only Roosevelt's visits are talked about."""
    for school in (ROSE, MIDDLE, ELEMENTARY):
        with store.begin() as tx:
            visits.record_held(
                tx,
                school_id=school_id(store, school),
                ild_id=person_id(store, "imani.brooks"),
                day=date(2026, 9, 8),
                half=Half.AM,
                kind="inquiry",
                minutes=60,
                at=NOW,
            )


def episodes(store: Store) -> list[tuple[str, date | None, date | None, date | None]]:
    with store.read() as tx:
        return [
            (row.kind, row.told_on, row.seen_from, row.mended_on)
            for row in tx.exec(select(DriftRow).order_by(col(DriftRow.id)))
        ]


def told(speaker: Speaker) -> str:
    return "\n".join(words_of(card) for card in speaker.collect())


def test_the_ild_reads_it_first_with_numbers_a_slot_and_the_day(
    chat: Chat, store: Store, imani: Speaker, ruth: Speaker
) -> None:
    begin_inquiries(store)
    assert check_drift(store, chat.now) == 1
    assert check_drift(store, chat.now) == 0
    said = told(imani)
    assert "One of your schools is drifting. You read it first." in said
    assert "Fewer visits than last term: 2 of the 3 that its rhythm asks for since Mon 25 Jan" in said
    assert "On Mon 12 Apr Ruth Castellanos will see it unless it is mended." in said
    assert "[Hold " in said
    assert told(ruth) == ""
    ruth.says("drift")
    ruth.sees("Nothing to see")
    assert episodes(store) == [("falling", date(2027, 3, 15), date(2027, 4, 12), None)]


def test_it_is_told_once_and_at_most_one_message_a_week(chat: Chat, store: Store, imani: Speaker) -> None:
    begin_inquiries(store)
    check_drift(store, chat.now)
    assert told(imani)
    with store.begin() as tx:  # another school begins to slip two days later
        for number in range(3):
            visit = visits.plan(
                tx,
                school_id=school_id(store, MIDDLE),
                ild_id=person_id(store, "imani.brooks"),
                day=date(2027, 2, 4) + timedelta(days=7 * number),
                half=Half.AM,
                at=NOW,
            )
            visits.cancel(tx, visit, version=1, by="ild", reason="a hearing")
            for _ in range(3):
                again = visits.plan(
                    tx,
                    school_id=school_id(store, MIDDLE),
                    ild_id=person_id(store, "imani.brooks"),
                    day=date(2027, 2, 5) + timedelta(days=7 * number),
                    half=Half.AM,
                    at=NOW,
                )
                visits.cancel(tx, again, version=1, by="ild", reason="a hearing")
    chat.move_to("2027-03-17 13:00")
    assert check_drift(store, chat.now) == 0
    assert len(episodes(store)) == 2
    assert told(imani) == ""
    chat.move_to("2027-03-22 13:00")
    assert check_drift(store, chat.now) == 1
    said = told(imani)
    assert "Its visits are the ones that fall out: 12 of 27 planned" in said
    assert "Roosevelt" not in said


def test_drift_of_one_school_is_asked_for_by_its_name(
    chat: Chat, store: Store, imani: Speaker, ruth: Speaker
) -> None:
    begin_inquiries(store)
    check_drift(store, chat.now)
    imani.collect()
    imani.says("drift roosevelt")
    imani.sees("Roosevelt High", "Fewer visits than last term", "[Hold ")
    imani.says("drift at lincoln middle?")
    imani.sees("Lincoln Middle is not drifting.")
    imani.does_not_see("Roosevelt")
    imani.says("drift lincoln")
    imani.sees("Which one")
    imani.presses("Lincoln Middle")
    imani.sees("Lincoln Middle is not drifting.")
    ruth.says("drift roosevelt")
    ruth.sees("Nothing to see")
    ruth.does_not_see("Fewer visits")
    assert imani.says("drift juniper").outcome == "refused"
    peter = chat.person(email("peter.novak"))
    assert peter.says("drift roosevelt").outcome == "refused"
    peter.does_not_see("Fewer visits")


def test_a_visit_mends_it_and_that_is_said(chat: Chat, store: Store, imani: Speaker, ruth: Speaker) -> None:
    begin_inquiries(store)
    check_drift(store, chat.now)
    imani.presses("Hold")
    add_held(store, ROSE, date(2027, 3, 18))
    chat.move_to("2027-03-22 13:00")
    imani.collect()
    check_drift(store, chat.now)
    said = told(imani)
    assert "Mended" in said
    assert "Fewer visits than last term, since Mon 25 Jan. It is closed." in said
    imani.says("drift")
    imani.sees("None of your schools is drifting.", "mended on Mon 22 Mar")
    chat.move_to("2027-04-20 13:00")
    check_drift(store, chat.now)
    ruth.says("drift")
    ruth.does_not_see("Fewer visits")
    with store.read() as tx:
        own = list(tx.exec(select(DriftRow).where(DriftRow.school_id == school_id(store, ROSE))))
    assert [row.kind for row in own if row.kind == "falling"] == ["falling"]


def test_the_executive_sees_that_it_is_so_on_the_day_that_was_named(
    chat: Chat, store: Store, imani: Speaker, ruth: Speaker
) -> None:
    begin_inquiries(store)
    check_drift(store, chat.now)
    chat.move_to("2027-04-09 13:00")
    check_drift(store, chat.now)
    assert told(ruth) == ""
    chat.move_to("2027-04-12 13:00")
    check_drift(store, chat.now)
    said = told(ruth)
    assert "Roosevelt High, North Network" in said
    assert "Fewer visits than last term, since Mon 25 Jan: 55 school days." in said
    assert "Imani" not in said
    assert "2 of the 3" not in said
    imani.says("drift")
    imani.sees("Since Mon 12 Apr Ruth Castellanos can see that it is so, and nothing more.")
    chat.move_to("2027-04-13 13:00")
    check_drift(store, chat.now)
    assert told(ruth) == ""


@pytest.mark.parametrize(
    ("words", "answer", "seen_from"),
    [
        (
            "tell executives of drift after 15 school days",
            "executives see it 15 school days later",
            date(2027, 4, 5),
        ),
        ("never tell executives of drift", "Executives are not told of drift", None),
    ],
)
def test_the_administrator_sets_the_time(
    chat: Chat, store: Store, imani: Speaker, words: str, answer: str, seen_from: date | None
) -> None:
    begin_inquiries(store)
    ana = chat.person(email("ana.whitefeather"))
    ana.says(words)
    ana.sees(answer)
    check_drift(store, chat.now)
    assert [row[2] for row in episodes(store)] == [seen_from]
    assert ("will see it unless" in told(imani)) == (seen_from is not None)


def test_a_day_that_the_ild_has_read_is_kept(chat: Chat, store: Store, imani: Speaker) -> None:
    begin_inquiries(store)
    check_drift(store, chat.now)
    ana = chat.person(email("ana.whitefeather"))
    ana.says("tell executives of drift after 1 school day")
    ana.says("tell executives of drift after 0 days")
    ana.sees("Write a number of school days from 1 to 120")
    assert episodes(store)[0][2] == date(2027, 4, 12)


def test_walkthroughs_only_are_named(chat: Chat, store: Store, imani: Speaker) -> None:
    check_drift(store, chat.now)
    said = told(imani)
    assert "14 walkthroughs since Mon 31 Aug, and no inquiry. One begins with: inquiry" in said
    assert "3 of your schools are drifting" in said


def test_a_principal_sees_what_is_written_of_the_own_school_once_the_ild_has_read_it(
    chat: Chat, store: Store, imani: Speaker
) -> None:
    begin_inquiries(store)
    mei = chat.person(email("mei.tanaka"))
    mei.says("drift")
    mei.sees("Nothing is written of a drift at your school.")
    check_drift(store, chat.now)
    mei.says("drift")
    mei.sees("Roosevelt High", "Fewer visits than last term, since Mon 25 Jan.", "ask for a visit")
    mei.does_not_see("Ruth", "Lincoln")


def test_only_the_administrator_sets_the_time(
    chat: Chat, store: Store, imani: Speaker, ruth: Speaker
) -> None:
    begin_inquiries(store)
    for speaker in (imani, ruth):
        speaker.says("never tell executives of drift")
        speaker.sees("That is for administrators")
    check_drift(store, chat.now)
    assert [row[2] for row in episodes(store)] == [date(2027, 4, 12)]


@pytest.mark.parametrize("who", ["dev.patel", "ana.whitefeather"])
def test_nobody_else_sees_drift(chat: Chat, store: Store, who: str) -> None:
    check_drift(store, chat.now)
    speaker = chat.person(email(who))
    speaker.says("drift")
    speaker.sees("That is for")


def test_the_next_ild_hears_of_it_first_too(chat: Chat, store: Store, tomas: Speaker, ruth: Speaker) -> None:
    begin_inquiries(store)
    check_drift(store, chat.now)
    number = school_id(store, ROSE)
    with store.begin() as tx:
        row = tx.exec(select(AssignmentRow).where(AssignmentRow.school_id == number)).one()
        row.ends = date(2027, 4, 1)
        tx.add(row)
        after = AssignmentRow(
            school_id=number,
            ild_id=person_id(store, "tomas.rivera"),
            principal_id=row.principal_id,
            network="South Network",
            starts=date(2027, 4, 2),
            cadence_days=10,
        )
        tx.add(after)
    chat.move_to("2027-04-12 13:00")
    check_drift(store, chat.now)
    said = told(tomas)
    assert "Fewer visits than last term" in said
    assert "Ruth Castellanos will see it unless it is mended." in said
    assert "Roosevelt" not in told(ruth)


def test_outside_school_days_and_before_seven_nobody_is_told(store: Store, chat: Chat) -> None:
    chat.move_to("2027-03-14 13:00")
    assert check_drift(store, chat.now) == 0
    chat.move_to("2027-03-15 06:30")
    assert check_drift(store, chat.now) == 0
    assert episodes(store) == []
