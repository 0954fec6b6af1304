"""What a translation must not touch: days, times, numbers, amounts, form names, addresses.

They are taken out before a text is translated (``hold``) and put back after (``put_back``). A translation in which one
of them is missing, doubled or new is no translation: then the original is shown.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from protocols.buffer.dates import find_dates

LANGUAGES = {
    "ar": "Arabic",
    "bn": "Bengali",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "hi": "Hindi",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "tl": "Tagalog",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
"""By the code that translation services know."""
_OWN_NAMES = {
    "español": "es",
    "espanol": "es",
    "français": "fr",
    "deutsch": "de",
    "português": "pt",
    "中文": "zh",
}
_FIXED = re.compile(
    r"https?://\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[“\"][^”\"]{1,80}[”\"]|"
    r"\b(?:Forms?|Appendix|Attachment|Schedule|Section|Article|Policy|Regulation|Circular)\s+[A-Z0-9][\w./-]*|"
    r"\b[A-Z]{2,}(?:-[A-Z0-9]+)*-?\d[\w-]*|"
    r"[$€£]\s?\d[\d,.]*\d|[$€£]\s?\d|\d{1,2}(?::\d\d)?\s?[ap]\.?m\b\.?|\d[\d,.:/-]*\d(?:\s?%)?|\d(?:\s?%)?"
)
_ANCHOR = date(2000, 1, 1)


def read_language(words: str) -> str | None:
    """The code of a language by its name or code; None where it is unknown."""
    word = words.strip().casefold()
    if word in LANGUAGES:
        return word
    by_name = {name.casefold(): code for code, name in LANGUAGES.items()}
    return by_name.get(word) or _OWN_NAMES.get(word)


def hold(text: str, names: Sequence[str] = ()) -> tuple[str, tuple[str, ...]]:
    """The text with marks in the places of what is fixed, and what stood there; ``names`` are fixed as well."""
    spans = [(text.index(name), text.index(name) + len(name)) for name in names if name and name in text]
    spans += [(found.start, found.end) for found in find_dates(text, memo_date=_ANCHOR)]
    spans += [found.span() for found in _FIXED.finditer(text)]
    held: list[str] = []
    parts: list[str] = []
    at = 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start < at:
            continue
        parts += [text[at:start], _mark(len(held))]
        held.append(text[start:end])
        at = end
    return "".join([*parts, text[at:]]), tuple(held)


def keep_marks(template: str) -> tuple[str, ...]:
    """What ``put_back`` needs to check the translation of a text whose fixed words are out already."""
    return tuple(f"[[{number}]]" for number in range(len(_MARKS.findall(template))))


def put_back(translated: str, held: tuple[str, ...], *, original: str) -> str | None:
    """The translation with everything fixed in its place; None where it cannot be trusted.

    Each mark stands in it once, nothing has a figure that was not held, and it is neither empty nor far too long.
    """
    translated = " ".join(translated.split())
    found = Counter(int(number) for number in _MARKS.findall(translated))
    if found != Counter(range(len(held))):
        return None
    if re.search(r"\d", _MARKS.sub("", translated)):
        return None
    if not 0 < len(translated) <= 4 * len(original) + 40:
        return None
    return _MARKS.sub(lambda mark: held[int(mark[1])], translated)


_MARKS = re.compile(r"\[\s*\[\s*(\d{1,3})\s*\]\s*\]")


def _mark(number: int) -> str:
    return f"[[{number}]]"
