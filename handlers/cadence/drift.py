"""Drift, told to the ILD first: what slips, the numbers, and the half-day that would mend it.

An ILD hears of it at most once a week and once for each episode, and reads from the start on which day executives
will see it unless it is mended. They see which school, which kind and how long; never what was said in a visit.
The time between is the administrator's to set.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cadence import planning
from handlers.cadence.drift_words import say_drift, say_kind
from handlers.cadence.planning import Network
from handlers.cadence.visit_places import offer_buttons
from handlers.cards import Block, Button, Card, Item, Items, Text, plain
from handlers.district import District, load_district, zone_of
from handlers.networks import all_networks
from handlers.permissions import Right, Subject, may, require
from handlers.post import tell_when_open
from handlers.schools import find_school, match_schools, pressed_school
from handlers.turn import Cards, Command, Topic, Turn, Values
from handlers.week import LOOK_AHEAD
from protocols.cadence.drift import DriftKind, find_drifts, is_mended, terms_of
from protocols.cadence.moments import say_day
from protocols.cadence.visits import Offer
from storage import drifts, people, record
from storage.database import Store, Tx
from storage.people import Person, Role, School
from storage.tables import DriftRow

FROM = time(7)
WEEK = timedelta(days=7)
DEFAULT_DAYS = 20
"""School days from the day the ILD is told until executives see it, where the administrator has set nothing else."""
LONGEST_DAYS = 120
MOST_TOLD = 4
"""Episodes in one message; what is more waits for the next week."""
MENDED_SHOWN = timedelta(days=30)
SLIPPING = (DriftKind.FORGOTTEN, DriftKind.FALLING)
"""Two words for a school that is seen less; an episode is one or the other."""
SETTING = "drift"
CHECKED = "drift_checked"


# ---------------------------------------------------------------- the clock


def check_drift(store: Store, now: datetime) -> int:
    """Look for drift once a school day, and tell whom it concerns; how many people were told."""
    with store.read() as tx:
        district = load_district(tx)
        local = now.astimezone(district.zone)
        today = local.date()
        if local.time() < FROM or not district.calendar.is_school_day(today):
            return 0
        if record.get_setting(tx, CHECKED) == {"day": today.isoformat()}:
            return 0
        ilds = [one.ild for one in all_networks(tx, today)]
    told = 0
    for ild in ilds:
        with store.begin() as tx:
            look(tx, district, ild, today, now)
            told += _tell_ild(tx, district, ild, now)
    with store.begin() as tx:
        told += _tell_executives(tx, district, today, now)
        record.put_setting(tx, CHECKED, {"day": today.isoformat()})
    return told


def look(tx: Tx, district: District, ild: Person, today: date, now: datetime) -> None:
    """Write down which of the ILD's schools drift from today on, and which do no longer."""
    schools = people.schools_on(tx, today, ild_id=ild.id)
    known = people.get_people(tx, {s.principal_id for s in schools if s.principal_id}, on=today)
    terms = terms_of(district.calendar, today)
    since = terms.starts if terms else today
    pasts = drifts.load_pasts(
        tx,
        {
            school.id: school.principal_id in known and not known[school.principal_id].is_new(today)
            for school in schools
        },
        since=since,
        until=today,
        since_instant=district.noon(since) - timedelta(hours=12),
    )
    by_school = {past.school: past for past in pasts}
    settled = set()
    for row in drifts.open_at(tx, [school.id for school in schools]):
        kind = DriftKind(row.kind)
        settled.add((row.school_id, kind))
        if is_mended(kind, by_school[row.school_id], district.calendar, found_on=row.found_on, today=today):
            row.mended_on = today
            record.audit(tx, at=now, actor_id=None, action="drift.mended", object=f"drift:{row.id}")
        elif row.ild_id != ild.id:  # handed over: the new ILD hears of it first, too
            row.ild_id, row.told_on = ild.id, None
            row.seen_from = row.seen_from if row.executives_told_on else None
        tx.add(row)
    tx.flush()
    slipping = {school for school, kind in settled if kind in SLIPPING}
    for found in find_drifts(pasts, district.calendar, today):
        is_same = found.kind in SLIPPING and found.school in slipping
        if (found.school, found.kind) not in settled and not is_same:
            drift_id = drifts.add(tx, found, ild_id=ild.id, on=today)
            object = f"drift:{drift_id}"
            record.audit(tx, at=now, actor_id=None, action="drift.found", object=object, kind=found.kind)


def _tell_ild(tx: Tx, district: District, ild: Person, now: datetime) -> bool:
    """The week's one message: what was newly found, with the slot that would mend it, and what is mended."""
    today = now.astimezone(zone_of(ild, district)).date()
    last = drifts.last_told(tx, ild.id)
    if last is not None and today - last < WEEK:
        return False
    network = planning.load_network(tx, ild, today, until=today + LOOK_AHEAD)
    ids = [school.id for school in network.schools]
    order = list(DriftKind)
    new = [row for row in drifts.open_at(tx, ids) if row.told_on is None]
    new = sorted(new, key=lambda row: (order.index(DriftKind(row.kind)), row.since))[:MOST_TOLD]
    mended = [row for row in drifts.mended_at(tx, ids, since=date.min) if row.mended_said_on is None]
    mended = [row for row in mended if row.ild_id == ild.id]
    if not new and not mended:
        return False
    seen_from = _seen_from(tx, district, today)
    for row in new:
        row.told_on, row.seen_from = today, row.seen_from or seen_from
        tx.add(row)
    for row in mended:
        row.mended_said_on = today
        tx.add(row)
    turn = Turn(tx=tx, person=ild, now=now, district=district, key=f"drift:{today}")
    card = _ild_card(turn, network, new, mended)
    tell_when_open(tx, district, ild, card, kind="drift", period=today.isoformat(), now=now)
    return True


def _seen_from(tx: Tx, district: District, today: date) -> date | None:
    """The day from which executives see what the ILD is told today; None where they never do, or nobody is one."""
    days = _policy(tx)
    if days is None or not people.people_with_role(tx, Role.EXECUTIVE, on=today):
        return None
    return district.calendar.add_school_days(today, days) or today + WEEK * (days // 5 or 1)


def _policy(tx: Tx) -> int | None:
    known = record.get_setting(tx, SETTING)
    return DEFAULT_DAYS if known is None else known.get("days")


def _ild_card(turn: Turn, network: Network, new: Sequence[DriftRow], mended: Sequence[DriftRow]) -> Card:
    schools = {school.id: school for school in network.schools}
    blocks: list[Block] = []
    if new:
        count = len({row.school_id for row in new})
        who = "One of your schools is" if count == 1 else f"{count} of your schools are"
        blocks.append(Text(f"{who} drifting. You read it first."))
        blocks.append(Items(_items(turn, network, new, schools)))
    if mended:
        items = tuple(
            Item(
                f"{say_kind(DriftKind(row.kind))}, since {say_day(row.since, turn.today)}. It is closed.",
                lead=schools[row.school_id].name,
            )
            for row in mended
        )
        blocks.append(Items(items, title="Mended"))
    return Card("", tuple(blocks))


def _items(
    turn: Turn, network: Network, rows: Sequence[DriftRow], schools: dict[int, School]
) -> tuple[Item, ...]:
    """Each drift with its numbers, the half-day that would mend it, and from when executives see it."""
    planned = {visit.school_id: visit for visit in reversed(network.planned)}
    offered: list[Offer] = []
    items = []
    for row in rows:
        school = schools[row.school_id]
        buttons: tuple[Button, ...] = ()
        coming = planned.get(school.id)
        detail = _say_seen_from(turn, row)
        if coming is not None:
            detail = f"Planned for {say_day(coming.day, turn.today)}. {detail}".strip()
        else:
            offers = planning.offers_for(
                turn.tx, turn.district, network, school, turn.today, count=1, offered=offered
            )
            offered.extend(offers)
            buttons = offer_buttons(turn, school, offers)
        text = say_drift(drifts.drift_of(row), turn.today)
        items.append(Item(text, lead=school.name, detail=detail, buttons=buttons))
    return tuple(items)


def _say_seen_from(turn: Turn, row: DriftRow) -> str:
    """ "On Fri 14 May Ruth Castellanos will see it unless it is mended." """
    if row.seen_from is None:
        return ""
    names = [one.name for one in people.people_with_role(turn.tx, Role.EXECUTIVE, on=turn.today)]
    who = " and ".join(names) if 0 < len(names) <= 2 else "the executives"
    if row.seen_from <= turn.today:
        return f"Since {say_day(row.seen_from, turn.today)} {who} can see that it is so, and nothing more."
    return f"On {say_day(row.seen_from, turn.today)} {who} will see it unless it is mended."


def _tell_executives(tx: Tx, district: District, today: date, now: datetime) -> int:
    """What was not mended in its time, once, and at most once a week; how many executives were told."""
    last = drifts.last_told_executives(tx)
    new = [row for row in drifts.seen_by_executives(tx, today) if row.executives_told_on is None]
    if not new or (last is not None and today - last < WEEK):
        return 0
    for row in new:
        row.executives_told_on = today
        tx.add(row)
    executives = people.people_with_role(tx, Role.EXECUTIVE, on=today)
    for person in executives:
        card = _executive_card(tx, new, today, district)
        tell_when_open(tx, district, person, card, kind="drift", period=today.isoformat(), now=now)
    return len(executives)


def _executive_card(tx: Tx, rows: Sequence[DriftRow], today: date, district: District) -> Card:
    """Which school, which kind and how long: nothing of what was said, and no number of an ILD's."""
    schools = {
        school.id: school for school in people.schools_on(tx, today, ids=[row.school_id for row in rows])
    }
    items = tuple(
        Item(
            f"{say_kind(DriftKind(row.kind))}, since {say_day(row.since, today)}: "
            f"{_school_days(district.calendar.school_days_since(row.since, today))}.",
            lead=f"{schools[row.school_id].name}, {schools[row.school_id].network}",
        )
        for row in rows
        if row.school_id in schools
    )
    note = "Its ILD has known of it and when you would. What helps most is time: protected half-days."
    return Card("Schools that drift", (Items(items), Text(note, quiet=True)))


def _school_days(count: int) -> str:
    return f"{count} school day" + ("" if count == 1 else "s")


# ---------------------------------------------------------------- asked for


def drift_words(turn: Turn, _match: re.Match[str]) -> Cards:
    """ "drift": one's own schools; for an executive what was not mended in its time."""
    require(turn.person, Right.SEE_DRIFT, object="drift")
    return _drift_of(turn)


def school_words(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "drift roosevelt": the same of one school. None where it is more likely the answer to what was asked last."""
    words = match["school"]
    is_answering = record.expectation_of(turn.tx, turn.person.id) is not None
    if is_answering and not match_schools(words, people.schools_on(turn.tx, turn.today)):
        return None
    return _drift_of(
        turn, find_school(turn, words, Right.SEE_DRIFT, lambda s: act("drift.show", school=s.id))
    )


def _show(turn: Turn, action: Action, _values: Values) -> Cards:
    return _drift_of(turn, pressed_school(turn, action, Right.SEE_DRIFT, object="drift"))


def _drift_of(turn: Turn, only: School | None = None) -> Cards:
    """What this person may read of it, of all schools or of one."""
    cards = []
    wanted = None if only is None else [only.id]
    own = people.schools_on(turn.tx, turn.today, ild_id=turn.person.id, ids=wanted)
    if own:
        cards.append(_own_card(turn, own, only))
    led = people.schools_on(turn.tx, turn.today, principal_id=turn.person.id, ids=wanted)
    if led:
        cards.append(_principal_card(turn, led))
    if Role.EXECUTIVE in turn.person.roles:
        seen = drifts.seen_by_executives(turn.tx, turn.today)
        seen = [row for row in seen if only is None or row.school_id == only.id]
        cards.append(
            _executive_card(turn.tx, seen, turn.today, turn.district)
            if seen
            else plain("Nothing to see: what was found is mended, or still in the time its ILD has for it.")
        )
    return cards or [plain("You have no school in the roster.")]


def _own_card(turn: Turn, own: Sequence[School], only: School | None) -> Card:
    """What is open, told or not, for who asks need not wait for the week; and what was mended lately."""
    network = planning.load_network(turn.tx, turn.person, turn.today, until=turn.today + LOOK_AHEAD)
    ids = [school.id for school in own]
    rows = drifts.open_at(turn.tx, ids)
    seen_from = _seen_from(turn.tx, turn.district, turn.today)
    for row in rows:
        if row.told_on is None:
            row.told_on, row.seen_from = turn.today, row.seen_from or seen_from
            turn.tx.add(row)
    mended = drifts.mended_at(turn.tx, ids, since=turn.today - MENDED_SHOWN)
    schools = {school.id: school for school in own}
    blocks: list[Block] = []
    if rows:
        blocks.append(Items(_items(turn, network, rows, schools)))
    else:
        blocks.append(Text(f"{only.name} is not drifting." if only else "None of your schools is drifting."))
    if mended:
        items = tuple(
            Item(
                f"{say_kind(DriftKind(row.kind))}: mended on {say_day(row.mended_on or turn.today, turn.today)}.",
                lead=schools[row.school_id].name,
            )
            for row in mended
        )
        blocks.append(Items(items, title="Mended"))
    return Card("Drift", tuple(blocks))


def _principal_card(turn: Turn, led: Sequence[School]) -> Card:
    """A principal sees what is written of the own school, as soon as the ILD has read it."""
    led = [school for school in led if may(turn.person, Right.SEE_DRIFT, Subject(school=school))]
    schools = {school.id: school for school in led}
    rows = [row for row in drifts.open_at(turn.tx, list(schools)) if row.told_on is not None]
    if not rows:
        return plain("Nothing is written of a drift at your school.")
    items = tuple(
        Item(
            f"{say_kind(DriftKind(row.kind))}, since {say_day(row.since, turn.today)}.",
            lead=schools[row.school_id].name,
        )
        for row in rows
    )
    ask = "You can ask for a visit: ask for a visit Thursday because …"
    return Card("Drift", (Items(items), Text(ask, quiet=True)))


# ---------------------------------------------------------------- the policy


def set_policy(turn: Turn, match: re.Match[str]) -> Cards:
    """ "tell executives of drift after 15 school days", "never tell executives of drift". What an ILD was told before
    stands: the day she read is kept."""
    require(turn.person, Right.MANAGE_CALENDAR, object="drift")
    days = int(match["days"]) if match["days"] else None
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        return [
            plain(
                f"Write a number of school days from 1 to {LONGEST_DAYS}, or: never tell executives of drift."
            )
        ]
    record.put_setting(turn.tx, SETTING, {"days": days})
    audit_trail.write(turn, "drift.policy", "drift", days=days)
    kept = "Days that ILDs have read already stand."
    if days is None:
        return [plain(f"Executives are not told of drift from now on; ILDs are. {kept}")]
    return [
        plain(
            f"ILDs are told of drift first; executives see it {_school_days(days)} later unless it is mended. {kept}"
        )
    ]


TOPIC = Topic(
    name="drift",
    commands=(
        Command(
            re.compile(r"(?:show )?(?:the |my )?drifts?(?:ing)?(?: schools)?\??", re.IGNORECASE),
            drift_words,
            example="drift",
            what="Schools that slip out of sight though the average is fine.",
            roles=frozenset({Role.ILD, Role.PRINCIPAL, Role.EXECUTIVE}),
        ),
        Command(
            re.compile(
                r"(?:show )?(?:the )?drift (?:at |of |in |for )?(?:the )?(?P<school>.{2,60}?)\??",
                re.IGNORECASE,
            ),
            school_words,
            example="",
            what="",
            roles=frozenset({Role.ILD, Role.PRINCIPAL, Role.EXECUTIVE}),
        ),
        Command(
            re.compile(
                r"(?:tell (?:the )?executives (?:of|about) drift after (?P<days>\d{1,3})(?: school)? days?"
                r"|(?:never|do not|don't) tell (?:the )?executives (?:of|about) drift)\.?",
                re.IGNORECASE,
            ),
            set_policy,
            example="tell executives of drift after 15 school days",
            what="How long an ILD has to mend a drift before executives see it; or: never tell executives of drift.",
            roles=frozenset({Role.ADMINISTRATOR}),
        ),
    ),
    actions={"drift.show": _show},
)
