"""Every packaged protocol played on the engine, by everybody in it, from the first step to the end."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from protocols.guided.catalog import library
from protocols.guided.engine import begin, decide
from protocols.guided.history import follow
from protocols.guided.moves import Answer, Finish, Move
from protocols.guided.state import RunState, Status, asked_step, leading_seats
from protocols.guided.steps import Option, Protocol, SeatKey, Source, Step, StepKind, seat_key

SCALE = (Option("not_yet", "Not yet"), Option("some", "Some"), Option("much", "Much"))
START = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
DONE_WITHIN = 500
"""Moves, of all people together: more than any of these runs needs."""

BRANCHES = [
    pytest.param(protocol.key, step.key, place, id=f"{protocol.key}: {option.label}")
    for protocol in library().values()
    for step in protocol.steps
    for place, option in enumerate(step.options)
]


class Played:
    """A run in which everybody answers when asked, in the order of the seats, and each choice at its first option.

    ``absent`` seats never answer; whoever leads goes on without them. ``chosen`` is taken the first time a choice
    is asked, so that a round that begins again comes to its end.
    """

    def __init__(
        self,
        key: str,
        *,
        more: int = 0,
        absent: Collection[SeatKey] = (),
        chosen: tuple[str, int] = ("", 0),
    ) -> None:
        self.protocol = with_scale(library()[key])
        seats = [
            seat_key(role, number)
            for role, part in self.protocol.parts.items()
            for number in range(1, min(part.at_least + more, part.at_most) + 1)
        ]
        self.absent, self.chosen, self.now = absent, chosen, START
        self.state = follow(self.protocol, RunState(), begin(self.protocol, at=START, seats=seats))
        self.opened: list[str] = []
        while not self.state.is_over:
            assert len(self.opened) < DONE_WITHIN
            self.opened.append(self.state.step)
            self.go_on()

    def go_on(self) -> None:
        step = self.protocol.step(self.state.step)
        for seat in self.state.seats:
            if seat not in self.absent and asked_step(self.protocol, self.state, seat) is step:
                self.answer(step, seat)
                return
        (leader,) = leading_seats(self.protocol, self.state)
        self.do(Finish(leader, step.key))

    def answer(self, step: Step, seat: SeatKey) -> None:
        if step.is_written:
            self.do(Answer(seat, step.key, self.words(step), data(step)))
        is_open = self.state.step == step.key and asked_step(self.protocol, self.state, seat) is step
        if is_open and not step.per and (step.takes_many or not step.is_written):
            self.do(Finish(seat, step.key))

    def words(self, step: Step) -> str:
        if step.kind is StepKind.CHOICE:
            is_first = step.key == self.chosen[0] and not any(e.step == step.key for e in self.state.entries)
            return step.options[self.chosen[1] if is_first else 0].key
        if step.kind is StepKind.LIST:
            return "12\n14"
        return f"{len(self.opened)} of 400 students explained it to a partner"

    def do(self, move: Move) -> None:
        self.now += timedelta(minutes=1)
        events = decide(self.protocol, self.state, move, at=self.now)
        self.state = follow(self.protocol, self.state, events)


def with_scale(protocol: Protocol) -> Protocol:
    """The protocol as a run begins with it: its ratings have the levels of a framework."""
    steps = (replace(s, options=SCALE) if s.source is Source.SCALE else s for s in protocol.steps)
    return replace(protocol, steps=tuple(steps))


def data(step: Step) -> dict[str, str]:
    match step.kind:
        case StepKind.NOTES:
            return {} if step.repeats else {"room": "12"}
        case StepKind.NEXT_STEPS:
            return {"who": "host", "by_when": "2027-01-12", "evidence": "three written notes"}
        case _:
            return {}


@pytest.mark.parametrize("key", sorted(library()))
@pytest.mark.parametrize("more", [0, 2], ids=["as few as may be", "two more of each"])
def test_a_protocol_comes_to_its_end_and_to_a_next_step(key: str, more: int) -> None:
    run = Played(key, more=more)
    assert run.state.status is Status.ENDED
    assert run.state.live("next_steps")


@pytest.mark.parametrize(("key", "step", "place"), BRANCHES)
def test_each_branch_comes_to_its_end(key: str, step: str, place: int) -> None:
    assert Played(key, chosen=(step, place)).state.status is Status.ENDED


@pytest.mark.parametrize(
    "key", sorted(key for key, p in library().items() if any(part.at_most > 1 for part in p.parts.values()))
)
def test_who_is_absent_of_many_is_gone_on_without(key: str) -> None:
    absent = [seat_key(role, 2) for role, part in library()[key].parts.items() if part.at_most > 1]
    run = Played(key, more=2, absent=absent)
    assert run.state.status is Status.ENDED
    assert not {entry.seat for entry in run.state.entries} & set(absent)


def test_a_prediction_and_a_result_for_each_question_lie_ready_to_compare() -> None:
    state = Played("pdsa").state
    questions = {str(entry.number) for entry in state.live("questions")}
    assert len(questions) == 2
    for seat in state.seats:
        assert {entry.data["of"] for entry in state.live("predictions", seat)} == questions
    assert {entry.data["of"] for entry in state.live("results")} == questions


def test_every_classroom_of_a_network_walkthrough_is_noted_by_everybody() -> None:
    state = Played("network_walkthrough").state
    assert [(entry.seat, entry.data["room"]) for entry in state.live("notes")] == [
        (seat, room) for room in ("12", "14") for seat in state.seats if seat != "facilitator"
    ]


@pytest.mark.parametrize(
    ("place", "asked"),
    [(0, "together"), (1, "alone"), (2, "host_leads")],
    ids=["together, line by line", "each alone, then compare", "the principal leads"],
)
def test_a_coaching_visit_looks_in_the_one_way_that_was_chosen(place: int, asked: str) -> None:
    opened = Played("coaching_visit", chosen=("how", place)).opened
    assert {"together", "alone", "host_leads"} & set(opened) == {asked}


def test_who_did_not_try_what_was_modeled_is_not_asked_how_it_went() -> None:
    opened = Played("modeling", chosen=("turn", 1)).opened
    assert not {"try", "seen", "own_view", "once_more"} & set(opened)


def test_doing_it_for_the_principal_is_told_from_modeling_it() -> None:
    opened = Played("modeling", chosen=("record", 3)).opened
    assert "leave_to_host" in opened
    assert not {"talk_later", "try_later"} & set(opened)
