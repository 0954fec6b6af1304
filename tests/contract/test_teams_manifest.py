"""The app package that an administrator uploads: by Microsoft's schema, within its limits, and true to the bot."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from jsonschema import Draft4Validator
from PIL import Image

from bot.render.icon import colour_icon, outline_icon
from bot.teams_manifest import PERSONAL, SHARED, Publisher, package, teams_manifest
from storage.database import Store
from tests.chat import Chat
from tests.district import email

SCHEMA = Path(__file__).parents[1] / "data" / "teams" / "MicrosoftTeams.schema.json"
APP_ID = "3f2b8a90-0000-4000-8000-0000000000b0"


def manifest() -> dict[str, Any]:
    return teams_manifest(
        app_id=APP_ID,
        base_url="https://throughline.example.org:8443",
        version="0.1.0",
        publisher=Publisher("Sycamore Schools", "https://sycamore.example.org/throughline"),
    )


def test_the_manifest_is_one_by_microsofts_schema() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    faults = [error.message for error in Draft4Validator(schema).iter_errors(manifest())]
    assert faults == []


@pytest.mark.parametrize(
    "broken", [{"name": {"short": "x" * 31}}, {"bots": [{}]}, {"id": "7"}, {"unknown": 1}]
)
def test_the_schema_would_refuse_a_faulty_one(broken: dict[str, Any]) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert not Draft4Validator(schema).is_valid(manifest() | broken)


def test_limits_that_the_schema_does_not_know_are_kept() -> None:
    for commands in (PERSONAL, SHARED):
        assert len(commands) <= 10
        assert len(set(commands)) == len(commands)
    for listed in manifest()["bots"][0]["commandLists"]:
        for command in listed["commands"]:
            assert len(command["title"]) <= 32
            assert len(command["description"]) <= 128
    assert manifest()["validDomains"] == ["throughline.example.org"]
    assert "*" not in json.dumps(manifest()["validDomains"])


@pytest.mark.parametrize("words", sorted({*PERSONAL, *SHARED}))
def test_what_teams_offers_is_understood_as_it_stands(store: Store, words: str) -> None:
    """Each command is one that somebody may give: whoever may not is told for whom it is."""
    chat = Chat(store, at="2026-12-01 09:00")
    speaker = chat.person(email("imani.brooks"))
    assert speaker.says(words, is_command=True).outcome in ("done", "refused")
    speaker.does_not_see("did not understand")


def test_the_package_holds_the_manifest_and_two_icons() -> None:
    data = package(manifest())
    assert package(manifest()) == data
    with ZipFile(BytesIO(data)) as archive:
        assert archive.namelist() == ["manifest.json", "color.png", "outline.png"]
        assert json.loads(archive.read("manifest.json")) == manifest()
        icons = manifest()["icons"]
        assert archive.read(icons["color"]) == colour_icon()
        assert archive.read(icons["outline"]) == outline_icon()


def test_the_colour_icon_is_square_and_has_no_transparency() -> None:
    with Image.open(BytesIO(colour_icon())) as picture:
        assert (picture.format, picture.size, picture.mode) == ("PNG", (192, 192), "RGB")
        edge = [picture.getpixel((x, y)) for x in (0, 30, 95, 191) for y in (0, 191)]
        assert len(set(edge)) == 1  # a client may cut it to a circle


def test_the_outline_icon_is_white_on_nothing() -> None:
    with Image.open(BytesIO(outline_icon())) as picture:
        assert (picture.format, picture.size, picture.mode) == ("PNG", (32, 32), "RGBA")
        pixels = [picture.getpixel((x, y)) for x in range(32) for y in range(32)]
    assert {pixel[:3] for pixel in pixels if isinstance(pixel, tuple) and pixel[3]} == {(255, 255, 255)}
    assert any(isinstance(pixel, tuple) and pixel[3] == 0 for pixel in pixels)
