"""Taking a person who left out of what is kept: name and address, accounts, own calendar and settings.

The row of the person stays, under a name that is nobody's, because visits, assignments and decisions refer to it: their
figures must not change. What the person wrote in coaching stays as long as its term, and is nobody's either. Words that
others wrote, and memos, stay as they are.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy
from sqlalchemy import delete, func, update
from sqlmodel import SQLModel, col, select

from storage.database import Tx
from storage.keeping.declared import Leaving
from storage.keeping.every_table import DECLARED, OWN_SETTINGS, owned_by, table_named
from storage.keeping.talk import OVER, done_to
from storage.outbox import NO_WORDS
from storage.tables import MessageRow, OriginalRow, PersonRow, RunRow, RunSeatRow, SettingRow, UnknownMailRow

NOBODYS = "left.invalid"
"""Where the address of somebody forgotten is: a name that no mail is ever sent to."""
FORGOTTEN = "the person was forgotten"


def pseudonym(person_id: int, role: str) -> tuple[str, str]:
    """Given and family name: "Former", "principal 12"."""
    return "Former", f"{role} {person_id}"


def is_forgotten(row: PersonRow) -> bool:
    """Whether the person's name was taken out before."""
    return row.email.endswith(f"@{NOBODYS}")


def find(tx: Tx, email: str) -> PersonRow | None:
    """The person with this address, active or not."""
    return tx.exec(select(PersonRow).where(PersonRow.email == email.strip().lower())).first()


def open_runs(tx: Tx, person_id: int) -> int:
    """In how many open conversations the person sits."""
    query = (
        select(func.count())
        .select_from(RunSeatRow)
        .join(RunRow, col(RunRow.id) == col(RunSeatRow.run_id))
        .where(
            RunSeatRow.person_id == person_id,
            col(RunSeatRow.until).is_(None),
            col(RunRow.state).in_(("open", "paused")),
        )
    )
    return int(tx.exec(query).one())


def forget(tx: Tx, person_id: int, *, role: str) -> dict[str, int]:
    """Do it; by table, how many rows went or lost their words."""
    person = tx.get_one(PersonRow, person_id)
    email = person.email
    done: dict[str, int] = {}
    for table in reversed(SQLModel.metadata.sorted_tables):  # what refers to a row goes before it
        if DECLARED[table.name].leaving is not Leaving.GOES:
            continue
        owned = owned_by(table.name, person_id)
        assert owned is not None  # what goes with a person is a person's
        done[table.name] = done_to(tx, delete(table).where(owned))
    done["message"] = _blank_messages(tx, person_id)
    done["setting"] = done_to(
        tx, delete(SettingRow).where(col(SettingRow.name).in_(_own_settings(person_id)))
    )
    done["original"] = done_to(
        tx, update(OriginalRow).where(_is(OriginalRow.sender, email)).values(sender="")
    )
    done["unknown_mail"] = done_to(
        tx, update(UnknownMailRow).where(_is(UnknownMailRow.address, email)).values(address="")
    )
    person.given_name, person.family_name = pseudonym(person_id, role)
    person.email = f"person-{person_id}@{NOBODYS}"
    person.sourced_id = person.zone = person.since = None
    person.active = False
    tx.add(person)
    tx.flush()
    return {name: count for name, count in done.items() if count}


def _blank_messages(tx: Tx, person_id: int) -> int:
    """The words and where they were sent; what still waited is dropped."""
    mine = col(MessageRow.recipient_id) == person_id
    waiting = (mine, col(MessageRow.state).not_in(OVER))
    done_to(
        tx,
        update(MessageRow)
        .where(*waiting)
        .values(state="dropped", why=FORGOTTEN, claimed_by=None, lease_until=None),
    )
    with_words = (mine, col(MessageRow.card) != NO_WORDS)
    return done_to(
        tx, update(MessageRow).where(*with_words).values(card=NO_WORDS, platform_ref={}, window="")
    )


def _own_settings(person_id: int) -> list[str]:
    return [f"{prefix}{person_id}" for prefix in OWN_SETTINGS]


def _is(column: Any, email: str) -> sqlalchemy.ColumnElement[bool]:
    return func.lower(col(column)) == email


def left_of(tx: Tx, person_id: int) -> Mapping[str, int]:
    """By what a table is called, how many rows of the person stay."""
    left = {}
    for name, declared in DECLARED.items():
        owned = owned_by(name, person_id)
        if owned is None or name == "person":
            continue
        count = int(
            tx.execute(
                sqlalchemy.select(func.count()).select_from(table_named(name)).where(owned)
            ).scalar_one()
        )
        if count:
            left[declared.says] = count
    return left
