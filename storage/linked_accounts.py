"""Accounts that are linked to people, read for many at once; one by one they are ``storage/people.py``'s."""

from collections.abc import Collection

import sqlalchemy
from sqlmodel import col

from storage.database import Tx
from storage.tables import AccountRow, PersonRow


def in_use(tx: Tx, platform: str, users: Collection[str]) -> set[tuple[str, str]]:
    """(workspace, user) of those accounts that are linked to somebody active and not said to be gone."""
    query = (
        sqlalchemy.select(col(AccountRow.workspace), col(AccountRow.user))
        .join(PersonRow, col(PersonRow.id) == col(AccountRow.person_id))
        .where(col(AccountRow.platform) == platform, col(AccountRow.user).in_(users))
        .where(col(AccountRow.lost) == "", col(PersonRow.active))
    )
    return {(workspace, user) for workspace, user in tx.execute(query)}
