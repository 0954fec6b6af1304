"""Changing a protocol step by step: what may change, what stays, and that a file could always say the same."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.guided.adapting import (
    ADDED_KINDS,
    AdaptationRefused,
    Wording,
    add_step,
    check_replacement,
    drop_step,
    holds_evidence,
    move_step,
    needs,
    rename_protocol,
    rename_step,
    retime_step,
    reword_step,
    why_kept,
)
from protocols.guided.catalog import ProtocolRefused, library, parse
from protocols.guided.differences import differences
from protocols.guided.steps import Closing, Protocol, Role, StepKind
from protocols.guided.yaml_writer import to_yaml
from tests.examples import tried

WALKTHROUGH = library()["walkthrough"]
NETWORK = library()["network_walkthrough"]
every_protocol = pytest.mark.parametrize("key", sorted(library()))
protocols = st.sampled_from(sorted(library().items())).map(lambda pair: pair[1])
words = st.text(max_size=80)


def steps_of(protocol: Protocol) -> list[str]:
    return [step.key for step in protocol.steps]


@every_protocol
def test_a_packaged_protocol_written_as_yaml_reads_back_the_same(key: str) -> None:
    protocol = library()[key]
    assert parse(to_yaml(protocol), name=key) == protocol
    assert parse(to_yaml(protocol), name=key).version == protocol.version


@every_protocol
def test_evidence_next_steps_and_what_others_build_on_stay_and_all_else_can_go(key: str) -> None:
    protocol = library()[key]
    for step in protocol.steps:
        stays = (
            step.kind is StepKind.NEXT_STEPS
            or holds_evidence(step)
            or any(step.key in needs(other) for other in protocol.steps if other.key != step.key)
        )
        assert bool(why_kept(protocol, step.key)) == stays
        if stays:
            with pytest.raises(AdaptationRefused, match=r"stays"):
                drop_step(protocol, step.key)
        else:
            assert step.key not in steps_of(drop_step(protocol, step.key))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param(
            lambda p: retime_step(p, "notes", 20),
            "“Classroom notes” takes 20 minutes instead of 30.",
            id="another time",
        ),
        pytest.param(
            lambda p: rename_step(p, "challenge", "What is hard"),
            "“A challenge” is called “What is hard”.",
            id="another title",
        ),
        pytest.param(
            lambda p: reword_step(p, "notes", "Look, {visitor}.", role=Role.VISITOR),
            "“Classroom notes” asks the visitor in other words.",
            id="other words for one role",
        ),
        pytest.param(
            lambda p: reword_step(p, "notes", "Look."),
            "“Classroom notes” asks in other words.",
            id="other words for all",
        ),
        pytest.param(
            lambda p: reword_step(p, "notes", "Numbers only.", wording=Wording.HELP),
            "“Classroom notes” goes on, or explains itself, in other words.",
            id="other small print",
        ),
        pytest.param(lambda p: drop_step(p, "strength"), "“A strength” is left out.", id="a step less"),
        pytest.param(
            lambda p: add_step(p, "Surprise", "What surprised you?", after="notes", minutes=3),
            "“Surprise” is new, after “Classroom notes”, 3 minutes.",
            id="a step more",
        ),
        pytest.param(
            lambda p: move_step(p, "differently", after="notes"),
            "“What I will do differently” comes after “Classroom notes”.",
            id="another place",
        ),
        pytest.param(
            lambda p: rename_protocol(p, "Learning walk"),
            "It is called “Learning walk” instead of “Walkthrough”.",
            id="another name",
        ),
    ],
)
def test_each_change_is_one_sentence(change: Callable[[Protocol], Protocol], sentence: str) -> None:
    assert differences(WALKTHROUGH, change(WALKTHROUGH)) == (sentence,)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param(lambda p: retime_step(p, "notes", 0), "1 to 600 minutes", id="no minutes"),
        pytest.param(lambda p: retime_step(p, "notes", 601), "1 to 600 minutes", id="a day of them"),
        pytest.param(lambda p: rename_step(p, "notes", " \n "), "would be empty", id="no title"),
        pytest.param(lambda p: rename_step(p, "notes", "x" * 61), "61 characters", id="a long title"),
        pytest.param(lambda p: rename_step(p, "lunch", "Lunch"), "not in it any more", id="no such step"),
        pytest.param(lambda p: reword_step(p, "notes", "Ask {teacher}."), "{teacher}", id="an unknown name"),
        pytest.param(
            lambda p: reword_step(p, "strength", "So?", role=Role.VISITOR),
            "asked of the principal only",
            id="words for somebody who is not asked",
        ),
        pytest.param(
            lambda p: move_step(p, "notes", after="strength"), "builds on “Look-fors”", id="before its tags"
        ),
        pytest.param(
            lambda p: move_step(p, "look_fors", after="notes"), "builds on “Look-fors”", id="behind its notes"
        ),
        pytest.param(
            lambda p: add_step(p, "Rate", "How much?", after="notes", kind=StepKind.CHOICE),
            "needs a file",
            id="a kind that needs a file",
        ),
    ],
)
def test_what_would_not_work_is_refused_with_a_sentence(
    change: Callable[[Protocol], Protocol], why: str
) -> None:
    with pytest.raises(AdaptationRefused) as refused:
        change(WALKTHROUGH)
    assert why in str(refused.value)
    assert str(refused.value).endswith((".", "?"))


def test_a_step_added_inside_a_round_is_repeated_with_it_and_one_behind_it_is_not() -> None:
    longer = add_step(NETWORK, "At the door", "What do you take along?", after="notes")
    steps = [replace(s, repeats="classrooms") if s.key == "at_the_door" else s for s in longer.steps]
    block = replace(longer, steps=tuple(steps))
    inside = add_step(block, "Once more", "What else in {item}?", after="notes")
    behind = add_step(block, "Once more", "What else?", after="at_the_door")
    assert inside.step("once_more").repeats == "classrooms"
    assert behind.step("once_more").repeats == ""


def test_where_many_take_part_whoever_leads_may_close_an_added_step() -> None:
    assert add_step(NETWORK, "More", "What else?", after="").step("more").closing is Closing.LEAD
    assert add_step(WALKTHROUGH, "More", "What else?", after="").step("more").closing is Closing.EACH


def test_an_added_step_asks_no_observer() -> None:
    added = add_step(WALKTHROUGH, "More", "What else?", after="").step("more")
    assert added.who == (Role.HOST, Role.VISITOR)


def test_a_second_step_of_one_title_has_a_key_of_its_own() -> None:
    once = add_step(WALKTHROUGH, "2 + 2", "What else?", after="notes")
    twice = add_step(once, "2 + 2", "What else?", after="notes")
    assert [key for key in steps_of(twice) if key.startswith("step_2")] == ["step_2_2_2", "step_2_2"]


def draw_change(protocol: Protocol, data: st.DataObject) -> Callable[[], Protocol]:
    """Any change with any arguments."""
    key = data.draw(st.sampled_from(steps_of(protocol)))
    place = data.draw(st.sampled_from(["", *steps_of(protocol)]))
    text, other = data.draw(words), data.draw(words)
    minutes = data.draw(st.integers(-1, 700))
    role, wording = data.draw(st.sampled_from([None, *Role])), data.draw(st.sampled_from(Wording))
    kind = data.draw(st.sampled_from(StepKind))
    changes: list[Callable[[], Protocol]] = [
        lambda: rename_protocol(protocol, text),
        lambda: rename_step(protocol, key, text),
        lambda: retime_step(protocol, key, minutes),
        lambda: drop_step(protocol, key),
        lambda: move_step(protocol, key, after=place),
        lambda: reword_step(protocol, key, text, role=role, wording=wording),
        lambda: add_step(protocol, text, other, after=place, kind=kind, minutes=max(minutes, 1)),
    ]
    return data.draw(st.sampled_from(changes))


@tried(60, deadline=None)
@given(protocols, st.data())
def test_whatever_is_adapted_is_a_protocol_that_a_file_could_hold(
    original: Protocol, data: st.DataObject
) -> None:
    """Any changes in any order: each is refused, or gives a protocol that keeps its promises."""
    protocol = original
    for _ in range(data.draw(st.integers(1, 5))):
        before = protocol
        with suppress(AdaptationRefused):
            protocol = draw_change(protocol, data)()
        assert parse(to_yaml(protocol), name="adapted") == protocol
        assert Protocol.from_json(protocol.to_json()) == protocol
        assert bool(differences(before, protocol)) == (before != protocol)
    assert protocol.key == original.key
    kept = {step.key: step for step in protocol.steps}
    for step in original.steps:
        if step.kind is StepKind.NEXT_STEPS or holds_evidence(step):
            assert kept[step.key].is_required
    assert all(needed in kept for step in protocol.steps for needed in needs(step))


@tried(40, deadline=None)
@given(protocols, st.data())
def test_two_orders_differ_in_words_wherever_they_differ(protocol: Protocol, data: st.DataObject) -> None:
    shuffled = replace(protocol, steps=tuple(data.draw(st.permutations(protocol.steps))))
    assert bool(differences(protocol, shuffled)) == (protocol != shuffled)


def test_the_kinds_one_can_add_work_in_every_protocol_that_somebody_leads() -> None:
    for protocol in library().values():
        for kind in ADDED_KINDS:
            if kind is StepKind.TALK and protocol.leads is None:
                continue
            added = add_step(protocol, "Extra", "What else?", after="", kind=kind)
            assert added.steps[0].kind is kind


def test_a_file_that_replaces_a_protocol_keeps_its_evidence() -> None:
    text = to_yaml(WALKTHROUGH)
    check_replacement(WALKTHROUGH, WALKTHROUGH, text=text, name="ours.yaml")
    optional = text.replace("  challenge: evidence\n  required: true\n  minutes: 30", "  minutes: 30")
    assert optional != text
    with pytest.raises(ProtocolRefused) as refused:
        check_replacement(WALKTHROUGH, parse(optional, name="x"), text=optional, name="ours.yaml")
    line = optional.splitlines().index("- key: notes") + 1
    assert str(refused.value).startswith(f"ours.yaml, line {line}: the step 'notes' (Classroom notes) holds")
