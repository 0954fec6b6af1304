"""Files behind addresses in messages whose reader is looked at anew each time they are opened."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.card_codec import decode_card
from handlers.cards import Download
from handlers.district import District, load_district
from storage import attachments, people
from storage.database import Tx
from storage.people import Person


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What a message holds for its reader, as that person stands now. Whether they may open it is for the topic."""

    block: Download
    reader: Person
    district: District


def find_handed_over(tx: Tx, token: str, *, now: datetime, opens_for: timedelta) -> HandedOver | None:
    """The file that an address stands for; None where there is none, or the message is older than ``opens_for``."""
    found = attachments.find_attachment(tx, token)
    if found is None:
        return None
    message, position = found
    block = decode_card(message.card).blocks[position]
    if not isinstance(block, Download) or now - message.created_at > opens_for:
        return None
    district = load_district(tx)
    reader = people.get_person(tx, message.recipient_id, on=now.astimezone(district.zone).date())
    return HandedOver(block, reader, district)
