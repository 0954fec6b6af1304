"""What people type into a field of their own: one line, not too long, naming no teacher and no student."""

import re

from handlers.errors import UserError
from handlers.turn import Turn
from protocols.guided.names import find_named
from storage import people
from storage.people import School

LONGEST = 400
"""Characters: a few sentences."""


def read_words(
    turn: Turn,
    words: str,
    school: School | None,
    *,
    ask: str,
    longest: int = LONGEST,
    field: str = "",
    may_name_adults: bool = False,
) -> str:
    """The words in one line. Raises ``UserError`` with ``ask`` where there are none, and where they are too many or
    seem to name somebody; the school's principal, its ILD and whoever writes may be named. ``may_name_adults``: only
    a student's name is refused, where the matter may be a colleague's contract. ``field``: where it was written."""
    line = " ".join(words.split())
    if not line:
        raise UserError(ask, field=field)
    if len(line) > longest:
        raise UserError(
            f"That is {len(line)} characters, and {longest} is as much as fits. Say it shorter.", field=field
        )
    named = find_named(_without_known_names(turn, line, school))
    if named == "student" or (named and not may_name_adults):
        instead = "“a teacher” or the room" if named == "teacher" else "“a student” or how many"
        raise UserError(
            f"That seems to name a {named}, so I have not kept it. Write {instead} instead.", field=field
        )
    return line


def _without_known_names(turn: Turn, line: str, school: School | None) -> str:
    ids = {turn.person.id, *({school.principal_id, school.ild_id} if school else set())}
    known = people.get_people(turn.tx, {i for i in ids if i is not None}, on=turn.today).values()
    names = {name for p in known for name in (p.name, p.given_name, p.family_name) if len(name) > 1}
    if school is not None:
        names |= {school.name, *school.name.split()}
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.sub(rf"\b(?:{longest_first})\b(?:['’]s)?", "we", line)
