"""``permissions``: who may see and do what, as one would explain it. It needs no database, only the program's table."""

from typing import Annotated

import typer

from bot.commands.console import print_json, say
from handlers.permission_pages import ORDER, as_data, for_everybody, for_role
from storage.people import Role


def register(app: typer.Typer) -> None:
    app.command("permissions")(permissions)


def permissions(
    role: Annotated[
        Role | None, typer.Option("--role", help="Only what this role may, may not, and why not.")
    ] = None,
    is_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say in sentences who may see and do what."""
    if is_json:
        print_json(as_data(ORDER if role is None else (role,)))
    else:
        say(for_everybody() if role is None else for_role(role))
