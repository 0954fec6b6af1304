"""Rules that an ILD makes in words, and what they did: decided in her name for her own schools, said, and undoable.

A rule acts when a memo comes in. What it decided is one line in the week's overview; each act can be undone, and the
demand is then back on her desk.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Item, Items, Text, plain
from handlers.deciding.triage_state import DECIDED, Waiting, check_open, decide, load, load_demand, queue_of
from handlers.errors import UserError
from handlers.networks import all_networks, concerned
from handlers.permissions import Right, Subject, require
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.buffer.demands import Binding
from protocols.buffer.digest import Decision
from protocols.buffer.rules import BufferRule, RuleFault, choose, fits, may_decide, read_rule, say_rule
from protocols.cadence.moments import say_day
from storage import deciding, record
from storage.mandates import demand_of
from storage.people import Person, Role
from storage.tables import BufferRuleRow, DemandRow, MandateRow

OVERVIEW = timedelta(days=7)
MOST_LISTED = 10
MOST_RULES = 40


def rule_of(row: BufferRuleRow) -> BufferRule:
    return BufferRule(
        topic=row.topic,
        decision=Decision(row.decision),
        unit=row.unit,
        audience=tuple(row.audience),
        binding=Binding(row.binding) if row.binding else None,
        taken_by=row.taken_by,
    )


# ---------------------------------------------------------------- making and ending


def make(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "enrolment forms: always to my clerk". None where the words are no rule, or somebody's awaited answer."""
    if record.expectation_of(turn.tx, turn.person.id) is not None:
        return None
    try:
        rule = read_rule(match["sentence"])
    except RuleFault as fault:
        raise UserError(str(fault)) from None
    if rule is None:
        return None
    require(turn.person, Right.TRIAGE, object="buffer_rule")
    known = deciding.rules_of(turn.tx, [turn.person.id])
    if len(known) >= MOST_RULES:
        raise UserError(f"You have {MOST_RULES} rules. End some first: write “my rules”.")
    if any(rule_of(row) == rule for row in known):
        raise UserError("You have that rule already. Write “my rules” to see it.")
    row = BufferRuleRow(
        ild_id=turn.person.id,
        sentence=" ".join(match["sentence"].split()),
        topic=rule.topic,
        unit=rule.unit,
        audience=list(rule.audience),
        binding=rule.binding.value if rule.binding else "",
        decision=rule.decision.value,
        taken_by=rule.taken_by,
        made_at=turn.now,
    )
    rule_id = deciding.add_rule(turn.tx, row)
    audit_trail.write(turn, "buffer_rule.made", f"buffer_rule:{rule_id}", decision=rule.decision.value)
    blocks: list[Block] = [
        Text(f"{say_rule(rule)}. For your schools, whenever a memo comes in.", lead="A rule from now on."),
        Text("Each time it acts, the week's overview says so, and you can undo it.", quiet=True),
    ]
    if rule.decision is Decision.OFF_PLATE and not rule.taken_by:
        text = "What is required by a deadline stays on your desk: the rule does not say who does it instead."
        blocks.append(Text(text))
    buttons = [Button("End this rule", act("rules.end", rule=rule_id))]
    if waiting := _fitting(turn, rule):
        count = "1 demand that waits" if len(waiting) == 1 else f"{len(waiting)} demands that wait"
        blocks.append(Text(f"It fits {count} now."))
        label = "Decide it so" if len(waiting) == 1 else f"Decide all {len(waiting)} so"
        buttons.insert(0, Button(label, act("rules.apply", rule=rule_id), Emphasis.PRIMARY))
    return [Card("", (*blocks, Buttons(tuple(buttons))))]


def _fitting(turn: Turn, rule: BufferRule) -> list[Waiting]:
    """What waits on her desk that the rule fits and may decide."""
    found = []
    for one in queue_of(turn):
        demand = demand_of(one.demand)
        if fits(rule, demand, unit=one.memo.unit, title=one.memo.title) and may_decide(rule, demand):
            found.append(one)
    return found


def _own(turn: Turn, rule_id: int) -> BufferRuleRow:
    row = deciding.get_rule(turn.tx, rule_id)
    if row is None:
        raise UserError("That rule is not here any more. Write “my rules” to see yours.")
    require(
        turn.person,
        Right.KEEP_RULE,
        Subject(owner_ids=frozenset({row.ild_id})),
        object=f"buffer_rule:{rule_id}",
    )
    return row


def _end(turn: Turn, row: BufferRuleRow) -> Cards:
    if not deciding.end_rule(turn.tx, row.id or 0, at=turn.now):
        raise UserError("That rule has ended already.")
    audit_trail.write(turn, "buffer_rule.ended", f"buffer_rule:{row.id}")
    return [plain(f"Ended: {say_rule(rule_of(row))}. What it decided stands; you can change each.")]


def end_pressed(turn: Turn, action: Action, _values: Values) -> Cards:
    return _end(turn, _own(turn, action.number("rule")))


def end_words(turn: Turn, match: re.Match[str]) -> Cards:
    """ "end rule 2": the second of "my rules"."""
    rules = deciding.rules_of(turn.tx, [turn.person.id])
    number = int(match["number"])
    if not 1 <= number <= len(rules):
        raise UserError(f"You have {len(rules) or 'no'} rules. Write “my rules” to see them.")
    return _end(turn, rules[number - 1])


def my_rules(turn: Turn, _match: re.Match[str] | None = None) -> Cards:
    """Her rules, each with what it decided in the past week."""
    rules = deciding.rules_of(turn.tx, [turn.person.id])
    acted = _acted(turn)
    counts = Counter(row.id for _t, _d, _m, row in acted)
    if not rules and not acted:
        example = "enrolment forms: always to my clerk"
        return [plain(f"You have no rules. Write one in words, such as: {example}.")]
    items = tuple(
        Item(
            f"Since {say_day(row.made_at.astimezone(turn.zone).date(), turn.today)}. {_say_count(counts[row.id])}",
            lead=say_rule(rule_of(row)),
            buttons=(Button("End", act("rules.end", rule=row.id or 0)),),
        )
        for row in rules
    )
    blocks: list[Block] = [Items(items, numbered=True)] if items else [Text("You have no rules in force.")]
    if acted:
        blocks.append(Buttons((Button("What they decided", act("rules.acted")),)))
    return [Card("Your rules", tuple(blocks))]


def _say_count(count: int) -> str:
    return f"It decided {count} in the past week." if count else "It decided nothing in the past week."


# ---------------------------------------------------------------- acting


def apply_to_memo(turn: Turn, memo: MandateRow, demands: Sequence[DemandRow]) -> dict[int, set[int]]:
    """Let every ILD's rules decide about a new memo, each for her own schools; ILD -> the demands decided so."""
    networks = {network.ild.id: network for network in all_networks(turn.tx, turn.today)}
    made: dict[int, list[BufferRuleRow]] = {}
    for row in deciding.rules_of(turn.tx, networks):
        made.setdefault(row.ild_id, []).append(row)
    decided: dict[int, set[int]] = {}
    for ild_id, rows in made.items():
        own = replace(turn, person=networks[ild_id].ild)
        for demand in demands:
            if not concerned(demand, networks[ild_id].schools):
                continue
            found = choose(
                [rule_of(row) for row in rows], demand_of(demand), unit=memo.unit, title=memo.title
            )
            if found is not None:
                _act(own, load_demand(own, demand.id or 0), rows[found])
                decided.setdefault(ild_id, set()).add(demand.id or 0)
    return decided


def _act(turn: Turn, one: Waiting, row: BufferRuleRow) -> None:
    decide(turn, one, Decision(row.decision), rule_id=row.id, taken_by=taker(row.taken_by, turn.person))


def taker(words: str, ild: Person) -> str:
    """Who does it, as a principal reads it: "my clerk" is the ILD's."""
    return re.sub(r"(?i)^my\s+", f"{ild.name}'s ", words)


def apply_pressed(turn: Turn, action: Action, _values: Values) -> Cards:
    row = _own(turn, action.number("rule"))
    if row.ended_at is not None:
        raise UserError("That rule has ended. Write it again to use it.")
    waiting = _fitting(turn, rule_of(row))
    if not waiting:
        raise UserError("Nothing on your desk fits it any more. Write “triage” to see what waits.")
    for one in waiting:
        _act(turn, one, row)
    return [acted_card(turn, opening=f"Decided by your rule: {len(waiting)}.")]


# ---------------------------------------------------------------- saying what they did


def _acted(turn: Turn) -> list[tuple[DemandRow, MandateRow, int, BufferRuleRow]]:
    rows = deciding.decided_by_rules(turn.tx, turn.person.id, since=turn.now - OVERVIEW)
    return [(demand, memo, triage.version, row) for triage, demand, memo, row in rows]


def say_acted(turn: Turn) -> str:
    """ "Your rules decided 3 this week: Enrolment forms: to my clerk (2); …"; empty where none acted."""
    acted = _acted(turn)
    if not acted:
        return ""
    counts = Counter(say_rule(rule_of(row)) for _d, _m, _v, row in acted)
    named = "; ".join(f"{words} ({count})" for words, count in counts.most_common(3))
    more = f"; {len(counts) - 3} more" if len(counts) > 3 else ""
    return f"Your rules decided {len(acted)} in the past week: {named}{more}."


def acted_card(turn: Turn, *, opening: str = "") -> Card:
    """Each demand that a rule of hers decided, with the way back."""
    acted = _acted(turn)
    items = tuple(
        Item(
            f"{DECIDED[Decision(row.decision)]} by “{row.sentence}”.",
            lead=demand.headline,
            detail=f"{memo.unit}: {memo.title}",
            buttons=(Button("Undo", act("rules.undo", demand=demand.id or 0, v=version)),),
        )
        for demand, memo, version, row in reversed(acted[-MOST_LISTED:])
    )
    blocks: list[Block] = [Text(opening)] if opening else []
    blocks += [Items(items)] if items else [Text("No rule of yours decided anything in the past week.")]
    if len(acted) > MOST_LISTED:
        blocks.append(Text(f"The last {MOST_LISTED} of {len(acted)}.", quiet=True))
    return Card("What your rules decided", tuple(blocks))


def undo(turn: Turn, action: Action, _values: Values) -> Cards:
    """Back on her desk, as if the rule had not been."""
    one = load(turn, action)
    check_open(turn, one, action)
    if one.triage is None or one.triage.rule_id is None:
        raise UserError("No rule has decided that. Write “triage” to see what waits.")
    decide(turn, one, Decision.HOLD, hold_until=turn.today)
    audit_trail.write(turn, "buffer_rule.undone", f"demand:{one.id}")
    again = act("triage.reopen", demand=one.id, v=one.version + 1)
    return [
        Card(
            "",
            (
                Text(f"Back on your desk: {one.demand.headline}"),
                Buttons((Button("Decide", again, Emphasis.PRIMARY),)),
            ),
        )
    ]


ILDS = frozenset({Role.ILD})

TOPIC = Topic(
    name="rules",
    commands=(
        Command(
            re.compile(r"(?:show |what are )?(?:my )?rules\??", re.IGNORECASE),
            my_rules,
            example="my rules",
            what="The rules you made for your desk, and what each decided.",
            roles=ILDS,
        ),
        Command(
            re.compile(
                r"(?P<sentence>(?:i )?always .+|[^:;\n]{2,80}?\s*[:,;–—-]\s*always .+)", re.IGNORECASE
            ),
            make,
            example="enrolment forms: always to my clerk",
            what="A rule in your words; it decides for your schools, says so, and can be undone.",
            roles=ILDS,
        ),
        Command(
            re.compile(r"(?:end|stop|drop) rule (?P<number>\d{1,3})", re.IGNORECASE),
            end_words,
            example="end rule 2",
            what="End a rule; what it decided stands.",
            roles=ILDS,
        ),
    ),
    actions={
        "rules.end": end_pressed,
        "rules.apply": apply_pressed,
        "rules.acted": lambda turn, _action, _values: [acted_card(turn)],
        "rules.undo": undo,
        "rules.mine": lambda turn, _action, _values: my_rules(turn),
    },
    in_place=frozenset({"rules.apply"}),
    in_place_alone=frozenset({"rules.end", "rules.undo"}),
)
