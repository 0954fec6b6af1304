"""``check``: what is set up, what is missing and what does not work, in plain words for whoever runs the machine."""

import asyncio
import shutil
from datetime import datetime, timedelta

import typer

from bot.bootstrap import assemble, language_model, lost_addresses, open_store, translator, utc_now
from bot.commands.console import CommandFailedError, say
from bot.mailbox import account_of, check_mailbox
from bot.services.language_model import Outcome
from bot.settings import Settings, SettingsError, read_settings
from handlers.clock import ticked_at
from handlers.district import load_district
from protocols.cadence.calendar_end import find_gap
from storage import outbox, sealed_addresses
from storage.backup import sqlite_path
from storage.calendar_feeds import feeds
from storage.database import Store
from storage.people import Role, count_linked, people_with_role, schools_on
from storage.private_files import is_open_to_others

LONGEST_SILENCE = timedelta(minutes=5)
"""Of the clock, which ticks every minute."""
LONGEST_WAIT = timedelta(minutes=15)
"""Of a message that is due: what limits of a platform hold back is sent in less, a district's digests excepted."""


def register(app: typer.Typer) -> None:
    app.command("check")(check)


def check() -> None:
    """Say in plain words what is set up and what is missing. Fails where something is."""
    try:
        settings = read_settings()
    except SettingsError as error:
        raise CommandFailedError("\n".join(error.faults)) from None
    store = open_store(settings)
    faults = _database_faults(store, settings) or [
        *_file_faults(store),
        *_seal_faults(store, settings),
        *district_faults(store, utc_now()),
        *running_faults(store, utc_now()),
    ]
    faults += asyncio.run(_platform_faults(settings, store))
    faults += _model_faults(settings)
    faults += _translator_faults(settings)
    faults += _mailbox_faults(settings)
    store.close()
    if faults:
        raise CommandFailedError("\n".join(faults))
    say("Nothing is missing.")


def _database_faults(store: Store, settings: Settings) -> list[str]:
    wrong = store.check()
    if wrong:
        return [wrong]
    if not store.is_current():
        return ["The tables are not there or of another version. Run `throughline migrate`."]
    say("The database answers, is whole and up to date.")
    if store.is_sqlite:
        file = sqlite_path(settings.database_url)
        needed, free = 2 * file.stat().st_size, shutil.disk_usage(file.absolute().parent).free
        if free < needed:
            return [
                f"The disk has {free / 1e6:,.0f} MB left. A backup and a year's growth ask for {needed / 1e6:,.0f} MB."
            ]
    return []


def _file_faults(store: Store) -> list[str]:
    """A database that was made before files were kept private, or was opened up since."""
    if not store.is_sqlite or not is_open_to_others(file := sqlite_path(store.url)):
        return []
    return [f"Everybody with an account on this machine can read the database. Run `chmod o-rwx {file}*`."]


def _seal_faults(store: Store, settings: Settings) -> list[str]:
    with store.read() as tx:
        found = sealed_addresses.state(tx)
    if found.lost:
        return [lost_addresses(found.lost)]
    if not settings.address_keys:
        say("ADDRESS_KEY is not set: addresses of calendars lie open in the database and its backups.")
    return []


def district_faults(store: Store, now: datetime) -> list[str]:
    """What the district lacks, a sentence each; what there is is said on the way."""
    faults = []
    with store.read() as tx:
        district = load_district(tx)
        today = now.astimezone(district.zone).date()
        schools = schools_on(tx, today)
        broken = [row.host for row in feeds(tx) if row.is_fault_told]
        counts = {role: len(people_with_role(tx, role, on=today)) for role in Role}
    say(f"The district is in {district.zone.key}; {len(schools):,} schools have an ILD today.")
    say("People: " + ", ".join(f"{role.value} {count:,}" for role, count in counts.items()) + ".")
    if not schools:
        faults.append(
            "There are no schools with an ILD. Run `throughline import roster` with assignments.csv."
        )
    if not counts[Role.ADMINISTRATOR]:
        faults.append(
            "Nobody is an administrator, so nobody can set the calendar or see what was not delivered. "
            "Run `throughline grant EMAIL administrator`."
        )
    alone = [school.name for school in schools if school.principal_id is None]
    if alone:
        more = f" and {len(alone) - 3:,} more" if len(alone) > 3 else ""
        faults.append(f"No principal today at {', '.join(alone[:3])}{more}: nobody gets their digest.")
    if gap := find_gap(district.calendar, today):
        faults.append(gap.sentence(today))
    elif district.calendar.year_of(today) is None:
        say("Today is in no school year of the calendar: it is between two.")
    faults += [f"The calendar at {host} cannot be read; the last copy stays in force." for host in broken]
    if not district.rules:
        faults.append("No half-day is protected, so nothing is held back. Set the protected half-days.")
    return faults


def running_faults(store: Store, now: datetime) -> list[str]:
    """Whether the processes do their work. A database nothing has ever run on is no fault: it is just set up."""
    with store.read() as tx:
        ticked = ticked_at(tx)
        late, _ = outbox.waiting(tx, now=now - LONGEST_WAIT)
        failed = outbox.count_in_state(tx, "failed")
    if failed:
        say(
            f"Messages that were not delivered so far: {failed:,}. Write `undelivered` to the bot for the reasons."
        )
    if ticked is None:
        say(
            "The clock has not run yet. On SQLite it is part of `throughline web`, else run `throughline clock`."
        )
        return []
    faults = []
    if now - ticked > LONGEST_SILENCE:
        faults.append(
            f"The clock last ticked at {_moment(ticked)}: nothing is sent by itself until "
            "`throughline web` (on SQLite) or `throughline clock` runs."
        )
    if late:
        faults.append(
            f"{late:,} message{'s have' if late > 1 else ' has'} been due for more than "
            f"{LONGEST_WAIT.seconds // 60} minutes. Is "
            "`throughline web` or `clock` running, and do the platform's credentials work?"
        )
    return faults


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


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
    with store.read() as tx:
        linked, known = count_linked(tx, on=utc_now().date())
    say(f"{linked:,} of {known:,} people have an account that I may write to.")
    if settings.base_url is None:
        faults.append("BASE_URL is missing: pictures and files have no address.")
    elif settings.is_public and settings.is_on_loopback and not settings.slack_app_token:
        say("HOST is this machine alone; a proxy in front must pass BASE_URL's requests on to it.")
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
