"""How many service requests wait, in a line: for the home, my week, and whoever only needs the number."""

from collections.abc import Collection, Sequence

from handlers.turn import Turn
from handlers.welcome.lines import count
from protocols.cadence.moments import say_day
from protocols.centre.service_requests import OPEN, State, days_open
from storage import service_requests
from storage.tables import ServiceRequestRow

MOST_COUNTED = 200


def open_at(turn: Turn, school_ids: Collection[int]) -> list[ServiceRequestRow]:
    """What these schools wait for; the longest wait first."""
    return service_requests.of_schools(turn.tx, school_ids, states=OPEN, limit=MOST_COUNTED)


def say_open(turn: Turn, rows: Sequence[ServiceRequestRow]) -> str:
    """ "3 service requests are open, 1 not answered. The oldest: 6 school days, with Facilities." """
    waiting = sum(row.state == State.NEW for row in rows)
    oldest = rows[0]
    asked = oldest.asked_at.astimezone(turn.district.zone).date()
    age = days_open(asked, turn.today, turn.district.calendar)
    lead = count(len(rows), "service request is open", "service requests are open")
    aged = count(age, "school day") if age else f"asked {say_day(asked, turn.today)}"
    return f"{lead}, {waiting} not answered. The oldest: {aged}, with {oldest.unit}."
