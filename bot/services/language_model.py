"""The optional language model: any endpoint that answers ``POST /chat/completions`` as OpenAI's does.

Nothing in the product needs it, so nobody waits long for it and nothing fails with it: ``ask`` has an answer of the
shape asked for within a few seconds, or none. It asks once. After three failures in a row it is left alone for a
minute, and no more than two questions are under way at once. What is asked and answered stands in no log.
"""

import json
import logging
import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTimeError
from enum import StrEnum
from threading import BoundedSemaphore, Lock, Thread
from typing import Any

import httpx

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 4.0
"""So long somebody waits for an answer, whatever the endpoint does: as long as an unhurried reply in a chat takes."""
CONNECT_SECONDS = 2.0
MAX_BYTES = 64_000
"""Of a response; the answers asked for have some hundred characters."""
MAX_TOKENS = 400
AT_ONCE = 2
FAILURES = 3
REST_SECONDS = 60.0

Schema = Mapping[str, Any]
"""A JSON Schema of the few words that ``fits`` knows."""


class Outcome(StrEnum):
    """What came of a question, for counting."""

    ANSWERED = "answered"
    TOO_SLOW = "too_slow"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"  # a status other than 200
    TOO_LONG = "too_long"
    NONSENSE = "nonsense"  # no JSON, or not of the shape
    RESTING = "resting"  # not asked: it failed three times
    BUSY = "busy"  # not asked: others are waiting for it


class _NoAnswerError(Exception):
    def __init__(self, outcome: Outcome, status: int = 0) -> None:
        super().__init__(outcome.value)
        self.outcome, self.status = outcome, status


_NOT_UNDERSTOOD = (400, 422)
"""Statuses of an endpoint that does not know a parameter."""


def _ways(schema: Schema) -> tuple[dict[str, Any], ...]:
    """How to ask for JSON, the strictest way first; endpoints differ in which of them they know."""
    exact = {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": dict(schema), "strict": True},
    }
    return (
        {"temperature": 0, "max_tokens": MAX_TOKENS, "response_format": exact},
        {"temperature": 0, "max_tokens": MAX_TOKENS, "response_format": {"type": "json_object"}},
        {"temperature": 0},
        {},
    )


WAYS = len(_ways({}))


class LanguageModel:
    """One endpoint and one model there. Safe to use from several threads; blocks the one that asks."""

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: str | None = None,
        *,
        patience: float = PATIENCE_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
        count: Callable[[str], None] = lambda outcome: None,
    ) -> None:
        self._address = f"{base_url.rstrip('/')}/chat/completions"
        self._model = model
        self._patience = patience
        self._monotonic = monotonic
        self._count = count
        # No unpacking: a few bytes of a packed response could fill the memory.
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if api_key:
            headers["Authorization"] = f"Bearer {api_key}"
        times = httpx.Timeout(patience, connect=min(CONNECT_SECONDS, patience))
        self._client = httpx.Client(timeout=times, headers=headers, follow_redirects=False)
        self._seats = BoundedSemaphore(AT_ONCE)
        self._lock = Lock()
        self._failures = 0
        self._rests_until = 0.0
        self._way = 0

    def ask(self, system: str, user: str, schema: Schema) -> dict[str, Any] | None:
        """The model's answer to ``user`` under ``system``, as an object that fits ``schema``; None where it has none.

        Never raises, and never takes much longer than ``patience`` (seconds).
        """
        outcome, answer = self._ask(system, user, schema)
        self._count(outcome.value)
        return answer

    def check(self) -> Outcome:
        """Ask something small, in each way that endpoints know until one is understood; what came of it."""
        outcome = Outcome.REFUSED
        for _ in range(WAYS):
            way = self._way
            outcome, _answer = self._ask(
                "You check a connection. Answer with what is asked for.", '{"say": "ready"}', _READY
            )
            if outcome is not Outcome.REFUSED or self._way == way:
                break
        return outcome

    def close(self) -> None:
        self._client.close()

    def _ask(self, system: str, user: str, schema: Schema) -> tuple[Outcome, dict[str, Any] | None]:
        if self._is_resting():
            return Outcome.RESTING, None
        if not self._seats.acquire(blocking=False):
            return Outcome.BUSY, None
        result: Future[dict[str, Any]] = Future()
        # A thread of its own: a name server, or an endpoint that sends a byte a second, keeps to no time-out of ours.
        work = Thread(target=self._work, args=(result, system, user, schema), daemon=True)
        try:
            work.start()
        except RuntimeError:  # the machine has no thread left
            self._seats.release()
            return Outcome.BUSY, None
        try:
            answer = result.result(timeout=self._patience)
        except NotInTimeError:
            return self._failed(Outcome.TOO_SLOW), None
        except _NoAnswerError as error:
            if error.status in _NOT_UNDERSTOOD and self._try_simpler():
                return Outcome.REFUSED, None
            return self._failed(error.outcome), None
        with self._lock:
            self._failures = 0
        return Outcome.ANSWERED, answer

    def _work(self, result: Future[dict[str, Any]], system: str, user: str, schema: Schema) -> None:
        try:
            content = _content_of(self._fetch(system, user, schema))
            result.set_result(_read_object(content, schema))
        except _NoAnswerError as error:
            result.set_exception(error)
        except httpx.TimeoutException:
            result.set_exception(_NoAnswerError(Outcome.TOO_SLOW))
        except Exception as error:  # noqa: BLE001 - whatever an endpoint does, whoever asked goes on without it
            if not isinstance(error, httpx.HTTPError | httpx.InvalidURL):
                log.warning("the language model could not be asked: %s", type(error).__name__)
            result.set_exception(_NoAnswerError(Outcome.UNREACHABLE))
        finally:
            self._seats.release()

    def _fetch(self, system: str, user: str, schema: Schema) -> bytes:
        shape = json.dumps(schema, ensure_ascii=False)
        told = f"{system}\nAnswer with one JSON object and nothing else. It fits this JSON Schema: {shape}"
        body = {
            "model": self._model,
            "messages": [{"role": "system", "content": told}, {"role": "user", "content": user}],
            **_ways(schema)[self._way],
        }
        ends = self._monotonic() + self._patience
        with self._client.stream("POST", self._address, json=body) as response:
            if response.status_code != 200:
                raise _NoAnswerError(Outcome.REFUSED, response.status_code)
            data = bytearray()
            for chunk in response.iter_raw():
                data += chunk
                if len(data) > MAX_BYTES:
                    raise _NoAnswerError(Outcome.TOO_LONG)
                if self._monotonic() > ends:
                    raise _NoAnswerError(Outcome.TOO_SLOW)
            return bytes(data)

    def _is_resting(self) -> bool:
        with self._lock:
            return self._failures >= FAILURES and self._monotonic() < self._rests_until

    def _failed(self, outcome: Outcome) -> Outcome:
        """Count a failure; from the third in a row on, each begins a minute of rest."""
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES:
                self._rests_until = self._monotonic() + REST_SECONDS
        log.warning("the language model gave no answer: %s", outcome.value)
        return outcome

    def _try_simpler(self) -> bool:
        """Ask in a simpler way from now on. False where there is none."""
        with self._lock:
            if self._way + 1 >= WAYS:
                return False
            self._way += 1
            return True


_READY: Schema = {
    "type": "object",
    "properties": {"say": {"type": "string"}},
    "required": ["say"],
}


def _content_of(data: bytes) -> str:
    try:
        content = json.loads(data)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        raise _NoAnswerError(Outcome.NONSENSE) from None
    if not isinstance(content, str):
        raise _NoAnswerError(Outcome.NONSENSE)
    return content


def _read_object(content: str, schema: Schema) -> dict[str, Any]:
    """The object in the model's words, which some models wrap in a fence of backticks or think aloud before."""
    words = re.sub(r"\A\s*<think>.*?</think>", "", content, flags=re.DOTALL).strip()
    if words.startswith("```") and words.endswith("```") and len(words) >= 6:
        words = words[3:-3].strip()
        words = words[4:] if words[:4].casefold() == "json" else words
    try:
        value = json.loads(words)
    except (ValueError, RecursionError):
        raise _NoAnswerError(Outcome.NONSENSE) from None
    if not isinstance(value, dict) or not fits(value, schema):
        raise _NoAnswerError(Outcome.NONSENSE)
    return value


def fits(value: object, schema: Schema) -> bool:
    """Whether a value has the shape. Knows ``type``, ``enum``, ``properties``, ``required``, ``additionalProperties``
    (false), ``items``, ``maxItems`` and ``maxLength``; raises ``KeyError`` for a type it does not know."""
    if "enum" in schema and value not in schema["enum"]:
        return False
    match schema["type"]:
        case "object":
            if not isinstance(value, dict):
                return False
            known: Mapping[str, Schema] = schema.get("properties", {})
            is_closed = schema.get("additionalProperties") is False
            return (
                all(name in value for name in schema.get("required", ()))
                and not (is_closed and value.keys() - known.keys())
                and all(fits(part, known[name]) for name, part in value.items() if name in known)
            )
        case "array":
            return (
                isinstance(value, list)
                and len(value) <= schema.get("maxItems", len(value))
                and all(fits(part, schema["items"]) for part in value)
            )
        case "string":
            return isinstance(value, str) and len(value) <= schema.get("maxLength", len(value))
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case unknown:
            raise KeyError(unknown)
