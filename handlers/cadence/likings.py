"""Which half-days suit a principal: "I prefer Thursday mornings", "not on Mondays".

A liking is heeded where it costs no school its rhythm; it is no promise. What somebody truly cannot do belongs in their
calendar, or in "I am away".
"""

import re

from handlers import audit_trail
from handlers.cards import plain
from handlers.errors import UserError
from handlers.turn import Cards, Command, Topic, Turn
from protocols.cadence.calendar import Half
from storage import likings, people, record
from storage.likings import Liking
from storage.people import Role

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
# One way to read each: with two for "tues", a list of them takes twice as long with every one.
_DAY = r"(?:(?:mon|wed(?:nes)?|thu(?:rs)?|fri)(?:days?|s)?|tue(?:s?days?|s)?)"
_HALF = r"(?:mornings?|afternoons?)"
_AGAINST = r"(?P<against>(?:please )?(?:rather )?not)"
_TIMES = rf"(?:{_DAY}(?: {_HALF})?|{_HALF})(?:(?:,| and| or|, and) (?:on )?(?:{_DAY}(?: {_HALF})?|{_HALF}))*"


def liking_words(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "I prefer Thursday mornings", "not on Mondays"; the newest word about a half-day counts."""
    if not people.schools_on(turn.tx, turn.today, principal_id=turn.person.id):
        return None
    is_against = match["against"] is not None
    if is_against and record.expectation_of(turn.tx, turn.person.id) is not None:
        return None  # "not on Mondays" may answer a question
    times = read_times(match["times"])
    wanted, unwanted = (frozenset(), times) if is_against else (times, frozenset())
    if match["except"]:
        unwanted = read_times(match["except"])
        wanted -= unwanted
    known = likings.of(turn.tx, [turn.person.id]).get(turn.person.id, Liking())
    new = Liking((known.prefers | wanted) - unwanted, (known.avoids - wanted) | unwanted)
    if len(new.avoids) == len(DAYS) * len(Half):
        raise UserError(
            "Then no half-day would be left. Which one suits you best? Write: I prefer Thursday mornings."
        )
    likings.put(turn.tx, turn.person.id, new)
    audit_trail.write(turn, "liking.changed", f"person:{turn.person.id}")
    return [
        plain(f"{say(new)} I keep to it where no school's rhythm suffers. “Any time suits me” takes it back.")
    ]


def any_time(turn: Turn, _match: re.Match[str]) -> Cards:
    """Take all likings back."""
    likings.put(turn.tx, turn.person.id, Liking())
    audit_trail.write(turn, "liking.changed", f"person:{turn.person.id}")
    return [plain("Noted: any half-day suits you.")]


def read_times(words: str) -> frozenset[tuple[int, Half]]:
    """The (weekday, half) that the words name; a day alone is both its halves, a half alone all five days."""
    found: set[tuple[int, Half]] = set()
    for part in re.split(r",? and | or |, ?", words.casefold()):
        days = [at for at, day in enumerate(DAYS) if re.search(rf"\b{day[:3]}", part)] or list(
            range(len(DAYS))
        )
        halves = [half for half in Half if half.word in part] or list(Half)
        found |= {(day, half) for day in days for half in halves}
    return frozenset(found)


def say(liking: Liking) -> str:
    """ "You prefer Thursday mornings; rather not Mondays." """
    parts = []
    if liking.prefers:
        parts.append(f"you prefer {_say_times(liking.prefers)}")
    if liking.avoids:
        parts.append(f"rather not {_say_times(liking.avoids)}")
    text = "; ".join(parts)
    return f"Noted: {text}."


def _say_times(times: frozenset[tuple[int, Half]]) -> str:
    said = []
    for at, day in enumerate(DAYS):
        halves = [half for half in Half if (at, half) in times]
        if len(halves) == len(Half):
            said.append(f"{day.capitalize()}s")
        said.extend(f"{day.capitalize()} {half.word}s" for half in halves if len(halves) == 1)
    return " and ".join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else said[0]


PRINCIPALS = frozenset({Role.PRINCIPAL})

TOPIC = Topic(
    name="liking",
    commands=(
        Command(
            re.compile(
                rf"(?:i prefer|i like|i would prefer|{_AGAINST})(?: on)? (?P<times>{_TIMES})"
                rf"(?:,? (?:but |and )?(?:rather )?(?:not|never)(?: on)? (?P<except>{_TIMES}))?\.?",
                re.IGNORECASE,
            ),
            liking_words,
            example="I prefer Thursday mornings",
            what="When visits suit you; also “not on Mondays”, “any time suits me”.",
            roles=PRINCIPALS,
        ),
        Command(
            re.compile(r"any ?time suits me\.?", re.IGNORECASE),
            any_time,
            example="",
            what="",
            roles=PRINCIPALS,
        ),
    ),
)
