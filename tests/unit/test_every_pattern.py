"""No regular expression of the product goes back and forth: each is tried on words that repeat what its parts match.

A message may have 400,000 letters, cut into sentences of 1,500; an expression that can be read in two ways takes twice
as long with every word, and a hundred letters are enough. What takes the square of the length takes a second at most.
"""

import re
from functools import cache
from itertools import islice

import pytest

from protocols.buffer.passages import LONGEST
from tests.computing import OverTime, in_time
from tests.patterns import PACKAGES, Found, attacks, every_pattern

SHORT, LONG = 200, LONGEST + 100
NOTICED = 0.001
"""Seconds of the processor for a short text; what takes less is not of the kind that takes for ever with a long one."""
MOST = 2.0
TEXTS = 60
LATE = 60
"""Places where an expression is put together in a function, mostly of names, with which it is escaped."""


@cache
def patterns() -> tuple[list[Found], list[str]]:
    return every_pattern()


def worst(found: Found) -> str:
    """A text on which it takes longer than it may; "" where there is none."""
    for number, text in enumerate(islice(attacks(found.pattern, SHORT), TEXTS)):
        try:
            with in_time(NOTICED):
                found.try_on(text)
        except OverTime:
            longer = next(islice(attacks(found.pattern, LONG), number, None), "")
            if is_slow(found, longer):
                return longer
    return ""


def is_slow(found: Found, text: str) -> bool:
    try:
        with in_time(MOST):
            found.try_on(text)
    except OverTime:
        return True
    return False


@pytest.mark.parametrize("package", PACKAGES)
def test_no_pattern_takes_long_on_what_its_own_parts_match(package: str) -> None:
    here = [one for one in patterns()[0] if one.where.startswith(package)]
    slow = {one.where: (one.pattern.pattern[:100], text[:60]) for one in here if (text := worst(one))}
    assert slow == {}


def test_every_module_was_looked_at() -> None:
    found, late = patterns()
    assert len(found) > 1_000
    for where in ("protocols.buffer.date_roles", "protocols.guided.lines", "handlers.intake.sent_files"):
        assert any(one.where.startswith(where) for one in found), where
    assert len(late) <= LATE, "more patterns are put together where no test sees them"


@pytest.mark.parametrize(
    "pattern",
    [
        r"begins\s+(?:\s+(?:on|the)|[,\s])*\s*$",  # as words beside a date were once read
        r"prefer (?:tues?s?)(?:(?:,| and) (?:tues?s?))*",
        r"<(?:<!--.*?-->\s*)*<html",
        r"(?:a+)+$",
        r"(?P<words>[^,;]*?)\s*(?::|=|\s-)\s*$",
    ],
)
def test_one_that_goes_back_and_forth_is_found(pattern: str) -> None:
    ways = frozenset({"search", "fullmatch"})
    assert worst(Found("here", re.compile(pattern, re.IGNORECASE | re.DOTALL), ways))


@pytest.mark.parametrize(
    "pattern", [r"\bmust\s+return\b", r"(?:(?:mon|fri)(?:day)?(?:, )?)+", r"[^.;]{0,80}\d"]
)
def test_one_that_does_not_is_left_alone(pattern: str) -> None:
    assert not worst(Found("here", re.compile(pattern), frozenset({"search", "fullmatch"})))
