"""The pulse: what was asked when, who has answered, and the answers, which nobody's name can be joined to."""

from datetime import date

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import long_text


class PulseRow(SQLModel, table=True):
    """A pulse, open from one day through another."""

    __tablename__ = "pulse"
    id: int | None = Field(default=None, primary_key=True)
    opened_on: date
    closes_on: date  # the last day on which one may answer
    started_by: int = Field(foreign_key="person.id")
    units: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    asked: int  # principals
    answered: int = 0  # of them, once it is closed
    is_closed: bool = False


class PulseAnsweredRow(SQLModel, table=True):
    """That a principal has answered about a unit or ILD. Without a time, kept by its key, gone once it is closed."""

    __tablename__ = "pulse_answered"
    __table_args__ = {"sqlite_with_rowid": False}
    pulse_id: int = Field(foreign_key="pulse.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    about: str = Field(primary_key=True)


class PulseBallotRow(SQLModel, table=True):
    """One answer: no person, no time, no number that counts up. ``receipt`` is the hash of what the answerer got."""

    __tablename__ = "pulse_ballot"
    __table_args__ = (Index("pulse_ballot_about", "pulse_id", "about"), {"sqlite_with_rowid": False})
    id: str = Field(primary_key=True)  # random, and drawn anew whenever its group is written
    pulse_id: int = Field(foreign_key="pulse.id")
    about: str  # ild:12 | unit:Facilities
    network: str
    marks: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    receipt: str = ""


class PulseLineRow(SQLModel, table=True):
    """A line in somebody's own words; which network it comes from is not kept."""

    __tablename__ = "pulse_line"
    __table_args__ = (Index("pulse_line_about", "pulse_id", "about"), {"sqlite_with_rowid": False})
    id: str = Field(primary_key=True)  # as above
    pulse_id: int = Field(foreign_key="pulse.id")
    about: str
    text: str = long_text()
    receipt: str = ""


class PulseDoneRow(SQLModel, table=True):
    """What was done about a result, by those whom it was about."""

    __tablename__ = "pulse_done"
    __table_args__ = (Index("pulse_done_pulse", "pulse_id"),)
    id: int | None = Field(default=None, primary_key=True)
    pulse_id: int = Field(foreign_key="pulse.id")
    about: str
    text: str = long_text()
    said_by: int = Field(foreign_key="person.id")
    said_on: date
    told_on: date | None = None
