"""From a question in plain words to its meaning: a query, a refusal, or a question back.

The order is fixed. Names, periods and filters are marked in the line; what asks for the contents of a visit is
refused before anything else; then the measure, its grouping and the follow-up's context are put together; then the
asker's own school or network is filled in and what lies beyond it refused. A word that nothing accounts for makes
the whole unclear: a wrong answer costs more than a question back.
"""

import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from protocols.insight.accounting import unused
from protocols.insight.calendar import Calendar
from protocols.insight.filters import find_filters
from protocols.insight.follow_ups import OF_VISITS, is_follow_up, merge, says_nothing
from protocols.insight.leftovers import left_over
from protocols.insight.names import correct, find_names
from protocols.insight.periods import find_periods
from protocols.insight.permitted import permit
from protocols.insight.query import (
    PLACE_KEYS,
    Asker,
    Grouping,
    Heard,
    Meaning,
    Measure,
    Missed,
    Period,
    Query,
    Refused,
    Role,
    Unclear,
    Why,
)
from protocols.insight.reading import Reading, read
from protocols.insight.refusals import asks_content, asks_ranking
from protocols.insight.suggestions import suggest
from protocols.insight.uncovered import uncovered
from protocols.insight.vocabulary import Vocabulary
from protocols.insight.wording import Marks, is_word, plain

_LONGEST = 1500
_FEWEST = 5
_ONE_BY_ONE = re.compile(
    r"\b(?:individual\w*|1 by 1|one by one|separate\w*|raw|(?:each|every|per) principals?|responses?)\b"
)
_NEVER_DROPPED = {Grouping.OFFICE, Grouping.REASON, Grouping.KIND, Grouping.PHASE}
"""What an answer is set out by is never left out of it without a word: where it does not fit, one is asked back."""


class _Puzzled(Exception):
    """What was heard makes no whole; the words that were not understood, and the schools a name fits."""

    def __init__(self, *words: str, between: tuple[str, ...] = ()) -> None:
        super().__init__(*words)
        self.words = words
        self.between = between


def understand(
    text: str, *, vocabulary: Vocabulary, asker: Asker, today: date, context: Meaning | None = None
) -> Meaning:
    """What a question asks. `context` is the meaning of the question the same person asked just before.

    Never raises for any text. A principal's query always has exactly her own school; an ILD's stays in her network.
    """

    calendar = Calendar(vocabulary, today)
    before = _heard_before(context)
    marks = Marks(correct(plain(text[:_LONGEST]), vocabulary, is_word))
    find_names(marks, vocabulary, asker)
    periods = find_periods(marks, calendar)
    find_filters(marks)
    reading = read(marks, periods, vocabulary, asker, before)
    follows = before is not None and is_follow_up(reading)
    heard = merge(reading, before if follows else None, calendar, vocabulary)
    is_count = re.search(r"\bhow (?:many|often)\b|\bwhat (?:share|percent\w*|proportion)\b", reading.asked)
    if asks_content(reading.asked if is_count else reading.line):
        return Refused(Why.CONTENT, heard)
    if asks_ranking(
        reading.line,
        groupings=_ordered_by(reading, before if follows else None, heard),
        ilds_named=reading.ilds_named,
    ):
        return Refused(Why.RANKING, heard)
    if refusal := permit(
        heard, asker, vocabulary, reading.line, named=reading.filters, groupings=reading.groupings
    ):
        return Refused(refusal, heard)
    try:
        query = _whole(reading, heard, calendar, vocabulary, asker, follows=follows)
    except _Puzzled as puzzled:
        between = puzzled.between or heard.between
        heard = replace(heard, between=between, missed=_missed(reading, puzzled, heard))
        return Unclear(suggest(heard, vocabulary=vocabulary, asker=asker, today=today), heard, puzzled.words)
    if _is_small_group(query, vocabulary, reading.asked):
        return Refused(Why.SMALL_GROUP, Heard.of(query))
    return query


def _missed(reading: Reading, puzzled: _Puzzled, heard: Heard) -> Missed | None:
    """What the next message must say before the question is answered; None where it only has to complete it."""

    if reading.periods.puzzled_by:
        return Missed.TIME
    if reading.puzzled_by:
        return Missed.NAME
    if heard.missed:
        return heard.missed
    return Missed.FIGURE if puzzled.words or len(reading.measures) > 1 else None


def _is_still_missed(reading: Reading, missed: Missed | None) -> bool:
    """Whether a follow-up leaves open what the question before it was asked back for."""

    match missed:
        case Missed.TIME:
            return reading.periods.period is None
        case Missed.NAME:
            return not any(reading.filters.get(key) for key in PLACE_KEYS)
        case _:
            return missed is not None


def _ordered_by(reading: Reading, before: Heard | None, heard: Heard) -> list[Grouping]:
    """What "who had the most" would put in an order: after figures by ILD, ILDs."""

    if (
        before
        and before.by is Grouping.ILD
        and re.search(r"\b(?:who|whose|which (?:one|of them))\b", reading.line)
    ):
        return [Grouping.ILD]
    return list(reading.groupings or ((heard.by,) if heard.by else ()))


def _heard_before(context: Meaning | None) -> Heard | None:
    match context:
        case None:
            return None
        case Query():
            return Heard.of(context)
        case Refused() | Unclear():
            return context.heard


def _whole(
    reading: Reading,
    heard: Heard,
    calendar: Calendar,
    vocabulary: Vocabulary,
    asker: Asker,
    *,
    follows: bool,
) -> Query:
    """The query, or _Puzzled where it is not whole or not sure."""

    if reading.puzzled_by:
        raise _Puzzled(*reading.puzzled_by)
    if follows and not reading.is_measure_named and _is_still_missed(reading, heard.missed):
        raise _Puzzled("the question before this one")
    if heard.between:
        raise _Puzzled(between=tuple(name for name in heard.between if name))
    if heard.measure is None or len(reading.measures) > 1:
        raise _Puzzled()
    if (
        not follows
        and not reading.is_measure_named
        and re.match(r"(?:and|but|what about|how about|same|also) ", reading.line)
    ):
        raise _Puzzled("the question before this one")
    if follows and says_nothing(reading):
        raise _Puzzled()
    if not follows and re.match(
        r"(?:and )?(?:what about|how about|same (?:for|thing)|split (?:that|it)|break (?:that|it))\b",
        reading.line,
    ):
        raise _Puzzled("the question before this one")
    if about := uncovered(reading.asked, heard.measure, asker.role):
        raise _Puzzled(about)
    if _sets_out_twice(reading):
        raise _Puzzled(*(f"by {by}" for by in reading.groupings))
    never_dropped = (
        _NEVER_DROPPED | {Grouping.MONTH, Grouping.TERM}
        if heard.measure is Measure.CYCLES
        else _NEVER_DROPPED
    )
    wanted = [by for by in reading.groupings if by in never_dropped]
    if wanted and heard.by not in reading.groupings:
        raise _Puzzled(f"by {wanted[0]}")
    if heard.filters.get("kind") and heard.measure not in OF_VISITS:
        raise _Puzzled("that kind of visit")
    if word := left_over(reading.asked, heard) or unused(reading.asked, heard):
        raise _Puzzled(word)
    heard = _with_days(reading, heard, calendar)
    assert heard.measure is not None
    period = heard.period or Period(
        calendar.year.start, max(calendar.year.start, min(calendar.today, calendar.year.end))
    )
    filters = _own(heard, asker, vocabulary)
    return Query(
        measure=heard.measure,
        from_=period.start,
        to=period.end,
        by=heard.by,
        compare_from=heard.compare.start if heard.compare else None,
        compare_to=heard.compare.end if heard.compare else None,
        days=heard.days,
        filters=filters,
    )


def _sets_out_twice(reading: Reading) -> bool:
    """Whether two groupings are asked for at once; a list of schools, and a reason besides, do not count."""

    lists = reading.measures[:1] in {
        (Measure.NOT_VISITED,),
        (Measure.LONGEST_GAP,),
        (Measure.MINUTES_ASKED,),
        (Measure.EVENNESS,),
    }
    asked = [
        by for by in reading.groupings if by is not Grouping.REASON and not (lists and by is Grouping.SCHOOL)
    ]
    return len(asked) > 1


def _with_days(reading: Reading, heard: Heard, calendar: Calendar) -> Heard:
    """The number of days, where the measure has one, and the period it gives."""

    days, period = heard.days, heard.period
    if heard.measure is Measure.NOT_VISITED:
        if reading.days is None and reading.periods.rolling:
            days = reading.periods.rolling
        if (
            days is not None
            and reading.periods.as_of is None
            and reading.periods.period is not None
            and not reading.periods.rolling
        ):
            return replace(heard, measure=Measure.LONGEST_GAP, days=days)
        if days is not None:
            end = reading.periods.as_of or (
                period.end if period and reading.periods.period is None else calendar.today
            )
            return replace(heard, days=days, period=Period(end - timedelta(days=days - 1), end))
        return replace(heard, days=None)
    if heard.measure is Measure.LONGEST_GAP:
        return replace(heard, by=None if days is not None and heard.by is Grouping.SCHOOL else heard.by)
    if reading.days is not None:
        stretch = re.search(
            r"\b(?:in|over|within|for|about) (?:the |these |those )?\d+ (?:day|week|month)", reading.line
        )
        if reading.periods.period is not None or not stretch:
            raise _Puzzled(f"{reading.days} days")
        period = Period(calendar.today - timedelta(days=reading.days - 1), calendar.today)
    return replace(heard, days=None, period=period)


def _own(heard: Heard, asker: Asker, vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """The filters with the asker's own school or network filled in."""

    filters = {key: names for key, names in heard.filters.items() if names}
    if asker.role is Role.PRINCIPAL and asker.school:
        kept = {key: names for key, names in filters.items() if key in {"ild", "kind"}}
        return {"school": (asker.school,)} | kept
    if asker.role is Role.ILD and asker.name and not any(filters.get(key) for key in PLACE_KEYS):
        return filters | {"ild": (asker.name,)}
    return filters


def _is_small_group(query: Query, vocabulary: Vocabulary, asked: str) -> bool:
    """Anonymous answers of fewer than five principals, as far as the names and groups of the question tell."""

    if query.measure is not Measure.USEFULNESS:
        return False
    schools = vocabulary.schools_matching(query.filters)
    if len(schools) < _FEWEST or _ONE_BY_ONE.search(asked):
        return True
    match query.by:
        case Grouping.SCHOOL:
            return True
        case Grouping.ILD | Grouping.NETWORK:
            groups = [school.network for school in schools]
        case Grouping.LEVEL:
            groups = [school.level for school in schools]
        case Grouping.TIER:
            groups = [school.tier for school in schools]
        case _:
            return False
    return min(Counter(groups).values(), default=0) < _FEWEST
