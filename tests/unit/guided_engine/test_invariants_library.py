"""Every protocol of the library, with few and with more people who do what they like in whatever order."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from protocols.guided import moves
from protocols.guided.engine import decide
from protocols.guided.history import BrokenHistory, follow
from protocols.guided.moves import Move, MoveRefused
from protocols.guided.prompts import Manner, Prompt
from protocols.guided.state import Status, ends_at
from protocols.guided.steps import StepKind, seat_key
from tests.examples import tried
from tests.unit.guided_engine.table import BOUND, DUE, Table, roles_with_room
from tests.unit.guided_engine.unusual import UNUSUAL

Act = Callable[[Table, int, int], None]
VERDICTS = ("", "evidence", "judgement", "mixed", "weak")


def go_on(table: Table, who: int, pick: int) -> None:
    """Somebody does what their card asks."""
    asked = list(table.shown().values())[who % len(table.state.seats)]
    if isinstance(asked, Prompt):
        move = table.natural(asked, pick, VERDICTS[pick % len(VERDICTS)])
        assert move is None or table.do(move), (asked, move)


def go_on_together(table: Table, who: int, pick: int) -> None:
    """Everybody does, a few times."""
    for turn in range(1 + who % 4):
        for place in range(len(table.state.seats)):
            go_on(table, place, pick + turn)


def say_done(table: Table, who: int, _pick: int) -> None:
    asked = list(table.shown().values())[who % len(table.state.seats)]
    is_done = table.do(moves.Finish(asked.seat, asked.step, asked.version))
    assert is_done or not (isinstance(asked, Prompt) and asked.may_finish), asked


def go_back(table: Table, who: int, _pick: int) -> None:
    asked = list(table.shown().values())[who % len(table.state.seats)]
    assert table.do(moves.Back(asked.seat, asked.step, asked.version)) == asked.may_go_back, asked


def skip(table: Table, who: int, pick: int) -> None:
    asked = list(table.shown().values())[who % len(table.state.seats)]
    reason = f"<no time {len(table.events)}>" if pick % 5 else " "
    is_left_out = table.do(moves.Skip(asked.seat, asked.step, reason, {}, asked.version))
    if isinstance(asked, Prompt) and asked.manner is not Manner.LEAD and pick % 5:
        assert is_left_out or not asked.may_skip, asked


def send_lines(table: Table, who: int, pick: int) -> None:
    """Words out of the blue, and too many of them; as the rewrite or the choice where something is held."""
    asked = list(table.shown().values())[who % len(table.state.seats)]
    text = "\n".join(f"{line + 1} of <{asked.seat} {len(table.events)}.{pick}>" for line in range(pick % 6))
    data = {"room": "12", "who": "host", "by_when": DUE.isoformat(), "evidence": "notes"}
    table.do(moves.Answer(asked.seat, asked.step, text, data))


def keep(table: Table, who: int, pick: int) -> None:
    asked = list(table.shown().values())[who % len(table.state.seats)]
    table.do(moves.KeepAsImpression(asked.seat, asked.step, asked.version))
    table.do(moves.Choose(asked.seat, asked.step, (1, 1 + pick % 4), asked.version))


def pause_and_resume(table: Table, who: int, pick: int) -> None:
    """The time of the step stands still meanwhile."""
    if table.state.status is not Status.RUNNING:
        return
    seat = table.state.seats[who % len(table.state.seats)]
    end = ends_at(table.protocol, table.state)
    left = end - table.now if end else None
    table.now -= timedelta(minutes=1)
    assert table.do(moves.Pause(seat))
    assert ends_at(table.protocol, table.state) is None
    asked = list(table.shown().values())[pick % len(table.state.seats)]
    assert not isinstance(asked, Prompt)
    assert not table.do(moves.Answer(asked.seat, asked.step, "while it is paused"))
    table.now += timedelta(days=pick % 3)
    if pick % 4 == 3:
        edit(table, who, pick)
        people_change(table, who, pick)
        return
    if table.state.status is Status.PAUSED:
        assert table.do(moves.Resume(table.state.seats[0]))
    end = ends_at(table.protocol, table.state)
    assert (end - table.now if end else None) == left


def resume(table: Table, who: int, _pick: int) -> None:
    table.do(moves.Resume(table.state.seats[who % len(table.state.seats)]))


def edit(table: Table, who: int, pick: int) -> None:
    entry = table.state.entry(pick % (len(table.state.entries) + 2))
    text = f"{pick} of <{len(table.events)}.{who}>"
    if entry and table.protocol.step(entry.step).kind is StepKind.CHOICE:
        options = table.protocol.step(entry.step).options
        text = options[pick % len(options)].key
    seat = entry.seat if entry and who % 3 else table.state.seats[who % len(table.state.seats)]
    table.do(moves.Edit(seat, entry.step if entry else "none", entry.number if entry else 0, text))


def add_next_step(table: Table, who: int, pick: int) -> None:
    seat = table.state.seats[who % len(table.state.seats)]
    day = DUE if pick % 4 else date(2020, 1, 1)
    what = f"<{len(table.events)}.{pick} to do>"
    table.do(moves.AddNextStep(seat, "next_steps", "host", what, day, "notes"))


def extend_or_rest(table: Table, who: int, pick: int) -> None:
    seat = table.state.seats[who % len(table.state.seats)]
    before, shown = ends_at(table.protocol, table.state), table.shown()
    more = moves.Extend(seat, table.state.step, pick % 70, table.state.version)
    if table.do(more):
        after = ends_at(table.protocol, table.state)
        assert before is not None
        assert after == before + timedelta(minutes=pick % 70)
        assert not table.do(more), "the same button gives time once"
    asked = shown[seat]
    day = table.now.date() + timedelta(days=10)
    has_rested = table.do(moves.Rest(seat, table.state.step, day, table.state.version))
    assert not has_rested or (isinstance(asked, Prompt) and asked.step == table.state.step), asked
    assert has_rested or not (isinstance(asked, Prompt) and asked.may_rest), asked
    if pick % 2:
        table.come_back()


def people_change(table: Table, who: int, pick: int) -> None:
    """Somebody joins, leaves, or hands the seat over."""
    roles = roles_with_room(table.protocol)
    seat = table.state.seats[who % len(table.state.seats)]
    match pick % 3:
        case 0 if roles:
            joining = seat_key(roles[who % len(roles)], 1 + pick % 6)
            asked = table.state.step
            has_joined = table.do(moves.Join(joining))
            if has_joined and table.state.status is Status.RUNNING:
                assert table.state.step == asked, "whoever joins does not turn the others back"
        case 1:
            table.do(moves.Leave(seat))
        case _:
            table.do(moves.HandOver(seat))


def press_twice(table: Table, _who: int, _pick: int) -> None:
    """The platform delivers a button twice."""
    last = table.last
    is_harmless = isinstance(last, moves.Edit | moves.HandOver | moves.Join | moves.Rest)
    if last is not None and getattr(last, "version", None) is not None and not is_harmless:
        assert not table.do(last), last


def press_old_card(table: Table, _who: int, pick: int) -> None:
    if not table.cards:
        return
    card = table.cards[pick % len(table.cards)]
    move = table.natural(card, pick)
    if move is not None and card.seat in table.state.seats:
        events = list(table.events)
        if table.do(move):
            now, table.events = table.events, events
            table.check_card(card)
            table.events = now


def decide_at_once(table: Table, who: int, pick: int) -> None:
    """Two people press at the same moment; one is first, and the other decides again on what is new."""
    asked = [each for each in table.shown().values() if isinstance(each, Prompt)]
    chosen: list[Move] = [
        move for place in (who, who + 1) if asked and (move := table.natural(asked[place % len(asked)], pick))
    ]
    if len(chosen) < 2:
        return
    try:
        late = decide(table.protocol, table.state, chosen[1], at=table.now)
    except MoveRefused:
        late = ()
    if table.do(chosen[0]) and late:
        with pytest.raises(BrokenHistory):
            follow(table.protocol, table.state, late)
    if asked[who % len(asked)].seat != asked[(who + 1) % len(asked)].seat:
        table.do(chosen[1])


def restart(table: Table, _who: int, _pick: int) -> None:
    table.restart()


def abandon(table: Table, who: int, pick: int) -> None:
    if pick % 8 == 7:
        table.do(moves.Abandon(table.state.seats[who % len(table.state.seats)], "<fire drill>"))


ACTS = (
    *(go_on, go_on, go_on, go_on_together, go_on_together, go_on_together, say_done, say_done),
    *(go_back, go_back, skip, send_lines, keep, pause_and_resume, resume, edit, add_next_step),
    *(extend_or_rest, people_change, people_change, press_twice, press_old_card, press_old_card),
    *(decide_at_once, restart, abandon),
)
PLAYS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 11), st.integers(0, 99)), min_size=5, max_size=30
)


def play(table: Table, turns: int, acts: Sequence[tuple[Act, int, int]]) -> None:
    for _ in range(turns):
        go_on_together(table, 0, 1)
    for act, who, pick in acts:
        table.cards += [asked for asked in table.shown().values() if isinstance(asked, Prompt)]
        act(table, who, pick)
        table.check()
    table.check_nothing_lost()
    table.restart()
    table.finish()
    table.check()


@pytest.mark.parametrize("key", sorted(BOUND))
@tried(20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(is_full=st.booleans(), turns=st.integers(0, 25), acts=PLAYS)
def test_whatever_people_do_nothing_is_lost_and_there_is_one_end(
    key: str, is_full: bool, turns: int, acts: Sequence[tuple[Act, int, int]]
) -> None:
    play(Table(BOUND[key], is_full=is_full), turns, acts)


@tried(10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(is_full=st.booleans(), turns=st.integers(0, 20), acts=PLAYS)
def test_nor_in_a_protocol_with_all_that_none_of_the_library_has_together(
    is_full: bool, turns: int, acts: Sequence[tuple[Act, int, int]]
) -> None:
    play(Table(UNUSUAL, is_full=is_full), turns, acts)
