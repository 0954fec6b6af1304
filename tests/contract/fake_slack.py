"""A Slack of our own on loopback: it keeps a ledger of what it accepted and fails when told to.

Only what the bot relies on is there, in the shapes of docs.slack.dev. ``faults`` holds what the next calls of a
method shall come to, first in first out; ``Fault`` names them.
"""

import asyncio
import itertools
import json
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.contract import block_kit_rules

TEAM, BOT_USER, BOT = "T0SYCAMORE", "U0THROUGH", "B0THROUGH"


@dataclass(frozen=True)
class Fault:
    """``drop``: the work is done, then the connection ends without an answer. ``error``: ``ok: false``.

    ``channel`` and ``part``: only for calls about that channel, about that part of a message.
    """

    status: int = 200
    error: str = ""
    retry_after: str | None = None
    drop: bool = False
    channel: str | None = None
    part: int | None = None


@dataclass
class Posted:
    channel: str
    text: str
    blocks: list[dict[str, Any]]
    metadata: dict[str, Any] | None
    ts: str
    thread: str = ""
    files: list[dict[str, Any]] = field(default_factory=list)
    touched: int = 0  # the number of the call that posted or changed it last

    @property
    def buttons(self) -> list[dict[str, Any]]:
        found = []
        for block in self.blocks:
            found += [e for e in block.get("elements", []) if e.get("type") == "button"]
            if block.get("accessory", {}).get("type") == "button":
                found.append(block["accessory"])
        return found


@dataclass
class Upload:
    """A file that is being put into Slack. ``looks``: so often ``files.info`` still knows nothing of its kind."""

    name: str
    length: int
    data: bytes = b""
    is_complete: bool = False
    looks: int = 0

    @property
    def is_ready(self) -> bool:
        return self.is_complete and self.looks < 0


@dataclass
class FakeSlack:
    """``members`` is user id -> e-mail address, ``teams`` user id -> their workspace where it is not ours, ``windows``
    the modals that are open, ``opened_by`` their triggers, ``homes`` user id -> the view on their Home tab; direct
    messages with them are channel ``D`` and the rest of the id."""

    members: dict[str, str] = field(default_factory=dict)
    ledger: list[Posted] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    faults: defaultdict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    always: dict[str, Fault] = field(default_factory=dict)
    lists_members: bool = True
    files: dict[str, bytes] = field(default_factory=dict)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    teams: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    looks_needed: int = 0
    windows: dict[str, dict[str, Any]] = field(default_factory=dict)
    triggers: set[str] = field(default_factory=set)
    opened_by: dict[str, str] = field(default_factory=dict)
    token: str = "xoxb-invented"
    scopes: str = ""
    envelopes: list[dict[str, Any]] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    url: str = ""
    touches: int = 0
    _stamps: Any = field(default_factory=lambda: itertools.count(1))

    def touch(self) -> int:
        self.touches += 1
        return self.touches

    def said_to(self, user: str) -> list[Posted]:
        return [one for one in self.ledger if one.channel == channel_of(user)]

    def count(self, method: str) -> int:
        return self.calls.count(method)

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_get("/socket", self._socket)
        app.router.add_get("/files/{id}/{name}", self._file)
        app.router.add_post("/upload/{id}", self._upload)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/"

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self.calls.append(method)
        body = dict(request.query)
        if request.content_type == "application/json":
            body |= await request.json()
        else:
            body |= {key: str(value) for key, value in (await request.post()).items()}
        if body.get("channel") in self.members:  # a person's id stands for the conversation with them
            body["channel"] = channel_of(body["channel"])
        fault = self._fault(method, body)
        if fault is not None and not fault.drop:
            headers = {"Retry-After": fault.retry_after} if fault.retry_after is not None else {}
            if fault.status >= 500:
                return web.Response(status=fault.status, text="upstream error", headers=headers)
            return web.json_response(
                {"ok": False, "error": fault.error}, status=fault.status, headers=headers
            )
        answer = getattr(self, "_" + method.replace(".", "_"))(body)
        if fault is not None:
            assert request.transport is not None
            request.transport.abort()
            await asyncio.sleep(0)
        return web.json_response(answer, headers={"X-OAuth-Scopes": self.scopes} if self.scopes else {})

    def share(self, file_id: str, name: str, data: bytes, media_type: str = "") -> dict[str, Any]:
        """Keep a file; how a message's payload names it."""
        self.files[file_id] = data
        address = f"{self.url.removesuffix('/api/')}/files/{file_id}/{name}"
        return {
            "id": file_id,
            "name": name,
            "mimetype": media_type,
            "size": len(data),
            "url_private": address,
            "url_private_download": address,
        }

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """A file, to whoever has the token; anybody else is shown to the door, as by Slack."""
        self.calls.append("files")
        fault = self._fault("files", {})
        if fault is not None and not fault.drop:
            return web.Response(status=fault.status, text="upstream error")
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(status=302, headers={"Location": "https://sycamore.slack.com/?redir=files"})
        data = self.files.get(request.match_info["id"])
        if data is None:
            return web.Response(status=404)
        if fault is None:
            return web.Response(body=data, content_type="application/octet-stream")
        response = web.StreamResponse(headers={"Content-Length": str(len(data))})
        await response.prepare(request)
        await response.write(data[: len(data) // 2])
        assert request.transport is not None
        request.transport.abort()
        return response

    def _files_getUploadURLExternal(self, body: dict[str, Any]) -> dict[str, Any]:
        assert int(body["length"]) > 0
        file_id = f"F0UPLOAD{next(self._stamps)}"
        self.uploads[file_id] = Upload(body["filename"], int(body["length"]))
        return {
            "ok": True,
            "file_id": file_id,
            "upload_url": f"{self.url.removesuffix('/api/')}/upload/{file_id}",
        }

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        self.calls.append("upload")
        fault = self._fault("upload", {})
        if fault is not None:
            return web.Response(status=fault.status)
        upload = self.uploads[request.match_info["id"]]
        upload.data = await request.read()
        assert len(upload.data) == upload.length
        return web.Response(text="OK")

    def _files_completeUploadExternal(self, body: dict[str, Any]) -> dict[str, Any]:
        files = body["files"] if isinstance(body["files"], list) else json.loads(body["files"])
        for one in files:
            upload = self.uploads[one["id"]]
            assert upload.data, "completed before the bytes were there"
            upload.is_complete, upload.looks = True, self.looks_needed
            if body.get("channel_id"):
                stamp = f"1764000000.{next(self._stamps):06d}"
                shared = [{"id": one["id"], "name": upload.name, "title": one.get("title")}]
                self.ledger.append(
                    Posted(body["channel_id"], "", [], None, stamp, files=shared, touched=self.touch())
                )
        return {"ok": True, "files": files}

    def _files_info(self, body: dict[str, Any]) -> dict[str, Any]:
        upload = self.uploads.get(body["file"])
        if upload is not None and upload.is_complete:
            upload.looks -= 1
            return {
                "ok": True,
                "file": {"id": body["file"], "mimetype": "image/png" if upload.looks < 0 else ""},
            }
        if body["file"] not in self.files:
            return {"ok": False, "error": "file_not_found"}
        return {"ok": True, "file": self.share(body["file"], "shared.pdf", self.files[body["file"]])}

    def _fault(self, method: str, body: dict[str, Any]) -> Fault | None:
        part = body["metadata"]["event_payload"]["part"] if isinstance(body.get("metadata"), dict) else None
        for fault in self.faults[method]:
            if fault.channel in (None, body.get("channel")) and fault.part in (None, part):
                self.faults[method].remove(fault)
                return fault
        return self.always.get(method)

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        """Socket Mode: each payload waiting is sent in an envelope; what is acknowledged is kept."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        for number, payload in enumerate(self.envelopes):
            envelope = {"envelope_id": f"envelope-{number}", "type": "events_api", "payload": payload}
            await socket.send_json(envelope | {"accepts_response_payload": False})
        async for message in socket:
            if message.type is WSMsgType.TEXT and message.data.startswith("{"):
                self.acknowledged.append(json.loads(message.data)["envelope_id"])
        return socket

    # ---------------------------------------------------------------- methods

    def _apps_connections_open(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "url": self.url.replace("http://", "ws://").replace("/api/", "/socket")}

    def _auth_test(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT, "team": "Sycamore"}

    def _conversations_open(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "channel": {"id": channel_of(body["users"])}}

    def _unready(self, blocks: list[dict[str, Any]]) -> list[str]:
        """Pictures that Slack would refuse: unknown to it, or not looked at yet."""
        ids = [block["slack_file"]["id"] for block in blocks if "slack_file" in block]
        return [
            f"invalid slack file {one}"
            for one in ids
            if one not in self.uploads or not self.uploads[one].is_ready
        ]

    def _chat_postMessage(self, body: dict[str, Any]) -> dict[str, Any]:
        if self._unready(body.get("blocks", [])):
            return _no("invalid_blocks")
        stamp = f"1764000000.{next(self._stamps):06d}"
        thread = str(body.get("thread_ts") or "")
        posted = Posted(
            body["channel"],
            body["text"],
            body.get("blocks", []),
            body.get("metadata"),
            stamp,
            thread,
            touched=self.touch(),
        )
        self.ledger.append(posted)
        return {"ok": True, "channel": posted.channel, "ts": stamp}

    def _chat_update(self, body: dict[str, Any]) -> dict[str, Any]:
        posted = self._posted(body)
        if posted is None:
            return _no("message_not_found")
        posted.text, posted.blocks, posted.touched = body["text"], body.get("blocks", []), self.touch()
        return {"ok": True, "channel": posted.channel, "ts": posted.ts, "text": posted.text}

    def _chat_delete(self, body: dict[str, Any]) -> dict[str, Any]:
        posted = self._posted(body)
        if posted is None:
            return _no("message_not_found")
        self.ledger.remove(posted)
        return {"ok": True, "channel": posted.channel, "ts": posted.ts}

    def _posted(self, body: dict[str, Any]) -> Posted | None:
        return next(
            (one for one in self.ledger if (one.channel, one.ts) == (body["channel"], body["ts"])), None
        )

    def _conversations_history(self, body: dict[str, Any]) -> dict[str, Any]:
        """Not the answers in threads: those are only in ``conversations.replies``."""
        return self._told([one for one in reversed(self.ledger) if not one.thread], body)

    def _conversations_replies(self, body: dict[str, Any]) -> dict[str, Any]:
        return self._told([one for one in self.ledger if body["ts"] in (one.ts, one.thread)], body)

    def _told(self, posted: list[Posted], body: dict[str, Any]) -> dict[str, Any]:
        found = [one for one in posted if one.channel == body["channel"]]
        return {
            "ok": True,
            "messages": [
                {
                    "ts": one.ts,
                    "text": one.text,
                    "metadata": one.metadata or {},
                    "user": BOT_USER,
                    "files": one.files,
                }
                for one in found
            ],
            "has_more": False,
        }

    def _views_publish(self, body: dict[str, Any]) -> dict[str, Any]:
        found = block_kit_rules.view_faults(body["view"]) + self._unready(body["view"]["blocks"])
        if found or body["view"]["type"] != "home":
            return {"ok": False, "error": "invalid_arguments", "response_metadata": {"messages": found}}
        self.homes[body["user_id"]] = body["view"]
        return {"ok": True, "view": body["view"] | {"id": "V" + body["user_id"][1:]}}

    def _views_open(self, body: dict[str, Any]) -> dict[str, Any]:
        if body["trigger_id"] in self.triggers:
            return _no("exchanged_trigger_id")
        self.triggers.add(body["trigger_id"])
        found = block_kit_rules.view_faults(body["view"])
        if found or body["view"]["type"] != "modal":
            return {"ok": False, "error": "invalid_arguments", "response_metadata": {"messages": found}}
        view_id = f"V0MODAL{next(self._stamps)}"
        self.windows[view_id] = body["view"]
        self.opened_by[view_id] = body["trigger_id"]
        return {"ok": True, "view": body["view"] | {"id": view_id}}

    def _views_update(self, body: dict[str, Any]) -> dict[str, Any]:
        if body["view_id"] not in self.windows:
            return _no("not_found")
        found = block_kit_rules.view_faults(body["view"]) + self._unready(body["view"]["blocks"])
        if found or body["view"]["type"] != "modal":
            return {"ok": False, "error": "invalid_arguments", "response_metadata": {"messages": found}}
        self.windows[body["view_id"]] = body["view"]
        return {"ok": True, "view": body["view"] | {"id": body["view_id"]}}

    def _users_info(self, body: dict[str, Any]) -> dict[str, Any]:
        return (
            {"ok": True, "user": self._user(body["user"])}
            if body["user"] in self.members
            else _no("user_not_found")
        )

    def _users_lookupByEmail(self, body: dict[str, Any]) -> dict[str, Any]:
        for user, email in self.members.items():
            if email == body["email"]:
                return {"ok": True, "user": self._user(user)}
        return _no("users_not_found")

    def _users_list(self, body: dict[str, Any]) -> dict[str, Any]:
        members = [self._user(user) for user in self.members] if self.lists_members else []
        return {"ok": True, "members": members, "response_metadata": {"next_cursor": ""}}

    def _user(self, user: str) -> dict[str, Any]:
        return {
            "id": user,
            "team_id": self.teams.get(user, TEAM),
            "deleted": False,
            "is_bot": False,
            "profile": {"email": self.members[user]},
        }


def channel_of(user: str) -> str:
    return "D" + user[1:]


def _no(error: str) -> dict[str, Any]:
    return {"ok": False, "error": error}
