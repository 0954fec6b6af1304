"""The summary of a run for those who took part: next steps first, the rest one press away."""

from datetime import date

from handlers.actions import act
from handlers.cadence.visit_changes import say_visit
from handlers.cards import Block, Button, Buttons, Card, Item, Items, Text
from handlers.guided.run_entries import (
    due_and_evidence,
    laid_against,
    practice_said,
    said,
    side_by_side,
    who_of,
)
from handlers.guided.run_seats import Seat
from handlers.turn import Turn
from protocols.cadence.intervals import say_cadence
from protocols.cadence.moments import say_day
from protocols.guided.steps import SeatKey, StepKind
from protocols.guided.summary import NextStep, Summary, summary
from storage import targets, visits

USEFUL = {1: "Not", 2: "A little", 3: "Quite", 4: "Very"}
"""What a principal may answer to "how useful was this visit?"."""


def summary_card(
    turn: Turn, seat: Seat, *, viewer: SeatKey | None, is_full: bool = False, visit_id: int | None = None
) -> Card:
    """What it came to. ``viewer`` None: as all who took part may see it; ``visit_id``: what it was just counted as."""
    found = summary(seat.run.protocol, seat.run.state, viewer=viewer)
    today = turn.today
    day = say_day(_day(turn, seat), today)
    blocks: list[Block] = []
    if found.next_steps:
        items = tuple(
            Item(
                step.what,
                lead=f"{who_of(seat, step.who)}:",
                detail=due_and_evidence(
                    {"by_when": step.by_when.isoformat(), "evidence": step.evidence}, today
                ),
            )
            for step in found.next_steps
        )
        blocks.append(Items(items, title="Next steps"))
    differently = tuple(
        Item(entry.text, lead=f"{seat.call_writer(entry)}:")
        for entries in found.commitments.values()
        for entry in entries
    )
    if differently:
        blocks.append(Items(differently, title="Differently from now on"))
    if is_full:
        blocks += _everything(seat, found, today)
    else:
        blocks.append(Text(" ".join(filter(None, (_held(turn, seat, visit_id), _counted(seat, found))))))
    if found.skipped:
        skipped = tuple(
            Item(f"{seat.run.protocol.step(skip.step).title}: {skip.reason}", lead=f"{seat.call(skip.seat)}:")
            for skip in found.skipped
        )
        blocks.append(Items(skipped, title="Left out, and why"))
    buttons = [] if is_full else [Button("All that was written", act("run.summary", run=seat.run.id, full=1))]
    buttons.append(Button("To print", act("run.page", run=seat.run.id)))
    if viewer is not None:
        buttons.append(Button("Edit my answers", act("run.edit_list", run=seat.run.id)))
    is_ild = viewer is not None and seat.school and seat.people[viewer].id == seat.school.ild_id
    if is_ild and not is_full and (due := _next_due(turn, seat)):
        blocks.append(Text(due))
    if buttons:
        blocks.append(Buttons(tuple(buttons)))
    return Card(f"{seat.title[:1].upper()}{seat.title[1:]}, {day}", tuple(blocks))


def _day(turn: Turn, seat: Seat) -> date:
    """The day of the meeting that was prepared, else the one on which it began."""
    return seat.run.state.meets_on or seat.run.started_at.astimezone(turn.zone).date()


def _held(turn: Turn, seat: Seat, visit_id: int | None) -> str:
    """ "The visit counts as held, 38 minutes."; with its day where the run began on another one."""
    visit = visits.get(turn.tx, visit_id or seat.run.visit_id or 0)
    if visit is None or visit.status != "held":
        return ""
    minutes = f", {_count(visit.minutes, 'minute')}" if visit.minutes else ""
    day = "" if visit.day == _day(turn, seat) else f" on {say_day(visit.day, turn.today)}"
    return f"The visit counts as held{day}{minutes}."


def _next_due(turn: Turn, seat: Seat) -> str:
    """When the school is due again by its rhythm, and what is planned till then; "" where its calendar ends before."""
    school = seat.school
    if school is None:
        return ""
    last = visits.last_held(turn.tx, [school.id], until=turn.today).get(school.id)
    if last is None:
        return ""
    days = targets.load(turn.tx, [school.id])[school.id].allowed(turn.district.calendar, last, date.max)
    due = turn.district.calendar.add_school_days(last, days) if days else None
    if due is None:
        return ""
    rhythm = say_cadence(school.cadence_days)
    soon = visits.planned(turn.tx, turn.today, due, school_ids=[school.id])
    planned = f", and planned for {say_visit(soon[0], turn.today)}" if soon else ""
    return f"Next visit by its rhythm ({rhythm}): due by {say_day(due, turn.today)}{planned}."


def rating_card(seat: Seat) -> Card:
    """One question to the host, on one press."""
    buttons = tuple(Button(label, act("run.useful", run=seat.run.id, n=n)) for n, label in USEFUL.items())
    text = "How useful was this visit for your own work? Your answer is only counted together with others'."
    return Card("", (Text(text), Buttons(buttons)))


def say_promise(seat: Seat, step: NextStep, today: date) -> str:
    """ "Grace: give three notes. By Fri 11 Dec. To look at: the notes" """
    data = {"by_when": step.by_when.isoformat(), "evidence": step.evidence}
    return f"{who_of(seat, step.who)}: {step.what}. {due_and_evidence(data, today)}"


def _count(number: int, noun: str) -> str:
    """ "1 note", "4 notes" """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _everything(seat: Seat, found: Summary, today: date) -> list[Block]:
    blocks: list[Block] = []
    shown = (StepKind.NEXT_STEPS, StepKind.COMMITMENT)
    revealed = {key for step in seat.run.protocol.steps for key in step.reveals}
    for section in found.sections:
        if section.kind in shown or section.step in revealed:
            continue
        items = tuple(
            Item(
                said(seat, entry, today),
                lead=f"{seat.call_writer(entry)}:",
                detail="an impression" if entry.is_impression else practice_said(seat, entry),
            )
            for entry in section.entries
        )
        blocks.append(Items(items, title=section.title))
    return [*blocks, *laid_against(seat, found.contrasts), *side_by_side(seat, found.comparisons)]


def _counted(seat: Seat, found: Summary) -> str:
    notes = sum(len(section.entries) for section in found.sections if section.kind is StepKind.NOTES)
    impressions = len(found.impressions)
    kept_for = "you both" if len(seat.run.people) < 3 else "all of you"
    parts = [_count(notes, "classroom note")] if notes else []
    if impressions:
        parts.append(f"{impressions} kept as an impression")
    return f"{', '.join(parts)}." if parts else f"All that was written is kept for {kept_for}."
