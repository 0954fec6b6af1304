"""The public-records export: what is a public record of some days, apart from what is coaching.

A records officer gets memos, digests, the log of visits in dates, protected time and who took it, meetings with the
reasons of overrides, and service requests in counts. What is withheld is listed by kind and number with the ground, so
that an officer can say what there is without showing it. Nothing in it rates anybody.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from handlers.district import District
from protocols.cadence.day_minutes import time_of_day
from storage import record
from storage.database import Tx
from storage.keeping import person_rows, public_records
from storage.keeping.declared import GROUNDS
from storage.keeping.every_table import DECLARED
from storage.keeping.public_records import PUBLISHED

ACTION = "records.exported"
PEOPLE = frozenset({"sender_id", "decided_by", "seconded_by", "ild_id", "principal_id", "person_id"})
TITLES: Mapping[str, str] = {
    "mandate": "Memos",
    "original": "Files that memos came as",
    "demand": "What memos ask",
    "drop_use": "What offices asked not to drop",
    "principal_area": "What principals may decide",
    "digest": "Weekly digests to principals",
    "digest_item": "What digests held",
    "visit": "Log of visits, in dates",
    "protected_loss": "Protected time that was taken",
    "meeting": "Meetings asked for, with the reasons of overrides",
    "theory": "The district's theory of action",
    "framework": "Frameworks in force",
    "pulse": "Pulses, how many were asked and answered",
    "pulse_done": "What offices did after a pulse",
    "assignment": "Who led and accompanied which school",
    "role": "Who held which office",
    "first_responder": "Who answers offices first",
}


@dataclass(frozen=True, slots=True)
class PublicSheet:
    """A table of public records: rows of plain values."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Withheld:
    """So much of a kind is not given out. ``is_of_period`` False: that is all there is, for it has no day."""

    what: str
    count: int
    ground: str
    is_of_period: bool


@dataclass(frozen=True, slots=True)
class RecordsExport:
    district: str
    start: date
    end: date
    made_at: datetime
    sheets: tuple[PublicSheet, ...]
    memos: Mapping[int, str]
    withheld: tuple[Withheld, ...]

    def summary(self) -> dict[str, Any]:
        """Counts, for whoever keeps the log of requests."""
        return {
            "from": self.start.isoformat(),
            "to": self.end.isoformat(),
            "records": {sheet.key: len(sheet.rows) for sheet in self.sheets},
            "withheld": {one.what: one.count for one in self.withheld},
        }


def gather_records(tx: Tx, district: District, *, start: date, end: date, now: datetime) -> RecordsExport:
    """What is public of these days of the district, both included, and what of them is withheld."""
    zone = district.zone
    sheets = [_sheet(tx, name, district, start, end) for name in PUBLISHED]
    sheets.append(_service_counts(tx, district, start, end))
    withheld = tuple(
        Withheld(what, count, GROUNDS[kind], is_of_period)
        for what, kind, count, is_of_period in public_records.withheld(tx, start, end, zone)
        if count
    )
    record.audit(
        tx,
        at=now,
        actor_id=None,
        action=ACTION,
        object="records",
        start=start.isoformat(),
        end=end.isoformat(),
        records=sum(len(sheet.rows) for sheet in sheets),
        withheld=sum(one.count for one in withheld),
    )
    return RecordsExport(
        district=district.name,
        start=start,
        end=end,
        made_at=now,
        sheets=tuple(sheet for sheet in sheets if sheet.rows),
        memos=dict(public_records.memo_texts(tx, start, end, zone)),
        withheld=withheld,
    )


def _sheet(tx: Tx, name: str, district: District, start: date, end: date) -> PublicSheet:
    rows = public_records.published(tx, name, start, end, district.zone)
    people, schools = public_records.names(tx), person_rows.school_names(tx)
    columns = PUBLISHED[name]
    return PublicSheet(
        name,
        TITLES.get(name, DECLARED[name].says),
        tuple(_called(name, column) for column in columns),
        tuple(
            tuple(_plain(name, column, row[column], district, people, schools) for column in columns)
            for row in rows
        ),
    )


def _called(table: str, column: str) -> str:
    """A column as an officer reads it: "school", "memo", "decided by"."""
    own = {"mandate_id": "memo", "demand_id": "demand", "was_id": "demand before", "digest_id": "digest"}
    if column == "id":
        return "number"
    return own.get(column, column.strip("_").removesuffix("_id").replace("_", " "))


def _plain(
    table: str,
    column: str,
    value: Any,
    district: District,
    people: Mapping[int, str],
    schools: Mapping[int, str],
) -> Any:
    if value is None:
        return None
    if column in PEOPLE:
        return people.get(value, "")
    if column == "school_id":
        return schools.get(value, value)
    if column == "day" and table in ("visit", "protected_loss"):
        return date.fromordinal(value).isoformat()
    if column == "starts" and table == "meeting":
        return time_of_day(value).isoformat("minutes")
    if isinstance(value, datetime):
        return value.astimezone(district.zone).isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _service_counts(tx: Tx, district: District, start: date, end: date) -> PublicSheet:
    """Service requests by month and unit; what was asked and by whom is in none of it."""
    counted: dict[tuple[str, str], Counter[str]] = {}
    for day, unit, state, is_answered, is_settled, reopened in public_records.service_requests(
        tx, start, end, district.zone
    ):
        one = counted.setdefault((day.strftime("%Y-%m"), unit), Counter())
        one["asked"] += 1
        one["answered"] += is_answered
        one[state] += is_settled
        one["reopened"] += reopened
    names = ("asked", "answered", *public_records.SETTLED, "reopened")
    return PublicSheet(
        "service_requests",
        "Service requests of schools to units, in counts",
        ("month", "unit", *names),
        tuple(
            (month, unit, *(one[name] for name in names)) for (month, unit), one in sorted(counted.items())
        ),
    )
