"""How one figure of a line is read: each pattern with its reader, in the order in which they take their words.

The units are told in ``figures``.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from protocols.guided.figure_numerals import (
    DIGITS,
    END,
    NUMBER,
    START,
    named,
    number_of,
)
from protocols.guided.figure_words import rate_of, thing_of

PERCENT = "%"
LEVEL = "level"
_POINTS = "percentage point"
_MOST_LEVELS = 10
_NEAR = 100  # characters around a number; what stands further off is not what it is of
_PARTS = {
    "half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10,
}  # fmt: skip
_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6}
_RATED = re.compile(
    r"\b(?:rat(?:ed|es?|ings?)|scor(?:ed?|es|ing)|averaged?|mean|gpa)\b[^,;.\d]{0,40}$|\ba\s$", re.IGNORECASE
)
_POINTED_AT = re.compile(r"\b(?:no|this|that|the|each|every|which|any|another)\s$", re.IGNORECASE)
_FALLING = re.compile(r"(?:down|fell|fallen|decreas|drop|declin|few|less|low)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` in ``unit``; "" for a count of nobody knows what."""

    value: float
    unit: str


def _share(part: float, whole: float) -> Figure | None:
    """What ``part`` is of ``whole`` in percent; None where it is no part of it."""
    return Figure(round(100 * part / whole, 1), PERCENT) if 0 <= part <= whole and whole else None


def _rating(value: float, whole: float) -> Figure:
    return Figure(value, LEVEL if whole == 4 else f"{LEVEL} of {whole:g}")


def _count(value: float, thing: str) -> Figure:
    is_hours = thing.split(" ")[0] == "hour"
    return Figure(60 * value, f"minute{thing[4:]}") if is_hours else Figure(value, thing)


def _before(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - _NEAR) : match.start()]


def _after(match: re.Match[str]) -> str:
    return match.string[match.end() : match.end() + _NEAR]


def _signed(match: re.Match[str]) -> float:
    value = number_of(match["n"])
    return -value if (match.groupdict().get("sign") or "") in ("-", "−") and value else value


def _middle(match: re.Match[str]) -> float:
    return (number_of(match["n"]) + number_of(match["to"])) / 2


def _read_change(match: re.Match[str]) -> Figure:
    value = number_of(match["n"])
    unit = _POINTS if match["points"] else "% change" if match["cent"] else "point"
    return Figure(-value if value and _FALLING.match(match["way"]) else value, unit)


def _read_percent(match: re.Match[str]) -> Figure:
    """A share; with a sign before it a change, because nothing is less than none of a whole."""
    return Figure(_signed(match), "% change" if match["sign"] else PERCENT)


def _read_of(match: re.Match[str]) -> Figure:
    """ "12 of 40", unless it is a rating: "3.4 out of 4", "rated 3 out of 4". "30 of 24 students" counts thirty."""
    part, whole = number_of(match["n"]), number_of(match["whole"])
    thing = thing_of("", _after(match))
    if not thing and whole <= _MOST_LEVELS and (part % 1 or _RATED.search(_before(match))):
        return _rating(part, whole)
    return _share(part, whole) or Figure(part, thing)


def _read_part(match: re.Match[str]) -> Figure | None:
    """ "1 in 4", "18/24"; "2.6/4" is a rating, "24/7" and "14 in 3" nothing."""
    part, whole = number_of(match["n"]), number_of(match["whole"])
    return _rating(part, whole) if part % 1 and whole <= _MOST_LEVELS else _share(part, whole)


def _read_fraction(match: re.Match[str]) -> Figure | None:
    words, name = match["n"].casefold(), match["part"].casefold()
    part = 1 if words in ("", "a", "an") else number_of(words)
    return _share(part, _PARTS[name.removesuffix("s")])


def _read_time(match: re.Match[str]) -> Figure:
    groups = match.groupdict()
    hours = number_of(groups["hours"]) if groups.get("hours") else 0.5 if groups.get("half") else 0
    minutes = number_of(groups["minutes"]) if groups.get("minutes") else 0
    if groups.get("seconds"):
        minutes = round(number_of(groups["seconds"]) / 60, 4)
    return Figure(60 * hours + minutes, f"minute{rate_of(_after(match))}")


def _read_money(match: re.Match[str]) -> Figure:
    scale = _SCALES.get((match.groupdict().get("scale") or "").casefold(), 1)
    return Figure(_signed(match) * scale, f"${rate_of(_after(match))}")


def _read_rated(match: re.Match[str]) -> Figure | None:
    """ "average rating 2.8": a small number that is of nothing, after words of rating."""
    value = number_of(match["n"])
    is_rating = value <= 5 and _RATED.search(_before(match)) and not thing_of("", _after(match))
    return Figure(value, LEVEL) if is_rating else None


def _read_range(match: re.Match[str]) -> Figure | None:
    thing = thing_of(_before(match), _after(match))
    return _count(_middle(match), thing) if thing else None


def _read_times(match: re.Match[str]) -> Figure:
    value = number_of(match["times"]) if match["times"] else 2
    return Figure(value, f"time{rate_of(_after(match))}")


def _read_count(match: re.Match[str]) -> Figure | None:
    """A number in digits, or in words where it is plainly of something ("one" is often a pronoun)."""
    value, after = _signed(match), _after(match)
    if match["n"][0] in "0123456789.":
        return _count(value, thing_of(_before(match), after, is_one=value == 1))
    if value == 1 and (_POINTED_AT.search(_before(match)) or after.startswith((" of", "-"))):
        return None
    thing = thing_of("", after, is_one=value == 1)
    return _count(value, thing) if thing else None


def _read_no(match: re.Match[str]) -> Figure | None:
    """ "no suspensions"; of people it is a share, as "nobody" is."""
    thing = thing_of("", _after(match))
    return None if thing in ("", "student", "teacher") else Figure(0, thing)


_N, _WHOLE, _TO = named("n"), named("whole"), named("to")
_SIGN = r"(?P<sign>(?<!\w)[-−+])?"
_CENT = r"\s?(?:%|percent\b|per\s?cent\b|pct\b\.?)(?!\s?-?(?:age)?\s?-?(?:points?|pts?)\b)"
_OF_CENT = r"\s?(?:%|percent(?:age)?|pct\.?|p)\s?-?(?:points?|pts?|p)\b"
_AMOUNT = rf"{_N}(?:(?P<cent>{_CENT})|(?P<points>{_OF_CENT})|\s(?:points?|pts?)\b)"
_TILL = r"(?:\s?[-–]\s?(?=[0-9])|\sto\s)"
_OUR = r"(?:(?:the|our|my|all|these)\s){0,2}"
_OF_SOME = rf"(?:\s(?:of\s)?{_OUR}{NUMBER}{END}(?!\s?%))?"
_TEN = r"(?P<whole>(?:[2-9]|10|20|100|two|three|four|five|six|seven|eight|nine|ten)\b)"
_NO_TIME = r"(?!\s?-?(?:min|hour|hr|day|week|month|year|%|percent))"
_PART = rf"(?P<part>{'|'.join(_PARTS)})"
_HOURS, _MINUTES = r"[\s-]?(?:hours?|hrs?\.?|h)\b", r"[\s-]?(?:minutes?|mins?\.?)(?!\w)"
_HOUR_NUMBER, _MINUTE_NUMBER = named("hours"), named("minutes")
_UP_OR_DOWN = (
    r"(?P<way>up|down|rose|risen|fell|fallen|grew|(?:increas|decreas|dropp?|declin|gain)"
    r"(?:e|ed|s|es|ing)?|lower|higher)"
)

READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Figure | None]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), read)
    for pattern, read in (
        (rf"\b{_UP_OR_DOWN}\s(?:by\s|of\s|about\s){{0,2}}{_AMOUNT}", _read_change),
        (rf"{START}{_AMOUNT}\s(?P<way>more|fewer|less|higher|lower)\b", _read_change),
        (rf"{START}{_SIGN}{_N}{_OF_CENT}", lambda match: Figure(_signed(match), _POINTS)),
        (rf"{START}{_N}(?:{_CENT})?{_TILL}{_TO}{_CENT}", lambda match: Figure(_middle(match), PERCENT)),
        (rf"\bbetween\s{_N}(?:{_CENT})?\sand\s{_TO}{_CENT}", lambda match: Figure(_middle(match), PERCENT)),
        (
            rf"{START}{_SIGN}{_N}{_CENT}{_OF_SOME}",
            _read_percent,
        ),
        (
            rf"{START}{_N}\son\s(?:an?|the|our)\s(?:scale\s(?:of|from)\s(?:[0-9]\s?(?:to|-|–)\s?)?)?{_WHOLE}"
            r"(?:-(?:point|level)\sscale)?",
            lambda match: _rating(number_of(match["n"]), number_of(match["whole"])),
        ),
        (rf"\blevel\s(?:of\s)?{_N}{END}", lambda match: Figure(number_of(match["n"]), LEVEL)),
        (
            rf"(?:(?:^\W*|\bout\s)of|\bfor\severy)\s{_OUR}{_WHOLE}(?:\s[a-z-]+){{1,3}}?,?\s(?:only\s|just\s)?{_N}{END}",
            _read_of,
        ),
        (
            rf"\b(?:(?<!not )all|every one of|each of)\s(?:of\s)?{_OUR}{NUMBER}{END}",
            lambda _: Figure(100, PERCENT),
        ),
        (rf"\b(?:none|not one|no one) of\s{_OUR}{NUMBER}{END}", lambda _: Figure(0, PERCENT)),
        (rf"{START}{_N}\s?\(?\s?(?:out\s)?of\s{_OUR}{_WHOLE}{END}\)?", _read_of),
        (rf"{START}{_N}(?:\s[a-z-]+){{1,2}}\sout\sof\s{_OUR}{_WHOLE}{END}", _read_of),
        (rf"{START}{_N}\sin\s(?:every\s)?{_TEN}{END}{_NO_TIME}", _read_part),
        (rf"{START}(?P<n>{DIGITS})\s?/\s?(?P<whole>{DIGITS}){END}", _read_part),
        (rf"\b(?P<n>an?|one)[\s-]{_PART}(?=\sof\b){_OF_SOME}", _read_fraction),
        (rf"{START}{_N}[\s-]{_PART}s\b{_OF_SOME}", _read_fraction),
        (rf"\b(?P<n>)(?P<part>half)(?=\s(?:of|the|our|my|all|their)\b){_OF_SOME}", _read_fraction),
        (
            r"(?<!\w)(?P<n>[½¼¾])(?=\s(?:of|the|our|my)\b)",
            lambda match: Figure(100 * unicodedata.numeric(match["n"]), PERCENT),
        ),
        (rf"{START}{_HOUR_NUMBER}{_HOURS}(?:\s(?:and\s)?{_MINUTE_NUMBER}{_MINUTES})?", _read_time),
        (rf"{START}{_MINUTE_NUMBER}{_MINUTES}", _read_time),
        (rf"{START}{named('seconds')}(?:[\s-]?(?:seconds|secs?)|-second)(?!\w)", _read_time),
        (r"\b(?P<half>half)\san\shour\b", _read_time),
        (rf"{_SIGN}\$\s?(?P<n>{DIGITS})(?:\s?(?P<scale>{'|'.join(_SCALES)})\b)?", _read_money),
        (rf"{START}{_N}\sdollars\b", _read_money),
        (rf"{START}{_N}{END}", _read_rated),
        (rf"{START}{_N}{_TILL}{_TO}{END}", _read_range),
        (rf"\bbetween\s{_N}\sand\s{_TO}{END}", _read_range),
        (rf"\btwice\b|{START}(?P<times>[0-9]{{1,3}})x\b", _read_times),
        (rf"{START}{_SIGN}{_N}{END}(?:\+|\sor\s(?:more|fewer|less)\b)?", _read_count),
        (r"\bno\b", _read_no),
    )
)
