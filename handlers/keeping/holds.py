"""Legal holds in chat: put one with a reason, see them, release them with a reason."""

import re

from handlers import audit_trail
from handlers.cards import Card, Item, Items, Text, plain
from handlers.errors import UserError
from handlers.free_words import read_words
from handlers.permissions import Right, require
from handlers.turn import Cards, Command, Topic, Turn
from protocols.cadence.moments import say_day
from protocols.guided.steps import join_names
from protocols.keeping.hold_words import PeriodFault, read_period
from storage import people
from storage.keeping import holds, named, progress
from storage.people import Role
from storage.tables import LegalHoldRow

OBJECT = "hold"
HOW = (
    "Write whom or what, and why: legal hold on Lincoln Middle from 1 September because of a records request. "
    "A person is named by address or full name; “everything” holds all."
)
_EVERYTHING = ("everything", "everybody", "all", "the district", "everything we keep")


def put(turn: Turn, match: re.Match[str]) -> Cards:
    """Put a hold on people, schools or everything, and perhaps on a period only."""
    require(turn.person, Right.PUT_HOLD, object=OBJECT)
    because = read_words(turn, match["why"], None, ask=HOW, may_name_adults=True)
    try:
        starts, ends = read_period(match["starts"] or "", match["ends"] or "", turn.today)
    except PeriodFault as fault:
        raise UserError(str(fault)) from None
    person_ids, school_ids = _named(turn, match["whom"])
    number = holds.put(
        turn.tx,
        people=person_ids,
        schools=school_ids,
        starts=starts,
        ends=ends,
        because=because,
        by=turn.person.id,
        at=turn.now,
    )
    audit_trail.write(
        turn, "hold.put", f"hold:{number}", people=sorted(person_ids), schools=sorted(school_ids)
    )
    row = next(row for row in holds.rows(turn.tx) if row.id == number)
    return [
        Card(
            f"Hold {number} is in force",
            (
                Text(
                    f"Nothing that is kept about {_whom(turn, row)}{_period(turn, row)} goes, by age or by request."
                ),
                Text(
                    f"What has gone before does not come back. “release hold {number} because …” ends it.",
                    quiet=True,
                ),
            ),
        )
    ]


def ask_how(turn: Turn, _match: re.Match[str]) -> Cards:
    """A hold of which too little was said."""
    require(turn.person, Right.PUT_HOLD, object=OBJECT)
    raise UserError(HOW)


def show(turn: Turn, match: re.Match[str]) -> Cards:
    """The holds in force; ``all holds`` shows those that were released, too."""
    require(turn.person, Right.PUT_HOLD, object=OBJECT)
    rows = holds.rows(turn.tx, with_released=bool(match["all"]))
    if not rows:
        return [plain(f"No hold is in force. {HOW}")]
    names = people.get_people(
        turn.tx, {one for row in rows for one in (row.put_by, row.released_by) if one}, on=turn.today
    )
    items = []
    for row in rows:
        by = f" by {names[row.put_by].name}" if row.put_by in names else " at the terminal"
        detail = f"Put {say_day(row.put_at.astimezone(turn.zone).date(), turn.today)}{by}: {row.because}"
        if row.released_at is not None:
            when = say_day(row.released_at.astimezone(turn.zone).date(), turn.today)
            detail += f" Released {when}: {row.released_because}"
        items.append(Item(f"{_whom(turn, row)}{_period(turn, row)}", lead=f"{row.id}.", detail=detail))
    return [
        Card(
            "Holds" if match["all"] else "Holds in force",
            (
                Items(tuple(items)),
                Text(
                    "“release hold 2 because …” ends one; “all holds” shows released ones, too.", quiet=True
                ),
            ),
        )
    ]


def release(turn: Turn, match: re.Match[str]) -> Cards:
    """End a hold, with a reason; what it held is looked at anew at the next pass."""
    require(turn.person, Right.PUT_HOLD, object=OBJECT)
    if not match["why"]:
        raise UserError(f"Say why, so that it can be read later: release hold {match['number']} because …")
    because = read_words(turn, match["why"], None, ask=HOW, may_name_adults=True)
    number = int(match["number"])
    if not holds.release(turn.tx, number, because=because, by=turn.person.id, at=turn.now):
        raise UserError(f"No hold {number} is in force. Write “holds” to see those that are.")
    progress.look_anew(turn.tx)
    audit_trail.write(turn, "hold.released", f"hold:{number}")
    return [
        plain(
            f"Hold {number} is released. What it held goes by the schedule again, from the next pass on; write "
            "“retention” to see it."
        )
    ]


def _named(turn: Turn, words: str) -> tuple[frozenset[int], frozenset[int]]:
    """The people and schools of "Lincoln Middle and grace@district.org"; neither of "everything"."""
    if " ".join(words.casefold().split()) in _EVERYTHING:
        return frozenset(), frozenset()
    person_ids: set[int] = set()
    school_ids: set[int] = set()
    whole = _one(turn, words)
    parts = [words] if any(whole) else re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", words.strip())
    for part in parts:
        found_people, found_schools = _one(turn, part)
        if len(found_people) + len(found_schools) != 1:
            many = [
                *(f"{one.name} ({one.email})" for one in found_people),
                *(one.name for one in found_schools),
            ]
            if many:
                raise UserError(f"“{part}” may be {join_names(many)}. Write the address, or the full name.")
            raise UserError(f"I know nobody and no school called “{part}”. {HOW}")
        person_ids |= {one.id for one in found_people}
        school_ids |= {one.id for one in found_schools}
    return frozenset(person_ids), frozenset(school_ids)


def _one(turn: Turn, words: str) -> tuple[list[named.Named], list[named.Named]]:
    return named.people_named(turn.tx, words), named.schools_named(turn.tx, words)


def _whom(turn: Turn, row: LegalHoldRow) -> str:
    if not row.person_ids and not row.school_ids:
        return "anybody and any school"
    found = people.get_people(turn.tx, row.person_ids, on=turn.today)
    names = [found[one].name for one in row.person_ids if one in found]
    return join_names([*names, *named.school_names(turn.tx, row.school_ids)])


def _period(turn: Turn, row: LegalHoldRow) -> str:
    first = f" from {say_day(row.starts, turn.today)}" if row.starts else ""
    last = f" to {say_day(row.ends, turn.today)}" if row.ends else ""
    return f",{first}{last}" if first or last else ""


_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})

TOPIC = Topic(
    name="holds",
    commands=(
        Command(
            re.compile(
                r"(?:put )?(?:a )?legal hold on (?P<whom>.+?)(?: from (?P<starts>.+?))?(?: (?:to|until) (?P<ends>.+?))?"
                r" because (?P<why>.+)",
                re.IGNORECASE,
            ),
            put,
            example="legal hold on Lincoln Middle from 1 September because of a records request",
            what="Nothing about these people or schools goes, by age or by request, until it is released.",
            roles=_ADMINISTRATORS,
        ),
        Command(
            re.compile(r"(?:put )?(?:a )?legal hold\b.*", re.IGNORECASE),
            ask_how,
            example="",
            what="",
            roles=_ADMINISTRATORS,
        ),
        Command(
            re.compile(r"(?:show )?(?:the )?(?P<all>all )?(?:legal )?holds(?: in force)?", re.IGNORECASE),
            show,
            example="holds",
            what="The holds in force, with their reasons; “all holds” shows released ones, too.",
            roles=_ADMINISTRATORS,
        ),
        Command(
            re.compile(
                r"release (?:legal )?hold (?P<number>\d{1,9})(?: because (?P<why>.+))?", re.IGNORECASE
            ),
            release,
            example="release hold 2 because the request is answered",
            what="End a hold, with a reason.",
            roles=_ADMINISTRATORS,
        ),
    ),
)
