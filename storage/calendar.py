"""The school calendar and the protected half-days, as rows and as the values the rules take."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from protocols.cadence.calendar import Closure, ClosureKind, Half, SchoolCalendar, SchoolYear, Term
from protocols.cadence.protected import ProtectedRule
from storage.database import Tx
from storage.tables import ClosureRow, PeriodRow, ProtectedRuleRow

FEW = 3
"""So many days may go from a calendar without a question."""


def load_calendar(tx: Tx) -> SchoolCalendar:
    """Everything the calendar knows."""
    periods = list(tx.exec(select(PeriodRow).order_by(col(PeriodRow.starts))))
    closures = tx.exec(select(ClosureRow).order_by(col(ClosureRow.starts), col(ClosureRow.id)))
    return SchoolCalendar(
        years=tuple(SchoolYear(row.label, row.starts, row.ends) for row in periods if row.kind == "year"),
        terms=tuple(Term(row.label, row.starts, row.ends) for row in periods if row.kind == "term"),
        closures=tuple(Closure(row.starts, row.ends, ClosureKind(row.kind), row.title) for row in closures),
    )


def load_quarters(tx: Tx) -> tuple[Term, ...]:
    """The quarters of the school years: questions may name them; nothing else is counted by them."""
    rows = tx.exec(select(PeriodRow).where(PeriodRow.kind == "quarter").order_by(col(PeriodRow.starts)))
    return tuple(Term(row.label, row.starts, row.ends) for row in rows)


def put_period(tx: Tx, *, kind: str, label: str, starts: date, ends: date) -> bool:
    """A school year or term; True where it is new or changed. Known by its label and first day."""
    query = select(PeriodRow).where(
        PeriodRow.kind == kind, PeriodRow.label == label, PeriodRow.starts == starts
    )
    row = tx.exec(query).first()
    if row is not None and row.ends == ends:
        return False
    row = row or PeriodRow(kind=kind, label=label, starts=starts, ends=ends)
    row.ends = ends
    tx.add(row)
    return True


def put_closure(tx: Tx, closure: Closure, *, source: str, uid: str) -> bool:
    """A run of unusual days; True where it is new or changed. Known by where it came from and its id there."""
    row = tx.exec(select(ClosureRow).where(ClosureRow.source == source, ClosureRow.uid == uid)).first()
    wanted = (closure.kind.value, closure.title, closure.starts, closure.ends)
    if row is not None and (row.kind, row.title, row.starts, row.ends) == wanted:
        return False
    if row is None:
        row = ClosureRow(source=source, uid=uid, kind="", title="", starts=closure.starts, ends=closure.ends)
    row.kind, row.title, row.starts, row.ends = wanted
    tx.add(row)
    return True


def drop_closures(tx: Tx, *, source: str, keep: set[str]) -> int:
    """Closures of a source that its newest file no longer has; how many."""
    query = select(ClosureRow).where(ClosureRow.source == source, col(ClosureRow.uid).not_in(keep))
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
    """A file of the same source had far more days before; nobody has said yes to losing them."""


def take_calendar(tx: Tx, found: SchoolCalendar, *, source: str, confirmed: bool) -> CalendarImport:
    """Make the calendar say what a file says. Days of other sources, and years and terms that were known, stay.

    Raises ``ManyRemovedError`` where more than half of the source's days would go and it is not ``confirmed``.
    """
    changed = 0
    for kind, periods in (("year", found.years), ("term", found.terms)):
        for period in periods:
            changed += put_period(tx, kind=kind, label=period.label, starts=period.starts, ends=period.ends)
    keep = {f"{one.starts} {one.title}" for one in found.closures}
    known = set(tx.exec(select(ClosureRow.uid).where(ClosureRow.source == source)))
    gone = len(known - keep)
    if gone > len(known) / 2 and gone >= FEW and not confirmed:
        raise ManyRemovedError(
            f"This calendar leaves out {gone} of the {len(known)} days it had before, which is often an accident. "
            "Nothing was changed."
        )
    for closure in found.closures:
        changed += put_closure(tx, closure, source=source, uid=f"{closure.starts} {closure.title}")
    removed = drop_closures(tx, source=source, keep=keep)
    return CalendarImport(changed, removed, len(found.years), len(found.terms), len(found.closures))


def load_rules(tx: Tx) -> tuple[ProtectedRule, ...]:
    """The protected half-days, past ones too: what was protected in March is a fact of March."""
    rows = tx.exec(
        select(ProtectedRuleRow).order_by(col(ProtectedRuleRow.weekday), col(ProtectedRuleRow.half))
    )
    return tuple(
        ProtectedRule(row.weekday, Half(row.half), row.scope, row.starts, row.ends, row.reason)
        for row in rows
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


def end_rule(tx: Tx, *, weekday: int, half: Half, scope: str, on: date) -> bool:
    """The half-day is open from that day on; False where it was not protected. Past days stay protected."""
    query = select(ProtectedRuleRow).where(
        ProtectedRuleRow.weekday == weekday,
        ProtectedRuleRow.half == half,
        ProtectedRuleRow.scope == scope,
    )
    rows = [row for row in tx.exec(query) if row.ends is None or row.ends >= on]
    for row in rows:
        if row.starts >= on:
            tx.delete(row)
        else:
            row.ends = date.fromordinal(on.toordinal() - 1)
            tx.add(row)
    return bool(rows)
