"""What happens behind the scenes: what waits to be sent, until when and why; what a move of the clock brought."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.playground.clock import Moved, say_moment
from bot.playground.transcript import headline
from handlers.card_codec import decode_card
from handlers.district import District, audience_of, zone_of
from handlers.outgoing import SENDING_HOURS
from protocols.cadence.moments import say_day, say_time
from protocols.cadence.protected import protecting_rule
from storage import playground
from storage.database import Tx
from storage.people import Person
from storage.playground import KindCount

UNSENT_SHOWN = 5
_KINDS = {
    "reply": ("answer", "answers"),
    "digest": ("weekly digest", "weekly digests"),
    "overdue": ("note on overdue schools", "notes on overdue schools"),
    "meeting": ("note on a meeting", "notes on meetings"),
    "override": ("note on an override", "notes on overrides"),
    "override-notice": ("notice of an override", "notices of overrides"),
    "override-second": ("override to second", "overrides to second"),
    "override-answer": ("answer about an override", "answers about overrides"),
    "unit-request": ("question of an office", "questions of offices"),
    "unit-request-answer": ("answer to an office", "answers to offices"),
    "service_request": ("request of a school", "requests of schools"),
    "service_answer": ("answer to a school's request", "answers to schools' requests"),
    "service_overdue": ("request that nobody answered", "requests that nobody answered"),
    "visit": ("note on a visit", "notes on visits"),
    "visit_today": ("note on a visit of the same day", "notes on visits of the same day"),
    "reopened": ("note on days that are open again", "notes on days that are open again"),
    "visit_away": ("note on days away", "notes on days away"),
    "witness": ("question whether a visit took place", "questions whether visits took place"),
    "still_on": ("question whether a visit is still on", "questions whether visits are still on"),
    "new_school": ("note on a new school", "notes on new schools"),
    "subscription": ("set of figures asked for", "sets of figures asked for"),
    "snoozed": ("reminder that was put off", "reminders that were put off"),
    "calendar": ("note on the school calendar", "notes on the school calendar"),
    "calendar_first": ("answer about a calendar", "answers about calendars"),
    "repair": ("plan to repair", "plans to repair"),
    "memo": ("memo to sort", "memos to sort"),
    "preview": ("preview of the week", "previews of the week"),
    "digest_missed": ("note on a digest that did not arrive", "notes on digests that did not arrive"),
    "item_reminder": ("reminder", "reminders"),
    "item_question": ("question from a principal", "questions from principals"),
    "item_answer": ("answer from an ILD", "answers from ILDs"),
    "pulse": ("invitation to a pulse", "invitations to a pulse"),
    "pulse_result": ("note on a pulse's result", "notes on a pulse's result"),
    "pulse_done": ("note on what was done after a pulse", "notes on what was done after a pulse"),
    "run": ("step of a guided conversation", "steps of guided conversations"),
    "run_reminder": ("reminder of a paused conversation", "reminders of paused conversations"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits. ``because`` says why it has not gone yet."""

    headline: str
    goes: str
    because: str


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message that will not go, and why."""

    headline: str
    why: str


@dataclass(frozen=True, slots=True)
class Backstage:
    """``state`` says in a sentence what the clock means for this person now; ``is_open`` whether notes may go."""

    state: str
    is_open: bool
    waiting: tuple[Waiting, ...]
    unsent: tuple[Unsent, ...]


def load_backstage(tx: Tx, district: District, person: Person, now: datetime) -> Backstage:
    """What waits for one person."""
    zone = zone_of(person, district)
    today = now.astimezone(zone).date()
    audience = audience_of(tx, person, now)
    opens = district.next_open(now, zone=zone, audience=audience)
    state = _state(tx, district, person, now)
    waiting = []
    for message in playground.waiting_for(tx, person.id):
        is_first_open = message.not_before <= opens and not message.asked
        waiting.append(
            Waiting(
                headline=headline(decode_card(message.card)),
                goes=say_moment(message.not_before, zone, today),
                because=state if is_first_open and opens > now else "Planned for that moment.",
            )
        )
    unsent = tuple(
        Unsent(headline(decode_card(message.card)), message.why or message.state)
        for message in playground.unsent_to(tx, person.id, limit=UNSENT_SHOWN)
    )
    return Backstage(state, opens <= now, tuple(waiting), unsent)


def say_move(tx: Tx, moved: Moved, zone: ZoneInfo) -> str:
    """ "Moved to Mon 30 Nov, 6:00. Sent on the way: 2 notes on overdue schools. Waiting: 24 weekly digests." """
    today = moved.end.astimezone(zone).date()
    sent = playground.sent_between(tx, moved.start, moved.end)
    return " ".join(
        [
            f"Moved to {say_moment(moved.end, zone, today)}.",
            f"Sent on the way: {_say_counts(sent)}." if sent else "Nothing was due on the way.",
            say_waiting(tx, moved.end, zone),
        ]
    ).strip()


def say_waiting(tx: Tx, now: datetime, zone: ZoneInfo) -> str:
    """What waits for anybody, with the moment of the next; empty where nothing does."""
    waiting = playground.waiting_by_kind(tx)
    if not waiting:
        return ""
    first = min(one.first for one in waiting)
    when = say_moment(first, zone, now.astimezone(zone).date())
    return f"Waiting: {_say_counts(waiting)}; the next goes {when}."


def _say_counts(counts: list[KindCount]) -> str:
    said = []
    for one in counts:
        single, many = _KINDS.get(one.kind, ("other message", "other messages"))
        said.append(f"{one.count} {single if one.count == 1 else many}")
    return ", ".join(said)


def _state(tx: Tx, district: District, person: Person, now: datetime) -> str:
    """Whether notes that nobody asked for reach this person now, and if not why."""
    local = now.astimezone(zone_of(person, district))
    day, at = local.date(), local.time()
    if not district.calendar.is_school_day(day):
        closure = district.calendar.closure_on(day)
        return f"No school: {closure.title}." if closure else "No school today."
    rule = protecting_rule(day, at, 0, district.rules, district.calendar, audience_of(tx, person, now))
    if rule is not None:
        return f"{rule.window} is protected: only answers go out."
    if not SENDING_HOURS.covers(at):
        return f"Outside working hours ({say_time(SENDING_HOURS.starts)} to {say_time(SENDING_HOURS.ends)})."
    closure = district.calendar.closure_on(day)
    return (
        f"{closure.title}, {say_day(day, day)}. Notes go out." if closure else "Working hours: notes go out."
    )
