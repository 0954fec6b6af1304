"""Ways between schools, and which ILDs want two visits in a half-day.

A way is a row for each direction that somebody told; a direction that nobody told is as long as the way back.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, delete, select

from protocols.roster.travel import Ways
from storage import record
from storage.database import Tx
from storage.tables import SchoolRow, TravelRow

TWO = "two_visits:"


@dataclass(frozen=True, slots=True)
class TravelImport:
    """How many ways of a file are new, changed, and as they were."""

    added: int
    changed: int
    same: int

    def __str__(self) -> str:
        return f"Ways added: {self.added:,}, changed: {self.changed:,}, as before: {self.same:,}."


def of(tx: Tx, school_ids: Collection[int]) -> dict[tuple[int, int], int]:
    """(from, to) -> minutes, for the ways among these schools that somebody told."""
    ids = set(school_ids)
    rows = tx.exec(select(TravelRow).where(col(TravelRow.from_id).in_(ids), col(TravelRow.to_id).in_(ids)))
    return {(row.from_id, row.to_id): row.minutes for row in rows}


def put(tx: Tx, from_id: int, to_id: int, minutes: int, *, at: datetime) -> None:
    """The way in that direction, in place of what was known before."""
    row = tx.get(TravelRow, (from_id, to_id)) or TravelRow(
        from_id=from_id, to_id=to_id, minutes=minutes, told_at=at
    )
    row.minutes, row.told_at = minutes, at
    tx.add(row)


def forget(tx: Tx, one_id: int, other_id: int) -> bool:
    """The way in both directions is not known any more; whether it was."""
    pair = (one_id, other_id)
    was_known = bool(of(tx, pair))
    tx.execute(delete(TravelRow).where(col(TravelRow.from_id).in_(pair), col(TravelRow.to_id).in_(pair)))
    return was_known


def take_in(tx: Tx, ways: Ways, *, now: datetime, actor_id: int | None = None) -> TravelImport:
    """Write the ways of a file over those that are there; ways it does not name stay. Ids are the schools' sourcedIds;
    raises ``KeyError`` for others."""
    schools = dict(tx.exec(select(SchoolRow.sourced_id, SchoolRow.id)).all())
    wanted = {
        (schools[one] or 0, schools[other] or 0): minutes for (one, other), minutes in ways.minutes.items()
    }
    known = _all(tx) if wanted else {}
    added = changed = 0
    for (one, other), minutes in wanted.items():
        before = known.get((one, other))
        if before != minutes:
            put(tx, one, other, minutes, at=now)
            added += before is None
            changed += before is not None
    if added or changed:
        record.audit(
            tx,
            at=now,
            actor_id=actor_id,
            action="travel_imported",
            object="travel",
            added=added,
            changed=changed,
        )
    return TravelImport(added, changed, len(wanted) - added - changed)


def _all(tx: Tx) -> Mapping[tuple[int, int], int]:
    return {(row.from_id, row.to_id): row.minutes for row in tx.exec(select(TravelRow))}


def count(tx: Tx) -> int:
    """How many ways are known in the whole district."""
    return len(_all(tx))


def takes_two(tx: Tx, ild_id: int) -> bool:
    """Whether the ILD wants two visits in a half-day where that helps; one, unless she says so."""
    return record.get_setting(tx, f"{TWO}{ild_id}") == {"is_wanted": True}


def choose(tx: Tx, ild_id: int, *, two: bool) -> None:
    record.put_setting(tx, f"{TWO}{ild_id}", {"is_wanted": two})
