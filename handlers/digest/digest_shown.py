"""A digest that is on somebody's screen, drawn once more where it stands after one of its items has changed."""

from collections.abc import Mapping
from dataclasses import replace

from handlers.actions import ActionError
from handlers.cards import Block, Card, Item, Items, Text
from handlers.digest.digest_cards import DigestView, digest_card, is_headed
from handlers.digest.digest_entry import Entry, short_item
from handlers.digest.digest_sending import changes_of
from handlers.digest.languages import in_language
from handlers.networks import schools_led, whose
from handlers.turn import Turn
from protocols.cadence.digest_weeks import has_school
from storage import digests, mandates, people
from storage.tables import DigestRow


def view_of(turn: Turn, digest: DigestRow) -> DigestView:
    """All that the card of this digest needs to know, as it stands now."""
    led = schools_led(turn.tx, digest.principal_id, turn.today)
    school = people.school_on(turn.tx, digest.school_id, turn.today)
    names = [one.school.name for one in led] or ([school.name] if school else ["your school"])
    ild = people.get_person(turn.tx, digest.ild_id, on=turn.today) if digest.ild_id else None
    entries = in_language(turn.tx, digest.principal_id, digests.items_of(turn.tx, digest.id or 0))
    return DigestView(
        digest_id=digest.id or 0,
        schools=" and ".join(names),
        ild=ild.name if ild else "",
        line=mandates.line_of(turn.tx, digest.ild_id, digest.week) if digest.ild_id else "",
        is_late=False,
        minutes=digest.minutes,
        budget=digest.budget,
        entries=entries,
        whose={demand.id or 0: whose(demand, led) for _item, demand, _memo in entries},
        minutes_saved=digest.minutes_saved,
        is_new=digest.is_new_principal,
        is_early=not has_school(digest.week, turn.district.calendar),
        changes=changes_of(turn.tx, digest),
    )


def redrawn(turn: Turn, digest: DigestRow, item_id: int, said: str) -> Card | None:
    """The message that was pressed with this item as it stands now and, first, what was done; None where the message
    is about the item alone, or not known."""
    shown = turn.pressed.card if turn.pressed else None
    if shown is None or not _is_among_others(shown, item_id):
        return None
    view = view_of(turn, digest)
    note = Text(said, quiet=True)
    if is_headed(view, shown):
        card = digest_card(view, today=turn.today)
        return replace(card, blocks=(note, *card.blocks), in_place=True)
    entry = next((one for one in view.entries if one[0].id == item_id), None)
    if entry is None:
        return None
    kept = shown.blocks[1:] if _is_note(shown) else shown.blocks
    blocks = tuple(_with_line(turn, block, entry, view.whose) for block in kept)
    return replace(shown, blocks=(note, *blocks), in_place=True)


def _with_line(turn: Turn, block: Block, entry: Entry, names: Mapping[int, str]) -> Block:
    if not isinstance(block, Items):
        return block
    fresh = short_item(entry, turn.today, names.get(entry[0].demand_id, ""))
    items = tuple(fresh if _is_of(item, entry[0].id) else item for item in block.items)
    return replace(block, items=items)


def _is_note(shown: Card) -> bool:
    """Whether the card begins with what was done last, which makes room for what is done now."""
    first = shown.blocks[0] if shown.blocks else None
    return isinstance(first, Text) and first.quiet


def _is_among_others(shown: Card, item_id: int) -> bool:
    items = [item for block in shown.blocks if isinstance(block, Items) for item in block.items]
    return any(_is_of(item, item_id) for item in items) and (len(items) > 1 or bool(shown.title))


def _is_of(item: Item, item_id: int) -> bool:
    for button in item.buttons:
        try:
            if button.action.topic == "digest" and button.action.number("item") == item_id:
                return True
        except ActionError:
            continue
    return False
