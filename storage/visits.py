"""Visits: planned, moved, held, cancelled. Only held visits count; nothing is ever removed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from protocols.cadence.calendar import Half
from storage import insight
from storage.database import Tx, add_row, change_if
from storage.insight import Cut
from storage.tables import PersonRow, SchoolRow, VisitRow


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as a value. ``starts`` is minutes since local midnight, None where only the half-day is known."""

    id: int
    school_id: int
    school: str
    ild_id: int
    ild: str
    day: date
    half: Half
    starts: int | None
    minutes: int | None
    kind: str
    status: str
    version: int
    because: str = ""
    created_at: datetime | None = None
    put_by: int | None = None
    put_at: datetime | None = None
    agreed_at: datetime | None = None
    move_reason: str = ""

    @property
    def is_agreed(self) -> bool:
        return self.agreed_at is not None


def plan(
    tx: Tx,
    *,
    school_id: int,
    ild_id: int,
    day: date,
    half: Half,
    at: datetime,
    starts: int | None = None,
    minutes: int | None = None,
    kind: str = "walkthrough",
    because: str = "",
    put_by: int | None = None,
) -> int:
    """Put a visit into the plan; its id. Whether the slot is free is the caller's question.

    ``put_by`` is who puts it to the other side, which may say that it suits them.
    """
    return add_row(
        tx,
        VisitRow(
            school_id=school_id,
            ild_id=ild_id,
            day=day.toordinal(),
            half=half,
            starts=starts,
            minutes=minutes,
            kind=kind,
            because=because,
            put_by=put_by,
            put_at=at,
            created_at=at,
        ),
    )


def record_held(
    tx: Tx,
    *,
    school_id: int,
    ild_id: int,
    day: date,
    half: Half,
    kind: str,
    minutes: int | None,
    at: datetime,
    starts: int | None = None,
    about: str = "",
) -> int:
    """Write down a visit that nobody had planned, and in a few words what it was about; its id."""
    row = VisitRow(
        school_id=school_id,
        ild_id=ild_id,
        day=day.toordinal(),
        half=half,
        starts=starts,
        minutes=minutes,
        kind=kind,
        status="held",
        because=about,
        created_at=at,
    )
    return add_row(tx, row)


def get(tx: Tx, visit_id: int) -> Visit | None:
    found = _load(tx, [col(VisitRow.id) == visit_id])
    return found[0] if found else None


def planned(
    tx: Tx,
    start: date,
    end: date,
    *,
    ild_id: int | None = None,
    school_ids: Collection[int] | None = None,
) -> list[Visit]:
    """Planned visits of these days, both included, in order of time."""
    conditions = [
        col(VisitRow.status) == "planned",
        col(VisitRow.day).between(start.toordinal(), end.toordinal()),
    ]
    if ild_id is not None:
        conditions.append(col(VisitRow.ild_id) == ild_id)
    if school_ids is not None:
        conditions.append(col(VisitRow.school_id).in_(school_ids))
    return _load(tx, conditions)


def between(
    tx: Tx,
    start: date,
    end: date,
    *,
    ild_id: int | None = None,
    school_ids: Collection[int] | None = None,
) -> list[Visit]:
    """Visits of these days, both included, planned, held or cancelled, in order of time."""
    conditions: list[object] = [col(VisitRow.day).between(start.toordinal(), end.toordinal())]
    if ild_id is not None:
        conditions.append(col(VisitRow.ild_id) == ild_id)
    if school_ids is not None:
        conditions.append(col(VisitRow.school_id).in_(school_ids))
    return _load(tx, conditions)


def not_made_good(tx: Tx, school_ids: Collection[int], *, since: date) -> list[Visit]:
    """These schools' cancelled visits from ``since`` on after which the school has no other, held or planned.

    Whoever was their ILD then: a visit that is owed goes along to the next.
    """
    later = aliased(VisitRow)
    is_followed = (
        select(later.id)
        .where(
            col(later.school_id) == col(VisitRow.school_id),
            col(later.day) >= col(VisitRow.day),
            col(later.status).in_(("held", "planned")),
        )
        .exists()
    )
    return _load(
        tx,
        [
            col(VisitRow.status) == "cancelled",
            col(VisitRow.school_id).in_(school_ids),
            col(VisitRow.day) >= since.toordinal(),
            col(VisitRow.made_good_by).is_(None),
            ~is_followed,
        ],
    )


def is_made_good(tx: Tx, cancelled_id: int) -> bool:
    """Whether a visit stands in for a cancelled one, held or planned."""
    later = aliased(VisitRow)
    query = (
        select(VisitRow.id)
        .join(later, col(later.id) == col(VisitRow.made_good_by))
        .where(VisitRow.id == cancelled_id, col(later.status).in_(("held", "planned")))
    )
    return tx.exec(query).first() is not None


def held_days(tx: Tx, school_ids: Iterable[int], *, since: date, until: date) -> dict[int, list[date]]:
    """School -> the days of its held visits from ``since`` to ``until``, in order. Every school asked for is there."""
    ids = list(school_ids)
    days: dict[int, list[date]] = {school_id: [] for school_id in ids}
    query = (
        select(VisitRow.school_id, VisitRow.day)
        .where(
            VisitRow.status == "held",
            col(VisitRow.school_id).in_(ids),
            col(VisitRow.day).between(since.toordinal(), until.toordinal()),
        )
        .order_by(col(VisitRow.day))
    )
    for school_id, day in tx.exec(query):
        days[school_id].append(date.fromordinal(day))
    return days


def held_on(tx: Tx, school_id: int, day: date) -> int | None:
    """The visit to the school that counts for that day, or None."""
    query = select(VisitRow.id).where(
        VisitRow.status == "held", VisitRow.school_id == school_id, VisitRow.day == day.toordinal()
    )
    return tx.exec(query.order_by(col(VisitRow.id))).first()


def last_held(tx: Tx, school_ids: Collection[int], *, until: date) -> dict[int, date]:
    """School -> the day of its last held visit, however long ago; schools never visited are left out."""
    found = insight.last_held(tx, Cut(date.min, until, schools=frozenset(school_ids)))
    return {school_id: date.fromordinal(day) for school_id, day in found.items()}


def halves_held(tx: Tx, days: Mapping[int, date]) -> dict[int, Half]:
    """School -> the half of the day in which the visit of that day was held."""
    query = select(VisitRow.school_id, VisitRow.day, VisitRow.half).where(
        VisitRow.status == "held",
        col(VisitRow.school_id).in_(days),
        col(VisitRow.day).in_({day.toordinal() for day in days.values()}),
    )
    return {school: Half(half) for school, day, half in tx.exec(query) if days[school].toordinal() == day}


def move(
    tx: Tx,
    visit_id: int,
    *,
    version: int,
    day: date,
    half: Half,
    starts: int | None,
    at: datetime,
    put_by: int | None = None,
    why: str = "",
    minutes: int | None = None,
) -> bool:
    """Give a planned visit another time, which nobody has agreed to yet; ``why`` in the words of whoever moves it.

    With ``minutes`` another length, too. False where it has changed since ``version``, and nothing is done.
    """
    place: dict[str, object] = {"day": day.toordinal(), "half": half, "starts": starts}
    if minutes is not None:
        place["minutes"] = minutes
    return _change(
        tx, visit_id, version, **place, put_by=put_by, put_at=at, agreed_at=None, move_reason=why or None
    )


def agree(tx: Tx, visit_id: int, *, version: int, at: datetime) -> bool:
    """The other side says that it suits them. False where it has changed since ``version``.

    The version stays: nothing has changed that would make a button to move or cancel it an old one.
    """
    return change_if(
        tx,
        VisitRow,
        col(VisitRow.id) == visit_id,
        col(VisitRow.version) == version,
        col(VisitRow.status) == "planned",
        agreed_at=at,
    )


def cancel(
    tx: Tx, visit_id: int, *, version: int, by: str, reason: str, displaced_by: int | None = None
) -> bool:
    """A planned visit will not be held; by whom and why is kept, and the override that took its time.

    False where it has changed since ``version``.
    """
    return _change(
        tx,
        visit_id,
        version,
        status="cancelled",
        cancelled_by=by,
        cancel_reason=reason,
        displaced_by=displaced_by,
    )


def mark_held(tx: Tx, visit_id: int, *, version: int, minutes: int | None) -> bool:
    """A planned visit took place. False where it has changed since ``version``."""
    return _change(tx, visit_id, version, status="held", minutes=minutes)


def hand_over(tx: Tx, visit_id: int, *, version: int, ild_id: int) -> bool:
    """A planned visit is another ILD's from now on. False where it has changed since ``version``."""
    return _change(tx, visit_id, version, ild_id=ild_id)


def make_good(tx: Tx, cancelled_id: int, by_visit_id: int) -> None:
    """The visit that stands in for a cancelled one of the same school; for any other nothing is done."""
    by = tx.get_one(VisitRow, by_visit_id)
    tx.execute(
        update(VisitRow)
        .where(
            col(VisitRow.id) == cancelled_id,
            col(VisitRow.school_id) == by.school_id,
            col(VisitRow.status) == "cancelled",
        )
        .values(made_good_by=by_visit_id)
    )


def confirm(tx: Tx, visit_id: int, *, by: str | None) -> None:
    """On which witness beside the log the visit rests: the principal, a calendar, an import; None: on the log alone.

    Who took part as principal has confirmed it; no weaker witness takes that away.
    """
    conditions = [col(VisitRow.id) == visit_id]
    if by != "principal":
        conditions.append(col(VisitRow.confirmed_by).is_distinct_from("principal"))
    tx.execute(update(VisitRow).where(*conditions).values(confirmed_by=by))


def uncount(tx: Tx, visit_id: int, *, version: int, was_planned: bool, minutes: int | None) -> bool:
    """A visit was counted by mistake: planned again as it was, or withdrawn. False where it has changed since."""
    values = {"status": "planned", "minutes": minutes} if was_planned else {"status": "withdrawn"}
    return change_if(
        tx,
        VisitRow,
        col(VisitRow.id) == visit_id,
        col(VisitRow.version) == version,
        col(VisitRow.status) == "held",
        col(VisitRow.confirmed_by).is_distinct_from("principal"),
        version=version + 1,
        **values,
    )


def find(tx: Tx, *conditions: ColumnElement[bool]) -> list[Visit]:
    """Visits by conditions on their columns, in order of time."""
    return _load(tx, conditions)


def rate(tx: Tx, visit_id: int, *, useful: int | None) -> None:
    """The principal's own rating, 1 to 4, or None where there was nothing to rate; the last one stands."""
    tx.execute(update(VisitRow).where(col(VisitRow.id) == visit_id).values(useful=useful))


def note_next_step(tx: Tx, visit_id: int) -> None:
    """The visit ended in a next step."""
    tx.execute(update(VisitRow).where(col(VisitRow.id) == visit_id).values(led_to_next_step=True))


def _change(tx: Tx, visit_id: int, version: int, **values: object) -> bool:
    return change_if(
        tx,
        VisitRow,
        col(VisitRow.id) == visit_id,
        col(VisitRow.version) == version,
        col(VisitRow.status) == "planned",
        version=version + 1,
        **values,
    )


def _load(tx: Tx, conditions: Iterable[object]) -> list[Visit]:
    query = (
        select(VisitRow, SchoolRow.name, PersonRow.given_name, PersonRow.family_name)
        .join(SchoolRow, col(SchoolRow.id) == col(VisitRow.school_id))
        .join(PersonRow, col(PersonRow.id) == col(VisitRow.ild_id))
        .where(*conditions)  # type: ignore[arg-type]  # columns' comparisons, typed as bool by sqlmodel
        .order_by(col(VisitRow.day), col(VisitRow.half), col(VisitRow.starts), col(VisitRow.id))
    )
    return [
        Visit(
            id=row.id or 0,
            school_id=row.school_id,
            school=school,
            ild_id=row.ild_id,
            ild=f"{given} {family}",
            day=date.fromordinal(row.day),
            half=Half(row.half),
            starts=row.starts,
            minutes=row.minutes,
            kind=row.kind,
            status=row.status,
            version=row.version,
            because=row.because,
            created_at=row.created_at,
            put_by=row.put_by,
            put_at=row.put_at,
            agreed_at=row.agreed_at,
            move_reason=row.move_reason or "",
        )
        for row, school, given, family in tx.exec(query)
    ]
