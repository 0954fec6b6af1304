"""What each table holds about whom: how long it is kept, what a person takes along of it, what becomes of it when they
leave, and whether it is a public record. Every table is in ``DECLARED``, and every reference to a person in its entry;
a test fails for one that is not, so that no table is added without a thought about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from protocols.keeping.schedule import Kind


class Record(StrEnum):
    """What a table is to a records officer."""

    PUBLIC = "public"
    COACHING = "coaching"
    CORRESPONDENCE = "correspondence"
    WORKING = "working papers"
    PERSONAL = "personal"
    ANONYMOUS = "answers without names"
    SECURITY = "security"
    SYSTEM = "system"


GROUNDS: Mapping[Record, str] = {
    Record.COACHING: (
        "What a principal and an ILD say to each other in coaching. It is kept apart from evaluation and read by "
        "those two alone; names of students and teachers may stand in it."
    ),
    Record.CORRESPONDENCE: (
        "Words between named people about single matters of a school. Counted here; to be read through by hand before "
        "any of it is given out."
    ),
    Record.WORKING: "Notes and settings of one person or office on the way to a decision, not the decision.",
    Record.PERSONAL: "People's own calendars, hours, accounts, settings and messages.",
    Record.ANONYMOUS: "Answers that were given on the promise that no name is joined to them.",
    Record.SECURITY: "Addresses, keys and logs that would let somebody in, or show who looked at what.",
}
"""Why what is no public record is withheld. The bookkeeping of the bot itself (``SYSTEM``) is no record at all."""


class Leaving(StrEnum):
    """What becomes of a row when the person is forgotten."""

    STAYS = "stays"  # it refers to nobody any more but "Former principal 12"
    GOES = "goes"
    BLANKED = "blanked"  # the row stays, its words go


@dataclass(frozen=True, slots=True)
class Declared:
    """``own`` are the columns by which a row is a person's: it is in their export with the columns ``shown``. ``named``
    refer to a person who has no more of it than that they are named. ``theirs`` are those of the shown that may be
    somebody else's words: a person gets them only while the school of the row is open to them. ``through``: whose row
    it is stands in another table, as (own column, that table). ``withheld`` are columns that are no public record
    though the table is, and ``withheld_as`` why; ``at`` is the column by which rows fall into a period (empty: all do).
    """

    says: str
    kept: Kind
    record: Record
    own: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    through: tuple[str, str] | None = None
    leaving: Leaving = Leaving.STAYS
    withheld: tuple[str, ...] = ()
    withheld_as: Record = Record.COACHING
    at: str = ""


def of(
    says: str,
    kept: Kind,
    record: Record,
    own: str = "",
    shown: str = "",
    *,
    at: str = "",
    named: str = "",
    theirs: str = "",
    through: tuple[str, str] | None = None,
    leaving: Leaving = Leaving.STAYS,
    withheld: str = "",
    withheld_as: Record = Record.COACHING,
) -> Declared:
    """An entry, its columns joined by blanks."""
    return Declared(
        says,
        kept,
        record,
        tuple(own.split()),
        tuple(named.split()),
        tuple(shown.split()),
        tuple(theirs.split()),
        through,
        leaving,
        tuple(withheld.split()),
        withheld_as,
        at,
    )
