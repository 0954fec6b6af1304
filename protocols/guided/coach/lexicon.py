"""The words the coach knows: what a word or phrase does in a note, and what phone shorthand stands for.

The lists are plain text beside this module, so that a district's words can be added without touching code.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

#: Groups whose entries are verbs in their base form; regular forms are derived.
VERB_GROUPS = frozenset({"action", "interpretive", "speechverb"})
#: Groups whose entries also make adverbs in -ly.
ADJECTIVE_GROUPS = frozenset({"praise", "blame", "trait", "perceptual", "mental"})
#: The longest phrase in the lists, in words.
LONGEST_PHRASE = 4


def read_packaged(name: str) -> str:
    """The text of a data file of this package."""
    return files("protocols.guided.coach").joinpath(name).read_text(encoding="utf-8")


@cache
def load_groups() -> dict[str, frozenset[str]]:
    """Word or phrase (lower case, words separated by one blank) to the groups it belongs to."""
    found: dict[str, set[str]] = {}
    for section in read_packaged("lexicon.txt").split("\n[")[1:]:
        group, _, body = section.partition("]")
        for entry in filter(None, (" ".join(part.split()) for part in body.split(","))):
            for form in _spread(entry, group):
                found.setdefault(form, set()).add(group)
    return {form: frozenset(groups) for form, groups in found.items()}


@cache
def load_shorthand() -> dict[str, str]:
    """Phone shorthand (lower case) to the word it stands for."""
    pairs = (line.split("=", 1) for line in read_packaged("shorthand.txt").splitlines() if "=" in line)
    return {short.strip(): long.strip() for short, long in pairs}


def groups_of(word: str) -> frozenset[str]:
    """The groups of a lower-case word or phrase; none for an unknown one."""
    return load_groups().get(word, frozenset())


def stem(word: str) -> str:
    """A rough common form of a word's inflections, for counting alone: `asked`, `asking`, `asks` -> `ask`."""
    for ending in ("ies", "ing", "ed", "es", "ly", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            base = word[: -len(ending)]
            if ending in {"ing", "ed"} and len(base) > 3 and base[-1] == base[-2] and base[-1] not in "ls":
                base = base[:-1]
            return base + "y" if ending == "ies" else base.removesuffix("e")
    return word.removesuffix("e") if len(word) > 3 else word


def _spread(entry: str, group: str) -> Iterator[str]:
    yield entry
    head, _, rest = entry.partition(" ")
    tail = f" {rest}" if rest else ""
    if group in VERB_GROUPS and head.isalpha():
        for form in _inflect(head):
            yield form + tail
    elif group in ADJECTIVE_GROUPS and not rest and len(entry) > 3:
        base = entry[:-1] + "i" if entry.endswith("y") else entry
        yield from (base + "ly", base + "ness")
    elif group == "object" and not rest:
        yield entry + "s"


def _inflect(verb: str) -> Iterator[str]:
    if verb.endswith("e"):
        yield from (verb + "s", verb + "d", verb[:-1] + "ing")
    elif verb.endswith("y") and verb[-2:-1] not in "aeiou":
        yield from (verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing")
    else:
        yield verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
        yield from (verb + "ed", verb + "ing")
        if len(verb) > 2 and verb[-1] not in "aeiouwxy" and verb[-2] in "aeiou" and verb[-3] not in "aeiou":
            yield from (verb + verb[-1] + "ed", verb + verb[-1] + "ing")
