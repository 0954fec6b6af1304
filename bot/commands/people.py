"""``grant``: the first administrator, and anybody else whom no roster names: executives, a unit's staff."""

from typing import Annotated

import typer

from bot.bootstrap import open_store, prepare, utc_now
from bot.commands.console import CommandFailedError, say
from bot.settings import read_settings
from handlers.district import load_district
from storage import people, record
from storage.people import Role


def register(app: typer.Typer) -> None:
    app.command("grant")(grant)


def grant(
    email: Annotated[str, typer.Argument(help="The person's e-mail address, as on Slack.")],
    role: Annotated[Role, typer.Argument(help="What they are to the district.")],
    unit: Annotated[str, typer.Option("--unit", help="The office of a unit's staff member.")] = "",
    name: Annotated[
        str, typer.Option("--name", help="Given and family name, for somebody not in the roster.")
    ] = "",
) -> None:
    """Give somebody a role from today on. An administrator can do the same in chat: make EMAIL ROLE."""
    if (role is Role.UNIT) != bool(unit):
        raise typer.BadParameter("goes with the role unit, and only with it.", param_hint="--unit")
    settings = read_settings()
    store = open_store(settings)
    prepare(settings, store)
    now = utc_now()
    try:
        with store.begin() as tx:
            today = now.astimezone(load_district(tx).zone).date()
            person = people.find_by_email(tx, email, on=today)
            if person is None:
                if not name:
                    raise CommandFailedError(
                        f"Nobody active has the address {email}. Add their name with --name."
                    )
                person = people.add_person(tx, email=email, name=name, on=today)
            is_new = people.grant_role(tx, person.id, role, unit=unit or None, on=today)
            record.audit(
                tx, at=now, actor_id=None, action="role.granted", object=f"person:{person.id}", role=role
            )
    finally:
        store.close()
    say(
        f"{person.name} is {role.value} from today on."
        if is_new
        else f"{person.name} was {role.value} already."
    )
