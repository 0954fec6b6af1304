"""Items that are brought up again on the day that their reader asked for."""

from datetime import datetime, timedelta

from handlers.digest.digest_items import Given, spoken
from handlers.district import load_district, zone_of
from handlers.post import tell_when_open
from storage import digests, people, record
from storage.database import Store, Tx


def send_reminders(store: Store, now: datetime) -> int:
    """Bring up the items whose day has come, in their principal's open time; how many."""
    with store.read() as tx:
        # A day that has begun anywhere; each is asked again in its principal's own zone.
        item_ids = digests.to_remind(tx, (now + timedelta(hours=12)).date())
    count = 0
    for item_id in item_ids:
        with store.begin() as tx:
            count += _remind(tx, item_id, now)
    return count


def _remind(tx: Tx, item_id: int, now: datetime) -> bool:
    found = digests.find_item(tx, item_id)
    if found is None:
        return False
    given = Given(*found)
    district = load_district(tx)
    principal = people.get_person(tx, given.digest.principal_id, on=now.date())
    today = now.astimezone(zone_of(principal, district)).date()
    day = given.item.remind_on
    if day is None or day > today:
        return False
    if not digests.change_item(tx, item_id, version=given.item.version, at=now, remind_on=None):
        return False
    if given.item.state in ("done", "withdrawn"):
        return False
    given = spoken(tx, Given(*(digests.find_item(tx, item_id) or found)))
    said = tell_when_open(
        tx,
        district,
        principal,
        given.card(today, "You asked me to bring this up."),
        kind="item_reminder",
        period=f"{item_id}:{day.isoformat()}",
        now=now,
        subject=f"digest:item:{item_id}",
    )
    record.audit(tx, at=now, actor_id=None, action="item.reminded", object=f"digest_item:{item_id}")
    return said is not None
