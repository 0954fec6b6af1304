"""Which times of the week suit somebody for visits: small facts of the deployment, one for each person."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import col, select

from protocols.cadence.calendar import Half
from storage import record
from storage.database import Tx
from storage.tables import SettingRow

NAME = "liking:"


@dataclass(frozen=True, slots=True)
class Liking:
    """(weekday, half) that somebody likes for a visit, and those they would rather not have; Monday is 0."""

    prefers: frozenset[tuple[int, Half]] = frozenset()
    avoids: frozenset[tuple[int, Half]] = frozenset()


def put(tx: Tx, person_id: int, liking: Liking) -> None:
    """In place of what was known before."""
    value = {
        "prefers": [[day, half.value] for day, half in sorted(liking.prefers)],
        "avoids": [[day, half.value] for day, half in sorted(liking.avoids)],
    }
    record.put_setting(tx, f"{NAME}{person_id}", value)


def of(tx: Tx, person_ids: Collection[int]) -> dict[int, Liking]:
    """Person -> what suits them; who never said anything is left out."""
    names = {f"{NAME}{person_id}": person_id for person_id in person_ids}
    rows = tx.exec(select(SettingRow).where(col(SettingRow.name).in_(names)))
    return {
        names[row.name]: Liking(_times(row.value["prefers"]), _times(row.value["avoids"])) for row in rows
    }


def _times(pairs: list[tuple[int, str]]) -> frozenset[tuple[int, Half]]:
    return frozenset((day, Half(half)) for day, half in pairs)
