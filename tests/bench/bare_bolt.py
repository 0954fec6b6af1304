"""The baseline of ``inbound.py``: a Bolt app that only acknowledges. ``python -m tests.bench.bare_bolt``.

The same server library, the same signature check, the same adapter as the bot's own; behind it, nothing.
"""

import re
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult

SECRET = "not-a-secret"


def make_app() -> web.Application:
    async def authorize(**_known: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T0SYCAMORE", bot_token="xoxb-invented")

    async def hear() -> None:
        return None

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    bolt = AsyncApp(signing_secret=SECRET, authorize=authorize)
    bolt.event(re.compile(".*"))(hear)
    bolt.action(re.compile(".*"))(acknowledge)

    async def take(request: web.Request) -> web.Response:
        body = await request.text()
        read = AsyncBoltRequest(body=body, query=request.query_string, headers=dict(request.headers))
        return await to_aiohttp_response(await bolt.async_dispatch(read))

    app = web.Application()
    app.router.add_post("/slack/events", take)
    return app


def main() -> None:
    web.run_app(make_app(), host="127.0.0.1", port=0, access_log=None)


if __name__ == "__main__":
    main()
