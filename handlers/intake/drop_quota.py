""" "Do not drop this ball" from a unit: a few times a term, counted where every unit and ILD can read it.

A unit that marks everything marks nothing. The mark is a wish; whether it stands above the others in a school's digest
is the ILD's to decide.
"""

import re

from handlers import audit_trail
from handlers.cards import Block, Card, Item, Items, Text, plain
from handlers.errors import UserError
from handlers.permissions import Right, require
from handlers.turn import Cards, Command, Topic, Turn
from handlers.units import units_of
from protocols.cadence.moments import say_day
from protocols.cadence.protected_overrides import budget_span
from storage import record, submissions
from storage.people import Role
from storage.tables import DemandRow

SETTING = "drop_quota"
USUAL_QUOTA = 2
MOST = 20
_READERS = frozenset({Role.ILD, Role.EXECUTIVE, Role.UNIT, Role.ADMINISTRATOR})


def quota(turn: Turn) -> int:
    """How often a unit may ask in a term."""
    return int((record.get_setting(turn.tx, SETTING) or {}).get("each", USUAL_QUOTA))


def used(turn: Turn, unit: str) -> int:
    """How often it has asked in this one."""
    return sum(one.unit.casefold() == unit.casefold() for one, _demand, _memo in _uses(turn))


def left(turn: Turn, unit: str) -> int:
    return max(0, quota(turn) - used(turn, unit))


def wish_about(turn: Turn, demand: DemandRow) -> list[Block]:
    """What the unit that asks for it has said, where it used one of its few marks on it."""
    key: int | None = demand.id
    mark = submissions.use_of(turn.tx, key or 0) or submissions.use_of(turn.tx, demand.was_id or 0)
    if mark is None:
        return []
    count = (
        f"{used(turn, mark.unit)} of {quota(turn)} {budget_span(turn.district.calendar, turn.today).called}"
    )
    return [Text(f"It has used {count}; you decide.", lead=f"{mark.unit} asks not to drop this.")]


def _uses(turn: Turn) -> list[submissions.Use]:
    span = budget_span(turn.district.calendar, turn.today)
    return submissions.uses(turn.tx, first=span.starts, last=span.ends, zone=turn.district.zone)


def show(turn: Turn, _match: re.Match[str]) -> Cards:
    """Every unit's uses of this term, with what they were for."""
    require(turn.person, Right.SEE_DROP_USES, object="drop_uses")
    found, most = _uses(turn), quota(turn)
    called = budget_span(turn.district.calendar, turn.today).called
    units = sorted({*units_of(turn), *(one.unit for one, _d, _m in found)})
    items = []
    for unit in units:
        mine = [(one, demand) for one, demand, _memo in found if one.unit == unit]
        what = "; ".join(
            f"{demand.headline} ({say_day(one.at.astimezone(turn.zone).date(), turn.today)})"
            for one, demand in mine
        )
        items.append(Item(what or "None yet.", lead=f"{unit}: {len(mine)} of {most}"))
    if not items:
        return [plain("There are no units in the roster, so nobody has asked not to drop anything.")]
    text = f"Each unit may ask {most} times {called} not to drop something. The ILDs decide."
    return [Card("Do not drop", (Text(text), Items(tuple(items))))]


def put(turn: Turn, match: re.Match[str]) -> Cards:
    require(turn.person, Right.SET_DROP_QUOTA, object="drop_quota")
    count = int(match["count"])
    if count > MOST:
        raise UserError(f"With more than {MOST} a term nothing stands out. Write a smaller number.")
    record.put_setting(turn.tx, SETTING, {"each": count})
    audit_trail.write(turn, "drop_quota.set", "drop_quota", count=count)
    return [
        plain(
            f"From now on each unit may ask {count} times a term not to drop something. What was used counts."
        )
    ]


TOPIC = Topic(
    name="drops",
    commands=(
        Command(
            re.compile(r"(?:show |the )?do[ -]?not[ -]?drop uses", re.IGNORECASE),
            show,
            example="do not drop uses",
            what="Which units asked not to drop what this term, and how often they may.",
            roles=_READERS,
        ),
        Command(
            re.compile(r"do[ -]?not[ -]?drop quota:?\s*(?P<count>\d{1,3})(?: a term)?", re.IGNORECASE),
            put,
            example="do not drop quota 2",
            what="How often a term each unit may ask not to drop something.",
            roles=frozenset({Role.ADMINISTRATOR}),
        ),
    ),
)
