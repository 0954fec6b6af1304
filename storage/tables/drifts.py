"""Schools that were found drifting, who was told when, and when it was mended."""

from datetime import date
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import json_object


class DriftRow(SQLModel, table=True):
    """One episode: a school and a kind of drift, from the day it was found to the day it was mended."""

    __tablename__ = "drift"
    __table_args__ = (Index("drift_school", "school_id"),)
    id: int | None = Field(default=None, primary_key=True)
    school_id: int = Field(foreign_key="school.id")
    kind: str  # forgotten | falling | cancelled | no_inquiry
    ild_id: int = Field(foreign_key="person.id")  # whose it is to hear of it first
    found_on: date
    since: date
    numbers: dict[str, Any] = json_object()  # counts and days, as when it was found
    told_on: date | None = None  # the ILD
    seen_from: date | None = None  # executives see it from that day on; None: not told yet, or never
    executives_told_on: date | None = None
    mended_on: date | None = None
    mended_said_on: date | None = None
