"""A message that leaves something to the question before it: follow-ups keep all they do not change."""

import re
from collections.abc import Mapping
from dataclasses import replace

from protocols.insight.against import Periods, same_point
from protocols.insight.calendar import Calendar, UnknownDate
from protocols.insight.query import PLACE_KEYS, Grouping, Heard, Measure, Period
from protocols.insight.reading import Reading
from protocols.insight.vocabulary import Vocabulary

_FOLLOWS = re.compile(
    r"(?:ok |okay |thanks |thank you |great |now |so |good |hm+ |no |sorry |actually |i meant? |please |"
    r"yes )*"
    r"(?:and|but|or|what about|how about|same|just|only|also|instead|then|make (?:it|that)|"
    r"split|break|show (?:me )?(?:that|those|it|the same)|"
    r"that|those|these|them|it|of (?:those|these|them)|compared?|versus|vs|against|with|"
    r"without|excluding|leaving|not|for|in|at|by|per|since|from|i mean|meant|rather|again|"
    r"there|is (?:that|it)|was (?:that|it)|are (?:those|they)|were (?:those|they)|"
    r"how does (?:that|it|this)|how do (?:those|they)|why|who|which|the|this|last)\b"
)
BY_OFFICE = {Measure.PROTECTED_LOST, Measure.MANDATES, Measure.MINUTES_ASKED, Measure.TAKEN_OFF}
_BY_REASON = {Measure.PROTECTED_LOST, Measure.CANCELLED, Measure.MADE_GOOD, Measure.TAKEN_OFF}
_OVER_TIME = {Grouping.MONTH, Grouping.TERM}
_OVERALL = (
    r"^(?:and |what about |how about |now )*(?:the |for the )?district$|\b(?:overall|district ?wide|"
    r"(?:whole|entire|across the) district|all (?:the )?(?:schools|networks)|everywhere|"
    r"all of them)\b"
)
"""Words that take the places of the question before away."""
_AT_PRESENT = re.compile(r"\b(?:now|right now|today|currently|at present|at the moment|these days)$")
"""Words at the end of a question that take its predecessor's period away: it asks how things stand."""
_OF_SCHOOLS = ("level", "tier", "experience")
_AGAIN = r"\b(?:again|repeat|once more)\b"
OF_VISITS = {
    Measure.VISITS, Measure.NOT_VISITED, Measure.LONGEST_GAP, Measure.INTERVALS_KEPT, Measure.EVENNESS,
    Measure.CANCELLED, Measure.MADE_GOOD, Measure.NEXT_STEPS, Measure.USEFULNESS, Measure.TIME_IN_SCHOOLS,
}  # fmt: skip


def is_follow_up(reading: Reading) -> bool:
    """A message that leaves something to the question before it, or says so; one complete in itself is not."""

    if not reading.is_measure_named:
        return True
    if reading.periods.period is not None and not re.match(
        r"(?:and|but|what about|how about|same|now) ", reading.line
    ):
        return (
            bool(re.search(r"\b(?:that|those|them|there|same)\b", reading.line))
            and len(reading.line.split()) < 12
        )
    if reading.days is not None:
        return bool(_FOLLOWS.match(reading.line)) and not reading.line.startswith(
            ("which", "who", "for", "in")
        )
    return True


def merge(reading: Reading, before: Heard | None, calendar: Calendar, vocabulary: Vocabulary) -> Heard:
    """The message with what the question before it leaves standing: follow-ups keep all they do not change."""

    measure = (
        reading.measures[0]
        if reading.measures and (reading.is_measure_named or before is None or before.measure is None)
        else None
    )
    by = fitting(reading.groupings, measure or (before.measure if before else None))
    period, compare = reading.periods.period, reading.periods.compare
    if before is None:
        return Heard(measure, by, period, compare, reading.days, reading.filters, reading.between)
    if reading.is_measure_named and period is None and _AT_PRESENT.search(reading.line):
        before = replace(before, period=None, compare=None)
    if reading.periods.is_against and before.period:
        compare = same_point(before.period, calendar) if reading.periods.is_same_point else compare or period
        period = before.period
    elif reading.periods.is_same_point and before.period:
        period = same_point(before.period, calendar)
    elif reading.periods.back and before.period:
        unit = "semester" if reading.periods.back == "term" else reading.periods.back
        try:
            period = calendar.before(
                before.period,
                unit if unit not in {"period", "one", "stretch"} else _unit_like(before.period, calendar),
            )
        except UnknownDate:
            period = None
    merged_measure = measure or before.measure
    if by is Grouping.REASON and measure is None and before.measure is Measure.PROTECTED_KEPT:
        merged_measure = Measure.PROTECTED_LOST
    days = reading.days
    is_same_figure = measure in {None, before.measure}
    is_gap = (
        before.measure is Measure.LONGEST_GAP
    )  # whose days are no stretch up to today: another period keeps them
    if days is None and is_same_figure and (is_gap or reading.periods.period is None):
        days = before.days
    filters = dict(before.filters)
    if (
        reading.between
        or any(key in reading.filters for key in PLACE_KEYS)
        or re.search(_OVERALL, reading.line)
    ):
        filters = {key: names for key, names in filters.items() if key not in PLACE_KEYS}
    if any(key in reading.filters for key in _OF_SCHOOLS):
        filters.pop("school", None)  # whoever asks about a group of schools no longer means the one before
    if "school" in reading.filters:
        filters = _beside_schools(filters, reading.filters["school"], vocabulary)
    filters |= reading.filters
    # What is set out by offices, kinds or networks is one figure's answer; another figure is asked as a whole.
    kept_by = before.by if merged_measure is before.measure else None
    return Heard(
        measure=merged_measure,
        by=by or kept_by,
        period=period or before.period,
        compare=compare or (before.compare if reading.periods.period is None else None),
        days=days,
        filters=filters,
        between=reading.between or _still_between(reading, before),
        missed=None if reading.is_measure_named else before.missed,
    )


def _still_between(reading: Reading, before: Heard) -> tuple[str, ...]:
    """The schools that a name fitted in the question before, where this message does not say which was meant."""

    if reading.is_measure_named or any(key in reading.filters for key in PLACE_KEYS):
        return ()
    return before.between


def says_nothing(reading: Reading) -> bool:
    """Whether a message changes nothing of the question before it: "tell me more" asks for what is not here."""

    said = (reading.measures, reading.groupings, reading.filters, reading.between, reading.days)
    is_said = any(said) or reading.periods != Periods()
    return not is_said and not re.search(rf"{_OVERALL}|{_AGAIN}", reading.line)


def _beside_schools(
    filters: Mapping[str, tuple[str, ...]], schools: tuple[str, ...], vocabulary: Vocabulary
) -> dict[str, tuple[str, ...]]:
    """The filters of the question before that leave any of the schools now named; the others fall away."""

    kept = dict(filters)
    for key in ("level", "tier"):
        places = {"school": schools} | {key: filters[key]} if filters.get(key) else {}
        if places and not vocabulary.schools_matching(places):
            del kept[key]
    return kept


def _unit_like(period: Period, calendar: Calendar) -> str:
    """The unit that a period is one of: a week, month, semester, quarter or year; else as many days."""

    for unit in ("week", "month", "semester", "quarter", "year"):
        try:
            if calendar.current(unit).start == period.start:
                return unit
        except UnknownDate:
            continue
    if calendar.month(period.start) == period:
        return "month"
    if calendar.week(period.start) == period:
        return "week"
    return "rolling"


def fitting(groupings: tuple[Grouping, ...], measure: Measure | None) -> Grouping | None:
    """The grouping that the measure can be set out by; lists of schools are lists of schools as they are."""

    for by in groupings:
        if by is Grouping.SCHOOL and measure is Measure.NOT_VISITED:
            continue
        if by is Grouping.SCHOOL and measure is Measure.MINUTES_ASKED and len(groupings) > 1:
            continue
        if by is Grouping.SCHOOL and measure is Measure.EVENNESS:
            continue
        if by is Grouping.OFFICE and measure is not None and measure not in BY_OFFICE:
            continue
        if (
            by is Grouping.REASON
            and measure is not None
            and measure not in _BY_REASON | {Measure.PROTECTED_KEPT}
        ):
            continue
        if by is Grouping.KIND and measure is not None and measure not in OF_VISITS:
            continue
        if by is Grouping.PHASE and measure is not Measure.CYCLES:
            continue
        if by in _OVER_TIME and measure is Measure.CYCLES:
            continue
        return by
    return None
