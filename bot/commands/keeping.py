"""``backup``, ``restore`` and ``manifest``: looking after a deployment."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import __version__
from bot.bootstrap import open_store, utc_now
from bot.commands.console import CommandFailedError, print_json, say, show_progress, write_bytes
from bot.manifest import explain, slack_manifest
from bot.settings import Settings, read_settings
from bot.teams_manifest import LONGEST_NAME, Publisher, package, teams_manifest
from storage import doubts
from storage.backup import BackupError, back_up, sqlite_path
from storage.backup import restore as put_back


class ChatPlatform(StrEnum):
    SLACK = "slack"
    TEAMS = "teams"


def register(app: typer.Typer) -> None:
    app.command("manifest")(manifest)
    app.command("backup")(backup)
    app.command("restore")(restore)


def manifest(
    platform: Annotated[ChatPlatform, typer.Argument(help="For which platform.")],
    is_explained: Annotated[
        bool, typer.Option("--explain", help="Slack: say instead why it asks for each right and event.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Teams: where to write the package to upload (a .zip).")
    ] = None,
    publisher: Annotated[
        str, typer.Option(help="Teams: who offers the app, such as your district.")
    ] = "Throughline",
    site: Annotated[
        str | None, typer.Option(help="Teams: an https page about it and its privacy; BASE_URL if not given.")
    ] = None,
) -> None:
    """Print the app manifest for the platform. With BASE_URL set it names that address."""
    settings = read_settings()
    match platform:
        case ChatPlatform.SLACK if is_explained:
            print_json(dict(explain()))
        case ChatPlatform.SLACK:
            print_json(slack_manifest(settings.base_url))
        case ChatPlatform.TEAMS:
            made = _teams_manifest(settings, publisher, site)
            if out is not None:
                write_bytes(out, package(made))
                say(f"Wrote {out}. Upload it in the Teams admin centre, under Manage apps.")
            print_json(made)


def _teams_manifest(settings: Settings, publisher: str, site: str | None) -> dict[str, Any]:
    if settings.microsoft_app_id is None or not (settings.base_url or "").startswith("https://"):
        raise CommandFailedError(
            "Teams needs MICROSOFT_APP_ID and a BASE_URL that begins with https://. Set both, then ask again."
        )
    page = site or settings.base_url or ""
    if not page.startswith("https://"):
        raise CommandFailedError("--site is a page that begins with https://.")
    if not 1 <= len(publisher.strip()) <= LONGEST_NAME:
        raise CommandFailedError(f"--publisher is a name of up to {LONGEST_NAME} letters.")
    return teams_manifest(
        app_id=settings.microsoft_app_id,
        base_url=settings.base_url or "",
        version=__version__,
        publisher=Publisher(publisher.strip(), page),
    )


def backup(file: Annotated[Path, typer.Argument(help="Where to write it.")]) -> None:
    """Write a checked copy of the database while it is in use."""
    try:
        back_up(
            sqlite_path(read_settings().database_url),
            file,
            progress=lambda done, total: show_progress(done, total, "Pages copied"),
        )
    except BackupError as error:
        raise CommandFailedError(str(error)) from None
    say(f"Backed up to {file}.")


def restore(
    file: Annotated[
        Path | None, typer.Argument(help="A backup. None on PostgreSQL, after `pg_restore` has put one back.")
    ] = None,
) -> None:
    """Put a backup in place of the database; the present one is kept beside it. On PostgreSQL: take one over."""
    settings = read_settings()
    store = open_store(settings)
    kept = _put_back(file, settings.database_url) if store.is_sqlite or file is not None else None
    store.migrate()
    with store.begin() as tx:
        doubted = doubts.doubt_restored(tx, now=utc_now())
    store.close()
    say(f"Restored from {file or 'the backup'}." + (f" What was there is kept as {kept}." if kept else ""))
    if doubted:
        say(
            f"{doubted:,} waiting messages may have been sent since; they are looked up before they are sent."
        )


def _put_back(file: Path | None, url: str) -> Path | None:
    if file is None:
        raise CommandFailedError("Say which backup: `throughline restore FILE`.")
    try:
        return put_back(file, sqlite_path(url), now=utc_now())
    except BackupError as error:
        raise CommandFailedError(str(error)) from None
