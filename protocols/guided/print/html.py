"""A page as one HTML file: no script, nothing fetched, readable on a phone and on A4 or letter paper.

Every text goes through ``escape``; the policy in the head lets a browser run nothing even if one did not. Texts of
people have ``dir="auto"``, so that right-to-left and left-to-right stand side by side.
"""

from collections.abc import Iterable
from functools import cache
from html import escape
from importlib import resources

from protocols.guided.print.page import Cell, Line, Page, Phase, Section, Table
from protocols.guided.print.plain import clean

MEDIA_TYPE = "text/html; charset=utf-8"
_SHORT = 3
"""Rows of a table that stays on one sheet: its head alone at the foot of a page says nothing."""


def to_html(page: Page, *, language: str = "en") -> str:
    """The whole file. ``language`` is that of the headings, as in BCP 47."""
    title = _safe(page.title)
    facts = "".join(
        f"<div><dt>{_safe(label)}</dt><dd{_AUTO}>{_safe(said)}</dd></div>" for label, said in page.facts
    )
    return "\n".join(
        (
            "<!doctype html>",
            f'<html lang="{escape(language)}">',
            '<head><meta charset="utf-8">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">',
            f"<title>{title}</title>",
            f"<style>\n{_style()}</style></head>",
            f"<body><main><header><h1{_AUTO}>{title}</h1><dl>{facts}</dl></header>",
            *map(_phase, page.phases),
            f"</main><footer><p>{_safe(page.footer)}</p></footer></body></html>",
            "",
        )
    )


def _phase(phase: Phase) -> str:
    return f"<section><h2{_AUTO}>{_safe(phase.title)}</h2>{''.join(map(_section, phase.sections))}</section>"


def _section(section: Section) -> str:
    title = f"<h3{_AUTO}>{_safe(section.title)}</h3>" if section.title else ""
    title += f'<p class="by"{_AUTO}>{_safe(section.by)}</p>' if section.by else ""
    return f"<article>{title}{_lines(section.lines)}{''.join(map(_table, section.tables))}</article>"


def _lines(lines: Iterable[Line]) -> str:
    items = "".join(f"<li{_AUTO}>{_line(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def _line(line: Line) -> str:
    who = f"<b>{_safe(line.who)}:</b> " if line.who else ""
    place = f'<span class="place">{_safe(line.place)}</span> ' if line.place else ""
    marks = f" <small>({_safe(', '.join(line.marks))})</small>" if line.marks else ""
    return f"{place}{who}{_safe(line.text)}{marks}"


def _table(table: Table) -> str:
    caption = f"<caption{_AUTO}>{_safe(table.caption)}</caption>" if table.caption else ""
    heads = "".join(f'<th scope="col"{_AUTO}>{_safe(column)}</th>' for column in table.columns)
    rows = "".join(f"<tr>{_row(table.columns, row)}</tr>" for row in table.rows)
    kept_whole = ' class="short"' if len(table.rows) <= _SHORT else ""
    return f"<table{kept_whole}>{caption}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _row(columns: Iterable[str], row: Iterable[Cell]) -> str:
    return "".join(
        f'<td data-label="{_safe(column)}"{_AUTO}>{_cell(cell)}</td>'
        for column, cell in zip(columns, row, strict=True)
    )


def _cell(cell: Cell) -> str:
    return "".join(map(_line, cell)) if len(cell) < 2 else _lines(cell)


_AUTO = ' dir="auto"'


def _safe(text: str) -> str:
    """Escaped for text and for quoted attributes; a person's line ends stay."""
    return escape(clean(text)).replace("\n", "<br>")


@cache
def _style() -> str:
    return (resources.files("protocols.guided.print") / "page.css").read_text(encoding="utf-8")
