"""An answer as a card: the number, how it is spread, what was counted, what is missing, picture, files, what next."""

from collections.abc import Sequence
from datetime import date

from handlers.actions import act, key_of
from handlers.answers.insight_answers import Answer
from handlers.cards import Block, Button, Buttons, Card, Text
from protocols.buffer.headlines import shorten
from protocols.insight.definitions import DEFINITIONS
from protocols.insight.description import describe_heard, listed
from protocols.insight.query import Grouping, Heard, Measure, Query, Unclear

MOST_NETWORKS = 2
"""Networks offered below an answer; others are a few words away."""
MOST_PUZZLES, LONGEST_PUZZLE = 3, 40
CAN_COUNT = "I can count visits, gaps and protected time."
FURTHER = (
    (Grouping.SCHOOL, "By school"),
    (Grouping.ILD, "By ILD"),
    (Grouping.NETWORK, "By network"),
    (Grouping.MONTH, "By month"),
)


def answer_card(found: Answer, number: int, networks: Sequence[str] = ()) -> Card:
    """``number`` is the question's, which the buttons carry; ``networks`` are those the asker may ask about."""
    blocks: list[Block] = []
    if found.notes:
        blocks.append(Text(" ".join(found.notes)))
    blocks.append(Text(f"Counted: {found.counted}. {DEFINITIONS[found.query.measure].counts}", quiet=True))
    if found.missing:
        blocks.append(Text(f"Missing: {'; '.join(found.missing)}.", quiet=True))
    if found.chart is not None:
        blocks.append(found.chart)
    blocks.extend(found.downloads)
    regularly = Button("Send me this regularly", act("subscription.offer", question=number))
    blocks.append(
        Buttons((*_further(found.query, number), *_elsewhere(found.query, number, networks), regularly))
    )
    blocks.append(Text("I don't show what was said in visits.", quiet=True))
    return Card(found.headline, tuple(blocks))


def _further(query: Query, number: int) -> tuple[Button, ...]:
    """The other ways to set this answer out; lists of schools have no months, and one school or one
    ILD no others."""
    is_list = query.measure in (Measure.NOT_VISITED, Measure.LONGEST_GAP)
    left_out = {query.by}
    if query.measure is Measure.CYCLES:
        left_out |= {Grouping.MONTH}
    if is_list:
        left_out |= {Grouping.SCHOOL, Grouping.MONTH}
    if len(query.filters.get("school", ())) == 1:
        left_out |= {Grouping.SCHOOL, Grouping.ILD, Grouping.NETWORK}
    if len(query.filters.get("ild", ())) == 1:
        left_out |= {Grouping.ILD, Grouping.NETWORK}
    return tuple(
        Button(label, act("insight.by", by=grouping, question=number))
        for grouping, label in FURTHER
        if grouping not in left_out
    )


def _elsewhere(query: Query, number: int, networks: Sequence[str]) -> tuple[Button, ...]:
    """The same question in another network: the next ones after the one it was about, where it named no place."""
    asked = query.filters.get("network", ())
    if len(networks) < 2 or query.filters.get("school") or query.filters.get("ild") or len(asked) > 1:
        return ()
    start = networks.index(asked[0]) + 1 if asked and asked[0] in networks else 0
    following = [networks[(start + step) % len(networks)] for step in range(len(networks))]
    return tuple(
        Button(f"And in {name}?", act("insight.network", network=key_of(name), question=number))
        for name in following[:MOST_NETWORKS]
        if name not in asked
    )


def unclear_words(found: Unclear, words: str, *, today: date) -> str:
    """What is asked back where words were not understood: what was, where it ended, and two near questions."""
    heard = describe_heard(found.heard, today=today)
    stuck = listed([_as_said(one, words) for one in found.puzzled_by[:MOST_PUZZLES]])
    match (heard, stuck):
        case ("", ""):
            told = CAN_COUNT
        case ("", _):
            told = f"I got stuck at {stuck}. {CAN_COUNT}"
        case (_, ""):
            told = f"I understood “{heard}”, but not {_open(found.heard)}."
        case _:
            told = f"I understood “{heard}”, but got stuck at {stuck}."
    offered = " or ".join(f"“{suggestion}”" for suggestion in found.suggestions)
    return f"{told} Did you mean {offered}?" if offered else told


def _as_said(puzzle: str, words: str) -> str:
    """Their own words as such; what was made of them is ours."""
    return f"“{shorten(puzzle, LONGEST_PUZZLE)}”" if puzzle.casefold() in words.casefold() else puzzle


def _open(heard: Heard) -> str:
    if len(heard.between) > 1:
        return "which school"
    return "all of it" if heard.measure else "what to count"
