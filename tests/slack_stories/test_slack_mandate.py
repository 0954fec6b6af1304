"""Story B over Slack: from a memo in somebody's channel to one digest a principal, and what they do with it."""

import asyncio
import threading
from pathlib import Path

import pytest
from sqlmodel import select

from handlers.clock import run_due
from storage.database import Store
from storage.tables import DigestItemRow, MandateRow
from tests.conversations.mandate_texts import CONFERENCES, SEAT_COUNTS
from tests.slack_stories.workspace import Workspace, tell

PRINCIPALS = ("grace.lindqvist", "farid.haddad", "mei.tanaka", "oluchi.eze", "peter.novak")
TUESDAY = "2026-12-01 14:00"
MONDAY = "2026-12-07 06:30"


async def until_monday(slack: Workspace) -> None:
    """Two memos come, one forwarded and one pasted; both ILDs decide."""
    dev, imani, tomas = (slack.member(name) for name in ("dev.patel", "imani.brooks", "tomas.rivera"))
    await dev.forwards(CONFERENCES)
    dev.sees("Teacher evaluation conferences", "by Fri 11 Dec", "required", "all schools", "[Original]")
    imani.sees("A new memo", "Office of Human Resources")
    await imani.says(SEAT_COUNTS)
    imani.sees("Seat counts for science testing", "by Mon 14 Dec")
    await imani.commands("triage")
    imani.sees("[Take off the plate]", "[Pass on]", "[Hold]", "[Other ways]", "[Edit wording]", "[Original]")
    await imani.presses("Pass on")
    imani.sees("Passed on")
    await imani.presses("Take all")
    imani.sees("Done as suggested")
    await imani.says("my line: Read the first one today.")
    await tomas.commands("pass on all suggested")
    slack.move_to("2026-12-04 10:00")
    await imani.presses("Preview Monday")
    imani.sees("Digest of Mon 7 Dec", "Read the first one today.")


def digests(slack: Workspace) -> dict[str, int]:
    """How many digests each principal was sent."""
    return {
        name: sum("Your week, " in one.text for one in slack.member(name).messages) for name in PRINCIPALS
    }


def test_from_a_forwarded_memo_to_one_digest_each_and_the_done_button(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        await until_monday(slack)
        slack.move_to("2026-12-07 06:29")
        assert (await slack.tick())["digests"] == 0
        slack.move_to(MONDAY)
        assert (await slack.tick())["digests"] == 5
        assert (await slack.tick())["digests"] == 0
        assert set(digests(slack).values()) == {1}
        grace, imani, farid = (slack.member(n) for n in ("grace.lindqvist", "imani.brooks", "farid.haddad"))
        grace.sees("Your week, Lincoln Middle", "Read the first one today.", "by Fri 11 Dec", "seat counts")
        grace.never_saw("device list")
        farid.never_saw("seat counts for grade 8")
        await grace.presses("Original")
        grace.sees("The sentence it comes from", "extension 4410")
        done = grace.button("Done")
        await grace.presses("Done")
        grace.sees("Done:", "left this week")
        await grace.presses_in(*done)
        grace.sees("Done Mon 7 Dec")
        await imani.commands("who has done what")
        imani.sees("Week of Mon 7 Dec", "1 of")
        slack.move_to("2026-12-14 12:30")
        await grace.presses_in(*done)
        grace.sees("Done Mon 7 Dec")
        with slack.parts.store.read() as tx:
            states = list(tx.exec(select(DigestItemRow.state).where(DigestItemRow.state == "done")))
        assert states == ["done"]

    tell(tmp_path, scene, at=TUESDAY)


def test_a_question_a_reminder_and_a_delegation_by_form(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        await until_monday(slack)
        slack.move_to(MONDAY)
        await slack.tick()
        grace, imani = slack.member("grace.lindqvist"), slack.member("imani.brooks")
        await grace.presses("More")
        await grace.presses("Ask my ILD")
        await grace.says("Does this include the long-term substitute?")
        grace.sees("Imani Brooks has your question")
        slack.move_to("2026-12-07 09:00")
        await slack.tick()
        assert any("long-term substitute" in one.text for one in imani.messages)
        await imani.presses("Answer")
        await imani.says("No, only teachers on contract.")
        grace.sees("only teachers on contract")
        await grace.presses("More")
        await grace.presses("Remind me")
        await grace.presses("Remind me then", {"Another day": "2026-12-01"})
        grace.sees("past")
        await grace.presses("Remind me then", {"Another day": "2026-12-09"})
        grace.sees("Wed 9 Dec")
        await grace.presses("More")
        await grace.presses("Delegate")
        await grace.says("the clerk")
        grace.sees("Delegated to the clerk")
        slack.move_to("2026-12-09 09:00")
        assert (await slack.tick())["item_reminders"] == 1
        assert (await slack.tick())["item_reminders"] == 0
        for name in ("farid.haddad", "tomas.rivera", "ruth.castellanos"):
            slack.member(name).never_saw("long-term substitute", "the clerk")

    tell(tmp_path, scene, at=TUESDAY)


def test_two_clocks_at_the_same_moment_make_one_digest_each(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        await until_monday(slack)
        slack.move_to(MONDAY)
        other = Store(slack.parts.store.url)
        clocks = [
            threading.Thread(target=run_due, args=(store, slack.now)) for store in (slack.parts.store, other)
        ]
        for clock in clocks:
            clock.start()
        for clock in clocks:
            await asyncio.to_thread(clock.join)
        other.close()
        await slack.bench.settle()
        assert set(digests(slack).values()) == {1}

    tell(tmp_path, scene, at=TUESDAY)


def test_a_memo_of_200_kilobytes_arrives_whole_and_in_pages(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        dev = slack.member("dev.patel")
        lines = [
            f"{n}. Schools must return list {n} to the office by December {n % 28 + 1}, 2026."
            for n in range(2700)
        ]
        await dev.says("memo\nDate: November 20, 2026\n\n" + "\n".join(lines))
        dev.sees("Show the next 5 of")
        await dev.presses("Original")
        dev.sees("Part 1 of", "Read on")
        with slack.parts.store.read() as tx:
            assert len(tx.exec(select(MandateRow.text)).one()) > 180_000
        await dev.says("x" * 400_001)
        dev.sees("I read up to 400,000")

    tell(tmp_path, scene, at=TUESDAY)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        pytest.param("memo\n*** --- 123", "no words", id="no words"),
        pytest.param("memo\nThe cafeteria was lovely this week.", "nothing that it asks", id="nothing asked"),
    ],
)
def test_a_memo_that_asks_nothing_gets_a_kind_sentence(tmp_path: Path, text: str, answer: str) -> None:
    async def scene(slack: Workspace) -> None:
        dev = slack.member("dev.patel")
        await dev.says(text)
        dev.sees(answer)

    tell(tmp_path, scene, at=TUESDAY)


def test_markup_in_a_memo_stays_letters_up_to_the_digest(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        imani, grace = slack.member("imani.brooks"), slack.member("grace.lindqvist")
        form = "<b>Form A</b> & *Form B* to <!channel> or @here"
        await imani.says(f"memo\nSchools must send {form} by December 11, 2026.")
        imani.sees(form)
        await imani.commands("pass on all suggested")
        slack.move_to(MONDAY)
        await slack.tick()
        await grace.presses("Original")
        grace.sees(form)

    tell(tmp_path, scene, at=TUESDAY)
