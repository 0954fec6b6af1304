"""The composition root: from settings to a running bot. The only module that knows all parts.

With SQLite one process does everything: it serves, sends and is the clock. With PostgreSQL ``web`` processes serve
and send, and ``clock`` processes tick and send; of several clocks one is elected.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.accounts import link_accounts
from bot.attached import open_attached
from bot.attachments import Addresses
from bot.calendar_reading import feed_job
from bot.delivery import Delivery
from bot.fetched_memos import feed_job as memo_feed_job
from bot.fetched_memos import page_job, unread_job
from bot.homes import Homes
from bot.inbox import Inbox
from bot.mailbox import account_of, mailbox_job
from bot.metrics import Metrics
from bot.own_calendars import read_own_calendars
from bot.platforms.base import Platform
from bot.platforms.slack import SlackPlatform
from bot.platforms.teams_cloud import MICROSOFTS_TENANT, Credentials
from bot.protocol_folder import folder_job
from bot.scheduler import Tick, every_few_seconds, every_heartbeat, every_minute, every_night, start_scheduler
from bot.sent_files import SentFiles
from bot.services.feed_apart import read_feed_apart
from bot.services.language_model import AT_ONCE, LanguageModel
from bot.services.reading_apart import read_apart
from bot.services.second_reader import SecondReader
from bot.services.translation import Translator
from bot.settings import Settings
from bot.teams_memory import TeamsMemory
from bot.wording import word_jobs
from handlers import clock
from handlers.digest.languages import note_translator
from handlers.district import load_district, put_base_url, put_district
from handlers.intake.original_files import open_original
from handlers.reception import Sender, look
from storage import sealed_addresses
from storage.database import Store, database_url
from storage.election import Election

log = logging.getLogger(__name__)

Sleep = Callable[[float], Awaitable[None]]

INBOX_THREADS = {True: 2, False: 8}
"""By whether the database is SQLite, which has one writer at a time."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def clock_jobs(settings: Settings) -> tuple[tuple[str, clock.Job], ...]:
    """What a tick does: everything that is due and, where the district has a folder of protocols, reading it."""
    if settings.protocols_dir is None:
        return clock.JOBS
    return (*clock.JOBS, ("protocol_files", folder_job(Path(settings.protocols_dir))))


FEED_JOBS: tuple[tuple[str, clock.Job], ...] = (
    ("own_calendars", read_own_calendars),
    ("school_calendars", feed_job()),
)
"""What is fetched from elsewhere. Apart from the other work of a tick, which waits for nobody's host."""

PAGE_JOBS: tuple[tuple[str, clock.Job], ...] = (
    ("pages", page_job(read_apart)),
    ("memo_feeds", memo_feed_job(read_apart, read_feed_apart)),
)
"""What somebody may be waiting for in the chat. Every process that serves does it, whichever is first; so the
playground does, too."""


def mail_jobs(settings: Settings) -> tuple[tuple[str, clock.Job], ...]:
    """Reading the mailbox, where the settings name one, and what was kept and not read."""
    account = account_of(settings)
    mailbox = (("mailbox", mailbox_job(account, read_apart)),) if account else ()
    return (*mailbox, ("originals_read", unread_job(read_apart)))


@dataclass(frozen=True, slots=True)
class Parts:
    """A bot, assembled and not yet started."""

    settings: Settings
    store: Store
    platforms: dict[str, Platform]
    inbox: Inbox
    delivery: Delivery
    homes: Homes
    metrics: Metrics
    election: Election
    now: Callable[[], datetime]
    model: LanguageModel | None = None
    translator: Translator | None = None


def language_model(
    settings: Settings, *, count: Callable[[str], None] = lambda outcome: None
) -> LanguageModel | None:
    """The language model of the settings; None where they name none, and then no word leaves for one."""
    if settings.llm_base_url is None or settings.llm_model is None:
        return None
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else None
    return LanguageModel(settings.llm_base_url, settings.llm_model, key, count=count)


def translator(settings: Settings) -> Translator | None:
    """The translation service of the settings; None where they name none."""
    return Translator(settings.translate_url) if settings.translate_url else None


def open_store(settings: Settings) -> Store:
    """The database of the settings; its tables may be of an older version."""
    return Store(database_url(settings.database_url), keys=settings.address_keys)


def assemble(
    settings: Settings,
    *,
    store: Store | None = None,
    platforms: list[Platform] | None = None,
    now: Callable[[], datetime] = utc_now,
    wall: Callable[[], datetime] = utc_now,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Sleep = asyncio.sleep,
) -> Parts:
    """Put the parts together. Tests and the playground hand in their own platforms and clock."""
    store = store or open_store(settings)
    metrics = Metrics(store, now=now)
    named = {
        one.name: one
        for one in (
            platforms if platforms is not None else _platforms(settings, store, now, monotonic, sleep)
        )
    }
    delivery = Delivery(
        store, named, now=now, monotonic=monotonic, wall=wall, sleep=sleep, count=metrics.count_attempt
    )
    homes = Homes(store, named, now=now, wall=wall)

    def on_change() -> None:
        delivery.nudge()
        homes.nudge()

    model = language_model(settings, count=metrics.count_model)
    inbox = Inbox(
        store,
        now=now,
        on_change=on_change,
        wall=wall,
        count=metrics.count_inbound,
        # As many more as may wait for the model, so that nobody else waits with them.
        threads=INBOX_THREADS[store.is_sqlite] + (AT_ONCE if model else 0),
        advise=SecondReader(model, count=metrics.count_opinion) if model else None,
        files=SentFiles(store, {name: one.fetch for name, one in named.items()}, now=now, sleep=sleep),
        most_a_minute=settings.most_per_minute,
    )
    return Parts(
        settings,
        store,
        named,
        inbox,
        delivery,
        homes,
        metrics,
        Election(store),
        now,
        model,
        translator(settings),
    )


def _platforms(
    settings: Settings,
    store: Store,
    now: Callable[[], datetime],
    monotonic: Callable[[], float],
    sleep: Sleep,
) -> list[Platform]:
    platforms: list[Platform] = []
    addresses = Addresses(settings.base_url, has_pictures=settings.is_public)
    if settings.slack_bot_token is not None:
        signing, app_token = settings.slack_signing_secret, settings.slack_app_token
        platforms.append(
            SlackPlatform(
                token=settings.slack_bot_token.get_secret_value(),
                signing_secret=signing.get_secret_value() if signing else None,
                app_token=app_token.get_secret_value() if app_token else None,
                api_url=settings.slack_api_url,
                open_file=lambda token: open_original(store, token, now()),
                addresses=addresses,
                now=now,
                monotonic=monotonic,
                sleep=sleep,
            )
        )
    if settings.has_teams or settings.is_teams_open:
        # Its SDK takes an eighth of every command's start: it is loaded where Teams is set up.
        from bot.platforms.teams import TeamsPlatform

        platforms.append(
            TeamsPlatform(
                _teams_credentials(settings),
                tenant=settings.microsoft_app_tenant_id if settings.has_teams else None,
                metadata_url=settings.teams_openid_metadata_url,
                addresses=addresses,
                memory=TeamsMemory(store),
                look=lambda inbound: look(store, inbound, now=now()),
                open_file=lambda token: open_attached(store, token, now()),
                now=now,
                monotonic=monotonic,
                sleep=sleep,
            )
        )
    return platforms


def _teams_credentials(settings: Settings) -> Credentials | None:
    app_id, password = settings.microsoft_app_id, settings.microsoft_app_password
    tenant = settings.microsoft_app_tenant_id
    if app_id is None or password is None or tenant is None:
        return None
    issuer = MICROSOFTS_TENANT if settings.microsoft_app_type == "MultiTenant" else tenant
    return Credentials(app_id, password.get_secret_value(), issuer)


class Running:
    """A started bot: listening platforms, a sender and, if asked for, a clock. ``stop`` ends it in good order."""

    def __init__(self, parts: Parts, *, is_listening: bool, is_clock: bool) -> None:
        self._parts = parts
        self._is_listening = is_listening
        self._is_clock = is_clock
        self._is_leader = False
        self._scheduler: AsyncIOScheduler | None = None
        self._sender: asyncio.Task[None] | None = None
        self._publisher: asyncio.Task[None] | None = None

    async def start(self) -> None:
        for platform in self._parts.platforms.values():
            await platform.start(self._parts.inbox.take, is_listening=self._is_listening)
        await self._parts.inbox.resume(self._email_of)
        self._sender = asyncio.create_task(self._parts.delivery.run())
        self._publisher = asyncio.create_task(self._parts.homes.run())
        ticks = [Tick("pages", every_few_seconds(), self._fetch_pages)]
        if self._is_clock:
            ticks += [
                Tick("election", every_heartbeat(), self._stand),
                Tick("clock", every_minute(), self._tick, is_first_at_once=False),  # but when it is elected
                Tick("feeds", every_minute(), self._read_feeds),
                Tick("words", every_minute(), self._find_words),
                Tick("mail", every_minute(), self._read_mail),
                Tick("accounts", every_night(), self._link_accounts),
            ]
        self._scheduler = start_scheduler(tuple(ticks))

    async def stop(self) -> None:
        """No new ticks; finish what was acknowledged and what is being sent; give back the rest."""
        parts = self._parts
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
        for platform in parts.platforms.values():
            await platform.stop_listening()
        await parts.inbox.drain()
        await parts.delivery.stop()
        parts.homes.stop()
        for task in (self._sender, self._publisher):
            if task is not None:
                await task
        for platform in parts.platforms.values():
            await platform.stop()
        await asyncio.to_thread(parts.election.resign)
        parts.inbox.close()
        if parts.model is not None:
            parts.model.close()
        if parts.translator is not None:
            parts.translator.close()
        parts.store.close()

    async def _stand(self) -> None:
        """Stay the elected clock or become it; whoever becomes it does at once what the last one left."""
        was_leader, self._is_leader = self._is_leader, await asyncio.to_thread(self._parts.election.is_leader)
        if self._is_leader and not was_leader and self._scheduler is not None:
            log.info("this process is the clock now")
            # As its own job: a long tick must not keep this process from showing that it lives.
            self._scheduler.modify_job("clock", next_run_time=datetime.now(UTC))

    async def _tick(self) -> None:
        parts = self._parts
        if not await asyncio.to_thread(parts.election.is_leader):
            return
        now = parts.now()
        counts = await asyncio.to_thread(clock.run_due, parts.store, now, jobs=clock_jobs(parts.settings))
        await asyncio.to_thread(clock.note_tick, parts.store, now)
        parts.metrics.count_tick(counts)
        parts.delivery.nudge()

    async def _read_feeds(self) -> None:
        parts = self._parts
        if not await asyncio.to_thread(parts.election.is_leader):
            return
        await asyncio.to_thread(clock.run_due, parts.store, parts.now(), jobs=FEED_JOBS)
        parts.delivery.nudge()

    async def _find_words(self) -> None:
        parts = self._parts
        jobs = word_jobs(parts.model, parts.translator)
        if not jobs or not await asyncio.to_thread(parts.election.is_leader):
            return
        await asyncio.to_thread(clock.run_due, parts.store, parts.now(), jobs=jobs)

    async def _read_mail(self) -> None:
        parts = self._parts
        if not await asyncio.to_thread(parts.election.is_leader):
            return
        await asyncio.to_thread(clock.run_due, parts.store, parts.now(), jobs=mail_jobs(parts.settings))
        parts.delivery.nudge()

    async def _fetch_pages(self) -> None:
        parts = self._parts
        counts = await asyncio.to_thread(clock.run_due, parts.store, parts.now(), jobs=PAGE_JOBS)
        if any(counts.values()):
            parts.delivery.nudge()

    async def _email_of(self, sender: Sender) -> str | None:
        platform = self._parts.platforms.get(sender.platform)
        return await platform.email_of(sender) if platform else None

    async def _link_accounts(self) -> None:
        if not await asyncio.to_thread(self._parts.election.is_leader):
            return
        for platform in self._parts.platforms.values():
            count = await link_accounts(self._parts.store, platform, now=self._parts.now)
            log.info("%s: %d people linked to their accounts", platform.name, count)


class NotReadyError(Exception):
    """The database cannot be used as it is; the text says what to do."""


def prepare(settings: Settings, store: Store) -> None:
    """See that the database is whole and current, and note the zone of the settings. Raises ``NotReadyError``.

    A SQLite file is brought up to this version here: a district on one machine has no release step. On PostgreSQL
    several processes start at once, so that is left to ``throughline migrate``.
    """
    wrong = store.check()
    if wrong:
        raise NotReadyError(wrong)
    if store.is_sqlite:
        store.migrate()
    elif not store.is_current():
        raise NotReadyError("The tables are of another version. Run `throughline migrate` first.")
    with store.begin() as tx:
        sealed_addresses.seal(tx)
        lost = sealed_addresses.state(tx).lost
    if lost:
        raise NotReadyError(lost_addresses(lost))
    note_base_url(settings, store)
    if settings.district_timezone is not None:
        with store.begin() as tx:
            district = load_district(tx)
            if district.zone.key != settings.district_timezone:
                put_district(tx, name=district.name, zone=settings.district_timezone)


def lost_addresses(count: int) -> str:
    """What to do about addresses in the database that none of the keys opens."""
    return (
        f"Addresses of calendars and feeds sealed with a key that ADDRESS_KEY does not hold: {count:,}. "
        "Put it there, the newest first, with a comma between them. If it is lost, run `throughline seal --give-up`: "
        "those calendars and feeds have to be named anew."
    )


def note_base_url(settings: Settings, store: Store) -> None:
    """Remember the public address, which conversations name when they give out the address of a feed."""
    with store.begin() as tx:
        put_base_url(tx, settings.base_url or "")
        note_translator(tx, has_one=settings.translate_url is not None or settings.llm_base_url is not None)
