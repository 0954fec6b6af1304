"""The members of the workspace: who we are there, and who has which e-mail address."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from slack_sdk.web.async_slack_response import AsyncSlackResponse

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
        try:
            for team in await self._teams():
                async for user in self._listed("members", self._calls.client.users_list, team_id=team):
                    email = self.member_email(user)
                    if email:
                        yield Account(NAME, self._workspace(user), str(user["id"])), email
        except Fault as fault:
            raise NotListedError(str(fault)) from None

    async def _teams(self) -> list[str | None]:
        """The workspaces of an installation for a whole organisation, where each is listed by itself."""
        if not self.us.get("is_enterprise_install"):
            return [None]
        return [str(team["id"]) async for team in self._listed("teams", self._calls.client.auth_teams_list)]

    async def _listed(
        self, what: str, call: Callable[..., Awaitable[AsyncSlackResponse]], **how: Any
    ) -> AsyncIterator[dict[str, Any]]:
        cursor = ""
        while True:
            answer = await self._calls.run(call(limit=200, cursor=cursor or None, **how))
            for one in answer.get(what, []):
                yield one
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _workspace(self, user: dict[str, Any]) -> str:
        """As ``team_of`` reads it from an event: the organisation, where the bot is installed for all of it."""
        if self.us.get("is_enterprise_install") and self.us.get("enterprise_id"):
            return str(self.us["enterprise_id"])
        return str(self.us.get("team_id") or user.get("team_id") or "")
