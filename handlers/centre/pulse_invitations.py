"""The invitation to a pulse: its card, and telling it to every principal, a batch at a time.

Whoever starts a pulse in a district of many schools does not wait until all are told, and nobody else waits for one
long transaction: the first batch goes with the start, the clock tells the others, each batch in a transaction of its
own. A process that dies in between has told whole batches, and the next one goes on with those who were not told.
"""

from collections.abc import Sequence
from datetime import date, datetime

from handlers.actions import act
from handlers.cards import Block, Button, Buttons, Card, Text
from handlers.centre.pulse_parts import Part, parts_of
from handlers.district import District, load_district
from handlers.post import tell_when_open
from protocols.cadence.moments import say_day
from protocols.centre.pulse import FEWEST
from storage import outbox, people, pulse, record
from storage.database import Store, Tx
from storage.people import Person, Role
from storage.tables import PulseRow

INVITING = "pulse_inviting"
"""The setting that names the pulse of which not everybody is told yet."""
BATCH = 50
"""People told in one transaction."""
PROMISE = (
    "No name and no time is kept with an answer. Results are shown once it is closed, from "
    f"{FEWEST} answers up, and never so that a smaller group could be worked out."
)


def invitation(row: PulseRow, parts: Sequence[Part], answered: set[str], *, opening: bool = False) -> Card:
    """What a principal is asked about, and what of it is answered."""
    open_parts = [part for part in parts if part.about not in answered]
    until = say_day(row.closes_on, row.opened_on)
    said = [part.name for part in parts if part.about in answered]
    blocks: list[Block] = []
    if opening:
        blocks.append(
            Text(
                f"How do you find the support you get? A minute for each, through {until}, as many as you like."
            )
        )
    elif open_parts:
        blocks.append(Text(f"Open through {until}."))
    if said:
        blocks.append(Text(", ".join(said), lead="Answered:"))
    if open_parts:
        blocks.append(
            Buttons(
                tuple(
                    Button(part.name, act("pulse.form", id=row.id or 0, part=part.key)) for part in open_parts
                )
            )
        )
    else:
        blocks.append(Text(f"That is all. The result is there after {until}."))
    blocks.append(Text(PROMISE, quiet=True))
    return Card("The pulse: the support you get", tuple(blocks))


def principals(tx: Tx, today: date) -> list[Person]:
    """Everybody who leads a school."""
    leading = {school.principal_id for school in people.schools_on(tx, today)}
    known = people.people_with_role(tx, Role.PRINCIPAL, on=today)
    return [person for person in known if person.id in leading]


def begin_inviting(tx: Tx, district: District, row: PulseRow, *, now: datetime) -> None:
    """Tell the first batch, and leave the others to the clock."""
    record.put_setting(tx, INVITING, {"pulse": row.id})
    _invite_some(tx, district, row, now=now)


def invite_others(store: Store, now: datetime) -> int:
    """Tell those who were not told yet, a batch in each transaction; how many were told."""
    told = 0
    while True:
        with store.begin() as tx:
            row = _being_told(tx)
            some = _invite_some(tx, load_district(tx), row, now=now) if row is not None else 0
        if not some:
            return told
        told += some


def _being_told(tx: Tx) -> PulseRow | None:
    pulse_id = (record.get_setting(tx, INVITING) or {}).get("pulse")
    row = pulse.get(tx, int(pulse_id)) if pulse_id else None
    return row if row is not None and not row.is_closed else None


def _invite_some(tx: Tx, district: District, row: PulseRow, *, now: datetime) -> int:
    told = outbox.told(tx, "pulse", str(row.id))
    left = [person for person in principals(tx, row.opened_on) if person.id not in told]
    for person in left[:BATCH]:
        tell_when_open(
            tx,
            district,
            person,
            invitation(row, parts_of(tx, row, person.id), set(), opening=True),
            kind="pulse",
            period=str(row.id),
            now=now,
            subject=f"pulse:{row.id}",
            lifetime=district.noon(row.closes_on) - now,
        )
    if len(left) <= BATCH:
        record.put_setting(tx, INVITING, {})
    return len(left[:BATCH])
