"""People and schools by what somebody calls them, those who left and those that closed included."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from storage.database import Tx
from storage.people import Role
from storage.tables import AssignmentRow, PersonRow, RoleRow, SchoolRow


@dataclass(frozen=True, slots=True)
class Named:
    """A person (with an address) or a school."""

    id: int
    name: str
    email: str = ""
    active: bool = True


def people_named(tx: Tx, words: str) -> list[Named]:
    """Those with this address, or this full name, whatever its letter case."""
    wanted = " ".join(words.strip().casefold().split())
    if "@" in wanted:
        query = select(PersonRow).where(PersonRow.email == wanted)
        return [_person(row) for row in tx.exec(query)]
    # The database folds ASCII letters only, so names are compared here.
    found = (_person(row) for row in tx.exec(select(PersonRow).order_by(col(PersonRow.id))))
    return [person for person in found if person.name.casefold() == wanted]


def schools_named(tx: Tx, words: str) -> list[Named]:
    """The schools of exactly this name, or sourcedId."""
    wanted = " ".join(words.strip().casefold().split())
    return [
        Named(row.id or 0, row.name, active=row.active)
        for row in tx.exec(select(SchoolRow).order_by(col(SchoolRow.id)))
        if row.name.casefold() == wanted or row.sourced_id == words.strip()
    ]


def school_names(tx: Tx, school_ids: Collection[int]) -> list[str]:
    """The names of these schools, closed ones included."""
    query = select(SchoolRow.name).where(col(SchoolRow.id).in_(school_ids))
    return list(tx.exec(query.order_by(col(SchoolRow.name))))


def last_role(tx: Tx, person_id: int) -> str:
    """What somebody was last, in a word ("principal", "ILD"); "colleague" where nothing is known."""
    held: list[tuple[date, Role]] = [
        (row.starts, Role(row.role)) for row in tx.exec(select(RoleRow).where(RoleRow.person_id == person_id))
    ]
    for row in tx.exec(select(AssignmentRow).where(_assigned(person_id))):
        held.append((row.starts, Role.ILD if row.ild_id == person_id else Role.PRINCIPAL))
    if not held:
        return "colleague"
    role = max(held)[1]
    return {Role.ILD: "ILD", Role.UNIT: "colleague"}.get(role, role.value)


def schools_of(tx: Tx, person_id: int) -> set[int]:
    """Every school that the person ever led or accompanied."""
    return set(tx.exec(select(AssignmentRow.school_id).where(_assigned(person_id))))


def _assigned(person_id: int) -> ColumnElement[bool]:
    return or_(col(AssignmentRow.ild_id) == person_id, col(AssignmentRow.principal_id) == person_id)


def _person(row: PersonRow) -> Named:
    return Named(row.id or 0, f"{row.given_name} {row.family_name}".strip(), row.email, row.active)
