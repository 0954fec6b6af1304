"""Applying a roster: all or nothing, only what changed, the past as it was."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import col, select

from protocols.roster.reading import read_roster
from protocols.roster.report import RemovalNotConfirmedError, RosterReport
from storage.database import Store
from storage.roster import apply_roster, load_roster
from storage.tables import AssignmentRow, AuditRow, PeriodRow, PersonRow, SchoolRow, VisitRow

NOW = datetime(2026, 11, 10, 15, 0, tzinfo=UTC)
TODAY = date(2026, 11, 10)

ORGS = "sourcedId,status,name,type,parentSourcedId\nD1,active,Maple County,district,\n" + "".join(
    f"S{n},active,School {n},school,D1\n" for n in range(1, 4)
)
PEOPLE = {
    "I1": "Amara,Nwosu,amara@maple.example",
    "I2": "Luca,Ferri,luca@maple.example",
    "P1": "Joni,Lindqvist,joni@maple.example",
    "P2": "Thuy,Pham,thuy@maple.example",
    "P3": "Sanna,Aalto,sanna@maple.example",
}
ROLES = (
    "userSourcedId,orgSourcedId,role\nI1,D1,districtAdministrator\nI2,D1,districtAdministrator\n"
    "P1,S1,principal\nP2,S2,principal\nP3,S3,principal\n"
)
ROWS = tuple(f"S{n},I1,P{n},2026-08-15,,weekly,North" for n in range(1, 4))
TERMS = "sourcedId,title,type,startDate,endDate\nY,2026-27,schoolYear,2026-09-03,2027-06-25\n"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'roster.sqlite'}")
    opened.migrate()
    yield opened
    opened.close()


def imported(
    store: Store,
    *,
    orgs: str = ORGS,
    people: dict[str, str] | None = None,
    rows: tuple[str, ...] = ROWS,
    roles: str = ROLES,
    confirmed: bool = False,
    today: date = TODAY,
) -> RosterReport:
    people = PEOPLE if people is None else people
    kept_roles = [line for line in roles.splitlines() if line.split(",")[0] in {"userSourcedId", *people}]
    files = {
        "orgs.csv": orgs,
        "users.csv": "sourcedId,givenName,familyName,email\n"
        + "".join(f"{k},{v}\n" for k, v in people.items()),
        "roles.csv": "\n".join(kept_roles) + "\n",
        "academicSessions.csv": TERMS,
        "assignments.csv": "\n".join(["school,ild,principal,from,to,cadence,network", *rows]) + "\n",
    }
    roster = read_roster({name: text.encode() for name, text in files.items()})
    with store.begin() as tx:
        return apply_roster(tx, roster, now=NOW, today=today, confirmed=confirmed)


def assignments(store: Store) -> list[tuple[int, int | None, date, date | None]]:
    with store.read() as tx:
        query = select(AssignmentRow).order_by(col(AssignmentRow.school_id), col(AssignmentRow.starts))
        return [(row.school_id, row.ild_id, row.starts, row.ends) for row in tx.exec(query)]


def audited(store: Store) -> list[str]:
    with store.read() as tx:
        return [row.action for row in tx.exec(select(AuditRow).order_by(col(AuditRow.id)))]


def test_a_first_import_writes_everything_and_says_so(empty: Store) -> None:
    report = str(imported(empty))
    assert "Schools added: 3 (School 1, School 2, School 3)." in report
    assert "People added: 5 (Amara Nwosu, Luca Ferri" in report
    assert len(assignments(empty)) == 3
    assert audited(empty) == [
        "roster_school_added",
        "roster_person_added",
        "roster_assignment_added",
        "roster_term_added",
    ]


def test_the_same_roster_again_writes_nothing(empty: Store) -> None:
    imported(empty)
    before = audited(empty)
    assert str(imported(empty)) == "Nothing has changed since the last import."
    assert audited(empty) == before


def test_a_change_of_ild_keeps_the_past_and_hands_planned_visits_over(empty: Store) -> None:
    imported(empty)
    with empty.begin() as tx:
        ilds = {row.sourced_id: row.id for row in tx.exec(select(PersonRow))}
        first, second = ilds["I1"], ilds["I2"]
        assert first is not None
        for day, status in ((date(2026, 10, 1), "held"), (date(2026, 11, 20), "planned")):
            tx.add(
                VisitRow(
                    school_id=1, ild_id=first, day=day.toordinal(), half="am", status=status, created_at=NOW
                )
            )
    report = imported(empty, rows=(ROWS[0].replace("I1", "I2"), *ROWS[1:]))
    assert report.handed_over == 1
    assert assignments(empty)[:2] == [
        (1, first, date(2026, 8, 15), date(2026, 11, 9)),
        (1, second, TODAY, None),
    ]
    with empty.read() as tx:
        visits = [(row.status, row.ild_id) for row in tx.exec(select(VisitRow).order_by(col(VisitRow.day)))]
    assert visits == [("held", first), ("planned", second)]


def test_a_removal_of_more_than_a_twentieth_needs_a_yes_and_changes_nothing_without(empty: Store) -> None:
    imported(empty)
    orgs = ORGS.replace("S3,active", "S3,tobedeleted")
    with pytest.raises(RemovalNotConfirmedError, match="1 of 3 schools"):
        imported(empty, orgs=orgs, rows=ROWS[:2])
    with empty.read() as tx:
        assert len(load_roster(tx).schools) == 3
    imported(empty, orgs=orgs, rows=ROWS[:2], confirmed=True)
    with empty.read() as tx:
        assert [row.active for row in tx.exec(select(SchoolRow).order_by(SchoolRow.sourced_id))] == [
            True,
            True,
            False,
        ]
    assert assignments(empty)[2][3] == date(2026, 11, 9)


def test_visits_planned_at_a_school_that_closes_are_cancelled(empty: Store) -> None:
    imported(empty)
    with empty.begin() as tx:
        tx.add(VisitRow(school_id=3, ild_id=1, day=TODAY.toordinal() + 3, half="am", created_at=NOW))
    report = imported(empty, orgs=ORGS.replace("S3,active", "S3,tobedeleted"), rows=ROWS[:2], confirmed=True)
    assert report.cancelled == 1


def test_a_person_who_left_is_deactivated_and_comes_back(empty: Store) -> None:
    imported(empty)
    without = {key: value for key, value in PEOPLE.items() if key != "I2"}
    imported(empty, people=without, confirmed=True)
    with empty.read() as tx:
        assert tx.exec(select(PersonRow.active).where(PersonRow.sourced_id == "I2")).one() is False
    assert "People added: 1 (Luca Ferri)." in str(imported(empty))


def test_two_people_may_exchange_addresses(empty: Store) -> None:
    imported(empty)
    people = PEOPLE | {"I1": "Amara,Nwosu,luca@maple.example", "I2": "Luca,Ferri,amara@maple.example"}
    imported(empty, people=people)
    with empty.read() as tx:
        emails = dict(tx.exec(select(PersonRow.sourced_id, PersonRow.email)).all())
    assert (emails["I1"], emails["I2"]) == ("luca@maple.example", "amara@maple.example")


def test_an_address_passes_to_somebody_new_after_its_owner_left(empty: Store) -> None:
    imported(empty)
    people = {key: value for key, value in PEOPLE.items() if key != "I2"} | {
        "I9": "Lucy,Ferro,luca@maple.example"
    }
    imported(empty, people=people, roles=ROLES + "I9,D1,districtAdministrator\n", confirmed=True)
    with empty.read() as tx:
        rows = {row.sourced_id: (row.active, row.email) for row in tx.exec(select(PersonRow))}
    assert rows["I9"] == (True, "luca@maple.example")
    assert rows["I2"][0] is False


def test_the_same_person_under_a_new_id_stays_one_person(empty: Store) -> None:
    imported(empty)
    people = {key: value for key, value in PEOPLE.items() if key != "I2"} | {"I9": PEOPLE["I2"]}
    report = imported(empty, people=people, roles=ROLES + "I9,D1,districtAdministrator\n")
    assert report.changes.people.is_empty
    with empty.read() as tx:
        assert len(tx.exec(select(PersonRow)).all()) == 5


def test_people_made_by_hand_and_levels_set_by_hand_stay(empty: Store) -> None:
    imported(empty)
    with empty.begin() as tx:
        tx.add(PersonRow(email="exec@maple.example", given_name="Ruth", family_name="Okeke"))
        school = tx.exec(select(SchoolRow)).first()
        assert school is not None
        school.level = "middle"
    assert imported(empty).changes.is_empty


def test_a_principal_who_follows_another_is_new_from_that_day(empty: Store) -> None:
    imported(empty)
    people = PEOPLE | {"P4": "Omar,Said,omar@maple.example"}
    rows = (ROWS[0].replace(",,weekly", ",2026-10-31,weekly"), "S1,I1,P4,2026-11-01,,weekly,North", *ROWS[1:])
    imported(empty, people=people, roles=ROLES + "P4,S1,principal\n", rows=rows)
    with empty.read() as tx:
        since = dict(tx.exec(select(PersonRow.sourced_id, PersonRow.since)).all())
    assert since["P4"] == date(2026, 11, 1)
    assert since["P1"] is None


def test_school_years_become_periods(empty: Store) -> None:
    imported(empty)
    with empty.read() as tx:
        periods = [(row.kind, row.label, row.ends) for row in tx.exec(select(PeriodRow))]
    assert periods == [("year", "2026-27", date(2027, 6, 25))]


def test_a_year_the_calendar_knows_stays_when_the_roster_does_not_speak_of_it(empty: Store) -> None:
    with empty.begin() as tx:
        tx.add(PeriodRow(kind="year", label="2027-28", starts=date(2027, 9, 2), ends=date(2028, 6, 23)))
    imported(empty)
    with empty.read() as tx:
        labels = sorted(tx.exec(select(PeriodRow.label).where(PeriodRow.kind == "year")))
    assert labels == ["2026-27", "2027-28"]


def test_a_year_the_roster_corrects_is_replaced(empty: Store) -> None:
    with empty.begin() as tx:
        tx.add(PeriodRow(kind="year", label="SY 26", starts=date(2026, 8, 31), ends=date(2027, 6, 18)))
    imported(empty)
    with empty.read() as tx:
        years = list(tx.exec(select(PeriodRow.label, PeriodRow.starts).where(PeriodRow.kind == "year")))
    assert years == [("2026-27", date(2026, 9, 3))]


def test_assignments_alone_keep_the_principals_they_do_not_name(empty: Store) -> None:
    imported(empty)
    rows = "\n".join(
        ["school,ild,principal,from,to,cadence,network", *(r.replace(",P1,", ",,") for r in ROWS)]
    )
    with empty.begin() as tx:
        roster = read_roster({"assignments.csv": rows.encode()}, known=load_roster(tx))
        report = apply_roster(tx, roster, now=NOW, today=TODAY, confirmed=False)
    assert str(report) == "Nothing has changed since the last import."
