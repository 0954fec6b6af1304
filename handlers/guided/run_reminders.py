"""A run that nobody has moved for two school days is brought up once, to whoever it waits for.

One that stands at a check-in is left in peace until the check-in comes back by itself (``run_time``).
"""

from datetime import datetime, timedelta

from handlers.actions import act
from handlers.cards import Button, Buttons, Card, Emphasis, Text
from handlers.district import District, load_district
from handlers.guided.run_cards import stop_button
from handlers.guided.run_time import rest_on
from handlers.post import tell_when_open
from protocols.cadence.moments import say_day
from protocols.guided.prompts import Prompt, prompts
from protocols.guided.state import Status
from protocols.guided.steps import SeatKey, lowered
from storage import people, runs
from storage.database import Store, Tx
from storage.runs import Run

SILENT_SCHOOL_DAYS = 2
LIFETIME = timedelta(days=3)
"""After that a reminder is older news than the run."""


def remind_runs(store: Store, now: datetime) -> int:
    """Bring up each run paused or silent for two school days, once for each silence; how many runs."""
    with store.read() as tx:
        silent = runs.silent_since(tx, now - timedelta(days=1))  # the calendar decides below
    count = 0
    for run_id in silent:
        with store.begin() as tx:
            count += _remind(tx, run_id, now)
    return count


def _remind(tx: Tx, run_id: int, now: datetime) -> bool:
    district = load_district(tx)
    today = now.astimezone(district.zone).date()
    run = runs.get(tx, run_id)
    if run is None or run.state.is_over:
        return False
    if run.protocol.step(run.state.step).every is not None:
        rest_on(tx, district, run, since=run.moved_at.astimezone(district.zone).date())
        return False  # such a step is brought up on its own day
    since = run.moved_at.astimezone(district.zone).date()
    if district.calendar.school_days_since(since, today) < SILENT_SCHOOL_DAYS:
        return False
    if not runs.mark_reminded(tx, run, at=now):
        return False
    step = run.protocol.step(run.state.step).title
    is_paused = run.state.status is Status.PAUSED
    waits = "is paused" if is_paused else "waits for you"
    school = people.school_on(tx, run.school_id, today) if run.school_id else None
    if run.school_id and school is None:
        return False
    name = f"{school.name} " if school else ""
    text = (
        f"The {name}{lowered(run.protocol.title)} {waits} since {say_day(since, today)}, at “{step}”. "
        "It goes on where it stood."
    )
    go_on = Button("Resume" if is_paused else "Go on", act("run.resume", run=run.id), Emphasis.PRIMARY)
    card = Card("", (Text(text), Buttons((go_on, stop_button(run.id)))))
    _tell(tx, district, run, card, now)
    return True


def _tell(tx: Tx, district: District, run: Run, card: Card, now: datetime) -> None:
    ids = {run.people[seat] for seat in _waited_for(run)}
    for person in people.get_people(tx, ids, on=now.date()).values():
        tell_when_open(
            tx,
            district,
            person,
            card,
            kind="run_reminder",
            period=f"{run.id}:{run.state.version}",
            now=now,
            lifetime=LIFETIME,
            subject=f"run:{run.id}",
        )


def _waited_for(run: Run) -> set[SeatKey]:
    """Who paused it; in a run that is going, whoever is asked something."""
    if run.state.status is Status.PAUSED:
        return {run.state.paused_by} if run.state.paused_by else set(run.state.seats)
    asked = prompts(run.protocol, run.state)
    return {seat for seat, shown in asked.items() if isinstance(shown, Prompt)}
