"""An answer as a card: the number, how it is spread, what was counted, what is missing, picture, files, what next."""

from collections.abc import Sequence

from handlers.actions import act, key_of
from handlers.answers.insight_answers import Answer
from handlers.cards import Block, Button, Buttons, Card, Text
from protocols.insight.definitions import DEFINITIONS
from protocols.insight.query import Grouping, Measure, Query

MOST_NETWORKS = 2
"""Networks offered below an answer; others are a few words away."""
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
    """The other ways to set this answer out; lists of schools have no months, and one school no others."""
    is_list = query.measure in (Measure.NOT_VISITED, Measure.LONGEST_GAP)
    left_out = {query.by}
    if query.measure is Measure.CYCLES:
        left_out |= {Grouping.MONTH}
    if is_list:
        left_out |= {Grouping.SCHOOL, Grouping.MONTH}
    if len(query.filters.get("school", ())) == 1:
        left_out |= {Grouping.SCHOOL, Grouping.ILD, Grouping.NETWORK}
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


def unclear_words(suggestions: tuple[str, ...]) -> str:
    """What is asked back where words were not understood."""
    offered = " or ".join(f"“{suggestion}”" for suggestion in suggestions)
    asked = f" Did you mean {offered}?" if offered else ""
    return f"I can count visits, gaps and protected time.{asked}"
