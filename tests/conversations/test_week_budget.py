"""The minutes budget: what a week holds for each school, what competes, and what is done about it."""

from collections.abc import Mapping
from datetime import date

import pytest

from handlers.digest_sending import send_digests
from handlers.district import load_district
from handlers.week_load import WeekLoad, lighter_week, put_budget, week_load
from storage.database import Store
from storage.people import schools_on
from tests.chat import Chat, Speaker
from tests.district import email

TUESDAY = "2026-11-24 14:00"
COMING, AFTER = date(2026, 11, 30), date(2026, 12, 7)


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at=TUESDAY)


@pytest.fixture
def dev(chat: Chat) -> Speaker:
    return chat.person(email("dev.patel"))


def load_of(store: Store, chat: Chat, week: date) -> WeekLoad:
    with store.read() as tx:
        return week_load(tx, load_district(tx), week, now=chat.now)


def by_name(store: Store, found: Mapping[int, int]) -> dict[str, int]:
    with store.read() as tx:
        return {school.name: found[school.id] for school in schools_on(tx, COMING) if school.id in found}


def test_what_a_week_holds_is_what_its_digest_asks_of_each_school(
    chat: Chat, store: Store, dev: Speaker, imani: Speaker
) -> None:
    dev.says("memo Middle schools must send seat counts by December 4, 2026. This takes 40 minutes.")
    dev.says("memo Schools must return the key list by December 10, 2026. This takes 20 minutes.")
    imani.says("pass on all suggested")
    load = load_of(store, chat, COMING)
    minutes = by_name(store, load.minutes)
    assert (minutes["Lincoln Middle"], minutes["Roosevelt High"], minutes["Harbor Elementary"]) == (60, 20, 0)
    assert by_name(store, load.due)["Lincoln Middle"] == 40
    assert by_name(store, load_of(store, chat, AFTER).minutes)["Lincoln Middle"] == 0
    chat.move_to("2026-11-30 06:30")
    assert send_digests(store, chat.now) == 3
    chat.move_to("2026-12-01 13:00")
    assert by_name(store, load_of(store, chat, COMING).minutes)["Lincoln Middle"] == 60
    assert by_name(store, load_of(store, chat, AFTER).due)["Roosevelt High"] == 20


def test_a_unit_finds_the_nearest_week_with_room(
    chat: Chat, store: Store, dev: Speaker, imani: Speaker
) -> None:
    dev.says("memo Middle schools must send seat counts by December 4, 2026. This takes 100 minutes.")
    imani.says("pass on all suggested")
    with store.begin() as tx:
        district = load_district(tx)
        lincoln = [s.id for s in schools_on(tx, COMING) if s.name == "Lincoln Middle"]
        assert lighter_week(tx, district, COMING, 20, now=chat.now, school_ids=lincoln) == COMING
        assert lighter_week(tx, district, COMING, 21, now=chat.now, school_ids=lincoln) == AFTER
        put_budget(tx, 90, ild_id=imani.id)
        assert lighter_week(tx, district, COMING, 20, now=chat.now, school_ids=lincoln) == AFTER
        assert lighter_week(tx, district, COMING, 20, now=chat.now) == AFTER
        assert lighter_week(tx, district, COMING, 200, now=chat.now) is None


def test_a_week_begins_on_a_monday(chat: Chat, store: Store) -> None:
    with pytest.raises(ValueError, match="is not a Monday"):
        load_of(store, chat, date(2026, 12, 1))
