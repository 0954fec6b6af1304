"""``theory of action``: what the centre says will help, beside the figures that would refute it, with its revisions.

An executive keeps the district's, an ILD one for her network. The district's is told to everybody; an ILD's to her
principals and executives. The figures are for executives, and for ILDs those of their own network.
"""

import re

from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Emphasis, Item, Items, Text
from handlers.centre import theory_edits
from handlers.centre.theory_cards import card_of, say_since
from handlers.centre.theory_scopes import own_scope, scopes_seen, title_of
from handlers.errors import UserError
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.centre.theory import say_line
from storage import theories
from storage.people import Role
from storage.theories import Revision

KEEPERS = frozenset({Role.EXECUTIVE, Role.ILD})


def show(turn: Turn, _match: re.Match[str]) -> Cards:
    """Every theory that is told to this person: the network's before the district's."""
    found = [one for scope in scopes_seen(turn) if (one := theories.current(turn.tx, scope))]
    own = own_scope(turn)
    cards = [card_of(turn, one) for one in found]
    if own is not None and own not in {one.scope for one in found}:
        whose = "the district" if own == theories.DISTRICT else "your network"
        start = Button("Write one", act("theory.form", scope=own), Emphasis.PRIMARY)
        said = (
            f"There is no theory of action for {whose} yet. It says: if we do this, then principals can do that, so "
            "that students reach this; and which figures would refute it."
        )
        cards.append(Card("", (Text(said), Buttons((start,)))))
    if not cards:
        cards.append(Card("", (Text("The district has not written down its theory of action yet."),)))
    return cards


# ---------------------------------------------------------------- buttons


def press_show(turn: Turn, action: Action, _values: Values) -> Cards:
    return [card_of(turn, _seen(turn, action), in_place=True)]


def press_revisions(turn: Turn, action: Action, _values: Values) -> Cards:
    """Who revised it when and why, the latest first, with the words of each."""
    current = _seen(turn, action)
    found = theories.revisions(turn.tx, current.scope)
    items = tuple(Item(_in_words(one), lead=say_since(turn, one)) for one in found)
    back = Buttons((Button("Back", act("theory.show", scope=current.scope)),))
    return [Card(f"{title_of(turn, current)}: revisions", (Items(items), back), in_place=True)]


def _in_words(revision: Revision) -> str:
    theory = revision.theory
    said = f"If {theory.if_}, then {theory.then}, so that {theory.so_that}."
    tied = "; ".join(f"{line.clause.word}: {say_line(line)}" for line in revision.lines)
    return f"{said} Tied: {tied}." if tied else said


def _seen(turn: Turn, action: Action) -> Revision:
    """The theory of a button, where it is told to this person. Raises ``UserError``."""
    scope = action.args.get("scope", "")
    found = theories.current(turn.tx, scope) if scope in scopes_seen(turn) else None
    if found is None:
        raise UserError(
            "That theory of action is not one I can show you. Write “theory of action” for yours."
        )
    return found


_NAME = r"(?:the |our |my )?theor(?:y|ies) of action"

TOPIC = Topic(
    name="theory",
    commands=(
        Command(
            re.compile(rf"(?:show )?{_NAME}", re.IGNORECASE),
            show,
            example="theory of action",
            what="If, then, so that: what the centre says will help, beside the figures that would refute it.",
        ),
        Command(
            re.compile(rf"{_NAME}:?\s+(?P<words>if\b.+)", re.IGNORECASE | re.DOTALL),
            theory_edits.write,
            example="theory of action: if we …, then principals …, so that students …",
            what="Keep one for the district (executive) or your network (ILD); a change asks for its reason.",
            roles=KEEPERS,
            is_verbatim=True,
        ),
        Command(
            re.compile(rf"revise {_NAME}(?:,? because\s+(?P<because>.+))?", re.IGNORECASE | re.DOTALL),
            theory_edits.revise,
            example="revise theory of action because …",
            what="Change its words; who, when and why stay with it.",
            roles=KEEPERS,
        ),
        Command(
            re.compile(
                r"(?P<un>un)?tie (?P<clause>if|then|so that)(?: (?:to|from) (?P<line>.+?))?"
                r"(?:,? because (?P<because>.+))?",
                re.IGNORECASE,
            ),
            theory_edits.tie,
            example="tie then to next steps looked at again at least 80 %",
            what="Say which figure would refute a part of it; untie takes it away, with a reason.",
            roles=KEEPERS,
        ),
    ),
    actions={
        "theory.show": press_show,
        "theory.revisions": press_revisions,
        "theory.form": theory_edits.press_form,
        "theory.keep": theory_edits.press_keep,
        "theory.tie_form": theory_edits.press_tie_form,
        "theory.tie": theory_edits.press_tie,
    },
    in_place=frozenset({"theory.show", "theory.revisions"}),
)
