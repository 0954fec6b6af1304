"""Half-days and starts as buttons say them; ``visit_times`` reads them back."""

from datetime import date, time

from handlers.actions import act
from handlers.cards import Button
from handlers.turn import Turn
from protocols.cadence.moments import say_day, say_time
from protocols.cadence.visits import Offer, PlannedVisit
from storage.people import School
from storage.visits import Visit


def offer_buttons(
    turn: Turn, school: School, offers: tuple[Offer, ...], cancelled: Visit | None = None
) -> tuple[Button, ...]:
    """One button a half-day; a visit held through it makes the cancelled one good."""
    extra: dict[str, str | int] = {"instead": cancelled.id} if cancelled else {}
    return tuple(
        Button(
            f"Hold {say_slot(offer.slot.day, offer.at, turn.today)}",
            act("visit.hold", school=school.id, **place_args(offer), **extra),
        )
        for offer in offers
    )


def place_args(offer: Offer | PlannedVisit) -> dict[str, str | int]:
    """The half-day as a button says it; with its start (and length) where those are not the usual ones."""
    place = offer.slot if isinstance(offer, Offer) else offer
    args: dict[str, str | int] = {"day": iso(place.day), "half": place.half}
    if offer.starts is not None:
        args["at"] = offer.starts
    if isinstance(offer, PlannedVisit) and offer.minutes is not None:
        args["minutes"] = offer.minutes
    return args


def say_slot(day: date, at: time, today: date) -> str:
    return f"{say_day(day, today)} {say_time(at)}"


def iso(day: date) -> str:
    return day.isoformat()
