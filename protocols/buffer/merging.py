"""Demands of several offices that an ILD has merged: a principal reads one item, and nothing of the others is lost.

The item that is read is the one with the earliest day, so that the earlier deadline is the one acted on; beside it
stand the others in their own words, with who asks and by when. Both stay on record. Where the item that something was
merged into does not reach a school after all, what was merged is read on its own there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from protocols.buffer.demands import DateRole
from protocols.buffer.digest import Decision, DigestItem
from protocols.buffer.headlines import end_sentence

NOBODY: frozenset[int] = frozenset()
TWINS = 85
"""From so much likeness on (of 100), two sentences ask nearly the same."""


@dataclass(frozen=True, slots=True)
class Folded:
    """``read`` are the items to compose a digest of; ``merged`` are those read in another's place, by its key."""

    read: tuple[DigestItem, ...]
    merged: Mapping[int, tuple[DigestItem, ...]]


def fold(
    items: Sequence[DigestItem], merged_into: Mapping[int, int], schools: Mapping[int, Collection[int]]
) -> Folded:
    """Fold what was merged into what it was merged into.

    ``items`` go out together; those of ``merged_into`` (key -> key) have the decision ``MERGE``. ``schools`` says by
    key for which of a reader's schools an item is. One that is for a school more than the item it was merged into, or
    that has an earlier day for only some of its schools, stays on its own: else a school would miss it.
    """
    by_key = {item.key: item for item in items}
    passed = {item.key for item in items if item.decision is Decision.PASS_ON}
    groups: dict[int, list[DigestItem]] = {}
    alone: list[DigestItem] = []
    for item in items:
        if item.decision is not Decision.MERGE:
            continue
        root = root_of(item.key, merged_into)
        if root in passed and _fits(item, by_key[root], schools):
            groups.setdefault(root, []).append(item)
        else:
            alone.append(replace(item, decision=Decision.PASS_ON))
    read = [item for item in items if item.decision is not Decision.MERGE and item.key not in groups]
    folded: dict[int, tuple[DigestItem, ...]] = {}
    for root, some in groups.items():
        lead, others = _lead([by_key[root], *some], schools)
        read.append(_as_one(lead, others))
        folded[lead.key] = tuple(others)
    return Folded((*read, *alone), folded)


def _fits(item: DigestItem, root: DigestItem, schools: Mapping[int, Collection[int]]) -> bool:
    mine, all_of_them = set(schools.get(item.key, NOBODY)), set(schools.get(root.key, NOBODY))
    is_later = (root.due or date.max) <= (item.due or date.max)
    return mine == all_of_them or (mine < all_of_them and is_later)


def root_of(key: int, merged_into: Mapping[int, int]) -> int:
    """Where a chain of merges ends; the key itself where it goes in a circle."""
    seen = {key}
    at = key
    while at in merged_into:
        at = merged_into[at]
        if at in seen:
            return key
        seen.add(at)
    return at


def likeness(one: str, other: str) -> float:
    """How alike two sentences are, 0 to 100, whatever the order of their words."""
    return fuzz.token_sort_ratio(one, other, processor=default_process)


def find_twin(quote: str, others: Mapping[int, str]) -> int | None:
    """Which of the others (key -> sentence) asks nearly the same; None where none does."""
    best = max(others, key=lambda key: likeness(quote, others[key]), default=None)
    return best if best is not None and likeness(quote, others[best]) >= TWINS else None


def _lead(
    group: Sequence[DigestItem], schools: Mapping[int, Collection[int]]
) -> tuple[DigestItem, list[DigestItem]]:
    """Of those that reach every school of the group, work before news, then the earliest day."""
    everywhere = set().union(*(schools.get(item.key, NOBODY) for item in group))
    reaching = [item for item in group if set(schools.get(item.key, NOBODY)) == everywhere]
    lead = min(reaching, key=_first)
    return lead, sorted((item for item in group if item is not lead), key=_first)


def _first(item: DigestItem) -> tuple[bool, date, int, int]:
    return (item.asks_nothing, item.due or date.max, item.binding.rank, item.key)


def _as_one(lead: DigestItem, others: Sequence[DigestItem]) -> DigestItem:
    """One piece of work: as long as its longest part, as binding as its strictest, never to be dropped if any is."""
    group = (lead, *others)
    said = " ".join(filter(None, (lead.besides, *(say_besides(item) for item in others))))
    notes = dict.fromkeys(item.note for item in group if item.note)
    return replace(
        lead,
        decision=Decision.PASS_ON,
        minutes=max(item.minutes for item in group),
        binding=min((item.binding for item in group), key=lambda binding: binding.rank),
        do_not_drop=any(item.do_not_drop for item in group),
        note=" ".join(notes),
        besides=said,
    )


def say_besides(item: DigestItem) -> str:
    """ "Also from Facilities: Return the boiler survey. By Fri 18 Dec." """
    day = ""
    if item.due is not None:
        how = {DateRole.EVENT: "On", DateRole.EFFECTIVE: "From"}.get(item.due_role, "By")
        day = f" {how} {item.due:%a} {item.due.day} {item.due:%b}."
    return " ".join(
        filter(None, (f"Also from {item.source}: {end_sentence(item.wording)}{day}", item.besides))
    )
