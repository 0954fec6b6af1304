"""The server's own addresses, black box: health, figures, pictures, files."""

import base64
import io
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from zipfile import ZipFile

import pytest

from handlers.card_codec import encode_card
from handlers.cards import ZIP, Card, Chart, ChartKind, Download, Series, Text
from handlers.intake.original_files import download_of
from storage import attachments, originals, outbox, record
from storage.database import Store
from storage.people import find_by_email
from tests.chat import Chat
from tests.contract.fake_slack import Fault
from tests.contract.slack_bench import Bench, play
from tests.district import NOW, email

CHART = Chart(
    ChartKind.BARS, "Visits", ("Adams",), (Series("held", (3.0,)),), "visits", "Adams had 3 visits."
)
FILE = Download("visits.csv", "The rows", "school,visits\r\nJosé Martí,3\r\n")


async def _get(bench: Bench, path: str) -> tuple[int, dict[str, str], bytes]:
    async with bench.http.get(bench.url + path) as response:
        return response.status, dict(response.headers), await response.read()


async def _json(bench: Bench, path: str) -> tuple[int, dict[str, Any]]:
    async with bench.http.get(bench.url + path) as response:
        return response.status, await response.json()


def _attach(bench: Bench) -> None:
    card = Card("", (Text("October"), CHART, FILE))
    with bench.parts.store.begin() as tx:
        person = find_by_email(tx, email("imani.brooks"), on=NOW.date())
        assert person is not None
        message = outbox.put(
            tx,
            recipient_id=person.id,
            kind="test",
            period="1",
            card=encode_card(card),
            asked=True,
            not_before=NOW,
            created_at=NOW,
        )
        assert message is not None
        attachments.attach(tx, message_id=message, position=1, token="token-of-the-chart")
        attachments.attach(tx, message_id=message, position=2, token="token-of-the-file")


def test_a_chart_is_drawn_at_its_address_and_a_file_is_given_at_its_own(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        _attach(bench)
        status, headers, picture = await _get(bench, "/charts/token-of-the-chart.png")
        assert (status, headers["Content-Type"]) == (200, "image/png")
        assert picture.startswith(b"\x89PNG")
        status, headers, text = await _get(bench, "/files/token-of-the-file/visits.csv")
        assert status == 200
        assert headers["Content-Type"].startswith("text/csv")
        assert "attachment" in headers["Content-Disposition"]
        assert text.decode("utf-8-sig") == FILE.content

    play(store, scene)


HOSTILE_NAMES = (
    "keys.html",
    'a"; filename="b.exe',
    "x\r\nSet-Cookie: a=b\r\n\r\n<script>alert(1)</script>.pdf",
    "../../etc/passwd",
    "\u202efdp.exe",
    "page.svg",
)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_strangers_file_is_handed_over_as_a_file_whatever_it_is_called(store: Store, name: str) -> None:
    """No name adds a header or leads elsewhere, and no page of a stranger is shown as one of ours."""
    data = b"<script>alert(1)</script> Principals must return the key list by Friday, December 4, 2026."
    chat = Chat(store, at="2026-11-24 09:00")
    dev = chat.person(email("dev.patel"))
    dev.shares((name, data), media_type="text/html\r\nX-Forged: 1")
    with store.begin() as tx:
        original = originals.get(tx, 1)
        assert original is not None
        file = download_of(original)
        message = outbox.put(
            tx, recipient_id=dev.id, kind="test", period="1", card=encode_card(Card("", (file,))), asked=True,
            not_before=NOW, created_at=NOW,
        )  # fmt: skip
        assert message is not None
        attachments.attach(tx, message_id=message, position=0, token="token-of-the-original")

    async def scene(bench: Bench) -> None:
        assert "\u202e" not in file.name, "letters run backwards, and exe.pdf would be read"
        status, headers, body = await _get(bench, f"/files/token-of-the-original/{quote(file.name, safe='')}")
        assert (status, body) == (200, data)
        assert headers["Content-Type"] in ("application/octet-stream", "application/pdf")
        assert headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
        assert not set('\r\n"; ') & set(headers["Content-Disposition"].partition("''")[2])
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in headers["Content-Security-Policy"]
        assert not {"X-Forged", "Set-Cookie"} & set(headers)

    play(store, scene)


def test_an_address_cannot_be_guessed() -> None:
    """192 bits of chance."""
    tokens = {record.new_token() for _ in range(2_000)}
    assert len(tokens) == 2_000
    assert all(len(base64.urlsafe_b64decode(token)) == 24 for token in tokens)
    bits = [int.from_bytes(base64.urlsafe_b64decode(token)) for token in tokens]
    for place in range(192):  # each bit is on in about half of them
        assert 800 < sum(number >> place & 1 for number in bits) < 1_200


@pytest.mark.parametrize(
    "path",
    [
        "/charts/no-such-token.png",
        "/charts/token-of-the-file.png",
        "/files/token-of-the-chart/visits.csv",
        "/files/token-of-the-file/other.csv",
        "/files/token-of-the-file/..%2f..%2fetc%2fpasswd",
        "/charts/",
        "/",
        "/api/messages",
        "/.env",
    ],
)
def test_elsewhere_there_is_nothing(store: Store, path: str) -> None:
    async def scene(bench: Bench) -> None:
        _attach(bench)
        status, headers, _ = await _get(bench, path)
        assert status == 404
        assert headers["X-Content-Type-Options"] == "nosniff"

    play(store, scene)


def test_the_process_says_that_it_lives_and_that_its_clock_is_off(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        status, answer = await _json(bench, "/healthz")
        assert (status, answer["status"]) == (200, "ok")
        # The bench's clock stands at a November day, the fake Slack's does not.
        assert "clock" in answer

    play(store, scene)


def test_it_is_ready_where_database_and_slack_answer(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        assert await _json(bench, "/readyz") == (200, {"ready": True})

    play(store, scene)


def test_it_is_not_ready_with_a_token_that_slack_refuses_and_says_what_to_do(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        bench.slack.always = {"auth.test": Fault(error="invalid_auth")}
        status, answer = await _json(bench, "/readyz")
        assert (status, answer["ready"]) == (503, False)
        assert "SLACK_BOT_TOKEN" in answer["slack"]
        for _ in range(50):
            await _json(bench, "/readyz")
        assert bench.slack.count("auth.test") == 2  # at start, and once for all who ask

    play(store, scene)


def test_the_figures_count_and_name_nobody(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        bench.queue("imani.brooks", "a secret note")
        await bench.settle()
        _, _, page = await _get(bench, "/metrics")
        text = page.decode()
        assert 'throughline_messages{state="sent"} 1.0' in text
        assert 'throughline_attempts_total{outcome="sent"} 1.0' in text
        assert "throughline_waiting 0.0" in text
        assert "secret" not in text
        assert "imani" not in text

    play(store, scene)


def test_somebodys_data_is_given_at_its_address_for_a_day(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        card = Card("", (Download("my-data.zip", "Your data", "", ZIP, person_id=1),))
        with bench.parts.store.begin() as tx:
            for number, at in ((1, bench.parts.now()), (2, bench.parts.now() - timedelta(days=2))):
                message = outbox.put(
                    tx,
                    recipient_id=1,
                    kind="test",
                    period=f"{number}",
                    card=encode_card(card),
                    asked=True,
                    not_before=at,
                    created_at=at,
                )
                assert message is not None
                attachments.attach(tx, message_id=message, position=0, token=f"token-of-export-{number}")
        status, headers, data = await _get(bench, "/files/token-of-export-1/my-data.zip")
        assert (status, headers["Content-Type"]) == (200, "application/zip")
        assert "no-store" in headers["Cache-Control"]
        with ZipFile(io.BytesIO(data)) as packed:
            assert {"index.html", "data.json", "csv/person.csv"} <= set(packed.namelist())
        status, _headers, said = await _get(bench, "/files/token-of-export-2/my-data.zip")
        assert status == 410
        assert "export my data" in said.decode()

    play(store, scene)
