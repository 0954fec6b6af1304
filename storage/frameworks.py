"""The district's teaching and learning frameworks: the one in force, and those that runs still refer to."""

from datetime import datetime

from sqlmodel import col, select

from protocols.frameworks.files import packaged
from protocols.frameworks.values import Framework
from storage.database import Tx
from storage.tables import FrameworkRow


def save(tx: Tx, framework: Framework, *, at: datetime, by: int | None) -> bool:
    """Put a framework in force, also one that was before; False where it is already. The one before is kept."""
    if in_force(tx) == framework:
        return False
    _end_current(tx)
    if framework == packaged():
        return True
    row = _row_of(tx, framework.version)
    if row is None:
        row = FrameworkRow(
            key=framework.key,
            version=framework.version,
            title=framework.title,
            body=framework.to_json(),
            loaded_at=at,
        )
    row.is_current, row.loaded_at, row.loaded_by = True, at, by
    tx.add(row)
    tx.flush()
    return True


def in_force(tx: Tx) -> Framework:
    """The district's framework, or the packaged one where it has none of its own."""
    query = select(FrameworkRow).where(col(FrameworkRow.is_current)).order_by(col(FrameworkRow.id).desc())
    row = tx.exec(query).first()
    return Framework.from_json(row.body) if row else packaged()


def get_version(tx: Tx, version: str) -> Framework | None:
    """A framework as it was under that version; None where there never was one."""
    if version == packaged().version:
        return packaged()
    row = _row_of(tx, version)
    return Framework.from_json(row.body) if row else None


def _row_of(tx: Tx, version: str) -> FrameworkRow | None:
    return tx.exec(select(FrameworkRow).where(FrameworkRow.version == version)).first()


def _end_current(tx: Tx) -> None:
    for row in tx.exec(select(FrameworkRow).where(col(FrameworkRow.is_current))):
        row.is_current = False
        tx.add(row)
    tx.flush()
