"""``who looked at my figures``: what executives asked that one's own schools stand in, from the record.

Whoever is counted may know who counts. Only that a question was asked, by whom, when and what it counted: its answer
is one press away for those who may see it anyway.
"""

import re
from collections.abc import Iterable
from datetime import timedelta

from handlers.answers.insight_scope import Ground, load_ground
from handlers.cards import Card, Item, Items, Text
from handlers.permissions import Right, Subject, require
from handlers.turn import Cards, Command, Topic, Turn
from protocols.cadence.moments import say_day
from protocols.insight.description import describe
from protocols.insight.query import PLACE_KEYS, Asker, Query
from protocols.insight.query import Role as AskerRole
from storage import people, record
from storage.people import Role

LOOK_BACK = timedelta(days=90)
MOST = 15
"""Looks listed; the newest first, the others counted."""


def _list_looks(turn: Turn, _match: re.Match[str]) -> Cards:
    require(turn.person, Right.SEE_AUDIT, Subject(owner_ids=frozenset({turn.person.id})), object="question")
    ground = load_ground(turn)
    rows = [
        (row.actor_id, row.at, query)
        for row in record.looks_since(turn.tx, "question", "question.answered", since=turn.now - LOOK_BACK)
        if row.actor_id not in (None, turn.person.id)
        and row.detail.get("asker") == AskerRole.EXECUTIVE
        and _concerns(query := Query.from_json(row.detail["understood"]), ground)
    ]
    title = f"Who looked at your figures, since {say_day((turn.now - LOOK_BACK).date(), turn.today)}"
    if not rows:
        return [Card(title, (Text("No executive has asked anything that your schools stand in."),))]
    known = people.get_people(turn.tx, {actor for actor, _at, _query in rows if actor}, on=turn.today)
    items = []
    for actor, at, query in rows[:MOST]:
        who = known[actor].name if actor in known else "somebody who has left"
        local = at.astimezone(turn.zone)
        named = "You or your schools were named." if _names(query, ground) else "Yours among others."
        items.append(
            Item(
                f"{say_day(local.date(), turn.today)}, {local:%H:%M}. {named}",
                lead=f"{who}: {describe(query, today=turn.today)}",
            )
        )
    more = len(rows) - MOST
    note = "They saw numbers. What was said in a visit is shown to nobody but the principal and the ILD."
    ending = f"{more} earlier ones are on record, too. {note}" if more > 0 else note
    return [Card(title, (Items(tuple(items)), Text(ending, quiet=True)))]


def _concerns(query: Query, ground: Ground) -> bool:
    """Whether the person's own schools are among those that were counted."""
    named = query.filters.get("ild")
    return bool(ground.reach(query)) and (not named or bool(set(named) & _ilds(ground)))


def _names(query: Query, ground: Ground) -> bool:
    """Whether the question named them, and not the whole district or a kind of school."""
    own = {place.name for place in ground.places} | {place.school.network for place in ground.places}
    own |= _ilds(ground)
    return any(set(query.filters.get(key, ())) & own for key in PLACE_KEYS)


def _ilds(ground: Ground) -> set[str]:
    """An ILD's own name; a principal's schools are carried by the ILD who is asked about."""
    return _own_name(ground.asker, (place.ild for place in ground.places))


def _own_name(asker: Asker, carried_by: Iterable[str | None]) -> set[str]:
    if asker.role is AskerRole.ILD:
        return {asker.name} if asker.name else set()
    return {name for name in carried_by if name}


TOPIC = Topic(
    name="looks",
    commands=(
        Command(
            re.compile(
                r"who (?:has |have )?(?:looked|seen|saw|asked|looks) (?:at |into |for |about )?(?:my|our) "
                r"(?:own )?(?:figures?|numbers?|visits?|schools?|network|data|records?)\??",
                re.IGNORECASE,
            ),
            _list_looks,
            example="who looked at my figures",
            what="Which executive asked what about your schools, from the record.",
            roles=frozenset({Role.ILD, Role.PRINCIPAL}),
        ),
    ),
)
