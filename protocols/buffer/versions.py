"""Two readings of what may be one memo, compared demand by demand: the same, changed, new, withdrawn.

Sentences are compared without their days and numbers, so that a moved deadline is a *change* of one demand and not one
demand less and another one more; then days, numbers, audience, binding and the other words are compared one by one.
Courtesies ("please") and articles are no change; every other word is, for a "not" is a word.

``judge`` says what the newer memo is to the older one:

- *same*: it asks the same, whatever its letterhead, date line and signature say;
- *revised*: it takes the older one's place, all of whose demands are still in it;
- *repeated*: the next of a series, whose days of last time are over;
- *unsure*: much alike, but something is gone or nothing says which it is: whoever sent it is asked;
- *other*: a memo of its own.

Only a memo that is surely a revision replaces anything by itself, and none withdraws anything by itself: a deadline
that vanishes because two memos resemble each other would be the worst of mistakes.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

from rapidfuzz import fuzz

from protocols.buffer.dates import find_dates
from protocols.buffer.demands import Demand

ALIKE = 80.0
"""Percent of a sentence, days and numbers apart, from which two are taken for one demand."""
MOSTLY = 0.8
"""Share of the words, of either memo, that stand in demands of both: so much of a revision is what was there before."""
PARTLY = 0.5
"""From here on somebody is asked."""
SAME_TITLE = 85.0
SAME_OFFICE = 90.0
SOON = 20
"""Days between a memo and its revision; what comes later with the same title is rather the next of a series."""
HEAD = 1500
"""Characters in which a memo says that it corrects another."""

_CORRECTS = re.compile(
    r"(?i)\b(?:revis(?:ed|ion|es)|correct(?:ed|ion|s)|supersed(?:es?|ing)|replac(?:es|ing)\s+(?:the|our|my)|amend(?:ed|ment|s)|"
    r"updated?\s+(?:memo|notice|version|deadlines?|dates?|circular)|new\s+(?:deadline|due\s+date)|erratum|corrigendum|"
    r"(?:deadline|due\s+date|date|window)\b[^.\n]{0,60}\b(?:extended|moved|changed|postponed|brought\s+forward)|(?:deadline|date)\s+extension|extension\s+of)\b"
)
_OUR_MEMO = re.compile(
    r"(?i)\b(?:our|my|the|this\s+office's)\s+(?:\w+\s+){0,2}(?:memo(?:randum)?|circular|notice|letter|e-?mail|message|bulletin)\s+"
    r"(?:of|dated|from|sent(?:\s+on)?)\s+(?P<day>[^.;\n]{3,40})"
)
_OFFICE = re.compile(
    r"\b(?:the|of|for|and|office|department|division|bureau|unit|team|district|schools?|public)\b"
)
_NUMBER = re.compile(r"[$£€]?\d+(?:[.,:]\d+)*%?")
_FILLERS = frozenset(["please", "kindly", "the", "a", "an"])
_DAY_MARK, _NUMBER_MARK = "¤day", "¤number"


class Verdict(StrEnum):
    """What a memo is to one that came before it; the module's docstring has the words."""

    SAME = "same"
    REVISED = "revised"
    REPEATED = "repeated"
    UNSURE = "unsure"
    OTHER = "other"


class What(StrEnum):
    """What of a demand differs."""

    DUE = "due"
    DAY = "day"  # another day in its sentence
    AMOUNT = "amount"
    AUDIENCE = "audience"
    BINDING = "binding"
    ACTOR = "actor"
    WORDS = "words"


Value = str | date | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. Of words, ``was`` and ``now`` are the whole sentences."""

    what: What
    was: Value
    now: Value


@dataclass(frozen=True, slots=True)
class Changed:
    """The demand ``now`` of the newer memo is the demand ``was`` of the older one with ``differences``."""

    was: int
    now: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """A memo as it was read. ``unit`` sent it, ``day`` is its own date."""

    title: str
    unit: str
    day: date
    demands: tuple[Demand, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Positions among the demands: ``same`` (older, newer), ``changed``, ``new``, and ``withdrawn`` of the older.

    ``share``: of the wordier memo's words in demands, the part that stands in demands of both. ``is_notice``: the
    newer one only tells what changes, so what it does not name still holds and nothing is withdrawn.
    """

    same: tuple[tuple[int, int], ...]
    changed: tuple[Changed, ...]
    new: tuple[int, ...]
    withdrawn: tuple[int, ...]
    share: float
    is_notice: bool = False

    @property
    def is_nothing(self) -> bool:
        """Nothing changed, came or went."""
        return not (self.changed or self.new or self.withdrawn)


def judge(old: Version, new: Version) -> tuple[Verdict, Comparison]:
    """What ``new``, which came later, is to ``old``, and how they differ."""
    found = compare(old, new)
    corrects = says_it_corrects(new) and not says_it_corrects(old)
    is_kin = is_same_office(old.unit, new.unit)
    titles_agree = titles_alike(old.title, new.title)
    if found.share < PARTLY:
        notice = compare(old, new, is_notice=True)
        is_meant = is_kin and (corrects or refers_to(new, old.day))
        return (Verdict.UNSURE, notice) if is_meant and notice.changed else (Verdict.OTHER, found)
    if not is_kin and not titles_agree:
        is_long = len(found.same) >= 3 and found.is_nothing
        return (Verdict.SAME if is_long and _asks_nothing_anew(old, new) else Verdict.OTHER), found
    if found.is_nothing:
        return (Verdict.SAME if _asks_nothing_anew(old, new) else Verdict.REPEATED), found
    if found.share >= MOSTLY and is_kin:
        if not corrects and _is_next(old, new, found):
            return Verdict.REPEATED, found
        is_soon = titles_agree and abs((new.day - old.day).days) < SOON
        if not found.withdrawn and (corrects or is_soon):
            return Verdict.REVISED, found
    return Verdict.UNSURE, found


def _asks_nothing_anew(old: Version, new: Version) -> bool:
    """Whether a memo that asks the same asks nothing anew: it came soon after, or its days are the same days."""
    is_dated = all(demand.due is not None for demand in old.demands)
    return is_dated or abs((new.day - old.day).days) < SOON


def _is_next(old: Version, new: Version, found: Comparison) -> bool:
    """Whether it asks the same for a later time: every day that moved had passed before the newer memo was written."""
    moves = [
        (d.was, d.now) for one in found.changed for d in one.differences if d.what in (What.DUE, What.DAY)
    ]
    return bool(moves) and all(
        isinstance(was, date) and isinstance(now, date) and was < new.day and was < now for was, now in moves
    )


def says_it_corrects(version: Version) -> bool:
    """Whether the memo says of itself, in its title or first lines, that it changes an earlier one."""
    return _CORRECTS.search(f"{version.title}\n{version.text[:HEAD]}") is not None


def refers_to(version: Version, day: date) -> bool:
    """Whether the memo names one of its office's own of that day ("our memo of 3 October")."""
    return any(
        found.iso is not None and (found.iso.month, found.iso.day) == (day.month, day.day)
        for match in _OUR_MEMO.finditer(version.text[: 2 * HEAD])
        for found in find_dates(match["day"], memo_date=version.day)
    )


def is_same_office(one: str, other: str) -> bool:
    """Whether two letterheads name one office: "Office of Human Resources", "Human Resources"."""
    names = [_OFFICE.sub(" ", _folded(name)).split() for name in (one, other)]
    if not all(names):
        return _folded(one) == _folded(other)
    return fuzz.token_set_ratio(*(" ".join(name) for name in names)) >= SAME_OFFICE


def titles_alike(one: str, other: str) -> bool:
    """Whether two titles are one, the words that make it a version or an issue of a month apart."""
    return fuzz.token_sort_ratio(_bare_title(one), _bare_title(other)) >= SAME_TITLE


def _bare_title(title: str) -> str:
    """Without what makes it a version of another: "REVISED", a month, a year."""
    words = _CORRECTS.sub(" ", title)
    words = re.sub(
        r"(?i)\b(?:january|february|march|april|may|june|july|august|september|october|november|december|reminder|memo|"
        r"update|\d+)\b",
        " ",
        words,
    )
    return _folded(words)


# ---------------------------------------------------------------- demand by demand


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A demand's sentence taken apart: its ``words`` with marks for days and numbers, those, and the words as said."""

    words: tuple[str, ...]
    days: tuple[Value, ...]
    numbers: tuple[str, ...]
    said: str

    @property
    def folded(self) -> str:
        return " ".join(self.words)


def compare(old: Version, new: Version, *, is_notice: bool = False) -> Comparison:
    """The two memos' demands side by side.

    ``is_notice``: the newer one tells only what changes, in words of its own. Its demands are then tied to the older
    ones by what they are about, and by the old day where it is named.
    """
    was, now = [_take_apart(d, old.day) for d in old.demands], [_take_apart(d, new.day) for d in new.demands]
    scores = [
        (score, fuzz.ratio(a.said, b.said), -i, -j)
        for i, a in enumerate(was)
        for j, b in enumerate(now)
        if (score := _about(old.demands[i], a, b) if is_notice else fuzz.ratio(a.folded, b.folded)) >= ALIKE
    ]
    pairs: dict[int, int] = {}
    for _score, _said, i, j in sorted(scores, reverse=True):
        if -i not in pairs and -j not in pairs.values():
            pairs[-i] = -j
    same, changed = [], []
    for i, j in sorted(pairs.items()):
        both = (old.demands[i], new.demands[j])
        differences = _differ_in_notice(*both) if is_notice else _differ(*both, was[i], now[j])
        if differences:
            changed.append(Changed(i, j, differences))
        else:
            same.append((i, j))
    alone = [i for i in range(len(was)) if i not in pairs]
    came = tuple(j for j in range(len(now)) if j not in pairs.values())
    return Comparison(
        tuple(same),
        tuple(changed),
        came,
        () if is_notice else tuple(alone),
        _share([len(one.words) for one in was], [len(one.words) for one in now], pairs),
        is_notice,
    )


def _share(was: Sequence[int], now: Sequence[int], pairs: dict[int, int]) -> float:
    if not was or not now:
        return 0.0
    return min(sum(was[i] for i in pairs) / sum(was), sum(now[j] for j in pairs.values()) / sum(now))


def _take_apart(demand: Demand, day: date) -> _Sentence:
    text = unicodedata.normalize("NFKC", demand.quote)
    parts, days, at = [], [], 0
    for found in find_dates(text, memo_date=day):
        parts += [text[at : found.start], f" {_DAY_MARK} "]
        days.append(found.iso or _folded(text[found.start : found.end]))
        at = found.end
    rest = "".join([*parts, text[at:]])
    numbers = tuple(_NUMBER.findall(rest))
    marked = _NUMBER.sub(f" {_NUMBER_MARK} ", re.sub(r"^\s*(?:\(?\w{1,3}[.)]|[-*•–])\s+", "", rest))
    words = tuple(w for w in re.findall(r"¤?\w+", marked.casefold()) if w not in _FILLERS)
    return _Sentence(words, tuple(days), numbers, _folded(text))


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def _about(demand: Demand, old: _Sentence, new: _Sentence) -> float:
    """How surely a notice's sentence is about the demand, in percent: by its content words, and its old day."""
    own = {word for word in old.words if len(word) > 3 and not word.startswith("¤")}
    theirs = {word for word in new.words if len(word) > 3}
    if not own:
        return 0.0
    held = 100.0 * sum(any(_same_word(w, t) for t in theirs) for w in own) / len(own)
    names_day = demand.due is not None and demand.due in new.days
    return min(100.0, held + 40.0) if names_day and held >= 25 else held


def _same_word(one: str, other: str) -> bool:
    """The same word in another form: submit, submitting."""
    stem = min(len(one), len(other), 6)
    return one[:stem] == other[:stem] and stem >= 4


def _differ_in_notice(was: Demand, now: Demand) -> tuple[Difference, ...]:
    """A notice says what changes in words of its own, so only the day can be compared."""
    if now.due is None or now.due == was.due:
        return ()
    return (Difference(What.DUE, was.due, now.due),)


def _differ(was: Demand, now: Demand, a: _Sentence, b: _Sentence) -> tuple[Difference, ...]:
    found = []
    if was.due != now.due:
        found.append(Difference(What.DUE, was.due or was.due_words or None, now.due or now.due_words or None))
    gone, came = _unlike(a.days, b.days, without=(was.due, now.due))
    found += _paired(What.DAY, gone, came)
    found += _paired(What.AMOUNT, *_unlike(a.numbers, b.numbers))
    for what, before, after in (
        (What.AUDIENCE, ", ".join(sorted(was.audience)), ", ".join(sorted(now.audience))),
        (What.BINDING, was.binding.value, now.binding.value),
        (What.ACTOR, was.actor, now.actor),
    ):
        if before != after:
            found.append(Difference(what, before, after))
    plain = [tuple(w for w in one.words if not w.startswith("¤")) for one in (a, b)]
    if plain[0] != plain[1]:
        found.append(Difference(What.WORDS, was.quote, now.quote))
    return tuple(found)


def _unlike(
    was: Sequence[Value], now: Sequence[Value], *, without: tuple[Value, ...] = ()
) -> tuple[list[Value], list[Value]]:
    """What stands in one and not in the other; ``without`` is told already."""
    gone = (Counter(was) - Counter(now)).elements()
    came = (Counter(now) - Counter(was)).elements()
    return [v for v in gone if v not in without], [v for v in came if v not in without]


def _paired(what: What, gone: list[Value], came: list[Value]) -> list[Difference]:
    length = max(len(gone), len(came))
    return [
        Difference(what, gone[i] if i < len(gone) else None, came[i] if i < len(came) else None)
        for i in range(length)
    ]


CONTEXT = 3
"""Words left standing on each side of a difference."""


def shorten_difference(was: str, now: str) -> tuple[str, str]:
    """Of two sentences only the stretch in which they differ, with a few words around it."""
    one, other = was.split(), now.split()
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    changed = [block for block in blocks if block[0] != "equal"]
    if not changed:
        return was, now
    (_tag, i, _i2, j, _j2), (_last, _i1, i_end, _j1, j_end) = changed[0], changed[-1]
    return _stretch(one, i, i_end), _stretch(other, j, j_end)


def _stretch(words: list[str], start: int, end: int) -> str:
    first, last = max(0, start - CONTEXT), min(len(words), end + CONTEXT)
    middle = " ".join(words[first:last])
    return f"{'… ' if first else ''}{middle}{' …' if last < len(words) else ''}"
