"""What the fault cases share: their marks, the count of what they injected, a district and its processes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.processes import Machine

THOROUGH_KILLS = 40
"""From so many kills on, the long cases run, too: ``make faults``."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give each case's report its row; leave the long ones out where nobody has the patience."""
    here = Path(__file__).parent
    left = []
    for item in items:
        if here in item.path.parents:
            mark = item.get_closest_marker("fault")
            if mark is not None:
                *rows, does = mark.args
                item.user_properties += [("fault", rows), ("does", does)]
            if item.get_closest_marker("long") and config.getoption("--kills") < THOROUGH_KILLS:
                left.append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


@dataclass
class Injected:
    """How often a case did what it is there for. ``figures`` is worth a place in the table."""

    times: int = 0
    figures: str = ""
    kinds: list[str] = field(default_factory=list)

    def count(self, times: int = 1, kind: str = "") -> None:
        self.times += times
        self.kinds += [kind] * bool(kind)


@pytest.fixture
def injected(request: pytest.FixtureRequest) -> Iterator[Injected]:
    """What this case injects. One that injects nothing proves nothing, and fails."""
    counter = Injected()
    yield counter
    request.node.user_properties += [("injected", counter.times), ("figures", counter.figures)]
    assert counter.times, "this case injected no fault"


@pytest.fixture
def kills(pytestconfig: pytest.Config) -> int:
    """How often a case may kill: few in ``make test``, 200 in ``make faults``."""
    count: int = pytestconfig.getoption("--kills")
    return count


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with Machine(tmp_path) as machine:
        yield machine
