"""Who may call the playground: pages that this machine's own browser opened from it, and nobody else.

It knows no passwords, so it listens on loopback only. A web page elsewhere could still make the browser call it: by
a form (a foreign ``Origin``) or by a name of its own that resolves to 127.0.0.1 (a foreign ``Host``). Both are refused.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from bot.settings import is_loopback

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS = {
    "Cache-Control": "no-store",  # going back fetches the page again, with new keys in its forms
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",  # with no-referrer, browsers send "Origin: null" with our own forms
    "X-Content-Type-Options": "nosniff",
}


def guarded(handler: Handler) -> Handler:
    """The handler, called only for requests of the playground's own pages."""

    async def guard(request: web.Request) -> web.StreamResponse:
        why = foreign(request)
        if why is not None:
            return web.Response(status=403, text=why, headers=HEADERS)
        response = await handler(request)
        response.headers.update(HEADERS)
        return response

    return guard


def foreign(request: web.Request) -> str | None:
    """Why the request is not from the playground's own pages, or None."""
    if not is_loopback(_host(request.host)):
        return "The playground answers to 127.0.0.1 and localhost only. Open it under one of these names."
    if request.method in ("GET", "HEAD"):
        return None
    origin = request.headers.get("Origin")
    is_own = origin is None or _place(origin) == request.host.lower()
    if not is_own or request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return "That came from another page. Use the playground's own page."
    return None


def _host(place: str) -> str:
    try:
        return urlsplit(f"//{place}").hostname or ""
    except ValueError:
        return ""


def _place(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
