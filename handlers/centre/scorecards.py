"""Scorecards of units: how each answers what schools ask of it, as numbers that everybody of the work may see.

No request is named in them and no school: an executive reads how units serve, not what schools lack.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers import audit_trail
from handlers.actions import Action, act, key_of
from handlers.audit_trail import Shown
from handlers.cards import Block, Button, Buttons, Card, Chart, ChartKind, Series, Table, Text, plain
from handlers.centre.request_news import answer_days
from handlers.errors import UserError
from handlers.permissions import Right, require
from handlers.turn import Cards, Command, Topic, Turn, Values
from handlers.units import match_units, units_of
from protocols.cadence.moments import say_day
from protocols.centre.scorecard import BANDS, Case, Scorecard, in_bands, say_days, score
from protocols.centre.service_requests import State
from storage import service_requests
from storage.people import Role
from storage.tables import ServiceRequestRow

FALLBACK = timedelta(days=365)
"""Back from today where no school year is known."""
MOST_BUTTONS = 8
MOST_BARS = 12
_READERS = frozenset({Role.ILD, Role.PRINCIPAL, Role.EXECUTIVE, Role.UNIT})


@dataclass(frozen=True, slots=True)
class Period:
    """``called`` stands in a sentence: "this term"."""

    first: date
    called: str
    key: str


def _period(turn: Turn, key: str) -> Period:
    known = turn.district.calendar
    if key == "term" and (term := known.term_of(turn.today)) is not None:
        return Period(term.starts, f"this term, since {say_day(term.starts, turn.today)}", "term")
    if (year := known.year_of(turn.today)) is not None:
        return Period(year.starts, f"this school year, since {say_day(year.starts, turn.today)}", "year")
    return Period(turn.today - FALLBACK, "in the past 365 days", "year")


def scores(turn: Turn, period: Period) -> dict[str, Scorecard]:
    """Unit -> its scorecard, by name; units that nobody has asked have one of zeros."""
    first = datetime.combine(period.first, time(), tzinfo=turn.district.zone).astimezone(turn.now.tzinfo)
    cases: dict[str, list[Case]] = {unit: [] for unit in units_of(turn)}
    for row in service_requests.came_between(turn.tx, first, turn.now):
        cases.setdefault(row.unit, []).append(_case(turn, row))
    given = service_requests.handed_on(turn.tx, first, turn.now)
    return {
        unit: score(
            cases[unit], today=turn.today, calendar=turn.district.calendar, handed_on=given.get(unit, 0)
        )
        for unit in sorted(cases)
    }


def _case(turn: Turn, row: ServiceRequestRow) -> Case:
    def day(at: datetime | None) -> date | None:
        return at.astimezone(turn.district.zone).date() if at is not None else None

    return Case(
        came=day(row.arrived_at) or turn.today,
        state=State(row.state),
        answered=day(row.answered_at),
        done=day(row.done_at),
        reopened=row.reopened,
        promised=row.promised_on,
    )


def show(turn: Turn, match: re.Match[str]) -> Cards:
    """ "scorecard facilities this term", "scorecards"; "our scorecard" is that of one's own unit"""
    require(turn.person, Right.SEE_SCORECARD, object="scorecards")
    period = _period(turn, "term" if match["term"] else "year")
    found = scores(turn, period)
    named = (match["unit"] or "").strip() or (turn.person.unit if match["own"] else "") or ""
    if not named:
        return [_overview(turn, found, period)]
    fitting = match_units(named, found)
    if len(fitting) != 1:
        raise UserError(f"Which unit? There are {', '.join(found) or 'none in the roster yet'}.")
    return [_card(turn, fitting[0], found[fitting[0]], period)]


def of_units(turn: Turn, units: Sequence[str], of: str) -> Cards:
    """The cards of these units over the "term" or "year"; of none or several, all units beside one another."""
    require(turn.person, Right.SEE_SCORECARD, object="scorecards")
    period = _period(turn, of)
    found = scores(turn, period)
    if len(units) != 1 or units[0] not in found:
        return [_overview(turn, found, period)]
    return [_card(turn, units[0], found[units[0]], period)]


def press_show(turn: Turn, action: Action, _values: Values) -> Cards:
    """One unit's, or all; of a term or the year."""
    require(turn.person, Right.SEE_SCORECARD, object="scorecards")
    period = _period(turn, action.args.get("of", ""))
    found = scores(turn, period)
    if "unit" not in action.args and "n" not in action.args:
        return [_overview(turn, found, period)]
    unit = next((unit for unit in found if key_of(unit) == action.args.get("unit")), None)
    if unit is None:
        raise UserError("That unit is not here any more. Write “scorecards” to see those that are.")
    return [_card(turn, unit, found[unit], period)]


# ---------------------------------------------------------------- one unit


def _card(turn: Turn, unit: str, one: Scorecard, period: Period) -> Card:
    title = f"Scorecard: {unit}"
    audit_trail.looked(turn, Shown.SCORECARD, unit=unit)
    switch = _buttons(turn, period, unit)
    if not one.asked:
        text = f"No school has asked {unit} for anything {period.called}."
        return Card(title, (Text(text), Buttons(switch)))
    days = answer_days(turn.tx)
    within = one.within(days)
    lead = f"{one.answered} of {one.asked} answered, {within} within {_count(days, 'school day')}."
    blocks: list[Block] = [
        Text(f"Requests that came {period.called}. Days are school days.", lead=lead),
        Table(("Requests", "how many, how long"), _rows(one), caption=f"{unit}, {period.called}"),
        _bands(unit, one),
        Text("Counted at the unit that has the request now, from the day it came there.", quiet=True),
        Buttons(switch),
    ]
    return Card(title, tuple(blocks))


def _rows(one: Scorecard) -> tuple[tuple[str, str], ...]:
    rows = [
        ("Asked", str(one.asked)),
        ("Answered", str(one.answered)),
        ("To the first answer", _spread(one.median_to_answer, one.days_to_answer)),
        ("Done", str(one.done)),
        ("To done", _spread(one.median_to_done, one.days_to_done)),
        ("Reopened", str(one.reopened)),
        ("Declined", str(one.declined)),
        ("Handed on to another unit", str(one.handed_on)),
        ("Open now", f"{one.open}, {one.unanswered} not answered, {one.late} past the promised day"),
        ("How old the open ones are", _spread(one.median_age, one.ages)),
    ]
    if one.withdrawn:
        rows.insert(7, ("Not needed any more", str(one.withdrawn)))
    return tuple(rows)


def _spread(middle: float | None, days: Sequence[int]) -> str:
    """ "median 2, from 0 to 9 school days" """
    if not days:
        return "none yet"
    if len(days) == 1:
        return f"{_count(days[0], 'school day')}, one request"
    return f"median {say_days(middle)}, from {min(days)} to {max(days)} school days"


def _bands(unit: str, one: Scorecard) -> Chart:
    """How long schools waited for the first answer: the spread, not only its middle."""
    labels = tuple(name for name, _first, _last in BANDS)
    counts = in_bands(one.days_to_answer)
    said = "; ".join(f"{label}: {number}" for label, number in zip(labels, counts, strict=True) if number)
    title = f"{unit}: school days to the first answer"
    return Chart(
        ChartKind.BARS,
        title,
        labels,
        (Series("requests", tuple(float(number) for number in counts)),),
        "requests",
        f"{title}. {said or 'None answered yet'}. {_count(one.unanswered, 'open request')} not answered.",
    )


# ---------------------------------------------------------------- all units


def _overview(turn: Turn, found: dict[str, Scorecard], period: Period) -> Card:
    if not found:
        return plain("There are no units in the roster yet, so there is nothing to count.")
    audit_trail.looked(turn, Shown.SCORECARD, unit=None)
    asked = sum(one.asked for one in found.values())
    if not asked:
        text = f"No school has asked a unit for anything {period.called}."
        return Card("Scorecards of units", (Text(text), Buttons(_buttons(turn, period, None))))
    still = sum(one.open for one in found.values())
    rows = tuple(
        (
            unit,
            str(one.asked),
            str(one.answered),
            say_days(one.median_to_answer),
            say_days(one.median_to_done),
            str(one.reopened),
            f"{one.open}, oldest {one.oldest}" if one.open else "0",
        )
        for unit, one in found.items()
    )
    columns = ("Unit", "Asked", "Answered", "Days to answer", "Days to done", "Reopened", "Open")
    blocks: list[Block] = [
        Text(
            f"Requests that came {period.called}. Days are school days, medians.",
            lead=f"Schools asked for {_count(asked, 'thing')}; {still} open.",
        ),
        Table(columns, rows, caption=f"How units answer schools, {period.called}"),
    ]
    chart = _medians(turn, found)
    if chart is not None:
        blocks.append(chart)
    by_unit = tuple(
        Button(unit, act("scorecard.show", unit=key_of(unit), of=period.key))
        for unit, one in found.items()
        if one.asked
    )
    blocks.append(Buttons((*by_unit[:MOST_BUTTONS], *_buttons(turn, period, None))))
    if len(by_unit) > MOST_BUTTONS:
        blocks.append(Text("Any other: scorecard and the unit’s name.", quiet=True))
    return Card("Scorecards of units", tuple(blocks))


def _medians(turn: Turn, found: dict[str, Scorecard]) -> Chart | None:
    """Units in the order of their names, not of their figures: it is a mirror and no league table."""
    known = [(unit, one) for unit, one in found.items() if one.median_to_answer is not None][:MOST_BARS]
    if not known:
        return None
    days = answer_days(turn.tx)
    title = "Median school days to the first answer"
    said = "; ".join(f"{unit} {say_days(one.median_to_answer)}" for unit, one in known)
    return Chart(
        ChartKind.BARS,
        title,
        tuple(unit for unit, _one in known),
        (Series("median", tuple(one.median_to_answer for _unit, one in known)),),
        "school days",
        f"{title}: {said}. After {_count(days, 'school day')} an unanswered request is brought up.",
        goal=float(days),
        goal_label=f"brought up after {days}",
    )


def _buttons(turn: Turn, period: Period, unit: str | None) -> tuple[Button, ...]:
    where = {} if unit is None else {"unit": key_of(unit)}
    buttons = []
    if period.key == "term":
        buttons.append(Button("This school year", act("scorecard.show", of="year", **where)))
    elif turn.district.calendar.term_of(turn.today) is not None:
        buttons.append(Button("This term", act("scorecard.show", of="term", **where)))
    if unit is not None:
        buttons.append(Button("All units", act("scorecard.show", of=period.key)))
    return tuple(buttons)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


TOPIC = Topic(
    name="scorecard",
    commands=(
        Command(
            re.compile(
                r"(?:show )?(?:the |(?P<own>our |my ))?scorecards?(?: (?:of|for|on))?(?: (?:all )?(?:the )?units)?"
                r"(?: (?P<unit>(?!this\b).+?))??(?P<term> this term)?(?: this (?:school )?year)?",
                re.IGNORECASE,
            ),
            show,
            example="scorecard facilities",
            what="How a unit answers what schools ask of it, in numbers; “scorecards” shows all.",
            roles=_READERS,
        ),
    ),
    actions={"scorecard.show": press_show},
    in_place=frozenset({"scorecard.show"}),
)
