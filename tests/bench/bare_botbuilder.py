"""The baseline of ``inbound.py`` for Teams: a bot on botbuilder that hears and does nothing.

``python -m tests.bench.bare_botbuilder``, with ``MICROSOFT_APP_ID`` and ``TEAMS_OPENID_METADATA_URL`` set. The same
server library, the token checked by the same SDK; behind it, its own adapter and an empty turn.
"""

import os

from aiohttp import web
from botbuilder.core import CloudAdapterBase, TurnContext
from botbuilder.schema import Activity
from botframework.connector.auth import (
    AuthenticationConfiguration,
    BotFrameworkAuthenticationFactory,
    PasswordServiceClientCredentialFactory,
)

ISSUER = "https://api.botframework.com"


def make_app(app_id: str, metadata_url: str) -> web.Application:
    trust = BotFrameworkAuthenticationFactory.create(
        validate_authority=True,
        to_channel_from_bot_login_url="https://login.microsoftonline.com/botframework.com",
        to_channel_from_bot_oauth_scope=ISSUER,
        to_bot_from_channel_token_issuer=ISSUER,
        oauth_url=ISSUER,
        to_bot_from_channel_open_id_metadata_url=metadata_url,
        to_bot_from_emulator_open_id_metadata_url=metadata_url,
        caller_id="",
        credential_factory=PasswordServiceClientCredentialFactory(app_id, "not-a-secret"),
        auth_configuration=AuthenticationConfiguration(),
    )
    adapter = CloudAdapterBase(trust)

    async def hear(_turn: TurnContext) -> None:
        return None

    async def take(request: web.Request) -> web.Response:
        activity = Activity().deserialize(await request.json())
        await adapter.process_activity(request.headers["Authorization"], activity, hear)
        return web.Response()

    app = web.Application()
    app.router.add_post("/api/messages", take)
    return app


def main() -> None:
    app = make_app(os.environ["MICROSOFT_APP_ID"], os.environ["TEAMS_OPENID_METADATA_URL"])
    web.run_app(app, host="127.0.0.1", port=0, access_log=None)


if __name__ == "__main__":
    main()
