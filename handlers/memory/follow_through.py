"""``my follow-through``: what became of an ILD's visits and next steps, shown to herself and to nobody else.

By school in the order of their names, with the spread and never a rank, and in a sentence instead of a bare count.
"""

import re
from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from handlers.cards import Block, Card, Table, Text
from handlers.errors import UserError
from handlers.memory.thread_state import reach_of
from handlers.permissions import Right, Subject, require
from handlers.turn import Cards, Turn
from protocols.cadence.moments import say_day
from protocols.insight.measures import Share
from protocols.memory.follow_through import (
    AgreedStep,
    Follow,
    FollowThrough,
    HeldVisit,
    Tie,
    follow_through,
    say_spread,
    say_steps,
    say_ties,
    say_visits,
)
from storage import people, threads
from storage.people import School
from storage.threads import INQUIRY, PastRun

WITHOUT_A_YEAR = timedelta(days=180)
"""So far back it is counted where the calendar knows no school year for today."""


def my_follow_through(turn: Turn, _match: re.Match[str]) -> Cards:
    """The two shares of the ILD's own network this school year."""
    schools = people.schools_on(turn.tx, turn.today, ild_id=turn.person.id)
    if not schools:
        raise UserError("The roster has no school of yours today. Ask your administrator to assign you.")
    for school in schools:
        require(turn.person, Right.SEE_RUN, Subject(school=school), object=f"school:{school.id}")
    found = _measure(turn, {school.id: _since(turn, school) for school in schools})
    whole, by_school = found.whole, found.by_school
    blocks: list[Block] = [
        Text(_with_spread(say_visits(whole.visits), [follow.visits for follow in by_school.values()])),
        Text(_with_spread(say_steps(whole.steps), [follow.steps for follow in by_school.values()])),
    ]
    if ties := say_ties(whole):
        blocks.append(Text(f"{ties} {_why_it_matters(whole)}".strip()))
    blocks.append(_table(schools, by_school))
    since = say_day(_year_start(turn), turn.today)
    blocks.append(
        Text(f"Since {since}, for you alone. “thread” and a school's name shows which ones.", quiet=True)
    )
    return [Card("Your follow-through", tuple(blocks))]


def lines_for(turn: Turn, school: School) -> list[Block]:
    """At the end of a school's thread: the same two shares of this school, small print."""
    found = _measure(turn, {school.id: _since(turn, school)}).whole
    if not found.visits.whole:
        return []
    said = f"{_upper(say_visits(found.visits))}; {say_steps(found.steps)}."
    return [Text(line, quiet=True) for line in (said, say_ties(found)) if line]


def _measure(turn: Turn, since: dict[int, date]) -> FollowThrough:
    """The shares of these schools, each from its own day on."""
    start = min(since.values())
    instant = datetime.combine(start, time.min, tzinfo=turn.zone)
    past = threads.runs_at(turn.tx, list(since), since=instant)
    of_visit = {run.visit_id: run for run in reversed(past) if run.visit_id is not None}
    visits = [
        HeldVisit(visit.school_id, visit.ended_in_step, _tie(of_visit.get(visit.id), visit.kind))
        for visit in threads.held(turn.tx, list(since), since=start, until=turn.today)
        if visit.day >= since[visit.school_id]
    ]
    steps = [
        AgreedStep(row.school_id, row.by_when, row.looked_at is not None)
        for row in threads.promises_at(turn.tx, list(since), since=instant)
        if row.created_at.astimezone(turn.zone).date() >= since[row.school_id]
    ]
    return follow_through(visits, steps, schools=list(since), today=turn.today)


def _tie(run: PastRun | None, kind: str) -> Tie | None:
    if run is None:
        return Tie.UNSAID if kind == "walkthrough" else None
    if run.counts_as == INQUIRY or run.cycle_id is not None:
        return Tie.INQUIRY if kind == "walkthrough" or run.cycle_id else None
    if kind != "walkthrough":
        return None
    return Tie.APART if run.apart else Tie.UNSAID


def _with_spread(said: str, shares: Collection[Share]) -> str:
    spread = say_spread(list(shares))
    return f"{_upper(said)}{f', {spread}' if spread else ''}."


def _why_it_matters(whole: Follow) -> str:
    if not whole.ties[Tie.APART] and not whole.ties[Tie.UNSAID]:
        return ""
    return "Walkthroughs help where they serve a strategy; by themselves they have gone with worse results."


def _table(schools: Collection[School], by_school: dict[int, Follow]) -> Table:
    rows = tuple(
        (
            school.name,
            _of(by_school[school.id].visits),
            _of(by_school[school.id].steps),
            _ties(by_school[school.id]),
        )
        for school in sorted(schools, key=lambda school: school.name)
    )
    columns = ("School", "Visits with a next step", "Next steps looked at", "Walkthroughs in an inquiry")
    return Table(columns, rows, caption="By school, in the order of their names")


def _of(share: Share) -> str:
    return f"{int(share.part)} of {int(share.whole)}" if share.whole else "none yet"


def _ties(follow: Follow) -> str:
    return f"{follow.ties[Tie.INQUIRY]} of {follow.walkthroughs}" if follow.walkthroughs else "none yet"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _since(turn: Turn, school: School) -> date:
    """From the school year on, but not before the ILD came: what was before her is not her follow-through."""
    return max(_year_start(turn), reach_of(turn, school, turn.person).since)


def _year_start(turn: Turn) -> date:
    year = turn.district.calendar.year_of(turn.today)
    return year.starts if year else turn.today - WITHOUT_A_YEAR
