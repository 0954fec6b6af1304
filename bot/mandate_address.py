"""POST /mandates: a unit's own program sends a memo, as JSON, as a file in a form, or as bare text.

The token is looked at before the body is read. Bodies are counted as they come. What was sent is kept before it is
read; the reading, in a process of its own, and the database are no business of the event loop.
"""

import asyncio
import codecs
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.fetched_memos import ReadDocument, read_or_fault
from handlers.intake import mandate_posts
from handlers.intake.arrivals import is_open
from handlers.intake.mandate_posts import LONGEST_REF, LONGEST_TITLE, Accepted, Admitted, Posted, RefusedError
from protocols.documents.document import MAX_BYTES, MAX_TEXT, Document
from storage.database import Store, StoreBusyError

MAX_FIELD = 2_000
"""Bytes of a field of a form other than its file and its text."""
AT_ONCE = 4
"""Requests worked on at a time in this process; others wait."""
_ENCODINGS = frozenset(
    {"utf-8", "ascii", "utf-16", "utf-16-le", "utf-16-be", "iso8859-1", "iso8859-15", "cp1252"}
)
"""What texts are written in. Others that Python knows were not made for it: one takes the square of a text's length."""
_TAKEN = "Send JSON (application/json), a form with a file (multipart/form-data) or bare text (text/plain)."
_MALFORMED = (
    ValueError,
    AssertionError,
    EOFError,
    LookupError,
    RuntimeError,
    web.HTTPException,
    HttpProcessingError,
)
"""What aiohttp raises on forms that are none."""
_MUCH = f"That is more than {MAX_BYTES // 1_000_000} MB. Send the part that asks for something."
_SENTENCES = {
    "title": f"title is a text of at most {LONGEST_TITLE} characters.",
    "text": f"text is the memo's own words, at most {MAX_TEXT:,} characters.",
    "unit": "unit is the name of the office, as a text.",
    "date": "date is the memo's own day, like 2026-11-20.",
    "ref": f"ref is your own name for the memo, a text of at most {LONGEST_REF} characters.",
}


class MemoBody(BaseModel):
    """What may stand beside a memo; of JSON also the memo itself. Other keys are passed over."""

    model_config = ConfigDict(extra="ignore", strict=True)

    title: str = Field(default="", max_length=LONGEST_TITLE)
    text: str = Field(default="", max_length=MAX_TEXT)
    unit: str = Field(default="", max_length=200)
    date: Day | None = Field(default=None, strict=False)
    ref: str = Field(default="", max_length=LONGEST_REF)

    @field_validator("title", "unit", "ref")
    @classmethod
    def _is_one_line(cls, value: str) -> str:
        return " ".join(value.replace("\x00", "").split()).encode(errors="replace").decode()

    @field_validator("title", "text", "unit", "ref", mode="before")
    @classmethod
    def _none_is_nothing(cls, value: object) -> object:
        return "" if value is None else value

    @field_validator("date", mode="before")
    @classmethod
    def _is_a_day(cls, value: object) -> object:
        if value in (None, ""):
            return None
        if not isinstance(value, str):
            raise ValueError("no text")
        return Day.fromisoformat(value)


@dataclass(frozen=True, slots=True)
class File:
    data: bytes
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class MandateAddress:
    """The address over a store; ``read`` makes words of a file."""

    store: Store
    read: ReadDocument
    now: Callable[[], datetime]
    count: Callable[[str], None]
    free: asyncio.Semaphore

    async def post(self, request: web.Request) -> web.Response:
        """201 with ``{"id", "demands", "known"}``, or what is wrong as ``{"error"}``."""
        try:
            accepted = await self._take(request)
            answer: dict[str, object] = {
                "id": accepted.id,
                "demands": accepted.demands,
                "known": accepted.known,
            }
            if accepted.notes:
                answer["notes"] = list(accepted.notes)
            response = web.json_response(answer, status=201)
        except RefusedError as error:
            response = web.json_response({"error": str(error)}, status=error.status)
            if error.status == 401:
                response.headers["WWW-Authenticate"] = "Bearer"
            if error.wait is not None:
                response.headers["Retry-After"] = str(int(error.wait.total_seconds()) + 1)
        except StoreBusyError:
            said = "I am busy with something large. Send it again in a minute."
            response = web.json_response({"error": said}, status=503, headers={"Retry-After": "60"})
        response.headers["Cache-Control"] = "no-store"
        self.count(str(response.status))
        return response

    async def _take(self, request: web.Request) -> Accepted:
        admitted = await asyncio.to_thread(mandate_posts.admit, self.store, _token(request), self.now())
        body, file = await _read_request(request)
        if body.unit and body.unit.casefold() != admitted.unit.casefold():
            raise RefusedError(
                422, f"That token is of {admitted.unit}. Leave unit out, or use your own office's token."
            )
        if file is None and not body.text.strip():
            raise RefusedError(422, f"There is no memo in it: {_SENTENCES['text']}")
        async with self.free:
            return await asyncio.to_thread(self._work, admitted, body, file)

    def _work(self, admitted: Admitted, body: MemoBody, file: File | None) -> Accepted:
        original = mandate_posts.keep(self.store, admitted, _posted(body, file), self.now())
        if not is_open(original):
            return mandate_posts.answer_again(self.store, original)
        if file is None:
            words = mandate_posts.compose(body.text, title=body.title, day=body.date)
            return mandate_posts.take(self.store, original, mandate_posts.as_document(words), self.now())
        found = read_or_fault(self.read, file.data)
        if isinstance(found, Document):
            found = mandate_posts.with_head(found, title=body.title, day=body.date)
        return mandate_posts.take(self.store, original, found, self.now())


def _posted(body: MemoBody, file: File | None) -> Posted:
    if file is not None:
        return Posted(file.data, file.name, file.media_type, body.ref)
    words = mandate_posts.compose(body.text, title=body.title, day=body.date)
    return Posted(words.encode(), f"{body.title[:80] or 'memo'}.txt", "text/plain; charset=utf-8", body.ref)


def _token(request: web.Request) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.casefold() == "bearer" and token.strip().isascii() else None


async def _read_request(request: web.Request) -> tuple[MemoBody, File | None]:
    """What was sent. Raises ``RefusedError``: 413 too large, 415 of another kind, 422 not as it should be."""
    if (request.content_length or 0) > MAX_BYTES + MAX_TEXT:
        raise RefusedError(413, _MUCH)
    match request.content_type:
        case "application/json":
            return _body(_json(await _bytes(request))), None
        case "text/plain":
            text = _text(await _bytes(request), request.charset)
            return _body({**request.query, "text": text}), None
        case "multipart/form-data":
            return await _form(request)
        case _:
            raise RefusedError(415, _TAKEN)


async def _bytes(request: web.Request) -> bytes:
    data = bytearray()
    async for chunk in request.content.iter_any():
        data += chunk
        if len(data) > MAX_BYTES:
            raise RefusedError(413, _MUCH)
    return bytes(data)


def _json(data: bytes) -> dict[str, object]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise RefusedError(422, 'That is not JSON. Send an object like {"title": …, "text": …}.') from None
    if not isinstance(found, dict):
        raise RefusedError(422, 'That JSON is no object. Send one like {"title": …, "text": …}.')
    return found


def _text(data: bytes, charset: str | None) -> str:
    try:
        if codecs.lookup(charset or "utf-8").name not in _ENCODINGS:
            raise LookupError(charset)
        return data.decode(charset or "utf-8")
    except (UnicodeDecodeError, LookupError):
        raise RefusedError(
            422, "The text is not in the encoding that Content-Type names. Send UTF-8."
        ) from None


def _body(values: Mapping[str, object]) -> MemoBody:
    try:
        body = MemoBody.model_validate(dict(values))
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0]) if error.errors()[0]["loc"] else "text"
        raise RefusedError(422, _SENTENCES.get(name, _SENTENCES["text"])) from None
    return body.model_copy(update={"text": body.text.encode(errors="replace").decode()})


async def _form(request: web.Request) -> tuple[MemoBody, File | None]:
    values: dict[str, object] = {}
    file: File | None = None
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                raise RefusedError(422, "A form within a form is more than I read. Send one file.")
            if "Content-Encoding" in part.headers:  # what is packed small may be large
                raise RefusedError(415, "Send the file as it is, not packed.")
            if part.filename is not None:
                if file is not None:
                    raise RefusedError(422, "Send one file at a time: each is a memo of its own.")
                data = await _part(part, MAX_BYTES, _MUCH)
                media_type = part.headers.get("Content-Type", "")[:200]
                file = File(data, part.filename.replace("\x00", "")[-120:], media_type)
            elif part.name in MemoBody.model_fields:
                most = MAX_TEXT * 4 if part.name == "text" else MAX_FIELD
                values[part.name] = _text(await _part(part, most, _SENTENCES[part.name]), None)
            else:
                await _part(part, MAX_BYTES, _MUCH)
    except _MALFORMED:
        raise RefusedError(422, "That form cannot be read: it is cut off or malformed.") from None
    return _body(values), file


async def _part(part: BodyPartReader, most: int, sentence: str) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(65_536):
        data += chunk
        if len(data) > most:
            raise RefusedError(413, sentence)
    return bytes(part.decode(bytes(data)))
