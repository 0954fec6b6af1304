"""What changed about demands that principals had been told of, and which digest told them so."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import long_text


class DemandChangeRow(SQLModel, table=True):
    """A demand that is no longer what principals were told: another stands in its place, or none.

    ``ild_id`` None: so for everybody's schools. ``words`` is the difference, as a principal reads it.
    """

    __tablename__ = "demand_change"
    __table_args__ = (Index("demand_change_demand", "demand_id"),)
    id: int | None = Field(default=None, primary_key=True)
    demand_id: int = Field(foreign_key="demand.id")  # what stands now; of a withdrawn one itself
    was_id: int = Field(foreign_key="demand.id")  # as it was told
    ild_id: int | None = Field(default=None, foreign_key="person.id")
    kind: str  # moved | changed | withdrawn
    words: str = long_text()
    due: date | None = None  # its day from now on
    at: datetime


class DigestChangeRow(SQLModel, table=True):
    """A change that a digest told."""

    __tablename__ = "digest_change"
    __table_args__ = (UniqueConstraint("digest_id", "change_id"), Index("digest_change_change", "change_id"))
    id: int | None = Field(default=None, primary_key=True)
    digest_id: int = Field(foreign_key="digest.id")
    change_id: int = Field(foreign_key="demand_change.id")
