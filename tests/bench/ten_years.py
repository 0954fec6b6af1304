"""What ten years of a large district leave besides its visits: two million messages, three million lines of the record,
640,000 digests with what was in them, keys of events, questions asked.

Put by statements that make their rows themselves, the same on both databases. Words older than a year are gone, as
the nights leave it. Of the newest messages a few hundred wait, some of them due.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from storage.database import Store
from storage.outbox import NO_WORDS
from tests.bench import large

MESSAGES = 2_000_000
AUDITED = 3_000_000
WEEKS = range(60, 400)
"""Of digests, back from the newest, that ``large_centre`` has not put: forty a year, in all."""
WAITING, DUE = 300, 100
UNDECIDED = 12
"""So many of the newest demands are still on each ILD's desk: a week's."""
QUESTIONS = 30_000
KEYS = 10_000
BEGAN = datetime(large.FIRST_YEAR, 9, 1)  # noqa: DTZ001 - as the tables write it: UTC, unsaid
NOW = large.NOW.replace(tzinfo=None)
CARD = '{"title":"An answer","blocks":[{"block":"text","text":"' + "words of an answer " * 40 + '"}]}'


def put(store: Store, *, schools: int) -> None:
    """All of it in proportion to the number of schools; the district and its visits are there already."""
    share = schools / large.SCHOOLS
    with store.engine.begin() as here, large.roomy(here):
        people = here.execute(text("SELECT count(*) FROM person")).scalar_one()
        messages = round(MESSAGES * share)
        _put(
            here, MESSAGE, messages, people, {"card": CARD, "none": NO_WORDS, "waiting": WAITING, "due": DUE}
        )
        _put(here, AUDIT, round(AUDITED * share), people, {"visits": round(large.VISITS * share)})
        _put(here, QUESTION, round(QUESTIONS * share), people, {})
        _put(here, KEY, round(KEYS * share), people, {})
        _put_digests(here, messages)
        here.execute(text(TRIAGE), {"left": UNDECIDED})
    if store.is_sqlite:
        return
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as here:
        for table in ("message", "audit", "question"):  # their rows came with their numbers
            here.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
            )
        here.execute(text("VACUUM ANALYZE"))


def _put(here: Connection, statement: str, number: int, people: int, values: dict[str, object]) -> None:
    is_sqlite = here.dialect.name == "sqlite"
    seconds = (NOW - BEGAN).total_seconds()
    at = (
        "strftime('%Y-%m-%d %H:%M:%S.000000', '{0}', CAST({1} AS INTEGER) || ' seconds')"
        if is_sqlite
        else "CAST('{0}+00' AS timestamptz) + CAST({1} AS integer) * interval '1 second'"
    )
    spread = f"n * {seconds / max(number, 1):.6f}"
    numbers = (
        f"(WITH RECURSIVE one(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM one WHERE n < {number}) SELECT n FROM one)"
        if is_sqlite
        else f"generate_series(1, {number}) AS one(n)"
    )
    written = statement.format(
        at=at.format(BEGAN, spread),
        sent_at=at.format(BEGAN, f"({spread} + 3)"),
        lately=at.format(NOW - timedelta(days=7), f"n * {7 * 86_400 / max(number, 1):.6f}"),
        tomorrow=at.format(NOW, "86400"),
        is_new=f"n > {number} * 0.9",
        numbers=numbers,
        number=number,
        json="TEXT" if is_sqlite else "JSON",
        people=people,
    )
    own = {name: value for name, value in values.items() if f":{name}" in written}
    here.execute(text(written), own)


MESSAGE = """
INSERT INTO message (id, recipient_id, kind, period, card, asked, subject, place_id, "window", thread, state, why,
                     not_before, waits_for, attempts, platform, platform_ref, created_at, sent_at)
SELECT n, 1 + (n / 8) % {people},
       CASE n % 8 WHEN 0 THEN 'digest' WHEN 1 THEN 'item_reminder' WHEN 2 THEN 'run' ELSE 'reply' END,
       'bench:' || n, CASE WHEN {is_new} THEN :card ELSE :none END, n % 8 > 1,
       CASE n % 8 WHEN 0 THEN 'digest:' || n WHEN 2 THEN 'run:' || (n / 80) ELSE '' END,
       CASE n % 8 WHEN 5 THEN n - 1 END, '', CASE n % 8 WHEN 2 THEN 'run:' || (n / 80) ELSE '' END,
       CASE WHEN n > {number} - :waiting THEN 'queued' WHEN n % 1000 = 7 THEN 'failed' WHEN n % 400 = 9 THEN 'dropped'
            WHEN n % 1500 = 11 THEN 'merged' WHEN {is_new} AND n % 20000 = 13 THEN 'unknown' ELSE 'sent' END,
       CASE WHEN n % 1000 = 7 THEN 'account_inactive' ELSE '' END,
       CASE WHEN n > {number} - :due THEN {at} WHEN n > {number} - :waiting THEN {tomorrow} ELSE {at} END,
       CASE WHEN n BETWEEN {number} - :waiting + 1 AND {number} - :due THEN 'away' ELSE '' END, 1, 'slack',
       CAST('{{"parts": ["' || n || '"]}}' AS {json}), {at},
       CASE WHEN n > {number} - :waiting OR n % 1000 = 7 OR n % 400 = 9 OR n % 1500 = 11 THEN NULL ELSE {sent_at} END
FROM {numbers}
"""
AUDIT = """
INSERT INTO audit (id, at, actor_id, action, object, detail)
SELECT n, {at}, 1 + n % {people},
       CASE n % 4 WHEN 0 THEN 'visit.planned' WHEN 1 THEN 'visit.held' WHEN 2 THEN 'insight.asked' ELSE 'item.done' END,
       CASE n % 4 WHEN 2 THEN 'insight:visits' ELSE 'visit:' || (1 + n % (:visits + 1)) END, CAST('{{}}' AS {json})
FROM {numbers}
"""
QUESTION = """
INSERT INTO question (person_id, words, understood, at)
SELECT 1 + n % {people}, CAST('["visits since September by school"]' AS {json}), CAST('{{}}' AS {json}), {at}
FROM {numbers}
"""
KEY = "INSERT INTO inbound (key, at) SELECT 'bench:' || n, {lately} FROM {numbers}"

TRIAGE = """
INSERT INTO triage (demand_id, ild_id, decision, wording, note, taken_by, unit, do_not_drop, reason, decided_by,
                    decided_at, version)
SELECT d.id, a.ild_id, 'pass_on', 'a demand', '', '', '', FALSE, '', a.ild_id, m.received_at, 1
FROM demand d JOIN mandate m ON m.id = d.mandate_id, (SELECT DISTINCT ild_id FROM assignment) a WHERE d.id > :left
"""
"""Decided on the day it came; the newest memos have the lowest numbers."""


def _put_digests(here: Connection, messages: int) -> None:
    """The weeks before those that are there, with as many items each; each digest went in a message of its week."""
    is_sqlite = here.dialect.name == "sqlite"
    newest = "SELECT max(week) FROM digest"
    week = (
        f"date(({newest}), '-' || (7 * n) || ' days')"
        if is_sqlite
        else f"({newest}) - CAST(7 * n AS integer)"
    )
    numbers = (
        f"(WITH RECURSIVE one(n) AS (SELECT {WEEKS.start} UNION ALL SELECT n + 1 FROM one WHERE n < {WEEKS.stop - 1}) "
        "SELECT n FROM one) one"
        if is_sqlite
        else f"generate_series({WEEKS.start}, {WEEKS.stop - 1}) AS one(n)"
    )
    last, demands = here.execute(
        text("SELECT (SELECT max(id) FROM digest), (SELECT count(*) FROM demand)")
    ).one()
    here.execute(
        text(
            "INSERT INTO digest (principal_id, school_id, ild_id, week, minutes, minutes_saved, is_late, "
            f"is_new_principal, created_at) SELECT a.principal_id, a.school_id, a.ild_id, {week}, "
            "30 + (a.school_id * 7 + n) % 90, 15, FALSE, FALSE, :now "
            f"FROM {numbers}, assignment a ORDER BY n, a.school_id"
        ),
        {"now": NOW},
    )
    here.execute(text(ITEMS), {"last": last, "demands": demands})
    here.execute(
        text("UPDATE digest SET message_id = :messages - 8 * id WHERE 8 * id < :messages"),
        {"messages": messages},
    )


ITEMS = """
INSERT INTO digest_item (digest_id, demand_id, section, wording, minutes, why, note, taken_by, besides, focus, decide,
                         state, delegated_to, question, answer, version)
SELECT d.id, 1 + (d.id * 7 + n.n) % :demands, CASE n.n WHEN 0 THEN 'off_plate' WHEN 1 THEN 'merged' ELSE 'do' END,
       'a demand', 10, '', '', '', '', '', '', CASE WHEN n.n % 2 = 0 THEN 'done' ELSE 'open' END, '', '', '', 1
FROM digest d, (SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4) n WHERE d.id > :last
"""
