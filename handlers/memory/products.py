"""What was promised for a day is asked for two days before, once, of whoever promised it."""

from datetime import datetime

from handlers.actions import act
from handlers.cards import Button, Buttons, Card, Emphasis, Text
from handlers.district import District, load_district
from handlers.post import tell_when_open
from protocols.cadence.moments import say_day
from protocols.memory.products import AHEAD, LONGEST_BREAK, is_asked_for
from protocols.memory.thread import excerpt
from storage import people, promises, record, threads
from storage.database import Store, Tx
from storage.tables import PromiseRow


def ask_for_products(store: Store, now: datetime) -> int:
    """Ask for what is due in two days; how many promises were asked for.

    Each promise is asked for once for each day it is due: one that was put off is asked for again. Asked are the
    school's principal and ILD; a promise of somebody who is neither any more is left to the next visit.
    """
    with store.read() as tx:
        district = load_district(tx)
        today = now.astimezone(district.zone).date()
        due = [row.id or 0 for row in threads.promises_due(tx, today, today + AHEAD + LONGEST_BREAK)]
    count = 0
    for promise_id in due:
        with store.begin() as tx:
            count += _ask(tx, district, promise_id, now)
    return count


def _ask(tx: Tx, district: District, promise_id: int, now: datetime) -> bool:
    row = promises.get(tx, promise_id)
    today = now.astimezone(district.zone).date()
    if row is None or row.state != "open" or row.outcome:
        return False
    made_on = row.created_at.astimezone(district.zone).date()
    if not is_asked_for(row.by_when, made_on=made_on, today=today, calendar=district.calendar):
        return False
    school = people.school_on(tx, row.school_id, today)
    sides = (school.principal_id, school.ild_id) if school else ()
    if row.owner_id not in sides:
        return False
    if not record.note_once(tx, kind="product", object=_key(row), at=now):
        return False
    known = people.get_people(tx, {side for side in sides if side is not None}, on=today)
    other = next((person.given_name for person in known.values() if person.id != row.owner_id), "")
    else_tell = (
        f"Bring it, or tell {other} what came in between."
        if other
        else "Bring it, or say what came in between."
    )
    day = say_day(row.by_when, today)
    text = f"For {day} you promised: {excerpt(row.what)}. {else_tell}"
    buttons = (
        Button("It is ready", act("thread.ready", promise=promise_id), Emphasis.PRIMARY),
        Button("Move it", act("thread.put_off_form", promise=promise_id)),
        Button("Drop it, and why", act("thread.drop_form", promise=promise_id)),
    )
    lead = f"{school.name}." if school else ""
    tell_when_open(
        tx,
        district,
        known[row.owner_id],
        Card("", (Text(text, lead=lead), Buttons(buttons))),
        kind="product",
        period=_key(row),
        now=now,
        subject=f"thread:product:{_key(row)}",
    )
    return True


def still_asked_for(tx: Tx, subject: str, now: datetime) -> str | None:
    """None while the promise is open, not ready, and due on the same day; else why the question is dropped."""
    _, _, key = subject.partition("product:")
    number, _, _day = key.partition(":")
    row = promises.get(tx, int(number))
    if row is None or row.state != "open":
        return "the promise was settled"
    if row.outcome:
        return "it is ready"
    if _key(row) != key:
        return "the promise was put off"
    today = now.astimezone(load_district(tx).zone).date()
    return "the day has passed" if row.by_when < today else None


def _key(row: PromiseRow) -> str:
    return f"{row.id}:{row.by_when.isoformat()}"
