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


def compare(measured: Callable[[], object], baseline: Callable[[], object], *, rounds: int) -> Ratio:
    """Run both in turn, once unmeasured and then ``rounds`` times."""
    took: dict[str, list[float]] = {"measured": [], "baseline": []}
    measured(), baseline()
    for _ in range(rounds):
        for name, call in (("measured", measured), ("baseline", baseline)):
            start = time.perf_counter()
            call()
            took[name].append((time.perf_counter() - start) * 1000)
    return Ratio(statistics.median(took["measured"]), statistics.median(took["baseline"]))


def print_row(name: str, ratio: Ratio) -> None:
    """One line of the table."""
    print(f"{name:<58} {ratio.measured:>10.2f} {ratio.baseline:>10.2f} {ratio.times:>8.2f}")  # noqa: T201


def print_head(title: str, measured: str, baseline: str) -> None:
    print(f"\n{title}\n{'':<58} {measured:>10} {baseline:>10} {'times':>8}")  # noqa: T201


def say(line: str) -> None:
    """One line of anything else, at once."""
    print(line, flush=True)  # noqa: T201
