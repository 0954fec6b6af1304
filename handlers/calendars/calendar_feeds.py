"""Published calendars: what becomes of a new copy, and of one that cannot be had.

The last good copy stays in force until a better one is taken. Small additions are taken and told; a copy that takes
away more than 5 % of its days, makes a school year shorter or closes more than a week waits for the administrator's
yes, like the very first. The same copy is asked about once. A fault is told once, and once that it is over.
"""

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.calendars.calendar_effects import Effect, call_off, effect_blocks, foresee, tell_administrators
from handlers.calendars.reopening import offer_back
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Text, plain
from handlers.district import District, load_district
from handlers.errors import StaleError, UserError
from handlers.permissions import Right, require
from handlers.post import tell_now
from handlers.turn import Cards, Turn, Values
from protocols.cadence.calendar_edits import CalendarEdit, removed_share, why_to_ask
from protocols.cadence.calendar_end import find_gap
from protocols.cadence.calendar_files import CalendarFault, read_calendar_file
from protocols.cadence.feed_addresses import AddressFault, read_address
from storage import calendar, record
from storage import calendar_feeds as kept
from storage.database import Store, Tx
from storage.tables import CalendarFeedRow

EVERY = timedelta(hours=1)
LONGEST_WAIT = timedelta(days=1)
TOLD_FROM = 3
"""So many readings in a row may fail for a reason that often passes before anybody is told."""


@dataclass(frozen=True, slots=True)
class Due:
    """A feed to be read now, and what the other side called the last copy."""

    id: int
    address: str
    etag: str
    modified: str


def _digest(edit: CalendarEdit) -> str:
    return hashlib.sha256(json.dumps(edit.to_json(), sort_keys=True).encode()).hexdigest()


def subscribe(tx: Tx, address: str, edit: CalendarEdit, *, etag: str, modified: str, now: datetime) -> str:
    """Read a feed again from an hour on whose first copy somebody takes in now; the source of its closures."""
    read = read_address(address)
    row = kept.add_feed(tx, address=read.url, host=read.host, at=now + EVERY)
    row.taken_at, row.digest, row.etag, row.modified = now, _digest(edit), etag, modified
    tx.add(row)
    return kept.source_of(row.id or 0)


def take_due(store: Store, now: datetime) -> list[Due]:
    """The feeds that are due; each is reserved for an hour, so that of several clocks one reads it."""
    with store.begin() as tx:
        return [
            Due(row.id or 0, row.address, row.etag, row.modified)
            for row in kept.due_feeds(tx, now=now)
            if kept.take_turn(tx, row.id or 0, was=row.next_at, next_at=now + EVERY)
        ]


def take_copy(store: Store, feed_id: int, data: bytes, *, etag: str, modified: str, now: datetime) -> None:
    """A copy came: taken, or shown and waiting for a yes, or refused because it is no calendar."""
    with store.begin() as tx:
        row = kept.get_feed(tx, feed_id)
        if row is None or not row.active:
            return
        district = load_district(tx)
        try:
            _take_if_new(tx, district, row, data, now)
        except CalendarFault as fault:
            where = f"Line {fault.line}: " if fault.line else ""
            why = f"{where}{fault.what} Tell whoever publishes it."
            _note_fault(tx, district, row, why, is_lasting=True, wait=None, now=now)
            return
        row.etag, row.modified = etag, modified
        _note_mended(tx, district, row, now)
        tx.add(row)


def take_unchanged(store: Store, feed_id: int, *, now: datetime) -> None:
    """The other side says that nothing has changed."""
    with store.begin() as tx:
        row = kept.get_feed(tx, feed_id)
        if row is not None and row.active:
            _note_mended(tx, load_district(tx), row, now)


def take_fault(
    store: Store, feed_id: int, why: str, *, is_lasting: bool, wait: timedelta | None, now: datetime
) -> None:
    """The feed cannot be had. ``is_lasting``: it will not mend by itself; ``wait`` is what the other side asks for."""
    with store.begin() as tx:
        row = kept.get_feed(tx, feed_id)
        if row is not None and row.active:
            _note_fault(tx, load_district(tx), row, why, is_lasting=is_lasting, wait=wait, now=now)


def _take_if_new(tx: Tx, district: District, row: CalendarFeedRow, data: bytes, now: datetime) -> None:
    """Raises ``CalendarFault``. Whether it is new is asked of what it says: hosts stamp every copy anew."""
    read = read_calendar_file(row.host, data, zone=district.zone)
    read.to_calendar(() if read.years else district.calendar.years)
    edit = CalendarEdit(read.closures, read.years, read.terms)
    digest = _digest(edit)
    if digest == row.digest:
        return
    effect = _foresee(tx, district, row, edit, now)
    source = kept.source_of(row.id or 0)
    today = now.astimezone(district.zone).date()
    share = removed_share(calendar.closures_of(tx, source), edit.closures, since=today)
    why = why_to_ask(effect.difference, share, district.calendar, edit)
    is_first = row.taken_at is None
    row.digest = digest
    if why is not None or is_first:
        change_id = kept.propose(tx, edit, person_id=None, feed_id=row.id, at=now)
        said = f"The calendar at {row.host} has changed, and {why}. Until you say so, the last copy stays in force."
        if is_first:
            said = f"The calendar at {row.host} can be read. {_say_found(edit)} It counts once you say so."
        buttons = (
            Button("Put in force", act("calendar.put", change=change_id), Emphasis.PRIMARY),
            Button("Leave it", act("calendar.leave", change=change_id)),
        )
        card = Card("", (Text(said), *effect_blocks(effect, today), Buttons(buttons)))
        _tell(tx, district, row, card, period=f"ask:{change_id}", now=now)
        return
    if _put(tx, district, row, edit, effect, now, actor_id=None) and not _is_silent(effect):
        card = Card(
            "",
            (Text(f"The calendar at {row.host} has changed. It is in force."), *effect_blocks(effect, today)),
        )
        period = f"took:{row.id}:{digest[:12]}:{now:%Y%m%d%H%M}"
        tell_administrators(tx, district, card, period=period, now=now)


def _foresee(tx: Tx, district: District, row: CalendarFeedRow, edit: CalendarEdit, now: datetime) -> Effect:
    return foresee(tx, district, partial(_write, row=row, edit=edit, district=district, now=now), now=now)


def _write(
    tx: Tx, *, row: CalendarFeedRow, edit: CalendarEdit, district: District, now: datetime
) -> calendar.CalendarImport:
    """Days that are over stay as they were counted: feeds drop what is past."""
    today = now.astimezone(district.zone).date()
    source = kept.source_of(row.id or 0)
    return calendar.take_calendar(tx, edit, source=source, confirmed=True, since=today)


def _put(
    tx: Tx,
    district: District,
    row: CalendarFeedRow,
    edit: CalendarEdit,
    effect: Effect,
    now: datetime,
    *,
    actor_id: int | None,
) -> bool:
    """Make the copy count; whether it changed anything."""
    done = _write(tx, row=row, edit=edit, district=district, now=now)
    row.taken_at = now
    tx.add(row)
    if not (done.changed or done.removed):
        return False
    record.audit(
        tx,
        at=now,
        actor_id=actor_id,
        action="calendar.taken",
        object=f"calendar_feed:{row.id}",
        changed=done.changed,
        removed=done.removed,
        visits=len(effect.fallen),
    )
    call_off(
        tx,
        district,
        effect,
        why=f"The school calendar has changed ({row.host})",
        by="central_office",
        actor_id=actor_id,
        now=now,
        key=f"feed:{row.id}:{now:%Y%m%d%H%M}",
    )
    offer_back(
        tx,
        replace(district, calendar=effect.after),
        effect,
        why=f"The school calendar has changed ({row.host})",
        key=f"feed:{row.id}:{now:%Y%m%d%H%M}",
        now=now,
    )
    return True


def _is_silent(effect: Effect) -> bool:
    return effect.difference.is_nothing and not effect.fallen


def _say_found(edit: CalendarEdit) -> str:
    years = ", ".join(year.label for year in edit.years) or "none"
    return f"School years: {years}. Days that differ: {len(edit.closures):,}."


def take_shown(turn: Turn, change: kept.Change) -> Cards:
    """The administrator says yes to a copy that waited."""
    row = kept.get_feed(turn.tx, change.feed_id or 0)
    if row is None or not row.active:
        raise StaleError("That calendar is no longer read. Write “calendar” to see what is.")
    effect = _foresee(turn.tx, turn.district, row, change.edit, turn.now)
    if not kept.settle(turn.tx, change.id, "in_force"):
        raise StaleError("That was settled a moment ago. Write “calendar” to see what is in force.")
    _put(turn.tx, turn.district, row, change.edit, effect, turn.now, actor_id=turn.person.id)
    audit_trail.write(turn, "calendar.changed", f"calendar_change:{change.id}", visits=len(effect.fallen))
    off = f" {len(effect.fallen)} visits are off; those concerned know." if effect.fallen else ""
    return [plain(f"In force: the calendar at {row.host}.{off} I look every hour whether it has changed.")]


def _note_fault(
    tx: Tx,
    district: District,
    row: CalendarFeedRow,
    why: str,
    *,
    is_lasting: bool,
    wait: timedelta | None,
    now: datetime,
) -> None:
    """Count a failure, wait longer after each, and tell the administrator once."""
    row.failures += 1
    pause = EVERY * 2 ** min(max(0, row.failures - TOLD_FROM), 5)
    if is_lasting:
        pause = LONGEST_WAIT
    row.next_at = now + min(max(pause, wait or pause), LONGEST_WAIT)
    if not row.is_fault_told and (is_lasting or row.failures >= TOLD_FROM):
        row.is_fault_told = True
        stays = (
            "The last good copy stays in force, and I keep trying."
            if row.taken_at
            else "Nothing was taken from it yet; I keep trying."
        )
        buttons: tuple[Button, ...] = (
            Button("Read it now", act("calendar.read", feed=row.id or 0)),
            Button("Stop reading it", act("calendar.stop", feed=row.id or 0)),
        )
        blocks: tuple[Block, ...] = (
            Text(f"I can't read the school calendar at {row.host}. {why} {stays}"),
            Text("A new address takes the place of this one: calendar https://…", quiet=True),
            Buttons(buttons),
        )
        period = f"fault:{row.id}:{now:%Y%m%d%H%M}"
        _tell(tx, district, row, Card("", blocks), period=period, now=now)
    tx.add(row)


def _tell(
    tx: Tx, district: District, row: CalendarFeedRow, card: Card, *, period: str, now: datetime
) -> None:
    """What a reading brought: at once to whoever subscribed a minute ago, else to the administrators when open."""
    if row.person_id is None:
        tell_administrators(tx, district, card, period=period, now=now)
    else:
        tell_now(tx, row.person_id, card, kind="calendar_first", period=period, now=now)
        row.person_id = None


def _note_mended(tx: Tx, district: District, row: CalendarFeedRow, now: datetime) -> None:
    if row.is_fault_told:
        card = plain(f"The school calendar at {row.host} can be read again.")
        period = f"mended:{row.id}:{now:%Y%m%d%H%M}"
        tell_administrators(tx, district, card, period=period, now=now)
    row.failures, row.is_fault_told = 0, False
    tx.add(row)


def tell_calendar_ends(store: Store, now: datetime) -> int:
    """Tell the administrators once that no next school year is known; how many notices there were."""
    with store.begin() as tx:
        district = load_district(tx)
        today = now.astimezone(district.zone).date()
        gap = find_gap(district.calendar, today)
        if gap is None:
            return 0
        object = f"{gap.ends}:{'over' if gap.ends and gap.ends < today else 'soon'}"
        if not record.note_once(tx, kind="calendar_ends", object=object, at=now):
            return 0
        card = plain(gap.sentence(today))
        tell_administrators(tx, district, card, period=f"ends:{object}", now=now)
        return 1


# ---------------------------------------------------------------- chat


def subscribe_words(turn: Turn, match: re.Match[str]) -> Cards:
    """ "calendar https://…": the feed is read within a minute, and shown before it counts."""
    require(turn.person, Right.MANAGE_CALENDAR, object="calendar")
    try:
        address = read_address(match["address"])
    except AddressFault as fault:
        raise UserError(str(fault)) from None
    row = kept.add_feed(
        turn.tx, address=address.url, host=address.host, at=turn.now, person_id=turn.person.id
    )
    audit_trail.write(turn, "calendar.subscribed", f"calendar_feed:{row.id}")
    return [
        plain(
            f"I read the calendar at {address.host} in a minute and show you what it says before it counts. "
            "From then on I look every hour whether it has changed."
        )
    ]


def press_read(turn: Turn, action: Action, _values: Values) -> Cards:
    """Look at a feed at the next tick of the clock."""
    row = _feed(turn, action)
    row.next_at = turn.now
    turn.tx.add(row)
    return [plain(f"I look at {row.host} in a minute. You hear from me if it has changed.")]


def press_stop(turn: Turn, action: Action, _values: Values) -> Cards:
    """A feed is no longer read; what it has said so far stays."""
    row = _feed(turn, action)
    row.active = False
    turn.tx.add(row)
    audit_trail.write(turn, "calendar.unsubscribed", f"calendar_feed:{row.id}")
    return [plain(f"I no longer read the calendar at {row.host}. What it has said so far stays in force.")]


def _feed(turn: Turn, action: Action) -> CalendarFeedRow:
    require(turn.person, Right.MANAGE_CALENDAR, object="calendar")
    row = kept.get_feed(turn.tx, action.number("feed"))
    if row is None or not row.active:
        raise StaleError("That calendar is no longer read. Write “calendar” to see what is.")
    return row
