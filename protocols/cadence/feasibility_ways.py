"""When a promise cannot be kept: which few changes would make it possible, each tried before it is named.

A change is a number of the smallest steps there are: one more half-day a week protected, a second visit in one
half-day a week, one school at the next slower rhythm. Of each kind the fewest that do it are found; where no kind
does it alone, the smallest mix; and where nothing of that does, how many schools another ILD would have to take.
Schools of new principals are never made slower, and none goes below once a month: support is differentiated, and a
promise that shrinks for everybody is none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from protocols.cadence.calendar import Half
from protocols.cadence.feasibility import (
    Check,
    Promise,
    Span,
    best_windows,
    check,
    count,
    protecting,
)
from protocols.cadence.targets import Target, Targets

LADDER = (5, 10, 15, 20)
"""The rhythms that people name, quickest first; a slower one is the next of these."""
MOST_HALF_DAYS = 3
MOST_DOUBLED = 5
MOST_MIXED = 8
"""A mix of more steps than these is no few changes any more."""


@dataclass(frozen=True, slots=True)
class Slower:
    """A school at the next slower rhythm: school days between visits before and after."""

    school: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Way:
    """Changes that together make the promise possible, and the check with them made.

    `windows` are half-days of the week to protect, `doubled` the half-days a week with a second visit, `slower` the
    schools seen less often, `given` those that another ILD takes.
    """

    windows: tuple[tuple[int, Half], ...]
    doubled: int
    slower: tuple[Slower, ...]
    given: tuple[str, ...]
    after: Check

    @property
    def steps(self) -> int:
        return len(self.windows) + self.doubled + len(self.slower) + len(self.given)


def ways(span: Span) -> tuple[Way, ...]:
    """What would make the promise possible, the smallest change first, of two as small what the ILD can do herself;
    nothing where it can be kept already.

    Each is checked on the span as it would be, with its rehearsal.
    """
    if count(span).slack >= 0:
        return ()
    single = [found for found in (_second_visits(span), _half_days(span), _slower_rhythms(span)) if found]
    found = single or [way for way in (_mixed(span),) if way]
    if not found and (given := _given(span)):
        found = [given]
    return tuple(sorted(found, key=lambda way: way.steps))


def apply(
    span: Span,
    *,
    windows: Sequence[tuple[int, Half]] = (),
    doubled: int = 0,
    slower: Sequence[Slower] = (),
    given: Sequence[str] = (),
) -> Span:
    """The span with the changes made."""
    slow = {one.school for one in slower}
    promises = tuple(
        replace(promise, targets=_slowed(promise.targets)) if promise.name in slow else promise
        for promise in span.promises
        if promise.name not in set(given)
    )
    return replace(protecting(span, windows), promises=promises, doubled=span.doubled + doubled)


def next_slower(days: int) -> int | None:
    """The next rhythm of the ladder; None from once a month on."""
    return next((step for step in LADDER if step > days), None)


def _slowed(targets: Targets) -> Targets:
    return Targets(
        tuple(
            Target(next_slower(one.days) or one.days, one.starts, one.ends, one.because, one.set_by)
            for one in targets.spans
        )
    )


def _half_days(span: Span) -> Way | None:
    windows = best_windows(span)
    for number in range(1, min(MOST_HALF_DAYS, len(windows)) + 1):
        if way := _way(span, windows=windows[:number]):
            return way
    return None


def _second_visits(span: Span) -> Way | None:
    for number in range(1, MOST_DOUBLED - span.doubled + 1):
        if way := _way(span, doubled=number):
            return way
    return None


def _slower_rhythms(span: Span) -> Way | None:
    for slower in _growing(span):
        if way := _way(span, slower=slower):
            return way
    return None


def _mixed(span: Span) -> Way | None:
    """The mix of fewest steps; of two as small, the one that slows fewer schools."""
    windows, slow = best_windows(span), [[], *_growing(span)]
    for steps in range(2, MOST_MIXED + 1):
        for schools in range(min(steps, len(slow) - 1) + 1):
            for halves in range(min(MOST_HALF_DAYS, len(windows), steps - schools) + 1):
                doubled = steps - schools - halves
                if doubled <= max(0, MOST_DOUBLED - span.doubled) and (
                    way := _way(span, windows=windows[:halves], doubled=doubled, slower=slow[schools])
                ):
                    return way
    return None


def _given(span: Span) -> Way | None:
    """The schools that another ILD would have to take: those that ask for most, so that they are fewest."""
    order = sorted(span.promises, key=lambda promise: (_asks(span, promise), promise.name))
    names = [promise.name for promise in reversed(order)]
    for number in range(1, len(names)):
        if way := _way(span, given=names[:number]):
            return way
    return None


def _growing(span: Span) -> Iterator[list[Slower]]:
    """One school slower, then two, and so on: those first whose slower rhythm frees most visits."""
    candidates = []
    for promise in span.promises:
        now = promise.targets.on(span.start) or promise.targets.following(span.start)
        after = next_slower(now.days) if now else None
        if now is not None and after is not None and not promise.is_new:
            slowed = replace(promise, targets=_slowed(promise.targets))
            freed = _asks(span, promise) - _asks(span, slowed)
            candidates.append((-freed, promise.name, Slower(promise.name, now.days, after)))
    candidates.sort(key=lambda one: one[:2])
    for number in range(1, len(candidates) + 1):
        yield [slower for _freed, _name, slower in candidates[:number]]


def _asks(span: Span, promise: Promise) -> float:
    return promise.targets.asked(span.calendar, span.start, span.end)


def _way(
    span: Span,
    *,
    windows: Sequence[tuple[int, Half]] = (),
    doubled: int = 0,
    slower: Sequence[Slower] = (),
    given: Sequence[str] = (),
) -> Way | None:
    """The changes as a way, if with them the promise can be kept."""
    changed = apply(span, windows=windows, doubled=doubled, slower=slower, given=given)
    if count(changed).slack < 0:
        return None
    return Way(tuple(windows), doubled, tuple(slower), tuple(given), check(changed))
