"""People, their roles and accounts, and the schools they carry, as they stood on a given day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CursorResult,
    and_,
    bindparam,
    func,
    literal_column,
    null,
    or_,
    union_all,
    update,
)
from sqlmodel import col, select

from storage import targets
from storage.among import among_given
from storage.database import Tx, add_once
from storage.tables import AccountRow, AssignmentRow, PersonRow, RoleRow, SchoolRow
from storage.tables.columns import table_of

FIRST_YEAR_DAYS = 365
"""A principal counts as new through the first year in the post (support is differentiated: Honig and others 2010)."""


class Role(StrEnum):
    """What a person is to the district. One person may be several."""

    ILD = "ild"
    PRINCIPAL = "principal"
    EXECUTIVE = "executive"
    UNIT = "unit"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Person:
    """A person as of a day. ``unit`` is the office of a unit's staff member; ``zone`` None means the district's."""

    id: int
    email: str
    given_name: str
    family_name: str
    roles: frozenset[Role]
    unit: str | None = None
    zone: str | None = None
    since: date | None = None
    active: bool = True

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def is_new(self, today: date) -> bool:
        return self.since is not None and (today - self.since).days < FIRST_YEAR_DAYS


@dataclass(frozen=True, slots=True)
class School:
    """A school and its assignment as of a day.

    ``cadence_days`` are the school days between visits that hold that day: the ILD's own target where there is one
    (``storage/targets.py``), else the roster's number.
    """

    id: int
    sourced_id: str
    name: str
    level: str | None
    network: str
    ild_id: int | None
    principal_id: int | None
    cadence_days: int
    zone: str | None = None
    focus: str = ""


def _holds_on(day: date | BindParameter[date], starts: Any, ends: Any) -> ColumnElement[bool]:
    return and_(col(starts) <= day, or_(col(ends).is_(None), col(ends) >= day))


# Every answer asks these several times, so they are put together once.
_DAY: BindParameter[date] = bindparam("day")
_ASSIGNMENT, _PERSON, _ROLE = (table_of(row) for row in (AssignmentRow, PersonRow, RoleRow))
_ROLES_OF = union_all(
    sqlalchemy.select(_ROLE.c.person_id, _ROLE.c.role, _ROLE.c.unit).where(
        among_given(_ROLE.c.person_id, "ids"), _holds_on(_DAY, _ROLE.c.starts, _ROLE.c.ends)
    ),
    *(
        sqlalchemy.select(column, literal_column(f"'{role.value}'"), null())
        .where(among_given(column, "ids"), _holds_on(_DAY, _ASSIGNMENT.c.starts, _ASSIGNMENT.c.ends))
        .distinct()
        for role, column in ((Role.ILD, _ASSIGNMENT.c.ild_id), (Role.PRINCIPAL, _ASSIGNMENT.c.principal_id))
    ),
)
_PEOPLE = sqlalchemy.select(
    _PERSON.c.id,
    _PERSON.c.email,
    _PERSON.c.given_name,
    _PERSON.c.family_name,
    _PERSON.c.zone,
    _PERSON.c.since,
    _PERSON.c.active,
).where(among_given(_PERSON.c.id, "ids"))


def get_people(tx: Tx, ids: Collection[int], *, on: date) -> dict[int, Person]:
    """The people with these ids, active or not, with the roles they hold ``on`` that day."""
    if not ids:
        return {}
    tx.flush()  # what is selected from tables, and not as rows, does not bring out what is pending
    asked = {"ids": list(ids), "day": on}
    roles: dict[int, set[Role]] = {}
    units: dict[int, str] = {}
    for person_id, role, unit in tx.execute(_ROLES_OF, asked):
        roles.setdefault(person_id, set()).add(Role(role))
        if unit:
            units[person_id] = unit
    return {
        person_id: Person(
            id=person_id,
            email=email,
            given_name=given_name,
            family_name=family_name,
            roles=frozenset(roles.get(person_id, ())),
            unit=units.get(person_id),
            zone=zone,
            since=since,
            active=active,
        )
        for person_id, email, given_name, family_name, zone, since, active in tx.execute(
            _PEOPLE, {"ids": asked["ids"]}
        )
    }


def get_person(tx: Tx, person_id: int, *, on: date) -> Person:
    """The person with this id. Raises ``KeyError`` where there is none."""
    return get_people(tx, [person_id], on=on)[person_id]


def find_by_email(tx: Tx, email: str, *, on: date) -> Person | None:
    """The active person with this address, whatever its letter case."""
    query = select(PersonRow.id).where(PersonRow.email == email.strip().lower(), PersonRow.active)
    person_id = tx.exec(query).first()
    return get_person(tx, person_id, on=on) if person_id is not None else None


def is_empty(tx: Tx) -> bool:
    """Whether there is nobody in the roster yet."""
    return tx.exec(select(PersonRow.id).limit(1)).first() is None


def people_with_role(tx: Tx, role: Role, *, on: date) -> list[Person]:
    """Everybody active who holds the role on that day, by family name."""
    held = _holds_on(on, RoleRow.starts, RoleRow.ends)
    ids: set[int] = set(tx.exec(select(RoleRow.person_id).where(RoleRow.role == role, held)))
    column = {Role.ILD: AssignmentRow.ild_id, Role.PRINCIPAL: AssignmentRow.principal_id}.get(role)
    if column is not None:
        assigned = _holds_on(on, AssignmentRow.starts, AssignmentRow.ends)
        ids |= {i for i in tx.exec(select(column).where(assigned).distinct()) if i is not None}
    found = get_people(tx, ids, on=on).values()
    return sorted((p for p in found if p.active), key=lambda p: (p.family_name, p.given_name, p.id))


def add_person(tx: Tx, *, email: str, name: str, on: date) -> Person:
    """Somebody whom no roster names. An address known from before, of somebody inactive, is active again."""
    given, _, family = name.strip().rpartition(" ")
    address = email.strip().lower()
    row = tx.exec(select(PersonRow).where(PersonRow.email == address)).first()
    row = row or PersonRow(email=address, given_name="", family_name="")
    row.given_name, row.family_name, row.active = given or family, family if given else "", True
    tx.add(row)
    tx.flush()
    assert row.id is not None
    return get_person(tx, row.id, on=on)


def grant_role(tx: Tx, person_id: int, role: Role, *, unit: str | None, on: date) -> bool:
    """Give a person a role from that day on. False where they hold it already."""
    held = _holds_on(on, RoleRow.starts, RoleRow.ends)
    query = select(RoleRow).where(
        RoleRow.person_id == person_id, RoleRow.role == role, RoleRow.unit == unit, held
    )
    if tx.exec(query).first() is not None:
        return False
    tx.add(RoleRow(person_id=person_id, role=role, unit=unit, starts=on))
    tx.flush()
    return True


def end_role(tx: Tx, person_id: int, role: Role, *, on: date) -> bool:
    """The role ends the day before ``on``; False where it was not held. One begun today never was."""
    held = _holds_on(on, RoleRow.starts, RoleRow.ends)
    rows = list(tx.exec(select(RoleRow).where(RoleRow.person_id == person_id, RoleRow.role == role, held)))
    for row in rows:
        if row.starts >= on:
            tx.delete(row)
        else:
            row.ends = date.fromordinal(on.toordinal() - 1)
    tx.flush()
    return bool(rows)


def set_zone(tx: Tx, person_id: int, zone: str | None) -> None:
    """Where the person is from now on, by IANA name; None: where the district is."""
    row = tx.get_one(PersonRow, person_id)
    row.zone = zone
    tx.add(row)
    tx.flush()


# ---------------------------------------------------------------- accounts


def find_by_account(tx: Tx, *, platform: str, workspace: str, user: str, on: date) -> Person | None:
    """The active person behind an account of a platform."""
    row = _account(tx, platform, workspace, user)
    if row is None:
        return None
    person = get_person(tx, row.person_id, on=on)
    return person if person.active else None


def link_account(
    tx: Tx,
    *,
    person_id: int,
    platform: str,
    workspace: str,
    user: str,
    address: dict[str, Any],
    at: datetime,
    is_used: bool = False,
) -> None:
    """Remember that this account is this person's and where direct messages to it go; if it was lost, it is back.

    ``is_used``: the person has just written or pressed something there, so that is where they are addressed.
    """
    row = _account(tx, platform, workspace, user)
    if row is None:
        row = AccountRow(
            person_id=person_id,
            platform=platform,
            workspace=workspace,
            user=user,
            address=dict(address),
            seen_at=at,
            used_at=at if is_used else None,
        )
        if add_once(tx, row):
            return
        row = _account(tx, platform, workspace, user)
        assert row is not None  # another process has just linked it
    row.person_id, row.address, row.seen_at = person_id, {**row.address, **address}, at
    row.used_at, row.lost = at if is_used else row.used_at, ""


def count_linked(tx: Tx, *, on: date) -> tuple[int, int]:
    """People with a role that day: how many have an account that can be written to, and how many there are."""
    known = (
        select(RoleRow.person_id)
        .where(_holds_on(on, col(RoleRow.starts), col(RoleRow.ends)))
        .distinct()
        .subquery()
    )
    linked = (
        select(func.count(func.distinct(AccountRow.person_id)))
        .join(known, known.c.person_id == AccountRow.person_id)
        .where(AccountRow.lost == "")
    )
    total = select(func.count()).select_from(known)
    return int(tx.exec(linked).one()), int(tx.exec(total).one())


def lose_accounts(tx: Tx, *, platform: str, workspace: str, user: str = "", why: str) -> int:
    """The account, or every one of the workspace, cannot be written to for now; how many that are."""
    query = update(AccountRow).where(
        col(AccountRow.platform) == platform, col(AccountRow.workspace) == workspace
    )
    if user:
        query = query.where(col(AccountRow.user) == user)
    result = tx.execute(query.values(lost=why))
    assert isinstance(result, CursorResult)
    return int(result.rowcount)


def reached(tx: Tx, *, platform: str, workspace: str, user: str, address: dict[str, Any]) -> None:
    """Something arrived at the account: so it is not gone, and this is how it is reached."""
    row = _account(tx, platform, workspace, user)
    if row is not None and (row.lost or row.address != {**row.address, **address}):
        row.lost = ""
        row.address = {**row.address, **address}
        tx.add(row)


def is_lost(tx: Tx, *, platform: str, workspace: str, user: str) -> bool:
    """Whether the account is known and was said to be gone."""
    row = _account(tx, platform, workspace, user)
    return row is not None and bool(row.lost)


def note_address(tx: Tx, *, platform: str, workspace: str, user: str, address: dict[str, Any]) -> None:
    """Remember how an account is reached; the person was not seen by that."""
    row = _account(tx, platform, workspace, user)
    if row is not None and row.address != {**row.address, **address}:
        row.address = {**row.address, **address}
        tx.add(row)


def accounts_of(tx: Tx, person_id: int) -> list[AccountRow]:
    """The person's accounts, the one used last first; those that were never used after them."""
    query = select(AccountRow).where(AccountRow.person_id == person_id)
    return list(
        tx.exec(query.order_by(col(AccountRow.used_at).desc().nulls_last(), col(AccountRow.seen_at).desc()))
    )


def _account(tx: Tx, platform: str, workspace: str, user: str) -> AccountRow | None:
    return tx.exec(
        select(AccountRow).where(
            AccountRow.platform == platform, AccountRow.workspace == workspace, AccountRow.user == user
        )
    ).first()


# ---------------------------------------------------------------- schools


def schools_on(
    tx: Tx,
    day: date,
    *,
    ild_id: int | None = None,
    principal_id: int | None = None,
    network: str | None = None,
    ids: Sequence[int] | None = None,
) -> list[School]:
    """The active schools with an assignment on that day, by name; narrowed to an ILD's, a principal's, a network's."""
    query = (
        sqlalchemy.select(
            col(SchoolRow.id),
            col(SchoolRow.sourced_id),
            col(SchoolRow.name),
            col(SchoolRow.level),
            col(AssignmentRow.network),
            col(AssignmentRow.ild_id),
            col(AssignmentRow.principal_id),
            col(AssignmentRow.cadence_days),
            col(SchoolRow.zone),
            col(SchoolRow.focus),
        )
        .join(AssignmentRow, col(AssignmentRow.school_id) == col(SchoolRow.id))
        .where(col(SchoolRow.active), _holds_on(day, AssignmentRow.starts, AssignmentRow.ends))
    )
    if ild_id is not None:
        query = query.where(col(AssignmentRow.ild_id) == ild_id)
    if principal_id is not None:
        query = query.where(col(AssignmentRow.principal_id) == principal_id)
    if network is not None:
        query = query.where(col(AssignmentRow.network) == network)
    if ids is not None:
        query = query.where(col(SchoolRow.id).in_(ids))
    # Columns, not rows as objects: a district's 1,600 schools are read for many an answer.
    found = [School(*row) for row in tx.execute(query.order_by(col(SchoolRow.name), col(SchoolRow.id)))]
    set_days = targets.days_on(tx, day, [school.id for school in found])
    return [
        replace(school, cadence_days=set_days[school.id]) if school.id in set_days else school
        for school in found
    ]


def school_on(tx: Tx, school_id: int, day: date) -> School | None:
    """The school as of that day, or None where it is closed or nobody is assigned to it."""
    found = schools_on(tx, day, ids=[school_id])
    return found[0] if found else None


def all_school_ids(tx: Tx) -> frozenset[int]:
    """Every school that there ever was, closed ones too."""
    return frozenset(tx.execute(sqlalchemy.select(col(SchoolRow.id))).scalars())


def set_focus(tx: Tx, school_id: int, focus: str) -> None:
    """The school's own focus from now on, in the principal's words."""
    row = tx.get_one(SchoolRow, school_id)
    row.focus = focus
    tx.add(row)
