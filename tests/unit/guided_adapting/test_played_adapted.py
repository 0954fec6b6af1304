"""Adapted protocols played on the engine to their end: a change in chat never leaves people stuck in a step."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from protocols.guided.adapting import ADDED_KINDS, AdaptationRefused, add_step, drop_step, move_step
from protocols.guided.catalog import library
from protocols.guided.state import Status
from protocols.guided.steps import Protocol
from tests.unit.guided_library import test_played


def with_a_step_after_each(protocol: Protocol) -> Protocol:
    """Of each kind in turn; where nobody leads, none that is said aloud."""
    kinds = [kind for kind in ADDED_KINDS if kind != "talk" or protocol.leads]
    for place, key in enumerate(["", *(step.key for step in protocol.steps)]):
        protocol = add_step(protocol, "Extra", "What?", after=key, kind=kinds[place % len(kinds)], minutes=2)
    return protocol


def with_all_dropped_that_may_go(protocol: Protocol) -> Protocol:
    for step in reversed(protocol.steps):
        with suppress(AdaptationRefused):
            protocol = drop_step(protocol, step.key)
    return protocol


def with_each_as_early_as_it_may_stand(protocol: Protocol) -> Protocol:
    for step in protocol.steps:
        for after in ["", *(other.key for other in protocol.steps[: protocol.position(step.key)])]:
            try:
                protocol = move_step(protocol, step.key, after=after)
            except AdaptationRefused:
                continue
            break
    return protocol


@pytest.mark.parametrize("key", sorted(library()))
@pytest.mark.parametrize(
    "adapt",
    [with_a_step_after_each, with_all_dropped_that_may_go, with_each_as_early_as_it_may_stand],
    ids=["a step after each", "all dropped that may go", "each as early as it may stand"],
)
def test_an_adapted_protocol_comes_to_its_end_and_to_a_next_step(
    monkeypatch: pytest.MonkeyPatch, key: str, adapt: Callable[[Protocol], Protocol]
) -> None:
    adapted = adapt(library()[key])
    assert adapted != library()[key]
    monkeypatch.setattr(test_played, "library", lambda: {key: adapted})
    for more in (0, 2):
        run = test_played.Played(key, more=more)
        assert run.state.status is Status.ENDED
        assert run.state.live("next_steps")
