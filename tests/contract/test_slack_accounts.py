"""Accounts on Slack: linked, lost and found again, in several workspaces and in organisations of many."""

import copy
import logging
from typing import Any

import pytest
from sqlmodel import select

from bot.manifest import SCOPES
from storage import people
from storage.database import Store
from storage.tables import AccountRow, AuditRow
from tests.contract.fake_slack import FakeSlack, Fault
from tests.contract.slack_bench import Bench, payload, play
from tests.district import NOW, email


def says(
    user: str = "U0IMANI", *, team: str = "T0SYCAMORE", stamp: str = "1764000030.1", **more: Any
) -> dict[str, Any]:
    body = copy.deepcopy(payload("message_im")) | {"event_id": f"Ev{stamp}{user}", "team_id": team} | more
    body["event"] |= {"user": user, "channel": "D" + user[1:], "ts": stamp, "event_ts": stamp}
    return body


def accounts(store: Store) -> dict[tuple[str, str], str]:
    with store.read() as tx:
        return {(row.workspace, row.user): row.lost for row in tx.exec(select(AccountRow))}


@pytest.mark.parametrize("name", ["app_uninstalled", "tokens_revoked"])
def test_an_app_that_was_removed_sends_nothing_keeps_the_queue_and_works_again_when_it_is_back(
    store: Store, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(bench: Bench) -> None:
        await bench.event(says("U0IMANI"))
        await bench.event(says("U0GRACE"))
        await bench.settle()
        bench.slack.ledger.clear()
        gone = Fault(error="account_inactive")
        bench.slack.always = dict.fromkeys(
            ("chat.postMessage", "auth.test", "conversations.open", "users.lookupByEmail"), gone
        )
        assert (await bench.event(payload(name))).status == 200
        await bench.settle()
        assert set(accounts(store).values()) == {name}
        for person in ("imani.brooks", "grace.lindqvist", "mei.tanaka"):
            bench.queue(person, f"to {person}")
        for _ in range(5):
            await bench.settle()
            bench.clocks.move(61)
        assert bench.states() == {"sent": 2, "queued": 3}
        assert bench.slack.count("chat.postMessage") <= 2 + 3
        assert len([one for one in caplog.records if one.levelno == logging.CRITICAL]) == 1
        bench.slack.always = {}
        bench.clocks.move(61)
        await bench.settle()
        assert bench.states() == {"sent": 5}
        assert set(accounts(store).values()) == {""}

    play(store, scene)


def test_tokens_of_single_people_that_are_revoked_are_not_the_bots(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await bench.event(says())
        body = payload("tokens_revoked")
        body["event"]["tokens"] = {"oauth": ["U0IMANI"], "bot": []}
        await bench.event(body)
        await bench.settle()
        assert set(accounts(store).values()) == {""}

    play(store, scene)


def test_a_member_who_was_deactivated_is_listed_and_the_others_go_on(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await bench.event(says("U0GRACE"))
        await bench.settle()
        for _ in range(2):
            await bench.event(payload("user_change"))
        await bench.settle()
        assert accounts(store)[("T0SYCAMORE", "U0GRACE")] == "account_inactive"
        bench.slack.faults["chat.postMessage"].append(Fault(error="account_inactive", channel="D0GRACE"))
        gone, other = bench.queue("grace.lindqvist", "one"), bench.queue("imani.brooks", "two")
        await bench.settle()
        assert (bench.message(gone).state, bench.message(gone).why) == ("failed", "account_inactive")
        assert bench.message(other).state == "sent"
        await bench.event(says("U0GRACE", stamp="1764000077.1"))  # back again
        await bench.settle()
        assert accounts(store)[("T0SYCAMORE", "U0GRACE")] == ""

    play(store, scene)
    with store.read() as tx:
        assert len(tx.exec(select(AuditRow).where(AuditRow.action == "accounts.lost")).all()) == 1


def test_a_new_status_line_is_no_news(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        body = payload("user_change")
        body["event"]["user"]["deleted"] = False
        await bench.event(body)
        await bench.settle()
        assert accounts(store) == {}

    play(store, scene)


@pytest.mark.parametrize(
    ("change", "is_linked"),
    [
        pytest.param({}, True, id="of ours"),
        pytest.param({"is_bot": True}, False, id="a program"),
        pytest.param({"team_id": "T0ELSEWHERE"}, False, id="of another workspace"),
        pytest.param({"profile": {"email": "nobody@elsewhere.example"}}, False, id="whom no roster names"),
        pytest.param({"profile": {}}, False, id="without an address"),
    ],
)
def test_a_new_member_is_linked_and_not_written_to(
    store: Store, change: dict[str, Any], is_linked: bool
) -> None:
    async def scene(bench: Bench) -> None:
        body = payload("team_join")
        body["event"]["user"] |= change
        await bench.event(body)
        await bench.settle()
        assert (("T0SYCAMORE", "U0OLUCHI") in accounts(store)) == is_linked
        assert bench.slack.ledger == []

    play(store, scene)


def test_of_two_accounts_the_one_used_last_is_addressed_and_both_are_kept(store: Store) -> None:
    with store.begin() as tx:
        person = people.find_by_email(tx, email("imani.brooks"), on=NOW.date())
        assert person is not None
        people.link_account(
            tx, person_id=person.id, platform="slack", workspace="T0OTHER", user="U9IMANI", address={}, at=NOW
        )

    async def scene(bench: Bench) -> None:
        await bench.event(says("U0IMANI"))
        await bench.settle()
        assert [one.channel for one in bench.slack.ledger] == ["D0IMANI"]
        bench.clocks.move(60)
        pressed = copy.deepcopy(payload("block_actions"))
        pressed["user"]["id"], pressed["channel"]["id"], pressed["team"]["id"] = (
            "U9IMANI",
            "D9IMANI",
            "T0OTHER",
        )
        await bench.interact(pressed)
        await bench.settle()
        assert [one.channel[1:] for one in bench.slack.ledger] == ["0IMANI", "9IMANI"]
        assert set(accounts(store)) == {("T0SYCAMORE", "U0IMANI"), ("T0OTHER", "U9IMANI")}

    play(store, scene)


def test_an_account_that_is_only_listed_is_not_addressed_before_one_that_is_used(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await bench.event(says("U0IMANI"))
        await bench.settle()
        bench.clocks.move(60)
        with store.begin() as tx:
            person = people.find_by_email(tx, email("imani.brooks"), on=NOW.date())
            assert person is not None
            people.link_account(
                tx,
                person_id=person.id,
                platform="slack",
                workspace="T0OTHER",
                user="U9IMANI",
                address={},
                at=bench.clocks.wall,
            )
        bench.queue("imani.brooks", "one")
        await bench.settle()
        assert {one.channel for one in bench.slack.ledger} == {"D0IMANI"}

    play(store, scene)


def test_a_lost_account_yields_to_another_of_the_same_person(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        await bench.event(says("U9IMANI", team="T0OTHER"))
        await bench.event(says("U0IMANI"))
        await bench.settle()
        with store.begin() as tx:
            person = people.find_by_email(tx, email("imani.brooks"), on=NOW.date())
            assert person is not None
            people.link_account(
                tx,
                person_id=person.id,
                platform="slack",
                workspace="T0OTHER",
                user="U9IMANI",
                address={},
                at=NOW,
            )
            people.lose_accounts(tx, platform="slack", workspace="T0SYCAMORE", why="app_uninstalled")
        bench.slack.ledger.clear()
        bench.queue("imani.brooks", "one")
        await bench.settle()
        assert [one.channel[1:] for one in bench.slack.ledger] == ["9IMANI"]

    play(store, scene)


OLD = ",".join(one for one in SCOPES if not one.startswith("files"))


@pytest.mark.parametrize(
    ("scopes", "lacks"),
    [
        pytest.param(",".join(SCOPES), "", id="all"),
        pytest.param(OLD, "files:read, files:write", id="old"),
        pytest.param("", "", id="not told"),
    ],
)
def test_rights_that_an_installation_lacks_are_named_at_start(
    store: Store, scopes: str, lacks: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(bench: Bench) -> None:
        await bench.settle()

    play(store, scene, slack=FakeSlack(scopes=scopes))
    said = [one.getMessage() for one in caplog.records if "lacks" in one.getMessage()]
    assert [f"lacks {lacks};" in one for one in said] == ([True] if lacks else [])


GRID = {"enterprise_id": "E0STATE", "team_id": "T0SYCAMORE", "is_enterprise_install": True, "is_bot": True}


def test_in_an_organisation_wide_installation_a_person_has_one_account_for_all_workspaces(
    store: Store,
) -> None:
    async def scene(bench: Bench) -> None:
        bench.slack.members["W0IMANI"] = email("imani.brooks")
        grid = {"authorizations": [GRID], "enterprise_id": "E0STATE"}
        await bench.event(says("W0IMANI", team="T0SYCAMORE", **grid))
        await bench.settle()
        await bench.event(says("W0IMANI", team="T0SECOND", stamp="1764000031.1", **grid))
        command = payload("slash_command") | {
            "user_id": "W0IMANI",
            "team_id": "T0THIRD",
            "enterprise_id": "E0STATE",
            "is_enterprise_install": "true",
        }
        await bench.command(command)
        await bench.settle()
        assert set(accounts(store)) == {("E0STATE", "W0IMANI")}
        assert len(bench.words("W0IMANI")) == 3

    play(store, scene)


def test_in_one_workspace_of_an_organisation_the_workspace_counts(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        one = GRID | {"is_enterprise_install": False}
        await bench.event(says("U0IMANI", authorizations=[one], enterprise_id="E0STATE"))
        await bench.settle()
        assert set(accounts(store)) == {("T0SYCAMORE", "U0IMANI")}

    play(store, scene)


def test_somebody_of_another_organisation_in_a_shared_channel_is_a_stranger(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        bench.slack.members["W0GUEST"] = email("imani.brooks")  # their own directory may say anything
        bench.slack.teams["W0GUEST"] = "T0ELSEWHERE"
        body = copy.deepcopy(payload("app_mention")) | {"is_ext_shared_channel": True}
        body["event"] |= {"user": "W0GUEST", "user_team": "T0ELSEWHERE", "source_team": "T0ELSEWHERE"}
        await bench.event(body)
        await bench.settle()
        assert accounts(store) == {}
        assert ["I don't know you yet" in one for one in bench.words("W0GUEST")] == [True]

    play(store, scene)
