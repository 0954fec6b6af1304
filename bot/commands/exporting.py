"""``export`` and ``forget``: one person's data, what is a public record, and letting somebody who left be nobody."""

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap import open_store, prepare, utc_now
from bot.commands.console import CommandFailedError, print_json, say, write_bytes
from bot.render import archive, records
from bot.settings import read_settings
from handlers.district import load_district
from handlers.errors import UserError
from handlers.keeping.forgetting import ACTION, find_leaver, say_done
from handlers.keeping.my_data import OPENED
from handlers.keeping.person_export import gather
from handlers.keeping.records_export import gather_records
from handlers.turn import Turn
from storage import people, record
from storage.database import Store
from storage.keeping import forgetting

exporting = typer.Typer(
    no_args_is_help=True,
    help="Write one person's data, or the records that are public, into a folder.",
)


def register(app: typer.Typer) -> None:
    app.add_typer(exporting, name="export")
    app.command("forget")(forget)


@exporting.command("person")
def export_person(
    email: Annotated[str, typer.Argument(help="The person's e-mail address, also of somebody who left.")],
    folder: Annotated[Path, typer.Argument(help="An empty or new folder.")],
) -> None:
    """Write all that is kept by or about somebody, as they may read it: HTML, JSON and CSV."""
    store = _open()
    now = utc_now()
    try:
        _require_empty(folder)
        with store.begin() as tx:
            district = load_district(tx)
            row = forgetting.find(tx, email)
            if row is None or row.id is None:
                raise CommandFailedError(f"Nobody has the address {email}, now or before.")
            person = people.get_person(tx, row.id, on=now.astimezone(district.zone).date())
            record.audit(tx, at=now, actor_id=None, action=OPENED, object=f"person:{person.id}")
            export = gather(Turn(tx=tx, person=person, now=now, district=district, key="export"))
        _write(folder, archive.files_of(export))
    finally:
        store.close()
    rows = sum(len(sheet.rows) for sheet in export.sheets)
    say(f"Wrote {rows:,} records and {len(export.pages):,} conversations of {export.name} to {folder}.")
    say("It is personal: hand it to nobody else, and delete it when it has been handed over.")


@exporting.command("records")
def export_records(
    first: Annotated[str, typer.Option("--from", help="The first day, YYYY-MM-DD.")],
    last: Annotated[str, typer.Option("--to", help="The last day, YYYY-MM-DD.")],
    folder: Annotated[Path, typer.Argument(help="An empty or new folder.")],
) -> None:
    """Write what is a public record of these days, for a records officer; coaching is withheld, and counted."""
    start, end = _day(first, "--from"), _day(last, "--to")
    if end < start:
        raise typer.BadParameter("is before --from.", param_hint="--to")
    store = _open()
    try:
        _require_empty(folder)
        with store.begin() as tx:
            found = gather_records(tx, load_district(tx), start=start, end=end, now=utc_now())
        _write(folder, records.files_of(found))
    finally:
        store.close()
    print_json(found.summary())
    say(f"Wrote the records from {start} to {end} to {folder}. Begin with index.html.")


def forget(
    email: Annotated[str, typer.Argument(help="The address of somebody who has left.")],
    is_confirmed: Annotated[bool, typer.Option("--yes", help="Without asking once more.")] = False,
) -> None:
    """Take the name, addresses, accounts and settings of somebody who left out of what is kept; figures stay."""
    store = _open()
    now = utc_now()
    try:
        with store.read() as tx:
            today = now.astimezone(load_district(tx).zone).date()
            leaver = find_leaver(tx, email, today=today)
        new = " ".join(forgetting.pseudonym(leaver.id, leaver.role))
        if not is_confirmed:
            if not sys.stdin.isatty():
                raise CommandFailedError(
                    f"{leaver.name} would be {new} from now on, for good. (Confirm with --yes.)"
                )
            if not typer.confirm(f"{leaver.name} becomes {new}. It cannot be taken back. Do it?", err=True):
                raise CommandFailedError("Nothing was changed.")
        with store.begin() as tx:
            leaver = find_leaver(tx, email, today=today)  # again: a hold may have been put since
            done = forgetting.forget(tx, leaver.id, role=leaver.role)
            record.audit(tx, at=now, actor_id=None, action=ACTION, object=f"person:{leaver.id}", **done)
            lines = say_done(tx, leaver)
    except UserError as error:
        raise CommandFailedError(error.sentence) from None
    finally:
        store.close()
    print_json({"person": leaver.id, "name": new, "done": done})
    for lead, text in lines:
        say(f"{lead} {text}")


def _open() -> Store:
    settings = read_settings()
    store = open_store(settings)
    prepare(settings, store)
    return store


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("is a day such as 2026-09-01.", param_hint=option) from None


def _require_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CommandFailedError(
            f"{folder} is not an empty folder. Name a new one, so that nothing is mixed."
        )


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """The files, readable by whoever ran the command alone."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in files:
            (folder / name).parent.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise CommandFailedError(f"{folder} cannot be made: {error.strerror}.") from None
    for name, data in files.items():
        place = folder / name
        place.touch(mode=0o600)
        write_bytes(place, data)
