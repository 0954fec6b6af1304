"""What differs between two versions of a memo, as it is shown: side by side and short, never the whole memo again."""

from collections.abc import Mapping, Sequence
from datetime import date

from handlers.cards import Block, Table, Text
from handlers.intake.mandate_cards import AUDIENCES, BINDINGS
from protocols.buffer.actors import say_party
from protocols.buffer.demands import Binding, DateRole
from protocols.buffer.headlines import shorten
from protocols.buffer.versions import Comparison, Difference, What, shorten_difference
from protocols.cadence.moments import say_day
from storage.tables import DemandRow

MOST_SHOWN = 8
LONGEST_CELL = 120


def say_change(was: DemandRow, now: DemandRow, differences: Sequence[Difference], today: date) -> str:
    """ "Return the key list: was Mon 14 Dec, now Wed 16 Dec", as principals and ILDs read it."""
    return f"{was.headline}: {say_differences(now, differences, today)}"


def say_differences(now: DemandRow, differences: Sequence[Difference], today: date) -> str:
    told = [
        f"{_name(one, now)}was {before}, now {after}"
        for one in _telling(differences)
        for before, after in [_values(one, today)]
    ]
    return "; ".join(told)


def _telling(differences: Sequence[Difference]) -> list[Difference]:
    """The words of a sentence say nothing new where what they changed is told by itself."""
    others = [one for one in differences if one.what is not What.WORDS]
    told = {one.what for one in others} & {What.BINDING, What.AUDIENCE, What.ACTOR}
    return others if told else list(differences)


def _name(one: Difference, now: DemandRow) -> str:
    match one.what:
        case What.DUE if now.due_role not in (DateRole.EVENT, DateRole.EFFECTIVE):
            return ""
        case What.DUE:
            return "its day "
        case What.DAY:
            return "a day in it "
        case What.AMOUNT:
            return "a number "
        case What.AUDIENCE:
            return "for whom: "
        case What.BINDING:
            return "how binding: "
        case What.ACTOR:
            return "who does it: "
        case What.WORDS:
            return ""


def _values(one: Difference, today: date) -> tuple[str, str]:
    if one.what is What.WORDS:
        before, after = shorten_difference(str(one.was), str(one.now))
        return f"“{shorten(before, LONGEST_CELL)}”", f"“{shorten(after, LONGEST_CELL)}”"
    return _value(one, one.was, today), _value(one, one.now, today)


def _value(one: Difference, value: str | date | None, today: date) -> str:
    if value is None or value == "":
        return "without one"
    if isinstance(value, date):
        return say_day(value, today)
    match one.what:
        case What.BINDING:
            return BINDINGS[Binding(value)]
        case What.AUDIENCE:
            return ", ".join(AUDIENCES.get(tag, tag.partition(":")[2] or tag) for tag in value.split(", "))
        case What.ACTOR:
            return say_party(value)
        case _:
            return value


def difference_blocks(
    old: Sequence[DemandRow], new: Mapping[int, DemandRow], found: Comparison, today: date
) -> list[Block]:
    """The two versions side by side: a row for each difference, for what is new and for what is gone."""
    rows: list[tuple[str, str, str]] = []
    for one in found.changed:
        for difference in _telling(one.differences):
            before, after = _values(difference, today)
            rows.append((old[one.was].headline, before, after))
    rows += [(new[at].headline, "not asked", _asked(new[at], today)) for at in found.new]
    rows += [(old[at].headline, _asked(old[at], today), "not in it") for at in found.withdrawn]
    blocks: list[Block] = []
    if rows:
        caption = "What differs from the memo before"
        blocks.append(Table(("What", "Before", "Now"), tuple(rows[:MOST_SHOWN]), caption=caption))
    if len(rows) > MOST_SHOWN:
        blocks.append(Text(f"{len(rows) - MOST_SHOWN} more differences; the memo has them.", quiet=True))
    if found.same and not found.is_notice:
        count = len(found.same)
        stay = "1 other thing stays as it was" if count == 1 else f"{count} other things stay as they were"
        blocks.append(
            Text(f"{stay}, with what was decided about {'it' if count == 1 else 'them'}.", quiet=True)
        )
    return blocks


def _asked(demand: DemandRow, today: date) -> str:
    return f"by {say_day(demand.due, today)}" if demand.due else BINDINGS[Binding(demand.binding)]
