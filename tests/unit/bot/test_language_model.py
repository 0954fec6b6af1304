"""The model's client: an answer of the shape asked for, or none, and nobody waits long for none."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.language_model import FAILURES, MAX_BYTES, REST_SECONDS, LanguageModel, Outcome, fits
from tests.model_server import ModelServer, Play, Reply, model_server, says

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "mood": {"type": "string", "enum": ["good", "bad"]},
        "words": {"type": "string", "maxLength": 20},
    },
    "required": ["mood", "words"],
    "additionalProperties": False,
}
GOOD = {"mood": "good", "words": "all well"}
SHORT = 0.2
"""Seconds of patience with those that never answer; the others have a time-out that is never reached."""


class Bench:
    """A client, its server, and a clock that stands still until it is moved."""

    def __init__(self, server: ModelServer, patience: float) -> None:
        self.now = 1_000.0
        self.outcomes: list[str] = []
        self.server = server
        self.model = LanguageModel(
            server.base_url,
            "small-model",
            "the-key",
            patience=patience,
            monotonic=lambda: self.now,
            count=self.outcomes.append,
        )

    def ask(self) -> dict[str, Any] | None:
        return self.model.ask("Be short.", "How are you?", SCHEMA)


@contextmanager
def bench(play: Play | Reply, *, patience: float = 30.0) -> Iterator[Bench]:
    with model_server(play) as server:
        made = Bench(server, patience)
        yield made
        made.model.close()


def test_an_answer_of_the_shape_comes_back() -> None:
    with bench(says(GOOD)) as one:
        assert one.ask() == GOOD
        assert one.outcomes == ["answered"]


def test_the_request_is_the_one_that_such_endpoints_know() -> None:
    with bench(says(GOOD)) as one:
        one.ask()
        (body,), (headers,), (path,) = one.server.asked, one.server.headers, one.server.paths
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer the-key"
    assert (body["model"], body["temperature"]) == ("small-model", 0)
    assert body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert body["messages"][1]["content"] == "How are you?"
    assert body["messages"][0]["content"].startswith("Be short.\n")


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        f"```json\n{json.dumps(GOOD)}\n```",
        f"<think>The mood, is it good?</think>\n{json.dumps(GOOD)}",
    ],
)
def test_wrappings_that_models_like_are_taken_off(content: object) -> None:
    with bench(says(content)) as one:
        assert one.ask() == GOOD


BROKEN = {
    "an error": (Reply(b"{}", status=500), Outcome.REFUSED),
    "a wrong key": (Reply(b"{}", status=401), Outcome.REFUSED),
    "a redirect": (Reply(b"", status=307), Outcome.REFUSED),
    "a cut line": (Reply(drops=True), Outcome.UNREACHABLE),
    "no JSON": (Reply(b"<html>"), Outcome.NONSENSE),
    "no choices": (Reply(b'{"choices": []}'), Outcome.NONSENSE),
    "a number": (Reply(b"7"), Outcome.NONSENSE),
    "a depth without end": (Reply(b"[" * 50_000), Outcome.NONSENSE),
    "no text": (Reply(b'{"choices": [{"message": {"content": null}}]}'), Outcome.NONSENSE),
    "chatter": (says("I am fine, thank you."), Outcome.NONSENSE),
    "JSON and chatter": (says(f"{json.dumps(GOOD)} Anything else?"), Outcome.NONSENSE),
    "a list": (says([GOOD]), Outcome.NONSENSE),
    "a part missing": (says({"mood": "good"}), Outcome.NONSENSE),
    "a part too many": (says({**GOOD, "more": 1}), Outcome.NONSENSE),
    "a word that is none of them": (says({**GOOD, "mood": "great"}), Outcome.NONSENSE),
    "another type": (says({**GOOD, "words": 7}), Outcome.NONSENSE),
    "words too long": (says({**GOOD, "words": "x" * 21}), Outcome.NONSENSE),
    "an answer without end": (Reply(b" " * (MAX_BYTES + 1)), Outcome.TOO_LONG),
}


@pytest.mark.parametrize(("reply", "outcome"), BROKEN.values(), ids=BROKEN)
def test_any_other_answer_is_none_and_counted(reply: Reply, outcome: Outcome) -> None:
    with bench(reply) as one:
        assert one.ask() is None
        assert one.outcomes == [outcome.value]
        assert len(one.server.asked) == 1, "nobody waits for a second try"


def test_a_model_that_never_answers_is_not_waited_for() -> None:
    with bench(Reply(hangs=True), patience=SHORT) as one:
        assert one.ask() is None
        assert one.outcomes == ["too_slow"]


def test_a_machine_that_is_not_there_is_no_answer() -> None:
    with model_server(says(GOOD)) as gone:
        pass
    one = Bench(gone, 30.0)
    assert one.ask() is None
    assert one.outcomes == ["unreachable"]
    one.model.close()


def test_after_three_failures_it_rests_a_minute_and_then_is_tried_again() -> None:
    with bench(Reply(b"", status=503)) as one:
        for _ in range(FAILURES + 2):
            assert one.ask() is None
        assert one.outcomes == ["refused"] * FAILURES + ["resting"] * 2
        assert len(one.server.asked) == FAILURES
        one.now += REST_SECONDS
        assert one.ask() is None
        assert one.ask() is None
        assert one.outcomes[-2:] == ["refused", "resting"], "one failure after the rest begins the next"
        one.now += REST_SECONDS
        one.server.play = lambda _body: says(GOOD)
        assert [one.ask(), one.ask()] == [GOOD, GOOD]


def test_failures_with_an_answer_between_them_bring_no_rest() -> None:
    replies = iter([Reply(status=500), Reply(status=500), says(GOOD)] * 3)
    with bench(lambda _body: next(replies)) as one:
        for _ in range(9):
            one.ask()
        assert one.outcomes == ["refused", "refused", "answered"] * 3


def test_no_more_than_two_wait_for_it_at_once() -> None:
    started, may_end = [Event(), Event()], Event()
    places = iter(started)

    def play(_body: dict[str, Any]) -> Reply:
        next(places).set()
        may_end.wait()
        return says(GOOD)

    with bench(play) as one:
        waiting = [Thread(target=one.ask) for _ in started]
        for thread in waiting:
            thread.start()
        for event in started:
            assert event.wait(30)
        assert one.ask() is None
        assert one.outcomes == ["busy"]
        may_end.set()
        for thread in waiting:
            thread.join()
        assert one.outcomes == ["busy", "answered", "answered"]


def test_a_machine_without_a_thread_left_has_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(_thread: Thread) -> None:
        raise RuntimeError("can't start new thread")

    with bench(says(GOOD)) as one:
        with monkeypatch.context() as patch:
            patch.setattr("bot.services.language_model.Thread.start", none_left)
            assert [one.ask() for _ in range(3)] == [None] * 3
        assert one.ask() == GOOD
        assert one.outcomes == ["busy"] * 3 + ["answered"]


def knows_only(*known: str) -> Play:
    """An endpoint that answers 400 to a parameter it does not know."""

    def play(body: dict[str, Any]) -> Reply:
        kind = body.get("response_format", {}).get("type")
        strange = (
            body.keys() - {"model", "messages", *known} or kind not in (None, *known) or body["model"] == ""
        )
        return Reply(b"{}", status=400) if strange else says({"say": "ready", **GOOD})

    return play


@pytest.mark.parametrize(
    ("known", "tries"),
    [
        (("temperature", "max_tokens", "response_format", "json_schema"), 1),
        (("temperature", "max_tokens", "response_format", "json_object"), 2),
        (("temperature",), 3),
        ((), 4),
    ],
)
def test_an_endpoint_that_knows_less_is_asked_more_simply(known: tuple[str, ...], tries: int) -> None:
    with bench(knows_only(*known)) as one:
        assert one.model.check() is Outcome.ANSWERED
        assert len(one.server.asked) == tries
        assert one.model.check() is Outcome.ANSWERED
        assert len(one.server.asked) == tries + 1, "what was learned is kept"


def test_a_check_says_what_is_wrong_and_does_not_try_for_ever() -> None:
    with bench(Reply(b"{}", status=400)) as one:
        assert one.model.check() is Outcome.REFUSED
        assert len(one.server.asked) == 4


def test_nothing_that_was_asked_or_answered_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    with bench(says("SECRET ANSWER")) as one:
        one.model.ask("SECRET SYSTEM", "SECRET NOTE", SCHEMA)
    assert "nonsense" in caplog.text
    assert "SECRET" not in caplog.text
    assert "the-key" not in caplog.text


@pytest.mark.parametrize(
    ("value", "schema", "is_fit"),
    [
        (True, {"type": "boolean"}, True),
        (1, {"type": "boolean"}, False),
        (1, {"type": "integer"}, True),
        (True, {"type": "integer"}, False),
        (1.5, {"type": "integer"}, False),
        (["a"], {"type": "array", "items": {"type": "string"}, "maxItems": 1}, True),
        (["a", "b"], {"type": "array", "items": {"type": "string"}, "maxItems": 1}, False),
        (["a", 1], {"type": "array", "items": {"type": "string"}}, False),
        ({"a": 1}, {"type": "object"}, True),
    ],
)
def test_shapes(value: object, schema: dict[str, Any], is_fit: bool) -> None:
    assert fits(value, schema) is is_fit


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(JSON | st.fixed_dictionaries({"mood": st.sampled_from(["good", "bad", 1]), "words": JSON}))
def test_what_fits_can_be_used_as_it_is(value: object) -> None:
    if fits(value, SCHEMA):
        assert isinstance(value, dict)
        assert value["mood"] in ("good", "bad")
        assert isinstance(value["words"], str)
