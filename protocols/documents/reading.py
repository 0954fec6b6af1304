"""Bytes in, a document out: looks at what kind they are, and has the reader of that kind read them.

Takes whatever may come from a stranger. It is run in a process of its own all the same, with a clock and a ceiling
(``bot/services/reading_apart.py``), because the libraries behind it were not made for enemies.
"""

import re
from collections.abc import Callable

from protocols.documents.document import (
    DAMAGED,
    MAX_TEXT,
    NO_WORDS,
    TOO_LONG,
    TOO_MUCH,
    Document,
    DocumentFault,
    Kind,
)
from protocols.documents.docx import read_docx
from protocols.documents.html import read_html
from protocols.documents.hyphens import heal
from protocols.documents.kinds import kind_of
from protocols.documents.mail import read_mail
from protocols.documents.pdf import read_pdf
from protocols.documents.plain import read_plain

Notes = tuple[str, ...]


def _plain(data: bytes) -> tuple[str, Notes]:
    return heal(read_plain(data) or ""), ()


_READERS: dict[Kind, Callable[[bytes], tuple[str, Notes]]] = {
    Kind.PDF: read_pdf,
    Kind.DOCX: read_docx,
    Kind.HTML: read_html,
    Kind.TEXT: _plain,
}


def read_document(data: bytes) -> Document:
    """The file as text. Raises ``DocumentFault`` for what cannot be read, with the sentence for whoever sent it."""
    kind = kind_of(data)
    attached: Notes = ()
    try:
        if kind is Kind.MAIL:
            text, notes, attached = read_mail(data, read_attachment=read_document)
        else:
            text, notes = _READERS[kind](data)
    except DocumentFault:
        raise
    except (RecursionError, MemoryError):
        raise DocumentFault(TOO_MUCH) from None
    except Exception:  # noqa: BLE001 - over a broken file the libraries stumble in ways that they do not name
        raise DocumentFault(DAMAGED) from None
    text = text.encode(errors="replace").decode()  # halves of letters, which no database keeps
    if len(text) > MAX_TEXT:
        raise DocumentFault(TOO_LONG)
    if not re.search(r"[^\W\d_]{2,}", text):
        raise DocumentFault(NO_WORDS)
    return Document(text, kind, notes, attached)
