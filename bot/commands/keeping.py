"""``backup``, ``restore``, ``manifest`` and ``check``: looking after a deployment."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import __version__
from bot.bootstrap import assemble, language_model, open_store, translator, utc_now
from bot.commands.console import CommandFailedError, print_json, say, show_progress, write_bytes
from bot.mailbox import account_of, check_mailbox
from bot.manifest import explain, slack_manifest
from bot.services.language_model import Outcome
from bot.settings import Settings, SettingsError, read_settings
from bot.teams_manifest import LONGEST_NAME, Publisher, package, teams_manifest
from handlers.district import load_district
from protocols.cadence.calendar_end import find_gap
from storage import outbox
from storage.backup import BackupError, back_up, sqlite_path
from storage.backup import restore as put_back
from storage.calendar_feeds import feeds
from storage.database import Store
from storage.people import Role, people_with_role, schools_on


class ChatPlatform(StrEnum):
    SLACK = "slack"
    TEAMS = "teams"


def register(app: typer.Typer) -> None:
    app.command("manifest")(manifest)
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("check")(check)


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


def restore(file: Annotated[Path, typer.Argument(help="A backup.")]) -> None:
    """Put a backup in place of the database; the present one is kept beside it."""
    settings = read_settings()
    try:
        kept = put_back(file, sqlite_path(settings.database_url), now=utc_now())
    except BackupError as error:
        raise CommandFailedError(str(error)) from None
    store = open_store(settings)
    store.migrate()
    with store.begin() as tx:
        doubted = outbox.doubt_restored(tx, now=utc_now())
    store.close()
    say(f"Restored from {file}." + (f" What was there is kept as {kept}." if kept else ""))
    if doubted:
        say(
            f"{doubted:,} waiting messages may have been sent since; they are looked up before they are sent."
        )


def check() -> None:
    """Say in plain words what is set up and what is missing. Fails where something is."""
    try:
        settings = read_settings()
    except SettingsError as error:
        raise CommandFailedError("\n".join(error.faults)) from None
    store = open_store(settings)
    faults = _database_faults(store) or _district_faults(store)
    faults += asyncio.run(_platform_faults(settings, store))
    faults += _model_faults(settings)
    faults += _translator_faults(settings)
    faults += _mailbox_faults(settings)
    store.close()
    if faults:
        raise CommandFailedError("\n".join(faults))
    say("Nothing is missing.")


def _database_faults(store: Store) -> list[str]:
    wrong = store.check()
    if wrong:
        return [wrong]
    if not store.is_current():
        return ["The tables are not there or of another version. Run `throughline migrate`."]
    say("The database answers, is whole and up to date.")
    return []


def _district_faults(store: Store) -> list[str]:
    faults = []
    with store.read() as tx:
        district = load_district(tx)
        today = utc_now().astimezone(district.zone).date()
        schools = schools_on(tx, today)
        broken = [row.host for row in feeds(tx) if row.is_fault_told]
        counts = {role: len(people_with_role(tx, role, on=today)) for role in Role}
    say(f"The district is in {district.zone.key}; {len(schools):,} schools have an ILD today.")
    say("People: " + ", ".join(f"{role.value} {count:,}" for role, count in counts.items()) + ".")
    if not schools:
        faults.append(
            "There are no schools with an ILD. Run `throughline import roster` with assignments.csv."
        )
    if gap := find_gap(district.calendar, today):
        faults.append(gap.sentence(today))
    elif district.calendar.year_of(today) is None:
        say("Today is in no school year of the calendar: it is between two.")
    faults += [f"The calendar at {host} cannot be read; the last copy stays in force." for host in broken]
    if not district.rules:
        faults.append("No half-day is protected, so nothing is held back. Set the protected half-days.")
    return faults


async def _platform_faults(settings: Settings, store: Store) -> list[str]:
    parts = assemble(settings, store=store)
    parts.inbox.close()
    if not parts.platforms:
        return [
            "No platform is set up: SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET, or MICROSOFT_APP_ID, "
            "MICROSOFT_APP_PASSWORD and MICROSOFT_APP_TENANT_ID, are missing."
        ]
    faults = []
    for name, platform in parts.platforms.items():
        await platform.start(parts.inbox.take, is_listening=False)
        wrong = await platform.check()
        await platform.stop()
        if wrong:
            faults.append(wrong)
        else:
            say(f"{name}: the credentials work.")
    if settings.base_url is None:
        faults.append("BASE_URL is missing: pictures and files have no address.")
    elif not settings.is_public:
        say("BASE_URL is not a public https address: pictures are put into words.")
    return faults


def _mailbox_faults(settings: Settings) -> list[str]:
    account = account_of(settings)
    if account is None:
        return []
    wrong = check_mailbox(account)
    if wrong is None:
        say("The mailbox for memos can be read.")
        return []
    return [f"The mailbox for memos cannot be read: {wrong}"]


def _model_faults(settings: Settings) -> list[str]:
    model = language_model(settings)
    if model is None:
        say("No language model is set up, and none is needed: notes are read on this machine alone.")
        return []
    outcome = model.check()
    model.close()
    faults = []
    if outcome is Outcome.ANSWERED:
        say("The language model answers. Notes the coach would ask about, or is unsure of, are put to it.")
    else:
        why = _NO_ANSWER.get(outcome, "it does not answer")
        faults.append(
            f"The language model is of no use: {why}. Look at LLM_BASE_URL, LLM_MODEL and LLM_API_KEY. "
            "Until then notes are read on this machine alone."
        )
    if settings.is_llm_in_clear:
        faults.append("LLM_BASE_URL is http, so notes would travel unencrypted. Use its https address.")
    return faults


def _translator_faults(settings: Settings) -> list[str]:
    service = translator(settings)
    if service is None:
        return []
    said = service("The school is open.", "es")
    service.close()
    if said is None:
        return [
            "The translation service gives no answer. Look at TRANSLATE_URL. "
            "Until then digests come as they are written."
        ]
    say("The translation service answers. What digests ask is put to it, for who has another language.")
    return []


_NO_ANSWER = {
    Outcome.TOO_SLOW: "it takes too long to answer",
    Outcome.UNREACHABLE: "it cannot be reached",
    Outcome.REFUSED: "it refuses the question",
    Outcome.TOO_LONG: "its answers are far too long",
    Outcome.NONSENSE: "its answers are not the JSON it was asked for",
}
