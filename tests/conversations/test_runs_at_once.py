"""Two people change one run in the same moment: whoever comes second decides again, and nobody's press is lost."""

from collections.abc import Callable, Sequence
from datetime import datetime

import pytest

from handlers.actions import act
from handlers.district import load_district
from handlers.guided.run_seat_moves import hand_over, press_join
from handlers.turn import Cards, Turn
from protocols.guided import moves
from protocols.guided.catalog import parse
from protocols.guided.engine import begin, decide
from protocols.guided.events import Event
from protocols.guided.history import follow
from protocols.guided.moves import Move
from protocols.guided.state import RunState
from protocols.guided.steps import Role, SeatKey, seat_key
from storage import people, record, runs
from storage.database import Store, Tx
from storage.runs import Run
from tests.chat import Chat, Speaker
from tests.district import email
from tests.meanwhile import meanwhile

HOST, VISITOR, PEER = seat_key(Role.HOST), seat_key(Role.VISITOR), seat_key(Role.PEER)
PROBLEM = "I give feedback after visits days later, so teachers of mathematics do not use it."
GUESTS_LAST = """\
key: guests_last
title: Guests last
purpose: To hear what guests say in the end.
source: Written for this test
roles:
  host: {called: the host, from: ild}
  peer: {called: the guests, from: anyone, min: 0, max: 3}
steps:
  - key: word
    title: A word
    phase: before
    kind: text
    who: [host]
    required: true
    ask: What do you say?
  - key: next_steps
    title: Next steps
    phase: after
    kind: next_steps
    who: [peer]
    required: true
    ask: What will you do with it?
"""
EVIDENCE = "Three of five teachers had no note from the visit of Mon 2 Nov when I asked on Thu 5 Nov."


class Inquiry:
    """Grace's inquiry with Imani, to which Farid and Mei are invited."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.chat = Chat(store, at="2026-12-01 09:00")
        self.grace, self.imani, self.farid, self.mei = (
            self.chat.person(email(name))
            for name in ("grace.lindqvist", "imani.brooks", "farid.haddad", "mei.tanaka")
        )
        self.grace.says("inquiry")
        self.grace.says(PROBLEM)
        for who in ("Farid", "Mei"):
            self.grace.says(f"invite {who}")

    def run(self) -> Run:
        with self.store.read() as tx:
            run = runs.get(tx, 1)
        assert run is not None
        return run

    def texts(self) -> list[str]:
        return [entry.text for entry in self.run().state.entries]

    def turn(self, tx: Tx, who: Speaker) -> Turn:
        person = people.get_person(tx, who.id, on=self.chat.now.date())
        return Turn(tx, person, self.chat.now, load_district(tx), f"at-once:{who.id}")


@pytest.fixture
def inquiry(store: Store) -> Inquiry:
    return Inquiry(store)


@pytest.fixture
def first(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Run], Move], int | None], None]:
    """``first(move, sitter)``: somebody else's move is written just before the next one that is decided.

    A ``sitter`` takes the seat of the move with it.
    """

    def come_first(move_for: Callable[[Run], Move], sitter: int | None = None) -> None:
        append, has_come = runs.append, []

        def appended(
            tx: Tx, run: Run, events: Sequence[Event], state: RunState, *, person_id: int | None, at: datetime
        ) -> None:
            if not has_come:
                has_come.append(True)
                move = move_for(run)
                theirs = decide(run.protocol, run.state, move, at=at)
                writer = sitter or run.people[move.seat]
                append(tx, run, theirs, follow(run.protocol, run.state, theirs), person_id=writer, at=at)
                if sitter is not None:
                    runs.seat(tx, run.id, move.seat, sitter, at=at)
            append(tx, run, events, state, person_id=person_id, at=at)

        monkeypatch.setattr(runs, "append", appended)

    return come_first


First = Callable[..., None]


def writes(seat: SeatKey, text: str) -> Callable[[Run], Move]:
    return lambda run: moves.Answer(seat, run.state.step, text)


def test_who_joins_while_somebody_writes_has_joined_and_the_words_are_kept(
    inquiry: Inquiry, first: First
) -> None:
    first(writes(VISITOR, EVIDENCE))
    assert inquiry.farid.presses("Join").outcome == "done"
    assert inquiry.run().sitting[PEER] == inquiry.farid.id
    assert EVIDENCE in inquiry.texts()
    inquiry.grace.sees("Farid Haddad has joined")


def test_of_two_who_join_at_once_each_gets_a_seat(inquiry: Inquiry, first: First) -> None:
    first(lambda _run: moves.Join(PEER), inquiry.mei.id)
    assert inquiry.farid.presses("Join").outcome == "done"
    sitting = inquiry.run().sitting
    assert (sitting[PEER], sitting[seat_key(Role.PEER, 2)]) == (inquiry.mei.id, inquiry.farid.id)
    inquiry.mei.sees("Farid Haddad has joined")


def test_the_same_join_pressed_twice_at_once_takes_one_seat(inquiry: Inquiry, first: First) -> None:
    first(lambda _run: moves.Join(PEER), inquiry.farid.id)
    assert inquiry.farid.presses("Join").outcome == "refused"
    inquiry.farid.sees("You take part already")


def test_who_comes_a_moment_after_the_last_free_seat_is_told_so(inquiry: Inquiry, first: First) -> None:
    for number, name in ((1, "oluchi.eze"), (2, "peter.novak")):
        with inquiry.store.begin() as tx:
            run = runs.get(tx, 1)
            assert run is not None
            key = seat_key(Role.PEER, number)
            events = decide(run.protocol, run.state, moves.Join(key), at=inquiry.chat.now)
            state = follow(run.protocol, run.state, events)
            someone = inquiry.chat.person(email(name)).id
            runs.append(tx, run, events, state, person_id=someone, at=inquiry.chat.now)
            runs.seat(tx, 1, key, someone, at=inquiry.chat.now)
    first(lambda _run: moves.Join(seat_key(Role.PEER, 3)), inquiry.mei.id)
    assert inquiry.farid.presses("Join").outcome == "refused"
    inquiry.farid.sees("Every seat is taken by now")


def test_a_seat_handed_over_while_its_holder_writes_goes_over_with_the_words(
    inquiry: Inquiry, first: First
) -> None:
    tomas = inquiry.chat.person(email("tomas.rivera"))
    first(writes(VISITOR, EVIDENCE))
    with inquiry.store.begin() as tx:
        successor = people.get_person(tx, tomas.id, on=inquiry.chat.now.date())
        hand_over(inquiry.turn(tx, inquiry.grace), 1, VISITOR, successor)
    assert inquiry.run().sitting[VISITOR] == tomas.id
    assert EVIDENCE in inquiry.texts()


def test_whose_seat_was_handed_over_a_moment_before_writes_nothing_in_it(
    inquiry: Inquiry, first: First
) -> None:
    tomas = inquiry.chat.person(email("tomas.rivera"))
    first(lambda _run: moves.HandOver(VISITOR), tomas.id)
    assert inquiry.imani.says(EVIDENCE).outcome == "refused"
    inquiry.imani.sees("You have no part in this conversation")
    assert EVIDENCE not in inquiry.texts()


def test_who_joined_in_the_moment_of_an_answer_reads_along_with_it(inquiry: Inquiry, first: First) -> None:
    first(lambda _run: moves.Join(PEER), inquiry.farid.id)
    assert inquiry.imani.says(EVIDENCE).outcome == "done"
    assert EVIDENCE in inquiry.texts()
    assert inquiry.run().sitting[PEER] == inquiry.farid.id


def test_two_processes_seat_two_people_at_once(inquiry: Inquiry) -> None:
    def join(who: Speaker) -> Callable[[Tx], Cards]:
        return lambda tx: press_join(inquiry.turn(tx, who), act("run.join", run=1), {})

    meanwhile(inquiry.store, join(inquiry.farid), join(inquiry.mei))
    sitting = inquiry.run().sitting
    assert (sitting[PEER], sitting[seat_key(Role.PEER, 2)]) == (inquiry.farid.id, inquiry.mei.id)


def test_a_step_that_waited_only_for_who_leaves_goes_on_for_the_others(inquiry: Inquiry) -> None:
    inquiry.farid.presses("Join")
    inquiry.imani.says(EVIDENCE)
    inquiry.imani.says("done")
    inquiry.grace.says("Two of my last ten notes quoted a student.")
    inquiry.grace.says("done")
    inquiry.farid.sees("What have you seen, heard or counted, here or at your own school")
    inquiry.farid.says("leave")
    inquiry.farid.sees("You have left")
    inquiry.imani.sees(
        "Farid Haddad has left", "Which questions would help Grace see the causes differently?"
    )
    inquiry.grace.sees("Farid Haddad has left", "Imani is writing questions on the causes")
    inquiry.imani.says("What did the last ten notes begin with?")
    assert "What did the last ten notes begin with?" in inquiry.texts()


def test_a_run_that_waited_only_for_who_leaves_ends_with_its_summary(inquiry: Inquiry) -> None:
    """A district's own protocol, whose last word the guests have."""
    own = parse(GUESTS_LAST, name="guests.yaml")
    with inquiry.store.begin() as tx:
        number = runs.begin(
            tx, own, begin(own, at=inquiry.chat.now, seats=[HOST, PEER]),
            people={HOST: inquiry.grace.id, PEER: inquiry.farid.id}, school_id=None,
            person_id=inquiry.grace.id, at=inquiry.chat.now,
        )  # fmt: skip
    inquiry.grace.presses_action(act("run.resume", run=number))
    inquiry.grace.says("We meet on Thursdays.")
    inquiry.farid.says("leave")
    inquiry.farid.sees("You have left the guests last")
    inquiry.grace.sees("Farid Haddad has left the guests last", "Guests last, Tue 1 Dec", "[To print]")
    with inquiry.store.read() as tx:
        assert not runs.is_open(tx, number)
        assert [row.action for row in record.audit_of(tx, f"run:{number}")] == ["run.left", "run.ended"]
