"""What the district changed of the schedule, and how far the day's pass over it has come."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from protocols.keeping.schedule import Kind
from storage import record
from storage.database import Tx

TERMS = "retention"
PROGRESS = "retention_progress"


@dataclass(frozen=True, slots=True)
class Progress:
    """A day's pass: ``after`` is the last key of each part that is dealt with, ``over`` the parts that are through,
    ``gone`` how much of each kind went on that day, ``is_done`` whether all of them are. ``anew`` counts how often all
    was to be looked at anew, so that a pass that is under way learns of it."""

    day: date | None = None
    after: Mapping[str, int] = field(default_factory=dict)
    over: frozenset[str] = frozenset()
    gone: Mapping[str, int] = field(default_factory=dict)
    is_done: bool = False
    anew: int = 0


def changes(tx: Tx) -> dict[str, int]:
    """Kind -> days, for what the district has changed."""
    known = record.get_setting(tx, TERMS) or {}
    return {name: int(days) for name, days in known.items() if name in set(Kind)}


def put_change(tx: Tx, kind: Kind, days: int | None) -> None:
    """Keep a kind for so many days from now on; None: as the schedule has it. All that is kept is looked at anew."""
    known: dict[str, Any] = dict(changes(tx))
    known.pop(kind.value, None)
    if days is not None:
        known[kind.value] = days
    record.put_setting(tx, TERMS, known)
    look_anew(tx)


def progress(tx: Tx) -> Progress:
    """How far the latest pass has come."""
    known = record.get_setting(tx, PROGRESS)
    if not known:
        return Progress()
    return Progress(
        day=date.fromisoformat(known["day"]) if known.get("day") else None,
        after={name: int(key) for name, key in known["after"].items()},
        over=frozenset(known["over"]),
        gone={name: int(count) for name, count in known["gone"].items()},
        is_done=bool(known["done"]),
        anew=int(known["anew"]),
    )


def put_progress(tx: Tx, now: Progress) -> None:
    """Remember it, in the transaction that let go of what it says."""
    value = {
        "day": now.day.isoformat() if now.day else None,
        "after": dict(now.after),
        "over": sorted(now.over),
        "gone": dict(now.gone),
        "done": now.is_done,
        "anew": now.anew,
    }
    record.put_setting(tx, PROGRESS, value)


def look_anew(tx: Tx) -> None:
    """The next pass begins at the beginning: a hold was released, or a term changed."""
    known = progress(tx)
    put_progress(tx, replace(known, after={}, anew=known.anew + 1))
