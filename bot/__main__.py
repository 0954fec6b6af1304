"""The command line, ``throughline``. Each group of commands is a module of ``bot/commands``."""

import os
import sys

import typer

from bot import journal
from bot.bootstrap import NotReadyError
from bot.commands import (
    asking,
    checking,
    demo,
    exporting,
    imports,
    keeping,
    people,
    reading,
    rights,
    running,
    sealing,
    simulating,
)
from bot.commands.console import CommandFailedError, say
from bot.settings import LOG_LEVELS, SettingsError
from storage.database import StoreBusyError

app = typer.Typer(
    name="throughline",
    help="A bot for instructional leadership directors, their principals and their executives.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for group in (
    demo, running, reading, asking, simulating, imports, people, rights, keeping, checking, sealing, exporting,
):  # fmt: skip
    group.register(app)


def main() -> None:
    """Run a command. What a person can mend is a sentence on standard error and exit status 1."""
    level = os.environ.get("LOG_LEVEL", "").upper()
    journal.set_up(level if level in LOG_LEVELS else "INFO")
    try:
        app()
    except (CommandFailedError, SettingsError, NotReadyError) as error:
        say(str(error))
        sys.exit(1)
    except StoreBusyError:
        say("The database is busy with something large, and nothing was changed. Try again in a minute.")
        sys.exit(1)


if __name__ == "__main__":
    main()
