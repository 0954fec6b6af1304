"""How a demand stands to a school's own focus: it helps, it competes, or it is neutral to it.

Whether it does is the ILD's to say, never a machine's. It is suggested only where the focus and the demand share plain
words, and the words are named as the reason.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from protocols.buffer.headlines import end_sentence, shorten

LONGEST_FOCUS = 90
"""Characters of a focus beside an item; it stands whole in the school's thread."""
FEWEST_SHARED = 2
"""So many different words have to be shared: "students" alone says nothing."""

_WORD = re.compile(r"[^\W\d_]{4,}")
_EVERYWHERE = re.compile(
    r"about|after|also|assure|because|been|before|being|can|course|district|each|every|have|into|know|"
    r"learn|learning|lesson|make|more|must|need|other|over|principal|principals|school|schools|should|some|"
    r"student|students|teach|teacher|teachers|teaching|than|that|their|them|then|there|these|they|this|"
    r"those|time|use|used|using|very|want|week|weeks|well|were|what|when|where|which|while|will|with|work|"
    r"year|years|your|class|classes|classroom|classrooms|grade|grades|staff|complete|submit|send|form|"
    r"report"
)


class Fit(StrEnum):
    HELPS = "helps"
    COMPETES = "competes"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class FocusHint:
    """A fit that the ILD might choose, and why in one sentence."""

    fit: Fit
    because: str


def say_focus(fit: Fit, focus: str, line: str = "") -> str:
    """What a principal reads under an item; empty where it is neutral and nothing was added.

    ``line`` is the ILD's own, on how to make it serve the focus.
    """
    about = f" ({shorten(focus, LONGEST_FOCUS).rstrip('.')})" if focus else ""
    match fit:
        case Fit.HELPS:
            said = f"Helps your focus{about}"
        case Fit.COMPETES:
            said = f"Competes with your focus{about}"
        case Fit.NEUTRAL:
            return end_sentence(line)
    return end_sentence(f"{said}: {line}" if line else said)


def suggest_focus(focus: str, demand: str) -> FocusHint | None:
    """That it helps, where focus and demand share plain words that are not everybody's; None where they do not.

    That something competes cannot be read off words, so it is never suggested.
    """
    mine, asked = _stems(focus), _stems(demand)
    shared = [mine[stem] for stem in mine if stem in asked]
    if len(shared) < FEWEST_SHARED:
        return None
    words = f"{', '.join(f'“{word}”' for word in shared[:-1])} and “{shared[-1]}”"
    return FocusHint(Fit.HELPS, f"Both speak of {words}.")


def _stems(text: str) -> dict[str, str]:
    """Stem -> the word as written, in the order of the text, without words that stand in every memo."""
    found: dict[str, str] = {}
    for match in _WORD.finditer(text.casefold()):
        if not _EVERYWHERE.fullmatch(match[0]):
            found.setdefault(stem(match[0]), match[0])
    return found


def stem(word: str) -> str:
    """The word without its commonest endings, so that "explains", "explaining" and "explained" are one."""
    word = word.casefold()
    for endings in (("ies", "es", "s"), ("ation", "ment", "ing", "ied", "ed", "i", "y")):
        for ending in endings:
            if word.endswith(ending) and len(word) - len(ending) >= 4:
                word = word[: -len(ending)]
                break
    return word.rstrip("e") if len(word) > 4 else word
