"""The minutes budget: what a week holds for each school, what competes, and what is done about it."""

from collections.abc import Mapping
from datetime import date

import pytest
from sqlmodel import select

from handlers.actions import act
from handlers.deciding.week_load import WeekLoad, lighter_week, put_budget, week_load
from handlers.digest.digest_sending import send_digests
from handlers.district import load_district
from storage.database import Store
from storage.people import schools_on
from storage.tables import AuditRow, DemandRow
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


# ---------------------------------------------------------------- over the budget

FOUR = (
    "memo Schools must return the key list by December 3, 2026. This takes 60 minutes.",
    "memo Schools must count the chairs by December 10, 2026. This takes 30 minutes.",
    "memo Schools must send the bus roster by December 18, 2026. This takes 50 minutes.",
    "memo Schools must name a fire warden. This takes 10 minutes.",
)


@pytest.fixture
def full_week(dev: Speaker, imani: Speaker) -> None:
    for memo in FOUR:
        dev.says(memo)
    imani.says("pass on all suggested")


def test_the_desk_says_at_once_when_a_week_is_over(dev: Speaker, imani: Speaker) -> None:
    for memo in FOUR[:3]:
        dev.says(memo)
    imani.says("triage")
    imani.presses("Pass on")
    imani.does_not_see("Over the minutes budget")
    imani.presses("Pass on")
    imani.presses("Pass on")
    imani.sees(
        "Over the minutes budget: Lincoln Elementary 140 of 120; Lincoln Middle 140 of 120",
        "[See what competes]",
    )


@pytest.mark.usefixtures("full_week")
def test_what_competes_and_where_it_may_move(imani: Speaker) -> None:
    imani.says("preview")
    imani.sees("Over the minutes budget", "150 of 120", "Nothing is dropped")
    imani.presses("See what competes")
    imani.sees("The week of Mon 30 Nov", "These compete", "[Move 1 item to a later week]")
    imani.sees("Name a fire warden", "Send the bus roster", "[Move to Mon 7 Dec]", "[I'll do it]", "[Merge]")
    words = imani.last_words()
    key_list = words[words.index("Return the key list") :]
    assert "[Move to" not in key_list.split("Count the chairs")[0].split("Send the bus")[0]


@pytest.mark.usefixtures("full_week")
def test_one_press_makes_room_and_the_item_comes_with_the_later_digest(
    chat: Chat, store: Store, imani: Speaker, grace: Speaker
) -> None:
    imani.says("minutes budget")
    imani.presses("Move 1 item")
    imani.sees("Moved.", "Mon 7 Dec: Send the bus roster", "Every school's week is within its 120 minutes")
    assert by_name(store, load_of(store, chat, AFTER).minutes)["Lincoln Middle"] == 50
    chat.move_to("2026-11-30 06:30")
    send_digests(store, chat.now)
    grace.sees("key list")
    grace.does_not_see("bus roster", "This week asks")
    chat.move_to("2026-12-07 06:30")
    send_digests(store, chat.now)
    grace.sees("Send the bus roster", "By Fri 18 Dec")
    with store.read() as tx:
        moved = [a for a in tx.exec(select(AuditRow)) if a.detail.get("week")]
    assert [(a.actor_id, a.detail["week"]) for a in moved] == [(imani.id, "2026-12-07")]


@pytest.mark.usefixtures("full_week")
def test_an_item_is_not_moved_past_its_day(chat: Chat, store: Store, imani: Speaker) -> None:
    key_list = next(row for row in demands(store) if "key list" in row.quote)
    imani.presses_action(act("minutes.move", demand=key_list.id or 0, v=1, week=AFTER.toordinal()))
    imani.sees("Told on Mon 7 Dec it would be late for its day")
    chairs = next(row for row in demands(store) if "chairs" in row.quote)
    imani.presses_action(act("minutes.move", demand=chairs.id or 0, v=1, week=AFTER.toordinal()))
    imani.sees("Moved to the digest of Mon 7 Dec: Count the chairs")


@pytest.mark.usefixtures("full_week")
def test_she_does_one_herself(imani: Speaker) -> None:
    imani.says("minutes budget")
    imani.presses("I'll do it")
    imani.sees("Yours to do:")
    imani.says("my tasks")
    imani.sees("Yours to do: 1")


@pytest.mark.usefixtures("full_week")
def test_what_she_leaves_goes_out_and_the_digest_says_that_it_is_over(
    chat: Chat, store: Store, imani: Speaker, grace: Speaker
) -> None:
    chat.move_to("2026-11-30 06:30")
    send_digests(store, chat.now)
    grace.sees(
        "This week asks 150 minutes; all offices together should ask no more than 120. Imani Brooks knows."
    )


def test_the_budget_is_the_districts_and_an_ilds_own(
    chat: Chat, imani: Speaker, tomas: Speaker, grace: Speaker
) -> None:
    ana = chat.person(email("ana.whitefeather"))
    ana.says("minutes budget 100")
    ana.sees("100 minutes a week for all offices together, at every school whose ILD has not set another")
    imani.says("minutes budget 90")
    imani.sees("90 minutes a week for all offices together, at each of your schools")
    tomas.says("minutes budget")
    tomas.sees("within its 100 minutes")
    imani.says("minutes budget as usual")
    imani.sees("100 minutes a week")
    imani.says("minutes budget 5")
    imani.sees("Choose 10 to 600 minutes")
    grace.says("minutes budget 10")
    grace.does_not_see("minutes a week")


@pytest.mark.usefixtures("full_week")
def test_nobody_moves_another_networks_items(
    tomas: Speaker, dev: Speaker, imani: Speaker, store: Store
) -> None:
    dev.says("memo High schools must send a room plan by December 18, 2026. This takes 60 minutes.")
    imani.says("pass on all suggested")
    plan = next(row for row in demands(store) if "room plan" in row.quote)
    tomas.presses_action(act("minutes.move", demand=plan.id or 0, v=1, week=AFTER.toordinal()))
    tomas.sees("What reaches a school is decided by its ILD")
    tomas.presses_action(act("minutes.fit", week=COMING.toordinal()))
    tomas.sees("There is nothing to move any more")


def demands(store: Store) -> list[DemandRow]:
    with store.read() as tx:
        return list(tx.exec(select(DemandRow)))
