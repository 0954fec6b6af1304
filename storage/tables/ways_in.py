"""The ways by which memos come in without being pasted: pages to fetch, feeds, a mailbox, tokens for POST /mandates."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import secret_address


class PageRow(SQLModel, table=True):
    """A page that somebody named, to be fetched and read as a memo. The address may be a secret: it is in no log."""

    __tablename__ = "page"
    __table_args__ = (Index("page_due", "state", "next_at"),)
    id: int | None = Field(default=None, primary_key=True)
    address: str = secret_address()
    host: str
    person_id: int = Field(foreign_key="person.id")
    unit: str
    asked_at: datetime
    next_at: datetime  # when it is to be fetched, or fetched again
    failures: int = 0  # in a row
    state: str = "waiting"  # waiting | done | given_up


class MemoFeedRow(SQLModel, table=True):
    """An RSS or Atom feed of an office, read again and again. ``digest`` recognises a copy that says the same."""

    __tablename__ = "memo_feed"
    __table_args__ = (Index("memo_feed_due", "active", "next_at"),)
    id: int | None = Field(default=None, primary_key=True)
    address: str = secret_address(unique=True)
    host: str
    title: str = ""  # what it calls itself
    unit: str  # whose memos they are
    person_id: int = Field(foreign_key="person.id")  # who subscribed, and hears of faults
    since: datetime  # when it was subscribed to
    etag: str = ""
    modified: str = ""
    digest: str = ""
    next_at: datetime
    read_at: datetime | None = None  # when it last could be read
    failures: int = 0  # in a row
    fault: str = ""  # what was wrong the last time; empty where nothing was
    is_fault_told: bool = False
    active: bool = True


class MemoFeedEntryRow(SQLModel, table=True):
    """An entry of a feed as it last read: one with other words is a new version of it."""

    __tablename__ = "memo_feed_entry"
    __table_args__ = (UniqueConstraint("feed_id", "key"),)
    id: int | None = Field(default=None, primary_key=True)
    feed_id: int = Field(foreign_key="memo_feed.id")
    key: str  # of its own id, hashed
    fingerprint: str
    seen_at: datetime


class MailboxRow(SQLModel, table=True):
    """How far a mailbox has been read. One row for each server, user and folder that was ever set.

    ``taken_uid`` is the last mail that was kept here, ``seen_uid`` the last that was marked as seen there. UIDs are
    those of ``validity``: where the server names another one, they mean nothing any more. Up to ``of_before`` mails
    were there already when these numbers were met first.
    """

    __tablename__ = "mailbox"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)  # user@host/folder, hashed: it is no secret, and nobody's business either
    validity: int = 0
    of_before: int = 0
    taken_uid: int = 0
    seen_uid: int = 0
    next_at: datetime
    read_at: datetime | None = None  # when it was last read to its end
    failures: int = 0  # in a row
    is_fault_told: bool = False


class UnknownMailRow(SQLModel, table=True):
    """A mail of nobody whom the roster knows: kept, shown to the administrators, never passed on by itself."""

    __tablename__ = "unknown_mail"
    __table_args__ = (Index("unknown_mail_state", "state"),)
    id: int | None = Field(default=None, primary_key=True)
    original_id: int = Field(foreign_key="original.id", unique=True)
    address: str  # of whom it says to be from
    subject: str
    why: str  # unknown | unverified
    state: str = "new"  # new | shown | taken | left
    settled_by: int | None = Field(default=None, foreign_key="person.id")
    settled_at: datetime | None = None


class MandateTokenRow(SQLModel, table=True):
    """A unit's key to POST /mandates. Only its hash is kept; ``hint`` are its last letters, to tell two apart."""

    __tablename__ = "mandate_token"
    __table_args__ = (Index("mandate_token_unit", "unit"),)
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)  # the first part of the token, by which it is found; no secret
    secret_sha256: str
    hint: str
    unit: str
    made_by: int = Field(foreign_key="person.id")
    made_at: datetime
    revoked_at: datetime | None = None
    used_at: datetime | None = None
    span_starts: datetime | None = None  # of the hour whose requests are counted
    span_count: int = 0
