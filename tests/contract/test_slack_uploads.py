"""Pictures and files where Slack cannot fetch them from the bot: put into Slack, once, or put into words."""

import pytest

from bot.dispatching import SETTLE
from handlers.cards import Card, Chart, ChartKind, Download, Series, Text
from handlers.post import tell_now
from storage import people
from storage.database import Store
from tests.contract.fake_slack import FakeSlack, Fault
from tests.contract.slack_bench import Bench, play
from tests.contract.test_slack_home import opened
from tests.district import email

CHART = Chart(
    ChartKind.BARS, "Visits", ("Adams",), (Series("held", (3.0,)),), "visits", "Adams had 3 visits."
)
FILE = Download("visits.csv", "All visits", "school,visits\nAdams,3\n")


def tell(bench: Bench, card: Card, *, period: str = "one") -> int:
    """Queue a card as the bot does, its pictures and files with addresses."""
    now = bench.clocks.wall
    with bench.parts.store.begin() as tx:
        person = people.find_by_email(tx, email("imani.brooks"), on=now.date())
        assert person is not None
        found = tell_now(tx, person.id, card, kind="reply", period=period, now=now)
    assert found is not None
    return found


def images(bench: Bench) -> list[str]:
    return [
        block["slack_file"]["id"]
        for posted in bench.slack.said_to("U0IMANI")
        for block in posted.blocks
        if block["type"] == "image"
    ]


def test_a_chart_is_put_into_slack_and_shown_when_slack_is_ready_with_it(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        bench.slack.looks_needed = 2
        tell(bench, Card("Visits", (CHART,)))
        await bench.settle()
        (shown,) = images(bench)
        assert bench.slack.uploads[shown].data.startswith(b"\x89PNG")
        assert "Adams had 3 visits." in bench.words("U0IMANI")[0]

    play(store, scene)


def test_the_same_chart_is_put_there_once(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        tell(bench, Card("Visits", (CHART,)))
        tell(bench, Card("Visits again", (CHART,)), period="two")
        await bench.settle()
        first, second = images(bench)
        assert first == second
        assert bench.slack.count("upload") == 1

    play(store, scene)


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        pytest.param("files.getUploadURLExternal", Fault(error="missing_scope"), id="without the right"),
        pytest.param(
            "files.completeUploadExternal", Fault(error="file_uploads_disabled"), id="where files are off"
        ),
        pytest.param("chat.postMessage", Fault(error="invalid_blocks"), id="that Slack is never ready with"),
    ],
)
def test_a_picture_that_cannot_be_had_is_put_into_words(store: Store, method: str, fault: Fault) -> None:
    async def scene(bench: Bench) -> None:
        bench.slack.faults[method].append(fault)
        message = tell(bench, Card("Visits", (CHART,)))
        await bench.settle()
        assert bench.message(message).state == "sent"
        assert images(bench) == []
        assert "Adams had 3 visits." in bench.words("U0IMANI")[0]

    play(store, scene)


@pytest.mark.parametrize(
    "method", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal", "files.info"]
)
@pytest.mark.parametrize(
    "fault", [Fault(status=503), Fault(429, "ratelimited", "5")], ids=["away", "limited"]
)
def test_while_slack_is_away_nothing_is_posted_and_then_it_is_with_its_picture(
    store: Store, method: str, fault: Fault
) -> None:
    async def scene(bench: Bench) -> None:
        bench.slack.faults[method].append(fault)
        message = tell(bench, Card("Visits", (CHART,)))
        await bench.settle()
        assert bench.words("U0IMANI") == []
        for _ in range(3):
            bench.clocks.move(60)
            await bench.settle()
        assert bench.message(message).state == "sent"
        assert len(images(bench)) == 1
        assert len(bench.words("U0IMANI")) == 1

    play(store, scene)


def test_a_file_follows_below_the_card(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        message = tell(bench, Card("Visits", (Text("Three visits."), FILE)))
        await bench.settle()
        card, file = bench.slack.said_to("U0IMANI")
        assert "All visits (visits.csv) follows below." in card.text
        assert file.files[0]["name"] == "visits.csv"
        assert bench.slack.uploads[file.files[0]["id"]].data == "\ufeffschool,visits\nAdams,3\n".encode()
        assert bench.message(message).state == "sent"
        assert len(bench.message(message).platform_ref["parts"]) == 2

    play(store, scene)


@pytest.mark.parametrize("is_there", [True, False])
def test_a_file_in_doubt_is_looked_up_and_is_there_once(store: Store, is_there: bool) -> None:
    async def scene(bench: Bench) -> None:
        fault = Fault(drop=True) if is_there else Fault(status=502)
        bench.slack.faults["files.completeUploadExternal"].append(fault)
        message = tell(bench, Card("Visits", (Text("Three visits."), FILE)))
        await bench.settle()
        assert bench.message(message).state == "unknown"
        bench.clocks.move(SETTLE.total_seconds() + 1)
        await bench.settle()
        assert bench.message(message).state == "sent"
        posted = bench.slack.said_to("U0IMANI")
        assert [len(one.files) for one in posted] == [0, 1]

    play(store, scene)


def test_where_files_may_not_be_posted_the_card_is_there_all_the_same(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        bench.slack.faults["files.getUploadURLExternal"].append(Fault(error="missing_scope"))
        message = tell(bench, Card("Visits", (Text("Three visits."), FILE)))
        await bench.settle()
        assert bench.message(message).state == "sent"
        assert len(bench.slack.said_to("U0IMANI")) == 1

    play(store, scene)


def test_with_an_address_a_file_is_a_link_and_nothing_is_put_into_slack(store: Store) -> None:
    async def scene(bench: Bench) -> None:
        tell(bench, Card("Visits", (FILE, CHART)))
        await bench.settle()
        assert bench.slack.uploads == {}
        assert len(bench.slack.said_to("U0IMANI")) == 1

    play(store, scene, base_url="https://bot.example.org")


def test_the_home_shows_its_charts_from_slack(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.front_page.home.home", lambda turn: Card("Visits", (CHART,)))

    async def scene(bench: Bench) -> None:
        await bench.event(opened())
        await bench.settle()
        (picture,) = [one for one in bench.slack.homes["U0IMANI"]["blocks"] if one["type"] == "image"]
        assert bench.slack.uploads[picture["slack_file"]["id"]].is_ready

    play(store, scene)


def test_an_upload_goes_to_slack_and_nowhere_else(store: Store) -> None:
    class Elsewhere(FakeSlack):
        def _files_getUploadURLExternal(self, body: dict[str, object]) -> dict[str, object]:
            return {"ok": True, "file_id": "F1", "upload_url": "https://elsewhere.example/upload"}

    async def scene(bench: Bench) -> None:
        message = tell(bench, Card("Visits", (CHART,)))
        await bench.settle()
        assert bench.message(message).state == "sent"
        assert images(bench) == []

    play(store, scene, slack=Elsewhere())
