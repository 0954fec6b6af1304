"""Numbers as memos write them: digits, words, or both ("ten (10)")."""

import re

WORDS = {
    word: number
    for number, word in enumerate(
        re.findall(
            r"\w+",
            "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen",
        ),
        1,
    )
}
TENS = {
    word: 10 * number
    for number, word in enumerate(
        re.findall(r"\w+", "twenty thirty forty fifty sixty seventy eighty ninety"), 2
    )
}
ONES = {word: number for word, number in WORDS.items() if number < 10}
_TENS, _ONES = "|".join(TENS), "|".join(ONES)
_SIMPLE = "|".join(sorted(WORDS, key=len, reverse=True))
PATTERN = rf"(?:(?:{_TENS})(?:[\s-](?:{_ONES}))?|{_SIMPLE})"
"""A pattern for number words up to ninety-nine, to be used without regard to case."""


def value_of(words: str) -> int | None:
    """The number that words such as "12", "twelve", "forty-five" or "ten (10)" name; None where they name none."""
    plain = words.lower().split("(")[0].strip()
    if plain.isascii() and plain.isdigit():
        return int(plain)
    parts = plain.replace("-", " ").split()
    values = [WORDS.get(part) or TENS.get(part) for part in parts]
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(parts) else None
