"""Timing as ratios: the thing measured and its baseline take turns in one run, so that both meet the same machine."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ratio:
    """Medians in milliseconds, and how many times the baseline the measured thing takes."""

    measured: float
    baseline: float

    @property
    def times(self) -> float:
        return self.measured / self.baseline if self.baseline else float("inf")


def milliseconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def in_turn(*calls: Callable[[], object], rounds: int) -> list[list[float]]:
    """Milliseconds of each call: all of them in turn, once unmeasured and then ``rounds`` times."""
    for call in calls:
        call()
    took: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for call, times in zip(calls, took, strict=True):
            times.append(milliseconds(call))
    return took


def medians(*calls: Callable[[], object], rounds: int) -> list[float]:
    """The median of each call in milliseconds."""
    return [statistics.median(times) for times in in_turn(*calls, rounds=rounds)]


def compare(measured: Callable[[], object], baseline: Callable[[], object], *, rounds: int) -> Ratio:
    """Run both in turn, once unmeasured and then ``rounds`` times."""
    return Ratio(*medians(measured, baseline, rounds=rounds))
