"""Every table is declared: who is in it, how long it is kept, what a person takes along, what goes when they leave, and
what of it is a public record. The tables themselves say which those are, so a new one fails here until it is declared.
"""

import pytest
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 - fills the metadata
from protocols.keeping.schedule import SCHEDULE
from storage.keeping.declared import GROUNDS, Leaving, Record
from storage.keeping.every_table import DECLARED
from storage.keeping.public_records import PUBLISHED

TABLES = SQLModel.metadata.tables
each_table = pytest.mark.parametrize("name", sorted(TABLES))


def test_no_table_is_declared_that_does_not_exist() -> None:
    assert set(DECLARED) <= set(TABLES)


@each_table
def test_a_table_is_declared(name: str) -> None:
    assert name in DECLARED, f"say in storage/keeping what {name} holds about whom"


@each_table
def test_every_reference_to_a_person_is_declared(name: str) -> None:
    refers = {
        column.name
        for column in TABLES[name].columns
        for key in column.foreign_keys
        if key.column.table.name == "person"
    }
    declared = DECLARED[name]
    assert set(declared.own) | set(declared.named) == refers | ({"id"} if name == "person" else set())
    assert not set(declared.own) & set(declared.named)


@each_table
def test_every_column_that_is_declared_exists(name: str) -> None:
    declared, columns = DECLARED[name], set(TABLES[name].columns.keys())
    assert {*declared.own, *declared.named, *declared.shown, *declared.withheld} <= columns
    assert {declared.at} - {""} <= columns
    assert set(declared.theirs) <= set(declared.shown)
    if declared.through is not None:
        column, other = declared.through
        assert {key.column.table.name for key in TABLES[name].c[column].foreign_keys} == {other}


@each_table
def test_whose_it_is_can_take_it_along_or_it_goes_with_its_owner(name: str) -> None:
    declared = DECLARED[name]
    if declared.own:
        assert declared.shown, f"a person's own rows of {name} are in no export"
    if declared.leaving is Leaving.GOES:
        assert declared.own or declared.through


@each_table
def test_no_secret_is_in_an_export(name: str) -> None:
    secret = {"token", "secret_sha256", "etag", "receipt", "platform_ref", "content"}
    secret |= {"address"} if name != "school" else set()
    assert not secret & set(DECLARED[name].shown)
    assert not secret & set(PUBLISHED.get(name, ()))


@each_table
def test_a_public_table_is_given_out_but_for_what_is_withheld(name: str) -> None:
    declared = DECLARED[name]
    assert (name in PUBLISHED) == (declared.record is Record.PUBLIC)
    given = set(PUBLISHED.get(name, ()))
    assert given <= set(TABLES[name].columns.keys())
    assert not given & set(declared.withheld)
    if declared.record not in (Record.PUBLIC, Record.SYSTEM):
        assert GROUNDS[declared.record]


@each_table
def test_how_long_it_is_kept_is_in_the_schedule(name: str) -> None:
    assert DECLARED[name].kept in SCHEDULE


def test_nothing_of_coaching_rates_or_quotes_in_what_is_given_out() -> None:
    coaching = {name for name, one in DECLARED.items() if one.record is Record.COACHING}
    assert coaching >= {
        "run",
        "run_event",
        "run_seat",
        "promise",
        "proposal",
        "witness",
        "handover",
        "focus_tie",
    }
    assert not coaching & set(PUBLISHED)
    assert not {"useful", "led_to_next_step", "confirmed_by", "ild_id"} & set(PUBLISHED["visit"])
