"""What the clock does for a pulse: closes it, says what came of it and what was done, and blanks receipts."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from handlers.actions import act
from handlers.card_codec import encode_card
from handlers.cards import Button, Buttons, Card, Emphasis, Item, Items, Text, plain
from handlers.centre.pulse_parts import ILD, ild_of
from handlers.district import District, load_district
from handlers.post import tell_when_open
from protocols.cadence.moments import say_day
from protocols.centre.pulse import FEWEST
from storage import outbox, people, pulse, record
from storage.database import Store, Tx
from storage.people import Person, Role
from storage.tables import PulseDoneRow, PulseRow

RECEIPT_STANDS = timedelta(hours=1)
"""For so long a receipt stands in the database as well as with the person."""


def keep_pulses(store: Store, now: datetime) -> int:
    """Close the pulse whose last day is over, and tell principals what was done; how many messages."""
    with store.begin() as tx:
        district = load_district(tx)
        today = now.astimezone(district.zone).date()
        told = _close(tx, district, today, now)
        return told + _tell_done(tx, district, today, now)


def blank_receipts(store: Store, now: datetime) -> int:
    """Take receipts out of the messages that gave them; how many."""
    blank = encode_card(plain("Here was the receipt of an answer. What you answered stands."))
    with store.begin() as tx:
        return outbox.blank(tx, "pulse_receipt", before=now - RECEIPT_STANDS, card=blank)


def _close(tx: Tx, district: District, today: date, now: datetime) -> int:
    row = pulse.running(tx)
    if row is None or today <= row.closes_on or not pulse.close(tx, row.id or 0):
        return 0
    record.audit(
        tx, at=now, actor_id=None, action="pulse.closed", object=f"pulse:{row.id}", answered=row.answered
    )
    readers = {person.id: person for role in Role for person in people.people_with_role(tx, role, on=today)}
    for person in readers.values():
        tell_when_open(
            tx, district, person, _closed_card(row), kind="pulse_result", period=str(row.id), now=now
        )
    return len(readers)


def _closed_card(row: PulseRow) -> Card:
    count = f"{row.answered} of {row.asked} principals answered the pulse."
    if row.answered < FEWEST:
        return Card("", (Text(f"{count} That is too few to show anything without showing who."),))
    opened = Button("See what came of it", act("pulse.overview", id=row.id or 0), Emphasis.PRIMARY)
    return Card(
        "", (Text(f"{count} It is closed, and no answer can be led back to anybody."), Buttons((opened,)))
    )


def _tell_done(tx: Tx, district: District, today: date, now: datetime) -> int:
    """Everything said until yesterday, in one message to each principal whom it concerns."""
    rows = pulse.untold(tx, before=today)
    if not rows:
        return 0
    principals = {person.id: person for person in people.people_with_role(tx, Role.PRINCIPAL, on=today)}
    ilds_of: dict[int, set[int]] = {}
    for school in people.schools_on(tx, today):
        if school.principal_id is not None and school.ild_id is not None:
            ilds_of.setdefault(school.principal_id, set()).add(school.ild_id)
    told = 0
    for person_id, ilds in ilds_of.items():
        mine = [row for row in rows if _concerns(row, ilds)]
        if mine and person_id in principals:
            _tell(tx, district, principals[person_id], mine, today, now)
            told += 1
    for row in rows:
        row.told_on = today
        tx.add(row)
    return told


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
    newest = max(row.id or 0 for row in rows)
    tell_when_open(
        tx,
        district,
        person,
        Card("You said, we did", (Text("After the pulse that principals answered:"), Items(items))),
        kind="pulse_done",
        period=str(newest),
        now=now,
    )
