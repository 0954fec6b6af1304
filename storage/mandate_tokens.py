"""Tokens with which a unit's own program hands memos in.

A token is ``tl_NAME_SECRET``. The name finds its row; of the secret only the hash is kept, and compared in constant
time. 192 bits need no slow hash.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlmodel import col, select

from storage.database import Tx, add_row, change_if
from storage.tables import MandateTokenRow

PREFIX = "tl_"
SPAN = timedelta(hours=1)
_NOBODY = sha256(b"").hexdigest()


def make(tx: Tx, *, unit: str, made_by: int, at: datetime) -> tuple[int, str]:
    """A new token of a unit: its number, and the token itself, which is nowhere else."""
    name, secret = secrets.token_hex(6), secrets.token_urlsafe(24)
    row = MandateTokenRow(
        name=name, secret_sha256=_hash(secret), hint=secret[-4:], unit=unit, made_by=made_by, made_at=at
    )
    return add_row(tx, row), f"{PREFIX}{name}_{secret}"


def find(tx: Tx, token: str) -> MandateTokenRow | None:
    """The token's row; None for a wrong one, and for one that was taken back."""
    name, _, secret = token.removeprefix(PREFIX).partition("_")
    row = tx.exec(select(MandateTokenRow).where(MandateTokenRow.name == name)).first()
    is_right = hmac.compare_digest(_hash(secret), row.secret_sha256 if row else _NOBODY)
    return row if row is not None and is_right and row.revoked_at is None else None


def in_force(tx: Tx) -> list[MandateTokenRow]:
    """The tokens in force, by unit."""
    query = select(MandateTokenRow).where(col(MandateTokenRow.revoked_at).is_(None))
    return list(tx.exec(query.order_by(col(MandateTokenRow.unit), col(MandateTokenRow.id))))


def get(tx: Tx, token_id: int) -> MandateTokenRow | None:
    return tx.get(MandateTokenRow, token_id)


def revoke(tx: Tx, token_id: int, *, at: datetime) -> bool:
    """Take a token back; False where it was taken back before."""
    is_open = (col(MandateTokenRow.id) == token_id, col(MandateTokenRow.revoked_at).is_(None))
    return change_if(tx, MandateTokenRow, *is_open, revoked_at=at)


def count_use(tx: Tx, token_id: int, *, most: int, now: datetime) -> timedelta | None:
    """Count a request; None where it is within ``most`` an hour, else how long to wait. Requests refused so are not
    counted, so that whoever waits gets through."""
    row = tx.exec(select(MandateTokenRow).where(MandateTokenRow.id == token_id).with_for_update()).one()
    if row.span_starts is None or now - row.span_starts >= SPAN:
        row.span_starts, row.span_count = now, 0
    if row.span_count >= most:
        return row.span_starts + SPAN - now
    row.span_count, row.used_at = row.span_count + 1, now
    tx.add(row)
    return None


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
