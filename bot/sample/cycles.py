"""Cycles of inquiry in the sample district, old and young and in every phase, written as the engine takes the moves.

They are told shortly: what matters here is where each stands, and since when.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.sample.people import NETWORKS, ZONE
from protocols.cadence.calendar import SchoolCalendar
from protocols.guided.catalog import library
from protocols.guided.engine import begin, decide
from protocols.guided.history import follow
from protocols.guided.moves import AddNextStep, Answer, Finish, Move, Rest
from protocols.guided.steps import Protocol, Role, SeatKey, seat_key
from storage import runs
from storage.database import Tx

HOST, VISITOR = seat_key(Role.HOST, 1), seat_key(Role.VISITOR, 1)
ADOPT, ADAPT, ABANDON = "adopt", "adapt", "abandon"


@dataclass(frozen=True, slots=True)
class Cycle:
    """One inquiry. What is empty was not reached yet; ``checked`` are check-ins, ten school days apart.

    ``decided``: one of the three choices, or empty where it is still tried.
    """

    school: str
    began: date
    problem: str
    causes: Sequence[str]
    question: str = ""
    strategy: str = ""
    rationale: str = ""
    checked: Sequence[str] = ()
    decided: str = ""
    learned: tuple[str, str] = ("", "")
    next_step: str = ""


CYCLES = (
    Cycle(
        "Harbor Elementary",
        date(2025, 11, 12),
        (
            "I visit rooms without a question of my own, so my teachers do not know what their students' "
            "talk is worth to me."
        ),
        (
            "Seven of my last eight notes named the board and no student.",
            "Four of 14 teachers could say what I look for.",
        ),
        "What would a teacher see in your note that she could try tomorrow?",
        "One question for the week, told to all teachers on Monday.",
        (
            "Because teachers plan for what they expect me to look at, one question told beforehand will "
            "make them plan for talk."
        ),
        ("Nine of 12 notes quote a student.", "Three teachers asked me for the next question."),
        ADOPT,
        (
            "I say on Monday what I look for, and look for nothing else.",
            "I ask for the question before we enter a room.",
        ),
        "put the question of the week on the staff page",
    ),
    Cycle(
        "North Shore Middle",
        date(2026, 2, 3),
        "I lead our mathematics meetings from the agenda, so my team seldom looks at what students wrote.",
        (
            "In two meetings of 50 minutes student work lay on the table for six.",
            "One of five teachers brought work.",
        ),
        "Who decides what lies on the table?",
        "The first 20 minutes belong to three pieces of student work.",
        (
            "Because what comes first is what we have time for, work at the beginning will be looked at "
            "before the time is gone."
        ),
        ("Two of four meetings began with work.", "The scores were read out all the same."),
        ABANDON,
        (
            "An order of business does not change what a team thinks is its business.",
            "I asked for the agenda, not for the talk.",
        ),
        "let the team choose the work for one meeting",
    ),
    Cycle(
        "Bayside Middle",
        date(2026, 9, 24),
        (
            "I praise discussions in general, so my teachers do not hear which moves of theirs make "
            "students speak."
        ),
        (
            "Five of six notes said the discussion went well and quoted nobody.",
            "In room 7 three students spoke in 20 minutes.",
        ),
        "Which move did you see just before a fourth student spoke?",
        "Each note names one move of the teacher and the student who spoke after it.",
        (
            "Because teachers repeat what is named, naming the move before a student speaks will make "
            "them use it more often."
        ),
        (
            "Eight of ten notes name a move.",
            "In room 7 nine students spoke in 20 minutes.",
            "Two teachers named a move themselves.",
        ),
        ADOPT,
        ("I look for what the teacher did before, not after.", "I count speakers with her before we talk."),
        "show two notes at the network meeting",
    ),
    Cycle(
        "Granite K-8",
        date(2026, 11, 9),
        "I ask for evidence in argument and accept any quotation, so my teachers do not ask what it proves.",
        (
            "In 11 of 15 essays the quotation stands without a reason.",
            "Two of nine teachers asked why a quotation fits.",
        ),
        "What do you ask when a teacher shows you an essay?",
        "In every talk about writing I ask once: what does this quotation prove?",
        (
            "Because teachers ask students what they are asked themselves, my question will be heard in "
            "their rooms."
        ),
        (
            "Four of nine teachers asked it without being reminded.",
            "In nine of 15 essays a reason follows the quotation.",
        ),
        ADAPT,
    ),
    Cycle(
        "Stonebridge High",
        date(2026, 12, 7),
        "I sit in seminars and say little after them, so my teachers do not learn who has not spoken.",
        (
            "In three seminars the same five of 24 students spoke.",
            "My notes reached teachers after eight days.",
        ),
        "What keeps you from handing over the note at the door?",
        "The tally goes to the teacher on the same day.",
        (
            "Because a tally that is a day old is still a lesson, teachers will plan the next seminar "
            "round those who were silent."
        ),
        ("Five of six tallies went out on the day.", "In the last two seminars 11 and 14 students spoke."),
    ),
    Cycle(
        "Juniper K-8",
        date(2027, 1, 19),
        "I read science notebooks alone, so my teachers do not see what students make of an observation.",
        (
            "In 20 notebooks 16 pages were copied from the board.",
            "No team has read notebooks together this year.",
        ),
        "What would you want them to find?",
        "Each team reads six notebooks a month with me.",
        (
            "Because teachers change a task when they see what it brings forth, reading together will "
            "change the next task."
        ),
        ("The first team read six and rewrote one task.",),
    ),
    Cycle(
        "Prairie View Middle",
        date(2027, 2, 10),
        (
            "I time lesson openings and do not ask what they are for, so my teachers begin with whatever "
            "is quick."
        ),
        ("Nine of 12 openings were a list to copy.", "In two of 12 a student asked a question."),
        "What is the shortest opening from which you learned something?",
        "For two weeks I sit in the first ten minutes only, and write down one question a student asks.",
    ),
    Cycle(
        "Copper Hill Elementary",
        date(2027, 3, 2),
        "I answer students' questions when I visit, so my teachers do not see that students could.",
        ("In five rooms I answered eight questions and passed on none.",),
    ),
)


def put_cycles(tx: Tx, calendar: SchoolCalendar, ids: dict[str, int]) -> None:
    """Write the cycles; ``ids`` are schools by name, people by e-mail."""
    ilds = {school.name: ids[ild.email] for _name, ild, schools in NETWORKS for school in schools}
    principals = {
        school.name: ids[school.principal.email] for _name, _ild, schools in NETWORKS for school in schools
    }
    for cycle in CYCLES:
        _Scribe(tx, calendar, cycle, ids[cycle.school], principals[cycle.school], ilds[cycle.school]).write()


class _Scribe:
    """Writes one cycle, a move at a time; each is decided by the engine, so a scene that it refuses fails here."""

    def __init__(
        self, tx: Tx, calendar: SchoolCalendar, cycle: Cycle, school: int, host: int, visitor: int
    ) -> None:
        self.tx, self.calendar, self.cycle, self.school = tx, calendar, cycle, school
        self.people: dict[SeatKey, int] = {HOST: host, VISITOR: visitor}
        self.day, self.minute = cycle.began, 0
        protocol: Protocol = library()["cycle_of_inquiry"]
        self.run_id = runs.begin(
            tx,
            protocol,
            begin(protocol, at=self._now(), seats=(HOST, VISITOR)),
            people=self.people,
            school_id=school,
            person_id=visitor,
            at=self._now(),
        )

    def write(self) -> None:
        cycle = self.cycle
        self._make(Answer(HOST, "problem", cycle.problem))
        for place, cause in enumerate(cycle.causes):
            self._make(Answer((HOST, VISITOR)[place % 2], "causes", cause))
        if not cycle.question:
            return
        self._make(Finish(HOST, "causes"))
        self._make(Finish(VISITOR, "causes"))
        self._later(3)
        self._make(Answer(VISITOR, "probing", cycle.question))
        self._make(Finish(VISITOR, "probing"))
        self._make(Answer(HOST, "strategy", cycle.strategy))
        if not cycle.rationale:
            return
        self._make(Answer(HOST, "rationale", cycle.rationale))
        for place, seen in enumerate(cycle.checked):
            self._later(10)
            self._make(Answer((HOST, VISITOR)[place % 2], "check_in", seen))
        if cycle.decided:
            self._decide()
        else:
            self._rest()

    def _decide(self) -> None:
        cycle = self.cycle
        self._later(8)
        self._make(Finish(HOST, "check_in"))
        self._make(Answer(HOST, "decision", cycle.decided))
        if cycle.decided == ADAPT:
            return
        for seat, words in zip((HOST, VISITOR), cycle.learned, strict=True):
            self._make(Answer(seat, "learned", words))
        by_when = self.calendar.add_school_days(self.day, 7)
        assert by_when is not None
        self._make(
            AddNextStep(
                HOST, "next_steps", "host", cycle.next_step, by_when, "what came of it, looked at together"
            )
        )
        self._make(Finish(HOST, "next_steps"))

    def _rest(self) -> None:
        until = self.calendar.add_school_days(self.day, 10)
        while until is not None and until < date(2027, 3, 12):
            until = self.calendar.add_school_days(until, 10)
        assert until is not None
        for seat in (HOST, VISITOR):
            self._make(Rest(seat, "check_in", until))

    def _make(self, move: Move) -> None:
        self.minute += 4
        run = runs.get(self.tx, self.run_id)
        assert run is not None
        events = decide(run.protocol, run.state, move, at=self._now())
        state = follow(run.protocol, run.state, events)
        assert not state.held, f"{self.cycle.school}: {state.held} is questioned"
        runs.append(self.tx, run, events, state, person_id=self.people[move.seat], at=self._now())

    def _later(self, days: int) -> None:
        day = self.calendar.add_school_days(self.day, days)
        assert day is not None
        self.day, self.minute = day, 0

    def _now(self) -> datetime:
        start = datetime.combine(self.day, time(13, 0), tzinfo=ZoneInfo(ZONE))
        return start + timedelta(minutes=self.minute)
