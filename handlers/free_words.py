"""What people type into a field of their own: one line, not too long, naming no teacher and no student."""

import re

from handlers.errors import UserError
from handlers.turn import Turn
from protocols.guided.names import find_named
from storage import people
from storage.people import School

LONGEST = 400
"""Characters: a few sentences."""


def read_words(turn: Turn, words: str, school: School | None, *, ask: str) -> str:
    """The words in one line. Raises ``UserError`` with ``ask`` where there are none, and where they are too many or
    seem to name somebody; the school's principal, its ILD and whoever writes may be named."""
    line = " ".join(words.split())
    if not line:
        raise UserError(ask)
    if len(line) > LONGEST:
        raise UserError(f"That is {len(line)} characters, and {LONGEST} is as much as fits. Say it shorter.")
    if named := find_named(_without_known_names(turn, line, school)):
        instead = "“a teacher” or the room" if named == "teacher" else "“a student” or how many"
        raise UserError(f"That seems to name a {named}, so I have not kept it. Write {instead} instead.")
    return line


def _without_known_names(turn: Turn, line: str, school: School | None) -> str:
    ids = {turn.person.id, *({school.principal_id, school.ild_id} if school else set())}
    known = people.get_people(turn.tx, {i for i in ids if i is not None}, on=turn.today).values()
    names = {name for p in known for name in (p.name, p.given_name, p.family_name) if len(name) > 1}
    if school is not None:
        names |= {school.name, *school.name.split()}
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.sub(rf"\b(?:{longest_first})\b(?:['’]s)?", "we", line)
