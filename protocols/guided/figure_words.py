"""What a number is of: the noun after it, else the noun before it, in the singular.

"14 out-of-school suspensions" and "Suspensions this fall: 3" are both of suspensions; "12 students absent" and "40 kids
enrolled" both of students. Nouns that cannot be told from other words (no plural, no known mass noun) are left unknown.
"""

import re

from protocols.guided.counts import STUDENTS, singular

_IRREGULAR = {
    "people": "person", "men": "man", "women": "woman", "freshmen": "freshman", "aps": "ap", "els": "ell", "ds": "d",
    "fs": "f", "staff": "staff", "faculty": "faculty", "personnel": "personnel",
}  # fmt: skip
_MORE_STUDENTS = ("grader", "scholar", "freshman", "sophomore", "junior", "senior", "newcomer", "ell")
_ORDINAL = re.compile(
    r"first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|[0-9]+(?:st|nd|rd|th)"
)
_STOP = re.compile(
    r"of|in|on|at|with|for|since|from|to|by|per|and|or|but|than|that|who|which|were|was|are|is|be|been|"
    r"have|had|has|as|during|this|last|next|each|every|a|an|the|vs|versus|over|under|after|before|"
    r"between|did|does|do|not|met|got|get|gets|says|said|we|i|they|it|she|he|you|our|my|their|his|her|"
    r"its|if|when|while|because|so|then|only|just|also|more|less|fewer|most|always|across|perhaps|"
    r"sometimes|plus|minus|now|yet|still|yes|wants|needs|uses"
)
_NO_THING = re.compile(
    r"\w{1,2}|today|yesterday|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sun)(?:day)?|day|week|month|year|semester|"
    r"quarter|term|fall|autumn|winter|spring|summer|jan\w*|feb\w*|march|april|may|june|july|aug(?:ust)?|sep\w*|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|total|average|number|count|date"
)
"""What may head a number and say nothing of what it is of: "October: 14"."""
_NO_PLURAL = re.compile(r".*(?:ss|us|is)|\w{1,3}")
_WORD = r"[^\W\d_]+(?:[’'-][^\W\d_]+)*[’']?"
_NEXT = re.compile(
    rf"[\s-]+(?:of\s+)?(?:(?:the|our|my|these|those|all)\s+)?(?:[0-9]{{1,2}}(?:st|nd|rd|th)\b|{_WORD})"
)
_CLAUSE = re.compile(r"[,;.()•]|\s[–—-]\s")
_ENDS_TITLE = re.compile(r"(?:[:=]|(?<=\s)[–—-])\s*+$")
_IN_CLAUSE = ",;.()"
_TIMES = "day|week|month|quarter|trimester|semester|term|year|hour|minute"
_RATE = re.compile(
    rf"(?:\s+of(?:\s+{_WORD}){{1,2}}?)?\s*"
    rf"(?:/\s*|(?:per|every)\s+(?:school\s+)?|an?\s+(?={_TIMES}))(?P<each>[^\W\d_]+)",
    re.IGNORECASE,
)
_MOST_WORDS = 4  # a noun further off than "first year special education teachers" is another's


def thing_of(before: str, after: str, *, is_one: bool = False) -> str:
    """What the number between ``before`` and ``after`` is of, such as "student" or "visit per week"; "" if unknown.

    Of one the word right after it is enough, for it has no plural to be known by.
    """
    thing, end = _thing_after(after, is_one=is_one)
    return f"{thing}{rate_of(after[end:])}" if thing else _thing_before(before)


def rate_of(after: str) -> str:
    """ " per week", where what follows says so: twenty minutes a day are not fewer than ninety a week."""
    rate = _RATE.match(after)
    return f" per {_plain(rate['each'])}" if rate else ""


def _thing_after(after: str, *, is_one: bool) -> tuple[str, int]:
    """The noun that a phrase names, and where it ends."""
    end, first = 0, ("", 0)
    for _ in range(_MOST_WORDS):
        found = _NEXT.match(after, end)
        if found is None:
            break
        word, end = found[0].split()[-1].strip("-").casefold(), found.end()
        if _STOP.fullmatch(word):
            break
        if _is_plural(word) or (is_one and _plain(word) in ("student", "teacher")):
            return _plain(word), end
        if not first[0] and not _ORDINAL.fullmatch(word):
            first = (_plain(word), end)
    return first if is_one else ("", 0)


def _thing_before(before: str) -> str:
    """The noun of the clause that ends in a number: "Suspensions in fall: 14", "Enrollment: 640"."""
    title = _ENDS_TITLE.search(before)
    clause = _last_clause(before[: title.start()]) if title else _CLAUSE.split(before)[-1]
    words = list(re.finditer(_WORD, clause))
    for word in words:
        name = word[0].casefold()
        if not _STOP.fullmatch(name) and _is_plural(name):
            return f"{_plain(name)}{rate_of(clause[word.end() :])}"
    last = words[-1][0].casefold() if title and words else ""
    return "" if _STOP.fullmatch(last) or _NO_THING.fullmatch(last) else _plain(last)


def _last_clause(words: str) -> str:
    return words[1 + max(words.rfind(stop) for stop in _IN_CLAUSE) :].rstrip()


def _is_plural(word: str) -> bool:
    """Whether it names several; a possessive ("students' notes") is no name of its own."""
    if word in _IRREGULAR:
        return True
    is_none = word.endswith(("’", "'", "’s", "'s")) or _NO_PLURAL.fullmatch(word)
    return not is_none and singular(word) != word


def _plain(word: str) -> str:
    """In the singular; of the many words for students one."""
    word = word.casefold()
    plain = _IRREGULAR.get(word) or (word if _NO_PLURAL.fullmatch(word) else singular(word))
    return "student" if plain in STUDENTS or plain in _MORE_STUDENTS else plain
