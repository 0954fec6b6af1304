"""The school calendar and the protected half-days, as rows and as the values the rules take."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlmodel import col, select

from protocols.cadence.calendar import Closure, ClosureKind, Half, SchoolCalendar, SchoolYear, Term
from protocols.cadence.calendar_edits import MOST_REMOVED, CalendarEdit, cut_out, removed_share
from protocols.cadence.day_minutes import minutes_into_day, time_of_day
from protocols.cadence.protected import Opening, ProtectedRule
from protocols.cadence.protected_changes import Rules
from storage import record
from storage.database import Tx, add_row, change_if
from storage.tables import ClosureRow, OpeningRow, PeriodRow, PolicyChangeRow, ProtectedRuleRow

FROM_CHAT = "chat"
"""The source of what the administrator said."""


def load_calendar(tx: Tx) -> SchoolCalendar:
    """Everything the calendar knows."""
    periods = list(tx.exec(select(PeriodRow).order_by(col(PeriodRow.starts))))
    closures = tx.exec(select(ClosureRow).order_by(col(ClosureRow.starts), col(ClosureRow.id)))
    return _made_ready(
        years=tuple(SchoolYear(row.label, row.starts, row.ends) for row in periods if row.kind == "year"),
        terms=tuple(Term(row.label, row.starts, row.ends) for row in periods if row.kind == "term"),
        closures=tuple(_closure(row) for row in closures),
    )


@lru_cache(maxsize=2)
def _made_ready(
    years: tuple[SchoolYear, ...], terms: tuple[Term, ...], closures: tuple[Closure, ...]
) -> SchoolCalendar:
    """Every turn reads the calendar and hardly any changes it, so what it works out of its days is kept."""
    return SchoolCalendar(years=years, terms=terms, closures=closures)


def _closure(row: ClosureRow) -> Closure:
    at = None if row.at is None else time_of_day(row.at)
    return Closure(row.starts, row.ends, ClosureKind(row.kind), row.title, at, row.scope)


def sources_of(tx: Tx, start: date, end: date) -> list[tuple[Closure, str]]:
    """The closures of these days with the source that says so, in order of their days."""
    query = select(ClosureRow).where(col(ClosureRow.ends) >= start, col(ClosureRow.starts) <= end)
    rows = tx.exec(query.order_by(col(ClosureRow.starts), col(ClosureRow.id)))
    return [(_closure(row), row.source) for row in rows]


def load_quarters(tx: Tx) -> tuple[Term, ...]:
    """The quarters of the school years: questions may name them; nothing else is counted by them."""
    rows = tx.exec(select(PeriodRow).where(PeriodRow.kind == "quarter").order_by(col(PeriodRow.starts)))
    return tuple(Term(row.label, row.starts, row.ends) for row in rows)


def put_period(tx: Tx, *, kind: str, label: str, starts: date, ends: date) -> bool:
    """A school year or term; True where it is new or changed.

    A year is known by its label, so that its first day can be put right; a term by its label and first day.
    """
    query = select(PeriodRow).where(PeriodRow.kind == kind, PeriodRow.label == label)
    if kind != "year":
        query = query.where(PeriodRow.starts == starts)
    row = tx.exec(query).first()
    if row is not None and (row.starts, row.ends) == (starts, ends):
        return False
    row = row or PeriodRow(kind=kind, label=label, starts=starts, ends=ends)
    row.starts, row.ends = starts, ends
    tx.add(row)
    return True


def put_closure(tx: Tx, closure: Closure, *, source: str, uid: str) -> bool:
    """A run of unusual days; True where it is new or changed. Known by where it came from and its id there."""
    row = tx.exec(select(ClosureRow).where(ClosureRow.source == source, ClosureRow.uid == uid)).first()
    if row is not None and _closure(row) == closure:
        return False
    if row is None:
        row = ClosureRow(source=source, uid=uid, kind="", title="", starts=closure.starts, ends=closure.ends)
    row.kind, row.title, row.starts, row.ends = (
        closure.kind.value,
        closure.title,
        closure.starts,
        closure.ends,
    )
    row.at, row.scope = (None if closure.at is None else minutes_into_day(closure.at)), closure.scope
    tx.add(row)
    return True


def put_edit(tx: Tx, edit: CalendarEdit) -> None:
    """Put in force what the administrator said. The newest word on a day counts: it ends what was said before of the
    same kind, and "school after all" and closings end each other. What files and feeds say stays as it is."""
    for kind, periods in (("year", edit.years), ("term", edit.terms)):
        for period in periods:
            put_period(tx, kind=kind, label=period.label, starts=period.starts, ends=period.ends)
    for closure in edit.closures:
        is_open = closure.kind is ClosureKind.AS_USUAL
        for row in _of_chat(tx, closure):
            if is_open or row.kind in (ClosureKind.AS_USUAL, closure.kind):
                tx.delete(row)
                for piece in cut_out(_closure(row), closure.starts, closure.ends):
                    put_closure(tx, piece, source=FROM_CHAT, uid=record.new_token())
        put_closure(tx, closure, source=FROM_CHAT, uid=record.new_token())
    tx.flush()


def _of_chat(tx: Tx, closure: Closure) -> list[ClosureRow]:
    return list(
        tx.exec(
            select(ClosureRow).where(
                ClosureRow.source == FROM_CHAT,
                ClosureRow.scope == closure.scope,
                col(ClosureRow.ends) >= closure.starts,
                col(ClosureRow.starts) <= closure.ends,
            )
        )
    )


def drop_closures(tx: Tx, *, source: str, keep: set[str], since: date) -> int:
    """Closures of a source, from ``since`` on, that its newest copy no longer has; how many."""
    query = select(ClosureRow).where(
        ClosureRow.source == source, col(ClosureRow.uid).not_in(keep), col(ClosureRow.starts) >= since
    )
    gone = list(tx.exec(query))
    for row in gone:
        tx.delete(row)
    return len(gone)


@dataclass(frozen=True, slots=True)
class CalendarImport:
    """What taking in a calendar did. ``changed`` counts new and different days, years and terms."""

    changed: int
    removed: int
    years: int
    terms: int
    closures: int

    def __str__(self) -> str:
        found = f"School years: {self.years}. Terms: {self.terms}. Days that differ: {self.closures:,}."
        if not self.changed and not self.removed:
            return f"{found} Nothing has changed since the last import."
        return f"{found} New or changed: {self.changed:,}. Removed: {self.removed:,}."


class ManyRemovedError(Exception):
    """A copy of the same source had more days before; nobody has said yes to losing them."""


def closures_of(tx: Tx, source: str) -> list[Closure]:
    """What a source has said so far."""
    return [_closure(row) for row in tx.exec(select(ClosureRow).where(ClosureRow.source == source))]


def take_calendar(
    tx: Tx, found: CalendarEdit | SchoolCalendar, *, source: str, confirmed: bool, since: date = date.min
) -> CalendarImport:
    """Make the calendar say what a source says. Days of other sources, and years that were known, stay; so do days
    before ``since``, for feeds drop what is past. The terms of a school year are replaced together.

    Raises ``ManyRemovedError`` where more than 5 % of the source's days would go and it is not ``confirmed``.
    """
    share = removed_share(closures_of(tx, source), found.closures, since=since)
    if share > MOST_REMOVED and not confirmed:
        raise ManyRemovedError(
            f"This calendar leaves out {share:.0%} of the days it had before, which is often an accident. "
            "Nothing was changed."
        )
    changed = 0
    for year in found.years:
        changed += put_period(tx, kind="year", label=year.label, starts=year.starts, ends=year.ends)
    changed += _replace_terms(tx, found)
    keep: set[str] = set()
    for closure in sorted(found.closures, key=lambda one: (one.starts, one.title, one.ends, one.kind)):
        uid = f"{closure.starts} {closure.title}"
        while uid in keep:
            uid += " "
        keep.add(uid)
        changed += put_closure(tx, closure, source=source, uid=uid)
    removed = drop_closures(tx, source=source, keep=keep, since=since)
    tx.flush()
    return CalendarImport(changed, removed, len(found.years), len(found.terms), len(found.closures))


def _replace_terms(tx: Tx, found: CalendarEdit | SchoolCalendar) -> int:
    """Put the terms of each year that has any in the place of those it had; how many are new or changed."""
    known = list(tx.exec(select(PeriodRow).where(PeriodRow.kind == "term")))
    wanted = {(one.label, one.starts, one.ends) for one in found.terms}
    for year in found.years:
        if not any(year.starts <= one.starts <= year.ends for one in found.terms):
            continue
        for row in known:
            if year.starts <= row.starts <= year.ends and (row.label, row.starts, row.ends) not in wanted:
                tx.delete(row)
    tx.flush()
    return sum(
        put_period(tx, kind="term", label=one.label, starts=one.starts, ends=one.ends) for one in found.terms
    )


def load_rules(tx: Tx) -> tuple[ProtectedRule, ...]:
    """The protected half-days with their exceptions, past ones too: what was protected in March is a fact of March."""
    return load_policy(tx).in_force


def load_policy(tx: Tx) -> Rules:
    """The whole policy of protected time: weekly rules, and exceptions by date."""
    rows = tx.exec(
        select(ProtectedRuleRow).order_by(
            col(ProtectedRuleRow.weekday), col(ProtectedRuleRow.half), col(ProtectedRuleRow.starts)
        )
    )
    opened = tx.exec(select(OpeningRow).order_by(col(OpeningRow.starts), col(OpeningRow.id)))
    return Rules(
        tuple(
            ProtectedRule(row.weekday, Half(row.half), row.scope, row.starts, row.ends, row.reason)
            for row in rows
        ),
        tuple(
            Opening(row.starts, row.ends, Half(row.half) if row.half else None, row.scope, row.reason)
            for row in opened
        ),
    )


def put_rule(tx: Tx, rule: ProtectedRule) -> None:
    """Add a protected half-day."""
    tx.add(
        ProtectedRuleRow(
            weekday=rule.weekday,
            half=rule.half,
            scope=rule.scope,
            starts=rule.starts,
            ends=rule.ends,
            reason=rule.reason,
        )
    )


def put_policy(tx: Tx, policy: Rules) -> None:
    """Make the policy say this. What it leaves out goes; a rule that ends sooner or later keeps its row."""
    wanted = list(policy.weekly)
    for row in tx.exec(select(ProtectedRuleRow)).all():
        known = (row.weekday, Half(row.half), row.scope, row.starts)
        rule = next((r for r in wanted if (r.weekday, r.half, r.scope, r.starts) == known), None)
        if rule is None:
            tx.delete(row)
            continue
        wanted.remove(rule)
        row.ends, row.reason = rule.ends, rule.reason
        tx.add(row)
    for rule in wanted:
        put_rule(tx, rule)
    opened = list(policy.openings)
    for opening_row in tx.exec(select(OpeningRow)).all():
        half = Half(opening_row.half) if opening_row.half else None
        opening = Opening(opening_row.starts, opening_row.ends, half, opening_row.scope, opening_row.reason)
        if opening in opened:
            opened.remove(opening)
        else:
            tx.delete(opening_row)
    for one in opened:
        tx.add(
            OpeningRow(starts=one.starts, ends=one.ends, half=one.half, scope=one.scope, reason=one.reason)
        )
    tx.flush()


def show_change(tx: Tx, *, author_id: int, words: str, seen: str, at: datetime) -> int:
    """Keep a change of the policy that somebody was shown and may put in force; its id."""
    row = PolicyChangeRow(author_id=author_id, words=words, seen=seen, created_at=at)
    return add_row(tx, row)


def get_change(tx: Tx, change_id: int) -> PolicyChangeRow | None:
    return tx.get(PolicyChangeRow, change_id)


def settle_change(tx: Tx, change_id: int, *, version: int, state: str) -> bool:
    """False where somebody was faster, and nothing is done."""
    same = (col(PolicyChangeRow.id) == change_id, col(PolicyChangeRow.version) == version)
    return change_if(tx, PolicyChangeRow, *same, version=version + 1, state=state)
