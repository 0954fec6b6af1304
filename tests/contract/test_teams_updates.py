"""Messages that are changed where they stand, over Teams, black box: what a person sees once all is settled."""

from typing import Any

import pytest

from handlers import topics
from handlers.cards import Card
from storage import outbox
from storage.database import Store
from tests.contract.fake_teams import Fault, Posted
from tests.contract.teams_bench import Bench, play
from tests.contract.test_slack_updates import COUNT, counter, form


@pytest.fixture(autouse=True)
def counting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "TOPICS", (*topics.TOPICS, COUNT))


async def begin(bench: Bench, card: Card | None = None) -> Posted:
    """Somebody whom the bot knows, and a card before them."""
    await bench.says("imani.brooks", "help")
    bench.teams.ledger.clear()
    bench.clocks.move(60)
    bench.queue("imani.brooks", "", period="first", card=card or counter(1))
    await bench.settle()
    return bench.teams.ledger[0]


def press_of(bench: Bench, posted: Posted, label: str, **values: str) -> dict[str, Any]:
    button = next(one for one in posted.buttons if one["title"] == label)
    activity = bench.payload("invoke_action", replyToId=posted.id)
    typed = {one["id"]: values.get(one["label"], "") for one in posted.inputs}
    activity["value"]["action"] |= {"title": label, "verb": button["verb"], "data": button["data"] | typed}
    return activity


async def press(bench: Bench, posted: Posted, label: str, **values: str) -> None:
    assert (await bench.activity(press_of(bench, posted, label, **values))).status == 200
    await bench.settle()


def pages(bench: Bench) -> list[str]:
    """The first two words of each message that is there."""
    return [" ".join(text.split()[:2]) for text in bench.words("imani.brooks")]


def test_what_a_press_changes_is_changed_where_it_was_pressed(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        first = await begin(bench)
        bench.queue("imani.brooks", "something later")
        await bench.settle()
        await press(bench, first, "Next")
        await press(bench, bench.teams.ledger[0], "Next")
        assert pages(bench) == ["Page 3", "something later"]
        assert bench.teams.ledger[0].id == first.id

    play(store, scene)


def test_a_press_that_teams_repeats_changes_the_message_once(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        first = await begin(bench)
        activity = press_of(bench, first, "Next")
        for _ in range(4):
            await bench.activity(activity)
        await bench.settle()
        assert pages(bench) == ["Page 2"]
        assert bench.teams.count("update") == 1

    play(store, scene)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault(status=500), id="a server error"),
        pytest.param(Fault(status=502), id="bad gateway"),
        pytest.param(Fault(429, "Throttled", "7"), id="a rate limit"),
    ],
)
def test_a_change_in_doubt_is_made_once_more_and_nothing_overtakes_it(store: Store, fault: Fault) -> None:
    async def scene(bench: Bench) -> None:
        first = await begin(bench)
        bench.teams.faults["update"].append(fault)
        await press(bench, first, "Next")
        bench.queue("imani.brooks", "later on")
        await bench.settle()
        assert "later on" not in pages(bench)
        bench.clocks.move(20)
        await bench.settle()
        assert pages(bench) == ["Page 2", "later on"]
        assert bench.teams.count("update") == 2

    play(store, scene)


def test_a_change_whose_answer_is_lost_is_made_once_more(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        first = await begin(bench)
        # The first is repeated by the HTTP client, as any client may with a PUT; the second is for the sender.
        bench.teams.faults["update"].extend([Fault(drop=True), Fault(drop=True)])
        await press(bench, first, "Next")
        bench.clocks.move(20)
        await bench.settle()
        assert pages(bench) == ["Page 2"]
        assert bench.states()["sent"] == 3

    play(store, scene)


@pytest.mark.parametrize("status", [403, 404])
def test_where_the_message_is_gone_its_new_state_is_a_new_message(store: Store, status: int) -> None:
    async def scene(bench: Bench) -> None:
        first = await begin(bench)
        bench.queue("imani.brooks", "later on")
        await bench.settle()
        activity = press_of(bench, first, "Next")
        bench.teams.ledger.remove(first)
        bench.teams.faults["update"].append(Fault(status, "ActivityNotFoundInConversation"))
        await bench.activity(activity)
        await bench.settle()
        assert pages(bench) == ["later on", "Page 2"]
        await press(bench, bench.teams.ledger[-1], "Next")
        assert pages(bench) == ["later on", "Page 3"]

    play(store, scene)


def test_a_card_that_needs_more_messages_is_posted_anew_and_shrinks_again_in_place(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        first = await begin(bench)
        await press(bench, first, "Long")
        long = list(bench.teams.ledger)
        assert first not in long
        assert len(long) > 1
        await press(bench, next(one for one in long if one.buttons), "Next")
        assert pages(bench) == ["Page 3"]
        assert [one.id for one in bench.teams.ledger] == [long[0].id]

    play(store, scene)


def test_a_sender_that_died_while_changing_leaves_it_to_be_changed(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        first = await begin(bench)
        await bench.activity(press_of(bench, first, "Next"))
        await bench.parts.inbox.drain()
        with bench.parts.store.begin() as tx:
            (row,) = outbox.claim(tx, sender="dead", now=bench.clocks.wall, limit=1)
            row.state = "claimed"
        await bench.settle()
        assert pages(bench) == ["Page 1"]
        bench.clocks.move(61)
        await bench.settle()
        assert pages(bench) == ["Page 1"]  # the platform may still be at work on what the dead one gave it
        bench.clocks.move(31)
        await bench.settle()
        await bench.settle()
        assert pages(bench) == ["Page 2"]

    play(store, scene)


def test_an_old_button_says_so_in_its_place_and_goes_away(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        first = await begin(bench)
        await press(bench, first, "Old")
        (posted,) = bench.teams.ledger
        assert "That was answered a minute ago." in posted.text
        assert posted.buttons == []

    play(store, scene)


def test_a_form_that_was_refused_keeps_what_was_typed(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        first = await begin(bench, form())
        await press(bench, first, "Keep", **{"Which day": "Mooday"})
        (posted,) = bench.teams.ledger
        assert "That is no day I know." in posted.text
        assert [one["value"] for one in posted.inputs] == ["Mooday"]
        await press(bench, posted, "Keep", **{"Which day": "Tuesday"})
        assert pages(bench) == ["Kept."]

    play(store, scene)
