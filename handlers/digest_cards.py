"""The weekly digest as a card: one screen, first what must not be dropped; and the same again with its state.

Cards are drawn from what was given (the rows), never from today's decisions: the digest of March stays March's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from handlers.actions import act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Item, Items, Quote, Text
from handlers.mandate_cards import original_button, say_day_of, say_effort
from protocols.buffer.effort import say_minutes
from protocols.buffer.headlines import end_sentence, shorten, split_lead
from protocols.cadence.moments import say_day
from storage.digests import GivenItem
from storage.tables import DemandRow, MandateRow

Entry = tuple[GivenItem, DemandRow, MandateRow]

MOST_ITEMS = 5
"""Things to do on one screen; the rest is one press away, and counted."""
MOST_TITLES = 4
"""What is good to know, named one by one; the rest is counted."""
REQUIRED = {"must": "required", "should": "asked for", "may": "your choice", "info": ""}


@dataclass(frozen=True, slots=True)
class DigestView:
    """What the card needs to know. ``line`` is the ILD's, ``entries`` are in the order they were given.

    ``whose`` says by demand which school it is for, where the reader leads several.
    """

    digest_id: int
    schools: str
    ild: str
    line: str
    is_late: bool
    entries: Sequence[Entry]
    whose: Mapping[int, str] = field(default_factory=dict)


def digest_card(view: DigestView, *, today: date) -> Card:
    """The digest, as it goes out on Monday and as ``my digest`` shows it later."""
    to_do = [entry for entry in view.entries if entry[0].section in ("do_not_drop", "do")]
    blocks: list[Block] = []
    if view.line:
        blocks.append(Quote(view.line, source=view.ild))
    if view.is_late:
        blocks.append(Text("This comes late: I was not running when it was due.", quiet=True))
    shown = to_do[:MOST_ITEMS]
    blocks += to_do_blocks(shown, today, view.whose)
    if len(to_do) > len(shown):
        rest = to_do[len(shown) :]
        label = f"Show {len(rest)} more{_about(rest)}"
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
        return f"Your week, {view.schools}: {things}{_about(left)}."
    if not left:
        return f"Your week, {view.schools}: all done."
    return f"Your week, {view.schools}: {things} left{_about(left)}."


def _about(entries: Sequence[Entry]) -> str:
    minutes = sum(demand.minutes for _item, demand, _memo in entries)
    return f", about {say_minutes(minutes)}" if minutes else ""


def to_do_blocks(entries: Sequence[Entry], today: date, whose: Mapping[int, str]) -> list[Block]:
    """Things to do under their headings, in the order given."""
    blocks: list[Block] = []
    for section, title in (("do_not_drop", "Do not drop"), ("do", "Do")):
        items = tuple(
            item_of(entry, today, whose.get(entry[0].demand_id, ""))
            for entry in entries
            if entry[0].section == section
        )
        if items:
            blocks.append(Items(items, title=title))
    return blocks


def item_of(entry: Entry, today: date, whose: str = "") -> Item:
    """One thing to do: its sentence once, by when, how long, how binding; what became of it; what can be done.

    ``whose`` names the school where the reader leads several.
    """
    item, demand, _memo = entry
    facts = ", ".join(
        fact
        for fact in (
            say_day_of(demand, today),
            say_effort(demand.minutes),
            REQUIRED[demand.binding],
        )
        if fact
    )
    if whose:
        facts = f"{whose}: {facts}" if facts else whose
    lead, rest = split_lead(end_sentence(item.wording))
    text = " ".join(part for part in (rest, f"{facts[:1].upper()}{facts[1:]}." if facts else "") if part)
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
    titles = "; ".join(shorten(demand.headline, 70) for _item, demand, _memo in know[:MOST_TITLES])
    more = f" And {len(know) - MOST_TITLES} more." if len(know) > MOST_TITLES else ""
    label = "Read it" if len(know) == 1 else "Read them"
    read = Button(label, act("digest.know", digest=view.digest_id, start=0))
    return [Text(end_sentence(titles) + more, lead="Good to know:"), Buttons((read,))]


def _off_plate(view: DigestView) -> list[Block]:
    taken = [entry for entry in view.entries if entry[0].section == "off_plate"]
    if not taken:
        return []
    count = "1 item" if len(taken) == 1 else f"{len(taken)} items"
    named = [
        f"{item.taken_by}: {shorten(demand.headline, 60)}" for item, demand, _memo in taken if item.taken_by
    ]
    who = f" {end_sentence('; '.join(named[:3]))}" if named else ""
    return [Text(f"{count}{_about(taken)}.{who}", lead="Taken off your plate this week:")]


def page_card(view: DigestView, *, start: int, today: date) -> Card:
    """The things to do from ``start`` on."""
    to_do = [entry for entry in view.entries if entry[0].section in ("do_not_drop", "do")]
    page = to_do[start : start + MOST_ITEMS]
    blocks = to_do_blocks(page, today, view.whose)
    rest = to_do[start + len(page) :]
    if rest:
        label = f"Show {len(rest)} more{_about(rest)}"
        blocks.append(
            Buttons((Button(label, act("digest.page", digest=view.digest_id, start=start + len(page))),))
        )
    return Card("", tuple(blocks) or (Text("That is all of it."),))


def know_card(view: DigestView, *, start: int, today: date) -> Card:
    """What is good to know, each with its sentence and the original one tap away."""
    know = [entry for entry in view.entries if entry[0].section == "know"]
    page = know[start : start + MOST_ITEMS]
    items = tuple(_known(entry, today, view.whose.get(entry[0].demand_id, "")) for entry in page)
    blocks: list[Block] = [Items(items, title="Good to know")]
    rest = len(know) - start - len(page)
    if rest > 0:
        more = act("digest.know", digest=view.digest_id, start=start + len(page))
        blocks.append(Buttons((Button(f"Show {rest} more", more),)))
    return Card("", tuple(blocks))


def _known(entry: Entry, today: date, whose: str) -> Item:
    """Nothing to tick off; a day ahead can be brought up again."""
    item, demand, memo = entry
    lead, rest = split_lead(end_sentence(item.wording))
    facts = ": ".join(part for part in (whose, say_day_of(demand, today)) if part)
    text = " ".join(part for part in (rest, end_sentence(facts[:1].upper() + facts[1:])) if part)
    remind = Button("Remind me", act("digest.remind", item=item.id, v=item.version))
    is_ahead = demand.due is not None and demand.due > today
    return Item(
        text,
        lead=lead,
        detail=" ".join(part for part in (item.note, say_state(item, today)) if part),
        buttons=((remind,) if is_ahead else ()) + (original_button(memo, demand),),
    )
