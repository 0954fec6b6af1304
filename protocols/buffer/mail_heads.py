"""What the head of a mail says, as far as it decides what becomes of it: from whom, which mail it is, who wrote it."""

import re
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import parseaddr
from hashlib import sha256

LONGEST_HEAD = 256_000
"""Bytes of a mail that are looked at for its head."""
LONGEST_FIELD = 2_000
"""Characters of one header that are worked out: the library takes the square of their number, or a stack as deep."""
LONGEST_ID = 900
_FAILED = re.compile(r"\b(?:dmarc|spf|dkim)\s*=\s*(?P<result>\w+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MailHead:
    """``reference`` is the mail's Message-ID with a mark of its body, for some senders give every mail the same one.
    ``address`` is lower case, empty where it names nobody. ``is_automatic``: no person wrote it. ``is_unverified``: the
    server that took it in says that its sender is not who it claims to be."""

    reference: str
    address: str
    name: str
    subject: str
    is_automatic: bool
    is_unverified: bool


def read_head(data: bytes) -> MailHead:
    """The head of a mail, of however broken a one."""
    message = BytesParser(policy=policy.compat32).parsebytes(data[:LONGEST_HEAD], headersonly=True)
    name, address = _sender(_header(message, "From"))
    return MailHead(
        reference=f"{_header(message, 'Message-ID')[:LONGEST_ID]}#{_mark(data)}",
        address=address.strip().lower(),
        name=name.strip()[:200],
        subject=_header(message, "Subject")[:300],
        is_automatic=_is_automatic(message),
        is_unverified=_is_unverified(message),
    )


def _sender(field: str) -> tuple[str, str]:
    """Name and address; neither where brackets in brackets go deeper than the library can follow."""
    try:
        return parseaddr(field)
    except RecursionError:
        return "", ""


def _mark(data: bytes) -> str:
    """Of the body alone: the head of the same mail differs by the way it came."""
    parts = re.split(rb"\r?\n\r?\n", data, maxsplit=1)
    return sha256(parts[-1].strip()).hexdigest()[:16]


def _raw(message: Message, name: str) -> str:
    """The topmost header of that name as it came, its lines joined."""
    found = (str(text) for key, text in message.raw_items() if key.lower() == name.lower())
    return "".join(next(found, "").splitlines())


def _header(message: Message, name: str) -> str:
    """The header in one line; a broken one as far as it can be read, and empty where it cannot at all."""
    raw = _raw(message, name)[:LONGEST_FIELD]
    try:
        value = str(policy.default.header_factory(name, raw)) if raw else ""
    except (ValueError, IndexError, AttributeError, KeyError, TypeError, LookupError, RecursionError):
        value = raw  # the library stumbles over broken ones in many ways
    return _one_line(value)


def _one_line(value: str) -> str:
    return " ".join(value.replace("\x00", "").split()).encode(errors="replace").decode()


def _is_automatic(message: Message) -> bool:
    """RFC 3834: an answer of a machine, an out-of-office note, a report that a mail did not arrive."""
    said = _header(message, "Auto-Submitted").lower()
    kind = message.get_content_type()
    return said.startswith("auto-replied") or kind == "multipart/report"


def _is_unverified(message: Message) -> bool:
    """Only the topmost result counts: those below may have been written by whoever sent it. DMARC decides where it
    is there; else a mail counts as nobody's if both SPF and DKIM fail."""
    first = _raw(message, "Authentication-Results").lower()  # whole: what fails may stand at its end
    results = {found[0].partition("=")[0].strip(): found["result"] for found in _FAILED.finditer(first)}
    if "dmarc" in results:
        return results["dmarc"] == "fail"
    return results.get("spf") == "fail" and results.get("dkim", "fail") == "fail"
