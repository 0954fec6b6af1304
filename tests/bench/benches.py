"""Every benchmark, in the order of the page."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.bench import (
    calendar_files,
    digests,
    fan_out,
    files,
    growth,
    inbound,
    insight,
    memory,
    memos,
    planning,
    retention,
    state,
)
from tests.bench.ground import Ground
from tests.bench.tables import Report


@dataclass(frozen=True, slots=True)
class Bench:
    """A section of the page: its heading, what is measured, and the measuring."""

    title: str
    about: str
    run: Callable[[Report, Ground], None]


BENCHES = {
    "inbound": Bench(
        "Inbound events",
        "The bot's web process beside one of the same library that only acknowledges, both on loopback, with the same "
        "signed requests in turn. Before it acknowledges, the bot writes the event down, so that a process killed in "
        "between loses nothing; *worked on* means that the answer is in the outbox.",
        inbound.run,
    ),
    "state": Bench(
        "Ten years behind it",
        "What people, the sender and the clock do in a district of 1,600 schools with ten years behind it, beside the "
        "bare statements that the database must be asked at the very least. The bot's time has the rights, the "
        "understanding of the words, the rules and the cards in it.",
        state.run,
    ),
    "insight": Bench(
        "Executives' questions",
        "Each question beside the same figures in SQL, as somebody who knows the tables would write it by hand. That "
        "both say the same is checked first.",
        insight.run,
    ),
    "growth": Bench(
        "How it grows",
        "The same with 16, 160 and 1,600 schools, each with its share of ten years: ten times the schools have ten "
        "times the visits, messages, digests and lines of the record. An ILD always leads 20 of them, or all 16.",
        growth.run,
    ),
    "digests": Bench(
        "Digests",
        "Each principal's digest is built in a transaction of its own, so that a kill between two leaves each with one "
        "or none; bare rows in one transaction promise less.",
        digests.run,
    ),
    "fan_out": Bench(
        "Sending to everybody",
        "The real sender and outbox to a platform on loopback that enforces its published limits and drops some "
        "connections after it took the message.",
        fan_out.run,
    ),
    "retention": Bench(
        "Letting old messages go",
        "At night, in pieces, with somebody who writes meanwhile; beside it, one statement that deletes them all.",
        retention.run,
    ),
    "memory": Bench(
        "Memory",
        "What a process holds of the machine's memory (SQLite), each thing in a process of its own.",
        memory.run,
    ),
    "calendar_files": Bench(
        "Calendar files", "Ten times the events should take ten times as long.", calendar_files.run
    ),
    "files": Bench("Memos as files", "A memo of two pages with a table, in each kind of file.", files.run),
    "memos": Bench(
        "What memos ask",
        "Reading a memo for what it asks, of whom and by when. The plain ways know neither who is meant nor what a day "
        "is for; how much each finds is what `make eval` says.",
        memos.run,
    ),
    "planning": Bench(
        "What planning is worth",
        "A school year played over with visits that fall out, by several ways of planning. *Fixed* is planned once in "
        "the summer and never rebooked; *greedy* gives each half-day to whichever school is most overdue; *ours* is "
        "the planner, asked again each morning; *ours, asked* the same where principals are asked the day before; *all "
        "known* the planner told of every mishap beforehand. Load is visits asked for over half-days there are.",
        planning.run,
    ),
}
