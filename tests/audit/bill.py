"""What the bill of materials says beyond names and hashes: each package's licence, and what needs what."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

ROOT = "throughline (pyproject.toml)"
_PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)")
_COPYLEFT = re.compile(r"\b(?:A?GPL|GNU (?:AFFERO )?GENERAL PUBLIC|SSPL|EUPL)", re.IGNORECASE)
_LESSER = re.compile(r"\b(?:LGPL|LESSER GENERAL PUBLIC)", re.IGNORECASE)
LONGEST = 80
"""Characters of a licence's name; what is longer is its whole text, in a field for its name."""


@dataclass(frozen=True, slots=True)
class Package:
    """A line of the lock: what is pinned, and the packages because of which it is there."""

    name: str
    version: str
    needed_by: tuple[str, ...]


def read_lock(text: str) -> list[Package]:
    """The pinned packages of a lock as ``uv pip compile`` writes it, in its order."""
    found: list[Package] = []
    for line in text.splitlines():
        if match := _PINNED.match(line):
            found.append(Package(fold(match["name"]), match["version"], ()))
        elif found and (
            why := re.fullmatch(r"    #   ?(?:via )?(?P<name>[^ ].*)", line.replace("# via ", "#   "))
        ):
            one = found[-1]
            if not why["name"].startswith("-"):
                found[-1] = Package(one.name, one.version, (*one.needed_by, why["name"].strip()))
    return found


def fold(name: str) -> str:
    """A package's name in its one spelling (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(name: str, read: Callable[[str], Any] = metadata) -> str:
    """The licence that an installed package names: its expression, its field, or its classifiers; else ""."""
    try:
        said = read(name)
    except PackageNotFoundError:
        return ""
    classified = [
        one.rpartition(" :: ")[2] for one in said.get_all("Classifier") or () if one.startswith("License ::")
    ]
    field = (said.get("License") or "").strip()
    field = field if field and len(field) <= LONGEST and "\n" not in field else ""
    return (
        said.get("License-Expression")
        or field
        or " and ".join(one for one in classified if one != "OSI Approved")
    )


def to_look_at(licences: Mapping[str, str]) -> list[str]:
    """Packages whose licence would bind the bot's own code if it were handed on, or that name none."""
    return sorted(
        name
        for name, licence in licences.items()
        if not licence
        or (_COPYLEFT.search(licence) and not _LESSER.search(licence) and " OR " not in licence)
    )


def enrich(bom: dict[str, Any], lock: Iterable[Package], licences: Mapping[str, str]) -> dict[str, Any]:
    """The bill with licences at its components, and with the graph of what needs what."""
    refs: dict[str, list[str]] = {ROOT: [bom["metadata"]["component"]["bom-ref"]]}
    for one in bom["components"]:  # one name may stand for several versions, each for some machines
        refs.setdefault(fold(one["name"]), []).append(one["bom-ref"])
    needs: dict[str, set[str]] = {ref: set() for several in refs.values() for ref in several}
    for package in lock:
        for why in package.needed_by:
            for above in refs.get(why if why == ROOT else fold(why), ()):
                needs[above].update(refs.get(package.name, ()))
    components = [
        one
        | (
            {"licenses": [{"license": {"name": licence}}]}
            if (licence := licences.get(fold(one["name"])))
            else {}
        )
        for one in bom["components"]
    ]
    graph = [{"ref": ref, "dependsOn": sorted(below)} for ref, below in needs.items()]
    return bom | {"components": components, "dependencies": graph}


def licence_page(lock: Iterable[Package], licences: Mapping[str, str]) -> str:
    """A table of packages, versions and licences as Markdown."""
    rows = [f"| {one.name} | {one.version} | {licences.get(one.name) or 'not named'} |" for one in lock]
    return "\n".join(["# Licences", "", "| Package | Version | Licence |", "|---|---|---|", *rows, ""])
