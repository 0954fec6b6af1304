"""Tables of figures: said line by line while a benchmark runs, and kept for the page.

A benchmark adds rows to a ``Table`` that a ``Report`` gave out; how they look as text is here, and as Markdown in
``page.py``.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.bench.timing import Ratio

Cell = float | str | None
"""A number, words, or nothing where there is nothing to measure."""
NOTHING = "–"
_FIRST = 58
_LEAST = 10


@dataclass(frozen=True, slots=True)
class Column:
    """``head`` stands above the figures, ``means`` is the sentence that says what they are, ``form`` how a number is
    written."""

    head: str
    means: str = ""
    form: str = ",.1f"

    def write(self, value: Cell) -> str:
        if value is None:
            return NOTHING
        return value if isinstance(value, str) else format(value, self.form)

    @property
    def width(self) -> int:
        return max(len(self.head), _LEAST)


@dataclass(frozen=True, slots=True)
class Aim:
    """What was aimed at, in words, and which rows missed it."""

    says: str
    missed: tuple[str, ...]


@dataclass
class Table:
    """Rows with a name and a figure for each column; ``say`` hears each line as it comes."""

    title: str
    columns: tuple[Column, ...]
    say: Callable[[str], None]
    rows: list[tuple[str, tuple[Cell, ...]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    aims: list[Aim] = field(default_factory=list)

    def begin(self) -> None:
        self.say(f"\n{self.title}")
        self.say(f"{'':<{_FIRST}} " + " ".join(f"{one.head:>{one.width}}" for one in self.columns))

    def row(self, name: str, *values: Cell) -> None:
        assert len(values) == len(self.columns), (name, values)
        self.rows.append((name, values))
        cells = (f"{one.write(value):>{one.width}}" for one, value in zip(self.columns, values, strict=True))
        self.say(f"{name:<{_FIRST}} " + " ".join(cells))

    def ratio(self, name: str, ratio: Ratio) -> None:
        """A row of what was measured, its baseline and how many times that it took."""
        self.row(name, ratio.measured, ratio.baseline, ratio.times)

    def note(self, words: str) -> None:
        """A sentence below the table."""
        self.notes.append(words)
        self.say(words)

    def aim(self, says: str, missed: list[str]) -> None:
        """What was aimed at; ``missed`` are the names of the rows that are above it."""
        self.aims.append(Aim(says, tuple(missed)))
        self.say(f"Aim: {says}. " + (f"Missed by: {'; '.join(missed)}." if missed else "Met by all."))


@dataclass
class Section:
    """What one benchmark found. ``failed`` is the kind of error that ended it before its time."""

    title: str
    about: str
    tables: list[Table] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    failed: str = ""


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a table for people


@dataclass
class Report:
    """What all benchmarks of a run found."""

    say: Callable[[str], None] = _print
    sections: list[Section] = field(default_factory=list)

    @contextmanager
    def section(self, title: str, about: str) -> Iterator[Section]:
        """What is measured meanwhile belongs together. A failure ends this section, not the run, and is told."""
        one = Section(title, about)
        self.sections.append(one)
        try:
            yield one
        except Exception as error:  # noqa: BLE001 - the others' figures must not be lost for one's bug
            one.failed = type(error).__name__
            self.say(f"{title} failed: {type(error).__name__}: {error}")

    def table(self, title: str, *columns: Column) -> Table:
        table = Table(title, columns, self.say)
        self.sections[-1].tables.append(table)
        table.begin()
        return table

    def missing(self, words: str) -> None:
        """What could not be measured here, and why."""
        if words not in self.sections[-1].missing:
            self.sections[-1].missing.append(words)
            self.say(words)

    def ratios(self, title: str, measured: Column, baseline: Column, form: str = ",.2f") -> Table:
        """A table whose last column says how many times the baseline the measured thing takes."""
        return self.table(
            title, measured, baseline, Column("times", "the first figure over the second", form)
        )
