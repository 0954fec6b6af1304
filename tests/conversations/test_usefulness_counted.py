"""How principals find their visits: a mean with its spread and what is missing, and never one principal's own."""

from datetime import date

import pytest
from sqlmodel import col, select

from storage import people
from storage.database import Store
from storage.tables import AssignmentRow, SchoolRow, VisitRow
from tests.chat import Chat, Speaker
from tests.conversations.bigger_district import add_principals
from tests.district import NOW, email

SOUTH = ("Harbor Elementary", "Juniper K-8")


@pytest.fixture
def ruth(store: Store) -> Speaker:
    """Eight principals of North Network have rated a visit of October 2.5 in the mean; of South nobody, at first."""
    add_principals(store, 6)
    with store.begin() as tx:
        north = [school for school in people.schools_on(tx, date(2026, 11, 1)) if school.name not in SOUTH]
        for place, school in enumerate(north):
            rating = None if place == 8 else place % 4 + 1
            tx.add(rated(school, rating))
    return Chat(store, at="2026-11-18 10:00").person(email("ruth.castellanos"))


def rated(
    school: people.School,
    rating: int | None,
    *,
    day: date = date(2026, 10, 6),
    kind: str = "walkthrough",
    ild: int | None = None,
) -> VisitRow:
    return VisitRow(
        school_id=school.id,
        ild_id=ild or school.ild_id or 0,
        day=day.toordinal(),
        half="am",
        kind=kind,
        status="held",
        minutes=50,
        useful=rating,
        created_at=NOW,
    )


def rate_in_south(store: Store, count: int) -> None:
    with store.begin() as tx:
        schools = {school.name: school for school in people.schools_on(tx, date(2026, 11, 1))}
        for name in SOUTH[:count]:
            tx.add(rated(schools[name], 4))


def test_the_answer_says_the_mean_its_spread_and_who_is_missing(ruth: Speaker) -> None:
    ruth.says("how useful do principals find our visits since September")
    ruth.sees("About 2.5 of 4", "8 answers of 8 principals", "Median 2.5")
    ruth.sees("Missing: 1 of 9 principals who were visited have not said")
    ruth.sees("Counted: usefulness of visits, 1 Sep to 18 Nov")


def test_a_network_that_would_give_the_other_away_is_refused(ruth: Speaker, store: Store) -> None:
    ruth.says("how useful do principals find visits in North Network")
    ruth.sees("About 2.5 of 4")
    rate_in_south(store, 1)
    ruth.says("how useful do principals find visits in North Network")
    ruth.sees("Fewer than five principals")
    ruth.says("how useful do principals find our visits since September")
    ruth.sees("9 principals")


def test_a_list_of_schools_is_refused_however_long(ruth: Speaker) -> None:
    for question in (
        "how useful do principals find visits except at Lincoln Middle",
        "how useful are visits at Lincoln Middle, Lincoln Elementary, Roosevelt High, School P01, School P02",
        "how useful are visits in North Network without Roosevelt High",
    ):
        ruth.says(question)
        ruth.does_not_see("of 4")


def test_visits_of_an_ild_are_not_told_apart_from_those_of_her_schools(ruth: Speaker, store: Store) -> None:
    """Of one school a former ILD's visit alone was rated: her schools' answers less her own would be that one."""
    ruth.says("how useful are Imani Brooks' visits")
    ruth.sees("About 2.5 of 4")
    with store.begin() as tx:
        tomas = people.find_by_email(tx, email("tomas.rivera"), on=date(2026, 11, 1))
        last = [s for s in people.schools_on(tx, date(2026, 11, 1)) if s.name not in SOUTH][8]
        tx.add(rated(last, 1, ild=tomas.id if tomas else 0))
    ruth.says("how useful are Imani Brooks' visits")
    ruth.sees("Fewer than five principals")


def test_one_rating_of_an_ilds_visits_is_not_told_because_her_schools_rated_others(
    ruth: Speaker, store: Store
) -> None:
    """All eight ratings are of visits that another ILD made at Imani's schools, but one of hers."""
    with store.begin() as tx:
        tomas = people.find_by_email(tx, email("tomas.rivera"), on=date(2026, 11, 1))
        assert tomas is not None
        rows = tx.exec(
            select(VisitRow).where(col(VisitRow.useful).is_not(None)).order_by(col(VisitRow.id))
        ).all()
        for row in rows[1:]:
            row.ild_id = tomas.id
    ruth.says("how useful are Imani Brooks' visits")
    ruth.sees("Fewer than five principals")
    ruth.does_not_see("of 4", "Median")


def test_by_kind_and_month_only_those_of_five_are_shown(ruth: Speaker, store: Store) -> None:
    with store.begin() as tx:
        north = [school for school in people.schools_on(tx, date(2026, 11, 1)) if school.name not in SOUTH]
        for school in north[:2]:
            tx.add(rated(school, 4, day=date(2026, 11, 3), kind="coaching"))
    ruth.says("how useful do principals find our visits by kind of visit")
    ruth.sees("walkthrough 2.5", "1 of the groups, which could show what single principals answered")
    ruth.does_not_see("coaching 4")
    ruth.says("by month")
    ruth.sees("Oct 2026 2.5")
    ruth.does_not_see("Nov 2026 4")


def test_by_level_is_refused_where_a_level_has_fewer_schools(ruth: Speaker) -> None:
    ruth.says("how useful do principals find our visits by level")
    ruth.sees("Fewer than five principals")


def test_a_level_that_would_give_another_networks_away_is_left_out(store: Store) -> None:
    """Of South one K-8 school has rated: the district's K-8 schools less those of North are that one."""
    add_principals(store, 16)
    with store.begin() as tx:
        found = people.schools_on(tx, date(2026, 11, 1))
        north, south = (next(s.ild_id for s in found if (s.name in SOUTH) is here) for here in (False, True))
        for place, school in enumerate(found):
            is_south = place % 3 == 0
            level = "k8" if place < 3 or place % 3 == 1 else "elementary"
            tx.get_one(SchoolRow, school.id).level = level
            led = tx.exec(select(AssignmentRow).where(AssignmentRow.school_id == school.id)).one()
            led.network, led.ild_id = ("South Network", south) if is_south else ("North Network", north)
            tx.add(rated(school, 3))
    ruth = Chat(store, at="2026-11-18 10:00").person(email("ruth.castellanos"))
    ruth.says("how useful do principals find visits in North Network by level")
    ruth.sees("Elementary 3", "1 of the groups, which could show what single principals answered")
    ruth.does_not_see("K-8 3")
