"""Days that stand elsewhere in the memo than the demand they belong to: in a list below it, in a table of dates.

"You must: • reset the router before 31 July" gives the leading line its day; a row "May 31: deadline for the council
to approve the compact" gives it to the sentence that asks the council to approve the compact. A day is tied only
where enough of the row's own words stand in the sentence, and the basis says where it was found.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from protocols.buffer.calls import needs_items
from protocols.buffer.demands import Binding, DateRole, Demand

LONGEST_ROW = 30
"""Words of a row; a longer passage is prose, which speaks for itself."""
FEWEST_SHARED = 3
SHARE_OF_ROW = 0.5
STEM = 5
"""Words count as the same where so many first letters agree: "approve", "approved", "approval"."""

_WORD = re.compile(r"[^\W\d_]{4,}")
_EMPTY = frozenset(
    re.findall(
        r"[a-z]+",
        """
    deadline final date dates last days submit submitting submission school schools year years following current next
    this that these with from into must shall should will have been their your each every all other january february
    march april june july august september october november december monday tuesday wednesday thursday friday saturday
    sunday upcoming office
    """,
    )
)
_WORK = re.compile(r"(?i)\bto\s+\w+(?:\s*(?:,|and|or)\s*\w+)*|\b\w{3,}ing\b")
_ROW = re.compile(r"(?i)\bdeadlines?\b|\bdue\b|\blast\s+day\b")


def tie_days(demands: Sequence[Demand], leads: Sequence[int | None]) -> list[Demand]:
    """The same demands, with days that a list or a table gives them; ``leads[n]`` is the demand leading the n-th."""
    tied = list(demands)
    for item, lead in zip(demands, leads, strict=True):
        if (
            lead is not None
            and item.due is not None
            and item.due_role is DateRole.DEADLINE
            and needs_items(demands[lead].quote)
        ):
            tied[lead] = _from_list(tied[lead], item)
    rows = [demand for demand in demands if _is_row(demand)]
    for number, demand in enumerate(tied):
        if demand.due is not None or demand.binding is not Binding.MUST or _is_row(demand):
            continue
        row = _row_for(demand, rows)
        if row is not None:
            basis = f'given in the row "{" ".join(row.quote.split())[:80]}"'
            tied[number] = replace(demand, due=row.due, due_role=row.due_role, due_basis=basis)
    return tied


def _from_list(lead: Demand, item: Demand) -> Demand:
    if lead.due is not None and (lead.due_role is DateRole.DEADLINE and lead.due <= (item.due or lead.due)):
        return lead
    basis = f"{item.due_basis}, given in the list below"
    return replace(lead, due=item.due, due_role=item.due_role, due_basis=basis)


def _is_row(demand: Demand) -> bool:
    is_dated = demand.due is not None and demand.due_role is DateRole.DEADLINE
    return is_dated and bool(_ROW.search(demand.quote)) and len(demand.quote.split()) <= LONGEST_ROW


def _row_for(demand: Demand, rows: Sequence[Demand]) -> Demand | None:
    """The one row that speaks of what the demand asks; None where none does or two days compete."""
    mine = _stems(demand.quote)
    fitting = []
    for row in rows:
        own = _stems(row.quote)
        shared = own & mine
        is_about = len(shared) >= FEWEST_SHARED and len(shared) >= SHARE_OF_ROW * len(own)
        if row.start > demand.start and is_about and _work_of(row.quote) & mine:
            fitting.append(row)
    days = {row.due for row in fitting}
    return fitting[0] if len(days) == 1 else None


def _work_of(row: str) -> frozenset[str]:
    """What the row sets a day for: "to review and approve", "for submitting"."""
    words = " ".join(found[0] for found in _WORK.finditer(row))
    return frozenset(word.lower()[:STEM] for word in _WORD.findall(words))


def _stems(words: str) -> frozenset[str]:
    found = (word.lower() for word in _WORD.findall(words))
    return frozenset(word[:STEM] for word in found if word not in _EMPTY)
