"""What a guided run takes from the thread: the three lines it opens with, and what a walkthrough belongs to.

A walkthrough belongs to a cycle of inquiry or says why not. In a study of how principals spend their time, informal
walkthroughs went with worse results where they were not part of a strategy for improvement (Grissom, Loeb and Master
2013); so it is asked at once, in one press, and never blocks.
"""

from handlers.actions import act
from handlers.cards import Button, Buttons, Card, Emphasis, Text
from handlers.memory.thread_state import load_thread, open_inquiries, problem_of
from handlers.turn import Turn
from protocols.memory.thread import excerpt, opening
from storage.people import Person, School
from storage.runs import Run

LONGEST_LABEL = 40
MOST_INQUIRIES = 3
FOLLOWS = "an inquiry is to follow from it"
"""The reason kept until the inquiry is there; then the walkthrough belongs to it."""
APART = {
    "first": "a first look",
    "asked": "the principal asked for it",
    "follows": FOLLOWS,
}
"""Why a walkthrough belongs to no inquiry, where it takes no words of one's own."""


def opening_lines(turn: Turn, school: School, *, reader: Person | None = None) -> list[Text]:
    """What a visit opens with, at most three lines, as ``reader`` (else the person whose turn it is) is told them.

    Raises ``NotAllowedError`` for anybody but the school's principal and ILD.
    """
    reader = reader or turn.person
    lines = opening(load_thread(turn, school, reader=reader), reader_id=reader.id, today=turn.today)
    return [Text(line.text, lead=line.lead) for line in lines]


def ask_cycle(turn: Turn, run_id: int, school: School) -> Card:
    """What the walkthrough that has just begun belongs to: an open inquiry, one to follow from it, or none."""
    because = Button("Apart, because …", act("thread.apart_form", run=run_id))
    inquiries = open_inquiries(turn, school)[:MOST_INQUIRIES]
    if inquiries:
        text = f"{school.name} has an inquiry open. Does this walkthrough serve it?"
        buttons = [_part_of(run_id, inquiry) for inquiry in inquiries]
    else:
        text = f"{school.name} has no inquiry open. What is this walkthrough for?"
        buttons = [
            Button("Open an inquiry from it", act("thread.apart", run=run_id, why="follows")),
            Button("Apart: a first look", act("thread.apart", run=run_id, why="first")),
            Button("Apart: the principal asked", act("thread.apart", run=run_id, why="asked")),
        ]
    return Card("", (Text(text), Buttons((*buttons, because))))


def _part_of(run_id: int, inquiry: Run) -> Button:
    about = problem_of(inquiry) or inquiry.protocol.title
    label = f"Part of: {excerpt(about, LONGEST_LABEL)}"
    return Button(label, act("thread.tie", run=run_id, cycle=inquiry.id), Emphasis.PRIMARY)
