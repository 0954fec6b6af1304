"""A row in every table, made from the tables themselves, so that a new table is in the tests without a hand.

Every text of it says where it stands ("zq promise.what qz"), every reference to a person is to the one that is given,
every other one to the row of the table it names. Values that code reads back are in ``READ``.
"""

import json
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import JSON, Boolean, Date, Integer, LargeBinary, String, Table
from sqlmodel import SQLModel, col, select
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

import storage.tables  # noqa: F401 - fills the metadata
from storage.database import Tx
from storage.tables import SchoolRow
from storage.tables.columns import Sealed

THEN = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)
CARD = '{"title":"zq message.card qz","blocks":[]}'
BALLOTS = ("pulse_ballot", "pulse_line")

READ: dict[str, Any] = {
    "message.card": CARD,
    "message.state": "sent",
    "message.kind": "reply",
    "run.state": "done",
    "run_event.seq": 1,
    "run_event.body": json.dumps(
        {"seq": 1, "kind": "answered", "at": "2026-10-05T15:00:00Z", "text": "zq run_event.body qz"}
    ),
    "closure.kind": "holiday",
    "closure.scope": "all",
    "closure.at": None,
    "period.kind": "term",
    "protected_rule.half": "am",
    "protected_loss.half": "am",
    "protected_rule.scope": "all",
    "protected_opening.half": "am",
    "protected_opening.scope": "all",
    "meeting.zone": None,
    "courtesy.rate": "once",
    "courtesy.works_from": None,
    "courtesy.works_to": None,
    "courtesy.quiet_from": None,
    "courtesy.quiet_to": None,
    "home.platform": "slack",
    "account.platform": "slack",
    "account.lost": "",
    "own_calendar.zone": "",
    "promise.state": "kept",
    "proposal.state": "taken",
    "proposal.kind": "focus",
    "visit.status": "held",
    "visit.half": "am",
    "visit.kind": "walkthrough",
    "visit.day": THEN.toordinal(),
    "visit.useful": 3,
    "visit.cancelled_by": None,
    "protected_loss.day": THEN.toordinal(),
    "busy_stretch.day": THEN.toordinal(),
    "witness.witness": "principal",
    "witness.took_place": True,
    "digest_item.state": "done",
    "digest_item.section": "do",
    "triage.decision": "pass_on",
    "service_request.state": "mended",
    "unit_request.state": "answered",
    "challenge.state": "answered",
    "pulse.is_closed": True,
    "original.state": "read",
    "original.let_go_at": None,
    "run.let_go_at": None,
    "run.cycle_id": None,
    "unknown_mail.state": "left",
    "page.state": "done",
    "meeting.state": "overridden",
    "role.role": "unit",
    "role.unit": "Facilities",
    "legal_hold.person_ids": [],
    "legal_hold.school_ids": [],
    "legal_hold.released_at": THEN,
    "unit_request.school_ids": [],
}


def fill(tx: Tx, person_id: int, school_id: int | None = None) -> dict[str, dict[str, Any]]:
    """A row in each table for the person, at the school (else the first); by table, the values it was given."""
    if school_id is None:
        school_id = tx.exec(select(SchoolRow.id).order_by(col(SchoolRow.id))).first()
    made: dict[str, dict[str, Any]] = {"person": {"id": person_id}, "school": {"id": school_id}}
    for table in SQLModel.metadata.sorted_tables:
        if table.name in made:
            continue
        values = {column.name: _value(table, column, made) for column in table.columns}
        values = {name: value for name, value in values.items() if value is not _LEFT}
        done = tx.execute(sqlalchemy.insert(table).values(**values))
        key = done.inserted_primary_key  # type: ignore[attr-defined]  # of an insert there is one
        made[table.name] = values | dict(zip((c.name for c in table.primary_key), key, strict=True))
    tx.execute(
        sqlalchemy.update(SQLModel.metadata.tables["mandate"]).values(original_id=made["original"]["id"])
    )
    tx.flush()
    return made


_LEFT = object()


def mark(table: str, column: str) -> str:
    """The text that stands in a column."""
    return f"zq {table}.{column} qz"


def _value(table: Table, column: sqlalchemy.Column[Any], made: dict[str, dict[str, Any]]) -> Any:
    name = f"{table.name}.{column.name}"
    if name in READ:
        return READ[name]
    for key in column.foreign_keys:
        target = key.column.table.name
        if target == table.name:
            return None
        return made[target][key.column.name]
    match column.type:
        case JSON():
            return (
                [mark(table.name, column.name)]
                if _is_list(table, column)
                else {"said": mark(*name.split("."))}
            )
        case Boolean():
            return False
        case Date():
            return THEN.date()
        case LargeBinary():
            return mark(table.name, column.name).encode()
        case Integer():
            return _LEFT if column.primary_key else 1
        case String() | AutoString() | Sealed():
            return mark(table.name, column.name)
        case UTCDateTime():
            return THEN
        case _:
            raise TypeError(f"{name} is of a kind that no test has met: {column.type!r}")


def _is_list(table: Table, column: sqlalchemy.Column[Any]) -> bool:
    mapped = next(m for m in SQLModel._sa_registry.mappers if m.local_table is table)
    return "list" in str(mapped.class_.model_fields[column.name].annotation)


def texts(tx: Tx) -> dict[str, str]:
    """Everything that stands in each table, as one text."""
    found = {}
    for table in SQLModel.metadata.sorted_tables:
        rows = tx.execute(sqlalchemy.select(table)).all()
        found[table.name] = "\n".join(
            " | ".join(
                value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in row
            )
            for row in rows
        )
    return found


def everything(tx: Tx) -> str:
    """Everything that stands in the database, as one text."""
    return "\n".join(texts(tx).values())


def at(day: str) -> datetime:
    """Noon of a day, in UTC."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).replace(hour=17)
