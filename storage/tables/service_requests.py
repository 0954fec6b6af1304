"""What schools ask of units, and every step of it."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import long_text, partial_index


class ServiceRequestRow(SQLModel, table=True):
    """A principal's request to a unit about a school. Its id is the number that people call it by."""

    __tablename__ = "service_request"
    __table_args__ = (
        Index("service_request_unit", "unit", "arrived_at"),
        Index("service_request_school", "school_id"),
        partial_index("service_request_unanswered", "clock_from", where="state = 'new'"),
        partial_index("service_request_promised", "promised_on", where="state = 'taken'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    school_id: int = Field(foreign_key="school.id")
    asker_id: int = Field(foreign_key="person.id")
    unit: str  # that has it now
    owner_id: int | None = Field(default=None, foreign_key="person.id")  # who of the unit has it
    what: str = long_text()
    state: str = "new"  # new | taken | waiting | done | mended | declined | withdrawn
    promised_on: date | None = None
    asked_at: datetime
    arrived_at: datetime  # when it came to the unit that has it
    clock_from: datetime  # since when the school waits for an answer: asked, or asked again
    answered_at: datetime | None = None  # the first time, by the unit that has it
    done_at: datetime | None = None  # the last time
    escalated_at: datetime | None = None  # brought to the unit's head and the ILD, once
    reopened: int = 0
    changed_at: datetime
    version: int = 1


class ServiceStepRow(SQLModel, table=True):
    """One step of a request: who did what, and what they said with it."""

    __tablename__ = "service_step"
    __table_args__ = (Index("service_step_request", "request_id"), Index("service_step_unit", "unit", "at"))
    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(foreign_key="service_request.id")
    step: str
    unit: str  # that had it when the step was taken
    actor_id: int = Field(foreign_key="person.id")
    words: str = long_text(default="")
    day: date | None = None  # that was promised
    named_id: int | None = Field(default=None, foreign_key="person.id")
    to_unit: str = ""
    at: datetime
