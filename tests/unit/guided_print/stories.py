"""Runs to print, written for these tests: a walkthrough, an inquiry of two rounds, and one with something private."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from protocols.guided.catalog import parse
from protocols.guided.engine import begin
from protocols.guided.history import follow
from protocols.guided.moves import AddNextStep, Edit, Finish, KeepAsImpression, Skip
from protocols.guided.print.record import Printing
from protocols.guided.state import Promise, RunState
from protocols.guided.steps import seat_key
from tests.unit.guided_engine.chat import HOST, START, VISITOR, Chat

HOST_SEAT, VISITOR_SEAT = seat_key(HOST), seat_key(VISITOR)
PRINTING = Printing(
    names={HOST_SEAT: "Amara Diallo", VISITOR_SEAT: "Jun Okafor"},
    zone=ZoneInfo("America/Chicago"),
    today=date(2026, 12, 14),
    school="Lincoln Middle",
    came_of={0: "Done: three notes, all read together"},
)
PROMISES = (
    Promise("Give three teachers a note the same day", HOST_SEAT, "host", "2026-11-20", "the notes"),
    Promise(
        "Bring the reading specialist", VISITOR_SEAT, "visitor", "2026-11-27", "her plan for two classes"
    ),
)
PRIVATE = """
key: alone
title: Alone and together
purpose: To keep something to oneself.
source: Nobody (2026)
roles:
  host: {called: the principal, from: principal}
  visitor: {called: the visitor, from: ild}
steps:
  - {key: own, title: For myself, phase: think, kind: text, who: [host, visitor], visibility: private, max: 3, ask: "?"}
  - {key: both, title: For both, phase: think, kind: text, who: [host, visitor], visibility: together, ask: "?"}
  - {key: show, title: Shown, phase: talk, kind: reveal, who: [host, visitor], reveals: [both], ask: "Talk."}
  - {key: next, title: Next steps, phase: talk, kind: next_steps, who: [host, visitor], required: true, ask: "?"}
"""


def walkthrough() -> Chat:
    """From the strength to the next steps, with a challenge kept, a skip and an edit two days after the end."""
    chat = Chat("walkthrough", PROMISES)
    chat.say(HOST, "Teachers plan together every week.")
    chat.press(HOST, Skip, "We spoke about it on the phone.")
    chat.say(HOST, "Students explain their thinking\nEvery student writes")
    chat.press(HOST, Finish)
    explain, writes = (str(entry.number) for entry in chat.state.live("look_fors"))
    chat.say(HOST, "One student explained at the board, 22 listened.", room="12", look_for=explain)
    chat.say(VISITOR, "Three pairs asked each other why.", room="12", look_for=explain)
    chat.say(VISITOR, "18 of 24 wrote at least a line.", room="14", look_for=writes)
    chat.say(
        VISITOR,
        "The room felt alive.",
        room="14",
        verdict="judgement",
        because="felt",
        question="What did you see?",
    )
    chat.press(VISITOR, KeepAsImpression)
    chat.press(HOST, Finish)
    chat.press(VISITOR, Finish)
    chat.say(VISITOR, "Pairs had a sentence to begin with, and used it.")
    chat.press(VISITOR, Finish)
    chat.say(VISITOR, "In room 12 the same four hands were up. Who else was thinking?")
    chat.press(VISITOR, Finish)
    chat.press(HOST, Finish)
    chat.press(VISITOR, Finish)
    chat.say(HOST, "I will ask for the pair talk in my notes.")
    chat.say(VISITOR, "I will sit with one table all the time.")
    chat.do(
        AddNextStep(
            HOST,
            "next_steps",
            "host",
            "Visit rooms 12 and 14 again",
            date(2026, 12, 11),
            "a count of who speaks",
        )
    )
    chat.do(
        AddNextStep(
            VISITOR,
            "next_steps",
            "visitor",
            "Send the sentence starters",
            date(2026, 12, 4),
            "the page in use",
        )
    )
    chat.press(VISITOR, Finish)
    chat.now += timedelta(days=2)
    first = chat.state.live("strength")[0]
    chat.do(Edit(HOST, "strength", first.number, "Teachers plan together every Tuesday."))
    return chat


def inquiry() -> Chat:
    """Two rounds: adapted once, then adopted."""
    chat = Chat("cycle_of_inquiry")
    chat.say(HOST, "My feedback reaches teachers a week after I was in their room.")
    chat.say(HOST, "Of nine notes this month two were read before the next lesson.")
    chat.say(VISITOR, "Two teachers said they had forgotten which lesson the note was about.")
    chat.press(HOST, Finish)
    chat.press(VISITOR, Finish)
    chat.say(VISITOR, "What would you have to stop doing to write the same day?")
    chat.press(VISITOR, Finish)
    for strategy, decision in (
        ("One same-day note a week.", "adapt"),
        ("Two notes of three lines.", "adopt"),
    ):
        chat.say(HOST, strategy)
        chat.say(HOST, "Because the lesson is still fresh then, the next one can change.")
        chat.now += timedelta(days=14)
        chat.say(HOST, f"With “{strategy}” five of six came the same day.")
        chat.say(VISITOR, "In room 5 the next lesson began with the question of the note.")
        chat.press(HOST, Finish)
        chat.say(HOST, decision)
    chat.say(HOST, "Short and soon beats long and late.")
    chat.say(VISITOR, "I ask for the note, not for the form.")
    chat.do(
        AddNextStep(
            HOST, "next_steps", "host", "Show the notes to the team", date(2027, 1, 12), "twelve notes, dated"
        )
    )
    chat.press(HOST, Finish)
    return chat


def alone(*, until: str = "") -> Chat:
    """Both write in private, then for each other. ``until`` stops before that step."""
    chat = Chat("walkthrough")
    chat.protocol = parse(PRIVATE, name="alone.yaml")
    chat.state = follow(chat.protocol, RunState(), begin(chat.protocol, at=START))
    for role, name in ((HOST, "Amara"), (VISITOR, "Jun")):
        chat.say(role, f"{name} in private")
        chat.press(role, Finish)
    chat.say(HOST, "Amara for both")
    if until != "both":
        chat.say(VISITOR, "Jun for both")
    return chat
