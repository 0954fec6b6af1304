"""What a posted form of the playground holds."""

import asyncio

from aiohttp import web

from bot.playground.uploads import Upload, read_uploads
from protocols.documents.document import MAX_BYTES, MAX_TEXT

MAX_FORM = 12 * MAX_TEXT
"""Bytes of a form: the longest text taken, each letter of it three escaped bytes, and room for what is refused."""
MAX_UPLOAD = MAX_FORM + 2 * MAX_BYTES
"""Bytes of a form with files: one that is somewhat too large is told so by name, not by a broken connection."""


async def read_form(
    request: web.Request, uploads: list[Upload] | None = None
) -> list[tuple[str, str]] | None:
    """The pairs of a posted form in their order; None where it is too large or no form. Files go to ``uploads``."""
    roomy = request.clone(client_max_size=MAX_FORM if uploads is None else MAX_UPLOAD)
    try:
        posted = await roomy.post()
    except (web.HTTPRequestEntityTooLarge, ValueError, LookupError, AssertionError):
        return None
    if uploads is not None:
        uploads += await asyncio.to_thread(read_uploads, posted)
    return [(name, value) for name, value in posted.items() if isinstance(value, str)]


def one_of(form: list[tuple[str, str]], name: str) -> str:
    return next((value for key, value in form if key == name), "")


def number_of(words: str) -> int | None:
    return int(words) if words.isascii() and words.isdigit() and len(words) < 12 else None
