"""Finding a memo again by its words, its office and its time.

``read_search`` understands "lead testing from Facilities since October"; ``rank`` puts the memos that say the most of
it where it weighs most first. Words are compared by their beginnings, so that "testing" finds "tests"; where nothing
has a word, the word of the memos that is nearest to it is taken, and said.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rapidfuzz import fuzz, process

LONGEST_SEARCH = 200
"""Characters; more is a memo, not a search."""
NEAR_ENOUGH = 75
"""Of 100, for a word that stands nowhere."""
WEIGHTS = (("title", 4.0), ("demand", 3.0), ("unit", 2.0), ("text", 1.0))

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = "(?P<month>" + "|".join(f"{name}[a-z]*" for name in _MONTHS) + ")"
_DAY = rf"(?:(?P<iso>\d{{4}}-\d\d-\d\d)|(?P<d1>\d{{1,2}})\.? {_MONTH}(?: (?P<y1>\d{{4}}))?|"
_DAY += rf"{_MONTH.replace('month', 'month2')} (?P<d2>\d{{1,2}})(?:,? (?P<y2>\d{{4}}))?)"
_SINCE = re.compile(rf"\b(?P<how>since|after|before|until|on) {_DAY}(?!\w)", re.IGNORECASE)
_IN_MONTH = re.compile(rf"\b(?P<how>in|since|before) {_MONTH}(?: (?P<year>\d{{4}}))?(?![\w])", re.IGNORECASE)
_LAST = re.compile(r"\b(?:this|last|past) (?P<span>week|month|year)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_IDLE = frozenset(
    [
        *(
            "a",
            "about",
            "all",
            "an",
            "and",
            "any",
            "anything",
            "by",
            "did",
            "do",
            "does",
            "every",
            "everything",
        ),
        *(
            "find",
            "for",
            "from",
            "had",
            "has",
            "have",
            "i",
            "in",
            "is",
            "it",
            "its",
            "last",
            "me",
            "memo",
            "memos",
        ),
        *(
            "my",
            "of",
            "on",
            "or",
            "our",
            "said",
            "say",
            "says",
            "send",
            "sent",
            "show",
            "that",
            "the",
            "their",
        ),
        *(
            "them",
            "then",
            "they",
            "this",
            "to",
            "us",
            "was",
            "we",
            "were",
            "what",
            "when",
            "which",
            "who",
            "with",
        ),
        *("you", "your"),
    ]
)


@dataclass(frozen=True, slots=True)
class Search:
    """``terms`` are word beginnings in lower case, ``unit`` an office as the memos name it; both days are included."""

    terms: tuple[str, ...]
    unit: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.terms or self.unit or self.first or self.last)


def read_search(words: str, *, units: Collection[str], today: date) -> Search:
    """What somebody looks for. Days without a year are the last such day up to today."""
    words = " ".join(words.split())[:LONGEST_SEARCH]
    words, first, last = _span(words, today)
    words, unit = _office(words, units)
    terms = dict.fromkeys(stem(word) for word in _WORD.findall(words.casefold()) if word not in _IDLE)
    return Search(tuple(terms), unit, first, last)


def stem(word: str) -> str:
    """The beginning that a word shares with its other forms: "testing", "tests" and "tested" with "test"."""
    word = word.casefold()
    for ending in ("ings", "ing", "ies", "ied", "es", "ed", "s", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def _span(words: str, today: date) -> tuple[str, date | None, date | None]:
    if found := _SINCE.search(words):
        day = _day(found, today)
        if day is not None:
            how = found["how"].casefold()
            first = day if how in ("since", "on") else day + timedelta(days=1) if how == "after" else None
            last = day if how in ("until", "on") else day - timedelta(days=1) if how == "before" else None
            return words[: found.start()] + words[found.end() :], first, last
    if found := _IN_MONTH.search(words):
        first, last = _month(found["month"], found["year"], today)
        rest = words[: found.start()] + words[found.end() :]
        match found["how"].casefold():
            case "in":
                return rest, first, last
            case "since":
                return rest, first, None
            case _:
                return rest, None, first - timedelta(days=1)
    if found := _LAST.search(words):
        days = {"week": 7, "month": 31, "year": 366}[found["span"].casefold()]
        return words[: found.start()] + words[found.end() :], today - timedelta(days=days), today
    return words, None, None


def _day(found: re.Match[str], today: date) -> date | None:
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        number = _MONTHS.index((found["month"] or found["month2"])[:3].casefold()) + 1
        year = found["y1"] or found["y2"]
        day = date(int(year) if year else today.year, number, int(found["d1"] or found["d2"]))
        return day if year or day <= today else day.replace(year=day.year - 1)
    except ValueError:  # no such day; the words stay words
        return None


def _month(name: str, year: str | None, today: date) -> tuple[date, date]:
    number = _MONTHS.index(name[:3].casefold()) + 1
    first = date(int(year) if year and int(year) > 0 else today.year, number, 1)
    if not year and first > today:
        first = first.replace(year=first.year - 1)
    following = (first + timedelta(days=31)).replace(day=1) if first.year < date.max.year else date.max
    return first, following - timedelta(days=1)


def _office(words: str, units: Collection[str]) -> tuple[str, str]:
    """ "from Facilities": the office whose name follows, as far as one is near enough."""
    for found in re.finditer(r"\b(?:from|by) (?:the )?(?P<name>[^,;]+)", words, re.IGNORECASE):
        said = found["name"].strip()
        parts = said.split()
        for count in range(len(parts), 0, -1):
            name = " ".join(parts[:count])
            near = process.extractOne(
                name, list(units), scorer=_likeness, processor=str.casefold, score_cutoff=85
            )
            if near is not None:
                end = found.start("name") + len(name)
                return words[: found.start()] + words[end:], str(near[0])
    return words, ""


def _likeness(one: str, other: str, *, score_cutoff: float | None = None, **_more: object) -> float:
    """Like the whole name, or like the last words of it ("Facilities" for "Office of Facilities")."""
    if other.endswith(f" {one}"):
        return 100.0
    return float(fuzz.ratio(one, other, score_cutoff=score_cutoff))


@dataclass(frozen=True, slots=True)
class Found:
    """What is searched of a memo: its fields as they stand in it. ``demands``: their sentences by key."""

    key: int
    title: str
    unit: str
    text: str
    day: date
    demands: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A memo that was found; ``demands`` are the keys of its sentences that have the words, the best first."""

    key: int
    score: float
    demands: tuple[int, ...]


def rank(memos: Sequence[Found], terms: Sequence[str]) -> list[Hit]:
    """The memos that have all of the terms, or where none has, any of them; rare words count more than common ones.

    Without terms all of them, the newest first.
    """
    if not terms:
        ordered = sorted(memos, key=lambda memo: (memo.day, memo.key), reverse=True)
        return [Hit(memo.key, 0.0, tuple(key for key, _words in memo.demands)) for memo in ordered]
    fields = {memo.key: _fields(memo) for memo in memos}
    spread = Counter(
        term
        for mine in fields.values()
        for term in terms
        if any(_count(words, term) for words in mine.values())
    )
    hits = []
    for memo in memos:
        score, matched = 0.0, 0
        for term in terms:
            rarity = math.log(1 + len(memos) / (1 + spread[term])) + 0.1
            weights = [
                weight * (1 + math.log1p(count) / 4)
                for name, weight in WEIGHTS
                if (count := _count(fields[memo.key][name], term))
            ]
            matched += bool(weights)
            score += rarity * max(weights, default=0.0)
        if matched:
            score *= (matched / len(terms)) ** 2
            hits.append((matched, memo.day, Hit(memo.key, score, _best(memo, terms))))
    has_whole = any(matched == len(terms) for matched, _day, _hit in hits)
    kept = [(day, hit) for matched, day, hit in hits if matched == len(terms) or not has_whole]
    kept.sort(key=lambda one: (-one[1].score, -one[0].toordinal(), -one[1].key))
    return [hit for _day, hit in kept]


def has_all(memo: Found, terms: Sequence[str]) -> bool:
    """Whether every term stands somewhere in the memo."""
    fields = _fields(memo).values()
    return all(any(_count(words, term) for words in fields) for term in terms)


def _fields(memo: Found) -> dict[str, list[str]]:
    demands = " ".join(words for _key, words in memo.demands)
    parts = {"title": memo.title, "demand": demands, "unit": memo.unit, "text": memo.text}
    return {name: _WORD.findall(words.casefold()) for name, words in parts.items()}


def _count(words: Iterable[str], term: str) -> int:
    return sum(word.startswith(term) for word in words)


def _best(memo: Found, terms: Sequence[str]) -> tuple[int, ...]:
    """The sentences with any of the terms, those with the most of them first."""
    scored = []
    for key, sentence in memo.demands:
        words = _WORD.findall(sentence.casefold())
        has = sum(bool(_count(words, term)) for term in terms)
        if has:
            scored.append((-has, key))
    return tuple(key for _has, key in sorted(scored))


def mend(terms: Sequence[str], vocabulary: Iterable[str]) -> dict[str, str]:
    """Terms that no word begins with -> the word's beginning that is nearest, where one is near enough."""
    words = {word for line in vocabulary for word in _WORD.findall(line.casefold()) if len(word) > 2}
    stems = sorted({stem(word) for word in words})
    mended = {}
    for term in terms:
        if any(word.startswith(term) for word in words):
            continue
        near = process.extractOne(term, stems, scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH)
        if near is not None:
            mended[term] = str(near[0])
    return mended
