"""Protocols as a district and its ILDs have adapted them: drafts, what is in force, and what was before.

A master belongs to one ILD or, without an owner, to the district. New runs begin with the ILD's own, else the
district's, else the packaged one; a run holds a copy of what it began with, so nothing here reaches it. States: a
``draft`` is changed until it is put ``in_force``; the one before is then ``replaced``. Going back puts the newest
replaced one in force again and leaves the other ``withdrawn``, so that going back once more goes further. Nothing
is removed but drafts that were thrown away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select

from protocols.guided.catalog import library
from protocols.guided.steps import Protocol
from storage.database import Tx, add_row, change_if
from storage.tables import MasterRow


@dataclass(frozen=True, slots=True)
class Master:
    """One version of an adapted protocol. ``owner_id`` None: the district's. ``made_at`` is aware UTC."""

    id: int
    key: str
    owner_id: int | None
    protocol: Protocol
    state: str
    is_shared: bool
    file: str
    made_by: int | None
    made_at: datetime


# ---------------------------------------------------------------- what a run begins with


def available(tx: Tx, ild_id: int | None) -> Mapping[str, Protocol]:
    """Everything that can be begun, by key: packaged, then the district's, then the ILD's own where there is one."""
    found = dict(library())
    query = select(MasterRow).where(
        MasterRow.state == "in_force", or_(col(MasterRow.owner_id).is_(None), MasterRow.owner_id == ild_id)
    )
    rows = sorted(tx.exec(query), key=lambda row: (row.owner_id is not None, row.id))
    found.update((row.key, Protocol.from_json(row.body)) for row in rows)
    return found


def in_force(tx: Tx, key: str, ild_id: int | None) -> Protocol:
    """What a new run of ``key`` begins with. Raises ``KeyError`` where there is no such protocol."""
    for owner_id in dict.fromkeys((ild_id, None)):
        own = current(tx, key, owner_id)
        if own is not None:
            return own.protocol
    return library()[key]


def basis(tx: Tx, key: str, owner_id: int | None) -> Protocol:
    """What holds for the owner without a master of their own: the district's or the packaged one. ``KeyError``."""
    return library()[key] if owner_id is None else in_force(tx, key, None)


def current(tx: Tx, key: str, owner_id: int | None) -> Master | None:
    """The owner's own version in force, if there is one."""
    return _newest(tx, key, owner_id, "in_force")


# ---------------------------------------------------------------- drafts


def draft(tx: Tx, key: str, owner_id: int | None) -> Master | None:
    """What the owner is changing, if anything."""
    return _newest(tx, key, owner_id, "draft")


def drafts(tx: Tx, owner_id: int | None) -> list[Master]:
    """What the owner is changing, the newest change first."""
    query = select(MasterRow).where(MasterRow.state == "draft", _is_of(owner_id))
    return [
        _master(r) for r in tx.exec(query.order_by(col(MasterRow.made_at).desc(), col(MasterRow.id).desc()))
    ]


def save_draft(
    tx: Tx, before: Protocol, after: Protocol, *, owner_id: int | None, by: int, at: datetime
) -> bool:
    """Keep ``after`` as the owner's draft. False where the draft is not ``before`` any more: somebody was quicker."""
    row = _newest_row(tx, after.key, owner_id, "draft")
    if row is None:
        add(tx, after, owner_id=owner_id, state="draft", by=by, at=at)
        return True
    return change_if(
        tx,
        MasterRow,
        col(MasterRow.id) == row.id,
        col(MasterRow.state) == "draft",
        col(MasterRow.body) == before.to_json(),
        body=after.to_json(),
        made_by=by,
        made_at=at,
    )


def discard_draft(tx: Tx, key: str, owner_id: int | None) -> bool:
    """Throw the draft away; False where there is none."""
    row = _newest_row(tx, key, owner_id, "draft")
    if row is not None:
        tx.delete(row)
        tx.flush()
    return row is not None


def add(
    tx: Tx,
    protocol: Protocol,
    *,
    owner_id: int | None,
    state: str,
    by: int | None,
    at: datetime,
    file: str = "",
) -> int:
    """Write a version down; its id."""
    row = MasterRow(
        key=protocol.key,
        owner_id=owner_id,
        body=protocol.to_json(),
        state=state,
        file=file,
        made_by=by,
        made_at=at,
    )
    return add_row(tx, row)


# ---------------------------------------------------------------- in force and back


def put_in_force(tx: Tx, master_id: int, *, body: Protocol, at: datetime) -> bool:
    """A draft comes in force and what was before is replaced; it stays shared if that was.

    False where it is no draft any more or holds something else than ``body``: of two presses the second does nothing.
    """
    changed = change_if(
        tx,
        MasterRow,
        col(MasterRow.id) == master_id,
        col(MasterRow.state) == "draft",
        col(MasterRow.body) == body.to_json(),
        state="in_force",
        made_at=at,
    )
    if changed:
        _replace_others(tx, tx.get_one(MasterRow, master_id))
    return changed


def put_file(tx: Tx, protocol: Protocol, *, file: str, by: int | None, at: datetime) -> bool:
    """A protocol of the district's files comes in force; False where it is already, word for word."""
    held = current(tx, protocol.key, None)
    if held is not None and held.protocol == protocol:
        return False
    master_id = add(tx, protocol, owner_id=None, state="in_force", by=by, at=at, file=file)
    _replace_others(tx, tx.get_one(MasterRow, master_id))
    return True


def go_back(tx: Tx, master_id: int) -> bool:
    """From the version ``master_id`` to the one before it: the newest replaced one, or none of the owner's own.

    False where ``master_id`` is not in force any more.
    """
    row = tx.get(MasterRow, master_id)
    if row is None or not change_if(
        tx, MasterRow, col(MasterRow.id) == master_id, col(MasterRow.state) == "in_force", state="withdrawn"
    ):
        return False
    before = _newest_row(tx, row.key, row.owner_id, "replaced")
    if before is not None:
        change_if(tx, MasterRow, col(MasterRow.id) == before.id, state="in_force")
    return True


def previous(tx: Tx, key: str, owner_id: int | None) -> Protocol | None:
    """What going back leads to; None where no such protocol is left (one that only the district had)."""
    before = _newest(tx, key, owner_id, "replaced")
    if before is not None:
        return before.protocol
    try:
        return basis(tx, key, owner_id)
    except KeyError:
        return None


def history(tx: Tx, key: str, owner_id: int | None) -> list[Master]:
    """All versions that were ever in force, the newest first."""
    query = select(MasterRow).where(MasterRow.key == key, _is_of(owner_id), MasterRow.state != "draft")
    return [_master(row) for row in tx.exec(query.order_by(col(MasterRow.id).desc()))]


# ---------------------------------------------------------------- sharing


def share(tx: Tx, master_id: int, *, is_shared: bool) -> bool:
    """Let other ILDs take the version in force, or no longer; False where it is as asked already, or not in force."""
    return change_if(
        tx,
        MasterRow,
        col(MasterRow.id) == master_id,
        col(MasterRow.state) == "in_force",
        col(MasterRow.is_shared) == (not is_shared),
        is_shared=is_shared,
    )


def shared(tx: Tx) -> list[Master]:
    """What ILDs share, in force, by key."""
    query = select(MasterRow).where(
        col(MasterRow.is_shared), MasterRow.state == "in_force", col(MasterRow.owner_id).is_not(None)
    )
    return [_master(row) for row in tx.exec(query.order_by(col(MasterRow.key), col(MasterRow.id)))]


def get(tx: Tx, master_id: int) -> Master | None:
    """The version with this id."""
    row = tx.get(MasterRow, master_id)
    return _master(row) if row else None


# ---------------------------------------------------------------- rows


def _is_of(owner_id: int | None) -> ColumnElement[bool]:
    return col(MasterRow.owner_id).is_(None) if owner_id is None else col(MasterRow.owner_id) == owner_id


def _newest_row(tx: Tx, key: str, owner_id: int | None, state: str) -> MasterRow | None:
    query = select(MasterRow).where(MasterRow.key == key, _is_of(owner_id), MasterRow.state == state)
    return tx.exec(query.order_by(col(MasterRow.id).desc())).first()


def _newest(tx: Tx, key: str, owner_id: int | None, state: str) -> Master | None:
    row = _newest_row(tx, key, owner_id, state)
    return _master(row) if row else None


def _replace_others(tx: Tx, row: MasterRow) -> None:
    """Whatever else of the owner's is in force is not any more; what was shared stays so."""
    for other in tx.exec(
        select(MasterRow).where(
            MasterRow.key == row.key,
            _is_of(row.owner_id),
            MasterRow.state == "in_force",
            MasterRow.id != row.id,
        )
    ):
        row.is_shared = row.is_shared or other.is_shared
        other.state, other.is_shared = "replaced", False
    tx.flush()


def _master(row: MasterRow) -> Master:
    assert row.id is not None
    return Master(
        id=row.id,
        key=row.key,
        owner_id=row.owner_id,
        protocol=Protocol.from_json(row.body),
        state=row.state,
        is_shared=row.is_shared,
        file=row.file,
        made_by=row.made_by,
        made_at=row.made_at,
    )
