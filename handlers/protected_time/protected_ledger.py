"""The ledger of protected time: kept by month, office, reason and network; emergencies apart; made good or not.

Executives and the administrator see the district, an ILD her own network. The figures are counted from the same rows
as the answers to questions about protected time.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from handlers import audit_trail
from handlers.answers.insight_work import month_of
from handlers.audit_trail import Shown
from handlers.cards import Block, Card, Chart, ChartKind, Download, Series, Table, Text, plain
from handlers.csv_files import write_csv
from handlers.errors import UserError
from handlers.permissions import Right, Subject, may, require
from handlers.protected_time.overrides import REASONS
from handlers.protected_time.protected_rows import protected_time
from handlers.turn import Cards, Command, Topic, Turn
from protocols.cadence.moments import say_day
from protocols.insight.ledger import EMERGENCY, Line, add_up, lines_by
from protocols.insight.measures import ProtectedRow
from storage import displaced, emergencies, insight, people
from storage.displaced import DisplacedVisit
from storage.people import Role, School

HOW_COUNTED = (
    "Hours of principals' protected time, in school hours. An emergency is not kept either; it stands apart because "
    "nobody plans it."
)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything the card and the file say, for the schools this person may see, from ``start`` to ``end``."""

    start: date
    end: date
    schools: tuple[School, ...]
    rows: tuple[tuple[str, ProtectedRow], ...]  # (network, row)
    visits: tuple[DisplacedVisit, ...]

    @property
    def whole(self) -> Line:
        return add_up(row for _network, row in self.rows)


def load_ledger(turn: Turn, start: date, end: date) -> Ledger:
    """The ledger for this person. Raises ``UserError`` where there is no school of theirs."""
    require(turn.person, Right.SEE_PROTECTED, object="ledger")
    schools = tuple(
        school
        for school in people.schools_on(turn.tx, turn.today)
        if may(turn.person, Right.SEE_PROTECTED, Subject(school=school))
    )
    if not schools:
        raise UserError("You carry no school at present, so there is no ledger for you.")
    found = protected_time(turn.tx, turn.district, schools, start=start, end=end)
    ids = [school.id for school in schools]
    return Ledger(
        start,
        end,
        schools,
        tuple(found.rows()),
        tuple(displaced.displaced_visits(turn.tx, start=start, end=end, school_ids=ids)),
    )


def term_in_short(turn: Turn) -> tuple[str, str, Chart] | None:
    """How this term stands: the share kept, what was taken, and the chart by month. None where nothing is protected."""
    start, called = _period(turn, "this term")
    ledger = load_ledger(turn, start, turn.today)
    if not ledger.whole.protected:
        return None
    return f"{_share(ledger.whole)} kept {called}.", _opening(turn, ledger), _chart(ledger)


def _ledger(turn: Turn, match: re.Match[str]) -> Cards:
    start, called = _period(turn, (match["period"] or "").casefold())
    ledger = load_ledger(turn, start, turn.today)
    audit_trail.write(turn, "ledger.seen", "ledger", schools=len(ledger.schools))
    audit_trail.looked(turn, Shown.LEDGER)
    if not ledger.whole.protected:
        return [plain(f"No time was protected {called}. “protected time” shows what is in force.")]
    blocks: list[Block] = [
        Text(_opening(turn, ledger), lead=f"{_share(ledger.whole)} kept {called}."),
        _chart(ledger),
        _table(ledger, "By month", "Month", lambda _network, row: month_of(row.day)),
    ]
    if any(row.lost_minutes for _network, row in ledger.rows):
        blocks.append(_offices(turn, ledger))
        blocks.append(_reasons(ledger))
    if len({network for network, _row in ledger.rows}) > 1:
        blocks.append(_table(ledger, "By network", "Network", lambda network, _row: network))
    blocks.append(Text(_made_good(ledger, turn.today)))
    if Role.EXECUTIVE in turn.person.roles or Role.ADMINISTRATOR in turn.person.roles:
        blocks.append(Text(_messages(turn, ledger)))
    if own := _ild_hours(turn, ledger):
        blocks.append(Text(own, quiet=True))
    blocks.append(Text(HOW_COUNTED, quiet=True))
    blocks.append(Download("protected-time.csv", "CSV", _csv(ledger)))
    return [Card("Ledger of protected time", tuple(blocks))]


def _period(turn: Turn, words: str) -> tuple[date, str]:
    known = turn.district.calendar
    if words == "this month":
        return turn.today.replace(day=1), words
    term, year = known.term_of(turn.today), known.year_of(turn.today)
    if words in ("this term", "this semester") and term is not None:
        return term.starts, words
    if year is not None:
        return year.starts, "this school year"
    first = max((one.starts for one in known.years if one.starts <= turn.today), default=turn.today)
    return first, f"since {say_day(first, turn.today)}"


def _opening(turn: Turn, ledger: Ledger) -> str:
    whole = ledger.whole
    apart = f"; emergencies, apart, another {_hours(whole.emergencies)}" if whole.emergencies else ""
    return (
        f"Of {_hours(whole.protected)} protected since {say_day(ledger.start, turn.today)}, "
        f"overrides took {_hours(whole.taken)}{apart}."
    )


def _chart(ledger: Ledger) -> Chart:
    months = lines_by(ledger.rows, lambda _network, row: month_of(row.day))
    ordered = _in_time(ledger, months)
    values = tuple(line.share_kept for _month, line in ordered)
    lowest = min(ordered, key=lambda pair: 1.0 if pair[1].share_kept is None else pair[1].share_kept)
    alternative = (
        f"Share of protected time kept by month, {len(ordered)} {'month' if len(ordered) == 1 else 'months'}. "
        f"Lowest: {lowest[0]}, {_share(lowest[1])}."
    )
    return Chart(
        ChartKind.BARS,
        "Protected time kept",
        tuple(month for month, _line in ordered),
        (Series("kept", tuple(None if value is None else round(100 * value, 1) for value in values)),),
        "per cent",
        alternative,
    )


def _in_time(ledger: Ledger, months: dict[str, Line]) -> list[tuple[str, Line]]:
    first = {month_of(day): day.replace(day=1) for day in {row.day for _network, row in ledger.rows}}
    return sorted(months.items(), key=lambda pair: first[pair[0]])


def _table(ledger: Ledger, caption: str, title: str, key: Callable[[str, ProtectedRow], str]) -> Table:
    lines = lines_by(ledger.rows, key)
    ordered = _in_time(ledger, lines) if title == "Month" else sorted(lines.items())
    rows = tuple(
        (name, _number(line.protected), _number(line.taken), _number(line.emergencies), _share(line))
        for name, line in ordered
    )
    return Table((title, "Protected", "Taken", "Emergencies", "Kept"), rows, caption=f"{caption}, in hours")


def _offices(turn: Turn, ledger: Ledger) -> Table:
    lines = lines_by(ledger.rows, lambda _network, row: row.office if row.lost_minutes else None)
    principals = {school.principal_id for school in ledger.schools if school.principal_id is not None}
    lost = insight.losses(turn.tx, start=ledger.start, end=ledger.end, people=principals)
    meetings = {(loss.office, loss.reason == EMERGENCY, loss.meeting_id) for loss in lost}
    times = Counter((office, is_emergency) for office, is_emergency, _meeting in meetings)
    rows = []
    for office, line in sorted(
        lines.items(), key=lambda pair: (-pair[1].taken, -pair[1].emergencies, pair[0])
    ):
        overrides, emergencies = str(times[office, False]), str(times[office, True])
        rows.append((office, _number(line.taken), overrides, _number(line.emergencies), emergencies))
    columns = ("Office", "Taken", "Overrides", "Emergencies", "How many")
    return Table(columns, tuple(rows), caption="By office, hours and how often")


def _reasons(ledger: Ledger) -> Table:
    lines = lines_by(ledger.rows, lambda _network, row: row.reason if row.lost_minutes else None)
    ordered = sorted(lines.items(), key=lambda pair: (pair[0] == EMERGENCY, -pair[1].taken, pair[0]))
    rows = tuple((_say_reason(reason), _number(line.taken + line.emergencies)) for reason, line in ordered)
    return Table(("Reason", "Hours"), rows, caption="By reason, emergencies last")


def _made_good(ledger: Ledger, today: date) -> str:
    if not ledger.visits:
        return "No visit was pushed out."
    good = sum(one.made_good_on is not None for one in ledger.visits)
    planned = sum(one.planned_for is not None and one.planned_for >= today for one in ledger.visits)
    left = len(ledger.visits) - good - planned
    count = len(ledger.visits)
    visits = "1 visit was" if count == 1 else f"{count} visits were"
    return (
        f"{visits} pushed out: {good} made good, {planned} with a make-up visit ahead, {left} not made good."
    )


def _messages(turn: Turn, ledger: Ledger) -> str:
    """How many messages about safety went out, protected time or not."""
    since = turn.district.noon(ledger.start) - timedelta(hours=12)
    count = emergencies.count_sent(turn.tx, since=since, until=turn.now)
    if not count:
        return "No emergency message was sent."
    return "1 emergency message was sent." if count == 1 else f"{count} emergency messages were sent."


def _ild_hours(turn: Turn, ledger: Ledger) -> str:
    """What ILDs lost of their own; their time is in no share, since it is not a principal's."""
    ilds = {school.ild_id for school in ledger.schools if school.ild_id is not None}
    lost = insight.losses(turn.tx, start=ledger.start, end=ledger.end, people=ilds)
    minutes = sum(loss.minutes for loss in lost)
    return f"Beside it, ILDs lost {_hours(minutes)} of their own." if minutes else ""


def _csv(ledger: Ledger) -> str:
    """One line for each month, network, office and reason; what nobody took stands as kept."""
    grouped: dict[tuple[str, str, str, str], int] = {}
    for network, row in ledger.rows:
        key = (row.day.strftime("%Y-%m"), network, row.office or "", row.reason or "")
        grouped[key] = grouped.get(key, 0) + row.minutes
    rows = (
        (month, network, office or "kept", reason, "yes" if reason == EMERGENCY else "no", minutes)
        for (month, network, office, reason), minutes in sorted(grouped.items())
    )
    return write_csv([("month", "network", "office", "reason", "emergency", "minutes"), *rows])


def _say_reason(reason: str) -> str:
    """The reason as the executive's form calls it; one from an older version as it was kept."""
    return next((words for known, words in REASONS.items() if known == reason), reason)


def _hours(minutes: int) -> str:
    if minutes == 60:
        return "1 hour"
    hours = minutes / 60
    return f"{hours:,.1f} hours" if hours < 100 and minutes % 60 else f"{hours:,.0f} hours"


def _number(minutes: int) -> str:
    return f"{minutes / 60:,.1f}".removesuffix(".0")


def _share(line: Line) -> str:
    return "none" if line.share_kept is None else f"{line.share_kept:.1%}"


TOPIC = Topic(
    name="ledger",
    commands=(
        Command(
            re.compile(
                r"(?:show )?(?:the )?ledger(?: of protected time)?"
                r"(?:,? (?:for |of )?(?P<period>this (?:month|term|semester|school year|year)))?",
                re.IGNORECASE,
            ),
            _ledger,
            example="ledger",
            what="Protected time kept and taken, by month, office, reason and network; made good or not.",
            roles=frozenset({Role.ILD, Role.EXECUTIVE, Role.ADMINISTRATOR}),
        ),
    ),
)
