"""A difference between a wording and the memo it stands for, as it is shown to whoever wrote it."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What kind of difference was found."""

    DATE = "date"
    NUMBER = "number"
    BINDING = "binding"
    NEGATION = "negation"
    CONDITION = "condition"
    AUDIENCE = "audience"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One difference, with both sides' words; either side is None where it is silent."""

    fault: Fault
    wrote: str | None
    memo: str | None

    @property
    def message(self) -> str:
        """The difference in one kind sentence."""
        if self.wrote and self.memo:
            return f'You wrote "{self.wrote}"; the memo says "{self.memo}".'
        if self.wrote:
            return f'You wrote "{self.wrote}"; the memo does not say that.'
        return f'The memo says "{self.memo}"; your wording leaves it out.'
