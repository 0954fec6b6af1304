"""Stories A and B with one person on Slack and the other in Teams."""

from pathlib import Path
from typing import Self

import pytest
from sqlmodel import select

from storage.tables import AccountRow, VisitRow
from tests.contract import adaptive_card_rules
from tests.district import PEOPLE
from tests.slack_stories.test_slack_mandate import MONDAY, until_monday
from tests.slack_stories.test_slack_mandate import TUESDAY as MEMO_DAY
from tests.slack_stories.test_slack_walkthrough import NETWORK_ONLY, TUESDAY, Two
from tests.slack_stories.workspace import tell
from tests.teams_stories.both import Both, living_in_teams


class Everybody(Both):
    """A district that lives in Teams, and has added the app in a team of all."""

    in_teams = frozenset(name for name, *_ in PEOPLE)

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        added = self.to_teams.payload("conversation_update_team_added")
        assert (await self.to_teams.activity(added)).status == 200
        return self


@pytest.mark.parametrize(
    "who",
    [
        pytest.param(("imani.brooks",), id="the ILD in Teams"),
        pytest.param(("grace.lindqvist",), id="the principal in Teams"),
        pytest.param(("imani.brooks", "grace.lindqvist"), id="both in Teams"),
    ],
)
def test_a_walkthrough_across_platforms(tmp_path: Path, who: tuple[str, ...]) -> None:
    async def scene(town: Both) -> None:
        for name in who:  # Teams knows nobody who has never written
            await town.member(name).says("help")
        two = Two(town)
        await two.prepare()
        await two.walk()
        await two.debrief()
        for person in (two.imani, two.grace):
            person.sees("Next steps", "a written note", "reading specialist", "By Tue 15 Dec")
        for name in ("tomas.rivera", "farid.haddad", "ruth.castellanos", "dev.patel"):
            town.member(name).never_saw(*NETWORK_ONLY)
        assert town.bench.states().keys() <= {"sent", "dropped"}
        with town.parts.store.read() as tx:
            assert [visit.status for visit in tx.exec(select(VisitRow))] == ["held"]
            platforms = {one.person_id: one.platform for one in tx.exec(select(AccountRow))}
        assert set(platforms.values()) == ({"slack", "teams"} if len(who) == 1 else {"teams"})

    tell(tmp_path, scene, at=TUESDAY, where=living_in_teams(*who))  # type: ignore[arg-type]


def test_a_memo_from_teams_becomes_digests_on_both(tmp_path: Path) -> None:
    in_teams = ("dev.patel", "grace.lindqvist", "tomas.rivera")

    async def scene(town: Both) -> None:
        for name in in_teams:
            await town.member(name).says("help")
        await until_monday(town)
        town.move_to(MONDAY)
        assert (await town.tick())["digests"] == 5
        grace, imani = town.member("grace.lindqvist"), town.member("imani.brooks")
        grace.sees("Your week, Lincoln Middle", "Read the first one today.", "by Fri 11 Dec", "seat counts")
        assert sum("Your week, " in one.text for one in grace.messages) == 1
        town.member("farid.haddad").sees("Your week, Lincoln Elementary")
        await grace.presses("Original")
        grace.sees("extension 4410")
        await grace.presses("Done")
        grace.sees("Done")
        await imani.says("who has done what")
        imani.sees("Week of Mon 7 Dec", "1 of")

    tell(tmp_path, scene, at=MEMO_DAY, where=living_in_teams(*in_teams))  # type: ignore[arg-type]


def test_whoever_moves_to_teams_is_written_to_there(tmp_path: Path) -> None:
    async def scene(town: Both) -> None:
        await town.member("imani.brooks").says("walkthrough lincoln middle")
        town.member("grace.lindqvist").sees("One strength")
        await town.to_teams.says("grace.lindqvist", "Students talk to each other about their work.")
        assert "challenge" in town.teams.said_to("aad-grace")[-1].text.casefold()

    tell(tmp_path, scene, at=TUESDAY, where=living_in_teams())  # type: ignore[arg-type]


def test_the_card_of_a_run_is_shown_anew_as_it_stands_and_nothing_changes(tmp_path: Path) -> None:
    async def scene(town: Both) -> None:
        imani, grace = town.member("imani.brooks"), town.member("grace.lindqvist")
        await imani.says("walkthrough lincoln middle")
        waits = next(one for one in reversed(imani.messages) if "refresh" in one.card)
        assert waits.card["refresh"]["userIds"] == ["29:aad-imani"]
        for words in ("Students talk to each other.", "The same few answer.", "wait time"):
            await grace.says(words)
        await grace.presses("Go on")
        before = (list(town.teams.ledger), town.bench.states())
        shown = await town.to_teams.shown_anew(waits, user=imani.user)
        assert shown is not None
        assert shown != waits.card
        assert "You have gone on from here." in shown["fallbackText"]
        assert adaptive_card_rules.faults(shown) == []
        await town.bench.settle()
        assert (list(town.teams.ledger), town.bench.states()) == before

    tell(tmp_path, scene, at=TUESDAY, where=Everybody)


def test_a_refresh_that_would_change_something_changes_nothing(tmp_path: Path) -> None:
    async def scene(town: Both) -> None:
        imani, grace = town.member("imani.brooks"), town.member("grace.lindqvist")
        await imani.says("walkthrough lincoln middle")
        posted, button = grace.button("Skip")
        before = town.bench.states()
        await town.to_teams.shown_anew(posted, user=grace.user, data=button["data"])
        await town.bench.settle()
        assert town.bench.states() == before
        await grace.says("Students talk to each other about their work.")
        grace.sees("challenge")

    tell(tmp_path, scene, at=TUESDAY, where=Everybody)
