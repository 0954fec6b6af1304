"""The people: who has which e-mail address in Teams, and the conversation in which the bot writes to each.

A bot sees the members of the chats and teams it is in, and of no others. So people are found in the teams into which
an administrator has put the app (``TeamsMemory`` keeps their ids) and otherwise link themselves by writing first.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol

from bot.platforms.base import Account, NotListedError, Outcome, Unreachable
from bot.platforms.faults import Fault, FaultKind, outcome_of
from bot.platforms.teams_calls import TeamsCalls
from bot.platforms.teams_events import NAME, Place

log = logging.getLogger(__name__)

NOT_INSTALLED = "has not added the bot in Teams yet"
BLOCKED = "has blocked or removed the bot in Teams"
_REASONS = {
    "MessageWritesBlocked": BLOCKED,
    "BotNotInConversationRoster": NOT_INSTALLED,
    "ForbiddenOperationException": NOT_INSTALLED,
    "Forbidden": NOT_INSTALLED,
    "BotDisabledByAdmin": "may not use the bot: an administrator of Teams has switched it off",
}
LISTING_GOOD_SECONDS = 3_600.0
"""So long is a listing of the teams' members believed when somebody without an account is to be written to."""


def why_not(code: str) -> str:
    """The connector's word for a refusal, as the administrator's list of undelivered messages shows it."""
    return f"{_REASONS[code]} ({code})" if code in _REASONS else code


class Memory(Protocol):
    """What is kept over a restart: the teams that the app is in, by id, with the service address of each."""

    def teams(self) -> dict[str, str]: ...

    def keep_team(self, team: str, service_url: str) -> None: ...

    def forget_team(self, team: str) -> None: ...


class TeamsMembers:
    """``tenant`` is the only organisation whose members are anybody (None in development: whoever it is)."""

    def __init__(
        self,
        calls: TeamsCalls,
        memory: Memory,
        *,
        app_id: str,
        tenant: str | None,
        monotonic: Callable[[], float],
    ) -> None:
        self._calls = calls
        self._memory = memory
        self._app_id = app_id
        self._tenant = tenant
        self._monotonic = monotonic
        self._listed: dict[str, Account] = {}
        self._listed_at: float | None = None
        self._listing = asyncio.Lock()

    async def check(self) -> str | None:
        """None where Microsoft answers and knows our app, else what is wrong."""
        try:
            await self._calls.cloud.token()
        except Fault as fault:
            if fault.kind is FaultKind.REVOKED:
                return (
                    f"Microsoft does not accept the app's credentials ({fault.code}). "
                    "Look at MICROSOFT_APP_ID, MICROSOFT_APP_PASSWORD and MICROSOFT_APP_TENANT_ID."
                )
            return f"Microsoft's sign-in cannot be reached ({fault.code})."
        return None

    # ---------------------------------------------------------------- who is who

    async def email_of(self, place: Place) -> str | None:
        """The address of a member of our own organisation. A guest from elsewhere could claim anybody's."""
        try:
            return self._email(await self._member(place.service_url, place.conversation, place.mri))
        except Fault as fault:
            if place.is_personal or fault.kind is not FaultKind.REFUSED:
                log.warning("teams: a member could not be looked up: %s", fault)
                return None
        try:  # a message of a chat in which the bot is not: asked in the person's own
            conversation = await self.open(place.service_url, place.bot, place.user)
            return self._email(await self._member(place.service_url, conversation, place.mri))
        except Fault as fault:
            log.warning("teams: a member could not be looked up: %s", fault)
            return None

    async def _member(self, service_url: str, conversation: str, member: str) -> dict[str, Any]:
        chat = conversation.partition(";")[0]  # a thread of a channel has the channel's members
        return await self._calls.run("GET", service_url, chat, "members", member)

    def _email(self, member: dict[str, Any]) -> str | None:
        theirs = member.get("tenantId")
        is_ours = self._tenant is None or theirs in (None, self._tenant)
        if not is_ours or member.get("userRole") in ("guest", "anonymous"):
            return None
        email = member.get("email") or member.get("userPrincipalName")
        return str(email) if email else None

    # ---------------------------------------------------------------- their conversation

    async def open(self, service_url: str, bot: str, user: str) -> str:
        """The conversation between the bot and a person, opened where there was none. Raises ``Fault``."""
        tenant = {"tenantId": self._tenant, "channelData": {"tenant": {"id": self._tenant}}}
        body = {
            "bot": {"id": bot},
            "members": [{"id": user}],
            "isGroup": False,
            **(tenant if self._tenant else {}),
        }
        try:
            answer = await self._calls.run("POST", service_url, body=body)
        except Fault as fault:
            if (
                fault.kind is FaultKind.IN_DOUBT
            ):  # nothing is said by opening, and opening twice opens the same
                raise Fault(FaultKind.UNAVAILABLE, fault.code) from None
            raise
        if not answer.get("id"):
            raise Fault(FaultKind.UNAVAILABLE, "no conversation in the answer")
        return str(answer["id"])

    # ---------------------------------------------------------------- the teams' members

    async def find_account(self, email: str) -> Account | Outcome:
        """The account of a member of one of our teams; whoever is in none has to write first."""
        async with self._listing:
            is_old = self._listed_at is None or self._monotonic() - self._listed_at > LISTING_GOOD_SECONDS
            if is_old:
                try:
                    self._listed = {mail.lower(): account async for account, mail in self._members()}
                except Fault as fault:
                    return outcome_of(fault, (), is_posting=False)
                self._listed_at = self._monotonic()
        return self._listed.get(email.lower()) or Unreachable("no account", NOT_INSTALLED)

    async def accounts(self) -> AsyncIterator[tuple[Account, str]]:
        if not await asyncio.to_thread(self._memory.teams):
            raise NotListedError("the app is in no team; people are known once they write or add it")
        try:
            async for found in self._members():
                yield found
        except Fault as fault:
            raise NotListedError(str(fault)) from None

    async def _members(self) -> AsyncIterator[tuple[Account, str]]:
        for team, service_url in (await asyncio.to_thread(self._memory.teams)).items():
            try:
                async for member in self._of_team(service_url, team):
                    email = self._email(member)
                    user = member.get("aadObjectId") or member.get("objectId")
                    if email and user and member.get("id"):
                        address = {
                            "service_url": service_url,
                            "bot": f"28:{self._app_id}",
                            "mri": str(member["id"]),
                        }
                        yield Account(NAME, self._tenant or "", str(user), address), email
            except Fault as fault:
                if fault.kind is not FaultKind.REFUSED:
                    raise
                log.warning("teams: a team's members cannot be listed any more: %s", fault.code)
                await asyncio.to_thread(self._memory.forget_team, team)

    async def _of_team(self, service_url: str, team: str) -> AsyncIterator[dict[str, Any]]:
        more = ""
        while True:
            page = await self._calls.run(
                "GET", service_url, team, "pagedmembers", query={"pageSize": "500", "continuationToken": more}
            )
            for member in page.get("members") or []:
                if isinstance(member, dict):
                    yield member
            more = str(page.get("continuationToken") or "")
            if not more:
                return
