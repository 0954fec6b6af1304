"""``web``, ``clock``, ``tick`` and ``migrate``: the processes of a deployment and its clock by hand."""

import asyncio
import time
from datetime import datetime, timedelta
from typing import Annotated

import typer

from bot.bootstrap import FEED_JOBS, PAGE_JOBS, Parts, assemble, clock_jobs, mail_jobs, open_store, prepare
from bot.commands.console import print_json, read_instant, say
from bot.delivery import LOOK_UP_SECONDS
from bot.dispatching import SETTLE
from bot.server import run_clock, serve
from bot.settings import Settings, read_settings
from handlers import clock as clock_work
from storage import outbox
from storage.database import Store


def register(app: typer.Typer) -> None:
    app.command("web")(web)
    app.command("clock")(clock)
    app.command("tick")(tick)
    app.command("migrate")(migrate)


def web() -> None:
    """Serve Slack and Teams and the addresses of pictures and files, and send. On SQLite it is the clock, too."""
    settings, store = _prepared()
    if not (settings.has_slack or settings.has_teams or settings.is_teams_open):
        say(
            "No platform is set up, so nobody can write to the bot yet. (`throughline check` says what is missing.)"
        )
    parts = assemble(settings, store=store)
    address = f"[{settings.host}]" if ":" in settings.host else settings.host
    asyncio.run(
        serve(
            parts,
            is_clock=store.is_sqlite,
            on_ready=lambda port: say(f"Listening on http://{address}:{port}/"),
        )
    )


def clock() -> None:
    """Do what is due, every minute, and send. On PostgreSQL, beside `web`; several are safe, one is elected."""
    settings, store = _prepared()
    if store.is_sqlite:
        say("On SQLite `throughline web` is the clock already; a second one does no harm and no good.")
    say("Ticking every minute.")
    asyncio.run(run_clock(assemble(settings, store=store)))


def tick(
    at: Annotated[
        str, typer.Option("--at", help="The instant, ISO 8601; without a zone, the district's.")
    ] = "",
) -> None:
    """Do all clock work that is due at an instant, once, and send what is due then. Prints the counts."""
    settings, store = _prepared()
    instant = read_instant(at, store)
    began = time.monotonic()
    parts = assemble(settings, store=store, now=lambda: instant + timedelta(seconds=time.monotonic() - began))
    print_json(asyncio.run(_tick(parts, instant)))


def migrate() -> None:
    """Bring the database's tables up to this version."""
    store = open_store(read_settings())
    store.migrate()
    store.close()
    say("The tables are up to date.")


def _prepared() -> tuple[Settings, Store]:
    settings = read_settings()
    store = open_store(settings)
    prepare(settings, store)
    return settings, store


async def _tick(parts: Parts, instant: datetime) -> dict[str, int]:
    jobs = (*clock_jobs(parts.settings), *FEED_JOBS, *PAGE_JOBS, *mail_jobs(parts.settings))
    counts = await asyncio.to_thread(clock_work.run_due, parts.store, instant, jobs=jobs)
    for platform in parts.platforms.values():
        await platform.start(parts.inbox.take, is_listening=False)
    if parts.platforms:
        await parts.delivery.deliver_due()
        await _clear_doubts(parts)
        await parts.homes.publish_due()
    for platform in parts.platforms.values():
        await platform.stop()
    with parts.store.read() as tx:
        waiting, _ = outbox.waiting(tx, now=instant)
    doubts = _count_doubts(parts.store)
    parts.inbox.close()
    parts.store.close()
    done = parts.delivery.outcomes
    return {
        **counts,
        "messages_sent": done["sent"],
        "messages_failed": done["unreachable"],
        "messages_in_doubt": doubts,
        "messages_waiting": waiting,
    }


def _count_doubts(store: Store) -> int:
    with store.read() as tx:
        return outbox.count_in_state(tx, "unknown")


async def _clear_doubts(parts: Parts) -> None:
    """Wait for what may or may not have been sent to be looked up: half a minute at most."""
    ends = time.monotonic() + SETTLE.total_seconds() + LOOK_UP_SECONDS
    while time.monotonic() < ends:
        doubts = await asyncio.to_thread(_count_doubts, parts.store)
        if not doubts:
            return
        say(f"Looking up {doubts:,} messages that may have been sent ...")
        await asyncio.sleep(LOOK_UP_SECONDS)
        await parts.delivery.deliver_due()
