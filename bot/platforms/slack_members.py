"""The members of the workspace: who we are there, and who has which e-mail address."""

import logging
from collections.abc import AsyncIterator
from typing import Any

from bot.platforms.base import Account, NotListedError, Outcome, Revoked, Unreachable
from bot.platforms.faults import Fault, FaultKind
from bot.platforms.slack_calls import SlackCalls, outcome_of

log = logging.getLogger(__name__)

NAME = "slack"


class SlackMembers:
    """``us`` is what ``auth.test`` said last: our team, our bot's user and id."""

    def __init__(self, calls: SlackCalls) -> None:
        self._calls = calls
        self.us: dict[str, Any] = {}

    async def check(self) -> str | None:
        """None where Slack answers and knows our token, else what is wrong."""
        try:
            self.us = await self._calls.run(self._calls.client.auth_test())
        except Fault as fault:
            if fault.kind is FaultKind.REVOKED or fault.code == "account_inactive":
                return f"Slack does not accept the token ({fault.code}). Set a new SLACK_BOT_TOKEN."
            return f"Slack cannot be reached ({fault.code})."
        return None

    async def email_of(self, user: str) -> str | None:
        """The address of a member of our own workspace. A guest from elsewhere could claim anybody's."""
        try:
            found = (await self._calls.run(self._calls.client.users_info(user=user))).get("user")
        except Fault as fault:
            log.warning("slack: users.info: %s", fault)
            return None
        return self.member_email(found) if isinstance(found, dict) else None

    def member_email(self, user: dict[str, Any]) -> str | None:
        """The address in a member's record, where Slack vouches for it: an active person of our own workspace."""
        if user.get("deleted") or user.get("is_bot") or user.get("is_stranger"):
            return None
        ours, theirs = self.us.get("team_id"), user.get("team_id")
        grid = (user.get("enterprise_user") or {}).get("enterprise_id")
        is_ours = theirs in (None, ours) or (grid is not None and grid == self.us.get("enterprise_id"))
        email = (user.get("profile") or {}).get("email")
        return str(email) if email and (is_ours or ours is None) else None

    async def find_account(self, email: str) -> Account | Outcome:
        try:
            answer = await self._calls.run(self._calls.client.users_lookupByEmail(email=email))
        except Fault as fault:
            if fault.code == "account_inactive":  # said of our own account here: the app was removed
                return Revoked(fault.code)
            return outcome_of(fault, (), is_posting=False)
        user = answer["user"]
        if self.member_email(user) is None:
            return Unreachable("not a member of this workspace")
        return Account(NAME, self._workspace(user), str(user["id"]))

    async def accounts(self) -> AsyncIterator[tuple[Account, str]]:
        cursor = ""
        while True:
            try:
                answer = await self._calls.run(
                    self._calls.client.users_list(limit=200, cursor=cursor or None)
                )
            except Fault as fault:
                raise NotListedError(str(fault)) from None
            for user in answer.get("members", []):
                email = self.member_email(user)
                if email:
                    yield Account(NAME, self._workspace(user), str(user["id"])), email
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _workspace(self, user: dict[str, Any]) -> str:
        return str(self.us.get("team_id") or user.get("team_id") or "")
