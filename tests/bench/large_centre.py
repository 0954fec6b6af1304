"""What came of the large district's visits, and what its centre asked: promises, words of principals, time taken,
memos, digests, cycles of inquiry. Put with statements over the visits and schools that are there already.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, text

from protocols.guided.catalog import library
from storage.database import Tx
from storage.tables import (
    DemandRow,
    DigestRow,
    MandateRow,
    ProtectedLossRow,
    ProtocolVersionRow,
    RunRow,
)

OFFICES = ("Human Resources", "Budget", "Facilities", "Curriculum", "Transport", "Assessment")
REASONS = ("legal", "safety", "money", "other")
MEMOS_A_WEEK = 4
DEMANDS_A_MEMO = 3
WEEKS_OF_DIGESTS = 60
ITEMS_A_DIGEST = 5
YEARS = 10
PHASES = ("problem", "plan", "act", "look")


def put(tx: Tx, *, schools: int, today: date, now: datetime) -> None:
    """All of it; ``schools`` is how many there are, whose principals' ids follow those of the ILDs."""
    here = tx.connection()
    here.execute(text(MADE_GOOD))
    here.execute(text(DENIED), {"now": now})
    here.execute(text(PROMISES), {"now": now})
    _put_losses(here, today, schools)
    demands = _put_memos(here, today, now)
    _put_digests(here, today, now)
    here.execute(text(ITEMS), {"demands": demands, "each": ITEMS_A_DIGEST})
    _put_cycles(here, schools, now)


MADE_GOOD = """
UPDATE visit SET made_good_by = (SELECT min(later.id) FROM visit later WHERE later.id > visit.id AND later.id <
visit.id + 50 AND later.status = 'held') WHERE status = 'cancelled' AND id % 2 = 0
"""
DENIED = """
INSERT INTO witness (visit_id, witness, took_place, words, at)
SELECT id, 'principal', id % 10 <> 0, '', :now FROM visit WHERE status = 'held' AND id % 100 = 0
"""
PROMISES = """
INSERT INTO promise (visit_id, school_id, owner_id, what, by_when, evidence, state, looked_at, outcome, created_at)
SELECT id, school_id, ild_id, 'a next step', date('0001-01-01', (day + 13) || ' days'), '', 'kept',
       CASE WHEN id % 3 > 0 THEN :now END, '', :now
FROM visit WHERE led_to_next_step AND status = 'held'
"""
ITEMS = """
INSERT INTO digest_item (digest_id, demand_id, section, wording, minutes, why, note, taken_by, besides, focus, decide,
                         state, delegated_to, question, answer, version)
SELECT d.id, 1 + (d.id * 7 + n.n) % :demands, CASE n.n WHEN 0 THEN 'off_plate' WHEN 1 THEN 'merged' ELSE 'do' END,
       'a demand', 10, '', '', '', '', '', '', 'open', '', '', '', 1
FROM digest d, (WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n + 1 < :each) SELECT n FROM n) n
"""


def _put_losses(here: Connection, today: date, schools: int) -> None:
    """Each Tuesday and Thursday morning of ten years somebody takes the time of a twentieth of the principals."""
    principals = [
        row[0] for row in here.execute(text("SELECT principal_id FROM assignment ORDER BY school_id"))
    ]
    rows: list[dict[str, Any]] = []
    for week in range(YEARS * 52):
        day = today - timedelta(days=today.weekday() + 7 * week - 1)
        if day > today or day.month in (7, 8):
            continue
        for person in principals[week % 20 :: 20]:
            rows.append(
                {
                    "day": day.toordinal(),
                    "half": "am",
                    "minutes": 60,
                    "person_id": person,
                    "office": OFFICES[week % len(OFFICES)],
                    "reason_class": REASONS[week % len(REASONS)],
                }
            )
    here.execute(insert(ProtectedLossRow), rows)


def _put_memos(here: Connection, today: date, now: datetime) -> int:
    """Memos of ten years with their demands; how many demands."""
    days = [today - timedelta(days=7 * week + 1) for week in range(YEARS * 52) for _ in range(MEMOS_A_WEEK)]
    here.execute(
        insert(MandateRow),
        [
            {
                "id": i + 1, "title": f"Memo {i}", "one_line": "", "text": "A memo.", "fingerprint": f"f{i}",
                "unit": OFFICES[i % len(OFFICES)], "sender_id": 1, "memo_date": day,
                "received_at": now - timedelta(days=(today - day).days),
                "source": "pasted", "version": 1,
            }
            for i, day in enumerate(days)
        ],
    )  # fmt: skip
    demands = [(memo, start) for memo in range(len(days)) for start in range(DEMANDS_A_MEMO)]
    here.execute(
        insert(DemandRow),
        [
            {
                "id": i + 1, "mandate_id": memo + 1, "start": start, "end": start + 1, "headline": "", "quote": "",
                "actor": "principal", "for_school": True, "binding": "must", "due_words": "", "due_basis": "",
                "audience": ["all"], "minutes": 15, "minutes_basis": "", "more_dates": [], "conditions": [],
                "facets": {},
            }
            for i, (memo, start) in enumerate(demands)
        ],
    )  # fmt: skip
    return len(demands)


def _put_digests(here: Connection, today: date, now: datetime) -> None:
    led = here.execute(
        text("SELECT school_id, principal_id, ild_id FROM assignment ORDER BY school_id")
    ).all()
    monday = today - timedelta(days=today.weekday())
    here.execute(
        insert(DigestRow),
        [
            {
                "principal_id": principal, "school_id": school, "ild_id": ild,
                "week": monday - timedelta(days=7 * week),
                "minutes": 30 + (school * 7 + week) % 90, "minutes_saved": 15, "is_late": False,
                "is_new_principal": False, "created_at": now,
            }
            for week in range(WEEKS_OF_DIGESTS)
            for school, principal, ild in led
        ],
    )  # fmt: skip


def _put_cycles(here: Connection, schools: int, now: datetime) -> None:
    """One open cycle of inquiry a school, of which its people were reminded, and one that is over for each of ten
    years."""
    body = library()["cycle_of_inquiry"].to_json()
    version = {"digest": "bench", "key": "inquiry", "title": "Inquiry", "body": body, "created_at": now}
    here.execute(insert(ProtocolVersionRow), [version])
    rows: list[dict[str, Any]] = []
    for school in range(1, schools + 1):
        for year in range(YEARS):
            began = now - timedelta(days=365 * year + 20 + school % 100)
            rows.append(
                {
                    "protocol_key": "inquiry",
                    "protocol_digest": "bench",
                    "counts_as": "inquiry",
                    "school_id": school,
                    "apart": "",
                    "state": "done" if year else "open",
                    "version": 1,
                    "started_at": began,
                    "moved_at": began,
                    "reminded_at": None if year else now,
                    "ended_at": began + timedelta(days=90) if year else None,
                    "phase": "" if year else PHASES[school % len(PHASES)],
                    "phase_since": began + timedelta(days=school % 15),
                    "way": ("adopt", "adapt", "abandon")[school % 3] if year else None,
                }
            )
    here.execute(insert(RunRow), rows)
