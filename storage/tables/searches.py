"""What somebody last looked for among the memos, so that a button can turn its pages without carrying their words."""

from sqlmodel import Field, SQLModel

from storage.tables.columns import long_text


class MemoSearchRow(SQLModel, table=True):
    """A person's last search; ``version`` counts them, and a button of an earlier one is old."""

    __tablename__ = "memo_search"
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    words: str = long_text()
    version: int = 1
