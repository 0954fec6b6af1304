"""One person's export, forgetting somebody, and the public records: what is in each, and above all what is not."""

import io
import json
from datetime import date
from typing import Any
from zipfile import ZipFile

import pytest
import sqlalchemy
from sqlmodel import SQLModel, select

from bot.render import archive, records
from handlers.district import load_district
from handlers.errors import UserError
from handlers.keeping.forgetting import find_leaver
from handlers.keeping.person_export import PersonalExport, gather
from handlers.keeping.records_export import gather_records
from handlers.turn import Turn
from storage import likings, people
from storage.database import Store, Tx
from storage.keeping import forgetting, holds
from storage.keeping.declared import Leaving
from storage.keeping.every_table import DECLARED
from storage.keeping.public_records import PUBLISHED
from storage.likings import Liking
from storage.tables import AssignmentRow, AuditRow, PersonRow, RoleRow, RunRow, VisitRow
from tests import every_table
from tests.district import NOW, email
from tests.every_table import THEN, mark
from tests.unit.insight.test_nothing_written import write_everywhere

BESIDES = ("mandate.text", "service_request.unit")
"""Given out, too: as files of their own, and in counts."""
GRACE = email("grace.lindqvist")


@pytest.fixture
def made(store: Store) -> dict[str, dict[str, Any]]:
    """A row in every table, Grace's."""
    with store.begin() as tx:
        made = every_table.fill(tx, grace(tx))
        tx.get_one(
            RunRow, made["run"]["id"]
        ).let_go_at = THEN  # a made-up run has no protocol to be read with
        return made


def grace(tx: Tx) -> int:
    found = forgetting.find(tx, GRACE)
    assert found is not None
    assert found.id is not None
    return found.id


def export_of(tx: Tx, address: str) -> PersonalExport:
    row = forgetting.find(tx, address)
    assert row is not None
    person = people.get_person(tx, row.id or 0, on=NOW.date())
    return gather(Turn(tx=tx, person=person, now=NOW, district=load_district(tx), key="test"))


def columns_of(name: str) -> list[str]:
    return [column.name for column in SQLModel.metadata.tables[name].columns]


# ---------------------------------------------------------------- one person's data


def test_an_export_holds_every_column_that_is_declared_and_no_other(
    store: Store, made: dict[str, dict[str, Any]]
) -> None:
    assert made
    with store.read() as tx:
        export = export_of(tx, GRACE)
        standing = every_table.everything(tx)
    data = archive.files_of(export)
    whole = "\n".join(text.decode("utf-8", "replace") for text in data.values())
    for name, declared in DECLARED.items():
        shown = set(declared.shown)
        for column in columns_of(name):
            text = mark(name, column)
            if text not in standing or text.startswith("zq message.card"):
                continue
            is_told = column in shown or f"{name}.{column}" == "demand.headline"  # in place of its number
            assert (text in whole) == is_told, f"{name}.{column}"
    assert "zq message.card qz" in whole
    assert "zq run_event.body qz" in whole


def test_an_export_is_a_page_json_and_a_csv_for_each_table(
    store: Store, made: dict[str, dict[str, Any]]
) -> None:
    assert made
    with store.begin() as tx:
        tx.execute(sqlalchemy.update(SQLModel.metadata.tables["promise"]).values(what="=cmd()<script>"))
        likings.put(tx, grace(tx), Liking())
    with store.read() as tx:
        export = export_of(tx, GRACE)
    with ZipFile(io.BytesIO(archive.write_archive(export))) as packed:
        names = set(packed.namelist())
        assert names >= {
            "index.html",
            "data.json",
            "csv/promise.csv",
            "csv/message.csv",
            "csv/own_settings.csv",
        }
        data = json.loads(packed.read("data.json"))
        (promise,) = data["promise"]
        assert promise["school"] == "Lincoln Middle"
        assert promise["what"] == "=cmd()<script>"
        assert data["visit"][0]["day"] == "2026-10-05"
        assert "'=cmd()" in packed.read("csv/promise.csv").decode()
        page = packed.read("index.html").decode()
        assert "&lt;script&gt;" in page
        assert "<script" not in page
        assert "Next steps that were yours" in page


def test_nobody_elses_rows_are_in_an_export(store: Store, made: dict[str, dict[str, Any]]) -> None:
    assert made
    with store.read() as tx:
        export = export_of(tx, email("dev.patel"))
    whole = str(archive.files_of(export))
    assert "zq " not in whole


def test_a_rating_is_in_the_principals_export_and_not_in_the_ilds(
    store: Store, made: dict[str, dict[str, Any]]
) -> None:
    with store.begin() as tx:
        imani = forgetting.find(tx, email("imani.brooks"))
        assert imani is not None
        tx.get_one(VisitRow, made["visit"]["id"]).ild_id = imani.id or 0
        hers, its = export_of(tx, email("imani.brooks")), export_of(tx, GRACE)
    at_school = next(sheet for sheet in its.sheets if sheet.key == "school_visits")
    assert at_school.rows[0][1:] == ("2026-10-05", "am", 1, "walkthrough", "held", 3)
    visits = next(sheet for sheet in hers.sheets if sheet.key == "visit")
    assert not any("useful" in column for column in visits.columns)


def test_anothers_words_are_in_it_only_while_the_school_is_open(
    store: Store, made: dict[str, dict[str, Any]]
) -> None:
    """Imani accompanies Lincoln Middle, and then no longer; Tomás never did. The digest is Grace's own always."""
    said = [mark("visit", "cancel_reason"), mark("promise", "outcome"), mark("digest_item", "question")]
    said += [mark("focus_tie", "focus"), mark("digest_item", "delegated_to")]
    with store.begin() as tx:
        imani = forgetting.find(tx, email("imani.brooks"))
        assert imani is not None
        tx.get_one(VisitRow, made["visit"]["id"]).ild_id = imani.id or 0
        for table, column in (("promise", "owner_id"), ("digest", "ild_id"), ("focus_tie", "tied_by")):
            tx.execute(sqlalchemy.update(SQLModel.metadata.tables[table]).values(**{column: imani.id}))
        now = str(archive.files_of(export_of(tx, email("imani.brooks"))))
        assert [words for words in said if words not in now] == []
        for row in tx.exec(select(AssignmentRow).where(AssignmentRow.ild_id == imani.id)):
            row.ild_id = None
        tx.flush()
        later = str(archive.files_of(export_of(tx, email("imani.brooks"))))
        assert [words for words in said if words in later] == []
        assert "not open to you now" in later
        assert mark("promise", "what") in later  # her own words
        assert mark("digest_item", "question") in str(archive.files_of(export_of(tx, GRACE)))


# ---------------------------------------------------------------- forgetting


def leave(tx: Tx, person_id: int) -> None:
    """The person has left: no roles, no schools, not in the roster any more."""
    for row in tx.exec(select(RoleRow).where(RoleRow.person_id == person_id)):
        row.ends = THEN.date()
    for school in tx.exec(select(AssignmentRow)):
        if person_id in (school.ild_id, school.principal_id):
            school.ends = THEN.date()
    tx.get_one(PersonRow, person_id).active = False
    tx.flush()


def test_who_left_is_nobody_and_the_figures_stay(store: Store, made: dict[str, dict[str, Any]]) -> None:
    with store.begin() as tx:
        person_id = grace(tx)
        person = tx.get_one(PersonRow, person_id)
        person.sourced_id = "sourced-77"
        tx.execute(sqlalchemy.update(SQLModel.metadata.tables["original"]).values(sender=GRACE))
        tx.execute(sqlalchemy.update(SQLModel.metadata.tables["unknown_mail"]).values(address=GRACE.title()))
        likings.put(tx, person_id, Liking())
        leave(tx, person_id)
        before = every_table.texts(tx)
        leaver = find_leaver(tx, GRACE, today=NOW.date())
        done = forgetting.forget(tx, leaver.id, role=leaver.role)
        texts = every_table.texts(tx)
    whole = "\n".join(texts.values())
    for secret in ("Grace", "Lindqvist", "grace.lindqvist", "sourced-77", "liking:"):
        assert secret.casefold() not in whole.casefold(), secret
    assert "Former | colleague" in whole
    for name, declared in DECLARED.items():
        own = [text for text in texts[name].splitlines() if f"zq {name}." in text]
        if declared.leaving is Leaving.GOES:
            assert own == [], name
            assert done[name] >= 1, name
        elif declared.leaving is Leaving.STAYS:
            assert len(texts[name].splitlines()) == len(before[name].splitlines()), name
            assert _found(texts[name], name) == _found(before[name], name), name
    assert "zq message.card qz" not in whole
    assert made


def _found(text: str, name: str) -> list[str]:
    return [mark(name, column) for column in columns_of(name) if mark(name, column) in text]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("here", "is still principal today"),
        ("in the roster", "is still in the roster"),
        ("held", "is under hold (2)"),
        ("school held", "is under hold (2)"),
        ("forgotten", "was forgotten before"),
        ("unknown", "Nobody has the address"),
    ],
)
def test_forgetting_is_refused(store: Store, made: dict[str, dict[str, Any]], state: str, said: str) -> None:
    with store.begin() as tx:
        person_id = grace(tx)
        address = GRACE
        if state != "here":
            leave(tx, person_id)
        match state:
            case "in the roster":
                tx.get_one(PersonRow, person_id).active = True
            case "held":
                hold(tx, people=[person_id])
            case "school held":
                hold(tx, schools=[made["visit"]["school_id"]])
            case "forgotten":
                forgetting.forget(tx, person_id, role="principal")
                address = f"person-{person_id}@{forgetting.NOBODYS}"
            case "unknown":
                address = "nobody@district.example"
        with pytest.raises(UserError) as refused:
            find_leaver(tx, address, today=NOW.date())
    assert said in refused.value.sentence


def hold(tx: Tx, *, people: list[int] | None = None, schools: list[int] | None = None) -> None:
    holds.put(
        tx, people=people or [], schools=schools or [], starts=None, ends=None, because="x", by=None, at=NOW
    )


def test_somebody_made_by_hand_is_forgotten_once_the_role_has_ended(store: Store) -> None:
    with store.begin() as tx:
        person = people.add_person(tx, email="kofi@district.example", name="Kofi Ansah", on=NOW.date())
        leaver = find_leaver(tx, "Kofi@District.example", today=NOW.date())
        assert (leaver.id, leaver.role) == (person.id, "colleague")


# ---------------------------------------------------------------- public records


def test_public_records_hold_what_is_given_out_and_no_word_of_anything_else(
    store: Store, made: dict[str, dict[str, Any]]
) -> None:
    assert made
    with store.begin() as tx:
        tx.execute(sqlalchemy.update(SQLModel.metadata.tables["theory"]).values(scope="district"))
        tx.execute(sqlalchemy.update(SQLModel.metadata.tables["pulse_done"]).values(about="unit:Facilities"))
        found = gather_records(tx, load_district(tx), start=THEN.date(), end=THEN.date(), now=NOW)
        standing = every_table.everything(tx)
    files = records.files_of(found)
    whole = "\n".join(data.decode("utf-8", "replace") for data in files.values())
    for name in DECLARED:
        for column in columns_of(name):
            if mark(name, column) in standing:
                is_given = column in PUBLISHED.get(name, ()) or f"{name}.{column}" in BESIDES
                assert (mark(name, column) in whole) == is_given, f"{name}.{column}"
    for name in PUBLISHED:
        assert f"records/{name}.csv" in files, name
    counts = {one.what: one.count for one in found.withheld}
    assert counts["What you wrote in them"] == 1
    assert counts["Your visits: because, cancel reason, move reason, useful"] == 1
    assert "apart from evaluation" in whole
    with store.read() as tx:
        row = tx.exec(select(AuditRow).where(AuditRow.action == "records.exported")).one()
        assert "zq" not in str(row.detail)


def test_only_the_days_that_were_asked_for_are_in_it(store: Store, made: dict[str, dict[str, Any]]) -> None:
    assert made
    with store.begin() as tx:
        day = NOW.date()
        found = gather_records(tx, load_district(tx), start=day, end=day, now=NOW)
    given = {sheet.key for sheet in found.sheets}
    dated = {name for name in PUBLISHED if DECLARED[name].at} | {"demand", "digest_item", "digest_change"}
    assert not given & dated
    assert found.memos == {}
    assert {one.what for one in found.withheld if one.is_of_period} == set()


def test_service_requests_are_counts_by_month_and_unit(store: Store, made: dict[str, dict[str, Any]]) -> None:
    assert made
    with store.begin() as tx:
        tx.execute(sqlalchemy.update(SQLModel.metadata.tables["service_request"]).values(unit="Facilities"))
        found = gather_records(tx, load_district(tx), start=THEN.date(), end=THEN.date(), now=NOW)
    sheet = next(sheet for sheet in found.sheets if sheet.key == "service_requests")
    assert dict(zip(sheet.columns, sheet.rows[0], strict=True)) == {
        "month": "2026-10", "unit": "Facilities", "asked": 1, "answered": 1, "mended": 1, "declined": 0,
        "withdrawn": 0, "reopened": 1,
    }  # fmt: skip


def test_no_word_that_was_written_in_a_run_is_in_public_records_or_in_anothers_export(store: Store) -> None:
    with store.begin() as tx:
        write_everywhere(tx, "zq what was said qz")
        found = gather_records(tx, load_district(tx), start=date(2020, 1, 1), end=date(2030, 1, 1), now=NOW)
        exports = [
            export_of(tx, email(name)) for name in ("ruth.castellanos", "dev.patel", "ana.whitefeather")
        ]
    assert sum(one.count for one in found.withheld) >= 15
    for files in (records.files_of(found), *map(archive.files_of, exports)):
        for name, data in files.items():
            assert b"zq what was said" not in data, name
