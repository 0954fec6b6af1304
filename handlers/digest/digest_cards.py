"""The weekly digest as a card: one screen, first what must not be dropped; and the same again with its state.

Cards are drawn from what was given (the rows), never from today's decisions: the digest of March stays March's. What
does not fit a telephone's screen is named by its title and its day, and one press away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from handlers.actions import act
from handlers.cards import Block, Button, Buttons, Card, Item, Items, Quote, Text
from handlers.digest.digest_entry import OPEN, Entry, known_item, minutes_of, short_item
from handlers.intake.mandate_cards import say_day_of
from protocols.buffer.effort import say_minutes
from protocols.buffer.headlines import end_sentence, shorten
from storage.digests import TO_DO

PAGE = 5
"""Things on a page that was asked for."""
FEWEST = 1
"""Things that are shown in full, however long they are."""
MOST_TITLES = 3
"""What is good to know, or comes later in the week, named one by one; the rest is counted."""
MOST_CHANGES = 3
LONGEST_TITLE = 48
SCREEN = 800
"""Points of a telephone's screen that one digest may fill; a common one has 844."""
LINE, SMALL_LINE, TITLE_LINE = 36, 44, 30
"""Characters of a line of text, of small print and of a title, where they are read on such a screen."""
HEADINGS = {"do_not_drop": "Do not drop", "do": "Do", "decide": "Decide"}


@dataclass(frozen=True, slots=True)
class DigestView:
    """What the card needs to know. ``line`` is the ILD's, ``entries`` are in the order they were given.

    ``whose`` says by demand which school it is for, where the reader leads several; ``changes`` are differences to what
    was told before; ``is_new``: the reader is new to the work; ``is_early``: it tells before a break what is due in it.
    """

    digest_id: int
    schools: str
    ild: str
    line: str
    is_late: bool
    entries: Sequence[Entry]
    whose: Mapping[int, str] = field(default_factory=dict)
    minutes: int = 0
    budget: int | None = None
    minutes_saved: int = 0
    is_new: bool = False
    is_early: bool = False
    changes: Sequence[str] = ()

    @property
    def to_do(self) -> list[Entry]:
        return [entry for entry in self.entries if entry[0].section in TO_DO]

    def item(self, entry: Entry, today: date, *, is_brief: bool = False) -> Item:
        whose = self.whose.get(entry[0].demand_id, "")
        is_brief = is_brief and entry[0].section != "do_not_drop"
        return short_item(entry, today, whose, is_new=self.is_new, is_brief=is_brief)


def digest_card(view: DigestView, *, today: date) -> Card:
    """The digest, as it goes out on Monday and as ``my digest`` shows it later."""
    title = _title(view)
    head: list[Block] = []
    if view.line:
        head.append(Quote(view.line, source=view.ild))
    if view.budget is not None and view.minutes > view.budget:
        head.append(Text(_say_over(view), quiet=True))
    if view.is_late:
        head.append(Text("This comes late: I was not running when it was due.", quiet=True))
    know = _know(view)
    tail = [*_changed(view), *_off_plate(view)]
    room = SCREEN - title_height(title) - sum(map(height_of, (*head, *know, *tail)))
    shown, more = _fitting(view, today, room)
    pages = (*more, *_read(view))
    return Card(title, (*head, *shown, *know, *((Buttons(pages),) if pages else ()), *tail))


def _say_over(view: DigestView) -> str:
    """Nobody made room, and nothing was dropped: so it is said."""
    who = f" {view.ild} knows." if view.ild else ""
    return f"This week asks {view.minutes} minutes; all offices together should ask no more than {view.budget}.{who}"


def height_of(block: Block) -> int:
    """About how many points of a screen a block fills: 24 a line, 20 one of small print, 52 a row of buttons."""
    match block:
        case Text(text=text, lead=lead):
            return 24 * _lines(f"{lead} {text}", LINE) + 16
        case Quote(text=text, source=source):
            return 24 * _lines(text, LINE - 4) + 20 * bool(source) + 16
        case Buttons(buttons=buttons):
            return 52 * _rows(buttons)
        case Items(items=items, title=title):
            return (40 if title else 0) + sum(map(_item_height, items))
        case _:
            return 72


def _item_height(item: Item) -> int:
    text = 24 * _lines(f"{item.lead} {item.text}", LINE) + 20 * _lines(item.detail, SMALL_LINE)
    return text + 52 * _rows(item.buttons) + 16


def title_height(title: str) -> int:
    return 30 * _lines(title, TITLE_LINE) + 28


def _lines(text: str, width: int) -> int:
    return -(-len(text.strip()) // width)


def _rows(buttons: Sequence[Button]) -> int:
    width, rows = LINE, 0
    for button in buttons:
        needed = len(button.label) + 6
        if width + needed > LINE:
            width, rows = 0, rows + 1
        width += needed
    return rows


def _fitting(view: DigestView, today: date, room: int) -> tuple[list[Block], tuple[Button, ...]]:
    """As many things to do as fit, with why and whom to ask if there is room; the others by title, and the way to
    them."""
    to_do = view.to_do
    written = {is_brief: _as_many(view, to_do, today, room, is_brief=is_brief) for is_brief in (False, True)}
    read = _read(view)
    for count in range(max(map(len, written.values())), -1, -1):
        for is_brief in (False, True):
            if count > len(written[is_brief]):
                continue  # too much already, whatever the way to the others takes
            is_last = is_brief and count <= FEWEST
            blocks = _under_headings(written[is_brief][:count])
            rest = to_do[count:]
            more = (_more(view, rest, count),) if rest else ()
            later = [_later(view, rest, today)] if rest else []
            needed = sum(map(height_of, (*blocks, *later, Buttons((*more, *read)))))
            if needed <= room or is_last:
                return [*blocks, *later], more
    return [], ()


def _as_many(
    view: DigestView, to_do: Sequence[Entry], today: date, room: int, *, is_brief: bool
) -> list[tuple[str, Item]]:
    """The first things to do as they are read, each with its section, as many as fit by themselves; in brief at least
    ``FEWEST``. Those that no screen has room for are not even written."""
    written: list[tuple[str, Item]] = []
    for entry in to_do:
        written.append((entry[0].section, view.item(entry, today, is_brief=is_brief)))
        is_wanted = is_brief and len(written) <= FEWEST
        if not is_wanted and sum(map(height_of, _under_headings(written))) > room:
            written.pop()
            break
    return written


def _later(view: DigestView, rest: Sequence[Entry], today: date) -> Text:
    """ "Then: Return the key list (by Mon 14 Dec); Check the devices (Lincoln Middle: by Wed 16 Dec)." """
    named = []
    for item, demand, _memo in rest[:MOST_TITLES]:
        when = ": ".join(
            filter(None, (view.whose.get(item.demand_id, ""), say_day_of(demand, today, item.own_day)))
        )
        named.append(shorten(demand.headline, LONGEST_TITLE).rstrip(".") + (f" ({when})" if when else ""))
    more = f" And {len(rest) - MOST_TITLES} more." if len(rest) > MOST_TITLES else ""
    return Text(end_sentence("; ".join(named)) + more, lead="Then:")


def _more(view: DigestView, rest: Sequence[Entry], start: int) -> Button:
    action = act("digest.page", digest=view.digest_id, start=start)
    return Button(f"Show {len(rest)} more", action)


def _whose(view: DigestView) -> str:
    return f"Before the break, {view.schools}" if view.is_early else f"Your week, {view.schools}"


def is_headed(view: DigestView, card: Card) -> bool:
    """Whether the card is this digest itself, in whichever state, and not a page of it."""
    return card.title.startswith(f"{_whose(view)}:")


def _title(view: DigestView) -> str:
    whose = _whose(view)
    to_do = view.to_do
    left = [entry for entry in to_do if entry[0].state in OPEN]
    if not to_do:
        only = "nothing to do, something to know" if view.entries else "something you were told has changed"
        return f"{whose}: {only}."
    things = "1 thing" if len(left) == 1 else f"{len(left)} things"
    if len(left) == len(to_do):
        return f"{whose}: {things}{_about(left)}."
    if not left:
        return f"{whose}: all done."
    return f"{whose}: {things} left{_about(left)}."


def _about(entries: Sequence[Entry]) -> str:
    minutes = sum(map(minutes_of, entries))
    return f", about {say_minutes(minutes)}" if minutes else ""


def to_do_blocks(view: DigestView, entries: Sequence[Entry], today: date) -> list[Block]:
    """Things to do under their headings, in the order given."""
    return _under_headings(_written(view, entries, today))


def _written(view: DigestView, entries: Sequence[Entry], today: date) -> list[tuple[str, Item]]:
    """Each entry as it is read, with its section."""
    return [(entry[0].section, view.item(entry, today)) for entry in entries]


def _under_headings(written: Sequence[tuple[str, Item]]) -> list[Block]:
    return [
        Items(items, title=title)
        for section, title in HEADINGS.items()
        if (items := tuple(item for its, item in written if its == section))
    ]


def _know(view: DigestView) -> list[Block]:
    know = [entry for entry in view.entries if entry[0].section == "know"]
    if not know:
        return []
    titles = "; ".join(shorten(demand.headline, LONGEST_TITLE) for _item, demand, _memo in know[:MOST_TITLES])
    more = f" And {len(know) - MOST_TITLES} more." if len(know) > MOST_TITLES else ""
    return [Text(end_sentence(titles) + more, lead="Good to know:")]


def _read(view: DigestView) -> tuple[Button, ...]:
    """The way to what is good to know."""
    know = sum(entry[0].section == "know" for entry in view.entries)
    if not know:
        return ()
    return (
        Button("Read it" if know == 1 else "Read them", act("digest.know", digest=view.digest_id, start=0)),
    )


def _changed(view: DigestView) -> list[Block]:
    """What is not as it was told before, and what became of questions."""
    if not view.changes:
        return []
    shown = " ".join(end_sentence(words) for words in view.changes[:MOST_CHANGES])
    blocks: list[Block] = [Text(shown, lead="Changed since last week:")]
    if len(view.changes) > MOST_CHANGES:
        action = act("digest.changes", digest=view.digest_id)
        blocks.append(Buttons((Button(f"Show all {len(view.changes)} changes", action),)))
    return blocks


def changes_card(view: DigestView) -> Card:
    """Everything that changed."""
    items = tuple(Item(end_sentence(words)) for words in view.changes)
    return Card("Changed since last week", (Items(items),))


def _off_plate(view: DigestView) -> list[Block]:
    taken = [entry for entry in view.entries if entry[0].section == "off_plate"]
    if not taken:
        return []
    count = "1 item" if len(taken) == 1 else f"{len(taken)} items"
    saved = f", about {say_minutes(view.minutes_saved)} saved" if view.minutes_saved else ""
    named = [
        f"{item.taken_by}: {shorten(demand.headline, 60)}" for item, demand, _memo in taken if item.taken_by
    ]
    who = f" {end_sentence('; '.join(named[:3]))}" if named else ""
    others = len(taken) - len(named)
    if others and view.ild:
        who += f" {view.ild} took {'the others' if named else 'it' if others == 1 else 'them'} off."
    return [Text(f"{count}{saved}.{who}", lead="Taken off your plate this week:")]


def page_card(view: DigestView, *, start: int, today: date) -> Card:
    """The things to do from ``start`` on."""
    to_do = view.to_do
    page = to_do[start : start + PAGE]
    blocks = to_do_blocks(view, page, today)
    ways = _turning("digest.turn", view, start, len(to_do) - start - len(page))
    return Card("", (*blocks, *ways) if blocks else (Text("That is all of it."),))


def know_card(view: DigestView, *, start: int, today: date) -> Card:
    """What is good to know, each with its sentence and the original one tap away."""
    know = [entry for entry in view.entries if entry[0].section == "know"]
    page = know[start : start + PAGE]
    items = tuple(known_item(entry, today, view.whose.get(entry[0].demand_id, "")) for entry in page)
    ways = _turning("digest.know_turn", view, start, len(know) - start - len(page))
    return Card("", (Items(items, title="Good to know"), *ways))


def _turning(name: str, view: DigestView, start: int, rest: int) -> tuple[Buttons, ...]:
    """The ways from a page to those before and after it, which take its place; ``rest`` things come after it."""
    ways = []
    if start >= PAGE:
        ways.append(Button("Previous", act(name, digest=view.digest_id, start=start - PAGE)))
    if rest > 0:
        ways.append(Button(f"Show {rest} more", act(name, digest=view.digest_id, start=start + PAGE)))
    return (Buttons(tuple(ways)),) if ways else ()
