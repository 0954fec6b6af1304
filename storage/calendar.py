"""The school calendar and the protected half-days, as rows and as the values the rules take."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from protocols.cadence.calendar import Closure, ClosureKind, Half, SchoolCalendar, SchoolYear, Term
from protocols.cadence.protected import Opening, ProtectedRule
from protocols.cadence.protected_changes import Rules
from storage.database import Tx, add_row, change_if
from storage.tables import ClosureRow, OpeningRow, PeriodRow, PolicyChangeRow, ProtectedRuleRow

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
