"""The gate for a probing question that somebody else worded: a language model, or whoever comes after it.

A probing question hands the writer's own words back and asks what was seen or heard. It holds no verdict, no advice,
no praise, and nothing that the note does not hold. So it is not searched for what is wrong, which has no end, but for
what is right: outside its one quotation it may use the closed list of words below and, of the note's own words, those
for what can be seen, heard or counted. Whatever a note asks of the model, and whatever the model makes of that, no
other words come through. The coach's own questions pass the same gate.
"""

import re
from enum import StrEnum

from protocols.guided.coach.lexicon import groups_of

MAX_LENGTH = 200
"""Characters of a question: two lines on a telephone."""
LONGEST_QUOTE = 100
"""Characters of what is quoted; a question that repeats a whole note asks nothing."""

_QUOTATION = re.compile(r'["“](?P<words>.+)["”]')
"""From the first mark to the last, so that of two quotations neither passes alone."""
_WORD = re.compile(r"\d+(?:[.,:/]\d+)*%?|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_MARKS = re.compile(r"[\s.,;:?'’–—-]*")
_MARKUP = re.compile(r"[<>\[\]{}|*_`~\\@\n\r]|://|www\.", re.IGNORECASE)
_LEAD = re.compile(r"\byou (?:wrote|write|said|say)\b", re.IGNORECASE)
"""What goes before a quotation, and asks for nothing."""
_ASKS = frozenset({"what", "who", "whom", "which", "where", "when", "how"})
_SENSES = frozenset(
    re.findall(
        r"\S+",
        """
        see saw seen seeing hear heard hearing do did doing done say said saying write wrote writing written show
        showed showing count counted
        """,
    )
)
ASKING_WORDS = frozenset(
    re.findall(
        r"\S+",
        """
        a an the this that these those it its they them their theirs you your he him his she her hers one ones each
        every any some other others another anyone anybody someone somebody everyone everybody something anything
        and or but so then than as while during before after until when once again first last next later
        exactly specifically precisely actually also specific particular both all
        about at around across along among beside between by for from in inside into near of off on onto out outside
        over through to toward towards under up with within
        is are was were be been being am do does did done doing has have had having
        what who whom whose which where when how many much often long far
        see saw seen seeing hear heard hearing notice noticed noticing observe observed observing watch watched look
        looked looking looks listen listened count counted say said says saying tell told tells telling write wrote
        writes writing written read reads reading ask asked asking answer answered answering speak spoke speaking
        talk talked talking show showed shown shows showing point pointed hold held make made makes making happen
        happened happening describe wish led leads take took taking use used using give gave work working move moved
        sit sat sitting stand stood standing
        moment moments time times minute minutes place example examples instance word words sentence page paper desk
        desks table tables board wall walls task tasks question questions answers response responses action actions
        statement statements comment comments behavior behaviors indicated evidence detail details thing
        things part parts way people person room rooms classroom class lesson meeting school hallway student
        students student's child children teacher teacher's teachers adult adults group groups pair pairs
        partner partners visitor writer note
        """,
    )
)
"""Words to ask with. None praises, blames, advises, infers or names; no `should`, `could`, `why` or `not`."""
_OF_THE_NOTE = frozenset(
    {
        "object",
        "action",
        "speechverb",
        "number",
        "timeword",
        "student",
        "teacher",
        "room",
        "school",
        "perceptual",
    }
)
"""Kinds of the note's own words that may stand outside the quotation too."""


class ProbeFault(StrEnum):
    """Why a question is not asked."""

    LENGTH = "length"
    MARKUP = "markup"  # a link, formatting, a line break, a sign that no question needs
    NOT_ONE_QUESTION = "not_one_question"
    NOT_QUOTED = "not_quoted"  # nothing quoted, or not in the note
    STRANGE_WORDS = "strange_words"  # words or numbers that are neither of the note nor words to ask with
    NOT_ASKED = "not_asked"  # it asks for something else than what was seen or heard


def find_fault(question: str, note: str) -> ProbeFault | None:
    """What keeps a question on a note from being asked; None where it may be. Takes any text and never raises."""
    if not 0 < len(question) <= MAX_LENGTH:
        return ProbeFault.LENGTH
    if _MARKUP.search(question) or not question.isprintable():
        return ProbeFault.MARKUP
    quotation = _QUOTATION.search(question)
    if quotation is None or not _stands_in(quotation["words"], note):
        return ProbeFault.NOT_QUOTED
    asked = f"{question[: quotation.start()]} {question[quotation.end() :]}"
    if not question.endswith("?") or asked.count("?") != 1 or asked.count(".") > 1:
        return ProbeFault.NOT_ONE_QUESTION
    words = [match.group().casefold() for match in _WORD.finditer(asked)]
    if not _MARKS.fullmatch(_WORD.sub("", asked)):
        return ProbeFault.MARKUP
    written = {match.group().casefold() for match in _WORD.finditer(note)}
    if not all(word in ASKING_WORDS or (word in written and _is_observed(word)) for word in words):
        return ProbeFault.STRANGE_WORDS
    sought = {match.group().casefold() for match in _WORD.finditer(_LEAD.sub(" ", asked))}
    if not _ASKS & sought or not _SENSES & sought:
        return ProbeFault.NOT_ASKED
    return None


def _stands_in(quoted: str, note: str) -> bool:
    """Whether the words stand so in the note, whole and side by side, whatever their case."""
    words = _plain(quoted).strip(" .,;:!?")
    if not any(letter.isalpha() for letter in words) or len(words) > LONGEST_QUOTE:
        return False
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", _plain(note)) is not None


def _plain(text: str) -> str:
    straight = text.translate(str.maketrans("“”‘’", "\"\"''"))
    return " ".join(straight.split()).casefold()


def _is_observed(word: str) -> bool:
    if word[:1].isdigit():
        return True
    groups = groups_of(word)
    return bool(groups) and groups <= _OF_THE_NOTE
