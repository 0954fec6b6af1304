"""Keep a district as a released version leaves it, so that every later version is tried on it.

``python -m tests.releases.keeping`` plays the sample district and the scenes of ``scenes`` and writes
``tests/data/releases/VERSION.jsonl.gz``: the revision of the tables in the first line, then one row a line. Run once,
at a release; the files of former releases are never made again, because only their own version could make them.
"""

import base64
import gzip
import json
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Engine, MetaData, text

from bot import __version__
from bot.commands.console import say
from bot.sample import fill_sample
from storage.backup import sqlite_path
from storage.database import Store
from tests.releases.scenes import play_scenes

FOLDER = Path(__file__).parents[1] / "data" / "releases"


def keep(store: Store, file: Path) -> None:
    """Write every row of the SQLite database to the file."""
    store.close()  # so that all is in the file
    with closing(sqlite3.connect(sqlite_path(store.url))) as connection, gzip.open(file, "wt") as lines:
        connection.row_factory = sqlite3.Row
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
        names = [name for (name,) in tables if name != "alembic_version"]
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        lines.write(json.dumps({"revision": revision}) + "\n")
        for name in names:
            for row in connection.execute(f'SELECT * FROM "{name}"'):
                values = {key: _packed(value) for key, value in dict(row).items() if value is not None}
                lines.write(json.dumps([name, values], ensure_ascii=False) + "\n")


def load(file: Path, store: Store) -> dict[str, int]:
    """Fill an empty database with the tables and rows of that version; table -> rows. The store is not upgraded."""
    with gzip.open(file, "rt") as lines:
        revision = json.loads(next(lines))["revision"]
        rows: dict[str, list[dict[str, Any]]] = {}
        for line in lines:
            name, values = json.loads(line)
            rows.setdefault(name, []).append({key: _unpacked(value) for key, value in values.items()})
    store.migrate(revision)
    if store.is_sqlite:
        _fill_sqlite(sqlite_path(store.url), rows)
    else:
        _fill_postgres(store.engine, rows)
    return {name: len(some) for name, some in rows.items()}


def _fill_sqlite(path: Path, rows: dict[str, list[dict[str, Any]]]) -> None:
    """As the bytes were: SQLAlchemy would read and write every value anew."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for name, some in rows.items():
            for row in some:
                columns = ", ".join(f'"{key}"' for key in row)
                marks = ", ".join("?" * len(row))
                connection.execute(f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', tuple(row.values()))


def _fill_postgres(engine: Engine, rows: dict[str, list[dict[str, Any]]]) -> None:
    metadata = MetaData()
    metadata.reflect(engine)
    with engine.begin() as connection:
        # Rows point at one another in both directions; what was whole stays whole without being looked at.
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for table in metadata.sorted_tables:
            flags = {column.name for column in table.columns if isinstance(column.type, Boolean)}
            numbered = "id" in table.columns and table.columns["id"].autoincrement is not False
            for row in rows.get(table.name, []):
                values = {key: bool(value) if key in flags else value for key, value in row.items()}
                columns = ", ".join(f'"{key}"' for key in values)
                marks = ", ".join(f"%({key})s" for key in values)
                connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', values)
            if numbered and rows.get(table.name):
                connection.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'), "
                        f'(SELECT max(id) FROM "{table.name}"))'
                    )
                )


def _packed(value: Any) -> Any:
    return {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _unpacked(value: Any) -> Any:
    return base64.b64decode(value["bytes"]) if isinstance(value, dict) else value


def main() -> None:
    file = FOLDER / f"{__version__}.jsonl.gz"
    if file.exists():
        raise SystemExit(f"{file.name} is kept already; a released version is not made again.")
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/district.sqlite")
        store.migrate()
        fill_sample(store)
        play_scenes(store)
        keep(store, file)
    say(f"{file.name}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
