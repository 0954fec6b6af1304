"""A public-records export as files: a page to begin with, a CSV for each table, each memo as a text."""

from html import escape

from handlers.csv_files import write_csv
from handlers.keeping.records_export import RecordsExport

_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 50rem; padding: 0 1rem; }
table { border-collapse: collapse; } th, td { border: 1px solid #999; padding: .3rem .5rem; text-align: start; }
"""


def files_of(export: RecordsExport) -> dict[str, bytes]:
    """Path in the folder -> its bytes."""
    files = {"index.html": _page(export).encode()}
    for sheet in export.sheets:
        files[f"records/{sheet.key}.csv"] = _csv([sheet.columns, *sheet.rows])
    withheld = [
        (one.what, one.count, "in these days" if one.is_of_period else "in all", one.ground)
        for one in export.withheld
    ]
    files["withheld.csv"] = _csv([("what", "how many", "of when", "ground"), *withheld])
    for number, text in export.memos.items():
        files[f"memos/{number}.txt"] = text.encode()
    return files


def _csv(rows: list[tuple[object, ...]]) -> bytes:
    return f"\ufeff{write_csv(rows)}".encode()


def _page(export: RecordsExport) -> str:
    title = escape(f"Records of {export.district or 'the district'}, {export.start} to {export.end}")
    given = "".join(
        f'<tr><td><a href="records/{escape(sheet.key)}.csv">{escape(sheet.title)}</a></td>'
        f"<td>{len(sheet.rows):,}</td></tr>"
        for sheet in export.sheets
    )
    kept = "".join(
        f"<tr><td>{escape(one.what)}</td><td>{one.count:,}{'' if one.is_of_period else ' in all'}</td>"
        f"<td>{escape(one.ground)}</td></tr>"
        for one in export.withheld
    )
    memos = f"<p>The text of each memo is in the folder memos, by its number: {len(export.memos):,}.</p>"
    return "\n".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>",
            f"<p>Made {export.made_at:%d %B %Y %H:%M} UTC. What is given out comes first; what is withheld is counted",
            "after it, with the ground. Which ground the law of the state knows is for the records officer and counsel",
            "to say.</p>",
            f"<h2>Given out</h2><table><tr><th>Records</th><th>How many</th></tr>{given}</table>{memos}",
            "<h2>Withheld</h2><p>Coaching is kept apart from evaluation; nothing here rates a person.</p>",
            f"<table><tr><th>What</th><th>How many</th><th>Ground</th></tr>{kept}</table></body></html>",
        )
    )
