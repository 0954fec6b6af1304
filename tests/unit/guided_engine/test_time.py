"""The time of a run: a button gives more of it once, and only who is asked a step leaves it until it comes back."""

from dataclasses import replace
from datetime import date, timedelta

from protocols.guided import moves
from protocols.guided.moves import Reason
from protocols.guided.state import ends_at
from tests.unit.guided_engine.table import BOUND, Table
from tests.unit.guided_engine.test_mended import (
    HOST,
    LEADER,
    PEER,
    VISITOR,
    arrive,
    asked,
    done,
    refusal,
    say,
)


def test_a_button_gives_more_time_once_and_a_newer_one_or_words_give_it_again() -> None:
    table = arrive(Table(BOUND["network_walkthrough"], is_full=True), "ratings")
    while table.state.step == "ratings":
        done(table, LEADER)
    step = table.state.step
    end, card = ends_at(table.protocol, table.state), asked(table, LEADER)
    assert end is not None
    press = moves.Extend(LEADER, step, 5, card.version)
    assert table.do(press)
    assert refusal(table, press) is Reason.EXTENDED_ALREADY
    assert table.do(replace(press, version=asked(table, LEADER).version))
    assert table.do(replace(press, version=None))
    assert refusal(table, replace(press, version=card.version + 1)) is Reason.EXTENDED_ALREADY
    assert ends_at(table.protocol, table.state) == end + 3 * timedelta(minutes=5)
    while table.state.step == step:
        done(table, LEADER)
    assert table.state.extended == 0


def test_what_others_write_meanwhile_does_not_keep_a_button_from_giving_time() -> None:
    table = arrive(Table(BOUND["network_walkthrough"], is_full=True), "warm_feedback")
    card = asked(table, LEADER)
    say(table, VISITOR, "Students read to one another.")
    assert table.do(moves.Extend(LEADER, "warm_feedback", 5, card.version))


def check_in() -> Table:
    return arrive(Table(BOUND["cycle_of_inquiry"], is_full=True), "check_in")


def test_only_who_is_asked_leaves_a_step_until_it_comes_back() -> None:
    day = date(2026, 12, 15)
    table = check_in()
    assert asked(table, HOST).may_rest
    assert table.do(moves.Back(HOST, "check_in"))
    assert asked(table, HOST).step != "check_in"
    assert refusal(table, moves.Rest(HOST, "check_in", day)) is Reason.STALE, "looks at another step now"
    assert table.do(moves.Rest(PEER, "check_in", day))
    assert table.state.rests == {"check_in": day}


def test_who_is_not_asked_cannot_leave_the_step_for_the_one_who_is() -> None:
    table = arrive(Table(BOUND["pdsa"], is_full=False), "results")
    step = replace(table.protocol.step("results"), every=5)
    table.protocol = replace(
        table.protocol, steps=tuple(step if each.key == step.key else each for each in table.protocol.steps)
    )
    assert step.who == (HOST,)
    day = date(2026, 12, 15)
    assert refusal(table, moves.Rest(VISITOR, "results", day)) is Reason.NOT_YOUR_TURN
    assert table.do(moves.Rest(HOST, "results", day))
