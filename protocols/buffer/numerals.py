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


_NUMBER = re.compile(
    rf"(?i)(?P<currency>[$£€]\s?)?(?P<digits>\d+(?:,\d{3})*(?:\.\d+)?)(?P<clock>:\d\d)?(?P<after>\s?(?:%|"
    rf"percent\b|per\s+cent\b|¢|(?:a|p)\.?m\b\.?))?"
    rf"|(?<![\w-])(?P<word>{PATTERN})(?![\w])"
    r"|(?<![\w-])(?P<once>once|twice|half|double|both|dozen|hundred|thousand)(?![\w])"
)
_NO_COUNT_ONE = re.compile(r"(?i)\b(?:the|this|that|each|every|any|which|no|another)\s+$")


def numbers_in(text: str) -> list[tuple[str, str]]:
    """(value, words) of each number; the value keeps what is counted in: money, per cent, the hour."""
    found: list[tuple[str, str]] = []
    for m in _NUMBER.finditer(text):
        words = m[0].strip()
        if m["word"]:
            if m["word"].lower() == "one" and _NO_COUNT_ONE.search(text[max(0, m.start() - 9) : m.start()]):
                continue
            found.append((str(value_of(m["word"])), words))
        elif m["once"]:
            found.append((m["once"].lower(), words))
        else:
            digits = m["digits"].replace(",", "").rstrip(".")
            after = (m["after"] or "").strip().lower().replace(".", "")
            unit = ""
            if m["currency"]:
                unit = m["currency"].strip()
                digits = digits.removesuffix(".00")
            elif after in ("am", "pm") or m["clock"]:
                hour = m["clock"] or ":00"
                found.append((f"{digits}{hour}{after}", words))
                continue
            elif after:
                unit = "¢" if after == "¢" else "%"
            found.append((f"{unit}{digits}", words))
    return found
