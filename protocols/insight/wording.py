"""From what people type or dictate to plain words: lower case, numbers as digits, contractions written out.

The result is one line of words separated by single spaces, sentences ended by " . ", which the later stages read
with patterns. Each stage replaces what it understood by a mark such as `<s0>` (see `Marks`), so that in the end
every word left over is known to be without meaning for us (the list in words.txt), or puzzles us.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from protocols.insight.short_forms import write_out

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_GREETING = r"(?:good )?(?:morning|afternoon|evening)s?(?: (?:all|team|everyone|everybody|folks))?"
_ASKS = r"(?:how (?:many|much|often|well|evenly|long)|what (?:share|percent\w*|proportion)|which|who)\b"
_CONTRACTIONS = (
    (rf"^\s*{_GREETING}\s*[-,.!:;\n]+\s*", ""),
    (rf"^\s*{_GREETING} (?=(?:how|what|which|who|can|could|i|we|did|do|is|are)\b)", ""),
    (rf"\b({_MONTH} \d{{1,2}})\s*-\s*(?=\d{{1,2}}\b|{_MONTH}\b)", r"\1 to "),
    (rf"\b({_MONTH})\s*-\s*(?={_MONTH}\b)", r"\1 to "),
    (r"(?<=\d/)(\d{1,2})\s*-\s*(?=\d{1,2}/)", r"\1 to "),
    (r"\b(?:can't|cant|cannot)\b", "can not"),
    (r"\b(?:won't|wont)\b", "will not"),
    (r"\bain't\b", "is not"),
    (r"\b(have|has|had|did|does|do|was|were|is|are|could|would|should)n'?t\b", r"\1 not"),
    (r"\b(what|who|how|where|when|that|it|there|here)'s\b", r"\1 is"),
    (r"\b(whats|hows|thats|theres)\b", lambda match: match.group(1)[:-1] + " is"),
    (r"\b(every(?:one|body))'s (?!been|had|got|getting|being|seen)", r"\1 else "),
    (r"\bwhos\b", "who is"),
    (r"\blet'?s\b", "let us"),
    (r"\b(i|we|you|they|who|school|schools)'?ve\b", r"\1 have"),
    (r"\b(?:i'm|im)\b", "i am"),
    (r"\b(we|you|they)'re\b", r"\1 are"),
    (r"\b(how|what|where|when|why)'?d\b", r"\1 did"),
    (r"\b(\w+)'(?:d|ll)\b", r"\1 would"),
    (r"\b(\w+)'s\b", r"\1"),
    (r"\b(\w+s)'(?=\s|$)", r"\1"),
    (r"\bw/o(?:ut)?\b", "without"),
    (r"\bw/", "with "),
    (r"\bb/w\b", "between"),
    # What is told before a question, or after it, is a sentence of its own.
    (rf":\s+(?={_ASKS})", ". "),
    (rf"^((?:i|we|my|our|the|an?|they|he|she|it|there) [^.?!,]*),\s+(?:so |and )?(?={_ASKS})", r"\1. "),
    (
        rf"\b(?:and|so) (?:i )?(?:would (?:like|love)|want|need) to (?:know|see|find out|hear) (?={_ASKS})",
        ". ",
    ),
    (
        r",\s+(?=(?:i|we) (?:feel|felt|think|believe|guess|suspect|keep|was (?:told|asked)|got asked|"
        r"am (?:just|always|asking))\b)",
        ". ",
    ),
    (r"@", " at "),
    (r"&", " and "),
    (r"%", " percent "),
    (r"#", " "),
    (r"\b([a-z])\.\s?s\.?\s?(?=\d)", r"\1s "),
    (
        r"\b(jr|sr|dr|ms|mr|mrs|st|vs|approx|dept|avg|wks?|yrs?|mos?|hrs?|mins?|pct|incl|excl|prin|qtr|sem|"
        r"prev|no|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|mtg|mtgs|elem)\.",
        r"\1",
    ),
    (r"\b([a-z])\.(?= ?[a-z]{2})", r"\1 "),
    (r"\bk[ -]?8'?s\b", "k8 schools"),
    (r"\bk(?: |-)?(?:to |thru |through |- ?)?8\b", "k8"),
    (r"\b(\d{1,2})(?:st|nd|rd|th)\b(?! (?:grade|quarter|semester|term|half|week|month|year))", r"\1"),
    (r"\bx\b", " times "),
    (r"\bwalk[- ]?(?:through|thru)(s?)\b", r"walkthrough\1"),
    (r"\bhalf[- ]days?\b", "halfdays"),
    (r"\bi\.? ?l\.? ?d\.?('?s)?(?=[\s,;?!.]|$)", r"ild\1"),
    (r"\bthirtieth\b", "30"),
    (r"\bbi[- ]weekly\b", "biweekly"),
    (r"\bevery[ -](?:other|2nd|second|two|2)[ -]weeks?\b", "biweekly"),
    (r"\bevery[ -](?:three|3)[ -]weeks?\b", "triweekly"),
    (r"\btri[- ]weekly\b", "triweekly"),
    (r"\b(more|less|fewer|better|worse|higher|lower|longer|rather|often) then\b", r"\1 than"),
    (
        r"\b(without|no)(?: to)? (?:go|going|visit|come|see)(?= there\b| to (?!a\b|the\b|any)|[.?!,]*$)",
        r"\1 visit",
    ),
    (r"\by[. ]?t[. ]?d\b", "ytd"),
    (r"\byear[- ]to[- ]date\b", "ytd"),
    (r"\bfort?nights?\b", "2 weeks"),
    (r"\b(?:a )?couple (?:of )?(?=days|weeks|months)", "2 "),
    (r"\b(day|week|month)s? or so\b", r"\1s"),
    (r" / (?=(?:school|network|ntwk|ild|month|level|tier|kind|type|office|reason|principal)s?\b)", " per "),
    (r" / (?=(?:last|prev|previous|this|same)\b)", " vs "),
)
_WORD = re.compile(
    r"\d{4}-\d{2}-\d{2}(?!\d)|\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d{2}))?(?![\d/])"
    r"|(?:19|20)\d\d[-/–](?:19|20)?\d\d(?!\d)|\d{2}[-/–]\d{2}(?![\d/])|\d+|[a-z]+|[.?!;\n]"
)
_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS_NAMES = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINAL_NAMES = (
    "fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
    "seventeenth eighteenth nineteenth twentieth"
)
_UNIT_DAYS = {"week": 7, "month": 30}
_UNITS = {word: number for number, word in enumerate(_NUMBERS.split())}
_TENS = {word: 10 * number for number, word in enumerate(_TENS_NAMES.split(), start=2)}
_ORDINALS = {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th"}
_NTH_NAMES = "first second third fourth fifth sixth seventh eighth ninth"
_NTHS = {word: number for number, word in enumerate(_NTH_NAMES.split(), start=1)}
_DAY_ORDINALS = {word: str(number) for number, word in enumerate(_ORDINAL_NAMES.split(), start=5)}
_COUNTED = {
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "school",
    "network",
    "semester",
    "quarter",
    "term",
}


def plain(text: str) -> str:
    """The words of a text in lower case, one space apart; numbers in digits, sentences ended by "." ."""

    line = unicodedata.normalize("NFKD", text.replace("’", "'").replace("‘", "'").replace("–", "-").lower())
    line = "".join(letter for letter in line if not unicodedata.combining(letter)).replace("—", " . ")
    line = re.sub(r"(?<=[\d-])o(?=\d)", "0", line)
    for pattern, instead in _CONTRACTIONS:
        line = re.sub(pattern, instead, line)
    words = ["." if word in ".?!;\n" else word for word in _WORD.findall(line)]
    line = re.sub(r"(?: \.)+", " .", " ".join(_number(words))).removeprefix(". ").strip()
    return _halves(write_out(line))


def _halves(line: str) -> str:
    """ "a month and a half" and "2 and a half weeks" as days."""

    half = (
        r"\b(?:(?P<n>\d+) and a half (?P<unit>week|month)s?|"
        r"(?:(?P<n2>\d+|an?) )?(?P<unit2>week|month)s? and a half)\b"
    )

    def days(found: re.Match[str]) -> str:
        written = found["n"] or found["n2"]
        number = int(written) if written and written.isdigit() else 1
        return f"{int((number + 0.5) * _UNIT_DAYS[found['unit'] or found['unit2']])} days"

    return re.sub(half, days, line)


def _number(words: list[str]) -> list[str]:
    """Number words as digits ("twenty one" is 21); "one" and "second" only where they count something."""

    result: list[str] = []
    position = 0
    while position < len(words):
        word, after = words[position], words[position + 1] if position + 1 < len(words) else ""
        before = result[-1] if result else ""
        position += 1
        if word in _TENS and after in _NTHS:
            position += 1
            result.append(str(_TENS[word] + _NTHS[after]))
        elif word in _TENS:
            unit = _UNITS.get(after, 0)
            position += 1 if 0 < unit < 10 else 0
            result.append(str(_TENS[word] + (unit if unit < 10 else 0)))
        elif word == "one" and not (
            after in _COUNTED or before in {"network", "networks", "q", "quarter", "ps"}
        ):
            result.append(word)
        elif word in _UNITS:
            result.append(str(_UNITS[word]))
        elif word in _ORDINALS:
            result.append(_ORDINALS[word])
        elif word in _DAY_ORDINALS:
            result.append(_DAY_ORDINALS[word])
        elif word in {"st", "nd", "rd", "th"} and before.isdigit():
            result[-1] = before + word
        elif word == "q" and (after in {"1", "2", "3", "4"} or after in _UNITS):
            result.append(f"q{_UNITS.get(after, after)}")
            position += 1
        elif word == "k" and after == "8":
            result.append("k8")
            position += 1
        else:
            result.append(word)
    return result


@cache
def filler() -> frozenset[str]:
    """Words that say nothing about what is asked, or nothing in a sentence that only tells."""

    return listed("filler") | listed("told")


@cache
def listed(part: str) -> frozenset[str]:
    """The words that words.txt lists for one part of a question ("cancelled", "reasons")."""

    return frozenset(_sections()[part])


@cache
def domain() -> tuple[str, ...]:
    """Words that carry meaning, as a misspelling is corrected to the nearest of them."""

    return tuple(sorted(_sections()["domain"]))


@cache
def states() -> frozenset[str]:
    """Words for how things stand, which are no misspellings; what they mean depends on what they are said of."""

    return frozenset(_sections()["states"])


@cache
def abbreviations() -> frozenset[str]:
    """Short forms of months and days, which are no misspellings and which nothing is corrected to."""

    return frozenset(_sections()["abbreviations"])


@cache
def ordinary() -> frozenset[str]:
    """English words so near to ours that they would be taken for misspellings of them; they mean something else."""

    return frozenset(_sections()["ordinary"])


@cache
def _sections() -> dict[str, set[str]]:
    sections: dict[str, set[str]] = {}
    words: set[str] = set()
    for line in resources.files(__package__).joinpath("words.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            words = sections.setdefault(line.strip("[]"), set())
        elif not line.startswith("#"):
            words.update(line.split())
    return sections


@dataclass(slots=True)
class Marks:
    """The line being read, and the values its marks stand for: `<s0>` is the first school, `<p1>` the second period."""

    line: str
    values: dict[str, object] = field(default_factory=dict)

    def put(self, start: int, end: int, letter: str, value: object) -> int:
        """Replace line[start:end] by a fresh mark for the value; returns where reading goes on."""

        mark = f"<{letter}{sum(key[1] == letter for key in self.values)}>"
        self.values[mark] = value
        self.line = f"{self.line[:start]}{mark}{self.line[end:]}"
        return start + len(mark)

    def of(self, letter: str) -> list[tuple[str, object]]:
        """Marks of one kind that are still in the line, in its order, with their values."""

        return [
            (mark, self.values[mark])
            for mark in re.findall(rf"<{letter}\d+>", self.line)
            if mark in self.values
        ]


_ENDINGS = ("s", "d", "ed", "es", "ing", "ly")


def is_word(word: str) -> bool:
    """Whether a word is known: as one that asks for something, or as one that says nothing about what is asked."""

    return is_among(word, _known())


def is_among(word: str, known: frozenset[str]) -> bool:
    """Whether a word is one of those known, with any of the usual endings, the last letter dropped or doubled before
    them or not."""

    if word in known or f"{word}s" in known:
        return True
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if (
            stem != word
            and len(stem) > 3
            and (stem in known or f"{stem}e" in known or (stem[-1] == stem[-2] and stem[:-1] in known))
        ):
            return True
    return False


@cache
def _known() -> frozenset[str]:
    parts = _sections().keys() - {"abbreviations", "states", "ordinary"}
    return frozenset().union(*(listed(part) for part in parts))
