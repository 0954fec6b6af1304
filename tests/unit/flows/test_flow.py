"""What a protocol's file says shows in the words of its flow."""

from dataclasses import replace

import pytest

from protocols.guided.catalog import library, parse
from protocols.guided.flow import BendKind, Flow, describe, say_box, say_minutes, say_time, write_out
from protocols.guided.steps import Condition, Protocol, StepKind

MADE = """
key: made
title: A made one
purpose: To see every turn.
source: Nobody (2026)
leads: facilitator
roles:
  facilitator: {called: the facilitator, from: ild}
  presenter: {called: the presenter, from: principal}
  peer: {called: the peers, from: principals, min: 2, max: 6}
  observer: {called: an observer, from: anyone, min: 0}
steps:
  - {key: rooms, title: Rooms, phase: before, kind: list, who: [presenter], max: 4, ask: "Which?", ahead: 14}
  - {key: look, title: Look, phase: in rooms, kind: text, who: [peer], repeats: rooms, max: 5, closing: lead,
     minutes: 10, timed: true, listens: [presenter], visibility: together, challenge: evidence, ask: "{item}?"}
  - {key: rate, title: Rate, phase: in rooms, kind: choice, who: [peer], repeats: rooms, visibility: together,
     framework: scale, per: rooms, ask: "{item}?"}
  - {key: show, title: Show, phase: after, kind: reveal, who: [peer], reveals: [look, rate], ask: "See.", minutes: 80}
  - {key: own, title: Own, phase: after, kind: text, who: [presenter], visibility: private, ask: "Alone?"}
  - {key: wait, title: Wait, phase: after, kind: text, who: [presenter, peer], max: 9, min: 0, closing: any,
     every: 10, ask: "Now?"}
  - key: choose
    title: Choose
    phase: after
    kind: choice
    who: [presenter]
    ask: "Well?"
    options:
      - {key: stay, label: It stays}
      - {key: anew, label: Once more, again: show}
  - {key: only, title: Only, phase: after, kind: text, who: [peer], turns: true, when: {choose: [stay]}, ask: "Why?"}
  - {key: next, title: Next, phase: after, kind: next_steps, who: [peer], required: true, ask: "What?"}
"""


@pytest.fixture(scope="module")
def made() -> Flow:
    return describe(parse(MADE, name="made.yaml"))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "Rooms. The presenter: a list of 4 at most. Done 14 days before the meeting."),
        (
            2,
            "Look. The peers: answers, 10 minutes each round. Silent: the presenter. The clock runs. Unseen by others "
            "until “Show”. Asked once for what was seen or heard. The facilitator goes on for all.",
        ),
        (
            3,
            "Rate. The peers: choices. For each of “Rooms”. Unseen by others until “Show”. On the framework's scale.",
        ),
        (4, "Show. The peers: read and talk, 1 hour 20 minutes. Side by side: “Look” and “Rate”."),
        (5, "Own. The presenter: an answer. Private: nobody else ever sees it."),
        (
            6,
            "Wait. The presenter and the peers: answers. Whoever finishes first closes it for all. Nobody has to "
            "write. Left open, it comes back every 10 school days.",
        ),
        (7, "Choose. The presenter: a choice. “It stays”. “Once more”: back to step 4."),
        (8, "Only after “It stays” in step 7: Only. The peers: an answer, one after another."),
        (9, "Next. The peers: who does what, by when, with what evidence. Cannot be skipped."),
    ],
)
def test_a_step_says_who_does_what_and_what_is_special_about_it(made: Flow, number: int, words: str) -> None:
    assert say_box(made.boxes[number - 1]) == words


def test_an_arrow_back_and_a_bracket_name_their_steps(made: Flow) -> None:
    assert [(bend.kind, bend.first, bend.last, bend.words) for bend in made.bends] == [
        (BendKind.BLOCK, 2, 3, "once for each of “Rooms”"),
        (BendKind.BACK, 4, 7, "Once more"),
    ]
    assert write_out(made)[-2:] == (
        "Steps 2 to 3: once for each of “Rooms”.",
        "From step 7 back to step 4: Once more.",
    )


def test_the_people_are_named_with_how_many_may_come(made: Flow) -> None:
    assert made.people == (
        "the facilitator",
        "the presenter",
        "the peers (2 to 6)",
        "an observer (may be absent)",
    )
    assert made.leads == "the facilitator"


def test_the_time_counts_one_round_and_says_so(made: Flow) -> None:
    assert say_time(made.time) == "1 hour 30 minutes, with one round of what is repeated"


def test_of_branches_that_exclude_each_other_the_longest_counts() -> None:
    made = parse(MADE, name="made.yaml")
    steps = {step.key: step for step in made.steps}
    stay, anew = Condition("choose", ("stay",)), Condition("choose", ("anew",))
    branches = [
        replace(steps["only"], when=stay, minutes=20),
        replace(steps["only"], when=anew, minutes=5),
        replace(steps["only"], when=anew, minutes=10),
    ]
    protocol = replace(
        made,
        steps=(
            replace(steps["show"], minutes=None, reveals=()),
            replace(steps["choose"], minutes=5),
            *branches,
        ),
    )
    assert say_time(describe(protocol).time) == "up to 25 minutes"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "as long as it takes"),
        (1, "1 minute"),
        (50, "50 minutes"),
        (60, "1 hour"),
        (225, "3 hours 45 minutes"),
    ],
)
def test_minutes_are_said_as_people_say_them(minutes: int, words: str) -> None:
    assert say_minutes(minutes) == words


@pytest.mark.parametrize("protocol", library().values(), ids=library())
def test_every_step_of_the_library_stands_in_its_flow_once_and_in_order(protocol: Protocol) -> None:
    flow = describe(protocol)
    assert [box.title for box in flow.boxes] == [step.title for step in protocol.steps]
    assert [box.number for box in flow.boxes] == list(range(1, len(protocol.steps) + 1))
    assert {box.kind for box in flow.boxes} <= set(StepKind)
    assert flow.time.minutes <= protocol.minutes
    assert (flow.time.minutes < protocol.minutes) <= flow.time.has_branches
