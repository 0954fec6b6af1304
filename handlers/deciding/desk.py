"""One demand on the ILD's desk: the facts, its sentence, what the unit answered, a suggestion and why, ways to decide.

The usual three stand first, the suggested one before the others; every other way is one press further, so that the
desk stays calm on a telephone.
"""

from handlers.actions import act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Item, Items, Quote, Text
from handlers.deciding import focus_ties
from handlers.deciding.areas import areas_touched
from handlers.deciding.plain_lines import suggested_line
from handlers.deciding.triage_state import Waiting, mark_of, next_week, own_before
from handlers.deciding.wordings import own_wording_blocks
from handlers.digest.digest_building import early_ahead, was_on_plate
from handlers.intake import drop_quota
from handlers.intake.mandate_cards import original_button, say_short
from handlers.networks import network_of_ild
from handlers.turn import Turn
from protocols.buffer.digest import Decision
from protocols.buffer.headlines import end_sentence
from protocols.buffer.principals_decide import say_area
from protocols.cadence.moments import say_day
from storage import challenges, deciding, versions

LABELS = {
    Decision.PASS_ON: "Pass on",
    Decision.OFF_PLATE: "Take off the plate",
    Decision.HOLD: "Hold",
    Decision.MERGE: "Merge them",
}
USUAL = (Decision.PASS_ON, Decision.OFF_PLATE, Decision.HOLD)
MOST_SCHOOLS = 3
"""Schools named one by one; more are counted."""


def desk_card(
    turn: Turn,
    one: Waiting,
    mine: list[Waiting],
    before: tuple[Block, ...] = (),
    only_memo: int | None = None,
) -> Card:
    """``mine`` are those that wait with it: at her desk, or of the memo that she is deciding about."""
    where = where_of(one, only_memo)
    reason = f"{one.suggestion.because}{_too_late_for_monday(turn, one)}"
    blocks: list[Block] = [
        *before,
        *_why_back(turn, one),
        *own_wording_blocks(own_before(turn, one)),
        Text(_say_schools(turn, one), lead=say_short(one.demand, turn.today)),
        Quote(one.demand.quote, source=f"{one.memo.unit}: {one.memo.title}"),
        *drop_quota.wish_about(turn, one.demand),
        *answers_about(turn, one),
        *(Text(say_area(area), quiet=True) for area in areas_touched(turn.tx, one.demand)),
        Text(reason, lead=f"I would {_infinitive(one.suggestion.decision)}."),
        *suggested_line(turn, one, where),
        Buttons((*_decisions(one, where), Button("Other ways", act("triage.ways", **where)))),
        Buttons(_details(one, where)),
    ]
    if len(mine) > 1:
        scope = {} if only_memo is None else {"memo": only_memo}
        which = "after this one" if only_memo is None else "of this memo"
        take_all = act("triage.all", of=mark_of(mine), **scope)
        blocks.append(Text(f"{len(mine) - 1} more {which}.", quiet=True))
        blocks.append(Buttons((Button(f"Take all {len(mine)} suggestions", take_all),)))
    return Card("", tuple(blocks))


def where_of(one: Waiting, only_memo: int | None) -> dict[str, int]:
    """The arguments of every button about the demand, which keep her at the memo she is deciding about."""
    where = {"demand": one.id, "v": one.version}
    return where if only_memo is None else {**where, "memo": only_memo}


def _decisions(one: Waiting, where: dict[str, int]) -> tuple[Button, ...]:
    """The suggested one first and standing out."""
    wanted = one.suggestion.decision
    order = (wanted, *(decision for decision in USUAL if decision is not wanted))
    into = {"into": one.suggestion.into} if one.suggestion.into is not None else {}
    return tuple(
        Button(
            LABELS[decision],
            act("triage.decide", **where, to=decision.value, **(into if decision is Decision.MERGE else {})),
            Emphasis.PRIMARY if decision is wanted else Emphasis.NORMAL,
        )
        for decision in order
    )


def _details(one: Waiting, where: dict[str, int]) -> tuple[Button, ...]:
    return (
        Button("Edit wording", act("triage.edit", **where)),
        Button("Add my line", act("triage.note", **where)),
        Button("Do not drop", act("triage.mark", **where)),
        original_button(one.memo, one.demand),
    )


def _infinitive(decision: Decision) -> str:
    return {
        Decision.PASS_ON: "pass it on",
        Decision.OFF_PLATE: "take it off the plate",
        Decision.HOLD: "hold it",
        Decision.MERGE: "merge them",
    }[decision]


def _say_schools(turn: Turn, one: Waiting) -> str:
    names = [school.school.name for school in one.schools]
    if len(names) > MOST_SCHOOLS:
        is_all = len(names) == len(network_of_ild(turn.tx, turn.person.id, turn.today))
        return f"All {len(names)} of your schools." if is_all else f"{len(names)} of your schools."
    return f"Of yours: {', '.join(names)}."


def _too_late_for_monday(turn: Turn, one: Waiting) -> str:
    """A day that comes before the next digest must not wait for it in silence."""
    monday = next_week(turn)
    due = one.demand.due
    if due is None or not turn.today <= due < monday or not one.demand.for_school:
        return ""
    early = early_ahead(turn.local, turn.district.calendar)
    if early is not None and due >= early:
        return f" It goes out early, on {say_day(early, turn.today)}, for its day is in the break."
    return f" Its day comes before Monday's digest ({say_day(monday, turn.today)}), so tell them yourself."


def _why_back(turn: Turn, one: Waiting) -> list[Block]:
    """Why something that was decided once waits again."""
    if one.triage is None:
        change = versions.change_of(turn.tx, one.id)
        return [Text(end_sentence(change.words), lead="Changed:")] if change is not None else []
    match one.triage.decision:
        case Decision.HOLD if one.triage.hold_until is not None and one.triage.hold_until <= turn.today:
            return [
                Text(f"Held until {say_day(one.triage.hold_until, turn.today)}, so it is back.", quiet=True)
            ]
        case Decision.CHALLENGE if one.challenge is not None and one.challenge.state == challenges.OPEN:
            if one.challenge.due_at <= turn.now:
                words = f"{one.challenge.unit} has not answered in time. Decide without, or wait on."
                return [Text(words, quiet=True)]
    return []


def answers_about(turn: Turn, one: Waiting) -> list[Block]:
    """What was asked about the demand and answered, by whichever ILD; and what she waits for."""
    blocks: list[Block] = []
    for row in challenges.of_demand(turn.tx, one.id)[-3:]:
        if row.state != challenges.OPEN:
            blocks += [
                Text(f"{row.unit} was asked: “{row.question}”", quiet=True),
                Quote(row.answer, source=f"{row.unit} answers"),
            ]
        elif turn.person.id in challenges.waiters(turn.tx, row.id or 0):
            due = say_day(row.due_at.astimezone(turn.zone).date(), turn.today)
            words = f"You asked {row.unit}: “{row.question}” An answer is due by {due}."
            blocks.append(Text(words, quiet=True))
    return blocks


# ---------------------------------------------------------------- the other ways


def ways_card(turn: Turn, one: Waiting, only_memo: int | None) -> Card:
    """Everything else that can be done with a demand, each with what it means."""
    where = where_of(one, only_memo)

    def way(label: str, name: str, text: str, **more: str) -> Item:
        return Item(text, buttons=(Button(label, act(name, **where, **more)),))

    unit = one.memo.unit
    ways = [
        way(
            "I'll do it",
            "triage.decide",
            "It goes on your own list, and off their plate.",
            to=Decision.SELF.value,
        ),
        way("Somebody else does it", "triage.taker", "Answered centrally, by a unit, or by whom you name."),
        way(
            "Stand in",
            "triage.stand_in",
            "You do what a unit should have done; it counts in that unit's weekly note.",
        ),
        way("Hold until a day", "triage.hold", "It comes back to your desk by itself."),
        way(
            "Merge",
            "triage.merge",
            "Two requests become one item, with both sources and the earlier deadline.",
        ),
        way("Ask first", "challenge.form", f"A question to {unit}. It waits here until they answer."),
        way("Decline", "triage.decline", f"Nobody does it, for a reason that {unit} reads with your name."),
    ]
    if not was_on_plate(one.demand):
        ways = [one_way for one_way in ways if one_way.buttons[0].label not in ("Stand in", "Decline")]
    blocks: list[Block] = [
        Text("", lead=one.demand.headline),
        Items(tuple(ways)),
        *focus_ties.blocks_for(turn, one, where),
        Buttons((Button("Back", act("triage.back", **where)),)),
    ]
    merged = deciding.merged_into(turn.tx, one.id, turn.person.id)
    if merged:
        names = "; ".join(f"“{demand.headline}”" for demand in merged)
        blocks.insert(1, Text(f"Merged into it: {names}.", quiet=True))
    return Card("", tuple(blocks))
