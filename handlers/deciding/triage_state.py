"""What waits for an ILD's decision, and deciding it: the part of triage that changes something.

States of a (demand, ILD)::

    waiting --decide--> pass_on | off_plate | self | stand_in | merge | decline
                                                  (again and again, until a digest told a school of it)
    waiting --decide--> hold       --its day comes--> waiting     (in no digest meanwhile)
    waiting --ask----> challenge   --answered, or unanswered for too long--> waiting     (the same)

A decision carries the version it was made on; an old button finds another version and says where the thing stands.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from handlers import audit_trail
from handlers.actions import Action
from handlers.deciding.wordings import OwnWording, own_wording, wording_for
from handlers.digest.digest_building import coming_week
from handlers.errors import StaleError, UserError
from handlers.networks import SchoolOf, concerned, network_of_ild
from handlers.permissions import Right, Subject, require
from handlers.turn import Turn
from protocols.buffer.digest import MOST_DO_NOT_DROP, OWN_TASKS, TAKEN, Decision, Suggestion, suggest
from protocols.buffer.holding import hold_day
from protocols.buffer.merging import find_twin, likeness
from protocols.cadence.moments import say_day
from storage import challenges, demand_changes, digests, mandates
from storage.mandates import demand_of
from storage.tables import ChallengeRow, DemandRow, MandateRow, TriageRow

WAITS = timedelta(days=60)
"""So long a demand without a day ahead waits for a decision; then it has answered itself."""

DECIDED = {
    Decision.PASS_ON: "Passed on",
    Decision.OFF_PLATE: "Taken off the plate",
    Decision.SELF: "Yours to do",
    Decision.HOLD: "Held",
    Decision.STAND_IN: "You stand in",
    Decision.MERGE: "Merged",
    Decision.CHALLENGE: "Waits for an answer",
    Decision.DECLINE: "Declined",
}
UNDECIDED: dict[str, Any] = {
    "unit": "",
    "hold_until": None,
    "merged_into": None,
    "rule_id": None,
    "reason": "",
}
"""What belongs to one decision and does not outlive it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A demand as one ILD sees it. ``schools`` are those of hers that it is for.

    ``challenge`` is the question for whose answer she waits or waited.
    """

    demand: DemandRow
    memo: MandateRow
    triage: TriageRow | None
    schools: tuple[SchoolOf, ...]
    suggestion: Suggestion
    challenge: ChallengeRow | None = None

    @property
    def id(self) -> int:
        return self.demand.id or 0

    @property
    def version(self) -> int:
        return self.triage.version if self.triage else 0


def queue_of(turn: Turn) -> list[Waiting]:
    """What waits for this ILD's decision, oldest deadline first; only what is for a school of hers.

    What she held is among it from its day on, and what its unit was asked about from the answer on.
    """
    return _with_twins(turn, [one for one in _waiting(turn) if is_at_desk(turn, one.triage, one.challenge)])


def held_by(turn: Turn) -> list[Waiting]:
    """What she holds, and what waits for a unit's answer."""
    return [one for one in _waiting(turn) if not is_at_desk(turn, one.triage, one.challenge)]


def is_at_desk(turn: Turn, triage: TriageRow | None, challenge: ChallengeRow | None) -> bool:
    """Whether it waits for the ILD: undecided, held until a day that has come, or asked about and answered, or not in
    time."""
    match triage.decision if triage else None:
        case None:
            return True
        case Decision.HOLD:
            return triage is not None and triage.hold_until is not None and triage.hold_until <= turn.today
        case Decision.CHALLENGE:
            return challenge is None or challenge.state != challenges.OPEN or challenge.due_at <= turn.now
        case _:
            return False


def _waiting(turn: Turn) -> list[Waiting]:
    schools = network_of_ild(turn.tx, turn.person.id, turn.today)
    rows = mandates.undecided(turn.tx, turn.person.id, since=turn.now - WAITS, today=turn.today)
    asked = challenges.by_id(turn.tx, {t.challenge_id for _d, _m, t in rows if t and t.challenge_id})
    found = []
    for demand, memo, triage in rows:
        mine = concerned(demand, schools)
        if mine:
            challenge = asked.get(triage.challenge_id or 0) if triage else None
            hint = _suggest(turn, demand, triage)
            found.append(Waiting(demand, memo, triage, tuple(mine), hint, challenge))
    return found


CARRIES = frozenset({Decision.PASS_ON, Decision.OFF_PLATE})
"""What was decided about an earlier version and can be suggested again without asking anything more."""


def _suggest(turn: Turn, demand: DemandRow, triage: TriageRow | None) -> Suggestion:
    hint = suggest(demand_of(demand), turn.today)
    before = decided_before(turn, demand) if triage is None else None
    if before is not None:
        said = f"Last time: {say_decision(before)}."
        decision = Decision(before.decision)
        return (
            Suggestion(decision, said)
            if decision in CARRIES
            else replace(hint, because=f"{said} {hint.because}")
        )
    was_held = triage is not None and triage.decision == Decision.HOLD and triage.hold_until is not None
    if was_held and hint.decision is Decision.HOLD and demand.binding == "should":
        return Suggestion(Decision.PASS_ON, "You held it until now, and it is still asked for.")
    return hint


def decided_before(turn: Turn, demand: DemandRow) -> TriageRow | None:
    """What this ILD decided about what the demand was in the memo that this one corrects, or in last time's."""
    row: DemandRow | None = demand
    seen: set[int] = set()
    while row is not None and row.was_id is not None and row.was_id not in seen:
        seen.add(row.was_id)
        before = mandates.triage_of(turn.tx, row.was_id, turn.person.id)
        if before is not None:
            return before
        found = mandates.find_demand(turn.tx, row.was_id)
        row = found[0] if found else None
    return None


def _with_twins(turn: Turn, waiting: list[Waiting]) -> list[Waiting]:
    """With the suggestion to merge what asks nearly the same as another office's demand that goes to the same schools.

    The other one waits before it, to be passed on; or has been passed on and not told yet.
    """
    passing = (
        [(d.id or 0, m.id or 0, d, frozenset(_ids(s))) for d, m, s in _passed_on(turn)] if waiting else []
    )
    result = []
    for one in waiting:
        schools = frozenset(_ids(one.schools))
        if one.suggestion.decision is Decision.PASS_ON and one.demand.for_school:
            others = {key: d.quote for key, memo, d, s in passing if memo != one.memo.id and schools <= s}
            twin = find_twin(one.demand.quote, others)
            if twin is not None:
                other = next(d for key, _memo, d, _s in passing if key == twin)
                because = f"It asks nearly the same as “{other.headline}”, which goes to the same schools."
                one = replace(one, suggestion=Suggestion(Decision.MERGE, because, into=twin))
            else:
                passing.append((one.id, one.memo.id or 0, one.demand, schools))
        result.append(one)
    return result


def _passed_on(turn: Turn) -> list[tuple[DemandRow, MandateRow, tuple[SchoolOf, ...]]]:
    """What she passed on for the digests to come, each with the schools of hers that have not been told of it."""
    rows = mandates.decided(turn.tx, since=turn.now - WAITS, week=turn.today, ild_ids=[turn.person.id])
    schools = network_of_ild(turn.tx, turn.person.id, turn.today)
    mine = [(d, m) for t, d, m in rows if t.decision == Decision.PASS_ON]
    told = digests.given(turn.tx, {d.id or 0 for d, _m in mine}, _ids(schools))
    found = []
    for demand, memo in mine:
        left = tuple(s for s in concerned(demand, schools) if (s.school.id, demand.id or 0) not in told)
        if left:
            found.append((demand, memo, left))
    return found


def merge_targets(turn: Turn, one: Waiting) -> list[tuple[DemandRow, MandateRow]]:
    """What a demand may be merged into: others for its schools that wait, or go out and are not told; likest first."""
    schools = set(_ids(one.schools))
    there = [(d, m) for d, m, s in _passed_on(turn) if schools & set(_ids(s))]
    there += [(w.demand, w.memo) for w in _waiting(turn) if schools & set(_ids(w.schools))]
    found = {d.id: (d, m) for d, m in there if d.id != one.id}
    return sorted(found.values(), key=lambda pair: -likeness(one.demand.quote, pair[0].quote))


def _ids(schools: Sequence[SchoolOf]) -> list[int]:
    return [one.school.id for one in schools]


def scope_of(action: Action) -> dict[str, int]:
    """The memo she is deciding about, as the arguments that keep her at it; empty at her desk."""
    return {"memo": action.number("memo")} if "memo" in action.args else {}


def mark_of(waiting: Sequence[Waiting]) -> str:
    """Eight letters that change when the list or a suggestion does."""
    shown = ";".join(f"{one.id}:{one.version}:{one.suggestion.decision}" for one in waiting)
    return hashlib.sha256(shown.encode()).hexdigest()[:8]


def load(turn: Turn, action: Action) -> Waiting:
    """The demand of a button, if it is for a school of this ILD's. Raises ``NotAllowedError`` otherwise."""
    return load_demand(turn, action.number("demand"))


def load_demand(turn: Turn, demand_id: int) -> Waiting:
    """The demand, if it is for a school of this ILD's. Raises ``NotAllowedError`` otherwise."""
    found = mandates.find_demand(turn.tx, demand_id)
    if found is None:
        raise UserError("That demand is not here any more. Write “triage” to see what waits.")
    demand, memo = found
    schools = concerned(demand, network_of_ild(turn.tx, turn.person.id, turn.today))
    subject = Subject(school=schools[0].school) if schools else Subject()
    require(turn.person, Right.TRIAGE, subject, object=f"demand:{demand.id}")
    triage = mandates.triage_of(turn.tx, demand.id or 0, turn.person.id)
    challenge = challenges.get(turn.tx, triage.challenge_id) if triage and triage.challenge_id else None
    return Waiting(demand, memo, triage, tuple(schools), _suggest(turn, demand, triage), challenge)


def check_open(turn: Turn, waiting: Waiting, action: Action | None = None) -> None:
    """Raise ``StaleError`` where the button is old or the schools have been told."""
    sent = digests.sent_of(turn.tx, waiting.id, turn.person.id)
    # What was told before it changed waits for her once more.
    if sent is not None and waiting.triage is not None:
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
    """Write the decision down. ``changes`` are further columns: wording, note, do_not_drop, taken_by, unit, week …"""
    own = own_before(turn, waiting)
    wording = (
        (waiting.triage.wording if waiting.triage else "")
        or (own.words if own is not None and not own.differences else "")
        or starting_wording(waiting)
    )
    kept = _kept(turn, waiting, decision)
    values: dict[str, Any] = {**UNDECIDED, "wording": wording, "decision": decision.value, **kept, **changes}
    if decision in OWN_TASKS:
        values["taken_by"] = turn.person.name
    elif decision is Decision.DECLINE:
        values["taken_by"] = f"Declined by {turn.person.name}"
    elif decision is not Decision.OFF_PLATE:
        values.setdefault("taken_by", "")
    if decision is Decision.HOLD:
        values["hold_until"] = values["hold_until"] or hold_day_of(waiting, turn.today)
    if decision is not Decision.PASS_ON:
        values |= {"do_not_drop": False, "week": None}
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
    if waiting.triage is None and decision in TAKEN:
        _take_back(turn, waiting, decision, str(values.get("taken_by", "")))
    detail = {name: values[name] for name in ("merged_into", "rule_id", "challenge_id") if values.get(name)}
    if values.get("week"):
        detail["week"] = values["week"].isoformat()
    audit_trail.write(
        turn,
        "triage.decided",
        f"demand:{waiting.id}",
        decision=decision.value,
        schools=len(waiting.schools),
        **detail,
    )


def _kept(turn: Turn, waiting: Waiting, decision: Decision) -> dict[str, Any]:
    """What goes along from an earlier version when she decides the same again: her line, who does it, the mark.

    Her wording goes along in ``decide``, where the gate lets it.
    """
    before = decided_before(turn, waiting.demand) if waiting.triage is None else None
    if before is None or before.decision != decision:
        return {}
    kept: dict[str, Any] = {"note": before.note, "do_not_drop": before.do_not_drop}
    return (
        {**kept, "taken_by": before.taken_by, "unit": before.unit} if decision is Decision.OFF_PLATE else kept
    )


def _take_back(turn: Turn, waiting: Waiting, decision: Decision, by: str) -> None:
    """What her schools were told before it changed is over for them when she takes the changed one off their plate."""
    if digests.sent_of(turn.tx, waiting.id, turn.person.id) is None:
        return
    who = f" by {by}" if by and decision is not Decision.DECLINE else ""
    demand_changes.withdraw(
        turn.tx,
        demand_id=waiting.id,
        words=f"{waiting.demand.headline}: taken off your plate{who}",
        at=turn.now,
        ild_id=turn.person.id,
    )


def hold_day_of(waiting: Waiting, today: date) -> date:
    """When a demand held today comes back, where she names no day."""
    demand = waiting.demand
    return hold_day(demand.due, today, is_running=demand.due is None and bool(demand.due_words))


def starting_wording(waiting: Waiting) -> str:
    return wording_for(waiting.demand, waiting.memo)


def own_before(turn: Turn, waiting: Waiting) -> OwnWording | None:
    """Her own words for what the demand was before, while she has not decided about it as it is now."""
    if waiting.triage is not None:
        return None
    return own_wording(turn.tx, decided_before(turn, waiting.demand), waiting.demand, waiting.memo)


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
