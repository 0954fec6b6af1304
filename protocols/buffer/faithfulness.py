"""The gate: what is sent about a demand may say less than the memo where it is harmless, and never anything
else.

``check_faithful`` compares wording (an ILD's edit, a model's line, ours) with the sentence it stands for
and with the whole memo. It is strict on purpose: a false alarm costs a glance at two lines side by side, a
lost "not" costs a school a deadline.

What must stand in the memo: every day, time, amount, percentage and number, every quoted name, form, code,
address and link, every group of schools. What must not get lost or change: the sentence's days and numbers,
its "not", "only", "unless", "if" and "at least", the schools it is for, and how binding it is. Days are
compared by value, so "Fri 11 Dec" is faithful to "December 11" in a year where that is a Friday.
"""

import re
from collections import Counter
from datetime import date

from protocols.buffer.attachments import FORM_KINDS, forms_named
from protocols.buffer.audience import ALL, audience_of
from protocols.buffer.demands import Demand
from protocols.buffer.discrepancies import Discrepancy, Fault
from protocols.buffer.faithful_days import DEFAULT_YEAR_START, blotted, compare_days, days_in, plain
from protocols.buffer.faithful_words import compare_binding, compare_restrictions
from protocols.buffer.numerals import numbers_in
from protocols.buffer.written_dates import Order, order_of


def check_faithful(
    wording: str, source: str, demand: Demand, *, memo_date: date | None = None
) -> tuple[Discrepancy, ...]:
    """Every way in which ``wording`` says something else than ``demand.quote`` in the memo ``source``.

    An empty result lets the wording pass; the quote itself always does. ``memo_date`` settles days without a
    year; where it is not given, the demand's own day does, and other days are compared without their year.
    """
    said, quote = plain(wording), plain(demand.quote)
    if said == quote:
        return ()
    if not said:
        return (Discrepancy(Fault.CONDITION, None, _clip(quote)),)
    anchor = memo_date or (demand.due.replace(day=1) if demand.due else DEFAULT_YEAR_START)
    memo = plain(source)
    order = order_of(source)
    said_days, quote_days = days_in(said, anchor, order), days_in(quote, anchor, order)
    return (
        *compare_days(said, said_days, quote_days, memo, demand, anchor, order),
        *_compare_numbers(blotted(said, said_days), blotted(quote, quote_days), memo, anchor, order),
        *compare_binding(blotted(said, said_days), blotted(quote, quote_days)),
        *compare_restrictions(said, quote),
        *_compare_audience(said, quote, memo, demand),
        *_compare_names(said, quote, memo),
    )


def _clip(text: str) -> str:
    return text if len(text) <= 120 else text[:117].rsplit(" ", 1)[0] + "…"


# Numbers


def _compare_numbers(said: str, quote: str, memo: str, anchor: date, order: Order) -> list[Discrepancy]:
    mine, own = numbers_in(said), numbers_in(quote)
    own_count, said_count = Counter(value for value, _ in own), Counter(value for value, _ in mine)
    fewer = [words for value, words in own if said_count[value] < own_count[value]]
    everywhere: set[str] | None = None
    faults: list[Discrepancy] = []
    for value, words in mine:
        if value in own_count:
            continue
        if fewer:
            # A number that came while another went is a changed number, even if the memo has it elsewhere.
            faults.append(Discrepancy(Fault.NUMBER, words, fewer.pop(0)))
            continue
        if everywhere is None:
            everywhere = {other for other, _ in numbers_in(blotted(memo, days_in(memo, anchor, order)))}
        if value not in everywhere:
            faults.append(Discrepancy(Fault.NUMBER, words, None))
    gone = {words: None for value, words in own if value not in said_count and words in fewer}
    faults.extend(Discrepancy(Fault.NUMBER, None, words) for words in gone)
    return faults


# For whom, and names

_AUDIENCE_WORDS = re.compile(
    r"(?i)\b(?:elementary|primary|middle|intermediate|high|secondary|charter|title\s+i|K-?8|"
    r"early\s+childhood|networks?)\b(?:\s+\w+)?"
)
_EVERYBODY = re.compile(
    r"(?i)\b(?:all|every|each)\s+(?:schools?|principals?|staff|teachers?|students?|pupils|famil(?:y|ies)|"
    r"parents?|employees?)\b"
)


def _audiences(words: str) -> set[str]:
    """All groups addressed, in a label before a colon and behind it."""
    return {*audience_of(words), *audience_of(words.partition(":")[2])}


def _compare_audience(said: str, quote: str, memo: str, demand: Demand) -> list[Discrepancy]:
    mine, own = _audiences(said), _audiences(quote)
    meant = own or set(demand.audience) - {ALL}
    known = meant or set(audience_of(memo)) | {ALL}
    faults: list[Discrepancy] = []
    if mine - known - {ALL} or (own - mine and mine):
        faults.append(
            Discrepancy(Fault.AUDIENCE, _first(_AUDIENCE_WORDS, said), _first(_AUDIENCE_WORDS, quote))
        )
    elif own - mine - {ALL}:
        faults.append(Discrepancy(Fault.AUDIENCE, None, _first(_AUDIENCE_WORDS, quote)))
    everybody = _EVERYBODY.search(said)
    if everybody and not re.search(r"(?i)\b(?:all|every|each|any)\b", quote):
        faults.append(Discrepancy(Fault.AUDIENCE, everybody[0], None))
    return faults


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[0] if found else None


_NAMES = re.compile(
    r'"(?P<quoted>[^"]{2,80})"'
    r"|(?P<address>[\w.+-]{1,64}@[\w.-]{3,80}\w|https?://[^\s<>\"]{3,200}|\bwww\.[^\s<>\"]{3,200})"
    r"|(?P<code>\b[A-Z]{2,6}-?\d{1,5}[A-Z]?\b)"
    rf"|(?P<form>\b(?:[A-Z][\w'-]*\s+){{1,6}}(?:{FORM_KINDS})\b)"
)


def _compare_names(said: str, quote: str, memo: str) -> list[Discrepancy]:
    """Names of forms, systems, circulars and addresses stand in the memo letter for letter (capitals aside).

    One of the sentence's that went while another came is a changed name, even if the memo has that elsewhere.
    """
    low = memo.lower()
    faults: list[Discrepancy] = []
    for m in _NAMES.finditer(said):
        name = (m["quoted"] or m["address"] or m["code"] or m["form"] or "").strip(" .,;:")
        if m["form"]:
            # The first capital may only open the sentence: "Submit Form B".
            words = name.split()
            if any(" ".join(words[n:]).lower() in low for n in range(len(words) - 1)):
                continue
        if name.lower() not in low:
            faults.append(Discrepancy(Fault.NAME, name, None))
    mine, own = ([name for name in forms_named(words) if _is_name(name)] for words in (said, quote))
    lost = [name for name in own if name.lower() not in said.lower()]
    for name in mine:
        if name.lower() not in quote.lower() and (lost or name.lower() not in low):
            faults.append(Discrepancy(Fault.NAME, name, lost[0] if lost else None))
    known = {word.lower() for word in _WORD.findall(memo)}
    for m in _WORD.finditer(said):
        is_name = _INNER_CAPITAL.search(m[0]) and not m[0].isupper()
        is_instead = bool(lost) and m[0][0].isupper() and not _OPENS.search(said[: m.start()])
        if (is_name or is_instead) and m[0].lower() not in known and not _CALENDAR.match(m[0]):
            faults.append(Discrepancy(Fault.NAME, m[0], lost[0] if lost else None))
    return list(dict.fromkeys(faults))


_WORD = re.compile(r"[^\W\d_][\w'-]*")
_INNER_CAPITAL = re.compile(r"^[^a-z]*[a-z].*[A-Z]|[A-Z]{2}[a-z]{2}")
_OPENS = re.compile(r"(?:^|[.!?:;]\s*)$")
_CALENDAR = re.compile(
    r"(?i)(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*$"
)


def _is_name(name: str) -> bool:
    return any(c.isupper() for c in name)
