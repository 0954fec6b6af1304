"""Story D over Slack: my week, plan, move, cancel, and the overdue school that is brought up once."""

from pathlib import Path

import pytest
from sqlmodel import col, select

from storage.tables import VisitRow
from tests.slack_stories.workspace import Workspace, tell

TUESDAY = "2026-12-01 12:30"


def statuses(slack: Workspace) -> list[str]:
    with slack.parts.store.read() as tx:
        return list(tx.exec(select(VisitRow.status).order_by(col(VisitRow.id))))


def test_a_week_planned_moved_and_cancelled_with_who_and_why(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        imani, mei = slack.member("imani.brooks"), slack.member("mei.tanaka")
        await imani.commands("my week")
        imani.sees("[Hold Thu 3 Dec 8:30]")
        await imani.says("plan roosevelt thu 8:30")
        imani.sees("Held: Roosevelt High, Thu 3 Dec 8:30")
        mei.sees("Imani Brooks plans a visit to Roosevelt High")
        await imani.says("my week")
        await imani.presses("Move")
        await imani.presses("Move it", {"Another day": "2026-12-04", "Time": "13:00"})
        imani.sees("Moved: Roosevelt High, now Fri 4 Dec 13:00")
        await imani.says("cancel roosevelt")
        imani.sees("Who cancels it, and why?")
        form = imani.button("Cancel the visit")
        await imani.presses_in(*form, {"Why": "Budget hearing moved to that morning"})
        imani.sees("Who cancels it?")
        assert statuses(slack) == ["planned"]
        await imani.presses_in(
            *form, {"Who": "A central office", "Why": "Budget hearing moved to that morning"}
        )
        imani.sees("Cancelled.", "The next slot for Roosevelt High is", "[Hold ")
        await imani.presses_in(*form, {"Who": "A central office", "Why": "Budget hearing again"})
        assert statuses(slack) == ["cancelled"]
        hold = imani.button("Hold ", nth=0)
        await imani.presses_in(*hold)
        await imani.presses_in(*hold)
        imani.sees("Already held")
        assert statuses(slack) == ["cancelled", "planned"]
        slack.member("tomas.rivera").never_saw("Roosevelt")
        slack.member("grace.lindqvist").never_saw("Roosevelt", "Budget hearing")

    tell(tmp_path, scene, at=TUESDAY)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("plan roosevelt 2 nov 9:00", "past"),
        ("plan roosevelt thu 29:00", "time"),
        ("plan roosevelt blursday 9:00", "day"),
        ("plan roosevelt 24 dec 9:00", "Winter break"),
        ("plan atlantis thu 9:00", "I know no school called"),
        ("plan harbor thu 9:00", "nothing was changed"),
    ],
)
def test_what_cannot_be_planned_says_what_to_do(tmp_path: Path, words: str, answer: str) -> None:
    async def scene(slack: Workspace) -> None:
        imani = slack.member("imani.brooks")
        await imani.commands(words)
        imani.sees(answer)
        assert statuses(slack) == []

    tell(tmp_path, scene, at=TUESDAY)


def test_an_overdue_school_is_brought_up_once_in_working_hours(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        imani = slack.member("imani.brooks")
        await imani.says("visited roosevelt 45 min, coaching")
        imani.sees("Counted: Roosevelt High")
        slack.move_to("2026-12-21 05:00")
        await slack.tick()
        before = len(imani.messages)
        slack.move_to("2026-12-21 09:05")
        await slack.tick()
        await slack.tick()
        brought_up = [one for one in imani.messages[before:] if "past its rhythm" in one.text.casefold()]
        brought_up += [one for one in imani.messages[before:] if "past their rhythm" in one.text.casefold()]
        assert len(brought_up) == 1

    tell(tmp_path, scene, at=TUESDAY)


def test_the_half_day_that_fell_out_is_not_offered_for_the_same_visit(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        imani = slack.member("imani.brooks")
        await imani.says("plan roosevelt thu 8:30")
        await imani.says("cancel roosevelt")
        await imani.presses(
            "Cancel the visit", {"Who": "A central office", "Why": "Budget hearing that morning"}
        )
        imani.sees("Cancelled.", "[Hold Tue 8 Dec 8:30]")
        imani.does_not_see("Thu 3 Dec")

    tell(tmp_path, scene, at=TUESDAY)
