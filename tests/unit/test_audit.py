"""What `make audit` makes of a lock, a bill of materials and the findings, without the network."""

from email.message import Message
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest

from tests.audit.__main__ import SHIPPED, tell
from tests.audit.bill import Package, enrich, fold, licence_of, licence_page, read_lock, to_look_at

ROOT = Path(__file__).parent.parent.parent
LOCK = """\
alembic==1.14.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via
    #   -c requirements.lock
    #   throughline (pyproject.toml)
Mako==1.3.8 ; python_full_version >= '3.11' \\
    --hash=sha256:cc
    # via alembic
"""
PACKAGES = [
    Package("alembic", "1.14.0", ("throughline (pyproject.toml)",)),
    Package("mako", "1.3.8", ("alembic",)),
]


def test_a_lock_is_read_with_what_needs_what() -> None:
    assert read_lock(LOCK) == PACKAGES


def test_our_own_lock_is_read_whole() -> None:
    text = (ROOT / SHIPPED).read_text(encoding="utf-8")
    found = read_lock(text)
    assert len(found) == text.count("==") - text.count(" == ") - text.count("'==") > 50
    assert all(one.needed_by for one in found)
    assert {"aiohttp", "sqlmodel"} <= {
        one.name for one in found if "throughline (pyproject.toml)" in one.needed_by
    }


def said(**fields: str | list[str]) -> Message:
    message = Message()
    for name, values in fields.items():
        for value in values if isinstance(values, list) else [values]:
            message[name.replace("_", "-")] = value
    return message


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        ({"License_Expression": "MIT", "License": "see LICENSE"}, "MIT"),
        ({"License": "BSD", "Classifier": ["License :: OSI Approved :: BSD License"]}, "BSD"),
        ({"License": "Permission is hereby granted " * 9, "Classifier": ["License :: OSI Approved :: MIT License"]},
         "MIT License"),
        ({"Classifier": ["Programming Language :: Python"]}, ""),
    ],
)  # fmt: skip
def test_a_licence_is_what_the_package_says_of_itself(fields: dict[str, Any], licence: str) -> None:
    assert licence_of("x", lambda _name: said(**fields)) == licence


def test_a_package_that_is_not_here_names_no_licence() -> None:
    def missing(_name: str) -> Message:
        raise PackageNotFoundError

    assert licence_of("x", missing) == ""


def test_what_would_bind_our_own_code_is_named() -> None:
    licences = {
        "a": "MIT", "b": "GPL-3.0-only", "c": "LGPL-3.0-only", "d": "", "e": "GNU Affero General Public License v3",
        "f": "GNU Lesser General Public License v2", "g": "GPL-2.0 OR MIT",
    }  # fmt: skip
    assert to_look_at(licences) == ["b", "d", "e"]


def test_the_bill_gets_licences_and_the_graph() -> None:
    bom = {
        "metadata": {"component": {"bom-ref": "root"}},
        "components": [{"bom-ref": "1", "name": "alembic"}, {"bom-ref": "2", "name": "Mako"}],
    }
    made = enrich(bom, PACKAGES, {"alembic": "MIT"})
    assert made["components"][0]["licenses"] == [{"license": {"name": "MIT"}}]
    assert "licenses" not in made["components"][1]
    assert made["dependencies"] == [
        {"ref": "root", "dependsOn": ["1"]},
        {"ref": "1", "dependsOn": ["2"]},
        {"ref": "2", "dependsOn": []},
    ]
    assert "| mako | 1.3.8 | not named |" in licence_page(PACKAGES, {"alembic": "MIT"})
    assert fold("Ruamel_YAML.clib") == "ruamel-yaml-clib"


FAULT = {"id": "PYSEC-1", "fix_versions": ["1.2"]}


@pytest.mark.parametrize(
    ("found", "status", "words"),
    [
        ([], 0, "NOT AUDITED: the list of known vulnerabilities cannot be reached"),
        ([{"name": "a", "skip_reason": "not found"}], 0, "NOT AUDITED: the list"),
        ([{"name": "a", "version": "1", "vulns": []}], 0, "1 packages looked up, 0 with"),
        (
            [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": ""}],
            0,
            "does not know them: b.",
        ),
        ([{"name": "a", "version": "1", "vulns": [FAULT]}], 1, "a 1: PYSEC-1, mended in 1.2."),
    ],
)
def test_nothing_is_called_sound_that_was_not_looked_up(
    found: list[dict[str, Any]], status: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tell(found) == status
    assert words in capsys.readouterr().out
