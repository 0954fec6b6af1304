"""What an import did, or why it did not, in a few lines for a terminal or a chat."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from protocols.roster.comparing import Changes, RosterChanges

SHOWN = 5
"""Names told of each way of change; the count tells the rest."""

T = TypeVar("T")


class RemovalNotConfirmedError(Exception):
    """The roster would end more than a twentieth of what is recorded, and nobody has said yes."""

    def __init__(self, changes: RosterChanges) -> None:
        self.changes = changes
        parts: tuple[tuple[str, int, int], ...] = (
            ("schools", len(changes.schools.removed), _before(changes.schools)),
            ("people", len(changes.people.removed), _before(changes.people)),
        )
        gone = [f"{part:,} of {whole:,} {kind}" for kind, part, whole in parts if part]
        what = " and ".join(gone) or f"the assignments of {changes.removal_share:.0%} of the schools"
        super().__init__(
            f"This roster leaves out {what}, which is often an accident. Nothing was changed. "
            "If it is meant, import it again and confirm; if not, export everything first."
        )


@dataclass(frozen=True, slots=True)
class RosterReport:
    """What an import did. ``names`` are those of schools and people by sourcedId."""

    changes: RosterChanges
    names: dict[str, str] = field(default_factory=dict)
    dropped: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()
    candidates: tuple[tuple[str, str], ...] = ()
    """Names of schools and of the administrators who may be their principals (OneRoster 1.1)."""
    handed_over: int = 0
    cancelled: int = 0

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        if self.changes.is_empty:
            yield "Nothing has changed since the last import."
        yield from _told("schools", "closed", self.changes.schools, lambda item: self._name(item.sourced_id))
        yield from _told(
            "people", "deactivated", self.changes.people, lambda item: self._name(item.sourced_id)
        )
        yield from _told(
            "assignments", "withdrawn", self.changes.assignments, lambda i: self._name(i.school_id)
        )
        yield from _told("terms", "removed", self.changes.terms, lambda term: term.title)
        if self.handed_over:
            yield f"Planned visits handed over to the new ILD: {self.handed_over:,}."
        if self.cancelled:
            yield f"Planned visits cancelled because the school closed: {self.cancelled:,}."
        if self.dropped:
            yield "Not kept: " + ", ".join(f"{count:,} {kind}" for kind, count in self.dropped) + "."
        if self.candidates:
            some = _some([f"{person} ({school})" for school, person in self.candidates])
            yield f"OneRoster 1.1 names no principals. Administrators of one school, for assignments.csv: {some}."
        yield from self.notes

    def _name(self, sourced_id: str) -> str:
        return self.names.get(sourced_id, sourced_id)


def _told(kind: str, ended: str, changes: Changes[T], name_of: Callable[[T], str]) -> Iterator[str]:
    ways = (
        ("added", list(changes.added)),
        ("changed", [change.after for change in changes.changed]),
        (ended, list(changes.removed)),
    )
    for way, items in ways:
        if items:
            yield f"{kind.capitalize()} {way}: {len(items):,} ({_some([name_of(item) for item in items])})."


def _some(names: list[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more:,} more" if more > 0 else "")


def _before(changes: Changes[T]) -> int:
    return len(changes.removed) + len(changes.changed) + changes.unchanged
