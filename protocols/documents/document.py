"""What a reader makes of a file, and the sentences it has for one that it cannot read."""

from dataclasses import dataclass
from enum import StrEnum

MAX_BYTES = 20_000_000
"""Of a file. The largest circulars with pictures are a few megabytes."""
MAX_TEXT = 400_000
"""Characters taken of one memo: twice the largest met so far. More is refused, never cut in silence."""
MAX_UNPACKED = 150_000_000
"""Bytes to which a packed file may unpack."""


class Kind(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"
    MAIL = "mail"
    TEXT = "text"


KIND_NAMES = {
    Kind.PDF: "PDF",
    Kind.DOCX: "Word document (DOCX)",
    Kind.HTML: "web page",
    Kind.MAIL: "e-mail",
    Kind.TEXT: "text",
}
READABLE = "PDF, Word (DOCX), web pages (HTML), e-mails (EML) and plain text"


@dataclass(frozen=True, slots=True)
class Document:
    """A file as text.

    ``text`` has a paragraph or heading a line with a blank line after it, the items of a list and the rows of a table
    ("a | b | c") a line each. ``notes`` are sentences about what of the file is not in the text; ``attached`` are the
    names of the files that hang on it, read or not.
    """

    text: str
    kind: Kind
    notes: tuple[str, ...] = ()
    attached: tuple[str, ...] = ()


class DocumentFault(Exception):
    """A file that cannot be read. The text is a sentence or two: why, and what to do. It never quotes the file."""


EMPTY = "There is nothing in it. Send the file again, or paste its words as a message."
NO_WORDS = "I found no words in it. Paste its words as a message."
DAMAGED = (
    "It is damaged, so I can't read it. Save it again as a PDF or DOCX, or paste its words as a message."
)
LOCKED = (
    "It is locked with a password, so I can't read it. Save a copy without the password and send that, or paste its "
    "words as a message."
)
SCANNED = (
    "Its pages are pictures: a scan, or a photograph, with no letters that I could read. Send the file it was printed "
    "from, or paste its words as a message."
)
TOO_MUCH = (
    "It takes longer to read than I can spare. Send the part that asks for something, or paste its words as a "
    "message."
)
TOO_LARGE = (
    f"It is larger than {MAX_BYTES // 1_000_000} MB, which is more than I read at once. Send it without its pictures, "
    "or paste its words as a message."
)
TOO_LONG = (
    f"It holds more than {MAX_TEXT:,} characters, which is more than I read at once. Send it in parts, or the part "
    "that asks for something."
)
UNPACKS_TOO_LARGE = (
    "Small as it is, it unpacks to more than I can hold, so I left it unread. Save it again as a PDF, or paste its "
    "words as a message."
)
