"""What a question about visits and protected time can mean: the query, and the two ways of not answering.

A question ends as one of three values. `Query` names a measure, how it is set out (`by`), the period, the period
it is held against, a number of days where the measure has one, and filters. `Refused` says which promise of trust
the answer would break. `Unclear` asks back: it holds what was heard, so that the next message can complete it.

The JSON of a query is a contract with other programs (`ask --json`, saved subscriptions); its keys are
measure, by, from, to, compare_from, compare_to, days, filters.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Self, TypeVar

Word = TypeVar("Word", bound=StrEnum)


class Measure(StrEnum):
    """What is counted; each is defined in `measures`."""

    VISITS = "visits"
    NOT_VISITED = "not_visited"
    LONGEST_GAP = "longest_gap"
    INTERVALS_KEPT = "intervals_kept"
    EVENNESS = "evenness"
    TIME_IN_SCHOOLS = "time_in_schools"
    CANCELLED = "cancelled"
    MADE_GOOD = "made_good"
    PROTECTED_KEPT = "protected_kept"
    PROTECTED_LOST = "protected_lost"
    NEXT_STEPS = "next_steps"
    MANDATES = "mandates"
    TAKEN_OFF = "taken_off"
    MINUTES_ASKED = "minutes_asked"
    CYCLES = "cycles"
    USEFULNESS = "usefulness"


class Grouping(StrEnum):
    """What an answer is set out by."""

    SCHOOL = "school"
    ILD = "ild"
    NETWORK = "network"
    LEVEL = "level"
    TIER = "tier"
    EXPERIENCE = "experience"
    KIND = "kind"
    MONTH = "month"
    TERM = "term"
    OFFICE = "office"
    REASON = "reason"
    PHASE = "phase"


class Role(StrEnum):
    EXECUTIVE = "executive"
    ILD = "ild"
    PRINCIPAL = "principal"
    UNIT = "unit"
    ADMIN = "admin"


class Why(StrEnum):
    """The promise that an answer would break."""

    CONTENT = "content"  # what was said, written, rated or agreed in a visit
    RANKING = "ranking"  # best, worst, most, least among ILDs
    NOT_YOURS = "not_yours"  # beyond the asker's own network or school
    SMALL_GROUP = "small_group"  # anonymous answers of fewer than five principals


KINDS = ("walkthrough", "inquiry", "coaching", "network_meeting", "other")
LEVELS = ("elementary", "middle", "high", "k8")
TIERS = ("weekly", "biweekly", "triweekly", "monthly")
EXPERIENCES = ("new", "experienced")
FILTER_KEYS = ("school", "ild", "network", "level", "tier", "kind", "experience")
PLACE_KEYS = ("school", "ild", "network")

Filters = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks. `name` is the ILD's own name; `school` a principal's own; `network` an ILD's own."""

    role: Role
    name: str | None = None
    school: str | None = None
    network: str | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Query:
    """A question that can be answered. `from_` to `to` are days, both included, `compare_*` the earlier period."""

    measure: Measure
    from_: date
    to: date
    by: Grouping | None = None
    compare_from: date | None = None
    compare_to: date | None = None
    days: int | None = None
    filters: Filters = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(json.dumps(self.to_json(), sort_keys=True))

    def to_json(self) -> dict[str, Any]:
        """The query with ISO dates and the keys of the contract; only filters that filter are listed."""

        return {
            "measure": self.measure.value,
            "by": self.by.value if self.by else None,
            "from": self.from_.isoformat(),
            "to": self.to.isoformat(),
            "compare_from": self.compare_from.isoformat() if self.compare_from else None,
            "compare_to": self.compare_to.isoformat() if self.compare_to else None,
            "days": self.days,
            "filters": {key: list(self.filters[key]) for key in FILTER_KEYS if self.filters.get(key)},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote. Raises ValueError, naming the key, where the data is not a query."""

        heard = Heard.from_json(data)
        if heard.measure is None:
            raise ValueError("measure: is missing")
        if heard.period is None:
            raise ValueError("from, to: are missing")
        return cls(
            measure=heard.measure,
            from_=heard.period.start,
            to=heard.period.end,
            by=heard.by,
            compare_from=heard.compare.start if heard.compare else None,
            compare_to=heard.compare.end if heard.compare else None,
            days=heard.days,
            filters=heard.filters,
        )


class Missed(StrEnum):
    """What a question was asked back for, and so what the next message must say before it is answered."""

    TIME = "time"  # a time without known dates
    NAME = "name"  # words that may be a name nobody has here
    FIGURE = "figure"  # something that the measure does not tell


@dataclass(frozen=True, slots=True)
class Heard:
    """As much of a question as was understood; the next message may complete it.

    `between` are the schools that a name or description fits, where it fits several; `missed` is what was not
    understood.
    """

    measure: Measure | None = None
    by: Grouping | None = None
    period: Period | None = None
    compare: Period | None = None
    days: int | None = None
    filters: Filters = field(default_factory=dict)
    between: tuple[str, ...] = ()
    missed: Missed | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "measure": self.measure.value if self.measure else None,
            "by": self.by.value if self.by else None,
            "from": self.period.start.isoformat() if self.period else None,
            "to": self.period.end.isoformat() if self.period else None,
            "compare_from": self.compare.start.isoformat() if self.compare else None,
            "compare_to": self.compare.end.isoformat() if self.compare else None,
            "days": self.days,
            "filters": {key: list(self.filters[key]) for key in FILTER_KEYS if self.filters.get(key)},
            "between": list(self.between),
            "missed": self.missed.value if self.missed else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote (or a query's JSON). Raises ValueError naming the key that is wrong."""

        days = data.get("days")
        if days is not None and (not isinstance(days, int) or isinstance(days, bool) or days < 1):
            raise ValueError("days: is not a number of days")
        filters = data.get("filters") or {}
        if not isinstance(filters, Mapping) or any(key not in FILTER_KEYS for key in filters):
            raise ValueError("filters: holds something that is not a filter")
        return cls(
            measure=_read(Measure, data, "measure"),
            by=_read(Grouping, data, "by"),
            period=_read_period(data, "from", "to"),
            compare=_read_period(data, "compare_from", "compare_to"),
            days=days,
            filters={key: _read_names(filters[key], key) for key in FILTER_KEYS if filters.get(key)},
            between=_read_names(data.get("between") or [], "between"),
            missed=_read(Missed, data, "missed"),
        )

    @classmethod
    def of(cls, query: Query) -> Self:
        compare = None
        if query.compare_from and query.compare_to:
            compare = Period(query.compare_from, query.compare_to)
        return cls(
            measure=query.measure,
            by=query.by,
            period=Period(query.from_, query.to),
            compare=compare,
            days=query.days,
            filters=query.filters,
        )


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer would break trust; `why` says how. `heard` lets a follow-up ask for something that may be shown."""

    why: Why
    heard: Heard = field(default_factory=Heard)


@dataclass(frozen=True, slots=True)
class Unclear:
    """Not understood. `suggestions` are two near questions that would be, `puzzled_by` the words that were not."""

    suggestions: tuple[str, ...]
    heard: Heard = field(default_factory=Heard)
    puzzled_by: tuple[str, ...] = ()


Meaning = Query | Refused | Unclear


def context_from_json(answer: Mapping[str, Any]) -> Meaning | None:
    """The context for a follow-up, from the JSON of the answer before it (or from a bare query).

    Takes `{"understood": query}`, `{"refused": why, "heard": ..}`, `{"unclear": true, "heard": ..}` and a query
    itself. Raises ValueError where it is none of these.
    """

    if "understood" in answer:
        understood = answer["understood"]
        if not isinstance(understood, Mapping):
            raise ValueError("understood: is not a query")
        return Query.from_json(understood)
    heard = answer.get("heard") or {}
    if not isinstance(heard, Mapping):
        raise ValueError("heard: is not what an answer holds")
    if "refused" in answer:
        why = _read(Why, answer, "refused")
        return Refused(why, Heard.from_json(heard)) if why else None
    if answer.get("unclear"):
        return Unclear((), Heard.from_json(heard))
    return Query.from_json(answer) if answer else None


def _read(words: type[Word], data: Mapping[str, Any], key: str) -> Word | None:
    value = data.get(key)
    if value is None:
        return None
    try:
        return words(value)
    except ValueError:
        raise ValueError(f"{key}: {value!r} is none of {', '.join(words)}") from None


def _read_period(data: Mapping[str, Any], first: str, last: str) -> Period | None:
    start, end = data.get(first), data.get(last)
    if start is None and end is None:
        return None
    try:
        period = Period(date.fromisoformat(start), date.fromisoformat(end))  # type: ignore[arg-type]  # refused below
    except (TypeError, ValueError):
        raise ValueError(f"{first}, {last}: are not two ISO dates") from None
    if period.end < period.start:
        raise ValueError(f"{first}, {last}: end before they begin")
    return period


def _read_names(value: object, key: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        raise ValueError(f"{key}: is not a list of names")
    return tuple(value)
