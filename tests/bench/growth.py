"""How long things take with 16, 160 and 1,600 schools, each with its share of ten years."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from handlers.digest.digest_sending import send_digests
from storage.database import Store
from tests.bench import digests, insight, large, state
from tests.bench.ground import DATABASES, Ground
from tests.bench.insight_sql import ALL
from tests.bench.tables import Column, Report
from tests.bench.timing import medians, milliseconds

SIZES = (16, 160, large.SCHOOLS)
ROUNDS = 3


@dataclass
class Grown:
    """Milliseconds of everything that was measured, by what it was; one figure for each size."""

    took: dict[str, list[float]] = field(default_factory=dict)

    def note(self, name: str, value: float) -> None:
        self.took.setdefault(name, []).append(value)

    def median(self, name: str, call: Callable[[], object]) -> None:
        self.note(name, medians(call, rounds=ROUNDS)[0])


def measure(store: Store, grown: Grown) -> None:
    state.settle(store)
    for email, who, words in state.SAID:
        grown.median(f"{who} writes “{words}”", partial(state.says, store, email, words))
    grown.median("the clock ticks with nothing to do", state.tick(store))
    for asked in ALL:
        grown.median(asked.question, partial(insight.ask, store, asked.question))
    built: list[int] = []
    took = milliseconds(lambda: built.append(send_digests(store, digests.MONDAY)))
    grown.note("digests of a week, each", took / built[0])


def run(report: Report, ground: Ground) -> None:
    grown = {where: Grown() for where in DATABASES}
    for schools in SIZES:
        for where, store in ground.districts(report, schools):
            measure(store, grown[where])
    for where, one in grown.items():
        if not one.took:
            continue
        table = report.table(
            f"With {SIZES[0]} to {SIZES[-1]:,} schools ({where})",
            *(Column(f"{schools:,} schools") for schools in SIZES),
            Column("factor", f"the last over the first, for {SIZES[-1] // SIZES[0]} times the schools"),
        )
        for name, took in one.took.items():
            table.row(name, *took, took[-1] / took[0])
