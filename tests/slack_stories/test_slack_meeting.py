"""Story C over Slack: a meeting in protected time, its three free times, and the override in the open."""

from pathlib import Path

import pytest
from sqlmodel import select

from storage.tables import MeetingRow, ProtectedLossRow
from tests.slack_stories.workspace import Workspace, tell


def states(slack: Workspace) -> list[str]:
    with slack.parts.store.read() as tx:
        return list(tx.exec(select(MeetingRow.state)))


def test_refused_with_the_rule_and_three_times_of_which_one_is_taken(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        dev, mei = slack.member("dev.patel"), slack.member("mei.tanaka")
        await dev.commands("meeting with principals Tue 9:00 about substitutes")
        dev.sees("Tuesday morning belongs to schools", "Free for all of them")
        take = [b["text"]["text"] for b in dev.messages[-1].buttons if b["text"]["text"].startswith("Take ")]
        assert len(take) == 3
        old = dev.button("Take ")
        await dev.presses("Take ")
        dev.sees("Booked for", "5 principals")
        mei.sees("Meeting", "substitutes", "Human Resources")
        await dev.presses_in(*old)
        dev.sees("Already settled")
        slack.wait(days=8)
        await dev.presses_in(*old)
        dev.sees("Already settled")
        assert states(slack) == ["booked"]

    tell(tmp_path, scene)


def test_an_executive_overrides_by_form_and_those_affected_read_why(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        dev, ruth, mei = (slack.member(n) for n in ("dev.patel", "ruth.castellanos", "mei.tanaka"))
        await dev.says("meeting with principals Thu 9:00 about the strike plan")
        await dev.presses("Ask for an override")
        dev.sees("Ruth Castellanos decides")
        ruth.sees("Dev Patel, Human Resources, asks")
        form = ruth.button("Override")
        await ruth.presses_in(*form)
        ruth.sees("Choose the kind of reason")
        await ruth.presses_in(*form, {"Why it cannot": "Another reason", "In one sentence": "because"})
        ruth.sees("Say in one sentence why")
        assert states(slack) == ["asked"]
        await dev.presses_in(*form)
        dev.sees("Only an executive may take protected time")
        reason = "Drivers strike on Friday and routes change for every school."
        await ruth.presses("Override", {"Why it cannot": "Staffing", "In one sentence": reason})
        ruth.sees("Recorded", "5 people x 60 minutes")
        mei.sees("takes protected time", "Drivers strike on Friday", "Ruth Castellanos")
        with slack.parts.store.read() as tx:
            assert len(tx.exec(select(ProtectedLossRow.id)).all()) == 5

    tell(tmp_path, scene)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("meeting with principals Tue 25:00 about buses", "no time"),
        ("meeting with principals 2 Nov 9:00 about buses", "past"),
        ("meeting with astronauts Wed 13:00 about buses", "don't know whom"),
        ("meeting with principals about substitutes", "When shall it start?"),
    ],
)
def test_a_request_that_lacks_something_says_what_to_write(tmp_path: Path, words: str, answer: str) -> None:
    async def scene(slack: Workspace) -> None:
        dev = slack.member("dev.patel")
        await dev.commands(words)
        dev.sees(answer)
        assert states(slack) == []

    tell(tmp_path, scene)
