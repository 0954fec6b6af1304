"""The checker itself: silent about a district in order, and not silent about one in which a single thing is broken."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from storage.database import Store
from storage.tables import MessageRow, PersonRow
from tests.district import email
from tests.faults import stories
from tests.faults.invariants import Expected, Shown, faults
from tests.faults.killing import copy_of

HELD = [("Lincoln Middle", date(2026, 12, 1))]
READERS = [email(name) for name in ("grace.lindqvist", "farid.haddad", "mei.tanaka")]
EXPECTED = Expected(visits=HELD, digests=READERS, may_wait=True)


@pytest.fixture(scope="module")
def lived(district_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Shown]]:
    """A district with a walkthrough, a week and its digests, all sent; and what its platform would have."""
    folder = tmp_path_factory.mktemp("lived")
    store = Store(copy_of(district_file, folder, "lived"))
    stories.walkthrough(store)
    *_events, tick = stories.week(store)
    tick.play(store)
    shown = []
    with store.begin() as tx:
        emails = {one.id: one.email for one in tx.exec(select(PersonRow))}
        for row in tx.exec(select(MessageRow)):
            if row.place_id is None and row.state in ("queued", "sent"):
                reference = f"ts-{row.id}"
                row.state, row.sent_at, row.platform_ref = "sent", row.created_at, {"parts": [reference]}
                shown.append(Shown(emails[row.recipient_id], f"key-{row.id}", 0, "words", reference))
            else:
                row.state, row.platform_ref = "dropped", {"parts": []}
            tx.add(row)
    store.close()
    return folder / "lived.sqlite", shown


def found(lived: tuple[Path, list[Shown]], folder: Path, *statements: str) -> list[str]:
    """The faults of a copy in which these statements were run."""
    url = copy_of(lived[0], folder, "broken")
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
        for statement in statements:
            assert connection.execute(statement).rowcount != 0, f"this breaks nothing: {statement}"
    return faults(url, lived[1], EXPECTED)


def test_a_district_in_order_has_no_fault(lived: tuple[Path, list[Shown]], tmp_path: Path) -> None:
    assert found(lived, tmp_path) == []
    assert len(lived[1]) > 20


# A digest's unique key keeps the database from holding two: a table without it stands for one that lost it.
NO_KEY = (
    "CREATE TABLE loose AS SELECT * FROM digest",
    "DROP TABLE digest",
    "ALTER TABLE loose RENAME TO digest",
)


@pytest.mark.parametrize(
    ("statements", "name", "words"),
    [
        pytest.param(
            (*NO_KEY, "INSERT INTO digest SELECT * FROM digest WHERE id = 1"),
            "I1",
            "has 2 digests",
            id="two digests of a week",
        ),
        pytest.param(("DELETE FROM digest WHERE id = 1",), "I2", "has no digest", id="no digest"),
        pytest.param(
            ("UPDATE digest SET message_id = NULL WHERE id = 1",),
            "I2",
            "is in no message",
            id="a digest nobody sends",
        ),
        pytest.param(
            ("UPDATE message SET state = 'claimed' WHERE kind = 'digest'",),
            "I2",
            "is still claimed",
            id="a message somebody holds for ever",
        ),
        pytest.param(
            (
                'UPDATE message SET platform_ref = \'{"parts": ["ts-elsewhere"]}\''
                " WHERE id = (SELECT max(id) FROM message WHERE kind = 'digest')",
            ),
            "I2",
            "counts as sent and is not there",
            id="a message the platform does not have",
        ),
        pytest.param(
            (
                "UPDATE message SET expires_at = '2026-01-01 00:00:00' WHERE kind = 'digest' AND state = 'sent'",
            ),
            "I2",
            "after it was of use",
            id="a message that came too late",
        ),
        pytest.param(
            ("UPDATE message SET state = 'failed', why = '' WHERE kind = 'digest'",),
            "I2",
            "without a reason",
            id="a failure that nobody can read",
        ),
        pytest.param(
            ("UPDATE meeting SET state = 'booked'",),
            "I3",
            "booked into the protected am of 2026-12-03",
            id="a meeting in protected time",
        ),
        pytest.param(
            ("DELETE FROM visit WHERE status = 'held'",),
            "I4",
            "is lost",
            id="a visit lost",
        ),
        pytest.param(
            (
                "INSERT INTO visit (school_id, ild_id, day, half, starts, minutes, kind, status, because,"
                " for_closure, led_to_next_step, version, created_at) SELECT school_id, ild_id, day, half, starts,"
                " minutes, kind, status, because, for_closure, led_to_next_step, version, created_at FROM visit"
                " WHERE status = 'held'",
            ),
            "I4",
            "counts 2 times",
            id="a visit that counts twice",
        ),
        pytest.param(
            ("UPDATE visit SET status = 'planned' WHERE status = 'held'",),
            "I4",
            "its visit does not count",
            id="a run without its visit",
        ),
        *(
            pytest.param(
                (f"DELETE FROM audit WHERE action = '{action}'",),
                "I5",
                words,
                id=f"no audit row {action}",
            )
            for action, words in (
                ("run.started", "run 1 has no audit row run.started"),
                ("run.ended", "run 1 has no audit row run.ended"),
                ("digest.sent", "has no audit row digest.sent"),
                ("mandate.received", "has no audit row mandate.received"),
                ("promise.made", "has no audit row promise.made"),
                ("triage.decided", "what was decided about demand"),
                ("meeting.overridden", "meeting 1 has no audit row"),
                ("visit.cancelled", "has no audit row visit.cancelled"),
            )
        ),
        pytest.param(
            ("DELETE FROM audit WHERE object LIKE 'visit:%'",),
            "I5",
            "visits have no audit row and 0 were imported",
            id="visits from nowhere",
        ),
        pytest.param(
            (
                "INSERT INTO audit (at, action, object, detail)"
                " SELECT at, action, object, detail FROM audit WHERE action = 'run.ended'",
            ),
            "I5",
            "has 2 audit rows run.ended",
            id="a change that was made twice",
        ),
    ],
)
def test_what_is_broken_is_named(
    lived: tuple[Path, list[Shown]], tmp_path: Path, statements: tuple[str, ...], name: str, words: str
) -> None:
    told = found(lived, tmp_path, *statements)
    assert any(one.startswith(name) and words in one for one in told), told


@pytest.mark.parametrize(
    ("breaks", "name", "words"),
    [
        pytest.param(lambda shown: [*shown, shown[-1]], "I1", "2 times", id="a message shown twice"),
        pytest.param(
            lambda shown: [replace(one, name="") for one in shown],
            "I1",
            "'words'",
            id="the same words twice where messages have no names",
        ),
        pytest.param(
            lambda shown: shown[:-1], "I2", "counts as sent and is not there", id="a message lost on the way"
        ),
        pytest.param(
            lambda shown: [*shown, replace(shown[-1], name="key-x", reference="ts-x")],
            "I2",
            "no message of the outbox knows of it",
            id="a message that nobody wrote",
        ),
        pytest.param(
            lambda shown: [replace(shown[0], who=shown[-1].who), *shown[1:]],
            "I2",
            "counts as sent and is not there",
            id="a message to somebody else",
        ),
    ],
)
def test_what_the_platform_has_wrong_is_named(
    lived: tuple[Path, list[Shown]],
    tmp_path: Path,
    breaks: Callable[[list[Shown]], list[Shown]],
    name: str,
    words: str,
) -> None:
    told = found((lived[0], breaks(lived[1])), tmp_path)
    assert any(one.startswith(name) and words in one for one in told), told


def test_it_imports_nothing_of_what_it_checks() -> None:
    source = (Path(__file__).parent / "invariants.py").read_text()
    for floor in ("bot", "handlers", "storage", "protocols"):
        assert f"from {floor}" not in source
        assert f"import {floor}" not in source
