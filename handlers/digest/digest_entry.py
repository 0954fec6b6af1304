"""One item of a digest as it is read: what, by when, why, whom to ask; what became of it; what can be done.

On the digest itself an item is short, so that the week fits a screen; opened, it says everything and offers every way
to answer. The original is one tap away on both.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from handlers.actions import act
from handlers.cards import Button, Emphasis, Item
from handlers.intake.mandate_cards import original_button, say_day_of, say_effort
from protocols.buffer.facet_reading import delegation_beside
from protocols.buffer.facets import Facets
from protocols.buffer.fixed_words import hold, put_back
from protocols.buffer.headlines import end_sentence, shorten, split_lead
from protocols.cadence.moments import say_day
from storage.digests import GivenItem
from storage.tables import DemandRow, MandateRow

Entry = tuple[GivenItem, DemandRow, MandateRow]

REQUIRED = {"must": "required", "should": "asked for", "may": "your choice", "info": ""}
LONGEST_CONTACT = 60
OPEN = ("open", "asked")
"""States in which something is left to do."""


def item_of(entry: Entry, today: date, whose: str = "", *, is_new: bool = False) -> Item:
    """One thing to do, opened: its sentence once, by when, how long, how binding, why; every way to answer.

    ``whose`` names the school where the reader leads several; ``is_new``: the reader is new to the work.
    """
    lead, text = _sentence(entry, today, whose)
    detail = _joined(*_details(entry, is_new=is_new), say_state(entry[0], today))
    return Item(text, lead=lead, detail=detail, buttons=buttons_for(entry))


def short_item(
    entry: Entry, today: date, whose: str = "", *, is_new: bool = False, is_brief: bool = False
) -> Item:
    """One thing to do, as it stands in the digest: the same words with three buttons, the others behind "More".

    ``is_brief``: why and whom to ask are behind it too, for the screen is full.
    """
    item, demand, memo = entry
    lead, text = _sentence(entry, today, whose)
    detail = _joined(*_details(entry, is_new=is_new, is_brief=is_brief), say_state(item, today))
    where = {"item": item.id, "v": item.version}
    more = Button("More", act("digest.item", item=item.id))
    original = original_button(memo, demand)
    match item.state:
        case "done":
            buttons: tuple[Button, ...] = (
                Button("Not done after all", act("digest.undo", **where)),
                original,
            )
        case "withdrawn":
            buttons = (original,)
        case _:
            buttons = (Button("Done", act("digest.done", **where), Emphasis.PRIMARY), original, more)
    return Item(text, lead=lead, detail=detail, buttons=buttons)


def _sentence(entry: Entry, today: date, whose: str) -> tuple[str, str]:
    item, demand, _memo = entry
    parts = (say_day_of(demand, today, item.own_day), say_effort(minutes_of(entry)), REQUIRED[demand.binding])
    lead, rest = split_lead(end_sentence(item.wording))
    return lead, _joined(rest, _facts(item, ", ".join(part for part in parts if part), whose))


def _facts(item: GivenItem, facts: str, whose: str) -> str:
    """ "By Fri 11 Dec, 20 min, required.", in the reader's language; ``whose`` is a school's name before it."""
    if not facts:
        return end_sentence(whose)
    said = in_words(item, end_sentence(facts[:1].upper() + facts[1:]))
    return f"{whose}: {said[:1].lower()}{said[1:]}" if whose else said


def in_words(item: GivenItem, text: str, *names: str) -> str:
    """A fact in the reader's language, days, numbers and names as they are; as it stands where it is not translated."""
    held_text, held = hold(text, names) if item.spoken else (text, ())
    said = item.spoken.get(held_text)
    return (put_back(said, held, original=text) or text) if said else text


def templates_of(entry: Entry) -> tuple[str, ...]:
    """The sentences in which an item's facts are told, with marks for days, numbers and names: what is translated."""
    wanted: dict[str, None] = {}

    class _Listening(Mapping[str, str]):
        """Notes what is looked up, so that no sentence can be drawn that was not asked for."""

        def __getitem__(self, held_text: str) -> str:
            wanted[held_text] = None
            raise KeyError(held_text)

        def __iter__(self) -> Iterator[str]:
            return iter(())

        def __len__(self) -> int:
            return 1

    heard = (replace(entry[0], spoken=_Listening()), entry[1], entry[2])
    day = day_of(entry) or date.min
    for today in (day, day + timedelta(days=1)):  # "by" its day, and "was due" from then on
        item_of(heard, today)
        known_item(heard, today, "")
    return tuple(wanted)


def day_of(entry: Entry) -> date | None:
    """The item's day: the reader's own where the demand names several, else the demand's."""
    item, demand, _memo = entry
    return item.own_day or demand.due


def minutes_of(entry: Entry) -> int:
    """Minutes of the item with all that was merged into it, as it was told."""
    item, demand, _memo = entry
    return item.minutes or demand.minutes


def _details(entry: Entry, *, is_new: bool, is_brief: bool = False) -> tuple[str, ...]:
    item, demand, memo = entry
    if is_brief:
        return (item.note, item.besides, item.focus, item.decide)
    contact = short_contact(memo.contact or memo.unit)
    return (
        item.note,
        in_words(item, f"Why: “{item.why}”", f"“{item.why}”") if item.why else "",
        in_words(item, say_delegation(entry)),
        item.besides,
        item.focus,
        item.decide,
        explain(demand, memo) if is_new else "",
        in_words(item, f"Questions: {contact}.", contact),
    )


def say_delegation(entry: Entry) -> str:
    """Who may do it instead, in the memo's words; empty where the item says so already or somebody else does it."""
    item, demand, _memo = entry
    if item.state not in OPEN:
        return ""
    return end_sentence(delegation_beside(item.wording, Facets.from_json(demand.facets)))


def explain(demand: DemandRow, memo: MandateRow) -> str:
    """For who is new to the work: what kind of thing it is, and which office it is for."""
    is_known = demand.minutes_basis and not demand.minutes_basis.startswith(
        ("the memo says", "the office says")
    )
    kind = demand.minutes_basis if is_known else "a duty" if demand.binding == "must" else "a request"
    return f"What it is: {kind}, for {memo.unit}, which sent it."


def short_contact(contact: str) -> str:
    """Whom to ask, in a line: of a long entry the name and the last way to reach them."""
    if len(contact) <= LONGEST_CONTACT:
        return contact.rstrip(". ")
    first, *others = contact.split(", ")
    return ", ".join((first, *others[-1:])).rstrip(". ")


def say_state(item: GivenItem, today: date) -> str:
    """What became of it, in a sentence; empty while it is simply open."""
    when = f" {say_day(item.changed_at.date(), today)}" if item.changed_at else ""
    match item.state:
        case "done":
            return f"Done{when}."
        case "withdrawn":
            return f"Withdrawn{when}: there is nothing to do."
        case "delegated":
            return f"Delegated to {item.delegated_to}."
        case "asked":
            return f"You asked: “{shorten(item.question, 160)}” The answer is on its way."
        case _:
            answer = (
                f"You asked: “{shorten(item.question, 120)}” Answer: {item.answer}" if item.answer else ""
            )
            remind = f"I remind you {say_day(item.remind_on, today)}." if item.remind_on else ""
            return _joined(answer, remind)


def buttons_for(entry: Entry) -> tuple[Button, ...]:
    item, demand, memo = entry
    where = {"item": item.id, "v": item.version}
    original = original_button(memo, demand)
    match item.state:
        case "done":
            return (Button("Not done after all", act("digest.undo", **where)), original)
        case "withdrawn":
            return (original,)
    return (
        Button("Done", act("digest.done", **where), Emphasis.PRIMARY),
        Button("Remind me", act("digest.remind", **where)),
        Button("Ask my ILD", act("digest.ask", **where)),
        Button("Delegate", act("digest.delegate", **where)),
        original,
    )


def known_item(entry: Entry, today: date, whose: str) -> Item:
    """What is only to know: nothing to tick off; a day ahead can be brought up again."""
    item, demand, memo = entry
    lead, rest = split_lead(end_sentence(item.wording))
    remind = Button("Remind me", act("digest.remind", item=item.id, v=item.version))
    day = day_of(entry)
    is_ahead = day is not None and day > today
    return Item(
        _joined(rest, _facts(item, say_day_of(demand, today, item.own_day), whose)),
        lead=lead,
        detail=_joined(item.note, item.besides, item.focus, item.decide, say_state(item, today)),
        buttons=((remind,) if is_ahead else ()) + (original_button(memo, demand),),
    )


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
