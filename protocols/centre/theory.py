"""A theory of action beside the figures that would refute it.

"If we do this, then principals can do that, so that students reach this": a central office that works says what it
thinks will help, tells it again and again, and revises it on evidence (Honig, Copland, Rainey, Lorton and Newton 2010).
It can only be revised on evidence if it says beforehand what would speak against it. So its author ties each clause to
*figures*, each with a *line*: at least, or at most, so much. Its figures speak *for* a clause where they keep to their
lines, *against* it where one does not, and it is *not yet known* while too little has been counted. The three clauses
together are read in order: a theory whose first part was never done has not been tried, whatever came of the rest.

Nothing here judges people: figures are of a whole district or network.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

FEWEST_COUNTED = 10
"""Things that must stand behind a share before it says anything: visits, intervals, next steps."""
FEWEST_DAYS = 20
"""School days of a term that must have passed before its figures say anything."""
LONGEST_CLAUSE = 600
MOST_LINES = 3
"""Figures that one clause may be tied to; more and nobody knows what would refute it."""


class TheoryFault(ValueError):
    """Words that cannot be read as a theory or a line; the text says what to write."""


class Clause(StrEnum):
    IF = "if"
    THEN = "then"
    SO_THAT = "so_that"

    @property
    def word(self) -> str:
        return self.value.replace("_", " ")


class Way(StrEnum):
    AT_LEAST = "at_least"
    AT_MOST = "at_most"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ")


class Gauge(StrEnum):
    """A figure that a clause can be tied to. How each is counted: ``GAUGES``."""

    BETWEEN_VISITS = "between_visits"
    INTERVALS_KEPT = "intervals_kept"
    EVENNESS = "evenness"
    TIME_IN_SCHOOLS = "time_in_schools"
    PROTECTED_KEPT = "protected_kept"
    NEXT_STEPS = "next_steps"
    LOOKED_AT = "looked_at"
    MINUTES_ASKED = "minutes_asked"
    USEFULNESS = "usefulness"


class Unit(StrEnum):
    SHARE = "share"  # 0 to 1, said in per cent
    DAYS = "days"  # school days
    MINUTES = "minutes"
    POINTS = "points"  # of 4


@dataclass(frozen=True, slots=True)
class GaugeRule:
    """What a figure is called, what it counts, in which unit, and from how many things on it says anything.

    ``heard`` are the words that people write for it, beside its name.
    """

    name: str
    what: str
    unit: Unit
    things: str
    fewest: int = FEWEST_COUNTED
    heard: tuple[str, ...] = ()


GAUGES: Mapping[Gauge, GaugeRule] = {
    Gauge.BETWEEN_VISITS: GaugeRule(
        "days between visits",
        "the middle one of all intervals between two visits to a school",
        Unit.DAYS,
        "intervals",
        heard=("school days between visits", "visits", "interval", "intervals"),
    ),
    Gauge.INTERVALS_KEPT: GaugeRule(
        "intervals kept",
        "intervals between visits that were within the school's rhythm",
        Unit.SHARE,
        "intervals",
        heard=("rhythm kept", "rhythms kept"),
    ),
    Gauge.EVENNESS: GaugeRule(
        "evenness",
        "how evenly visits are spread over schools, each against its rhythm; 100 % is perfectly even",
        Unit.SHARE,
        "schools",
        fewest=2,
        heard=("evenness of visits",),
    ),
    Gauge.TIME_IN_SCHOOLS: GaugeRule(
        "time in schools",
        "minutes of held visits, of the ILDs' working time",
        Unit.SHARE,
        "ILDs",
        fewest=1,
    ),
    Gauge.PROTECTED_KEPT: GaugeRule(
        "protected time kept",
        "protected minutes that nothing took",
        Unit.SHARE,
        "minutes",
        heard=("protected time",),
    ),
    Gauge.NEXT_STEPS: GaugeRule(
        "visits with a next step",
        "held visits that ended in a next step",
        Unit.SHARE,
        "visits",
        heard=("next steps", "visits that end in a next step"),
    ),
    Gauge.LOOKED_AT: GaugeRule(
        "next steps looked at again",
        "next steps that came due and were looked at again",
        Unit.SHARE,
        "next steps",
        heard=("looked at again", "steps looked at again", "next steps looked at"),
    ),
    Gauge.MINUTES_ASKED: GaugeRule(
        "minutes asked",
        "minutes that a weekly digest asks of a principal, on average",
        Unit.MINUTES,
        "digests",
        heard=("minutes asked a week", "minutes a week"),
    ),
    Gauge.USEFULNESS: GaugeRule(
        "usefulness",
        "principals' own ratings of visits, 1 to 4, each principal counting once",
        Unit.POINTS,
        "principals",
        fewest=5,
        heard=("was it of use", "use of visits", "usefulness of visits"),
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """What a clause's figure must keep to. ``value`` is in the figure's unit, shares from 0 to 1."""

    clause: Clause
    gauge: Gauge
    way: Way
    value: float


@dataclass(frozen=True, slots=True)
class Theory:
    """``if_``, ``then`` and ``so_that`` in their author's words, without the words they begin with."""

    if_: str
    then: str
    so_that: str

    def words_of(self, clause: Clause) -> str:
        return {Clause.IF: self.if_, Clause.THEN: self.then, Clause.SO_THAT: self.so_that}[clause]


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure over one term. ``of`` is how many things were counted, ``days`` the school days of the term that have
    passed."""

    term: str
    value: float | None
    of: float
    days: int


class Standing(StrEnum):
    FOR = "for"
    AGAINST = "against"
    UNKNOWN = "unknown"
    UNTIED = "untied"  # of a clause that no figure could refute


_AFTER_WORD = " \t\r\n,:…"
_THEORY = re.compile(
    r"\s*if\b(?P<if_>.+?)\bthen\b(?P<then>.+?)\bso\s+that\b(?P<so_that>.+)", re.IGNORECASE | re.DOTALL
)


def read_theory(words: str) -> Theory:
    """The three clauses of "if … then … so that …". Raises ``TheoryFault``."""
    found = _THEORY.fullmatch(words)
    if found is None:
        raise TheoryFault(
            "A theory of action has three parts. Write: if we …, then principals …, so that students …"
        )
    return make_theory(*(found[part].lstrip(_AFTER_WORD) for part in ("if_", "then", "so_that")))


def make_theory(if_: str, then: str, so_that: str) -> Theory:
    """A theory of three parts that were written apart, the words they begin with or not. Raises ``TheoryFault``."""
    parts = []
    for clause, words in zip(Clause, (if_, then, so_that), strict=True):
        plain = re.sub(rf"(?i)^\s*{clause.word}\b[\s,:…]*", "", " ".join(words.split())).strip(" ,;.…")
        if not plain:
            raise TheoryFault(f"The part after “{clause.word}” is empty. Write what stands there.")
        if len(plain) > LONGEST_CLAUSE:
            raise TheoryFault(
                f"The part after “{clause.word}” has {len(plain)} letters. What is told again and again has to be "
                f"short: {LONGEST_CLAUSE} at most."
            )
        parts.append(plain)
    return Theory(*parts)


_LINE = re.compile(
    r"(?P<name>.+?)(?: (?:is|are|reach(?:es)?|stays?))?,? "
    r"(?:(?P<least>at least|no less than|not less than|over|>=|≥)|"
    r"(?P<most>at most|no more than|not more than|within|under|<=|≤))"
    r" (?P<value>\d{1,6}(?:[.,]\d{1,3})?) ?(?P<percent>%|per ?cent)?"
    r"(?: ?(?:school days?|days?|minutes?|min|points?|of 4))?",
    re.IGNORECASE,
)


def read_line(clause: Clause, words: str) -> Line:
    """ "next steps looked at again at least 80 %" as a line of that clause. Raises ``TheoryFault``."""
    plain = " ".join(words.split()).strip(" .")
    found = _LINE.fullmatch(plain)
    gauge = gauge_named(found["name"]) if found else None
    if found is None or gauge is None:
        names = ", ".join(rule.name for rule in GAUGES.values())
        raise TheoryFault(
            f"I can't read “{plain}” as a line. Write a figure, at least or at most, and how much, for example: next "
            f"steps looked at again at least 80 %. The figures are {names}."
        )
    way = Way.AT_LEAST if found["least"] else Way.AT_MOST
    return make_line(clause, gauge, way, found["value"] + (" %" if found["percent"] else ""))


def gauge_named(words: str) -> Gauge | None:
    plain = re.sub(r"^(?:the|of|share of) ", "", " ".join(words.casefold().split()))
    for gauge, rule in GAUGES.items():
        if plain in (rule.name, *rule.heard, gauge.value):
            return gauge
    return None


def make_line(clause: Clause, gauge: Gauge, way: Way, amount: str) -> Line:
    """A line whose amount is as typed: "80 %", "0.8", "10". Raises ``TheoryFault``."""
    found = re.fullmatch(r"\s*(\d{1,6}(?:[.,]\d{1,3})?)\s*(%|per ?cent)?\D{0,20}", amount, re.IGNORECASE)
    if found is None:
        raise TheoryFault(f"“{amount.strip()}” is no amount. Write a number, for example 80 % or 10.")
    value = float(found[1].replace(",", "."))
    rule = GAUGES[gauge]
    if rule.unit is Unit.SHARE:
        value = value / 100 if found[2] or value > 1 else value
    elif found[2]:
        raise TheoryFault(f"{_upper(rule.name)} is counted in {_UNIT_WORDS[rule.unit]}, not in per cent.")
    most = {Unit.SHARE: 1.0, Unit.POINTS: 4.0}.get(rule.unit)
    if most is not None and value > most:
        raise TheoryFault(f"{_upper(rule.name)} goes up to {say_value(gauge, most)}. Write less.")
    return Line(clause, gauge, way, value)


def with_line(lines: Sequence[Line], line: Line) -> tuple[Line, ...]:
    """The lines with this one, in place of an earlier one of the same clause and figure. Raises ``TheoryFault``."""
    kept = [one for one in lines if (one.clause, one.gauge) != (line.clause, line.gauge)]
    if sum(one.clause is line.clause for one in kept) >= MOST_LINES:
        raise TheoryFault(
            f"“{line.clause.word}” is tied to {MOST_LINES} figures already. Take one away before you add another."
        )
    return tuple(sorted((*kept, line), key=lambda one: (list(Clause).index(one.clause), one.gauge)))


def judge(line: Line, reading: Reading | None) -> Standing:
    """Whether a figure speaks for its clause. Too few things counted, or too young a term, say nothing."""
    if (
        reading is None
        or reading.value is None
        or reading.of < GAUGES[line.gauge].fewest
        or reading.days < FEWEST_DAYS
    ):
        return Standing.UNKNOWN
    is_kept = reading.value >= line.value if line.way is Way.AT_LEAST else reading.value <= line.value
    return Standing.FOR if is_kept else Standing.AGAINST


def stand(standings: Sequence[Standing]) -> Standing:
    """A clause by its figures: one that speaks against it is enough, and one that is not known leaves it open."""
    if not standings:
        return Standing.UNTIED
    for one in (Standing.AGAINST, Standing.UNKNOWN):
        if one in standings:
            return one
    return Standing.FOR


def say_whole(clauses: Mapping[Clause, Standing]) -> str:
    """What the clauses together say about the theory, in a sentence or two; never about anybody."""
    first, second, third = (clauses[clause] for clause in Clause)
    if first is Standing.AGAINST:
        return (
            "What the centre said it would do does not happen as far as the line asks. So the theory has not been "
            "tried yet, and what follows says little about it."
        )
    if first is not Standing.FOR:
        return "Whether the centre does what it said is not yet known, so the figures say nothing about the theory yet."
    if second is Standing.AGAINST:
        return (
            "The centre does what it said, and what was to follow does not. That speaks against the first step: ask "
            "why, and revise it or give it time, with a reason."
        )
    if second is not Standing.FOR:
        return "The centre does what it said. Whether what was to follow does is not yet known."
    if third is Standing.AGAINST:
        return "The first step holds, and what it was for does not come. That speaks against the second step."
    if third is not Standing.FOR:
        return "The first step holds so far. Whether it reaches what it is for is not yet known."
    return "Every clause keeps to its line. That does not show that one brought about the other; it refutes nothing."


_UNIT_WORDS = {
    Unit.SHARE: "per cent",
    Unit.DAYS: "school days",
    Unit.MINUTES: "minutes",
    Unit.POINTS: "points of 4",
}


def say_value(gauge: Gauge, value: float | None) -> str:
    """ "82%", "10 school days", "3.4 of 4"; "not known" for None."""
    if value is None:
        return "not known"
    match GAUGES[gauge].unit:
        case Unit.SHARE:
            return f"{100 * value:.0f}%"
        case Unit.DAYS:
            return f"{value:g} school day{'' if value == 1 else 's'}"
        case Unit.MINUTES:
            return f"{value:.0f} minute{'' if round(value) == 1 else 's'}"
        case Unit.POINTS:
            return f"{value:.1f} of 4"


def say_line(line: Line) -> str:
    """ "next steps looked at again, at least 80%" """
    return f"{GAUGES[line.gauge].name}, {line.way.words} {say_value(line.gauge, line.value)}"


def _say_counted(rule: GaugeRule, count: float) -> str:
    """ "56 intervals", "1 ILD"; minutes in hours, for there are hundreds of thousands of them"""
    if rule.things == "minutes":
        return f"{count / 60:,.0f} hours"
    return f"{count:,.0f} {rule.things if count != 1 else rule.things.removesuffix('s')}"


def say_standing(line: Line, now: Reading | None) -> str:
    """What the figure of this term says, in words, with what was counted."""
    rule = GAUGES[line.gauge]
    if now is None:
        return "Not yet known: no term has begun."
    match judge(line, now):
        case Standing.FOR:
            return f"Speaks for it: {say_value(line.gauge, now.value)}, from {_say_counted(rule, now.of)}."
        case Standing.AGAINST:
            return (
                f"Speaks against it: {say_value(line.gauge, now.value)}, from {_say_counted(rule, now.of)}."
            )
        case _ if now.days < FEWEST_DAYS:
            return f"Not yet known: the term is {now.days} school day{'' if now.days == 1 else 's'} old."
        case _:
            return f"Not yet known: {_say_counted(rule, now.of)} so far, too few to say."


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
