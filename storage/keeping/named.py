"""People and schools by what somebody calls them, those who left and those that closed included."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import col, select

from storage.database import Tx
from storage.tables import PersonRow, SchoolRow


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


def _person(row: PersonRow) -> Named:
    return Named(row.id or 0, f"{row.given_name} {row.family_name}".strip(), row.email, row.active)
