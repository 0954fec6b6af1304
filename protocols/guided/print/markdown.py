"""A page as Markdown, for a wiki, an e-mail or a repository.

Whatever people typed stays text: every letter that CommonMark or GitHub's dialect could take for markup, a link or
HTML gets a backslash, which both show as the letter itself (CommonMark 0.31, 2.4), and no line of theirs begins a
block, because their line ends become ``<br>``.
"""

import re
from collections.abc import Iterable, Iterator

from protocols.guided.print.page import Cell, Line, Page, Phase, Section, Table
from protocols.guided.print.plain import clean

MEDIA_TYPE = "text/markdown; charset=utf-8"

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&$@^=]")
_BLOCK = re.compile(r"^(\s*)([-+]|\d+(?=[.)]))")
_LINK = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp)(:)|\b(www)(\.)")


def to_markdown(page: Page) -> str:
    """The whole file."""
    parts = [f"# {_safe(page.title)}"]
    parts.append("\n".join(f"- **{_safe(label)}:** {_safe(said)}" for label, said in page.facts))
    for phase in page.phases:
        parts += _phase(phase)
    parts += ["---", _safe(page.footer)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _phase(phase: Phase) -> Iterator[str]:
    yield f"## {_safe(phase.title)}"
    for section in phase.sections:
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    if section.title:
        yield f"### {_safe(section.title)}"
    if section.by:
        yield f"**{_safe(section.by)}**"
    yield "\n".join(f"- {_line(line)}" for line in section.lines)
    for table in section.tables:
        if table.caption:
            yield f"**{_safe(table.caption)}**"
        yield _table(table)


def _line(line: Line) -> str:
    who = f"**{_safe(line.who)}:** " if line.who else ""
    place = f"*{_safe(line.place)}* " if line.place else ""
    marks = f" *({_safe(', '.join(line.marks))})*" if line.marks else ""
    return f"{place}{who}{_safe(line.text)}{marks}"


def _table(table: Table) -> str:
    rows = [
        map(_safe, table.columns),
        ("---" for _ in table.columns),
        *(map(_cell, row) for row in table.rows),
    ]
    return "\n".join(_row(row) for row in rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    return "<br>".join(map(_line, cell))


def _safe(text: str) -> str:
    """Text that no reader of Markdown takes for anything else, on one line."""
    lines = [" ".join(line.split()) for line in clean(text).strip().split("\n")]
    return "<br>".join(_escape(line) for line in lines)


def _escape(line: str) -> str:
    escaped = _MARKUP.sub(lambda found: f"\\{found[0]}", line)
    escaped = _LINK.sub(lambda found: f"{found[1] or found[3]}\\{found[2] or found[4]}", escaped)
    return _BLOCK.sub(_escape_block, escaped)


def _escape_block(found: re.Match[str]) -> str:
    """A dash, a plus or a number with a full stop would begin a list."""
    return f"{found[1]}\\{found[2]}" if found[2] in "-+" else f"{found[1]}{found[2]}\\"
