"""Which kind of file bytes are: told by the bytes, never by a name, which anybody may have changed.

Files of kinds that are not read are named, with the way that is open: "save it as a PDF".
"""

import io
import re
import zipfile

from protocols.documents.document import (
    DAMAGED,
    EMPTY,
    LOCKED,
    MAX_BYTES,
    MAX_UNPACKED,
    READABLE,
    TOO_LARGE,
    UNPACKS_TOO_LARGE,
    DocumentFault,
    Kind,
)
from protocols.documents.plain import decode, front_of

HEAD = 4096
"""Bytes at the front of a file that say what it is."""
MAX_PARTS = 10_000
"""Files inside a packed one."""

_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKED = (b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_SOUNDS = (b"ID3", b"OggS", b"fLaC", b"\x1aE\xdf\xa3")

_PICTURE = (
    "It is a picture, and I read no pictures. Paste the words that are on it as a message, or send the file "
    "they come from."
)
_SOUND = "It is a recording, and I read words only. Send its words as a message."
_UNPACK = "It is an archive. Unpack it, and send me the files that are memos one by one."
_OLD_WORD = (
    "It is in a format of Office from before 2007, which I can't read. Save it as DOCX or PDF, and send that."
)
_OUTLOOK = (
    "It is an Outlook message (MSG), which I can't read. Save it as EML or PDF, or forward the mail's words."
)
_SHEET = "It is a spreadsheet, which I don't read as a memo. Save it as a PDF, and send that."
_SLIDES = "It is a presentation, which I don't read as a memo. Save it as a PDF, and send that."
_OPEN_TEXT = "It is an OpenDocument text, which I can't read. Save it as DOCX or PDF, and send that."
_RTF = "It is in rich text format (RTF), which I can't read. Save it as DOCX or PDF, and send that."
_OTHER = f"It is no kind of file that I read. I read {READABLE}."

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?>.*?-->)\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_TAGGED = re.compile(r"\s*<(?:p|div|table|h[1-6]|ul|ol|span|meta|style|title|article|section)\b[^<>]*>", re.I)
_CLOSED = re.compile(r"</(?:p|div|table|h[1-6]|ul|ol|span|article|section|title|td|li)>", re.I)
_HEADER = re.compile(r"[!-9;-~]+:(?:[ \t]|$)")
_OF_MAIL = frozenset(
    {"received", "return-path", "delivered-to", "message-id", "mime-version", "content-type", "x-mailer"}
    | {"content-transfer-encoding", "dkim-signature", "authentication-results", "arc-seal", "x-received"}
)
"""Headers that no person types: a memo, too, begins with From, To, Date and Subject."""


def kind_of(data: bytes) -> Kind:
    """The kind of the bytes. Raises ``DocumentFault`` for what is empty, too large, or of a kind that is not read."""
    if len(data) > MAX_BYTES:
        raise DocumentFault(TOO_LARGE)
    head = data[:HEAD]
    if not data.strip(b"\x00 \t\r\n\f\x0b"):
        raise DocumentFault(EMPTY)
    if b"%PDF-" in head[:1024]:
        return Kind.PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _kind_of_packed(data)
    if head.startswith(_OLE):
        raise DocumentFault(_say_ole(data))
    _refuse_others(head)
    text = decode(front_of(data, HEAD))
    if text is None:
        raise DocumentFault(_OTHER)
    if text.lstrip().startswith("{\\rtf"):
        raise DocumentFault(_RTF)
    if _HTML.match(text) or (_TAGGED.match(text) and _CLOSED.search(text)):
        return Kind.HTML
    return Kind.MAIL if _is_mail(text) else Kind.TEXT


def is_text(data: bytes) -> bool:
    """Whether the bytes are plain text, an empty one among them."""
    try:
        return kind_of(data) is Kind.TEXT
    except DocumentFault as fault:
        return str(fault) == EMPTY


def check_packed(data: bytes) -> zipfile.ZipFile:
    """The archive, if it is whole and unpacks to no more than is allowed. Raises ``DocumentFault``.

    What a part says of its own size holds: no more than that is ever unpacked of it.
    """
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
        parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, RecursionError):
        raise DocumentFault(DAMAGED) from None
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise DocumentFault(UNPACKS_TOO_LARGE)
    if any(part.flag_bits & 1 for part in parts):
        raise DocumentFault(LOCKED)
    return packed


def _kind_of_packed(data: bytes) -> Kind:
    names = {name.lower() for name in check_packed(data).namelist()}
    if "word/document.xml" in names or any(re.fullmatch(r"word/document\d*\.xml", name) for name in names):
        return Kind.DOCX
    if any(name.startswith("xl/") for name in names):
        raise DocumentFault(_SHEET)
    if any(name.startswith("ppt/") for name in names):
        raise DocumentFault(_SLIDES)
    if {"content.xml", "mimetype"} <= names:
        raise DocumentFault(_OPEN_TEXT)
    raise DocumentFault(_UNPACK if names else EMPTY)


def _say_ole(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return LOCKED
    return _OUTLOOK if "__properties_version1".encode("utf-16-le") in data else _OLD_WORD


def _refuse_others(head: bytes) -> None:
    is_riff, is_boxed = head.startswith(b"RIFF"), head[4:8] == b"ftyp"
    brand = head[8:12]
    if (
        head.startswith(_PICTURES)
        or (is_riff and brand == b"WEBP")
        or (is_boxed and brand[:3] in (b"hei", b"mif", b"avi"))
    ):
        raise DocumentFault(_PICTURE)
    if head.startswith(_SOUNDS) or is_riff or is_boxed:
        raise DocumentFault(_SOUND)
    if head.startswith(_PACKED):
        raise DocumentFault(_UNPACK)


def _is_mail(text: str) -> bool:
    """Whether the text begins with a mail's headers, one of them at least a machine's."""
    lines = text.lstrip("\r\n").splitlines()
    if lines and lines[0].startswith("From "):  # the envelope line of a mail folder
        lines = lines[1:]
    names: list[str] = []
    for line in lines:
        if not line.strip():
            break
        if line[:1] in " \t" and names:
            continue
        if not _HEADER.match(line):
            return False
        names.append(line.partition(":")[0].lower())
    return len(names) >= 2 and not _OF_MAIL.isdisjoint(names)
