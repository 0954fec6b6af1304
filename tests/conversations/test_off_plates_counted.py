"""Executives' questions about visits made good and about what principals did not have to do, in numbers."""

from collections.abc import Iterator
from datetime import date

import pytest

from storage import people
from storage.database import Store, Tx
from storage.tables import DemandRow, DigestItemRow, DigestRow, MandateRow, TriageRow, VisitRow
from tests.chat import Chat
from tests.district import NOW, email
from tests.played import Played

MONDAY, LATER = date(2026, 10, 5), date(2026, 11, 2)
SECRET = "send the badge list to the annex"


@pytest.fixture
def chat(store: Store, played: Played) -> Chat:
    return played(store, an_autumn)


def an_autumn(store: Store) -> Chat:
    with store.begin() as tx:
        schools = {school.name: school for school in people.schools_on(tx, MONDAY)}
        called_off(tx, schools["Lincoln Middle"], date(2026, 10, 6), made_good="held")
        called_off(tx, schools["Lincoln Middle"], date(2026, 10, 20), by="central_office")
        called_off(tx, schools["Roosevelt High"], date(2026, 10, 13), made_good="planned")
        called_off(tx, schools["Harbor Elementary"], date(2026, 10, 14), by="central_office")
        fill_digests(tx, list(schools.values()))
    return Chat(store, at="2026-11-18 10:00")


def called_off(
    tx: Tx, school: people.School, day: date, *, by: str = "ild", made_good: str | None = None
) -> None:
    common = {"school_id": school.id, "ild_id": school.ild_id, "half": "am", "created_at": NOW}
    stand_in = None
    if made_good:
        stand_in = VisitRow(day=day.toordinal() + 60, status=made_good, **common)
        tx.add(stand_in)
        tx.flush()
    tx.add(
        VisitRow(
            day=day.toordinal(),
            status="cancelled",
            cancelled_by=by,
            cancel_reason=SECRET,
            made_good_by=stand_in.id if stand_in else None,
            **common,
        )
    )


def fill_digests(tx: Tx, schools: list[people.School]) -> None:
    """Two weeks of digests at four of five schools: what was read, taken off, and merged."""
    demands = numbered(tx)
    for week, given in (
        (MONDAY, (("do", None), ("off_plate", "off_plate"), ("off_plate", "self"))),
        (LATER, (("merged", "merge"), ("off_plate", "decline"))),
    ):
        for school in schools[:4]:
            digest = DigestRow(
                principal_id=school.principal_id or 0,
                school_id=school.id,
                ild_id=school.ild_id,
                week=week,
                minutes=30,
                created_at=NOW,
            )
            tx.add(digest)
            tx.flush()
            for section, decision in given:
                demand = next(demands)
                tx.add(
                    DigestItemRow(digest_id=digest.id or 0, demand_id=demand, section=section, wording=SECRET)
                )
                if decision:
                    tx.add(
                        TriageRow(
                            demand_id=demand,
                            ild_id=school.ild_id or 0,
                            decision=decision,
                            wording=SECRET,
                            note=SECRET,
                            decided_by=school.ild_id or 0,
                            decided_at=NOW,
                        )
                    )


def numbered(tx: Tx) -> Iterator[int]:
    """Demands one after another, of two offices by turns, each of twenty minutes."""
    sender = people.find_by_email(tx, email("dev.patel"), on=MONDAY)
    assert sender is not None
    mandates = []
    for unit in ("Human Resources", "Facilities"):
        mandate = MandateRow(
            title=SECRET,
            one_line=SECRET,
            text=SECRET,
            fingerprint=unit,
            unit=unit,
            sender_id=sender.id,
            memo_date=MONDAY,
            received_at=NOW,
        )
        tx.add(mandate)
        tx.flush()
        mandates.append(mandate.id or 0)
    start = 0
    while True:
        start += 1
        row = DemandRow(
            mandate_id=mandates[start % 2],
            start=start,
            end=start + 1,
            headline=SECRET,
            quote=SECRET,
            actor="principal",
            for_school=True,
            binding="must",
            minutes=20,
        )
        tx.add(row)
        tx.flush()
        yield row.id or 0


def test_how_many_cancelled_visits_were_made_good(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("how many cancelled visits were made good since September?")
    ruth.sees("25% of 4 cancelled visits made good on another day", "1 more have a new day")
    ruth.sees("Central office 0%, ILD 50%")
    ruth.sees("Counted: cancelled visits made good, 1 Sep to 18 Nov")
    ruth.does_not_see(SECRET)


def test_which_were_never_made_up_names_school_and_day(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("which cancelled visits were never made up?")
    ruth.sees("Not made up: Harbor Elementary (14 Oct), Lincoln Middle (20 Oct)", "From 0% to 50% a school")
    ruth.sees("Lincoln Middle,0.5,2026-10-20")


def test_visits_cancelled_and_made_good_follow_on_each_other(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("visits cancelled since September")
    ruth.sees("4 visits cancelled", "1 of 4 was made good")
    ruth.says("and how many were rebooked?")
    ruth.sees("25% of 4 cancelled visits made good")
    ruth.says("by network")
    ruth.sees("South Network 0%, North Network 33%")


def test_what_was_taken_off_plates_is_counted_with_its_minutes(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("demands taken off plates since September")
    ruth.sees("16 demands taken off principals' plates", "240 minutes of principals were spared")
    ruth.sees("declined 4, done by an office 4, done by the ILD 4, merged into another 4")
    ruth.sees("From 0 to 4 a school, median 4", "Missing: 1 school without a digest")
    ruth.says("by office")
    ruth.sees("Facilities 8, Human Resources 8", "Facilities,8,")
    ruth.presses("By month")
    ruth.sees("Oct 2026 8, Nov 2026 8")
    ruth.does_not_see(SECRET)


def test_whose_plates_they_were_follows_the_rights_of_visits(chat: Chat) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("what was kept off my principals' plates since September?")
    imani.sees("8 demands taken off")
    imani.says("demands taken off plates in South Network")
    imani.sees("not yours to see")
    grace = chat.person(email("grace.lindqvist"))
    grace.says("what did we not have to do since September?")
    grace.sees("4 demands taken off", "Lincoln Middle")


def test_asking_for_a_deed_is_no_question(chat: Chat) -> None:
    grace = chat.person(email("grace.lindqvist"))
    grace.says("take this off my plate")
    grace.does_not_see("demands taken off")
