"""A Teams of our own on loopback: the connector, its signing keys, and where the bot's tokens come from.

It keeps a ledger of what it accepted and fails when told to. Only what the bot relies on is there, in the shapes of
learn.microsoft.com. ``faults`` holds what the next calls of a kind shall come to, first in first out.
"""

import asyncio
import base64
import itertools
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

TENANT = "7c1f0d3e-0000-4000-8000-00000000d157"
APP_ID = "3f2b8a90-0000-4000-8000-0000000000b0"
PASSWORD = "not-a-secret"
BOT = f"28:{APP_ID}"
ISSUER = "https://api.botframework.com"
TEAM = "19:team-of-principals@thread.tacv2"


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    """An RSA key by name; making one takes a while."""
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


@dataclass(frozen=True)
class Fault:
    """``drop``: the work is done, then the connection ends without an answer. ``is_slow``: it is done, and the answer
    takes longer than anybody waits. ``user``: only for calls about them."""

    status: int = 200
    code: str = ""
    retry_after: str | None = None
    drop: bool = False
    is_slow: bool = False
    user: str | None = None
    body: str | None = None


@dataclass
class Posted:
    conversation: str
    activity: dict[str, Any]
    id: str

    @property
    def card(self) -> dict[str, Any]:
        (attachment,) = self.activity["attachments"]
        card: dict[str, Any] = attachment["content"]
        return card

    @property
    def text(self) -> str:
        return str(self.activity.get("text") or self.activity.get("summary") or "")

    @property
    def buttons(self) -> list[dict[str, Any]]:
        return [one for one in _nested(self.card) if one.get("type") == "Action.Execute" and one.get("title")]

    @property
    def inputs(self) -> list[dict[str, Any]]:
        return [one for one in _nested(self.card) if str(one.get("type", "")).startswith("Input.")]


def _nested(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [one for part in value for one in _nested(part)]
    if not isinstance(value, dict):
        return []
    return [value, *(one for name, part in value.items() if name != "fallback" for one in _nested(part))]


@dataclass
class FakeTeams:
    """``members`` is Entra id -> e-mail address. ``installed`` is who has added the app; everybody, where None."""

    members: dict[str, str] = field(default_factory=dict)
    installed: set[str] | None = None
    ledger: list[Posted] = field(default_factory=list)
    typing: list[str] = field(default_factory=list)
    updates: list[Posted] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    faults: defaultdict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    always: dict[str, Fault] = field(default_factory=dict)
    signing: list[str] = field(default_factory=lambda: ["first"])
    files: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, bytes] = field(default_factory=dict)
    guests: set[str] = field(default_factory=set)
    on_post: Callable[[str], None] = lambda _chat: None
    is_open: bool = False  # asks for no token, as the Agents Playground
    origin: str = ""
    _ids: Any = field(default_factory=lambda: itertools.count(1))

    @property
    def metadata_url(self) -> str:
        return f"{self.origin}/.well-known/openidconfiguration"

    @property
    def service_url(self) -> str:
        return f"{self.origin}/teams/"

    def said_to(self, user: str) -> list[Posted]:
        return [one for one in self.ledger if one.conversation == chat_of(user)]

    def count(self, kind: str) -> int:
        return self.calls.count(kind)

    async def start(self) -> None:
        app = web.Application(client_max_size=4_000_000)
        app.router.add_get("/.well-known/openidconfiguration", self._metadata)
        app.router.add_get("/keys", self._keys)
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._issue)
        app.router.add_get("/files/{name}", self._file)
        app.router.add_put("/uploads/{name}", self._upload)
        chats = "/teams/v3/conversations"
        app.router.add_post(chats, self._create)
        app.router.add_post(chats + "/{chat}/activities", self._post)
        app.router.add_put(chats + "/{chat}/activities/{id}", self._update)
        app.router.add_delete(chats + "/{chat}/activities/{id}", self._delete)
        app.router.add_get(chats + "/{chat}/members/{user}", self._member)
        app.router.add_get(chats + "/{chat}/pagedmembers", self._paged)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self._runner.cleanup()

    def sign(
        self, *, key_name: str = "first", kid: str | None = None, alg: str = "RS256", **claims: Any
    ) -> str:
        """A token as a channel's; ``claims`` replace its own, and with None they are left out."""
        now = int(time.time())
        said = {
            "iss": ISSUER,
            "aud": APP_ID,
            "nbf": now - 60,
            "exp": now + 3_600,
            "serviceurl": self.service_url,
        } | claims
        said = {name: value for name, value in said.items() if value is not None}
        secret: Any = key(key_name) if alg == "RS256" else None
        return jwt.encode(said, secret, algorithm=alg, headers={"kid": kid or key_name})

    # ---------------------------------------------------------------- sign-in

    async def _metadata(self, request: web.Request) -> web.StreamResponse:
        fault = self._fault("metadata", "")
        if fault is not None:
            return web.Response(status=fault.status)
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.origin}/keys"})

    async def _keys(self, request: web.Request) -> web.StreamResponse:
        self.calls.append("keys")
        keys = []
        for name in self.signing:
            public = key(name).public_key().public_numbers()
            keys.append(
                {
                    "kty": "RSA",
                    "use": "sig",
                    "kid": name,
                    "n": _number(public.n),
                    "e": _number(public.e),
                    "endorsements": ["msteams", "webchat"],
                }
            )
        return web.json_response({"keys": keys})

    async def _issue(self, request: web.Request) -> web.StreamResponse:
        self.calls.append("token")
        form = await request.post()
        fault = self._fault("token", "")
        if fault is not None:
            return web.json_response({"error": fault.code}, status=fault.status)
        is_right = form["client_id"] == APP_ID and form["client_secret"] == PASSWORD
        if not is_right or form["scope"] != f"{ISSUER}/.default" or request.match_info["tenant"] != TENANT:
            return web.json_response({"error": "invalid_client"}, status=401)
        self.tokens.append(f"token-{next(self._ids)}")
        return web.json_response(
            {"token_type": "Bearer", "expires_in": 3_600, "access_token": self.tokens[-1]}
        )

    # ---------------------------------------------------------------- connector

    async def _create(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        assert body["tenantId"] == TENANT
        user = body["members"][0]["id"]

        def create() -> web.Response:
            if user not in self.members:
                return _no(404, "BadArgument")
            if self.installed is not None and user not in self.installed:
                return _no(403, "BotNotInConversationRoster")
            return web.json_response({"id": chat_of(user)}, status=201)

        return await self._answer(request, "create", user, create)

    async def _post(self, request: web.Request) -> web.StreamResponse:
        body, chat = await request.json(), request.match_info["chat"]
        kind = "typing" if body["type"] == "typing" else "post"
        self.on_post(chat)

        def post() -> web.Response:
            posted = Posted(chat, body, f"1764{next(self._ids):09d}")
            if kind == "typing":
                self.typing.append(chat)
            else:
                self.ledger.append(posted)
            return web.json_response({"id": posted.id}, status=201)

        return await self._answer(request, kind, _user_of(chat), post)

    async def _update(self, request: web.Request) -> web.StreamResponse:
        body, chat, name = await request.json(), request.match_info["chat"], request.match_info["id"]

        def update() -> web.Response:
            for number, one in enumerate(self.ledger):
                if one.id == name and one.conversation == chat:
                    self.ledger[number] = Posted(chat, body, name)
                    self.updates.append(self.ledger[number])
                    return web.json_response({"id": name})
            return _no(404, "ActivityNotFoundInConversation")

        return await self._answer(request, "update", _user_of(chat), update)

    async def _delete(self, request: web.Request) -> web.StreamResponse:
        chat, name = request.match_info["chat"], request.match_info["id"]

        def delete() -> web.Response:
            found = [one for one in self.ledger if one.id == name and one.conversation == chat]
            if not found:
                return _no(404, "ActivityNotFoundInConversation")
            self.ledger.remove(found[0])
            self.deleted.append(name)
            return web.Response(status=200)

        return await self._answer(request, "delete", _user_of(chat), delete)

    async def _member(self, request: web.Request) -> web.StreamResponse:
        user = request.match_info["user"].removeprefix("29:")

        def member() -> web.Response:
            known = user in self.members
            return (
                web.json_response(self._profile(user)) if known else _no(404, "MemberNotFoundInConversation")
            )

        return await self._answer(request, "member", user, member)

    async def _paged(self, request: web.Request) -> web.StreamResponse:
        users = sorted(self.members)
        first = int(request.query.get("continuationToken") or 0)

        def page() -> web.Response:
            said: dict[str, Any] = {"members": [self._profile(one) for one in users[first : first + 3]]}
            if first + 3 < len(users):
                said["continuationToken"] = str(first + 3)
            return web.json_response(said)

        return await self._answer(request, "paged", "", page)

    def _profile(self, user: str) -> dict[str, Any]:
        is_guest = user in self.guests
        return {
            "id": f"29:{user}",
            "aadObjectId": user,
            "objectId": user,
            "name": user,
            "email": self.members[user],
            "userPrincipalName": self.members[user],
            "tenantId": TENANT,
            "userRole": "guest" if is_guest else "user",
        }

    async def _answer(self, request: web.Request, kind: str, user: str, work: Any) -> web.StreamResponse:
        self.calls.append(kind)
        if not self.is_open and request.headers.get("Authorization") not in [
            f"Bearer {one}" for one in self.tokens
        ]:
            return _no(401, "Unauthorized")
        fault = self._fault(kind, user)
        if fault is not None and not (fault.drop or fault.is_slow):
            headers = {"Retry-After": fault.retry_after} if fault.retry_after is not None else {}
            if fault.body is not None:
                return web.Response(status=fault.status, text=fault.body, headers=headers)
            said = {"error": {"code": fault.code, "message": "no"}}
            return web.json_response(said, status=fault.status, headers=headers)
        answer: web.Response = work()
        if fault is not None and fault.is_slow:
            await asyncio.sleep(5)
        elif fault is not None:
            assert request.transport is not None
            request.transport.abort()
            await asyncio.sleep(0)
        return answer

    def _fault(self, kind: str, user: str) -> Fault | None:
        for fault in self.faults[kind]:
            if fault.user in (None, user):
                self.faults[kind].remove(fault)
                return fault
        always = self.always.get(kind)
        return always if always is not None and always.user in (None, user) else None

    # ---------------------------------------------------------------- files

    def share(self, name: str, data: bytes) -> dict[str, Any]:
        """Keep a file; the attachment that names it."""
        self.files[name] = data
        return {
            "contentType": "application/vnd.microsoft.teams.file.download.info",
            "contentUrl": f"https://sycamore-my.sharepoint.com/personal/somebody/Documents/{name}",
            "name": name,
            "content": {
                "downloadUrl": f"{self.origin}/files/{name}",
                "uniqueId": "1150d938-0000-4000-8000-000000000000",
                "fileType": name.rpartition(".")[2],
            },
        }

    async def _file(self, request: web.Request) -> web.StreamResponse:
        self.calls.append("file")
        assert "Authorization" not in request.headers, "our token is nobody else's business"
        fault = self._fault("file", "")
        if fault is not None:
            return web.Response(status=fault.status)
        data = self.files.get(request.match_info["name"])
        return web.Response(body=data) if data is not None else web.Response(status=404)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        self.calls.append("upload")
        assert "Authorization" not in request.headers, "our token is nobody else's business"
        fault = self._fault("upload", "")
        if fault is not None:
            return web.Response(status=fault.status)
        self.uploads[request.match_info["name"]] = await request.read()
        return web.json_response({"id": "drive-item"}, status=201)


def chat_of(user: str) -> str:
    """The id of a person's own chat with the bot."""
    return f"a:chat-with-{user}"


def _user_of(chat: str) -> str:
    return chat.removeprefix("a:chat-with-")


def _no(status: int, code: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": "no"}}, status=status)


def _number(value: int) -> str:
    size = (value.bit_length() + 7) // 8
    return base64.urlsafe_b64encode(value.to_bytes(size, "big")).rstrip(b"=").decode()
