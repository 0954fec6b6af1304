"""Tell a deadline from an event, a day something takes effect, and days that only date a paper.

The words next to the date decide, nearest first; where there are none the kind of sentence does. A day that
is once called a deadline is one in the summary table too.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from protocols.buffer.demands import DateMention, DateRole, Precision
from protocols.buffer.found_dates import FoundDate

LONGEST_ROW = 60
"""A passage of fewer characters that names a day is taken for a row of a table."""
FAR = 200
NEAR = 120
"""Characters beside a date in which the words that give it its role are looked for; most stand near."""

_FILLER = (
    # Each letter has one way to be read, or two blanks between words would double the ways with every word.
    r"(?=[,:(\s]|$)(?:[,:(\s]|(?<=\s)(?:the|close|end|of|business|play|day|workday|working\s+day|school|c\.?o\.?[bp]\.?|"
    r"e\.?o\.?[db]\.?|on|at|least|or|"
    r"noon|midday|midnight|dismissal|lunch(?:time)?|today|this|coming|that|i\.?e\.?|[wW]/?[ceCE]|"
    r"for\s+(?:all\s+)?(?:schools|teachers|staff|principals|families)|"
    r"\d{1,2}(?::\d\d)?(?:\s*[ap]\.?m\.?)?|"
    r"e\.?[sd]?\.?t\.?|p\.?[sd]?\.?t\.?|c\.?[sd]?\.?t\.?))*"
)
_DEADLINE_BEFORE = re.compile(
    r"(?i)(?:\bby|\bbefore|\bwithin|\blater\s+than|\bprior\s+to|\blatest|\bahead\s+of|\bin\s+time\s+for|\bdue(?:\s+(?:date|on|by|in))?|"
    r"\bdue\s+to\s+[\w’' ]{2,40}(?:\bon|\bby)|\bdeadlines?(?:\s+(?:is|of|for\s+[\w ]{1,40}))?|"
    r"\b(?:closing|cut-?off|due)\s+dates?(?:\b[^.;]{0,100}\b(?:is|are|being))?|\bdeadlines?\b[^.;]{0,150}\b(?:is|being|of|on)|\blast\s+day\s+(?:to|for)\b[^.;]{0,150}\bis|"
    r"\bclosing\s+of\b[^.;]{0,80}\bon)" + _FILLER + r"$"
)
_BEFORE_SOMETHING = re.compile(
    r"(?i)\b(?:by|before|later\s+than|prior\s+to)\s+(?:[\w’'.-]+\s+){1,6}?[\w’'.-]+\s*(?:[,(–—-]|\(i\.e\.,?)\s*"
    r"(?:(?:which|that)\s+is,?\s*|i\.e\.,?\s*|namely,?\s*)?(?:(?:by|on)\s+)?$"
)
""""Before the October break, i.e. by Friday 9 October", "no later than the last day of school, June 18"."""
_PERIOD = re.compile(r"(?i)\b(?:period|week|month|year|quarter|term)s?\s+(?:ending|ended)(?:\s+on)?\s+$")
_WEEK = re.compile(r"(?i)\b(?:week\s+(?:commencing|beginning|starting|of)|w/?c)\s+(?:on\s+)?(?:the\s+)?$")
_OTHERS_LATER = re.compile(
    r"(?i)\b(?:will|to)\s+(?:(?:also|then|now|only|not)\s+)?(?:be\s+)?(?:posted|published|issued?|released|revised|updated|"
    r"reviewed|approved|adopted|announced|distributed)\b[^.;]{0,60}$"
)
_BEGINS = re.compile(r"(?i)\b(?:begins?|starts?|commences?|ends?)\s+(?:on\s+)?" + _FILLER + r"$")
_IN_FORCE = re.compile(
    r"(?i)\b(?:window|period|year|term|semester|quarter|rules?|rates?|contracts?|agreements?|polic(?:y|ies)|licen[cs]es?|"
    r"service|registration|enrol?lment|applications?|nominations?|collection|survey|portal|system|restrictions?|requirements?|"
    r"hours|leave|effective|season)\b[^.;]{0,40}$"
)
_OPENED = re.compile(
    r"(?i)\b(?:window|registrations?|enrol?lment|applications?|nominations?|portal|survey|collection|system|period|poll|"
    r"bids?|sign-?ups?)\s+(?:(?:will|has|have|is|are)\s+)?open(?:s|ed)?(?:\s+(?:again|on|from))*\s+$"
)
_HANDED_OVER = re.compile(
    r"(?i)\b(?:deliver|ship|send|sent|arriv|collect|pick|mail|distribut|visit|open\s+house|run|hold|host|offer|conduct)\w*\b[^.;]{0,40}\bfrom\s+$"
)
_LAST_OF_STRETCH = re.compile(
    r"(?i)\bbetween\s+[^.;]{0,80}\b(?:and|to)\s+$|\bfrom\s+[^.;]{0,80}\b(?:to|through|until|till|[-–—])\s*$"
)
_OF_STRETCH = re.compile(r"(?i)\b(?:between|from)\s+(?:the\s+)?$")
_CLOSES_NOTHING = re.compile(r"(?i)\s*(?:and|to|through|until|till|thru|[-–—])\s")
_DONE_WITHIN = re.compile(
    r"(?i)\b(?:must|shall|should|need\s+to|have\s+to|are\s+to|is\s+to|required\s+to|please)\b(?![^.;]*\bbe\s+effective\b)"
)
_LABELLED = re.compile(r"(?i)\s*[(;,]\s*(?:and\s+)?(?:for\s+|by\s+|in\s+)?[\w /&-]{3,40}(?:by|:|,|[-–—])\s*$")
_UP_TO = re.compile(r"(?i)\bup\s+(?:to|until)(?:\s+and\s+including)?\s+$")
_NOT_BEFORE = re.compile(
    r"(?i)\b(?:not(?!\s+(?:later|forget|fail|delay))|n['’]t(?!\s+(?:forget|fail|delay))|never|refrain\w*)\b[^.;]{0,60}\bbefore\s+$"
)
""""Do not begin before 1 April" names the first day, not the last."""
_RESTRICTS = re.compile(
    r"(?i)\b(?:expiring|hired|born|purchased|bought|issued|dated|employed|appointed|created|acquired|awarded|signed)\s+"
    r"(?:on\s+or\s+)?(?:before|after|by|prior\s+to|since)\s+(?:the\s+)?$"
)
""""All leases expiring before December 31" says which leases, not by when."""
_AGE = re.compile(
    r"(?i)\b(?:be|turn|turns|turned|reach(?:es)?)\s+(?:aged?\s+)?(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|sixteen|eighteen)\s+(?:years?\s+old\s+)?(?:on\s+or\s+before|by|before)\s+$|"
    r"\byears?\s+(?:of\s+age|old)\b[^.;]{0,40}$"
)
_WINDOW_CLOSES = re.compile(
    r"(?i)\b(?:registrations?|applications?|window|enrol?lment|survey|portal|submissions?|nominations?|period|"
    r"sign-?ups?|bids?|requests?|orders?|census|forms?|poll|consultation|competition|offer|returns?|database|"
    r"collection|assessments?|screenings?|testing|evaluations?)\b[^.;]{0,50}\b(?:closes?|ends?|expires?)(?:\s+(?:to|this|for)(?:\s+\w+){1,8}?)?(?:\s+on)?"
    + _FILLER
    + r"$"
)
_EFFECTIVE_AFTER = re.compile(r"(?i)^\s*(?:onwards?\b|starts?|begins?|marks\s+the\s+(?:start|end))\b")
_UNTIL = re.compile(r"(?i)\b(?:until|till|through)" + _FILLER + r"$")
_PUT_OFF = re.compile(
    r"(?i)\b(?:wait|postpone|delay|defer|reschedule|put\s+off|hold\s+off)\w*\b[^.;]{0,120}$"
)
_UNTIL_WORD = re.compile(r"(?i)(?:until|till|through)\s+(?:the\s+)?")
_EFFECTIVE_BEFORE = re.compile(
    r"(?i)\b(?:from|effective(?:\s+(?:date(?:\s+is)?|as\s+of|on|between))?|as\s+of|starting|beginning|commencing|"
    r"since|after|"
    r"(?:will\s+)?(?:expires?|closes?|ends?|begins?|starts?|takes?\s+effect|cease|"
    r"be\s+effective(?:\s+between)?)(?:\s+on)?)" + _FILLER + r"$"
)
_PAPER = re.compile(
    r"(?i)\b(?:adopted|reviewed|revised|approved|issued|amended|dated|updated|published|version|posted|"
    r"original|last\s+\w+\s+date|(?:approval|adoption|revision|review)\s+date|"
    r"date\s*:|week\s+in\s+which|week\s+of\s+which|memo(?:randum)?|circular|as\s+of|act\s+of|superseded?s?|"
    r"replaces)\b[^.;]{0,40}$|^\W*date\s*:\s*$"
)
_DEADLINE_AFTER = re.compile(
    r"(?i)^\W{0,4}(?:(?:final\s+)?deadline|due\b|is\s+the\s+(?:final\s+)?(?:deadline|last\s+day)|"
    r"at\s+the\s+latest|last\s+day\s+to)"
)
_ROW_OF_WORK = re.compile(
    r"(?i)\W{1,4}(?:submit|send|return|complete|turn\s+in|hand\s+in|upload|enter|file|e-?mail|verify|confirm|certify|"
    r"finali[sz]e)\b"
)
"""What "Aug 29 - Submit the form" goes on with: its day is the last for it."""
_ROW_DEADLINE = re.compile(r"(?i)[^.;]{0,90}\b(?:deadline|due(?!\s+to)|closes?|last\s+day\s+to)\b")
_COUNTED_BACK = re.compile(
    r"(?i)[\w-]+(?:\s*\(\d+\))?\s+(?:calendar\s+)?(?:days?|weeks?)\s+(?:before|prior\s+to|preceding)\b"
)
_TERM_DEADLINE = re.compile(r"(?i)^(?:within|no|not|at\s+least)\b|\b(?:before|prior\s+to)\b")
_PAST = re.compile(r"(?i)\b(?:was|were|had|announced|launched|took|reported|will\s+have\s+received)\b")
_SINCE = re.compile(r"(?i)\b(?:from|since|after|effective(?:\s+date)?:?)\s+$")
_SUBMITTED = re.compile(r"(?i)\bsubmitted\b|\bdeadlines?\b[^.]{0,60}$")
_DATES = re.compile(r"(?i)\bdates\b")
_DUTY = re.compile(
    r"(?i)\b(?:must|shall|should|required|submit|return|complete|apply|register|request|can|may|able\s+to|"
    r"open|accept\w*|collect\w*|extend\w*)\b"
)
_MOVES = (
    r"\b(?:extend|mov|chang|postpon|shift|delay|reschedul|push|put\s+back|brought|bring)\w*"
    r"(?:\s+(?:back|forward|out|up))?"
)
_MOVED_FROM = re.compile(rf"(?i){_MOVES}\s+from\s+(?:\w+day,?\s+)?(?:the\s+)?$")
_MOVED_TO = re.compile(
    rf"(?i)\b(?:deadline|due)\b[^.;]*{_MOVES}\b[^.;]{{0,60}}\b(?:to|until|till|through)" + _FILLER + r"$"
)
_OF_A_MEMO = re.compile(
    r"(?i)\b(?:our|my|the|an?|this\s+office['’]s)\s+(?:\w+\s+){0,2}(?:memo(?:randum)?|circular|notice|letter|e-?mail|"
    r"message|bulletin)\s+(?:of|dated|from|sent(?:\s+on)?)\s+(?:\w+day,?\s+)?(?:the\s+)?$"
)
"""The day of a paper, and the day from which a deadline is moved away, are no days to act by."""
_POINT_IN_NUMBER = re.compile(r"(?<=\d)\.(?=\d)")
_VERB = re.compile(r"(?i)\b(?:will|is|are|was|were|has|have|opens?|closes?|begins?|starts?|takes?|meets?)\b")
_WEEK_AS_DEADLINE = re.compile(
    r"(?i)\b(?:by|before|until|later\s+than)\s+(?:the\s+)?(?:week|w)\b[^.;]{0,20}$"
)
_LISTED = re.compile(r"(?i)\s*(?:,|;|&|(?:,\s*)?\b(?:and|or)\b)\s*")
_BETWEEN = re.compile(r"(?i)\bbetween\s+(?:\w+day,?\s+)?(?:the\s+)?$")
_DEADLINE_HEADING = re.compile(
    r"(?i)\bdeadlines?\b|\bdue\b|\bmust\s+(?:be\s+)?(?:receive|submit|complete|return)|\bschedule\s+below\b"
)


Spans = Sequence[tuple[int, int, str]]
"""Passages in order as (start, end, heading above)."""


def mention_dates(
    text: str, found: Sequence[FoundDate], spans: Spans, *, memo_date: date
) -> tuple[DateMention, ...]:
    """Give each found date its role.

    The days of a list ("by October 7, 14 and 21") all have the role of its first, and so has what a bracket says for
    other schools ("by June 4 (high schools: May 28)").
    """
    mentions: list[DateMention] = []
    at = 0
    for item in found:
        while at < len(spans) - 1 and spans[at + 1][0] <= item.start:
            at += 1
        start, end, heading = spans[at] if spans else (0, len(text), "")
        start = min(start, item.start)
        previous = mentions[-1] if mentions and mentions[-1].start >= start else None
        if previous and item.iso and _is_listed(text, previous, item):
            role = previous.role
        else:
            sentence = text[start : max(end, item.end)]
            role = _role(
                item, sentence, item.start - start, item.end - start, heading, memo_date, is_opening=at < 6
            )
        mentions.append(
            DateMention(
                item.start,
                item.end,
                text[item.start : item.end],
                item.iso,
                role,
                item.precision,
                item.first,
                item.last,
                item.basis,
            )
        )
    return tuple(mentions)


def settle_rows(mentions: Sequence[DateMention], spans: Spans) -> tuple[DateMention, ...]:
    """A row of a summary table ("Friday, October 23") means what the sentence about the same day meant."""
    deadlines = {m.iso for m in mentions if m.role is DateRole.DEADLINE and m.iso}
    settled: list[DateMention] = []
    at = 0
    for m in mentions:
        while at < len(spans) - 1 and spans[at + 1][0] <= m.start:
            at += 1
        is_row = bool(spans) and spans[at][1] - spans[at][0] < LONGEST_ROW
        is_deadline = is_row and m.role is DateRole.EVENT and m.iso in deadlines
        settled.append(replace(m, role=DateRole.DEADLINE) if is_deadline else m)
    return tuple(settled)


def _is_listed(text: str, previous: DateMention, item: FoundDate) -> bool:
    """True for the second day of "October 7 and 14" and "June 4 (high schools: May 28)", not of "between" two."""
    if previous.role is DateRole.DEADLINE and _LABELLED.match(text[previous.end : item.start]):
        return True
    joined = previous.iso and _LISTED.fullmatch(text, previous.end, item.start)
    return bool(joined) and not _BETWEEN.search(text[max(0, previous.start - 30) : previous.start])


def _role(
    item: FoundDate, sentence: str, start: int, end: int, heading: str, memo_date: date, *, is_opening: bool
) -> DateRole:
    sentence = _POINT_IN_NUMBER.sub("-", sentence)
    before, after = sentence[max(0, start - FAR) : start], sentence[end : end + NEAR]
    if item.precision is Precision.COARSE and (opens := _UNTIL_WORD.match(sentence[start:end])):
        before += opens[0]
    near = before[-NEAR:]
    is_heading_line = is_opening and len(sentence) < 2 * LONGEST_ROW and not _VERB.search(sentence)
    if item.precision is Precision.RELATIVE:
        opens_deadline = _TERM_DEADLINE.search(sentence[start:end]) or _DEADLINE_BEFORE.search(before)
        return DateRole.DEADLINE if opens_deadline else DateRole.OTHER
    if _OF_A_MEMO.search(near) or _MOVED_FROM.search(near):
        return DateRole.OTHER
    if _MOVED_TO.search(before):
        return DateRole.DEADLINE
    if start < 3 and (_ROW_DEADLINE.match(after) or _ROW_OF_WORK.match(after)):
        return DateRole.DEADLINE
    is_counted_back = bool(_COUNTED_BACK.match(sentence[start:end]))
    if _DEADLINE_AFTER.match(after) or (is_counted_back and _DUTY.search(sentence[:start])):
        return DateRole.DEADLINE
    is_over = item.last is not None and item.last < memo_date
    if is_over and (_PAST.search(sentence) or (memo_date - (item.last or memo_date)).days > 60):
        return DateRole.EFFECTIVE if _SINCE.search(near) else DateRole.OTHER
    if _AGE.search(near) or _RESTRICTS.search(near):
        return DateRole.OTHER
    if _PERIOD.search(near):
        return DateRole.OTHER
    if _NOT_BEFORE.search(near):
        return DateRole.EFFECTIVE
    if _WEEK.search(near) and not _WEEK_AS_DEADLINE.search(near):
        return DateRole.OTHER if is_heading_line else DateRole.EVENT
    if any(p.search(before) for p in (_DEADLINE_BEFORE, _WINDOW_CLOSES, _BEFORE_SOMETHING)):
        return DateRole.DEADLINE
    if _UP_TO.search(near) and _DUTY.search(sentence[:start]):
        return DateRole.DEADLINE
    if _LAST_OF_STRETCH.search(before) and _DONE_WITHIN.search(sentence[:start]):
        return DateRole.DEADLINE
    if _OF_STRETCH.search(near) and _CLOSES_NOTHING.match(after) and _DONE_WITHIN.search(sentence[:start]):
        return DateRole.EFFECTIVE
    if _HANDED_OVER.search(near):
        return DateRole.EVENT
    if _BEGINS.search(near) and not _IN_FORCE.search(near):
        return DateRole.EVENT
    if _OPENED.search(near) or _EFFECTIVE_BEFORE.search(near) or _EFFECTIVE_AFTER.match(after):
        return DateRole.EFFECTIVE
    if _UNTIL.search(near):
        if _PUT_OFF.search(before):
            return DateRole.EVENT
        allowed = sentence[:start] + (after if start < 12 else "")
        return DateRole.DEADLINE if _DUTY.search(allowed) else DateRole.EFFECTIVE
    if _PAPER.search(near) and not _OTHERS_LATER.search(near):
        return DateRole.OTHER
    is_stretch = item.precision is Precision.RANGE and _VERB.search(sentence)
    if (item.precision is not Precision.DAY and not is_stretch) or (
        item.iso == memo_date and is_opening and len(sentence) < LONGEST_ROW
    ):
        return DateRole.OTHER
    if _DEADLINE_HEADING.search(heading) and not _DATES.search(heading) and not _VERB.search(sentence):
        return DateRole.DEADLINE
    if _SUBMITTED.search(near):
        return DateRole.DEADLINE
    return DateRole.EVENT
