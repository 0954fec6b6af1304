"""Teams' requests, black box: who is let in, acknowledged, heard once and answered."""

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr
from sqlmodel import col, delete, select

from bot.platforms import teams_requests
from handlers import topics
from handlers.turn import Cards, Turn
from handlers.welcome import first_contact
from storage.database import Store
from storage.tables import AccountRow, InboundRow, NoticeRow
from tests.contract.fake_teams import FakeTeams, Fault, chat_of
from tests.contract.teams_bench import STRANGER, Bench, aad, play


def _inbound(bench: Bench) -> int:
    with bench.parts.store.read() as tx:
        return len(tx.exec(select(InboundRow)).all())


def test_words_in_a_personal_chat_are_acknowledged_and_answered_there(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        response = await bench.activity(bench.payload("message_personal"))
        assert (response.status, await response.text()) == (200, "")
        await bench.settle()
        (answer,) = bench.teams.ledger
        assert answer.conversation == chat_of("aad-imani")
        assert "What you can write here" in answer.text
        assert answer.card["type"] == "AdaptiveCard"

    play(store, scene)


Sign = Callable[[FakeTeams], str]


@pytest.mark.parametrize(
    "sign",
    [
        pytest.param(lambda teams: "", id="no token"),
        pytest.param(lambda teams: "x", id="no token's shape"),
        pytest.param(lambda teams: "a.b.c", id="three words"),
        pytest.param(lambda teams: "e30.e30.e30", id="three empty objects"),
        pytest.param(lambda teams: "WzFd.WzFd.WzFd", id="three lists"),
        pytest.param(lambda teams: "é.ü.ö", id="letters no token has"),
        pytest.param(lambda teams: teams.sign()[:-4] + "AAAA", id="another signature"),
        pytest.param(lambda teams: teams.sign(key_name="forged", kid="first"), id="signed with another key"),
        pytest.param(lambda teams: teams.sign(key_name="forged"), id="signed with a key nobody published"),
        pytest.param(lambda teams: teams.sign(alg="none"), id="not signed"),
        pytest.param(lambda teams: teams.sign(exp=int(time.time()) - 400), id="ended beyond the leeway"),
        pytest.param(lambda teams: teams.sign(exp=None), id="without an end"),
        pytest.param(lambda teams: teams.sign(nbf=int(time.time()) + 4_000), id="not yet good"),
        pytest.param(lambda teams: teams.sign(aud="another-app"), id="for another app"),
        pytest.param(lambda teams: teams.sign(aud=None), id="for nobody"),
        pytest.param(lambda teams: teams.sign(iss="https://elsewhere.example"), id="of another issuer"),
        pytest.param(lambda teams: teams.sign(iss=None), id="of nobody"),
        pytest.param(
            lambda teams: teams.sign(
                iss="https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/", appid="any", ver="1.0"
            ),
            id="an emulator's",
        ),
        pytest.param(
            lambda teams: teams.sign(serviceurl="https://elsewhere.example/"),
            id="for another service address",
        ),
        pytest.param(lambda teams: teams.sign(serviceurl=None), id="for no service address"),
    ],
)
def test_a_request_without_a_good_token_is_refused_and_does_nothing(
    store: Store, sign: Sign, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(bench: Bench) -> None:
        token = sign(bench.teams)
        response = await bench.activity(bench.payload("message_personal"), token=token)
        assert response.status == 401
        await bench.settle()
        assert _inbound(bench) == 0
        assert bench.teams.ledger == []
        assert token == "" or token not in caplog.text

    caplog.set_level(logging.DEBUG)
    play(store, scene)


def test_a_token_within_five_minutes_of_its_end_is_still_good(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        token = bench.teams.sign(exp=int(time.time()) - 200)
        assert (await bench.activity(bench.payload("message_personal"), token=token)).status == 200

    play(store, scene)


def test_an_activity_of_another_organisation_or_channel_is_refused(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        for wrong in (
            {"channelData": {"tenant": {"id": "another"}}},
            {"channelId": "webchat"},
            {"channelId": None},
            {"serviceUrl": "https://elsewhere.example/"},
        ):
            assert (await bench.activity(bench.payload("message_personal", **wrong))).status == 401
        await bench.settle()
        assert _inbound(bench) == 0

    play(store, scene)


def test_while_the_keys_cannot_be_had_nothing_is_let_in_and_later_it_is(store: Store) -> None:
    teams = FakeTeams()
    teams.always["metadata"] = Fault(status=500)

    async def scene(bench: Bench) -> None:
        assert (await bench.activity(bench.payload("message_personal"))).status == 503
        await bench.settle()
        assert _inbound(bench) == 0
        bench.teams.always.clear()
        assert (await bench.activity(bench.payload("message_personal"))).status == 200

    play(store, scene, teams=teams)


def test_a_new_signing_key_is_good_at_once_and_inventions_ask_for_nothing(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        bench.teams.signing.append("second")
        bench.clocks.move(600)
        token = bench.teams.sign(key_name="second")
        assert (await bench.activity(bench.payload("message_personal"), token=token)).status == 200
        asked = bench.teams.count("keys")
        for number in range(20):
            token = bench.teams.sign(kid=f"invented-{number}")
            assert (await bench.activity(bench.payload("message_personal"), token=token)).status == 401
        assert bench.teams.count("keys") == asked

    play(store, scene)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"[1, 2]", id="a list"),
        pytest.param(b'{"type": "message", "from": ', id="half a JSON"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(b"null", id="null"),
        pytest.param(b"{}", id="an empty object"),
        pytest.param(b"[" * 100_000, id="a hole without a bottom"),
    ],
)
def test_a_good_token_with_a_body_that_makes_no_sense_is_refused(store: Store, body: bytes) -> None:
    async def scene(bench: Bench) -> None:
        response = await bench.post(body)
        assert response.status == 400
        assert "Traceback" not in await response.text()

    play(store, scene)


@pytest.mark.parametrize("name", ["serviceUrl", "conversation", "from", "recipient", "type", "id"])
@pytest.mark.parametrize("value", [None, [], {}, "", 7])
def test_an_activity_without_what_all_have_is_refused(store: Store, name: str, value: Any) -> None:
    async def scene(bench: Bench) -> None:
        activity = bench.payload("message_personal") | {name: value}
        assert (await bench.activity(activity)).status == 400
        await bench.settle()
        assert bench.teams.ledger == []

    play(store, scene)


def test_a_body_larger_than_teams_sends_is_refused(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        assert (await bench.post(b"x" * 1_048_577)).status == 413

    play(store, scene)


def test_the_same_activity_is_answered_once_one_after_the_other_and_at_once(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        activity = bench.payload("message_personal")
        for _ in range(3):
            assert (await bench.activity(activity)).status == 200
        await bench.settle()
        again = bench.payload("message_personal")
        responses = await asyncio.gather(*(bench.activity(again) for _ in range(5)))
        assert {one.status for one in responses} == {200}
        await bench.settle()
        assert len(bench.teams.ledger) == 2

    play(store, scene)


def test_a_button_comes_as_an_invoke_or_as_a_message_and_is_pressed_once(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        pressed = bench.payload("invoke_action")
        response = await bench.activity(pressed)
        assert response.status == 200
        assert json.loads(await response.text())["statusCode"] == 200
        await bench.activity(pressed)
        await bench.settle()
        assert len(bench.words("imani.brooks")) == 1
        assert (await bench.activity(bench.payload("message_submit"))).status == 200
        await bench.settle()
        assert len(bench.words("imani.brooks")) == 2

    play(store, scene)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="nothing"),
        pytest.param([], id="a list"),
        pytest.param({"action": "help.open"}, id="an action that is a word"),
        pytest.param({"action": {"data": "help.open"}}, id="data that is a word"),
        pytest.param({"trigger": "manual"}, id="no action"),
    ],
)
def test_a_button_without_its_shape_is_refused(store: Store, value: Any) -> None:
    async def scene(bench: Bench) -> None:
        assert (await bench.activity(bench.payload("invoke_action", value=value))).status == 400
        await bench.settle()
        assert bench.teams.ledger == []

    play(store, scene)


@pytest.mark.parametrize(
    "data",
    [
        {"action": "before.the_flood?id=3"},
        {"action": "x" * 400},
        {"action": {"name": "help.open"}},
        {"something": "else"},
        {"action": "help.open?a=1&a=2"},
    ],
)
def test_a_button_of_an_old_version_is_answered_kindly(store: Store, data: dict[str, Any]) -> None:
    async def scene(bench: Bench) -> None:
        activity = bench.payload("invoke_action")
        activity["value"]["action"]["data"] = data
        assert (await bench.activity(activity)).status == 200
        await bench.settle()
        (said,) = bench.words("imani.brooks")
        assert "older version" in said

    play(store, scene)


def test_a_card_asked_for_anew_is_in_the_answer_and_nothing_is_written(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await bench.says("imani.brooks", "help")
        before = _inbound(bench)
        response = await bench.activity(bench.payload("invoke_refresh"))
        said = json.loads(await response.text())
        assert said["statusCode"] == 200
        assert said["type"] == "application/vnd.microsoft.card.adaptive"
        assert "What you can write here" in json.dumps(said["value"])
        await bench.settle()
        assert _inbound(bench) == before
        assert len(bench.words("imani.brooks")) == 1

    play(store, scene)


def test_a_card_asked_for_anew_by_a_stranger_stays_as_it_is(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        response = await bench.activity(bench.payload("invoke_refresh", user=STRANGER))
        said = json.loads(await response.text())
        assert (response.status, said["statusCode"]) == (200, 404)

    play(store, scene)


def test_an_invoke_nobody_knows_is_not_implemented(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        response = await bench.activity(bench.payload("invoke_action", name="task/fetch"))
        assert response.status == 501

    play(store, scene)


def test_a_mention_in_a_channel_or_group_is_answered_in_the_writers_own_chat(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        for recorded in ("message_channel_mention", "message_group_mention"):
            before = len(bench.teams.ledger)
            assert (await bench.activity(bench.payload(recorded))).status == 200
            await bench.settle()
            (answer,) = bench.teams.ledger[before:]
            assert answer.conversation == chat_of("aad-imani")

    play(store, scene)


@pytest.mark.parametrize(
    "recorded",
    [
        "message_reaction",
        "message_edited",
        "message_deleted",
        "typing",
        "conversation_update_member_added",
    ],
)
def test_what_is_nobody_speaking_is_acknowledged_and_passed_over(store: Store, recorded: str) -> None:
    async def scene(bench: Bench) -> None:
        await bench.says("imani.brooks", "help")
        assert (await bench.activity(bench.payload(recorded))).status == 200
        await bench.settle()
        assert len(bench.teams.ledger) == 1

    play(store, scene)


def test_words_in_a_channel_that_do_not_call_the_bot_are_passed_over(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        activity = bench.payload("message_channel_mention", text="help", entities=[])
        assert (await bench.activity(activity)).status == 200
        await bench.settle()
        assert bench.teams.ledger == []

    play(store, scene)


def test_a_stranger_is_told_whom_to_ask(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await bench.activity(bench.payload("message_personal", user=STRANGER))
        await bench.settle()
        (said,) = bench.teams.said_to(STRANGER)
        assert "I don't know you yet (somebody@elsewhere.example)" in said.text

    play(store, scene)


def test_a_guest_with_somebodys_address_stays_a_stranger(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        bench.teams.guests.add("aad-imani")
        await bench.activity(bench.payload("message_personal"))
        await bench.settle()
        (said,) = bench.teams.said_to("aad-imani")
        assert "I don't know you yet" in said.text

    play(store, scene)


def test_an_account_is_looked_up_once_and_its_address_kept_and_refreshed(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        for _ in range(3):
            await bench.says("imani.brooks", "help")
        assert bench.teams.count("member") == 1
        with bench.parts.store.read() as tx:
            (account,) = tx.exec(select(AccountRow))
            assert account.user == aad("imani.brooks")
            assert account.address == {
                "service_url": bench.teams.service_url,
                "conversation": chat_of("aad-imani"),
                "bot": "28:3f2b8a90-0000-4000-8000-0000000000b0",
                "mri": "29:aad-imani",
            }

    play(store, scene)


def test_a_message_sent_to_the_buffer_is_a_memo_of_whoever_wrote_it(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await bench.says("dev.patel", "help")
        for recorded in ("invoke_message_action", "invoke_message_action_submitted"):
            before = len(bench.words("imani.brooks"))
            response = await bench.activity(bench.payload(recorded))
            assert "task" in json.loads(await response.text())
            await bench.settle()
            assert len(bench.words("imani.brooks")) > before
        assert "seat counts" in "\n".join(json.dumps(one.card) for one in bench.teams.said_to("aad-imani"))

    play(store, scene)


@pytest.mark.parametrize("recorded", ["installation_added", "conversation_update_personal"])
def test_whoever_adds_the_app_is_welcomed_once_and_known_from_then_on(store: Store, recorded: str) -> None:
    async def scene(bench: Bench) -> None:
        with bench.parts.store.begin() as tx:
            tx.exec(delete(NoticeRow).where(col(NoticeRow.kind) == first_contact.KIND))
        bench.clocks.move(4 * 3_600)  # out of protected time
        for _ in range(2):
            assert (await bench.activity(bench.payload(recorded))).status == 200
            await bench.settle()
        (welcome,) = bench.words("imani.brooks")
        assert "Imani" in welcome
        bench.queue("imani.brooks", "one")
        await bench.settle()
        assert bench.words("imani.brooks")[1:] == ["one"]
        assert bench.teams.count("create") == 0

    play(store, scene)


def test_a_stranger_who_adds_the_app_is_told_once_whom_to_ask(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        for recorded in ("installation_added", "conversation_update_personal"):
            assert (await bench.activity(bench.payload(recorded, user=STRANGER))).status == 200
            await bench.settle()
        (told,) = bench.teams.said_to(STRANGER)
        assert "I don't know you yet" in json.dumps(told.card, ensure_ascii=False).replace("\u2019", "'")

    play(store, scene)


def test_whoever_removes_the_app_has_a_lost_account_until_they_are_back(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await bench.says("imani.brooks", "help")
        assert (await bench.activity(bench.payload("installation_removed"))).status == 200
        await bench.settle()
        assert len(bench.words("imani.brooks")) == 1
        with bench.parts.store.read() as tx:
            (account,) = tx.exec(select(AccountRow))
            assert account.lost == "the app was removed in Teams"
        await bench.activity(bench.payload("installation_added"))
        await bench.settle()
        with bench.parts.store.read() as tx:
            (account,) = tx.exec(select(AccountRow))
            assert account.lost == ""

    play(store, scene)


def test_somebody_who_waits_sees_that_an_answer_is_on_its_way(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def slow(turn: Turn, text: str) -> Cards | None:
        gate.wait(20)
        return None

    async def scene(bench: Bench) -> None:
        activity = bench.payload("message_personal", text="something that takes long", attachments=[])
        assert (await bench.activity(activity)).status == 200
        async with asyncio.timeout(20):
            while not bench.teams.typing:
                await asyncio.sleep(0.01)
        assert bench.teams.typing == [chat_of("aad-imani")]
        assert bench.teams.ledger == []
        gate.set()
        await bench.settle()
        assert len(bench.teams.ledger) == 1

    monkeypatch.setattr(topics, "READINGS", (slow,))
    monkeypatch.setattr(teams_requests, "TYPING_AFTER_SECONDS", 0.01)
    play(store, scene)


OPEN = {
    "microsoft_app_id": None,
    "microsoft_app_password": None,
    "microsoft_app_tenant_id": None,
    "teams_unauthenticated_development": True,
}


def test_without_an_app_this_machine_is_answered_unchecked(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        bench.teams.is_open = True
        response = await bench.activity(bench.payload("message_personal"), token="")
        assert response.status == 200
        await bench.settle()
        assert len(bench.words("imani.brooks")) == 1

    play(store, scene, **OPEN)


@pytest.mark.parametrize(
    ("headers", "service_url"),
    [
        pytest.param({"Host": "bot.district.org"}, None, id="by a name that leads here"),
        pytest.param(
            {"Origin": "https://elsewhere.example"}, None, id="from a page of this machine's browser"
        ),
        pytest.param({}, "https://elsewhere.example/", id="that wants somebody else called"),
        pytest.param({}, "http://169.254.169.254/", id="that wants a cloud's own address called"),
        pytest.param({}, "http://10.0.0.4/", id="that wants the district's network called"),
        pytest.param(
            {}, "http://127.0.0.1@elsewhere.example/", id="that wants somebody else called, in disguise"
        ),
        pytest.param({}, "file:///etc/passwd", id="that wants a file"),
    ],
)
def test_without_an_app_nobody_else_is_answered_or_called(
    store: Store, headers: dict[str, str], service_url: str | None
) -> None:
    async def scene(bench: Bench) -> None:
        activity = bench.payload("message_personal")
        if service_url:
            activity["serviceUrl"] = service_url
        assert (await bench.activity(activity, token="", headers=headers)).status == 401
        await bench.settle()
        assert _inbound(bench) == 0

    play(store, scene, **OPEN)


def test_a_file_is_read_as_a_memo_and_our_token_stays_at_home(store: Store) -> None:
    memo = "All principals must confirm seat counts for 8th-grade testing by Fri 11 Dec."

    async def scene(bench: Bench) -> None:
        file = bench.teams.share("memo.txt", memo.encode())
        activity = bench.payload("message_with_file", user="aad-imani", attachments=[file])
        assert (await bench.activity(activity)).status == 200
        await bench.settle()
        assert "seat counts" in json.dumps([one.card for one in bench.teams.said_to("aad-imani")])
        assert bench.teams.count("file") == 1

    play(store, scene)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://elsewhere.example/memo.txt", "outside OneDrive"),
        ("https://sharepoint.com.elsewhere.example/memo.txt", "outside OneDrive"),
        ("http://sycamore-my.sharepoint.com/memo.txt", "outside OneDrive"),
        ("http://169.254.169.254/latest", "outside OneDrive"),
        ("https://sycamore-my.sharepoint.com:8443/memo.txt", "outside OneDrive"),
        ("", "could not get it"),
    ],
)
def test_a_file_that_lies_elsewhere_is_not_fetched(store: Store, address: str, said: str) -> None:
    async def scene(bench: Bench) -> None:
        file = bench.teams.share("memo.txt", b"words")
        file["content"]["downloadUrl"] = address
        file["contentUrl"] = ""
        await bench.activity(bench.payload("message_with_file", attachments=[file]))
        await bench.settle()
        assert said in json.dumps([one.card for one in bench.teams.said_to("aad-imani")])
        assert bench.teams.count("file") == 0

    play(store, scene)


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        ([404], "Share it once more"),
        ([403], "Share it once more"),
        ([503, 503, 503, 503], "Send it again in a few minutes"),
        ([503, 503], "words"),
    ],
)
def test_a_file_that_cannot_be_had_is_said_so(store: Store, faults: list[int], said: str) -> None:
    async def scene(bench: Bench) -> None:
        bench.teams.faults["file"].extend(Fault(status=one) for one in faults)
        file = bench.teams.share("memo.txt", b"All principals must send these words by Fri 11 Dec.")
        await bench.activity(bench.payload("message_with_file", attachments=[file]))
        await bench.settle()
        assert said in json.dumps([one.card for one in bench.teams.said_to("aad-imani")])

    play(store, scene)


def test_a_picture_is_named_and_not_fetched(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await bench.activity(bench.payload("message_with_picture"))
        await bench.settle()
        assert "no pictures" in json.dumps([one.card for one in bench.teams.said_to("aad-imani")])

    play(store, scene)


def test_a_message_of_several_lines_keeps_them_and_a_reply_does_not_repeat_the_question(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await bench.activity(bench.payload("message_html"))
        await bench.activity(bench.payload("message_reply"))
        await bench.activity(bench.payload("message_forwarded"))
        await bench.settle()
        assert "confirm seats" in json.dumps([one.card for one in bench.teams.said_to("aad-imani")])

    play(store, scene)


def test_whoever_calls_the_bot_among_others_and_has_no_chat_with_it_is_shown_the_way(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        bench.teams.installed = set()
        await bench.activity(bench.payload("message_group_mention"))
        await bench.settle()
        async with asyncio.timeout(20):
            while not bench.teams.ledger:
                await asyncio.sleep(0.01)
        (said,) = bench.teams.ledger
        assert said.conversation == "19:redacted@thread.v2"
        assert said.text == teams_requests.ADD_ME

    play(store, scene)


def test_the_health_check_says_that_microsoft_cannot_be_reached(store: Store) -> None:
    teams = FakeTeams()
    teams.always["metadata"] = Fault(status=500)

    async def scene(bench: Bench) -> None:
        async with bench.http.get(bench.url + "/readyz") as response:
            assert response.status == 503
            assert "signing keys" in (await response.json())["teams"]

    play(store, scene, teams=teams)


def test_the_health_check_says_that_the_secret_is_wrong(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        async with bench.http.get(bench.url + "/readyz") as response:
            assert "MICROSOFT_APP_PASSWORD" in (await response.json())["teams"]

    play(store, scene, microsoft_app_password=SecretStr("an old one"))
