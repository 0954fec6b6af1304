"""What people, the sender and the clock do in a district that has ten years behind it, each beside a bare statement.

The district of ``large.py`` with what ``ten_years.py`` puts: two million messages among it. The baselines do no more
than the least that the database must do for it: the rows read by their index, the rows written in one transaction.
"""

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import insert, text

from bot.metrics import Metrics
from handlers import clock
from handlers.keeping import retention_clock
from handlers.reception import Inbound, Said, Sender, receive
from storage import doubts, outbox
from storage.database import Store
from storage.keeping import progress
from storage.keeping.progress import Progress
from storage.people import Role
from storage.tables import RoleRow
from tests.bench import large
from tests.bench.ground import Ground
from tests.bench.tables import Column, Report
from tests.bench.timing import compare

ROUNDS = 7
MOST_READING = 200
"""So many ticks a night may at most read what stays, before it comes to what goes."""
AT_ONCE = 8
"""As many messages as a sender claims at a time."""
ILD, PRINCIPAL = "ild0@large.example", "p0@large.example"
SAID = (
    (ILD, "an ILD", "help"),
    (ILD, "an ILD", "home"),
    (ILD, "an ILD", "my week"),
    (ILD, "an ILD", "plan"),
    (ILD, "an ILD", "who has done what"),
    (PRINCIPAL, "a principal", "home"),
    (PRINCIPAL, "a principal", "digest"),
    (large.EXECUTIVE, "an executive", "home"),
    (large.EXECUTIVE, "an administrator", "undelivered"),
)
MOST_MILLISECONDS = 200
_numbers = itertools.count(1)


def settle(store: Store) -> None:
    """The day's letting go is over, an executive looks after the bot, too, and what the first tick of a district finds
    undone is done."""
    with store.begin() as tx:
        tx.execute(
            insert(RoleRow),
            {"person_id": 1, "role": Role.ADMINISTRATOR, "starts": date(large.FIRST_YEAR, 9, 1)},
        )
        progress.put_progress(tx, Progress(day=large.TODAY, is_done=True))
    for minute in range(3):
        counts = clock.run_due(store, large.NOW + timedelta(minutes=minute))
        assert counts["failed"] == 0, counts


def says(store: Store, email: str, words: str) -> None:
    """An inbound message, from its key to its answer in the outbox."""
    keys = (f"bench:said:{next(_numbers)}",)
    received = receive(
        store, Inbound(keys, Sender("bench", "T", email, email=email), Said(words)), now=large.NOW
    )
    assert received.outcome == "done", received


def bare_message(store: Store) -> None:
    """What an answer leaves, written by hand in one transaction: the event's key, a message, a line of the record."""
    key = f"bench:bare:{next(_numbers)}"
    at = {"at": large.NOW}
    with store.begin() as tx:
        here = tx.connection()
        here.execute(text("SELECT key FROM inbound WHERE key = :key"), {"key": key})
        here.execute(text("INSERT INTO inbound (key, at) VALUES (:key, :at)"), {"key": key, **at})
        here.execute(
            text(
                'INSERT INTO message (recipient_id, kind, period, card, asked, subject, "window", thread, state, why, '
                "not_before, waits_for, attempts, platform_ref, created_at) VALUES (1, 'reply', :key, '{}', TRUE, '', "
                "'', '', 'sent', '', :at, '', 0, '{}', :at)"
            ),
            {"key": key, **at},
        )


def claim_and_mark(store: Store) -> None:
    """The sender's part: eight messages taken, then written down as sent."""
    with store.begin() as tx:
        rows = outbox.claim(tx, sender="bench", now=large.NOW, limit=AT_ONCE)
    assert len(rows) == AT_ONCE, len(rows)
    with store.begin() as tx:
        for row in rows:
            assert row.id is not None
            reference: dict[str, Any] = {"parts": ["1"]}
            outbox.mark_sent(tx, row.id, at=large.NOW, platform="slack", reference=reference)
    _queue_again(store, [row.id or 0 for row in rows])


def bare_marks(store: Store) -> None:
    """Eight rows of the outbox changed twice by their numbers, in two transactions."""
    with store.read() as tx:
        ids = list(
            tx.connection().execute(
                text("SELECT id FROM message WHERE state = 'queued' AND not_before <= :now ORDER BY id LIMIT :most"),
                {"now": large.NOW, "most": AT_ONCE},
            ).scalars()
        )  # fmt: skip
    for state in ("claimed", "sent"):
        with store.begin() as tx:
            for one in ids:
                tx.connection().execute(
                    text("UPDATE message SET state = :state WHERE id = :id"), {"state": state, "id": one}
                )
    _queue_again(store, ids)


def _queue_again(store: Store, ids: list[int]) -> None:
    with store.begin() as tx:
        for one in ids:
            tx.connection().execute(text("UPDATE message SET state = 'queued' WHERE id = :id"), {"id": one})


def look_up(store: Store) -> None:
    with store.begin() as tx:
        doubts.holders(tx)
        doubts.expire_leases(tx, now=large.NOW, look_up_at=large.NOW)
        doubts.in_doubt(tx, now=large.NOW)


def reads(store: Store, statement: str, **values: Any) -> Callable[[], None]:
    def read() -> None:
        with store.read() as tx:
            tx.connection().execute(text(statement), values).all()

    return read


def tick(store: Store) -> Callable[[], None]:
    """A tick that finds nothing to do, each a minute later."""
    minutes = itertools.count(10)

    def one() -> None:
        counts = clock.run_due(store, large.NOW + timedelta(minutes=next(minutes)))
        assert counts["failed"] == 0, counts

    return one


def empty_jobs(store: Store) -> None:
    """As many transactions as the tick has jobs, with nothing in them."""
    for _ in clock.JOBS:
        with store.begin() as tx:
            tx.connection().execute(text("SELECT value FROM setting WHERE name = 'district'"))


def piece(store: Store) -> Callable[[], int]:
    """What a tick lets go of at night, once it has come to what may go: before that it only reads."""
    minutes = itertools.count(1)

    def one() -> int:
        return retention_clock.let_go(store, large.NOW + timedelta(days=1, minutes=next(minutes)))

    for _ in range(MOST_READING):
        if one():
            return one
    raise AssertionError("nothing of ten years was let go")


def bare_pieces(store: Store) -> None:
    """As many messages as a tick lets go of, in as many statements; of those that nothing refers to."""
    for _ in range(retention_clock.WINDOWS):
        with store.begin() as tx:
            tx.connection().execute(
                text(
                    "DELETE FROM message WHERE id IN (SELECT id FROM message WHERE id % 8 = 3 AND "
                    "period = 'bench:' || id ORDER BY id LIMIT :some)"
                ),
                {"some": retention_clock.ROWS},
            )


def run(report: Report, ground: Ground) -> None:
    for where, store in ground.districts(report):
        settle(store)
        measure(report, store, where)


def measure(report: Report, store: Store, where: str) -> None:
    table = report.ratios(
        f"Ten years behind it ({where})",
        Column("the bot", "the median", ",.1f"),
        Column("bare", "the least that the database must do for it, by hand", ",.1f"),
    )
    slow = []

    def row(
        name: str, ours: Callable[[], object], bare: Callable[[], object], *, rounds: int = ROUNDS
    ) -> None:
        ratio = compare(ours, bare, rounds=rounds)
        table.ratio(name, ratio)
        if ratio.measured > MOST_MILLISECONDS:
            slow.append(name)

    for email, who, words in SAID:
        row(f"{who} writes “{words}”", partial(says, store, email, words), partial(bare_message, store))
    row(
        f"the sender claims {AT_ONCE} and marks them sent",
        lambda: claim_and_mark(store),
        lambda: bare_marks(store),
    )
    in_doubt = reads(store, "SELECT id FROM message WHERE state = 'unknown' ORDER BY id LIMIT 100")
    row("the sender looks for what is in doubt", lambda: look_up(store), in_doubt)
    row("the clock ticks with nothing to do", tick(store), lambda: empty_jobs(store))
    by_state = reads(store, "SELECT state, count(*) FROM message GROUP BY state")
    row("the figures at /metrics", Metrics(store, now=lambda: large.NOW).text, by_state)
    table.aim(f"each of these within {MOST_MILLISECONDS} ms ({where})", slow)
    most = retention_clock.WINDOWS * retention_clock.ROWS
    going = f"a tick at night lets old messages go; bare: {most:,} of them"
    row(going, piece(store), lambda: bare_pieces(store), rounds=1)
