"""The gate: what is sent about a demand may say less than the memo where it is harmless, and never anything
else.

``check_faithful`` compares wording (an ILD's edit, a model's line, ours) with the sentence it stands for
and with the whole memo. It is strict on purpose: a false alarm costs a glance at two lines side by side, a
lost "not" costs a school a deadline.

What must stand in the memo: every day, time, amount, percentage and number, every quoted name, form, code,
address and link, every group of schools. What must not get lost or change: the sentence's days and numbers,
its "not", "only", "unless", "if" and "at least", the schools it is for, and how binding it is. Days are
compared by value, so "Fri 11 Dec" is faithful to "December 11" in a year where that is a Friday.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from protocols.buffer.attachments import FORM_KINDS
from protocols.buffer.audience import audience_of
from protocols.buffer.dates import find_dates
from protocols.buffer.demands import DateRole, Demand
from protocols.buffer.found_dates import FoundDate
from protocols.buffer.numerals import numbers_in

_DEFAULT_YEAR_START = date(2000, 1, 1)


class Fault(StrEnum):
    """What kind of difference was found."""

    DATE = "date"
    NUMBER = "number"
    BINDING = "binding"
    NEGATION = "negation"
    CONDITION = "condition"
    AUDIENCE = "audience"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One difference, with both sides' words; either side is None where it is silent."""

    fault: Fault
    wrote: str | None
    memo: str | None

    @property
    def message(self) -> str:
        """The difference in one kind sentence."""
        if self.wrote and self.memo:
            return f'You wrote "{self.wrote}"; the memo says "{self.memo}".'
        if self.wrote:
            return f'You wrote "{self.wrote}"; the memo does not say that.'
        return f'The memo says "{self.memo}"; your wording leaves it out.'


def check_faithful(
    wording: str, source: str, demand: Demand, *, memo_date: date | None = None
) -> tuple[Discrepancy, ...]:
    """Every way in which ``wording`` says something else than ``demand.quote`` in the memo ``source``.

    An empty result lets the wording pass; the quote itself always does. ``memo_date`` settles days without a
    year; where it is not given, the demand's own day does, and other days are compared without their year.
    """
    said, quote = _plain(wording), _plain(demand.quote)
    if said == quote:
        return ()
    if not said:
        return (Discrepancy(Fault.CONDITION, None, _clip(quote)),)
    anchor = memo_date or (demand.due.replace(day=1) if demand.due else _DEFAULT_YEAR_START)
    memo = _plain(source)
    said_days, quote_days = _days(said, anchor), _days(quote, anchor)
    return (
        *_compare_days(said, said_days, quote_days, memo, demand, anchor),
        *_compare_numbers(_blot(said, said_days), _blot(quote, quote_days), memo, anchor),
        *_compare_binding(_blot(said, said_days), _blot(quote, quote_days)),
        *_compare_restrictions(said, quote),
        *_compare_audience(said, quote, memo, demand),
        *_compare_names(said, memo),
    )


def _plain(text: str) -> str:
    """One line with straight quotes, so that typography is no difference."""
    table = str.maketrans(
        {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " ", "\u2011": "-"}
    )
    return " ".join(text.translate(table).split())


def _clip(text: str) -> str:
    return text if len(text) <= 120 else text[:117].rsplit(" ", 1)[0] + "…"


# Days


def _days(text: str, anchor: date) -> tuple[FoundDate, ...]:
    return find_dates(text, memo_date=anchor)


def _blot(text: str, days: Sequence[FoundDate]) -> str:
    for day in days:
        if day.first is not None:
            text = text[: day.start] + " " * (day.end - day.start) + text[day.end :]
    return text


_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_WEEKDAY = re.compile(r"(?i)\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class _Day:
    """A day by value: with its year only where it is written or settled."""

    first: date
    last: date
    has_year: bool
    weekday: str | None
    text: str

    def means(self, other: "_Day", *, year_matters: bool) -> bool:
        """Whether both are the same day; ``year_matters`` where even a missing year was settled for certain."""
        same = (self.first.month, self.first.day, self.last.month, self.last.day) == (
            other.first.month,
            other.first.day,
            other.last.month,
            other.last.day,
        )
        if not same:
            return False
        if self.has_year and (other.has_year or year_matters):
            return self.first.year == other.first.year
        return True


def _day_values(text: str, days: Iterable[FoundDate]) -> list[_Day]:
    values = []
    for day in days:
        if day.first is None or day.last is None:
            continue
        words = text[day.start : day.end]
        weekday = _WEEKDAY.search(words)
        has_year = bool(_YEAR.search(words)) or bool(re.search(r"\d[/.-]\d{1,2}[/.-]\d\d", words))
        # "The second Friday in October" names a weekday as its rule, not as a claim about a date.
        named = weekday[1].lower() if weekday and re.search(r"\d", words) else None
        values.append(_Day(day.first, day.last, has_year, named, words))
    return values


def _compare_days(
    said: str,
    said_days: Sequence[FoundDate],
    quote_days: Sequence[FoundDate],
    memo: str,
    demand: Demand,
    anchor: date,
) -> list[Discrepancy]:
    is_settled = anchor != _DEFAULT_YEAR_START
    mine = _day_values(said, said_days)
    own = _day_values(_plain(demand.quote), quote_days)
    due = (
        _Day(demand.due, demand.due, True, None, demand.due_words or demand.due.isoformat())
        if demand.due
        else None
    )
    allowed = [*own, *([due] if due else [])]
    elsewhere: list[_Day] | None = None
    faults: list[Discrepancy] = []
    claimed: set[int] = set()
    for day in mine:
        matches = [n for n, other in enumerate(allowed) if day.means(other, year_matters=is_settled)]
        claimed.update(matches)
        if not matches:
            if elsewhere is None:
                elsewhere = _day_values(memo, _days(memo, anchor))
            if any(day.means(other, year_matters=is_settled) for other in elsewhere):
                continue
            nearest = min(allowed, key=lambda other: abs((other.first - day.first).days), default=None)
            faults.append(Discrepancy(Fault.DATE, day.text, nearest.text if nearest else None))
            if nearest:
                claimed.add(allowed.index(nearest))
        elif day.weekday is not None:
            true = _true_weekday([allowed[n] for n in matches], day)
            if true and true != day.weekday:
                faults.append(Discrepancy(Fault.DATE, day.text, allowed[matches[0]].text))
    for number, day in enumerate(own):
        same_as_due = due is not None and number not in claimed and day.means(due, year_matters=is_settled)
        if number not in claimed and not (same_as_due and len(own) in claimed):
            faults.append(Discrepancy(Fault.DATE, None, day.text))
    if (
        due
        and demand.due_role is DateRole.DEADLINE
        and mine
        and not own
        and len(own) not in claimed
        and not faults
    ):
        faults.append(Discrepancy(Fault.DATE, mine[0].text, due.text))
    return faults


def _true_weekday(matches: Sequence[_Day], day: _Day) -> str | None:
    """The weekday the memo gives, or the calendar does where the year is certain."""
    for match in matches:
        if match.weekday:
            return match.weekday
        if match.has_year:
            return _WEEKDAYS[match.first.weekday()]
    return _WEEKDAYS[day.first.weekday()] if day.has_year else None


# Numbers


def _compare_numbers(said: str, quote: str, memo: str, anchor: date) -> list[Discrepancy]:
    mine, own = numbers_in(said), numbers_in(quote)
    own_count, said_count = Counter(value for value, _ in own), Counter(value for value, _ in mine)
    fewer = [words for value, words in own if said_count[value] < own_count[value]]
    everywhere: set[str] | None = None
    faults: list[Discrepancy] = []
    for value, words in mine:
        if value in own_count:
            continue
        if fewer:
            # A number that came while another went is a changed number, even if the memo has it elsewhere.
            faults.append(Discrepancy(Fault.NUMBER, words, fewer.pop(0)))
            continue
        if everywhere is None:
            everywhere = {other for other, _ in numbers_in(_blot(memo, _days(memo, anchor)))}
        if value not in everywhere:
            faults.append(Discrepancy(Fault.NUMBER, words, None))
    gone = {words: None for value, words in own if value not in said_count and words in fewer}
    faults.extend(Discrepancy(Fault.NUMBER, None, words) for words in gone)
    return faults


# How binding

_BINDING_WORDS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "must": r"\b(?:must|shall|required|requires?|mandatory|obligatory|compulsory|have\s+to|has\s+to|needs?\s+to|"
        r"obliged|mandated|"
        r"mandates?|imperative|responsible|will|is\s+to|are\s+to|due|deadline)\b",
        "should": r"\b(?:should|recommend(?:ed|s)?|encouraged?|urged?|advised?|expected|ought|expects?|please)\b",
        "may": r"\b(?:may|can|could|might|optional(?:ly)?|voluntary|allowed|permitted|entitled|option|welcome|"
        r"invited|able|if\s+you\s+(?:like|wish|want))\b",
    }.items()
}
_STRONG = re.compile(
    r"(?i)\b(?:must|shall|required|mandatory|obligatory|compulsory|have\s+to|has\s+to|needs?\s+to)\b"
)


def _compare_binding(said: str, quote: str) -> list[Discrepancy]:
    """A wording may drop the binding word for a plain instruction, but not put another in its place."""
    faults: list[Discrepancy] = []
    in_quote = {name: pattern.search(quote) for name, pattern in _BINDING_WORDS.items()}
    for name, pattern in _BINDING_WORDS.items():
        match = (_STRONG if name == "must" else pattern).search(said)
        if match is None or in_quote[name]:
            continue
        instead = next((m[0] for m in in_quote.values() if m), None)
        faults.append(Discrepancy(Fault.BINDING, match[0], instead))
    weak_in_quote = in_quote["may"] or in_quote["should"]
    if weak_in_quote and not in_quote["must"] and not any(p.search(said) for p in _BINDING_WORDS.values()):
        # "You may order" said as "Order" turns a choice into an instruction.
        faults.append(Discrepancy(Fault.BINDING, None, weak_in_quote[0]))
    if not faults:
        faults.extend(_swapped(said, quote))
    return faults


def _swapped(said: str, quote: str) -> list[Discrepancy]:
    """One binding word put in another's place in a sentence that holds both kinds."""
    patterns = {**_BINDING_WORDS, "must": _STRONG}
    mine = {name: pattern.findall(said) for name, pattern in patterns.items()}
    own = {name: pattern.findall(quote) for name, pattern in patterns.items()}
    more = [name for name in patterns if len(mine[name]) > len(own[name])]
    fewer = [name for name in patterns if len(mine[name]) < len(own[name])]
    if more and fewer:
        return [Discrepancy(Fault.BINDING, mine[more[0]][-1], own[fewer[0]][0])]
    return []


# Not, only, unless, if, at least

_LIMITS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "deadline": r"\b(?:no|not)\s+later\s+than\b|\bon\s+or\s+before\b|\bby\s+no\s+later\s+than\b",
        "most": r"\b(?:no|not)\s+(?:more|longer|greater)\s+than\b|\bat\s+most\b|\bup\s+to\b|\bmaximum\b",
        "least": r"\b(?:no|not)\s+(?:less|fewer|smaller)\s+than\b|\bat\s+least\b|\bminimum\b",
        "not_only": r"\bnot\s+only\b",
    }.items()
}
_NEGATIVE = re.compile(
    r"(?i)\b(?:not|no|never|none|neither|nor|cannot|nobody|nothing|without|prohibit(?:s|ed)?|forbid(?:s|"
    r"den)?|refrain|avoid|stop|cease)\b|n't\b"
)
_RESTRICTIONS: Mapping[str, re.Pattern[str]] = {
    "only": re.compile(r"(?i)\b(?:only|solely|exclusively)\b"),
    "unless": re.compile(
        r"(?i)\b(?:unless|except(?:ing|ed|ions?)?|excluding|excluded|exclude|other\s+than|exempt(?:ed|"
        r"ion)?)\b"
    ),
    "if": re.compile(
        r"(?i)\b(?:if|whenever|in\s+case|provided\s+that|in\s+the\s+event|should\s+(?:a|an|the|any)\b)"
    ),
}


def _compare_restrictions(said: str, quote: str) -> list[Discrepancy]:
    faults: list[Discrepancy] = []
    for name, pattern in _LIMITS.items():
        mine, own = pattern.search(said), pattern.search(quote)
        if name != "deadline" and bool(mine) != bool(own):
            faults.append(Discrepancy(Fault.CONDITION, mine[0] if mine else None, own[0] if own else None))
        said, quote = pattern.sub(" ", said), pattern.sub(" ", quote)
    mine_not, own_not = _NEGATIVE.findall(said), _NEGATIVE.findall(quote)
    if len(mine_not) != len(own_not):
        lost = own_not[0] if len(own_not) > len(mine_not) else None
        added = mine_not[0] if len(mine_not) > len(own_not) else None
        faults.append(Discrepancy(Fault.NEGATION, added, lost))
    for pattern in _RESTRICTIONS.values():
        mine, own = pattern.search(said), pattern.search(quote)
        is_fewer = len(pattern.findall(said)) < len(pattern.findall(quote))
        if bool(mine) != bool(own) or (is_fewer and pattern is not _RESTRICTIONS["if"]):
            faults.append(Discrepancy(Fault.CONDITION, mine[0] if mine else None, own[0] if own else None))
    return faults


# For whom, and names

_AUDIENCE_WORDS = re.compile(
    r"(?i)\b(?:elementary|primary|middle|intermediate|high|secondary|charter|title\s+i|K-?8|"
    r"early\s+childhood)\b(?:\s+\w+)?"
)
_EVERYBODY = re.compile(
    r"(?i)\b(?:all|every|each)\s+(?:schools?|principals?|staff|teachers?|students?|pupils|famil(?:y|ies)|"
    r"parents?|employees?)\b"
)


def _compare_audience(said: str, quote: str, memo: str, demand: Demand) -> list[Discrepancy]:
    mine, own = set(audience_of(said)), set(audience_of(quote))
    known = own | set(demand.audience) | set(audience_of(memo))
    faults: list[Discrepancy] = []
    if mine - known or (own - mine and mine):
        faults.append(
            Discrepancy(Fault.AUDIENCE, _first(_AUDIENCE_WORDS, said), _first(_AUDIENCE_WORDS, quote))
        )
    elif own - mine:
        faults.append(Discrepancy(Fault.AUDIENCE, None, _first(_AUDIENCE_WORDS, quote)))
    everybody = _EVERYBODY.search(said)
    if everybody and not re.search(r"(?i)\b(?:all|every|each|any)\b", quote):
        faults.append(Discrepancy(Fault.AUDIENCE, everybody[0], None))
    return faults


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[0] if found else None


_NAMES = re.compile(
    r'"(?P<quoted>[^"]{2,80})"'
    r"|(?P<address>[\w.+-]{1,64}@[\w.-]{3,80}\w|https?://[^\s<>\"]{3,200}|\bwww\.[^\s<>\"]{3,200})"
    r"|(?P<code>\b[A-Z]{2,6}-?\d{1,5}[A-Z]?\b)"
    rf"|(?P<form>\b(?:[A-Z][\w'-]*\s+){{1,6}}(?:{FORM_KINDS})\b)"
)


def _compare_names(said: str, memo: str) -> list[Discrepancy]:
    """Names of forms, systems, circulars and addresses stand in the memo letter for letter (capitals aside)."""
    low = memo.lower()
    faults: list[Discrepancy] = []
    for m in _NAMES.finditer(said):
        name = (m["quoted"] or m["address"] or m["code"] or m["form"] or "").strip(" .,;:")
        if m["form"]:
            # The first capital may only open the sentence: "Submit Form B".
            words = name.split()
            if any(" ".join(words[n:]).lower() in low for n in range(len(words) - 1)):
                continue
        if name.lower() not in low:
            faults.append(Discrepancy(Fault.NAME, name, None))
    return faults
