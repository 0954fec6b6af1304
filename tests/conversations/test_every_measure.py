"""Every answer says its number, what was counted over what period, what is missing and how it is spread, with a picture
in words, too, and files: each measure is asked, on a district that has something of everything."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from handlers.answers import insight
from handlers.answers.insight_answers import Answer, answer
from handlers.answers.insight_scope import load_ground
from handlers.cards import Chart, Download
from handlers.district import load_district
from handlers.turn import Turn
from protocols.cadence.calendar import Half
from protocols.insight.definitions import DEFINITIONS
from protocols.insight.query import Measure, Query
from protocols.insight.understanding import understand
from storage import people, visits
from storage.database import Store, Tx
from storage.tables import (
    AssignmentRow,
    ProtectedLossRow,
    ProtocolVersionRow,
    RunRow,
    SchoolRow,
    VisitRow,
)
from tests.chat import Chat
from tests.conversations.test_off_plates_counted import called_off, fill_digests
from tests.district import LAST_YEAR_STARTS, NOW, email
from tests.played import Played

TODAY = date(2026, 11, 18)
AT = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
UNSETTLED = "1 planned visit of which nobody has said whether it took place"
NO_DIGEST = "2 schools without a digest"
VACANT = "1 school without a principal in the roster"

ASKED: dict[Measure, tuple[str, str, str]] = {  # the question, how it is spread, what is missing
    Measure.VISITS: ("visits since September by school", "From 1 to 3 a school, median 2", UNSETTLED),
    Measure.NOT_VISITED: (
        "schools not visited for three weeks",
        "a school seen before, median",
        UNSETTLED,
    ),
    Measure.LONGEST_GAP: ("longest gap between visits since September", "a school, median", UNSETTLED),
    Measure.INTERVALS_KEPT: (
        "what share of intervals was kept since September",
        "a school, median",
        UNSETTLED,
    ),
    Measure.EVENNESS: (
        "how evenly are visits spread since September",
        "of what its rhythm asks, median",
        UNSETTLED,
    ),
    Measure.TIME_IN_SCHOOLS: (
        "share of time in schools since September",
        "1% for each ILD",
        "1 visit without a length, counted as none",
    ),
    Measure.CANCELLED: (
        "visits cancelled since September and by whom",
        "From 0 to 2 a school, median",
        UNSETTLED,
    ),
    Measure.MADE_GOOD: (
        "how many cancelled visits were made good since September",
        "0% for each school",
        UNSETTLED,
    ),
    Measure.PROTECTED_KEPT: ("protected time kept since September", "a school, median", VACANT),
    Measure.PROTECTED_LOST: ("protected time lost since September by office", "a school, median", VACANT),
    Measure.NEXT_STEPS: (
        "share of visits with a next step since September by school",
        "a school, median",
        UNSETTLED,
    ),
    Measure.MANDATES: ("mandates sent since September by office", "1 for each office", NO_DIGEST),
    Measure.TAKEN_OFF: ("demands taken off plates since September by office", "a school, median", NO_DIGEST),
    Measure.MINUTES_ASKED: (
        "minutes asked of principals since September",
        "30 minutes for each principal and week",
        NO_DIGEST,
    ),
    Measure.CYCLES: (
        "open cycles of inquiry by phase",
        "an open cycle, median",
        "the phase of 1, which have moved on since",
    ),
    Measure.USEFULNESS: (
        "how useful do principals find our visits since September",
        "Median 3",
        "1 of 6 principals who were visited have not said",
    ),
}


@pytest.fixture
def chat(store: Store, played: Played) -> Chat:
    return played(store, something_of_everything)


def something_of_everything(store: Store) -> Chat:
    with store.begin() as tx:
        fill(tx)
    return Chat(store, at="2026-11-18 10:00")


def fill(tx: Tx) -> None:
    vacant = SchoolRow(sourced_id="s-vacant", name="Cedar Middle", level="middle")
    tx.add(vacant)
    tx.flush()
    imani = people.find_by_email(tx, email("imani.brooks"), on=TODAY)
    assert imani is not None
    tx.add(
        AssignmentRow(
            school_id=vacant.id,
            ild_id=imani.id,
            principal_id=None,
            network="North Network",
            starts=LAST_YEAR_STARTS,
            cadence_days=10,
        )
    )
    tx.flush()
    schools = people.schools_on(tx, TODAY)
    for place, school in enumerate(schools):
        for number in range(place % 3 + 1):
            visits.record_held(
                tx,
                school_id=school.id,
                ild_id=school.ild_id or 0,
                day=date(2026, 9, 15) + timedelta(days=7 * number + place),
                half=Half.AM,
                kind="walkthrough",
                minutes=None if place == number == 0 else 60,
                at=NOW,
            )
    tx.flush()
    for place, row in enumerate(tx.exec(select(VisitRow).order_by(col(VisitRow.id)))):
        row.led_to_next_step = place % 2 == 0
        row.useful = 3 if row.school_id != vacant.id else None
    visits.plan(
        tx,
        school_id=schools[0].id,
        ild_id=schools[0].ild_id or 0,
        day=date(2026, 11, 10),
        half=Half.PM,
        at=NOW,
    )
    called_off(tx, schools[0], date(2026, 10, 6))
    called_off(tx, schools[0], date(2026, 10, 8))
    called_off(tx, schools[1], date(2026, 10, 7), by="central_office")
    for school in schools:
        if school.principal_id is not None:
            tx.add(
                ProtectedLossRow(
                    day=date(2026, 10, 6).toordinal(),
                    half="am",
                    minutes=30 * (school.id % 3 + 1),
                    person_id=school.principal_id,
                    network=school.network,
                    office="Budget",
                    reason_class="board",
                )
            )
    fill_digests(tx, [school for school in schools if school.principal_id is not None])
    fill_cycles(tx, schools)


def fill_cycles(tx: Tx, schools: list[people.School]) -> None:
    """Three cycles of inquiry, one of which came into its phase only after the day that is asked about."""
    tx.add(ProtocolVersionRow(digest="c", key="cycle_of_inquiry", title="Cycle", body="{}", created_at=NOW))
    tx.flush()
    for place, phase in enumerate(("question", "try", "try")):
        begun = AT - timedelta(days=10 * (place + 1))
        tx.add(
            RunRow(
                protocol_key="cycle_of_inquiry",
                protocol_digest="c",
                counts_as="inquiry",
                school_id=schools[place].id,
                started_at=begun,
                moved_at=begun,
                phase=phase,
                phase_since=AT + timedelta(days=3) if place == 0 else begun,
            )
        )


def answered(chat: Chat, measure: Measure) -> Answer:
    with chat.store.begin() as tx:
        executive = people.find_by_email(tx, email("ruth.castellanos"), on=TODAY)
        assert executive is not None
        turn = Turn(tx=tx, person=executive, now=AT, district=load_district(tx), key="test")
        ground = load_ground(turn)
        meaning = understand(ASKED[measure][0], vocabulary=ground.vocabulary, asker=ground.asker, today=TODAY)
        assert isinstance(meaning, Query), meaning
        assert meaning.measure is measure
        return answer(turn, ground, meaning)


def test_every_measure_is_asked() -> None:
    assert set(ASKED) == set(Measure)


@pytest.mark.parametrize("measure", Measure)
def test_an_answer_states_the_number_and_its_spread(chat: Chat, measure: Measure) -> None:
    found = answered(chat, measure)
    said = " ".join((found.headline, *found.notes))
    assert any(letter.isdigit() for letter in found.headline), found.headline
    assert ASKED[measure][1] in said, said


@pytest.mark.parametrize("measure", Measure)
def test_an_answer_states_what_was_counted_over_what_period(chat: Chat, measure: Measure) -> None:
    found = answered(chat, measure)
    assert DEFINITIONS[measure].name.split(" (")[0] in found.counted
    assert "Nov" in found.counted, found.counted
    assert found.to_json("?")["definition"] == DEFINITIONS[measure].counts


@pytest.mark.parametrize("measure", Measure)
def test_an_answer_states_what_is_missing(chat: Chat, measure: Measure) -> None:
    found = answered(chat, measure)
    assert ASKED[measure][2] in found.missing, found.missing


@pytest.mark.parametrize("measure", Measure)
def test_an_answer_has_a_picture_that_is_told_in_words(chat: Chat, measure: Measure) -> None:
    chart = answered(chat, measure).chart
    assert isinstance(chart, Chart)
    assert chart.labels
    values = [value for value in chart.series[-1].values if value is not None]
    assert values
    assert chart.alternative.startswith(chart.title)
    for label, value in zip(chart.labels[:5], chart.series[-1].values, strict=False):
        told = "not known" if value is None else f"{value:g}"
        assert f"{label}: {told}" in chart.alternative


@pytest.mark.parametrize("measure", Measure)
def test_an_answer_goes_along_as_csv_and_workbook_with_what_is_missing(chat: Chat, measure: Measure) -> None:
    found = answered(chat, measure)
    comma, book = found.downloads
    assert isinstance(comma, Download)
    lines = list(csv.reader(io.StringIO(comma.content)))
    assert lines[0] == [found.counted]
    assert [f"missing: {line}" for line in found.missing] == [
        line[0] for line in lines[1 : 1 + len(found.missing)]
    ]
    header = lines[1 + len(found.missing)]
    assert header[:2] == ["name", "value"]
    assert len(lines) == 2 + len(found.missing) + len(found.rows)
    table = json.loads(book.content)
    assert table["columns"] == header
    assert len(table["rows"]) == len(found.rows) > 0


@pytest.mark.parametrize("measure", Measure)
def test_the_card_and_a_program_say_the_same(chat: Chat, measure: Measure) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says(ASKED[measure][0])
    with chat.store.begin() as tx:
        turn = Turn(
            tx=tx,
            person=people.get_person(tx, ruth.id, on=TODAY),
            now=chat.now,
            district=load_district(tx),
            key="test",
        )
        told = insight.ask(turn, ASKED[measure][0], context=None)
    ruth.sees(told["answer"].split(". ")[0], f"Counted: {told['counted']}", f"Missing: {told['missing']}")
