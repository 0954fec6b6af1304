"""When visits fall out together, for somebody is ill or away or there is no school, the coming weeks are repaired.

What was agreed stays; what fell out gets the next half-day that keeps most intervals. The ILD reads one message with
all that changes, and holds it with one press or chooses herself.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from handlers.actions import Action, ActionError, act
from handlers.cadence import planning
from handlers.cadence.freed import freed_blocks
from handlers.cadence.planning import LOOK_AHEAD, Network
from handlers.cadence.repair_batch import Batch, all_out, in_order, on_page, read_batch
from handlers.cadence.unanswered import unanswered_blocks
from handlers.cadence.visit_changes import audit, hold, offer_slots, say_visit, tell_other
from handlers.cadence.visit_places import say_slot
from handlers.cadence.visit_swap import SWAP
from handlers.cards import Button, Buttons, Card, Emphasis, Item, Items, Text, plain
from handlers.district import District, load_district
from handlers.errors import StaleError, UserError
from handlers.permissions import Right, Subject, require
from handlers.post import tell_when_open
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.cadence.calendar import ClosureKind
from protocols.cadence.moments import MomentFault, read_moment, say_day
from protocols.cadence.repair import Replacement
from storage import away, called_off, people, record, runs, visits
from storage.database import Store, Tx
from storage.people import Person, Role
from storage.visits import Visit

LONGEST_AWAY = timedelta(days=120)
MOST_AT_ONCE = 8
"""Visits repaired on one page: a button can name no more, and nobody reads more at once."""
MOST_FREED = 3
"""Half-days that came free and are offered to other schools in one message."""
SETTLED = "That is settled already. “my week” shows what is planned."
CHANGED = "The plan has changed since; this is how it stands now."


# ---------------------------------------------------------------- ill, away


def away_words(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "I am ill today", "I am away 3 to 5 May": visits of those days fall out, and the plan is repaired."""
    try:
        first, last = _span(turn, match["when"])
    except MomentFault as fault:
        if record.expectation_of(turn.tx, turn.person.id) is not None:
            return None
        raise UserError(str(fault)) from None
    if last < first:
        raise UserError(
            f"{say_day(last, turn.today)} is before {say_day(first, turn.today)}. From when to when?"
        )
    if last - first > LONGEST_AWAY:
        raise UserError(
            "That is more than four months. Ask your administrator who carries the schools meanwhile."
        )
    away.add(turn.tx, turn.person.id, first, last)
    word = "Ill" if match["why"].casefold() in ("ill", "sick") else "Away"
    days = say_day(first, turn.today) + (f" to {say_day(last, turn.today)}" if last > first else "")
    own = visits.planned(turn.tx, first, last, ild_id=turn.person.id)
    schools = people.schools_on(turn.tx, turn.today, principal_id=turn.person.id)
    hosted = visits.planned(turn.tx, first, last, school_ids=[school.id for school in schools])
    for visit in own:
        _cancel(turn, visit, by="ild", reason=word)
    for visit in hosted:
        _cancel(turn, visit, by="principal", reason=word, is_told=False)
    lead = f"Noted: {word.lower()} {days}."
    if own:
        return _answer(turn, turn.person, own, lead)
    if hosted:
        for ild_id in sorted({visit.ild_id for visit in hosted}):
            ild = people.get_person(turn.tx, ild_id, on=turn.today)
            out = [visit for visit in hosted if visit.ild_id == ild_id]
            tell_ild(turn, ild, out, f"{turn.person.name} is {word.lower()} {days}.", offers_freed=True)
        named = ", ".join(f"{visit.school} {say_visit(visit, turn.today)}" for visit in hosted)
        return [plain(f"{named}: off. {hosted[0].ild} gets a proposal for another time.", lead=lead)]
    return [plain("No visit falls out, and none will be planned then.", lead=lead)]


def _span(turn: Turn, words: str) -> tuple[date, date]:
    """The first and the last day that the words name; today where they name none."""
    when = re.sub(r"^(?:from|on|for)\s+", "", words.strip(" .").casefold())
    if not when:
        return turn.today, turn.today
    begins, _, ends = re.sub(r"\s+(?:until|till|through|-|–)\s+", " to ", when).partition(" to ")
    if begins.isdigit():  # "3 to 5 May"
        last = read_moment(ends, turn.local).day
        return _same_month(last, begins), last
    if re.match(r"until|till", begins):
        return turn.today, read_moment(re.sub(r"^\w+\s+", "", begins), turn.local).day
    first = turn.today if begins == "today" else read_moment(begins, turn.local).day
    if not ends:
        return first, first
    return first, _same_month(first, ends) if ends.isdigit() else read_moment(ends, turn.local).day


def _same_month(day: date, number: str) -> date:
    try:
        return day.replace(day=int(number))
    except ValueError:
        raise MomentFault(f"There is no {number} in that month. From when to when?") from None


def _cancel(turn: Turn, visit: Visit, *, by: str, reason: str, is_told: bool = True) -> None:
    if not visits.cancel(turn.tx, visit.id, version=visit.version, by=by, reason=reason):
        return
    audit(turn, "visit.cancelled", visit.id, by=by)
    school = people.school_on(turn.tx, visit.school_id, turn.today)
    if school is not None and is_told:
        sentence = f"The visit to {visit.school} on {say_visit(visit, turn.today)} is off. {reason}."
        tell_other(turn, school, visit.id, "cancelled", sentence)


# ---------------------------------------------------------------- no school


def repair_closed_days(store: Store, now: datetime) -> int:
    """Visits agreed for a day that is no school day any more fall out; each ILD reads one message. How many did."""
    with store.read() as tx:
        district = load_district(tx)
        today = now.astimezone(district.zone).date()
        shut = [
            v
            for v in visits.planned(tx, today, today + LOOK_AHEAD)
            if not district.calendar.is_school_day(v.day)
        ]
        begun = runs.begun_visits(tx, [visit.id for visit in shut])
        shut = [visit for visit in shut if visit.id not in begun]
    for ild_id in sorted({visit.ild_id for visit in shut}):
        with store.begin() as tx:
            _repair_closed(tx, district, ild_id, [visit for visit in shut if visit.ild_id == ild_id], now)
    return len(shut)


def _repair_closed(tx: Tx, district: District, ild_id: int, shut: Sequence[Visit], now: datetime) -> None:
    today = now.astimezone(district.zone).date()
    ild = people.get_person(tx, ild_id, on=today)
    turn = Turn(tx=tx, person=ild, now=now, district=district, key=f"closed:{today}")
    for visit in shut:
        closure = district.calendar.closure_on(visit.day)
        is_snow = closure is not None and closure.kind is ClosureKind.SNOW
        title = closure.title if closure else "No school"
        _cancel(turn, visit, by="weather" if is_snow else "other", reason=title)
    called_off.mark(tx, [visit.id for visit in shut])
    titles = {one.title for visit in shut if (one := district.calendar.closure_on(visit.day))}
    tell_ild(turn, ild, shut, f"No school: {', '.join(sorted(titles)) or 'the calendar has changed'}.")


# ---------------------------------------------------------------- the proposal


def _network(turn: Turn, ild: Person) -> Network:
    until = turn.today + planning.OFFER_AHEAD
    return planning.load_network(turn.tx, ild, turn.today, until=until)


def _card(turn: Turn, ild: Person, out: Sequence[Visit], lead: str) -> Card:
    """What fell out, what is proposed instead, and the ways on; more than fit are turned over with a button."""
    if len(out) > MOST_AT_ONCE:
        days = [visit.day for visit in out]
        return _page(turn, Batch(ild, min(days), max(days)), lead)
    found = planning.repair_for(turn.tx, turn.district, _network(turn, ild), out, today=turn.today)
    ordered = sorted(out, key=in_order)
    ids = ".".join(str(visit.id) for visit in ordered)
    return _proposal(turn, ild, ordered, found, Text(_count(len(out)), lead=lead), {"v": ids})


def _proposal(
    turn: Turn,
    ild: Person,
    ordered: Sequence[Visit],
    found: Sequence[Replacement],
    head: Text,
    which: Mapping[str, str | int],
    *more: Button,
) -> Card:
    items = tuple(
        Item(_say(turn, one), lead=f"{visit.school}, {say_visit(visit, turn.today)}, falls out.")
        for visit, one in zip(ordered, found, strict=True)
    )
    buttons = []
    if any(one.new for one in found):
        buttons.append(Button("Hold these", act("repair.hold", **which, of=_mark(found)), Emphasis.PRIMARY))
    buttons += [Button("Choose myself", act("repair.choose", **which)), *more]
    unanswered = unanswered_blocks(turn, _network(turn, ild))
    return Card("", (head, Items(items), Buttons(tuple(buttons)), *unanswered))


def _page(turn: Turn, batch: Batch, lead: str) -> Card:
    out = all_out(turn, batch)
    rest = on_page(turn, batch, out)
    if not rest:
        raise StaleError(SETTLED)
    shown = rest[:MOST_AT_ONCE]
    found = _found_for(turn, batch, out, shown)
    more = []
    if left := len(rest) - len(shown):
        turned = replace(batch, after=shown[-1].id)
        more.append(Button(f"The other {left}", act("repair.more", **turned.args())))
    which = "first" if not batch.after else "next" if left else "last"
    count = "one" if len(shown) == 1 else str(len(shown))
    text = (
        _count(len(out))
        if len(rest) == len(shown) == len(out)
        else (f"{_count(len(out))} The {which} {count}:")
    )
    return _proposal(turn, batch.ild, shown, found, Text(text, lead=lead), batch.args(), *more)


def _found_for(
    turn: Turn, batch: Batch, out: Sequence[Visit], shown: Sequence[Visit]
) -> tuple[Replacement, ...]:
    found = planning.repair_for(turn.tx, turn.district, _network(turn, batch.ild), out, today=turn.today)
    ids = {visit.id for visit in shown}
    return tuple(one for visit, one in zip(out, found, strict=True) if visit.id in ids)


def press_more(turn: Turn, action: Action, _values: Values) -> Cards:
    """The next page of what fell out."""
    batch = read_batch(turn, action)
    _require_all(turn, on_page(turn, batch, all_out(turn, batch)))
    return [_page(turn, batch, "")]


def _count(out: int) -> str:
    return (
        "One visit falls out; nothing else moves."
        if out == 1
        else f"{out} visits fall out; nothing else moves."
    )


def _say(turn: Turn, one: Replacement) -> str:
    if one.new is not None:
        return f"Instead: {say_slot(one.new.day, one.new.at, turn.today)}. {one.new.because}"
    if one.seen is not None:
        return f"The visit on {say_day(one.seen, turn.today)} stays, and comes soon enough."
    return "I see no free half-day for it that others do not need more."


def _mark(found: Sequence[Replacement]) -> str:
    lines = "\n".join(
        f"{one.new.day} {one.new.half} {one.new.at} {one.new.school}" for one in found if one.new
    )
    return hashlib.sha256(lines.encode()).hexdigest()[:12]


def _answer(turn: Turn, ild: Person, out: Sequence[Visit], lead: str) -> Cards:
    return [_card(turn, ild, out, lead)]


def tell_ild(
    turn: Turn,
    ild: Person,
    out: Sequence[Visit],
    lead: str,
    *,
    kind: str = "repair",
    lifetime: timedelta | None = None,
    offers_freed: bool = False,
) -> None:
    """One message for all that fell out at once: one plan, so that no half-day is offered twice.

    ``kind`` and ``lifetime``: a visit of the same day is said at once, and is worth nothing a day later.
    ``offers_freed``: the ILD herself is there, so each half-day that came free is offered for whom it serves best.
    """
    period = ".".join(str(visit.id) for visit in out)
    local = Turn(tx=turn.tx, person=ild, now=turn.now, district=turn.district, key=turn.key)
    card = _card(local, ild, out, lead)
    if offers_freed:
        freed = (block for visit in out[:MOST_FREED] for block in freed_blocks(local, ild, visit))
        card = replace(card, blocks=(*card.blocks, *freed))
    tell_when_open(
        turn.tx, turn.district, ild, card, kind=kind, period=period, now=turn.now, lifetime=lifetime
    )


def _fallen_out(turn: Turn, action: Action) -> list[Visit]:
    """The visits a button is about, without those that were made good since."""
    if "ild" in action.args:
        batch = read_batch(turn, action)
        open_ones = on_page(turn, batch, all_out(turn, batch))[:MOST_AT_ONCE]
        _require_all(turn, open_ones)
    else:
        try:
            ids = [int(word) for word in action.args["v"].split(".")]
        except (KeyError, ValueError):
            raise ActionError(f"{action.name} needs visits") from None
        found = [visit for one in ids[:MOST_AT_ONCE] if (visit := visits.get(turn.tx, one)) is not None]
        _require_all(turn, found)
        open_ones = [v for v in found if v.status == "cancelled" and not visits.is_made_good(turn.tx, v.id)]
    if not open_ones:
        raise StaleError(SETTLED)
    return sorted(open_ones, key=in_order)


def _require_all(turn: Turn, found: Sequence[Visit]) -> None:
    for visit in found:
        school = people.school_on(turn.tx, visit.school_id, turn.today)
        require(turn.person, Right.PLAN_VISIT, Subject(school=school), object=f"visit:{visit.id}")


def press_hold(turn: Turn, action: Action, _values: Values) -> Cards:
    """Hold all that was proposed; where the plan has changed since, the new proposal instead."""
    out = _fallen_out(turn, action)
    if "ild" in action.args:
        batch = read_batch(turn, action)
        found = _found_for(turn, batch, all_out(turn, batch), out)
        anew = _page(turn, batch, CHANGED)
    else:
        carried = people.school_on(turn.tx, out[0].school_id, turn.today)
        ild_id = carried.ild_id if carried is not None and carried.ild_id is not None else out[0].ild_id
        ild = people.get_person(turn.tx, ild_id, on=turn.today)
        found = planning.repair_for(turn.tx, turn.district, _network(turn, ild), out, today=turn.today)
        anew = _card(turn, ild, out, CHANGED)
    if _mark(found) != action.args.get("of"):
        return [anew]
    said = []
    for visit, one in zip(out, found, strict=True):
        school = people.school_on(turn.tx, visit.school_id, turn.today)
        if one.new is None or school is None:
            continue
        new = one.new
        hold(turn, school, new.day, new.half, new.at, stands_in_for=visit.id, minutes=new.minutes)
        said.append(f"{school.name}, {say_slot(new.day, new.at, turn.today)}")
    return [plain(f"Held: {'; '.join(said)}. The principals get a note.")]


def press_choose(turn: Turn, action: Action, _values: Values) -> Cards:
    """The free half-days for each visit that fell out."""
    cards: list[Card] = []
    for visit in _fallen_out(turn, action):
        school = people.school_on(turn.tx, visit.school_id, turn.today)
        if school is not None:
            cards.extend(offer_slots(turn, school, cancelled=visit))
    return cards


VISITORS = frozenset({Role.ILD, Role.PRINCIPAL})

TOPIC = Topic(
    name="repair",
    commands=(
        Command(
            re.compile(
                r"(?:i(?: am|['’]m|['’]ll be| will be) )(?P<why>ill|sick|away)(?P<when>(?: .{0,60})?)",
                re.IGNORECASE,
            ),
            away_words,
            example="I am ill today",
            what="Visits of those days fall out, and a plan is proposed: also “I am away 3 to 5 May”.",
            roles=VISITORS,
        ),
        SWAP,
    ),
    actions={"repair.hold": press_hold, "repair.choose": press_choose, "repair.more": press_more},
    in_place=frozenset({"repair.more"}),
    in_place_alone=frozenset({"repair.hold", "repair.choose"}),
)
