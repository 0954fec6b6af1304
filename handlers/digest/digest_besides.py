"""What stands beside an item: its unit's answer, its tie to the school's focus, what is the principal's to decide.

Read once for all readers of a week.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from handlers.deciding.areas import known_areas
from handlers.networks import SchoolOf
from protocols.buffer.digest import Decision, DigestItem
from protocols.buffer.focus import Fit, say_focus
from protocols.buffer.headlines import end_sentence
from protocols.buffer.principals_decide import say_area, touched
from storage import challenges, deciding
from storage.database import Tx
from storage.tables import DemandRow, FocusTieRow


def is_current(tie: FocusTieRow, principal_id: int | None) -> bool:
    """Whether the school still has the principal whose focus it was."""
    return tie.principal_id == principal_id


def say_focus_of(tie: FocusTieRow | None, principal_id: int | None) -> str:
    """What the principal reads under the item; empty where it is not tied, or was to a predecessor's focus."""
    if tie is None or not is_current(tie, principal_id):
        return ""
    return say_focus(Fit(tie.fit), tie.focus, tie.line)


class Besides:
    """Of the demands and schools of a week."""

    def __init__(self, tx: Tx, demand_ids: Collection[int], school_ids: Collection[int]) -> None:
        self._answers = challenges.about(tx, demand_ids)
        self._ties = deciding.ties_of(tx, demand_ids, school_ids)
        self._areas = known_areas(tx)

    def of_demand(self, item: DigestItem, demand: DemandRow) -> DigestItem:
        """The item with what stands beside it for every reader alike."""
        if not _is_told(item):
            return item
        answers = " ".join(
            f"{row.unit} was asked: “{row.question}” Answer: {end_sentence(row.answer)}"
            for row in self._answers.get(item.key, ())
        )
        areas = touched(demand.quote, self._areas) if demand.for_school else []
        return replace(item, besides=answers, decide=" ".join(say_area(area) for area in areas))

    def of_schools(self, item: DigestItem, schools: Iterable[SchoolOf]) -> DigestItem:
        """The item with how it stands to the focus of these schools, the reader's that it is for."""
        if not self._ties or not _is_told(item):
            return item
        ties = (
            say_focus_of(self._ties.get((item.key, one.school.id)), one.school.principal_id)
            for one in schools
        )
        return replace(item, focus=" ".join(dict.fromkeys(filter(None, ties))))


def _is_told(item: DigestItem) -> bool:
    return item.decision in (Decision.PASS_ON, Decision.MERGE)
