"""Who is who on a platform: accounts linked to the roster's people by e-mail address, all at once.

Asking for each address when a message is to be sent would take 32 minutes for 1,600 people at Slack's limit of 50
a minute; listing a workspace's members takes a few calls. It is done at start and every night.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from bot.platforms.base import Account, NotListedError, Platform
from storage import people
from storage.database import Store

log = logging.getLogger(__name__)

_BATCH = 200
"""Accounts linked in one transaction: short enough that nobody waits for it."""


async def link_accounts(store: Store, platform: Platform, *, now: Callable[[], datetime]) -> int:
    """Link every account whose address is in the roster; how many were new. Stops early, with a line in the log,
    where the platform does not list its members; people are then found one by one."""
    new = 0
    batch: list[tuple[Account, str]] = []
    try:
        async for found in platform.accounts():
            batch.append(found)
            if len(batch) == _BATCH:
                new += await asyncio.to_thread(_link, store, batch, now())
                batch = []
    except NotListedError as error:
        log.warning("%s does not list its members: %s", platform.name, error)
    return new + await asyncio.to_thread(_link, store, batch, now())


def _link(store: Store, batch: list[tuple[Account, str]], at: datetime) -> int:
    new = 0
    with store.begin() as tx:
        for account, email in batch:
            place = {"platform": account.platform, "workspace": account.workspace, "user": account.user}
            is_known = people.find_by_account(tx, **place, on=at.date()) is not None
            if is_known and not people.is_lost(tx, **place):
                continue
            person = people.find_by_email(tx, email, on=at.date())
            if person is not None:
                people.link_account(
                    tx,
                    person_id=person.id,
                    platform=account.platform,
                    workspace=account.workspace,
                    user=account.user,
                    address=account.address,
                    at=at,
                )
                new += not is_known
    return new
