"""What came in, as it came: the bytes of every memo, kept before anything is read of them."""

from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import long_text


class OriginalRow(SQLModel, table=True):
    """Something that was sent in, and what became of it; the bytes are never changed. See ``storage/originals.py``."""

    __tablename__ = "original"
    # Of rows without a reference any number may stand beside each other: NULL is like no other NULL.
    __table_args__ = (
        UniqueConstraint("source", "source_ref"),
        Index("original_state", "state", "received_at"),
        Index("original_sha256", "sha256"),
    )
    id: int | None = Field(default=None, primary_key=True)
    name: str  # the file's own; empty for what has none
    media_type: str  # as whoever sent it says; readers look at the bytes
    sha256: str  # of the bytes, in hexadecimal
    size: int  # bytes
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    source: str  # pasted | forwarded | file | web | feed | mail | post | form
    source_ref: str | None = None  # by which the source names it; the same twice is one original
    unit: str = ""
    sender_id: int | None = Field(default=None, foreign_key="person.id")
    sender: str = ""  # who sent it in the source's words, where that is nobody in the roster
    received_at: datetime
    state: str = "kept"  # kept | read | unreadable
    why: str = long_text(default="")  # why it is unreadable, or why no memo came of it
    mandate_id: int | None = Field(default=None, foreign_key="mandate.id")
    read_at: datetime | None = None
    let_go_at: datetime | None = None  # when its bytes went, by their term; what is said about it stays
