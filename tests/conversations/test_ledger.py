"""The ledger of protected time agrees with the answers to questions, and tells made good from not."""

import re
from datetime import date

import pytest
from sqlmodel import select

from handlers.cards import Chart, Download, Table
from handlers.district import load_district
from handlers.protected_time.protected_rows import protected_time
from protocols.cadence.calendar import Closure, ClosureKind
from protocols.insight.ledger import add_up, lines_by
from protocols.insight.measures import protected_kept, protected_lost
from protocols.insight.query import Period
from storage import calendar, people
from storage.database import Store
from storage.tables import AuditRow
from tests.chat import Chat, Speaker
from tests.district import email
from tests.protected_rows import protected_rows

SENTENCE = "Drivers strike on Friday and routes change for every school."


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-11-30 10:00")


@pytest.fixture
def dev(chat: Chat) -> Speaker:
    return chat.person(email("dev.patel"))


@pytest.fixture
def ruth(chat: Chat) -> Speaker:
    return chat.person(email("ruth.castellanos"))


def take(dev: Speaker, ruth: Speaker, rest: str, *, reason: str = "staffing") -> None:
    dev.says(f"meeting with {rest} about the strike plan")
    dev.presses("Ask for an override")
    ruth.presses("Override", reason=reason, sentence=SENTENCE)


def taken_twice(chat: Chat, dev: Speaker, ruth: Speaker) -> None:
    """An hour of every principal, two hours of North's for safety; then it is mid-December."""
    take(dev, ruth, "principals Tue 1 Dec 9:00")
    take(dev, ruth, "north network Thu 3 Dec 8:00 for 2 hours", reason="safety")
    chat.move_to("2026-12-14 10:00")


def test_the_ledger_shows_months_offices_reasons_networks_and_emergencies_apart(
    chat: Chat, dev: Speaker, ruth: Speaker
) -> None:
    taken_twice(chat, dev, ruth)
    ruth.says("ledger")
    ruth.sees("kept this school year", "overrides took 5 hours", "emergencies, apart, another 6 hours")
    card = ruth.seen[-1]
    tables = {block.caption: block for block in card.blocks if isinstance(block, Table)}
    assert [row[0] for row in tables["By month, in hours"].rows] == [
        "Sep 2026",
        "Oct 2026",
        "Nov 2026",
        "Dec 2026",
    ]
    assert tables["By office, hours and how often"].rows == (("Human Resources", "5", "1", "6", "1"),)
    assert tables["By reason, emergencies last"].rows == (
        ("Staffing that cannot wait", "5"),
        ("Safety of students or staff, now", "6"),
    )
    assert [row[0] for row in tables["By network, in hours"].rows] == ["North Network", "South Network"]
    chart = next(block for block in card.blocks if isinstance(block, Chart))
    assert "Lowest: Dec 2026" in chart.alternative


def test_the_ledger_agrees_with_the_answers_to_questions(chat: Chat, dev: Speaker, ruth: Speaker) -> None:
    taken_twice(chat, dev, ruth)
    ruth.says("ledger this month")
    share = re.search(r"([\d.]+%) kept", ruth.last_words())
    assert share is not None
    ruth.says("protected time kept from 1 December to 14 December")
    ruth.sees(f"{share[1]} of protected time was kept")
    ruth.says("who took protected time from 1 December to 14 December")
    ruth.sees("11 hours of principals' protected time were taken")


def test_the_lines_add_up_to_what_the_measures_say(
    chat: Chat, dev: Speaker, ruth: Speaker, store: Store
) -> None:
    taken_twice(chat, dev, ruth)
    start, end = date(2026, 8, 31), date(2026, 12, 14)
    with store.read() as tx:
        schools = people.schools_on(tx, end)
        rows = protected_rows(tx, load_district(tx), schools, start=start, end=end)
    whole = add_up(row for _school, row in rows)
    kept = protected_kept((row for _school, row in rows), Period(start, end))
    assert (whole.kept, whole.protected) == (kept.part, kept.whole)
    by_reason = protected_lost((row for _school, row in rows), Period(start, end), key=lambda row: row.reason)
    assert by_reason == {"safety": whole.emergencies, "staffing": whole.taken}
    labelled = [(school.network, row) for school, row in rows]
    by_network = lines_by(labelled, lambda network, _row: network)
    assert sum(line.protected for line in by_network.values()) == whole.protected
    assert sum(line.kept for line in by_network.values()) == whole.kept


def test_half_days_put_together_by_network_make_the_same_lines(
    chat: Chat, dev: Speaker, ruth: Speaker, store: Store
) -> None:
    taken_twice(chat, dev, ruth)
    start, end = date(2026, 8, 31), date(2026, 12, 14)
    with store.read() as tx:
        schools = people.schools_on(tx, end)
        each = protected_rows(tx, load_district(tx), schools, start=start, end=end)
        together = protected_time(tx, load_district(tx), schools, start=start, end=end).rows()
    labelled = [(school.network, row) for school, row in each]
    assert len(together) < len(labelled)
    for key in (
        lambda network, _row: network,
        lambda _network, row: row.day.isoformat(),
        lambda network, row: f"{network} {row.day:%b} {row.office} {row.reason}",
    ):
        assert lines_by(together, key) == lines_by(labelled, key)


def test_two_meetings_in_one_half_day_cost_no_more_than_it_has(
    chat: Chat, dev: Speaker, ruth: Speaker
) -> None:
    take(dev, ruth, "principals Tue 1 Dec 8:00 for 4 hours")
    take(dev, ruth, "principals Tue 1 Dec 8:00 for 3 hours", reason="board")
    chat.move_to("2026-12-02 10:00")
    ruth.says("ledger this month")
    ruth.sees("0.0% kept this month", "Of 22.5 hours protected", "overrides took 22.5 hours")


def test_an_ild_sees_her_own_network(chat: Chat, dev: Speaker, ruth: Speaker) -> None:
    tomas = chat.person(email("tomas.rivera"))
    taken_twice(chat, dev, ruth)
    tomas.says("ledger")
    tomas.sees("overrides took 2 hours")
    tomas.does_not_see("emergencies, apart", "North Network")


def test_a_visit_is_made_good_once_the_make_up_visit_was_held(
    chat: Chat, dev: Speaker, ruth: Speaker
) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("plan Lincoln Middle Tue 1 Dec 8:30")
    imani.says("plan Roosevelt Thu 3 Dec 8:30")
    take(dev, ruth, "principals Tue 1 Dec 9:00")
    take(dev, ruth, "principals Thu 3 Dec 9:00")
    imani.presses("Hold Tue 8 Dec 8:30")
    chat.move_to("2026-12-07 10:00")
    imani.says("ledger")
    imani.sees("2 visits were pushed out: 0 made good, 1 with a make-up visit ahead, 1 not made good")
    chat.move_to("2026-12-08 12:00")
    imani.says("visited Roosevelt 60 min")
    imani.says("visited Lincoln Middle 60 min")
    imani.says("ledger")
    imani.sees("2 visits were pushed out: 1 made good, 0 with a make-up visit ahead, 1 not made good")


def test_an_answer_about_cancelled_visits_counts_as_made_good_what_the_ledger_does(
    chat: Chat, dev: Speaker, ruth: Speaker
) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("plan Lincoln Middle Tue 1 Dec 8:30")
    take(dev, ruth, "principals Tue 1 Dec 9:00")
    imani.presses("Hold Thu 3 Dec 8:30")
    chat.move_to("2026-12-02 10:00")
    ruth.says("visits cancelled this month")
    ruth.sees("0 of 1 were made good on another day")
    chat.move_to("2026-12-03 11:00")
    imani.says("visited Lincoln Middle 60 min")
    ruth.says("visits cancelled this month")
    ruth.sees("1 of 1 was made good on another day")


def test_a_stand_in_that_is_cancelled_hands_on_to_the_next(chat: Chat, dev: Speaker, ruth: Speaker) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("plan Lincoln Middle Tue 1 Dec 8:30")
    take(dev, ruth, "principals Tue 1 Dec 9:00")
    imani.presses("Hold Thu 3 Dec 8:30")
    imani.presses("Cancel")
    imani.presses("Cancel the visit", by="principal", reason="ill")
    chat.move_to("2026-12-01 12:30")
    imani.says("ledger")
    imani.sees("1 visit was pushed out: 0 made good, 0 with a make-up visit ahead, 1 not made good")
    imani.presses("Hold Tue 8 Dec 8:30")
    imani.says("ledger")
    imani.sees("0 made good, 1 with a make-up visit ahead")


def test_a_day_that_turned_out_to_be_closed_loses_nothing(
    chat: Chat, dev: Speaker, ruth: Speaker, store: Store
) -> None:
    take(dev, ruth, "principals Tue 1 Dec 9:00")
    day = date(2026, 12, 1)
    with store.begin() as tx:
        calendar.put_closure(tx, Closure(day, day, ClosureKind.SNOW, "Snow day"), source="tests", uid="snow")
    chat.move_to("2026-12-14 10:00")
    ruth.says("ledger")
    ruth.sees("100.0% kept")


def test_the_file_has_the_same_minutes(chat: Chat, dev: Speaker, ruth: Speaker) -> None:
    taken_twice(chat, dev, ruth)
    ruth.says("ledger this month")
    file = next(block for block in ruth.seen[-1].blocks if isinstance(block, Download))
    lines = [line.split(",") for line in file.content.splitlines()]
    assert lines[0] == ["month", "network", "office", "reason", "emergency", "minutes"]
    taken = {(line[1], line[3]): (line[4], int(line[5])) for line in lines[1:] if line[2] != "kept"}
    assert taken == {
        ("North Network", "staffing"): ("no", 180),
        ("North Network", "safety"): ("yes", 360),
        ("South Network", "staffing"): ("no", 120),
    }


@pytest.mark.parametrize("platform", ["slack", "playground"])
def test_it_can_be_drawn_where_people_read_it(chat: Chat, dev: Speaker, ruth: Speaker, platform: str) -> None:
    taken_twice(chat, dev, ruth)
    ruth.platform = platform
    ruth.says("ledger")
    ruth.sees("By month, in hours")


def test_who_looks_at_it_is_on_record_and_a_principal_is_not_shown_it(
    chat: Chat, ruth: Speaker, store: Store
) -> None:
    chat.person(email("ana.whitefeather")).says("ledger")
    ruth.says("ledger")
    mei = chat.person(email("mei.tanaka"))
    mei.says("ledger")
    mei.sees("That is for")
    with store.read() as tx:
        rows = list(tx.exec(select(AuditRow).where(AuditRow.action == "ledger.seen")))
    assert len(rows) == 2
