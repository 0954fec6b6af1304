"""The Home tab, black box: published when it is opened, kept true afterwards, and nobody's but its person's."""

import copy
from datetime import timedelta
from typing import Any

import pytest

from bot.render.block_kit_views import home_view
from handlers.actions import act
from handlers.cards import Button, Card, Chart, ChartKind, Item, Items, Series
from handlers.clock import run_due
from handlers.front_page import renew_homes
from handlers.welcome import first_contact
from storage import homes, people
from storage.database import Store
from storage.tables import HomeRow, NoticeRow, PersonRow
from tests.contract import block_kit_rules
from tests.contract.fake_slack import Fault
from tests.contract.slack_bench import Bench, payload, play
from tests.district import NOW, email


def opened(user: str = "U0IMANI", *, tab: str = "home", stamp: str = "1764000010.000100") -> dict[str, Any]:
    body = payload("app_home_opened") | {"event_id": f"Ev{stamp}{user}"}
    body["event"] |= {"user": user, "channel": "D" + user[1:], "tab": tab, "event_ts": stamp}
    return body


def pressed(
    label: str, value: str, *, action_id: str = "act-1", stamp: str = "1764000015.1"
) -> dict[str, Any]:
    body = copy.deepcopy(payload("block_actions_home"))
    body["actions"][0] |= {"value": value, "action_id": action_id, "action_ts": stamp}
    body["actions"][0]["text"]["text"] = label
    return body


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        pytest.param("U0IMANI", "This week", id="an ILD"),
        pytest.param("U0GRACE", "Lincoln Middle", id="a principal"),
        pytest.param("U0STRANGER", "I don't know you yet", id="a stranger"),
    ],
)
def test_it_is_published_when_it_is_opened(store: Store, user: str, expected: str) -> None:
    async def scene(bench: Bench) -> None:
        assert (await bench.event(opened(user))).status == 200
        await bench.settle()
        assert expected in bench.home(user)
        assert bench.words(user) == []  # nobody is disturbed by it

    play(store, scene)


def test_the_messages_tab_publishes_nothing_and_welcomes_whoever_is_new_once(store: Store) -> None:
    with store.begin() as tx:
        person = people.find_by_email(tx, email("imani.brooks"), on=NOW.date())
        assert person is not None
        tx.delete(tx.get_one(NoticeRow, (first_contact.KIND, f"person:{person.id}")))

    async def scene(bench: Bench) -> None:
        for stamp in ("1764000010.1", "1764000010.2"):
            await bench.event(opened(tab="messages", stamp=stamp))
            await bench.event(opened("U0STRANGER", tab="messages", stamp=stamp))
        await bench.settle()
        assert bench.words("U0IMANI") == []  # in protected time
        bench.clocks.move(timedelta(hours=6).total_seconds())
        await bench.settle()
        assert bench.slack.homes == {}
        assert len(bench.words("U0IMANI")) == 1
        assert bench.words("U0STRANGER") == []

    play(store, scene)


def test_whoever_never_opened_it_has_none(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await bench.event(payload("message_im"))
        await bench.settle()
        assert bench.slack.count("views.publish") == 0

    play(store, scene)


def test_what_the_person_does_shows_on_it_and_what_changes_nothing_is_not_published_again(
    store: Store,
) -> None:
    async def scene(bench: Bench) -> None:
        await bench.event(opened())
        await bench.settle()
        before = bench.home("U0IMANI")
        await bench.event(payload("message_im"))  # help
        await bench.settle()
        assert bench.slack.count("views.publish") == 1
        said = copy.deepcopy(payload("message_im")) | {"event_id": "EvPlan"}
        said["event"] |= {
            "text": "plan roosevelt Thu 3 Dec 9:00",
            "ts": "1764000020.1",
            "event_ts": "1764000020.1",
        }
        await bench.event(said)
        await bench.settle()
        assert bench.slack.count("views.publish") == 2
        assert bench.home("U0IMANI") != before
        assert "Thu 3 Dec" in bench.home("U0IMANI")

    play(store, scene)


def test_what_another_person_does_shows_on_it(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await bench.event(opened("U0MEI"))
        await bench.settle()
        assert "No visit to Roosevelt High is planned" in bench.home("U0MEI")
        said = copy.deepcopy(payload("message_im")) | {"event_id": "EvPlan"}
        said["event"] |= {
            "text": "plan roosevelt Thu 3 Dec 9:00",
            "ts": "1764000020.1",
            "event_ts": "1764000020.1",
        }
        await bench.event(said)
        await bench.settle()
        assert "Thu 3 Dec" in bench.home("U0MEI")

    play(store, scene)


def test_a_button_on_it_is_answered_under_messages_and_the_home_says_so(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await bench.event(opened())
        await bench.settle()
        assert (await bench.interact(pressed("Help", "help.open"))).status == 200
        await bench.settle()
        assert len(bench.words("U0IMANI")) == 1
        assert "answered under Messages (9:00)" in bench.home("U0IMANI")
        await bench.interact(pressed("Help", "help.open"))  # Slack's repeat
        await bench.settle()
        assert len(bench.words("U0IMANI")) == 1

    play(store, scene)


def test_a_button_of_an_old_version_is_answered_kindly(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await bench.event(opened())
        await bench.interact(pressed("Go", "gone.away?x=1"))
        await bench.interact(pressed("Go", "not an action", stamp="1764000016.1"))
        await bench.settle()
        assert len(bench.words("U0IMANI")) == 2
        assert all("older version" in one for one in bench.words("U0IMANI"))

    play(store, scene)


def test_days_go_by_on_it(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await bench.event(opened())
        await bench.settle()
        assert renew_homes(store, bench.clocks.wall) == 0
        bench.clocks.move(timedelta(hours=15).total_seconds())  # midnight where she is
        assert renew_homes(store, bench.clocks.wall) == 0
        bench.clocks.move(timedelta(hours=6).total_seconds())
        assert run_due(store, bench.clocks.wall)["homes_renewed"] == 1
        await bench.settle()
        assert renew_homes(store, bench.clocks.wall) == 0

    play(store, scene)


def test_whoever_has_left_finds_it_empty_and_it_is_not_renewed(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await bench.event(opened())
        await bench.settle()
        with store.begin() as tx:
            person = people.find_by_email(tx, email("imani.brooks"), on=NOW.date())
            assert person is not None
            tx.get_one(PersonRow, person.id).active = False
        bench.clocks.move(timedelta(days=1).total_seconds())
        assert renew_homes(store, bench.clocks.wall) == 1
        await bench.settle()
        assert "Your district's administrator can add you" in bench.home("U0IMANI")
        assert "Roosevelt" not in bench.home("U0IMANI")
        bench.clocks.move(timedelta(days=1).total_seconds())
        assert renew_homes(store, bench.clocks.wall) == 0

    play(store, scene)


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        pytest.param(Fault(429, "ratelimited", "3600"), 3601, id="a limit for an hour"),
        pytest.param(Fault(status=503), 61, id="a server error"),
        pytest.param(Fault(drop=True), 61, id="a dropped connection"),
        pytest.param(Fault(error="token_revoked"), 61, id="a revoked token"),
    ],
)
def test_a_home_that_slack_does_not_take_is_published_later(store: Store, fault: Fault, wait: float) -> None:
    async def scene(bench: Bench) -> None:
        bench.slack.faults["views.publish"].append(fault)
        await bench.event(opened())
        await bench.settle()
        await bench.settle()
        assert bench.slack.count("views.publish") == 1
        bench.clocks.move(wait)
        await bench.settle()
        assert bench.slack.count("views.publish") == 2
        assert "This week" in bench.home("U0IMANI")

    play(store, scene)


def test_where_the_home_tab_is_off_nothing_is_tried_until_somebody_opens_it(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        bench.slack.faults["views.publish"].append(Fault(error="not_enabled"))
        await bench.event(opened())
        await bench.settle()
        bench.clocks.move(7200)
        await bench.settle()
        assert bench.slack.count("views.publish") == 1
        await bench.event(opened(stamp="1764000099.1"))
        await bench.settle()
        assert "This week" in bench.home("U0IMANI")

    play(store, scene)


def test_what_changes_while_it_is_being_published_is_published_after(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await bench.event(opened())
        await bench.parts.inbox.drain()
        with store.begin() as tx:
            (row,) = homes.take(tx, now=bench.clocks.wall, leased_at=bench.clocks.wall, limit=4)
            assert row.id is not None
        with store.begin() as tx:
            homes.touch(tx, row.person_id, at=bench.clocks.wall)
            assert homes.take(tx, now=bench.clocks.wall, leased_at=bench.clocks.wall, limit=4) == []
        with store.begin() as tx:
            homes.mark_published(tx, row.id, version=row.version, shown="x", at=bench.clocks.wall)
            assert tx.get_one(HomeRow, row.id, populate_existing=True).due_at is not None

    play(store, scene)


def test_a_publisher_that_died_holding_a_home_leaves_it_to_the_next(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await bench.event(opened())
        await bench.parts.inbox.drain()
        with store.begin() as tx:
            homes.take(tx, now=bench.clocks.wall, leased_at=bench.clocks.wall, limit=4)
        await bench.settle()
        assert bench.slack.homes == {}
        bench.clocks.move(61)
        await bench.settle()
        assert "This week" in bench.home("U0IMANI")

    play(store, scene)


def _large(count: int) -> Card:
    return Card(
        "Large",
        tuple(
            Items((Item(f"Line {n}", buttons=(Button("Open", act("visit.open", visit=n)),)),))
            for n in range(count)
        ),
    )


def _view(card: Card, page: int) -> dict[str, Any]:
    return home_view(
        card,
        page,
        chart_address=lambda _: "https://x.example/c.png",
        download_address=lambda _: "https://x.example/f",
    )


@pytest.mark.parametrize("count", [0, 1, 48, 49, 50, 200])
def test_a_home_of_any_length_is_taken_page_by_page_and_nothing_is_lost(count: int) -> None:
    card = _large(count)
    seen: list[str] = []
    page = last = 1
    while page <= last:
        view = _view(card, page)
        assert block_kit_rules.view_faults(view) == []
        seen += [
            one["value"]
            for one in block_kit_rules.walk(view["blocks"])
            if str(one.get("action_id")).startswith("act-")
        ]
        ways = [
            one["action_id"]
            for one in block_kit_rules.walk(view["blocks"])
            if str(one.get("action_id")).startswith("home-page")
        ]
        last = max([last, *(int(way.removeprefix("home-page-")) for way in ways)])
        page += 1
    assert seen == [f"visit.open?visit={n}" for n in range(count)]
    assert _view(card, 99) == _view(card, last)


def test_turning_its_pages_publishes_that_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.front_page.home.home", lambda turn: _large(60))

    async def scene(bench: Bench) -> None:
        await bench.event(opened())
        await bench.settle()
        assert "Page 1 of 2" in bench.home("U0IMANI")
        await bench.interact(pressed("More", "2", action_id="home-page-2"))
        await bench.settle()
        assert "Page 2 of 2" in bench.home("U0IMANI")
        assert bench.words("U0IMANI") == []

    play(store, scene)


CHART = Chart(
    ChartKind.BARS, "Visits", ("Adams",), (Series("held", (3.0,)),), "visits", "Adams had 3 visits."
)


@pytest.mark.parametrize("is_public", [True, False])
def test_its_charts_are_pictures_fetched_from_the_bot_or_put_into_slack(
    store: Store, monkeypatch: pytest.MonkeyPatch, is_public: bool
) -> None:
    monkeypatch.setattr("handlers.front_page.home.home", lambda turn: Card("Visits", (CHART,)))
    base = "https://bot.example.org" if is_public else "http://127.0.0.1:3978"

    async def scene(bench: Bench) -> None:
        await bench.event(opened())
        await bench.settle()
        pictures = [one for one in bench.slack.homes["U0IMANI"]["blocks"] if one["type"] == "image"]
        assert "Adams had 3 visits." in bench.home("U0IMANI")
        assert ["slack_file" in one for one in pictures] == [not is_public]
        if is_public:
            path = pictures[0]["image_url"].removeprefix(base)
            async with bench.http.get(bench.url + path) as response:
                assert (response.status, response.content_type) == (200, "image/png")
            await bench.event(opened(stamp="1764000044.1"))
            await bench.settle()
            again = [one for one in bench.slack.homes["U0IMANI"]["blocks"] if one["type"] == "image"]
            assert again == pictures  # the same picture keeps its address

    play(store, scene, base_url=base)


def test_a_picture_that_slack_cannot_fetch_is_put_into_words(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.front_page.home.home", lambda turn: Card("Visits", (CHART,)))

    async def scene(bench: Bench) -> None:
        bench.slack.faults["views.publish"].append(Fault(error="invalid_blocks"))
        await bench.event(opened())
        await bench.settle()
        assert [one["type"] for one in bench.slack.homes["U0IMANI"]["blocks"]].count("image") == 0
        assert "Adams had 3 visits." in bench.home("U0IMANI")

    play(store, scene, base_url="https://bot.example.org")
