"""What a platform tells of accounts without anybody having written: they are gone, or there (again).

An account that is gone is not written to. Its person's messages go to another account of theirs, else they wait for
the platform to take the bot back, or stand on the administrator's list. It is back with the first thing that is
heard from it, and where the platform lists it again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage import people, record
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class AccountLost:
    """The sender's account, or where the sender has no user id every account of the workspace, cannot be reached any
    more. ``why_lost`` is the platform's word for it: ``app_uninstalled``, ``account_inactive``."""

    why_lost: str


@dataclass(frozen=True, slots=True)
class AccountFound:
    """There is an account with an e-mail address that the platform vouches for: new, or back."""

    email: str


News = AccountLost | AccountFound


def take_news(tx: Tx, news: News, *, platform: str, workspace: str, user: str, at: datetime) -> None:
    """Note what the platform told. Nobody is answered: nobody asked."""
    account = {"platform": platform, "workspace": workspace, "user": user}
    match news:
        case AccountLost(why_lost=why):
            count = people.lose_accounts(tx, **account, why=why)
            _audit(tx, "accounts.lost", at, account, count=count, why=why)
        case AccountFound(email=email):
            known = people.find_by_account(tx, **account, on=at.date())
            person = known or people.find_by_email(tx, email, on=at.date())
            if person is not None and (known is None or people.is_lost(tx, **account)):
                people.link_account(
                    tx,
                    person_id=person.id,
                    platform=platform,
                    workspace=workspace,
                    user=user,
                    address={},
                    at=at,
                )
                _audit(tx, "account.found", at, account, person=person.id)


def _audit(tx: Tx, action: str, at: datetime, account: dict[str, str], **detail: Any) -> None:
    place = f"account:{account['platform']}:{account['workspace']}:{account['user']}"
    record.audit(tx, at=at, actor_id=None, action=action, object=place, **detail)
