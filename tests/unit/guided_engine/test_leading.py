"""Whoever leads closes a step for all: only by saying so, and with what everybody wrote counting as enough."""

from datetime import UTC, date, datetime, timedelta

from protocols.guided.catalog import parse
from protocols.guided.engine import begin, decide
from protocols.guided.history import follow
from protocols.guided.moves import AddNextStep, Answer, Back, Finish, Move
from protocols.guided.prompts import Manner, Prompt, Waiting, shown_to
from protocols.guided.state import RunState, Status
from protocols.guided.steps import SeatKey

START = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
HOST, PEER, LEADER = SeatKey("host"), SeatKey("peer"), SeatKey("facilitator")
LED = """\
key: led
title: Led
purpose: To try.
source: Written for this test
leads: facilitator
roles:
  facilitator: {called: the facilitator, from: ild}
  host: {called: the principal, from: principal}
  peer: {called: the peers, from: principals, min: 1, max: 3}
steps:
  - key: differently
    title: Differently
    phase: after
    kind: commitment
    who: [host, peer, facilitator]
    closing: lead
    required: true
    ask: What will you do differently?
  - key: next_steps
    title: Next steps
    phase: after
    kind: next_steps
    who: [host, peer, facilitator]
    closing: lead
    required: true
    ask: What comes next?
"""


class Led:
    """A run of three people in memory; a minute passes between moves."""

    def __init__(self) -> None:
        self.protocol = parse(LED, name="led.yaml")
        self.now = START
        self.state = follow(self.protocol, RunState(), begin(self.protocol, at=START))

    def do(self, move: Move) -> None:
        self.now += timedelta(minutes=1)
        self.state = follow(self.protocol, self.state, decide(self.protocol, self.state, move, at=self.now))

    def asked(self, seat: SeatKey) -> Prompt | Waiting:
        return shown_to(self.protocol, self.state, seat)

    def prompt(self, seat: SeatKey) -> Prompt:
        asked = self.asked(seat)
        assert isinstance(asked, Prompt)
        return asked

    def promises(self, seat: SeatKey) -> None:
        self.do(AddNextStep(seat, "next_steps", "host", "Show the notes", date(2027, 1, 12), "twelve notes"))


def test_the_single_answer_of_whoever_leads_closes_nothing_for_the_others() -> None:
    led = Led()
    led.do(Answer(LEADER, "differently", "I will ask before I tell."))
    assert led.prompt(HOST).step == led.prompt(PEER).step == "differently"
    assert led.prompt(LEADER).manner is Manner.LEAD
    led.do(Answer(HOST, "differently", "I will visit two rooms a week."))
    led.do(Finish(LEADER, "differently"))
    assert led.prompt(PEER).step == "next_steps"


def test_what_the_others_wrote_is_enough_for_whoever_leads_to_go_on() -> None:
    led = Led()
    assert not led.prompt(LEADER).may_finish
    led.do(Answer(HOST, "differently", "I will visit two rooms a week."))
    assert led.prompt(LEADER).may_finish
    led.do(Finish(LEADER, "differently"))
    led.promises(PEER)
    assert led.prompt(LEADER).may_finish
    led.do(Finish(LEADER, "next_steps"))
    assert led.state.status is Status.ENDED


def test_the_other_ones_are_not_closed_out_by_somebody_who_does_not_lead() -> None:
    led = Led()
    led.do(Answer(HOST, "differently", "I will visit two rooms a week."))
    assert led.prompt(PEER).step == led.prompt(LEADER).step == "differently"
    assert led.prompt(LEADER).manner is Manner.ASK


def test_whoever_leads_and_looks_again_at_an_own_answer_leaves_it_without_closing_the_open_step() -> None:
    led = Led()
    for seat in (HOST, PEER, LEADER):
        led.do(Answer(seat, "differently", f"I, {seat}, will ask before I tell."))
    led.promises(HOST)
    led.do(Back(LEADER, "next_steps"))
    led.do(Finish(LEADER, "differently"))
    assert led.prompt(PEER).step == "next_steps"


def test_a_step_that_is_required_is_not_closed_with_nothing_in_it() -> None:
    led = Led()
    led.do(Answer(HOST, "differently", "I will visit two rooms a week."))
    led.do(Finish(LEADER, "differently"))
    assert not led.prompt(LEADER).may_finish
    assert led.state.status is Status.RUNNING
