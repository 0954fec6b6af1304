"""What waits for an ILD's decision, and deciding it: the part of triage that changes something.

States of a (demand, ILD)::

    waiting --decide--> pass_on | off_plate | self      (again and again, until a digest told a school of it)
    waiting --decide--> hold                            (stays in the queue; in no digest)

A decision carries the version it was made on; an old button finds another version and says where the thing stands.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from handlers import audit_trail
from handlers.actions import Action
from handlers.digest_building import coming_week
from handlers.errors import StaleError, UserError
from handlers.networks import SchoolOf, concerned, network_of_ild
from handlers.permissions import Right, Subject, require
from handlers.turn import Turn
from protocols.buffer.demands import DateRole
from protocols.buffer.digest import MOST_DO_NOT_DROP, Decision, Suggestion, suggest
from protocols.buffer.faithfulness import check_faithful
from protocols.buffer.headlines import wording_of
from protocols.cadence.moments import say_day
from storage import digests, mandates
from storage.mandates import demand_of
from storage.tables import DemandRow, MandateRow, TriageRow

WAITS = timedelta(days=60)
"""So long a demand without a day ahead waits for a decision; then it has answered itself."""

DECIDED = {
    Decision.PASS_ON: "Passed on",
    Decision.OFF_PLATE: "Taken off the plate",
    Decision.SELF: "Yours to do",
    Decision.HOLD: "Held",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A demand as one ILD sees it. ``schools`` are those of hers that it is for."""

    demand: DemandRow
    memo: MandateRow
    triage: TriageRow | None
    schools: tuple[SchoolOf, ...]
    suggestion: Suggestion

    @property
    def id(self) -> int:
        return self.demand.id or 0

    @property
    def version(self) -> int:
        return self.triage.version if self.triage else 0


def queue_of(turn: Turn) -> list[Waiting]:
    """What waits for this ILD's first decision, oldest deadline first; only what is for a school of hers."""
    return [one for one in _waiting(turn) if one.triage is None]


def held_by(turn: Turn) -> list[Waiting]:
    return [one for one in _waiting(turn) if one.triage is not None]


def _waiting(turn: Turn) -> list[Waiting]:
    schools = network_of_ild(turn.tx, turn.person.id, turn.today)
    found = []
    rows = mandates.undecided(turn.tx, turn.person.id, since=turn.now - WAITS, today=turn.today)
    for demand, memo, triage in rows:
        mine = concerned(demand, schools)
        if mine:
            hint = suggest(demand_of(demand), turn.today)
            found.append(Waiting(demand, memo, triage, tuple(mine), hint))
    return found


def scope_of(action: Action) -> dict[str, int]:
    """The memo she is deciding about, as the arguments that keep her at it; empty at her desk."""
    return {"memo": action.number("memo")} if "memo" in action.args else {}


def mark_of(waiting: Sequence[Waiting]) -> str:
    """Eight letters that change when the list or a suggestion does."""
    shown = ";".join(f"{one.id}:{one.version}:{one.suggestion.decision}" for one in waiting)
    return hashlib.sha256(shown.encode()).hexdigest()[:8]


def load(turn: Turn, action: Action) -> Waiting:
    """The demand of a button, if it is for a school of this ILD's. Raises ``NotAllowedError`` otherwise."""
    found = mandates.find_demand(turn.tx, action.number("demand"))
    if found is None:
        raise UserError("That demand is not here any more. Write “triage” to see what waits.")
    demand, memo = found
    schools = concerned(demand, network_of_ild(turn.tx, turn.person.id, turn.today))
    subject = Subject(school=schools[0].school) if schools else Subject()
    require(turn.person, Right.TRIAGE, subject, object=f"demand:{demand.id}")
    triage = mandates.triage_of(turn.tx, demand.id or 0, turn.person.id)
    return Waiting(demand, memo, triage, tuple(schools), suggest(demand_of(demand), turn.today))


def check_open(turn: Turn, waiting: Waiting, action: Action | None = None) -> None:
    """Raise ``StaleError`` where the button is old or the schools have been told."""
    sent = digests.sent_of(turn.tx, waiting.id, turn.person.id)
    if sent is not None:
        raise StaleError(
            f"“{waiting.demand.headline}” went out on {say_day(sent.week, turn.today)}, so the decision stands. "
            "Write to your principals, or send a corrected memo."
        )
    if action is not None and action.number("v") != waiting.version:
        raise StaleError(
            f"Already decided: {say_decision(waiting.triage)}. Write “triage” to see what waits."
        )


def say_decision(triage: TriageRow | None) -> str:
    return DECIDED[Decision(triage.decision)].lower() if triage else "nothing yet"


def decide(turn: Turn, waiting: Waiting, decision: Decision, **changes: Any) -> None:
    """Write the decision down. ``changes`` are further columns: wording, note, do_not_drop, taken_by."""
    wording = (
        waiting.triage.wording if waiting.triage and waiting.triage.wording else starting_wording(waiting)
    )
    values: dict[str, Any] = {"wording": wording, "decision": decision.value, **changes}
    if decision is Decision.SELF:
        values["taken_by"] = turn.person.name
    elif decision is not Decision.OFF_PLATE:
        values.setdefault("taken_by", "")
    if decision is not Decision.PASS_ON:
        values["do_not_drop"] = False
    done = mandates.put_triage(
        turn.tx,
        demand_id=waiting.id,
        ild_id=turn.person.id,
        version=waiting.version,
        by=turn.person.id,
        at=turn.now,
        **values,
    )
    if not done:
        raise StaleError("That was decided a moment ago. Write “triage” to see what waits.")
    audit_trail.write(
        turn, "triage.decided", f"demand:{waiting.id}", decision=decision.value, schools=len(waiting.schools)
    )


def starting_wording(waiting: Waiting) -> str:
    """The headline where it is whole and says all that its sentence does, its day told beside it; else the sentence,
    without the school as its subject if that changes nothing.

    A headline cut short may have lost half of what is asked ("hold a conference ..., and record its date").
    """
    demand = demand_of(waiting.demand)
    told = told_beside(waiting.demand)
    for words in (waiting.demand.headline, wording_of(demand)):
        if not words.endswith("…") and not check_faithful(
            words + told, demand.quote, demand, memo_date=waiting.memo.memo_date
        ):
            return words
    return " ".join(demand.quote.split())


def told_beside(demand: DemandRow) -> str:
    """The deadline as every card tells it beside the wording, which may therefore leave it out."""
    has_deadline = demand.due is not None and demand.due_role == DateRole.DEADLINE
    return f" by {demand.due_words or demand.due}" if has_deadline else ""


def check_scarce(turn: Turn, waiting: Waiting) -> None:
    """At most three items of a school's week may carry "do not drop". Raises ``UserError`` beyond."""
    rows = mandates.decided(turn.tx, since=turn.now - WAITS, week=turn.today, ild_ids=[turn.person.id])
    marked = [demand for triage, demand, _memo in rows if triage.do_not_drop and demand.id != waiting.id]
    school_ids = [one.school.id for one in waiting.schools]
    told = digests.given(turn.tx, [demand.id or 0 for demand in marked], school_ids)
    for one in waiting.schools:
        mine = [d for d in marked if concerned(d, [one]) and (one.school.id, d.id or 0) not in told]
        if len(mine) >= MOST_DO_NOT_DROP:
            names = "; ".join(demand.headline for demand in mine)
            raise UserError(
                f"{one.school.name} has {len(mine)} “do not drop” for Monday already: {names}. With more, none stands "
                "out. Take it from one of them first: write “preview”."
            )


def next_week(turn: Turn) -> date:
    """The Monday whose digest comes next for the person of the turn."""
    return coming_week(turn.local, turn.district.calendar)
