"""Who takes part in a run: whom the roster seats, whom one chooses, and the small groups they go in.

The school's own people sit where the protocol wants them; whoever begins takes the first seat that is still free and
theirs to take. The rest are chosen from a pool: principals of the network, ILDs, whoever leads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from handlers.actions import act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Field, FieldKind, Option, Text
from handlers.errors import UserError
from handlers.guided.run_seats import Seat
from handlers.turn import Turn, Values
from protocols.guided.steps import Part, Pool, Protocol, Role, SeatKey, join_names, lowered, role_of, seat_key
from storage import people
from storage.people import Person, School
from storage.people import Role as Post

GROUP = 3
"""So many people at most go into a classroom together: more would be an audience."""


MOST_TOLD = 5
"""From so many others on they are counted as a run begins, not named."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A role whose people are still to be chosen, and from whom."""

    role: Role
    part: Part
    candidates: tuple[Person, ...]


def needs_school(protocol: Protocol) -> bool:
    """Whether the protocol is about one school: its principal takes part."""
    return any(part.pool is Pool.PRINCIPAL for part in protocol.parts.values())


def seated(turn: Turn, protocol: Protocol, school: School | None) -> dict[SeatKey, int]:
    """Who sits where without being chosen. Raises ``UserError`` where the roster has nobody for a seat."""
    found: dict[SeatKey, int] = {}
    for role, part in protocol.parts.items():
        match part.pool:
            case Pool.PRINCIPAL if school is not None:
                found[seat_key(role)] = _known(school, school.principal_id, "principal")
            case Pool.ILD if school is not None:
                found[seat_key(role)] = _known(school, school.ild_id, "ILD")
            case Pool.ILD if Post.ILD in turn.person.roles:  # among ILDs: whoever begins
                found[seat_key(role)] = turn.person.id
            case _:
                pass
    if len(set(found.values())) < len(found):
        name = school.name if school else "the district"
        raise UserError(f"One person is principal and ILD of {name} at once, and this needs two people.")
    if turn.person.id not in found.values():
        for role, part in protocol.parts.items():
            if (
                seat_key(role) not in found
                and part.at_least
                and turn.person in pool_of(turn, part.pool, school)
            ):
                found[seat_key(role)] = turn.person.id
                break
    return found


def choices(
    turn: Turn, protocol: Protocol, school: School | None, sitting: Mapping[SeatKey, int]
) -> list[Choice]:
    """The roles that somebody has to be chosen for."""
    found: list[Choice] = []
    for role, part in protocol.parts.items():
        taken = sum(role_of(seat) is role for seat in sitting)
        if taken >= part.at_least or not part.at_least:
            continue
        pool = [person for person in pool_of(turn, part.pool, school) if person.id not in sitting.values()]
        found.append(Choice(role, part, tuple(sorted(pool, key=lambda person: person.name))))
    return found


def chosen(
    turn: Turn, protocol: Protocol, school: School | None, sitting: Mapping[SeatKey, int], values: Values
) -> dict[SeatKey, int]:
    """Everybody, with those chosen in the form. Raises ``UserError`` where too few or too many are, or one twice."""
    everybody = dict(sitting)
    for choice in choices(turn, protocol, school, sitting):
        candidates = {str(person.id): person for person in choice.candidates}
        picked = [value for value in values.get(choice.role, "").split("\n") if value in candidates]
        part = choice.part
        if not part.at_least <= len(picked) <= part.at_most:
            most = f" to {part.at_most}" if part.at_most > part.at_least else ""
            raise UserError(f"Choose {part.at_least}{most} for {part.called}, then press Begin.")
        for number, value in enumerate(picked, 1):
            if int(value) in everybody.values():
                raise UserError(f"{candidates[value].name} has a part already. Each person takes one.")
            everybody[seat_key(choice.role, number)] = int(value)
    return everybody


def choose_card(
    turn: Turn, protocol: Protocol, school: School | None, sitting: Mapping[SeatKey, int]
) -> Card:
    """The form: who takes which part, and on which day, where the protocol prepares a meeting."""
    asked = choices(turn, protocol, school, sitting)
    for choice in asked:
        if len(choice.candidates) < choice.part.at_least:
            raise UserError(
                f"A {lowered(protocol.title)} needs {choice.part.at_least} as {choice.part.called}, and the roster "
                f"has {len(choice.candidates) or 'nobody'} to ask. Ask your administrator."
            )
    known = people.get_people(turn.tx, set(sitting.values()), on=turn.today)
    parts = [f"{_called(protocol, seat)}: {known[person_id].name}" for seat, person_id in sitting.items()]
    blocks: list[Block] = [Text(protocol.purpose), Text(f"{'; '.join(parts)}.", quiet=True)]
    for choice in asked:
        options = tuple(Option(str(person.id), person.name) for person in choice.candidates)
        is_many = choice.part.at_most > 1
        label = f"{choice.part.called[:1].upper()}{choice.part.called[1:]}"
        numbers = f", {choice.part.at_least} to {choice.part.at_most}" if is_many else ""
        kind = FieldKind.CHOICES if is_many else FieldKind.CHOICE
        blocks.append(Field(choice.role.value, f"{label}{numbers}", kind, options=options))
    if has_meeting(protocol):
        blocks.append(Field("meets_on", "Day of the meeting", FieldKind.DATE))
    args: dict[str, str | int] = {"kind": protocol.key}
    if school is not None:
        args["school"] = school.id
    blocks.append(Buttons((Button("Begin", act("run.begin", **args), Emphasis.PRIMARY),)))
    return Card(f"{protocol.title}{f' at {school.name}' if school else ''}", tuple(blocks))


def has_meeting(protocol: Protocol) -> bool:
    """Whether something is to be done so many days before a meeting, whose day must therefore be known."""
    return any(step.ahead for step in protocol.steps)


def groups(protocol: Protocol, seats: Sequence[SeatKey]) -> dict[SeatKey, int]:
    """Small groups, from 1, for a protocol that goes from classroom to classroom; nobody stays alone."""
    walking = {role for step in protocol.steps if step.repeats for role in step.who}
    visitors = [
        seat for seat in seats if role_of(seat) in walking and protocol.parts[role_of(seat)].at_most > 1
    ]
    number = max(1, min(ceil(len(visitors) / GROUP), len(visitors) // 2))
    return {seat: place % number + 1 for place, seat in enumerate(visitors)} if number > 1 else {}


def say_groups(assigned: Mapping[SeatKey, int], names: Mapping[SeatKey, str]) -> str:
    """ "Group 1: Grace and Imani. Group 2: Tomas and Wen." """
    found: dict[int, list[str]] = {}
    for seat, group in assigned.items():
        found.setdefault(group, []).append(names[seat])
    return " ".join(f"Group {group}: {join_names(members)}." for group, members in sorted(found.items()))


def say_opening(seat: Seat, other: Seat) -> str:
    """ "Grace Okoro opens a walkthrough with you at Lincoln Middle." """
    also = [seat.people[third.key].given_name for third in seat.others if third.key != other.key]
    people_named = join_names(["you", *also]) if len(also) < MOST_TOLD else f"you and {len(also)} others"
    title = seat.run.protocol.title
    what = lowered(title)
    article = "an" if what[0] in "aeiou" else "a"
    at = f" at {seat.school.name}" if seat.school else ""
    return f"{seat.person.name} opens {article} {what} with {people_named}{at}.{_part(seat.run.protocol, other.key)}"


def _part(protocol: Protocol, seat: SeatKey) -> str:
    """ " You are the facilitator." Between two people, who is who goes without saying."""
    part = protocol.parts[role_of(seat)]
    needed = [known for known in protocol.parts.values() if known.at_least]
    if len(needed) == 2 and all(known.at_most == 1 for known in needed):
        return ""
    return (
        f" You are {'one of ' if part.at_most > 1 and part.called.startswith('the ') else ''}{part.called}."
    )


def pool_of(turn: Turn, pool: Pool, school: School | None) -> list[Person]:
    """Everybody who may be asked for a seat of the pool, the one who asks included."""
    match pool:
        case Pool.SUPERVISOR:
            return people.people_with_role(turn.tx, Post.EXECUTIVE, on=turn.today)
        case Pool.ILDS | Pool.ILD:
            return people.people_with_role(turn.tx, Post.ILD, on=turn.today)
        case Pool.PRINCIPALS | Pool.PRINCIPAL:
            return _principals(turn, school)
        case Pool.ANYONE:
            everybody = [
                *_principals(turn, school),
                *people.people_with_role(turn.tx, Post.ILD, on=turn.today),
            ]
            return list({person.id: person for person in everybody}.values())


def _principals(turn: Turn, school: School | None) -> list[Person]:
    """The principals of the school's network; without a school, of the networks of whoever asks."""
    schools = people.schools_on(turn.tx, turn.today)
    mine = {s.network for s in schools if turn.person.id in (s.principal_id, s.ild_id)}
    networks = {school.network} if school else mine
    ids = {s.principal_id for s in schools if s.network in networks and s.principal_id is not None}
    return list(people.get_people(turn.tx, ids, on=turn.today).values())


def _called(protocol: Protocol, seat: SeatKey) -> str:
    called = protocol.parts[role_of(seat)].called
    return f"{called[:1].upper()}{called[1:]}"


def _known(school: School, person_id: int | None, post: str) -> int:
    if person_id is None:
        raise UserError(
            f"{school.name} has no {post} in the roster, and this needs one. Ask your administrator."
        )
    return person_id
