"""All that is kept about one person as files: a page to read, JSON, a CSV for each table, the conversations as pages.

The page runs nothing and fetches nothing; every text goes through ``escape``, and no cell of a CSV is a formula.
"""

import io
import json
from html import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from handlers.csv_files import write_csv
from handlers.keeping.person_export import PersonalExport, Sheet

CONVERSATIONS = "conversations"
_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; } section { overflow-x: auto; }
th, td { border: 1px solid #999; padding: .3rem .5rem; text-align: start; vertical-align: top; white-space: pre-line; }
@media (prefers-color-scheme: dark) { body { background: #111; color: #eee; } a { color: #9cf; } }
"""


def files_of(export: PersonalExport) -> dict[str, bytes]:
    """Path in the folder or archive -> its bytes."""
    files = {"index.html": _page(export).encode(), "data.json": _json(export).encode()}
    for sheet in export.sheets:
        text = write_csv([sheet.columns, *([_cell(value) for value in row] for row in sheet.rows)])
        files[f"csv/{sheet.key}.csv"] = f"\ufeff{text}".encode()
    for name, page in export.pages.items():
        files[f"{CONVERSATIONS}/{name}"] = page.encode()
    return files


def write_archive(export: PersonalExport) -> bytes:
    """The files as one ZIP."""
    out = io.BytesIO()
    moment = export.made_at.timetuple()[:6]
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for path, data in files_of(export).items():
            archive.writestr(ZipInfo(path, moment), data, ZIP_DEFLATED)
    return out.getvalue()


def _json(export: PersonalExport) -> str:
    data = {
        "name": export.name,
        "made_at": export.made_at.isoformat(),
        "conversations_not_open_to_you": export.closed,
        **{
            sheet.key: [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]
            for sheet in export.sheets
        },
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def _page(export: PersonalExport) -> str:
    title = escape(f"What is kept about {export.name}")
    conversations = "".join(
        f'<li><a href="{CONVERSATIONS}/{escape(name)}">{escape(name)}</a></li>' for name in export.pages
    )
    closed = (
        f"<p>{export.closed} more of the conversations you took part in are not open to you any more; what you "
        "wrote in them is below.</p>"
        if export.closed
        else ""
    )
    return "\n".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>",
            f"<p>As of {export.made_at:%d %B %Y %H:%M} UTC. The same is in data.json and in the folder csv.</p>",
            f"<h2>Conversations</h2><ul>{conversations}</ul>{closed}" if conversations or closed else "",
            *map(_section, export.sheets),
            "</body></html>",
        )
    )


def _section(sheet: Sheet) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in sheet.columns)
    rows = "".join(
        "<tr>" + "".join(f'<td dir="auto">{escape(_cell(value))}</td>' for value in row) + "</tr>"
        for row in sheet.rows
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<section><h2>{escape(sheet.title)}</h2>{table}</section>"


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)
