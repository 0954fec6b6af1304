"""The message shortcut "Send to the buffer": somebody's message in a channel becomes a memo of theirs."""

import copy
from typing import Any

import pytest
from sqlmodel import select

from storage import people
from storage.database import Store
from storage.tables import DemandRow, MandateRow, OriginalRow
from tests.contract.slack_bench import Bench, payload, play
from tests.district import NOW, email

KEYS = "Schools must return the key list to the office by Friday, December 11, 2026."


def link(store: Store, user: str, name: str) -> int:
    """Somebody has written to the bot before, so that their account is known."""
    with store.begin() as tx:
        person = people.find_by_email(tx, email(name), on=NOW.date())
        assert person is not None
        people.link_account(
            tx, person_id=person.id, platform="slack", workspace="T0SYCAMORE", user=user, address={}, at=NOW
        )
        return person.id


def memo_of(store: Store) -> MandateRow:
    with store.read() as tx:
        return tx.exec(select(MandateRow)).one()


def id_of(store: Store, name: str) -> int:
    with store.read() as tx:
        person = people.find_by_email(tx, email(name), on=NOW.date())
        assert person is not None
        return person.id


def forward(store: Store, body: dict[str, Any], *words: str, files: dict[str, bytes] | None = None) -> None:
    async def scene(bench: Bench) -> None:
        sent = copy.deepcopy(body)
        for number, (name, data) in enumerate((files or {}).items()):
            sent["message"]["files"].append(bench.slack.share(f"F0{number}", name, data, "text/plain"))
        response = await bench.interact(sent)
        assert (response.status, await response.text()) == (200, "")
        await bench.settle()
        said = " ".join(bench.words("U0IMANI"))
        for one in words:
            assert one in said, said

    play(store, scene)


def test_it_is_the_authors_memo_and_who_sent_it_on_is_kept(store: Store) -> None:
    dev = link(store, "U0DEV", "dev.patel")
    forward(store, payload("shortcut"), "Human Resources", "Dev Patel wrote it.")
    memo = memo_of(store)
    assert (memo.sender_id, memo.forwarded_by) == (dev, id_of(store, "imani.brooks"))
    assert (memo.unit, memo.source) == ("Human Resources", "forwarded")
    with store.read() as tx:
        assert tx.exec(select(DemandRow)).one().due_words == "Friday, December 4"


@pytest.mark.parametrize(
    "author",
    [
        pytest.param("U0NOBODY", id="whose account is not known"),
        pytest.param("U0MEI", id="who may not send memos"),
        pytest.param("U0IMANI", id="who sends it on themselves"),
        pytest.param(None, id="that is a program"),
    ],
)
def test_of_an_author_it_is_the_memo_of_who_sent_it_on(store: Store, author: str | None) -> None:
    link(store, "U0MEI", "mei.tanaka")
    body = payload("shortcut")
    if author is None:
        del body["message"]["user"]
        body["message"]["bot_id"] = "B0OTHER"
    else:
        body["message"]["user"] = author
    forward(store, body)
    memo = memo_of(store)
    assert (memo.sender_id, memo.forwarded_by) == (id_of(store, "imani.brooks"), None)
    assert memo.unit == "Instructional leadership"


def test_the_files_of_the_message_are_memos_too(store: Store) -> None:
    dev = link(store, "U0DEV", "dev.patel")
    forward(store, payload("shortcut_with_file"), "by Fri 11 Dec", files={"keys.txt": KEYS.encode()})
    memo = memo_of(store)
    assert (memo.sender_id, memo.forwarded_by, memo.source) == (dev, id_of(store, "imani.brooks"), "file")
    assert memo.unit == "Human Resources"
    with store.read() as tx:
        assert tx.exec(select(OriginalRow)).one().content == KEYS.encode()


def test_a_principal_who_sends_one_on_is_told_whom_to_ask(store: Store) -> None:
    link(store, "U0DEV", "dev.patel")
    body = payload("shortcut")
    body["user"]["id"] = "U0MEI"

    async def scene(bench: Bench) -> None:
        await bench.interact(body)
        await bench.settle()
        assert "Memos to schools come from an office" in " ".join(bench.words("U0MEI"))

    play(store, scene)
    with store.read() as tx:
        assert tx.exec(select(MandateRow)).all() == []


def test_the_same_press_again_does_nothing(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        for _ in range(3):
            await bench.interact(payload("shortcut"))
        await bench.settle()
        assert len(bench.words("U0IMANI")) == 1

    play(store, scene)
    memo_of(store)


def test_a_message_shared_into_the_direct_message_is_its_authors_too(store: Store) -> None:
    dev = link(store, "U0DEV", "dev.patel")

    async def scene(bench: Bench) -> None:
        event = payload("message_im")
        event["event"] |= {
            "text": "",
            "attachments": [
                {"is_share": True, "author_id": "U0DEV", "text": KEYS, "ts": "1764000000.000600"}
            ],
        }
        await bench.event(event)
        await bench.settle()

    play(store, scene)
    memo = memo_of(store)
    assert (memo.sender_id, memo.source) == (dev, "forwarded")
