"""Monday 06:30: one digest to each principal, once, whatever happens.

The digest, its items and its message are one transaction, and (principal, week) is unique: two clocks, or one that
is killed half-way and begins again, give nobody two and nobody none. What was decided after the hour belongs to
the next week, so that a late run says what a punctual one would have said.

If the clock was down: within ``CATCH_UP`` of its hour a digest still goes, marked late, at the next open moment;
after that it is skipped, its items go with the next one, and the ILD is told which schools heard nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.card_codec import encode_card
from handlers.cards import Card, Text
from handlers.deciding.week_load import budgets
from handlers.digest.digest_building import Planned, Reader, digest_time, plan_week, readers_on, sections_of
from handlers.digest.digest_cards import DigestView, digest_card
from handlers.digest.digest_entry import Entry
from handlers.digest.languages import in_code
from handlers.district import District, load_district, zone_of
from handlers.networks import whose
from handlers.post import tell_when_open
from protocols.buffer.digest import DigestItem
from protocols.buffer.headlines import shorten
from protocols.cadence import sending
from protocols.cadence.digest_weeks import early_day, has_school
from protocols.cadence.protected import Audience
from protocols.cadence.sending import DIGEST_AT, WORKING_HOURS, Hours, instant_of
from storage import demand_changes, digests, languages, mandates, outbox, people, record
from storage.database import Store, Tx
from storage.digests import GivenItem
from storage.people import Person
from storage.tables import DemandRow, DigestRow

CATCH_UP = timedelta(hours=24)
LATE = timedelta(hours=1)
"""From so long after its hour on, a digest says that it comes late."""
LIFETIME = timedelta(hours=24)
"""A digest that could not be delivered so long after it might have gone is dropped; the ILD is told."""
ZONES_APART = timedelta(hours=7)
"""The widest distance between a principal's clock and the district's that matters here."""
HOURS = Hours(DIGEST_AT, WORKING_HOURS.ends)
SETTLED, SETTLED_EARLY = "digests_settled", "digests_settled_early"
MERGED = "merged"
"""The section of what is read in another item's place: on record, and on no card."""


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def send_digests(store: Store, now: datetime) -> int:
    """Put the digests that are due into the outbox: this week's, and before a break the early one.

    How many. May be run at any time, by many.
    """
    with store.read() as tx:
        district = load_district(tx)
    week = monday_of(now.astimezone(district.zone).date())
    count = 0
    if now >= instant_of(week, DIGEST_AT, district.zone) - ZONES_APART and has_school(
        week, district.calendar
    ):
        count += _send_week(store, district, week, now, settled=SETTLED)
    early = early_day(week + timedelta(days=7), district.calendar)
    if early is not None and now.astimezone(district.zone).date() >= early - timedelta(days=1):
        count += _send_week(store, district, week + timedelta(days=7), now, settled=SETTLED_EARLY)
    return count


def _send_week(store: Store, district: District, week: date, now: datetime, *, settled: str) -> int:
    with store.read() as tx:
        if record.get_setting(tx, settled) == {"week": week.isoformat()}:
            return 0
        readers = readers_on(tx, now.astimezone(district.zone).date())
        times = {reader.principal.id: at for reader in readers if (at := digest_time(reader, district, week))}
        served = digests.of_week(tx, week)
        due = [
            reader
            for reader in readers
            if reader.principal.id not in served and times.get(reader.principal.id, now + LIFETIME) <= now
        ]
        planned = [
            one for one in plan_week(tx, due, week, cutoffs=times, with_reasons=True) if not one.is_empty
        ]
        known = _read_week(tx, district, week, planned, now)
    count = 0
    missed: list[Planned] = []
    for one in planned:
        at = times[one.reader.principal.id]
        if now > at + CATCH_UP:
            missed.append(one)
            continue
        with store.begin() as tx:
            count += _send(tx, known, one, at=at)
    if missed:
        with store.begin() as tx:
            _tell_missed(tx, district, [one.reader for one in missed], week, now)
    if times and all(now > at + CATCH_UP for at in times.values()):
        with store.begin() as tx:
            record.put_setting(tx, settled, {"week": week.isoformat()})
    return count


@dataclass(frozen=True, slots=True)
class _Week:
    """What the digests of a week are built with, read once for all of them as of ``now``.

    ``lines`` and ``budgets`` are the ILDs', ``languages`` the readers' that is not English, ``answers`` what became of
    the readers' questions since their last digest.
    """

    district: District
    now: datetime
    is_early: bool
    lines: Mapping[int, str]
    budgets: Mapping[int | None, int]
    languages: Mapping[int, str]
    answers: Mapping[int, Sequence[tuple[GivenItem, DemandRow]]]
    opens: dict[tuple[str, Audience, datetime], datetime]
    """When a reader may be written to from an instant on, by their zone and what is protected for them."""

    def open_at(self, reader: Reader, at: datetime) -> datetime:
        zone = zone_of(reader.principal, self.district)
        key = (zone.key, reader.audience, at)
        if key not in self.opens:
            rules, calendar = self.district.rules, self.district.calendar
            found = sending.next_open(at, zone, rules, calendar, audience=reader.audience, working=HOURS)
            self.opens[key] = found or self.now
        return self.opens[key]


def _read_week(tx: Tx, district: District, week: date, planned: Sequence[Planned], now: datetime) -> _Week:
    return _Week(
        district=district,
        now=now,
        is_early=not has_school(week, district.calendar),
        lines=mandates.lines_of(tx, week),
        budgets=budgets(tx, {one.reader.ild.id for one in planned}),
        languages=languages.readers(tx),
        answers=digests.answers_of_all(tx, [one.reader.principal.id for one in planned], week, until=now),
        opens={},
    )


def _send(tx: Tx, known: _Week, one: Planned, *, at: datetime) -> bool:
    """One digest with its items and its message; False where another clock was faster."""
    reader, plan, now = one.reader, one.plan, known.now
    digest = DigestRow(
        principal_id=reader.principal.id,
        school_id=reader.schools[0].school.id,
        ild_id=reader.ild.id,
        week=plan.week,
        minutes=plan.minutes_total,
        budget=known.budgets[reader.ild.id],
        minutes_saved=plan.minutes_saved,
        is_new_principal=any(school.profile.is_new_principal for school in reader.schools),
        is_late=now > at + LATE,
        created_at=now,
    )
    given = digests.add(tx, digest, rows_of(one))
    if given is None:
        return False
    digest_id = digest.id or 0
    items = [row for row in given if row.section != MERGED]
    entries: list[Entry] = [
        (row, one.sources[row.demand_id][1], one.sources[row.demand_id][2]) for row in items
    ]
    demand_changes.note_told(tx, digest_id, one.changes)
    view = DigestView(
        digest_id=digest_id,
        schools=reader.names,
        ild=reader.ild.name,
        line=known.lines.get(reader.ild.id, ""),
        is_late=digest.is_late,
        minutes=digest.minutes,
        budget=digest.budget,
        entries=in_code(tx, known.languages.get(reader.principal.id), entries),
        whose={demand.id or 0: whose(demand, reader.schools) for _item, demand, _memo in entries},
        minutes_saved=plan.minutes_saved,
        is_new=digest.is_new_principal,
        is_early=known.is_early,
        changes=[change.words for change in one.changes]
        + say_answers(known.answers.get(reader.principal.id, ())),
    )
    not_before = known.open_at(reader, max(now, at))
    zone = zone_of(reader.principal, known.district)
    message_id = outbox.put(
        tx,
        recipient_id=reader.principal.id,
        kind="digest",
        period=plan.week.isoformat(),
        card=encode_card(digest_card(view, today=not_before.astimezone(zone).date())),
        asked=False,
        not_before=not_before,
        created_at=now,
        subject=f"digest:{digest_id}",
        expires_at=not_before + LIFETIME,
    )
    digests.note_message(tx, digest_id, message_id)
    record.audit(
        tx,
        at=now,
        actor_id=None,
        action="digest.sent",
        object=f"digest:{digest_id}",
        principal=reader.principal.id,
        items=len(items),
        merged=len(given) - len(items),
        late=digest.is_late,
    )
    return True


def rows_of(one: Planned) -> list[GivenItem]:
    """The items as they will be kept; after those that are read, those that are read in another's place."""

    def row(section: str, item: DigestItem, merged_into: int | None = None) -> GivenItem:
        return GivenItem(
            id=0,
            digest_id=0,
            demand_id=item.key,
            section=section,
            wording=item.wording,
            minutes=item.minutes,
            own_day=item.due if item.due != one.sources[item.key][1].due else None,
            note=item.note,
            why=item.why,
            taken_by=item.taken_by or "",
            besides=item.besides,
            focus=item.focus,
            decide=item.decide,
            merged_into=merged_into,
        )

    read = [row(section, item) for section, item in sections_of(one.plan)]
    return [*read, *(row(MERGED, item, lead) for lead, some in one.merged.items() for item in some)]


def changes_of(tx: Tx, digest: DigestRow) -> list[str]:
    """What a digest says has changed: demands that are not what was told, and answers that came in between."""
    return demand_changes.told_in(tx, digest.id or 0) + say_answers(digests.answers_before(tx, digest))


def say_answers(answered: Iterable[tuple[GivenItem, DemandRow]]) -> list[str]:
    """What became of the reader's questions."""
    return [
        f"You asked about “{shorten(demand.headline, 60)}”. Answer: {shorten(item.answer, 120)}"
        for item, demand in answered
    ]


def _tell_missed(
    tx: Tx, district: District, readers: Iterable[Reader], week: date, now: datetime, *, why: str = ""
) -> int:
    """Tell each ILD, once, which of her schools got no digest this week."""
    told = 0
    by_ild: dict[int, tuple[Person, list[str]]] = {}
    for reader in readers:
        key = digests.missed_key(reader.principal.id, week)
        if record.note_once(tx, kind=digests.MISSED, object=key, at=now):
            by_ild.setdefault(reader.ild.id, (reader.ild, []))[1].append(reader.names)
            record.audit(
                tx, at=now, actor_id=None, action="digest.missed", object=f"person:{reader.principal.id}"
            )
    for ild, names in by_ild.values():
        reason = why or "I was not running on Monday and would have come more than a day late"
        text = (
            f"{reason}. No digest at {', '.join(names)}. What they should have read comes on Monday; "
            "tell them sooner what cannot wait."
        )
        told += (
            tell_when_open(
                tx,
                district,
                ild,
                Card("", (Text(text, lead="This week's digest did not go out everywhere."),)),
                kind="digest_missed",
                period=f"{week.isoformat()}:{now.date().isoformat()}",
                now=now,
            )
            is not None
        )
    return told


def report_undelivered(store: Store, now: datetime) -> int:
    """Tell ILDs of digests that were written but reached nobody; how many principals."""
    with store.read() as tx:
        district = load_district(tx)
        today = now.astimezone(district.zone).date()
        week = monday_of(today)
        lost = [row for monday in (week, week + timedelta(days=7)) for row in digests.undelivered(tx, monday)]
    count = 0
    if lost:
        with store.begin() as tx:
            readers = {reader.principal.id: reader for reader in readers_on(tx, today)}
            why = "The message could not be delivered"
            for monday in sorted({row.week for row in lost}):
                gone = [
                    row.principal_id for row in lost if row.week == monday and row.principal_id in readers
                ]
                count += _tell_missed(tx, district, [readers[who] for who in gone], monday, now, why=why)
    return count


def still_true(tx: Tx, subject: str, now: datetime) -> str | None:
    """Why a waiting message about a digest, or about one of its items, should not go any more; None: it should."""
    parts = subject.split(":")
    if parts[1] == "item":
        found = digests.find_item(tx, int(parts[2]))
        if found is None or found[0].state in ("done", "withdrawn"):
            return "it is done"
        digest: DigestRow | None = found[1]
    else:
        digest = digests.get(tx, int(parts[1]))
    if digest is None:
        return "the digest is not there any more"
    today = now.astimezone(load_district(tx).zone).date()
    led = people.schools_on(tx, today, principal_id=digest.principal_id)
    if digest.school_id not in {school.id for school in led}:
        return "the principal has left the school"
    return None
