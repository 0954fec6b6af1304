"""``POST /mandates`` as a unit's own program calls it."""

import io
import json
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from sqlmodel import select

from storage import mandate_tokens
from storage.database import Store
from storage.people import find_by_email
from storage.tables import DemandRow, MandateRow, OriginalRow
from tests.contract.slack_bench import Bench, play
from tests.district import NOW, email

KEYS = "Schools must return the key list to the office by Friday, December 11, 2026."
PAGE = f"<html><body><main><p>{KEYS}</p></main></body></html>".encode()


def make_token(bench: Bench, unit: str = "Human Resources") -> str:
    with bench.parts.store.begin() as tx:
        ana = find_by_email(tx, email("ana.whitefeather"), on=NOW.date())
        assert ana is not None
        return mandate_tokens.make(tx, unit=unit, made_by=ana.id, at=NOW)[1]


async def send(bench: Bench, token: str | None, **how: Any) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    headers |= how.pop("headers", {})
    async with bench.http.post(bench.url + "/mandates", headers=headers, **how) as response:
        assert response.headers["Cache-Control"] == "no-store"
        answer: dict[str, Any] = await response.json()
        if response.status != 201:
            assert list(answer) == ["error"]
            assert answer["error"].strip().endswith((".", "…"))
        return response.status, answer


def memos(store: Store) -> list[MandateRow]:
    with store.read() as tx:
        return list(tx.exec(select(MandateRow)))


def test_json_becomes_a_memo_of_the_tokens_office(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        body = {
            "title": "Key lists",
            "text": KEYS,
            "date": "2026-11-20",
            "ref": "hr-1",
            "unit": "human resources",
        }
        status, answer = await send(bench, make_token(bench), json=body)
        assert (status, answer) == (201, {"id": 1, "demands": 1, "known": False})

    play(store, scene)
    (memo,) = memos(store)
    assert (memo.title, memo.unit, memo.source) == ("Key lists", "Human Resources", "post")
    assert memo.memo_date.isoformat() == "2026-11-20"
    with store.read() as tx:
        demand = tx.exec(select(DemandRow)).one()
        dev = find_by_email(tx, email("dev.patel"), on=NOW.date())
        original = tx.exec(select(OriginalRow)).one()
    assert demand.due is not None
    assert demand.due.isoformat() == "2026-12-11"
    assert dev is not None
    assert memo.sender_id == dev.id
    assert KEYS.encode() in original.content


def test_bare_text_and_a_file_in_a_form_are_taken_too(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        token = make_token(bench)
        plain = {"data": KEYS.encode(), "headers": {"Content-Type": "text/plain; charset=utf-8"}}
        assert (await send(bench, token, **plain))[1] == {"id": 1, "demands": 1, "known": False}
        form = aiohttp.FormData()
        form.add_field("ref", "hr-2")
        form.add_field("title", "Seat lists")
        form.add_field("file", PAGE.replace(b"key", b"seat"), filename="memo.html", content_type="text/html")
        assert (await send(bench, token, data=form))[1] == {"id": 2, "demands": 1, "known": False}
        again = aiohttp.FormData()
        again.add_field("ref", "hr-2")
        again.add_field("file", PAGE.replace(b"key", b"seat"), filename="memo.html", content_type="text/html")
        assert (await send(bench, token, data=again))[1] == {"id": 2, "demands": 1, "known": True}

    play(store, scene)
    assert [memo.title for memo in memos(store)][1] == "Seat lists"
    with store.read() as tx:
        original = tx.exec(select(OriginalRow).where(OriginalRow.name == "memo.html")).one()
    assert original.content == PAGE.replace(b"key", b"seat")


def test_the_same_again_is_known_and_the_same_ref_with_other_words_is_a_new_version(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        token = make_token(bench)
        for known in (False, True, True):
            status, answer = await send(bench, token, json={"text": KEYS, "ref": "hr-1"})
            assert (status, answer) == (201, {"id": 1, "demands": 1, "known": known})
        # Without a ref, with other spaces, and with another token of the office: still the same words.
        assert (await send(bench, token, json={"text": KEYS.upper().replace(" ", "\n")}))[1]["known"] is True
        assert (await send(bench, make_token(bench), json={"text": KEYS, "ref": "hr-1"}))[1]["known"] is True
        moved = KEYS.replace("December 11", "December 18").replace("Friday, ", "")
        status, answer = await send(bench, token, json={"text": moved, "ref": "hr-1"})
        assert (status, answer["known"]) == (201, False)

    play(store, scene)
    assert any("December 18" in memo.text for memo in memos(store))


@pytest.mark.parametrize("token", [None, "", "tl_x_y", "é"])
def test_without_a_good_token_nothing_is_read(store: Store, token: str | None) -> None:
    async def scene(bench: Bench) -> None:
        make_token(bench)
        async with bench.http.post(
            bench.url + "/mandates",
            data=b"not even JSON",
            headers={"Authorization": f"Bearer {token}".encode().decode("latin-1")}
            if token is not None
            else {},
        ) as response:
            assert response.status == 401
            assert response.headers["WWW-Authenticate"] == "Bearer"
            assert "token" in (await response.json())["error"]

    play(store, scene)


REFUSED = [
    pytest.param({"data": b"{", "headers": {"Content-Type": "application/json"}}, 422, "not JSON", id="no JSON"),
    pytest.param({"json": [1]}, 422, "no object", id="a list"),
    pytest.param({"data": b"[" * 90_000, "headers": {"Content-Type": "application/json"}}, 422, "JSON", id="deep"),
    pytest.param({"json": {"title": "x"}}, 422, "no memo in it", id="no text"),
    pytest.param({"json": {"text": "   "}}, 422, "no memo in it", id="blank text"),
    pytest.param({"json": {"text": 7}}, 422, "text is", id="a number for a text"),
    pytest.param({"json": {"text": KEYS, "date": "20 November"}}, 422, "date is", id="no date"),
    pytest.param({"json": {"text": KEYS, "date": 20261120}}, 422, "date is", id="a number for a date"),
    pytest.param({"json": {"text": KEYS, "ref": "x" * 201}}, 422, "ref is", id="a long ref"),
    pytest.param({"json": {"text": KEYS, "unit": "Facilities"}}, 422, "is of Human Resources", id="another office"),
    pytest.param({"json": {"text": "The soup was lovely today."}}, 422, "found nothing that it asks", id="no demand"),
    pytest.param({"json": {"text": "x" * 400_001}}, 422, "at most 400,000", id="a long text"),
    pytest.param({"data": b"<a/>", "headers": {"Content-Type": "application/xml"}}, 415, "Send JSON", id="xml"),
    pytest.param({"data": b"\xff", "headers": {"Content-Type": "text/plain"}}, 422, "encoding", id="no letters"),
    pytest.param(
        {"data": b"99" * 500_000, "headers": {"Content-Type": "text/plain; charset=punycode"}}, 422, "encoding",
        id="an encoding that takes for ever",
    ),
    pytest.param(
        {"data": KEYS.encode(), "headers": {"Content-Type": "text/plain; charset=../../x"}}, 422, "encoding",
        id="no encoding",
    ),
    pytest.param(
        {"data": b"--x\r\ngarbage", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        422, "cut off or malformed", id="a broken form",
    ),
    pytest.param(
        {"data": b"", "headers": {"Content-Type": "multipart/form-data"}}, 422, "malformed", id="a form without bounds"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("how", "status", "says"), REFUSED)
def test_what_is_refused_is_said_in_a_sentence(
    store: Store, how: dict[str, Any], status: int, says: str
) -> None:
    async def scene(bench: Bench) -> None:
        answer = await send(bench, make_token(bench), **how)
        assert (answer[0], says in answer[1]["error"]) == (status, True), answer

    play(store, scene)
    assert memos(store) == []


def test_what_is_too_large_is_refused_before_and_while_it_comes(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        token = make_token(bench)
        status, _ = await send(
            bench, token, data=io.BytesIO(bytes(21_000_000)), headers={"Content-Type": "text/plain"}
        )
        assert status == 413

        async def endless() -> Any:
            for _ in range(400):
                yield bytes(65_536)

        status, _ = await send(bench, token, data=endless(), headers={"Content-Type": "text/plain"})
        assert status == 413
        form = aiohttp.FormData()
        form.add_field(
            "file", io.BytesIO(bytes(20_200_000)), filename="memo.pdf", content_type="application/pdf"
        )
        assert (await send(bench, token, data=form))[0] == 413

    play(store, scene)


def test_two_files_in_one_form_are_two_memos(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        form = aiohttp.FormData()
        for name in ("a.html", "b.html"):
            form.add_field("file", PAGE, filename=name, content_type="text/html")
        status, answer = await send(bench, make_token(bench), data=form)
        assert (status, "one file at a time" in answer["error"]) == (422, True)

    play(store, scene)


def test_a_file_that_cannot_be_read_is_said_and_kept(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        token = make_token(bench)
        for _again in range(2):
            form = aiohttp.FormData()
            form.add_field("file", b"%PDF-1.7 broken", filename="memo.pdf", content_type="application/pdf")
            status, answer = await send(bench, token, data=form)
            assert (status, "damaged" in answer["error"]) == (422, True), answer

    play(store, scene)
    with store.read() as tx:
        original = tx.exec(select(OriginalRow)).one()
    assert (original.content, original.state) == (b"%PDF-1.7 broken", "unreadable")


def test_whoever_sends_too_often_waits_and_others_do_not(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.intake.mandate_posts.MOST_AN_HOUR", 3)

    async def scene(bench: Bench) -> None:
        token, other = make_token(bench), make_token(bench)
        codes = [(await send(bench, token, json={"text": KEYS}))[0] for _ in range(5)]
        assert codes == [201, 201, 201, 429, 429]
        async with bench.http.post(
            bench.url + "/mandates", json={"text": KEYS}, headers={"Authorization": f"Bearer {token}"}
        ) as response:
            assert 0 < int(response.headers["Retry-After"]) <= 3_601
        assert (await send(bench, other, json={"text": KEYS}))[0] == 201
        bench.clocks.move(timedelta(hours=1).total_seconds())
        assert (await send(bench, token, json={"text": KEYS}))[0] == 201

    play(store, scene)


def test_the_figures_count_and_name_nobody(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    async def scene(bench: Bench) -> None:
        token = make_token(bench)
        await send(bench, token, json={"text": KEYS, "ref": "secret-ref"})
        await send(bench, None, json={"text": KEYS})
        async with bench.http.get(bench.url + "/metrics") as response:
            text = await response.text()
        assert 'throughline_mandate_posts_total{status="201"} 1.0' in text
        assert 'throughline_mandate_posts_total{status="401"} 1.0' in text
        assert 'throughline_originals{source="post",state="read"} 1.0' in text
        assert "secret-ref" not in text + caplog.text
        assert token not in caplog.text
        assert json.dumps(KEYS) not in caplog.text

    play(store, scene)


def test_nothing_else_is_answered_at_that_address(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        async with bench.http.get(bench.url + "/mandates") as response:
            assert response.status == 405

    play(store, scene)


def test_a_new_version_under_a_ref_takes_the_place_of_the_one_before(store: Store) -> None:
    seats = "Principals must send the seat count to the office by Monday, December 14, 2026."

    async def scene(bench: Bench) -> None:
        token = make_token(bench)
        first = {"title": "Keys and seats", "text": f"{KEYS}\n{seats}", "ref": "hr-1"}
        assert (await send(bench, token, json=first))[1] == {"id": 1, "demands": 2, "known": False}
        text = f"{KEYS.replace('Friday, December 11', 'Friday, December 18')}\n{seats}"
        second = {"title": "Before the holidays", "text": text, "ref": "hr-1"}
        assert (await send(bench, token, json=second))[1] == {"id": 2, "demands": 2, "known": False}
        assert (await send(bench, token, json=second))[1] == {"id": 2, "demands": 2, "known": True}

    play(store, scene)
    assert [memo.supersedes_id for memo in memos(store)] == [None, 1]
