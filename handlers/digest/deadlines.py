"""Reminders before deadlines: what a digest asked, is still open and is due soon; one message a day, in working hours.

Each thing is brought up once (what must not be dropped twice), again only if its day moves. What was delegated is in
hand, and for what somebody wants to be reminded of on a day of their own that day stands instead. When it is sent, the
person's hours, days away and reminder rate decide (``handlers/outgoing.py``); after its deadline it is of no use.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers import audit_trail
from handlers.actions import act
from handlers.cards import Block, Button, Buttons, Card, Items, Text, plain
from handlers.digest.digest_entry import OPEN, Entry, day_of, short_item
from handlers.digest.languages import in_language
from handlers.district import District, load_district, zone_of
from handlers.errors import UserError
from handlers.networks import schools_led, whose
from handlers.post import open_instant, tell_when_open
from handlers.turn import Cards, Command, Topic, Turn
from protocols.cadence.deadlines import MOST_DAYS, USUAL_DAYS, Deadline, due_reminders
from protocols.cadence.moments import say_day
from protocols.cadence.sending import instant_of
from storage import courtesy, digests, people, record
from storage.database import Store, Tx
from storage.people import Person, Role
from storage.tables import DigestRow

FROM = time(8)
"""On the reader's clock; earlier it would crowd the digest."""
LOOK_AHEAD = timedelta(days=100)
"""Ten school days may have a summer's edge or a long break between them."""
MOST_SHOWN = 5
_LOOKED = "deadlines_looked"
EVERY = timedelta(minutes=10)

Due = tuple[Entry, DigestRow]


def remind_deadlines(store: Store, now: datetime) -> int:
    """Remind each principal of what is due soon and open; how many people were reminded."""
    with store.read() as tx:
        looked = record.get_setting(tx, _LOOKED)
        if looked and timedelta() <= now - datetime.fromisoformat(looked["at"]) < EVERY:
            return 0
        district = load_district(tx)
        pressing = _pressing(tx, district, now)
    count = 0
    for one in pressing:
        with store.begin() as tx:
            count += _remind(tx, district, one, now)
    with store.begin() as tx:
        record.put_setting(tx, _LOOKED, {"at": now.isoformat()})
    return count


@dataclass(frozen=True, slots=True)
class _Pressing:
    """What is to be brought up to somebody, nearest first: each entry with the key under which it is noted."""

    person: Person
    entries: tuple[tuple[Entry, str], ...]
    is_new: bool


def _pressing(tx: Tx, district: District, now: datetime) -> list[_Pressing]:
    """Everybody whose day has come for something that was not brought up yet, found in a few queries for all."""
    today = now.astimezone(district.zone).date()
    by_person: dict[int, list[Due]] = {}
    for entry, digest in digests.due_between(tx, today - timedelta(days=1), today + LOOK_AHEAD):
        by_person.setdefault(digest.principal_id, []).append((entry, digest))
    led: dict[int, set[int]] = {}
    for school in people.schools_on(tx, today):
        led.setdefault(school.principal_id or 0, set()).add(school.id)
    days = courtesy.deadline_days(tx, by_person)
    found = []
    for person_id, person in people.get_people(tx, by_person, on=today).items():
        local = now.astimezone(zone_of(person, district))
        if not person.active or local.time() < FROM:
            continue
        due = [
            (entry, digest)
            for entry, digest in by_person[person_id]
            if digest.school_id in led.get(person_id, ())
        ]
        entries = _to_bring_up(district, person, due, local.date(), days.get(person_id, USUAL_DAYS))
        is_new = any(digest.is_new_principal for _entry, digest in due)
        found.append(_Pressing(person, tuple(entries), is_new))
    noted = record.noted(tx, kind="deadline", objects={key for one in found for _entry, key in one.entries})
    return [one for one in found if any(key not in noted for _entry, key in one.entries)]


def _remind(tx: Tx, district: District, one: _Pressing, now: datetime) -> bool:
    person = one.person
    zone = zone_of(person, district)
    today = now.astimezone(zone).date()
    if open_instant(tx, district, person, now) != now:
        return False
    if courtesy.was_written(tx, person.id, "deadline", since=instant_of(today, time(), zone)):
        return False
    fresh = [entry for entry, key in one.entries if record.note_once(tx, kind="deadline", object=key, at=now)]
    if not fresh:
        return False
    last = max(day_of(entry) or today for entry in fresh)
    said = tell_when_open(
        tx,
        district,
        person,
        _card(tx, person, fresh, today, is_new=one.is_new),
        kind="deadline",
        period=today.isoformat(),
        now=now,
        # Of use until the last of these days is over.
        lifetime=instant_of(last + timedelta(days=1), time(), zone) - now,
        subject="deadlines:" + ",".join(str(entry[0].id) for entry in fresh),
    )
    for entry in fresh:
        record.audit(tx, at=now, actor_id=None, action="item.due_soon", object=f"digest_item:{entry[0].id}")
    return said is not None


def _to_bring_up(
    district: District, person: Person, due: Sequence[Due], today: date, days: int
) -> list[tuple[Entry, str]]:
    """Of what is due at the schools the person leads, what has its reminder's day today or had it before."""
    zone = zone_of(person, district)
    entries: dict[int, Entry] = {}
    deadlines = []
    for entry, digest in due:
        item, demand, _memo = entry
        day = day_of(entry)
        if day is None or demand.id in entries:
            continue
        if item.remind_on is not None and item.remind_on >= today and item.section != "do_not_drop":
            continue
        entries[demand.id or 0] = entry
        told = digest.created_at.astimezone(zone).date()
        deadlines.append(Deadline(demand.id or 0, day, told, item.section == "do_not_drop"))
    return [
        (entries[one.key], f"{entries[one.key][0].id}:{one.due}:{day}")
        for one, day in due_reminders(deadlines, today, district.calendar, days=days)
    ]


def _card(tx: Tx, person: Person, entries: Sequence[Entry], today: date, *, is_new: bool) -> Card:
    led = schools_led(tx, person.id, today)
    entries = in_language(tx, person.id, entries)
    shown = [short_item(entry, today, whose(entry[1], led), is_new=is_new) for entry in entries[:MOST_SHOWN]]
    things = "1 thing" if len(entries) == 1 else f"{len(entries)} things"
    blocks: list[Block] = [Items(tuple(shown))]
    if more := len(entries) - len(shown):
        blocks.append(Text(f"{more} more with later days.", quiet=True))
        blocks.append(Buttons((Button("Show all", act("digest.mine")),)))
    first = day_of(entries[0]) or today
    return Card(f"Due soon, and still open: {things}, the first {say_day(first, today)}.", tuple(blocks))


def still_true(tx: Tx, subject: str, now: datetime) -> str | None:
    """Of no use once all of it is done, delegated or withdrawn."""
    found = [digests.find_item(tx, int(number)) for number in subject.partition(":")[2].split(",")]
    if not any(one is not None and one[0].state in OPEN for one in found):
        return "all of it is done"
    return None


def _set_days(turn: Turn, match: re.Match[str]) -> Cards:
    days = int(match["days"])
    if not 1 <= days <= MOST_DAYS:
        raise UserError(
            f"I can remind you 1 to {MOST_DAYS} school days before a deadline. For none: no deadline reminders."
        )
    courtesy.put_deadline_days(turn.tx, turn.person.id, days)
    audit_trail.write(turn, "courtesy.deadline_days", f"person:{turn.person.id}", days=days)
    ahead = "1 school day" if days == 1 else f"{days} school days"
    return [plain(f"I bring up what is open {ahead} before its deadline, in one message a day.")]


TOPIC = Topic(
    name="deadlines",
    commands=(
        Command(
            re.compile(
                r"remind me (?P<days>\d{1,3}) (?:school )?days? before (?:a |the |my )?(?:deadlines?|due dates?)",
                re.IGNORECASE,
            ),
            _set_days,
            example=f"remind me {USUAL_DAYS + 1} days before deadlines",
            what=f"School days before a deadline on which I bring up what is open; {USUAL_DAYS} at first.",
            roles=frozenset({Role.PRINCIPAL}),
        ),
    ),
    still_true=still_true,
)
