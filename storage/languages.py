"""People's languages, translations by the hash of their original, and the model's plainer lines."""

import hashlib
from collections.abc import Collection
from datetime import date, datetime

from sqlmodel import col, select

from storage.database import Tx, add_once
from storage.tables import DemandRow, LanguageRow, MandateRow, PlainLineRow, TranslationRow


def language_of(tx: Tx, person_id: int) -> str | None:
    """The code of the person's own language; None: English."""
    row = tx.get(LanguageRow, person_id)
    return row.code if row else None


def readers(tx: Tx) -> dict[int, str]:
    """Everybody who reads in another language -> its code."""
    return {row.person_id: row.code for row in tx.exec(select(LanguageRow))}


def put_language(tx: Tx, person_id: int, code: str | None) -> None:
    """``code`` None: English again."""
    row = tx.get(LanguageRow, person_id)
    if code is None:
        if row is not None:
            tx.delete(row)
    else:
        row = row or LanguageRow(person_id=person_id, code=code)
        row.code = code
        tx.add(row)
    tx.flush()


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def translations(tx: Tx, texts: Collection[str], code: str) -> dict[str, str]:
    """Text -> its translation, for those that were translated; an empty one could not be trusted."""
    by_hash = {hash_of(text): text for text in texts}
    query = select(TranslationRow).where(col(TranslationRow.sha256).in_(by_hash), TranslationRow.code == code)
    return {by_hash[row.sha256]: row.text for row in tx.exec(query)}


def keep_translation(tx: Tx, text: str, code: str, translated: str, *, at: datetime) -> bool:
    """False where somebody was faster."""
    return add_once(tx, TranslationRow(sha256=hash_of(text), code=code, text=translated, at=at))


def without_line(tx: Tx, *, since: datetime, today: date, limit: int) -> list[tuple[DemandRow, MandateRow]]:
    """What asks something of schools, came since then, is not past, and has no line yet; the newest memo first."""
    query = (
        select(DemandRow, MandateRow)
        .join(MandateRow, col(MandateRow.id) == col(DemandRow.mandate_id))
        .outerjoin(PlainLineRow, col(PlainLineRow.demand_id) == col(DemandRow.id))
        .where(
            col(PlainLineRow.demand_id).is_(None),
            col(DemandRow.for_school),
            col(DemandRow.binding).in_(("must", "should")),
            col(MandateRow.received_at) >= since,
            col(DemandRow.due).is_(None) | (col(DemandRow.due) >= today),
        )
        .order_by(col(MandateRow.received_at).desc(), col(DemandRow.start))
        .limit(limit)
    )
    return [(demand, memo) for demand, memo in tx.exec(query)]


def keep_line(tx: Tx, demand_id: int, line: str, *, at: datetime) -> bool:
    """False where somebody was faster."""
    return add_once(tx, PlainLineRow(demand_id=demand_id, line=line, at=at))


def line_for(tx: Tx, demand_id: int) -> str:
    """The plainer line that passed; empty where there is none."""
    row = tx.get(PlainLineRow, demand_id)
    return row.line if row else ""
