"""How a memo and its demands are shown: the demand in one line, the list in pages, the original in parts.

A long memo is never one long card: demands come five at a time and the original in parts of a screen or two, each
one tap from the next. What a demand is about is always shown beside the sentence it comes from.
"""

import re
from collections.abc import Sequence
from datetime import date

from handlers.actions import act
from handlers.cards import Block, Button, Buttons, Card, Item, Items, Quote, Text
from protocols.buffer.actors import say_party
from protocols.buffer.audience import ALL, NETWORK, NEWCOMERS
from protocols.buffer.effort import say_minutes
from protocols.buffer.facets import Authority, Facets
from protocols.buffer.headlines import end_sentence, shorten, split_lead
from protocols.cadence.moments import say_day
from storage.tables import DemandRow, MandateRow

PAGE = 5
"""Demands on one card."""
PART = 2200
"""Characters of the original on one card."""
LONGEST_QUOTE = 320
"""Of a sentence in a list; the original has all of it."""

BINDINGS = {
    "must": "required",
    "should": "asked for, not required",
    "may": "a choice",
    "info": "for information",
}
AUDIENCES = {
    ALL: "all schools",
    "early_childhood": "early childhood",
    "elementary": "elementary",
    "middle": "middle",
    "high": "high",
    "k8": "K-8",
    "title_i": "Title I schools",
    "charter": "charter schools",
    "alternative": "alternative schools",
    "special_education": "special schools",
    "bilingual": "bilingual schools",
    NEWCOMERS: "new principals",
}


def say_due(demand: DemandRow, today: date, own_day: date | None = None) -> str:
    """ "by Fri 11 Dec", "on Tue 5 Jan", "within ten school days of receipt"; empty where the memo names no time.

    ``own_day`` is the reader's own of several days that the memo names.
    """
    due = own_day or demand.due
    if due is None:
        return demand.due_words and f"when: {shorten(demand.due_words, 60)}"
    day = say_day(due, today)
    match demand.due_role:
        case "event":
            return f"on {day}"
        case "effective":
            return f"from {day}"
        case _:
            if due < today:
                return f"was due {day}"
            return f"before {day}" if due == demand.due and _says_before(demand) else f"by {day}"


def say_effort(minutes: int) -> str:
    """ "30 min", "2 hours"; empty for none."""
    if minutes < 60:
        return f"{minutes} min" if minutes else ""
    return say_minutes(minutes)


def say_day_of(demand: DemandRow, today: date, own_day: date | None = None) -> str:
    """``say_due`` beside the whole sentence, which has the words for a time that is no day."""
    return say_due(demand, today, own_day) if own_day or demand.due else ""


def _says_before(demand: DemandRow) -> bool:
    """Whether the memo's day is itself too late: "before April 16" is not "by April 16"."""
    words = r"\s+".join(re.escape(word) for word in demand.due_words.split())
    return bool(words) and re.search(rf"(?i)\bbefore\s+(?:the\s+)?{words}", demand.quote) is not None


def say_audience(demand: DemandRow) -> str:
    return "for " + (say_tags(demand.audience) or AUDIENCES[ALL])


def say_tags(audience: Sequence[str]) -> str:
    """ "elementary, middle", "network North": the schools that tags mean."""
    return ", ".join(
        f"network {tag.removeprefix(NETWORK).title()}" if tag.startswith(NETWORK) else AUDIENCES.get(tag, tag)
        for tag in audience
    )


def say_demand(demand: DemandRow, today: date) -> str:
    """Who, by when, how binding, how long, for whom, in one line."""
    facts = (
        say_party(demand.actor),
        say_due(demand, today),
        BINDINGS[demand.binding],
        f"about {say_effort(demand.minutes)}" if demand.minutes else "",
        say_audience(demand),
    )
    line = ", ".join(fact for fact in facts if fact)
    return line[0].upper() + line[1:] + "."


AUTHORITIES = {
    Authority.LAW: "the law",
    Authority.STATE: "the state",
    Authority.BOARD: "the board",
    Authority.OFFICE: "the office itself",
}


def say_facets(demand: DemandRow, today: date) -> str:
    """What else the sentence says, as far as it does: on whose word, with what, until when for whom, whom to ask."""
    facets = Facets.from_json(demand.facets)
    named = [name for name in facets.attachments if name not in facets.forms]
    others = [date.fromisoformat(day) for day in demand.more_dates]
    days = [f"{say_tags(one.audience)} {say_day(one.day, today)}" for one in facets.days_for]
    facts = (
        f"on the word of {AUTHORITIES[facets.authority]}" if facets.authority else "",
        f"with {', '.join([*facets.forms, *named])}" if facets.forms or named else "",
        ", ".join(days)
        if days
        else f"also {', '.join(say_day(day, today) for day in others)}"
        if others
        else "",
        f"ask {facets.contact}" if facets.contact else "",
        f'"{facets.delegation}"' if facets.delegation and facets.delegation not in demand.quote else "",
        f'"{facets.consequence}"' if facets.consequence and facets.consequence not in demand.quote else "",
    )
    line = "; ".join(fact for fact in facts if fact)
    return line and end_sentence(line[0].upper() + line[1:])


def demand_item(demand: DemandRow, today: date) -> Item:
    lead, rest = split_lead(shorten(demand.quote, LONGEST_QUOTE))
    details = f"{say_demand(demand, today)} {say_facets(demand, today)}".strip()
    return Item(rest, lead=lead, detail=details)


def say_short(demand: DemandRow, today: date) -> str:
    """By when, how binding, how long, and who where it is not the school: what stands above its sentence."""
    facts = (
        "" if demand.actor in ("school", "principal") else say_party(demand.actor),
        say_due(demand, today),
        BINDINGS[demand.binding],
        f"about {say_effort(demand.minutes)}" if demand.minutes else "",
    )
    line = ", ".join(fact for fact in facts if fact)
    return line[0].upper() + line[1:] + "."


def memo_card(
    memo: MandateRow,
    demands: Sequence[DemandRow],
    *,
    today: date,
    start: int = 0,
    opening: Sequence[Block] = (),
) -> Card:
    """The memo's demands from ``start`` on, ``PAGE`` of them, with the way to the rest and to the original."""
    page = demands[start : start + PAGE]
    items = Items(tuple(demand_item(demand, today) for demand in page))
    buttons = []
    left = len(demands) - start - len(page)
    if left > 0:
        label = f"Show the next {min(left, PAGE)} of {left}"
        buttons.append(Button(label, act("mandates.page", memo=memo.id or 0, start=start + PAGE)))
    buttons.append(original_button(memo))
    return Card(memo.title, (*opening, items, Buttons(tuple(buttons))))


def original_button(memo: MandateRow, demand: DemandRow | None = None) -> Button:
    where = {"at": demand.start} if demand else {}
    return Button("Original", act("mandates.original", memo=memo.id or 0, **where))


def original_card(memo: MandateRow, *, today: date, at: int = 0, quote: str = "") -> Card:
    """The part of the memo's own text that holds the character ``at``; ``quote`` is set off above it."""
    parts = split_parts(memo.text)
    number = max(n for n, (start, _end) in enumerate(parts) if start <= max(at, 0))
    start, end = parts[number]
    blocks: list[Block] = [Text(f"{memo.unit}, {say_day(memo.memo_date, today)}", quiet=True)]
    if quote:
        blocks.append(Quote(quote, source="The sentence it comes from"))
    blocks.append(Text(memo.text[start:end].strip()))
    if len(parts) > 1:
        blocks.append(Text(f"Part {number + 1} of {len(parts)}", quiet=True))
        blocks.append(Buttons(tuple(_turning(memo, parts, number))))
    return Card(memo.title, tuple(blocks))


def _turning(memo: MandateRow, parts: Sequence[tuple[int, int]], number: int) -> list[Button]:
    def to(label: str, part: int) -> Button:
        return Button(label, act("mandates.original", memo=memo.id or 0, at=parts[part][0]))

    buttons = [to("Read on", number + 1)] if number + 1 < len(parts) else []
    return [*buttons, to("The part before", number - 1)] if number else buttons


def split_parts(text: str) -> list[tuple[int, int]]:
    """Stretches of at most ``PART`` characters that make up the whole text, ended at a line or word if possible."""
    parts: list[tuple[int, int]] = []
    start = 0
    while len(text) - start > PART:
        end = start + PART
        for edge in ("\n\n", "\n", " "):
            found = text.rfind(edge, start + PART // 2, end)
            if found > 0:
                end = found + len(edge)
                break
        parts.append((start, end))
        start = end
    return [*parts, (start, len(text))]
