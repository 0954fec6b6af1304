"""The goal for ILDs' time in schools: the line in the chart, and how far the whole is from it."""

import re

from handlers import audit_trail
from handlers.cards import plain
from handlers.errors import UserError
from handlers.permissions import Right, require
from handlers.turn import Cards, Command, Topic, Turn
from storage import record
from storage.database import Tx
from storage.people import Role

SETTING = "goal_time_in_schools"
PUBLISHED = (50, 63, 70)
"""Per cent of working time; goals that districts have published. The lowest holds until one is set."""


def goal_of(tx: Tx) -> float:
    """The district's goal as a share, 0 to 1."""
    kept = record.get_setting(tx, SETTING)
    return (kept["per_cent"] if kept else PUBLISHED[0]) / 100


def _set_goal(turn: Turn, match: re.Match[str]) -> Cards:
    require(turn.person, Right.SET_GOAL, object="goal")
    per_cent = int(match["per_cent"])
    if not 1 <= per_cent <= 100:
        raise UserError(f"A goal is from 1 to 100%. Districts have published {_say_published()}.")
    record.put_setting(turn.tx, SETTING, {"per_cent": per_cent})
    audit_trail.write(turn, "goal.set", "goal:time_in_schools", per_cent=per_cent)
    return [
        plain(
            f"The goal for ILDs' time in schools is {per_cent}% now, in every answer and chart. Districts "
            f"have published {_say_published()}."
        )
    ]


def _show_goal(turn: Turn, _match: re.Match[str]) -> Cards:
    return [
        plain(
            f"The goal for ILDs' time in schools is {goal_of(turn.tx) * 100:.0f}%. Districts have published "
            f"{_say_published()}. To set it: goal for time in schools 63 %."
        )
    ]


def _say_published() -> str:
    return f"{', '.join(str(one) for one in PUBLISHED[:-1])} and {PUBLISHED[-1]}%"


_GOAL = r"(?:the )?goal (?:for |of |is )?(?:the )?(?:ilds'? )?time in schools"
TOPIC = Topic(
    name="goal",
    commands=(
        Command(
            re.compile(
                rf"(?:set )?{_GOAL}:? (?:is |to |at )?(?P<per_cent>\d{{1,3}}) ?(?:%|per ?cent)", re.IGNORECASE
            ),
            _set_goal,
            example="goal for time in schools 63 %",
            what="The line that answers and charts on time in schools are held against.",
            roles=frozenset({Role.EXECUTIVE, Role.ADMINISTRATOR}),
        ),
        Command(
            re.compile(rf"(?:what is |show )?{_GOAL}\??", re.IGNORECASE),
            _show_goal,
            example="goal for time in schools",
            what="Which goal holds.",
            roles=frozenset({Role.EXECUTIVE, Role.ADMINISTRATOR, Role.ILD}),
        ),
    ),
)
