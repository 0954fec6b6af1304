"""The district's own protocols as YAML files: what is right comes in force, what is wrong is refused with its lines.

The texts are read elsewhere and handed in; here they are compared with what was read before, so that a file counts
once for each of its versions: a change in chat after it is not undone by the same file, and whoever is told of a
fault is told once. A file that is gone changes nothing: what it brought stays until one goes back in chat.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.cards import Block, Card, Item, Items, Text
from handlers.district import load_district
from handlers.post import tell_when_open
from protocols.guided.adapting import check_replacement
from protocols.guided.catalog import ProtocolRefused, library, parse
from protocols.guided.steps import Protocol
from protocols.guided.yaml_reader import Fault
from storage import masters, people, record
from storage.database import Store, Tx
from storage.people import Role

LONGEST_KEY = 60
"""Characters of a protocol's key: it stands in the line behind a button."""
MOST_FAULTS = 6
"""Faults told in chat; the command names all of them."""
_READ = "protocol_files"


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one file. ``faults``: it was refused. ``is_new``: it is in force from now on."""

    file: str
    key: str
    is_new: bool
    faults: tuple[Fault, ...] = ()


def take_files(
    tx: Tx, files: Mapping[str, str | None], *, at: datetime, by: int | None = None, again: bool = False
) -> tuple[Taken, ...]:
    """Put the protocols of ``files`` (name to text; None: unreadable) in force for the district, each by itself.

    What was read before, word for word, is passed over unless ``again``. Of two files with one key the second is
    refused.
    """
    known = record.get_setting(tx, _READ) or {}
    owners = {known[name]["key"]: name for name in sorted(files) if name in known and known[name]["key"]}
    found: list[Taken] = []
    for name in sorted(files):
        mark = _mark(files[name])
        if not again and known.get(name, {}).get("mark") == mark:
            continue
        taken = _take(tx, name, files[name], owners, at=at, by=by)
        if not taken.faults:
            owners[taken.key] = name
        known[name] = {"mark": mark, "key": taken.key if not taken.faults else ""}
        found.append(taken)
    if found:
        record.put_setting(tx, _READ, known)
    return tuple(found)


def take_folder(store: Store, files: Mapping[str, str | None], now: datetime) -> int:
    """The clock's share: take what is new in the folder and tell administrators of what is wrong; how many files."""
    with store.read() as tx:
        known = record.get_setting(tx, _READ) or {}
    if all(known.get(name, {}).get("mark") == _mark(text) for name, text in files.items()):
        return 0
    with store.begin() as tx:
        found = take_files(tx, files, at=now)
        for taken in found:
            if taken.faults:
                _tell(tx, taken, _mark(files[taken.file]), now)
        return len(found)


def _take(
    tx: Tx, name: str, text: str | None, owners: Mapping[str, str], *, at: datetime, by: int | None
) -> Taken:
    try:
        protocol = _read(name, text, owners)
    except ProtocolRefused as refused:
        record.audit(
            tx,
            at=at,
            actor_id=by,
            action="master.file_refused",
            object="masters",
            faults=len(refused.faults),
        )
        return Taken(name, "", is_new=False, faults=refused.faults)
    is_new = masters.put_file(tx, protocol, file=name, by=by, at=at)
    if is_new:
        record.audit(
            tx,
            at=at,
            actor_id=by,
            action="master.in_force",
            object=f"master:{protocol.key}",
            of="file",
            version=protocol.version,
        )
    return Taken(name, protocol.key, is_new)


def _read(name: str, text: str | None, owners: Mapping[str, str]) -> Protocol:
    """The protocol of a file. Raises ``ProtocolRefused``."""
    if text is None:
        raise ProtocolRefused(name, [Fault(1, "cannot be read as text in UTF-8")])
    protocol = read_protocol(text, name=name)
    other = owners.get(protocol.key, name)
    if other != name:
        raise ProtocolRefused(name, [Fault(1, f"the key {protocol.key!r} is already in {other}")])
    return protocol


def read_protocol(text: str, *, name: str) -> Protocol:
    """The protocol in a file or a pasted text. Raises ``ProtocolRefused``, also where evidence would be lost."""
    protocol = parse(text, name=name)
    if len(protocol.key) > LONGEST_KEY:
        raise ProtocolRefused(name, [Fault(1, f"the key is longer than {LONGEST_KEY} characters")])
    if protocol.key in library():
        check_replacement(library()[protocol.key], protocol, text=text, name=name)
    return protocol


def _mark(text: str | None) -> str:
    return hashlib.sha256(text.encode()).hexdigest() if text is not None else "unreadable"


def _tell(tx: Tx, taken: Taken, mark: str, now: datetime) -> None:
    district = load_district(tx)
    card = refusal_card(taken)
    for person in people.people_with_role(tx, Role.ADMINISTRATOR, on=now.astimezone(district.zone).date()):
        period = f"{taken.file[:80]}:{mark[:16]}"
        tell_when_open(tx, district, person, card, kind="master.refused", period=period, now=now)


def refusal_card(taken: Taken) -> Card:
    """The file, its lines and why; and that nothing changed."""
    lead = f"{taken.file} was not taken; the one before stays in force."
    mend = Text("Mend this and save the file; I read it again within a minute.", lead=lead)
    return Card("", (mend, *faults_shown(taken.faults)))


def faults_shown(faults: Sequence[Fault]) -> tuple[Block, ...]:
    """The first faults with their lines, and how many more there are."""
    shown = faults[:MOST_FAULTS]
    items = Items(
        tuple(
            Item(f"{fault.reason[0].upper()}{fault.reason[1:]}.", lead=f"Line {fault.line}")
            for fault in shown
        )
    )
    more = len(faults) - len(shown)
    return (items, Text(f"And {more} more.", quiet=True)) if more else (items,)
