"""What benchmarks are measured on: the large district, made once a run and copied for whoever writes into it."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from storage.database import Store
from tests import postgres
from tests.bench import large, ten_years
from tests.bench.tables import Report
from tests.district import make_store

LASTING = {
    "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "512MB",
    "max_wal_size": "8GB",
}  # fmt: skip
"""A server that keeps what it said it kept, as the product's SQLite does."""

DATABASES = ("SQLite", "PostgreSQL")


def _closed(store: Store) -> Path:
    """The database's file; with the last connection the log goes into it."""
    store.close()
    return Path(store.engine.url.database or "")


class Ground:
    """Makes what is asked for when it is asked for first. ``data`` is a folder that is kept outside the project."""

    def __init__(self, data: Path | None = None) -> None:
        self.data = data
        self._stack = ExitStack()
        self._numbers = count(1)
        self._bases: dict[int, Path] = {}
        self._full: dict[int, Path] = {}
        self._server: postgres.Server | postgres.CannotRunError | None = None
        self._on_postgres: dict[int, str] = {}

    def __enter__(self) -> Self:
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def folder(self) -> Path:
        """A new, empty one, which goes with the run."""
        path = self._folder / str(next(self._numbers))
        path.mkdir()
        return path

    def sqlite(self, schools: int = large.SCHOOLS) -> Store:
        """A copy of the district with so many schools, and as many visits each, to do with as one likes."""
        if schools not in self._full:
            store = self._base(schools)
            ten_years.put(store, schools=schools)
            self._full[schools] = _closed(store)
        return self._copy(self._full[schools])

    def _base(self, schools: int) -> Store:
        """The district with its visits; what else ten years leave each database makes for itself, which is quicker than
        copying it."""
        if schools not in self._bases:
            visits = large.VISITS * schools // large.SCHOOLS
            self._bases[schools] = _closed(large.make(self.folder(), schools=schools, visits=visits))
        return self._copy(self._bases[schools])

    def _copy(self, file: Path) -> Store:
        copy = self.folder() / "district.sqlite"
        shutil.copyfile(file, copy)
        return Store(f"sqlite:///{copy}")

    def server(self) -> postgres.Server:
        """The run's PostgreSQL. Raises ``CannotRunError`` where none can be had."""
        if self._server is None:
            try:
                self._server = self._stack.enter_context(postgres.running(**LASTING))
            except postgres.CannotRunError as error:
                self._server = error
        if isinstance(self._server, postgres.CannotRunError):
            raise self._server
        return self._server

    def small_districts(self, report: Report) -> Iterator[tuple[str, Store]]:
        """The district of ``tests/district.py`` on each database, with the database's name."""
        return self._each(report, lambda: make_store(self.folder()), lambda: Store(self.server().clone()))

    def districts(self, report: Report, schools: int = large.SCHOOLS) -> Iterator[tuple[str, Store]]:
        """The large district, or a smaller one, on each database."""
        return self._each(report, lambda: self.sqlite(schools), lambda: self.on_postgres(schools))

    def _each(self, report: Report, *makers: Callable[[], Store]) -> Iterator[tuple[str, Store]]:
        for where, make in zip(DATABASES, makers, strict=True):
            try:
                store = make()
            except postgres.CannotRunError as error:
                report.missing(f"Not measured on PostgreSQL: {error}")
                continue
            try:
                yield where, store
            finally:
                store.close()

    def on_postgres(self, schools: int = large.SCHOOLS) -> Store:
        """The same district in a PostgreSQL database. Raises ``CannotRunError`` where no server can be had."""
        server = self.server()
        if schools not in self._on_postgres:
            target = Store(server.empty())
            target.migrate()
            source = self._base(schools)
            large.copy_to(source, target)
            source.close()
            ten_years.put(target, schools=schools)
            target.close()
            self._on_postgres[schools] = target.url
        return Store(server.copy_of(self._on_postgres[schools]))
