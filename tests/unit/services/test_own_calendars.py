"""The whole way of a personal calendar: a real server, a process that reads, the rows it ends in."""

from functools import partial

import pytest
from sqlmodel import select

from bot.own_calendars import read_own_calendars
from bot.services.calendar_feed import fetch
from bot.services.fetching import Copy, Validators
from protocols.cadence.busy_files import MAX_BYTES
from storage import busy
from storage.database import Store
from storage.people import find_by_email
from storage.tables import BusyStretchRow, OwnCalendarRow
from tests.district import NOW, email
from tests.unit.cadence.busy_texts import calendar, event
from tests.unit.services.server import Server, reply, serving

SECRET = "/private-0123456789/basic.ics"
TEXT = calendar(event(":20261201T140000Z", ":20261201T150000Z", "SUMMARY:Dentist"))


def connect(store: Store, server: Server, name: str = "grace.lindqvist") -> None:
    with store.begin() as tx:
        person = find_by_email(tx, email(name), on=NOW.date())
        assert person is not None
        busy.connect(tx, person.id, address=server.url(SECRET), host="127.0.0.1", at=NOW)


def read(store: Store, server: Server) -> int:
    def fetch_here(address: str, known: Validators) -> Copy | None:
        return partial(fetch, limit=MAX_BYTES, reach=server.reach)(address, known=known)

    return read_own_calendars(store, NOW, fetch=fetch_here)


def test_what_a_server_publishes_ends_in_rows_without_titles(store: Store) -> None:
    with serving(reply(TEXT, 'ETag: "v1"')) as server:
        connect(store, server)
        assert read(store, server) == 1
    with store.read() as tx:
        stretch = tx.exec(select(BusyStretchRow)).one()
        row = tx.exec(select(OwnCalendarRow)).one()
    assert (stretch.starts, stretch.ends, stretch.title) == (540, 600, "")
    assert (row.state, row.etag, row.failures) == ("good", '"v1"', 0)


def test_an_address_inside_the_network_is_never_asked(store: Store) -> None:
    with serving(reply(TEXT)) as server:
        connect(store, server)
        assert read_own_calendars(store, NOW) == 0
        assert server.requests == []
    with store.read() as tx:
        row = tx.exec(select(OwnCalendarRow)).one()
    assert row.state == "failing"
    assert "127.0.0.1" in row.fault
    assert SECRET not in row.fault


def test_a_bug_in_one_does_not_keep_the_others_from_being_read(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(reply(TEXT)) as server:
        for name in ("grace.lindqvist", "farid.haddad", "mei.tanaka"):
            connect(store, server, name)
        broken: list[str] = []

        def fetch_here(address: str, known: Validators) -> Copy | None:
            if not broken:
                broken.append(address)
                raise RuntimeError(address)
            return fetch(address, known=known, reach=server.reach)

        assert read_own_calendars(store, NOW, fetch=fetch_here) == 2
    assert "could not be read: RuntimeError" in caplog.text
    assert SECRET not in caplog.text
