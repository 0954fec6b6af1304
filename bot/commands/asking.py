"""``ask`` and ``plan``: the questions and the plan of the chat, for other programs."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.bootstrap import open_store, prepare, utc_now
from bot.commands.console import CommandFailedError, print_json, read_instant, read_text, say
from bot.settings import read_settings
from handlers.answers import insight
from handlers.cadence import planning
from handlers.district import load_district
from handlers.turn import Turn
from protocols.cadence.moments import say_day
from storage import people
from storage.database import Store
from storage.people import Role

LONGEST_PLAN_DAYS = 400


def register(app: typer.Typer) -> None:
    app.command("ask")(ask)
    app.command("plan")(plan)


def ask(
    question: Annotated[str, typer.Argument(help="The question, as it would be written in the chat.")],
    asker: Annotated[str, typer.Option("--as", help="The e-mail address of the person who asks.")],
    at: Annotated[
        str, typer.Option("--at", help="An instant, ISO 8601, taken as now; without a zone, the district's.")
    ] = "",
    context: Annotated[
        Path | None, typer.Option("--context", help="The JSON of the answer before, for a follow-up.")
    ] = None,
    is_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Answer a question about visits and protected time; the same words, refusals and record as in the chat."""
    before = _read_context(context)
    settings = read_settings()
    store = open_store(settings)
    prepare(settings, store)
    try:
        found = _ask(store, question, asker, read_instant(at, store), before)
    except ValueError as error:
        raise CommandFailedError(f"{context}: {error}.") from None
    finally:
        store.close()
    if is_json:
        print_json(found)
        return
    say(found["answer"])
    if "counted" in found:
        say(f"Counted: {found['counted']}.")
    if found.get("missing"):
        say(f"Missing: {found['missing']}.")


def _read_context(path: Path | None) -> Mapping[str, Any] | None:
    if path is None:
        return None
    try:
        found = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise CommandFailedError(
            f"{path}, line {error.lineno}, column {error.colno}: this is not JSON."
        ) from None
    if not isinstance(found, dict):
        raise CommandFailedError(f"{path}: this is not the JSON of an answer.")
    return found


def _ask(
    store: Store, question: str, email: str, now: datetime, context: Mapping[str, Any] | None
) -> dict[str, Any]:
    with store.begin() as tx:
        district = load_district(tx)
        # `--at` moves the question's now, not who the asker is: a role given today holds for it, too.
        day = max(now, utc_now()).astimezone(district.zone).date()
        person = people.find_by_email(tx, email, on=day)
        if person is None:
            raise CommandFailedError(f"Nobody active in the roster has the address {email}.")
        turn = Turn(tx=tx, person=person, now=now, district=district, key="ask")
        return insight.ask(turn, question, context=context)


def plan(
    start: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")],
    end: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day.")],
    is_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Propose visits that keep every school's rhythm; agreed visits stay where they are."""
    first, last = start.date(), end.date()
    if last < first:
        raise typer.BadParameter(f"{last} is before {first}.", param_hint="--to")
    if (last - first).days > LONGEST_PLAN_DAYS:
        raise typer.BadParameter("is more than a school year away.", param_hint="--to")
    settings = read_settings()
    store = open_store(settings)
    prepare(settings, store)
    try:
        with store.read() as tx:
            district = load_district(tx)
            ilds = people.people_with_role(tx, Role.ILD, on=first)
            found = planning.plan_visits(tx, district, ilds, today=first, start=first, end=last)
    finally:
        store.close()
    if is_json:
        print_json(found.to_json())
        return
    for visit in found.visits:
        say(f"{say_day(visit.day, first)} {visit.half}  {visit.school} ({visit.ild}): {visit.because}")
    say(
        f"{len(found.visits)} visits. Load {found.load:.2f}; {'it fits' if found.feasible else 'it does not fit'}."
    )
    for warning in found.warnings:
        say(warning)
