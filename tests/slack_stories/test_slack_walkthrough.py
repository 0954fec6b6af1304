"""Story A over Slack: a walkthrough from the slash command to the summary."""

import asyncio
from pathlib import Path

from sqlmodel import select

from storage.tables import RunEventRow, VisitRow
from tests.slack_stories.workspace import Member, Workspace, tell

TUESDAY = "2026-12-01 09:00"
NETWORK_ONLY = (
    "explained the ratio",
    "pens down",
    "visit two rooms a week",
    "ask before I tell",
    "reading specialist",
)


class Two:
    """The story in parts, by its two people. With ``restarts`` a new server takes each message."""

    def __init__(self, slack: Workspace, *, restarts: bool = False) -> None:
        self.slack = slack
        self.restarts = restarts
        self.imani = slack.member("imani.brooks")
        self.grace = slack.member("grace.lindqvist")

    async def pass_time(self) -> None:
        self.slack.wait(minutes=1)
        if self.restarts:
            await self.slack.restart()

    async def says(self, who: Member, text: str) -> None:
        await self.pass_time()
        await who.says(text)

    async def presses(self, who: Member, label: str, /, fields: dict[str, str] | None = None) -> None:
        await self.pass_time()
        await who.presses(label, fields)

    async def prepare(self) -> None:
        await self.imani.commands("walkthrough lincoln")
        self.imani.sees("Which one: Lincoln Elementary or Lincoln Middle?")
        await self.presses(self.imani, "Lincoln Middle")
        self.imani.sees("Grace is naming a strength, a challenge and the look-fors")
        self.grace.sees("Imani Brooks opens a walkthrough with you at Lincoln Middle", "One strength")
        await self.says(self.grace, "Students talk to each other about their work.")
        await self.presses(
            self.grace, "Send", {"Your words": "The same few students answer in every lesson."}
        )
        await self.says(
            self.grace,
            "students explain their thinking\nstudents ask each other questions\nwait time\nanchor charts in use",
        )
        self.grace.sees("That is four things to look for", "Which three")
        await self.presses(
            self.grace,
            "Keep these",
            {"Keep these": "students explain their thinking\nstudents ask each other questions\nwait time"},
        )
        self.imani.sees("The same few students answer", "wait time")

    async def walk(self) -> None:
        await self.says(self.imani, "12 #1: three students explained the ratio to a partner")
        self.imani.sees("Noted")
        await self.says(self.imani, "12: strong engagement in the whole room")
        self.imani.sees("strong engagement in the whole room", "[Rewrite]", "[Keep as my impression]")
        await self.presses(
            self.imani,
            "Rewrite",
            {"What you saw or heard": "18 of 22 students wrote in pairs for ten minutes"},
        )
        self.imani.sees("Noted", "which look-for does it show?")
        await self.presses(self.imani, "2. students ask")
        await self.says(self.grace, "12 #1: two students explained the ratio to each other")
        await self.says(self.grace, "14: a wonderful atmosphere everywhere")
        self.grace.sees("[Keep as my impression]")
        await self.presses(self.grace, "Keep as my impression")
        await self.says(self.imani, "done")
        await self.presses(self.grace, "Done with classrooms")

    async def debrief(self) -> None:
        await self.says(self.imani, "Three students explained the ratio without being asked.")
        self.grace.sees("explained the ratio without being asked")
        await self.presses(self.imani, "Go on")
        await self.says(self.grace, "But that was only the first lesson of the day")
        self.grace.sees("Now you listen")
        await self.says(
            self.imani,
            "In room 14 five students waited six minutes with their pens down. What was their task?",
        )
        await self.says(self.imani, "done")
        for who in (self.imani, self.grace):
            who.sees("students explain their thinking", "three students explained", "two students explained")
        await self.presses(self.grace, "Go on")
        await self.presses(self.imani, "Go on")
        await self.says(self.grace, "I will visit two rooms a week and count who explains.")
        self.imani.never_saw("visit two rooms a week")
        await self.says(self.imani, "I will ask before I tell.")
        self.imani.sees("visit two rooms a week")
        await self.says(
            self.imani, "Grace gives three teachers a written note by Fri 11 Dec, evidence: the three notes"
        )
        await self.presses(
            self.grace,
            "Add it",
            {
                "What": "bring the reading specialist to room 14",
                "Who": "Imani",
                "By when": "2026-12-15",
                "What you will both": "her plan for the room",
            },
        )
        await self.presses(self.imani, "That is all")


def test_from_the_slash_command_to_the_summary_with_a_new_server_for_every_message(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        two = Two(slack, restarts=True)
        await two.prepare()
        await two.walk()
        await two.debrief()
        for who in (two.imani, two.grace):
            who.sees("Next steps", "a written note", "reading specialist", "By Tue 15 Dec")
        for name in ("tomas.rivera", "farid.haddad", "ruth.castellanos", "dev.patel"):
            slack.member(name).never_saw(*NETWORK_ONLY)
        assert slack.bench.states().keys() == {"sent"}
        with slack.parts.store.read() as tx:
            assert [visit.status for visit in tx.exec(select(VisitRow))] == ["held"]

    tell(tmp_path, scene, at=TUESDAY)


def test_paused_on_tuesday_resumed_on_friday_with_one_word(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        two = Two(slack)
        await two.prepare()
        await two.says(two.imani, "12 #1: three students explained the ratio to a partner")
        await two.presses(two.imani, "Pause")
        two.imani.sees("Paused", "[Resume]")
        await slack.restart()
        slack.move_to("2026-12-04 13:00")
        await two.says(two.grace, "resume")
        two.grace.sees("Classroom notes")
        two.grace.never_saw("explained the ratio")
        await two.says(two.imani, "14 #2: four of 22 students asked a partner why")
        two.imani.sees("Noted")

    tell(tmp_path, scene, at=TUESDAY)


def test_back_skip_and_an_edit_after_the_end(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        two = Two(slack)
        await two.imani.commands("walkthrough lincoln middle")
        await two.says(two.grace, "Students talk to each other about their work.")
        await two.presses(two.grace, "Back")
        two.grace.sees("Students talk to each other about their work.")
        await two.says(two.grace, "Students write every day.")
        await two.presses(two.grace, "Skip")
        await two.presses(two.grace, "Skip it", {"Why": "we named it last week"})
        two.grace.sees("Look-fors")
        await two.says(two.grace, "students explain their thinking\nstudents ask each other questions")
        await two.presses(two.grace, "Go on")
        await two.presses(two.grace, "Back")
        two.grace.sees("So far", "students explain their thinking")
        await two.presses(two.grace, "Leave it as it is")
        two.imani.sees("Students write every day.")
        await two.walk()
        await two.debrief()
        await two.presses(two.imani, "Edit my answers")
        await two.presses(two.imani, "Edit")
        two.imani.sees("[Save]")

    tell(tmp_path, scene, at=TUESDAY)


def test_the_next_visit_opens_with_what_both_promised(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        two = Two(slack)
        await two.prepare()
        await two.walk()
        await two.debrief()
        slack.move_to("2026-12-15 09:00")
        await two.imani.commands("walkthrough lincoln middle")
        for who in (two.imani, two.grace):
            who.sees(
                "Last time (Tue 1 Dec, walkthrough)", "a written note", "by Fri 11 Dec", "reading specialist"
            )

    tell(tmp_path, scene, at=TUESDAY)


def test_a_button_pressed_twice_and_a_week_late_says_where_it_stands(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        two = Two(slack)
        await two.prepare()
        old = two.imani.button("Log it")
        filled = {"Classroom number": "12", "What you saw": "three students explained the ratio to a partner"}
        await two.imani.presses_in(*old, filled)
        before = _events(slack)
        await two.imani.presses_in(*old, filled)
        two.imani.sees("answered already", "Classroom notes")
        slack.move_to("2026-12-08 12:30")
        await two.imani.presses_in(*old, filled)
        two.imani.sees("answered already", "Classroom notes")
        assert _events(slack) == before

    tell(tmp_path, scene, at=TUESDAY)


def test_two_people_who_answer_at_once_both_count(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        two = Two(slack)
        await two.prepare()
        await asyncio.gather(
            two.imani.sends("12 #1: three students explained the ratio to a partner"),
            two.grace.sends("12 #1: two students explained the ratio to each other"),
            two.imani.sends("14 #2: four of 22 students asked a partner why"),
            two.grace.sends("14 #2: one student asked the teacher why"),
        )
        await slack.bench.settle()
        await two.says(two.imani, "done")
        await two.says(two.grace, "done")
        for words in ("Three students explained it.", "done", "What was the task?", "done"):
            await two.says(two.imani, words)
        two.grace.sees(
            "three students explained the ratio",
            "two students explained the ratio",
            "four of 22 students",
            "one student asked",
        )

    tell(tmp_path, scene, at=TUESDAY)


def test_both_finish_the_same_step_at_the_same_moment(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        two = Two(slack)
        await two.prepare()
        for who in (two.imani, two.grace):
            await two.says(who, "12 #1: two students explained the ratio to a partner")
        buttons = [(who, who.button("Done with classrooms")) for who in (two.imani, two.grace)]
        await asyncio.gather(*(who.presses_in(*button, settle=False) for who, button in buttons))
        await slack.bench.settle()
        assert "Warm feedback" in two.imani.last()
        assert "Warm feedback" in two.grace.last()

    tell(tmp_path, scene, at=TUESDAY)


MARKUP = "students say <!channel> <@W1> *two* <b>times</b> & `x` <https://evil.example|here> :ok: @here"


def test_markup_in_a_note_comes_out_as_it_was_typed(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        two = Two(slack)
        await two.imani.commands("walkthrough lincoln middle")
        for words in (f"{MARKUP} in a strength", "Silence.", f"{MARKUP} in a look-for"):
            await two.says(two.grace, words)
        await two.says(two.grace, "done")
        two.imani.sees(f"{MARKUP} in a strength", f"{MARKUP} in a look-for")

    tell(tmp_path, scene, at=TUESDAY)


def _events(slack: Workspace) -> int:
    with slack.parts.store.read() as tx:
        return len(tx.exec(select(RunEventRow.id)).all())
