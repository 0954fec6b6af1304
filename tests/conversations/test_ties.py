"""Who works with whom: what ties a school to the centre, who may see it, and that no word of it shows."""

from datetime import date, datetime, timedelta

import pytest

from handlers.actions import act
from handlers.cards import Chart, ChartKind, Download
from protocols.cadence.calendar import Half
from storage import people, visits
from storage.database import Store
from storage.tables import MeetingRow, PromiseRow, ProposalRow, ServiceRequestRow, UnitRequestRow
from tests.chat import Chat, Speaker
from tests.district import NOW, email

TODAY = date(2026, 11, 24)
SECRET = "words that stay between those who wrote them"


@pytest.fixture
def chat(store: Store) -> Chat:
    """Visits to three schools; Grace promises something; Human Resources asks Lincoln Middle, which asks back."""
    with store.begin() as tx:
        schools = {school.name: school for school in people.schools_on(tx, TODAY)}
        dev = people.find_by_email(tx, email("dev.patel"), on=TODAY)
        assert dev is not None
        for name, days in {
            "Lincoln Middle": (date(2026, 9, 10), date(2026, 10, 8)),
            "Roosevelt High": (date(2026, 9, 15), date(2026, 3, 3)),
            "Juniper K-8": (date(2026, 11, 10),),
        }.items():
            for day in days:
                visits.record_held(
                    tx,
                    school_id=schools[name].id,
                    ild_id=schools[name].ild_id or 0,
                    day=day,
                    half=Half.AM,
                    kind="walkthrough",
                    minutes=60,
                    at=NOW,
                )
        lincoln, harbor = schools["Lincoln Middle"], schools["Harbor Elementary"]
        tx.add(
            PromiseRow(
                school_id=lincoln.id,
                owner_id=lincoln.principal_id or 0,
                what=SECRET,
                by_when=TODAY,
                evidence=SECRET,
                created_at=NOW - timedelta(days=20),
            )
        )
        tx.add(
            ProposalRow(
                school_id=harbor.id,
                person_id=harbor.principal_id or 0,
                kind="visit",
                text=SECRET,
                created_at=NOW - timedelta(days=5),
            )
        )
        tx.add(
            UnitRequestRow(
                asker_id=dev.id,
                office="Human Resources",
                school_ids=[lincoln.id],
                ild_id=lincoln.ild_id or 0,
                responder_id=lincoln.ild_id or 0,
                question=SECRET,
                remind_at=NOW,
                due_at=NOW,
                created_at=NOW - timedelta(days=9),
            )
        )
        asked = NOW - timedelta(days=3)
        tx.add(
            ServiceRequestRow(
                school_id=lincoln.id,
                asker_id=lincoln.principal_id or 0,
                unit="Human Resources",
                what=SECRET,
                asked_at=asked,
                arrived_at=asked,
                clock_from=asked,
                changed_at=asked,
            )
        )
        for audience, office, state in (
            ("network:South Network", "Human Resources", "booked"),
            ("principals", "Facilities", "booked"),  # of all principals: ties nobody
            ("network:North Network", "Facilities", "refused"),  # never held
        ):
            tx.add(_meeting(dev.id, audience, office, state))
    return Chat(store, at="2026-11-24 09:00")


def _meeting(requester: int, audience: str, office: str, state: str) -> MeetingRow:
    return MeetingRow(
        requester_id=requester,
        office=office,
        topic=SECRET,
        audience=audience,
        day=date(2026, 11, 4),
        starts=540,
        minutes=60,
        state=state,
        created_at=datetime(2026, 10, 20, 12, tzinfo=NOW.tzinfo),
    )


@pytest.fixture
def ruth(chat: Chat) -> Speaker:
    return chat.person(email("ruth.castellanos"))


def test_an_executive_sees_how_dense_ties_are_and_how_many_go_both_ways(ruth: Speaker) -> None:
    ruth.says("who works with whom")
    ruth.sees(
        "7 of 10 possible ties (70%); 2 of 7 go both ways (29%)",
        "4 visits, 1 promise, 1 wish of a principal, 1 question of a unit, 1 service request",
        "Without any tie: Lincoln Elementary.",
        "Density was 10% in Spring 2026.",
        "4 of 5",  # with ILDs: Lincoln Middle, Roosevelt, Juniper, Harbor by its principal's wish
        "3 of 5",  # with units
        "never what was said",
    )
    ruth.does_not_see(SECRET, "Facilities")


def test_the_picture_has_schools_by_network_and_says_in_words_what_it_shows(ruth: Speaker) -> None:
    ruth.says("who works with whom")
    charts = [block for block in ruth.collect() or ruth.seen[-1].blocks if isinstance(block, Chart)]
    [picture] = [chart for chart in charts if chart.kind is ChartKind.TIES]
    at = dict(zip(picture.labels, range(5), strict=True))
    strength = {series.name: series.values for series in picture.series}
    assert strength["ILD, North Network"][at["Lincoln Middle"]] == 2
    assert strength["ILD, North Network"][at["Roosevelt High"]] == 1
    assert strength["Human Resources"][at["Lincoln Middle"]] == 2
    assert strength["Human Resources"][at["Roosevelt High"]] is None
    assert picture.groups[at["Juniper K-8"]] == "South Network"
    assert "Human Resources: both ways with Lincoln Middle; one way with Harbor Elementary, Juniper K-8" in (
        picture.alternative
    )
    [file] = [block for block in ruth.seen[-1].blocks if isinstance(block, Download)]
    assert "Fall 2026,Lincoln Middle,North Network,Human Resources,both ways" in file.content


def test_another_term_takes_the_place_of_the_one_shown(ruth: Speaker) -> None:
    ruth.says("who works with whom")
    ruth.presses("Spring 2026")
    ruth.shows("Who works with whom, Spring 2026", "1 of 10 possible ties (10%); 0 of 1 go both ways (0%)")
    ruth.does_not_show("Who works with whom, Fall 2026")


def test_one_network_is_asked_for_by_its_name(ruth: Speaker) -> None:
    ruth.says("who works with whom in North Network?")
    ruth.sees("Who works with whom in North Network, Fall 2026", "3 of 6 possible ties")
    ruth.does_not_see("Juniper")
    ruth.presses("Spring 2026")
    ruth.sees("Who works with whom in North Network, Spring 2026", "1 of 6 possible ties")
    ruth.says("who works with whom in West")
    ruth.sees("There is North Network, South Network")


def test_nobody_else_sees_it(chat: Chat, imani: Speaker, grace: Speaker) -> None:
    for other in (imani, grace, chat.person(email("dev.patel")), chat.person(email("ana.whitefeather"))):
        other.says("who works with whom")
        other.does_not_see("possible ties")
        other.presses_action(act("ties.term", term="Fall 2026"))
        other.sees("is for executives")
        other.does_not_see("possible ties")


def test_a_protocol_counts_as_begun_by_whoever_opened_it(chat: Chat, ruth: Speaker) -> None:
    ruth.says("who works with whom in South Network")
    ruth.sees("0 of 4 go both ways")
    peter = chat.person(email("peter.novak"))
    peter.says("walkthrough juniper")
    peter.sees("Juniper K-8")
    ruth.says("who works with whom in South Network")
    ruth.sees("1 protocol run together", "1 of 4 goes both ways")
