""" "export my data": a file with all that is kept by or about whoever asks, put together when it is opened."""

import re
from datetime import datetime, timedelta

from handlers import audit_trail
from handlers.cards import ZIP, Card, Download, Text
from handlers.handed_over import find_handed_over
from handlers.keeping.person_export import PersonalExport, gather
from handlers.permissions import Right, Subject, may, require
from handlers.turn import Cards, Command, Topic, Turn
from storage import record
from storage.database import Store
from storage.people import Person

OPENS_FOR = timedelta(days=1)
"""From when it was asked for: whoever has the address has it all, so it does not stand for long."""
NAME = "my-data.zip"
OPENED = "person.exported"


def export(turn: Turn, _match: re.Match[str]) -> Cards:
    """The file; what is in it is looked up when it is opened."""
    require(turn.person, Right.EXPORT_PERSON, _own(turn.person), object=f"person:{turn.person.id}")
    audit_trail.write(turn, "person.export_asked", f"person:{turn.person.id}")
    return [
        Card(
            "Your data",
            (
                Text(
                    "All that is kept by you or about you: a page to read, the same as JSON and CSV, and the "
                    "conversations you took part in. Somebody else's words are in it only where you may read them here."
                ),
                Download(NAME, "Your data", "", ZIP, person_id=turn.person.id),
                Text("The link opens for a day, for whoever has it, so keep it to yourself.", quiet=True),
            ),
        )
    ]


def open_export(store: Store, token: str, now: datetime) -> PersonalExport | None:
    """What is behind an address in a message; None where its day is over, or its reader is nobody of ours any more."""
    with store.begin() as tx:
        held = find_handed_over(tx, token, now=now, opens_for=OPENS_FOR)
        if held is None or held.block.person_id != held.reader.id:
            return None
        reader = held.reader
        if not may(reader, Right.EXPORT_PERSON, _own(reader)):
            return None
        record.audit(tx, at=now, actor_id=reader.id, action=OPENED, object=f"person:{reader.id}")
        return gather(Turn(tx=tx, person=reader, now=now, district=held.district, key=f"export:{token}"))


def _own(person: Person) -> Subject:
    return Subject(owner_ids=frozenset({person.id}))


TOPIC = Topic(
    name="my_data",
    commands=(
        Command(
            re.compile(r"(?:export|download|show|give me) (?:all )?(?:of )?my (?:own )?data", re.IGNORECASE),
            export,
            example="export my data",
            what="All that is kept by you or about you, as a file to take along.",
        ),
    ),
)
