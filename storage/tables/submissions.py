"""What units asked for with their requests."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class DropUseRow(SQLModel, table=True):
    """A use of "do not drop this ball" by a unit, for one demand."""

    __tablename__ = "drop_use"
    __table_args__ = (Index("drop_use_unit", "unit", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    unit: str
    demand_id: int = Field(foreign_key="demand.id", unique=True)
    person_id: int = Field(foreign_key="person.id")
    at: datetime
