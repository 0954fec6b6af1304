"""Ways between schools, and two visits in a half-day: "from lincoln to roosevelt 15 min", "two visits a half-day".

The administrator keeps the district's ways, an ILD those between her own schools. One direction stands for both until
the way back is told too. Without a known way no half-day gets a second visit.
"""

import re
from collections.abc import Mapping, Sequence

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cadence.visit_clashes import say_minutes
from handlers.cards import Card, Table, Text, plain
from handlers.errors import UserError
from handlers.permissions import Right, Subject, may, require
from handlers.schools import find_school, match_schools, pressed_school
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.cadence.travel import LONGEST_WAY, MOST_TRAVEL, PAIRED_MINUTES
from storage import people, record, travel
from storage.people import Role, School

MOST_LISTED = 60
"""Ways in one table; a district has more, and an ILD's network rarely."""
EXAMPLE = "from Lincoln Middle to Roosevelt High 15 min"


def way_words(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "from lincoln to roosevelt 15 min": the way in that direction; without one told, the way back is as long."""
    schools = people.schools_on(turn.tx, turn.today)
    names = match["one"], match["other"]
    if not all(match_schools(name, schools) for name in names) and record.expectation_of(
        turn.tx, turn.person.id
    ):
        return None  # somebody's answer that begins so
    one, other = (find_school(turn, name, Right.SET_TRAVEL, _choose) for name in names)
    if one.id == other.id:
        raise UserError(f"That is the same school twice. Write it like: {EXAMPLE}.")
    if match["minutes"] is None:
        was_known = travel.forget(turn.tx, one.id, other.id)
        _audit(turn, one, other, None)
        said = "is forgotten; a half-day holds one of the two" if was_known else "was not known"
        return [plain(f"{one.name} and {other.name}: the way {said}.")]
    minutes = int(match["minutes"])
    if not 1 <= minutes <= LONGEST_WAY:
        raise UserError(f"From 1 to {LONGEST_WAY} minutes, door to door. Write it like: {EXAMPLE}.")
    travel.put(turn.tx, one.id, other.id, minutes, at=turn.now)
    _audit(turn, one, other, minutes)
    return [
        plain(f"{one.name} to {other.name}: {say_minutes(minutes)}{_say_back(turn, one, other, minutes)}.")
    ]


def _say_back(turn: Turn, one: School, other: School, minutes: int) -> str:
    """The way back where it was told, and what a long way means."""
    back = travel.of(turn.tx, [one.id, other.id]).get((other.id, one.id))
    said = ", and back" if back is None else f"; back it is {say_minutes(back)}"
    far = max(minutes, back or 0) > MOST_TRAVEL
    return f"{said}. I put two visits in a half-day up to {MOST_TRAVEL} minutes apart" if far else said


def list_words(turn: Turn, _match: re.Match[str]) -> Cards:
    """ "travel": the ways one may see, and what is missing."""
    require(turn.person, Right.SET_TRAVEL, object="travel")
    schools = [
        school
        for school in people.schools_on(turn.tx, turn.today)
        if may(turn.person, Right.SET_TRAVEL, Subject(school=school))
    ]
    names = {school.id: school.name for school in schools}
    ways = travel.of(turn.tx, list(names))
    if not ways:
        return [plain(f"No way between your schools is known yet. Write it like: {EXAMPLE}.")]
    rows = _rows(ways, names)
    table = Table(("From", "To", "Minutes"), tuple(rows[:MOST_LISTED]), caption="Door to door.")
    lines = [Text(_say_choice(turn), quiet=True)] if Role.ILD in turn.person.roles else []
    if len(rows) > MOST_LISTED:
        lines.insert(0, Text(f"The first {MOST_LISTED} of {len(rows)}.", quiet=True))
    lead = Text(f"{len(rows)} way{'' if len(rows) == 1 else 's'} between schools.", lead="")
    return [Card("Ways between schools", (lead, table, *lines))]


def _rows(ways: Mapping[tuple[int, int], int], names: Mapping[int, str]) -> Sequence[tuple[str, ...]]:
    """One row for a way that is as long both ways, one for each direction where both were told."""
    return sorted(
        (names[one], f"{names[other]}{'' if (other, one) in ways else ' and back'}", str(minutes))
        for (one, other), minutes in ways.items()
    )


def _say_choice(turn: Turn) -> str:
    if travel.takes_two(turn.tx, turn.person.id):
        return "A half-day may hold two of your visits. “one visit a half-day” ends that."
    return (
        "A half-day holds one of your visits. “two visits a half-day” lets the plan put two where it helps."
    )


def choice_words(turn: Turn, match: re.Match[str]) -> Cards:
    """ "two visits a half-day", "one visit a half-day": the ILD's own choice."""
    two = match["number"].casefold() in ("two", "2")
    travel.choose(turn.tx, turn.person.id, two=two)
    audit_trail.write(turn, "visits.a_half_day", f"person:{turn.person.id}", number=2 if two else 1)
    if not two:
        return [plain("Noted: one visit a half-day. What is agreed stays as it is.")]
    own = [school.id for school in people.schools_on(turn.tx, turn.today, ild_id=turn.person.id)]
    near = [minutes for minutes in travel.of(turn.tx, own).values() if minutes <= MOST_TRAVEL]
    text = (
        f"Noted. Where one visit a half-day would break a rhythm, the plan puts two in, {PAIRED_MINUTES} minutes each, "
        f"at schools at most {MOST_TRAVEL} minutes apart."
    )
    if not near:
        text += f" I know no such way between your schools yet. Write it like: {EXAMPLE}."
    return [plain(text)]


def press_name(turn: Turn, action: Action, _values: Values) -> Cards:
    """A school chosen of several that were meant: which one is clear now, the minutes are not."""
    school = pressed_school(turn, action, Right.SET_TRAVEL, object="travel")
    return [plain(f"Then write it with its whole name: from {school.name} to … 15 min.")]


def _choose(school: School) -> Action:
    return act("travel.name", school=school.id)


def _audit(turn: Turn, one: School, other: School, minutes: int | None) -> None:
    audit_trail.write(turn, "travel.changed", f"school:{one.id}", other=other.id, minutes=minutes)


KEEPERS = frozenset({Role.ILD, Role.ADMINISTRATOR})

TOPIC = Topic(
    name="travel",
    commands=(
        Command(
            re.compile(
                r"(?:it is |the way )?from (?P<one>.+?) to (?P<other>.+?)(?: is|:|,)? "
                r"(?:(?P<minutes>\d{1,4}) ?min(?:ute)?s?|unknown)\.?",
                re.IGNORECASE,
            ),
            way_words,
            example="from Lincoln to Roosevelt 15 min",
            what="How long the way between two schools is; “unknown” forgets it.",
            roles=KEEPERS,
        ),
        Command(
            re.compile(r"(?:show )?(?:the |my )?(?:travel(?: times)?|ways between schools)", re.IGNORECASE),
            list_words,
            example="travel",
            what="The ways between schools that are known.",
            roles=KEEPERS,
        ),
        Command(
            re.compile(
                r"(?P<number>one|two|1|2) visits? (?:a|each|per|in a|in one|in each) half[- ]day\.?",
                re.IGNORECASE,
            ),
            choice_words,
            example="two visits a half-day",
            what="Let the plan put two near schools in one half-day where it helps; or one.",
            roles=frozenset({Role.ILD}),
        ),
    ),
    actions={"travel.name": press_name},
    in_place_alone=frozenset({"travel.name"}),
)
