"""Originals: kept byte for byte before anything reads them, one for each thing the source names."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from storage import originals
from storage.database import Store, Tx
from storage.originals import Arrival, Source, State
from tests.meanwhile import meanwhile

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
BYTES = bytes(range(256)) * 40
MAIL = Arrival(
    BYTES, Source.MAIL, NOW, source_ref="<1@office.example>", name="memo.eml", media_type="message/rfc822"
)


def test_bytes_come_back_as_they_came(store: Store) -> None:
    with store.begin() as tx:
        kept = originals.receive_original(tx, MAIL)
    with store.read() as tx:
        assert originals.content_of(tx, kept.id) == BYTES
        assert originals.get(tx, kept.id) == kept
    assert (kept.sha256, kept.size, kept.state) == (sha256(BYTES).hexdigest(), len(BYTES), State.KEPT)


def test_the_same_name_of_the_same_source_is_one_original(store: Store) -> None:
    with store.begin() as tx:
        first = originals.receive_original(tx, MAIL)
        again = originals.receive_original(tx, replace(MAIL, data=b"other bytes"))
        elsewhere = originals.receive_original(tx, replace(MAIL, source=Source.FEED))
    assert first == again
    assert elsewhere.id != first.id


def test_what_has_no_name_of_its_source_is_kept_each_time(store: Store) -> None:
    nameless = replace(MAIL, source=Source.PASTED, source_ref=None)
    with store.begin() as tx:
        assert originals.receive_original(tx, nameless).id != originals.receive_original(tx, nameless).id


def test_only_what_nobody_has_read_waits_the_oldest_first(store: Store) -> None:
    with store.begin() as tx:
        numbers = [
            originals.receive_original(
                tx, replace(MAIL, source_ref=f"<{n}@x>", received_at=NOW - timedelta(hours=n))
            ).id
            for n in range(5)
        ]
        originals.mark_read(tx, numbers[1], mandate_id=None, at=NOW, why="It asks nothing.")
        originals.mark_unreadable(tx, numbers[2], why="It is locked.", at=NOW)
    with store.read() as tx:
        assert [one.id for one in originals.waiting(tx, before=NOW, limit=9)] == [numbers[4], numbers[3]]
        locked = originals.get(tx, numbers[2])
    assert locked is not None
    assert (locked.state, locked.why) == (State.UNREADABLE, "It is locked.")


def test_of_two_who_take_the_same_mail_in_at_once_one_keeps_it(store: Store) -> None:
    def take(tx: Tx) -> int:
        return originals.receive_original(tx, MAIL).id

    first, second = meanwhile(store, take, take)
    assert first == second
