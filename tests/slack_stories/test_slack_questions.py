"""Story E over Slack: the number, its picture and its file; and what is refused, to whom."""

import re
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from handlers.cards import WORKBOOK
from protocols.cadence.calendar import Half
from storage import people, visits
from storage.tables import AuditRow
from tests.contract.block_kit_rules import walk
from tests.contract.fake_slack import Posted
from tests.slack_stories.workspace import Workspace, tell

WEDNESDAY = "2026-11-18 10:00"
HELD = {
    "Lincoln Middle": ("2026-09-10", "2026-09-24", "2026-10-08", "2026-10-22", "2026-11-05"),
    "Roosevelt High": ("2026-09-15", "2026-10-05"),
    "Harbor Elementary": ("2026-09-22", "2026-10-20", "2026-11-17"),
}
BY_ILD = "visits since September by ILD"


def hold_visits(slack: Workspace) -> None:
    with slack.parts.store.begin() as tx:
        for school in people.schools_on(tx, date(2026, 11, 18)):
            for day in HELD.get(school.name, ()):
                visits.record_held(
                    tx,
                    school_id=school.id,
                    ild_id=school.ild_id or 0,
                    day=date.fromisoformat(day),
                    half=Half.AM,
                    kind="walkthrough",
                    minutes=60,
                    at=slack.now,
                )


def images(posted: Posted) -> list[str]:
    return [block["image_url"] for block in posted.blocks if block["type"] == "image"]


def links(posted: Posted) -> list[str]:
    return [one["url"] for one in walk(posted.blocks) if one.get("type") == "link"]


def test_with_a_public_address_the_picture_and_the_file_can_be_fetched(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        hold_visits(slack)
        ruth = slack.member("ruth.castellanos")
        await ruth.commands(BY_ILD)
        ruth.sees("10 visits", "Imani Brooks 7, Tomás Rivera 3", "Counted: visits held", "[By school]")
        (picture,) = images(ruth.messages[-1])
        assert picture.startswith("https://ild.sycamore.org/charts/")
        assert re.search(r"/charts/[\w-]{20,}\.png$", picture), "an address that can be guessed"
        status, kind, body = await slack.get(picture)
        assert (status, kind, body[:4]) == (200, "image/png", b"\x89PNG")
        file, workbook = links(ruth.messages[-1])
        status, kind, body = await slack.get(file)
        assert status == 200
        assert kind.startswith("text/csv")
        assert "Imani Brooks,7" in body.decode()
        status, kind, body = await slack.get(workbook)
        assert (status, kind, body[:2]) == (200, WORKBOOK, b"PK")
        await slack.restart()
        assert (await slack.get(picture))[0] == 200

    tell(tmp_path, scene, at=WEDNESDAY, base_url="https://ild.sycamore.org")


@pytest.mark.parametrize(
    ("base_url", "has_link"),
    [
        pytest.param(None, False, id="no address"),
        pytest.param("http://ild.sycamore.org", True, id="no https"),
        pytest.param("https://10.0.0.5", True, id="an address inside the district"),
    ],
)
def test_without_a_public_https_address_the_picture_is_put_into_slack(
    tmp_path: Path, base_url: str | None, has_link: bool
) -> None:
    async def scene(slack: Workspace) -> None:
        hold_visits(slack)
        ruth = slack.member("ruth.castellanos")
        await ruth.says(BY_ILD)
        ruth.sees("10 visits", "Imani Brooks: 7")
        card, *files = ruth.new
        (picture,) = [block for block in card.blocks if block["type"] == "image"]
        assert slack.slack.uploads[picture["slack_file"]["id"]].data[:4] == b"\x89PNG"
        assert bool(links(card)) is has_link
        # Where nobody could open a link, the file is below the card.
        assert [slack.slack.uploads[one["id"]].name for file in files for one in file.files] == (
            [] if has_link else ["throughline.csv", "throughline.xlsx"]
        )

    tell(tmp_path, scene, at=WEDNESDAY, base_url=base_url)


def test_a_follow_up_in_words_and_by_button(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        hold_visits(slack)
        ruth = slack.member("ruth.castellanos")
        await ruth.says("visits in October")
        ruth.sees("4 visits")
        await slack.restart()
        await ruth.says("and in South Network?")
        ruth.sees("1 visit", "South Network")
        await ruth.presses("By school")
        ruth.sees("Harbor Elementary 1")
        await ruth.says("schools not visited for three weeks")
        ruth.sees("Roosevelt High (44 days)")

    tell(tmp_path, scene, at=WEDNESDAY)


@pytest.mark.parametrize(
    ("name", "question", "answer", "hidden"),
    [
        ("ruth.castellanos", "what did Mei Tanaka say in the last walkthrough?", "stays between", "ratio"),
        ("ruth.castellanos", "who is the best ILD?", "I don't rank", "Imani Brooks 7"),
        ("mei.tanaka", "how many visits did Lincoln Middle have?", "not yours to see", "5 visits"),
        ("imani.brooks", "how many visits has Tomás made?", "not yours to see", "3 visits"),
        ("dev.patel", BY_ILD, "", "10 visits"),
    ],
)
def test_what_is_not_theirs_is_refused_and_on_record(
    tmp_path: Path, name: str, question: str, answer: str, hidden: str
) -> None:
    async def scene(slack: Workspace) -> None:
        hold_visits(slack)
        who = slack.member(name)
        await who.commands(question)
        who.sees(answer)
        who.never_saw(hidden)
        if answer:
            with slack.parts.store.read() as tx:
                assert tx.exec(select(AuditRow.action).where(AuditRow.action == "refused")).all()

    tell(tmp_path, scene, at=WEDNESDAY)


def test_an_own_question_is_answered_with_the_own_figures(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        hold_visits(slack)
        mei, imani = slack.member("mei.tanaka"), slack.member("imani.brooks")
        await mei.says("how many visits have we had since September?")
        mei.sees("2 visits", "Roosevelt High")
        await imani.says("visits since September by school")
        imani.sees("7 visits", "Lincoln Middle 5")
        imani.never_saw("Harbor")

    tell(tmp_path, scene, at=WEDNESDAY)
