"""The tables. Rows only: rules are in ``protocols``, queries in one module per topic beside this file.

Conventions. Instants are aware UTC (sqlmodel refuses naive ones). School days are dates; where reports walk over
many rows (visits, losses of protected time) the day is an integer, ``date.toordinal()``, which keeps a year's
count over 640,000 visits to a few milliseconds. Times of day are minutes since local midnight. A ``version``
column is the optimistic lock of its row. Nothing is deleted that history needs: rows end (``ends``, ``active``).
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel


def _json() -> Any:
    return Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


def _partial(name: str, *columns: str, where: str) -> Index:
    """An index of only the rows that a report reads."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def _long(**options: Any) -> Any:
    return Field(sa_column=Column(Text, nullable=options.pop("nullable", False)), **options)


# ---------------------------------------------------------------- people and schools


class PersonRow(SQLModel, table=True):
    __tablename__ = "person"
    id: int | None = Field(default=None, primary_key=True)
    sourced_id: str | None = Field(default=None, unique=True)
    email: str = Field(unique=True)
    given_name: str
    family_name: str
    zone: str | None = None  # IANA name; None: the district's
    active: bool = True
    since: date | None = None  # first day in the present role; a first-year principal gets more explanation
    muted_until: datetime | None = None


class RoleRow(SQLModel, table=True):
    """A role held for a time. Principals and ILDs of a school are in ``assignment``; this says who may be one."""

    __tablename__ = "role"
    __table_args__ = (Index("role_person", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    role: str
    unit: str | None = None  # the office of a unit's staff member
    starts: date
    ends: date | None = None


class AccountRow(SQLModel, table=True):
    """A person's account on a platform; ``address`` is where direct messages go, as the platform needs it."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("platform", "workspace", "user"), Index("account_person", "person_id"))
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    platform: str
    workspace: str
    user: str
    address: dict[str, Any] = _json()
    seen_at: datetime


class SchoolRow(SQLModel, table=True):
    __tablename__ = "school"
    id: int | None = Field(default=None, primary_key=True)
    sourced_id: str = Field(unique=True)
    name: str
    level: str | None = None
    zone: str | None = None
    focus: str = ""  # the school's own focus this year, in the principal's words
    active: bool = True


class AssignmentRow(SQLModel, table=True):
    """Who led and who accompanied a school, from when to when, at which rhythm. The past is never rewritten."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("school_id", "starts"),
        Index("assignment_ild", "ild_id", "starts"),
        Index("assignment_principal", "principal_id", "starts"),
    )
    id: int | None = Field(default=None, primary_key=True)
    school_id: int = Field(foreign_key="school.id")
    ild_id: int | None = Field(default=None, foreign_key="person.id")
    principal_id: int | None = Field(default=None, foreign_key="person.id")
    network: str
    starts: date
    ends: date | None = None  # last day; None: open
    cadence_days: int  # school days from one visit to the next


# ---------------------------------------------------------------- calendar and policy


class PeriodRow(SQLModel, table=True):
    """A school year, or a term or quarter of one."""

    __tablename__ = "period"
    __table_args__ = (UniqueConstraint("kind", "label", "starts"),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str  # year | term | quarter
    label: str
    starts: date
    ends: date


class ClosureRow(SQLModel, table=True):
    """Days that differ: holidays, staff days, testing windows, early release, snow. Both ends included."""

    __tablename__ = "closure"
    __table_args__ = (UniqueConstraint("source", "uid"),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    title: str
    starts: date
    ends: date
    source: str
    uid: str


class ProtectedRuleRow(SQLModel, table=True):
    """A weekly half-day that belongs to schools. ``scope``: all, network:NAME or role:ROLE."""

    __tablename__ = "protected_rule"
    id: int | None = Field(default=None, primary_key=True)
    weekday: int  # Monday is 0
    half: str  # am | pm
    scope: str = "all"
    starts: date
    ends: date | None = None
    reason: str = ""


class MeetingRow(SQLModel, table=True):
    """A meeting asked for through the bot, and what became of it."""

    __tablename__ = "meeting"
    id: int | None = Field(default=None, primary_key=True)
    requester_id: int = Field(foreign_key="person.id")
    office: str
    topic: str
    audience: str  # principals | ilds | network:NAME
    day: date
    starts: int
    minutes: int
    state: str  # refused | asked | booked | overridden | note | withdrawn
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    reason_class: str | None = None
    reason: str | None = None
    version: int = 1
    created_at: datetime


class ProtectedLossRow(SQLModel, table=True):
    """Protected time that somebody took, once for each person whose time it was."""

    __tablename__ = "protected_loss"
    __table_args__ = (Index("loss_day", "day"),)
    id: int | None = Field(default=None, primary_key=True)
    day: int
    half: str
    minutes: int
    person_id: int = Field(foreign_key="person.id")
    network: str | None = None
    office: str
    reason_class: str
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id")
    visit_id: int | None = Field(default=None, foreign_key="visit.id")
    made_good_on: int | None = None


class FrameworkRow(SQLModel, table=True):
    """A teaching and learning framework of the district's own. One is in force; older ones stay, runs refer to them."""

    __tablename__ = "framework"
    id: int | None = Field(default=None, primary_key=True)
    key: str
    version: str = Field(unique=True)  # the hash of ``body``
    title: str
    body: str = _long()
    is_current: bool = True
    loaded_by: int | None = Field(default=None, foreign_key="person.id")  # None: at the terminal
    loaded_at: datetime


# ---------------------------------------------------------------- visits, runs, promises


class VisitRow(SQLModel, table=True):
    """A visit planned, held or cancelled. Planned is not held; only held visits count."""

    __tablename__ = "visit"
    __table_args__ = (
        _partial("visit_held_school", "school_id", "day", where="status = 'held'"),
        _partial("visit_held_ild", "ild_id", "day", "school_id", where="status = 'held'"),
        _partial("visit_held_day", "day", "school_id", "ild_id", where="status = 'held'"),
        _partial("visit_open", "ild_id", "day", where="status = 'planned'"),
        _partial("visit_cancelled_day", "day", "school_id", where="status = 'cancelled'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    school_id: int = Field(foreign_key="school.id")
    ild_id: int = Field(foreign_key="person.id")
    day: int
    half: str  # am | pm
    starts: int | None = None  # minutes since local midnight
    minutes: int | None = None  # as planned, then as held
    kind: str = "walkthrough"  # walkthrough | inquiry | coaching | network_meeting | other
    status: str = "planned"  # planned | held | cancelled
    because: str = ""  # why the planner proposed it
    cancelled_by: str | None = None  # ild | principal | central_office | weather | other
    cancel_reason: str | None = None
    made_good_by: int | None = Field(default=None, foreign_key="visit.id")
    confirmed_by: str | None = None  # principal | calendar
    useful: int | None = None  # the principal's own rating, 1 to 4
    led_to_next_step: bool = False
    version: int = 1
    created_at: datetime


class ProtocolVersionRow(SQLModel, table=True):
    """The text of a protocol as a run began with it; ``digest`` is the hash of ``body``."""

    __tablename__ = "protocol_version"
    digest: str = Field(primary_key=True)
    key: str
    title: str
    body: str = _long()
    created_at: datetime


class RunRow(SQLModel, table=True):
    """One guided run between people. Its truth is its events; state and version here are for look-ups and locks.

    A run without a school is about its people's own practice (a consultancy of ILDs).
    """

    __tablename__ = "run"
    __table_args__ = (
        Index("run_school", "school_id", "state"),
        Index("run_ticks", "state", "ticks_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    protocol_key: str
    protocol_digest: str = Field(foreign_key="protocol_version.digest")
    counts_as: str = ""  # the kind of visit its protocol is; "" where it is none
    school_id: int | None = Field(default=None, foreign_key="school.id")
    visit_id: int | None = Field(default=None, foreign_key="visit.id")
    cycle_id: int | None = Field(
        default=None, foreign_key="run.id"
    )  # the inquiry that a walkthrough belongs to
    apart: str = ""  # or why it belongs to none
    state: str = "open"  # open | paused | done | abandoned
    version: int = 0  # number of events
    ticks_at: datetime | None = None  # when the clock has something to say in it: time running out
    rests_until: date | None = None  # the day on which its open step comes back by itself
    reminded_at: datetime | None = None
    started_at: datetime
    moved_at: datetime
    ended_at: datetime | None = None


class RunSeatRow(SQLModel, table=True):
    """Who sits where in a run, from when until when: a seat that is handed over keeps its history."""

    __tablename__ = "run_seat"
    __table_args__ = (Index("run_seat_person", "person_id", "until"), Index("run_seat_run", "run_id"))
    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id")
    seat: str
    person_id: int = Field(foreign_key="person.id")
    since: datetime
    until: datetime | None = None


class RunEventRow(SQLModel, table=True):
    """What happened in a run, never changed. The unique (run, seq) makes two answers at once one and a refusal."""

    __tablename__ = "run_event"
    __table_args__ = (UniqueConstraint("run_id", "seq"),)
    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id")
    seq: int
    body: str = _long()
    person_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime


class MasterRow(SQLModel, table=True):
    """A protocol as the district (no owner) or one ILD has adapted it. The newest in force counts for new runs;
    older ones stay, so that one can go back."""

    __tablename__ = "protocol_master"
    __table_args__ = (Index("protocol_master_key", "key", "owner_id"),)
    id: int | None = Field(default=None, primary_key=True)
    key: str
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    body: str = _long()
    state: str = "draft"  # draft | in_force | replaced | withdrawn
    is_shared: bool = False  # other ILDs may take it
    file: str = ""  # where it came from, if from the district's folder
    made_by: int | None = Field(default=None, foreign_key="person.id")
    made_at: datetime


class ProposalRow(SQLModel, table=True):
    """What a principal asks of the ILD: a visit, or a focus for the next one."""

    __tablename__ = "proposal"
    __table_args__ = (Index("proposal_school", "school_id", "state"),)
    id: int | None = Field(default=None, primary_key=True)
    school_id: int = Field(foreign_key="school.id")
    person_id: int = Field(foreign_key="person.id")
    kind: str  # visit | focus
    text: str = _long()
    day: date | None = None
    state: str = "open"  # open | taken | declined | withdrawn
    created_at: datetime
    decided_at: datetime | None = None


class HandoverRow(SQLModel, table=True):
    """A school handed from one ILD to the next, and what of the thread its principal agreed to hand over."""

    __tablename__ = "handover"
    id: int | None = Field(default=None, primary_key=True)
    school_id: int = Field(foreign_key="school.id")
    principal_id: int = Field(foreign_key="person.id")
    from_id: int = Field(foreign_key="person.id")
    to_id: int = Field(foreign_key="person.id")
    parts: str = ""  # focus, promises, inquiry, walkthroughs: what was agreed, joined by blanks
    state: str = "asked"  # asked | agreed | declined
    created_at: datetime
    decided_at: datetime | None = None


class PromiseRow(SQLModel, table=True):
    """A next step: who, what, by when, and the evidence to look at together."""

    __tablename__ = "promise"
    __table_args__ = (
        Index("promise_school", "school_id", "state"),
        Index("promise_owner", "owner_id", "state"),
    )
    id: int | None = Field(default=None, primary_key=True)
    run_id: int | None = Field(default=None, foreign_key="run.id")
    visit_id: int | None = Field(default=None, foreign_key="visit.id")
    school_id: int = Field(foreign_key="school.id")
    owner_id: int = Field(foreign_key="person.id")
    what: str = _long()
    by_when: date
    evidence: str = _long()
    state: str = "open"  # open | kept | dropped
    looked_at: datetime | None = None  # the meeting that reviewed it
    outcome: str = ""  # what came of it, in the words of whoever looked
    created_at: datetime


# ---------------------------------------------------------------- mandates and digests


class MandateRow(SQLModel, table=True):
    """A memo as it came. ``text`` is the original and is never changed; ``fingerprint`` recognises it again."""

    __tablename__ = "mandate"
    id: int | None = Field(default=None, primary_key=True)
    title: str
    one_line: str = _long()
    contact: str | None = None
    text: str = _long()
    fingerprint: str = Field(unique=True)
    unit: str
    sender_id: int = Field(foreign_key="person.id")
    memo_date: date
    received_at: datetime


class DemandRow(SQLModel, table=True):
    """One thing a memo asks, with the place in the original that says so."""

    __tablename__ = "demand"
    __table_args__ = (UniqueConstraint("mandate_id", "start"), Index("demand_due", "due"))
    id: int | None = Field(default=None, primary_key=True)
    mandate_id: int = Field(foreign_key="mandate.id")
    start: int
    end: int
    headline: str
    quote: str = _long()
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


class TriageRow(SQLModel, table=True):
    """What an ILD decided about a demand for her own schools. The latest row of a (demand, ILD) stands."""

    __tablename__ = "triage"
    __table_args__ = (UniqueConstraint("demand_id", "ild_id"), Index("triage_ild", "ild_id", "decision"))
    id: int | None = Field(default=None, primary_key=True)
    demand_id: int = Field(foreign_key="demand.id")
    ild_id: int = Field(foreign_key="person.id")
    decision: str  # pass_on | off_plate | self | hold
    wording: str = _long()  # what the principal reads; starts as the headline
    note: str = _long()  # the ILD's own line
    taken_by: str = ""  # who does it instead
    do_not_drop: bool = False
    week: date | None = None  # the Monday of the digest it is meant for; None: the next one
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
    line: str = _long()


class DigestRow(SQLModel, table=True):
    """A principal's digest of a week: one, whatever happens (unique)."""

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("principal_id", "week"), Index("digest_week", "week", "ild_id"))
    id: int | None = Field(default=None, primary_key=True)
    principal_id: int = Field(foreign_key="person.id")
    school_id: int = Field(foreign_key="school.id")
    ild_id: int | None = Field(default=None, foreign_key="person.id")
    week: date
    minutes: int
    is_late: bool = False  # built after its hour, because the clock had stopped
    message_id: int | None = Field(default=None, foreign_key="message.id")
    created_at: datetime


class DigestItemRow(SQLModel, table=True):
    """An item a principal was given, and what became of it."""

    __tablename__ = "digest_item"
    __table_args__ = (UniqueConstraint("digest_id", "demand_id"), Index("digest_item_demand", "demand_id"))
    id: int | None = Field(default=None, primary_key=True)
    digest_id: int = Field(foreign_key="digest.id")
    demand_id: int = Field(foreign_key="demand.id")
    section: str  # do_not_drop | do | know | off_plate
    wording: str = _long()
    note: str = Field(default="", sa_column=Column(Text, nullable=False))  # the ILD's own line
    taken_by: str = ""  # who does it instead, off the plate
    state: str = "open"  # open | done | delegated | asked
    delegated_to: str = ""
    question: str = Field(default="", sa_column=Column(Text, nullable=False))  # asked of the ILD
    answer: str = Field(default="", sa_column=Column(Text, nullable=False))
    remind_on: date | None = None
    changed_at: datetime | None = None
    version: int = 1


# ---------------------------------------------------------------- messages, conversation, record


class MessageRow(SQLModel, table=True):
    """The outbox: what is to be said, committed with the change that caused it. See ``storage/outbox.py``."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("recipient_id", "kind", "period"),
        Index("message_due", "state", "not_before"),
        Index("message_recipient", "recipient_id", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    recipient_id: int = Field(foreign_key="person.id")
    kind: str
    period: str
    card: str = _long()
    asked: bool  # an answer to what this person just said or pressed; never held back
    subject: str = ""  # what it is about (run:12); the sender asks whether it still makes sense
    state: str = "queued"  # queued | claimed | sent | failed | unknown | dropped
    why: str = ""  # why it failed or was dropped
    not_before: datetime
    expires_at: datetime | None = None
    claimed_by: str | None = None
    lease_until: datetime | None = None
    attempts: int = 0
    platform: str | None = None
    platform_ref: dict[str, Any] = _json()
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
    body: str = _long()
    at: datetime


class ExpectationRow(SQLModel, table=True):
    """What a person's next plain words answer. One at a time; asking something else replaces it."""

    __tablename__ = "expectation"
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    topic: str
    args: dict[str, Any] = _json()
    since: datetime


class AuditRow(SQLModel, table=True):
    """Who did what to what, and when; every override and every look at another's record. Ids, never content."""

    __tablename__ = "audit"
    __table_args__ = (Index("audit_object", "object"), Index("audit_actor", "actor_id", "at"))
    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    action: str
    object: str
    detail: dict[str, Any] = _json()


class NoticeRow(SQLModel, table=True):
    """Things the bot has brought up, so that it does so once: an overdue school, a promise that is due."""

    __tablename__ = "notice"
    kind: str = Field(primary_key=True)
    object: str = Field(primary_key=True)
    at: datetime


class ChatLineRow(SQLModel, table=True):
    """What people wrote or pressed in the playground, so that its page can show both sides of a chat."""

    __tablename__ = "chat_line"
    __table_args__ = (Index("chat_line_person", "person_id", "id"),)
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    text: str = _long()
    at: datetime
    is_press: bool = False  # a button's label and what was filled in beside it, not words
    after_message: int = 0  # the last message the person had seen when writing


class SettingRow(SQLModel, table=True):
    """Small facts of this deployment: its name, the playground's clock, the signing secret of its addresses."""

    __tablename__ = "setting"
    name: str = Field(primary_key=True)
    value: dict[str, Any] = _json()
