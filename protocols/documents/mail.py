"""Mails (EML): from whom, about what and when; what is written in them; and what hangs on them, read as well.

The head stands above the text as on a memo (From, Date, To, Subject), so that whoever reads memos finds it. Of a mail
written twice, as text and as a page, the fuller one is read: offices' programs leave "your program shows no HTML" in
the other.
"""

import email
import email.policy
import re
from collections.abc import Callable, Iterator
from email.errors import MessageError
from email.message import Message
from email.utils import parsedate_to_datetime

from protocols.documents.document import Document, DocumentFault
from protocols.documents.html import read_html
from protocols.documents.hyphens import heal
from protocols.documents.plain import decode, tidy

MOST_PARTS = 500
DEEPEST = 6
"""Mails that are forwarded in mails."""
MOST_ATTACHMENTS = 20
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_HEAD = ("From", "Date", "To", "Cc", "Subject")
LONGEST_FIELD = 300
"""Characters of a line of the head: of five hundred recipients a few will do."""
_PICTURE = re.compile(r"image/(?:png|jpeg|gif|svg\+xml|bmp|webp|x-icon)", re.I)
SMALL_PICTURE = 60_000
"""Bytes up to which a picture is an ornament of the mail: a mark, a signature's icon."""
_STUMBLES = (ValueError, LookupError, MessageError, AttributeError, TypeError, RecursionError)
"""What the standard library raises over heads and names that are none; the rest of the mail is read all the same."""
_LEFT_OUT = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
)

Mail = Message
ReadAttachment = Callable[[bytes], Document]


Read = tuple[str, tuple[str, ...], tuple[str, ...]]


def read_mail(data: bytes, *, read_attachment: ReadAttachment) -> Read:
    """The mail's text with what hangs on it under it, notes about what of that could not be read, and its names."""
    if data.startswith(b"From "):
        data = data.partition(b"\n")[2]
    reader = _Reader(read_attachment)
    blocks = reader.read(email.message_from_bytes(data, policy=email.policy.default), 0)
    text = "\n\n".join(block for block in blocks if block)
    return text, tuple(dict.fromkeys(reader.notes)), tuple(reader.names)


class _Reader:
    """One mail with everything in it. Counts what it meets, so that no mail is endless."""

    def __init__(self, read_attachment: ReadAttachment) -> None:
        self._read_attachment = read_attachment
        self._parts = 0
        self._attachments = 0
        self.notes: list[str] = []
        self.names: list[str] = []

    def read(self, mail: Mail, depth: int) -> Iterator[str]:
        """Head, text and attachments of one mail."""
        yield _head(mail)
        pages: list[str] = []
        plain: list[str] = []
        others: list[tuple[Mail, int]] = []
        self._sort(mail, depth, plain, pages, others)
        page, text = "\n\n".join(filter(None, pages)), "\n\n".join(filter(None, plain))
        yield page if len(page.split()) > 1.2 * len(text.split()) or not text else text
        for part, level in others:
            yield from self._attached(part, level)

    def _sort(
        self,
        part: Mail,
        depth: int,
        plain: list[str],
        pages: list[str],
        others: list[tuple[Mail, int]],
    ) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            return
        kind = _kind(part)
        is_attached = _is_attachment(part) or (_name(part) and kind != "text/plain")
        if kind == "message/rfc822" or (is_attached and not part.is_multipart()):
            others.append((part, depth))
        elif part.is_multipart():
            for inner in part.get_payload():
                if isinstance(inner, Message):
                    self._sort(inner, depth, plain, pages, others)
        elif kind == "text/html":
            pages.append(self._page(part))
        elif kind.startswith(("text/", "multipart/")) and kind != "text/calendar":
            plain.append(_plain(part))
        elif kind not in _LEFT_OUT:
            others.append((part, depth))

    def _page(self, part: Mail) -> str:
        try:
            text, notes = read_html(_bytes(part), charset=part.get_content_charset())
        except DocumentFault:
            return ""
        self.notes += notes
        return text

    def _attached(self, part: Mail, depth: int) -> Iterator[str]:
        name = _name(part)
        called = f"“{name}”" if name else "an attachment without a name"
        if _kind(part) == "message/rfc822":
            yield from self._forwarded(part, called, depth)
            return
        data = _bytes(part)
        if _PICTURE.fullmatch(_kind(part)) and len(data) <= SMALL_PICTURE:
            return
        if _kind(part) in _LEFT_OUT:
            return
        self._attachments += 1
        self.names.append(name)
        if self._attachments > MOST_ATTACHMENTS:
            self.notes.append(
                f"More than {MOST_ATTACHMENTS} files hang on it; I read the first {MOST_ATTACHMENTS}."
            )
            return
        try:
            document = self._read_attachment(data)
        except DocumentFault as fault:
            self.notes.append(f"I could not read {called}, which hangs on it. {fault}")
            return
        self.notes += (f"{called}: {note}" for note in document.notes)
        yield f"Attached: {name or 'a file'}"
        yield document.text

    def _forwarded(self, part: Mail, called: str, depth: int) -> Iterator[str]:
        inner = part.get_payload(0) if part.is_multipart() else None
        if depth >= DEEPEST or not isinstance(inner, Message):
            self.notes.append(f"I could not read {called}, which hangs on it.")
            return
        yield "Forwarded:"
        yield from self.read(inner, depth + 1)


def _head(mail: Mail) -> str:
    lines = []
    for name in _HEAD:
        words = _field(mail, name)
        if words:
            lines.append(f"{name}: {words}")
    return "\n".join(lines)


def _field(mail: Mail, name: str) -> str:
    """A line of the head, decoded; empty where there is none or nobody can read it."""
    try:
        words = tidy(" ".join(str(mail.get(name) or "").split()))
    except _STUMBLES:
        return ""
    if name == "Date":
        return _say_day(words)
    return words if len(words) <= LONGEST_FIELD else words[:LONGEST_FIELD].rsplit(",", 1)[0]


def _say_day(words: str) -> str:
    """The day, as a memo writes it; the hour at which a mail left is of no use to its reader."""
    try:
        sent = parsedate_to_datetime(words)
    except (ValueError, TypeError, IndexError):
        return words
    return f"{sent.day} {_MONTHS[sent.month - 1]} {sent.year}"


def _name(part: Mail) -> str:
    try:
        return " ".join((part.get_filename() or "").split())[:120]
    except _STUMBLES:
        return ""


def _kind(part: Mail) -> str:
    try:
        return str(part.get_content_type())
    except _STUMBLES:
        return "application/octet-stream"


def _is_attachment(part: Mail) -> bool:
    try:
        return part.get_content_disposition() == "attachment"
    except _STUMBLES:
        return True


def _bytes(part: Mail) -> bytes:
    try:
        found = part.get_payload(decode=True)
    except _STUMBLES:
        return b""
    return found if isinstance(found, bytes) else b""


def _plain(part: Mail) -> str:
    """A text part, in its own encoding; lines that a program has broken to send them ("flowed") are whole again."""
    data = _bytes(part)
    try:
        text = data.decode(part.get_content_charset() or "ascii")
    except (LookupError, ValueError):
        text = decode(data) or data.decode("cp1252", "replace")
    if str(part.get_param("format") or "").lower() == "flowed":
        is_glued = str(part.get_param("delsp") or "").lower() == "yes"
        text = re.sub(r"(?m)^ (?=\S)", "", re.sub(r"(?<!^--) \r?\n", "" if is_glued else " ", text))
    return heal(tidy(text))
