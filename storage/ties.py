"""What schools and the centre had to do with each other: ids, days and who began it, never a word of what was said."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import literal_column, select
from sqlmodel import col

from protocols.centre.ties import Contact, Kind, Side
from storage.database import Tx
from storage.tables import (
    AssignmentRow,
    DigestItemRow,
    DigestRow,
    MeetingRow,
    PromiseRow,
    ProposalRow,
    RunEventRow,
    RunRow,
    ServiceRequestRow,
    UnitRequestRow,
    VisitRow,
)

ITS_ILD = ""
"""The party of a contact that is a school's ILD, whoever that was on the day."""
BOOKED = ("booked", "overridden")


def contacts(tx: Tx, *, start: date, end: date, zone: ZoneInfo) -> Iterator[Contact]:
    """Everything on record from ``start`` to ``end``, days of ``zone``, both included.

    A meeting that all principals are called to ties nobody in particular and is left out.
    """
    since = datetime.combine(start, time.min, tzinfo=zone)
    until = datetime.combine(end + timedelta(days=1), time.min, tzinfo=zone)
    principals = set(tx.execute(select(col(AssignmentRow.principal_id)).distinct()).scalars())

    def side(person_id: int | None) -> Side:
        return Side.SCHOOL if person_id in principals else Side.CENTRE

    yield from _visits(tx, start, end, principals)
    events = (
        select(col(RunEventRow.person_id)).where(col(RunEventRow.run_id) == col(RunRow.id)).correlate(RunRow)
    )
    began = events.order_by(col(RunEventRow.seq)).limit(1).scalar_subquery()
    runs = select(col(RunRow.school_id), col(RunRow.started_at), began).where(
        col(RunRow.school_id).is_not(None),
        col(RunRow.started_at) >= since,
        col(RunRow.started_at) < until,
        events.exists(),  # not where its words were let go
    )
    for school, at, person in tx.execute(runs):
        yield Contact(school, ITS_ILD, at.astimezone(zone).date(), Kind.RUN, side(person))
    promises = select(col(PromiseRow.school_id), col(PromiseRow.created_at), col(PromiseRow.owner_id)).where(
        col(PromiseRow.created_at) >= since, col(PromiseRow.created_at) < until
    )
    for school, at, owner in tx.execute(promises):
        yield Contact(school, ITS_ILD, at.astimezone(zone).date(), Kind.PROMISE, side(owner))
    proposals = select(col(ProposalRow.school_id), col(ProposalRow.created_at)).where(
        col(ProposalRow.created_at) >= since, col(ProposalRow.created_at) < until
    )
    for school, at in tx.execute(proposals):
        yield Contact(school, ITS_ILD, at.astimezone(zone).date(), Kind.PROPOSAL, Side.SCHOOL)
    asked = (
        select(col(DigestRow.school_id), col(DigestRow.week))
        .join(DigestItemRow, col(DigestItemRow.digest_id) == col(DigestRow.id))
        # As the index of what was asked says it: SQLite takes that for a word of the statement, not for a value.
        .where(col(DigestItemRow.question) != literal_column("''"), col(DigestRow.week).between(start, end))
    )
    for school, week in tx.execute(asked):
        yield Contact(school, ITS_ILD, week, Kind.QUESTION, Side.SCHOOL)
    yield from _of_units(tx, since, until, zone)
    yield from _meetings(tx, start, end)


def _visits(tx: Tx, start: date, end: date, principals: set[int | None]) -> Iterator[Contact]:
    held = select(
        col(VisitRow.school_id), col(VisitRow.day), col(VisitRow.ild_id), col(VisitRow.put_by)
    ).where(col(VisitRow.status) == "held", col(VisitRow.day).between(start.toordinal(), end.toordinal()))
    for school, day, ild, by in tx.execute(held):
        began = Side.SCHOOL if by != ild and by in principals else Side.CENTRE
        yield Contact(school, ITS_ILD, date.fromordinal(day), Kind.VISIT, began)


def _of_units(tx: Tx, since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[Contact]:
    questions = select(
        col(UnitRequestRow.school_ids), col(UnitRequestRow.office), col(UnitRequestRow.created_at)
    ).where(col(UnitRequestRow.created_at) >= since, col(UnitRequestRow.created_at) < until)
    for schools, office, at in tx.execute(questions):
        for school in schools:
            yield Contact(school, office, at.astimezone(zone).date(), Kind.UNIT_QUESTION, Side.CENTRE)
    requests = select(
        col(ServiceRequestRow.school_id), col(ServiceRequestRow.unit), col(ServiceRequestRow.asked_at)
    ).where(
        col(ServiceRequestRow.asked_at) >= since,
        col(ServiceRequestRow.asked_at) < until,
        col(ServiceRequestRow.state) != "withdrawn",
    )
    for school, unit, at in tx.execute(requests):
        yield Contact(school, unit, at.astimezone(zone).date(), Kind.SERVICE_REQUEST, Side.SCHOOL)


def _meetings(tx: Tx, start: date, end: date) -> Iterator[Contact]:
    called = select(col(MeetingRow.audience), col(MeetingRow.office), col(MeetingRow.day)).where(
        col(MeetingRow.state).in_(BOOKED), col(MeetingRow.day).between(start, end)
    )
    for audience, office, day in tx.execute(called):
        for school in _called(tx, audience, day):
            yield Contact(school, office, day, Kind.MEETING, Side.CENTRE)


def _called(tx: Tx, audience: str, day: date) -> Iterable[int]:
    """The schools that a meeting's audience named: a school, or those of a network on that day."""
    kind, _, value = audience.partition(":")
    if kind == "school" and value.isdigit():
        return [int(value)]
    if kind != "network":
        return []
    query = select(col(AssignmentRow.school_id)).where(
        col(AssignmentRow.network) == value,
        col(AssignmentRow.starts) <= day,
        (col(AssignmentRow.ends).is_(None)) | (col(AssignmentRow.ends) >= day),
    )
    return list(tx.execute(query).scalars())
