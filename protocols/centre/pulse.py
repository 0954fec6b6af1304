"""An anonymous pulse: how principals find the support of their ILD and of the units.

What may be shown is decided here, and nowhere else. Answers are added up in groups: a unit's by network, those about
ILDs by ILD. A result is shown from ``FEWEST`` answers up. What is shown may not be subtracted either: where the groups
left out of a whole hold fewer than that together, the smallest shown group is left out with them. Each answer is about
one unit or one ILD and answers all its statements, so every statement of a group has the same answers behind it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from protocols.insight.measures import FEWEST_ANSWERS
from protocols.insight.small_groups import open_groups

FEWEST = FEWEST_ANSWERS
"""So many answers, or lines, make a group that may be shown."""
STEPS = ("not at all", "hardly", "partly", "mostly", "fully")
"""The scale, from 1 to 5; both ends and each step have words, so that a step means the same to all."""


@dataclass(frozen=True, slots=True)
class Statement:
    """``short`` names it in a picture."""

    key: str
    text: str
    short: str


ABOUT_ILD = (
    Statement("teaching", "Our visits and talks stay with teaching and learning.", "Stays with teaching"),
    Statement("thinking", "My ILD helps me think it through, rather than telling me what to do.", "Helps me think"),
    Statement("again", "What we agreed is taken up again the next time, by both of us.", "Taken up again"),
    Statement("shield", "My ILD keeps off my plate what would draw me away from classrooms.", "Guards my time"),
)  # fmt: skip
ABOUT_UNIT = (
    Statement("answer", "When I ask, I get an answer that I can use, in time.", "Answers in time"),
    Statement("worth", "What is asked of my school is worth the time that it takes.", "Asks are worth it"),
    Statement("known", "I know whom to turn to, and they know my school.", "Knows my school"),
)
SOURCE = (
    "Written for this bot after what research on central offices names as help to principals: time with an ILD that "
    "stays with instruction and works as teaching rather than supervising, a buffer against other demands, and offices "
    "that know the schools they serve (Honig and others 2010)."
)
"""Where the statements come from: the practice, in words of our own."""

Counts = tuple[int, int, int, int, int]
"""How many chose each step, from 1 to 5."""


class AnswerFault(ValueError):
    """An answer that cannot be taken; ``statement`` is the key of the one that it is about."""

    def __init__(self, statement: str) -> None:
        super().__init__("Choose a step for each statement, then send it.")
        self.statement = statement


@dataclass(frozen=True, slots=True)
class Ballot:
    """One answer about one unit or ILD: the group it is counted in, and a step (1 to 5) for each statement."""

    group: str
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """A group's answers, added up: one row of counts for each statement."""

    rows: tuple[Counts, ...]

    @property
    def answers(self) -> int:
        return sum(self.rows[0]) if self.rows else 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What may be shown. ``whole`` is None below ``FEWEST`` answers. ``few`` are groups of fewer than that;
    ``withheld`` those that are large enough but would give away a smaller one."""

    whole: Tally | None
    groups: Mapping[str, Tally]
    few: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


def read_marks(statements: Sequence[Statement], values: Mapping[str, str]) -> tuple[int, ...]:
    """The steps that were chosen. Raises ``AnswerFault`` for the first statement without one: whoever could answer
    only some of them would make a smaller group there, which could be told from the others."""
    marks = []
    for statement in statements:
        value = values.get(statement.key, "")
        if value not in {str(step) for step in range(1, len(STEPS) + 1)}:
            raise AnswerFault(statement.key)
        marks.append(int(value))
    return tuple(marks)


def read(ballots: Iterable[Ballot], groups: Iterable[str] = ()) -> Reading:
    """What may be shown of these answers. ``groups`` names those that there are, answered or not."""
    marks: dict[str, list[tuple[int, ...]]] = {group: [] for group in groups}
    for ballot in ballots:
        marks.setdefault(ballot.group, []).append(ballot.marks)
    counts = {group: len(rows) for group, rows in marks.items()}
    shown = open_groups(counts)
    every = [row for rows in marks.values() for row in rows]
    return Reading(
        whole=_tally(every) if len(every) >= FEWEST else None,
        groups={group: _tally(marks[group]) for group in sorted(shown)},
        few=tuple(sorted(group for group, count in counts.items() if count < FEWEST)),
        withheld=tuple(sorted(group for group, n in counts.items() if n >= FEWEST and group not in shown)),
    )


def open_lines(lines: Sequence[str]) -> tuple[str, ...]:
    """Lines in words of people's own: none below ``FEWEST``. Their order is the caller's, and must be random."""
    return tuple(lines) if len(lines) >= FEWEST else ()


def mean(counts: Counts) -> float:
    """The mean step, 1 to 5. There must be an answer."""
    return sum(step * count for step, count in enumerate(counts, 1)) / sum(counts)


def middle_half(counts: Counts) -> tuple[int, int]:
    """The steps between which the middle half of the answers lies: the nearest ranks at a quarter and at three."""
    steps = [step for step, count in enumerate(counts, 1) for _ in range(count)]
    return steps[ceil(len(steps) / 4) - 1], steps[ceil(len(steps) * 3 / 4) - 1]


def shares(counts: Counts) -> tuple[float, float, float]:
    """How many of a hundred chose a step below the middle, the middle, and above it."""
    low, middle, high = sum(counts[:2]), counts[2], sum(counts[3:])
    whole = low + middle + high
    return 100 * low / whole, 100 * middle / whole, 100 * high / whole


def _tally(marks: Sequence[tuple[int, ...]]) -> Tally:
    rows: dict[int, list[int]] = defaultdict(lambda: [0] * len(STEPS))
    for one in marks:
        for place, step in enumerate(one):
            rows[place][step - 1] += 1
    return Tally(tuple((r[0], r[1], r[2], r[3], r[4]) for _place, r in sorted(rows.items())))
