"""A theory of action as a card: its clauses, the figure of each now and over the last terms, what they say together."""

from handlers import audit_trail
from handlers.actions import act
from handlers.audit_trail import Shown
from handlers.cards import Block, Button, Buttons, Card, Chart, ChartKind, Emphasis, Item, Items, Series, Text
from handlers.centre import theory_figures
from handlers.centre.theory_scopes import may_keep, title_of
from handlers.turn import Turn
from protocols.cadence.moments import say_day
from protocols.centre.theory import (
    GAUGES,
    Clause,
    Line,
    Reading,
    Standing,
    Unit,
    judge,
    say_line,
    say_standing,
    say_value,
    say_whole,
    stand,
)
from storage import people
from storage.people import Role
from storage.theories import Revision

MOST_CHARTS = 2
FIGURES_FOR = frozenset({Role.EXECUTIVE, Role.ILD})
"""Who reads the district's theory with figures."""


def card_of(turn: Turn, revision: Revision, *, in_place: bool = False) -> Card:
    """The theory as it holds; with its figures for whoever may see them."""
    has_figures = _has_figures(turn, revision)
    found = theory_figures.readings(turn, revision.lines, ild_id=revision.ild_id) if has_figures else {}
    blocks: list[Block] = [
        Items(tuple(_item(clause, revision, found, has_figures=has_figures) for clause in Clause))
    ]
    if has_figures:
        audit_trail.looked(turn, Shown.THEORY)
        blocks.insert(0, Text(say_whole(_standings(revision, found))))
        blocks += _charts(revision, found)
        blocks.append(Text(_scope_note(turn, revision), quiet=True))
    blocks.append(Text(say_since(turn, revision), quiet=True))
    blocks.append(Buttons(_buttons(turn, revision)))
    return Card(title_of(turn, revision), tuple(blocks), in_place=in_place)


def _has_figures(turn: Turn, revision: Revision) -> bool:
    """A network's figures are its ILD's work: she alone reads them, so that her theory may fail."""
    if revision.ild_id is not None:
        return revision.ild_id == turn.person.id
    return bool(FIGURES_FOR & turn.person.roles)


def _item(
    clause: Clause, revision: Revision, found: dict[Line, tuple[Reading, ...]], *, has_figures: bool
) -> Item:
    lines = [line for line in revision.lines if line.clause is clause]
    said = [_say_figure(line, found[line]) if has_figures else f"{_upper(say_line(line))}." for line in lines]
    if not lines:
        said = ["Tied to no figure: nothing here could refute it."]
    return Item(revision.theory.words_of(clause), lead=_upper(clause.word), detail="\n".join(said))


def _say_figure(line: Line, found: tuple[Reading, ...]) -> str:
    """The line, what this term's figure says of it, and the terms before."""
    *before, now = found or (None,)
    said = f"{_upper(say_line(line))}. {say_standing(line, now)}"
    earlier = [
        f"{one.term} {say_value(line.gauge, one.value)}" for one in reversed(before) if one is not None
    ]
    return f"{said} Before: {', '.join(earlier)}." if earlier else said


def _standings(revision: Revision, found: dict[Line, tuple[Reading, ...]]) -> dict[Clause, Standing]:
    return {
        clause: stand([_judged(line, found[line]) for line in revision.lines if line.clause is clause])
        for clause in Clause
    }


def _charts(revision: Revision, found: dict[Line, tuple[Reading, ...]]) -> list[Chart]:
    """The figures over the terms, those that speak against the theory first; as many as one still looks at on a phone.

    The others stand in words beside their clause.
    """
    against = [line for line in revision.lines if _judged(line, found[line]) is Standing.AGAINST]
    others = [line for line in revision.lines if line not in against]
    drawn = [chart for line in (*against, *others) if (chart := _chart(line, found[line]))]
    return drawn[:MOST_CHARTS]


def _judged(line: Line, found: tuple[Reading, ...]) -> Standing:
    return judge(line, found[-1] if found else None)


def _chart(line: Line, found: tuple[Reading, ...]) -> Chart | None:
    """The figure over the terms with its line; none where fewer than two terms have one."""
    known = [one for one in found if one.value is not None]
    if len(known) < 2:
        return None
    rule = GAUGES[line.gauge]
    scale = 100 if rule.unit is Unit.SHARE else 1
    told = "; ".join(f"{one.term}: {say_value(line.gauge, one.value)}" for one in found)
    title = f"{_upper(line.clause.word)}: {rule.name}"
    return Chart(
        ChartKind.BARS,
        title,
        tuple(one.term for one in found),
        (
            Series(
                rule.name,
                tuple(None if one.value is None else round(one.value * scale, 1) for one in found),
            ),
        ),
        "%"
        if rule.unit is Unit.SHARE
        else {Unit.DAYS: "school days", Unit.POINTS: "of 4"}.get(rule.unit, "minutes"),
        f"{title}, line {line.way.words} {say_value(line.gauge, line.value)}. {told}.",
        goal=line.value * scale,
        goal_label=f"{line.way.words} {say_value(line.gauge, line.value)}",
    )


def _scope_note(turn: Turn, revision: Revision) -> str:
    counted = "; ".join(
        f"{GAUGES[gauge].name}: {GAUGES[gauge].what}"
        for gauge in dict.fromkeys(line.gauge for line in revision.lines)
    )
    where = "your network" if _is_cut(turn, revision) else "the district"
    figures = f"Counted over {where}. {_upper(counted)}." if counted else ""
    return f"{figures} Nothing here is about any one person.".strip()


def _is_cut(turn: Turn, revision: Revision) -> bool:
    """Whether the figures are those of the reader's own network."""
    return revision.ild_id is not None or Role.EXECUTIVE not in turn.person.roles


def say_since(turn: Turn, revision: Revision) -> str:
    author = people.get_people(turn.tx, {revision.written_by}, on=turn.today).get(revision.written_by)
    day = say_day(revision.written_at.astimezone(turn.zone).date(), turn.today)
    name = author.name if author else "somebody who has left"
    because = f": {revision.because}" if revision.because else ""
    return f"Revision {revision.number}, {day}, {name}{because}."


def _buttons(turn: Turn, revision: Revision) -> tuple[Button, ...]:
    scope = revision.scope
    buttons = [Button("Revisions", act("theory.revisions", scope=scope))]
    if may_keep(turn, scope):
        buttons = [
            Button("Tie to a figure", act("theory.tie_form", scope=scope), Emphasis.PRIMARY),
            Button("Revise", act("theory.form", scope=scope)),
            *buttons,
        ]
    return tuple(buttons)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
