"""Writing and revising a theory of action, and tying its clauses to figures. Each change is a revision with its reason.

A line that may be moved in silence refutes nothing: only the first tie of a clause needs no reason of its own.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Field, FieldKind, Option, Quote, Text
from handlers.centre.theory_cards import card_of
from handlers.centre.theory_scopes import keeping, own_scope
from handlers.errors import StaleError, UserError
from handlers.permissions import require
from handlers.turn import Cards, Turn, Values
from protocols.centre.theory import (
    GAUGES,
    Clause,
    Gauge,
    Line,
    Theory,
    TheoryFault,
    Way,
    make_line,
    make_theory,
    read_line,
    read_theory,
    say_line,
    with_line,
)
from storage import theories
from storage.theories import Revision

FIRST = ""
"""The reason of the first revision, which needs none."""
TIED = "tied to a figure"
MEANWHILE = (
    "It has been revised meanwhile; I have changed nothing. Look at it, and keep yours if it still holds."
)
LONGEST_REASON = 500
"""Letters."""
WRITE_FIRST = "There is none yet. Write: theory of action: if we …, then principals …, so that students …"


def write(turn: Turn, match: re.Match[str]) -> Cards:
    """The words of a theory: kept where there is none yet, else asked for the reason of the change."""
    scope = _own(turn)
    with _readable():
        theory_ = read_theory(match["words"])
    known = theories.current(turn.tx, scope)
    if known is None:
        return [_keep(turn, scope, theory_, (), FIRST, after=0)]
    return [_form(known, theory_, "")]


def revise(turn: Turn, match: re.Match[str]) -> Cards:
    known = _known(turn, _own(turn))
    because = " ".join((match["because"] or "").split()).strip(" …")
    return [_form(known, known.theory, because)]


def tie(turn: Turn, match: re.Match[str]) -> Cards:
    """``tie then to …``, ``untie then because …``."""
    known = _known(turn, _own(turn))
    clause = Clause(match["clause"].casefold().replace(" ", "_"))
    because = (match["because"] or "").strip()
    if match["un"]:
        return [_untie(turn, known, clause, because)]
    if not match["line"]:
        return [_tie_form(known, clause)]
    with _readable():
        line = read_line(clause, match["line"])
    return [_tie(turn, known, line, because)]


def _untie(turn: Turn, known: Revision, clause: Clause, because: str) -> Card:
    lines = tuple(line for line in known.lines if line.clause is not clause)
    if lines == known.lines:
        raise UserError(f"“{clause.word}” is tied to no figure.")
    reason = _reason(because, f"Say why, so that it can be read later: untie {clause.word} because …")
    return _keep(turn, known.scope, known.theory, lines, reason, after=known.number)


def _tie(turn: Turn, known: Revision, line: Line, because: str) -> Card:
    with _readable():
        lines = with_line(known.lines, line)
    if lines == known.lines:
        raise UserError("It is tied to that already. I have changed nothing.")
    is_moved = any((one.clause, one.gauge) == (line.clause, line.gauge) for one in known.lines)
    reason = because or ("" if is_moved else TIED)
    said = "There is a line for that figure already. Say why it moves: add “because …” and the reason."
    return _keep(turn, known.scope, known.theory, lines, _reason(reason, said), after=known.number)


def _keep(
    turn: Turn, scope: str, theory_: Theory, lines: tuple[Line, ...], because: str, *, after: int
) -> Card:
    """Add a revision after that number; the card of the theory as it holds now. Raises ``StaleError``."""
    require(turn.person, *keeping(scope), object=f"theory:{scope}")
    revision = Revision(
        scope=scope,
        number=after + 1,
        theory=theory_,
        lines=lines,
        because=because,
        written_by=turn.person.id,
        written_at=turn.now,
    )
    if not theories.add(turn.tx, revision):
        newest = theories.current(turn.tx, scope)
        raise StaleError(MEANWHILE, card=_form(newest, theory_, because, is_late=True) if newest else None)
    audit_trail.write(turn, "theory.revised", f"theory:{scope}", number=revision.number)
    return card_of(turn, revision)


# ---------------------------------------------------------------- forms


def press_form(turn: Turn, action: Action, _values: Values) -> Cards:
    """The three clauses and the reason, to fill in."""
    scope = _of_button(turn, action)
    known = theories.current(turn.tx, scope)
    return [_form(known, known.theory, "") if known else _first_form(scope)]


def press_keep(turn: Turn, action: Action, values: Values) -> Cards:
    scope, number = _of_button(turn, action), action.number("n")
    with _readable():
        written = make_theory(values.get("if_", ""), values.get("then", ""), values.get("so_that", ""))
    known = theories.current(turn.tx, scope)
    if known is None:
        return [_keep(turn, scope, written, (), FIRST, after=0)]
    if written == known.theory:
        raise UserError("The words are the same as those that hold. I have changed nothing.")
    because = values.get("because", "")
    if known.number != number:
        return [_form(known, written, because, is_late=True)]
    reason = _reason(because, "Say why it changes. Who reads the revisions later learns from the reason.")
    return [_keep(turn, scope, written, known.lines, reason, after=number)]


def _form(known: Revision, theory_: Theory, because: str, *, is_late: bool = False) -> Card:
    """``is_late``: the theory has changed under the form, which holds on to what was typed."""
    fields = _clause_fields(theory_)
    hint = "What have you seen that changes it?"
    fields.append(Field("because", "Because …", FieldKind.LONG, because, required=True, hint=hint))
    if is_late:
        tied = "; ".join(f"{line.clause.word}: {say_line(line)}" for line in known.lines) or "no figure"
        now = f"If {known.theory.if_}, then {known.theory.then}, so that {known.theory.so_that}. Tied to {tied}."
        fields = [Text(MEANWHILE, is_fault=True), Quote(now, f"Revision {known.number}"), *fields]
    keep = Button("Keep it", act("theory.keep", scope=known.scope, n=known.number), Emphasis.PRIMARY)
    return Card("Revise the theory of action", (*fields, Buttons((keep,))))


def _first_form(scope: str) -> Card:
    keep = Button("Keep it", act("theory.keep", scope=scope, n=0), Emphasis.PRIMARY)
    return Card("A theory of action", (*_clause_fields(Theory("", "", "")), Buttons((keep,))))


def _clause_fields(theory_: Theory) -> list[Block]:
    return [
        Field("if_", "If we …", FieldKind.LONG, theory_.if_, required=True, hint="What the centre does"),
        Field(
            "then", "then …", FieldKind.LONG, theory_.then, required=True, hint="What principals can do then"
        ),
        Field(
            "so_that", "so that …", FieldKind.LONG, theory_.so_that, required=True, hint="What students reach"
        ),
    ]


def press_tie_form(turn: Turn, action: Action, _values: Values) -> Cards:
    return [_tie_form(_known(turn, _of_button(turn, action)), None)]


def _tie_form(known: Revision, clause: Clause | None) -> Card:
    tied = {line.clause for line in known.lines}
    chosen = clause or next((one for one in Clause if one not in tied), Clause.IF)
    clauses = tuple(Option(one.value, f"{one.word}: {known.theory.words_of(one)}"[:70]) for one in Clause)
    gauges = tuple(Option(gauge.value, _upper(rule.name)) for gauge, rule in GAUGES.items())
    ways = tuple(Option(way.value, way.words) for way in Way)
    return Card(
        "What would refute it?",
        (
            Text("A part of the theory, a figure, and the line it has to keep to."),
            Field("clause", "Part", FieldKind.CHOICE, chosen.value, clauses, required=True),
            Field("gauge", "Figure", FieldKind.CHOICE, "", gauges, required=True),
            Field("way", "Line", FieldKind.CHOICE, Way.AT_LEAST.value, ways, required=True),
            Field("value", "How much", hint="For example 80 % or 10 school days", required=True),
            Field("because", "Because …", hint="Needed where you move a line that is there"),
            Buttons((Button("Tie", act("theory.tie", scope=known.scope), Emphasis.PRIMARY),)),
        ),
    )


def press_tie(turn: Turn, action: Action, values: Values) -> Cards:
    known = _known(turn, _of_button(turn, action))
    try:
        clause, way = Clause(values.get("clause", "")), Way(values.get("way", ""))
        gauge = Gauge(values.get("gauge", ""))
    except ValueError:
        raise UserError("Choose a figure from the list.", field="gauge") from None
    try:
        line = make_line(clause, gauge, way, values.get("value", ""))
    except TheoryFault as fault:
        raise UserError(str(fault), field="value") from None
    return [_tie(turn, known, line, values.get("because", "").strip())]


# ---------------------------------------------------------------- what is there


def _own(turn: Turn) -> str:
    """The scope this person writes for. Raises ``NotAllowedError``."""
    scope = own_scope(turn) or theories.DISTRICT
    require(turn.person, *keeping(scope), object=f"theory:{scope}")
    return scope


def _of_button(turn: Turn, action: Action) -> str:
    """The scope of a button, where this person may change its theory. Raises ``NotAllowedError``."""
    scope = action.args.get("scope", "")
    require(turn.person, *keeping(scope), object=f"theory:{scope}")
    return scope


def _known(turn: Turn, scope: str) -> Revision:
    found = theories.current(turn.tx, scope)
    if found is None:
        raise UserError(WRITE_FIRST)
    return found


def _reason(words: str, otherwise: str) -> str:
    plain = " ".join(words.split()).strip(" …")
    if not plain:
        raise UserError(otherwise, field="because")
    if len(plain) > LONGEST_REASON:
        raise UserError(f"The reason has {len(plain)} letters; {LONGEST_REASON} at most.", field="because")
    return plain


@contextmanager
def _readable() -> Iterator[None]:
    """What cannot be read is said to the person."""
    try:
        yield
    except TheoryFault as fault:
        raise UserError(str(fault)) from None


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
