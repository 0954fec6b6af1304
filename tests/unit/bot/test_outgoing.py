"""The last look before a message goes out. The district's protected time is Tuesday and Thursday morning."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers import outgoing
from handlers.card_codec import encode_card
from handlers.cards import plain
from handlers.district import load_district
from handlers.outgoing import Drop, Later, Send, recheck
from handlers.turn import Topic
from storage import outbox
from storage.database import Store
from storage.people import find_by_email
from storage.tables import MessageRow, PersonRow
from tests.district import email

ZONE = ZoneInfo("America/New_York")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def _judge(
    store: Store,
    at: str,
    *,
    asked: bool = False,
    lifetime: timedelta | None = None,
    subject: str = "",
    **person: object,
) -> Send | Drop | Later:
    now = _at(at)
    queued = now - timedelta(days=1)
    with store.begin() as tx:
        found = find_by_email(tx, email("grace.lindqvist"), on=now.date())
        assert found is not None
        row = tx.get_one(PersonRow, found.id)
        for name, value in person.items():
            setattr(row, name, value)
        tx.add(row)
        message = outbox.put(
            tx,
            recipient_id=found.id,
            kind="test",
            period=at,
            card=encode_card(plain("words")),
            asked=asked,
            not_before=queued,
            created_at=queued,
            subject=subject,
            expires_at=queued + lifetime if lifetime else None,
        )
        assert message is not None
        return recheck(tx, load_district(tx), tx.get_one(MessageRow, message), now=now)


@pytest.mark.parametrize(
    ("at", "later"),
    [
        pytest.param("2026-11-23 09:00", None, id="a Monday morning: now"),
        pytest.param("2026-11-23 06:30", None, id="the digest's half hour: now"),
        pytest.param("2026-11-24 09:00", "2026-11-24 12:00", id="protected: at noon"),
        pytest.param(
            "2026-11-23 18:00", "2026-11-24 12:00", id="in the evening: after tomorrow's protected morning"
        ),
        pytest.param("2026-11-21 10:00", "2026-11-23 06:30", id="on a Saturday: Monday early"),
        pytest.param("2026-11-26 10:00", "2026-11-30 06:30", id="on Thanksgiving: after the break"),
    ],
)
def test_what_nobody_asked_for_waits_until_it_disturbs_nothing(
    store: Store, at: str, later: str | None
) -> None:
    verdict = _judge(store, at)
    if later is None:
        assert isinstance(verdict, Send)
    else:
        assert verdict == Later(_at(later))


def test_an_answer_is_never_held_back(store: Store) -> None:
    assert isinstance(_judge(store, "2026-11-24 09:00", asked=True), Send)
    assert isinstance(_judge(store, "2026-11-28 23:00", asked=True), Send)


def test_what_comes_too_late_to_be_of_use_is_dropped(store: Store) -> None:
    assert isinstance(_judge(store, "2026-11-23 09:00", lifetime=timedelta(hours=12)), Drop)
    assert isinstance(_judge(store, "2026-11-23 10:00", lifetime=timedelta(days=2)), Send)


def test_somebody_who_left_is_not_written_to(store: Store) -> None:
    assert isinstance(_judge(store, "2026-11-23 09:00", asked=True, active=False), Drop)


def test_a_topic_takes_back_what_is_no_longer_true(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def still_true(tx: object, subject: str, now: datetime) -> str | None:
        asked.append(subject)
        return "the visit was held" if subject == "trial:1" else None

    topic = Topic(name="trial", still_true=still_true)
    monkeypatch.setattr(outgoing, "find_topic", lambda name: topic if name == "trial" else None)
    assert _judge(store, "2026-11-23 09:00", subject="trial:1") == Drop("the visit was held")
    assert isinstance(_judge(store, "2026-11-23 09:30", subject="trial:2"), Send)
    assert asked == ["trial:1", "trial:2"]
