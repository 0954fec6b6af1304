"""``import roster`` and the other imports: all or nothing, and what it did."""

import lzma
import sys
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated
from zipfile import BadZipFile, ZipFile

import typer

from bot.bootstrap import open_store, prepare, utc_now
from bot.commands.console import CommandFailedError, print_json, read_bytes, say
from bot.protocol_folder import read_protocol_files
from bot.services import calendar_feed
from bot.services.fetching import FetchError
from bot.settings import read_settings
from handlers.calendars.calendar_feeds import subscribe
from handlers.district import load_district
from handlers.guided.masters_files import take_files
from protocols.cadence.calendar_edits import CalendarEdit
from protocols.cadence.calendar_files import CalendarFault, read_calendar_file
from protocols.cadence.feed_addresses import is_address, read_address
from protocols.frameworks.faults import FrameworkRefused
from protocols.frameworks.files import decode, ignored, parse
from protocols.roster.faults import RosterFaults
from protocols.roster.reading import read_roster
from protocols.roster.report import RemovalNotConfirmedError, RosterReport
from protocols.roster.travel import read_travel_csv
from protocols.roster.values import Roster
from protocols.roster.visits import read_visits_csv
from storage import calendar, frameworks, record, travel
from storage.database import Store
from storage.roster import apply_roster, load_roster
from storage.visit_import import add_visits

MAX_BYTES = 500_000_000
"""Of all files of a roster together: thirty times the largest district's."""
_NOT_UNPACKED = (BadZipFile, OSError, RuntimeError, EOFError, ValueError, zlib.error, lzma.LZMAError)
"""What a damaged bundle raises, or one that asks for a password or is packed in a way that nobody knows."""

importing = typer.Typer(
    no_args_is_help=True,
    help="Take in the roster, the calendar, past visits, ways between schools, a framework or protocols.",
)


def register(app: typer.Typer) -> None:
    app.add_typer(importing, name="import")


@importing.command("roster")
def import_roster(
    paths: Annotated[list[Path], typer.Argument(help="CSV files, folders of them, or ZIP bundles.")],
    is_confirmed: Annotated[
        bool, typer.Option("--yes", help="Also if more than 5 % of what is there would go.")
    ] = False,
) -> None:
    """Take in a OneRoster or School Data Sync roster and assignments.csv; only what changed is written."""
    files = dict(_files(paths))
    store = _open()
    say(f"Reading {len(files)} files, {sum(map(len, files.values())) / 1_000_000:,.1f} MB ...")
    try:
        with store.read() as tx:
            known = load_roster(tx)
        roster = read_roster(files, known=known)
        say(
            f"Comparing {len(roster.schools):,} schools and {len(roster.people):,} people with what is there ..."
        )
        try:
            report = _apply(store, roster, is_confirmed=is_confirmed)
        except RemovalNotConfirmedError as error:
            if not sys.stdin.isatty():
                raise CommandFailedError(f"{error} (Confirm with --yes.)") from None
            say(str(error))
            if not typer.confirm("Import it all the same?", err=True):
                raise CommandFailedError("Nothing was changed.") from None
            report = _apply(store, roster, is_confirmed=True)
    except RosterFaults as error:
        raise CommandFailedError(str(error)) from None
    finally:
        store.close()
    say(str(report))


def _apply(store: Store, roster: Roster, *, is_confirmed: bool) -> RosterReport:
    now = utc_now()
    with store.begin() as tx:
        today = now.astimezone(load_district(tx).zone).date()
        return apply_roster(tx, roster, now=now, today=today, confirmed=is_confirmed)


@importing.command("visits")
def import_visits(
    file: Annotated[Path, typer.Argument(help="A CSV file with school, ild, date and more.")],
) -> None:
    """Take in visits that were kept elsewhere; those that are there already are passed over."""
    data = read_bytes(file)
    store = _open()
    now = utc_now()
    try:
        with store.begin() as tx:
            today = now.astimezone(load_district(tx).zone).date()
            visits = read_visits_csv(data, known=load_roster(tx, with_past=True), today=today, file=file.name)
            say(f"Writing {len(visits):,} visits ...")
            done = add_visits(tx, visits, now=now)
    except RosterFaults as error:
        raise CommandFailedError(str(error)) from None
    finally:
        store.close()
    say(str(done))


@importing.command("travel")
def import_travel(
    file: Annotated[Path, typer.Argument(help="A CSV file with from, to and minutes.")],
) -> None:
    """Take in how long the way between schools is, so that two visits fit in a half-day; ways not named stay."""
    data = read_bytes(file)
    store = _open()
    try:
        with store.begin() as tx:
            done = travel.take_in(
                tx, read_travel_csv(data, known=load_roster(tx), file=file.name), now=utc_now()
            )
    except RosterFaults as error:
        raise CommandFailedError(str(error)) from None
    finally:
        store.close()
    say(str(done))


@importing.command("calendar")
def import_calendar(
    place: Annotated[str, typer.Argument(help="An .ics or .csv file, or the address of a feed.")],
    is_confirmed: Annotated[
        bool, typer.Option("--yes", help="Also if more than 5 % of its earlier days would go.")
    ] = False,
) -> None:
    """Take in the school year: first and last day, terms, holidays, staff days, testing windows.

    The address of a feed is subscribed to: the clock reads it again every hour.
    """
    feed = None
    if is_address(place):
        try:
            feed = calendar_feed.fetch(place)
        except FetchError as error:
            raise CommandFailedError(str(error)) from None
        name, data = read_address(place).host, feed.data if feed else b""
    else:
        name, data = Path(place).name, read_bytes(Path(place))
    store = _open()
    try:
        with store.begin() as tx:
            read = read_calendar_file(name, data, zone=load_district(tx).zone)
            known = calendar.load_calendar(tx)
            found = read.to_calendar(() if read.years else known.years)
            source = name
            if feed is not None:
                edit, known_as = CalendarEdit(read.closures, read.years, read.terms), feed.validators
                source = subscribe(
                    tx, place, edit, etag=known_as.etag, modified=known_as.modified, now=utc_now()
                )
            done = calendar.take_calendar(tx, found, source=source, confirmed=is_confirmed)
            record.audit(
                tx,
                at=utc_now(),
                actor_id=None,
                action="calendar_imported",
                object="calendar",
                changed=done.changed,
                removed=done.removed,
            )
    except CalendarFault as error:
        raise CommandFailedError(f"{error} Nothing was changed.") from None
    except calendar.ManyRemovedError as error:
        raise CommandFailedError(f"{error} (Confirm with --yes.)") from None
    finally:
        store.close()
    say(str(done))


@importing.command("framework")
def import_framework(
    file: Annotated[
        Path, typer.Argument(help="A YAML or CSV file with areas, practices, look-fors and a scale.")
    ],
) -> None:
    """Put a teaching and learning framework in force; runs that have begun keep the one they began with."""
    text = decode(read_bytes(file))
    try:
        framework = parse(text, name=file.name)
    except FrameworkRefused as error:
        raise CommandFailedError(f"{error}\nNothing was changed; the one before stays in force.") from None
    store = _open()
    now = utc_now()
    try:
        with store.begin() as tx:
            changed = frameworks.save(tx, framework, at=now, by=None)
            if changed:
                record.audit(
                    tx,
                    at=now,
                    actor_id=None,
                    action="framework.loaded",
                    object=f"framework:{framework.version}",
                    look_fors=len(framework.look_fors),
                    levels=len(framework.scale),
                )
    finally:
        store.close()
    print_json(
        {
            "key": framework.key,
            "title": framework.title,
            "version": framework.version,
            "areas": len(framework.areas),
            "practices": len(framework.practices),
            "look_fors": len(framework.look_fors),
            "levels": len(framework.scale),
            "ignored_columns": list(ignored(text, name=file.name)),
            "changed": changed,
        }
    )


@importing.command("protocols")
def import_protocols(
    path: Annotated[Path, typer.Argument(help="A YAML file with a protocol, or a folder of them.")],
) -> None:
    """Put protocols of the district's own in force for new runs; all or nothing."""
    try:
        files = read_protocol_files(path)
    except OSError as error:
        raise CommandFailedError(f"{path} cannot be read: {error.strerror}.") from None
    if not files:
        raise CommandFailedError(f"{path} holds no YAML files.")
    store = _open()
    try:
        with store.begin() as tx:
            taken = take_files(tx, files, at=utc_now(), again=True)
            if faults := [(one.file, fault) for one in taken for fault in one.faults]:
                lines = [f"{file}, line {fault.line}: {fault.reason}" for file, fault in faults]
                raise CommandFailedError(
                    "\n".join([*lines, "Nothing was changed; the ones before stay in force."])
                )
    finally:
        store.close()
    print_json([{"file": one.file, "key": one.key, "changed": one.is_new} for one in taken])


def _open() -> Store:
    settings = read_settings()
    store = open_store(settings)
    prepare(settings, store)
    return store


def _files(paths: Iterable[Path]) -> Iterable[tuple[str, bytes]]:
    """Name and content of every CSV file named, in a folder named, or in a bundle named."""
    found = 0
    room = MAX_BYTES
    for path in paths:
        if path.is_dir():
            inside = sorted(one for one in path.iterdir() if one.suffix.lower() == ".csv")
            if not inside:
                raise CommandFailedError(f"{path} holds no CSV files.")
        else:
            inside = [path]
        for one in inside:
            for name, data in _unpacked(one, room):
                found += 1
                room -= len(data)
                yield name, data
    if not found:
        raise CommandFailedError("No CSV file was found. Name the files, their folder or their ZIP bundle.")


def _unpacked(path: Path, room: int) -> Iterable[tuple[str, bytes]]:
    if path.suffix.lower() != ".zip":
        yield path.name, read_bytes(path)
        return
    try:
        with ZipFile(path) as bundle:
            members = [one for one in bundle.infolist() if one.filename.lower().endswith(".csv")]
            if sum(one.file_size for one in members) > room:
                raise CommandFailedError(f"{path} would unpack to more than {MAX_BYTES // 1_000_000} MB.")
            for one in members:
                yield one.filename, bundle.read(one)
    except _NOT_UNPACKED as error:
        raise CommandFailedError(f"{path} cannot be unpacked: {error}.") from None
