"""Questions that were answered, and those that are asked again for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from storage.database import Tx, add_row
from storage.tables import QuestionRow, SubscriptionRow


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was answered. ``words`` are the first question and those that followed on it, in order."""

    id: int
    words: tuple[str, ...]
    understood: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subscription:
    """``said`` is what it counts, in the words it was taken out with; ``often`` an encoded ``Regularity``."""

    id: int
    person_id: int
    words: tuple[str, ...]
    said: str
    often: str
    last: date


def add_question(
    tx: Tx, *, person_id: int, words: Sequence[str], understood: dict[str, Any], at: datetime
) -> int:
    """Keep a question that was answered; its id."""
    row = QuestionRow(person_id=person_id, words=list(words), understood=understood, at=at)
    return add_row(tx, row)


def last_question(tx: Tx, person_id: int) -> Asked | None:
    """The person's newest question."""
    query = select(QuestionRow).where(QuestionRow.person_id == person_id).order_by(col(QuestionRow.id).desc())
    row = tx.exec(query.limit(1)).first()
    return _asked(row) if row else None


def find_question(tx: Tx, question_id: int, *, person_id: int) -> Asked | None:
    """A question by its id; None where there is none, or it is another person's."""
    row = tx.get(QuestionRow, question_id)
    return _asked(row) if row is not None and row.person_id == person_id else None


def _asked(row: QuestionRow) -> Asked:
    assert row.id is not None  # it was read from the table
    return Asked(row.id, tuple(row.words), dict(row.understood))


def subscribe(tx: Tx, *, person_id: int, words: Sequence[str], said: str, often: str, on: date) -> int:
    """Ask this again for the person from the day after ``on``; the subscription's id.

    The same words as often are one subscription, however often it is taken out.
    """
    for one in subscriptions_of(tx, person_id):
        if one.words == tuple(words) and one.often == often:
            return one.id
    row = SubscriptionRow(person_id=person_id, words=list(words), said=said, often=often, last=on)
    return add_row(tx, row)


def subscriptions_of(tx: Tx, person_id: int) -> list[Subscription]:
    """What is asked again for this person, the oldest first."""
    return _running(tx, SubscriptionRow.person_id == person_id)


def all_subscriptions(tx: Tx) -> list[Subscription]:
    """Everybody's, by person."""
    return _running(tx)


def _running(tx: Tx, *conditions: Any) -> list[Subscription]:
    query = (
        select(SubscriptionRow)
        .where(col(SubscriptionRow.stopped_at).is_(None), *conditions)
        .order_by(col(SubscriptionRow.person_id), col(SubscriptionRow.id))
    )
    return [
        Subscription(row.id or 0, row.person_id, tuple(row.words), row.said, row.often, row.last)
        for row in tx.exec(query)
    ]


def note_sent(tx: Tx, subscription_id: int, *, nominal: date) -> bool:
    """Whether it was not yet answered for this nominal day; from now on it is."""
    row = tx.get_one(SubscriptionRow, subscription_id)
    if row.last >= nominal or row.stopped_at is not None:
        return False
    row.last = nominal
    tx.flush()
    return True


def stop(tx: Tx, subscription_id: int, *, at: datetime) -> None:
    """Ask it no more. Stopping twice is stopping once."""
    row = tx.get_one(SubscriptionRow, subscription_id)
    row.stopped_at = row.stopped_at or at
    tx.flush()


def is_running(tx: Tx, subscription_id: int) -> bool:
    row = tx.get(SubscriptionRow, subscription_id)
    return row is not None and row.stopped_at is None
