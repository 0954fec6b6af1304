"""What a principal reads of a demand: the words it starts with, and an ILD's own, which the gate lets pass or not.

Her own words outlive a corrected memo where they still say what the new sentence says; where they do not, she sees
both with the reason, and nothing of hers is sent.
"""

from dataclasses import dataclass

from handlers.cards import Block, Item, Items, Quote, Text
from protocols.buffer.demands import DateRole
from protocols.buffer.discrepancies import Discrepancy
from protocols.buffer.faithfulness import check_faithful
from protocols.buffer.headlines import wording_of
from storage import mandates
from storage.database import Tx
from storage.mandates import demand_of
from storage.tables import DemandRow, MandateRow, TriageRow


@dataclass(frozen=True, slots=True)
class OwnWording:
    """An ILD's own words for what a demand was before, and in what they differ from it now; nothing where they hold."""

    words: str
    differences: tuple[Discrepancy, ...]


def wording_for(row: DemandRow, memo: MandateRow) -> str:
    """The headline where it is whole and says all that its sentence does, its day told beside it; else the sentence,
    without the school as its subject if that changes nothing.

    A headline cut short may have lost half of what is asked ("hold a conference ..., and record its date").
    """
    demand = demand_of(row)
    told = told_beside(row)
    for words in (row.headline, wording_of(demand)):
        if not words.endswith("…") and not check_faithful(
            words + told, demand.quote, demand, memo_date=memo.memo_date
        ):
            return words
    return " ".join(demand.quote.split())


def told_beside(demand: DemandRow) -> str:
    """The deadline as every card tells it beside the wording, which may therefore leave it out."""
    has_deadline = demand.due is not None and demand.due_role == DateRole.DEADLINE
    return f" by {demand.due_words or demand.due}" if has_deadline else ""


def differences_of(wording: str, row: DemandRow, memo: MandateRow) -> tuple[Discrepancy, ...]:
    """What the gate finds; a wording without the day is whole where the day stands beside it."""
    demand = demand_of(row)

    def check(words: str) -> tuple[Discrepancy, ...]:
        return check_faithful(words, memo.text, demand, memo_date=memo.memo_date)

    beside = told_beside(row)
    found = check(wording)
    return () if found and beside and not check(wording + beside) else found


def own_wording(tx: Tx, before: TriageRow | None, now: DemandRow, memo: MandateRow) -> OwnWording | None:
    """The words of hers that she decided ``before`` with, held against the demand as it is now.

    None where she had none of her own, or where another way is named by the same words.
    """
    was = mandates.find_demand(tx, before.demand_id) if before is not None and before.wording else None
    if before is None or was is None or before.wording in (wording_for(*was), wording_for(now, memo)):
        return None
    return OwnWording(before.wording, differences_of(before.wording, now, memo))


def own_wording_blocks(own: OwnWording | None) -> list[Block]:
    """On her desk, above the sentence: her words go along, or in what they differ from it."""
    if own is None:
        return []
    if not own.differences:
        return [Text(f"Your wording goes along: “{own.words}”", quiet=True)]
    return [
        Text("It differs from the sentence now, so it does not go along.", lead="Your wording."),
        Quote(own.words, source="Your wording"),
        Items(tuple(Item(difference.message) for difference in own.differences)),
    ]
