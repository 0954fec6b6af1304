"""Questions in words about how units serve schools and about the pulse: answered with the cards that count it.

The same rights, the same smallest groups and the same record as of “scorecards” and “pulse”. What those do not count (a
school's own requests, another period) is said, and never guessed.
"""

from handlers.actions import act
from handlers.cards import Button, Buttons, Card, Text, plain
from handlers.centre import pulse_results, scorecards
from handlers.guided.run_waiting import waiting_seat
from handlers.permissions import Right, may
from handlers.turn import Cards, Turn
from handlers.units import units_of
from protocols.centre.questions import About, period_of, read_about, units_in
from protocols.insight.wording import plain as plain_words
from storage import people, record
from storage.edition import Kept

WORDS = {About.SCORECARD: "scorecards", About.PULSE: "pulse"}
"""What to write for the card."""


def read(turn: Turn, text: str) -> Cards | None:
    """Free words that ask about one of the two. None for all others, and of somebody whom a conversation waits for."""
    if record.expectation_of(turn.tx, turn.person.id) is not None or waiting_seat(turn) is not None:
        return None
    return answer(turn, text)


def answer(turn: Turn, text: str) -> Cards | None:
    """The same, whatever else waits: the person says that it is a question."""
    units = units_of(turn)
    match about(turn, text):
        case About.PULSE:
            return pulse_results.answer(turn, units_in(text, units))
        case About.SCORECARD:
            return _scorecards(turn, text, units_in(text, units))
        case None:
            return None


def about(turn: Turn, text: str) -> About | None:
    """What the words ask about, where this person may see it."""
    found = read_about(text, units_of(turn))
    right = {About.SCORECARD: Right.SEE_SCORECARD, About.PULSE: Right.SEE_PULSE}
    return found if found is not None and may(turn.person, right[found]) else None


def pointer(found: About) -> str:
    """For a program, which has no cards."""
    what = "How units serve schools" if found is About.SCORECARD else "What principals answered in the pulse"
    return f"{what} stands on a card of its own. Write “{WORDS[found]}” in the chat."


def _scorecards(turn: Turn, text: str, units: list[str]) -> Cards:
    if _names_a_school(turn, text):
        said = "Scorecards of units name no school. What the schools you carry wait for stands in “service requests”."
        return [Card("", (Text(said), Buttons((Button("All units", act("scorecard.show", of="year")),))))]
    period = period_of(text)
    cards = scorecards.of_units(turn, units, period or "year")
    if period is None:
        return [
            plain("I count what schools ask of units by school year or by term, so here is the year."),
            *cards,
        ]
    return cards


_SCHOOL_NAMES: Kept[frozenset[str]] = Kept()


def _plain_school_names(turn: Turn) -> frozenset[str]:
    return frozenset(plain_words(school.name) for school in people.schools_on(turn.tx, turn.today))


def _names_a_school(turn: Turn, text: str) -> bool:
    line = f" {plain_words(text)} "
    names = _SCHOOL_NAMES.get(turn.tx, turn.today, lambda: _plain_school_names(turn))
    return any(f" {name} " in line for name in names)
