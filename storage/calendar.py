"""The school calendar and the protected half-days, as rows and as the values the rules take."""

from datetime import date

from sqlmodel import col, select

from protocols.cadence.calendar import Closure, ClosureKind, Half, SchoolCalendar, SchoolYear, Term
from protocols.cadence.protected import ProtectedRule
from storage.database import Tx
from storage.tables import ClosureRow, PeriodRow, ProtectedRuleRow


def load_calendar(tx: Tx) -> SchoolCalendar:
    """Everything the calendar knows."""
    periods = list(tx.exec(select(PeriodRow).order_by(col(PeriodRow.starts))))
    closures = tx.exec(select(ClosureRow).order_by(col(ClosureRow.starts), col(ClosureRow.id)))
    return SchoolCalendar(
        years=tuple(SchoolYear(row.label, row.starts, row.ends) for row in periods if row.kind == "year"),
        terms=tuple(Term(row.label, row.starts, row.ends) for row in periods if row.kind == "term"),
        closures=tuple(Closure(row.starts, row.ends, ClosureKind(row.kind), row.title) for row in closures),
    )


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
