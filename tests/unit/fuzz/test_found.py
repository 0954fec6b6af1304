"""What ``make fuzz`` once found stays mended, and every reader holds on its samples and a few changes of them."""

import random
from pathlib import Path

import pytest

from tests.computing import in_time
from tests.fuzz.__main__ import FOUND
from tests.fuzz.targets import TARGETS, run

FEW = {"commands": 2, "pdf": 4, "docx": 6, "mail": 6}
"""Changes tried where one takes long; of the others ``MANY``."""
MANY = 25


@pytest.mark.parametrize(
    "path", sorted(FOUND.glob("*/*.bin")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_what_once_fell_holds(path: Path) -> None:
    target = TARGETS[path.parent.name]
    with in_time(target.seconds):
        run(target, path.read_bytes())


def test_what_was_found_belongs_to_a_reader_there_is() -> None:
    assert {path.parent.name for path in FOUND.glob("*/*")} <= set(TARGETS)


@pytest.mark.parametrize("name", TARGETS)
def test_a_reader_holds_on_a_few_changes_of_its_samples(name: str) -> None:
    """The same each time; ``make fuzz`` tries others for as long as one likes."""
    target, chance = TARGETS[name], random.Random(name)
    samples = target.seeds()
    assert samples
    for _ in range(FEW.get(name, MANY)):
        data = target.change(chance.choice(samples), chance)
        with in_time(target.seconds):
            run(target, data)


@pytest.mark.parametrize("name", TARGETS)
def test_changes_keep_some_inputs_readable(name: str) -> None:
    """Changes that only make noise would try the first line of a reader and nothing behind it."""
    target, chance = TARGETS[name], random.Random(f"{name}, read")
    samples = target.seeds()[:8]
    tried = [target.change(chance.choice(samples), chance) for _ in range(8)]
    assert len(set(tried)) > 2
    assert any(_is_taken(name, data) for data in samples)


def _is_taken(name: str, data: bytes) -> bool:
    target = TARGETS[name]
    try:
        target.read(data)
    except target.refuses:
        return False
    return True
