"""Two near questions that would be understood, from as much as was heard."""

from datetime import date, timedelta

from protocols.insight.description import describe
from protocols.insight.follow_ups import BY_OFFICE
from protocols.insight.query import PLACE_KEYS, Asker, Grouping, Heard, Measure, Period, Query, Role
from protocols.insight.vocabulary import Vocabulary

_THREE_WEEKS = 21


def suggest(heard: Heard, *, vocabulary: Vocabulary, asker: Asker, today: date) -> tuple[str, str]:
    """Two questions near to what was heard, in words that are understood; only such as the asker may ask."""

    year = vocabulary.year_of(today)
    start = min(year.start, today) if year else today.replace(month=1, day=1)
    period = heard.period or Period(start, today)
    measure = heard.measure or Measure.VISITS
    if measure is Measure.USEFULNESS and asker.role is not Role.EXECUTIVE:
        measure = Measure.VISITS
    by = heard.by if asker.role in {Role.EXECUTIVE, Role.ADMIN} else None
    if measure is Measure.USEFULNESS or by in {Grouping.OFFICE, Grouping.REASON}:
        by = None
    if asker.role is Role.PRINCIPAL:
        if measure in {Measure.NOT_VISITED, Measure.LONGEST_GAP}:
            measure = Measure.VISITS
        queries = (Query(one, period.start, period.end) for one in (measure, Measure.LONGEST_GAP))
        first, second = (describe(query, today=today) for query in queries)
        return first, second
    days = heard.days if measure is Measure.NOT_VISITED else None
    if days:
        period = Period(today - timedelta(days=days - 1), today)
    plain = Query(measure, period.start, period.end, by, days=days)
    if (
        len(heard.between) > 1
        and not any(heard.filters.get(key) for key in PLACE_KEYS)
        and measure is not Measure.USEFULNESS
    ):
        queries = (
            Query(measure, period.start, period.end, days=days, filters={"school": (school,)})
            for school in heard.between[:2]
        )
        first, second = (describe(query, today=today) for query in queries)
        return first, second
    other = Query(Measure.NOT_VISITED, today - timedelta(days=_THREE_WEEKS - 1), today, days=_THREE_WEEKS)
    if measure in BY_OFFICE and asker.role in {Role.EXECUTIVE, Role.ADMIN}:
        other = Query(measure, period.start, period.end, Grouping.OFFICE)
    if measure is Measure.NOT_VISITED and days == _THREE_WEEKS:
        other = Query(Measure.VISITS, period.start, period.end)
    return describe(plain, today=today), describe(other, today=today)
