"""Finding schools, networks and ILDs in a line of plain words, by any name people use, misspelt or run together."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from rapidfuzz import process
from rapidfuzz.distance import OSA

from protocols.insight.query import Asker
from protocols.insight.span_words import MONTH
from protocols.insight.vocabulary import SchoolName, Vocabulary
from protocols.insight.wording import Marks, abbreviations, domain, filler, ordinary, plain, states

_GENERIC = frozenset(
    ("elementary", "middle", "high", "school", "academy", "k8", "the", "of", "jr", "sr", "ps", "is", "ms", "hs")
)  # fmt: skip
_LEVELS = {
    "elementary": "elementary", "elem": "elementary", "es": "elementary", "primary": "elementary",
    "middle": "middle", "ms": "middle", "high": "high", "hs": "high", "k8": "k8",
}  # fmt: skip
_LONG = 8
"""Letters of a word that says nothing ("actually") from which on a slip in it is put right, too."""
_MOST_SLIPS = 2
"""So far, at most, a misspelling may be from the word it is corrected to."""
_TITLES = r"(?:(?:dr|ms|mr|mrs|miss|director|supervisor) )?"


@dataclass(frozen=True, slots=True)
class Named:
    """The schools that a name fits (several where it does not tell them apart), as it was written."""

    schools: tuple[str, ...]
    written: str


@dataclass(frozen=True, slots=True)
class _Names:
    """Every way of writing a name, as plain words, with what it may stand for.

    A misspelling is corrected to one of the ``targets``; words that are ``known`` are none.
    """

    schools: dict[str, tuple[SchoolName, ...]]
    ilds: dict[str, tuple[str, ...]]
    networks: dict[str, str]
    words: frozenset[str]
    longest: int
    targets: tuple[str, ...]
    known: frozenset[str]


@lru_cache(maxsize=64)
def _names(vocabulary: Vocabulary) -> _Names:
    schools: dict[str, dict[str, SchoolName]] = defaultdict(dict)
    for school in vocabulary.schools:
        for written in _ways_to_write(school):
            schools[written][school.name] = school
    ilds: dict[str, dict[str, None]] = defaultdict(dict)
    for ild in vocabulary.ilds:
        parts = plain(ild.name).split()
        for written in {" ".join(parts), parts[0], parts[-1]}:
            ilds[written][ild.name] = None
    networks = {plain(network): network for network in vocabulary.networks}
    for network in vocabulary.networks:
        words = plain(network).split()
        if "network" not in words:
            networks[f"network {plain(network)}"] = network
            networks[f"{plain(network)} network"] = network
    kinds = Counter(word for school in vocabulary.schools for word in plain(school.name).split()[-1:])
    for school in vocabulary.schools:
        word = plain(school.name).split()[-1]
        if kinds[word] == 1 and word in _GENERIC - set(_LEVELS) - {"school", "jr", "sr"}:
            schools[word][school.name] = school
    all_ways = [*schools, *ilds, *networks]
    every_word = frozenset(word for way in all_ways for word in way.split())
    targets = {*domain(), *(word for word in every_word - _GENERIC if len(word) > 3)}
    return _Names(
        schools={way: tuple(found.values()) for way, found in schools.items()},
        ilds={way: tuple(found) for way, found in ilds.items()},
        networks=networks,
        words=every_word,
        longest=max((len(way.split()) for way in all_ways), default=1),
        targets=tuple(sorted(targets)),
        known=frozenset(targets) | every_word | abbreviations() | states() | ordinary(),
    )


def _ways_to_write(school: SchoolName) -> set[str]:
    """A school's full name, aliases, own words without the generic ones, single words, initials, run together."""

    ways: set[str] = set()
    for name in (school.name, *school.aliases):
        words = plain(name).split()
        own = [word for word in words if word not in _GENERIC or word.isdigit()]
        ways |= {" ".join(words), "".join(words), " ".join(own)}
        if any(word.isdigit() for word in words):
            continue
        ways |= {"".join(own), *(word for word in own if len(word) > 2 and word not in filler())}
        ways |= {" ".join(pair) for pair in combinations(own, 2)}
        if len(own) > 2:
            ways.add("".join(word[0] for word in own))
        if words[-1] in _GENERIC:
            ways.add(f"{own[-1]} {words[-1]}" if own else words[-1])
            if len(own) > 2:
                ways.add("".join(word[0] for word in words if word not in {"jr", "sr"}))
    return {way for way in ways if way and way not in _GENERIC}


def correct(line: str, vocabulary: Vocabulary, is_word: Callable[[str], bool]) -> str:
    """Words that nobody knows, put right where they are one slip (two in long words) from a known one.

    Names and words of the domain are tried together and the nearest wins; a word of three letters or fewer, and
    anything with a digit, stays as it is. `is_word` tells the words that need no correction.
    """

    names = _names(vocabulary)
    return " ".join(
        word if is_word(word) else _slip_of_filler(word) or _nearest(word, names) for word in line.split()
    )


def _slip_of_filler(word: str) -> str | None:
    """The long word that says nothing which this is with a letter left out, doubled or swapped; no other letter, for
    words that differ in one ("regarding", "rewarding") are mostly two."""

    if len(word) < _LONG - 1 or word in ordinary():
        return None
    for target in filler():
        is_near = len(target) >= _LONG and word[0] == target[0] and OSA.distance(word, target) == 1
        if is_near and (len(word) != len(target) or sorted(word) == sorted(target)):
            return target
    return None


def _nearest(word: str, names: _Names) -> str:
    known = names.known
    if word not in known and len(word) > 3:
        begun = sorted((name for name in names.words if name.startswith(word)), key=len)
        if begun and all(name.startswith(begun[0]) for name in begun):
            return begun[0]
    if (
        len(word) < 4
        or not word.isalpha()
        or word in known
        or f"{word}s" in known
        or word.removesuffix("s") in known
    ):
        return word
    near = process.extract(word, names.targets, scorer=OSA.distance, score_cutoff=_MOST_SLIPS, limit=None)
    if not near:
        return word
    slips, is_other_start, is_name, target = min(
        (slips, target[0] != word[0], target in names.words, target) for target, slips, _place in near
    )
    if len(word) == 4 == len(target) and sorted(word) != sorted(target):
        return word
    if slips > (2 if len(word) > (8 if is_name else 7) else 1) or (
        is_other_start and (slips > 1 or is_name or len(word) < 6)
    ):
        return word
    return target


def find_names(marks: Marks, vocabulary: Vocabulary, asker: Asker) -> None:
    """Mark the names in the line: `<s>` a `Named` school, `<i>` an ILD, `<n>` a network.

    A level written beside a school's name tells two schools of one name apart, and must be the school's own: where
    it is not, no such school exists and the words stay as they are, to be asked about. A name that fits several
    schools is the asker's own school where that is among them.
    """

    names = _names(vocabulary)
    _heard_networks(marks, names)
    _list_networks(marks)
    position = 0
    while position < len(marks.line):
        position = _name_at(marks, position, names, vocabulary, asker)
        following = marks.line.find(" ", position)
        position = len(marks.line) if following < 0 else following + 1


def _name_at(marks: Marks, start: int, names: _Names, vocabulary: Vocabulary, asker: Asker) -> int:
    words = marks.line[start:].split(" ")
    for length in range(min(names.longest, len(words)), 0, -1):
        written = " ".join(words[:length])
        end = start + len(written)
        if re.match(r" (?:day|weekend|holiday|birthday)(?= |$)", marks.line[end:]):
            continue
        if written in names.networks:
            return marks.put(start, end, "n", names.networks[written])
        singular = written.removesuffix("s")
        if written in names.schools or singular in names.schools:
            return _school_at(marks, start, end, names, written, asker)
        if written not in names.ilds and singular in names.ilds:
            written = singular
        if written in names.ilds and len(names.ilds[written]) == 1:
            if length == 1 and (mixed := _of_another(written, words[1:2], names)):
                return end + mixed
            title = re.search(rf"(?:^| )({_TITLES})$", marks.line[:start])
            begin = start - len(title.group(1)) if title else start
            return marks.put(begin, end, "i", names.ilds[written][0])
    return start


def _of_another(first: str, following: list[str], names: _Names) -> int:
    """How long the surname is where one ILD's first name stands before another's surname: that is no ILD of ours."""

    if not following or len(names.ilds.get(following[0], ())) != 1:
        return 0
    one, other = names.ilds[first][0], names.ilds[following[0]][0]
    is_mixed = one != other and plain(one).split()[0] == first and plain(other).split()[-1] == following[0]
    return len(following[0]) + 1 if is_mixed else 0


def _school_at(marks: Marks, start: int, end: int, names: _Names, written: str, asker: Asker) -> int:
    is_plural = written not in names.schools or bool(
        re.search(r"\b(?:both|2)(?: of)?(?: the)? $", marks.line[:start])
    )
    schools = names.schools.get(written) or names.schools[written.removesuffix("s")]
    if following := re.match(
        r"((?: (?:jr|sr))?(?: the)?) (elementary|elem|es|primary|middle|ms|high|hs|k8)\b", marks.line[end:]
    ):
        level = _LEVELS[following.group(2)]
        fitting = tuple(school for school in schools if school.level == level)
        if not fitting:
            return end
        schools, end = fitting, end + following.end()
    elif before := re.search(
        r"(?:^| )((elementary|middle|high|k8)(?: school)?(?: at| of| in)? )$", marks.line[:start]
    ):
        fitting = tuple(school for school in schools if school.level == _LEVELS[before.group(2)])
        if fitting and len(schools) > 1:
            schools, start = fitting, start - len(before.group(1))
    if following := re.match(r" (school|academy|elementary|middle|high)\b", marks.line[end:]):
        end += following.end()
    if len(schools) > 1 and asker.school in {school.name for school in schools}:
        schools = tuple(school for school in schools if school.name == asker.school)
    if not is_plural:
        return marks.put(start, end, "s", Named(tuple(school.name for school in schools), written))
    after = marks.line[end:]
    marks.line = marks.line[:start]
    for school in schools:
        joined = f"{marks.line} and" if marks.line.endswith(">") else marks.line.rstrip()
        marks.line = f"{joined} ".lstrip()
        marks.put(len(marks.line), len(marks.line), "s", Named((school.name,), written))
    end = len(marks.line)
    marks.line += after
    return end


_HEARD_AS = {"for": "4", "fore": "4", "to": "2", "too": "2", "won": "1", "ate": "8"}


def _heard_networks(marks: Marks, names: _Names) -> None:
    """ "network for had" as "network 4 had": how dictation writes a number, where there is such a network."""

    heard = re.compile(
        rf"(?<!by )(?<!per )(?<!each )(?<!every )(?<!our )(?<!my )(?<!the )(?<!her )(?<!his )(?<!this )(?<!own )"
        rf"\bnetwork (?P<word>{'|'.join(_HEARD_AS)})(?= |$)(?! (?:the|all|each|every|{MONTH}|q\d|\d))"
    )
    for found in reversed(list(heard.finditer(marks.line))):
        number = _HEARD_AS[found["word"]]
        if f"network {number}" in names.networks:
            marks.line = f"{marks.line[: found.start('word')]}{number}{marks.line[found.end('word') :]}"


def _list_networks(marks: Marks) -> None:
    """ "networks 1 and 3" as "network 1 and network 3"."""

    join = r"(?:,? (?:and|or|vs|versus|against|with|to|than|/))?"
    counted = rf"day|week|month|percent|{MONTH}"
    listed = re.compile(rf"\bnetworks? (\d+)({join}) (\d+)(?![\d/-])(?! (?:{counted}))")
    while found := listed.search(marks.line):
        first, join, second = found.groups()
        one_by_one = f"network {first}{join or ' and'} network {second}"
        marks.line = f"{marks.line[: found.start()]}{one_by_one}{marks.line[found.end() :]}"
    marks.line = re.sub(r"\bnetworks (?=\d)", "network ", marks.line)
