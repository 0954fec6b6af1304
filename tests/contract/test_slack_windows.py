"""Modals, black box: opened at once, filled after, faults at the fields, and nothing that depends on one being open."""

import asyncio
import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from bot.arrivals import INBOUND
from bot.platforms import slack
from bot.render.block_kit import field_of, read_values
from bot.render.block_kit_views import modal_view
from bot.render.pages import FieldError
from handlers import apologies, reception, topics
from handlers.actions import act
from handlers.cards import Button, Buttons, Card, Emphasis, Field, FieldKind, Option, Text
from handlers.reception import Inbound, Received
from storage import record, visits
from storage.database import Store
from tests.contract import block_kit_rules
from tests.contract.fake_slack import Fault
from tests.contract.slack_bench import Bench, payload, play
from tests.district import NOW


class Windows:
    """One person's presses, shortcuts and forms on a bench."""

    def __init__(self, bench: Bench, user: str = "U0IMANI") -> None:
        self.bench = bench
        self.user = user
        self.number = 0

    def _next(self) -> str:
        self.number += 1
        return f"{self.number}.1.{self.user}"

    async def shortcut(self, name: str) -> str:
        body = payload("global_shortcut") | {"callback_id": name, "trigger_id": self._next()}
        body["action_ts"] = f"1764000100.{self.number}"
        body["user"]["id"] = self.user
        assert (await self.bench.interact(body)).status == 200
        await self.bench.settle()
        return self.newest()

    async def press(self, value: str, *, message: str = "", window: str = "", state: Any = None) -> str:
        body = copy.deepcopy(payload("block_actions")) | {"trigger_id": self._next()}
        body["user"]["id"] = self.user
        body["actions"][0] |= {"value": value, "action_ts": f"1764000200.{self.number}"}
        if window:
            del body["channel"]
            body["container"] = {"type": "view", "view_id": window}
            body["view"] = self.bench.slack.windows[window] | {"id": window, "state": state or {"values": {}}}
        else:
            body["container"]["message_ts"] = message
        assert (await self.bench.interact(body)).status == 200
        await self.bench.settle()
        return window or self.newest()

    async def send(self, window: str, *, settle: bool = True, **fields: str) -> dict[str, Any]:
        """Send the form in a window, with fields filled in by name; what Slack is told to do with the window."""
        view = self.bench.slack.windows[window]
        state = block_kit_rules.filled_in(view["blocks"])
        for block in view["blocks"]:
            name = field_of(str(block.get("block_id")))
            if name in fields:
                answer = state["values"][block["block_id"]][block["element"]["action_id"]]
                _fill(answer, block["element"], fields[name])
        body = copy.deepcopy(payload("view_submission")) | {"trigger_id": self._next()}
        body["user"]["id"] = self.user
        body["view"] |= {**view, "id": window, "state": state}
        response = await self.bench.interact(body)
        assert response.status == 200
        text = await response.text()
        told: dict[str, Any] = json.loads(text) if text else {}
        if not told:
            del self.bench.slack.windows[window]  # Slack closes it
        elif told["response_action"] == "update":
            assert block_kit_rules.view_faults(told["view"]) == []
            if window in self.bench.slack.windows:
                self.bench.slack.windows[window] = told["view"]
        if settle:
            await self.bench.settle()
        return told

    def newest(self) -> str:
        return next(reversed(self.bench.slack.windows), "")

    def shows(self, window: str) -> str:
        view = self.bench.slack.windows[window]
        return "\n".join([view["title"]["text"], block_kit_rules.shown(view["blocks"])])

    def block(self, window: str, name: str) -> str:
        """The id of the block of a field."""
        found = [
            b for b in self.bench.slack.windows[window]["blocks"] if field_of(str(b.get("block_id"))) == name
        ]
        return str(found[0]["block_id"])


def _fill(answer: dict[str, Any], element: dict[str, Any], value: str) -> None:
    match element["type"]:
        case "plain_text_input":
            answer["value"] = value or None
        case "datepicker":
            answer["selected_date"] = value or None
        case "timepicker":
            answer["selected_time"] = value or None
        case _:
            (answer["selected_option"],) = [one for one in element["options"] if one["value"] == value]


def be_hasty(bench: Bench) -> None:
    """Slack waits for nothing."""
    platform = bench.parts.platforms["slack"]
    assert isinstance(platform, slack.SlackPlatform)
    platform.answer_seconds = 0.0


def held(store: Store) -> int:
    with store.read() as tx:
        return sum(visits.held_on(tx, school, NOW.date()) is not None for school in range(1, 6))


def test_a_form_opens_at_once_is_filled_and_closes_when_it_was_taken(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        imani = Windows(bench)
        window = await imani.shortcut("log_visit")
        assert "Log a visit" in imani.shows(window)
        assert bench.slack.windows[window]["submit"]["text"] == "Count it"
        assert bench.words("U0IMANI") == []
        assert await imani.send(window, minutes="45", about="maths") == {}
        assert held(store) == 1
        (said,) = bench.words("U0IMANI")
        assert "Counted" in said
        assert "45 minutes" in said

    play(store, scene)


def test_the_window_is_opened_before_anything_else_is_done(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        before = len(bench.slack.calls)
        await bench.interact(payload("global_shortcut"))
        assert bench.slack.calls[before] == "views.open"
        await bench.settle()
        assert "One moment" not in Windows(bench).shows(Windows(bench).newest())

    play(store, scene)


@pytest.mark.parametrize(
    ("fields", "at", "words"),
    [
        pytest.param({"day": "2026-12-24"}, "day", "up to today", id="a day to come"),
        pytest.param({"minutes": "9000"}, "minutes", "How many minutes", id="a length that is a slip"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_still_there(
    store: Store, fields: dict[str, str], at: str, words: str
) -> None:
    async def scene(bench: Bench) -> None:
        imani = Windows(bench)
        window = await imani.shortcut("log_visit")
        told = await imani.send(window, about="maths", **fields)
        assert told["response_action"] == "errors"
        assert list(told["errors"]) == [imani.block(window, at)]
        assert words in told["errors"][imani.block(window, at)]
        assert bench.words("U0IMANI") == []
        assert held(store) == 0
        # The same view is sent again, mended.
        assert await imani.send(window, about="maths", day=NOW.date().isoformat(), minutes="45") == {}
        assert held(store) == 1

    play(store, scene)


def test_a_fault_that_is_about_no_field_stands_at_the_last(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        imani = Windows(bench)
        window = await imani.shortcut("log_visit")
        await imani.send(window)
        window = await imani.shortcut("log_visit")
        told = await imani.send(window)
        (block,) = told["errors"]
        assert field_of(block) == "about"
        assert "counted already" in told["errors"][block]

    play(store, scene)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault(error="expired_trigger_id"), id="too late"),
        pytest.param(Fault(429, "ratelimited", "30"), id="too often"),
        pytest.param(Fault(status=503), id="a server error"),
        pytest.param(Fault(drop=True), id="a dropped connection"),
        pytest.param(Fault(error="missing_scope"), id="not allowed"),
    ],
)
def test_where_no_window_opens_the_form_is_in_the_chat(store: Store, fault: Fault) -> None:
    async def scene(bench: Bench) -> None:
        bench.slack.faults["views.open"].append(fault)
        await Windows(bench).shortcut("log_visit")
        (said,) = bench.slack.said_to("U0IMANI")
        assert "A visit that nobody had planned" in said.text
        assert [one["text"]["text"] for one in said.buttons] == ["Count it"]

    play(store, scene)


def test_a_window_that_was_closed_too_soon_leaves_the_form_in_the_chat(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await bench.interact(payload("global_shortcut"))
        bench.slack.windows.clear()
        await bench.settle()
        assert "A visit that nobody had planned" in bench.words("U0IMANI")[0]

    play(store, scene)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault(drop=True), id="a dropped connection"),
        pytest.param(Fault(status=503), id="a server error"),
        pytest.param(Fault(429, "ratelimited", "5"), id="a limit"),
    ],
)
def test_a_window_that_could_not_be_filled_is_filled_later_and_the_chat_stays_empty(
    store: Store, fault: Fault
) -> None:
    async def scene(bench: Bench) -> None:
        bench.slack.faults["views.update"].append(fault)
        imani = Windows(bench)
        window = await imani.shortcut("log_visit")
        for _ in range(4):
            bench.clocks.move(40)
            await bench.settle()
        assert "Log a visit" in imani.shows(window)
        assert bench.words("U0IMANI") == []
        assert bench.states() == {"sent": 1}

    play(store, scene)


def test_a_form_that_is_read_slowly_keeps_its_window_until_it_is(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        be_hasty(bench)
        imani = Windows(bench)
        window = await imani.shortcut("log_visit")
        told = await imani.send(window, settle=False, day="2026-12-24", about="maths")
        assert "I am reading it" in block_kit_rules.shown(told["view"]["blocks"])
        await bench.settle()
        await asyncio.sleep(0.05)
        assert "Choose a day up to today" in imani.shows(window)
        assert "maths" in imani.shows(window)  # what was typed is there
        await imani.send(window, settle=False, day=NOW.date().isoformat())
        await bench.settle()
        await asyncio.sleep(0.05)
        assert "It is taken" in imani.shows(window)
        assert "Counted" in bench.words("U0IMANI")[0]

    play(store, scene)


def test_a_fault_of_a_form_whose_window_was_closed_meanwhile_is_said_in_the_chat(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        be_hasty(bench)
        imani = Windows(bench)
        window = await imani.shortcut("log_visit")
        sending = asyncio.create_task(imani.send(window, settle=False, day="2026-12-24", about="maths"))
        bench.slack.always["views.update"] = Fault(error="not_found")
        await sending
        await bench.settle()
        await asyncio.sleep(0.05)
        (said,) = bench.slack.said_to("U0IMANI")
        assert "Choose a day up to today" in said.text
        assert "maths" in block_kit_rules.shown(said.blocks)

    play(store, scene)


def test_a_form_sent_to_a_process_that_died_is_refused_in_the_chat_by_the_next(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        imani = Windows(bench)
        window = await imani.shortcut("log_visit")
        body = copy.deepcopy(payload("view_submission"))
        view = bench.slack.windows[window]
        state = block_kit_rules.filled_in(view["blocks"])
        body["view"] |= {**view, "id": window, "state": state}
        heard = slack.heard_form(body)
        assert heard is not None
        values = dict(heard.inbound.what.values) | {"day": "2026-12-24"}  # type: ignore[union-attr]  # a press
        kept = replace(heard.inbound, what=replace(heard.inbound.what, values=values))  # type: ignore[arg-type]
        with store.begin() as tx:
            record.keep_inbound(
                tx, key=kept.keys[0], body=INBOUND.dump_json(kept).decode(), at=bench.clocks.wall
            )
        await bench.parts.inbox.resume(bench.parts.platforms["slack"].email_of)
        await bench.settle()
        assert "Choose a day up to today" in bench.words("U0IMANI")[0]

    play(store, scene)


def test_the_same_form_twice_counts_once(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        imani = Windows(bench)
        window = await imani.shortcut("log_visit")
        body = copy.deepcopy(payload("view_submission"))
        view = bench.slack.windows[window]
        body["view"] |= {**view, "id": window, "state": block_kit_rules.filled_in(view["blocks"])}
        for _ in range(3):
            response = await bench.interact(body)
            assert (response.status, await response.text()) == (200, "")
        await bench.settle()
        assert held(store) == 1
        assert len(bench.words("U0IMANI")) == 1

    play(store, scene)


def test_a_memo_is_pasted_into_a_window_and_whoever_may_not_send_one_reads_why(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        imani = Windows(bench)
        window = await imani.shortcut("paste_memo")
        memo = "Principals must return the seat count by Friday, December 4."
        assert await imani.send(window, memo=memo) == {}
        assert "seat count" in bench.words("U0IMANI")[0]
        mei = Windows(bench, "U0MEI")
        window = await mei.shortcut("paste_memo")
        assert "Memos to schools come from an office" in mei.shows(window)
        assert "submit" not in bench.slack.windows[window]

    play(store, scene)


def test_whats_next_shows_the_home_in_a_window(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        imani = Windows(bench)
        window = await imani.shortcut("whats_next")
        assert "Lincoln Middle" in imani.shows(window)
        assert bench.words("U0IMANI") == []

    play(store, scene)


def test_a_stranger_is_told_in_the_window_who_can_help(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        stranger = Windows(bench, "U0STRANGER")
        window = await stranger.shortcut("log_visit")
        assert "I don't know you yet" in stranger.shows(window)

    play(store, scene)


def test_a_form_in_a_window_takes_no_words_from_the_chat(store: Store) -> None:
    """Some forms also take their answer in plain words; whoever has closed the window does not know that."""

    async def scene(bench: Bench) -> None:
        imani = Windows(bench)
        await imani.shortcut("paste_memo")
        with store.read() as tx:
            assert all(record.expectation_of(tx, person_id) is None for person_id in range(1, 11))

    play(store, scene)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"private_metadata": "gone.away?x=1"}, id="of an old version"),
        pytest.param({"private_metadata": "not an action"}, id="that is none"),
        pytest.param({"private_metadata": ""}, id="that says nothing"),
        pytest.param({"state": "words"}, id="with a state that is none"),
        pytest.param({"blocks": "words"}, id="with blocks that are none"),
    ],
)
def test_a_form_of_a_shape_that_is_not_ours_breaks_nothing(store: Store, change: dict[str, Any]) -> None:
    async def scene(bench: Bench) -> None:
        body = copy.deepcopy(payload("view_submission"))
        body["view"] |= change
        response = await bench.interact(body)
        assert response.status in (200, 400)
        assert "Traceback" not in await response.text()
        await bench.settle()

    play(store, scene)


def test_a_bug_leaves_the_form_as_it_is_and_gives_a_code(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(bench: Bench) -> None:
        imani = Windows(bench)
        window = await imani.shortcut("log_visit")

        def broken(*_args: Any) -> Any:
            raise RuntimeError("a bug")

        monkeypatch.setattr(reception.router, "answer_press", broken)
        told = await imani.send(window, about="maths")
        assert told["response_action"] in ("errors", "update")
        assert "code" in json.dumps(told)

    play(store, scene)


def test_a_busy_store_leaves_the_form_as_it_is(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(store: Store, inbound: Inbound, **_how: Any) -> Received:
        return Received("busy", answer=apologies.busy())

    async def scene(bench: Bench) -> None:
        imani = Windows(bench)
        window = await imani.shortcut("log_visit")
        monkeypatch.setattr("bot.inbox.receive", busy)
        told = await imani.send(window, about="maths")
        assert "Try again in a minute" in json.dumps(told)

    play(store, scene)


async def plan(bench: Bench) -> dict[str, str]:
    """A visit is planned in the chat; what its buttons say and bring back, and the message they stand in."""
    said = copy.deepcopy(payload("message_im")) | {"event_id": "EvPlan"}
    said["event"] |= {
        "text": "plan roosevelt Thu 3 Dec 9:00",
        "ts": "1764000020.1",
        "event_ts": "1764000020.1",
    }
    await bench.event(said)
    await bench.settle()
    (posted,) = bench.slack.said_to("U0IMANI")
    return {"message": posted.ts} | {
        one["text"]["text"]: one["value"].replace("&amp;", "&") for one in posted.buttons
    }


def test_a_form_opened_from_a_message_leaves_it_and_changes_it_when_it_was_taken(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        imani = Windows(bench)
        buttons = await plan(bench)
        before = bench.slack.said_to("U0IMANI")[0].text
        window = await imani.press(buttons["Move"], message=buttons["message"])
        assert "submit" in bench.slack.windows[window]
        assert [one.text for one in bench.slack.said_to("U0IMANI")] == [before]
        told = await imani.send(window, day="2020-12-04", at="13:00")
        assert told["response_action"] == "errors"
        assert [one.text for one in bench.slack.said_to("U0IMANI")] == [before]
        assert await imani.send(window, day="2026-12-04", at="13:00") == {}
        assert "Moved: Roosevelt High, now Fri 4 Dec 13:00" in " ".join(bench.words("U0IMANI"))

    play(store, scene)


def test_a_form_whose_thing_was_settled_meanwhile_says_so_in_its_window(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        imani = Windows(bench)
        buttons = await plan(bench)
        old = await imani.press(buttons["Move"], message=buttons["message"])
        other = await imani.press(buttons["Move"], message=buttons["message"])
        assert old != other
        assert await imani.send(other, day="2026-12-04", at="13:00") == {}
        told = await imani.send(old, day="2026-12-07", at="13:00")
        assert told["response_action"] in ("errors", "update")
        again = await imani.press(buttons["Move"], message=buttons["message"])
        assert "submit" not in bench.slack.windows[again]  # nothing left to move in that state
        assert "One moment" not in imani.shows(again)

    play(store, scene)


def test_another_button_of_a_form_is_answered_in_the_same_window(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        imani = Windows(bench)
        buttons = await plan(bench)
        window = await imani.press(buttons["Cancel"], message=buttons["message"])
        inside = {
            one["text"]["text"]: one["value"]
            for one in block_kit_rules.walk(bench.slack.windows[window]["blocks"])
            if one.get("type") == "button"
        }
        said = len(bench.words("U0IMANI"))
        await imani.press(inside["Move it instead"], window=window)
        assert list(bench.slack.windows) == [window]
        assert bench.slack.windows[window]["submit"]["text"] == "Move it"
        assert len(bench.words("U0IMANI")) == said
        assert await imani.send(window, day="2026-12-04", at="13:00") == {}
        assert "now Fri 4 Dec 13:00" in " ".join(bench.words("U0IMANI"))

    play(store, scene)


def test_a_form_opens_from_the_home_too(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        body = copy.deepcopy(payload("block_actions_home"))
        body["actions"][0]["value"] = "visit.log_form"
        await bench.interact(body)
        await bench.settle()
        imani = Windows(bench)
        assert "Log a visit" in imani.shows(imani.newest())
        assert bench.words("U0IMANI") == []

    play(store, scene)


def test_every_form_in_the_table_is_a_button_that_somebody_answers() -> None:
    known = {name for topic in topics.TOPICS for name in topic.actions}
    assert known >= topics.FORMS


# The view itself

SEND = Button("Save it", act("x.save", id=1), Emphasis.PRIMARY)
OTHER = Button("Back", act("x.back", id=1))


def view_of(card: Card) -> dict[str, Any]:
    view = modal_view(
        card,
        chart_address=lambda _: "https://x.example/c.png",
        download_address=lambda _: "https://x.example/f",
    )
    assert block_kit_rules.view_faults(view) == []
    return view


def test_the_main_button_is_at_the_foot_and_the_others_stand_in_the_form() -> None:
    view = view_of(
        Card("Reword", (Field("words", "Words", FieldKind.LONG, value="as they are"), Buttons((OTHER, SEND))))
    )
    assert (view["title"]["text"], view["submit"]["text"]) == ("Reword", "Save it")
    assert view["private_metadata"] == "x.save?id=1"
    values = [one["value"] for one in block_kit_rules.walk(view["blocks"]) if one.get("type") == "button"]
    assert values == ["x.back?id=1"]
    assert read_values(block_kit_rules.filled_in(view["blocks"])) == {"words": "as they are"}


@pytest.mark.parametrize(
    "title", ["", "A title of more letters than a window takes", "two\nlines", "😀" * 13, "ab<&>"]
)
def test_a_title_of_any_kind_is_taken_and_read(title: str) -> None:
    view = view_of(Card(title, (Field("words", "Words"), Buttons((SEND,)))))
    shown = view["title"]["text"] + block_kit_rules.shown(view["blocks"])
    assert title.replace("\n", " ").strip() in shown.replace("\n", " ")


@pytest.mark.parametrize(
    "field",
    [
        Field("when", "When", FieldKind.DATE, value="2026-12-01"),
        Field("at", "At", FieldKind.TIME, value="08:30"),
        Field(
            "one",
            "One",
            FieldKind.CHOICE,
            value="2",
            options=tuple(Option(str(n), f"Option {n}") for n in range(300)),
        ),
        Field(
            "many",
            "Many",
            FieldKind.CHOICES,
            value="1\n2",
            options=tuple(Option(str(n), f"Option {n}") for n in range(30)),
        ),
        Field("none", "None", FieldKind.CHOICE),
        Field("long", "Long", FieldKind.LONG, value="word " * 2_000),
    ],
    ids=lambda one: one.name,
)
def test_every_kind_of_field_comes_back_from_a_window(field: Field) -> None:
    view = view_of(Card("Form", (field, Field("other", "Other"), Buttons((SEND,)))))
    read = read_values(block_kit_rules.filled_in(view["blocks"]))
    assert read.get(field.name, "").strip() == field.value.strip()


def test_what_no_window_holds_is_said_so_that_the_chat_takes_it() -> None:
    with pytest.raises(FieldError):
        view_of(Card("Form", (Field("a", "A"),)))
    with pytest.raises(FieldError):
        view_of(Card("Form", (*(Field(f"f{n}", "A") for n in range(101)), Buttons((SEND,)))))


def test_a_card_without_fields_has_no_button_at_the_foot() -> None:
    view = view_of(Card("", (Text("Already answered."), Buttons((OTHER,)))))
    assert "submit" not in view


def test_a_label_too_long_for_the_foot_reads_send() -> None:
    long = Button("Send it to all schools of the North Network", act("x.save"))
    assert view_of(Card("Form", (Field("a", "A"), Buttons((long,)))))["submit"]["text"] == "Send"


def test_a_form_sent_by_an_account_that_sends_too_much_stays_open_with_what_was_typed(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        inbox, imani = bench.parts.inbox, Windows(bench)
        inbox._most, inbox._wall = 2, lambda: NOW
        window = await imani.shortcut("log_visit")
        for _ in range(3):
            await imani.shortcut("log_visit")
        for _ in range(2):  # it is said each time: what was typed hangs on it
            told = await imani.send(window, minutes="45", about="maths")
            assert told["response_action"] in ("errors", "update")
            assert "things a minute" in json.dumps(told)
        assert held(store) == 0
        inbox._most = 100
        assert await imani.send(window, minutes="45", about="maths") == {}
        assert held(store) == 1

    play(store, scene)
