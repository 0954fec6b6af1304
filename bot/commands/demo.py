"""``demo``: the playground with the sample district, on this machine only."""

import asyncio
from typing import Annotated

import typer

from bot.commands.console import CommandFailedError, say
from bot.playground.opening import (
    NotAPlaygroundError,
    begin_again,
    demo_settings,
    open_playground,
    require_port,
)
from bot.sample import STARTS_AT, fill_sample
from bot.server import serve
from bot.settings import Settings, read_settings
from storage.database import Store


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo(
    reset: Annotated[
        bool, typer.Option("--reset", help="Begin again: remove the playground's database first.")
    ] = False,
) -> None:
    """Open the playground: a chat page where you can be anybody in a sample district and move its clock."""
    settings = demo_settings(read_settings())
    try:
        require_port(settings)
        if reset:
            begin_again(settings)
        parts = open_playground(settings, fill=_fill, starts_at=STARTS_AT)
    except NotAPlaygroundError as error:
        raise CommandFailedError(str(error)) from None
    asyncio.run(serve(parts, is_clock=False, on_ready=lambda port: say(_address(settings, port))))


def _fill(store: Store) -> None:
    say("Making the sample district: 24 schools, a year and a half of visits. This takes a few seconds.")
    fill_sample(store)


def _address(settings: Settings, port: int) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"The playground is open: http://{host}:{port}/  (Ctrl+C ends it; everything is kept.)"
