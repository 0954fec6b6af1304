"""The minutes budget on the ILD's desk: what a week holds, which items compete, and one-press ways to make room.

Nothing is dropped in silence: she moves an item to a later week where its day allows, merges it, or does it herself,
each on record. What she leaves goes out, and the digest says that the week holds more than it should.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Item, Items, Text, plain
from handlers.deciding.triage_state import Waiting, check_open, decide, load, load_demand, next_week
from handlers.deciding.week_load import budget_of, digest_weeks, put_budget, week_load
from handlers.digest.digest_building import Planned, merges_of, plan_week, readers_on
from handlers.errors import StaleError, UserError
from handlers.intake.mandate_cards import say_due, say_effort
from handlers.permissions import Right, require
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.buffer.budget import LEAST_BUDGET, MOST_BUDGET, Load, competing, over_by, plan_moves, weeks_for
from protocols.buffer.digest import Decision, DigestItem
from protocols.buffer.merging import root_of
from protocols.cadence.moments import say_day
from storage.people import Role

MOST_ITEMS = 5
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Full:
    """A reader's coming week that exceeds the budget, and what competes in it, the best candidate first."""

    one: Planned
    loads: tuple[Load, ...]
    budget: int

    @property
    def minutes(self) -> int:
        return sum(load.minutes for load in self.loads)


def full_weeks(turn: Turn, planned: Sequence[Planned]) -> list[Full]:
    """Those of her readers whose coming digest asks more than the budget, the fullest first."""
    found = []
    for one in planned:
        budget = budget_of(turn.tx, one.reader.ild.id)
        loads = tuple(_load(one, item) for item in _work(one))
        if over_by(loads, budget):
            found.append(Full(one, loads, budget))
    return sorted(found, key=lambda full: full.budget - full.minutes)


def _work(one: Planned) -> tuple[DigestItem, ...]:
    return (*one.plan.do_not_drop, *one.plan.do, *one.plan.decide)


def _load(one: Planned, item: DigestItem) -> Load:
    """An item with the earliest day of all that is read in it: an event's day counts like a deadline.

    Its key is that of the demand which the others were merged into, for with that one they all move.
    """
    days = [each.due for each in (item, *one.merged.get(item.key, ())) if each.due is not None]
    root = root_of(item.key, merges_of(one.sources.values()))
    demands = [one.sources[each.key][1] for each in (item, *one.merged.get(item.key, ()))]
    is_running = any(demand.due is None and demand.due_words for demand in demands)
    return Load(root, item.minutes, min(days, default=None), one.plan.week, item.do_not_drop, is_running)


def _planned(turn: Turn) -> list[Planned]:
    week = next_week(turn)
    return plan_week(turn.tx, readers_on(turn.tx, week, ild_ids=[turn.person.id]), week)


# ---------------------------------------------------------------- said on the desk and the preview


def say_over(turn: Turn, one: Waiting, decision: Decision) -> tuple[Block, ...]:
    """After something was passed on: whether a week of its schools now holds more than it should."""
    if decision not in (Decision.PASS_ON, Decision.MERGE) or not one.demand.minutes:
        return ()
    ids = {school.school.id for school in one.schools}
    full = [f for f in full_weeks(turn, _planned(turn)) if ids & {s.school.id for s in f.one.reader.schools}]
    return tuple(_said(full))


def say_all_over(turn: Turn) -> list[Block]:
    """After much was passed on at once."""
    return _said(full_weeks(turn, _planned(turn)))


def over_blocks(turn: Turn, planned: Sequence[Planned]) -> list[Block]:
    """For the preview: whose week is over, and the way to what competes."""
    return _said(full_weeks(turn, planned))


def say_full(turn: Turn, planned: Sequence[Planned]) -> str:
    """Whose week is over, in a sentence; empty where none is."""
    full = full_weeks(turn, planned)
    return _say_full(full) if full else ""


def _said(full: Sequence[Full]) -> list[Block]:
    if not full:
        return []
    text = f"{_say_full(full)} Nothing is dropped: make room, or it goes out as it is."
    return [Text(text), Buttons((Button("See what competes", act("minutes.week")),))]


def _say_full(full: Sequence[Full]) -> str:
    """ "Over the minutes budget: Lincoln Middle 130 of 90; Roosevelt High 100 of 90." """
    named = "; ".join(f"{f.one.reader.names} {f.minutes} of {f.budget}" for f in full[:MOST_NAMED])
    more = f"; {len(full) - MOST_NAMED} more schools" if len(full) > MOST_NAMED else ""
    return f"Over the minutes budget: {named}{more}."


# ---------------------------------------------------------------- what competes


def week_card(turn: Turn, *, before: tuple[Block, ...] = ()) -> Card:
    """What the coming week holds where it is over, and what could give way."""
    week = next_week(turn)
    full = full_weeks(turn, _planned(turn))
    title = f"The week of {say_day(week, turn.today)}"
    if not full:
        text = f"Every school's week is within its {budget_of(turn.tx, turn.person.id)} minutes."
        return Card(title, (*before, Text(text), Buttons((Button("Preview", act("digest.preview")),))))
    weeks = digest_weeks(turn.district, week)
    fullest = full[0]
    candidates: dict[int, tuple[Load, Full]] = {}
    for f in full:
        for load_ in competing(f.loads, f.budget, weeks):
            candidates.setdefault(load_.key, (load_, f))
    items = tuple(_item(turn, load_, f, weeks, full) for load_, f in list(candidates.values())[:MOST_ITEMS])
    blocks: list[Block] = [*before, Text(_say_full(full)), Items(items, title="These compete")]
    moves = _fitting_moves(turn, fullest, weeks)
    if moves:
        label = (
            "Move 1 item to a later week" if len(moves) == 1 else f"Move {len(moves)} items to later weeks"
        )
        blocks.append(Buttons((Button(label, act("minutes.fit", week=week.toordinal()), Emphasis.PRIMARY),)))
    stays = [load_ for load_, _f in candidates.values() if not weeks_for(load_, weeks)]
    if stays and not moves:
        text = "Their days leave no later week. Do one yourself, merge two, or let it go out: the digest says so."
        blocks.append(Text(text, quiet=True))
    return Card(title, tuple(blocks))


def _item(turn: Turn, load_: Load, f: Full, weeks: Sequence[date], full: Sequence[Full]) -> Item:
    triage, demand, memo = f.one.sources[load_.key]
    at = [each.one.reader.names for each in full if load_.key in {one.key for one in each.loads}]
    at = at if len(at) <= MOST_NAMED else [f"{len(at)} schools"]
    facts = ", ".join(filter(None, (say_effort(load_.minutes), say_due(demand, turn.today), memo.unit, *at)))
    where = {"demand": load_.key, "v": triage.version}
    buttons = [
        Button(f"Move to {say_day(to, turn.today)}", act("minutes.move", **where, week=to.toordinal()))
        for to in _offered(turn, load_, weeks)
    ]
    buttons += [
        Button("I'll do it", act("minutes.absorb", **where)),
        Button("Merge", act("triage.merge", **where)),
    ]
    return Item(f"{facts}.", lead=demand.headline, buttons=tuple(buttons))


def _offered(turn: Turn, load_: Load, weeks: Sequence[date]) -> list[date]:
    """The nearest later week with room for it, else the nearest that its day allows."""
    able = weeks_for(load_, weeks)
    held = _held(turn, able)
    budget = budget_of(turn.tx, turn.person.id)
    return [next((week for week in able if held[week] + load_.minutes <= budget), able[0])] if able else []


def _held(turn: Turn, weeks: Sequence[date]) -> dict[date, int]:
    """The minutes that each week holds at the fullest of her schools."""
    ids = [
        school.school.id
        for reader in readers_on(turn.tx, turn.today, ild_ids=[turn.person.id])
        for school in reader.schools
    ]
    return {
        week: week_load(turn.tx, turn.district, week, now=turn.now, school_ids=ids).most for week in weeks
    }


def _fitting_moves(turn: Turn, f: Full, weeks: Sequence[date]) -> list[tuple[int, date]]:
    return plan_moves(
        f.loads, f.budget, weeks, _held(turn, [week for week in weeks if week > f.one.plan.week])
    )


# ---------------------------------------------------------------- making room


def _show(turn: Turn, _action: Action, _values: Values) -> Cards:
    require(turn.person, Right.TRIAGE, object="digest")
    return [week_card(turn)]


def _move(turn: Turn, action: Action, _values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    to = _week(action)
    _move_to(turn, one, to)
    said = Text(f"Moved to the digest of {say_day(to, turn.today)}: {one.demand.headline}")
    return [week_card(turn, before=(said,))]


def _move_to(turn: Turn, one: Waiting, to: date) -> None:
    """Move an item that is passed on; refused where its day, or that of anything merged into it, does not allow it."""
    if one.triage is None or one.triage.decision != Decision.PASS_ON:
        raise UserError("Only what is passed on can be moved. Write “preview” to see what goes out.")
    week = next_week(turn)
    for planned in _planned(turn):
        for item in _work(planned):
            if one.id not in {item.key, *(each.key for each in planned.merged.get(item.key, ()))}:
                continue
            if to not in weeks_for(_load(planned, item), digest_weeks(turn.district, week)):
                raise UserError(
                    f"Told on {say_day(to, turn.today)} it would be late for its day. Choose an earlier week, or do it "
                    "yourself."
                )
            decide(turn, one, Decision.PASS_ON, week=to)
            return
    raise StaleError("It does not stand in the coming digest any more. Write “preview” to see what does.")


def _fit(turn: Turn, action: Action, _values: Values) -> Cards:
    """Every move that makes room in the fullest week, in one press."""
    require(turn.person, Right.TRIAGE, object="digest")
    week = next_week(turn)
    if _week(action) != week:
        raise StaleError("That week has been told. Write “preview” to see the coming one.")
    full = full_weeks(turn, _planned(turn))
    moves = _fitting_moves(turn, full[0], digest_weeks(turn.district, week)) if full else []
    if not moves:
        raise StaleError("There is nothing to move any more. Write “preview” to see the week.")
    said = []
    for key, to in moves:
        one = load_demand(turn, key)
        check_open(turn, one)
        _move_to(turn, one, to)
        said.append(f"{say_day(to, turn.today)}: {one.demand.headline}")
    return [week_card(turn, before=(Text(f"{'; '.join(said)}.", lead="Moved."),))]


def _absorb(turn: Turn, action: Action, _values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    decide(turn, one, Decision.SELF)
    audit_trail.write(turn, "week.absorbed", f"demand:{one.id}", minutes=one.demand.minutes)
    return [week_card(turn, before=(Text(f"Yours to do: {one.demand.headline}"),))]


def _week(action: Action) -> date:
    try:
        return date.fromordinal(action.number("week"))
    except (ValueError, OverflowError):
        raise UserError("That button is damaged. Write “preview” to see the week.") from None


# ---------------------------------------------------------------- the budget itself


def set_words(turn: Turn, match: re.Match[str]) -> Cards:
    """ "minutes budget 90": an ILD's own schools, the administrator's district; "minutes budget as usual"."""
    require(turn.person, Right.SET_MINUTES, object="minutes_budget")
    is_ild = Role.ILD in turn.person.roles
    minutes = int(match["minutes"]) if match["minutes"] else None
    if minutes is not None and not LEAST_BUDGET <= minutes <= MOST_BUDGET:
        raise UserError(f"Choose {LEAST_BUDGET} to {MOST_BUDGET} minutes a week.")
    put_budget(turn.tx, minutes, ild_id=turn.person.id if is_ild else None)
    audit_trail.write(turn, "minutes_budget.set", "minutes_budget", minutes=minutes or 0)
    now = budget_of(turn.tx, turn.person.id if is_ild else None)
    whose = "each of your schools" if is_ild else "every school whose ILD has not set another"
    said = f"{now} minutes a week for all offices together, at {whose}."
    return [Card("", (Text(said), *(over_blocks(turn, _planned(turn)) if is_ild else ())))]


def show_words(turn: Turn, _match: re.Match[str]) -> Cards:
    """The budget, and what the coming week holds of it."""
    require(turn.person, Right.SET_MINUTES, object="minutes_budget")
    if Role.ILD in turn.person.roles:
        return [week_card(turn)]
    budget = budget_of(turn.tx, None)
    return [plain(f"{budget} minutes a week for all offices together, where an ILD has not set another.")]


SETTERS = frozenset({Role.ILD, Role.ADMINISTRATOR})

TOPIC = Topic(
    name="minutes",
    commands=(
        Command(
            re.compile(
                r"minutes budget(?: is| of|:)? (?:(?P<minutes>\d{1,4})(?: min(?:utes)?)?(?: a week)?|as usual|usual)",
                re.IGNORECASE,
            ),
            set_words,
            example="minutes budget 90",
            what="How many minutes a week all offices together may ask of a principal.",
            roles=SETTERS,
        ),
        Command(
            re.compile(r"(?:show )?(?:the |my )?minutes budget\??", re.IGNORECASE),
            show_words,
            example="minutes budget",
            what="What the coming week holds of its minutes, and what competes.",
            roles=SETTERS,
        ),
    ),
    actions={
        "minutes.week": _show,
        "minutes.move": _move,
        "minutes.fit": _fit,
        "minutes.absorb": _absorb,
    },
    in_place=frozenset({"minutes.move", "minutes.fit", "minutes.absorb"}),
    in_place_alone=frozenset({"minutes.week"}),
)
