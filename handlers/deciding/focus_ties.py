"""A demand tied to each school's own focus: the ILD says whether it helps or competes, and how to make it serve.

The focus is the school's agreed one, else the problem of practice or aim of its inquiry that is open, as far as the
ILD may see it. A tie holds for the principal whose focus it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Field, FieldKind, Option, Text
from handlers.deciding.triage_state import Waiting, load, scope_of
from handlers.digest.digest_besides import is_current, say_focus_of
from handlers.errors import UserError
from handlers.free_words import read_words
from handlers.memory.thread_state import focus_of
from handlers.networks import SchoolOf
from handlers.permissions import Right, Subject, may
from handlers.turn import Cards, Turn, Values
from protocols.buffer.focus import Fit, say_focus, suggest_focus
from protocols.buffer.headlines import shorten
from storage import deciding
from storage.tables import FocusTieRow

SAID = {Fit.HELPS: "It helps", Fit.COMPETES: "It competes", Fit.NEUTRAL: "Neither: it is neutral"}
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class School:
    """A school with the focus it has now, and how the demand is tied to it."""

    of: SchoolOf
    focus: str
    tie: FocusTieRow | None

    @property
    def name(self) -> str:
        return self.of.school.name


def schools_with_focus(turn: Turn, one: Waiting) -> list[School]:
    """Those of the demand's schools that have a focus which this ILD may see."""
    ties = deciding.ties_of(turn.tx, [one.id], [s.school.id for s in one.schools])
    found = []
    for school in one.schools:
        if not may(turn.person, Right.SEE_RUN, Subject(school=school.school)):
            continue
        if focus := focus_of(turn, school.school):
            tie = ties.get((one.id, school.school.id))
            found.append(
                School(school, focus, tie if tie and is_current(tie, school.school.principal_id) else None)
            )
    return found


def blocks_for(turn: Turn, one: Waiting, where: Mapping[str, int]) -> list[Block]:
    """How the demand stands to the focus of its schools, and the way to say so."""
    schools = schools_with_focus(turn, one)
    if not schools:
        return []
    blocks: list[Block] = []
    for school in schools[:MOST_SHOWN]:
        if school.tie is not None:
            said = say_focus_of(school.tie, school.of.school.principal_id) or "Neutral to its focus."
            blocks.append(Text(said, lead=f"{school.name}:"))
        elif hint := suggest_focus(school.focus, one.demand.quote):
            focus = shorten(school.focus, 80)
            text = f"It may help the focus “{focus}”. {hint.because}"
            blocks.append(Text(text, lead=f"{school.name}:"))
    if not blocks:
        names = "its school has" if len(schools) == 1 else f"{len(schools)} of its schools have"
        blocks.append(Text(f"Tie it to a focus: {names} one.", quiet=True))
    return [*blocks, Buttons((Button("Tie to the focus", act("triage.focus", **where)),))]


def open_form(turn: Turn, action: Action, _values: Values) -> Cards:
    one = load(turn, action)
    schools = schools_with_focus(turn, one)
    if not schools:
        raise UserError(
            "None of its schools has a focus yet. A principal proposes one, or an inquiry names it."
        )
    hinted = [s for s in schools if suggest_focus(s.focus, one.demand.quote)]
    chosen = hinted or schools
    tie = next((s.tie for s in schools if s.tie), None)
    blocks: list[Block] = [
        Text(
            "How does it stand to the school's own focus? The principal reads it under the item.",
            lead=one.demand.headline,
        ),
        *(Text(f"“{shorten(s.focus, 160)}”", lead=f"{s.name}:") for s in schools[:8]),
    ]
    if len(schools) > 1:
        options = tuple(Option(str(s.of.school.id), s.name) for s in schools)
        ids = "\n".join(str(s.of.school.id) for s in chosen)
        blocks.append(Field("schools", "For which schools", FieldKind.CHOICES, value=ids, options=options))
    first = tie.fit if tie else Fit.HELPS.value if hinted else ""
    fits = tuple(Option(fit.value, label) for fit, label in SAID.items())
    where = {"demand": one.id, "v": one.version, **scope_of(action)}
    blocks += [
        Field("fit", "It …", FieldKind.CHOICE, value=first, options=fits, required=True),
        Field(
            "line",
            "How to make it serve the focus",
            FieldKind.LONG,
            value=tie.line if tie else "",
            hint="Optional, one line in your name",
        ),
        Buttons((Button("Save", act("triage.save_focus", **where), Emphasis.PRIMARY),)),
    ]
    return [Card("", tuple(blocks))]


def save(turn: Turn, action: Action, values: Values) -> Cards:
    """A tie changes no decision, so it may be written before and after it."""
    one = load(turn, action)
    schools = {s.of.school.id: s for s in schools_with_focus(turn, one)}
    try:
        fit = Fit(values.get("fit", ""))
    except ValueError:
        raise UserError("Say whether it helps, competes or is neutral, then press Save.") from None
    wanted = [int(i) for i in values.get("schools", "").split() if i.isdigit()] or (
        list(schools) if len(schools) == 1 else []
    )
    chosen = [schools[school_id] for school_id in wanted if school_id in schools]
    if not chosen:
        raise UserError("Choose the schools whose focus it is about, then press Save.")
    line = values.get("line", "").strip()
    if line:
        line = read_words(turn, line, chosen[0].of.school, ask="")
    for school in chosen:
        tie = FocusTieRow(
            demand_id=one.id,
            school_id=school.of.school.id,
            principal_id=school.of.school.principal_id,
            fit=fit.value,
            focus=shorten(school.focus, 200),
            line=line,
            tied_by=turn.person.id,
            tied_at=turn.now,
        )
        deciding.put_tie(turn.tx, tie)
    audit_trail.write(turn, "focus.tied", f"demand:{one.id}", fit=fit.value, schools=len(chosen))
    said = say_focus(fit, shorten(chosen[0].focus, 200), line) or "Nothing is added: it is neutral."
    names = ", ".join(school.name for school in chosen[:MOST_SHOWN])
    more = f" and {len(chosen) - MOST_SHOWN} more" if len(chosen) > MOST_SHOWN else ""
    back = Button(
        "Back", act("triage.reopen", demand=one.id, v=one.version, **scope_of(action)), Emphasis.PRIMARY
    )
    return [Card("", (Text(said, lead=f"{names}{more}:"), Buttons((back,))))]
