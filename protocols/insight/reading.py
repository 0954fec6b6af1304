"""One message read on its own: the measure, groupings, filters and days its words name, and the words that puzzle."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from protocols.insight.against import Periods
from protocols.insight.filters import ALL, exclude
from protocols.insight.groupings import groupings_in
from protocols.insight.measure_words import measures_in, speaks_of_loss, speaks_of_stand_ins
from protocols.insight.names import Named
from protocols.insight.query import Asker, Grouping, Heard, Measure
from protocols.insight.sentences import asked_part, asking_part
from protocols.insight.span_words import DAYS
from protocols.insight.vocabulary import Vocabulary
from protocols.insight.wording import Marks, is_word

_KEYS = {"i": "ild", "n": "network", "l": "level", "t": "tier", "k": "kind", "e": "experience"}
_BARE_NUMBER = re.compile(r"^(?:(?:and|make (?:it|that)|what about|how about|try|now|say|or|ok) )*\d+$")
_DAYS_A = {"day": 1, "week": 7, "month": 30}


@dataclass(frozen=True, slots=True)
class Reading:
    """One message, read on its own: before the context of the question before it is added.

    `line` is all that it says about visits, people and times; `asked` is the part of it that puts the question, without
    what was only told before it ("we feel forgotten out here").
    """

    line: str
    asked: str
    measures: tuple[Measure, ...]
    is_measure_named: bool
    groupings: tuple[Grouping, ...]
    periods: Periods
    days: int | None
    filters: dict[str, tuple[str, ...]]
    between: tuple[str, ...]
    ilds_named: int
    puzzled_by: tuple[str, ...]


def read(
    marks: Marks, periods: Periods, vocabulary: Vocabulary, asker: Asker, before: Heard | None
) -> Reading:
    """Read a line in which names, periods and filters are marks. `before` is what the question before it asked."""

    everything = _everything(vocabulary, asker.network)
    marks.line = asking_part(marks.line)
    if before and before.days and before.days % 7:
        marks.line = re.sub(_BARE_NUMBER, r"\g<0> days", marks.line)
    named_ilds = len({value for _, value in marks.of("i")})
    filters = exclude(marks, everything, has_context=before is not None)
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
    if before and before.between and not schools and re.search(r"\b(?:both|all|each)\b", line):
        schools = list(before.between)
    is_rest = "school" in filters
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
            filters, between or _spoken_of(before, vocabulary), vocabulary, asker, one_school=one_school
        )
    if is_rest:
        here = {school.name for school in vocabulary.schools_matching(filters)}
        filters["school"] = tuple(name for name in filters["school"] if name in here) or filters["school"]
    groupings = _groupings(marks, filters, vocabulary)
    for key, all_names in (("network", vocabulary.networks), ("ild", everything["ild"]), *ALL.items()):
        if len(filters.get(key, ())) > 1:
            present = (
                {school.level for school in vocabulary.schools}
                if key == "level"
                else {school.tier for school in vocabulary.schools}
                if key == "tier"
                else set(all_names)
            )
            if set(filters[key]) >= present:
                del filters[key]
    asked = asked_part(line)
    days = _days(asked)
    plain_line = (
        asked
        if re.search(r"\bhow (?:many|often)|\bnumber of", asked)
        else re.sub(r"(<k\d+>) (?:visits?|sessions?|meetings?|ones)\b", r"\1", asked)
    )
    measures = measures_in(
        asked, has_days=days is not None, has_named_period=periods.period is not None and not periods.rolling
    )
    without_kinds = re.sub(r"<k\d+>", "", plain_line) if before else asked
    is_named = bool(measures_in(without_kinds, has_days=days is not None, has_named_period=False)) or (
        bool(measures) and bool(re.search(r"\bhow (?:many|often)\b", asked))
    )
    if (
        not measures
        and before
        and before.measure in {Measure.PROTECTED_KEPT, Measure.PROTECTED_LOST}
        and speaks_of_loss(asked)
    ):
        measures, is_named = [Measure.PROTECTED_LOST], True
    if not measures and before and before.measure is Measure.CANCELLED and speaks_of_stand_ins(line):
        measures, is_named = [Measure.MADE_GOOD], True
    if before and (turned := _turned(asked, before, measures)):
        measures, is_named = [turned], True
    measure = measures[0] if measures else None
    named = groupings_in(_against_groups_gone(asked), measure or (before.measure if before else None))
    if groupings and re.search(r"\bwho\b", asked):
        # "New or veteran principals, who is seen more" asks which of these groups.
        named = [by for by in named if by not in {Grouping.SCHOOL, Grouping.ILD} or by in groupings]
    groupings = tuple(dict.fromkeys((*named, *groupings)))
    return Reading(
        line=line,
        asked=asked,
        measures=tuple(dict.fromkeys(measures)),
        is_measure_named=is_named,
        groupings=groupings,
        periods=periods,
        days=days,
        filters=filters,
        between=between,
        ilds_named=named_ilds,
        puzzled_by=(*periods.puzzled_by, *_puzzling(asked if _stands_alone(asked) else line)),
    )


def _stands_alone(asked: str) -> bool:
    """Whether nothing in the part that asks points back at somebody or something that was told of before it."""

    return not re.search(
        r"\b(?:he|she|her|hers|him|his|they|them|their|that|those|this|these|it|its|such|same|1s|ones)\b",
        asked,
    )


@lru_cache(maxsize=64)
def _everything(vocabulary: Vocabulary, network: str | None) -> Mapping[str, tuple[str, ...]]:
    """All names of each filter; of the schools, those of the asker's network, where there is one."""

    own = vocabulary.schools_matching({"network": (network,)}) if network else vocabulary.schools
    return {
        **ALL,
        "school": tuple(school.name for school in own),
        "ild": tuple(ild.name for ild in vocabulary.ilds),
        "network": vocabulary.networks,
    }


def _against_groups_gone(line: str) -> str:
    return re.sub(r"\bbetween (?=<)", "", line)


def _spoken_of(before: Heard | None, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The schools that "the high school" may mean after the question before: those it left to choose between, or
    those that share their name with its only school."""

    if before is None or before.between:
        return before.between if before else ()
    match before.filters.get("school", ()):
        case (name,):
            first = name.split()[0]
            alike = [school.name for school in vocabulary.schools if school.name.startswith(f"{first} ")]
            return tuple(alike) if len(alike) > 1 and len(first) > 3 else ()
        case _:
            return ()


def _turned(asked: str, before: Heard, measures: list[Measure]) -> Measure | None:
    """What a follow-up asks of the question before it without naming it: who was visited after who was not, and those
    that ended "without one" after next steps."""

    if before.measure is Measure.NOT_VISITED and re.search(
        r"\b(?:which|who)\b.* did (?:get|have|see|receive)\b", asked
    ):
        return None if re.search(r"\b(?:not|no|never)\b", asked) else Measure.VISITS
    if before.measure is Measure.VISITS and re.search(
        r"\b(?:which|who)\b(?: \S+){0,4} (?:not|never)(?: yet| been| been to)?$", asked
    ):
        return Measure.NOT_VISITED
    if before.measure is Measure.NEXT_STEPS and measures == [Measure.VISITS]:
        return Measure.NEXT_STEPS if re.search(r"\b(?:with|without|in) (?:1|one|any|them)$", asked) else None
    return None


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
    join = (
        r"(?:vs|versus|against|compared|compares? (?:to|with|against)|than|as opposed to|"
        + (r"or|" if order else "")
        + r"stack)"
    )
    for letter, key in ({"s": "school"} | _KEYS).items():
        if len(filters.get(key, ())) < 2:
            continue
        mark = rf"<{letter}\d+>"
        if re.search(rf"{mark}(?: \w+){{0,8}} {join}\b(?: \w+){{0,5}} {mark}", marks.line) or re.search(
            rf"\b(?:compar\w+|difference|differ\w*|versus|side by side|breakdown|split|"
            rf"mix of)\b.*{mark}.*{mark}|"
            rf"{mark}.*{mark}.*\b(?:compar\w+|split|breakdown|ratio|separately|side by side|differ\w*|"
            rf"apiece|each|respectively)\b|"
            rf"{mark}.*\bas (?:many|much|often|well|evenly)(?: \S+){{0,4}} as(?: \w+){{0,3}} {mark}|"
            rf"\bbetween {mark} and {mark}|{mark}.*\bcompared (?:to|with|against) (?:the )?{mark}",
            marks.line,
        ):
            found.append(Grouping(key))
    return tuple(found)


def _days(line: str) -> int | None:
    found = DAYS.search(re.sub(r"\b\d+ (?:minutes?|hours?|percent)\b", "", line))
    if not found:
        return None
    unit = found["unit"] or found["unit2"] or found["unit3"]
    number = int(found["number"]) if found["number"] else 1
    return number * _DAYS_A[unit] if 0 < number < 1000 else None


def _puzzling(line: str) -> tuple[str, ...]:
    """Words that nothing accounts for: names and events that do not exist here, and numbers without a meaning."""

    rest = DAYS.sub(" ", line)
    rest = re.sub(
        r"<\w+>|\b0 (?=visits?\b|<k)|\b\d+ (?:percent|hours?|minutes?)\b|\bk8\b|\b(?:at least|over|"
        r"more than|minimum of|even)? ?(?:1|once|one)\b|\b[12](?:st|nd)\b|\ball \d+\b|\b\d+ (?=<[lnst]\d)",
        " ",
        rest,
    )
    return tuple(word for word in rest.split() if word != "." and not is_word(word))
