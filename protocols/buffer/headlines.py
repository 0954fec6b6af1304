"""Short lines in the memo's own words: its title, one line for the whole, and a heading for each demand.

A heading leaves out the school as subject ("Schools must submit X" becomes "Submit X", for how binding it
is stands beside it) and words at the end, at the edge of a clause and never inside a word. It adds none, so
it cannot say more than the memo.
"""

import re
from collections.abc import Sequence
from datetime import date

from protocols.buffer.demands import Binding, DateRole, Demand, Reading
from protocols.buffer.passages import Kind, Passage

HEADLINE_LENGTH = 70
ONE_LINE_LENGTH = 240

_LETTERHEAD = re.compile(
    r"(?i)\b(?:circular\s+number|public\s+schools|school\s+district|memorandum|version\s+\d|department\s+of|"
    r"office\s+of|regulation|adopted\s+date|learning\s+trust|academy\s+trust|board\s+of\s+education|"
    r"information\s+for|dear)\b|^(?:to|from|date|cc)\s*:|"
    r"\b(?:notice|bulletin|circular|memo|issue|edition|order|number|no\.)\s+(?:no\.?\s*)?[\w-]*\d"
)
_SUBJECT = re.compile(r"(?i)^(?:subject|re|title|topic)\s*:\s*(?P<title>.+)")
_LEADING_CLAUSE = re.compile(
    r"(?i)^(?:what|task|action(?:\s+(?:item|required))?|to\s+do|reminder|important)\s*:\s+|^(?:if|when|"
    r"whenever|once|where|before|after|while|during|upon|unless|in\s+order\s+to|to|in\s+addition(?:\s+to)?|"
    r"additionally|"
    r"also|however|therefore|since|because|as\s+a\s+reminder|reminder|please\s+note\s+that|note\s+that|"
    r"for)\b[^,:]{0,160}[,:]\s+"
)
_COUNTED = re.compile(
    r"(?i)^(?:and\s+)?(?:first|second|third|fourth|fifth|final|last)(?:ly)?(?:\s+of\s+all)?\s*[,:–—-]\s+|"
    r"^(?:also|next|then),\s+|^step\s+\d+\s*[:.–—-]\s*|^\d{1,2}[.)]\s+"
)
_EDGES = (
    (0.75, re.compile(r"[;:.]\s|,\s|\s[–—-]\s|\s\(")),
    (
        0.6,
        re.compile(
            r"\s(?:so\s+that|in\s+order\s+to|because|which|who|as|including|for|with|by|to|in|on|and|or|"
            r"that|at|of|from)\s",
            re.I,
        ),
    ),
    (0.0, re.compile(r"\s")),
)
_DANGLING = re.compile(
    r"(?i)(?<![\s,;:–—(-])[\s,;:–—(-]++(?:the|a|an|of|to|for|and|or|in|on|by|with|at|from|as|that|which|this|their|your|its|"
    r"all|any|each|not|no|"
    r"be|is|are|must|shall|should|may|will|can|required|expected|able|asked|both)?$"
)
_DROPPED_SUBJECT = re.compile(
    r"(?i)^(?:(?:all|every|each|the)\s+)?(?:schools?|principals?(?:\s+or\s+(?:his/her\s+|"
    r"their\s+)?designees?)?|heads?\s+of\s+schools?|you|"
    r"school\s+leaders?|head\s?teachers?|administrators?)\s+(?:must|shall|should|(?:is|are)\s+required\s+to|"
    r"(?:has|have|needs?)\s+to|will\s+need\s+to)\s+"
    r"(?P<not>not\s+)?(?:also\s+)?(?!be\b|have\b|not\b|only\b|never\b)(?=[a-z])"
)
_REFERS_BACK = re.compile(r"(?i)\b(?:themselves|itself|yourselves)\b")
_ITS_DAY = r"\s*[,(]?\s*(?:by|before|no\s+later\s+than|not\s+later\s+than|on\s+or\s+before)\s+(?:the\s+)?"
_LONGEST_LEAD = 80
"""Up to here a whole sentence stands out; of a longer one the first clause does."""
_MORE = re.compile(r" \d+ more things? asked\.$")
_NO_TITLES = frozenset(
    {
        "introduction",
        "overview",
        "background",
        "purpose",
        "summary",
        "memorandum",
        "memo",
        "notice",
        "action items",
        "for your information",
        "important dates",
        "calendar",
    }
)
_TITLE_WORD = re.compile(r"[^\W\d_]{2,}")
_CALENDAR_WORD = re.compile(
    r"(?i)\b(?:january|february|march|april|may|june|july|august|september|october|november|december|\w+day|the|of)\b"
)
_SMALL_WORDS = re.compile(r"(?<=\s)(?:Of|And|The|For|In|On|To|A|An|Or|At|By|With|From)(?=\s)")


def title_of(passages: Sequence[Passage]) -> str:
    """The memo's title: its subject line, else the first heading that is not letterhead, else its first words."""
    for passage in passages[:14]:
        subject = _SUBJECT.match(passage.text)
        if subject:
            return shorten(subject["title"].rstrip(" ."), 100)
    for passage in passages[:8]:
        if passage.kind is Kind.HEADING and not _LETTERHEAD.search(passage.text):
            title = " ".join(passage.text.split())
            if title.lower().rstrip(":") not in _NO_TITLES:
                return shorten(_quiet(title) if title.isupper() else title, 100)
    worded = [p for p in passages if len(_TITLE_WORD.findall(_CALENDAR_WORD.sub("", p.text))) >= 2]
    # Below the letterhead; where the memo is nothing but letterhead, its first line has to do.
    first = next((p for p in worded[:8] if not _LETTERHEAD.search(p.text)), worded[0] if worded else None)
    return shorten(first.text.rstrip(" ."), 100) if first else "Untitled memo"


def _quiet(title: str) -> str:
    """A title in capitals, in the case of print."""
    cased = title.title().replace("’S", "’s").replace("'S", "'s")
    return _SMALL_WORDS.sub(lambda m: m[0].lower(), cased)


def headline(demand: Demand, reading: Reading) -> str:
    """A heading of at most 70 characters for a list line; where the sentence starts with a condition, what comes after.

    The day of a deadline is left out at the end, for it stands beside the heading wherever that is shown. The title
    stands in for a demand that has no words of its own.
    """
    words = _dateless(_uncounted(demand.quote), demand)
    while (leading := _LEADING_CLAUSE.match(words)) and len(words) - leading.end() > 12:
        words = words[leading.end() :]
    short = shorten(_unaddressed(words).rstrip(" .:;,"), HEADLINE_LENGTH)
    if not short:
        return shorten(reading.title, HEADLINE_LENGTH)
    return short[0].upper() + short[1:]


def plain_sentence(quote: str) -> str:
    """The whole sentence, conditions and all, without the school as its subject and what counts it among others."""
    words = _unaddressed(_uncounted(quote))
    return words[:1].upper() + words[1:]


def wording_of(demand: Demand) -> str:
    """The whole of what is asked with every condition, its day left out where that is told beside it."""
    return plain_sentence(_dateless(" ".join(demand.quote.split()), demand)).rstrip(" .")


def split_lead(sentence: str) -> tuple[str, str]:
    """A sentence in two parts, the first to stand out: all of a short one, else up to the edge of a clause.

    Joined with a space they are the sentence again, so that it is shown in full and once.
    """
    words = " ".join(sentence.split())
    if len(words) <= _LONGEST_LEAD:
        return words, ""
    lead = shorten(words, HEADLINE_LENGTH).removesuffix("…")
    end = words.find(" ", len(lead))  # a comma or bracket stays with its word
    return (words[:end], words[end + 1 :]) if end > 0 else (words, "")


def end_sentence(words: str) -> str:
    """The words with one stop at their end, and no second one after a cut, a question or a quotation with its own."""
    words = words.rstrip()
    return words if not words or words.rstrip('”"’)')[-1:] in (".", "…", "!", "?", ":") else f"{words}."


def first_thing(one_line: str) -> str:
    """``one_line_of`` a memo without the count of what else it asks, for where that is said beside it."""
    return _MORE.sub("", one_line)


def _dateless(words: str, demand: Demand) -> str:
    """The sentence without "by March 19, 2027" at its end, where that is the day of the deadline and nothing else."""
    is_named = bool(
        re.search(r"\d", demand.due_words)
    )  # not "the end of October": those words are the memo's own
    if demand.due is None or demand.due_role is not DateRole.DEADLINE or not is_named:
        return words
    due_words = r"\s+".join(re.escape(word) for word in demand.due_words.split())
    found = re.search(rf"(?i){_ITS_DAY}{due_words}\)?[\s.;]*$", words)
    return words[: found.start()] if found and found.start() > 12 else words


def _unaddressed(words: str) -> str:
    """Without "Schools must": how binding it is stands beside it. Kept where a later word needs the subject."""
    subject = _DROPPED_SUBJECT.match(words)
    if subject is None or _REFERS_BACK.search(words):
        return words
    return ("do not " if subject["not"] else "") + words[subject.end() :]


def _uncounted(quote: str) -> str:
    """The sentence on one line, without a "First," or "Second:" that counts it among others."""
    words = " ".join(quote.split())
    counted = _COUNTED.match(words)
    if counted and len(words) - counted.end() > 12:
        words = words[counted.end() :]
    return words[:1].upper() + words[1:]


def shorten(words: str, limit: int) -> str:
    """At most ``limit`` characters, cut at the best edge of a clause, else between words, with "…" where cut."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    if len(plain) <= limit:
        return plain
    room = plain[: limit - 1] + (" " if plain[limit - 1] == " " else "")
    for least, edge in _EDGES:
        cuts = [m.start() for m in edge.finditer(room) if m.start() >= limit * least]
        if cuts:
            kept = room[: cuts[-1]].rstrip(" ,;:–—(-")
            previous = ""
            while kept != previous:
                previous, kept = kept, _DANGLING.sub("", kept) or kept
            return kept + "…"
    return room.rstrip() + "…"


def one_line_of(title: str, demands: Sequence[Demand], passages: Sequence[Passage]) -> str:
    """The memo in one line: its most pressing demand with its day, or "For information" and what it announces."""
    asked = [d for d in demands if d.for_school and d.binding in (Binding.MUST, Binding.SHOULD)]
    dated = [d for d in asked if d.due is not None and d.due_role is DateRole.DEADLINE]
    if dated:
        first = min(dated, key=lambda d: (d.due or date.max, d.start))
        more = _more(len(asked) - 1)
        return end_sentence(shorten(_uncounted(first.quote).rstrip(".:"), ONE_LINE_LENGTH)) + more
    if asked:
        first = min(asked, key=lambda d: (d.binding.rank, d.start))
        sentence = end_sentence(shorten(_uncounted(first.quote).rstrip(".:"), ONE_LINE_LENGTH))
        return sentence + _more(len(asked) - 1)
    told = [d for d in demands if d.due is not None] or list(demands)
    if told:
        return shorten("For information: " + _uncounted(told[0].quote), ONE_LINE_LENGTH)
    for passage in passages:
        if (
            passage.kind in (Kind.SENTENCE, Kind.BULLET)
            and len(passage.text.split()) > 5
            and passage.text[-1] == "."
        ):
            return shorten("For information: " + passage.text, ONE_LINE_LENGTH)
    return f"For information: {title}" if passages else "This memo has no words in it."


def _more(count: int) -> str:
    if count <= 0:
        return ""
    return f" {count} more thing{'s' if count > 1 else ''} asked."
