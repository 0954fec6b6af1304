"""The weekly digest as a card: one screen, first what must not be dropped; and the same again with its state.

Cards are drawn from what was given (the rows), never from today's decisions: the digest of March stays March's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.actions import act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Item, Items, Quote, Text
from handlers.mandate_cards import original_button, say_due
from protocols.buffer.headlines import shorten
from protocols.cadence.moments import say_day
from storage.digests import GivenItem
from storage.tables import DemandRow, MandateRow

Entry = tuple[GivenItem, DemandRow, MandateRow]

MOST_ITEMS = 5
"""Things to do on one screen; the rest is one press away, and counted."""
SHORT_WORDING = 110
"""Up to here a wording heads its own item; a longer one stands under the headline."""
REQUIRED = {"must": "required", "should": "asked for", "may": "your choice", "info": ""}


@dataclass(frozen=True, slots=True)
class DigestView:
    """What the card needs to know. ``line`` is the ILD's, ``entries`` are in the order they were given."""

    digest_id: int
    schools: str
    ild: str
    line: str
    is_late: bool
    entries: Sequence[Entry]


def digest_card(view: DigestView, *, today: date) -> Card:
    """The digest, as it goes out on Monday and as ``my digest`` shows it later."""
    to_do = [entry for entry in view.entries if entry[0].section in ("do_not_drop", "do")]
    blocks: list[Block] = []
    if view.line:
        blocks.append(Quote(view.line, source=view.ild))
    if view.is_late:
        blocks.append(Text("This comes late: I was not running when it was due.", quiet=True))
    shown = to_do[:MOST_ITEMS]
    blocks += to_do_blocks(shown, today)
    if len(to_do) > len(shown):
        rest = to_do[len(shown) :]
        label = f"Show {len(rest)} more, about {_minutes(rest)} min"
        more = Button(label, act("digest.page", digest=view.digest_id, start=len(shown)))
        blocks.append(Buttons((more,)))
    blocks += _know(view)
    blocks += _off_plate(view)
    return Card(_title(view, to_do), tuple(blocks))


def _title(view: DigestView, to_do: Sequence[Entry]) -> str:
    left = [entry for entry in to_do if entry[0].state in ("open", "asked")]
    if not to_do:
        return f"Your week, {view.schools}: nothing to do, something to know."
    things = "1 thing" if len(left) == 1 else f"{len(left)} things"
    if len(left) == len(to_do):
        minutes = _minutes(left)
        return f"Your week, {view.schools}: {things}" + (f", about {minutes} minutes." if minutes else ".")
    if not left:
        return f"Your week, {view.schools}: all done."
    return f"Your week, {view.schools}: {things} left, about {_minutes(left)} minutes."


def _minutes(entries: Sequence[Entry]) -> int:
    return sum(demand.minutes for _item, demand, _memo in entries)


def to_do_blocks(entries: Sequence[Entry], today: date) -> list[Block]:
    """Things to do under their headings, in the order given."""
    blocks: list[Block] = []
    for section, title in (("do_not_drop", "Do not drop"), ("do", "Do")):
        items = tuple(item_of(entry, today) for entry in entries if entry[0].section == section)
        if items:
            blocks.append(Items(items, title=title))
    return blocks


def item_of(entry: Entry, today: date) -> Item:
    """One thing to do, with what became of it and the buttons that still make sense."""
    item, demand, _memo = entry
    facts = ", ".join(
        fact
        for fact in (
            say_due(demand, today),
            f"{demand.minutes} min" if demand.minutes else "",
            REQUIRED[demand.binding],
        )
        if fact
    )
    is_short = len(item.wording) <= SHORT_WORDING
    lead = item.wording if is_short else demand.headline
    text = f"{facts[:1].upper()}{facts[1:]}." if facts else ""
    if not is_short:
        text = f"{text} {item.wording}".strip()
    detail = " ".join(part for part in (item.note, say_state(item, today)) if part)
    return Item(text, lead=lead, detail=detail, buttons=buttons_for(entry))


def say_state(item: GivenItem, today: date) -> str:
    """What became of it, in a sentence; empty while it is simply open."""
    when = f" {say_day(item.changed_at.date(), today)}" if item.changed_at else ""
    match item.state:
        case "done":
            return f"Done{when}."
        case "delegated":
            return f"Delegated to {item.delegated_to}."
        case "asked":
            return f"You asked: “{shorten(item.question, 160)}” The answer is on its way."
        case _:
            answer = (
                f"You asked: “{shorten(item.question, 120)}” Answer: {item.answer}" if item.answer else ""
            )
            remind = f"I remind you {say_day(item.remind_on, today)}." if item.remind_on else ""
            return " ".join(part for part in (answer, remind) if part)


def buttons_for(entry: Entry) -> tuple[Button, ...]:
    item, demand, memo = entry
    where = {"item": item.id, "v": item.version}
    original = original_button(memo, demand)
    if item.state == "done":
        return (Button("Not done after all", act("digest.undo", **where)), original)
    return (
        Button("Done", act("digest.done", **where), Emphasis.PRIMARY),
        Button("Remind me", act("digest.remind", **where)),
        Button("Ask my ILD", act("digest.ask", **where)),
        Button("Delegate", act("digest.delegate", **where)),
        original,
    )


def _know(view: DigestView) -> list[Block]:
    know = [entry for entry in view.entries if entry[0].section == "know"]
    if not know:
        return []
    titles = "; ".join(shorten(demand.headline, 70) for _item, demand, _memo in know)
    read = Button("Read them", act("digest.know", digest=view.digest_id, start=0))
    return [Text(f"{titles}.", lead="Good to know:"), Buttons((read,))]


def _off_plate(view: DigestView) -> list[Block]:
    taken = [entry for entry in view.entries if entry[0].section == "off_plate"]
    if not taken:
        return []
    minutes = _minutes(taken)
    count = "1 item" if len(taken) == 1 else f"{len(taken)} items"
    saved = f", about {minutes} minutes" if minutes else ""
    named = [
        f"{item.taken_by}: {shorten(demand.headline, 60)}" for item, demand, _memo in taken if item.taken_by
    ]
    who = f" {'; '.join(named[:3])}." if named else ""
    return [Text(f"{count}{saved}.{who}", lead="Taken off your plate this week:")]


def page_card(view: DigestView, *, start: int, today: date) -> Card:
    """The things to do from ``start`` on."""
    to_do = [entry for entry in view.entries if entry[0].section in ("do_not_drop", "do")]
    page = to_do[start : start + MOST_ITEMS]
    blocks = to_do_blocks(page, today)
    rest = to_do[start + len(page) :]
    if rest:
        label = f"Show {len(rest)} more, about {_minutes(rest)} min"
        blocks.append(
            Buttons((Button(label, act("digest.page", digest=view.digest_id, start=start + len(page))),))
        )
    return Card("", tuple(blocks) or (Text("That is all of it."),))


def know_card(view: DigestView, *, start: int, today: date) -> Card:
    """What is good to know, each with its sentence and the original one tap away."""
    know = [entry for entry in view.entries if entry[0].section == "know"]
    page = know[start : start + MOST_ITEMS]
    items = tuple(
        Item(
            " ".join(part for part in (item.wording, item.note) if part and part != demand.headline),
            lead=demand.headline,
            detail=say_due(demand, today),
            buttons=(original_button(memo, demand),),
        )
        for item, demand, memo in page
    )
    blocks: list[Block] = [Items(items, title="Good to know")]
    rest = len(know) - start - len(page)
    if rest > 0:
        more = act("digest.know", digest=view.digest_id, start=start + len(page))
        blocks.append(Buttons((Button(f"Show {rest} more", more),)))
    return Card("", tuple(blocks))
