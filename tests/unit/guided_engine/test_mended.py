"""What went wrong once when people did things in an order of their own: laps, people who come and go, leading."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations

import pytest

from protocols.guided import moves
from protocols.guided.comparison import Comparison, start_here
from protocols.guided.engine import begin, decide
from protocols.guided.moves import MoveRefused, Reason
from protocols.guided.prompts import Manner, Prompt, Waiting, shown_to
from protocols.guided.state import Entry, ends_at, lap_item, waited_for
from protocols.guided.steps import Challenge, Closing, SeatKey, StepKind
from protocols.guided.summary import summary
from tests.unit.guided_engine.table import BOUND, START, Table

HOST, VISITOR, SECOND = SeatKey("host"), SeatKey("visitor"), SeatKey("visitor-2")
PEER, PEER_2, LEADER = SeatKey("peer"), SeatKey("peer-2"), SeatKey("facilitator")
JUDGED = {"verdict": "judgement", "room": "7"}


def asked(table: Table, seat: SeatKey) -> Prompt:
    shown = shown_to(table.protocol, table.state, seat)
    assert isinstance(shown, Prompt), shown
    return shown


def say(table: Table, seat: SeatKey, text: str, **data: str) -> None:
    assert table.do(moves.Answer(seat, asked(table, seat).step, text, data))


def done(table: Table, seat: SeatKey) -> None:
    assert table.do(moves.Finish(seat, asked(table, seat).step))


def refusal(table: Table, move: moves.Move) -> Reason:
    with pytest.raises(MoveRefused) as refused:
        decide(table.protocol, table.state, move, at=table.now)
    return refused.value.reason


def arrive(table: Table, step: str) -> Table:
    """Everybody does what is asked until the step is open."""
    for _ in range(200):
        for seat in table.state.seats:
            if table.state.step == step:
                return table
            shown = table.shown()[seat]
            if isinstance(shown, Prompt) and (move := table.natural(shown, 1)) is not None:
                table.do(move)
    raise AssertionError(f"{step} is never asked")


def in_classrooms(*, is_full: bool = False, steps: Mapping[str, Mapping[str, bool]] | None = None) -> Table:
    """A visiting group at its first of three classrooms; ``steps`` are what a district has changed."""
    master = BOUND["network_walkthrough"]
    changed = tuple(replace(step, **(steps or {}).get(step.key, {})) for step in master.steps)
    table = arrive(Table(replace(master, steps=changed), is_full=is_full), "classrooms")
    say(table, HOST, "204\n117\n31")
    if table.state.step == "classrooms":
        done(table, HOST)
    return arrive(table, "notes")


# classroom after classroom


def test_small_groups_go_round_so_that_no_two_are_in_one_classroom() -> None:
    table = in_classrooms(is_full=True)
    routes: dict[int, list[str]] = {1: [], 2: []}
    for lap in range(1, 4):
        assert table.state.lap_of(table.protocol.step("notes")) == lap
        for seat in (VISITOR, SECOND):
            item = lap_item(table.state, table.protocol.step("notes"), seat)
            assert item is not None
            routes[table.state.groups[seat]].append(item.text)
        say(table, VISITOR, "four students spoke", room="204")
        done(table, LEADER)
    assert sorted(routes.values()) == [["117", "31", "204"], ["204", "117", "31"]]
    assert table.state.step == "ratings"


def test_a_classroom_that_the_leader_skips_is_followed_by_the_next() -> None:
    table = in_classrooms(steps={"notes": {"is_required": False}})
    assert table.do(moves.Skip(LEADER, "notes", "A test is written in 204"))
    assert table.state.step == "notes"
    assert asked(table, VISITOR).item is not None
    assert "117" in asked(table, VISITOR).text


def test_a_challenged_note_stays_with_its_classroom_when_the_next_has_begun() -> None:
    table = in_classrooms()
    visitors = [seat for seat in table.state.seats if seat.startswith("visitor")]
    for seat in (HOST, *visitors):
        say(table, seat, "four students spoke", room="204")
        done(table, seat)
    first = table.state.entries[-1].data["lap"]
    assert table.state.lap_of(table.protocol.step("notes")) == 2
    say(table, VISITOR, "two students wrote", room="117")
    done(table, VISITOR)
    assert table.do(moves.Back(VISITOR, "notes"))
    say(table, VISITOR, "good talk", **JUDGED)
    second = table.state.held[VISITOR].data["lap"]
    assert second != first
    for seat in (HOST, *visitors[1:]):
        say(table, seat, "two students spoke", room="117")
        done(table, seat)
    assert table.state.lap_of(table.protocol.step("notes")) == 3
    say(table, VISITOR, "four of six spoke in pairs", room="117")
    assert table.state.entries[-1].data["lap"] == second


def test_a_classroom_is_added_while_all_still_have_the_end_before_them_and_none_is_dropped() -> None:
    table = in_classrooms()
    assert table.do(moves.Back(HOST, "notes"))
    assert (
        refusal(table, moves.Answer(HOST, "classrooms", "\n".join(map(str, range(1, 9))))) is Reason.TOO_MANY
    )
    say(table, HOST, "12")
    done(table, HOST)
    for _ in range(4):
        assert table.state.step == "notes"
        say(table, VISITOR, "four students spoke", room="204")
        done(table, LEADER)
    assert table.state.step == "ratings"
    while table.state.revisiting.get(HOST) != "classrooms":
        assert table.do(moves.Back(HOST, asked(table, HOST).step))
    assert refusal(table, moves.Answer(HOST, "classrooms", "13")) is Reason.ON_THE_WAY


# people who come and go


def test_whoever_joins_begins_where_the_run_stands_and_may_go_back() -> None:
    table = arrive(Table(BOUND["cycle_of_inquiry"], is_full=False), "strategy")
    assert table.do(moves.Join(PEER))
    assert table.state.step == "strategy"
    shown = table.shown()[PEER]
    assert isinstance(shown, Waiting)
    assert shown.may_go_back
    assert table.do(moves.Back(PEER, "strategy"))
    say(table, PEER, "At my school feedback comes the next day.")


def test_a_step_that_waited_only_for_who_left_is_closed_and_shown() -> None:
    table = arrive(Table(BOUND["network_walkthrough"], is_full=True), "differently")
    last = [seat for seat in table.state.seats if seat.startswith("visitor")][-1]
    for seat in waited_for(table.protocol, table.state):
        if seat != last:
            say(table, seat, "I will sit with students.")
    assert waited_for(table.protocol, table.state) == (last,)
    assert table.do(moves.Leave(last))
    assert ("differently", 1, 1) in table.state.closed
    assert summary(table.protocol, table.state, viewer=LEADER).entries("differently")


def test_the_debrief_opens_with_what_somebody_wrote_who_has_left() -> None:
    table = arrive(Table(BOUND["network_walkthrough"], is_full=True), "ratings")
    for seat in (HOST, VISITOR):
        while isinstance(shown := table.shown()[seat], Prompt) and shown.step == "ratings":
            say(table, seat, "most" if seat == VISITOR else "not")
    done(table, LEADER)
    arrive(table, "side_by_side")
    assert table.do(moves.Leave(VISITOR))
    assert asked(table, HOST).text.startswith("You are furthest apart on")
    assert "the visitors “Most”" in asked(table, HOST).text


@pytest.mark.parametrize("comes", [moves.HandOver(PEER), None], ids=["handed over", "left and taken again"])
def test_what_was_private_stays_with_who_wrote_it(comes: moves.HandOver | None) -> None:
    table = arrive(Table(BOUND["tuning"], is_full=True), "gather")
    say(table, PEER, "They never plan together.")
    say(table, PEER_2, "Two of them wrote it.")
    number = next(
        entry.number for entry in table.state.entries if entry.step == "gather" and entry.seat == PEER
    )
    if comes is not None:
        table.do(comes)
    else:
        table.do(moves.Leave(PEER))
        table.do(moves.Join(PEER))
    assert not asked(table, PEER).entries
    assert refusal(table, moves.Edit(PEER, "gather", number, "mine now")) is Reason.NOT_YOURS
    assert not summary(table.protocol, table.state, viewer=PEER).entries("gather")
    for seat in table.state.seats:
        assert "They never plan together." not in repr(table.shown()[seat])


def test_nobody_who_leads_sees_what_is_not_revealed_yet() -> None:
    table = in_classrooms()
    say(table, VISITOR, "four students spoke", room="204")
    led = asked(table, LEADER)
    assert led.manner is Manner.LEAD
    assert not led.entries


@pytest.mark.parametrize(
    ("move", "reason"),
    [
        (moves.Join(SeatKey("visitor")), Reason.NO_ROOM),
        (moves.Join(SeatKey("peer-4")), None),
        (moves.Join(SeatKey("observer")), Reason.NO_ROOM),
        (moves.Join(SeatKey("visitor-2")), Reason.NO_ROOM),
        (moves.Leave(SeatKey("host")), Reason.SEAT_NEEDED),
        (moves.Leave(SeatKey("peer")), None),
        (moves.Leave(SeatKey("peer-3")), Reason.NOT_TAKING_PART),
        (moves.HandOver(SeatKey("host")), None),
        (moves.HandOver(SeatKey("peer-3")), Reason.NOT_TAKING_PART),
    ],
)
def test_seats_are_taken_where_there_is_room_and_left_where_others_do(
    move: moves.Move, reason: Reason | None
) -> None:
    table = Table(BOUND["cycle_of_inquiry"], is_full=True)
    if reason is None:
        assert table.do(move)
    else:
        assert refusal(table, move) is reason


def test_nobody_joins_leaves_or_hands_over_when_it_is_over() -> None:
    table = Table(BOUND["cycle_of_inquiry"], is_full=True)
    table.do(moves.Abandon(HOST, "Moved to another school"))
    for move in (moves.Join(SeatKey("peer-3")), moves.Leave(PEER), moves.HandOver(HOST)):
        assert refusal(table, move) is Reason.OVER


@pytest.mark.parametrize(
    "seats",
    [
        ("host",),
        ("host", "visitor", "visitor-2"),
        ("host", "host", "visitor"),
        ("host", "visitor", "peer", "peer"),
        ("host", "visitor", "peer", "peer-2", "peer-3", "peer-4"),
        ("host", "visitor", "observer"),
    ],
    ids=[
        "one missing",
        "one too many",
        "one twice",
        "a peer twice",
        "too many peers",
        "a role it does not have",
    ],
)
def test_a_run_begins_with_the_seats_its_protocol_asks_for(seats: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="role"):
        begin(BOUND["cycle_of_inquiry"], at=START, seats=[SeatKey(seat) for seat in seats])


# what is held, looked at again, and timed


def test_of_a_list_too_long_the_first_lines_stand_when_nobody_chooses() -> None:
    table = arrive(Table(BOUND["pdsa"], is_full=False), "questions")
    say(table, HOST, "How many revise?\nHow many read it?\nWho asks?\nWho answers?")
    table.do(moves.Abandon(HOST, "The test week was moved"))
    assert len(table.state.live("questions")) == 3


def test_what_is_asked_for_each_of_a_list_has_words_when_it_is_looked_at_again() -> None:
    table = arrive(Table(BOUND["pdsa"], is_full=False), "predictions")
    while isinstance(shown := table.shown()[HOST], Prompt) and shown.step == "predictions":
        say(table, HOST, "five")
    assert table.do(moves.Back(HOST, "predictions"))
    assert asked(table, HOST).text.startswith("You have answered all of these.")


def test_the_time_of_a_step_that_opens_in_a_pause_begins_when_the_pause_ends() -> None:
    table = arrive(Table(BOUND["network_walkthrough"], is_full=True), "ratings")
    last = [seat for seat in table.state.seats if seat.startswith("visitor")][-1]
    for seat in waited_for(table.protocol, table.state):
        while seat != last and isinstance(shown := table.shown()[seat], Prompt) and shown.step == "ratings":
            say(table, seat, "some")
    table.do(moves.Pause(HOST))
    table.do(moves.Leave(last))
    table.do(moves.Resume(HOST))
    end, minutes = ends_at(table.protocol, table.state), table.protocol.step("warm_feedback").minutes
    assert end is not None
    assert minutes is not None
    assert (end - table.now).total_seconds() == 60 * minutes


# where the talk of more than two begins


def rated(topic: str, **levels: int) -> Comparison:
    entry = Entry(1, "ratings", HOST, "some", {}, START, 1)
    seats = {SeatKey(name.replace("_", "-")): level for name, level in levels.items()}
    return Comparison(
        topic,
        "",
        dict.fromkeys(seats, (entry,)),
        is_look_for=True,
        levels=seats,
        labels=("Not", "Some", "Most"),
    )


NAMES = {HOST: "Amara", VISITOR: "Jun", SECOND: "Imani", LEADER: "Grace"}


@pytest.mark.parametrize(
    ("comparisons", "viewer", "words"),
    [
        ([rated("Why", host=0, visitor=2)], HOST, "“Why”: you “Not”, Jun “Most”."),
        ([rated("Why", host=0, visitor=2)], VISITOR, "“Why”: you “Most”, Amara “Not”."),
        ([rated("Why", host=0, visitor=2)], LEADER, "“Why”: Jun “Most”, Amara “Not”."),
        ([rated("Why", host=1, visitor=2, visitor_2=0)], HOST, "“Why”: Jun “Most”, Imani “Not”."),
        (
            [rated("Why", host=1, visitor=2), rated("Ask", host=0, visitor=2)],
            HOST,
            "“Ask”: you “Not”, Jun “Most”.",
        ),
        (
            [rated("Why", host=1, visitor=1), rated("Ask", host=0, visitor=1)],
            HOST,
            "“Ask”: you “Not”, Jun “Some”.",
        ),
        ([rated("Why", host=1, visitor=1, visitor_2=1)], HOST, ""),
        ([], HOST, ""),
    ],
)
def test_the_talk_begins_where_ratings_are_furthest_apart(
    comparisons: list[Comparison], viewer: SeatKey, words: str
) -> None:
    for order in permutations(comparisons):
        said = start_here(order, viewer, NAMES)
        assert words in said
        assert bool(said) == bool(words)


def test_what_a_comparison_tells_of_a_seat_goes_with_its_words() -> None:
    whole = rated("Why", host=0, visitor=2)
    assert not whole.only(()).levels


def test_what_is_offered_to_choose_from_is_what_a_choice_takes_where_several_fill_one_list() -> None:
    master = BOUND["cycle_of_inquiry"]
    step = replace(
        master.step("causes"),
        kind=StepKind.LIST,
        closing=Closing.ANY,
        max_entries=2,
        challenge=Challenge.NONE,
    )
    protocol = replace(master, steps=tuple(step if each.key == "causes" else each for each in master.steps))
    table = arrive(Table(protocol, is_full=False), "causes")
    say(table, HOST, "Time\nTrust")
    say(table, VISITOR, "Rooms\nPlans\nNotes")
    assert [option.label for option in asked(table, VISITOR).options] == ["Rooms", "Plans", "Notes"]
    assert "three" in asked(table, VISITOR).text
    assert table.do(moves.Choose(VISITOR, "causes", (1, 3)))
    assert [entry.text for entry in table.state.live("causes", VISITOR)] == ["Rooms", "Notes"]
