"""From a question in plain words to its meaning: a query, a refusal, or a question back.

The order is fixed. Names, periods and filters are marked in the line; what asks for the contents of a visit is
refused before anything else; then the measure, its grouping and the follow-up's context are put together; then the
asker's own school or network is filled in and what lies beyond it refused. A word that nothing accounts for makes
the whole unclear: a wrong answer costs more than a question back.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from protocols.insight.asking import (
    ALL,
    asks_content,
    asks_ranking,
    exclude,
    find_filters,
    groupings_in,
    is_word,
    measures_in,
    speaks_of_loss,
)
from protocols.insight.calendar import Calendar, UnknownDate
from protocols.insight.names import Named, correct, find_names
from protocols.insight.periods import Periods, find_periods, same_point
from protocols.insight.permitted import permit
from protocols.insight.query import (
    PLACE_KEYS,
    Asker,
    Grouping,
    Heard,
    Meaning,
    Measure,
    Period,
    Query,
    Refused,
    Role,
    Unclear,
    Why,
)
from protocols.insight.suggestions import suggest
from protocols.insight.vocabulary import Vocabulary
from protocols.insight.wording import Marks, plain

_LONGEST = 1500
_KEYS = {"i": "ild", "n": "network", "l": "level", "t": "tier", "k": "kind", "e": "experience"}
_DAYS = re.compile(
    r"\b(?P<number>\d+) (?:plus |or more |school |calendar |straight |full |whole |"
    r"consecutive |entire |solid )*(?P<unit>day|week|month)s?\b"
    r"|\b(?:for|in|over|than|least|about|after|like|gone|went|go|every|without|of) (?:a|1|"
    r"one) (?:whole |full |entire |solid )?(?P<unit2>week|month)\b"
    r"|\b(?:a|1) (?:whole |full |entire |solid )?(?P<unit3>week|month) (?:or more|plus|without|with no|between)"
)
_DAYS_A = {"day": 1, "week": 7, "month": 30}
_FOLLOWS = re.compile(
    r"(?:ok |okay |thanks |thank you |great |now |so |good |hm+ |no |sorry |actually |i meant? |please |yes )*"
    r"(?:and|but|or|what about|how about|same|just|only|also|instead|then|make (?:it|that)|"
    r"split|break|show (?:me )?(?:that|those|it|the same)|"
    r"that|those|these|them|it|of (?:those|these|them)|compared?|versus|vs|against|with|"
    r"without|excluding|leaving|not|for|in|at|by|per|since|from|i mean|meant|rather|again|"
    r"there|is (?:that|it)|was (?:that|it)|are (?:those|they)|were (?:those|they)|"
    r"how does (?:that|it|this)|how do (?:those|they)|why|who|which|the|this|last)\b"
)
_REFERS = re.compile(r"\b(?:that|those|them|these|it|there|same|the rest|they)\b")
_ASKED_FOR_PLANS = re.compile(
    r"\b(?:planned|planning|scheduled|upcoming|booked|on the (?:calendar|books)|will|going to|"
    r"next visit|coming up|due for|forecast\w*|predict\w*|should (?:i|we|she|he|they) visit|"
    r"(?:schools?|which|who|that|principals?) needs? (?:a )?visit\w*|tomorrow)\b"
)
_UNCOVERED = re.compile(
    r"\b(?:how long (?:is|was|were|are|do|did|does|has) (?:an? |the |their |her |his |our |"
    r"each |my )?(?:average |typical )?(?:visits?|<k\d+>)|(?:length|duration) of|"
    r"average length|attendance|"
    r"week by week|by week|each week|every week|per day|by day|by the day|each day|every day|"
    r"hour of|time of day)\b|\bvisits? (?:per|a) (?:week|day)\b|\bper week\b|\boverdue\b|"
    r"\b(?:bi|tri)?weekly\b|\bhow much did .*\bcost\b|\bcost of\b|"
    r"\bmade (?:good|up)\b|re ?scheduled|rebooked|"
    r"\bwhen (?:was|were|did|is|will|has|have|does|do|should)\b|\blast visit(?:ed)?\b|"
    r"\b(?:percent(?:age)?|share|proportion|fraction) of (?:all |the |our |my |"
    r"<\w+> )*schools\b|"
    r"\bschools (?:with|that (?:had|got|have)) (?:at least|only|exactly|just|more|fewer|less) |"
    r"\b(?:high|low|higher|highest|lower|lowest|greater|greatest|most) ?needs?\b|\b(?:the|that|"
    r"an?) other (?:ild|director|supervisor|school|network|one)\b|"
    r"\b(?:last|this|past|next|previous) (?:week|month|quarter|semester|term|year)\b"
)
_STILL_TO_DO = re.compile(
    r"\bstill (?:have|need|got|want) to\b|\b(?:left|remaining) (?:to|this|for)\b|\bto go\b|"
    r"\byet to (?:do|make|hold)\b"
)
_LENGTH = re.compile(r"\b\d+ (?:minutes?|hours?)\b")
_PROTECTED = {Measure.PROTECTED_KEPT, Measure.PROTECTED_LOST}
_PER_WEEK = {Measure.MINUTES_ASKED, Measure.TIME_IN_SCHOOLS}
_IN_TIME = {*_PROTECTED, *_PER_WEEK}
_BY_OFFICE = {Measure.PROTECTED_LOST, Measure.MANDATES, Measure.MINUTES_ASKED}
_BY_REASON = {Measure.PROTECTED_LOST, Measure.CANCELLED}
_OF_VISITS = {
    Measure.VISITS, Measure.NOT_VISITED, Measure.LONGEST_GAP, Measure.INTERVALS_KEPT, Measure.EVENNESS,
    Measure.CANCELLED, Measure.NEXT_STEPS, Measure.USEFULNESS, Measure.TIME_IN_SCHOOLS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Reading:
    """One message, read on its own: before the context of the question before it is added."""

    line: str
    measures: tuple[Measure, ...]
    is_measure_named: bool
    groupings: tuple[Grouping, ...]
    periods: Periods
    days: int | None
    filters: dict[str, tuple[str, ...]]
    between: tuple[str, ...]
    ilds_named: int
    puzzled_by: tuple[str, ...]


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
    reading = _read(marks, periods, vocabulary, asker, before)
    follows = before is not None and _is_follow_up(reading)
    heard = _merged(reading, before if follows else None, calendar, vocabulary)
    if asks_content(reading.line):
        return Refused(Why.CONTENT, heard)
    if asks_ranking(reading.line, groupings=list(reading.groupings), ilds_named=reading.ilds_named):
        return Refused(Why.RANKING, heard)
    if refusal := permit(
        heard, asker, vocabulary, reading.line, named=reading.filters, groupings=reading.groupings
    ):
        return Refused(refusal, heard)
    try:
        query = _whole(reading, heard, calendar, vocabulary, asker, follows=follows)
    except _Puzzled as puzzled:
        between = puzzled.between or heard.between
        heard = replace(heard, between=between)
        return Unclear(suggest(heard, vocabulary=vocabulary, asker=asker, today=today), heard, puzzled.words)
    if _is_small_group(query, vocabulary):
        return Refused(Why.SMALL_GROUP, Heard.of(query))
    return query


def _heard_before(context: Meaning | None) -> Heard | None:
    match context:
        case None:
            return None
        case Query():
            return Heard.of(context)
        case Refused() | Unclear():
            return context.heard


def _read(
    marks: Marks, periods: Periods, vocabulary: Vocabulary, asker: Asker, before: Heard | None
) -> _Reading:
    own = vocabulary.schools_matching({"network": (asker.network,)}) if asker.network else vocabulary.schools
    everything = {
        **ALL,
        "school": tuple(school.name for school in own),
        "ild": tuple(ild.name for ild in vocabulary.ilds),
        "network": vocabulary.networks,
    }
    marks.line = _asking_part(marks.line)
    named_ilds = len({value for _, value in marks.of("i")})
    filters = exclude(marks, everything)
    line = marks.line
    schools: list[str] = []
    between: tuple[str, ...] = ()
    for _, value in marks.of("s"):
        assert isinstance(value, Named)
        fitting = value.schools
        if len(fitting) > 1 and asker.network:
            fitting = tuple(name for name in fitting if name in everything["school"]) or fitting
        if len(fitting) > 1:
            between = fitting
        else:
            schools.append(fitting[0])
    one_school = False
    for letter, key in _KEYS.items():
        values = [str(value) for _, value in marks.of(letter)]
        one_school = one_school or any(value.endswith("!") for value in values)
        names = tuple(dict.fromkeys(value.rstrip("!") for value in values if value != "both"))
        if names and key not in filters:
            filters[key] = names
    if schools:
        filters["school"] = tuple(dict.fromkeys(schools))
    if one_school or between:
        filters, between = _described(
            filters, between or (before.between if before else ()), vocabulary, asker, one_school=one_school
        )
    groupings = _groupings(marks, filters, vocabulary)
    for key, all_names in (("network", vocabulary.networks), ("ild", everything["ild"]), *ALL.items()):
        present = (
            {school.level for school in vocabulary.schools}
            if key == "level"
            else {school.tier for school in vocabulary.schools}
            if key == "tier"
            else set(all_names)
        )
        if len(filters.get(key, ())) > 1 and set(filters[key]) >= present:
            del filters[key]
    days = _days(line)
    plain_line = (
        line
        if re.search(r"\bhow (?:many|often)|\bnumber of", line)
        else re.sub(r"(<k\d+>) (?:visits?|sessions?|meetings?|ones)\b", r"\1", line)
    )
    measures = measures_in(
        line, has_days=days is not None, has_named_period=periods.period is not None and not periods.rolling
    )
    without_kinds = re.sub(r"<k\d+>", "", plain_line) if before else line
    is_named = bool(measures_in(without_kinds, has_days=days is not None, has_named_period=False)) or (
        bool(measures) and bool(re.search(r"\bhow (?:many|often)\b", line))
    )
    if not measures and before and before.measure in _PROTECTED and speaks_of_loss(line):
        measures, is_named = [Measure.PROTECTED_LOST], True
    measure = measures[0] if measures else None
    groupings = tuple(
        dict.fromkeys(
            (
                *groupings_in(_against_groups_gone(line), measure or (before.measure if before else None)),
                *groupings,
            )
        )
    )
    return _Reading(
        line=line,
        measures=tuple(dict.fromkeys(measures)),
        is_measure_named=is_named,
        groupings=groupings,
        periods=periods,
        days=days,
        filters=filters,
        between=between,
        ilds_named=named_ilds,
        puzzled_by=(*periods.puzzled_by, *_puzzling(line)),
    )


def _against_groups_gone(line: str) -> str:
    return re.sub(r"\bbetween (?=<)", "", line)


def _asking_part(line: str) -> str:
    """The sentences that ask something; greetings, thanks and reasons for asking are left out."""

    sentences = [sentence.strip() for sentence in line.split(" . ")]
    sentences = [sentence.removesuffix(" .").strip(" .") for sentence in sentences]
    asking = [
        sentence
        for sentence in sentences
        if measures_in(sentence, has_days=False, has_named_period=False)
        or re.search(r"<[a-z]\d+>|<o>|\bwhy\b|\bwho\b|\b(?:by|per|each)\b", sentence)
        or asks_content(sentence)
    ]
    return " . ".join(asking or [sentence for sentence in sentences if sentence])


def _described(
    filters: dict[str, tuple[str, ...]],
    between: tuple[str, ...],
    vocabulary: Vocabulary,
    asker: Asker,
    *,
    one_school: bool,
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """A description that fits just one school is that school; one that fits several leaves them to choose between."""

    places = {key: names for key, names in filters.items() if key in {"level", "network", "tier", "ild"}}
    if asker.network and "network" not in places and "ild" not in places:
        places["network"] = (asker.network,)
    fitting = [
        school.name for school in vocabulary.schools_matching(places) if not between or school.name in between
    ]
    if not fitting and asker.network and places.get("network") == (asker.network,):
        fitting = list(between)
    kept = {key: names for key, names in filters.items() if key not in {"level", "network", "tier"}}
    if len(fitting) == 1:
        return kept | {"school": (*filters.get("school", ()), fitting[0])}, ()
    if between and not one_school:
        return filters, between
    return kept, tuple(fitting) or between or ("",)


def _groupings(
    marks: Marks, filters: Mapping[str, tuple[str, ...]], vocabulary: Vocabulary
) -> tuple[Grouping, ...]:
    """Groups set against each other are what the answer is set out by."""

    found: list[Grouping] = []
    experiences = {value for _, value in marks.of("e")}
    if "both" in experiences or len(experiences) > 1:
        found.append(Grouping.EXPERIENCE)
    order = bool(re.search(r"\b(?:more|fewer|less|better|most|least)\b", marks.line))
    join = r"(?:vs|versus|against|compared|than|as opposed to|" + (r"or|" if order else "") + r"stack)"
    for letter, key in ({"s": "school"} | _KEYS).items():
        if len(filters.get(key, ())) < 2:
            continue
        mark = rf"<{letter}\d+>"
        if re.search(rf"{mark}(?: \w+){{0,4}} {join}\b(?: \w+){{0,5}} {mark}", marks.line) or re.search(
            rf"\b(?:compar\w+|difference|differ\w*|versus|side by side)\b.*{mark}.*{mark}|"
            rf"{mark}.*{mark}.*\b(?:compar\w+|side by side|differ\w*|apiece|each|respectively)\b|"
            rf"\bbetween {mark} and {mark}",
            marks.line,
        ):
            found.append(Grouping(key))
    return tuple(found)


def _days(line: str) -> int | None:
    found = _DAYS.search(re.sub(r"\b\d+ (?:minutes?|hours?|percent)\b", "", line))
    if not found:
        return None
    unit = found["unit"] or found["unit2"] or found["unit3"]
    number = int(found["number"]) if found["number"] else 1
    return number * _DAYS_A[unit] if 0 < number < 1000 else None


def _puzzling(line: str) -> tuple[str, ...]:
    """Words that nothing accounts for: names and events that do not exist here, and numbers without a meaning."""

    rest = _DAYS.sub(" ", line)
    rest = re.sub(
        r"<\w+>|\b0 (?=visits?\b)|\b\d+ (?:percent|hours?|minutes?)\b|\bk8\b|\b(?:at least|over|"
        r"more than|minimum of|even)? ?(?:1|once|one)\b|\b[12](?:st|nd)\b|\ball \d+\b|\b\d+ (?=<[lnst]\d)",
        " ",
        rest,
    )
    return tuple(word for word in rest.split() if word != "." and not is_word(word))


def _is_follow_up(reading: _Reading) -> bool:
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


def _merged(reading: _Reading, before: Heard | None, calendar: Calendar, vocabulary: Vocabulary) -> Heard:
    """The message with what the question before it leaves standing: follow-ups keep all they do not change."""

    measure = (
        reading.measures[0]
        if reading.measures and (reading.is_measure_named or before is None or before.measure is None)
        else None
    )
    by = _fitting(reading.groupings, measure or (before.measure if before else None))
    period, compare = reading.periods.period, reading.periods.compare
    if before is None:
        return Heard(measure, by, period, compare, reading.days, reading.filters, reading.between)
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
    if days is None and measure in {None, before.measure} and (reading.periods.period is None):
        days = before.days
    filters = dict(before.filters)
    if (
        reading.between
        or any(key in reading.filters for key in PLACE_KEYS)
        or re.search(
            r"\b(?:overall|district ?wide|(?:whole|entire|across the) district|all (?:the )?(?:schools|"
            r"networks)|everywhere|all of them)\b",
            reading.line,
        )
    ):
        filters = {key: names for key, names in filters.items() if key not in PLACE_KEYS}
    if "school" in reading.filters:
        filters = _beside_schools(filters, reading.filters["school"], vocabulary)
    filters |= reading.filters
    kept_by = before.by if _fitting((before.by,) if before.by else (), merged_measure) else None
    return Heard(
        measure=merged_measure,
        by=by or kept_by,
        period=period or before.period,
        compare=compare or (before.compare if reading.periods.period is None else None),
        days=days,
        filters=filters,
        between=reading.between,
    )


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


def _fitting(groupings: tuple[Grouping, ...], measure: Measure | None) -> Grouping | None:
    """The grouping that the measure can be set out by; lists of schools are lists of schools as they are."""

    for by in groupings:
        if by is Grouping.SCHOOL and measure is Measure.NOT_VISITED:
            continue
        if by is Grouping.SCHOOL and measure is Measure.MINUTES_ASKED and len(groupings) > 1:
            continue
        if by is Grouping.OFFICE and measure is not None and measure not in _BY_OFFICE:
            continue
        if (
            by is Grouping.REASON
            and measure is not None
            and measure not in _BY_REASON | {Measure.PROTECTED_KEPT}
        ):
            continue
        if by is Grouping.KIND and measure is not None and measure not in _OF_VISITS:
            continue
        return by
    return None


def _whole(
    reading: _Reading,
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
    if reading.between:
        raise _Puzzled(between=tuple(name for name in reading.between if name))
    if heard.measure is None or len(reading.measures) > 1:
        raise _Puzzled()
    if (
        not follows
        and not reading.is_measure_named
        and re.match(r"(?:and|but|what about|how about|same|also) ", reading.line)
    ):
        raise _Puzzled("the question before this one")
    if not follows and re.match(
        r"(?:and )?(?:what about|how about|same (?:for|thing)|split (?:that|it)|break (?:that|it))\b",
        reading.line,
    ):
        raise _Puzzled("the question before this one")
    is_about_held = heard.measure not in {
        Measure.CANCELLED,
        Measure.PROTECTED_LOST,
        Measure.PROTECTED_KEPT,
        Measure.MANDATES,
        Measure.MINUTES_ASKED,
    }
    if is_about_held and _ASKED_FOR_PLANS.search(reading.line):
        raise _Puzzled("what is still planned")
    if heard.measure is Measure.VISITS and _STILL_TO_DO.search(reading.line):
        raise _Puzzled("what is still to do")
    if (found := _LENGTH.search(reading.line)) and heard.measure not in _IN_TIME:
        raise _Puzzled(found[0])
    if _sets_out_twice(reading):
        raise _Puzzled(*(f"by {by}" for by in reading.groupings))
    if (found := _UNCOVERED.search(reading.line)) and not (heard.measure in _PER_WEEK and "week" in found[0]):
        raise _Puzzled(found[0])
    wanted = [by for by in reading.groupings if by in {Grouping.OFFICE, Grouping.REASON, Grouping.KIND}]
    if wanted and heard.by not in reading.groupings:
        raise _Puzzled(f"by {wanted[0]}")
    if heard.filters.get("kind") and heard.measure not in _OF_VISITS:
        raise _Puzzled("that kind of visit")
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


def _sets_out_twice(reading: _Reading) -> bool:
    """Whether two groupings are asked for at once; a list of schools, and a reason besides, do not count."""

    lists = reading.measures[:1] in {(Measure.NOT_VISITED,), (Measure.LONGEST_GAP,), (Measure.MINUTES_ASKED,)}
    asked = [
        by for by in reading.groupings if by is not Grouping.REASON and not (lists and by is Grouping.SCHOOL)
    ]
    return len(asked) > 1


def _with_days(reading: _Reading, heard: Heard, calendar: Calendar) -> Heard:
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


def _is_small_group(query: Query, vocabulary: Vocabulary) -> bool:
    """Anonymous answers of fewer than five principals, as far as the names and groups of the question tell."""

    if query.measure is not Measure.USEFULNESS:
        return False
    schools = vocabulary.schools_matching(query.filters)
    if len(schools) < _FEWEST:
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
    return any(groups.count(group) < _FEWEST for group in groups)


_FEWEST = 5
