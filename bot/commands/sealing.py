"""``seal``: whether the addresses in the database are sealed, a key for it, and what to do when a key is lost."""

from typing import Annotated

import typer

from bot.bootstrap import lost_addresses, open_store
from bot.commands.console import CommandFailedError, say
from bot.settings import read_settings
from storage import sealed_addresses
from storage.sealing import new_key


def register(app: typer.Typer) -> None:
    app.command("seal")(seal)


def seal(
    is_new: Annotated[
        bool, typer.Option("--new-key", help="Print a key for ADDRESS_KEY, and do nothing else.")
    ] = False,
    gives_up: Annotated[
        bool, typer.Option("--give-up", help="Let go of the addresses whose key is lost.")
    ] = False,
) -> None:
    """Seal the addresses of calendars and feeds with ADDRESS_KEY, and say how many are. Done at every start, too."""
    if is_new:
        typer.echo(new_key())
        return
    store = open_store(read_settings())
    if not store.is_current():
        raise CommandFailedError("The tables are not there or of another version. Run `throughline migrate`.")
    with store.begin() as tx:
        sealed_addresses.seal(tx)
        given_up = sealed_addresses.give_up(tx) if gives_up else 0
        found = sealed_addresses.state(tx)
    store.close()
    if given_up:
        say(f"Addresses let go: {given_up:,}. Whose they were is told when they are next to be read.")
    say(f"Addresses that are sealed: {found.sealed:,}; that lie open: {found.open:,}.")
    if found.lost:
        raise CommandFailedError(lost_addresses(found.lost))
