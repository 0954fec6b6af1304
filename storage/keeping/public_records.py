"""The rows of public records, and how many of what is withheld.

What is given out is named here column by column; everything else is not. Coaching, ratings and words between people
are in no list, so that no export can mix coaching with evaluation.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy
from sqlalchemy import ColumnElement, Table, and_, func, or_
from sqlmodel import col, select

from storage.database import Tx
from storage.keeping.declared import Record
from storage.keeping.every_table import DECLARED, table_named
from storage.tables import PersonRow, ServiceRequestRow

PUBLISHED: Mapping[str, tuple[str, ...]] = {
    name: tuple(columns.split())
    for name, columns in {
        "mandate": "id memo_date received_at unit sender_id title source supersedes_id",
        "original": "mandate_id received_at name media_type size sha256 source",
        "demand": "id mandate_id headline quote actor binding due audience minutes",
        "demand_change": "at demand_id was_id kind due words",
        "drop_use": "at unit demand_id",
        "principal_area": "area theirs fixed ask set_on",
        "digest": "id week school_id minutes budget minutes_saved is_late",
        "digest_item": "digest_id demand_id section minutes own_day",
        "digest_change": "digest_id change_id",
        "visit": "day school_id half minutes kind status cancelled_by for_closure",
        "protected_loss": "day half minutes network office reason_class",
        "meeting": "day office topic audience starts minutes state decided_by seconded_by reason_class reason",
        "protected_rule": "weekday half scope starts ends reason",
        "protected_opening": "starts ends half scope reason",
        "closure": "kind title starts ends scope",
        "period": "kind label starts ends",
        "theory": "number if_ then so_that because written_at",
        "framework": "title version loaded_at is_current",
        "first_responder": "subject network starts ends",
        "pulse": "opened_on closes_on asked answered units",
        "pulse_done": "said_on about text",
        "school": "id name level active",
        "assignment": "school_id network ild_id principal_id starts ends",
        "role": "person_id role unit starts ends",
    }.items()
}
"""Table -> the columns that are given out, in their order. A memo's text is given out as a file of its own."""
_WITHIN: Mapping[str, tuple[str, str]] = {
    "demand": ("mandate_id", "mandate"),
    "digest_item": ("digest_id", "digest"),
    "digest_change": ("digest_id", "digest"),
}
"""Tables whose rows fall into a period with a row of another table."""
SETTLED = ("mended", "declined", "withdrawn")


def published(tx: Tx, name: str, start: date, end: date, zone: ZoneInfo) -> list[dict[str, Any]]:
    """The rows of a public table in these days of ``zone``, both included; those without a day, all of them."""
    table = table_named(name)
    columns = [table.c[column] for column in PUBLISHED[name]]
    conditions = [*_in_period(name, start, end, zone), *_only(table)]
    query = sqlalchemy.select(*columns).where(*conditions).order_by(*table.primary_key.columns)
    return [dict(row) for row in tx.execute(query).mappings()]


def _only(table: Table) -> list[ColumnElement[bool]]:
    """Of some tables only a part is public: the district's theory, what offices did, files that became memos."""
    match table.name:
        case "theory":
            return [table.c.scope == "district"]
        case "pulse_done":
            return [table.c.about.like("unit:%")]
        case "original":
            return [table.c.mandate_id.is_not(None)]
        case "meeting":
            return [table.c.state != "withdrawn"]
        case _:
            return []


def _in_period(name: str, start: date, end: date, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    table = table_named(name)
    if name in _WITHIN:
        column, other = _WITHIN[name]
        there = table_named(other)
        return [
            table.c[column].in_(sqlalchemy.select(there.c.id).where(*_in_period(other, start, end, zone)))
        ]
    at = DECLARED[name].at
    if not at:
        return []
    kind = table.c[at].type
    if isinstance(kind, sqlalchemy.Integer):  # a day as a number
        return [table.c[at].between(start.toordinal(), end.toordinal())]
    if isinstance(kind, sqlalchemy.Date):
        return [table.c[at].between(start, end)]
    first = datetime.combine(start, time.min, zone).astimezone(UTC)
    after = datetime.combine(end + timedelta(days=1), time.min, zone).astimezone(UTC)
    return [table.c[at] >= first, table.c[at] < after]


def memo_texts(tx: Tx, start: date, end: date, zone: ZoneInfo) -> list[tuple[int, str]]:
    """Number and text of each memo dated in these days."""
    table = table_named("mandate")
    query = sqlalchemy.select(table.c.id, table.c.text).where(*_in_period("mandate", start, end, zone))
    return [(key, text) for key, text in tx.execute(query.order_by(table.c.id))]


def names(tx: Tx) -> dict[int, str]:
    """Number -> name of everybody, as they are called now; whoever was forgotten is nobody."""
    query = select(PersonRow.id, PersonRow.given_name, PersonRow.family_name)
    return {key or 0: f"{given} {family}".strip() for key, given, family in tx.exec(query)}


def service_requests(
    tx: Tx, start: date, end: date, zone: ZoneInfo
) -> Sequence[tuple[date, str, str, bool, bool, int]]:
    """Day asked, unit, state, whether it was answered, whether settled, how often reopened: never what was asked."""
    rows = tx.execute(
        sqlalchemy.select(
            col(ServiceRequestRow.asked_at),
            col(ServiceRequestRow.unit),
            col(ServiceRequestRow.state),
            col(ServiceRequestRow.answered_at).is_not(None),
            col(ServiceRequestRow.reopened),
        ).where(*_in_period("service_request", start, end, zone))
    )
    return [
        (at.astimezone(zone).date(), unit, state, bool(answered), state in SETTLED, reopened)
        for at, unit, state, answered, reopened in rows
    ]


def withheld(tx: Tx, start: date, end: date, zone: ZoneInfo) -> list[tuple[str, Record, int, bool]]:
    """What is withheld: what it is, as which kind, how much of it, and whether that is of the period alone."""
    found: list[tuple[str, Record, int, bool]] = []
    for name, declared in DECLARED.items():
        table, period = table_named(name), _in_period(name, start, end, zone)
        if declared.record not in (Record.PUBLIC, Record.SYSTEM):
            found.append((declared.says, declared.record, _count(tx, table, period), bool(period)))
        elif declared.withheld:
            says = f"{declared.says}: {', '.join(one.replace('_', ' ') for one in declared.withheld)}"
            full = or_(*(_is_full(table, column) for column in declared.withheld))
            count = _count(tx, table, [*period, full])
            found.append((says, declared.withheld_as, count, bool(period)))
    return found


def _is_full(table: Table, column: str) -> ColumnElement[bool]:
    there = table.c[column]
    if isinstance(there.type, sqlalchemy.Integer):
        return there.is_not(None)
    return and_(there.is_not(None), there != "")


def _count(tx: Tx, table: Table, conditions: Sequence[ColumnElement[bool]]) -> int:
    return int(tx.execute(sqlalchemy.select(func.count()).select_from(table).where(*conditions)).scalar_one())
