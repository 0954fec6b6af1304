"""What is said and what was heard: the outbox, events from the platforms, what is waited for."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import json_object, long_text, partial_index

WAITS = "state || '' = 'queued'"
"""Whether a message waits, in words that ``message_due`` does not fit: PostgreSQL plans by figures of yesterday, by
which next to nothing waits, and would read a whole district's messages for each one that a sender takes."""


class MessageRow(SQLModel, table=True):
    """The outbox: what is to be said, committed with the change that caused it. See ``storage/outbox.py``."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("recipient_id", "kind", "period"),
        Index("message_due", "state", "not_before"),
        Index("message_kind", "kind", "period"),
        partial_index("message_lost", "id", where="state IN ('failed', 'unknown')"),
        partial_index("message_next", "asked", "not_before", "id", where=WAITS),
        partial_index("message_line", "recipient_id", "id", where=WAITS),
        Index("message_recipient", "recipient_id", "id"),
        Index("message_reached", "recipient_id", "sent_at"),
        Index("message_place", "place_id"),
        Index("message_origin", "origin_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    recipient_id: int = Field(foreign_key="person.id")
    kind: str
    period: str
    card: str = long_text()
    asked: bool  # an answer to what this person just said or pressed; never held back
    subject: str = ""  # what it is about (run:12); the sender asks whether it still makes sense
    place_id: int | None = Field(default=None, foreign_key="message.id")  # shown in place of that message
    window: str = (
        ""  # in which window of the platform's it is shown while that is open (a modal); else in the chat
    )
    origin_id: int | None = Field(
        default=None, foreign_key="message.id"
    )  # the place from which the window was opened
    thread: str = ""  # under whose first message it belongs (run:12), where a platform has threads
    state: str = "queued"  # queued | claimed | sent | failed | unknown | dropped | merged
    why: str = ""  # why it failed or was dropped
    not_before: datetime
    waits_for: str = ""  # why it is held for the next message that may go (away, rate, budget); else empty
    expires_at: datetime | None = None
    claimed_by: str | None = None
    lease_until: datetime | None = None
    attempts: int = 0
    platform: str | None = None
    platform_ref: dict[str, Any] = json_object()
    created_at: datetime
    sent_at: datetime | None = None


class AttachmentRow(SQLModel, table=True):
    """The unguessable address of a chart or file in a message's card; ``position`` is its place among the blocks."""

    __tablename__ = "attachment"
    __table_args__ = (UniqueConstraint("message_id", "position"),)
    token: str = Field(primary_key=True)
    message_id: int = Field(foreign_key="message.id")
    position: int


class InboundRow(SQLModel, table=True):
    """Events already acted on, by every key a platform may repeat them under."""

    __tablename__ = "inbound"
    __table_args__ = (Index("inbound_at", "at"),)
    key: str = Field(primary_key=True)
    at: datetime


class KeptInboundRow(SQLModel, table=True):
    """An event that was acknowledged and not worked on yet. It goes in the transaction that acts on it."""

    __tablename__ = "kept_inbound"
    key: str = Field(primary_key=True)
    body: str = long_text()
    at: datetime


class ExpectationRow(SQLModel, table=True):
    """What a person's next plain words answer. One at a time; asking something else replaces it."""

    __tablename__ = "expectation"
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    topic: str
    args: dict[str, Any] = json_object()
    since: datetime


class ChatLineRow(SQLModel, table=True):
    """What people wrote or pressed in the playground, so that its page can show both sides of a chat."""

    __tablename__ = "chat_line"
    __table_args__ = (Index("chat_line_person", "person_id", "id"),)
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    text: str = long_text()
    at: datetime
    is_press: bool = False  # a button's label and what was filled in beside it, not words
    after_message: int = 0  # the last message the person had seen when writing
