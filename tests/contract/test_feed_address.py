"""``GET /calendar/{token}.ics`` as calendar programs ask for it."""

import logging

import pytest

from storage import busy
from storage.database import Store
from storage.people import find_by_email
from tests.contract.slack_bench import Bench, play
from tests.district import NOW, email

TOKEN = "a-token-that-nobody-guesses"
PATH = f"/calendar/{TOKEN}.ics"


def publish(bench: Bench) -> None:
    with bench.parts.store.begin() as tx:
        person = find_by_email(tx, email("grace.lindqvist"), on=NOW.date())
        assert person is not None
        busy.publish(tx, person.id, token=TOKEN, at=NOW)


def test_a_feed_is_served_with_what_programs_need(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        publish(bench)
        async with bench.http.get(bench.url + PATH) as response:
            body = await response.read()
            assert response.status == 200
            assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
            assert response.headers["Cache-Control"] == "private, no-cache"
            assert body.startswith(b"BEGIN:VCALENDAR\r\n")
            mark = response.headers["ETag"]
        async with bench.http.head(bench.url + PATH) as response:
            assert (response.status, response.headers["ETag"]) == (200, mark)
            assert int(response.headers["Content-Length"]) == len(body)
            assert await response.read() == b""
        for asked in (mark, f'"other", {mark}', f"W/{mark}", "*"):
            async with bench.http.get(bench.url + PATH, headers={"If-None-Match": asked}) as response:
                assert (response.status, await response.read()) == (304, b""), asked
                assert response.headers["ETag"] == mark
        async with bench.http.get(bench.url + PATH, headers={"If-None-Match": '"old"'}) as response:
            assert (response.status, await response.read()) == (200, body)

    play(store, scene)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_unknown_a_revoked_and_a_malformed_token_are_the_same(store: Store, method: str) -> None:
    async def scene(bench: Bench) -> None:
        publish(bench)
        with store.begin() as tx:
            person = find_by_email(tx, email("grace.lindqvist"), on=NOW.date())
            assert person is not None
            busy.unpublish(tx, person.id)
            busy.publish(tx, person.id, token="another", at=NOW)
        answers = set()
        for path in (PATH, "/calendar/unknown.ics", "/calendar/" + "x" * 500 + ".ics"):
            async with bench.http.request(method, bench.url + path) as response:
                answers.add(
                    (response.status, await response.read(), tuple(sorted(set(response.headers) - {"Date"})))
                )
        assert len(answers) == 1
        assert next(iter(answers))[0] == 404

    play(store, scene)


def test_no_log_has_the_token(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    async def scene(bench: Bench) -> None:
        publish(bench)
        bench.parts.store.engine.dispose()
        async with bench.http.get(bench.url + PATH) as response:
            assert response.status == 200
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("bot.server.read_feed", _broken)
            async with bench.http.get(bench.url + PATH) as response:
                assert response.status == 500
                assert TOKEN not in await response.text()

    with caplog.at_level(logging.INFO):
        play(store, scene)
    assert "feed failed: RuntimeError" in caplog.text
    assert TOKEN not in caplog.text


def _broken(*_args: object) -> bytes:
    raise RuntimeError(TOKEN)
