"""``who looked at my figures``: what executives looked at that one's own schools or office stand in, from the record.

Whoever is counted may know who counts. Only that a question was asked or a card of figures opened, by whom, when and
what it counted: its answer is one press away for those who may see it anyway.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers.answers.insight_scope import Ground, load_ground
from handlers.audit_trail import FIGURES, LOOKED, Shown
from handlers.cards import Card, Item, Items, Text
from handlers.centre.pulse_parts import ILD, about_ild, about_unit
from handlers.permissions import Right, Subject, require
from handlers.turn import Cards, Command, Topic, Turn
from protocols.cadence.moments import say_day
from protocols.insight.description import describe
from protocols.insight.query import PLACE_KEYS, Asker, Measure, Query
from protocols.insight.query import Role as AskerRole
from storage import people, record
from storage.people import Role

LOOK_BACK = timedelta(days=90)
MOST = 15
"""Looks listed; the newest first, the others counted."""
OF_OFFICES = frozenset(
    {
        Measure.PROTECTED_LOST,
        Measure.MANDATES,
        Measure.MINUTES_ASKED,
        Measure.TAKEN_OFF,
        Measure.PROTECTED_KEPT,
    }
)
"""Measures in which offices stand."""


@dataclass(frozen=True, slots=True)
class Look:
    """That an executive looked at ``what``; ``is_named``: at this person's, and not at the whole district's."""

    number: int
    actor_id: int
    at: datetime
    what: str
    is_named: bool


def _list_looks(turn: Turn, _match: re.Match[str]) -> Cards:
    require(turn.person, Right.SEE_AUDIT, Subject(owner_ids=frozenset({turn.person.id})), object="question")
    ground = load_ground(turn)
    looks = sorted((*_asked(turn, ground), *_shown(turn, ground)), key=lambda look: -look.number)
    title = f"Who looked at your figures, since {say_day((turn.now - LOOK_BACK).date(), turn.today)}"
    if not looks:
        whose = "your office stands" if ground.asker.role is AskerRole.UNIT else "your schools stand"
        return [Card(title, (Text(f"No executive has asked anything that {whose} in."),))]
    known = people.get_people(turn.tx, {look.actor_id for look in looks}, on=turn.today)
    items = []
    for look in looks[:MOST]:
        who = known[look.actor_id].name if look.actor_id in known else "somebody who has left"
        local = look.at.astimezone(turn.zone)
        named = _NAMED[ground.asker.role] if look.is_named else "Yours among others."
        items.append(
            Item(
                f"{look.what}.",
                lead=f"{who}:",
                detail=f"{say_day(local.date(), turn.today)}, {local.hour}:{local:%M}. {named}",
            )
        )
    more = len(looks) - MOST
    note = "They saw numbers. What was said in a visit is shown to nobody but the principal and the ILD."
    ending = f"{more} earlier ones are on record, too. {note}" if more > 0 else note
    return [Card(title, (Items(tuple(items)), Text(ending, quiet=True)))]


_NAMED = {
    AskerRole.ILD: "You or your schools were named.",
    AskerRole.PRINCIPAL: "You or your schools were named.",
    AskerRole.EXECUTIVE: "You or your schools were named.",
    AskerRole.UNIT: "Your office was named.",
    AskerRole.ADMIN: "You were named.",
}


# ---------------------------------------------------------------- questions


def _asked(turn: Turn, ground: Ground) -> Iterable[Look]:
    """The questions of executives that this person's schools or office stand in."""
    for row in record.looks_since(turn.tx, "question", "question.answered", since=turn.now - LOOK_BACK):
        if row.actor_id in (None, turn.person.id) or row.detail.get("asker") != AskerRole.EXECUTIVE:
            continue
        query = Query.from_json(row.detail["understood"])
        if _concerns(query, ground):
            yield Look(
                row.id or 0,
                row.actor_id or 0,
                row.at,
                describe(query, today=turn.today),
                _names(query, ground),
            )


def _concerns(query: Query, ground: Ground) -> bool:
    """Whether the person's own schools, or the offices, are among those that were counted."""
    if ground.asker.role is AskerRole.UNIT:
        return query.measure in OF_OFFICES
    named = query.filters.get("ild")
    return bool(ground.reach(query)) and (not named or bool(set(named) & _ilds(ground)))


def _names(query: Query, ground: Ground) -> bool:
    """Whether the question named them, and not the whole district or a kind of school."""
    own = {place.name for place in ground.places} | _networks(ground) | _ilds(ground)
    return any(set(query.filters.get(key, ())) & own for key in PLACE_KEYS)


def _networks(ground: Ground) -> set[str]:
    return {place.school.network for place in ground.places}


def _ilds(ground: Ground) -> set[str]:
    """An ILD's own name; a principal's schools are carried by the ILD who is asked about."""
    return _own_name(ground.asker, (place.ild for place in ground.places))


def _own_name(asker: Asker, carried_by: Iterable[str | None]) -> set[str]:
    if asker.role is AskerRole.ILD:
        return {asker.name} if asker.name else set()
    return {name for name in carried_by if name}


# ---------------------------------------------------------------- other cards of figures


def _shown(turn: Turn, ground: Ground) -> Iterable[Look]:
    """The other cards with figures that executives opened and this person stands in."""
    for row in record.looks_since(turn.tx, FIGURES, LOOKED, since=turn.now - LOOK_BACK):
        if row.actor_id in (None, turn.person.id):
            continue
        if found := _read(turn, ground, row.detail):
            yield Look(row.id or 0, row.actor_id or 0, row.at, *found)


def _read(turn: Turn, ground: Ground, detail: Mapping[str, Any]) -> tuple[str, bool] | None:
    """What it was and whether it was theirs by name; None where they do not stand in it."""
    unit, has_schools = turn.person.unit, bool(ground.places)
    match detail.get("shown"):
        case Shown.TIES:
            network = detail.get("network")
            if network is None:
                return "who works with whom, in the district", False
            return (f"who works with whom, {network}", True) if network in _networks(ground) else None
        case Shown.LEDGER:
            return ("the ledger of protected time", False) if has_schools or unit else None
        case Shown.THEORY:
            return ("the district's theory of action with its figures", False) if has_schools else None
        case Shown.SCORECARD:
            of = detail.get("unit")
            if not unit or of not in (None, unit):
                return None
            return f"the scorecard of {of}" if of else "the scorecards of all units", of is not None
        case Shown.PULSE:
            return _read_pulse(turn, ground, str(detail.get("about", "")))
        case _:
            return None


def _read_pulse(turn: Turn, ground: Ground, about: str) -> tuple[str, bool] | None:
    if turn.person.unit and about == about_unit(turn.person.unit):
        return f"what principals answered in the pulse about {turn.person.unit}", True
    if ground.asker.role is not AskerRole.ILD or (
        about.startswith(ILD) and about != about_ild(turn.person.id)
    ):
        return None
    if about == about_ild(turn.person.id):
        return "what principals answered in the pulse about you", True
    return ("what principals answered in the pulse about ILDs together", False) if about == "ilds" else None


TOPIC = Topic(
    name="looks",
    commands=(
        Command(
            re.compile(
                r"who (?:has |have )?(?:looked|seen|saw|asked|looks) (?:at |into |for |about )?(?:my|our) "
                r"(?:own )?(?:figures?|numbers?|visits?|schools?|network|data|records?|office|unit|scorecards?)\??",
                re.IGNORECASE,
            ),
            _list_looks,
            example="who looked at my figures",
            what="Which executive looked at what about your schools or your office, from the record.",
            roles=frozenset({Role.ILD, Role.PRINCIPAL, Role.UNIT}),
        ),
    ),
)
