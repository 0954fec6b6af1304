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

#: `Van der Berg`, `De la Cruz`: a surname goes on after these.
_PARTICLE = r"(?:[Vv]an|[Vv]on|[Dd]el?|[Dd]e[rn]|[Ll]as?|[Ll]os|[Dd]os|[Dd]a|[Aa]l|[Ee]l|[Bb]in|[Aa]bu|St\.?)"
_TITLED = re.compile(
    r"\b(?:(?:Mr|Mrs|Ms|Mx|Dr|Prof|Sr|Sra|Srta|MR|MRS|MS)\.?|Miss|Coach|Teacher|Señora|Señor|"
    rf"Profe)\s+(?P<name>(?:{_PARTICLE}\s+){{0,2}}[A-ZÀ-Þ][\w'’-]*)"
    r"|\b(?:mr|mrs|mx)\b\.?\s+(?P<low>(?:(?:van|von|de|del|der|la|los|dos|da|al|el|st)\s+){0,2}[a-zà-þ][\w'’-]*)|\bms\.\s*(?P<low2>[a-zà-þ][\w'’-]*)|\bMs\.?(?P<tight>[A-Z]\w+)"
    r"|\b(?:ms|miss|dr\.?|sra\.?|profe)\s+(?P<perhaps>[a-zà-þ][\w'’-]*)"
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
#: `by 29 Jan`, `since Jan`: a month that is a first name as well.
_DATED = re.compile(
    r"\b(?:\d{1,2}(?:st|nd|rd|th)?\s+Jan\b\.?|Jan\.?\s+\d{1,2}\b|(?<=\b(?:in|by|of))\s+Jan\b(?!['’]|\s+[a-z]+(?:ed|s)\b))"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
#: Somebody spoken to at the end of what is said: "Nice work, Dalia."
_ADDRESSED = re.compile(r",\s+([A-ZÀ-Þ][a-zà-þ]+)[,.!?]?[\"'”’](?!\w)")
_POSSESSIVE = re.compile(r"['’]s$")
#: `T` and `S` stand for teacher and student in many notes; with `I`, the only capitals alone that are no initials.
_SHORT_FOR_ROLES = frozenset(
    {"T", "Ts", "S", "Ss", "I", "I'm", "I’m", "I've", "I’ve", "I'd", "I’d", "I'll", "I’ll"}
)
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\n•–—-]\s*|[\"“'‘(\[]\s*)$")


#: Whoever stands after these is a person near at hand.
_MEETS = frozenset(
    {
        "called on",
        "calls on",
        "calling on",
        "next to",
        "beside",
        "named",
        "boy",
        "girl",
        "child",
        "pupil",
        "student",
    }
)
_SPEAKS_TO = frozenset(
    {
        "told",
        "asked",
        "helped",
        "thanked",
        "reminded",
        "praised",
        "handed",
        "gave",
        "tells",
        "asks",
        "helps",
        "reminds",
    }
)
#: After these, `May` is a month and `Paris` a city.
_DATES_AND_PLACES = frozenset(
    {"by", "in", "on", "this", "next", "last", "since", "until", "of", "from", "the", "a", "mid"}
)
_AFTER_SPOKEN_TO = re.compile(
    r"(?:to|if|what|why|how|who|where|when|for|about|that|twice|again|once|and|an?|the|his|her|their|one|two|three|in|"
    r"at|by|with|not)?"
)


def find_named(text: str) -> Literal["teacher", "student"] | None:
    """Whom a note seems to name; a student where it names both, since that is a matter of law."""
    told = _DATED.sub("then", _FAMOUS.sub(" ", text[:4_000]))
    if _names_student(told) or any(not _is_common(match[1].lower()) for match in _ADDRESSED.finditer(told)):
        return "student"
    return "teacher" if _names_teacher(told) else None


def is_surely_nameless(text: str) -> bool:
    """Whether nothing in the words could be a person's name, for words that may leave the district's machine.

    Stricter than ``find_named``, which would soon be clicked away if it warned so often: every word with a capital
    must be a known one, wherever it stands, and no first name may stand there in small letters.
    """
    if find_named(text) is not None:
        return False
    for match in _WORD.finditer(text):
        word = _POSSESSIVE.sub("", match.group())
        low = word.lower()
        if low in _load_words("first_names") and low not in _load_words("either") and not groups_of(low):
            return False
        if word[:1].isupper() and word not in _SHORT_FOR_ROLES and not _is_common(low):
            return False
    return True


def _names_teacher(text: str) -> bool:
    for match in _TITLED.finditer(text):
        if any(match[group] for group in ("low", "low2", "tight")):
            return True
        if match["perhaps"]:
            if _may_be_surname(_POSSESSIVE.sub("", match["perhaps"]), match.group()):
                return True
            continue
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


def _may_be_surname(word: str, titled: str) -> bool:
    """`ms okonkwo`, `miss abernathy`; not `miss class`, `coach said`, or `ms` for middle school."""
    if len(word) == 1:
        return titled.startswith("ms ") and word not in {"a", "i", "w", "t", "s"}
    return (
        len(word) > 2
        and not _is_common(word)
        and word not in _load_words("auxiliaries")
        and not word.endswith(("ing", "ed", "ly"))
    )


def _names_student(text: str) -> bool:
    return _find_first_name(text, teaches=False)


def _find_first_name(text: str, *, teaches: bool) -> bool:
    matches = list(_WORD.finditer(text))
    titled = {
        match.end(group)
        for match in _TITLED.finditer(text)
        for group in ("name", "low", "low2", "perhaps")
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
        earlier = [found.group() for found in matches[max(0, index - 2) : index]]
        before = earlier[-1].lower() if earlier else ""
        if before in {"on", "to", "w"} and len(earlier) == 2:
            before = f"{earlier[0].lower()} {before}"  # `called on`, `next to`
        if bare.lower() in _load_words("places") and earlier and earlier[-1][:1].isupper():
            continue
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
    doing = bool(groups_of(after) & {"action", "speechverb", "interpretive"})
    past = after in _load_words("past") or (after.endswith("ed") and doing)
    present = after in _load_words("present")
    acts = past or present or "copula" in groups_of(after) or after in _load_words("auxiliaries")
    either = low in _load_words("either")
    first_name = low in _load_words("first_names") and not either
    met = before in _MEETS or (before in _SPEAKS_TO and _AFTER_SPOKEN_TO.fullmatch(after) is not None)
    if not word[:1].isupper():
        # Typed on a phone: `jamal said`, `told zainab to sit`.
        return first_name and len(low) > 2 and not groups_of(low) and (past or met or present)
    if word.isupper() and len(word) < 4:
        return False
    if first_name:
        return True
    if either:
        if opens:
            return past or present
        return met or before in _SPEAKS_TO or (acts and before not in _DATES_AND_PLACES)
    parts = re.split(r"['’-]", low)
    if (
        shouted
        or ("-" in low and any(_is_common(part) for part in parts))
        or _is_common(low)
        or word.isupper()
        or len(low) < 3
    ):
        return False
    if not all(part.isalpha() for part in parts):
        return False
    if opens:
        plain = not low.endswith(("s", "ing", "ed", "ly", "er", "or", "ion", "ment", "ist"))
        return plain and (past or (possessed and "object" in groups_of(after)))
    return past or met or after in _load_words("teaches")


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
