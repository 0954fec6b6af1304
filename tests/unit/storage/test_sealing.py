"""Addresses that open what is behind them: sealed in the file where there is a key, whatever was there before."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import busy, calendar_feeds, memo_feeds, pages, sealed_addresses
from storage.database import Store
from storage.sealed_addresses import State
from storage.sealing import KEY_BYTES, PREFIX, Keys, SealedError, new_key, read_key
from storage.tables import PersonRow

AT = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
OLD, NEW = new_key(), new_key()
MINE, DISTRICTS, OFFICES, PAGE = (
    f"https://calendar.example/private-{word}/basic.ics" for word in ("mine", "districts", "offices", "page")
)


def open_store(folder: Path, *keys: str) -> Store:
    return Store(f"sqlite:///{folder / 'sealed.sqlite'}", keys=keys)


def fill(store: Store) -> None:
    """One address of each kind."""
    with store.begin() as tx:
        tx.add(PersonRow(id=1, given_name="Imani", family_name="Brooks", email="imani@district.example"))
        tx.flush()
        busy.connect(tx, 1, address=MINE, host="calendar.example", at=AT)
        calendar_feeds.add_feed(tx, address=DISTRICTS, host="calendar.example", at=AT)
        memo_feeds.add(tx, address=OFFICES, host="calendar.example", unit="Facilities", person_id=1, at=AT)
        pages.add(tx, address=PAGE, host="calendar.example", person_id=1, unit="Facilities", at=AT)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store = open_store(tmp_path)
    store.migrate()
    store.close()
    return tmp_path


def in_the_file(folder: Path) -> bytes:
    """All that somebody who has the file has."""
    with sqlite3.connect(folder / "sealed.sqlite") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("VACUUM")
    connection.close()
    return (folder / "sealed.sqlite").read_bytes()


def addresses(store: Store) -> list[str]:
    with store.read() as tx:
        mine = busy.calendar_of(tx, 1)
        [districts], [offices] = calendar_feeds.feeds(tx), memo_feeds.followed(tx)
        page = pages.get(tx, 1)
        assert mine is not None
        assert page is not None
        return [mine.address, districts.address, offices.address, page.address]


def test_with_a_key_no_address_stands_in_the_file_and_each_is_read_as_it_was(folder: Path) -> None:
    store = open_store(folder, OLD)
    fill(store)
    assert addresses(store) == [MINE, DISTRICTS, OFFICES, PAGE]
    store.close()
    assert b"private-" not in in_the_file(folder)


def test_without_a_key_it_is_as_it_always_was(folder: Path) -> None:
    store = open_store(folder)
    fill(store)
    with store.begin() as tx:
        assert sealed_addresses.seal(tx) == 0
        assert sealed_addresses.state(tx) == State(open=4)
    assert addresses(store) == [MINE, DISTRICTS, OFFICES, PAGE]


def test_what_an_older_version_left_open_is_sealed_once(folder: Path) -> None:
    before = open_store(folder)
    fill(before)
    before.close()
    store = open_store(folder, OLD)
    assert addresses(store) == [MINE, DISTRICTS, OFFICES, PAGE]
    with store.begin() as tx:
        assert sealed_addresses.seal(tx) == 4
    with store.begin() as tx:
        assert sealed_addresses.seal(tx) == 0
        assert sealed_addresses.state(tx) == State(sealed=4)
    store.close()
    assert b"private-" not in in_the_file(folder)


def test_a_new_key_takes_the_place_of_the_old_one_in_two_steps(folder: Path) -> None:
    store = open_store(folder, OLD)
    fill(store)
    store.close()
    both = open_store(folder, NEW, OLD)
    assert addresses(both) == [MINE, DISTRICTS, OFFICES, PAGE]
    with both.begin() as tx:
        assert sealed_addresses.seal(tx) == 4
    both.close()
    after = open_store(folder, NEW)
    assert addresses(after) == [MINE, DISTRICTS, OFFICES, PAGE]


@pytest.mark.parametrize("keys", [(), (NEW,)], ids=["no key", "another key"])
def test_what_no_key_opens_is_counted_left_alone_and_let_go_only_when_asked_to(
    folder: Path, keys: tuple[str, ...]
) -> None:
    before = open_store(folder, OLD)
    fill(before)
    before.close()
    store = open_store(folder, *keys)
    with store.begin() as tx:
        assert sealed_addresses.seal(tx) == 0
        assert sealed_addresses.state(tx) == State(lost=4)
    with pytest.raises(SealedError, match="throughline seal"):
        addresses(store)
    with store.begin() as tx:
        assert sealed_addresses.give_up(tx) == 4
        assert sealed_addresses.state(tx).lost == 0
    assert addresses(store) == ["lost:1"] * 4


def test_a_feed_that_is_followed_is_known_again_whatever_sealed_it(folder: Path) -> None:
    before = open_store(folder, OLD)
    fill(before)
    before.close()
    store = open_store(folder, NEW, OLD)  # not sealed anew yet
    with store.begin() as tx:
        again = memo_feeds.add(tx, address=OFFICES, host="h", unit="Facilities", person_id=1, at=AT)
        assert again is None
        assert calendar_feeds.add_feed(tx, address=DISTRICTS, host="calendar.example", at=AT).id == 1


def test_the_same_address_sealed_twice_stays_in_one_row(folder: Path) -> None:
    """As when two processes follow it at once, one of which has no key yet."""
    store = open_store(folder, OLD)
    fill(store)
    store.close()
    with sqlite3.connect(folder / "sealed.sqlite") as connection:
        connection.execute(
            "INSERT INTO memo_feed (address, host, title, unit, person_id, since, etag, modified, digest, next_at,"
            " failures, fault, is_fault_told, active) SELECT ?, host, title, unit, person_id, since, etag, modified,"
            " digest, next_at, failures, fault, is_fault_told, active FROM memo_feed",
            (OFFICES,),
        )
    connection.close()
    store = open_store(folder, OLD)
    with store.begin() as tx:
        assert sealed_addresses.seal(tx) == 0
        assert sealed_addresses.state(tx) == State(sealed=4, open=1)


@given(st.text(), st.sampled_from([OLD, NEW]))
def test_whatever_was_sealed_is_opened_as_it_was_and_by_its_key_alone(value: str, key: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        return
    kept, other = Keys([key]).seal(value), Keys([OLD if key == NEW else NEW])
    assert Keys([key]).open(kept) == value
    assert Keys([OLD, NEW]).open(kept) == value
    if value:
        assert kept.startswith(PREFIX)
        assert Keys([key]).seal(value) == kept
        with pytest.raises(SealedError):
            other.open(kept)


@pytest.mark.parametrize("kept", [PREFIX, PREFIX + "x", PREFIX + "é", PREFIX + "A" * 40, PREFIX + "====="])
def test_what_is_damaged_is_refused_and_not_read(kept: str) -> None:
    with pytest.raises(SealedError):
        Keys([OLD]).open(kept)


@pytest.mark.parametrize(
    "text",
    ["", "short", "é" * 86, "A" * 85, "A" * 88, "!" * 86, "A" * 87],
    ids=lambda text: f"{text[:5]}*{len(text)}",
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"base64|length"):
        read_key(text)


def test_keys_are_long_and_never_the_same() -> None:
    assert len({new_key() for _ in range(50)}) == 50
    assert len(read_key(new_key())) == KEY_BYTES
