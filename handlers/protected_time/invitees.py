"""Whom a meeting is for: "principals", "elementary principals", "ilds", a network's, one school's principal."""

import re
from dataclasses import dataclass, field
from datetime import date

from handlers.errors import UserError
from handlers.schools import match_schools
from handlers.turn import Turn
from protocols.cadence.protected import Audience
from storage import people
from storage.database import Tx
from storage.people import Person, Role, School

LEVELS = {"elementary": "elementary", "middle": "middle", "high": "high", "k-8": "k8", "k8": "k8"}


@dataclass(frozen=True, slots=True)
class Invitees:
    """The people, and how they are kept in a row (``key``: principals, ilds, level:X, network:X, school:ID).

    ``audience`` are the networks and roles whose protected half-days count; ``networks`` is each person's.
    """

    key: str
    people: tuple[Person, ...]
    audience: Audience
    school_ids: frozenset[int] = frozenset()
    networks: dict[int, str] = field(default_factory=dict)

    @property
    def ids(self) -> frozenset[int]:
        return frozenset(person.id for person in self.people)

    @property
    def count(self) -> str:
        if len(self.people) == 1:
            return self.people[0].name
        return f"{len(self.people)} {'ILDs' if self.key == 'ilds' else 'principals'}"


def find_invitees(turn: Turn, words: str) -> Invitees:
    """The people meant by these words. Raises ``UserError`` that says what can be written."""
    folded = re.sub(
        r"\b(all|the|our|every|of|in|from|for|at|a|with|principals?|schools?|on|network)\b",
        " ",
        words.casefold(),
    )
    folded = re.sub(r"\b\d+\s*(?:min(?:ute)?s?|h(?:ou)?rs?)\b|\b(?:an|one) hour\b|half an hour", " ", folded)
    rest = re.sub(r"[^\w\s-]", " ", folded)
    rest = re.sub(r"\s+", " ", rest).strip(" -")
    if not rest:
        key = "principals"
    elif rest in ("ilds", "ild", "directors", "instructional leadership directors"):
        key = "ilds"
    elif rest in LEVELS:
        key = f"level:{LEVELS[rest]}"
    else:
        key = _network_or_school(turn, rest)
    found = invitees_of(turn.tx, key, on=turn.today)
    if not found.people:
        raise UserError(
            "Nobody in the roster fits that. Write: meeting with principals, ilds, a network or a school."
        )
    return found


def _network_or_school(turn: Turn, rest: str) -> str:
    schools = people.schools_on(turn.tx, turn.today)
    wanted = set(rest.split())
    networks = {school.network for school in schools}
    named = [name for name in networks if wanted <= set(re.sub(r"[^\w\s-]", " ", name.casefold()).split())]
    if len(named) == 1:
        return f"network:{named[0]}"
    matches = match_schools(rest, schools)
    if len(matches) == 1:
        return f"school:{matches[0].id}"
    if matches:
        names = ", ".join(school.name for school in matches)
        raise UserError(f"Which school's principal: {names}? Write the whole name.")
    raise UserError(
        f"I don't know whom “{rest}” means. Write: meeting with principals, ilds, a network's name or a school's name."
    )


def invitees_of(tx: Tx, key: str, *, on: date) -> Invitees:
    """The people a row's key stands for on that day; nobody for a key that no longer fits anyone."""
    kind, _, value = key.partition(":")
    if kind == "ilds":
        found = people.people_with_role(tx, Role.ILD, on=on)
        carried = {person.id: people.schools_on(tx, on, ild_id=person.id) for person in found}
        networks = {person_id: schools[0].network for person_id, schools in carried.items() if schools}
        return Invitees(key, tuple(found), _audience(Role.ILD, networks), networks=networks)
    schools = [school for school in people.schools_on(tx, on) if _fits(school, kind, value)]
    principals = people.get_people(tx, {s.principal_id for s in schools if s.principal_id}, on=on)
    active = tuple(
        sorted((p for p in principals.values() if p.active), key=lambda p: (p.family_name, p.given_name))
    )
    networks = {school.principal_id: school.network for school in schools if school.principal_id}
    return Invitees(
        key,
        active,
        _audience(Role.PRINCIPAL, networks),
        school_ids=frozenset(school.id for school in schools),
        networks=networks,
    )


def _audience(role: Role, networks: dict[int, str]) -> Audience:
    return Audience(networks=frozenset(networks.values()), roles=frozenset({role.value}))


def _fits(school: School, kind: str, value: str) -> bool:
    match kind:
        case "level":
            return school.level == value
        case "network":
            return school.network == value
        case "school":
            return str(school.id) == value
        case _:
            return True
