"""Opening the playground: its database, its sample district, the bot round it."""

import errno
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.bootstrap import Parts, assemble, open_store
from bot.platforms.playground import Playground
from bot.playground.cast import mark_all_read
from bot.playground.clock import SETTING, PlaygroundClock
from bot.settings import Settings, SettingsError, demo_faults
from handlers.district import put_base_url
from storage import doubts, outbox, record
from storage.database import Store
from storage.people import is_empty

DEMO_DATABASE = "sqlite:///throughline-demo.sqlite"
FILLING = "playground_filling"
"""Whether the sample district is whole; one that was cut short while being made is made again."""
_YESTERDAY = timedelta(days=1)
_LEASES_OVER = outbox.LEASE + timedelta(seconds=1)


class NotAPlaygroundError(Exception):
    """The database, or the port, is somebody else's; the text says what to do."""


def demo_settings(settings: Settings) -> Settings:
    """The settings with the playground's own database, where none was named. Raises ``SettingsError`` where the
    playground would be open to others or would speak for a real district."""
    faults = demo_faults(settings)
    if faults:
        raise SettingsError(faults)
    if "database_url" in settings.model_fields_set:
        return settings
    return settings.model_copy(update={"database_url": DEMO_DATABASE})


def require_port(settings: Settings) -> None:
    """Raises ``NotAPlaygroundError`` where the port is taken: two playgrounds on one file would share a clock."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise NotAPlaygroundError(
                f"Port {settings.port} is taken. If the playground is running already, open "
                f"http://127.0.0.1:{settings.port}/; else name another port with PORT."
            ) from None


def begin_again(settings: Settings) -> None:
    """Remove the playground's database. Raises ``NotAPlaygroundError`` for any other."""
    url = make_url(settings.database_url)
    if not url.drivername.startswith("sqlite"):
        raise NotAPlaygroundError("I only begin again with a file. Empty the PostgreSQL database by hand.")
    path = Path(url.database or "")
    if path.exists():
        store = _open(settings)
        _require_playground(store)
        store.close()
    for name in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        name.unlink(missing_ok=True)


def open_playground(settings: Settings, *, fill: Callable[[Store], None], starts_at: datetime) -> Parts:
    """The bot with the playground as its only platform; an empty database is filled first.

    Raises ``NotAPlaygroundError`` for a database with people in it that was never a playground: here anybody may
    speak as anybody, and what waits in its outbox would count as sent.
    """
    store = _open(settings)
    with store.read() as tx:
        is_cut_short = record.get_setting(tx, FILLING) == {"is_done": False}
        is_new = is_empty(tx) or is_cut_short
    if is_cut_short:
        store.close()
        begin_again(settings)
        store = _open(settings)
    clock = PlaygroundClock(store)
    if is_new:
        clock.set_first(starts_at)
        _note_filling(store, is_done=False)
        fill(store)
        with store.begin() as tx:
            mark_all_read(tx, before=starts_at - _YESTERDAY)
        _note_filling(store, is_done=True)
    _require_playground(store)
    # The clock stands still, so what a killed playground was sending would stay claimed for ever.
    with store.begin() as tx:
        doubts.expire_leases(tx, now=clock.now() + _LEASES_OVER, look_up_at=clock.now())
    with store.begin() as tx:
        put_base_url(tx, settings.base_url or _own_address(settings))
    playground = Playground(store, clock)
    # One machine, one browser, everybody's words: there is nobody to keep waiting.
    unhurried = settings.model_copy(update={"most_per_minute": 0})
    parts = assemble(unhurried, store=store, platforms=[playground], now=clock.now)
    playground.connect(parts.delivery.nudge)
    return parts


def _own_address(settings: Settings) -> str:
    """Where the playground is, for addresses that it gives out on this machine."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def _open(settings: Settings) -> Store:
    store = open_store(settings)
    store.migrate()
    return store


def _note_filling(store: Store, *, is_done: bool) -> None:
    with store.begin() as tx:
        record.put_setting(tx, FILLING, {"is_done": is_done})


def _require_playground(store: Store) -> None:
    with store.read() as tx:
        if record.get_setting(tx, SETTING) is None and not is_empty(tx):
            raise NotAPlaygroundError(
                "This database holds a district that is not the playground's. Unset DATABASE_URL, "
                "or name a database of its own for the playground."
            )
