"""Who is who on a platform: accounts linked to the roster's people by e-mail address, all at once.

Asking for each address when a message is to be sent would take 32 minutes for 1,600 people at Slack's limit of 50
a minute; listing a workspace's members takes a few calls. It is done at start and every night.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from bot.platforms.base import Account, NotListedError, Platform
from storage import linked_accounts, people
from storage.database import Store, Tx

log = logging.getLogger(__name__)

READ_AT_ONCE = 500
LINKED_AT_ONCE = 20
"""Accounts linked in one transaction: short enough that nobody who presses something waits for it."""


async def link_accounts(store: Store, platform: Platform, *, now: Callable[[], datetime]) -> int:
    """Link every account whose address is in the roster; how many were new. Stops early, with a line in the log,
    where the platform does not list its members; people are then found one by one."""
    new = 0
    batch: list[tuple[Account, str]] = []
    try:
        async for found in platform.accounts():
            batch.append(found)
            if len(batch) == READ_AT_ONCE:
                new += await asyncio.to_thread(_link, store, platform.name, batch, now())
                batch = []
    except NotListedError as error:
        log.warning("%s does not list its members: %s", platform.name, error)
    return new + await asyncio.to_thread(_link, store, platform.name, batch, now())


def _link(store: Store, name: str, batch: list[tuple[Account, str]], at: datetime) -> int:
    """Who is known is only read: on most nights nothing is written at all."""
    with store.read() as tx:
        known = linked_accounts.in_use(tx, name, [account.user for account, _email in batch])
    fresh = [one for one in batch if (one[0].workspace, one[0].user) not in known]
    new = 0
    for start in range(0, len(fresh), LINKED_AT_ONCE):
        with store.begin() as tx:
            new += sum(_link_one(tx, *one, at) for one in fresh[start : start + LINKED_AT_ONCE])
    return new


def _link_one(tx: Tx, account: Account, email: str, at: datetime) -> bool:
    """Whether it is somebody's now that was nobody's."""
    place = {"platform": account.platform, "workspace": account.workspace, "user": account.user}
    is_known = people.find_by_account(tx, **place, on=at.date()) is not None
    person = people.find_by_email(tx, email, on=at.date())
    if person is None or (is_known and not people.is_lost(tx, **place)):
        return False
    people.link_account(
        tx,
        person_id=person.id,
        platform=account.platform,
        workspace=account.workspace,
        user=account.user,
        address=account.address,
        at=at,
    )
    return not is_known
