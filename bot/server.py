"""The web server: the platforms' addresses, the health checks, the figures, the pictures and files of cards."""

import asyncio
import hashlib
import logging
import signal
import time
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from aiohttp import ETag, web

from bot.attached import find_block, open_attached
from bot.attachments import bytes_of
from bot.bootstrap import Parts, Running
from bot.mandate_address import AT_ONCE as POSTS_AT_ONCE
from bot.mandate_address import MandateAddress
from bot.services.reading_apart import read_apart
from handlers.calendars.own_feed import read_feed
from handlers.cards import Chart, Download

log = logging.getLogger(__name__)

MAX_BODY = 1_048_576
"""Bytes of a request: Slack's largest is a message of 40,000 characters with its blocks."""
MAX_SKEW_SECONDS = 60.0
"""From this on the health check says that the clock is off; at 300 Slack's requests are refused."""
READINESS_SECONDS = 10.0
_DRAWN_AT_ONCE = 2

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",  # Slack's and Teams' pages show the pictures
}

PARTS: web.AppKey[Parts] = web.AppKey("parts", Parts)
_DRAWING: web.AppKey[asyncio.Semaphore] = web.AppKey("drawing", asyncio.Semaphore)
_READINESS: "web.AppKey[_Readiness]" = web.AppKey("readiness")


def make_app(parts: Parts) -> web.Application:
    """The routes over assembled parts. Starting and stopping the parts is ``serve``'s."""
    app = web.Application(client_max_size=MAX_BODY, middlewares=[_safely])
    app[PARTS] = parts
    app[_READINESS] = _Readiness(parts)
    app[_DRAWING] = asyncio.Semaphore(_DRAWN_AT_ONCE)
    app.add_routes(
        [
            web.get("/healthz", _healthz),
            web.get("/readyz", _readyz),
            web.get("/metrics", _metrics),
            web.get(r"/charts/{token:[\w-]+}.png", _chart),
            web.get(r"/files/{token:[\w-]+}/{name}", _file),
            web.get(r"/calendar/{token:[\w-]+}.ics", _feed, name="feed"),
            web.post("/mandates", _mandates(parts).post, name="mandates"),
        ]
    )
    for platform in parts.platforms.values():
        app.add_routes(platform.routes())
    return app


def _mandates(parts: Parts) -> MandateAddress:
    free = asyncio.Semaphore(POSTS_AT_ONCE)
    return MandateAddress(parts.store, read_apart, parts.now, parts.metrics.count_post, free)


async def serve(parts: Parts, *, is_clock: bool, on_ready: Callable[[int], None]) -> None:
    """Serve until SIGTERM or SIGINT, then end in good order. ``on_ready`` gets the port that was bound."""
    stopping = _stop_signal()
    running = Running(parts, is_listening=True, is_clock=is_clock)
    runner = web.AppRunner(make_app(parts), access_log=None, handle_signals=False, shutdown_timeout=5.0)
    await runner.setup()
    await running.start()
    try:
        await web.TCPSite(runner, parts.settings.host, parts.settings.port).start()
        on_ready(runner.addresses[0][1])
        await stopping.wait()
    finally:
        await runner.cleanup()  # first no new requests, then the work they began
        await running.stop()


async def run_clock(parts: Parts) -> None:
    """Tick and send until SIGTERM or SIGINT."""
    stopping = _stop_signal()
    running = Running(parts, is_listening=False, is_clock=True)
    await running.start()
    try:
        await stopping.wait()
    finally:
        await running.stop()


def _stop_signal() -> asyncio.Event:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    return stopping


@web.middleware
async def _safely(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Security headers on everything; a bug is a line in the log and a bare 500, never a trace on a page."""
    try:
        response = await handler(request)
    except web.HTTPException as error:
        error.headers.update(_HEADERS)
        raise
    except Exception as error:  # noqa: BLE001 - see above
        log.error("%s failed: %s", request.match_info.route.name or request.method, type(error).__name__)
        response = web.Response(status=500, text="That did not work.")
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


async def _healthz(request: web.Request) -> web.Response:
    """The process answers. Says so too where the machine's clock is off, for then Slack's requests are refused."""
    answer: dict[str, object] = {
        "status": "ok",
        "now": request.app[PARTS].now().isoformat(timespec="seconds"),
    }
    for name, platform in request.app[PARTS].platforms.items():
        skew = platform.clock_skew()
        if skew is not None and abs(skew) > MAX_SKEW_SECONDS:
            way = "ahead of" if skew > 0 else "behind"
            answer["clock"] = f"this machine's clock is {abs(skew):.0f} seconds {way} {name}'s"
    return web.json_response(answer)


async def _readyz(request: web.Request) -> web.Response:
    """200 where messages can be taken and sent, else 503 and what is wrong. Looked up at most every ten seconds."""
    faults = await request.app[_READINESS].faults()
    return web.json_response({"ready": not faults, **faults}, status=503 if faults else 200)


class _Readiness:
    """What keeps this process from doing its work, remembered for a while: anybody may ask, and asking costs calls."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._lock = asyncio.Lock()
        self._faults: dict[str, str] = {}
        self._good_until = 0.0

    async def faults(self) -> dict[str, str]:
        async with self._lock:
            if time.monotonic() >= self._good_until:
                self._faults = await self._look()
                self._good_until = time.monotonic() + READINESS_SECONDS
            return self._faults

    async def _look(self) -> dict[str, str]:
        faults: dict[str, str] = {}
        try:
            if not await asyncio.to_thread(self._parts.store.is_current):
                faults["database"] = "The tables are of another version. Run `throughline migrate`."
        except Exception as error:  # noqa: BLE001 - whatever it is, the database does not answer
            faults["database"] = f"The database does not answer ({type(error).__name__})."
        for name, platform in self._parts.platforms.items():
            wrong = await platform.check()
            if wrong:
                faults[name] = wrong
        return faults


async def _metrics(request: web.Request) -> web.Response:
    text = await asyncio.to_thread(request.app[PARTS].metrics.text)
    return web.Response(body=text, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


def _draw(block: Chart) -> bytes:
    # matplotlib takes half of every command's start, and few commands draw: it is loaded with the first chart.
    from bot.render import chart

    return chart.draw(block)


async def _chart(request: web.Request) -> web.Response:
    block = await asyncio.to_thread(find_block, request.app[PARTS].store, request.match_info["token"])
    if not isinstance(block, Chart):
        raise web.HTTPNotFound(text="There is nothing here.")
    async with request.app[_DRAWING]:
        picture = await asyncio.to_thread(_draw, block)
    # What a token stands for never changes.
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}
    return web.Response(body=picture, content_type="image/png", headers=headers)


async def _file(request: web.Request) -> web.Response:
    parts, token = request.app[PARTS], request.match_info["token"]
    block = await asyncio.to_thread(find_block, parts.store, token)
    if not isinstance(block, Download) or block.name != request.match_info["name"]:
        raise web.HTTPNotFound(text="There is nothing here.")
    if block.is_opened_late:
        return await _opened(parts, token)
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(block.name, safe='')}",
    }
    charset = "utf-8" if block.media_type.startswith("text/") else None
    return web.Response(body=bytes_of(block), content_type=block.media_type, charset=charset, headers=headers)


async def _opened(parts: Parts, token: str) -> web.Response:
    """A file as somebody sent it, or all that is kept about somebody: taken along, never shown as a page of ours."""
    file = await asyncio.to_thread(open_attached, parts.store, token, parts.now())
    if file is None:
        raise web.HTTPGone(
            text="This address opens nothing any more. Where you got it, ask once more: Original on a memo, or "
            "“export my data”."
        )
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return web.Response(body=file.data, content_type=file.media_type, headers=headers)


async def _feed(request: web.Request) -> web.Response:
    """A person's own calendar. Whoever has the address has the calendar; an unknown one is as one never given out."""
    parts = request.app[PARTS]
    body = await asyncio.to_thread(read_feed, parts.store, request.match_info["token"], parts.now())
    if body is None:
        raise web.HTTPNotFound(text="There is nothing here.")
    mark = ETag(hashlib.sha256(body).hexdigest()[:32])
    headers = {"Cache-Control": "private, no-cache", "ETag": f'"{mark.value}"'}
    known = request.if_none_match or ()
    if any(one.value in (mark.value, "*") for one in known):
        return web.Response(status=304, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="throughline.ics"'
    return web.Response(body=body, content_type="text/calendar", charset="utf-8", headers=headers)
