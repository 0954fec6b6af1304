"""Memos shared as files in Slack: fetched with the bot's token, kept before they are read, never lost in silence."""

import asyncio
from pathlib import Path

import pytest
from sqlmodel import select

from protocols.documents.document import MAX_BYTES
from storage.database import Store
from storage.tables import MandateRow, OriginalRow
from tests import papers
from tests.contract.fake_slack import Fault
from tests.slack_stories.workspace import Workspace, tell

PDF = "application/pdf"


def originals(store: Store) -> list[OriginalRow]:
    with store.read() as tx:
        return list(tx.exec(select(OriginalRow)))


def test_a_pdf_is_read_as_a_pasted_memo_is_and_kept_as_it_came(tmp_path: Path) -> None:
    data = papers.pdf()

    async def scene(slack: Workspace) -> None:
        dev = slack.member("dev.patel")
        await dev.shares("lead.pdf", data, media_type=PDF)
        dev.sees("Lead testing of drinking water", "by Fri 4 Dec", "Office of Facilities")
        [kept] = originals(slack.parts.store)
        with slack.parts.store.read() as tx:
            [memo] = tx.exec(select(MandateRow)).all()
        assert (kept.content, kept.name, kept.state, kept.mandate_id) == (data, "lead.pdf", "read", memo.id)
        assert (memo.source, memo.original_id) == ("file", kept.id)

    tell(tmp_path, scene)


def test_the_file_can_be_opened_from_the_memos_original_for_a_week(tmp_path: Path) -> None:
    data = papers.word()

    async def scene(slack: Workspace) -> None:
        imani = slack.member("imani.brooks")
        await imani.shares("lead.docx", data)
        await imani.presses("Original")
        imani.sees("The file as it came", "lead.docx")
        address = link(imani.messages[-1].blocks)
        status, kind, body = await slack.get(address)
        assert (status, body) == (200, data)
        assert kind.startswith("application/vnd.openxmlformats")
        slack.wait(days=8)
        status, _kind, body = await slack.get(address)
        assert (status, data in body) == (410, False)

    tell(tmp_path, scene, base_url="http://throughline.example")


def link(blocks: object) -> str:
    match blocks:
        case {"type": "link", "url": str(url)} if "/files/" in url:
            return url
        case dict():
            return next(filter(None, map(link, blocks.values())), "")
        case list():
            return next(filter(None, map(link, blocks)), "")
    return ""


def test_words_beside_a_file_that_are_a_command_are_answered_too(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        imani = slack.member("imani.brooks")
        await imani.shares("lead.pdf", papers.pdf(), "my week")
        imani.sees("Lead testing of drinking water", "This week")

    tell(tmp_path, scene)


@pytest.mark.parametrize(
    ("name", "data", "media_type", "said"),
    [
        ("board.jpg", b"\xff\xd8\xff", "image/jpeg", "I read no pictures"),
        ("board.pdf", papers.scan(), PDF, "Its pages are pictures"),
        ("locked.pdf", papers.pdf(password="lead"), PDF, "locked with a password"),
        ("enrolment.xlsx", b"PK\x03\x04", "", "It is damaged"),
        ("empty.txt", b"", "text/plain", "There is nothing in it"),
    ],
)
def test_what_cannot_be_read_is_said_by_its_name(
    tmp_path: Path, name: str, data: bytes, media_type: str, said: str
) -> None:
    async def scene(slack: Workspace) -> None:
        dev = slack.member("dev.patel")
        await dev.shares(name, data, media_type=media_type)
        dev.sees(f"I can't read {name}.", said)
        assert [(one.content, one.state) for one in originals(slack.parts.store)] == (
            [] if media_type.startswith("image") else [(data, "unreadable")]
        )

    tell(tmp_path, scene)


def test_files_of_somebody_who_may_send_no_memos_are_not_even_fetched(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        mei = slack.member("mei.tanaka")
        await mei.shares("lead.pdf", papers.pdf())
        mei.sees("Send it to your ILD")
        stranger = slack.stranger()
        await stranger.shares("lead.pdf", papers.pdf())
        stranger.sees("I don't know you yet")
        assert slack.slack.count("files") == 0

    tell(tmp_path, scene)


@pytest.mark.parametrize("fault", [Fault(status=503), Fault(status=429), Fault(drop=True)])
def test_a_file_that_slack_does_not_give_at_once_is_asked_for_again(tmp_path: Path, fault: Fault) -> None:
    async def scene(slack: Workspace) -> None:
        slack.slack.faults["files"] += [fault, fault]
        dev = slack.member("dev.patel")
        await dev.shares("lead.pdf", papers.pdf())
        dev.sees("Lead testing of drinking water")
        assert slack.slack.count("files") == 3

    tell(tmp_path, scene)


def test_a_file_that_slack_does_not_give_at_all_is_said(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        slack.slack.always["files"] = Fault(status=503)
        dev = slack.member("dev.patel")
        await dev.shares("lead.pdf", papers.pdf())
        dev.sees("I can't read lead.pdf.", "Send it again in a few minutes")

    tell(tmp_path, scene)


def test_without_the_right_to_read_files_the_administrator_is_named(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        slack.slack.token = "another"
        dev = slack.member("dev.patel")
        await dev.shares("lead.pdf", papers.pdf())
        dev.sees("files:read", "administrator")

    tell(tmp_path, scene)


def test_the_token_goes_to_no_other_host(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        dev = slack.member("dev.patel")
        elsewhere = "http://127.0.0.1:9/files/lead.pdf"
        await dev.shares("lead.pdf", papers.pdf(), url_private=elsewhere, url_private_download=elsewhere)
        dev.sees("It lies outside Slack")

    tell(tmp_path, scene)


def test_a_file_of_another_organisation_is_asked_for_first(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        dev = slack.member("dev.patel")
        await dev.shares("lead.pdf", papers.pdf(), file_access="check_file_info", url_private="")
        dev.sees("Lead testing of drinking water")

    tell(tmp_path, scene)


def test_a_file_larger_than_anything_that_is_read_is_not_fetched(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        dev = slack.member("dev.patel")
        await dev.shares("lead.pdf", b"%PDF-", size=MAX_BYTES + 1)
        dev.sees("larger than 20 MB")
        assert slack.slack.count("files") == 0

    tell(tmp_path, scene)


def test_a_deploy_between_the_acknowledgement_and_the_reading_loses_nothing(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        dev = slack.member("dev.patel")
        await dev.says("help")
        reading = asyncio.Event()

        async def never(_inbound: object, **_limit: object) -> dict[str, object]:
            reading.set()
            await asyncio.sleep(3600)
            return {}

        slack.parts.inbox._files.bring = never  # type: ignore[union-attr,method-assign,assignment]
        file = slack.slack.share("F0KILLED", "lead.pdf", papers.pdf())
        await dev.sends("", subtype="file_share", files=[file])
        await asyncio.wait_for(reading.wait(), 30)
        for task in slack.parts.inbox._running.copy():
            task.cancel()  # the process is gone here
        await asyncio.gather(*slack.parts.inbox._running, return_exceptions=True)
        await slack.restart()
        await slack.parts.inbox.resume(slack.parts.platforms["slack"].email_of)
        await slack.bench.settle()
        dev.sees("Lead testing of drinking water")
        assert len(originals(slack.parts.store)) == 1

    tell(tmp_path, scene)
