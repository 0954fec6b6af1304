"""Homes: the page that a platform keeps for each person, published again whenever it may have changed.

A home is not a message: nobody is disturbed by it, only its newest state counts, and publishing it twice does no
harm. So it has no outbox. Whoever changes what it may show marks it (``touch``), in the same transaction; a publisher
takes what is marked (``take``), and lets go of it when the platform has it (``mark_published``). What was marked again
meanwhile stays marked (``version``).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlmodel import col, select

from storage import record
from storage.database import Tx, add_once
from storage.tables import AccountRow, HomeAttachmentRow, HomeRow

LEASE = timedelta(seconds=60)
"""How long a publisher may hold a home: longer than a platform's time-out."""


def open_home(
    tx: Tx, *, person_id: int, platform: str, workspace: str, user: str, page: int, at: datetime
) -> None:
    """Somebody looks at their home: it is theirs from now on, and is to be published whatever stood there."""
    row = _find(tx, platform, workspace, user)
    if row is None:
        row = HomeRow(
            person_id=person_id, platform=platform, workspace=workspace, user=user, page=page, due_at=at
        )
        if add_once(tx, row):
            return
        row = _find(tx, platform, workspace, user)
        assert row is not None  # another process has just added it
    row.person_id, row.page, row.shown, row.due_at = person_id, page, "", at
    row.version += 1
    tx.add(row)
    tx.flush()


def touch(tx: Tx, person_id: int, *, at: datetime) -> None:
    """What the person's homes show may have changed."""
    tx.execute(
        update(HomeRow)
        .where(col(HomeRow.person_id) == person_id)
        .values(due_at=at, version=HomeRow.version + 1)
        .execution_options(synchronize_session=False)
    )


def note_answered(tx: Tx, *, platform: str, workspace: str, user: str, at: datetime) -> None:
    """A button on the home was pressed, and its answer went to the chat."""
    row = _find(tx, platform, workspace, user)
    if row is not None:
        row.answered_at, row.due_at = at, at
        row.version += 1
        tx.add(row)
        tx.flush()


def take(tx: Tx, *, now: datetime, leased_at: datetime, limit: int) -> list[HomeRow]:
    """Homes to be published, for one publisher alone. Those whose account is lost are left as they are."""
    lost = (
        select(AccountRow.id)
        .where(
            col(AccountRow.platform) == col(HomeRow.platform),
            col(AccountRow.workspace) == col(HomeRow.workspace),
            col(AccountRow.user) == col(HomeRow.user),
            col(AccountRow.lost) != "",
        )
        .exists()
    )
    query = (
        select(HomeRow)
        .where(
            col(HomeRow.due_at) <= now,
            or_(col(HomeRow.lease_until).is_(None), col(HomeRow.lease_until) <= leased_at),
            ~lost,
        )
        .order_by(col(HomeRow.due_at), col(HomeRow.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = list(tx.exec(query))
    for row in rows:
        row.lease_until = leased_at + LEASE
        tx.add(row)
    tx.flush()
    return rows


def mark_published(tx: Tx, home_id: int, *, version: int, shown: str, at: datetime) -> None:
    """The platform has it as it was at this version."""
    row = tx.get(HomeRow, home_id, populate_existing=True)
    if row is None:
        return
    row.lease_until, row.shown, row.published_at = None, shown, at
    if row.version == version:
        row.due_at = None
    tx.add(row)


def postpone(tx: Tx, home_id: int, *, until: datetime) -> None:
    """It could not be published; try again then."""
    row = tx.get(HomeRow, home_id, populate_existing=True)
    if row is not None:
        row.lease_until, row.due_at = None, until
        tx.add(row)


def close(tx: Tx, home_id: int) -> None:
    """Nobody's any more: it is not published until somebody opens it again."""
    tx.execute(delete(HomeAttachmentRow).where(col(HomeAttachmentRow.home_id) == home_id))
    tx.execute(delete(HomeRow).where(col(HomeRow.id) == home_id))


def published_before(tx: Tx, before: datetime) -> list[HomeRow]:
    """Homes that stand as they were published before that instant and are not due yet."""
    query = select(HomeRow).where(col(HomeRow.due_at).is_(None), col(HomeRow.published_at) < before)
    return list(tx.exec(query.order_by(col(HomeRow.id))))


def attach(tx: Tx, home_id: int, blocks: Mapping[int, str]) -> dict[int, str]:
    """Addresses for the charts and files of a home: position -> block as JSON in, position -> token out.

    A block that has an address keeps it; the address of one that is not shown any more ends.
    """
    rows = tx.exec(select(HomeAttachmentRow).where(HomeAttachmentRow.home_id == home_id))
    tokens = {row.block: row.token for row in rows}
    gone = [token for block, token in tokens.items() if block not in blocks.values()]
    tx.execute(delete(HomeAttachmentRow).where(col(HomeAttachmentRow.token).in_(gone)))
    for block in blocks.values():
        if block not in tokens:
            tokens[block] = record.new_token()
            tx.add(HomeAttachmentRow(token=tokens[block], home_id=home_id, block=block))
    tx.flush()
    return {position: tokens[block] for position, block in blocks.items()}


def find_attachment(tx: Tx, token: str) -> str | None:
    """The block that an address stands for, as JSON."""
    row = tx.get(HomeAttachmentRow, token)
    return row.block if row else None


def _find(tx: Tx, platform: str, workspace: str, user: str) -> HomeRow | None:
    return tx.exec(
        select(HomeRow).where(
            HomeRow.platform == platform, HomeRow.workspace == workspace, HomeRow.user == user
        )
    ).first()
