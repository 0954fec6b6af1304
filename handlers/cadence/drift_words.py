"""A drift in words: what slips, the numbers, and what they are of."""

from datetime import date
from typing import assert_never

from protocols.cadence.drift import Drift, DriftKind
from protocols.cadence.intervals import say_cadence
from protocols.cadence.moments import say_day


def say_kind(kind: DriftKind) -> str:
    """What slips, without a number."""
    match kind:
        case DriftKind.FORGOTTEN:
            return "The longest gap, at an experienced principal's school"
        case DriftKind.FALLING:
            return "Fewer visits than last term"
        case DriftKind.CANCELLED:
            return "Its visits are the ones that fall out"
        case DriftKind.NO_INQUIRY:
            return "Walkthroughs only, no inquiry"
        case _:
            assert_never(kind)


def say_drift(drift: Drift, today: date) -> str:
    """The drift with its numbers as found, and the days they are of."""
    period = f"since {say_day(drift.starts, today)}"
    match drift.kind:
        case DriftKind.FORGOTTEN:
            return (
                f"An experienced principal, left for last: {_days(drift.part)} without a visit by "
                f"{say_day(drift.ends, today)} ({period}), and the rhythm is {say_cadence(drift.whole)}. "
                f"Your other schools stood at {_days(drift.other_part)} in the middle."
            )
        case DriftKind.FALLING:
            return (
                f"Fewer visits than last term: {drift.part} of the {drift.whole} that its rhythm asks for "
                f"{period}; last term {drift.other_part} of {drift.other_whole}."
            )
        case DriftKind.CANCELLED:
            return (
                f"Its visits are the ones that fall out: {drift.part} of {drift.whole} planned {period} were "
                f"cancelled and not made good; at your other schools {drift.other_part} of {drift.other_whole}."
            )
        case DriftKind.NO_INQUIRY:
            begin = "One begins with: inquiry, and the school's name."
            return f"{drift.part} walkthroughs {period}, and no inquiry. {begin}"
        case _:
            assert_never(drift.kind)


def _days(count: int) -> str:
    return f"{count} school day" + ("" if count == 1 else "s")
