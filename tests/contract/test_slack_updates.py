"""Messages that are changed where they stand, over Slack, black box: what a person sees once all is settled."""

import copy
from typing import Any

import pytest

from bot.dispatching import SETTLE
from handlers import topics
from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Field, FieldKind, Item, Items, Text, plain
from handlers.errors import StaleError, UserError
from handlers.post import tell_now
from handlers.turn import Cards, Topic, Turn, Values
from storage import outbox
from storage.database import Store
from storage.people import find_by_email
from tests.contract.fake_slack import Fault, Posted
from tests.contract.slack_bench import Bench, payload, play
from tests.district import email


def counter(number: int, *, in_place: bool = True, rows: int = 0) -> Card:
    """A page with its number, so many long rows, and buttons to other pages."""
    items = tuple(Item(f"Row {at} of {number}", detail="x" * 900) for at in range(rows))
    buttons = Buttons(
        (
            Button("Next", act("count.to", n=number + 1)),
            Button("Long", act("count.long", n=number + 1)),
            Button("Old", act("count.old", n=number)),
            Button("Beside", act("count.beside", n=number)),
        )
    )
    blocks = (Text(f"Page {number}"), *((Items(items),) if items else ()), buttons)
    return Card("", blocks, in_place=in_place)


def form(*, in_place: bool = True) -> Card:
    day = Field("day", "Which day", FieldKind.LINE)
    return Card("", (day, Buttons((Button("Keep", act("count.keep")),))), in_place=in_place)


def to(turn: Turn, action: Action, _values: Values) -> Cards:
    return [counter(action.number("n"))]


def to_long(turn: Turn, action: Action, _values: Values) -> Cards:
    return [counter(action.number("n"), rows=40)]


def old(turn: Turn, action: Action, _values: Values) -> Cards:
    raise StaleError("That was answered a minute ago.")


def beside(turn: Turn, action: Action, _values: Values) -> Cards:
    return [counter(action.number("n") + 1), plain("And this is new.")]


def keep(turn: Turn, action: Action, values: Values) -> Cards:
    if values["day"] != "Tuesday":
        raise UserError("That is no day I know. Write a weekday.")
    return [Card("", (Text("Kept."),), in_place=True)]


COUNT = Topic(
    "count",
    actions={
        "count.to": to,
        "count.long": to_long,
        "count.old": old,
        "count.beside": beside,
        "count.keep": keep,
    },
)


@pytest.fixture(autouse=True)
def counting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "TOPICS", (*topics.TOPICS, COUNT))


class Presses:
    """Somebody who presses buttons of messages that are there."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.stamp = 2.0

    def press_of(self, posted: Posted, label: str, state: dict[str, Any] | None = None) -> dict[str, Any]:
        found = next(one for one in posted.buttons if one["text"]["text"] == label)
        self.stamp += 1
        body = copy.deepcopy(payload("block_actions"))
        body["container"] |= {"message_ts": posted.ts, "channel_id": posted.channel}
        body["state"] = {"values": state or {}}
        body["actions"] = [found | {"action_ts": f"176400{self.stamp:.6f}", "block_id": "b"}]
        return body

    async def __call__(self, posted: Posted, label: str, **how: Any) -> None:
        assert (await self.bench.interact(self.press_of(posted, label, **how))).status == 200
        await self.bench.settle()


async def begin(bench: Bench, card: Card | None = None) -> tuple[Presses, Posted]:
    bench.queue("imani.brooks", "", period="first", card=card or counter(1))
    await bench.settle()
    return Presses(bench), bench.slack.said_to("U0IMANI")[0]


def pages(bench: Bench) -> list[str]:
    return [text.split("\n")[0] for text in bench.words("U0IMANI")]


def test_what_a_press_changes_is_changed_where_it_was_pressed(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        press, first = await begin(bench)
        bench.queue("imani.brooks", "something later")
        await bench.settle()
        await press(first, "Next")
        await press(first, "Next")
        assert pages(bench) == ["Page 3", "something later"]
        assert first.metadata is not None
        assert bench.slack.count("chat.postMessage") == 2

    play(store, scene)


def test_only_one_answer_takes_the_place_and_the_others_come_below(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        press, first = await begin(bench)
        await press(first, "Beside")
        assert pages(bench) == ["Page 2", "And this is new."]

    play(store, scene)


def test_a_press_that_slack_repeats_changes_the_message_once(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        press, first = await begin(bench)
        body = press.press_of(first, "Next")
        for _ in range(4):
            await bench.interact(body)
        await bench.settle()
        assert pages(bench) == ["Page 2"]
        assert bench.slack.count("chat.update") == 1

    play(store, scene)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault(drop=True), id="accepted, and the answer lost"),
        pytest.param(Fault(status=502), id="bad gateway"),
        pytest.param(Fault(status=504), id="gateway time-out"),
        pytest.param(Fault(error="fatal_error"), id="a fatal error"),
        pytest.param(Fault(429, "ratelimited", "7"), id="a rate limit"),
    ],
)
def test_a_change_in_doubt_is_made_once_more_and_nothing_overtakes_it(store: Store, fault: Fault) -> None:
    async def scene(bench: Bench) -> None:
        press, first = await begin(bench)
        bench.slack.faults["chat.update"].append(fault)
        await press(first, "Next")
        bench.queue("imani.brooks", "later")
        await bench.settle()
        assert "later" not in pages(bench)
        bench.clocks.move(20)
        await bench.settle()
        assert pages(bench) == ["Page 2", "later"]
        assert bench.slack.count("chat.update") == 2
        assert bench.states() == {"sent": 3}

    play(store, scene)


def test_of_changes_that_wait_only_the_last_is_made(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        press, first = await begin(bench)
        for body in (press.press_of(first, "Next"), press.press_of(first, "Long")):
            await bench.interact(body)
            await bench.parts.inbox.drain()
        await bench.settle()
        assert bench.slack.count("chat.update") <= 1
        assert bench.states() == {"sent": 2, "dropped": 1}

    play(store, scene)


@pytest.mark.parametrize("error", ["message_not_found", "cant_update_message", "edit_window_closed"])
def test_where_the_message_is_gone_its_new_state_is_a_new_message(store: Store, error: str) -> None:
    async def scene(bench: Bench) -> None:
        press, first = await begin(bench)
        bench.queue("imani.brooks", "later")
        await bench.settle()
        body = press.press_of(first, "Next")
        bench.slack.ledger.remove(first)
        bench.slack.faults["chat.update"].append(Fault(error=error))
        await bench.interact(body)
        await bench.settle()
        assert pages(bench) == ["later", "Page 2"]
        await press(bench.slack.ledger[-1], "Next")
        assert pages(bench) == ["later", "Page 3"]

    play(store, scene)


def test_a_card_that_needs_more_messages_is_posted_anew_and_shrinks_again_in_place(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        press, first = await begin(bench)
        await press(first, "Long")
        long = list(bench.slack.ledger)
        assert first not in long
        assert len(long) > 2
        await press(next(one for one in long if one.buttons), "Next")
        assert pages(bench) == ["Page 3"]
        assert bench.slack.ledger == long[:1]

    play(store, scene)


def test_a_long_card_posted_anew_whose_answer_is_lost_is_there_once(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        press, first = await begin(bench)
        bench.slack.faults["chat.postMessage"].append(Fault(drop=True, part=1))
        bench.slack.faults["chat.delete"].append(Fault(429, "ratelimited", "5"))
        await press(first, "Long")
        for _ in range(4):
            bench.clocks.move(31)
            await bench.settle()
        parts = [one.metadata["event_payload"]["part"] for one in bench.slack.ledger if one.metadata]
        assert parts == list(range(len(parts)))
        assert first not in bench.slack.ledger

    play(store, scene)


def test_a_sender_that_died_while_changing_leaves_it_to_be_changed(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        press, first = await begin(bench)
        await bench.interact(press.press_of(first, "Next"))
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
        assert bench.states() == {"sent": 2}

    play(store, scene)


def test_an_old_button_says_so_in_its_place_and_goes_away(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        press, first = await begin(bench)
        await press(first, "Old")
        assert bench.words("U0IMANI") == ["Page 1\nThat was answered a minute ago."]
        assert first.buttons == []

    play(store, scene)


def test_a_form_refused_keeps_what_was_typed_and_says_what_is_wrong_beside_it(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        press, first = await begin(bench, form())

        def typed(value: str) -> dict[str, Any]:
            (block,) = [one for one in first.blocks if one["type"] == "input"]
            answer = {"type": "plain_text_input", "value": value}
            return {block["block_id"]: {block["element"]["action_id"]: answer}}

        for _ in range(2):
            await press(first, "Keep", state=typed("Blursday"))
            (block,) = [one for one in first.blocks if one["type"] == "input"]
            assert block["element"]["initial_value"] == "Blursday"
            assert first.text.count("That is no day I know.") == 1
        await press(first, "Keep", state=typed("Tuesday"))
        assert bench.words("U0IMANI") == ["Kept."]

    play(store, scene)


def test_somebody_elses_message_is_never_changed(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        press, first = await begin(bench)
        body = press.press_of(first, "Next")
        body["user"]["id"] = "U0GRACE"
        body["channel"]["id"] = "D0GRACE"
        await bench.interact(body)
        await bench.settle()
        assert pages(bench) == ["Page 1"]
        assert bench.words("U0GRACE")[0].startswith("Page 2")

    play(store, scene)


def in_thread(bench: Bench, text: str, thread: str = "run:7") -> int:
    now = bench.clocks.wall
    with bench.parts.store.begin() as tx:
        person = find_by_email(tx, email("imani.brooks"), on=now.date())
        assert person is not None
        found = tell_now(tx, person.id, plain(text), kind="run", period=text, now=now, thread=thread)
    assert found is not None
    return found


def test_a_thread_gathers_its_messages_under_the_first_of_them(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        for text in ("first question", "second question"):
            in_thread(bench, text)
        bench.queue("imani.brooks", "something else")
        in_thread(bench, "third question")
        in_thread(bench, "another run", "run:8")
        await bench.settle()
        first = bench.slack.ledger[0]
        assert [(one.text, one.thread) for one in bench.slack.ledger] == [
            ("first question", ""),
            ("second question", first.ts),
            ("something else", ""),
            ("third question", first.ts),
            ("another run", ""),
        ]

    play(store, scene)


@pytest.mark.parametrize("fault", [Fault(drop=True), Fault(status=502)], ids=["accepted", "not accepted"])
def test_a_message_in_doubt_is_looked_for_in_its_thread(store: Store, fault: Fault) -> None:
    async def scene(bench: Bench) -> None:
        in_thread(bench, "first question")
        await bench.settle()
        bench.slack.faults["chat.postMessage"].append(fault)
        message = in_thread(bench, "second question")
        await bench.settle()
        assert bench.message(message).state == "unknown"
        bench.clocks.move(SETTLE.total_seconds() + 1)
        await bench.settle()
        assert bench.message(message).state == "sent"
        assert bench.words("U0IMANI") == ["first question", "second question"]

    play(store, scene)


def test_where_the_head_of_a_thread_is_gone_the_rest_of_it_is_said_all_the_same(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        in_thread(bench, "first question")
        await bench.settle()
        bench.slack.faults["chat.postMessage"].append(Fault(error="thread_not_found"))
        in_thread(bench, "second question")
        await bench.settle()
        assert [(one.text, one.thread) for one in bench.slack.ledger][1:] == [("second question", "")]

    play(store, scene)
