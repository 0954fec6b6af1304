"""Teams' activities in every shape: read, passed over or refused, and never a fault."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.teams_events import (
    ShapeError,
    heard_installation,
    heard_memo,
    heard_message,
    heard_press,
    is_ours,
    place_of,
    read_place,
    team_of,
)
from bot.platforms.teams_uploads import read_consent
from tests.contract.test_slack_payloads import GONE, changed, paths

PAYLOADS = sorted((Path(__file__).parents[2] / "payloads" / "teams").glob("*.json"))
SHAPES = (GONE, "words", 7, 0.5, True, None, [], {}, [7], [None], [{}], {"id": 7}, {"id": {}}, "\ud800")


def read_all(activity: dict[str, Any]) -> None:
    try:
        place = read_place(activity)
    except ShapeError:
        return
    value = activity.get("value")
    value = value if isinstance(value, dict) else {}
    for heard in (
        heard_message(activity, place),
        heard_installation(activity, place),
        heard_memo(activity, place, value),
        heard_press(activity, place, value),
    ):
        assert heard is None or heard.inbound.keys[0].startswith("teams:")
    team_of(activity)
    is_ours(activity, "membersAdded", place)
    read_consent(value)


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_with_any_part_of_another_shape_nothing_breaks(path: Path) -> None:
    recorded = json.loads(path.read_text())
    for place in paths(recorded):
        for value in SHAPES:
            read_all(changed(recorded, place, value))


@pytest.mark.parametrize(("name", "is_whole"), [("message_personal", True), ("message_group_mention", False)])
def test_a_place_comes_back_from_what_is_kept_with_an_event(name: str, is_whole: bool) -> None:
    """After a kill the next process asks who wrote; in a group's case in the person's own conversation."""
    path = next(path for path in PAYLOADS if path.stem == name)
    place = read_place(json.loads(path.read_text()))
    again = place_of(place.sender)
    assert again.sender == place.sender
    assert (again == place) is is_whole
