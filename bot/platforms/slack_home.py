"""The Home tab: one view for each person, which stays until another is published."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from bot.attachments import Addresses, reachable
from bot.platforms.base import Account, Outcome, Sent
from bot.platforms.faults import Fault
from bot.platforms.pace import Pace
from bot.platforms.slack_calls import SlackCalls, outcome_of
from bot.platforms.slack_uploads import SlackUploads
from bot.render.block_kit_views import home_view
from handlers.cards import Card, Chart

VIEWS_A_SECOND, BURST = 1.5, 20
"""views.publish is of Slack's tier 4, a hundred a minute and more."""
_NO_PICTURES = Addresses(None, has_pictures=False)


class SlackHomes:
    """Publishes at a pace of its own, so that a morning's homes do not hold up anybody's messages."""

    def __init__(
        self,
        calls: SlackCalls,
        addresses: Addresses,
        uploads: SlackUploads,
        *,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._calls = calls
        self._addresses = addresses
        self._uploads = uploads
        self._sleep = sleep
        self._pace = Pace(rate=VIEWS_A_SECOND, burst=BURST, clock=monotonic)

    async def publish(self, account: Account, card: Card, tokens: Mapping[int, str], page: int) -> Outcome:
        """As in ``bot.platforms.base.HomeKeeper``."""
        try:
            try:
                own = {} if self._addresses.has_pictures else await self._uploads.pictures(card)
                await self._show(account.user, card, tokens, page, self._addresses, own)
            except Fault as fault:
                if fault.code not in ("invalid_blocks", "invalid_arguments") or not tokens:
                    raise
                # Slack could not fetch a picture: a home in words is better than yesterday's.
                await self._show(account.user, card, tokens, page, _NO_PICTURES, {})
        except Fault as fault:
            return outcome_of(fault, (), is_posting=False)
        return Sent(())

    async def _show(
        self,
        user: str,
        card: Card,
        tokens: Mapping[int, str],
        page: int,
        addresses: Addresses,
        own: Mapping[Chart, str],
    ) -> None:
        shown, found = reachable(card, tokens, addresses, own=own)
        view = home_view(shown, page, chart_address=found.__getitem__, download_address=found.__getitem__)
        wait = self._pace.take()
        if wait > 0:
            await self._sleep(wait)
        await self._calls.run(self._calls.client.views_publish(user_id=user, view=view))
