"""Mandates, what they demand, what an ILD decided about it, and the digests principals read."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import long_text, partial_index


class MandateRow(SQLModel, table=True):
    """A memo as it came. ``text`` is the original and is never changed; ``fingerprint`` recognises it again."""

    __tablename__ = "mandate"
    __table_args__ = (Index("mandate_date", "memo_date", "unit"),)
    id: int | None = Field(default=None, primary_key=True)
    title: str
    one_line: str = long_text()
    contact: str | None = None
    text: str = long_text()
    fingerprint: str = Field(unique=True)
    unit: str
    sender_id: int = Field(foreign_key="person.id")
    forwarded_by: int | None = Field(
        default=None, foreign_key="person.id"
    )  # who sent it on, where that was not them
    memo_date: date
    received_at: datetime
    source: str = "pasted"  # by which way it came in: ``storage.originals.Source``
    source_ref: str | None = None  # by which the source names it
    original_id: int | None = Field(
        default=None, index=True
    )  # its bytes; no key, for ``original`` refers back
    version: int = 1  # of what its office has sent about it: one more with each that takes another's place
    supersedes_id: int | None = Field(
        default=None, foreign_key="mandate.id", index=True
    )  # whose place it takes
    repeats_id: int | None = Field(default=None, foreign_key="mandate.id")  # the one before it in a series


class DemandRow(SQLModel, table=True):
    """One thing a memo asks, with the place in the original that says so."""

    __tablename__ = "demand"
    __table_args__ = (UniqueConstraint("mandate_id", "start"), Index("demand_due", "due"))
    id: int | None = Field(default=None, primary_key=True)
    mandate_id: int = Field(foreign_key="mandate.id")
    start: int
    end: int
    headline: str
    quote: str = long_text()
    actor: str
    for_school: bool
    binding: str
    due: date | None = None
    due_role: str | None = None  # deadline | event | effective
    due_words: str = ""  # the memo's own words for the time
    due_basis: str = ""
    audience: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    minutes: int
    minutes_basis: str = ""
    more_dates: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))  # ISO days
    conditions: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    facets: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))  # see Facets
    was_id: int | None = Field(default=None, foreign_key="demand.id")  # what it was in the memo before


class TriageRow(SQLModel, table=True):
    """What an ILD decided about a demand for her own schools. The latest row of a (demand, ILD) stands."""

    __tablename__ = "triage"
    __table_args__ = (
        UniqueConstraint("demand_id", "ild_id"),
        Index("triage_ild", "ild_id", "decision"),
        Index("triage_decided", "ild_id", "decided_at"),
        partial_index("triage_held", "hold_until", where="decision = 'hold'"),
        partial_index("triage_stood_in", "unit", "decided_at", where="decision = 'stand_in'"),
        partial_index("triage_week", "week", where="week IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    demand_id: int = Field(foreign_key="demand.id")
    ild_id: int = Field(foreign_key="person.id")
    decision: str  # protocols.buffer.digest.Decision
    wording: str = long_text()  # what the principal reads; starts as the headline
    note: str = long_text()  # the ILD's own line
    taken_by: str = ""  # who does it instead
    unit: str = ""  # the unit that takes it, or that she stands in for
    do_not_drop: bool = False
    week: date | None = None  # the Monday before whose digest it does not go out; None: the next one
    hold_until: date | None = None  # the day on which what she holds is back on her desk
    merged_into: int | None = Field(default=None, foreign_key="demand.id")
    challenge_id: int | None = Field(default=None, foreign_key="challenge.id")
    rule_id: int | None = Field(default=None, foreign_key="buffer_rule.id")  # the rule of hers that decided
    reason: str = long_text(default="")  # why she declined it
    done_at: datetime | None = None  # when the ILD finished what she took on herself
    decided_by: int = Field(foreign_key="person.id")
    decided_at: datetime
    version: int = 1


class WeekLineRow(SQLModel, table=True):
    """The ILD's own opening line of a week's digest."""

    __tablename__ = "week_line"
    __table_args__ = (UniqueConstraint("ild_id", "week"),)
    id: int | None = Field(default=None, primary_key=True)
    ild_id: int = Field(foreign_key="person.id")
    week: date
    line: str = long_text()


class DigestRow(SQLModel, table=True):
    """A principal's digest of a week: one, whatever happens (unique)."""

    __tablename__ = "digest"
    __table_args__ = (
        UniqueConstraint("principal_id", "week"),
        Index("digest_week", "week", "ild_id"),
        Index("digest_message", "message_id"),
        Index("digest_asked", "week", "school_id", "minutes"),
        Index("digest_school", "school_id", "week"),
    )
    id: int | None = Field(default=None, primary_key=True)
    principal_id: int = Field(foreign_key="person.id")
    school_id: int = Field(foreign_key="school.id")
    ild_id: int | None = Field(default=None, foreign_key="person.id")
    week: date
    minutes: int
    budget: int | None = None  # minutes that this week should not exceed
    minutes_saved: int = 0  # what others took off the plate would have cost
    is_late: bool = False  # built after its hour, because the clock had stopped
    is_new_principal: bool = False  # who is new to the work is told what each thing is
    message_id: int | None = Field(default=None, foreign_key="message.id")
    created_at: datetime


class DigestItemRow(SQLModel, table=True):
    """An item a principal was given, and what became of it."""

    __tablename__ = "digest_item"
    __table_args__ = (
        UniqueConstraint("digest_id", "demand_id"),
        Index("digest_item_demand", "demand_id"),
        Index("digest_item_section", "digest_id", "section", "demand_id"),
        partial_index("digest_item_asked", "digest_id", where="question != ''"),
        partial_index("digest_item_own_day", "own_day", where="own_day IS NOT NULL"),
        partial_index("digest_item_remind", "remind_on", where="remind_on IS NOT NULL"),
        partial_index("digest_item_answered", "answered_at", where="answered_at IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    digest_id: int = Field(foreign_key="digest.id")
    demand_id: int = Field(foreign_key="demand.id")
    section: str  # do_not_drop | do | decide | know | off_plate | merged
    merged_into: int | None = Field(
        default=None, foreign_key="demand.id"
    )  # the item that is read in its place
    wording: str = long_text()
    minutes: int = 0  # of all that it answers
    own_day: date | None = None  # the school's own of several days that the demand names
    why: str = long_text(default="")  # the memo's own sentence that gives the reason
    note: str = long_text(default="")  # the ILD's own line
    taken_by: str = ""  # who does it instead, off the plate
    besides: str = long_text(default="")  # what else it answers, and what its unit said when asked
    focus: str = long_text(default="")  # how it stands to the school's own focus
    decide: str = long_text(default="")  # what is the principal's to decide, and how to ask
    state: str = "open"  # open | done | delegated | asked | withdrawn
    delegated_to: str = ""
    question: str = long_text(default="")  # asked of the ILD
    answer: str = long_text(default="")
    answered_at: datetime | None = None
    remind_on: date | None = None
    changed_at: datetime | None = None
    version: int = 1
