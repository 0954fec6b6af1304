"""People, their roles and accounts, their schools, who leads and accompanies which school, and at which rhythm."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import json_object


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
    address: dict[str, Any] = json_object()
    seen_at: datetime
    used_at: datetime | None = None  # when the person last wrote or pressed something there
    lost: str = (
        ""  # why it cannot be written to (the app was removed, the member left), in the platform's word
    )


class SchoolRow(SQLModel, table=True):
    __tablename__ = "school"
    id: int | None = Field(default=None, primary_key=True)
    sourced_id: str = Field(unique=True)
    name: str
    level: str | None = None
    zone: str | None = None
    focus: str = ""  # the school's own focus this year, in the principal's words
    active: bool = True


class TravelRow(SQLModel, table=True):
    """The way from one school to another, door to door, in the direction that somebody told."""

    __tablename__ = "travel"
    from_id: int = Field(foreign_key="school.id", primary_key=True)
    to_id: int = Field(foreign_key="school.id", primary_key=True)
    minutes: int
    told_at: datetime


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
    cadence_days: int  # school days from one visit to the next, where no target says otherwise


class TargetRow(SQLModel, table=True):
    """A rhythm that an ILD set for a school, for a time or until further notice. Only ever added, never changed."""

    __tablename__ = "target"
    __table_args__ = (Index("target_school", "school_id"),)
    id: int | None = Field(default=None, primary_key=True)
    school_id: int = Field(foreign_key="school.id")
    days: int | None = None  # school days from one visit to the next; None: the roster's number again
    starts: date
    ends: date | None = None  # last day; None: open
    because: str  # in the words of whoever set it
    set_by: int = Field(foreign_key="person.id")
    set_at: datetime
