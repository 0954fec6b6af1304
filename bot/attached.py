"""What an address of a card's picture or file stands for, as it is kept."""

from datetime import datetime

from bot.attachments import bytes_of
from bot.render.archive import write_archive
from handlers.card_codec import decode_card
from handlers.cards import ZIP, Block, Download
from handlers.intake.original_files import OpenFile, open_original
from handlers.keeping.my_data import open_export
from storage import attachments, homes
from storage.database import Store


def find_block(store: Store, token: str) -> Block | None:
    """The block that an address stands for, or None."""
    with store.read() as tx:
        found = attachments.find_attachment(tx, token)
        if found is None:
            at_home = homes.find_attachment(tx, token)
            return decode_card(at_home).blocks[0] if at_home else None
        message, position = found
        blocks = decode_card(message.card).blocks
    return blocks[position] if position < len(blocks) else None


def open_attached(store: Store, token: str, now: datetime) -> OpenFile | None:
    """The file that an address stands for; None where it opens nothing (any more)."""
    block = find_block(store, token)
    if not isinstance(block, Download):
        return None
    if block.original_id is not None:
        return open_original(store, token, now)
    if block.person_id is not None:
        taken = open_export(store, token, now)
        return OpenFile(block.name, ZIP, write_archive(taken)) if taken is not None else None
    return OpenFile(block.name, block.media_type, bytes_of(block))
