"""Visits of an ILD to a school, and who says that they took place."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import long_text, partial_index


class VisitRow(SQLModel, table=True):
    """A visit planned, held or cancelled. Planned is not held; only held visits count."""

    __tablename__ = "visit"
    __table_args__ = (
        Index("visit_school_day", "school_id", "status", "day"),
        Index("visit_ild_day", "ild_id", "day", "status"),
        partial_index("visit_held_school", "school_id", "day", where="status = 'held'"),
        partial_index("visit_held_ild", "ild_id", "day", "school_id", where="status = 'held'"),
        # All that is counted of held visits, so that counting reads no row: some 20 MB of ten years' 640,000.
        partial_index(
            "visit_held_day",
            *("day", "school_id", "ild_id", "kind", "confirmed_by", "led_to_next_step", "minutes", "useful"),
            where="status = 'held'",
        ),
        partial_index("visit_open", "ild_id", "day", where="status = 'planned'"),
        partial_index("visit_open_day", "day", "school_id", "ild_id", "kind", where="status = 'planned'"),
        partial_index(
            "visit_cancelled_day",
            *("day", "school_id", "ild_id", "kind", "cancelled_by", "made_good_by"),
            where="status = 'cancelled'",
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    school_id: int = Field(foreign_key="school.id")
    ild_id: int = Field(foreign_key="person.id")
    day: int
    half: str  # am | pm
    starts: int | None = None  # minutes since local midnight
    minutes: int | None = None  # as planned, then as held
    kind: str = "walkthrough"  # walkthrough | inquiry | coaching | network_meeting | other
    status: str = "planned"  # planned | held | cancelled | withdrawn (written down by mistake)
    because: str = ""  # why the planner proposed it; of one nobody had planned, what it was about
    cancelled_by: str | None = None  # ild | principal | central_office | weather | other
    cancel_reason: str | None = None
    for_closure: bool = False  # called off by the calendar, for there was no school in its time
    displaced_by: int | None = Field(
        default=None, foreign_key="meeting.id"
    )  # the override that took its time
    made_good_by: int | None = Field(default=None, foreign_key="visit.id")
    confirmed_by: str | None = None  # the best witness beside the log: principal | calendar | imported
    useful: int | None = None  # the principal's own rating, 1 to 4
    led_to_next_step: bool = False
    put_by: int | None = Field(default=None, foreign_key="person.id")  # who planned or moved it last
    put_at: datetime | None = None  # when
    agreed_at: datetime | None = None  # the other side said that it suits them
    move_reason: str | None = None  # why it was moved last, in the words of whoever moved it
    version: int = 1
    created_at: datetime


class WitnessRow(SQLModel, table=True):
    """What somebody besides the log says of a visit. A witness speaks once for a visit; the last word stands.

    The principal's word stays whatever the ILD says of it: the ILD's is a row of her own.
    """

    __tablename__ = "witness"
    __table_args__ = (
        UniqueConstraint("visit_id", "witness"),
        partial_index("witness_denied", "visit_id", where="witness = 'principal' AND NOT took_place"),
    )
    id: int | None = Field(default=None, primary_key=True)
    visit_id: int = Field(foreign_key="visit.id")
    witness: str  # principal | calendar | imported | ild (where she settles a difference)
    took_place: bool
    person_id: int | None = Field(default=None, foreign_key="person.id")
    words: str = long_text(default="")
    at: datetime
