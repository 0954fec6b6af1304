"""Who has done it: one demand over the schools that it is for.

Its ILD sees school by school what became of it, as a table and a file; the office that asked sees numbers only, and
none while so few schools stand behind them that a number would name one.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Download, Table, Text
from handlers.csv_files import write_csv
from handlers.errors import UserError
from handlers.intake.mandate_cards import say_due
from handlers.networks import IldNetwork, all_networks, concerned
from handlers.permissions import Right, Subject, may, require
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.buffer.digest import TAKEN, Decision
from protocols.buffer.headlines import shorten
from protocols.buffer.searching import Found, rank, read_search
from protocols.cadence.moments import say_day
from protocols.insight.measures import FEWEST_ANSWERS
from storage import digests, mandates, memo_search, record
from storage.people import Role
from storage.tables import DemandRow, DigestItemRow, MandateRow, TriageRow

MOST_OTHERS = 3
STATES = {
    "done": "done",
    "delegated": "delegated",
    "asked": "asked",
    "challenged": "challenged",
    "open": "open",
    "told": "good to know",
    "taken": "off the plate",
    "waiting": "not passed on yet",
    "withdrawn": "withdrawn",
}
"""What may have become of a demand at a school, in the order in which it is told. ``asked``: the principal has asked
the ILD; ``challenged``: the ILD has asked the office."""
_WHO = re.compile(
    r"who (?:has |have )?(?:already )?(?:done|did|delegated) "
    r"(?!what\b)(?!.*\b(?:visit|walkthrough|most|fewest|more|fewer|inquir)\w*\b)(?P<what>.+?)\??",
    re.IGNORECASE,
)
FEW = f"Numbers come once {FEWEST_ANSWERS} schools are concerned."


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a demand at one school: ``day`` since when, ``detail`` to whom or by whom."""

    school: str
    state: str
    day: date | None = None
    detail: str = ""


def standings(turn: Turn, demand: DemandRow, networks: Sequence[IldNetwork]) -> list[Standing]:
    """What became of the demand at each school of these networks that it is for, by name."""
    key = demand.id or 0
    given = {digest.school_id: item for item, digest in memo_search.given_of(turn.tx, [key])}
    led = {
        one.principal.id: given[one.school.id]
        for network in networks
        for one in network.schools
        if one.principal is not None and one.school.id in given
    }
    found = []
    for network in networks:
        triage = memo_search.triage_by(turn.tx, [key], network.ild.id).get(key)
        for one in concerned(demand, network.schools):
            # A principal of two schools is told in one digest, which is kept under the first of them.
            item = given.get(one.school.id) or (led.get(one.principal.id) if one.principal else None)
            found.append(_standing(turn, one.school.name, item, triage))
    return sorted(found, key=lambda one: (list(STATES).index(one.state), one.school))


def _standing(turn: Turn, school: str, item: DigestItemRow | None, triage: TriageRow | None) -> Standing:
    if item is not None and item.section in (*digests.TO_DO, "merged"):
        day = item.changed_at.astimezone(turn.zone).date() if item.changed_at else None
        return Standing(school, item.state, day, item.delegated_to if item.state == "delegated" else "")
    if item is not None and item.section == "know":
        return Standing(school, "told")
    if triage is None or triage.decision in (Decision.HOLD, Decision.PASS_ON, Decision.MERGE):
        return Standing(school, "waiting")
    day = triage.decided_at.astimezone(turn.zone).date()
    if triage.decision == Decision.CHALLENGE:
        return Standing(school, "challenged", day)
    return Standing(school, "taken" if triage.decision in TAKEN else "waiting", day, triage.taken_by)


# ---------------------------------------------------------------- for the ILD


def _network(turn: Turn) -> list[IldNetwork]:
    """The schools of this person's whose state they may see one by one."""
    mine = all_networks(turn.tx, turn.today, ild_ids=[turn.person.id])
    return [
        IldNetwork(
            network.ild,
            tuple(
                one
                for one in network.schools
                if may(turn.person, Right.SEE_DIGEST_STATE, Subject(school=one.school))
            ),
        )
        for network in mine
    ]


def _by_school(turn: Turn, demand: DemandRow, memo: MandateRow) -> Card:
    found = standings(turn, demand, _network(turn))
    if not found:
        raise UserError("That is for no school of yours. Write “triage” to see what is.")
    rows = tuple(
        (one.school, STATES[one.state], say_day(one.day, turn.today) if one.day else "", one.detail)
        for one in found
    )
    due = say_due(demand, turn.today)
    said = f"{memo.unit}{f', {due}' if due else ''}. {_say(Counter(one.state for one in found), len(found))}"
    names = [one.school for one in found if one.state in ("open", "asked")]
    still = f" Open: {', '.join(names)}." if names and len(names) < len(found) else ""
    blocks: tuple[Block, ...] = (
        Text(said + still),
        Table(("School", "State", "Since", "By or to"), rows, caption="What became of it at each school"),
        Download("who-has-done-it.csv", "CSV", _csv(found)),
    )
    return Card(demand.headline, blocks)


def _say(counts: Counter[str], total: int) -> str:
    """ "Done 3 of 5, delegated 1, open 1." """
    parts = [
        f"{label} {counts[state]}" for state, label in STATES.items() if counts[state] and state != "done"
    ]
    return ", ".join([f"Done {counts['done']} of {total}", *parts]) + "."


def _csv(found: Sequence[Standing]) -> str:
    rows = ((one.school, STATES[one.state], one.day or "", one.detail) for one in found)
    return write_csv([("school", "state", "since", "by or to"), *rows])


# ---------------------------------------------------------------- for the office


def say_counts(turn: Turn, demand: DemandRow) -> str:
    """The same in numbers, over all schools; none where too few stand behind them."""
    found = standings(turn, demand, all_networks(turn.tx, turn.today))
    if len(found) < FEWEST_ANSWERS:
        return FEW
    return _say(Counter(one.state for one in found), len(found))


def _in_numbers(turn: Turn, demand: DemandRow, memo: MandateRow) -> Card:
    require(turn.person, Right.SEE_DONE_COUNTS, _owners(turn, memo), object=f"demand:{demand.id}")
    found = standings(turn, demand, all_networks(turn.tx, turn.today))
    if len(found) < FEWEST_ANSWERS:
        return Card(demand.headline, (Text(FEW),))
    counts = Counter(one.state for one in found)
    rows = tuple((label, str(counts[state])) for state, label in STATES.items() if counts[state])
    blocks: tuple[Block, ...] = (
        Text(_say(counts, len(found))),
        Table(("State", "Schools"), rows, caption="What became of it, in numbers"),
        Download("what-became-of-it.csv", "CSV", write_csv([("state", "schools"), *rows])),
    )
    return Card(demand.headline, blocks)


def _owners(turn: Turn, memo: MandateRow) -> Subject:
    owners = {memo.sender_id} | ({turn.person.id} if memo.unit == turn.person.unit else set())
    return Subject(owner_ids=frozenset(owners))


# ---------------------------------------------------------------- asking


def who_has_done(turn: Turn, words: str) -> Cards | None:
    """ "who has done the lead testing": of what may be seen, the demand that says it best, and the next ones.

    None where it is more likely the answer to what was asked last.
    """
    is_ild = may(turn.person, Right.SEE_DIGEST_STATE) and Role.ILD in turn.person.roles
    if not is_ild:
        require(turn.person, Right.SEE_DONE_COUNTS, object="demands")
    search = read_search(words, units=memo_search.units_of(turn.tx), today=turn.today)
    found = _candidates(turn, search.terms, search.unit)
    best = rank([_found(demand, memo) for demand, memo in found.values()], search.terms)
    awaited = record.expectation_of(turn.tx, turn.person.id)
    if awaited is not None and not (best and search.terms):
        return None
    if not best or not search.terms:
        raise UserError(
            f"Nothing that schools were asked has “{shorten(' '.join(words.split()), 60)}”. Write for example: "
            "who has done the lead testing."
        )
    demand, memo = found[best[0].key]
    card = _card(turn, demand, memo)
    others = tuple(
        Button(shorten(found[hit.key][0].headline, 60), act("done.show", demand=hit.key))
        for hit in best[1 : 1 + MOST_OTHERS]
    )
    return [Card(card.title, (*card.blocks, Text("Or:", quiet=True), Buttons(others)))] if others else [card]


def _found(demand: DemandRow, memo: MandateRow) -> Found:
    sentence = f"{demand.headline} {demand.quote}"
    key = demand.id or 0
    # A memo's title is all of its demands', so it says little about which of them is meant.
    return Found(key, demand.headline, memo.unit, memo.title, memo.memo_date, [(key, sentence)])


def _candidates(turn: Turn, terms: Sequence[str], unit: str) -> dict[int, tuple[DemandRow, MandateRow]]:
    """What asks something of schools: of this person's network, or of this person's own memos."""
    reach = memo_search.Reach(is_all=True)
    if Role.ILD not in turn.person.roles:
        reach = memo_search.Reach(sender_id=turn.person.id, unit=turn.person.unit or "")
    memos = {memo.id or 0: memo for memo in memo_search.candidates(turn.tx, reach, terms=terms, unit=unit)}
    network = _network(turn)
    return {
        demand.id or 0: (demand, memos[demand.mandate_id])
        for demand in mandates.demands_of_all(turn.tx, list(memos))
        if demand.for_school
        and (Role.ILD not in turn.person.roles or any(concerned(demand, one.schools) for one in network))
    }


def _card(turn: Turn, demand: DemandRow, memo: MandateRow) -> Card:
    if any(concerned(demand, network.schools) for network in _network(turn)):
        return _by_school(turn, demand, memo)
    return _in_numbers(turn, demand, memo)


def _show(turn: Turn, action: Action, _values: Values) -> Cards:
    found = mandates.find_demand(turn.tx, action.number("demand"))
    if found is None:
        raise UserError("That demand is not here any more. Write find and a few of its words.")
    return [_card(turn, *found)]


TOPIC = Topic(
    name="done",
    commands=(
        Command(
            re.compile(
                r"who (?:has |have )?(?:already )?(?:done|did|delegated) (?!what\b)(?P<what>.+?)\??", re.I
            ),
            lambda turn, match: who_has_done(turn, match["what"]),
            example="who has done the lead testing",
            what="School by school what became of one thing; an office sees numbers.",
            roles=frozenset({Role.ILD, Role.UNIT, Role.ADMINISTRATOR}),
        ),
    ),
    actions={"done.show": _show},
    in_place_alone=frozenset({"done.show"}),
)
