"""Writes what the sample district's schools have asked of its units, step by step as the bot takes the steps."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.sample.people import NETWORKS, UNIT_STAFF, ZONE
from bot.sample.service_history import (
    AUTUMN,
    BUDGET,
    FACILITIES,
    LAST_YEAR,
    PEOPLE,
    SPRING,
    TESTS,
    Asked,
    Did,
)
from handlers.centre.request_steps import changes
from protocols.cadence.calendar import SchoolCalendar
from protocols.centre.service_requests import USUAL_DAYS, State, Step, after, unanswered_since
from storage import service_requests
from storage.database import Tx
from storage.tables import ServiceRequestRow, ServiceStepRow

ASKED_AT, ANSWERED_AT = time(10, 40), time(14, 10)
_OF_SCHOOL = frozenset({Step.REPLY, Step.CONFIRM, Step.REOPEN, Step.WITHDRAW})


def put_requests(tx: Tx, calendar: SchoolCalendar, ids: dict[str, int]) -> None:
    """Write the requests with every step; ``ids`` are schools by name, people by e-mail."""
    principals = {
        school.name: ids[school.principal.email] for _name, _ild, schools in NETWORKS for school in schools
    }
    for unit in (FACILITIES, PEOPLE, TESTS, BUDGET):
        service_requests.put_head(tx, unit, _staff(unit, ids)[0])
    for asked in (*LAST_YEAR, *AUTUMN, *SPRING):
        _put(tx, calendar, asked, ids, principals[asked.school])


def _put(tx: Tx, calendar: SchoolCalendar, asked: Asked, ids: dict[str, int], principal: int) -> None:
    at = _instant(asked.day, ASKED_AT)
    row = ServiceRequestRow(
        school_id=ids[asked.school],
        asker_id=principal,
        unit=asked.unit,
        what=asked.what,
        asked_at=at,
        arrived_at=at,
        clock_from=at,
        changed_at=at,
    )
    number = service_requests.add(tx, row)
    for place, did in enumerate(asked.did):
        _step(tx, calendar, row, number, did, asked, ids, principal, place)
    tx.flush()


def _step(
    tx: Tx,
    calendar: SchoolCalendar,
    row: ServiceRequestRow,
    number: int,
    did: Did,
    asked: Asked,
    ids: dict[str, int],
    principal: int,
    place: int,
) -> None:
    """Take the step as the bot takes it, and bring up before it what nobody had answered in time."""
    staff = _staff(row.unit, ids)
    actor = principal if did.step in _OF_SCHOOL else staff[min(asked.by, len(staff) - 1)]
    on = calendar.add_school_days(asked.day, did.days) if did.days else asked.day
    assert on is not None
    at = _instant(on, ANSWERED_AT) + timedelta(minutes=7 * place)
    if row.state == State.NEW and row.escalated_at is None:
        due = unanswered_since(row.clock_from, USUAL_DAYS, calendar, ZoneInfo(ZONE))
        row.escalated_at = due if due < at else None
    day = calendar.add_school_days(on, did.within) if did.within else None
    named = staff[1] if did.step is Step.NAME else None
    unit = did.to if did.step is Step.HAND_ON else ""
    to = after(State(row.state), did.step)
    assert to is not None, f"{asked.school}: no {did.step} from {row.state}"
    service_requests.add_step(
        tx,
        ServiceStepRow(
            request_id=number,
            step=did.step,
            unit=row.unit,
            actor_id=actor,
            words=did.words,
            day=day,
            named_id=named,
            to_unit=unit,
            at=at,
        ),
    )
    for field, value in changes(row, did.step, at=at, by=actor, day=day, named_id=named, unit=unit).items():
        setattr(row, field, value)
    row.state, row.version = to, row.version + 1
    tx.add(row)


def _staff(unit: str, ids: dict[str, int]) -> list[int]:
    return [ids[person.email] for person in UNIT_STAFF if person.unit == unit]


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=ZoneInfo(ZONE))
