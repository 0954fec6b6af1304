"""A district that lives in Slack: signed requests into the real server, and what the fake Slack accepted from it.

    async def scene(slack: Workspace) -> None:
        imani = slack.member("imani.brooks")
        await imani.commands("walkthrough lincoln")
        await imani.presses("Lincoln Middle")
        slack.member("grace.lindqvist").sees("One strength")

    tell(tmp_path, scene)

A person sees labels, not field names; so a press fills fields by their labels and chooses options by theirs.
Whatever a story does, this holds: Slack would take every message, none comes twice, nothing in one can ping or
link by itself, and nothing that anybody typed stands in the log.
"""

import asyncio
import copy
import itertools
import json
import logging
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from bot.bootstrap import Parts, Running, assemble
from bot.server import make_app
from bot.settings import Settings
from handlers.clock import run_due
from storage.database import Store
from tests.chat import ZONE
from tests.contract import block_kit_rules
from tests.contract.fake_slack import FakeSlack, Posted, channel_of
from tests.contract.slack_bench import SECRET, Bench, Clocks, be_patient, payload
from tests.district import PEOPLE, email, make_store
from tests.slack_stories.screens import filled_in, screen

MONDAY = "2026-11-30 13:00"
STRANGER = "U0STRANGER"
_LONGEST_FALLBACK = 4_000
_SHORTEST_SECRET = 12
"""Characters from which on a typed line is unlikely to stand in a log by chance."""


def wall_time(at: str) -> datetime:
    return datetime.fromisoformat(at).replace(tzinfo=ZONE).astimezone(UTC)


@cache
def _district() -> bytes:
    """The small district's database file; made once, for migrations take longer than a story."""
    with TemporaryDirectory() as folder:
        make_store(Path(folder)).close()
        return (Path(folder) / "test.sqlite").read_bytes()


def user_of(name: str) -> str:
    """``imani.brooks`` is U0IMANI."""
    return "U0" + name.partition(".")[0].upper()


class Ledger(FakeSlack):
    """The fake Slack, which also looks at what it could not render and at switches that make letters ping."""

    def _chat_postMessage(self, body: dict[str, Any]) -> dict[str, Any]:
        known = {"channel", "text", "blocks", "metadata", "thread_ts", "unfurl_links", "unfurl_media"}
        assert body.keys() <= known, body.keys()
        assert not body["unfurl_links"]
        self._look_at(body)
        said = body.get("metadata")
        assert said is None or said not in [one.metadata for one in self.ledger], "said twice"
        return super()._chat_postMessage(body)

    def _chat_update(self, body: dict[str, Any]) -> dict[str, Any]:
        assert body.keys() <= {"channel", "ts", "text", "blocks"}, body.keys()
        self._look_at(body)
        return super()._chat_update(body)

    def _look_at(self, body: dict[str, Any]) -> None:
        assert block_kit_rules.faults(body["blocks"]) == []
        assert body["text"].strip(), "a message without words for notifications"
        assert len(body["text"]) <= _LONGEST_FALLBACK
        assert "<" not in body["text"], "the fallback is the one text that Slack parses"


class Workspace:
    """A server, its database file and its Slack. ``restart`` throws all of its objects away but the file."""

    def __init__(self, folder: Path, *, at: str, **settings: Any) -> None:
        self.slack = Ledger(members={user_of(name): email(name) for name, *_ in PEOPLE})
        self.slack.members[STRANGER] = "somebody@elsewhere.example"
        self.clocks = Clocks()
        self.settings = settings
        self.typed: list[str] = []
        self.log: list[str] = []  # of processes other than this one
        self.events = itertools.count(1)
        self._folder = folder
        self._url = ""
        self._at = at
        self._people: dict[str, Member] = {}

    async def __aenter__(self) -> Self:
        await self.slack.start()
        self.clocks.wall = wall_time(self._at)
        file = self._folder / "throughline.sqlite"
        file.write_bytes(_district())
        store = Store(f"sqlite:///{file}")
        self._url = store.url
        self._http = aiohttp.ClientSession()
        await self._open(store)
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._close()
        await self._http.close()
        await self.slack.stop()

    async def _open(self, store: Store) -> None:
        parts = self._assemble(store)
        be_patient(parts)
        for platform in parts.platforms.values():
            await platform.start(parts.inbox.take, is_listening=True)
        self._runner = web.AppRunner(make_app(parts), access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.bench = Bench(self.slack, parts, self.clocks, url, self._http)

    def _assemble(self, store: Store) -> Parts:
        settings = Settings.model_construct(
            **{
                **{name: field.default for name, field in Settings.model_fields.items()},
                "slack_bot_token": SecretStr("xoxb-invented"),
                "slack_signing_secret": SecretStr(SECRET),
                "most_per_minute": 100_000,  # people in tests write faster than people do
                "slack_api_url": self.slack.url,
                **self.settings,
            }
        )
        clocks = self.clocks
        return assemble(settings, store=store, now=clocks.now, monotonic=clocks.monotonic, sleep=clocks.sleep)

    async def _close(self) -> None:
        await self._runner.cleanup()
        await Running(self.bench.parts, is_listening=True, is_clock=False).stop()

    async def restart(self) -> None:
        """A deploy: every object of the server is gone, the database file is all that is left."""
        await self._close()
        await self._open(Store(self._url))

    @property
    def parts(self) -> Parts:
        return self.bench.parts

    @property
    def now(self) -> datetime:
        return self.clocks.wall

    def move_to(self, at: str) -> None:
        """The clock to a district's wall time, forwards."""
        self.clocks.move((wall_time(at) - self.clocks.wall).total_seconds())

    def wait(self, *, minutes: float = 0, days: float = 0) -> None:
        self.clocks.move(minutes * 60 + days * 86_400)

    def member(self, name: str) -> "Member":
        return self._people.setdefault(name, Member(self, user_of(name), name))

    def stranger(self) -> "Member":
        return self._people.setdefault(STRANGER, Member(self, STRANGER, "somebody"))

    async def tick(self) -> dict[str, int]:
        """What the clock does at this instant, then what the sender does with it."""
        counts = await asyncio.to_thread(run_due, self.parts.store, self.now)
        await self.bench.settle()
        return counts

    async def get(self, address: str) -> tuple[int, str, bytes]:
        """A picture or file at an address that stands in a message, asked of this server."""
        path = re.sub(r"^https?://[^/]+", "", address)
        async with self._http.get(self.bench.url + path) as response:
            return response.status, response.headers["Content-Type"], await response.read()

    def transcript(self) -> str:
        """Everything that everybody was sent, as it reads on a screen."""
        names = {channel_of(user): user for user in self.slack.members}
        return "\n".join(f"---- to {names[one.channel]}\n{screen(one)}" for one in self.slack.ledger)


class Member:
    """One person in Slack: their direct message with the bot, and what they can do there."""

    def __init__(self, workspace: Workspace, user: str, name: str) -> None:
        self.workspace = workspace
        self.user = user
        self.name = name
        self._since = 0

    # ---------------------------------------------------------------- doing

    async def says(self, text: str) -> None:
        await self.sends(text)
        await self.workspace.bench.settle()

    async def sends(self, text: str, **more: Any) -> None:
        """A direct message, as Slack hands it over: escaped. The answer is not waited for."""
        self._typed(text)
        number = next(self.workspace.events)
        body = copy.deepcopy(payload("message_im")) | {"event_id": f"Ev{number:07d}"}
        body["event"] |= {
            "user": self.user,
            "channel": channel_of(self.user),
            "text": escaped(text),
            "ts": f"1764100000.{number:06d}",
            "event_ts": f"1764100000.{number:06d}",
            **more,
        }
        response = await self.workspace.bench.event(body)
        assert response.status == 200

    async def shares(self, name: str, data: bytes, text: str = "", media_type: str = "", **more: Any) -> None:
        """A file in the direct message, with words beside it."""
        file = self.workspace.slack.share(f"F0{next(self.workspace.events):06d}", name, data, media_type)
        await self.sends(text, subtype="file_share", files=[file | more])
        await self.workspace.bench.settle()

    async def commands(self, text: str) -> None:
        """``/ild`` and the text, from a channel."""
        self._typed(text)
        number = next(self.workspace.events)
        body = payload("slash_command") | {"user_id": self.user, "text": text, "trigger_id": f"{number}.1.a"}
        response = await self.workspace.bench.command(body)
        assert response.status == 200
        assert "direct message" in await response.text()
        await self.workspace.bench.settle()

    async def forwards(self, text: str) -> None:
        """The message shortcut "Send to the buffer" on somebody's message in a channel."""
        self._typed(text)
        number = next(self.workspace.events)
        body = copy.deepcopy(payload("shortcut")) | {"action_ts": f"1764200000.{number:06d}"}
        body["user"]["id"] = self.user
        body["message"]["text"] = escaped(text)
        response = await self.workspace.bench.interact(body)
        assert response.status == 200
        await self.workspace.bench.settle()

    async def presses(self, label: str, /, fields: dict[str, str] | None = None, *, nth: int = 0) -> None:
        """The newest button of that label, with fields of its message filled in by their labels. A window that is open
        is before everything else."""
        window = self.window
        if window is not None and window.has(label):
            await self._presses_in_window(window, label, fields or {})
        else:
            await self.presses_in(*self.button(label, nth=nth), fields)

    async def _presses_in_window(self, window: "Modal", label: str, fields: dict[str, str]) -> None:
        """Its main button sends the form and closes the window, unless there is something wrong with it."""
        self._typed(*fields.values())
        number = next(self.workspace.events)
        button = window.button(label)
        body = copy.deepcopy(payload("view_submission" if button is None else "block_actions"))
        body |= {"trigger_id": f"{number}.1.{self.user}"}
        body["user"]["id"] = self.user
        body["view"] = {**window.view, "id": window.id, "state": filled_in(window.screen, fields)}
        if button is not None:
            del body["channel"], body["state"]
            body["container"] = {"type": "view", "view_id": window.id}
            body["actions"][0] |= {**button, "action_ts": f"1764300000.{number:06d}"}
        response = await self.workspace.bench.interact(body)
        assert response.status == 200
        told = json.loads(await response.text() or "{}")
        windows = self.workspace.slack.windows
        match told.get("response_action"):
            case "errors":
                windows[window.id] = window.with_faults(told["errors"], filled_in(window.screen, fields))
            case "update":
                windows[window.id] = told["view"]
            case _ if button is None:
                del windows[window.id]
        await self.workspace.bench.settle()

    async def presses_in(
        self,
        posted: Posted,
        button: dict[str, Any],
        fields: dict[str, str] | None = None,
        *,
        settle: bool = True,
    ) -> None:
        """A button of a certain message, old ones too. ``settle`` False: do not wait for the answer."""
        self._typed(*(fields or {}).values())
        number = next(self.workspace.events)
        body = copy.deepcopy(payload("block_actions"))
        body["user"]["id"] = self.user
        body["channel"]["id"] = posted.channel
        body["container"] |= {"channel_id": posted.channel, "message_ts": posted.ts}
        body["state"] = filled_in(posted, fields or {})
        body["actions"][0] |= {
            "action_id": button["action_id"],
            "text": button["text"],
            "value": button["value"].replace("&", "&amp;"),
            "action_ts": f"1764300000.{number:06d}",
        }
        body["trigger_id"] = f"{number}.1.{self.user}"
        for old in self._windows():
            del self.workspace.slack.windows[old]  # one presses elsewhere only after closing it
        self._mark()
        response = await self.workspace.bench.interact(body)
        assert response.status == 200
        if settle:
            await self.workspace.bench.settle()

    # ---------------------------------------------------------------- seeing

    @property
    def messages(self) -> list[Posted]:
        return self.workspace.slack.said_to(self.user)

    @property
    def new(self) -> list[Posted]:
        """What came or was changed since this person last did something, the latest last."""
        fresh = [one for one in self.messages if one.touched > self._since]
        return sorted(fresh, key=lambda one: one.touched)

    def button(self, label: str, *, nth: int = 0) -> tuple[Posted, dict[str, Any]]:
        """The button and its message as it looks now; it stays so for whoever presses it late."""
        found = [
            (posted, button)
            for posted in sorted(self.messages, key=lambda one: -one.touched)
            for button in posted.buttons
            if button["text"]["text"].startswith(label)
        ]
        assert len(found) > nth, f"no button {label!r} for {self.name}; the last message:\n{self.last()}"
        return copy.deepcopy(found[nth])

    @property
    def window(self) -> "Modal | None":
        """The form that is open, if one is."""
        found = self._windows()
        return Modal(found[-1], self.workspace.slack.windows[found[-1]]) if found else None

    def _windows(self) -> list[str]:
        slack = self.workspace.slack
        return [one for one in slack.windows if slack.opened_by.get(one, "").endswith(f".{self.user}")]

    def last(self) -> str:
        window = [self.window.words] if self.window else []
        return "\n".join([*(screen(one) for one in self.new or self.messages[-1:]), *window])

    def sees(self, *expected: str) -> None:
        said = self.last()
        for words in expected:
            assert words.casefold() in said.casefold(), f"{words!r} is not in what {self.name} saw:\n{said}"

    async def hears(self, words: str) -> None:
        """Wait until the words have come: where another process answers, nobody here knows when."""
        async with asyncio.timeout(60):
            while words.casefold() not in self.last().casefold():
                await asyncio.sleep(0.02)

    def does_not_see(self, *unexpected: str) -> None:
        said = self.last()
        for words in unexpected:
            assert words.casefold() not in said.casefold(), f"{words!r} is in what {self.name} saw:\n{said}"

    def never_saw(self, *unexpected: str) -> None:
        said = "\n".join(screen(one) + one.text for one in self.messages).casefold()
        for words in unexpected:
            assert words.casefold() not in said, f"{words!r} reached {self.name}"

    def _typed(self, *texts: str) -> None:
        self._mark()
        self.workspace.typed += texts

    def _mark(self) -> None:
        self._since = self.workspace.slack.touches


class Modal:
    """A form in a window of its own: read like a message, its main button at its foot."""

    def __init__(self, id: str, view: dict[str, Any]) -> None:
        self.id = id
        self.view = view
        title = {"type": "header", "text": view["title"]}
        self.screen = Posted("", "", [title, *view["blocks"]], None, "")

    @property
    def foot(self) -> str:
        return str(self.view.get("submit", {}).get("text", ""))

    @property
    def words(self) -> str:
        return f"{screen(self.screen)}\n[{self.foot}]"

    def has(self, label: str) -> bool:
        return self.foot.startswith(label) or self.button(label) is not None

    def button(self, label: str) -> dict[str, Any] | None:
        """The button in the form; None for the one at its foot."""
        found = [one for one in self.screen.buttons if one["text"]["text"].startswith(label)]
        return found[0] if found else None

    def with_faults(self, errors: dict[str, str], state: dict[str, Any]) -> dict[str, Any]:
        """The view with what Slack shows under the fields, and with what was typed."""
        blocks = []
        for block in self.view["blocks"]:
            if block.get("block_id") in state["values"]:
                (answer,) = state["values"][block["block_id"]].values()
                typed = {
                    f"initial_{name}": answer[name] for name in answer if name != "type" and answer[name]
                }
                element = block["element"] | {key.replace("selected_", ""): one for key, one in typed.items()}
                block = block | {"element": element}
            blocks.append(block)
            if block.get("block_id") in errors:
                text = {"type": "plain_text", "text": errors[block["block_id"]], "emoji": False}
                blocks.append({"type": "context", "elements": [text]})
        return self.view | {"blocks": blocks}


def tell(
    folder: Path,
    scene: Callable[[Workspace], Awaitable[None]],
    *,
    at: str = MONDAY,
    where: type[Workspace] = Workspace,
    **settings: Any,
) -> None:
    """Play a scene and look at its log."""
    workspace = where(folder, at=at, **settings)

    async def play() -> None:
        async with workspace:
            await scene(workspace)

    with Overheard() as overheard:
        asyncio.run(play())
    overheard.lines += workspace.log
    overheard.holds_nothing_of(workspace.typed)


class Overheard(logging.Handler):
    """Everything that any logger would write at DEBUG, with its arguments and traces."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def __enter__(self) -> Self:
        root = logging.getLogger()
        self._level = root.level
        root.setLevel(logging.DEBUG)
        root.addHandler(self)
        return self

    def __exit__(self, *_error: object) -> None:
        root = logging.getLogger()
        root.removeHandler(self)
        root.setLevel(self._level)

    def holds_nothing_of(self, typed: list[str]) -> None:
        log = "\n".join(self.lines)
        for line in {part.strip() for text in typed for part in text.splitlines()}:
            if len(line) >= _SHORTEST_SECRET:
                assert line not in log, "what somebody typed stands in the log"


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
