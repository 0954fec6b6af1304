"""Meetings asked for through the bot, and the protected time that overrides took."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, text
from sqlmodel import col, select

from protocols.cadence.protected_overrides import OverrideReason
from storage.database import Tx, add_row, change_if
from storage.tables import MeetingRow, ProtectedLossRow


def add(
    tx: Tx,
    *,
    requester_id: int,
    office: str,
    topic: str,
    audience: str,
    day: date,
    starts: int,
    minutes: int,
    state: str,
    at: datetime,
    zone: str | None = None,
) -> int:
    """Write down that a meeting was asked for; its id. ``starts`` is minutes since midnight in ``zone``."""
    row = MeetingRow(
        requester_id=requester_id,
        office=office,
        topic=topic,
        audience=audience,
        day=day,
        starts=starts,
        minutes=minutes,
        zone=zone,
        state=state,
        created_at=at,
    )
    return add_row(tx, row)


def get(tx: Tx, meeting_id: int) -> MeetingRow | None:
    return tx.get(MeetingRow, meeting_id)


def change(tx: Tx, meeting_id: int, *, version: int, **values: object) -> bool:
    """False where somebody was faster, and nothing is done."""
    same = (col(MeetingRow.id) == meeting_id, col(MeetingRow.version) == version)
    return change_if(tx, MeetingRow, *same, version=version + 1, **values)


def undecided(tx: Tx, *, since: date) -> list[MeetingRow]:
    """Meetings in protected time, from that day on, that executives were asked to allow or second; soonest first."""
    query = select(MeetingRow).where(
        col(MeetingRow.state).in_(("asked", "to_second")), col(MeetingRow.day) >= since
    )
    return list(tx.exec(query.order_by(col(MeetingRow.day), col(MeetingRow.starts), col(MeetingRow.id))))


def held_between(tx: Tx, start: date, end: date) -> Sequence[MeetingRow]:
    """Meetings that will take place in these days, both included."""
    query = select(MeetingRow).where(
        col(MeetingRow.state).in_(("booked", "overridden")), col(MeetingRow.day).between(start, end)
    )
    return tx.exec(query.order_by(col(MeetingRow.day), col(MeetingRow.starts))).all()


def add_losses(
    tx: Tx,
    *,
    meeting_id: int,
    day: date,
    people: Collection[tuple[int, str | None, dict[str, int]]],
    office: str,
    reason_class: str,
) -> None:
    """Count the protected minutes that a meeting takes from each person (id, network, minutes by half)."""
    for person_id, network, minutes_by_half in people:
        for half, minutes in minutes_by_half.items():
            tx.add(
                ProtectedLossRow(
                    day=day.toordinal(),
                    half=half,
                    minutes=minutes,
                    person_id=person_id,
                    network=network,
                    office=office,
                    reason_class=reason_class,
                    meeting_id=meeting_id,
                )
            )


TIME_LOCK = 7_415_204
BUDGET_LOCKS = 7_415_203
"""Any numbers that no other lock of this database uses."""


def hold_time(tx: Tx) -> None:
    """Let nobody else book or protect time before this transaction ends; what is read from here on is what stands.

    A booking and a change of protected time in one moment would else each find the other not there yet, and so would
    two bookings of the same people. SQLite has one writer at a time anyway.
    """
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": TIME_LOCK})
        tx.expire_all()  # what was read before may have changed while this waited


def hold_budget(tx: Tx, office: str) -> None:
    """Let nobody else decide about this office's overrides before this transaction ends.

    Two executives who decide in one moment would else both find the last override of a budget free. SQLite has one
    writer at a time anyway.
    """
    if tx.get_bind().dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(:kind, hashtext(:office))")
        tx.execute(lock, {"kind": BUDGET_LOCKS, "office": office})


@dataclass(frozen=True, slots=True)
class Taken:
    """How often an office has taken protected time in some days; emergencies are counted apart."""

    overrides: int = 0
    emergencies: int = 0


def taken_by_office(tx: Tx, *, start: date, end: date) -> dict[str, Taken]:
    """The overrides of each office whose meetings are in these days, both included."""
    query = (
        select(MeetingRow.office, MeetingRow.reason_class, func.count())
        .where(MeetingRow.state == "overridden", col(MeetingRow.day).between(start, end))
        .group_by(MeetingRow.office, col(MeetingRow.reason_class))
    )
    found: dict[str, Taken] = {}
    for office, reason, count in tx.exec(query):
        before = found.get(office, Taken())
        if reason == OverrideReason.SAFETY:
            found[office] = Taken(before.overrides, before.emergencies + count)
        else:
            found[office] = Taken(before.overrides + count, before.emergencies)
    return found
