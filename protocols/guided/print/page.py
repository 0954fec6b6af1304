"""A page to print, as plain values: headings, lines of what people wrote, and tables.

``record`` makes one of a run, ``html`` and ``markdown`` write it out. Texts are as people wrote them; escaping is
the writers' business.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One thing somebody wrote. ``who`` is "" where a column or a title says it already, ``place`` the classroom or
    the question it is about; ``marks`` say what else is to be known of it."""

    text: str
    who: str = ""
    place: str = ""
    marks: tuple[str, ...] = ()


Cell = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Things side by side, a cell for each column in every row. ``caption`` is "" where the section's title says it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """What came of one step. ``by`` is who wrote all its lines, where they do not say it themselves."""

    title: str
    lines: tuple[Line, ...] = ()
    tables: tuple[Table, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """Sections under one heading."""

    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The page from top to bottom. ``facts`` are pairs of a label and what it says; ``footer`` is small print."""

    title: str
    facts: tuple[tuple[str, str], ...]
    phases: tuple[Phase, ...]
    footer: str
