"""Whose theory of action is whose: the district's, and those of ILDs for their networks."""

from handlers.permissions import Right, Subject, may
from handlers.turn import Turn
from storage import people, theories
from storage.people import Role
from storage.theories import DISTRICT, Revision, ild_of, scope_of


def scopes_seen(turn: Turn) -> list[str]:
    """The theories that are told to this person, the nearest first: of the networks they belong to, the district's."""
    kept = set(theories.network_scopes(turn.tx))
    seen = {
        school.ild_id
        for school in people.schools_on(turn.tx, turn.today)
        if school.ild_id in kept and may(turn.person, Right.SEE_THEORY, Subject(school=school))
    }
    if Role.ILD in turn.person.roles and turn.person.id in kept:
        seen.add(turn.person.id)
    networks = [scope_of(ild) for ild in sorted(ild for ild in seen if ild is not None)]
    if Role.EXECUTIVE in turn.person.roles:
        return [DISTRICT, *networks]
    return [*networks, DISTRICT]


def own_scope(turn: Turn) -> str | None:
    """Which theory this person keeps: the district's, else that of her network."""
    if Role.EXECUTIVE in turn.person.roles:
        return DISTRICT
    return scope_of(turn.person.id) if Role.ILD in turn.person.roles else None


def keeping(scope: str) -> tuple[Right, Subject]:
    """The right that it takes to change the theory of a scope."""
    ild = ild_of(scope)
    if ild is None:
        return Right.KEEP_THEORY, Subject()
    return Right.KEEP_OWN_THEORY, Subject(owner_ids=frozenset({ild}))


def may_keep(turn: Turn, scope: str) -> bool:
    return may(turn.person, *keeping(scope))


def title_of(turn: Turn, revision: Revision) -> str:
    if revision.ild_id is None:
        return "The district's theory of action"
    if revision.ild_id == turn.person.id:
        return "Your network's theory of action"
    author = people.get_people(turn.tx, {revision.ild_id}, on=turn.today).get(revision.ild_id)
    return f"{author.name}'s theory of action" if author else "A network's theory of action"
