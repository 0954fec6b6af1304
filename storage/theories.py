"""Theories of action and their revisions: who, when, why. A revision is only ever added."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from protocols.centre.theory import Clause, Gauge, Line, Theory, Way
from storage.database import Tx, add_once
from storage.tables import TheoryRow

DISTRICT = "district"


@dataclass(frozen=True, slots=True)
class Revision:
    """A theory as of one revision. ``scope`` is ``DISTRICT`` or ``scope_of(ild_id)``."""

    scope: str
    number: int
    theory: Theory
    lines: tuple[Line, ...]
    because: str
    written_by: int
    written_at: datetime

    @property
    def ild_id(self) -> int | None:
        """Whose network's theory it is; None for the district's."""
        return ild_of(self.scope)


def scope_of(ild_id: int) -> str:
    return f"ild:{ild_id}"


def ild_of(scope: str) -> int | None:
    """The ILD of a network's scope; None for the district's and for what is no scope."""
    kind, _, number = scope.partition(":")
    return int(number) if kind == "ild" and number.isdigit() else None


def current(tx: Tx, scope: str) -> Revision | None:
    """The revision that holds."""
    newest = select(TheoryRow).where(TheoryRow.scope == scope).order_by(col(TheoryRow.number).desc()).limit(1)
    row = tx.exec(newest).first()
    return _revision(row) if row else None


def revisions(tx: Tx, scope: str) -> list[Revision]:
    """All revisions, the latest first."""
    rows = tx.exec(select(TheoryRow).where(TheoryRow.scope == scope).order_by(col(TheoryRow.number).desc()))
    return [_revision(row) for row in rows]


def add(tx: Tx, revision: Revision) -> bool:
    """Keep a revision. False where one of that number is there: somebody else revised it meanwhile."""
    theory = revision.theory
    row = TheoryRow(
        scope=revision.scope,
        number=revision.number,
        if_=theory.if_,
        then=theory.then,
        so_that=theory.so_that,
        lines=[
            {"clause": one.clause.value, "gauge": one.gauge.value, "way": one.way.value, "value": one.value}
            for one in revision.lines
        ],
        because=revision.because,
        written_by=revision.written_by,
        written_at=revision.written_at,
    )
    return add_once(tx, row)


def network_scopes(tx: Tx) -> list[int]:
    """The ILDs who keep a theory for their network."""
    scopes = tx.exec(select(TheoryRow.scope).where(TheoryRow.scope != DISTRICT).distinct())
    return sorted(ild for scope in scopes if (ild := ild_of(scope)) is not None)


def _revision(row: TheoryRow) -> Revision:
    return Revision(
        scope=row.scope,
        number=row.number,
        theory=Theory(row.if_, row.then, row.so_that),
        lines=tuple(
            Line(Clause(one["clause"]), Gauge(one["gauge"]), Way(one["way"]), float(one["value"]))
            for one in row.lines
        ),
        because=row.because,
        written_by=row.written_by,
        written_at=row.written_at,
    )
