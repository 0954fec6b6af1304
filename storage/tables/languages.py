"""In which language somebody reads, what was translated, and plainer lines that a language model wrote."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables.columns import long_text


class LanguageRow(SQLModel, table=True):
    """A person's own language, where it is not English: a code such as ``es``."""

    __tablename__ = "language"
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    code: str


class TranslationRow(SQLModel, table=True):
    """A text in another language, by the hash of the original. Empty: what came back could not be trusted."""

    __tablename__ = "translation"
    sha256: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    text: str = long_text()
    at: datetime


class PlainLineRow(SQLModel, table=True):
    """A plainer line for a demand, suggested to ILDs. Empty: what the model wrote did not pass."""

    __tablename__ = "plain_line"
    demand_id: int = Field(primary_key=True, foreign_key="demand.id")
    line: str = long_text()
    at: datetime
