"""What people wish of the bot about being disturbed, what reached them unasked, and what they put off."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from protocols.cadence.courtesy import DEFAULT_BUDGET, Rate, Topic, Wishes
from protocols.cadence.day_minutes import minutes_into_day, time_of_day
from protocols.cadence.sending import Away, Hours
from storage import record
from storage.database import Tx, add_once
from storage.tables import CourtesyRow, MessageRow, SnoozeRow

BUDGET = "message_budget"
"""The setting that says how many unasked messages a person may get in a week."""


def wishes_of(tx: Tx, person_id: int) -> Wishes:
    """The person's wishes; those of somebody who never said any are the defaults."""
    row = tx.get(CourtesyRow, person_id)
    return _wishes(row) if row is not None else Wishes()


def save_wishes(tx: Tx, person_id: int, wishes: Wishes) -> None:
    """Put these wishes in place of those before."""
    row = tx.get(CourtesyRow, person_id)
    if row is None:
        row = CourtesyRow(person_id=person_id)
        if not add_once(tx, row):
            row = tx.get_one(CourtesyRow, person_id)
    row.works_from, row.works_to = _minutes(wishes.working)
    row.quiet_from, row.quiet_to = _minutes(wishes.quiet)
    row.away_from = wishes.away.starts if wishes.away else None
    row.away_to = wishes.away.ends if wishes.away else None
    row.rate = wishes.rate
    row.muted = {topic.value: True for topic in sorted(wishes.muted)}
    tx.add(row)
    tx.flush()


def deadline_days(tx: Tx, person_ids: Collection[int]) -> dict[int, int]:
    """Person -> school days before a deadline on which it is brought up, for those who have said anything."""
    query = select(CourtesyRow.person_id, CourtesyRow.deadline_days).where(
        col(CourtesyRow.person_id).in_(list(person_ids))
    )
    return dict(tx.exec(query).all())


def put_deadline_days(tx: Tx, person_id: int, days: int) -> None:
    row = tx.get(CourtesyRow, person_id) or CourtesyRow(person_id=person_id)
    row.deadline_days = days
    tx.add(row)
    tx.flush()


def away_between(tx: Tx, person_ids: Collection[int], start: date, end: date) -> dict[int, Away]:
    """Person -> the days away, for those of the people who are away on any of these days, both included."""
    query = select(CourtesyRow).where(
        col(CourtesyRow.person_id).in_(person_ids),
        col(CourtesyRow.away_from) <= end,
        col(CourtesyRow.away_to) >= start,
    )
    return {row.person_id: away for row in tx.exec(query) if (away := _wishes(row).away) is not None}


def _wishes(row: CourtesyRow) -> Wishes:
    return Wishes(
        working=_hours(row.works_from, row.works_to),
        quiet=_hours(row.quiet_from, row.quiet_to),
        away=Away(row.away_from, row.away_to) if row.away_from and row.away_to else None,
        rate=Rate(row.rate),
        muted=frozenset(Topic(name) for name in row.muted if name in set(Topic)),
    )


def _hours(start: int | None, end: int | None) -> Hours | None:
    return None if start is None or end is None else Hours(time_of_day(start), time_of_day(end))


def _minutes(hours: Hours | None) -> tuple[int | None, int | None]:
    return (minutes_into_day(hours.starts), minutes_into_day(hours.ends)) if hours else (None, None)


# ---------------------------------------------------------------- the budget


def budget(tx: Tx) -> int:
    """How many unasked messages a person may get in a week."""
    known = record.get_setting(tx, BUDGET)
    return int(known["a_week"]) if known else DEFAULT_BUDGET


def put_budget(tx: Tx, a_week: int) -> None:
    record.put_setting(tx, BUDGET, {"a_week": a_week})


@dataclass(frozen=True, slots=True)
class Unasked:
    """A message that nobody asked for: its kind, what it is about, and when it was sent (None: it waits)."""

    id: int
    kind: str
    subject: str
    sent_at: datetime | None
    not_before: datetime
    waits_for: str


def unasked_since(tx: Tx, person_id: int, since: datetime) -> list[Unasked]:
    """What reached the person unasked from the instant ``since`` on, oldest first."""
    query = (
        select(MessageRow)
        .where(MessageRow.recipient_id == person_id, MessageRow.state == "sent")
        .where(col(MessageRow.sent_at) >= since, col(MessageRow.asked).is_(False))
    )
    return [_unasked(row) for row in tx.exec(query.order_by(col(MessageRow.sent_at), col(MessageRow.id)))]


def was_written(tx: Tx, person_id: int, kind: str, *, since: datetime) -> bool:
    """Whether a message of this kind was written to the person from ``since`` on, whatever came of it."""
    query = select(MessageRow.id).where(
        MessageRow.recipient_id == person_id, MessageRow.kind == kind, col(MessageRow.created_at) >= since
    )
    return tx.exec(query.limit(1)).first() is not None


def unasked_waiting(tx: Tx, person_id: int) -> list[Unasked]:
    """What waits for the person unasked, in the order in which it was written."""
    query = select(MessageRow).where(
        MessageRow.recipient_id == person_id, MessageRow.state == "queued", col(MessageRow.asked).is_(False)
    )
    return [_unasked(row) for row in tx.exec(query.order_by(col(MessageRow.id)))]


def _unasked(row: MessageRow) -> Unasked:
    return Unasked(row.id or 0, row.kind, row.subject, row.sent_at, row.not_before, row.waits_for)


# ---------------------------------------------------------------- put off


def note_snooze(tx: Tx, message: MessageRow, *, choice: str, until: datetime, at: datetime) -> bool:
    """Write down that the person put a message off; False where they did so before.

    One that came back is counted under the kind it had at first: its period names the message it came from.
    """
    first = snooze_of(tx, int(message.period)) if message.kind == "snoozed" else None
    kind = first.kind if first else message.kind
    row = SnoozeRow(
        person_id=message.recipient_id,
        message_id=message.id or 0,
        kind=kind,
        subject=message.subject,
        choice=choice,
        until=until,
        at=at,
    )
    return add_once(tx, row)


def snooze_of(tx: Tx, message_id: int) -> SnoozeRow | None:
    return tx.exec(select(SnoozeRow).where(SnoozeRow.message_id == message_id)).first()


def snoozes_since(tx: Tx, person_id: int, since: datetime) -> list[SnoozeRow]:
    """What the person put off from ``since`` on, oldest first."""
    query = select(SnoozeRow).where(SnoozeRow.person_id == person_id, col(SnoozeRow.at) >= since)
    return list(tx.exec(query.order_by(col(SnoozeRow.at), col(SnoozeRow.id))))
