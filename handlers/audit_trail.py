"""The record of what a person did in a turn."""

from typing import Any

from handlers.turn import Turn
from storage import record


def write(turn: Turn, action: str, object: str, **detail: Any) -> None:
    """Write down that the person of the turn did ``action`` to ``object`` (``visit:12``), at its moment.

    ``detail`` is that of ``record.audit``: never content.
    """
    record.audit(turn.tx, at=turn.now, actor_id=turn.person.id, action=action, object=object, **detail)
