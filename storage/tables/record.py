"""The record of who did what, what was brought up already, and this deployment's settings."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import json_object


class AuditRow(SQLModel, table=True):
    """Who did what to what, and when; every override and every look at another's record. Ids, never content."""

    __tablename__ = "audit"
    __table_args__ = (Index("audit_object", "object"), Index("audit_actor", "actor_id", "at"))
    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    action: str
    object: str
    detail: dict[str, Any] = json_object()


class NoticeRow(SQLModel, table=True):
    """Things the bot has brought up, so that it does so once: an overdue school, a promise that is due."""

    __tablename__ = "notice"
    kind: str = Field(primary_key=True)
    object: str = Field(primary_key=True)
    at: datetime


class SettingRow(SQLModel, table=True):
    """Small facts of this deployment: its name, the playground's clock, the signing secret of its addresses."""

    __tablename__ = "setting"
    name: str = Field(primary_key=True)
    value: dict[str, Any] = json_object()
