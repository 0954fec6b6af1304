"""Does a note seem to name a teacher or a student?

Nothing in a walkthrough rates a teacher by name, and no student is named (FERPA), so the bot asks before such a note
is kept. It looks for a title with a surname, for first names, and for an unknown capitalised word that does what
people do. A warning that comes up for `Spanish`, `Kahoot` or `Lincoln Elementary` would soon be clicked away: hence
the lists of what is no name.
"""

import re
from functools import cache
from importlib.resources import files
from typing import Literal

from protocols.guided.coach.lexicon import groups_of

_TITLED = re.compile(
    r"\b(?:(?:Mr|Mrs|Ms|Mx|Dr|Prof|Sr|Sra|Srta|MR|MRS|MS)\.?|Miss|Coach|Teacher|Señora|Señor|"
    r"Profe)\s+(?P<name>[A-ZÀ-Þ][\w'’-]*)"
    r"|\b(?:mr|mrs)\.?\s+(?P<low>[a-zà-þ]\w+)|\bms\.\s*(?P<low2>[a-zà-þ]\w{2,})|\bMs\.?(?P<tight>[A-Z]\w+)"
)
#: People and titles that lessons are about; a note on a lesson about them names nobody.
_FAMOUS = re.compile(
    r"\b(?:Martin Luther King(?:,? Jr\.?)?|Dr\. (?:King|Seuss)|Charlotte['’]s Web|Romeo and Juliet|Rosa Parks|"
    r"Abraham Lincoln|"
    r"George (?:Washington|Orwell)|Harriet Tubman|Frederick Douglass|Anne Frank|Ruby Bridges|Helen Keller|Maya Angelou|"
    r"Langston Hughes|Robert Frost|William Shakespeare|Julius Caesar|Tom Sawyer|Huck(?:leberry)? Finn|Harry Potter|"
    r"Percy Jackson|Junie B\. Jones|Isaac Newton|Albert Einstein|Marie Curie|Charles Darwin|Thomas (?:Edison|"
    r"Jefferson)|"
    r"Benjamin Franklin|Alexander Hamilton|John F\. Kennedy|Barack Obama|C[eé]sar Ch[aá]vez|Sojourner Truth|Malcolm X|"
    r"Nelson Mandela|Lucy Calkins|Miss Havisham|Amelia Bedelia|Esperanza Rising|Edgar Allan Poe|Emily Dickinson|"
    r"Christopher Columbus|San (?:Jose|José|Antonio|Diego|Francisco)|Santa (?:Clara|Ana|Cruz)|Saint \w+|St\. \w+)\b"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
#: Somebody spoken to at the end of what is said: "Nice work, Dalia."
_ADDRESSED = re.compile(r",\s+([A-ZÀ-Þ][a-zà-þ]+)[,.!?]?[\"'”’](?!\w)")
_POSSESSIVE = re.compile(r"['’]s$")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\n•–—-]\s*|[\"“'‘(\[]\s*)$")


def find_named(text: str) -> Literal["teacher", "student"] | None:
    """Whom a note seems to name; a student where it names both, since that is a matter of law."""
    told = _FAMOUS.sub(" ", text[:4_000])
    if _names_student(told) or any(not _is_common(match[1].lower()) for match in _ADDRESSED.finditer(told)):
        return "student"
    return "teacher" if _names_teacher(told) else None


def _names_teacher(text: str) -> bool:
    for match in _TITLED.finditer(text):
        if any(match[group] for group in ("low", "low2", "tight")):
            return True
        name = match["name"]
        following = _WORD.match(text, match.end() + 1)
        if following and following.group().lower() in _load_words("places") and not _POSSESSIVE.search(name):
            continue
        if match.group().startswith(("Teacher", "Coach", "MS ")) and (
            _is_common(name.lower()) or name.isupper()
        ):
            continue
        return True
    return _find_first_name(text, teaches=True)


def _names_student(text: str) -> bool:
    return _find_first_name(text, teaches=False)


def _find_first_name(text: str, *, teaches: bool) -> bool:
    matches = list(_WORD.finditer(text))
    titled = {
        match.end(group)
        for match in _TITLED.finditer(text)
        for group in ("name", "low", "low2")
        if match[group]
    }
    shouted = sum(match.group()[:1].isupper() for match in matches) > 0.6 * len(matches) and len(matches) > 3
    for index, match in enumerate(matches):
        if match.end() in titled or any(match.start() < end <= match.end() for end in titled):
            continue
        word = match.group()
        possessed = bool(_POSSESSIVE.search(word))
        bare = _POSSESSIVE.sub("", word)
        after = matches[index + 1].group().lower() if index + 1 < len(matches) else ""
        before = matches[index - 1].group().lower() if index else ""
        opens = bool(_SENTENCE_START.search(text[: match.start()]))
        if not _is_name(bare, before=before, after=after, opens=opens, possessed=possessed, shouted=shouted):
            continue
        if teaches == (after in _load_words("teaches") or (possessed and after in _load_words("taught"))):
            return True
    return False


def _is_name(word: str, *, before: str, after: str, opens: bool, possessed: bool, shouted: bool) -> bool:
    low = word.lower()
    if after in _load_words("places") or low in _load_words("not_names"):
        return False
    acts = bool(groups_of(after) & {"action", "speechverb", "copula"}) or after in _load_words("auxiliaries")
    does = bool(groups_of(after) & {"action", "speechverb"})
    first_name = low in _load_words("first_names")
    either = low in _load_words("either")
    if not word[:1].isupper():
        # Typed on a phone: `jamal said`.
        return (
            first_name
            and does
            and after.endswith(("ed", "said", "wrote", "told", "sat", "took", "left", "read"))
        )
    if word.isupper() and len(word) < 4:
        return False
    if first_name:
        return True
    if either:
        return (
            (does and not after.endswith("ing"))
            if opens
            else (acts or before in _load_words("before_a_name") - {"and"})
        )
    if shouted or groups_of(low) or _is_common(low) or not low.isalpha() or len(low) < 3 or word.isupper():
        return False
    past = after in _load_words("past") or after.endswith("ed")
    if opens:
        plain = not low.endswith(("s", "ing", "ed", "ly", "er", "or", "ion", "ment", "ist"))
        return plain and ((does and past) or (possessed and "object" in groups_of(after)))
    return (does and past) or (before in {"student", "boy", "girl", "named", "child", "pupil"})


def _is_common(word: str) -> bool:
    return bool(groups_of(word)) or word in _load_words("not_names")


@cache
def _load_words(section: str) -> frozenset[str]:
    text = files("protocols.guided.coach").joinpath("names.txt").read_text(encoding="utf-8")
    found: set[str] = set()
    current = ""
    for line in text.splitlines():
        if line.startswith("["):
            current = line.strip("[] ")
        elif not line.startswith("#") and current == section:
            found.update(line.split())
    return frozenset(found)
