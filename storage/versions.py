"""Memos that came again, and what still holds of them.

A corrected memo takes an earlier one's place (``supersedes_id``; a chain, back to the first). It holds the demands that
are new or that changed; what it repeats unchanged stays where it first stood, with every decision taken about it. What
was changed or withdrawn is told by ``storage.demand_changes``.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from storage.database import Tx, change_if
from storage.originals import Original, Source
from storage.tables import (
    ChallengeRow,
    DemandChangeRow,
    DemandRow,
    DigestItemRow,
    DigestRow,
    FocusTieRow,
    MandateRow,
    TriageRow,
)

LONGEST_CHAIN = 50


@dataclass(frozen=True, slots=True)
class Named:
    """A memo by what it is recognised by at a glance."""

    id: int
    title: str
    unit: str


def in_force(tx: Tx, *, since: datetime) -> list[Named]:
    """Memos received since then whose place no other has taken, newest first."""
    replaced = select(MandateRow.supersedes_id).where(col(MandateRow.supersedes_id).is_not(None))
    query = (
        select(MandateRow.id, MandateRow.title, MandateRow.unit)
        .where(col(MandateRow.received_at) >= since, col(MandateRow.id).not_in(replaced))
        .order_by(col(MandateRow.received_at).desc(), col(MandateRow.id).desc())
    )
    return [Named(memo_id or 0, title, unit) for memo_id, title, unit in tx.exec(query)]


def replaced_by(tx: Tx, mandate_id: int) -> MandateRow | None:
    """The memo that took its place."""
    return tx.exec(select(MandateRow).where(MandateRow.supersedes_id == mandate_id)).first()


def of_source(tx: Tx, original: Original) -> MandateRow | None:
    """The newest memo in force that the source calls by the same name as this original; None where it names none."""
    reference = original.source_ref or ""
    match original.source:
        case Source.FEED | Source.POST:  # the name, then what it says this time
            same = col(MandateRow.source_ref).startswith(reference.rpartition(":")[0] + ":", autoescape=True)
        case Source.WEB:  # who asked for it, then its address
            same = col(MandateRow.source_ref).endswith(":" + reference.partition(":")[2], autoescape=True)
        case _:
            return None
    if not reference or reference.rpartition(":")[0].endswith(":"):  # sent without a name
        return None
    replaced = select(MandateRow.supersedes_id).where(col(MandateRow.supersedes_id).is_not(None))
    query = select(MandateRow).where(
        MandateRow.source == original.source.value, same, col(MandateRow.id).not_in(replaced)
    )
    return tx.exec(query.order_by(col(MandateRow.id).desc())).first()


def standing(tx: Tx, memo: MandateRow) -> list[DemandRow]:
    """What holds of a memo and of those whose place it took, in the order in which it was asked."""
    chain = [memo.id]
    at = memo
    while at.supersedes_id is not None and len(chain) < LONGEST_CHAIN:
        at = tx.get_one(MandateRow, at.supersedes_id)
        chain.append(at.id)
    over = select(DemandChangeRow.was_id).where(col(DemandChangeRow.ild_id).is_(None))
    query = select(DemandRow).where(col(DemandRow.mandate_id).in_(chain), col(DemandRow.id).not_in(over))
    return list(tx.exec(query.order_by(col(DemandRow.mandate_id), col(DemandRow.start))))


def take_place(tx: Tx, memo: MandateRow, *, of: MandateRow) -> bool:
    """The memo supersedes the other from now on; False where another has done so, or it has superseded one itself."""
    if replaced_by(tx, of.id or 0) is not None:
        return False
    free = (col(MandateRow.id) == memo.id, col(MandateRow.supersedes_id).is_(None))
    return change_if(tx, MandateRow, *free, supersedes_id=of.id, version=of.version + 1)


def follow(tx: Tx, *, was: int, now: int) -> None:
    """What ILDs tied to a demand, and asked about it, goes along to the one that stands in its place."""
    for triage in tx.exec(select(TriageRow).where(TriageRow.merged_into == was)):
        triage.merged_into = now
    for challenge in tx.exec(select(ChallengeRow).where(ChallengeRow.demand_id == was)):
        challenge.demand_id = now
    for tie in tx.exec(select(FocusTieRow).where(FocusTieRow.demand_id == was)):
        tie.demand_id = now
    tx.flush()


def let_go(tx: Tx, demand_id: int, *, as_decision: str) -> None:
    """What was merged into a demand that is gone is read on its own again."""
    for triage in tx.exec(select(TriageRow).where(TriageRow.merged_into == demand_id)):
        triage.merged_into, triage.decision = None, as_decision
    tx.flush()


def drop_untouched(tx: Tx, demand: DemandRow) -> bool:
    """Delete a demand that stands twice, if nobody has decided, asked or been told about it; whether it is gone."""
    key = demand.id
    touched = (
        select(TriageRow.id).where((col(TriageRow.demand_id) == key) | (col(TriageRow.merged_into) == key)),
        select(ChallengeRow.id).where(ChallengeRow.demand_id == key),
        select(DigestItemRow.id).where(
            (col(DigestItemRow.demand_id) == key) | (col(DigestItemRow.merged_into) == key)
        ),
        select(FocusTieRow.id).where(FocusTieRow.demand_id == key),
    )
    if any(tx.exec(query).first() is not None for query in touched):
        return False
    tx.delete(demand)
    tx.flush()
    return True


def told_open(tx: Tx, demand_id: int) -> set[int]:
    """The principals who were given the demand and have not done it."""
    query = (
        select(DigestRow.principal_id)
        .join(DigestItemRow, col(DigestItemRow.digest_id) == col(DigestRow.id))
        .where(DigestItemRow.demand_id == demand_id, col(DigestItemRow.state).not_in(("done", "withdrawn")))
    )
    return set(tx.exec(query))


def change_of(tx: Tx, demand_id: int) -> DemandChangeRow | None:
    """What made the demand stand in another's place, if anything did."""
    query = select(DemandChangeRow).where(
        DemandChangeRow.demand_id == demand_id, DemandChangeRow.was_id != DemandChangeRow.demand_id
    )
    return tx.exec(query.order_by(col(DemandChangeRow.id).desc())).first()
