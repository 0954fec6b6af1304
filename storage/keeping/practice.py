"""What is let go of the practice: the words of runs, promises, visits, digests, requests and pulses. Figures stay."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, case, delete, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col, select

from protocols.buffer.digest import OWN_TASKS, UNSETTLED
from protocols.cadence.witnesses import difference
from protocols.keeping.schedule import Kind
from storage import witnesses
from storage.database import Tx
from storage.keeping.purging import Candidate, Part
from storage.keeping.talk import bearing, done_to, noon
from storage.tables import (
    ChallengeRow,
    DigestItemRow,
    DigestRow,
    FocusTieRow,
    PromiseRow,
    ProposalRow,
    PulseLineRow,
    PulseRow,
    RunEventRow,
    RunRow,
    RunSeatRow,
    ServiceRequestRow,
    ServiceStepRow,
    TriageRow,
    UnitRequestRow,
    VisitRow,
    WeekLineRow,
    WitnessRow,
)

GONE = "(no longer kept)"
"""What stands where words have gone that somebody may still come across."""
_GOING = ("open", "paused")
_SERVED = ("mended", "declined", "withdrawn")


def _blank(tx: Tx, table: type[SQLModel], keys: Collection[int], shown: str = "", *words: str) -> int:
    """Put nothing into these columns of the rows, and ``GONE`` into ``shown`` (joined by blanks): into those that
    people may still be shown, or by which it is counted that something was said. What was empty stays empty."""
    columns = sqlalchemy.inspect(table).columns
    values: dict[str, Any] = {name: None if columns[name].nullable else "" for name in words}
    full: list[ColumnElement[bool]] = [columns[name] != (values[name] or "") for name in words]
    for name in shown.split():
        values[name] = case((columns[name] != "", GONE), else_="")
        full.append(columns[name].not_in((GONE, "")))
    with_words = update(table).where(columns["id"].in_(keys), or_(*full))
    return done_to(tx, with_words.values(**values))


# ---------------------------------------------------------------- coaching


def _read_runs(tx: Tx, after: int, limit: int) -> list[Candidate]:
    cycle = aliased(RunRow)
    query = (
        select(RunRow, cycle.state)
        .outerjoin(cycle, col(cycle.id) == col(RunRow.cycle_id))
        .where(col(RunRow.id) > after)
        .order_by(col(RunRow.id))
        .limit(limit)
    )
    rows = list(tx.exec(query))
    ids = [row.id for row, _ in rows]
    seats: dict[int, list[int]] = {}
    sat = select(RunSeatRow.run_id, RunSeatRow.person_id).where(col(RunSeatRow.run_id).in_(ids))
    for run_id, person_id in tx.exec(sat):
        seats.setdefault(run_id, []).append(person_id)
    found = []
    for row, cycle_state in rows:
        is_over = row.state not in _GOING and cycle_state not in _GOING and row.let_go_at is None
        began = (row.ended_at or row.moved_at) if is_over else None
        about = bearing(
            (row.ended_at or row.moved_at).date(),
            *seats.get(row.id or 0, ()),
            schools={row.school_id} if row.school_id is not None else (),
        )
        found.append(Candidate(row.id or 0, row.started_at, began, about))
    return found


def _let_runs_go(tx: Tx, keys: Collection[int], now: datetime) -> int:
    """Of the events the first stays, without its words: that and by whom a conversation was begun is counted."""
    mine = col(RunEventRow.run_id).in_(keys)
    done_to(tx, delete(RunEventRow).where(mine, col(RunEventRow.seq) > 1))
    done_to(tx, update(RunEventRow).where(mine).values(body=""))
    return done_to(tx, update(RunRow).where(col(RunRow.id).in_(keys)).values(let_go_at=now))


def _read_promises(tx: Tx, after: int, limit: int) -> list[Candidate]:
    query = select(PromiseRow).where(col(PromiseRow.id) > after).order_by(col(PromiseRow.id)).limit(limit)
    return [
        Candidate(
            row.id or 0,
            row.created_at,
            max(row.looked_at or row.created_at, noon(row.by_when)) if row.state != "open" else None,
            bearing(row.created_at.date(), row.owner_id, schools={row.school_id}),
        )
        for row in tx.exec(query)
    ]


def _let_promises_go(tx: Tx, keys: Collection[int], _now: datetime) -> int:
    return _blank(tx, PromiseRow, keys, "what", "evidence", "outcome")


def _read_proposals(tx: Tx, after: int, limit: int) -> list[Candidate]:
    query = select(ProposalRow).where(col(ProposalRow.id) > after).order_by(col(ProposalRow.id)).limit(limit)
    return [
        Candidate(
            row.id or 0,
            row.created_at,
            (row.decided_at or row.created_at) if row.state != "open" else None,
            bearing(row.created_at.date(), row.person_id, schools={row.school_id}),
        )
        for row in tx.exec(query)
    ]


def _let_proposals_go(tx: Tx, keys: Collection[int], _now: datetime) -> int:
    return _blank(tx, ProposalRow, keys, "text")


# ---------------------------------------------------------------- visits


def _read_visits(tx: Tx, after: int, limit: int) -> list[Candidate]:
    query = select(VisitRow).where(col(VisitRow.id) > after).order_by(col(VisitRow.id)).limit(limit)
    rows = list(tx.exec(query))
    said = witnesses.words_of(tx, [row.id or 0 for row in rows])
    found = []
    for row in rows:
        day = date.fromordinal(row.day)
        is_settled = (
            row.status != "planned"
            and difference(row.status, said.get(row.id or 0, ()), is_past=True) is None
        )
        began = max(noon(day), row.created_at) if is_settled else None
        about = bearing(day, row.ild_id, row.put_by, schools={row.school_id})
        found.append(Candidate(row.id or 0, row.created_at, began, about))
    return found


def _let_visit_words_go(tx: Tx, keys: Collection[int], _now: datetime) -> int:
    said = (col(WitnessRow.visit_id).in_(keys), col(WitnessRow.words) != "")
    count = done_to(tx, update(WitnessRow).where(*said).values(words=""))
    return count + _blank(tx, VisitRow, keys, "", "because", "cancel_reason", "move_reason")


# ---------------------------------------------------------------- digests


def _read_items(tx: Tx, after: int, limit: int) -> list[Candidate]:
    query = (
        select(DigestItemRow.id, DigestItemRow.state, DigestRow)
        .join(DigestRow, col(DigestRow.id) == col(DigestItemRow.digest_id))
        .where(col(DigestItemRow.id) > after)
        .order_by(col(DigestItemRow.id))
        .limit(limit)
    )
    return [
        Candidate(
            key or 0,
            digest.created_at,
            digest.created_at if state != "asked" else None,
            bearing(digest.week, digest.principal_id, digest.ild_id, schools={digest.school_id}),
        )
        for key, state, digest in tx.exec(query)
    ]


def _let_item_words_go(tx: Tx, keys: Collection[int], _now: datetime) -> int:
    return _blank(tx, DigestItemRow, keys, "question delegated_to", "answer", "note", "focus")


def _read_triage(tx: Tx, after: int, limit: int) -> list[Candidate]:
    query = select(TriageRow).where(col(TriageRow.id) > after).order_by(col(TriageRow.id)).limit(limit)
    found = []
    for row in tx.exec(query):
        waits = row.decision in UNSETTLED or (row.decision in OWN_TASKS and row.done_at is None)
        about = bearing(row.decided_at.date(), row.ild_id, row.decided_by)
        began = None if waits else max(row.decided_at, row.done_at or row.decided_at)
        # A decision that is changed keeps its key, so the order of the table says nothing about its age.
        found.append(Candidate(row.id or 0, None, began, about))
    return found


def _let_triage_words_go(tx: Tx, keys: Collection[int], _now: datetime) -> int:
    return _blank(tx, TriageRow, keys, "", "note", "reason", "taken_by")


def _read_lines(tx: Tx, after: int, limit: int) -> list[Candidate]:
    query = select(WeekLineRow).where(col(WeekLineRow.id) > after).order_by(col(WeekLineRow.id)).limit(limit)
    return [
        Candidate(row.id or 0, noon(row.week), noon(row.week), bearing(row.week, row.ild_id))
        for row in tx.exec(query)
    ]


def _let_lines_go(tx: Tx, keys: Collection[int], _now: datetime) -> int:
    return _blank(tx, WeekLineRow, keys, "", "line")


def _read_ties(tx: Tx, after: int, limit: int) -> list[Candidate]:
    query = select(FocusTieRow).where(col(FocusTieRow.id) > after).order_by(col(FocusTieRow.id)).limit(limit)
    return [
        Candidate(
            row.id or 0,
            None,
            row.tied_at,
            bearing(row.tied_at.date(), row.tied_by, row.principal_id, schools={row.school_id}),
        )
        for row in tx.exec(query)
    ]


def _let_ties_go(tx: Tx, keys: Collection[int], _now: datetime) -> int:
    return _blank(tx, FocusTieRow, keys, "", "focus", "line")


# ---------------------------------------------------------------- requests


def _read_service(tx: Tx, after: int, limit: int) -> list[Candidate]:
    after_key = (col(ServiceRequestRow.id) > after,)
    query = select(ServiceRequestRow).where(*after_key).order_by(col(ServiceRequestRow.id)).limit(limit)
    return [
        Candidate(
            row.id or 0,
            row.asked_at,
            row.changed_at if row.state in _SERVED else None,
            bearing(row.asked_at.date(), row.asker_id, row.owner_id, schools={row.school_id}),
        )
        for row in tx.exec(query)
    ]


def _let_service_words_go(tx: Tx, keys: Collection[int], _now: datetime) -> int:
    said = (col(ServiceStepRow.request_id).in_(keys), col(ServiceStepRow.words) != "")
    count = done_to(tx, update(ServiceStepRow).where(*said).values(words=""))
    return count + _blank(tx, ServiceRequestRow, keys, "what")


def _read_unit_requests(tx: Tx, after: int, limit: int) -> list[Candidate]:
    query = select(UnitRequestRow).where(col(UnitRequestRow.id) > after).order_by(col(UnitRequestRow.id))
    return [
        Candidate(
            row.id or 0,
            row.created_at,
            row.settled_at,
            bearing(
                row.created_at.date(), row.asker_id, row.ild_id, row.responder_id, schools=row.school_ids
            ),
        )
        for row in tx.exec(query.limit(limit))
    ]


def _let_unit_words_go(tx: Tx, keys: Collection[int], _now: datetime) -> int:
    return _blank(tx, UnitRequestRow, keys, "question", "answer")


def _read_challenges(tx: Tx, after: int, limit: int) -> list[Candidate]:
    query = (
        select(ChallengeRow).where(col(ChallengeRow.id) > after).order_by(col(ChallengeRow.id)).limit(limit)
    )
    return [
        Candidate(
            row.id or 0,
            row.created_at,
            row.answered_at,
            bearing(row.created_at.date(), row.asker_id, row.responder_id, row.answered_by),
        )
        for row in tx.exec(query)
    ]


def _let_challenge_words_go(tx: Tx, keys: Collection[int], _now: datetime) -> int:
    return _blank(tx, ChallengeRow, keys, "question", "answer")


# ---------------------------------------------------------------- pulses


def _read_pulses(tx: Tx, after: int, limit: int) -> list[Candidate]:
    query = select(PulseRow).where(col(PulseRow.id) > after).order_by(col(PulseRow.id)).limit(limit)
    return [
        Candidate(
            row.id or 0,
            noon(row.opened_on),
            noon(row.closes_on) if row.is_closed else None,
            bearing(row.closes_on),
        )
        for row in tx.exec(query)
    ]


def _let_pulse_lines_go(tx: Tx, keys: Collection[int], _now: datetime) -> int:
    """All lines of a pulse at once, for a few that were left would say more of their writers."""
    return done_to(tx, delete(PulseLineRow).where(col(PulseLineRow.pulse_id).in_(keys)))


PARTS: Sequence[Part] = (
    Part("runs", Kind.COACHING, _read_runs, _let_runs_go),
    Part("promises", Kind.COACHING, _read_promises, _let_promises_go),
    Part("proposals", Kind.COACHING, _read_proposals, _let_proposals_go),
    Part("visits", Kind.VISIT_WORDS, _read_visits, _let_visit_words_go),
    Part("digest_items", Kind.DIGEST_WORDS, _read_items, _let_item_words_go),
    Part("triage", Kind.DIGEST_WORDS, _read_triage, _let_triage_words_go),
    Part("week_lines", Kind.DIGEST_WORDS, _read_lines, _let_lines_go),
    Part("focus_ties", Kind.DIGEST_WORDS, _read_ties, _let_ties_go),
    Part("service_requests", Kind.REQUESTS, _read_service, _let_service_words_go),
    Part("unit_requests", Kind.REQUESTS, _read_unit_requests, _let_unit_words_go),
    Part("challenges", Kind.REQUESTS, _read_challenges, _let_challenge_words_go),
    Part("pulses", Kind.PULSE_WORDS, _read_pulses, _let_pulse_lines_go),
)
"""In the order in which they are gone through."""
