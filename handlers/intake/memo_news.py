"""What is said of a memo that came in, to whoever sent it: what it asks, what it corrects, that it is known."""

from dataclasses import dataclass

from handlers.actions import act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Text
from handlers.intake.mandate_cards import PAGE, memo_card, original_button
from handlers.intake.memo_versions import Kin, corrected_opening, positions, question_blocks, repeated_opening
from handlers.intake.original_files import unread_parts
from handlers.permissions import Right, Subject, may
from handlers.turn import Turn
from protocols.buffer.headlines import first_thing
from protocols.buffer.versions import Verdict
from protocols.cadence.moments import say_day
from protocols.guided.steps import join_names
from storage import mandates, people, versions
from storage.people import Role
from storage.tables import DemandRow, MandateRow


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a text: its memo, everything that asks, whether it ``is_known`` from before, ILDs ``told`` of it.

    Of a corrected memo ``demands`` are what is new or changed. ``kin`` is the earlier memo that it is like.
    ``advice`` is what a unit's memo leaves open of what a principal needs to know.
    """

    memo: MandateRow
    demands: list[DemandRow]
    is_known: bool = False
    told: int = 0
    kin: Kin | None = None
    advice: tuple[str, ...] = ()


def opening_of(turn: Turn, taken: Taken) -> list[Block]:
    memo, demands = taken.memo, taken.demands
    # Where all of it stands on the card below, its most pressing sentence need not stand above it too.
    pressing = first_thing(memo.one_line) if len(demands) > PAGE else ""
    blocks: list[Block] = [Text(pressing, lead=say_count(demands)), *unread_parts(turn.tx, memo)]
    blocks.append(Text(f"{_say_origin(turn, memo)} {_route(turn, taken.told)}", quiet=True))
    if taken.kin is not None:
        match taken.kin.verdict:
            case Verdict.REPEATED:
                blocks += repeated_opening(turn, taken.kin)
            case Verdict.UNSURE:
                return [*question_blocks(turn, memo, dict(enumerate(demands)), taken.kin), *blocks]
    if taken.advice:
        blocks.append(
            Text(
                f"It does not say {join_names(list(taken.advice))}. “send a request” asks for each.",
                quiet=True,
            )
        )
    if Role.ILD in turn.person.roles:
        blocks.append(Buttons((Button("Decide now", act("triage.open"), Emphasis.PRIMARY),)))
    return blocks


def _say_origin(turn: Turn, memo: MandateRow) -> str:
    """ "Human Resources, Fri 20 Nov." and who wrote it, where somebody else sent it on."""
    said = f"{memo.unit}, {say_day(memo.memo_date, turn.today)}."
    if memo.forwarded_by is None:
        return said
    return f"{said} {people.get_person(turn.tx, memo.sender_id, on=turn.today).name} wrote it."


def corrected_card(turn: Turn, taken: Taken, kin: Kin) -> Card:
    memo = taken.memo
    buttons = [
        original_button(memo),
        Button("What it asks now", act("mandates.page", memo=memo.id or 0, start=0)),
    ]
    if Role.ILD in turn.person.roles:
        decide = Button("Decide now", act("triage.memo", memo=memo.id or 0), Emphasis.PRIMARY)
        buttons.insert(0, decide)
    parts = unread_parts(turn.tx, memo)
    blocks = corrected_opening(turn, memo, positions(taken.demands, kin), kin)
    return Card(memo.title, (*blocks, *parts, Buttons(tuple(buttons))))


def say_count(demands: list[DemandRow]) -> str:
    """ "It asks 3 things of schools; 2 more are only to know." """
    asked = sum(demand.for_school and demand.binding in ("must", "should") for demand in demands)
    told = len(demands) - asked
    things = "1 thing" if asked == 1 else f"{asked} things"
    if not asked:
        return "It asks nothing of schools."
    more = f"; {told} more {'is' if told == 1 else 'are'} only to know" if told else ""
    return f"It asks {things} of schools{more}."


def _route(turn: Turn, told: int) -> str:
    others = "Each ILD decides what reaches her schools; principals read it in Monday's digest."
    if told:
        who = "1 ILD gets a note" if told == 1 else f"{told} ILDs get a note"
        return f"{who} in working hours. {others}"
    return others


def known_card(turn: Turn, memo: MandateRow, *, is_nearly: bool = False) -> Card:
    sender = people.get_person(turn.tx, memo.sender_id, on=turn.today)
    who = "you" if sender.id == turn.person.id else sender.name
    when = say_day(memo.received_at.astimezone(turn.zone).date(), turn.today)
    lead = f"I have this one already: {who} sent it on {when}."
    if is_nearly:
        lead += " It asks the same; only what stands around it differs."
    if not may(turn.person, Right.SEE_MANDATE, Subject(owner_ids=mandates.owners_of(memo))):
        return Card(
            "",
            (
                Text(
                    f"{lead} It is on its way to the schools it concerns.",
                ),
            ),
        )
    demands = versions.standing(turn.tx, memo)
    opening = [Text(say_count(demands), lead=lead), *unread_parts(turn.tx, memo)]
    return memo_card(memo, demands, today=turn.today, opening=opening)
