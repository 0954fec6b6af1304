"""The district as the rules see it: its zone, its calendar, its protected half-days."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from protocols.cadence import sending
from protocols.cadence.calendar import SchoolCalendar
from protocols.cadence.courtesy import Wishes, hours_of
from protocols.cadence.protected import Audience, ProtectedRule
from protocols.cadence.sending import WORKING_HOURS
from storage import calendar, record
from storage.database import Tx
from storage.edition import Kept
from storage.people import Person, Role, schools_on

DISTRICT_SETTING = "district"
BASE_URL_SETTING = "base_url"
FALLBACK_ZONE = "America/New_York"
NO_WISHES = Wishes()


@dataclass(frozen=True, slots=True)
class District:
    """``name`` heads reports; ``zone`` is where people are who have no zone of their own."""

    name: str
    zone: ZoneInfo
    calendar: SchoolCalendar
    rules: tuple[ProtectedRule, ...]

    def noon(self, day: date) -> datetime:
        """The middle of a local day: an instant that is that day in every zone of the country."""
        return datetime.combine(day, time(12), tzinfo=self.zone)

    def next_open(
        self, at: datetime, *, zone: ZoneInfo, audience: Audience, wishes: Wishes = NO_WISHES
    ) -> datetime:
        """The first instant from ``at`` on at which an unasked message may go to such a reader.

        A calendar that has run out is no reason to say nothing for ever: then the message goes a day later, and to
        somebody who is away on the day of their return.
        """
        found = sending.next_open(
            at,
            zone,
            self.rules,
            self.calendar,
            audience=audience,
            working=hours_of(wishes, WORKING_HOURS),
            quiet=wishes.quiet,
            away=wishes.away,
        )
        if found is not None:
            return found
        later = at + timedelta(days=1)
        if wishes.away is not None and wishes.away.covers(later.astimezone(zone).date()):
            back = wishes.away.ends + timedelta(days=1)
            return sending.instant_of(back, hours_of(wishes, WORKING_HOURS).starts, zone)
        return later


_READ: ContextVar[list[District] | None] = ContextVar("the district of a tick", default=None)


@contextmanager
def one_district() -> Iterator[None]:
    """Within it the district is read once: for a tick, or a sender's claim, which ask for it often and change nothing
    of it."""
    token = _READ.set([])
    try:
        yield
    finally:
        _READ.reset(token)


def load_district(tx: Tx) -> District:
    """The district as of this transaction; within ``one_district``, as it was first found."""
    read = _READ.get()
    if read:
        return read[0]
    district = _load(tx)
    if read is not None:
        read.append(district)
    return district


_CALENDARS: Kept[tuple[SchoolCalendar, tuple[ProtectedRule, ...]]] = Kept(most=2)


def _load(tx: Tx) -> District:
    known = record.get_setting(tx, DISTRICT_SETTING) or {}
    days, rules = _CALENDARS.get(
        tx, "district", lambda: (calendar.load_calendar(tx), calendar.load_rules(tx))
    )
    return District(
        name=str(known.get("name", "")),
        zone=ZoneInfo(str(known.get("zone", FALLBACK_ZONE))),
        calendar=days,
        rules=rules,
    )


def put_district(tx: Tx, *, name: str, zone: str) -> None:
    """Name the district and its zone. Raises ``ZoneInfoNotFoundError`` for a zone that does not exist."""
    record.put_setting(tx, DISTRICT_SETTING, {"name": name, "zone": ZoneInfo(zone).key})


def base_url(tx: Tx) -> str:
    """The bot's public address, without a slash at its end; empty where it has none."""
    return str((record.get_setting(tx, BASE_URL_SETTING) or {}).get("url", ""))


def put_base_url(tx: Tx, url: str) -> None:
    """Remember the bot's public address, or (empty) that it has none."""
    if base_url(tx) != url:
        record.put_setting(tx, BASE_URL_SETTING, {"url": url})


def zone_of(person: Person, district: District) -> ZoneInfo:
    """Where the person is: their own zone, else the district's."""
    return ZoneInfo(person.zone) if person.zone else district.zone


def audience_of(tx: Tx, person: Person, at: datetime) -> Audience:
    """Which protected half-days concern this person: those of their networks and roles."""
    networks: set[str] = set()
    if Role.PRINCIPAL in person.roles:
        networks |= {school.network for school in schools_on(tx, at.date(), principal_id=person.id)}
    if Role.ILD in person.roles:
        networks |= {school.network for school in schools_on(tx, at.date(), ild_id=person.id)}
    return Audience(networks=frozenset(networks), roles=frozenset(role.value for role in person.roles))
