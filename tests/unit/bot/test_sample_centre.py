"""The sample district's centre has something to show in every answer about it, and the same for everybody."""

from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path

import pytest
from sqlmodel import SQLModel, select

from bot.sample import STARTS_AT, fill_sample
from bot.sample.people import EXECUTIVE, NORTH_ILD, UNIT_STAFF
from handlers.answers import insight
from handlers.centre import scorecards
from handlers.centre.pulse_parts import about_ild, about_unit
from handlers.centre.theory_figures import readings
from handlers.centre.ties import load
from handlers.district import load_district
from handlers.turn import Turn
from protocols.centre.pulse import Ballot, read
from protocols.centre.theory import Clause, Standing, judge
from protocols.guided.state import Status
from storage import people, pulse, runs, theories
from storage.database import Store, Tx
from storage.tables import (
    MessageRow,
    PulseBallotRow,
    PulseLineRow,
    RunRow,
    ServiceRequestRow,
    ServiceStepRow,
)


@pytest.fixture(scope="module")
def turn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Turn]:
    """An executive's look at the sample district, at the moment at which its clock starts."""
    store = _filled(tmp_path_factory.mktemp("sample"))
    with store.read() as tx:
        yield _turn(tx, EXECUTIVE.email)
    store.close()


def _filled(folder: Path) -> Store:
    store = Store(f"sqlite:///{folder / 'sample.sqlite'}")
    store.migrate()
    fill_sample(store)
    return store


def _turn(tx: Tx, email: str) -> Turn:
    person = people.find_by_email(tx, email, on=STARTS_AT.date())
    assert person is not None
    return Turn(tx=tx, person=person, now=STARTS_AT.astimezone(UTC), district=load_district(tx), key="look")


def test_every_unit_was_asked_and_their_scorecards_differ(turn: Turn) -> None:
    found = scorecards.scores(turn, scorecards.Period(date(2026, 8, 31), "this school year", "year"))
    assert list(found) == ["Assessment", "Budget", "Facilities", "Human Resources"]
    assert all(one.answered and one.done and one.open for one in found.values())
    assert sum(one.reopened for one in found.values()) > 0
    assert sum(one.declined for one in found.values()) > 0
    assert sum(one.handed_on for one in found.values()) > 0
    assert sum(one.late for one in found.values()) == 1
    assert sum(one.unanswered for one in found.values()) == 1
    medians = {one.median_to_answer for one in found.values()}
    assert len(medians) == len(found)


def test_what_nobody_answered_was_brought_to_the_head_and_the_ild(turn: Turn) -> None:
    rows = turn.tx.exec(select(MessageRow).where(MessageRow.kind == "service_overdue")).all()
    told = people.get_people(turn.tx, {row.recipient_id for row in rows}, on=turn.today)
    assert {person.email for person in told.values()} == {NORTH_ILD.email, UNIT_STAFF[0].email}


def test_a_closed_pulse_can_be_shown_for_every_office_and_ild_and_one_is_open(turn: Turn) -> None:
    newest, _before = pulse.closed(turn.tx)
    answers = pulse.ballots(turn.tx, newest.id or 0)
    for unit in newest.units:
        shown = read(Ballot(network, marks) for about, network, marks in answers if about == about_unit(unit))
        assert shown.whole is not None
        assert len(shown.groups) == 2
    ilds = {about for about, _network, _marks in answers if about.startswith("ild:")}
    assert len(ilds) == 2
    assert about_ild(_turn(turn.tx, NORTH_ILD.email).person.id) in ilds
    assert len(pulse.lines(turn.tx, newest.id or 0, about_unit("Facilities"))) >= 5
    assert len(pulse.done(turn.tx, newest.id or 0)) == 3
    running = pulse.running(turn.tx)
    assert running is not None
    assert pulse.count_answered(turn.tx, running.id or 0) == 9
    invited = turn.tx.exec(select(MessageRow).where(MessageRow.kind == "pulse")).all()
    assert len(invited) == running.asked == 24


def test_the_districts_theory_has_figures_for_and_against_it(turn: Turn) -> None:
    revision = theories.current(turn.tx, theories.DISTRICT)
    assert revision is not None
    assert revision.number == 3
    found = readings(turn, revision.lines, ild_id=None)
    judged = [judge(line, of_terms[-1]) for line, of_terms in found.items()]
    assert Standing.FOR in judged
    assert Standing.AGAINST in judged
    assert {line.clause for line in revision.lines} == set(Clause)


def test_ties_go_both_ways_in_part_and_more_units_have_them_than_a_year_ago(turn: Turn) -> None:
    known = load(turn, None)
    with_units = [web.between(known.units).density.part for web in known.webs]
    assert with_units[-1] > with_units[0]
    assert all(0 < len(web.two_way) < len(web.ties) for web in known.webs)


def test_cycles_stand_in_every_phase_and_have_ended_in_different_ways(turn: Turn) -> None:
    rows = turn.tx.exec(select(RunRow).where(RunRow.protocol_key == "cycle_of_inquiry")).all()
    found = [run for row in rows if (run := runs.get(turn.tx, row.id or 0)) is not None]
    open_steps = {run.state.step for run in found if run.state.status is not Status.ENDED}
    assert {"causes", "rationale", "strategy", "check_in"} <= open_steps
    ended = [run for run in found if run.state.status is Status.ENDED]
    chosen = {
        entry.data.get("option") or entry.text
        for run in ended
        for entry in run.state.entries
        if entry.step == "decision"
    }
    assert len(chosen) == 2


def test_it_is_the_same_for_everybody(turn: Turn, tmp_path: Path) -> None:
    store = _filled(tmp_path)
    with store.read() as tx:
        for table, columns in (
            (ServiceRequestRow, ("school_id", "unit", "what", "state", "promised_on", "done_at")),
            (ServiceStepRow, ("request_id", "step", "actor_id", "words", "day", "at")),
            (PulseLineRow, ("about", "text")),
        ):
            assert _rows(tx, table, columns) == _rows(turn.tx, table, columns)
        marks = ("about", "network", "marks")
        assert _rows(tx, PulseBallotRow, marks) == _rows(turn.tx, PulseBallotRow, marks)
    store.close()


def _rows(tx: Tx, table: type[SQLModel], columns: tuple[str, ...]) -> list[str]:
    return sorted(str([getattr(row, name) for name in columns]) for row in tx.exec(select(table)).all())


def test_offices_and_ilds_took_demands_off_plates_and_differ(turn: Turn) -> None:
    found = insight.ask(turn, "demands taken off plates since February by ILD", context=None)
    assert {row["name"]: row["value"] for row in found["rows"]} == {"Imani Brooks": 24, "Tomás Rivera": 12}
