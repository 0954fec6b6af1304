"""The teaching and learning framework in chat: everybody reads it, the administrator changes it.

``framework`` opens it: areas, then practices with their look-fors, then the scale. The administrator pastes another
one, YAML or CSV, after "framework:". A text that is none is refused with its lines, and the one before stays in
force. Buttons name the version they were shown with, so a card of last week still opens what it shows.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Item, Items, Text
from handlers.errors import UserError
from handlers.permissions import Right, may, require
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.frameworks.faults import FrameworkRefused
from protocols.frameworks.files import ignored, packaged, parse
from protocols.frameworks.values import Area, Framework, LookFor, Practice
from storage import frameworks, record
from storage.people import Role

WAITS_FOR_TEXT = timedelta(hours=2)
"""So long after "framework:" plain words are taken for its text; later they were meant for something else."""
MOST_ON_A_CARD = 16
"""Look-fors that a phone shows without much scrolling; an area with more opens by practice."""
MOST_FAULTS = 6
"""Faults shown in chat; who mends these and sends it again reads the rest."""
_PASTED = "framework"
"""What a pasted text is called: its title, where it has none."""

# ---------------------------------------------------------------- reading it


def _show(turn: Turn, _match: re.Match[str]) -> Cards:
    return [_overview(turn, frameworks.in_force(turn.tx))]


def _overview(turn: Turn, framework: Framework, *, opening: Text | None = None) -> Card:
    areas = tuple(
        Item(
            text=" · ".join(practice.title for practice in area.practices),
            lead=f"{place}. {area.title}",
            buttons=(Button("Open", _at(framework, "area", area.key)),),
        )
        for place, area in enumerate(framework.areas, 1)
    )
    look_fors = len(framework.look_fors)
    text = (
        f"{_count(look_fors, 'look-for')} in {_count(len(framework.areas), 'area')}. Pick one to three for a "
        "visit; it describes teaching, never a teacher."
    )
    buttons = [Button("Scale and source", _at(framework, "scale", ""))]
    if may(turn.person, Right.MANAGE_FRAMEWORK):
        buttons.append(Button("Replace it", act("frameworks.replace")))
    blocks: list[Block] = [opening] if opening else []
    blocks += [Text(text), Items(areas), Buttons(tuple(buttons))]
    return Card(framework.title, tuple(blocks))


def _area_card(framework: Framework, area: Area) -> Card:
    place = framework.areas.index(area) + 1
    blocks: list[Block] = []
    if len(area.look_fors) > MOST_ON_A_CARD:
        items = tuple(
            Item(
                text=_count(len(practice.look_fors), "look-for"),
                lead=f"{place}.{number} {practice.title}",
                buttons=(Button("Open", _at(framework, "practice", practice.key)),),
            )
            for number, practice in enumerate(area.practices, 1)
        )
        blocks.append(Items(items))
    else:
        blocks += [
            _practice_list(framework, practice, f"{place}.{number}")
            for number, practice in enumerate(area.practices, 1)
        ]
    buttons = [Button("All areas", _at(framework, "overview", ""))]
    if place < len(framework.areas):
        following = framework.areas[place]
        buttons.insert(0, Button(f"Next: {following.title}", _at(framework, "area", following.key)))
    return Card(f"{place}. {area.title}", (*blocks, Buttons(tuple(buttons))))


def _practice_list(framework: Framework, practice: Practice, number: str) -> Items:
    items = tuple(
        Item(text=look_for.text, lead=f"{number}.{place}")
        for place, look_for in enumerate(practice.look_fors, 1)
    )
    return Items(items, title=f"{number} {practice.title}")


def _scale_card(framework: Framework) -> Card:
    levels = tuple(Item(text=level.meaning, lead=level.label) for level in framework.scale)
    blocks: list[Block] = [
        Items(levels, numbered=True),
        Text("Two people rate apart, then talk about where they differ.", quiet=True),
    ]
    if framework.source:
        blocks.append(Text(f"“{framework.title}”: {framework.source}", quiet=True))
    blocks.append(Buttons((Button("All areas", _at(framework, "overview", "")),)))
    return Card("How much of it there was", tuple(blocks))


def _find(turn: Turn, match: re.Match[str]) -> Cards:
    framework = frameworks.in_force(turn.tx)
    found = framework.find(match["words"])
    button = Buttons((Button("All areas", _at(framework, "overview", "")),))
    if not found:
        words = match["words"].strip()
        return [Card("", (Text(f"I found no look-for with “{words}” in “{framework.title}”."), button))]
    return [Card("", (Items(tuple(_found_item(framework, one) for one in found)), button))]


def _found_item(framework: Framework, look_for: LookFor) -> Item:
    number = next(place for place, one in framework.numbered() if one == look_for)
    return Item(
        text=look_for.text,
        lead=".".join(map(str, number)),
        detail=framework.practice_of(look_for.key).title,
    )


# ---------------------------------------------------------------- buttons


def _at(framework: Framework, verb: str, key: str) -> Action:
    arguments = {"v": framework.version} | ({"key": key} if key else {})
    return act(f"frameworks.{verb}", **arguments)


def _framework_of(turn: Turn, action: Action) -> Framework:
    """The framework of a button as it was then; the one in force where that version is not known here."""
    found = frameworks.get_version(turn.tx, action.args.get("v", ""))
    return found or frameworks.in_force(turn.tx)


def _open_overview(turn: Turn, action: Action, _values: Values) -> Cards:
    return [_overview(turn, _framework_of(turn, action))]


def _open_area(turn: Turn, action: Action, _values: Values) -> Cards:
    framework = _framework_of(turn, action)
    try:
        return [_area_card(framework, framework.area(action.args.get("key", "")))]
    except KeyError:
        return [_moved_on(turn, framework)]


def _open_practice(turn: Turn, action: Action, _values: Values) -> Cards:
    framework = _framework_of(turn, action)
    try:
        practice = framework.practice(action.args.get("key", ""))
    except KeyError:
        return [_moved_on(turn, framework)]
    area = framework.area_of(practice.key)
    number = f"{framework.areas.index(area) + 1}.{area.practices.index(practice) + 1}"
    back = Button(f"Back to {_lowered(area.title)}", _at(framework, "area", area.key))
    return [Card(area.title, (_practice_list(framework, practice, number), Buttons((back,))))]


def _open_scale(turn: Turn, action: Action, _values: Values) -> Cards:
    return [_scale_card(_framework_of(turn, action))]


def _moved_on(turn: Turn, framework: Framework) -> Card:
    return _overview(
        turn, framework, opening=Text("That part is not in it any more. This is how it stands now.")
    )


# ---------------------------------------------------------------- changing it


def _pasted(turn: Turn, match: re.Match[str]) -> Cards:
    require(turn.person, Right.MANAGE_FRAMEWORK, object="framework")
    text = match["text"]
    return take(turn, text) if text.strip() else _ask(turn)


def _press_replace(turn: Turn, _action: Action, _values: Values) -> Cards:
    require(turn.person, Right.MANAGE_FRAMEWORK, object="framework")
    return _ask(turn)


def _ask(turn: Turn) -> Cards:
    record.expect(turn.tx, turn.person.id, "frameworks", at=turn.now)
    own = frameworks.in_force(turn.tx) != packaged()
    blocks: list[Block] = [
        Text(
            "Paste the framework as your next message, YAML or CSV: areas, practices, look-fors, and a scale of 2 "
            "to 6 levels. Visits that have begun keep the one they began with."
        )
    ]
    if own:
        blocks.append(Buttons((Button("Go back to Throughline's own", act("frameworks.packaged")),)))
    return [Card("", tuple(blocks))]


def _awaited(turn: Turn, _args: Mapping[str, Any], text: str) -> Cards | None:
    """The text that was asked for. One line is no framework, and words that come hours later are not it."""
    awaited = record.expectation_of(turn.tx, turn.person.id)
    if awaited is None or turn.now - awaited.since > WAITS_FOR_TEXT or "\n" not in text.strip():
        return None
    require(turn.person, Right.MANAGE_FRAMEWORK, object="framework")
    record.expect_nothing(turn.tx, turn.person.id)
    return take(turn, text)


def take(turn: Turn, text: str) -> Cards:
    """Put a pasted framework in force. Raises ``UserError`` with the faults where it is none."""
    text = _unfenced(text)
    try:
        framework = parse(text, name=_PASTED)
    except FrameworkRefused as refused:
        raise UserError("", card=_refusal(refused)) from None
    return _put(turn, framework, passed_over=ignored(text, name=_PASTED))


def _press_packaged(turn: Turn, _action: Action, _values: Values) -> Cards:
    require(turn.person, Right.MANAGE_FRAMEWORK, object="framework")
    record.expect_nothing(turn.tx, turn.person.id)
    return _put(turn, packaged(), passed_over=())


def _put(turn: Turn, framework: Framework, *, passed_over: tuple[str, ...]) -> Cards:
    if not frameworks.save(turn.tx, framework, at=turn.now, by=turn.person.id):
        return [_overview(turn, framework, opening=Text("That one is in force already, word for word."))]
    audit_trail.write(
        turn,
        "framework.loaded",
        f"framework:{framework.version}",
        look_fors=len(framework.look_fors),
        levels=len(framework.scale),
    )
    opening = "In force from now on. Visits that have begun keep the one they began with."
    if passed_over:
        opening += f" Columns I passed over: {', '.join(passed_over)}."
    return [_overview(turn, framework, opening=Text(opening))]


def _refusal(refused: FrameworkRefused) -> Card:
    faults = tuple(
        Item(f"{fault.reason[0].upper()}{fault.reason[1:]}.", lead=_place(fault.line, fault.column))
        for fault in refused.faults[:MOST_FAULTS]
    )
    more = len(refused.faults) - len(faults)
    lead = "Nothing was changed; the framework before stays in force."
    mend = (
        "Mend this and paste it again after “framework:”."
        if len(faults) == 1
        else (f"Mend these {len(refused.faults)} and paste it again after “framework:”.")
    )
    blocks: list[Block] = [Text(mend, lead=lead), Items(faults)]
    if more > 0:
        blocks.append(Text(f"And {more} more.", quiet=True))
    return Card("", tuple(blocks))


def _place(line: int, column: str) -> str:
    return f"Line {line}" + (f", column {column}" if column else "")


def _unfenced(text: str) -> str:
    """The text without the marks that people put round code in a chat."""
    found = re.fullmatch(r"\s*```(?:ya?ml|csv)?[ \t]*\n?([\s\S]*?)\n?```\s*", text, re.IGNORECASE)
    return found[1] if found else text.strip("\n")


# ---------------------------------------------------------------- words


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _lowered(title: str) -> str:
    """A title in the middle of a sentence: only its first letter, and only where no name or abbreviation begins it."""
    return title[0].lower() + title[1:] if title[1:2].islower() or title[1:2] == " " else title


TOPIC = Topic(
    name="frameworks",
    commands=(
        Command(
            re.compile(
                r"(?:show |open )?(?:the |our )?(?:teaching and learning )?framework|look[- ]?fors",
                re.IGNORECASE,
            ),
            _show,
            example="framework",
            what="What we look for in classrooms: areas, practices, look-fors and the scale.",
        ),
        Command(
            re.compile(
                r"(?:show |find )?look[- ]?fors? (?:on|for|about|with|in) (?P<words>.{1,80})", re.IGNORECASE
            ),
            _find,
            example="look-fors on reasons",
            what="Find look-fors by words or number.",
        ),
        Command(
            re.compile(r"(?:new |our )?framework\s*:(?P<text>[\s\S]*)", re.IGNORECASE),
            _pasted,
            example="framework:",
            what="Paste a framework of the district's own, YAML or CSV.",
            roles=frozenset({Role.ADMINISTRATOR}),
            is_verbatim=True,
        ),
    ),
    actions={
        "frameworks.overview": _open_overview,
        "frameworks.area": _open_area,
        "frameworks.practice": _open_practice,
        "frameworks.scale": _open_scale,
        "frameworks.replace": _press_replace,
        "frameworks.packaged": _press_packaged,
    },
    answer=_awaited,
    in_place=frozenset(
        {
            "frameworks.overview",
            "frameworks.area",
            "frameworks.practice",
            "frameworks.scale",
            "frameworks.replace",
            "frameworks.packaged",
        }
    ),
)
