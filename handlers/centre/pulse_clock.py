"""What the clock does for a pulse: closes it, says what came of it and what was done, and blanks receipts."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from handlers.actions import act
from handlers.card_codec import encode_card
from handlers.cards import Button, Buttons, Card, Emphasis, Item, Items, Text, plain
from handlers.centre.pulse_invitations import BATCH, invite_others
from handlers.centre.pulse_parts import ILD, ild_of
from handlers.district import District, load_district
from handlers.post import tell_when_open
from protocols.cadence.moments import say_day
from protocols.centre.pulse import FEWEST
from storage import outbox, people, pulse, record
from storage.database import Store, Tx
from storage.people import Person, Role
from storage.tables import PulseDoneRow, PulseRow

ARRIVED = timedelta(minutes=5)
"""For so long after it was sent a receipt stands in the database as well: a platform may yet ask whether it came."""
RECEIPT_STANDS = timedelta(hours=1)
"""And for so long at most, where it could not be sent."""
TELLING = "pulse_telling"
"""The setting that names the closed pulse of which not everybody has heard yet."""
GROUPS = 40
"""Groups of answers taken apart in one transaction."""


def keep_pulses(store: Store, now: datetime) -> int:
    """Invite who was not invited yet, close the pulse whose last day is over and say so, tell principals what was done;
    how many messages. Each of it a batch at a time, each batch in a transaction of its own."""
    told = invite_others(store, now)
    _close(store, now)
    return told + _tell_closed(store, now) + _tell_done(store, now)


def blank_receipts(store: Store, now: datetime) -> int:
    """Take receipts out of the messages that gave them; how many."""
    blank = encode_card(plain("Here was the receipt of an answer. What you answered stands."))
    with store.begin() as tx:
        return outbox.blank(
            tx, "pulse_receipt", before=now - RECEIPT_STANDS, sent_before=now - ARRIVED, card=blank
        )


def _today(tx: Tx, now: datetime) -> tuple[District, date]:
    district = load_district(tx)
    return district, now.astimezone(district.zone).date()


# ---------------------------------------------------------------- closing


def _close(store: Store, now: datetime) -> None:
    """Nobody can answer after the last day, so what is left is taken apart at leisure and closed at the end."""
    while True:
        with store.begin() as tx:
            _district, today = _today(tx, now)
            row = pulse.running(tx)
            if row is None or today <= row.closes_on:
                return
            if pulse.take_apart(tx, row.id or 0, limit=GROUPS):
                continue
            if not pulse.close(tx, row.id or 0):
                return
            record.put_setting(tx, TELLING, {"pulse": row.id})
            what = f"pulse:{row.id}"
            record.audit(tx, at=now, actor_id=None, action="pulse.closed", object=what, answered=row.answered)
            return


def _tell_closed(store: Store, now: datetime) -> int:
    """Say to everybody of the work that it is closed; how many messages."""
    told = 0
    while True:
        with store.begin() as tx:
            pulse_id = (record.get_setting(tx, TELLING) or {}).get("pulse")
            row = pulse.get(tx, int(pulse_id)) if pulse_id else None
            if row is None:
                return told
            district, today = _today(tx, now)
            known = outbox.told(tx, "pulse_result", str(row.id))
            readers = {one.id: one for role in Role for one in people.people_with_role(tx, role, on=today)}
            left = [one for one in readers.values() if one.id not in known]
            for person in left[:BATCH]:
                tell_when_open(
                    tx, district, person, _closed_card(row), kind="pulse_result", period=str(row.id), now=now
                )
            told += len(left[:BATCH])
            if len(left) <= BATCH:
                record.put_setting(tx, TELLING, {})


def _closed_card(row: PulseRow) -> Card:
    count = f"{row.answered} of {row.asked} principals answered the pulse."
    if row.answered < FEWEST:
        return Card("", (Text(f"{count} That is too few to show anything without showing who."),))
    opened = Button("See what came of it", act("pulse.overview", id=row.id or 0), Emphasis.PRIMARY)
    return Card(
        "", (Text(f"{count} It is closed, and no answer can be led back to anybody."), Buttons((opened,)))
    )


def _tell_done(store: Store, now: datetime) -> int:
    """Everything said until yesterday, in one message to each principal whom it concerns; how many messages."""
    told = 0
    while True:
        with store.begin() as tx:
            district, today = _today(tx, now)
            rows = pulse.untold(tx, before=today)
            if not rows:
                return told
            left = _untold_principals(tx, rows, today)
            for person, mine in left[:BATCH]:
                _tell(tx, district, person, mine, today, now)
            told += len(left[:BATCH])
            if len(left) > BATCH:
                continue
            for row in rows:
                row.told_on = today
                tx.add(row)


def _untold_principals(
    tx: Tx, rows: Collection[PulseDoneRow], today: date
) -> list[tuple[Person, list[PulseDoneRow]]]:
    """Principals with what concerns each, but for those who have it already."""
    principals = {person.id: person for person in people.people_with_role(tx, Role.PRINCIPAL, on=today)}
    ilds_of: dict[int, set[int]] = {}
    for school in people.schools_on(tx, today):
        if school.principal_id in principals and school.ild_id is not None:
            ilds_of.setdefault(school.principal_id or 0, set()).add(school.ild_id)
    known: dict[str, set[int]] = {}
    found = []
    for person_id, ilds in ilds_of.items():
        mine = [row for row in rows if _concerns(row, ilds)]
        if not mine:
            continue
        period = _period(mine)
        if period not in known:
            known[period] = outbox.told(tx, "pulse_done", period)
        if person_id not in known[period]:
            found.append((principals[person_id], mine))
    return found


def _period(rows: Collection[PulseDoneRow]) -> str:
    """What was done is told once up to the newest of it."""
    return str(max(row.id or 0 for row in rows))


def _concerns(row: PulseDoneRow, ilds: Collection[int]) -> bool:
    return not row.about.startswith(ILD) or ild_of(row.about) in ilds


def _tell(
    tx: Tx, district: District, person: Person, rows: Collection[PulseDoneRow], today: date, now: datetime
) -> None:
    ilds = people.get_people(tx, {ild_of(row.about) for row in rows if row.about.startswith(ILD)}, on=today)
    items = tuple(
        Item(
            row.text,
            lead=ilds[ild_of(row.about)].name if row.about.startswith(ILD) else row.about.partition(":")[2],
            detail=say_day(row.said_on, today),
        )
        for row in rows
    )
    tell_when_open(
        tx,
        district,
        person,
        Card("You said, we did", (Text("After the pulse that principals answered:"), Items(items))),
        kind="pulse_done",
        period=_period(rows),
        now=now,
    )
