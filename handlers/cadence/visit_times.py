"""When a button means: the day, the half-day and the minute that it carries."""

from datetime import date, time

from handlers.actions import Action, ActionError
from protocols.cadence.calendar import Half
from protocols.cadence.day_minutes import time_of_day
from protocols.cadence.protected import half_at
from protocols.cadence.visits import VISIT_STARTS

MINUTES_A_DAY = 24 * 60


def day_in(action: Action) -> date:
    try:
        return date.fromisoformat(action.args["day"])
    except (KeyError, ValueError):
        raise ActionError(f"{action.name} needs a day") from None


def half_in(action: Action) -> Half:
    try:
        return Half(action.args.get("half", "am"))
    except ValueError:
        raise ActionError(f"{action.name} needs a half-day") from None


def start_in(action: Action, half: Half) -> time:
    """When the visit of that half-day begins: at the minute that the button names, else at the usual time."""
    if "at" not in action.args:
        return VISIT_STARTS[half]
    minutes = action.number("at")
    if not 0 <= minutes < MINUTES_A_DAY:
        raise ActionError(f"{action.name} has no such time of day")
    start = time_of_day(minutes)
    if half_at(start) is not half:
        raise ActionError(f"{action.name} has a time of the other half-day")
    return start
