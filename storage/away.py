"""Days on which somebody has said that they are away: whole days, kept as small facts of the deployment."""

from collections.abc import Collection
from datetime import date

from sqlmodel import col, select

from storage import record
from storage.database import Tx
from storage.tables import SettingRow

NAME = "away:"


def add(tx: Tx, person_id: int, start: date, end: date) -> None:
    """The person is away from ``start`` to ``end``, both included; what was said before stays."""
    spans = _spans(record.get_setting(tx, f"{NAME}{person_id}"))
    known = {*spans, (start, end)}
    value = {"spans": [[first.isoformat(), last.isoformat()] for first, last in sorted(known)]}
    record.put_setting(tx, f"{NAME}{person_id}", value)


def spans_of(tx: Tx, person_ids: Collection[int]) -> dict[int, list[tuple[date, date]]]:
    """Person -> the stretches in which they are away; who never said so is left out."""
    names = {f"{NAME}{person_id}": person_id for person_id in person_ids}
    rows = tx.exec(select(SettingRow).where(col(SettingRow.name).in_(names)))
    return {names[row.name]: _spans(row.value) for row in rows}


def _spans(value: dict[str, list[list[str]]] | None) -> list[tuple[date, date]]:
    return [
        (date.fromisoformat(first), date.fromisoformat(last))
        for first, last in (value or {}).get("spans", [])
    ]
