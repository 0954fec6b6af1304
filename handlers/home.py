"""``home``: the first screen of the day, for each role; the same on every platform and wherever it is drawn.

One screen of a telephone: what presses most stands first, each line is one press from the thing itself, and what does
not fit is one press away. It is a pure look: showing it changes nothing, so a platform may draw it as often as it
likes. Who sees which line follows from the roles and rights of the reader (``handlers/permissions.py``); somebody with
several roles has the lines of all of them.
"""

import re
from collections.abc import Sequence

from handlers import topics
from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Chart, Item, Items, Text
from handlers.digest.digest_cards import SCREEN, height_of, title_height
from handlers.errors import UserError
from handlers.permissions import Right, require
from handlers.turn import Cards, Command, Topic, Turn, Values
from handlers.welcome.centre_lines import administrator_lines, executive_lines, unit_lines
from handlers.welcome.ild_lines import ild_lines, run_lines
from handlers.welcome.lines import Line, Need, words_of
from handlers.welcome.principal_lines import principal_lines
from handlers.welcome.service_lines import service_lines
from protocols.cadence.moments import say_day
from storage import people
from storage.people import Role

CHART_HEIGHT = 220
"""Points of a screen that a chart fills where it is drawn."""
PAGE = 6
"""Lines on a page that was asked for."""
MOST_NAMED = 30


def home(turn: Turn) -> Card:
    """The screen for whose turn it is. Reads only; ``Turn.key`` is not used."""
    lines, chart = _lines(turn)
    if not lines:
        return Card(
            "", (Text("You have no role in this district’s roster yet. Ask your administrator to add one."),)
        )
    title = _title(turn, lines)
    room = SCREEN - title_height(title) - (CHART_HEIGHT if chart else 0)
    shown = _fitting(lines, room)
    blocks: list[Block] = [Items(tuple(line.item for line in shown))]
    if chart is not None:
        blocks.append(chart)
    blocks.append(Buttons(_footer(lines, len(shown))))
    return Card(title, tuple(blocks), refresh=act("home.open"))


def _lines(turn: Turn) -> tuple[list[Line], Chart | None]:
    """Everything there is to say, what presses most first; of equal weight in the order of the roles."""
    district, chart = executive_lines(turn)
    lines = [
        *run_lines(turn),
        *ild_lines(turn),
        *principal_lines(turn),
        *district,
        *unit_lines(turn),
        *service_lines(turn),
        *administrator_lines(turn),
    ]
    return sorted(lines, key=lambda line: line.need), chart


def _title(turn: Turn, lines: Sequence[Line]) -> str:
    waiting = sum(line.need is Need.WAITING for line in lines)
    day = say_day(turn.today, turn.today)
    match waiting:  # lines, and one of them may be about many things, so they are not counted here
        case 0:
            return f"{day}: nothing is waiting for you"
        case 1:
            return f"{day}: this waits for you"
        case _:
            return f"{day}: these wait for you"


def _fitting(lines: Sequence[Line], room: int) -> Sequence[Line]:
    """As many lines from the top as the screen holds with the buttons under them, and at least one."""
    number = len(lines)
    while number > 1:
        items = Items(tuple(line.item for line in lines[:number]))
        if height_of(items) + height_of(Buttons(_footer(lines, number))) <= room:
            break
        number -= 1
    return lines[:number]


def _footer(lines: Sequence[Line], shown: int) -> tuple[Button, ...]:
    more = len(lines) - shown
    rest = (Button(f"{more} more", act("home.open", start=shown)),) if more > 0 else ()
    return (*rest, Button("Help", act("help.open")))


# ---------------------------------------------------------------- words and buttons


def _open(turn: Turn, action: Action, _values: Values) -> Cards:
    """The screen anew, or the lines from ``start`` on, where the screen stood."""
    if "start" not in action.args:
        return [home(turn)]
    lines, _chart = _lines(turn)
    start = min(max(action.number("start"), 0), len(lines))
    page = lines[start : start + PAGE]
    if not page:
        return [home(turn)]
    rest = len(lines) - start - len(page)
    more = (Button(f"{rest} more", act("home.open", start=start + len(page))),) if rest > 0 else ()
    back = Button("Home", act("home.open"))
    blocks = (Items(tuple(line.item for line in page)), Buttons((*more, back)))
    return [Card("", blocks)]


def _go(turn: Turn, action: Action, _values: Values) -> Cards:
    """What writing the place's words would answer."""
    words = words_of(action)
    cards = topics.run_command(turn, words) if words else None
    if cards is None:
        raise UserError("That button leads nowhere for you now. Write “home” to see what is there.")
    return cards


def _holes(turn: Turn, _action: Action, _values: Values) -> Cards:
    """What the roster lacks, by name, for whoever keeps it."""
    require(turn.person, Right.MANAGE_CALENDAR, object="roster")
    schools = people.schools_on(turn.tx, turn.today)
    bare = tuple(
        Item("no ILD." if school.ild_id is None else "no principal.", lead=f"{school.name}:")
        for school in schools
        if school.ild_id is None or school.principal_id is None
    )
    executives = people.people_with_role(turn.tx, Role.EXECUTIVE, on=turn.today)
    named = ", ".join(person.name for person in executives) or "nobody yet"
    blocks: list[Block] = [
        Text(
            f"{len(schools)} open, {len(schools) - len(bare)} with an ILD and a principal.", lead="Schools:"
        ),
        Text(f"{named}.", lead="Executives:"),
    ]
    if bare:
        blocks.append(Items(bare[:MOST_NAMED], title="Schools with a hole"))
    if len(bare) > MOST_NAMED:
        blocks.append(Text(f"And {len(bare) - MOST_NAMED} more.", quiet=True))
    return [Card("The roster", tuple(blocks))]


TOPIC = Topic(
    name="home",
    commands=(
        Command(
            re.compile(
                r"(?:(?:show|go|my) )?home|my day|what(?:['’]s| is) (?:next|waiting)\??", re.IGNORECASE
            ),
            lambda turn, _match: [home(turn)],
            example="home",
            what="Your first screen: what waits for you, what comes, how it stands.",
        ),
    ),
    actions={"home.open": _open, "home.go": _go, "home.holes": _holes},
    in_place=frozenset({"home.open"}),
)
