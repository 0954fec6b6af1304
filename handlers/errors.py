"""The two kinds of error. What a person can mend is a ``UserError``: a kind sentence that says what to do.

Everything else is a bug: the reception turns it into a short reference code and leaves the state unchanged.
"""

from handlers.cards import Button, Card


class UserError(Exception):
    """Expected. The transaction is rolled back and the person reads ``sentence`` (and may press ``buttons``).

    ``field`` is the name of the field that it is about, where it was one: the sentence then stands beside it.
    """

    def __init__(
        self, sentence: str, *, buttons: tuple[Button, ...] = (), card: Card | None = None, field: str = ""
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.buttons = buttons
        self.card = card
        self.field = field


class NotAllowedError(UserError):
    """The permission table says no. Told kindly, and written to the audit log with ``right`` and ``object``."""

    def __init__(self, sentence: str, *, right: str, object: str, buttons: tuple[Button, ...] = ()) -> None:
        super().__init__(sentence, buttons=buttons)
        self.right = right
        self.object = object


class StaleError(UserError):
    """A button pressed late or twice: already answered. The card shows where the thing stands now."""
